package event

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/chain"
	"tenantry/ent/event"
	"tenantry/internal/db"
)

// errTaken says that a place in a chain is taken: another process gave it at this
// moment, since both had found that there was no chain.
var errTaken = errors.New("the place in the chain is taken")

// sealAll seals every event that is not, whether it was handed on or not.
func (d *Dispatcher) sealAll(ctx context.Context) error {
	for taken := 0; ; {
		n, err := db.InTx(ctx, d.client, func(tx *ent.Tx) (int, error) {
			open, err := d.claim(ctx, tx, "seq IS NULL")
			if err != nil {
				return 0, err
			}
			return len(open), d.seal(ctx, tx, open, false)
		})
		if taken++; errors.Is(err, errTaken) && taken < tries {
			continue
		}
		if taken = 0; err != nil {
			return fmt.Errorf("seal events: %w", err)
		}
		if n < batch {
			return nil
		}
	}
}

// seal gives events that have none their places in their streams' chains and the
// hashes that bind them to all before them, and with handled marks them as handed on.
// It runs after the commit of the change, so that no write waits for it: ids are not
// the order of commits, so the place is given here. Several processes may seal at
// once; the head of a chain is locked by who extends it.
func (d *Dispatcher) seal(ctx context.Context, tx *ent.Tx, open []*ent.Event, handled bool) error {
	if len(open) == 0 {
		return nil
	}
	heads := map[string]*ent.Chain{}
	var streams []any
	for _, e := range open {
		if _, ok := heads[e.Stream]; !ok {
			heads[e.Stream] = &ent.Chain{ID: e.Stream}
			streams = append(streams, e.Stream)
		}
	}
	if err := d.read(ctx, tx, heads, streams); err != nil {
		return err
	}
	places := make([]any, 1, 1+3*batch)
	places[0] = handled
	for _, e := range open {
		head := heads[e.Stream]
		head.Seq++
		head.Hash = Hash(head.Hash, head.Seq, e)
		places = append(places, e.ID, strconv.Itoa(head.Seq), head.Hash)
	}
	rows := db.Rounded(len(open))
	_, err := tx.ExecContext(ctx, placed.Of(rows, placing), db.Filled(places, 1+3*rows)...)
	if db.IsUnique(err) {
		return errTaken
	}
	if err != nil {
		return err
	}
	// In one order always, so that two processes never wait for each other.
	slices.SortFunc(streams, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	ends := make([]any, 0, 3*batch)
	for _, s := range streams {
		head := heads[s.(string)]
		ends = append(ends, head.ID, strconv.Itoa(head.Seq), head.Hash)
	}
	rows = db.Rounded(len(streams))
	_, err = tx.ExecContext(ctx, extended.Of(rows, extending), db.Filled(ends, 3*rows)...)
	return err
}

// read reads the heads of the streams that have one, and locks them in one order.
func (d *Dispatcher) read(ctx context.Context, tx *ent.Tx, heads map[string]*ent.Chain, streams []any) error {
	var one ent.Chain
	columns := []string{chain.FieldID, chain.FieldSeq, chain.FieldHash}
	rows := db.Rounded(len(streams))
	text := d.heads.Of(rows, func(n int) string {
		return d.heading("SELECT " + db.Names(columns) + " FROM " + chain.Table + " WHERE " + chain.FieldID + " IN (" + db.Args(1, n) + ") ORDER BY " + chain.FieldID)
	})
	err := db.Read(ctx, tx, text, db.Filled(slices.Clone(streams), rows), one.Places(columns), func() { *heads[one.ID] = one })
	if err != nil {
		return fmt.Errorf("read the heads of chains: %w", err)
	}
	return nil
}

var placed, extended db.Texts

// placing writes the places and hashes of so many events, by their ids. Places that
// another process has given as well are refused by the index over them.
func placing(events int) string {
	return "UPDATE " + event.Table + " SET " + event.FieldHandled + " = " + event.FieldHandled + " OR $1, " + event.FieldSeq + " = CAST(v.column2 AS BIGINT), " +
		event.FieldHash + " = v.column3 FROM (VALUES " + db.Rows(2, events, 3) + ") v WHERE " + event.Table + "." + event.FieldID + " = v.column1"
}

// extending writes the heads of so many chains.
func extending(chains int) string {
	return "INSERT INTO " + chain.Table + " (" + db.Names([]string{chain.FieldID, chain.FieldSeq, chain.FieldHash}) + ") SELECT v.column1, CAST(v.column2 AS BIGINT), v.column3" +
		" FROM (VALUES " + db.Rows(1, chains, 3) + ") v WHERE v.column1 IS NOT NULL ON CONFLICT (" + chain.FieldID + ") DO UPDATE SET " +
		chain.FieldSeq + " = excluded.seq, " + chain.FieldHash + " = excluded.hash"
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
