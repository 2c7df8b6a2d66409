package password

import "context"

// gate lets a bounded number in and a bounded number wait.
type gate struct {
	seats chan struct{} // one for each who is in or waits
	slots chan struct{} // one for each who is in
}

func newGate(parallel, waiting int) *gate {
	return &gate{
		seats: make(chan struct{}, parallel+waiting),
		slots: make(chan struct{}, parallel),
	}
}

// enter waits for a slot and returns how to give it back. It fails at once with
// ErrBusy if all who may wait do so already, and with the error of ctx if that
// ends first.
func (g *gate) enter(ctx context.Context) (leave func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case g.seats <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots; <-g.seats }, nil
	case <-ctx.Done():
		<-g.seats
		return nil, ctx.Err()
	}
}
