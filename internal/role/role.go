// Package role holds an account's own roles.
package role

import (
	"context"
	"fmt"
	"slices"

	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/invitation"
	"tenantry/ent/membership"
	"tenantry/ent/role"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/once"
	"tenantry/internal/permission"
	"tenantry/internal/text"
)

// Max is how many roles an account can have of its own.
const Max = 50

// Service manages roles.
type Service struct {
	client *ent.Client
	gate   *access.Gate
}

// New returns a service.
func New(client *ent.Client, gate *access.Gate) *Service { return &Service{client, gate} }

// List returns the ready-made roles and then the account's own, by name.
// Refusals: as access.Gate.Enter.
func (s *Service) List(ctx context.Context, by *access.Actor, accountID string) ([]*permission.Role, error) {
	st, err := s.gate.Enter(ctx, by, accountID)
	if err != nil {
		return nil, err
	}
	out := s.Predefined()
	own, err := s.gate.OwnRoles(ctx, st.Account)
	if err != nil {
		return nil, err
	}
	for _, r := range own {
		out = append(out, &r)
	}
	return out, nil
}

// Predefined returns the ready-made roles.
func (s *Service) Predefined() []*permission.Role {
	out := []*permission.Role{}
	for i := range s.gate.Catalogue().Roles {
		out = append(out, &s.gate.Catalogue().Roles[i])
	}
	return out
}

// Get returns a ready-made role, or one of an account the actor is in.
// Refusals: UNAUTHENTICATED, NOT_FOUND.
func (s *Service) Get(ctx context.Context, by *access.Actor, roleID string) (*permission.Role, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	if r := s.gate.Catalogue().Role(roleID); r != nil {
		return r, nil
	}
	if !id.Is(id.Role, roleID) {
		return nil, fault.Missing("role")
	}
	row, err := s.client.Role.Get(ctx, roleID)
	if ent.IsNotFound(err) {
		return nil, s.gate.Absent(ctx, by, "role")
	}
	if err != nil {
		return nil, err
	}
	if _, err := s.gate.Enter(ctx, by, row.AccountID); err != nil {
		return nil, fault.Hide(err, "role")
	}
	r := access.RoleOf(row)
	return &r, nil
}

// Draft is what a role is to be.
type Draft struct {
	AccountID      string
	Name           string
	Description    string
	Type           permission.Type
	Permissions    []permission.Key
	Acknowledged   bool   `json:"-"`
	IdempotencyKey string `json:"-"`
}

// clean judges the words and permissions of a role.
func (s *Service) clean(d *Draft) (permission.Role, error) {
	var err error
	r := permission.Role{Type: d.Type, AccountID: d.AccountID}
	if r.Name, err = text.Line("name", d.Name, true, 80); err != nil {
		return r, err
	}
	if r.Description, err = text.Line("description", d.Description, false, 300); err != nil {
		return r, err
	}
	if d.Type == permission.Owner {
		return r, fault.On("type", fault.BadInput, "No role is of the type OWNER: every account has one owner.")
	}
	c := s.gate.Catalogue()
	if unknown := c.Unknown(d.Permissions); len(unknown) > 0 {
		return r, fault.On("permissions", fault.BadInput, "There is no permission %q.", unknown[0])
	}
	set := c.Set(d.Permissions...)
	if over := c.Keys(set.Minus(c.Ceiling(d.Type))); len(over) > 0 {
		return r, fault.On("permissions", fault.RoleTypeCeiling, "A role of the type %s cannot hold %s.", d.Type, c.Label(over[0]))
	}
	r.Permissions = c.Keys(set)
	return r, nil
}

// Create makes a role. The warnings come with a refusal as well. Refusals:
// NOT_FOUND, FORBIDDEN, BAD_INPUT, CONFLICT, QUOTA_EXCEEDED,
// PERMISSION_OUT_OF_REACH, ROLE_TYPE_CEILING, RISK_NOT_ACKNOWLEDGED,
// ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Create(ctx context.Context, by *access.Actor, d Draft) (*permission.Role, []permission.Warning, error) {
	warnings := []permission.Warning{}
	roleID, err := once.InTx(ctx, s.client, by, "createRole", d.IdempotencyKey, d, func(tx *ent.Tx) (string, error) {
		st, err := s.gate.Change(ctx, tx, by, d.AccountID, permission.Users)
		if err != nil {
			return "", err
		}
		r, err := s.clean(&d)
		if err != nil {
			return "", err
		}
		c := s.gate.Catalogue()
		holds := c.Holds(r)
		warnings = c.Warnings(holds, permission.Set{})
		if err := s.gate.Delegate(ctx, tx, st, permission.Reach{}, permission.Reach{d.AccountID: holds}); err != nil {
			return "", err
		}
		if err := access.Acknowledge(warnings, d.Acknowledged); err != nil {
			return "", err
		}
		n, err := tx.Role.Query().Where(role.AccountID(d.AccountID)).Count(ctx)
		if err != nil {
			return "", err
		}
		if n >= Max {
			return "", fault.New(fault.QuotaExceeded, "An account has at most %d roles of its own.", Max)
		}
		if err := s.free(ctx, tx, d.AccountID, r.Name, ""); err != nil {
			return "", err
		}
		row, err := tx.Role.Create().SetAccountID(d.AccountID).SetName(r.Name).SetNameKey(text.Fold(r.Name)).
			SetDescription(r.Description).SetType(r.Type).SetPermissions(r.Permissions).Save(ctx)
		if err != nil {
			return "", err
		}
		if err := s.raise(ctx, tx, d.AccountID); err != nil {
			return "", err
		}
		return row.ID, event.Record(ctx, tx, by, event.Entry{AccountID: d.AccountID, Action: "role.created", Target: row.ID,
			TargetName: row.Name, After: words(r)})
	})
	if err == nil && d.IdempotencyKey != "" {
		// The same request again is answered to nobody who could no longer make it.
		_, err = s.gate.Require(ctx, by, d.AccountID, permission.Users)
	}
	if err != nil {
		return nil, warnings, err
	}
	r, err := s.Get(ctx, by, roleID)
	return r, warnings, err
}

// raise makes every process read the account's roles anew.
func (s *Service) raise(ctx context.Context, tx *ent.Tx, accountID string) error {
	return tx.Account.Update().Where(account.ID(accountID)).AddRolesVersion(1).Exec(ctx)
}

func words(r permission.Role) map[string]any {
	return map[string]any{"name": r.Name, "description": r.Description, "type": r.Type, "permissions": r.Permissions}
}

// free refuses a name that another role of the account, or a ready-made one, has.
func (s *Service) free(ctx context.Context, tx *ent.Tx, accountID, name, except string) error {
	key := text.Fold(name)
	taken, err := tx.Role.Query().Where(role.AccountID(accountID), role.NameKey(key), role.IDNEQ(except)).Exist(ctx)
	if err != nil {
		return err
	}
	if taken || slices.ContainsFunc(s.Predefined(), func(r *permission.Role) bool { return text.Fold(r.Name) == key }) {
		return fault.On("name", fault.Conflict, "Another role is called %s.", name)
	}
	return nil
}

// own locks the account of a role for the actor and returns both.
func (s *Service) own(ctx context.Context, tx *ent.Tx, by *access.Actor, roleID string) (*access.Standing, *ent.Role, error) {
	if err := by.NeedMember(); err != nil {
		return nil, nil, err
	}
	if s.gate.Catalogue().Role(roleID) != nil {
		return nil, nil, fault.New(fault.RolePredefined, "Ready-made roles cannot be changed. Make one of your own.")
	}
	if !id.Is(id.Role, roleID) {
		return nil, nil, fault.Missing("role")
	}
	found, err := tx.Role.Get(ctx, roleID)
	if ent.IsNotFound(err) {
		return nil, nil, s.gate.AbsentIn(ctx, tx, by, "role")
	}
	if err != nil {
		return nil, nil, err
	}
	st, err := s.gate.Change(ctx, tx, by, found.AccountID, permission.Users)
	if fault.Has(err, fault.NotFound) {
		return nil, nil, fault.Missing("role")
	}
	if err != nil {
		return nil, nil, err
	}
	row, err := tx.Role.Get(ctx, roleID) // again, now that the account is locked
	if ent.IsNotFound(err) {
		return nil, nil, fault.Missing("role")
	}
	return st, row, err
}

// Replacement is what a role is to be from now on.
type Replacement struct {
	RoleID       string
	Version      int
	Name         string
	Description  string
	Permissions  []permission.Key
	Acknowledged bool
}

// Update replaces a role; its holders may do the new things from their next
// request on. Refusals: as Create, and ROLE_PREDEFINED, CANNOT_EDIT_SELF.
func (s *Service) Update(ctx context.Context, by *access.Actor, p Replacement) (*permission.Role, []permission.Warning, error) {
	warnings := []permission.Warning{}
	r, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*permission.Role, error) {
		st, row, err := s.own(ctx, tx, by, p.RoleID)
		if err != nil {
			return nil, err
		}
		before := access.RoleOf(row)
		after, err := s.clean(&Draft{AccountID: row.AccountID, Name: p.Name, Description: p.Description, Type: row.Type, Permissions: p.Permissions})
		if err != nil {
			return nil, err
		}
		if row.Version != p.Version {
			return nil, fault.On("version", fault.Conflict, "Somebody changed this role meanwhile. Read again and repeat.")
		}
		c := s.gate.Catalogue()
		had, holds := c.Holds(before), c.Holds(after)
		warnings = c.Warnings(holds, had)
		if gains := holds.Minus(had); !gains.Empty() {
			if err := s.widen(ctx, tx, by, st, row.ID, had, holds); err != nil {
				return nil, err
			}
		}
		if err := access.Acknowledge(warnings, p.Acknowledged); err != nil {
			return nil, err
		}
		if err := s.free(ctx, tx, row.AccountID, after.Name, row.ID); err != nil {
			return nil, err
		}
		if row, err = tx.Role.UpdateOne(row).SetName(after.Name).SetNameKey(text.Fold(after.Name)).SetDescription(after.Description).
			SetPermissions(after.Permissions).AddVersion(1).Save(ctx); err != nil {
			return nil, err
		}
		if err := s.raise(ctx, tx, row.AccountID); err != nil {
			return nil, err
		}
		now := access.RoleOf(row)
		return &now, event.Record(ctx, tx, by, event.Entry{AccountID: row.AccountID, Action: "role.updated", Target: row.ID,
			TargetName: row.Name, Before: words(before), After: words(now)})
	})
	return r, warnings, err
}

// widen asks the guard for the role itself and for every member who has it,
// with the sub-accounts they reach.
func (s *Service) widen(ctx context.Context, tx *ent.Tx, by *access.Actor, st *access.Standing, roleID string, had, holds permission.Set) error {
	holders, err := tx.Membership.Query().Where(membership.AccountID(st.Account.ID), withRole(membership.FieldRoleIds, roleID)).All(ctx)
	if err != nil {
		return err
	}
	c := s.gate.Catalogue()
	before, after := permission.Reach{st.Account.ID: had}, permission.Reach{st.Account.ID: holds}
	for _, m := range holders {
		if m.UserID == by.BehindID() && !st.Owner() {
			return fault.New(fault.CannotEditSelf, "You have this role yourself, and nobody widens what they may do themselves.")
		}
		subs := m.SubAccountIds
		if m.SubAccountAccess == permission.ScopeAll {
			subs = []string{permission.AllSubAccounts}
		}
		for _, sub := range subs {
			before = before.Add(sub, c.Inheritable(had))
			after = after.Add(sub, c.Inheritable(holds))
		}
	}
	return s.gate.Delegate(ctx, tx, st, before, after)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func withRole(column, roleID string) func(*sql.Selector) {
	return func(s *sql.Selector) { s.Where(sqljson.ValueContains(column, roleID)) }
}

// Delete deletes a role that nobody has. Refusals: NOT_FOUND, FORBIDDEN,
// ROLE_IN_USE, ROLE_PREDEFINED, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Delete(ctx context.Context, by *access.Actor, roleID string) (string, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (string, error) {
		_, row, err := s.own(ctx, tx, by, roleID)
		if err != nil {
			return "", err
		}
		members, err := tx.Membership.Query().Where(membership.AccountID(row.AccountID), withRole(membership.FieldRoleIds, roleID)).Count(ctx)
		if err != nil {
			return "", err
		}
		invited, err := tx.Invitation.Query().Where(invitation.AccountID(row.AccountID), invitation.StateEQ(invitation.StatePENDING),
			invitation.ExpiresAtGT(instant.Now()), withRole(invitation.FieldRoleIds, roleID)).Count(ctx)
		if err != nil {
			return "", err
		}
		if members+invited > 0 {
			return "", fault.New(fault.RoleInUse, "%s and %s have this role. Give them another first.", count(members, "member"), count(invited, "pending invitation"))
		}
		if err := tx.Role.DeleteOne(row).Exec(ctx); err != nil {
			return "", err
		}
		if err := s.raise(ctx, tx, row.AccountID); err != nil {
			return "", err
		}
		return roleID, event.Record(ctx, tx, by, event.Entry{AccountID: row.AccountID, Action: "role.deleted", Target: roleID,
			TargetName: row.Name, Before: words(access.RoleOf(row))})
	})
}
