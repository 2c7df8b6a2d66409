package event

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/internal/db"
	"tenantry/internal/fault"
	"tenantry/internal/yield"
)

// Handler reacts to events, oldest first, by writing rows in the transaction that
// marks them as handled, so that each has its effect once. What it has nothing to
// do for should cost it no statement.
type Handler func(context.Context, *ent.Tx, []*ent.Event) error

// Dispatcher hands events on, oldest first, and seals them. Any number of
// processes may run one.
type Dispatcher struct {
	client   *ent.Client
	handlers []Handler
	then     []func(context.Context)
	requests *yield.Requests
	// claiming and heading are statements that lock what they read.
	claiming, heading func(string) string
	heads             db.Texts
}

// NewDispatcher returns a dispatcher for the handlers.
func NewDispatcher(d *db.DB, handlers ...Handler) *Dispatcher {
	return &Dispatcher{client: d.Client, handlers: handlers, claiming: d.SkipLocked, heading: d.ForUpdate}
}

// Then has tell called after each batch that was handed on and sealed, and committed.
// What it does holds up the next batch. It is for before the dispatcher runs.
func (d *Dispatcher) Then(tell func(context.Context)) { d.then = append(d.then, tell) }

// Yield has Run rest for longer while such requests wait. It is for before it runs.
func (d *Dispatcher) Yield(to *yield.Requests) { d.requests = to }

const (
	// batch is how many events a step takes at most.
	batch = 100
	// tries is how often a place is asked for that others have taken: more often means
	// that the head of a chain is not where its events are, and nobody waits for that.
	tries = 5
)

// Run drains whenever something was recorded in this process, and every
// interval for what other processes recorded, until ctx ends. After a step it rests: what
// is recorded meanwhile is handed on together, so that writes by the hundred a second do
// not cost a step each; what comes after that is handed on at once.
func (d *Dispatcher) Run(ctx context.Context, every time.Duration) {
	wake, stop := Wake()
	defer stop()
	tick := time.NewTicker(every)
	defer tick.Stop()
	rest := time.NewTimer(0)
	defer rest.Stop()
	for {
		begun := time.Now()
		of, err := d.some(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "handing on events failed; it is tried again", "err", err)
		}
		rest.Reset(d.requests.Rest(time.Since(begun), begun.Sub(of.since)))
		select {
		case <-ctx.Done():
			return
		case <-rest.C:
		}
		if of.full() && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
	}
}

// Drain hands on and seals everything that waits.
func (d *Dispatcher) Drain(ctx context.Context) error {
	for {
		if of, err := d.some(ctx); err != nil || !of.full() {
			return err
		}
	}
}

// batched is a batch that was handed on: how many events that were, and since when the
// first had waited.
type batched struct {
	n     int
	since time.Time
}

// full reports whether more may wait.
func (b batched) full() bool { return b.n == batch }

// some hands on and seals a batch. Where that fails it does so with all that wait.
func (d *Dispatcher) some(ctx context.Context) (of batched, err error) {
	begun := time.Now()
	of, err = d.step(ctx)
	for taken := 1; errors.Is(err, errTaken) && taken < tries; taken++ {
		of, err = d.step(ctx)
	}
	if err != nil {
		// One event may be the cause: go on one by one, past those that fail. The seal
		// does not wait for handlers: what one of them refuses is sealed too.
		of, err = batched{since: begun}, errors.Join(d.oneByOne(ctx), d.sealAll(ctx))
	}
	if of.n > 0 || err != nil {
		for _, tell := range d.then {
			tell(ctx)
		}
	}
	return of, err
}

// step hands on and seals a batch.
func (d *Dispatcher) step(ctx context.Context) (batched, error) {
	return db.InTx(ctx, d.client, func(tx *ent.Tx) (batched, error) {
		waiting, err := d.claim(ctx, tx, "NOT handled OR seq IS NULL")
		if err != nil || len(waiting) == 0 {
			return batched{since: time.Now()}, err
		}
		var fresh, open, sealed []*ent.Event
		for _, e := range waiting {
			if !e.Handled {
				fresh = append(fresh, e)
			}
			if e.Seq == nil {
				open = append(open, e)
			} else {
				sealed = append(sealed, e) // while a handler refused it
			}
		}
		if err := d.handle(ctx, tx, fresh); err != nil {
			return batched{}, err
		}
		if err := mark(ctx, tx, sealed); err != nil {
			return batched{}, err
		}
		return batched{len(waiting), waiting[0].CreatedAt}, d.seal(ctx, tx, open, true)
	})
}

// claimed is what is read of an event.
var claimed = []string{event.FieldID, event.FieldCreatedAt, event.FieldStream, event.FieldAccountID, event.FieldActorKind, event.FieldActorID,
	event.FieldActorName, event.FieldAction, event.FieldTargetID, event.FieldTargetName, event.FieldBefore, event.FieldAfter, event.FieldAddress,
	event.FieldSeq, event.FieldHandled}

// claim takes a batch of events, oldest first, that no other worker has.
func (d *Dispatcher) claim(ctx context.Context, tx *ent.Tx, where string, args ...any) (out []*ent.Event, err error) {
	var one ent.Event
	args = append(args, batch)
	text := d.claiming("SELECT " + db.Names(claimed) + " FROM " + event.Table + " WHERE " + where + " ORDER BY " + event.FieldID +
		" LIMIT " + db.Args(len(args), 1))
	err = db.Read(ctx, tx, text, args, one.Places(claimed), func() {
		e := one
		out, one = append(out, &e), ent.Event{}
	})
	if err != nil {
		return nil, fmt.Errorf("claim events: %w", err)
	}
	return out, nil
}

func (d *Dispatcher) handle(ctx context.Context, tx *ent.Tx, events []*ent.Event) error {
	if len(events) == 0 {
		return nil
	}
	for _, h := range d.handlers {
		if err := fault.Caught(func() error { return h(ctx, tx, events) }); err != nil {
			return err
		}
	}
	return nil
}

// mark marks events as handed on.
func mark(ctx context.Context, tx *ent.Tx, events []*ent.Event) error {
	if len(events) == 0 {
		return nil
	}
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	return tx.Event.Update().Where(event.IDIn(ids...)).SetHandled(true).Exec(ctx)
}

func (d *Dispatcher) oneByOne(ctx context.Context) error {
	var first error
	after := ""
	for {
		ids, err := d.client.Event.Query().Where(event.Handled(false), event.IDGT(after)).
			Order(ent.Asc(event.FieldID)).Limit(batch).IDs(ctx)
		if err != nil {
			return err
		}
		for _, one := range ids {
			err := db.InTx0(ctx, d.client, func(tx *ent.Tx) error {
				waiting, err := d.claim(ctx, tx, "NOT handled AND id = $1", one)
				if err != nil {
					return err
				}
				if err := d.handle(ctx, tx, waiting); err != nil {
					return err
				}
				return mark(ctx, tx, waiting)
			})
			if err != nil {
				slog.ErrorContext(ctx, "an event could not be handed on; it is tried again", "event", one, "err", err)
				if first == nil {
					first = err
				}
			}
		}
		if len(ids) < batch {
			return first
		}
		after = ids[len(ids)-1]
	}
}
