package db_test

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tenantry/ent"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// single returns a handle whose pool has one connection, and a second handle.
func single(t *testing.T) (*db.DB, *db.DB) {
	t.Helper()
	other := dbtest.Postgres(t)
	c := dbtest.ConfigOf(other)
	c.MaxConns = 1
	d, err := db.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d, other
}

// preparedTexts returns what the server keeps prepared for the only connection.
func preparedTexts(t *testing.T, d *db.DB) []string {
	t.Helper()
	rows, err := d.Writer().Query("SELECT statement FROM pg_prepared_statements")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var texts []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	return texts
}

func TestSecondUsePrepares(t *testing.T) {
	d, _ := single(t)
	const query = "SELECT $1::int + 1"
	for use, want := range []bool{false, true, true} {
		var n int
		if err := d.Writer().QueryRow(query, use).Scan(&n); err != nil || n != use+1 {
			t.Fatalf("use %d: %d, %v", use, n, err)
		}
		if got := slices.Contains(preparedTexts(t, d), query); got != want {
			t.Errorf("prepared after use %d: %v, want %v", use+1, got, want)
		}
	}
}

func TestStatementsAreBounded(t *testing.T) {
	d, _ := single(t)
	query := func(i int) string { return fmt.Sprintf("SELECT $1::int + %d", i) }
	const texts = 300
	for i := range texts {
		for range 2 {
			var n int
			if err := d.Writer().QueryRow(query(i), 1).Scan(&n); err != nil || n != i+1 {
				t.Fatalf("text %d: %d, %v", i, n, err)
			}
		}
	}
	kept := preparedTexts(t, d)
	if len(kept) != 256 {
		t.Errorf("%d statements are kept, want 256", len(kept))
	}
	if slices.Contains(kept, query(0)) || !slices.Contains(kept, query(texts-1)) {
		t.Error("the statements that were used last are not those that are kept")
	}
}

// A statement whose rows are open cannot run again on its connection.
func TestOpenRows(t *testing.T) {
	const query = "SELECT 1 WHERE 1 = $1 UNION ALL SELECT 2 ORDER BY 1"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		tx, err := d.Writer().Begin()
		if err != nil {
			t.Fatal(err)
		}
		defer tx.Rollback()
		for range 2 { // prepared after this
			if err := tx.QueryRow(query, 1).Scan(new(int)); err != nil {
				t.Fatal(err)
			}
		}
		rows, err := tx.Query(query, 1)
		if err != nil || !rows.Next() {
			t.Fatal(err)
		}
		var inner int
		err = tx.QueryRow(query, 0).Scan(&inner)
		if d.Dialect() == db.SQLite {
			if err != nil || inner != 2 {
				t.Errorf("the same statement within its rows: %d, %v, want 2", inner, err)
			}
		} else if err == nil || !strings.Contains(err.Error(), "still open") {
			t.Errorf("the same statement within its rows: %v, want that rows are open", err)
		}
		var outer []int
		for next := true; next; next = rows.Next() {
			var n int
			if err := rows.Scan(&n); err != nil {
				t.Fatal(err)
			}
			outer = append(outer, n)
		}
		if rows.Err() != nil || !slices.Equal(outer, []int{1, 2}) {
			t.Errorf("the rows outside: %v, %v, want 1 and 2", outer, rows.Err())
		}
		if err := tx.QueryRow(query, 0).Scan(&inner); err != nil || inner != 2 {
			t.Errorf("after the rows: %d, %v", inner, err)
		}
	})
}

// A prepared statement that no longer fits its table is prepared anew.
func TestStaleStatement(t *testing.T) {
	for _, c := range []struct{ name, change string }{
		{"a column more", "ALTER TABLE stale_lab ADD COLUMN more text DEFAULT 'x'"},
		{"discarded", ""},
	} {
		for _, where := range []string{"alone", "in a transaction"} {
			t.Run(c.name+" "+where, func(t *testing.T) {
				d, other := single(t)
				ctx := t.Context()
				exec(t, other, "DROP TABLE IF EXISTS stale_lab")
				exec(t, other, "CREATE TABLE stale_lab (id int)")
				t.Cleanup(func() { other.Writer().Exec("DROP TABLE stale_lab") })
				exec(t, other, "INSERT INTO stale_lab VALUES (1)")
				const query = "SELECT * FROM stale_lab WHERE id = $1"
				read := func(q interface {
					QueryContext(context.Context, string, ...any) (*sql.Rows, error)
				}) (columns int, err error) {
					rows, err := q.QueryContext(ctx, query, 1)
					if err != nil {
						return 0, err
					}
					defer rows.Close()
					names, err := rows.Columns()
					return len(names), err
				}
				for range 3 {
					if n, err := read(d.Client); err != nil || n != 1 {
						t.Fatal(n, err)
					}
				}
				want := 1
				if c.change == "" {
					exec(t, d, "DEALLOCATE ALL")
				} else {
					exec(t, other, c.change)
					want = 2
				}
				var n int
				var err error
				if where == "alone" {
					n, err = read(d.Client)
				} else {
					n, err = db.InTx(ctx, d.Client, func(tx *ent.Tx) (int, error) { return read(tx) })
				}
				if err != nil || n != want {
					t.Errorf("%d columns, %v, want %d", n, err, want)
				}
			})
		}
	}
}

func exec(t *testing.T, d *db.DB, statement string) {
	t.Helper()
	if _, err := d.Writer().Exec(statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// Behind a transaction pooler the server may be another one after each
// transaction: nothing is prepared, and nothing runs outside of one.
func TestPooler(t *testing.T) {
	direct := dbtest.Postgres(t)
	p := newProxy(t, direct)
	p.config.Pooler, p.config.DirectURL = true, dbtest.ConfigOf(direct).URL
	d := p.open(t)
	ctx := t.Context()
	if sent := p.clientSent(); strings.Contains(sent, "statement_timeout") {
		t.Error("a pooler refuses run-time parameters that it does not know, and was sent some")
	}
	for i := range 3 {
		d.Client.Budget.Create().SetID(fmt.Sprint(i)).SetFullAt(int64(i)).SaveX(ctx)
	}
	got := d.Client.Budget.Query().Order(ent.Desc("id")).IDsX(ctx)
	if !slices.Equal(got, []string{"2", "1", "0"}) {
		t.Errorf("read back %v", got)
	}
	sent := p.clientSent()
	if parsed, begun := strings.Count(sent, "INSERT INTO")+strings.Count(sent, "SELECT"), strings.Count(sent, "BEGIN"); begun != parsed || parsed != 4 {
		t.Errorf("%d statements in %d transactions, want 4 in 4", parsed, begun)
	}
	if err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
		return tx.Budget.Create().SetID("in").SetFullAt(1).Exec(ctx)
	}); err != nil {
		t.Error(err)
	}
	if begun := strings.Count(p.clientSent(), "BEGIN"); begun != 1 {
		t.Errorf("a statement of a transaction began %d transactions, want 1", begun)
	}
	if err := d.Client.Budget.Create().SetID("in").SetFullAt(1).Exec(ctx); !db.IsUnique(err) {
		t.Errorf("got %v, want a unique violation", err)
	}
	if n := d.Client.Budget.Query().CountX(ctx); n != 4 {
		t.Errorf("%d rows after a failure, want 4", n)
	}
}

func TestCountStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, counter := db.CountStatements(t.Context())
		if err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
			return tx.Budget.Create().SetID("a").SetFullAt(1).Exec(ctx)
		}); err != nil {
			t.Fatal(err)
		}
		for range 3 { // unprepared, then prepared
			d.Client.Budget.Query().AllX(ctx)
			d.Client.Budget.GetX(ctx, "a")
		}
		d.Client.Budget.GetX(t.Context(), "a") // under another context
		if counter.Statements() != 7 || counter.Transactions() != 1 {
			t.Errorf("%d statements in %d transactions, want 7 and 1:\n%s", counter.Statements(), counter.Transactions(),
				strings.Join(counter.Texts(), "\n"))
		}
		if texts := counter.Texts(); !strings.HasPrefix(texts[0], "INSERT") || !strings.HasPrefix(texts[6], "SELECT") {
			t.Errorf("the texts are\n%s", strings.Join(texts, "\n"))
		}
	})
}
