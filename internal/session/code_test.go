package session

import (
	"strings"
	"testing"

	"tenantry/internal/fault"
)

func TestReadCode(t *testing.T) {
	for _, tc := range []struct {
		name, typed string
		how         Factor
		plain       string
	}{
		{"six digits", "012345", TOTP, "012345"},
		{"with a space, as apps show it", "012 345", TOTP, "012345"},
		{"pasted with a line break", " 012345\n", TOTP, "012345"},
		{"letters that look like digits", "OI2345", TOTP, "012345"},
		{"five digits", "01234", "", ""},
		{"seven digits", "0123456", "", ""},
		{"digits of another script", "٠١٢٣٤٥", "", ""},
		{"a sign", "+12345", "", ""},
		{"a recovery code", "K7QM-2V9X-RT4E-0HNB", RecoveryCode, "K7QM2V9XRT4E0HNB"},
		{"in small letters, without dashes", "k7qm2v9xrt4e0hnb", RecoveryCode, "K7QM2V9XRT4E0HNB"},
		{"with other dashes and spaces", "k7qm – 2v9x — rt4e 0hnb", RecoveryCode, "K7QM2V9XRT4E0HNB"},
		{"misread", "K7QM-2V9X-RT4E-OHNB", RecoveryCode, "K7QM2V9XRT4E0HNB"},
		{"misread as well", "kilo-2v9x-rt4e-ohnb", RecoveryCode, "K1102V9XRT4E0HNB"},
		{"with a letter that none has", "U7QM-2V9X-RT4E-0HNB", "", ""},
		{"too short", "K7QM-2V9X-RT4E-0HN", "", ""},
		{"too long", "K7QM-2V9X-RT4E-0HNBB", "", ""},
		{"nothing", "", "", ""},
		{"dashes", "----", "", ""},
		{"a long text", strings.Repeat(" ", 200) + "012345", "", ""},
		{"no text", "\xff\xfe0123", "", ""},
	} {
		how, plain, err := readCode(tc.typed)
		if how != tc.how || plain != tc.plain || (err == nil) != (tc.how != "") || err != nil && !fault.Has(err, fault.BadInput) {
			t.Errorf("%s: %q %q %v", tc.name, how, plain, err)
		}
	}
}

// Recovery codes have no characters that look alike, differ, and are read back.
func TestNewRecoveryCode(t *testing.T) {
	seen, used := map[string]bool{}, map[rune]bool{}
	for range 1000 {
		c := newRecoveryCode()
		how, plain, err := readCode(c)
		if err != nil || how != RecoveryCode || plain != strings.ReplaceAll(c, "-", "") || len(c) != 19 || seen[c] {
			t.Fatalf("%s: %s %s %v", c, how, plain, err)
		}
		seen[c] = true
		for _, r := range plain {
			used[r] = true
		}
	}
	if len(used) != 32 {
		t.Errorf("%d characters are used, not 32: there are less than 80 bits", len(used))
	}
}

// Whatever is typed, what is read of it has one of two forms, reads as itself, and
// does not depend on case and dashes.
func FuzzReadCode(f *testing.F) {
	for _, s := range []string{"012345", "012 345", "K7QM-2V9X-RT4E-0HNB", "ılo0-", "İ", "ß", "\xff", "K7QM\u20112V9X RT4E\u00a00HNB"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		how, plain, err := readCode(typed)
		switch {
		case err != nil:
			if how != "" || plain != "" || !fault.Has(err, fault.BadInput) {
				t.Fatalf("%q: %q %q %v", typed, how, plain, err)
			}
			return
		case how == TOTP && (len(plain) != 6 || strings.Trim(plain, "0123456789") != ""),
			how == RecoveryCode && (len(plain) != 16 || strings.Trim(plain, recoveryAlphabet) != ""),
			how != TOTP && how != RecoveryCode:
			t.Fatalf("%q: %q %q", typed, how, plain)
		}
		for _, again := range []string{plain, strings.ToLower(plain), plain[:3] + "-" + plain[3:], " " + plain + "\n"} {
			if h, p, err := readCode(again); h != how || p != plain || err != nil {
				t.Errorf("%q, read of %q, is read as %q %q %v", again, typed, h, p, err)
			}
		}
	})
}
