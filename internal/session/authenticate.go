package session

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	stdsql "database/sql"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/membership"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
)

// Authenticate returns the person whose session the token is, together with
// their standing in the accounts that the operation names, all from one
// statement. The token counts only in the way it was handed out: as a cookie or
// as a bearer token. Refusals: UNAUTHENTICATED.
func (s *Service) Authenticate(ctx context.Context, token string, bearer bool, named []string, address, agent string) (*access.Actor, error) {
	if len(token) != tokenLength {
		return nil, expired()
	}
	r, err := s.read(ctx, hashToken(token), named)
	if err != nil {
		return nil, fmt.Errorf("read session: %w", err)
	}
	now := instant.Now()
	if r == nil || r.session.Bearer != bearer || !s.alive(r, now) {
		return nil, expired()
	}
	by := &access.Actor{Kind: access.Person, User: r.user, Session: r.session, Address: address, Agent: agent}
	if err := s.gate.Admit(ctx, by, named, r.accounts, r.members); err != nil {
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

// The columns that Authenticate reads; secrets are not among them.
var (
	sessionColumns = without(session.Columns, session.FieldTokenHash)
	userColumns    = without(user.Columns, user.FieldPasswordHash, user.FieldSearch)
	accountColumns = without(account.Columns, account.FieldSearch)
	memberColumns  = membership.Columns
)

func without(columns []string, not ...string) []string {
	return slices.DeleteFunc(slices.Clone(columns), func(c string) bool { return slices.Contains(not, c) })
}

func (s *Service) read(ctx context.Context, hash string, named []string) (*reading, error) {
	d := sql.Dialect(s.db.Dialect())
	se, us := d.Table(session.Table).As("s"), d.Table(user.Table).As("u")
	q := d.Select(se.Columns(sessionColumns...)...).AppendSelect(us.Columns(userColumns...)...).
		From(se).Join(us).On(us.C(user.FieldID), se.C(session.FieldUserID))
	if len(named) > 0 {
		args := make([]any, len(named))
		for i, n := range named {
			args[i] = n
		}
		self, child := d.Table(account.Table).As("self"), d.Table(account.Table).As("child")
		families := d.Select(self.C(account.FieldID)).From(self).Where(sql.In(self.C(account.FieldID), args...)).
			UnionAll(d.Select(child.C(account.FieldParentID)).From(child).
				Where(sql.And(sql.In(child.C(account.FieldID), args...), sql.NotNull(child.C(account.FieldParentID)))))
		inner := d.Table(account.Table).As("i")
		ac := d.Select(inner.Columns(accountColumns...)...).From(inner).Where(sql.In(inner.C(account.FieldID), families)).As("a")
		me := d.Table(membership.Table).As("m")
		q.AppendSelect(ac.Columns(accountColumns...)...).AppendSelect(me.Columns(memberColumns...)...)
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
		dest := append(sessionDest(se), userDest(us)...)
		if len(named) > 0 {
			dest = append(append(dest, accountDest(ac)...), memberDest(me)...)
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

// opt scans a column that is NULL where an outer join found nothing.
type opt[T any] struct{ p *T }

// Scan implements sql.Scanner.
func (o opt[T]) Scan(v any) error {
	var n stdsql.Null[T]
	err := n.Scan(v)
	*o.p = n.V
	return err
}

// ptr scans a column for which NULL means something.
type ptr[T any] struct{ p **T }

// Scan implements sql.Scanner.
func (o ptr[T]) Scan(v any) error {
	var n stdsql.Null[T]
	if err := n.Scan(v); err != nil || !n.Valid {
		return err
	}
	*o.p = &n.V
	return nil
}

// object scans a column of JSON.
type object[T any] struct{ p *T }

// Scan implements sql.Scanner.
func (o object[T]) Scan(v any) error {
	switch v := v.(type) {
	case []byte:
		return json.Unmarshal(v, o.p)
	case string:
		return json.Unmarshal([]byte(v), o.p)
	}
	return nil
}

func to[T any](p *T) any       { return opt[T]{p} }
func maybe[T any](p **T) any   { return ptr[T]{p} }
func fromJSON[T any](p *T) any { return object[T]{p} }

// pick orders destinations by the columns that are selected.
func pick(columns []string, dest map[string]any) []any {
	out := make([]any, len(columns))
	for i, c := range columns {
		if dest[c] == nil {
			panic("session: no place for column " + c) // every request passes here
		}
		out[i] = dest[c]
	}
	return out
}

func sessionDest(r *ent.Session) []any {
	return pick(sessionColumns, map[string]any{
		session.FieldID: to(&r.ID), session.FieldCreatedAt: to(&r.CreatedAt), session.FieldUserID: to(&r.UserID),
		session.FieldBearer: to(&r.Bearer), session.FieldProvedAt: to(&r.ProvedAt), session.FieldLastSeenAt: to(&r.LastSeenAt),
		session.FieldExpiresAt: to(&r.ExpiresAt), session.FieldUserAgent: to(&r.UserAgent), session.FieldAddress: to(&r.Address),
		session.FieldActiveAccountID: maybe(&r.ActiveAccountID),
	})
}

func userDest(r *ent.User) []any {
	return pick(userColumns, map[string]any{
		user.FieldID: to(&r.ID), user.FieldCreatedAt: to(&r.CreatedAt), user.FieldEmail: to(&r.Email),
		user.FieldEmailKey: to(&r.EmailKey), user.FieldName: to(&r.Name), user.FieldLocale: to(&r.Locale),
		user.FieldPasswordChangedAt: to(&r.PasswordChangedAt), user.FieldDefaultAccountID: maybe(&r.DefaultAccountID),
		user.FieldExternalID: maybe(&r.ExternalID), user.FieldDisabledAt: maybe(&r.DisabledAt),
	})
}

func accountDest(r *ent.Account) []any {
	return pick(accountColumns, map[string]any{
		account.FieldID: to(&r.ID), account.FieldCreatedAt: to(&r.CreatedAt), account.FieldName: to(&r.Name),
		account.FieldState: to(&r.State), account.FieldOwnerUserID: to(&r.OwnerUserID), account.FieldParentID: maybe(&r.ParentID),
		account.FieldSuspendedReason: to(&r.SuspendedReason), account.FieldClosedAt: maybe(&r.ClosedAt),
		account.FieldExternalID: maybe(&r.ExternalID), account.FieldCompany: to(&r.Company),
		account.FieldBillingEmail: to(&r.BillingEmail), account.FieldPhone: to(&r.Phone), account.FieldTaxID: to(&r.TaxID),
		account.FieldAddressLine1: to(&r.AddressLine1), account.FieldAddressLine2: to(&r.AddressLine2),
		account.FieldCity: to(&r.City), account.FieldRegion: to(&r.Region), account.FieldPostalCode: to(&r.PostalCode),
		account.FieldCountry: to(&r.Country), account.FieldOwnerFallback: to(&r.OwnerFallback),
		account.FieldVersion: to(&r.Version), account.FieldRolesVersion: to(&r.RolesVersion),
	})
}

func memberDest(r *ent.Membership) []any {
	return pick(memberColumns, map[string]any{
		membership.FieldID: to(&r.ID), membership.FieldCreatedAt: to(&r.CreatedAt), membership.FieldAccountID: to(&r.AccountID),
		membership.FieldUserID: to(&r.UserID), membership.FieldState: to(&r.State),
		membership.FieldDeactivatedAt: maybe(&r.DeactivatedAt), membership.FieldRoleIds: fromJSON(&r.RoleIds),
		membership.FieldPermissions: fromJSON(&r.Permissions), membership.FieldSubAccountAccess: to(&r.SubAccountAccess),
		membership.FieldSubAccountIds: fromJSON(&r.SubAccountIds), membership.FieldVersion: to(&r.Version),
		membership.FieldLastAccessAt: maybe(&r.LastAccessAt), membership.FieldInvitationID: maybe(&r.InvitationID),
	})
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
