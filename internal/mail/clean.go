package mail

import (
	"errors"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a personal message is cut down to.
const (
	maxMessage      = 1000
	maxMessageLines = 20
)

// maxText is what the text of a notification is cut down to.
const maxText = 20_000

// Clean makes words of a stranger fit to stand in a mail. Control, bidi and
// other invisible characters are dropped, white space and line breaks become
// one space, and what a mail program would turn into a link no longer is one:
// "https://example.com" becomes "https[:]//example[.]com". What is longer than
// max runes ends in "…". Cleaning twice is cleaning once.
func Clean(s string, max int) string { return shorten(defang(flatten(s)), max) }

// cleanMessage cleans a personal message, whose line breaks are kept.
func cleanMessage(s string) string {
	var lines []string
	for line := range strings.FieldsFuncSeq(s, lineBreak) {
		line = defang(flatten(line))
		if line == "" {
			continue
		}
		if len(lines) == maxMessageLines {
			lines[maxMessageLines-1] += " …"
			break
		}
		lines = append(lines, line)
	}
	return shorten(strings.Join(lines, "\n"), maxMessage)
}

// headerWords makes s fit to be a header: one line, and no "=?", with which a
// stranger would have the reader's mail program decode what was not seen here.
func headerWords(s string, max int) string {
	return shorten(strings.ReplaceAll(flatten(s), "=?", "= ?"), max)
}

func lineBreak(r rune) bool {
	return r >= '\n' && r <= '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029'
}

// cleanText cleans the text of a company's system: its lines, paragraphs and links are
// kept, and what cannot be seen is dropped.
func cleanText(s string) string {
	s = visible(lineBreaks.Replace(strings.ToValidUTF8(s, "")))
	var out []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRight(line, " ")
		if line == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, line)
	}
	return shorten(strings.TrimSpace(strings.Join(out, "\n")), maxText)
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n")

// visible drops what cannot be seen, and keeps where lines end.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.Is(unicode.Z, r), unicode.IsControl(r), blank(r):
			return ' '
		case unicode.IsGraphic(r):
			return r
		}
		return -1
	}, s)
}

// flatten puts s on one line and drops what cannot be seen.
func flatten(s string) string {
	return strings.Join(strings.Fields(visible(strings.ToValidUTF8(s, ""))), " ")
}

// blank reports letters and symbols that look like nothing at all.
func blank(r rune) bool {
	switch r {
	case '\u115F', '\u1160', '\u3164', '\uFFA0', '\u2800':
		return true
	}
	return false
}

var (
	ipv4   = regexp.MustCompile(`\d+(?:\.\d+){3,}`)
	scheme = regexp.MustCompile(`(?i)\b(mailto|tel|sms|javascript|data|file):(\S)`)
)

// defang breaks what mail programs recognise as addresses. It leaves "Node 2.0",
// "J. R. Smith" and "Acme Inc." alone.
func defang(s string) string {
	s = strings.ReplaceAll(s, "://", "[:]//")
	s = scheme.ReplaceAllString(s, "$1[:]$2")
	s = ipv4.ReplaceAllStringFunc(s, func(ip string) string { return strings.ReplaceAll(ip, ".", "[.]") })

	runes := []rune(s)
	var b strings.Builder
	for i, r := range runes {
		if i > 0 && i+2 < len(runes) && joinsDomain(runes[i-1], r, runes[i+1], runes[i+2]) {
			b.WriteString("[.]")
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// joinsDomain reports whether dot, between before and the two runes after it,
// could be the dot of a domain name: these end in at least two letters.
func joinsDomain(before, dot, next, second rune) bool {
	switch dot {
	case '.', '\uFF0E', '\u2024':
		if before == '[' || before == dot || unicode.IsSpace(before) {
			return false
		}
	case '\u3002', '\uFF61':
		// These end sentences, with no space after them; only between Latin
		// letters can one be meant as the dot of a domain.
		if before > unicode.MaxASCII || next > unicode.MaxASCII {
			return false
		}
	default:
		return false
	}
	return unicode.IsLetter(next) && (unicode.IsLetter(second) || unicode.IsMark(second))
}

// shorten cuts s to max runes, the last of which then is "…".
func shorten(s string, max int) string {
	if utf8.RuneCountInString(s) <= max {
		return s
	}
	if max <= 0 {
		return ""
	}
	return strings.TrimSpace(string([]rune(s)[:max-1])) + "…"
}

// checkLink takes an absolute http or https address, with nothing in it that
// would need escaping in a header or an attribute. The error does not repeat
// the address, which may carry a secret.
func checkLink(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil, u.Scheme != "http" && u.Scheme != "https", u.Host == "", u.User != nil:
		return errors.New("not an absolute http(s) address")
	case strings.ContainsFunc(s, unsafeInLink):
		return errors.New("it holds a character that must be escaped")
	}
	return nil
}

// unsafeInLink reports what would need escaping in a header or an attribute.
func unsafeInLink(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune("<>\"'`\\{}|^", r) }
