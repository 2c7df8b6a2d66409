package db_test

import (
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"ariga.io/atlas/sql/migrate"

	"tenantry/ent"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// empty runs fn on an SQLite file and on a PostgreSQL database without tables;
// open returns another handle each time.
func empty(t *testing.T, fn func(t *testing.T, open func() *db.DB)) {
	run := func(name string, config func(*testing.T) db.Config) {
		t.Run(name, func(t *testing.T) {
			c := config(t)
			fn(t, func() *db.DB {
				d, err := db.Open(t.Context(), c)
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { d.Close() })
				return d
			})
		})
	}
	run("sqlite", func(t *testing.T) db.Config { return db.Config{Path: filepath.Join(t.TempDir(), "t.db")} })
	run("postgres", func(t *testing.T) db.Config { return db.Config{URL: dbtest.EmptyPostgres(t)} })
}

// Servers that start together on an empty database migrate it once.
func TestServersMigrateOnce(t *testing.T) {
	empty(t, func(t *testing.T, open func() *db.DB) {
		const servers = 5
		var handles []*db.DB
		for range servers {
			handles = append(handles, open())
		}
		folder := map[string]string{db.SQLite: "sqlite", db.Postgres: "postgres"}[handles[0].Dialect()]
		files, err := fs.Glob(db.Migrations, "migrations/"+folder+"/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatal("no migrations", err)
		}
		var applied atomic.Int64
		start := make(chan struct{})
		var wg sync.WaitGroup
		for _, d := range handles {
			wg.Go(func() {
				<-start
				n, err := d.Migrate(t.Context())
				applied.Add(int64(n))
				if err != nil {
					t.Error(err)
				}
			})
		}
		close(start)
		wg.Wait()
		if got := applied.Load(); got != int64(len(files)) {
			t.Errorf("%d files were applied by all together, want %d", got, len(files))
		}
		if n := handles[0].Client.User.Query().CountX(t.Context()); n != 0 {
			t.Errorf("%d users", n)
		}
		if n, err := open().Migrate(t.Context()); n != 0 || err != nil {
			t.Errorf("once more: %d, %v", n, err)
		}
	})
}

// sealed returns files with their sums, as atlas writes them.
func sealed(t *testing.T, files map[string]string) fstest.MapFS {
	t.Helper()
	var dir migrate.MemDir
	for name, text := range files {
		if err := dir.WriteFile(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	sum, err := dir.Checksum()
	if err != nil {
		t.Fatal(err)
	}
	b, err := sum.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	m := fstest.MapFS{"atlas.sum": {Data: b}}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func with(m fstest.MapFS, name string) fstest.MapFS {
	m[name] = &fstest.MapFile{Data: []byte("SELECT 1;")}
	return m
}

func without(m fstest.MapFS, name string) fstest.MapFS {
	delete(m, name)
	return m
}

const (
	first  = "CREATE TABLE parents (id int PRIMARY KEY);\nCREATE TABLE children (id int PRIMARY KEY, parent int NOT NULL REFERENCES parents (id) ON DELETE CASCADE);"
	second = "CREATE TABLE more (id int PRIMARY KEY);"
)

func TestMigrateRefuses(t *testing.T) {
	two := map[string]string{"1_first.sql": first, "2_second.sql": second}
	three := map[string]string{"1_first.sql": first, "2_second.sql": second, "3_third.sql": "SELECT 1;"}
	edited := sealed(t, two)
	edited["2_second.sql"] = &fstest.MapFile{Data: []byte(second + "\n-- later")}
	for _, c := range []struct {
		name  string
		files fs.FS
		want  string
	}{
		{"a database of a newer version", sealed(t, map[string]string{"1_first.sql": first}), "newer"},
		{"an edited file that was applied", sealed(t, map[string]string{"1_first.sql": first + "\n-- later", "2_second.sql": second}), "edited afterwards"},
		{"a file that was edited under its sum", edited, "2_second.sql was edited"},
		{"a file that was removed", without(sealed(t, three), "2_second.sql"), "2_second.sql was removed"},
		{"a file that was put between", with(sealed(t, two), "1_more.sql"), "1_more.sql was added"},
		{"a file that was put behind", with(sealed(t, two), "3_third.sql"), "3_third.sql was added"},
		{"a statement that fails", sealed(t, map[string]string{"1_first.sql": first, "2_second.sql": second, "3_third.sql": "CREATE TABLE half (id int);\nCREATE TABLE more (id int);"}), "more"},
	} {
		t.Run(c.name, func(t *testing.T) {
			empty(t, func(t *testing.T, open func() *db.DB) {
				d := open()
				if n, err := d.MigrateFrom(t.Context(), sealed(t, two)); n != 2 || err != nil {
					t.Fatal(n, err)
				}
				n, err := d.MigrateFrom(t.Context(), c.files)
				if n != 0 || err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%d files applied, and %v, want a word of %q", n, err, c.want)
				}
				if _, err := d.Writer().Exec("SELECT * FROM half"); err == nil {
					t.Error("half of a file was applied")
				}
				// Whatever happened, the rules hold again.
				if _, err := d.Writer().Exec("INSERT INTO children VALUES (1, 99)"); err == nil {
					t.Error("foreign keys are off")
				}
			})
		})
	}
}

// SQLite changes a table by making a new one, and drops the old one with a
// cascade to its children unless foreign keys are off.
func TestRebuildKeepsChildren(t *testing.T) {
	const rebuild = "CREATE TABLE new_parents (id int PRIMARY KEY, name text);\n" +
		"INSERT INTO new_parents (id) SELECT id FROM parents;\n" +
		"DROP TABLE parents;\nALTER TABLE new_parents RENAME TO parents;"
	const orphan = "DELETE FROM parents WHERE id = 1;"
	d, err := db.Open(t.Context(), db.Config{URL: filepath.Join(t.TempDir(), "t.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	files := map[string]string{"1_first.sql": first}
	if _, err := d.MigrateFrom(t.Context(), sealed(t, files)); err != nil {
		t.Fatal(err)
	}
	exec(t, d, "INSERT INTO parents VALUES (1)")
	exec(t, d, "INSERT INTO children VALUES (1, 1)")
	files["2_rebuild.sql"] = rebuild
	if _, err := d.MigrateFrom(t.Context(), sealed(t, files)); err != nil {
		t.Fatal(err)
	}
	files["3_orphan.sql"] = orphan
	if _, err := d.MigrateFrom(t.Context(), sealed(t, files)); err == nil || !strings.Contains(err.Error(), "children") {
		t.Errorf("got %v, want that children refer to nothing", err)
	}
	var n int
	if err := d.Writer().QueryRow("SELECT count(*) FROM children JOIN parents ON parents.id = parent").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d children, %v, want 1", n, err)
	}
}

// Text sorts alike on both databases: by bytes, whatever the server's locale.
func TestTextSortsByBytes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		for _, id := range []string{"b", "B", "_a", "ä", "a", "A1", "a-"} {
			d.Client.Budget.Create().SetID(id).SetFullAt(1).SaveX(ctx)
		}
		got := strings.Join(d.Client.Budget.Query().Order(ent.Asc("id")).IDsX(ctx), " ")
		if want := "A1 B _a a a- b ä"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if d.Dialect() == db.SQLite {
			return
		}
		rows, err := d.Writer().Query(`SELECT table_name || '.' || column_name FROM information_schema.columns
			WHERE table_schema = 'public' AND data_type IN ('text', 'character varying')
			AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'schema_migrations'`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var column string
			if err := rows.Scan(&column); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s does not sort by bytes", column)
		}
	})
}
