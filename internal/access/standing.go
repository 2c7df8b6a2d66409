package access

import (
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/membership"
	"tenantry/ent/predicate"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

// Standing is what one person, or one program with an API token, is and may do in one
// account, from one reading of the database.
type Standing struct {
	Account *ent.Account
	// Parent is the account above. Nil for an account that is no sub-account.
	Parent *ent.Account
	// Membership is the person's own. Nil where they have none.
	Membership *ent.Membership
	// Above is the person's membership in the parent. Nil where they have none.
	Above *ent.Membership

	userID       string
	catalogue    *permission.Catalogue
	grant, above permission.Grant
	set          permission.Set
	lent         *lent      // nil for everybody but a program with an API token
	overseer     bool       // an operator, who belongs nowhere
	keptOut      bool       // for want of a second factor
	due          *time.Time // from when on that is so, be it past or to come; nil for never
}

// Until returns the next instant at which time alone may end the standing, so that
// whoever keeps an eye on an account asks again. Nil for never.
func (s *Standing) Until() (next *time.Time) {
	if !s.keptOut {
		next = s.due
	}
	for _, m := range []*ent.Membership{s.Membership, s.Above} {
		if m != nil && Active(m) && m.AccessEndsAt != nil && (next == nil || m.AccessEndsAt.Before(*next)) {
			next = m.AccessEndsAt
		}
	}
	return next
}

// oversee makes the standing that of an operator with these powers, who may read all
// that can be read, or write to contacts, or both.
func (s *Standing) oversee(powers []permission.Power) {
	s.overseer, s.keptOut, s.due, s.set = true, false, nil, permission.Set{}
	if slices.Contains(powers, permission.ReadAccounts) {
		s.set = s.catalogue.Ceiling(permission.Owner)
	}
	if slices.Contains(powers, permission.Notify) {
		s.set = s.set.Or(s.catalogue.Set(permission.Notify))
	}
}

// Overseer reports whether the standing is an operator's.
func (s *Standing) Overseer() bool { return s.overseer }

// newStanding works out what follows from the rows. Roles that no longer exist
// grant nothing.
func newStanding(c *permission.Catalogue, who *ent.User, acct, parent *ent.Account, own, above *ent.Membership, roles, rolesAbove Roles) *Standing {
	s := &Standing{Account: acct, Parent: parent, Membership: own, Above: above, userID: who.ID, catalogue: c,
		due: TwoFactorDue(who, acct, parent)}
	s.keptOut = s.due != nil && !instant.Now().Before(*s.due)
	if own != nil {
		s.grant = GrantOf(own, roles)
	}
	if above != nil {
		s.above = GrantOf(above, rolesAbove)
	}
	switch {
	case s.keptOut:
	case s.Owner():
		s.set = c.Ceiling(permission.Owner)
	case s.shut():
	default:
		if own != nil {
			s.set = c.Effective(s.grant)
		}
		if s.inherits() {
			s.set = s.set.Or(c.Inheritable(c.Effective(s.above)))
		}
	}
	return s
}

// Roles are the roles that can be had in one account.
type Roles struct {
	catalogue *permission.Catalogue
	own       map[string]*permission.Role
}

// Role returns the role with this id, nil if there is none. It is shared: nobody may
// change it.
func (r Roles) Role(id string) *permission.Role {
	if found := r.catalogue.Role(id); found != nil {
		return found
	}
	return r.own[id]
}

// Those returns the roles with these ids in that order, leaving out what does not exist.
func (r Roles) Those(ids []string) []*permission.Role {
	out := make([]*permission.Role, 0, len(ids))
	for _, id := range ids {
		if found := r.Role(id); found != nil {
			out = append(out, found)
		}
	}
	return out
}

// GrantOf returns what a membership was given.
func GrantOf(m *ent.Membership, roles Roles) permission.Grant {
	return Resolve(m.RoleIds, m.Permissions, m.SubAccountAccess, m.SubAccountIds, roles)
}

// Resolve returns a grant with its roles looked up; roles that do not exist
// grant nothing.
func Resolve(roleIDs []string, extra []permission.Key, scope permission.Scope, subs []string, roles Roles) permission.Grant {
	g := permission.Grant{Extra: extra, Scope: scope, SubAccounts: subs}
	for _, id := range roleIDs {
		if r := roles.Role(id); r != nil {
			g.Roles = append(g.Roles, *r)
		}
	}
	return g
}

// Owner reports whether the person owns the account. No program does.
func (s *Standing) Owner() bool { return s.Account.OwnerUserID == s.userID && s.lent == nil }

// inherits reports whether the parent's membership reaches this sub-account. A
// membership of its own that was deactivated cuts that off.
func (s *Standing) inherits() bool {
	return s.Above != nil && Active(s.Above) && s.above.Reaches(s.Account.ID) &&
		(s.Membership == nil || Active(s.Membership))
}

// shut reports whether the account or the membership keeps the person out.
func (s *Standing) shut() bool {
	return s.Account.State == account.StateCLOSED ||
		s.Membership != nil && !Active(s.Membership)
}

// Belongs reports whether the person has anything to do with the account, so
// that they may know that it exists.
func (s *Standing) Belongs() bool {
	if s.lent != nil {
		return s.lent.belongs()
	}
	return s.Owner() || s.Membership != nil || s.inherits() || s.overseer
}

// ends reports whether the access has an end, ahead or past.
func (s *Standing) ends() bool {
	return s.Membership != nil && s.Membership.AccessEndsAt != nil || s.Above != nil && s.Above.AccessEndsAt != nil
}

// State returns whether the account can be used, which its parent decides too.
func (s *Standing) State() account.State {
	if s.Parent != nil && s.Account.State != account.StateCLOSED && s.Parent.State != account.StateACTIVE {
		return s.Parent.State
	}
	return s.Account.State
}

// Enter returns nil if the person may look into the account, and otherwise the
// refusal: for an outsider the account does not exist.
func (s *Standing) Enter() error {
	switch {
	case s.overseer:
		return nil
	case !s.Belongs():
		return fault.Missing("account")
	case s.lent != nil:
		return s.lent.enter()
	case s.Owner():
	case s.Membership != nil && !Active(s.Membership):
		return away(s.Membership, s.Account)
	case s.Account.State == account.StateCLOSED:
		return fault.New(fault.AccountClosed, "%s is closed.", s.Account.Name)
	}
	if s.keptOut {
		return needTwoFactors(s.Account)
	}
	return nil
}

// away is the refusal for a member who is kept out.
func away(m *ent.Membership, a *ent.Account) error {
	if Ended(m) {
		return fault.New(fault.MembershipDeactivated, "Your access to %s ended on %s.", a.Name, day(*m.AccessEndsAt))
	}
	return fault.New(fault.MembershipDeactivated, "Your membership in %s is deactivated.", a.Name)
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006") }

// Can reports whether the person may do this here, or the operator read it.
func (s *Standing) Can(k permission.Key) bool { return s.catalogue.Has(s.set, k) }

// Permissions lists what the person may do here, in the order of the catalogue.
// An operator reads everything and holds nothing.
func (s *Standing) Permissions() []permission.Key {
	if s.overseer {
		return []permission.Key{}
	}
	return s.catalogue.Keys(s.set)
}

// Set returns what the person may do here.
func (s *Standing) Set() permission.Set { return s.set }

// Need returns nil if the person may do this here. What is sent in the name of an
// account is no reading: a suspended one sends nothing by itself, while the company
// may still write to its people.
func (s *Standing) Need(k permission.Key) error {
	if err := s.Enter(); err != nil {
		return err
	}
	if !s.Can(k) {
		return fault.New(fault.Forbidden, "You need the permission %q in this account.", k)
	}
	switch {
	case k != permission.Notify:
		return nil
	case s.overseer:
		return s.NeedNotClosed()
	}
	return s.NeedOpen()
}

// NeedOwner returns nil if the person owns the account.
func (s *Standing) NeedOwner() error {
	if err := s.Enter(); err != nil {
		return err
	}
	if !s.Owner() {
		return fault.New(fault.Forbidden, "Only the owner of the account may do this.")
	}
	return nil
}

// NeedAdmin returns nil if the person owns the account or is an administrator.
func (s *Standing) NeedAdmin() error {
	if err := s.Enter(); err != nil {
		return err
	}
	if !s.set.Admin() {
		return fault.New(fault.Forbidden, "Only the owner and administrators of the account may do this.")
	}
	return nil
}

// NeedOpen returns nil if the account can be changed.
func (s *Standing) NeedOpen() error {
	if err := s.NeedNotClosed(); err != nil {
		return err
	}
	suspended := s.Account
	if s.Parent != nil && s.Parent.State == account.StateSUSPENDED {
		suspended = s.Parent
	}
	if suspended.State == account.StateSUSPENDED {
		return fault.New(fault.AccountSuspended, "%s is suspended: it can be read and its invoices paid.", suspended.Name)
	}
	return nil
}

// NeedNotClosed returns nil if the account is not closed, so that access to it
// may still be narrowed.
func (s *Standing) NeedNotClosed() error {
	if s.Account.State == account.StateCLOSED || s.Parent != nil && s.Parent.State == account.StateCLOSED {
		return fault.New(fault.AccountClosed, "%s is closed.", s.Account.Name)
	}
	return nil
}

// Reach returns every pair of account and permission that the person holds by
// way of this account. A program has none of its own.
func (s *Standing) Reach() permission.Reach {
	switch {
	case s.keptOut || s.lent != nil:
		return permission.Reach{}
	case s.Owner():
		return s.catalogue.Everything(s.Account.ID)
	case s.shut():
		return permission.Reach{}
	}
	r := permission.Reach{}
	if s.Membership != nil {
		r = s.catalogue.Reach(s.Account.ID, s.grant)
	}
	return r.Add(s.Account.ID, s.set)
}

// Reached returns what narrows the sub-accounts of the account to those that the
// person reaches: nothing, if they reach all.
func (s *Standing) Reached() []predicate.Account {
	if s.lent != nil {
		return s.lent.reached()
	}
	m := s.Membership
	if s.Owner() || s.overseer || m != nil && m.SubAccountAccess == permission.ScopeAll {
		return nil
	}
	own := account.HasMembershipsWith(membership.UserID(s.userID))
	if m != nil && m.SubAccountAccess == permission.ScopeSelected {
		own = account.Or(own, account.IDIn(m.SubAccountIds...))
	}
	return []predicate.Account{own}
}

// Reason is what decides whether somebody may do something.
type Reason string

// The reasons.
const (
	ReasonOwner           Reason = "OWNER"
	ReasonRole            Reason = "ROLE"
	ReasonDirectGrant     Reason = "DIRECT_GRANT"
	ReasonInherited       Reason = "INHERITED_FROM_PARENT"
	ReasonNotGranted      Reason = "NOT_GRANTED"
	ReasonOutOfScope      Reason = "OUT_OF_SCOPE"
	ReasonRoleTypeCeiling Reason = "ROLE_TYPE_CEILING"
	ReasonDeactivated     Reason = "MEMBERSHIP_DEACTIVATED"
	ReasonAccessEnded     Reason = "ACCESS_ENDED"
	ReasonAccountClosed   Reason = "ACCOUNT_CLOSED"
	ReasonTwoFactor       Reason = "TWO_FACTOR_REQUIRED"
	ReasonTokenScope      Reason = "TOKEN_SCOPE"
)

// Source is one grant that gives a permission.
type Source struct {
	// Account is where the grant was made: the account, or its parent. Nil for a
	// parent that whoever asks does not belong to.
	Account *ent.Account
	// Role gives it. Nil for ownership and for a permission given one by one.
	Role *permission.Role
}

// Explanation says why somebody may or may not do something.
type Explanation struct {
	Allowed bool
	Reason  Reason
	// Grants give it, strongest first.
	Grants  []*Source
	Message string
}

const withoutTwoFactors = "refused, since the account asks for two factors and they have not turned them on."

// Explain says what decides about the permission, and agrees with Can.
func (s *Standing) Explain(k permission.Key) Explanation {
	label := s.catalogue.Label(k)
	say := func(allowed bool, reason Reason, grants []*Source, message string) Explanation {
		if grants == nil {
			grants = []*Source{}
		}
		return Explanation{Allowed: allowed, Reason: reason, Grants: grants, Message: label + ": " + message}
	}
	p := s.catalogue.Permission(k)
	if s.lent != nil {
		return s.lent.explain(k)
	}
	if s.overseer {
		return say(false, ReasonNotGranted, nil, "an operator's token reads, and holds no permissions.")
	}
	switch {
	case s.Owner() && s.keptOut:
		return say(false, ReasonTwoFactor, nil, withoutTwoFactors)
	case s.Owner() && !s.Can(k):
		return say(false, ReasonNotGranted, nil, "only API tokens hold this.")
	case s.Owner():
		return say(true, ReasonOwner, []*Source{{Account: s.Account}}, "allowed, since they own the account.")
	case s.Membership != nil && Ended(s.Membership):
		return say(false, ReasonAccessEnded, nil, "refused, since their access ended on "+day(*s.Membership.AccessEndsAt)+".")
	case s.Membership != nil && !Active(s.Membership):
		return say(false, ReasonDeactivated, nil, "refused, since the membership is deactivated.")
	case s.Account.State == account.StateCLOSED:
		return say(false, ReasonAccountClosed, nil, "refused, since the account is closed.")
	case s.keptOut:
		return say(false, ReasonTwoFactor, nil, withoutTwoFactors)
	case p == nil:
		return say(false, ReasonNotGranted, nil, "no such permission.")
	}
	byRole, direct, over := s.sources(k, s.Account, s.grant)
	roleAbove, directAbove, _ := s.sources(k, s.Parent, s.above)
	above := append(roleAbove, directAbove...)
	inherited := s.inherits() && p.SubAccounts && len(above) > 0
	all := append(slices.Clone(byRole), direct...)
	if inherited {
		all = append(all, above...)
	}
	switch {
	case len(byRole) > 0:
		return say(true, ReasonRole, all, "allowed by the role "+byRole[0].Role.Name+".")
	case len(direct) > 0:
		return say(true, ReasonDirectGrant, all, "allowed, since it was given to them directly.")
	case inherited:
		return say(true, ReasonInherited, all, "allowed through "+s.Parent.Name+".")
	case over:
		return say(false, ReasonRoleTypeCeiling, nil, "refused: it was given, but the type of the role does not admit it.")
	case s.Above != nil && len(above) > 0:
		return say(false, ReasonOutOfScope, nil, "refused: they hold it in "+s.Parent.Name+", without access to this sub-account.")
	}
	return say(false, ReasonNotGranted, nil, "refused, since nothing gives it.")
}

// veil returns the standing with a parent that has neither id nor name of its
// own, to be explained to somebody who does not belong there.
func (s *Standing) veil() *Standing {
	out, parent := *s, *s.Parent
	parent.ID, parent.Name = "", "the account above"
	out.Parent = &parent
	if s.lent != nil {
		out.lent = &lent{s.lent.token, s.lent.maker.veil()}
	}
	return &out
}

func (s *Standing) sources(k permission.Key, acct *ent.Account, g permission.Grant) (byRole, direct []*Source, over bool) {
	c := s.catalogue
	for _, r := range g.Roles {
		if c.Has(c.Holds(r), k) {
			byRole = append(byRole, &Source{Account: acct, Role: &r})
		}
	}
	if slices.Contains(g.Extra, k) {
		if slices.Contains(c.OverCeiling(g), k) {
			over = true
		} else {
			direct = append(direct, &Source{Account: acct})
		}
	}
	return byRole, direct, over
}
