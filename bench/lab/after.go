package lab

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// Work is what the server has done after it had answered, and what it has still to
// do: events handed on and sealed, mails sent.
type Work struct{ Events, Mails, Waiting int }

const workSQL = `SELECT (SELECT count(*) FROM events WHERE handled AND seq IS NOT NULL), (SELECT count(*) FROM deliveries WHERE state <> 'QUEUED'),
	(SELECT count(*) FROM events WHERE NOT handled OR seq IS NULL) + (SELECT count(*) FROM deliveries WHERE state = 'QUEUED')`

// After reads the work of a target on PostgreSQL.
func After(ctx context.Context, c *pgx.Conn) (w Work, err error) {
	err = c.QueryRow(ctx, workSQL).Scan(&w.Events, &w.Mails, &w.Waiting)
	return w, err
}

// Waits reports whether anything is left to do, for less than After takes.
func Waits(ctx context.Context, c *pgx.Conn) (waits bool, err error) {
	err = c.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM events WHERE NOT handled OR seq IS NULL) OR EXISTS (SELECT 1 FROM deliveries WHERE state = 'QUEUED')`).Scan(&waits)
	return waits, err
}

// Repeat makes the newest events wait once more, as though they had just been
// recorded and nothing had been mailed for them. It returns how many events and mails
// are thereby to be done again.
func Repeat(ctx context.Context, c *pgx.Conn, events int) (e, m int, err error) {
	err = pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error {
		gone, err := tx.Exec(ctx, "DELETE FROM deliveries WHERE event_id IN (SELECT id FROM events ORDER BY id DESC LIMIT $1)", events)
		if err != nil {
			return err
		}
		again, err := tx.Exec(ctx, `UPDATE events SET handled = false, seq = NULL, hash = '' WHERE id IN (SELECT id FROM events ORDER BY id DESC LIMIT $1)`, events)
		e, m = int(again.RowsAffected()), int(gone.RowsAffected())
		return err
	})
	return e, m, err
}

// Resend makes the newest mails wait once more, and the newest event, which wakes who
// sends them. It returns as Repeat.
func Resend(ctx context.Context, c *pgx.Conn, mails int) (e, m int, err error) {
	again, err := c.Exec(ctx, `UPDATE deliveries SET state = 'QUEUED', attempts = 0, next_attempt_at = created_at, sent_at = NULL
		WHERE id IN (SELECT id FROM deliveries ORDER BY id DESC LIMIT $1)`, mails)
	if err != nil {
		return 0, 0, err
	}
	e, _, err = Repeat(ctx, c, 1)
	return e, int(again.RowsAffected()), err
}

// forget takes away what waits, so that it does not disturb what is measured
// next. What the server is busy with at this moment is tried again.
var forget = []string{"DELETE FROM events WHERE seq IS NULL OR NOT handled", "DELETE FROM deliveries WHERE state = 'QUEUED'"}

// Forget takes away what a target has still to do after its answers.
func (l *Lab) Forget(ctx context.Context, r *Running) error {
	if r.Hand {
		return nil
	}
	var run func(string) error
	if r.SQLite {
		d, err := sql.Open("sqlite", "file:"+filepath.Join(l.Dir, "run", r.Name, "tenantry.db")+"?_pragma=busy_timeout(20000)&_txlock=immediate")
		if err != nil {
			return err
		}
		defer d.Close()
		run = func(s string) error { _, err := d.ExecContext(ctx, s); return err }
	} else {
		c, err := l.Postgres.Connect(ctx, r.Database)
		if err != nil {
			return err
		}
		defer c.Close(ctx)
		run = func(s string) error { _, err := c.Exec(ctx, s); return err }
	}
	// The server may write one more between the two.
	for range 2 {
		for _, s := range forget {
			err := run(s)
			for try := 0; err != nil && try < 5; try++ {
				time.Sleep(100 * time.Millisecond)
				err = run(s)
			}
			if err != nil {
				return errors.Join(errors.New("forget what is left to do"), err)
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	return nil
}
