package text

import (
	"strings"
	"testing"

	"tenantry/internal/fault"
)

func TestLine(t *testing.T) {
	tests := []struct {
		name, in, want string
		refused        bool
	}{
		{"plain", "Nora Quist", "Nora Quist", false},
		{"space around and within", "  Nora \u00a0 Quist ", "Nora Quist", false},
		{"composed", "Zoe\u0308", "Zoë", false},
		{"emoji", "Ada 🚀", "Ada 🚀", false},
		{"empty", "   ", "", true},
		{"too long", strings.Repeat("ä", 21), "", true},
		{"as long as may be", strings.Repeat("ä", 20), strings.Repeat("ä", 20), false},
		{"a line break", "a\nb", "", true},
		{"a tab", "a\tb", "", true},
		{"a direction override", "a\u202eb", "", true},
		{"an isolate", "a\u2066b", "", true},
		{"a paragraph separator", "a\u2029b", "", true},
		{"a control character", "a\u0085b", "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Line("name", test.in, true, 20)
			if (err != nil) != test.refused || got != test.want {
				t.Errorf("%q, %v", got, err)
			}
			if err != nil && (!fault.Has(err, fault.BadInput) || err.(*fault.Error).Field != "name") {
				t.Errorf("refused as %v", err)
			}
		})
	}
	if got, err := Line("name", "", false, 20); got != "" || err != nil {
		t.Errorf("what is not required may be empty: %q, %v", got, err)
	}
}

func TestBlock(t *testing.T) {
	if got, err := Block("notes", " a\r\n\tb\n", 20); got != "a\n\tb" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for _, in := range []string{"a\x00b", "a\u202eb", strings.Repeat("x", 21)} {
		if _, err := Block("notes", in, 20); err == nil {
			t.Errorf("%q is admitted", in)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{"Zoë MÜLLER": "zoe muller", "İstanbul": "istanbul", "  a  b ": "a b", "ﬁne": "fine", "Straße": "straße", "ϔ": "υ"} {
		if got := Fold(in); got != want {
			t.Errorf("%q folds to %q, not %q", in, got, want)
		}
		if again := Fold(Fold(in)); again != Fold(in) {
			t.Errorf("%q folds on: %q", in, again)
		}
	}
	if got := Fold("Nora", "", "nora@example.com"); got != "nora nora@example.com" {
		t.Errorf("%q", got)
	}
}

func TestLocale(t *testing.T) {
	for in, want := range map[string]string{"": "en", "de-at": "de-AT", "EN": "en", "zh-hant-tw": "zh-Hant-TW"} {
		if got, err := Locale("locale", in); got != want || err != nil {
			t.Errorf("%q is %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"english please", "x", "de_", strings.Repeat("a-", 30)} {
		if got, err := Locale("locale", in); err == nil {
			t.Errorf("%q is admitted as %q", in, got)
		}
	}
}

func TestHasLink(t *testing.T) {
	for _, in := range []string{"see https://evil.example", "go to www.evil.example now", "evil.com", "(evil.com/x)", "Evil.Com.", "at evil.co.uk?"} {
		if !HasLink(in) {
			t.Errorf("%q is not seen as a link", in)
		}
	}
	for _, in := range []string{"Welcome aboard!", "See you at 10.30.", "J. R. Smith", "version 2.0", "Acme Inc. is nice.", "e.g. this"} {
		if HasLink(in) {
			t.Errorf("%q is taken for a link", in)
		}
	}
}
