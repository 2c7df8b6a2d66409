package graph_test

import (
	"bytes"
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"tenantry/graph"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/web"
)

// posted is a request to the API with headers in pairs.
func posted(query string, headers ...string) *http.Request {
	body, err := json.Marshal(map[string]any{"query": query})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// browser signs somebody in as a browser does, and returns the cookie.
func browser(w *lab.World, who string) string {
	a := w.Do(posted(fmt.Sprintf(`mutation { signIn(input: {email: %q, password: %q}) { errors { code } } }`, w.Person(who).Email, lab.Password)))
	cookie, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
	return cookie
}

// Invariant 29.
func TestCrossSite(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	cookie, bearer := browser(w, "olive"), "Bearer "+w.Person("olive").Token
	const create = `mutation { createAccount(input: {name: "Opened"}) { account { id } errors { code } } }`
	same := []string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin", "Origin", lab.Public}
	with := func(headers ...string) func() *http.Request {
		return func() *http.Request { return posted(create, headers...) }
	}
	for _, tc := range []struct {
		name string
		ask  func() *http.Request
		runs bool
	}{
		{"our page", with(same...), true},
		{"our page, with a charset", with(append(slices.Clone(same), "Content-Type", "application/json; charset=utf-8")...), true},
		{"an old browser of ours", with("Cookie", cookie, "Origin", lab.Public), true},
		{"a program with a cookie", with("Cookie", cookie), true},
		{"another site", with("Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"), false},
		{"another host of the site", with("Cookie", cookie, "Sec-Fetch-Site", "same-site", "Origin", "https://blog.portal.example"), false},
		{"another site, old browser", with("Cookie", cookie, "Origin", "https://evil.example"), false},
		{"without tls", with("Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "http://portal.example"), false},
		{"our name within another", with("Cookie", cookie, "Origin", "https://portal.example.evil.example"), false},
		{"a sandbox", with("Cookie", cookie, "Origin", "null"), false},
		{"a sandbox that says it is ours", with("Cookie", cookie, "Sec-Fetch-Site", "same-origin", "Origin", "null"), false},
		{"text/plain", with(append(slices.Clone(same), "Content-Type", "text/plain")...), false},
		{"a form", with(append(slices.Clone(same), "Content-Type", "application/x-www-form-urlencoded")...), false},
		{"a form of parts", with(append(slices.Clone(same), "Content-Type", "multipart/form-data; boundary=x")...), false},
		{"no content type", with(append(slices.Clone(same), "Content-Type", "")...), false},
		{"two content types in one", with(append(slices.Clone(same), "Content-Type", "text/plain, application/json")...), false},
		{"application/graphql", with(append(slices.Clone(same), "Content-Type", "application/graphql")...), false},
		{"a bearer from another site", with("Authorization", bearer, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"), true},
		{"reading that changes", func() *http.Request {
			r := httptest.NewRequest("GET", lab.Public+"/graphql?query="+url.QueryEscape(create), nil)
			r.Header.Set("Cookie", cookie)
			return r
		}, false},
		{"reading that changes, with a bearer", func() *http.Request {
			r := httptest.NewRequest("GET", lab.Public+"/graphql?query="+url.QueryEscape(create), nil)
			r.Header.Set("Authorization", bearer)
			return r
		}, false},
		{"another method", func() *http.Request {
			r := posted(create, same...)
			r.Method = "PUT"
			return r
		}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := w.DB.Client.Account.Query().CountX(context.Background())
			a := w.Do(tc.ask())
			if n := w.DB.Client.Account.Query().CountX(context.Background()) - before; (n == 1) != tc.runs || n > 1 {
				t.Errorf("%d accounts were opened, the answer is %d %s", n, a.Status, a.Body)
			}
			if !tc.runs && (a.Status < 400 || a.Status >= 500) {
				t.Errorf("refused with %d", a.Status)
			}
		})
	}
}

// Invariant 30.
func TestSessionIsHandedOverOneWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acct := w.Account("olive", "Olive")
		olive := w.Person("olive")
		begin := func(name, delivery string) (mutation, field string) {
			switch name {
			case "signIn":
				return fmt.Sprintf(`mutation { signIn(input: {email: %q, password: %q, delivery: %s}) { token deviceToken errors { code } } }`, olive.Email, lab.Password, delivery), name
			case "completeSignUp":
				who := strings.ToLower("new" + delivery)
				w.Do(posted(fmt.Sprintf(`mutation { signUp(input: {email: "%s@example.com", name: "New"}) { mailed } }`, who)))
				return fmt.Sprintf(`mutation { completeSignUp(input: {token: %q, password: "seven grey herons wade", delivery: %s}) { token deviceToken errors { code } } }`, w.Token(who+"@example.com"), delivery), name
			}
			who := strings.ToLower("guest" + delivery)
			w.Ask("olive", fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "%s@example.com", name: "Guest"}]}) { errors { code } } }`, acct.ID, who), nil)
			return fmt.Sprintf(`mutation { acceptInvitation(input: {token: %q, password: "seven grey herons wade", delivery: %s}) { token deviceToken errors { code } } }`, w.Token(who+"@example.com"), delivery), name
		}
		for _, name := range []string{"signIn", "completeSignUp", "acceptInvitation"} {
			for _, delivery := range []string{"COOKIE", "TOKEN"} {
				mutation, field := begin(name, delivery)
				a := w.Do(posted(mutation))
				token, cookies := a.String("data."+field+".token"), a.Header.Values("Set-Cookie")
				if kept := a.String("data." + field + ".deviceToken"); (kept != "") != (delivery == "TOKEN") {
					t.Errorf("%s by %s hands over the device token %q", name, delivery, kept)
				}
				if len(cookies) == 2 {
					if !regexp.MustCompile(`^__Host-tenantry-device=[\w-]{43}; Path=/; Max-Age=31536000; HttpOnly; Secure; SameSite=Lax$`).MatchString(cookies[1]) {
						t.Errorf("cookie %q", cookies[1])
					}
					cookies = cookies[:1]
				}
				if len(a.Codes()) > 0 || (token != "") != (delivery == "TOKEN") || (len(cookies) == 1) != (delivery == "COOKIE") || len(cookies) > 1 {
					t.Errorf("%s by %s: cookies %q, answer %s", name, delivery, cookies, a.Body)
				}
				value := token
				for _, c := range cookies {
					if !regexp.MustCompile(`^__Host-tenantry=[\w-]{43}; Path=/; Max-Age=\d+; HttpOnly; Secure; SameSite=Lax$`).MatchString(c) {
						t.Errorf("cookie %q", c)
					}
					value = regexp.MustCompile(`=([\w-]{43});`).FindStringSubmatch(c)[1]
					if bytes.Contains(a.Body, []byte(value)) {
						t.Errorf("the body has the cookie's token: %s", a.Body)
					}
				}
				// The token counts in the way it was handed out, and in no other.
				const me = `{ viewer { id } }`
				asBearer, asCookie := w.Do(posted(me, "Authorization", "Bearer "+value)), w.Do(posted(me, "Cookie", "__Host-tenantry="+value))
				if bearer := asBearer.Status == 200 && asBearer.String("data.viewer.id") != ""; bearer != (delivery == "TOKEN") {
					t.Errorf("%s by %s, used as a bearer token: %d %s", name, delivery, asBearer.Status, asBearer.Body)
				}
				if cookie := asCookie.String("data.viewer.id") != ""; cookie != (delivery == "COOKIE") {
					t.Errorf("%s by %s, used as a cookie: %d %s", name, delivery, asCookie.Status, asCookie.Body)
				}
			}
		}
		// What gives an old session a new token keeps its way.
		cookie := browser(w, "olive")
		a := w.Do(posted(fmt.Sprintf(`mutation { reauthenticate(input: {password: %q}) { token errors { code } } }`, lab.Password), "Cookie", cookie))
		renewed, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
		if a.Get("data.reauthenticate.token") != nil || renewed == "" || renewed == cookie {
			t.Errorf("a cookie proved anew: %q, %s", renewed, a.Body)
		}
		if a := w.Do(posted(`{ viewer { id } }`, "Cookie", cookie)); a.Get("data.viewer") != nil || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("the cookie before it, which has another token by now: %s %q", a.Body, a.Header.Get("Set-Cookie"))
		}
		a = w.Do(posted(fmt.Sprintf(`mutation { reauthenticate(input: {password: %q}) { token errors { code } } }`, lab.Password), "Authorization", "Bearer "+olive.Token))
		if a.String("data.reauthenticate.token") == "" || a.Header.Get("Set-Cookie") != "" {
			t.Errorf("a bearer token proved anew: %q, %s", a.Header.Get("Set-Cookie"), a.Body)
		}
		if a := w.Do(posted(`{ viewer { id } }`, "Authorization", "Bearer "+olive.Token)); a.Status != 401 || !slices.Equal(a.Codes(), []string{"UNAUTHENTICATED"}) {
			t.Errorf("the token before it: %d %s", a.Status, a.Body)
		}
	})
}

// Invariant 30: over plain http, which is for loopback only, the cookie has no
// prefix and no Secure.
func TestCookieOnPlainHTTP(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t), func(p *cli.Parts) { p.Public = "http://127.0.0.1:8080" })
	a := w.Do(posted(fmt.Sprintf(`mutation { signIn(input: {email: %q, password: %q}) { token } }`, w.Person("olive").Email, lab.Password)))
	if c := a.Header.Get("Set-Cookie"); !regexp.MustCompile(`^tenantry=[\w-]{43}; Path=/; Max-Age=\d+; HttpOnly; SameSite=Lax$`).MatchString(c) {
		t.Errorf("cookie %q", c)
	}
}

func TestDeadCredentials(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		const me = `{ viewer { id } }`
		for _, token := range []string{"x", strings.Repeat("A", 43), strings.Repeat("A", 1000)} {
			a := w.Do(posted(me, "Authorization", "Bearer "+token))
			if a.Status != 401 || !slices.Equal(a.Codes(), []string{"UNAUTHENTICATED"}) || a.Header.Get("Set-Cookie") != "" {
				t.Errorf("bearer %q: %d %s", token, a.Status, a.Body)
			}
			a = w.Do(posted(me, "Cookie", "__Host-tenantry="+token))
			if a.Status != 200 || string(a.Body) != `{"data":{"viewer":null}}` || a.Header.Get("Set-Cookie") != "__Host-tenantry=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax" {
				t.Errorf("cookie %q: %d %s %q", token, a.Status, a.Body, a.Header.Get("Set-Cookie"))
			}
		}
	})
}

// Invariant 38.
func TestLinksAreOurs(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	acct := w.Account("olive", "Olive")
	olive := w.Person("olive")
	tokens := regexp.MustCompile(`#token=[\w-]+`)
	var first []string
	for r, headers := range [][]string{
		nil,
		{"Host", "evil.example"},
		{"Host", "portal.example:443@evil.example"},
		{"Host", ""},
		{"X-Forwarded-Host", "evil.example"},
		{"X-Forwarded-Proto", "http"},
		{"X-Forwarded-Prefix", "/evil"},
		{"Forwarded", "host=evil.example;proto=http"},
		{"X-Original-URL", "https://evil.example/"},
		{"X-Rewrite-URL", "https://evil.example/"},
		{"X-Host", "evil.example"},
		{"Origin", lab.Public, "Referer", "https://evil.example/"},
	} {
		who := fmt.Sprintf("person%02d@example.com", r)
		var mails []string
		for _, step := range []struct{ query, token string }{
			{fmt.Sprintf(`mutation { signUp(input: {email: %q, name: "Person"}) { mailed } }`, who), ""},
			{fmt.Sprintf(`mutation { requestPasswordReset(input: {email: %q}) { mailed } }`, w.NewUser(fmt.Sprintf("known%02d", r)).Email), ""},
			{fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: %q}]}) { errors { code } } }`, acct.ID, who), olive.Token},
			{fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "link%02d@example.com"}], sendEmail: false}) { results { link } } }`, acct.ID, r), olive.Token},
		} {
			q := posted(step.query, headers...)
			if len(headers) > 0 && headers[0] == "Host" {
				q.Host = headers[1]
			}
			q.RemoteAddr = fmt.Sprintf("198.51.100.%d:1", r)
			if step.token != "" {
				q.Header.Set("Authorization", "Bearer "+step.token)
			}
			a := w.Do(q)
			if a.Status != 200 || len(a.Codes()) > 0 {
				t.Errorf("%q: %s is answered %d %s", headers, step.query, a.Status, a.Body)
			}
			w.Settle()
			if link := a.String("data.inviteUsers.results.0.link"); link != "" {
				mails = append(mails, link)
			}
		}
		for _, to := range []string{who, fmt.Sprintf("known%02d@example.com", r)} {
			for _, m := range w.Box.Messages(to) {
				mails = append(mails, m.Subject, m.Text, m.HTML)
			}
		}
		for j := range mails {
			mails[j] = strings.ReplaceAll(tokens.ReplaceAllString(mails[j], "#token="), fmt.Sprintf("%02d@", r), "@")
			mails[j] = strings.ReplaceAll(mails[j], fmt.Sprintf("known%02d", r), "known")
			mails[j] = strings.ReplaceAll(mails[j], fmt.Sprintf("Known%02d", r), "Known")
			mails[j] = strings.ReplaceAll(mails[j], fmt.Sprintf("198.51.100.%d", r), "198.51.100.1")
		}
		if len(mails) < 10 {
			t.Fatalf("%d texts to compare", len(mails))
		}
		if first == nil {
			first = mails
		}
		if !slices.Equal(mails, first) {
			t.Errorf("%q changes what is mailed:\n%q\nwithout it:\n%q", headers, mails, first)
		}
		if text := strings.Join(mails, "\n"); strings.Contains(text, "evil") || !strings.Contains(text, lab.Public+"/invitation#token=") {
			t.Errorf("%q is in what is mailed: %s", headers, text)
		}
	}
}

// Invariant 43: what would be dear to answer is refused before it costs a
// statement, and in few words.
func TestBombsOnTheSchema(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	acct := w.Account("olive", "Olive")
	token := w.Person("olive").Token
	account := fmt.Sprintf("account(id: %q)", acct.ID)
	deep := func(n int) string {
		return "{ " + account + strings.Repeat(" { parent", n) + " { id }" + strings.Repeat(" }", n) + " }"
	}
	doubling := "query { viewer { ...F0 } }"
	for i := range 25 {
		doubling += fmt.Sprintf(" fragment F%d on Viewer { ...F%d ...F%d }", i, i+1, i+1)
	}
	doubling += " fragment F25 on Viewer { id }"
	var aliases, guesses strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&aliases, "a%d: viewer { id } ", i)
		fmt.Fprintf(&guesses, `a%d: signIn(input: {email: "olive@example.com", password: "guess %d"}) { token } `, i, i)
	}
	pages := func(first int) string {
		return fmt.Sprintf("{ viewer { memberships(first: %d) { nodes { account { memberships(first: %d) { nodes { account { memberships(first: %d) { nodes { id } } } } } } } } } }", first, first, first)
	}
	for _, tc := range []struct{ name, query string }{
		{"depth", deep(200)},
		{"depth, a little too much", deep(20)},
		{"fragments that double", doubling},
		{"fragments in a ring", "query { viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }"},
		{"the same field 10,000 times", "{ viewer { " + strings.Repeat("id ", 10_000) + "} }"},
		{"20,000 directives", "{ viewer { id " + strings.Repeat("@include(if: true) ", 20_000) + "} }"},
		{"directives on many fields", "{ viewer { " + strings.Repeat("id @skip(if: false) ", 200) + "} }"},
		{"1,000 aliases", "{ " + aliases.String() + "}"},
		{"1,000 guesses", "mutation { " + guesses.String() + "}"},
		{"pages of pages", pages(100)},
		{"pages of pages of ten", pages(40)},
		{"a page too long", "{ viewer { memberships(first: 2000000000) { nodes { id } } } }"},
		{"a negative page", "{ viewer { memberships(first: -1) { nodes { id } } } }"},
		{"a list of variables of variables", "query(" + strings.Repeat("$a: [[[[[[[[[[Int]]]]]]]]]] ", 300) + ") { viewer { id } }"},
		{"a deep literal", `{ nodes(ids: ` + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + `) { id } }`},
		{"a long name", "{ " + strings.Repeat("a", 500_000) + " }"},
		{"a long string", `{ node(id: "` + strings.Repeat("a", 900_000) + `") { id } }`},
		{"introspection in a ring", "{ __schema { types { " + strings.Repeat("fields { type { ", 6) + "name" + strings.Repeat(" } }", 6) + " } } }"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx, counter := db.CountStatements(context.Background())
			q := posted(tc.query, "Authorization", "Bearer "+token).WithContext(ctx)
			a := w.Do(q)
			if a.Get("data") != nil && a.Get("errors") == nil && !strings.Contains(tc.name, "long string") {
				t.Errorf("it is answered: %.300s", a.Body)
			}
			if a.Status >= 500 || len(a.Body) > 10_000 {
				t.Errorf("%d with %d bytes: %.300s", a.Status, len(a.Body), a.Body)
			}
			if n := counter.Statements(); n > 1 { // one says who asks
				t.Errorf("%d statements: %q", n, counter.Texts())
			}
		})
	}
}

// Invariant 44.
func TestIntrospectionIsForTheSignedIn(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	const whole = `query IntrospectionQuery { __schema { queryType { name } types { kind name fields(includeDeprecated: true) { name args { name type { kind name ofType { kind name ofType { kind name } } } } type { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }`
	if a := w.Ask(lab.Nobody, whole, nil); !slices.Equal(a.Codes(), []string{"FORBIDDEN"}) || bytes.Contains(a.Body, []byte("Membership")) {
		t.Errorf("nobody reads the schema: %.200s", a.Body)
	}
	if a := w.Ask(lab.Nobody, `{ __type(name: "Account") { name } }`, nil); !slices.Equal(a.Codes(), []string{"FORBIDDEN"}) {
		t.Errorf("nobody reads a type: %.200s", a.Body)
	}
	if a := w.Ask(lab.Nobody, `{ viewer { idd } }`, nil); bytes.Contains(a.Body, []byte("Did you mean")) || len(a.Codes()) == 0 {
		t.Errorf("nobody gets suggestions: %s", a.Body)
	}
	if a := w.Ask("olive", whole, nil); len(a.Codes()) > 0 || !bytes.Contains(a.Body, []byte("MembershipConnection")) {
		t.Errorf("olive does not read the schema: %.200s", a.Body)
	}
	w.HTTP, _ = surface(t, w)
	if a := w.Do(httptest.NewRequest("GET", lab.Public+"/playground", nil)); a.Status != 302 || a.Header.Get("Location") != "/sign-in" {
		t.Errorf("the playground for nobody: %d", a.Status)
	}
	token := half(t, w, "olive")
	if a := w.AskWith(token, whole, nil); !slices.Equal(a.Codes(), []string{"FORBIDDEN"}) {
		t.Errorf("half a session reads the schema: %.200s", a.Body)
	}
	r := httptest.NewRequest("GET", lab.Public+"/playground", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	if a := w.Do(r); a.Status != 302 || a.Header.Get("Location") != "/sign-in" {
		t.Errorf("the playground for half a session: %d", a.Status)
	}
	if a := w.Do(httptest.NewRequest("GET", lab.Public+"/schema.graphql", nil)); a.Status != 200 || string(a.Body) != graph.SDL {
		t.Errorf("the schema is not published: %d", a.Status)
	}
}

// surface serves a world with a log that is kept, and returns both.
func surface(t *testing.T, w *lab.World) (http.Handler, *bytes.Buffer) {
	var log bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	was := slog.Default()
	slog.SetDefault(logger)
	t.Cleanup(func() { slog.SetDefault(was) })
	u, err := url.Parse(lab.Public)
	if err != nil {
		t.Fatal(err)
	}
	h, err := w.Routes(cli.Surface{Public: u, Log: logger, Probes: web.NewProbes(w.DB.Ping), Mailbox: w.Box, Closed: true})
	if err != nil {
		t.Fatal(err)
	}
	return h, &log
}

// Invariant 44: with the database gone every answer is a code and an id.
func TestInternalErrorsTellNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		// A second handle, so that the test can end the first as it began.
		w := lab.New(t, dbtest.Reopen(t, d))
		acct := w.Account("olive", "Olive")
		token := w.Person("olive").Token
		h, log := surface(t, w)
		w.HTTP = h
		if err := w.DB.Close(); err != nil {
			t.Fatal(err)
		}
		for _, ask := range []struct{ token, query string }{
			{token, `{ viewer { id } }`},
			{token, fmt.Sprintf(`{ account(id: %q) { name } }`, acct.ID)},
			{"", `{ invitation(token: "x") { id } }`},
			{"", `mutation { signIn(input: {email: "olive@example.com", password: "x"}) { token errors { code message } } }`},
			{"", `mutation { signUp(input: {email: "new@example.com"}) { mailed errors { code message } } }`},
			{"", `mutation { requestPasswordReset(input: {email: "new@example.com"}) { mailed errors { code message } } }`},
		} {
			var headers []string
			if ask.token != "" {
				headers = []string{"Authorization", "Bearer " + ask.token}
			}
			a := w.Do(posted(ask.query, headers...))
			if !slices.Equal(a.Codes(), []string{"INTERNAL"}) {
				t.Errorf("%s is answered %d %s", ask.query, a.Status, a.Body)
				continue
			}
			id := a.String("errors.0.extensions.id")
			if want := "Something went wrong on our side. Quote " + id + " if it happens again."; a.String("errors.0.message") != want || len(id) < 8 {
				t.Errorf("the answer says %s", a.Body)
			}
			for _, word := range []string{"sql", "SELECT", "database", "closed", "goroutine", ".go", "panic", "ent:"} {
				if bytes.Contains(a.Body, []byte(word)) {
					t.Errorf("the answer says %q: %s", word, a.Body)
				}
			}
			if !strings.Contains(log.String(), id) {
				t.Errorf("the log does not know %s", id)
			}
		}
	})
}

// Invariant 32: an operation checks one secret, once, whatever it is called. Each
// field that takes a token or a password is tried.
func TestOneSecretInAnOperation(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: graph.SDL})
	w := lab.New(t, dbtest.SQLite(t))
	secret := func(name string) bool {
		return slices.Contains([]string{"token", "password", "currentPassword", "code"}, name)
	}
	found := 0
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation} {
		for _, f := range root.Fields {
			var arguments string
			for _, a := range f.Arguments {
				if secret(a.Name) {
					arguments = fmt.Sprintf(`%s: "x"`, a.Name)
				}
				in := schema.Types[a.Type.Name()]
				if in.Kind != ast.InputObject || !slices.ContainsFunc(in.Fields, func(f *ast.FieldDefinition) bool { return secret(f.Name) }) {
					continue
				}
				var given []string
				for _, field := range in.Fields {
					if secret(field.Name) || field.Type.NonNull && field.DefaultValue == nil {
						given = append(given, field.Name+`: "x"`)
					}
				}
				arguments = a.Name + ": {" + strings.Join(given, ", ") + "}"
			}
			if arguments == "" {
				continue
			}
			found++
			kind := strings.ToLower(root.Name)
			one := fmt.Sprintf("%s(%s) { __typename }", f.Name, arguments)
			for _, query := range []string{
				fmt.Sprintf("%s { a: %s b: %s }", kind, one, one),
				fmt.Sprintf("%s { ...F ...G } fragment F on %s { a: %s } fragment G on %s { b: %s }", kind, root.Name, one, root.Name, one),
				fmt.Sprintf("%s { a: %s ... on %s { b: %s } }", kind, one, root.Name, one),
			} {
				ctx, counter := db.CountStatements(context.Background())
				if a := w.Do(posted(query).WithContext(ctx)); !slices.Equal(a.Codes(), []string{"QUERY_LIMIT_EXCEEDED"}) || counter.Statements() > 0 {
					t.Errorf("%s\nis answered %d %s", query, a.Status, a.Body)
				}
			}
		}
	}
	if found < 9 {
		t.Errorf("%d fields that check a secret", found)
	}
}

func TestSecurityHeadersOnEachPath(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	for _, path := range []string{"/", "/graphql", "/schema.graphql", "/playground", "/playground/x", "/sign-up", "/sign-in", "/invitation", "/reset-password",
		"/unknown-sender", "/confirm-email", "/undo-email", "/links/x", "/dev/mail", "/dev/mail/messages", "/healthz", "/readyz", "/nothing", "/../etc/passwd"} {
		for _, method := range []string{"GET", "POST", "OPTIONS"} {
			r := httptest.NewRequest(method, lab.Public+"/", nil)
			r.URL.Path = path
			a := w.Do(r)
			frames := "DENY"
			if strings.HasPrefix(path, "/dev/mail") {
				frames = "SAMEORIGIN" // the mailbox shows mails in a frame
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "X-Frame-Options": frames, "Referrer-Policy": "no-referrer", "Strict-Transport-Security": "max-age=31536000"} {
				if a.Header.Get(name) != want {
					t.Errorf("%s %s: %s is %q", method, path, name, a.Header.Get(name))
				}
			}
			if csp := a.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.Contains(csp, "frame-ancestors '") || strings.Contains(csp, "unsafe-eval") {
				t.Errorf("%s %s: policy %q", method, path, csp)
			}
			if a.Status >= 500 {
				t.Errorf("%s %s: %d", method, path, a.Status)
			}
		}
	}
	if a := w.Ask("olive", `{ viewer { id } }`, nil); !strings.Contains(a.Header.Get("Cache-Control"), "no-store") {
		t.Errorf("answers may be kept: %q", a.Header.Get("Cache-Control"))
	}
}

// Invariant 5, and of the log: after a story with every kind of secret none is in
// the database, in the log, or in an answer but the one that made it.
func TestSecretsAreNowhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		var log *bytes.Buffer
		w.HTTP, log = surface(t, w)
		var answers bytes.Buffer
		secrets := map[string]string{"password": "seven grey herons wade", "other password": "a lamp in the orchard", "wrong password": "not the right one"}
		// ask returns the answer, and what stands at a path of it as a secret that
		// no other answer may have.
		ask := func(token, query, made string) lab.Answer {
			var headers []string
			if token != "" {
				headers = []string{"Authorization", "Bearer " + token}
			}
			a := w.Do(posted(query, headers...))
			if len(a.Codes()) > 0 && !strings.Contains(query, "wrong") && !strings.Contains(query, "not the right one") {
				t.Fatalf("%s is answered %s", query, a.Body)
			}
			body := string(a.Body)
			if made != "" {
				s := a.String(made)
				if _, token, ok := strings.Cut(s, "#token="); ok {
					s = token
				}
				if len(s) < 40 {
					t.Fatalf("no secret at %s in %s", made, a.Body)
				}
				secrets[query] = s
				body = strings.Replace(body, s, "", 1)
			}
			answers.WriteString(body)
			return a
		}
		mailed := func(to string) string {
			token := w.Token(to)
			for _, m := range w.Box.Messages(to) {
				for i, l := range regexp.MustCompile(`#token=([\w-]+)`).FindAllStringSubmatch(m.Text, -1) {
					secrets[fmt.Sprintf("link %d of %q to %s %s", i, m.Subject, to, l[1][:12])] = l[1]
				}
			}
			return token
		}
		ask("", `mutation { signUp(input: {email: "nora@example.com", name: "Nora"}) { mailed errors { code } } }`, "")
		nora := ask("", fmt.Sprintf(`mutation { completeSignUp(input: {token: %q, password: "seven grey herons wade", delivery: TOKEN}) { token errors { code } } }`,
			mailed("nora@example.com")), "data.completeSignUp.token").String("data.completeSignUp.token")
		ask("", `mutation { signIn(input: {email: "nora@example.com", password: "not the right one"}) { token errors { code message } } }`, "")
		acct := ask(nora, `mutation { createAccount(input: {name: "Quist", idempotencyKey: "k1"}) { account { id } errors { code } } }`, "").String("data.createAccount.account.id")
		invited := ask(nora, fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, emails: [{email: "ivan@example.com", name: "Ivan"}], roleIds: ["role_support"]}) { results { invitation { id } } errors { code } } }`, acct), "").
			String("data.inviteUsers.results.0.invitation.id")
		mailed("ivan@example.com")
		link := ask(nora, fmt.Sprintf(`mutation { inviteUsers(input: {accountId: %q, sendEmail: false, idempotencyKey: "k2", emails: [{email: "vera@example.com"}]}) { results { link } errors { code } } }`, acct),
			"data.inviteUsers.results.0.link").String("data.inviteUsers.results.0.link")
		_, handed, _ := strings.Cut(link, "#token=")
		ask("", fmt.Sprintf(`{ invitation(token: %q) { accountName maskedEmail handedOver } }`, handed), "")
		ask("", fmt.Sprintf(`mutation { acceptInvitation(input: {token: %q}) { mailed errors { code } } }`, handed), "")
		mailed("vera@example.com")
		d.Client.Invitation.UpdateOneID(invited).SetSentAt(w.Person("olive").CreatedAt.Add(-1e12)).ExecX(context.Background())
		ask(nora, fmt.Sprintf(`mutation { resendInvitation(input: {invitationId: %q}) { invitation { id } errors { code } } }`, invited), "")
		ivan := ask("", fmt.Sprintf(`mutation { acceptInvitation(input: {token: %q, password: "a lamp in the orchard", delivery: TOKEN}) { token membership { id } errors { code } } }`,
			mailed("ivan@example.com")), "data.acceptInvitation.token").String("data.acceptInvitation.token")
		ask("", `mutation { requestPasswordReset(input: {email: "ivan@example.com"}) { mailed errors { code } } }`, "")
		mailed("ivan@example.com")
		ask(ivan, `mutation { reauthenticate(input: {password: "a lamp in the orchard"}) { token errors { code } } }`, "data.reauthenticate.token")
		ask("", `mutation { requestPasswordReset(input: {email: "nora@example.com"}) { mailed errors { code } } }`, "")
		mailed("nora@example.com")
		nora = ask(nora, `mutation { changePassword(input: {currentPassword: "seven grey herons wade", newPassword: "a lamp in the orchard"}) { token errors { code } } }`, "data.changePassword.token").
			String("data.changePassword.token")
		ask(nora, fmt.Sprintf(`{ viewer { name sessions { id device } } account(id: %q) {
			invitations { nodes { id email state } } memberships { nodes { id email } } people { nodes { email } }
			auditLog(first: 100) { nodes { action targetName changes { field before after } } } } }`, acct), "")
		// An authenticator app is set up; its secret and the codes are in the answers that made them.
		w.Meet("ivan", ask("", `mutation { signIn(input: {email: "ivan@example.com", password: "a lamp in the orchard", delivery: TOKEN}) { token errors { code } } }`, "data.signIn.token").String("data.signIn.token"))
		app, codes := secure(w, "ivan")
		plain := strings.ReplaceAll(app, " ", "")
		raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(plain)
		if err != nil {
			t.Fatal(err)
		}
		for what, s := range map[string]string{"as typed": app, "in base32": plain, "raw": string(raw), "in hex": hex.EncodeToString(raw), "in base64": base64.RawStdEncoding.EncodeToString(raw)[:26]} {
			secrets["secret of the app "+what] = s
		}
		for i, c := range codes {
			secrets[fmt.Sprint("recovery code ", i)], secrets[fmt.Sprint("recovery code without dashes ", i)] = c, strings.ReplaceAll(c, "-", "")
		}
		half := ask("", `mutation { signIn(input: {email: "ivan@example.com", password: "a lamp in the orchard", delivery: TOKEN}) { token errors { code } } }`, "data.signIn.token").String("data.signIn.token")
		ask(half, fmt.Sprintf(`mutation { verifyTwoFactor(input: {code: %q}) { token viewer { twoFactor { enabledAt recoveryCodesLeft } } errors { code } } }`, codes[0]), "data.verifyTwoFactor.token")
		// A secret in the wrong place is not repeated either.
		for _, s := range []string{nora, handed} {
			w.Do(httptest.NewRequest("GET", lab.Public+"/graphql?query="+url.QueryEscape(`{ node(id: "`+s+`") { id } }`)+"&token="+s, nil))
			w.Do(httptest.NewRequest("GET", lab.Public+"/invitation?token="+s, nil))
		}
		w.Settle()
		dump := dbtest.Dump(t, d)
		if len(secrets) < 14 {
			t.Fatalf("only %d secrets", len(secrets))
		}
		for what, s := range secrets {
			for where, text := range map[string]string{"the database": dump, "the log": log.String(), "an answer": answers.String()} {
				if i := strings.Index(text, s); i >= 0 {
					t.Errorf("%s is in %s: …%s…", what, where, text[max(0, i-80):min(len(text), i+len(s)+20)])
				}
			}
		}
		if !strings.Contains(log.String(), `"path":"/graphql"`) {
			t.Error("nothing was logged")
		}
	})
}
