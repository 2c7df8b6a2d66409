// Package text judges and folds what people type.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"tenantry/internal/fault"
)

// Line returns one line of text without surrounding or doubled space. Refusals:
// BAD_INPUT on the field, for more than most characters, for nothing where
// required, and for line breaks, control and direction characters.
func Line(field, s string, required bool, most int) (string, error) {
	s = strings.Join(strings.FieldsFunc(norm.NFC.String(s), func(r rune) bool { return r == ' ' || r == '\u00a0' }), " ")
	if s == "" && required {
		return "", fault.On(field, fault.BadInput, "This must not be empty.")
	}
	if n := utf8.RuneCountInString(s); n > most {
		return "", fault.On(field, fault.BadInput, "At most %d characters, not %d.", most, n)
	}
	if strings.ContainsFunc(s, unwelcome) {
		return "", fault.On(field, fault.BadInput, "Line breaks, control and direction characters are not allowed here.")
	}
	return s, nil
}

// Block returns text of several lines, without surrounding space. Refusals:
// BAD_INPUT on the field, as for Line but for line breaks.
func Block(field, s string, most int) (string, error) {
	s = strings.TrimSpace(norm.NFC.String(strings.ReplaceAll(s, "\r\n", "\n")))
	if n := utf8.RuneCountInString(s); n > most {
		return "", fault.On(field, fault.BadInput, "At most %d characters, not %d.", most, n)
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && r != '\t' && unwelcome(r) }) {
		return "", fault.On(field, fault.BadInput, "Control and direction characters are not allowed here.")
	}
	return s, nil
}

// unwelcome reports characters that do not show, or that turn the rest of a
// page around.
func unwelcome(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Zl, unicode.Zp) || r == utf8.RuneError ||
		r == '\u200e' || r == '\u200f' || r == '\ufeff' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// Fold returns text as searches compare it: without case and accents, the same
// on every database.
func Fold(parts ...string) string {
	s := strings.ToLower(strings.Join(parts, " "))
	if strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
		t := transform.Chain(norm.NFKD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
		if folded, _, err := transform.String(t, s); err == nil {
			s = strings.ToLower(folded) // once more, since some letters come apart into capitals
		}
	}
	return strings.Join(strings.Fields(s), " ")
}

// Locale returns a BCP 47 tag in its canonical form, or "en" for nothing.
// Refusals: BAD_INPUT on the field.
func Locale(field, s string) (string, error) {
	if s == "" {
		return "en", nil
	}
	// The length first: parsing a long one takes long.
	if len(s) <= 35 {
		if tag, err := language.Parse(s); err == nil {
			return tag.String(), nil
		}
	}
	return "", fault.On(field, fault.BadInput, "This is not a language tag such as \"en\" or \"de-AT\".")
}

// HasLink reports whether the text holds something that a mail client would
// turn into a link.
func HasLink(s string) bool {
	low := strings.ToLower(s)
	if strings.Contains(low, "://") || strings.Contains(low, "www.") {
		return true
	}
	for _, word := range strings.FieldsFunc(low, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("()[]<>{},;\"'", r)
	}) {
		word = strings.Trim(word, ".!?:")
		host, _, _ := strings.Cut(word, "/")
		dot := strings.LastIndexByte(host, '.')
		if dot > 0 && len(host)-dot > 2 && !strings.ContainsFunc(host[dot+1:], func(r rune) bool { return !unicode.IsLetter(r) }) {
			return true
		}
	}
	return false
}
