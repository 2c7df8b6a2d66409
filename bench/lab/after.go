package lab

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
)

// Work is what the server has done after it had answered: events handed on and
// sealed, mails sent.
type Work struct{ Handled, Sealed, Sent, Waiting int }

// Done is how many steps that were.
func (w Work) Done() int { return w.Handled + w.Sealed + w.Sent }

const workSQL = `SELECT (SELECT count(*) FROM events WHERE handled), (SELECT count(*) FROM events WHERE seq IS NOT NULL),
	(SELECT count(*) FROM deliveries WHERE state <> 'QUEUED'),
	(SELECT count(*) FROM events WHERE NOT handled OR seq IS NULL) + (SELECT count(*) FROM deliveries WHERE state = 'QUEUED')`

// After reads the work of a target on PostgreSQL.
func After(ctx context.Context, c *pgx.Conn) (w Work, err error) {
	err = c.QueryRow(ctx, workSQL).Scan(&w.Handled, &w.Sealed, &w.Sent, &w.Waiting)
	return w, err
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
