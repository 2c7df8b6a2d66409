package graph_test

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/ent/membership"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/id"
	"tenantry/internal/lab"
)

// mansion is a world with an account of Olive's in which everything is listed, and with
// people of all kinds before its door.
type mansion struct {
	*lab.World
	account, sub *ent.Account
}

func newMansion(t *testing.T, d *db.DB) *mansion {
	w := &mansion{World: lab.New(t, d)}
	w.account = w.Account("olive", "Olive")
	w.sub = w.Sub("olive", w.account, "Sub")
	for _, name := range []string{"ann", "ben", "cid"} {
		w.Member(w.account, name, "role_support")
		for _, in := range []string{w.account.ID, w.sub.ID} {
			for query, variables := range map[string]map[string]any{
				`mutation($in: CreateContactInput!) { createContact(input: $in) { errors { code } } }`: {"accountId": in, "email": name + "@example.org"},
				`mutation($in: InviteUsersInput!) { inviteUsers(input: $in) { errors { code } } }`:     {"accountId": in, "emails": []any{map[string]any{"email": name + "@example.net"}}},
			} {
				if a := w.Ask("olive", query, map[string]any{"in": variables}); len(a.Codes()) > 0 || strings.Contains(string(a.Body), "code") {
					t.Fatalf("%s", a.Body)
				}
			}
		}
	}
	w.Settle()
	return w
}

// look puts a query and returns what that asked of the database, too.
func (w *mansion) look(token, query string, variables map[string]any) (lab.Answer, []db.Statement) {
	w.T.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		w.T.Fatal(err)
	}
	ctx, counter := db.CountStatements(w.T.Context())
	r := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body)).WithContext(ctx)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	return w.Do(r), counter.Asked()
}

// ahead are the statements that travelled with the first, and waits how often the
// database was waited for.
func ahead(asked []db.Statement) (with []db.Statement, waits int) {
	for _, s := range asked {
		if s.Together {
			with = append(with, s)
		} else {
			waits++
		}
	}
	return with, waits
}

// rows counts what a statement reads in one trip with the first.
func (w *mansion) rows(first, s db.Statement) (n int) {
	w.T.Helper()
	tx, err := w.DB.Writer().BeginTx(w.T.Context(), nil)
	if err != nil {
		w.T.Fatal(err)
	}
	defer tx.Rollback()
	for _, s := range []db.Statement{first, s} {
		rows, err := tx.QueryContext(w.T.Context(), s.Text, s.Args...)
		if err != nil {
			w.T.Fatalf("%v: %s", err, s.Text)
		}
		for n = 0; rows.Next(); n++ {
		}
		if err := rows.Err(); err != nil {
			w.T.Fatal(err)
		}
	}
	return n
}

// TestAhead says which lists are read with the session, and that they then wait for
// nothing but it: statements, how many of them travelled with the first, and how often
// the database was waited for. That they show the same is TestStraight's.
func TestAhead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newMansion(t, d)
		after := func(list string, in *ent.Account) string {
			a := w.Ask("olive", `query($a: ID!) { account(id: $a) { `+list+`(first: 1) { pageInfo { endCursor } } } }`, map[string]any{"a": in.ID})
			return a.String("data.account." + list + ".pageInfo.endCursor")
		}
		for _, c := range []struct {
			what, query           string
			variables             map[string]any
			statements, with, out int
		}{
			{"the page of people", benched("r3"), map[string]any{"account": w.account.ID}, 3, 2, 1},
			{"the page of contacts", benched("r4"), map[string]any{"account": w.account.ID}, 2, 1, 1},
			{"an account in the text", `{ account(id: "` + w.account.ID + `") { contacts { nodes { email } } } }`, nil, 2, 1, 1},
			{"fragments", `query($a: ID!) { ...Q } fragment Q on Query { account(id: $a) { ... on Account { ...A } } } fragment A on Account { contacts(first: 2) { nodes { email } } }`, map[string]any{"a": w.account.ID}, 2, 1, 1},
			{"filters without a value", `query($a: ID!, $s: String, $n: Int = 2, $after: String) { account(id: $a) { contacts(first: $n, search: $s, after: $after, category: null) { nodes { email } } } }`, map[string]any{"a": w.account.ID, "s": nil}, 2, 1, 1},
			{"a state", `query($a: ID!, $s: MembershipState) { account(id: $a) { memberships(state: $s) { nodes { email } } } }`, map[string]any{"a": w.account.ID, "s": "ACTIVE"}, 2, 1, 1},
			{"what was found is told from what was not", `query($a: ID!) { account(id: $a) { memberships(state: DEACTIVATED) { nodes { email } totalCount } } }`, map[string]any{"a": w.account.ID}, 4, 1, 3},
			{"twice", `query($a: ID!) { account(id: $a) { contacts(first: 2) { nodes { email } } again: contacts(first: 2) { nodes { email } } } }`, map[string]any{"a": w.account.ID}, 3, 2, 1},
			{"in two parts", `query($a: ID!) { account(id: $a) { contacts { nodes { email } } } ...Q } fragment Q on Query { account(id: $a) { contacts { nodes { firstName } } } }`, map[string]any{"a": w.account.ID}, 2, 1, 1},
			{"more than travel together", `query($a: ID!) { account(id: $a) { a: contacts(first: 1) { nodes { email } } b: contacts(first: 2) { nodes { email } } c: contacts(first: 3) { nodes { email } } d: contacts(first: 4) { nodes { email } } e: contacts(first: 5) { nodes { email } } } }`, map[string]any{"a": w.account.ID}, 6, 4, 2},
			{"as many as are refused", `query($a: ID!) { account(id: $a) { contacts(first: 101) { nodes { email } } } }`, map[string]any{"a": w.account.ID}, 1, 0, 1},
			{"a later page", `query($a: ID!, $after: String) { account(id: $a) { contacts(first: 1, after: $after) { nodes { email } } } }`, map[string]any{"a": w.account.ID, "after": after("contacts", w.account)}, 2, 1, 1},
			{"later pages of members and invitations", `query($a: ID!, $m: String, $i: String) { account(id: $a) { memberships(first: 1, after: $m) { nodes { email } } invitations(first: 1, after: $i, state: PENDING) { nodes { email } } } }`,
				map[string]any{"a": w.account.ID, "m": after("memberships", w.account), "i": after("invitations", w.account)}, 3, 2, 1},
			{"a cursor of another list", `query($a: ID!, $after: String) { account(id: $a) { contacts(first: 1, after: $after) { nodes { email } } } }`, map[string]any{"a": w.account.ID, "after": after("memberships", w.account)}, 1, 0, 1},
			{"a cursor of another account", `query($a: ID!, $after: String) { account(id: $a) { contacts(first: 1, after: $after) { nodes { email } } } }`, map[string]any{"a": w.account.ID, "after": after("contacts", w.sub)}, 1, 0, 1},
			{"a search", `query($a: ID!) { account(id: $a) { contacts(search: "ann") { nodes { email } } } }`, map[string]any{"a": w.account.ID}, 2, 0, 2},
			{"what may be left out", `query($a: ID!, $b: Boolean = false) { account(id: $a) { contacts @include(if: $b) { nodes { email } } name } }`, map[string]any{"a": w.account.ID}, 1, 0, 1},
			{"no account", `{ account(id: "no id") { contacts { nodes { email } } } }`, nil, 1, 0, 1},
		} {
			w.look(w.Person("olive").Token, c.query, c.variables)
			a, asked := w.look(w.Person("olive").Token, c.query, c.variables)
			with, waits := ahead(asked)
			if d.Together() != (d.Dialect() == db.Postgres) {
				t.Fatalf("statements travel together: %v", d.Together())
			}
			if !d.Together() {
				c.statements, c.with, c.out = waits, 0, waits
				if strings.Contains(asked[len(asked)-1].Text, "setting") {
					t.Errorf("%s: guarded for nothing: %s", c.what, asked[len(asked)-1].Text)
				}
			}
			if len(asked) != c.statements || len(with) != c.with || waits != c.out {
				t.Errorf("%s: %d statements, %d of them with the first, %d waits, not %d, %d and %d: %s\n%v", c.what, len(asked), len(with), waits, c.statements, c.with, c.out, a.Body, asked)
			}
		}
	})
}

// TestNothingAheadForOthers is invariant 14 for lists that are read before it is known
// who asks: the statement itself finds rows for active members alone, whose session
// lasts. For everybody else an account that exists and one that does not take the same
// statements, which read nothing, and get the same bytes.
func TestNothingAheadForOthers(t *testing.T) {
	d := dbtest.Postgres(t)
	w := newMansion(t, d)
	ctx := t.Context()
	change := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const query = `query($a: ID!) { account(id: $a) { memberships { nodes { email } totalCount } invitations(state: PENDING) { nodes { email } totalCount } contacts { nodes { email } totalCount } } }`
	w.Account("stan", "Stan")
	w.Member(w.account, "gone", "role_administrator")
	change(w.DB.Client.Membership.Update().Where(membership.UserID(w.Person("gone").User.ID)).SetState(membership.StateDEACTIVATED).Exec(ctx))
	w.Member(w.account, "half", "role_administrator")
	change(w.DB.Client.Session.UpdateOneID(w.Person("half").Session.ID).SetPending(true).Exec(ctx))
	w.Member(w.account, "late", "role_administrator")
	change(w.DB.Client.Session.UpdateOneID(w.Person("late").Session.ID).SetExpiresAt(time.Now().Add(-time.Second)).Exec(ctx))
	w.Member(w.account, "above", "role_administrator", "NONE")
	w.Member(w.account, "through", "role_administrator", "ALL")

	for _, c := range []struct {
		who     string
		account *ent.Account
		// found is how many statements read something, shown whether it is shown.
		found int
		shown bool
	}{
		{"olive", w.account, 3, true},
		{"through", w.account, 3, true},
		{"ann", w.account, 3, false}, // without permission
		{"stan", w.account, 0, false},
		{"stan", w.sub, 0, false},
		{"gone", w.account, 0, false},
		{"half", w.account, 0, false},
		{"late", w.account, 0, false},
		{"above", w.sub, 0, false},
		{"through", w.sub, 0, true}, // read again, once the gate has judged
	} {
		about := c.who + " in " + c.account.Name
		var bodies, texts []string
		for _, accountID := range []string{c.account.ID, id.New(id.Account)} {
			a, asked := w.look(w.Person(c.who).Token, query, map[string]any{"a": accountID})
			with, _ := ahead(asked)
			if len(with) != 3 {
				t.Errorf("%s: %d statements with the first, not 3", about, len(with))
			}
			found, said := 0, ""
			for _, s := range with {
				if w.rows(asked[0], s) > 0 {
					found++
				}
			}
			for _, s := range asked {
				said += s.Text + "\n"
			}
			bodies, texts = append(bodies, strings.ReplaceAll(string(a.Body), accountID, "ID")), append(texts, said)
			if accountID == c.account.ID {
				if found != c.found {
					t.Errorf("%s: %d statements read something, not %d", about, found, c.found)
				}
				if shown := a.Get("data.account.contacts.nodes.2.email") != nil && a.Get("data.account.memberships.totalCount") != nil; shown != c.shown {
					t.Errorf("%s: shown %v: %s", about, shown, a.Body)
				}
				if !c.shown && strings.Contains(string(a.Body), "@example") {
					t.Errorf("%s: %s", about, a.Body)
				}
			} else if found > 0 {
				t.Errorf("%s: rows of nothing", about)
			}
		}
		if c.found == 0 && !c.shown && c.who != "gone" && (bodies[0] != bodies[1] || texts[0] != texts[1]) {
			t.Errorf("%s: an account that exists is told from one that does not\n%s\n%s\n%s\n%s", about, bodies[0], bodies[1], texts[0], texts[1])
		}
	}
}

// TestAdmissionEndsWithTheTrip: in which accounts a token is somebody's who belongs is
// known to what travels with its session and to nothing that the same connection to
// PostgreSQL is used for after it.
func TestAdmissionEndsWithTheTrip(t *testing.T) {
	d := dbtest.Postgres(t)
	w := newMansion(t, d)
	w.Account("stan", "Stan")
	used := 0
	for range 20 {
		a, asked := w.look(w.Person("olive").Token, `query($a: ID!) { account(id: $a) { contacts { nodes { email } } } }`, map[string]any{"a": w.account.ID})
		if with, waits := ahead(asked); len(with) != 1 || waits != 1 {
			t.Fatalf("nothing was read ahead: %s", a.Body)
		}
		var left *string
		if err := d.Writer().QueryRowContext(t.Context(), "SELECT current_setting('tenantry.admitted', true)").Scan(&left); err != nil {
			t.Fatal(err)
		}
		if left != nil {
			used++
		}
		if left != nil && *left != "" {
			t.Fatalf("the connection still admits to %q", *left)
		}
	}
	if used == 0 {
		t.Error("no connection was one that something had been read ahead on")
	}
}
