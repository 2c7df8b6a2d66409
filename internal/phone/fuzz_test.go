package phone_test

import (
	"regexp"
	"testing"

	"tenantry/internal/phone"
)

// Whatever somebody types for a number, it is the number that libphonenumber finds, and
// has the form of one: at most 17 digits behind a calling code, as some in Japan.
func FuzzE164(f *testing.F) {
	for _, s := range []string{"+49 (0)30 1234567", "tel:+1-212-555-0123", "＋４９ ３０ １２３４５６７", "+٩٦٦ ٥٠ ١٢٣ ٤٥٦٧", "+54 11 15 2345 6789", "+49", "+", "+1 800 FLOWERS", "+390612345678", "00", "\xff+1", "+8008\u200b001234"} {
		f.Add(s)
	}
	form := regexp.MustCompile(`\A\+[1-9][0-9]{2,19}\z`)
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := phone.E164(s)
		switch {
		case !ok && got != "", ok && !form.MatchString(got):
			t.Fatalf("%q is %q, %v", s, got, ok)
		case ok && oracle(got) != "" && oracle(s) != "" && got != oracle(s):
			t.Fatalf("%q is %q, and to libphonenumber %q", s, got, oracle(s))
		}
	})
}
