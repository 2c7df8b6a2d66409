package web

import (
	"context"
	"errors"
	"net/http"
	"regexp"
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
	// Device is the value of the device cookie. It says who asks to nobody.
	Device string
}

// credential hands the one credential that counts to Authenticate: a bearer
// token, even a malformed one, hides the cookie.
func (c *chain) credential(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cred := c.presented(r); cred != (Credential{}) && c.Authenticate != nil {
			r = r.WithContext(c.Authenticate(r.Context(), cred))
		}
		next.ServeHTTP(w, r)
	})
}

func (c *chain) presented(r *http.Request) Credential {
	if token, ok := bearerToken(r); ok {
		return Credential{Token: token, Bearer: true}
	}
	out := Credential{Token: cookie(r, cookieName(c.https)), Device: cookie(r, deviceCookieName(c.https))}
	if q := from(r.Context()); q != nil {
		q.devices = out.Device
	}
	return out
}

// cookie returns the value of a cookie, or "": of two with one name the wrong one may
// have been planted.
func cookie(r *http.Request, name string) string {
	if all := r.CookiesNamed(name); len(all) == 1 {
		return all[0].Value
	}
	return ""
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

func deviceCookieName(https bool) string { return cookieName(https) + deviceSuffix }

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
	q.keep(suffix, value, maxAge)
	return nil
}

const (
	// deviceSuffix is what the name of the device cookie has besides the session's.
	deviceSuffix = "-device"
	// deviceTokens is how many tokens the device cookie holds: one for each person who
	// signs in with the browser, the latest first.
	deviceTokens = 5
	deviceYear   = 365 * 24 * 60 * 60
)

var deviceToken = regexp.MustCompile(`^[\w-]{43}$`)

// SetDevice makes the answer to the current request set the device cookie for another
// year, with a token in front of those that the browser presented; "" adds none.
func SetDevice(ctx context.Context, token string) error {
	q := from(ctx)
	if q == nil {
		return errors.New("no request to answer with a cookie")
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.started {
		return ErrTooLate
	}
	var kept []string
	for _, t := range append([]string{token}, strings.Split(q.devices, ".")...) {
		if deviceToken.MatchString(t) && !slices.Contains(kept, t) && len(kept) < deviceTokens {
			kept = append(kept, t)
		}
	}
	if len(kept) > 0 {
		q.keep(deviceSuffix, strings.Join(kept, "."), deviceYear)
	}
	return nil
}

// keep has the answer set a cookie, in place of one of the same name; q.mu is held.
func (q *request) keep(suffix, value string, maxAge int) {
	cookie := &http.Cookie{
		Name: q.name + suffix, Value: value, MaxAge: maxAge,
		Path: "/", Secure: q.safe, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	if i := slices.IndexFunc(q.cookies, func(c *http.Cookie) bool { return c.Name == cookie.Name }); i >= 0 {
		q.cookies[i] = cookie
	} else {
		q.cookies = append(q.cookies, cookie)
	}
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
