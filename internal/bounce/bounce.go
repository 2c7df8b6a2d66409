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
	bounced  func(context.Context, *ent.Tx, *ent.Delivery) error
}

// New returns a service. It calls bounced with each delivery that has bounced, in the
// transaction that says so of it.
func New(client *ent.Client, contacts *contact.Service, bounced func(context.Context, *ent.Tx, *ent.Delivery) error) *Service {
	return &Service{client: client, contacts: contacts, bounced: bounced}
}

// Take acts on a report and says whether it concerned anything of ours: the delivery
// bounced, and no mail goes any more to an address that does not exist, nor what its
// reader can unsubscribe from to one who complained. The same report again changes
// nothing.
//
// Whoever sends mail to us can write a report. So one that nobody vouches for has to
// name a delivery that was sent, and says nothing about any address but the one that
// this delivery went to.
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
		if known && d.State != delivery.StateSENT {
			return true, nil // it was reported before
		}
		if known && r.Kind != Complaint {
			err = tx.Delivery.UpdateOne(d).SetState(delivery.StateBOUNCED).SetBouncedAt(instant.Now()).SetLastError(r.Words).Exec(ctx)
			if err == nil {
				err = s.bounced(ctx, tx, d)
			}
		}
		if err != nil || !known && !r.Trusted {
			return known, err
		}
		switch r.Kind {
		case Dead:
			err = contact.Suppress(ctx, tx, a.Key, r.Words)
		case Complaint:
			only := ""
			if known {
				only = d.ContactID
			}
			err = s.contacts.Complain(ctx, tx, a.Key, only)
		}
		return true, err
	})
}

// sent returns the mail of an id that was accepted by a server, or nil.
func sent(ctx context.Context, tx *ent.Tx, deliveryID string) (*ent.Delivery, error) {
	if !id.Is(id.Delivery, deliveryID) {
		return nil, nil
	}
	d, err := tx.Delivery.Get(ctx, deliveryID)
	if ent.IsNotFound(err) || err == nil && d.SentAt == nil {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the delivery: %w", err)
	}
	return d, nil
}
