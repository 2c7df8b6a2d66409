package hand

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tenantry/bench/data"
)

const switchSQL = `UPDATE sessions SET active_account_id = st.account
	FROM (SELECT s.id AS session_id, p.state AS above_state, ` + standingColumns + standingFrom + `) st
	WHERE sessions.id = st.session_id AND st.enters AND coalesce(st.above_state, '') <> 'CLOSED'
	RETURNING st.id, st.name, st.email_key, st.locale, st.account, st.owner, st.enters, st.open, st.active, st.role_ids, st.permissions, st.own,
		st.above_role_ids, st.above_permissions, st.above_own`

func (h *handler) switchAccount(r *http.Request, hash string, in, out []byte) ([]byte, error) {
	var input accountInput
	if err := json.Unmarshal(in, &input); err != nil {
		return nil, status(http.StatusBadRequest)
	}
	now := time.Now()
	rows, err := h.pool.Query(r.Context(), switchSQL, hash, now, now.Add(-idle), input.Account)
	if err != nil {
		return nil, err
	}
	var s standing
	for rows.Next() {
		s.read(rows.RawValues())
	}
	if rows.Close(); rows.Err() != nil {
		return nil, rows.Err()
	}
	if !s.found {
		return nil, status(http.StatusNotFound)
	}
	out = quote(append(out, `{"data":{"switchAccount":{"account":{"id":`...), s.accountID)
	out = s.may.appendNames(append(out, `},"permissions":`...))
	return append(out, `,"errors":[]}}}`...), nil
}

// The account above is locked before the account.
const lockSQL = `SELECT 1 FROM accounts WHERE id = ANY (ARRAY(SELECT $1::varchar UNION ALL SELECT parent_id FROM accounts WHERE id = $1 AND parent_id IS NOT NULL))
	ORDER BY parent_id IS NOT NULL FOR UPDATE`

// change runs a transaction of two round trips: read locks the account, asks who
// is asking and whatever more is queued; write gets what came of it, judges, and
// queues the changes.
func (h *handler) change(ctx context.Context, hash, account string, k set, more *pgx.Batch, row func(i int, v [][]byte) error, write func(*standing, *pgx.Batch) error) error {
	c, err := h.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release() // a connection within a transaction is given up, which rolls it back
	b := &pgx.Batch{}
	b.Queue("BEGIN")
	b.Queue(lockSQL, account)
	h.standing(b, hash, account)
	before := b.Len()
	b.QueuedQueries = append(b.QueuedQueries, more.QueuedQueries...)
	var s standing
	if err := ask(ctx, c, b, func(i int, v [][]byte) error {
		switch {
		case i >= before:
			return row(i-before, v)
		case i == before-1:
			s.read(v)
		}
		return nil
	}); err != nil {
		return err
	}
	if err := s.need(k); err != nil {
		return err
	}
	if !s.open {
		return status(http.StatusConflict)
	}
	b = &pgx.Batch{}
	if err := write(&s, b); err != nil {
		return err
	}
	b.Queue("COMMIT")
	return ask(ctx, c, b, nil)
}

func newID(kind string, now time.Time) string {
	var chance [10]byte
	rand.Read(chance[:])
	return data.NewID(kind, now, chance)
}

// address returns an address in its plain form as it is and as it is compared.
func address(s string) (display, key string, ok bool) {
	local, domain, found := strings.Cut(s, "@")
	if !found || local == "" || len(s) > 254 || !strings.Contains(domain, ".") || strings.ContainsAny(s, " \"(),:;<>[]\\\t\r\n") {
		return "", "", false
	}
	return s, strings.ToLower(s), true
}

// from is where a request comes from.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}

type preference struct {
	Channel    string   `json:"channel"`
	All        bool     `json:"all,omitempty"`
	Categories []string `json:"categories,omitempty"`
	Except     []string `json:"except,omitempty"`
}

// categories are those of the hosting catalogue, in its order, and whether a new
// contact gets them.
var categories = []struct {
	key   string
	given bool
}{{"general", true}, {"product", true}, {"domain", true}, {"invoice", false}, {"support", false}, {"affiliate", false}, {"security", false},
	{"maintenance", true}, {"legal", false}}

// ordered puts categories in the order of the catalogue and refuses unknown ones.
func ordered(in []string) (out []string, ok bool) {
	for _, c := range categories {
		if slices.Contains(in, c.key) {
			out = append(out, c.key)
		}
	}
	return out, len(out) == len(in)
}

// gets says what comes of preferences by mail.
func gets(out []byte, prefs []preference) []byte {
	out = append(out, '[')
	at := slices.IndexFunc(prefs, func(p preference) bool { return p.Channel == "EMAIL" })
	for _, c := range categories {
		yes := c.given
		if at >= 0 {
			p := prefs[at]
			yes = p.All && !slices.Contains(p.Except, c.key) || !p.All && slices.Contains(p.Categories, c.key)
		}
		if yes {
			out = quote(comma(out), []byte(c.key))
		}
	}
	return append(out, ']')
}

const (
	countContactsSQL = "SELECT count(*) FROM contacts WHERE account_id = $1"
	sameContactSQL   = "SELECT 1 FROM contacts WHERE account_id = $1 AND email_key = $2"
	insertContactSQL = `INSERT INTO contacts (id, created_at, account_id, email, email_key, search, first_name, last_name, phone, preferences, sub_account_ids, updated_at)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '[]', $2)`
	insertEventsSQL = `INSERT INTO events (id, created_at, stream, account_id, actor_kind, actor_id, actor_name, action, target_id, target_name, before, after, address, hash, handled)
	SELECT e.id, $1, $2, $2, 'USER', $3, $4, $5, e.target, e.name, '', e.after, $6, '', false
	FROM unnest($7::varchar[], $8::varchar[], $9::varchar[], $10::varchar[]) AS e(id, target, name, after)`
	mostContacts = 10_000
)

type contactInput struct {
	Input struct {
		AccountID   string       `json:"accountId"`
		Email       string       `json:"email"`
		FirstName   string       `json:"firstName"`
		LastName    string       `json:"lastName"`
		Phone       string       `json:"phone"`
		Preferences []preference `json:"preferences"`
	} `json:"input"`
}

func (h *handler) createContact(r *http.Request, hash string, in, out []byte) ([]byte, error) {
	var input contactInput
	if err := json.Unmarshal(in, &input); err != nil {
		return nil, status(http.StatusBadRequest)
	}
	c := &input.Input
	email, key, ok := address(c.Email)
	if !ok || len(c.FirstName) > 100 || len(c.LastName) > 100 || c.Phone != "" && (c.Phone[0] != '+' || len(c.Phone) > 16) {
		return nil, status(http.StatusBadRequest)
	}
	for i, p := range c.Preferences {
		all, known := ordered(p.Categories)
		except, knownToo := ordered(p.Except)
		if !known || !knownToo {
			return nil, status(http.StatusBadRequest)
		}
		c.Preferences[i].Categories, c.Preferences[i].Except = all, except
	}
	if c.Preferences == nil {
		c.Preferences = []preference{}
	}
	prefs, err := json.Marshal(c.Preferences)
	if err != nil {
		return nil, err
	}
	more := &pgx.Batch{}
	more.Queue(countContactsSQL, c.AccountID)
	more.Queue(sameContactSQL, c.AccountID, key)
	var contact string
	err = h.change(r.Context(), hash, c.AccountID, contacts, more, func(i int, v [][]byte) error {
		if i == 1 || number(v[0]) >= mostContacts {
			return status(http.StatusConflict)
		}
		return nil
	}, func(s *standing, b *pgx.Batch) error {
		now := time.Now()
		contact = newID("cont", now)
		search := strings.ToLower(strings.TrimSpace(c.FirstName+" "+c.LastName) + " " + key)
		b.Queue(insertContactSQL, contact, now, c.AccountID, email, key, search, c.FirstName, c.LastName, c.Phone, prefs)
		after := append([]byte(nil), `{"address":{"line1":"","line2":"","city":"","region":"","postalCode":"","country":""},"company":"","email":`...)
		after = quote(after, []byte(email))
		after = quote(append(after, `,"externalId":"","firstName":`...), []byte(c.FirstName))
		after = quote(append(after, `,"lastName":`...), []byte(c.LastName))
		after = quote(append(after, `,"locale":"en","notes":"","phone":`...), []byte(c.Phone))
		after = append(append(after, `,"preferences":`...), prefs...)
		after = append(after, `,"subAccountAccess":"NONE","subAccountIds":[],"type":"OTHER"}`...)
		b.Queue(insertEventsSQL, now, c.AccountID, string(s.userID), string(s.name), "contact.created", from(r), []string{newID("evt", now)},
			[]string{contact}, []string{email}, []string{string(after)})
		return nil
	})
	out = quote(append(out, `{"data":{"createContact":{"contact":{"id":`...), []byte(contact))
	out = quote(append(out, `,"email":`...), []byte(email))
	out = gets(append(out, `,"receives":`...), c.Preferences)
	return append(out, `},"errors":[]}}}`...), err
}

const (
	membersOfSQL = `SELECT 1 FROM users u JOIN memberships m ON m.user_id = u.id AND m.account_id = $1 WHERE u.email_key = ANY ($2)`
	invitedSQL   = "SELECT 1 FROM invitations WHERE account_id = $1 AND state = 'PENDING' AND email_key = ANY ($2) AND expires_at > $3"
	blockedSQL   = "SELECT 1 FROM blocks WHERE account_id = $1 AND email_key = ANY ($2)"
	budgetSQL    = "SELECT full_at FROM budgets WHERE id = $1"
	useSQL       = `INSERT INTO budgets (id, full_at) SELECT k, $2::bigint + $3::bigint FROM unnest($1::varchar[]) k
	ON CONFLICT (id) DO UPDATE SET full_at = greatest(budgets.full_at, $2) + $3 WHERE greatest(budgets.full_at, $2) + $3 <= $4 RETURNING 1`
	lapseSQL  = "UPDATE invitations SET state = 'EXPIRED' WHERE account_id = $1 AND email_key = ANY ($2) AND state = 'PENDING'"
	inviteSQL = `INSERT INTO invitations (id, created_at, account_id, email, email_key, name, search, role_ids, permissions, sub_account_ids, locale, sent_at, expires_at, invited_by_id, granted_by_id)
	SELECT i.id, $1, $2, i.email, i.key, i.name, i.search, $3, '[]', '[]', $4, $1, $5, $6, $6
	FROM unnest($7::varchar[], $8::varchar[], $9::varchar[], $10::varchar[], $11::varchar[]) AS i(id, email, key, name, search)`
)

// The quotas of invitations.
const (
	mostWaiting = 500
	day         = 24 * time.Hour
	perAccount  = day / 1000
	perAddress  = day / 10
)

type inviteInput struct {
	Input struct {
		AccountID string `json:"accountId"`
		Emails    []struct {
			Email string `json:"email"`
			Name  string `json:"name"`
		} `json:"emails"`
		RoleIDs []string `json:"roleIds"`
	} `json:"input"`
}

func (h *handler) inviteUsers(r *http.Request, hash string, in, out []byte) ([]byte, error) {
	var input inviteInput
	if err := json.Unmarshal(in, &input); err != nil {
		return nil, status(http.StatusBadRequest)
	}
	i, now := &input.Input, time.Now()
	n := len(i.Emails)
	if n == 0 || n > 200 || len(i.RoleIDs) > 20 {
		return nil, status(http.StatusBadRequest)
	}
	emails, keys, names, search, quotas := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for at, e := range i.Emails {
		var ok bool
		if emails[at], keys[at], ok = address(e.Email); !ok || len(e.Name) > 100 || slices.Contains(keys[:at], keys[at]) {
			return nil, status(http.StatusBadRequest)
		}
		names[at], search[at] = e.Name, strings.TrimSpace(strings.ToLower(e.Name)+" "+keys[at])
		quotas[at] = h.quota("invited", keys[at])
	}
	slices.Sort(quotas) // so that two transactions cannot wait for each other
	roleIDs, err := json.Marshal(i.RoleIDs)
	if err != nil {
		return nil, err
	}
	sends := h.quota("sends", i.AccountID)
	use := func(b *pgx.Batch, ids []string, cost time.Duration) {
		b.Queue(useSQL, ids, now.UnixMicro(), cost.Microseconds(), now.Add(day).UnixMicro())
	}
	more := &pgx.Batch{}
	more.Queue(membersOfSQL, i.AccountID, keys)
	more.Queue(invitedSQL, i.AccountID, keys, now)
	more.Queue(blockedSQL, i.AccountID, keys)
	more.Queue(countWaitingSQL, i.AccountID, now)
	more.Queue(budgetSQL, sends)
	use(more, quotas, perAddress)
	shown := []byte{'['}
	ids, allowed := make([]string, n), 0
	err = h.change(r.Context(), hash, i.AccountID, users, more, func(at int, v [][]byte) error {
		switch at {
		case 3:
			if number(v[0])+int64(n) > mostWaiting {
				return status(http.StatusConflict)
			}
		case 4:
			if number(v[0])+(time.Duration(n)*perAccount).Microseconds() > now.Add(day).UnixMicro() {
				return status(http.StatusTooManyRequests)
			}
		case 5:
			allowed++
		default: // a member, somebody invited, or somebody who does not want to be
			return status(http.StatusConflict)
		}
		return nil
	}, func(s *standing, b *pgx.Batch) error {
		if allowed != n || slices.Contains(keys, string(s.key)) {
			return status(http.StatusTooManyRequests)
		}
		var gives set
		for _, id := range i.RoleIDs {
			r, ok := s.roles.find([]byte(id))
			if !ok {
				return status(http.StatusNotFound)
			}
			gives |= r.holds
			shown = append(append(append(comma(shown), `{"name":`...), r.name...), '}')
		}
		if gives&^s.may != 0 || gives&(users|setOf("profile")) != 0 {
			return status(http.StatusForbidden)
		}
		expires := now.Add(7 * day).Truncate(time.Second)
		events, afters := make([]string, n), make([]string, n)
		after := append(append([]byte(`{"expiresAt":"`), expires.UTC().Format(time.RFC3339)...), `","mailed":true,"permissions":[],"roleIds":`...)
		after = append(append(after, roleIDs...), `,"subAccountAccess":"NONE","subAccountIds":[]}`...)
		for at := range ids {
			ids[at], events[at], afters[at] = newID("inv", now), newID("evt", now), string(after)
		}
		slices.Sort(ids)
		slices.Sort(events)
		b.Queue(lapseSQL, i.AccountID, keys)
		b.Queue(inviteSQL, now, i.AccountID, roleIDs, string(s.locale), expires, string(s.userID), ids, emails, keys, names, search)
		use(b, []string{sends}, time.Duration(n)*perAccount)
		b.Queue(insertEventsSQL, now, i.AccountID, string(s.userID), string(s.name), "invitation.sent", from(r), events, ids, emails, afters)
		return nil
	})
	out = append(out, `{"data":{"inviteUsers":{"results":[`...)
	for _, id := range ids {
		out = quote(append(comma(out), `{"outcome":"SENT","invitation":{"id":`...), []byte(id))
		out = append(append(append(out, `,"state":"PENDING","roles":`...), shown...), `]}}`...)
	}
	return append(out, `],"errors":[]}}}`...), err
}

// quota is the key of a quota: what is counted, and for whom, under the secret.
func (h *handler) quota(rule, key string) string {
	m := hmac.New(sha256.New, h.secret)
	m.Write([]byte(rule + "\x00" + key))
	return rule + ":" + base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:18])
}
