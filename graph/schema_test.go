package graph_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
	gql "github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"

	"tenantry/graph"
)

// schema is what the program serves.
var schema = graph.Schema(&graph.Resolver{}).Schema()

// ours lists the definitions of the schema that are not GraphQL's own, by name.
func ours() (out []*gql.Definition) {
	for _, d := range schema.Types {
		if !d.BuiltIn {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b *gql.Definition) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// fields lists the fields of a definition that are not GraphQL's own.
func fields(d *gql.Definition) (out []*gql.FieldDefinition) {
	for _, f := range d.Fields {
		if !strings.HasPrefix(f.Name, "__") {
			out = append(out, f)
		}
	}
	return out
}

func TestEverythingIsDescribed(t *testing.T) {
	described := func(what, text string) {
		switch {
		case strings.TrimSpace(text) == "":
			t.Errorf("%s has no description", what)
		case !strings.HasSuffix(text, ".") && !strings.HasSuffix(text, ")"):
			t.Errorf("the description of %s is no sentence: %q", what, text)
		}
	}
	for _, d := range ours() {
		described(d.Name, d.Description)
		for _, f := range fields(d) {
			described(d.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				described(d.Name+"."+f.Name+"("+a.Name+")", a.Description)
			}
		}
		for _, v := range d.EnumValues {
			described(d.Name+"."+v.Name, v.Description)
		}
	}
	for _, d := range schema.Directives {
		if d.Position.Src.BuiltIn {
			continue
		}
		described("@"+d.Name, d.Description)
		for _, a := range d.Arguments {
			described("@"+d.Name+"("+a.Name+")", a.Description)
		}
	}
}

// who finds the words in which a mutation says who may call it.
var who = regexp.MustCompile(`(?i)\b(anyone|whoever|any member|owner|nominee|invited person|operator tokens|needs [a-z]+)\b`)

func TestMutations(t *testing.T) {
	codes := map[string]bool{}
	for _, v := range schema.Types["ErrorCode"].EnumValues {
		codes[v.Name] = true
	}
	word := regexp.MustCompile(`\b[A-Z]+(_[A-Z]+)+\b`)
	for _, m := range fields(schema.Mutation) {
		name := strings.ToUpper(m.Name[:1]) + m.Name[1:]
		if !who.MatchString(m.Description) {
			t.Errorf("%s does not say who may call it: %q", m.Name, m.Description)
		}
		if _, refusals, ok := strings.Cut(m.Description, "Refusals"); ok {
			for _, code := range word.FindAllString(refusals, -1) {
				if !codes[code] {
					t.Errorf("%s names the refusal %s, which is no ErrorCode", m.Name, code)
				}
			}
		}
		switch {
		case len(m.Arguments) == 0:
		case len(m.Arguments) > 1 || m.Arguments[0].Name != "input" || m.Arguments[0].Type.String() != name+"Input!":
			t.Errorf("%s takes something else than one input: %sInput!", m.Name, name)
		}
		if m.Type.String() != name+"Payload" {
			t.Errorf("%s gives %s, not a nullable %sPayload", m.Name, m.Type, name)
			continue
		}
		payload := schema.Types[name+"Payload"]
		if e := payload.Fields.ForName("errors"); e == nil || e.Type.String() != "[UserError!]!" {
			t.Errorf("%s has no errors: [UserError!]!", payload.Name)
		}
		for _, f := range fields(payload) {
			if object := schema.Types[f.Type.Name()]; object.IsCompositeType() && f.Type.Elem == nil && f.Type.NonNull {
				t.Errorf("%s.%s is never null, though nothing can be given when the mutation is refused", payload.Name, f.Name)
			}
		}
	}
}

// odd are names that break a rule of naming, each for a reason.
var odd = map[string]string{
	"AuditLogFilter.from":                      "a bound of a range",
	"AuditLogFilter.to":                        "a bound of a range",
	"ReauthenticatePayload.provedUntil":        "an end, not a moment at which something happened",
	"FinishPasskeyProofPayload.provedUntil":    "an end, not a moment at which something happened",
	"NotificationFilter.since":                 "a bound of a range",
	"NotificationFilter.until":                 "a bound of a range",
	"NotificationDelivery.messageId":           "the Message-ID of RFC 5322",
	"AccountProfile.taxId":                     "a tax number",
	"UpdateAccountInput.taxId":                 "a tax number",
	"Query.account(id)":                        "the object itself is asked for",
	"Query.node(id)":                           "the object itself is asked for",
	"Query.nodes(ids)":                         "the objects themselves are asked for",
	"AccountPolicies.twoFactorFrom":            "from when on a rule holds",
	"AccountPolicies.parentTwoFactorFrom":      "from when on a rule holds",
	"UpdateAccountPoliciesInput.twoFactorFrom": "from when on a rule holds",
}

func TestNames(t *testing.T) {
	used := map[string]bool{}
	complain := func(what, rule string) {
		if _, ok := odd[what]; ok {
			used[what] = true
			return
		}
		t.Errorf("%s: %s", what, rule)
	}
	check := func(what, name string, typ *gql.Type, input bool) {
		switch {
		case typ.Name() == "Time" && !strings.HasSuffix(name, "At"):
			complain(what, "an instant is named …At")
		case typ.Name() != "Time" && strings.HasSuffix(name, "At") && name != "at":
			complain(what, "only an instant is named …At")
		case typ.Name() == "ID" && typ.Elem == nil && !strings.HasSuffix(name, "Id") && (input || name != "id"):
			complain(what, "an id is named …Id")
		case typ.Name() == "ID" && typ.Elem != nil && !strings.HasSuffix(name, "Ids"):
			complain(what, "a list of ids is named …Ids")
		case typ.Name() != "ID" && name != "externalId" && (strings.HasSuffix(name, "Id") || strings.HasSuffix(name, "Ids")):
			complain(what, "only an id is named …Id")
		case typ.Elem != nil && !typ.Elem.NonNull && what != "Query.nodes":
			complain(what, "no element of a list is null")
		case !input && typ.Elem != nil && !typ.NonNull && what != "UserError.field":
			d, f, _ := strings.Cut(what, ".")
			if schema.Types[d].Fields.ForName(f).Directives.ForName("semanticNonNull") == nil {
				complain(what, "a list is empty rather than null")
			}
		}
	}
	for _, d := range ours() {
		for _, f := range fields(d) {
			check(d.Name+"."+f.Name, f.Name, f.Type, d.Kind == gql.InputObject)
			for _, a := range f.Arguments {
				check(d.Name+"."+f.Name+"("+a.Name+")", a.Name, a.Type, true)
			}
		}
		for _, v := range d.EnumValues {
			if !regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`).MatchString(v.Name) {
				t.Errorf("%s.%s is not in UPPER_SNAKE", d.Name, v.Name)
			}
		}
		if d.Kind == gql.Object && strings.HasSuffix(d.Name, "Connection") {
			for _, f := range []string{"nodes", "edges", "pageInfo"} {
				if d.Fields.ForName(f) == nil {
					t.Errorf("%s has no %s", d.Name, f)
				}
			}
		}
	}
	for what := range odd {
		if !used[what] {
			t.Errorf("%s breaks no rule any more; it need not be listed", what)
		}
	}
}

// The schema that clients read is the one in graph/schema, and the one served.
func TestPrintedSchema(t *testing.T) {
	names, err := filepath.Glob("schema/*.graphql")
	if err != nil || len(names) == 0 {
		t.Fatal("no schema", err)
	}
	var sources []*gql.Source
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &gql.Source{Name: name, Input: string(text)})
	}
	loaded, err := gqlparser.LoadSchema(sources...)
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*gql.Schema{"in graph/schema": loaded, "that is served": schema} {
		var out bytes.Buffer
		formatter.NewFormatter(&out, formatter.WithIndent("  ")).FormatSchema(s)
		if diff := cmp.Diff(out.String(), graph.SDL); diff != "" {
			t.Errorf("graph/schema.graphql is not the schema %s; run make generate\n%s", name, diff)
		}
	}
}

// Every enum that is bound to Go has exactly the values of its Go constants.
func TestEnums(t *testing.T) {
	config, err := os.ReadFile("../gqlgen.yml")
	if err != nil {
		t.Fatal(err)
	}
	bound := regexp.MustCompile(`(?m)^  (\w+):\n    model: tenantry/(\S+)\.(\w+)$`)
	seen := 0
	for _, m := range bound.FindAllStringSubmatch(string(config), -1) {
		d := schema.Types[m[1]]
		if d == nil || d.Kind != gql.Enum {
			continue
		}
		seen++
		var values []string
		for _, v := range d.EnumValues {
			values = append(values, v.Name)
		}
		slices.Sort(values)
		if diff := cmp.Diff(constants(t, filepath.Join("..", m[2]), m[3]), values); diff != "" {
			t.Errorf("%s differs from the constants of %s.%s (-Go +schema)\n%s", m[1], m[2], m[3], diff)
		}
	}
	if seen < 10 {
		t.Errorf("only %d enums are bound to Go, so gqlgen.yml was read wrongly", seen)
	}
}

// constants returns the values of the string constants of a type, sorted.
func constants(t *testing.T, dir, typeName string) (out []string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no Go in %s: %v", dir, err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			g, ok := decl.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, spec := range g.Specs {
				v := spec.(*ast.ValueSpec)
				if id, ok := v.Type.(*ast.Ident); !ok || id.Name != typeName {
					continue
				}
				for _, value := range v.Values {
					if lit, ok := value.(*ast.BasicLit); ok {
						s, err := strconv.Unquote(lit.Value)
						if err != nil {
							t.Fatal(err)
						}
						if s != "" { // the kind of nobody has no name
							out = append(out, s)
						}
					}
				}
			}
		}
	}
	slices.Sort(out)
	return out
}

// Whoever is given another token of a session is given what refreshes it: without it an
// app would be signed out within the hour, or be taken for a thief.
func TestTokensCanBeRefreshed(t *testing.T) {
	seen := 0
	for name, d := range schema.Types {
		f := d.Fields.ForName("token")
		if !strings.HasSuffix(name, "Payload") || f == nil || f.Type.NonNull || !strings.Contains(f.Description, "session's") {
			continue
		}
		seen++
		if d.Fields.ForName("refreshToken") == nil || d.Fields.ForName("tokenExpiresAt") == nil {
			t.Errorf("%s has a token of a session and nothing to refresh it with", name)
		}
		if signsIn := d.Fields.ForName("accountSelection") != nil; signsIn && d.Fields.ForName("deviceToken") == nil {
			t.Errorf("%s signs in and does not say what the app is known by", name)
		}
	}
	if seen < 13 {
		t.Errorf("%d payloads have a token", seen)
	}
}
