package permission

import "slices"

// Scope is which sub-accounts a member reaches through an account.
type Scope string

// The scopes. ScopeAll takes in sub-accounts made later.
const (
	ScopeNone     Scope = "NONE"
	ScopeSelected Scope = "SELECTED"
	ScopeAll      Scope = "ALL"
)

// Values lists the scopes for ent.
func (Scope) Values() []string {
	return []string{string(ScopeNone), string(ScopeSelected), string(ScopeAll)}
}

// Grant is what somebody was given in one account.
type Grant struct {
	// Roles are the roles themselves, each within its own type's ceiling.
	Roles []Role
	// Extra are permissions given one by one, within the union of the ceilings
	// of the roles, or within USER where there is no role.
	Extra []Key
	// Scope and SubAccounts say which sub-accounts are reached.
	Scope       Scope
	SubAccounts []string
}

// Effective returns what the grant allows in the account itself.
func (c *Catalogue) Effective(g Grant) Set {
	var out, ceiling Set
	for _, r := range g.Roles {
		out = out.Or(c.Holds(r))
		ceiling = ceiling.Or(c.ceiling[r.Type])
	}
	if len(g.Roles) == 0 {
		ceiling = c.ceiling[User]
	}
	return out.Or(c.Set(g.Extra...).and(ceiling))
}

// OverCeiling returns those of the extra permissions that the types of the
// roles do not admit.
func (c *Catalogue) OverCeiling(g Grant) []Key {
	var ceiling Set
	for _, r := range g.Roles {
		ceiling = ceiling.Or(c.ceiling[r.Type])
	}
	if len(g.Roles) == 0 {
		ceiling = c.ceiling[User]
	}
	return c.Keys(c.Set(g.Extra...).minus(ceiling))
}

// Givable returns what somebody who holds the set may give, each thing to whoever may
// hold it: the set, and for an administrator what only tokens hold.
func (c *Catalogue) Givable(s Set) Set {
	if s.Admin() {
		return s.Or(c.tokens)
	}
	return s
}

// Inheritable returns the part of a set that follows sub-account access.
func (c *Catalogue) Inheritable(s Set) Set { return s.and(c.subs) }

// Reaches reports whether the grant's scope takes in the sub-account.
func (g Grant) Reaches(subAccount string) bool {
	return g.Scope == ScopeAll || g.Scope == ScopeSelected && slices.Contains(g.SubAccounts, subAccount)
}

// AllSubAccounts stands in a Reach for every sub-account, future ones included.
const AllSubAccounts = "*"

// Reach is a set of pairs of account and permission: everything that a grant
// allows, and where. Nobody may add a pair that they do not hold.
type Reach map[string]Set

// Reach returns the pairs of a grant that was given in the account.
func (c *Catalogue) Reach(account string, g Grant) Reach {
	return c.Spread(account, c.Effective(g), g.Scope, g.SubAccounts)
}

// Spread returns the pairs of a set that is held in the account, and in sub-accounts as
// far as it follows access to them.
func (c *Catalogue) Spread(account string, set Set, scope Scope, subs []string) Reach {
	r := Reach{account: set}
	switch scope {
	case ScopeAll:
		r[AllSubAccounts] = c.Inheritable(set)
	case ScopeSelected:
		for _, sub := range subs {
			r[sub] = c.Inheritable(set)
		}
	}
	return r
}

// Everything returns the reach of an owner of the account.
func (c *Catalogue) Everything(account string) Reach {
	return Reach{account: c.ceiling[Owner], AllSubAccounts: c.ceiling[Owner]}
}

// Add returns the reach with the set added at the account.
func (r Reach) Add(account string, s Set) Reach {
	out := Reach{}
	for a, have := range r {
		out[a] = have
	}
	out[account] = out[account].Or(s)
	return out
}

// Beyond returns the pairs of r that other does not hold. Holding a permission
// in all sub-accounts is holding it in each; the reverse is not so. The main
// account of a reach is never taken for a sub-account.
func (r Reach) Beyond(other Reach, account string) Reach {
	out := Reach{}
	for a, set := range r {
		have := other[a]
		if a != account {
			have = have.Or(other[AllSubAccounts])
		}
		if more := set.minus(have); !more.Empty() {
			out[a] = more
		}
	}
	return out
}

// Union returns every permission that the reach holds anywhere.
func (r Reach) Union() Set {
	var s Set
	for _, set := range r {
		s = s.Or(set)
	}
	return s
}
