package straight

import (
	"context"
	"slices"
	"sync"

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

	// varies says that a document gives arguments, or the type of a value decides, here or
	// further down.
	varies bool
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

	field *ast.Field
}

// reads reports whether a document gives the field arguments. What it is read with
// otherwise is the same for every request.
func (s *Step) reads() bool { return len(s.field.Arguments) > 0 }

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
		return &Plan{set: set, known: map[int]*Plan{}, varies: true}
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
		s.At, s.field, out.Batch = known.At, f.Field, out.Batch || known.Batch
		if known.Args != nil {
			var err error
			if s.Args, err = known.Args(p.ec, p.ctx, f.ArgumentMap(p.op.Variables)); err != nil {
				return nil
			}
			out.varies = out.varies || s.reads()
		}
		if known.Of != 0 {
			if s.Of = p.plan(known.Of, f.Selections); s.Of == nil {
				return nil
			}
			out.Batch, out.varies = out.Batch || s.Of.Batch, out.varies || s.Of.varies
		}
	}
	return out
}

// as plans the selection on an interface for a type, once.
func (p *planner[E]) as(of *Plan, typ int) *Plan {
	as, ok := of.known[typ]
	if !ok {
		as = p.plan(typ, of.set)
		of.known[typ] = as
	}
	return as
}

// planKey is where the notes of a document have the plan of an operation, or nil
// for one that no two requests share.
type planKey struct{ *ast.OperationDefinition }

// root returns the plan of the operation. It is made for the first request with the
// document, unless variables decide on what is skipped; others read their arguments.
func (p *planner[E]) root(typ int, notes *sync.Map) *Plan {
	if notes == nil {
		return p.plan(typ, p.op.Operation.SelectionSet)
	}
	key := planKey{p.op.Operation}
	kept, ok := notes.Load(key)
	if ok && kept != (*Plan)(nil) {
		return p.anew(typ, kept.(*Plan))
	}
	plan := p.plan(typ, p.op.Operation.SelectionSet)
	switch {
	case ok:
	case decided(p.op):
		notes.Store(key, (*Plan)(nil))
	case plan != nil: // else arguments may have been refused
		notes.Store(key, plan.bare())
	}
	return plan
}

// bare returns the plan without what is of one request: arguments, and what values
// of interfaces it met.
func (p *Plan) bare() *Plan {
	switch {
	case p == nil || !p.varies:
		return p
	case p.known != nil:
		return &Plan{set: p.set, known: map[int]*Plan{}, varies: true}
	}
	out := &Plan{Steps: slices.Clone(p.Steps), Batch: p.Batch, varies: true}
	for i := range out.Steps {
		s := &out.Steps[i]
		if s.field != nil && s.reads() {
			s.Args = nil
		}
		s.Of = s.Of.bare()
	}
	return out
}

// anew returns a bare plan with the arguments of this request. It shares what is the
// same for all, and returns nil as plan does.
func (p *planner[E]) anew(typ int, kept *Plan) *Plan {
	switch {
	case !kept.varies:
		return kept
	case kept.known != nil:
		return &Plan{set: kept.set, known: map[int]*Plan{}}
	}
	t := &p.types[typ]
	out := &Plan{Steps: slices.Clone(kept.Steps), Batch: kept.Batch}
	for i := range out.Steps {
		s := &out.Steps[i]
		if s.field == nil {
			continue // __typename
		}
		known := t.Fields[s.field.Name]
		if known.Args != nil && s.reads() {
			var err error
			if s.Args, err = known.Args(p.ec, p.ctx, s.field.ArgumentMap(p.op.Variables)); err != nil {
				return nil
			}
		}
		if s.Of != nil {
			if s.Of = p.anew(known.Of, s.Of); s.Of == nil {
				return nil
			}
		}
	}
	return out
}

// decided reports whether variables decide on what a document selects.
func decided(op *graphql.OperationContext) bool {
	return decides(op.Operation.SelectionSet) ||
		slices.ContainsFunc(op.Doc.Fragments, func(f *ast.FragmentDefinition) bool { return decides(f.SelectionSet) })
}

func decides(set ast.SelectionSet) bool {
	return slices.ContainsFunc(set, func(s ast.Selection) bool {
		var on ast.DirectiveList
		var beneath ast.SelectionSet
		switch s := s.(type) {
		case *ast.Field:
			on, beneath = s.Directives, s.SelectionSet
		case *ast.InlineFragment:
			on, beneath = s.Directives, s.SelectionSet
		case *ast.FragmentSpread:
			on = s.Directives
		}
		return decides(beneath) || slices.ContainsFunc(on, func(d *ast.Directive) bool {
			return slices.ContainsFunc(d.Arguments, func(a *ast.Argument) bool { return a.Value.Kind == ast.Variable })
		})
	})
}
