package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
	gomail "github.com/wneessen/go-mail"
)

// Signer signs messages with DKIM (RFC 6376), so that mail servers can tell that they
// come from the domain and were not changed on the way.
type Signer struct {
	options dkim.SignOptions
	public  string
}

// signed are the headers that a signature covers, each once more often than a message
// has it, so that nobody can add a second From or another way to unsubscribe.
var signed = slices.Repeat([]string{"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Auto-Submitted",
	"List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To"}, 2)

// NewSigner returns a signer with a private key in PEM: RSA of 2048 bits or more
// (PKCS #1 or #8) or Ed25519 (RFC 8463, PKCS #8). Domain "" is that of the sender of
// mail, from.
func NewSigner(key []byte, selector, domain, from string) (*Signer, error) {
	if domain == "" {
		sender, err := senderAddress(from)
		if err != nil {
			return nil, err
		}
		_, domain, _ = strings.Cut(sender.Address, "@")
	}
	if !isLabels(selector) || !isLabels(domain) {
		return nil, fmt.Errorf("DKIM wants a selector and a domain such as mail and acme.example, not %q and %q", selector, domain)
	}
	private, record, err := readKey(key)
	if err != nil {
		return nil, err
	}
	return &Signer{options: dkim.SignOptions{Domain: domain, Selector: selector, Signer: private, HeaderKeys: signed,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed}, public: record}, nil
}

// isLabels reports whether s is one or more labels of a domain name.
func isLabels(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// readKey reads a private key, and says how its public half is published.
func readKey(text []byte) (crypto.Signer, string, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, "", errors.New("the DKIM key is not in PEM; make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048")
	}
	var key any
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, "", fmt.Errorf("the DKIM key cannot be read: it is neither PKCS #8 nor PKCS #1")
	}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		if k.N.BitLen() < 2048 {
			return nil, "", fmt.Errorf("the DKIM key has %d bits, and receivers trust 2048 or more", k.N.BitLen())
		}
		public, err := x509.MarshalPKIXPublicKey(&k.PublicKey)
		return k, "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(public), err
	case ed25519.PrivateKey:
		public, _ := k.Public().(ed25519.PublicKey)
		return k, "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public), nil
	}
	return nil, "", fmt.Errorf("the DKIM key is neither RSA nor Ed25519")
}

// Record returns the name and the text of the TXT record that has to be published.
func (s *Signer) Record() (name, text string) {
	return s.options.Selector + "._domainkey." + s.options.Domain, s.public
}

// sign puts the signature among the headers. The message is written twice, the same
// both times.
func (s *Signer) sign(msg *gomail.Msg) error {
	var text bytes.Buffer
	if _, err := msg.WriteTo(&text); err != nil {
		return fmt.Errorf("write the message to sign it: %w", err)
	}
	with, err := dkim.NewSigner(&s.options)
	if err != nil {
		return fmt.Errorf("DKIM: %w", err)
	}
	if _, err = with.Write(text.Bytes()); err == nil {
		err = with.Close()
	}
	if err != nil {
		return fmt.Errorf("DKIM: %w", err)
	}
	_, value, _ := strings.Cut(with.Signature(), ":")
	msg.SetGenHeaderPreformatted("DKIM-Signature", strings.TrimSpace(value))
	return nil
}
