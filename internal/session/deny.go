package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/ent/apitoken"
	"tenantry/ent/emailchange"
	entevent "tenantry/ent/event"
	"tenantry/ent/identity"
	"tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/link"
)

const denied = "activity.denied"

// Deny takes the word of whoever was mailed that something happened to their sign-in,
// and says that it was not them. All that is signed in ends, so does all by which
// somebody could sign in again: the password, known devices, what waits for a new
// address, passkeys, recovery codes and identities elsewhere that were added since. API
// tokens of accounts that were made since are dead. An address that was changed since is
// changed back. That signing in takes a second factor stays, even if none is left that the person has: who reads the mail has proved one,
// and the operator lifts it. The way back is a link to a new password, mailed to the
// person's address.
//
// The link is bound to what happened and to nothing that could be changed since, and
// has its effect once. Refusals: INVALID_TOKEN, CONFLICT, RATE_LIMITED.
func (s *Service) Deny(ctx context.Context, by *access.Actor, token string) error {
	claim, err := s.open(ctx, by, token, link.Denial)
	if err != nil {
		return err
	}
	if !instant.Now().Before(claim.ExpiresAt) {
		return dead()
	}
	e, err := s.client.Event.Query().Where(entevent.ID(claim.ID)).Only(ctx)
	if ent.IsNotFound(err) {
		return dead()
	}
	if err != nil {
		return err
	}
	for {
		err := db.InTx0(ctx, s.client, func(tx *ent.Tx) error { return s.deny(ctx, tx, by, e) })
		if db.IsUnique(err) || errors.Is(err, errMade) {
			continue // a link to a new password was asked for in this very moment, or an API token made
		}
		if err == nil && (e.Stream == by.UserID() || by.Half != nil && e.Stream == by.Half.User.ID) {
			depart(by)
		}
		return err
	}
}

func (s *Service) deny(ctx context.Context, tx *ent.Tx, by *access.Actor, e *ent.Event) error {
	// Accounts are locked before people, by everybody.
	locked, err := tokensSince(ctx, tx, e)
	if err != nil {
		return err
	}
	for _, t := range locked {
		if _, err := s.gate.LockAccounts(ctx, tx, t.AccountID); err != nil {
			return err
		}
	}
	u, err := LockUser(ctx, tx, e.Stream)
	if ent.IsNotFound(err) {
		return dead()
	}
	if err != nil {
		return err
	}
	before, err := tx.Event.Query().Where(entevent.Stream(u.ID), entevent.Action(denied), entevent.TargetID(e.ID)).Exist(ctx)
	if err != nil {
		return err
	}
	if before {
		return fault.On("token", fault.Conflict, "You have said so already with this link, and everything was ended then. If you need another link to a new password, ask for one.")
	}
	who := &access.Actor{Kind: access.Person, User: u, Address: by.Address}
	tokens, err := killTokensSince(ctx, tx, who, e, locked)
	if err != nil {
		return err
	}
	ended := map[string]any{}
	if tokens > 0 {
		ended["apiTokens"] = tokens
	}
	for _, end := range []struct {
		what string
		do   func(context.Context) (int, error)
	}{
		{"sessions", tx.Session.Delete().Where(session.UserID(u.ID)).Exec},
		{"devices", func(ctx context.Context) (int, error) { return forget(ctx, tx, u.ID, nil) }},
		{"emailChanges", tx.EmailChange.Delete().Where(emailchange.UserID(u.ID), emailchange.ConfirmedAtIsNil()).Exec},
		{"passkeys", tx.Passkey.Delete().Where(passkey.UserID(u.ID), passkey.Or(passkey.ID(e.TargetID), passkey.CreatedAtGTE(e.CreatedAt))).Exec},
		{"recoveryCodes", tx.RecoveryCode.Delete().Where(recoverycode.UserID(u.ID), recoverycode.CreatedAtGTE(e.CreatedAt)).Exec},
		{"identities", tx.Identity.Delete().Where(identity.UserID(u.ID), identity.Or(identity.ID(e.TargetID), identity.CreatedAtGTE(e.CreatedAt))).Exec},
	} {
		n, err := end.do(ctx)
		if err != nil {
			return fmt.Errorf("end %s: %w", end.what, err)
		}
		if n > 0 {
			ended[end.what] = n
		}
	}
	if u, err = s.restore(ctx, tx, u, e.CreatedAt); err != nil {
		return err
	}
	if err := setPassword(ctx, tx, u, ""); err != nil {
		return err
	}
	if err := s.book.Forgive(ctx, tx, budget.PasswordByAddress, u.EmailKey); err != nil {
		return err
	}
	v, err := Ask(ctx, tx, verification.PurposePASSWORD_RESET, address.Address{Display: u.Email, Key: u.EmailKey}, u.Name, u.Locale, ResetLifetime)
	if err != nil {
		return err
	}
	ended["verificationId"] = v.ID
	return event.Record(ctx, tx, who, event.Entry{UserID: u.ID, Action: denied, Target: e.ID, TargetName: e.Action, After: ended})
}

// errMade says that an API token was made in the moment in which the accounts of all
// were being locked.
var errMade = errors.New("an API token was made meanwhile")

// tokensSince lists the API tokens that the person whose event it is made since then.
func tokensSince(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]*ent.APIToken, error) {
	return tx.APIToken.Query().Where(apitoken.CreatedByID(e.Stream), apitoken.CreatedAtGTE(e.CreatedAt)).Order(ent.Asc(apitoken.FieldAccountID, apitoken.FieldID)).All(ctx)
}

// killTokensSince deletes those tokens and counts them. The accounts of the ones that
// are given are locked, and so is the person, who makes no more of them then.
func killTokensSince(ctx context.Context, tx *ent.Tx, by *access.Actor, e *ent.Event, locked []*ent.APIToken) (int, error) {
	made, err := tokensSince(ctx, tx, e)
	if err != nil {
		return 0, err
	}
	for _, t := range made {
		if !slices.ContainsFunc(locked, func(l *ent.APIToken) bool { return l.AccountID == t.AccountID }) {
			return 0, errMade
		}
		if err := tx.APIToken.DeleteOne(t).Exec(ctx); err != nil {
			return 0, err
		}
		if err := access.MembersChanged(ctx, tx, t.AccountID); err != nil {
			return 0, err
		}
		if err := event.Record(ctx, tx, by, event.Entry{AccountID: t.AccountID, Action: "api_token.revoked", Target: t.ID, TargetName: t.Name,
			After: map[string]any{"reason": "whoever made it says that they did not"}}); err != nil {
			return 0, err
		}
	}
	return len(made), nil
}

// restore gives a user, who is locked, the address back that they had at an instant, if
// the change can still be undone and nobody else has the address meanwhile.
func (s *Service) restore(ctx context.Context, tx *ent.Tx, u *ent.User, at time.Time) (*ent.User, error) {
	now := instant.Now()
	c, err := tx.EmailChange.Query().Where(emailchange.UserID(u.ID), emailchange.ConfirmedAtGTE(at), emailchange.EndedAtIsNil(), emailchange.ExpiresAtGT(now)).
		Order(ent.Asc(emailchange.FieldID)).First(ctx)
	if ent.IsNotFound(err) {
		return u, nil
	}
	if err != nil {
		return nil, err
	}
	if taken, err := tx.User.Query().Where(user.EmailKey(c.FormerEmailKey), user.IDNEQ(u.ID)).Exist(ctx); err != nil || taken {
		return u, err
	}
	if err := endWaysBack(ctx, tx, c, now); err != nil {
		return nil, err
	}
	return s.readdress(ctx, tx, u, address.Address{Display: c.FormerEmail, Key: c.FormerEmailKey})
}
