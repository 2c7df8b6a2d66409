package graph_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// secondStep is what a session that has passed only the first factor may do.
var secondStep = []string{"signOut", "pendingSignIn", "verifyTwoFactor", "startPasskeySignIn", "finishPasskeySignIn"}

// half gives somebody a second factor and returns a session of theirs that has
// passed only the first.
func half(t *testing.T, w *lab.World, who string) string {
	t.Helper()
	w.DB.Client.User.UpdateOneID(w.Person(who).User.ID).SetTwoFactorAt(w.Person(who).CreatedAt).ExecX(t.Context())
	a := w.Ask(lab.Nobody, fmt.Sprintf(`mutation { signIn(input: {email: %q, password: %q, delivery: TOKEN}) { viewer { id } token accountSelection activeAccount { id } usableMemberships { id } errors { code } } }`,
		w.Person(who).Email, lab.Password), nil)
	token := a.String("data.signIn.token")
	if token == "" || a.Get("data.signIn.viewer") != nil || a.Get("data.signIn.accountSelection") != nil || a.Get("data.signIn.activeAccount") != nil {
		t.Fatalf("no half session: %s", a.Body)
	}
	return token
}

// A session that has passed only the first factor is nobody's, for every mutation,
// query, node and edge of the schema: it answers as to nobody, or asks for the
// second factor, and changes nothing that nobody could.
//
// Invariant 26.
func TestHalfSession(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		e := &estate{lab.New(t, d), map[string]string{}}
		e.house("")
		e.Operator("system")
		time.Sleep(2 * time.Minute) // an invitation may be sent again after one
		e.letters()
		token := half(t, e.World, "olive")
		tokens := map[string]string{}
		for _, p := range []string{"olive", "mia", "una", "tom", "ivy", "system"} {
			tokens[p] = e.Person(p).Token
		}
		names := maps.Clone(e.names)
		restore := keep(t, d)
		again := func(r row) {
			restore()
			e = &estate{lab.New(t, d), maps.Clone(names)}
			for p, token := range tokens {
				e.Meet(p, token)
			}
			if r.before != nil {
				r.before(e)
			}
		}
		tried := 0
		for _, r := range rows(t) {
			if slices.Contains(secondStep, r.name) {
				continue
			}
			again(r)
			want := outcome(e.AskWith("", e.fill(r.document), nil))
			if r.change && want == "ok" {
				again(r)
			}
			asks := map[string]lab.Answer{}
			if !r.change {
				asks["GET"] = e.Do(gotten(e.fill(r.document), token))
				asks["SSE"] = e.Do(posted(e.fill(r.document), "Authorization", "Bearer "+token, "Accept", "text/event-stream"))
				_, body, _ := strings.Cut(string(asks["SSE"].Body), "data: ")
				body, _, _ = strings.Cut(body, "\n")
				asks["SSE"] = lab.Answer{Status: asks["SSE"].Status, Body: []byte(body)}
			}
			asks["POST"] = e.AskWith(token, e.fill(r.document), nil)
			for transport, a := range asks {
				tried++
				if got := outcome(a); got != want && got != "TWO_FACTOR_REQUIRED" {
					t.Errorf("%s by %s answers %s, and nobody %s: %s", r.name, transport, got, want, a.Body)
				}
			}
		}
		if tried < 150 {
			t.Errorf("only %d were tried", tried)
		}
		if a := e.AskWith(token, `{ viewer { id } }`, nil); string(a.Body) != `{"data":{"viewer":null}}` {
			t.Errorf("half a session is somebody: %s", a.Body)
		}
		if a := e.AskWith(token, `mutation { signOut { signedOut errors { code } } }`, nil); a.Get("data.signOut.signedOut") != true {
			t.Errorf("half a session cannot be given up: %s", a.Body)
		}
		if a := e.AskWith(token, `{ viewer { id } }`, nil); a.Status != 401 {
			t.Errorf("half a session outlives signing out: %d %s", a.Status, a.Body)
		}
	})
}

// gotten is a request of a query in the address, with a bearer token.
func gotten(query, token string) *http.Request {
	r := httptest.NewRequest("GET", lab.Public+"/graphql?query="+url.QueryEscape(query), nil)
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

// On a WebSocket half a session is nobody as well.
//
// Invariant 26.
func TestHalfSessionOnASocket(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	acct := w.Account("olive", "Acme")
	token := half(t, w, "olive")
	srv := httptest.NewServer(w.HTTP)
	t.Cleanup(srv.Close)
	conn, _, err := websocket.Dial(t.Context(), srv.URL+"/graphql", &websocket.DialOptions{Host: strings.TrimPrefix(lab.Public, "https://"), Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	say := func(text string) {
		t.Helper()
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	hear := func() string {
		t.Helper()
		_, text, err := conn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	say(fmt.Sprintf(`{"type":"connection_init","payload":{"authorization":"Bearer %s"}}`, token))
	if got := hear(); got != `{"type":"connection_ack"}` {
		t.Fatal(got)
	}
	say(fmt.Sprintf(`{"id":"1","type":"subscribe","payload":{"query":"{ viewer { id } account(id: \"%s\") { id } }"}}`, acct.ID))
	if got := hear(); !strings.Contains(got, `"viewer":null`) || !strings.Contains(got, `"account":null`) || !strings.Contains(got, `TWO_FACTOR_REQUIRED`) {
		t.Error(got)
	}
}
