package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tenantry/internal/web"
)

// Whatever a stranger puts into the headers that say who asks, one credential counts at
// most: of a bearer token and a cookie the former, and of two that say the same none.
func FuzzCredential(f *testing.F) {
	token := strings.Repeat("a", 43)
	for _, seed := range [][4]string{
		{"Bearer " + token, "", "", ""}, {"bearer  x ", "", "__Host-tenantry=t", ""}, {"Basic x", "Bearer y", "__Host-tenantry=t", ""},
		{"", "", "__Host-tenantry=t; __Host-tenantry=u", ""}, {"", "", "__Host-tenantry=t", "__Host-tenantry=u"}, {"", "", `__Host-tenantry="t"`, ""},
		{"", "", "__Host-tenantry-device=" + token + "." + token + "..x", "__Host-tenantry-openid=b; a=b"}, {"Bearer\x00", "", "=;\x7f", "__host-tenantry=t"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	device := regexp.MustCompile(`^[\w-]{43}(\.[\w-]{43}){0,4}$`)
	fresh := strings.Repeat("b", 43)
	f.Fuzz(func(t *testing.T, authorization, another, cookies, more string) {
		var got []web.Credential
		var binding string
		h := newHandler(t, web.Options{Authenticate: func(ctx context.Context, c web.Credential) context.Context {
			got = append(got, c)
			return ctx
		}}, func(w http.ResponseWriter, r *http.Request) {
			binding = web.Binding(r.Context())
			if err := web.SetDevice(r.Context(), fresh); err != nil {
				t.Error(err)
			}
		})
		r := httptest.NewRequest("POST", "https://portal.example/graphql", nil)
		for name, values := range map[string][]string{"Authorization": {authorization, another}, "Cookie": {cookies, more}} {
			for _, v := range values {
				if v != "" {
					r.Header.Add(name, v)
				}
			}
		}
		bearer := slices.ContainsFunc([]string{authorization, another}, func(h string) bool {
			scheme, _, _ := strings.Cut(h, " ")
			return strings.EqualFold(scheme, "Bearer")
		})
		twice := func(name string) bool { return len(r.CookiesNamed(name)) > 1 }
		res := serve(h, r)
		if len(got) > 1 {
			t.Fatalf("%d credentials", len(got))
		}
		c := web.Credential{}
		if len(got) == 1 {
			c = got[0]
		}
		switch {
		case c.Bearer != bearer, c.Bearer && c.Device != "", c.Bearer && authorization != "" && another != "" && c.Token != "",
			!c.Bearer && c.Token != "" && twice("__Host-tenantry"), c.Device != "" && twice("__Host-tenantry-device"), binding != "" && twice("__Host-tenantry-openid"),
			strings.TrimSpace(c.Token) != c.Token && c.Bearer, strings.ContainsAny(c.Token+c.Device+binding, "\r\n") && !c.Bearer:
			t.Fatalf("%q, %q, %q and %q present %+v", authorization, another, cookies, more, c)
		}
		// Of what came, only device tokens go back, after the one that is new.
		set := res.Cookies()
		if len(set) != 1 || set[0].Name != "__Host-tenantry-device" || !device.MatchString(set[0].Value) || !strings.HasPrefix(set[0].Value, fresh) {
			t.Fatalf("%q is answered with %q", cookies, res.Header["Set-Cookie"])
		}
	})
}

// Whatever stands in X-Forwarded-For, only proxies that are trusted are believed, and
// only about whom they have seen themselves.
func FuzzForwardedFor(f *testing.F) {
	for _, s := range []string{"", "203.0.113.7", "1.2.3.4, 203.0.113.7", "203.0.113.7:80, 10.0.0.2", "[2001:db8::1]:443", "::ffff:10.0.0.9", "fe80::1%eth0", "unknown", ",,", "10.0.0.1, 10.0.0.2", "[[1.2.3.4]]"} {
		f.Add(s, "abcdefgh")
	}
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	f.Fuzz(func(t *testing.T, forwarded, id string) {
		client := func(peer, forwarded string) (addr netip.Addr, called string) {
			h := newHandler(t, web.Options{Proxies: proxies, PublicURL: &url.URL{Scheme: "https", Host: "portal.example"}}, func(_ http.ResponseWriter, r *http.Request) {
				addr, called = web.ClientAddr(r.Context()), web.RequestID(r.Context())
			})
			r := httptest.NewRequest("GET", "https://portal.example/", nil)
			r.RemoteAddr = peer
			r.Header["X-Forwarded-For"], r.Header["X-Request-Id"] = []string{forwarded}, []string{id}
			serve(h, r)
			return addr, called
		}
		if got, called := client("192.0.2.1:99", forwarded); got != netip.MustParseAddr("192.0.2.1") || called == id {
			t.Fatalf("%q makes a stranger %s, %q", forwarded, got, called)
		}
		got, called := client("10.1.2.3:99", forwarded)
		if !got.IsValid() || got.Zone() != "" || got.Is4In6() || !regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`).MatchString(called) {
			t.Fatalf("%q makes a client %s, %q", forwarded, got, called)
		}
		// What is left of the address that the proxy has seen may be invented.
		if again, _ := client("10.1.2.3:99", "198.51.100.9,"+forwarded); again != got && proxies[0].Contains(got) == false {
			t.Fatalf("%q makes a client %s, and with an invention %s", forwarded, got, again)
		}
	})
}
