package contact

import (
	"context"
	"slices"

	"tenantry/ent"
	"tenantry/ent/formeraddress"
)

// What the reader of an address chose, and that mail to it came back, is kept for the
// account when the contact goes or gets another address: deleting a contact and adding it
// again takes back nothing that others have said. An address of a contact has no row, so
// that there is one place to ask; whoever changes either has the account locked.

// leave keeps what there is to remember of the address of a contact that is about to
// have it no longer. Something is remembered already where a server of an earlier release
// gave the contact the address: none of it is forgotten.
func leave(ctx context.Context, tx *ent.Tx, was *ent.Contact) error {
	if len(was.Unsubscribed) == 0 && was.SuppressedAt == nil {
		return nil
	}
	kept := *was
	if err := resume(ctx, tx, &kept); err != nil {
		return err
	}
	return tx.FormerAddress.Create().SetAccountID(kept.AccountID).SetEmailKey(kept.EmailKey).SetUnsubscribed(kept.Unsubscribed).
		SetNillableSuppressedAt(kept.SuppressedAt).SetSuppressedReason(kept.SuppressedReason).Exec(ctx)
}

// resume adds to a contact that has got an address what is remembered of it.
func resume(ctx context.Context, tx *ent.Tx, row *ent.Contact) error {
	f, err := tx.FormerAddress.Query().Where(formeraddress.AccountID(row.AccountID), formeraddress.EmailKey(row.EmailKey)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	row.Unsubscribed = slices.Clone(row.Unsubscribed)
	for _, k := range f.Unsubscribed {
		if !slices.Contains(row.Unsubscribed, k) {
			row.Unsubscribed = append(row.Unsubscribed, k)
		}
	}
	if row.SuppressedAt == nil {
		row.SuppressedAt, row.SuppressedReason = f.SuppressedAt, f.SuppressedReason
	}
	return tx.FormerAddress.DeleteOne(f).Exec(ctx)
}
