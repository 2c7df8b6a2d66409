package access_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tenantry/ent"
	"tenantry/internal/access"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/lab"
	"tenantry/internal/permission"
	"tenantry/internal/role"
)

// What a write trusts it does not, once that has changed since the operation read it:
// it is then judged as one that reads only now.
func TestTrust(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		w.Person("ivan")
		for _, c := range []struct {
			name   string
			change func(parent, sub *ent.Account, above *ent.Membership, roleID string)
			want   fault.Code // "" where ivan still may
			sub    bool       // whether he adds a contact to the sub-account
		}{
			{"nothing", func(*ent.Account, *ent.Account, *ent.Membership, string) {}, "", false},
			{"nothing, below", func(*ent.Account, *ent.Account, *ent.Membership, string) {}, "", true},
			{"members", func(_, _ *ent.Account, m *ent.Membership, _ string) {
				_, err := w.Members.Deactivate(t.Context(), w.Actor("olive"), m.ID)
				check(t, err)
			}, fault.MembershipDeactivated, false},
			{"members above", func(_, _ *ent.Account, m *ent.Membership, _ string) {
				_, err := w.Members.Remove(t.Context(), w.Actor("olive"), m.ID)
				check(t, err)
			}, fault.NotFound, true},
			{"a role", func(_, _ *ent.Account, _ *ent.Membership, roleID string) {
				_, _, err := w.Roles.Update(t.Context(), w.Actor("olive"), role.Replacement{RoleID: roleID, Version: 1, Name: "Secretary",
					Permissions: []permission.Key{"tickets"}})
				check(t, err)
			}, fault.Forbidden, false},
			{"the state", func(a, _ *ent.Account, _ *ent.Membership, _ string) {
				check(t, d.Client.Account.UpdateOne(a).SetState("SUSPENDED").Exec(t.Context()))
			}, fault.AccountSuspended, false},
			{"the state above", func(a, _ *ent.Account, _ *ent.Membership, _ string) {
				check(t, d.Client.Account.UpdateOne(a).SetState("SUSPENDED").Exec(t.Context()))
			}, fault.AccountSuspended, true},
			{"policies", func(a, _ *ent.Account, _ *ent.Membership, _ string) {
				check(t, d.Client.Account.UpdateOne(a).SetTwoFactorFrom(time.Now().Add(-time.Hour)).AddPoliciesVersion(1).Exec(t.Context()))
			}, fault.TwoFactorRequired, false},
			{"the owner", func(a, _ *ent.Account, m *ent.Membership, _ string) {
				check(t, d.Client.Account.UpdateOne(a).SetOwnerUserID(m.UserID).Exec(t.Context()))
				check(t, d.Client.Membership.DeleteOne(m).Exec(t.Context()))
			}, "", false},
		} {
			parent := w.Account("olive", c.name)
			sub := w.Sub("olive", parent, c.name+" below")
			r, _, err := w.Roles.Create(t.Context(), w.Actor("olive"), role.Draft{AccountID: parent.ID, Name: "Secretary", Type: permission.User,
				Permissions: []permission.Key{"tickets", "contacts"}, Acknowledged: true})
			check(t, err)
			above := w.Member(parent, "ivan", r.ID, "ALL")
			to := parent
			if c.sub {
				to = sub
			}
			by := w.Actor("ivan")
			_, err = w.Gate.Require(t.Context(), by, to.ID, permission.Contacts)
			check(t, err)
			ctx, counter := db.CountStatements(t.Context())
			c.change(parent, sub, above, r.ID)
			email := "nora@example.com"
			_, err = w.Contacts.Create(ctx, by, to.ID, contact.Details{Email: &email}, "")
			if c.want == "" && err != nil || c.want != "" && !fault.Has(err, c.want) {
				t.Errorf("%s: %v, want %q", c.name, err, c.want)
			}
			n := d.Client.Contact.Query().CountX(t.Context())
			if want := map[bool]int{true: 1}[c.want == ""]; n != want {
				t.Errorf("%s: %d contacts, want %d", c.name, n, want)
			}
			if again := counter.Transactions() > 1; again != (c.name != "nothing" && c.name != "nothing, below") {
				t.Errorf("%s: it is %t that the transaction started over", c.name, again)
			}
			d.Client.Contact.Delete().ExecX(t.Context())
		}
	})
}

// An access that ends while a write is under way has ended for it: what the operation
// read before does not outlive the end, and whoever has one waits for the lock before
// they are judged.
func TestTrustEnds(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acct := w.Account("olive", "Olive")
		sub := w.Sub("olive", acct, "Below")
		m := w.Member(acct, "ivan", "contacts", "ALL")
		check(t, d.Client.Membership.UpdateOne(m).SetAccessEndsAt(time.Now().Add(time.Hour)).Exec(t.Context()))
		for _, to := range []*ent.Account{acct, sub} {
			by := w.Actor("ivan")
			_, err := w.Gate.Require(t.Context(), by, to.ID, permission.Contacts)
			check(t, err)
			ctx, counter := db.CountStatements(t.Context())
			check(t, db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
				_, err := w.Gate.Trust(ctx, tx, by, to.ID, permission.Contacts)
				if !slices.ContainsFunc(counter.Texts(), func(text string) bool { return strings.Contains(text, "ORDER BY CASE WHEN a.parent_id IS NULL") }) {
					t.Errorf("%s: the lock is not waited for", to.Name)
				}
				return err
			}))
		}
		here, below := w.Actor("ivan"), w.Actor("ivan")
		_, err := w.Gate.Require(t.Context(), here, acct.ID, permission.Contacts)
		check(t, err)
		_, err = w.Gate.Require(t.Context(), below, sub.ID, permission.Contacts)
		check(t, err)
		time.Sleep(time.Hour)
		synctest.Wait()
		email := "nora@example.com"
		if _, err := w.Contacts.Create(t.Context(), here, acct.ID, contact.Details{Email: &email}, ""); !fault.Has(err, fault.MembershipDeactivated) {
			t.Error(err)
		}
		if _, err := w.Contacts.Create(t.Context(), below, sub.ID, contact.Details{Email: &email}, ""); !fault.Has(err, fault.NotFound) {
			t.Error(err)
		}
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A refusal is judged under the lock: what was refused by what the operation read may
// be allowed by now.
func TestTrustRefusesUnderTheLock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		w.Person("ivan")
		acct := w.Account("olive", "Olive")
		m := w.Member(acct, "ivan")
		email, by := "nora@example.com", w.Actor("ivan")
		refused := func() {
			t.Helper()
			if _, err := w.Gate.Require(t.Context(), by, acct.ID, permission.Contacts); !fault.Has(err, fault.Forbidden) {
				t.Fatal(err)
			}
		}
		refused()
		if _, err := w.Contacts.Create(t.Context(), by, acct.ID, contact.Details{Email: &email}, ""); !fault.Has(err, fault.Forbidden) {
			t.Fatal(err)
		}
		refused()
		check(t, db.InTx0(t.Context(), d.Client, func(tx *ent.Tx) error {
			if err := tx.Membership.UpdateOne(m).SetPermissions([]permission.Key{permission.Contacts}).Exec(t.Context()); err != nil {
				return err
			}
			return access.MembersChanged(t.Context(), tx, acct.ID)
		}))
		if _, err := w.Contacts.Create(t.Context(), by, acct.ID, contact.Details{Email: &email}, ""); err != nil {
			t.Error(err)
		}
	})
}
