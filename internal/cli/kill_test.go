package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tenantry/ent/delivery"
	"tenantry/ent/event"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	events "tenantry/internal/event"
)

// TestKill kills the program while it is writing, time and again: what it has
// acknowledged is there when it is started anew, nothing is done by half, and
// what was to be mailed is mailed. TENANTRY_LAB=1 asks for the long form.
//
// Invariant 46.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program: run without -short")
	}
	binary := filepath.Join(t.TempDir(), "tenantry")
	build := exec.Command("go", "build", "-o", binary, "tenantry")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Run("sqlite", func(t *testing.T) { kill(t, binary, "") })
	t.Run("postgres", func(t *testing.T) { kill(t, binary, dbtest.EmptyPostgres(t)) })
}

// victim is the program under load.
type victim struct {
	t      *testing.T
	binary string
	args   []string
	at     string // where it listens
	token  string
	cmd    *exec.Cmd
}

func kill(t *testing.T, binary, database string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := ln.Addr().String()
	ln.Close()
	dir := t.TempDir()
	v := &victim{t: t, binary: binary, at: at, args: []string{"dev", "--demo=false", "--listen", at, "--data-dir", dir}}
	config := db.Config{Path: filepath.Join(dir, "tenantry.db")}
	if database != "" {
		v.args = append(v.args, "--database-url", database)
		config = db.Config{URL: database}
	}
	v.start()
	t.Cleanup(v.kill)
	account := v.signUp()
	cycles := 3
	if os.Getenv("TENANTRY_LAB") == "1" {
		cycles = 100
	}
	acknowledged := map[string]bool{}
	for cycle := range cycles {
		v.load(account, cycle, acknowledged)
		v.start()
		if a := v.ask(`{ viewer { id } }`); !strings.Contains(a, `"user_`) {
			t.Fatalf("cycle %d: the session is lost: %s", cycle, a)
		}
	}

	d, err := db.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	ctx := context.Background()
	stored := map[string]bool{}
	for _, c := range d.Client.Contact.Query().AllX(ctx) {
		stored[c.Email] = true
	}
	for _, i := range d.Client.Invitation.Query().AllX(ctx) {
		stored[i.Email] = true
	}
	for email := range acknowledged {
		if !stored[email] {
			t.Errorf("%s was acknowledged and is lost", email)
		}
	}
	recorded := map[string]bool{}
	for _, e := range d.Client.Event.Query().Where(event.ActionIn("contact.created", "invitation.sent")).AllX(ctx) {
		recorded[e.TargetName] = true
	}
	if !maps.Equal(stored, recorded) {
		t.Errorf("%d rows and %d events", len(stored), len(recorded))
	}
	t.Logf("%d acknowledged, %d stored", len(acknowledged), len(stored))

	// All that waits is handed on and mailed, once the leases of those who were
	// killed have run out.
	v.kill()
	d.Client.Delivery.Update().Where(delivery.StateEQ(delivery.StateQUEUED)).SetNextAttemptAt(time.Now()).ExecX(ctx)
	v.start()
	v.until("everything is mailed", func() bool {
		return !d.Client.Event.Query().Where(event.Or(event.Handled(false), event.SeqIsNil())).ExistX(ctx) &&
			!d.Client.Delivery.Query().Where(delivery.StateNEQ(delivery.StateSENT)).ExistX(ctx)
	})
	mailed := map[string]bool{}
	for _, one := range d.Client.Delivery.Query().AllX(ctx) {
		mailed[one.To] = true
	}
	for _, i := range d.Client.Invitation.Query().AllX(ctx) {
		if !mailed[i.Email] {
			t.Errorf("%s was invited and not mailed", i.Email)
		}
	}
	if _, wrong, err := events.Verify(ctx, d.Client); err != nil || len(wrong) > 0 {
		t.Errorf("the history: %v, %v", wrong, err)
	}
}

// start starts the program and returns when it says that it runs.
func (v *victim) start() {
	v.t.Helper()
	v.cmd = exec.Command(v.binary, v.args...)
	out, err := v.cmd.StdoutPipe()
	if err != nil {
		v.t.Fatal(err)
	}
	var complaints bytes.Buffer
	v.cmd.Stderr = &complaints
	if err := v.cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Ctrl+C") {
			go io.Copy(io.Discard, out)
			return
		}
	}
	v.kill()
	v.t.Fatalf("it does not start: %s", &complaints)
}

// kill ends the program as a power cut would.
func (v *victim) kill() {
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

// ask puts an operation and returns the answer, or "" where there is none.
func (v *victim) ask(query string) string {
	body, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		panic(err)
	}
	r, err := http.NewRequest("POST", "http://"+v.at+"/graphql", bytes.NewReader(body))
	if err != nil {
		panic(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if v.token != "" {
		r.Header.Set("Authorization", "Bearer "+v.token)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return ""
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		return "" // cut off: not acknowledged
	}
	return string(text)
}

// until waits for something that the program does by itself.
func (v *victim) until(what string, done func() bool) {
	v.t.Helper()
	deadline := time.After(20 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline:
			v.t.Fatalf("in 20 seconds it has not come to this: %s", what)
		}
	}
}

// signUp makes a person with an account, and returns its id.
func (v *victim) signUp() string {
	v.ask(`mutation { signUp(input: {email: "nora@example.com", name: "Nora"}) { mailed } }`)
	var link []string
	v.until("the mail is there", func() bool {
		a, err := http.Get("http://" + v.at + "/dev/mail/messages?to=nora@example.com")
		if err != nil {
			v.t.Fatal(err)
		}
		defer a.Body.Close()
		text, _ := io.ReadAll(a.Body)
		link = regexp.MustCompile(`#token=([\w-]+)`).FindStringSubmatch(string(text))
		return link != nil
	})
	signedUp := v.ask(fmt.Sprintf(`mutation { completeSignUp(input: {token: %q, password: "seven grey herons wade", delivery: TOKEN}) { token errors { message } } }`, link[1]))
	if m := regexp.MustCompile(`"token":"([\w-]{43})"`).FindStringSubmatch(signedUp); m != nil {
		v.token = m[1]
	}
	opened := v.ask(`mutation { createAccount(input: {name: "Quist"}) { account { id } errors { message } } }`)
	account := regexp.MustCompile(`acct_\w+`).FindString(opened)
	if account == "" {
		v.t.Fatalf("not signed up: %s, %s", signedUp, opened)
	}
	return account
}

// load has clients write until enough is acknowledged, kills the program in the
// midst of it, and adds to the addresses that were acknowledged.
func (v *victim) load(account string, cycle int, acknowledged map[string]bool) {
	const clients, enough = 8, 60
	var count atomic.Int64
	var mu sync.Mutex
	var all sync.WaitGroup
	full := make(chan struct{})
	for c := range clients {
		all.Go(func() {
			for n := 0; ; n++ {
				email := fmt.Sprintf("c%d-%d-%d@example.com", cycle, c, n)
				query := `mutation { createContact(input: {accountId: %q, email: %q}) { contact { id } errors { message } } }`
				// A few, since an account sends so many in a day only.
				if c == 0 && n < 8 {
					query = `mutation { inviteUsers(input: {accountId: %q, emails: [{email: %q}]}) { results { invitation { id } } errors { message } } }`
				}
				a := v.ask(fmt.Sprintf(query, account, email))
				if a == "" {
					return
				}
				if !strings.Contains(a, `"errors":[]`) {
					v.t.Errorf("answered %s", a)
					return
				}
				if !strings.Contains(a, `"id":"`) {
					continue // skipped, since as many invitations wait as may
				}
				mu.Lock()
				acknowledged[email] = true
				mu.Unlock()
				if count.Add(1) == enough {
					close(full)
				}
			}
		})
	}
	select {
	case <-full:
	case <-time.After(30 * time.Second):
		v.t.Error("it is too slow")
	}
	v.kill()
	all.Wait()
}
