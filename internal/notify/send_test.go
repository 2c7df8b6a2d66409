package notify_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/ent/delivery"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/mail"
	"tenantry/internal/notify"
)

// post is a mail server that does something at each message.
type post func() error

func (p post) Send(context.Context, mail.Message) error { return p() }

// offer has Olive invite so many people.
func offer(w *lab.World, accountID string, from, n int) {
	emails := ""
	for i := range n {
		emails += fmt.Sprintf("{email: \"p%d@example.com\"} ", from+i)
	}
	w.Ask("olive", fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [%s]}) { errors { code } } }`, accountID, emails), nil)
}

// invite has Olive invite so many people, and hands that on: their mails are owed.
func invite(t *testing.T, w *lab.World, accountID string, from, n int) {
	t.Helper()
	offer(w, accountID, from, n)
	if err := w.Dispatcher.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// A letter tells what was true a moment ago, however many were claimed with it and
// however long those before it took.
//
// Invariant 40.
func TestCanceledWhileOthersAreSent(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		invite(t, w, acme.ID, 0, 10)
		sent := 0
		s := notify.New(d, w.Gate, w.Book, w.Site, post(func() error {
			time.Sleep(100 * time.Millisecond)
			if sent++; sent == 4 {
				for _, i := range d.Client.Invitation.Query().AllX(ctx) {
					w.Ask("olive", fmt.Sprintf(`mutation { cancelInvitation(input: {invitationId: %q}) { errors { code } } }`, i.ID), nil)
				}
			}
			return nil
		}), w.Brand, notify.Pace{})
		if err := s.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		suppressed := d.Client.Delivery.Query().Where(delivery.StateEQ(delivery.StateSUPPRESSED)).CountX(ctx)
		if sent > 6 || sent+suppressed != 10 { // a quarter of a second is three of them
			t.Errorf("%d were sent and %d suppressed, want at most 6 sent", sent, suppressed)
		}
	})
}

// While a worker sends, mails that it has not come to can become another's, when it
// was so slow that its lease ran out: they are sent once.
func TestLeaseRunsOut(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		invite(t, w, acme.ID, 0, 3)
		slow := 0
		s := notify.New(d, w.Gate, w.Book, w.Site, post(func() error {
			if slow++; slow == 1 {
				time.Sleep(3 * time.Minute)
				if err := w.Notify.Drain(ctx); err != nil { // another process
					t.Error(err)
				}
			}
			return nil
		}), w.Brand, notify.Pace{})
		if err := s.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if others := len(w.Box.Messages("")); slow != 1 || others != 3 {
			t.Errorf("the slow one sent %d mails and the other %d, want 1 and, with that one again, 3", slow, others)
		}
	})
}

// What a mail costs the database does not grow with how many are sent together.
func TestStatementsForMails(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		s := notify.New(d, w.Gate, w.Book, w.Site, post(func() error { return nil }), w.Brand, notify.Pace{})
		for at, n := range []int{1, 10, 30} {
			invite(t, w, acme.ID, 100*at, n)
			ctx, count := db.CountStatements(context.Background())
			if err := s.Drain(ctx); err != nil {
				t.Fatal(err)
			}
			if count.Statements() != 6 { // is any due; claimed, leased; read for; written down; is any due
				t.Errorf("%d mails cost %d statements:\n%s", n, count.Statements(), count.Texts())
			}
		}
		if n := d.Client.Delivery.Query().Where(delivery.StateEQ(delivery.StateSENT), delivery.Attempts(1)).CountX(t.Context()); n != 41 {
			t.Errorf("%d of 41 are sent", n)
		}
	})
}

// While a request is being answered, who has sent a batch rests nine times as long, half a
// second at most: the answers come first.
func TestRequestsComeFirst(t *testing.T) {
	for name, c := range map[string]struct {
		asks bool
		last time.Duration
	}{
		"nobody asks":   {false, 150 * time.Millisecond},
		"somebody asks": {true, 600 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				var mu sync.Mutex
				var begun, last time.Time
				w := lab.New(t, d, func(p *cli.Parts) {
					p.Sender = post(func() error {
						mu.Lock()
						last = time.Now()
						mu.Unlock()
						time.Sleep(2 * time.Millisecond)
						return nil
					})
				})
				acme := w.Account("olive", "Acme")
				w.Settle()
				invite(t, w, acme.ID, 0, 150) // fifty for each of two workers, and fifty more
				var running sync.WaitGroup
				if c.asks {
					w.Requests.Begin()
				}
				ctx, stop := context.WithCancel(t.Context())
				begun = time.Now()
				running.Go(func() { w.Notify.Run(ctx, time.Hour) })
				time.Sleep(5 * time.Second)
				stop()
				running.Wait()
				if got := last.Sub(begun).Truncate(50 * time.Millisecond); got != c.last+50*time.Millisecond {
					t.Errorf("the last of 150 mails left after %v, want %v and what fifty take", got, c.last)
				}
			})
		})
	}
}

// Handing events on rests as well: what is done after each batch is its work, too.
func TestHandingOnComesSecond(t *testing.T) {
	for asks, want := range map[bool]time.Duration{false: 100 * time.Millisecond, true: 500 * time.Millisecond} {
		dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
			w := lab.New(t, d)
			acme := w.Account("olive", "Acme")
			w.Settle()
			var batches []time.Time
			w.Dispatcher.Then(func(context.Context) {
				batches = append(batches, time.Now())
				time.Sleep(50 * time.Millisecond)
			})
			offer(w, acme.ID, 0, 150) // an event each, a hundred in a batch
			if asks {
				w.Requests.Begin()
			}
			ctx, stop := context.WithCancel(t.Context())
			var running sync.WaitGroup
			running.Go(func() { w.Dispatcher.Run(ctx, time.Hour) })
			time.Sleep(2 * time.Second)
			stop()
			running.Wait()
			if len(batches) != 2 || batches[1].Sub(batches[0]) != want {
				t.Errorf("asked meanwhile: %v; batches at %v, want two, %v apart", asks, batches, want)
			}
		})
	}
}

// glance looks whenever anything is asked of a request's context.
type glance struct {
	context.Context
	look func()
}

func (g glance) Value(key any) any {
	g.look()
	return g.Context.Value(key)
}

// What is being answered is known to those who would work beside it.
func TestRequestsAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		w.Account("olive", "Acme")
		busy := func() bool { return w.Requests.Rest(time.Second, 0) > w.Requests.Rest(0, 0) }
		seen := false
		r := httptest.NewRequest(http.MethodPost, lab.Public+"/graphql", strings.NewReader(`{"query":"{ viewer { email } }"}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+w.Person("olive").Token)
		a := w.Do(r.WithContext(glance{r.Context(), func() { seen = seen || busy() }}))
		if a.String("data.viewer.email") == "" || !seen || busy() {
			t.Errorf("seen while it was answered: %v, afterwards: %v; %s", seen, busy(), a.Body)
		}
	})
}
