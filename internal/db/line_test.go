package db_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// tooLate is far less than the 15 s of IOTimeout and more than a deadline and the
// second that may pass after it, so that a busy machine does not fail the test.
const tooLate = 5 * time.Second

// The network falls silent, and still nothing lasts much longer than its
// context. This cannot be told in fake time, which stands still during I/O.
func TestSilentNetwork(t *testing.T) {
	const query = "SELECT $1::int"
	base := dbtest.Postgres(t)
	for _, c := range []struct {
		name string
		// before runs while the network is there and returns what runs when it
		// no longer is.
		before func(context.Context, *testing.T, *db.DB) func(context.Context) error
	}{
		{"query", func(context.Context, *testing.T, *db.DB) func(context.Context) error {
			return nil
		}},
		{"prepared query", func(ctx context.Context, t *testing.T, d *db.DB) func(context.Context) error {
			for range 3 {
				if err := d.Writer().QueryRowContext(ctx, query, 1).Scan(new(int)); err != nil {
					t.Fatal(err)
				}
			}
			return nil
		}},
		{"exec", func(_ context.Context, _ *testing.T, d *db.DB) func(context.Context) error {
			return func(ctx context.Context) error {
				_, err := d.Writer().ExecContext(ctx, "SELECT 1")
				return err
			}
		}},
		{"ping", func(_ context.Context, _ *testing.T, d *db.DB) func(context.Context) error {
			return d.Ping
		}},
		{"begin", func(_ context.Context, _ *testing.T, d *db.DB) func(context.Context) error {
			return func(ctx context.Context) error {
				tx, err := d.Writer().BeginTx(ctx, nil)
				if err != nil {
					return err
				}
				defer tx.Rollback()
				return tx.QueryRowContext(ctx, query, 1).Scan(new(int))
			}
		}},
		{"statement of a transaction", func(_ context.Context, t *testing.T, d *db.DB) func(context.Context) error {
			tx, err := d.Writer().Begin()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { tx.Rollback() })
			return func(ctx context.Context) error { return tx.QueryRowContext(ctx, query, 1).Scan(new(int)) }
		}},
		{"read into places", func(_ context.Context, _ *testing.T, d *db.DB) func(context.Context) error {
			return func(ctx context.Context) error {
				return db.Read(ctx, d.Client, query, []any{1}, []column.Place{column.Number(new(int))}, func() {})
			}
		}},
		{"commit", func(ctx context.Context, t *testing.T, d *db.DB) func(context.Context) error {
			return func(ctx context.Context) error {
				return db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
					_, err := tx.ExecContext(db.Later(ctx), "UPDATE budgets SET full_at = $1", 1)
					return err
				})
			}
		}},
		{"connection", func(ctx context.Context, t *testing.T, d *db.DB) func(context.Context) error {
			only, err := d.Writer().Conn(ctx) // the one that is open already
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { only.Close() })
			return d.Ping
		}},
		{"rows", func(_ context.Context, t *testing.T, d *db.DB) func(context.Context) error {
			return func(ctx context.Context) error {
				rows, err := d.Writer().QueryContext(ctx, "SELECT generate_series(1, $1::int), repeat('x', 1000), pg_sleep(0.01)", 1_000_000)
				if err != nil {
					return err
				}
				defer rows.Close()
				for rows.Next() {
				}
				return rows.Err()
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newProxy(t, base)
			d := p.open(t)
			run := c.before(t.Context(), t, d)
			if run == nil {
				run = func(ctx context.Context) error {
					return d.Writer().QueryRowContext(ctx, query, 1).Scan(new(int))
				}
			}
			p.silence()
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			start := time.Now()
			err := run(ctx)
			took := time.Since(start)
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want the end of the deadline", err)
			}
			if took > tooLate {
				t.Errorf("it took %v with a deadline of 100ms", took)
			}
			t.Logf("%v after the start: %v", took.Round(time.Millisecond), err)
		})
	}
}

// A caller that leaves, rather than one whose time is up, is let go as soon.
func TestSilentNetworkCanceled(t *testing.T) {
	p := newProxy(t, dbtest.Postgres(t))
	d := p.open(t)
	p.silence()
	ctx, cancel := context.WithCancel(t.Context())
	cancelled := time.AfterFunc(50*time.Millisecond, cancel)
	defer cancelled.Stop()
	start := time.Now()
	_, err := d.Writer().ExecContext(ctx, "SELECT $1::int", 1)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a canceled context", err)
	}
	if took := time.Since(start); took > tooLate {
		t.Errorf("it took %v", took)
	}
}

// Without any deadline the network is given up after IOTimeout, and what comes
// next finds a new connection.
func TestIOTimeout(t *testing.T) {
	p := newProxy(t, dbtest.Postgres(t))
	p.config.IOTimeout = 200 * time.Millisecond
	d := p.open(t)
	p.silenceOpen()
	_, err := d.Writer().Exec("SELECT $1::int", 1)
	if n, ok := errors.AsType[net.Error](err); !ok || !n.Timeout() {
		t.Errorf("got %v, want a network timeout", err)
	}
	if err := d.Ping(t.Context()); err != nil {
		t.Errorf("after the silence: %v", err)
	}
}

// Where the network is well the server is asked to cancel, and the pool goes on.
func TestDeadlineOnSlowStatement(t *testing.T) {
	d := dbtest.Postgres(t)
	for _, query := range []string{"SELECT pg_sleep(30)", "SELECT pg_sleep($1)"} {
		for range 3 { // plain, then prepared
			ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
			var args []any
			if query == "SELECT pg_sleep($1)" {
				args = []any{30}
			}
			start := time.Now()
			_, err := d.Writer().ExecContext(ctx, query, args...)
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > tooLate {
				t.Errorf("%s: after %v: %v", query, time.Since(start), err)
			}
			var n int
			if err := d.Writer().QueryRow("SELECT 1 + $1::int", 1).Scan(&n); err != nil || n != 2 {
				t.Errorf("%s: the statement after it: %d, %v", query, n, err)
			}
		}
	}
	var left int
	if err := d.Writer().QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d statements still run on the server, %v", left, err)
	}
}

// A statement of a transaction ends with the transaction's context and with its own.
func TestDeadlineInTransaction(t *testing.T) {
	d := dbtest.Postgres(t)
	for _, own := range []bool{false, true} {
		for range 3 { // plain, then prepared
			whole, end := context.WithCancel(t.Context())
			part := whole
			if own {
				part, end = context.WithCancel(t.Context())
			}
			tx, err := d.Writer().BeginTx(whole, nil)
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			timer := time.AfterFunc(50*time.Millisecond, end)
			_, err = tx.ExecContext(part, "SELECT pg_sleep($1)", 30)
			timer.Stop()
			if !errors.Is(err, context.Canceled) || time.Since(start) > tooLate {
				t.Errorf("own context %v: after %v: %v", own, time.Since(start), err)
			}
			tx.Rollback()
			end()
		}
	}
}

// A connection on which a statement was canceled is as patient as before.
func TestAfterCancellation(t *testing.T) {
	d, _ := single(t)
	const query = "SELECT pg_backend_pid() FROM pg_sleep($1)"
	pid := func(ctx context.Context, sleep float64) (n int, err error) {
		err = d.Writer().QueryRowContext(ctx, query, sleep).Scan(&n)
		return n, err
	}
	var before int
	for range 3 { // what is prepared outlives its cancellation
		var err error
		if before, err = pid(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := pid(ctx, 30); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	after, err := pid(t.Context(), 0.9) // longer than the grace
	if err != nil || after != before {
		t.Errorf("after a cancellation: connection %d, %v, want %d as before", after, err, before)
	}
}

// The server has limits of its own, for a client that is gone without a word.
func TestServerLimits(t *testing.T) {
	d := dbtest.Postgres(t)
	for _, c := range []struct{ name, want string }{
		{"statement_timeout", "12s"},
		{"lock_timeout", "5s"},
		{"idle_in_transaction_session_timeout", "15s"},
		{"application_name", "tenantry"},
		{"timezone", "UTC"},
	} {
		var got string
		if err := d.Writer().QueryRow("SHOW " + c.name).Scan(&got); err != nil || got != c.want {
			t.Errorf("%s is %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}

// A commit that the network swallows may or may not have happened.
func TestUnknownCommitIsNotRepeated(t *testing.T) {
	p := newProxy(t, dbtest.Postgres(t))
	p.config.IOTimeout = 200 * time.Millisecond
	d := p.open(t)
	ctx := t.Context()
	runs := 0
	err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
		runs++
		err := tx.Budget.Create().SetID("b").SetFullAt(1).Exec(ctx)
		p.silenceOpen()
		return err
	})
	if err == nil || runs != 1 {
		t.Errorf("got %v after %d runs, want an error after one", err, runs)
	}
}

// A connection that breaks before the commit has changed nothing.
func TestLostConnectionStartsOver(t *testing.T) {
	d := dbtest.Postgres(t)
	other := dbtest.Reopen(t, d)
	ctx := t.Context()
	runs := 0
	err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error {
		if _, err := tx.Budget.Query().Count(ctx); err != nil {
			return err
		}
		if runs++; runs == 1 {
			exec(t, other, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'")
		}
		return tx.Budget.Create().SetID("b").SetFullAt(1).Exec(ctx)
	})
	if n := d.Client.Budget.Query().CountX(ctx); err != nil || runs != 2 || n != 1 {
		t.Errorf("%v after %d runs, %d rows; want one row after two runs", err, runs, n)
	}
}
