package account

import (
	"context"
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/membership"
	"tenantry/ent/ownershiptransfer"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
	sessions "tenantry/internal/session"
)

// TransferLifetime is how long an offer of ownership is open.
const TransferLifetime = 7 * 24 * time.Hour

// RequestTransfer offers the account to an active member. Refusals: NOT_FOUND,
// FORBIDDEN, REAUTH_REQUIRED, BAD_INPUT, TRANSFER_PENDING, ACCOUNT_CLOSED,
// ACCOUNT_SUSPENDED.
func (s *Service) RequestTransfer(ctx context.Context, by *access.Actor, accountID, membershipID string) (*ent.OwnershipTransfer, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.OwnershipTransfer, error) {
		st, err := s.gate.Lock(ctx, tx, by, accountID)
		if err != nil {
			return nil, err
		}
		if err := st.NeedOwner(); err != nil {
			return nil, err
		}
		if err := st.NeedOpen(); err != nil {
			return nil, err
		}
		if err := sessions.Proved(by); err != nil {
			return nil, err
		}
		if st.Account.ParentID != nil {
			return nil, fault.On("accountId", fault.BadInput, "A sub-account goes with its parent; hand that over.")
		}
		m, err := nominee(ctx, tx, accountID, membershipID)
		if err != nil {
			return nil, err
		}
		if m.UserID == by.UserID() {
			return nil, fault.On("membershipId", fault.BadInput, "You own the account already.")
		}
		if m.State != membership.StateACTIVE {
			return nil, fault.On("membershipId", fault.BadInput, "Only an active member can own an account.")
		}
		before, err := s.pending(ctx, tx.OwnershipTransfer, accountID)
		if err != nil {
			return nil, err
		}
		if before != nil {
			if instant.Now().Before(before.ExpiresAt) {
				return nil, fault.New(fault.TransferPending, "An offer is waiting for an answer already. Cancel it first.")
			}
			if err := tx.OwnershipTransfer.UpdateOne(before).SetState(ownershiptransfer.StateEXPIRED).SetEndedAt(before.ExpiresAt).Exec(ctx); err != nil {
				return nil, err
			}
		}
		t, err := tx.OwnershipTransfer.Create().SetAccountID(accountID).SetFromUserID(by.UserID()).SetToUserID(m.UserID).
			SetExpiresAt(instant.Now().Add(TransferLifetime)).Save(ctx)
		if err != nil {
			return nil, err
		}
		t.Edges.From, t.Edges.To = by.User, m.Edges.User
		return t, event.Record(ctx, tx, by, event.Entry{AccountID: accountID, Action: "ownership_transfer.requested", Target: t.ID,
			TargetName: m.Edges.User.Name, After: map[string]any{"toUserId": m.UserID}})
	})
}

func nominee(ctx context.Context, tx *ent.Tx, accountID, membershipID string) (*ent.Membership, error) {
	missing := fault.On("membershipId", fault.NotFound, "There is no such membership.")
	if !id.Is(id.Membership, membershipID) {
		return nil, missing
	}
	m, err := tx.Membership.Query().Where(membership.ID(membershipID), membership.AccountID(accountID)).WithUser().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, missing
	}
	return m, err
}

// waiting locks the account of an offer that the actor takes part in, and
// refuses one that no longer waits for an answer.
func (s *Service) waiting(ctx context.Context, tx *ent.Tx, by *access.Actor, transferID string, mine func(*ent.OwnershipTransfer) string) (*access.Standing, *ent.OwnershipTransfer, error) {
	if by.Kind != access.Person {
		return nil, nil, fault.SignIn()
	}
	if !id.Is(id.Transfer, transferID) {
		return nil, nil, fault.Missing("transfer")
	}
	found, err := tx.OwnershipTransfer.Get(ctx, transferID)
	if ent.IsNotFound(err) || err == nil && mine(found) != by.User.ID {
		return nil, nil, fault.Missing("transfer")
	}
	if err != nil {
		return nil, nil, err
	}
	st, err := s.gate.Lock(ctx, tx, by, found.AccountID)
	if fault.Has(err, fault.NotFound) {
		return nil, nil, fault.Missing("transfer")
	}
	if err != nil {
		return nil, nil, err
	}
	t, err := tx.OwnershipTransfer.Query().Where(ownershiptransfer.ID(transferID)).WithFrom().WithTo().Only(ctx)
	if err != nil {
		return nil, nil, err
	}
	if State(t) != ownershiptransfer.StatePENDING {
		return nil, nil, fault.New(fault.Conflict, "This offer no longer waits for an answer.")
	}
	return st, t, nil
}

// State returns where an offer stands: a lapsed one reads as EXPIRED.
func State(t *ent.OwnershipTransfer) ownershiptransfer.State {
	if t.State == ownershiptransfer.StatePENDING && !instant.Now().Before(t.ExpiresAt) {
		return ownershiptransfer.StateEXPIRED
	}
	return t.State
}

// AcceptTransfer makes the actor owner of the account and its sub-accounts, and
// the old owner an administrator, at once. Refusals: NOT_FOUND, CONFLICT,
// ACCOUNT_CLOSED, ACCOUNT_SUSPENDED, MEMBERSHIP_DEACTIVATED.
func (s *Service) AcceptTransfer(ctx context.Context, by *access.Actor, transferID string) (*ent.OwnershipTransfer, *ent.Account, error) {
	var owned *ent.Account
	t, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.OwnershipTransfer, error) {
		st, t, err := s.waiting(ctx, tx, by, transferID, func(t *ent.OwnershipTransfer) string { return t.ToUserID })
		if err != nil {
			return nil, err
		}
		if err := st.Enter(); err != nil {
			return nil, err
		}
		if err := st.NeedOpen(); err != nil {
			return nil, err
		}
		a := st.Account
		if a.OwnerUserID != t.FromUserID || st.Membership == nil {
			return nil, fault.New(fault.Conflict, "This offer no longer holds.")
		}
		subs, err := s.lockSubs(ctx, tx, a.ID)
		if err != nil {
			return nil, err
		}
		if err := tx.Account.Update().Where(account.Or(account.ID(a.ID), account.ParentID(a.ID))).SetOwnerUserID(by.User.ID).Exec(ctx); err != nil {
			return nil, err
		}
		was, is := map[string]any{"ownerUserId": t.FromUserID}, map[string]any{"ownerUserId": by.User.ID}
		var entries []event.Entry // the offer's own event tells of the account itself
		for _, sub := range subs {
			entries = append(entries, event.Entry{AccountID: sub.ID, Action: "account.owner_changed", Target: sub.ID,
				TargetName: sub.Name, Before: was, After: is})
		}
		if err := event.Record(ctx, tx, by, entries...); err != nil {
			return nil, err
		}
		if err := s.demote(ctx, tx, a.ID, t.FromUserID); err != nil {
			return nil, err
		}
		if err := tx.OwnershipTransfer.UpdateOne(t).SetState(ownershiptransfer.StateACCEPTED).SetEndedAt(instant.Now()).Exec(ctx); err != nil {
			return nil, err
		}
		if owned, err = tx.Account.Get(ctx, a.ID); err != nil {
			return nil, err
		}
		t.State = ownershiptransfer.StateACCEPTED
		return t, event.Record(ctx, tx, by, event.Entry{AccountID: a.ID, Action: "ownership_transfer.accepted", Target: t.ID,
			TargetName: by.User.Name, Before: was, After: is})
	})
	if err != nil {
		return nil, nil, err
	}
	by.Forget()
	return t, owned, nil
}

// demote makes the old owner an administrator with access to all sub-accounts.
func (s *Service) demote(ctx context.Context, tx *ent.Tx, accountID, userID string) error {
	m, err := tx.Membership.Query().Where(membership.AccountID(accountID), membership.UserID(userID)).Only(ctx)
	if err != nil {
		return err
	}
	roles := m.RoleIds
	if admin := s.gate.Catalogue().Administrator(); !slices.Contains(roles, admin.ID) {
		roles = append(roles, admin.ID)
	}
	return tx.Membership.UpdateOne(m).SetRoleIds(roles).SetSubAccountAccess(permission.ScopeAll).SetSubAccountIds([]string{}).
		AddVersion(1).Exec(ctx)
}

// DeclineTransfer says no to an account. Refusals: NOT_FOUND, CONFLICT.
func (s *Service) DeclineTransfer(ctx context.Context, by *access.Actor, transferID string) (*ent.OwnershipTransfer, error) {
	return s.endTransfer(ctx, by, transferID, ownershiptransfer.StateDECLINED, "ownership_transfer.declined",
		func(t *ent.OwnershipTransfer) string { return t.ToUserID })
}

// CancelTransfer takes an offer back. Refusals: NOT_FOUND, CONFLICT.
func (s *Service) CancelTransfer(ctx context.Context, by *access.Actor, transferID string) (*ent.OwnershipTransfer, error) {
	return s.endTransfer(ctx, by, transferID, ownershiptransfer.StateCANCELED, "ownership_transfer.canceled",
		func(t *ent.OwnershipTransfer) string { return t.FromUserID })
}

func (s *Service) endTransfer(ctx context.Context, by *access.Actor, transferID string, to ownershiptransfer.State, action string, mine func(*ent.OwnershipTransfer) string) (*ent.OwnershipTransfer, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.OwnershipTransfer, error) {
		st, t, err := s.waiting(ctx, tx, by, transferID, mine)
		if err != nil {
			return nil, err
		}
		if err := tx.OwnershipTransfer.UpdateOne(t).SetState(to).SetEndedAt(instant.Now()).Exec(ctx); err != nil {
			return nil, err
		}
		t.State = to
		return t, event.Record(ctx, tx, by, event.Entry{AccountID: st.Account.ID, Action: action, Target: t.ID, TargetName: t.Edges.To.Name})
	})
}

// PendingTransfer returns the offer that waits for an answer, or nil: for owner,
// nominee and administrators.
func (s *Service) PendingTransfer(ctx context.Context, by *access.Actor, accountID string) (*ent.OwnershipTransfer, error) {
	st, err := s.gate.Enter(ctx, by, accountID)
	if err != nil {
		return nil, err
	}
	t, err := s.client.OwnershipTransfer.Query().Where(ownershiptransfer.AccountID(accountID),
		ownershiptransfer.StateEQ(ownershiptransfer.StatePENDING), ownershiptransfer.ExpiresAtGT(instant.Now())).
		WithFrom().WithTo().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if t.ToUserID != by.UserID() && st.NeedAdmin() != nil {
		return nil, nil
	}
	return t, nil
}

// Transfer returns an offer that the actor takes part in. Refusals: NOT_FOUND.
func (s *Service) Transfer(ctx context.Context, by *access.Actor, transferID string) (*ent.OwnershipTransfer, error) {
	if by.Kind != access.Person {
		return nil, fault.SignIn()
	}
	if !id.Is(id.Transfer, transferID) {
		return nil, fault.Missing("transfer")
	}
	t, err := s.client.OwnershipTransfer.Query().Where(ownershiptransfer.ID(transferID)).WithFrom().WithTo().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.Missing("transfer")
	}
	if err != nil {
		return nil, err
	}
	st, err := s.gate.Enter(ctx, by, t.AccountID)
	if err != nil {
		return nil, fault.Hide(err, "transfer")
	}
	if t.ToUserID != by.UserID() && st.NeedAdmin() != nil {
		return nil, fault.Missing("transfer")
	}
	return t, nil
}
