package graph

import (
	"context"

	"tenantry/ent"
	"tenantry/graph/model"
	"tenantry/internal/access"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/permission"
	"tenantry/internal/session"
	"tenantry/internal/token"
)

// node finds anything by its id, by way of the same domain calls as everything
// else, so that it never reaches what direct access refuses. What cannot be seen
// is null.
func (r *Resolver) node(ctx context.Context, by *access.Actor, nodeID string) (model.Node, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	n, err := r.lookUp(ctx, by, nodeID)
	if fault.All(err) != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return n, nil
}

func (r *Resolver) lookUp(ctx context.Context, by *access.Actor, nodeID string) (model.Node, error) {
	if role, err := r.Roles.Get(ctx, by, nodeID); err == nil {
		return role, nil
	}
	switch id.Kind(nodeID) {
	case id.Account:
		return r.Accounts.Get(ctx, by, nodeID)
	case id.User:
		if nodeID == by.UserID() {
			return viewer(by.User), nil
		}
	case id.Session:
		return r.Sessions.Get(ctx, by, nodeID)
	case id.Passkey:
		return r.Sessions.PasskeyByID(ctx, by, nodeID)
	case id.Device:
		return r.Sessions.Device(ctx, by, nodeID)
	case id.Membership:
		return r.Members.Get(ctx, by, nodeID)
	case id.Invitation:
		return r.Invites.Get(ctx, by, nodeID)
	case id.Contact:
		return r.Contacts.Get(ctx, by, nodeID)
	case id.Transfer:
		return r.Accounts.Transfer(ctx, by, nodeID)
	case id.Notification:
		return r.Notify.Get(ctx, by, nodeID)
	case id.Delivery:
		return r.Notify.Delivery(ctx, by, nodeID)
	case id.Webhook:
		return r.Webhooks.Get(ctx, by, nodeID)
	case id.Call:
		return r.Webhooks.Delivery(ctx, by, nodeID)
	case id.Event:
		return r.Log.Get(ctx, by, nodeID)
	case id.APIToken:
		return r.APITokens.Get(ctx, by, nodeID)
	}
	return nil, fault.Missing("object")
}

// nodes finds several, at most 100.
func (r *Resolver) nodes(ctx context.Context, by *access.Actor, ids []string) ([]model.Node, error) {
	if len(ids) > 100 {
		return nil, fault.On("ids", fault.BadInput, "Ask for at most 100 objects at once, not %d.", len(ids))
	}
	out := make([]model.Node, len(ids))
	found := map[string]model.Node{}
	for i, one := range ids {
		n, again := found[one]
		if !again {
			var err error
			if n, err = r.node(ctx, by, one); err != nil {
				return nil, err
			}
			found[one] = n
		}
		out[i] = n
	}
	return out, nil
}

// profile returns the primary and billing details of an account.
func profile(a *ent.Account) *model.AccountProfile {
	return &model.AccountProfile{Company: a.Company, BillingEmail: a.BillingEmail, Phone: a.Phone, TaxID: a.TaxID,
		Address: &model.PostalAddress{Line1: a.AddressLine1, Line2: a.AddressLine2, City: a.City, Region: a.Region,
			PostalCode: a.PostalCode, Country: a.Country},
		ExternalID: a.ExternalID, Version: a.Version}
}

// introspection returns what a service is told about a session; nil is one that
// cannot be used.
func introspection(i *session.Introspection) *model.SessionIntrospection {
	if i == nil {
		return &model.SessionIntrospection{Permissions: []permission.Key{}}
	}
	out := &model.SessionIntrospection{Active: true, SessionID: &i.Session.ID, UserID: &i.User.ID, UserName: &i.User.Name,
		UserEmail: &i.User.Email, Locale: &i.User.Locale, ExpiresAt: &i.Session.ExpiresAt, ProvedAt: &i.Session.ProvedAt,
		Permissions: []permission.Key{}}
	worksIn(out, i.Standing)
	return out
}

// worksIn says where the credential works, and what it may do there; nil is nowhere.
func worksIn(out *model.SessionIntrospection, st *access.Standing) {
	if st == nil {
		return
	}
	owner, state := st.Owner(), st.State()
	out.AccountID, out.AccountName, out.AccountState = &st.Account.ID, &st.Account.Name, &state
	out.IsOwner, out.Permissions = &owner, st.Permissions()
}

// introspect tells a service what a credential stands for: a session, or an API token.
func (r *Resolver) introspect(ctx context.Context, by *access.Actor, presented, accountID string) (*model.SessionIntrospection, error) {
	if !token.IsAPI(presented) {
		found, err := r.Sessions.Introspect(ctx, by, presented, accountID)
		if err != nil {
			return nil, err
		}
		return introspection(found), nil
	}
	t, st, err := r.APITokens.Introspect(ctx, by, presented, accountID)
	out := introspection(nil)
	if err != nil || t == nil {
		return out, err
	}
	out.Active, out.APITokenID, out.APITokenName, out.ExpiresAt = true, &t.ID, &t.Name, t.ExpiresAt
	worksIn(out, st)
	return out, nil
}

// catalogue returns what can be granted and notified about.
func (r *Resolver) catalogue(by *access.Actor) (*model.PermissionCatalog, error) {
	if by.Kind == access.Nobody {
		return nil, fault.SignIn()
	}
	c := r.Gate.Catalogue()
	out := &model.PermissionCatalog{Roles: r.Roles.Predefined(), Notice: some(c.Notice)}
	for i := range c.Permissions {
		out.Permissions = append(out.Permissions, &c.Permissions[i])
	}
	for i := range c.Categories {
		out.Categories = append(out.Categories, &c.Categories[i])
	}
	return out, nil
}

func eventFilter(f *model.AuditLogFilter) event.Filter {
	if f == nil {
		return event.Filter{}
	}
	return event.Filter{ActorID: value(f.ActorID), TargetID: value(f.TargetID), Actions: list(f.Actions), From: f.From.Value(), To: f.To.Value()}
}
