package notify

import (
	"context"

	"tenantry/ent"
	entaccount "tenantry/ent/account"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/instant"
	"tenantry/internal/mail"
	"tenantry/internal/membership"
)

// asked says who is told that an account asks for two factors: whoever it will keep
// out, once each. The letter is about the account that they belong to.
func (s *Service) asked(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	kind := kindTwoFactorRequired
	if e.Action == "account.policies_reminded" {
		kind = kindTwoFactorReminder
	}
	if afterField(e, "twoFactorFrom") == "" {
		return nil, nil // something else was changed, or it is no longer asked for
	}
	a, err := tx.Account.Get(ctx, *e.AccountID)
	if err != nil {
		return nil, err
	}
	members, err := membership.Asked(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	var out []owed
	told, data := map[string]bool{e.ActorID: true}, map[string]string{"by": teller(e)}
	for _, m := range members {
		if told[m.UserID] {
			continue
		}
		told[m.UserID] = true
		subject, u := m.AccountID, m.Edges.User
		if a.ParentID != nil {
			subject = a.ID // whichever way they come
		}
		out = append(out, owed{kind: kind, subject: subject, to: u.Email, key: u.EmailKey, name: u.Name, locale: u.Locale, data: data})
	}
	return out, nil
}

// policyLetter tells the date as it stands now, to somebody whom it still concerns.
func (s *Service) policyLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	a, err := s.client.Account.Query().Where(entaccount.ID(d.SubjectID)).WithParent().Only(ctx)
	if err != nil {
		return nil, gone(err, "the account is gone")
	}
	places := []string{a.ID}
	if a.ParentID != nil {
		places = append(places, *a.ParentID)
	}
	u, err := s.client.User.Query().Where(user.EmailKey(d.ToKey)).Only(ctx)
	if err != nil {
		return nil, gone(err, "the user is gone")
	}
	still, err := s.client.Membership.Query().Where(entmembership.UserID(u.ID), entmembership.AccountIDIn(places...),
		access.ActiveMember()).Exist(ctx)
	if err != nil {
		return nil, err
	}
	from := access.TwoFactorDue(u, a, a.Edges.Parent)
	switch {
	case !still:
		return nil, suppressed("they are no longer a member")
	case u.TwoFactorAt != nil:
		return nil, suppressed("they have turned two factors on")
	case from == nil:
		return nil, suppressed("it is no longer asked for")
	}
	begun, home := !instant.Now().Before(*from), s.site.Public("/")
	if d.Kind == kindTwoFactorRequired {
		return mail.TwoFactorRequired{Name: d.ToName, Account: a.Name, By: d.Data["by"], From: *from, Begun: begun, Link: home}, nil
	}
	if begun {
		return nil, suppressed("the day has come before it could be sent")
	}
	return mail.TwoFactorReminder{Name: d.ToName, Account: a.Name, From: *from, Link: home}, nil
}
