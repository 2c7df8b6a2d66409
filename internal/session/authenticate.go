package session

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/membership"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
)

// Places are the accounts that an operation is about.
type Places struct {
	// Named are the ids that the operation names.
	Named []string
	// Active says that the account which the session works in is one, too.
	Active bool
}

func (p Places) any() bool { return len(p.Named) > 0 || p.Active }

// Authenticate returns the person whose session the token is, together with
// their standing in the accounts that the operation is about, all from one
// statement. The token counts only in the way it was handed out: as a cookie or
// as a bearer token. Refusals: UNAUTHENTICATED.
func (s *Service) Authenticate(ctx context.Context, token string, bearer bool, at Places, address, agent string) (*access.Actor, error) {
	if len(token) != tokenLength {
		return nil, expired()
	}
	r, err := s.read(ctx, hashToken(token), at)
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	now := instant.Now()
	if r == nil || r.session.Bearer != bearer || !s.alive(r, now) {
		return nil, expired()
	}
	by := &access.Actor{Kind: access.Person, User: r.user, Session: r.session, Address: address, Agent: agent}
	if active := r.session.ActiveAccountID; at.Active && active != nil {
		at.Named = append(slices.Clone(at.Named), *active)
	}
	if err := s.gate.Admit(ctx, by, at.Named, r.accounts, r.members); err != nil {
		return nil, err
	}
	s.seen.note(now, r)
	return by, nil
}

// alive reports whether a session can be used.
func (s *Service) alive(r *reading, now time.Time) bool {
	return now.Before(r.session.ExpiresAt) && now.Before(r.session.LastSeenAt.Add(s.config.Idle)) && r.user.DisabledAt == nil
}

func expired() error {
	return fault.New(fault.Unauthenticated, "The session has ended. Sign in again.")
}

// reading is what one statement tells about a request.
type reading struct {
	session  *ent.Session
	user     *ent.User
	accounts []*ent.Account
	members  []*ent.Membership
}

func (s *Service) read(ctx context.Context, hash string, at Places) (*reading, error) {
	d := sql.Dialect(s.db.Dialect())
	se, us := d.Table(session.Table).As("s"), d.Table(user.Table).As("u")
	q := d.Select(se.Columns(db.SessionColumns...)...).AppendSelect(us.Columns(db.UserColumns...)...).
		From(se).Join(us).On(us.C(user.FieldID), se.C(session.FieldUserID))
	if at.any() {
		families := family(d, at, hash)
		inner := d.Table(account.Table).As("i")
		ac := d.Select(inner.Columns(db.AccountColumns...)...).From(inner).Where(sql.In(inner.C(account.FieldID), families)).As("a")
		me := d.Table(membership.Table).As("m")
		q.AppendSelect(ac.Columns(db.AccountColumns...)...).AppendSelect(me.Columns(db.MemberColumns...)...)
		q.LeftJoin(ac).OnP(sql.P().Append(func(b *sql.Builder) { b.WriteString("1 = 1") }))
		q.LeftJoin(me).OnP(sql.And(sql.ColumnsEQ(me.C(membership.FieldAccountID), ac.C(account.FieldID)),
			sql.ColumnsEQ(me.C(membership.FieldUserID), se.C(session.FieldUserID))))
	}
	text, args := q.Where(sql.EQ(se.C(session.FieldTokenHash), hash)).Query()
	rows, err := s.client.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out *reading
	for rows.Next() {
		se, us, ac, me := &ent.Session{}, &ent.User{}, &ent.Account{}, &ent.Membership{}
		dest := append(db.SessionDest(se), db.UserDest(us)...)
		if at.any() {
			dest = append(append(dest, db.AccountDest(ac)...), db.MemberDest(me)...)
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		if out == nil {
			out = &reading{session: se, user: us}
		}
		if ac.ID != "" && !slices.ContainsFunc(out.accounts, func(a *ent.Account) bool { return a.ID == ac.ID }) {
			out.accounts = append(out.accounts, ac)
		}
		if me.ID != "" {
			out.members = append(out.members, me)
		}
	}
	return out, rows.Err()
}

// family selects the ids of the accounts that an operation is about, and of their
// parents.
func family(d *sql.DialectBuilder, at Places, hash string) *sql.Selector {
	var parts []*sql.Selector
	if len(at.Named) > 0 {
		args := make([]any, len(at.Named))
		for i, n := range at.Named {
			args[i] = n
		}
		self, child := d.Table(account.Table).As("self"), d.Table(account.Table).As("child")
		parts = append(parts, d.Select(self.C(account.FieldID)).From(self).Where(sql.In(self.C(account.FieldID), args...)),
			d.Select(child.C(account.FieldParentID)).From(child).
				Where(sql.And(sql.In(child.C(account.FieldID), args...), sql.NotNull(child.C(account.FieldParentID)))))
	}
	if at.Active {
		here, there, active := d.Table(session.Table).As("here"), d.Table(session.Table).As("there"), d.Table(account.Table).As("active")
		parts = append(parts, d.Select(here.C(session.FieldActiveAccountID)).From(here).
			Where(sql.And(sql.EQ(here.C(session.FieldTokenHash), hash), sql.NotNull(here.C(session.FieldActiveAccountID)))),
			d.Select(active.C(account.FieldParentID)).From(there).Join(active).On(active.C(account.FieldID), there.C(session.FieldActiveAccountID)).
				Where(sql.And(sql.EQ(there.C(session.FieldTokenHash), hash), sql.NotNull(active.C(account.FieldParentID)))))
	}
	for _, p := range parts[1:] {
		parts[0].UnionAll(p)
	}
	return parts[0]
}

// seen collects who was seen, to be written in one go: knowing it to the minute
// is enough, and no read waits for a write.
type seen struct {
	mu       sync.Mutex
	sessions map[string]bool
	members  map[string]bool
}

// Grain is how precisely last use is known.
const Grain = time.Minute

func (s *seen) note(now time.Time, r *reading) {
	old := now.Sub(r.session.LastSeenAt) >= Grain
	var members []string
	for _, m := range r.members {
		if m.State == membership.StateACTIVE && (m.LastAccessAt == nil || now.Sub(*m.LastAccessAt) >= Grain) {
			members = append(members, m.ID)
		}
	}
	if !old && len(members) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.make()
	if old {
		s.sessions[r.session.ID] = true
	}
	for _, m := range members {
		s.members[m] = true
	}
}

func (s *seen) account(st *access.Standing) {
	m := st.Membership
	if m == nil {
		m = st.Above
	}
	if m == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.make()
	s.members[m.ID] = true
}

func (s *seen) make() {
	if s.sessions == nil {
		s.sessions, s.members = map[string]bool{}, map[string]bool{}
	}
}

func (s *seen) take() (sessions, members []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.sessions {
		sessions = append(sessions, k)
	}
	for k := range s.members {
		members = append(members, k)
	}
	s.sessions, s.members = nil, nil
	slices.Sort(sessions)
	slices.Sort(members)
	return sessions, members
}

// WriteSeen writes who was seen since the last time.
func (s *Service) WriteSeen(ctx context.Context) error {
	sessions, members := s.seen.take()
	now := instant.Now()
	for chunk := range slices.Chunk(sessions, 500) {
		if err := s.client.Session.Update().Where(session.IDIn(chunk...)).SetLastSeenAt(now).Exec(ctx); err != nil {
			return fmt.Errorf("write last seen: %w", err)
		}
	}
	for chunk := range slices.Chunk(members, 500) {
		if err := s.client.Membership.Update().Where(membership.IDIn(chunk...)).SetLastAccessAt(now).Exec(ctx); err != nil {
			return fmt.Errorf("write last access: %w", err)
		}
	}
	return nil
}
