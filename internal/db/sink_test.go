package db_test

import (
	"context"
	"testing"

	"tenantry/ent"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// A connection that ends in the middle of the rows is an error, or all rows are read
// again from the beginning; no row is told twice.
func TestReadTellsNoRowTwice(t *testing.T) {
	d := dbtest.Postgres(t)
	other := dbtest.Reopen(t, d)
	ctx := context.Background()
	var (
		n, pid  int
		filling string
		seen    []int
		killed  bool
	)
	err := db.Read(ctx, d.Client, "SELECT i, pg_backend_pid(), repeat('x', 10000) FROM generate_series(1, $1::int) i", []any{5000},
		[]column.Place{column.Number(&n), column.Number(&pid), column.Text(&filling)}, func() {
			seen = append(seen, n)
			if !killed {
				killed = true
				if _, err := other.Writer().ExecContext(ctx, "SELECT pg_terminate_backend($1::int)", pid); err != nil {
					t.Error(err)
				}
			}
		})
	counts := map[int]int{}
	for _, i := range seen {
		counts[i]++
	}
	twice := 0
	for _, c := range counts {
		if c > 1 {
			twice++
		}
	}
	t.Logf("error %v, %d calls for %d rows", err, len(seen), len(counts))
	if twice > 0 {
		t.Errorf("%d rows were told twice, error %v", twice, err)
	}
}

// A row says nothing of the one before it, whoever clears the places.
func TestReadLeavesNothingBehind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		type choice struct {
			Channel string
			All     bool
			Except  []string
		}
		var choices []choice
		var names []struct{ Name string }
		kept := [][]struct{ Name string }{}
		n := 0
		err := db.Read(t.Context(), d.Client, `SELECT '[{"Channel":"EMAIL","All":true,"Except":["invoice"]}]', '[{"Name":"first"}]' WHERE 1 = $1 UNION ALL SELECT '[{"Channel":"EMAIL"}]', '[{"Name":"second"}]' UNION ALL SELECT NULL, NULL`, []any{1},
			[]column.Place{column.JSON(&choices), column.JSON(&names)}, func() {
				n++
				kept = append(kept, names)
				if n == 2 && (choices[0].All || choices[0].Except != nil) {
					t.Errorf("the second row says %+v, which is the first one's", choices)
				}
				if n == 3 && (choices != nil || names != nil) {
					t.Errorf("NULL is %+v, %+v", choices, names)
				}
			})
		if err != nil {
			t.Fatal(err)
		}
		if kept[0][0].Name != "first" {
			t.Errorf("what was kept of the first row is now %q", kept[0][0].Name)
		}
	})
}

// Behind a pooler Read tells of the same rows, alone and in a transaction.
func TestReadBehindAPooler(t *testing.T) {
	direct := dbtest.Postgres(t)
	c := dbtest.ConfigOf(direct)
	c.Pooler, c.DirectURL = true, c.URL
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	for range 3 {
		n, sum := 0, 0
		if err := db.Read(t.Context(), d.Client, "SELECT i FROM generate_series(1, $1::int) i", []any{1000}, []column.Place{column.Number(&n)}, func() { sum += n }); err != nil || sum != 500500 {
			t.Errorf("%d, %v", sum, err)
		}
		if err := db.InTx0(t.Context(), d.Client, func(tx *ent.Tx) error {
			sum = 0
			return db.Read(t.Context(), tx, "SELECT i FROM generate_series(1, $1::int) i", []any{1000}, []column.Place{column.Number(&n)}, func() { sum += n })
		}); err != nil || sum != 500500 {
			t.Errorf("in a transaction %d, %v", sum, err)
		}
	}
}
