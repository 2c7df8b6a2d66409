// Package notify tells people and contacts: one delivery for each recipient and
// channel, written with the mark of the event or notification that it follows from,
// and sent after that, tried again until it is accepted.
package notify

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/event"
	"tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/permission"
	"tenantry/internal/yield"
)

// Service owes and sends what people and contacts are told.
type Service struct {
	client   *ent.Client
	gate     *access.Gate
	book     *budget.Book
	site     *link.Site
	sender   mail.Sender
	brand    mail.Brand
	pace     Pace
	wake     chan struct{}
	hosts    hosts
	requests *yield.Requests
	// channels are the ways out for what contacts are told.
	channels map[permission.Channel]Channel
	// claiming, fanning and holding are statements that lock what they read.
	claiming, fanning string
	holding           func(string) string
}

// Pace is how much leaves in a second of what many get. Zero is the default.
type Pace struct {
	// Domain is how much goes to one domain of addresses, or to one host; Account is how
	// much goes to the contacts of one account.
	Domain, Account int
}

// New returns a service that sends mail; see Use for other channels.
func New(d *db.DB, gate *access.Gate, book *budget.Book, site *link.Site, sender mail.Sender, brand mail.Brand, pace Pace) *Service {
	s := &Service{client: d.Client, gate: gate, book: book, site: site, sender: sender, brand: brand,
		pace: Pace{cmp.Or(pace.Domain, 20), cmp.Or(pace.Account, 50)}, wake: make(chan struct{}, 1),
		channels: map[permission.Channel]Channel{}, claiming: d.SkipLocked(claiming), fanning: d.SkipLocked(fanning), holding: d.ForUpdate}
	s.Use(permission.Email, letters{s})
	return s
}

// Yield has Run rest for longer while such requests wait. It is for before it runs.
func (s *Service) Yield(to *yield.Requests) { s.requests = to }

// The mails that are owed, by kind. Some kinds become one of two letters when
// they are sent, by what is true then.
const (
	kindSignUp             = "sign_up"
	kindPasswordReset      = "password_reset"
	kindRecovery           = "recovery_link"
	kindSecurityNotice     = "security_notice"
	kindActivityDenied     = "activity_denied"
	kindSessionsEnded      = "sessions_ended"
	kindInvitation         = "invitation"
	kindReminder           = "invitation_reminder"
	kindConfirm            = "confirm_invited_address"
	kindTransferRequested  = "ownership_transfer_requested"
	kindTransferred        = "ownership_transferred"
	kindTransferDeclined   = "ownership_transfer_declined"
	kindTransferCanceled   = "ownership_transfer_canceled"
	kindTransferAnnounced  = account.NoticeKind
	kindTransferAssigned   = "ownership_transfer_assigned"
	kindTransferStopped    = "ownership_transfer_stopped"
	kindAccountReady       = "account_ready"
	kindAccountOrdered     = "account_ordered"
	kindMemberRemoved      = "member_removed"
	kindMemberDeactivated  = "member_deactivated"
	kindAccessEnded        = "access_ended"
	kindMemberReactivated  = "member_reactivated"
	kindPermissionsChanged = "permissions_changed"
	kindAccountClosed      = "account_closed"
	kindTwoFactorRequired  = "two_factor_required"
	kindTwoFactorReminder  = "two_factor_reminder"
	kindEmailChange        = "email_change"
	kindEmailRequested     = "email_change_requested"
	kindEmailChanged       = "email_changed"
	kindEmailRestored      = "email_restored"
	kindUserDeleted        = "user_deleted"
	kindVerifyContact      = "contact_verification"
)

// What contacts are told. The letter goes by the kind of the notification; of a
// delivery the kind says only whom it is for.
const (
	kindNotification = "notification"
	// kindFallback is a delivery to the owner, since no contact gets it.
	kindFallback           = "notification_to_owner"
	kindInvitationAccepted = "invitation_accepted"
	kindMemberLeft         = "member_left"
	kindPermissionsWidened = "permissions_widened"
	kindAccessEnding       = "access_ending"
)

// owed is a message to somebody. What is not about contacts has the first two lines
// only.
type owed struct {
	kind, subject         string
	to, key, name, locale string
	data                  map[string]string

	notification string
	channel      permission.Channel
	contact      string
	webhook      string
	rule         permission.Rule
	domain       string
	lane         int
	// why says that it is not sent, and why not.
	why string

	event   string
	account *string
}

var (
	written = []string{delivery.FieldID, delivery.FieldEventID, delivery.FieldAccountID, delivery.FieldKind, delivery.FieldSubjectID, delivery.FieldTo,
		delivery.FieldToKey, delivery.FieldToName, delivery.FieldLocale, delivery.FieldNotificationID, delivery.FieldChannel, delivery.FieldContactID,
		delivery.FieldWebhookID, delivery.FieldRule, delivery.FieldDomain, delivery.FieldState, delivery.FieldLastError}
	writing = db.NewInsert(delivery.Table, []string{delivery.FieldCreatedAt, delivery.FieldNextAttemptAt, delivery.FieldLane, delivery.FieldData}, written)
)

// write stores deliveries, and wakes the worker after the commit. Those that share
// their data travel together, of which there are few kinds.
func (s *Service) write(ctx context.Context, tx *ent.Tx, all []owed) error {
	if len(all) == 0 {
		return nil
	}
	type shared struct {
		data string
		lane int
	}
	var kinds []shared
	alike, now := map[shared][]any{}, instant.Now()
	for i, one := range id.Sorted(id.Delivery, len(all)) {
		o := &all[i]
		if o.data == nil {
			o.data = map[string]string{}
		}
		kind := shared{string(db.JSON(o.data)), o.lane}
		if alike[kind] == nil {
			kinds = append(kinds, kind)
		}
		state := delivery.StateQUEUED
		if o.why != "" {
			state = delivery.StateSUPPRESSED
		}
		alike[kind] = append(alike[kind], one, o.event, maybe(o.account), o.kind, o.subject, o.to, o.key, o.name, o.locale, unless(o.notification),
			string(cmp.Or(o.channel, permission.Email)), o.contact, o.webhook, unless(string(o.rule)), o.domain, string(state), o.why)
	}
	for _, kind := range kinds {
		if err := writing.Exec(ctx, tx, []any{now, now, kind.lane, json.RawMessage(kind.data)}, alike[kind]); err != nil {
			return fmt.Errorf("write deliveries: %w", err)
		}
	}
	s.wakeAfter(tx)
	return nil
}

// maybe and unless return a text for a column, or NULL.
func maybe(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func unless(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Handle writes the deliveries that events ask for, and what contacts are to be told
// of. It is an event.Handler.
func (s *Service) Handle(ctx context.Context, tx *ent.Tx, events []*ent.Event) error {
	offers, err := s.offers(ctx, tx, events)
	if err != nil {
		return err
	}
	var all []owed
	for _, e := range events {
		list, err := s.recipients(ctx, tx, e, offers)
		if err != nil {
			return fmt.Errorf("recipients of %s: %w", e.Action, err)
		}
		if err := s.moderate(ctx, tx, e, list); err != nil {
			return err
		}
		for _, o := range list {
			o.event, o.account = e.ID, e.AccountID
			all = append(all, o)
		}
	}
	heard, err := s.heard(ctx, tx, events)
	if err != nil {
		return err
	}
	if err := s.write(ctx, tx, append(all, heard...)); err != nil {
		return err
	}
	return s.tell(ctx, tx, events)
}

// repeatable are the letters to members that somebody can cause as often as they like,
// by doing something and undoing it.
var repeatable = []string{kindPermissionsChanged, kindMemberDeactivated, kindMemberReactivated, kindAccessEnding, kindAccessEnded, kindAccountClosed, kindTwoFactorRequired}

// moderate marks those letters to members as not to be sent of which they have had too many
// of the same kind today from the same account about the same membership. One kind hides
// no other, and whoever manages many people hears of each whose access ends.
func (s *Service) moderate(ctx context.Context, tx *ent.Tx, e *ent.Event, list []owed) error {
	if e.AccountID == nil {
		return nil
	}
	for some := range slices.Chunk(list, 1000) {
		var asks []budget.Ask
		counted := map[string]*owed{}
		for i := range some {
			o := &some[i]
			if id := s.book.ID(budget.ChangesByMember, strings.Join([]string{*e.AccountID, o.kind, o.subject, o.key}, "\x00")); slices.Contains(repeatable, o.kind) && counted[id] == nil {
				asks, counted[id] = append(asks, budget.Ask{Rule: budget.ChangesByMember, ID: id, N: 1}), o
			}
		}
		granted, err := s.book.Spend(ctx, tx, asks...)
		if err != nil {
			return err
		}
		for id, o := range counted {
			if !granted[id] {
				o.why = "They were told of so much of this kind today that this is not mailed."
			}
		}
	}
	return nil
}

// offering are the actions that tell of an invitation, by the mail that follows.
var offering = map[string]string{
	"invitation.sent": kindInvitation, "invitation.resent": kindInvitation, "invitation.reminded": kindReminder, "invitation.confirmation_requested": kindConfirm,
}

var (
	offered = []string{invitation.FieldID, invitation.FieldEmail, invitation.FieldEmailKey, invitation.FieldName, invitation.FieldLocale,
		invitation.FieldGeneration, invitation.FieldMailed}
	offers db.Texts
)

// offers reads the invitations that events tell of, by their ids.
func (s *Service) offers(ctx context.Context, tx *ent.Tx, events []*ent.Event) (map[string]*ent.Invitation, error) {
	var ids []any
	for _, e := range events {
		if offering[e.Action] != "" {
			ids = append(ids, e.TargetID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	found := make(map[string]*ent.Invitation, len(ids))
	var one ent.Invitation
	n := db.Rounded(len(ids))
	err := db.Read(ctx, tx, offers.Of(n, func(n int) string {
		return "SELECT " + db.Names(offered) + " FROM " + invitation.Table + " WHERE " + invitation.FieldID + " IN (" + db.Args(1, n) + ")"
	}), db.Filled(ids, n), one.Places(offered), func() {
		i := one
		found[i.ID], one = &i, ent.Invitation{}
	})
	if err != nil {
		return nil, fmt.Errorf("read invitations: %w", err)
	}
	return found, nil
}

// recipients says who is told of an event, and by which mail.
func (s *Service) recipients(ctx context.Context, tx *ent.Tx, e *ent.Event, offers map[string]*ent.Invitation) ([]owed, error) {
	switch e.Action {
	case "sign_up.requested":
		return s.proof(ctx, tx, e, e.TargetID, kindSignUp)
	case "password.reset_requested":
		return s.proof(ctx, tx, e, e.TargetID, kindPasswordReset)
	case "user.recovery_requested":
		return s.proof(ctx, tx, e, e.TargetID, kindRecovery)
	case "account.ordered":
		return s.proof(ctx, tx, e, afterField(e, "verificationId"), kindAccountOrdered)
	case "account.created":
		if e.ActorKind == event.ActorKindOPERATOR {
			return s.person(ctx, tx, afterField(e, "ownerUserId"), owed{kind: kindAccountReady, subject: e.TargetID})
		}
	case "activity.denied":
		return s.proof(ctx, tx, e, afterField(e, "verificationId"), kindActivityDenied)
	case "session.all_ended":
		return s.person(ctx, tx, e.TargetID, owed{kind: kindSessionsEnded, subject: e.TargetID})
	case "email.change_requested", "email.changed", "email.change_undone", "user.deleted":
		return s.address(ctx, tx, e)
	case "invitation.sent", "invitation.resent", "invitation.reminded", "invitation.confirmation_requested":
		return invited(e, offers[e.TargetID])
	case "ownership_transfer.requested", "ownership_transfer.accepted", "ownership_transfer.declined", "ownership_transfer.canceled",
		"ownership_transfer.noticed":
		return s.transfer(ctx, tx, e)
	case "invitation.accepted":
		return s.accepted(ctx, tx, e)
	case "member.removed":
		return s.person(ctx, tx, afterField(e, "userId"), owed{kind: kindMemberRemoved, subject: e.TargetID, data: map[string]string{"by": teller(e)}})
	case "member.deactivated":
		return s.member(ctx, tx, e, kindMemberDeactivated)
	case "member.reactivated":
		return s.member(ctx, tx, e, kindMemberReactivated)
	case "member.permissions_changed":
		return s.member(ctx, tx, e, kindPermissionsChanged)
	case "member.access_ending":
		return s.accessEnding(ctx, tx, e)
	case "member.access_ended":
		return s.accessEnded(ctx, tx, e)
	case "account.closed":
		return s.everybody(ctx, tx, e)
	case "contact.verification_requested":
		return s.verification(ctx, tx, e)
	case "account.policies_changed", "account.policies_reminded":
		return s.asked(ctx, tx, e)
	}
	return s.notice(ctx, tx, e)
}

// teller returns who did something as a mail calls them, or what the account calls its
// program: "" for the company that runs the portal, whose name the mail has anyway.
func teller(e *ent.Event) string {
	if e.ActorKind == event.ActorKindUSER || e.ActorKind == event.ActorKindTOKEN {
		return e.ActorName
	}
	return ""
}

func (s *Service) proof(ctx context.Context, tx *ent.Tx, e *ent.Event, verificationID, kind string) ([]owed, error) {
	v, err := tx.Verification.Get(ctx, verificationID)
	if ent.IsNotFound(err) {
		return nil, nil // used or superseded already
	}
	if err != nil {
		return nil, err
	}
	return []owed{{kind: kind, subject: v.ID, to: v.Email, key: v.EmailKey, locale: v.Locale,
		data: map[string]string{"generation": fmt.Sprint(v.Generation), "address": e.Address, "device": afterField(e, "device"),
			"account": afterField(e, "name")}}}, nil
}

func (s *Service) person(ctx context.Context, tx *ent.Tx, userID string, o owed) ([]owed, error) {
	u, err := tx.User.Get(ctx, userID)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if u.DeletedAt != nil {
		return nil, nil // a name that is left of somebody
	}
	o.to, o.key, o.name, o.locale = u.Email, u.EmailKey, u.Name, u.Locale
	return []owed{o}, nil
}

func invited(e *ent.Event, i *ent.Invitation) ([]owed, error) {
	if i == nil {
		return nil, fmt.Errorf("there is no invitation %s", e.TargetID)
	}
	kind := offering[e.Action]
	if !i.Mailed && kind != kindConfirm {
		return nil, nil
	}
	return []owed{{kind: kind, subject: i.ID, to: i.Email, key: i.EmailKey, name: i.Name, locale: i.Locale,
		data: map[string]string{"generation": strconv.Itoa(i.Generation)}}}, nil
}

func (s *Service) transfer(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	t, err := tx.OwnershipTransfer.Get(ctx, e.TargetID)
	if err != nil {
		return nil, err
	}
	return s.told(ctx, tx, e, t)
}

// told says who hears of what happened to a transfer of ownership. Of one that
// the company started owner and administrators hear too.
func (s *Service) told(ctx context.Context, tx *ent.Tx, e *ent.Event, t *ent.OwnershipTransfer) ([]owed, error) {
	kinds := map[string]string{} // by user
	tell := func(kind string, users ...string) {
		for _, u := range users {
			if _, twice := kinds[u]; !twice && u != e.ActorID {
				kinds[u] = kind
			}
		}
	}
	var watching []string
	if t.EffectiveAt != nil {
		admins, err := s.administrators(ctx, tx, t.AccountID)
		if err != nil {
			return nil, err
		}
		watching = append([]string{t.FromUserID}, admins...)
	}
	switch e.Action {
	case "ownership_transfer.requested":
		if t.EffectiveAt == nil {
			tell(kindTransferRequested, t.ToUserID)
			break
		}
		tell(kindTransferAssigned, t.ToUserID)
		tell(kindTransferAnnounced, watching...)
	case "ownership_transfer.noticed":
		tell(kindTransferAnnounced, slices.DeleteFunc(watching, func(u string) bool { return u == t.ToUserID })...)
	case "ownership_transfer.accepted":
		kinds[t.FromUserID], kinds[t.ToUserID] = kindTransferred, kindTransferred // whoever did it
		tell(kindTransferred, watching...)
	case "ownership_transfer.declined":
		tell(kindTransferStopped, watching...)
		tell(kindTransferDeclined, t.FromUserID)
	case "ownership_transfer.canceled":
		// Of the owner's own offer, what ended it is told, or done, by the nominee.
		if afterField(e, "reason") == "" || t.EffectiveAt != nil {
			tell(kindTransferCanceled, t.ToUserID)
		}
		tell(kindTransferStopped, watching...)
	}
	var out []owed
	for _, userID := range slices.Sorted(maps.Keys(kinds)) {
		one, err := s.person(ctx, tx, userID, owed{kind: kinds[userID], subject: t.ID, data: map[string]string{"by": teller(e)}})
		if err != nil {
			return nil, err
		}
		out = append(out, one...)
	}
	return out, nil
}

// administrators lists the active members with an administrator's role.
func (s *Service) administrators(ctx context.Context, tx *ent.Tx, accountID string) ([]string, error) {
	a, err := tx.Account.Get(ctx, accountID)
	if err != nil {
		return nil, err
	}
	roles, err := s.gate.RolesTx(ctx, tx, a)
	if err != nil {
		return nil, err
	}
	members, err := tx.Membership.Query().Where(entmembership.AccountID(accountID), access.ActiveMember(),
		entmembership.UserIDNEQ(a.OwnerUserID)).Select(entmembership.FieldUserID, entmembership.FieldRoleIds).All(ctx)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, m := range members {
		if administrator(m, roles) {
			out = append(out, m.UserID)
		}
	}
	return out, nil
}

func administrator(m *ent.Membership, roles access.Roles) bool {
	return slices.ContainsFunc(roles.Those(m.RoleIds), func(r *permission.Role) bool { return r.Type == permission.Admin })
}

func (s *Service) member(ctx context.Context, tx *ent.Tx, e *ent.Event, kind string) ([]owed, error) {
	m, err := tx.Membership.Get(ctx, e.TargetID)
	if ent.IsNotFound(err) {
		return nil, nil // removed meanwhile, of which they are told
	}
	if err != nil {
		return nil, err
	}
	return s.person(ctx, tx, m.UserID, owed{kind: kind, subject: m.ID, data: map[string]string{"by": teller(e)}})
}

func (s *Service) everybody(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	members, err := tx.Membership.Query().Where(entmembership.AccountID(*e.AccountID),
		access.ActiveMember(), entmembership.UserIDNEQ(e.ActorID)).WithUser().All(ctx)
	if err != nil {
		return nil, err
	}
	var out []owed
	for _, m := range members {
		u := m.Edges.User
		out = append(out, owed{kind: kindAccountClosed, subject: *e.AccountID, to: u.Email, key: u.EmailKey, name: u.Name, locale: u.Locale,
			data: map[string]string{"by": teller(e)}})
	}
	return out, nil
}

// afterField reads one text from what an event says was changed.
func afterField(e *ent.Event, field string) string {
	m := map[string]any{}
	if json.Unmarshal([]byte(e.After), &m) != nil {
		return ""
	}
	s, _ := m[field].(string)
	return s
}
