package notify_test

import (
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"tenantry/ent"
	entcontact "tenantry/ent/contact"
	"tenantry/ent/delivery"
	"tenantry/internal/bounce"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/mail"
	"tenantry/internal/permission"
)

// refusing is a mail server that answers for each address as it is told.
type refusing struct {
	answers map[string]error
	mu      sync.Mutex
	sources []string
}

func (r *refusing) open(t *testing.T) lab.Option {
	t.Helper()
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &visit{refusing: r}, nil }))
	server.ErrorLog = log.New(io.Discard, "", 0)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(ln) })
	t.Cleanup(func() {
		_ = server.Close()
		running.Wait()
	})
	sender, err := mail.NewSMTP("smtp://"+ln.Addr().String()+"?starttls=never", "Tenantry <no-reply@portal.example>")
	if err != nil {
		t.Fatal(err)
	}
	return func(p *cli.Parts) { p.Sender = sender }
}

type visit struct{ *refusing }

func (*visit) Reset()                               {}
func (*visit) Logout() error                        { return nil }
func (*visit) Mail(string, *smtp.MailOptions) error { return nil }
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error {
	return v.answers[to]
}

func (v *visit) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sources = append(v.sources, string(source))
	return err
}

// What a mail server says of an address is kept in its words: an address that does not
// exist gets nothing any more, in any account, and what somebody must always get goes to
// the owner instead; one that is full is tried again; one that is refused for another
// reason is given up and may be tried again.
func TestAnswersOfAMailServer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server := &refusing{answers: map[string]error{
			"gone@example.com":   &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user here"},
			"full@example.com":   &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "Mailbox full"},
			"policy@example.com": &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "Not from you"},
		}}
		w, ctx := lab.New(t, d, server.open(t)), t.Context()
		acme, other := w.Account("olive", "Acme"), w.Account("otto", "Other")
		for _, email := range []string{"gone@example.com", "full@example.com", "policy@example.com"} {
			addContact(t, w, acme.ID, email)
		}
		addContact(t, w, other.ID, "gone@example.com", on("EMAIL", "invoice"))
		tell(t, w, acme.ID, "maintenance")
		w.Settle()
		for _, c := range []struct {
			to    string
			state delivery.State
			words string
		}{
			{"gone@example.com", delivery.StateBOUNCED, "The mail server answered: 550 5.1.1 No such user here"},
			{"full@example.com", delivery.StateQUEUED, "The mail server answered: 452 4.2.2 Mailbox full"},
			{"policy@example.com", delivery.StateFAILED, "The mail server answered: 554 5.7.1 Not from you"},
		} {
			one := d.Client.Delivery.Query().Where(delivery.To(c.to), delivery.AccountID(acme.ID)).OnlyX(ctx)
			if one.State != c.state || one.LastError != c.words || (one.BouncedAt != nil) != (c.state == delivery.StateBOUNCED) {
				t.Errorf("%s is %s: %s", c.to, one.State, one.LastError)
			}
			if c.state == delivery.StateQUEUED && time.Until(one.NextAttemptAt) > 30*time.Second {
				t.Errorf("%s is tried again in %s", c.to, time.Until(one.NextAttemptAt))
			}
		}
		if n := d.Client.Contact.Query().Where(entcontact.SuppressedAtNotNil(), entcontact.Email("gone@example.com")).CountX(ctx); n != 2 {
			t.Errorf("%d of the 2 contacts with the address are suppressed", n)
		}
		if n := d.Client.Contact.Query().Where(entcontact.SuppressedAtNotNil()).CountX(ctx); n != 2 {
			t.Errorf("%d contacts are suppressed, want 2", n)
		}
		// And now the other account's invoices: by what it knows they fall to the owner.
		n := tell(t, w, other.ID, "invoice")
		w.Settle()
		if one := d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID)).OnlyX(ctx); one.To != "otto@example.com" || one.State != delivery.StateSENT {
			t.Errorf("the invoice goes to %s and is %s", one.To, one.State)
		}
	})
}

// What is answered from an address is about that one, though the delivery was written
// for another: the contact had moved there before it left.
func TestBouncesWhereItWent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server := &refusing{answers: map[string]error{
			"gone@example.com": &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user here"}}}
		w, ctx := lab.New(t, d, server.open(t)), t.Context()
		acme := w.Account("olive", "Acme")
		moved, comes := addContact(t, w, acme.ID, "old@example.com"), addContact(t, w, acme.ID, "fine@example.com")
		n := tell(t, w, acme.ID, "maintenance")
		if err := w.Notify.FanOut(ctx); err != nil {
			t.Fatal(err)
		}
		move := func(c *ent.Contact, to string) {
			d.Client.Contact.UpdateOne(c).SetEmail(to).SetEmailKey(to).ExecX(ctx)
		}
		move(moved, "gone@example.com")
		move(comes, "new@other.example")
		addContact(t, w, acme.ID, "old@example.com")
		w.Settle()
		if got := d.Client.Contact.Query().Where(entcontact.SuppressedAtNotNil()).OnlyX(ctx); got.ID != moved.ID {
			t.Errorf("%s is suppressed, and not gone@example.com", got.Email)
		}
		// A report of it that comes by mail later finds the delivery by its address.
		one := d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID), delivery.StateEQ(delivery.StateSENT)).OnlyX(ctx)
		ours, err := w.Bounces.Take(ctx, bounce.Report{Kind: bounce.Dead, Delivery: one.ID, Recipient: "new@other.example", Words: "No such user"})
		if err != nil || !ours || one.To != "new@other.example" || one.Domain != "other.example" {
			t.Errorf("the mail to %s at %s is known when it comes back: %v, %v", one.To, one.Domain, ours, err)
		}
	})
}

// Two contacts share an address by the time that it leaves: it gets one mail, unless the
// one that it was to come by never left.
func TestMovesToAnAddressThatHasIt(t *testing.T) {
	for name, c := range map[string]struct {
		lost bool
		want []string
	}{"who has it": {false, []string{"desk@example.com"}}, "who would have had it": {true, []string{"desk@example.com"}}} {
		t.Run(name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w, ctx := lab.New(t, d), t.Context()
				acme := w.Account("olive", "Acme")
				first := addContact(t, w, acme.ID, "desk@example.com")
				second := addContact(t, w, acme.ID, "carl@example.com")
				tell(t, w, acme.ID, "maintenance")
				if err := w.Notify.FanOut(ctx); err != nil {
					t.Fatal(err)
				}
				if c.lost {
					d.Client.Contact.DeleteOne(first).ExecX(ctx)
				} else {
					d.Client.Contact.UpdateOne(first).SetEmail("other@example.com").SetEmailKey("other@example.com").SetPreferences([]permission.Preference{on(permission.Email, "maintenance")}).ExecX(ctx)
					d.Client.Delivery.Update().Where(delivery.ContactID(first.ID)).SetState(delivery.StateSENT).ExecX(ctx) // it has left before
				}
				d.Client.Contact.UpdateOne(second).SetEmail("desk@example.com").SetEmailKey("desk@example.com").ExecX(ctx)
				w.Settle()
				var mailed []string
				for _, m := range w.Box.Messages("") {
					mailed = append(mailed, m.To)
				}
				if !c.lost {
					mailed = append(mailed, "desk@example.com") // the one that left before
				}
				if !slices.Equal(mailed, c.want) {
					t.Errorf("mail goes to %q, want %q", mailed, c.want)
				}
			})
		})
	}
}

// A mail of what somebody must always get was accepted, and comes back: the owner gets
// it, unless another contact has it.
func TestMailComesBack(t *testing.T) {
	for _, contacts := range []int{1, 2} {
		dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
			w, ctx := lab.New(t, d), t.Context()
			acme := w.Account("olive", "Acme")
			for i := range contacts {
				addContact(t, w, acme.ID, fmt.Sprintf("c%d@example.com", i), on(permission.Email, "invoice"))
			}
			n := tell(t, w, acme.ID, "invoice")
			w.Settle()
			one := d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID), delivery.To("c0@example.com")).OnlyX(ctx)
			for range 2 { // told twice, it is one bounce
				if _, err := w.Bounces.Take(ctx, bounce.Report{Kind: bounce.Dead, Delivery: one.ID, Recipient: "c0@example.com", Words: "No such user"}); err != nil {
					t.Fatal(err)
				}
				w.Settle()
			}
			if got := len(w.Box.Messages("olive@example.com")); got != 2-contacts {
				t.Errorf("with %d contacts the owner got %d mails", contacts, got)
			}
		})
	}
}

// The only contact who gets invoices bounces when one is sent: the owner gets it.
func TestLastMailBounces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server := &refusing{answers: map[string]error{
			"gone@example.com": &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "No such user here"}}}
		w, ctx := lab.New(t, d, server.open(t)), t.Context()
		acme := w.Account("olive", "Acme")
		addContact(t, w, acme.ID, "gone@example.com", on("EMAIL", "invoice"))
		n := tell(t, w, acme.ID, "invoice")
		w.Settle()
		states := map[string]delivery.State{}
		for _, one := range d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID)).AllX(ctx) {
			states[one.To] = one.State
		}
		if len(states) != 2 || states["gone@example.com"] != delivery.StateBOUNCED || states["olive@example.com"] != delivery.StateSENT {
			t.Errorf("the deliveries are %v", states)
		}
	})
}

// A mail to a contact says how to end it, by its header and in its foot, where that is
// possible, and never where it is not.
func TestUnsubscribeHeader(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		server := &refusing{}
		w := lab.New(t, d, server.open(t))
		acme := w.Account("olive", "Acme")
		addContact(t, w, acme.ID, "carl@example.com", on("EMAIL", "maintenance", "product", "invoice"))
		for _, c := range w.Gate.Catalogue().Categories {
			if c.Key != "maintenance" && c.Key != "product" && c.Key != "invoice" {
				continue
			}
			tell(t, w, acme.ID, c.Key)
			w.Settle()
			server.mu.Lock()
			source := server.sources[len(server.sources)-1]
			server.mu.Unlock()
			can := !c.Mandatory && !c.Transactional
			if has := strings.Contains(source, "\nList-Unsubscribe: <https://portal.example/unsubscribe?token=") && strings.Contains(source, "\nList-Unsubscribe-Post: List-Unsubscribe=One-Click"); has != can {
				t.Errorf("%s can be ended: %v, and its header says %v", c.Key, can, has)
			}
			if !strings.Contains(source, "/preferences#token=") {
				t.Errorf("%s does not say where it is changed", c.Key)
			}
		}
	})
}
