package straight

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Type is what the writer knows of an object type or interface of the schema.
// E is the generated executor, which arguments are read with.
type Type[E any] struct {
	// Name is the name in the schema.
	Name string
	// Names are those that a fragment on the type may have: its own, and those
	// of its interfaces and unions. Nil for an interface.
	Names []string
	// Fields are the fields that can be written, by name. Others are left to the
	// generated executor.
	Fields map[string]Field[E]
}

// Field is what the writer knows of a field.
type Field[E any] struct {
	// At is the number of the field in its type, from 1: 0 is __typename.
	At int
	// Of is the type that the field returns, or 0 for a leaf.
	Of int
	// Batch says that a batch resolver is asked for it.
	Batch bool
	// Args reads the arguments. Nil for none.
	Args func(E, context.Context, map[string]any) (map[string]any, error)
}

// Plan is a selection on one type in the order of the answer: fragments are
// spread, fields merged, and what is skipped is gone.
type Plan struct {
	Steps []Step
	// Batch says that a batch resolver is asked, here or further down.
	Batch bool

	// Of an interface, until the type of the value is known.
	set   ast.SelectionSet
	known map[int]*Plan
}

// Step is one field of a plan.
type Step struct {
	// At is the number of the field in its type.
	At int
	// Key is the response name with all that stands before the value.
	Key []byte
	// Args are the arguments, ready for the resolver.
	Args map[string]any
	// Of is the selection on what the field returns. Nil for a leaf.
	Of *Plan
}

type planner[E any] struct {
	types []Type[E]
	ec    E
	ctx   context.Context
	op    *graphql.OperationContext
}

// plan returns nil for a selection that only the generated executor can answer.
func (p *planner[E]) plan(typ int, set ast.SelectionSet) *Plan {
	t := &p.types[typ]
	if t.Names == nil {
		return &Plan{set: set, known: map[int]*Plan{}}
	}
	fields := graphql.CollectFields(p.op, set, t.Names)
	out := &Plan{Steps: make([]Step, len(fields))}
	keys := make([]byte, 0, 16*len(fields))
	for i, f := range fields {
		if f.IsDeferred() {
			return nil
		}
		for j := range i {
			if fields[j].Alias == f.Alias {
				return nil // both are resolved, and one of them is shown
			}
		}
		from := len(keys)
		if i > 0 {
			keys = append(keys, ',')
		}
		keys = append(append(append(keys, '"'), f.Alias...), '"', ':') // no letter of a name is escaped
		s := &out.Steps[i]
		s.Key = keys[from:len(keys):len(keys)]
		if f.Name == "__typename" {
			continue
		}
		known, ok := t.Fields[f.Name]
		if !ok {
			return nil
		}
		s.At, out.Batch = known.At, out.Batch || known.Batch
		if known.Args != nil {
			var err error
			if s.Args, err = known.Args(p.ec, p.ctx, f.ArgumentMap(p.op.Variables)); err != nil {
				return nil
			}
		}
		if known.Of != 0 {
			if s.Of = p.plan(known.Of, f.Selections); s.Of == nil {
				return nil
			}
			out.Batch = out.Batch || s.Of.Batch
		}
	}
	return out
}
