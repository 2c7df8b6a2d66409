// Command plan writes the migrations of both databases from the ent schema, and
// checks that they lead there. It is for developers, and the only part of the
// house that links atlas beyond its tests.
package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"ariga.io/atlas/sql/migrate"
	atlasschema "ariga.io/atlas/sql/schema"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"
	"github.com/spf13/pflag"

	tables "tenantry/ent/migrate"
	"tenantry/internal/db"
)

const usage = `Usage: plan --postgres=URL [flags] diff NAME | check

Migrations, from the ent schema. diff writes the one that is missing, and NAME says
what it does, such as add_contact_notes; check fails if one is missing.
`

func main() {
	dir := pflag.String("dir", "internal/db/migrations", "Where the migrations are.")
	postgres := pflag.String("postgres", "", "An EMPTY PostgreSQL database to work in; it is empty again afterwards.")
	pflag.Usage = func() { fmt.Fprintf(os.Stderr, "%s\nFlags:\n%s", usage, pflag.CommandLine.FlagUsages()) }
	pflag.Parse()
	if err := run(context.Background(), os.Stdout, *dir, *postgres, pflag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "plan:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, dir, postgresURL string, args []string) error {
	switch {
	case postgresURL == "":
		return errors.New("--postgres: give the URL of an empty database")
	case len(args) == 1 && args[0] == "check":
		if err := check(ctx, dir, postgresURL); err != nil {
			return err
		}
		_, err := fmt.Fprintln(out, "The schema and the migrations agree.")
		return err
	case len(args) == 2 && args[0] == "diff":
		written, err := diff(ctx, dir, args[1], postgresURL)
		for _, w := range written {
			fmt.Fprintln(out, w)
		}
		if err == nil && len(written) == 0 {
			fmt.Fprintln(out, "The schema and the migrations agree; nothing was written.")
		}
		return err
	}
	return errors.New("say diff NAME or check; --help says more")
}

// diff writes the migration that leads from the files in dir/sqlite and
// dir/postgres to the ent schema, as VERSION_NAME.sql in each, with its sum. It
// returns the files it wrote: none if the schema has not changed. The URL is
// that of an empty PostgreSQL database, which is empty again afterwards.
func diff(ctx context.Context, dir, name, postgresURL string) (written []string, err error) {
	plans, err := plan(ctx, dir, name, postgresURL)
	if err != nil {
		return nil, err
	}
	// Nothing is written before both are known to work.
	version := migrate.NewVersion()
	for _, p := range plans {
		if p.sql == nil {
			continue
		}
		file := version + "_" + name + ".sql"
		d, err := migrate.NewLocalDir(p.dir)
		if err != nil {
			return written, err
		}
		if err := d.WriteFile(file, p.sql); err != nil {
			return written, err
		}
		sum, err := d.Checksum()
		if err != nil {
			return written, err
		}
		if err := migrate.WriteSumFile(d, sum); err != nil {
			return written, err
		}
		written = append(written, filepath.Join(p.dir, file))
	}
	return written, nil
}

// check returns an error if the migrations in dir do not lead to the ent schema.
// The URL is that of an empty PostgreSQL database, as for diff.
func check(ctx context.Context, dir, postgresURL string) error {
	plans, err := plan(ctx, dir, "check", postgresURL)
	if err != nil {
		return err
	}
	for _, p := range plans {
		if p.sql != nil {
			return fmt.Errorf("the schema in ent/schema is not what the migrations in %s lead to: write one with go run ./internal/db/plan diff; it would say\n\n%s", p.dir, p.sql)
		}
	}
	return nil
}

// planned is what one dialect lacks; no SQL means nothing.
type planned struct {
	dir string
	sql []byte
}

// plan finds what both dialects lack.
func plan(ctx context.Context, dir, name, postgresURL string) (plans []planned, err error) {
	d, err := db.Open(ctx, db.Config{URL: postgresURL})
	if err != nil {
		return nil, err
	}
	postgresURL = d.DirectURL() // with its sslmode
	if err := d.Close(); err != nil {
		return nil, err
	}
	for _, p := range []struct{ dialect, folder, driver, dsn string }{
		{dialect.SQLite, "sqlite", "sqlite", "file:diff?mode=memory&cache=shared&_pragma=foreign_keys(1)"},
		{dialect.Postgres, "postgres", "postgres", postgresURL},
	} {
		path := filepath.Join(dir, p.folder)
		text, err := planOne(ctx, path, name, p.dialect, p.driver, p.dsn)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		plans = append(plans, planned{path, text})
	}
	return plans, nil
}

func planOne(ctx context.Context, path, name, dialectName, driver, dsn string) (_ []byte, err error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	dir, err := readDir(os.DirFS(path))
	if err != nil {
		return nil, err
	}
	before, err := dir.Files()
	if err != nil {
		return nil, err
	}
	pool, err := sql.Open(driver, dsn)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	options := []schema.MigrateOption{
		schema.WithDir(dir),
		schema.WithFormatter(migrate.DefaultFormatter),
		schema.WithMigrationMode(schema.ModeReplay),
		schema.WithDialect(dialectName),
		schema.WithDropColumn(true),
		schema.WithDropIndex(true),
		schema.WithErrNoPlan(true),
		schema.WithIndent("  "),
		schema.WithDiffHook(bytewise(dialectName)),
	}
	planner, err := schema.NewMigrate(entsql.OpenDB(dialectName, pool), options...)
	if err != nil {
		return nil, err
	}
	err = planner.NamedDiff(ctx, name, tables.Tables...)
	if errors.Is(err, migrate.ErrNoPlan) {
		return nil, nil
	}
	if dirty, ok := errors.AsType[*migrate.NotCleanError](err); ok {
		return nil, fmt.Errorf("migrations are planned on an empty database, and this one is not: %s", dirty.Reason)
	}
	if err != nil {
		return nil, err
	}
	after, err := dir.Files()
	if err != nil {
		return nil, err
	}
	for _, f := range after {
		if !slices.ContainsFunc(before, func(b migrate.File) bool { return b.Name() == f.Name() }) {
			return f.Bytes(), nil
		}
	}
	return nil, errors.New("atlas planned a migration and wrote none")
}

// readDir copies the files into memory, where atlas may add one, and compares
// them with their sums.
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
	return dir, migrate.Validate(dir)
}

// bytewise makes every text column of PostgreSQL COLLATE "C": text then sorts by
// its bytes, as on SQLite and in Go, and no update of the system's locales can
// put an index out of order. Neither ent nor atlas compares collations, so a
// column that has another is found here.
func bytewise(dialectName string) schema.DiffHook {
	return func(next schema.Differ) schema.Differ {
		return schema.DiffFunc(func(current, desired *atlasschema.Schema) ([]atlasschema.Change, error) {
			if dialectName == dialect.Postgres {
				for _, t := range desired.Tables {
					for _, c := range t.Columns {
						if _, text := c.Type.Type.(*atlasschema.StringType); text {
							c.SetCollation("C")
						}
					}
				}
			}
			changes, err := next.Diff(current, desired)
			if err != nil || dialectName != dialect.Postgres {
				return changes, err
			}
			for _, want := range desired.Tables {
				have, ok := current.Table(want.Name)
				if !ok {
					continue
				}
				if wrong := recollated(have, want); len(wrong) > 0 {
					changes = append(changes, &atlasschema.ModifyTable{T: want, Changes: wrong})
				}
			}
			return changes, nil
		})
	}
}

// recollated returns the changes to text columns of a table that do not sort by
// bytes.
func recollated(have, want *atlasschema.Table) (changes []atlasschema.Change) {
	for _, to := range want.Columns {
		from, ok := have.Column(to.Name)
		if !ok || collation(to) == collation(from) {
			continue
		}
		changes = append(changes, &atlasschema.ModifyColumn{From: from, To: to, Change: atlasschema.ChangeType})
	}
	return changes
}

func collation(c *atlasschema.Column) string {
	for _, a := range c.Attrs {
		if c, ok := a.(*atlasschema.Collation); ok {
			return strings.Trim(c.V, `"`)
		}
	}
	return ""
}
