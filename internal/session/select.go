package session

import (
	"context"
	"fmt"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/membership"
	"tenantry/ent/session"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
)

// Selection is what a client does about the account after signing in.
type Selection string

// The selections.
const (
	SelectNone      Selection = "NONE"
	SelectAutomatic Selection = "AUTOMATIC"
	SelectRequired  Selection = "REQUIRED"
)

// choose selects the only account, or the remembered one, for a new session.
func (s *Service) choose(ctx context.Context, tx *ent.Tx, st *Started) error {
	open := account.StateNEQ(account.StateCLOSED)
	if st.User.TwoFactorAt == nil {
		admits := account.Or(account.TwoFactorFromIsNil(), account.TwoFactorFromGT(instant.Now()))
		open = account.And(open, admits, account.Or(account.ParentIDIsNil(), account.HasParentWith(admits)))
	}
	usable, err := tx.Membership.Query().
		Where(membership.UserID(st.User.ID), access.ActiveMember(), membership.HasAccountWith(open)).
		WithAccount().Order(ent.Asc(membership.FieldID)).Limit(100).All(ctx)
	if err != nil {
		return fmt.Errorf("usable accounts: %w", err)
	}
	st.Usable = usable
	chosen, err := s.remembered(ctx, tx, st)
	if err != nil {
		return fmt.Errorf("default account: %w", err)
	}
	if chosen == nil && len(usable) == 1 {
		chosen, st.Active = usable[0], usable[0].Edges.Account
	}
	switch {
	case chosen != nil:
		st.Selection = SelectAutomatic
		// One that ends in this very moment is no reason not to sign in.
		if err := tx.Membership.Update().Where(membership.ID(chosen.ID)).SetLastAccessAt(instant.Now()).Exec(ctx); err != nil {
			return err
		}
		st.Session, err = tx.Session.UpdateOne(st.Session).SetActiveAccountID(st.Active.ID).Save(ctx)
		return err
	case len(usable) == 0:
		st.Selection = SelectNone
	default:
		st.Selection = SelectRequired
	}
	return nil
}

// remembered makes the person's default account the active one and returns the
// membership that leads there, which for a sub-account may be the parent's. It
// returns nil if there is no default, or none that can be worked in.
func (s *Service) remembered(ctx context.Context, tx *ent.Tx, st *Started) (*ent.Membership, error) {
	if st.User.DefaultAccountID == nil {
		return nil, nil
	}
	a, err := tx.Account.Get(ctx, *st.User.DefaultAccountID)
	if err != nil {
		return nil, err
	}
	family := []*ent.Account{a}
	if a.ParentID != nil {
		parent, err := tx.Account.Get(ctx, *a.ParentID)
		if err != nil {
			return nil, err
		}
		family = append(family, parent)
	}
	// Without a lock, since where somebody starts authorises nothing.
	at, err := s.gate.As(ctx, tx, st.User.ID, family, a.ID)
	if err != nil {
		return nil, err
	}
	if at.Enter() != nil || at.NeedNotClosed() != nil {
		return nil, nil
	}
	st.Active = a
	if at.Membership != nil {
		return at.Membership, nil
	}
	return at.Above, nil
}

const switching = "UPDATE " + session.Table + " SET " + session.FieldActiveAccountID + " = $2 WHERE " + session.FieldID + " = $1"

// Switch selects the account that the actor's session works in, and remembers
// it for the next sign-in if asked. It decides where the client starts and
// authorises nothing, so it is no event. Refusals: NOT_FOUND, ACCOUNT_CLOSED,
// MEMBERSHIP_DEACTIVATED, TWO_FACTOR_REQUIRED.
func (s *Service) Switch(ctx context.Context, by *access.Actor, accountID string, remember bool) (*access.Standing, error) {
	st, err := s.selectable(ctx, by, accountID)
	if err != nil {
		return nil, err
	}
	done, err := s.client.ExecContext(ctx, switching, by.Session.ID, accountID)
	if err != nil {
		return nil, err
	}
	n, err := done.RowsAffected()
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, fault.SignIn()
	}
	by.Session.ActiveAccountID = &accountID
	s.seen.account(st)
	if remember {
		_, err = s.SetDefault(ctx, by, &accountID)
	}
	return st, err
}

// selectable returns the actor's standing in an account that can be worked in.
func (s *Service) selectable(ctx context.Context, by *access.Actor, accountID string) (*access.Standing, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	st, err := s.gate.Enter(ctx, by, accountID)
	if err != nil {
		return nil, err
	}
	return st, st.NeedNotClosed()
}

// SetDefault remembers the account that is selected at sign-in; nil forgets it.
// Refusals: as Switch.
func (s *Service) SetDefault(ctx context.Context, by *access.Actor, accountID *string) (*ent.User, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	name := ""
	if accountID != nil {
		st, err := s.selectable(ctx, by, *accountID)
		if err != nil {
			return nil, err
		}
		name = st.Account.Name
	}
	u, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.User, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		update := tx.User.UpdateOne(u)
		entry := event.Entry{UserID: u.ID, Action: "user.default_account_set", TargetName: name}
		if accountID == nil {
			update.ClearDefaultAccountID()
		} else {
			update.SetDefaultAccountID(*accountID)
			entry.Target = *accountID
		}
		if u, err = update.Save(ctx); err != nil {
			return nil, err
		}
		return u, event.Record(ctx, tx, by, entry)
	})
	if err == nil {
		by.User = u
	}
	return u, err
}

// Active returns the account that the actor's session works in, or nil if none
// is selected or it can no longer be worked in.
func (s *Service) Active(ctx context.Context, by *access.Actor) (*ent.Account, error) {
	if by.Session == nil {
		return nil, nil
	}
	return s.usable(ctx, by, by.Session.ActiveAccountID)
}

// Default returns the account that is selected at sign-in, or nil if there is
// none or it can no longer be worked in.
func (s *Service) Default(ctx context.Context, by *access.Actor) (*ent.Account, error) {
	if by.User == nil {
		return nil, nil
	}
	return s.usable(ctx, by, by.User.DefaultAccountID)
}

func (s *Service) usable(ctx context.Context, by *access.Actor, accountID *string) (*ent.Account, error) {
	if accountID == nil {
		return nil, nil
	}
	st, err := s.selectable(ctx, by, *accountID)
	if fault.All(err) != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return st.Account, nil
}
