package notify_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/lab"
	"tenantry/internal/notify"
	"tenantry/internal/permission"
)

func paced(p notify.Pace) lab.Option { return func(parts *cli.Parts) { parts.Pace = p } }

// many makes an account with so many contacts at a domain, who want everything.
func many(t *testing.T, w *lab.World, owner, domain string, n int) *ent.Account {
	t.Helper()
	a := w.Account(owner, owner)
	for i := range n {
		addContact(t, w, a.ID, fmt.Sprintf("c%03d@%s", i, domain))
	}
	return a
}

// So much leaves in a second to one domain, and to the contacts of one account; what
// goes elsewhere waits for none of it, and a sign-up overtakes it all.
func TestPace(t *testing.T) {
	for name, c := range map[string]struct {
		pace   notify.Pace
		domain [2]string
	}{
		"of a domain":   {notify.Pace{Domain: 5, Account: 1000}, [2]string{"big.example", "small.example"}},
		"of an account": {notify.Pace{Domain: 1000, Account: 5}, [2]string{"same.example", "same.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w, ctx := lab.New(t, d, paced(c.pace)), t.Context()
				big, small := many(t, w, "olive", c.domain[0], 240), many(t, w, "otto", c.domain[1], 3)
				tell(t, w, big.ID, "maintenance")
				tell(t, w, small.ID, "maintenance")
				w.Ask(lab.Nobody, `mutation { signUp(input: {email: "nora@example.com"}) { errors { code } } }`, nil)
				w.Settle()
				to := func(a *ent.Account) int {
					return d.Client.Delivery.Query().Where(delivery.AccountID(a.ID), delivery.StateEQ(delivery.StateSENT)).CountX(ctx)
				}
				if n := len(w.Box.Messages("nora@example.com")); n != 1 {
					t.Errorf("the sign-up got %d mails", n)
				}
				if to(big) != 5 || to(small) != 3 {
					t.Errorf("at once %d leave there and %d here, want 5 and 3", to(big), to(small))
				}
				// Whoever looks again before anything is due is told so by one statement.
				counted, count := db.CountStatements(ctx)
				if err := w.Notify.Drain(counted); err != nil || count.Statements() != 1 {
					t.Errorf("%d statements to see that nothing is due: %v", count.Statements(), err)
				}
				for second := range 10 {
					before := to(big)
					time.Sleep(time.Second)
					w.Settle()
					if n := to(big) - before; n != 5 {
						t.Errorf("second %d: %d left, want 5", second+1, n)
					}
				}
				time.Sleep(time.Hour)
				w.Settle()
				if to(big) != 240 {
					t.Errorf("%d of 240 have left", to(big))
				}
			})
		})
	}
}

// Two processes keep one pace together.
func TestPaceOfTwoProcesses(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d, paced(notify.Pace{Domain: 5, Account: 1000}))
		other := lab.New(t, dbtest.Reopen(t, d), paced(notify.Pace{Domain: 5, Account: 1000}))
		big := many(t, w, "olive", "big.example", 40)
		tell(t, w, big.ID, "maintenance")
		if err := w.Notify.FanOut(t.Context()); err != nil {
			t.Fatal(err)
		}
		// A quarter is seen by one, the rest by the other.
		for range 3 {
			w.Settle()
			other.Settle()
			time.Sleep(time.Second)
		}
		if n := len(w.Box.Messages("")) + len(other.Box.Messages("")); n != 15 {
			t.Errorf("%d left in three seconds, want 15", n)
		}
	})
}

// A host that does not answer holds back the calls to itself and no others.
func TestSlowHost(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		var mu sync.Mutex
		calling, most := 0, 0
		slow := &calls{answer: func(o notify.Outgoing) error {
			if o.Delivery.Domain != "slow.example" {
				return nil
			}
			mu.Lock()
			calling++
			most = max(most, calling)
			mu.Unlock()
			time.Sleep(10 * time.Second)
			mu.Lock()
			calling--
			mu.Unlock()
			return context.DeadlineExceeded
		}}
		w.Notify.Use(permission.Webhook, slow)
		for i, host := range []string{"slow.example", "fast.example"} {
			a := many(t, w, fmt.Sprint("owner", i), "x.example", 150)
			d.Client.Contact.Update().SetPreferences([]permission.Preference{on(permission.Email), on(permission.Webhook, "maintenance")}).ExecX(t.Context())
			addWebhook(t, w, a.ID, "https://"+host)
			tell(t, w, a.ID, "maintenance")
		}
		ctx, cancel := context.WithCancel(t.Context())
		var run sync.WaitGroup
		run.Go(func() { w.Notify.Run(ctx, 5*time.Second) })
		defer run.Wait()
		defer cancel()
		time.Sleep(9 * time.Second)
		synctest.Wait()
		slow.mu.Lock()
		n := len(slow.sent)
		slow.mu.Unlock()
		if n != 150 {
			t.Errorf("%d of 150 calls to the other host have left", n)
		}
		if most == 0 || most > 2 {
			t.Errorf("%d calls at once to the slow host, want 1 or 2", most)
		}
	})
}

// What fanning out and sending costs the database does not grow with how many
// notifications, contacts and deliveries there are.
func TestStatementsForContacts(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		a := many(t, w, "olive", "x.example", 3)
		var fanned, sent []int
		for _, n := range []int{1, 10, 30} {
			for range n {
				tell(t, w, a.ID, "maintenance")
			}
			counted, count := db.CountStatements(ctx)
			if err := w.Notify.FanOut(counted); err != nil {
				t.Fatal(err)
			}
			fanned = append(fanned, count.Statements())
			counted, count = db.CountStatements(ctx)
			if err := w.Notify.Drain(counted); err != nil {
				t.Fatal(err)
			}
			sent = append(sent, count.Statements())
		}
		// Fanned out: which, they and their accounts, contacts, deliveries, done; which.
		if !slices.Equal(slices.Compact(fanned), []int{6}) {
			t.Errorf("fanning out 1, 10 and 30 costs %v statements", fanned)
		}
		// Sent: is any due; claimed, turns, leased; the notifications, the contacts; written
		// down; is any due.
		if !slices.Equal(slices.Compact(sent), []int{8}) {
			t.Errorf("sending to 3, 30 and 90 costs %v statements", sent)
		}
	})
}

// Of a mail that bounces, of one that is refused and of one that is to come later, each
// is written down as what it is, in words that say nothing of our own server.
func TestWordsOfFailures(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		addContact(t, w, acme.ID, "carl@example.com")
		n := tell(t, w, acme.ID, "maintenance")
		s := notify.New(d, w.Gate, w.Book, w.Site, post(func() error { return fmt.Errorf("dial tcp 10.0.0.25:25: connection refused") }), w.Brand, notify.Pace{})
		if err := s.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		one := d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID)).OnlyX(ctx)
		if one.State != delivery.StateQUEUED || one.LastError != "Something went wrong on our side." || one.Attempts != 1 {
			t.Errorf("it is %s after %d attempts: %s", one.State, one.Attempts, one.LastError)
		}
	})
}

// The same request many times at once is one notification; another with its key is
// refused.
//
// Invariant 45.
func TestSameKeyAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		other := lab.New(t, dbtest.Reopen(t, d))
		acme := w.Account("olive", "Acme")
		addContact(t, w, acme.ID, "carl@example.com")
		keys, clients := 5, 16
		if os.Getenv("TENANTRY_LAB") == "1" {
			keys, clients = 200, 64
		}
		for key := range keys {
			var all sync.WaitGroup
			var mu sync.Mutex
			got, refused := map[string]int{}, 0
			for i := range clients {
				all.Go(func() {
					world, draft := w, notify.Draft{AccountID: acme.ID, Category: "maintenance", Subject: "Hear", Text: "This", IdempotencyKey: fmt.Sprint("key ", key)}
					if i%2 == 1 {
						world = other
					}
					if i%4 == 3 {
						draft.Text = "That"
					}
					n, err := world.Notify.Submit(ctx, billing, draft)
					mu.Lock()
					defer mu.Unlock()
					switch {
					case err == nil:
						got[n.ID+" "+draft.Text]++
					case fault.Has(err, fault.Conflict):
						refused++
					default:
						t.Error(err)
					}
				})
			}
			all.Wait()
			if len(got) != 1 || refused != clients/4 && refused != clients*3/4 {
				t.Errorf("key %d: %v, and %d refused", key, got, refused)
			}
		}
		w.Settle()
		if n, mails := d.Client.Notification.Query().CountX(ctx), len(w.Box.Messages("carl@example.com")); n != keys || mails != keys {
			t.Errorf("%d keys are %d notifications and %d mails", keys, n, mails)
		}
	})
}
