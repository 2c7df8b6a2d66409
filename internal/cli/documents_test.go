package cli

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tenantry/graph"
	"tenantry/internal/document"
	"tenantry/web"
)

// What the portal's own pages ask is trusted, and is answered.
func TestOwnDocuments(t *testing.T) {
	var docs document.Trusted
	names := map[string]bool{}
	for _, manifest := range web.Documents() {
		all, err := docs.Add(manifest)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range all {
			names[d.Name] = true
			if err := graph.Check(d.Body); err != nil {
				t.Errorf("%v:\n%s", err, d.Body)
			}
		}
	}
	for _, name := range []string{"Me", "People", "SwitchAccount"} {
		if !names[name] {
			t.Errorf("the dashboard does not ask %s", name)
		}
	}
	for _, text := range []string{ // of page.js, and of tokenFetch
		"mutation { signOut { signedOut } }",
		"mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { mailed errors { code field message retryAfter } } }",
	} {
		if !docs.Has(text) {
			t.Errorf("not trusted: %s", text)
		}
	}
}

func TestGivenDocuments(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, of any) string {
		text, err := json.Marshal(of)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good := file("good.json", map[string]string{"ios-1": "query App { viewer { id } }"})
	old := file("old.json", map[string]string{"ios-0": "query Old { viewer { shoeSize } }"})
	other := file("other.json", map[string]string{"ios-1": "query Other { viewer { id } }"})
	for _, c := range []struct {
		name           string
		files          []string
		refusal, warns string
	}{
		{"one", []string{good}, "", ""},
		{"one that asks for what is not there", []string{good, old}, "", "ios-0"},
		{"an id twice", []string{good, other}, `other.json: document "ios-1": another document has the id ios-1 already`, ""},
		{"none", []string{filepath.Join(dir, "none.json")}, "none.json", ""},
	} {
		var log bytes.Buffer
		docs, err := (&Serving{TrustedDocuments: c.files}).trusted(slog.New(slog.NewTextHandler(&log, nil)))
		if (err == nil) != (c.refusal == "") || err != nil && !strings.Contains(err.Error(), c.refusal) {
			t.Errorf("%s: %v", c.name, err)
		}
		if (log.Len() > 0) != (c.warns != "") || !strings.Contains(log.String(), c.warns) {
			t.Errorf("%s: logged %q", c.name, &log)
		}
		if err == nil {
			if _, ok := docs.Text("ios-1"); !ok {
				t.Errorf("%s: ios-1 is unknown", c.name)
			}
		}
	}
}
