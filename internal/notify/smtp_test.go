package notify_test

import (
	"io"
	"log"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	entcontact "tenantry/ent/contact"
	"tenantry/ent/delivery"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/mail"
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
