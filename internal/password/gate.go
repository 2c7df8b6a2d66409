package password

import (
	"context"
	"slices"
	"sync"
)

// Who says how much a hash is worth waiting for.
type Who int

// Those whom the caller knows by something besides the password, and all others. Known
// ones are hashed for first and have seats of their own, so that any number of strangers
// cannot keep them out.
const (
	Known Who = iota
	Stranger
)

// gate lets a bounded number in, and of each kind a bounded number wait.
type gate struct {
	mu    sync.Mutex // guards all below
	slots int        // that nobody is in
	seats [2]int     // that nobody has, of each kind
	queue [2][]chan struct{}
}

func newGate(parallel, waiting int) *gate {
	return &gate{slots: parallel, seats: [2]int{parallel + waiting, parallel + waiting}}
}

// sit takes a seat, which one has from then on until stand. It fails with ErrBusy if
// there is none.
func (g *gate) sit(w Who) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seats[w] == 0 {
		return ErrBusy
	}
	g.seats[w]--
	return nil
}

func (g *gate) stand(w Who) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.seats[w]++
}

// enter waits for a slot, for whoever has a seat. It fails with the error of ctx if that
// ends first.
func (g *gate) enter(ctx context.Context, w Who) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	if g.slots > 0 { // then nobody waits
		g.slots--
		g.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	g.queue[w] = append(g.queue[w], turn)
	g.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	at := slices.Index(g.queue[w], turn)
	if at >= 0 {
		g.queue[w] = slices.Delete(g.queue[w], at, at+1)
	}
	g.mu.Unlock()
	if at < 0 {
		g.leave() // it was given the slot in this very moment
	}
	return ctx.Err()
}

// leave hands the slot to who waits for it.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for w := range g.queue {
		if q := g.queue[w]; len(q) > 0 {
			close(q[0])
			g.queue[w] = slices.Delete(q, 0, 1)
			return
		}
	}
	g.slots++
}
