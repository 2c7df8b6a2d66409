package openid_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/cryptotest"
	"testing/synctest"
	"time"

	"tenantry/ent"
	"tenantry/ent/ceremony"
	"tenantry/ent/event"
	"tenantry/ent/identity"
	"tenantry/ent/user"
	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/openid"
)

// browser is somebody's browser at the portal.
type browser struct {
	w   *lab.World
	jar map[string]string
}

func newBrowser(w *lab.World) *browser { return &browser{w, map[string]string{}} }

// The names of the cookies over https.
const (
	sessionCookie = "__Host-tenantry"
	bindingCookie = "__Host-tenantry-openid"
)

func (b *browser) ask(query string, variables map[string]any) lab.Answer {
	b.w.T.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		b.w.T.Fatal(err)
	}
	r := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.RemoteAddr = "192.0.2.1:1234"
	for name, value := range b.jar {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	a := b.w.Do(r)
	for _, c := range (&http.Response{Header: a.Header}).Cookies() {
		if !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
			b.w.T.Errorf("a cookie that can be taken: %s", c)
		}
		if c.MaxAge < 0 {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c.Value
		}
	}
	return a
}

const (
	start = `mutation($input: StartOpenIdSignInInput!) { startOpenIdSignIn(input: $input) { url binding expiresAt errors { code field message retryAfter } } }`

	finish = `mutation($input: FinishOpenIdSignInInput!) { finishOpenIdSignIn(input: $input) { viewer { id email name } token secondFactors accountSelection returnTo
		pendingLink { id email expiresAt } errors { code field message retryAfter } } }`

	link = `mutation($input: LinkIdentityInput!) { linkIdentity(input: $input) { identity { id email provider { key } lastUsedAt } errors { code field } } }`

	unlink = `mutation($input: UnlinkIdentityInput!) { unlinkIdentity(input: $input) { unlinkedIdentityId endedSessions errors { code field } } }`

	signIn = `mutation($input: SignInInput!) { signIn(input: $input) { viewer { id } secondFactors errors { code } } }`
)

// start begins to sign in and returns where the browser is sent.
func (b *browser) start(input map[string]any) string {
	b.w.T.Helper()
	in := map[string]any{"provider": "acme"}
	for k, v := range input {
		in[k] = v
	}
	a := b.ask(start, map[string]any{"input": in})
	url := a.String("data.startOpenIdSignIn.url")
	if url == "" {
		b.w.T.Fatalf("no start: %s", a.Body)
	}
	return url
}

func (b *browser) finish(code, state string) lab.Answer {
	b.w.T.Helper()
	return b.ask(finish, map[string]any{"input": map[string]any{"code": code, "state": state}})
}

// come signs in at the provider of the world from the beginning.
func (b *browser) come(subject string, claims map[string]any) lab.Answer {
	b.w.T.Helper()
	return b.finish(b.w.Provider.SignIn(b.start(nil), subject, claims))
}

func (b *browser) signIn(name string) {
	b.w.T.Helper()
	b.w.Person(name)
	a := b.ask(signIn, map[string]any{"input": map[string]any{"email": name + "@example.com", "password": lab.Password}})
	if len(a.Codes()) > 0 {
		b.w.T.Fatalf("%s does not sign in: %s", name, a.Body)
	}
}

// who returns the address of who is signed in, or "".
func (b *browser) who() string { return b.ask(`{ viewer { email } }`, nil).String("data.viewer.email") }

func proved(email string) map[string]any {
	return map[string]any{"email": email, "email_verified": true, "name": "Some Body", "locale": "de"}
}

func codes(t *testing.T, a lab.Answer, want ...string) {
	t.Helper()
	if got := strings.Join(a.Codes(), " "); got != strings.Join(want, " ") {
		t.Errorf("codes %q, want %q: %s", got, want, a.Body)
	}
}

func actions(w *lab.World) string {
	var out []string
	for _, e := range w.DB.Client.Event.Query().Order(ent.Asc(event.FieldID)).AllX(w.T.Context()) {
		out = append(out, e.Action)
	}
	return strings.Join(out, " ")
}

// Somebody new signs up by coming, and comes again; the address at the provider may
// change, ours stays.
func TestComing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		b := newBrowser(w)
		a := b.finish(w.Provider.SignIn(b.start(map[string]any{"returnTo": "/billing?page=2"}), "s1", proved("Nora@EXAMPLE.com")))
		codes(t, a)
		if got := a.String("data.finishOpenIdSignIn.viewer.email"); got != "Nora@example.com" || a.String("data.finishOpenIdSignIn.returnTo") != "/billing?page=2" ||
			a.Get("data.finishOpenIdSignIn.token") != nil || a.String("data.finishOpenIdSignIn.accountSelection") != "NONE" {
			t.Errorf("%s", a.Body)
		}
		if got := actions(w); got != "session.started user.signed_up identity.linked" {
			t.Errorf("events: %s", got)
		}
		u := w.DB.Client.User.Query().OnlyX(t.Context())
		if u.PasswordHash != "" || u.Locale != "de" || u.Name != "Some Body" {
			t.Errorf("%+v", u)
		}
		before := b.jar[sessionCookie]
		codes(t, b.come("s1", proved("nora.changed@example.com")))
		if b.who() != "Nora@example.com" || b.jar[sessionCookie] == before {
			t.Errorf("signed in as %q", b.who())
		}
		if n := w.DB.Client.Session.Query().CountX(t.Context()); n != 1 {
			t.Errorf("%d sessions in one browser", n)
		}
		if i := w.DB.Client.Identity.Query().OnlyX(t.Context()); i.Email != "nora.changed@example.com" || i.LastUsedAt == nil {
			t.Errorf("%+v", i)
		}
		if got := actions(w); got != "session.started user.signed_up identity.linked session.started identity.address_changed" {
			t.Errorf("events: %s", got)
		}
		for _, e := range w.DB.Client.Event.Query().Where(event.Action("session.started")).AllX(t.Context()) {
			if !strings.Contains(fmt.Sprint(e.After), `"provider":"acme"`) {
				t.Errorf("a session that does not say where from: %+v", e)
			}
		}
		// A known person needs no address at all, and no proof of one.
		codes(t, newBrowser(w).come("s1", nil))
		// The provider's name for a person decides, even where the address is another's.
		w.Person("olive")
		other := newBrowser(w)
		codes(t, other.come("s1", proved("olive@example.com")))
		if other.who() != "Nora@example.com" {
			t.Errorf("a known subject with another's address is %q", other.who())
		}
		// And the address alone is nobody.
		third := newBrowser(w)
		if a := third.come("s2", proved("nora@example.com")); a.String("data.finishOpenIdSignIn.pendingLink.email") != "Nora@example.com" || third.who() != "" {
			t.Errorf("another subject with her address: %s", a.Body)
		}
	})
}

// Who has the address already proves to be them before the two are connected.
func TestLinking(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		w.Person("olive")
		w.Person("vera")
		b := newBrowser(w)
		a := b.come("s1", proved("OLIVE@example.com"))
		codes(t, a)
		pending := a.String("data.finishOpenIdSignIn.pendingLink.id")
		if pending == "" || a.Get("data.finishOpenIdSignIn.viewer") != nil || b.jar[sessionCookie] != "" {
			t.Fatalf("%s", a.Body)
		}
		input := map[string]any{"input": map[string]any{"linkId": pending}}
		codes(t, b.ask(link, input), "UNAUTHENTICATED")
		b.signIn("vera")
		codes(t, b.ask(link, input), "INVALID_TOKEN") // another person
		b.signIn("olive")
		stranger := newBrowser(w)
		stranger.signIn("olive")
		codes(t, stranger.ask(link, input), "INVALID_TOKEN") // the right person, another browser
		codes(t, b.finish("code", pending), "INVALID_TOKEN") // a link is no sign-in
		w.DB.Client.Session.Update().SetProvedAt(time.Now().Add(-10 * time.Minute)).ExecX(t.Context())
		codes(t, b.ask(link, input), "REAUTH_REQUIRED")
		codes(t, b.ask(`mutation { reauthenticate(input: {password: "`+lab.Password+`"}) { errors { code } } }`, nil))
		codes(t, b.ask(link, input))
		codes(t, b.ask(link, input), "INVALID_TOKEN") // a second click
		if a := b.ask(`{ viewer { identities { email provider { key label } lastUsedAt } } }`, nil); a.String("data.viewer.identities.0.provider.label") != "Acme" ||
			a.String("data.viewer.identities.0.email") != "olive@example.com" || a.Get("data.viewer.identities.1") != nil {
			t.Errorf("%s", a.Body)
		}
		fresh := newBrowser(w)
		codes(t, fresh.come("s1", nil))
		if fresh.who() != "olive@example.com" {
			t.Errorf("the identity is %q's", fresh.who())
		}
		if n := w.DB.Client.Ceremony.Query().CountX(t.Context()); n != 0 {
			t.Errorf("%d ceremonies are left", n)
		}
		if got := strings.Count(actions(w), "identity.linked"); got != 1 {
			t.Errorf("%d links in the history", got)
		}
	})
}

// A link is worth nothing once the person's address is another, and not after ten
// minutes from the start.
func TestLinkDies(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		olive := w.Person("olive")
		for _, tc := range []struct {
			name string
			do   func()
			want []string
		}{
			{"in time", func() { time.Sleep(2 * time.Minute) }, nil},
			{"late", func() { time.Sleep(3 * time.Minute) }, []string{"INVALID_TOKEN"}},
			{"with another address", func() {
				w.DB.Client.User.UpdateOneID(olive.User.ID).SetEmail("o@example.com").SetEmailKey("o@example.com").ExecX(t.Context())
			}, []string{"INVALID_TOKEN"}},
		} {
			b := newBrowser(w)
			url := b.start(nil)
			time.Sleep(7 * time.Minute)
			a := b.finish(w.Provider.SignIn(url, "subject "+tc.name, proved("olive@example.com")))
			b.signIn("olive")
			tc.do()
			codes(t, b.ask(link, map[string]any{"input": map[string]any{"linkId": a.String("data.finishOpenIdSignIn.pendingLink.id")}}), tc.want...)
		}
	})
}

// Removing an identity ends the sessions that may have come by it.
func TestUnlinking(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		b := newBrowser(w)
		claims := proved("nora@example.com")
		claims["auth_time"] = time.Now().Unix()
		codes(t, b.come("s1", claims))
		w.DB.Client.User.Update().SetPasswordHash("of a password").ExecX(t.Context())
		input := map[string]any{"input": map[string]any{"identityId": b.ask(`{ viewer { identities { id } } }`, nil).String("data.viewer.identities.0.id")}}

		w.Person("olive")
		other := newBrowser(w)
		other.signIn("olive")
		codes(t, other.ask(unlink, input), "NOT_FOUND")
		codes(t, newBrowser(w).ask(unlink, input), "UNAUTHENTICATED")

		elsewhere := newBrowser(w)
		codes(t, elsewhere.come("s1", nil))
		a := b.ask(unlink, input)
		codes(t, a)
		if n, _ := a.Get("data.unlinkIdentity.endedSessions").(float64); n != 1 || elsewhere.who() != "" || b.who() != "nora@example.com" {
			t.Errorf("%s; elsewhere %q, here %q", a.Body, elsewhere.who(), b.who())
		}
		codes(t, b.ask(unlink, input), "NOT_FOUND") // a second click
		if a := elsewhere.come("s1", nil); a.String("data.finishOpenIdSignIn.viewer.id") != "" {
			t.Errorf("a removed identity signs in: %s", a.Body)
		}
	})
}

// The last way to sign in is not removed.
func TestLastWay(t *testing.T) {
	type client = *ent.Client
	ctx := t.Context()
	for _, tc := range []struct {
		name string
		add  func(client, *ent.User)
		want []string
	}{
		{"nothing else", func(client, *ent.User) {}, []string{"BAD_INPUT"}},
		{"a provider that is gone", func(c client, u *ent.User) {
			c.Identity.Create().SetUserID(u.ID).SetIssuer("https://gone.example").SetSubject("s").ExecX(ctx)
		}, []string{"BAD_INPUT"}},
		{"another identity", func(c client, u *ent.User) {
			c.Identity.Create().SetUserID(u.ID).SetIssuer(lab.Issuer).SetSubject("another").ExecX(ctx)
		}, nil},
		{"a passkey", func(c client, u *ent.User) {
			c.Passkey.Create().SetUserID(u.ID).SetName("Key").SetCredentialID("AA").SetCredential([]byte("{}")).ExecX(ctx)
		}, nil},
		{"a password", func(c client, u *ent.User) { c.User.UpdateOne(u).SetPasswordHash("of a password").ExecX(ctx) }, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := lab.New(t, dbtest.SQLite(t))
			b := newBrowser(w)
			claims := proved("nora@example.com")
			claims["auth_time"] = time.Now().Unix()
			codes(t, b.come("s1", claims))
			tc.add(w.DB.Client, w.DB.Client.User.Query().OnlyX(ctx))
			own := w.DB.Client.Identity.Query().Where(identity.Subject("s1")).OnlyX(ctx)
			codes(t, b.ask(unlink, map[string]any{"input": map[string]any{"identityId": own.ID}}), tc.want...)
		})
	}
}

// A sign-in is as fresh a proof as the person gave the provider.
func TestFreshness(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		dangerous := func(b *browser) lab.Answer {
			return b.ask(unlink, map[string]any{"input": map[string]any{"identityId": "idty_00000000000000000000000000"}})
		}
		ago := func(d time.Duration) map[string]any {
			c := proved("nora@example.com")
			c["auth_time"] = time.Now().Add(-d).Unix()
			return c
		}
		time.Sleep(time.Hour)
		for _, tc := range []struct {
			name   string
			claims func() map[string]any
			want   string
		}{
			{"not told", func() map[string]any { return proved("nora@example.com") }, "REAUTH_REQUIRED"},
			{"eleven minutes ago", func() map[string]any { return ago(11 * time.Minute) }, "REAUTH_REQUIRED"},
			{"nine minutes ago", func() map[string]any { return ago(9 * time.Minute) }, "NOT_FOUND"},
			{"in the future", func() map[string]any { return ago(-time.Hour) }, "NOT_FOUND"},
		} {
			b := newBrowser(w)
			codes(t, b.come("s1", tc.claims()))
			if got := dangerous(b).Codes(); len(got) != 1 || got[0] != tc.want {
				t.Errorf("%s: %v", tc.name, got)
			}
			time.Sleep(10 * time.Minute)
			codes(t, dangerous(b), "REAUTH_REQUIRED")
		}
		// Asked for, it has to be given.
		b := newBrowser(w)
		url := b.start(map[string]any{"fresh": true})
		if !strings.Contains(url, "prompt=login") || !strings.Contains(url, "max_age=0") {
			t.Errorf("nothing fresh is asked for: %s", url)
		}
		codes(t, b.finish(w.Provider.SignIn(url, "s1", ago(time.Hour))), "INVALID_CREDENTIALS")
		codes(t, b.finish(w.Provider.SignIn(b.start(map[string]any{"fresh": true}), "s1", map[string]any{"auth_time": nil})), "INVALID_CREDENTIALS")
		codes(t, b.finish(w.Provider.SignIn(b.start(map[string]any{"fresh": true}), "s1", nil)))
		codes(t, dangerous(b), "NOT_FOUND")
	})
}

// A second factor is asked for as after a password.
func TestSecondFactor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		b := newBrowser(w)
		codes(t, b.come("s1", proved("nora@example.com")))
		w.DB.Client.User.Update().SetTwoFactorAt(time.Now()).ExecX(t.Context())
		half := newBrowser(w)
		a := half.come("s1", nil)
		codes(t, a)
		if a.Get("data.finishOpenIdSignIn.viewer") != nil || a.Get("data.finishOpenIdSignIn.accountSelection") != nil || half.jar[sessionCookie] == "" || half.who() != "" {
			t.Errorf("%s; signed in as %q", a.Body, half.who())
		}
		codes(t, half.ask(link, map[string]any{"input": map[string]any{"linkId": "cer_00000000000000000000000000"}}), "TWO_FACTOR_REQUIRED")
	})
}

func TestDisabled(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		b := newBrowser(w)
		codes(t, b.come("s1", proved("nora@example.com")))
		w.DB.Client.User.Update().SetDisabledAt(time.Now()).ExecX(t.Context())
		for _, subject := range []string{"s1", "s2"} {
			other := newBrowser(w)
			codes(t, other.come(subject, proved("nora@example.com")), "INVALID_CREDENTIALS")
			if other.jar[sessionCookie] != "" {
				t.Error("a cookie for somebody disabled")
			}
		}
	})
}

// Who may become a user holds here too.
func TestSignUpModes(t *testing.T) {
	for _, tc := range []struct {
		mode, email string
		want        []string
	}{
		{"open", "nora@example.com", nil},
		{"invited", "nora@example.com", []string{"BAD_INPUT"}},
		{"invited", "ivy@example.com", nil},
		{"invited", "gone@example.com", []string{"BAD_INPUT"}},
		{"closed", "ivy@example.com", []string{"BAD_INPUT"}},
	} {
		t.Run(tc.mode+" "+tc.email, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := lab.New(t, d, func(p *cli.Parts) { p.SessionConfig.SignUp = tc.mode })
				acme := w.Account("olive", "Acme")
				invite := func(email string) lab.Answer {
					return w.Ask("olive", `mutation($a: ID!, $e: String!) { inviteUsers(input: {accountId: $a, emails: [{email: $e}]}) { results { invitation { id } } errors { code } } }`,
						map[string]any{"a": acme.ID, "e": email})
				}
				codes(t, invite("ivy@example.com"))
				codes(t, w.Ask("olive", `mutation($i: ID!) { cancelInvitation(input: {invitationId: $i}) { errors { code } } }`,
					map[string]any{"i": invite("gone@example.com").String("data.inviteUsers.results.0.invitation.id")}))
				b := newBrowser(w)
				codes(t, b.come("s1", proved(tc.email)), tc.want...)
				if n := w.DB.Client.User.Query().Where(user.EmailKey(tc.email)).CountX(t.Context()); n != 0 == (tc.want != nil) {
					t.Errorf("%d users", n)
				}
				// Invitations are listed, never accepted by themselves.
				if a := b.ask(`{ viewer { memberships { nodes { id } } invitations { id } } }`, nil); tc.email == "ivy@example.com" && tc.want == nil &&
					(a.String("data.viewer.invitations.0.id") == "" || a.Get("data.viewer.memberships.nodes.0") != nil) {
					t.Errorf("%s", a.Body)
				}
			})
		})
	}
}

// Whatever is wrong with what a provider says, nobody is let in, no user comes to be,
// and nothing of the provider's words is shown. Invariant 44.
func TestLies(t *testing.T) {
	claim := func(name string, value any) func(*lab.Provider) {
		return func(p *lab.Provider) {
			p.Sign = func(c map[string]any) string {
				if c[name] = value; value == nil {
					delete(c, name)
				}
				return p.Signed(c)
			}
		}
	}
	at := func(method, path string, answer func(r *http.Request) (*http.Response, error)) func(*lab.Provider) {
		return func(p *lab.Provider) {
			p.Answer = func(r *http.Request) (*http.Response, error) {
				if r.Method == method && r.URL.Path == path {
					return answer(r)
				}
				return nil, nil
			}
		}
	}
	const html = "text/html"
	secret := func(key string) func(*lab.Provider) {
		return func(p *lab.Provider) {
			p.Sign = func(c map[string]any) string {
				return lab.JWT(map[string]any{"alg": "HS256", "typ": "JWT"}, c, func(text []byte) []byte {
					m := hmac.New(sha256.New, []byte(key))
					m.Write(text)
					return m.Sum(nil)
				})
			}
		}
	}
	lies := []struct {
		name string
		tell func(*lab.Provider)
		want string
	}{
		{"another nonce", claim("nonce", "another"), "INVALID_CREDENTIALS"},
		{"no nonce", claim("nonce", nil), "INVALID_CREDENTIALS"},
		{"another audience", claim("aud", "another portal"), "INVALID_CREDENTIALS"},
		{"no audience", claim("aud", nil), "INVALID_CREDENTIALS"},
		{"two audiences and no party", claim("aud", []string{"portal", "another"}), "INVALID_CREDENTIALS"},
		{"another party", claim("azp", "another portal"), "INVALID_CREDENTIALS"},
		{"another issuer", claim("iss", "https://evil.example"), "INVALID_CREDENTIALS"},
		{"an issuer with a slash", claim("iss", lab.Issuer+"/"), "INVALID_CREDENTIALS"},
		{"no issuer", claim("iss", nil), "INVALID_CREDENTIALS"},
		{"expired", claim("exp", time.Now().Add(-time.Second).Unix()), "INVALID_CREDENTIALS"},
		{"no expiry", claim("exp", nil), "INVALID_CREDENTIALS"},
		{"issued tomorrow", claim("iat", time.Now().Add(24*time.Hour).Unix()), "INVALID_CREDENTIALS"},
		{"not valid yet", claim("nbf", time.Now().Add(24*time.Hour).Unix()), "INVALID_CREDENTIALS"},
		{"another access token", claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "INVALID_CREDENTIALS"},
		{"no subject", claim("sub", ""), "INVALID_CREDENTIALS"},
		{"an endless subject", claim("sub", strings.Repeat("a", 256)), "INVALID_CREDENTIALS"},
		{"a subject of two lines", claim("sub", "a\nb"), "INVALID_CREDENTIALS"},
		{"an address not verified", claim("email_verified", false), "INVALID_CREDENTIALS"},
		{"an address of which nothing is said", claim("email_verified", nil), "INVALID_CREDENTIALS"},
		{"an address verified in a way", claim("email_verified", 1), "INVALID_CREDENTIALS"},
		{"no address", claim("email", nil), "INVALID_CREDENTIALS"},
		{"an address elsewhere", claim("email", "nora@elsewhere.example"), "INVALID_CREDENTIALS"},
		{"an address beneath", claim("email", "nora@mail.example.com"), "INVALID_CREDENTIALS"},
		{"an address that contains ours", claim("email", "nora@example.com.evil.example"), "INVALID_CREDENTIALS"},
		{"two addresses", claim("email", "nora@evil.example,nora@example.com"), "INVALID_CREDENTIALS"},
		{"an address with a name", claim("email", "Nora <nora@example.com>"), "INVALID_CREDENTIALS"},
		{"claims of another form", claim("email", []string{"nora@example.com"}), "INVALID_CREDENTIALS"},
		{"not signed", func(p *lab.Provider) {
			p.Sign = func(c map[string]any) string {
				return lab.JWT(map[string]any{"alg": "none"}, c, func([]byte) []byte { return nil })
			}
		}, "INVALID_CREDENTIALS"},
		{"signed with the client's secret", secret("a secret of the client"), "INVALID_CREDENTIALS"},
		{"signed with the public key as a secret", secret("key-0"), "INVALID_CREDENTIALS"},
		{"signed by somebody else", func(p *lab.Provider) {
			evil := &lab.Provider{}
			evil.Rotate()
			p.Sign = func(c map[string]any) string { return evil.Signed(c) }
		}, "INVALID_CREDENTIALS"},
		{"signed and then altered", func(p *lab.Provider) {
			p.Sign = func(c map[string]any) string {
				signed := strings.Split(p.Signed(c), ".")
				c["email"] = "olive@example.com"
				return strings.Join([]string{signed[0], strings.Split(p.Signed(c), ".")[1], signed[2]}, ".")
			}
		}, "INVALID_CREDENTIALS"},
		{"no ID token", func(p *lab.Provider) { p.Sign = func(map[string]any) string { return "" } }, "INVALID_CREDENTIALS"},
		{"no JWT", func(p *lab.Provider) { p.Sign = func(map[string]any) string { return "a.b.c" } }, "INVALID_CREDENTIALS"},
		{"an endless ID token", func(p *lab.Provider) {
			p.Sign = func(c map[string]any) string { c["more"] = strings.Repeat("a", 64<<10); return p.Signed(c) }
		}, "INVALID_CREDENTIALS"},
		{"an error in HTML", at("POST", "/token", func(r *http.Request) (*http.Response, error) {
			return lab.Reply(r, 400, html, "<script>alert('provider')</script>"), nil
		}), "INVALID_CREDENTIALS"},
		{"a token endpoint that broke", at("POST", "/token", func(r *http.Request) (*http.Response, error) { return lab.Reply(r, 503, html, "provider's"), nil }), "RATE_LIMITED"},
		{"a token endpoint that is away", at("POST", "/token", func(*http.Request) (*http.Response, error) { return nil, errors.New("provider is away") }), "RATE_LIMITED"},
		{"a token endpoint that leads elsewhere", at("POST", "/token", func(r *http.Request) (*http.Response, error) {
			a := lab.Reply(r, 307, html, "")
			a.Header.Set("Location", "https://evil.example/token")
			return a, nil
		}), "INVALID_CREDENTIALS"},
		{"an endless answer", at("POST", "/token", func(r *http.Request) (*http.Response, error) {
			return lab.Reply(r, 200, "application/json", `{"access_token": "`+strings.Repeat("a", 1<<20)), nil
		}), "RATE_LIMITED"},
		{"keys that are away", at("GET", "/keys", func(*http.Request) (*http.Response, error) { return nil, errors.New("provider is away") }), "INVALID_CREDENTIALS"},
	}
	for _, tc := range lies {
		t.Run(tc.name, func(t *testing.T) {
			w := lab.New(t, dbtest.SQLite(t))
			b := newBrowser(w)
			code, state := w.Provider.SignIn(b.start(nil), "s1", proved("nora@example.com"))
			tc.tell(w.Provider)
			a := b.finish(code, state)
			codes(t, a, tc.want)
			if n := w.DB.Client.User.Query().CountX(t.Context()) + w.DB.Client.Session.Query().CountX(t.Context()) + w.DB.Client.Identity.Query().CountX(t.Context()); n != 0 {
				t.Errorf("%d rows came of it", n)
			}
			if b.jar[sessionCookie] != "" || bytes.Contains(a.Body, []byte("provider")) || bytes.Contains(a.Body, []byte("evil")) {
				t.Errorf("%s", a.Body)
			}
			w.Provider.Sign, w.Provider.Answer = nil, nil
			codes(t, b.finish(code, state), "INVALID_TOKEN") // a state counts once
			codes(t, b.come("s1", proved("nora@example.com")))
		})
	}
}

// What discovery tells is judged before anybody is sent there.
func TestLiesOfDiscovery(t *testing.T) {
	const path = "/.well-known/openid-configuration"
	set := func(name string, v any) func(*lab.Provider) {
		return func(p *lab.Provider) { p.Config = func(c map[string]any) { c[name] = v } }
	}
	answer := func(f func(*http.Request) (*http.Response, error)) func(*lab.Provider) {
		return func(p *lab.Provider) {
			p.Answer = func(r *http.Request) (*http.Response, error) {
				if r.URL.Host != "id.example" {
					t.Errorf("somebody else is asked: %s", r.URL)
				}
				return f(r)
			}
		}
	}
	for _, tc := range []struct {
		name string
		tell func(*lab.Provider)
	}{
		{"another issuer", set("issuer", "https://evil.example")},
		{"a page elsewhere", set("authorization_endpoint", "https://evil.example/authorize")},
		{"a script for a page", set("authorization_endpoint", "javascript:alert(1)")},
		{"a page without encryption", set("authorization_endpoint", "http://id.example/authorize")},
		{"no page", set("authorization_endpoint", nil)},
		{"a token endpoint elsewhere", set("token_endpoint", "http://169.254.169.254/token")},
		{"a token endpoint at another port", set("token_endpoint", "https://id.example:8443/token")},
		{"a token endpoint with a user", set("token_endpoint", "https://id.example@evil.example/token")},
		{"keys elsewhere", set("jwks_uri", "https://evil.example/keys")},
		{"away", answer(func(*http.Request) (*http.Response, error) { return nil, errors.New("away") })},
		{"broken", answer(func(r *http.Request) (*http.Response, error) { return lab.Reply(r, 500, "text/html", "broken"), nil })},
		{"elsewhere", answer(func(r *http.Request) (*http.Response, error) {
			a := lab.Reply(r, 302, "text/html", "")
			a.Header.Set("Location", "https://evil.example"+path)
			return a, nil
		})},
		{"endless", set("more", strings.Repeat("a", 1<<20))},
		{"not JSON", answer(func(r *http.Request) (*http.Response, error) { return lab.Reply(r, 200, "text/html", "<html>"), nil })},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := lab.New(t, dbtest.SQLite(t))
			tc.tell(w.Provider)
			b := newBrowser(w)
			a := b.ask(start, map[string]any{"input": map[string]any{"provider": "acme"}})
			codes(t, a, "RATE_LIMITED")
			if a.Get("data.startOpenIdSignIn.url") != nil || b.jar[bindingCookie] != "" || w.DB.Client.Ceremony.Query().CountX(t.Context()) != 0 ||
				a.String("data.startOpenIdSignIn.errors.0.message") != "Acme does not answer. Begin again in a moment." {
				t.Errorf("%s", a.Body)
			}
		})
	}
}

// A provider that is away keeps nothing from starting, is left alone for a while, is
// found again, and is believed for a day.
func TestAway(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		b := newBrowser(w)
		try := func() []string {
			return b.ask(start, map[string]any{"input": map[string]any{"provider": "acme"}}).Codes()
		}
		if n := len(w.Provider.Asked()); n != 0 {
			t.Fatalf("asked %d times before anybody came", n)
		}
		if b.ask(`{ signInProviders { key label } }`, nil).String("data.signInProviders.0.key") != "acme" || len(w.Provider.Asked()) != 0 {
			t.Error("the list of providers asks them")
		}
		w.Provider.Answer = func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done() // says nothing
			return nil, r.Context().Err()
		}
		began := time.Now()
		if got := try(); len(got) != 1 || time.Since(began) > 5*time.Second {
			t.Errorf("%v after %s", got, time.Since(began))
		}
		n, began := len(w.Provider.Asked()), time.Now()
		for range 50 {
			if got := try(); len(got) != 1 || got[0] != "RATE_LIMITED" {
				t.Errorf("%v", got)
			}
		}
		if len(w.Provider.Asked()) != n || time.Since(began) > 0 {
			t.Errorf("%d more questions in %s", len(w.Provider.Asked())-n, time.Since(began))
		}
		// One question that fails is asked again at once.
		time.Sleep(6 * time.Second)
		failed := 0
		w.Provider.Answer = func(r *http.Request) (*http.Response, error) {
			if failed++; failed == 1 {
				return nil, errors.New("cut off")
			}
			return nil, nil
		}
		if got := try(); len(got) != 0 || failed != 2 {
			t.Errorf("%v after %d questions", got, failed)
		}
		try()
		if failed != 2 {
			t.Error("discovery is done for everybody")
		}
		time.Sleep(25 * time.Hour)
		w.Provider.Answer = func(*http.Request) (*http.Response, error) { failed++; return nil, errors.New("away") }
		if got := try(); len(got) != 0 || failed != 4 {
			t.Errorf("what was known yesterday is forgotten: %v after %d questions", got, failed)
		}
	})
}

// A state is for the browser that began, once, and for ten minutes.
func TestState(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		claims := proved("nora@example.com")

		// A stranger's link signs nobody in, and does not even use the state up.
		attacker, victim := newBrowser(w), newBrowser(w)
		code, state := w.Provider.SignIn(attacker.start(nil), "attacker", proved("attacker@example.com"))
		asked := len(w.Provider.Asked())
		codes(t, victim.finish(code, state), "INVALID_TOKEN")
		victim.start(nil) // with a cookie of its own
		codes(t, victim.finish(code, state), "INVALID_TOKEN")
		if victim.who() != "" || len(w.Provider.Asked()) != asked {
			t.Error("a stranger's answer is looked at")
		}
		codes(t, attacker.finish(code, state))
		codes(t, attacker.finish(code, state), "INVALID_TOKEN")

		// Two tabs at once.
		b := newBrowser(w)
		one, two := b.start(nil), b.start(map[string]any{"returnTo": "/two"})
		codeTwo, stateTwo := w.Provider.SignIn(two, "s1", claims)
		codeOne, stateOne := w.Provider.SignIn(one, "s1", claims)
		codes(t, b.finish(codeTwo, stateOne), "INVALID_CREDENTIALS") // crossed
		if a := b.finish(codeTwo, stateTwo); len(a.Codes()) != 1 {
			t.Errorf("a code that was given back already: %s", a.Body)
		}
		codes(t, b.finish(codeOne, stateOne), "INVALID_TOKEN")
		one, two = b.start(nil), b.start(nil)
		codes(t, b.finish(w.Provider.SignIn(two, "s1", claims)))
		codes(t, b.finish(w.Provider.SignIn(one, "s1", claims)))

		// Time.
		url := b.start(nil)
		time.Sleep(10*time.Minute - time.Millisecond)
		codes(t, b.finish(w.Provider.SignIn(url, "s1", claims)))
		url = b.start(nil)
		time.Sleep(10 * time.Minute)
		codes(t, b.finish(w.Provider.SignIn(url, "s1", claims)), "INVALID_TOKEN")
		if n, err := w.Sessions.Sweep(t.Context()); err != nil || n == 0 || w.DB.Client.Ceremony.Query().CountX(t.Context()) != 0 {
			t.Errorf("%d swept: %v", n, err)
		}

		// Nonsense.
		for _, bad := range []string{"", "x", "cer_00000000000000000000000000", strings.Repeat("a", 5000)} {
			codes(t, b.finish("code", bad), "INVALID_TOKEN")
		}
		for _, bad := range []string{"", strings.Repeat("a", 5000), "a\nb"} {
			_, state := w.Provider.SignIn(b.start(nil), "s1", claims)
			codes(t, b.finish(bad, state), "INVALID_CREDENTIALS")
		}
	})
}

// What binds an answer to its question comes from chance, each time anew, and from both:
// whoever knows the state cannot work out nonce and PKCE verifier without what the
// browser keeps, and what one browser is asked twice has nothing in common.
func TestQuestionsAreFresh(t *testing.T) {
	type asked struct{ binding, state, nonce, challenge string }
	begin := func(seed uint64, binding string) (out asked) {
		t.Helper()
		t.Run(fmt.Sprint(seed, binding), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { // every one at the same instant
				b := newBrowser(lab.New(t, dbtest.SQLite(t)))
				if binding != "" {
					b.jar[bindingCookie] = binding
				}
				cryptotest.SetGlobalRandom(t, seed)
				q := httptest.NewRequest("GET", b.start(nil), nil).URL.Query()
				out = asked{b.jar[bindingCookie], q.Get("state"), q.Get("nonce"), q.Get("code_challenge")}
			})
		})
		for what, v := range map[string]string{"the binding": out.binding, "the nonce": out.nonce, "the challenge": out.challenge} {
			if raw, err := base64.RawURLEncoding.DecodeString(v); err != nil || len(raw) != 32 {
				t.Errorf("%s is %q, and no 256 bits", what, v)
			}
		}
		return out
	}
	x, y := strings.Repeat("x", 42)+"A", strings.Repeat("y", 42)+"A"
	one, same := begin(1, x), begin(1, y)
	if one.state != same.state || one.nonce == same.nonce || one.challenge == same.challenge {
		t.Errorf("the state gives away what is asked: %v, %v", one, same)
	}
	for name, pair := range map[string][2]asked{"one browser": {one, begin(2, x)}, "two browsers": {begin(3, ""), begin(4, "")}} {
		a, b := pair[0], pair[1]
		if a.state == b.state || a.nonce == b.nonce || a.challenge == b.challenge || a.nonce == a.challenge {
			t.Errorf("%s is asked the same: %v, %v", name, a, b)
		}
		if name == "two browsers" && a.binding == b.binding {
			t.Errorf("they have one binding, %s", a.binding)
		}
	}
}

// Of a provider that says nothing of it addresses are verified only where the operator
// says so. What it does say counts, and so do its domains.
func TestVerifiedUnsaid(t *testing.T) {
	for _, tc := range []struct {
		name     string
		trusted  bool
		email    string
		verified any // nil for nothing said
		want     []string
	}{
		{"nothing said", false, "nora@example.com", nil, []string{"INVALID_CREDENTIALS"}},
		{"nothing said, and trusted", true, "nora@example.com", nil, nil},
		{"said not to be", true, "nora@example.com", false, []string{"INVALID_CREDENTIALS"}},
		{"said not to be, in words", true, "nora@example.com", "false", []string{"INVALID_CREDENTIALS"}},
		{"said in a way", true, "nora@example.com", 1, []string{"INVALID_CREDENTIALS"}},
		{"another domain", true, "nora@elsewhere.example", nil, []string{"INVALID_CREDENTIALS"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := lab.New(t, dbtest.SQLite(t), func(p *cli.Parts) { p.OpenIDConfig.Providers[0].AddressesVerified = tc.trusted })
			said := map[string]any{"email": tc.email, "name": "Nora"}
			if tc.verified != nil {
				said["email_verified"] = tc.verified
			}
			codes(t, newBrowser(w).come("s1", said), tc.want...)
		})
	}
}

// Nothing in the database helps to finish somebody's sign-in.
func TestNothingToSteal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		b := newBrowser(w)
		url := b.start(nil)
		everything := dbtest.Dump(t, d)
		q := httptest.NewRequest("GET", url, nil).URL.Query()
		for _, secret := range []string{b.jar[bindingCookie], q.Get("nonce"), q.Get("code_challenge")} {
			if secret == "" || strings.Contains(everything, secret) {
				t.Errorf("%q is in the database", secret)
			}
		}
		w.Provider.SignIn(url, "s1", proved("nora@example.com"))
	})
}

// The provider is told this portal's configured address, whatever a request says.
func TestRedirectURI(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	body, _ := json.Marshal(map[string]any{"query": start, "variables": map[string]any{"input": map[string]any{"provider": "acme"}}})
	r := httptest.NewRequest("POST", lab.Public+"/graphql", bytes.NewReader(body))
	r.Host = "evil.example"
	for _, h := range []string{"X-Forwarded-Host", "Forwarded", "X-Original-URL", "X-Forwarded-Proto"} {
		r.Header.Set(h, "evil.example")
	}
	r.Header.Set("Content-Type", "application/json")
	if url := w.Do(r).String("data.startOpenIdSignIn.url"); !strings.Contains(url, "redirect_uri=https%3A%2F%2Fportal.example%2Fopenid%2Fcallback&") || strings.Contains(url, "evil") {
		t.Errorf("%s", url)
	}
	b := newBrowser(w)
	for uri, want := range map[string][]string{lab.AppRedirect: nil, lab.Public + openid.CallbackPage: nil, "https://evil.example/": {"BAD_INPUT"},
		lab.AppRedirect + "/x": {"BAD_INPUT"}, "COM.example.app:/openid": {"BAD_INPUT"}} {
		codes(t, b.ask(start, map[string]any{"input": map[string]any{"provider": "acme", "redirectUri": uri}}), want...)
	}
	codes(t, b.ask(start, map[string]any{"input": map[string]any{"provider": "none"}}), "NOT_FOUND")
	codes(t, b.ask(start, map[string]any{"input": map[string]any{"provider": "acme", "returnTo": "//evil.example"}}), "BAD_INPUT")
}

// An app finishes with the secret that it was given at the start.
func TestApp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		begin := func() (lab.Answer, string, string) {
			a := w.Ask(lab.Nobody, start, map[string]any{"input": map[string]any{"provider": "acme", "delivery": "TOKEN", "redirectUri": lab.AppRedirect}})
			if a.Header.Get("Set-Cookie") != "" {
				t.Errorf("an app is given a cookie: %s", a.Header)
			}
			code, state := w.Provider.SignIn(a.String("data.startOpenIdSignIn.url"), "s1", proved("nora@example.com"))
			return a, code, state
		}
		a, code, state := begin()
		binding := a.String("data.startOpenIdSignIn.binding")
		finishing := func(code, state, binding string) lab.Answer {
			return w.Ask(lab.Nobody, finish, map[string]any{"input": map[string]any{"code": code, "state": state, "binding": binding}})
		}
		_, _, other := begin()
		codes(t, finishing(code, state, ""), "INVALID_TOKEN")
		codes(t, finishing(code, other, binding), "INVALID_TOKEN") // another start of the same app
		a = finishing(code, state, binding)
		codes(t, a)
		token := a.String("data.finishOpenIdSignIn.token")
		if a.Header.Get("Set-Cookie") != "" || w.AskWith(token, `{ viewer { email } }`, nil).String("data.viewer.email") != "nora@example.com" {
			t.Errorf("%s %s", a.Header, a.Body)
		}
	})
}

// The answer's issuer is compared where it is told (RFC 9207).
func TestIssuerOfAnswer(t *testing.T) {
	for _, tc := range []struct {
		announced bool
		issuer    any
		want      []string
	}{
		{false, nil, nil}, {false, lab.Issuer, nil}, {false, "https://evil.example", []string{"INVALID_CREDENTIALS"}},
		{true, nil, []string{"INVALID_CREDENTIALS"}}, {true, lab.Issuer, nil},
	} {
		w := lab.New(t, dbtest.SQLite(t))
		w.Provider.Config = func(c map[string]any) { c["authorization_response_iss_parameter_supported"] = tc.announced }
		b := newBrowser(w)
		code, state := w.Provider.SignIn(b.start(nil), "s1", proved("nora@example.com"))
		codes(t, b.ask(finish, map[string]any{"input": map[string]any{"code": code, "state": state, "issuer": tc.issuer}}), tc.want...)
	}
}

// Keys change between two sign-ins, and while nobody looks.
func TestKeysChange(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	for range 3 {
		codes(t, newBrowser(w).come("s1", proved("nora@example.com")))
		w.Provider.Rotate()
	}
	fetched := 0
	for _, q := range w.Provider.Asked() {
		if q == "GET /keys" {
			fetched++
		}
	}
	if fetched != 3 {
		t.Errorf("keys were fetched %d times", fetched)
	}
}

// However many finish at once, a state makes one session, and a person one user.
func TestRaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		const clients = 16
		race := func(each func(n int) lab.Answer) (good int) {
			var wg sync.WaitGroup
			var mu sync.Mutex
			gate := make(chan struct{})
			for n := range clients {
				wg.Go(func() {
					<-gate
					if a := each(n); len(a.Codes()) == 0 {
						mu.Lock()
						defer mu.Unlock()
						good++
					}
				})
			}
			close(gate)
			wg.Wait()
			return good
		}
		app := func() map[string]any {
			a := w.Ask(lab.Nobody, start, map[string]any{"input": map[string]any{"provider": "acme", "delivery": "TOKEN"}})
			code, state := w.Provider.SignIn(a.String("data.startOpenIdSignIn.url"), "s1", proved("nora@example.com"))
			return map[string]any{"input": map[string]any{"code": code, "state": state, "binding": a.String("data.startOpenIdSignIn.binding")}}
		}
		// One state, many submissions.
		one := app()
		if good := race(func(int) lab.Answer { return w.AskWith("", finish, one) }); good != 1 {
			t.Errorf("a state was taken %d times", good)
		}
		if asked := strings.Count(strings.Join(w.Provider.Asked(), "\n"), "POST /token"); asked != 1 {
			t.Errorf("the provider was asked %d times", asked)
		}
		w.DB.Client.User.Delete().ExecX(t.Context())
		// A new person in many browsers.
		inputs := make([]map[string]any, clients)
		for n := range inputs {
			inputs[n] = app()
		}
		if good := race(func(n int) lab.Answer { return w.AskWith("", finish, inputs[n]) }); good != clients {
			t.Errorf("%d of %d were refused", clients-good, clients)
		}
		if n := w.DB.Client.Session.Query().CountX(t.Context()); n != clients {
			t.Errorf("%d of %d came in", n, clients)
		}
		if u, i := w.DB.Client.User.Query().CountX(t.Context()), w.DB.Client.Identity.Query().CountX(t.Context()); u != 1 || i != 1 {
			t.Errorf("%d users, %d identities", u, i)
		}
		// One link, many clicks.
		w.DB.Client.Identity.Delete().ExecX(t.Context())
		nora := w.DB.Client.User.Query().OnlyX(t.Context())
		p := w.SignIn(nora)
		in := app()
		pending := w.AskWith("", finish, in).String("data.finishOpenIdSignIn.pendingLink.id")
		binding := in["input"].(map[string]any)["binding"]
		linking := map[string]any{"input": map[string]any{"linkId": pending, "binding": binding}}
		if good := race(func(int) lab.Answer { return w.AskWith(p.Token, link, linking) }); good != 1 {
			t.Errorf("a link was taken %d times", good)
		}
		if n := w.DB.Client.Identity.Query().Where(identity.UserID(nora.ID)).CountX(t.Context()); n != 1 {
			t.Errorf("%d identities", n)
		}
		if n := w.DB.Client.Ceremony.Query().Where(ceremony.KindEQ(ceremony.KindOPENID)).CountX(t.Context()); n != 0 {
			t.Errorf("%d ceremonies are left", n)
		}
	})
}

// Starts and finishes are counted by network, each for itself.
func TestBudgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := lab.New(t, dbtest.SQLite(t))
		b := newBrowser(w)
		for name, ask := range map[string]func() lab.Answer{
			"start":  func() lab.Answer { return b.ask(start, map[string]any{"input": map[string]any{"provider": "none"}}) },
			"finish": func() lab.Answer { return b.finish("code", "state") },
		} {
			n := 0
			for n < 400 && !strings.Contains(string(ask().Body), "RATE_LIMITED") {
				n++
			}
			if n != 300 {
				t.Errorf("%s: %d in no time", name, n)
			}
		}
	})
}
