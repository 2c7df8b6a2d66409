package graph_test

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tenantry/ent"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/invite"
	"tenantry/internal/lab"
	"tenantry/internal/membership"
	"tenantry/internal/permission"
	"tenantry/internal/role"
)

// The model of who may do what, written from what the product promises and not
// from how it keeps it. What somebody has somewhere is a set of bits: one for
// each permission of the hosting catalogue, and two for what no key says.
type bits uint32

var keys = []permission.Key{"profile", "users", "contacts", "products.view", "products.manage", "products.sso", "domains.view", "domains.manage",
	"invoices", "quotes", "payments", "pricing", "tickets", "affiliates", "emails", "orders", "audit", "developer"}

const (
	admin bits = 1 << 30 // is an administrator
	there bits = 1 << 29 // may look in
)

func of(names ...permission.Key) (b bits) {
	for _, k := range names {
		b |= 1 << slices.Index(keys, k)
	}
	return b
}

func (b bits) keys() []permission.Key {
	out := []permission.Key{}
	for i, k := range keys {
		if b&(1<<i) != 0 {
			out = append(out, k)
		}
	}
	return out
}

// What a type of role may hold at most, and what a grant takes along into
// sub-accounts.
var (
	everything = of(keys...)
	ceilings   = map[permission.Type]bits{
		permission.Admin:   everything | admin,
		permission.Billing: of("payments", "pricing", "invoices", "quotes"),
		permission.User:    everything &^ of("pricing", "payments", "users"),
	}
	follows = everything&^of("affiliates") | admin
)

type modelRole struct {
	id, account string // account is "" for a ready-made role
	typ         permission.Type
	holds       bits
	version     int
}

type grant struct {
	roles []string
	extra bits
	scope permission.Scope
	subs  []string
}

type modelMember struct {
	grant
	id, account, user string
	active            bool
	version           int
}

type modelInvitation struct {
	grant
	id, account, user, granter string
}

// all stands for every sub-account, those made later included.
const all = "*"

// model is one account with sub-accounts, as it should be.
type model struct {
	top     string
	owner   string
	subs    []string
	closed  map[string]bool
	roles   map[string]*modelRole
	members map[[2]string]*modelMember // account and user
	pending map[[2]string]*modelInvitation
	two     map[string]bool // who has two factors
	asks    map[string]bool // which accounts ask for them
	written map[string]int  // how often an account's policies were
}

func (m *model) member(acct, user string) *modelMember { return m.members[[2]string{acct, user}] }

// gives is what a grant gives where it was made: every role within its own type,
// single permissions within all of them, or within USER.
func (m *model) gives(g grant) (b bits) {
	for _, id := range g.roles {
		b |= m.roles[id].holds & ceilings[m.roles[id].typ]
		if m.roles[id].typ == permission.Admin {
			b |= admin
		}
	}
	return b | g.extra&m.ceiling(g)
}

func (m *model) ceiling(g grant) (b bits) {
	if len(g.roles) == 0 {
		return ceilings[permission.User]
	}
	for _, id := range g.roles {
		b |= ceilings[m.roles[id].typ]
	}
	return b
}

func (g grant) reaches(sub string) bool {
	return g.scope == permission.ScopeAll || g.scope == permission.ScopeSelected && slices.Contains(g.subs, sub)
}

// keptOut says whether an account, or the one above, asks for a second factor that
// somebody does not have.
func (m *model) keptOut(user, acct string) bool {
	return !m.two[user] && (m.asks[acct] || m.asks[m.top])
}

// may is what somebody has in an account: nothing while it keeps them out.
func (m *model) may(user, acct string) bits {
	if m.keptOut(user, acct) {
		return 0
	}
	return m.has(user, acct)
}

// has is what somebody was given in an account. What they reach through the one above
// counts while it is closed too, since it comes back when it opens.
func (m *model) has(user, acct string) (b bits) {
	if user == m.owner {
		return everything | admin | there
	}
	own := m.member(acct, user)
	if own != nil && !own.active {
		return 0
	}
	if own != nil && !m.closed[acct] {
		b = m.gives(own.grant) | there
	}
	if above := m.member(m.top, user); acct != m.top && above != nil && above.active && above.reaches(acct) {
		b |= m.gives(above.grant)&follows | there
	}
	return b
}

// can is what somebody can do now: a closed account is its owner's only.
func (m *model) can(user, acct string) bits {
	if m.closed[acct] && user != m.owner {
		return 0
	}
	return m.may(user, acct)
}

// everywhere is what somebody has in all sub-accounts, those made later included.
func (m *model) everywhere(user string) bits {
	if m.keptOut(user, m.top) {
		return 0
	}
	if user == m.owner {
		return everything | admin | there
	}
	if own := m.member(m.top, user); own != nil && own.active && own.scope == permission.ScopeAll {
		return m.gives(own.grant)&follows | there
	}
	return 0
}

// pairs are what a grant gives and where.
func (m *model) pairs(acct string, g grant) map[string]bits {
	out := map[string]bits{acct: m.gives(g)}
	switch g.scope {
	case permission.ScopeAll:
		out[all] = m.gives(g)&follows | there
	case permission.ScopeSelected:
		for _, sub := range g.subs {
			out[sub] = m.gives(g)&follows | there
		}
	}
	return out
}

// delegate is the one guard: nobody adds what they do not have.
func (m *model) delegate(by, acct string, before, after map[string]bits) fault.Code {
	for where, b := range after {
		added := b &^ before[where]
		have := m.may(by, where)
		switch where {
		case all:
			have = m.everywhere(by)
		case acct:
		default:
			added &^= before[all]
		}
		if added&^have != 0 {
			return fault.PermissionOutOfReach
		}
	}
	return ""
}

// belongs says whether somebody may know of an account.
func (m *model) belongs(user, acct string) bool {
	return m.member(acct, user) != nil || m.has(user, acct)&there != 0
}

// need asks for a permission in an account that is to be changed.
func (m *model) need(by, acct string, b bits) fault.Code {
	own := m.member(acct, by)
	switch {
	case by == m.owner && m.keptOut(by, acct):
		return fault.TwoFactorRequired
	case by == m.owner && m.closed[acct]:
		return fault.AccountClosed
	case by == m.owner:
		return ""
	case !m.belongs(by, acct):
		return fault.NotFound
	case own != nil && !own.active:
		return fault.MembershipDeactivated
	case m.closed[acct]:
		return fault.AccountClosed
	case m.keptOut(by, acct):
		return fault.TwoFactorRequired
	case m.may(by, acct)&b != b:
		return fault.Forbidden
	}
	return ""
}

// run is the model beside the server.
type run struct {
	*model
	t       *rapid.T
	w       *lab.World
	people  map[string]*access.Actor
	created int
	// inviters is a role with nothing but the right to invite. It is never changed.
	inviters string
}

func (r *run) as(user string) *access.Actor {
	p := r.people[user]
	return &access.Actor{Kind: access.Person, User: p.User, Session: p.Session}
}

func (r *run) agree(what string, want fault.Code, err error) bool {
	var got fault.Code
	if err != nil {
		all := fault.All(err)
		if all == nil {
			r.t.Fatalf("%s: %v", what, err)
		}
		got = all[0].Code
	}
	if got != want {
		r.t.Fatalf("%s: the server says %q (%v), the model says %q", what, got, err, want)
	}
	return want == ""
}

func pick[T any](t *rapid.T, what string, from []T) T { return rapid.SampledFrom(from).Draw(t, what) }

func (r *run) user() string { return pick(r.t, "who", slices.Sorted(maps.Keys(r.people))) }

// account is one of the accounts, more often the one above.
func (r *run) account() string {
	return pick(r.t, "account", append([]string{r.top, r.top}, r.subs...))
}

// usual lets most steps be taken by somebody who has a chance.
func (r *run) usual(acct string) string {
	if rapid.IntRange(0, 3).Draw(r.t, "anyone") == 0 {
		return r.user()
	}
	var able []string
	for _, u := range slices.Sorted(maps.Keys(r.people)) {
		if r.need(u, acct, of("users")) == "" {
			able = append(able, u)
		}
	}
	if len(able) == 0 {
		return r.user()
	}
	return pick(r.t, "who", able)
}

// some are a few permissions, mostly few.
func (r *run) some(most bits) (b bits) {
	for range rapid.IntRange(0, 3).Draw(r.t, "how many") {
		b |= 1 << rapid.IntRange(0, len(keys)-1).Draw(r.t, "permission")
	}
	if rapid.IntRange(0, 4).Draw(r.t, "over") > 0 {
		b &= most
	}
	return b
}

// offer is a grant that could be made in an account.
func (r *run) offer(acct string) grant {
	g := grant{scope: permission.ScopeNone, subs: []string{}, roles: []string{}}
	var roles []string
	for _, id := range slices.Sorted(maps.Keys(r.roles)) {
		if r.roles[id].account == "" || r.roles[id].account == acct {
			roles = append(roles, id)
		}
	}
	for range rapid.IntRange(0, 2).Draw(r.t, "roles") {
		if id := pick(r.t, "role", roles); !slices.Contains(g.roles, id) {
			g.roles = append(g.roles, id)
		}
	}
	g.extra = r.some(r.ceiling(g))
	if acct == r.top {
		switch rapid.IntRange(0, 4).Draw(r.t, "scope") {
		case 0:
			g.scope = permission.ScopeAll
		case 1, 2:
			if len(r.subs) > 0 {
				g.scope = permission.ScopeSelected
				for range rapid.IntRange(1, 2).Draw(r.t, "subs") {
					if sub := pick(r.t, "sub", r.subs); !slices.Contains(g.subs, sub) {
						g.subs = append(g.subs, sub)
					}
				}
			}
		}
	}
	return g
}

func (g grant) wire() access.Offer {
	return access.Offer{RoleIDs: slices.Clone(g.roles), Permissions: g.extra.keys(), Scope: g.scope, SubAccounts: slices.Clone(g.subs)}
}

func (r *run) over(g grant) fault.Code {
	if g.extra&^r.ceiling(g) != 0 {
		return fault.RoleTypeCeiling
	}
	return ""
}

// first is the first refusal of several.
func first(codes ...fault.Code) fault.Code {
	for _, c := range codes {
		if c != "" {
			return c
		}
	}
	return ""
}

var ctx = context.Background()

func (r *run) createRole() {
	acct := r.account()
	by := r.usual(acct)
	typ := pick(r.t, "type", []permission.Type{permission.Admin, permission.Billing, permission.User})
	holds := r.some(ceilings[typ])
	over := fault.Code("")
	if holds&^ceilings[typ] != 0 {
		over = fault.RoleTypeCeiling
	}
	gives := holds
	if typ == permission.Admin {
		gives |= admin
	}
	owned := 0
	for _, o := range r.roles {
		if o.account == acct {
			owned++
		}
	}
	if owned >= 8 {
		return
	}
	r.created++
	made, _, err := r.w.Roles.Create(ctx, r.as(by), role.Draft{AccountID: acct, Name: "Role " + strconv.Itoa(r.created), Type: typ, Permissions: holds.keys(), Acknowledged: true})
	if r.agree(fmt.Sprintf("%s makes a role of type %s with %v in %s", by, typ, holds.keys(), acct),
		first(r.need(by, acct, of("users")), over, r.delegate(by, acct, nil, map[string]bits{acct: gives})), err) {
		r.roles[made.ID] = &modelRole{made.ID, acct, typ, holds, made.Version}
	}
}

// ownRole is one of the roles that accounts made themselves, or nil.
func (r *run) ownRole() *modelRole {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(r.roles)) {
		if r.roles[id].account != "" && id != r.inviters {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	return r.roles[pick(r.t, "role", ids)]
}

func (r *run) updateRole() {
	o := r.ownRole()
	if o == nil {
		return
	}
	by := r.usual(o.account)
	holds := r.some(ceilings[o.typ])
	want := r.need(by, o.account, of("users"))
	if want == "" && holds&^ceilings[o.typ] != 0 {
		want = fault.RoleTypeCeiling
	}
	if gains := holds &^ o.holds; want == "" && gains != 0 {
		added := map[string]bits{o.account: gains}
		for _, m := range r.members {
			if m.account != o.account || !slices.Contains(m.roles, o.id) {
				continue
			}
			if m.user == by && by != r.owner {
				want = fault.CannotEditSelf
			}
			for where := range r.pairs(o.account, m.grant) {
				if where != o.account {
					added[where] |= gains & follows
				}
			}
		}
		want = first(want, r.delegate(by, o.account, nil, added))
	}
	r.created++
	made, _, err := r.w.Roles.Update(ctx, r.as(by), role.Replacement{RoleID: o.id, Version: o.version, Name: "Role " + strconv.Itoa(r.created), Permissions: holds.keys(), Acknowledged: true})
	if r.agree(fmt.Sprintf("%s changes %s from %v to %v", by, o.id, o.holds.keys(), holds.keys()), want, err) {
		o.holds, o.version = holds, made.Version
	}
}

func (r *run) deleteRole() {
	o := r.ownRole()
	if o == nil {
		return
	}
	by := r.usual(o.account)
	want := r.need(by, o.account, of("users"))
	used := func(g grant) bool { return slices.Contains(g.roles, o.id) }
	for _, m := range r.members {
		if used(m.grant) {
			want = first(want, fault.RoleInUse)
		}
	}
	for _, i := range r.pending {
		if used(i.grant) {
			want = first(want, fault.RoleInUse)
		}
	}
	if _, err := r.w.Roles.Delete(ctx, r.as(by), o.id); r.agree(by+" deletes "+o.id, want, err) {
		delete(r.roles, o.id)
	}
}

func byName(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) }

// target is one of the memberships, and somebody who would change it. What they
// are refused whoever it is about comes first.
func (r *run) target() (m *modelMember, by string, want fault.Code) {
	at := slices.SortedFunc(maps.Keys(r.members), byName)
	m = r.members[pick(r.t, "member", at)]
	by = r.usual(m.account)
	if want = r.need(by, m.account, of("users")); want == "" {
		switch m.user {
		case r.owner:
			want = fault.OwnerProtected
		case by:
			want = fault.CannotEditSelf
		}
	}
	return m, by, want
}

func (r *run) updateMember() {
	m, by, want := r.target()
	r.update(by, m, r.offer(m.account), want)
}

// narrow lets the owner take much from somebody who has invited, but not the
// right to invite.
func (r *run) narrow() {
	for _, at := range slices.SortedFunc(maps.Keys(r.pending), byName) {
		i := r.pending[at]
		m := r.member(i.account, i.granter)
		if m == nil || i.account != r.top || i.granter == r.owner {
			continue
		}
		g := r.offer(i.account)
		g.roles = []string{r.inviters}
		g.extra &= r.ceiling(g)
		r.update(r.owner, m, g, r.need(r.owner, r.top, of("users")))
		return
	}
}

func (r *run) update(by string, m *modelMember, g grant, want fault.Code) {
	want = first(want, r.over(g), r.delegate(by, m.account, r.pairs(m.account, m.grant), r.pairs(m.account, g)))
	out, err := r.w.Members.UpdatePermissions(ctx, r.as(by), membership.Change{MembershipID: m.id, Version: m.version, Offer: g.wire(), Acknowledged: true})
	if r.agree(fmt.Sprintf("%s gives %s %v in %s, who had %v", by, m.user, g, m.account, m.grant), want, err) {
		m.grant, m.version = g, out.Membership.Version
		r.compare(m.user)
	}
}

func (r *run) deactivate() {
	m, by, want := r.target()
	if want == "" && !m.active {
		want = fault.Conflict
	}
	out, err := r.w.Members.Deactivate(ctx, r.as(by), m.id)
	if r.agree(fmt.Sprintf("%s deactivates %s in %s", by, m.user, m.account), want, err) {
		m.active, m.version = false, out.Version
	}
}

func (r *run) reactivate() {
	m, by, want := r.target()
	if want == "" && m.active {
		want = fault.Conflict
	}
	want = first(want, r.delegate(by, m.account, nil, r.pairs(m.account, m.grant)))
	out, _, err := r.w.Members.Reactivate(ctx, r.as(by), membership.Reactivation{MembershipID: m.id, Acknowledged: true})
	if r.agree(fmt.Sprintf("%s reactivates %s in %s", by, m.user, m.account), want, err) {
		m.active, m.version = true, out.Version
	}
}

func (r *run) remove() {
	m, by, want := r.target()
	if _, err := r.w.Members.Remove(ctx, r.as(by), m.id); r.agree(fmt.Sprintf("%s removes %s from %s", by, m.user, m.account), want, err) {
		delete(r.members, [2]string{m.account, m.user})
	}
}

func (r *run) leave() {
	acct, by := r.account(), r.user()
	var want fault.Code
	switch m := r.member(acct, by); {
	case by == r.owner:
		want = fault.OwnerProtected
	case m == nil:
		want = fault.NotFound
	case r.closed[acct]:
		want = fault.AccountClosed
	}
	if _, err := r.w.Members.Leave(ctx, r.as(by), acct); r.agree(by+" leaves "+acct, want, err) {
		delete(r.members, [2]string{acct, by})
	}
}

func (r *run) invite() {
	acct := r.account()
	by := r.usual(acct)
	who := r.user()
	at := [2]string{acct, who}
	if r.members[at] != nil || r.pending[at] != nil || who == r.owner || who == by {
		return
	}
	g := r.offer(acct)
	want := first(r.need(by, acct, of("users")), r.over(g), r.delegate(by, acct, nil, r.pairs(acct, g)))
	rows, _, err := r.w.Invites.Invite(ctx, r.as(by), invite.Draft{AccountID: acct, Invitees: []invite.Invitee{{Email: r.people[who].User.Email}},
		Offer: g.wire(), Locale: "en", Acknowledged: true})
	if r.agree(fmt.Sprintf("%s invites %s to %s with %v", by, who, acct, g), want, err) {
		if rows[0].Outcome != invite.LinkCreated {
			r.t.Fatalf("%s invites %s to %s: %s", by, who, acct, rows[0].Outcome)
		}
		r.pending[at] = &modelInvitation{g, rows[0].InvitationID, acct, who, by}
	}
}

func (r *run) accept() {
	if len(r.pending) == 0 {
		return
	}
	at := pick(r.t, "invitation", slices.SortedFunc(maps.Keys(r.pending), byName))
	i := r.pending[at]
	var want fault.Code
	if r.may(i.granter, i.account)&of("users") == 0 {
		want = fault.InviterLostRights
	}
	// Whole roles, single permissions and sub-accounts that the granter still has.
	has := r.may(i.granter, i.account)
	g := grant{scope: i.scope, roles: []string{}, subs: []string{}, extra: i.extra & has}
	for _, id := range i.roles {
		if r.gives(grant{roles: []string{id}})&^has == 0 {
			g.roles = append(g.roles, id)
		}
	}
	takes := r.gives(g)&follows | there
	switch i.scope {
	case permission.ScopeAll:
		if takes&^r.everywhere(i.granter) != 0 {
			g.scope = permission.ScopeNone
		}
	case permission.ScopeSelected:
		for _, sub := range i.subs {
			if takes&^r.may(i.granter, sub) == 0 {
				g.subs = append(g.subs, sub)
			}
		}
		if len(g.subs) == 0 {
			g.scope = permission.ScopeNone
		}
	}
	out, err := r.w.Invites.Accept(ctx, r.as(i.user), invite.Acceptance{InvitationID: &i.id})
	if r.agree(fmt.Sprintf("%s accepts %v in %s from %s", i.user, i.grant, i.account, i.granter), want, err) {
		r.members[at] = &modelMember{g, out.Membership.ID, i.account, i.user, true, out.Membership.Version}
		r.compare(i.user)
	}
	delete(r.pending, at)
}

func (r *run) createSub() {
	if len(r.subs) >= 4 {
		return
	}
	by := r.user()
	r.created++
	made, err := r.w.Accounts.CreateSub(ctx, r.as(by), account.Draft{ParentID: r.top, Name: "Sub " + strconv.Itoa(r.created)})
	if r.agree(by+" makes a sub-account", r.need(by, r.top, admin), err) {
		r.subs = append(r.subs, made.ID)
	}
}

// ownersOnly is the refusal of what only the owner may do.
func (r *run) ownersOnly(by, acct string) fault.Code {
	want := r.need(by, acct, 0)
	if by != r.owner {
		return first(want, fault.Forbidden)
	}
	return want
}

func (r *run) closeSub() {
	if len(r.subs) == 0 {
		return
	}
	sub, by := pick(r.t, "sub", r.subs), pick(r.t, "who", []string{r.owner, r.owner, r.user()})
	if _, err := r.w.Accounts.Close(ctx, r.as(by), sub); r.agree(by+" closes "+sub, r.ownersOnly(by, sub), err) {
		r.closed[sub] = true
		maps.DeleteFunc(r.pending, func(at [2]string, _ *modelInvitation) bool { return at[0] == sub })
	}
}

func (r *run) reopenSub() {
	if len(r.subs) == 0 {
		return
	}
	sub, by := pick(r.t, "sub", r.subs), pick(r.t, "who", []string{r.owner, r.owner, r.user()})
	want := r.ownersOnly(by, sub)
	if by == r.owner {
		switch want = ""; {
		case r.keptOut(by, sub):
			want = fault.TwoFactorRequired
		case !r.closed[sub]:
			want = fault.Conflict
		}
	}
	if _, err := r.w.Accounts.Reopen(ctx, r.as(by), sub); r.agree(by+" reopens "+sub, want, err) {
		delete(r.closed, sub)
	}
}

// transfer hands the account over: the owner becomes an administrator.
func (r *run) transfer() {
	by, to := pick(r.t, "who", []string{r.owner, r.owner, r.user()}), r.user()
	m := r.member(r.top, to)
	if m == nil || rapid.IntRange(0, 4).Draw(r.t, "seldom") > 0 {
		return
	}
	want := r.ownersOnly(by, r.top)
	if want == "" && (to == by || !m.active) {
		want = fault.BadInput
	}
	t, err := r.w.Accounts.RequestTransfer(ctx, r.as(by), r.top, m.id)
	if !r.agree(by+" offers the account to "+to, want, err) {
		return
	}
	if r.keptOut(to, r.top) {
		want = fault.TwoFactorRequired
	}
	_, _, err = r.w.Accounts.AcceptTransfer(ctx, r.as(to), t.ID)
	if !r.agree(to+" takes the account over", want, err) {
		_, err = r.w.Accounts.DeclineTransfer(ctx, r.as(to), t.ID)
		r.agree(to+" says no to the account", "", err)
		return
	}
	r.owner = to
	old := r.member(r.top, by)
	if !slices.Contains(old.roles, "role_administrator") {
		old.roles = append(slices.Clone(old.roles), "role_administrator")
	}
	old.scope, old.subs, old.version = permission.ScopeAll, []string{}, old.version+1
}

// policy lets an account ask for two factors from now on, or no longer.
func (r *run) policy() {
	acct := r.account()
	by, now := pick(r.t, "who", []string{r.owner, r.owner, r.user()}), time.Now()
	u := account.PolicyUpdate{AccountID: acct, Version: 1 + r.written[acct], RequireTwoFactor: !r.asks[acct]}
	if u.RequireTwoFactor {
		u.TwoFactorFrom = &now
	}
	want := r.need(by, acct, admin)
	if want == "" && u.RequireTwoFactor && !r.two[by] {
		want = fault.TwoFactorRequired
	}
	_, err := r.w.Accounts.UpdatePolicies(ctx, r.as(by), u)
	if r.agree(fmt.Sprintf("%s asks for two factors in %s: %v", by, acct, u.RequireTwoFactor), want, err) {
		r.asks[acct] = u.RequireTwoFactor
		r.written[acct]++
	}
}

// factors gives somebody a second factor, more often than it takes it away.
func (r *run) factors() {
	who := r.user()
	r.two[who] = rapid.IntRange(0, 2).Draw(r.t, "factors") > 0
	p := r.people[who]
	q := r.w.DB.Client.User.UpdateOneID(p.User.ID).ClearTwoFactorAt()
	if r.two[who] {
		q = r.w.DB.Client.User.UpdateOneID(p.User.ID).SetTwoFactorAt(time.Now())
	}
	var err error
	if p.User, err = q.Save(ctx); err != nil {
		r.t.Fatal(err)
	}
}

// compare asks the server what somebody may do everywhere.
func (r *run) compare(user string) {
	for _, acct := range append([]string{r.top}, r.subs...) {
		var questions []access.Question
		for _, k := range keys {
			questions = append(questions, access.Question{AccountID: acct, Permission: k})
		}
		by := r.as(user)
		answers, err := r.w.Gate.Check(ctx, by, "", questions)
		if err != nil {
			r.t.Fatal(err)
		}
		want := r.can(user, acct)
		for i, a := range answers {
			if b := want&(1<<i) != 0; a.Allowed != b {
				r.t.Fatalf("%s in %s: %s is %v (%s), and the model says %v", user, acct, a.Permission, a.Allowed, a.Reason, b)
			}
		}
		_, err = r.w.Accounts.Get(ctx, by, acct)
		if seen := want&there != 0; seen != (err == nil) {
			r.t.Fatalf("%s looks into %s: %v, and the model says %v", user, acct, err, seen)
		}
		if err != nil && r.belongs(user, acct) == fault.Has(err, fault.NotFound) {
			r.t.Fatalf("%s looks into %s: %v, and the model says that they belong: %v", user, acct, err, r.belongs(user, acct))
		}
	}
}

// Random people make, change and give roles, invite and accept, widen access,
// deactivate and reactivate, in an account whose sub-accounts come, close and
// open again, and which ask for two factors while people have one or two. Model and server agree on every decision and on who may do what
// after it.
//
// Invariants 10, 11, 17, 19.
func TestModel(t *testing.T) {
	const steps = 150
	checks := "68"
	if os.Getenv("TENANTRY_LAB") == "1" {
		checks = "7000"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		t.Fatal(err)
	}
	w := lab.New(t, dbtest.SQLite(t))
	house, taken := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		house++
		r := &run{t: t, w: w, people: map[string]*access.Actor{}, model: &model{closed: map[string]bool{}, roles: map[string]*modelRole{},
			members: map[[2]string]*modelMember{}, pending: map[[2]string]*modelInvitation{},
			two: map[string]bool{}, asks: map[string]bool{}, written: map[string]int{}}}
		for id, made := range map[string]modelRole{
			"role_administrator": {typ: permission.Admin, holds: everything},
			"role_billing":       {typ: permission.Billing, holds: of("invoices", "quotes", "payments", "pricing")},
			"role_read_only":     {typ: permission.User, holds: of("products.view", "domains.view")},
		} {
			made.id = id
			r.roles[id] = &made
		}
		for _, who := range []string{"ann", "ben", "cat", "dan", "eve"} {
			p := w.SignIn(w.NewUser(who + strconv.Itoa(house)))
			r.people[who] = &access.Actor{User: p.User, Session: p.Session}
		}
		r.owner = "ann"
		a, m, err := w.Accounts.Create(ctx, r.as("ann"), account.Draft{Name: "Acme"})
		if err != nil {
			t.Fatal(err)
		}
		r.top = a.ID
		r.members[[2]string{a.ID, "ann"}] = &modelMember{grant{scope: permission.ScopeAll, roles: []string{}, subs: []string{}}, m.ID, a.ID, "ann", true, m.Version}
		for range 2 {
			sub, err := w.Accounts.CreateSub(ctx, r.as("ann"), account.Draft{ParentID: a.ID, Name: "Sub"})
			if err != nil {
				t.Fatal(err)
			}
			r.subs = append(r.subs, sub.ID)
		}
		inviters, _, err := w.Roles.Create(ctx, r.as("ann"), role.Draft{AccountID: a.ID, Name: "Inviters", Type: permission.Admin,
			Permissions: []permission.Key{"users"}, Acknowledged: true})
		if err != nil {
			t.Fatal(err)
		}
		r.inviters = inviters.ID
		r.roles[r.inviters] = &modelRole{r.inviters, a.ID, permission.Admin, of("users"), inviters.Version}
		for who, g := range map[string]grant{
			"ben": {roles: []string{"role_administrator"}, scope: permission.ScopeAll, subs: []string{}},
			"cat": {roles: []string{"role_administrator"}, scope: permission.ScopeSelected, subs: r.subs[:1]},
			"dan": {roles: []string{r.inviters, "role_billing"}, scope: permission.ScopeNone, subs: []string{}},
		} {
			m, err := db.InTx(ctx, w.DB.Client, func(tx *ent.Tx) (*ent.Membership, error) {
				return membership.Add(ctx, tx, a.ID, r.people[who].User.ID, g.wire(), nil)
			})
			if err != nil {
				t.Fatal(err)
			}
			r.members[[2]string{a.ID, who}] = &modelMember{g, m.ID, a.ID, who, true, m.Version}
		}
		often := []func(){r.invite, r.invite, r.invite, r.accept, r.accept, r.narrow, r.updateMember, r.updateMember, r.updateMember,
			r.createRole, r.updateRole, r.updateRole, r.deleteRole, r.deactivate, r.reactivate, r.reactivate,
			r.remove, r.remove, r.leave, r.createSub, r.closeSub, r.reopenSub, r.transfer,
			r.policy, r.policy, r.factors, r.factors}
		for step := range steps {
			often[rapid.IntRange(0, len(often)-1).Draw(t, "step")]()
			taken++
			r.compare(slices.Sorted(maps.Keys(r.people))[step%len(r.people)])
		}
		for who := range r.people {
			r.compare(who)
		}
	})
	if !t.Failed() && taken < 10_000 {
		t.Errorf("only %d steps were taken", taken)
	}
}
