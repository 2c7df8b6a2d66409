package db_test

import (
	"errors"
	"fmt"
	"net"
	"testing"

	"tenantry/ent"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// What has to touch so many rows does, or nothing of the transaction stays, wherever
// the statement travels; and whoever asked says what that means.
func TestMust(t *testing.T) {
	put := db.MustWrite("INSERT INTO budgets (id, full_at) SELECT $1, 1 WHERE $2 = 'yes'", 1)
	mark := db.MustWrite("UPDATE budgets SET full_at = $1 WHERE id LIKE 'known%'", 2)
	have := db.MustLock("SELECT id FROM budgets WHERE id LIKE $1", 2)
	run := func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for _, id := range []string{"known 1", "known 2", "other"} {
			d.Client.Budget.Create().SetID(id).SetFullAt(1).ExecX(ctx)
		}
		refused := errors.New("refused")
		explain := func(err error) error {
			if errors.Is(err, db.ErrRows) || db.IsUnique(err) {
				return fmt.Errorf("%w: %w", refused, err)
			}
			return err
		}
		for _, c := range []struct {
			name string
			run  func(*ent.Tx) error
			want error
		}{
			{"written", func(tx *ent.Tx) error { return put.Exec(ctx, tx, explain, "new", "yes") }, nil},
			{"not written", func(tx *ent.Tx) error { return put.Exec(ctx, tx, explain, "newer", "no") }, db.ErrRows},
			{"as many", func(tx *ent.Tx) error { return mark.Exec(ctx, tx, explain, 2) }, nil},
			{"there", func(tx *ent.Tx) error { return have.Exec(ctx, tx, explain, "known%") }, nil},
			{"fewer", func(tx *ent.Tx) error { return have.Exec(ctx, tx, explain, "other") }, db.ErrRows},
			{"more", func(tx *ent.Tx) error { return have.Exec(ctx, tx, explain, "%") }, db.ErrRows},
			{"in the way", func(tx *ent.Tx) error { return put.Exec(ctx, tx, explain, "other", "yes") }, refused},
		} {
			for then, next := range map[string]func(*ent.Tx) error{
				"the commit": func(*ent.Tx) error { return nil },
				"one that is read": func(tx *ent.Tx) error {
					_, err := numbers(ctx, tx, "SELECT full_at FROM budgets WHERE id = $1", "x")
					return err
				},
				"one of ent's":      func(tx *ent.Tx) error { _, err := tx.Budget.Query().Count(ctx); return err },
				"another that must": func(tx *ent.Tx) error { return mark.Exec(ctx, tx, explain, 3) },
				"one that may later": func(tx *ent.Tx) error {
					_, err := tx.ExecContext(db.Later(ctx), "DELETE FROM budgets WHERE id = $1", "x")
					return err
				},
			} {
				runs := 0
				err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
					runs++
					if _, err := tx.ExecContext(ctx, "INSERT INTO budgets (id, full_at) VALUES ($1, 1)", "beside"); err != nil {
						return err
					}
					if err := c.run(tx); err != nil {
						return err
					}
					return next(tx)
				})
				if !errors.Is(err, c.want) || c.want != nil && !errors.Is(err, refused) || runs != 1 {
					t.Errorf("%s, then %s: %v after %d runs, want %v", c.name, then, err, runs, c.want)
				}
				stayed := d.Client.Budget.Query().CountX(ctx) > 3
				if stayed != (c.want == nil) {
					t.Errorf("%s, then %s: it is %t that something stayed", c.name, then, stayed)
				}
				exec(t, d, "DELETE FROM budgets WHERE id IN ('new', 'newer', 'beside')")
			}
		}
	}
	dbtest.Each(t, run)
	t.Run("behind a pooler", func(t *testing.T) { // where lib/pq runs everything
		config := dbtest.ConfigOf(dbtest.Postgres(t))
		config.Pooler, config.DirectURL = true, config.URL
		d, err := db.Open(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		run(t, d)
	})
}

// ErrAgain starts the transaction over, and nothing of the first try stays.
func TestMustAgain(t *testing.T) {
	put := db.MustWrite("INSERT INTO budgets (id, full_at) SELECT $1, 1 WHERE $2 = 'yes'", 1)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx, runs := t.Context(), 0
		err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
			runs++
			if _, err := tx.ExecContext(ctx, "INSERT INTO budgets (id, full_at) VALUES ($1, 1)", fmt.Sprint("run ", runs)); err != nil {
				return err
			}
			yes := map[bool]string{true: "yes", false: "no"}[runs == 3]
			return put.Exec(ctx, tx, func(error) error { return db.ErrAgain }, "put", yes)
		})
		if err != nil || runs != 3 {
			t.Errorf("%v after %d runs, want 3", err, runs)
		}
		if got := d.Client.Budget.Query().Order(ent.Asc("id")).IDsX(ctx); len(got) != 2 || got[0] != "put" || got[1] != "run 3" {
			t.Errorf("%q stayed", got)
		}
	})
}

// A transaction that travels whole runs again if its connection turns out to be gone
// before anything was sent.
func TestWholeOnAConnectionThatIsGone(t *testing.T) {
	p := newProxy(t, dbtest.Postgres(t))
	p.config.MaxConns = 1
	d := p.open(t)
	ctx, runs := t.Context(), 0
	put := func(tx *ent.Tx) error {
		runs++
		_, err := tx.ExecContext(db.Later(ctx), "INSERT INTO budgets (id, full_at) VALUES ($1, 1)", fmt.Sprint("run ", runs))
		return err
	}
	if err := db.InTx0(ctx, d.Client, put); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	for i := 0; i < len(p.conns); i += 2 {
		if err := p.conns[i].(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	p.mu.Unlock()
	if err := db.InTx0(ctx, d.Client, put); err != nil || runs != 3 {
		t.Errorf("%v after %d runs, want 3", err, runs)
	}
	if n := d.Client.Budget.Query().CountX(ctx); n != 2 {
		t.Errorf("%d rows, want 2", n)
	}
}
