package demo

import (
	"context"
	"fmt"
	"time"

	"tenantry/ent"
	entcontact "tenantry/ent/contact"
	entmembership "tenantry/ent/membership"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/address"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/invite"
	"tenantry/internal/membership"
	"tenantry/internal/notify"
	"tenantry/internal/permission"
	"tenantry/internal/role"
	"tenantry/internal/session"
)

// What is looked up again after the story was told.
const (
	northwindNumber = "C-10427"
	shopNumber      = "C-10427-1"
	labsNumber      = "C-10427-2"
	fabrikamNumber  = "C-10311"
	contosoNumber   = "C-10588"
	adatumNumber    = "C-10602"
	tailspinNumber  = "C-10733"

	payableEmail = "payable@northwind.example"
	tomEmail     = "tom@northwind.example"
)

// The ready-made roles of the hosting catalogue.
const (
	administrator = "role_administrator"
	billing       = "role_billing"
	support       = "role_support"
	technical     = "role_technical"
	readOnly      = "role_read_only"
)

// story is the demo data while it is being told, scene by scene. After the first
// error, which err keeps, nothing happens any more.
type story struct {
	Rooms
	ctx    context.Context // of the one call of Fill that a story lives for
	hash   string
	scenes []scene
	people int
	err    error
}

// person is somebody with a user, and where their requests come from.
type person struct {
	*ent.User
	address string
}

// tell tells the story of Northwind Trading over the last 60 days.
func (s *story) tell() {
	s.at(60, 8, 55)
	olivia := s.person("Olivia Bennett", Email)
	s.at(60, 9, 2)
	northwind := s.account(olivia, account.Draft{Name: "Northwind Trading", Company: "Northwind Trading Ltd.", ExternalID: northwindNumber})
	s.at(60, 9, 20)
	s.profile(olivia, northwind)
	s.at(59, 10, 5)
	shop := s.subAccount(olivia, northwind, "Northwind Shop", shopNumber)
	s.at(59, 10, 12)
	s.subAccount(olivia, northwind, "Northwind Labs", labsNumber)

	s.at(58, 9, 40)
	s.invite(olivia, northwind, access.Offer{RoleIDs: s.roles(administrator), Scope: permission.ScopeAll},
		"You look after the account when I am away.", invite.Invitee{Email: "daniel@northwind.example", Name: "Daniel Okafor"})
	s.at(58, 11, 3)
	daniel := s.person("Daniel Okafor", "daniel@northwind.example")
	s.accept(daniel, northwind)
	deputy := olivia
	if s.administers() {
		deputy = daniel
	}

	s.at(57, 9, 15)
	s.invite(deputy, northwind, access.Offer{RoleIDs: s.roles(billing), Scope: permission.ScopeAll},
		"All invoices go through you from now on.", invite.Invitee{Email: "priya@northwind.example", Name: "Priya Nair"})
	s.at(57, 9, 18)
	s.invite(deputy, northwind, access.Offer{RoleIDs: s.roles(support), Scope: permission.ScopeNone}, "",
		invite.Invitee{Email: tomEmail, Name: "Tom Becker"}, invite.Invitee{Email: "grace@northwind.example", Name: "Grace Kim"})
	s.at(57, 9, 48)
	priya := s.person("Priya Nair", "priya@northwind.example")
	s.accept(priya, northwind)
	s.at(57, 13, 30)
	tom := s.person("Tom Becker", tomEmail)
	toms := s.accept(tom, northwind)
	s.at(55, 8, 20)
	grace := s.person("Grace Kim", "grace@northwind.example")
	graces := s.accept(grace, northwind)

	s.at(54, 10, 0)
	s.contact(olivia, northwind, contact.Details{Email: new(payableEmail), FirstName: new("Accounts"), LastName: new("Payable"),
		Type: new(entcontact.TypeBILLING), Scope: new(permission.ScopeAll),
		Preferences: []permission.Preference{{Channel: permission.Email, Categories: s.categories("invoice")}}})
	s.at(54, 10, 6)
	s.contact(olivia, northwind, contact.Details{Email: new("office@northwind.example"), FirstName: new("Northwind"), LastName: new("Office"),
		Type: new(entcontact.TypeADMINISTRATIVE), Phone: new("+44 20 7946 0100"),
		Preferences: []permission.Preference{{Channel: permission.Email, All: true, Except: s.categories("affiliate")}}})
	s.at(54, 10, 15)
	ops := s.contact(olivia, northwind, contact.Details{Email: new("ops@northwind.example"), FirstName: new("Operations"),
		Type:        new(entcontact.TypeTECHNICAL),
		Preferences: []permission.Preference{{Channel: permission.Email, Categories: s.categories("product", "domain", "maintenance")}}})
	s.at(54, 10, 31)
	s.contact(olivia, northwind, contact.Details{Email: new("archive@northwind.example"), FirstName: new("Mail"), LastName: new("Archive"),
		Preferences: []permission.Preference{{Channel: permission.Email}}, Notes: new("Kept for the address; nothing is sent to it.")})

	s.at(52, 14, 10)
	agency := s.role(deputy, role.Draft{AccountID: northwind.ID, Name: "Web agency", Description: "Works on our sites, sees no invoices.",
		Type: permission.User, Permissions: s.keys(permission.User, "products.view", "products.manage", "products.sso", "tickets")})
	s.at(52, 14, 25)
	s.invite(deputy, northwind, access.Offer{RoleIDs: []string{agency}, Permissions: s.keys(permission.User, "domains.view"), Scope: permission.ScopeNone},
		"For the new shop. You can see the domains as well.", invite.Invitee{Email: "elena@adatum.example", Name: "Elena Petrova"})
	s.at(51, 9, 30)
	elena := s.person("Elena Petrova", "elena@adatum.example")
	s.accept(elena, northwind)
	s.at(51, 9, 44)
	adatum := s.account(elena, account.Draft{Name: "Adatum Web Agency", Company: "A. Datum Corp.", ExternalID: adatumNumber})

	s.at(49, 11, 0)
	marcus := s.person("Marcus Chen", "marcus@fabrikam.example")
	s.at(49, 11, 8)
	fabrikam := s.account(marcus, account.Draft{Name: "Fabrikam Studio", Company: "Fabrikam Studio LLC", ExternalID: fabrikamNumber})
	s.at(48, 15, 20)
	s.invite(marcus, fabrikam, access.Offer{RoleIDs: s.roles(administrator), Scope: permission.ScopeAll},
		"Please keep an eye on our account too.", invite.Invitee{Email: Email, Name: "Olivia Bennett"})
	s.at(48, 16, 2)
	s.accept(olivia, fabrikam)

	s.at(45, 10, 40)
	s.invite(deputy, northwind, access.Offer{RoleIDs: s.roles(readOnly), Scope: permission.ScopeNone}, "",
		invite.Invitee{Email: "julia@northwind.example", Name: "Julia Novak"}) // lapsed on day 38

	s.at(40, 8, 30)
	sofia := s.person("Sofia Rossi", "sofia@contoso.example")
	s.at(40, 8, 36)
	contoso := s.account(sofia, account.Draft{Name: "Contoso Cafe", ExternalID: contosoNumber})
	s.at(40, 8, 50)
	s.invite(sofia, contoso, access.Offer{RoleIDs: s.roles(billing), Scope: permission.ScopeNone},
		"You wanted to see the invoices before I pay them.", invite.Invitee{Email: Email, Name: "Olivia Bennett"})
	s.at(39, 9, 5)
	s.accept(olivia, contoso)

	s.at(35, 13, 15)
	s.invite(olivia, northwind, access.Offer{RoleIDs: s.roles(readOnly), Scope: permission.ScopeNone},
		"Have a look at how we have set things up.", invite.Invitee{Email: "marcus@fabrikam.example", Name: "Marcus Chen"})
	s.at(34, 8, 10)
	s.decline(marcus, northwind)

	s.at(30, 11, 25)
	bookkeeping := s.role(olivia, role.Draft{AccountID: northwind.ID, Name: "Bookkeeping", Description: "Sees invoices and quotes, and touches no payment method.",
		Type: permission.Billing, Permissions: s.keys(permission.Billing, "invoices", "quotes", "pricing")})
	s.at(28, 9, 0)
	mistaken := s.invite(deputy, northwind, access.Offer{RoleIDs: s.roles(support), Scope: permission.ScopeNone}, "",
		invite.Invitee{Email: "bne@northwind.example", Name: "Ben Foster"})
	s.at(28, 9, 7)
	s.cancel(deputy, mistaken)
	s.at(27, 10, 20)
	s.contact(olivia, northwind, contact.Details{Email: new("frank@northwind.example"), FirstName: new("Frank"), LastName: new("Weber"),
		Phone: new("+49 30 901820"), Locale: new("de"), Type: new(entcontact.TypeTECHNICAL), Notes: new("On call at night."),
		Preferences: []permission.Preference{{Channel: permission.Email, Categories: s.categories("maintenance")},
			{Channel: permission.Phone, Categories: s.categories("maintenance", "security")}}})

	s.at(21, 9, 10)
	henrik := s.person("Henrik Lindqvist", "henrik@tailspin.example")
	s.at(21, 9, 16)
	tailspin := s.account(henrik, account.Draft{Name: "Tailspin Toys", ExternalID: tailspinNumber})
	s.at(21, 9, 40)
	s.invite(henrik, tailspin, access.Offer{RoleIDs: s.roles(technical), Scope: permission.ScopeNone}, "",
		invite.Invitee{Email: "elena@adatum.example", Name: "Elena Petrova"})
	s.at(20, 8, 25)
	s.accept(elena, tailspin)
	s.at(14, 16, 45)
	s.deactivate(deputy, graces)
	s.at(12, 6, 0)
	s.suspend(tailspin, "Two invoices are overdue. Pay them to go on.")
	s.at(9, 14, 30)
	s.wants(olivia, ops, s.categories("product", "domain", "maintenance", "support"))

	s.at(4, 10, 10)
	s.handOver(deputy, northwind, access.Offer{RoleIDs: []string{agency}, Scope: permission.ScopeNone},
		invite.Invitee{Email: "omar@adatum.example", Name: "Omar Haddad"})
	s.at(3, 15, 5)
	s.invite(olivia, northwind, access.Offer{RoleIDs: []string{bookkeeping}, Scope: permission.ScopeAll}, "Our year-end begins next week.",
		invite.Invitee{Email: "hana@ledgerworks.example", Name: "Hana Sato"})
	s.at(2, 11, 50)
	s.contact(olivia, northwind, contact.Details{Email: new("nadia@northwind.example"), FirstName: new("Nadia"), LastName: new("Haddad"),
		Type:  new(entcontact.TypeTECHNICAL),
		Login: &contact.Login{Offer: access.Offer{RoleIDs: s.roles(technical), Scope: permission.ScopeNone}, Acknowledged: true}})

	s.ago(50)
	s.invite(elena, adatum, access.Offer{RoleIDs: s.roles(readOnly), Scope: permission.ScopeNone},
		"Follow along as we build the new shop.", invite.Invitee{Email: Email, Name: "Olivia Bennett"})
	s.ago(35)
	s.permit(deputy, toms, access.Offer{RoleIDs: s.roles(technical), Scope: permission.ScopeSelected, SubAccounts: []string{shop.ID}})
	s.ago(26)
	s.notify(northwind, notify.Draft{Category: "invoice", Subject: "Invoice 2026-1042 over 214.20 EUR", HTML: invoiceLetter,
		Text: "Your invoice 2026-1042 over 214.20 EUR is ready. It is due in 14 days.\n\nYour payment method is charged by itself on that day.",
		Data: `{"invoice":"2026-1042","total":"214.20","currency":"EUR"}`})
	s.ago(17)
	s.notify(northwind, notify.Draft{Category: "maintenance", Subject: "Maintenance of the database cluster on Saturday",
		Text: "On Saturday between 22:00 and 23:00 UTC we move your databases to new machines.\n\nThey cannot be written to for about two minutes. You do not have to do anything."})
	s.ago(8)
	s.invite(olivia, northwind, access.Offer{RoleIDs: s.roles(support), Scope: permission.ScopeNone},
		"Welcome to the team! Tickets first, the rest will follow.", invite.Invitee{Email: "lucas@northwind.example", Name: "Lucas Meyer"})

	s.lastIn(daniel, 2*time.Hour)
	s.lastIn(priya, 26*time.Hour)
	s.lastIn(tom, 20*time.Minute)
	s.lastIn(elena, 55*time.Minute)
	s.lastIn(marcus, 5*24*time.Hour)
	s.lastIn(sofia, 9*24*time.Hour)
	s.lastIn(grace, 16*24*time.Hour)
}

// try does something unless something before has failed, and returns a value to
// go on with in either case.
func try[T any](s *story, do func() (*T, error)) *T {
	if s.err == nil {
		v, err := do()
		if err == nil {
			return v
		}
		s.err = fmt.Errorf("%s: %w", s.scenes[len(s.scenes)-1].when.Format(time.DateTime), err)
	}
	return new(T)
}

// as returns a fresh actor, as every request has one.
func (p *person) as() *access.Actor {
	return &access.Actor{Kind: access.Person, User: p.User, Address: p.address}
}

// person makes somebody who has proved their address and chosen the password.
func (s *story) person(name, email string) *person {
	return try(s, func() (*person, error) {
		a, err := address.Parse(email)
		if err != nil {
			return nil, err
		}
		p := &person{address: fmt.Sprintf("192.0.2.%d", 10+s.people)}
		s.people++
		return p, db.InTx0(s.ctx, s.Client, func(tx *ent.Tx) error {
			u, err := session.NewUser(s.ctx, tx, a, name, "en", s.hash)
			if err != nil {
				return err
			}
			p.User = u
			return event.Record(s.ctx, tx, p.as(), event.Entry{UserID: u.ID, Action: "user.signed_up", Target: u.ID, TargetName: u.Name})
		})
	})
}

func (s *story) account(by *person, d account.Draft) *ent.Account {
	return try(s, func() (*ent.Account, error) {
		a, _, err := s.Accounts.Create(s.ctx, by.as(), d)
		return a, err
	})
}

func (s *story) subAccount(by *person, parent *ent.Account, name, number string) *ent.Account {
	return try(s, func() (*ent.Account, error) {
		return s.Accounts.CreateSub(s.ctx, by.as(), account.Draft{ParentID: parent.ID, Name: name, ExternalID: number})
	})
}

func (s *story) profile(by *person, a *ent.Account) {
	try(s, func() (*ent.Account, error) {
		return s.Accounts.Update(s.ctx, by.as(), account.Update{AccountID: a.ID, BillingEmail: new(payableEmail), Phone: new("+44 20 7946 0100"),
			TaxID: new("GB 123 4567 89"), Address: &account.Postal{Line1: "12 Harbour Row", City: "London", PostalCode: "E1W 2PN", Country: "GB"}})
	})
}

// invite asks people by mail and returns the first invitation.
func (s *story) invite(by *person, a *ent.Account, o access.Offer, message string, who ...invite.Invitee) *ent.Invitation {
	return s.ask(by, invite.Draft{AccountID: a.ID, Invitees: who, Offer: o, Message: message, SendEmail: true, Acknowledged: true})
}

// handOver asks somebody by a link that is handed over.
func (s *story) handOver(by *person, a *ent.Account, o access.Offer, who invite.Invitee) {
	s.ask(by, invite.Draft{AccountID: a.ID, Invitees: []invite.Invitee{who}, Offer: o, Acknowledged: true})
}

func (s *story) ask(by *person, d invite.Draft) *ent.Invitation {
	return try(s, func() (*ent.Invitation, error) {
		results, _, err := s.Invites.Invite(s.ctx, by.as(), d)
		if err != nil {
			return nil, err
		}
		for _, r := range results {
			if r.Invitation == nil {
				return nil, fmt.Errorf("%s was not invited: %s", r.Email, r.Message)
			}
		}
		return results[0].Invitation, nil
	})
}

// waiting returns the invitation of an account that waits for somebody.
func (s *story) waiting(p *person, a *ent.Account) (*string, error) {
	mine, err := s.Invites.Mine(s.ctx, p.as())
	if err != nil {
		return nil, err
	}
	for _, i := range mine {
		if i.AccountID == a.ID {
			return &i.ID, nil
		}
	}
	return nil, fmt.Errorf("no invitation to %s waits for %s", a.Name, p.Name)
}

func (s *story) accept(p *person, a *ent.Account) *ent.Membership {
	return try(s, func() (*ent.Membership, error) {
		waiting, err := s.waiting(p, a)
		if err != nil {
			return nil, err
		}
		done, err := s.Invites.Accept(s.ctx, p.as(), invite.Acceptance{InvitationID: waiting})
		return done.Membership, err
	})
}

func (s *story) decline(p *person, a *ent.Account) {
	try(s, func() (*string, error) {
		waiting, err := s.waiting(p, a)
		if err != nil {
			return nil, err
		}
		_, err = s.Invites.Decline(s.ctx, p.as(), nil, waiting)
		return waiting, err
	})
}

func (s *story) cancel(by *person, i *ent.Invitation) {
	try(s, func() (*ent.Invitation, error) { return s.Invites.Cancel(s.ctx, by.as(), i.ID) })
}

// role makes a role of the account's own and returns its id.
func (s *story) role(by *person, d role.Draft) string {
	d.Acknowledged = true
	return try(s, func() (*permission.Role, error) {
		r, _, err := s.Roles.Create(s.ctx, by.as(), d)
		return r, err
	}).ID
}

func (s *story) contact(by *person, a *ent.Account, d contact.Details) *ent.Contact {
	return try(s, func() (*ent.Contact, error) {
		saved, err := s.Contacts.Create(s.ctx, by.as(), a.ID, d, "")
		return saved.Contact, err
	})
}

// wants replaces what a contact is mailed about.
func (s *story) wants(by *person, c *ent.Contact, categories []permission.CategoryKey) {
	try(s, func() (*ent.Contact, error) {
		saved, err := s.Contacts.Update(s.ctx, by.as(), c.ID, nil, contact.Details{
			Preferences: []permission.Preference{{Channel: permission.Email, Categories: categories}}})
		return saved.Contact, err
	})
}

func (s *story) permit(by *person, m *ent.Membership, o access.Offer) {
	try(s, func() (*ent.Membership, error) {
		out, err := s.Members.UpdatePermissions(s.ctx, by.as(), membership.Change{MembershipID: m.ID, Version: m.Version, Offer: o, Acknowledged: true})
		return out.Membership, err
	})
}

func (s *story) deactivate(by *person, m *ent.Membership) {
	try(s, func() (*ent.Membership, error) { return s.Members.Deactivate(s.ctx, by.as(), m.ID) })
}

func (s *story) suspend(a *ent.Account, reason string) {
	try(s, func() (*ent.Account, error) {
		return s.Accounts.SetSuspended(s.ctx, access.Company("Accounts receivable"), a.ID, true, reason)
	})
}

// invoiceLetter is how the company's billing system writes.
const invoiceLetter = "<p>Your invoice <b>2026-1042</b> is ready.</p><table><tr><td>Business hosting, monthly</td><td>180.00 EUR</td></tr>" +
	"<tr><td>VAT 19 %</td><td>34.20 EUR</td></tr><tr><td><b>Total</b></td><td><b>214.20 EUR</b></td></tr></table>" +
	"<p>It is due in 14 days. Your payment method is charged by itself on that day.</p>"

// notify sends a notification as the company's billing system does, if the catalogue has
// the category.
func (s *story) notify(a *ent.Account, d notify.Draft) {
	if s.Gate.Catalogue().Category(d.Category) == nil {
		return
	}
	d.AccountID = a.ID
	try(s, func() (*ent.Notification, error) { return s.Notify.Submit(s.ctx, access.Company("Billing"), d) })
}

// lastIn writes when somebody last worked in their accounts, which their
// sessions would have done.
func (s *story) lastIn(p *person, ago time.Duration) {
	try(s, func() (*int, error) {
		n, err := s.Client.Membership.Update().Where(entmembership.UserID(p.ID)).SetLastAccessAt(s.now().Add(-ago)).Save(s.ctx)
		return &n, err
	})
}

// roles returns a ready-made role as an offer takes it: nothing, if the
// company's catalogue does not have it.
func (s *story) roles(id string) []string {
	if s.Gate.Catalogue().Role(id) == nil {
		return nil
	}
	return []string{id}
}

// administers reports whether an administrator, by the company's catalogue, can
// give all that the story gives.
func (s *story) administers() bool {
	c := s.Gate.Catalogue()
	r := c.Role(administrator)
	return r != nil && r.Type == permission.Admin && c.Has(c.Holds(*r), permission.Users) &&
		c.Ceiling(permission.User).Or(c.Ceiling(permission.Billing)).In(c.Holds(*r))
}

// keys keeps of permissions those that the company's catalogue lets a type of
// role hold.
func (s *story) keys(t permission.Type, keys ...permission.Key) []permission.Key {
	c := s.Gate.Catalogue()
	var out []permission.Key
	for _, k := range keys {
		if c.Has(c.Ceiling(t), k) {
			out = append(out, k)
		}
	}
	return out
}

// categories keeps those that the company's catalogue has.
func (s *story) categories(keys ...permission.CategoryKey) []permission.CategoryKey {
	var out []permission.CategoryKey
	for _, k := range keys {
		if s.Gate.Catalogue().Category(k) != nil {
			out = append(out, k)
		}
	}
	return out
}
