package password

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// sits takes as many seats as there are.
func sits(g *gate, w Who) (n int) {
	for g.sit(w) == nil {
		n++
	}
	return n
}

// Which calls are inside cannot be seen from outside while they compute, so the
// gate is tested by itself, and then that both methods go through it.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(2, 5)
		var inside, most, done, busy atomic.Int32
		finish := make(chan struct{})
		for range 20 {
			go func() {
				if err := g.sit(Stranger); err != nil {
					if !errors.Is(err, ErrBusy) {
						t.Error(err)
					}
					busy.Add(1)
					return
				}
				defer g.stand(Stranger)
				if err := g.enter(t.Context(), Stranger); err != nil {
					t.Error(err)
				}
				if n := inside.Add(1); n > most.Load() {
					most.Store(n)
				}
				<-finish
				inside.Add(-1)
				done.Add(1)
				g.leave()
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
		if n := sits(g, Stranger); n != 7 || g.slots != 2 {
			t.Errorf("%d seats and %d slots are left, want 7 and 2", n, g.slots)
		}
	})
}

// Strangers neither take the seats of those who are known nor go before them, and each
// kind is served in the order in which it came.
func TestKnownGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 3)
		if n := sits(g, Stranger); n != 4 {
			t.Fatalf("%d strangers sit, want 4", n)
		}
		if err := g.enter(t.Context(), Stranger); err != nil {
			t.Fatal(err)
		}
		turns := make(chan string, 10)
		wait := func(name string, w Who) {
			go func() {
				if err := g.enter(t.Context(), w); err != nil {
					t.Error(err)
				}
				turns <- name
			}()
			synctest.Wait()
		}
		wait("first stranger", Stranger)
		wait("second stranger", Stranger)
		if err := g.sit(Known); err != nil {
			t.Fatalf("strangers keep out who is known: %v", err)
		}
		wait("first known", Known)
		wait("second known", Known)
		var got []string
		for range 4 {
			g.leave()
			got = append(got, <-turns)
		}
		if want := []string{"first known", "second known", "first stranger", "second stranger"}; !slices.Equal(got, want) {
			t.Errorf("in go %q", got)
		}
	})
}

func TestGateGivesUpWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1, 1)
		if err := g.enter(t.Context(), Stranger); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if err := g.enter(ctx, Stranger); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 3*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
		g.leave()
		if g.slots != 1 || len(g.queue[Stranger]) != 0 {
			t.Errorf("%d slots, and %d wait", g.slots, len(g.queue[Stranger]))
		}
		if err := g.enter(ctx, Stranger); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

// Who gives up in the moment in which the slot is handed over does not keep it.
func TestGateHandsOverWhatIsGivenUp(t *testing.T) {
	for range 200 {
		synctest.Test(t, func(t *testing.T) {
			g := newGate(1, 1)
			if err := g.enter(t.Context(), Known); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				if g.enter(ctx, Known) == nil {
					g.leave()
				}
			}()
			synctest.Wait()
			go cancel()
			go g.leave()
			synctest.Wait()
			if g.slots != 1 {
				t.Fatal("the slot is lost")
			}
		})
	}
}

func TestHasherGoesThroughItsGate(t *testing.T) {
	h := New(Params{Memory: 64, Passes: 1, Lanes: 1}, 1)
	encoded, err := h.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if h.gate.slots != 1 {
		t.Errorf("%d at once, want 1", h.gate.slots)
	}
	if known, strangers := sits(h.gate, Known), sits(h.gate, Stranger); known != 9 || strangers != 9 {
		t.Errorf("%d and %d sit, want 9", known, strangers)
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
	if _, err := h.Sit(Stranger); err != ErrBusy {
		t.Errorf("Sit: %v", err)
	}
	h.gate.stand(Stranger)
	seat, err := h.Sit(Stranger)
	if err != nil {
		t.Fatal(err)
	}
	h.gate.slots = 0
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := seat.Verify(ctx, encoded, "correct horse"); !errors.Is(err, context.Canceled) {
		t.Errorf("Verify does not wait for its turn: %v", err)
	}
	if _, err := seat.Hash(ctx, "correct horse"); !errors.Is(err, context.Canceled) {
		t.Errorf("Hash does not wait for its turn: %v", err)
	}
	seat.Leave()
	seat.Leave()
	if n := sits(h.gate, Stranger); n != 1 {
		t.Errorf("%d seats after one was left twice", n)
	}
}
