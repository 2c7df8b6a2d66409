package invite

import (
	"context"
	"fmt"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/block"
	entbudget "tenantry/ent/budget"
	"tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/instant"
)

// known is what the account knows of addresses, by their keys, and what its limits
// leave.
type known struct {
	members, deactivated, waiting, blocked map[string]bool
	// lapsed are the addresses whose invitation is PENDING and has lapsed.
	lapsed []string
	// owner is the address of the owner, where the account is a sub-account.
	owner string
	// pending is how many invitations wait.
	pending int
	// budgets are the instants at which budgets are whole, by their ids.
	budgets map[string]int64
}

// survey reads all that decides about addresses in one statement, whatever their
// number.
func (s *Service) survey(ctx context.Context, tx *ent.Tx, st *access.Standing, all []candidate) (known, error) {
	k := known{members: map[string]bool{}, deactivated: map[string]bool{}, waiting: map[string]bool{}, blocked: map[string]bool{}, budgets: map[string]int64{}}
	if len(all) == 0 {
		return k, nil
	}
	keys, budgets := make([]any, len(all)), []any{s.book.ID(s.sends(), st.Account.ID)}
	for i, c := range all {
		keys[i] = c.address.Key
		budgets = append(budgets, s.book.ID(budget.InviteByAddress, c.address.Key))
	}
	d := sql.Dialect(s.dialect)
	u, m, i, b, g := d.Table(user.Table).As("u"), d.Table(entmembership.Table).As("m"), d.Table(invitation.Table).As("i"), d.Table(block.Table).As("b"), d.Table(entbudget.Table).As("g")
	pending := sql.And(sql.EQ(i.C(invitation.FieldAccountID), st.Account.ID), sql.ExprP(i.C(invitation.FieldState)+" = 'PENDING'"))
	part := func(kind, key, number string) *sql.Selector {
		return d.SelectExpr(sql.Raw("'"+kind+"'"), sql.Raw(key), sql.Raw("CAST("+number+" AS BIGINT)"))
	}
	// Users first, and then their membership by account and user: joined, PostgreSQL
	// may look at every member of the account.
	q := d.SelectExpr(sql.Raw("'member'"), sql.Raw(u.C(user.FieldEmailKey)), sql.ExprFunc(func(w *sql.Builder) {
		w.WriteString("CAST(CASE (").Join(d.Select(m.C(entmembership.FieldState)).From(m).
			Where(sql.And(sql.EQ(m.C(entmembership.FieldAccountID), st.Account.ID), sql.ColumnsEQ(m.C(entmembership.FieldUserID), u.C(user.FieldID))))).
			WriteString(") WHEN 'ACTIVE' THEN 1 WHEN 'DEACTIVATED' THEN 0 ELSE -1 END AS BIGINT)")
	})).From(u).Where(sql.In(u.C(user.FieldEmailKey), keys...)).
		UnionAll(d.SelectExpr(sql.Raw("'invitation'"), sql.Raw(i.C(invitation.FieldEmailKey)),
			sql.ExprFunc(func(w *sql.Builder) {
				w.WriteString("CAST(CASE WHEN " + i.C(invitation.FieldExpiresAt) + " > ").Arg(instant.Now()).WriteString(" THEN 1 ELSE 0 END AS BIGINT)")
			})).From(i).Where(sql.And(pending, sql.In(i.C(invitation.FieldEmailKey), keys...)))).
		UnionAll(part("block", b.C(block.FieldEmailKey), "0").From(b).
			Where(sql.And(sql.EQ(b.C(block.FieldAccountID), st.Account.ID), sql.In(b.C(block.FieldEmailKey), keys...)))).
		UnionAll(part("pending", "''", "COUNT(*)").From(i).Where(sql.And(pending, sql.GT(i.C(invitation.FieldExpiresAt), instant.Now())))).
		UnionAll(part("budget", g.C(entbudget.FieldID), g.C(entbudget.FieldFullAt)).From(g).Where(sql.In(g.C(entbudget.FieldID), budgets...)))
	if st.Account.ParentID != nil {
		q.UnionAll(part("owner", u.C(user.FieldEmailKey), "0").From(u).Where(sql.EQ(u.C(user.FieldID), st.Account.OwnerUserID)))
	}
	text, args := q.Query()
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return k, fmt.Errorf("survey addresses: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var kind, key string
		var n int64
		if err := rows.Scan(&kind, &key, &n); err != nil {
			return k, fmt.Errorf("survey addresses: %w", err)
		}
		switch kind {
		case "member":
			k.members[key], k.deactivated[key] = n >= 0, n == 0
		case "invitation":
			if k.waiting[key] = n == 1; n == 0 {
				k.lapsed = append(k.lapsed, key)
			}
		case "block":
			k.blocked[key] = true
		case "pending":
			k.pending = int(n)
		case "budget":
			k.budgets[key] = n
		case "owner":
			k.owner = key
		}
	}
	return k, rows.Err()
}
