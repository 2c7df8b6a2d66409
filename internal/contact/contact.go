// Package contact holds the recipients of notifications, what they want, and who
// gets what.
package contact

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"tenantry/ent"
	entaccount "tenantry/ent/account"
	"tenantry/ent/contact"
	"tenantry/ent/formeraddress"
	"tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/budget"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/invite"
	"tenantry/internal/link"
	"tenantry/internal/membership"
	"tenantry/internal/once"
	"tenantry/internal/permission"
	"tenantry/internal/session"
	"tenantry/internal/text"
)

// Max is how many contacts an account can have.
const Max = 10_000

// Service manages contacts.
type Service struct {
	client  *ent.Client
	gate    *access.Gate
	invites *invite.Service
	members *membership.Service
	book    *budget.Book
	keys    *link.Keyring

	preferences column.Memory[[]permission.Preference] // of contacts in lists, which nobody changes
}

// New returns a service.
func New(client *ent.Client, gate *access.Gate, invites *invite.Service, members *membership.Service, book *budget.Book, keys *link.Keyring) *Service {
	return &Service{client: client, gate: gate, invites: invites, members: members, book: book, keys: keys}
}

// Details are what a contact is. A nil field stays as it is, or is empty for a
// new contact.
type Details struct {
	Email, FirstName, LastName, Company, Phone, Locale, Notes, ExternalID *string
	Address                                                               *account.Postal
	Type                                                                  *contact.Type
	// Preferences replaces what the contact wants; Defaults goes back to the
	// defaults of the categories.
	Preferences []permission.Preference
	Defaults    bool
	Scope       *permission.Scope
	SubAccounts []string
	Login       *Login
}

// Login is the invitation that gives a contact a login.
type Login struct {
	Offer        access.Offer
	Message      string
	Acknowledged bool `json:"-"`
}

// Saved is what saving a contact gives back.
type Saved struct {
	Contact *ent.Contact `json:"-"`
	// ContactID is kept for the same request again.
	ContactID string
	Login     *invite.Result
	Warnings  []Warning
	Risks     []permission.Warning
}

// Create adds a contact: details, preferences and login at once. Risk warnings
// come with a refusal as well. Refusals: NOT_FOUND, FORBIDDEN, BAD_INPUT,
// DUPLICATE_EMAIL, CONFLICT, QUOTA_EXCEEDED, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED,
// and with a login as invite.Service.Invite.
func (s *Service) Create(ctx context.Context, by *access.Actor, accountID string, d Details, key string) (Saved, error) {
	risks := []permission.Warning{}
	input := struct {
		AccountID string
		Details   Details
	}{accountID, d}
	looked := false // whether what is remembered of the address has been looked for
	out, err := once.InTx(ctx, s.client, by, "createContact", key, input, func(tx *ent.Tx) (Saved, error) {
		st, err := s.gate.Trust(ctx, tx, by, accountID, permission.Contacts)
		if err != nil {
			return Saved{}, err
		}
		row := &ent.Contact{AccountID: accountID, Locale: "en", Type: contact.TypeOTHER, SubAccountAccess: permission.ScopeNone,
			Preferences: []permission.Preference{}, SubAccountIds: []string{}}
		if d.Email == nil {
			return Saved{}, fault.On("email", fault.BadInput, "This must not be empty.")
		}
		if err := s.apply(ctx, tx, st, row, d); err != nil {
			return Saved{}, err
		}
		if err := s.gate.Delegate(ctx, tx, st, permission.Reach{}, s.covered(row)); err != nil {
			return Saved{}, err
		}
		if looked {
			if err := resume(ctx, tx, row); err != nil {
				return Saved{}, err
			}
		}
		if err := insert(ctx, tx, row, func(err error) error {
			if errors.Is(err, db.ErrRows) && !looked {
				looked = true // rarely there is something, so that only then it is read
				return db.ErrAgain
			}
			return unfit(err)
		}); err != nil {
			return Saved{}, err
		}
		out := Saved{Contact: row, ContactID: row.ID, Warnings: []Warning{}}
		if nothing(row, s.gate.Catalogue()) {
			out.Warnings = append(out.Warnings, ReceivesNothing)
		}
		if err := event.Record(ctx, tx, by, event.Entry{AccountID: accountID, Action: "contact.created", Target: row.ID,
			TargetName: row.Email, After: words(row)}); err != nil {
			return Saved{}, err
		}
		out.Login, risks, err = s.login(ctx, tx, by, st, row, d.Login)
		return out, err
	})
	if err == nil && key != "" {
		// The same request again is answered to nobody who could no longer make it.
		_, err = s.gate.Require(ctx, by, accountID, permission.Contacts)
	}
	return s.saved(ctx, out, risks, err)
}

// saved completes what was saved, for the answer.
func (s *Service) saved(ctx context.Context, out Saved, risks []permission.Warning, err error) (Saved, error) {
	out.Risks = risks
	if out.Warnings == nil {
		out.Warnings = []Warning{}
	}
	if err != nil {
		return Saved{Warnings: []Warning{}, Risks: risks}, err
	}
	if out.Contact == nil {
		out.Contact, err = s.client.Contact.Get(ctx, out.ContactID)
		if ent.IsNotFound(err) {
			return out, nil // the same request again, after the contact was deleted
		}
		if err != nil {
			return out, err
		}
	}
	return out, s.invites.Fill(ctx, out.Login)
}

// Update changes a contact: details, preferences and login at once. Refusals: as
// Create, and LAST_RECIPIENT.
func (s *Service) Update(ctx context.Context, by *access.Actor, contactID string, version *int, d Details) (Saved, error) {
	risks := []permission.Warning{}
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (Saved, error) {
		st, row, err := s.own(ctx, tx, by, contactID, s.gate.Change)
		if err != nil {
			return Saved{}, err
		}
		if version != nil && *version != row.Version {
			return Saved{}, fault.On("version", fault.Conflict, "Somebody changed this contact meanwhile. Read again and repeat.")
		}
		before := *row
		if err := s.apply(ctx, tx, st, row, d); err != nil {
			return Saved{}, err
		}
		if err := s.gate.Delegate(ctx, tx, st, s.covered(&before), s.covered(row)); err != nil {
			return Saved{}, err
		}
		if row.EmailKey != before.EmailKey {
			if err := leave(ctx, tx, &before); err != nil {
				return Saved{}, err
			}
			if err := resume(ctx, tx, row); err != nil {
				return Saved{}, err
			}
		}
		update := tx.Contact.UpdateOneID(contactID).AddVersion(1)
		set(update.Mutation(), row)
		if row, err = update.Save(ctx); err != nil {
			return Saved{}, taken(err)
		}
		if row.EmailKey != before.EmailKey {
			// An offer to the former address is not for whoever has it.
			if _, err := s.withdraw(ctx, tx, by, row.ID, "the address of the contact changed"); err != nil {
				return Saved{}, err
			}
		}
		warnings, err := s.weigh(ctx, tx, st, &before, row)
		if err != nil {
			return Saved{}, err
		}
		was, is := event.Changed(words(&before), words(row))
		if err := event.Record(ctx, tx, by, event.Entry{AccountID: st.Account.ID, Action: "contact.updated", Target: row.ID,
			TargetName: row.Email, Before: was, After: is}); err != nil {
			return Saved{}, err
		}
		out := Saved{Contact: row, ContactID: row.ID, Warnings: warnings}
		out.Login, risks, err = s.login(ctx, tx, by, st, row, d.Login)
		return out, err
	})
	return s.saved(ctx, out, risks, err)
}

// own locks the account of a contact for somebody who manages contacts.
func (s *Service) own(ctx context.Context, tx *ent.Tx, by *access.Actor, contactID string, lock func(context.Context, *ent.Tx, *access.Actor, string, permission.Key) (*access.Standing, error)) (*access.Standing, *ent.Contact, error) {
	if err := by.NeedMember(); err != nil {
		return nil, nil, err
	}
	if !id.Is(id.Contact, contactID) {
		return nil, nil, fault.Missing("contact")
	}
	found, err := tx.Contact.Query().Where(contact.ID(contactID)).Select(contact.FieldAccountID).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil, s.gate.AbsentIn(ctx, tx, by, "contact")
	}
	if err != nil {
		return nil, nil, err
	}
	st, err := lock(ctx, tx, by, found.AccountID, permission.Contacts)
	if fault.Has(err, fault.NotFound) {
		return nil, nil, fault.Missing("contact")
	}
	if err != nil {
		return nil, nil, err
	}
	// Again, now that the account is locked; and itself, since whoever reads its mail and
	// whoever reports that it came back change it without the account.
	row, err := tx.Contact.Query().Where(contact.ID(contactID)).Modify(access.ForUpdate).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil, fault.Missing("contact")
	}
	return st, row, err
}

// apply judges details and puts them into the row.
func (s *Service) apply(ctx context.Context, tx *ent.Tx, st *access.Standing, row *ent.Contact, d Details) error {
	if d.Email != nil {
		a, err := session.Email("email", *d.Email)
		if err != nil {
			return err
		}
		if a.Key != row.EmailKey {
			row.SuppressedAt, row.SuppressedReason = nil, ""  // what bounced was another address
			row.VerifiedAt, row.VerificationSentAt = nil, nil // and so was what was proved
			row.VerificationGeneration++
			row.Unsubscribed = nil // and somebody else reads it; see resume
		}
		row.Email, row.EmailKey = a.Display, a.Key
	}
	for _, f := range []struct {
		name string
		v    *string
		to   *string
		most int
	}{
		{"firstName", d.FirstName, &row.FirstName, 100}, {"lastName", d.LastName, &row.LastName, 100}, {"company", d.Company, &row.Company, 200},
	} {
		if f.v == nil {
			continue
		}
		clean, err := text.Line(f.name, *f.v, false, f.most)
		if err != nil {
			return err
		}
		*f.to = clean
	}
	var err error
	if d.Phone != nil {
		if row.Phone, err = account.Phone("phone", *d.Phone); err != nil {
			return err
		}
	}
	if d.Locale != nil {
		if row.Locale, err = text.Locale("locale", *d.Locale); err != nil {
			return err
		}
	}
	if d.Notes != nil {
		if row.Notes, err = text.Block("notes", *d.Notes, 2000); err != nil {
			return err
		}
	}
	if d.Address != nil {
		p, err := d.Address.Clean("address")
		if err != nil {
			return err
		}
		row.AddressLine1, row.AddressLine2, row.City, row.Region, row.PostalCode, row.Country = p.Line1, p.Line2, p.City, p.Region, p.PostalCode, p.Country
	}
	if d.Type != nil {
		row.Type = *d.Type
	}
	if d.ExternalID != nil {
		number, err := text.Line("externalId", *d.ExternalID, false, 100)
		if err != nil {
			return err
		}
		if row.ExternalID = nil; number != "" {
			row.ExternalID = &number
		}
	}
	if d.Defaults {
		row.Preferences = []permission.Preference{}
	}
	if d.Preferences != nil {
		if row.Preferences, err = clean(d.Preferences, s.gate.Catalogue()); err != nil {
			return err
		}
	}
	if err := s.scope(ctx, tx, st, row, d); err != nil {
		return err
	}
	row.Search = text.Fold(row.FirstName, row.LastName, row.Company, row.EmailKey)
	return nil
}

// scope judges which sub-accounts a contact covers.
func (s *Service) scope(ctx context.Context, tx *ent.Tx, st *access.Standing, row *ent.Contact, d Details) error {
	if d.Scope == nil && d.SubAccounts == nil {
		return nil
	}
	if d.Scope != nil {
		if row.SubAccountAccess = *d.Scope; row.SubAccountAccess != permission.ScopeSelected {
			row.SubAccountIds = []string{}
		}
	}
	if d.SubAccounts != nil {
		row.SubAccountIds = d.SubAccounts
	}
	switch {
	case row.SubAccountAccess != permission.ScopeNone && st.Account.ParentID != nil:
		return fault.On("subAccountAccess", fault.BadInput, "A sub-account has no sub-accounts.")
	case row.SubAccountAccess != permission.ScopeSelected && len(row.SubAccountIds) > 0:
		return fault.On("subAccountIds", fault.BadInput, "Sub-accounts are listed only with access SELECTED.")
	case row.SubAccountAccess == permission.ScopeSelected && (len(row.SubAccountIds) == 0 || len(row.SubAccountIds) > access.MaxSubAccounts):
		return fault.On("subAccountIds", fault.BadInput, "Name 1 to %d sub-accounts, or choose access NONE.", access.MaxSubAccounts)
	}
	return access.SubAccounts(ctx, tx, st.Account.ID, row.SubAccountIds)
}

// covered returns the sub-accounts whose notifications a contact gets, for the
// guard of grants: who lets somebody hear of a sub-account must manage contacts
// there.
func (s *Service) covered(c *ent.Contact) permission.Reach {
	set, r := s.gate.Catalogue().Set(permission.Contacts), permission.Reach{}
	switch c.SubAccountAccess {
	case permission.ScopeAll:
		r[permission.AllSubAccounts] = set
	case permission.ScopeSelected:
		for _, sub := range c.SubAccountIds {
			r[sub] = set
		}
	}
	return r
}

// taken says kindly what a unique index of contacts refuses.
func taken(err error) error {
	switch {
	case db.IsUniqueOn(err, contact.FieldEmailKey):
		return fault.On("email", fault.DuplicateEmail, "Another contact of the account has this address.")
	case db.IsUniqueOn(err, contact.FieldExternalID):
		return fault.On("externalId", fault.Conflict, "Another contact of the account has this number.")
	}
	return err
}

// unfit says kindly why a new contact cannot be stored.
func unfit(err error) error {
	if errors.Is(err, db.ErrRows) {
		return fault.New(fault.QuotaExceeded, "An account has at most %d contacts.", Max)
	}
	return taken(err)
}

// inserting writes a contact unless the account has as many as it can, or there is
// something to remember of the address. The account is locked, so nobody else adds one.
var (
	inserted = []string{contact.FieldID, contact.FieldCreatedAt, contact.FieldAccountID, contact.FieldEmail, contact.FieldEmailKey, contact.FieldSearch,
		contact.FieldFirstName, contact.FieldLastName, contact.FieldCompany, contact.FieldPhone, contact.FieldAddressLine1, contact.FieldAddressLine2,
		contact.FieldCity, contact.FieldRegion, contact.FieldPostalCode, contact.FieldCountry, contact.FieldLocale, contact.FieldType, contact.FieldNotes,
		contact.FieldExternalID, contact.FieldPreferences, contact.FieldSubAccountAccess, contact.FieldSubAccountIds, contact.FieldUpdatedAt,
		contact.FieldUnsubscribed, contact.FieldSuppressedAt, contact.FieldSuppressedReason}
	inserting = db.MustWrite("INSERT INTO "+contact.Table+" ("+db.Names(inserted)+") SELECT "+db.Args(1, len(inserted))+" WHERE (SELECT COUNT(*) FROM "+
		contact.Table+" WHERE "+contact.FieldAccountID+" = "+db.Args(len(inserted)+1, 1)+") < "+strconv.Itoa(Max)+
		" AND NOT EXISTS (SELECT 1 FROM "+formeraddress.Table+" WHERE "+formeraddress.FieldAccountID+" = "+db.Args(len(inserted)+2, 1)+
		" AND "+formeraddress.FieldEmailKey+" = "+db.Args(len(inserted)+3, 1)+")", 1)
)

// insert stores a new contact and completes the row. Explain says what is refused here
// or when the transaction goes on.
func insert(ctx context.Context, tx *ent.Tx, r *ent.Contact, explain func(error) error) error {
	r.ID, r.CreatedAt, r.Version = id.New(id.Contact), instant.Now(), contact.DefaultVersion
	r.UpdatedAt = r.CreatedAt
	var unsubscribed, suppressed any
	if len(r.Unsubscribed) > 0 {
		unsubscribed = db.JSON(r.Unsubscribed)
	}
	if r.SuppressedAt != nil {
		suppressed = *r.SuppressedAt
	}
	return inserting.Exec(ctx, tx, explain, r.ID, r.CreatedAt, r.AccountID, r.Email, r.EmailKey, r.Search, r.FirstName, r.LastName, r.Company,
		r.Phone, r.AddressLine1, r.AddressLine2, r.City, r.Region, r.PostalCode, r.Country, r.Locale, string(r.Type), r.Notes, r.ExternalID,
		db.JSON(r.Preferences), string(r.SubAccountAccess), db.JSON(r.SubAccountIds), r.UpdatedAt, unsubscribed, suppressed, r.SuppressedReason,
		r.AccountID, r.AccountID, r.EmailKey)
}

// set writes every detail of the row.
func set(m *ent.ContactMutation, r *ent.Contact) {
	m.SetEmail(r.Email)
	m.SetEmailKey(r.EmailKey)
	m.SetSearch(r.Search)
	m.SetFirstName(r.FirstName)
	m.SetLastName(r.LastName)
	m.SetCompany(r.Company)
	m.SetPhone(r.Phone)
	m.SetAddressLine1(r.AddressLine1)
	m.SetAddressLine2(r.AddressLine2)
	m.SetCity(r.City)
	m.SetRegion(r.Region)
	m.SetPostalCode(r.PostalCode)
	m.SetCountry(r.Country)
	m.SetLocale(r.Locale)
	m.SetType(r.Type)
	m.SetNotes(r.Notes)
	m.SetPreferences(r.Preferences)
	m.SetSubAccountAccess(r.SubAccountAccess)
	m.SetSubAccountIds(r.SubAccountIds)
	m.SetUpdatedAt(instant.Now())
	if r.ExternalID != nil {
		m.SetExternalID(*r.ExternalID)
	} else {
		m.ClearExternalID()
	}
	if r.SuppressedAt != nil {
		m.SetSuppressedAt(*r.SuppressedAt)
	} else {
		m.ClearSuppressedAt()
	}
	m.SetSuppressedReason(r.SuppressedReason)
	if r.VerifiedAt == nil {
		m.ClearVerifiedAt()
	}
	if r.VerificationSentAt == nil {
		m.ClearVerificationSentAt()
	}
	m.SetVerificationGeneration(r.VerificationGeneration)
	if len(r.Unsubscribed) > 0 {
		m.SetUnsubscribed(r.Unsubscribed)
	} else {
		m.ClearUnsubscribed()
	}
}

// words returns a contact as the history keeps it.
func words(r *ent.Contact) map[string]any {
	external := ""
	if r.ExternalID != nil {
		external = *r.ExternalID
	}
	out := map[string]any{"email": r.Email, "firstName": r.FirstName, "lastName": r.LastName, "company": r.Company, "phone": r.Phone,
		"address": account.Postal{Line1: r.AddressLine1, Line2: r.AddressLine2, City: r.City, Region: r.Region, PostalCode: r.PostalCode, Country: r.Country},
		"locale":  r.Locale, "type": r.Type, "notes": r.Notes, "externalId": external, "preferences": r.Preferences,
		"subAccountAccess": r.SubAccountAccess, "subAccountIds": r.SubAccountIds}
	if len(r.Unsubscribed) > 0 {
		out["unsubscribed"] = r.Unsubscribed // taken over with the address
	}
	return out
}

// login invites a contact's address, or links the member or invitation that has
// it already. Anything else that keeps the invitation from being sent is a
// refusal, so that nothing is saved by half.
func (s *Service) login(ctx context.Context, tx *ent.Tx, by *access.Actor, st *access.Standing, row *ent.Contact, l *Login) (*invite.Result, []permission.Warning, error) {
	none := []permission.Warning{}
	if l == nil {
		return nil, none, nil
	}
	if err := st.Need(permission.Users); err != nil {
		return nil, none, err
	}
	if row.MembershipID != nil {
		return nil, none, fault.On("login", fault.BadInput, "This contact has a login already. Change what it may do instead.")
	}
	results, risks, err := s.invites.InviteTx(ctx, tx, by, st, invite.Draft{AccountID: st.Account.ID, SendEmail: true,
		Invitees: []invite.Invitee{{Email: row.Email, Name: fullName(row)}}, Offer: l.Offer, Message: l.Message, Locale: row.Locale,
		Acknowledged: l.Acknowledged, ContactID: row.ID})
	if err != nil {
		return nil, risks, inside(err)
	}
	r := results[0]
	switch r.Outcome {
	case invite.Sent:
	case invite.AlreadyMember:
		m, err := tx.Membership.Query().Where(entmembership.AccountID(st.Account.ID), entmembership.HasUserWith(user.EmailKey(row.EmailKey))).Only(ctx)
		if err == nil {
			row.MembershipID = &m.ID
			err = tx.Contact.UpdateOneID(row.ID).SetMembershipID(m.ID).Exec(ctx)
		}
		if err == nil {
			err = event.Record(ctx, tx, by, event.Entry{AccountID: row.AccountID, Action: "contact.linked", Target: row.ID, TargetName: row.Email,
				After: map[string]any{"membershipId": m.ID}})
		}
		if err != nil && !ent.IsNotFound(err) {
			return nil, risks, err
		}
	case invite.AlreadyInvited:
		err := tx.Invitation.Update().Where(invitation.AccountID(st.Account.ID), invitation.EmailKey(row.EmailKey),
			membership.Waiting()).SetContactID(row.ID).Exec(ctx)
		if err != nil {
			return nil, risks, err
		}
	default:
		return nil, risks, fault.On("login", fault.BadInput, "The login could not be offered. %s", r.Message)
	}
	return r, risks, nil
}

// inside moves the fields of a refusal to where the login stands in the input.
func inside(err error) error {
	if e, ok := err.(*fault.Error); ok && e.Field != "" {
		moved := *e
		moved.Field = "login." + e.Field
		return &moved
	}
	return err
}

func fullName(r *ent.Contact) string { return strings.TrimSpace(r.FirstName + " " + r.LastName) }

// SetPreferences replaces what a contact wants, on all channels at once.
// Refusals: NOT_FOUND, FORBIDDEN, BAD_INPUT, CONFLICT, LAST_RECIPIENT,
// ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) SetPreferences(ctx context.Context, by *access.Actor, contactID string, version int, prefs []permission.Preference) (Saved, error) {
	if prefs == nil {
		prefs = []permission.Preference{}
	}
	return s.Update(ctx, by, contactID, &version, Details{Preferences: prefs})
}

// Delete deletes a contact, and its login if asked. Refusals: NOT_FOUND,
// FORBIDDEN, LAST_RECIPIENT, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED, and with its
// login OWNER_PROTECTED, CANNOT_EDIT_SELF.
func (s *Service) Delete(ctx context.Context, by *access.Actor, contactID string, withLogin bool) (string, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (string, error) {
		st, row, err := s.own(ctx, tx, by, contactID, s.gate.Change)
		if err != nil {
			return "", err
		}
		if withLogin {
			if _, err := s.revoke(ctx, tx, by, st, row); err != nil {
				return "", err
			}
		}
		if err := tx.Contact.DeleteOneID(row.ID).Exec(ctx); err != nil {
			return "", err
		}
		if err := leave(ctx, tx, row); err != nil {
			return "", err
		}
		if _, err := s.weigh(ctx, tx, st, row, nil); err != nil {
			return "", err
		}
		return row.ID, event.Record(ctx, tx, by, event.Entry{AccountID: st.Account.ID, Action: "contact.deleted", Target: row.ID,
			TargetName: row.Email, Before: words(row)})
	})
}

// RevokeLogin takes a contact's login away; the contact stays. Refusals:
// NOT_FOUND (it has none), FORBIDDEN, OWNER_PROTECTED, CANNOT_EDIT_SELF,
// ACCOUNT_CLOSED.
func (s *Service) RevokeLogin(ctx context.Context, by *access.Actor, contactID string) (*ent.Contact, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Contact, error) {
		st, row, err := s.own(ctx, tx, by, contactID, s.gate.Narrow)
		if err != nil {
			return nil, err
		}
		had, err := s.revoke(ctx, tx, by, st, row)
		if err != nil {
			return nil, err
		}
		if !had {
			return nil, fault.New(fault.NotFound, "This contact has no login.")
		}
		row, err = tx.Contact.UpdateOneID(row.ID).ClearMembershipID().AddVersion(1).SetUpdatedAt(instant.Now()).Save(ctx)
		if err != nil {
			return nil, err
		}
		return row, event.Record(ctx, tx, by, event.Entry{AccountID: st.Account.ID, Action: "contact.login_revoked", Target: row.ID, TargetName: row.Email})
	})
}

// withdraw cancels the invitations for a contact's login that wait, and counts
// them.
func (s *Service) withdraw(ctx context.Context, tx *ent.Tx, by *access.Actor, contactID, reason string) (int, error) {
	waiting, err := tx.Invitation.Query().Where(invitation.ContactID(contactID), membership.Waiting()).All(ctx)
	if err != nil {
		return 0, err
	}
	for _, i := range waiting {
		if err := s.invites.CancelTx(ctx, tx, by, i, reason); err != nil {
			return 0, err
		}
	}
	return len(waiting), nil
}

// revoke removes the member or cancels the invitation behind a contact, and
// reports whether there was one.
func (s *Service) revoke(ctx context.Context, tx *ent.Tx, by *access.Actor, st *access.Standing, row *ent.Contact) (bool, error) {
	if err := st.Need(permission.Users); err != nil {
		return false, err
	}
	n, err := s.withdraw(ctx, tx, by, row.ID, "the login of the contact was revoked")
	if err != nil || row.MembershipID == nil {
		return n > 0, err
	}
	m, err := tx.Membership.Query().Where(entmembership.ID(*row.MembershipID)).WithUser().Only(ctx)
	if err != nil {
		return false, err
	}
	return true, s.members.RemoveTx(ctx, tx, by, st, m)
}

// SetOwnerFallback decides whether the owner gets mandatory categories that no
// contact gets. Refusals: NOT_FOUND, FORBIDDEN, LAST_RECIPIENT, ACCOUNT_CLOSED,
// ACCOUNT_SUSPENDED.
func (s *Service) SetOwnerFallback(ctx context.Context, by *access.Actor, accountID string, on bool) (*ent.Account, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Account, error) {
		st, err := s.gate.Change(ctx, tx, by, accountID, permission.Contacts)
		if err != nil {
			return nil, err
		}
		a := st.Account
		if a.OwnerFallback == on {
			return a, nil
		}
		if !on {
			open, err := s.uncovered(ctx, tx.Contact, a)
			if err != nil {
				return nil, err
			}
			if len(open) > 0 {
				return nil, lost(a, open)
			}
		}
		if a, err = tx.Account.UpdateOne(a).SetOwnerFallback(on).Save(ctx); err != nil {
			return nil, err
		}
		return a, event.Record(ctx, tx, by, event.Entry{AccountID: a.ID, Action: "account.owner_fallback_set", Target: a.ID, TargetName: a.Name,
			Before: map[string]any{"ownerFallback": !on}, After: map[string]any{"ownerFallback": on}})
	})
}

// weigh keeps the last recipient of a mandatory category, after a contact was
// changed or, with is nil, deleted; and says what to know about it. Refusals:
// LAST_RECIPIENT.
func (s *Service) weigh(ctx context.Context, tx *ent.Tx, st *access.Standing, was, is *ent.Contact) ([]Warning, error) {
	out := []Warning{}
	c := s.gate.Catalogue()
	if is != nil && nothing(is, c) {
		out = append(out, ReceivesNothing)
	}
	if !s.gives(was, is) {
		return out, nil
	}
	open, err := s.uncovered(ctx, tx.Contact, st.Account)
	if err != nil {
		return nil, err
	}
	if len(open) > 0 {
		if !st.Account.OwnerFallback {
			return nil, lost(st.Account, open)
		}
		out = append(out, OwnerIsFallback)
	}
	if was.SubAccountAccess == permission.ScopeNone {
		return out, nil
	}
	return out, s.keep(ctx, tx, st.Account.ID)
}

// keep refuses a change after which nobody would get a mandatory category of an
// open sub-account whose owner is no fallback. It reads once for all of them.
func (s *Service) keep(ctx context.Context, tx *ent.Tx, parentID string) error {
	subs, err := tx.Account.Query().Where(entaccount.ParentID(parentID), entaccount.OwnerFallback(false),
		entaccount.StateNEQ(entaccount.StateCLOSED)).All(ctx)
	if err != nil || len(subs) == 0 {
		return err
	}
	ids := make([]string, len(subs))
	for i, sub := range subs {
		ids[i] = sub.ID
	}
	own, err := tx.Contact.Query().Where(contact.AccountIDIn(ids...)).All(ctx)
	if err != nil {
		return err
	}
	above, err := tx.Contact.Query().Where(contact.AccountID(parentID), contact.SubAccountAccessNEQ(permission.ScopeNone)).All(ctx)
	if err != nil {
		return err
	}
	for _, sub := range subs {
		var rows []*ent.Contact
		for _, c := range own {
			if c.AccountID == sub.ID {
				rows = append(rows, c)
			}
		}
		for _, c := range above {
			if c.SubAccountAccess == permission.ScopeAll || slices.Contains(c.SubAccountIds, sub.ID) {
				rows = append(rows, c)
			}
		}
		if open := s.open(rows); len(open) > 0 {
			return fault.New(fault.LastRecipient, "Nobody in a sub-account would get %s. Choose another recipient there first, or let the owner be the fallback.", labels(open))
		}
	}
	return nil
}

// gives reports whether a change may take a mandatory category from somebody.
func (s *Service) gives(was, is *ent.Contact) bool {
	for _, cat := range s.gate.Catalogue().Categories {
		if !cat.Mandatory {
			continue
		}
		if had, _ := Decide(was, cat, permission.Email); !had {
			continue
		}
		if is == nil || was.SubAccountAccess != is.SubAccountAccess || !slices.Equal(was.SubAccountIds, is.SubAccountIds) {
			return true
		}
		if has, _ := Decide(is, cat, permission.Email); !has {
			return true
		}
	}
	return false
}

// uncovered lists the mandatory categories of an account that no contact gets
// by mail.
func (s *Service) uncovered(ctx context.Context, c *ent.ContactClient, a *ent.Account) ([]permission.Category, error) {
	rows, err := covering(ctx, c, a)
	if err != nil {
		return nil, err
	}
	return s.open(rows), nil
}

// open lists the mandatory categories that none of the contacts gets by mail.
func (s *Service) open(rows []*ent.Contact) []permission.Category {
	var out []permission.Category
	for _, cat := range s.gate.Catalogue().Categories {
		if cat.Mandatory && !slices.ContainsFunc(rows, func(r *ent.Contact) bool { yes, _ := Decide(r, cat, permission.Email); return yes }) {
			out = append(out, cat)
		}
	}
	return out
}

func lost(a *ent.Account, open []permission.Category) error {
	return fault.New(fault.LastRecipient, "Nobody in %s would get %s. Choose another recipient first, or let the owner be the fallback.",
		a.Name, labels(open))
}

func labels(open []permission.Category) string {
	var out []string
	for _, cat := range open {
		out = append(out, cat.Label)
	}
	return strings.Join(out, ", ")
}
