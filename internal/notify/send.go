package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strconv"
	"time"

	"tenantry/ent"
	entaccount "tenantry/ent/account"
	"tenantry/ent/delivery"
	entinvitation "tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/provision"
	"tenantry/ent/user"
	"tenantry/internal/account"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/instant"
	"tenantry/internal/invite"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/membership"
	"tenantry/internal/permission"
	"tenantry/internal/text"
)

const (
	// lease is how long a claimed delivery is left to its worker. One that died
	// after sending leaves a second mail behind with the same Message-ID.
	lease = 2 * time.Minute
	// attempts is how often a delivery is tried, over about two days.
	attempts = 14
	// batch is how many deliveries a worker takes at once.
	batch = 50
	// rest is how long Run leaves the processor to requests between two batches.
	rest = 50 * time.Millisecond
)

// Run sends what is owed, at once after it is written in this process and every
// interval for the rest, until ctx ends.
func (s *Service) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		more, err := s.some(ctx)
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "sending mail failed; it is tried again", "err", err)
		}
		if more {
			select {
			case <-ctx.Done():
				return
			case <-time.After(rest):
			}
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		case <-tick.C:
		}
	}
}

// Drain sends everything that is due.
func (s *Service) Drain(ctx context.Context) error {
	for {
		if more, err := s.some(ctx); err != nil || !more {
			return err
		}
	}
}

// some sends a batch, and reports whether more may be due.
func (s *Service) some(ctx context.Context) (more bool, err error) {
	due, err := s.claim(ctx)
	if err != nil {
		return false, fmt.Errorf("claim deliveries: %w", err)
	}
	more = len(due) == batch
	for len(due) > 0 {
		sent, err := s.deliver(ctx, due)
		if err != nil {
			return false, err
		}
		if due = due[sent:]; len(due) == 0 {
			break
		}
		if due, err = s.renew(ctx, due); err != nil {
			return false, fmt.Errorf("renew deliveries: %w", err)
		}
	}
	return more, nil
}

var (
	claimed = []string{delivery.FieldID, delivery.FieldCreatedAt, delivery.FieldEventID, delivery.FieldAccountID, delivery.FieldKind, delivery.FieldSubjectID,
		delivery.FieldTo, delivery.FieldToKey, delivery.FieldToName, delivery.FieldLocale, delivery.FieldData, delivery.FieldAttempts, delivery.FieldNextAttemptAt}
	claiming = "SELECT " + db.Names(claimed) + " FROM " + delivery.Table + " WHERE " + waits + " ORDER BY " + delivery.FieldNextAttemptAt + ", " +
		delivery.FieldID + " LIMIT " + strconv.Itoa(batch)
	waiting = "SELECT COUNT(*) FROM (SELECT 1 FROM " + delivery.Table + " WHERE " + waits + " LIMIT 1) due"

	leasing, sending db.Texts
)

// waits are deliveries that are due at an instant.
const waits = delivery.FieldState + " = 'QUEUED' AND " + delivery.FieldNextAttemptAt + " <= $1"

// claim takes deliveries that are due for this worker.
func (s *Service) claim(ctx context.Context) ([]*ent.Delivery, error) {
	now := instant.Now()
	n, err := db.Count(ctx, s.client, func() (string, []any) { return waiting, []any{now} })
	if err != nil || n == 0 {
		return nil, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) ([]*ent.Delivery, error) {
		var due []*ent.Delivery
		var one ent.Delivery
		err := db.Read(ctx, tx, s.claiming, []any{now}, one.Places(claimed), func() {
			d := one
			due, one = append(due, &d), ent.Delivery{}
		})
		if err != nil || len(due) == 0 {
			return nil, err
		}
		until := now.Add(lease)
		for _, d := range due {
			d.NextAttemptAt = until
		}
		n := db.Rounded(len(due))
		_, err = tx.ExecContext(ctx, leasing.Of(n, func(n int) string {
			return "UPDATE " + delivery.Table + " SET " + delivery.FieldAttempts + " = " + delivery.FieldAttempts + " + 1, " + delivery.FieldNextAttemptAt + " = $1 WHERE " +
				delivery.FieldID + " IN (" + db.Args(2, n) + ")"
		}), db.Filled(append([]any{until}, idsOf(due)...), 1+n)...)
		return due, err
	})
}

func idsOf(all []*ent.Delivery) []any {
	out := make([]any, len(all))
	for i, d := range all {
		out[i] = d.ID
	}
	return out
}

// renew begins the lease of deliveries anew before they are sent, since those before
// them have taken a while. It returns those that are still this worker's.
func (s *Service) renew(ctx context.Context, due []*ent.Delivery) ([]*ent.Delivery, error) {
	ids := make([]string, len(due))
	for i, d := range due {
		ids[i] = d.ID
	}
	until := instant.Now().Add(lease)
	kept, err := db.InTx(ctx, s.client, func(tx *ent.Tx) ([]string, error) {
		n, err := tx.Delivery.Update().Where(delivery.IDIn(ids...), delivery.StateEQ(delivery.StateQUEUED),
			delivery.NextAttemptAt(due[0].NextAttemptAt)).SetNextAttemptAt(until).Save(ctx)
		if err != nil || n == len(ids) {
			return ids, err
		}
		return tx.Delivery.Query().Where(delivery.IDIn(ids...), delivery.StateEQ(delivery.StateQUEUED), delivery.NextAttemptAt(until)).IDs(ctx)
	})
	if err != nil {
		return nil, err
	}
	due = slices.DeleteFunc(due, func(d *ent.Delivery) bool { return !slices.Contains(kept, d.ID) })
	for _, d := range due {
		d.NextAttemptAt = until
	}
	return due, nil
}

// suppressed says why a mail is no longer to be sent.
type suppressed string

func (s suppressed) Error() string { return string(s) }

// fresh is for how long what was read for letters may be told. Mails are read for,
// and written down as sent, together as far as they leave within it.
const fresh = 250 * time.Millisecond

// deliver sends mails, at least one and for as long as what it reads for them is
// fresh, writes down what became of them, and returns how many that were.
func (s *Service) deliver(ctx context.Context, due []*ent.Delivery) (n int, err error) {
	begun := time.Now()
	offers, err := s.offersOf(ctx, due)
	if err != nil {
		return 0, err
	}
	var accepted []any
	for n < len(due) && (n == 0 || time.Since(begun) < fresh) && err == nil {
		d := due[n]
		n++
		if failed := s.send(ctx, d, offers); failed != nil {
			err = s.failed(ctx, d, failed)
		} else {
			accepted = append(accepted, d.ID)
		}
	}
	if len(accepted) == 0 {
		return n, err
	}
	rows := db.Rounded(len(accepted))
	// What was accepted is written down though the program is being stopped, or it
	// would be sent again.
	_, failed := s.client.ExecContext(context.WithoutCancel(ctx), sending.Of(rows, func(n int) string {
		return "UPDATE " + delivery.Table + " SET " + delivery.FieldState + " = 'SENT', " + delivery.FieldLastError + " = '', " + delivery.FieldSentAt + " = $1 WHERE " +
			delivery.FieldID + " IN (" + db.Args(2, n) + ")"
	}), db.Filled(append([]any{instant.Now()}, accepted...), 1+rows)...)
	if failed != nil {
		failed = fmt.Errorf("write down what was sent: %w", failed)
	}
	return n, errors.Join(err, failed)
}

// failed writes down why a mail was not sent, and when it is tried again.
func (s *Service) failed(ctx context.Context, d *ent.Delivery, err error) error {
	u := s.client.Delivery.UpdateOneID(d.ID)
	refused, isMail := errors.AsType[*mail.Error](err)
	why, isSuppressed := errors.AsType[suppressed](err)
	tried := d.Attempts + 1
	switch {
	case isSuppressed:
		u.SetState(delivery.StateSUPPRESSED).SetLastError(string(why))
	case isMail && refused.Permanent && refused.Bounced:
		u.SetState(delivery.StateBOUNCED).SetLastError(short(err))
	case isMail && refused.Permanent, tried >= attempts:
		u.SetState(delivery.StateFAILED).SetLastError(short(err))
	case ctx.Err() != nil:
		return ctx.Err() // stopped in the middle: the lease runs out and it is tried again
	default:
		u.SetLastError(short(err)).SetNextAttemptAt(instant.Now().Add(backoff(tried)))
	}
	if !isSuppressed {
		slog.WarnContext(ctx, "mail was not accepted", "delivery", d.ID, "kind", d.Kind, "attempt", tried, "err", err)
	}
	return u.Exec(ctx)
}

func short(err error) string {
	s := err.Error()
	if len(s) > 500 {
		s = s[:500]
	}
	return s
}

// backoff doubles from half a minute to six hours, spread by a fifth so that
// what failed together is not tried together.
func backoff(tried int) time.Duration {
	d := min(30*time.Second<<min(tried-1, 20), 6*time.Hour)
	return d - rand.N(d/5)
}

func (s *Service) send(ctx context.Context, d *ent.Delivery, offers map[string]*ent.Invitation) error {
	letter, err := s.letter(ctx, d, offers)
	if err != nil {
		return err
	}
	subject, plain, rich, err := mail.Render(s.brand, d.Locale, letter)
	if err != nil {
		return fmt.Errorf("render %s: %w", d.Kind, err)
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return s.sender.Send(ctx, mail.Message{ID: d.ID, To: d.To, ToName: d.ToName, Subject: subject, Text: plain, HTML: rich})
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
		entinvitation.FieldMessage, entinvitation.FieldRoleIds, entinvitation.FieldPermissions}
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
	find, err := s.gate.Roles(ctx, a)
	if err != nil {
		return nil, err
	}
	letter := mail.Invitation{Account: a.Name, Inviter: i.Edges.InvitedBy.Name, Message: i.Message, AcceptLink: accept,
		UnknownSenderLink: s.site.UnknownSender(i.ID, i.CreatedAt), ExpiresAt: i.ExpiresAt, Roles: []string{}, Permissions: []string{}}
	for _, r := range membership.RolesOf(i.RoleIds, find) {
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
	m, err := s.client.Membership.Query().Where(entmembership.AccountID(a.ID), entmembership.StateEQ(entmembership.StateACTIVE),
		entmembership.HasUserWith(user.EmailKey(key))).Only(ctx)
	if ent.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	find, err := s.gate.Roles(ctx, a)
	return err == nil && administrator(m, find), err
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
	case kindAccountReady:
		return mail.AccountReady{Name: d.ToName, Account: a.Name, Link: home}, nil
	case kindAccountClosed:
		return mail.AccountClosed{Name: d.ToName, Account: a.Name, By: by}, nil
	case kindPermissionsChanged:
		e, err := s.client.Event.Get(ctx, d.EventID)
		if err != nil {
			return nil, err
		}
		find, err := s.gate.Roles(ctx, a)
		if err != nil {
			return nil, err
		}
		letter := mail.PermissionsChanged{Name: d.ToName, Account: a.Name, By: by, Link: home}
		letter.Added, letter.Removed, err = s.spelled(e, find)
		return letter, err
	}
	return nil, fmt.Errorf("delivery %s: no letter of the kind %q", d.ID, d.Kind)
}

// spelled says in words which roles and permissions an event added and removed.
func (s *Service) spelled(e *ent.Event, find func(string) (permission.Role, bool)) (added, removed []string, err error) {
	type words struct {
		RoleIDs     []string         `json:"roleIds"`
		Permissions []permission.Key `json:"permissions"`
		Scope       permission.Scope `json:"subAccountAccess"`
	}
	var was, is words
	for text, into := range map[string]*words{e.Before: &was, e.After: &is} {
		if text == "" {
			continue
		}
		if err := json.Unmarshal([]byte(text), into); err != nil {
			return nil, nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
	}
	list := func(has, had words) []string {
		out := []string{}
		for _, one := range has.RoleIDs {
			if r, ok := find(one); ok && !slices.Contains(had.RoleIDs, one) {
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
