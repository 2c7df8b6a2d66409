package address_test

import (
	"bufio"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tenantry/internal/address"
)

// row is one line of testdata/addresses.txt.
type row struct {
	line int
	in   string
	key  string // of an address that is accepted
	why  string // part of the refusal of one that is not
}

// rows reads the table: a Go string, then "= key" or "! part of the refusal".
func rows(t testing.TB) []row {
	t.Helper()
	f, err := os.Open("testdata/addresses.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []row
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if line == "" || line[0] == '#' {
			continue
		}
		quoted, err := strconv.QuotedPrefix(line)
		if err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		in, err := strconv.Unquote(quoted)
		if err != nil {
			t.Fatalf("line %d: %v", n, err)
		}
		r := row{line: n, in: in}
		switch verdict, rest := line[len(quoted):][:3], line[len(quoted)+3:]; {
		case verdict == " = " && rest != "":
			r.key = rest
		case verdict == " ! " && rest != "":
			r.why = rest
		default:
			t.Fatalf("line %d: no verdict", n)
		}
		out = append(out, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// Invariant 37.
func TestTable(t *testing.T) {
	table := rows(t)
	if len(table) < 200 {
		t.Errorf("the table has %d cases, and needs 200", len(table))
	}
	for _, r := range table {
		a, err := address.Parse(r.in)
		if _, isInvalid := errors.AsType[address.Invalid](err); err != nil && !isInvalid {
			t.Errorf("line %d: %q: %T is not a refusal", r.line, r.in, err)
		}
		switch {
		case r.why == "" && err != nil:
			t.Errorf("line %d: %q was refused: %v", r.line, r.in, err)
		case r.why == "" && a.Key != r.key:
			t.Errorf("line %d: %q has the key %q, want %q", r.line, r.in, a.Key, r.key)
		case r.why != "" && err == nil:
			t.Errorf("line %d: %q was accepted as %q", r.line, r.in, a.Key)
		case r.why != "" && !strings.Contains(err.Error(), r.why):
			t.Errorf("line %d: %q was refused with %q, want %q", r.line, r.in, err, r.why)
		case r.why != "" && a != (address.Address{}):
			t.Errorf("line %d: %q was refused and gave %+v", r.line, r.in, a)
		}
	}
}

func TestParts(t *testing.T) {
	tests := []struct {
		name string
		in   string
		want address.Address
	}{
		{
			name: "capitals stay where they may count",
			in:   " Olive.Green+News@Shop.EXAMPLE.com. ",
			want: address.Address{
				Display: "Olive.Green+News@shop.example.com",
				Key:     "olive.green+news@shop.example.com",
				Local:   "Olive.Green+News",
				Domain:  "shop.example.com",
			},
		},
		{
			name: "another alphabet is shown in a form that imitates nothing",
			in:   "Olive@Bücher.de",
			want: address.Address{
				Display: "Olive@xn--bcher-kva.de",
				Key:     "olive@xn--bcher-kva.de",
				Local:   "Olive",
				Domain:  "xn--bcher-kva.de",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := address.Parse(tt.in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseDomain(t *testing.T) {
	tests := []struct {
		name string
		in   string
		want string
		why  string
	}{
		{"plain", "example.com", "example.com", ""},
		{"capitals, spaces, final dot", " Example.COM. ", "example.com", ""},
		{"another alphabet", "bücher.de", "xn--bcher-kva.de", ""},
		{"nothing", "", "", "Enter an address"},
		{"only a dot", ".", "", "begin with a dot"},
		{"one label", "localhost", "", "needs a dot"},
		{"address", "olive@example.com", "", "'@'"},
		{"line break", "example.com\r\n", "", "line breaks"},
		{"space", "exam ple.com", "", "' '"},
		{"fullwidth", "ｅxample.com", "", "look like others"},
		{"IP address", "127.0.0.1", "", "not an IP address"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := address.ParseDomain(tt.in)
			if tt.why == "" && (err != nil || got != tt.want) {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
			if tt.why != "" && (err == nil || !strings.Contains(err.Error(), tt.why)) {
				t.Errorf("got %q, %v, want a refusal with %q", got, err, tt.why)
			}
		})
	}
}

func TestMask(t *testing.T) {
	tests := []struct {
		name, in, want string
	}{
		{"ordinary", "mona@example.com", "m•••@example.com"},
		{"long", "mona.lisa.the.third@example.com", "m•••@example.com"},
		{"one letter", "m@example.com", "m•••@example.com"},
		{"nothing before the @", "@example.com", "•••"},
		{"no address", "mona", "•••"},
		{"nothing", "", "•••"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := address.Mask(tt.in); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

var (
	locals  = rapid.StringMatching("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,12}(\\.[A-Za-z0-9+_-]{1,12}){0,3}")
	domains = rapid.OneOf(
		rapid.StringMatching(`[A-Za-z0-9]{1,10}(-[A-Za-z0-9]{1,8})?(\.[A-Za-z0-9]{1,10}){0,2}\.[A-Za-z]{2,8}`),
		rapid.StringMatching(`[a-zA-ZäöüÄÖÜßéèñ]{2,10}\.(de|COM|fr)`),
		rapid.StringMatching(`[а-яА-Я]{2,10}\.(рф|РФ|com)`),
		rapid.StringMatching(`[\x{4e00}-\x{4fff}\x{3042}-\x{3090}]{1,6}\.jp`),
	)
)

// Two spellings share a key exactly if they differ in nothing but ASCII
// capitals before the @, and in the spelling of one domain after it.
//
// Invariant 37.
func TestIdentity(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := spell(t, locals.Draw(t, "local"), domains.Draw(t, "domain"))
		two := spell(t, locals.Draw(t, "other local"), domains.Draw(t, "other domain"))
		if rapid.Bool().Draw(t, "same domain") {
			two = spell(t, two.local, one.domain)
		}
		if rapid.Bool().Draw(t, "same local") {
			two = spell(t, one.local, two.domain)
		}
		a, errA := address.Parse(one.text)
		b, errB := address.Parse(two.text)
		if errA != nil || errB != nil {
			t.Fatalf("refused: %v, %v", errA, errB)
		}
		same := strings.EqualFold(one.local, two.local) && strings.EqualFold(one.domain, two.domain)
		if (a.Key == b.Key) != same {
			t.Fatalf("%q has the key %q, %q has %q", one.text, a.Key, two.text, b.Key)
		}
		settled(t, a)
	})
}

// spelling is an address written in one of the ways that mean the same.
type spelling struct{ local, domain, text string }

func spell(t *rapid.T, local, domain string) spelling {
	way := rapid.SampledFrom([]func(string) string{
		func(s string) string { return s },
		func(s string) string { return " " + s + "\t" },
		func(s string) string { return s + "." },
		strings.ToLower,
	}).Draw(t, "way")
	return spelling{local, domain, way(local + "@" + domain)}
}

// settled fails unless every form of an accepted address parses to itself.
func settled(t interface{ Fatalf(string, ...any) }, a address.Address) {
	again, err := address.Parse(a.Display)
	if err != nil || again != a {
		t.Fatalf("the display form %q parses to %+v, %v", a.Display, again, err)
	}
	byKey, err := address.Parse(a.Key)
	if err != nil || byKey.Key != a.Key || byKey.Display != a.Key {
		t.Fatalf("the key %q parses to %+v, %v", a.Key, byKey, err)
	}
	if a.Display != a.Local+"@"+a.Domain || !strings.EqualFold(a.Display, a.Key) || len(a.Key) > address.MaxLength {
		t.Fatalf("the parts do not fit: %+v", a)
	}
	for i := range len(a.Display) {
		if c := a.Display[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("<>()[]\\,;:\"", c) >= 0 {
			t.Fatalf("%q holds %q", a.Display, c)
		}
	}
}

// Invariant 37.
func FuzzParse(f *testing.F) {
	for _, r := range rows(f) {
		f.Add(r.in)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := address.Parse(s)
		if err != nil {
			if _, isInvalid := errors.AsType[address.Invalid](err); !isInvalid {
				t.Fatalf("%q: %T is not a refusal", s, err)
			}
			return
		}
		settled(t, a)
	})
}

func BenchmarkParse(b *testing.B) {
	for name, in := range map[string]string{"plain": "Olive.Green@example.com", "other alphabet": "olive@почта.рф"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := address.Parse(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
