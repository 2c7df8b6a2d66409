package session

import (
	"regexp"
	"strings"
	"testing"

	"tenantry/internal/access"
)

// Whatever a client presents as the devices that it is, five of them are looked for at
// most, each by the hash of a token.
func FuzzPresented(f *testing.F) {
	token, _ := newToken()
	for _, s := range []string{token, token + "." + token, strings.Repeat(token+".", 7), "." + token + "..", token + "\n", "", strings.Repeat("\xff", 43), strings.Repeat("é", 43)} {
		f.Add(s)
	}
	hash := regexp.MustCompile(`\A[0-9a-f]{64}\z`)
	f.Fuzz(func(t *testing.T, s string) {
		hashes := presented(&access.Actor{Device: s})
		if len(hashes) > 5 || len(hashes) > len(s)/tokenLength {
			t.Fatalf("%q are %d devices", s, len(hashes))
		}
		parts := strings.Split(s, ".")
		for _, h := range hashes {
			for len(parts) > 0 && hashToken(parts[0]) != h {
				parts = parts[1:]
			}
			if len(parts) == 0 || !hash.MatchString(h) {
				t.Fatalf("%q is looked for as %q", s, h)
			}
		}
	})
}
