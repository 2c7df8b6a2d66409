package openid

import (
	"net/url"
	"strings"

	"tenantry/internal/fault"
)

// maxReturn is the longest return path in bytes.
const maxReturn = 1000

// returnPath judges where a person goes after signing in: a path of this portal,
// which no browser can read as an address elsewhere. Nothing is "/". Refusals:
// BAD_INPUT on returnTo.
func returnPath(s string) (string, error) {
	if s == "" {
		return "/", nil
	}
	if !isPath(s) {
		return "", fault.On("returnTo", fault.BadInput, "Give a path of this portal, such as /billing.")
	}
	return s, nil
}

// isPath reports whether s is a path, and the same path however a browser tidies it
// up: browsers drop tabs and newlines, read a backslash as a slash, and resolve dots,
// %2e among them.
func isPath(s string) bool {
	if len(s) > maxReturn || !printable(s) || strings.ContainsAny(s, " \\") || s[0] != '/' {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Opaque != "" || u.Host != "" || u.User != nil {
		return false
	}
	path := s
	if i := strings.IndexAny(s, "?#"); i >= 0 {
		path = s[:i]
	}
	if strings.Contains(path, "//") {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if dots := strings.ReplaceAll(strings.ToLower(segment), "%2e", "."); dots == "." || dots == ".." {
			return false
		}
	}
	return true
}
