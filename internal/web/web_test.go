package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"tenantry/internal/web"
)

// newHandler wraps next in the chain, at https://portal.example unless o says
// otherwise.
func newHandler(t *testing.T, o web.Options, next http.HandlerFunc) http.Handler {
	t.Helper()
	if o.PublicURL == nil {
		o.PublicURL = &url.URL{Scheme: "https", Host: "portal.example"}
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	chain, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return chain(next)
}

func request(method, target string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func serve(h http.Handler, r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

// Invariant 29.
func TestCrossOrigin(t *testing.T) {
	const cookie, bearer = "__Host-tenantry=t", "Bearer t"
	for _, tc := range []struct {
		name    string
		method  string
		headers []string
		refused bool
	}{
		{"same origin", "POST", []string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin", "Origin", "https://portal.example"}, false},
		{"same origin, old browser", "POST", []string{"Cookie", cookie, "Origin", "https://portal.example"}, false},
		{"typed by the user", "POST", []string{"Cookie", cookie, "Sec-Fetch-Site", "none"}, false},
		{"no browser", "POST", []string{"Cookie", cookie}, false},
		{"cross-site", "POST", []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site"}, true},
		{"cross-site with our origin", "POST", []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, true},
		{"another host of the site", "POST", []string{"Cookie", cookie, "Sec-Fetch-Site", "same-site", "Origin", "https://shop.portal.example"}, true},
		{"foreign origin", "POST", []string{"Cookie", cookie, "Origin", "https://evil.example"}, true},
		{"foreign origin said to be ours", "POST", []string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin", "Origin", "https://evil.example"}, true},
		{"our host at another port", "POST", []string{"Cookie", cookie, "Origin", "https://portal.example:8443"}, true},
		{"null origin", "POST", []string{"Cookie", cookie, "Origin", "null"}, true},
		{"null origin with JSON said to be ours", "POST", []string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin", "Origin", "null", "Content-Type", "application/json"}, true},
		{"null origin of our form", "POST", []string{"Cookie", cookie, "Sec-Fetch-Site", "same-origin", "Origin", "null", "Content-Type", "application/x-www-form-urlencoded"}, false},
		{"allowed origin", "POST", []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://app.example"}, false},
		{"allowed origin, old browser", "POST", []string{"Cookie", cookie, "Origin", "https://app.example"}, false},
		{"allowed host without tls", "POST", []string{"Cookie", cookie, "Origin", "http://app.example"}, true},
		{"signing a visitor in", "POST", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, true},
		{"bearer", "POST", []string{"Authorization", bearer, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, false},
		{"bearer beside a cookie", "POST", []string{"Authorization", bearer, "Cookie", cookie, "Origin", "https://evil.example"}, false},
		{"basic is no bearer", "POST", []string{"Authorization", "Basic t", "Cookie", cookie, "Origin", "https://evil.example"}, true},
		{"reading", "GET", []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, false},
		{"other methods", "DELETE", []string{"Cookie", cookie, "Sec-Fetch-Site", "cross-site"}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ran := false
			h := newHandler(t, web.Options{Origins: []string{"https://app.example"}}, func(http.ResponseWriter, *http.Request) { ran = true })
			res := serve(h, request(tc.method, "https://portal.example/graphql", tc.headers...))
			if ran == tc.refused || tc.refused && res.StatusCode != http.StatusForbidden {
				t.Errorf("ran: %v, status %d, want refused: %v", ran, res.StatusCode, tc.refused)
			}
			if tc.refused {
				body, _ := io.ReadAll(res.Body)
				if !strings.Contains(string(body), `"code":"FORBIDDEN"`) {
					t.Errorf("body %s", body)
				}
			}
		})
	}
}

func TestOriginsAreChecked(t *testing.T) {
	for _, origin := range []string{"*", "https://*.example.com", "app.example", "https://app.example/path", ""} {
		_, err := web.New(web.Options{PublicURL: &url.URL{Scheme: "https", Host: "portal.example"}, Origins: []string{origin}})
		if err == nil {
			t.Errorf("%q is accepted", origin)
		}
	}
}

func TestCORS(t *testing.T) {
	for _, tc := range []struct {
		name, origin, want string
		origins            []string
	}{
		{"allowed", "https://app.example", "https://app.example", []string{"https://app.example"}},
		{"foreign", "https://evil.example", "", []string{"https://app.example"}},
		{"nobody is allowed", "https://app.example", "", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := newHandler(t, web.Options{Origins: tc.origins}, func(w http.ResponseWriter, _ *http.Request) {})
			preflight := serve(h, request("OPTIONS", "https://portal.example/graphql", "Origin", tc.origin,
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "authorization,content-type"))
			read := serve(h, request("GET", "https://portal.example/graphql", "Origin", tc.origin))
			for _, res := range []*http.Response{preflight, read} {
				if got := res.Header.Get("Access-Control-Allow-Origin"); got != tc.want {
					t.Errorf("allows %q, want %q", got, tc.want)
				}
			}
			if got := preflight.Header.Get("Access-Control-Allow-Credentials"); (got == "true") != (tc.want != "") {
				t.Errorf("credentials: %q", got)
			}
		})
	}
}

func TestCredential(t *testing.T) {
	for _, tc := range []struct {
		name    string
		headers []string
		want    *web.Credential
	}{
		{"nobody", nil, nil},
		{"cookie", []string{"Cookie", "a=b; __Host-tenantry=t"}, &web.Credential{Token: "t"}},
		{"cookie without its prefix", []string{"Cookie", "tenantry=t"}, nil},
		{"empty cookie", []string{"Cookie", "__Host-tenantry="}, nil},
		{"two cookies", []string{"Cookie", "__Host-tenantry=t; __Host-tenantry=u"}, nil},
		{"two cookie headers", []string{"Cookie", "__Host-tenantry=t", "Cookie", "__Host-tenantry=t"}, nil},
		{"bearer", []string{"Authorization", "Bearer t"}, &web.Credential{Token: "t", Bearer: true}},
		{"bearer in other letters", []string{"Authorization", "bEARER t"}, &web.Credential{Token: "t", Bearer: true}},
		{"both", []string{"Authorization", "Bearer t", "Cookie", "__Host-tenantry=u"}, &web.Credential{Token: "t", Bearer: true}},
		{"empty bearer", []string{"Authorization", "Bearer", "Cookie", "__Host-tenantry=u"}, &web.Credential{Bearer: true}},
		{"two bearers", []string{"Authorization", "Bearer t", "Authorization", "Bearer u"}, &web.Credential{Bearer: true}},
		{"basic before a bearer", []string{"Authorization", "Basic t", "Authorization", "Bearer u"}, &web.Credential{Bearer: true}},
		{"basic", []string{"Authorization", "Basic t", "Cookie", "__Host-tenantry=u"}, &web.Credential{Token: "u"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got *web.Credential
			h := newHandler(t, web.Options{Authenticate: func(ctx context.Context, c web.Credential) context.Context {
				got = &c
				return ctx
			}}, func(http.ResponseWriter, *http.Request) {})
			serve(h, request("GET", "/graphql", tc.headers...))
			if (got == nil) != (tc.want == nil) || got != nil && *got != *tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
		})
	}
}

// Invariant 30.
func TestSessionCookie(t *testing.T) {
	local := &url.URL{Scheme: "http", Host: "127.0.0.1:8080"}
	set := func(ctx context.Context) error { return web.SetSession(ctx, "token", time.Hour) }
	for _, tc := range []struct {
		name   string
		public *url.URL
		calls  []func(context.Context) error
		want   []string
	}{
		{"none", nil, nil, nil},
		{"set", nil, []func(context.Context) error{set}, []string{"__Host-tenantry=token; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax"}},
		{"cleared", nil, []func(context.Context) error{web.ClearSession}, []string{"__Host-tenantry=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"}},
		{"a dead one replaced", nil, []func(context.Context) error{web.ClearSession, set}, []string{"__Host-tenantry=token; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax"}},
		{"on plain http", local, []func(context.Context) error{set}, []string{"tenantry=token; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"}},
	} {
		for how, answer := range map[string]func(http.ResponseWriter){
			"by body":   func(w http.ResponseWriter) { _, _ = w.Write([]byte("body")) },
			"by status": func(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) },
			"by flush":  func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() },
			"not":       func(http.ResponseWriter) {},
		} {
			t.Run(tc.name+", answered "+how, func(t *testing.T) {
				h := newHandler(t, web.Options{PublicURL: tc.public}, func(w http.ResponseWriter, r *http.Request) {
					for _, call := range tc.calls {
						if err := call(r.Context()); err != nil {
							t.Error(err)
						}
					}
					answer(w)
				})
				if got := serve(h, request("POST", "/graphql")).Header.Values("Set-Cookie"); !slices.Equal(got, tc.want) {
					t.Errorf("got %q, want %q", got, tc.want)
				}
			})
		}
	}
	t.Run("too late", func(t *testing.T) {
		h := newHandler(t, web.Options{}, func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte("under way"))
			if err := set(r.Context()); err != web.ErrTooLate {
				t.Errorf("got %v", err)
			}
		})
		serve(h, request("POST", "/graphql"))
	})
	if set(context.Background()) == nil {
		t.Error("a cookie without a request")
	}
}

func TestClientAddr(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	for _, tc := range []struct {
		name, peer string
		forwarded  []string
		want       string
	}{
		{"direct", "192.0.2.1:1234", nil, "192.0.2.1"},
		{"direct with an invention", "192.0.2.1:1234", []string{"198.51.100.7"}, "192.0.2.1"},
		{"proxy alone", "10.0.0.1:1234", nil, "10.0.0.1"},
		{"one proxy", "10.0.0.1:1234", []string{"198.51.100.7"}, "198.51.100.7"},
		{"two proxies", "10.0.0.1:1234", []string{"198.51.100.7, 10.0.0.2"}, "198.51.100.7"},
		{"two headers", "10.0.0.1:1234", []string{"198.51.100.7", "10.0.0.2"}, "198.51.100.7"},
		{"an invention to the left", "10.0.0.1:1234", []string{"203.0.113.9, 198.51.100.7"}, "198.51.100.7"},
		{"an invented proxy to the left", "10.0.0.1:1234", []string{"10.9.9.9, 198.51.100.7"}, "198.51.100.7"},
		{"all are proxies", "10.0.0.1:1234", []string{"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},
		{"nonsense", "10.0.0.1:1234", []string{"198.51.100.7, unknown"}, "10.0.0.1"},
		{"with ports", "10.0.0.1:1234", []string{"198.51.100.7:99, 10.0.0.2:98"}, "198.51.100.7"},
		{"version 6", "[fd00::1]:1234", []string{"[2001:db8::7]:99"}, "2001:db8::7"},
		{"version 6 in brackets", "[fd00::1]:1234", []string{"[2001:db8::7]"}, "2001:db8::7"},
		{"version 4 in 6", "[::ffff:10.0.0.1]:1234", []string{"::ffff:198.51.100.7"}, "198.51.100.7"},
		{"no address", "@", []string{"198.51.100.7"}, "invalid IP"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var got string
			h := newHandler(t, web.Options{Proxies: proxies}, func(_ http.ResponseWriter, r *http.Request) { got = web.ClientAddr(r.Context()).String() })
			r := request("GET", "/")
			r.RemoteAddr = tc.peer
			r.Header["X-Forwarded-For"] = tc.forwarded
			serve(h, r)
			if got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestRequestID(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for _, tc := range []struct {
		name, peer, given string
		taken             bool
	}{
		{"of a stranger", "192.0.2.1:1", "given-by-stranger", false},
		{"of a proxy", "10.0.0.1:1", "given-by-proxy", true},
		{"with a line break", "10.0.0.1:1", "given\nlevel=ERROR", false},
		{"none", "10.0.0.1:1", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var seen string
			h := newHandler(t, web.Options{Proxies: proxies}, func(_ http.ResponseWriter, r *http.Request) { seen = web.RequestID(r.Context()) })
			r := request("GET", "/")
			r.RemoteAddr = tc.peer
			r.Header["X-Request-Id"] = []string{tc.given}
			res := serve(h, r)
			if (seen == tc.given) != tc.taken || len(seen) < 8 || res.Header.Get("X-Request-Id") != seen {
				t.Errorf("seen %q, answered %q", seen, res.Header.Get("X-Request-Id"))
			}
		})
	}
}

func TestSecurityHeaders(t *testing.T) {
	get := func(public, path string) http.Header {
		u, _ := url.Parse(public)
		return serve(newHandler(t, web.Options{PublicURL: u}, func(http.ResponseWriter, *http.Request) {}), request("GET", path)).Header
	}
	page := get("https://portal.example", "/")
	for name, want := range map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security":    "max-age=31536000",
	} {
		if got := page.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	const csp = "Content-Security-Policy"
	if p := page.Get(csp); strings.Contains(p, "unsafe") || strings.Contains(p, "blob:") ||
		!strings.Contains(p, "frame-ancestors 'none'") || !strings.Contains(p, "default-src 'none'") {
		t.Errorf("policy of a page: %s", p)
	}
	for _, path := range []string{"/playground", "/playground/app.js", "/graphql"} {
		if p := get("https://portal.example", path).Get(csp); p != page.Get(csp) {
			t.Errorf("policy of %s, which asked for none of its own: %s", path, p)
		}
	}
	if got := get("http://127.0.0.1:8080", "/").Get("Strict-Transport-Security"); got != "" {
		t.Errorf("HSTS on plain http: %q", got)
	}
}

func TestRequestLog(t *testing.T) {
	var out bytes.Buffer
	h := newHandler(t, web.Options{Log: slog.New(slog.NewJSONHandler(&out, nil))}, func(w http.ResponseWriter, r *http.Request) {
		web.NameOperation(r.Context(), "InviteUsers")
		_ = web.SetSession(r.Context(), "SECRET-set", time.Hour)
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("SECRET-answer"))
	})
	r := httptest.NewRequest("POST", "https://portal.example/graphql?token=SECRET-query", strings.NewReader("SECRET-body"))
	r.Header.Set("Cookie", "__Host-tenantry=SECRET-cookie")
	r.Header.Set("Authorization", "Bearer SECRET-bearer")
	res := serve(h, r)
	if strings.Contains(out.String(), "SECRET") {
		t.Errorf("logged: %s", out.String())
	}
	var got map[string]any
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v: %s", err, out.String())
	}
	for name, want := range map[string]any{
		"method": "POST", "path": "/graphql", "status": 418.0, "bytes": 13.0,
		"operation": "InviteUsers", "request": res.Header.Get("X-Request-Id"),
	} {
		if got[name] != want {
			t.Errorf("%s: got %v, want %v", name, got[name], want)
		}
	}
	if _, ok := got["duration"]; !ok {
		t.Error("no duration")
	}
}

// Invariant 44.
func TestPanic(t *testing.T) {
	var out bytes.Buffer
	o := web.Options{Log: slog.New(slog.NewJSONHandler(&out, nil))}
	res := serve(newHandler(t, o, func(http.ResponseWriter, *http.Request) { panic("the password is hunter2") }), request("GET", "/graphql"))
	body, _ := io.ReadAll(res.Body)
	id := res.Header.Get("X-Request-Id")
	if want := `{"errors":[{"extensions":{"code":"INTERNAL","id":"` + id + `"},"message":"Something went wrong."}]}`; res.StatusCode != 500 || string(body) != want {
		t.Errorf("status %d, body %s", res.StatusCode, body)
	}
	if !strings.Contains(out.String(), "hunter2") || !strings.Contains(out.String(), id) {
		t.Errorf("the log tells nothing: %s", out.String())
	}
	t.Run("amid an answer", func(t *testing.T) {
		defer func() {
			if p := recover(); p != http.ErrAbortHandler {
				t.Errorf("recovered %v: the client would take half an answer for whole", p)
			}
		}()
		serve(newHandler(t, o, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte("half"))
			panic("again")
		}), request("GET", "/"))
	})
}

func TestBodyLimit(t *testing.T) {
	var err error
	h := newHandler(t, web.Options{MaxBody: 10}, func(_ http.ResponseWriter, r *http.Request) { _, err = io.ReadAll(r.Body) })
	for body, fits := range map[string]bool{"0123456789": true, "0123456789x": false} {
		serve(h, httptest.NewRequest("POST", "/", strings.NewReader(body)))
		if (err == nil) != fits {
			t.Errorf("%s: %v", body, err)
		}
	}
}
