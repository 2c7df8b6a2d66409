package graph_test

import (
	"slices"
	"testing"

	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// Standings that one statement reads are each one's own: what is granted in one account
// is granted in no other.
func TestStandingsBesideEachOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		a, b := w.Account("olive", "Olive"), w.Account("xolive", "Other")
		w.Person("mia")
		w.Member(a, "mia", "invoices", "tickets")
		w.Member(b, "mia", "domains.view", "quotes")
		got := w.Ask("mia", `query($a: ID!, $b: ID!) { a: account(id: $a) { viewerPermissions } b: account(id: $b) { viewerPermissions }
			viewer { memberships { nodes { account { id } extraPermissions } } } }`, map[string]any{"a": a.ID, "b": b.ID})
		of := func(v any) (out []string) {
			list, _ := v.([]any)
			for _, k := range list {
				out = append(out, k.(string))
			}
			slices.Sort(out)
			return out
		}
		if x := of(got.Get("data.a.viewerPermissions")); !slices.Equal(x, []string{"invoices", "tickets"}) {
			t.Errorf("in the first: %v of %s", x, got.Body)
		}
		if x := of(got.Get("data.b.viewerPermissions")); !slices.Equal(x, []string{"domains.view", "quotes"}) {
			t.Errorf("in the second: %v of %s", x, got.Body)
		}
		nodes, _ := got.Get("data.viewer.memberships.nodes").([]any)
		for _, n := range nodes {
			want := []string{"invoices", "tickets"}
			if n.(map[string]any)["account"].(map[string]any)["id"] == b.ID {
				want = []string{"domains.view", "quotes"}
			}
			if x := of(n.(map[string]any)["extraPermissions"]); !slices.Equal(x, want) {
				t.Errorf("of the list: %v, want %v", x, want)
			}
		}
		if len(nodes) != 2 {
			t.Errorf("%d memberships", len(nodes))
		}
	})
}
