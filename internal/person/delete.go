// Package person holds what concerns a person across all accounts: that they leave
// for good, and what is stored about them.
package person

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/ceremony"
	"tenantry/ent/delivery"
	"tenantry/ent/emailchange"
	entevent "tenantry/ent/event"
	"tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/user"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/membership"
	"tenantry/internal/session"
)

// HistoryKept is how long the own history of a deleted user is kept, and the mails
// that no account sent them, for whoever asks what happened.
const HistoryKept = 30 * 24 * time.Hour

// Service is about people.
type Service struct {
	client  *ent.Client
	gate    *access.Gate
	book    *budget.Book
	members *membership.Service
}

// New returns a service.
func New(client *ent.Client, gate *access.Gate, book *budget.Book, members *membership.Service) *Service {
	return &Service{client, gate, book, members}
}

// errMoved says that the person got an account in the moment in which all of theirs
// were being locked.
var errMoved = errors.New("the person's accounts have changed")

// mostShown is how many accounts a refusal names.
const mostShown = 100

// Delete deletes the actor's user, who types their address to confirm it, and
// returns the id. What is only theirs goes; closed accounts, invitations and offers
// of ownership that point at them point at a name without an address from then on.
// With OWNER_PROTECTED it returns the accounts that stand in the way. Refusals:
// UNAUTHENTICATED, REAUTH_REQUIRED, BAD_INPUT, OWNER_PROTECTED.
func (s *Service) Delete(ctx context.Context, by *access.Actor, email string) (string, []*ent.Account, error) {
	none := []*ent.Account{}
	if err := session.Proved(by); err != nil {
		return "", none, err
	}
	if typed, err := address.Parse(email); err != nil || typed.Key != by.User.EmailKey {
		return "", none, fault.On("email", fault.BadInput, "Type the address that you sign in with, to confirm that your user is to be deleted.")
	}
	userID := by.User.ID
	for {
		owned := none
		err := db.InTx0(ctx, s.client, func(tx *ent.Tx) (err error) {
			owned, err = s.delete(ctx, tx, by)
			return err
		})
		if errors.Is(err, errMoved) && ctx.Err() == nil {
			continue
		}
		if err != nil {
			return "", append(none, owned...), err
		}
		by.Forget()
		by.Kind, by.User, by.Session = access.Nobody, nil, nil
		return userID, none, nil
	}
}

// delete locks the person's accounts and then the person, as everybody does, and
// takes one out of the other. With OWNER_PROTECTED it returns what they own.
func (s *Service) delete(ctx context.Context, tx *ent.Tx, by *access.Actor) ([]*ent.Account, error) {
	roots, err := s.roots(ctx, tx, by.User.ID)
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(roots, 500) {
		q := tx.Account.Query().Where(account.IDIn(chunk...)).Order(ent.Asc(account.FieldID))
		q.Modify(access.ForUpdate)
		if _, err := q.All(ctx); err != nil {
			return nil, fmt.Errorf("lock accounts: %w", err)
		}
	}
	u, err := session.LockSession(ctx, tx, by)
	if err != nil {
		return nil, err
	}
	now, err := s.roots(ctx, tx, u.ID)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(now, func(a string) bool { return !slices.Contains(roots, a) }) {
		return nil, errMoved
	}
	owned, err := tx.Account.Query().Where(account.OwnerUserID(u.ID), account.StateNEQ(account.StateCLOSED)).
		Order(ent.Asc(account.FieldID)).Limit(mostShown).All(ctx)
	if err != nil {
		return nil, err
	}
	if len(owned) > 0 {
		return owned, fault.New(fault.OwnerProtected, "You own %s. Hand over what others need and close the rest, then delete your user.", named(owned))
	}
	members, err := tx.Membership.Query().Where(entmembership.UserID(u.ID)).Order(ent.Asc(entmembership.FieldID)).All(ctx)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if err := s.members.LeaveTx(ctx, tx, by, m); err != nil {
			return nil, fmt.Errorf("leave %s: %w", m.AccountID, err)
		}
	}
	if err := s.leaveName(ctx, tx, by, u); err != nil {
		return nil, err
	}
	if _, err := tx.Verification.Delete().Where(verification.EmailKey(u.EmailKey), verification.PurposeNEQ(verification.PurposeORDER)).Exec(ctx); err != nil {
		return nil, err
	}
	if _, err := tx.Ceremony.Delete().Where(ceremony.UserID(u.ID)).Exec(ctx); err != nil {
		return nil, err
	}
	before := map[string]any{"email": u.Email, "emailKey": u.EmailKey, "name": u.Name, "locale": u.Locale}
	former, err := wayBack(ctx, tx, u)
	if err != nil {
		return nil, err
	}
	if len(former) > 0 {
		before["formerEmails"] = former
	}
	if err := event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "user.deleted", Target: u.ID, TargetName: u.Name, Before: before}); err != nil {
		return nil, err
	}
	return nil, tx.User.DeleteOneID(u.ID).Exec(ctx) // and sessions, factors, devices and changes of address, which go with it
}

// wayBack returns the addresses that could still take the user back, which is in vain
// from now on: whoever moved it elsewhere to delete it must not do so unheard.
func wayBack(ctx context.Context, tx *ent.Tx, u *ent.User) ([]string, error) {
	changes, err := tx.EmailChange.Query().Where(emailchange.UserID(u.ID), emailchange.ConfirmedAtNotNil(), emailchange.EndedAtIsNil(),
		emailchange.ExpiresAtGT(instant.Now()), emailchange.FormerEmailKeyNEQ(u.EmailKey)).Order(ent.Asc(emailchange.FieldID)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read changes of address: %w", err)
	}
	var out []string
	for _, c := range changes {
		if !slices.Contains(out, c.FormerEmail) {
			out = append(out, c.FormerEmail)
		}
	}
	return out, nil
}

// roots lists the accounts whose lock keeps everything from changing that the person
// belongs to or owns: those themselves, or for sub-accounts their parents.
func (s *Service) roots(ctx context.Context, tx *ent.Tx, userID string) ([]string, error) {
	mine, err := tx.Account.Query().Where(account.Or(account.OwnerUserID(userID), account.HasMembershipsWith(entmembership.UserID(userID)))).
		Select(account.FieldID, account.FieldParentID).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read own accounts: %w", err)
	}
	var out []string
	for _, a := range mine {
		if a.ParentID != nil {
			out = append(out, *a.ParentID)
		} else {
			out = append(out, a.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func named(accounts []*ent.Account) string {
	if len(accounts) == 1 {
		return accounts[0].Name
	}
	return fmt.Sprintf("%s and %d more", accounts[0].Name, len(accounts)-1)
}

// leaveName leaves a row behind that has the name of a user and nothing else of
// them, and has everything point at it that needs somebody to point at.
func (s *Service) leaveName(ctx context.Context, tx *ent.Tx, by *access.Actor, u *ent.User) error {
	rest, now := id.New(id.User), instant.Now()
	if err := tx.User.Create().SetID(rest).SetName(u.Name).SetEmail("").SetEmailKey("deleted:" + rest).SetSearch("").
		SetDisabledAt(now).SetDeletedAt(now).SetFormerID(u.ID).Exec(ctx); err != nil {
		return fmt.Errorf("leave a name: %w", err)
	}
	closed, err := tx.Account.Query().Where(account.OwnerUserID(u.ID)).Order(ent.Asc(account.FieldID)).All(ctx)
	if err != nil {
		return err
	}
	var entries []event.Entry
	for _, a := range closed {
		entries = append(entries, event.Entry{AccountID: a.ID, Action: "account.owner_changed", Target: a.ID, TargetName: a.Name,
			Before: map[string]any{"ownerUserId": u.ID}, After: map[string]any{"ownerUserId": rest}})
	}
	if err := event.Record(ctx, tx, by, entries...); err != nil {
		return err
	}
	for _, reference := range [][2]string{{account.Table, account.FieldOwnerUserID}, {invitation.Table, invitation.FieldInvitedByID},
		{ownershiptransfer.Table, ownershiptransfer.FieldFromUserID}, {ownershiptransfer.Table, ownershiptransfer.FieldToUserID}} {
		table, column := reference[0], reference[1]
		if _, err := tx.ExecContext(ctx, "UPDATE "+table+" SET "+column+" = $1 WHERE "+column+" = $2", rest, u.ID); err != nil {
			return fmt.Errorf("leave a name in %s: %w", table, err)
		}
	}
	return nil
}

// Forget deletes the own history of users who were deleted HistoryKept ago, and the
// mails that no account sent them; and the name that they left, where nothing needs it.
func (s *Service) Forget(ctx context.Context) error {
	left, err := s.client.User.Query().Where(user.FormerIDNotNil(), user.DeletedAtLTE(instant.Now().Add(-HistoryKept))).
		Order(ent.Asc(user.FieldID)).Limit(100).All(ctx)
	if err != nil {
		return fmt.Errorf("read deleted users: %w", err)
	}
	var failed []error
	for _, rest := range left {
		if err := db.InTx0(ctx, s.client, func(tx *ent.Tx) error { return forget(ctx, tx, rest) }); err != nil {
			failed = append(failed, fmt.Errorf("user %s: %w", *rest.FormerID, err))
			continue
		}
		if err := s.client.User.DeleteOne(rest).Exec(ctx); err != nil && !db.IsForeignKey(err) && !ent.IsNotFound(err) {
			failed = append(failed, fmt.Errorf("name %s: %w", rest.ID, err))
		}
	}
	return errors.Join(failed...)
}

func forget(ctx context.Context, tx *ent.Tx, rest *ent.User) error {
	e, err := tx.Event.Query().Where(entevent.Stream(*rest.FormerID), entevent.Action("user.deleted")).First(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return err
	}
	if e != nil {
		var was struct{ EmailKey string }
		if err := json.Unmarshal([]byte(e.Before), &was); err != nil {
			return fmt.Errorf("event %s: %w", e.ID, err)
		}
		if _, err := tx.Delivery.Delete().Where(delivery.AccountIDIsNil(), delivery.ToKey(was.EmailKey), delivery.CreatedAtLTE(e.CreatedAt)).Exec(ctx); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM "+delivery.Table+" WHERE "+delivery.FieldEventID+" IN (SELECT "+entevent.FieldID+" FROM "+entevent.Table+
		" WHERE "+entevent.FieldStream+" = $1)", *rest.FormerID); err != nil {
		return err
	}
	if err := event.Forget(ctx, tx, *rest.FormerID); err != nil {
		return err
	}
	return tx.User.UpdateOne(rest).ClearFormerID().Exec(ctx)
}
