package event

import (
	"context"

	"tenantry/ent"
	"tenantry/ent/chain"
	"tenantry/ent/event"
)

// Forget deletes a whole chain and its head, in the transaction, once nobody has a
// claim to it any more. Of an account's history nothing is ever deleted.
func Forget(ctx context.Context, tx *ent.Tx, userID string) error {
	if _, err := tx.Event.Delete().Where(event.Stream(userID), event.AccountIDIsNil()).Exec(ctx); err != nil {
		return err
	}
	_, err := tx.Chain.Delete().Where(chain.ID(userID)).Exec(ctx)
	return err
}
