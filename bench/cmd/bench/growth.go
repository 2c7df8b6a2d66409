package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"time"

	"tenantry/bench/documents"
	"tenantry/bench/lab"
	"tenantry/bench/load"
	"tenantry/bench/report"
)

func cores() int { return runtime.NumCPU() }

// million is the scale of 1,000,000 memberships.
const million = 1_000_000.0 / 155_000

// grow measures the server where lists and tables are large.
func (b *bench) grow(ctx context.Context) (err error) {
	b.lab.Say("growth")
	small, err := b.raise(ctx, b.lab, "small")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, small.stop()) }()
	if err := b.lists(ctx, small); err != nil {
		return err
	}
	more, err := b.lab.At(b.scale * million)
	if err != nil {
		return err
	}
	large, err := b.raise(ctx, more, "large")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, large.stop()) }()
	return b.tables(ctx, small, large)
}

// grown is a server on data of one size, with a generator for it.
type grown struct {
	lab *lab.Lab
	*lab.Running
	ask *lab.Generator
}

func (b *bench) raise(ctx context.Context, l *lab.Lab, name string) (*grown, error) {
	t := lab.Targets[0]
	t.Name = name
	place, err := l.Prepare(ctx, t)
	if err != nil {
		return nil, err
	}
	r, err := l.Start(ctx, t, place, "")
	if err != nil {
		return nil, err
	}
	ask, err := l.StartGenerator(ctx)
	if err != nil {
		return nil, errors.Join(err, r.Stop())
	}
	return &grown{l, r, ask}, nil
}

func (g *grown) stop() error { return errors.Join(g.ask.Stop(), g.Stop()) }

// once asks for a slot and returns what a request takes in the middle, in
// milliseconds, and what it costs server and PostgreSQL, in microseconds.
func (b *bench) once(ctx context.Context, g *grown, workload string, conns int, extra map[string]string) (p50, cpu float64, err error) {
	b.slots++
	var before usage
	got, err := g.ask.Run(load.Job{Slot: b.slots, Workload: workload, URL: g.URL, GraphQL: true, Conns: conns, WarmUp: b.warmUp, Duration: b.slot, Extra: extra}, func() (err error) {
		before, err = b.usage(g.Running)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	now, err := b.usage(g.Running)
	used := now.server + now.database - before.server - before.database
	return float64(got.P50) / float64(time.Millisecond), float64(used) / float64(time.Microsecond) / float64(got.Requests), err
}

// lists compares pages far down a long list with the first, and asks what a count
// adds. It takes turns, and reports the CPU that a request costs.
func (b *bench) lists(ctx context.Context, g *grown) error {
	members, contacts, err := cursors(ctx, g, 4900)
	if err != nil {
		return err
	}
	for _, pair := range []struct {
		about, small, large string
		after               string
		most                float64
	}{
		{"CPU of a page of members: after number 4,900 beside the first", "G1", "G2", members, 1.1},
		{"CPU of a page of contacts: after number 4,900 beside the first", "G3", "G4", contacts, 1.1},
		{"CPU of one permission: in the account of 5,000 beside one of 50", "T5", "L5", "", 1.1},
		{"CPU of inviting ten, dry: in the account of 5,000 beside one of 50", "TW", "LW", "", 1.1},
		{"time of one member of 5,000: with the count beside without", "G5", "G6", "", 0.5},
	} {
		var small, large, without, with []float64
		for range max(b.rounds, 4) {
			p50, cpu, err := b.once(ctx, g, pair.small, 1, nil)
			if err != nil {
				return err
			}
			small, without = append(small, cpu), append(without, p50)
			var extra map[string]string
			if pair.after != "" {
				extra = map[string]string{"after": pair.after}
			}
			if p50, cpu, err = b.once(ctx, g, pair.large, 1, extra); err != nil {
				return err
			}
			large, with = append(large, cpu), append(with, p50)
		}
		grown := report.Growth{About: pair.about, Small: small, Large: large, Unit: "µs", Most: pair.most}
		if pair.large == "G6" {
			grown = report.Growth{About: pair.about, Small: without, Large: with, Unit: "ms", Most: pair.most, Absolute: true}
		}
		b.report.Growth = append(b.report.Growth, grown)
	}
	return nil
}

// cursors walks down both lists of the large account and returns the cursors of a
// place in them, or of as far as they go but one page.
func cursors(ctx context.Context, g *grown, to int) (members, contacts string, err error) {
	to = min(to, g.lab.Set.Members(g.lab.Set.Large())-100) / 100 * 100
	large := g.lab.Set.Large()
	for range to / 100 {
		v := map[string]any{"account": g.lab.Set.AccountID(large)}
		if members != "" {
			v["members"], v["contacts"] = members, contacts
		}
		variables, err := json.Marshal(v)
		if err != nil {
			return "", "", err
		}
		body, err := documents.Operation(documents.Text("cursors"), variables)
		if err != nil {
			return "", "", err
		}
		q, err := http.NewRequestWithContext(ctx, "POST", g.URL+"/graphql", strings.NewReader(string(body)))
		if err != nil {
			return "", "", err
		}
		q.Header.Set("Content-Type", "application/json")
		q.Header.Set("Authorization", "Bearer "+g.lab.Set.Token(g.lab.Set.Member(large, 0)))
		a, err := http.DefaultClient.Do(q)
		if err != nil {
			return "", "", err
		}
		raw, err := io.ReadAll(a.Body)
		a.Body.Close()
		if err != nil {
			return "", "", err
		}
		type page struct{ PageInfo struct{ EndCursor string } }
		var answer struct {
			Data struct {
				Account struct{ Memberships, Contacts page }
			}
		}
		if err := json.Unmarshal(raw, &answer); err != nil {
			return "", "", err
		}
		members, contacts = answer.Data.Account.Memberships.PageInfo.EndCursor, answer.Data.Account.Contacts.PageInfo.EndCursor
		if members == "" || contacts == "" {
			return "", "", fmt.Errorf("no cursor in %s", raw)
		}
	}
	return members, contacts, nil
}

// tables compares the reads on the data set with those on one with 1,000,000
// memberships, everything else larger by as much.
func (b *bench) tables(ctx context.Context, small, large *grown) error {
	for _, w := range documents.All {
		if w.Writes {
			continue
		}
		var few, many []float64
		for range max(b.rounds, 4) {
			for _, side := range []struct {
				g  *grown
				to *[]float64
			}{{small, &few}, {large, &many}} {
				_, cpu, err := b.once(ctx, side.g, w.Name, 16, nil)
				if err != nil {
					return err
				}
				*side.to = append(*side.to, cpu)
			}
		}
		b.report.Growth = append(b.report.Growth, report.Growth{About: fmt.Sprintf("CPU of %s %s: with %d memberships beside %d", w.Name, w.About, large.lab.Set.Memberships(),
			small.lab.Set.Memberships()), Small: few, Large: many, Unit: "µs", Most: 1.25})
	}
	return nil
}
