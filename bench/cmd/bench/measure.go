package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tenantry/bench/documents"
	"tenantry/bench/lab"
	"tenantry/bench/load"
	"tenantry/bench/report"
	"tenantry/bench/wire"
)

// bench is a run.
type bench struct {
	plan
	lab     *lab.Lab
	report  *report.Report
	running []*lab.Running
	ask     *lab.Generator
	slots   uint64
}

// measure runs everything beside the handler.
func (b *bench) measure(ctx context.Context) (err error) {
	if b.ask, err = b.lab.StartGenerator(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.ask.Stop()) }()
	defer func() {
		for _, r := range b.running {
			err = errors.Join(err, r.Stop())
		}
		b.running = nil
	}()
	for _, t := range b.targets {
		if err := b.open(ctx, t); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	// Reads first: what writes leave behind would slow them.
	for _, writes := range []bool{false, true} {
		for round := range b.rounds {
			if err := b.round(ctx, round, writes); err != nil {
				return err
			}
		}
	}
	return nil
}

// open makes the target's database, counts its statements, and starts it as often
// as is needed to know how long that takes.
func (b *bench) open(ctx context.Context, t lab.Target) error {
	place, err := b.lab.Prepare(ctx, t)
	if err != nil {
		return err
	}
	if !t.SQLite {
		if err := b.count(ctx, t, place); err != nil {
			return err
		}
	}
	var starts []time.Duration
	for {
		r, err := b.lab.Start(ctx, t, place, "")
		if err != nil {
			return err
		}
		if starts = append(starts, r.Ready); len(starts) < b.starts {
			if err := r.Stop(); err != nil {
				return err
			}
			continue
		}
		b.running = append(b.running, r)
		slices.Sort(starts)
		time.Sleep(time.Second) // what a start leaves to be done is over
		idle, err := lab.Resident(r.PID())
		b.report.Programs = append(b.report.Programs, report.Program{Target: t.Name, About: t.About, Start: starts[len(starts)/2], Idle: idle, Binary: r.Binary})
		return err
	}
}

// background recognises the transactions of the work that follows answers by the
// first thing that they do: events, mails, and last use.
func background(first string) bool {
	s := strings.ToLower(first)
	return strings.Contains(s, `from "events"`) || strings.Contains(s, `from "deliveries"`) || strings.HasPrefix(s, `update "deliveries"`) ||
		strings.HasPrefix(s, `update "sessions" set "last_seen_at"`) || strings.HasPrefix(s, `update "memberships" set "last_access_at"`)
}

// count asks each workload one request after the other through a tap. The median
// of many is what one request asks: now and then something is prepared.
func (b *bench) count(ctx context.Context, t lab.Target, place string) (err error) {
	tap, err := wire.Listen(b.lab.Postgres.Address(), background)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tap.Close()) }()
	r, err := b.lab.Start(ctx, t, place, tap.Address())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Stop()) }()
	for _, w := range b.workloads {
		var all []wire.Count
		for i := range 25 {
			b.slots++
			ask := func() error {
				_, err := b.ask.Run(load.Job{Slot: b.slots, Workload: w.Name, URL: r.URL, GraphQL: !t.Hand, Conns: 1, Requests: 1}, func() error { return nil })
				return err
			}
			// A read is asked twice: what may be kept in memory is there the second
			// time, as it is for accounts in use.
			if !w.Writes {
				if err := ask(); err != nil {
					return err
				}
			}
			tap.Take()
			// The tap counts what it has passed on, which is before the answer.
			if err := ask(); err != nil {
				return err
			}
			if c := tap.Take(); i >= 5 {
				all = append(all, c)
			}
			if w.Writes {
				if err := b.settle(ctx, r); err != nil {
					return err
				}
			}
		}
		slices.SortFunc(all, func(x, y wire.Count) int { return cmp.Or(x.Statements-y.Statements, x.Trips-y.Trips) })
		c := all[len(all)/2]
		b.report.Counted = append(b.report.Counted, report.Statements{Workload: w.Name, Target: t.Name, Statements: c.Statements, Trips: c.Trips,
			Transactions: c.Transactions, Texts: c.Texts})
	}
	return nil
}

// settle waits until a server has done what follows its answers.
func (b *bench) settle(ctx context.Context, r *lab.Running) error {
	if r.Hand {
		return nil
	}
	c, err := b.lab.Postgres.Connect(ctx, r.Database)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	for range 1000 {
		w, err := lab.After(ctx, c)
		if err != nil || w.Waiting == 0 {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("events were not handed on in ten seconds")
}

// round asks every target for every workload once. Targets take turns, and who
// begins does too.
func (b *bench) round(ctx context.Context, round int, writes bool) error {
	for _, w := range b.workloads {
		if w.Writes != writes {
			continue
		}
		say("round %d: %s", round+1, w.Name)
		for _, n := range b.conns {
			order := slices.Clone(b.running)
			if round%2 == 1 {
				slices.Reverse(order)
			}
			for _, r := range order {
				if r.SQLite && round%2 == 1 && b.rounds > 1 {
					continue // it is compared with nothing, so half the rounds are enough
				}
				if err := b.sample(ctx, r, w, n, round, false); err != nil {
					return err
				}
				if r.SQLite && w.Name == report.Writing && n == report.Writers {
					if err := b.readBeside(ctx, r, w, round); err != nil {
						return err
					}
				}
				if err := ctx.Err(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// readBeside asks for a page on a few connections, alone and while many others write.
func (b *bench) readBeside(ctx context.Context, r *lab.Running, w documents.Workload, round int) error {
	page, err := documents.Find(report.Reading)
	if err != nil {
		return err
	}
	if err := b.sample(ctx, r, page, report.Readers, round, false); err != nil {
		return err
	}
	return b.sample(ctx, r, w, report.Writers, round, true)
}

// usage is what has been used up to now.
type usage struct {
	server, database, busy time.Duration
	at                     time.Time
}

func (b *bench) usage(r *lab.Running) (u usage, err error) {
	u.at = time.Now()
	if u.server, err = lab.CPU(r.PID()); err != nil {
		return u, fmt.Errorf("%s has ended: %w", r.Name, err)
	}
	if u.database, err = lab.TreeCPU(b.lab.Postgres.PID); err != nil {
		return u, err
	}
	u.busy, err = lab.Busy()
	return u, err
}

// sample asks one target for one workload, with reads beside it or without.
func (b *bench) sample(ctx context.Context, r *lab.Running, w documents.Workload, conns, round int, read bool) error {
	var c *pgx.Conn
	after := w.Name >= "W2" && !r.Hand
	if after && !r.SQLite {
		var err error
		if c, err = b.lab.Postgres.Connect(ctx, r.Database); err != nil {
			return err
		}
		defer c.Close(ctx)
	}
	b.slots++
	var before usage
	var done lab.Work // before
	own, err := lab.CPU(os.Getpid())
	if err != nil {
		return err
	}
	job := load.Job{Slot: b.slots, Workload: w.Name, URL: r.URL, GraphQL: !r.Hand, Conns: conns, WarmUp: b.warmUp, Duration: b.slot}
	if read {
		job.Beside, job.BesideConns = report.Reading, report.Readers
	}
	got, err := b.ask.Run(job, func() (err error) {
		if c != nil {
			if done, err = lab.After(ctx, c); err != nil {
				return err
			}
		}
		before, err = b.usage(r)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", r.Name, err)
	}
	now, err := b.usage(r)
	if err != nil {
		return err
	}
	work := done
	if c != nil {
		if work, err = lab.After(ctx, c); err != nil {
			return err
		}
	}
	ownNow, err := lab.CPU(os.Getpid())
	if err != nil {
		return err
	}
	s := report.Sample{Workload: w.Name, Target: r.Name, Conns: conns, Round: round, Requests: got.Requests, Elapsed: got.Elapsed, P50: got.P50, P99: got.P99, Bytes: got.Bytes,
		Server: now.server - before.server, Database: now.database - before.database, Generator: got.CPU,
		Events: work.Events - done.Events, Mails: work.Mails - done.Mails}
	known := s.Server + s.Database + s.Generator + ownNow - own
	s.Others = max(0, float64(now.busy-before.busy-known)/float64(now.at.Sub(before.at))/float64(cores()))
	if read {
		// Which of the two used the processor cannot be told.
		s.Workload = report.Meanwhile(report.Writing, report.Reading)
		other := s
		other.Workload, other.Conns = report.Meanwhile(report.Reading, report.Writing), report.Readers
		other.Requests, other.P50, other.P99, other.Bytes = got.Beside.Requests, got.Beside.P50, got.Beside.P99, got.Beside.Bytes
		b.report.Samples = append(b.report.Samples, other)
	}
	b.report.Samples = append(b.report.Samples, s)
	if conns == 64 {
		if err := b.weigh(r); err != nil {
			return err
		}
	}
	if !after {
		return nil
	}
	if c != nil {
		if err := b.repeat(ctx, r, w, c, s); err != nil {
			return err
		}
	}
	return b.lab.Forget(ctx, r)
}

// weigh keeps the most memory that a target had.
func (b *bench) weigh(r *lab.Running) error {
	n, err := lab.Resident(r.PID())
	for i := range b.report.Programs {
		if p := &b.report.Programs[i]; p.Target == r.Name {
			p.Loaded = max(p.Loaded, n)
		}
	}
	return err
}

// repeat has the server do once more, while nothing is asked, what it did after the
// answers of a slot, with as much waiting, to learn what that costs: the same events
// with their mails, and then mails alone.
func (b *bench) repeat(ctx context.Context, r *lab.Running, w documents.Workload, c *pgx.Conn, s report.Sample) error {
	if err := b.lab.Forget(ctx, r); err != nil {
		return err
	}
	n := min(s.Events, b.most)
	if n == 0 {
		return nil
	}
	if err := b.drain(ctx, r, w, c, func() (int, int, error) { return lab.Repeat(ctx, c, n) }); err != nil || s.Mails == 0 {
		return err
	}
	return b.drain(ctx, r, w, c, func() (int, int, error) { return lab.Resend(ctx, c, n) })
}

// drain makes something wait and watches what the server does about it.
func (b *bench) drain(ctx context.Context, r *lab.Running, w documents.Workload, c *pgx.Conn, wait func() (events, mails int, err error)) error {
	before, err := lab.After(ctx, c)
	if err != nil {
		return err
	}
	events, mails, err := wait()
	if err != nil {
		return err
	}
	from, err := b.usage(r)
	if err != nil {
		return err
	}
	for deadline, waits := time.Now().Add(10*time.Second), true; waits && time.Now().Before(deadline); {
		time.Sleep(50 * time.Millisecond)
		if waits, err = lab.Waits(ctx, c); err != nil {
			return err
		}
	}
	to, err := b.usage(r)
	if err != nil {
		return err
	}
	done, err := lab.After(ctx, c)
	if err != nil {
		return err
	}
	b.report.After = append(b.report.After, report.Afterwork{Workload: w.Name, Target: r.Name, Events: done.Events - before.Events + events,
		Mails: done.Mails - before.Mails + mails, Server: to.server - from.server, Database: to.database - from.database})
	return nil
}
