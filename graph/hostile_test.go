package graph_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/internal/access"
	"tenantry/internal/bounce"
	"tenantry/internal/budget"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/lab"
	"tenantry/internal/mail"
	"tenantry/internal/notify"
	"tenantry/internal/permission"
	"tenantry/internal/session"
)

// A contact whose address is changed between being asked to verify it and the
// mail is asked nothing.
func TestMovedBeforeItIsAsked(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		c := w.Contact(w.Account("olive", "Acme").ID, "ada@example.com")
		do(t, w, "olive", fmt.Sprintf(`mutation { requestContactVerification(input: {contactId: %q}) { errors { code } } updateContact(input: {contactId: %[1]q, email: "bob@example.com"}) { errors { code } } }`, c.ID))
		w.Settle()
		if n := len(w.Box.Messages("")); n != 0 {
			t.Errorf("%d mails", n)
		}
	})
}

func suppressedAt(t *testing.T, c *ent.Contact, d *db.DB) bool {
	return d.Client.Contact.GetX(t.Context(), c.ID).SuppressedAt != nil
}

// Moving a contact to an address that does not exist says nothing of the one before.
func TestDeadAfterMoving(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var to []string
		w := lab.New(t, d)
		victim := w.Contact(w.Account("olive", "Acme").ID, "ada@example.com")
		mine := w.Contact(w.Account("mallory", "Evil").ID, "ada@example.com")
		do(t, w, "mallory", fmt.Sprintf(`mutation { sendTestNotification(input: {contactId: %q, category: "domain"}) { sent errors { code } } updateContact(input: {contactId: %[1]q, email: "nobody@evil.example"}) { errors { code } } }`, mine.ID))
		if err := w.Dispatcher.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		s := notify.New(d, w.Gate, w.Book, w.Site, deadEnd(t, &to), w.Brand, notify.Pace{})
		if err := s.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(to, []string{"nobody@evil.example"}) {
			t.Fatalf("mails to %q", to)
		}
		if suppressedAt(t, victim, d) {
			t.Error("the address that the contact had before is suppressed")
		}
		if !suppressedAt(t, mine, d) {
			t.Error("the dead address is not suppressed")
		}
		row := d.Client.Delivery.Query().Where(delivery.ContactID(mine.ID)).OnlyX(t.Context())
		if row.To != "nobody@evil.example" || row.ToKey != row.To || row.Domain != "evil.example" || row.State != delivery.StateBOUNCED {
			t.Errorf("the delivery is %s, to %s (%s) at %s", row.State, row.To, row.ToKey, row.Domain)
		}
	})
}

// deadEnd is a mail server that knows nobody, and keeps whom it was asked for.
func deadEnd(t *testing.T, asked *[]string) mail.Sender {
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return nobodyHere{asked}, nil }))
	server.ErrorLog = log.New(io.Discard, "", 0)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() { _ = server.Close(); running.Wait() })
	sender, err := mail.NewSMTP("smtp://"+listener.Addr().String(), "Tenantry <no-reply@portal.example>")
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

type nobodyHere struct{ asked *[]string }

func (nobodyHere) Reset()                               {}
func (nobodyHere) Logout() error                        { return nil }
func (nobodyHere) Mail(string, *smtp.MailOptions) error { return nil }
func (nobodyHere) Data(io.Reader) error                 { return nil }
func (n nobodyHere) Rcpt(to string, _ *smtp.RcptOptions) error {
	*n.asked = append(*n.asked, to)
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such user"}
}

// The id of a delivery is no secret: who may see it in one account says nothing about
// an address in another.
func TestForgedReport(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		victim := w.Contact(w.Account("olive", "Acme").ID, "ada@example.com")
		mine := w.Contact(w.Account("mallory", "Evil").ID, "ada@example.com")
		do(t, w, "mallory", fmt.Sprintf(`mutation { sendTestNotification(input: {contactId: %q, category: "domain"}) { sent errors { code } } }`, mine.ID))
		w.Settle()
		row := d.Client.Delivery.Query().Where(delivery.ContactID(mine.ID)).OnlyX(t.Context())
		ours, err := w.Bounces.Take(t.Context(), bounce.Report{Kind: bounce.Dead, Delivery: row.ID, Recipient: "ada@example.com", Words: "550 5.1.1"})
		if err != nil || !ours {
			t.Fatal(ours, err)
		}
		if suppressedAt(t, victim, d) {
			t.Error("the victim's address is suppressed")
		}
	})
}

// However often a contact is made anew, and in however many accounts, a stranger's address
// is asked and tested so often only.
func TestStrangersAddressIsSpared(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		for name, most := range map[string]int{"One": 10, "Two": 20, "Three": 20} {
			acct := w.Account("mallory", name)
			for range 10 {
				c := w.Contact(acct.ID, "ada@example.com")
				w.Ask("mallory", fmt.Sprintf(`mutation { requestContactVerification(input: {contactId: %q}) { errors { code } } sendTestNotification(input: {contactId: %[1]q, category: "domain"}) { errors { code } } }`, c.ID), nil)
				w.Settle()
				do(t, w, "mallory", fmt.Sprintf(`mutation { deleteContact(input: {contactId: %q, alsoRemoveMember: false}) { errors { code } } }`, c.ID))
			}
			if n := len(w.Box.Messages("ada@example.com")); n > max(most, 20) || name == "One" && n%10 != 0 {
				t.Errorf("%d mails to one stranger after account %s", n, name)
			}
		}
		if n := len(w.Box.Messages("ada@example.com")); n != 20 {
			t.Errorf("%d mails to one stranger, want 20", n)
		}
	})
}

// However often somebody changes what a member may do, a stranger whom they wrote down as
// a contact is told so often only, and all contacts of the account together.
func TestContactsAreNotFlooded(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acct := w.Account("mallory", "Evil")
		eve := w.Member(acct, "eve")
		for _, email := range []string{"ada@example.com", "bob@example.com"} {
			do(t, w, "mallory", fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: %q, preferences: [{channel: EMAIL, all: true}]}) { errors { code } } }`, acct.ID, email))
		}
		version, given := eve.Version, map[bool]string{true: `"tickets"`}
		widen := func() { // and take it away again, which nobody is told
			for _, more := range []bool{true, false} {
				do(t, w, "mallory", fmt.Sprintf(`mutation { updateMemberPermissions(input: {membershipId: %q, version: %d, roleIds: [], permissions: [%s], subAccountAccess: NONE}) { errors { code } } }`, eve.ID, version, given[more]))
				version++
			}
			w.Settle()
		}
		count := func(email string, state delivery.State) int {
			return d.Client.Delivery.Query().Where(delivery.ToKey(email), delivery.NotificationIDNotNil(), delivery.StateEQ(state)).CountX(ctx)
		}
		if err := w.Book.Take(ctx, budget.ToldByAddress, "ada@example.com", budget.ToldByAddress.Count-2); err != nil {
			t.Fatal(err)
		}
		for range 3 {
			widen()
		}
		if sent, not, other := count("ada@example.com", delivery.StateSENT), count("ada@example.com", delivery.StateSUPPRESSED), count("bob@example.com", delivery.StateSENT); sent != 2 || not != 1 || other != 3 {
			t.Errorf("one contact was told %d times and %d times not, the other %d times; want 2, 1 and 3", sent, not, other)
		}
		if err := w.Book.Take(ctx, budget.ToldByAccount, acct.ID, budget.ToldByAccount.Count-6); err != nil { // two for each change
			t.Fatal(err)
		}
		widen()
		if n := d.Client.Delivery.Query().Where(delivery.NotificationIDNotNil()).CountX(ctx); n != 7 || count("mallory@example.com", delivery.StateSUPPRESSED) != 1 {
			t.Errorf("%d deliveries, want one more that says why nobody is told", n)
		}
	})
}

// A program of an account writes to its contacts in the portal's name: no more of it goes
// to an address than of what the account's people do themselves.
func TestProgramsFloodNobody(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acct := w.Account("mallory", "Evil")
		do(t, w, "mallory", fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "ada@example.com", preferences: [{channel: EMAIL, all: true}]}) { errors { code } } }`, acct.ID))
		w.Program("offers", "mallory", acct, permission.Notify)
		if err := w.Book.Take(ctx, budget.ToldByAddress, "ada@example.com", budget.ToldByAddress.Count-2); err != nil {
			t.Fatal(err)
		}
		for i := range 3 {
			do(t, w, "offers", fmt.Sprintf(`mutation { sendNotification(input: {accountId: %q, category: "general", subject: "Offer %d", text: "Buy."}) { errors { code } } }`, acct.ID, i))
		}
		w.Settle()
		states := map[delivery.State]int{}
		for _, row := range d.Client.Delivery.Query().Where(delivery.ToKey("ada@example.com"), delivery.NotificationIDNotNil()).AllX(ctx) {
			states[row.State]++
		}
		if states[delivery.StateSENT] != 2 || states[delivery.StateSUPPRESSED] != 1 {
			t.Errorf("%v, want two that were sent and one suppressed", states)
		}
	})
}

// However much the people of an account cause to be told at a domain of addresses, what
// the company sends there goes first.
func TestInvoicesDoNotWait(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d, func(p *cli.Parts) { p.Pace = notify.Pace{Domain: 1} }), t.Context()
		w.Operator("billing")
		acme, evil := w.Account("olive", "Acme"), w.Account("mallory", "Evil")
		eve := w.Member(evil, "eve")
		ada := w.Contact(acme.ID, "ada@example.com")
		for i := range 10 {
			do(t, w, "mallory", fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: "p%d@example.com", preferences: [{channel: EMAIL, all: true}]}) { errors { code } } }`, evil.ID, i))
		}
		for i := range 10 {
			given := []string{`"tickets"`, ""}[i%2]
			do(t, w, "mallory", fmt.Sprintf(`mutation { updateMemberPermissions(input: {membershipId: %q, version: %d, roleIds: [], permissions: [%s], subAccountAccess: NONE}) { errors { code } } }`, eve.ID, eve.Version+i, given))
		}
		w.Settle()
		if waiting := d.Client.Delivery.Query().Where(delivery.StateEQ(delivery.StateQUEUED), delivery.Paced(true)).CountX(ctx); waiting < 40 {
			t.Fatalf("%d wait for their turn, want nearly 50", waiting)
		}
		do(t, w, "billing", fmt.Sprintf(`mutation { sendNotification(input: {accountId: %q, category: "domain", subject: "It expires", text: "Tomorrow."}) { errors { code } } }`, acme.ID))
		w.Settle()
		if row := d.Client.Delivery.Query().Where(delivery.ContactID(ada.ID)).OnlyX(ctx); row.State != delivery.StateSENT {
			t.Errorf("what the company sends is %s until %s", row.State, row.NextAttemptAt)
		}
	})
}

// Strangers who ask for a new password for somebody, as often as they can, do not keep
// the person from asking on a device that they have signed in on.
func TestResetIsNotUsedUp(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		olive := w.NewUser("olive")
		st, err := db.InTx(ctx, d.Client, func(tx *ent.Tx) (*session.Started, error) {
			return w.Sessions.Begin(ctx, tx, &access.Actor{Address: "192.0.2.1"}, olive, session.Token)
		})
		if err != nil || st.Device == "" {
			t.Fatal(err)
		}
		ask := func(from, device string) bool {
			err := w.Sessions.RequestReset(ctx, &access.Actor{Address: from, Device: device}, "olive@example.com")
			if err != nil && !fault.Has(err, fault.RateLimited) {
				t.Fatal(err)
			}
			return err == nil
		}
		for i := range 20 {
			if granted := ask(fmt.Sprintf("198.51.100.%d", i), strings.Repeat("x", 43)); granted != (i < budget.ResetByAddress.Count) {
				t.Fatalf("try %d of strangers was granted: %v", i, granted)
			}
		}
		for i := range 2 * budget.ResetByAddress.Count {
			if granted := ask("192.0.2.1", st.Device); granted != (i < budget.ResetByAddress.Count) {
				t.Errorf("try %d of the person was granted: %v", i, granted)
			}
		}
	})
}

// A letter that cannot be written, whatever the reason, ends neither the program nor the
// letters behind it.
func TestPanicWhileSending(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		do(t, w, "olive", fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "a@example.com"}, {email: "b@example.com"}]}) { errors { code } } }`, acme.ID))
		if err := w.Dispatcher.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		tried := 0
		s := notify.New(d, w.Gate, w.Book, w.Site, each(func() {
			if tried++; tried == 1 {
				panic("a fault of ours")
			}
		}), w.Brand, notify.Pace{})
		if err := s.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		queued, sent := d.Client.Delivery.Query().Where(delivery.StateEQ(delivery.StateQUEUED)).OnlyX(t.Context()), d.Client.Delivery.Query().Where(delivery.StateEQ(delivery.StateSENT)).CountX(t.Context())
		if tried != 2 || sent != 1 || queued.LastError != "Something went wrong on our side." {
			t.Errorf("%d tried, %d sent; the other: %q", tried, sent, queued.LastError)
		}
	})
}

// each is a mail server that does something at each mail.
type each func()

func (e each) Send(context.Context, mail.Message) error { e(); return nil }

// An event that a handler cannot take, whatever the reason, ends neither the program nor
// the events behind it.
func TestPanicWhileHandingOn(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		w.Settle()
		for _, email := range []string{"a@example.com", "b@example.com"} {
			w.Contact(acme.ID, email)
		}
		bad, handed := "", 0
		h := event.NewDispatcher(d, func(_ context.Context, _ *ent.Tx, all []*ent.Event) error {
			for _, e := range all {
				if bad == "" {
					bad = e.ID
				}
				if e.ID == bad {
					panic("a fault of ours")
				}
			}
			handed += len(all)
			return nil
		})
		if err := h.Drain(t.Context()); err == nil || handed != 1 {
			t.Errorf("%v; %d of the others were handed on, want 1", err, handed)
		}
	})
}
