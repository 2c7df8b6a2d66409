package mail_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"tenantry/internal/mail"
)

func pemOf(t *testing.T, key any) []byte {
	t.Helper()
	b, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: b})
}

// A mail server finds the signature of what it accepted good, with the record that we
// say is to be published, and finds out whatever was changed, added or taken away.
func TestDKIM(t *testing.T) {
	strong, _ := rsa.GenerateKey(rand.Reader, 2048)
	_, edwards, _ := ed25519.GenerateKey(rand.Reader)
	for name, key := range map[string]any{"RSA": strong, "Ed25519": edwards} {
		t.Run(name, func(t *testing.T) {
			var server post
			sender, err := mail.NewSMTP("smtp://"+server.open(t, nil, false), "Acme <portal@acme.example>")
			if err != nil {
				t.Fatal(err)
			}
			signer, err := mail.NewSigner(pemOf(t, key), "portal", "", "Acme <portal@acme.example>")
			if err != nil {
				t.Fatal(err)
			}
			sender.Sign(signer)
			for range 2 { // over one connection
				if err := sender.Send(t.Context(), mail.Message{ID: "dlv_1", To: "ada@example.com", ToName: "Ada", Subject: "Grüße und ein Betreff, der so lang ist, dass er umbrochen werden muss, weil Zeilen kurz sind",
					Text: "Hello,\n\n.a line that begins with a dot\n", HTML: "<p>Hello</p>", Unsubscribe: "https://portal.example/unsubscribe?token=x"}); err != nil {
					t.Fatal(err)
				}
			}
			at, record := signer.Record()
			if at != "portal._domainkey.acme.example" {
				t.Errorf("the record is at %s", at)
			}
			verify := func(message []byte) error {
				found, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
					if name != at {
						return nil, errors.New("no such record")
					}
					return []string{record}, nil
				}})
				if err != nil {
					return err
				}
				if len(found) != 1 || found[0].Domain != "acme.example" {
					t.Fatalf("signatures: %+v", found)
				}
				return found[0].Err
			}
			for _, message := range server.delivered() {
				if err := verify(message); err != nil {
					t.Fatalf("%v\n%s", err, message)
				}
				for what, changed := range map[string][]byte{
					"another subject":        bytes.Replace(message, []byte("Subject:"), []byte("Subject: Re:"), 1),
					"another text":           bytes.Replace(message, []byte("Hello"), []byte("Hullo"), 1),
					"a second sender":        append([]byte("From: Eve <eve@evil.example>\r\n"), message...),
					"a second subject":       append([]byte("Subject: You won\r\n"), message...),
					"an address for answers": append([]byte("Reply-To: eve@evil.example\r\n"), message...),
					"another unsubscription": append([]byte("List-Unsubscribe: <https://evil.example/>\r\n"), message...),
				} {
					if bytes.Equal(changed, message) {
						t.Fatalf("%s: nothing was changed", what)
					}
					if verify(changed) == nil {
						t.Errorf("%s: the signature is still good", what)
					}
				}
			}
		})
	}
}

// Keys that receivers would not trust are refused at once, with what to do.
func TestDKIMKeys(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	_, good, _ := ed25519.GenerateKey(rand.Reader)
	for _, test := range []struct {
		name, selector, domain, want string
		key                          []byte
	}{
		{"no PEM", "mail", "acme.example", "openssl genpkey", []byte("secret")},
		{"a public key", "mail", "acme.example", "neither PKCS", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: []byte{1}})},
		{"a short key", "mail", "acme.example", "1024 bits", pemOf(t, weak)},
		{"a selector with a tag", "mail; d=evil.example", "acme.example", "selector", pemOf(t, good)},
		{"a domain of two lines", "mail", "acme.example\r\nX: y", "selector", pemOf(t, good)},
	} {
		if _, err := mail.NewSigner(test.key, test.selector, test.domain, "portal@acme.example"); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want something about %q", test.name, err, test.want)
		}
	}
}
