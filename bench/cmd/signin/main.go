// Command signin measures what signing in costs, how many people a second can do so, and
// what others notice of a flood of them. It prints the table of docs/performance.md.
package main

import (
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	"golang.org/x/crypto/argon2"
	_ "modernc.org/sqlite"

	"tenantry/bench/data"
	"tenantry/bench/lab"
	"tenantry/bench/load"
)

// What the server hashes with. It would replace a hash that was made with anything else,
// which is looked for at the end.
const (
	memory = 19 * 1024 // KiB
	passes = 2
	lanes  = 1
)

type plan struct {
	scale, rate  float64
	slot, warmUp time.Duration
	flood, conns int
}

func main() {
	var p plan
	flag.Float64Var(&p.scale, "scale", 0.02, "the scale of the data set")
	flag.Float64Var(&p.rate, "rate", 200, "how many R1 a second are asked beside a flood")
	flag.DurationVar(&p.slot, "slot", 6*time.Second, "how long each thing is measured")
	flag.DurationVar(&p.warmUp, "warm-up", time.Second, "how long it is asked before that")
	flag.IntVar(&p.flood, "flood", 64, "how many connections flood")
	flag.IntVar(&p.conns, "conns", 16, "how many connections ask for R1, and sign in without a flood")
	targets := flag.String("targets", "server,sqlite", "what to measure: server (on PostgreSQL), sqlite, or NAME=PATH for another build on PostgreSQL")
	dir := flag.String("dir", filepath.Join(os.TempDir(), "tenantry-bench-"+strconv.Itoa(os.Getuid())), "where PostgreSQL and the data sets are kept for the next run")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := p.run(ctx, *dir, strings.Split(*targets, ",")); err != nil {
		fmt.Fprintln(os.Stderr, "signin:", err)
		os.Exit(1)
	}
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func (p plan) run(ctx context.Context, dir string, targets []string) (err error) {
	l, err := lab.Open(ctx, "..", dir, p.scale, say) // go -C bench run ./cmd/signin
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	ask, err := l.StartGenerator(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ask.Stop()) }()
	one, size := hashing()
	fmt.Printf("One argon2id (%d MiB, %d passes, %d lane): %s of one core, %.0f MB. %s, %s, %d users; %s a slot.\n\n", memory>>10, passes, lanes, ms(one), float64(size)/1e6, lab.Machine(), runtime.Version(), l.Set.Users, p.slot)
	t := [][]string{{"", "asked", "answers a second", "p50", "p99", "refused a second", "in (p50, p99)", "retryAfter", "R1 p50", "R1 p99", "cores of the server", "memory"}}
	for _, name := range targets {
		target := lab.Target{Name: name, SQLite: name == "sqlite"}
		if name, path, ok := strings.Cut(name, "="); ok {
			target = lab.Target{Name: name, Program: path}
		}
		// Strangers come from addresses of their own, which only a proxy can say here.
		target.Env = []string{"TENANTRY_TRUSTED_PROXIES=127.0.0.1/32"}
		rows, err := p.measure(ctx, l, ask, target)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		t = append(t, rows...)
	}
	fmt.Print(table(t))
	return nil
}

// hashing returns how long one hash takes, and what it holds meanwhile.
func hashing() (each time.Duration, size uint64) {
	const n = 20
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	for range n {
		hash()
	}
	each = time.Since(began) / n
	runtime.ReadMemStats(&after)
	return each, (after.TotalAlloc - before.TotalAlloc) / n
}

// hash returns the one hash of data.Password that everybody has.
func hash() string {
	salt := []byte("everybody's salt")
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes, encode(salt), encode(argon2.IDKey([]byte(data.Password), salt, passes, memory, lanes, 32)))
}

// measure asks one server for everything, first without a flood.
func (p plan) measure(ctx context.Context, l *lab.Lab, ask *lab.Generator, t lab.Target) (rows [][]string, err error) {
	place, err := l.Prepare(ctx, t)
	if err != nil {
		return nil, err
	}
	d, err := open(l, t, place)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if _, err := d.ExecContext(ctx, "UPDATE users SET password_hash = '"+hash()+"'"); err != nil {
		return nil, err
	}
	r, err := l.Start(ctx, t, place, "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Stop()) }()
	job := func(workload string, conns int) load.Job {
		return load.Job{Workload: workload, URL: r.URL, GraphQL: true, Conns: conns, WarmUp: p.warmUp, Duration: p.slot}
	}
	alone := job("R1", p.conns)
	alone.Rate = p.rate
	beside := func(workload string) load.Job {
		j := alone
		j.Beside, j.BesideConns = workload, p.flood
		return j
	}
	for i, m := range []struct {
		what string
		job  load.Job
	}{
		{"sign-ins, one after the other", job("S1", 1)},
		{fmt.Sprintf("sign-ins, %d connections", p.conns), job("S1", p.conns)},
		{fmt.Sprintf("R1, %.0f a second, alone", p.rate), alone},
		{fmt.Sprintf("the same beside %d connections that ask for R5", p.flood), beside("R5")},
		{fmt.Sprintf("beside %d that try wrong passwords", p.flood), beside("S2")},
		{fmt.Sprintf("beside %d that sign in", p.flood), beside("S1")},
		{fmt.Sprintf("beside %d that sign in, and wait when told to", p.flood), patient(beside("S1"))},
	} {
		say("%s: %s", t.Name, m.what)
		m.job.Slot = uint64(i)
		row, err := p.sample(ctx, r, ask, m.job)
		if err != nil {
			return nil, err
		}
		rows = append(rows, append([]string{t.Name, m.what}, row...))
	}
	stale := 0
	err = d.QueryRowContext(ctx, "SELECT count(*) FROM users WHERE password_hash <> '"+hash()+"'").Scan(&stale)
	if err == nil && stale > 0 {
		err = fmt.Errorf("%d hashes were replaced: the server hashes in another way", stale)
	}
	return rows, err
}

func patient(j load.Job) load.Job {
	j.Patient = true
	return j
}

// sample does one job and returns its cells.
func (p plan) sample(ctx context.Context, r *lab.Running, ask *lab.Generator, j load.Job) ([]string, error) {
	var used time.Duration
	watched, end := context.WithCancel(ctx)
	peak := make(chan int64, 1)
	go func() { peak <- watch(watched, r.PID()) }()
	got, err := ask.Run(j, func() (err error) { used, err = lab.CPU(r.PID()); return err })
	end()
	most := <-peak
	if err != nil {
		return nil, err
	}
	now, err := lab.CPU(r.PID())
	if err != nil {
		return nil, err
	}
	in, r1 := &got, []string{"", ""}
	if j.Workload == "R1" {
		in, r1 = got.Beside, []string{ms(got.P50), ms(got.P99)}
	}
	row := []string{"", "", "", "", "", ""}
	if in != nil {
		row[0], row[1], row[2] = fmt.Sprintf("%.1f", float64(in.Requests)/in.Elapsed.Seconds()), ms(in.P50), ms(in.P99)
		if in.Refused > 0 {
			row[3], row[4] = fmt.Sprintf("%.0f", float64(in.Refused)/in.Elapsed.Seconds()), ms(in.RefusedP50)+", "+ms(in.RefusedP99)
			row[5] = fmt.Sprintf("%d s", in.RetryAfter[0])
			if in.RetryAfter[0] != in.RetryAfter[1] {
				row[5] = fmt.Sprintf("%d–%d s", in.RetryAfter[0], in.RetryAfter[1])
			}
		}
	}
	return append(append(row, r1...), fmt.Sprintf("%.2f", float64(now-used)/float64(got.Elapsed)), fmt.Sprintf("%.0f MB", float64(most)/1e6)), nil
}

// watch returns the most memory that a process had until ctx ended.
func watch(ctx context.Context, pid int) (most int64) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		if n, err := lab.Resident(pid); err == nil {
			most = max(most, n)
		}
		select {
		case <-ctx.Done():
			return most
		case <-tick.C:
		}
	}
}

// open opens the database that Prepare made.
func open(l *lab.Lab, t lab.Target, place string) (*sql.DB, error) {
	if t.SQLite {
		return sql.Open("sqlite", "file:"+filepath.Join(place, "tenantry.db")+"?_pragma=busy_timeout(20000)&_txlock=immediate")
	}
	return sql.Open("pgx", l.Postgres.URL(place))
}

func encode(b []byte) string { return base64.RawStdEncoding.EncodeToString(b) }

func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.0f ms", float64(d)/1e6)
}

// table writes lines of cells in Markdown.
func table(lines [][]string) string {
	var b strings.Builder
	for n, line := range lines {
		b.WriteString("| " + strings.Join(line, " | ") + " |\n")
		if n == 0 {
			b.WriteString("|" + strings.Repeat("---|", len(line)) + "\n")
		}
	}
	return b.String()
}
