// Package hand answers the measured operations as directly as PostgreSQL allows:
// net/http, pgx, one batch for each operation, JSON appended by hand. It is the
// limit that the server is measured against, not a product: what the server
// refuses with reasons it refuses with a status.
//
// It does the same work. Every request looks its session up, and membership and
// permission in the database; a change locks the account and its parent, judges
// what it read after that, keeps to the same quotas and writes its events in the
// same transaction. It hands no events on: the server does that after it has
// answered.
package hand

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tenantry/bench/data"
)

// idle is how long a session lasts unused.
const idle = 14 * 24 * time.Hour

type handler struct {
	pool   *pgxpool.Pool
	secret []byte
}

// Handler answers POST requests at /r1 to /w3: the bearer token of a session, and
// the variables of the operation as a body. The secret goes into the keys of
// quotas.
func Handler(pool *pgxpool.Pool, secret []byte) http.Handler {
	h := &handler{pool, secret}
	mux := http.NewServeMux()
	for path, answer := range map[string]func(*http.Request, string, []byte, []byte) ([]byte, error){
		"r1": h.viewer, "r2": h.dashboard, "r3": h.people, "r4": h.contacts, "r5": h.can,
		"w1": h.switchAccount, "w2": h.createContact, "w3": h.inviteUsers,
	} {
		mux.Handle("POST /"+path, serve(answer))
	}
	return mux
}

// status is a refusal.
type status int

func (s status) Error() string { return http.StatusText(int(s)) }

// buffers are used again: one for a question, one for an answer.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, 32<<10); return &b }}

func serve(answer func(r *http.Request, token string, in, out []byte) ([]byte, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, out := buffers.Get().(*[]byte), buffers.Get().(*[]byte)
		defer buffers.Put(in)
		defer buffers.Put(out)
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !ok || r.ContentLength < 0 || r.ContentLength > 1<<20 {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if int64(cap(*in)) < r.ContentLength {
			*in = make([]byte, r.ContentLength)
		}
		*in = (*in)[:r.ContentLength]
		if _, err := io.ReadFull(r.Body, *in); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		body, err := answer(r, data.TokenHash(token), *in, (*out)[:0])
		if err != nil {
			if s, ok := errors.AsType[status](err); ok {
				w.WriteHeader(int(s))
			} else {
				http.Error(w, err.Error(), http.StatusInternalServerError)
			}
			return
		}
		*out = body
		w.Header()["Content-Type"] = contentType
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body) // a client that is gone needs no answer
	})
}

var contentType = []string{"application/json; charset=utf-8"}

// ask sends a batch in one round trip and hands over each row as it came over the
// wire, with the number of its statement.
func ask(ctx context.Context, q interface {
	SendBatch(context.Context, *pgx.Batch) pgx.BatchResults
}, b *pgx.Batch, row func(i int, v [][]byte) error) error {
	results := q.SendBatch(ctx, b)
	for i := range b.Len() {
		rows, err := results.Query()
		for err == nil && rows.Next() {
			if row != nil {
				err = row(i, rows.RawValues())
			}
		}
		if rows != nil {
			rows.Close()
			if err == nil {
				err = rows.Err()
			}
		}
		if err != nil {
			return errors.Join(err, results.Close())
		}
	}
	return results.Close()
}

// instant writes a timestamptz as it comes over the wire, as the server shows it.
func instant(out, v []byte) []byte {
	micros := int64(binary.BigEndian.Uint64(v)) // since 2000
	return append(time.UnixMicro(micros+946_684_800_000_000).UTC().AppendFormat(append(out, '"'), time.RFC3339Nano), '"')
}

func number(v []byte) int64 { return int64(binary.BigEndian.Uint64(v)) }

// text is a jsonb as it comes over the wire, without its version.
func text(v []byte) []byte {
	if len(v) == 0 {
		return nil
	}
	return v[1:]
}

const sessionHolds = " s.token_hash = $1 AND s.bearer AND s.expires_at > $2 AND s.last_seen_at > $3 AND u.disabled_at IS NULL"

// ownRoles are the roles of an account's own, for those that ever had one.
const ownRoles = "(SELECT jsonb_agg(jsonb_build_array(o.id, o.name, o.type, o.permissions)) FROM roles o WHERE o.account_id = a.id AND a.roles_version > 0)"

const viewerSQL = "SELECT u.id, u.name, u.email FROM sessions s JOIN users u ON u.id = s.user_id WHERE" + sessionHolds

func (h *handler) viewer(r *http.Request, hash string, _, out []byte) ([]byte, error) {
	now := time.Now()
	rows, err := h.pool.Query(r.Context(), viewerSQL, hash, now, now.Add(-idle))
	if err != nil {
		return nil, err
	}
	found := false
	for rows.Next() {
		v := rows.RawValues()
		found = true
		out = quote(append(out, `{"data":{"viewer":{"id":`...), v[0])
		out = quote(append(out, `,"name":`...), v[1])
		out = append(quote(append(out, `,"email":`...), v[2]), `}}}`...)
	}
	rows.Close()
	if !found && rows.Err() == nil {
		return nil, status(http.StatusUnauthorized)
	}
	return out, rows.Err()
}

// reached says of account a whether user u may work in it: as owner, as member,
// or through the account above.
const reached = `a.state <> 'CLOSED' AND (a.owner_user_id = u.id OR CASE m.state WHEN 'ACTIVE' THEN true WHEN 'DEACTIVATED' THEN false ELSE
	pm.state = 'ACTIVE' AND (pm.sub_account_access = 'ALL' OR pm.sub_account_access = 'SELECTED' AND pm.sub_account_ids ? a.id) END)`

const standingJoins = ` LEFT JOIN memberships m ON m.account_id = a.id AND m.user_id = u.id
	LEFT JOIN accounts p ON p.id = a.parent_id
	LEFT JOIN memberships pm ON pm.account_id = a.parent_id AND pm.user_id = u.id`

const dashboardSQL = `SELECT u.id, u.name, u.email, CASE WHEN ` + reached + ` AND coalesce(p.state, '') <> 'CLOSED' THEN a.id END, a.name
	FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN accounts a ON a.id = s.active_account_id` + standingJoins + ` WHERE` + sessionHolds

const mineSQL = `SELECT m.state, a.id, a.name, m.role_ids, ` + ownRoles + ` FROM memberships m JOIN accounts a ON a.id = m.account_id
	WHERE m.user_id = (SELECT user_id FROM sessions WHERE token_hash = $1) ORDER BY m.user_id, m.id LIMIT 100`

func (h *handler) dashboard(r *http.Request, hash string, _, out []byte) ([]byte, error) {
	now := time.Now()
	b := &pgx.Batch{}
	b.Queue(dashboardSQL, hash, now, now.Add(-idle))
	b.Queue(mineSQL, hash)
	found, first := false, true
	err := ask(r.Context(), h.pool, b, func(i int, v [][]byte) error {
		if i == 0 {
			found = true
			out = quote(append(out, `{"data":{"viewer":{"id":`...), v[0])
			out = quote(append(out, `,"name":`...), v[1])
			out = quote(append(out, `,"email":`...), v[2])
			if v[3] == nil {
				out = append(out, `,"activeAccount":null`...)
			} else {
				out = quote(append(out, `,"activeAccount":{"id":`...), v[3])
				out = append(quote(append(out, `,"name":`...), v[4]), '}')
			}
			out = append(out, `,"memberships":{"nodes":[`...)
			return nil
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = quote(append(out, `{"state":`...), v[0])
		out = quote(append(out, `,"account":{"id":`...), v[1])
		out = quote(append(out, `,"name":`...), v[2])
		out = append(out, `},"roles":[`...)
		o, some := own(text(v[4])), false
		each(text(v[3]), func(id []byte) {
			if r, ok := o.find(id); ok {
				if some {
					out = append(out, ',')
				}
				some = true
				out = append(append(out, `{"name":`...), r.name...)
				out = append(append(append(out, `,"permissions":`...), r.permissions...), '}')
			}
		})
		out = append(out, `]}`...)
		return nil
	})
	if err == nil && !found {
		err = status(http.StatusUnauthorized)
	}
	return append(out, `]}}}}`...), err
}

// standing is what one person is and may do in one account.
type standing struct {
	found               bool
	userID, name, key   []byte
	accountID           []byte
	enters, open, owner bool
	may                 set
	roles               own
	locale              []byte
}

const standingColumns = `u.id, u.name, u.email_key, u.locale, a.id AS account, a.owner_user_id = u.id AS owner, ` + reached + ` AS enters,
	a.state = 'ACTIVE' AND coalesce(p.state, 'ACTIVE') = 'ACTIVE' AS open, m.state = 'ACTIVE' AS active, m.role_ids, m.permissions, ` + ownRoles + ` AS own,
	pm.role_ids AS above_role_ids, pm.permissions AS above_permissions,
	(SELECT jsonb_agg(jsonb_build_array(o.id, o.name, o.type, o.permissions)) FROM roles o WHERE o.account_id = p.id AND p.roles_version > 0) AS above_own`

// $4 is the account.
const standingSQL = "SELECT " + standingColumns + standingFrom

const standingFrom = ` FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN accounts a ON a.id = $4` + standingJoins + ` WHERE` + sessionHolds

func (h *handler) standing(b *pgx.Batch, hash, account string) {
	now := time.Now()
	b.Queue(standingSQL, hash, now, now.Add(-idle), account)
}

// read keeps a row of standingSQL. What it points to is copied, since the
// connection uses its memory again.
func (s *standing) read(v [][]byte) {
	keep := func(b []byte) []byte { return append([]byte(nil), b...) }
	is := func(b []byte) bool { return len(b) == 1 && b[0] == 1 }
	*s = standing{found: true, userID: keep(v[0]), name: keep(v[1]), key: keep(v[2]), locale: keep(v[3]), accountID: keep(v[4]),
		owner: is(v[5]), enters: is(v[6]), open: is(v[7]), roles: own(keep(text(v[11])))}
	switch {
	case s.owner:
		s.may = ofOwner
	case !s.enters:
	default:
		if is(v[8]) {
			s.may = effective(text(v[9]), text(v[10]), s.roles)
		}
		if v[12] != nil {
			s.may |= effective(text(v[12]), text(v[13]), own(text(v[14]))) & inherited
		}
	}
}

// need refuses whoever may not do this.
func (s *standing) need(k set) error {
	switch {
	case !s.found:
		return status(http.StatusUnauthorized)
	case len(s.accountID) == 0 || !s.enters && !s.owner:
		return status(http.StatusNotFound)
	case s.may&k != k:
		return status(http.StatusForbidden)
	}
	return nil
}

type accountInput struct {
	Account    string `json:"account"`
	Permission string `json:"permission"`
}

const (
	membersSQL = `SELECT u.name, u.email, m.state, m.role_ids FROM memberships m JOIN users u ON u.id = m.user_id
	WHERE m.account_id = $1 ORDER BY m.account_id, m.id LIMIT 50`
	countMembersSQL = "SELECT count(*) FROM memberships WHERE account_id = $1"
	waitingSQL      = `SELECT email, expires_at, role_ids FROM invitations
	WHERE account_id = $1 AND state = 'PENDING' AND expires_at > $2 ORDER BY account_id DESC, id DESC LIMIT 20`
	countWaitingSQL = "SELECT count(*) FROM invitations WHERE account_id = $1 AND state = 'PENDING' AND expires_at > $2"
)

func (h *handler) people(r *http.Request, hash string, in, out []byte) ([]byte, error) {
	var input accountInput
	if err := json.Unmarshal(in, &input); err != nil {
		return nil, status(http.StatusBadRequest)
	}
	b, now := &pgx.Batch{}, time.Now()
	h.standing(b, hash, input.Account)
	b.Queue(membersSQL, input.Account)
	b.Queue(countMembersSQL, input.Account)
	b.Queue(waitingSQL, input.Account, now)
	b.Queue(countWaitingSQL, input.Account, now)
	var s standing
	last := 0
	err := ask(r.Context(), h.pool, b, func(i int, v [][]byte) error {
		for ; last < i; last++ { // the part before is complete, also one without rows
			switch last {
			case 0:
				if err := s.need(users); err != nil {
					return err
				}
				out = append(out, `{"data":{"account":{"memberships":{"nodes":[`...)
			case 1:
				out = append(out, `],"totalCount":`...)
			case 2:
				out = append(out, `},"invitations":{"nodes":[`...)
			case 3:
				out = append(out, `],"totalCount":`...)
			}
		}
		switch i {
		case 0:
			s.read(v)
		case 1:
			out = quote(append(comma(out), `{"user":{"name":`...), v[0])
			out = quote(append(out, `},"email":`...), v[1])
			out = quote(append(out, `,"state":`...), v[2])
			out = append(s.roles.names(append(out, `,"roles":`...), text(v[3])), '}')
		case 3:
			out = quote(append(comma(out), `{"email":`...), v[0])
			out = instant(append(out, `,"expiresAt":`...), v[1])
			out = append(s.roles.names(append(out, `,"roles":`...), text(v[2])), '}')
		default:
			out = strconv.AppendInt(out, number(v[0]), 10)
		}
		return nil
	})
	return append(out, `}}}}`...), err
}

// comma separates an element from the one before it.
func comma(out []byte) []byte {
	if out[len(out)-1] == '[' {
		return out
	}
	return append(out, ',')
}

// names writes roles with their names.
func (o own) names(out, ids []byte) []byte {
	out = append(out, '[')
	each(ids, func(id []byte) {
		if r, ok := o.find(id); ok {
			out = append(append(append(comma(out), `{"name":`...), r.name...), '}')
		}
	})
	return append(out, ']')
}

const contactsSQL = "SELECT first_name, last_name, email, phone, preferences FROM contacts WHERE account_id = $1 ORDER BY account_id, id LIMIT 50"

func (h *handler) contacts(r *http.Request, hash string, in, out []byte) ([]byte, error) {
	var input accountInput
	if err := json.Unmarshal(in, &input); err != nil {
		return nil, status(http.StatusBadRequest)
	}
	b := &pgx.Batch{}
	h.standing(b, hash, input.Account)
	b.Queue(contactsSQL, input.Account)
	var s standing
	out = append(out, `{"data":{"account":{"contacts":{"nodes":[`...)
	err := ask(r.Context(), h.pool, b, func(i int, v [][]byte) error {
		if i == 0 {
			s.read(v)
			return s.need(contacts)
		}
		out = quote(append(comma(out), `{"firstName":`...), v[0])
		out = quote(append(out, `,"lastName":`...), v[1])
		out = quote(append(out, `,"email":`...), v[2])
		out = quote(append(out, `,"phone":`...), v[3])
		out = append(preferences(append(out, `,"preferences":`...), text(v[4])), '}')
		return nil
	})
	if err == nil {
		err = s.need(contacts)
	}
	return append(out, `]}}}}`...), err
}

// preferences writes what a contact chose in the order in which it is asked for.
// PostgreSQL keeps the members of an object in an order of its own; none of the
// strings holds anything that is escaped.
func preferences(out, list []byte) []byte {
	out = append(out, '[')
	for {
		var channel, categories, except []byte
		all := false
		at, end := bytes.IndexByte(list, '{'), bytes.IndexByte(list, '}')
		if at < 0 || end < 0 {
			return append(out, ']')
		}
		for rest := list[at:end]; len(rest) > 0; {
			var name []byte
			name, rest = word(rest)
			switch string(name) {
			case `"channel"`:
				channel, rest = word(rest)
			case `"all"`:
				all = len(rest) > 2 && rest[2] == 't'
				rest = rest[min(2, len(rest)):]
			case `"categories"`, `"except"`:
				from, to := bytes.IndexByte(rest, '['), bytes.IndexByte(rest, ']')
				if string(name) == `"except"` {
					except = rest[from : to+1]
				} else {
					categories = rest[from : to+1]
				}
				rest = rest[to+1:]
			}
		}
		out = append(append(comma(out), `{"channel":`...), channel...)
		out = strconv.AppendBool(append(out, `,"all":`...), all)
		out = listOf(append(out, `,"categories":`...), categories)
		out = append(listOf(append(out, `,"except":`...), except), '}')
		list = list[end+1:]
	}
}

func (h *handler) can(r *http.Request, hash string, in, out []byte) ([]byte, error) {
	var input accountInput
	if err := json.Unmarshal(in, &input); err != nil {
		return nil, status(http.StatusBadRequest)
	}
	now := time.Now()
	rows, err := h.pool.Query(r.Context(), standingSQL, hash, now, now.Add(-idle), input.Account)
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
	if err := s.need(0); err != nil {
		return nil, err
	}
	k := setOf(input.Permission)
	if k == 0 {
		return nil, status(http.StatusBadRequest)
	}
	out = strconv.AppendBool(append(out, `{"data":{"account":{"viewerCan":`...), s.may&k != 0)
	return append(out, `}}}`...), nil
}

// listOf writes a list of keys, or an empty one for none.
func listOf(out, list []byte) []byte {
	if list == nil {
		return append(out, "[]"...)
	}
	for _, c := range list {
		if c != ' ' {
			out = append(out, c)
		}
	}
	return out
}
