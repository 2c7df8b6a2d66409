package graph

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"tenantry/ent"
	entinvitation "tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/graph/model"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/contact"
	"tenantry/internal/invite"
	"tenantry/internal/membership"
	"tenantry/internal/permission"
	"tenantry/internal/session"
	"tenantry/internal/token"
)

// given returns what a field was set to: nil where it was left out, and the zero
// value where it was null, which clears.
func given[T any](o graphql.Omittable[*T]) *T {
	v, ok := o.ValueOK()
	if !ok {
		return nil
	}
	if v == nil {
		return new(T)
	}
	return v
}

// value returns what a field was set to, or the zero value.
func value[T any](o graphql.Omittable[*T]) T {
	if v := o.Value(); v != nil {
		return *v
	}
	var zero T
	return zero
}

// accessEnd returns until when an access is to last, or nil where that was left out.
func accessEnd(o graphql.Omittable[*time.Time]) *membership.End {
	at, ok := o.ValueOK()
	if !ok {
		return nil
	}
	return &membership.End{At: at}
}

// list returns what a list was set to: nil where it was left out or null.
func list[T any](o graphql.Omittable[[]T]) []T { return o.Value() }

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func memberFilter(state *entmembership.State, search, roleID *string, twoFactor *bool) membership.Filter {
	return membership.Filter{State: state, Search: textOf(search), RoleID: textOf(roleID), TwoFactor: twoFactor}
}

func peopleFilter(state *membership.PersonState, search *string, twoFactor *bool) membership.PeopleFilter {
	return membership.PeopleFilter{State: state, Search: textOf(search), TwoFactor: twoFactor}
}

func inviteFilter(state *entinvitation.State, search *string) invite.Filter {
	return invite.Filter{State: state, Search: textOf(search)}
}

func contactFilter(search *string, category *permission.CategoryKey) contact.Filter {
	f := contact.Filter{Search: textOf(search)}
	if category != nil {
		f.Category = *category
	}
	return f
}

func some(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func offer(roleIDs []string, keys []permission.Key, scope permission.Scope, subs []string) access.Offer {
	return access.Offer{RoleIDs: roleIDs, Permissions: keys, Scope: scope, SubAccounts: subs}
}

func postal(p *model.PostalAddressInput) *account.Postal {
	if p == nil {
		return nil
	}
	return &account.Postal{Line1: value(p.Line1), Line2: value(p.Line2), City: value(p.City), Region: value(p.Region),
		PostalCode: value(p.PostalCode), Country: value(p.Country)}
}

func address(o graphql.Omittable[*model.PostalAddressInput]) *account.Postal { return postal(given(o)) }

func preferences(in []*model.ChannelPreferenceInput) []permission.Preference {
	out := make([]permission.Preference, len(in))
	for i, p := range in {
		out[i] = permission.Preference{Channel: p.Channel, All: p.All, Categories: list(p.Categories), Except: list(p.Except)}
	}
	return out
}

func login(o graphql.Omittable[*model.ContactLoginInput]) *contact.Login {
	in := o.Value()
	if in == nil {
		return nil
	}
	return &contact.Login{Offer: offer(in.RoleIds, in.Permissions, in.SubAccountAccess, list(in.SubAccountIds)),
		Message: value(in.Message), Acknowledged: in.AcknowledgeRisks}
}

func newContact(in model.CreateContactInput) contact.Details {
	d := contact.Details{Email: &in.Email, FirstName: given(in.FirstName), LastName: given(in.LastName), Company: given(in.Company),
		Phone: given(in.Phone), Locale: given(in.Locale), Notes: given(in.Notes), ExternalID: given(in.ExternalID),
		Address: address(in.Address), Type: &in.Type, Scope: &in.SubAccountAccess, SubAccounts: list(in.SubAccountIds), Login: login(in.Login)}
	if prefs := list(in.Preferences); prefs != nil {
		d.Preferences = preferences(prefs)
	}
	return d
}

func changedContact(in model.UpdateContactInput) contact.Details {
	d := contact.Details{Email: given(in.Email), FirstName: given(in.FirstName), LastName: given(in.LastName), Company: given(in.Company),
		Phone: given(in.Phone), Locale: given(in.Locale), Notes: given(in.Notes), ExternalID: given(in.ExternalID),
		Address: address(in.Address), Type: in.Type.Value(), Scope: in.SubAccountAccess.Value(), SubAccounts: list(in.SubAccountIds), Login: login(in.Login)}
	if prefs, set := in.Preferences.ValueOK(); set && prefs == nil {
		d.Defaults = true
	} else if set {
		d.Preferences = preferences(prefs)
	}
	return d
}

func draft(in model.InviteUsersInput, locale string) invite.Draft {
	d := invite.Draft{AccountID: in.AccountID, Offer: offer(in.RoleIds, in.Permissions, in.SubAccountAccess, list(in.SubAccountIds)),
		Message: value(in.Message), Locale: value(in.Locale), SendEmail: in.SendEmail, DryRun: in.DryRun,
		Acknowledged: in.AcknowledgeRisks, IdempotencyKey: value(in.IdempotencyKey)}
	d.Ends.At = in.AccessEndsAt.Value()
	if d.Locale == "" {
		d.Locale = locale
	}
	for _, one := range in.Emails {
		d.Invitees = append(d.Invitees, invite.Invitee{Email: one.Email, Name: value(one.Name)})
	}
	return d
}

func tokenDraft(in model.CreateAPITokenInput) token.Draft {
	ends, given := in.ExpiresAt.ValueOK()
	return token.Draft{AccountID: in.AccountID, Name: in.Name, Permissions: in.Permissions, Scope: in.SubAccountAccess, SubAccounts: list(in.SubAccountIds),
		ExpiresAt: ends, Endless: given && ends == nil, Acknowledged: in.AcknowledgeRisks, IdempotencyKey: value(in.IdempotencyKey)}
}

func selected(tokens []*token.Token) [][]string {
	out := make([][]string, len(tokens))
	for i, t := range tokens {
		out[i] = t.SubAccountIds
	}
	return out
}

func locale(by *access.Actor) string {
	if by.User == nil {
		return ""
	}
	return by.User.Locale
}

func warnings(ws []permission.Warning) []*permission.Warning {
	out := make([]*permission.Warning, len(ws))
	for i := range ws {
		out[i] = &ws[i]
	}
	return out
}

func viewer(u *ent.User) *session.Viewer {
	if u == nil {
		return nil
	}
	return &session.Viewer{User: u}
}

func change(membershipID string, version int, o access.Offer, acknowledged bool) membership.Change {
	return membership.Change{MembershipID: membershipID, Version: version, Offer: o, Acknowledged: acknowledged}
}

// hand puts the token of a session that began, or was renewed, where the client
// wants it: a cookie here, a bearer token in the payload.
func (r *Resolver) hand(ctx context.Context, st *session.Started) error {
	if st == nil || st.Session == nil || st.Session.Bearer {
		return nil
	}
	if err := r.SetCookie(ctx, st.Token, time.Until(st.Session.ExpiresAt)); err != nil {
		return err
	}
	return r.SetDevice(ctx, st.Device)
}

// arriving returns the actor of somebody who signs in, with what the client keeps of
// earlier times: an app hands it over, a browser's came as a cookie. Half a session
// stays with whom it was handed to.
func arriving(ctx context.Context, d session.Delivery, device graphql.Omittable[*string]) *access.Actor {
	by := access.From(ctx)
	if by.Half != nil && by.Half.Session.Bearer {
		d = session.Token
	}
	if d == session.Token {
		by.Device = value(device)
	}
	return by
}
