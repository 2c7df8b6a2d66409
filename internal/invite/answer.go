package invite

import (
	"context"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/block"
	entcontact "tenantry/ent/contact"
	"tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/membership"
	"tenantry/internal/page"
	"tenantry/internal/permission"
	sessions "tenantry/internal/session"
	"tenantry/internal/text"
)

// Preview is what whoever holds a link may know.
type Preview struct {
	ID          string
	AccountName string
	InviterName string
	RoleNames   []string
	State       invitation.State
	ExpiresAt   time.Time
	// AccessEndsAt is when the access would end. Nil for never.
	AccessEndsAt *time.Time
	// MaskedEmail and HasUser are nil for a link that was handed over.
	MaskedEmail *string
	HasUser     *bool
	HandedOver  bool
}

func dead() error {
	return fault.On("token", fault.InvalidToken, "This link is not valid, or a newer mail took its place.")
}

// byToken finds the invitation of a link, and says whether the link was mailed.
// Every try is counted. Refusals: INVALID_TOKEN, RATE_LIMITED.
func (s *Service) byToken(ctx context.Context, by *access.Actor, token string) (*ent.Invitation, bool, error) {
	if err := s.book.Take(ctx, budget.TokenByNetwork, budget.Network(by.Address), 1); err != nil {
		return nil, false, err
	}
	mailed := true
	claim, err := s.keys.Open(link.Invitation, token)
	if err != nil {
		mailed = false
		if claim, err = s.keys.Open(link.InvitationHandedOver, token); err != nil {
			return nil, false, dead()
		}
	}
	i, err := s.client.Invitation.Query().Where(invitation.ID(claim.ID)).WithAccount().WithInvitedBy().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, false, dead()
	}
	if err != nil {
		return nil, false, err
	}
	if i.Generation != claim.Generation || !i.ExpiresAt.Equal(claim.ExpiresAt) {
		return nil, false, dead()
	}
	return i, mailed, nil
}

// Preview returns what a link offers. Refusals: INVALID_TOKEN, RATE_LIMITED.
func (s *Service) Preview(ctx context.Context, by *access.Actor, token string) (*Preview, error) {
	i, mailed, err := s.byToken(ctx, by, token)
	if err != nil {
		return nil, err
	}
	roles, err := s.Roles(ctx, i)
	if err != nil {
		return nil, err
	}
	p := &Preview{ID: i.ID, AccountName: i.Edges.Account.Name, InviterName: i.Edges.InvitedBy.Name, RoleNames: []string{},
		State: State(i), ExpiresAt: i.ExpiresAt, AccessEndsAt: i.AccessEndsAt, HandedOver: !mailed}
	for _, r := range roles {
		p.RoleNames = append(p.RoleNames, r.Name)
	}
	if mailed {
		has, err := s.client.User.Query().Where(user.EmailKey(i.EmailKey)).Exist(ctx)
		if err != nil {
			return nil, err
		}
		masked := address.Mask(i.EmailKey)
		p.MaskedEmail, p.HasUser = &masked, &has
	}
	return p, nil
}

// Roles returns the roles that an invitation offers.
func (s *Service) Roles(ctx context.Context, i *ent.Invitation) ([]*permission.Role, error) {
	a := i.Edges.Account
	if a == nil {
		var err error
		if a, err = s.client.Account.Get(ctx, i.AccountID); err != nil {
			return nil, err
		}
	}
	roles, err := s.gate.Roles(ctx, a)
	if err != nil {
		return nil, err
	}
	return roles.Those(i.RoleIds), nil
}

// Account returns the account of an invitation, as much as the schema shows.
func (s *Service) Account(ctx context.Context, i *ent.Invitation) (*ent.Account, error) {
	if i.Edges.Account != nil {
		return i.Edges.Account, nil
	}
	return s.client.Account.Get(ctx, i.AccountID)
}

// Inviter returns who invited.
func (s *Service) Inviter(ctx context.Context, i *ent.Invitation) (*ent.User, error) {
	if i.Edges.InvitedBy != nil {
		return i.Edges.InvitedBy, nil
	}
	return s.client.User.Get(ctx, i.InvitedByID)
}

// Acceptance names an invitation and the person who takes it up.
type Acceptance struct {
	// Token or InvitationID names it.
	Token, InvitationID *string
	// Name and Password are a new person's.
	Name, Password *string
	Delivery       sessions.Delivery
}

// Accepted is what accepting gives back.
type Accepted struct {
	Membership *ent.Membership
	// Mailed says that a mail comes first.
	Mailed bool
	// Started is a new person's session.
	Started *sessions.Started
	// Masked is the invited address, where the one signed in is another.
	Masked *string
}

// named finds the invitation that a token or an id names for the actor.
func (s *Service) named(ctx context.Context, by *access.Actor, token, invitationID *string) (i *ent.Invitation, mailed bool, err error) {
	switch {
	case token != nil && invitationID == nil:
		return s.byToken(ctx, by, *token)
	case token == nil && invitationID != nil:
		if i, err = s.mine(ctx, by, *invitationID); fault.Has(err, fault.NotFound) {
			e := fault.Missing("invitation")
			e.Field = "invitationId"
			err = e
		}
		return i, true, err
	}
	return nil, false, fault.On("token", fault.BadInput, "Give either the token from the link or the id of the invitation.")
}

// mine returns an invitation for the actor's own address. Refusals:
// UNAUTHENTICATED, NOT_FOUND.
func (s *Service) mine(ctx context.Context, by *access.Actor, invitationID string) (*ent.Invitation, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	if !id.Is(id.Invitation, invitationID) {
		return nil, fault.Missing("invitation")
	}
	i, err := s.client.Invitation.Query().Where(invitation.ID(invitationID), invitation.EmailKey(by.User.EmailKey)).
		WithAccount().WithInvitedBy().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.Missing("invitation")
	}
	return i, err
}

// Accept makes the invited person a member: one invitation, one membership. A
// new person becomes a user and is signed in, if the link was mailed to them;
// for one that was handed over, a mail comes first. Refusals: INVALID_TOKEN,
// NOT_FOUND, UNAUTHENTICATED (there is a user: sign in first),
// INVITATION_EMAIL_MISMATCH, INVITATION_USED, INVITATION_CANCELED,
// INVITATION_DECLINED, INVITATION_EXPIRED, INVITER_LOST_RIGHTS, ACCOUNT_CLOSED,
// ACCOUNT_SUSPENDED, WEAK_PASSWORD, BAD_INPUT, RATE_LIMITED.
func (s *Service) Accept(ctx context.Context, by *access.Actor, a Acceptance) (Accepted, error) {
	i, mailed, err := s.named(ctx, by, a.Token, a.InvitationID)
	if err != nil {
		return Accepted{}, err
	}
	if err := over(i); err != nil {
		return Accepted{}, err
	}
	if by.Kind == access.Person {
		if by.User.EmailKey != i.EmailKey {
			return mismatch(by, i, mailed)
		}
		return s.accept(ctx, by, i, nil)
	}
	if !mailed {
		return s.confirm(ctx, by, i)
	}
	exists, err := s.client.User.Query().Where(user.EmailKey(i.EmailKey)).Exist(ctx)
	if err != nil {
		return Accepted{}, err
	}
	if exists {
		return Accepted{}, signInAs(i)
	}
	if s.sessions.Closed() {
		return Accepted{}, fault.New(fault.BadInput, "This portal takes no new people at the moment.")
	}
	if a.Password == nil {
		return Accepted{}, fault.On("password", fault.BadInput, "Choose a password.")
	}
	name, err := text.Line("name", called(i, a.Name), true, 100)
	if err != nil {
		return Accepted{}, err
	}
	hash, err := s.sessions.NewHash(ctx, "password", *a.Password, i.EmailKey, name, i.Edges.Account.Name)
	if err != nil {
		return Accepted{}, err
	}
	return s.accept(ctx, by, i, &newcomer{name, hash, a.Delivery})
}

func signInAs(i *ent.Invitation) error {
	return fault.New(fault.Unauthenticated, "%s has a user already. Sign in with it, then accept.", address.Mask(i.EmailKey))
}

func mismatch(by *access.Actor, i *ent.Invitation, mailed bool) (Accepted, error) {
	if !mailed {
		return Accepted{}, fault.New(fault.InvitationMismatch,
			"This invitation is for another address than %s. Sign out and follow the link again, or ask for an invitation to your own address.", by.User.Email)
	}
	masked := address.Mask(i.EmailKey)
	return Accepted{Masked: &masked}, fault.New(fault.InvitationMismatch,
		"This invitation is for %s, and you are signed in as %s. Sign out and follow the link again, or ask for an invitation to your own address.", masked, by.User.Email)
}

// confirm sends a mail to the invited address for somebody who holds a link that
// was handed over, whether or not the address has a user.
func (s *Service) confirm(ctx context.Context, by *access.Actor, i *ent.Invitation) (Accepted, error) {
	if err := s.book.Take(ctx, budget.MailByNetwork, budget.Network(by.Address), 1); err != nil {
		return Accepted{}, err
	}
	if err := s.book.Take(ctx, budget.ConfirmByAddress, i.EmailKey, 1); err != nil {
		return Accepted{}, err
	}
	err := db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		return event.Record(ctx, tx, &access.Actor{Name: "Whoever holds the link", Address: by.Address},
			event.Entry{AccountID: i.AccountID, Action: "invitation.confirmation_requested", Target: i.ID, TargetName: i.Email})
	})
	return Accepted{Mailed: err == nil}, err
}

type newcomer struct {
	name, hash string
	delivery   sessions.Delivery
}

// accept does it: everything is asked again under the lock of the account.
func (s *Service) accept(ctx context.Context, by *access.Actor, seen *ent.Invitation, who *newcomer) (Accepted, error) {
	var refusal error
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (Accepted, error) {
		refusal = nil
		none := Accepted{}
		accounts, err := s.gate.LockAccounts(ctx, tx, seen.AccountID)
		if err != nil {
			return none, err
		}
		q := tx.Invitation.Query().Where(invitation.ID(seen.ID))
		q.Modify(access.ForUpdate)
		i, err := q.Only(ctx)
		if err != nil {
			return none, err
		}
		if err := over(i); err != nil {
			return none, err
		}
		if i.Generation != seen.Generation {
			return none, dead() // sent anew in this moment
		}
		granter, err := s.gate.As(ctx, tx, i.GrantedByID, accounts, i.AccountID)
		if err != nil {
			return none, err
		}
		if err := granter.NeedOpen(); err != nil {
			return none, err
		}
		if !granter.Can(permission.Users) {
			refusal = fault.New(fault.InviterLostRights, "Who invited you may no longer do so. Ask for a new invitation.")
			return none, end(ctx, tx, access.Rule(), i, invitation.StateCANCELED, lostRights, "invitation.canceled")
		}
		if !access.Admits(granter.Account, granter.Parent, domainOf(i)) {
			refusal = notTaken(i)
			return none, end(ctx, tx, access.Rule(), i, invitation.StateCANCELED, otherDomains, "invitation.canceled")
		}
		o, err := s.gate.Cut(ctx, tx, granter, access.Offer{RoleIDs: i.RoleIds, Permissions: i.Permissions, Scope: i.SubAccountAccess, SubAccounts: i.SubAccountIds})
		if err != nil {
			return none, err
		}
		var out Accepted
		u, teller := by.User, by
		if who != nil {
			if u, err = s.sessions.Arrive(ctx, tx, address.Address{Display: i.Email, Key: i.EmailKey}, who.name, i.Locale, who.hash); err != nil {
				return none, err
			}
			teller = &access.Actor{Kind: access.Person, User: u, Address: by.Address}
			if out.Started, err = s.sessions.Begin(ctx, tx, by, u, who.delivery); err != nil {
				return none, err
			}
			if out.Started.Session, err = tx.Session.UpdateOne(out.Started.Session).SetActiveAccountID(i.AccountID).Save(ctx); err != nil {
				return none, err
			}
			if err := event.Record(ctx, tx, teller, event.Entry{UserID: u.ID, Action: "user.signed_up", Target: u.ID, TargetName: u.Name}); err != nil {
				return none, err
			}
		}
		if out.Membership, err = s.join(ctx, tx, teller, i, u, o); err != nil {
			return none, err
		}
		out.Membership.Edges.User, out.Membership.Edges.Account = u, granter.Account
		return out, nil
	})
	if refusal != nil && err == nil {
		return Accepted{}, refusal
	}
	if db.IsUniqueOn(err, user.FieldEmailKey) && who != nil {
		return Accepted{}, signInAs(seen) // signed up in this very moment
	}
	if db.IsForeignKey(err) && who == nil {
		return Accepted{}, fault.SignIn() // deleted their user in this very moment
	}
	if err != nil {
		return Accepted{}, err
	}
	by.Forget()
	if out.Started != nil {
		sessions.Become(by, out.Started)
	}
	return out, nil
}

func (s *Service) join(ctx context.Context, tx *ent.Tx, by *access.Actor, i *ent.Invitation, u *ent.User, o access.Offer) (*ent.Membership, error) {
	m, err := tx.Membership.Query().Where(entmembership.AccountID(i.AccountID), entmembership.UserID(u.ID)).Only(ctx)
	switch {
	case err == nil && !access.Active(m):
		return nil, fault.New(fault.MembershipDeactivated, "You are a member already, and deactivated. Ask to be reactivated.")
	case err == nil:
	case ent.IsNotFound(err):
		if m, err = membership.Add(ctx, tx, i.AccountID, u.ID, o, i); err != nil {
			return nil, err
		}
		after := membership.Words(m.RoleIds, m.Permissions, m.SubAccountAccess, m.SubAccountIds)
		if m.AccessEndsAt != nil {
			after["accessEndsAt"] = m.AccessEndsAt.UTC()
		}
		if err := event.Record(ctx, tx, by, event.Entry{AccountID: i.AccountID, Action: "member.joined", Target: m.ID, TargetName: u.Name, After: after}); err != nil {
			return nil, err
		}
	default:
		return nil, err
	}
	if err := tx.Invitation.UpdateOne(i).SetAcceptedByID(u.ID).Exec(ctx); err != nil {
		return nil, err
	}
	if i.ContactID != nil {
		n, err := tx.Contact.Update().Where(entcontact.ID(*i.ContactID), entcontact.EmailKey(i.EmailKey)).SetMembershipID(m.ID).Save(ctx)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			if err := event.Record(ctx, tx, by, event.Entry{AccountID: i.AccountID, Action: "contact.linked", Target: *i.ContactID,
				TargetName: i.Email, After: map[string]any{"membershipId": m.ID}}); err != nil {
				return nil, err
			}
		}
	}
	return m, end(ctx, tx, by, i, invitation.StateACCEPTED, "", "invitation.accepted")
}

// Decline says no. Refusals: INVALID_TOKEN, NOT_FOUND, UNAUTHENTICATED,
// INVITATION_EMAIL_MISMATCH, and those of an invitation that no longer waits.
func (s *Service) Decline(ctx context.Context, by *access.Actor, token, invitationID *string) (string, error) {
	i, mailed, err := s.named(ctx, by, token, invitationID)
	if err != nil {
		return "", err
	}
	if err := over(i); err != nil {
		return "", err
	}
	if !mailed && by.UserID() == "" {
		return "", fault.SignIn() // the link proves nothing about who holds it
	}
	if by.Kind == access.Person && by.User.EmailKey != i.EmailKey {
		_, err := mismatch(by, i, mailed)
		return "", err
	}
	return i.ID, s.refuse(ctx, by, i, false)
}

// Report declines an invitation from somebody unknown and keeps the account from
// inviting the address again. Refusals: INVALID_TOKEN, RATE_LIMITED.
func (s *Service) Report(ctx context.Context, by *access.Actor, token string) error {
	if err := s.book.Take(ctx, budget.TokenByNetwork, budget.Network(by.Address), 1); err != nil {
		return err
	}
	claim, err := s.keys.Open(link.UnknownSender, token)
	if err != nil {
		return dead()
	}
	i, err := s.client.Invitation.Get(ctx, claim.ID)
	if ent.IsNotFound(err) {
		return dead()
	}
	if err != nil {
		return err
	}
	return s.refuse(ctx, by, i, true)
}

// refuse ends a waiting invitation as declined, and for good if asked.
func (s *Service) refuse(ctx context.Context, by *access.Actor, seen *ent.Invitation, forGood bool) error {
	teller := by
	if by.Kind != access.Person {
		teller = &access.Actor{Name: "The invited person", Address: by.Address}
	}
	return db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		if _, err := s.gate.LockAccounts(ctx, tx, seen.AccountID); err != nil {
			return err
		}
		i, err := tx.Invitation.Get(ctx, seen.ID)
		if err != nil {
			return err
		}
		gone := over(i)
		if gone != nil && !forGood {
			return gone
		}
		if gone != nil {
			// An old mail: what is refused for good is what waits now.
			newer, err := tx.Invitation.Query().Where(invitation.AccountID(i.AccountID), invitation.EmailKey(i.EmailKey), membership.Waiting()).Only(ctx)
			if err == nil {
				i, gone = newer, nil
			} else if !ent.IsNotFound(err) {
				return err
			}
		}
		if forGood {
			blocked, err := tx.Block.Query().Where(block.AccountID(i.AccountID), block.EmailKey(i.EmailKey)).Exist(ctx)
			if err != nil {
				return err
			}
			if !blocked {
				if err := tx.Block.Create().SetAccountID(i.AccountID).SetEmailKey(i.EmailKey).Exec(ctx); err != nil {
					return err
				}
				if err := event.Record(ctx, tx, teller, event.Entry{AccountID: i.AccountID, Action: "invitation.reported", Target: i.ID, TargetName: i.Email}); err != nil {
					return err
				}
			}
		}
		if gone != nil {
			return nil
		}
		return end(ctx, tx, teller, i, invitation.StateDECLINED, "", "invitation.declined")
	})
}

// Filter narrows a list of invitations. Empty fields do not.
type Filter struct {
	State  *invitation.State
	Search string
}

// List pages through the invitations of an account, newest first. Refusals: as
// access.Gate.Require for users, BAD_INPUT.
func (s *Service) List(ctx context.Context, by *access.Actor, accountID string, f Filter, r page.Request) (page.Page[*ent.Invitation], error) {
	none := page.Page[*ent.Invitation]{}
	st, err := s.gate.Require(ctx, by, accountID, permission.Users)
	if err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	p, err := page.Read(ctx, s.client, by.Ahead(f.key(accountID, r)), func() *page.Asked[*ent.Invitation] { return s.ask(accountID, f, r) })
	if err != nil {
		return none, fmt.Errorf("list invitations: %w", err)
	}
	for _, i := range p.Items {
		i.AccountID, i.Edges.Account = accountID, st.Account
	}
	return p, nil
}

// Ahead is the page that List reads, to be read with the session.
func (s *Service) Ahead(accountID string, f Filter, r page.Request) page.Ahead {
	return page.Ahead{Key: f.key(accountID, r), Page: s.ask(accountID, f, r)}
}

// key is the key of a page that may be read ahead.
func (f Filter) key(accountID string, r page.Request) page.Key {
	if f.Search != "" {
		return page.Key{}
	}
	k := page.Key{List: invitation.Table, AccountID: accountID, After: r.After, First: r.First}
	if f.State != nil {
		k.State = string(*f.State)
	}
	return k
}

// ask asks for a page of the invitations of an account.
func (s *Service) ask(accountID string, f Filter, r page.Request) *page.Asked[*ent.Invitation] {
	columns, read := r.Columns(shown)
	list := page.List{Table: invitation.Table, Read: read, Newest: true}
	inviter := r.Asks("invitedBy")
	if inviter {
		list.Read += ", u.name, u.email"
		list.Join = " JOIN users u ON u.id = l.invited_by_id"
	}
	q := list.Of(accountID)
	if f.State != nil {
		switch *f.State {
		case invitation.StatePENDING:
			q.Narrow("l.state = 'PENDING' AND l.expires_at > ?", instant.Now())
		case invitation.StateEXPIRED:
			q.Narrow("(l.state = 'EXPIRED' OR l.state = 'PENDING' AND l.expires_at <= ?)", instant.Now())
		default:
			q.Narrow("l.state = ?", *f.State)
		}
	}
	if f.Search != "" {
		q.Search("l.search", text.Fold(f.Search))
	}
	var (
		i ent.Invitation
		u ent.User
	)
	places := i.Places(columns)
	if inviter {
		places = append(places, column.Text(&u.Name), column.Text(&u.Email))
	}
	var rows page.Rows[ent.Invitation]
	return page.Ask(q, r, places, func() *ent.Invitation {
		row := rows.Next()
		*row = i
		if inviter {
			row.Edges.InvitedBy = &ent.User{ID: i.InvitedByID, Name: u.Name, Email: u.Email}
		}
		return row
	})
}

// shown are the columns of invitations that are read for one field only, or none.
var shown = &page.Columns{All: invitation.Columns, Shown: map[string][]string{
	invitation.FieldID: {"id", "edges", "pageInfo"}, invitation.FieldState: {"state"}, invitation.FieldExpiresAt: {"expiresAt", "state"},
	invitation.FieldName: {"name"}, invitation.FieldMessage: {"message"}, invitation.FieldSends: {"sends"}, invitation.FieldSentAt: {"sentAt"},
	invitation.FieldEndedAt: {"endedAt"}, invitation.FieldAccessEndsAt: {"accessEndsAt"}, invitation.FieldCreatedAt: {"createdAt"}, invitation.FieldPermissions: {"permissions"},
	invitation.FieldRoleIds: {"roles"}, invitation.FieldSubAccountAccess: {"subAccountAccess"}, invitation.FieldSubAccountIds: {}, invitation.FieldInvitedByID: {"invitedBy"},
	invitation.FieldSearch: {}, invitation.FieldEmailKey: {}, invitation.FieldEndedReason: {}, invitation.FieldGeneration: {}, invitation.FieldLocale: {},
	invitation.FieldAccountID: {}, invitation.FieldMailed: {}, invitation.FieldRemindedAt: {}, invitation.FieldGrantedByID: {}, invitation.FieldAcceptedByID: {}, invitation.FieldContactID: {},
}}

// Mine lists the invitations that wait for the actor's address, newest first.
// Refusals: UNAUTHENTICATED.
func (s *Service) Mine(ctx context.Context, by *access.Actor) ([]*ent.Invitation, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	return s.client.Invitation.Query().Where(invitation.EmailKey(by.User.EmailKey), membership.Waiting(),
		invitation.HasAccountWith(account.StateNEQ(account.StateCLOSED))).
		WithAccount().WithInvitedBy().Order(ent.Desc(invitation.FieldID)).Limit(100).All(ctx)
}

// Get returns an invitation that the actor may see: to their own address, or of
// an account where they hold users. Refusals: UNAUTHENTICATED, NOT_FOUND.
func (s *Service) Get(ctx context.Context, by *access.Actor, invitationID string) (*ent.Invitation, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	if by.Kind == access.Person {
		i, err := s.mine(ctx, by, invitationID)
		if err == nil || !fault.Has(err, fault.NotFound) {
			return i, err
		}
	}
	if !id.Is(id.Invitation, invitationID) {
		return nil, fault.Missing("invitation")
	}
	i, err := s.client.Invitation.Get(ctx, invitationID)
	if ent.IsNotFound(err) {
		return nil, s.gate.Absent(ctx, by, "invitation")
	}
	if err != nil {
		return nil, err
	}
	if _, err := s.gate.Require(ctx, by, i.AccountID, permission.Users); err != nil {
		return nil, fault.Hide(err, "invitation")
	}
	// What belongs to it only now, so that the time does not tell that it is there.
	if i.Edges.Account, err = i.QueryAccount().Only(ctx); err != nil {
		return nil, err
	}
	i.Edges.InvitedBy, err = i.QueryInvitedBy().Only(ctx)
	return i, err
}
