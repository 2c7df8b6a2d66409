package event

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/internal/access"
	"tenantry/internal/db"
)

// Handler reacts to one event by writing rows in the transaction that marks it
// as handled, so that each event has its effect once.
type Handler func(context.Context, *ent.Tx, *ent.Event) error

// Dispatcher hands events on, oldest first, and seals them. Any number of
// processes may run one.
type Dispatcher struct {
	client   *ent.Client
	handlers []Handler
}

// NewDispatcher returns a dispatcher for the handlers.
func NewDispatcher(client *ent.Client, handlers ...Handler) *Dispatcher {
	return &Dispatcher{client, handlers}
}

// Run drains whenever something was recorded in this process, and every
// interval for what other processes recorded, until ctx ends.
func (d *Dispatcher) Run(ctx context.Context, every time.Duration) {
	wake, stop := Wake()
	defer stop()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := d.Drain(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "handing on events failed; it is tried again", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-tick.C:
		}
	}
}

const batch = 100

// Drain hands on and seals everything that waits.
func (d *Dispatcher) Drain(ctx context.Context) error {
	// The seal does not wait for handlers: what one of them refuses is sealed too.
	return errors.Join(d.handOn(ctx), Seal(ctx, d.client))
}

func (d *Dispatcher) handOn(ctx context.Context) error {
	for {
		n, err := d.some(ctx, batch)
		if err != nil {
			// One event may be the cause: go on one by one, past those that fail.
			return d.oneByOne(ctx)
		}
		if n < batch {
			return nil
		}
	}
}

func (d *Dispatcher) some(ctx context.Context, limit int) (int, error) {
	return db.InTx(ctx, d.client, func(tx *ent.Tx) (int, error) {
		waiting, err := d.claim(tx, event.Handled(false)).Limit(limit).All(ctx)
		if err != nil {
			return 0, err
		}
		return len(waiting), d.handle(ctx, tx, waiting...)
	})
}

func (d *Dispatcher) claim(tx *ent.Tx, where ...func(*sql.Selector)) *ent.EventQuery {
	q := tx.Event.Query().Order(ent.Asc(event.FieldHandled, event.FieldID))
	for _, w := range where {
		q.Where(w)
	}
	q.Modify(access.SkipLocked)
	return q
}

func (d *Dispatcher) handle(ctx context.Context, tx *ent.Tx, events ...*ent.Event) error {
	if len(events) == 0 {
		return nil
	}
	ids := make([]any, len(events))
	for i, e := range events {
		for _, h := range d.handlers {
			if err := h(ctx, tx, e); err != nil {
				return err
			}
		}
		ids[i] = e.ID
	}
	ids = filled(ids, 1)
	_, err := tx.ExecContext(ctx, handedOn.Of(len(ids), marking), ids...)
	return err
}

var handedOn db.Texts

// marking marks events as handed on.
func marking(events int) string {
	return "UPDATE " + event.Table + " SET " + event.FieldHandled + " = TRUE WHERE " + event.FieldID + " IN (" + db.Args(1, events) + ")"
}

// filled repeats the last row of values until there are 1, 10 or 100 rows, so that
// statements about a number of rows have few texts.
func filled(values []any, each int) []any {
	rows := 1
	for rows*each < len(values) {
		rows *= 10
	}
	last := values[len(values)-each:]
	for len(values) < rows*each {
		values = append(values, last...)
	}
	return values
}

func (d *Dispatcher) oneByOne(ctx context.Context) error {
	var first error
	after := ""
	for {
		ids, err := d.client.Event.Query().Where(event.Handled(false), event.IDGT(after)).
			Order(ent.Asc(event.FieldHandled, event.FieldID)).Limit(batch).IDs(ctx)
		if err != nil {
			return err
		}
		for _, one := range ids {
			_, err := db.InTx(ctx, d.client, func(tx *ent.Tx) (int, error) {
				waiting, err := d.claim(tx, event.Handled(false), event.ID(one)).All(ctx)
				if err != nil || len(waiting) == 0 {
					return 0, err
				}
				return 1, d.handle(ctx, tx, waiting[0])
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
