package event_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"tenantry/ent"
	entevent "tenantry/ent/event"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/event"
	"tenantry/internal/yield"
)

// record writes n events, each in a transaction of its own, into two streams.
func record(t *testing.T, d *db.DB, from, n int) {
	t.Helper()
	ctx := context.Background()
	for i := from; i < from+n; i++ {
		if err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
			return event.Record(ctx, tx, &access.Actor{Name: "Test"}, event.Entry{UserID: fmt.Sprint("user_", i%2), Action: fmt.Sprintf("n.%03d", i)})
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// However many entries a transaction has, each is written, in order, with what is its
// own.
func TestRecordMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for _, n := range []int{1, 2, 127, 128, 501, 1000} {
			var want []string
			entries := make([]event.Entry, n)
			for i := range entries {
				e := &entries[i]
				e.Action, e.Target = fmt.Sprintf("many.%d", n), fmt.Sprint(i)
				if i%2 == 0 {
					e.AccountID = "acct"
				}
				if i%3 == 0 {
					e.After = map[string]any{"i": i}
				}
				want = append(want, fmt.Sprint(e.Target, " ", e.AccountID, " ", len(e.After) > 0))
			}
			if err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error { return event.Record(ctx, tx, &access.Actor{Name: "Test"}, entries...) }); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range d.Client.Event.Query().Where(entevent.Action(entries[0].Action)).Order(ent.Asc(entevent.FieldID)).AllX(ctx) {
				account := ""
				if e.AccountID != nil {
					account = *e.AccountID
				}
				got = append(got, fmt.Sprint(e.TargetID, " ", account, " ", e.After == fmt.Sprintf(`{"i":%s}`, e.TargetID)))
			}
			if !slices.Equal(got, want) {
				t.Errorf("%d entries became %d events: %v", n, len(got), got)
			}
		}
	})
}

func intact(t *testing.T, d *db.DB, want int) {
	t.Helper()
	n, wrong, err := event.Verify(context.Background(), d.Client)
	if err != nil || n != want || len(wrong) > 0 {
		t.Errorf("%d sealed events, want %d: %v, %v", n, want, wrong, err)
	}
}

// Each event is handed on once, in order, and one that fails holds up no other:
// it is tried again.
func TestDispatch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var seen []string
		broken := true
		dispatcher := event.NewDispatcher(d, func(ctx context.Context, tx *ent.Tx, events []*ent.Event) error {
			if broken && slices.ContainsFunc(events, func(e *ent.Event) bool { return e.Action == "n.003" }) {
				return errors.New("not now")
			}
			for _, e := range events {
				seen = append(seen, e.Action)
			}
			return nil
		})
		record(t, d, 0, 3)
		if err := dispatcher.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if want := []string{"n.000", "n.001", "n.002"}; !slices.Equal(seen, want) {
			t.Errorf("handed on %v, want %v", seen, want)
		}
		record(t, d, 3, 3)
		seen = nil
		if err := dispatcher.Drain(ctx); err == nil {
			t.Error("nobody is told of the failure")
		}
		if want := []string{"n.004", "n.005"}; !slices.Equal(seen, want) {
			t.Errorf("beside the one that fails %v, want %v", seen, want)
		}
		broken, seen = false, nil
		for range 2 {
			if err := dispatcher.Drain(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if want := []string{"n.003"}; !slices.Equal(seen, want) {
			t.Errorf("afterwards %v, want %v", seen, want)
		}
		intact(t, d, 6)
	})
}

// What a handler wrote before a later one failed is gone with it.
func TestHandlersAreOneTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		fail := true
		dispatcher := event.NewDispatcher(d, mark, func(context.Context, *ent.Tx, []*ent.Event) error {
			if fail {
				return errors.New("not now")
			}
			return nil
		})
		record(t, d, 0, 2)
		if err := dispatcher.Drain(ctx); err == nil || d.Client.IdempotencyKey.Query().CountX(ctx) != 0 {
			t.Errorf("%v, %d effects", err, d.Client.IdempotencyKey.Query().CountX(ctx))
		}
		fail = false
		if err := dispatcher.Drain(ctx); err != nil || d.Client.IdempotencyKey.Query().CountX(ctx) != 2 {
			t.Errorf("%v, %d effects, want 2", err, d.Client.IdempotencyKey.Query().CountX(ctx))
		}
	})
}

// mark writes a row for each event, which fails the second time.
func mark(ctx context.Context, tx *ent.Tx, events []*ent.Event) error {
	for _, e := range events {
		if err := tx.IdempotencyKey.Create().SetID(e.ID).SetPayloadHash("h").Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Two processes share the work: each event has its effect once, and the chains
// are whole.
func TestTwoDispatchers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		const n = 300
		record(t, d, 0, n)
		handles := []*db.DB{d, dbtest.Reopen(t, d)}
		var all sync.WaitGroup
		barrier := make(chan struct{})
		for i := range 4 {
			all.Go(func() {
				<-barrier
				if err := event.NewDispatcher(handles[i%2], mark).Drain(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		close(barrier)
		all.Wait()
		// One may have left to another what that one had not committed yet.
		if err := event.NewDispatcher(d, mark).Drain(ctx); err != nil {
			t.Error(err)
		}
		if got := d.Client.IdempotencyKey.Query().CountX(ctx); got != n {
			t.Errorf("%d effects of %d events", got, n)
		}
		intact(t, d, n)
	})
}

// A change that is rolled back leaves no event, and wakes nobody.
func TestRecordIsPartOfTheChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		wake, stop := event.Wake()
		defer stop()
		no := errors.New("no")
		err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
			if err := event.Record(ctx, tx, &access.Actor{}, event.Entry{Action: "undone"}); err != nil {
				return err
			}
			return no
		})
		if !errors.Is(err, no) || d.Client.Event.Query().CountX(ctx) != 0 || len(wake) != 0 {
			t.Errorf("%v, %d events, woken %d times", err, d.Client.Event.Query().CountX(ctx), len(wake))
		}
		record(t, d, 0, 2)
		if len(wake) != 1 {
			t.Errorf("woken %d times, want once for all that waits", len(wake))
		}
	})
}

// The first event is handed on at once. While more come, they are handed on together,
// a few times a second, and none waits for long.
func TestRunGathers(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx, stop := context.WithCancel(context.Background())
		type step struct {
			after  time.Duration
			events int
		}
		var steps []step
		begun := time.Now()
		dispatcher := event.NewDispatcher(d, func(_ context.Context, _ *ent.Tx, events []*ent.Event) error {
			steps = append(steps, step{time.Since(begun), len(events)})
			return nil
		})
		var running sync.WaitGroup
		running.Go(func() { dispatcher.Run(ctx, time.Hour) })
		time.Sleep(time.Second) // nothing happens
		begun = time.Now()
		for i := range 40 {
			record(t, d, i, 1)
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(time.Second)
		stop()
		running.Wait()
		want := []step{{0, 1}, {50 * time.Millisecond, 10}, {100 * time.Millisecond, 10}, {150 * time.Millisecond, 10}, {200 * time.Millisecond, 9}}
		if len(steps) == 0 || steps[0] != want[0] {
			t.Fatalf("handed on %v, want the first at once", steps)
		}
		n := 0
		for i, s := range steps {
			if i > 0 && s.after-steps[i-1].after < 50*time.Millisecond {
				t.Errorf("handed on %v: the steps are too close", steps)
			}
			n += s.events
		}
		if n != 40 || len(steps) != len(want) || steps[len(steps)-1].after > 250*time.Millisecond {
			t.Errorf("handed on %v, want something like %v", steps, want)
		}
		intact(t, d, 40)
	})
}

// Where more waits than a batch takes, there is a rest between full batches too.
func TestRunRests(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		record(t, d, 0, 250)
		ctx, stop := context.WithCancel(context.Background())
		begun := time.Now()
		got := map[time.Duration]int{}
		dispatcher := event.NewDispatcher(d, func(_ context.Context, _ *ent.Tx, events []*ent.Event) error {
			got[time.Since(begun)] += len(events)
			return nil
		})
		var running sync.WaitGroup
		running.Go(func() { dispatcher.Run(ctx, time.Hour) })
		time.Sleep(time.Second)
		stop()
		running.Wait()
		if want := map[time.Duration]int{0: 100, 50 * time.Millisecond: 100, 100 * time.Millisecond: 50}; !maps.Equal(got, want) {
			t.Errorf("handed on %v, want %v", got, want)
		}
	})
}

// While requests are being answered, the rest is nine times as long as the work; what
// waits for three seconds is not put off any more.
func TestRequestsComeFirst(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		record(t, d, 0, 950)
		ctx, stop := context.WithCancel(context.Background())
		begun := time.Now()
		var got []time.Duration
		dispatcher := event.NewDispatcher(d, func(context.Context, *ent.Tx, []*ent.Event) error {
			got = append(got, time.Since(begun).Round(time.Millisecond))
			time.Sleep(50 * time.Millisecond)
			return nil
		})
		var requests yield.Requests
		dispatcher.Yield(&requests)
		var running sync.WaitGroup
		requests.Begin()
		running.Go(func() { dispatcher.Run(ctx, time.Hour) })
		time.Sleep(10 * time.Second)
		stop()
		running.Wait()
		want := []time.Duration{0, 500, 1000, 1500, 2000, 2500, 3000, 3100, 3200, 3300}
		for i := range want {
			want[i] *= time.Millisecond
		}
		if !slices.Equal(got, want) {
			t.Errorf("handed on after %v, want %v", got, want)
		}
	})
}

// An event that a handler refused was sealed nevertheless: it keeps its place when it
// is handed on at last. Nothing is asked of the database for an event beyond its batch.
func TestOneStepForABatch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		fail := true
		dispatcher := event.NewDispatcher(d, func(context.Context, *ent.Tx, []*ent.Event) error {
			if fail {
				return errors.New("not now")
			}
			return nil
		})
		record(t, d, 0, 3)
		if err := dispatcher.Drain(context.Background()); err == nil {
			t.Error("nobody is told of the failure")
		}
		intact(t, d, 3)
		before := d.Client.Event.Query().Order(ent.Asc(entevent.FieldID)).AllX(context.Background())
		fail = false
		record(t, d, 3, 60)
		ctx, count := db.CountStatements(context.Background())
		if err := dispatcher.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if count.Statements() != 5 || count.Transactions() != 1 { // claimed; marked, the three that were sealed; heads read, places given, heads written
			t.Errorf("%d statements, %d transactions:\n%s", count.Statements(), count.Transactions(), count.Texts())
		}
		for i, e := range d.Client.Event.Query().Order(ent.Asc(entevent.FieldID)).AllX(context.Background())[:3] {
			if *e.Seq != *before[i].Seq || e.Hash != before[i].Hash || !e.Handled {
				t.Errorf("%s was number %d and is %d; handed on: %v", e.Action, *before[i].Seq, *e.Seq, e.Handled)
			}
		}
		intact(t, d, 63)
	})
}

// Somebody has removed the heads of chains. Nothing is sealed after that, which is
// told, and events are handed on nevertheless.
func TestHeadIsGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		dispatcher := event.NewDispatcher(d, mark)
		record(t, d, 0, 2)
		if err := dispatcher.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		d.Client.Chain.Delete().ExecX(ctx)
		record(t, d, 2, 3)
		if err := dispatcher.Drain(ctx); err == nil {
			t.Error("nobody is told")
		}
		if n := d.Client.IdempotencyKey.Query().CountX(ctx); n != 5 {
			t.Errorf("%d effects of 5 events", n)
		}
	})
}
