package access

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/apitoken"
	"tenantry/ent/membership"
	"tenantry/ent/predicate"
	"tenantry/ent/role"
	"tenantry/ent/user"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

// Gate reads what people are in accounts. It is the only place that does.
type Gate struct {
	client    *ent.Client
	catalogue *permission.Catalogue
	// lock is the statement of LockAccounts, and unchanged that of Trust.
	lock      string
	unchanged *db.Must

	mu    sync.Mutex
	cache map[string]ownRoles
}

// ownRoles are the roles of an account as of one version of them.
type ownRoles struct {
	version int
	byID    map[string]*permission.Role
}

// NewGate returns a gate over the database.
func NewGate(d *db.DB, c *permission.Catalogue) *Gate {
	forUpdate := ""
	if d.Dialect() == dialect.Postgres {
		forUpdate = " FOR UPDATE" // as ForUpdate
	}
	return &Gate{client: d.Client, catalogue: c, lock: locking + forUpdate, unchanged: db.MustLock(holding+forUpdate, 1), cache: map[string]ownRoles{}}
}

// Catalogue returns what can be granted here.
func (g *Gate) Catalogue() *permission.Catalogue { return g.catalogue }

// Enter returns the actor's standing in the account if they may look into it.
// Refusals: UNAUTHENTICATED, NOT_FOUND, ACCOUNT_CLOSED, MEMBERSHIP_DEACTIVATED,
// TWO_FACTOR_REQUIRED.
func (g *Gate) Enter(ctx context.Context, a *Actor, accountID string) (*Standing, error) {
	s, err := g.standing(ctx, a, accountID)
	if err != nil {
		return nil, err
	}
	return s, s.Enter()
}

// Known returns the actor's standing in an account they belong to, though it
// may be closed, or they deactivated or without the second factor it asks for. Refusals: UNAUTHENTICATED, NOT_FOUND.
func (g *Gate) Known(ctx context.Context, a *Actor, accountID string) (*Standing, error) {
	s, err := g.standing(ctx, a, accountID)
	if err != nil {
		return nil, err
	}
	if !s.Belongs() {
		return nil, fault.Missing("account")
	}
	return s, nil
}

// Require returns the actor's standing if they hold the permission in the
// account. Operators hold permission.Notify by their power, in every account that is
// not closed. Refusals: as Enter, and FORBIDDEN; for permission.Notify also
// ACCOUNT_SUSPENDED.
func (g *Gate) Require(ctx context.Context, a *Actor, accountID string, k permission.Key) (*Standing, error) {
	if err := a.needFor(k); err != nil {
		return nil, err
	}
	s, err := g.find(ctx, a, accountID)
	if err != nil {
		return nil, err
	}
	return s, s.Need(k)
}

// standing answers for whoever can read accounts.
func (g *Gate) standing(ctx context.Context, a *Actor, accountID string) (*Standing, error) {
	if err := a.NeedReader(); err != nil {
		return nil, err
	}
	return g.find(ctx, a, accountID)
}

// find answers from what the operation has read already, or reads it.
func (g *Gate) find(ctx context.Context, a *Actor, accountID string) (*Standing, error) {
	if !id.Is(id.Account, accountID) {
		return nil, fault.Missing("account")
	}
	for {
		if err := g.Prepare(ctx, a, []string{accountID}); err != nil {
			return nil, err
		}
		switch s, read := a.recall(accountID); {
		case s != nil:
			return s, nil
		case read:
			return nil, fault.Missing("account")
		}
		// A field beside this one, which locks the account, made the actor forget.
	}
}

// Prepare reads the actor's standings in several accounts at once, so that the
// answers for the rows of a list cost no statement each.
func (g *Gate) Prepare(ctx context.Context, a *Actor, accountIDs []string) error {
	a.reading.Lock()
	defer a.reading.Unlock()
	var missing []string
	for _, accountID := range accountIDs {
		if _, read := a.recall(accountID); !read && !slices.Contains(missing, accountID) {
			missing = append(missing, accountID)
		}
	}
	if len(missing) == 0 || a.NeedReader() != nil && a.NeedPower(permission.Notify) != nil {
		return nil
	}
	accounts, err := g.client.Account.Query().Where(family(missing)).All(ctx)
	if err != nil {
		return fmt.Errorf("read accounts: %w", err)
	}
	// Those that are not there as well, so that the time does not tell which they are.
	ids := missing
	for _, acct := range accounts {
		if !slices.Contains(missing, acct.ID) {
			ids = append(slices.Clip(ids), acct.ID)
		}
	}
	var members []*ent.Membership
	if person := a.BehindID(); person != "" {
		if members, err = g.client.Membership.Query().
			Where(membership.UserID(person), membership.AccountIDIn(ids...)).All(ctx); err != nil {
			return fmt.Errorf("read memberships: %w", err)
		}
	}
	return g.Admit(ctx, a, missing, accounts, members)
}

// OwnFilter narrows a person's own memberships. Empty fields do not.
type OwnFilter struct {
	State *membership.State
	// Search is what the account's name contains, folded.
	Search string
}

// Own reads the person's memberships with their accounts in one statement, oldest
// first, and remembers their standing in each. With total it counts all that match,
// else it returns -1.
func (g *Gate) Own(ctx context.Context, a *Actor, f OwnFilter, after string, limit int, total bool) ([]*ent.Membership, int, error) {
	if a.own != nil && f == (OwnFilter{}) && after == "" && !total && a.own.holds(limit) {
		return a.own.first(limit), -1, nil
	}
	o := &Owned{breadth: a.Breadth, limit: limit, count: -1}
	if err := db.ReadAll(ctx, g.client, o.reading("$1", a.UserID(), f, after, total)); err != nil {
		return nil, 0, fmt.Errorf("read own memberships: %w", err)
	}
	return o.rows, o.count, o.admit(ctx, g, a)
}

// Owned are a person's own memberships as they are read.
type Owned struct {
	breadth       Breadth
	limit, count  int
	rows, members []*ent.Membership
	accounts      []*ent.Account
	asked         []string
}

// Foresee returns a reading of the first memberships of whoever a session's token hash
// belongs to, for what is read with the session itself.
func Foresee(hash string, limit int, b Breadth) (*Owned, db.Reading) {
	o := &Owned{breadth: b, limit: limit, count: -1}
	return o, o.reading("(SELECT user_id FROM sessions WHERE token_hash = $1)", hash, OwnFilter{}, "", false)
}

// KeepOwn has the actor, to whom they belong, keep memberships that were foreseen, and
// their standing in each account.
func (g *Gate) KeepOwn(ctx context.Context, a *Actor, o *Owned) error {
	a.own = o
	return o.admit(ctx, g, a)
}

func (o *Owned) admit(ctx context.Context, g *Gate, a *Actor) error {
	for _, m := range o.rows {
		m.Edges.User = a.User
	}
	return g.Admit(ctx, a, o.asked, o.accounts, o.members)
}

// Of returns the membership in an account, or nil if it was not read.
func (o *Owned) Of(accountID string) *ent.Membership {
	for _, m := range o.rows {
		if m.AccountID == accountID {
			return m
		}
	}
	return nil
}

// holds reports whether as many were read as there are, or as are asked for.
func (o *Owned) holds(limit int) bool { return len(o.rows) < o.limit || limit <= o.limit }

func (o *Owned) first(limit int) []*ent.Membership { return o.rows[:min(limit, len(o.rows))] }

// reading is the statement: of a person, who is the first argument or follows from it.
func (o *Owned) reading(person string, of any, f OwnFilter, after string, total bool) db.Reading {
	args := []any{of}
	arg := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	narrow := ""
	if f.State != nil {
		narrow += " AND " + StateText(*f.State, "m", arg(instant.Now()))
	}
	if f.Search != "" {
		narrow += " AND a.search LIKE " + arg(column.Containing(f.Search)) + ` ESCAPE '\'`
	}
	const joined = " FROM memberships m JOIN accounts a ON a.id = m.account_id"
	columns, own := o.breadth.AccountColumns(), o.breadth.MemberColumns()
	text := "SELECT " + ownColumns[o.breadth]
	if total {
		text += ", (SELECT COUNT(*)" + joined + " WHERE m.user_id = " + person + narrow + ")"
	}
	text += joined + " LEFT JOIN accounts p ON p.id = a.parent_id LEFT JOIN memberships pm ON pm.id =" +
		" (SELECT own.id FROM memberships own WHERE own.user_id = m.user_id AND own.account_id = a.parent_id)" +
		" WHERE m.user_id = " + person + narrow
	if after != "" {
		text += " AND m.id > " + arg(after)
	}
	text += " ORDER BY m.user_id, m.id LIMIT " + arg(o.limit)
	var (
		m, above     ent.Membership
		acct, parent ent.Account
	)
	places := slices.Concat(m.Places(own), acct.Places(columns), parent.Places(columns), above.Places(own))
	if total {
		places = append(places, column.Number(&o.count))
	}
	return db.Reading{Text: text, Args: args, Places: places, Row: func() {
		mine, in := m, acct
		mine.Edges.Account = &in
		o.rows, o.members, o.accounts, o.asked = append(o.rows, &mine), append(o.members, &mine), append(o.accounts, &in), append(o.asked, in.ID)
		if parent.ID != "" {
			p := parent
			in.Edges.Parent, o.accounts = &p, append(o.accounts, &p)
		}
		if above.ID != "" {
			am := above
			o.members = append(o.members, &am)
		}
	}}
}

// Breadth says how much is read of the rows by which it is judged what somebody may
// do. What is left out nothing in the operation shows.
type Breadth int

// The breadths.
const (
	// Whole leaves out nothing but secrets and what no field shows.
	Whole Breadth = iota
	// Core leaves out the details of accounts, by which nothing is judged.
	Core
	// Lean leaves out besides what only fields show, such as times. A mutation is not
	// lean: its rules may need them.
	Lean
)

var (
	accountColumns, memberColumns [Lean + 1][]string
	// ownColumns are those of one's own memberships, with their accounts and what is above.
	ownColumns [Lean + 1]string
)

func init() {
	accountColumns[Whole] = without(account.Columns, account.FieldSearch, account.FieldTwoFactorRemindedAt, account.FieldAccessReviewID)
	accountColumns[Core] = without(accountColumns[Whole], account.FieldVersion, account.FieldCompany, account.FieldBillingEmail, account.FieldPhone,
		account.FieldTaxID, account.FieldAddressLine1, account.FieldAddressLine2, account.FieldCity, account.FieldRegion, account.FieldPostalCode, account.FieldCountry)
	accountColumns[Lean] = without(accountColumns[Core], account.FieldCreatedAt, account.FieldSuspendedReason, account.FieldClosedAt, account.FieldExternalID,
		account.FieldAllowedDomains, account.FieldPoliciesVersion)
	memberColumns[Whole] = without(membership.Columns, membership.FieldInvitationID, membership.FieldAccessEndSetByID, membership.FieldAccessEndNoticedAt)
	memberColumns[Core] = memberColumns[Whole]
	memberColumns[Lean] = without(memberColumns[Core], membership.FieldCreatedAt, membership.FieldDeactivatedAt, membership.FieldVersion)
	for b := range ownColumns {
		accounts, members := accountColumns[b], memberColumns[b]
		ownColumns[b] = strings.Join([]string{column.List("m", members), column.List("a", accounts), column.List("p", accounts), column.List("pm", members)}, ", ")
	}
}

// AccountColumns are what is read of an account.
func (b Breadth) AccountColumns() []string { return accountColumns[b] }

// MemberColumns are what is read of a membership.
func (b Breadth) MemberColumns() []string { return memberColumns[b] }

func without(columns []string, not ...string) []string {
	return slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return slices.Contains(not, c) })
}

// Admit works the actor's standings out of rows that were read for the accounts
// that were asked for. The rows must hold each account's parent too.
func (g *Gate) Admit(ctx context.Context, a *Actor, asked []string, accounts []*ent.Account, members []*ent.Membership) error {
	who := a.Behind()
	if who == nil {
		who = &ent.User{}
	}
	all, err := g.assemble(ctx, g.client.Role, true, who, accounts, members)
	if err != nil {
		return err
	}
	for _, s := range all {
		a.remember(s.Account.ID, a.cut(s))
	}
	for _, accountID := range asked {
		if !slices.ContainsFunc(all, func(s *Standing) bool { return s.Account.ID == accountID }) {
			a.remember(accountID, nil)
		}
	}
	return nil
}

// assemble puts rows together, with the roles of the accounts that have any.
func (g *Gate) assemble(ctx context.Context, roles *ent.RoleClient, keep bool, who *ent.User, accounts []*ent.Account, members []*ent.Membership) ([]*Standing, error) {
	byID := make(map[string]*ent.Account, len(accounts))
	own := make(map[string]*ent.Membership, len(members))
	for _, a := range accounts {
		byID[a.ID] = a
	}
	for _, m := range members {
		own[m.AccountID] = m
	}
	find, err := g.rolesOf(ctx, roles, keep, accounts...)
	if err != nil {
		return nil, err
	}
	out := make([]*Standing, 0, len(accounts))
	for _, a := range accounts {
		var parent *ent.Account
		var above *ent.Membership
		if a.ParentID != nil {
			parent, above = byID[*a.ParentID], own[*a.ParentID]
			if parent == nil {
				continue // read as somebody's parent only
			}
		}
		out = append(out, newStanding(g.catalogue, who, a, parent, own[a.ID], above, find(a), find(parent)))
	}
	return out, nil
}

// rolesOf returns a look-up of the roles that can be had in each account.
func (g *Gate) rolesOf(ctx context.Context, roles *ent.RoleClient, keep bool, accounts ...*ent.Account) (func(*ent.Account) Roles, error) {
	found, err := g.ownRoles(ctx, roles, keep, accounts)
	if err != nil {
		return nil, err
	}
	return func(a *ent.Account) Roles {
		if a == nil {
			return Roles{catalogue: g.catalogue}
		}
		return Roles{g.catalogue, found[a.ID]}
	}, nil
}

// ownRoles returns the accounts' own roles, by account and id. They are few and
// change seldom: they are kept in memory under the version that the account's
// row names, which was read for this very request, so they are never stale.
func (g *Gate) ownRoles(ctx context.Context, roles *ent.RoleClient, keep bool, accounts []*ent.Account) (map[string]map[string]*permission.Role, error) {
	found := map[string]map[string]*permission.Role{}
	var missing []string
	g.mu.Lock()
	for _, a := range accounts {
		if a.RolesVersion == 0 {
			continue // never had one
		}
		if c, ok := g.cache[a.ID]; ok && c.version == a.RolesVersion {
			found[a.ID] = c.byID
		} else {
			missing = append(missing, a.ID)
			found[a.ID] = map[string]*permission.Role{}
		}
	}
	g.mu.Unlock()
	if len(missing) > 0 {
		rows, err := roles.Query().Where(role.AccountIDIn(missing...)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read roles: %w", err)
		}
		for _, r := range rows {
			found[r.AccountID][r.ID] = new(RoleOf(r))
		}
		if keep {
			g.mu.Lock()
			if len(g.cache) > 10_000 {
				clear(g.cache)
			}
			for _, a := range accounts {
				if slices.Contains(missing, a.ID) {
					g.cache[a.ID] = ownRoles{a.RolesVersion, found[a.ID]}
				}
			}
			g.mu.Unlock()
		}
	}
	return found, nil
}

// Roles returns the roles that can be had in the account.
func (g *Gate) Roles(ctx context.Context, a *ent.Account) (Roles, error) {
	if a.RolesVersion == 0 {
		return Roles{catalogue: g.catalogue}, nil // asked for each row of a list
	}
	g.mu.Lock()
	kept := g.cache[a.ID]
	g.mu.Unlock()
	if kept.version == a.RolesVersion {
		return Roles{g.catalogue, kept.byID}, nil
	}
	find, err := g.rolesOf(ctx, g.client.Role, true, a)
	if err != nil {
		return Roles{}, err
	}
	return find(a), nil
}

// OwnRoles lists the account's own roles by name.
func (g *Gate) OwnRoles(ctx context.Context, a *ent.Account) ([]permission.Role, error) {
	found, err := g.ownRoles(ctx, g.client.Role, true, []*ent.Account{a})
	if err != nil {
		return nil, err
	}
	var out []permission.Role
	for _, r := range found[a.ID] {
		out = append(out, *r)
	}
	slices.SortFunc(out, func(a, b permission.Role) int {
		return strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, nil
}

// RolesTx is Roles inside a transaction.
func (g *Gate) RolesTx(ctx context.Context, tx *ent.Tx, a *ent.Account) (Roles, error) {
	find, err := g.rolesOf(ctx, tx.Role, false, a)
	if err != nil {
		return Roles{}, err
	}
	return find(a), nil
}

// RoleOf returns an account's own role as the rules see it.
func RoleOf(r *ent.Role) permission.Role {
	return permission.Role{ID: r.ID, Name: r.Name, Description: r.Description, Type: r.Type,
		Permissions: r.Permissions, AccountID: r.AccountID, Version: r.Version}
}

// Absent is the answer for an object that is not there. As much is read for it as for
// an object of somebody else's account, so that the time tells no more than the answer.
// Refusals: NOT_FOUND.
func (g *Gate) Absent(ctx context.Context, a *Actor, what string) error {
	_, err := g.standing(ctx, a, id.New(id.Account))
	return fault.Hide(err, what)
}

// AbsentIn is Absent for whoever would change it in the transaction.
func (g *Gate) AbsentIn(ctx context.Context, tx *ent.Tx, a *Actor, what string) error {
	_, err := g.Lock(ctx, tx, a, id.New(id.Account))
	return fault.Hide(err, what)
}

// Lock locks the account and its parent, parent first, for the rest of the
// transaction, and reads the actor's standing after that, so that no rule acts
// on an answer that another transaction is changing. It does not judge: see
// Change and Narrow. For one who does not belong the account does not exist.
// Refusals: UNAUTHENTICATED, NOT_FOUND.
// A program is refused: it changes only what a permission guards.
func (g *Gate) Lock(ctx context.Context, tx *ent.Tx, a *Actor, accountID string) (*Standing, error) {
	if err := a.NeedPerson(); err != nil {
		return nil, err
	}
	return g.admitted(ctx, tx, a, accountID)
}

// admitted is Lock for whoever may change anything at all.
func (g *Gate) admitted(ctx context.Context, tx *ent.Tx, a *Actor, accountID string) (*Standing, error) {
	accounts, err := g.LockAccounts(ctx, tx, accountID)
	absent := fault.Has(err, fault.NotFound)
	if absent { // as much is read as for somebody else's
		accounts, err = []*ent.Account{{ID: accountID}}, nil
	}
	if err != nil {
		return nil, err
	}
	s, err := g.now(ctx, tx, a, accounts, accountID)
	if err != nil {
		return nil, err
	}
	if absent || !s.Belongs() {
		return nil, fault.Missing("account")
	}
	a.tries(accountID)
	return s, nil
}

// now returns the actor's standing in an account that is locked, with its parent.
// What the operation has read before is as good as read again if nothing in them
// says otherwise: every change of who belongs to an account, and of what they were
// given, holds the account's lock and raises its version.
func (g *Gate) now(ctx context.Context, tx *ent.Tx, a *Actor, locked []*ent.Account, accountID string) (*Standing, error) {
	before, _ := a.recall(accountID)
	if a.API != nil {
		if err := g.vouch(ctx, tx, a.API, locked); err != nil {
			return nil, err
		}
		if before != nil {
			before = before.lent.maker
		}
	}
	s, err := g.again(ctx, tx, a.BehindID(), before, locked, accountID)
	if err != nil {
		return nil, err
	}
	return a.cut(s), nil
}

// again is now for a person, with what was read of them before, or nil; and for an
// operator, who is none.
func (g *Gate) again(ctx context.Context, tx *ent.Tx, userID string, before *Standing, locked []*ent.Account, accountID string) (*Standing, error) {
	switch {
	case userID == "":
		return g.pick(ctx, tx, "", locked, nil, accountID)
	case before == nil:
		return g.As(ctx, tx, userID, locked, accountID)
	}
	var members []*ent.Membership
	for _, acct := range locked {
		was, m := before.Account, before.Membership
		if acct.ID != accountID {
			was, m = before.Parent, before.Above
		}
		if was == nil || was.ID != acct.ID || was.MembersVersion != acct.MembersVersion {
			return g.As(ctx, tx, userID, locked, accountID)
		}
		if m != nil {
			members = append(members, m)
		}
	}
	return g.pick(ctx, tx, userID, locked, members, accountID)
}

// cut makes of what a person is in an account what the actor is for whom they answer,
// and of what nobody is what an operator is.
func (a *Actor) cut(s *Standing) *Standing {
	switch a.Kind {
	case Token:
		return s.lend(a.API)
	case Operator:
		s.oversee(a.Powers)
	}
	return s
}

// Change locks the account for a change that needs the permission and an open
// account; operators with the power send notifications into a suspended one, too.
// Refusals: as Require, and ACCOUNT_SUSPENDED.
func (g *Gate) Change(ctx context.Context, tx *ent.Tx, a *Actor, accountID string, k permission.Key) (*Standing, error) {
	s, err := g.need(ctx, tx, a, accountID, k)
	if err != nil || s.overseer {
		return s, err
	}
	return s, s.NeedOpen()
}

// need locks the account for somebody who holds the permission.
func (g *Gate) need(ctx context.Context, tx *ent.Tx, a *Actor, accountID string, k permission.Key) (*Standing, error) {
	if err := a.needToChange(k); err != nil {
		return nil, err
	}
	s, err := g.admitted(ctx, tx, a, accountID)
	if err != nil {
		return nil, err
	}
	return s, s.Need(k)
}

// Trust is Change without a wait: it judges by what the operation has read already, and
// with the next statement of the transaction the database locks the account, parent
// first, and compares. If anything that is judged by has changed meanwhile, nothing has
// happened and the transaction starts over, in which Trust is Change. Of the details of
// accounts it knows those that the operation shows.
func (g *Gate) Trust(ctx context.Context, tx *ent.Tx, a *Actor, accountID string, k permission.Key) (*Standing, error) {
	s, _ := a.recall(accountID)
	if s == nil || a.Kind != Person || TwoFactorFrom(s.Account, s.Parent) != nil || s.ends() || s.Need(k) != nil || s.NeedOpen() != nil {
		// Refusals are judged under the lock as well, and so is whether somebody has two
		// factors, of which no account tells, or has reached the end of their access, which
		// may come while the lock is waited for.
		return g.Change(ctx, tx, a, accountID, k)
	}
	a.tries(accountID) // before it may have to start over
	for _, acct := range []*ent.Account{s.Parent, s.Account} {
		if acct == nil {
			continue
		}
		if err := g.unchanged.Exec(ctx, tx, outdated, acct.ID, acct.OwnerUserID, acct.MembersVersion, acct.RolesVersion, acct.PoliciesVersion); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// holding locks an open account in which nothing has changed that is judged by.
var holding = "SELECT a.id FROM " + account.Table + " a WHERE a.id = $1 AND a.state = 'ACTIVE' AND a.owner_user_id = $2" +
	" AND a.members_version = $3 AND a.roles_version = $4 AND a.policies_version = $5"

// outdated has a transaction start over that has trusted what has changed.
func outdated(err error) error {
	if errors.Is(err, db.ErrRows) {
		return db.ErrAgain
	}
	return err
}

// Narrow locks the account for a change that takes access away, which a
// suspended account admits. Refusals: as Require.
func (g *Gate) Narrow(ctx context.Context, tx *ent.Tx, a *Actor, accountID string, k permission.Key) (*Standing, error) {
	s, err := g.need(ctx, tx, a, accountID, k)
	if err != nil {
		return nil, err
	}
	return s, s.NeedNotClosed()
}

// As reads a person's standing in a transaction that has locked the account and
// its parent, which are given.
func (g *Gate) As(ctx context.Context, tx *ent.Tx, userID string, accounts []*ent.Account, accountID string) (*Standing, error) {
	ids := make([]string, len(accounts))
	for i, acct := range accounts {
		ids[i] = acct.ID
	}
	members, err := tx.Membership.Query().
		Where(membership.UserID(userID), membership.AccountIDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read memberships: %w", err)
	}
	return g.pick(ctx, tx, userID, accounts, members, accountID)
}

func (g *Gate) pick(ctx context.Context, tx *ent.Tx, userID string, accounts []*ent.Account, members []*ent.Membership, accountID string) (*Standing, error) {
	who, err := g.factors(ctx, tx, userID, accounts)
	if err != nil {
		return nil, err
	}
	all, err := g.assemble(ctx, tx.Role, false, who, accounts, members)
	if err != nil {
		return nil, err
	}
	for _, s := range all {
		if s.Account.ID == accountID {
			return s, nil
		}
	}
	return nil, fault.Missing("account")
}

// factors reads, where one of the accounts asks for two factors, whether the person
// has them, and keeps that as it is for the rest of the transaction: no version of an
// account tells of it.
func (g *Gate) factors(ctx context.Context, tx *ent.Tx, userID string, accounts []*ent.Account) (*ent.User, error) {
	who := &ent.User{ID: userID}
	if !slices.ContainsFunc(accounts, func(a *ent.Account) bool { return a.TwoFactorFrom != nil }) {
		return who, nil
	}
	q := tx.User.Query().Where(user.ID(userID))
	q.Modify(forShare)
	found, err := q.Select(user.FieldID, user.FieldTwoFactorAt).Only(ctx)
	if ent.IsNotFound(err) {
		return who, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read factors: %w", err)
	}
	return found, nil
}

// MembersChanged raises the version by which a standing that was read before is
// told from one that has changed. Whoever changes a membership calls it, in the
// same transaction and under the lock of the account.
func MembersChanged(ctx context.Context, tx *ent.Tx, accountID string) error {
	if err := tx.Account.Update().Where(account.ID(accountID)).AddMembersVersion(1).Exec(ctx); err != nil {
		return fmt.Errorf("raise the version of members: %w", err)
	}
	return nil
}

// locking reads an account and its parent, parent first. The primary key finds both.
var locking = "SELECT " + column.List("a", account.Columns) + " FROM " + account.Table + " a WHERE a.id IN (SELECT self.id FROM " + account.Table +
	" self WHERE self.id = $1 UNION ALL SELECT child.parent_id FROM " + account.Table + " child WHERE child.id = $1 AND child.parent_id IS NOT NULL)" +
	" ORDER BY CASE WHEN a.parent_id IS NULL THEN 0 ELSE 1 END"

// LockAccounts locks an account and its parent, parent first, and returns them
// as they are now. Refusals: NOT_FOUND.
func (g *Gate) LockAccounts(ctx context.Context, tx *ent.Tx, accountID string) ([]*ent.Account, error) {
	if !id.Is(id.Account, accountID) {
		return nil, fault.Missing("account")
	}
	var (
		one      ent.Account
		accounts []*ent.Account
	)
	err := db.Read(ctx, tx, g.lock, []any{accountID}, one.Places(account.Columns), func() {
		a := one
		accounts = append(accounts, &a)
	})
	if err != nil {
		return nil, fmt.Errorf("lock account: %w", err)
	}
	if !slices.ContainsFunc(accounts, func(a *ent.Account) bool { return a.ID == accountID }) {
		return nil, fault.Missing("account")
	}
	return accounts, nil
}

// ForUpdate locks the selected rows on PostgreSQL. SQLite has one writer, and
// its transactions hold the lock from their first statement.
func ForUpdate(s *sql.Selector) {
	if s.Dialect() == dialect.Postgres {
		s.ForUpdate()
	}
}

// forShare keeps the selected rows from being changed, as ForUpdate does, but not from
// being read by others in this way.
func forShare(s *sql.Selector) {
	if s.Dialect() == dialect.Postgres {
		s.ForShare()
	}
}

// SkipLocked locks the selected rows on PostgreSQL and leaves out those that
// another worker has.
func SkipLocked(s *sql.Selector) {
	if s.Dialect() == dialect.Postgres {
		s.ForUpdate(sql.WithLockAction(sql.SkipLocked), sql.WithLockTables(s.TableName()))
	}
}

// family matches the accounts and their parents, by the primary key: an OR of
// the two would read the whole table.
func family(ids []string) predicate.Account {
	return func(s *sql.Selector) {
		args := make([]any, len(ids))
		for i, one := range ids {
			args[i] = one
		}
		d := sql.Dialect(s.Dialect())
		self, child := d.Table(account.Table).As("self"), d.Table(account.Table).As("child")
		s.Where(sql.In(s.C(account.FieldID),
			d.Select(self.C(account.FieldID)).From(self).Where(sql.In(self.C(account.FieldID), args...)).
				UnionAll(d.Select(child.C(account.FieldParentID)).From(child).
					Where(sql.And(sql.In(child.C(account.FieldID), args...), sql.NotNull(child.C(account.FieldParentID)))))))
	}
}

// Check is one answer of Gate.Check.
type Check struct {
	AccountID  string
	Permission permission.Key
	Allowed    bool
	Reason     Reason
}

// Question asks about one permission in one account.
type Question struct {
	AccountID  string
	Permission permission.Key
}

// Check answers questions about a person, at most 100: userID "" is the actor,
// and an operator with the power sessions.introspect names anybody. An account
// that the person does not belong to and one that does not exist answer alike.
// Refusals: UNAUTHENTICATED, FORBIDDEN, BAD_INPUT.
func (g *Gate) Check(ctx context.Context, a *Actor, userID string, questions []Question) ([]*Check, error) {
	a, err := g.about(ctx, a, userID)
	if err != nil {
		return nil, err
	}
	if len(questions) > 100 {
		return nil, fault.On("checks", fault.BadInput, "Ask at most 100 questions at once, not %d.", len(questions))
	}
	var ids []string
	for i, q := range questions {
		if g.catalogue.Permission(q.Permission) == nil {
			return nil, fault.On(fmt.Sprintf("checks.%d.permission", i), fault.BadInput, "There is no permission %q.", q.Permission)
		}
		if id.Is(id.Account, q.AccountID) {
			ids = append(ids, q.AccountID)
		}
	}
	if err := g.Prepare(ctx, a, ids); err != nil {
		return nil, err
	}
	out := make([]*Check, len(questions))
	for i, q := range questions {
		out[i] = &Check{AccountID: q.AccountID, Permission: q.Permission, Reason: ReasonNotGranted}
		s, err := g.standing(ctx, a, q.AccountID)
		if err != nil && fault.All(err) == nil {
			return nil, err
		}
		if err == nil && s.Belongs() {
			e := s.Explain(q.Permission)
			out[i].Allowed, out[i].Reason = e.Allowed, e.Reason
		}
	}
	return out, nil
}

func unnamed() error {
	return fault.On("userId", fault.BadInput, "Name the user: an operator's token holds no permissions itself.")
}

// about returns the person that a question is about as an actor: nobody, who may
// nothing, for one who does not exist or is disabled.
func (g *Gate) about(ctx context.Context, a *Actor, userID string) (*Actor, error) {
	if userID == "" && a.Kind == Operator {
		return nil, unnamed()
	}
	if userID == "" || userID == a.UserID() {
		return a, a.NeedMember()
	}
	if err := a.NeedPower(permission.Introspect); err != nil {
		return nil, err
	}
	u, err := g.client.User.Query().Where(user.ID(userID), user.DisabledAtIsNil()).Only(ctx)
	if ent.IsNotFound(err) {
		return &Actor{}, nil
	}
	return &Actor{Kind: Person, User: u}, err
}

// Explain says why a person may or may not do something in the account; userID
// "" is the actor. Others need the permission users; the id of an API token is about
// whoever presents it, and needs developer. Refusals: as Enter, FORBIDDEN, BAD_INPUT;
// NOT_FOUND for somebody who does not belong.
func (g *Gate) Explain(ctx context.Context, a *Actor, accountID, userID string, k permission.Key) (*Explanation, error) {
	if a.Kind == Operator && userID == "" {
		return nil, unnamed()
	}
	s, err := g.Known(ctx, a, accountID)
	if err != nil {
		return nil, err
	}
	if g.catalogue.Permission(k) == nil {
		return nil, fault.On("permission", fault.BadInput, "There is no permission %q.", k)
	}
	if userID != "" && userID != a.UserID() && userID != a.Token {
		other, err := g.other(ctx, s, userID)
		if err != nil {
			return nil, err
		}
		if s, err = g.Known(ctx, other, accountID); err != nil {
			if fault.Has(err, fault.NotFound) {
				return nil, fault.Missing("member")
			}
			return nil, err
		}
	}
	if s.Parent != nil {
		if _, err := g.Enter(ctx, a, s.Parent.ID); fault.All(err) != nil {
			e := s.veil().Explain(k)
			for _, from := range e.Grants {
				if from.Account.ID == "" {
					from.Account = nil
				}
			}
			return &e, nil
		} else if err != nil {
			return nil, err
		}
	}
	e := s.Explain(k)
	return &e, nil
}

// other returns somebody else than the one whose standing it is, to be explained to
// them: a member, or a program.
func (g *Gate) other(ctx context.Context, s *Standing, userID string) (*Actor, error) {
	if id.Is(id.APIToken, userID) {
		if err := s.Need(permission.Developer); err != nil {
			return nil, err
		}
		t, err := g.client.APIToken.Query().Where(apitoken.ID(userID), apitoken.HasCreatedByWith(user.DisabledAtIsNil()), apitoken.Or(apitoken.ExpiresAtIsNil(), apitoken.ExpiresAtGT(instant.Now()))).
			WithAccount().WithCreatedBy().Only(ctx)
		if ent.IsNotFound(err) {
			return nil, fault.Missing("member")
		}
		if err != nil {
			return nil, err
		}
		return Using(t), nil
	}
	if err := s.Need(permission.Users); err != nil {
		return nil, err
	}
	if !id.Is(id.User, userID) {
		return nil, fault.Missing("member")
	}
	other := &Actor{Kind: Person, User: &ent.User{ID: userID}}
	if TwoFactorFrom(s.Account, s.Parent) != nil {
		u, err := g.client.User.Get(ctx, userID)
		if ent.IsNotFound(err) {
			return nil, fault.Missing("member")
		}
		if err != nil {
			return nil, err
		}
		other.User = u
	}
	return other, nil
}
