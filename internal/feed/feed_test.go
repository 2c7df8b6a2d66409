package feed_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tenantry/ent"
	"tenantry/ent/membership"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/event"
	"tenantry/internal/feed"
	"tenantry/internal/lab"
	"tenantry/internal/session"
)

// caller is somebody of the world who listens.
func caller(w *lab.World, who string, end func(error)) feed.Caller {
	token := w.Bearer(who)
	return feed.Caller{Kind: access.Person, Token: token, End: end, Identify: func(ctx context.Context, accounts ...string) (*access.Actor, error) {
		return w.Sessions.Authenticate(ctx, token, true, session.Places{Named: accounts, Watching: true, Breadth: access.Lean}, "", "")
	}}
}

// work runs what tells listeners, until the test ends.
func work(t *testing.T, w *lab.World) {
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { w.Dispatcher.Run(ctx, time.Hour) })
	running.Go(func() { w.Feed.Run(ctx, 500*time.Millisecond) })
	t.Cleanup(func() {
		stop()
		running.Wait()
	})
}

// record makes history of an account.
func record(t testing.TB, w *lab.World, accountID, action string, n int) {
	t.Helper()
	entries := make([]event.Entry, n)
	for i := range entries {
		entries[i] = event.Entry{AccountID: accountID, Action: action, Target: accountID}
	}
	if err := db.InTx0(context.Background(), w.DB.Client, func(tx *ent.Tx) error {
		return event.Record(context.Background(), tx, access.Rule(), entries...)
	}); err != nil {
		t.Error(err)
	}
}

// Whoever takes nothing is cut off once more waits for them than is kept, and nobody
// waits for them: others hear everything, in order.
func TestSlow(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		work(t, w)
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		ended := make(chan error, 2)
		slow, err := w.Feed.Account(ctx, w.Actor("olive"), caller(w, "olive", func(why error) { ended <- why }), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		quick, err := w.Feed.Account(ctx, w.Actor("olive"), caller(w, "olive", func(why error) { ended <- why }), acme.ID)
		if err != nil {
			t.Fatal(err)
		}
		const all = 1100
		go record(t, w, acme.ID, "account.updated", all)
		for i, last := 0, 0; i < all; i++ {
			_, e, done, ok := quick.Next(ctx)
			if !ok {
				t.Fatalf("over after %d events", i)
			}
			done()
			if *e.Seq <= last {
				t.Fatalf("number %d after number %d", *e.Seq, last)
			}
			last = *e.Seq
		}
		if why := <-ended; !errors.Is(why, feed.ErrSlow) {
			t.Errorf("ended with %v", why)
		}
		if _, _, _, ok := slow.Next(ctx); ok {
			t.Error("the slow one is still told")
		}
		if n := w.Feed.Listening(); n != 1 {
			t.Errorf("%d listen", n)
		}
	})
}

// Time alone ends what somebody may: a session of which nothing is heard, and a policy
// whose day has come. What is told keeps no session awake.
func TestTimeEnds(t *testing.T) {
	for _, tc := range []struct {
		name  string
		begin func(*testing.T, *lab.World, *ent.Account)
		after time.Duration
	}{
		{"idle", func(*testing.T, *lab.World, *ent.Account) {}, session.TokenLifetime},
		{"two factors", func(t *testing.T, w *lab.World, a *ent.Account) {
			w.DB.Client.Account.UpdateOneID(a.ID).SetTwoFactorFrom(time.Now().Add(10 * time.Minute)).ExecX(t.Context())
		}, 10 * time.Minute},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w := lab.New(t, d)
				acme := w.Account("olive", "Acme")
				mia := w.Member(acme, "mia")
				w.Bearer("mia")
				begun := time.Now()
				tc.begin(t, w, acme)
				work(t, w)
				ctx, leave := context.WithCancel(t.Context())
				defer leave()
				ended := make(chan time.Duration, 1)
				l, err := w.Feed.Account(ctx, w.Actor("mia"), caller(w, "mia", func(error) { ended <- time.Since(begun) }), acme.ID)
				if err != nil {
					t.Fatal(err)
				}
				var running sync.WaitGroup
				running.Go(func() { // never in the moment in which it ends
					busy := time.NewTicker(7 * time.Minute)
					defer busy.Stop()
					for {
						record(t, w, acme.ID, "account.updated", 1)
						select {
						case <-busy.C:
						case <-ctx.Done():
							return
						}
					}
				})
				defer running.Wait()
				defer leave()
				for ok := true; ok; {
					var done func()
					if _, _, done, ok = l.Next(ctx); ok {
						done()
					}
				}
				if got := <-ended; got < tc.after || got > tc.after+time.Second {
					t.Errorf("ended after %v, want %v", got, tc.after)
				}
				if err := w.Sessions.WriteSeen(ctx); err != nil {
					t.Fatal(err)
				}
				if m := d.Client.Membership.Query().Where(membership.ID(mia.ID)).OnlyX(ctx); m.LastAccessAt != nil {
					t.Error("whoever listens has been seen")
				}
			})
		})
	}
}

// Who is cut off does not wait for a dispatcher that stands still.
func TestCutOffWithoutSeal(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(*lab.World, *ent.Membership) error
	}{
		{"deactivated above", func(w *lab.World, m *ent.Membership) error {
			_, err := w.Members.Deactivate(context.Background(), w.Actor("olive"), m.ID)
			return err
		}},
		{"removed above", func(w *lab.World, m *ent.Membership) error {
			_, err := w.Members.Remove(context.Background(), w.Actor("olive"), m.ID)
			return err
		}},
		{"the session is gone", func(w *lab.World, m *ent.Membership) error {
			return w.DB.Client.Session.DeleteOneID(w.Person("mia").Session.ID).Exec(context.Background())
		}},
		{"the user is disabled", func(w *lab.World, m *ent.Membership) error {
			return w.DB.Client.User.UpdateOneID(m.UserID).SetDisabledAt(time.Now()).Exec(context.Background())
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w := lab.New(t, d)
				acme := w.Account("olive", "Acme")
				north := w.Sub("olive", acme, "North")
				m := w.Member(acme, "mia", "tickets", "ALL")
				w.Settle()
				ctx, leave := context.WithCancel(t.Context())
				var running sync.WaitGroup
				running.Go(func() { w.Feed.Run(ctx, 500*time.Millisecond) })
				defer running.Wait()
				defer leave()
				ended := make(chan error, 1)
				l, err := w.Feed.Account(ctx, w.Actor("mia"), caller(w, "mia", func(why error) { ended <- why }), north.ID)
				if err != nil {
					t.Fatal(err)
				}
				go func() { l.Next(ctx) }()
				synctest.Wait()
				begun := time.Now()
				if err := tc.do(w, m); err != nil {
					t.Fatal(err)
				}
				select {
				case why := <-ended:
					if !errors.Is(why, feed.ErrRefused) || time.Since(begun) > 500*time.Millisecond {
						t.Errorf("ended with %v after %v", why, time.Since(begun))
					}
				case <-time.After(time.Minute):
					t.Error("never ended")
				}
			})
		})
	}
}

// Whoever listens to a sub-account is not told of the account above, nor of themselves.
func TestOnlyTheAccount(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		north := w.Sub("olive", acme, "North")
		w.Settle()
		work(t, w)
		ctx, leave := context.WithCancel(t.Context())
		defer leave()
		l, err := w.Feed.Account(ctx, w.Actor("olive"), caller(w, "olive", func(error) {}), north.ID)
		if err != nil {
			t.Fatal(err)
		}
		record(t, w, acme.ID, "account.updated", 1)
		name := "Olivia"
		if _, err := w.Sessions.UpdateProfile(ctx, w.Actor("olive"), &name, nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second) // all of that has been told
		record(t, w, north.ID, "account.updated", 1)
		_, e, done, ok := l.Next(ctx)
		if !ok {
			t.Fatal("over")
		}
		if done(); e.Stream != north.ID {
			t.Errorf("told of %s in %s", e.Action, e.Stream)
		}
	})
}

// What happens in another process is told at once, though nobody looks by themselves.
func TestWoken(t *testing.T) {
	d := dbtest.Postgres(t)
	here, there := lab.New(t, d), lab.New(t, dbtest.Reopen(t, d))
	acme := here.Account("olive", "Acme")
	here.Settle()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	var running sync.WaitGroup
	defer running.Wait()
	defer stop()
	running.Go(func() { here.Feed.Run(ctx, time.Hour) })
	running.Go(func() { here.Listen(ctx) })
	running.Go(func() { there.Dispatcher.Run(ctx, time.Hour) })
	l, err := here.Feed.Account(ctx, here.Actor("olive"), caller(here, "olive", func(error) {}), acme.ID)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // the first may come before it is heard
		record(t, there, acme.ID, "account.updated", 1)
	}
	lab.Eventually(t, "it is listened", func() bool {
		var n int
		if err := d.Writer().QueryRow("SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n > 0
	})
	var took []time.Duration
	for range 20 {
		begun := time.Now()
		record(t, there, acme.ID, "role.updated", 1)
		for told := false; !told; {
			_, e, done, ok := l.Next(ctx)
			if !ok {
				t.Fatal("never told")
			}
			done()
			told = e.Action == "role.updated"
		}
		took = append(took, time.Since(begun).Round(time.Millisecond))
	}
	begun := time.Now()
	for range 200 {
		if err := d.Notify(ctx, "somewhere"); err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(took)
	t.Logf("from the write in one process to the listener in the other: median %v, longest %v; a NOTIFY takes %v", took[10], took[19], time.Since(begun)/200)
}

// As long as nobody listens nothing is asked; while some do and nothing happens, the
// same few statements whoever they are.
func TestStatementsOfTicks(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		w.Settle()
		count := func(n int) int {
			t.Helper()
			listen, leave := context.WithCancel(t.Context())
			var running sync.WaitGroup
			for range n {
				l, err := w.Feed.Account(listen, w.Actor("olive"), caller(w, "olive", func(error) {}), acme.ID)
				if err != nil {
					t.Fatal(err)
				}
				running.Go(func() { l.Next(listen) })
			}
			ctx, statements := db.CountStatements(t.Context())
			ctx, stop := context.WithTimeout(ctx, 10*time.Second+time.Millisecond)
			defer stop()
			w.Feed.Run(ctx, time.Second)
			leave()
			running.Wait()
			return statements.Statements()
		}
		if n := count(0); n != 0 {
			t.Errorf("%d statements for nobody", n)
		}
		one, many := count(1), count(100)
		if one != many || one != 30 { // of each tick: tokens, accounts, ends of histories
			t.Errorf("%d statements for one, %d for a hundred, in ten ticks", one, many)
		}
	})
}

// Every action that the code records says who may know of it, by what it is about.
func TestEveryAction(t *testing.T) {
	// Of accounts, for holders of audit alone; and in the history of a person or of the
	// system, which no account tells.
	elsewhere := strings.Fields("access user session password email two_factor recovery_code recovery_codes passkey identity device refresh_token activity sign_up operator_token")
	nouns := map[string]bool{}
	action := regexp.MustCompile(`"([a-z_]+)\.([a-z_]*(?:ed|sent|left|changed|set|lifted|reused))"`)
	if err := filepath.WalkDir("..", func(name string, f os.DirEntry, err error) error {
		if err != nil || f.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		for _, m := range action.FindAllStringSubmatch(string(text), -1) {
			nouns[m[1]] = true
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if len(nouns) < 20 {
		t.Fatalf("only %d kinds of objects: %v", len(nouns), nouns)
	}
	for noun := range nouns {
		if feed.Shown(noun) == slices.Contains(elsewhere, noun) {
			t.Errorf("who may know of what is done to %s?", noun)
		}
	}
}

// The cost of one event for a thousand who listen to one account, and what they hold.
func TestThousandListeners(t *testing.T) {
	if testing.Short() {
		t.Skip("a measurement")
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		w.Settle()
		const n = 1000
		ctx, leave := context.WithCancel(context.Background())
		counted, statements := db.CountStatements(ctx)
		var heard, running sync.WaitGroup
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		listeners := make([]*feed.Listener, n)
		for i := range listeners {
			l, err := w.Feed.Account(ctx, w.Actor("olive"), caller(w, "olive", func(error) {}), acme.ID)
			if err != nil {
				t.Fatal(err)
			}
			listeners[i] = l
			running.Go(func() {
				for {
					by, e, done, ok := l.Next(counted)
					if !ok {
						return
					}
					_, err := w.Accounts.Get(counted, by, e.TargetID)
					done()
					if err != nil {
						t.Error(err)
					}
					heard.Done()
				}
			})
		}
		work(t, w)
		runtime.GC()
		runtime.ReadMemStats(&after)
		var took []time.Duration
		first := statements.Statements()
		for range 5 {
			heard.Add(n)
			begun := time.Now()
			record(t, w, acme.ID, "account.updated", 1)
			heard.Wait()
			took = append(took, time.Since(begun).Round(time.Millisecond))
		}
		last := statements.Statements()
		leave()
		running.Wait()
		if each := float64(last-first) / 5 / n; each > 1.3 { // and what they begin with, once
			t.Errorf("%.2f statements for a listener and an event", each)
		}
		fmt.Printf("%s: one event to %d listeners in %v; %.2f statements for each; a listener holds %d bytes with its goroutine\n",
			d.Dialect(), n, took, float64(last-first)/5/n, (after.HeapInuse+after.StackInuse-before.HeapInuse-before.StackInuse)/n)
	})
}
