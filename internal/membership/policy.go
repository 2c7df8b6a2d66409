package membership

import (
	"context"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/membership"
	"tenantry/ent/predicate"
	"tenantry/ent/user"
	"tenantry/internal/access"
)

// TwoFactor reports whether signing in as the member takes two factors.
func (s *Service) TwoFactor(ctx context.Context, by *access.Actor, m *ent.Membership) (bool, error) {
	u, err := s.User(ctx, by, m)
	return err == nil && u.TwoFactorAt != nil, err
}

// TwoFactorDue returns from when on the account keeps the member out for want of a
// second factor. Nil if it does not.
func (s *Service) TwoFactorDue(ctx context.Context, by *access.Actor, m *ent.Membership) (*time.Time, error) {
	a, parent, err := s.asking(ctx, by, m)
	if err != nil || access.TwoFactorFrom(a, parent) == nil {
		return nil, err
	}
	u, err := s.User(ctx, by, m)
	if err != nil {
		return nil, err
	}
	return access.TwoFactorDue(u, a, parent), nil
}

// KeptOut reports whether the account keeps the member out now for want of a second
// factor.
func (s *Service) KeptOut(ctx context.Context, by *access.Actor, m *ent.Membership) (bool, error) {
	a, parent, err := s.asking(ctx, by, m)
	if err != nil || access.TwoFactorFrom(a, parent) == nil {
		return false, err
	}
	u, err := s.User(ctx, by, m)
	return err == nil && access.KeptOut(u, a, parent), err
}

// asking returns the account of a membership that the actor was shown, and the one
// above, whose policies hold there.
func (s *Service) asking(ctx context.Context, by *access.Actor, m *ent.Membership) (a, parent *ent.Account, err error) {
	if a, err = s.Account(ctx, m); err != nil || a.ParentID == nil {
		return a, nil, err
	}
	if a.Edges.Parent != nil {
		return a, a.Edges.Parent, nil
	}
	st, err := s.gate.Known(ctx, by, a.ID)
	if err != nil {
		return nil, nil, err
	}
	return a, st.Parent, nil
}

// oneFactor matches active members who sign in with one factor.
func oneFactor() predicate.Membership {
	return membership.And(membership.StateEQ(membership.StateACTIVE), membership.HasUserWith(user.TwoFactorAtIsNil(), user.DisabledAtIsNil()))
}

// WithoutTwoFactor counts, for each of the accounts, its active members who sign in
// with one factor.
func WithoutTwoFactor(ctx context.Context, c *ent.MembershipClient, accountIDs []string) (map[string]int, error) {
	out := map[string]int{}
	if len(accountIDs) == 0 {
		return out, nil
	}
	var rows []struct {
		AccountID string `json:"account_id"`
		Count     int    `json:"count"`
	}
	if err := c.Query().Where(membership.AccountIDIn(accountIDs...), oneFactor()).GroupBy(membership.FieldAccountID).Aggregate(ent.Count()).Scan(ctx, &rows); err != nil {
		return nil, fmt.Errorf("count members with one factor: %w", err)
	}
	for _, r := range rows {
		out[r.AccountID] = r.Count
	}
	return out, nil
}

// Asked returns the memberships, with person and account, of everybody with one factor
// whom a policy of the account keeps out: its active members, those of its
// sub-accounts, and those who reach it through the account above. Somebody may be
// among them more than once.
func Asked(ctx context.Context, tx *ent.Tx, a *ent.Account) ([]*ent.Membership, error) {
	of := belonging(a)
	if a.ParentID == nil {
		of = membership.Or(of, membership.HasAccountWith(account.ParentID(a.ID), account.StateNEQ(account.StateCLOSED)))
	}
	rows, err := tx.Membership.Query().Where(of, oneFactor()).Select(membership.FieldID, membership.FieldAccountID, membership.FieldUserID).
		WithUser(func(q *ent.UserQuery) {
			q.Select(user.FieldEmail, user.FieldEmailKey, user.FieldName, user.FieldLocale)
		}).
		Order(ent.Asc(membership.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read members with one factor: %w", err)
	}
	return rows, nil
}
