package password

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The bounds of a password.
const (
	MinRunes = 10   // characters
	MaxBytes = 1024 // in UTF-8
)

// Weakness is why a password is refused: a sentence, with advice, for the
// person who chose it.
type Weakness string

func (w Weakness) Error() string { return string(w) }

const (
	tooLong    Weakness = "A password has at most 1,024 bytes."
	tooShort   Weakness = "A password has at least 10 characters."
	unreadable Weakness = "A password cannot contain control characters, such as line breaks."
	itself     Weakness = "This password is made of your own details or of our name, which are tried first. Choose something that has nothing to do with them."
	common     Weakness = "This is a common password or word, and those are tried first. Choose something of your own, such as four words that do not belong together."
	keys       Weakness = "Neighbouring keys are easy to guess. Choose something else, such as four words that do not belong together."
	sequence   Weakness = "Sequences such as abcdef or 12345 are easy to guess. Choose something else, such as four words that do not belong together."
	repeated   Weakness = "Repetitions are easy to guess. Choose something else, such as four words that do not belong together."
	date       Weakness = "Dates are easy to guess. Choose something else, such as four words that do not belong together."
	guessable  Weakness = "This password is easy to guess. Make it longer, such as four words that do not belong together, or let a password manager make one."
)

// Check returns nil for a password that is good enough, and Weakness otherwise.
// It asks for MinRunes characters and 10^8 guesses by an attacker who knows
// common passwords, words, names, keyboards, dates and the usual alterations,
// and the personal texts: address, name, account, brand. There are no rules of
// composition: any characters but control characters will do. It takes at most
// some 5 ms, and 50 ms more the first time.
func Check(password string, personal ...string) error {
	if len(password) > MaxBytes {
		return tooLong
	}
	if !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl) {
		return unreadable
	}
	p := normal(password)
	if utf8.RuneCountInString(p) < MinRunes {
		return tooShort
	}
	own := ownWords(personal)
	if builtFrom(p, own) {
		return itself
	}
	if guesses, why := newEstimate(own).of([]rune(p)); guesses < enough {
		return why
	}
	return nil
}

// normal returns the one form of a password, as in RFC 8265's OpaqueString: the
// same characters, however a keyboard or a system composes them.
func normal(password string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return ' '
		}
		return r
	}, password))
}

// ownWords returns what an attacker who knows the texts would try, in lower
// case and longest first: each text whole and without its separators, and each
// word of it that has at least three characters.
func ownWords(texts []string) []string {
	var out []string
	add := func(s string) {
		if utf8.RuneCountInString(s) >= 3 {
			out = append(out, s)
		}
	}
	for _, text := range texts {
		text = strings.ToLower(normal(text[:min(len(text), 300)]))
		words := strings.FieldsFunc(text, separator)
		add(strings.TrimSpace(text))
		add(strings.Join(words, ""))
		for _, w := range words {
			add(w)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	})
	return slices.Compact(out)
}

func separator(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// builtFrom reports whether a password holds own words, and besides them fewer
// than six letters and digits.
func builtFrom(password string, own []string) bool {
	for _, spelling := range spellings(strings.ToLower(password)) {
		rest := spelling
		for _, w := range own {
			// A space keeps what stood on both sides from making a new word.
			rest = strings.ReplaceAll(rest, w, " ")
		}
		if rest == spelling {
			continue
		}
		n := 0
		for _, r := range rest {
			if !separator(r) {
				n++
			}
		}
		if n < 6 {
			return true
		}
	}
	return false
}
