package graph_test

import (
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	tenantryevent "tenantry/internal/event"
	"tenantry/internal/id"
	"tenantry/internal/lab"
	"tenantry/internal/permission"
)

// TestLargeAccountCloses: an account with thousands of members closes, all of
// them are told, and nobody's history waits for that.
func TestLargeAccountCloses(t *testing.T) {
	const members = 2500
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acct := w.Account("olive", "Olive")
		other := w.Account("stan", "Stan")
		ctx := t.Context()
		for chunk := range 5 {
			var users []*ent.UserCreate
			for i := range members / 5 {
				email := fmt.Sprintf("m%d-%d@example.com", chunk, i)
				users = append(users, d.Client.User.Create().SetEmail(email).SetEmailKey(email).SetName("Member").SetSearch(email))
			}
			rows, err := d.Client.User.CreateBulk(users...).Save(ctx)
			if err != nil {
				t.Fatal(err)
			}
			var joins []*ent.MembershipCreate
			for _, u := range rows {
				joins = append(joins, d.Client.Membership.Create().SetAccountID(acct.ID).SetUserID(u.ID).SetRoleIds([]string{}).
					SetPermissions([]permission.Key{}).SetSubAccountIds([]string{}))
			}
			if err := d.Client.Membership.CreateBulk(joins...).Exec(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if a := w.Ask("olive", `mutation Close($id: ID!) { closeAccount(input: {accountId: $id}) { errors { code } } }`, map[string]any{"id": acct.ID}); len(a.Codes()) > 0 {
			t.Fatalf("%s", a.Body)
		}
		w.Ask("stan", `mutation Invite($id: ID!) { inviteUsers(input: {accountId: $id, emails: [{email: "new@example.com"}]}) { errors { code } } }`, map[string]any{"id": other.ID})
		if err := w.Dispatcher.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		if n, err := d.Client.Event.Query().Where(event.SeqIsNil()).Count(ctx); n != 0 || err != nil {
			t.Errorf("%d events are not sealed, %v", n, err)
		}
		if n, err := d.Client.Delivery.Query().Count(ctx); n != members+1 || err != nil {
			t.Errorf("%d mails are owed, not %d, %v", n, members+1, err)
		}
		if _, wrong, err := tenantryevent.Verify(ctx, d.Client); len(wrong) > 0 || err != nil {
			t.Error(wrong, err)
		}
	})
}

// TestUnreadOfALongHistory: the badge of the switcher says 100 where more happened,
// looks at no more than 500 events, takes one statement for all
// accounts, and walks no history but those that it counts in.
func TestUnreadOfALongHistory(t *testing.T) {
	const query = `{ viewer { memberships { nodes { account { name } unread } } } }`
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		ctx := t.Context()
		agency, studio, other := w.Account("olive", "Agency"), w.Account("stan", "Studio"), w.Account("mallory", "Other")
		ada, sam := w.Member(agency, "ada", "audit"), w.Member(agency, "sam", "role_support")
		w.Member(studio, "ada", "role_support")
		happen := func(a *ent.Account, n int, by, target string) {
			t.Helper()
			for chunk := range slices.Chunk(id.Sorted(id.Event, n), 500) {
				var rows []*ent.EventCreate
				for _, one := range chunk {
					rows = append(rows, d.Client.Event.Create().SetID(one).SetStream(a.ID).SetAccountID(a.ID).SetActorKind(event.ActorKindUSER).
						SetActorID(by).SetAction("member.permissions_changed").SetTargetID(target))
				}
				if err := d.Client.Event.CreateBulk(rows...).Exec(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		is := func(who string, want ...int) {
			t.Helper()
			a := w.Ask(who, query, nil)
			for i, n := range want {
				if got := a.Get(fmt.Sprintf("data.viewer.memberships.nodes.%d.unread", i)); got != float64(n) {
					t.Errorf("%s has %v unread, not %d: %s", who, got, n, a.Body)
				}
			}
		}
		happen(other, 3000, "user_x", ada.ID)
		happen(agency, 399, ada.UserID, "")
		happen(agency, 99, "user_x", ada.ID)
		is("ada", 99, 0)
		happen(agency, 1, "user_x", "")
		is("ada", 100, 0)
		happen(agency, 1, "user_x", sam.ID)
		is("ada", 100, 0)
		is("sam", 1)
		happen(agency, 1, "user_x", sam.ID)
		is("ada", 100, 0)
		is("sam", 1) // the other is beyond the first 500

		ctx, counter := db.CountStatements(ctx)
		body := fmt.Sprintf(`{"query": %q}`, query)
		r := httptest.NewRequest("POST", lab.Public+"/graphql", strings.NewReader(body)).WithContext(ctx)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+w.Person("ada").Token)
		w.Do(r)
		var counts []string
		for _, text := range counter.Texts() {
			if strings.Contains(text, "events") {
				counts = append(counts, text)
			}
		}
		if len(counts) != 1 {
			t.Fatalf("%d statements read events, not 1", len(counts))
		}
		plan := explain(t, d, counts[0])
		if !strings.Contains(plan, "event_account_id_id") || strings.Contains(plan, "events_pkey") || strings.Contains(plan, "SCAN events") {
			t.Errorf("the history is not walked by account and id:\n%s", plan)
		}
	})
}

// explain returns how the database goes about a statement, whatever its arguments
// are.
func explain(t *testing.T, d *db.DB, text string) string {
	t.Helper()
	tx, err := d.Writer().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	how, args := "EXPLAIN QUERY PLAN ", make([]any, strings.Count(text, "?"))
	if d.Dialect() == db.Postgres {
		how, args = "EXPLAIN ", make([]any, strings.Count(text, "$"))
		for _, s := range []string{"ANALYZE", "SET LOCAL enable_seqscan = off"} { // as if the tables were long
			if _, err := tx.ExecContext(t.Context(), s); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i := range args {
		args[i] = "x"
	}
	rows, err := tx.QueryContext(t.Context(), how+text, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for rows.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, *cells[len(cells)-1].(*any))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}
