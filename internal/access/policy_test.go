package access_test

import (
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/lab"
	"tenantry/internal/membership"
	"tenantry/internal/permission"
)

// From its date on an account keeps out whoever has one factor, the owner as well and
// by way of the account above; whoever has two is in.
func TestKeptOut(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acme := w.Account("olive", "Acme")
		north, south := w.Sub("olive", acme, "North"), w.Sub("olive", acme, "South")
		w.Member(acme, "adam", "role_administrator", "ALL")
		w.Member(north, "nora", "tickets")
		d.Client.User.UpdateOne(w.Person("adam").User).SetTwoFactorAt(time.Now()).ExecX(t.Context())
		asks := func(a *ent.Account, in time.Duration) {
			d.Client.Account.UpdateOne(a).SetTwoFactorFrom(time.Now().Add(in)).ExecX(t.Context())
		}
		enters := func(name string, a *ent.Account, want fault.Code) {
			t.Helper()
			by := w.Actor(name)
			by.User = d.Client.User.GetX(t.Context(), by.User.ID)
			st, err := w.Gate.Enter(t.Context(), by, a.ID)
			if want == "" && err != nil || want != "" && !fault.Has(err, want) {
				t.Errorf("%s in %s: %v, want %q", name, a.Name, err, want)
			}
			if got := len(st.Permissions()) > 0; got != (want == "") {
				t.Errorf("%s in %s holds %v", name, a.Name, st.Permissions())
			}
			if e := st.Explain("tickets"); e.Allowed != (want == "") || want != "" && e.Reason != access.Reason(want) {
				t.Errorf("%s in %s: %+v", name, a.Name, e)
			}
			if got := len(st.Reach()) > 0; got != (want == "") {
				t.Errorf("%s in %s reaches %v", name, a.Name, st.Reach())
			}
			tx, err := d.Client.Tx(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			_, err = w.Gate.Change(t.Context(), tx, by, a.ID, "tickets")
			if want == "" && err != nil || want != "" && !fault.Has(err, want) {
				t.Errorf("%s changes something in %s: %v, want %q", name, a.Name, err, want)
			}
		}

		asks(acme, 24*time.Hour)
		for _, a := range []*ent.Account{acme, north, south} {
			enters("olive", a, "")
			enters("adam", a, "")
		}
		time.Sleep(24*time.Hour - time.Second)
		enters("nora", north, "")
		time.Sleep(time.Second)
		for _, a := range []*ent.Account{acme, north, south} {
			enters("olive", a, fault.TwoFactorRequired)
			enters("adam", a, "")
		}
		enters("nora", north, fault.TwoFactorRequired)

		d.Client.Account.UpdateOne(acme).ClearTwoFactorFrom().ExecX(t.Context())
		asks(north, 0)
		enters("olive", acme, "")
		enters("olive", south, "")
		enters("olive", north, fault.TwoFactorRequired)
		enters("nora", north, fault.TwoFactorRequired)
		enters("adam", north, "")

		// What they are kept out of they cannot give, though they reach it through the
		// account above.
		una := w.Member(acme, "una")
		give := func(name string, sub *ent.Account) error {
			by := w.Actor(name)
			m := d.Client.Membership.GetX(t.Context(), una.ID)
			_, err := w.Members.UpdatePermissions(t.Context(), by, membership.Change{MembershipID: m.ID, Version: m.Version,
				Offer: access.Offer{Permissions: []permission.Key{"tickets"}, Scope: permission.ScopeSelected, SubAccounts: []string{sub.ID}}, Acknowledged: true})
			return err
		}
		if err := give("olive", north); !fault.Has(err, fault.PermissionOutOfReach) {
			t.Error("olive opens what keeps her out:", err)
		}
		if err := give("olive", south); err != nil {
			t.Error(err)
		}
		if err := give("adam", north); err != nil {
			t.Error(err)
		}
	})
}
