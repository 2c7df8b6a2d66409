// Package db opens SQLite or PostgreSQL, migrates it, and runs transactions.
package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect"

	"tenantry/ent"
)

// The dialects that DB.Dialect returns.
const (
	SQLite   = dialect.SQLite
	Postgres = dialect.Postgres
)

// Config says which database to open and how. Its zero value with a Path is a
// good SQLite database.
type Config struct {
	// URL is postgres://… or postgresql://… for PostgreSQL, a file path for
	// SQLite, or empty for SQLite at Path. A PostgreSQL URL may carry any
	// parameter of libpq and any run-time parameter of the server; those it
	// carries win over what is set here. Without an sslmode the connection is
	// plain on loopback and on a Unix socket, and "require" (encrypted, the
	// server's certificate not verified) everywhere else.
	URL string
	// DirectURL reaches the same PostgreSQL past a transaction pooler, for
	// migrations and LISTEN. Empty means that URL is direct.
	DirectURL string
	// Path is the data file of SQLite if URL is empty. It is created with mode
	// 0600 in a directory with mode 0700.
	Path string
	// Pooler says that URL leads to a transaction pooler such as PgBouncer:
	// nothing is then kept on a connection between transactions, every statement
	// runs inside an explicit one, and the three timeouts below are the pooler's
	// to set. DirectURL is needed as well.
	Pooler bool
	// MaxConns bounds the connections of PostgreSQL (16 if zero) or the readers
	// of SQLite (4 if zero), which always has one writer.
	MaxConns int
	// IOTimeout bounds every wait for PostgreSQL's side of a connection, so that
	// a network that has fallen silent is noticed: 15 s if zero. A context that
	// ends first shortens it.
	IOTimeout time.Duration
	// StatementTimeout, LockTimeout and IdleInTransactionTimeout are the limits
	// of the same names that PostgreSQL enforces itself: 12 s, 5 s and 15 s if
	// zero.
	StatementTimeout         time.Duration
	LockTimeout              time.Duration
	IdleInTransactionTimeout time.Duration
}

func (c Config) withDefaults() Config {
	c.IOTimeout = cmp.Or(c.IOTimeout, 15*time.Second)
	c.StatementTimeout = cmp.Or(c.StatementTimeout, 12*time.Second)
	c.LockTimeout = cmp.Or(c.LockTimeout, 5*time.Second)
	c.IdleInTransactionTimeout = cmp.Or(c.IdleInTransactionTimeout, 15*time.Second)
	return c
}

// isPostgres reports whether the address is a PostgreSQL URL.
func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	// Client is how everything but this package reads and writes.
	Client *ent.Client

	config    Config
	dialect   string
	together  bool
	directURL string
	writer    *sql.DB
	reader    *sql.DB
}

// Open opens the database and proves that it answers. It changes nothing in a
// database that exists and does not migrate; see Migrate. The caller closes it.
func Open(ctx context.Context, c Config) (*DB, error) {
	c = c.withDefaults()
	if isPostgres(c.URL) {
		return openPostgres(ctx, c)
	}
	if strings.Contains(c.URL, "://") {
		scheme, _, _ := strings.Cut(c.URL, "://")
		return nil, fmt.Errorf("a database URL begins with postgres:// or is the path of an SQLite file, not %s://", scheme)
	}
	c.Path = cmp.Or(c.URL, c.Path)
	if c.Path == "" {
		return nil, errors.New("neither a database URL nor the path of an SQLite file is given")
	}
	return openSQLite(ctx, c)
}

// Dialect returns SQLite or Postgres.
func (d *DB) Dialect() string { return d.dialect }

// Together reports whether statements that ReadAll is given travel together: on
// PostgreSQL over a wire that is not encrypted.
func (d *DB) Together() bool { return d.together }

// ForUpdate returns a SELECT that also locks the rows that it reads. SQLite has one
// writer, and its transactions hold the lock from their first statement.
func (d *DB) ForUpdate(text string) string { return d.locking(text, " FOR UPDATE") }

// SkipLocked is ForUpdate that leaves out rows which another transaction has locked.
func (d *DB) SkipLocked(text string) string { return d.locking(text, " FOR UPDATE SKIP LOCKED") }

func (d *DB) locking(text, how string) string {
	if d.dialect == Postgres {
		return text + how
	}
	return text
}

// Writer returns the pool that may write, for what ent cannot say. On SQLite it
// has one connection, so a transaction held open there stops every other write.
func (d *DB) Writer() *sql.DB { return d.writer }

// DirectURL returns the URL that reaches PostgreSQL itself rather than a pooler,
// with its sslmode pinned, for a listener. It is empty on SQLite, and holds the
// password if the configured one does.
func (d *DB) DirectURL() string { return d.directURL }

// Ping reports whether the database answers, reads and writes alike.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.writer.PingContext(ctx); err != nil {
		return err
	}
	return d.reader.PingContext(ctx)
}

// Close closes every connection, waiting for statements under way.
func (d *DB) Close() error {
	if d.reader == d.writer {
		return d.writer.Close()
	}
	return errors.Join(d.reader.Close(), d.writer.Close())
}
