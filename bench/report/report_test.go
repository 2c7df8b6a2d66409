package report

import (
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"
	"time"
)

func sample(target string, round, requests int, cpu time.Duration) Sample {
	return Sample{Workload: "R1", Target: target, Conns: 16, Round: round, Requests: requests, Elapsed: time.Second, P50: time.Millisecond, P99: 3 * time.Millisecond,
		Server: cpu, Bytes: 100}
}

func example() *Report {
	return &Report{Conns: []int{1, 16}, Order: []string{"R1"}, About: map[string]string{"R1": "who am I"}, Programs: []Program{{Target: "server"}, {Target: "hand"}},
		Samples: []Sample{
			sample("server", 0, 700, 700*time.Millisecond), sample("hand", 0, 1000, 500*time.Millisecond),
			sample("server", 1, 300, 300*time.Millisecond), sample("hand", 1, 1000, 500*time.Millisecond),
			sample("server", 2, 900, 900*time.Millisecond), sample("hand", 2, 1000, 500*time.Millisecond),
		},
		Counted: []Statements{{Workload: "R1", Target: "server", Statements: 1, Trips: 1}, {Workload: "R1", Target: "hand", Statements: 1, Trips: 1}}}
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		v    []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{9, 1, 2}, 2}, {[]float64{4, 1, 2, 3}, 2.5}} {
		if got := Median(c.v); got != c.want {
			t.Errorf("%v: %g, want %g", c.v, got, c.want)
		}
	}
	if !math.IsNaN(Median(nil)) {
		t.Error("the median of nothing is a number")
	}
}

// A round is compared with the same round, whatever the others were like.
func TestBesideRoundByRound(t *testing.T) {
	r := example()
	if got := r.Throughput("R1", "server", "hand", 16); got != (Ratio{0.7, 0.3, 0.9}) {
		t.Errorf("throughput %v", got)
	}
	if got := r.CPU("R1", "server", "hand", 16); got != (Ratio{2, 2, 2}) {
		t.Errorf("CPU %v", got)
	}
	r.Samples[1].Round = 9 // no partner
	if got := r.Throughput("R1", "server", "hand", 16); got.Least != 0.3 || got.Most != 0.9 || got.Median != 0.6 {
		t.Errorf("without a partner for the first: %v", got)
	}
}

// Work after answers is left out of what a request costs, by what events and mails
// cost when they are repeated: the mails alone, and the events with theirs.
func TestAfterwork(t *testing.T) {
	r := example()
	r.Samples[0].Events, r.Samples[0].Mails = 350, 70
	ms := time.Millisecond
	r.After = []Afterwork{
		{Workload: "R1", Target: "server", Events: 100, Mails: 50, Server: 100 * ms, Database: 50 * ms}, // an event is 0.5 ms, a mail 2
		{Workload: "R1", Target: "server", Events: 1, Mails: 100, Server: 150 * ms, Database: 50 * ms},
		{Workload: "R1", Target: "other", Events: 1, Mails: 100, Server: 900 * ms},
	}
	if event, mail := r.after("R1", "server"); event != 500 || mail != 2000 {
		t.Errorf("an event is %g µs and a mail %g, want 500 and 2000", event, mail)
	}
	if got := r.background(r.Samples[0]); got != 450 {
		t.Errorf("350 events and 70 mails in 700 requests are %g µs each, want 450", got)
	}
	if got := r.cpu(r.Samples[0]); got != 550 {
		t.Errorf("of 1000 µs %g are left, want 550", got)
	}
	r.Samples[0].Events = 1e6
	if got := r.cpu(r.Samples[0]); got != 0 {
		t.Errorf("more than all was after answers: %g", got)
	}
}

func TestGrowth(t *testing.T) {
	for _, c := range []struct {
		g    Growth
		want bool
	}{
		{Growth{Small: []float64{10, 20, 10}, Large: []float64{11, 22, 90}, Most: 1.1}, true},
		{Growth{Small: []float64{10, 20, 10}, Large: []float64{11.5, 23, 1}, Most: 1.1}, false},
		{Growth{Small: []float64{10, 20, 10}, Large: []float64{12, 22, 90}, Most: 2.5, Absolute: true}, true},
		{Growth{Small: []float64{10, 20, 10}, Large: []float64{13, 23, 1}, Most: 2.5, Absolute: true}, false},
	} {
		if c.g.Met() != c.want {
			t.Errorf("%+v: met %v", c.g, c.g.Met())
		}
	}
}

func TestTables(t *testing.T) {
	text := example().Markdown()
	for _, want := range []string{"| R1 who am I | 0.70 (0.30–0.90) | ≥ 0.65 | yes |", "| 2.00 (2.00–2.00) | ≤ 1.6 | **no** |", "| 1          | ≤ 1  | yes |"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	width := 0
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			width = 0
			continue
		}
		if n := strings.Count(line, "|"); width == 0 {
			width = n
		} else if n != width {
			t.Errorf("a line of another width: %s", line)
		}
	}
}

func TestChartIsXML(t *testing.T) {
	d := xml.NewDecoder(strings.NewReader(example().Chart()))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// What is read while others write stands beside what is read alone.
func TestReadingMeanwhile(t *testing.T) {
	of := func(workload string, conns, requests int) Sample {
		return Sample{Workload: workload, Target: "sqlite", Conns: conns, Requests: requests, Elapsed: time.Second, P50: time.Millisecond, P99: 3 * time.Millisecond}
	}
	r := &Report{Conns: []int{Writers}, Order: []string{Reading, Writing}, Programs: []Program{{Target: "sqlite"}}, Samples: []Sample{
		of(Reading, Readers, 400), of(Meanwhile(Reading, Writing), Readers, 300), of(Writing, Writers, 200), of(Meanwhile(Writing, Reading), Writers, 100)}}
	text := r.Markdown()
	at := 0
	for _, want := range []string{"| R3, 4 connections             | 400 ", "| the same beside 64 that write | 300 ", "| W2, 64 connections            | 200 ", "| the same beside 4 that read   | 100 "} {
		if i := strings.Index(text[at:], want); i < 0 {
			t.Errorf("no %q in\n%s", want, text)
		} else {
			at += i
		}
	}
}
