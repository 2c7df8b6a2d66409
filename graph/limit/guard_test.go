package limit

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

func mustParse(t *testing.T, text string) *ast.QueryDocument {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// doubling is a chain of n fragments, each of which spreads the next one twice
// below the given field, or beside it if the field is empty.
func doubling(n int, field string) string {
	var b strings.Builder
	b.WriteString("{...f0}")
	for i := range n - 1 {
		if field == "" {
			fmt.Fprintf(&b, " fragment f%d on Query{...f%d ...f%d}", i, i+1, i+1)
		} else {
			fmt.Fprintf(&b, " fragment f%d on Query{%s{...f%d} %s{...f%d}}", i, field, i+1, field, i+1)
		}
	}
	fmt.Fprintf(&b, " fragment f%d on Query{a}", n-1)
	return b.String()
}

// Invariant 43: the guard looks at each node of a document once, whatever its
// fragments amount to.
func TestGuardIsLinear(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		steps      int
	}{
		{"flat doubling", doubling(30, ""), 60},
		{"nested doubling", doubling(30, "q"), 180},
		{"cycle", "{...A} fragment A on Query{...B ...B} fragment B on Query{...A ...A}", 10},
		{"repeats", "{" + strings.Repeat("a ", 600) + "}", 600},
	} {
		t.Run(tc.name, func(t *testing.T) {
			g := newGuard(Defaults(), nil)
			g.admit(mustParse(t, tc.text))
			if g.steps > tc.steps {
				t.Errorf("looked at %d nodes, want at most %d", g.steps, tc.steps)
			}
		})
	}
}

func TestWeigherIsLinear(t *testing.T) {
	doc := mustParse(t, doubling(30, "q"))
	for _, f := range doc.Fragments {
		link(doc, f.SelectionSet)
	}
	link(doc, doc.Operations[0].SelectionSet)
	w := weigher{known: map[*ast.FragmentDefinition]weight{}}
	got := w.set(doc.Operations[0].SelectionSet)
	if w.steps > 180 {
		t.Errorf("looked at %d nodes of 30 fragments", w.steps)
	}
	if got.data < 1<<29 {
		t.Errorf("weighs %d, want 2^29 at least", got.data)
	}
}

// link does what validation does for the weigher.
func link(doc *ast.QueryDocument, ss ast.SelectionSet) {
	object := &ast.Definition{Name: "Query"}
	for _, s := range ss {
		switch s := s.(type) {
		case *ast.Field:
			s.Definition, s.ObjectDefinition = &ast.FieldDefinition{Type: ast.NamedType("Query", nil)}, object
			link(doc, s.SelectionSet)
		case *ast.FragmentSpread:
			s.Definition = doc.Fragments.ForName(s.Name)
		}
	}
}

func TestSaturation(t *testing.T) {
	const most = math.MaxInt32
	for _, tc := range []struct {
		name      string
		got, want int
	}{
		{"sum", plus(2, 3), 5},
		{"great sum", plus(most, most), most},
		{"product", times(2, 3), 6},
		{"great product", times(most, most), most},
		{"nothing", times(0, most), 0},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %d, want %d", tc.name, tc.got, tc.want)
		}
	}
}
