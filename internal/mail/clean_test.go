package mail_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"tenantry/internal/mail"
)

// Invariant 39.
func TestClean(t *testing.T) {
	for _, test := range []struct {
		name, in, want string
	}{
		{"plain", "Olive Owner", "Olive Owner"},
		{"letters of the world", "Zoë 木村 Ñandú José", "Zoë 木村 Ñandú José"},
		{"markup is data", `<b>"Bob" & {{.Link}}</b>`, `<b>"Bob" & {{[.]Link}}</b>`},
		{"line breaks", "Bob\r\nBcc: eve@evil.example\u2028x\u0085y", "Bob Bcc: eve@evil[.]example x y"},
		{"white space", " \t a \u00a0\u3000 b ", "a b"},
		{"controls", "a\x00b\x1b[31mc\u009bd", "a b [31mc d"},
		{"bidi", "a\u202egpj.exe\u202c \u2066x\u2069\u200f\u061c", "agpj[.]exe x"},
		{"zero width", "exam\u200bple\u00ad.\u2060com\ufeff", "example[.]com"},
		{"tags and private use", "a\U000E0041\uE000\U0010FFFFb", "ab"},
		{"looks like nothing", "\u3164\u2800", ""},
		{"not UTF-8", "a\xff\xfeb", "ab"},
		{"address", "https://evil.example/x?y", "https[:]//evil[.]example/x?y"},
		{"any scheme", "ftp://x gopher://y", "ftp[:]//x gopher[:]//y"},
		{"scheme without slashes", "mailto:eve tel:+49 JavaScript:alert(1)", "mailto[:]eve tel[:]+49 JavaScript[:]alert(1)"},
		{"no scheme", "Tel: 1, Data: 2", "Tel: 1, Data: 2"},
		{"bare domain", "www.evil.example", "www[.]evil[.]example"},
		{"mail address", "eve@evil.co.uk", "eve@evil[.]co[.]uk"},
		{"emoji domain", "💩.la", "💩[.]la"},
		{"domain in another script", "例え.テスト", "例え[.]テスト"},
		{"punycode", "a.xn--p1ai", "a[.]xn--p1ai"},
		{"other dots", "evil．com evil․com evil。com evil｡com", "evil[.]com evil[.]com evil[.]com evil[.]com"},
		{"sentences in Chinese", "你好。请加入Acme。谢谢", "你好。请加入Acme。谢谢"},
		{"numeric address", "at 192.168.0.1 now", "at 192[.]168[.]0[.]1 now"},
		{"numbers with dots", "10.0.0.110.0.0.1, 1.2.3", "10[.]0[.]0[.]110[.]0[.]0[.]1, 1.2.3"},
		{"initials, firms and numbers", "J. R. Smith, Acme Inc. e.g. v2.0 at 10.30am, 3.5 %...", "J. R. Smith, Acme Inc. e.g. v2.0 at 10.30am, 3.5 %..."},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := mail.Clean(test.in, 80); got != test.want {
				t.Errorf("Clean(%q) = %q, want %q", test.in, got, test.want)
			}
		})
	}
}

func TestCleanShortens(t *testing.T) {
	for _, test := range []struct {
		name string
		in   string
		max  int
		want string
	}{
		{"fits", "abcde", 5, "abcde"},
		{"too long", "abcdef", 5, "abcd…"},
		{"runes, not bytes", "ééééé", 5, "ééééé"},
		{"no space before the dots", "abc def", 5, "abc…"},
		{"after it has grown", "a.bc", 5, "a[.]…"},
		{"no room", "abc", 0, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := mail.Clean(test.in, test.max); got != test.want {
				t.Errorf("Clean(%q, %d) = %q, want %q", test.in, test.max, got, test.want)
			}
		})
	}
}

// hostile makes what a stranger might call themself.
func hostile() *rapid.Generator[string] {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{
			"\r\nBcc: eve@evil.example\r\n", "\n\n", "\r", ": ", "=?utf-8?q?=0D=0ABcc:_x?=", "\n.\r\n", "--boundary",
			"<script>alert(1)</script>", `<a href="https://evil.example">`, `" onclick="x`, "&lt;", "</td>", "<!--", "]]>",
			"https://evil.example/", "evil.com", "www.evil.example", "mailto:eve@evil.example", "javascript:alert(1)", "10.0.0.1",
			"\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x7f", "\xff", "\u2028", "\uE000", "\U0010FFFF", "\u0301",
			"{{.Brand}}", "{{template \"x\"}}", "{{", "}}", "%s%n",
			"*", "# ", "> ", "- ", "~ ", "[a](https://evil.example)", "Subject: x", " ", ".", "com",
			strings.Repeat("long", 2560), strings.Repeat("a\n", 500),
		}),
		rapid.String(),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(part, 0, 6).Draw(t, "parts"), "")
	})
}

// linkable is what a mail program might make a link of.
var linkable = regexp.MustCompile(`://|[^\s.\[][.．․]\p{L}[\p{L}\p{M}]|\b\d{1,3}(\.\d{1,3}){3}\b`)

// invisible reports a character that no mail may carry from a stranger.
func invisible(r rune) bool {
	return r != '\n' && !unicode.IsGraphic(r) || unicode.In(r, unicode.Bidi_Control, unicode.Cf, unicode.Zl, unicode.Zp)
}

// Invariant 39.
func TestCleanHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, max := hostile().Draw(t, "in"), rapid.IntRange(0, 200).Draw(t, "max")
		got := mail.Clean(in, max)
		switch {
		case !utf8.ValidString(got):
			t.Fatalf("not UTF-8: %q", got)
		case utf8.RuneCountInString(got) > max:
			t.Fatalf("%d runes, %d allowed", utf8.RuneCountInString(got), max)
		case strings.ContainsFunc(got, invisible), strings.Contains(got, "\n"):
			t.Fatalf("something invisible: %q", got)
		case linkable.MatchString(got):
			t.Fatalf("a link: %q", got)
		case mail.Clean(got, max) != got:
			t.Fatalf("cleaning %q again gives %q", got, mail.Clean(got, max))
		}
	})
}
