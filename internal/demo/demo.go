// Package demo fills an empty database with a believable hosting company's
// customer, by way of the same calls as the API.
package demo

import (
	"context"
	"fmt"
	"slices"

	"tenantry/ent"
	entaccount "tenantry/ent/account"
	entcontact "tenantry/ent/contact"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/contact"
	"tenantry/internal/invite"
	"tenantry/internal/link"
	"tenantry/internal/membership"
	"tenantry/internal/notify"
	"tenantry/internal/permission"
	"tenantry/internal/role"
	"tenantry/internal/session"
)

// Rooms are the parts of the program that the demo data is made with.
type Rooms struct {
	Client   *ent.Client
	Gate     *access.Gate
	Site     *link.Site
	Sessions *session.Service
	Accounts *account.Service
	Members  *membership.Service
	Roles    *role.Service
	Invites  *invite.Service
	Contacts *contact.Service
	Notify   *notify.Service
	// Settle hands on and sends what waits.
	Settle func(context.Context) error
}

// The person whom a newcomer signs in as. Everybody else in the demo data has
// the same password.
const (
	Email    = "olivia@northwind.example"
	Password = "northwind demo 2026"
)

// Data is what a newcomer is told about the demo data.
type Data struct {
	Email, Password string
	// Variables are what the example operations of the playground need, as far
	// as it is still there: email, password, category, roleId, accountId,
	// otherAccountId, subAccountId, contactId, waitingInvitationId; and of a
	// member membershipId, memberVersion, memberRoleIds, memberPermissions (with
	// invoices added), memberSubAccountAccess and memberSubAccountIds.
	Variables func(context.Context) map[string]any
	// People are whom the dashboard offers to sign in as: password, and people with
	// name, email and about, as far as they are still there.
	People func(context.Context) map[string]any
}

// Fill puts demo data into an empty database, and describes what an earlier
// start put there. It returns nil if the database has other data. It runs to its
// end though ctx is canceled, since what is begun could not be taken up again;
// that takes about a second.
func Fill(ctx context.Context, r Rooms) (*Data, error) {
	ctx = context.WithoutCancel(ctx)
	data := &Data{Email: Email, Password: Password, Variables: r.variables, People: r.people}
	filled, err := r.Client.User.Query().Where(user.EmailKey(Email)).Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for demo data: %w", err)
	}
	if filled {
		return data, nil
	}
	other, err := r.Client.User.Query().Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for other data: %w", err)
	}
	if other {
		return nil, nil
	}
	hash, err := r.Sessions.NewHash(ctx, "password", Password)
	if err != nil {
		return nil, fmt.Errorf("hash the demo password: %w", err)
	}
	s := &story{Rooms: r, ctx: ctx, hash: hash}
	s.tell()
	if s.err != nil {
		return nil, fmt.Errorf("demo data: %w", s.err)
	}
	if err := s.backdate(ctx); err != nil {
		return nil, fmt.Errorf("date the demo data back: %w", err)
	}
	if err := r.Settle(ctx); err != nil {
		return nil, fmt.Errorf("settle the demo data: %w", err)
	}
	return data, nil
}

// Known reports whether a database has the demo people, whose password is in
// this file. It is not to be served to others.
func Known(ctx context.Context, client *ent.Client) (bool, error) {
	return client.User.Query().Where(user.EmailKey(Email)).Exist(ctx)
}

// faces are those of the demo people who see the portal each in another way.
var faces = []struct{ email, about string }{
	{Email, "Owns Northwind Trading, works in two more"},
	{"daniel@northwind.example", "Administrator of Northwind Trading"},
	{"priya@northwind.example", "Billing of Northwind Trading"},
	{tomEmail, "Technical, in one sub-account"},
	{"elena@adatum.example", "Agency: owns one account, works in two"},
}

func (r Rooms) people(ctx context.Context) map[string]any {
	people := []map[string]string{}
	for _, face := range faces {
		u, err := r.Client.User.Query().Where(user.EmailKey(face.email)).Only(ctx)
		if err == nil {
			people = append(people, map[string]string{"name": u.Name, "email": face.email, "about": face.about})
		}
	}
	return map[string]any{"password": Password, "people": people}
}

// variables looks everything up anew, since whoever explores changes it. What is
// no longer as the examples need it, or cannot be read, is left out.
func (r Rooms) variables(ctx context.Context) map[string]any {
	const invoice permission.CategoryKey = "invoice"
	v := map[string]any{"email": Email, "password": Password, "category": r.Gate.Catalogue().Categories[0].Key}
	if r.Gate.Catalogue().Category(invoice) != nil {
		v["category"] = invoice
	}
	if r.Gate.Catalogue().Role(billing) != nil {
		v["roleId"] = billing
	}
	olivia, err := r.Client.User.Query().Where(user.EmailKey(Email)).Only(ctx)
	if err != nil {
		return v
	}
	for key, number := range map[string]string{"accountId": northwindNumber, "subAccountId": shopNumber, "otherAccountId": contosoNumber} {
		a, err := r.Client.Account.Query().Where(entaccount.ExternalID(number), entaccount.StateEQ(entaccount.StateACTIVE)).Only(ctx)
		if err == nil {
			v[key] = a.ID
		}
	}
	waiting, err := r.Invites.Mine(ctx, &access.Actor{Kind: access.Person, User: olivia})
	if err == nil && len(waiting) > 0 {
		v["waitingInvitationId"] = waiting[0].ID
	}
	accountID, open := v["accountId"].(string)
	if !open {
		return v
	}
	c, err := r.Client.Contact.Query().Where(entcontact.AccountID(accountID), entcontact.EmailKey(payableEmail)).Only(ctx)
	if err == nil {
		v["contactId"] = c.ID
	}
	m, err := r.Client.Membership.Query().Where(entmembership.AccountID(accountID), access.ActiveMember(),
		entmembership.HasUserWith(user.EmailKey(tomEmail))).Only(ctx)
	if err == nil {
		v["membershipId"], v["memberVersion"], v["memberRoleIds"] = m.ID, m.Version, m.RoleIds
		v["memberSubAccountAccess"], v["memberSubAccountIds"] = m.SubAccountAccess, m.SubAccountIds
		v["memberPermissions"] = slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(m.Permissions), permission.Invoices))))
	}
	return v
}
