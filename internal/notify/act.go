package notify

import (
	"context"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/webhook"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

// Retry queues a delivery again that was given up, from its first attempt on.
// Refusals: UNAUTHENTICATED, NOT_FOUND, FORBIDDEN, CONFLICT, ACCOUNT_CLOSED,
// ACCOUNT_SUSPENDED.
func (s *Service) Retry(ctx context.Context, by *access.Actor, deliveryID string) (*Sending, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*Sending, error) {
		d, err := ofContacts(ctx, tx.Delivery, deliveryID)
		if err != nil {
			return nil, err
		}
		if _, err := s.gate.Change(ctx, tx, by, *d.AccountID, permission.Emails); fault.Has(err, fault.NotFound) {
			return nil, fault.Missing("delivery")
		} else if err != nil {
			return nil, err
		}
		was := d.State
		switch was {
		case delivery.StateQUEUED:
			return nil, fault.New(fault.Conflict, "It waits to be sent already.")
		case delivery.StateSENT:
			return nil, fault.New(fault.Conflict, "It was sent.")
		case delivery.StateSUPPRESSED:
			return nil, fault.New(fault.Conflict, "It was not sent for a reason: %s", d.LastError)
		case delivery.StateBOUNCED:
			c, err := tx.Contact.Get(ctx, d.ContactID)
			if err != nil && !ent.IsNotFound(err) {
				return nil, err
			}
			if c != nil && c.SuppressedAt != nil {
				return nil, fault.New(fault.Conflict, "Mail to this address bounced. Correct the address, or say that it works again, first.")
			}
		}
		// Only from the state that was read: a worker does not lock the account.
		n, err := tx.Delivery.Update().Where(delivery.ID(d.ID), delivery.StateEQ(was)).SetState(delivery.StateQUEUED).SetAttempts(0).
			SetNextAttemptAt(instant.Now()).SetPaced(false).ClearBouncedAt().Save(ctx)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			return nil, fault.New(fault.Conflict, "It changed in this very moment. Look again.")
		}
		s.wakeAfter(tx)
		if err := event.Record(ctx, tx, by, event.Entry{AccountID: *d.AccountID, Action: "delivery.retried", Target: d.ID,
			Before: map[string]any{"state": was}, After: map[string]any{"state": delivery.StateQUEUED}}); err != nil {
			return nil, err
		}
		d, err = tx.Delivery.Get(ctx, d.ID)
		return &Sending{Delivery: d}, err
	})
}

// spare counts a test against what a contact gets of them and, where it is mailed, what
// its account sends and its address gets of them, from whichever account. Refusals:
// RATE_LIMITED.
func (s *Service) spare(ctx context.Context, c *ent.Contact, on permission.Channel) error {
	if err := s.book.Take(ctx, budget.TestByContact, contact.Whose(c), 1); err != nil || on != permission.Email {
		return err
	}
	if err := s.book.Take(ctx, budget.AskedByAccount, c.AccountID, 1); err != nil {
		return err
	}
	return s.book.Take(ctx, budget.AskedByAddress, c.EmailKey, 1)
}

// Tested is what came of a test.
type Tested struct {
	// Sent says that something is on its way.
	Sent bool
	// Rule is what decided.
	Rule permission.Rule
}

// Test sends a contact something of a category on a channel, if their preferences let
// them have it, and says by which rule. Refusals: UNAUTHENTICATED, NOT_FOUND,
// FORBIDDEN, BAD_INPUT, RATE_LIMITED, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Test(ctx context.Context, by *access.Actor, contactID string, key permission.CategoryKey, on permission.Channel) (Tested, error) {
	if err := by.NeedPerson(); err != nil {
		return Tested{}, err
	}
	if !id.Is(id.Contact, contactID) {
		return Tested{}, fault.Missing("contact")
	}
	c, err := s.client.Contact.Get(ctx, contactID)
	if ent.IsNotFound(err) {
		return Tested{}, fault.Missing("contact")
	}
	if err != nil {
		return Tested{}, err
	}
	st, err := s.gate.Require(ctx, by, c.AccountID, permission.Contacts)
	if fault.Has(err, fault.NotFound) {
		return Tested{}, fault.Missing("contact")
	}
	if err != nil {
		return Tested{}, err
	}
	if err := st.NeedOpen(); err != nil {
		return Tested{}, err
	}
	cat := s.gate.Catalogue().Category(key)
	if cat == nil {
		return Tested{}, fault.On("category", fault.BadInput, "There is no category %q.", key)
	}
	if s.channels[on] == nil {
		return Tested{}, fault.On("channel", fault.BadInput, "Nothing is sent on the channel %s.", on)
	}
	if yes, rule := contact.Decide(c, *cat, on); !yes {
		return Tested{Rule: rule}, nil
	}
	if err := s.spare(ctx, c, on); err != nil {
		return Tested{}, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (Tested, error) {
		if _, err := s.gate.Change(ctx, tx, by, c.AccountID, permission.Contacts); err != nil {
			return Tested{}, err
		}
		c, err := tx.Contact.Get(ctx, c.ID) // again, now that the account is locked
		if ent.IsNotFound(err) {
			return Tested{}, fault.Missing("contact")
		}
		if err != nil {
			return Tested{}, err
		}
		yes, rule := contact.Decide(c, *cat, on)
		if !yes {
			return Tested{Rule: rule}, nil
		}
		now := instant.Now()
		n := &ent.Notification{AccountID: c.AccountID, Category: key, Subject: "A test of " + cat.Label, Test: true, FannedOutAt: &now}
		if err := s.store(ctx, tx, by, n, "notification.tested", map[string]any{"contactId": c.ID, "channel": on}); err != nil {
			return Tested{}, err
		}
		base := owed{notification: n.ID, event: n.EventID, account: &n.AccountID, kind: kindNotification, subject: n.ID, lane: laneSoon}
		if on == permission.Email {
			return Tested{true, rule}, s.write(ctx, tx, []owed{base.toContact(c, rule, "")})
		}
		hooks, err := tx.Webhook.Query().Where(webhook.AccountID(c.AccountID), webhook.StateEQ(webhook.StateACTIVE), webhook.Notifications(true)).
			Order(ent.Asc(webhook.FieldID)).All(ctx)
		if err != nil {
			return Tested{}, err
		}
		if len(hooks) == 0 {
			return Tested{}, fault.On("channel", fault.BadInput, "The account has no webhook that is called with notifications.")
		}
		var all []owed
		for _, h := range hooks {
			all = append(all, base.toWebhook(c, h, rule))
		}
		return Tested{true, rule}, s.write(ctx, tx, all)
	})
}
