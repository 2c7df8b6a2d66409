// Package budget bounds how often something may be tried, the same on all
// instances: every attempt is counted in the database before it is made.
package budget

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	entbudget "tenantry/ent/budget"
	"tenantry/internal/fault"
)

// Rule is how many attempts fit into a time. A used attempt comes back after
// Per/Count, so that the whole is never available twice in one Per.
type Rule struct {
	// Name is part of the key, so rules do not share attempts.
	Name  string
	Count int
	Per   time.Duration
}

// The budgets of every public surface that checks a secret or sends mail.
var (
	PasswordByAddress = Rule{"password", 10, 15 * time.Minute}
	PasswordByNetwork = Rule{"password-net", 100, 15 * time.Minute}
	PasswordByUser    = Rule{"password-user", 10, 15 * time.Minute}
	TokenByNetwork    = Rule{"token-net", 60, 15 * time.Minute}
	SignUpByAddress   = Rule{"mail-sign-up", 5, time.Hour}
	ResetByAddress    = Rule{"mail-reset", 5, time.Hour}
	ConfirmByAddress  = Rule{"mail-confirm", 5, time.Hour}
	MailByNetwork     = Rule{"mail-net", 60, time.Hour}
	InviteByAddress   = Rule{"invited", 10, 24 * time.Hour}
	SendsByAccount    = Rule{"sends", 1000, 24 * time.Hour}
	RefusalByUser     = Rule{"refused", 20, time.Hour}
)

// Book keeps the budgets.
type Book struct {
	client  *ent.Client
	dialect string
	key     []byte
}

// Network returns what a budget by network is kept for: an IPv4 address, or the
// 64 bits of an IPv6 network, any of whose addresses its holder can use.
func Network(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil || a.Unmap().Is4() {
		return address
	}
	p, err := a.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}

// New returns a book in the database. Keys such as addresses are stored as a
// MAC under the secret.
func New(client *ent.Client, dialect string, secret []byte) *Book {
	return &Book{client, dialect, secret}
}

// Take uses n attempts of the rule for the key. Refusals: RATE_LIMITED, with
// the time after which the attempts fit again; nothing is then used.
//
// It is one statement (the generic cell rate algorithm), so that any number of
// parallel attempts on any number of instances use exactly what there is.
func (b *Book) Take(ctx context.Context, r Rule, key string, n int) error {
	if key == "" {
		return nil
	}
	ok, wait, err := b.take(ctx, r, key, n)
	if err != nil {
		return fmt.Errorf("budget %s: %w", r.Name, err)
	}
	if !ok {
		return Refusal(wait)
	}
	return nil
}

// Refusal is the answer to one attempt too many.
func Refusal(wait time.Duration) error {
	wait = max(wait.Truncate(time.Second)+time.Second, time.Second)
	return fault.Wait(fault.RateLimited, wait, "Too many attempts. Try again in %s.", spell(wait))
}

func spell(d time.Duration) string {
	if m := int((d + time.Minute - 1) / time.Minute); d > 90*time.Second {
		return fmt.Sprintf("%d minutes", m)
	}
	return fmt.Sprintf("%d seconds", int(d/time.Second))
}

func (b *Book) take(ctx context.Context, r Rule, key string, n int) (bool, time.Duration, error) {
	now := time.Now().UnixMicro()
	cost := int64(n) * r.Per.Microseconds() / int64(r.Count)
	limit := now + r.Per.Microseconds()
	if now+cost > limit {
		return false, r.Per, nil
	}
	id := b.id(r, key)
	q, args := b.statement(r, now, cost, []string{id}, "")
	res, err := b.client.ExecContext(ctx, q, args...)
	if err != nil {
		return false, 0, err
	}
	if done, err := res.RowsAffected(); err != nil || done > 0 {
		return done > 0, 0, err
	}
	row, err := b.client.Budget.Get(ctx, id)
	if err != nil && !ent.IsNotFound(err) {
		return false, 0, err
	}
	wait := time.Second
	if row != nil {
		wait = time.Duration(row.FullAt+cost-limit) * time.Microsecond
	}
	return false, wait, nil
}

// statement uses cost of each budget that has as much left.
func (b *Book) statement(r Rule, now, cost int64, ids []string, returning string) (string, []any) {
	w := &sql.Builder{}
	w.SetDialect(b.dialect)
	w.WriteString("INSERT INTO budgets (id, full_at) VALUES ")
	for i, id := range ids {
		if i > 0 {
			w.Comma()
		}
		w.WriteString("(").Args(id, now+cost).WriteString(")")
	}
	w.WriteString(" ON CONFLICT (id) DO UPDATE SET full_at = CASE WHEN budgets.full_at > ").Arg(now).
		WriteString(" THEN budgets.full_at ELSE ").Arg(now).WriteString(" END + ").Arg(cost).
		WriteString(" WHERE CASE WHEN budgets.full_at > ").Arg(now).
		WriteString(" THEN budgets.full_at ELSE ").Arg(now).WriteString(" END + ").Arg(cost).
		WriteString(" <= ").Arg(now + r.Per.Microseconds()).WriteString(returning)
	return w.Query()
}

// TakeEach uses one attempt for each of the keys in a transaction, in one
// statement, and returns those that had one left.
func (b *Book) TakeEach(ctx context.Context, tx *ent.Tx, r Rule, keys []string) (map[string]bool, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	byID := map[string]string{}
	for _, k := range keys {
		byID[b.id(r, k)] = k
	}
	// In order, so that two transactions cannot wait for each other.
	ids := slices.Sorted(maps.Keys(byID))
	q, args := b.statement(r, time.Now().UnixMicro(), r.Per.Microseconds()/int64(r.Count), ids, " RETURNING id")
	rows, err := tx.QueryContext(ctx, q, args...)
	if err != nil {
		return nil, fmt.Errorf("budget %s: %w", r.Name, err)
	}
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out[byID[id]] = true
	}
	return out, rows.Err()
}

// TakeUpTo uses at most n attempts in a transaction and returns how many there
// were. The caller holds a lock that keeps others from the same key.
func (b *Book) TakeUpTo(ctx context.Context, tx *ent.Tx, r Rule, key string, n int) (int, error) {
	if n == 0 {
		return 0, nil
	}
	now, cost := time.Now().UnixMicro(), r.Per.Microseconds()/int64(r.Count)
	full := now
	row, err := tx.Budget.Get(ctx, b.id(r, key))
	switch {
	case err == nil:
		full = max(full, row.FullAt)
	case !ent.IsNotFound(err):
		return 0, err
	}
	if n = min(n, int((now+r.Per.Microseconds()-full)/cost)); n <= 0 {
		return 0, nil
	}
	q, args := b.statement(r, now, cost*int64(n), []string{b.id(r, key)}, "")
	_, err = tx.ExecContext(ctx, q, args...)
	return n, err
}

// Reset makes the budget whole, after a success.
func (b *Book) Reset(ctx context.Context, r Rule, key string) error {
	_, err := b.client.Budget.Delete().Where(entbudget.ID(b.id(r, key))).Exec(ctx)
	return err
}

// Sweep forgets budgets that are whole.
func (b *Book) Sweep(ctx context.Context) (int, error) {
	return b.client.Budget.Delete().Where(entbudget.FullAtLT(time.Now().UnixMicro())).Exec(ctx)
}

func (b *Book) id(r Rule, key string) string {
	m := hmac.New(sha256.New, b.key)
	m.Write([]byte(r.Name + "\x00" + key))
	return r.Name + ":" + base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}

// Forgive is Reset inside a transaction.
func (b *Book) Forgive(ctx context.Context, tx *ent.Tx, r Rule, key string) error {
	_, err := tx.Budget.Delete().Where(entbudget.ID(b.id(r, key))).Exec(ctx)
	return err
}
