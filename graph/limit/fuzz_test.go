package limit_test

import (
	"encoding/json"
	"testing"
)

// Whatever a document is, it is answered: with data, or with what is wrong with it.
func FuzzDocument(f *testing.F) {
	for _, s := range []string{"{ a }", "query Q($n: Int = 3) { people(first: $n) { nodes { friends(first: 100) { totalCount } } } }", "{ ...F } fragment F on Query { q { ...F } }",
		"{" + aliases(31) + "}", "{" + spreads(4) + "}" + fragments(4, spreads(4)), nested("{q", "{a}", "}", 16), `mutation { signIn(password: "a") again: signIn(password: "b") }`,
		"{ __schema { types { fields { type { ofType { name } } } } } }", "{ a @skip(if: true) @include(if: false) }", `{ nodes(ids: ["` + "\\u0000" + `"]) { a } }`, `"""`, "{", "#\n{a}", "\ufeff{a}", "\xff", `query($a:[[[Int!]!]!]!){a}`} {
		f.Add(s, "")
	}
	f.Add("query A { a } query B { a }", "B")
	srv := newServer()
	f.Fuzz(func(t *testing.T, document, operation string) {
		a := ask(t, srv, body(document, operation))
		if a.code() == "INTERNAL" || len(a.Data) == 0 && len(a.Errors) == 0 {
			t.Errorf("%q is answered with %s", document, a.text)
		}
	})
}

func body(document, operation string) string {
	b, _ := json.Marshal(map[string]string{"query": document, "operationName": operation}) // which makes it UTF-8
	return string(b)
}
