package web_test

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"tenantry/web"
)

func get(t *testing.T, h http.Handler, method, target string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func demo(context.Context) map[string]any {
	return map[string]any{"email": "olivia@northwind.example", "password": "secret"}
}

func TestAddresses(t *testing.T) {
	const html, js = "text/html; charset=utf-8", "text/javascript; charset=utf-8"
	tests := []struct {
		name        string
		handler     http.Handler
		method, url string
		status      int
		contentType string
	}{
		{"the playground", web.Playground(nil), "GET", "/playground", 200, html},
		{"the playground with a slash", web.Playground(nil), "GET", "/playground/", 301, html},
		{"its code", web.Playground(nil), "GET", "/playground/index.js", 200, js},
		{"a worker of its editor", web.Playground(nil), "GET", "/playground/editor.worker.js", 200, js},
		{"the licences of what is in it", web.Playground(nil), "GET", "/playground/licenses.md", 200, "text/plain; charset=utf-8"},
		{"its head", web.Playground(nil), "HEAD", "/playground", 200, html},
		{"a file that it has not", web.Playground(nil), "GET", "/playground/none.js", 404, ""},
		{"no writing", web.Playground(nil), "POST", "/playground", 405, ""},
		{"demo values", web.Playground(demo), "GET", "/playground/demo.json", 200, "application/json"},
		{"no demo values", web.Playground(nil), "GET", "/playground/demo.json", 404, ""},
		{"the dashboard", web.Dashboard(nil), "GET", "/", 200, html},
		{"a screen of it, after a reload", web.Dashboard(nil), "GET", "/accounts/acct_1/people", 200, html},
		{"its icon", web.Dashboard(nil), "GET", "/dashboard/icon.svg", 200, "image/svg+xml"},
		{"the page of another release asks anew", web.Dashboard(nil), "GET", "/dashboard/0123456789ab/index.js", 200, js},
		{"what another release has not", web.Dashboard(nil), "GET", "/dashboard/0123456789ab/base.js", 404, ""},
		{"its code without a release", web.Dashboard(nil), "GET", "/dashboard/index.js", 404, ""},
		{"a file that it has not", web.Dashboard(nil), "GET", "/dashboard/none.js", 404, ""},
		{"an address of nobody", web.Dashboard(nil), "GET", "/none", 404, ""},
		{"the dashboard takes nothing", web.Dashboard(nil), "POST", "/", 405, ""},
		{"demo people", web.Dashboard(demo), "GET", "/dashboard/demo.json", 200, "application/json"},
		{"no demo people, which is no error", web.Dashboard(nil), "GET", "/dashboard/demo.json", 200, "application/json"},
		{"a link page", web.Links(), "GET", "/invitation", 200, html},
		{"its code", web.Links(), "GET", "/links/page.js", 200, js},
		{"its style", web.Links(), "GET", "/links/page.css", 200, "text/css; charset=utf-8"},
		{"a page under its file name", web.Links(), "GET", "/invitation.html", 404, ""},
		{"an unknown page", web.Links(), "GET", "/none", 404, ""},
		{"a link page takes nothing", web.Links(), "POST", "/unknown-sender", 405, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := get(t, test.handler, test.method, test.url)
			if r.StatusCode != test.status {
				t.Errorf("status %d, want %d", r.StatusCode, test.status)
			}
			if ct := r.Header.Get("Content-Type"); test.contentType != "" && ct != test.contentType {
				t.Errorf("content type %q, want %q", ct, test.contentType)
			}
			policy := r.Header.Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; ") || strings.Contains(policy, "unsafe-eval") {
				t.Errorf("policy %q", policy)
			}
		})
	}
}

func TestDemoValuesAreNotKept(t *testing.T) {
	r := get(t, web.Playground(demo), "GET", "/playground/demo.json")
	if got := r.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control %q", got)
	}
	if got := body(t, r); !strings.Contains(got, `"email":"olivia@northwind.example"`) {
		t.Errorf("body %s", got)
	}
}

// Nothing of the playground lies in memory until it is asked for, and then only
// what is on its way.
func TestPlaygroundIsNotKept(t *testing.T) {
	const little = 256 << 10
	var h http.Handler
	if n := allocated(func() { h = web.Playground(nil) }); n > little {
		t.Errorf("the playground takes %d bytes before anybody asks", n)
	}
	r := httptest.NewRequest("HEAD", "/playground/editor.js", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	if n := allocated(func() { h.ServeHTTP(httptest.NewRecorder(), r) }); n > little {
		t.Errorf("showing a file of it takes %d bytes", n)
	}
}

func allocated(by func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	by()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestFilesAreAskedForOnce(t *testing.T) {
	h := web.Playground(nil)
	plain := get(t, h, "GET", "/playground/index.js")
	zipped := get(t, h, "GET", "/playground/index.js", "Accept-Encoding", "gzip, br")
	if zipped.Header.Get("Content-Encoding") != "gzip" || zipped.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Fatalf("zipped: %v", zipped.Header)
	}
	z, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	unzipped, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if string(unzipped) != body(t, plain) {
		t.Error("the zipped file is another")
	}
	for _, first := range []*http.Response{plain, zipped} {
		tag := first.Header.Get("ETag")
		again := get(t, h, "GET", "/playground/index.js", "If-None-Match", tag, "Accept-Encoding", first.Header.Get("Content-Encoding"))
		if again.StatusCode != http.StatusNotModified {
			t.Errorf("with the tag %s the status is %d", tag, again.StatusCode)
		}
	}
}

// What is embedded is what was built.
func TestBuiltIsPacked(t *testing.T) {
	for folder, shown := range map[string]struct {
		handler http.Handler
		page    string
	}{"playground": {web.Playground(nil), "/playground"}, "dashboard": {web.Dashboard(nil), "/"}} {
		built := must(os.ReadDir(folder + "/dist"))
		if packed := must(os.ReadDir(folder + "/packed")); len(packed) != len(built) {
			t.Errorf("%d files of the %s are packed of %d: run go generate ./web", len(packed), folder, len(built))
		}
		for _, f := range built {
			address := "/" + folder + "/" + f.Name()
			switch ext := filepath.Ext(f.Name()); {
			case f.Name() == "index.html":
				address = shown.page
			case folder == "dashboard" && (ext == ".js" || ext == ".css"):
				address = release(t) + f.Name()
			}
			if got := body(t, get(t, shown.handler, "GET", address)); got != string(must(os.ReadFile(folder+"/dist/"+f.Name()))) {
				t.Errorf("%s is another than what was built: run go generate ./web", address)
			}
		}
	}
}

// Without demo data nobody is told of demo people.
func TestDemoPeople(t *testing.T) {
	if got := body(t, get(t, web.Dashboard(nil), "GET", "/dashboard/demo.json")); got != "null\n" {
		t.Errorf("without demo data: %s", got)
	}
}

// release returns the folder of what the dashboard loads.
func release(t *testing.T) string {
	page := body(t, get(t, web.Dashboard(nil), "GET", "/"))
	return regexp.MustCompile(`src="(/dashboard/[^/"]+/)index.js"`).FindStringSubmatch(page)[1]
}

// What a page of the dashboard loads is of its own release or does not come: it is kept for good,
// and what belongs to the page of another release is neither given nor kept.
func TestReleases(t *testing.T) {
	h := web.Dashboard(nil)
	for address, want := range map[string]string{
		"/": "no-cache", "/accounts/acct_1": "no-cache", "/dashboard/icon.svg": "no-cache",
		release(t) + "index.js": "public, max-age=31536000, immutable", release(t) + "style.css": "public, max-age=31536000, immutable",
		release(t) + "none.js": "no-cache", "/dashboard/0123456789ab/index.js": "no-store",
	} {
		if got := get(t, h, "GET", address).Header.Get("Cache-Control"); got != want {
			t.Errorf("Cache-Control of %s is %q, want %q", address, got, want)
		}
	}
	if other := body(t, get(t, h, "GET", "/dashboard/0123456789ab/index.js")); !strings.Contains(other, "location.reload()") || len(other) > 100 {
		t.Errorf("a page of another release gets %.200s", other)
	}
	for _, f := range must(os.ReadDir("dashboard/dist")) {
		if text := must(os.ReadFile("dashboard/dist/" + f.Name())); regexp.MustCompile(`["'` + "`" + `]/dashboard/[\w-]+\.(js|css)\b`).Match(text) {
			t.Errorf("%s loads something of whatever release is there", f.Name())
		}
	}
}

// Whatever the dashboard loads is a file of ours beside it, and nothing is written into the page.
func TestDashboardLoadsItsOwn(t *testing.T) {
	h := web.Dashboard(nil)
	r := get(t, h, "GET", "/accounts/acct_1")
	if policy := r.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	page := body(t, r)
	if bad := regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=|https?:`).FindString(page); bad != "" {
		t.Errorf("the page has %s", bad)
	}
	for _, ref := range regexp.MustCompile(`(?:href|src)="(/dashboard/[^"]*)"`).FindAllStringSubmatch(page, -1) {
		if status := get(t, h, "GET", ref[1]).StatusCode; status != 200 {
			t.Errorf("%s is answered %d", ref[1], status)
		}
	}
}

// Whatever a link page needs is a file beside it: nothing is inline, nothing
// comes from elsewhere, and no form can send a password off by itself.
func TestLinkPages(t *testing.T) {
	h := web.Links()
	inline := regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=|https?:|action=`)
	for _, address := range web.LinkPages {
		page := body(t, get(t, h, "GET", address))
		if bad := inline.FindString(page); bad != "" {
			t.Errorf("%s has %s", address, bad)
		}
		if !strings.Contains(page, `<body data-page="`+strings.TrimPrefix(address, "/")+`">`) {
			t.Errorf("%s does not say what it is", address)
		}
		for _, ref := range regexp.MustCompile(`(?:href|src)="(/[^"]*)"`).FindAllStringSubmatch(page, -1) {
			if ref[1] == "/" { // the dashboard
				continue
			}
			if status := get(t, h, "GET", ref[1]).StatusCode; status != 200 {
				t.Errorf("%s leads to %s, which answers %d", address, ref[1], status)
			}
		}
	}
	if n := len(must(filepath.Glob("links/*.html"))); n != len(web.LinkPages) {
		t.Errorf("%d pages, %d addresses", n, len(web.LinkPages))
	}
}

// Whatever a link page says has a translation, and no translation is left over. A text is
// what an element has of its own, with the places of values as they are called there.
func TestGermanOfLinkPages(t *testing.T) {
	german := string(must(os.ReadFile("links/german.js")))
	known := map[string]bool{} // whether it is said anywhere
	for _, m := range regexp.MustCompile(`(?m)^  (?:'([^']+)'|"([^"]+)"|(\w+)):`).FindAllStringSubmatch(german, -1) {
		known[m[1]+m[2]+m[3]] = false
	}
	places := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^  (.+?):\s+['"](.*)['"],$`).FindAllStringSubmatch(strings.ReplaceAll(german, "\n    '", " '"), -1) {
		for i, text := range m[1:] {
			found := regexp.MustCompile(`\{\w+\}`).FindAllString(text, -1)
			slices.Sort(found)
			places[[]string{"english", "german"}[i]] = slices.Compact(found)
		}
		if !slices.Equal(places["english"], places["german"]) {
			t.Errorf("%s has not the same places in German: %s", m[1], m[2])
		}
	}
	say := func(where, text string) {
		if _, ok := known[text]; !ok {
			t.Errorf("%s says %q in English only", where, text)
		}
		known[text] = true
	}
	place := regexp.MustCompile(`<(?:b|span) data-value="(\w+)"></(?:b|span)>`)
	within := regexp.MustCompile(`(?s)<(?:button|a|b|span)\b.*?</(?:button|a|b|span)>`)
	for _, page := range must(filepath.Glob("links/*.html")) {
		text := regexp.MustCompile(`(?s)<noscript>.*?</noscript>`).ReplaceAllString(string(must(os.ReadFile(page))), "")
		for _, tag := range []string{"title", "h1", "p", "label", "button", "a", "dt"} {
			for _, m := range regexp.MustCompile(`(?s)<`+tag+`(?: [^>]*)?>(.*?)</`+tag+`>`).FindAllStringSubmatch(text, -1) {
				if strings.Trim(within.ReplaceAllString(m[1], ""), " ·\n") != "" && m[1] != "Tenantry" {
					say(page, place.ReplaceAllString(strings.TrimSuffix(m[1], " · Tenantry"), "{$1}"))
				}
			}
		}
	}
	code := string(must(os.ReadFile("links/page.js")))
	for _, m := range regexp.MustCompile(`\bt\(([^)]+)\)`).FindAllStringSubmatch(code, -1) {
		for _, phrase := range regexp.MustCompile(`'([^']+)'`).FindAllStringSubmatch(m[1], -1) {
			say("links/page.js", phrase[1])
		}
	}
	for phrase, said := range known {
		if !said {
			t.Errorf("no page says %q", phrase)
		}
	}
}

// Every refusal of the API is said in German by the pages and the dashboard: BAD_INPUT keeps what
// the API says of a value.
func TestGermanOfRefusals(t *testing.T) {
	schema := must(gqlparser.LoadSchema(&ast.Source{Input: string(must(os.ReadFile("../graph/schema.graphql")))}))
	said := map[string]bool{"BAD_INPUT": true}
	for _, m := range regexp.MustCompile(`(?m)^  ([A-Z_]+): '.+',$`).FindAllStringSubmatch(string(must(os.ReadFile("links/refusals.js"))), -1) {
		said[m[1]] = true
	}
	for _, v := range schema.Types["ErrorCode"].EnumValues {
		if !said[v.Name] {
			t.Errorf("%s has no German", v.Name)
		}
		delete(said, v.Name)
	}
	for code := range said {
		t.Errorf("%s is no code of the API", code)
	}
}

func TestPlaygroundIsSmall(t *testing.T) {
	var total int64
	err := filepath.WalkDir("playground/dist", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		size := must(d.Info()).Size()
		if total += size; size > 2<<20 || strings.HasSuffix(path, ".map") {
			t.Errorf("%s does not belong here (%d bytes)", path, size)
		}
		return nil
	})
	if err != nil || total > 8<<20 {
		t.Errorf("%d bytes, %v", total, err)
	}
}

// values stand for what the playground fills in.
var values = map[string]any{
	"email": "olivia@northwind.example", "password": "secret", "accountId": "acct_1", "otherAccountId": "acct_2",
	"roleId": "role_1", "contactId": "cont_1", "invitationToken": "t", "waitingInvitationId": "inv_1", "membershipId": "mem_1",
	"memberVersion": 1, "memberRoleIds": []any{"role_1"}, "memberPermissions": []any{"invoices"},
	"memberSubAccountAccess": "NONE", "memberSubAccountIds": []any{},
}

func TestOperations(t *testing.T) {
	schema := loadSchema(t)
	documents := must(filepath.Glob("playground/operations/*.graphql"))
	if len(documents) == 0 {
		t.Fatal("there are none")
	}
	names := map[string]bool{}
	for i, path := range documents {
		t.Run(filepath.Base(path), func(t *testing.T) {
			if !strings.HasPrefix(filepath.Base(path), fmt.Sprintf("%02d-", i+1)) {
				t.Errorf("step %d is missing", i+1)
			}
			query := string(must(os.ReadFile(path)))
			if !regexp.MustCompile(`\A# [A-Z][^.]+\.\s`).MatchString(query) {
				t.Error("it does not begin with a title and a sentence")
			}
			op := check(t, schema, query)
			if names[op.Name] {
				t.Errorf("there are two of the name %s", op.Name)
			}
			names[op.Name] = true

			var variables map[string]any
			if err := json.Unmarshal(must(os.ReadFile(strings.TrimSuffix(path, "graphql")+"json")), &variables); err != nil {
				t.Fatal(err)
			}
			if _, err := validator.VariableValues(schema, op, fill(t, variables).(map[string]any)); err != nil {
				t.Error(err)
			}
		})
	}
}

func fill(t *testing.T, v any) any {
	switch v := v.(type) {
	case string:
		key, ok := strings.CutPrefix(v, "$")
		if !ok {
			return v
		}
		value, ok := values[key]
		if !ok {
			t.Errorf("nobody knows %s; the playground knows %v", v, slices.Sorted(maps.Keys(values)))
		}
		return value
	case []any:
		for i := range v {
			v[i] = fill(t, v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = fill(t, v[key])
		}
	}
	return v
}

// What the pages ask by themselves fits the schema as well.
func TestRequestsOfThePages(t *testing.T) {
	schema := loadSchema(t)
	for _, path := range must(filepath.Glob("playground/src/*.graphql")) {
		check(t, schema, string(must(os.ReadFile(path))))
	}

	code := string(must(os.ReadFile("links/page.js")))
	shared := map[string]string{}
	for _, m := range regexp.MustCompile(`const ([A-Z]+) = '([^']+)'`).FindAllStringSubmatch(code, -1) {
		shared["${"+m[1]+"}"] = m[2]
	}
	expand := func(s string) string {
		for name, text := range shared {
			s = strings.ReplaceAll(s, name, text)
		}
		return s
	}
	_, code, _ = strings.Cut(code, "const has = ") // behind the helpers
	mutations := regexp.MustCompile("mutate\\(\\s*'(\\w+)',[^'`]*['`]([^'`]+)['`]").FindAllStringSubmatch(code, -1)
	for _, m := range mutations {
		input := strings.ToUpper(m[1][:1]) + m[1][1:] + "Input"
		check(t, schema, fmt.Sprintf("mutation ($input: %s!) { %s(input: $input) { %s %s } }", input, m[1], expand(m[2]), shared["${ERRORS}"]))
	}
	queries := regexp.MustCompile("ask\\(\\s*['`]([^'`]+)['`]").FindAllStringSubmatch(code, -1)
	for _, m := range queries {
		check(t, schema, expand(m[1]))
	}
	if calls := strings.Count(code, "mutate(") + strings.Count(code, "ask("); len(mutations)+len(queries) != calls {
		t.Errorf("checked %d of %d requests", len(mutations)+len(queries), calls)
	}
}

func check(t *testing.T, schema *ast.Schema, query string) *ast.OperationDefinition {
	t.Helper()
	doc, errs := gqlparser.LoadQueryWithRules(schema, query, rules.NewDefaultRules())
	if errs != nil {
		t.Fatalf("%v in\n%s", errs, query)
	}
	if len(doc.Operations) != 1 {
		t.Fatalf("%d operations in\n%s", len(doc.Operations), query)
	}
	return doc.Operations[0]
}

func loadSchema(t *testing.T) *ast.Schema {
	t.Helper()
	var sources []*ast.Source
	for _, path := range must(filepath.Glob("../graph/schema/*.graphql")) {
		sources = append(sources, &ast.Source{Name: path, Input: string(must(os.ReadFile(path)))})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
