package contact

import (
	"context"

	"tenantry/ent"
	"tenantry/ent/formeraddress"
)

// What the reader of an address chose, and that mail to it came back, is kept for the
// account when the contact goes or gets another address: deleting a contact and adding it
// again takes back nothing that others have said. An address of a contact has no row, so
// that there is one place to ask; whoever changes either has the account locked.

// leave keeps what there is to remember of the address of a contact that is about to
// have it no longer.
func leave(ctx context.Context, tx *ent.Tx, was *ent.Contact) error {
	if len(was.Unsubscribed) == 0 && was.SuppressedAt == nil {
		return nil
	}
	return tx.FormerAddress.Create().SetAccountID(was.AccountID).SetEmailKey(was.EmailKey).SetUnsubscribed(was.Unsubscribed).
		SetNillableSuppressedAt(was.SuppressedAt).SetSuppressedReason(was.SuppressedReason).Exec(ctx)
}

// resume gives a contact that has got an address what is remembered of it.
func resume(ctx context.Context, tx *ent.Tx, row *ent.Contact) error {
	f, err := tx.FormerAddress.Query().Where(formeraddress.AccountID(row.AccountID), formeraddress.EmailKey(row.EmailKey)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	row.Unsubscribed, row.SuppressedAt, row.SuppressedReason = f.Unsubscribed, f.SuppressedAt, f.SuppressedReason
	return tx.FormerAddress.DeleteOne(f).Exec(ctx)
}
