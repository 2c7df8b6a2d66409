package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"tenantry/internal/fault"
)

const requestIDHeader = "X-Request-Id"

// request is what the chain knows of a request besides net/http.
type request struct {
	id      string
	addr    netip.Addr
	name    string // of the session cookie
	safe    bool   // cookies over https
	devices string // the device cookie that came

	response response
	asked    *http.Request

	mu        sync.Mutex // guards all below
	operation string
	cookies   []*http.Cookie // to be set with the headers
	started   bool           // the headers are gone
}

type requestKey struct{}

func from(ctx context.Context) *request {
	q, _ := ctx.Value(requestKey{}).(*request)
	return q
}

// RequestID returns the id under which the request is logged and which its
// answer carries in X-Request-Id; "" outside a request.
func RequestID(ctx context.Context) string {
	if q := from(ctx); q != nil {
		return q.id
	}
	return ""
}

// ClientAddr returns the address of the client as far as trusted proxies vouch
// for it. It is not valid outside a request.
func ClientAddr(ctx context.Context) netip.Addr {
	if q := from(ctx); q != nil {
		return q.addr
	}
	return netip.Addr{}
}

// NameOperation tells the request log which GraphQL operation the request is
// for. Of several the last one counts.
func NameOperation(ctx context.Context, name string) {
	if q := from(ctx); q != nil {
		q.mu.Lock()
		q.operation = cut(name, 64)
		q.mu.Unlock()
	}
}

func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "")
}

// identify gives the request its id and address, and the response a memory.
func (c *chain) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := &request{name: cookieName(c.https), safe: c.https, asked: r}
		var proxied bool
		q.addr, proxied = clientAddr(r, c.Proxies)
		if id := first(r.Header, requestIDHeader); proxied && requestID.MatchString(id) {
			q.id = id
		} else {
			q.id = rand.Text()
		}
		w.Header()[requestIDHeader] = []string{q.id}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		q.response = response{ResponseWriter: w, request: q}
		next.ServeHTTP(&q.response, r)
		q.response.WriteHeader(http.StatusOK) // for handlers that wrote nothing
	})
}

var requestID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

// clientAddr returns who sent the request, and whether through a proxy that is
// trusted: the rightmost address in X-Forwarded-For that is not one of ours,
// since everything left of it may be invented.
func clientAddr(r *http.Request, proxies []netip.Prefix) (addr netip.Addr, proxied bool) {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}, false
	}
	addr = peer.Addr().Unmap().WithZone("")
	if !within(addr, proxies) {
		return addr, false
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && within(addr, proxies); i-- {
		proxied = true
		hop, ok := parseHop(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		addr = hop
	}
	return addr, proxied
}

// first returns the first value of a header, whose name is in canonical form.
func first(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

func within(addr netip.Addr, networks []netip.Prefix) bool {
	for _, n := range networks {
		if n.Contains(addr) {
			return true
		}
	}
	return false
}

// parseHop reads an address with or without a port.
func parseHop(text string) (netip.Addr, bool) {
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap.Addr().Unmap().WithZone(""), true
	}
	addr, err := netip.ParseAddr(strings.Trim(text, "[]"))
	return addr.Unmap().WithZone(""), err == nil
}

// response remembers what was answered, and sets cookies as late as they can be set.
type response struct {
	http.ResponseWriter
	request *request
	status  int
	bytes   int64
}

// Unwrap is for http.ResponseController: flushing, hijacking, deadlines.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *response) WriteHeader(status int) {
	if w.status != 0 {
		return
	}
	if status >= 200 || status == http.StatusSwitchingProtocols {
		w.status = status
		for _, cookie := range w.request.start() {
			http.SetCookie(w.ResponseWriter, cookie)
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *response) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// FlushError sends what has been written so far.
func (w *response) FlushError() error {
	w.WriteHeader(http.StatusOK)
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// log records each request that has been answered. The query string, headers
// and bodies stay out of it: they hold tokens and passwords.
func (c *chain) log(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rw, q := w.(*response), from(r.Context())
		defer func() {
			if p := recover(); p != nil { // an answer broken off
				c.record(r, q, rw, start, "aborted", true)
				panic(p)
			}
			c.record(r, q, rw, start, "request", false)
		}()
		next.ServeHTTP(w, r)
	})
}

func (c *chain) record(r *http.Request, q *request, w *response, start time.Time, message string, broken bool) {
	status := w.status
	if status == 0 {
		status = http.StatusOK // as net/http will send
	}
	level := slog.LevelInfo
	switch {
	case broken || status >= 500:
		level = slog.LevelError
	case r.URL.Path == "/healthz" || r.URL.Path == "/readyz":
		level = slog.LevelDebug
	}
	to := c.Log.Handler()
	if !to.Enabled(r.Context(), level) {
		return
	}
	end := time.Now()
	rec := slog.NewRecord(end, level, message, 0) // always from here: looking for the caller costs more than the line
	rec.AddAttrs(
		slog.String("method", cut(r.Method, 16)),
		slog.String("path", cut(r.URL.Path, 256)),
		slog.Int("status", status),
		slog.Duration("duration", end.Sub(start)),
		slog.Int64("bytes", w.bytes),
	)
	q.mu.Lock()
	operation := q.operation
	q.mu.Unlock()
	if operation != "" {
		rec.AddAttrs(slog.String("request", q.id), slog.String("operation", operation))
	} else {
		rec.AddAttrs(slog.String("request", q.id))
	}
	_ = to.Handle(r.Context(), rec) // a log that cannot be written has nobody to be told
}

// recover answers a panic with the id of the request and nothing else; what
// happened is in the log.
func (c *chain) recover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p)
			}
			q := from(r.Context())
			c.Log.ErrorContext(r.Context(), "panic", "request", q.id, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			if q.begun() {
				panic(http.ErrAbortHandler) // half an answer must not look whole
			}
			refuse(w, http.StatusInternalServerError, fault.Internal, "Something went wrong.", map[string]string{"id": q.id})
		}()
		next.ServeHTTP(w, r)
	})
}
