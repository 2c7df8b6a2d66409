package password

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever somebody chooses, it is judged; and what is good has the length that was
// asked for and can be typed again on any keyboard.
func FuzzCheck(f *testing.F) {
	for _, s := range []string{"an otter reads maps", "password123", "qwertyuiop", "20260131aa", "aaaaaaaaaaaa", "noraquist1", "\u1e9b\u0323 \u00a0 seven grey", "ｐａｓｓｗｏｒｄ１２３", "p@$$w0rd!!", "a\x00bcdefghij", "\xff234567890", strings.Repeat("é", 512)} {
		f.Add(s, "nora.quist@example.com")
	}
	f.Fuzz(func(t *testing.T, s, own string) {
		err := Check(s, own)
		if why, ok := errors.AsType[Weakness](err); err != nil && (!ok || why == "") {
			t.Fatalf("%q is refused with %v", s, err)
		}
		if err == nil && (len(s) > MaxBytes || !utf8.ValidString(s) || utf8.RuneCountInString(normal(s)) < MinRunes || strings.ContainsAny(s, "\x00\n") || normal(normal(s)) != normal(s)) {
			t.Fatalf("%q is admitted", s)
		}
	})
}

// Whatever an import brings as a hash, it is read only in its one spelling, and never
// asks for more than an honest one.
func FuzzHash(f *testing.F) {
	for _, s := range []string{"$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=4294967295,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAA",
		"$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=+8,t=01,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA", "$2y$10$abcdefghijklmnopqrstuuAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$2b$31$", "$2a$", "", "$$$$$"} {
		f.Add(s)
	}
	h := New(Params{Memory: 64, Passes: 1, Lanes: 1}, 1)
	f.Fuzz(func(t *testing.T, s string) {
		check, _, err := h.method(s)
		if (check == nil) != errors.Is(err, ErrMalformed) {
			t.Fatalf("%q: %v", s, err)
		}
		if p, err := parsePHC(s); err == nil && (p.String() != s || p.params.Memory > maxMemory || p.params.Passes > maxPasses || p.params.Lanes > maxLanes) {
			t.Fatalf("%q is read as %s", s, p)
		}
	})
}
