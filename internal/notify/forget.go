package notify

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/notification"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/id"
	"tenantry/internal/instant"
)

const (
	// Kept is how long notifications and deliveries are kept, unless the company says
	// otherwise, and LeastKept how long at least: calls of webhooks are shown for as long.
	Kept      = 365 * 24 * time.Hour
	LeastKept = 30 * 24 * time.Hour
	// forgotten is how many rows are deleted together, and mostForgotten how many of a
	// kind before the next chore goes on: after an upgrade there may be years of them.
	forgotten     = 500
	mostForgotten = 100_000
)

// Forget deletes deliveries that are older than they are to be kept, mails and calls of
// webhooks alike, and then notifications that have none left: a bounded number of rows at
// a time, and between them others have their turn. What is still to be sent, or to be
// tried again, stays, however old it is, and the history keeps its events.
func (s *Service) Forget(ctx context.Context, kept time.Duration) error {
	before := instant.Now().Add(-kept)
	if err := s.few(ctx, func(tx *ent.Tx, after string) ([]string, error) {
		q := tx.Delivery.Query().Where(delivery.IDGT(after), delivery.IDLT(id.First(id.Delivery, before)), ended).Order(ent.Asc(delivery.FieldID)).Limit(forgotten)
		q.Modify(access.SkipLocked)
		ids, err := q.IDs(ctx)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
		// The range as well, since for many ids SQLite would rather read the whole table.
		_, err = tx.Delivery.Delete().Where(delivery.IDGTE(ids[0]), delivery.IDLTE(ids[len(ids)-1]), delivery.IDIn(ids...)).Exec(ctx)
		return ids, err
	}); err != nil {
		return fmt.Errorf("forget deliveries: %w", err)
	}
	if err := s.few(ctx, func(tx *ent.Tx, after string) ([]string, error) {
		q := tx.Notification.Query().Where(notification.IDGT(after), notification.IDLT(id.First(id.Notification, before)), notification.FannedOutAtNotNil(), bare).
			Order(ent.Asc(notification.FieldID)).Limit(forgotten)
		q.Modify(access.SkipLocked)
		ids, err := q.IDs(ctx)
		if err != nil || len(ids) == 0 {
			return nil, err
		}
		_, err = tx.Notification.Delete().Where(notification.IDGTE(ids[0]), notification.IDLTE(ids[len(ids)-1]), notification.IDIn(ids...)).Exec(ctx)
		return ids, err
	}); err != nil {
		return fmt.Errorf("forget notifications: %w", err)
	}
	return nil
}

// few runs a step in transactions of their own until nothing is left for it, or it has
// done enough. A step begins after the last id of the one before.
func (s *Service) few(ctx context.Context, step func(tx *ent.Tx, after string) ([]string, error)) error {
	after, started := "", time.Now()
	for range mostForgotten / forgotten {
		begun := time.Now()
		ids, err := db.InTx(ctx, s.client, func(tx *ent.Tx) ([]string, error) { return step(tx, after) })
		if err != nil || len(ids) < forgotten {
			return err
		}
		after = ids[len(ids)-1]
		sleep(ctx, s.requests.Rest(time.Since(begun), begun.Sub(started)))
	}
	return nil
}

// ended matches deliveries for which nothing is to be done any more.
func ended(s *sql.Selector) { s.Where(sql.ExprP(s.C(delivery.FieldState) + " <> 'QUEUED'")) }

// bare matches notifications without deliveries.
func bare(s *sql.Selector) {
	d := sql.Dialect(s.Dialect()).Table(delivery.Table).As("d")
	s.Where(sql.NotExists(sql.Dialect(s.Dialect()).Select(d.C(delivery.FieldID)).From(d).
		Where(sql.ColumnsEQ(d.C(delivery.FieldNotificationID), s.C(notification.FieldID)))))
}
