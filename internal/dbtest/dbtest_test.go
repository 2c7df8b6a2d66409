package dbtest_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// Every test finds the tables empty, whatever the one before it left.
func TestFresh(t *testing.T) {
	ctx := context.Background()
	for _, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				if n := d.Client.Budget.Query().CountX(ctx); n != 0 {
					t.Errorf("%d budgets at the start", n)
				}
				d.Client.Budget.Create().SetID(name).SetFullAt(1).SaveX(ctx)
				u := d.Client.User.Create().SetEmail("a@example.com").SetEmailKey("a@example.com").
					SetName("A").SetSearch("a").SetPasswordChangedAt(time.Now()).SaveX(ctx)
				a := d.Client.Account.Create().SetName("A").SetSearch("a").SetOwner(u).SaveX(ctx)
				d.Client.Account.Create().SetName("B").SetSearch("b").SetOwner(u).SetParentID(a.ID).SaveX(ctx)
			})
		})
	}
}

func TestBubble(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*24*time.Hour)
		defer cancel()
		start := time.Now()
		if start.Year() != 2000 {
			t.Fatalf("the clock says %v", start)
		}
		for week := range 3 {
			d.Client.IdempotencyKey.Create().SetID(strings.Repeat("k", week+1)).SetPayloadHash("h").SaveX(ctx)
			time.Sleep(7 * 24 * time.Hour)
		}
		other := dbtest.Reopen(t, d)
		if n := other.Client.IdempotencyKey.Query().CountX(ctx); n != 3 {
			t.Errorf("another handle sees %d rows, want 3", n)
		}
		if passed := time.Since(start); passed != 21*24*time.Hour {
			t.Errorf("%v passed, want 3 weeks: a statement took fake time", passed)
		}
	})
}

func TestDump(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		d.Client.Budget.Create().SetID("needle").SetFullAt(42).SaveX(context.Background())
		dump := dbtest.Dump(t, d)
		for _, want := range []string{"budgets.id=needle", "budgets.full_at=42"} {
			if !strings.Contains(dump, want) {
				t.Errorf("no %s in\n%s", want, dump)
			}
		}
	})
}
