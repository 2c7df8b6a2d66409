package db

import (
	"context"
	"log/slog"
	"time"

	"github.com/lib/pq"
)

// Notify wakes whoever listens on the channel, in this process and in others. On SQLite,
// which has one process, nobody does. It is a statement of its own: inside a
// transaction that writes, it would make all of them commit one after the other.
func (d *DB) Notify(ctx context.Context, channel string) error {
	if d.dialect != Postgres {
		return nil
	}
	_, err := d.writer.ExecContext(ctx, "NOTIFY "+pq.QuoteIdentifier(channel))
	return err
}

// Listen calls heard for what Notify sends on the channel, and whenever something may
// have been missed, until ctx ends. It reaches PostgreSQL by the direct URL and connects
// again as often as it has to; on SQLite it waits for the end. What is sent while it has no
// connection is heard late, so nobody depends on it alone.
func (d *DB) Listen(ctx context.Context, channel string, heard func()) {
	if d.dialect != Postgres {
		<-ctx.Done()
		return
	}
	down := false // told once, however often it is tried
	l := pq.NewListener(d.directURL, 100*time.Millisecond, time.Second, func(what pq.ListenerEventType, err error) {
		switch was := down; {
		case what == pq.ListenerEventConnected || what == pq.ListenerEventReconnected:
			if down = false; was {
				slog.InfoContext(ctx, "other processes are heard again")
			}
		case ctx.Err() == nil:
			if down = true; !was {
				slog.WarnContext(ctx, "the connection by which other processes are heard is lost; it is tried again", "err", err)
			}
		}
	})
	context.AfterFunc(ctx, func() { _ = l.Close() }) // ends what follows
	if err := l.Listen(channel); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "nothing is heard of other processes but now and then", "err", err)
	}
	heard() // what was sent before it listened
	for range l.Notify {
		heard()
	}
}
