package db_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lib/pq"

	"tenantry/ent"
	"tenantry/ent/budget"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

func TestInTx(t *testing.T) {
	refused := errors.New("refused")
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		add := func(tx *ent.Tx, id string) { tx.Budget.Create().SetID(id).SetFullAt(1).SaveX(ctx) }
		n, err := db.InTx(ctx, d.Client, func(tx *ent.Tx) (int, error) {
			add(tx, "committed")
			return 42, nil
		})
		if n != 42 || err != nil {
			t.Errorf("got %d, %v", n, err)
		}
		if err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
			add(tx, "refused")
			return refused
		}); err != refused {
			t.Errorf("got %v, want the error of the function", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
				add(tx, "panicked")
				panic("oh")
			})
		}()
		if got := d.Client.Budget.Query().IDsX(ctx); len(got) != 1 || got[0] != "committed" {
			t.Errorf("the table holds %v, want only what was committed", got)
		}
	})
}

// What runs again, and how often.
func TestInTxRunsAgain(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		want int // runs
	}{
		{"serialization failure", &pq.Error{Code: "40001"}, 10},
		{"deadlock", &pq.Error{Code: "40P01"}, 10},
		{"wrapped", fmt.Errorf("lock the account: %w", &pq.Error{Code: "40P01"}), 10},
		{"connection lost before the commit", driver.ErrBadConn, 10},
		{"statement discarded", &pq.Error{Code: "26000"}, 10},
		{"plan out of date", &pq.Error{Code: "0A000", Routine: "RevalidateCachedQuery"}, 10},
		{"not supported", &pq.Error{Code: "0A000"}, 1},
		{"unique violation", &pq.Error{Code: "23505"}, 1},
		{"lock timeout", &pq.Error{Code: "55P03"}, 1},
		{"refusal", errors.New("no"), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := dbtest.SQLite(t)
				runs := 0
				err := db.InTx0(t.Context(), d.Client, func(*ent.Tx) error {
					runs++
					return c.err
				})
				if err != c.err || runs != c.want {
					t.Errorf("got %v after %d runs, want %d", err, runs, c.want)
				}
			})
		})
	}
}

// A commit runs the function again only if the database says that it did not
// happen and would succeed later.
func TestCommitRefused(t *testing.T) {
	for _, c := range []struct {
		name, code string
		want       int // runs
	}{
		{"serialization failure", "40001", 3},
		{"deferred unique constraint", "23505", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := dbtest.Postgres(t)
			ctx := t.Context()
			exec(t, d, "CREATE SEQUENCE commit_lab")
			exec(t, d, `CREATE FUNCTION commit_lab() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				IF nextval('commit_lab') < 3 THEN RAISE EXCEPTION 'not yet' USING ERRCODE = '`+c.code+`'; END IF; RETURN NULL; END $$`)
			exec(t, d, `CREATE CONSTRAINT TRIGGER commit_lab AFTER INSERT ON budgets DEFERRABLE INITIALLY DEFERRED
				FOR EACH ROW EXECUTE FUNCTION commit_lab()`)
			t.Cleanup(func() {
				exec(t, d, "DROP FUNCTION commit_lab CASCADE")
				exec(t, d, "DROP SEQUENCE commit_lab")
			})
			runs := 0
			err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
				runs++
				return tx.Budget.Create().SetID("b").SetFullAt(1).Exec(ctx)
			})
			rows := d.Client.Budget.Query().CountX(ctx)
			if runs != c.want || (err == nil) != (rows == 1) || (err == nil) != (runs == 3) {
				t.Errorf("%d runs, %d rows, %v; want %d runs", runs, rows, err, c.want)
			}
		})
	}
}

func TestInTxEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := dbtest.SQLite(t)
		ctx, cancel := context.WithCancel(t.Context())
		runs := 0
		err := db.InTx0(ctx, d.Client, func(*ent.Tx) error {
			if runs++; runs == 3 {
				cancel()
			}
			return &pq.Error{Code: "40001"}
		})
		if err == nil || runs != 3 {
			t.Errorf("got %v after %d runs, want an error after 3", err, runs)
		}
	})
}

// Nothing is lost when transactions get in each other's way, since each starts
// over with a new look at what is there.
func TestNoLostIncrements(t *testing.T) {
	const each, workers = 25, 8
	for _, c := range []struct {
		name string
		open func(testing.TB) *db.DB
		// fn adds one to both counters, in an order that depends on i, and waits after
		// the first look.
		fn func(ctx context.Context, tx *ent.Tx, i int, wait func()) error
	}{
		{"sqlite", dbtest.SQLite, func(ctx context.Context, tx *ent.Tx, i int, wait func()) error {
			return incrementBoth(ctx, tx, i, false, wait)
		}},
		{"deadlocks", dbtest.Postgres, func(ctx context.Context, tx *ent.Tx, i int, wait func()) error {
			return incrementBoth(ctx, tx, i, true, wait)
		}},
		{"serialization failures", dbtest.Postgres, func(ctx context.Context, tx *ent.Tx, i int, wait func()) error {
			if _, err := tx.ExecContext(ctx, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"); err != nil {
				return err
			}
			return incrementBoth(ctx, tx, 0, false, wait)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := c.open(t)
			handles := []*db.DB{d, dbtest.Reopen(t, d)}
			ctx := t.Context()
			for _, id := range []string{"a", "b"} {
				d.Client.Budget.Create().SetID(id).SetFullAt(0).SaveX(ctx)
			}
			var done, runs atomic.Int64
			var wg, met, first sync.WaitGroup
			met.Add(2)
			first.Add(2)
			for w := range workers {
				wg.Go(func() {
					// The first and the last begin, and get in each other's way for sure: each
					// has had its first look before either goes on. SQLite lets nobody look
					// beside a writer.
					begins := c.name != "sqlite" && (w == 0 || w == workers-1)
					if c.name != "sqlite" && !begins {
						first.Wait()
					}
					meet, release := func() {}, func() {}
					if begins {
						arrive := sync.OnceFunc(met.Done)
						release = sync.OnceFunc(first.Done)
						meet = func() { arrive(); met.Wait() }
						defer release()
						defer arrive()
					}
					for range each {
						// A transaction that always loses is started once more: how
						// often InTx tries is not the question here.
						for err := error(&pq.Error{}); err != nil; {
							err = db.InTx0(ctx, handles[w%2].Client, func(tx *ent.Tx) error {
								runs.Add(1)
								return c.fn(ctx, tx, w/(workers-1), meet) // one against the others
							})
							if err != nil && !db.IsSerialization(err) {
								t.Error(err)
								return
							}
						}
						done.Add(1)
						release()
					}
				})
			}
			wg.Wait()
			for _, id := range []string{"a", "b"} {
				if got := d.Client.Budget.GetX(ctx, id).FullAt; got != each*workers {
					t.Errorf("%s is %d after %d increments", id, got, each*workers)
				}
			}
			t.Logf("%d transactions in %d runs", done.Load(), runs.Load())
			// SQLite takes the lock of writers with BEGIN, so nobody gets in anybody's
			// way; on PostgreSQL the test would prove nothing if nobody did.
			if (runs.Load() == done.Load()) != (c.name == "sqlite") {
				t.Errorf("%d transactions took %d runs", done.Load(), runs.Load())
			}
		})
	}
}

func incrementBoth(ctx context.Context, tx *ent.Tx, i int, lock bool, wait func()) error {
	ids := []string{"a", "b"}
	for k := range ids {
		q := tx.Budget.Query()
		if lock {
			q.ForUpdate()
		}
		b, err := q.Where(budget.ID(ids[(i+k)%2])).Only(ctx)
		if err != nil {
			return err
		}
		wait()
		if err := tx.Budget.UpdateOne(b).SetFullAt(b.FullAt + 1).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func TestIsUnique(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		user := func(email string) error {
			return d.Client.User.Create().SetEmail(email).SetEmailKey(email).SetName("A").SetSearch("a").
				SetPasswordChangedAt(time.Now()).Exec(ctx)
		}
		if err := errors.Join(user("a@example.com"), d.Client.Budget.Create().SetID("b").SetFullAt(1).Exec(ctx)); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			err  error
			want bool
		}{
			{"unique index", user("a@example.com"), true},
			{"primary key", d.Client.Budget.Create().SetID("b").SetFullAt(1).Exec(ctx), true},
			{"wrapped", fmt.Errorf("add: %w", user("a@example.com")), true},
			{"foreign key", d.Client.Account.Create().SetName("A").SetSearch("a").SetOwnerID("nobody").Exec(ctx), false},
			{"nothing", nil, false},
			{"a text that says so", errors.New("UNIQUE constraint failed"), false},
		} {
			if got := db.IsUnique(c.err); got != c.want {
				t.Errorf("%s: IsUnique(%v) = %v", c.name, c.err, got)
			}
		}
	})
}
