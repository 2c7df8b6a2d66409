package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
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
	// it was taken and that is not yet said.
	at  string
	hit func()
	// ids counts the mails that were accepted, by Message-ID and address.
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
	r.at = ""
	r.hit()
	return true
}

type letterbox struct {
	relay *relay
	to    string
}

func (l *letterbox) Reset()        {}
func (l *letterbox) Logout() error { return nil }

func (l *letterbox) Mail(string, *smtp.MailOptions) error {
	if l.relay.reached("offered") {
		return errors.New("whoever asked is gone")
	}
	return nil
}

func (l *letterbox) Rcpt(to string, _ *smtp.RcptOptions) error {
	l.to = to
	return nil
}

func (l *letterbox) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := netmail.ReadMessage(bytes.NewReader(source))
	if err != nil {
		return err
	}
	l.relay.mu.Lock()
	l.relay.ids[m.Header.Get("Message-Id")+" "+l.to]++
	l.relay.mu.Unlock()
	l.relay.reached("accepted")
	return nil
}

// TestKillMail kills the program while it sends notifications: before a mail is
// accepted, after it was accepted and before the program knows, and after it has
// written that down. None is lost, and one comes twice only where it was accepted, with
// the same Message-ID. TENANTRY_LAB=1 asks for fifty times each.
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
	v := &victim{t: t, binary: binary, at: at, args: []string{"dev", "--demo=false", "--listen", at, "--data-dir", dir}}
	config := db.Config{Path: filepath.Join(dir, "tenantry.db")}
	if database != "" {
		v.args = append(v.args, "--database-url", database)
		config = db.Config{URL: database}
	}
	v.start()
	t.Cleanup(v.kill)
	account := v.signUp()
	v.ask(fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "books@example.com", preferences: [{channel: EMAIL, categories: ["invoice"]}]}) { contact { id } errors { message } } }`, account))
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
	times := 3
	if os.Getenv("TENANTRY_LAB") == "1" {
		times = 50
	}
	for _, c := range []struct {
		at   string
		most int // mails that may come of one notification
	}{{"offered", 1}, {"accepted", 2}, {"written", 1}} {
		for n := range times {
			dead := make(chan struct{})
			post.mu.Lock()
			post.at, post.hit = c.at, func() { v.kill(); close(dead) }
			clear(post.ids)
			post.mu.Unlock()
			submit := func() (id string) {
				a := v.ask(fmt.Sprintf(`mutation { sendNotification(input: {accountId: %q, category: "invoice", subject: "Invoice %d", text: "Attached.", idempotencyKey: "%s %d"}) { notification { id } errors { message } } }`,
					account, n, c.at, n))
				if _, rest, ok := strings.Cut(a, `"id":"`); ok {
					id, _, _ = strings.Cut(rest, `"`)
				}
				return id
			}
			id := submit()
			sent := func() bool {
				return d.Client.Delivery.Query().Where(delivery.NotificationID(id), delivery.StateEQ(delivery.StateSENT)).ExistX(ctx)
			}
			if c.at == "written" {
				v.until("it is sent", sent)
				v.kill()
			} else {
				select {
				case <-dead:
				case <-time.After(20 * time.Second):
					t.Fatalf("%s, %d: the mail server was not asked", c.at, n)
				}
				if id != "" && sent() {
					t.Errorf("%s, %d: it was written down before it was known", c.at, n)
				}
			}
			// The lease of the dead runs out.
			d.Client.Delivery.Update().Where(delivery.StateEQ(delivery.StateQUEUED)).SetNextAttemptAt(time.Now()).ExecX(ctx)
			v.start()
			if id == "" {
				id = submit() // it died before it could answer: the same request again is the same notification
			}
			v.until("it is sent after all", sent)
			post.mu.Lock()
			if len(post.ids) != 1 {
				t.Errorf("%s, %d: mails %v, want one by its Message-ID", c.at, n, post.ids)
			}
			for id, count := range post.ids {
				if count != c.most {
					t.Errorf("%s, %d: %s came %d times, want %d", c.at, n, id, count, c.most)
				}
			}
			post.mu.Unlock()
		}
	}
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
