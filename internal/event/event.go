// Package event records what happened, in the transaction that did it, hands it
// on at least once and in order, and seals it into a chain.
package event

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/id"
	"tenantry/internal/instant"
)

// Entry is what a change has to say about itself.
type Entry struct {
	// ID is what the event is to be called, for what names it; made up if empty.
	ID string
	// AccountID is the account that it happened in; empty for what concerns a
	// person or nobody.
	AccountID string
	// UserID is the person whose history it belongs to, where no account's.
	UserID string
	// Action is what happened: a noun and a past participle, such as
	// "invitation.sent".
	Action string
	// Target and TargetName are what it was done to.
	Target, TargetName string
	// Before and After hold what changed, without secrets. Nil for nothing.
	Before, After map[string]any
}

// Changed keeps of two versions of an object what differs, for an entry.
func Changed(before, after map[string]any) (was, is map[string]any) {
	was, is = map[string]any{}, map[string]any{}
	for k, v := range after {
		if !reflect.DeepEqual(before[k], v) {
			was[k], is[k] = before[k], v
		}
	}
	return was, is
}

// SystemStream is the chain of what belongs to no account and to no user.
const SystemStream = "system"

// Stream returns the chain that the entry belongs to.
func (e Entry) stream() string {
	switch {
	case e.AccountID != "":
		return e.AccountID
	case e.UserID != "":
		return e.UserID
	}
	return SystemStream
}

var (
	differing = []string{event.FieldID, event.FieldStream, event.FieldAccountID, event.FieldAction, event.FieldTargetID, event.FieldTargetName,
		event.FieldBefore, event.FieldAfter}
	recording = db.NewInsert(event.Table, []string{event.FieldCreatedAt, event.FieldActorKind, event.FieldActorID, event.FieldActorName,
		event.FieldAddress}, differing)
)

// Record appends entries. It takes a transaction, so that an event can never
// outlive the change it tells of, and wakes the dispatcher after the commit, with
// which the entries may travel.
func Record(ctx context.Context, tx *ent.Tx, by *access.Actor, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	each := make([]any, 0, len(entries)*len(differing))
	after := ""
	for i, one := range id.Sorted(id.Event, len(entries)) {
		e := &entries[i]
		before, err := details(e.Before)
		if err == nil && (i == 0 || !same(e.After, entries[i-1].After)) {
			after, err = details(e.After)
		}
		if err != nil {
			return err
		}
		var account any
		if e.AccountID != "" {
			account = e.AccountID
		}
		each = append(each, cmp.Or(e.ID, one), e.stream(), account, e.Action, e.Target, e.TargetName, before, after)
	}
	shared := []any{instant.Now(), string(kindOf(by)), by.UserID() + by.Token, by.Called(), by.Address}
	if err := recording.Exec(db.Later(ctx), tx, shared, each); err != nil {
		return fmt.Errorf("record %s: %w", entries[0].Action, err)
	}
	tx.OnCommit(func(next ent.Committer) ent.Committer {
		return ent.CommitFunc(func(ctx context.Context, tx *ent.Tx) error {
			err := next.Commit(ctx, tx)
			if err == nil {
				waker.ring()
			}
			return err
		})
	})
	return nil
}

// kindOf maps an actor to the history's words. Nobody acts only where the
// system answers a stranger, such as a request to sign up.
func kindOf(a *access.Actor) event.ActorKind {
	switch a.Kind {
	case access.Person:
		return event.ActorKindUSER
	case access.Token:
		return event.ActorKindTOKEN
	case access.Operator:
		return event.ActorKindOPERATOR
	}
	return event.ActorKindSYSTEM
}

func details(m map[string]any) (string, error) {
	if len(m) == 0 {
		return "", nil
	}
	b, err := json.Marshal(m)
	if err != nil {
		return "", fmt.Errorf("event details: %w", err)
	}
	return string(b), nil
}

// same reports whether two entries share one map.
func same(a, b map[string]any) bool {
	return reflect.ValueOf(a).UnsafePointer() == reflect.ValueOf(b).UnsafePointer()
}

// bell wakes whoever waits for new events in this process.
type bell struct {
	mu      sync.Mutex
	waiting []chan struct{}
}

// waker is process-wide, since a commit does not know its dispatcher. It holds
// no data: a missed ring costs at most one polling interval.
var waker bell

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.waiting {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}

// Wake returns a channel that receives after commits that recorded events in
// this process, until stop is called.
func Wake() (c <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	waker.mu.Lock()
	waker.waiting = append(waker.waiting, ch)
	waker.mu.Unlock()
	return ch, func() {
		waker.mu.Lock()
		defer waker.mu.Unlock()
		for i, w := range waker.waiting {
			if w == ch {
				waker.waiting = append(waker.waiting[:i], waker.waiting[i+1:]...)
				return
			}
		}
	}
}
