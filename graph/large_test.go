package graph_test

import (
	"fmt"
	"testing"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	tenantryevent "tenantry/internal/event"
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
