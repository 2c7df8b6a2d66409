package invite

import (
	"context"
	"fmt"

	"tenantry/ent"
	"tenantry/ent/block"
	entbudget "tenantry/ent/budget"
	"tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/db"
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
	// sends is the account's budget of sends, by its id.
	sends string
	// budgets are the instants at which budgets are whole, by their ids.
	budgets map[string]int64
}

// survey reads all that decides about addresses in one statement, whatever their
// number.
func (s *Service) survey(ctx context.Context, tx *ent.Tx, st *access.Standing, all []candidate) (known, error) {
	k := known{members: map[string]bool{}, deactivated: map[string]bool{}, waiting: map[string]bool{}, blocked: map[string]bool{},
		sends: s.book.ID(s.sends(), st.Account.ID), budgets: map[string]int64{}}
	if len(all) == 0 {
		return k, nil
	}
	args := make([]any, 2, 4+2*len(all))
	args[0], args[1] = st.Account.ID, instant.Now()
	for _, c := range all {
		args = append(args, c.address.Key)
	}
	args = append(args, k.sends)
	for _, c := range all {
		args = append(args, c.budget)
	}
	text := s.surveys.Of(len(all), surveying)
	if st.Account.ParentID != nil {
		args = append(args, st.Account.OwnerUserID)
		text += owned + db.Args(len(args), 1)
	}
	var kind, key string
	var n int64
	err := db.Read(ctx, tx, text, args, []column.Place{column.Text(&kind), column.Text(&key), column.Number(&n)}, func() {
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
	})
	if err != nil {
		return k, fmt.Errorf("survey addresses: %w", err)
	}
	return k, nil
}

// owned asks for the address of a sub-account's owner as well.
const owned = " UNION ALL SELECT 'owner', " + user.FieldEmailKey + ", CAST(0 AS BIGINT) FROM " + user.Table + " WHERE " + user.FieldID + " = "

// surveying asks about an account, at an instant, with the keys of addresses, the
// budget of the account and that of each address.
func surveying(addresses int) string {
	keys := db.Args(3, addresses)
	budgets := db.Args(3+addresses, 1+addresses)
	const pending = " FROM " + invitation.Table + " WHERE " + invitation.FieldAccountID + " = $1 AND " + invitation.FieldState + " = 'PENDING'"
	// Users first, and then their membership by account and user: joined, PostgreSQL
	// may look at every member of the account.
	return "SELECT 'member', u." + user.FieldEmailKey + ", CAST(COALESCE((SELECT CASE WHEN " + access.StateText(entmembership.StateACTIVE, "m", "$2") +
		" THEN 1 ELSE 0 END FROM " + entmembership.Table + " m WHERE m." + entmembership.FieldAccountID + " = $1 AND m." + entmembership.FieldUserID + " = u." + user.FieldID +
		"), -1) AS BIGINT) FROM " + user.Table + " u WHERE u." + user.FieldEmailKey + " IN (" + keys + ")" +
		" UNION ALL SELECT 'invitation', " + invitation.FieldEmailKey + ", CAST(CASE WHEN " + invitation.FieldExpiresAt + " > $2 THEN 1 ELSE 0 END AS BIGINT)" +
		pending + " AND " + invitation.FieldEmailKey + " IN (" + keys + ")" +
		" UNION ALL SELECT 'block', " + block.FieldEmailKey + ", CAST(0 AS BIGINT) FROM " + block.Table +
		" WHERE " + block.FieldAccountID + " = $1 AND " + block.FieldEmailKey + " IN (" + keys + ")" +
		" UNION ALL SELECT 'pending', '', CAST(COUNT(*) AS BIGINT)" + pending + " AND " + invitation.FieldExpiresAt + " > $2" +
		" UNION ALL SELECT 'budget', " + entbudget.FieldID + ", " + entbudget.FieldFullAt + " FROM " + entbudget.Table +
		" WHERE " + entbudget.FieldID + " IN (" + budgets + ")"
}
