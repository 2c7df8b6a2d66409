package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ariga.io/atlas/sql/migrate"

	"tenantry/internal/dbtest"
)

// seal writes the files with their sums into a folder.
func seal(t *testing.T, from *migrate.MemDir, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	to, err := migrate.NewLocalDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	files, err := from.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if err := to.WriteFile(f.Name(), f.Bytes()); err != nil {
			t.Fatal(err)
		}
	}
	sum, err := to.Checksum()
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate.WriteSumFile(to, sum); err != nil {
		t.Fatal(err)
	}
}

// The migrations lead to the schema.
func TestMigrationsAreComplete(t *testing.T) {
	if err := check(t.Context(), "../migrations", dbtest.EmptyPostgres(t)); err != nil {
		t.Error(err)
	}
}

func TestDiff(t *testing.T) {
	ctx := t.Context()
	dev := dbtest.EmptyPostgres(t)
	dir := t.TempDir()
	if err := check(ctx, dir, dev); err == nil {
		t.Error("no migrations at all pass the check")
	}
	written, err := diff(ctx, dir, "init", dev)
	if err != nil || len(written) != 2 {
		t.Fatal(written, err)
	}
	if err := check(ctx, dir, dev); err != nil {
		t.Error(err)
	}
	if again, err := diff(ctx, dir, "nothing", dev); err != nil || len(again) != 0 {
		t.Errorf("a second time it wrote %v, %v", again, err)
	}
	for _, c := range []struct{ name, folder, statement string }{
		{"a column that is missing", "sqlite", "ALTER TABLE `chains` DROP COLUMN `hash`;"},
		{"a text column that does not sort by bytes", "postgres", `ALTER TABLE "chains" ALTER COLUMN "hash" TYPE character varying COLLATE "default";`},
		{"an index that is missing", "postgres", `DROP INDEX "user_email_key";`},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "migrations")
			for _, f := range written {
				text, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				folder := filepath.Base(filepath.Dir(f))
				to := migrate.MemDir{}
				if err := to.WriteFile(filepath.Base(f), text); err != nil {
					t.Fatal(err)
				}
				if folder == c.folder {
					if err := to.WriteFile("99991231235959_by_hand.sql", []byte(c.statement)); err != nil {
						t.Fatal(err)
					}
				}
				seal(t, &to, filepath.Join(dir, folder))
			}
			if err := check(ctx, dir, dev); err == nil || !strings.Contains(err.Error(), "chains") && !strings.Contains(err.Error(), "user_email_key") {
				t.Errorf("the check says %v", err)
			}
		})
	}
}

// A planned migration is judged on a database of its own.
func TestDiffWantsAnEmptyDatabase(t *testing.T) {
	full := dbtest.ConfigOf(dbtest.Postgres(t)).URL
	if err := check(t.Context(), t.TempDir(), full); err == nil || !strings.Contains(err.Error(), "empty database") {
		t.Errorf("got %v, want that the database is not empty", err)
	}
}
