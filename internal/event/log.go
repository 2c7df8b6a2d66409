package event

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/ent/predicate"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/page"
	"tenantry/internal/permission"
)

// Log reads the histories of accounts, and of people their own.
type Log struct {
	client  *ent.Client
	dialect string
	gate    *access.Gate
	book    *budget.Book
}

// NewLog returns a log over the database.
func NewLog(d *db.DB, gate *access.Gate, book *budget.Book) *Log {
	return &Log{d.Client, d.Dialect(), gate, book}
}

// Filter narrows the history. Empty fields do not.
type Filter struct {
	ActorID, TargetID string
	Actions           []string
	From, To          *time.Time
}

// List pages through the history of an account, newest first. Refusals: as
// access.Gate.Require for audit, BAD_INPUT.
func (l *Log) List(ctx context.Context, by *access.Actor, accountID string, f Filter, r page.Request) (page.Page[*ent.Event], error) {
	none := page.Page[*ent.Event]{}
	if _, err := l.gate.Require(ctx, by, accountID, permission.Audit); err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	if len(f.Actions) > 20 {
		return none, fault.On("filter.actions", fault.BadInput, "At most 20 actions, not %d.", len(f.Actions))
	}
	q := l.client.Event.Query().Where(page.Backwards(event.FieldAccountID, event.FieldID, accountID, r.After))
	if f.ActorID != "" {
		q.Where(event.ActorID(f.ActorID))
	}
	if f.TargetID != "" {
		q.Where(event.TargetID(f.TargetID))
	}
	if len(f.Actions) > 0 {
		var any []predicate.Event
		for _, a := range f.Actions {
			any = append(any, event.Action(a), event.ActionHasPrefix(a+"."))
		}
		q.Where(event.Or(any...))
	}
	if f.From != nil {
		q.Where(event.CreatedAtGTE(*f.From))
	}
	if f.To != nil {
		q.Where(event.CreatedAtLT(*f.To))
	}
	rows, err := q.Limit(r.Limit()).All(ctx)
	if err != nil {
		return none, fmt.Errorf("list events: %w", err)
	}
	return page.Cut(rows, r), nil
}

// Own pages through what happened to how the actor signs in, newest first, as far as it
// is sealed. A cursor is a place in the chain. Refusals: UNAUTHENTICATED, BAD_INPUT.
func (l *Log) Own(ctx context.Context, by *access.Actor, r page.Request) (page.Page[*ent.Event], error) {
	none := page.Page[*ent.Event]{}
	if err := by.NeedPerson(); err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	q := l.client.Event.Query().Where(event.Stream(by.User.ID), event.SeqNotNil())
	if r.After != "" {
		before, err := strconv.Atoi(r.After)
		if err != nil {
			return none, fmt.Errorf("cursor of a history: %w", err)
		}
		q.Where(event.SeqLT(before))
	}
	rows, err := q.Order(ent.Desc(event.FieldSeq)).Limit(r.Limit()).All(ctx)
	if err != nil {
		return none, fmt.Errorf("list own events: %w", err)
	}
	return page.Cut(rows, r), nil
}

// Get returns an event of an account whose history the actor may read, or of their own.
// Refusals: UNAUTHENTICATED, NOT_FOUND.
func (l *Log) Get(ctx context.Context, by *access.Actor, eventID string) (*ent.Event, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	if !id.Is(id.Event, eventID) {
		return nil, fault.Missing("event")
	}
	e, err := l.client.Event.Get(ctx, eventID)
	if ent.IsNotFound(err) || err == nil && e.AccountID == nil && !own(by, e) {
		return nil, l.gate.Absent(ctx, by, "event")
	}
	if err != nil || own(by, e) {
		return e, err
	}
	if _, err := l.gate.Require(ctx, by, *e.AccountID, permission.Audit); err != nil {
		return nil, fault.Hide(err, "event")
	}
	return e, nil
}

// Readable reports whether the actor reads the history that an event is in.
func (l *Log) Readable(ctx context.Context, by *access.Actor, e *ent.Event) (bool, error) {
	if e.AccountID == nil {
		return own(by, e), nil
	}
	_, err := l.gate.Require(ctx, by, *e.AccountID, permission.Audit)
	if fault.All(err) != nil {
		return false, nil
	}
	return err == nil, err
}

// Unread counts no further than mostUnread and looks at no more than mostWalked
// events, so that it costs little more after a year than after a day.
const (
	mostUnread = 100
	mostWalked = 500
)

// unread is what there is to count for one membership.
type unread struct {
	place     int // of the membership among those asked about
	accountID string
	since     time.Time
	targetID  string // of the only object that matters beside offers; "" for everything
}

// Unread returns for each membership how many things others have done in its
// account since the person last worked there, or joined: at most 100, among the
// first 500 events since. To holders of audit everything counts; to others what
// was done to their membership, and to offers of ownership made to them. Nil for a
// membership that is not the actor's own, and for one that cannot be switched to.
func (l *Log) Unread(ctx context.Context, by *access.Actor, members []*ent.Membership) ([]*int, error) {
	mine := func(m *ent.Membership) bool { return m.UserID == by.UserID() }
	var accounts []string
	for _, m := range members {
		if mine(m) {
			accounts = append(accounts, m.AccountID)
		}
	}
	if err := l.gate.Prepare(ctx, by, accounts); err != nil {
		return nil, err
	}
	var list []unread
	for i, m := range members {
		if !mine(m) {
			continue
		}
		st, err := l.gate.Enter(ctx, by, m.AccountID)
		if err != nil && fault.All(err) == nil {
			return nil, err
		}
		if err != nil || st.NeedNotClosed() != nil {
			continue
		}
		u := unread{i, m.AccountID, m.CreatedAt, m.ID}
		if m.LastAccessAt != nil {
			u.since = *m.LastAccessAt
		}
		if st.Can(permission.Audit) {
			u.targetID = ""
		}
		list = append(list, u)
	}
	out := make([]*int, len(members))
	if len(list) == 0 {
		return out, nil
	}
	if err := l.count(ctx, by, list, out); err != nil {
		return nil, fmt.Errorf("count what is unread: %w", err)
	}
	return out, nil
}

// count answers for all memberships in one statement. It walks a range of the
// index over account and id: with an equation for the account PostgreSQL may walk
// the primary key instead, through the history of everybody.
func (l *Log) count(ctx context.Context, by *access.Actor, list []unread, out []*int) error {
	w := &sql.Builder{}
	w.SetDialect(l.dialect)
	w.WriteString("WITH m (place, account_id, since, target_id) AS (VALUES ")
	for i, u := range list {
		if i > 0 {
			w.Comma()
		}
		w.WriteString(fmt.Sprintf("(%d, ", u.place)).Args(u.accountID, id.First(id.Event, u.since), u.targetID).WriteString(")")
	}
	w.WriteString(") SELECT place, (SELECT COUNT(*) FROM (SELECT 1 FROM (SELECT actor_id, target_id FROM events" +
		" WHERE (events.account_id, events.id) >= (m.account_id, m.since) AND events.account_id <= m.account_id ORDER BY events.account_id, events.id")
	w.WriteString(fmt.Sprintf(" LIMIT %d) walked WHERE actor_id <> ", mostWalked)).Arg(by.UserID())
	w.WriteString(" AND (m.target_id = '' OR walked.target_id = m.target_id" +
		" OR walked.target_id IN (SELECT id FROM ownership_transfers WHERE to_user_id = ").Arg(by.UserID())
	w.WriteString(fmt.Sprintf(")) LIMIT %d) counted) FROM m", mostUnread))
	q, args := w.Query()
	var place, n int
	return db.Read(ctx, l.client, q, args, []column.Place{column.Number(&place), column.Number(&n)}, func() {
		counted := n
		out[place] = &counted
	})
}

// Refused records that a member, or a program, was refused something privileged, in
// a transaction of its own: twenty an hour for each of them. Outsiders leave no
// trace in an account that is not theirs.
func (l *Log) Refused(ctx context.Context, by *access.Actor, operation string, code fault.Code) error {
	accountID := by.Tried()
	if by.NeedMember() != nil || accountID == "" {
		return nil
	}
	if err := l.book.Take(ctx, budget.RefusalByUser, by.UserID()+by.Token, 1); err != nil {
		if fault.Has(err, fault.RateLimited) {
			return nil
		}
		return err
	}
	return db.InTx0(ctx, l.client, func(tx *ent.Tx) error {
		return Record(ctx, tx, by, Entry{AccountID: accountID, Action: "access.refused", TargetName: operation,
			After: map[string]any{"code": code}})
	})
}

// Change is one thing that an event changed, its values as JSON.
type Change struct {
	Field         string
	Before, After *string
}

// Guard says which permission shows what an event tells of, beside audit: the history
// is no way round the permission for the thing itself.
func Guard(action string) permission.Key {
	noun, _, _ := strings.Cut(action, ".")
	switch {
	case action == "account.updated" || action == "account.number_set":
		return permission.Profile
	case noun == "contact":
		return permission.Contacts
	case noun == "invitation" || noun == "member" || action == "access.reviewed":
		return permission.Users
	case noun == "api_token" || noun == "webhook":
		return permission.Developer
	}
	return permission.Audit
}

// own reports whether an event is of the actor's own history.
func own(by *access.Actor, e *ent.Event) bool {
	return e.AccountID == nil && e.Stream == by.UserID() && e.Stream != ""
}

// shows reports whether the actor may read the values and the names in an event.
func (l *Log) shows(ctx context.Context, by *access.Actor, e *ent.Event) (bool, error) {
	if e.AccountID == nil {
		return own(by, e), nil
	}
	st, err := l.gate.Known(ctx, by, *e.AccountID)
	if err != nil {
		return false, err
	}
	return st.Can(Guard(e.Action)), nil
}

// TargetName returns what the object of an event was called, or "" for somebody
// who may not see the object itself.
func (l *Log) TargetName(ctx context.Context, by *access.Actor, e *ent.Event) (string, error) {
	shown, err := l.shows(ctx, by, e)
	if !shown {
		return "", err
	}
	return e.TargetName, nil
}

// Changes returns what an event changed, in the order of the fields' names; to
// somebody who may not see the object itself, without the values.
func (l *Log) Changes(ctx context.Context, by *access.Actor, e *ent.Event) ([]*Change, error) {
	shown, err := l.shows(ctx, by, e)
	if err != nil {
		return nil, err
	}
	list, err := Changes(e)
	if err != nil {
		return nil, err
	}
	contacts := shown
	if shown && e.Action == "access.reviewed" { // by people who may see contacts, or not
		st, err := l.gate.Known(ctx, by, *e.AccountID)
		if err != nil {
			return nil, err
		}
		contacts = st.Can(permission.Contacts)
	}
	for _, c := range list {
		if !shown || !contacts && (c.Field == "contactIds" || c.Field == "unverifiedContacts") {
			c.Before, c.After = nil, nil
		}
	}
	return list, nil
}

// Device returns the browser or app that an event of a person's history came from, as
// a person reads it, or "" where that was not kept.
func Device(e *ent.Event) string {
	var said struct{ Device string }
	if e.After != "" && json.Unmarshal([]byte(e.After), &said) == nil && said.Device != "" {
		return said.Device
	}
	if e.Action == "session.started" {
		return e.TargetName
	}
	return ""
}

// Changes returns what an event changed, in the order of the fields' names.
func Changes(e *ent.Event) ([]*Change, error) {
	before, after := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for _, part := range []struct {
		text string
		into *map[string]json.RawMessage
	}{{e.Before, &before}, {e.After, &after}} {
		if part.text != "" {
			if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
				return nil, fmt.Errorf("event %s: %w", e.ID, err)
			}
		}
	}
	var fields []string
	for f := range before {
		fields = append(fields, f)
	}
	for f := range after {
		if _, twice := before[f]; !twice {
			fields = append(fields, f)
		}
	}
	slices.Sort(fields)
	out := make([]*Change, len(fields))
	for i, f := range fields {
		out[i] = &Change{Field: f, Before: text(before[f]), After: text(after[f])}
	}
	return out, nil
}

func text(m json.RawMessage) *string {
	if m == nil {
		return nil
	}
	s := string(m)
	return &s
}
