package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	netmail "net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/id"
	"tenantry/internal/permission"
	"tenantry/internal/session"
	"tenantry/internal/token"
)

// relay is a mail server that something may happen to in the midst of a mail.
type relay struct {
	mu sync.Mutex
	// at is when hit is called: "offered", when a mail is announced, or "accepted", when
	// it was taken and that is not yet said. left is how many are let pass before.
	at   string
	left int
	hit  func()
	// ids counts the mails that were accepted, by what stands before the @ of their
	// Message-ID: the id of the delivery.
	ids map[string]int
}

// open runs the server until the test ends, and returns its address.
func (r *relay) open(t *testing.T) string {
	t.Helper()
	r.ids = map[string]int{}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &letterbox{relay: r}, nil }))
	server.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		_ = server.Close()
		running.Wait()
	})
	return listener.Addr().String()
}

// reached reports whether this is where something happens, once, and lets it.
func (r *relay) reached(at string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.at != at {
		return false
	}
	if r.left > 0 {
		r.left--
		return false
	}
	r.at = ""
	r.hit()
	return true
}

// accepted returns how often each mail has been accepted so far.
func (r *relay) accepted() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.ids)
}

type letterbox struct{ relay *relay }

func (l *letterbox) Reset()        {}
func (l *letterbox) Logout() error { return nil }

func (l *letterbox) Mail(string, *smtp.MailOptions) error {
	if l.relay.reached("offered") {
		return errors.New("whoever asked is gone")
	}
	return nil
}

func (l *letterbox) Rcpt(string, *smtp.RcptOptions) error { return nil }

func (l *letterbox) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := netmail.ReadMessage(bytes.NewReader(source))
	if err != nil {
		return err
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(m.Header.Get("Message-Id"), "<"), "@")
	l.relay.mu.Lock()
	l.relay.ids[id]++
	l.relay.mu.Unlock()
	l.relay.reached("accepted")
	return nil
}

// TestKillMail kills the program while it takes notifications and sends them: while
// clients ask, before a mail is accepted, after it was accepted and before the program
// knows, after it has written that down, and in the midst of several. None is lost or
// taken twice, and a mail comes twice only where it was accepted, with the same
// Message-ID. TENANTRY_LAB=1 asks for fifty times each.
//
// Invariants 45 and 46.
func TestKillMail(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program: run without -short")
	}
	binary := filepath.Join(t.TempDir(), "tenantry")
	if out, err := exec.Command("go", "build", "-o", binary, "tenantry").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Run("sqlite", func(t *testing.T) { killMail(t, binary, "") })
	t.Run("postgres", func(t *testing.T) { killMail(t, binary, dbtest.EmptyPostgres(t)) })
}

func killMail(t *testing.T, binary, database string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := ln.Addr().String()
	ln.Close()
	dir := t.TempDir()
	v := &victim{t: t, binary: binary, at: at, args: []string{"dev", "--demo=false", "--listen", at, "--data-dir", dir,
		"--send-per-domain", "10000", "--send-per-account", "10000"}}
	config := db.Config{Path: filepath.Join(dir, "tenantry.db")}
	if database != "" {
		v.args = append(v.args, "--database-url", database)
		config = db.Config{URL: database}
	}
	v.start()
	t.Cleanup(v.kill)
	account := v.signUp()
	v.ask(fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "books@example.com", preferences: [{channel: EMAIL, categories: ["invoice"]}]}) { contact { id } errors { message } } }`, account))
	const many = 6
	for i := range many {
		v.ask(fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "desk%d@example.com", preferences: [{channel: EMAIL, categories: ["maintenance"]}]}) { contact { id } errors { message } } }`, account, i))
	}
	v.kill()

	d, err := db.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	ctx := context.Background()
	if v.token, _, err = token.New(d.Client).Create(ctx, access.Company("operator"), "Billing", []permission.Power{permission.Notify}, nil); err != nil {
		t.Fatal(err)
	}
	post := &relay{}
	v.args = append(v.args, "--smtp-url", "smtp://"+post.open(t)+"?starttls=never")
	v.start()
	times, clients := 3, 8
	if os.Getenv("TENANTRY_LAB") == "1" {
		times, clients = 50, 64
	}
	// submit returns the id of the notification, or "" where the program died before it
	// could answer: the same request again is the same notification.
	submit := func(category, key string) (id string) {
		a := v.ask(fmt.Sprintf(`mutation { sendNotification(input: {accountId: %q, category: %q, subject: "Hear", text: %q, idempotencyKey: %q}) { notification { id } errors { message } } }`,
			account, category, key, key))
		if _, rest, ok := strings.Cut(a, `"id":"`); ok {
			id, _, _ = strings.Cut(rest, `"`)
		}
		return id
	}
	// revive starts the program again, when the leases of the dead have run out.
	revive := func() {
		d.Client.Delivery.Update().Where(delivery.StateEQ(delivery.StateQUEUED)).SetNextAttemptAt(time.Now()).ExecX(ctx)
		v.start()
	}
	notifications := 0
	most := map[string]int{} // how often the mail of a delivery may come; once if it is not there
	begun := time.Now()

	// While clients ask, each with keys of its own, all of which are asked again.
	for n := range times {
		var mu sync.Mutex
		var all sync.WaitGroup
		var kill sync.Once
		taken := map[string]string{} // by key
		for c := range clients {
			all.Go(func() {
				for i := 0; ; i++ {
					key := fmt.Sprintf("asked %d %d %d", n, c, i)
					id := submit("domain", key)
					mu.Lock()
					taken[key] = id
					enough := len(taken) > 3*clients
					mu.Unlock()
					if id == "" {
						return
					}
					if enough {
						kill.Do(v.kill)
						return
					}
				}
			})
		}
		all.Wait()
		revive()
		for key, was := range taken {
			if id := submit("domain", key); id == "" || was != "" && id != was {
				t.Errorf("asked, %d: %s was %q and is %q", n, key, was, id)
			}
		}
		notifications += len(taken)
	}

	for _, c := range []struct {
		name, at, category string
		pass, most         int
	}{
		{"before it is accepted", "offered", "invoice", 0, 1},
		{"after it was accepted", "accepted", "invoice", 0, 2},
		{"after it was written down", "", "invoice", 0, 1},
		{"in the midst of several", "accepted", "maintenance", many / 2, 2},
	} {
		for n := range times {
			dead := make(chan struct{})
			var before map[string]int
			post.mu.Lock()
			post.at, post.left, post.hit = c.at, c.pass, func() {
				v.kill()
				before = maps.Clone(post.ids)
				close(dead)
			}
			post.mu.Unlock()
			key := fmt.Sprint(c.name, " ", n)
			id := submit(c.category, key)
			unsent := func() int {
				return d.Client.Delivery.Query().Where(delivery.NotificationID(id), delivery.StateNEQ(delivery.StateSENT)).CountX(ctx)
			}
			sent := func() bool {
				return unsent() == 0 && d.Client.Delivery.Query().Where(delivery.NotificationID(id)).ExistX(ctx)
			}
			if c.at == "" {
				v.until("it is sent", sent)
				v.kill()
			} else {
				select {
				case <-dead:
				case <-time.After(20 * time.Second):
					t.Fatalf("%s, %d: the mail server was not asked", c.name, n)
				}
				if id != "" && unsent() == 0 {
					t.Errorf("%s, %d: it was written down before it was known", c.name, n)
				}
			}
			revive()
			if id == "" {
				id = submit(c.category, key)
			}
			v.until("it is sent after all", sent)
			notifications++
			for _, one := range d.Client.Delivery.Query().Where(delivery.NotificationID(id)).IDsX(ctx) {
				if before[one] > 0 {
					most[one] = c.most
				}
			}
			if got := post.accepted(); c.pass == 0 {
				one := d.Client.Delivery.Query().Where(delivery.NotificationID(id)).OnlyX(ctx)
				if got[one.ID] != c.most {
					t.Errorf("%s, %d: it came %d times, want %d", c.name, n, got[one.ID], c.most)
				}
			}
		}
	}

	// One more mail, so that whatever waits before it has left.
	last := submit("invoice", "last")
	notifications++
	v.until("the last is sent", func() bool {
		return d.Client.Delivery.Query().Where(delivery.NotificationID(last), delivery.StateEQ(delivery.StateSENT)).ExistX(ctx) &&
			!d.Client.Delivery.Query().Where(delivery.StateEQ(delivery.StateQUEUED)).ExistX(ctx)
	})
	got, twice := post.accepted(), 0
	all := d.Client.Delivery.Query().Where(delivery.NotificationIDNotNil()).AllX(ctx)
	for _, one := range all {
		if one.State != delivery.StateSENT || got[one.ID] < 1 || got[one.ID] > max(most[one.ID], 1) {
			t.Errorf("%s to %s is %s and came %d times, want once and at most %d times", one.ID, one.To, one.State, got[one.ID], max(most[one.ID], 1))
		}
		twice += got[one.ID] - 1
	}
	if n := d.Client.Notification.Query().CountX(ctx); n != notifications || len(got) != len(all) {
		t.Errorf("%d requests are %d notifications; %d deliveries are %d mails", notifications, n, len(all), len(got))
	}
	t.Logf("%d crashes in %s: %d notifications, %d mails, none lost, %d of them twice and each of those accepted before the crash",
		5*times, time.Since(begun).Round(time.Millisecond), notifications, len(all), twice)
}

// TestDrainLab has two processes send ten thousand notifications to thirty thousand
// recipients: each gets it once. It is a laboratory, not a gate: TENANTRY_LAB=1.
func TestDrainLab(t *testing.T) {
	if os.Getenv("TENANTRY_LAB") == "" {
		t.Skip("a laboratory: set TENANTRY_LAB=1")
	}
	const accounts, contacts, each = 1000, 3, 10
	binary := filepath.Join(t.TempDir(), "tenantry")
	if out, err := exec.Command("go", "build", "-o", binary, "tenantry").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	database := dbtest.EmptyPostgres(t)
	dir := t.TempDir()
	post := &relay{}
	server := post.open(t)
	start := func(port string) *victim {
		v := &victim{t: t, binary: binary, at: "127.0.0.1:" + port, args: []string{"dev", "--demo=false", "--listen", "127.0.0.1:" + port, "--data-dir", dir,
			"--database-url", database, "--smtp-url", "smtp://" + server + "?starttls=never", "--send-per-domain", "100000", "--send-per-account", "100000"}}
		v.start()
		t.Cleanup(v.kill)
		return v
	}
	first := start("0")
	first.kill() // it has migrated
	d, err := db.Open(t.Context(), db.Config{URL: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	fillForDrain(t, d, accounts, contacts, each)
	want := accounts * contacts * each
	begun := time.Now()
	start("0")
	start("0")
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(15 * time.Minute)
	for done := 0; done < want; {
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("%d of %d were sent in a quarter of an hour", done, want)
		}
		done = d.Client.Delivery.Query().Where(delivery.StateEQ(delivery.StateSENT)).CountX(context.Background())
	}
	took := time.Since(begun)
	post.mu.Lock()
	defer post.mu.Unlock()
	twice := 0
	for _, n := range post.ids {
		if n != 1 {
			twice++
		}
	}
	t.Logf("%d notifications to %d recipients in %s by two processes: %.0f a second; %d mails, %d of them more than once",
		accounts*each, want, took.Round(time.Millisecond), float64(want)/took.Seconds(), len(post.ids), twice)
	if len(post.ids) != want || twice > 0 {
		t.Errorf("%d mails, %d more than once, want %d once each", len(post.ids), twice, want)
	}
}

// fillForDrain writes accounts with contacts, and notifications that wait for their
// deliveries, into a database.
func fillForDrain(t *testing.T, d *db.DB, accounts, contacts, each int) {
	t.Helper()
	ctx := context.Background()
	owner, err := address.Parse("olive@example.com")
	if err != nil {
		t.Fatal(err)
	}
	err = db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
		u, err := session.NewUser(ctx, tx, owner, "Olive", "en", "")
		if err != nil {
			return err
		}
		for i := range accounts {
			a, err := tx.Account.Create().SetName(fmt.Sprint("Account ", i)).SetSearch(fmt.Sprint("account ", i)).SetOwnerUserID(u.ID).Save(ctx)
			if err != nil {
				return err
			}
			var rows []*ent.ContactCreate
			for c := range contacts {
				email := fmt.Sprintf("c%d-%d@d%d.example", i, c, i%200)
				rows = append(rows, tx.Contact.Create().SetAccountID(a.ID).SetEmail(email).SetEmailKey(email).SetSearch(email).
					SetPreferences([]permission.Preference{}).SetSubAccountIds([]string{}).SetUpdatedAt(time.Now()))
			}
			if err := tx.Contact.CreateBulk(rows...).Exec(ctx); err != nil {
				return err
			}
			var sent []*ent.NotificationCreate
			for n := range each {
				sent = append(sent, tx.Notification.Create().SetAccountID(a.ID).SetCategory("maintenance").SetEventID(id.New(id.Event)).SetSenderKind("OPERATOR").
					SetSenderName("Billing").SetSubject(fmt.Sprint("Planned work ", n)).SetText("On Sunday."))
			}
			if err := tx.Notification.CreateBulk(sent...).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
