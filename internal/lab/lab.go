// Package lab gives tests a whole program on a fresh database, and people who can
// ask it.
package lab

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/address"
	"tenantry/internal/cli"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/membership"
	"tenantry/internal/notify"
	"tenantry/internal/passkey/virtual"
	"tenantry/internal/password"
	"tenantry/internal/permission"
	"tenantry/internal/seal"
	"tenantry/internal/session"
	"tenantry/internal/token"
	"tenantry/internal/web"
	"tenantry/internal/webhook"
)

// Password is every person's. It is hashed cheaply in tests.
const Password = "an otter reads maps"

// Public is the address of the portal in tests.
const Public = "https://portal.example"

// World is a program on a database of its own.
type World struct {
	T testing.TB
	*cli.App
	// HTTP is all that the program serves.
	HTTP http.Handler
	Box  *mail.Mailbox
	// Provider is where people may come from: "acme", for addresses of example.com.
	Provider *Provider
	// Receivers are what webhooks call.
	Receivers *Receivers

	people map[string]*Person
	hash   string
}

// keyset is what every world encrypts with, so that several on one database can read
// each other.
const keyset = `{"primaryKeyId": 7, "key": [{"keyData": {"typeUrl": "type.googleapis.com/google.crypto.tink.AesGcmKey",
	"value": "GiAHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBw==", "keyMaterialType": "SYMMETRIC"},
	"status": "ENABLED", "keyId": 7, "outputPrefixType": "TINK"}]}`

// Person is somebody with a session.
type Person struct {
	*ent.User
	// Token is their bearer token, and Refresh what renews it when Until has come: ""
	// for who has none.
	Token, Refresh string
	Until          time.Time
	Session        *ent.Session
}

// Option changes what a world is wired from.
type Option func(*cli.Parts)

// New wires a program on the database. Its workers do not run: see Settle.
func New(t testing.TB, d *db.DB, options ...Option) *World {
	t.Helper()
	keys, err := link.NewKeyring(link.Key{ID: 1, Secret: bytes.Repeat([]byte{7}, link.SecretSize)})
	must(t, err)
	seals, err := seal.New([]byte(keyset))
	must(t, err)
	box, err := mail.NewMailbox("Tenantry <no-reply@portal.example>")
	must(t, err)
	provider, receivers := &Provider{}, &Receivers{}
	parts := cli.Parts{DB: d, OpenIDConfig: OpenID(provider), Webhooks: webhook.Config{Through: receivers}, Keys: keys, Seals: seals, Catalogue: permission.Hosting(), Brand: mail.Brand{Name: "Tenantry", Support: "help@portal.example"},
		Sender: box, Pace: notify.Pace{Domain: 10_000, Account: 10_000}, Public: Public, Hashing: password.Params{Memory: 64, Passes: 1, Lanes: 1}, Hashes: 8} // so that a crowd finds seats
	for _, o := range options {
		o(&parts)
	}
	w := &World{T: t, App: cli.Wire(parts), Box: box, Provider: provider, Receivers: receivers, people: map[string]*Person{}}
	u, err := url.Parse(parts.Public)
	must(t, err)
	w.HTTP, err = w.App.Routes(cli.Surface{Public: u, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Probes: web.NewProbes(d.Ping), Mailbox: box})
	must(t, err)
	w.hash, err = w.Sessions.NewHash(context.Background(), "password", Password)
	must(t, err)
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Person returns somebody who is signed in, making them up when first asked for:
// "olive" is Olive, olive@example.com.
func (w *World) Person(name string) *Person {
	w.T.Helper()
	if p := w.people[name]; p != nil {
		return p
	}
	u := w.NewUser(name)
	p := w.SignIn(u)
	w.people[name] = p
	return p
}

// NewUser makes a user without a session.
func (w *World) NewUser(name string) *ent.User {
	w.T.Helper()
	a, err := address.Parse(strings.ToLower(name) + "@example.com")
	must(w.T, err)
	ctx := context.Background()
	u, err := db.InTx(ctx, w.DB.Client, func(tx *ent.Tx) (*ent.User, error) {
		return session.NewUser(ctx, tx, a, strings.ToUpper(name[:1])+name[1:], "en", w.hash)
	})
	must(w.T, err)
	return u
}

// SignIn begins a session for a user, as an app has it.
func (w *World) SignIn(u *ent.User) *Person {
	w.T.Helper()
	ctx := context.Background()
	st, err := db.InTx(ctx, w.DB.Client, func(tx *ent.Tx) (*session.Started, error) {
		return w.Sessions.Begin(ctx, tx, &access.Actor{Address: "192.0.2.1"}, u, session.Token)
	})
	must(w.T, err)
	return &Person{User: u, Token: st.Token, Refresh: st.Refresh, Until: *st.TokenExpiresAt(), Session: st.Session}
}

// Meet gives a name to somebody whose token was handed out by the program.
func (w *World) Meet(name, token string) { w.people[name] = &Person{Token: token} }

// MeetApp is Meet for an app that was given a refresh token in this moment, too.
func (w *World) MeetApp(name, token, refresh string) {
	w.people[name] = &Person{Token: token, Refresh: refresh, Until: time.Now().Add(session.TokenLifetime)}
}

// Knows reports whether somebody of the name was met.
func (w *World) Knows(name string) bool { return w.people[name] != nil }

// Bearer returns somebody's token as their app sends it: refreshed, if it has lapsed
// and the session has not.
func (w *World) Bearer(name string) string {
	w.T.Helper()
	p := w.Person(name)
	if p.Refresh == "" || time.Now().Before(p.Until) {
		return p.Token
	}
	a := w.AskWith("", `mutation($token: String!) { refreshSession(input: {refreshToken: $token}) { token refreshToken errors { code } } }`,
		map[string]any{"token": p.Refresh})
	if token := a.String("data.refreshSession.token"); token != "" {
		p.Token, p.Refresh, p.Until = token, a.String("data.refreshSession.refreshToken"), time.Now().Add(session.TokenLifetime)
	}
	return p.Token
}

// Actor returns a person as the domain sees them.
func (w *World) Actor(name string) *access.Actor {
	p := w.Person(name)
	return &access.Actor{Kind: access.Person, User: p.User, Session: p.Session, Address: "192.0.2.1"}
}

// Operator gives a name to an operator's token with the powers, all if none are
// named.
func (w *World) Operator(name string, powers ...permission.Power) {
	w.T.Helper()
	if len(powers) == 0 {
		powers = permission.Powers()
	}
	secret, _, err := w.Tokens.Create(context.Background(), access.Company("operator"), name, powers, nil)
	must(w.T, err)
	w.Meet(name, secret)
}

// Program gives a name to an API token that somebody makes for an account. Words are as
// for Member, without roles.
func (w *World) Program(name, maker string, acct *ent.Account, given ...string) *token.Token {
	w.T.Helper()
	o := offer(given)
	made, err := w.APITokens.Create(context.Background(), w.Actor(maker), token.Draft{AccountID: acct.ID, Name: name, Permissions: o.Permissions,
		Scope: o.Scope, SubAccounts: o.SubAccounts, Acknowledged: true})
	must(w.T, err)
	w.Meet(name, made.Secret)
	return made.Token
}

// Passkey lets somebody register a passkey on a new device, which ends their other
// sessions, and returns the device. A synced one does not count what it signs.
func (w *World) Passkey(name string, synced bool) (*virtual.Authenticator, *ent.Passkey) {
	w.T.Helper()
	ctx, by, device := context.Background(), w.Actor(name), &virtual.Authenticator{Origin: Public, Synced: synced}
	asked, err := w.Sessions.StartPasskeyRegistration(ctx, by)
	must(w.T, err)
	answer, err := device.Create([]byte(*asked.JSON()))
	must(w.T, err)
	done, err := w.Sessions.FinishPasskeyRegistration(ctx, by, *asked.ID(), string(answer), nil)
	must(w.T, err)
	p := w.Person(name)
	p.Token, p.Session = done.Started.Token, done.Started.Session
	return device, done.Passkey
}

// Account opens an account that somebody owns.
func (w *World) Account(owner, name string) *ent.Account {
	w.T.Helper()
	a, _, err := w.Accounts.Create(context.Background(), w.Actor(owner), account.Draft{Name: name})
	must(w.T, err)
	return a
}

// Contact adds a contact of an account, as its owner does.
func (w *World) Contact(accountID, email string) *ent.Contact {
	w.T.Helper()
	a, err := w.DB.Client.Account.Get(w.T.Context(), accountID)
	must(w.T, err)
	for name, p := range w.people {
		if p.User != nil && p.ID == a.OwnerUserID {
			out, err := w.Contacts.Create(w.T.Context(), w.Actor(name), accountID, contact.Details{Email: &email}, "")
			must(w.T, err)
			return out.Contact
		}
	}
	w.T.Fatalf("nobody is known who owns %s", accountID)
	return nil
}

// Sub opens a sub-account, asked for by the owner of its parent.
func (w *World) Sub(owner string, parent *ent.Account, name string) *ent.Account {
	w.T.Helper()
	a, err := w.Accounts.CreateSub(context.Background(), w.Actor(owner), account.Draft{ParentID: parent.ID, Name: name})
	must(w.T, err)
	return a
}

// Member makes somebody a member. Words that begin with role_ are roles, words
// in capitals are sub-account access, ids are sub-accounts, and others are
// permissions.
func (w *World) Member(acct *ent.Account, name string, given ...string) *ent.Membership {
	w.T.Helper()
	ctx, p := context.Background(), w.Person(name) // made up before the transaction, which may hold the only writer
	o := offer(given)
	m, err := db.InTx(ctx, w.DB.Client, func(tx *ent.Tx) (*ent.Membership, error) {
		return membership.Add(ctx, tx, acct.ID, p.User.ID, o, nil)
	})
	must(w.T, err)
	return m
}

func offer(given []string) access.Offer {
	o := access.Offer{Scope: permission.ScopeNone}
	for _, g := range given {
		switch {
		case strings.HasPrefix(g, "role_"):
			o.RoleIDs = append(o.RoleIDs, g)
		case strings.HasPrefix(g, "acct_"):
			o.SubAccounts, o.Scope = append(o.SubAccounts, g), permission.ScopeSelected
		case strings.ToUpper(g) == g:
			o.Scope = permission.Scope(g)
		default:
			o.Permissions = append(o.Permissions, permission.Key(g))
		}
	}
	return o
}

// Settle does what the running program does by itself after a commit: hands
// events on, seals them, and sends mail.
func (w *World) Settle() {
	w.T.Helper()
	must(w.T, w.App.Settle(context.Background()))
	must(w.T, w.Sessions.WriteSeen(context.Background()))
	must(w.T, w.Tokens.WriteUsed(context.Background()))
	must(w.T, w.APITokens.WriteUsed(context.Background()))
}

// Answer is what the program answered.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// Nobody asks without a session.
const Nobody = "nobody"

// Ask posts an operation as somebody.
func (w *World) Ask(who, query string, variables map[string]any) Answer {
	w.T.Helper()
	token := ""
	if who != Nobody {
		token = w.Bearer(who)
	}
	return w.AskWith(token, query, variables)
}

// AskWith posts an operation with a bearer token, or with none. It is safe for
// concurrent use.
func (w *World) AskWith(token, query string, variables map[string]any) Answer {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest("POST", Public+"/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
	r.RemoteAddr = "192.0.2.1:1234"
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return w.Do(r)
}

// Do serves any request.
func (w *World) Do(r *http.Request) Answer {
	rec := httptest.NewRecorder()
	w.HTTP.ServeHTTP(rec, r)
	return Answer{rec.Code, rec.Header(), rec.Body.Bytes()}
}

// Get returns what stands at a path such as "data.viewer.sessions.0.id", or nil.
func (a Answer) Get(path string) any {
	var v any
	if json.Unmarshal(a.Body, &v) != nil {
		return nil
	}
	for _, step := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(at) {
				return nil
			}
			v = at[i]
		default:
			return nil
		}
	}
	return v
}

// String returns the text at a path, or "".
func (a Answer) String(path string) string {
	s, _ := a.Get(path).(string)
	return s
}

// Codes lists every code of a refusal in the answer: of payloads, then of
// top-level errors.
func (a Answer) Codes() []string {
	var out []string
	if data, ok := a.Get("data").(map[string]any); ok {
		for _, field := range data {
			if payload, ok := field.(map[string]any); ok {
				errs, _ := payload["errors"].([]any)
				for _, e := range errs {
					out = append(out, fmt.Sprint(e.(map[string]any)["code"]))
				}
			}
		}
	}
	errs, _ := a.Get("errors").([]any)
	for _, e := range errs {
		ext, _ := e.(map[string]any)["extensions"].(map[string]any)
		out = append(out, fmt.Sprint(ext["code"]))
	}
	return out
}

// Mail returns the newest mail to an address, after everything is sent.
func (w *World) Mail(to string) mail.Received {
	w.T.Helper()
	w.Settle()
	all := w.Box.Messages(to)
	if len(all) == 0 {
		w.T.Fatalf("no mail to %s", to)
	}
	return all[0]
}

var fragment = regexp.MustCompile(`#token=([A-Za-z0-9_-]+)`)

// Token returns the token of the first link in the newest mail to an address.
func (w *World) Token(to string) string {
	w.T.Helper()
	m := fragment.FindStringSubmatch(w.Mail(to).Text)
	if m == nil {
		w.T.Fatalf("no link in the mail to %s", to)
	}
	return m[1]
}
