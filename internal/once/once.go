// Package once gives a request with an idempotency key one effect, however
// often and however concurrently it is sent.
package once

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/idempotencykey"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/fault"
)

// Kept is how long a key is remembered.
const Kept = 24 * time.Hour

// errRace says that the same request is being done by somebody else right now.
var errRace = errors.New("the same idempotency key is in use at this moment")

// InTx runs fn in a transaction, as db.InTx does. With a key, the same user's (or
// operator token's) same operation with the same input runs once: later calls get what the first
// one returned, which must hold ids and never a secret. Refusals: CONFLICT for
// the key with another input, BAD_INPUT for a key that is too long.
func InTx[T any](ctx context.Context, client *ent.Client, by *access.Actor, operation, key string, input any, fn func(*ent.Tx) (T, error)) (T, error) {
	var zero T
	if key == "" {
		return db.InTx(ctx, client, fn)
	}
	if len(key) > 100 {
		return zero, fault.On("idempotencyKey", fault.BadInput, "An idempotency key has at most 100 characters.")
	}
	payload, err := json.Marshal(input)
	if err != nil {
		return zero, fmt.Errorf("idempotency payload: %w", err)
	}
	id, hash := digest([]byte(by.UserID()+by.Token+"\x00"+operation+"\x00"+key)), digest(payload)
	for {
		v, err := db.InTx(ctx, client, func(tx *ent.Tx) (T, error) {
			return do(ctx, tx, id, hash, fn)
		})
		if !errors.Is(err, errRace) || ctx.Err() != nil {
			return v, err
		}
	}
}

func do[T any](ctx context.Context, tx *ent.Tx, id, hash string, fn func(*ent.Tx) (T, error)) (T, error) {
	var zero T
	row, err := tx.IdempotencyKey.Get(ctx, id)
	switch {
	case err == nil && time.Since(row.CreatedAt) < Kept:
		if row.PayloadHash != hash {
			return zero, fault.On("idempotencyKey", fault.Conflict, "This idempotency key was used for another request.")
		}
		var v T
		return v, json.Unmarshal([]byte(row.Result), &v)
	case err == nil:
		if err := tx.IdempotencyKey.DeleteOneID(id).Exec(ctx); err != nil {
			return zero, err
		}
	case !ent.IsNotFound(err):
		return zero, err
	}
	// The key is taken before the work, so that the same request elsewhere waits
	// here and then finds the result.
	if err := tx.IdempotencyKey.Create().SetID(id).SetPayloadHash(hash).Exec(ctx); err != nil {
		if db.IsUnique(err) {
			return zero, errRace
		}
		return zero, err
	}
	v, err := fn(tx)
	if err != nil {
		return zero, err
	}
	result, err := json.Marshal(v)
	if err != nil {
		return zero, fmt.Errorf("idempotency result: %w", err)
	}
	return v, tx.IdempotencyKey.UpdateOneID(id).SetResult(string(result)).Exec(ctx)
}

// Sweep forgets old keys.
func Sweep(ctx context.Context, client *ent.Client) (int, error) {
	return client.IdempotencyKey.Delete().Where(idempotencykey.CreatedAtLT(time.Now().Add(-Kept))).Exec(ctx)
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
