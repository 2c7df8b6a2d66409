package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/provision"
	"tenantry/ent/user"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/membership"
	"tenantry/internal/once"
	"tenantry/internal/permission"
	sessions "tenantry/internal/session"
	"tenantry/internal/text"
)

// An order waits for its customer for OrderKept; the link in the mail about it is
// valid for OrderLink.
const (
	OrderKept = 90 * 24 * time.Hour
	OrderLink = 7 * 24 * time.Hour
)

// Order is an account that the company opens for a customer.
type Order struct {
	Name, Company string
	// ExternalID is the company's own number of the account. The same number is the
	// same order.
	ExternalID string
	// OwnerEmail is the customer's address; OwnerName and Locale are for the case that
	// nobody with the address exists yet.
	OwnerEmail, OwnerName, Locale string
	IdempotencyKey                string `json:"-"`
}

// Provision opens an account for whoever has an address. If nobody with it
// exists yet, they are asked by mail to prove the address, and the account is
// opened when they do: then it returns nil. The same order again mails again, or
// returns the account that was opened; for another address it takes the place of
// an order that waits. For an operator with the power. Refusals: FORBIDDEN,
// BAD_INPUT, CONFLICT for a number that is another customer's, RATE_LIMITED.
func (s *Service) Provision(ctx context.Context, by *access.Actor, o Order) (*ent.Account, error) {
	if err := by.NeedPower(permission.ProvisionAccounts); err != nil {
		return nil, err
	}
	owner, err := sessions.Email("ownerEmail", o.OwnerEmail)
	if err != nil {
		return nil, err
	}
	if o.OwnerName, err = text.Line("ownerName", o.OwnerName, false, 100); err != nil {
		return nil, err
	}
	if o.Locale, err = text.Locale("locale", o.Locale); err != nil {
		return nil, err
	}
	if o.ExternalID, err = text.Line("externalId", o.ExternalID, true, 100); err != nil {
		return nil, err
	}
	d := Draft{Name: o.Name, Company: o.Company, ExternalID: o.ExternalID}
	if err := d.clean(); err != nil {
		return nil, err
	}
	if err := s.book.Take(ctx, budget.OrderByAddress, owner.Key, 1); err != nil {
		return nil, err
	}
	for {
		accountID, err := once.InTx(ctx, s.client, by, "provisionAccount", o.IdempotencyKey, o, func(tx *ent.Tx) (string, error) {
			return s.order(ctx, tx, by, owner, o, d)
		})
		switch {
		case (db.IsUnique(err) || ent.IsNotFound(err) || errors.Is(err, errMoved)) && ctx.Err() == nil:
			continue // the same order, or its customer, came in this very moment
		case err != nil || accountID == "":
			return nil, err
		}
		return s.client.Account.Get(ctx, accountID)
	}
}

// errMoved says that the customer changed the address in this very moment.
var errMoved = errors.New("the address has changed hands")

// order opens the account, or keeps the order until somebody has proved the
// address, and then returns "".
func (s *Service) order(ctx context.Context, tx *ent.Tx, by *access.Actor, owner address.Address, o Order, d Draft) (string, error) {
	opened, err := tx.Account.Query().Where(account.ExternalID(d.ExternalID)).WithOwner().Only(ctx)
	switch {
	case err == nil && opened.Edges.Owner.EmailKey == owner.Key:
		return opened.ID, nil
	case err == nil:
		return "", fault.On("externalId", fault.Conflict, "Another customer's account has this number.")
	case !ent.IsNotFound(err):
		return "", err
	}
	u, err := tx.User.Query().Where(user.EmailKey(owner.Key)).Only(ctx)
	if ent.IsNotFound(err) {
		return "", s.await(ctx, tx, by, owner, o, d)
	}
	if err != nil {
		return "", err
	}
	if u.DisabledAt != nil {
		return "", fault.On("ownerEmail", fault.Conflict, "The user with this address is disabled.")
	}
	now, err := sessions.LockUser(ctx, tx, u.ID)
	if err != nil {
		return "", err
	}
	if now.EmailKey != owner.Key {
		return "", errMoved
	}
	if _, err := tx.Provision.Delete().Where(provision.ExternalID(d.ExternalID)).Exec(ctx); err != nil {
		return "", err
	}
	row, _, err := s.open(ctx, tx, by, u.ID, d)
	if err != nil {
		return "", err
	}
	return row.ID, nil
}

// await keeps an order, and asks its customer by mail to prove the address.
func (s *Service) await(ctx context.Context, tx *ent.Tx, by *access.Actor, owner address.Address, o Order, d Draft) error {
	ends := instant.Now().Add(OrderKept)
	row, err := tx.Provision.Query().Where(provision.ExternalID(d.ExternalID)).Only(ctx)
	switch {
	case ent.IsNotFound(err):
		row, err = tx.Provision.Create().SetExternalID(d.ExternalID).SetEmail(owner.Display).SetEmailKey(owner.Key).SetName(d.Name).SetCompany(d.Company).
			SetOperator(by.Called()).SetOperatorTokenID(by.Token).SetExpiresAt(ends).Save(ctx)
	case err == nil:
		row, err = tx.Provision.UpdateOne(row).SetEmail(owner.Display).SetEmailKey(owner.Key).SetName(d.Name).SetCompany(d.Company).
			SetOperator(by.Called()).SetOperatorTokenID(by.Token).SetExpiresAt(ends).Save(ctx)
	}
	if err != nil {
		return err
	}
	v, err := sessions.AskAgain(ctx, tx, verification.PurposeORDER, owner, o.OwnerName, o.Locale, OrderLink)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, by, event.Entry{Action: "account.ordered", Target: row.ID, TargetName: row.Name,
		After: map[string]any{"name": row.Name, "externalId": row.ExternalID, "verificationId": v.ID}})
}

// Orders lists the orders that wait for their customer, oldest first.
func (s *Service) Orders(ctx context.Context) ([]*ent.Provision, error) {
	return s.client.Provision.Query().Where(provision.ExpiresAtGT(instant.Now())).Order(ent.Asc(provision.FieldID)).All(ctx)
}

// Withdraw takes an order back by the number of its account. For an operator with
// the power. Refusals: FORBIDDEN, NOT_FOUND.
func (s *Service) Withdraw(ctx context.Context, by *access.Actor, number string) error {
	if err := by.NeedPower(permission.ProvisionAccounts); err != nil {
		return err
	}
	return db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		row, err := tx.Provision.Query().Where(provision.ExternalID(number)).Only(ctx)
		if ent.IsNotFound(err) {
			return fault.Missing("order")
		}
		if err != nil {
			return err
		}
		if err := tx.Provision.DeleteOne(row).Exec(ctx); err != nil {
			return err
		}
		return event.Record(ctx, tx, by, event.Entry{Action: "account.order_withdrawn", Target: row.ID, TargetName: row.Name,
			Before: map[string]any{"externalId": row.ExternalID}})
	})
}

// Claim opens the accounts that were ordered for a user who has come to exist, in
// the same transaction.
func (s *Service) Claim(ctx context.Context, tx *ent.Tx, u *ent.User) error {
	waiting, err := tx.Provision.Query().Where(provision.EmailKey(u.EmailKey), provision.ExpiresAtGT(instant.Now())).
		Order(ent.Asc(provision.FieldID)).All(ctx)
	if err != nil {
		return fmt.Errorf("read orders: %w", err)
	}
	for _, p := range waiting {
		if n, err := tx.Provision.Delete().Where(provision.ID(p.ID)).Exec(ctx); err != nil {
			return err
		} else if n == 0 {
			continue // somebody else opened it, or took it back
		}
		d := Draft{Name: p.Name, Company: p.Company, ExternalID: p.ExternalID}
		has, err := tx.Account.Query().Where(account.ExternalID(p.ExternalID)).Only(ctx)
		switch {
		case err == nil && has.OwnerUserID == u.ID:
			continue // the same order came again when the customer existed
		case err == nil:
			d.ExternalID = "" // given away meanwhile, which is no reason to lose the customer
		case !ent.IsNotFound(err):
			return err
		}
		if _, _, err := s.open(ctx, tx, access.OnBehalf(p.Operator, p.OperatorTokenID), u.ID, d); err != nil {
			return err
		}
	}
	return nil
}

// ClaimLate opens the accounts that were ordered in the very moment in which
// their owner came to exist, and forgets orders that have lapsed.
func (s *Service) ClaimLate(ctx context.Context) error {
	if _, err := s.client.Provision.Delete().Where(provision.ExpiresAtLTE(instant.Now())).Exec(ctx); err != nil {
		return fmt.Errorf("forget orders: %w", err)
	}
	late, err := s.client.User.Query().Where(func(q *sql.Selector) {
		p := sql.Dialect(q.Dialect()).Table(provision.Table).As("p")
		q.Where(sql.Exists(sql.Dialect(q.Dialect()).Select(p.C(provision.FieldID)).From(p).
			Where(sql.ColumnsEQ(p.C(provision.FieldEmailKey), q.C(user.FieldEmailKey)))))
	}).Limit(100).All(ctx)
	if err != nil {
		return fmt.Errorf("read orders: %w", err)
	}
	var failed []error
	for _, u := range late {
		failed = append(failed, db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
			u, err := sessions.LockUser(ctx, tx, u.ID)
			if err != nil {
				return err
			}
			return s.Claim(ctx, tx, u)
		}))
	}
	return errors.Join(failed...)
}

// open inserts an account that a user owns, with the owner's membership.
func (s *Service) open(ctx context.Context, tx *ent.Tx, by *access.Actor, ownerID string, d Draft) (*ent.Account, *ent.Membership, error) {
	row, err := insert(ctx, tx, ownerID, d)
	if err != nil {
		return nil, nil, err
	}
	m, err := membership.Add(ctx, tx, row.ID, ownerID, access.Offer{Scope: permission.ScopeAll}, nil)
	if err != nil {
		return nil, nil, err
	}
	return row, m, event.Record(ctx, tx, by, event.Entry{AccountID: row.ID, Action: "account.created",
		Target: row.ID, TargetName: row.Name, After: map[string]any{"name": row.Name, "ownerUserId": ownerID}})
}
