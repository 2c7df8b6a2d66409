package access

import (
	"slices"
	"strings"

	"tenantry/ent"
	"tenantry/internal/column"
)

// Around is what is read with a credential of the accounts that an operation is about:
// each of them, the membership of the person in it, its parent, and the membership
// there.
type Around struct {
	Accounts []*ent.Account
	Members  []*ent.Membership

	acct, parent  ent.Account
	member, above ent.Membership
}

// AroundText returns the columns and the joins by which a statement that reads a
// credential reads the accounts around it: those whose ids are in the expressions, for
// the person whose id is in another. It gives a row for each account.
func AroundText(person string, accounts []string, b Breadth) (columns, joins string) {
	a, m := b.AccountColumns(), b.MemberColumns()
	columns = ", " + column.List("a", a) + ", " + column.List("m", m) + ", " + column.List("p", a) + ", " + column.List("pm", m)
	// Each membership by a look-up of its own: as a join PostgreSQL may read all members
	// of the account for it, or all memberships of the user.
	own := "(SELECT own.id FROM memberships own WHERE own.user_id = " + person + " AND own.account_id = "
	return columns, " LEFT JOIN accounts a ON a.id IN (" + strings.Join(accounts, ", ") + ")" +
		" LEFT JOIN memberships m ON m.id = " + own + "a.id)" +
		" LEFT JOIN accounts p ON p.id = a.parent_id LEFT JOIN memberships pm ON pm.id = " + own + "a.parent_id)"
}

// Places are where the columns of AroundText go.
func (r *Around) Places(b Breadth) []column.Place {
	a, m := b.AccountColumns(), b.MemberColumns()
	return slices.Concat(r.acct.Places(a), r.member.Places(m), r.parent.Places(a), r.above.Places(m))
}

// Keep keeps the row that has been read.
func (r *Around) Keep() {
	r.keep(r.acct, r.member)
	r.keep(r.parent, r.above)
}

func (r *Around) keep(a ent.Account, m ent.Membership) {
	if a.ID == "" || slices.ContainsFunc(r.Accounts, func(known *ent.Account) bool { return known.ID == a.ID }) {
		return
	}
	r.Accounts = append(r.Accounts, &a)
	if m.ID != "" {
		r.Members = append(r.Members, &m)
	}
}
