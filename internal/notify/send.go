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
	"time"

	"tenantry/ent"
	"tenantry/ent/delivery"
	entinvitation "tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/provision"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/account"
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
	batch    = 20
)

// Run sends what is owed, at once after it is written in this process and every
// interval for the rest, until ctx ends.
func (s *Service) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := s.Drain(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "sending mail failed; it is tried again", "err", err)
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
		due, err := s.claim(ctx)
		if err != nil {
			return fmt.Errorf("claim deliveries: %w", err)
		}
		for _, d := range due {
			mine, err := s.renew(ctx, d)
			if err != nil {
				return fmt.Errorf("renew a delivery: %w", err)
			}
			if !mine {
				continue
			}
			if err := s.deliver(ctx, d); err != nil {
				return err
			}
		}
		if len(due) < batch {
			return nil
		}
	}
}

// claim takes deliveries that are due for this worker.
func (s *Service) claim(ctx context.Context) ([]*ent.Delivery, error) {
	now := instant.Now()
	waiting, err := s.client.Delivery.Query().Where(delivery.StateEQ(delivery.StateQUEUED), delivery.NextAttemptAtLTE(now)).Exist(ctx)
	if err != nil || !waiting {
		return nil, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) ([]*ent.Delivery, error) {
		q := tx.Delivery.Query().Where(delivery.StateEQ(delivery.StateQUEUED), delivery.NextAttemptAtLTE(now)).
			Order(ent.Asc(delivery.FieldNextAttemptAt, delivery.FieldID)).Limit(batch)
		q.Modify(access.SkipLocked)
		due, err := q.All(ctx)
		if err != nil || len(due) == 0 {
			return nil, err
		}
		ids := make([]string, len(due))
		for i, d := range due {
			ids[i] = d.ID
		}
		for _, d := range due {
			d.NextAttemptAt = now.Add(lease)
		}
		return due, tx.Delivery.Update().Where(delivery.IDIn(ids...)).AddAttempts(1).SetNextAttemptAt(now.Add(lease)).Exec(ctx)
	})
}

// renew begins the lease of a delivery anew before it is sent, since those before
// it may have taken long. It reports whether the delivery is still this
// worker's.
func (s *Service) renew(ctx context.Context, d *ent.Delivery) (bool, error) {
	n, err := s.client.Delivery.Update().Where(delivery.ID(d.ID), delivery.StateEQ(delivery.StateQUEUED),
		delivery.NextAttemptAt(d.NextAttemptAt)).SetNextAttemptAt(instant.Now().Add(lease)).Save(ctx)
	return n == 1, err
}

// suppressed says why a mail is no longer to be sent.
type suppressed string

func (s suppressed) Error() string { return string(s) }

// deliver sends one mail and writes down what became of it.
func (s *Service) deliver(ctx context.Context, d *ent.Delivery) error {
	err := s.send(ctx, d)
	now := instant.Now()
	u := s.client.Delivery.UpdateOneID(d.ID)
	refused, isMail := errors.AsType[*mail.Error](err)
	why, isSuppressed := errors.AsType[suppressed](err)
	tried := d.Attempts + 1
	switch {
	case err == nil:
		u.SetState(delivery.StateSENT).SetSentAt(now).SetLastError("")
	case isSuppressed:
		u.SetState(delivery.StateSUPPRESSED).SetLastError(string(why))
	case isMail && refused.Permanent && refused.Bounced:
		u.SetState(delivery.StateBOUNCED).SetLastError(short(err))
	case isMail && refused.Permanent, tried >= attempts:
		u.SetState(delivery.StateFAILED).SetLastError(short(err))
	case ctx.Err() != nil:
		return ctx.Err() // stopped in the middle: the lease runs out and it is tried again
	default:
		u.SetLastError(short(err)).SetNextAttemptAt(now.Add(backoff(tried)))
	}
	if err != nil && !isSuppressed {
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

func (s *Service) send(ctx context.Context, d *ent.Delivery) error {
	letter, err := s.letter(ctx, d)
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
func (s *Service) letter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	switch d.Kind {
	case kindSignUp, kindPasswordReset, kindRecovery, kindAccountOrdered:
		return s.proofLetter(ctx, d)
	case kindPasswordChanged:
		u, err := s.client.User.Get(ctx, d.SubjectID)
		if err != nil {
			return nil, gone(err, "the user is gone")
		}
		return mail.PasswordChanged{Name: u.Name, ChangedAt: d.CreatedAt, Address: addr(d.Data["address"]), ResetLink: s.site.Public("/forgot-password")}, nil
	case kindSessionsEnded:
		return s.endedLetter(ctx, d)
	case kindInvitation, kindReminder, kindConfirm:
		return s.invitationLetter(ctx, d)
	case kindTransferRequested, kindTransferred, kindTransferDeclined, kindTransferCanceled, kindTransferAnnounced, kindTransferAssigned, kindTransferStopped:
		return s.transferLetter(ctx, d)
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

func (s *Service) invitationLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	i, err := s.client.Invitation.Query().Where(entinvitation.ID(d.SubjectID)).WithAccount().WithInvitedBy().Only(ctx)
	if err != nil {
		return nil, gone(err, "the invitation is gone")
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
