package session

import (
	"context"

	"tenantry/ent"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/link"
	"tenantry/internal/text"
)

// The operator of the portal helps people in and back in. Everything here is
// recorded under the operator's name, and mail tells the person.

func operatorOnly(by *access.Actor) error {
	if by.Kind != access.Operator {
		return fault.New(fault.Forbidden, "Only the operator of the portal may do this.")
	}
	return nil
}

// CreateUser creates a user without a password, for whose address the operator
// vouches. Refusals: FORBIDDEN, BAD_INPUT, CONFLICT.
func (s *Service) CreateUser(ctx context.Context, by *access.Actor, email, name string) (*ent.User, error) {
	if err := operatorOnly(by); err != nil {
		return nil, err
	}
	a, err := Email("email", email)
	if err != nil {
		return nil, err
	}
	u, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.User, error) {
		u, err := NewUser(ctx, tx, a, name, "en", "")
		if err != nil {
			return nil, err
		}
		return u, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "user.created", Target: u.ID, TargetName: u.Name})
	})
	if db.IsUnique(err) {
		return nil, fault.On("email", fault.Conflict, "%s has a user already.", a.Display)
	}
	return u, err
}

// Find returns users whose name or address contains the text, at most 100.
func (s *Service) Find(ctx context.Context, search string) ([]*ent.User, error) {
	return s.client.User.Query().Where(user.SearchContains(text.Fold(search))).Order(ent.Asc(user.FieldID)).Limit(100).All(ctx)
}

// Recover makes a link that sets a new password, once and for 30 minutes, and
// owes a mail with it. Refusals: FORBIDDEN, NOT_FOUND.
func (s *Service) Recover(ctx context.Context, by *access.Actor, email string) (link.Claim, error) {
	if err := operatorOnly(by); err != nil {
		return link.Claim{}, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (link.Claim, error) {
		u, err := byEmail(ctx, tx, email)
		if err != nil {
			return link.Claim{}, err
		}
		v, err := Ask(ctx, tx, verification.PurposeRECOVERY, address.Address{Display: u.Email, Key: u.EmailKey}, u.Name, u.Locale, ResetLifetime)
		if err != nil {
			return link.Claim{}, err
		}
		return link.Claim{ID: v.ID, Generation: v.Generation, ExpiresAt: v.ExpiresAt},
			event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "user.recovery_requested", Target: v.ID, TargetName: u.Name})
	})
}

// EndAll ends every session of a user and counts them. Mailed reset links die
// with them. Refusals: FORBIDDEN, NOT_FOUND.
func (s *Service) EndAll(ctx context.Context, by *access.Actor, email string) (int, error) {
	if err := operatorOnly(by); err != nil {
		return 0, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (int, error) {
		u, err := byEmail(ctx, tx, email)
		if err != nil {
			return 0, err
		}
		if err := endResets(ctx, tx, u); err != nil {
			return 0, err
		}
		n, err := tx.Session.Delete().Where(session.UserID(u.ID)).Exec(ctx)
		if err != nil {
			return 0, err
		}
		return n, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "session.all_ended", Target: u.ID, TargetName: u.Name,
			After: map[string]any{"sessions": n}})
	})
}

func byEmail(ctx context.Context, tx *ent.Tx, email string) (*ent.User, error) {
	a, err := Email("email", email)
	if err != nil {
		return nil, err
	}
	u, err := tx.User.Query().Where(user.EmailKey(a.Key)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.Missing("user")
	}
	return u, err
}
