package lab

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the driver of the embedded database

	"tenantry/bench/data"
)

// Key names a data set in a schema: another migration, scale or generation is
// another key.
func Key(root string, scale float64) (string, error) {
	h := sha256.New()
	err := filepath.WalkDir(filepath.Join(root, "internal/db/migrations"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		fmt.Fprintf(h, "%s %d\n%s", e.Name(), len(b), b)
		return err
	})
	fmt.Fprintf(h, "%d %g", data.Generation, scale)
	return prefix(scale) + hex.EncodeToString(h.Sum(nil))[:12], err
}

func prefix(scale float64) string {
	return "bench_" + strings.ReplaceAll(fmt.Sprint(scale), ".", "_") + "_"
}

// Template makes the database of a key, unless it is there: the schema by the
// server's own migrations, the rows by COPY. Those of the same scale under other
// keys are dropped.
func (p *Postgres) Template(ctx context.Context, key, server string, s *data.Set, say func(string, ...any)) error {
	c, err := p.Connect(ctx, "postgres")
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	rows, err := c.Query(ctx, "SELECT datname FROM pg_database WHERE datname LIKE 'bench\\_%'")
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	there := false
	for _, n := range names {
		if n == key {
			there = true
		} else if n == "bench_loading" || strings.HasPrefix(n, prefix(s.Scale)) {
			if _, err := c.Exec(ctx, "DROP DATABASE "+n); err != nil {
				return err
			}
		}
	}
	if there {
		return nil
	}
	say("loading PostgreSQL")
	if _, err := c.Exec(ctx, "CREATE DATABASE bench_loading"); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, server, "migrate", "--database-url", p.URL("bench_loading")).CombinedOutput(); err != nil {
		return fmt.Errorf("migrate: %w\n%s", err, out)
	}
	if err := p.fill(ctx, "bench_loading", s); err != nil {
		return err
	}
	_, err = c.Exec(ctx, "ALTER DATABASE bench_loading RENAME TO "+key)
	return err
}

func (p *Postgres) fill(ctx context.Context, database string, s *data.Set) error {
	c, err := p.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	// The rows are right by construction, and the answers are checked: no trigger
	// need look at each foreign key.
	if _, err := c.Exec(ctx, "SET session_replication_role = replica"); err != nil {
		return err
	}
	for _, t := range s.Tables() {
		next, stop := iter.Pull(t.Rows)
		_, err := c.CopyFrom(ctx, pgx.Identifier{t.Name}, t.Columns, pgx.CopyFromFunc(func() ([]any, error) {
			row, _ := next()
			return row, nil
		}))
		stop()
		if err != nil {
			return fmt.Errorf("fill %s: %w", t.Name, err)
		}
	}
	_, err = c.Exec(ctx, "VACUUM (ANALYZE, FREEZE)")
	return err
}

// Clone makes a database of a template, in memory as far as it fits.
func (p *Postgres) Clone(ctx context.Context, template, name string) error {
	if err := p.Do(ctx, "postgres", "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)", "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY FILE_COPY"); err != nil {
		return err
	}
	// Without the extension the first requests read what they need.
	_ = p.Do(ctx, name, "CREATE EXTENSION pg_prewarm",
		"SELECT count(pg_prewarm(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'i')")
	return p.Do(ctx, "postgres", "CHECKPOINT")
}

// SQLite makes the data file of a key in the directory, unless it is there, and
// returns its path.
func SQLite(ctx context.Context, dir, key, server string, s *data.Set, say func(string, ...any)) (path string, err error) {
	path = filepath.Join(dir, key+".db")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	old, err := filepath.Glob(filepath.Join(dir, prefix(s.Scale)+"*"))
	if err != nil {
		return "", err
	}
	for _, o := range old {
		if err := os.Remove(o); err != nil {
			return "", err
		}
	}
	say("loading SQLite")
	tmp := filepath.Join(dir, "loading")
	if err := os.RemoveAll(tmp); err != nil {
		return "", err
	}
	if out, err := exec.CommandContext(ctx, server, "migrate", "--data-dir", tmp).CombinedOutput(); err != nil {
		return "", fmt.Errorf("migrate: %w\n%s", err, out)
	}
	file := filepath.Join(tmp, "tenantry.db")
	if err := fillSQLite(ctx, file, s); err != nil {
		return "", err
	}
	return path, os.Rename(file, path)
}

func fillSQLite(ctx context.Context, path string, s *data.Set) (err error) {
	d, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)&_pragma=foreign_keys(0)&_pragma=cache_size(-200000)&_time_format=sqlite&_timezone=UTC")
	if err != nil {
		return err
	}
	d.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, d.Close()) }()
	tx, err := d.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for _, t := range s.Tables() {
		if err := insert(ctx, tx, t); err != nil {
			return fmt.Errorf("fill %s: %w", t.Name, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = d.ExecContext(ctx, "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// insert writes the rows a hundred at a time.
func insert(ctx context.Context, tx *sql.Tx, t data.Table) error {
	one := "(" + strings.Repeat("?,", len(t.Columns)-1) + "?)"
	head := "INSERT INTO " + t.Name + " (" + strings.Join(t.Columns, ",") + ") VALUES "
	const most = 100
	full, err := tx.PrepareContext(ctx, head+strings.Repeat(one+",", most-1)+one)
	if err != nil {
		return err
	}
	defer full.Close()
	var args []any
	for row := range t.Rows {
		if args = append(args, row...); len(args) == most*len(t.Columns) {
			if _, err := full.ExecContext(ctx, args...); err != nil {
				return err
			}
			args = args[:0]
		}
	}
	if n := len(args) / len(t.Columns); n > 0 {
		_, err = tx.ExecContext(ctx, head+strings.Repeat(one+",", n-1)+one, args...)
	}
	return err
}

// Copy copies a file.
func Copy(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	_, err = io.Copy(out, in)
	return err
}
