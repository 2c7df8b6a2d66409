package db

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"modernc.org/sqlite"

	"tenantry/ent"
)

// cachedStatements is how many prepared statements a connection keeps.
const cachedStatements = 256

// openSQLite opens one connection that writes and several that read. Two writers
// would only wait for each other, and by SQLite's busy handler, which is not
// fair; a queue of one connection is.
func openSQLite(ctx context.Context, c Config) (_ *DB, err error) {
	if err := createFile(c.Path); err != nil {
		return nil, fmt.Errorf("open the data file: %w", err)
	}
	d := &DB{config: c, dialect: SQLite}
	defer func() {
		if err != nil {
			err = fmt.Errorf("open %s: %w", c.Path, err)
			for _, pool := range []*sql.DB{d.reader, d.writer} {
				if pool != nil {
					err = errors.Join(err, pool.Close())
				}
			}
		}
	}()
	if d.writer, err = sqlitePool(sqliteDSN(c.Path, false), 1); err != nil {
		return nil, err
	}
	// The first connection turns WAL on, which readers may not.
	if err := d.writer.PingContext(ctx); err != nil {
		return nil, err
	}
	if d.reader, err = sqlitePool(sqliteDSN(c.Path, true), cmp.Or(c.MaxConns, 4)); err != nil {
		return nil, err
	}
	if err := d.reader.PingContext(ctx); err != nil {
		return nil, err
	}
	d.Client = ent.NewClient(ent.Driver(&split{
		writer: entsql.OpenDB(dialect.SQLite, d.writer),
		reader: entsql.OpenDB(dialect.SQLite, d.reader),
	}))
	return d, nil
}

// createFile makes an empty file that only its owner can read, unless there is
// one. SQLite gives its journals the same mode.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// sqliteDSN returns what modernc's driver wants to hear. Commits are synced
// before they are acknowledged; instants are written in UTC, so that they sort.
func sqliteDSN(path string, reader bool) string {
	q := url.Values{
		"_pragma": {
			"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
			"cache_size(-2048)", "temp_store(MEMORY)",
		},
		"_time_format": {"sqlite"},
		"_timezone":    {"UTC"},
		"_txlock":      {"immediate"},
	}
	if reader {
		q.Add("_pragma", "query_only(1)")
		q.Set("_txlock", "deferred")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func sqlitePool(dsn string, conns int) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(&connector{
		dial: func(ctx context.Context) (driver.Conn, *line, error) {
			inner, err := c.Connect(ctx)
			return inner, nil, err
		},
		cache:    cachedStatements,
		manyRows: true,
	})
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return pool, nil
}

// split sends a SELECT outside a transaction to the readers and everything else
// to the writer.
type split struct{ writer, reader *entsql.Driver }

func (s *split) Dialect() string { return s.writer.Dialect() }

func (s *split) Close() error { return errors.Join(s.reader.Close(), s.writer.Close()) }

// pick also takes WITH for a read: one that writes is refused by the readers'
// query_only, loudly.
func (s *split) pick(query string) *entsql.Driver {
	if strings.HasPrefix(query, "SELECT") || strings.HasPrefix(query, "WITH ") {
		return s.reader
	}
	return s.writer
}

func (s *split) Exec(ctx context.Context, query string, args, v any) error {
	return s.writer.Exec(ctx, query, args, v)
}

func (s *split) Query(ctx context.Context, query string, args, v any) error {
	return s.pick(query).Query(ctx, query, args, v)
}

func (s *split) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if sinkOf(ctx) != nil {
		return s.pick(query).ExecContext(ctx, query, args...)
	}
	return s.writer.ExecContext(ctx, query, args...)
}

func (s *split) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return s.pick(query).QueryContext(ctx, query, args...)
}

func (s *split) Tx(ctx context.Context) (dialect.Tx, error) { return s.writer.Tx(ctx) }

func (s *split) BeginTx(ctx context.Context, o *entsql.TxOptions) (dialect.Tx, error) {
	if o != nil && o.ReadOnly {
		return s.reader.BeginTx(ctx, o)
	}
	return s.writer.BeginTx(ctx, o)
}
