package feed

import (
	"context"
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/internal/access"
	"tenantry/internal/fault"
	"tenantry/internal/id"
)

// Caller is who listens, and how they are reached.
type Caller struct {
	// Kind and Token are what they present.
	Kind  access.Kind
	Token string
	// Identify finds out anew whose token that is, with what they are in the accounts.
	Identify func(ctx context.Context, accountIDs ...string) (*access.Actor, error)
	// End ends their connection, for ErrRefused or ErrSlow. It does not wait.
	End func(why error)
}

// Listener hears of what happens in one account, or of what concerns one person.
type Listener struct {
	hub    *Hub
	who    Caller
	person string        // who answers for what they do; "" for an operator
	bell   chan struct{} // rings when there is something to do
	over   chan struct{} // closed when it has ended
	// account is what is listened to, and parent the account above it. Empty for what
	// concerns a person.
	account, parent string

	// What follows is guarded by the hub's mu.
	streams []string
	waiting []*ent.Event
	judged  int  // of those that wait, how many were there when it was last found out who this is
	doubt   bool // that they may listen at all
	ended   bool
	was     state // of the account when they were last judged
	above   state // of the one above
	until   *time.Time
	// mine are the memberships, invitations and offers of the person, where they are listened to.
	mine map[string]bool
	// since is when they were last looked for.
	since time.Time
}

// Account listens to what happens in an account, until ctx ends. Refusals: as
// access.Gate.Enter.
func (h *Hub) Account(ctx context.Context, by *access.Actor, who Caller, accountID string) (*Listener, error) {
	st, err := h.gate.Enter(ctx, by, accountID)
	if err != nil {
		return nil, err
	}
	l := h.listener(by, who)
	l.account = accountID
	if st.Account.ParentID != nil {
		l.parent = *st.Account.ParentID
	}
	// What is above the account, and the person, decide about it too.
	return l, h.begin(ctx, l, accountID, l.parent, l.person)
}

// Viewer listens to what concerns a person, until ctx ends. Refusals: as
// access.Actor.NeedPerson.
func (h *Hub) Viewer(ctx context.Context, by *access.Actor, who Caller) (*Listener, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	l := h.listener(by, who)
	l.mine = map[string]bool{}
	all, err := h.relations(ctx, []string{l.person})
	if err != nil {
		return nil, err
	}
	streams := []string{l.person}
	for _, r := range all {
		l.mine[r.targetID] = true
		if !slices.Contains(streams, r.accountID) {
			streams = append(streams, r.accountID)
		}
	}
	return l, h.begin(ctx, l, streams...)
}

func (h *Hub) listener(by *access.Actor, who Caller) *Listener {
	return &Listener{hub: h, who: who, person: by.BehindID(), bell: make(chan struct{}, 1), over: make(chan struct{}), since: time.Now(), doubt: true}
}

// begin lets a listener in. Nobody has judged them since the streams were looked at, so
// that is what they begin with.
func (h *Hub) begin(ctx context.Context, l *Listener, streams ...string) error {
	heads, err := h.heads(ctx, streams)
	if err != nil {
		return err
	}
	h.mu.Lock()
	h.listeners[l] = true
	h.follow(l, heads, streams...)
	l.ring()
	h.mu.Unlock()
	context.AfterFunc(ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		l.close()
	})
	return nil
}

// Next waits for the next event that the listener may know of and returns it with the
// actor by whom everything beneath it is to be judged, which was read after the event
// was: what happened after somebody was cut off is never told to them. It returns false
// once it is over. The caller calls done when everything beneath is read.
func (l *Listener) Next(ctx context.Context) (by *access.Actor, e *ent.Event, done func(), ok bool) {
	slot := false
	give := func() {
		if slot {
			<-l.hub.slots
			slot = false
		}
	}
	for {
		next, asked, ok := l.take(by != nil)
		switch {
		case !ok:
			give()
			return nil, nil, nil, false
		case next == nil && !asked:
			give()
			by = nil
			select {
			case <-l.bell:
			case <-l.over:
				return nil, nil, nil, false
			case <-ctx.Done():
				return nil, nil, nil, false
			}
			continue
		}
		if !slot {
			select {
			case l.hub.slots <- struct{}{}:
				slot = true
			case <-l.over:
				return nil, nil, nil, false
			case <-ctx.Done():
				return nil, nil, nil, false
			}
		}
		if asked {
			var err error
			if by, err = l.identify(ctx, next); err != nil {
				give()
				if by = nil; fault.All(err) != nil {
					l.end(ErrRefused)
				} else if !l.wait(ctx) {
					return nil, nil, nil, false
				}
				continue
			}
		}
		if next == nil {
			continue
		}
		seen, err := l.sees(ctx, by, next)
		if err != nil {
			give()
			by = nil
			if !l.wait(ctx) {
				return nil, nil, nil, false
			}
			continue
		}
		l.took()
		if seen {
			return by, next, give, true
		}
	}
}

// take returns the event that has waited longest, without taking it, and whether it has
// to be found out who this is before anything else. It is false once all is over.
func (l *Listener) take(known bool) (e *ent.Event, asked, ok bool) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	if l.ended {
		return nil, false, false
	}
	asked = l.doubt
	if len(l.waiting) > 0 {
		e = l.waiting[0]
		asked = asked || !known || l.judged == 0
	}
	if asked {
		l.judged, l.doubt = len(l.waiting), false
	}
	return e, asked, true
}

// took takes the event that take returned.
func (l *Listener) took() {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	if len(l.waiting) > 0 {
		l.waiting = l.waiting[1:]
		l.judged--
	}
	if len(l.waiting) == 0 {
		l.waiting = nil
	}
}

// wait waits for the database to answer again, which the hub looks after.
func (l *Listener) wait(ctx context.Context) bool {
	l.hub.mu.Lock()
	l.doubt, l.judged = true, 0
	select {
	case <-l.bell:
	default:
	}
	l.hub.mu.Unlock()
	select {
	case <-l.bell:
		return true
	case <-l.over:
	case <-ctx.Done():
	}
	return false
}

// identify finds out who this is by now, and whether they may still listen. Errors that
// are refusals end it.
func (l *Listener) identify(ctx context.Context, e *ent.Event) (*access.Actor, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var about []string
	switch {
	case l.account != "":
		about = []string{l.account}
	case e != nil && e.AccountID != nil:
		about = []string{*e.AccountID}
	}
	by, err := l.who.Identify(ctx, about...)
	if err != nil {
		return nil, err
	}
	if by.Kind != l.who.Kind || by.BehindID() != l.person {
		return nil, fault.SignIn()
	}
	if l.account == "" {
		return by, by.NeedPerson()
	}
	st, err := l.hub.gate.Enter(ctx, by, l.account)
	if err != nil {
		return nil, err
	}
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.was, l.above, l.until = stateOf(st.Account), stateOf(st.Parent), st.Until()
	return by, nil
}

// hear keeps an event for the listener, if it may concern them, until Next takes it. The
// caller holds the hub's mu.
func (l *Listener) hear(e *ent.Event) {
	switch {
	case l.ended:
		return
	case l.account == "":
		if !l.concerns(e) {
			return
		}
	case e.Stream != l.account:
		if !harmless[noun(e)] {
			l.suspect()
		}
		return
	}
	if len(l.waiting) == maxWaiting {
		l.finish(ErrSlow)
		return
	}
	l.waiting = append(l.waiting, e)
	l.ring()
}

// harmless are events of the account above that change nothing about who may listen to
// what is beneath it.
var harmless = map[string]bool{"contact": true, "invitation": true, "notification": true, "delivery": true, "webhook": true, "access": true}

// suspect has it found out again who this is. The caller holds the hub's mu.
func (l *Listener) suspect() {
	l.doubt = true
	l.ring()
}

func (l *Listener) ring() {
	select {
	case l.bell <- struct{}{}:
	default:
	}
}

// end ends it, and the connection.
func (l *Listener) end(why error) {
	l.hub.mu.Lock()
	defer l.hub.mu.Unlock()
	l.finish(why)
}

// finish is end for who holds the hub's mu.
func (l *Listener) finish(why error) {
	if l.close() {
		l.who.End(why)
	}
}

// close forgets it, once. The caller holds the hub's mu.
func (l *Listener) close() bool {
	if l.ended {
		return false
	}
	l.ended = true
	close(l.over)
	l.hub.drop(l)
	return true
}

// concerns reports whether an event is about a person: of their own history, about a
// membership, an invitation or an offer of theirs, or about what an account is called and
// in which state it is. Whether they may see that account is judged later.
func (l *Listener) concerns(e *ent.Event) bool {
	return e.AccountID == nil && e.Stream == l.person || l.mine[e.TargetID] ||
		id.Is(id.Account, e.TargetID) && e.TargetID == e.Stream && slices.Contains(switcher, e.Action)
}

// switcher are the events that change what somebody sees who chooses among accounts.
var switcher = []string{"account.updated", "account.closed", "account.reopened", "account.suspended", "account.reinstated", "account.owner_changed", "account.policies_changed"}

// sees reports whether the listener may know of an event.
func (l *Listener) sees(ctx context.Context, by *access.Actor, e *ent.Event) (bool, error) {
	var (
		seen bool
		err  error
	)
	if l.account == "" {
		if e.TargetID != e.Stream || e.AccountID == nil {
			return true, nil // their own
		}
		_, err = l.hub.gate.Known(ctx, by, *e.AccountID)
		seen = err == nil
	} else {
		seen, err = Sees(ctx, l.hub.gate, by, e)
	}
	if fault.All(err) != nil {
		return false, nil
	}
	return seen, err
}
