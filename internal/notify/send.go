package notify

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"tenantry/ent"
	entaccount "tenantry/ent/account"
	entinvitation "tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/provision"
	"tenantry/ent/user"
	"tenantry/ent/webhook"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/column"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/instant"
	"tenantry/internal/invite"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/permission"
	"tenantry/internal/text"
)

// known is what is read for letters together, a moment before they leave.
type known struct {
	offers        map[string]*ent.Invitation
	notifications map[string]*ent.Notification
	contacts      map[string]*ent.Contact
	webhooks      map[string]*ent.Webhook
	events        map[string]*ent.Event // that webhooks are called with
}

// known reads what deliveries are about, by their ids.
func (s *Service) known(ctx context.Context, due []*ent.Delivery) (*known, error) {
	k := &known{contacts: map[string]*ent.Contact{}, webhooks: map[string]*ent.Webhook{}}
	var err error
	if k.offers, err = s.offersOf(ctx, due); err != nil {
		return nil, err
	}
	var notifications, contacts []any
	var webhooks []string
	for _, d := range due {
		if d.NotificationID != nil && !slices.Contains(notifications, any(*d.NotificationID)) {
			notifications = append(notifications, *d.NotificationID)
		}
		if d.ContactID != "" && !slices.Contains(contacts, any(d.ContactID)) {
			contacts = append(contacts, d.ContactID)
		}
		if d.WebhookID != "" && !slices.Contains(webhooks, d.WebhookID) {
			webhooks = append(webhooks, d.WebhookID)
		}
	}
	if len(notifications) > 0 {
		if k.notifications, err = s.notifications(ctx, s.client, notifications); err != nil {
			return nil, err
		}
	}
	if len(contacts) > 0 {
		found, err := contact.ByIDs(ctx, s.client, contacts)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			k.contacts[c.ID] = c
		}
	}
	if len(webhooks) > 0 {
		found, err := s.client.Webhook.Query().Where(webhook.IDIn(webhooks...)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read webhooks: %w", err)
		}
		for _, h := range found {
			k.webhooks[h.ID] = h
		}
	}
	k.events, err = s.happened(ctx, due)
	return k, err
}

func (s *Service) send(ctx context.Context, d *ent.Delivery, k *known) error {
	if d.NotificationID == nil && d.Channel == permission.Email {
		letter, err := s.letter(ctx, d, k.offers)
		if err != nil {
			return err
		}
		return s.post(ctx, d, d.To, d.ToName, d.Locale, letter)
	}
	out, err := s.admit(d, k)
	if err != nil {
		return err
	}
	if d.Channel == permission.Email && (out.To != d.To || out.key() != d.ToKey) {
		if err := s.moved(ctx, d, out); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return s.channels[d.Channel].Send(ctx, out)
}

// post writes a letter and hands it to the mail server.
func (s *Service) post(ctx context.Context, d *ent.Delivery, to, name, locale string, letter mail.Template) error {
	subject, plain, rich, err := mail.Render(s.brand, locale, letter)
	if err != nil {
		return fmt.Errorf("render %s: %w", letter.Kind(), err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return s.sender.Send(ctx, mail.Message{ID: d.ID, To: to, ToName: name, Subject: subject, Text: plain, HTML: rich, Unsubscribe: mail.Unsubscribe(letter)})
}

// letter reads what the mail is about as it is now, so that nothing is sent that
// is no longer true. Links are made here and are nowhere else.
func (s *Service) letter(ctx context.Context, d *ent.Delivery, offers map[string]*ent.Invitation) (mail.Template, error) {
	switch d.Kind {
	case kindSignUp, kindPasswordReset, kindRecovery, kindAccountOrdered, kindActivityDenied:
		return s.proofLetter(ctx, d)
	case kindSecurityNotice:
		return s.noticeLetter(ctx, d)
	case kindSessionsEnded:
		return s.endedLetter(ctx, d)
	case kindEmailChange, kindEmailRequested, kindEmailChanged, kindEmailRestored, kindUserDeleted:
		return s.addressLetter(ctx, d)
	case kindInvitation, kindReminder, kindConfirm:
		return s.invitationLetter(ctx, d, offers[d.SubjectID])
	case kindTransferRequested, kindTransferred, kindTransferDeclined, kindTransferCanceled, kindTransferAnnounced, kindTransferAssigned, kindTransferStopped:
		return s.transferLetter(ctx, d)
	case kindTwoFactorRequired, kindTwoFactorReminder:
		return s.policyLetter(ctx, d)
	case kindAccessEnding:
		return s.endingLetter(ctx, d)
	case kindAccessEnded:
		return s.accessEndedLetter(ctx, d)
	case kindVerifyContact:
		return s.verificationLetter(ctx, d)
	}
	return s.memberLetter(ctx, d)
}

func gone(err error, why string) error {
	if ent.IsNotFound(err) {
		return suppressed(why)
	}
	return err
}

func addr(s string) netip.Addr {
	a, _ := netip.ParseAddr(s)
	return a
}

func (s *Service) proofLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	v, err := s.client.Verification.Get(ctx, d.SubjectID)
	if err != nil {
		return nil, gone(err, "it was used or withdrawn")
	}
	if d.Data["generation"] != fmt.Sprint(v.Generation) {
		return nil, suppressed("a newer request took its place")
	}
	if !instant.Now().Before(v.ExpiresAt) {
		return nil, suppressed("it lapsed before it could be sent")
	}
	u, err := s.client.User.Query().Where(user.EmailKey(v.EmailKey)).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return nil, err
	}
	claim := link.Claim{ID: v.ID, Generation: v.Generation, ExpiresAt: v.ExpiresAt}
	from, device := addr(d.Data["address"]), d.Data["device"]
	switch {
	case d.Kind == kindAccountOrdered && u == nil:
		waits, err := s.client.Provision.Query().Where(provision.EmailKey(v.EmailKey), provision.ExpiresAtGT(instant.Now())).Exist(ctx)
		if err != nil {
			return nil, err
		}
		if !waits {
			return nil, suppressed("the order was taken back")
		}
		return mail.AccountOrdered{Account: d.Data["account"], Link: s.site.SignUp(claim), ExpiresAt: v.ExpiresAt}, nil
	case d.Kind == kindAccountOrdered:
		return nil, suppressed("the address has a user meanwhile, and the account")
	case d.Kind == kindSignUp && u == nil:
		return mail.SignUp{Link: s.site.SignUp(claim), ExpiresAt: v.ExpiresAt}, nil
	case d.Kind == kindSignUp:
		return mail.SignUpExisting{Name: u.Name, SignInLink: s.site.Public("/sign-in"), ResetLink: s.site.Public("/forgot-password")}, nil
	case d.Kind == kindActivityDenied && u != nil:
		return mail.ActivityDenied{Name: u.Name, Link: s.site.Reset(claim), ExpiresAt: v.ExpiresAt}, nil
	case d.Kind == kindRecovery && u != nil:
		return mail.RecoveryLink{Name: u.Name, Link: s.site.Recover(claim), ExpiresAt: v.ExpiresAt}, nil
	case u == nil:
		return mail.PasswordResetUnknown{Address: from, Device: device}, nil
	}
	return mail.PasswordReset{Name: u.Name, Link: s.site.Reset(claim), ExpiresAt: v.ExpiresAt, Address: from, Device: device}, nil
}

// endedLetter takes the time from the event, since the command may have run while
// no server did.
func (s *Service) endedLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	u, err := s.client.User.Get(ctx, d.SubjectID)
	if err != nil {
		return nil, gone(err, "the user is gone")
	}
	e, err := s.client.Event.Get(ctx, d.EventID)
	if err != nil {
		return nil, err
	}
	return mail.SessionsEnded{Name: u.Name, EndedAt: e.CreatedAt, SignInLink: s.site.Public("/sign-in"), ResetLink: s.site.Public("/forgot-password")}, nil
}

// offersOf reads the invitations that deliveries are about, with their accounts and
// inviters, by their ids.
func (s *Service) offersOf(ctx context.Context, due []*ent.Delivery) (map[string]*ent.Invitation, error) {
	var ids []any
	for _, d := range due {
		switch d.Kind {
		case kindInvitation, kindReminder, kindConfirm:
			ids = append(ids, d.SubjectID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	var (
		i     ent.Invitation
		a     ent.Account
		by    ent.User
		found = make(map[string]*ent.Invitation, len(ids))
		n     = db.Rounded(len(ids))
	)
	places := slices.Concat(i.Places(told), a.Places(toldOfAccount), by.Places(toldOfInviter))
	err := db.Read(ctx, s.client, telling.Of(n, func(n int) string {
		return "SELECT " + column.List("i", told) + ", " + column.List("a", toldOfAccount) + ", " + column.List("u", toldOfInviter) + " FROM " + entinvitation.Table +
			" i JOIN " + entaccount.Table + " a ON a.id = i.account_id JOIN " + user.Table + " u ON u.id = i.invited_by_id WHERE i.id IN (" + db.Args(1, n) + ")"
	}), db.Filled(ids, n), places, func() {
		one, in, inviter := i, a, by
		one.Edges.Account, one.Edges.InvitedBy = &in, &inviter
		found[one.ID] = &one
		i, a, by = ent.Invitation{}, ent.Account{}, ent.User{}
	})
	if err != nil {
		return nil, fmt.Errorf("read invitations: %w", err)
	}
	return found, nil
}

// What a letter tells of an invitation.
var (
	told = []string{entinvitation.FieldID, entinvitation.FieldCreatedAt, entinvitation.FieldState, entinvitation.FieldExpiresAt, entinvitation.FieldGeneration,
		entinvitation.FieldMessage, entinvitation.FieldRoleIds, entinvitation.FieldPermissions, entinvitation.FieldAccessEndsAt}
	toldOfAccount = []string{entaccount.FieldID, entaccount.FieldName, entaccount.FieldRolesVersion}
	toldOfInviter = []string{user.FieldName}
	telling       db.Texts
)

func (s *Service) invitationLetter(ctx context.Context, d *ent.Delivery, i *ent.Invitation) (mail.Template, error) {
	if i == nil {
		return nil, suppressed("the invitation is gone")
	}
	if invite.State(i) != entinvitation.StatePENDING {
		return nil, suppressed("the invitation no longer waits")
	}
	if d.Data["generation"] != fmt.Sprint(i.Generation) {
		return nil, suppressed("a newer mail took its place")
	}
	a, accept := i.Edges.Account, s.site.Invitation(invite.Claim(i), true)
	if d.Kind == kindConfirm {
		return mail.ConfirmInvitedAddress{Account: a.Name, Inviter: i.Edges.InvitedBy.Name, AcceptLink: accept, ExpiresAt: i.ExpiresAt}, nil
	}
	roles, err := s.gate.Roles(ctx, a)
	if err != nil {
		return nil, err
	}
	letter := mail.Invitation{Account: a.Name, Inviter: i.Edges.InvitedBy.Name, Message: i.Message, AcceptLink: accept,
		UnknownSenderLink: s.site.UnknownSender(i.ID, i.CreatedAt), ExpiresAt: i.ExpiresAt, Roles: []string{}, Permissions: []string{}}
	if i.AccessEndsAt != nil {
		letter.AccessEndsAt = *i.AccessEndsAt
	}
	for _, r := range roles.Those(i.RoleIds) {
		letter.Roles = append(letter.Roles, r.Name)
	}
	for _, k := range i.Permissions {
		letter.Permissions = append(letter.Permissions, s.gate.Catalogue().Label(k))
	}
	if d.Kind == kindReminder {
		return mail.InvitationReminder(letter), nil
	}
	return letter, nil
}

func (s *Service) transferLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	t, err := s.client.OwnershipTransfer.Query().Where(ownershiptransfer.ID(d.SubjectID)).WithAccount().WithFrom().WithTo().Only(ctx)
	if err != nil {
		return nil, gone(err, "the offer is gone")
	}
	a, from, to := t.Edges.Account, t.Edges.From, t.Edges.To
	if d.ToKey != from.EmailKey && d.ToKey != to.EmailKey {
		if still, err := s.administers(ctx, a, d.ToKey); err != nil {
			return nil, err
		} else if !still {
			return nil, suppressed("they are no longer an administrator")
		}
	}
	page := s.site.Public("/transfer#id=" + t.ID)
	waits := account.State(t) == ownershiptransfer.StatePENDING
	switch d.Kind {
	case kindTransferRequested, kindTransferAnnounced, kindTransferAssigned:
		if !waits {
			return nil, suppressed("the offer no longer waits")
		}
	}
	switch d.Kind {
	case kindTransferRequested:
		return mail.OwnershipTransferRequested{Name: to.Name, Account: a.Name, Owner: from.Name, Link: page, ExpiresAt: *t.ExpiresAt}, nil
	case kindTransferAnnounced:
		return mail.OwnershipTransferAnnounced{Name: d.ToName, Account: a.Name, Owner: from.Name, Nominee: to.Name, StopLink: page, EffectiveAt: *t.EffectiveAt}, nil
	case kindTransferAssigned:
		return mail.OwnershipTransferAssigned{Name: to.Name, Account: a.Name, Owner: from.Name, Link: page, EffectiveAt: *t.EffectiveAt}, nil
	case kindTransferStopped:
		return mail.OwnershipTransferStopped{Name: d.ToName, Account: a.Name, Owner: from.Name, Nominee: to.Name, By: d.Data["by"],
			Declined: t.State == ownershiptransfer.StateDECLINED, Link: s.site.Public("/")}, nil
	case kindTransferred:
		return mail.OwnershipTransferred{Name: d.ToName, Account: a.Name, ByCompany: t.EffectiveAt != nil, OldOwner: from.Name, NewOwner: to.Name, Link: s.site.Public("/")}, nil
	case kindTransferDeclined:
		return mail.OwnershipTransferDeclined{Name: from.Name, Account: a.Name, Nominee: to.Name, Link: s.site.Public("/")}, nil
	}
	return mail.OwnershipTransferCanceled{Name: to.Name, Account: a.Name, By: d.Data["by"]}, nil
}

// administers reports whether the user with an address is an active administrator
// of the account.
func (s *Service) administers(ctx context.Context, a *ent.Account, key string) (bool, error) {
	m, err := s.client.Membership.Query().Where(entmembership.AccountID(a.ID), access.ActiveMember(),
		entmembership.HasUserWith(user.EmailKey(key))).Only(ctx)
	if ent.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	roles, err := s.gate.Roles(ctx, a)
	return err == nil && administrator(m, roles), err
}

func (s *Service) memberLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	if d.AccountID == nil {
		return nil, fmt.Errorf("delivery %s of the kind %q has no account", d.ID, d.Kind)
	}
	a, err := s.client.Account.Get(ctx, *d.AccountID)
	if err != nil {
		return nil, err
	}
	by, home := d.Data["by"], s.site.Public("/")
	switch d.Kind {
	case kindMemberRemoved:
		return mail.MemberRemoved{Name: d.ToName, Account: a.Name, By: by}, nil
	case kindMemberDeactivated:
		return mail.MemberDeactivated{Name: d.ToName, Account: a.Name, By: by}, nil
	case kindMemberReactivated:
		return mail.MemberReactivated{Name: d.ToName, Account: a.Name, By: by, Link: home}, nil
	case kindInvitationAccepted:
		if still, err := s.belongs(ctx, a, d.ToKey); err != nil {
			return nil, err
		} else if !still {
			return nil, suppressed("they are no longer a member")
		}
		return mail.InvitationAccepted{Name: d.ToName, Account: a.Name, Member: d.Data["member"], Email: d.Data["email"], Link: home, Reason: mail.ReasonPersonal}, nil
	case kindAccountReady:
		return mail.AccountReady{Name: d.ToName, Account: a.Name, Link: home}, nil
	case kindAccountClosed:
		return mail.AccountClosed{Name: d.ToName, Account: a.Name, By: by}, nil
	case kindPermissionsChanged:
		e, err := s.client.Event.Get(ctx, d.EventID)
		if err != nil {
			return nil, err
		}
		roles, err := s.gate.Roles(ctx, a)
		if err != nil {
			return nil, err
		}
		letter := mail.PermissionsChanged{Name: d.ToName, Account: a.Name, By: by, Link: home}
		letter.Added, letter.Removed, err = s.spelled(e, roles)
		return letter, err
	}
	return nil, fmt.Errorf("delivery %s: no letter of the kind %q", d.ID, d.Kind)
}

// spelled says in words which roles and permissions an event added and removed.
func (s *Service) spelled(e *ent.Event, roles access.Roles) (added, removed []string, err error) {
	was, is, err := grants(e)
	if err != nil {
		return nil, nil, err
	}
	list := func(has, had grant) []string {
		out := []string{}
		for _, one := range has.RoleIDs {
			if r := roles.Role(one); r != nil && !slices.Contains(had.RoleIDs, one) {
				out = append(out, r.Name)
			}
		}
		for _, k := range has.Permissions {
			if !slices.Contains(had.Permissions, k) {
				out = append(out, s.gate.Catalogue().Label(k))
			}
		}
		if has.Scope != had.Scope && has.Scope != permission.ScopeNone {
			out = append(out, "Access to sub-accounts: "+text.Fold(string(has.Scope)))
		}
		return out
	}
	return list(is, was), list(was, is), nil
}
