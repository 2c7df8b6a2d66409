package graph_test

import (
	"context"
	"fmt"
	"testing"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/event"
	"tenantry/internal/lab"
	"tenantry/internal/mail"
	"tenantry/internal/notify"
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

// do asks what must not be refused.
func do(t *testing.T, w *lab.World, who, query string) {
	t.Helper()
	if a := w.Ask(who, query, nil); a.Status != 200 || len(a.Codes()) > 0 {
		t.Fatalf("%s", a.Body)
	}
}
