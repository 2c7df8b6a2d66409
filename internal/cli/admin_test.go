package cli_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/internal/cli"
)

// desk is the command line of an operator, on a database of its own.
type desk struct {
	t   *testing.T
	dir string
}

// run runs a command and returns what it prints and its exit code.
func (d desk) run(args ...string) (string, int) {
	d.t.Helper()
	var out bytes.Buffer
	code := cli.Run(d.t.Context(), append(args, "--data-dir", d.dir), &out, &out)
	return out.String(), code
}

func (d desk) must(args ...string) string {
	d.t.Helper()
	out, code := d.run(args...)
	if code != 0 {
		d.t.Fatalf("tenantry %s: %s", strings.Join(args, " "), out)
	}
	return out
}

// greeting hears when the server says that it is running.
type greeting struct {
	heard chan struct{}
	once  *sync.Once
}

// Write implements io.Writer.
func (g greeting) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("Ctrl+C")) {
		g.once.Do(func() { close(g.heard) })
	}
	return len(b), nil
}

// An operator makes a token, a system uses it against the running server, and
// once it is revoked the server answers 401.
func TestTokenCommand(t *testing.T) {
	d := desk{t, t.TempDir()}
	out := d.must("token", "create", "Billing", "--may", "accounts.suspend,accounts.read", "--days", "30")
	secret := regexp.MustCompile(`tenantry_op_[\w-]{43}`).FindString(out)
	if secret == "" || !strings.Contains(out, "expires on "+time.Now().AddDate(0, 0, 30).UTC().Format(time.DateOnly)) {
		t.Fatalf("printed %s", out)
	}
	if list := d.must("token", "list"); !strings.Contains(list, "Billing") || !strings.Contains(list, "accounts.read,accounts.suspend") || strings.Contains(list, secret) {
		t.Errorf("listed %s", list)
	}
	if out, code := d.run("token", "create", "Billing", "--may", "accounts.read"); code != 1 || !strings.Contains(out, "Another token is called Billing.") {
		t.Errorf("a second one of the name: %d %s", code, out)
	}
	if out, code := d.run("token", "create", "Other", "--may", "everything"); code != 1 || !strings.Contains(out, `no power "everything"`) {
		t.Errorf("a power that there is not: %d %s", code, out)
	}

	ctx, stop := context.WithCancel(t.Context())
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := ln.Addr().String()
	ln.Close()
	up, done := greeting{make(chan struct{}), new(sync.Once)}, make(chan int, 1)
	go func() {
		done <- cli.Run(ctx, []string{"dev", "--demo=false", "--listen", at, "--data-dir", d.dir}, up, io.Discard)
	}()
	defer func() { stop(); <-done }()
	select {
	case <-up.heard:
	case code := <-done:
		t.Fatalf("the server ended with %d", code)
	}
	ask := func() int {
		r, err := http.NewRequestWithContext(ctx, "POST", "http://"+at+"/graphql", strings.NewReader(`{"query": "{ permissionCatalog { roles { id } } }"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+secret)
		a, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		a.Body.Close()
		return a.StatusCode
	}
	if status := ask(); status != http.StatusOK {
		t.Errorf("the token is answered with %d", status)
	}
	if out := d.must("token", "revoke", "Billing"); !strings.Contains(out, "Billing can do nothing any more.") {
		t.Errorf("revoking says %s", out)
	}
	if status := ask(); status != http.StatusUnauthorized {
		t.Errorf("the revoked token is answered with %d", status)
	}
	if out, code := d.run("token", "revoke", "Billing"); code != 1 || !strings.Contains(out, "no such token") {
		t.Errorf("revoked twice: %d %s", code, out)
	}
	if out := d.must("audit", "verify"); !strings.Contains(out, "all intact") {
		t.Errorf("the history: %s", out)
	}
}
