package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"tenantry/bench/data"
	"tenantry/bench/documents"
)

// Target is something that answers the workloads.
type Target struct {
	// Name is what tables call it.
	Name string
	// About is what it is, in a sentence.
	About string
	// Hand is the hand-written handler, everything else the server.
	Hand bool
	// SQLite is the server on its embedded database.
	SQLite bool
	// Env is set for the server besides.
	Env []string
	// Program is another build of the server. Empty for the one that is built.
	Program string
}

// Targets are what can be measured; a new one is a line.
var Targets = []Target{
	{Name: "server", About: "the server on PostgreSQL"},
	{Name: "hand", About: "the hand-written handler on PostgreSQL (H)", Hand: true},
	{Name: "generated", About: "the server with the executor as gqlgen generates it", Env: []string{"TENANTRY_EXECUTOR=generated"}},
	{Name: "sqlite", About: "the server on the embedded SQLite", SQLite: true},
}

// Lab is everything that does not change during a run.
type Lab struct {
	// Root is where the server's module is, Dir where the lab keeps its things.
	Root, Dir string
	// Server, Hand and Load are the programs.
	Server, Hand, Load string
	Postgres           *Postgres
	Set                *data.Set
	Key                string
	Say                func(string, ...any)
	// Log takes what the targets say. Nil for nothing.
	Log io.Writer

	mail *Mail
}

// Open builds the programs and starts PostgreSQL and the mail server. The
// databases are made when a target first needs one.
func Open(ctx context.Context, root, dir string, scale float64, say func(string, ...any)) (_ *Lab, err error) {
	l := &Lab{Root: root, Dir: dir, Say: say}
	if l.Set, err = data.New(scale); err != nil {
		return nil, err
	}
	if l.Key, err = Key(root, scale); err != nil {
		return nil, err
	}
	bin := filepath.Join(dir, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return nil, err
	}
	l.Server, l.Hand, l.Load = filepath.Join(bin, "tenantry"), filepath.Join(bin, "hand"), filepath.Join(bin, "load")
	say("building")
	for _, b := range []struct{ in, what, out string }{{root, ".", l.Server}, {root + "/bench", "./cmd/hand", l.Hand}, {root + "/bench", "./cmd/load", l.Load}} {
		c := exec.CommandContext(ctx, "go", "build", "-ldflags=-s -w", "-o", b.out, b.what)
		c.Env = append(os.Environ(), "CGO_ENABLED=0")
		c.Dir = b.in
		if out, err := c.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build %s: %w\n%s", b.what, err, out)
		}
	}
	if l.mail, err = StartMail(); err != nil {
		return nil, err
	}
	if l.Postgres, err = StartPostgres(ctx, filepath.Join(dir, "postgres")); err != nil {
		return nil, errors.Join(err, l.mail.Stop())
	}
	return l, nil
}

// Close stops what Open has started.
func (l *Lab) Close() error { return errors.Join(l.Postgres.Stop(), l.mail.Stop()) }

// Running is a target that answers.
type Running struct {
	Target
	*Process
	// Database is its own PostgreSQL database. Empty on SQLite.
	Database string
	// Binary is the size of its program in bytes.
	Binary int64
}

// Prepare makes a database of its own for the target and returns its name, or the
// directory of its data file.
func (l *Lab) Prepare(ctx context.Context, t Target) (string, error) {
	if t.SQLite {
		template, err := SQLite(ctx, filepath.Join(l.Dir, "sqlite"), l.Key, l.Server, l.Set, l.Say)
		if err != nil {
			return "", err
		}
		dir := filepath.Join(l.Dir, "run", t.Name)
		if err := os.RemoveAll(dir); err != nil {
			return "", err
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return "", err
		}
		return dir, Copy(template, filepath.Join(dir, "tenantry.db"))
	}
	if err := l.Postgres.Template(ctx, l.Key, l.Server, l.Set, l.Say); err != nil {
		return "", err
	}
	name := "run_" + strings.ReplaceAll(t.Name, "-", "_")
	return name, l.Postgres.Clone(ctx, l.Key, name)
}

// Start starts the target on what Prepare made. Through is where PostgreSQL is
// reached instead, for a tap; empty for directly.
func (l *Lab) Start(ctx context.Context, t Target, place, through string) (*Running, error) {
	address, err := FreeAddress()
	if err != nil {
		return nil, err
	}
	r := &Running{Target: t}
	program, args, env := l.Server, []string{"serve", "--listen", address, "--smtp-url", l.mail.URL()}, t.Env
	if t.Program != "" {
		program = t.Program
	}
	if t.SQLite {
		args = append(args, "--data-dir", place)
	} else {
		r.Database = place
		url := l.Postgres.URL(place)
		if through != "" {
			url = strings.Replace(url, l.Postgres.Address(), through, 1)
		}
		key := filepath.Join(l.Dir, "secret.key")
		if _, err := os.Stat(key); err != nil && !t.Hand {
			if out, err := exec.CommandContext(ctx, program, "key", "create", key).CombinedOutput(); err != nil {
				return nil, fmt.Errorf("make a key: %w\n%s", err, out)
			}
		}
		keyset := filepath.Join(l.Dir, "encryption.json")
		if _, err := os.Stat(keyset); err != nil && !t.Hand {
			if out, err := exec.CommandContext(ctx, l.Server, "keyset", "create", keyset).CombinedOutput(); err != nil {
				return nil, fmt.Errorf("make a keyset: %w\n%s", err, out)
			}
		}
		env = append(slices.Clone(env), "TENANTRY_ENCRYPTION_KEYSET_FILE="+keyset) // which a build from before passes over
		args = append(args, "--database-url", url, "--secret-key-file", key)
		if t.Hand {
			program, args = l.Hand, []string{"-listen", address, "-database-url", url}
		}
	}
	info, err := os.Stat(program)
	if err != nil {
		return nil, err
	}
	r.Binary = info.Size()
	first := func() (*http.Request, error) {
		body, path := []byte("{}"), "/r1"
		if !t.Hand {
			path = "/graphql"
			if body, err = documents.All[0].Body(body); err != nil {
				return nil, err
			}
		}
		q, err := http.NewRequest("POST", "http://"+address+path, bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		q.Header.Set("Content-Type", "application/json")
		q.Header.Set("Authorization", "Bearer "+l.Set.Token(0))
		return q, nil
	}
	r.Process, err = Start(ctx, "http://"+address, first, l.Log, env, program, args...)
	return r, err
}

// At is the same lab with data of another scale.
func (l *Lab) At(scale float64) (_ *Lab, err error) {
	other := *l
	if other.Set, err = data.New(scale); err != nil {
		return nil, err
	}
	other.Key, err = Key(l.Root, scale)
	return &other, err
}
