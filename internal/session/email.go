package session

import (
	"context"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/authenticator"
	"tenantry/ent/device"
	"tenantry/ent/emailchange"
	"tenantry/ent/identity"
	"tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	"tenantry/ent/session"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/text"
)

// How long the links of a change of address last.
const (
	EmailProofLifetime = 24 * time.Hour
	EmailUndoLifetime  = 7 * 24 * time.Hour
)

// LockActor locks the actor's row and reads it as it is now. Refusals:
// UNAUTHENTICATED for one who was deleted meanwhile.
func LockActor(ctx context.Context, tx *ent.Tx, by *access.Actor) (*ent.User, error) {
	u, err := LockUser(ctx, tx, by.User.ID)
	if ent.IsNotFound(err) {
		return nil, expired()
	}
	return u, err
}

// LockSession is LockActor for what must not be done any more once the actor was
// signed out, even if the request had begun before. Refusals: UNAUTHENTICATED.
func LockSession(ctx context.Context, tx *ent.Tx, by *access.Actor) (*ent.User, error) {
	u, err := LockActor(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	there, err := tx.Session.Query().Where(session.ID(by.SessionID())).Exist(ctx)
	if err == nil && !there {
		err = expired()
	}
	return u, err
}

// RequestEmailChange asks a new address of the actor to prove itself, in the place
// of one that was asked before. It does and answers the same whether or not the
// address has a user; the mail differs. Refusals: UNAUTHENTICATED, REAUTH_REQUIRED,
// BAD_INPUT, RATE_LIMITED.
func (s *Service) RequestEmailChange(ctx context.Context, by *access.Actor, email string) (*ent.EmailChange, error) {
	if err := Proved(by); err != nil {
		return nil, err
	}
	a, err := Email("email", email)
	if err != nil {
		return nil, err
	}
	if a.Key == by.User.EmailKey {
		return nil, sameAddress()
	}
	for _, b := range []struct {
		rule budget.Rule
		key  string
	}{{budget.MailByNetwork, budget.Network(by.Address)}, {budget.ChangeByUser, by.User.ID}, {budget.ChangeByAddress, a.Key}} {
		if err := s.book.Take(ctx, b.rule, b.key, 1); err != nil {
			return nil, err
		}
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.EmailChange, error) {
		u, err := LockSession(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		if a.Key == u.EmailKey {
			return nil, sameAddress()
		}
		if _, err := dropWaiting(ctx, tx, u.ID); err != nil {
			return nil, err
		}
		c, err := tx.EmailChange.Create().SetUserID(u.ID).SetEmail(a.Display).SetEmailKey(a.Key).SetFormerEmail(u.Email).SetFormerEmailKey(u.EmailKey).
			SetExpiresAt(instant.Second(instant.Now().Add(EmailProofLifetime))).Save(ctx)
		if err != nil {
			return nil, err
		}
		return c, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "email.change_requested", Target: c.ID, TargetName: c.Email,
			After: map[string]any{"email": c.Email, "device": Device(by.Agent)}})
	})
}

func sameAddress() error {
	return fault.On("email", fault.BadInput, "You sign in with this address already.")
}

// dropWaiting forgets the new address that waits for its proof, and reports whether
// there was one.
func dropWaiting(ctx context.Context, tx *ent.Tx, userID string) (bool, error) {
	n, err := tx.EmailChange.Delete().Where(emailchange.UserID(userID), emailchange.ConfirmedAtIsNil()).Exec(ctx)
	return n > 0, err
}

// WaitingEmailChange returns the actor's new address that waits for its proof, or
// nil. Refusals: UNAUTHENTICATED.
func (s *Service) WaitingEmailChange(ctx context.Context, by *access.Actor) (*ent.EmailChange, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	c, err := s.client.EmailChange.Query().Where(emailchange.UserID(by.User.ID), emailchange.ConfirmedAtIsNil(), emailchange.ExpiresAtGT(instant.Now())).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return c, err
}

// CancelEmailChange forgets the actor's new address that waits for its proof, whose
// link is dead then, and reports whether there was one. Refusals: UNAUTHENTICATED.
func (s *Service) CancelEmailChange(ctx context.Context, by *access.Actor) (bool, error) {
	if err := by.NeedPerson(); err != nil {
		return false, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (bool, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return false, err
		}
		there, err := dropWaiting(ctx, tx, u.ID)
		if err != nil || !there {
			return false, err
		}
		return true, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "email.change_canceled", Target: u.ID, TargetName: u.Name})
	})
}

// ConfirmEmailChange makes the address that the token proves the actor's own, if it
// was the actor who asked for it. Every other session and every link that was mailed
// to the old address or the new one is dead when it returns; the old address can take
// the change back for EmailUndoLifetime. Refusals: UNAUTHENTICATED, INVALID_TOKEN,
// CONFLICT if the address has another user meanwhile, RATE_LIMITED.
func (s *Service) ConfirmEmailChange(ctx context.Context, by *access.Actor, token string) (*Started, int, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, 0, err
	}
	claim, err := s.open(ctx, by, token, link.EmailChange)
	if err != nil {
		return nil, 0, err
	}
	ended := 0
	st, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Started, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		c, err := tx.EmailChange.Query().Where(emailchange.ID(claim.ID), emailchange.UserID(u.ID), emailchange.ConfirmedAtIsNil()).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, dead()
		}
		if err != nil {
			return nil, err
		}
		now := instant.Now()
		if !c.ExpiresAt.Equal(claim.ExpiresAt) || !now.Before(c.ExpiresAt) {
			return nil, dead()
		}
		confirm := tx.EmailChange.UpdateOne(c).SetConfirmedAt(now).SetExpiresAt(instant.Second(now.Add(EmailUndoLifetime)))
		back, err := goesBack(ctx, tx, c, now)
		if err != nil {
			return nil, err
		}
		if back {
			confirm.SetEndedAt(now)
		}
		if err := confirm.Exec(ctx); err != nil {
			return nil, err
		}
		if u, err = s.readdress(ctx, tx, u, address.Address{Display: c.Email, Key: c.EmailKey}); err != nil {
			return nil, err
		}
		if ended, err = s.endOthers(ctx, tx, by, 0); err != nil {
			return nil, err
		}
		st, err := rotate(ctx, tx, by, by.Session.ProvedAt)
		if err != nil {
			return nil, err
		}
		st.User = u
		return st, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "email.changed", Target: c.ID, TargetName: u.Name,
			Before: map[string]any{"email": c.FormerEmail}, After: map[string]any{"email": c.Email, "canBeUndone": !back}})
	})
	if err != nil {
		return nil, 0, err
	}
	by.User, by.Session = st.User, st.Session
	return st, ended, nil
}

// goesBack reports whether a change leads to an address that could still be restored.
// It is as good as restoring it: what was changed since can no longer be undone, and
// neither can this, or whoever had taken the user over could take it back.
func goesBack(ctx context.Context, tx *ent.Tx, c *ent.EmailChange, now time.Time) (bool, error) {
	first, err := tx.EmailChange.Query().Where(emailchange.UserID(c.UserID), emailchange.ConfirmedAtNotNil(), emailchange.EndedAtIsNil(),
		emailchange.ExpiresAtGT(now), emailchange.FormerEmailKey(c.EmailKey)).Order(ent.Asc(emailchange.FieldID)).First(ctx)
	if ent.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	return true, endWaysBack(ctx, tx, first, now)
}

// endWaysBack ends what leads back to the old address of a change, and of those
// after it.
func endWaysBack(ctx context.Context, tx *ent.Tx, c *ent.EmailChange, now time.Time) error {
	return tx.EmailChange.Update().Where(emailchange.UserID(c.UserID), emailchange.ConfirmedAtNotNil(), emailchange.EndedAtIsNil(),
		emailchange.IDGTE(c.ID)).SetEndedAt(now).Exec(ctx)
}

// readdress gives a user, who is locked, another address, and does what waits for
// somebody with it. Links that were mailed to the old address or the new one die.
// Refusals: CONFLICT if it has a user.
func (s *Service) readdress(ctx context.Context, tx *ent.Tx, u *ent.User, to address.Address) (*ent.User, error) {
	_, err := tx.Verification.Delete().Where(verification.EmailKeyIn(u.EmailKey, to.Key), verification.PurposeNEQ(verification.PurposeORDER)).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("end links to the addresses: %w", err)
	}
	u, err = tx.User.UpdateOne(u).SetEmail(to.Display).SetEmailKey(to.Key).SetSearch(text.Fold(u.Name, to.Key)).Save(ctx)
	if db.IsUnique(err) {
		return nil, fault.On("token", fault.Conflict, "This address has another user meanwhile.")
	}
	if err != nil || s.arrival == nil {
		return u, err
	}
	return u, s.arrival(ctx, tx, u)
}

// UndoEmailChange gives a user the address back that they had before a change, for
// whoever holds the link that was mailed to it. Every session is dead when it
// returns, and so are the password, what has been added since the change was asked
// for to sign in with, and whatever leads to a later address; a link for a new
// password is mailed to the restored one. Refusals: INVALID_TOKEN, CONFLICT if the
// address has another user meanwhile, RATE_LIMITED.
func (s *Service) UndoEmailChange(ctx context.Context, by *access.Actor, token string) error {
	claim, err := s.open(ctx, by, token, link.EmailUndo)
	if err != nil {
		return err
	}
	seen, err := s.client.EmailChange.Get(ctx, claim.ID)
	if ent.IsNotFound(err) {
		return lapsed()
	}
	if err != nil {
		return err
	}
	for {
		err := db.InTx0(ctx, s.client, func(tx *ent.Tx) error { return s.undo(ctx, tx, by, claim, seen.UserID) })
		if db.IsUnique(err) && ctx.Err() == nil {
			continue // somebody asked for a new password in this very moment
		}
		if err == nil && seen.UserID == by.UserID() {
			depart(by)
		}
		return err
	}
}

func lapsed() error {
	return fault.On("token", fault.InvalidToken, "This link is not valid, or no longer.")
}

func (s *Service) undo(ctx context.Context, tx *ent.Tx, by *access.Actor, claim link.Claim, userID string) error {
	u, err := LockUser(ctx, tx, userID)
	if ent.IsNotFound(err) {
		return lapsed()
	}
	if err != nil {
		return err
	}
	c, err := tx.EmailChange.Get(ctx, claim.ID)
	if ent.IsNotFound(err) {
		return lapsed()
	}
	if err != nil {
		return err
	}
	now, left := instant.Now(), u.Email
	if c.ConfirmedAt == nil || !c.ExpiresAt.Equal(claim.ExpiresAt) || !now.Before(c.ExpiresAt) {
		return lapsed()
	}
	if c.EndedAt != nil {
		return fault.On("token", fault.InvalidToken, "This has been done: the address was changed back already.")
	}
	if _, err := dropWaiting(ctx, tx, u.ID); err != nil {
		return err
	}
	if err := endWaysBack(ctx, tx, c, now); err != nil {
		return err
	}
	if _, err := tx.Session.Delete().Where(session.UserID(u.ID)).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.Device.Delete().Where(device.UserID(u.ID)).Exec(ctx); err != nil {
		return err
	}
	// Whoever took the user over may have made a way in before they asked for the address.
	if err := disarm(ctx, tx, u, c.CreatedAt, c.CreatedAt.Add(-link.DenialLifetime)); err != nil {
		return err
	}
	if u, err = s.readdress(ctx, tx, u, address.Address{Display: c.FormerEmail, Key: c.FormerEmailKey}); err != nil {
		return err
	}
	v, err := Ask(ctx, tx, verification.PurposePASSWORD_RESET, address.Address{Display: u.Email, Key: u.EmailKey}, u.Name, u.Locale, ResetLifetime)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, &access.Actor{Name: "Whoever has the old address", Address: by.Address, Agent: by.Agent},
		event.Entry{UserID: u.ID, Action: "email.change_undone", Target: c.ID, TargetName: u.Name,
			Before: map[string]any{"email": left}, After: map[string]any{"email": u.Email, "verificationId": v.ID, "device": Device(by.Agent)}})
}

// disarm takes from a user the password, and every other way to sign in that was
// added since an instant, recovery codes among them. That signing in takes a second
// factor stays unless it has begun since the change itself: who reads the mail has
// proved one.
func disarm(ctx context.Context, tx *ent.Tx, u *ent.User, changed, since time.Time) error {
	if _, err := tx.Passkey.Delete().Where(passkey.UserID(u.ID), passkey.CreatedAtGTE(since)).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.Identity.Delete().Where(identity.UserID(u.ID), identity.CreatedAtGTE(since)).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.Authenticator.Delete().Where(authenticator.UserID(u.ID), authenticator.Or(authenticator.ConfirmedAtIsNil(), authenticator.ConfirmedAtGTE(since))).Exec(ctx); err != nil {
		return err
	}
	if _, err := tx.RecoveryCode.Delete().Where(recoverycode.UserID(u.ID), recoverycode.CreatedAtGTE(since)).Exec(ctx); err != nil {
		return err
	}
	update := tx.User.UpdateOne(u).ClearPasswordHash()
	if u.TwoFactorAt != nil && !u.TwoFactorAt.Before(changed) {
		update.ClearTwoFactorAt()
	}
	return update.Exec(ctx)
}
