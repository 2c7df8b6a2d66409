package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"time"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
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
	dir, err := migrationDir(migrations, d.dialect)
	if err != nil {
		return 0, err
	}
	return d.migrate(ctx, dir)
}

// migrationDir copies a dialect's files into the form atlas reads, and compares
// them with their sums.
func migrationDir(files fs.FS, dialect string) (*migrate.MemDir, error) {
	sub, err := fs.Sub(files, "migrations/"+folder(dialect))
	if err != nil {
		return nil, err
	}
	return readDir(sub)
}

// folder is where the files of a dialect are.
func folder(dialect string) string {
	if dialect == SQLite {
		return "sqlite"
	}
	return dialect
}

func readDir(files fs.FS) (*migrate.MemDir, error) {
	dir := new(migrate.MemDir)
	entries, err := fs.ReadDir(files, ".")
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		b, err := fs.ReadFile(files, e.Name())
		if err != nil {
			return nil, err
		}
		if err := dir.WriteFile(e.Name(), b); err != nil {
			return nil, err
		}
	}
	if err := migrate.Validate(dir); err != nil {
		if sum, ok := errors.AsType[*migrate.ChecksumError](err); ok {
			return nil, fmt.Errorf("migration %s was %s since atlas.sum was written: migrations are never changed, put the difference into a new one", sum.File, sum.Reason)
		}
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return dir, nil
}

func (d *DB) migrate(ctx context.Context, dir migrate.Dir) (applied int, err error) {
	// An ordinary start finds nothing to do and takes no lock.
	if done, err := upToDate(ctx, d.writer, d.dialect, dir); err != nil || done {
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
		done, err := step(ctx, conn, d.dialect, dir)
		if err != nil || done {
			return applied, err
		}
		applied++
	}
}

// upToDate reports whether every file has been applied, and refuses what Migrate
// refuses.
func upToDate(ctx context.Context, q schema.ExecQuerier, dialect string, dir migrate.Dir) (bool, error) {
	exists := "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '" + revisionTable + "'"
	if dialect == Postgres {
		exists = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tablename = '" + revisionTable + "'"
	}
	var n int
	rows, err := q.QueryContext(ctx, exists)
	if err != nil {
		return false, err
	}
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return false, errors.Join(err, rows.Close())
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || n == 0 {
		return false, err
	}
	done, err := (&revisions{q, dialect}).ReadRevisions(ctx)
	if err != nil {
		return false, err
	}
	return compare(done, dir)
}

// compare reports whether the revisions are all the files there are.
func compare(done []*migrate.Revision, dir migrate.Dir) (same bool, err error) {
	files, err := dir.Files()
	if err != nil {
		return false, err
	}
	sums, err := dir.Checksum()
	if err != nil {
		return false, err
	}
	for _, r := range done {
		i := slices.IndexFunc(files, func(f migrate.File) bool { return f.Version() == r.Version })
		if i < 0 {
			return false, fmt.Errorf("the database has migration %s_%s, which this version does not know: it was migrated by a newer one; start that, or restore a backup from before it", r.Version, r.Description)
		}
		sum, err := sums.SumByName(files[i].Name())
		if err != nil {
			return false, err
		}
		if sum != r.Hash {
			return false, fmt.Errorf("migration %s is not what was applied to this database: it was edited afterwards; restore it and put the difference into a new migration", files[i].Name())
		}
	}
	return len(done) == len(files), nil
}

// step applies one file that has not been applied. The transaction begins with
// the lock between servers: PostgreSQL's advisory one, or SQLite's own, which
// _txlock takes.
func step(ctx context.Context, conn *sql.Conn, dialect string, dir migrate.Dir) (done bool, err error) {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return false, err
	}
	defer func() { _ = tx.Rollback() }()
	var drv migrate.Driver
	if dialect == Postgres {
		// Held by the transaction, it cannot leak, whatever happens to the
		// connection.
		if _, err := tx.ExecContext(ctx, fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", migrationLock)); err != nil {
			return false, err
		}
		drv, err = postgres.Open(tx)
	} else {
		drv, err = sqlite.Open(tx)
	}
	if err != nil {
		return false, err
	}
	if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS "+revisionTable+
		" (version varchar(255) PRIMARY KEY, description varchar(255) NOT NULL,"+
		" hash varchar(255) NOT NULL, applied_at varchar(255) NOT NULL)"); err != nil {
		return false, err
	}
	if done, err := upToDate(ctx, tx, dialect, dir); err != nil || done {
		return done, err
	}
	// The table of revisions is there already, so the database is never clean.
	x, err := migrate.NewExecutor(drv, dir, &revisions{tx, dialect}, migrate.WithAllowDirty(true))
	if err != nil {
		return false, err
	}
	if err := x.ExecuteN(ctx, 1); err != nil {
		return false, fmt.Errorf("migrate: %w", err)
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

// revisions is where atlas finds and puts what has been applied.
type revisions struct {
	schema.ExecQuerier
	dialect string
}

func (r *revisions) Ident() *migrate.TableIdent { return &migrate.TableIdent{Name: revisionTable} }

// arg is the placeholder of argument i.
func (r *revisions) arg(i int) string {
	if r.dialect == Postgres {
		return fmt.Sprintf("$%d", i)
	}
	return "?"
}

func (r *revisions) read(ctx context.Context, where string, args ...any) (found []*migrate.Revision, err error) {
	rows, err := r.QueryContext(ctx, "SELECT version, description, hash FROM "+revisionTable+where+" ORDER BY version", args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v := new(migrate.Revision)
		if err := rows.Scan(&v.Version, &v.Description, &v.Hash); err != nil {
			return nil, err
		}
		found = append(found, v)
	}
	return found, rows.Err()
}

func (r *revisions) ReadRevisions(ctx context.Context) ([]*migrate.Revision, error) {
	return r.read(ctx, "")
}

func (r *revisions) ReadRevision(ctx context.Context, version string) (*migrate.Revision, error) {
	found, err := r.read(ctx, " WHERE version = "+r.arg(1), version)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, migrate.ErrRevisionNotExist
	}
	return found[0], nil
}

// WriteRevision is called before and after each statement of a file. What it
// would say of a file half done is of no use: there is none, for a file is one
// transaction.
func (r *revisions) WriteRevision(ctx context.Context, v *migrate.Revision) error {
	_, err := r.ExecContext(ctx, "INSERT INTO "+revisionTable+" (version, description, hash, applied_at)"+
		" VALUES ("+r.arg(1)+", "+r.arg(2)+", "+r.arg(3)+", "+r.arg(4)+") ON CONFLICT (version) DO NOTHING",
		v.Version, v.Description, v.Hash, v.ExecutedAt.UTC().Format(time.RFC3339))
	return err
}

func (r *revisions) DeleteRevision(ctx context.Context, version string) error {
	_, err := r.ExecContext(ctx, "DELETE FROM "+revisionTable+" WHERE version = "+r.arg(1), version)
	return err
}
