package bounce

import (
	"context"
	"fmt"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/internal/address"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/id"
	"tenantry/internal/instant"
)

// Service acts on reports.
type Service struct {
	client   *ent.Client
	contacts *contact.Service
	lost     func(context.Context, *ent.Tx, *ent.Delivery) error
}

// New returns a service. lost joins the transaction in which a delivery turns out not to
// have arrived.
func New(client *ent.Client, contacts *contact.Service, lost func(context.Context, *ent.Tx, *ent.Delivery) error) *Service {
	return &Service{client: client, contacts: contacts, lost: lost}
}

// Take acts on a report and says whether it concerned anything of ours: the delivery
// bounced, and no mail goes any more to an address that does not exist, nor what its
// reader can unsubscribe from to one who complained. The same report again changes
// nothing.
//
// Whoever sends mail to us can write a report, and whoever sees the deliveries of an
// account can name one. So one that nobody vouches for has to name a delivery that was
// sent, to the address that it went to, and says nothing about anybody but the contact
// whom it was for: no other account stops writing to the address.
func (s *Service) Take(ctx context.Context, r Report) (bool, error) {
	a, err := address.Parse(r.Recipient)
	if err != nil {
		return false, nil
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (bool, error) {
		d, err := sent(ctx, tx, r.Delivery)
		if err != nil {
			return false, err
		}
		known := d != nil && d.ToKey == a.Key
		if known && d.State != delivery.StateSENT && d.State != delivery.StateQUEUED {
			return true, nil // it was reported before
		}
		if known && r.Kind != Complaint {
			err = s.bounced(ctx, tx, d, r.Words)
		}
		if err != nil || !known && !r.Trusted {
			return known, err
		}
		only := ""
		if known {
			only = d.ContactID
		}
		switch {
		case r.Kind == Complaint:
			err = s.contacts.Complain(ctx, tx, a.Key, only)
		case r.Kind == Dead && r.Trusted:
			err = contact.Suppress(ctx, tx, a.Key, "", r.Words)
		case r.Kind == Dead && only != "":
			err = contact.Suppress(ctx, tx, a.Key, only, r.Words)
		}
		return true, err
	})
}

// bounced writes down that a mail came back, and has somebody else get what somebody
// must.
func (s *Service) bounced(ctx context.Context, tx *ent.Tx, d *ent.Delivery, words string) error {
	now := instant.Now()
	update := tx.Delivery.UpdateOne(d).SetState(delivery.StateBOUNCED).SetBouncedAt(now).SetLastError(words)
	if d.SentAt == nil {
		update.SetSentAt(now)
	}
	if err := update.Exec(ctx); err != nil {
		return err
	}
	return s.lost(ctx, tx, d)
}

// sent returns the mail of an id that was handed to a server, or nil. It may have come
// back before it is written down that the server took it.
func sent(ctx context.Context, tx *ent.Tx, deliveryID string) (*ent.Delivery, error) {
	if !id.Is(id.Delivery, deliveryID) {
		return nil, nil
	}
	d, err := tx.Delivery.Get(ctx, deliveryID)
	if ent.IsNotFound(err) || err == nil && d.SentAt == nil && d.Attempts == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the delivery: %w", err)
	}
	return d, nil
}
