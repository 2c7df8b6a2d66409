package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Credential is what a request presents to say who asks. It has not been
// checked.
type Credential struct {
	Token string
	// Bearer is true for an Authorization header, false for the cookie.
	Bearer bool
}

// credential hands the one credential that counts to Authenticate: a bearer
// token, even a malformed one, hides the cookie.
func (c *chain) credential(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cred, ok := c.presented(r)
		if ok && c.Authenticate != nil {
			r = r.WithContext(c.Authenticate(r.Context(), cred))
		}
		next.ServeHTTP(w, r)
	})
}

func (c *chain) presented(r *http.Request) (Credential, bool) {
	if token, ok := bearerToken(r); ok {
		return Credential{Token: token, Bearer: true}, true
	}
	// Of two cookies with one name the wrong one may have been planted.
	cookies := r.CookiesNamed(cookieName(c.https))
	if len(cookies) != 1 || cookies[0].Value == "" {
		return Credential{}, false
	}
	return Credential{Token: cookies[0].Value}, true
}

// bearerToken returns the token of the Authorization header, which is "" for
// several headers, and whether one of them has the Bearer scheme.
func bearerToken(r *http.Request) (token string, ok bool) {
	headers := r.Header["Authorization"]
	for _, h := range headers {
		scheme, rest, _ := strings.Cut(h, " ")
		if strings.EqualFold(scheme, "Bearer") {
			token, ok = strings.TrimSpace(rest), true
		}
	}
	if len(headers) > 1 {
		token = ""
	}
	return token, ok
}

// cookieName has the prefix that keeps other hosts and plain http from setting
// the cookie, where browsers allow it.
func cookieName(https bool) string {
	if https {
		return "__Host-tenantry"
	}
	return "tenantry"
}

// ErrTooLate means that the answer is under way, as in a stream, so that no
// cookie can be set any more.
var ErrTooLate = errors.New("the headers of the response have been sent")

// SetSession makes the answer to the current request set the session cookie,
// for maxAge in whole seconds. Of several calls the last one counts.
func SetSession(ctx context.Context, token string, maxAge time.Duration) error {
	return from(ctx).set("", token, int(maxAge/time.Second))
}

// ClearSession makes the answer to the current request remove the session
// cookie.
func ClearSession(ctx context.Context) error {
	return from(ctx).set("", "", -1)
}

// set makes the answer set the cookie whose name is the session's and the suffix.
func (q *request) set(suffix, value string, maxAge int) error {
	if q == nil {
		return errors.New("no request to answer with a cookie")
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.started {
		return ErrTooLate
	}
	cookie := &http.Cookie{
		Name: q.name + suffix, Value: value, MaxAge: maxAge,
		Path: "/", Secure: q.safe, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if i := slices.IndexFunc(q.cookies, func(c *http.Cookie) bool { return c.Name == cookie.Name }); i >= 0 {
		q.cookies[i] = cookie
	} else {
		q.cookies = append(q.cookies, cookie)
	}
	return nil
}

// start returns the cookies to set with the headers, which are about to go.
func (q *request) start() []*http.Cookie {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.started = true
	return q.cookies
}

func (q *request) begun() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.started
}
