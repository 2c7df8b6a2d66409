package membership

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/invitation"
	"tenantry/ent/membership"
	"tenantry/ent/predicate"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/page"
	"tenantry/internal/permission"
	"tenantry/internal/text"
)

// Filter narrows a list of memberships. Empty fields do not.
type Filter struct {
	State  *membership.State
	Search string
	RoleID string
	// TwoFactor is whether they have two factors.
	TwoFactor *bool
}

// List pages through the members of an account, oldest first. Refusals: as
// access.Gate.Require for users, BAD_INPUT.
func (s *Service) List(ctx context.Context, by *access.Actor, accountID string, f Filter, r page.Request) (page.Page[*ent.Membership], error) {
	st, err := s.gate.Require(ctx, by, accountID, permission.Users)
	if err != nil {
		return page.Page[*ent.Membership]{}, err
	}
	if err := r.Check(); err != nil {
		return page.Page[*ent.Membership]{}, err
	}
	p, err := page.Read(ctx, s.client, by.Ahead(f.key(accountID, r)), func() *page.Asked[*ent.Membership] { return s.ask(accountID, f, r) })
	if err != nil {
		return p, fmt.Errorf("list members: %w", err)
	}
	for _, m := range p.Items {
		m.AccountID, m.Edges.Account = accountID, st.Account
	}
	return p, nil
}

// Ahead is the page that List reads, to be read with the session.
func (s *Service) Ahead(accountID string, f Filter, r page.Request) page.Ahead {
	return page.Ahead{Key: f.key(accountID, r), Page: s.ask(accountID, f, r)}
}

// key is the key of a page that may be read ahead.
func (f Filter) key(accountID string, r page.Request) page.Key {
	if f.Search != "" || f.RoleID != "" || f.TwoFactor != nil {
		return page.Key{}
	}
	k := page.Key{List: membership.Table, AccountID: accountID, After: r.After, First: r.First}
	if f.State != nil {
		k.State = string(*f.State)
	}
	return k
}

// ask asks for a page of the members of an account.
func (s *Service) ask(accountID string, f Filter, r page.Request) *page.Asked[*ent.Membership] {
	columns, read := r.Columns(shown)
	list := page.List{Table: membership.Table, Read: read}
	known := asked(r)
	if len(known) > 0 {
		list.Read += ", " + column.List("u", known)
		list.Join = " JOIN users u ON u.id = l.user_id"
	}
	q := list.Of(accountID)
	if f.State != nil {
		q.Narrow(access.StateText(*f.State, "l", "?"), instant.Now())
	}
	if f.Search != "" {
		q.Search("(SELECT sought.search FROM users sought WHERE sought.id = l.user_id)", text.Fold(f.Search))
	}
	if f.TwoFactor != nil {
		q.Narrow("(SELECT "+hasTwo+" FROM users held WHERE held.id = l.user_id) = ?", *f.TwoFactor)
	}
	switch {
	case f.RoleID == "":
	case strings.Trim(f.RoleID, "abcdefghijklmnopqrstuvwxyz0123456789_") == "":
		q.Search("CAST(l.role_ids AS TEXT)", `"`+f.RoleID+`"`)
	default: // no role has such an id
		q.Narrow("1 = 0")
	}
	var (
		m ent.Membership
		u ent.User
	)
	places := append(m.Places(columns), u.Places(known)...)
	var rows page.Rows[ent.Membership]
	var people page.Rows[ent.User]
	return page.Ask(q, r, places, func() *ent.Membership {
		row := rows.Next()
		*row = m
		if len(known) > 0 {
			p := people.Next()
			p.ID, p.Name, p.Email, p.TwoFactorAt = m.UserID, u.Name, u.Email, u.TwoFactorAt
			row.Edges.User = p
		}
		return row
	})
}

// asked are the columns that are read of each person with a list of members. Whether
// they have two factors decides about more where the account asks for them.
func asked(r page.Request) []string {
	var known []string
	if r.Asks("user", "email") {
		known = append(known, user.FieldName, user.FieldEmail)
	}
	if r.Asks("twoFactorEnabled", "blockedByPolicy", "twoFactorDueAt", "canSignIn", "effectivePermissions") {
		known = append(known, user.FieldTwoFactorAt)
	}
	return known
}

// shown are the columns of memberships that are read for a few fields only.
var shown = &page.Columns{All: membership.Columns, Shown: map[string][]string{
	membership.FieldID:               {"id", "edges", "pageInfo", "unread"},
	membership.FieldUserID:           {"id", "isOwner", "effectivePermissions", "unread"},
	membership.FieldCreatedAt:        {"createdAt", "unread"},
	membership.FieldDeactivatedAt:    {"deactivatedAt"},
	membership.FieldAccessEndsAt:     {"accessEndsAt", "state", "deactivatedAt", "deactivatedReason", "canSignIn", "effectivePermissions"},
	membership.FieldAccessEnded:      {"deactivatedReason"},
	membership.FieldRoleIds:          {"roles", "effectivePermissions"},
	membership.FieldPermissions:      {"extraPermissions", "effectivePermissions"},
	membership.FieldSubAccountAccess: {"subAccountAccess", "effectivePermissions"},
	membership.FieldSubAccountIds:    {"selectedSubAccounts", "effectivePermissions"},
	membership.FieldVersion:          {"version"},
	membership.FieldLastAccessAt:     {"lastAccessAt", "unread"},
	membership.FieldInvitationID:     {},

	membership.FieldAccessEndSetByID: {}, membership.FieldAccessEndNoticedAt: {},
	membership.FieldAccountID: {},
}}

// Mine pages through the memberships of the actor, oldest first. Refusals:
// UNAUTHENTICATED, BAD_INPUT.
func (s *Service) Mine(ctx context.Context, by *access.Actor, f Filter, r page.Request) (page.Page[*ent.Membership], error) {
	none := page.Page[*ent.Membership]{}
	if err := by.NeedPerson(); err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	own := access.OwnFilter{State: f.State, Search: text.Fold(f.Search)}
	rows, total, err := s.gate.Own(ctx, by, own, r.After, r.Limit(), r.Asks("totalCount"))
	if err != nil {
		return none, err
	}
	p := page.Cut(rows, r)
	p.Count = page.Known(total, func(ctx context.Context) (int, error) {
		_, total, err := s.gate.Own(ctx, by, own, "", 1, true)
		return max(total, 0), err
	})
	return p, nil
}

// Get returns a membership that the actor may see: their own, or one in an
// account where they hold users. Refusals: NOT_FOUND.
func (s *Service) Get(ctx context.Context, by *access.Actor, membershipID string) (*ent.Membership, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	if !id.Is(id.Membership, membershipID) {
		return nil, fault.Missing("membership")
	}
	m, err := s.client.Membership.Get(ctx, membershipID)
	if ent.IsNotFound(err) {
		return nil, s.gate.Absent(ctx, by, "membership")
	}
	if err != nil {
		return nil, err
	}
	if m.UserID != by.UserID() {
		if _, err := s.gate.Require(ctx, by, m.AccountID, permission.Users); err != nil {
			return nil, fault.Hide(err, "membership")
		}
	}
	// What belongs to it only now, so that the time does not tell that it is there.
	if m.Edges.User, err = m.QueryUser().Only(ctx); err != nil {
		return nil, err
	}
	m.Edges.Account, err = m.QueryAccount().Only(ctx)
	return m, err
}

// User returns the person of a membership.
func (s *Service) User(ctx context.Context, by *access.Actor, m *ent.Membership) (*ent.User, error) {
	if m.Edges.User != nil {
		return m.Edges.User, nil
	}
	if m.UserID == by.UserID() {
		return by.User, nil
	}
	return s.client.User.Get(ctx, m.UserID)
}

// Account returns the account of a membership that the actor was shown.
func (s *Service) Account(ctx context.Context, m *ent.Membership) (*ent.Account, error) {
	if m.Edges.Account != nil {
		return m.Edges.Account, nil
	}
	return s.client.Account.Get(ctx, m.AccountID)
}

// Roles returns the roles of a membership.
func (s *Service) Roles(ctx context.Context, m *ent.Membership) ([]*permission.Role, error) {
	a, err := s.Account(ctx, m)
	if err != nil {
		return nil, err
	}
	roles, err := s.gate.Roles(ctx, a)
	if err != nil {
		return nil, err
	}
	return roles.Those(m.RoleIds), nil
}

// Effective returns what the member may do in the account now.
func (s *Service) Effective(ctx context.Context, by *access.Actor, m *ent.Membership) ([]permission.Key, error) {
	a, err := s.Account(ctx, m)
	if err != nil {
		return nil, err
	}
	out, err := s.KeptOut(ctx, by, m)
	if err != nil {
		return nil, err
	}
	c := s.gate.Catalogue()
	switch {
	case out:
		return []permission.Key{}, nil
	case a.OwnerUserID == m.UserID:
		return c.Keys(c.Ceiling(permission.Owner)), nil
	case !access.Active(m) || a.State == account.StateCLOSED:
		return []permission.Key{}, nil
	}
	roles, err := s.gate.Roles(ctx, a)
	if err != nil {
		return nil, err
	}
	return c.Keys(c.Effective(access.GrantOf(m, roles))), nil
}

// IsOwner reports whether the member owns the account.
func (s *Service) IsOwner(ctx context.Context, m *ent.Membership) (bool, error) {
	a, err := s.Account(ctx, m)
	return err == nil && a.OwnerUserID == m.UserID, err
}

// CanSignIn reports whether the member can work in the account.
func (s *Service) CanSignIn(ctx context.Context, by *access.Actor, m *ent.Membership) (bool, error) {
	a, err := s.Account(ctx, m)
	if err != nil || !access.Active(m) || a.State == account.StateCLOSED {
		return false, err
	}
	out, err := s.KeptOut(ctx, by, m)
	return err == nil && !out, err
}

// SubAccounts returns the sub-accounts that each of the memberships names, in
// their order.
func (s *Service) SubAccounts(ctx context.Context, by *access.Actor, members []*ent.Membership) ([][]*ent.Account, error) {
	lists := make([][]string, len(members))
	for i, m := range members {
		lists[i] = m.SubAccountIds
	}
	return s.Named(ctx, by, lists)
}

// Named returns those of the accounts that lists of ids name which the actor may
// look into, in their order and with the same statements for any number of lists.
func (s *Service) Named(ctx context.Context, by *access.Actor, lists [][]string) ([][]*ent.Account, error) {
	ids := slices.Compact(slices.Sorted(slices.Values(slices.Concat(lists...))))
	byID := map[string]*ent.Account{}
	if len(ids) > 0 {
		rows, err := s.client.Account.Query().Where(account.IDIn(ids...)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read sub-accounts: %w", err)
		}
		if rows, err = s.visible(ctx, by, rows); err != nil {
			return nil, err
		}
		for _, a := range rows {
			byID[a.ID] = a
		}
	}
	out := make([][]*ent.Account, len(lists))
	for i, list := range lists {
		out[i] = []*ent.Account{}
		for _, one := range list {
			if a := byID[one]; a != nil {
				out[i] = append(out[i], a)
			}
		}
	}
	return out, nil
}

// visible leaves out the accounts that the actor may not look into.
func (s *Service) visible(ctx context.Context, by *access.Actor, accounts []*ent.Account) ([]*ent.Account, error) {
	ids := make([]string, len(accounts))
	for i, a := range accounts {
		ids[i] = a.ID
	}
	if err := s.gate.Prepare(ctx, by, ids); err != nil {
		return nil, err
	}
	out := []*ent.Account{}
	for _, a := range accounts {
		_, err := s.gate.Enter(ctx, by, a.ID)
		if err != nil && fault.All(err) == nil {
			return nil, err
		}
		if err == nil {
			out = append(out, a)
		}
	}
	return out, nil
}

// PersonState is where a person in the combined list stands.
type PersonState string

// The states of people.
const (
	PersonActive      PersonState = "ACTIVE"
	PersonInvited     PersonState = "INVITED"
	PersonDeactivated PersonState = "DEACTIVATED"
)

// Person is a row of the combined list: a member, or somebody who was invited.
type Person struct {
	Name, Email   string
	State         PersonState
	CanSignIn     bool
	Roles         []*permission.Role
	LastAccessAt  *time.Time
	AccessEndsAt  *time.Time
	Membership    *ent.Membership
	Invitation    *ent.Invitation
	ThroughParent bool
	// TwoFactorEnabled is nil for an invited person.
	TwoFactorEnabled *bool
	// BlockedByPolicy is about now, TwoFactorDueAt from when on. Nil for never.
	BlockedByPolicy bool
	TwoFactorDueAt  *time.Time

	key string
}

// Key is the place of the person in the list: the part of the row's id that
// sorts by the time it was made, whatever its kind.
func (p *Person) Key() string { return p.key }

func suffix(rowID string) string {
	_, rest, _ := strings.Cut(rowID, "_")
	return rest
}

// PeopleFilter narrows the combined list. Empty fields do not.
type PeopleFilter struct {
	State  *PersonState
	Search string
	// TwoFactor is whether they have two factors, of members only.
	TwoFactor *bool
}

// People pages through everybody who belongs to an account or was asked to, one
// row for each address, oldest first. Those who reach a sub-account through its
// parent have a membership only for whom may see it there. Refusals: as access.Gate.Require for
// users, BAD_INPUT.
func (s *Service) People(ctx context.Context, by *access.Actor, accountID string, f PeopleFilter, r page.Request) (page.Page[*Person], error) {
	none := page.Page[*Person]{}
	st, err := s.gate.Require(ctx, by, accountID, permission.Users)
	if err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	f.Search = text.Fold(f.Search)
	members, err := s.memberRows(ctx, st.Account, f, r)
	if err != nil {
		return none, fmt.Errorf("list people: %w", err)
	}
	invited, err := s.invitedRows(ctx, st.Account, f, r)
	if err != nil {
		return none, fmt.Errorf("list people: %w", err)
	}
	roles, err := s.gate.Roles(ctx, st.Account)
	if err != nil {
		return none, err
	}
	rolesAbove := roles
	if st.Account.ParentID != nil {
		parent, err := s.client.Account.Get(ctx, *st.Account.ParentID)
		if err != nil {
			return none, err
		}
		if rolesAbove, err = s.gate.Roles(ctx, parent); err != nil {
			return none, err
		}
	}
	var people []*Person
	for _, m := range members {
		p := &Person{Name: m.Edges.User.Name, Email: m.Edges.User.Email, State: PersonActive, Membership: m,
			LastAccessAt: m.LastAccessAt, AccessEndsAt: m.AccessEndsAt, ThroughParent: m.AccountID != accountID, key: suffix(m.ID)}
		if !access.Active(m) {
			p.State = PersonDeactivated
		}
		has := m.Edges.User.TwoFactorAt != nil
		p.TwoFactorEnabled, p.TwoFactorDueAt = &has, access.TwoFactorDue(m.Edges.User, st.Account, st.Parent)
		p.BlockedByPolicy = access.KeptOut(m.Edges.User, st.Account, st.Parent)
		p.CanSignIn = p.State == PersonActive && st.Account.State != account.StateCLOSED && !p.BlockedByPolicy
		if p.Roles = roles.Those(m.RoleIds); p.ThroughParent {
			p.Roles = rolesAbove.Those(m.RoleIds)
		}
		people = append(people, p)
	}
	for _, i := range invited {
		people = append(people, &Person{Name: i.Name, Email: i.Email, State: PersonInvited, Invitation: i, AccessEndsAt: i.AccessEndsAt,
			Roles: roles.Those(i.RoleIds), key: suffix(i.ID)})
	}
	slices.SortFunc(people, func(a, b *Person) int { return strings.Compare(a.key, b.key) })
	if len(people) > r.Limit() {
		people = people[:r.Limit()]
	}
	p := page.Cut(people, r)
	if err := s.attach(ctx, st.Account.ID, p.Items); err != nil {
		return none, err
	}
	return p, s.veil(ctx, by, st, p.Items)
}

// veil leaves the parent's memberships out of the rows of a sub-account for
// somebody who may not see them in the parent.
func (s *Service) veil(ctx context.Context, by *access.Actor, st *access.Standing, people []*Person) error {
	if st.Parent == nil {
		return nil
	}
	if _, err := s.gate.Require(ctx, by, st.Parent.ID, permission.Users); fault.All(err) == nil {
		return err
	}
	for _, p := range people {
		if p.ThroughParent && p.Membership.UserID != by.UserID() {
			p.Membership = nil
		}
	}
	return nil
}

// memberRows reads members of the account, and of its parent where their access
// takes the account in, unless they have a membership of their own.
func (s *Service) memberRows(ctx context.Context, a *ent.Account, f PeopleFilter, r page.Request) ([]*ent.Membership, error) {
	if f.State != nil && *f.State == PersonInvited {
		return nil, nil
	}
	after := ""
	if r.After != "" {
		after = id.Membership + "_" + r.After
	}
	read := func(accountID string, also ...predicate.Membership) ([]*ent.Membership, error) {
		q := s.client.Membership.Query().Where(also...).Where(page.Within(membership.FieldAccountID, membership.FieldID, accountID, after))
		if f.State != nil {
			q.Where(access.InState(membership.State(*f.State)))
		}
		if f.Search != "" {
			q.Where(membership.HasUserWith(user.SearchContains(f.Search)))
		}
		if f.TwoFactor != nil {
			q.Where(twoFactor(*f.TwoFactor))
		}
		return q.WithUser().WithAccount().Limit(r.Limit()).All(ctx)
	}
	own, err := read(a.ID)
	if err != nil || a.ParentID == nil {
		return own, err
	}
	through, err := read(*a.ParentID, throughParent(a))
	return append(own, through...), err
}

// belonging matches what makes people belong to the account: memberships of its
// own, and those of the parent that take it in.
func belonging(a *ent.Account) predicate.Membership {
	own := membership.AccountID(a.ID)
	if a.ParentID == nil {
		return own
	}
	return membership.Or(own, membership.And(membership.AccountID(*a.ParentID), throughParent(a)))
}

// throughParent matches, of the members of the parent, those who reach the
// sub-account by it and have no membership of their own.
func throughParent(a *ent.Account) predicate.Membership {
	return membership.And(access.ActiveMember(),
		membership.Or(membership.UserID(a.OwnerUserID), membership.SubAccountAccessEQ(permission.ScopeAll),
			membership.And(membership.SubAccountAccessEQ(permission.ScopeSelected), reaches(a.ID))),
		notMemberOf(a.ID))
}

func reaches(subAccountID string) predicate.Membership {
	return func(s *sql.Selector) { s.Where(sqljson.ValueContains(membership.FieldSubAccountIds, subAccountID)) }
}

func notMemberOf(accountID string) predicate.Membership {
	return func(s *sql.Selector) {
		t := sql.Dialect(s.Dialect()).Table(membership.Table).As("own")
		s.Where(sql.NotExists(sql.Dialect(s.Dialect()).Select(t.C(membership.FieldID)).From(t).Where(sql.And(
			sql.EQ(t.C(membership.FieldAccountID), accountID),
			sql.ColumnsEQ(t.C(membership.FieldUserID), s.C(membership.FieldUserID))))))
	}
}

// invitedRows reads the invitations that wait for somebody who does not belong to
// the account.
func (s *Service) invitedRows(ctx context.Context, a *ent.Account, f PeopleFilter, r page.Request) ([]*ent.Invitation, error) {
	if f.State != nil && *f.State != PersonInvited || f.TwoFactor != nil {
		return nil, nil
	}
	after := ""
	if r.After != "" {
		after = id.Invitation + "_" + r.After
	}
	q := s.client.Invitation.Query().Where(page.Within(invitation.FieldAccountID, invitation.FieldID, a.ID, after), Waiting(), func(s *sql.Selector) {
		d := sql.Dialect(s.Dialect())
		u, m := d.Table(user.Table).As("u"), d.Table(membership.Table).As("m")
		there := d.Select(sql.Count("*")).From(m).Join(u).On(u.C(user.FieldID), m.C(membership.FieldUserID)).
			Where(sql.ColumnsEQ(u.C(user.FieldEmailKey), s.C(invitation.FieldEmailKey)))
		belonging(a)(there)
		// A number, since PostgreSQL makes a join of NOT EXISTS, and may then compare
		// every invitation with every member.
		s.Where(sql.P(func(b *sql.Builder) { b.Wrap(func(b *sql.Builder) { b.Join(there) }).WriteString(" = 0") }))
	})
	if f.Search != "" {
		q.Where(invitation.SearchContains(f.Search))
	}
	return q.WithAccount().WithInvitedBy().Limit(r.Limit()).All(ctx)
}

// Waiting matches invitations that can be accepted at this moment.
func Waiting() predicate.Invitation {
	return invitation.And(Pending(), invitation.ExpiresAtGT(instant.Now()))
}

// Pending matches invitations that nobody has answered, lapsed ones included. The
// word is part of the text, since a partial index serves no plan in which it is an
// argument.
func Pending() predicate.Invitation {
	return func(s *sql.Selector) {
		s.Where(sql.ExprP(s.C(invitation.FieldState) + " = 'PENDING'"))
	}
}

// attach puts the invitations that wait for members beside them.
func (s *Service) attach(ctx context.Context, accountID string, people []*Person) error {
	byKey := map[string]*Person{}
	var keys []string
	for _, p := range people {
		if p.Membership != nil {
			byKey[p.Membership.Edges.User.EmailKey] = p
			keys = append(keys, p.Membership.Edges.User.EmailKey)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	rows, err := s.client.Invitation.Query().Where(invitation.AccountID(accountID), Waiting(), invitation.EmailKeyIn(keys...)).
		WithAccount().WithInvitedBy().All(ctx)
	if err != nil {
		return err
	}
	for _, i := range rows {
		byKey[i.EmailKey].Invitation = i
	}
	return nil
}
