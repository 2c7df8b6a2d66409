package db_test

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// numbers reads one number a row.
func numbers(ctx context.Context, q db.Queryer, text string, args ...any) (all []int, err error) {
	var n int
	err = db.Read(ctx, q, text, args, []column.Place{column.Number(&n)}, func() { all = append(all, n) })
	return all, err
}

const counting = "SELECT i FROM generate_series(1, $1::int) i"

// waits counts how often a client waited for the server, of what it sent.
func waits(t *testing.T, sent string) (n int) {
	t.Helper()
	for len(sent) > 0 {
		if len(sent) < 5 {
			t.Fatalf("%q is no message", sent)
		}
		if sent[0] == 'S' || sent[0] == 'Q' {
			n++
		}
		sent = sent[1+binary.BigEndian.Uint32([]byte(sent[1:5])):]
	}
	return n
}

// What can travel together does: BEGIN with the first statement, and with the commit
// what nothing waits for.
func TestTravelTogether(t *testing.T) {
	p := newProxy(t, dbtest.Postgres(t))
	p.config.MaxConns = 1
	d := p.open(t)
	ctx := t.Context()
	put := func(ctx context.Context, tx *ent.Tx, id string) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO budgets (id, full_at) VALUES ($1, $2)", id, 1)
		return err
	}
	known := db.MustLock("SELECT id FROM budgets WHERE id = $1 FOR UPDATE", 1)
	for _, c := range []struct {
		name string
		run  func(*ent.Tx) error
		want int
	}{
		{"nothing", func(*ent.Tx) error { return nil }, 0},
		{"one that returns nothing", func(tx *ent.Tx) error { return put(ctx, tx, "a") }, 2},
		{"one that nothing waits for", func(tx *ent.Tx) error { return put(db.Later(ctx), tx, "b") }, 1},
		{"two of them", func(tx *ent.Tx) error {
			return errors.Join(put(db.Later(ctx), tx, "c"), put(db.Later(ctx), tx, "d"))
		}, 1},
		{"one that must, and one that nothing waits for", func(tx *ent.Tx) error {
			return errors.Join(known.Exec(ctx, tx, func(err error) error { return err }, "a"), put(db.Later(ctx), tx, "g"))
		}, 1},
		{"a read, and one that nothing waits for", func(tx *ent.Tx) error {
			if all, err := numbers(ctx, tx, counting, 3); err != nil || len(all) != 3 {
				t.Error(all, err)
			}
			return put(db.Later(ctx), tx, "e")
		}, 2},
		{"one that ent asks, after one that nothing waits for", func(tx *ent.Tx) error {
			if err := put(db.Later(ctx), tx, "f"); err != nil {
				return err
			}
			if n, err := tx.Budget.Query().Count(ctx); err != nil || n != 7 {
				t.Error(n, err)
			}
			return nil
		}, 3},
	} {
		p.clientSent()
		if err := db.InTx0(ctx, d.Client, c.run); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := waits(t, p.clientSent()); got != c.want {
			t.Errorf("%s: waited %d times, not %d", c.name, got, c.want)
		}
	}
	if n := d.Client.Budget.Query().CountX(ctx); n != 7 {
		t.Errorf("%d rows", n)
	}
}

// A statement that nothing waits for fails the transaction where it is sent, and
// nothing of the transaction stays.
func TestLaterFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		d.Client.Budget.Create().SetID("taken").SetFullAt(1).ExecX(ctx)
		again := func(tx *ent.Tx) error {
			if _, err := tx.ExecContext(ctx, "INSERT INTO budgets (id, full_at) VALUES ($1, $2)", "fresh", 1); err != nil {
				t.Error(err)
			}
			_, err := tx.ExecContext(db.Later(ctx), "INSERT INTO budgets (id, full_at) VALUES ($1, $2)", "taken", 1)
			return err
		}
		for name, after := range map[string]func(*ent.Tx) error{
			"at the commit": func(*ent.Tx) error { return nil },
			"at the next statement": func(tx *ent.Tx) error {
				_, err := numbers(ctx, tx, "SELECT full_at FROM budgets WHERE id = $1", "x")
				return err
			},
			"at the next one of ent's": func(tx *ent.Tx) error { _, err := tx.Budget.Query().Count(ctx); return err },
			"at the next that is later": func(tx *ent.Tx) error {
				_, err := tx.ExecContext(db.Later(ctx), "DELETE FROM budgets WHERE id = $1", "x")
				return err
			},
		} {
			runs := 0
			err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
				runs++
				if err := again(tx); err != nil {
					return err // on SQLite at once
				}
				return after(tx)
			})
			if !db.IsUnique(err) || runs != 1 {
				t.Errorf("%s: %v after %d runs", name, err, runs)
			}
			if n := d.Client.Budget.Query().CountX(ctx); n != 1 {
				t.Errorf("%s: %d rows stayed", name, n)
			}
		}
	})
}

// A transaction that is given up leaves nothing and its connection fit for the next.
func TestGivenUp(t *testing.T) {
	d, _ := single(t)
	ctx := t.Context()
	mistake := errors.New("mistake")
	for name, run := range map[string]func(*ent.Tx) error{
		"before anything was sent": func(tx *ent.Tx) error {
			_, err := tx.ExecContext(db.Later(ctx), "INSERT INTO budgets (id, full_at) VALUES ($1, $2)", "x", 1)
			return errors.Join(err, mistake)
		},
		"after a statement": func(tx *ent.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO budgets (id, full_at) VALUES ($1, $2)", "x", 1)
			return errors.Join(err, mistake)
		},
		"after one that failed": func(tx *ent.Tx) error {
			_, err := numbers(ctx, tx, "SELECT 1 / $1::int", 0)
			if err == nil {
				t.Error("divided by zero")
			}
			return mistake
		},
		"after one of ent's that failed": func(tx *ent.Tx) error {
			tx.Budget.Create().SetID("y").SetFullAt(1).ExecX(ctx)
			if err := tx.Budget.Create().SetID("y").SetFullAt(1).Exec(ctx); !db.IsUnique(err) {
				t.Error(err)
			}
			return mistake
		},
	} {
		if err := db.InTx0(ctx, d.Client, run); !errors.Is(err, mistake) {
			t.Errorf("%s: %v", name, err)
		}
		if n := d.Client.Budget.Query().CountX(ctx); n != 0 {
			t.Errorf("%s: %d rows", name, n)
		}
		if all, err := numbers(ctx, d.Client, counting, 2); err != nil || !slices.Equal(all, []int{1, 2}) {
			t.Errorf("%s: then %v, %v", name, all, err)
		}
	}
}

// A statement that fails, or whose rows do not fit, or whose reader gives up with a
// panic, leaves nothing for the next one to read.
func TestAnswersDoNotMix(t *testing.T) {
	d, _ := single(t)
	ctx := t.Context()
	for name, run := range map[string]func(){
		"a row that does not fit": func() {
			var n int
			if err := db.Read(ctx, d.Client, "SELECT CASE i WHEN 3 THEN 'three' ELSE CAST(i AS text) END FROM generate_series(1, $1::int) i", []any{5000},
				[]column.Place{column.Number(&n)}, func() {}); err == nil {
				t.Error("three is a number")
			}
		},
		"too many columns": func() {
			var n int
			if err := db.Read(ctx, d.Client, "SELECT i, i FROM generate_series(1, $1::int) i", []any{5000}, []column.Place{column.Number(&n)}, func() {}); err == nil {
				t.Error("two columns went into one place")
			}
		},
		"an error after rows": func() {
			if _, err := numbers(ctx, d.Client, "SELECT 1 / (i - 4000) FROM generate_series(1, $1::int) i", 5000); err == nil {
				t.Error("divided by zero")
			}
		},
		"a statement that is none": func() {
			if _, err := numbers(ctx, d.Client, "SELEKT $1", 1); err == nil {
				t.Error("it is one")
			}
		},
		"a panic": func() {
			defer func() { recover() }()
			var n int
			db.Read(ctx, d.Client, counting, []any{5000}, []column.Place{column.Number(&n)}, func() {
				if n == 3 {
					panic("enough")
				}
			})
		},
	} {
		for range 3 { // unprepared, prepared, and known to be
			run()
			if all, err := numbers(ctx, d.Client, "SELECT i + 100 FROM generate_series(1, $1::int) i", 2); err != nil || !slices.Equal(all, []int{101, 102}) {
				t.Fatalf("after %s: %v, %v", name, all, err)
			}
			if n, err := d.Client.Budget.Query().Count(ctx); err != nil || n != 0 {
				t.Fatalf("after %s ent counts %d, %v", name, n, err)
			}
		}
	}
}

// What the server says by itself, between and within answers, disturbs neither way of
// reading them.
func TestUnaskedMessages(t *testing.T) {
	d, other := single(t)
	ctx := t.Context()
	exec(t, d, `CREATE OR REPLACE FUNCTION pg_temp.chatter(n int) RETURNS int LANGUAGE plpgsql AS $$ BEGIN
		PERFORM set_config('application_name', 'chatter ' || n, false); RAISE WARNING 'number %', n; RETURN n; END $$`)
	for i := range 20 {
		if all, err := numbers(ctx, d.Client, "SELECT pg_temp.chatter($1::int)", i); err != nil || !slices.Equal(all, []int{i}) {
			t.Fatal(all, err)
		}
		var n int
		if err := d.Writer().QueryRow("SELECT pg_temp.chatter($1::int)", i).Scan(&n); err != nil || n != i {
			t.Fatal(n, err)
		}
		if i%5 == 0 {
			// The server tells everybody of a setting that it has read anew.
			exec(t, other, "SELECT pg_reload_conf()")
		}
	}
}

// A deadline stops a statement that is read into places, on the server too.
func TestDeadlineOnReading(t *testing.T) {
	d := dbtest.Postgres(t)
	other := dbtest.Reopen(t, d)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := numbers(ctx, d.Client, "SELECT 1 FROM pg_sleep($1)", 30)
	if took := time.Since(start); !errors.Is(err, context.DeadlineExceeded) || took > tooLate {
		t.Errorf("%v after %v", err, took)
	}
	var n int
	if err := other.Writer().QueryRow("SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d still sleep, %v", n, err)
	}
	if all, err := numbers(t.Context(), d.Client, counting, 2); err != nil || len(all) != 2 {
		t.Errorf("then %v, %v", all, err)
	}
}

// A server that has gone away meanwhile costs a read nothing but another connection.
func TestServerWentAway(t *testing.T) {
	d := dbtest.Postgres(t)
	other := dbtest.Reopen(t, d)
	for range 3 {
		if _, err := numbers(t.Context(), d.Client, counting, 2); err != nil {
			t.Fatal(err)
		}
		exec(t, other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		if all, err := numbers(t.Context(), d.Client, counting, 2); err != nil || len(all) != 2 {
			t.Errorf("%v, %v", all, err)
		}
	}
}

// A statement that is kept prepared and no longer fits, or is gone, is prepared anew.
func TestStaleRead(t *testing.T) {
	for _, change := range []string{"ALTER TABLE stale_read ALTER COLUMN n TYPE bigint", "DEALLOCATE ALL"} {
		for _, where := range []string{"alone", "in a transaction"} {
			t.Run(change+", "+where, func(t *testing.T) {
				d, other := single(t)
				ctx := t.Context()
				exec(t, other, "DROP TABLE IF EXISTS stale_read")
				exec(t, other, "CREATE TABLE stale_read (n int)")
				t.Cleanup(func() { other.Writer().Exec("DROP TABLE stale_read") })
				exec(t, other, "INSERT INTO stale_read VALUES (7)")
				read := func(q db.Queryer) ([]int, error) { return numbers(ctx, q, "SELECT * FROM stale_read WHERE n > $1", 0) }
				for range 3 {
					if _, err := read(d.Client); err != nil {
						t.Fatal(err)
					}
				}
				exec(t, d, change)
				var all []int
				var err error
				if where == "alone" {
					all, err = read(d.Client)
				} else {
					all, err = db.InTx(ctx, d.Client, func(tx *ent.Tx) ([]int, error) { return read(tx) })
				}
				if err != nil || !slices.Equal(all, []int{7}) {
					t.Errorf("%v, %v", all, err)
				}
			})
		}
	}
}
