package contact

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/sqljson"

	"tenantry/ent"
	"tenantry/ent/contact"
	"tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/membership"
	"tenantry/internal/page"
	"tenantry/internal/permission"
	"tenantry/internal/text"
)

// Filter narrows a list of contacts. Empty fields do not.
type Filter struct {
	Search   string
	Category permission.CategoryKey
}

// List pages through the contacts of an account, oldest first. Refusals: as
// access.Gate.Require for contacts, BAD_INPUT.
func (s *Service) List(ctx context.Context, by *access.Actor, accountID string, f Filter, r page.Request) (page.Page[*ent.Contact], error) {
	none := page.Page[*ent.Contact]{}
	if _, err := s.gate.Require(ctx, by, accountID, permission.Contacts); err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	if f.Category != "" {
		cat := s.gate.Catalogue().Category(f.Category)
		if cat == nil {
			return none, fault.On("category", fault.BadInput, "There is no category %q.", f.Category)
		}
		return s.list(accountID, r, f).wanted(ctx, r, func(c *ent.Contact) bool { yes, _ := Decide(c, *cat, permission.Email); return yes })
	}
	p, err := page.Read(ctx, s.client, by.Ahead(f.key(accountID, r)), func() *page.Asked[*ent.Contact] { return s.list(accountID, r, f).ask(r) })
	if err != nil {
		return none, fmt.Errorf("list contacts: %w", err)
	}
	return p, nil
}

// Ahead is the page that List reads, to be read with the session. No category narrows it.
func (s *Service) Ahead(accountID string, f Filter, r page.Request) page.Ahead {
	return page.Ahead{Key: f.key(accountID, r), Page: s.list(accountID, r, f).ask(r)}
}

// key is the key of a page that may be read ahead.
func (f Filter) key(accountID string, r page.Request) page.Key {
	if f != (Filter{}) {
		return page.Key{}
	}
	return page.Key{List: contact.Table, AccountID: accountID, After: r.After, First: r.First}
}

// list is the list of an account's contacts, with the columns that are read.
type list struct {
	*page.List
	client      *ent.Client
	preferences *column.Memory[[]permission.Preference]
	accountID   string
	columns     []string
}

func (s *Service) list(accountID string, r page.Request, f Filter) *list {
	known := shown
	if f.Category != "" {
		known = judged
	}
	columns, read := r.Columns(known)
	l := &list{client: s.client, preferences: &s.preferences, accountID: accountID, columns: columns}
	l.List = page.List{Table: contact.Table, Read: read}.Of(accountID)
	if f.Search != "" {
		l.Search("l.search", text.Fold(f.Search))
	}
	return l
}

// shown are the columns of contacts that are read for a field or two only, or none.
var shown = &page.Columns{All: contact.Columns, Shown: map[string][]string{
	contact.FieldID: {"id", "edges", "pageInfo", "invitation"}, contact.FieldEmail: {"email"},
	contact.FieldAddressLine1: {"address"}, contact.FieldAddressLine2: {"address"}, contact.FieldCity: {"address"}, contact.FieldRegion: {"address"},
	contact.FieldPostalCode: {"address"}, contact.FieldCountry: {"address"},
	contact.FieldFirstName: {"firstName"}, contact.FieldLastName: {"lastName"}, contact.FieldCompany: {"company"}, contact.FieldPhone: {"phone"},
	contact.FieldLocale: {"locale"}, contact.FieldType: {"type"}, contact.FieldNotes: {"notes"}, contact.FieldExternalID: {"externalId"},
	contact.FieldCreatedAt: {"createdAt"}, contact.FieldPreferences: {"preferences", "receives"}, contact.FieldSuppressedAt: {"receives", "suppression"},
	contact.FieldUnsubscribed: {"receives", "unsubscribedFrom"}, contact.FieldSuppressedReason: {"suppression"}, contact.FieldVerifiedAt: {"verifiedAt"}, contact.FieldVerificationSentAt: {"verificationSentAt"},
	contact.FieldVerificationGeneration: {},
	contact.FieldSubAccountAccess:       {"subAccountAccess"}, contact.FieldSubAccountIds: {"selectedSubAccounts"}, contact.FieldMembershipID: {"membership"},
	contact.FieldVersion: {"version"}, contact.FieldAccountID: {}, contact.FieldEmailKey: {}, contact.FieldSearch: {}, contact.FieldUpdatedAt: {},
}}

// judged are they where what a contact gets decides on what is in the list.
var judged = &page.Columns{All: contact.Columns, Shown: func() map[string][]string {
	rest := maps.Clone(shown.Shown)
	for _, always := range []string{contact.FieldID, contact.FieldPreferences, contact.FieldSuppressedAt, contact.FieldUnsubscribed} {
		delete(rest, always)
	}
	return rest
}()}

// ask asks for a page of contacts.
func (l *list) ask(r page.Request) *page.Asked[*ent.Contact] {
	var c ent.Contact
	places := c.Places(l.columns)
	if i := slices.Index(l.columns, contact.FieldPreferences); i >= 0 {
		places[i] = l.preferences.JSON(&c.Preferences)
	}
	var rows page.Rows[ent.Contact]
	return page.Ask(l.List, r, places, func() *ent.Contact {
		row := rows.Next()
		*row = c
		row.AccountID = l.accountID
		return row
	})
}

// wanted pages through the contacts that a rule admits. What a contact gets is
// decided in one place, in Go, so a filter by it reads in large steps.
func (l *list) wanted(ctx context.Context, r page.Request, admits func(*ent.Contact) bool) (page.Page[*ent.Contact], error) {
	gather := func(ctx context.Context, after string, limit int) (out []*ent.Contact, err error) {
		step := page.Request{First: 1000, After: after, Fields: page.NewFields(nil)}
		for {
			p, err := l.ask(step).Read(ctx, l.client)
			if err != nil {
				return nil, fmt.Errorf("list contacts: %w", err)
			}
			for _, c := range p.Items {
				if admits(c) {
					if out = append(out, c); len(out) == limit {
						return out, nil
					}
				}
			}
			if !p.More {
				return out, nil
			}
			step.After = p.Items[len(p.Items)-1].ID
		}
	}
	rows, err := gather(ctx, r.After, r.Limit())
	if err != nil {
		return page.Page[*ent.Contact]{}, err
	}
	p := page.Cut(rows, r)
	p.Count = func(ctx context.Context) (int, error) {
		rows, err := gather(ctx, "", Max)
		return len(rows), err
	}
	return p, nil
}

// covering reads the contacts of an account, and those of its parent that cover
// it.
func covering(ctx context.Context, c *ent.ContactClient, a *ent.Account) ([]*ent.Contact, error) {
	return coveringQuery(c, a).Order(ent.Asc(contact.FieldID)).All(ctx)
}

func coveringQuery(c *ent.ContactClient, a *ent.Account) *ent.ContactQuery {
	own := contact.AccountID(a.ID)
	if a.ParentID == nil {
		return c.Query().Where(own)
	}
	return c.Query().Where(contact.Or(own, contact.And(contact.AccountID(*a.ParentID),
		contact.Or(contact.SubAccountAccessEQ(permission.ScopeAll),
			contact.And(contact.SubAccountAccessEQ(permission.ScopeSelected), func(s *sql.Selector) {
				s.Where(sqljson.ValueContains(contact.FieldSubAccountIds, a.ID))
			})))))
}

// Get returns a contact that the actor may see. Refusals: UNAUTHENTICATED,
// NOT_FOUND.
func (s *Service) Get(ctx context.Context, by *access.Actor, contactID string) (*ent.Contact, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	if !id.Is(id.Contact, contactID) {
		return nil, fault.Missing("contact")
	}
	row, err := s.client.Contact.Get(ctx, contactID)
	if ent.IsNotFound(err) {
		return nil, s.gate.Absent(ctx, by, "contact")
	}
	if err != nil {
		return nil, err
	}
	if _, err := s.gate.Require(ctx, by, row.AccountID, permission.Contacts); err != nil {
		return nil, fault.Hide(err, "contact")
	}
	return row, nil
}

// Receives lists the categories that a contact gets on a channel.
func (s *Service) Receives(c *ent.Contact, on permission.Channel) []permission.CategoryKey {
	return Receives(c, s.gate.Catalogue(), on)
}

// Account returns the account of a contact that the actor was shown.
func (s *Service) Account(ctx context.Context, by *access.Actor, c *ent.Contact) (*ent.Account, error) {
	st, err := s.gate.Enter(ctx, by, c.AccountID)
	if err != nil {
		return nil, err
	}
	return st.Account, nil
}

// Memberships returns the logins of contacts, in their order, with nil where
// there is none or the actor has not users.
func (s *Service) Memberships(ctx context.Context, by *access.Actor, contacts []*ent.Contact) ([]*ent.Membership, error) {
	out := make([]*ent.Membership, len(contacts))
	var ids []string
	for _, c := range contacts {
		if c.MembershipID != nil && s.manages(ctx, by, c.AccountID) {
			ids = append(ids, *c.MembershipID)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := s.client.Membership.Query().Where(entmembership.IDIn(ids...)).WithUser().WithAccount().All(ctx)
	if err != nil {
		return nil, err
	}
	for i, c := range contacts {
		for _, m := range rows {
			if c.MembershipID != nil && *c.MembershipID == m.ID {
				out[i] = m
			}
		}
	}
	return out, nil
}

// Invitations returns the invitations for logins that wait, in the order of the
// contacts, with nil where there is none or the actor has not users.
func (s *Service) Invitations(ctx context.Context, by *access.Actor, contacts []*ent.Contact) ([]*ent.Invitation, error) {
	out := make([]*ent.Invitation, len(contacts))
	var ids []string
	for _, c := range contacts {
		if s.manages(ctx, by, c.AccountID) {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := s.client.Invitation.Query().Where(invitation.ContactIDIn(ids...), membership.Waiting()).WithAccount().WithInvitedBy().All(ctx)
	if err != nil {
		return nil, err
	}
	for i, c := range contacts {
		for _, inv := range rows {
			if inv.ContactID != nil && *inv.ContactID == c.ID {
				out[i] = inv
			}
		}
	}
	return out, nil
}

func (s *Service) manages(ctx context.Context, by *access.Actor, accountID string) bool {
	_, err := s.gate.Require(ctx, by, accountID, permission.Users)
	return err == nil
}

// SubAccounts returns the sub-accounts that each of the contacts covers by name,
// in their order.
func (s *Service) SubAccounts(ctx context.Context, by *access.Actor, contacts []*ent.Contact) ([][]*ent.Account, error) {
	lists := make([][]string, len(contacts))
	for i, c := range contacts {
		lists[i] = c.SubAccountIds
	}
	return s.members.Named(ctx, by, lists)
}

// Recipient says whether somebody gets a category, and why.
type Recipient struct {
	// Contact is nil for the owner who is the fallback, and for a contact of the
	// parent where the actor may not see those.
	Contact       *ent.Contact
	Email         string
	Receives      bool
	Rule          permission.Rule
	ThroughParent bool

	key string
}

// Key is the place of the recipient in the list.
func (r *Recipient) Key() string { return r.key }

// Recipients pages through everybody who might get a category on a channel, each
// with the rule that decides; an owner who is the fallback comes first.
// Refusals: as access.Gate.Require for contacts, BAD_INPUT.
func (s *Service) Recipients(ctx context.Context, by *access.Actor, accountID string, key permission.CategoryKey, on permission.Channel, r page.Request) (page.Page[*Recipient], error) {
	none := page.Page[*Recipient]{}
	st, err := s.gate.Require(ctx, by, accountID, permission.Contacts)
	if err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	cat := s.gate.Catalogue().Category(key)
	if cat == nil {
		return none, fault.On("category", fault.BadInput, "There is no category %q.", key)
	}
	var out []*Recipient
	if on == permission.Email && cat.Mandatory && r.After == "" {
		if fallback, err := s.fallback(ctx, st.Account, *cat); err != nil {
			return none, err
		} else if fallback != nil {
			out = append(out, fallback)
		}
	}
	q := coveringQuery(s.client.Contact, st.Account)
	if r.After != "" && r.After != ownerKey {
		q.Where(contact.IDGT(r.After))
	}
	rows, err := q.Order(ent.Asc(contact.FieldID)).Limit(r.Limit()).All(ctx)
	if err != nil {
		return none, fmt.Errorf("list recipients: %w", err)
	}
	above, err := s.above(ctx, by, st)
	if err != nil {
		return none, err
	}
	for _, c := range rows {
		yes, rule := Decide(c, *cat, on)
		one := &Recipient{Contact: c, Email: c.Email, Receives: yes, Rule: rule, ThroughParent: c.AccountID != accountID, key: c.ID}
		if one.ThroughParent && !above {
			one.Contact = nil
		}
		out = append(out, one)
	}
	if len(out) > r.Limit() {
		out = out[:r.Limit()]
	}
	return page.Cut(out, r), nil
}

// above reports whether the actor may see the contacts of the account above one
// that they stand in.
func (s *Service) above(ctx context.Context, by *access.Actor, st *access.Standing) (bool, error) {
	if st.Parent == nil {
		return true, nil
	}
	_, err := s.gate.Require(ctx, by, st.Parent.ID, permission.Contacts)
	if fault.All(err) != nil {
		return false, nil
	}
	return err == nil, err
}

// ownerKey stands for the owner in cursors; it sorts before every contact.
const ownerKey = "!owner"

func (s *Service) fallback(ctx context.Context, a *ent.Account, cat permission.Category) (*Recipient, error) {
	rows, err := covering(ctx, s.client.Contact, a)
	if err != nil {
		return nil, err
	}
	if !FallsToOwner(a, cat, rows) {
		return nil, nil
	}
	owner, err := s.client.User.Get(ctx, a.OwnerUserID)
	if err != nil {
		return nil, err
	}
	return &Recipient{Email: owner.Email, Receives: true, Rule: permission.RuleOwnerFallback, key: ownerKey}, nil
}

// Coverage is who gets a category by mail.
type Coverage struct {
	Category       *permission.Category
	RecipientCount int
	// Recipients are the first 25, without those of the parent where the actor may
	// not see them.
	Recipients    []*ent.Contact
	Gap           bool
	OwnerFallback bool
}

// Coverage lists for each category who gets it by mail. Refusals: as
// access.Gate.Require for contacts.
func (s *Service) Coverage(ctx context.Context, by *access.Actor, accountID string) ([]*Coverage, error) {
	st, err := s.gate.Require(ctx, by, accountID, permission.Contacts)
	if err != nil {
		return nil, err
	}
	rows, err := covering(ctx, s.client.Contact, st.Account)
	if err != nil {
		return nil, fmt.Errorf("coverage: %w", err)
	}
	slices.SortFunc(rows, func(a, b *ent.Contact) int { return strings.Compare(a.ID, b.ID) })
	above, err := s.above(ctx, by, st)
	if err != nil {
		return nil, err
	}
	var out []*Coverage
	for i := range s.gate.Catalogue().Categories {
		cat := &s.gate.Catalogue().Categories[i]
		c := &Coverage{Category: cat, Recipients: []*ent.Contact{}}
		for _, row := range rows {
			if yes, _ := Decide(row, *cat, permission.Email); yes {
				if c.RecipientCount++; len(c.Recipients) < 25 && (above || row.AccountID == accountID) {
					c.Recipients = append(c.Recipients, row)
				}
			}
		}
		c.Gap = c.RecipientCount == 0
		c.OwnerFallback = FallsToOwner(st.Account, *cat, rows)
		out = append(out, c)
	}
	return out, nil
}

// OwnerFallback reports whether the owner gets mandatory categories that no
// contact gets. Refusals: as access.Gate.Require for contacts.
func (s *Service) OwnerFallback(ctx context.Context, by *access.Actor, a *ent.Account) (*bool, error) {
	if _, err := s.gate.Require(ctx, by, a.ID, permission.Contacts); err != nil {
		return nil, err
	}
	return &a.OwnerFallback, nil
}
