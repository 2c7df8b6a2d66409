// Package account holds what an account is: its profile, its sub-accounts, its
// closing, and who owns it.
package account

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/provision"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/membership"
	"tenantry/internal/once"
	"tenantry/internal/page"
	"tenantry/internal/permission"
	"tenantry/internal/phone"
	sessions "tenantry/internal/session"
	"tenantry/internal/text"
)

// Limits of one owner and one account.
const (
	MaxOwned       = 100
	MaxSubAccounts = 5000
)

// Service manages accounts.
type Service struct {
	client *ent.Client
	gate   *access.Gate
	book   *budget.Book
}

// New returns a service.
func New(client *ent.Client, gate *access.Gate, book *budget.Book) *Service {
	return &Service{client, gate, book}
}

// Draft is what a new account needs.
type Draft struct {
	ParentID       string
	Name           string
	Company        string
	ExternalID     string
	IdempotencyKey string `json:"-"`
}

// Create opens an account that the actor owns. Refusals: UNAUTHENTICATED,
// BAD_INPUT, CONFLICT, QUOTA_EXCEEDED.
func (s *Service) Create(ctx context.Context, by *access.Actor, d Draft) (*ent.Account, *ent.Membership, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, nil, err
	}
	made, err := once.InTx(ctx, s.client, by, "createAccount", d.IdempotencyKey, d, func(tx *ent.Tx) ([2]string, error) {
		if _, err := sessions.LockActor(ctx, tx, by); err != nil {
			return [2]string{}, err
		}
		owned, err := tx.Account.Query().Where(account.OwnerUserID(by.User.ID), account.ParentIDIsNil()).Count(ctx)
		if err != nil {
			return [2]string{}, err
		}
		if owned >= MaxOwned {
			return [2]string{}, fault.New(fault.QuotaExceeded, "One person owns at most %d accounts.", MaxOwned)
		}
		row, m, err := s.open(ctx, tx, by, by.User.ID, d)
		if err != nil {
			return [2]string{}, err
		}
		return [2]string{row.ID, m.ID}, nil
	})
	if err != nil {
		return nil, nil, taken(err)
	}
	// The same request again is answered to nobody who has left since.
	st, err := s.gate.Known(ctx, by, made[0])
	if err != nil {
		return nil, nil, err
	}
	m, err := s.client.Membership.Query().Where(entmembership.ID(made[1])).WithUser().WithAccount().Only(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("read membership: %w", err)
	}
	return st.Account, m, nil
}

// taken says kindly what the unique number of an account refuses.
func taken(err error) error {
	if db.IsUnique(err) {
		return fault.On("externalId", fault.Conflict, "Another account has this number.")
	}
	return err
}

// clean judges what was written. Refusals: BAD_INPUT.
func (d *Draft) clean() (err error) {
	if d.Name, err = text.Line("name", d.Name, true, 100); err != nil {
		return err
	}
	if d.Company, err = text.Line("company", d.Company, false, 200); err != nil {
		return err
	}
	d.ExternalID, err = text.Line("externalId", d.ExternalID, false, 100)
	return err
}

// number returns the company's own number of the account, or nil for none.
func (d *Draft) number() *string {
	if d.ExternalID == "" {
		return nil
	}
	return &d.ExternalID
}

func insert(ctx context.Context, tx *ent.Tx, ownerID string, d Draft) (*ent.Account, error) {
	if err := d.clean(); err != nil {
		return nil, err
	}
	c := tx.Account.Create().SetName(d.Name).SetSearch(text.Fold(d.Name)).SetCompany(d.Company).SetOwnerUserID(ownerID).
		SetNillableExternalID(d.number())
	if d.ParentID != "" {
		c.SetParentID(d.ParentID)
	}
	return c.Save(ctx)
}

// CreateSub opens an account beneath another. Refusals: NOT_FOUND, FORBIDDEN,
// BAD_INPUT, CONFLICT, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED, QUOTA_EXCEEDED.
func (s *Service) CreateSub(ctx context.Context, by *access.Actor, d Draft) (*ent.Account, error) {
	subID, err := once.InTx(ctx, s.client, by, "createSubAccount", d.IdempotencyKey, d, func(tx *ent.Tx) (string, error) {
		st, err := s.gate.Lock(ctx, tx, by, d.ParentID)
		if err != nil {
			return "", err
		}
		if err := st.NeedAdmin(); err != nil {
			return "", err
		}
		if err := st.NeedOpen(); err != nil {
			return "", err
		}
		if st.Account.ParentID != nil {
			return "", fault.On("parentId", fault.BadInput, "Sub-accounts are one level deep: %s is one itself.", st.Account.Name)
		}
		n, err := tx.Account.Query().Where(account.ParentID(d.ParentID)).Count(ctx)
		if err != nil {
			return "", err
		}
		if n >= MaxSubAccounts {
			return "", fault.New(fault.QuotaExceeded, "An account has at most %d sub-accounts.", MaxSubAccounts)
		}
		row, err := insert(ctx, tx, st.Account.OwnerUserID, d)
		if err != nil {
			return "", err
		}
		if err := event.Record(ctx, tx, by,
			event.Entry{AccountID: d.ParentID, Action: "account.sub_account_created", Target: row.ID, TargetName: row.Name},
			event.Entry{AccountID: row.ID, Action: "account.created", Target: row.ID, TargetName: row.Name,
				After: map[string]any{"name": row.Name, "parentId": d.ParentID}}); err != nil {
			return "", err
		}
		return row.ID, nil
	})
	if err != nil {
		return nil, taken(err)
	}
	// The same request again is answered to nobody who could no longer make it.
	st, err := s.gate.Enter(ctx, by, d.ParentID)
	if err != nil {
		return nil, err
	}
	if err := st.NeedAdmin(); err != nil {
		return nil, err
	}
	return s.client.Account.Get(ctx, subID)
}

// Update changes of an account; nil leaves a field as it is.
type Update struct {
	AccountID                  string
	Version                    *int
	Name                       *string
	Company                    *string
	BillingEmail, Phone, TaxID *string
	Address                    *Postal
}

// Postal is a postal address.
type Postal struct {
	Line1      string `json:"line1"`
	Line2      string `json:"line2"`
	City       string `json:"city"`
	Region     string `json:"region"`
	PostalCode string `json:"postalCode"`
	Country    string `json:"country"`
}

// Clean judges a postal address. Refusals: BAD_INPUT on the field.
func (p Postal) Clean(field string) (Postal, error) {
	for _, part := range []struct {
		name string
		p    *string
		most int
	}{
		{"line1", &p.Line1, 200}, {"line2", &p.Line2, 200}, {"city", &p.City, 100},
		{"region", &p.Region, 100}, {"postalCode", &p.PostalCode, 20}, {"country", &p.Country, 10},
	} {
		v, err := text.Line(field+"."+part.name, *part.p, false, part.most)
		if err != nil {
			return p, err
		}
		*part.p = v
	}
	if p.Country != "" {
		p.Country = strings.ToUpper(p.Country)
		if r, err := language.ParseRegion(p.Country); err != nil || len(p.Country) != 2 || !r.IsCountry() {
			return p, fault.On(field+".country", fault.BadInput, "A country has two letters, such as \"DE\" (ISO 3166-1).")
		}
	}
	return p, nil
}

// Phone returns a telephone number as E.164, or "" for nothing. Refusals:
// BAD_INPUT on the field.
func Phone(field, s string) (string, error) {
	if strings.TrimSpace(s) == "" {
		return "", nil
	}
	bad := fault.On(field, fault.BadInput, "This is not a telephone number in international form, such as \"+49 30 1234567\".")
	if len(s) > 40 {
		return "", bad
	}
	n, ok := phone.E164(s)
	if !ok {
		return "", bad
	}
	return n, nil
}

// Update changes name, primary and billing details. Refusals: NOT_FOUND,
// FORBIDDEN, BAD_INPUT, CONFLICT, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Update(ctx context.Context, by *access.Actor, u Update) (*ent.Account, error) {
	row, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Account, error) {
		st, err := s.gate.Change(ctx, tx, by, u.AccountID, permission.Profile)
		if err != nil {
			return nil, err
		}
		a := st.Account
		if u.Version != nil && *u.Version != a.Version {
			return nil, fault.On("version", fault.Conflict, "Somebody changed this account meanwhile. Read again and repeat.")
		}
		before, after := map[string]any{}, map[string]any{}
		q := tx.Account.UpdateOne(a)
		change := func(name, old, new string, set func(string) *ent.AccountUpdateOne) {
			if old != new {
				before[name], after[name] = old, new
				set(new)
			}
		}
		line := func(name string, v *string, old string, required bool, most int, set func(string) *ent.AccountUpdateOne) error {
			if v == nil {
				return nil
			}
			clean, err := text.Line(name, *v, required, most)
			if err == nil {
				change(name, old, clean, set)
			}
			return err
		}
		if err := line("name", u.Name, a.Name, true, 100, func(v string) *ent.AccountUpdateOne { return q.SetName(v).SetSearch(text.Fold(v)) }); err != nil {
			return nil, err
		}
		if err := line("company", u.Company, a.Company, false, 200, q.SetCompany); err != nil {
			return nil, err
		}
		if err := line("taxId", u.TaxID, a.TaxID, false, 50, q.SetTaxID); err != nil {
			return nil, err
		}
		if u.BillingEmail != nil {
			email := ""
			if *u.BillingEmail != "" {
				parsed, err := sessions.Email("billingEmail", *u.BillingEmail)
				if err != nil {
					return nil, err
				}
				email = parsed.Display
			}
			change("billingEmail", a.BillingEmail, email, q.SetBillingEmail)
		}
		if u.Phone != nil {
			phone, err := Phone("phone", *u.Phone)
			if err != nil {
				return nil, err
			}
			change("phone", a.Phone, phone, q.SetPhone)
		}
		if u.Address != nil {
			p, err := u.Address.Clean("address")
			if err != nil {
				return nil, err
			}
			change("address.line1", a.AddressLine1, p.Line1, q.SetAddressLine1)
			change("address.line2", a.AddressLine2, p.Line2, q.SetAddressLine2)
			change("address.city", a.City, p.City, q.SetCity)
			change("address.region", a.Region, p.Region, q.SetRegion)
			change("address.postalCode", a.PostalCode, p.PostalCode, q.SetPostalCode)
			change("address.country", a.Country, p.Country, q.SetCountry)
		}
		if len(after) == 0 {
			return a, nil
		}
		if a, err = q.AddVersion(1).Save(ctx); err != nil {
			return nil, err
		}
		return a, event.Record(ctx, tx, by, event.Entry{AccountID: a.ID, Action: "account.updated", Target: a.ID,
			TargetName: a.Name, Before: before, After: after})
	})
	return row, taken(err)
}

// Close closes an account and its sub-accounts; what waits for an answer ends.
// Refusals: NOT_FOUND, FORBIDDEN, REAUTH_REQUIRED, ACCOUNT_CLOSED,
// ACCOUNT_SUSPENDED.
func (s *Service) Close(ctx context.Context, by *access.Actor, accountID string) (*ent.Account, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Account, error) {
		closing, err := s.proved(ctx, tx, by, accountID)
		if err != nil {
			return nil, err
		}
		subs, err := s.lockSubs(ctx, tx, accountID)
		if err != nil {
			return nil, err
		}
		var ids []string
		var entries []event.Entry
		for _, a := range append([]*ent.Account{closing}, subs...) {
			if a.State != account.StateCLOSED {
				ids = append(ids, a.ID)
				entries = append(entries, event.Entry{AccountID: a.ID, Action: "account.closed", Target: a.ID, TargetName: a.Name})
			}
		}
		for chunk := range slices.Chunk(ids, 500) {
			if err := tx.Account.Update().Where(account.IDIn(chunk...)).SetState(account.StateCLOSED).SetClosedAt(instant.Now()).Exec(ctx); err != nil {
				return nil, err
			}
			if err := s.end(ctx, tx, by, chunk); err != nil {
				return nil, err
			}
		}
		if err := event.Record(ctx, tx, by, entries...); err != nil {
			return nil, err
		}
		return tx.Account.Get(ctx, accountID)
	})
}

// proved locks an open account for its owner, who has freshly proved to be them.
func (s *Service) proved(ctx context.Context, tx *ent.Tx, by *access.Actor, accountID string) (*ent.Account, error) {
	st, err := s.gate.Lock(ctx, tx, by, accountID)
	if err != nil {
		return nil, err
	}
	if err := st.NeedOwner(); err != nil {
		return nil, err
	}
	if err := st.NeedOpen(); err != nil {
		return nil, err
	}
	return st.Account, sessions.Proved(by)
}

func (s *Service) lockSubs(ctx context.Context, tx *ent.Tx, parentID string) ([]*ent.Account, error) {
	q := tx.Account.Query().Where(account.ParentID(parentID)).Order(ent.Asc(account.FieldID))
	q.Modify(access.ForUpdate)
	return q.All(ctx)
}

// end cancels what waits for an answer in accounts that close, and lets the
// sessions that work in them go.
func (s *Service) end(ctx context.Context, tx *ent.Tx, by *access.Actor, accountIDs []string) error {
	const reason = "the account was closed"
	now := instant.Now()
	pending := invitation.And(invitation.AccountIDIn(accountIDs...), membership.Pending())
	if err := tx.Invitation.Update().Where(pending, invitation.ExpiresAtLTE(now)).SetState(invitation.StateEXPIRED).Exec(ctx); err != nil {
		return err
	}
	waiting, err := tx.Invitation.Query().Where(pending).All(ctx)
	if err != nil {
		return err
	}
	var entries []event.Entry
	for _, i := range waiting {
		entries = append(entries, event.Entry{AccountID: i.AccountID, Action: "invitation.canceled", Target: i.ID,
			TargetName: i.Email, After: map[string]any{"reason": reason}})
	}
	if err := tx.Invitation.Update().Where(pending).SetState(invitation.StateCANCELED).SetEndedAt(now).SetEndedReason(reason).Exec(ctx); err != nil {
		return err
	}
	offered := ownershiptransfer.And(ownershiptransfer.AccountIDIn(accountIDs...), ownershiptransfer.StateEQ(ownershiptransfer.StatePENDING))
	offers, err := tx.OwnershipTransfer.Query().Where(offered).All(ctx)
	if err != nil {
		return err
	}
	for _, t := range offers {
		entries = append(entries, event.Entry{AccountID: t.AccountID, Action: "ownership_transfer.canceled", Target: t.ID,
			After: map[string]any{"reason": reason}})
	}
	if err := tx.OwnershipTransfer.Update().Where(offered).SetState(ownershiptransfer.StateCANCELED).SetEndedAt(now).Exec(ctx); err != nil {
		return err
	}
	if err := tx.Session.Update().Where(session.ActiveAccountIDIn(accountIDs...)).ClearActiveAccountID().Exec(ctx); err != nil {
		return err
	}
	return event.Record(ctx, tx, by, entries...)
}

// Reopen opens a closed account again; its sub-accounts stay closed until they
// are reopened themselves. Refusals: NOT_FOUND, ACCOUNT_CLOSED (the parent is),
// CONFLICT.
func (s *Service) Reopen(ctx context.Context, by *access.Actor, accountID string) (*ent.Account, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Account, error) {
		st, err := s.gate.Lock(ctx, tx, by, accountID)
		if err != nil {
			return nil, err
		}
		if err := st.NeedOwner(); err != nil {
			return nil, err
		}
		if st.Account.State != account.StateCLOSED {
			return nil, fault.New(fault.Conflict, "%s is not closed.", st.Account.Name)
		}
		if st.Parent != nil && st.Parent.State == account.StateCLOSED {
			return nil, fault.New(fault.AccountClosed, "%s is closed; reopen it first.", st.Parent.Name)
		}
		state := account.StateACTIVE
		if st.Account.SuspendedReason != "" {
			state = account.StateSUSPENDED // which closing the parent does not lift
		}
		a, err := tx.Account.UpdateOne(st.Account).SetState(state).ClearClosedAt().Save(ctx)
		if err != nil {
			return nil, err
		}
		return a, event.Record(ctx, tx, by, event.Entry{AccountID: a.ID, Action: "account.reopened", Target: a.ID, TargetName: a.Name})
	})
}

// Suspension returns why an account is suspended, or "" if it is not.
func Suspension(a *ent.Account) string {
	if a.State != account.StateSUSPENDED {
		return ""
	}
	return a.SuspendedReason
}

// SetSuspended suspends an account for a reason that its people see, or lifts
// the suspension. For the operator of the portal only. Refusals: NOT_FOUND,
// FORBIDDEN, CONFLICT, BAD_INPUT.
func (s *Service) SetSuspended(ctx context.Context, by *access.Actor, accountID string, suspended bool, reason string) (*ent.Account, error) {
	if err := by.NeedPower(permission.SuspendAccounts); err != nil {
		return nil, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Account, error) {
		locked, err := s.gate.LockAccounts(ctx, tx, accountID)
		if err != nil {
			return nil, err
		}
		a := locked[len(locked)-1]
		want, action := account.StateSUSPENDED, "account.suspended"
		if !suspended {
			want, action, reason = account.StateACTIVE, "account.reinstated", ""
		} else if reason, err = text.Line("reason", reason, true, 300); err != nil {
			return nil, err
		}
		if a.State == account.StateCLOSED || a.State == want {
			return nil, fault.New(fault.Conflict, "%s is %s.", a.Name, strings.ToLower(string(a.State)))
		}
		if a, err = tx.Account.UpdateOne(a).SetState(want).SetSuspendedReason(reason).Save(ctx); err != nil {
			return nil, err
		}
		return a, event.Record(ctx, tx, by, event.Entry{AccountID: a.ID, Action: action, Target: a.ID, TargetName: a.Name,
			After: map[string]any{"reason": reason}})
	})
}

// SetNumber sets the company's own number of an account, unique among all; empty
// takes it away. For the operator of the portal only: whether a number is taken
// is nobody else's business. Refusals: NOT_FOUND, FORBIDDEN, CONFLICT, BAD_INPUT.
func (s *Service) SetNumber(ctx context.Context, by *access.Actor, accountID, number string) (*ent.Account, error) {
	if err := by.NeedPower(permission.ProvisionAccounts); err != nil {
		return nil, err
	}
	number, err := text.Line("number", number, false, 100)
	if err != nil {
		return nil, err
	}
	row, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Account, error) {
		locked, err := s.gate.LockAccounts(ctx, tx, accountID)
		if err != nil {
			return nil, err
		}
		a := locked[len(locked)-1]
		if ordered, err := tx.Provision.Query().Where(provision.ExternalID(number)).Exist(ctx); err != nil {
			return nil, err
		} else if ordered {
			return nil, fault.On("externalId", fault.Conflict, "An account was ordered under this number, and waits for its customer.")
		}
		before := ""
		if a.ExternalID != nil {
			before = *a.ExternalID
		}
		q := tx.Account.UpdateOne(a).ClearExternalID()
		if number != "" {
			q = tx.Account.UpdateOne(a).SetExternalID(number)
		}
		if a, err = q.AddVersion(1).Save(ctx); err != nil {
			return nil, err
		}
		return a, event.Record(ctx, tx, by, event.Entry{AccountID: a.ID, Action: "account.number_set", Target: a.ID, TargetName: a.Name,
			Before: map[string]any{"externalId": before}, After: map[string]any{"externalId": number}})
	})
	return row, taken(err)
}

// Get returns an account that the actor may look into. Refusals: as
// access.Gate.Enter.
func (s *Service) Get(ctx context.Context, by *access.Actor, accountID string) (*ent.Account, error) {
	st, err := s.gate.Enter(ctx, by, accountID)
	if err != nil {
		return nil, err
	}
	return st.Account, nil
}

// Standing returns what the actor is and may do in an account they were shown.
func (s *Service) Standing(ctx context.Context, by *access.Actor, accountID string) (*access.Standing, error) {
	return s.gate.Known(ctx, by, accountID)
}

// Profile returns the account for somebody who may see its details. Refusals:
// FORBIDDEN, and as access.Gate.Enter.
func (s *Service) Profile(ctx context.Context, by *access.Actor, accountID string) (*ent.Account, error) {
	st, err := s.gate.Require(ctx, by, accountID, permission.Profile)
	if err != nil {
		return nil, err
	}
	return st.Account, nil
}

// Owners returns the people who own the accounts, in their order and with the
// same statements for any number; nil for one that the actor may not look into.
func (s *Service) Owners(ctx context.Context, by *access.Actor, accounts []*ent.Account) ([]*ent.User, error) {
	entered := map[string]bool{}
	all := make([]string, len(accounts))
	for i, a := range accounts {
		all[i] = a.ID
	}
	if err := s.gate.Prepare(ctx, by, all); err != nil {
		return nil, err
	}
	for _, a := range accounts {
		_, err := s.gate.Enter(ctx, by, a.ID)
		if err != nil && fault.All(err) == nil {
			return nil, err
		}
		entered[a.ID] = err == nil
	}
	var ids []string
	for _, a := range accounts {
		if a.OwnerUserID != by.UserID() && !slices.Contains(ids, a.OwnerUserID) {
			ids = append(ids, a.OwnerUserID)
		}
	}
	byID := map[string]*ent.User{by.UserID(): by.User}
	if len(ids) > 0 {
		rows, err := s.client.User.Query().Where(user.IDIn(ids...)).All(ctx)
		if err != nil {
			return nil, fmt.Errorf("read owners: %w", err)
		}
		for _, u := range rows {
			byID[u.ID] = u
		}
	}
	out := make([]*ent.User, len(accounts))
	for i, a := range accounts {
		if entered[a.ID] {
			out[i] = byID[a.OwnerUserID]
		}
	}
	return out, nil
}

// Parent returns the account above, or nil if there is none that the actor
// belongs to.
func (s *Service) Parent(ctx context.Context, by *access.Actor, a *ent.Account) (*ent.Account, error) {
	if a.ParentID == nil {
		return nil, nil
	}
	st, err := s.gate.Enter(ctx, by, *a.ParentID)
	if fault.All(err) != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return st.Account, nil
}

// Subs pages through the sub-accounts that the actor reaches, oldest first.
// Refusals: as access.Gate.Enter, BAD_INPUT.
func (s *Service) Subs(ctx context.Context, by *access.Actor, accountID string, r page.Request) (page.Page[*ent.Account], error) {
	none := page.Page[*ent.Account]{}
	st, err := s.gate.Enter(ctx, by, accountID)
	if err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	q := s.client.Account.Query().Where(page.Within(account.FieldParentID, account.FieldID, accountID, r.After)).Where(st.Reached()...)
	rows, err := q.Limit(r.Limit()).All(ctx)
	if err != nil {
		return none, fmt.Errorf("list sub-accounts: %w", err)
	}
	p := page.Cut(rows, r)
	ids := make([]string, len(p.Items))
	for i, a := range p.Items {
		ids[i] = a.ID
	}
	return p, s.gate.Prepare(ctx, by, ids)
}

func (s *Service) pending(ctx context.Context, c *ent.OwnershipTransferClient, accountID string) (*ent.OwnershipTransfer, error) {
	t, err := c.Query().Where(ownershiptransfer.AccountID(accountID), ownershiptransfer.StateEQ(ownershiptransfer.StatePENDING)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	return t, err
}
