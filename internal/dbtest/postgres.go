package dbtest

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/lib/pq"

	"tenantry/internal/db"
)

// Postgres returns a database in which every table is empty, closed with the
// test. In a bubble it is called inside. TEST_POSTGRES_URL says where: a server
// on which a user may create databases. Without it the test is skipped, or fails
// if TENANTRY_REQUIRE_POSTGRES is 1.
//
// Each test process has one database to itself, so a second test of the process
// waits until the first has ended.
func Postgres(t testing.TB) *db.DB {
	t.Helper()
	address := postgresURL(t)
	server.claim(t)
	if err := server.start(address); err != nil {
		t.Fatalf("prepare a test database: %v", err)
	}
	d := open(t, server.config)
	if _, err := d.Writer().Exec(server.empty); err != nil {
		t.Fatalf("empty the test database: %v", err)
	}
	return d
}

// EmptyPostgres returns the URL of a database without any table, dropped with the
// test: what a migration is planned on. It needs what Postgres needs, and waits
// as Postgres does.
func EmptyPostgres(t testing.TB) string {
	t.Helper()
	d := Postgres(t)
	u, err := url.Parse(ConfigOf(d).URL)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/") + "_empty"
	u.Path = "/" + name
	exec := func(statement string) {
		if _, err := d.Writer().Exec(statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
	exec("CREATE DATABASE " + name + " TEMPLATE template0")
	t.Cleanup(func() { exec("DROP DATABASE " + name + " WITH (FORCE)") })
	return u.String()
}

// postgresURL returns the server's address, or ends the test.
func postgresURL(t testing.TB) string {
	t.Helper()
	address := os.Getenv("TEST_POSTGRES_URL")
	if address == "" {
		const how = "set TEST_POSTGRES_URL, for example to what scripts/postgres start prints"
		if os.Getenv("TENANTRY_REQUIRE_POSTGRES") == "1" {
			t.Fatalf("PostgreSQL is required: %s", how)
		}
		t.Skipf("to test on PostgreSQL as well, %s", how)
	}
	return address
}

// server is the database of this process.
var server postgres

type postgres struct {
	use sync.Mutex // held by the test that has the database

	mu     sync.Mutex
	user   string // the name of that test
	config db.Config
	empty  string // the statement that deletes everything
	err    error
	ready  bool
	// keep is a connection that holds a lock for as long as the process lives.
	// It is a bare one, since the pool of database/sql has goroutines, which may
	// not outlive the bubble that they were started in.
	keep driver.Conn
}

// claim waits for the database and gives it back with the end of the test.
func (p *postgres) claim(t testing.TB) {
	p.mu.Lock()
	user := p.user
	p.mu.Unlock()
	if user != "" && strings.HasPrefix(t.Name()+"/", user+"/") {
		t.Fatalf("%s has the test database already: use dbtest.Reopen for a second handle on it", user)
	}
	p.use.Lock()
	p.setUser(t.Name())
	t.Cleanup(func() {
		p.setUser("")
		p.use.Unlock()
	})
}

func (p *postgres) setUser(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.user = name
}

// start prepares the database, once. Call with use held.
func (p *postgres) start(address string) error {
	if !p.ready && p.err == nil {
		p.err = p.prepare(address)
		p.ready = p.err == nil
	}
	return p.err
}

// prepare takes the first numbered database that no other process uses. It may
// be there from an earlier run, which saves making it.
func (p *postgres) prepare(address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("TEST_POSTGRES_URL is not a URL")
	}
	c, err := pq.NewConnector(address)
	if err != nil {
		return err
	}
	if p.keep, err = c.Connect(context.Background()); err != nil {
		return err
	}
	for i := 1; i <= 500; i++ {
		free, err := p.ask(fmt.Sprintf("SELECT pg_try_advisory_lock(72819364, %d)::text", i))
		if err != nil {
			return err
		}
		if free != "true" {
			continue
		}
		name := fmt.Sprintf("tenantry_test_%d", i)
		u.Path = "/" + name
		p.config = db.Config{URL: u.String()}
		if err := p.create(name); err != nil {
			return err
		}
		return p.list()
	}
	return errors.New("all 500 test databases are in use")
}

func (p *postgres) create(name string) error {
	n, err := p.ask("SELECT count(*)::text FROM pg_database WHERE datname = '" + name + "'")
	if err != nil {
		return err
	}
	// One that is there is good unless the migrations have changed since.
	if n == "1" && migrate(p.config) == nil {
		return nil
	}
	for _, statement := range []string{
		"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)",
		"CREATE DATABASE " + name + " TEMPLATE template0",
	} {
		if _, err := p.keep.(driver.ExecerContext).ExecContext(context.Background(), statement, nil); err != nil {
			return err
		}
	}
	return migrate(p.config)
}

// list writes the statement that empties every table: a single one, so that
// references between the tables are checked when all rows are gone.
func (p *postgres) list() error {
	ctx := context.Background()
	d, err := db.Open(ctx, p.config)
	if err != nil {
		return err
	}
	names, err := tables(ctx, d)
	if err := errors.Join(err, d.Close()); err != nil {
		return err
	}
	var deletes []string
	for i, name := range names {
		deletes = append(deletes, fmt.Sprintf("d%d AS (DELETE FROM %s)", i, quote(name)))
	}
	p.empty = "WITH " + strings.Join(deletes, ", ") + " SELECT 1"
	return nil
}

// ask returns the one text of a query.
func (p *postgres) ask(query string) (string, error) {
	rows, err := p.keep.(driver.QueryerContext).QueryContext(context.Background(), query, nil)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	value := make([]driver.Value, 1)
	if err := rows.Next(value); err != nil {
		if err == io.EOF {
			err = errors.New("no answer")
		}
		return "", err
	}
	switch v := value[0].(type) {
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("unexpected answer %v", value[0])
}
