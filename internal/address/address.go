// Package address decides what an email address is and when two spellings are the same mailbox.
package address

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// The greatest sizes in bytes, those of RFC 5321.
const (
	MaxLength = 254 // of a whole address
	maxLocal  = 64
	maxDomain = 253
	maxLabel  = 63
	maxTyped  = 1024 // what is looked at, whatever its ASCII form may be
)

// Address is one mailbox. It is plain ASCII throughout.
type Address struct {
	// Display is the address as its owner writes it, for showing and for
	// sending: the capitals before the @ are kept. A domain in another
	// alphabet stands in its xn-- form, which cannot imitate another domain.
	Display string
	// Key is the identity: two addresses are the same mailbox if and only if
	// their keys are equal. It is Display in lower case, and parses to itself.
	// Dots and plus tags before the @ stay, since only the provider knows
	// whether they count.
	Key string
	// Local is what stands before the @ in Display.
	Local string
	// Domain is what stands after the @, in lower case and without a final dot.
	Domain string
}

// Invalid is why something is not an email address or a domain we can use: a
// sentence for the person who typed it.
type Invalid string

func (i Invalid) Error() string { return string(i) }

func invalid(format string, args ...any) error { return Invalid(fmt.Sprintf(format, args...)) }

// Parse returns the address that s spells, with or without spaces around it. It
// takes the bare form alone, name@example.com: no display name, comment, quoted
// text or IP address, and nothing but ASCII before the @. The only error is
// Invalid.
func Parse(s string) (Address, error) {
	s = strings.Trim(s, " \t")
	if err := text(s, "email address"); err != nil {
		return Address{}, err
	}
	local, domain, err := split(s)
	if err != nil {
		return Address{}, err
	}
	if err := checkLocal(local); err != nil {
		return Address{}, err
	}
	domain, err = ParseDomain(domain)
	if err != nil {
		return Address{}, err
	}
	a := Address{Display: local + "@" + domain, Local: local, Domain: domain}
	if len(a.Display) > MaxLength {
		return Address{}, invalid("An email address has at most %d characters.", MaxLength)
	}
	a.Key = strings.ToLower(a.Display)
	return a, nil
}

// text refuses what is no line of text at all.
func text(s, what string) error {
	switch {
	case s == "":
		return invalid("Enter an %s.", what)
	case len(s) > maxTyped:
		return invalid("An %s has at most %d characters.", what, MaxLength)
	case !utf8.ValidString(s):
		return invalid("This is not readable text.")
	}
	for _, r := range s {
		switch {
		case unicode.IsControl(r):
			return invalid("An %s cannot contain line breaks or control characters.", what)
		case unicode.Is(unicode.Cf, r):
			return invalid("The %s contains an invisible character (%U). Type it anew instead of pasting it.", what, r)
		}
	}
	return nil
}

// split cuts an address at its @ and names what people and attackers put there
// besides one.
func split(s string) (local, domain string, err error) {
	switch {
	case strings.ContainsAny(s, "<>"):
		return "", "", invalid("Enter the address alone, such as name@example.com, without a name or angle brackets.")
	case strings.ContainsAny(s, `"`):
		return "", "", invalid("Addresses with quotation marks are not accepted.")
	case strings.ContainsAny(s, "()"):
		return "", "", invalid("Addresses with comments in parentheses are not accepted.")
	case strings.ContainsAny(s, ",;"):
		return "", "", invalid("Enter one address, without commas or semicolons.")
	case strings.ContainsFunc(s, unicode.IsSpace):
		return "", "", invalid("An email address cannot contain spaces.")
	}
	local, domain, found := strings.Cut(s, "@")
	switch {
	case !found:
		return "", "", invalid("An email address needs an @, such as name@example.com.")
	case strings.Contains(domain, "@"):
		return "", "", invalid("An email address has only one @.")
	case local == "":
		return "", "", invalid("There is nothing before the @.")
	case domain == "":
		return "", "", invalid("There is nothing after the @.")
	}
	return local, domain, nil
}

// checkLocal accepts the dot-atom of RFC 5322.
func checkLocal(local string) error {
	for _, r := range local {
		switch {
		case r >= utf8.RuneSelf:
			return invalid("Before the @ stands %q, which is not a plain letter from a to z. Such addresses cannot be reached everywhere and are not accepted.", r)
		case !atext(byte(r)) && r != '.':
			return invalid("An email address cannot contain %q before the @.", r)
		}
	}
	switch {
	case len(local) > maxLocal:
		return invalid("At most %d characters may stand before the @.", maxLocal)
	case local[0] == '.' || local[len(local)-1] == '.':
		return invalid("What stands before the @ cannot begin or end with a dot.")
	case strings.Contains(local, ".."):
		return invalid("An email address cannot contain two dots in a row.")
	}
	return nil
}

// atext reports whether c may stand in an unquoted local part, dots aside.
func atext(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("!#$%&'*+-/=?^_`{|}~", c) >= 0
}

// Mask returns what of an address may be shown to somebody who does not know
// it: "m•••@example.com". How long the hidden part is does not show.
func Mask(key string) string {
	at := strings.LastIndexByte(key, '@')
	if at < 1 {
		return "•••"
	}
	_, size := utf8.DecodeRuneInString(key)
	return key[:size] + "•••" + key[at:]
}

// lookup turns a domain into its ASCII form by the current rules, under which
// ß stays ß and does not become the domain with ss.
var lookup = idna.New(idna.MapForLookup(), idna.StrictDomainName(true), idna.VerifyDNSLength(true), idna.BidiRule())

// ParseDomain returns the ASCII form of a domain in lower case, without a final
// dot. It refuses single labels such as localhost, IP addresses, and a domain
// in another alphabet that could be taken for a different one. The only error
// is Invalid.
func ParseDomain(s string) (string, error) {
	s = strings.Trim(s, " \t")
	if err := text(s, "address"); err != nil {
		return "", err
	}
	domain := strings.TrimSuffix(s, ".")
	if strings.HasPrefix(domain, "[") {
		return "", invalid("Enter a domain such as example.com after the @, not an IP address.")
	}
	ascii := lower(domain)
	if !isASCII(ascii) || strings.Contains("."+ascii, ".xn--") {
		var err error
		if ascii, err = international(domain); err != nil {
			return "", err
		}
	}
	return ascii, checkDomain(ascii)
}

// checkDomain applies the rules of host names to a domain in ASCII.
func checkDomain(domain string) error {
	if len(domain) > maxDomain {
		return invalid("A domain has at most %d characters.", maxDomain)
	}
	labels := strings.Split(domain, ".")
	for _, label := range labels {
		for i := range len(label) {
			if c := label[i]; !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-') {
				return invalid("A domain cannot contain %q.", rune(c))
			}
		}
		switch {
		case label == "":
			return invalid("A domain cannot begin with a dot or contain two dots in a row.")
		case len(label) > maxLabel:
			return invalid("A part of a domain has at most %d characters.", maxLabel)
		case label[0] == '-' || label[len(label)-1] == '-':
			return invalid("A part of a domain cannot begin or end with a hyphen.")
		}
	}
	last := labels[len(labels)-1]
	switch {
	case strings.Trim(last, "0123456789") == "":
		// Resolvers take 1.2.3.4, and even 1.2, for an IP address.
		return invalid("Enter a domain such as example.com after the @, not an IP address.")
	case len(labels) == 1:
		return invalid("A domain needs a dot, such as example.com.")
	case len(last) == 1:
		return invalid("The domain ends too early: %q is not an ending such as com.", last)
	}
	return nil
}

// international returns the ASCII form of a domain with letters outside ASCII,
// typed as such or in its xn-- form.
func international(domain string) (string, error) {
	// What Unicode holds for a mere variant of other characters (fullwidth
	// letters, ligatures, the Kelvin sign) would name a domain that was not typed.
	if norm.NFKC.String(domain) != domain {
		return "", invalid("The domain contains characters that only look like others. Type it in plain letters.")
	}
	ascii, err := lookup.ToASCII(domain)
	if err != nil {
		return "", invalid("The domain is not a valid one.")
	}
	letters, err := lookup.ToUnicode(ascii)
	if err != nil {
		return "", invalid("The domain is not a valid one.")
	}
	// Whatever else the mapping drops or replaces, other than capitals, would
	// do the same, in the xn-- form as well.
	if typed := lower(domain); ascii != typed && letters != strings.ToLower(domain) {
		return "", invalid("The domain contains characters that only look like others. Type it in plain letters.")
	}
	for label := range strings.SplitSeq(letters, ".") {
		if i := strings.IndexFunc(label, foreign); i >= 0 {
			return "", invalid("The domain contains a character that is neither letter nor digit: %q.", label)
		}
		if mixed(label) {
			return "", invalid("The domain mixes alphabets in %q.", label)
		}
	}
	return ascii, nil
}

// foreign reports whether r has no place in a domain. IDNA 2008 forbids symbols
// and emoji, which the mapping lets through; the two exceptions belong to
// Catalan and Japanese words.
func foreign(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.M, unicode.Nd) && r != '-' && r != '·' && r != '・'
}

// together are the scripts that one language writes side by side, besides Latin.
var together = [][]string{
	{"Han", "Hiragana", "Katakana"},
	{"Han", "Bopomofo"},
	{"Han", "Hangul"},
}

// mixed reports whether a label needs more than one alphabet, apart from the
// sets that Unicode's "highly restrictive" level allows (UTS 39).
func mixed(label string) bool {
	scripts := map[string]bool{}
	for _, r := range label {
		scripts[script(r)] = true
	}
	delete(scripts, "Common")
	delete(scripts, "Inherited")
	if len(scripts) <= 1 {
		return false
	}
	delete(scripts, "Latin")
	for _, set := range together {
		n := 0
		for _, name := range set {
			if scripts[name] {
				n++
			}
		}
		if n == len(scripts) {
			return false
		}
	}
	return true
}

// script returns the name of the script the rune belongs to.
func script(r rune) string {
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return ""
}

// lower folds ASCII letters alone: under Unicode's rules the Kelvin sign would
// become k, and the mailbox somebody else's.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
