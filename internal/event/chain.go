package event

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"time"

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
	for _, e := range open {
		head := heads[e.Stream]
		head.Seq++
		head.Hash = Hash(head.Hash, head.Seq, e)
		if err := tx.Event.UpdateOneID(e.ID).SetSeq(head.Seq).SetHash(head.Hash).Exec(ctx); err != nil {
			return 0, err
		}
	}
	for _, s := range streams {
		head := heads[s]
		if existing[s] {
			err = tx.Chain.UpdateOneID(s).SetSeq(head.Seq).SetHash(head.Hash).Exec(ctx)
		} else {
			err = tx.Chain.Create().SetID(s).SetSeq(head.Seq).SetHash(head.Hash).Exec(ctx)
		}
		if err != nil {
			return 0, err
		}
	}
	return len(open), nil
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
// empty list means that no sealed event was changed, inserted or removed.
func Verify(ctx context.Context, client *ent.Client) (events int, wrong []string, err error) {
	heads, err := client.Chain.Query().All(ctx)
	if err != nil {
		return 0, nil, err
	}
	head := map[string]*ent.Chain{}
	for _, h := range heads {
		head[h.ID] = h
	}
	stream, hash, seq, broken := "", "", 0, false
	finish := func() {
		if stream == "" || broken {
			return
		}
		h := head[stream]
		switch {
		case h == nil:
			wrong = append(wrong, fmt.Sprintf("%s: sealed events without a head of the chain", stream))
		case h.Seq != seq || h.Hash != hash:
			wrong = append(wrong, fmt.Sprintf("%s: the chain ends at %d, its head says %d: events at the end were removed", stream, seq, h.Seq))
		}
		delete(head, stream)
	}
	afterStream, afterSeq := "", 0
	for {
		rows, err := client.Event.Query().
			Where(event.SeqNotNil(), event.Or(event.StreamGT(afterStream), event.And(event.Stream(afterStream), event.SeqGT(afterSeq)))).
			Order(ent.Asc(event.FieldStream, event.FieldSeq)).Limit(1000).All(ctx)
		if err != nil {
			return events, wrong, err
		}
		for _, e := range rows {
			events++
			if e.Stream != stream {
				finish()
				stream, hash, seq, broken = e.Stream, "", 0, false
			}
			afterStream, afterSeq = e.Stream, *e.Seq
			if broken {
				continue
			}
			switch want := Hash(hash, seq+1, e); {
			case *e.Seq != seq+1:
				wrong = append(wrong, fmt.Sprintf("%s: number %d is missing", stream, seq+1))
				broken = true
				delete(head, stream)
			case e.Hash != want:
				wrong = append(wrong, fmt.Sprintf("%s: event %s (number %d, %s) was changed after it was sealed", stream, e.ID, *e.Seq, e.Action))
				broken = true
				delete(head, stream)
			default:
				seq, hash = *e.Seq, e.Hash
			}
		}
		if len(rows) < 1000 {
			break
		}
	}
	finish()
	for s := range head {
		if head[s].Seq > 0 {
			wrong = append(wrong, fmt.Sprintf("%s: all %d events were removed", s, head[s].Seq))
		}
	}
	return events, wrong, nil
}
