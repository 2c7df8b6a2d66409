package password

import (
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
)

// enough is how many guesses make a password good: zxcvbn's score of 3, which
// guessing on line never reaches, and at our hash's price 50 core-days.
const enough = 1e8

// looked is how much of a password is looked at, in characters. What is strong
// so far does not become weak.
const looked = 100

// estimate tells how many guesses a password withstands. It follows zxcvbn's
// model (Wheeler, USENIX Security 2016): the password is cut into parts, each
// of which the attacker guesses by the cheapest of several methods, and a cut
// into l parts costs l! times the product of the parts, plus (10^4)^(l-1). From
// three parts on that sum alone is 10^8, which is enough; so one part and two
// parts are all there is to try.
//
// It is not one of zxcvbn's translations, because those try every reading of
// signs as letters, seconds of work for a hundred of them, and load their lists
// whenever a process starts.
type estimate struct {
	own     map[string]bool
	longest int // of the words it knows, in characters
	year    int
}

func newEstimate(own []string) *estimate {
	e := &estimate{own: map[string]bool{}, longest: longestWord, year: time.Now().Year()}
	for _, w := range own {
		e.own[w] = true
		e.longest = max(e.longest, len(w))
	}
	return e
}

// of returns the guesses for a password, exact below enough, and the reason
// they are few.
func (e *estimate) of(p []rune) (guesses float64, why Weakness) {
	p = p[:min(len(p), looked)]
	guesses, why = e.part(p)
	guesses++
	for cut := 1; cut < len(p); cut++ {
		head, headWhy := e.part(p[:cut])
		tail, tailWhy := e.part(p[cut:])
		if both := 2*max(head, least(cut))*max(tail, least(len(p)-cut)) + 1e4; both < guesses {
			guesses, why = both, headWhy
			// The longer part is the one to tell about.
			if len(p)-cut > cut {
				why = tailWhy
			}
		}
	}
	return guesses, why
}

// least is what a part of n characters costs at least, within a password.
func least(n int) float64 {
	if n == 1 {
		return 10
	}
	return 50
}

// part returns the guesses for one part by the cheapest method.
func (e *estimate) part(p []rune) (guesses float64, why Weakness) {
	guesses, why = math.Pow(10, float64(len(p))), guessable
	if len(p) < 2 {
		return guesses, why
	}
	for _, method := range []struct {
		why     Weakness
		guesses func([]rune) float64
	}{
		{itself, e.ownWord},
		{common, e.word},
		{keys, keyboardWalk},
		{sequence, run},
		{repeated, e.repetition},
		{date, e.date},
	} {
		if g := method.guesses(p); g < guesses {
			guesses, why = g, method.why
		}
	}
	return guesses, why
}

// never is the answer of a method that does not apply.
var never = math.Inf(1)

// ownWord guesses one of the person's own words.
func (e *estimate) ownWord(p []rune) float64 {
	return e.lookUp(p, func(word string) float64 {
		if e.own[word] {
			return 1
		}
		return never
	})
}

// word guesses a common password, word or name.
func (e *estimate) word(p []rune) float64 { return e.lookUp(p, rank) }

// lookUp guesses a word from a list, forwards or backwards, with capitals and
// look-alike signs.
func (e *estimate) lookUp(p []rune, rank func(string) float64) float64 {
	if len(p) < 3 || len(p) > e.longest {
		return never
	}
	low := strings.ToLower(string(p))
	backwards := []rune(low)
	slices.Reverse(backwards)
	guesses := min(rank(low), 2*rank(string(backwards)))
	for i, spelling := range spellings(low) {
		if i > 0 {
			guesses = min(guesses, rank(spelling)*looksAlike(low, spelling))
		}
	}
	return guesses * capitals(p)
}

// capitals returns in how many ways a word with so many capitals is tried.
func capitals(p []rune) float64 {
	upper, lower := 0, 0
	for _, r := range p {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	switch {
	case upper == 0:
		return 1
	case lower == 0, upper == 1 && (unicode.IsUpper(p[0]) || unicode.IsUpper(p[len(p)-1])):
		return 2
	}
	return ways(upper, lower)
}

// ways returns in how many ways at most min(a, b) of a+b places are chosen.
func ways(a, b int) float64 {
	sum := 0.0
	for i := 1; i <= min(a, b); i++ {
		sum += choose(a+b, i)
	}
	return sum
}

// choose is the binomial coefficient of n over k.
func choose(n, k int) float64 {
	c := 1.0
	for i := range k {
		c = c * float64(n-i) / float64(i+1)
	}
	return c
}

// lookAlikes replaces the signs that stand for one letter alone; 1, | and 7
// stand for two.
var lookAlikes = strings.NewReplacer(
	"4", "a", "@", "a", "8", "b", "(", "c", "{", "c", "[", "c", "<", "c", "3", "e", "6", "g", "9", "g",
	"!", "i", "0", "o", "$", "s", "5", "s", "+", "t", "%", "x", "2", "z")

var ambiguous = []*strings.Replacer{
	strings.NewReplacer("1", "i", "|", "i", "7", "t"),
	strings.NewReplacer("1", "i", "|", "i", "7", "l"),
	strings.NewReplacer("1", "l", "|", "l", "7", "t"),
	strings.NewReplacer("1", "l", "|", "l", "7", "l"),
}

// spellings returns a text and then the ways to read its signs as letters. Each
// has as many characters as the text.
func spellings(text string) []string {
	out := []string{text}
	plain := lookAlikes.Replace(text)
	for _, r := range ambiguous {
		if s := r.Replace(plain); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// looksAlike returns in how many ways signs are tried for letters, given a text
// and its reading: twice for each letter that is replaced.
func looksAlike(text, spelling string) float64 {
	replaced := map[rune]bool{}
	read := []rune(spelling)
	for i, r := range []rune(text) {
		if read[i] != r {
			replaced[read[i]] = true
		}
	}
	return math.Pow(2, float64(len(replaced)))
}

// run guesses a sequence, such as abcd or 9753.
func run(p []rune) float64 {
	step := p[1] - p[0]
	if len(p) < 3 || step == 0 || step < -5 || step > 5 {
		return never
	}
	for i := 2; i < len(p); i++ {
		if p[i]-p[i-1] != step {
			return never
		}
	}
	guesses := 26.0
	switch {
	case strings.ContainsRune("aAzZ019", p[0]):
		guesses = 4
	case unicode.IsDigit(p[0]):
		guesses = 10
	}
	if step < 0 {
		guesses *= 2
	}
	return guesses * float64(len(p))
}

// repetition guesses what is repeated, and how often.
func (e *estimate) repetition(p []rune) float64 {
	for size := 1; size <= len(p)/2; size++ {
		if len(p)%size == 0 && slices.Equal(p[size:], p[:len(p)-size]) {
			once, _ := e.of(p[:size])
			return once * float64(len(p)/size)
		}
	}
	return never
}

// date guesses a day with its year, or a year alone, as people write them.
func (e *estimate) date(p []rune) float64 {
	if len(p) < 4 || len(p) > len("31.12.1999") {
		return never
	}
	var fields []int
	var sep rune
	number, digits := 0, 0
	for i, r := range p {
		switch {
		case '0' <= r && r <= '9':
			number = 10*number + int(r-'0')
			digits++
		case !strings.ContainsRune(" -/\\_.", r), digits == 0, sep != 0 && sep != r, i == len(p)-1:
			return never
		default:
			fields, sep = append(fields, number), r
			number, digits = 0, 0
		}
	}
	fields = append(fields, number)
	if sep != 0 {
		if len(fields) == 3 {
			return 4 * e.day(fields[0], fields[1], fields[2])
		}
		return never
	}
	guesses := never
	if len(p) == 4 {
		guesses = e.years(number)
	}
	for _, cut := range dateCuts[len(p)] {
		a, rest := number/power(len(p)-cut[0]), number%power(len(p)-cut[0])
		guesses = min(guesses, e.day(a, rest/power(len(p)-cut[1]), rest%power(len(p)-cut[1])))
	}
	return guesses
}

// dateCuts tells by the number of digits where a date without separators is cut.
var dateCuts = map[int][][2]int{
	4: {{1, 2}, {2, 3}},                 // 1 1 91, 91 1 1
	5: {{1, 3}, {2, 3}},                 // 1 11 91, 91 1 11
	6: {{1, 2}, {2, 4}, {4, 5}},         // 1 1 1991, 11 11 91, 1991 1 1
	7: {{1, 3}, {2, 3}, {4, 5}, {4, 6}}, // 1 11 1991, 11 1 1991, 1991 1 11, 1991 11 1
	8: {{2, 4}, {4, 6}},                 // 11 11 1991, 1991 11 11
}

// power returns ten to the n.
func power(n int) int { return int(math.Pow10(n)) }

// day returns the guesses for a day if the numbers are one in any usual order.
func (e *estimate) day(a, b, c int) float64 {
	guesses := never
	for _, ymd := range [][3]int{{c, b, a}, {c, a, b}, {a, b, c}} {
		if month, day := ymd[1], ymd[2]; month >= 1 && month <= 12 && day >= 1 && day <= 31 {
			guesses = min(guesses, 365*e.years(ymd[0]))
		}
	}
	return guesses
}

// years returns the guesses for a year, those near today first.
func (e *estimate) years(year int) float64 {
	switch {
	case year < 50:
		year += 2000
	case year < 100:
		year += 1900
	case year < 1900 || year > 2050:
		return never
	}
	return max(math.Abs(float64(year-e.year)), 20)
}
