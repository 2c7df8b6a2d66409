package graph_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"tenantry/graph"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	documents "tenantry/internal/document"
	"tenantry/internal/lab"
	"tenantry/internal/web"
)

// answering lets the world answer what is trusted, and other documents to some.
func answering(t *testing.T, w *lab.World, who graph.Untrusted, trusted *documents.Trusted) {
	t.Helper()
	var err error
	w.HTTP, err = w.App.Routes(cli.Surface{Public: portal(t), Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Probes: web.NewProbes(w.DB.Ping),
		Serving: cli.Serving{UntrustedDocuments: string(who)}, Trusted: trusted})
	if err != nil {
		t.Fatal(err)
	}
}

const (
	trustedQuery  = "query Me { viewer { name } }"
	trustedChange = "mutation Out { signOut { signedOut } }"
	trustedEvents = "subscription Mine { viewerEvents { id } }"
	untrusted     = "query Else { viewer { email } }"
)

func trust(t *testing.T) *documents.Trusted {
	t.Helper()
	manifest, err := json.Marshal(map[string]string{"me": trustedQuery, "out": trustedChange, "mine": trustedEvents})
	if err != nil {
		t.Fatal(err)
	}
	var out documents.Trusted
	if _, err := out.Add(manifest); err != nil {
		t.Fatal(err)
	}
	return &out
}

// Where nothing else is answered, each way in answers what is trusted and that alone.
func TestTrustedDocuments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acct := w.Account("olive", "Olive")
		w.Operator("system")
		w.Program("shop", "olive", acct, "contacts")
		const no = "DOCUMENT_NOT_TRUSTED"
		post := func(who, body, accept string) lab.Answer {
			r := httptest.NewRequest("POST", lab.Public+"/graphql", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", accept)
			if who != lab.Nobody {
				r.Header.Set("Authorization", "Bearer "+who)
			}
			return w.Do(r)
		}
		get := func(query url.Values) lab.Answer {
			r := httptest.NewRequest("GET", lab.Public+"/graphql?"+query.Encode(), nil)
			r.Header.Set("Authorization", "Bearer "+w.Bearer("olive"))
			r.Header.Set("Accept", "application/graphql-response+json")
			return w.Do(r)
		}
		code := func(a lab.Answer) string { return a.String("errors.0.extensions.code") }
		other, _ := json.Marshal(map[string]string{"query": untrusted})

		answering(t, w, graph.NoOne, trust(t))
		for who, token := range map[string]string{"olive": w.Bearer("olive"), "system": w.Bearer("system"), "shop": w.Bearer("shop"), "nobody": lab.Nobody} {
			if a := post(token, string(other), "application/json"); code(a) != no {
				t.Errorf("%s is answered %s", who, a.Body)
			}
			if a := post(token, `{"documentId":"me"}`, "application/json"); code(a) != "" {
				t.Errorf("%s is answered %s", who, a.Body)
			}
		}
		for _, introspection := range []string{"{ __schema { types { name } } }", "{ __typename }"} {
			if a := w.Ask("olive", introspection, nil); code(a) != no {
				t.Errorf("%s is answered %s", introspection, a.Body)
			}
		}

		a := get(url.Values{"documentId": {"me"}})
		if a.String("data.viewer.name") != "Olive" || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("GET is answered %d %v %s", a.Status, a.Header, a.Body)
		}
		if a := get(url.Values{"documentId": {"out"}}); a.Status != http.StatusMethodNotAllowed {
			t.Errorf("a trusted mutation by GET is answered %d %s", a.Status, a.Body)
		}
		if a := get(url.Values{"query": {untrusted}}); code(a) != no || a.Status != http.StatusBadRequest {
			t.Errorf("GET is answered %d %s", a.Status, a.Body)
		}
		if a := get(url.Values{"documentId": {"\xff"}}); code(a) != "BAD_INPUT" {
			t.Errorf("an id that is no text is answered %s", a.Body)
		}
		if a := post(w.Bearer("olive"), string(other), "text/event-stream"); !strings.Contains(string(a.Body), no) {
			t.Errorf("server-sent events are answered %s", a.Body)
		}

		srv := w.Serve()
		lab.Stream(t, srv, w.Bearer("olive"), trustedEvents)
		conn, _, err := websocket.Dial(t.Context(), srv.URL+"/graphql", &websocket.DialOptions{Host: portal(t).Host, Subprotocols: []string{"graphql-transport-ws"}})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		say := func(text string) string {
			t.Helper()
			if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
				t.Fatal(err)
			}
			_, answer, err := conn.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return string(answer)
		}
		say(`{"type":"connection_init","payload":{"authorization":"Bearer ` + w.Bearer("olive") + `"}}`)
		for request, want := range map[string]string{
			`{"documentId":"me"}`: `"next","payload":{"data":{"viewer":{"name":"Olive"}}}`,
			`{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"` + documents.Hash(trustedQuery) + `"}}}`: `{"name":"Olive"}`,
			string(other):           no,
			`{"documentId":"else"}`: "PERSISTED_QUERY_NOT_FOUND",
			`{"documentId":"out"}`:  "BAD_INPUT", // a mutation
		} {
			got := say(`{"type":"subscribe","id":"1","payload":` + request + `}`)
			if !strings.Contains(got, want) {
				t.Errorf("a socket answers %s with %s", request, got)
			}
			if strings.Contains(got, `"next"`) {
				if _, done, err := conn.Read(t.Context()); err != nil || !strings.Contains(string(done), "complete") {
					t.Error(string(done), err)
				}
			}
		}
		listening(t, w, 1)
		conn.Close(websocket.StatusNormalClosure, "")

		answering(t, w, graph.Programs, trust(t))
		for who, want := range map[string]string{w.Bearer("olive"): no, w.Bearer("system"): "", w.Bearer("shop"): "", lab.Nobody: no,
			w.Bearer("system") + "x": "UNAUTHENTICATED", w.Bearer("shop") + "x": "UNAUTHENTICATED"} {
			if a := post(who, string(other), "application/json"); code(a) != want {
				t.Errorf("%.14s… is answered %s", who, a.Body)
			}
		}
	})
}

// What a client names by its hash on one instance is known on the other, for one
// statement and once. Strangers name nothing for others, and ask the database nothing.
func TestDocumentsAreShared(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		here := lab.New(t, d)
		olive := here.Bearer("olive")
		there := lab.New(t, d)
		ask := func(w *lab.World, token, query, text string) (code string, statements int) {
			t.Helper()
			body, err := json.Marshal(map[string]any{"query": query, "extensions": map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": documents.Hash(text)}}})
			if err != nil {
				t.Fatal(err)
			}
			ctx, counter := db.CountStatements(t.Context())
			r := httptest.NewRequest("POST", lab.Public+"/graphql", strings.NewReader(string(body))).WithContext(ctx)
			r.Header.Set("Content-Type", "application/json")
			if token != "" {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			a := w.Do(r)
			return a.String("errors.0.extensions.code"), len(counter.Texts())
		}
		const notFound = "PERSISTED_QUERY_NOT_FOUND"
		text := func(name string) string { return fmt.Sprintf("query %s { viewer { id } }", name) }
		for _, s := range []struct {
			name, token string
			w           *lab.World
			sent        bool
			text, code  string
			statements  int
		}{
			{"a stranger names one", "", here, true, "A", "", 0},
			{"and is known here", "", here, false, "A", "", 0},
			{"but not there", "", there, false, "A", notFound, 0},
			{"for nobody", olive, there, false, "A", notFound, 1},
			{"olive names one", olive, here, true, "B", "", 1},
			{"and is known here", olive, here, false, "B", "", 1},
			{"and there, where it is read", olive, there, false, "B", "", 2},
			{"once", olive, there, false, "B", "", 1},
			{"also for a stranger", "", there, false, "B", "", 0},
			{"a stranger's, that olive uses", olive, here, false, "A", "", 1},
			{"is known there", olive, there, false, "A", "", 2},
			{"one that is not valid", olive, here, true, "C @nothing", "GRAPHQL_VALIDATION_FAILED", 0},
			{"is known nowhere", olive, there, false, "C @nothing", notFound, 1},
			{"one by a dead token", olive + "x", here, true, "D", "UNAUTHENTICATED", 0},
			{"is not known there", olive, there, false, "D", notFound, 1},
		} {
			query := ""
			if s.sent {
				query = text(s.text)
			}
			if code, n := ask(s.w, s.token, query, text(s.text)); code != s.code || n != s.statements {
				t.Errorf("%s: %q in %d statements, want %q in %d", s.name, code, n, s.code, s.statements)
			}
			if err := s.w.Documents.Write(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	})
}
