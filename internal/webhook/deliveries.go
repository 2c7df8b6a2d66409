package webhook

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/notification"
	"tenantry/ent/webhook"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/page"
	"tenantry/internal/permission"
)

// Delivery is a call of a webhook: made, waiting, or given up.
type Delivery struct {
	*ent.Delivery
	category permission.CategoryKey
}

// GetID is what receivers see as webhook-id.
func (d *Delivery) GetID() string { return CallID(d.Delivery.ID) }

// Type is what the body of the call says that it is.
func (d *Delivery) Type() string {
	if d.category != "" {
		return NotificationType(d.category)
	}
	return d.Data[TypeKey]
}

// TypeKey is where the data of a delivery that tells of an event has its action.
const TypeKey = "type"

// NotificationType is what calls with notifications of a category say that they are.
func NotificationType(c permission.CategoryKey) string { return "notification." + string(c) }

var (
	listed = []string{delivery.FieldID, delivery.FieldCreatedAt, delivery.FieldWebhookID, delivery.FieldData, delivery.FieldState, delivery.FieldAttempts,
		delivery.FieldNextAttemptAt, delivery.FieldSentAt, delivery.FieldLastError, delivery.FieldAnswered, delivery.FieldTook}
	listing db.Texts
)

// Deliveries returns a page of the deliveries of the last thirty days of each of the
// webhooks, newest first, all in one statement. Refusals: as access.Gate.Require for
// developer, BAD_INPUT.
func (s *Service) Deliveries(ctx context.Context, by *access.Actor, all []*ent.Webhook, r page.Request) ([]page.Page[*Delivery], error) {
	var accounts []string
	for _, h := range all {
		if !slices.Contains(accounts, h.AccountID) {
			accounts = append(accounts, h.AccountID)
		}
	}
	if err := s.gate.Prepare(ctx, by, accounts); err != nil {
		return nil, err
	}
	for _, one := range accounts {
		if _, err := s.gate.Require(ctx, by, one, permission.Developer); err != nil {
			return nil, err
		}
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	before := r.After
	if before == "" {
		before = "~" // after every id
	}
	args := []any{before, id.First(id.Delivery, instant.Now().Add(-Kept)), r.Limit()}
	for _, h := range all {
		args = append(args, h.ID)
	}
	var (
		rows  = db.Rounded(len(all))
		one   ent.Delivery
		of    permission.CategoryKey
		lists = map[string][]*Delivery{}
	)
	err := db.Read(ctx, s.client, listing.Of(rows, func(rows int) string {
		parts := make([]string, rows)
		for i := range parts {
			// A range of both, since PostgreSQL would take one of ids for a narrow place in
			// the calls of everybody.
			parts[i] = fmt.Sprintf("SELECT * FROM (SELECT * FROM %s WHERE (webhook_id, id) < ($%d, $1) AND (webhook_id, id) >= ($%d, $2) AND webhook_id <> ''"+
				" ORDER BY webhook_id DESC, id DESC LIMIT $3) p%d", delivery.Table, i+4, i+4, i)
		}
		return "SELECT " + column.List("d", listed) + ", COALESCE((SELECT n.category FROM " + notification.Table + " n WHERE n.id = d.notification_id), '') FROM (" +
			strings.Join(parts, " UNION ALL ") + ") d"
	}), db.Filled(args, 3+rows), append(one.Places(listed), column.Text(&of)), func() {
		d := one
		lists[d.WebhookID] = append(lists[d.WebhookID], &Delivery{&d, of})
		one = ent.Delivery{}
	})
	if err != nil {
		return nil, fmt.Errorf("list calls: %w", err)
	}
	out := make([]page.Page[*Delivery], len(all))
	for i, h := range all {
		list := lists[h.ID]
		slices.SortFunc(list, func(a, b *Delivery) int { return strings.Compare(b.ID, a.ID) })
		out[i] = page.Cut(list, r)
	}
	return out, nil
}

// Delivery returns a delivery to a webhook that the actor manages. Refusals:
// UNAUTHENTICATED, NOT_FOUND.
func (s *Service) Delivery(ctx context.Context, by *access.Actor, callID string) (*Delivery, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	d, err := s.call(ctx, by, callID)
	if err != nil {
		return nil, fault.Hide(err, "delivery")
	}
	return d, nil
}

// call reads a delivery to a webhook of an account in which the actor holds developer.
// Refusals: as access.Gate.Require.
func (s *Service) call(ctx context.Context, by *access.Actor, callID string) (*Delivery, error) {
	d, h, err := s.made(ctx, s.client.Delivery, s.client.Webhook, callID)
	if err != nil {
		return nil, err
	}
	if _, err := s.gate.Require(ctx, by, h.AccountID, permission.Developer); fault.Has(err, fault.NotFound) {
		return nil, fault.Missing("delivery")
	} else if err != nil {
		return nil, err
	}
	return d, nil
}

// made reads a delivery of the last thirty days with its webhook. Refusals: NOT_FOUND.
func (s *Service) made(ctx context.Context, deliveries *ent.DeliveryClient, webhooks *ent.WebhookClient, callID string) (*Delivery, *ent.Webhook, error) {
	missing := fault.Missing("delivery")
	deliveryID := id.Delivery + strings.TrimPrefix(callID, id.Call)
	if !id.Is(id.Call, callID) || deliveryID < id.First(id.Delivery, instant.Now().Add(-Kept)) {
		return nil, nil, missing
	}
	row, err := deliveries.Query().Where(delivery.ID(deliveryID), delivery.WebhookIDNEQ("")).WithNotification(func(q *ent.NotificationQuery) {
		q.Select(notification.FieldCategory)
	}).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil, missing
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read delivery: %w", err)
	}
	h, err := webhooks.Get(ctx, row.WebhookID)
	if ent.IsNotFound(err) {
		return nil, nil, missing
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read webhook: %w", err)
	}
	d := &Delivery{Delivery: row}
	if n := row.Edges.Notification; n != nil {
		d.category = n.Category
	}
	return d, h, nil
}

// Replay queues a delivery again that was accepted, given up or not sent, from its first
// attempt on. Whether it is to be sent is decided anew when it leaves. Refusals:
// UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, CONFLICT, RATE_LIMITED, ACCOUNT_CLOSED,
// ACCOUNT_SUSPENDED.
func (s *Service) Replay(ctx context.Context, by *access.Actor, callID string) (*Delivery, error) {
	if err := by.NeedMember(); err != nil {
		return nil, err
	}
	d, err := s.call(ctx, by, callID)
	if err != nil {
		return nil, err
	}
	if err := s.book.Take(ctx, budget.ReplayByAccount, *d.AccountID, 1); err != nil {
		return nil, err
	}
	err = db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		was, h, err := s.made(ctx, tx.Delivery, tx.Webhook, callID)
		if err != nil {
			return err
		}
		if _, err := s.gate.Change(ctx, tx, by, h.AccountID, permission.Developer); err != nil {
			return err
		}
		if h, err = find(ctx, tx.Webhook, h.ID); err != nil { // again, now that the account is locked
			return fault.Hide(err, "delivery")
		}
		if h.State != webhook.StateACTIVE {
			return fault.New(fault.Conflict, "The webhook is switched off. Resume it first.")
		}
		if was.State == delivery.StateQUEUED {
			return fault.New(fault.Conflict, "It waits to be sent already.")
		}
		// Only from the state that was read: a worker does not lock the account.
		n, err := tx.Delivery.Update().Where(delivery.ID(was.ID), delivery.StateEQ(was.State)).SetState(delivery.StateQUEUED).SetAttempts(0).
			SetNextAttemptAt(instant.Now()).SetPaced(false).ClearSentAt().SetLastError("").Save(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, "It changed in this very moment. Look again.")
		}
		return event.Record(ctx, tx, by, event.Entry{AccountID: h.AccountID, Action: "webhook.delivery_replayed", Target: h.ID, TargetName: Host(h.URL),
			After: map[string]any{"deliveryId": callID, "type": was.Type()}})
	})
	if err != nil {
		return nil, err
	}
	return s.call(ctx, by, callID)
}

// Due returns when a delivery is tried next, or nil if it is not.
func (d *Delivery) Due() *time.Time {
	if d.State != delivery.StateQUEUED {
		return nil
	}
	return &d.NextAttemptAt
}
