package cli_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// Two processes of the program share a PostgreSQL. Whoever is deactivated at one is cut off
// at the other within a second, and not as if all was said; they are told nothing that was
// begun after the answer. Each process refuses what a WebSocket may not do.
//
// Invariants 27 and 28.
func TestTwoProcesses(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program: run without -short")
	}
	database, dir := dbtest.EmptyPostgres(t), t.TempDir()
	binary := filepath.Join(dir, "tenantry")
	if out, err := exec.Command("go", "build", "-o", binary, "tenantry").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	start := func() *victim {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		at := ln.Addr().String()
		ln.Close()
		v := &victim{t: t, binary: binary, at: at, args: []string{"dev", "--demo=false", "--listen", at, "--data-dir", dir, "--database-url", database, "--public-url", lab.Public}}
		v.start()
		t.Cleanup(v.kill)
		return v
	}
	here := start()
	account := here.signUp()
	here.ask(fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "mia@example.com"}], permissions: ["contacts"]}) { errors { message } } }`, account))
	var link []string
	here.until("the invitation is there", func() bool {
		link = regexp.MustCompile(`#token=([\w-]+)`).FindStringSubmatch(mailbox(t, here, "mia@example.com"))
		return link != nil
	})
	owner := here.token
	here.token = "" // who follows the link is somebody else
	joined := here.ask(fmt.Sprintf(`mutation { acceptInvitation(input: {token: %q, name: "Mia", password: "nine brown otters swim", delivery: TOKEN}) { token membership { id } errors { message } } }`, link[1]))
	member, token := regexp.MustCompile(`mem_\w+`).FindString(joined), regexp.MustCompile(`"token":"([\w-]{43})"`).FindStringSubmatch(joined)
	if member == "" || token == nil {
		t.Fatalf("not joined: %s", joined)
	}
	here.token = owner
	there := start()
	there.token = owner

	t.Run("cut off", func(t *testing.T) {
		for round := range 5 {
			cutOffElsewhere(t, here, there, account, member, token[1], round)
			there.ask(fmt.Sprintf(`mutation { reactivateMember(input: {membershipId: %q, acknowledgeRisks: true}) { errors { message } } }`, member))
		}
	})
	for name, v := range map[string]*victim{"one": here, "the other": there} {
		t.Run("sockets of "+name, func(t *testing.T) {
			t.Parallel()
			refuses(t, v, token[1])
		})
	}
}

func mailbox(t *testing.T, v *victim, to string) string {
	t.Helper()
	a, err := http.Get("http://" + v.at + "/dev/mail/messages?to=" + to)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// cutOffElsewhere has a member listen 64 times at one process, and deactivates them at the
// other, where the account is busy.
func cutOffElsewhere(t *testing.T, here, there *victim, account, member, token string, round int) {
	t.Helper()
	srv := &httptest.Server{URL: "http://" + here.at}
	q := fmt.Sprintf(`subscription { accountEvents(accountId: %q) { id action targetId } }`, account)
	var ears []*lab.Ear
	for range 16 {
		ears = append(ears, lab.Socket(t, srv, token, q, q, q)...)
		ears = append(ears, lab.Stream(t, srv, token, q))
	}
	var (
		busy           sync.WaitGroup
		answered, stop atomic.Bool
		mu             sync.Mutex
		later          = map[string]bool{} // what was begun after the answer
	)
	for g := range 2 {
		busy.Go(func() {
			for i := 0; !stop.Load(); i++ {
				after := answered.Load()
				a := there.ask(fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "c%d.%d.%d@example.com"}) { contact { id } errors { code } } }`, account, round, g, i))
				if id := regexp.MustCompile(`cont_\w+`).FindString(a); id != "" && after {
					mu.Lock()
					later[id] = true
					mu.Unlock()
				}
			}
		})
	}
	for _, e := range ears {
		e.Until("contact.created")
	}
	a := there.ask(fmt.Sprintf(`mutation { deactivateMember(input: {membershipId: %q}) { membership { state } errors { message } } }`, member))
	end := time.Now()
	answered.Store(true)
	if !strings.Contains(a, `"DEACTIVATED"`) {
		t.Errorf("not cut off: %s", a)
	}
	var slowest time.Duration
	var told []lab.Answer
	for _, e := range ears {
		told = append(told, e.Over()...)
		slowest = max(slowest, e.At.Sub(end))
		if e.End != "4403" && e.End != "cut" {
			t.Errorf("ended with %s", e.End)
		}
	}
	// Enough is begun after the answer for one to have slipped through.
	there.until("something happens after the answer", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return len(later) > 20
	})
	stop.Store(true)
	busy.Wait()
	if slowest > time.Second {
		t.Errorf("the last of %d ended %v after the answer", len(ears), slowest)
	}
	for _, one := range told {
		if later[one.String("data.accountEvents.targetId")] {
			t.Errorf("heard of what happened after the answer: %s", one.Body)
		}
	}
	t.Logf("round %d: %d listeners at one process, deactivated at the other: the last ended %v after the answer; %d events began after it, none was heard", round+1, len(ears), slowest.Round(time.Millisecond), len(later))
}

// refuses tries what a WebSocket must not do.
func refuses(t *testing.T, v *victim, token string) {
	t.Helper()
	dial := func(origin string) (*websocket.Conn, int) {
		t.Helper()
		conn, res, err := websocket.Dial(t.Context(), "http://"+v.at+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{"Origin": {origin}}})
		if err == nil {
			t.Cleanup(func() { conn.CloseNow() })
		} else if res == nil {
			t.Fatal(err)
		}
		return conn, res.StatusCode
	}
	if _, status := dial("https://evil.example"); status != http.StatusForbidden {
		t.Errorf("an upgrade from elsewhere is answered %d", status)
	}
	silent, _ := dial("")
	began := time.Now()
	_, _, err := silent.Read(t.Context())
	waited := time.Since(began)
	if code := websocket.CloseStatus(err); code != 4408 || waited < 2500*time.Millisecond || waited > 4*time.Second {
		t.Errorf("who says nothing is cut off with %d after %v", code, waited)
	}
	conn, _ := dial("")
	say := func(text string) {
		t.Helper()
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	hear := func(want string) {
		t.Helper()
		if _, got, err := conn.Read(t.Context()); err != nil || !strings.Contains(string(got), want) {
			t.Errorf("got %s, %v, want %s", got, err, want)
		}
	}
	say(fmt.Sprintf(`{"type":"connection_init","payload":{"authorization":"Bearer %s"}}`, token))
	hear("connection_ack")
	say(`{"id":"m","type":"subscribe","payload":{"query":"mutation { signOut { signedOut } }"}}`)
	hear("A mutation is sent by POST.")
	for i := range 20 {
		say(fmt.Sprintf(`{"id":"%d","type":"subscribe","payload":{"query":"subscription { viewerEvents { id } }"}}`, i))
	}
	say(`{"id":"20","type":"subscribe","payload":{"query":"subscription { viewerEvents { id } }"}}`)
	hear("A connection has at most 20 operations at once.")
	say(`{"id":"7","type":"subscribe","payload":{"query":"subscription { viewerEvents { id } }"}}`)
	_, _, err = conn.Read(t.Context())
	if code := websocket.CloseStatus(err); code != 4409 {
		t.Errorf("an id in use ends with %d: %v", code, err)
	}
	t.Logf("a foreign origin: 403; silence: 4408 after %v; a mutation and a 21st operation: refused; an id in use: 4409", waited.Round(time.Millisecond))
}
