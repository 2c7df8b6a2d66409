package web

import (
	"net/http"
	"net/url"
	"strings"

	"tenantry/internal/fault"
)

// sameOrigin refuses what a foreign page makes a browser send: requests that
// may change something and do not carry a bearer token, which no page could add
// unasked. Those without a cookie are judged as well, or a foreign page could
// sign a visitor in as somebody else.
func (c *chain) sameOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, bearer := bearerToken(r); !bearer && c.foreign(r) {
			refuse(w, http.StatusForbidden, fault.Forbidden, "This request comes from a page of another origin.", nil)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// foreign reports whether either of the two headers speaks of a foreign page.
// The library believes Sec-Fetch-Site and looks at Origin only without it.
func (c *chain) foreign(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	if c.fetch.Check(r) != nil {
		return true
	}
	origin := first(r.Header, "Origin")
	switch {
	case origin == "" || c.trusted[origin]:
		return false
	case origin == "null":
		// A form on a page without referrer says so too. Only a script can send
		// JSON, and scripts of ours have an origin.
		form := !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
		return !form || r.Header.Get("Sec-Fetch-Site") != "same-origin"
	}
	if c.https {
		return true // ours is trusted above, by scheme and host
	}
	u, err := url.Parse(origin)
	return err != nil || !strings.EqualFold(u.Host, r.Host)
}
