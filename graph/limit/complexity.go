package limit

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

const (
	page     = 25  // elements of a page where the schema declares no default
	maxPage  = 100 // above it the resolver refuses, and says so better
	someList = 10  // elements of a list whose length nothing tells
)

// complexity refuses operations that would resolve too many fields. It knows
// lists from the schema; its walk is linear, unlike that of gqlgen's own.
type complexity struct {
	rules  Rules
	schema *ast.Schema
}

func (*complexity) ExtensionName() string { return "Complexity" }

func (c *complexity) Validate(es graphql.ExecutableSchema) error {
	c.schema = es.Schema()
	return nil
}

func (c *complexity) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	total := c.weigh(op)
	switch {
	case total.data > c.rules.Complexity:
		return exceeded("fields to resolve: ask for smaller pages", c.rules.Complexity)
	case total.meta > c.rules.Introspection:
		return exceeded("fields of introspection to resolve", c.rules.Introspection)
	}
	return nil
}

// weightKey is where the notes of a document have the weight of an operation.
type weightKey struct{ *ast.OperationDefinition }

// weigh weighs an operation once, unless variables say how long its lists are.
func (c *complexity) weigh(op *graphql.OperationContext) weight {
	notes := Notes(op)
	if known, ok := notes.Load(weightKey{op.Operation}); ok {
		return *known.(*weight)
	}
	w := weigher{rules: c.rules, schema: c.schema, variables: op.Variables, known: map[*ast.FragmentDefinition]weight{}}
	total := w.set(op.Operation.SelectionSet)
	if !w.varies {
		notes.Store(weightKey{op.Operation}, &total)
	}
	return total
}

// weight is how many fields there are to resolve, and of those how many
// describe the schema.
type weight struct{ data, meta int }

type weigher struct {
	rules     Rules
	schema    *ast.Schema
	variables map[string]any
	known     map[*ast.FragmentDefinition]weight
	steps     int  // nodes looked at
	varies    bool // a variable has been looked at
}

func (w *weigher) set(ss ast.SelectionSet) (sum weight) {
	for _, s := range ss {
		w.steps++
		var one weight
		switch s := s.(type) {
		case *ast.Field:
			one = w.field(s)
		case *ast.InlineFragment:
			one = w.set(s.SelectionSet)
		case *ast.FragmentSpread:
			var ok bool
			if one, ok = w.known[s.Definition]; !ok {
				one = w.set(s.Definition.SelectionSet)
				w.known[s.Definition] = one
			}
		}
		sum.data, sum.meta = plus(sum.data, one.data), plus(sum.meta, one.meta)
	}
	return sum
}

func (w *weigher) field(f *ast.Field) weight {
	inner := w.set(f.SelectionSet)
	own := 1
	if cost, ok := w.rules.Costs[coordinate(f)]; ok {
		own = cost
	}
	n := plus(own, times(w.elements(f), inner.data))
	if f.Name == "__schema" || f.Name == "__type" {
		return weight{meta: n}
	}
	return weight{data: n}
}

// coordinate names a field of the schema, such as "Account.people".
func coordinate(f *ast.Field) string {
	if f.ObjectDefinition == nil {
		return f.Name
	}
	return f.ObjectDefinition.Name + "." + f.Name
}

// elements is how often the fields below f are resolved.
func (w *weigher) elements(f *ast.Field) int {
	if len(f.SelectionSet) == 0 {
		return 1
	}
	if ids := f.Arguments.ForName("ids"); ids != nil && f.Definition.Type.Elem != nil {
		return w.length(ids)
	}
	paged, n := false, page
	for _, name := range []string{"first", "last"} {
		def := f.Definition.Arguments.ForName(name)
		if def == nil {
			continue
		}
		paged = true
		if given, ok := w.number(f.Arguments.ForName(name)); ok {
			return min(max(given, 1), maxPage)
		}
		if def.DefaultValue != nil {
			if usual, err := strconv.Atoi(def.DefaultValue.Raw); err == nil {
				n = usual
			}
		}
	}
	switch {
	case paged:
		return n
	case f.Definition.Type.Elem != nil && !strings.HasSuffix(f.ObjectDefinition.Name, "Connection"):
		if n, ok := w.rules.Lists[coordinate(f)]; ok {
			return n
		}
		return someList
	}
	return 1 // an object, or the elements of a page that has been counted
}

// length is how many ids a list argument has.
func (w *weigher) length(arg *ast.Argument) int {
	if arg.Value.Kind == ast.Variable {
		w.varies = true
		if list, ok := w.variables[arg.Value.Raw].([]any); ok {
			return max(len(list), 1)
		}
		return maxPage
	}
	return max(len(arg.Value.Children), 1)
}

func (w *weigher) number(arg *ast.Argument) (int, bool) {
	if arg == nil {
		return 0, false
	}
	if arg.Value.Kind != ast.Variable {
		n, err := strconv.Atoi(arg.Value.Raw)
		return n, err == nil
	}
	w.varies = true
	switch v := w.variables[arg.Value.Raw].(type) {
	case int64:
		return int(v), true
	case int:
		return v, true
	case json.Number:
		n, err := strconv.Atoi(v.String())
		return n, err == nil
	}
	return 0, false
}
