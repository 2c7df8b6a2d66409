// Package report turns samples into figures beside the hand-written handler, a
// table, and a chart.
package report

import (
	"math"
	"slices"
	"time"
)

// Sample is one target asked for one workload for a while.
type Sample struct {
	Workload, Target string
	Conns, Round     int
	Requests         int
	Elapsed          time.Duration
	P50, P99         time.Duration
	// Bytes is the mean length of an answer.
	Bytes int
	// Server, Database and Generator are the processor time that was used.
	Server, Database, Generator time.Duration
	// Others is the share of the machine that was used by what is not measured.
	Others float64
	// Events and Mails are how many the server handed on and sent meanwhile.
	Events, Mails int
}

// The embedded database has one writer: so many connections ask for one workload
// that writes while others ask for one that reads.
const (
	Writing, Writers = "W2", 64
	Reading, Readers = "R3", 4
)

// Meanwhile is the Workload of samples that were taken while another was asked for.
func Meanwhile(workload, other string) string { return workload + " beside " + other }

// Rate is requests a second.
func (s Sample) Rate() float64 { return float64(s.Requests) / s.Elapsed.Seconds() }

// Afterwork is what the server used for handing on events and sending mails while
// nothing was asked.
type Afterwork struct {
	Workload, Target string
	Events, Mails    int
	Server, Database time.Duration
}

// Statements is what one request asks of PostgreSQL.
type Statements struct {
	Workload, Target                string
	Statements, Trips, Transactions int
	Texts                           []string
}

// Program is what is measured of a target as a whole.
type Program struct {
	Target, About string
	// Start is from its start to the first good answer, on a migrated database.
	Start time.Duration
	// Idle and Loaded are bytes in memory: after the start, and at most after 64
	// connections have asked.
	Idle, Loaded int64
	Binary       int64
}

// Growth is one thing measured where it is small and where it is large, in rounds.
type Growth struct {
	About        string
	Small, Large []float64
	Unit         string
	// Most is what Large may be: times Small, or more than Small if Absolute.
	Most     float64
	Absolute bool
}

// Ratio compares each round with the same round.
func (g Growth) Ratio() Ratio {
	v := make([]float64, len(g.Small))
	for i := range v {
		v[i] = g.Large[i] / g.Small[i]
	}
	return Ratio{Median(v), slices.Min(v), slices.Max(v)}
}

// More is by how much Large is more, in the middle of the rounds.
func (g Growth) More() float64 {
	v := make([]float64, len(g.Small))
	for i := range v {
		v[i] = g.Large[i] - g.Small[i]
	}
	return Median(v)
}

// Met says whether the growth is within its bound.
func (g Growth) Met() bool {
	if g.Absolute {
		return g.More() <= g.Most
	}
	return g.Ratio().Median <= g.Most
}

// Report is a whole run.
type Report struct {
	When     time.Time
	Commit   string
	Machine  string
	Go       string
	Postgres string
	Settings []string
	Scale    float64
	Rounds   int
	Slot     time.Duration
	Conns    []int
	About    map[string]string // workloads by name
	Order    []string          // of the workloads
	Samples  []Sample
	After    []Afterwork
	Counted  []Statements
	Programs []Program
	Growth   []Growth
}

// Goal is what the contract asks of a workload, at 16 connections beside H.
type Goal struct {
	// Throughput is at least so much of H's.
	Throughput float64
	// CPU is at most so many times H's. Zero where nothing is asked.
	CPU float64
	// Statements is at most so many.
	Statements int
}

// Goals are those of the contract.
var Goals = map[string]Goal{
	"R1": {0.65, 1.6, 1}, "R2": {0.70, 0, 2}, "R3": {0.80, 1.3, 4}, "R4": {0.80, 1.3, 3}, "R5": {0.70, 1.6, 1},
	"W1": {0.80, 1.6, 2}, "W2": {0.80, 1.6, 5}, "W3": {0.80, 0, 6},
}

// Median returns the middle of the values, NaN for none.
func Median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	v = slices.Sorted(slices.Values(v))
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

// Ratio is a figure of one target beside that of another, round by round.
type Ratio struct{ Median, Least, Most float64 }

// Summary is the rounds of one target for one workload and so many connections.
type Summary struct {
	Rate, Server, Database, Generator, P50, P99, Others float64 // microseconds for each request; a second; a share
	// Background is the part of the processor time that went into work after
	// answers, by an estimate.
	Background float64
	Rounds     int
}

// CPU is what one request costs the server and the database, without what
// follows its answer.
func (s Summary) CPU() float64 { return s.Server + s.Database - s.Background }

func (r *Report) of(workload, target string, conns int) (out []Sample) {
	for _, s := range r.Samples {
		if s.Workload == workload && s.Target == target && s.Conns == conns {
			out = append(out, s)
		}
	}
	return out
}

// after is what an event and a mail cost after an answer, in microseconds: mails were
// measured for themselves, and then are known where events were measured with them.
func (r *Report) after(workload, target string) (event, mail float64) {
	var alone, all Afterwork
	for _, a := range r.After {
		if a.Workload != workload || a.Target != target {
			continue
		}
		to := &all
		if a.Mails > a.Events {
			to = &alone
		}
		to.Events, to.Mails, to.Server, to.Database = to.Events+a.Events, to.Mails+a.Mails, to.Server+a.Server, to.Database+a.Database
	}
	if alone.Mails > 0 {
		mail = micros(alone.Server+alone.Database) / float64(alone.Mails)
	}
	if all.Events > 0 {
		event = max(0, micros(all.Server+all.Database)-float64(all.Mails)*mail) / float64(all.Events)
	}
	return event, mail
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// background is the processor time of a sample that went into work after answers:
// as many events and mails as there were meanwhile, at what they cost when nothing is
// asked.
func (r *Report) background(s Sample) float64 {
	n := float64(s.Requests)
	event, mail := r.after(s.Workload, s.Target)
	return min((float64(s.Events)*event+float64(s.Mails)*mail)/n, (micros(s.Server)+micros(s.Database))/n)
}

func (r *Report) cpu(s Sample) float64 {
	return (micros(s.Server)+micros(s.Database))/float64(s.Requests) - r.background(s)
}

// Summary sums the rounds up by their medians.
func (r *Report) Summary(workload, target string, conns int) Summary {
	all := r.of(workload, target, conns)
	of := func(f func(Sample) float64) float64 {
		v := make([]float64, len(all))
		for i, s := range all {
			v[i] = f(s)
		}
		return Median(v)
	}
	each := func(d func(Sample) time.Duration) float64 {
		return of(func(s Sample) float64 { return micros(d(s)) / float64(s.Requests) })
	}
	return Summary{
		Rate:       of(Sample.Rate),
		Server:     each(func(s Sample) time.Duration { return s.Server }),
		Database:   each(func(s Sample) time.Duration { return s.Database }),
		Generator:  each(func(s Sample) time.Duration { return s.Generator }),
		P50:        of(func(s Sample) float64 { return micros(s.P50) }),
		P99:        of(func(s Sample) float64 { return micros(s.P99) }),
		Others:     of(func(s Sample) float64 { return s.Others }),
		Background: of(r.background),
		Rounds:     len(all),
	}
}

// Beside compares a target with another, each round with the same round.
func (r *Report) Beside(workload, target, other string, conns int, figure func(Sample) float64) Ratio {
	var v []float64
	theirs := r.of(workload, other, conns)
	for _, s := range r.of(workload, target, conns) {
		for _, o := range theirs {
			if o.Round == s.Round {
				v = append(v, figure(s)/figure(o))
			}
		}
	}
	if len(v) == 0 {
		return Ratio{math.NaN(), math.NaN(), math.NaN()}
	}
	return Ratio{Median(v), slices.Min(v), slices.Max(v)}
}

// Throughput compares requests a second.
func (r *Report) Throughput(workload, target, other string, conns int) Ratio {
	return r.Beside(workload, target, other, conns, Sample.Rate)
}

// CPU compares processor time for each request, without the work that follows
// answers.
func (r *Report) CPU(workload, target, other string, conns int) Ratio {
	return r.Beside(workload, target, other, conns, r.cpu)
}

// Asked returns what one request of a target asks of PostgreSQL.
func (r *Report) Asked(workload, target string) (Statements, bool) {
	for _, s := range r.Counted {
		if s.Workload == workload && s.Target == target {
			return s, true
		}
	}
	return Statements{}, false
}
