package session

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"tenantry/ent"
	"tenantry/ent/membership"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/page"
)

// Places are the accounts that an operation is about.
type Places struct {
	// Named are the ids that the operation names.
	Named []string
	// Active says that the account which the session works in is one, too.
	Active bool
	// Own is how many of the person's own memberships are to be read with the session,
	// since they are asked for.
	Own int
	// Pages are pages of lists that are to be read with the session, where Ahead says that it is worth it.
	Pages []page.Ahead
	// Breadth is how much is read of them, and of the session and its person.
	Breadth access.Breadth
	// Watching says that nobody does anything: what is told to somebody who listens does
	// not keep their session awake.
	Watching bool
}

func (p Places) any() bool { return len(p.Named) > 0 || p.Active }

// Authenticate returns the person whose session the token is, together with
// their standing in the accounts that the operation is about, all from one
// statement. The token counts only in the way it was handed out: as a cookie or
// as a bearer token. One who has passed the first factor only is nobody, with a
// half session. Refusals: UNAUTHENTICATED.
func (s *Service) Authenticate(ctx context.Context, token string, bearer bool, at Places, address, agent string) (*access.Actor, error) {
	if len(token) != tokenLength {
		return nil, expired()
	}
	now := instant.Now()
	r, err := s.read(ctx, hashToken(token), now, at)
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	if r == nil || r.session.Bearer != bearer || !s.alive(r, now) {
		return nil, expired()
	}
	if r.session.Pending {
		return &access.Actor{Half: &access.Half{User: r.user, Session: r.session}, Breadth: at.Breadth, Address: address, Agent: agent}, nil
	}
	by := &access.Actor{Kind: access.Person, User: r.user, Session: r.session, Breadth: at.Breadth, Address: address, Agent: agent}
	active := r.session.ActiveAccountID
	if at.Active && active != nil && r.own == nil {
		at.Named = append(slices.Clone(at.Named), *active)
	}
	if len(at.Named) > 0 {
		if err := s.gate.Admit(ctx, by, at.Named, r.accounts, r.members); err != nil {
			return nil, err
		}
	}
	if r.own != nil {
		if err := s.gate.KeepOwn(ctx, by, r.own); err != nil {
			return nil, err
		}
		if at.Active && active != nil {
			r.visit(*active)
		}
	}
	by.KeepAhead(at.Pages)
	if !at.Watching {
		s.seen.note(now, r)
	}
	return by, nil
}

// Ends returns when each token ends if nobody uses or refreshes its session any more:
// the zero time for one that is good for nothing, be it only half signed in. It is
// Authenticate for many, without what they may do.
func (s *Service) Ends(ctx context.Context, tokens []string) ([]time.Time, error) {
	hashes := make([]string, len(tokens))
	for i, t := range tokens {
		hashes[i] = hashToken(t)
	}
	rows, err := s.client.Session.Query().Where(session.TokenHashIn(hashes...), session.Pending(false), session.HasUserWith(user.DisabledAtIsNil())).
		Select(session.FieldTokenHash, session.FieldLastSeenAt, session.FieldExpiresAt, session.FieldTokenExpiresAt).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the ends of sessions: %w", err)
	}
	ends := make(map[string]time.Time, len(rows))
	for _, row := range rows {
		end := row.ExpiresAt
		if idle := row.LastSeenAt.Add(s.config.Idle); idle.Before(end) {
			end = idle
		}
		if row.TokenExpiresAt != nil && row.TokenExpiresAt.Before(end) {
			end = *row.TokenExpiresAt
		}
		ends[row.TokenHash] = end
	}
	out := make([]time.Time, len(tokens))
	for i, h := range hashes {
		out[i] = ends[h]
	}
	return out, nil
}

// Ahead reports whether pages are worth reading with the session: where they travel
// with it, and so cost no wait of their own.
func (s *Service) Ahead() bool { return s.together }

// alive reports whether a session can be used.
func (s *Service) alive(r *reading, now time.Time) bool {
	return s.lasts(r.session, now) && r.user.DisabledAt == nil
}

// lasts reports whether a session has reached neither of its ends, whatever its
// token's is.
func (s *Service) lasts(row *ent.Session, now time.Time) bool {
	return now.Before(row.ExpiresAt) && now.Before(row.LastSeenAt.Add(s.config.Idle))
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
	own      *access.Owned
}

// visit adds an account that was read as one's own, if it was, to those that are used.
func (r *reading) visit(accountID string) {
	m := r.own.Of(accountID)
	if m == nil {
		return
	}
	r.members, r.accounts = append(r.members, m), append(r.accounts, m.Edges.Account)
	if above := m.Edges.Account.Edges.Parent; above != nil {
		r.accounts = append(r.accounts, above)
	}
}

// keptOut reports whether an account keeps the person out for want of a second factor,
// so that asking for it is no work in it.
func (r *reading) keptOut(accountID string) bool {
	find := func(accountID string) *ent.Account {
		i := slices.IndexFunc(r.accounts, func(a *ent.Account) bool { return a.ID == accountID })
		if i < 0 {
			return nil
		}
		return r.accounts[i]
	}
	a := find(accountID)
	if a == nil || r.user.TwoFactorAt != nil {
		return false
	}
	var parent *ent.Account
	if a.ParentID != nil {
		parent = find(*a.ParentID)
	}
	return access.KeptOut(r.user, a, parent)
}

// read returns nil for a token that is nobody's, or that has to be refreshed.
func (s *Service) read(ctx context.Context, hash string, now time.Time, at Places) (*reading, error) {
	// The active account is one of one's own, or is looked for later.
	at.Active = at.Active && at.Own == 0
	ahead := at.any() && len(at.Pages) > 0
	text := s.texts.of(len(at.Named), at.Active, ahead, at.Breadth)
	args := make([]any, 2, 2+len(at.Named))
	args[0], args[1] = hash, now
	for _, n := range at.Named {
		args = append(args, n)
	}
	out := &reading{session: &ent.Session{TokenHash: hash}, user: &ent.User{}}
	var around access.Around
	places := append(out.session.Places(sessionColumns(at.Breadth)), out.user.Places(userColumns(at.Breadth))...)
	if at.any() {
		places = slices.Concat(places, around.Places(at.Breadth))
	}
	if ahead {
		var noted string
		places = append(places, column.Text(&noted))
	}
	var others []db.Reading
	if at.Own > 0 {
		own, reading := access.Foresee(hash, at.Own, at.Breadth)
		out.own, others = own, []db.Reading{reading}
	}
	for _, p := range at.Pages {
		others = append(others, access.Guarded(p))
	}
	err := db.ReadAll(ctx, s.client, db.Reading{Text: text, Args: args, Places: places, Row: around.Keep}, others...)
	if err != nil || out.session.ID == "" {
		return nil, err
	}
	out.accounts, out.members = around.Accounts, around.Members
	return out, nil
}

// What is read of every request's session and person: not what only a list of
// sessions or a change of password needs.
func sessionColumns(b access.Breadth) []string {
	if b == access.Lean {
		return sessionAlways
	}
	return sessionMostly
}

func userColumns(b access.Breadth) []string {
	if b == access.Lean {
		return userAlways
	}
	return userMostly
}

var (
	sessionAlways = []string{session.FieldID, session.FieldUserID, session.FieldBearer, session.FieldLastSeenAt, session.FieldExpiresAt, session.FieldActiveAccountID, session.FieldPending}
	sessionMostly = append(slices.Clip(sessionAlways), session.FieldProvedAt, session.FieldDeviceID)
	userAlways    = []string{user.FieldID, user.FieldEmail, user.FieldEmailKey, user.FieldName, user.FieldDisabledAt, user.FieldTwoFactorAt}
	userMostly    = append(slices.Clip(userAlways), user.FieldCreatedAt, user.FieldLocale, user.FieldDefaultAccountID, user.FieldExternalID)
)

// texts are the statements of read, which every request needs and only the number
// of accounts changes.
type texts struct{ known sync.Map }

func (t *texts) of(named int, active, ahead bool, b access.Breadth) string {
	key := struct {
		named         int
		active, ahead bool
		access.Breadth
	}{named, active, ahead, b}
	if text, ok := t.known.Load(key); ok {
		return text.(string)
	}
	text := statement(named, active, ahead, b)
	t.known.Store(key, text)
	return text
}

// statement reads the session and the user whose token hash is the first argument, if
// the token is good at the second, and a row for each account that is named by the
// others, or is the active one: the account, the user's membership in it, its parent,
// and the membership there. Ahead says that pages of these accounts travel behind it.
func statement(named int, active, ahead bool, b access.Breadth) string {
	selected := column.List("s", sessionColumns(b)) + ", " + column.List("u", userColumns(b))
	from := " FROM sessions s JOIN users u ON u.id = s.user_id"
	var about []string
	for i := range named {
		about = append(about, "$"+strconv.Itoa(i+3))
	}
	if active {
		about = append(about, "s.active_account_id")
	}
	if len(about) > 0 {
		columns, joins := access.AroundText("s.user_id", about, b)
		selected, from = selected+columns, from+joins
		if ahead {
			selected += access.AdmitText
		}
	}
	return "SELECT " + selected + from + " WHERE s.token_hash = $1 AND (s.token_expires_at IS NULL OR s.token_expires_at > $2)"
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
		if access.Active(m) && !r.keptOut(m.AccountID) && (m.LastAccessAt == nil || now.Sub(*m.LastAccessAt) >= Grain) {
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
