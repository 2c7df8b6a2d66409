package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	goast "go/ast"
	goparser "go/parser"
	"go/token"
	"go/types"
	"maps"
	"math/rand/v2"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"entgo.io/ent/schema/field"
	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/google/go-cmp/cmp"
	gql "github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	entevent "tenantry/ent/event"
	"tenantry/ent/migrate"
	"tenantry/graph"
	"tenantry/graph/generated"
	"tenantry/graph/transport"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// api is one way of answering, and how many fields it left to the executor.
type api struct {
	*handler.Server
	executed atomic.Int64
}

func newAPI(r *graph.Resolver, o graph.Options) *api {
	o.Address = func(context.Context) string { return "192.0.2.1" }
	a := &api{Server: graph.Handler(r, o)}
	a.AroundFields(func(ctx context.Context, next graphql.Resolver) (any, error) {
		a.executed.Add(1)
		return next(ctx)
	})
	return a
}

// ask posts an operation and returns the answer, with the fields that went
// through the executor.
func (a *api) ask(token, query string, variables map[string]any) (body []byte, executed int64) {
	request, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("POST", "/graphql", bytes.NewReader(request))
	r.Header.Set("Content-Type", "application/json")
	r = r.WithContext(graph.WithCredential(r.Context(), graph.Credential{Token: token, Bearer: true}))
	rec := httptest.NewRecorder()
	a.executed.Store(0)
	a.ServeHTTP(rec, r)
	return rec.Body.Bytes(), a.executed.Load()
}

// sorted puts the errors of an answer into an order of their own: the executor
// has them in the order in which its goroutines met them.
func sorted(t testing.TB, body []byte) (errors []string, data string) {
	t.Helper()
	var a struct {
		Errors []json.RawMessage
		Data   json.RawMessage
	}
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	for _, e := range a.Errors {
		errors = append(errors, string(e))
	}
	slices.Sort(errors)
	return errors, string(a.Data)
}

// babel makes up documents.
type babel struct {
	*rand.Rand
	names     map[string]string // of objects in the estate, to their ids
	cursors   []string          // met in answers
	variables map[string]any
	declared  []string
	fragments []string
	spread    map[string][]string // names of fragments by the type they are on
	size      int                 // of the document, in fields
	used      map[string]int      // fields with arguments
	asked     map[string]int      // fields of all documents, by Type.field
}

func (b *babel) one(in ...string) string { return in[b.IntN(len(in))] }
func (b *babel) chance(p float64) bool   { return b.Float64() < p }

// document returns an operation that is valid, with its variables.
func (b *babel) document() (string, map[string]any) {
	for {
		b.variables, b.declared, b.fragments, b.spread, b.size, b.used = map[string]any{}, nil, nil, map[string][]string{}, 0, map[string]int{}
		text := b.selection(schema.Query, 1+b.IntN(4), true)
		if len(b.declared) > 0 {
			text = "query(" + strings.Join(b.declared, ", ") + ") " + text
		}
		text += strings.Join(b.fragments, "")
		doc, err := parser.ParseQuery(&gql.Source{Input: text})
		if err != nil {
			panic(fmt.Sprint(err, text))
		}
		if len(validator.ValidateWithRules(schema, doc, rules.NewDefaultRules())) == 0 {
			return text, b.variables
		}
	}
}

// selection makes up a selection on a type, so many levels deep.
func (b *babel) selection(d *gql.Definition, depth int, root bool) string {
	type head struct {
		field *gql.FieldDefinition
		text  string
	}
	var out []string
	var heads []head
	n := 1 + b.IntN(6-min(depth, 3))
	for tries := 0; len(out) < n && tries < 20 && (b.size < 40 || out == nil); tries++ {
		switch choice := b.IntN(20); {
		case choice == 0 && !root:
			out = append(out, b.one("__typename", "kind: __typename")+b.directive())
		case choice < 3 && depth > 0:
			out = append(out, "..."+b.one("", " on "+d.Name)+b.directive()+" "+b.selection(d, depth-1, root))
		case choice == 3 && depth > 0:
			out = append(out, b.named(d, depth, root))
		case choice < 6 && (d.Kind == gql.Interface || len(d.Interfaces) > 0) && depth > 0:
			on := schema.Types["Node"]
			if d.Kind == gql.Interface {
				all := schema.GetPossibleTypes(d)
				on = all[b.IntN(len(all))]
			}
			out = append(out, "... on "+on.Name+b.directive()+" "+b.selection(on, depth-1, root))
		default:
			var h head
			if len(heads) > 0 && b.chance(0.1) {
				h = heads[b.IntN(len(heads))] // once more, to be merged
			} else {
				h.field = b.field(d)
			}
			of, within := schema.Types[h.field.Type.Name()], depth-1
			if strings.HasSuffix(of.Name, "Connection") || strings.HasSuffix(d.Name, "Connection") || strings.HasSuffix(d.Name, "Edge") {
				within = depth // a page is no level of its own
			}
			if of.IsCompositeType() && within < 0 {
				continue
			}
			if h.text == "" {
				h.text = b.head(h.field)
				heads = append(heads, h)
			}
			text := h.text + b.directive()
			if of.IsCompositeType() {
				text += " " + b.selection(of, within, false)
			}
			out = append(out, text)
		}
	}
	if out == nil {
		out = []string{"__typename"}
	}
	return "{ " + strings.Join(out, " ") + " }"
}

// field chooses the one of two that was asked for less.
func (b *babel) field(d *gql.Definition) *gql.FieldDefinition {
	all := slices.DeleteFunc(fields(d), func(f *gql.FieldDefinition) bool {
		return f.Name == "invitation" && d == schema.Query // whose attempts are counted
	})
	if d == schema.Query && b.chance(0.5) {
		return d.Fields.ForName(b.one("account", "account", "viewer"))
	}
	f, other := all[b.IntN(len(all))], all[b.IntN(len(all))]
	if b.asked[d.Name+"."+other.Name] < b.asked[d.Name+"."+f.Name] {
		f = other
	}
	b.size++
	b.asked[d.Name+"."+f.Name]++
	return f
}

// named spreads a fragment with a name, that is there already or is made.
func (b *babel) named(d *gql.Definition, depth int, root bool) string {
	if known := b.spread[d.Name]; len(known) > 0 && b.chance(0.5) {
		return "..." + b.one(known...) + b.directive()
	}
	body := b.selection(d, depth-1, root)
	name := fmt.Sprint("F", len(b.fragments))
	b.fragments = append(b.fragments, " fragment "+name+" on "+d.Name+" "+body)
	b.spread[d.Name] = append(b.spread[d.Name], name)
	return "..." + name + b.directive()
}

func (b *babel) directive() string {
	if !b.chance(0.1) {
		return ""
	}
	value := b.one("true", "false")
	if b.chance(0.7) {
		value = b.variable("Boolean!", value == "true")
	}
	return b.one(" @include", " @skip") + "(if: " + value + ")"
}

// variable declares one and returns its place.
func (b *babel) variable(typ string, value any) string {
	name := fmt.Sprint("v", len(b.declared))
	declaration := "$" + name + ": " + typ
	if b.chance(0.2) && typ == "Boolean!" {
		declaration += " = " + fmt.Sprint(value)
	} else {
		b.variables[name] = value
	}
	b.declared = append(b.declared, declaration)
	return "$" + name
}

// head returns a field with alias and arguments.
func (b *babel) head(f *gql.FieldDefinition) string {
	if len(f.Arguments) == 0 {
		return b.one("", "", "", "", "", "", "", "a_"+f.Name+": ", "b_"+f.Name+": ") + f.Name
	}
	var args []string
	for _, a := range f.Arguments {
		if !a.Type.NonNull && b.chance(0.6) || a.DefaultValue != nil && b.chance(0.1) {
			continue
		}
		args = append(args, a.Name+": "+b.argument(a.Name, a.Type))
	}
	alias := ""
	if b.used[f.Name]++; b.used[f.Name] > 1 || b.chance(0.2) {
		alias = fmt.Sprintf("%s_%d: ", f.Name, b.used[f.Name])
	}
	if len(args) == 0 {
		return alias + f.Name
	}
	return alias + f.Name + "(" + strings.Join(args, ", ") + ")"
}

// argument returns a value as a literal or in a variable.
func (b *babel) argument(name string, t *gql.Type) string {
	v := b.value(name, t)
	if b.chance(0.4) {
		return b.variable(t.String(), v)
	}
	return literal(schema, t, v)
}

func (b *babel) value(name string, t *gql.Type) any {
	if !t.NonNull && b.chance(0.1) {
		return nil
	}
	if t.Elem != nil {
		out := []any{}
		for range b.IntN(4) {
			out = append(out, b.value(name, t.Elem))
		}
		return out
	}
	switch d := schema.Types[t.NamedType]; {
	case d.Kind == gql.Enum:
		return d.EnumValues[b.IntN(len(d.EnumValues))].Name
	case d.Kind == gql.InputObject:
		out := map[string]any{}
		for _, f := range d.Fields {
			if f.Type.NonNull || b.chance(0.4) {
				out[f.Name] = b.value(f.Name, f.Type)
			}
		}
		return out
	case name == "first":
		return []int{1, 2, 3, 3, 3, 3, 3, 5, 5, 5, 5, 10, 10, 25, 0, 101}[b.IntN(16)]
	case name == "after":
		if len(b.cursors) > 0 && b.chance(0.8) {
			return b.one(b.cursors...)
		}
		return "nowhere"
	case d.Name == "ID":
		fit := map[string][]string{"accountId": {"acme", "acme", "north", "south", "xacme"}, "roleId": {"held", "spare", "xheld"},
			"roleIds": {"held", "spare", "xheld"}, "membershipId": {"mia_member", "una_member", "tom_member", "xmia_member"},
			"subAccountIds": {"north", "south", "xnorth"}, "userId": {"mia", "una", "olive", "xmia"}}[name]
		if fit == nil || b.chance(0.05) {
			fit = slices.Sorted(maps.Keys(b.names))
		}
		if name == "id" && b.chance(0.7) {
			fit = []string{"acme", "acme", "acme", "north", "xacme"}
		}
		n := b.one(fit...)
		return b.names["$"+strings.TrimPrefix(n, "$")]
	case d.Name == "PermissionKey":
		return b.one("tickets", "users", "contacts", "audit", "pricing", "nothing")
	case d.Name == "CategoryKey":
		return b.one("invoice", "support", "invoice", "nothing")
	case d.Name == "Time":
		return b.one("2000-01-01T00:00:00Z", "2000-01-01T00:01:00Z", "2100-01-01T00:00:00+02:00")
	case d.Name == "Boolean":
		return b.chance(0.5)
	case d.Name == "Int":
		return b.IntN(5)
	}
	return b.one("a", "mia", "example.com", "x\"\\y", "member", "zzz", "")
}

// literal writes a value as it stands in a document.
func literal(s *gql.Schema, t *gql.Type, v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, literal(s, t.Elem, e))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case map[string]any:
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, name+": "+literal(s, s.Types[t.NamedType].Fields.ForName(name).Type, v[name]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case string:
		if s.Types[t.NamedType].Kind == gql.Enum {
			return v
		}
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

// colour gives every text and instant that is shown a value of its own, so that no
// two can be mistaken for one another, with signs that are hard to write.
func (e *estate) colour() {
	e.T.Helper()
	const hard = " \"a\\b\"\t<&>\r\n\u2028\x01\x1f\x7fé🦦'"
	shown := strings.Fields("name first_name last_name company phone billing_email tax_id address_line1 address_line2 city region postal_code country " +
		"locale notes message user_agent address created_at updated_at last_seen_at deactivated_at")
	exec := func(query string, args ...any) {
		e.T.Helper()
		if _, err := e.DB.Writer().Exec(query, args...); err != nil {
			e.T.Fatalf("%s: %v", query, err)
		}
	}
	at := time.Date(2026, 2, 28, 23, 59, 59, 0, time.FixedZone("", 3600))
	for _, table := range migrate.Tables {
		if table.Name == "events" {
			continue // whose hashes are over what they say
		}
		for _, c := range table.Columns {
			switch {
			case !slices.Contains(shown, c.Name):
			case c.Type == field.TypeString:
				exec("UPDATE "+table.Name+" SET "+c.Name+" = '"+c.Name+" of ' || id || CAST($1 AS text)", hard)
			case c.Type == field.TypeTime:
				rows, err := e.DB.Writer().Query("SELECT id FROM " + table.Name + " WHERE " + c.Name + " IS NOT NULL ORDER BY id")
				if err != nil {
					e.T.Fatal(err)
				}
				var ids []string
				for rows.Next() {
					var id string
					if err := rows.Scan(&id); err != nil {
						e.T.Fatal(err)
					}
					ids = append(ids, id)
				}
				rows.Close()
				for _, id := range ids {
					at = at.Add(1_100_001 * time.Microsecond)
					exec("UPDATE "+table.Name+" SET "+c.Name+" = $1 WHERE id = $2", at, id)
				}
			}
		}
	}
}

// viewers are those who ask: owner, members with every kind of right, a former
// one, those of elsewhere, and nobody.
var viewers = []string{"olive", "olive", "olive", "adam", "adam", "bill", "una", "pia", "carl", "cora", "uma", "aude", "mia", "tom", "dora", "sue", "ivy", "xolive", lab.Nobody}

// TestStraight puts documents that are made up to the generated executor and to
// the writer of answers, over the same data: not a byte may be different. The
// errors have an order that the executor leaves to chance. TENANTRY_SEED asks
// the documents of a failure again.
func TestStraight(t *testing.T) {
	n, seed := 1200, uint64(1)
	if os.Getenv("TENANTRY_LAB") == "1" {
		n, seed = 12_000, rand.Uint64()
	}
	if s := os.Getenv("TENANTRY_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := twoHouses(t, d)
		e.colour()
		written, executor := newAPI(e.Resolver, graph.Options{}), newAPI(e.Resolver, graph.Options{Generated: true})
		// same puts a document to both and returns the executor's answer.
		same := func(i int, who, query string, variables map[string]any) (errors []string, data string) {
			token := ""
			if who != lab.Nobody {
				token = e.Person(who).Token
			}
			got, executed := written.ask(token, query, variables)
			want, _ := executor.ask(token, query, variables)
			gotErrors, gotData := sorted(t, got)
			errors, data = sorted(t, want)
			if gotData != data || !slices.Equal(gotErrors, errors) {
				t.Fatalf("seed %d, document %d, as %s: %s\nwith %v\n%s\nis written %s\nand executed %s", seed, i, who, query, variables,
					cmp.Diff(append(errors, data), append(gotErrors, gotData)), got, want)
			}
			if bytes.Contains(want, []byte(`"INTERNAL"`)) {
				t.Fatalf("seed %d, document %d, as %s: %s\nwith %v\nis answered %s", seed, i, who, query, variables, want)
			}
			if doc, _ := parser.ParseQuery(&gql.Source{Input: query}); data != "" && errors == nil && !strings.Contains(query, "nodes(ids") {
				if most := atRoot(doc, doc.Operations[0].SelectionSet); executed > most {
					t.Errorf("seed %d, document %d, as %s: the executor resolved %d fields of %s", seed, i, who, executed, query)
				}
			}
			return errors, data
		}

		// First every field of the elements of every list, for these have all kinds of values.
		for _, l := range lists {
			for _, s := range selections(schema, schema.Types[l.element], 1) {
				query, variables := "{ "+l.path+" "+s.text+strings.Repeat(" }", strings.Count(l.path, "{")+1), map[string]any(nil)
				if strings.Contains(query, "$a") {
					query, variables = "query($a: ID!) "+query, map[string]any{"a": e.names["$acme"]}
				}
				query = strings.ReplaceAll(query, "first: 5", "first: 50")
				for _, who := range []string{"olive", "mia"} {
					same(-1, who, query, variables)
				}
			}
		}

		b := &babel{Rand: rand.New(rand.NewPCG(seed, 0)), names: e.names, asked: map[string]int{}}
		var whole, partly, refused int
		for i := range n {
			who := b.one(viewers...)
			query, variables := b.document()
			switch errors, data := same(i, who, query, variables); {
			case data == "":
				refused++
			case len(errors) > 0:
				partly++
			default:
				whole++
				for _, c := range strings.Split(data, `Cursor":"`)[1:] {
					if c, _, _ := strings.Cut(c, `"`); len(b.cursors) < 50 {
						b.cursors = append(b.cursors, c)
					} else {
						b.cursors[b.IntN(50)] = c
					}
				}
			}
		}
		for _, f := range reachable() {
			if b.asked[f] == 0 {
				t.Errorf("seed %d: nobody asked for %s", seed, f)
			}
		}
		t.Logf("seed %d: %d documents answered whole, %d with errors, %d refused", seed, whole, partly, refused)
		if whole < n*3/10 || partly < n/10 || refused > n/4 {
			t.Errorf("of %d documents %d were answered whole, %d with errors, and %d were refused", n, whole, partly, refused)
		}
	})
}

// reachable lists the fields of what can be read, as Type.field.
func reachable() (out []string) {
	seen := map[string]bool{}
	var walk func(*gql.Definition)
	walk = func(d *gql.Definition) {
		if seen[d.Name] || !d.IsCompositeType() {
			return
		}
		seen[d.Name] = true
		for _, f := range fields(d) {
			if d != schema.Query {
				out = append(out, d.Name+"."+f.Name)
			}
			if d != schema.Query || f.Name != "invitation" {
				walk(schema.Types[f.Type.Name()])
			}
		}
	}
	walk(schema.Query)
	return out
}

// atRoot counts the fields at the root of an operation.
func atRoot(doc *gql.QueryDocument, set gql.SelectionSet) (n int64) {
	for _, s := range set {
		switch s := s.(type) {
		case *gql.Field:
			n++
		case *gql.InlineFragment:
			n += atRoot(doc, s.SelectionSet)
		case *gql.FragmentSpread:
			n += atRoot(doc, doc.Fragments.ForName(s.Name).SelectionSet)
		}
	}
	return n
}

// TestEveryFieldIsWritten keeps fields from being slow by accident. A scalar is
// written with the AppendX that stands beside its MarshalX; a directive that runs
// leaves its field to the executor, and then the field stands here.
func TestEveryFieldIsWritten(t *testing.T) {
	if left := generated.Straight(graph.Schema(&graph.Resolver{})).Left(schema); len(left) > 0 {
		t.Errorf("left to the executor are %s", strings.Join(left, ", "))
	}
}

// TestResolversNeedNoExecutor: resolvers of queries and of fields beneath the roots are
// called without it, so they have no field, path or selection in their context, and the
// errors that they would add themselves are told twice.
func TestResolversNeedNoExecutor(t *testing.T) {
	free := []string{"Marshaler", "WriterFunc", "Omittable", "GetOperationContext"}
	calls, needs := map[string][]string{}, map[string]string{} // by function
	roots := []string{"mutationResolver", "subscriptionResolver"}
	var resolvers []string
	for _, pattern := range []string{"*.go", "model/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || name == "handler.go" {
				continue
			}
			f, err := goparser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				fn, ok := d.(*goast.FuncDecl)
				if !ok {
					continue
				}
				// Methods of the roots have names of their own: a resolver beneath may share theirs.
				who := fn.Name.Name
				if fn.Recv != nil {
					receiver := strings.TrimPrefix(types.ExprString(fn.Recv.List[0].Type), "*")
					if slices.Contains(roots, receiver) {
						who = receiver + "." + who
					} else if strings.HasSuffix(receiver, "Resolver") && receiver != "Resolver" {
						who = receiver + "." + who
						resolvers = append(resolvers, who)
					}
				}
				goast.Inspect(fn, func(n goast.Node) bool {
					switch n := n.(type) {
					case *goast.SelectorExpr:
						if x, ok := n.X.(*goast.Ident); ok && x.Name == "graphql" && !slices.Contains(free, n.Sel.Name) && !strings.HasPrefix(n.Sel.Name, "Marshal") {
							needs[who] = "graphql." + n.Sel.Name
						}
						calls[who] = append(calls[who], n.Sel.Name)
					case *goast.Ident:
						calls[who] = append(calls[who], n.Name)
					}
					return true
				})
			}
		}
	}
	if needs["asData"] == "" || len(resolvers) < 50 {
		t.Fatalf("the test is blind: %d resolvers, %v", len(resolvers), needs)
	}
	for _, r := range resolvers {
		seen := map[string]bool{}
		var walk func(string)
		walk = func(fn string) {
			if seen[fn] {
				return
			}
			seen[fn] = true
			if needs[fn] != "" {
				t.Errorf("%s needs %s, by way of %s", r, needs[fn], fn)
			}
			for _, next := range calls[fn] {
				walk(next)
			}
		}
		walk(r)
	}
	err := filepath.WalkDir("../internal", func(name string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") {
			return err
		}
		f, err := goparser.ParseFile(token.NewFileSet(), name, nil, goparser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			if strings.Contains(i.Path.Value, "99designs/gqlgen") {
				t.Errorf("%s imports %s", name, i.Path.Value)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An answer that is too long is refused, whoever wrote it.
func TestLongAnswers(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	acct := w.Account("olive", "Olive")
	for _, most := range []int{100, 300, 0} {
		var bodies []string
		for _, way := range []bool{true, false} {
			api := newAPI(w.Resolver, graph.Options{Generated: way, Transport: transport.Options{MaxAnswer: most}})
			body, _ := api.ask(w.Person("olive").Token, `query($a: ID!) { account(id: $a) { memberships { nodes { roles { name permissions } } } roles { name permissions } } }`, map[string]any{"a": acct.ID})
			if refused := bytes.Contains(body, []byte("QUERY_LIMIT_EXCEEDED")); refused != (most > 0) || most > 0 && len(body) > most+100 {
				t.Errorf("of %d bytes at most are answered %s", most, body)
			}
			bodies = append(bodies, string(body))
		}
		if bodies[0] != bodies[1] {
			t.Errorf("%s\n%s", bodies[0], bodies[1])
		}
	}
}

// What a mutation did is read twice where the writer gives up, and done once.
func TestMutationIsDoneOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acct := w.Account("olive", "Olive")
		w.Member(acct, "carl", "contacts")
		api := newAPI(w.Resolver, graph.Options{})
		body, executed := api.ask(w.Person("carl").Token, `mutation($a: ID!) { createContact(input: {accountId: $a, email: "new@example.com"}) {
			contact { email account { name profile { company } } } errors { code } } }`, map[string]any{"a": acct.ID})
		const want = `"data":{"createContact":{"contact":{"email":"new@example.com","account":{"name":"Olive","profile":null}},"errors":[]}}}`
		if !strings.HasSuffix(string(body), want) || !strings.Contains(string(body), `"path":["createContact","contact","account","profile"]`) || executed < 5 {
			t.Errorf("answered %s, with %d fields through the executor", body, executed)
		}
		if n := d.Client.Contact.Query().CountX(t.Context()); n != 1 {
			t.Errorf("%d contacts", n)
		}
		if n := d.Client.Event.Query().Where(entevent.Action("contact.created")).CountX(t.Context()); n != 1 {
			t.Errorf("%d events", n)
		}
	})
}

// BenchmarkAnswer measures the reads that speed is measured with, by both ways
// of answering, without the network; on PostgreSQL too where there is one.
func BenchmarkAnswer(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkAnswer(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkAnswer(b, dbtest.Postgres(b)) })
}

func benchmarkAnswer(b *testing.B, d *db.DB) {
	w, acct := newDesk(b, d)
	token := w.Person("olive").Token
	for _, m := range measured[:4] {
		for _, way := range []struct {
			name      string
			generated bool
		}{{"executed", true}, {"written", false}} {
			api := newAPI(w.Resolver, graph.Options{Generated: way.generated})
			b.Run(strings.Fields(m.name)[0]+"/"+way.name, func(b *testing.B) {
				b.ReportAllocs()
				start := cpu(b)
				for b.Loop() {
					if body, _ := api.ask(token, m.query, variables(acct.ID, m.query, "")); bytes.Contains(body, []byte(`"errors"`)) {
						b.Fatalf("%s", body)
					}
				}
				b.ReportMetric(float64(cpu(b)-start)/float64(b.N), "cpu-ns/op")
			})
		}
	}
}

// cpu returns the processor time that the process has had.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
