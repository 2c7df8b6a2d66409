package straight_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"tenantry/graph/straight"
)

func FuzzAppendString(f *testing.F) {
	for _, s := range []string{"", "plain", "\"a\\b\"\t\r\n", "\x00\x01\x1f\x7f", "é🦦\u2028\ufffd", "\xff\xfe half \xc3", "<&>'/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var want bytes.Buffer
		graphql.MarshalString(s).MarshalGQL(&want)
		if got := straight.AppendString([]byte("before"), s); string(got) != "before"+want.String() {
			t.Errorf("%q is written %s, not %s", s, got, &want)
		}
	})
}

func TestAppendBoolean(t *testing.T) {
	for _, v := range []bool{true, false} {
		var want bytes.Buffer
		graphql.MarshalBoolean(v).MarshalGQL(&want)
		if got := straight.AppendBoolean(nil, v); string(got) != want.String() {
			t.Errorf("%t is written %s", v, got)
		}
	}
}

// small is a schema with one type to write.
var small = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query { thing: Thing things: [Thing!]! number: Int other: Other }
	interface Named { name: String }
	interface Titled { name: String }
	type Thing implements Named & Titled { name: String told(fine: Boolean): String self: Thing late: String }
	type Other { name: String }`})

var types = []straight.Type[string]{1: {Name: "Thing", Names: []string{"Thing", "Named", "Titled"}, Fields: map[string]straight.Field[string]{
	"name": {At: 1},
	"told": {At: 2, Args: func(_ string, _ context.Context, raw map[string]any) (map[string]any, error) {
		if raw["fine"] == false {
			return nil, errors.New("not fine")
		}
		return raw, nil
	}},
	"self": {At: 3, Of: 1},
}}, 2: {Name: "Query", Names: []string{"Query"}, Fields: map[string]straight.Field[string]{
	"thing": {At: 1, Of: 1}, "things": {At: 2, Of: 1}, "number": {At: 3},
}}}

var results = map[string]int{"Thing": 1, "[Thing!]!": 1}

// value is what resolvers return.
type value struct{}

// respond resolves every root field of the query, in one response, by way of an
// extension that writes as is told.
func respond(t *testing.T, ctx context.Context, query string, write func(*straight.Writer, *straight.Plan) bool) (out []any) {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(small, query, nil)
	if errs != nil {
		t.Fatal(errs)
	}
	x := straight.New(types, results, func(*graphql.OperationContext) string { return "executor" },
		func(ec string, _ context.Context, w *straight.Writer, p *straight.Plan, typ string, v any) bool {
			if ec != "executor" || results[typ] == 0 || v != (value{}) {
				t.Errorf("asked to write %v, a %s, with %q", v, typ, ec)
			}
			return write(w, p)
		}, 2, nil)
	doc.Operations[0].Operation = ast.Mutation // not to be written from its root
	op := &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0]}
	ctx = graphql.WithOperationContext(ctx, op)
	x.Around(executes(func(ctx context.Context) *graphql.Response {
		for _, f := range graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"}) {
			v, err := x.InterceptField(graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: f}), func(context.Context) (any, error) { return value{}, nil })
			if err != nil {
				t.Fatal(err)
			}
			if m, ok := v.(graphql.Marshaler); ok {
				var b bytes.Buffer
				m.MarshalGQL(&b)
				v = b.String()
			}
			out = append(out, v)
		}
		return nil
	}), nil, nil).Exec(ctx)(ctx)
	return out
}

// spell writes the plan itself.
func spell(w *straight.Writer, p *straight.Plan) bool {
	w.B = append(w.B, '{')
	for _, s := range p.Steps {
		w.B = fmt.Appendf(w.B, "%s%d%v", s.Key, s.At, s.Args)
		if s.Of != nil && !spell(w, s.Of) {
			return false
		}
	}
	w.B = append(w.B, '}')
	return true
}

func TestPlan(t *testing.T) {
	left := any(value{})
	for _, test := range []struct {
		name, query string
		want        []any
	}{
		{"fields", `{ thing { name told(fine: true) n: name } }`, []any{`{"name":1map[],"told":2map[fine:true],"n":1map[]}`}},
		{"fragments and merging", `{ thing { self { name } ...F } } fragment F on Thing { self { name __typename } ... { k: __typename } }`,
			[]any{`{"self":3map[]{"name":1map[],"__typename":0map[]},"k":0map[]}`}},
		{"what is skipped", `{ thing { name @skip(if: true) told @include(if: false) self { name @include(if: false) } } }`, []any{`{"self":3map[]{}}`}},
		{"a list", `{ things { name } }`, []any{`{"name":1map[]}`}},
		{"a leaf", `{ number }`, []any{left}},
		{"a type that is not known", `{ other { name } }`, []any{left}},
		{"a field that is not known", `{ thing { name late } two: thing { self { late } } three: thing { name } }`, []any{left, left, `{"name":1map[]}`}},
		{"arguments that are refused", `{ thing { told(fine: false) } two: thing { name } }`, []any{left, `{"name":1map[]}`}},
		{"two fields of one name", `{ thing { ... on Named { name } ... on Titled { name } } two: thing { name } }`, []any{left, `{"name":1map[]}`}},
		{"what is deferred", `{ thing { ... @defer { name } } two: thing { name } }`, []any{left, `{"name":1map[]}`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := respond(t, t.Context(), test.query, spell); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// What cannot be written is handed on as it was resolved, and nothing else of the
// response is tried.
func TestGivingUp(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, test := range []struct {
		name  string
		ctx   context.Context
		write func(*straight.Writer, *straight.Plan) bool
	}{
		{"an error", t.Context(), func(*straight.Writer, *straight.Plan) bool { return false }},
		{"a null where there is none", t.Context(), func(w *straight.Writer, _ *straight.Plan) bool { return w.Null(true) }},
		{"a panic", t.Context(), func(*straight.Writer, *straight.Plan) bool { panic("here") }},
		{"no time left", ended, func(w *straight.Writer, _ *straight.Plan) bool { return !w.Late() }},
	} {
		t.Run(test.name, func(t *testing.T) {
			tried := 0
			write := func(w *straight.Writer, p *straight.Plan) bool { tried++; return test.write(w, p) }
			if got := respond(t, test.ctx, `{ thing { name } two: thing { name } }`, write); !slices.Equal(got, []any{value{}, value{}}) || tried != 1 {
				t.Errorf("got %v after %d tries", got, tried)
			}
			if got := respond(t, t.Context(), `{ thing { name } }`, spell); !slices.Equal(got, []any{`{"name":1map[]}`}) {
				t.Errorf("the next response is %v", got)
			}
		})
	}
}

func TestNull(t *testing.T) {
	got := respond(t, t.Context(), `{ thing { name } }`, func(w *straight.Writer, _ *straight.Plan) bool { return !w.Late() && w.Null(false) })
	if !slices.Equal(got, []any{"null"}) {
		t.Errorf("got %v", got)
	}
}

// A batch resolver is asked once for all siblings, for each field.
func TestBatch(t *testing.T) {
	calls := 0
	double := func(in []int) ([]int, error) {
		calls++
		out := make([]int, len(in))
		for i, n := range in {
			out[i] = 2 * n
		}
		return out, nil
	}
	in := straight.Siblings[int]{All: []int{3, 4, 5}}
	for i, n := range in.All {
		in.At = i
		for step := range 2 {
			if got, ok := straight.Batch(&in, n, step, double); got != 2*n || !ok {
				t.Errorf("of %d: %d, %t", n, got, ok)
			}
		}
	}
	if calls != 2 {
		t.Errorf("%d calls for two fields", calls)
	}
	if got, ok := straight.Batch(nil, 7, 0, double); got != 14 || !ok {
		t.Errorf("alone: %d, %t", got, ok)
	}
	if _, ok := straight.Batch(nil, 7, 0, func([]int) ([]int, error) { return nil, nil }); ok {
		t.Error("no answer for one is taken for an answer")
	}
	if _, ok := straight.Batch(nil, 7, 0, func([]int) ([]int, error) { return []int{1}, errors.New("no") }); ok {
		t.Error("an error is taken for an answer")
	}
}

// What the elements of a list hold are siblings too, but for what is not there, and
// each list of siblings is asked once, however deep.
func TestBeneath(t *testing.T) {
	type leaf struct{ n int }
	type edge struct{ node *leaf }
	asked := map[string][]int{}
	nodes := func(all []*edge) ([]*leaf, error) {
		return straight.Each(all, func(e *edge) (*leaf, error) { return e.node, nil })
	}
	double := func(all []*leaf) ([]*leaf, error) {
		return straight.Each(all, func(l *leaf) (*leaf, error) {
			asked["double"] = append(asked["double"], l.n)
			return &leaf{2 * l.n}, nil
		})
	}
	negate := func(all []*leaf) ([]int, error) {
		return straight.Each(all, func(l *leaf) (int, error) {
			asked["negate"] = append(asked["negate"], l.n)
			return -l.n, nil
		})
	}
	in := straight.Siblings[*edge]{All: []*edge{{&leaf{3}}, {}, {&leaf{4}}, {&leaf{5}}}}
	var got []int
	for i, e := range in.All {
		in.At = i
		for step := range 2 { // as under two aliases
			l, siblings, ok := straight.Beneath(&in, e, step, nodes)
			if l != e.node || !ok {
				t.Fatalf("element %d holds %v, %t", i, l, ok)
			}
			if l == nil {
				continue
			}
			twice, further, ok := straight.Beneath(siblings, l, 7, double)
			if !ok {
				t.Fatal("given up")
			}
			n, ok := straight.Batch(further, twice, 0, negate)
			if !ok {
				t.Fatal("given up")
			}
			got = append(got, n)
		}
	}
	if want := []int{-6, -6, -8, -8, -10, -10}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if want := []int{3, 4, 5, 3, 4, 5}; !slices.Equal(asked["double"], want) {
		t.Errorf("doubled %v, want %v", asked["double"], want)
	}
	if want := []int{6, 8, 10, 6, 8, 10}; !slices.Equal(asked["negate"], want) {
		t.Errorf("negated %v, want %v", asked["negate"], want)
	}
	failing := func([]*edge) ([]*leaf, error) { return nil, errors.New("no") }
	if _, _, ok := straight.Beneath(&straight.Siblings[*edge]{All: in.All}, in.All[0], 0, failing); ok {
		t.Error("an error is taken for an answer")
	}
}

func TestLeft(t *testing.T) {
	x := straight.New(types, results, nil, nil, 2, nil)
	if got := x.Left(small); !slices.Equal(got, []string{"Thing.late"}) {
		t.Errorf("left are %v", got)
	}
}

// executes is a schema whose executor is told what to do.
type executes graphql.ResponseHandler

func (executes) Schema() *ast.Schema { return small }
func (executes) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}
func (e executes) Exec(context.Context) graphql.ResponseHandler { return graphql.ResponseHandler(e) }

// executed is a schema whose executor says that it was asked.
type executed struct{ graphql.ExecutableSchema }

func (executed) Exec(context.Context) graphql.ResponseHandler {
	return graphql.OneShot(&graphql.Response{Data: []byte("executed")})
}

// A query of one field at the root is written from there; everything else, and what
// cannot be written, is left to the executor from the beginning.
func TestAround(t *testing.T) {
	for _, test := range []struct {
		name, query string
		fails       bool
		want        string
	}{
		{"one field", `{ thing { name } }`, false, `{"thing":1map[]{"name":1map[]}}`},
		{"one field and the name of the root", `{ __typename thing { name } }`, false, `{"__typename":0map[],"thing":1map[]{"name":1map[]}}`},
		{"a leaf", `{ number }`, false, `{"number":3map[]}`},
		{"several fields, which are resolved beside each other", `{ thing { name } number }`, false, "executed"},
		{"nothing but the name of the root", `{ __typename }`, false, "executed"},
		{"a field that may run once", `{ things { name } }`, false, "executed"},
		{"a field that is not known", `{ other { name } }`, false, "executed"},
		{"a field beneath that is not known", `{ thing { late } }`, false, "executed"},
		{"an answer that fails", `{ thing { name } }`, true, "executed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, errs := gqlparser.LoadQueryWithRules(small, test.query, nil)
			if errs != nil {
				t.Fatal(errs)
			}
			x := straight.New(types, results, func(*graphql.OperationContext) string { return "executor" }, nil,
				2, func(ec string, _ context.Context, w *straight.Writer, p *straight.Plan) bool {
					return spell(w, p) && !test.fails
				})
			op := &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0]}
			ctx := graphql.WithOperationContext(t.Context(), op)
			next := x.Around(executed{}, []string{"things"}, nil).Exec(ctx)
			if got := next(ctx); string(got.Data) != test.want {
				t.Errorf("%s, want %s", got.Data, test.want)
			}
			if again := next(ctx); again != nil {
				t.Errorf("a second answer: %s", again.Data)
			}
		})
	}
}

// A plan is kept with the document: the next request gets the same one, with its own
// arguments and its own answer to what is skipped.
func TestKeptPlan(t *testing.T) {
	type variables = map[string]any
	for _, test := range []struct {
		name, query string
		asked       []variables
		want        []string
	}{
		{"no variables", `{ thing { name self { ...F } } } fragment F on Thing { name }`, []variables{nil, nil},
			[]string{`{"thing":1map[]{"name":1map[],"self":3map[]{"name":1map[]}}}`, `{"thing":1map[]{"name":1map[],"self":3map[]{"name":1map[]}}}`}},
		{"arguments", `query($f: Boolean) { thing { self { told(fine: $f) } name } }`, []variables{{"f": true}, {"f": nil}, {"f": true}, {"f": false}, {"f": nil}},
			[]string{`{"thing":1map[]{"self":3map[]{"told":2map[fine:true]},"name":1map[]}}`, `{"thing":1map[]{"self":3map[]{"told":2map[fine:<nil>]},"name":1map[]}}`,
				`{"thing":1map[]{"self":3map[]{"told":2map[fine:true]},"name":1map[]}}`, "executed", `{"thing":1map[]{"self":3map[]{"told":2map[fine:<nil>]},"name":1map[]}}`}},
		{"arguments that are refused at first", `query($f: Boolean) { thing { told(fine: $f) } }`, []variables{{"f": false}, {"f": true}, {"f": true}},
			[]string{"executed", `{"thing":1map[]{"told":2map[fine:true]}}`, `{"thing":1map[]{"told":2map[fine:true]}}`}},
		{"what is skipped", `query($s: Boolean!) { thing { name ... @skip(if: $s) { n: name } } }`, []variables{{"s": true}, {"s": false}, {"s": true}},
			[]string{`{"thing":1map[]{"name":1map[]}}`, `{"thing":1map[]{"name":1map[],"n":1map[]}}`, `{"thing":1map[]{"name":1map[]}}`}},
		{"what is skipped in a fragment", `query($s: Boolean!) { thing { ...F } } fragment F on Thing { name n: name @include(if: $s) }`, []variables{{"s": true}, {"s": false}},
			[]string{`{"thing":1map[]{"name":1map[],"n":1map[]}}`, `{"thing":1map[]{"name":1map[]}}`}},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, errs := gqlparser.LoadQueryWithRules(small, test.query, nil)
			if errs != nil {
				t.Fatal(errs)
			}
			x := straight.New(types, results, func(*graphql.OperationContext) string { return "executor" }, nil,
				2, func(ec string, _ context.Context, w *straight.Writer, p *straight.Plan) bool { return spell(w, p) })
			var notes sync.Map
			around := x.Around(executed{}, nil, func(*graphql.OperationContext) *sync.Map { return &notes })
			for i, v := range test.asked {
				ctx := graphql.WithOperationContext(t.Context(), &graphql.OperationContext{Doc: doc, Operation: doc.Operations[0], Variables: v})
				if got := around.Exec(ctx)(ctx); string(got.Data) != test.want[i] {
					t.Errorf("with %v %s, want %s", v, got.Data, test.want[i])
				}
			}
			var bare func(*straight.Plan)
			bare = func(p *straight.Plan) {
				for _, s := range p.Steps {
					if s.Args != nil {
						t.Errorf("%v is kept, which may be a secret", s.Args)
					}
					if s.Of != nil {
						bare(s.Of)
					}
				}
			}
			for _, kept := range notes.Range {
				if plan := kept.(*straight.Plan); plan != nil {
					bare(plan)
				}
			}
		})
	}
}
