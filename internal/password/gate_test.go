package password

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Which calls are inside cannot be seen from outside while they compute, so the
// gate is tested by itself, and then that both methods go through it.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2, 5)
		var inside, most, done, busy atomic.Int32
		finish := make(chan struct{})
		for range 20 {
			go func() {
				leave, err := g.enter(t.Context())
				if err != nil {
					if !errors.Is(err, ErrBusy) {
						t.Error(err)
					}
					busy.Add(1)
					return
				}
				if n := inside.Add(1); n > most.Load() {
					most.Store(n)
				}
				<-finish
				inside.Add(-1)
				done.Add(1)
				leave()
			}()
		}
		synctest.Wait()
		if inside.Load() != 2 || busy.Load() != 13 {
			t.Errorf("%d are inside and %d were sent away, want 2 and 13", inside.Load(), busy.Load())
		}
		finish <- struct{}{}
		synctest.Wait()
		if inside.Load() != 2 || done.Load() != 1 {
			t.Errorf("%d are inside and %d done after one left, want 2 and 1", inside.Load(), done.Load())
		}
		close(finish)
		synctest.Wait()
		if most.Load() != 2 || done.Load() != 7 {
			t.Errorf("%d were inside at once and %d done, want 2 and 7", most.Load(), done.Load())
		}
		if len(g.slots) != 0 || len(g.seats) != 0 {
			t.Errorf("%d slots and %d seats were kept", len(g.slots), len(g.seats))
		}
	})
}

func TestGateGivesUpWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 1)
		leave, err := g.enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if _, err := g.enter(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		if len(g.seats) != 1 {
			t.Error("its seat was kept")
		}
		leave()
		if leave, err = g.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		leave()
	})
}

func TestHasherGoesThroughItsGate(t *testing.T) {
	h := New(Params{Memory: 64, Passes: 1, Lanes: 1}, 1)
	encoded, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	for range cap(h.gate.seats) {
		h.gate.seats <- struct{}{}
	}
	if cap(h.gate.slots) != 1 || cap(h.gate.seats) != 9 {
		t.Errorf("%d at once and %d with those who wait, want 1 and 9", cap(h.gate.slots), cap(h.gate.seats))
	}
	if _, err := h.Hash(t.Context(), "correct horse"); err != ErrBusy {
		t.Errorf("Hash: %v", err)
	}
	for name, e := range map[string]string{
		"somebody": encoded,
		"nobody":   "",
		"bcrypt":   "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
	} {
		if _, _, err := h.Verify(t.Context(), e, "correct horse"); err != ErrBusy {
			t.Errorf("Verify for %s: %v", name, err)
		}
	}
}
