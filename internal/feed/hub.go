// Package feed tells whoever listens what happens, as long as they may know.
package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/chain"
	"tenantry/ent/event"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/instant"
)

// Why a listening ends that the client has not ended.
var (
	// ErrRefused is for who may not listen any more.
	ErrRefused = errors.New("feed: may not listen any more")
	// ErrSlow is for who lets more wait than is kept for them.
	ErrSlow = errors.New("feed: too slow")
)

const (
	// maxWaiting is how many events are kept for a listener who is slower than they
	// come. One mutation can invite two hundred people; whoever is further behind than a
	// few of those reads the state again more quickly.
	maxWaiting = 1024
	// maxAtOnce is how many listeners are told something at the same time: each reads as
	// a request does, and requests come first.
	maxAtOnce = 4
	// maxRead is how many events of a stream are read in one step, of maxStreams at once.
	maxRead    = 200
	maxStreams = 16
	// maxNamed is how many streams, accounts, people or tokens a statement names.
	maxNamed = 512
	// patience is how long finding out who somebody is may take.
	patience = 10 * time.Second
)

// Ends returns when each of several tokens ends by itself: the zero time for one that is
// good for nothing any more.
type Ends func(ctx context.Context, tokens []string) ([]time.Time, error)

// Hub tells the listeners of one process. Every stream of events has a chain without
// gaps, so it knows for each what is the last that was read: nothing is lost or told
// twice, whatever woke it and however late.
type Hub struct {
	client *ent.Client
	gate   *access.Gate
	ends   map[access.Kind]Ends
	wake   chan struct{}
	slots  chan struct{}

	mu        sync.Mutex // guards what follows, and what Listener says
	listeners map[*Listener]bool
	streams   map[string]*stream
}

// stream is a chain of events that somebody listens to.
type stream struct {
	seq int // of the last event that was read
	by  map[*Listener]bool
}

// New returns a hub that knows by ends which tokens of each kind are good.
func New(d *db.DB, gate *access.Gate, ends map[access.Kind]Ends) *Hub {
	return &Hub{client: d.Client, gate: gate, ends: ends, wake: make(chan struct{}, 1), slots: make(chan struct{}, maxAtOnce),
		listeners: map[*Listener]bool{}, streams: map[string]*stream{}}
}

// Wake has the hub look for new events. It does not wait.
func (h *Hub) Wake() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Listening returns how many listen.
func (h *Hub) Listening() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.listeners)
}

// Run tells what happens whenever it is woken, and every interval besides looks whether
// everybody may still listen, until ctx ends. As long as nobody listens it asks the
// database nothing.
func (h *Hub) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for odd := true; ; {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-h.wake:
			err = h.read(ctx)
		case <-tick.C:
			// Who may not listen any more ends first, whatever there is to read.
			err = errors.Join(h.look(ctx), h.lookAtAccounts(ctx), h.read(ctx))
			if odd = !odd; odd {
				err = errors.Join(err, h.lookAtViewers(ctx, nil))
			}
		}
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "live updates wait for the database; it is tried again", "err", err)
		}
	}
}

// read tells what is new in the streams that somebody listens to. Where nothing is, that
// is one statement, however many they are.
func (h *Hub) read(ctx context.Context) error {
	for {
		h.mu.Lock()
		known := make(map[string]int, len(h.streams))
		for name, s := range h.streams {
			known[name] = s.seq
		}
		h.mu.Unlock()
		heads, err := h.heads(ctx, sorted(known))
		if err != nil {
			return err
		}
		for name, seq := range known {
			if heads[name] <= seq {
				delete(known, name)
			}
		}
		if len(known) == 0 {
			return nil
		}
		for part := range slices.Chunk(sorted(known), maxStreams) {
			events, err := h.after(ctx, part, known)
			if err != nil {
				return err
			}
			if err := h.tell(ctx, events); err != nil {
				return err
			}
		}
	}
}

func sorted[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// told is what is read of an event.
var told = []string{event.FieldID, event.FieldCreatedAt, event.FieldStream, event.FieldAccountID, event.FieldActorKind, event.FieldActorID, event.FieldActorName,
	event.FieldAction, event.FieldTargetID, event.FieldTargetName, event.FieldBefore, event.FieldAfter, event.FieldAddress, event.FieldSeq, event.FieldHash}

// following reads what follows a place in so many chains, in order. Each is a range of
// the index: PostgreSQL cannot foresee how little that is where the places are joined,
// and reads the whole table.
func following(streams int) string {
	parts := make([]string, streams)
	for i := range parts {
		parts[i] = fmt.Sprintf("SELECT * FROM (SELECT %s FROM %s e WHERE e.stream = $%d AND e.seq > CAST($%d AS BIGINT) ORDER BY e.seq LIMIT %d) e%d",
			column.List("e", told), event.Table, 2*i+1, 2*i+2, maxRead, i)
	}
	return strings.Join(parts, " UNION ALL ")
}

var follows, ending db.Texts

// after reads what follows the last event that is known of each stream.
func (h *Hub) after(ctx context.Context, streams []string, known map[string]int) (out []*ent.Event, err error) {
	n := db.Rounded(len(streams))
	args := make([]any, 0, 2*n)
	for _, s := range streams {
		args = append(args, s, strconv.Itoa(known[s]))
	}
	var one ent.Event
	err = db.Read(ctx, h.client, follows.Of(n, following), db.Filled(args, 2*n), one.Places(told), func() {
		e := one
		out, one = append(out, &e), ent.Event{}
	})
	if err != nil {
		return nil, fmt.Errorf("read what happened: %w", err)
	}
	return out, nil
}

// tell hands events, which are in order, to those who listen to their streams.
func (h *Hub) tell(ctx context.Context, events []*ent.Event) error {
	if len(events) == 0 {
		return nil
	}
	// What concerns a person may have come to be with the event.
	if err := h.lookAtViewers(ctx, events); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		s := h.streams[e.Stream]
		if s == nil || *e.Seq <= s.seq {
			continue
		}
		s.seq = *e.Seq
		for l := range s.by {
			l.hear(e)
		}
	}
	return nil
}

// look ends those whose token is not good any more, and has those judged anew whose
// time has come.
func (h *Hub) look(ctx context.Context) error {
	by := map[access.Kind]map[string][]*Listener{}
	h.mu.Lock()
	for l := range h.listeners {
		if by[l.who.Kind] == nil {
			by[l.who.Kind] = map[string][]*Listener{}
		}
		by[l.who.Kind][l.who.Token] = append(by[l.who.Kind][l.who.Token], l)
	}
	h.mu.Unlock()
	var failed error
	for kind, listeners := range by {
		for tokens := range slices.Chunk(sorted(listeners), maxNamed) {
			// In few sizes, so that connections keep the statement.
			asked := append(tokens[:len(tokens):len(tokens)], slices.Repeat(tokens[:1], db.Rounded(len(tokens))-len(tokens))...)
			ends, err := h.ends[kind](ctx, asked)
			if err != nil {
				failed = errors.Join(failed, err)
				continue
			}
			now := instant.Now()
			for i, t := range tokens {
				if !now.Before(ends[i]) {
					for _, l := range listeners[t] {
						l.end(ErrRefused)
					}
				}
			}
		}
	}
	now := instant.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		if l.until != nil && !now.Before(*l.until) {
			l.until = nil
			l.suspect()
		} else if l.doubt {
			l.ring() // the database did not answer the last time
		}
	}
	return failed
}

// state is what an account's row says of who may listen: it changes with every change
// of what somebody is or may do there.
type state struct {
	state          account.State
	owner          string
	members, roles int
	from           time.Time
}

func stateOf(a *ent.Account) (s state) {
	if a != nil {
		s = state{state: a.State, owner: a.OwnerUserID, members: a.MembersVersion, roles: a.RolesVersion}
		if a.TwoFactorFrom != nil {
			s.from = a.TwoFactorFrom.UTC()
		}
	}
	return s
}

// lookAtAccounts has those judged anew in whose account, or in the one above it, somebody
// belongs differently by now. The events say so too, but whether somebody is cut off does
// not wait for the seal.
func (h *Hub) lookAtAccounts(ctx context.Context) error {
	seen := map[string]bool{}
	h.mu.Lock()
	for l := range h.listeners {
		if l.account != "" {
			seen[l.account] = true
			if l.parent != "" {
				seen[l.parent] = true
			}
		}
	}
	h.mu.Unlock()
	is := make(map[string]state, len(seen))
	for ids := range slices.Chunk(sorted(seen), maxNamed) {
		asked := append(ids[:len(ids):len(ids)], slices.Repeat(ids[:1], db.Rounded(len(ids))-len(ids))...)
		rows, err := h.client.Account.Query().Where(account.IDIn(asked...)).
			Select(account.FieldState, account.FieldOwnerUserID, account.FieldMembersVersion, account.FieldRolesVersion, account.FieldTwoFactorFrom).All(ctx)
		if err != nil {
			return fmt.Errorf("read accounts that are listened to: %w", err)
		}
		for _, a := range rows {
			is[a.ID] = stateOf(a)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		if l.account != "" && (l.was != is[l.account] || l.parent != "" && l.above != is[l.parent]) {
			l.suspect()
		}
	}
	return nil
}

// heads reads where the chains of streams end.
func (h *Hub) heads(ctx context.Context, streams []string) (map[string]int, error) {
	out := make(map[string]int, len(streams))
	for part := range slices.Chunk(streams, maxNamed) {
		n := db.Rounded(len(part))
		args := make([]any, len(part), n)
		for i, s := range part {
			args[i] = s
		}
		text := ending.Of(n, func(n int) string {
			return "SELECT " + chain.FieldID + ", " + chain.FieldSeq + " FROM " + chain.Table + " WHERE " + chain.FieldID + " IN (" + db.Args(1, n) + ")"
		})
		var name string
		var seq int
		err := db.Read(ctx, h.client, text, db.Filled(args, n), []column.Place{column.Text(&name), column.Number(&seq)}, func() { out[name] = seq })
		if err != nil {
			return nil, fmt.Errorf("read where histories end: %w", err)
		}
	}
	return out, nil
}

// follow has a listener hear the streams from now on: from where others are who listen to
// them already, or from where they ended. The caller holds mu.
func (h *Hub) follow(l *Listener, heads map[string]int, streams ...string) {
	for _, name := range streams {
		if name == "" {
			continue
		}
		s := h.streams[name]
		if s == nil {
			s = &stream{heads[name], map[*Listener]bool{}}
			h.streams[name] = s
		}
		s.by[l] = true
		if !slices.Contains(l.streams, name) {
			l.streams = append(l.streams, name)
		}
	}
}

// drop forgets a listener. The caller holds mu.
func (h *Hub) drop(l *Listener) {
	delete(h.listeners, l)
	for _, name := range l.streams {
		if s := h.streams[name]; s != nil {
			if delete(s.by, l); len(s.by) == 0 {
				delete(h.streams, name)
			}
		}
	}
	l.streams, l.waiting, l.mine = nil, nil, nil
}

// noun is what an event is about.
func noun(e *ent.Event) string {
	n, _, _ := strings.Cut(e.Action, ".")
	return n
}
