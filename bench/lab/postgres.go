// Package lab starts what is measured: PostgreSQL, the server, the hand-written
// handler and a mail server that takes everything; fills databases; and reads
// what processes have used.
package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// Settings are how PostgreSQL runs, as in production; what is not here is its
// default.
var Settings = []string{
	"fsync=on", "synchronous_commit=on", "full_page_writes=on", "shared_buffers=2GB", "effective_cache_size=6GB", "random_page_cost=1.1",
	"max_connections=200", "max_wal_size=8GB", "checkpoint_timeout=15min",
}

// Postgres is a running PostgreSQL whose data stays for the next run.
type Postgres struct {
	PID     int
	Version string

	cmd  *exec.Cmd
	port int
	dir  string
}

// StartPostgres starts the PostgreSQL in the directory, and makes one if there
// is none.
func StartPostgres(ctx context.Context, dir string) (*Postgres, error) {
	owner, err := servant()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if owner != nil {
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return nil, err
		}
	}
	home := filepath.Join(dir, "data")
	run := func(name string, args ...string) *exec.Cmd {
		c := exec.Command(name, args...)
		c.Dir = dir
		c.SysProcAttr = &syscall.SysProcAttr{Credential: owner, Setpgid: true} // Ctrl+C is for this tool, which stops it in order
		return c
	}
	initdb, err := binary("initdb")
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(home, "PG_VERSION")); err != nil {
		if out, err := run(initdb, "-D", home, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8").CombinedOutput(); err != nil {
			return nil, fmt.Errorf("initdb: %w\n%s", err, out)
		}
	}
	p := &Postgres{dir: dir}
	for try := 0; ; try++ {
		if p.port, err = freePort(); err != nil {
			return nil, err
		}
		args := []string{"-D", home, "-p", strconv.Itoa(p.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="}
		for _, s := range Settings {
			args = append(args, "-c", s)
		}
		var log bytes.Buffer
		p.cmd = run(filepath.Join(filepath.Dir(initdb), "postgres"), args...)
		p.cmd.Stderr = &log
		if err := p.cmd.Start(); err != nil {
			return nil, err
		}
		ended := make(chan error, 1)
		go func() { ended <- p.cmd.Wait() }()
		if err = p.await(ctx, ended); err == nil {
			p.PID = p.cmd.Process.Pid
			return p, nil
		}
		if try == 5 || !strings.Contains(log.String(), "could not bind") {
			return nil, fmt.Errorf("start PostgreSQL: %w\n%s", err, &log)
		}
	}
}

func (p *Postgres) await(ctx context.Context, ended <-chan error) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range 600 {
		if c, err := p.Connect(ctx, "postgres"); err == nil {
			err := c.QueryRow(ctx, "SHOW server_version").Scan(&p.Version)
			return errors.Join(err, c.Close(ctx))
		}
		select {
		case err := <-ended:
			return fmt.Errorf("it ended: %w", err)
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
	return errors.New("it does not answer")
}

// Stop stops it in order.
func (p *Postgres) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		return err
	}
	for range 600 {
		if p.cmd.Process.Signal(syscall.Signal(0)) != nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return errors.New("PostgreSQL does not stop")
}

// URL reaches a database.
func (p *Postgres) URL(database string) string {
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/%s?sslmode=disable", p.port, database)
}

// Address is where it listens.
func (p *Postgres) Address() string { return fmt.Sprintf("127.0.0.1:%d", p.port) }

// Connect opens one connection.
func (p *Postgres) Connect(ctx context.Context, database string) (*pgx.Conn, error) {
	return pgx.Connect(ctx, p.URL(database))
}

// Do runs statements that return nothing.
func (p *Postgres) Do(ctx context.Context, database string, statements ...string) error {
	c, err := p.Connect(ctx, database)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	for _, s := range statements {
		if _, err := c.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

// servant is who runs PostgreSQL, which refuses to run as root. Nil is whoever
// runs this.
func servant() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
	}
	return nil, errors.New("root needs a user postgres or nobody to run PostgreSQL as")
}

// binary finds a program of the newest PostgreSQL: in the layout of Debian or Red
// Hat, else in the PATH.
func binary(name string) (string, error) {
	var found []string
	for _, layout := range []string{"/usr/lib/postgresql/*/bin/", "/usr/pgsql-*/bin/"} {
		some, err := filepath.Glob(layout + name)
		if err != nil {
			return "", err
		}
		found = append(found, some...)
	}
	if len(found) > 0 {
		return slices.MaxFunc(found, func(a, b string) int { return number(a) - number(b) }), nil
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("%s not found; install PostgreSQL (Debian: apt-get install postgresql)", name)
	}
	return path, nil
}

func number(path string) (n int) {
	for _, r := range path {
		if r >= '0' && r <= '9' {
			n = 10*n + int(r-'0')
		}
	}
	return n
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
