package document_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenantry/internal/document"
)

const who = "query Who { viewer { id } }"

func TestTrusted(t *testing.T) {
	hash := document.Hash(who)
	other := "query Who { viewer { name } }"
	for _, c := range []struct{ name, manifest, refusal string }{
		{"Relay's", `{"f2d1": "` + who + `"}`, ""},
		{"by hash", `{"` + hash + `": "` + who + `"}`, ""},
		{"by a hash with its name", `{"sha256:` + hash + `": "` + who + `"}`, ""},
		{"Apollo's", `{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"f2d1","name":"Who","type":"query","body":"` + who + `"}]}`, ""},
		{"without name and type", `{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"f2d1","body":"` + who + `"}]}`, ""},
		{"with what a later Apollo writes", `{"format":"apollo-persisted-query-manifest","version":1,"by":"a tool","operations":[{"id":"f2d1","clientName":null,"name":"Who","type":"query","body":"` + who + `"}]}`, ""},
		{"two names of one", `{"a": "` + who + `", "b": "` + who + `"}`, ""},
		{"empty", `{}`, ""},

		{"another version", `{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}`, "version 2"},
		{"another format", `{"format":"other","version":1,"operations":[]}`, `"other"`},
		{"no JSON", `{`, "a JSON object of documents"},
		{"null", `null`, "a JSON object of documents"},
		{"a list", `["` + who + `"]`, "a JSON object of documents"},
		{"no text", `{"a": 1}`, "a JSON object of documents"},
		{"no id", `{"": "` + who + `"}`, "visible characters"},
		{"a long id", `{"` + strings.Repeat("a", 201) + `": "` + who + `"}`, "visible characters"},
		{"an id with a line break", `{"a\n": "` + who + `"}`, "visible characters"},
		{"no GraphQL", `{"a": "query Who {"}`, "Expected Name"},
		{"no operation", `{"a": "fragment F on Viewer { id }"}`, "no operation"},
		{"another's hash", `{"sha256:` + document.Hash(other) + `": "` + who + `"}`, hash},
		{"no hash", `{"sha256:abc": "` + who + `"}`, hash},
		{"another name", `{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a","name":"Me","type":"query","body":"` + who + `"}]}`, "query Me"},
		{"another type", `{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a","name":"Who","type":"mutation","body":"` + who + `"}]}`, "mutation Who"},
		{"the hash of another in it", `{"` + document.Hash(other) + `": "` + who + `", "b": "` + other + `"}`, "already"},
		{"two of one id", `{"format":"apollo-persisted-query-manifest","version":1,"operations":[{"id":"a","body":"` + who + `"},{"id":"a","body":"` + other + `"}]}`, "already"},
	} {
		var docs document.Trusted
		_, err := docs.Add([]byte(c.manifest))
		if (err == nil) != (c.refusal == "") || err != nil && !strings.Contains(err.Error(), c.refusal) {
			t.Errorf("%s: %v, want %q", c.name, err, c.refusal)
		}
	}
}

func TestTrustedIDs(t *testing.T) {
	dir, hash := t.TempDir(), document.Hash(who)
	var paths []string
	for name, manifest := range map[string]string{"relay.json": `{"f2d1": "` + who + `"}`, "more.json": `{"x-app:7": "query Who { viewer { name } }"}`} {
		paths = append(paths, filepath.Join(dir, name))
		if err := os.WriteFile(paths[len(paths)-1], []byte(manifest), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var docs document.Trusted
	if all, err := docs.Load(paths...); err != nil || len(all) != 2 {
		t.Fatal(all, err)
	}
	for id, known := range map[string]bool{
		"f2d1": true, hash: true, "sha256:" + hash: true, "x-app:7": true,
		"F2D1": false, "sha256:f2d1": false, "": false, "sha256:": false, strings.ToUpper(hash): false, hash[:63]: false, "md5:" + hash: false, "7": false,
	} {
		if text, ok := docs.Text(id); ok != known || ok && id != "x-app:7" && text != who {
			t.Errorf("%q: %q, %t", id, text, ok)
		}
	}
	if !docs.Has(who) || docs.Has(who+" ") || docs.Has("") {
		t.Error("a text is trusted that is not, or the other way round")
	}
	var none *document.Trusted
	if _, ok := none.Text(hash); ok || none.Has(who) {
		t.Error("nobody trusts something")
	}
	if _, err := docs.Load(filepath.Join(dir, "none.json")); err == nil {
		t.Error("a missing file is read")
	}
}
