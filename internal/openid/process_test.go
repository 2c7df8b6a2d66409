package openid_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/openid"
)

// folder is where the provider's program is, for as long as the tests run.
var folder string

func TestMain(m *testing.M) {
	var err error
	if folder, err = os.MkdirTemp("", "tenantry-provider-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(folder)
	os.Exit(code)
}

// fetch fetches what the provider's program is made of, and build makes it, once.
var (
	fetch = sync.OnceValue(func() error { return inProvider("mod", "download") })
	build = sync.OnceValue(func() error {
		return inProvider("build", "-buildvcs=false", "-o", filepath.Join(folder, "provider"), ".")
	})
)

func inProvider(command ...string) error {
	cmd := exec.Command("go", command...)
	cmd.Dir = "provider"
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", command[0], err, out)
	}
	return nil
}

// process is a provider in a process of its own.
type process struct {
	t      *testing.T
	issuer string
	// end ends it before the test does.
	end func()
}

// member is one of the provider's people.
type member struct {
	ID, Username, Password, FirstName, LastName, Email string
	EmailVerified                                      bool
}

const clientSecret = "a real secret/+&="

// run starts the provider, and ends it with the test. Without a network to fetch it
// the test is skipped, but not in CI.
func run(t *testing.T, members ...member) *process {
	t.Helper()
	if err := fetch(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("the provider cannot be fetched: %v", err)
		}
		t.Skipf("to test with a real provider, its module has to be fetched once: %v", err)
	}
	if err := build(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(folder, "provider"))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := sync.OnceFunc(func() {
		in.Close() // which ends it
		_ = cmd.Wait()
	})
	t.Cleanup(end)
	setup, err := json.Marshal(map[string]any{"RedirectURIs": []string{lab.Public + openid.CallbackPage}, "Secret": clientSecret, "Users": members})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.Write(append(setup, '\n')); err != nil {
		t.Fatal(err)
	}
	issuer, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the provider says nothing: %v", err)
	}
	return &process{t, strings.TrimSpace(issuer), end}
}

// tell changes something at the provider.
func (p *process) tell(path string, v any) {
	p.t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.Post(p.issuer+path, "application/json", bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != 200 {
		p.t.Fatalf("%s: %s", path, r.Status)
	}
}

// world is one whose people may come from the process, as the client.
func (p *process) world(t *testing.T, d *db.DB, client string) *lab.World {
	return lab.New(t, d, func(parts *cli.Parts) {
		parts.OpenIDConfig = openid.Config{Providers: []openid.Provider{{Key: "acme", Label: "Acme", Issuer: p.issuer, ClientID: client, ClientSecret: clientSecret,
			Scopes: []string{"openid", "email", "profile"}, Domains: []string{"example.com"}}}}
	})
}

var hidden = regexp.MustCompile(`name="id" value="([^"]+)"`)

// signIn is what a person does at the provider: follow the address, fill in the form,
// and come back with a code and the state.
func (p *process) signIn(address, name, password string) (code, state string) {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	var back *url.URL
	c := &http.Client{Jar: jar, Timeout: 10 * time.Second, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), lab.Public) {
			back = r.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	r, err := c.Get(address)
	if err != nil {
		p.t.Fatal(err)
	}
	page, _ := io.ReadAll(r.Body)
	r.Body.Close()
	id := hidden.FindSubmatch(page)
	if id == nil {
		p.t.Fatalf("no form at %s: %s", r.Request.URL, page)
	}
	r, err = c.PostForm(r.Request.URL.ResolveReference(&url.URL{Path: "/login/username"}).String(), url.Values{"username": {name}, "password": {password}, "id": {string(id[1])}})
	if err != nil {
		p.t.Fatal(err)
	}
	page, _ = io.ReadAll(r.Body)
	r.Body.Close()
	if back == nil {
		p.t.Fatalf("the provider does not send %s back: %s %s", name, r.Status, page)
	}
	q := back.Query()
	if back.Path != openid.CallbackPage || q.Get("code") == "" {
		p.t.Fatalf("sent back to %s", back)
	}
	return q.Get("code"), q.Get("state")
}

func nora() member {
	return member{ID: "id-nora", Username: "nora", Password: "a password elsewhere", FirstName: "Nora", LastName: "Lind", Email: "nora@example.com", EmailVerified: true}
}

// A provider that is not ours, over real HTTP: somebody signs up by it, comes again
// after its keys have changed, and again with another address.
func TestRealProvider(t *testing.T) {
	p := run(t, nora())
	for _, client := range []string{"portal", "thin"} { // addresses in the ID token, and from userinfo only
		t.Run(client, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				p := &process{t, p.issuer, p.end}
				p.tell("/-/user", nora())
				w := p.world(t, d, client)
				b := newBrowser(w)
				a := b.finish(p.signIn(b.start(map[string]any{"fresh": true}), "nora", nora().Password))
				codes(t, a)
				if a.String("data.finishOpenIdSignIn.viewer.email") != "nora@example.com" || a.String("data.finishOpenIdSignIn.viewer.name") != "Nora Lind" || b.who() == "" {
					t.Fatalf("%s", a.Body)
				}
				// A fresh proof: only the want of another way stands in the way.
				own := b.ask(`{ viewer { identities { id } } }`, nil).String("data.viewer.identities.0.id")
				codes(t, b.ask(unlink, map[string]any{"input": map[string]any{"identityId": own}}), "BAD_INPUT")

				p.tell("/-/rotate", nil)
				moved := nora()
				moved.Email, moved.EmailVerified = "nora.berg@example.com", false
				p.tell("/-/user", moved)
				again := newBrowser(w)
				codes(t, again.finish(p.signIn(again.start(nil), "nora", nora().Password)))
				if again.who() != "nora@example.com" {
					t.Errorf("after a change of keys and of address: %q", again.who())
				}
				if n := w.DB.Client.User.Query().CountX(t.Context()); n != 1 {
					t.Errorf("%d users", n)
				}
			})
		})
	}
}

// Who has a user already proves it; nobody is let in by an address that is not
// verified or not the provider's.
func TestRealProviderVouches(t *testing.T) {
	olive := member{ID: "id-olive", Username: "olive", Password: "o", FirstName: "Olive", Email: "olive@example.com", EmailVerified: true}
	unsure := member{ID: "id-unsure", Username: "unsure", Password: "u", Email: "vera@example.com"}
	foreign := member{ID: "id-foreign", Username: "foreign", Password: "f", Email: "vera@elsewhere.example", EmailVerified: true}
	p := run(t, olive, unsure, foreign)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := &process{t, p.issuer, p.end}
		w := p.world(t, d, "portal")
		w.Person("olive")
		b := newBrowser(w)
		a := b.finish(p.signIn(b.start(nil), "olive", "o"))
		codes(t, a)
		pending := a.String("data.finishOpenIdSignIn.pendingLink.id")
		if pending == "" || b.who() != "" {
			t.Fatalf("%s", a.Body)
		}
		b.signIn("olive")
		codes(t, b.ask(link, map[string]any{"input": map[string]any{"linkId": pending}}))
		other := newBrowser(w)
		codes(t, other.finish(p.signIn(other.start(nil), "olive", "o")))
		if other.who() != "olive@example.com" {
			t.Errorf("connected, and %q", other.who())
		}
		for _, name := range []string{"unsure", "foreign"} {
			b := newBrowser(w)
			codes(t, b.finish(p.signIn(b.start(nil), name, name[:1])), "INVALID_CREDENTIALS")
			if b.who() != "" {
				t.Errorf("%s is %s", name, b.who())
			}
		}
	})
}

// What is not ours to check the provider refuses: a code twice, and one without the
// verifier that its challenge was made of. And what was crossed is refused.
func TestRealProviderRefuses(t *testing.T) {
	p := run(t, nora())
	w := p.world(t, dbtest.SQLite(t), "portal")
	redeem := func(code, verifier string) (int, string) {
		form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {lab.Public + openid.CallbackPage}}
		if verifier != "" {
			form.Set("code_verifier", verifier)
		}
		r, _ := http.NewRequest("POST", p.issuer+"/oauth/token", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth("portal", url.QueryEscape(clientSecret))
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(body)
	}
	b := newBrowser(w)
	code, state := p.signIn(b.start(nil), "nora", nora().Password)
	for _, verifier := range []string{"", strings.Repeat("a", 43)} {
		if status, body := redeem(code, verifier); status < 400 || strings.Contains(body, "id_token") {
			t.Errorf("a code without its verifier: %d %s", status, body)
		}
	}
	codes(t, b.finish(code, state))
	codes(t, b.finish(code, state), "INVALID_TOKEN")

	// The same code with a state that waits.
	_, fresh := p.signIn(b.start(nil), "nora", nora().Password)
	before := b.jar[sessionCookie]
	a := b.finish(code, fresh)
	codes(t, a, "INVALID_CREDENTIALS")
	if b.jar[sessionCookie] != before {
		t.Error("a replayed code begins a session")
	}

	// A code of one browser with a state of another.
	other := newBrowser(w)
	codeOfOther, stateOfOther := p.signIn(other.start(nil), "nora", nora().Password)
	_, mine := p.signIn(b.start(nil), "nora", nora().Password)
	codes(t, b.finish(codeOfOther, stateOfOther), "INVALID_TOKEN")
	codes(t, b.finish(codeOfOther, mine), "INVALID_CREDENTIALS")
}

// A provider that goes away between start and finish, and one that is not there at
// all: everything else goes on.
func TestRealProviderAway(t *testing.T) {
	p := run(t, nora())
	w := p.world(t, dbtest.SQLite(t), "portal")
	b := newBrowser(w)
	code, state := p.signIn(b.start(nil), "nora", nora().Password)
	p.end()
	codes(t, b.finish(code, state), "RATE_LIMITED")
	later := p.world(t, dbtest.SQLite(t), "portal") // begins while the provider is away
	b = newBrowser(later)
	codes(t, b.ask(start, map[string]any{"input": map[string]any{"provider": "acme"}}), "RATE_LIMITED")
	b.signIn("olive")
	if b.who() != "olive@example.com" || b.ask(`{ signInProviders { key } }`, nil).String("data.signInProviders.0.key") != "acme" {
		t.Error("the rest does not go on")
	}
}
