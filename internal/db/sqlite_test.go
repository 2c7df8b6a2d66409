package db_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// Only the owner can read the data, and the journals beside it.
func TestSQLiteFileIsPrivate(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	// What a URL has to escape.
	path := filepath.Join(dir, "a b?c#d%20.db")
	d, err := db.Open(t.Context(), db.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{dir: 0o700, path: 0o600, path + "-wal": 0o600} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", filepath.Base(name), got, want)
		}
	}
}

// A commit is on the disk before it is acknowledged. Part of Invariant 46.
func TestSQLiteWriter(t *testing.T) {
	d := dbtest.SQLite(t)
	for _, c := range []struct{ pragma, want string }{
		{"journal_mode", "wal"},
		{"synchronous", "2"}, // FULL
		{"foreign_keys", "1"},
		{"busy_timeout", "5000"},
		{"cache_size", "-2048"}, // KiB, for each of the connections
	} {
		var got string
		if err := d.Writer().QueryRow("PRAGMA " + c.pragma).Scan(&got); err != nil || got != c.want {
			t.Errorf("%s is %q, %v, want %s", c.pragma, got, err, c.want)
		}
	}
	if n := d.Writer().Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d connections may write, want 1", n)
	}
}

// Reads go on beside a transaction, and see what was committed before it.
func TestSQLiteReadsBesideAWriter(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx := t.Context()
	if err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
		tx.Budget.Create().SetID("a").SetFullAt(1).SaveX(ctx)
		if n := d.Client.Budget.Query().CountX(ctx); n != 0 {
			t.Errorf("%d rows are seen outside before the commit, want none", n)
		}
		rows, err := d.Client.QueryContext(ctx, "SELECT id FROM budgets")
		if err != nil {
			return err
		}
		defer rows.Close()
		if rows.Next() {
			t.Error("QueryContext saw a row before the commit")
		}
		return rows.Err()
	}); err != nil {
		t.Fatal(err)
	}
	if n := d.Client.Budget.Query().CountX(ctx); n != 1 {
		t.Errorf("%d rows after the commit, want 1", n)
	}
	if _, err := d.Client.ExecContext(ctx, "UPDATE budgets SET full_at = 2"); err != nil {
		t.Error(err)
	}
	rows, err := d.Client.QueryContext(ctx, "WITH x AS (SELECT 1) DELETE FROM budgets RETURNING id")
	if err == nil {
		for rows.Next() {
		}
		err = rows.Err()
		rows.Close()
	}
	if err == nil || d.Client.Budget.Query().CountX(ctx) != 1 {
		t.Errorf("a reader deleted: %v", err)
	}
}

// Many writers in two processes wait their turn; none is turned away.
func TestSQLiteManyWriters(t *testing.T) {
	d := dbtest.SQLite(t)
	handles := []*db.DB{d, dbtest.Reopen(t, d)}
	ctx := t.Context()
	const writers, each = 64, 5
	start := make(chan struct{})
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			<-start
			for i := range each {
				err := db.InTx0(ctx, handles[w%2].Client, func(tx *ent.Tx) error {
					return tx.Budget.Create().SetID(fmt.Sprint(w, "-", i)).SetFullAt(1).Exec(ctx)
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	close(start)
	wg.Wait()
	if n := d.Client.Budget.Query().CountX(ctx); n != writers*each {
		t.Errorf("%d rows, want %d", n, writers*each)
	}
}

// An instant reads back as the same instant in UTC, from whatever zone it came,
// and instants sort as they should although SQLite sorts text.
func TestInstants(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
		at := map[string]time.Time{
			"1": noon.In(time.FixedZone("east", 9*60*60)),
			"2": noon.Add(time.Microsecond).In(time.FixedZone("west", -9*60*60)),
			"3": noon.Add(10 * time.Microsecond),
			"4": noon.Add(time.Second),
		}
		for id, v := range at {
			d.Client.IdempotencyKey.Create().SetID(id).SetPayloadHash("h").SetCreatedAt(v).SaveX(ctx)
		}
		for i, row := range d.Client.IdempotencyKey.Query().Order(ent.Asc("created_at")).AllX(ctx) {
			if want := fmt.Sprint(i + 1); row.ID != want {
				t.Errorf("number %d in time is %s", i+1, row.ID)
			}
			if !row.CreatedAt.Equal(at[row.ID]) || row.CreatedAt.Format("-07:00") != "+00:00" {
				t.Errorf("%s reads back as %v, want %v", row.ID, row.CreatedAt, at[row.ID].UTC())
			}
		}
	})
}
