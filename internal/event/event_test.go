package event_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"tenantry/ent"
	entevent "tenantry/ent/event"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/event"
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
		dispatcher := event.NewDispatcher(d.Client, func(ctx context.Context, tx *ent.Tx, e *ent.Event) error {
			if e.Action == "n.003" && broken {
				return errors.New("not now")
			}
			seen = append(seen, e.Action)
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
		dispatcher := event.NewDispatcher(d.Client, mark, func(context.Context, *ent.Tx, *ent.Event) error {
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

// mark writes a row for an event, which fails the second time.
func mark(ctx context.Context, tx *ent.Tx, e *ent.Event) error {
	return tx.IdempotencyKey.Create().SetID(e.ID).SetPayloadHash("h").Exec(ctx)
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
				if err := event.NewDispatcher(handles[i%2].Client, mark).Drain(ctx); err != nil {
					t.Error(err)
				}
			})
		}
		close(barrier)
		all.Wait()
		// One may have left to another what that one had not committed yet.
		if err := event.NewDispatcher(d.Client, mark).Drain(ctx); err != nil {
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
