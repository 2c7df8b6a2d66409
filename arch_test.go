package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "tenantry/"

// arrows says which room may import which. A room that is not here may import
// none of ours, and one that nobody lists is imported by nobody.
var arrows = map[string]string{
	"ent/schema":          "internal/id internal/instant internal/permission",
	"graph":               "ent graph/generated graph/limit graph/model graph/straight graph/transport internal/access internal/account internal/contact internal/document internal/event internal/fault internal/feed internal/id internal/invite internal/membership internal/notify internal/openid internal/page internal/permission internal/person internal/review internal/role internal/session internal/token internal/webhook",
	"graph/generate":      "",
	"graph/limit":         "graph/transport internal/document internal/fault",
	"graph/model":         "ent graph/straight internal/access internal/contact internal/event internal/fault internal/invite internal/membership internal/notify internal/openid internal/permission internal/review internal/session internal/token internal/webhook",
	"graph/print":         "",
	"graph/straight":      "",
	"graph/transport":     "internal/fault",
	"internal/access":     "ent internal/column internal/db internal/fault internal/id internal/instant internal/page internal/permission",
	"internal/account":    "ent internal/access internal/address internal/budget internal/db internal/event internal/fault internal/id internal/instant internal/membership internal/once internal/page internal/permission internal/phone internal/session internal/text",
	"internal/address":    "",
	"internal/budget":     "ent internal/column internal/db internal/fault",
	"internal/column":     "",
	"internal/bounce":     "ent internal/address internal/contact internal/db internal/id internal/instant internal/keyfile internal/mail",
	"internal/contact":    "ent internal/access internal/account internal/address internal/budget internal/column internal/db internal/event internal/fault internal/id internal/instant internal/invite internal/link internal/membership internal/once internal/page internal/permission internal/session internal/text",
	"internal/db":         "ent internal/column",
	"internal/db/plan":    "ent internal/db",
	"internal/document":   "ent internal/budget internal/db internal/fault",
	"internal/event":      "ent internal/access internal/budget internal/column internal/db internal/fault internal/id internal/instant internal/page internal/permission internal/yield",
	"internal/fault":      "",
	"internal/feed":       "ent internal/access internal/column internal/db internal/fault internal/id internal/instant internal/permission",
	"internal/id":         "",
	"internal/instant":    "",
	"internal/invite":     "ent internal/access internal/address internal/budget internal/column internal/db internal/event internal/fault internal/id internal/instant internal/link internal/membership internal/once internal/page internal/permission internal/session internal/text",
	"internal/keyfile":    "",
	"internal/link":       "internal/keyfile",
	"internal/mail":       "",
	"internal/membership": "ent internal/access internal/column internal/db internal/event internal/fault internal/id internal/instant internal/page internal/permission internal/text",
	"internal/notify":     "ent internal/access internal/account internal/address internal/budget internal/column internal/contact internal/db internal/event internal/fault internal/id internal/instant internal/invite internal/link internal/mail internal/membership internal/once internal/page internal/permission internal/text internal/webhook internal/yield",
	"internal/once":       "ent internal/access internal/db internal/fault",
	"internal/openid":     "ent internal/access internal/address internal/budget internal/db internal/event internal/fault internal/id internal/instant internal/session internal/text",
	"internal/page":       "internal/column internal/db internal/fault",
	"internal/passkey":    "",
	"internal/password":   "",
	"internal/permission": "",
	"internal/person":     "ent internal/access internal/address internal/budget internal/db internal/event internal/fault internal/id internal/instant internal/membership internal/page internal/session",
	"internal/phone":      "",
	"internal/review":     "ent internal/access internal/column internal/db internal/event internal/fault internal/id internal/instant internal/page internal/permission",
	"internal/role":       "ent internal/access internal/db internal/event internal/fault internal/id internal/instant internal/once internal/permission internal/text",
	"internal/seal":       "internal/keyfile",
	"internal/session":    "ent internal/access internal/address internal/budget internal/column internal/db internal/event internal/fault internal/id internal/instant internal/link internal/page internal/passkey internal/password internal/permission internal/seal internal/text internal/totp",
	"internal/text":       "internal/fault",
	"internal/totp":       "",
	"internal/token":      "ent internal/access internal/column internal/db internal/event internal/fault internal/id internal/instant internal/once internal/page internal/permission internal/session internal/text",
	"internal/web":        "internal/fault",
	"internal/webhook":    "ent internal/access internal/address internal/budget internal/column internal/db internal/event internal/fault internal/id internal/instant internal/once internal/page internal/permission internal/seal internal/session internal/text",
	"web":                 "",
	"web/pack":            "",
}

// everywhere are the rooms that know all rooms: the program, its demo data, and
// the support of tests.
var everywhere = []string{"", "internal/cli", "internal/demo", "internal/dbtest", "internal/lab"}

// TestServerLinks keeps what only developers and tests need out of the server:
// it would be in every binary, and its initialisers would run at every start.
func TestServerLinks(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.Lines(string(out)) {
		for _, not := range []string{
			"ariga.io/atlas", "entgo.io/ent/dialect/sql/schema", "github.com/hashicorp/hcl", "github.com/zclconf/", "gopkg.in/yaml", "github.com/google/go-cmp", // plans of migrations
			"github.com/nyaruka/phonenumbers", // 2.5 MB at each start, see internal/phone
			"testing", module + "internal/dbtest", module + "internal/lab", module + "internal/passkey/virtual",
			"github.com/microcosm-cc/bluemonday",                 // compiles 330 kB of patterns at each start; tests of internal/mail ask it
			"github.com/go-webauthn/webauthn/metadata/providers", // the makers of authenticators, of whom nothing is asked
			module + "ent/schema",                                // looks methods up, and ent/runtime.go does without
		} {
			if name := strings.TrimSpace(name); name == not || strings.HasPrefix(name, strings.TrimSuffix(not, "/")+"/") {
				t.Errorf("the server links %s", name)
			}
		}
	}
}

// TestMethodsCanGo keeps out what finds methods by a name that it learns when it runs.
// One such place, anywhere, and the linker keeps every exported method of every type.
func TestMethodsCanGo(t *testing.T) {
	var reached strings.Builder
	build := exec.Command("go", "build", "-o", os.DevNull, "-ldflags=-dumpdep", ".")
	build.Stderr = &reached
	if err := build.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &reached)
	}
	const mark = " <ReflectMethod>"
	name := func(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, mark), " <UsedInIface>") }
	from := make(map[string]string)
	var found []string
	for line := range strings.Lines(reached.String()) {
		user, used, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " -> ")
		if !ok || from[name(used)] != "" {
			continue
		}
		from[name(used)] = name(user)
		// Of what is kept since another looks methods up, reflect's own do so too.
		if strings.HasSuffix(used, mark) && !strings.HasPrefix(used, "reflect.") {
			found = append(found, name(used))
		}
	}
	if len(from) == 0 {
		t.Fatal("the linker says nothing")
	}
	for _, s := range found {
		way := s
		for at, seen := s, map[string]bool{}; from[at] != "" && !seen[at]; at = from[at] {
			seen[at] = true
			way = from[at] + "\n\t→ " + way
		}
		t.Errorf("%s looks methods up by names learned at run time, so that every exported method of every type stays in the program, some 7 MB; "+
			"docs/decisions/0018-what-the-program-carries.md says what to use instead. It is reached through\n\t%s", s, way)
	}
}

// generated are the rooms that a generator writes, or that only a generator runs.
func generated(room string) bool {
	return room == "graph/generated" || room == "ent" || strings.HasPrefix(room, "ent/") && room != "ent/schema" ||
		strings.HasSuffix(room, "/refresh")
}

// TestArrows keeps the rooms of the house in order: who may import whom.
func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		from := strings.TrimPrefix(words[0]+"/", module)
		from = strings.TrimSuffix(from, "/")
		if generated(from) || slices.Contains(everywhere, from) {
			continue
		}
		may := strings.Fields(arrows[from])
		for _, w := range words[1:] {
			to, ours := strings.CutPrefix(w, module)
			if !ours || strings.HasPrefix(to, "ent/") && slices.Contains(may, "ent") {
				continue
			}
			if !slices.Contains(may, to) {
				t.Errorf("%s may not import %s", from, to)
			}
		}
	}
}

// TestGraphOnlyReads keeps resolvers from reaching through an ent value into the
// database: obj.QueryAccount() and obj.Update() compile, but not here, and no
// client is held.
func TestGraphOnlyReads(t *testing.T) {
	files, err := filepath.Glob("graph/*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch sel.Sel.Name {
			case "Update", "Unwrap", "Client", "Tx", "Delete":
				if _, isCall := n.(*ast.SelectorExpr).X.(*ast.Ident); isCall && sel.X.(*ast.Ident).Name != "obj" && sel.X.(*ast.Ident).Name != "ent" {
					return true
				}
				if x, deep := sel.X.(*ast.SelectorExpr); deep && x.Sel.Name != "Edges" {
					return true
				}
				t.Errorf("%s: %s is for the domain", fset.Position(sel.Pos()), sel.Sel.Name)
			default:
				if strings.HasPrefix(sel.Sel.Name, "Query") && sel.Sel.Name != "QueryResolver" {
					t.Errorf("%s: %s is for the domain", fset.Position(sel.Pos()), sel.Sel.Name)
				}
			}
			return true
		})
	}
}

// TestCalledDefaults keeps to the functions that ent/template/runtime.tmpl knows: what a
// field is filled in with is written into ent/runtime.go from there.
func TestCalledDefaults(t *testing.T) {
	fset := token.NewFileSet()
	files, _ := filepath.Glob("ent/schema/*.go")
	times := 0
	for _, name := range files {
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 {
				return true
			}
			method, ok := call.Fun.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			switch method.Sel.Name {
			case "DefaultFunc":
				if filepath.Base(name) != "mixin.go" {
					t.Errorf("%s: ent/template/runtime.tmpl calls no function but for ids and times", fset.Position(n.Pos()))
				}
			case "Default":
				switch given := call.Args[0].(type) {
				case *ast.FuncLit:
					t.Errorf("%s: ent/template/runtime.tmpl calls no function but for ids and times", fset.Position(n.Pos()))
				case *ast.SelectorExpr:
					if from, ok := given.X.(*ast.Ident); !ok || from.Name != "instant" || given.Sel.Name != "Now" {
						t.Errorf("%s: the default of a time is instant.Now, or ent/template/runtime.tmpl has to learn another", fset.Position(n.Pos()))
					}
					times++
				}
			}
			return true
		})
	}
	if times == 0 {
		t.Error("no default was looked at")
	}
}

// TestOneWayIntoATransaction keeps db.InTx the only way to open a transaction,
// and event.Record the only writer of history.
func TestOneWayIntoATransaction(t *testing.T) {
	err := filepath.WalkDir("internal", func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		room := filepath.ToSlash(filepath.Dir(name))
		if room != "internal/db" && room != "internal/dbtest" {
			for _, call := range []string{".BeginTx(", "client.Tx(", "Client.Tx("} {
				if strings.Contains(string(text), call) {
					t.Errorf("%s opens a transaction by itself: use db.InTx", name)
				}
			}
		}
		if room != "internal/event" && room != "internal/demo" && strings.Contains(string(text), "Event.Create") {
			t.Errorf("%s writes history by itself: use event.Record", name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestOnePlaceJudgesMemberships keeps everybody from asking the stored state of a
// membership, which does not know that its end has come: access.Active and what stands
// beside it say whether one can be used. Only what writes the state names it.
func TestOnePlaceJudgesMemberships(t *testing.T) {
	const judge = "internal/access/active.go"
	raw := regexp.MustCompile(`'DEACTIVATED'|(?i)memberships.*state\s*(=|<>|IN)`)
	for _, root := range []string{"internal", "graph"} {
		err := filepath.WalkDir(root, func(name string, d os.DirEntry, err error) error {
			name = filepath.ToSlash(name)
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name == judge || generated(filepath.ToSlash(filepath.Dir(name))) {
				return err
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, name, nil, 0)
			if err != nil {
				return err
			}
			entity := "" // what the file calls tenantry/ent/membership
			for _, i := range f.Imports {
				if i.Path.Value == `"tenantry/ent/membership"` {
					if entity = "membership"; i.Name != nil {
						entity = i.Name.Name
					}
				}
			}
			written := map[ast.Expr]bool{}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					called := ""
					switch f := n.Fun.(type) {
					case *ast.SelectorExpr:
						called = f.Sel.Name
					case *ast.Ident:
						called = f.Name
					}
					if called == "SetState" || called == "StateText" || called == "InState" {
						written[n.Args[0]] = true
					}
				case *ast.SelectorExpr:
					x, ok := n.X.(*ast.Ident)
					if ok && entity != "" && x.Name == entity && x.Obj == nil && n.Sel.Name != "State" && strings.Contains(n.Sel.Name, "State") && !written[n] {
						t.Errorf("%s judges a membership by %s.%s: ask access.Active, ActiveMember, InState or StateText", fset.Position(n.Pos()), entity, n.Sel.Name)
					}
				case *ast.BasicLit:
					if n.Kind == token.STRING && raw.MatchString(n.Value) {
						t.Errorf("%s judges a membership in SQL: ask access.StateText", fset.Position(n.Pos()))
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
