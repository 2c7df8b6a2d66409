package access

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/membership"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/permission"
)

// Limits of one grant.
const (
	MaxRoles       = 20
	MaxSubAccounts = 500
)

// Offer is what somebody wants to give: to a member, or by an invitation.
type Offer struct {
	RoleIDs     []string
	Permissions []permission.Key
	Scope       permission.Scope
	SubAccounts []string
}

// Resolve checks an offer made in the account and returns the grant it stands
// for, with duplicates dropped. Refusals: BAD_INPUT, NOT_FOUND (a role or
// sub-account that is not the account's), ROLE_TYPE_CEILING; each names its field.
func (g *Gate) Resolve(ctx context.Context, tx *ent.Tx, s *Standing, o *Offer) (permission.Grant, error) {
	none := permission.Grant{}
	o.RoleIDs, o.Permissions, o.SubAccounts = unique(o.RoleIDs), unique(o.Permissions), unique(o.SubAccounts)
	if len(o.RoleIDs) > MaxRoles {
		return none, fault.On("roleIds", fault.BadInput, "At most %d roles, not %d.", MaxRoles, len(o.RoleIDs))
	}
	if unknown := g.catalogue.Unknown(o.Permissions); len(unknown) > 0 {
		return none, fault.On("permissions", fault.BadInput, "There is no permission %q.", unknown[0])
	}
	for _, k := range o.Permissions {
		if g.catalogue.Permission(k).TokensOnly {
			return none, fault.On("permissions", fault.RoleTypeCeiling, "%s is for API tokens only.", g.catalogue.Label(k))
		}
	}
	roles, err := g.RolesTx(ctx, tx, s.Account)
	if err != nil {
		return none, err
	}
	for i, roleID := range o.RoleIDs {
		if roles.Role(roleID) == nil {
			e := fault.Missing("role")
			e.Field = fmt.Sprintf("roleIds.%d", i)
			return none, e
		}
	}
	if err := fits(ctx, tx, s.Account, o); err != nil {
		return none, err
	}
	grant := Resolve(o.RoleIDs, o.Permissions, o.Scope, o.SubAccounts, roles)
	if over := g.catalogue.OverCeiling(grant); len(over) > 0 {
		return none, fault.On("permissions", fault.RoleTypeCeiling,
			"%s cannot be given with these roles: their types do not admit it.", g.catalogue.Label(over[0]))
	}
	return grant, nil
}

// ResolveToken is Resolve for an API token, which has no roles and so no ceiling. It
// returns what the token is to do, and where. Refusals: BAD_INPUT, NOT_FOUND; each
// names its field.
func (g *Gate) ResolveToken(ctx context.Context, tx *ent.Tx, s *Standing, o *Offer) (permission.Set, permission.Reach, error) {
	o.Permissions, o.SubAccounts = unique(o.Permissions), unique(o.SubAccounts)
	if unknown := g.catalogue.Unknown(o.Permissions); len(unknown) > 0 {
		return permission.Set{}, nil, fault.On("permissions", fault.BadInput, "There is no permission %q.", unknown[0])
	}
	if len(o.Permissions) == 0 {
		return permission.Set{}, nil, fault.On("permissions", fault.BadInput, "Give the token at least one permission.")
	}
	if err := fits(ctx, tx, s.Account, o); err != nil {
		return permission.Set{}, nil, err
	}
	set := g.catalogue.Set(o.Permissions...)
	return set, g.catalogue.Spread(s.Account.ID, set, o.Scope, o.SubAccounts), nil
}

// fits refuses access to sub-accounts that an account cannot give.
func fits(ctx context.Context, tx *ent.Tx, a *ent.Account, o *Offer) error {
	switch {
	case o.Scope != permission.ScopeSelected && len(o.SubAccounts) > 0:
		return fault.On("subAccountIds", fault.BadInput, "Sub-accounts are listed only with access SELECTED.")
	case o.Scope != permission.ScopeNone && a.ParentID != nil:
		return fault.On("subAccountAccess", fault.BadInput, "A sub-account has no sub-accounts.")
	case o.Scope == permission.ScopeSelected && len(o.SubAccounts) == 0:
		return fault.On("subAccountIds", fault.BadInput, "Name the sub-accounts, or choose access NONE.")
	case len(o.SubAccounts) > MaxSubAccounts:
		return fault.On("subAccountIds", fault.BadInput, "At most %d sub-accounts, not %d.", MaxSubAccounts, len(o.SubAccounts))
	}
	return SubAccounts(ctx, tx, a.ID, o.SubAccounts)
}

// SubAccounts refuses ids that are not sub-accounts of the account, on the
// field subAccountIds.
func SubAccounts(ctx context.Context, tx *ent.Tx, accountID string, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	for i, one := range ids {
		if !id.Is(id.Account, one) {
			return missingSub(i)
		}
	}
	have, err := tx.Account.Query().Where(account.ParentID(accountID), account.IDIn(ids...)).IDs(ctx)
	if err != nil {
		return fmt.Errorf("read sub-accounts: %w", err)
	}
	for i, one := range ids {
		if !slices.Contains(have, one) {
			return missingSub(i)
		}
	}
	return nil
}

func missingSub(i int) error {
	e := fault.Missing("sub-account")
	e.Field = fmt.Sprintf("subAccountIds.%d", i)
	return e
}

// Delegate is the one guard of every grant: nobody adds a pair of account and
// permission that they do not hold, nor opens a sub-account that they do not
// reach. It is asked with what the receiver has and what they would have, in the
// account that the actor's standing is about. Taking away passes. Refusals:
// PERMISSION_OUT_OF_REACH.
func (g *Gate) Delegate(ctx context.Context, tx *ent.Tx, s *Standing, before, after permission.Reach) error {
	mine, err := g.held(ctx, tx, s, after)
	if err != nil {
		return err
	}
	var beyond permission.Set
	refused, everywhere := false, false
	for place, set := range after {
		was, open := within(before, s.Account.ID, place)
		have, reached := mine.at(place)
		more := set.Minus(was).Minus(have)
		if more.Empty() && (open || reached || place == s.Account.ID) {
			continue
		}
		beyond, refused = beyond.Or(more), true
		everywhere = everywhere || place == permission.AllSubAccounts
	}
	if !refused {
		return nil
	}
	var labels []string
	for _, k := range g.catalogue.Keys(beyond) {
		labels = append(labels, g.catalogue.Label(k))
	}
	what := strings.Join(labels, ", ")
	switch {
	case what == "" && beyond.Admin():
		what = "an administrator's role"
	case what == "":
		what = "access"
	case slices.ContainsFunc(g.catalogue.Keys(beyond), func(k permission.Key) bool { return g.catalogue.Permission(k).TokensOnly }):
		return fault.New(fault.PermissionOutOfReach, "You cannot give %s: what only API tokens hold is given by owner and administrators.", what)
	}
	if everywhere {
		return fault.New(fault.PermissionOutOfReach, "You cannot give %s in all sub-accounts, since you do not have it in all.", what)
	}
	return fault.New(fault.PermissionOutOfReach, "You cannot give what you do not have: %s.", what)
}

// held is what a person holds, or a program: in an account, and in its sub-accounts.
type held struct {
	catalogue *permission.Catalogue
	account   string
	pairs     permission.Reach
	// barred are sub-accounts that they are kept out of, by a deactivated membership
	// or for want of a second factor, whatever they reach through the account.
	barred map[string]bool
	// by is the token of a program, for which all else is what its maker holds.
	by *lent
}

// at returns what can be given in a place by whoever holds all this, and whether they
// reach the place at all. Holding something in all sub-accounts is holding it in each.
func (h held) at(place string) (permission.Set, bool) {
	if h.barred[place] {
		return permission.Set{}, false
	}
	set, ok := within(h.pairs, h.account, place)
	set = h.catalogue.Givable(set)
	if h.by != nil {
		made, reached := within(h.by.reach(), h.by.token.AccountID, place)
		set, ok = set.And(made), ok && reached
	}
	return set, ok
}

// within returns what a reach holds in a place, which is its account, a sub-account, or
// all of them.
func within(pairs permission.Reach, account, place string) (permission.Set, bool) {
	set, ok := pairs[place]
	if place != account {
		all, every := pairs[permission.AllSubAccounts]
		set, ok = set.Or(all), ok || every
	}
	return set, ok
}

// held returns everything that the person holds, or the maker of a program's token: by way of the account, and in
// those sub-accounts that asked names by memberships of their own.
func (g *Gate) held(ctx context.Context, tx *ent.Tx, s *Standing, asked permission.Reach) (held, error) {
	if s.lent != nil {
		mine, err := g.held(ctx, tx, s.lent.maker, asked)
		mine.by = s.lent
		return mine, err
	}
	mine := held{catalogue: g.catalogue, account: s.Account.ID, pairs: s.Reach(), barred: map[string]bool{}}
	var subs []string
	for a := range asked {
		if a != s.Account.ID && a != permission.AllSubAccounts {
			subs = append(subs, a)
		}
	}
	if len(subs) == 0 {
		return mine, nil
	}
	strict, err := tx.Account.Query().Where(account.IDIn(subs...), account.TwoFactorFromNotNil()).All(ctx)
	if err != nil {
		return mine, fmt.Errorf("read policies: %w", err)
	}
	who, err := g.factors(ctx, tx, s.userID, append(strict, s.Account))
	if err != nil {
		return mine, err
	}
	for _, sub := range strict {
		mine.barred[sub.ID] = KeptOut(who, sub, nil)
	}
	if s.Owner() {
		return mine, nil
	}
	members, err := tx.Membership.Query().Where(membership.UserID(s.userID), membership.AccountIDIn(subs...)).WithAccount().All(ctx)
	if err != nil {
		return mine, fmt.Errorf("read own memberships: %w", err)
	}
	accounts := []*ent.Account{s.Account}
	for _, m := range members {
		mine.barred[m.AccountID] = mine.barred[m.AccountID] || !Active(m)
		accounts = append(accounts, m.Edges.Account)
	}
	if s.Membership != nil {
		members = append(members, s.Membership)
	}
	all, err := g.assemble(ctx, tx.Role, false, who, accounts, members)
	if err != nil {
		return mine, err
	}
	for _, sub := range all {
		if sub.Account.ID != s.Account.ID && sub.Enter() == nil {
			mine.pairs = mine.pairs.Add(sub.Account.ID, sub.Set())
		}
	}
	return mine, nil
}

// Cut returns as much of an offer as the person, whose standing it is, may
// still give: whole roles, single permissions and sub-accounts that they hold.
func (g *Gate) Cut(ctx context.Context, tx *ent.Tx, s *Standing, o Offer) (Offer, error) {
	roles, err := g.RolesTx(ctx, tx, s.Account)
	if err != nil {
		return o, err
	}
	c := g.catalogue
	grant := Resolve(o.RoleIDs, o.Permissions, o.Scope, o.SubAccounts, roles)
	mine, err := g.held(ctx, tx, s, c.Reach(s.Account.ID, grant))
	if err != nil {
		return o, err
	}
	here, _ := mine.at(s.Account.ID)
	out := Offer{Scope: o.Scope}
	for _, r := range grant.Roles {
		if c.Holds(r).In(here) {
			out.RoleIDs = append(out.RoleIDs, r.ID)
		}
	}
	for _, k := range o.Permissions {
		if c.Has(here, k) {
			out.Permissions = append(out.Permissions, k)
		}
	}
	set := c.Inheritable(c.Effective(Resolve(out.RoleIDs, out.Permissions, out.Scope, nil, roles)))
	gives := func(place string) bool {
		have, reached := mine.at(place)
		return reached && set.In(have)
	}
	switch o.Scope {
	case permission.ScopeAll:
		if !gives(permission.AllSubAccounts) {
			out.Scope = permission.ScopeNone
		}
	case permission.ScopeSelected:
		for _, sub := range o.SubAccounts {
			if gives(sub) {
				out.SubAccounts = append(out.SubAccounts, sub)
			}
		}
		if len(out.SubAccounts) == 0 {
			out.Scope = permission.ScopeNone
		}
	}
	return out, nil
}

// Acknowledge refuses a grant with warnings until they were acknowledged.
func Acknowledge(ws []permission.Warning, acknowledged bool) error {
	if len(ws) == 0 || acknowledged {
		return nil
	}
	return fault.On("acknowledgeRisks", fault.RiskNotAcknowledged, "%s", permission.Told(ws))
}

func unique[T comparable](in []T) []T {
	out := []T{}
	for _, v := range in {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
