package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// The name of what everything is measured beside.
const hand = "hand"

// table is lines of cells.
type table struct{ lines [][]string }

func (t *table) add(cells ...string) { t.lines = append(t.lines, cells) }

// String writes it in Markdown, in columns for whoever reads it as text.
func (t *table) String() string {
	width := make([]int, len(t.lines[0]))
	for _, l := range t.lines {
		for i, c := range l {
			width[i] = max(width[i], len([]rune(c)))
		}
	}
	var b strings.Builder
	for n, l := range t.lines {
		for i, c := range l {
			b.WriteString("| " + c + strings.Repeat(" ", width[i]-len([]rune(c))+1))
		}
		b.WriteString("|\n")
		if n == 0 {
			for i := range l {
				b.WriteString("|" + strings.Repeat("-", width[i]+2))
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}

func ratio(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return fmt.Sprintf("%.2f", x)
}

func (r Ratio) String() string {
	if math.IsNaN(r.Median) {
		return "–"
	}
	return fmt.Sprintf("%.2f (%.2f–%.2f)", r.Median, r.Least, r.Most)
}

func whole(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return fmt.Sprintf("%.0f", x)
}

func millis(x float64) string {
	if math.IsNaN(x) {
		return "–"
	}
	return fmt.Sprintf("%.2f", x/1000)
}

func met(yes bool) string {
	if yes {
		return "yes"
	}
	return "**no**"
}

func (r *Report) name(w string) string { return w + " " + r.About[w] }

// targets are those that were measured, the handler left out.
func (r *Report) targets(sqlite bool) (out []string) {
	for _, p := range r.Programs {
		if p.Target != hand && (p.Target == "sqlite") == sqlite {
			out = append(out, p.Target)
		}
	}
	return out
}

// at is the number of connections that the goals speak of, or the nearest.
func (r *Report) at() int {
	if slices.Contains(r.Conns, 16) {
		return 16
	}
	return slices.Max(r.Conns)
}

// Markdown is the whole report.
func (r *Report) Markdown() string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# Speed, beside a hand-written handler\n")
	say("%s, commit %s, %s, PostgreSQL %s, %s. Scale %g of the data set, %d rounds, %s measured in each.\n", r.When.UTC().Format("2006-01-02 15:04"), r.Commit, r.Go,
		r.Postgres, r.Machine, r.Scale, r.Rounds, r.Slot)
	say("PostgreSQL with %s. The server writes its log to nowhere and its mail to a mail server that takes everything. The generator is a process of its own with one core at most; "+
		"it, PostgreSQL and the target share the machine.\n", strings.Join(r.Settings, ", "))
	var others []float64
	for _, s := range r.Samples {
		others = append(others, s.Others)
	}
	if len(others) > 0 {
		slices.Sort(others)
		say("Noise: work that is not measured here took %.0f %% of the machine in the middle slot and %.0f %% in the worst tenth. Ratios are medians over rounds of the same round's figures, "+
			"with the least and the most; under 20 %% is no difference.\n", 100*Median(others), 100*others[len(others)*9/10])
	}
	if len(r.Samples) > 0 {
		for _, t := range r.targets(false) {
			r.goals(&b, t)
		}
		r.connections(&b)
		r.embedded(&b)
	}
	r.programs(&b)
	r.growth(&b)
	return b.String()
}

func (r *Report) goals(b *strings.Builder, target string) {
	n := r.at()
	fmt.Fprintf(b, "## %s beside H, %d connections\n\n", target, n)
	t := &table{}
	t.add("", "throughput / H", "goal", "met", "CPU / H", "goal", "met", "statements", "goal", "met")
	for _, w := range r.Order {
		g := Goals[w]
		through, cpu := r.Throughput(w, target, hand, n), r.CPU(w, target, hand, n)
		cells := []string{r.name(w), through.String(), fmt.Sprintf("≥ %.2f", g.Throughput), met(through.Median >= g.Throughput), cpu.String()}
		if g.CPU > 0 {
			cells = append(cells, fmt.Sprintf("≤ %.1f", g.CPU), met(cpu.Median <= g.CPU))
		} else {
			cells = append(cells, "", "")
		}
		if asked, ok := r.Asked(w, target); ok {
			cells = append(cells, fmt.Sprint(asked.Statements), fmt.Sprintf("≤ %d", g.Statements), met(asked.Statements <= g.Statements))
		} else {
			cells = append(cells, "–", "", "")
		}
		t.add(cells...)
	}
	fmt.Fprintf(b, "%s\n", t)

	t = &table{}
	t.add("", "requests/s", "p50 ms", "p99 ms", "p99 ≤ 4 p50", "trips", "H requests/s", "p50 ms", "p99 ms", "statements", "trips")
	for _, w := range r.Order {
		mine, his := r.Summary(w, target, n), r.Summary(w, hand, n)
		tail, trips, statements, direct := "", "–", "–", "–"
		if w[0] == 'R' {
			tail = met(mine.P99 <= 4*mine.P50)
		}
		if asked, ok := r.Asked(w, target); ok {
			trips = fmt.Sprint(asked.Trips)
		}
		if asked, ok := r.Asked(w, hand); ok {
			statements, direct = fmt.Sprint(asked.Statements), fmt.Sprint(asked.Trips)
		}
		t.add(r.name(w), whole(mine.Rate), millis(mine.P50), millis(mine.P99), tail, trips, whole(his.Rate), millis(his.P50), millis(his.P99), statements, direct)
	}
	fmt.Fprintf(b, "%s\nStatements are counted without BEGIN and COMMIT; trips are how often one request waits for PostgreSQL, with them.\n\n", t)

	t = &table{}
	t.add("microseconds of CPU for each request", "server", "PostgreSQL", "of both, after answers", "H", "its PostgreSQL", "server / H", "PostgreSQL / H", "answer, bytes")
	for _, w := range r.Order {
		mine, his := r.Summary(w, target, n), r.Summary(w, hand, n)
		size := 0
		if all := r.of(w, target, n); len(all) > 0 {
			size = all[0].Bytes
		}
		t.add(r.name(w), whole(mine.Server), whole(mine.Database), whole(mine.Background), whole(his.Server), whole(his.Database), ratio(mine.Server/his.Server),
			ratio(mine.Database/his.Database), fmt.Sprint(size))
	}
	fmt.Fprintf(b, "%s\n", t)
	b.WriteString("The server goes on after W2 and W3 have been answered: it hands events on, seals them and mails. H does not. What of that falls into the time that is measured is estimated " +
		"(events handed on and mails sent meanwhile, at what as many cost right afterwards while nothing is asked) and left out of \"CPU / H\"; it does slow the server's throughput.")
	for _, w := range r.Order {
		switch event, mail := r.after(w, target); {
		case mail > 0:
			fmt.Fprintf(b, " An event of %s costs %.0f µs, a mail %.0f.", w, event, mail)
		case event > 0:
			fmt.Fprintf(b, " An event of %s costs %.0f µs.", w, event)
		}
	}
	b.WriteString("\n\n")
}

// connections shows the other numbers of connections.
func (r *Report) connections(b *strings.Builder) {
	if len(r.Conns) < 2 {
		return
	}
	for _, target := range r.targets(false) {
		fmt.Fprintf(b, "## %s at other numbers of connections\n\n", target)
		t := &table{}
		head := []string{""}
		for _, n := range r.Conns {
			head = append(head, fmt.Sprintf("throughput / H, %d", n), fmt.Sprintf("CPU / H, %d", n), "p50 ms", "p99 ms", "H p50")
		}
		t.add(head...)
		for _, w := range r.Order {
			cells := []string{r.name(w)}
			for _, n := range r.Conns {
				s := r.Summary(w, target, n)
				cells = append(cells, r.Throughput(w, target, hand, n).String(), ratio(r.CPU(w, target, hand, n).Median), millis(s.P50), millis(s.P99), millis(r.Summary(w, hand, n).P50))
			}
			t.add(cells...)
		}
		fmt.Fprintf(b, "%s\n", t)
	}
}

// embedded shows the figures of SQLite by themselves.
func (r *Report) embedded(b *strings.Builder) {
	for _, target := range r.targets(true) {
		fmt.Fprintf(b, "## The same documents on the embedded SQLite\n\n")
		t := &table{}
		head := []string{""}
		for _, n := range r.Conns {
			head = append(head, fmt.Sprintf("requests/s, %d", n), "p50 ms", "p99 ms", "CPU µs")
		}
		t.add(head...)
		for _, w := range r.Order {
			cells := []string{r.name(w)}
			for _, n := range r.Conns {
				s := r.Summary(w, target, n)
				cells = append(cells, whole(s.Rate), millis(s.P50), millis(s.P99), whole(s.Server))
			}
			t.add(cells...)
		}
		fmt.Fprintf(b, "%s\nThe database is in the process; what follows the answers of W2 and W3 is in these figures.\n\n", t)
		if len(r.of(Meanwhile(Reading, Writing), target, Readers)) == 0 {
			continue
		}
		t = &table{}
		t.add("", "requests/s", "p50 ms", "p99 ms")
		row := func(name, workload string, conns int) {
			s := r.Summary(workload, target, conns)
			t.add(name, whole(s.Rate), millis(s.P50), millis(s.P99))
		}
		row(fmt.Sprintf("%s, %d connections", Reading, Readers), Reading, Readers)
		row(fmt.Sprintf("the same beside %d that write", Writers), Meanwhile(Reading, Writing), Readers)
		row(fmt.Sprintf("%s, %d connections", Writing, Writers), Writing, Writers)
		row(fmt.Sprintf("the same beside %d that read", Readers), Meanwhile(Writing, Reading), Writers)
		fmt.Fprintf(b, "Readers go on while one writes:\n\n%s\n", t)
	}
}

func (r *Report) programs(b *strings.Builder) {
	if len(r.Programs) == 0 {
		return
	}
	fmt.Fprintf(b, "## Start, memory, size\n\n")
	t := &table{}
	t.add("", "start to first good answer, ms (≤ 100)", "idle, MB (≤ 25)", "after 64 connections, MB (≤ 80)", "binary, MB (≤ 40)")
	const mb = 1 << 20
	for _, p := range r.Programs {
		cell := func(have, most float64) string {
			if have == 0 {
				return "–"
			}
			s := fmt.Sprintf("%.0f", have)
			if p.Target != hand && have > most {
				s = "**" + s + "**"
			}
			return s
		}
		t.add(p.Target+": "+p.About, cell(float64(p.Start)/float64(time.Millisecond), 100), cell(float64(p.Idle)/mb, 25), cell(float64(p.Loaded)/mb, 80), cell(float64(p.Binary)/mb, 40))
	}
	fmt.Fprintf(b, "%s\n", t)
}

func (r *Report) growth(b *strings.Builder) {
	if len(r.Growth) == 0 {
		return
	}
	fmt.Fprintf(b, "## Growth\n\n")
	t := &table{}
	t.add("", "small", "large", "large / small", "goal", "met")
	for _, g := range r.Growth {
		goal := fmt.Sprintf("≤ %.2f ×", g.Most)
		if g.Absolute {
			goal = fmt.Sprintf("%.2f %s more, ≤ %.2f", g.More(), g.Unit, g.Most)
		}
		t.add(g.About, fmt.Sprintf("%.2f %s", Median(g.Small), g.Unit), fmt.Sprintf("%.2f %s", Median(g.Large), g.Unit), g.Ratio().String(), goal, met(g.Met()))
	}
	fmt.Fprintf(b, "%s\n", t)
}
