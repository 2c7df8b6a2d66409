package budget_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
)

var rule = budget.Rule{Name: "test", Count: 4, Per: time.Hour}

// taken asks for n attempts and reports whether there were as many, and after
// which time there will be.
func taken(t *testing.T, b *budget.Book, r budget.Rule, key string, n int) (bool, time.Duration) {
	t.Helper()
	err := b.Take(context.Background(), r, key, n)
	if err == nil {
		return true, 0
	}
	if !fault.Has(err, fault.RateLimited) {
		t.Fatal(err)
	}
	return false, fault.All(err)[0].RetryAfter
}

// Invariant 32: the whole at once, and then one after each quarter of the hour.
func TestTakeComesBackEvenly(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		b := budget.New(d.Client, []byte("secret"))
		for i := range 4 {
			if ok, _ := taken(t, b, rule, "a", 1); !ok {
				t.Fatalf("attempt %d is refused", i+1)
			}
		}
		for range 5 {
			ok, wait := taken(t, b, rule, "a", 1)
			if ok || wait < 15*time.Minute || wait > 15*time.Minute+time.Second {
				t.Fatalf("at once after all were used: %v, wait %v", ok, wait)
			}
			time.Sleep(15*time.Minute - time.Second)
			if ok, _ := taken(t, b, rule, "a", 1); ok {
				t.Fatal("a second too early")
			}
			time.Sleep(time.Second)
			if ok, _ := taken(t, b, rule, "a", 1); !ok {
				t.Fatal("it did not come back")
			}
		}
		time.Sleep(10 * time.Hour) // and no more than the whole comes back
		n := 0
		for ok := true; ok; n++ {
			ok, _ = taken(t, b, rule, "a", 1)
		}
		if n != 4+1 {
			t.Errorf("%d attempts after a rest, want 4", n-1)
		}
	})
}

func TestTake(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := budget.New(d.Client, []byte("secret"))
		other := rule
		other.Name = "other"
		for _, step := range []struct {
			name string
			rule budget.Rule
			key  string
			n    int
			ok   bool
		}{
			{"some", rule, "a", 3, true},
			{"more than is left, which uses nothing", rule, "a", 2, false},
			{"what is left", rule, "a", 1, true},
			{"nothing is left", rule, "a", 1, false},
			{"another key", rule, "b", 4, true},
			{"another rule", other, "a", 4, true},
			{"more than there ever is", rule, "c", 5, false},
			{"all that there is", rule, "c", 4, true},
			{"nobody", rule, "", 1000, true},
		} {
			if ok, _ := taken(t, b, step.rule, step.key, step.n); ok != step.ok {
				t.Errorf("%s: %v", step.name, ok)
			}
		}
		if err := b.Reset(ctx, rule, "a"); err != nil {
			t.Fatal(err)
		}
		if ok, _ := taken(t, b, rule, "a", 4); !ok {
			t.Error("it is not whole after a success")
		}
		if dump := dbtest.Dump(t, d); strings.Contains(dump, "=a\n") || strings.Contains(dump, "test:a") {
			t.Errorf("keys are readable: %s", dump)
		}
		if n, err := b.Sweep(ctx); n != 0 || err != nil {
			t.Errorf("swept %d that are in use: %v", n, err)
		}
		time.Sleep(time.Hour + time.Second)
		if n, err := b.Sweep(ctx); n != 4 || err != nil {
			t.Errorf("swept %d of 4: %v", n, err)
		}
	})
}

func TestSpend(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := budget.New(d.Client, []byte("secret"))
		keys := map[string]string{}
		spend := func(end error, asks ...budget.Ask) (granted string) {
			t.Helper()
			err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
				got, err := b.Spend(ctx, tx, asks...)
				for _, a := range asks {
					if got[a.ID] {
						granted += keys[a.ID]
					}
				}
				if err == nil {
					err = end
				}
				return err
			})
			if !errors.Is(err, end) {
				t.Fatal(err)
			}
			return granted
		}
		left := func(key string) int {
			row, err := d.Client.Budget.Get(ctx, b.ID(rule, key))
			if ent.IsNotFound(err) {
				return rule.Left(0)
			}
			return rule.Left(row.FullAt)
		}
		of := func(key string, n int) budget.Ask {
			a := budget.Ask{Rule: rule, ID: b.ID(rule, key), N: n}
			keys[a.ID] = key
			return a
		}
		for _, step := range []struct {
			name string
			asks []budget.Ask
			want string
			end  error
			left int // of a
		}{
			{"in vain", []budget.Ask{of("a", 3)}, "a", errors.New("rolled back"), 4},
			{"some", []budget.Ask{of("a", 3)}, "a", nil, 1},
			{"more than is left", []budget.Ask{of("a", 2), of("b", 1)}, "b", nil, 1},
			{"the rest", []budget.Ask{of("b", 3), of("a", 1)}, "ba", nil, 0},
			{"nothing is left", []budget.Ask{of("a", 1), of("b", 1), of("c", 4)}, "c", nil, 0},
			{"more than there ever is", []budget.Ask{of("d", 5)}, "", nil, 0},
			{"none", []budget.Ask{of("a", 0)}, "", nil, 0},
			{"nobody", nil, "", nil, 0},
		} {
			if got := spend(step.end, step.asks...); got != step.want {
				t.Errorf("%s: granted %q, want %q", step.name, got, step.want)
			}
			if got := left("a"); got != step.left {
				t.Errorf("%s: %d left, want %d", step.name, got, step.left)
			}
		}
		time.Sleep(30 * time.Minute)
		if got := left("a"); got != 2 {
			t.Errorf("%d came back in half the time, want 2", got)
		}
		if got := spend(nil, of("a", 3), of("b", 2)); got != "b" {
			t.Errorf("granted %q of what came back, want b", got)
		}
		_, err := db.InTx(ctx, d.Client, func(tx *ent.Tx) (map[string]bool, error) {
			return b.Spend(ctx, tx, of("a", 1), budget.Ask{Rule: budget.PasswordByAddress, ID: b.ID(budget.PasswordByAddress, "a"), N: 1})
		})
		if err == nil {
			t.Error("budgets of two periods in one statement")
		}
	})
}

// What was seen to be left is used, all of it or nothing; and if it is left no more,
// the transaction starts over and sees that.
func TestSpendAll(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		b := budget.New(d.Client, []byte("secret"))
		ask := func(key string, n int) budget.Ask { return budget.Ask{Rule: rule, ID: b.ID(rule, key), N: n} }
		left := func(c *ent.BudgetClient, key string) int {
			row, err := c.Get(ctx, b.ID(rule, key))
			if ent.IsNotFound(err) {
				return rule.Left(0)
			}
			return rule.Left(row.FullAt)
		}
		// spend uses as much of a as it finds, though another is quicker in its first run.
		spend := func(other int) (used, runs int) {
			t.Helper()
			if err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
				runs++
				used = left(tx.Budget, "a")
				if runs == 1 && other > 0 {
					if _, err := b.Spend(ctx, tx, ask("a", other)); err != nil { // as if elsewhere, but rolled back with the run
						return err
					}
				}
				return b.SpendAll(ctx, tx, ask("b", 1), ask("a", used), ask("c", 0))
			}); err != nil {
				t.Fatal(err)
			}
			return used, runs
		}
		if used, runs := spend(3); used != 4 || runs != 2 {
			t.Errorf("used %d after %d runs, want 4 after 2", used, runs)
		}
		if a, b := left(d.Client.Budget, "a"), left(d.Client.Budget, "b"); a != 0 || b != 3 {
			t.Errorf("%d and %d left, want 0 and 3", a, b)
		}
		time.Sleep(30 * time.Minute)
		if used, runs := spend(0); used != 2 || runs != 1 {
			t.Errorf("used %d after %d runs of what came back, want 2 after 1", used, runs)
		}
		if err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error { return b.SpendAll(ctx, tx) }); err != nil {
			t.Error(err)
		}
	})
}
