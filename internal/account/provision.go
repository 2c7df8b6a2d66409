package account

import (
	"context"
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
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/membership"
	"tenantry/internal/once"
	"tenantry/internal/permission"
	sessions "tenantry/internal/session"
	"tenantry/internal/text"
)

// OrderLifetime is how long the link in the mail about an ordered account is
// valid. The order itself waits for whoever proves the address at any time.
const OrderLifetime = 7 * 24 * time.Hour

// Order is an account that the company opens for a customer.
type Order struct {
	Name, Company, ExternalID string
	// OwnerEmail is the customer's address; OwnerName and Locale are for the mail,
	// if nobody with the address exists yet.
	OwnerEmail, OwnerName, Locale string
	IdempotencyKey                string `json:"-"`
}

// Provision opens an account for whoever has an address. If nobody with it
// exists yet, they are asked by mail to prove the address, and the account is
// opened when they do: then it returns nil. The same order again mails again.
// For an operator with the power. Refusals: FORBIDDEN, BAD_INPUT, CONFLICT for a
// number that is taken.
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
	d := Draft{Name: o.Name, Company: o.Company, ExternalID: o.ExternalID}
	if err := d.clean(); err != nil {
		return nil, err
	}
	accountID, err := once.InTx(ctx, s.client, by, "provisionAccount", o.IdempotencyKey, o, func(tx *ent.Tx) (string, error) {
		if err := s.free(ctx, tx, d.ExternalID, owner.Key); err != nil {
			return "", err
		}
		u, err := tx.User.Query().Where(user.EmailKey(owner.Key)).Only(ctx)
		if ent.IsNotFound(err) {
			return "", s.await(ctx, tx, by, owner, o, d)
		}
		if err != nil {
			return "", err
		}
		if _, err := sessions.LockUser(ctx, tx, u.ID); err != nil {
			return "", err
		}
		row, _, err := s.open(ctx, tx, by, u.ID, d)
		if err != nil {
			return "", err
		}
		return row.ID, nil
	})
	if err != nil {
		return nil, taken(err)
	}
	if accountID == "" {
		return nil, nil
	}
	return s.client.Account.Get(ctx, accountID)
}

// free refuses a number that another account has, or that was ordered for
// another address.
func (s *Service) free(ctx context.Context, tx *ent.Tx, number, emailKey string) error {
	if number == "" {
		return nil
	}
	has, err := tx.Account.Query().Where(account.ExternalID(number)).Exist(ctx)
	if err == nil && !has {
		has, err = tx.Provision.Query().Where(provision.ExternalID(number), provision.EmailKeyNEQ(emailKey)).Exist(ctx)
	}
	if err == nil && has {
		return fault.On("externalId", fault.Conflict, "Another account has this number.")
	}
	return err
}

// await keeps an order until somebody has proved the address, whom it asks to by
// mail.
func (s *Service) await(ctx context.Context, tx *ent.Tx, by *access.Actor, owner address.Address, o Order, d Draft) error {
	same := tx.Provision.Query().Where(provision.EmailKey(owner.Key), provision.Name(d.Name))
	if d.ExternalID != "" {
		same = tx.Provision.Query().Where(provision.EmailKey(owner.Key), provision.ExternalID(d.ExternalID))
	}
	row, err := same.First(ctx)
	switch {
	case ent.IsNotFound(err):
		row, err = tx.Provision.Create().SetEmail(owner.Display).SetEmailKey(owner.Key).SetName(d.Name).SetCompany(d.Company).
			SetNillableExternalID(d.number()).SetOperator(by.Called()).Save(ctx)
	case err == nil:
		row, err = tx.Provision.UpdateOne(row).SetName(d.Name).SetCompany(d.Company).Save(ctx)
	}
	if err != nil {
		return err
	}
	v, err := sessions.Ask(ctx, tx, verification.PurposeSIGN_UP, owner, o.OwnerName, o.Locale, OrderLifetime)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, by, event.Entry{Action: "account.ordered", Target: row.ID, TargetName: row.Name,
		After: map[string]any{"name": row.Name, "verificationId": v.ID}})
}

// Claim opens the accounts that were ordered for a user who has come to exist, in
// the same transaction.
func (s *Service) Claim(ctx context.Context, tx *ent.Tx, u *ent.User) error {
	waiting, err := tx.Provision.Query().Where(provision.EmailKey(u.EmailKey)).Order(ent.Asc(provision.FieldID)).All(ctx)
	if err != nil {
		return fmt.Errorf("read orders: %w", err)
	}
	for _, p := range waiting {
		d := Draft{Name: p.Name, Company: p.Company}
		if p.ExternalID != nil {
			d.ExternalID = *p.ExternalID
			// A number that was given away meanwhile is no reason to lose the customer.
			if has, err := tx.Account.Query().Where(account.ExternalID(d.ExternalID)).Exist(ctx); err != nil {
				return err
			} else if has {
				d.ExternalID = ""
			}
		}
		if err := tx.Provision.DeleteOne(p).Exec(ctx); err != nil {
			return err
		}
		if _, _, err := s.open(ctx, tx, access.Company(p.Operator), u.ID, d); err != nil {
			return err
		}
	}
	return nil
}

// ClaimLate opens the accounts that were ordered in the very moment in which
// their owner came to exist.
func (s *Service) ClaimLate(ctx context.Context) error {
	late, err := s.client.Provision.Query().Where(func(q *sql.Selector) {
		u := sql.Dialect(q.Dialect()).Table(user.Table).As("u")
		q.Where(sql.Exists(sql.Dialect(q.Dialect()).Select(u.C(user.FieldID)).From(u).
			Where(sql.ColumnsEQ(u.C(user.FieldEmailKey), q.C(provision.FieldEmailKey)))))
	}).Limit(100).All(ctx)
	if err != nil {
		return fmt.Errorf("read orders: %w", err)
	}
	for _, p := range late {
		if err := db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
			u, err := tx.User.Query().Where(user.EmailKey(p.EmailKey)).Only(ctx)
			if err != nil {
				return err
			}
			if u, err = sessions.LockUser(ctx, tx, u.ID); err != nil {
				return err
			}
			return s.Claim(ctx, tx, u)
		}); err != nil {
			return err
		}
	}
	return nil
}

// open inserts an account that a user owns, with the owner's membership.
func (s *Service) open(ctx context.Context, tx *ent.Tx, by *access.Actor, ownerID string, d Draft) (*ent.Account, *ent.Membership, error) {
	row, err := insert(ctx, tx, ownerID, d)
	if err != nil {
		return nil, nil, err
	}
	m, err := membership.Add(ctx, tx, row.ID, ownerID, access.Offer{Scope: permission.ScopeAll}, "")
	if err != nil {
		return nil, nil, err
	}
	return row, m, event.Record(ctx, tx, by, event.Entry{AccountID: row.ID, Action: "account.created",
		Target: row.ID, TargetName: row.Name, After: map[string]any{"name": row.Name, "ownerUserId": ownerID}})
}
