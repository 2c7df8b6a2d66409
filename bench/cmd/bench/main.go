// Command bench measures Tenantry beside a hand-written handler and writes what
// it found to bench/results.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tenantry/bench/documents"
	"tenantry/bench/lab"
	"tenantry/bench/report"
)

// plan is what is to be measured, and how long.
type plan struct {
	scale        float64
	rounds       int
	slot, warmUp time.Duration
	// most is how many events are repeated after a slot.
	most      int
	conns     []int
	targets   []lab.Target
	workloads []documents.Workload
	growth    bool
	starts    int
}

func main() {
	quick := flag.Bool("quick", false, "a small data set, 1 and 16 connections, two short rounds: under two minutes")
	growth := flag.Bool("growth", false, "also measure large lists, and 1,000,000 memberships beside 155,000 (minutes more)")
	scale := flag.Float64("scale", 0, "the scale of the data set (1; with -quick 0.02)")
	rounds := flag.Int("rounds", 0, "how many rounds (4; with -quick 2)")
	slot := flag.Duration("slot", 0, "how long each target is asked in a round (2s; with -quick 550ms)")
	conns := flag.String("conns", "", "how many connections, such as 1,16,64")
	targets := flag.String("targets", "server,hand,sqlite", "what to measure: server, hand, generated, sqlite, or NAME=PATH for another build of the server")
	workloads := flag.String("workloads", "", "some of R1,R2,R3,R4,R5,W1,W2,W3 only; \"none\" for -growth alone")
	dir := flag.String("dir", filepath.Join(os.TempDir(), "tenantry-bench-"+strconv.Itoa(os.Getuid())), "where PostgreSQL and the data sets are kept for the next run")
	results := flag.String("results", "", "where results are written (bench/results; with -quick nowhere)")
	log := flag.String("log", "", "a file for what the targets say")
	flag.Parse()
	p := plan{scale: 1, rounds: 4, slot: 2 * time.Second, warmUp: 300 * time.Millisecond, most: 3000, conns: []int{1, 16, 64}, growth: *growth, starts: 5}
	if *quick {
		p.scale, p.rounds, p.slot, p.warmUp, p.most, p.conns, p.starts = 0.02, 2, 550*time.Millisecond, 120*time.Millisecond, 300, []int{1, 16}, 3
	}
	if *scale > 0 {
		p.scale = *scale
	}
	if *rounds > 0 {
		p.rounds = *rounds
	}
	if *slot > 0 {
		p.slot = *slot
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := p.choose(*conns, *targets, *workloads)
	if err == nil {
		err = run(ctx, p, *dir, *results, *log, *quick)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// choose reads the lists.
func (p *plan) choose(conns, targets, workloads string) error {
	if conns != "" {
		p.conns = nil
		for _, s := range strings.Split(conns, ",") {
			n, err := strconv.Atoi(s)
			if err != nil || n < 1 {
				return fmt.Errorf("-conns %s: give numbers such as 1,16,64", conns)
			}
			p.conns = append(p.conns, n)
		}
	}
	for _, name := range strings.Split(targets, ",") {
		if name, path, ok := strings.Cut(name, "="); ok {
			p.targets = append(p.targets, lab.Target{Name: name, About: "the server at " + filepath.Base(path), Program: path})
			continue
		}
		i := slices.IndexFunc(lab.Targets, func(t lab.Target) bool { return t.Name == name })
		if i < 0 {
			return fmt.Errorf("-targets: there is no %q", name)
		}
		p.targets = append(p.targets, lab.Targets[i])
	}
	switch workloads {
	case "":
		p.workloads = documents.All
	case "none":
	default:
		for _, name := range strings.Split(workloads, ",") {
			w, err := documents.Find(name)
			if err != nil {
				return err
			}
			p.workloads = append(p.workloads, w)
		}
	}
	return nil
}

// root finds the server's module above the working directory.
func root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; dir != "/"; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "bench", "documents")); err == nil {
			return dir, nil
		}
	}
	return "", errors.New("run this inside the repository")
}

func say(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func run(ctx context.Context, p plan, dir, results, log string, quick bool) (err error) {
	top, err := root()
	if err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	l, err := lab.Open(ctx, top, dir, p.scale, say)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if log != "" {
		f, err := os.Create(log)
		if err != nil {
			return err
		}
		defer f.Close()
		l.Log = f
	}
	commit, err := exec.CommandContext(ctx, "git", "-C", top, "describe", "--always", "--dirty", "--exclude=*").Output()
	if err != nil {
		commit = []byte("unknown")
	}
	r := &report.Report{When: time.Now(), Commit: strings.TrimSpace(string(commit)), Machine: lab.Machine(), Go: runtime.Version(), Postgres: l.Postgres.Version,
		Settings: lab.Settings, Scale: p.scale, Rounds: p.rounds, Slot: p.slot, Conns: p.conns, About: map[string]string{}}
	for _, w := range p.workloads {
		r.Order, r.About[w.Name] = append(r.Order, w.Name), w.About
	}
	b := &bench{plan: p, lab: l, report: r}
	if len(p.workloads) > 0 {
		if err := b.measure(ctx); err != nil {
			return err
		}
	}
	if p.growth {
		if err := b.grow(ctx); err != nil {
			return err
		}
	}
	text := r.Markdown()
	fmt.Print(text)
	if results == "" && quick {
		return nil
	}
	if results == "" {
		results = filepath.Join(top, "bench", "results")
	}
	return write(results, r, text)
}

// write keeps the run: for people, for programs, and as a picture.
func write(dir string, r *report.Report, text string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	raw, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	called := "latest."
	if len(r.Samples) == 0 {
		called = "growth."
	}
	name := func(ext string) string { return filepath.Join(dir, called+ext) }
	err = errors.Join(os.WriteFile(name("md"), []byte(text), 0o644), os.WriteFile(name("json"), append(raw, '\n'), 0o644))
	if len(r.Samples) > 0 {
		err = errors.Join(err, os.WriteFile(name("svg"), []byte(r.Chart()), 0o644))
	}
	return err
}
