package feed

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/id"
)

// relation is a membership, a waiting invitation or an offer of ownership, and whose.
type relation struct{ userID, accountID, targetID string }

// relating reads them for so many people, in one statement.
func relating(people int) string {
	in := "(" + db.Args(1, people) + ")"
	return "SELECT m.user_id, m.account_id, m.id FROM memberships m WHERE m.user_id IN " + in +
		" UNION ALL SELECT u.id, i.account_id, i.id FROM users u JOIN invitations i ON i.email_key = u.email_key AND i.state = 'PENDING' WHERE u.id IN " + in +
		" UNION ALL SELECT t.to_user_id, t.account_id, t.id FROM ownership_transfers t WHERE t.to_user_id IN " + in + " AND t.state = 'PENDING'"
}

var related db.Texts

func (h *Hub) relations(ctx context.Context, people []string) (out []relation, err error) {
	for part := range slices.Chunk(people, maxNamed) {
		n := db.Rounded(len(part))
		args := make([]any, len(part), n)
		for i, p := range part {
			args[i] = p
		}
		var r relation
		err := db.Read(ctx, h.client, related.Of(n, relating), db.Filled(args, n),
			[]column.Place{column.Text(&r.userID), column.Text(&r.accountID), column.Text(&r.targetID)}, func() { out = append(out, r) })
		if err != nil {
			return nil, fmt.Errorf("read what concerns people: %w", err)
		}
	}
	return out, nil
}

// lookAtViewers finds what concerns people by now: all who listen, or those who listen to
// the streams of events that are about to be told. What is new in an account that one of
// them did not listen to has happened before: the events about it are told now.
func (h *Hub) lookAtViewers(ctx context.Context, events []*ent.Event) error {
	viewers := map[string][]*Listener{}
	add := func(l *Listener) {
		if l.account == "" && !slices.Contains(viewers[l.person], l) {
			viewers[l.person] = append(viewers[l.person], l)
		}
	}
	h.mu.Lock()
	if events == nil {
		for l := range h.listeners {
			add(l)
		}
	}
	seen := map[string]bool{}
	for _, e := range events {
		if s := h.streams[e.Stream]; s != nil && !seen[e.Stream] {
			seen[e.Stream] = true
			for l := range s.by {
				add(l)
			}
		}
	}
	h.mu.Unlock()
	if len(viewers) == 0 {
		return nil
	}
	begun := time.Now()
	all, err := h.relations(ctx, sorted(viewers))
	if err != nil {
		return err
	}
	type fresh struct {
		l *Listener
		relation
	}
	var late []fresh // whose events nobody has told them
	missed := map[string]bool{}
	since := begun
	h.mu.Lock()
	for _, r := range all {
		for _, l := range viewers[r.userID] {
			if l.ended || l.mine[r.targetID] {
				continue
			}
			if slices.Contains(l.streams, r.accountID) {
				l.mine[r.targetID] = true // its events are still to be told
				continue
			}
			late, missed[r.accountID] = append(late, fresh{l, r}), true
			if l.since.Before(since) {
				since = l.since
			}
		}
	}
	for _, listeners := range viewers {
		for _, l := range listeners {
			l.since = begun
		}
	}
	h.mu.Unlock()
	if len(late) == 0 {
		return nil
	}
	heads, err := h.heads(ctx, sorted(missed))
	if err != nil {
		return err
	}
	var targets []string
	h.mu.Lock()
	for _, f := range late {
		if !f.l.ended {
			f.l.mine[f.targetID] = true
			h.follow(f.l, heads, f.accountID)
			targets = append(targets, f.targetID)
		}
	}
	before := map[string]int{}
	for a := range missed {
		if s := h.streams[a]; s != nil {
			before[a] = s.seq
		}
	}
	h.mu.Unlock()
	// By their ids, which are in the order of time: with some room for clocks that differ,
	// and for what committed late.
	rows, err := h.client.Event.Query().Where(event.AccountIDIn(sorted(missed)...), event.IDGTE(id.First(id.Event, since.Add(-margin))),
		event.TargetIDIn(targets...), event.SeqNotNil()).Order(ent.Asc(event.FieldStream, event.FieldSeq)).Limit(maxWaiting).All(ctx)
	if err != nil {
		return fmt.Errorf("read what was missed: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range rows {
		for _, f := range late {
			if f.accountID == e.Stream && f.targetID == e.TargetID && *e.Seq <= before[e.Stream] {
				f.l.hear(e)
			}
		}
	}
	return nil
}

const margin = 5 * time.Second
