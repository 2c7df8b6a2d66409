package graph_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"tenantry/ent"
	"tenantry/graph"
	"tenantry/internal/budget"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// guess is how a field that checks a secret is asked with a wrong one.
type guess struct {
	// call is the field with its arguments, in which %d is another secret each time.
	call string
	// signedIn says that only somebody with a session can ask.
	signedIn bool
	// rule and key say which budget an attempt is counted in: of the network if there
	// is no key. Without a rule nobody without a token of the company's can ask.
	rule budget.Rule
	key  func(olive *ent.User) string
	// wrong is the refusal of a secret that was looked at.
	wrong string
}

func byAddress(u *ent.User) string { return u.EmailKey }
func byUser(u *ent.User) string    { return u.ID }

// guesses says for each field that checks a secret how it is guessed at. One that is
// not here fails the test.
var guesses = map[string]guess{
	"signIn":               {call: `signIn(input: {email: "olive@example.com", password: "guess %d"}) { errors { code } }`, rule: budget.PasswordByAddress, key: byAddress, wrong: "INVALID_CREDENTIALS"},
	"reauthenticate":       {call: `reauthenticate(input: {password: "guess %d"}) { errors { code } }`, signedIn: true, rule: budget.PasswordByUser, key: byUser, wrong: "INVALID_CREDENTIALS"},
	"changePassword":       {call: `changePassword(input: {currentPassword: "guess %d", newPassword: "seven grey herons wade"}) { errors { code } }`, signedIn: true, rule: budget.PasswordByUser, key: byUser, wrong: "INVALID_CREDENTIALS"},
	"completeSignUp":       {call: `completeSignUp(input: {token: "guess%d", password: "seven grey herons wade"}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"resetPassword":        {call: `resetPassword(input: {token: "guess%d", newPassword: "seven grey herons wade"}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"denyActivity":         {call: `denyActivity(input: {token: "guess%d"}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"acceptInvitation":     {call: `acceptInvitation(input: {token: "guess%d"}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"declineInvitation":    {call: `declineInvitation(input: {token: "guess%d"}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"reportInvitation":     {call: `reportInvitation(input: {token: "guess%d"}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"invitation":           {call: `invitation(token: "guess%d") { state }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"refreshSession":       {call: `refreshSession(input: {refreshToken: "guess%d"}) { errors { code } }`, rule: budget.RefreshByNetwork, wrong: "INVALID_TOKEN"},
	"confirmEmailChange":   {call: `confirmEmailChange(input: {token: "guess%d"}) { errors { code } }`, signedIn: true, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"undoEmailChange":      {call: `undoEmailChange(input: {token: "guess%d"}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"readerPreferences":    {call: `readerPreferences(token: "guess%d") { accountName }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"setReaderPreferences": {call: `setReaderPreferences(input: {token: "guess%d", unsubscribedFrom: []}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"verifyContact":        {call: `verifyContact(input: {token: "guess%d"}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"disownContact":        {call: `disownContact(input: {token: "guess%d"}) { errors { code } }`, rule: budget.TokenByNetwork, wrong: "INVALID_TOKEN"},
	"introspectSession":    {call: `introspectSession(token: "guess%d") { active }`, wrong: "active"},
}

// elsewhere are secrets that a stranger cannot begin to guess at, and what counts those
// who can.
var elsewhere = map[string]string{
	"verifyTwoFactor":           "half a session is needed: the races of codes",
	"confirmTwoFactorSetup":     "a setup that waits is needed: the races of codes",
	"finishPasskeyRegistration": "a signature is no guess: TestPasskeysUnanswered",
	"finishPasskeySignIn":       "a signature is no guess: TestPasskeysUnanswered",
	"finishPasskeyProof":        "a signature is no guess: TestPasskeysUnanswered",
	"finishOpenIdSignIn":        "a provider's code is needed: the budgets of internal/openid",
	"linkIdentity":              "what a provider has said is needed: the budgets of internal/openid",
}

// document asks for the field as often as there are secrets, under other names.
func (g guess) document(field string, secrets ...int) string {
	var out strings.Builder
	for _, n := range secrets {
		fmt.Fprintf(&out, "a%d: "+g.call+"\n", n, n)
	}
	if schema.Mutation.Fields.ForName(field) != nil {
		return "mutation {" + out.String() + "}"
	}
	return "{" + out.String() + "}"
}

// Attempts are counted one by one before they are made, however they are put: ten are
// left, 64 clients on two servers guess in the same moment, half of them by SSE, and
// ten are looked at. Documents with several secrets are refused whole and cost nothing,
// and what changes something does nothing in a GET.
//
// Invariant 32.
func TestSecretsAreCountedOneByOne(t *testing.T) {
	for field := range guesses {
		if !slices.Contains(graph.Secrets, field) {
			t.Errorf("%s is guessed at and checks no secret", field)
		}
	}
	eachRing(t, func(t *testing.T, servers []*lab.World) {
		w, ctx := servers[0], context.Background()
		olive := w.Person("olive")
		for _, field := range graph.Secrets {
			g, ok := guesses[field]
			if elsewhere[field] != "" {
				continue
			}
			if !ok {
				t.Errorf("%s checks a secret; say how it is guessed at", field)
				continue
			}
			request := func(document, accept string) *http.Request {
				r := posted(document, "Accept", accept)
				r.RemoteAddr = "198.51.100.7:1"
				if g.signedIn {
					r.Header.Set("Authorization", "Bearer "+olive.Token)
				}
				return r
			}
			empty := func() { w.DB.Client.Budget.Delete().ExecX(ctx) }
			empty()
			for _, n := range []int{2, 1000} {
				several := make([]int, n)
				for i := range several {
					several[i] = i
				}
				a := w.Do(request(g.document(field, several...), "application/json"))
				if a.Get("data") != nil || bytes.Contains(a.Body, []byte(g.wrong)) || w.DB.Client.Budget.Query().CountX(ctx) > 0 {
					t.Errorf("%s: %d in one document are answered %d %.200s", field, n, a.Status, a.Body)
				}
			}
			got := gotten(g.document(field, 0), olive.Token)
			if !g.signedIn {
				got.Header.Del("Authorization")
			}
			if a := w.Do(got); schema.Mutation.Fields.ForName(field) != nil && (a.Status < 400 || w.DB.Client.Budget.Query().CountX(ctx) > 0) {
				t.Errorf("%s: a GET is answered %d %s", field, a.Status, a.Body)
			}
			for range rounds() / 2 {
				empty()
				key := budget.Network("198.51.100.7")
				if g.key != nil {
					key = g.key(olive.User)
				}
				if g.rule.Count > 10 {
					if err := w.Book.Take(ctx, g.rule, key, g.rule.Count-10); err != nil {
						t.Fatal(err)
					}
				}
				looked, limited := 0, 0
				for _, a := range rush(crowd, func(i int) lab.Answer {
					accept := "application/json"
					if i%4 > 1 {
						accept = "text/event-stream"
					}
					return servers[i%len(servers)].Do(request(g.document(field, i), accept))
				}) {
					switch {
					case bytes.Contains(a.Body, []byte("RATE_LIMITED")):
						limited++
					case bytes.Contains(a.Body, []byte(g.wrong)):
						looked++
					}
				}
				if want := 10; g.rule.Count == 0 && looked+limited > 0 || g.rule.Count > 0 && (looked < want || looked > want+1 || looked+limited != crowd) {
					t.Errorf("%s: %d were looked at and %d limited, want %d of %d", field, looked, limited, want, crowd)
				}
			}
		}
	})
}

// Over one WebSocket each operation counts, and what changes something is refused.
//
// Invariant 32.
func TestSecretsAreCountedOnASocket(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	srv := httptest.NewServer(w.HTTP)
	t.Cleanup(srv.Close)
	conn, _, err := websocket.Dial(t.Context(), srv.URL+"/graphql", &websocket.DialOptions{Host: strings.TrimPrefix(lab.Public, "https://"), Subprotocols: []string{"graphql-transport-ws"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.CloseNow() })
	ask := func(id int, document string) string {
		t.Helper()
		say := fmt.Sprintf(`{"id":"%d","type":"subscribe","payload":{"query":%q}}`, id, document)
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(say)); err != nil {
			t.Fatal(err)
		}
		for {
			_, text, err := conn.Read(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(text, []byte(`"complete"`)) {
				return string(text)
			}
		}
	}
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"connection_init"}`)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := conn.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	tried := map[string]int{}
	for i := range crowd {
		got := ask(i, guesses["invitation"].document("invitation", i))
		for _, code := range []string{"INVALID_TOKEN", "RATE_LIMITED"} {
			if strings.Contains(got, code) {
				tried[code]++
			}
		}
	}
	if tried["INVALID_TOKEN"] < 60 || tried["INVALID_TOKEN"] > 61 || tried["INVALID_TOKEN"]+tried["RATE_LIMITED"] != crowd {
		t.Errorf("%v, want 60 of %d to be looked at", tried, crowd)
	}
	w.DB.Client.Budget.Delete().ExecX(t.Context())
	for i, field := range slices.Sorted(maps.Keys(guesses)) {
		if schema.Mutation.Fields.ForName(field) == nil {
			continue
		}
		if got := ask(100+i, guesses[field].document(field, 0)); strings.Contains(got, `"data"`) || w.DB.Client.Budget.Query().CountX(t.Context()) > 0 {
			t.Errorf("%s on a socket: %s", field, got)
		}
	}
}
