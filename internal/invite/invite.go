// Package invite holds the life of an invitation: sent, resent, accepted,
// declined, canceled, lapsed.
package invite

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/block"
	"tenantry/ent/invitation"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/membership"
	"tenantry/internal/once"
	"tenantry/internal/permission"
	"tenantry/internal/session"
	"tenantry/internal/text"
)

// Limits of invitations.
const (
	MaxAtOnce = 200
	MaxSends  = 5
	Cooldown  = time.Minute
)

// Config says how invitations behave. The zero value has the defaults.
type Config struct {
	// Lifetime is how long a link can be accepted, 1 to 30 days: 7 days.
	Lifetime time.Duration
	// MaxPending is how many of an account may wait at once: 500.
	MaxPending int
	// SendsADay is how many an account sends a day: 1,000.
	SendsADay int
}

// Service manages invitations.
type Service struct {
	client   *ent.Client
	gate     *access.Gate
	sessions *session.Service
	book     *budget.Book
	keys     *link.Keyring
	site     *link.Site
	config   Config
	surveys  db.Texts
}

// New returns a service.
func New(d *db.DB, gate *access.Gate, sessions *session.Service, book *budget.Book, keys *link.Keyring, site *link.Site, c Config) *Service {
	if c.Lifetime == 0 {
		c.Lifetime = 7 * 24 * time.Hour
	}
	if c.MaxPending == 0 {
		c.MaxPending = 500
	}
	if c.SendsADay == 0 {
		c.SendsADay = budget.SendsByAccount.Count
	}
	return &Service{client: d.Client, gate: gate, sessions: sessions, book: book, keys: keys, site: site, config: c}
}

// Outcome is what became of one address.
type Outcome string

// The outcomes.
const (
	Sent              Outcome = "SENT"
	LinkCreated       Outcome = "LINK_CREATED"
	AlreadyMember     Outcome = "SKIPPED_ALREADY_MEMBER"
	AlreadyInvited    Outcome = "SKIPPED_ALREADY_INVITED"
	DeactivatedMember Outcome = "SKIPPED_DEACTIVATED_MEMBER"
	DisposableAddress Outcome = "SKIPPED_DISPOSABLE_ADDRESS"
	InvalidAddress    Outcome = "SKIPPED_INVALID_ADDRESS"
	Duplicate         Outcome = "SKIPPED_DUPLICATE"
	DomainNotAllowed  Outcome = "SKIPPED_DOMAIN_NOT_ALLOWED"
	Quota             Outcome = "SKIPPED_QUOTA"
)

// Invitee is somebody to invite.
type Invitee struct{ Email, Name string }

// Draft is whom to invite, and to what.
type Draft struct {
	AccountID      string
	Invitees       []Invitee
	Offer          access.Offer
	Message        string
	Locale         string
	SendEmail      bool
	DryRun         bool
	Acknowledged   bool   `json:"-"`
	IdempotencyKey string `json:"-"`
	// ContactID is the contact whose login this is; empty for none.
	ContactID string
	// Ends is until when the access of whoever accepts lasts.
	Ends membership.End `json:",omitzero"`
}

// Result is what became of one row.
type Result struct {
	Email      string
	Outcome    Outcome
	Message    string
	Invitation *ent.Invitation `json:"-"`
	// Link is shown once, where nothing was mailed. It is computed, not kept.
	Link *string `json:"-"`
	// InvitationID and Generation are kept for the same request again.
	InvitationID string
	Generation   int
}

// Invite asks people to join, one result for each in order. The warnings come
// with a refusal as well. Refusals of the whole: NOT_FOUND, FORBIDDEN,
// BAD_INPUT, CONFLICT, PERMISSION_OUT_OF_REACH, ROLE_TYPE_CEILING,
// RISK_NOT_ACKNOWLEDGED, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Invite(ctx context.Context, by *access.Actor, d Draft) ([]*Result, []permission.Warning, error) {
	warnings := []permission.Warning{}
	key := d.IdempotencyKey
	if d.DryRun {
		key = ""
	}
	results, err := once.InTx(ctx, s.client, by, "inviteUsers", key, d, func(tx *ent.Tx) ([]*Result, error) {
		st, err := s.gate.Trust(ctx, tx, by, d.AccountID, permission.Users)
		if err != nil {
			return nil, err
		}
		var rows []*Result
		rows, warnings, err = s.InviteTx(ctx, tx, by, st, d)
		return rows, err
	})
	if err == nil && key != "" {
		// The same request again is answered to nobody who could no longer make it.
		_, err = s.gate.Require(ctx, by, d.AccountID, permission.Users)
	}
	if err != nil {
		return []*Result{}, warnings, err
	}
	return results, warnings, s.fill(ctx, results, d.SendEmail)
}

// fill completes results: it reads the invitations of a request that was made
// before, and makes the links that were asked for.
func (s *Service) fill(ctx context.Context, results []*Result, mailed bool) error {
	var ids []string
	for _, r := range results {
		if r.InvitationID != "" && r.Invitation == nil {
			ids = append(ids, r.InvitationID)
		}
	}
	byID := map[string]*ent.Invitation{}
	if len(ids) > 0 {
		rows, err := s.client.Invitation.Query().Where(invitation.IDIn(ids...)).WithAccount().WithInvitedBy().All(ctx)
		if err != nil {
			return fmt.Errorf("read invitations: %w", err)
		}
		for _, i := range rows {
			byID[i.ID] = i
		}
	}
	for _, r := range results {
		if r.Invitation == nil {
			r.Invitation = byID[r.InvitationID]
		}
		// A link that was replaced since is not shown in place of the first one.
		if r.Invitation != nil && !mailed && !r.Invitation.Mailed && r.Invitation.Generation == r.Generation {
			r.Link = s.handOver(r.Invitation)
		}
	}
	return nil
}

// Fill completes one result of InviteTx.
func (s *Service) Fill(ctx context.Context, r *Result) error {
	if r == nil {
		return nil
	}
	return s.fill(ctx, []*Result{r}, true)
}

func (s *Service) handOver(i *ent.Invitation) *string {
	l := s.site.Invitation(Claim(i), false)
	return &l
}

// Claim is what the links of an invitation assert.
func Claim(i *ent.Invitation) link.Claim {
	return link.Claim{ID: i.ID, Generation: i.Generation, ExpiresAt: i.ExpiresAt}
}

// InviteTx is Invite in a transaction that has locked the account and asked for
// the permission. A dry run writes nothing and does not ask for acknowledgement.
func (s *Service) InviteTx(ctx context.Context, tx *ent.Tx, by *access.Actor, st *access.Standing, d Draft) ([]*Result, []permission.Warning, error) {
	warnings, err := s.judge(ctx, tx, st, &d)
	if err != nil {
		return nil, warnings, err
	}
	results, fresh := s.sort(d)
	known, err := s.survey(ctx, tx, st, fresh)
	if err != nil {
		return nil, warnings, err
	}
	fresh = s.ration(d, known, strike(by, st, known, fresh))
	outcome, said := Sent, "A mail is on its way."
	if !d.SendEmail {
		outcome, said = LinkCreated, "Hand the link over yourself."
	}
	for _, c := range fresh {
		c.result.Outcome, c.result.Message = outcome, said
	}
	if d.DryRun || len(fresh) == 0 {
		return results, warnings, nil
	}
	if err := s.spend(ctx, tx, known, d, fresh); err != nil {
		return nil, warnings, err
	}
	return results, warnings, s.write(ctx, tx, by, st.Account, d, known, fresh)
}

// judge refuses what is wrong with the whole.
func (s *Service) judge(ctx context.Context, tx *ent.Tx, st *access.Standing, d *Draft) ([]permission.Warning, error) {
	none := []permission.Warning{}
	if n := len(d.Invitees); n < 1 || n > MaxAtOnce {
		return none, fault.On("emails", fault.BadInput, "Invite 1 to %d people at once, not %d.", MaxAtOnce, n)
	}
	var err error
	if d.Message, err = text.Block("message", d.Message, 500); err != nil {
		return none, err
	}
	if text.HasLink(d.Message) {
		return none, fault.On("message", fault.BadInput, "Web addresses are not allowed here: the mail has the only link that is needed.")
	}
	if d.Locale, err = text.Locale("locale", d.Locale); err != nil {
		return none, err
	}
	if err := s.fits(&d.Ends); err != nil {
		return none, err
	}
	grant, err := s.gate.Resolve(ctx, tx, st, &d.Offer)
	if err != nil {
		return none, err
	}
	c := s.gate.Catalogue()
	warnings := c.Warnings(c.Effective(grant), permission.Set{})
	if err := s.gate.Delegate(ctx, tx, st, permission.Reach{}, c.Reach(st.Account.ID, grant)); err != nil {
		return warnings, err
	}
	return warnings, access.Acknowledge(warnings, d.Acknowledged || d.DryRun)
}

// fits refuses an end of the access that an invitation cannot have: what nobody could
// accept in time.
func (s *Service) fits(e *membership.End) error {
	if err := e.Check(); err != nil {
		return err
	}
	if now := instant.Now(); !s.lapses(now, e.At).After(now) {
		return fault.On("accessEndsAt", fault.BadInput, "This is too soon for anybody to accept before.")
	}
	return nil
}

// lapses returns until when an invitation that is sent now can be accepted: no longer
// than the access would last that it offers.
func (s *Service) lapses(now time.Time, ends *time.Time) time.Time {
	at := now.Add(s.config.Lifetime)
	if ends != nil && ends.Before(at) {
		at = *ends
	}
	return instant.Second(at)
}

// candidate is a row that nothing speaks against so far.
type candidate struct {
	address address.Address
	name    string
	result  *Result
	// budget is the one of the address, by its id.
	budget string
}

// sort says what becomes of each row as far as the addresses alone decide it.
func (s *Service) sort(d Draft) ([]*Result, []candidate) {
	results, fresh, seen := make([]*Result, len(d.Invitees)), []candidate{}, map[string]bool{}
	for i, one := range d.Invitees {
		r := &Result{Email: one.Email}
		results[i] = r
		a, err := address.Parse(one.Email)
		name, unfit := text.Line("name", one.Name, false, 100)
		switch {
		case err != nil:
			r.Outcome, r.Message = InvalidAddress, err.Error()
		case unfit != nil:
			r.Outcome, r.Message = InvalidAddress, "The name cannot be used. "+fault.All(unfit)[0].Message
		case seen[a.Key]:
			r.Outcome, r.Message = Duplicate, "The same address stands above."
		case address.IsDisposable(a.Domain):
			r.Outcome, r.Message = DisposableAddress, "Throw-away addresses cannot be invited."
		default:
			seen[a.Key] = true
			fresh = append(fresh, candidate{a, name, r, s.book.ID(budget.InviteByAddress, a.Key)})
		}
	}
	return results, fresh
}

// elsewhere says that an account takes in no addresses of a domain.
func elsewhere(domain string) string {
	return "Addresses at " + domain + " are not among those that the account takes in."
}

// strike takes out members, people whose address the account does not take in, people
// who were invited and people who do not want to be.
func strike(by *access.Actor, st *access.Standing, k known, all []candidate) (fresh []candidate) {
	for _, c := range all {
		r, key := c.result, c.address.Key
		switch {
		case k.deactivated[key]:
			r.Outcome, r.Message = DeactivatedMember, "They are a deactivated member. Reactivate them instead."
		// Nobody gives themself a membership that outlasts the access they have through
		// the parent.
		case key == by.Behind().EmailKey:
			r.Outcome, r.Message = AlreadyMember, "You belong to the account."
		case key == k.owner:
			r.Outcome, r.Message = AlreadyMember, "They own the account."
		case k.members[key]:
			r.Outcome, r.Message = AlreadyMember, "They belong to the account."
		case !access.Admits(st.Account, st.Parent, c.address.Domain):
			r.Outcome, r.Message = DomainNotAllowed, elsewhere(c.address.Domain)
		case k.waiting[key]:
			r.Outcome, r.Message = AlreadyInvited, "An invitation is waiting already. Resend it instead."
		case k.blocked[key]:
			r.Outcome, r.Message = Quota, unwanted
		default:
			fresh = append(fresh, c)
		}
	}
	return fresh
}

const unwanted = "This address does not want invitations from this account."

// ration keeps to the limits of the account and of each address.
func (s *Service) ration(d Draft, k known, fresh []candidate) []candidate {
	refuse := func(from int, why string) {
		for _, c := range fresh[from:] {
			c.result.Outcome, c.result.Message = Quota, why
		}
		fresh = fresh[:from]
	}
	if d.SendEmail {
		fresh = slices.DeleteFunc(fresh, func(c candidate) bool {
			often := budget.InviteByAddress.Left(k.budgets[c.budget]) == 0
			if often {
				c.result.Outcome, c.result.Message = Quota, tooOften
			}
			return often
		})
	}
	if room := max(s.config.MaxPending-k.pending, 0); room < len(fresh) {
		refuse(room, fmt.Sprintf("At most %d invitations can wait at once.", s.config.MaxPending))
	}
	if n := s.sends().Left(k.budgets[k.sends]); n < len(fresh) {
		refuse(n, fmt.Sprintf("An account sends at most %d invitations a day.", s.config.SendsADay))
	}
	return fresh
}

const tooOften = "This address was invited too often today."

// sends is the budget of invitations that an account sends.
func (s *Service) sends() budget.Rule {
	rule := budget.SendsByAccount
	rule.Count = s.config.SendsADay
	return rule
}

// spend uses what ration has found to be there. An address can have been used up
// from another account in this moment, which the next survey sees.
func (s *Service) spend(ctx context.Context, tx *ent.Tx, k known, d Draft, fresh []candidate) error {
	asks := []budget.Ask{{Rule: s.sends(), ID: k.sends, N: len(fresh)}}
	if d.SendEmail {
		for _, c := range fresh {
			asks = append(asks, budget.Ask{Rule: budget.InviteByAddress, ID: c.budget, N: 1})
		}
	}
	return s.book.SpendAll(ctx, tx, asks...)
}

// write stores the invitations and tells of them.
func (s *Service) write(ctx context.Context, tx *ent.Tx, by *access.Actor, in *ent.Account, d Draft, k known, fresh []candidate) error {
	now := instant.Now()
	// Those that lapsed are written down now, since only one row of an address may
	// be PENDING.
	if len(k.lapsed) > 0 {
		if err := tx.Invitation.Update().Where(invitation.AccountID(in.ID), invitation.EmailKeyIn(k.lapsed...),
			membership.Pending()).SetState(invitation.StateEXPIRED).Exec(ctx); err != nil {
			return err
		}
	}
	rows, err := s.insert(ctx, tx, by, in.ID, d, fresh, now)
	if err != nil {
		return fmt.Errorf("write invitations: %w", err)
	}
	entries := make([]event.Entry, len(rows))
	after := told("invitation.sent", rows[0]).After // the same for all
	for i, row := range rows {
		row.Edges.Account, row.Edges.InvitedBy = in, by.Behind()
		r := fresh[i].result
		r.Invitation, r.InvitationID, r.Generation = row, row.ID, row.Generation
		entries[i] = event.Entry{AccountID: in.ID, Action: "invitation.sent", Target: row.ID, TargetName: row.Email, After: after}
	}
	return event.Record(ctx, tx, by, entries...)
}

var (
	own      = []string{invitation.FieldID, invitation.FieldEmail, invitation.FieldEmailKey, invitation.FieldName, invitation.FieldSearch}
	inviting = db.NewInsert(invitation.Table, []string{invitation.FieldCreatedAt, invitation.FieldAccountID, invitation.FieldRoleIds,
		invitation.FieldPermissions, invitation.FieldSubAccountAccess, invitation.FieldSubAccountIds, invitation.FieldMessage,
		invitation.FieldLocale, invitation.FieldMailed, invitation.FieldSentAt, invitation.FieldExpiresAt, invitation.FieldInvitedByID,
		invitation.FieldGrantedByID, invitation.FieldContactID, invitation.FieldAccessEndsAt}, own)
)

// insert stores invitations and returns them.
func (s *Service) insert(ctx context.Context, tx *ent.Tx, by *access.Actor, accountID string, d Draft, fresh []candidate, now time.Time) ([]*ent.Invitation, error) {
	o, expires := d.Offer, s.lapses(now, d.Ends.At)
	var contact *string
	if d.ContactID != "" {
		contact = &d.ContactID
	}
	rows, each := make([]*ent.Invitation, len(fresh)), make([]any, 0, len(fresh)*len(own))
	for i, one := range id.Sorted(id.Invitation, len(fresh)) {
		c := fresh[i]
		row := &ent.Invitation{ID: one, CreatedAt: now, AccountID: accountID, Email: c.address.Display, EmailKey: c.address.Key, Name: c.name,
			Search: text.Fold(c.name, c.address.Key), State: invitation.DefaultState, RoleIds: o.RoleIDs, Permissions: o.Permissions,
			SubAccountAccess: o.Scope, SubAccountIds: o.SubAccounts, Message: d.Message, Locale: d.Locale,
			Generation: invitation.DefaultGeneration, Mailed: d.SendEmail, Sends: invitation.DefaultSends, SentAt: now, ExpiresAt: expires,
			InvitedByID: by.BehindID(), GrantedByID: by.BehindID(), ContactID: contact, AccessEndsAt: d.Ends.At}
		rows[i] = row
		each = append(each, row.ID, row.Email, row.EmailKey, row.Name, row.Search)
	}
	shared := []any{now, accountID, db.JSON(o.RoleIDs), db.JSON(o.Permissions), string(o.Scope), db.JSON(o.SubAccounts), d.Message, d.Locale,
		d.SendEmail, now, expires, by.BehindID(), by.BehindID(), contact, d.Ends.At}
	return rows, inviting.Exec(db.Later(ctx), tx, shared, each) // the account is locked: nothing is in the way
}

func told(action string, i *ent.Invitation) event.Entry {
	after := membership.Words(i.RoleIds, i.Permissions, i.SubAccountAccess, i.SubAccountIds)
	after["mailed"], after["expiresAt"] = i.Mailed, i.ExpiresAt
	if i.AccessEndsAt != nil {
		after["accessEndsAt"] = i.AccessEndsAt.UTC()
	}
	return event.Entry{AccountID: i.AccountID, Action: action, Target: i.ID, TargetName: i.Email, After: after}
}

// State returns where an invitation stands: a lapsed one reads as EXPIRED with
// no job run.
func State(i *ent.Invitation) invitation.State {
	if i.State == invitation.StatePENDING && !instant.Now().Before(i.ExpiresAt) {
		return invitation.StateEXPIRED
	}
	return i.State
}

// over returns the refusal for an invitation that no longer waits, or nil.
func over(i *ent.Invitation) error {
	switch State(i) {
	case invitation.StateACCEPTED:
		return fault.New(fault.InvitationUsed, "This invitation was accepted already. Sign in to find the account.")
	case invitation.StateDECLINED:
		return fault.New(fault.InvitationDeclined, "This invitation was declined. Ask for a new one.")
	case invitation.StateCANCELED:
		if i.EndedReason == lostRights {
			return fault.New(fault.InviterLostRights, "Who invited you may no longer do so. Ask for a new invitation.")
		}
		if i.EndedReason == otherDomains {
			return notTaken(i)
		}
		return fault.New(fault.InvitationCanceled, "This invitation was withdrawn.")
	case invitation.StateEXPIRED:
		return fault.New(fault.InvitationExpired, "This invitation lapsed on %s. Ask for a new one.", i.ExpiresAt.Format("2 January 2006"))
	}
	return nil
}

// Why a rule canceled an invitation.
const (
	lostRights   = "who invited lost the right to"
	otherDomains = "the account takes in addresses of other domains only"
)

// notTaken is the refusal for an invitation to an address that the account took in
// when it was sent, and no longer does.
func notTaken(i *ent.Invitation) error {
	return fault.New(fault.InvitationCanceled, "%s Ask for an invitation to another address of yours.", elsewhere(domainOf(i)))
}

// domainOf returns the domain that an invitation is for.
func domainOf(i *ent.Invitation) string {
	_, domain, _ := strings.Cut(i.EmailKey, "@")
	return domain
}

// manage locks the account of an invitation for somebody who manages people.
func (s *Service) manage(ctx context.Context, tx *ent.Tx, by *access.Actor, invitationID string, lock func(context.Context, *ent.Tx, *access.Actor, string, permission.Key) (*access.Standing, error)) (*access.Standing, *ent.Invitation, error) {
	if err := by.NeedMember(); err != nil {
		return nil, nil, err
	}
	if !id.Is(id.Invitation, invitationID) {
		return nil, nil, fault.Missing("invitation")
	}
	found, err := tx.Invitation.Query().Where(invitation.ID(invitationID)).Select(invitation.FieldAccountID).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil, s.gate.AbsentIn(ctx, tx, by, "invitation")
	}
	if err != nil {
		return nil, nil, err
	}
	st, err := lock(ctx, tx, by, found.AccountID, permission.Users)
	if fault.Has(err, fault.NotFound) {
		return nil, nil, fault.Missing("invitation")
	}
	if err != nil {
		return nil, nil, err
	}
	i, err := tx.Invitation.Query().Where(invitation.ID(invitationID)).WithAccount().WithInvitedBy().Only(ctx)
	return st, i, err
}

// Resend is a new sending of an invitation. Nil fields leave the offer as it is.
type Resend struct {
	InvitationID string
	RoleIDs      []string
	Permissions  []permission.Key
	Scope        *permission.Scope
	SubAccounts  []string
	Ends         *membership.End
	SendEmail    bool
	Acknowledged bool
}

// Resent is what resending gives back.
type Resent struct {
	Invitation *ent.Invitation
	// Link is set where nothing was mailed.
	Link     *string
	Warnings []permission.Warning
}

// Resend sends an invitation again with a new link; older ones are dead. The
// actor becomes the one who must be able to give what is offered. Refusals:
// NOT_FOUND, FORBIDDEN, INVITATION_COOLDOWN, INVITATION_MAX_SENDS,
// INVITATION_USED, INVITATION_CANCELED, INVITATION_DECLINED,
// INVITATION_EXPIRED (a newer one took its place), QUOTA_EXCEEDED, RATE_LIMITED,
// BAD_INPUT (the account no longer takes in such addresses), and as Invite.
func (s *Service) Resend(ctx context.Context, by *access.Actor, r Resend) (Resent, error) {
	out := Resent{Warnings: []permission.Warning{}}
	i, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Invitation, error) {
		st, i, err := s.manage(ctx, tx, by, r.InvitationID, s.gate.Change)
		if err != nil {
			return nil, err
		}
		if i.State != invitation.StatePENDING {
			return nil, over(i)
		}
		if domain := domainOf(i); !access.Admits(st.Account, st.Parent, domain) {
			return nil, fault.On("invitationId", fault.BadInput, "%s", elsewhere(domain))
		}
		now := instant.Now()
		if i.Sends >= MaxSends {
			return nil, fault.New(fault.InvitationMaxSends, "This invitation was sent %d times, which is all. Cancel it and invite anew.", MaxSends)
		}
		if next := i.SentAt.Add(Cooldown); now.Before(next) {
			return nil, fault.Wait(fault.InvitationCooldown, next.Sub(now), "This invitation was sent a moment ago. Wait a minute between two sendings.")
		}
		blocked, err := tx.Block.Query().Where(block.AccountID(i.AccountID), block.EmailKey(i.EmailKey)).Exist(ctx)
		if err != nil {
			return nil, err
		}
		if blocked {
			return nil, fault.New(fault.QuotaExceeded, "%s", unwanted)
		}
		ends := membership.End{At: i.AccessEndsAt}
		if r.Ends != nil {
			ends = *r.Ends
		}
		if err := s.fits(&ends); err != nil {
			return nil, err
		}
		o := offered(i, r)
		grant, err := s.gate.Resolve(ctx, tx, st, &o)
		if err != nil {
			return nil, err
		}
		c := s.gate.Catalogue()
		out.Warnings = c.Warnings(c.Effective(grant), permission.Set{})
		if err := s.gate.Delegate(ctx, tx, st, permission.Reach{}, c.Reach(st.Account.ID, grant)); err != nil {
			return nil, err
		}
		if err := access.Acknowledge(out.Warnings, r.Acknowledged); err != nil {
			return nil, err
		}
		if err := s.rationOne(ctx, tx, i, r.SendEmail); err != nil {
			return nil, err
		}
		account, inviter := i.Edges.Account, i.Edges.InvitedBy
		q := tx.Invitation.UpdateOne(i)
		if q.SetNillableAccessEndsAt(ends.At); ends.At == nil {
			q.ClearAccessEndsAt()
		}
		if i, err = q.SetRoleIds(o.RoleIDs).SetPermissions(o.Permissions).
			SetSubAccountAccess(o.Scope).SetSubAccountIds(o.SubAccounts).SetMailed(r.SendEmail).SetGrantedByID(by.BehindID()).
			SetSentAt(now).SetExpiresAt(s.lapses(now, ends.At)).ClearRemindedAt().
			AddGeneration(1).AddSends(1).Save(ctx); err != nil {
			return nil, err
		}
		i.Edges.Account, i.Edges.InvitedBy = account, inviter
		return i, event.Record(ctx, tx, by, told("invitation.resent", i))
	})
	if err != nil {
		return out, err
	}
	if out.Invitation = i; !r.SendEmail {
		out.Link = s.handOver(i)
	}
	return out, nil
}

func offered(i *ent.Invitation, r Resend) access.Offer {
	o := access.Offer{RoleIDs: i.RoleIds, Permissions: i.Permissions, Scope: i.SubAccountAccess, SubAccounts: i.SubAccountIds}
	if r.RoleIDs != nil {
		o.RoleIDs = r.RoleIDs
	}
	if r.Permissions != nil {
		o.Permissions = r.Permissions
	}
	if r.Scope != nil {
		o.Scope = *r.Scope
		if r.SubAccounts == nil && o.Scope != permission.ScopeSelected {
			o.SubAccounts = nil
		}
	}
	if r.SubAccounts != nil {
		o.SubAccounts = r.SubAccounts
	}
	return o
}

func (s *Service) rationOne(ctx context.Context, tx *ent.Tx, i *ent.Invitation, mailed bool) error {
	if State(i) == invitation.StateEXPIRED {
		pending, err := tx.Invitation.Query().Where(invitation.AccountID(i.AccountID), membership.Waiting()).Count(ctx)
		if err != nil {
			return err
		}
		if pending >= s.config.MaxPending {
			return fault.New(fault.QuotaExceeded, "At most %d invitations can wait at once.", s.config.MaxPending)
		}
	}
	account, address := s.book.ID(s.sends(), i.AccountID), s.book.ID(budget.InviteByAddress, i.EmailKey)
	asks := []budget.Ask{{Rule: s.sends(), ID: account, N: 1}}
	if mailed {
		asks = append(asks, budget.Ask{Rule: budget.InviteByAddress, ID: address, N: 1})
	}
	granted, err := s.book.Spend(ctx, tx, asks...)
	switch {
	case err != nil:
		return err
	case !granted[account]:
		return fault.New(fault.QuotaExceeded, "An account sends at most %d invitations a day.", s.config.SendsADay)
	case mailed && !granted[address]:
		return fault.Wait(fault.RateLimited, time.Hour, tooOften)
	}
	return nil
}

// Cancel withdraws an invitation. Refusals: NOT_FOUND, FORBIDDEN,
// INVITATION_USED, INVITATION_DECLINED, INVITATION_CANCELED,
// INVITATION_EXPIRED, ACCOUNT_CLOSED.
func (s *Service) Cancel(ctx context.Context, by *access.Actor, invitationID string) (*ent.Invitation, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Invitation, error) {
		_, i, err := s.manage(ctx, tx, by, invitationID, s.gate.Narrow)
		if err != nil {
			return nil, err
		}
		if err := over(i); err != nil {
			return nil, err
		}
		return i, s.CancelTx(ctx, tx, by, i, "")
	})
}

// CancelTx withdraws a waiting invitation in a transaction that has locked the
// account, and changes the row in place.
func (s *Service) CancelTx(ctx context.Context, tx *ent.Tx, by *access.Actor, i *ent.Invitation, reason string) error {
	return end(ctx, tx, by, i, invitation.StateCANCELED, reason, "invitation.canceled")
}

func end(ctx context.Context, tx *ent.Tx, by *access.Actor, i *ent.Invitation, to invitation.State, reason, action string) error {
	now := instant.Now()
	if err := tx.Invitation.UpdateOneID(i.ID).SetState(to).SetEndedReason(reason).SetEndedAt(now).Exec(ctx); err != nil {
		return err
	}
	i.State, i.EndedReason, i.EndedAt = to, reason, &now
	e := event.Entry{AccountID: i.AccountID, Action: action, Target: i.ID, TargetName: i.Email}
	if reason != "" {
		e.After = map[string]any{"reason": reason}
	}
	return event.Record(ctx, tx, by, e)
}

// Remind records that invitations lapse within a day, once each, so that their
// mail follows.
func (s *Service) Remind(ctx context.Context) error {
	now := instant.Now()
	for {
		n, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (int, error) {
			q := tx.Invitation.Query().Where(membership.Waiting(), invitation.ExpiresAtLTE(now.Add(24*time.Hour)),
				invitation.RemindedAtIsNil(), invitation.Mailed(true), invitation.SentAtLTE(now.Add(-24*time.Hour)),
				invitation.HasAccountWith(account.StateEQ(account.StateACTIVE))).Limit(100)
			q.Modify(access.SkipLocked)
			rows, err := q.All(ctx)
			if err != nil || len(rows) == 0 {
				return 0, err
			}
			var ids []string
			var entries []event.Entry
			for _, i := range rows {
				ids = append(ids, i.ID)
				entries = append(entries, event.Entry{AccountID: i.AccountID, Action: "invitation.reminded", Target: i.ID, TargetName: i.Email})
			}
			if err := tx.Invitation.Update().Where(invitation.IDIn(ids...)).SetRemindedAt(now).Exec(ctx); err != nil {
				return 0, err
			}
			return len(rows), event.Record(ctx, tx, access.Rule(), entries...)
		})
		if err != nil || n < 100 {
			return err
		}
	}
}

// called is what an invited person is called who gave no name.
func called(i *ent.Invitation, name *string) string {
	if name != nil && strings.TrimSpace(*name) != "" {
		return *name
	}
	return i.Name
}
