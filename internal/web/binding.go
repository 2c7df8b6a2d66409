package web

import (
	"context"
	"time"
)

// bindingSuffix is what the name of the cookie has besides the session's.
const bindingSuffix = "-openid"

// SetBinding makes the answer to the current request set the cookie that a sign-in
// through a provider is finished with: it binds the provider's answer to this browser.
func SetBinding(ctx context.Context, value string, maxAge time.Duration) error {
	return from(ctx).set(bindingSuffix, value, int(maxAge/time.Second))
}

// Binding returns the cookie of SetBinding in the current request, or "".
func Binding(ctx context.Context) string {
	q := from(ctx)
	if q == nil {
		return ""
	}
	// Of two cookies with one name the wrong one may have been planted.
	if cookies := q.asked.CookiesNamed(q.name + bindingSuffix); len(cookies) == 1 {
		return cookies[0].Value
	}
	return ""
}
