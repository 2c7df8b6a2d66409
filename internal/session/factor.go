package session

import (
	"context"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/authenticator"
	"tenantry/ent/device"
	"tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	"tenantry/ent/session"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/event"
	"tenantry/internal/instant"
)

// Factor is what somebody proves, beside the password, who they are with.
type Factor string

// The factors.
const (
	TOTP         Factor = "TOTP"
	Passkey      Factor = "PASSKEY"
	RecoveryCode Factor = "RECOVERY_CODE"
)

// factors returns the second factors that a person can use now.
func factors(ctx context.Context, c *ent.Client, userID string) ([]Factor, error) {
	out := []Factor{}
	for _, f := range []struct {
		factor Factor
		has    func(context.Context) (bool, error)
	}{
		{TOTP, c.Authenticator.Query().Where(authenticator.UserID(userID), authenticator.ConfirmedAtNotNil()).Exist},
		{Passkey, c.Passkey.Query().Where(passkey.UserID(userID)).Exist},
		{RecoveryCode, c.RecoveryCode.Query().Where(recoverycode.UserID(userID), recoverycode.UsedAtIsNil()).Exist},
	} {
		has, err := f.has(ctx)
		if err != nil {
			return nil, fmt.Errorf("second factors: %w", err)
		}
		if has {
			out = append(out, f.factor)
		}
	}
	return out, nil
}

// PendingSignIn is what whoever has passed the first factor may know of it.
type PendingSignIn struct {
	Factors     []Factor
	MaskedEmail string
	ExpiresAt   time.Time
}

// Pending returns the sign-in that the actor's half session waits to finish, or nil for
// everybody who has none.
func (s *Service) Pending(ctx context.Context, by *access.Actor) (*PendingSignIn, error) {
	if by.Half == nil {
		return nil, nil
	}
	out := &PendingSignIn{MaskedEmail: address.Mask(by.Half.User.EmailKey), ExpiresAt: by.Half.Session.ExpiresAt}
	var err error
	out.Factors, err = factors(ctx, s.client, by.Half.User.ID)
	return out, err
}

// finish turns the actor's half session into a whole one: it gets a new token, the
// proof is of now, an account is chosen, and session.started is recorded. The actor
// stays who they are until the caller, after the commit, calls Become.
//
// The caller must have, in this order: counted the attempt (budget.Book.Take) before
// anything was checked; locked the user in this transaction (LockUser, for
// by.Half.User.ID) and handed that row over as u; and checked and used up, in this
// transaction, a second factor of u, which how names. finish itself refuses a half
// session that is another person's, has lapsed, or was finished or ended meanwhile,
// and a user who was disabled. Refusals: UNAUTHENTICATED.
func (s *Service) finish(ctx context.Context, tx *ent.Tx, by *access.Actor, u *ent.User, how Factor) (*Started, error) {
	if by.Half == nil || by.Half.User.ID != u.ID || u.DisabledAt != nil {
		return nil, expired()
	}
	token, hash := newToken()
	now := instant.Now()
	end := now.Add(s.config.Absolute)
	update := tx.Session.Update().Where(session.ID(by.Half.Session.ID), session.UserID(u.ID), session.Pending(true), session.ExpiresAtGT(now)).
		SetPending(false).SetTokenHash(hash).SetProvedAt(now).SetLastSeenAt(now).SetExpiresAt(end)
	if by.Half.Session.Bearer {
		update.SetTokenExpiresAt(tokenEnd(now, end))
	}
	if by.Half.Session.DeviceID == nil { // an app may say what it is known by with the second step only
		known, err := recognised(ctx, tx.Device.Query(), by, device.UserID(u.ID))
		if err != nil {
			return nil, fmt.Errorf("known device: %w", err)
		}
		if known != nil {
			update.SetDeviceID(known.ID)
		}
	}
	n, err := update.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("finish sign-in: %w", err)
	}
	if n == 0 {
		return nil, expired()
	}
	row, err := tx.Session.Get(ctx, by.Half.Session.ID)
	if err != nil {
		return nil, err
	}
	if !row.Bearer {
		if err := replace(ctx, tx, by.Half.Session.TokenHash, row.ID); err != nil {
			return nil, err
		}
	}
	st := &Started{User: u, Session: row, Token: token}
	if err := s.whole(ctx, tx, by, st); err != nil {
		return nil, err
	}
	return st, s.started(ctx, tx, by, st, how)
}

// started chooses the account of a session that is whole now and records that it
// began; how is the second factor, or "".
func (s *Service) started(ctx context.Context, tx *ent.Tx, by *access.Actor, st *Started, how Factor) error {
	if err := s.choose(ctx, tx, st); err != nil {
		return err
	}
	e := event.Entry{UserID: st.User.ID, Action: "session.started", Target: st.Session.ID, TargetName: Device(by.Agent), After: map[string]any{}}
	if how != "" {
		e.After["secondFactor"] = string(how)
	}
	if st.Provider != "" {
		e.After["provider"] = st.Provider
	}
	if st.Device != "" {
		e.After["newDevice"] = Device(by.Agent)
	}
	return event.Record(ctx, tx, &access.Actor{Kind: access.Person, User: st.User, Address: by.Address}, e)
}
