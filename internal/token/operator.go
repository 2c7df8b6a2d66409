// Package token holds what the company's own systems present instead of a
// session.
package token

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"tenantry/ent"
	"tenantry/ent/operatortoken"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
	"tenantry/internal/text"
)

// prefix begins every operator token, so that scanners for leaked secrets know
// one when they see it.
const prefix = "tenantry_op_"

// MaxLifetime is how far ahead an operator token may expire.
const MaxLifetime = 5 * 366 * 24 * time.Hour

// Operators manages the tokens of the company's own systems.
type Operators struct {
	client *ent.Client

	mu   sync.Mutex
	used map[string]bool
}

// New returns the operators' tokens in the database.
func New(client *ent.Client) *Operators { return &Operators{client: client, used: map[string]bool{}} }

// Create makes a token and returns it: this is the only time that it is there.
// expires nil is a token without end. For the operator at the command line.
// Refusals: FORBIDDEN, BAD_INPUT, CONFLICT for a name that is taken.
func (o *Operators) Create(ctx context.Context, by *access.Actor, name string, powers []permission.Power, expires *time.Time) (string, *ent.OperatorToken, error) {
	if err := atCommandLine(by); err != nil {
		return "", nil, err
	}
	name, err := text.Line("name", name, true, 60)
	if err != nil {
		return "", nil, err
	}
	powers = slices.Compact(slices.Sorted(slices.Values(powers)))
	if len(powers) == 0 {
		return "", nil, fault.On("powers", fault.BadInput, "Give the token at least one power.")
	}
	for _, p := range powers {
		if !slices.Contains(permission.Powers(), p) {
			return "", nil, fault.On("powers", fault.BadInput, "There is no power %q.", p)
		}
	}
	now := instant.Now()
	if expires != nil && (!expires.After(now) || expires.After(now.Add(MaxLifetime))) {
		return "", nil, fault.On("expires", fault.BadInput, "A token expires in the future, within five years.")
	}
	var b [32]byte
	rand.Read(b[:])
	secret := prefix + base64.RawURLEncoding.EncodeToString(b[:])
	row, err := db.InTx(ctx, o.client, func(tx *ent.Tx) (*ent.OperatorToken, error) {
		row, err := tx.OperatorToken.Create().SetName(name).SetTokenHash(hash(secret)).SetPowers(powers).SetNillableExpiresAt(expires).Save(ctx)
		if err != nil {
			return nil, err
		}
		return row, event.Record(ctx, tx, by, event.Entry{Action: "operator_token.created", Target: row.ID, TargetName: name,
			After: map[string]any{"powers": powers, "expiresAt": expires}})
	})
	if db.IsUnique(err) {
		return "", nil, fault.On("name", fault.Conflict, "Another token is called %s.", name)
	}
	return secret, row, err
}

// List returns every token by name, those that have expired included.
func (o *Operators) List(ctx context.Context) ([]*ent.OperatorToken, error) {
	return o.client.OperatorToken.Query().Order(ent.Asc(operatortoken.FieldName)).All(ctx)
}

// Revoke ends the token of a name: it is dead on the next request.
// For the operator at the command line. Refusals: FORBIDDEN, NOT_FOUND.
func (o *Operators) Revoke(ctx context.Context, by *access.Actor, name string) (*ent.OperatorToken, error) {
	if err := atCommandLine(by); err != nil {
		return nil, err
	}
	return db.InTx(ctx, o.client, func(tx *ent.Tx) (*ent.OperatorToken, error) {
		row, err := tx.OperatorToken.Query().Where(operatortoken.Name(name)).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, fault.Missing("token")
		}
		if err != nil {
			return nil, err
		}
		if err := tx.OperatorToken.DeleteOne(row).Exec(ctx); err != nil {
			return nil, err
		}
		return row, event.Record(ctx, tx, by, event.Entry{Action: "operator_token.revoked", Target: row.ID, TargetName: row.Name})
	})
}

// atCommandLine refuses everybody but the operator at the command line: a token
// makes no tokens.
func atCommandLine(by *access.Actor) error {
	if by.Kind != access.Operator || by.Token != "" {
		return fault.New(fault.Forbidden, "Operator tokens are made and revoked at the command line.")
	}
	return nil
}

// Is reports whether a bearer token is an operator's, by its look alone.
func Is(presented string) bool { return strings.HasPrefix(presented, prefix) }

// Authenticate returns the operator whose token it is. Refusals:
// UNAUTHENTICATED.
func (o *Operators) Authenticate(ctx context.Context, presented, address, agent string) (*access.Actor, error) {
	row, err := o.client.OperatorToken.Query().Where(operatortoken.TokenHash(hash(presented))).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return nil, fmt.Errorf("read operator token: %w", err)
	}
	now := instant.Now()
	if row == nil || row.ExpiresAt != nil && !now.Before(*row.ExpiresAt) {
		return nil, fault.New(fault.Unauthenticated, "This operator token is not valid, or no longer.")
	}
	if row.LastUsedAt == nil || now.Sub(*row.LastUsedAt) >= time.Minute {
		o.mu.Lock()
		o.used[row.ID] = true
		o.mu.Unlock()
	}
	return &access.Actor{Kind: access.Operator, Name: row.Name, Token: row.ID, Powers: row.Powers, Address: address, Agent: agent}, nil
}

// Ends returns when each token ends: the zero time for one that is good for nothing.
func (o *Operators) Ends(ctx context.Context, presented []string) ([]time.Time, error) {
	hashes := hashes(presented)
	rows, err := o.client.OperatorToken.Query().Where(operatortoken.TokenHashIn(hashes...)).
		Select(operatortoken.FieldTokenHash, operatortoken.FieldExpiresAt).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the ends of operator tokens: %w", err)
	}
	ends := make(map[string]time.Time, len(rows))
	for _, row := range rows {
		ends[row.TokenHash] = endOf(row.ExpiresAt)
	}
	return inOrder(hashes, ends), nil
}

func hashes(presented []string) []string {
	out := make([]string, len(presented))
	for i, p := range presented {
		out[i] = hash(p)
	}
	return out
}

// endOf is when a token ends; one without end does so long after everybody.
func endOf(at *time.Time) time.Time {
	if at == nil {
		return instant.Now().AddDate(100, 0, 0)
	}
	return *at
}

func inOrder(hashes []string, ends map[string]time.Time) []time.Time {
	out := make([]time.Time, len(hashes))
	for i, h := range hashes {
		out[i] = ends[h]
	}
	return out
}

// WriteUsed writes which tokens were used since the last time: no request waits
// for it, and the minute is enough.
func (o *Operators) WriteUsed(ctx context.Context) error {
	o.mu.Lock()
	var ids []string
	for k := range o.used {
		ids = append(ids, k)
	}
	clear(o.used)
	o.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	return o.client.OperatorToken.Update().Where(operatortoken.IDIn(ids...)).SetLastUsedAt(instant.Now()).Exec(ctx)
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
