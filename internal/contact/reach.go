package contact

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tenantry/ent"
	"tenantry/ent/contact"
	"tenantry/internal/db"
	"tenantry/internal/permission"
)

// Covers reports whether a contact gets notifications of an account, as far as it
// wants any: its own account's, and those of the sub-accounts that it covers.
func Covers(c *ent.Contact, a *ent.Account) bool {
	switch {
	case c.AccountID == a.ID:
		return true
	case a.ParentID == nil || c.AccountID != *a.ParentID:
		return false
	case c.SubAccountAccess == permission.ScopeSelected:
		return slices.Contains(c.SubAccountIds, a.ID)
	}
	return c.SubAccountAccess == permission.ScopeAll
}

// FallsToOwner reports whether a category goes to the owner of an account by mail,
// since none of the contacts that cover the account gets it so.
func FallsToOwner(a *ent.Account, cat permission.Category, covering []*ent.Contact) bool {
	return cat.Mandatory && a.OwnerFallback &&
		!slices.ContainsFunc(covering, func(c *ent.Contact) bool { yes, _ := Decide(c, cat, permission.Email); return yes })
}

// Name returns what a contact is called in mail: a person's name, or the company's.
func Name(c *ent.Contact) string {
	if name := fullName(c); name != "" {
		return name
	}
	return c.Company
}

// reached is what deciding about contacts and writing to them takes.
var (
	reached = []string{contact.FieldID, contact.FieldAccountID, contact.FieldEmail, contact.FieldEmailKey, contact.FieldFirstName, contact.FieldLastName,
		contact.FieldCompany, contact.FieldLocale, contact.FieldExternalID, contact.FieldPreferences, contact.FieldUnsubscribed, contact.FieldSuppressedAt,
		contact.FieldSubAccountAccess, contact.FieldSubAccountIds, contact.FieldVerifiedAt}
	ofAccounts, byID db.Texts
)

// OfAccounts reads what is to be known of the contacts that cover any of the accounts,
// oldest first: to be asked one by one with Covers and Decide.
func OfAccounts(ctx context.Context, q db.Queryer, accounts []*ent.Account) ([]*ent.Contact, error) {
	var own, parents []any
	for _, a := range accounts {
		own = append(own, a.ID)
		if a.ParentID != nil {
			parents = append(parents, *a.ParentID)
		}
	}
	n := db.Rounded(max(len(own), len(parents)))
	from := "SELECT " + db.Names(reached) + " FROM " + contact.Table + " WHERE " + contact.FieldAccountID + " IN ("
	return reach(ctx, q, ofAccounts.Of(n, func(n int) string {
		return from + db.Args(1, n) + ") UNION ALL " + from + db.Args(1+n, n) + ") AND " + contact.FieldSubAccountAccess + " <> '" +
			string(permission.ScopeNone) + "'"
	}), db.Filled(append(db.Filled(own, n), parents...), 2*n))
}

// ByIDs reads the same of the contacts with the ids, those that are still there.
func ByIDs(ctx context.Context, q db.Queryer, ids []any) ([]*ent.Contact, error) {
	n := db.Rounded(len(ids))
	return reach(ctx, q, byID.Of(n, func(n int) string {
		return "SELECT " + db.Names(reached) + " FROM " + contact.Table + " WHERE " + contact.FieldID + " IN (" + db.Args(1, n) + ")"
	}), db.Filled(ids, n))
}

// reach reads contacts, each once, oldest first.
func reach(ctx context.Context, q db.Queryer, text string, args []any) ([]*ent.Contact, error) {
	var (
		one  ent.Contact
		out  []*ent.Contact
		seen = map[string]bool{}
	)
	err := db.Read(ctx, q, text, args, one.Places(reached), func() {
		if !seen[one.ID] {
			seen[one.ID] = true
			c := one
			out = append(out, &c)
		}
		one = ent.Contact{}
	})
	if err != nil {
		return nil, fmt.Errorf("read contacts: %w", err)
	}
	slices.SortFunc(out, func(a, b *ent.Contact) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}
