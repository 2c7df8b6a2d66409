package session

import (
	"context"
	"fmt"

	"tenantry/ent"
	"tenantry/ent/authenticator"
	"tenantry/ent/passkey"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/permission"
	"tenantry/internal/text"
)

// The operator of the portal helps people in and back in, and asks whose session
// a token is. What changes something is recorded under the operator's name, and
// mail tells the person.

func operatorOnly(by *access.Actor) error {
	if by.Kind != access.Operator || by.Token != "" {
		return fault.New(fault.Forbidden, "Only the operator at the command line may do this.")
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
		u, err := s.Arrive(ctx, tx, a, name, "en", "")
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
	return s.client.User.Query().Where(user.SearchContains(text.Fold(search)), user.DeletedAtIsNil()).Order(ent.Asc(user.FieldID)).Limit(100).All(ctx)
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
// with them, and every device is unknown again. Refusals: FORBIDDEN, NOT_FOUND.
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
		if _, err := forget(ctx, tx, u.ID, nil); err != nil {
			return 0, err
		}
		return n, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "session.all_ended", Target: u.ID, TargetName: u.Name,
			After: map[string]any{"sessions": n}})
	})
}

// LiftTwoFactors takes a user's authenticator app, passkeys and recovery codes away,
// for somebody who has lost them and proved otherwise who they are, and ends every
// session of theirs. Mailed reset links die with them; the password stays. Refusals:
// FORBIDDEN, NOT_FOUND, BAD_INPUT without a reason; CONFLICT if there is nothing to lift.
func (s *Service) LiftTwoFactors(ctx context.Context, by *access.Actor, email, reason string) error {
	if err := operatorOnly(by); err != nil {
		return err
	}
	reason, err := text.Line("reason", reason, true, 200)
	if err != nil {
		return err
	}
	return db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		u, err := byEmail(ctx, tx, email)
		if err != nil {
			return err
		}
		if u, err = LockUser(ctx, tx, u.ID); err != nil {
			return err
		}
		apps, err := tx.Authenticator.Delete().Where(authenticator.UserID(u.ID)).Exec(ctx)
		if err != nil {
			return err
		}
		passkeys, err := tx.Passkey.Delete().Where(passkey.UserID(u.ID)).Exec(ctx)
		if err != nil {
			return err
		}
		if u.TwoFactorAt == nil && apps == 0 && passkeys == 0 {
			return fault.New(fault.Conflict, "%s has no second factor to lift.", u.Email)
		}
		if u, err = settle(ctx, tx, u); err != nil {
			return err
		}
		if err := endResets(ctx, tx, u); err != nil {
			return err
		}
		sessions, err := tx.Session.Delete().Where(session.UserID(u.ID)).Exec(ctx)
		if err != nil {
			return err
		}
		return event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "two_factor.lifted", Target: u.ID, TargetName: u.Name,
			After: map[string]any{"reason": reason, "passkeysRemoved": passkeys, "sessions": sessions}})
	})
}

// Introspection is what a service of the company is told about a session.
type Introspection struct {
	Session *ent.Session
	User    *ent.User
	// Standing is what the person is and may do in the account that was asked for,
	// or else the one that the session works in. Nil for none that can be worked in.
	Standing *access.Standing
}

// Introspect tells whose session a token is, in whatever way it was handed out,
// and returns nil for one that cannot be used. It counts as use of the session,
// not as work in the account.
// accountID "" is the account that the session works in. For an operator with the
// power. Refusals: FORBIDDEN.
func (s *Service) Introspect(ctx context.Context, by *access.Actor, token, accountID string) (*Introspection, error) {
	if err := by.NeedPower(permission.Introspect); err != nil {
		return nil, err
	}
	if len(token) != tokenLength {
		return nil, nil
	}
	now := instant.Now()
	r, err := s.read(ctx, hashToken(token), now, Places{})
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	if r == nil || r.session.Pending || !s.alive(r, now) {
		return nil, nil
	}
	if accountID == "" && r.session.ActiveAccountID != nil {
		accountID = *r.session.ActiveAccountID
	}
	out := &Introspection{Session: r.session, User: r.user}
	person := &access.Actor{Kind: access.Person, User: r.user, Session: r.session}
	st, err := s.selectable(ctx, person, accountID)
	switch {
	case err == nil:
		out.Standing = st
	case fault.All(err) == nil:
		return nil, err
	}
	s.seen.note(now, r)
	return out, nil
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
