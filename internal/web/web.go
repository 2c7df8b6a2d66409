// Package web is what surrounds every HTTP request: who asks, from where, and what is told of it.
package web

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/rs/cors"

	"tenantry/internal/fault"
)

// Options say how the server is reached and who asks.
type Options struct {
	// PublicURL is the configured address of this server. It decides on
	// everything that depends on https, never a header of the request.
	PublicURL *url.URL
	// Origins are the foreign origins, such as "https://app.example.com", whose
	// pages may call this server with cookies. There are no wildcards.
	Origins []string
	// Proxies are the networks whose X-Forwarded-For and X-Request-Id are
	// believed.
	Proxies []netip.Prefix
	// Log takes one record for each request.
	Log *slog.Logger
	// Authenticate returns the context of a request that presents a credential.
	// It is not called for one that presents none.
	Authenticate func(context.Context, Credential) context.Context
	// MaxBody is the longest request body in bytes; 1 MB by default.
	MaxBody int64
}

// New returns the chain of middleware as one, outermost first: request id and
// client address, request log, recovery from panics, security headers, CORS,
// body limit, cross-origin protection, credential. It fails if an origin is not
// one.
func New(o Options) (func(http.Handler) http.Handler, error) {
	if o.MaxBody == 0 {
		o.MaxBody = 1 << 20
	}
	c := &chain{Options: o, https: o.PublicURL.Scheme == "https"}
	for _, origin := range append([]string{originOf(o.PublicURL)}, o.Origins...) {
		if err := c.trust(origin); err != nil {
			return nil, err
		}
	}
	share := func(next http.Handler) http.Handler { return next }
	if len(o.Origins) > 0 { // to the library none would mean all
		share = cors.New(cors.Options{
			AllowedOrigins:   o.Origins,
			AllowedMethods:   []string{http.MethodGet, http.MethodPost},
			AllowedHeaders:   []string{"Accept", "Authorization", "Content-Type"},
			ExposedHeaders:   []string{"Retry-After", requestIDHeader},
			AllowCredentials: true,
			MaxAge:           600, // seconds
		}).Handler
	}
	return func(next http.Handler) http.Handler {
		next = c.credential(next)
		next = c.sameOrigin(next)
		next = c.limitBody(next)
		next = share(next)
		next = c.securityHeaders(next)
		next = c.recover(next)
		next = c.log(next)
		return c.identify(next)
	}, nil
}

type chain struct {
	Options
	https   bool
	trusted map[string]bool // origins
	fetch   http.CrossOriginProtection
}

func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

func (c *chain) trust(origin string) error {
	if strings.Contains(origin, "*") {
		return fmt.Errorf("origin %q: name each origin, wildcards are not supported", origin)
	}
	if err := c.fetch.AddTrustedOrigin(origin); err != nil {
		return fmt.Errorf("origin %q: %w", origin, err)
	}
	if c.trusted == nil {
		c.trusted = map[string]bool{}
	}
	c.trusted[origin] = true
	return nil
}

func (c *chain) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, c.MaxBody)
		next.ServeHTTP(w, r)
	})
}

// refuse answers in the form of a GraphQL error, since nearly all who are
// refused here asked for /graphql.
func refuse(w http.ResponseWriter, status int, code fault.Code, message string, extensions map[string]string) {
	ext := map[string]string{"code": string(code)}
	for k, v := range extensions {
		ext[k] = v
	}
	body, _ := json.Marshal(map[string]any{"errors": []any{map[string]any{"message": message, "extensions": ext}}}) // strings always marshal
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}
