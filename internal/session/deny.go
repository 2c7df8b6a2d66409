package session

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/apitoken"
	"tenantry/ent/emailchange"
	entevent "tenantry/ent/event"
	"tenantry/ent/identity"
	"tenantry/ent/invitation"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/ent/verification"
	"tenantry/ent/webhook"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/link"
)

const denied = "activity.denied"

// Deny takes the word of whoever was mailed that something happened to their sign-in,
// and says that it was not them. All that is signed in ends, so does all by which
// somebody could sign in again: the password, known devices, what waits for a new
// address, passkeys, recovery codes and identities elsewhere that were added since. API
// tokens of accounts that were made since are dead, webhooks that were made, directed
// elsewhere, given another secret or set going since are paused, and invitations and an
// ownership that were offered since and wait are taken back. An address that was changed since is
// changed back. That signing in takes a second factor stays, even if none is left that the person has: who reads the mail has proved one,
// and the operator lifts it. The way back is a link to a new password, mailed to the
// person's address.
//
// The link is bound to what happened and to nothing that could be changed since, and
// has its effect once. Refusals: INVALID_TOKEN, CONFLICT, RATE_LIMITED.
func (s *Service) Deny(ctx context.Context, by *access.Actor, token string) error {
	claim, err := s.open(ctx, by, token, link.Denial)
	if err != nil {
		return err
	}
	if !instant.Now().Before(claim.ExpiresAt) {
		return dead()
	}
	e, err := s.client.Event.Query().Where(entevent.ID(claim.ID)).Only(ctx)
	if ent.IsNotFound(err) {
		return dead()
	}
	if err != nil {
		return err
	}
	for {
		err := db.InTx0(ctx, s.client, func(tx *ent.Tx) error { return s.deny(ctx, tx, by, e) })
		if db.IsUnique(err) || errors.Is(err, errPlanted) {
			continue // a link to a new password was asked for in this very moment, or something let out of an account
		}
		if err == nil && (e.Stream == by.UserID() || by.Half != nil && e.Stream == by.Half.User.ID) {
			depart(by)
		}
		return err
	}
}

func (s *Service) deny(ctx context.Context, tx *ent.Tx, by *access.Actor, e *ent.Event) error {
	// Accounts are locked before people, by everybody.
	there, err := plantedSince(ctx, tx, e)
	if err != nil {
		return err
	}
	locked := there.accounts()
	ordered, err := inOrder(ctx, tx, locked)
	if err != nil {
		return err
	}
	for _, a := range ordered {
		if _, err := s.gate.LockAccounts(ctx, tx, a); err != nil {
			return err
		}
	}
	u, err := LockUser(ctx, tx, e.Stream)
	if ent.IsNotFound(err) {
		return dead()
	}
	if err != nil {
		return err
	}
	before, err := tx.Event.Query().Where(entevent.Stream(u.ID), entevent.Action(denied), entevent.TargetID(e.ID)).Exist(ctx)
	if err != nil {
		return err
	}
	if before {
		return fault.On("token", fault.Conflict, "You have said so already with this link, and everything was ended then. If you need another link to a new password, ask for one.")
	}
	who := &access.Actor{Kind: access.Person, User: u, Address: by.Address}
	ended := map[string]any{}
	if err := uproot(ctx, tx, who, e, locked, ended); err != nil {
		return err
	}
	for _, end := range []struct {
		what string
		do   func(context.Context) (int, error)
	}{
		{"sessions", tx.Session.Delete().Where(session.UserID(u.ID)).Exec},
		{"devices", func(ctx context.Context) (int, error) { return forget(ctx, tx, u.ID, nil) }},
		{"emailChanges", tx.EmailChange.Delete().Where(emailchange.UserID(u.ID), emailchange.ConfirmedAtIsNil()).Exec},
		{"passkeys", tx.Passkey.Delete().Where(passkey.UserID(u.ID), passkey.Or(passkey.ID(e.TargetID), passkey.CreatedAtGTE(e.CreatedAt))).Exec},
		{"recoveryCodes", tx.RecoveryCode.Delete().Where(recoverycode.UserID(u.ID), recoverycode.CreatedAtGTE(e.CreatedAt)).Exec},
		{"identities", tx.Identity.Delete().Where(identity.UserID(u.ID), identity.Or(identity.ID(e.TargetID), identity.CreatedAtGTE(e.CreatedAt))).Exec},
	} {
		n, err := end.do(ctx)
		if err != nil {
			return fmt.Errorf("end %s: %w", end.what, err)
		}
		if n > 0 {
			ended[end.what] = n
		}
	}
	if u, err = s.restore(ctx, tx, u, e.CreatedAt); err != nil {
		return err
	}
	if err := setPassword(ctx, tx, u, ""); err != nil {
		return err
	}
	if err := s.book.Forgive(ctx, tx, budget.PasswordByAddress, u.EmailKey); err != nil {
		return err
	}
	v, err := Ask(ctx, tx, verification.PurposePASSWORD_RESET, address.Address{Display: u.Email, Key: u.EmailKey}, u.Name, u.Locale, ResetLifetime)
	if err != nil {
		return err
	}
	ended["verificationId"] = v.ID
	return event.Record(ctx, tx, who, event.Entry{UserID: u.ID, Action: denied, Target: e.ID, TargetName: e.Action, After: ended})
}

// errPlanted says that something was let into an account in the moment in which the
// accounts of all that were locked.
var errPlanted = errors.New("something was let into another account meanwhile")

// planted is by what a person has let somebody into accounts, or let out what is in them:
// API tokens that they made, invitations and an ownership that they offered and nobody has
// accepted yet, and webhooks that they made, directed elsewhere, gave another secret or set
// going.
type planted struct {
	tokens      []*ent.APIToken
	invitations []*ent.Invitation
	offers      []*ent.OwnershipTransfer
	webhooks    []*ent.Webhook
	hosts       map[string]string // of them, by id
}

// plantedSince reads what is there of it since what the event tells.
func plantedSince(ctx context.Context, tx *ent.Tx, e *ent.Event) (out planted, err error) {
	if out.tokens, err = tx.APIToken.Query().Where(apitoken.CreatedByID(e.Stream), apitoken.CreatedAtGTE(e.CreatedAt)).Order(ent.Asc(apitoken.FieldID)).All(ctx); err != nil {
		return planted{}, err
	}
	if out.invitations, err = tx.Invitation.Query().Where(invitation.InvitedByID(e.Stream), invitation.StateEQ(invitation.StatePENDING), invitation.CreatedAtGTE(e.CreatedAt)).
		Order(ent.Asc(invitation.FieldID)).All(ctx); err != nil {
		return planted{}, err
	}
	if out.offers, err = tx.OwnershipTransfer.Query().Where(ownershiptransfer.FromUserID(e.Stream), ownershiptransfer.StateEQ(ownershiptransfer.StatePENDING),
		ownershiptransfer.EffectiveAtIsNil(), ownershiptransfer.CreatedAtGTE(e.CreatedAt)).WithTo().Order(ent.Asc(ownershiptransfer.FieldID)).All(ctx); err != nil {
		return planted{}, err // one that an operator began is the operator's
	}
	// Few webhooks are changed, so the histories of their accounts say who did it.
	did, err := tx.Event.Query().Where(entevent.IDGTE(id.First(id.Event, e.CreatedAt)), entevent.ActorKindEQ(entevent.ActorKindUSER), entevent.ActorID(e.Stream),
		entevent.ActionIn("webhook.created", "webhook.updated", "webhook.secret_rotated", "webhook.resumed"), func(s *sql.Selector) {
			w := sql.Table(webhook.Table)
			s.Where(sql.In(s.C(entevent.FieldAccountID), sql.Select(w.C(webhook.FieldAccountID)).From(w).Where(sql.GTE(w.C(webhook.FieldUpdatedAt), e.CreatedAt))))
		}).Order(ent.Asc(entevent.FieldID)).All(ctx)
	if err != nil || len(did) == 0 {
		return out, err
	}
	out.hosts = map[string]string{}
	for _, d := range did {
		out.hosts[d.TargetID] = d.TargetName
	}
	out.webhooks, err = tx.Webhook.Query().Where(webhook.IDIn(slices.Collect(maps.Keys(out.hosts))...), webhook.StateNEQ(webhook.StatePAUSED)).Order(ent.Asc(webhook.FieldID)).All(ctx)
	return out, err
}

// accounts lists where it is, each once.
func (p planted) accounts() []string {
	var out []string
	for _, t := range p.tokens {
		out = append(out, t.AccountID)
	}
	for _, i := range p.invitations {
		out = append(out, i.AccountID)
	}
	for _, o := range p.offers {
		out = append(out, o.AccountID)
	}
	for _, h := range p.webhooks {
		out = append(out, h.AccountID)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// inOrder sorts accounts as they are locked by whoever locks several: all of one parent
// together, by the parents' ids, since the parent of each is locked with it.
func inOrder(ctx context.Context, tx *ent.Tx, accounts []string) ([]string, error) {
	if len(accounts) < 2 {
		return accounts, nil
	}
	rows, err := tx.Account.Query().Where(account.IDIn(accounts...)).Select(account.FieldID, account.FieldParentID).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read whose sub-accounts they are: %w", err)
	}
	root := func(a *ent.Account) string {
		if a.ParentID != nil {
			return *a.ParentID
		}
		return a.ID
	}
	slices.SortFunc(rows, func(a, b *ent.Account) int { return cmp.Or(cmp.Compare(root(a), root(b)), cmp.Compare(a.ID, b.ID)) })
	out := make([]string, len(rows))
	for i, a := range rows {
		out[i] = a.ID
	}
	return out, nil
}

// uproot deletes those tokens, takes those offers back, stops those webhooks, and says how
// many. The accounts that
// are given are locked, and so is the person, who lets nothing more out then. A webhook
// is stopped and not deleted, since it may have been the account's before.
func uproot(ctx context.Context, tx *ent.Tx, by *access.Actor, e *ent.Event, locked []string, ended map[string]any) error {
	p, err := plantedSince(ctx, tx, e)
	if err != nil {
		return err
	}
	for _, a := range p.accounts() {
		if !slices.Contains(locked, a) {
			return errPlanted
		}
	}
	for _, t := range p.tokens {
		if err := tx.APIToken.DeleteOne(t).Exec(ctx); err != nil {
			return err
		}
		if err := access.MembersChanged(ctx, tx, t.AccountID); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, by, event.Entry{AccountID: t.AccountID, Action: "api_token.revoked", Target: t.ID, TargetName: t.Name,
			After: map[string]any{"reason": "whoever made it says that they did not"}}); err != nil {
			return err
		}
	}
	const reason = "whoever offered it says that they did not"
	var entries []event.Entry
	for _, i := range p.invitations {
		if err := tx.Invitation.UpdateOne(i).SetState(invitation.StateCANCELED).SetEndedReason(reason).SetEndedAt(instant.Now()).Exec(ctx); err != nil {
			return err
		}
		entries = append(entries, event.Entry{AccountID: i.AccountID, Action: "invitation.canceled", Target: i.ID, TargetName: i.Email, After: map[string]any{"reason": reason}})
	}
	for _, o := range p.offers {
		if err := tx.OwnershipTransfer.UpdateOne(o).SetState(ownershiptransfer.StateCANCELED).SetEndedAt(instant.Now()).Exec(ctx); err != nil {
			return err
		}
		entries = append(entries, event.Entry{AccountID: o.AccountID, Action: "ownership_transfer.canceled", Target: o.ID, TargetName: o.Edges.To.Name, After: map[string]any{"reason": reason}})
	}
	if err := event.Record(ctx, tx, by, entries...); err != nil {
		return err
	}
	for _, h := range p.webhooks {
		if err := tx.Webhook.UpdateOne(h).SetState(webhook.StatePAUSED).SetUpdatedAt(instant.Now()).Exec(ctx); err != nil {
			return err
		}
		if err := event.Record(ctx, tx, by, event.Entry{AccountID: h.AccountID, Action: "webhook.paused", Target: h.ID, TargetName: p.hosts[h.ID],
			Before: map[string]any{"state": h.State},
			After:  map[string]any{"state": webhook.StatePAUSED, "reason": "whoever set it up or changed it says that they did not"}}); err != nil {
			return err
		}
	}
	for what, n := range map[string]int{"apiTokens": len(p.tokens), "invitations": len(p.invitations), "ownershipTransfers": len(p.offers), "webhooks": len(p.webhooks)} {
		if n > 0 {
			ended[what] = n
		}
	}
	return nil
}

// restore gives a user, who is locked, the address back that they had at an instant, if
// the change can still be undone and nobody else has the address meanwhile.
func (s *Service) restore(ctx context.Context, tx *ent.Tx, u *ent.User, at time.Time) (*ent.User, error) {
	now := instant.Now()
	c, err := tx.EmailChange.Query().Where(emailchange.UserID(u.ID), emailchange.ConfirmedAtGTE(at), emailchange.EndedAtIsNil(), emailchange.ExpiresAtGT(now)).
		Order(ent.Asc(emailchange.FieldID)).First(ctx)
	if ent.IsNotFound(err) {
		return u, nil
	}
	if err != nil {
		return nil, err
	}
	if taken, err := tx.User.Query().Where(user.EmailKey(c.FormerEmailKey), user.IDNEQ(u.ID)).Exist(ctx); err != nil || taken {
		return u, err
	}
	if err := endWaysBack(ctx, tx, c, now); err != nil {
		return nil, err
	}
	return s.readdress(ctx, tx, u, address.Address{Display: c.FormerEmail, Key: c.FormerEmailKey})
}
