package cli_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"tenantry/internal/cli"
)

// With nothing configured the portal is at localhost, where browsers make passkeys. It
// listens on both addresses that the name may stand for. A browser that comes by an
// address is sent to the name, and programs are answered by either.
func TestDevAtLocalhost(t *testing.T) {
	addresses := []string{"127.0.0.1"}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	if six, err := net.Listen("tcp", net.JoinHostPort("::1", port)); err == nil {
		six.Close()
		addresses = append(addresses, "[::1]")
	}
	free.Close()
	home := "http://localhost:" + port

	ctx, stop := context.WithCancel(t.Context())
	up, done := greeting{make(chan struct{}), new(sync.Once)}, make(chan int, 1)
	args := []string{"dev", "--listen", "localhost:" + port, "--data-dir", t.TempDir()}
	var out bytes.Buffer
	go func() { done <- cli.Run(ctx, args, io.MultiWriter(&out, up), io.Discard) }()
	defer func() { stop(); <-done }()
	select {
	case <-up.heard:
	case code := <-done:
		t.Fatalf("the server ended with %d: %s", code, out.String())
	}
	if !strings.Contains(out.String(), home+"/playground") {
		t.Errorf("it says %s", out.String())
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	do := func(method, url, body string, header ...string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		for pair := range slices.Chunk(header, 2) {
			r.Header.Set(pair[0], pair[1])
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		said, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res, string(said)
	}
	for _, host := range addresses {
		at := "http://" + host + ":" + port
		for _, path := range []string{"/", "/playground", "/dev/mail", "/sign-in", "/openid/callback?code=1&state=2", "//elsewhere.example/"} {
			res, _ := do("GET", at+path, "", "Accept", "text/html,*/*;q=0.8")
			if to := res.Header.Get("Location"); res.StatusCode != http.StatusFound || to != home+path {
				t.Errorf("a browser at %s%s is answered %d and sent to %q", at, path, res.StatusCode, to)
			}
		}
		for path, status := range map[string]int{"/playground": 200, "/readyz": 200, "/dev/mail/messages": 200, "/schema.graphql": 200} {
			if res, _ := do("GET", at+path, "", "Accept", "*/*"); res.StatusCode != status {
				t.Errorf("a program at %s%s is answered %d", at, path, res.StatusCode)
			}
		}
		signIn := `{"query": "mutation { signIn(input: {email: \"olivia@northwind.example\", password: \"northwind demo 2026\"}) { viewer { name } errors { code } } }"}`
		res, said := do("POST", at+"/graphql", signIn, "Origin", at, "Sec-Fetch-Site", "same-origin")
		if !strings.Contains(said, `"name":"Olivia`) || len(res.Cookies()) == 0 {
			t.Fatalf("signing in at %s: %s", at, said)
		}
		session := res.Cookies()[0]
		if _, said := do("POST", at+"/graphql", `{"query": "{ viewer { name } }"}`, "Cookie", session.Name+"="+session.Value, "Origin", at); !strings.Contains(said, "Olivia") {
			t.Errorf("with the cookie at %s: %s", at, said)
		}
		if res, said := do("POST", at+"/graphql", signIn, "Origin", "http://evil.example"); res.StatusCode != http.StatusForbidden {
			t.Errorf("from elsewhere: %d %s", res.StatusCode, said)
		}
	}
	if res, _ := do("GET", home+"/playground", "", "Accept", "text/html"); res.StatusCode != http.StatusOK {
		t.Errorf("the playground is answered %d", res.StatusCode)
	}
	if _, said := do("POST", home+"/graphql", `{"query": "mutation { startPasskeySignIn { options errors { message } } }"}`, "Origin", home); !strings.Contains(said, `"rpId":"localhost"`) {
		t.Errorf("a passkey is not asked for: %s", said)
	}
	// Who has either address would be asked in its place.
	if code := cli.Run(ctx, args, &out, &out); code != 1 || !strings.Contains(out.String(), "something listens on 127.0.0.1:"+port+" already") {
		t.Errorf("a second server ends with %d and says %s", code, out.String())
	}
}
