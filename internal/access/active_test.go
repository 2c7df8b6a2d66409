package access_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tenantry/ent/membership"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

// Go, predicates and texts say the same of every membership, to the microsecond: one
// whose end is this very moment has ended.
func TestActive(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		time.Sleep(time.Hour + time.Microsecond)
		synctest.Wait()
		now := instant.Now()
		owner := d.Client.User.Create().SetEmail("o@example.com").SetEmailKey("o@example.com").SetName("O").SetSearch("o").SaveX(ctx)
		acct := d.Client.Account.Create().SetName("A").SetSearch("a").SetOwnerUserID(owner.ID).SaveX(ctx)
		at := func(from time.Duration) *time.Time { t := now.Add(from); return &t }
		for _, c := range []struct {
			name   string
			state  membership.State
			ends   *time.Time
			active bool
		}{
			{"no end", membership.StateACTIVE, nil, true},
			{"a microsecond left", membership.StateACTIVE, at(time.Microsecond), true},
			{"this moment", membership.StateACTIVE, at(0), false},
			{"a second ago", membership.StateACTIVE, at(-time.Second), false},
			{"by hand", membership.StateDEACTIVATED, nil, false},
			{"by hand, with an end ahead", membership.StateDEACTIVATED, at(time.Hour), false},
			{"by hand, before the end", membership.StateDEACTIVATED, at(-time.Hour), false},
		} {
			u := d.Client.User.Create().SetEmail(c.name).SetEmailKey(c.name).SetName("M").SetSearch("m").SaveX(ctx)
			m := d.Client.Membership.Create().SetAccountID(acct.ID).SetUserID(u.ID).SetRoleIds([]string{}).SetPermissions([]permission.Key{}).
				SetSubAccountIds([]string{}).SetState(c.state).SetNillableAccessEndsAt(c.ends).SaveX(ctx)
			if got := access.Active(m); got != c.active {
				t.Errorf("%s: active in Go is %t", c.name, got)
			}
			if got := d.Client.Membership.Query().Where(membership.ID(m.ID), access.ActiveMember()).ExistX(ctx); got != c.active {
				t.Errorf("%s: active by predicate is %t", c.name, got)
			}
			if got := d.Client.Membership.Query().Where(membership.ID(m.ID), access.Due(now)).ExistX(ctx); got != (access.Ended(m)) {
				t.Errorf("%s: due by predicate is %t", c.name, got)
			}
			for _, s := range []membership.State{membership.StateACTIVE, membership.StateDEACTIVATED} {
				reads := access.StateOf(m) == s
				if got := d.Client.Membership.Query().Where(membership.ID(m.ID), access.InState(s)).ExistX(ctx); got != reads {
					t.Errorf("%s: %s by predicate is %t", c.name, s, got)
				}
				found, id := []string{}, ""
				err := db.Read(ctx, d.Client, "SELECT m.id FROM memberships m WHERE m.id = $1 AND "+access.StateText(s, "m", "$2"), []any{m.ID, now},
					[]column.Place{column.Text(&id)}, func() { found = append(found, id) })
				if got := slices.Contains(found, m.ID); err != nil || got != reads {
					t.Errorf("%s: %s by text is %t, %v", c.name, s, got, err)
				}
			}
			since, why := access.DeactivatedAt(m), access.WhyDeactivated(m)
			if c.active != (why == nil) || c.active && since != nil {
				t.Errorf("%s: since %v, why %v", c.name, since, why)
			}
			if byEnd := why != nil && *why == access.DeactivatedByEnd; byEnd != (c.state == membership.StateACTIVE && !c.active) {
				t.Errorf("%s: why %v", c.name, why)
			}
		}
	})
}
