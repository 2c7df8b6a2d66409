package graph_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vektah/gqlparser/v2/ast"

	"tenantry/graph"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// FuzzTexts puts whatever a stranger types into every text, id and number that the schema
// takes: in each mutation, and in each argument of a query, of the viewer and of an
// account. No database minds, and both answer alike.
func FuzzTexts(f *testing.F) {
	desks := strangers(f)
	all := questions(graph.Schema(nil).Schema())
	texts := [][2]string{{"", "\x00"}, {"a@example.com", "en-u-rg-gbzzzz"}, {"acct_01h455vb4pex5vsknk084sn02q", "%_\\'\""}, {"012345", "\u202e\ufeff"}, {"+49 30 1234567", "\xff\xed\xa0\x80"}, {strings.Repeat("é", 600), "2026-01-31T12:00:00Z"}}
	for i := range all {
		f.Add(uint16(i), i%2 == 0, texts[i%len(texts)][0], texts[i%len(texts)][1], int64(i))
	}
	f.Fuzz(func(t *testing.T, which uint16, owner bool, one, two string, number int64) {
		q := all[int(which)%len(all)]
		var codes []string
		for _, d := range desks {
			a := d.ask(t, owner, q.text, q.variables(d, one, two, number))
			if owner && a.Status == 401 { // signed out by what was asked before
				a = d.ask(t, owner, q.text, q.variables(d, one, two, number))
			}
			if a.Status >= 500 || slices.Contains(a.Codes(), "INTERNAL") || !utf8.Valid(a.Body) || bytes.Contains(a.Body, []byte(`"GRAPHQL_VALIDATION_FAILED"`)) {
				t.Errorf("%s with %q, %q and %d is answered with %d %s", q.text, one, two, number, a.Status, a.Body)
			}
			codes = append(codes, fmt.Sprint(a.Codes()))
		}
		if len(slices.Compact(codes)) > 1 {
			t.Errorf("%s with %q, %q and %d is refused with %v", q.text, one, two, number, codes)
		}
	})
}

// FuzzCredentials presents whatever a stranger makes up as a bearer token, a session
// cookie, a device and a refresh token. They stay nobody.
func FuzzCredentials(f *testing.F) {
	desks := strangers(f)
	token := strings.Repeat("a", 43)
	for _, s := range [][3]string{{token, "", ""}, {"tenantry_op_" + token, "", token}, {"", token, token + "." + token}, {"", "\x00", "\xff"}, {"", strings.Repeat("é", 43), ""}, {strings.Repeat(" ", 43), "", ""}, {"a b", "c", "d"}} {
		f.Add(s[0], s[1], s[2])
	}
	f.Fuzz(func(t *testing.T, bearer, cookie, device string) {
		for _, d := range desks {
			for _, query := range []string{`{ viewer { id } }`, `mutation($t: String!) { refreshSession(input: {refreshToken: $t}) { token refreshToken errors { code } } }`} {
				r := d.request(query, map[string]any{"t": bearer + cookie})
				if bearer != "" {
					r.Header["Authorization"] = []string{"Bearer " + bearer}
				}
				r.Header["Cookie"] = []string{"__Host-tenantry=" + cookie + "; __Host-tenantry-device=" + device}
				a := d.Do(r)
				if a.Status >= 500 || slices.Contains(a.Codes(), "INTERNAL") || a.String("data.viewer.id") != "" || a.String("data.refreshSession.token") != "" {
					t.Errorf("%q, %q and %q are answered with %d %s", bearer, cookie, device, a.Status, a.Body)
				}
			}
		}
	})
}

// desk is where strangers and an owner ask a program.
type desk struct {
	*lab.World
	account string
	asked   uint32
	token   string
}

// strangers returns a desk on each database that there is.
func strangers(f *testing.F) []*desk {
	out := []*desk{{World: lab.New(f, dbtest.SQLite(f))}}
	if os.Getenv("TEST_POSTGRES_URL") != "" {
		out = append(out, &desk{World: lab.New(f, dbtest.Postgres(f))})
	}
	for _, d := range out {
		d.account = d.Account("olive", "Olive").ID
	}
	return out
}

// request is one from an address of its own, so that no budget of a network is used up.
func (d *desk) request(query string, variables map[string]any) *http.Request {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	d.asked++
	r.RemoteAddr = netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(d.asked >> 16), byte(d.asked >> 8), byte(d.asked)}), 1024).String()
	return r
}

func (d *desk) ask(t *testing.T, owner bool, query string, variables map[string]any) lab.Answer {
	d.T = t
	r := d.request(query, variables)
	if owner {
		if d.token == "" {
			d.token = d.SignIn(d.Person("olive").User).Token
		}
		r.Header.Set("Authorization", "Bearer "+d.token)
	}
	a := d.Do(r)
	if a.Status == 401 {
		d.token = ""
	}
	return a
}

// question is an operation with a variable for everything that it can be told.
type question struct {
	text string
	args ast.ArgumentDefinitionList
	sdl  *ast.Schema
}

// questions are the operations of a schema that take something.
func questions(sdl *ast.Schema) (out []question) {
	for _, at := range []struct{ kind, before, after string }{
		{"Mutation", "mutation(%s) { ", " }"}, {"Query", "query(%s) { ", " }"}, {"Viewer", "query(%s) { viewer { ", " } }"}, {"Account", "query(%s, $own: ID!) { account(id: $own) { ", " } }"},
	} {
		for _, field := range sdl.Types[at.kind].Fields {
			if len(field.Arguments) == 0 || strings.HasPrefix(field.Name, "__") {
				continue
			}
			var declared, given []string
			for _, a := range field.Arguments {
				declared, given = append(declared, "$"+a.Name+": "+a.Type.String()), append(given, a.Name+": $"+a.Name)
			}
			of := sdl.Types[field.Type.Name()]
			what := ""
			switch {
			case of.Fields.ForName("errors") != nil:
				what = " { errors { code } }"
			case of.IsCompositeType():
				what = " { __typename }"
			}
			out = append(out, question{fmt.Sprintf(at.before, strings.Join(declared, ", ")) + field.Name + "(" + strings.Join(given, ", ") + ")" + what + at.after, field.Arguments, sdl})
		}
	}
	return out
}

func (q question) variables(d *desk, one, two string, number int64) map[string]any {
	texts := []string{one, two}
	next := func() string {
		texts[0], texts[1] = texts[1], texts[0]
		return texts[1]
	}
	var value func(*ast.Type) any
	value = func(t *ast.Type) any {
		if t.Elem != nil {
			return []any{value(t.Elem)}
		}
		switch of := q.sdl.Types[t.NamedType]; {
		case of.Kind == ast.InputObject:
			in := map[string]any{}
			for _, f := range of.Fields {
				// The own account, so that more than its absence is answered.
				if in[f.Name] = value(f.Type); f.Name == "accountId" && number%2 == 0 {
					in[f.Name] = d.account
				}
				if !f.Type.NonNull && number>>8%3 == 1 {
					delete(in, f.Name)
				}
			}
			return in
		case of.Kind == ast.Enum:
			return of.EnumValues[int(uint64(number)%uint64(len(of.EnumValues)))].Name
		case of.Name == "Int":
			return int32(number)
		case of.Name == "Boolean":
			return number&4 == 0
		case of.Name == "WebAuthnJSON":
			return map[string]any{"id": next(), "rawId": next(), "type": "public-key", "response": map[string]any{"clientDataJSON": next()}}
		}
		return next()
	}
	out := map[string]any{}
	for _, a := range q.args {
		out[a.Name] = value(a.Type)
	}
	if strings.Contains(q.text, "$own") {
		out["own"] = d.account
	}
	return out
}
