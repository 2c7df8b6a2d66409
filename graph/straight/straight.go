// Package straight answers selections by writing JSON straight from Go values,
// where the generated executor makes a closure for each field and a goroutine for
// each element of a list. How to read each field is generated beside the executor;
// whatever cannot be written is left to it, untouched.
package straight

import (
	"context"
	"encoding/json"
	"io"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// Writer collects an answer.
type Writer struct {
	// B is the JSON so far.
	B []byte

	done <-chan struct{}
	as   func(p *Plan, typ int) *Plan
}

// Null writes the absence of a value, or gives up where the schema has none.
func (w *Writer) Null(nonNull bool) bool {
	w.B = append(w.B, "null"...)
	return !nonNull
}

// Late reports whether the operation has run out of time or was given up.
func (w *Writer) Late() bool {
	select {
	case <-w.done:
		return true
	default:
		return false
	}
}

// As returns the plan of an interface for a value of the type, or nil for a
// selection that only the generated executor can answer.
func (w *Writer) As(p *Plan, typ int) *Plan { return w.as(p, typ) }

// Siblings are the elements of one list, for which a batch resolver is asked
// once.
type Siblings[T any] struct {
	// All are the elements.
	All []T
	// At is the one that is being written.
	At int

	answers map[int]any // by step
	beneath map[int]any
}

// Batch returns what a batch resolver has for one object: alone, or for its
// siblings too. It gives up with false.
func Batch[T, R any](in *Siblings[T], obj T, step int, resolve func([]T) ([]R, error)) (r R, ok bool) {
	if in == nil {
		in = &Siblings[T]{All: []T{obj}}
	}
	answers, ok := in.answers[step].([]R)
	if !ok {
		var err error
		if answers, err = resolve(in.All); err != nil || len(answers) != len(in.All) {
			return r, false
		}
		if in.answers == nil {
			in.answers = map[int]any{}
		}
		in.answers[step] = answers
	}
	return answers[in.At], true
}

// Beneath returns what a field holds of an object, and as its siblings what the field
// holds of the object's siblings, so that a batch resolver further down is asked once
// for all of them. It gives up with false.
func Beneath[T any, R comparable](in *Siblings[T], obj T, step int, resolve func([]T) ([]R, error)) (v R, siblings *Siblings[R], ok bool) {
	if v, ok = Batch(in, obj, step, resolve); !ok {
		return v, nil, false
	}
	b, ok := in.beneath[step].(*brood[R])
	if !ok {
		answers := in.answers[step].([]R)
		b = &brood[R]{at: make([]int, len(answers))}
		var none R
		for i, v := range answers {
			if b.at[i] = len(b.All); v != none {
				b.All = append(b.All, v)
			}
		}
		if in.beneath == nil {
			in.beneath = map[int]any{}
		}
		in.beneath[step] = b
	}
	b.At = b.at[in.At]
	return v, &b.Siblings, true
}

// brood are siblings without those that are not there, and where in them what each
// object holds stands.
type brood[R any] struct {
	Siblings[R]
	at []int
}

// Each reads a field of one object after the other, for Beneath.
func Each[T, R any](all []T, read func(T) (R, error)) ([]R, error) {
	out := make([]R, len(all))
	for i, obj := range all {
		var err error
		if out[i], err = read(obj); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Extension writes what resolvers return to the generated executor, with all that
// is selected beneath.
type Extension[E any] struct {
	types   []Type[E]
	results map[string]int
	begin   func(*graphql.OperationContext) E
	write   func(E, context.Context, *Writer, *Plan, string, any) bool
	query   int
	root    func(E, context.Context, *Writer, *Plan) bool
}

// New returns an extension for the types of the schema, by number, and the results
// of fields, by their types. begin makes an executor for an operation, write writes
// a result, and root writes the answer of a query, whose type has the number query.
func New[E any](types []Type[E], results map[string]int, begin func(*graphql.OperationContext) E,
	write func(E, context.Context, *Writer, *Plan, string, any) bool, query int, root func(E, context.Context, *Writer, *Plan) bool) *Extension[E] {
	return &Extension[E]{types, results, begin, write, query, root}
}

// Around returns the schema with queries of one field at the root answered straight
// from there. What it cannot write is executed from the beginning, and a resolver may
// so run twice: once are those at the root that do more than read. notes returns what
// is kept beside the document of an operation; if it is nil, nothing is.
func (x *Extension[E]) Around(schema graphql.ExecutableSchema, once []string, notes func(*graphql.OperationContext) *sync.Map) graphql.ExecutableSchema {
	if notes == nil {
		notes = func(*graphql.OperationContext) *sync.Map { return nil }
	}
	r := &rooted[E]{schema, x, map[int]bool{}, notes}
	for _, name := range once {
		if f, ok := x.types[x.query].Fields[name]; ok {
			r.once[f.At] = true
		}
	}
	return r
}

type rooted[E any] struct {
	graphql.ExecutableSchema
	x    *Extension[E]
	once map[int]bool // by number of the field

	notes func(*graphql.OperationContext) *sync.Map
}

// Exec implements graphql.ExecutableSchema.
func (r *rooted[E]) Exec(ctx context.Context) graphql.ResponseHandler {
	op := graphql.GetOperationContext(ctx)
	if op.Operation.Operation != ast.Query {
		return fields(r.ExecutableSchema.Exec(ctx))
	}
	var rest graphql.ResponseHandler
	return func(ctx context.Context) *graphql.Response {
		if rest != nil {
			return rest(ctx)
		}
		data, did := r.answer(ctx, op)
		if did == written {
			rest = graphql.OneShot(nil)
			return &graphql.Response{Data: json.RawMessage(data)}
		}
		rest = r.ExecutableSchema.Exec(ctx)
		if did == gaveUp {
			return rest(ctx)
		}
		return fields(rest)(ctx)
	}
}

func (r *rooted[E]) answer(ctx context.Context, op *graphql.OperationContext) (text, outcome) {
	p := &planner[E]{r.x.types, r.x.begin(op), ctx, op}
	lent, _ := ctx.Value(loanKey{}).(*loan)
	return p.write(lent, func() *Plan {
		plan := p.root(r.x.query, r.notes(op))
		if plan == nil {
			return nil
		}
		resolved := 0
		for _, s := range plan.Steps {
			if r.once[s.At] {
				return nil
			}
			if s.At != 0 {
				resolved++
			}
		}
		if resolved != 1 { // several are resolved beside each other
			return nil
		}
		return plan
	}, func(w *Writer, plan *Plan) bool { return r.x.root(p.ec, ctx, w, plan) })
}

type gaveUpKey struct{}

// fields lets fields be written in each response, which may be one event of a
// subscription, until it is given up: what failed beneath one field would be tried
// again beneath each of its children. Without it fields are left to the executor.
func fields(next graphql.ResponseHandler) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response {
		return next(context.WithValue(ctx, gaveUpKey{}, new(atomic.Bool)))
	}
}

// Left lists the fields of the schema that are left to the generated executor, as
// Type.field, but those at the roots of operations.
func (x *Extension[E]) Left(schema *ast.Schema) (out []string) {
	for i, t := range x.types {
		if t.Names == nil || i == x.query {
			continue // no object, or a root
		}
		for _, f := range schema.Types[t.Name].Fields {
			if _, ok := t.Fields[f.Name]; !ok {
				out = append(out, t.Name+"."+f.Name)
			}
		}
	}
	return out
}

// ExtensionName implements graphql.HandlerExtension.
func (*Extension[E]) ExtensionName() string { return "Straight" }

// Validate implements graphql.HandlerExtension.
func (*Extension[E]) Validate(graphql.ExecutableSchema) error { return nil }

// InterceptField implements graphql.FieldInterceptor: it hands JSON on in the
// place of the value, if it can. Errors, panics and nulls where the schema has
// none are met again by the generated executor, which knows what follows from
// them; resolvers of reads may run twice.
func (x *Extension[E]) InterceptField(ctx context.Context, next graphql.Resolver) (any, error) {
	res, err := next(ctx)
	if err != nil || res == nil {
		return res, err
	}
	f := graphql.GetFieldContext(ctx).Field
	if len(f.Selections) == 0 {
		return res, nil
	}
	typ, ok := x.results[f.Definition.Type.String()]
	given, _ := ctx.Value(gaveUpKey{}).(*atomic.Bool)
	if !ok || given == nil || given.Load() {
		return res, nil
	}
	op := graphql.GetOperationContext(ctx)
	p := &planner[E]{x.types, x.begin(op), ctx, op}
	answer, did := p.write(nil, func() *Plan { return p.plan(typ, f.Selections) }, func(w *Writer, plan *Plan) bool {
		return x.write(p.ec, p.ctx, w, plan, f.Definition.Type.String(), res)
	})
	switch did {
	case written:
		return answer, nil
	case gaveUp:
		given.Store(true)
	}
	return res, nil
}

// outcome is what became of a selection.
type outcome int

const (
	left   outcome = iota // to the executor, since it has no plan
	gaveUp                // in the middle
	written
)

// write makes a plan and writes an answer by it. With a loan the answer lies in memory
// that is lent.
func (p *planner[E]) write(lent *loan, make func() *Plan, answer func(*Writer, *Plan) bool) (out text, did outcome) {
	defer func() {
		if recover() != nil {
			did = gaveUp
		}
	}()
	plan := make()
	if plan == nil {
		return nil, left
	}
	b := buffers.Get().(*[]byte)
	w := Writer{B: (*b)[:0], done: p.ctx.Done(), as: p.as}
	did = gaveUp
	if answer(&w, plan) {
		out, did = w.B, written
	}
	*b = w.B
	switch {
	case did == written && lent != nil && lent.of == nil:
		lent.of = b
		return out, did
	case did == written:
		out = slices.Clone(out)
	}
	giveBack(b)
	return out, did
}

// loan is the memory of an answer, which is used again once it is returned.
type loan struct{ of *[]byte }

type loanKey struct{}

// Lend returns a context in which the data of one response may lie in memory that is
// lent. Whoever asks calls sent when nobody reads the response any more, or never.
func Lend(ctx context.Context) (_ context.Context, sent func()) {
	l := &loan{}
	return context.WithValue(ctx, loanKey{}, l), func() {
		if l.of != nil {
			giveBack(l.of)
			l.of = nil
		}
	}
}

func giveBack(b *[]byte) {
	if cap(*b) <= maxKept {
		buffers.Put(b)
	}
}

const maxKept = 256 << 10 // bytes of a buffer that is used again

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// text is JSON that is finished.
type text []byte

// MarshalGQL implements graphql.Marshaler.
func (t text) MarshalGQL(w io.Writer) { _, _ = w.Write(t) }
