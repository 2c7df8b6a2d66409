package notify

import (
	"context"
	"fmt"

	"tenantry/ent"
	"tenantry/ent/notification"
	"tenantry/internal/access"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/once"
	"tenantry/internal/permission"
	"tenantry/internal/text"
)

// How large a notification may be: subject and text in characters, the others in
// bytes.
const (
	maxSubject = 150
	maxText    = 20_000
	maxHTML    = 100_000
	maxData    = 16_000
)

// Draft is a notification that one of the company's systems sends.
type Draft struct {
	AccountID     string
	Category      permission.CategoryKey
	Subject, Text string
	// HTML is the same for those who like it pretty; empty for none.
	HTML string
	// Data is a JSON object for programs; empty for none.
	Data           string
	IdempotencyKey string `json:"-"`
}

// clean judges a draft. Refusals: BAD_INPUT on the field.
func (d *Draft) clean(c *permission.Catalogue) (err error) {
	if c.Category(d.Category) == nil {
		return fault.On("category", fault.BadInput, "There is no category %q.", d.Category)
	}
	if d.Subject, err = text.Line("subject", d.Subject, true, maxSubject); err != nil {
		return err
	}
	if d.Text, err = text.Block("text", d.Text, maxText); err != nil {
		return err
	}
	switch {
	case d.Text == "":
		return fault.On("text", fault.BadInput, "This must not be empty.")
	case len(d.HTML) > maxHTML:
		return fault.On("html", fault.BadInput, "At most %d bytes, not %d.", maxHTML, len(d.HTML))
	case len(d.Data) > maxData:
		return fault.On("data", fault.BadInput, "At most %d bytes of JSON, not %d.", maxData, len(d.Data))
	}
	return nil
}

// Submit stores a notification for the contacts of an account, who get it by their
// preferences. For an operator with the power, in a suspended account too, since
// invoices have to arrive; and for a program whose token has the permission. Refusals:
// FORBIDDEN, NOT_FOUND, BAD_INPUT, CONFLICT for the key of another notification,
// ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Submit(ctx context.Context, by *access.Actor, d Draft) (*ent.Notification, error) {
	if _, err := s.gate.Require(ctx, by, d.AccountID, permission.Notify); err != nil {
		return nil, err
	}
	if err := d.clean(s.gate.Catalogue()); err != nil {
		return nil, err
	}
	stored, err := once.InTx(ctx, s.client, by, "sendNotification", d.IdempotencyKey, d, func(tx *ent.Tx) (string, error) {
		if _, err := s.gate.Change(ctx, tx, by, d.AccountID, permission.Notify); err != nil {
			return "", err
		}
		n := &ent.Notification{AccountID: d.AccountID, Category: d.Category, Subject: d.Subject, Text: d.Text, HTML: d.HTML, Data: d.Data}
		err := s.store(ctx, tx, by, n, "notification.sent", map[string]any{})
		return n.ID, err
	})
	if err != nil {
		return nil, err
	}
	return s.client.Notification.Get(ctx, stored)
}

// store writes a notification and the event that it follows from, and wakes the
// worker after the commit. The event has nothing of what is written in it.
func (s *Service) store(ctx context.Context, tx *ent.Tx, by *access.Actor, n *ent.Notification, action string, words map[string]any) error {
	n.ID, n.EventID = id.New(id.Notification), id.New(id.Event)
	err := tx.Notification.Create().SetID(n.ID).SetEventID(n.EventID).SetAccountID(n.AccountID).SetCategory(n.Category).SetSubject(n.Subject).
		SetText(n.Text).SetHTML(n.HTML).SetData(n.Data).SetTest(n.Test).SetSenderKind(notification.SenderKind(by.Kind)).SetSenderID(by.UserID() + by.Token).
		SetSenderName(by.Called()).SetNillableFannedOutAt(n.FannedOutAt).Exec(ctx)
	if err != nil {
		return fmt.Errorf("store a notification: %w", err)
	}
	s.wakeAfter(tx)
	words["category"] = n.Category
	return event.Record(ctx, tx, by, event.Entry{ID: n.EventID, AccountID: n.AccountID, Action: action, Target: n.ID, After: words})
}

// wakeAfter wakes the worker when the transaction has committed.
func (s *Service) wakeAfter(tx *ent.Tx) {
	tx.OnCommit(func(next ent.Committer) ent.Committer {
		return ent.CommitFunc(func(ctx context.Context, tx *ent.Tx) error {
			err := next.Commit(ctx, tx)
			if err == nil {
				select {
				case s.wake <- struct{}{}:
				default:
				}
			}
			return err
		})
	})
}
