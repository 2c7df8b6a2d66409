// Package dbtest gives a test a database of its own, empty and migrated.
package dbtest

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"tenantry/internal/db"
)

// Each runs fn on SQLite and on PostgreSQL, as subtests sqlite and postgres.
func Each(t *testing.T, fn func(*testing.T, *db.DB)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// EachBubble is Each with fn in a bubble of testing/synctest, whose clock starts
// at 2000-01-01T00:00:00Z. Fake time stands still while a statement runs.
func EachBubble(t *testing.T, fn func(*testing.T, *db.DB)) {
	t.Run("sqlite", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { fn(t, SQLite(t)) })
	})
	t.Run("postgres", func(t *testing.T) {
		postgresURL(t) // a test that is skipped in a bubble seems to have passed
		synctest.Test(t, func(t *testing.T) { fn(t, Postgres(t)) })
	})
}

// SQLite returns a new database in a file of its own, closed with the test. In a
// bubble it is called inside.
func SQLite(t testing.TB) *db.DB {
	t.Helper()
	b, err := template()
	if err != nil {
		t.Fatalf("make a template database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "tenantry.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, db.Config{Path: path})
}

// template is a migrated data file, which is quicker to copy than to migrate.
var template = sync.OnceValues(func() (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "tenantry-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "tenantry.db")
	if err := migrate(db.Config{Path: path}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Reopen returns a second handle on the same database, closed with the test: what
// another server process would have.
func Reopen(t testing.TB, d *db.DB) *db.DB {
	t.Helper()
	return open(t, ConfigOf(d))
}

// ConfigOf returns what a database of this package was opened with.
func ConfigOf(d *db.DB) db.Config {
	c, _ := configs.Load(d)
	config, _ := c.(db.Config)
	return config
}

// configs is the db.Config of each *db.DB that is open.
var configs sync.Map

func open(t testing.TB, c db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	configs.Store(d, c)
	t.Cleanup(func() {
		configs.Delete(d)
		if err := d.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return d
}

func migrate(c db.Config) error {
	ctx := context.Background()
	d, err := db.Open(ctx, c)
	if err != nil {
		return err
	}
	if _, err := d.Migrate(ctx); err != nil {
		d.Close()
		return err
	}
	return d.Close()
}

// Dump returns every value of every table, one to a line as table.column=value,
// for tests that look for something that must not be there. Bytes appear as they
// are if they are text, and in hexadecimal as well.
func Dump(t testing.TB, d *db.DB) string {
	t.Helper()
	tables, err := tables(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, table := range tables {
		found, err := dumpTable(d, table)
		if err != nil {
			t.Fatalf("dump %s: %v", table, err)
		}
		lines = append(lines, found...)
	}
	return strings.Join(lines, "\n")
}

// tables returns the names of all tables but the one of migrations, sorted.
func tables(ctx context.Context, d *db.DB) (names []string, err error) {
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
	if d.Dialect() == db.Postgres {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	rows, err := d.Writer().QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if name != "schema_migrations" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, rows.Err()
}

func dumpTable(d *db.DB, table string) (lines []string, err error) {
	rows, err := d.Writer().Query("SELECT * FROM " + quote(table))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	values := make([]sql.RawBytes, len(columns))
	targets := make([]any, len(columns))
	for i := range values {
		targets[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		for i, v := range values {
			if v == nil {
				continue
			}
			text := string(v)
			if !utf8.ValidString(text) {
				text = ""
			}
			line := fmt.Sprintf("%s.%s=%s", table, columns[i], text)
			if text == "" && len(v) > 0 {
				line += `\x` + hex.EncodeToString(v)
			}
			lines = append(lines, line)
		}
	}
	return lines, rows.Err()
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
