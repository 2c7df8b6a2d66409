package transport

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// requests are bodies of all kinds, and whether parse is to read them by itself.
var requests = []struct {
	body  string
	reads bool
}{
	{`{"query":"{ viewer { id } }"}`, true},
	{"\r\n\t {\"query\" : \"{\\n\\t\\\"viewer\\\" \\\\ \\/ \\b\\f\\r }\" , \"variables\" : { } } \n", true},
	{`{"query":"é \u00e9 \u20AC \u0000","operationName":"A","variables":null,"extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}`, true},
	{`{"query":null,"operationName":null}`, true},
	{`{"documentId":"sha256:ab","variables":{}}`, true},
	{`{"documentId":null}`, true},
	{`{"documentId":7}`, false}, {`{"documentId":"a","documentId":"b"}`, false}, {`{"DocumentId":"a"}`, false},
	{`{}`, true},
	{`{"variables":{"a":[],"b":[1,-0,1.5,1e9,-1E-9,9999999999999999999],"c":{"d":{}},"e":true,"f":false,"g":null,"h":"","é\n":[[],[{}]]}}`, true},
	{`{"variables":{"a":1,"a":{"b":2}}}`, true}, // the last counts
	{`{"variables":{"a":"\ud83d\ude00"}}`, false},
	{`{"variables":{"a":"\ud83d"}}`, false},
	{`{"variables":{"a":1},"variables":{"b":2}}`, false}, // both count
	{`{"Query":"{ viewer { id } }"}`, false},
	{`{"query":"{ viewer { id } }","other":1}`, false},
	{`{"query":"{ viewer { id } }","headers":{"A":["b"]}}`, false},
	{`null`, false}, {``, false}, {`[]`, false}, {`{`, false}, {`{}{}`, false}, {`{} x`, false}, {"{}\x00", false}, {"{}\x00 ", false}, {`{,}`, false}, {`{"query":"a",}`, false},
	{`{"query"}`, false}, {`{"query":}`, false}, {`{"query":"a"`, false}, {`{"query":"a}`, false}, {`{"query":"a\`, false}, {`{"query":"a\"}`, false},
	{`{"query":"a" "operationName":"b"}`, false}, {`{"query":1}`, false}, {`{"query":{}}`, false}, {`{"variables":"a"}`, false}, {`{"variables":[]}`, false},
	{"{\"query\":\"a\nb\"}", false}, {"{\"query\":\"\\n\x01\"}", false}, {`{"query":"\x"}`, false}, {`{"query":"\u12"}`, false}, {`{"query":"\u12g4"}`, false}, {`{"query":"\u123`, false},
	{`{"query":nul}`, false}, {`{"query":nULL}`, false}, {`{"variables":{"a":tru}}`, false}, {`{"variables":{"a":truex}}`, false}, {`{"variables":{"a":01}}`, false}, {`{"variables":{"a":1.}}`, false},
	{`{"variables":{"a":+1}}`, false}, {`{"variables":{"a":-}}`, false}, {`{"variables":{"a":1e}}`, false}, {`{"variables":{"a":.5}}`, false}, {`{"variables":{"a":1 2}}`, false}, {`{"variables":{"a":NaN}}`, false},
	{`{"variables":{"a":[1,]}}`, false}, {`{"variables":{"a":[,1]}}`, false}, {`{"variables":{"a":[1}}`, false}, {`{"variables":{"a":[1]]}}`, false}, {`{"variables":{"a":`, false}, {`{"variables":{"a":[`, false},
}

func TestParse(t *testing.T) {
	for _, r := range requests {
		if _, ok := parse([]byte(r.body)); ok != r.reads {
			t.Errorf("%q: parse reads it: %v", r.body, ok)
		}
		sameAsDecode(t, []byte(r.body))
	}
}

// FuzzParse looks for a body that parse reads and decode refuses, or reads otherwise.
func FuzzParse(f *testing.F) {
	for _, r := range requests {
		f.Add([]byte(r.body))
	}
	f.Fuzz(sameAsDecode)
}

func sameAsDecode(t *testing.T, body []byte) {
	if inspect(body) != nil {
		return
	}
	text := append([]byte(nil), body...)
	got, ok := parse(text)
	if !ok {
		return
	}
	clear(text) // nothing of it is kept
	var want *request
	if !decode(body, &want) || want == nil {
		t.Fatalf("%q is read as %#v, and decode refuses it", body, got)
	}
	if diff := cmp.Diff(*want, got); diff != "" {
		t.Fatalf("%q is read otherwise than by decode (-decode +parse):\n%s", body, diff)
	}
}
