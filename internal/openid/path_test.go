package openid

import (
	"net/url"
	"strings"
	"testing"

	"tenantry/internal/fault"
)

// Invariant 38.
func TestReturnPath(t *testing.T) {
	for _, good := range []string{
		"/", "/billing", "/billing/", "/a/b/c", "/a?next=https://evil.example", "/a?b=//c", "/a#b", "/a%20b", "/~me", "/...", "/a.b/..c", "/%2f%2fevil.example", "/@evil.example", "/:80",
	} {
		if got, err := returnPath(good); err != nil || got != good {
			t.Errorf("%q: %q, %v", good, got, err)
		}
	}
	if got, err := returnPath(""); err != nil || got != "/" {
		t.Errorf("nothing: %q, %v", got, err)
	}
	for _, bad := range []string{
		"//evil.example", "///evil.example", `/\evil.example`, `\/evil.example`, `\\evil.example`, `/a\b`, "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x",
		"https://evil.example", "http:evil.example", "https:/evil.example", "evil.example", "billing", "?a", "#a", ".", "..",
		"/\t/evil.example", "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " /a", "/a ", "/a b", "/\x00", "/a\x7f", "/\u00a0/evil.example", "/é",
		"/./", "/.//evil.example", "/..//evil.example", "/a/../b", "/%2e/a", "/%2E%2e//evil.example", "/.%2e/a", "/a//b", "/%", "/%zz",
		"/" + strings.Repeat("a", maxReturn),
	} {
		if got, err := returnPath(bad); !fault.Has(err, fault.BadInput) {
			t.Errorf("%q is admitted as %q", bad, got)
		}
	}
}

// FuzzReturnPath resolves what is admitted as a browser does: tidied up first, then
// by RFC 3986, which must not leave the origin.
func FuzzReturnPath(f *testing.F) {
	for _, s := range []string{"/", "//evil.example", `/\evil.example`, "/a/../..//b", "javascript:x", "/\t/evil", "/%2e%2e//evil", "/a?//b#//c", "/;//x"} {
		f.Add(s)
	}
	base, _ := url.Parse("https://portal.example/openid/callback")
	f.Fuzz(func(t *testing.T, s string) {
		got, err := returnPath(s)
		if err != nil {
			return
		}
		tidy := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(strings.TrimSpace(got))
		u, err := base.Parse(tidy)
		if err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		if u.Scheme != "https" || u.Host != "portal.example" || strings.HasPrefix(u.EscapedPath(), "//") || tidy != got {
			t.Fatalf("%q leads to %s", got, u)
		}
	})
}
