package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Whatever somebody calls their language, it is refused or becomes the one spelling of
// a tag.
func FuzzLocale(f *testing.F) {
	for _, s := range []string{"", "en", "DE-at", "zh_Hant_TW", "i-klingon", "x-private", "en-a-bbb-x-a-ccc", "sl-rozaj-biske-1994", "en-u-rg-gbzzzz-u", "und", "root", "e", "\xff", "en\x00", strings.Repeat("a-", 30)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, err := Locale("locale", s)
		if err != nil {
			return
		}
		again, err := Locale("locale", got)
		if err != nil || again != got {
			t.Fatalf("%q becomes %q, which becomes %q, %v", s, got, again, err)
		}
		if _, err := language.Parse(got); err != nil || strings.Trim(got, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != "" {
			t.Fatalf("%q becomes %q: %v", s, got, err)
		}
	})
}

// Whatever somebody types, what is kept of it shows on a page and in a mail as one line,
// or as several where those are admitted, and is kept as it is when typed again.
func FuzzLine(f *testing.F) {
	for _, s := range []string{"Nora  Quist", "\u00a0a\u00a0 ", "e\u0301\u0301", "\u202e", "a\r\nb", "a\rb", "\u2028", "\ufeffa", "a\x00", "\xff", "\u0344 \u1100\u1161", " \u0301a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, read := range []func(string) (string, error){
			func(s string) (string, error) { return Line("name", s, true, 100) },
			func(s string) (string, error) { return Block("notes", s, 100) },
		} {
			got, err := read(s)
			if err != nil {
				continue
			}
			if !utf8.ValidString(got) || utf8.RuneCountInString(got) > 100 || strings.ContainsAny(got, "\x00\r\u2028\u202e\u2066\ufeff") {
				t.Fatalf("%q is kept as %q", s, got)
			}
			if again, err := read(got); err != nil || again != got {
				t.Fatalf("%q is kept as %q, and that as %q, %v", s, got, again, err)
			}
		}
		if got, err := Line("name", s, true, 100); err == nil && (strings.ContainsAny(got, "\n\t") || got == "" || strings.Contains(got, "  ")) {
			t.Fatalf("%q is kept as the line %q", s, got)
		}
		if folded := Fold(s); Fold(folded) != folded {
			t.Fatalf("%q is searched for as %q, and that as %q", s, folded, Fold(folded))
		}
	})
}

// What is too long to be a tag is not read: a megabyte takes the library a second.
func TestLongLocale(t *testing.T) {
	long := "en" + strings.Repeat("-aaaaaaaa", 100_000)
	if n := testing.AllocsPerRun(1, func() {
		if _, err := Locale("locale", long); err == nil {
			t.Error("it is a tag")
		}
	}); n > 10 {
		t.Errorf("%.0f allocations: it is read", n)
	}
}
