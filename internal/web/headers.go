package web

import (
	"net/http"
)

// pagePolicy lets our pages load what is served beside them and nothing else: no
// inline code, no eval. A page that needs more sets its own.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// securityHeaders sets what browsers are to forbid. A handler may replace a
// header for its own answer. The values are made once, under canonical keys; who
// adds to one gets a copy.
func (c *chain) securityHeaders(next http.Handler) http.Handler {
	names, values := []string{
		"Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
		"Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
	}, [][]string{
		{pagePolicy}, {"nosniff"}, {"DENY"}, {"no-referrer"},
		{"same-origin"}, {"same-origin"}, {"camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
	}
	if c.https {
		names, values = append(names, "Strict-Transport-Security"), append(values, []string{"max-age=31536000"})
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		for i, name := range names {
			h[name] = values[i]
		}
		next.ServeHTTP(w, r)
	})
}
