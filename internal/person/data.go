package person

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/apitoken"
	"tenantry/ent/authenticator"
	"tenantry/ent/block"
	"tenantry/ent/ceremony"
	"tenantry/ent/contact"
	"tenantry/ent/delivery"
	"tenantry/ent/device"
	"tenantry/ent/emailchange"
	entevent "tenantry/ent/event"
	"tenantry/ent/formeraddress"
	"tenantry/ent/identity"
	"tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/passkey"
	"tenantry/ent/provision"
	"tenantry/ent/recoverycode"
	"tenantry/ent/refreshtoken"
	entsession "tenantry/ent/session"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/session"
)

const (
	// mostTold is how many rows one part of an export has of a long list.
	mostTold = 1000
	// mostRead is how many rows of a table that is not kept by person one part looks at.
	mostRead = 20000
)

// part is a stretch of an export, or a row in it. It holds no secret.
type part map[string]any

// section is a long list of an export. It reads on after a row, up to mostTold rows,
// and returns the row to go on after, "" at the end of the list.
type section struct {
	name string
	read func(s *Service, ctx context.Context, u *ent.User, held []holding, after string) (rows []part, next string, err error)
}

var sections = []section{{"invitations", (*Service).invitations}, {"events", (*Service).events}, {"deliveries", (*Service).deliveries}}

// Export returns a part, in JSON, of everything that is stored about the actor: the first with
// who they are, and then what there is much of. It goes on after what it returned
// with the part before, "" at first, and returns "" with the last. Refusals:
// UNAUTHENTICATED, REAUTH_REQUIRED, BAD_INPUT, RATE_LIMITED.
func (s *Service) Export(ctx context.Context, by *access.Actor, after string) (document []byte, next string, err error) {
	if err := session.Proved(by); err != nil {
		return nil, "", err
	}
	if err := s.book.Take(ctx, budget.DataByUser, by.User.ID, 1); err != nil {
		return nil, "", err
	}
	u, err := s.client.User.Get(ctx, by.User.ID)
	if ent.IsNotFound(err) {
		return nil, "", fault.SignIn()
	}
	if err != nil {
		return nil, "", err
	}
	told := part{}
	if after == "" {
		if told, err = s.whole(ctx, u); err != nil {
			return nil, "", fmt.Errorf("personal data: %w", err)
		}
		if err := db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
			return event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "user.data_exported", Target: u.ID, TargetName: u.Name})
		}); err != nil {
			return nil, "", err
		}
	}
	held, err := s.holdings(ctx, u)
	if err != nil {
		return nil, "", fmt.Errorf("addresses held: %w", err)
	}
	name, row, _ := strings.Cut(after, ":")
	start := max(slices.IndexFunc(sections, func(s section) bool { return s.name == name }), 0)
	for _, sec := range sections[start:] {
		rows, next, err := sec.read(s, ctx, u, held, row)
		if err != nil {
			return nil, "", fmt.Errorf("%s: %w", sec.name, err)
		}
		told[sec.name] = rows
		if row = ""; next != "" {
			row = sec.name + ":" + next
			break
		}
	}
	document, err = json.Marshal(told)
	return document, row, err
}

// holding is an address that the person signs or signed in with, and how long.
type holding struct {
	key         string
	since, till time.Time // till is zero for the present one
}

func (h holding) covers(t time.Time) bool {
	return !t.Before(h.since) && (h.till.IsZero() || t.Before(h.till))
}

// holdings lists the addresses that the person has had, from their own history.
func (s *Service) holdings(ctx context.Context, u *ent.User) ([]holding, error) {
	changes, err := s.client.Event.Query().Where(entevent.Stream(u.ID), entevent.ActionIn("email.changed", "email.change_undone")).
		Order(ent.Asc(entevent.FieldID)).All(ctx)
	if err != nil {
		return nil, err
	}
	since := u.CreatedAt
	var out []holding
	for _, e := range changes {
		var was struct{ Email string }
		if err := json.Unmarshal([]byte(e.Before), &was); err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
		a, err := session.Email("email", was.Email)
		if err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
		out, since = append(out, holding{a.Key, since, e.CreatedAt}), e.CreatedAt
	}
	return append(out, holding{key: u.EmailKey, since: since}), nil
}

func keys(held []holding) []string {
	var out []string
	for _, h := range held {
		out = append(out, h.key)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// each turns rows into parts.
func each[T any](rows []T, err error, tell func(T) part) ([]part, error) {
	out := []part{}
	for _, r := range rows {
		out = append(out, tell(r))
	}
	return out, err
}

// whole is what there is little of.
func (s *Service) whole(ctx context.Context, u *ent.User) (part, error) {
	out := part{"exportedAt": instant.Now(), "user": part{"id": u.ID, "email": u.Email, "emailKey": u.EmailKey, "name": u.Name, "locale": u.Locale, "createdAt": u.CreatedAt,
		"hasPassword": u.PasswordHash != "", "passwordChangedAt": u.PasswordChangedAt, "twoFactorAt": u.TwoFactorAt, "disabledAt": u.DisabledAt,
		"defaultAccountId": u.DefaultAccountID, "externalId": u.ExternalID}}
	for _, list := range []struct {
		name string
		read func(context.Context, *ent.User) ([]part, error)
	}{
		{"memberships", s.memberships}, {"ownedAccounts", s.owned}, {"ownershipTransfers", s.transfers}, {"contacts", s.contacts}, {"formerAddresses", s.formerAddresses},
		{"sessions", s.sessions}, {"devices", s.devices}, {"authenticators", s.authenticators}, {"recoveryCodes", s.recoveryCodes},
		{"passkeys", s.passkeys}, {"identities", s.identities}, {"ceremonies", s.ceremonies}, {"emailChanges", s.emailChanges},
		{"verifications", s.verifications}, {"orders", s.orders}, {"blocks", s.blocks}, {"apiTokens", s.apiTokens},
	} {
		rows, err := list.read(ctx, u)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", list.name, err)
		}
		out[list.name] = rows
	}
	return out, nil
}

func place(a *ent.Account) part { return part{"id": a.ID, "name": a.Name, "state": a.State} }

func (s *Service) memberships(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Membership.Query().Where(entmembership.UserID(u.ID)).WithAccount().Order(ent.Asc(entmembership.FieldID)).All(ctx)
	if err != nil {
		return nil, err
	}
	out := []part{}
	for _, m := range rows {
		held, err := s.gate.Roles(ctx, m.Edges.Account)
		if err != nil {
			return nil, err
		}
		roles := []string{}
		for _, r := range held.Those(m.RoleIds) {
			roles = append(roles, r.Name)
		}
		out = append(out, part{"id": m.ID, "createdAt": m.CreatedAt, "account": place(m.Edges.Account), "state": access.StateOf(m),
			"deactivatedAt": m.DeactivatedAt, "accessEndsAt": m.AccessEndsAt,
			"roles": roles, "permissions": m.Permissions, "subAccountAccess": m.SubAccountAccess, "subAccountIds": m.SubAccountIds,
			"lastAccessAt": m.LastAccessAt, "invitationId": m.InvitationID})
	}
	return out, nil
}

func (s *Service) owned(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Account.Query().Where(account.OwnerUserID(u.ID)).Order(ent.Asc(account.FieldID)).All(ctx)
	return each(rows, err, place)
}

func (s *Service) transfers(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.OwnershipTransfer.Query().Where(ownershiptransfer.Or(ownershiptransfer.FromUserID(u.ID), ownershiptransfer.ToUserID(u.ID))).
		WithAccount().Order(ent.Asc(ownershiptransfer.FieldID)).All(ctx)
	return each(rows, err, func(t *ent.OwnershipTransfer) part {
		return part{"id": t.ID, "createdAt": t.CreatedAt, "account": place(t.Edges.Account), "fromMe": t.FromUserID == u.ID, "toMe": t.ToUserID == u.ID,
			"state": t.State, "expiresAt": t.ExpiresAt, "takesEffectAt": t.EffectiveAt, "endedAt": t.EndedAt, "objected": t.Objected}
	})
}

func (s *Service) contacts(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Contact.Query().Where(contact.HasMembershipWith(entmembership.UserID(u.ID))).WithAccount().Order(ent.Asc(contact.FieldID)).All(ctx)
	return each(rows, err, func(c *ent.Contact) part {
		return part{"id": c.ID, "createdAt": c.CreatedAt, "updatedAt": c.UpdatedAt, "account": place(c.Edges.Account), "email": c.Email, "firstName": c.FirstName, "lastName": c.LastName,
			"company": c.Company, "phone": c.Phone, "addressLine1": c.AddressLine1, "addressLine2": c.AddressLine2, "city": c.City, "region": c.Region,
			"postalCode": c.PostalCode, "country": c.Country, "locale": c.Locale, "type": c.Type, "preferences": c.Preferences, "unsubscribed": c.Unsubscribed,
			"suppressedAt": c.SuppressedAt, "suppressedReason": c.SuppressedReason, "verifiedAt": c.VerifiedAt, "verificationSentAt": c.VerificationSentAt}
	})
}

// formerAddresses are what accounts remember of the person's address, without a contact.
func (s *Service) formerAddresses(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.FormerAddress.Query().Where(formeraddress.EmailKey(u.EmailKey)).WithAccount().Order(ent.Asc(formeraddress.FieldID)).All(ctx)
	return each(rows, err, func(f *ent.FormerAddress) part {
		return part{"id": f.ID, "createdAt": f.CreatedAt, "account": place(f.Edges.Account), "unsubscribed": f.Unsubscribed,
			"suppressedAt": f.SuppressedAt, "suppressedReason": f.SuppressedReason}
	})
}

func (s *Service) sessions(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Session.Query().Where(entsession.UserID(u.ID)).Order(ent.Asc(entsession.FieldID)).All(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	tokens, err := s.client.RefreshToken.Query().Where(refreshtoken.SessionIDIn(ids...)).Order(ent.Asc(refreshtoken.FieldID)).All(ctx)
	if err != nil {
		return nil, err
	}
	refreshed := map[string][]part{}
	for _, t := range tokens {
		refreshed[t.SessionID] = append(refreshed[t.SessionID], part{"createdAt": t.CreatedAt, "usedAt": t.UsedAt})
	}
	return each(rows, nil, func(r *ent.Session) part {
		return part{"id": r.ID, "createdAt": r.CreatedAt, "lastSeenAt": r.LastSeenAt, "provedAt": r.ProvedAt, "expiresAt": r.ExpiresAt, "tokenExpiresAt": r.TokenExpiresAt,
			"address": r.Address, "userAgent": r.UserAgent, "device": session.Device(r.UserAgent), "deviceId": r.DeviceID, "bearer": r.Bearer, "pending": r.Pending,
			"activeAccountId": r.ActiveAccountID, "refreshTokens": refreshed[r.ID]}
	})
}

func (s *Service) devices(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Device.Query().Where(device.UserID(u.ID)).Order(ent.Asc(device.FieldID)).All(ctx)
	return each(rows, err, func(d *ent.Device) part {
		return part{"id": d.ID, "createdAt": d.CreatedAt, "lastSeenAt": d.LastSeenAt, "userAgent": d.UserAgent, "device": session.Device(d.UserAgent)}
	})
}

func (s *Service) authenticators(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Authenticator.Query().Where(authenticator.UserID(u.ID)).All(ctx)
	return each(rows, err, func(a *ent.Authenticator) part {
		return part{"id": a.ID, "createdAt": a.CreatedAt, "confirmedAt": a.ConfirmedAt}
	})
}

func (s *Service) recoveryCodes(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.RecoveryCode.Query().Where(recoverycode.UserID(u.ID)).Order(ent.Asc(recoverycode.FieldID)).All(ctx)
	return each(rows, err, func(c *ent.RecoveryCode) part { return part{"id": c.ID, "createdAt": c.CreatedAt, "usedAt": c.UsedAt} })
}

func (s *Service) passkeys(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Passkey.Query().Where(passkey.UserID(u.ID)).Order(ent.Asc(passkey.FieldID)).All(ctx)
	return each(rows, err, func(p *ent.Passkey) part {
		return part{"id": p.ID, "createdAt": p.CreatedAt, "name": p.Name, "lastUsedAt": p.LastUsedAt}
	})
}

func (s *Service) identities(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Identity.Query().Where(identity.UserID(u.ID)).Order(ent.Asc(identity.FieldID)).All(ctx)
	return each(rows, err, func(i *ent.Identity) part {
		return part{"id": i.ID, "createdAt": i.CreatedAt, "issuer": i.Issuer, "subject": i.Subject, "email": i.Email, "lastUsedAt": i.LastUsedAt}
	})
}

func (s *Service) ceremonies(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Ceremony.Query().Where(ceremony.UserID(u.ID)).Order(ent.Asc(ceremony.FieldID)).All(ctx)
	return each(rows, err, func(c *ent.Ceremony) part {
		return part{"id": c.ID, "createdAt": c.CreatedAt, "kind": c.Kind, "expiresAt": c.ExpiresAt}
	})
}

func (s *Service) emailChanges(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.EmailChange.Query().Where(emailchange.UserID(u.ID)).Order(ent.Asc(emailchange.FieldID)).All(ctx)
	return each(rows, err, func(c *ent.EmailChange) part {
		return part{"id": c.ID, "createdAt": c.CreatedAt, "email": c.Email, "formerEmail": c.FormerEmail, "confirmedAt": c.ConfirmedAt, "expiresAt": c.ExpiresAt, "endedAt": c.EndedAt}
	})
}

func (s *Service) verifications(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Verification.Query().Where(verification.EmailKey(u.EmailKey)).Order(ent.Asc(verification.FieldID)).All(ctx)
	return each(rows, err, func(v *ent.Verification) part {
		return part{"id": v.ID, "createdAt": v.CreatedAt, "purpose": v.Purpose, "email": v.Email, "name": v.Name, "locale": v.Locale, "expiresAt": v.ExpiresAt}
	})
}

func (s *Service) orders(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Provision.Query().Where(provision.EmailKey(u.EmailKey)).Order(ent.Asc(provision.FieldID)).All(ctx)
	return each(rows, err, func(p *ent.Provision) part {
		return part{"id": p.ID, "createdAt": p.CreatedAt, "email": p.Email, "name": p.Name, "company": p.Company, "externalId": p.ExternalID, "expiresAt": p.ExpiresAt}
	})
}

// blocks are the accounts that may not invite the person's address.
func (s *Service) blocks(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.Block.Query().Where(block.EmailKey(u.EmailKey)).Order(ent.Asc(block.FieldID)).All(ctx)
	return each(rows, err, func(b *ent.Block) part { return part{"id": b.ID, "createdAt": b.CreatedAt, "accountId": b.AccountID} })
}

// apiTokens are those that the person made for accounts.
func (s *Service) apiTokens(ctx context.Context, u *ent.User) ([]part, error) {
	rows, err := s.client.APIToken.Query().Where(apitoken.CreatedByID(u.ID)).WithAccount().Order(ent.Asc(apitoken.FieldID)).All(ctx)
	return each(rows, err, func(t *ent.APIToken) part {
		return part{"id": t.ID, "createdAt": t.CreatedAt, "account": place(t.Edges.Account), "name": t.Name, "permissions": t.Permissions,
			"subAccountAccess": t.SubAccountAccess, "subAccountIds": t.SubAccountIds, "expiresAt": t.ExpiresAt, "lastUsedAt": t.LastUsedAt}
	})
}

// invitations are those that the person sent, that led to their memberships, and that
// were sent to an address while it was theirs, or that wait for it.
func (s *Service) invitations(ctx context.Context, u *ent.User, held []holding, after string) ([]part, string, error) {
	led, err := s.client.Membership.Query().Where(entmembership.UserID(u.ID), entmembership.InvitationIDNotNil()).Select(entmembership.FieldInvitationID).Strings(ctx)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.client.Invitation.Query().Where(invitation.IDGT(after),
		invitation.Or(invitation.InvitedByID(u.ID), invitation.EmailKeyIn(keys(held)...), invitation.IDIn(led...))).
		WithAccount().Order(ent.Asc(invitation.FieldID)).Limit(mostTold).All(ctx)
	if err != nil {
		return nil, "", err
	}
	out, next := []part{}, ""
	if len(rows) == mostTold {
		next = rows[mostTold-1].ID
	}
	for _, i := range rows {
		accepted := i.AcceptedByID != nil && *i.AcceptedByID == u.ID || slices.Contains(led, i.ID)
		sent := slices.ContainsFunc(held, func(h holding) bool { return h.key == i.EmailKey && h.covers(i.CreatedAt) })
		waits := i.EmailKey == u.EmailKey && i.State == invitation.StatePENDING
		byMe := i.InvitedByID == u.ID
		if !byMe && !accepted && !sent && !waits {
			continue // to whoever had the address before
		}
		out = append(out, part{"id": i.ID, "createdAt": i.CreatedAt, "account": place(i.Edges.Account), "byMe": byMe, "acceptedByMe": accepted, "email": i.Email, "name": i.Name,
			"message": i.Message, "locale": i.Locale, "state": i.State, "sentAt": i.SentAt, "sends": i.Sends, "expiresAt": i.ExpiresAt,
			"accessEndsAt": i.AccessEndsAt, "endedAt": i.EndedAt})
	}
	return out, next, nil
}

// stretch returns where a stretch of mostRead rows after one ends, and whether rows
// may follow it.
func (s *Service) stretch(ctx context.Context, table, after string) (last string, more bool, err error) {
	n := 0
	rows, err := s.client.QueryContext(ctx, "SELECT COALESCE(MAX(w.id), ''), COUNT(*) FROM (SELECT id FROM "+table+" WHERE id > $1 ORDER BY id LIMIT $2) w", after, mostRead)
	if err != nil {
		return "", false, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&last, &n); err != nil {
			return "", false, err
		}
	}
	return last, n == mostRead, rows.Err()
}

// onward is the row that the next part goes on after.
func onward[T any](rows []T, idOf func(T) string, last string, more bool) string {
	switch {
	case len(rows) == mostTold:
		return idOf(rows[mostTold-1])
	case more:
		return last
	}
	return ""
}

// events are the person's own history in full, and of the histories of accounts what
// they did. What that changed is in the account's history, for those who may read it.
func (s *Service) events(ctx context.Context, u *ent.User, _ []holding, after string) ([]part, string, error) {
	if after == "" {
		after = id.First(id.Event, u.CreatedAt)
	}
	last, more, err := s.stretch(ctx, entevent.Table, after)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.client.Event.Query().Where(entevent.IDGT(after), entevent.IDLTE(last),
		entevent.Or(entevent.Stream(u.ID), entevent.And(entevent.ActorKindEQ(entevent.ActorKindUSER), entevent.ActorID(u.ID)))).
		Order(ent.Asc(entevent.FieldID)).Limit(mostTold).All(ctx)
	out, err := each(rows, err, func(e *ent.Event) part {
		p := part{"id": e.ID, "createdAt": e.CreatedAt, "accountId": e.AccountID, "action": e.Action, "targetId": e.TargetID, "byMe": e.ActorID == u.ID, "actorName": e.ActorName, "address": e.Address}
		if e.Stream == u.ID {
			p["targetName"], p["before"], p["after"] = e.TargetName, written(e.Before), written(e.After)
		}
		return p
	})
	return out, onward(rows, func(e *ent.Event) string { return e.ID }, last, more), err
}

func written(s string) json.RawMessage {
	if s == "" {
		return json.RawMessage("null")
	}
	return json.RawMessage(s)
}

// deliveries are the mails to addresses of the person while they had them.
func (s *Service) deliveries(ctx context.Context, u *ent.User, held []holding, after string) ([]part, string, error) {
	if after == "" {
		after = id.First(id.Delivery, u.CreatedAt)
	}
	last, more, err := s.stretch(ctx, delivery.Table, after)
	if err != nil {
		return nil, "", err
	}
	rows, err := s.client.Delivery.Query().Where(delivery.IDGT(after), delivery.IDLTE(last), delivery.ToKeyIn(keys(held)...)).
		Order(ent.Asc(delivery.FieldID)).Limit(mostTold).All(ctx)
	if err != nil {
		return nil, "", err
	}
	out := []part{}
	for _, d := range rows {
		if slices.ContainsFunc(held, func(h holding) bool { return h.key == d.ToKey && h.covers(d.CreatedAt) }) {
			out = append(out, part{"id": d.ID, "createdAt": d.CreatedAt, "kind": d.Kind, "accountId": d.AccountID, "to": d.To, "toName": d.ToName, "locale": d.Locale,
				"data": d.Data, "channel": d.Channel, "state": d.State, "sentAt": d.SentAt})
		}
	}
	return out, onward(rows, func(d *ent.Delivery) string { return d.ID }, last, more), nil
}
