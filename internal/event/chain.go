package event

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/chain"
	"tenantry/ent/event"
	"tenantry/internal/access"
	"tenantry/internal/db"
)

// Seal gives every event that has none its place in its stream's chain and the
// hash that binds it to all before it. It runs after the commit of the change,
// so that no write waits for it: ids are not the order of commits, so the place
// is given here. Several processes may seal at once; the head of a chain is
// locked by who extends it.
func Seal(ctx context.Context, client *ent.Client) error {
	for {
		n, err := db.InTx(ctx, client, func(tx *ent.Tx) (int, error) { return seal(ctx, tx) })
		if db.IsUnique(err) {
			continue // another process began the chain in this moment
		}
		if err != nil {
			return fmt.Errorf("seal events: %w", err)
		}
		if n < batch {
			return nil
		}
	}
}

func seal(ctx context.Context, tx *ent.Tx) (int, error) {
	unsealed := tx.Event.Query().Where(event.SeqIsNil()).Order(ent.Asc(event.FieldID)).Limit(batch)
	unsealed.Modify(access.SkipLocked)
	open, err := unsealed.All(ctx)
	if err != nil || len(open) == 0 {
		return 0, err
	}
	heads := map[string]*ent.Chain{}
	var streams []string
	for _, e := range open {
		if _, ok := heads[e.Stream]; !ok {
			heads[e.Stream] = &ent.Chain{ID: e.Stream}
			streams = append(streams, e.Stream)
		}
	}
	slices.Sort(streams)
	locked := tx.Chain.Query().Where(chain.IDIn(streams...)).Order(ent.Asc(chain.FieldID))
	locked.Modify(access.ForUpdate)
	known, err := locked.All(ctx)
	if err != nil {
		return 0, err
	}
	existing := map[string]bool{}
	for _, c := range known {
		heads[c.ID], existing[c.ID] = c, true
	}
	sealed := make([]any, 0, 3*batch)
	for _, e := range open {
		head := heads[e.Stream]
		head.Seq++
		head.Hash = Hash(head.Hash, head.Seq, e)
		sealed = append(sealed, e.ID, head.Seq, head.Hash)
	}
	if err := place(ctx, tx, &placed, event.Table, sealed); err != nil {
		return 0, err
	}
	var began []*ent.ChainCreate
	var grown []any
	for _, s := range streams {
		if head := heads[s]; existing[s] {
			grown = append(grown, s, head.Seq, head.Hash)
		} else {
			began = append(began, tx.Chain.Create().SetID(s).SetSeq(head.Seq).SetHash(head.Hash))
		}
	}
	if len(grown) > 0 {
		if err := place(ctx, tx, &extended, chain.Table, grown); err != nil {
			return 0, err
		}
	}
	return len(open), tx.Chain.CreateBulk(began...).Exec(ctx)
}

var placed, extended db.Texts

// place writes the places and hashes of events, or of the heads of chains, by id.
func place(ctx context.Context, tx *ent.Tx, texts *db.Texts, table string, rows []any) error {
	rows = filled(rows, 3)
	_, err := tx.ExecContext(ctx, texts.Of(len(rows)/3, func(n int) string {
		values := make([]string, n)
		for i := range values {
			values[i] = "(" + db.Args(1+3*i, 3) + ")"
		}
		return "UPDATE " + table + " SET " + event.FieldSeq + " = CAST(v.column2 AS BIGINT), " + event.FieldHash + " = v.column3 FROM (VALUES " +
			strings.Join(values, ", ") + ") v WHERE " + table + "." + event.FieldID + " = v.column1"
	}), rows...)
	return err
}

// Hash returns the seal of an event: SHA-256, in hex, over a canonical text of
// the hash before it, its place and everything it says.
func Hash(previous string, seq int, e *ent.Event) string {
	acct := ""
	if e.AccountID != nil {
		acct = *e.AccountID
	}
	text, err := json.Marshal([]any{
		previous, seq, e.ID, e.Stream, acct, e.ActorKind, e.ActorID, e.ActorName, e.Action, e.TargetID, e.TargetName,
		e.Before, e.After, e.Address, e.CreatedAt.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano),
	})
	if err != nil {
		panic(err) // strings and a number
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Verify reads every chain and returns what is wrong with it, in sentences; an
// empty list means that no sealed event was changed, inserted or removed. Events
// that are sealed while it reads are left to the next time.
func Verify(ctx context.Context, client *ent.Client) (events int, wrong []string, err error) {
	heads, err := client.Chain.Query().Order(ent.Asc(chain.FieldID)).All(ctx)
	if err != nil {
		return 0, nil, err
	}
	for _, h := range heads {
		n, complaint, err := verify(ctx, client, h)
		if err != nil {
			return events, wrong, err
		}
		if events += n; complaint != "" {
			wrong = append(wrong, h.ID+": "+complaint)
		}
	}
	stray, err := client.Event.Query().Where(event.SeqNotNil(), func(s *sql.Selector) {
		t := sql.Dialect(s.Dialect()).Table(chain.Table).As("head")
		s.Where(sql.NotExists(sql.Dialect(s.Dialect()).Select(t.C(chain.FieldID)).From(t).Where(sql.And(
			sql.ColumnsEQ(t.C(chain.FieldID), s.C(event.FieldStream)), sql.ColumnsGTE(t.C(chain.FieldSeq), s.C(event.FieldSeq))))))
	}).Limit(100).All(ctx)
	if err != nil {
		return events, wrong, err
	}
	for _, e := range stray {
		wrong = append(wrong, fmt.Sprintf("%s: event %s has a place that the chain has not given", e.Stream, e.ID))
	}
	return events, wrong, nil
}

// verify reads one chain up to the head that was read before it.
func verify(ctx context.Context, client *ent.Client, head *ent.Chain) (events int, complaint string, err error) {
	hash, seq := "", 0
	for seq < head.Seq {
		rows, err := client.Event.Query().Where(event.Stream(head.ID), event.SeqGT(seq), event.SeqLTE(head.Seq)).
			Order(ent.Asc(event.FieldSeq)).Limit(1000).All(ctx)
		if err != nil {
			return events, "", err
		}
		for _, e := range rows {
			switch {
			case *e.Seq != seq+1:
				return events, fmt.Sprintf("number %d is missing", seq+1), nil
			case e.Hash != Hash(hash, *e.Seq, e):
				return events, fmt.Sprintf("event %s (number %d, %s) was changed after it was sealed", e.ID, *e.Seq, e.Action), nil
			}
			seq, hash = *e.Seq, e.Hash
			events++
		}
		if len(rows) == 0 {
			return events, fmt.Sprintf("the events from number %d to %d were removed", seq+1, head.Seq), nil
		}
	}
	if hash != head.Hash {
		return events, fmt.Sprintf("the head of the chain does not fit event number %d", head.Seq), nil
	}
	return events, "", nil
}
