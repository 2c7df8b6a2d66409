package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"
)

// migrations are the files of each dialect, with the sums that show an edit.
//
//go:embed migrations
var migrations embed.FS

// revisionTable remembers which files have been applied.
const revisionTable = "schema_migrations"

// migrationLock is the key of PostgreSQL's advisory lock that lets one server at
// a time migrate. Any number would do; it is never changed.
const migrationLock = 7281936401

// Migrate applies the migrations that the database has not seen, each in a
// transaction of its own, and returns how many. Servers that start together
// take turns, and all but one find nothing to do. It refuses a database that has
// been migrated by a newer version, and files that differ from those that were
// applied.
func (d *DB) Migrate(ctx context.Context) (applied int, err error) {
	files, err := fs.Sub(migrations, "migrations/"+folder(d.dialect))
	if err != nil {
		return 0, err
	}
	all, err := readMigrations(files)
	if err != nil {
		return 0, err
	}
	return d.migrate(ctx, all)
}

// folder is where the files of a dialect are.
func folder(dialect string) string {
	if dialect == SQLite {
		return "sqlite"
	}
	return dialect
}

// migration is a file of statements, VERSION_DESCRIPTION.sql.
type migration struct {
	file, version, description string
	statements                 string
	// hash is over this file and all before it, as atlas counts it.
	hash string
}

// readMigrations reads the files in their order, and compares them with
// atlas.sum, which internal/db/plan writes.
func readMigrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	var all []migration
	sum := sha256.New()
	for _, name := range names { // sorted
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		sum.Write([]byte(name))
		sum.Write(text)
		version, description, _ := strings.Cut(strings.TrimSuffix(name, ".sql"), "_")
		all = append(all, migration{name, version, description, string(text), base64.StdEncoding.EncodeToString(sum.Sum(nil))})
	}
	sums, err := fs.ReadFile(files, "atlas.sum")
	if err != nil && (len(all) > 0 || !errors.Is(err, fs.ErrNotExist)) {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return all, unaltered(all, string(sums))
}

// unaltered returns an error if a file was edited, added or removed since its
// line of atlas.sum was written. The first line is a sum of the others.
func unaltered(all []migration, sums string) error {
	lines := strings.Split(strings.TrimSpace(sums), "\n")[1:]
	for i := range max(len(lines), len(all)) {
		file, how := "", "edited"
		switch {
		case i >= len(lines):
			file, how = all[i].file, "added"
		case i < len(all) && lines[i] == all[i].file+" h1:"+all[i].hash:
			continue
		default:
			file, _, _ = strings.Cut(lines[i], " ")
			if !slices.ContainsFunc(all, func(m migration) bool { return m.file == file }) {
				how = "removed"
			} else if i < len(all) && all[i].file != file {
				file, how = all[i].file, "added"
			}
		}
		return fmt.Errorf("migration %s was %s since atlas.sum was written: migrations are never changed, put the difference into a new one", file, how)
	}
	return nil
}

func (d *DB) migrate(ctx context.Context, all []migration) (applied int, err error) {
	// An ordinary start finds nothing to do and takes no lock.
	if next, err := pending(ctx, d.writer, d.dialect, all); err != nil || len(next) == 0 {
		return 0, err
	}
	pool := d.writer
	if d.dialect == Postgres {
		// Building an index may take its time.
		c := d.config
		c.Pooler, c.IOTimeout, c.StatementTimeout, c.LockTimeout, c.IdleInTransactionTimeout = false, 0, 0, 0, 0
		k, err := postgresConnector(c, d.directURL)
		if err != nil {
			return 0, err
		}
		pool = sql.OpenDB(k)
		defer func() { err = errors.Join(err, pool.Close()) }()
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if d.dialect == SQLite {
		// A table that is rebuilt loses its children otherwise, and within a
		// transaction the pragma does nothing.
		if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
			return 0, err
		}
		defer func() {
			_, on := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = ON")
			err = errors.Join(err, on)
		}()
	}
	for {
		done, err := step(ctx, conn, d.dialect, all)
		if err != nil || done {
			return applied, err
		}
		applied++
	}
}

// querier is a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// pending returns the files that have not been applied, and refuses what Migrate
// refuses.
func pending(ctx context.Context, q querier, dialect string, all []migration) ([]migration, error) {
	exists := "SELECT name, '', '' FROM sqlite_master WHERE type = 'table' AND name = '" + revisionTable + "'"
	if dialect == Postgres {
		exists = "SELECT tablename, '', '' FROM pg_tables WHERE schemaname = current_schema() AND tablename = '" + revisionTable + "'"
	}
	if tables, err := read(ctx, q, exists); err != nil || len(tables) == 0 {
		return all, err
	}
	applied, err := read(ctx, q, "SELECT version, description, hash FROM "+revisionTable+" ORDER BY version")
	if err != nil {
		return nil, err
	}
	left := slices.Clone(all)
	for _, was := range applied {
		i := slices.IndexFunc(left, func(m migration) bool { return m.version == was.version })
		if i < 0 {
			return nil, fmt.Errorf("the database has migration %s_%s, which this version does not know: it was migrated by a newer one; start that, or restore a backup from before it", was.version, was.description)
		}
		if left[i].hash != was.hash {
			return nil, fmt.Errorf("migration %s is not what was applied to this database: it was edited afterwards; restore it and put the difference into a new migration", left[i].file)
		}
		left = slices.Delete(left, i, i+1)
	}
	return left, nil
}

// read reads what is known of migrations that were applied.
func read(ctx context.Context, q querier, query string) (found []migration, err error) {
	rows, err := q.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var m migration
		if err := rows.Scan(&m.version, &m.description, &m.hash); err != nil {
			return nil, err
		}
		found = append(found, m)
	}
	return found, rows.Err()
}

// step applies one file that has not been applied. The transaction begins with
// the lock between servers: PostgreSQL's advisory one, or SQLite's own, which
// _txlock takes.
func step(ctx context.Context, conn *sql.Conn, dialect string, all []migration) (done bool, err error) {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	insert := "INSERT INTO " + revisionTable + " (version, description, hash, applied_at) VALUES (?, ?, ?, ?)"
	if dialect == Postgres {
		insert = "INSERT INTO " + revisionTable + " (version, description, hash, applied_at) VALUES ($1, $2, $3, $4)"
		// Held by the transaction, it cannot leak, whatever happens to the
		// connection.
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", migrationLock)); err != nil {
			return false, err
		}
	}
	if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+revisionTable+
		" (version varchar(255) PRIMARY KEY, description varchar(255) NOT NULL,"+
		" hash varchar(255) NOT NULL, applied_at varchar(255) NOT NULL)"); err != nil {
		return false, err
	}
	next, err := pending(ctx, tx, dialect, all)
	if err != nil || len(next) == 0 {
		return err == nil, err
	}
	m := next[0]
	// Both drivers run a text without arguments statement by statement.
	if _, err := tx.ExecContext(ctx, m.statements); err != nil {
		return false, fmt.Errorf("migrate: %s: %w", m.file, err)
	}
	if _, err := tx.ExecContext(ctx, insert, m.version, m.description, m.hash, time.Now().UTC().Format(time.RFC3339)); err != nil {
		return false, err
	}
	if dialect == SQLite {
		if err := checkForeignKeys(ctx, tx); err != nil {
			return false, err
		}
	}
	return false, tx.Commit()
}

func checkForeignKeys(ctx context.Context, tx *sql.Tx) error {
	var table string
	var row, parent, key any
	switch err := tx.QueryRowContext(ctx, "PRAGMA foreign_key_check").Scan(&table, &row, &parent, &key); {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return err
	}
	return fmt.Errorf("migrate: a row of %s would refer to a row of %v that is not there", table, parent)
}
