package contact

import (
	"context"
	"time"

	"tenantry/ent"
	"tenantry/ent/contact"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
)

// Suppress marks contacts with an address as ones that mail no longer goes to: the one
// contact, or with "" every one in whichever account. It tells each account's history.
// reason is what the mail server said. Users with the address are still written to:
// what concerns their sign-in is always worth a try.
func Suppress(ctx context.Context, tx *ent.Tx, emailKey, contactID, reason string) error {
	q := tx.Contact.Query().Where(contact.EmailKey(emailKey), contact.SuppressedAtIsNil())
	if contactID != "" {
		q.Where(contact.ID(contactID))
	}
	rows, err := q.Order(ent.Asc(contact.FieldID)).Select(contact.FieldID, contact.FieldAccountID, contact.FieldEmail).All(ctx)
	if err != nil {
		return err
	}
	var entries []event.Entry
	now, after := instant.Now(), map[string]any{"reason": reason}
	for _, r := range rows {
		// A contact that got another address meanwhile is not the one that bounced.
		n, err := tx.Contact.Update().Where(contact.ID(r.ID), contact.EmailKey(emailKey), contact.SuppressedAtIsNil()).
			SetSuppressedAt(now).SetSuppressedReason(reason).AddVersion(1).SetUpdatedAt(now).Save(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			entries = append(entries, event.Entry{AccountID: r.AccountID, Action: "contact.suppressed", Target: r.ID, TargetName: r.Email, After: after})
		}
	}
	return event.Record(ctx, tx, access.Rule(), entries...)
}

// Complain takes whoever called a mail spam off every category that they can
// unsubscribe from: the one contact, or with "" every contact with the address.
func (s *Service) Complain(ctx context.Context, tx *ent.Tx, emailKey, contactID string) error {
	q := tx.Contact.Query().Where(contact.EmailKey(emailKey))
	if contactID != "" {
		q.Where(contact.ID(contactID))
	}
	rows, err := q.Order(ent.Asc(contact.FieldID)).All(ctx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := s.unsubscribe(ctx, tx, access.Rule(), row, "contact.complained", s.everything(row)); err != nil {
			return err
		}
	}
	return nil
}

// Suppression is why no mail goes to a contact.
type Suppression struct {
	SuppressedAt time.Time
	Reason       string
}

// Suppression returns why no mail goes to a contact, or nil if it does.
func (s *Service) Suppression(row *ent.Contact) *Suppression {
	if row.SuppressedAt == nil {
		return nil
	}
	return &Suppression{SuppressedAt: *row.SuppressedAt, Reason: row.SuppressedReason}
}

// ClearSuppression has mail go to a contact again, whose address works after all.
// One that is not suppressed stays as it is. Refusals: NOT_FOUND, FORBIDDEN,
// RATE_LIMITED (three times a day), ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) ClearSuppression(ctx context.Context, by *access.Actor, contactID string) (*ent.Contact, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Contact, error) {
		st, row, err := s.own(ctx, tx, by, contactID, s.gate.Change)
		if err != nil || row.SuppressedAt == nil {
			return row, err
		}
		rule := budget.ClearingByContact
		ask := budget.Ask{Rule: rule, ID: s.book.ID(rule, Whose(row)), N: 1}
		granted, err := s.book.Spend(ctx, tx, ask)
		if err != nil {
			return nil, err
		}
		if !granted[ask.ID] {
			return nil, fault.Wait(fault.RateLimited, rule.Per/time.Duration(rule.Count), "Mail to this address bounced again and again. Check the address with its owner, or choose another.")
		}
		was := row.SuppressedReason
		row, err = tx.Contact.UpdateOneID(row.ID).ClearSuppressedAt().SetSuppressedReason("").AddVersion(1).SetUpdatedAt(instant.Now()).Save(ctx)
		if err != nil {
			return nil, err
		}
		return row, event.Record(ctx, tx, by, event.Entry{AccountID: st.Account.ID, Action: "contact.suppression_cleared", Target: row.ID,
			TargetName: row.Email, Before: map[string]any{"reason": was}})
	})
}
