// Package phone reads telephone numbers in international form.
package phone

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:generate go run ./refresh

// plan is how numbers behind a calling code are made: what libphonenumber knows
// of the first country that has it. Patterns are compiled when a number first needs
// them: all of them at once would cost every start as much as everything else.
type plan struct {
	code int
	// number is the pattern of all national numbers.
	number string
	// trunk is the pattern of what is dialled before a national number at home,
	// and rewrite what takes its place if that is not nothing.
	trunk, rewrite string
	// lengths has the bit of each length that a national number can have, local
	// of each that is dialled in one place only.
	lengths, local uint32
}

// E164 returns a number that was written in international form, such as
// "+49 (0)30 1234567", as E.164: "+49301234567". It reports false for what is no
// such number, for letters and for an extension, which E.164 cannot say.
func E164(s string) (_ string, ok bool) {
	all, ok := digits(s)
	if !ok {
		return "", false
	}
	for n := 1; n <= 3 && n < len(all); n++ {
		code := 0
		for _, d := range all[:n] {
			code = 10*code + int(d-'0')
		}
		i, found := slices.BinarySearchFunc(plans[:], code, func(p plan, code int) int { return p.code - code })
		if !found || all[0] == '0' {
			continue
		}
		national := plans[i].national(all[n:])
		if len(national) < 2 || !plans[i].possible(len(national)) {
			return "", false
		}
		return "+" + all[:n] + national, true
	}
	return "", false
}

// digits returns the digits behind the plus, without what people write between
// them.
func digits(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if len(s) >= 4 && strings.EqualFold(s[:4], "tel:") {
		s = s[4:]
	}
	s = strings.TrimLeft(s, " \u00a0(")
	rest, ok := strings.CutPrefix(s, "+")
	if !ok {
		rest, ok = strings.CutPrefix(s, "＋")
	}
	if !ok {
		return "", false
	}
	var b strings.Builder
	for _, r := range rest {
		switch {
		case '0' <= r && r <= '9':
			b.WriteRune(r)
		case '０' <= r && r <= '９':
			b.WriteRune('0' + r - '０')
		case '٠' <= r && r <= '٩':
			b.WriteRune('0' + r - '٠')
		case '۰' <= r && r <= '۹':
			b.WriteRune('0' + r - '۰')
		case strings.ContainsRune("().-/[]（）／ー\u2060\u200b\u00ad", r), unicode.In(r, unicode.Pd, unicode.Zs), r == '−':
		default:
			return "", false
		}
	}
	return b.String(), true
}

// national returns the digits without what is dialled before them at home only,
// if there is something of that kind and a number remains.
func (p plan) national(all string) string {
	if p.trunk == "" {
		return all
	}
	trunk := pattern("^(?:" + p.trunk + ")")
	at := trunk.FindStringSubmatchIndex(all)
	if at == nil {
		return all
	}
	number := pattern("^(?:" + p.number + ")$")
	bare := all[at[1]:]
	if last := at[len(at)-2]; p.rewrite != "" && last >= 0 {
		bare = trunk.ReplaceAllString(all, p.rewrite)
	}
	if number.MatchString(all) && !number.MatchString(bare) {
		return all
	}
	if n := len(bare); p.lengths>>n&1 == 0 && n < bits.Len32(p.lengths) {
		return all // too short, or of a length between those that there are
	}
	return bare
}

// compiled are the patterns that numbers have needed, of which there are two for each
// calling code at most.
var compiled sync.Map

func pattern(text string) *regexp.Regexp {
	if known, ok := compiled.Load(text); ok {
		return known.(*regexp.Regexp)
	}
	fresh := regexp.MustCompile(text)
	compiled.Store(text, fresh)
	return fresh
}

// possible reports whether a national number can have n digits.
func (p plan) possible(n int) bool { return (p.lengths|p.local)>>n&1 == 1 }
