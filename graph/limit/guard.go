package limit

import (
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// cost is what a selection set amounts to once its fragments are filled in.
type cost struct{ depth, width, aliases, fields, directives, secrets int }

func (c *cost) add(d cost) {
	c.depth = max(c.depth, d.depth)
	c.width = plus(c.width, d.width)
	c.aliases = plus(c.aliases, d.aliases)
	c.fields = plus(c.fields, d.fields)
	c.directives = plus(c.directives, d.directives)
	c.secrets = plus(c.secrets, d.secrets)
}

// plus and times stay at the greatest value rather than overflow: thirty
// fragments that double one another make a billion.
func plus(a, b int) int { return min(a+b, math.MaxInt32) }

func times(a, b int) int {
	if a > 0 && b > math.MaxInt32/a {
		return math.MaxInt32
	}
	return a * b
}

// guard judges a parsed document before it is validated, since some rules of
// validation compare each field with every other. It looks at each node once.
type guard struct {
	rules     Rules
	secrets   map[string]bool
	fragments map[string]*ast.FragmentDefinition
	known     map[string]cost // of fragments; zero while one is being measured
	deferred  bool
	unfit     bool // a number that no Go type holds
	steps     int  // nodes looked at
}

func newGuard(r Rules, secrets map[string]bool) *guard {
	return &guard{rules: r, secrets: secrets, fragments: map[string]*ast.FragmentDefinition{}, known: map[string]cost{}}
}

// admit returns why the document is refused, or nil. Every operation and every
// fragment is held to the limits, for the unused ones are validated as well.
func (g *guard) admit(doc *ast.QueryDocument) *gqlerror.Error {
	if len(doc.Fragments) > g.rules.Fragments {
		return exceeded("fragments", g.rules.Fragments)
	}
	for _, f := range doc.Fragments {
		if g.fragments[f.Name] != nil {
			return invalid("Two fragments have the same name.")
		}
		g.fragments[f.Name] = f
	}
	for _, f := range doc.Fragments {
		if err := g.judge(g.fragment(f.Name)); err != nil {
			return err
		}
	}
	fields := 0 // of all operations: validation walks each of them
	for _, op := range doc.Operations {
		c := g.set(op.SelectionSet)
		c.directives = plus(c.directives, g.directives(op.Directives))
		for _, v := range op.VariableDefinitions {
			c.directives = plus(c.directives, g.directives(v.Directives))
			g.value(v.DefaultValue)
		}
		if err := g.judge(c); err != nil {
			return err
		}
		if fields = plus(fields, c.fields); fields > g.rules.Fields {
			return exceeded("fields", g.rules.Fields)
		}
		if op.Operation == ast.Mutation && c.width > g.rules.RootFields {
			return exceeded("fields at the root of a mutation", g.rules.RootFields)
		}
	}
	switch {
	case g.deferred:
		return invalid("@defer is not supported.")
	case g.unfit:
		return invalid("A number in the document is out of range.")
	}
	return nil
}

func invalid(message string) *gqlerror.Error {
	err := &gqlerror.Error{Message: message}
	errcode.Set(err, errcode.ValidationFailed)
	return err
}

func (g *guard) judge(c cost) *gqlerror.Error {
	for _, l := range []struct {
		has, most int
		what      string
	}{
		{c.depth, g.rules.Depth, "levels of fields"},
		{c.fields, g.rules.Fields, "fields"},
		{c.aliases, g.rules.Aliases, "aliases"},
		{c.directives, g.rules.Directives, "directives"},
		{c.secrets, 1, "field that checks a secret"},
	} {
		if l.has > l.most {
			return exceeded(l.what, l.most)
		}
	}
	return nil
}

func (g *guard) set(ss ast.SelectionSet) (sum cost) {
	for _, s := range ss {
		g.steps++
		switch s := s.(type) {
		case *ast.Field:
			c := g.set(s.SelectionSet)
			c.depth++
			c.width = 1
			c.fields = plus(c.fields, 1)
			if s.Alias != s.Name {
				c.aliases = plus(c.aliases, 1)
			}
			if g.secrets[s.Name] {
				c.secrets = plus(c.secrets, 1)
			}
			c.directives = plus(c.directives, g.directives(s.Directives))
			g.arguments(s.Arguments)
			sum.add(c)
		case *ast.InlineFragment:
			c := g.set(s.SelectionSet)
			c.directives = plus(c.directives, g.directives(s.Directives))
			sum.add(c)
		case *ast.FragmentSpread:
			c := g.fragment(s.Name)
			c.directives = plus(c.directives, g.directives(s.Directives))
			sum.add(c)
		}
	}
	return sum
}

// fragment measures each fragment once. One that spreads itself counts as
// nothing there: validation refuses it.
func (g *guard) fragment(name string) cost {
	if c, ok := g.known[name]; ok {
		return c
	}
	f := g.fragments[name]
	if f == nil {
		return cost{}
	}
	g.known[name] = cost{}
	c := g.set(f.SelectionSet)
	c.directives = plus(c.directives, g.directives(f.Directives))
	g.known[name] = c
	return c
}

func (g *guard) directives(list ast.DirectiveList) int {
	for _, d := range list {
		g.steps++
		g.deferred = g.deferred || d.Name == "defer"
		g.arguments(d.Arguments)
	}
	return len(list)
}

func (g *guard) arguments(list ast.ArgumentList) {
	for _, a := range list {
		g.value(a.Value)
	}
}

// value finds numbers that the parser admits but on which the executor panics.
func (g *guard) value(v *ast.Value) {
	if v == nil {
		return
	}
	g.steps++
	var err error
	switch v.Kind {
	case ast.IntValue:
		_, err = strconv.ParseInt(v.Raw, 10, 64)
	case ast.FloatValue:
		_, err = strconv.ParseFloat(v.Raw, 64)
	}
	g.unfit = g.unfit || err != nil
	for _, c := range v.Children {
		g.value(c.Value)
	}
}
