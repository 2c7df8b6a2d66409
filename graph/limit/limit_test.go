package limit_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/graph/limit"
	"tenantry/graph/transport"
	"tenantry/internal/document"
)

var schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
scalar Time
directive @tag(n: Int) repeatable on FIELD | QUERY
type Query {
  a(at: Time, text: String, list: [Int!], deep: Deep): Int
  q: Query
  tree: [Query!]!
  nodes(ids: [ID!]!): [Query]!
  people(first: Int = 40, last: Int): PersonConnection!
}
input Deep { deep: Deep, list: [Deep] }
type PersonConnection { nodes: [Person!]!  totalCount: Int! }
type Person { id: ID!  name: String!  friends(first: Int): PersonConnection! }
type Mutation { signIn(password: String): Int  verify(code: String): Int  bump: Int }
`})

// fixed answers every operation with an empty object.
type fixed struct{}

func (fixed) Schema() *ast.Schema { return schema }
func (fixed) Complexity(context.Context, string, string, int, map[string]any) (int, bool) {
	return 0, false
}
func (fixed) Exec(ctx context.Context) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).DisableIntrospection {
		return graphql.OneShot(&graphql.Response{Data: json.RawMessage(`{"introspection":"off"}`)})
	}
	return graphql.OneShot(&graphql.Response{Data: json.RawMessage(`{}`)})
}

func newServer(extensions ...graphql.HandlerExtension) *handler.Server {
	return newServerThatKnows(limit.Known{}, extensions...)
}

func newServerThatKnows(known limit.Known, extensions ...graphql.HandlerExtension) *handler.Server {
	srv := transport.New(fixed{}, transport.Options{})
	rules := limit.Defaults()
	rules.Secrets = []string{"signIn", "verify"}
	limit.Install(srv, rules, known)
	for _, e := range extensions {
		srv.Use(e)
	}
	return srv
}

type answer struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
	text string
}

func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return fmt.Sprint(a.Errors[0].Extensions["code"])
}

func ask(t *testing.T, srv *handler.Server, body string) answer {
	t.Helper()
	r := httptest.NewRequest("POST", "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	srv.ServeHTTP(w, r)
	a := answer{text: w.Body.String()}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%v: %.200s", err, w.Body)
	}
	return a
}

func query(text string) string {
	b, _ := json.Marshal(map[string]string{"query": text})
	return string(b)
}

const tooMuch = "QUERY_LIMIT_EXCEEDED"

func nested(open, inner, end string, n int) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
}

func fragments(n int, body string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " fragment f%d on Query{%s}", i, body)
	}
	return b.String()
}

func spreads(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "...f%d ", i)
	}
	return b.String()
}

func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "x%d:a ", i)
	}
	return b.String()
}

// Each limit admits its figure and refuses one more.
func TestLimits(t *testing.T) {
	srv := newServer()
	for _, tc := range []struct{ name, query, code string }{
		{"depth 15", "{" + nested("q{", "a", "}", 14) + "}", ""},
		{"depth 16", "{" + nested("q{", "a", "}", 15) + "}", tooMuch},
		{"depth through a fragment", "{" + nested("q{", "...F", "}", 8) + "} fragment F on Query{" + nested("q{", "a", "}", 8) + "}", tooMuch},
		{"inline fragments are no depth", "{" + nested("...{", "a", "}", 20) + "}", ""},
		{"30 aliases", "{" + aliases(30) + "}", ""},
		{"31 aliases", "{" + aliases(31) + "}", tooMuch},
		{"aliases in a fragment spread twice", "{q{...F} w:q{...F}} fragment F on Query{" + aliases(15) + "}", tooMuch},
		{"500 fields", "{" + strings.Repeat("a ", 500) + "}", ""},
		{"501 fields", "{" + strings.Repeat("a ", 501) + "}", tooMuch},
		{"501 fields in two operations", "query A{" + strings.Repeat("a ", 250) + "} query B{" + strings.Repeat("a ", 251) + "}", tooMuch},
		{"501 fields in an unused fragment", "{a} fragment F on Query{" + strings.Repeat("a ", 501) + "}", tooMuch},
		{"50 directives", "{a" + strings.Repeat(" @tag", 50) + "}", ""},
		{"51 directives", "{a" + strings.Repeat(" @tag", 51) + "}", tooMuch},
		{"51 directives on a query", "query" + strings.Repeat(" @tag", 51) + "{a}", tooMuch},
		{"30 fragments", "{" + spreads(30) + "}" + fragments(30, "a"), ""},
		{"31 fragments", "{" + spreads(31) + "}" + fragments(31, "a"), tooMuch},
		{"5 mutations", "mutation{" + aliases(0) + strings.Repeat("bump ", 5) + "}", ""},
		{"6 mutations", "mutation{" + strings.Repeat("bump ", 6) + "}", tooMuch},
		{"6 mutations by fragment", "mutation{...F ...F} fragment F on Mutation{bump bump bump}", tooMuch},
		{"1 secret", `mutation{signIn(password:"x") bump}`, ""},
		{"2 secrets by alias", `mutation{signIn(password:"x") again:signIn(password:"y")}`, tooMuch},
		{"2 secrets of two kinds", `mutation{signIn verify}`, tooMuch},
		{"2 secrets by fragment", `mutation{...F ...F} fragment F on Mutation{signIn}`, tooMuch},
		{"a secret in each operation", `mutation A{signIn} mutation B{signIn} query C{a}`, "GRAPHQL_VALIDATION_FAILED"}, // which one is not said
		{"2000 tokens", `{a(list:[` + strings.Repeat("1 ", 1989) + `])}`, ""},
		{"2001 tokens", `{a(list:[` + strings.Repeat("1 ", 1993) + `])}`, tooMuch},
		{"defer", "{...@defer{a}}", "GRAPHQL_VALIDATION_FAILED"},
		{"an integer beyond 64 bits", "{a(at: 99999999999999999999)}", "GRAPHQL_VALIDATION_FAILED"},
		{"a float beyond 64 bits", "{a(at: [1e999])}", "GRAPHQL_VALIDATION_FAILED"},
		{"the same as a default", "query($x: Time = 99999999999999999999){a(at: $x)}", "GRAPHQL_VALIDATION_FAILED"},
		{"two fragments of one name", "{...F} fragment F on Query{a} fragment F on Query{a}", "GRAPHQL_VALIDATION_FAILED"},
		{"a syntax error", "{", "GRAPHQL_PARSE_FAILED"},
		{"an unknown field", "{aa}", "GRAPHQL_VALIDATION_FAILED"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := ask(t, srv, query(tc.query)); got.code() != tc.code {
				t.Errorf("got code %q, want %q: %.300s", got.code(), tc.code, got.text)
			}
		})
	}
}

// Validation would say the same, but only after all the work.
func TestTwoFragmentsOfOneName(t *testing.T) {
	got := ask(t, newServer(), query("{...F} fragment F on Query{"+strings.Repeat("a ", 501)+"} fragment F on Query{a}"))
	if len(got.Errors) != 1 || got.Errors[0].Message != "Two fragments have the same name." {
		t.Errorf("got %.300s", got.text)
	}
}

// Fields that stand for different things must still not share a name.
func TestValidationIsWhole(t *testing.T) {
	got := ask(t, newServer(), query(`{a(text:"x") a(text:"y")}`))
	if got.code() != "GRAPHQL_VALIDATION_FAILED" {
		t.Errorf("got %s", got.text)
	}
}

func TestComplexity(t *testing.T) {
	srv := newServer()
	for _, tc := range []struct{ name, query, variables, code string }{
		{"a full page", "{people(first:100){nodes{id name} totalCount}}", "", ""},
		{"pages of pages", "{people(first:100){nodes{friends(first:100){nodes{id}}}}}", "", tooMuch},
		{"pages of pages by variable", "query($n:Int){people(first:$n){nodes{friends(first:$n){nodes{id}}}}}", `{"n":100}`, tooMuch},
		{"small pages by variable", "query($n:Int){people(first:$n){nodes{friends(first:$n){nodes{id}}}}}", `{"n":20}`, ""},
		{"the last of each", "{people(last:100){nodes{friends(first:30){nodes{id}}}}}", "", tooMuch},
		{"the last of few", "{people(last:20){nodes{friends(first:90){nodes{id}}}}}", "", ""},
		{"the default page of the schema", "{people{nodes{friends(first:90){nodes{id}}}}}", "", tooMuch},
		{"a default page of 25", "{people(first:100){nodes{friends{nodes{id}}}}}", "", tooMuch},
		{"a default page of 25, fewer times", "{people(first:90){nodes{friends{nodes{id}}}}}", "", ""},
		{"a page too large is for the resolver", "{people(first:100000){nodes{id}}}", "", ""},
		{"a page below one", "{people(first:-1){nodes{id}}}", "", ""},
		{"nor does it pay for others", "{x:people(first:-1000000){nodes{id}} people(first:100){nodes{friends(first:100){nodes{id}}}}}", "", tooMuch},
		{"lists of lists of lists", "{tree{tree{tree{a}}}}", "", ""},
		{"lists, one deeper", "{tree{tree{tree{tree{a}}}}}", "", tooMuch},
		{"lists by fragment", "{tree{...F}} fragment F on Query{tree{tree{tree{a}}}}", "", tooMuch},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := query(tc.query)
			if tc.variables != "" {
				body = strings.TrimSuffix(body, "}") + `,"variables":` + tc.variables + "}"
			}
			if got := ask(t, srv, body); got.code() != tc.code {
				t.Errorf("got code %q, want %q: %.300s", got.code(), tc.code, got.text)
			}
		})
	}
}

// Invariant 43: whatever a request of at most 1 MB holds, it is refused, or
// answered, with little work. Memory stands for work here: it does not depend
// on how busy the machine is.
func TestBombs(t *testing.T) {
	const mb = 1 << 20
	variable := func(kind, value string) string {
		return `{"query":"query($v:` + kind + `){a(deep:$v)}","variables":{"v":` + value + `}}`
	}
	chain := func(n int, field string) string { // of fragments that double
		var b strings.Builder
		b.WriteString("{...f0}")
		for i := range n {
			fmt.Fprintf(&b, " fragment f%d on Query{%s{...f%d} %s{...f%d}}", i, field, i+1, field, i+1)
		}
		fmt.Fprintf(&b, " fragment f%d on Query{a}", n)
		return b.String()
	}
	operations := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "query q%d{...f0}", i)
		}
		return b.String() + fragments(1, strings.Repeat("a ", 400))
	}
	bombs := []struct {
		name, body string
		most       uint64 // bytes allocated
		code       string
	}{
		{"nesting", query("{" + nested("q{", "a", "}", 900) + "}"), mb, tooMuch},
		{"nesting beyond the parser", query("{" + strings.Repeat("q{", 300_000)), 8 * mb, tooMuch},
		{"list values, nested", query("{a(list:" + strings.Repeat("[", 300_000) + ")}"), 4 * mb, tooMuch},
		{"fragments doubling", query(chain(29, "q")), mb, tooMuch},
		{"fragments doubling beside each other", query("{...f0}" + strings.ReplaceAll(chain(29, "q"), "{...f0}", "")), mb, tooMuch},
		{"fragments in a cycle", query("{...A} fragment A on Query{...B ...B} fragment B on Query{...A ...A}"), mb, "GRAPHQL_VALIDATION_FAILED"},
		{"a fragment that spreads itself", query("{...A} fragment A on Query{q{...A}}"), mb, "GRAPHQL_VALIDATION_FAILED"},
		{"10,000 fields", query("{" + strings.Repeat("a ", 10_000) + "}"), 2 * mb, tooMuch},
		{"20,000 directives", query("{a" + strings.Repeat(" @tag", 20_000) + "}"), 2 * mb, tooMuch},
		{"300 operations", query(operations(300)), 4 * mb, tooMuch},
		{"500 fields, all the same", query("{" + strings.Repeat("a ", 500) + "}"), 30 * mb, ""},
		{"a field of 900 KB", query("{" + strings.Repeat("x", 900_000) + "}"), 16 * mb, "GRAPHQL_VALIDATION_FAILED"},
		{"a type of 900 KB", query("{... on " + strings.Repeat("x", 900_000) + "{a}}"), 16 * mb, "GRAPHQL_VALIDATION_FAILED"},
		{"a string of 900 KB", query(`{a(text:"` + strings.Repeat("x", 900_000) + `")}`), 16 * mb, ""},
		{"a string of escapes", query(`{a(text:"` + strings.Repeat(`\u0041`, 100_000) + `")}`), 16 * mb, ""},
		{"an integer of 900 KB", query("{a(at:" + strings.Repeat("9", 900_000) + ")}"), 16 * mb, "GRAPHQL_VALIDATION_FAILED"},
		{"white space", query("{a" + strings.Repeat(" ", 900_000) + "}"), 16 * mb, ""},
		{"comments", query(strings.Repeat("#\n", 300_000) + "{a}"), 16 * mb, tooMuch},
		{"names", query("{a" + strings.Repeat("{a", 300_000) + "}"), 16 * mb, tooMuch},
		{"a deep variable", variable("Deep", nested(`{"deep":`, "null", "}", 60)), mb, ""},
		{"a deeper variable", variable("Deep", nested(`{"deep":`, "null", "}", 100_000)), 4 * mb, tooMuch},
		{"a variable of lists", variable("Deep", nested("[", "", "]", 400_000)), 4 * mb, tooMuch},
		{"a variable of many elements", variable("Deep", `{"list":[`+strings.Repeat("{},", 250_000)+`{}]}`), 4 * mb, tooMuch},
		{"a variable of some elements", variable("Deep", `{"list":[`+strings.Repeat("{},", 15_000)+`{}]}`), 32 * mb, ""},
		{"a variable of 900 KB", `{"query":"query($v:String){a(text:$v)}","variables":{"v":"` + strings.Repeat("x", 900_000) + `"}}`, 16 * mb, ""},
		{"a number of 900 KB", `{"query":"query($v:Int){people(first:$v){totalCount}}","variables":{"v":` + strings.Repeat("9", 900_000) + `}}`, 16 * mb, "BAD_INPUT"},
		{"introspection in circles", query("{__schema{types{fields{type{fields{type{fields{name}}}}}}}}"), mb, "GRAPHQL_VALIDATION_FAILED"},
		{"introspection, wide", query("{__schema{types{fields{type{fields{args{" + strings.Repeat("name ", 30) + "}}}}}}}"), 2 * mb, tooMuch},
	}
	for _, tc := range bombs {
		t.Run(tc.name, func(t *testing.T) {
			srv := newServer()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			got := ask(t, srv, tc.body)
			runtime.ReadMemStats(&after)
			if n := after.TotalAlloc - before.TotalAlloc; n > tc.most {
				t.Errorf("allocated %d KB, want at most %d", n>>10, tc.most>>10)
			}
			if got.code() != tc.code {
				t.Errorf("got code %q, want %q: %.300s", got.code(), tc.code, got.text)
			}
			if len(got.text) > 4096 {
				t.Errorf("the answer has %d bytes", len(got.text))
			}
		})
	}
}

// fullIntrospection is what graphql-js asks with every option on.
const fullIntrospection = `query IntrospectionQuery { __schema { description queryType { name kind } mutationType { name kind } subscriptionType { name kind } types { ...FullType } directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } }
fragment FullType on __Type { kind name description specifiedByURL isOneOf fields(includeDeprecated: true) { name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } possibleTypes { ...TypeRef } }
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated deprecationReason }
fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }`

// Invariant 44.
func TestIntrospection(t *testing.T) {
	for _, tc := range []struct {
		name, query string
		forbidden   bool
		code        string
	}{
		{"in full", fullIntrospection, false, ""},
		{"in full, forbidden", fullIntrospection, true, "FORBIDDEN"},
		{"one type, forbidden", `{__type(name:"Query"){name}}`, true, "FORBIDDEN"},
		{"by alias, forbidden", `{a x:__type(name:"Query"){name}}`, true, "FORBIDDEN"},
		{"by fragment, forbidden", `{...F} fragment F on Query{__schema{description}}`, true, "FORBIDDEN"},
		{"by inline fragment, forbidden", `{...{... on Query{__schema{description}}}}`, true, "FORBIDDEN"},
		{"no introspection", `{__typename a}`, true, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			srv := newServer(limit.Introspection(func(context.Context) bool { return tc.forbidden }))
			if got := ask(t, srv, query(tc.query)); got.code() != tc.code {
				t.Errorf("got code %q, want %q: %.300s", got.code(), tc.code, got.text)
			}
		})
	}
	t.Run("off unless used", func(t *testing.T) {
		if got := ask(t, newServer(), query("{__schema{description}}")); string(got.Data) != `{"introspection":"off"}` {
			t.Errorf("got %s", got.text)
		}
	})
	t.Run("below a field that returns the root", func(t *testing.T) {
		srv := newServer(limit.Introspection(func(context.Context) bool { return true }))
		if got := ask(t, srv, query("{q{__schema{description}}}")); string(got.Data) != `{"introspection":"off"}` {
			t.Errorf("got %s", got.text)
		}
	})
}

// Invariant 44.
func TestNoSuggestions(t *testing.T) {
	srv := newServer()
	for _, text := range []string{"{peeple{nodes{id}}}", "{people(frist:1){nodes{id}}}", "{...on Persn{id}}", "{people}", "{a @tga}", "{a(deep:{deap:{}})}"} {
		got := ask(t, srv, query(text))
		if got.code() == "" || strings.Contains(got.text, "mean") {
			t.Errorf("%s: %s", text, got.text)
		}
	}
	shown := limit.Silent(graphql.DefaultErrorPresenter)(context.Background(), gqlerror.Errorf(`Unknown "x". Did you mean "y"?`))
	if shown.Message != `Unknown "x".` {
		t.Errorf("got %q", shown.Message)
	}
}

func TestPersistedQueries(t *testing.T) {
	srv := newServer()
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return hex.EncodeToString(sum[:])
	}
	request := func(text, hash string) string {
		b, _ := json.Marshal(map[string]any{"query": text, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": hash}}})
		return string(b)
	}
	bad, large := "{"+strings.Repeat("a ", 501)+"}", `{a(text:"`+strings.Repeat("x", 70<<10)+`")}`
	for _, step := range []struct{ name, body, code string }{
		{"unknown", request("", hash("{a}")), "PERSISTED_QUERY_NOT_FOUND"},
		{"the hash of another", request("{a}", hash("{q{a}}")), "BAD_INPUT"},
		{"still unknown", request("", hash("{q{a}}")), "PERSISTED_QUERY_NOT_FOUND"},
		{"sent", request("{a}", hash("{a}")), ""},
		{"known", request("", hash("{a}")), ""},
		{"over a limit", request(bad, hash(bad)), tooMuch},
		{"so not kept", request("", hash(bad)), "PERSISTED_QUERY_NOT_FOUND"},
		{"large", request(large, hash(large)), ""},
		{"not kept either", request("", hash(large)), "PERSISTED_QUERY_NOT_FOUND"},
		{"no hash", request("", "abc"), "BAD_INPUT"},
		{"no object", `{"query":"{a}","extensions":{"persistedQuery":7}}`, "BAD_INPUT"},
		{"another version", `{"query":"{a}","extensions":{"persistedQuery":{"version":2,"sha256Hash":"` + hash("{a}") + `"}}}`, "BAD_INPUT"},
	} {
		if got := ask(t, srv, step.body); got.code() != step.code {
			t.Errorf("%s: got code %q, want %q: %.300s", step.name, got.code(), step.code, got.text)
		}
	}
}

// Whoever may send what is trusted alone is answered by its ids and by its text, and
// nothing else.
func TestTrustedDocuments(t *testing.T) {
	const trusted, two, deep = "query A { a }", "query B { a } query C { q { a } }", "{ deep { deep { deep { deep { deep { deep { deep { deep { deep { deep { deep { deep { deep { deep { deep { deep } } } } } } } } } } } } } } } }"
	var docs document.Trusted
	manifest, _ := json.Marshal(map[string]string{"f2d1": trusted, "two": two, "deep": deep})
	if _, err := docs.Add(manifest); err != nil {
		t.Fatal(err)
	}
	asked := ""
	free := newServerThatKnows(limit.Known{Trusted: &docs, Find: func(_ context.Context, hash string) (string, bool) {
		asked = hash
		return "{ q { a } }", hash == document.Hash("{ q { a } }")
	}})
	bound := newServerThatKnows(limit.Known{Trusted: &docs, Free: func(context.Context) bool { return false },
		Find: func(context.Context, string) (string, bool) { t.Error("it is looked for"); return "", false }})
	const notFound, notTrusted, bad, invalid = "PERSISTED_QUERY_NOT_FOUND", "DOCUMENT_NOT_TRUSTED", "BAD_INPUT", "GRAPHQL_VALIDATION_FAILED"
	hash := document.Hash(trusted)
	apollo := func(id, query string) string {
		b, _ := json.Marshal(map[string]any{"query": query, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": id}}})
		return string(b)
	}
	for _, c := range []struct{ name, body, free, bound string }{
		{"by id", `{"documentId":"f2d1"}`, "", ""},
		{"by hash", `{"documentId":"sha256:` + hash + `"}`, "", ""},
		{"by bare hash", `{"documentId":"` + hash + `"}`, "", ""},
		{"by Apollo's extension", apollo(hash, ""), "", ""},
		{"by Apollo's extension with an id", apollo("f2d1", ""), "", ""},
		{"sent with its hash", apollo(hash, trusted), "", ""},
		{"sent", query(trusted), "", ""},
		{"sent with a space", query(trusted + " "), "", notTrusted},
		{"another", query("{ q { a } }"), "", notTrusted},
		{"another with its hash", apollo(document.Hash("query { a }"), "query { a }"), "", notTrusted},
		{"which is known by now to whoever may send it", apollo(document.Hash("query { a }"), ""), "", notFound},
		{"by GraphQL over HTTP as well", `{"documentId":"sha256:` + document.Hash("query { a }") + `"}`, "", notFound},
		{"known elsewhere", `{"documentId":"` + document.Hash("{ q { a } }") + `"}`, "", notFound},
		{"introspection", query("{ __schema { description } }"), "", notTrusted},
		{"another with a trusted hash", apollo(hash, "{ q { a } }"), bad, bad},
		{"another with a trusted id", apollo("f2d1", "{ q { a } }"), bad, bad},
		{"an id nobody has", `{"documentId":"nothing"}`, notFound, notFound},
		{"a hash nobody has", `{"documentId":"sha256:` + document.Hash("nothing") + `"}`, notFound, notFound},
		{"an id with the name of a hash", `{"documentId":"sha256:f2d1"}`, notFound, notFound},
		{"an id as long as a request", `{"documentId":"` + strings.Repeat("a", 500_000) + `"}`, notFound, notFound},
		{"an id and a document", `{"documentId":"f2d1","query":"{ a }"}`, bad, bad},
		{"an id and its document", `{"documentId":"f2d1","query":"` + trusted + `"}`, bad, bad},
		{"two ids", `{"documentId":"f2d1","extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + hash + `"}}}`, bad, bad},
		{"no text for an id", `{"documentId":["f2d1"]}`, bad, bad},
		{"an id among the extensions", `{"query":"","extensions":{"documentId":"f2d1"}}`, "", ""},
		{"which is no text", `{"query":"{ q { a } }","extensions":{"documentId":7}}`, bad, bad},
		{"one of its operations", `{"documentId":"two","operationName":"C"}`, "", ""},
		{"none of them", `{"documentId":"two","operationName":"A"}`, invalid, invalid},
		{"not said which", `{"documentId":"two"}`, invalid, invalid},
		{"an empty id", `{"documentId":"","query":""}`, bad, bad},
		{"trusted, and over a limit", `{"documentId":"deep"}`, tooMuch, tooMuch},
	} {
		for _, s := range []struct {
			name, code string
			srv        *handler.Server
		}{{"free", c.free, free}, {"bound", c.bound, bound}} {
			if got := ask(t, s.srv, c.body); got.code() != s.code {
				t.Errorf("%s, %s: got code %q, want %q: %.300s", c.name, s.name, got.code(), s.code, got.text)
			}
		}
	}
	if asked == "" {
		t.Error("nothing was looked for elsewhere")
	}
}

// What is derived from a document is there for the next request with the same text,
// and for no other.
func TestNotes(t *testing.T) {
	var seen *sync.Map
	srv := newServer()
	srv.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		seen = limit.Notes(graphql.GetOperationContext(ctx))
		if limit.Notes(graphql.GetOperationContext(ctx)) != seen {
			t.Error("an operation has two notes")
		}
		return next(ctx)
	})
	notes := func(text string) *sync.Map {
		seen = nil
		if a := ask(t, srv, query(text)); len(a.Errors) > 0 {
			t.Fatal(a.text)
		}
		return seen
	}
	short, long := `{__typename}`, `{__typename} #`+strings.Repeat("x", 9<<10)
	first := notes(short)
	if notes(short) != first {
		t.Error("notes are lost")
	}
	if notes(short+" ") == first {
		t.Error("two texts share their notes")
	}
	if first = notes(long); notes(long) == first {
		t.Error("notes are kept of a document that is not")
	}
}

// A document is weighed again where its variables say how long a list is.
func TestComplexityAgain(t *testing.T) {
	srv := newServer()
	for _, list := range []struct{ query, few, many string }{
		{`query($n: Int) { people(first: $n) { nodes { friends(first: 70) { nodes { name } } } } }`, `{"n":1}`, `{"n":100}`},
		{`query($i: [ID!]!) { nodes(ids: $i) { people(first: 100) { nodes { name } } } }`, `{"i":["1"]}`, `{"i":["1"` + strings.Repeat(`,"1"`, 99) + `]}`},
	} {
		for i, variables := range []string{list.few, list.many, list.few, list.many} {
			a := ask(t, srv, strings.TrimSuffix(query(list.query), "}")+`,"variables":`+variables+"}")
			if refused := a.code() == tooMuch; refused != (i%2 == 1) {
				t.Errorf("%s with %s, asked for the %d. time: %s", list.query, variables, i+1, a.text)
			}
		}
	}
	for range 2 { // without variables once is enough, also to refuse
		if a := ask(t, srv, query(`{ people(first: 100) { nodes { friends(first: 70) { nodes { name } } } } }`)); a.code() != tooMuch {
			t.Error(a.text)
		}
	}
}
