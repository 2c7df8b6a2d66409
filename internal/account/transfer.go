package account

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/delivery"
	"tenantry/ent/emailchange"
	"tenantry/ent/membership"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	members "tenantry/internal/membership"
	"tenantry/internal/permission"
	sessions "tenantry/internal/session"
)

// TransferLifetime is how long an offer of ownership is open, and how long the
// owner can object to one that an operator started.
const TransferLifetime = 7 * 24 * time.Hour

// Of a transfer that an operator started owner and administrators are told at once
// and then every NoticeEvery, until they were told Notices times.
const (
	NoticeEvery = 24 * time.Hour
	Notices     = 7
)

// NoticeKind is the kind of the deliveries by which they are told.
const NoticeKind = "ownership_transfer_announced"

// objection is how long an owner who has objected to a transfer is left in peace.
const objection = 30 * 24 * time.Hour

// RequestTransfer offers the account to an active member. The owner's offer
// waits for the nominee; an operator's, where the owner is gone, takes effect by
// itself after TransferLifetime, unless owner or nominee say no. Refusals:
// NOT_FOUND, FORBIDDEN, REAUTH_REQUIRED, BAD_INPUT, TRANSFER_PENDING,
// ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) RequestTransfer(ctx context.Context, by *access.Actor, accountID, membershipID string) (*ent.OwnershipTransfer, error) {
	if by.Kind == access.Operator {
		if err := by.NeedPower(permission.TransferOwnership); err != nil {
			return nil, err
		}
		if err := s.book.Take(ctx, budget.TransferByAccount, accountID, 1); err != nil {
			return nil, err
		}
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.OwnershipTransfer, error) {
		a, err := s.givable(ctx, tx, by, accountID)
		if err != nil {
			return nil, err
		}
		if a.ParentID != nil {
			return nil, fault.On("accountId", fault.BadInput, "A sub-account goes with its parent; hand that over.")
		}
		m, err := nominee(ctx, tx, accountID, membershipID)
		if err != nil {
			return nil, err
		}
		if m.UserID == a.OwnerUserID {
			return nil, fault.On("membershipId", fault.BadInput, "%s owns the account already.", m.Edges.User.Name)
		}
		if !access.Active(m) || m.Edges.User.DisabledAt != nil {
			return nil, fault.On("membershipId", fault.BadInput, "Only an active member can own an account.")
		}
		before, err := s.pending(ctx, tx.OwnershipTransfer, accountID)
		if err != nil {
			return nil, err
		}
		if before != nil {
			if State(before) == ownershiptransfer.StatePENDING {
				return nil, underWay(by, before)
			}
			if err := tx.OwnershipTransfer.UpdateOne(before).SetState(ownershiptransfer.StateEXPIRED).SetEndedAt(*before.ExpiresAt).Exec(ctx); err != nil {
				return nil, err
			}
		}
		create := tx.OwnershipTransfer.Create().SetAccountID(accountID).SetFromUserID(a.OwnerUserID).SetToUserID(m.UserID)
		after := map[string]any{"toUserId": m.UserID}
		now := instant.Now()
		if at := now.Add(TransferLifetime); by.Kind == access.Operator {
			create.SetOperator(by.Called()).SetOperatorTokenID(by.Token).SetEffectiveAt(at).SetNotices(1).SetNoticedAt(now)
			after["takesEffectAt"] = at
		} else {
			create.SetExpiresAt(at)
		}
		t, err := create.Save(ctx)
		if err != nil {
			return nil, err
		}
		t.Edges.To = m.Edges.User
		if t.Edges.From = by.User; by.User == nil {
			if t.Edges.From, err = tx.User.Get(ctx, a.OwnerUserID); err != nil {
				return nil, err
			}
		}
		return t, event.Record(ctx, tx, by, event.Entry{AccountID: accountID, Action: "ownership_transfer.requested", Target: t.ID,
			TargetName: m.Edges.User.Name, After: after})
	})
}

func underWay(by *access.Actor, t *ent.OwnershipTransfer) error {
	if by.Kind == access.Operator && t.EffectiveAt == nil {
		return fault.New(fault.TransferPending, "The owner has offered the account to somebody, until %s.", t.ExpiresAt.Format("2 January 2006"))
	}
	return fault.New(fault.TransferPending, "A transfer is under way already. Cancel it first.")
}

// givable locks an account for whoever may hand it over: its owner with a fresh
// proof, or an operator with the power, also if it is suspended: an owner who is
// gone does not pay.
func (s *Service) givable(ctx context.Context, tx *ent.Tx, by *access.Actor, accountID string) (*ent.Account, error) {
	if by.Kind == access.Operator {
		locked, err := s.gate.LockAccounts(ctx, tx, accountID)
		if err != nil {
			return nil, err
		}
		a := locked[len(locked)-1]
		if a.State == account.StateCLOSED {
			return nil, fault.New(fault.AccountClosed, "%s is closed.", a.Name)
		}
		objected, err := tx.OwnershipTransfer.Query().Where(ownershiptransfer.AccountID(a.ID), ownershiptransfer.FromUserID(a.OwnerUserID),
			ownershiptransfer.Objected(true), ownershiptransfer.EndedAtGT(instant.Now().Add(-objection))).Exist(ctx)
		if err != nil {
			return nil, err
		}
		if objected {
			return nil, fault.New(fault.Conflict, "The owner is there: they objected less than 30 days ago.")
		}
		return a, nil
	}
	return s.proved(ctx, tx, by, accountID)
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
	if err := by.NeedPerson(); err != nil {
		return nil, nil, err
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
		return nil, nil, over()
	}
	return st, t, nil
}

// State returns where an offer stands: a lapsed one reads as EXPIRED.
func State(t *ent.OwnershipTransfer) ownershiptransfer.State {
	if t.State == ownershiptransfer.StatePENDING && t.ExpiresAt != nil && !instant.Now().Before(*t.ExpiresAt) {
		return ownershiptransfer.StateEXPIRED
	}
	return t.State
}

// AcceptTransfer makes the actor owner of the account and its sub-accounts, and
// the old owner an administrator, at once. It takes a fresh proof. Refusals: NOT_FOUND,
// CONFLICT, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED, MEMBERSHIP_DEACTIVATED,
// TWO_FACTOR_REQUIRED, REAUTH_REQUIRED.
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
		if t.EffectiveAt != nil {
			return nil, fault.New(fault.Conflict, "This takes effect by itself on %s, unless the owner objects.", t.EffectiveAt.Format("2 January 2006"))
		}
		if st.Account.OwnerUserID != t.FromUserID || st.Membership == nil {
			return nil, fault.New(fault.Conflict, "This offer no longer holds.")
		}
		if err := sessions.Proved(by); err != nil {
			return nil, err
		}
		if err := s.handOver(ctx, tx, by, t); err != nil {
			return nil, err
		}
		owned, err = tx.Account.Get(ctx, st.Account.ID)
		return t, err
	})
	if err != nil {
		return nil, nil, err
	}
	by.Forget()
	return t, owned, nil
}

// handOver makes the nominee owner of an account, which is locked, and of its
// sub-accounts, and the old owner an administrator.
func (s *Service) handOver(ctx context.Context, tx *ent.Tx, by *access.Actor, t *ent.OwnershipTransfer) error {
	subs, err := s.lockSubs(ctx, tx, t.AccountID)
	if err != nil {
		return err
	}
	if err := tx.Account.Update().Where(account.Or(account.ID(t.AccountID), account.ParentID(t.AccountID))).SetOwnerUserID(t.ToUserID).Exec(ctx); err != nil {
		return err
	}
	if err := members.Endless(ctx, tx, by, t.AccountID, t.ToUserID); err != nil {
		return err
	}
	if err := s.demote(ctx, tx, t.AccountID, t.FromUserID); err != nil {
		return err
	}
	if err := tx.OwnershipTransfer.UpdateOne(t).SetState(ownershiptransfer.StateACCEPTED).SetEndedAt(instant.Now()).Exec(ctx); err != nil {
		return err
	}
	t.State = ownershiptransfer.StateACCEPTED
	was, is := map[string]any{"ownerUserId": t.FromUserID}, map[string]any{"ownerUserId": t.ToUserID}
	var entries []event.Entry // the offer's own event tells of the account itself
	for _, sub := range subs {
		entries = append(entries, event.Entry{AccountID: sub.ID, Action: "account.owner_changed", Target: sub.ID,
			TargetName: sub.Name, Before: was, After: is})
	}
	entries = append(entries, event.Entry{AccountID: t.AccountID, Action: "ownership_transfer.accepted", Target: t.ID,
		TargetName: t.Edges.To.Name, Before: was, After: is})
	return event.Record(ctx, tx, by, entries...)
}

// AdvanceTransfers does what is due of the transfers that operators started: it
// tells owner and administrators once a day, and hands the account over when they
// were told Notices times and the time is up.
func (s *Service) AdvanceTransfers(ctx context.Context) error {
	now := instant.Now()
	due, err := s.client.OwnershipTransfer.Query().Where(ownershiptransfer.StateEQ(ownershiptransfer.StatePENDING),
		ownershiptransfer.Or(ownershiptransfer.EffectiveAtLTE(now), ownershiptransfer.NoticedAtLTE(now.Add(-NoticeEvery)))).
		Order(ent.Asc(ownershiptransfer.FieldID)).All(ctx)
	if err != nil {
		return fmt.Errorf("read transfers: %w", err)
	}
	var failed []error
	for _, t := range due {
		if err := s.advance(ctx, t); err != nil {
			failed = append(failed, fmt.Errorf("transfer %s: %w", t.ID, err))
		}
	}
	return errors.Join(failed...)
}

// advance gives notice of a transfer that an operator started, or lets it take
// effect.
func (s *Service) advance(ctx context.Context, seen *ent.OwnershipTransfer) error {
	return db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		locked, err := s.gate.LockAccounts(ctx, tx, seen.AccountID)
		if err != nil {
			return err
		}
		t, err := tx.OwnershipTransfer.Query().Where(ownershiptransfer.ID(seen.ID)).WithFrom().WithTo().Only(ctx)
		if err != nil {
			return err
		}
		if t.State != ownershiptransfer.StatePENDING {
			return nil // somebody else was here
		}
		now, by := instant.Now(), access.OnBehalf(t.Operator, t.OperatorTokenID)
		if t.Notices < Notices {
			return s.notice(ctx, tx, by, t, now)
		}
		told, err := s.told(ctx, tx, t)
		if err != nil || !told || now.Before(*t.EffectiveAt) {
			return err
		}
		fit, err := tx.Membership.Query().Where(membership.AccountID(t.AccountID), membership.UserID(t.ToUserID),
			access.ActiveMember(), membership.HasUserWith(user.DisabledAtIsNil())).Exist(ctx)
		if err != nil {
			return err
		}
		if fit && locked[len(locked)-1].OwnerUserID == t.FromUserID {
			return s.handOver(ctx, tx, by, t)
		}
		if err := tx.OwnershipTransfer.UpdateOne(t).SetState(ownershiptransfer.StateCANCELED).SetEndedAt(now).Exec(ctx); err != nil {
			return err
		}
		return event.Record(ctx, tx, by, event.Entry{AccountID: t.AccountID, Action: "ownership_transfer.canceled", Target: t.ID,
			TargetName: t.Edges.To.Name, After: map[string]any{"reason": "it no longer held"}})
	})
}

// notice tells owner and administrators once more, if a day has passed. A day on
// which nobody was told, since no server ran, is made up for: the transfer takes
// effect a day after the last notice at the earliest.
func (s *Service) notice(ctx context.Context, tx *ent.Tx, by *access.Actor, t *ent.OwnershipTransfer, now time.Time) error {
	if t.NoticedAt.After(now.Add(-NoticeEvery)) {
		return nil
	}
	given, effective := t.Notices+1, *t.EffectiveAt
	if earliest := now.Add(time.Duration(Notices+1-given) * NoticeEvery); effective.Before(earliest) {
		effective = earliest
	}
	if err := tx.OwnershipTransfer.UpdateOne(t).SetNotices(given).SetNoticedAt(now).SetEffectiveAt(effective).Exec(ctx); err != nil {
		return err
	}
	return event.Record(ctx, tx, by, event.Entry{AccountID: t.AccountID, Action: "ownership_transfer.noticed", Target: t.ID,
		TargetName: t.Edges.To.Name, After: map[string]any{"notice": given, "takesEffectAt": effective}})
}

// told reports whether every notice to the owner has left for the mail server, or
// came back from it, at whichever address they had.
func (s *Service) told(ctx context.Context, tx *ent.Tx, t *ent.OwnershipTransfer) (bool, error) {
	addresses := []string{t.Edges.From.EmailKey}
	moves, err := tx.EmailChange.Query().Where(emailchange.UserID(t.FromUserID), emailchange.ConfirmedAtNotNil()).All(ctx)
	if err != nil {
		return false, err
	}
	for _, c := range moves {
		addresses = append(addresses, c.FormerEmailKey, c.EmailKey)
	}
	n, err := tx.Delivery.Query().Where(delivery.AccountID(t.AccountID), delivery.SubjectID(t.ID), delivery.Kind(NoticeKind), delivery.ToKeyIn(addresses...),
		delivery.StateNEQ(delivery.StateQUEUED)).Count(ctx)
	return n >= Notices, err
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
	if err := access.MembersChanged(ctx, tx, accountID); err != nil {
		return err
	}
	return tx.Membership.UpdateOne(m).SetRoleIds(roles).SetSubAccountAccess(permission.ScopeAll).SetSubAccountIds([]string{}).
		AddVersion(1).Exec(ctx)
}

// DeclineTransfer says no to an account. Refusals: NOT_FOUND, CONFLICT.
func (s *Service) DeclineTransfer(ctx context.Context, by *access.Actor, transferID string) (*ent.OwnershipTransfer, error) {
	return s.endTransfer(ctx, by, transferID, ownershiptransfer.StateDECLINED, "ownership_transfer.declined",
		func(t *ent.OwnershipTransfer) string { return t.ToUserID })
}

// CancelTransfer takes an offer back: the owner's own, or an operator's, to which
// the owner objects by it. An operator takes back what an operator started.
// Refusals: NOT_FOUND, FORBIDDEN, CONFLICT, TWO_FACTOR_REQUIRED.
func (s *Service) CancelTransfer(ctx context.Context, by *access.Actor, transferID string) (*ent.OwnershipTransfer, error) {
	if by.Kind == access.Operator {
		return s.withdraw(ctx, by, transferID)
	}
	return s.endTransfer(ctx, by, transferID, ownershiptransfer.StateCANCELED, "ownership_transfer.canceled",
		func(t *ent.OwnershipTransfer) string { return t.FromUserID })
}

func (s *Service) endTransfer(ctx context.Context, by *access.Actor, transferID string, to ownershiptransfer.State, action string, mine func(*ent.OwnershipTransfer) string) (*ent.OwnershipTransfer, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.OwnershipTransfer, error) {
		st, t, err := s.waiting(ctx, tx, by, transferID, mine)
		if err != nil {
			return nil, err
		}
		// Saying no to an account takes nothing; being its owner does.
		if to == ownershiptransfer.StateCANCELED && st.KeptOut() {
			return nil, st.Enter()
		}
		return s.close(ctx, tx, by, t, to, action)
	})
}

func (s *Service) withdraw(ctx context.Context, by *access.Actor, transferID string) (*ent.OwnershipTransfer, error) {
	if err := by.NeedPower(permission.TransferOwnership); err != nil {
		return nil, err
	}
	if !id.Is(id.Transfer, transferID) {
		return nil, fault.Missing("transfer")
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.OwnershipTransfer, error) {
		started := ownershiptransfer.And(ownershiptransfer.ID(transferID), ownershiptransfer.EffectiveAtNotNil())
		found, err := tx.OwnershipTransfer.Query().Where(started).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, fault.Missing("transfer")
		}
		if err != nil {
			return nil, err
		}
		if _, err := s.gate.LockAccounts(ctx, tx, found.AccountID); err != nil {
			return nil, err
		}
		t, err := tx.OwnershipTransfer.Query().Where(started).WithFrom().WithTo().Only(ctx)
		if err != nil {
			return nil, err
		}
		if t.State != ownershiptransfer.StatePENDING {
			return nil, over()
		}
		return s.close(ctx, tx, by, t, ownershiptransfer.StateCANCELED, "ownership_transfer.canceled")
	})
}

func over() error { return fault.New(fault.Conflict, "This offer no longer waits for an answer.") }

// close ends an offer for good.
func (s *Service) close(ctx context.Context, tx *ent.Tx, by *access.Actor, t *ent.OwnershipTransfer, to ownershiptransfer.State, action string) (*ent.OwnershipTransfer, error) {
	objected := to == ownershiptransfer.StateCANCELED && t.EffectiveAt != nil && by.UserID() == t.FromUserID
	if err := tx.OwnershipTransfer.UpdateOne(t).SetState(to).SetEndedAt(instant.Now()).SetObjected(objected).Exec(ctx); err != nil {
		return nil, err
	}
	t.State = to
	return t, event.Record(ctx, tx, by, event.Entry{AccountID: t.AccountID, Action: action, Target: t.ID, TargetName: t.Edges.To.Name})
}

// PendingTransfer returns the offer that waits for an answer, or nil: for owner,
// nominee and administrators.
func (s *Service) PendingTransfer(ctx context.Context, by *access.Actor, accountID string) (*ent.OwnershipTransfer, error) {
	st, err := s.gate.Enter(ctx, by, accountID)
	if err != nil {
		return nil, err
	}
	t, err := s.client.OwnershipTransfer.Query().Where(ownershiptransfer.AccountID(accountID),
		ownershiptransfer.StateEQ(ownershiptransfer.StatePENDING),
		ownershiptransfer.Or(ownershiptransfer.ExpiresAtIsNil(), ownershiptransfer.ExpiresAtGT(instant.Now()))).
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
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	if !id.Is(id.Transfer, transferID) {
		return nil, fault.Missing("transfer")
	}
	t, err := s.client.OwnershipTransfer.Get(ctx, transferID)
	if ent.IsNotFound(err) {
		return nil, s.gate.Absent(ctx, by, "transfer")
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
	// Its people only now, so that the time does not tell that it is there.
	if t.Edges.From, err = t.QueryFrom().Only(ctx); err != nil {
		return nil, err
	}
	t.Edges.To, err = t.QueryTo().Only(ctx)
	return t, err
}
