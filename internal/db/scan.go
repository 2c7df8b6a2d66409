package db

import (
	stdsql "database/sql"
	"encoding/json"
	"slices"
	"strings"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/membership"
	"tenantry/ent/session"
	"tenantry/ent/user"
)

// What a join reads of the tables that every request needs; secrets and search
// texts are not among it. A row that an outer join did not find scans as one
// without an id.
var (
	SessionColumns = without(session.Columns, session.FieldTokenHash)
	UserColumns    = without(user.Columns, user.FieldPasswordHash, user.FieldSearch)
	AccountColumns = without(account.Columns, account.FieldSearch)
	MemberColumns  = membership.Columns
)

// Columns lists the columns of a table for a statement.
func Columns(table string, columns []string) string {
	return table + "." + strings.Join(columns, ", "+table+".")
}

func without(columns []string, not ...string) []string {
	return slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return slices.Contains(not, c) })
}

// opt scans a column that is NULL where an outer join found nothing.
type opt[T any] struct{ p *T }

// Scan implements sql.Scanner.
func (o opt[T]) Scan(v any) error {
	var n stdsql.Null[T]
	err := n.Scan(v)
	*o.p = n.V
	return err
}

// ptr scans a column for which NULL means something.
type ptr[T any] struct{ p **T }

// Scan implements sql.Scanner.
func (o ptr[T]) Scan(v any) error {
	var n stdsql.Null[T]
	if err := n.Scan(v); err != nil || !n.Valid {
		return err
	}
	*o.p = &n.V
	return nil
}

// object scans a column of JSON.
type object[T any] struct{ p *T }

// Scan implements sql.Scanner.
func (o object[T]) Scan(v any) error {
	switch v := v.(type) {
	case []byte:
		return json.Unmarshal(v, o.p)
	case string:
		return json.Unmarshal([]byte(v), o.p)
	}
	return nil
}

func to[T any](p *T) any       { return opt[T]{p} }
func maybe[T any](p **T) any   { return ptr[T]{p} }
func fromJSON[T any](p *T) any { return object[T]{p} }

// pick orders destinations by the columns that are selected.
func pick(columns []string, dest map[string]any) []any {
	out := make([]any, len(columns))
	for i, c := range columns {
		if dest[c] == nil {
			panic("db: no place for column " + c) // every request passes here
		}
		out[i] = dest[c]
	}
	return out
}

// SessionDest returns where the columns of a session go.
func SessionDest(r *ent.Session) []any {
	return pick(SessionColumns, map[string]any{
		session.FieldID: to(&r.ID), session.FieldCreatedAt: to(&r.CreatedAt), session.FieldUserID: to(&r.UserID),
		session.FieldBearer: to(&r.Bearer), session.FieldProvedAt: to(&r.ProvedAt), session.FieldLastSeenAt: to(&r.LastSeenAt),
		session.FieldExpiresAt: to(&r.ExpiresAt), session.FieldUserAgent: to(&r.UserAgent), session.FieldAddress: to(&r.Address),
		session.FieldActiveAccountID: maybe(&r.ActiveAccountID),
	})
}

// UserDest returns where the columns of a user go.
func UserDest(r *ent.User) []any {
	return pick(UserColumns, map[string]any{
		user.FieldID: to(&r.ID), user.FieldCreatedAt: to(&r.CreatedAt), user.FieldEmail: to(&r.Email),
		user.FieldEmailKey: to(&r.EmailKey), user.FieldName: to(&r.Name), user.FieldLocale: to(&r.Locale),
		user.FieldPasswordChangedAt: to(&r.PasswordChangedAt), user.FieldDefaultAccountID: maybe(&r.DefaultAccountID),
		user.FieldExternalID: maybe(&r.ExternalID), user.FieldDisabledAt: maybe(&r.DisabledAt),
	})
}

// AccountDest returns where the columns of an account go.
func AccountDest(r *ent.Account) []any {
	return pick(AccountColumns, map[string]any{
		account.FieldID: to(&r.ID), account.FieldCreatedAt: to(&r.CreatedAt), account.FieldName: to(&r.Name),
		account.FieldState: to(&r.State), account.FieldOwnerUserID: to(&r.OwnerUserID), account.FieldParentID: maybe(&r.ParentID),
		account.FieldSuspendedReason: to(&r.SuspendedReason), account.FieldClosedAt: maybe(&r.ClosedAt),
		account.FieldExternalID: maybe(&r.ExternalID), account.FieldCompany: to(&r.Company),
		account.FieldBillingEmail: to(&r.BillingEmail), account.FieldPhone: to(&r.Phone), account.FieldTaxID: to(&r.TaxID),
		account.FieldAddressLine1: to(&r.AddressLine1), account.FieldAddressLine2: to(&r.AddressLine2),
		account.FieldCity: to(&r.City), account.FieldRegion: to(&r.Region), account.FieldPostalCode: to(&r.PostalCode),
		account.FieldCountry: to(&r.Country), account.FieldOwnerFallback: to(&r.OwnerFallback),
		account.FieldVersion: to(&r.Version), account.FieldRolesVersion: to(&r.RolesVersion), account.FieldMembersVersion: to(&r.MembersVersion),
	})
}

// MemberDest returns where the columns of a membership go.
func MemberDest(r *ent.Membership) []any {
	return pick(MemberColumns, map[string]any{
		membership.FieldID: to(&r.ID), membership.FieldCreatedAt: to(&r.CreatedAt), membership.FieldAccountID: to(&r.AccountID),
		membership.FieldUserID: to(&r.UserID), membership.FieldState: to(&r.State),
		membership.FieldDeactivatedAt: maybe(&r.DeactivatedAt), membership.FieldRoleIds: fromJSON(&r.RoleIds),
		membership.FieldPermissions: fromJSON(&r.Permissions), membership.FieldSubAccountAccess: to(&r.SubAccountAccess),
		membership.FieldSubAccountIds: fromJSON(&r.SubAccountIds), membership.FieldVersion: to(&r.Version),
		membership.FieldLastAccessAt: maybe(&r.LastAccessAt), membership.FieldInvitationID: maybe(&r.InvitationID),
	})
}
