package membership

import (
	"context"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

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

// withFactors matches members whose person fulfils a condition. The person of each is
// looked up: joined, PostgreSQL may read everybody there is.
func withFactors(condition string) predicate.Membership {
	return func(s *sql.Selector) {
		s.Where(sql.ExprP("(SELECT " + condition + " FROM " + user.Table + " held WHERE held." + user.FieldID + " = " + s.C(membership.FieldUserID) + ")"))
	}
}

// Conditions of a person who is held.
const (
	hasTwo = "held." + user.FieldTwoFactorAt + " IS NOT NULL"
	hasOne = "held." + user.FieldTwoFactorAt + " IS NULL"
)

// twoFactor matches members who have two factors, or those who have one.
func twoFactor(two bool) predicate.Membership {
	if two {
		return withFactors(hasTwo)
	}
	return withFactors(hasOne)
}

// oneFactor matches active members who sign in with one factor.
func oneFactor() predicate.Membership {
	return membership.And(access.ActiveMember(), withFactors(hasOne+" AND held."+user.FieldDisabledAt+" IS NULL"))
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
// among them more than once, with the account itself first.
func Asked(ctx context.Context, tx *ent.Tx, a *ent.Account) ([]*ent.Membership, error) {
	var out []*ent.Membership
	for _, of := range []predicate.Membership{
		membership.AccountID(a.ID),
		membership.HasAccountWith(account.ParentID(a.ID), account.StateNEQ(account.StateCLOSED)),
		through(a),
	} {
		rows, err := tx.Membership.Query().Where(of, oneFactor()).Select(membership.FieldID, membership.FieldAccountID, membership.FieldUserID).
			WithUser(func(q *ent.UserQuery) {
				q.Select(user.FieldEmail, user.FieldEmailKey, user.FieldName, user.FieldLocale)
			}).
			Order(ent.Asc(membership.FieldID)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read members with one factor: %w", err)
		}
		out = append(out, rows...)
	}
	return out, nil
}

// through matches the members of the account above who reach a sub-account by it.
func through(a *ent.Account) predicate.Membership {
	if a.ParentID == nil {
		return func(s *sql.Selector) { s.Where(sql.False()) }
	}
	return membership.And(membership.AccountID(*a.ParentID), throughParent(a))
}
