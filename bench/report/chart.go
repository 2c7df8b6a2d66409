package report

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// colours are for targets in their order, readable in print as well.
var colours = []string{"#2f6f9f", "#d08a3c", "#6b9e5b", "#8a6fae"}

// Chart draws throughput beside H for each workload, with the goals, as SVG.
func (r *Report) Chart() string {
	targets, n := r.targets(false), r.at()
	const left, top, height, group, foot = 50, 50, 260, 96, 70
	width := left + group*len(r.Order) + 20
	most := 1.2
	for _, w := range r.Order {
		for _, t := range targets {
			if v := r.Throughput(w, t, hand, n).Median; !math.IsNaN(v) {
				most = max(most, v*1.1)
			}
		}
	}
	y := func(v float64) float64 { return top + height*(1-v/most) }
	var b strings.Builder
	put := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	put(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui, sans-serif" font-size="12" fill="#222">`, width, top+height+foot)
	put(`<rect width="100%%" height="100%%" fill="#fff"/>`)
	put(`<text x="%d" y="20" font-size="15">Throughput beside a hand-written handler (1.0), %d connections</text>`, left, n)
	for v := 0.0; v <= most; v += 0.2 {
		stroke := "#ddd"
		if math.Abs(v-1) < 0.01 {
			stroke = "#444"
		}
		put(`<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="%s"/><text x="%d" y="%.1f" text-anchor="end">%.1f</text>`, left, width-10, y(v), y(v), stroke, left-6, y(v)+4, v)
	}
	for i, w := range r.Order {
		x := float64(left + i*group + 12)
		bar := float64(group-24) / float64(max(len(targets), 1))
		for j, t := range targets {
			v := r.Throughput(w, t, hand, n)
			if math.IsNaN(v.Median) {
				continue
			}
			at := x + float64(j)*bar
			put(`<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"><title>%s %s %s</title></rect>`, at, y(v.Median), bar-3, y(0)-y(v.Median), colours[j%len(colours)],
				html.EscapeString(t), w, v)
			put(`<line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" stroke="#222"/>`, at+bar/2-1.5, at+bar/2-1.5, y(v.Least), y(min(v.Most, most)))
			put(`<text x="%.1f" y="%.1f" text-anchor="middle" fill="#fff">%.2f</text>`, at+bar/2-1.5, y(0)-6, v.Median)
		}
		if g := Goals[w]; g.Throughput > 0 {
			put(`<line x1="%.1f" x2="%.1f" y1="%.1f" y2="%.1f" stroke="#b03030" stroke-width="2"/>`, x-6, x+float64(group)-24+3, y(g.Throughput), y(g.Throughput))
		}
		put(`<text x="%.1f" y="%d" text-anchor="middle" font-weight="bold">%s</text>`, x+float64(group-24)/2, top+height+18, w)
		put(`<text x="%.1f" y="%d" text-anchor="middle" font-size="9">%s</text>`, x+float64(group-24)/2, top+height+32, html.EscapeString(r.About[w]))
	}
	for j, t := range targets {
		put(`<rect x="%d" y="%d" width="10" height="10" fill="%s"/><text x="%d" y="%d">%s</text>`, left+j*120, top+height+46, colours[j%len(colours)], left+j*120+15, top+height+55, html.EscapeString(t))
	}
	put(`<line x1="%d" x2="%d" y1="%d" y2="%d" stroke="#b03030" stroke-width="2"/><text x="%d" y="%d">goal</text>`, left+len(targets)*120, left+len(targets)*120+14, top+height+51, top+height+51,
		left+len(targets)*120+20, top+height+55)
	put(`</svg>`)
	return b.String()
}
