package webhook

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/webhook"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

// CallID returns what a delivery to a webhook is called outside.
func CallID(deliveryID string) string {
	return id.Call + strings.TrimPrefix(deliveryID, id.Delivery)
}

// envelope is the body of a call, as Standard Webhooks has it.
type envelope struct {
	Type string    `json:"type"`
	At   time.Time `json:"timestamp"`
	Data any       `json:"data"`
}

// deliver calls a webhook with something that happened at an instant.
func (s *Service) deliver(ctx context.Context, h *ent.Webhook, callID, kind string, at time.Time, data any) (Result, error) {
	secrets, err := s.secrets(h)
	if err != nil {
		return Result{}, err
	}
	body, err := json.Marshal(envelope{kind, at.UTC(), data})
	if err != nil {
		return Result{}, fmt.Errorf("the body of %s: %w", callID, err)
	}
	return s.caller.Call(ctx, h.URL, secrets, Message{ID: callID, Body: body}), nil
}

// Send calls a webhook with what a delivery is about, and keeps what came of it with the
// delivery and with the webhook.
func (s *Service) Send(ctx context.Context, h *ent.Webhook, d *ent.Delivery, kind string, at time.Time, data any) (Result, error) {
	r, err := s.deliver(ctx, h, CallID(d.ID), kind, at, data)
	if err != nil {
		return r, err
	}
	if r.Failure != "" && ctx.Err() != nil {
		return r, ctx.Err() // the program is being stopped, or has waited too long by itself
	}
	// What a receiver has got is written down though the program is being stopped.
	return r, s.note(context.WithoutCancel(ctx), h, d.ID, r)
}

// grain is how precisely it is kept when a call was last accepted.
const grain = time.Minute

// note writes down what came of a call.
func (s *Service) note(ctx context.Context, h *ent.Webhook, deliveryID string, r Result) error {
	of := s.client.Delivery.Update().Where(delivery.ID(deliveryID)).SetTook(int(r.Took.Milliseconds())).ClearAnswered()
	if r.Status != 0 {
		of.SetAnswered(r.Status)
	}
	if err := of.Exec(ctx); err != nil {
		return fmt.Errorf("write down an answer: %w", err)
	}
	now := instant.Now()
	if r.Failure == "" {
		if h.FailingSince == nil && h.LastSuccessAt != nil && now.Sub(*h.LastSuccessAt) < grain {
			return nil
		}
		return s.client.Webhook.Update().Where(webhook.ID(h.ID)).SetLastSuccessAt(now).ClearFailingSince().SetLastError("").Exec(ctx)
	}
	return db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		if err := tx.Webhook.Update().Where(webhook.ID(h.ID)).SetLastError(r.Failure).Exec(ctx); err != nil {
			return err
		}
		if err := tx.Webhook.Update().Where(webhook.ID(h.ID), webhook.FailingSinceIsNil()).SetFailingSince(now).Exec(ctx); err != nil {
			return err
		}
		switch {
		case r.gone():
			return s.stop(ctx, tx, h, webhook.StatePAUSED, "webhook.paused", r.Failure, now)
		case h.FailingSince != nil && now.Sub(*h.FailingSince) >= Forbearance:
			return s.stop(ctx, tx, h, webhook.StateFAILING, "webhook.stopped", r.Failure, now.Add(-Forbearance))
		}
		return nil
	})
}

// stop switches a webhook off that has not answered well since an instant.
func (s *Service) stop(ctx context.Context, tx *ent.Tx, h *ent.Webhook, to webhook.State, action, why string, since time.Time) error {
	n, err := tx.Webhook.Update().Where(webhook.ID(h.ID), webhook.StateEQ(webhook.StateACTIVE), webhook.URL(h.URL), webhook.FailingSinceLTE(since)).SetState(to).Save(ctx)
	if err != nil || n == 0 {
		return err
	}
	return event.Record(ctx, tx, access.Rule(), event.Entry{AccountID: h.AccountID, Action: action, Target: h.ID, TargetName: Host(h.URL),
		Before: map[string]any{"state": webhook.StateACTIVE}, After: map[string]any{"state": to, "reason": why}})
}

// Test calls a webhook now, in whichever state it is, with nothing but that it is a
// test. What comes of it changes nothing. Refusals: UNAUTHENTICATED, FORBIDDEN,
// NOT_FOUND, RATE_LIMITED, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Test(ctx context.Context, by *access.Actor, webhookID string) (*Result, error) {
	if err := by.NeedMember(); err != nil {
		return nil, err
	}
	if _, err := s.require(ctx, by, webhookID); err != nil {
		return nil, err
	}
	if err := s.book.Take(ctx, budget.TestByWebhook, webhookID, 1); err != nil {
		return nil, err
	}
	h, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Webhook, error) {
		h, _, err := locked(ctx, tx, webhookID, func(tx *ent.Tx, h *ent.Webhook) (*access.Standing, error) {
			return s.gate.Change(ctx, tx, by, h.AccountID, permission.Developer)
		})
		if err != nil {
			return nil, err
		}
		return h, event.Record(ctx, tx, by, event.Entry{AccountID: h.AccountID, Action: "webhook.tested", Target: h.ID, TargetName: Host(h.URL)})
	})
	if err != nil {
		return nil, err
	}
	// Outside the transaction, and before the request itself is given up.
	ctx, cancel := context.WithTimeout(ctx, testPatience)
	defer cancel()
	r, err := s.deliver(ctx, h, id.New(id.Call), "webhook.test", instant.Now(), map[string]string{"webhookId": h.ID, "accountId": h.AccountID})
	return &r, err
}

// testPatience is how long a receiver has for a test, whose answer somebody waits for.
const testPatience = 8 * time.Second
