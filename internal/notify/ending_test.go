package notify_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/delivery"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/membership"
	"tenantry/internal/permission"
)

// Whose access ends is told once, whichever instances notice it and however often, unless
// it is no longer so when the letter would leave.
func TestLetterWhenAccessEnds(t *testing.T) {
	for _, c := range []struct {
		name string
		// before happens between the end and its being written down, meanwhile between that
		// and the sending.
		before, meanwhile func(ctx context.Context, w *lab.World, m *ent.Membership) error
		state             delivery.State
		why               string
	}{
		{name: "told", state: delivery.StateSENT},
		{name: "let in before anybody noticed", before: letIn},
		{name: "let in again", meanwhile: letIn, state: delivery.StateSUPPRESSED, why: "they have been let in again"},
		{name: "removed", meanwhile: func(ctx context.Context, w *lab.World, m *ent.Membership) error {
			_, err := w.Members.Remove(ctx, w.Actor("olive"), m.ID)
			return err
		}, state: delivery.StateSUPPRESSED, why: "they are no longer a member"},
		{name: "closed", meanwhile: shut, state: delivery.StateSUPPRESSED, why: "the account is closed"},
		{name: "closed before", before: shut},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w, other, ctx := lab.New(t, d), lab.New(t, d), t.Context()
				m := w.Member(w.Account("olive", "Acme"), "max", "tickets")
				d.Client.Membership.UpdateOne(m).SetAccessEndsAt(time.Now().Add(time.Hour).UTC()).SetAccessEndNoticedAt(time.Now()).ExecX(ctx)
				w.Settle()
				time.Sleep(time.Hour)
				do := func(what func(context.Context, *lab.World, *ent.Membership) error) {
					t.Helper()
					if what != nil {
						if err := what(ctx, w, m); err != nil {
							t.Fatal(err)
						}
					}
				}
				do(c.before)
				for _, one := range []*lab.World{w, other, w} {
					if err := one.Members.EndAccess(ctx); err != nil {
						t.Fatal(err)
					}
					if err := one.Dispatcher.Drain(ctx); err != nil {
						t.Fatal(err)
					}
				}
				do(c.meanwhile)
				for _, one := range []*lab.World{w, other} {
					if err := one.Notify.Drain(ctx); err != nil {
						t.Fatal(err)
					}
				}
				rows := d.Client.Delivery.Query().Where(delivery.Kind("access_ended")).AllX(ctx)
				switch {
				case c.state == "" && len(rows) > 0:
					t.Errorf("%d letters are owed, where nobody is to be told", len(rows))
				case c.state == "":
				case len(rows) != 1:
					t.Errorf("%d letters are owed, not one", len(rows))
				case rows[0].State != c.state || rows[0].LastError != c.why || rows[0].To != "max@example.com":
					t.Errorf("the letter to %s is %s, %q; want %s, %q", rows[0].To, rows[0].State, rows[0].LastError, c.state, c.why)
				}
			})
		})
	}
}

func letIn(ctx context.Context, w *lab.World, m *ent.Membership) error {
	_, _, err := w.Members.Reactivate(ctx, w.Actor("olive"), membership.Reactivation{MembershipID: m.ID, Ends: &membership.End{}})
	return err
}

func shut(ctx context.Context, w *lab.World, m *ent.Membership) error {
	return w.DB.Client.Account.Update().Where(account.ID(m.AccountID)).SetState(account.StateCLOSED).Exec(ctx)
}

// Whoever changes somebody's permissions again and again does not fill their mailbox: of
// each kind twenty letters leave in a day, and of what else happens to them they hear.
func TestMembersAreSpared(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme, other := w.Account("olive", "Acme"), w.Account("stan", "Other")
		max, mia, there := w.Member(acme, "max"), w.Member(acme, "mia"), w.Member(other, "max")
		toggle := func(by string, m *ent.Membership, times int) {
			t.Helper()
			for range times {
				m = d.Client.Membership.GetX(ctx, m.ID)
				offer := access.Offer{RoleIDs: []string{}, Permissions: []permission.Key{"tickets"}, Scope: permission.ScopeNone, SubAccounts: []string{}}
				if len(m.Permissions) > 0 {
					offer.Permissions = []permission.Key{}
				}
				if _, err := w.Members.UpdatePermissions(ctx, w.Actor(by), membership.Change{MembershipID: m.ID, Version: m.Version, Offer: offer}); err != nil {
					t.Fatal(err)
				}
			}
			w.Settle()
		}
		told := func(what string, m *ent.Membership, kind string, sent, spared int) {
			t.Helper()
			of := d.Client.Delivery.Query().Where(delivery.SubjectID(m.ID), delivery.Kind(kind))
			if n := of.Clone().Where(delivery.StateEQ(delivery.StateSENT)).CountX(ctx); n != sent {
				t.Errorf("%s: %d letters %s were sent, not %d", what, n, kind, sent)
			}
			if n := of.Where(delivery.StateEQ(delivery.StateSUPPRESSED), delivery.LastErrorContains("so much of this kind")).CountX(ctx); n != spared {
				t.Errorf("%s: %d letters %s were spared, not %d", what, n, kind, spared)
			}
		}
		toggle("olive", max, 50)
		told("one after another", max, "permissions_changed", 20, 30)
		if _, err := w.Members.Deactivate(ctx, w.Actor("olive"), max.ID); err != nil {
			t.Fatal(err)
		}
		w.Settle()
		told("something else", max, "member_deactivated", 1, 0)
		toggle("olive", mia, 1)
		told("somebody else", mia, "permissions_changed", 1, 0)
		toggle("stan", there, 1)
		told("elsewhere", there, "permissions_changed", 1, 0)
		time.Sleep(24 * time.Hour)
		toggle("olive", max, 1)
		told("a day later", max, "permissions_changed", 21, 30)
	})
}

// Whoever lets somebody in and has their access end, again and again, does not fill their
// mailbox with letters at the end either.
func TestMembersAreSparedEnds(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		m := w.Member(w.Account("olive", "Acme"), "max", "tickets")
		const times = 23
		for i := range times {
			if i > 0 {
				ends := time.Now().Add(time.Minute).UTC()
				if _, _, err := w.Members.Reactivate(ctx, w.Actor("olive"), membership.Reactivation{MembershipID: m.ID, Ends: &membership.End{At: &ends}}); err != nil {
					t.Fatal(err)
				}
			} else {
				d.Client.Membership.UpdateOne(m).SetAccessEndsAt(time.Now().Add(time.Minute).UTC()).ExecX(ctx)
			}
			time.Sleep(time.Minute)
			if err := w.Members.EndAccess(ctx); err != nil {
				t.Fatal(err)
			}
			w.Settle()
		}
		of := d.Client.Delivery.Query().Where(delivery.Kind("access_ended"))
		if all, sent := of.Clone().CountX(ctx), of.Where(delivery.StateEQ(delivery.StateSENT)).CountX(ctx); all != times || sent != 20 {
			t.Errorf("%d letters of %d were sent", sent, all)
		}
	})
}

// Whoever gave many people an access that ends on the same day hears of each of them.
func TestSetterHearsOfEveryEnd(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		const people = 23
		ends := time.Now().Add(10 * 24 * time.Hour).UTC()
		for i := range people {
			m := w.Member(acme, fmt.Sprintf("max%d", i), "tickets")
			d.Client.Membership.UpdateOne(m).SetAccessEndsAt(ends).SetAccessEndSetByID(acme.OwnerUserID).ExecX(ctx)
		}
		w.Settle()
		time.Sleep(8 * 24 * time.Hour)
		if err := w.Members.Notice(ctx); err != nil {
			t.Fatal(err)
		}
		w.Settle()
		if n := d.Client.Delivery.Query().Where(delivery.Kind("access_ending"), delivery.To("olive@example.com"), delivery.StateEQ(delivery.StateSENT)).CountX(ctx); n != people {
			t.Errorf("%d letters to whoever set the end, of %d", n, people)
		}
	})
}
