// Package membership holds the life of members: what they may do, how they are
// kept out, and how they leave.
package membership

import (
	"context"
	"fmt"
	"slices"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/apitoken"
	"tenantry/ent/contact"
	"tenantry/ent/membership"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

// Service manages members.
type Service struct {
	client *ent.Client
	gate   *access.Gate
}

// New returns a service.
func New(client *ent.Client, gate *access.Gate) *Service { return &Service{client, gate} }

// Add makes a user a member in a transaction that has locked the account: by an
// invitation, whose end of the access is theirs, or nil.
func Add(ctx context.Context, tx *ent.Tx, accountID, userID string, o access.Offer, i *ent.Invitation) (*ent.Membership, error) {
	c := tx.Membership.Create().SetAccountID(accountID).SetUserID(userID).SetRoleIds(fill(o.RoleIDs)).
		SetPermissions(fill(o.Permissions)).SetSubAccountAccess(o.Scope).SetSubAccountIds(fill(o.SubAccounts))
	if i != nil {
		c.SetInvitationID(i.ID)
	}
	if i != nil && i.AccessEndsAt != nil {
		c.SetAccessEndsAt(*i.AccessEndsAt).SetAccessEndSetByID(i.GrantedByID)
		if now := instant.Now(); !i.AccessEndsAt.After(now.Add(NoticeBefore)) {
			c.SetAccessEndNoticedAt(now) // the invitation says when it ends
		}
	}
	m, err := c.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("add member: %w", err)
	}
	return m, access.MembersChanged(ctx, tx, accountID)
}

// fill keeps a nil slice from being stored as JSON's null.
func fill[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// target locks the account of a membership for the actor and returns both.
// Somebody who may not know of the membership gets NOT_FOUND.
func (s *Service) target(ctx context.Context, tx *ent.Tx, by *access.Actor, membershipID string, lock func(context.Context, *ent.Tx, *access.Actor, string, permission.Key) (*access.Standing, error)) (*access.Standing, *ent.Membership, error) {
	if err := by.NeedMember(); err != nil {
		return nil, nil, err
	}
	if !id.Is(id.Membership, membershipID) {
		return nil, nil, fault.Missing("membership")
	}
	found, err := tx.Membership.Query().Where(membership.ID(membershipID)).Select(membership.FieldAccountID).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil, s.gate.AbsentIn(ctx, tx, by, "membership")
	}
	if err != nil {
		return nil, nil, err
	}
	st, err := lock(ctx, tx, by, found.AccountID, permission.Users)
	if err != nil {
		if fault.Has(err, fault.NotFound) {
			return nil, nil, fault.Missing("membership")
		}
		return nil, nil, err
	}
	// Read again: the lock may have been waited for.
	m, err := tx.Membership.Query().Where(membership.ID(membershipID)).WithUser().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil, fault.Missing("membership")
	}
	return st, m, err
}

// spare refuses to touch the owner, and oneself: a program, whoever made its token.
func spare(by *access.Actor, st *access.Standing, m *ent.Membership) error {
	if m.UserID == st.Account.OwnerUserID {
		return fault.New(fault.OwnerProtected, "The owner of the account cannot be changed. Ownership can be handed over.")
	}
	if m.UserID == by.BehindID() {
		return fault.New(fault.CannotEditSelf, "Nobody changes what they may do themselves.")
	}
	return nil
}

// Difference is what a change of permissions changes.
type Difference struct {
	Added, Removed                    []permission.Key
	NewlyReachable, NoLongerReachable []*ent.Account
	GainsFutureSubAccounts            bool
}

// Change is a new set of permissions for a member.
type Change struct {
	MembershipID string
	// Version is the one that was read; 0 for a preview, which does not ask.
	Version      int
	Offer        access.Offer
	Acknowledged bool
}

// Outcome is what a change of permissions did, or would do.
type Outcome struct {
	Membership *ent.Membership
	Difference *Difference
	Warnings   []permission.Warning
}

// UpdatePermissions replaces what a member may do. The warnings come with a
// refusal as well. Refusals: NOT_FOUND, FORBIDDEN, BAD_INPUT, CONFLICT,
// OWNER_PROTECTED, CANNOT_EDIT_SELF, PERMISSION_OUT_OF_REACH, ROLE_TYPE_CEILING,
// RISK_NOT_ACKNOWLEDGED, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) UpdatePermissions(ctx context.Context, by *access.Actor, c Change) (Outcome, error) {
	var shown []permission.Warning
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (Outcome, error) {
		st, m, err := s.target(ctx, tx, by, c.MembershipID, s.gate.Narrow)
		if err != nil {
			return Outcome{}, err
		}
		out, err := s.weigh(ctx, tx, by, st, m, &c.Offer)
		shown = out.Warnings
		if err != nil {
			return Outcome{}, err
		}
		if m.Version != c.Version {
			return Outcome{}, fault.On("version", fault.Conflict, "Somebody changed this member meanwhile. Read again and repeat.")
		}
		if err := access.Acknowledge(out.Warnings, c.Acknowledged); err != nil {
			return Outcome{}, err
		}
		before, after := event.Changed(Words(m.RoleIds, m.Permissions, m.SubAccountAccess, m.SubAccountIds),
			Words(c.Offer.RoleIDs, c.Offer.Permissions, c.Offer.Scope, c.Offer.SubAccounts))
		if len(after) == 0 {
			return out, nil
		}
		name := m.Edges.User.Name
		if err := access.MembersChanged(ctx, tx, st.Account.ID); err != nil {
			return Outcome{}, err
		}
		if out.Membership, err = tx.Membership.UpdateOne(m).SetRoleIds(c.Offer.RoleIDs).SetPermissions(c.Offer.Permissions).
			SetSubAccountAccess(c.Offer.Scope).SetSubAccountIds(c.Offer.SubAccounts).AddVersion(1).Save(ctx); err != nil {
			return Outcome{}, err
		}
		return out, event.Record(ctx, tx, by, event.Entry{AccountID: st.Account.ID, Action: "member.permissions_changed",
			Target: m.ID, TargetName: name, Before: before, After: after})
	})
	if err != nil {
		return Outcome{Warnings: shown}, err
	}
	return out, s.redact(ctx, by, out.Difference)
}

// redact leaves out of a difference the sub-accounts that the actor may not look
// into.
func (s *Service) redact(ctx context.Context, by *access.Actor, d *Difference) (err error) {
	if d.NewlyReachable, err = s.visible(ctx, by, d.NewlyReachable); err != nil {
		return err
	}
	d.NoLongerReachable, err = s.visible(ctx, by, d.NoLongerReachable)
	return err
}

// Preview is UpdatePermissions without the change. Refusals: the same, but
// CONFLICT and RISK_NOT_ACKNOWLEDGED.
func (s *Service) Preview(ctx context.Context, by *access.Actor, c Change) (Outcome, error) {
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (Outcome, error) {
		st, m, err := s.target(ctx, tx, by, c.MembershipID, s.gate.Narrow)
		if err != nil {
			return Outcome{}, err
		}
		return s.weigh(ctx, tx, by, st, m, &c.Offer)
	})
	if err != nil {
		return out, err
	}
	return out, s.redact(ctx, by, out.Difference)
}

// weigh judges a change and says what it would do.
func (s *Service) weigh(ctx context.Context, tx *ent.Tx, by *access.Actor, st *access.Standing, m *ent.Membership, o *access.Offer) (Outcome, error) {
	if err := spare(by, st, m); err != nil {
		return Outcome{}, err
	}
	after, err := s.gate.Resolve(ctx, tx, st, o)
	if err != nil {
		return Outcome{}, err
	}
	roles, err := s.gate.RolesTx(ctx, tx, st.Account)
	if err != nil {
		return Outcome{}, err
	}
	before := access.GrantOf(m, roles)
	c := s.gate.Catalogue()
	had, has := c.Effective(before), c.Effective(after)
	was, will := c.Reach(st.Account.ID, before), c.Reach(st.Account.ID, after)
	added := will.Beyond(was, st.Account.ID)
	// What they hold already and get in further sub-accounts is new there.
	out := Outcome{Membership: m, Warnings: c.Warnings(has, had.Minus(added.Union()))}
	if len(added) > 0 || opens(before, after) {
		// A suspended account still admits taking away.
		if err := st.NeedOpen(); err != nil {
			return out, err
		}
	}
	if err := s.gate.Delegate(ctx, tx, st, was, will); err != nil {
		return out, err
	}
	out.Difference, err = difference(ctx, tx, c, st.Account.ID, had, has, before, after)
	return out, err
}

// opens reports whether a grant reaches sub-accounts that another does not.
func opens(before, after permission.Grant) bool {
	return after.Scope == permission.ScopeAll && before.Scope != permission.ScopeAll ||
		after.Scope == permission.ScopeSelected && slices.ContainsFunc(after.SubAccounts, func(sub string) bool { return !before.Reaches(sub) })
}

func difference(ctx context.Context, tx *ent.Tx, c *permission.Catalogue, accountID string, had, has permission.Set, before, after permission.Grant) (*Difference, error) {
	d := &Difference{Added: c.Keys(has.Minus(had)), Removed: c.Keys(had.Minus(has)),
		GainsFutureSubAccounts: after.Scope == permission.ScopeAll && before.Scope != permission.ScopeAll,
		NewlyReachable:         []*ent.Account{}, NoLongerReachable: []*ent.Account{}}
	if before.Scope == after.Scope && slices.Equal(before.SubAccounts, after.SubAccounts) {
		return d, nil
	}
	subs, err := tx.Account.Query().Where(account.ParentID(accountID)).Order(ent.Asc(account.FieldID)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, sub := range subs {
		switch was, is := before.Reaches(sub.ID), after.Reaches(sub.ID); {
		case is && !was && len(d.NewlyReachable) < access.MaxSubAccounts:
			d.NewlyReachable = append(d.NewlyReachable, sub)
		case was && !is && len(d.NoLongerReachable) < access.MaxSubAccounts:
			d.NoLongerReachable = append(d.NoLongerReachable, sub)
		}
	}
	return d, nil
}

// Words returns a grant as the history keeps it.
func Words(roleIDs []string, keys []permission.Key, scope permission.Scope, subs []string) map[string]any {
	return map[string]any{"roleIds": fill(roleIDs), "permissions": fill(keys), "subAccountAccess": scope, "subAccountIds": fill(subs)}
}

// Deactivate keeps a member out from their next request on. Refusals: NOT_FOUND,
// FORBIDDEN, OWNER_PROTECTED, CANNOT_EDIT_SELF, CONFLICT, ACCOUNT_CLOSED.
func (s *Service) Deactivate(ctx context.Context, by *access.Actor, membershipID string) (*ent.Membership, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Membership, error) {
		st, m, err := s.target(ctx, tx, by, membershipID, s.gate.Narrow)
		if err != nil {
			return nil, err
		}
		if err := spare(by, st, m); err != nil {
			return nil, err
		}
		if !access.Active(m) {
			return nil, fault.New(fault.Conflict, "%s is deactivated already.", m.Edges.User.Name)
		}
		if err := s.release(ctx, tx, by, st.Account.ID, m.UserID); err != nil {
			return nil, err
		}
		name := m.Edges.User.Name
		if err := access.MembersChanged(ctx, tx, m.AccountID); err != nil {
			return nil, err
		}
		m, err = tx.Membership.UpdateOne(m).SetState(membership.StateDEACTIVATED).SetDeactivatedAt(instant.Now()).AddVersion(1).Save(ctx)
		if err != nil {
			return nil, err
		}
		return m, event.Record(ctx, tx, by, event.Entry{AccountID: st.Account.ID, Action: "member.deactivated", Target: m.ID, TargetName: name})
	})
}

// Reactivation is whom to give back what they had.
type Reactivation struct {
	MembershipID string
	// Ends is until when it is to last. Nil leaves the end that there is, which then has to lie ahead.
	Ends         *End
	Acknowledged bool
}

// Reactivate gives a deactivated member back what they had, which the actor
// must be able to give. One whose access has ended needs another end, or none. The
// warnings come with a refusal as well. Refusals: NOT_FOUND, FORBIDDEN, BAD_INPUT,
// CONFLICT, PERMISSION_OUT_OF_REACH, RISK_NOT_ACKNOWLEDGED, ACCOUNT_CLOSED,
// ACCOUNT_SUSPENDED.
func (s *Service) Reactivate(ctx context.Context, by *access.Actor, r Reactivation) (*ent.Membership, []permission.Warning, error) {
	warnings := []permission.Warning{}
	m, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Membership, error) {
		st, m, err := s.target(ctx, tx, by, r.MembershipID, s.gate.Change)
		if err != nil {
			return nil, err
		}
		if err := spare(by, st, m); err != nil {
			return nil, err
		}
		if access.Active(m) {
			return nil, fault.New(fault.Conflict, "%s is active already.", m.Edges.User.Name)
		}
		ends, err := r.Ends.after(m)
		if err != nil {
			return nil, err
		}
		roles, err := s.gate.RolesTx(ctx, tx, st.Account)
		if err != nil {
			return nil, err
		}
		c, grant := s.gate.Catalogue(), access.GrantOf(m, roles)
		if err := s.gate.Delegate(ctx, tx, st, permission.Reach{}, c.Reach(st.Account.ID, grant)); err != nil {
			return nil, err
		}
		warnings = c.Warnings(c.Reach(st.Account.ID, grant).Union(), permission.Set{})
		if err := access.Acknowledge(warnings, r.Acknowledged); err != nil {
			return nil, err
		}
		// What follows from an end that nobody has written down yet follows all the same.
		if m, err = s.end(ctx, tx, m); err != nil {
			return nil, err
		}
		who := m.Edges.User
		if err := access.MembersChanged(ctx, tx, m.AccountID); err != nil {
			return nil, err
		}
		q := tx.Membership.UpdateOne(m).SetState(membership.StateACTIVE).ClearDeactivatedAt().SetAccessEnded(false).AddVersion(1)
		entry := event.Entry{AccountID: st.Account.ID, Action: "member.reactivated", Target: m.ID, TargetName: who.Name}
		if r.Ends != nil {
			entry.Before, entry.After = event.Changed(told(m.AccessEndsAt), told(ends))
		}
		return s.ending(ctx, tx, by, st, q, m, ends, entry)
	})
	return m, warnings, err
}

// Remove removes a member. Refusals: NOT_FOUND, FORBIDDEN, OWNER_PROTECTED,
// CANNOT_EDIT_SELF, ACCOUNT_CLOSED.
func (s *Service) Remove(ctx context.Context, by *access.Actor, membershipID string) (string, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (string, error) {
		st, m, err := s.target(ctx, tx, by, membershipID, s.gate.Narrow)
		if err != nil {
			return "", err
		}
		return m.ID, s.RemoveTx(ctx, tx, by, st, m)
	})
}

// RemoveTx removes a member in a transaction that has locked the account and
// asked for the permission. Refusals: OWNER_PROTECTED, CANNOT_EDIT_SELF.
func (s *Service) RemoveTx(ctx context.Context, tx *ent.Tx, by *access.Actor, st *access.Standing, m *ent.Membership) error {
	if err := spare(by, st, m); err != nil {
		return err
	}
	return s.remove(ctx, tx, by, st.Account.ID, m, "member.removed")
}

// Leave takes the actor out of an account. Refusals: NOT_FOUND, OWNER_PROTECTED,
// ACCOUNT_CLOSED.
func (s *Service) Leave(ctx context.Context, by *access.Actor, accountID string) (string, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (string, error) {
		st, err := s.gate.Lock(ctx, tx, by, accountID)
		if err != nil {
			return "", err
		}
		if st.Owner() {
			return "", fault.New(fault.OwnerProtected, "The owner cannot leave. Hand the account over first, or close it.")
		}
		if st.Membership == nil {
			return "", fault.New(fault.NotFound, "You reach this account through %s; leave that one.", st.Parent.Name)
		}
		if err := st.NeedNotClosed(); err != nil {
			return "", err
		}
		m := st.Membership
		m.Edges.User = by.User
		return accountID, s.remove(ctx, tx, by, accountID, m, "member.left")
	})
}

// LeaveTx takes the actor, whose membership it is, out of an account of any state,
// which the transaction has locked and the actor does not own.
func (s *Service) LeaveTx(ctx context.Context, tx *ent.Tx, by *access.Actor, m *ent.Membership) error {
	m.Edges.User = by.User
	return s.remove(ctx, tx, by, m.AccountID, m, "member.left")
}

func (s *Service) remove(ctx context.Context, tx *ent.Tx, by *access.Actor, accountID string, m *ent.Membership, action string) error {
	if err := s.release(ctx, tx, by, accountID, m.UserID); err != nil {
		return err
	}
	linked, err := tx.Contact.Query().Where(contact.AccountID(accountID), contact.MembershipID(m.ID)).All(ctx)
	if err != nil {
		return err
	}
	for _, c := range linked {
		if err := tx.Contact.UpdateOne(c).ClearMembershipID().Exec(ctx); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, by, event.Entry{AccountID: accountID, Action: "contact.unlinked", Target: c.ID, TargetName: c.Email,
			Before: map[string]any{"membershipId": m.ID}}); err != nil {
			return err
		}
	}
	if err := tx.User.Update().Where(user.ID(m.UserID), user.DefaultAccountID(accountID)).ClearDefaultAccountID().Exec(ctx); err != nil {
		return err
	}
	if err := access.MembersChanged(ctx, tx, m.AccountID); err != nil {
		return err
	}
	if err := tx.Membership.DeleteOneID(m.ID).Exec(ctx); err != nil {
		return err
	}
	return event.Record(ctx, tx, by, event.Entry{AccountID: accountID, Action: action, Target: m.ID, TargetName: m.Edges.User.Name,
		Before: Words(m.RoleIds, m.Permissions, m.SubAccountAccess, m.SubAccountIds),
		After:  map[string]any{"userId": m.UserID}})
}

// release lets go of what a member holds beside the membership: the account as
// the one their sessions work in, the tokens that they made for it, and an offer to
// own it.
func (s *Service) release(ctx context.Context, tx *ent.Tx, by *access.Actor, accountID, userID string) error {
	if err := tx.Session.Update().Where(session.UserID(userID), session.ActiveAccountID(accountID)).
		ClearActiveAccountID().Exec(ctx); err != nil {
		return err
	}
	if err := killTokens(ctx, tx, by, accountID, userID); err != nil {
		return err
	}
	pending, err := tx.OwnershipTransfer.Query().Where(ownershiptransfer.AccountID(accountID), ownershiptransfer.ToUserID(userID),
		ownershiptransfer.StateEQ(ownershiptransfer.StatePENDING)).All(ctx)
	if err != nil || len(pending) == 0 {
		return err
	}
	for _, t := range pending {
		if err := tx.OwnershipTransfer.UpdateOne(t).SetState(ownershiptransfer.StateCANCELED).SetEndedAt(instant.Now()).Exec(ctx); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, by, event.Entry{AccountID: accountID, Action: "ownership_transfer.canceled", Target: t.ID,
			After: map[string]any{"reason": "the nominee is no longer an active member"}}); err != nil {
			return err
		}
	}
	return nil
}

// killTokens deletes the API tokens that a member made for the account, and for those
// sub-accounts that they reach through it alone. The caller raises the version of the
// account's own members.
func killTokens(ctx context.Context, tx *ent.Tx, by *access.Actor, accountID, userID string) error {
	rows, err := tx.APIToken.Query().Where(apitoken.CreatedByID(userID), apitoken.Or(apitoken.AccountID(accountID),
		apitoken.HasAccountWith(account.ParentID(accountID),
			account.Not(account.HasMembershipsWith(membership.UserID(userID), access.ActiveMember()))))).
		Order(ent.Asc(apitoken.FieldID)).All(ctx)
	if err != nil || len(rows) == 0 {
		return err
	}
	ids, entries := make([]string, len(rows)), make([]event.Entry, len(rows))
	for i, t := range rows {
		ids[i] = t.ID
		entries[i] = event.Entry{AccountID: t.AccountID, Action: "api_token.revoked", Target: t.ID, TargetName: t.Name,
			After: map[string]any{"reason": "whoever made it is no longer an active member"}}
		if t.AccountID != accountID {
			if err := access.MembersChanged(ctx, tx, t.AccountID); err != nil {
				return err
			}
		}
	}
	if _, err := tx.APIToken.Delete().Where(apitoken.IDIn(ids...)).Exec(ctx); err != nil {
		return err
	}
	return event.Record(ctx, tx, by, entries...)
}
