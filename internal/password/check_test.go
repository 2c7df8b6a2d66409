package password_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tenantry/internal/password"
)

func TestCheck(t *testing.T) {
	tests := []struct {
		name     string
		password string
		personal []string
		want     string // part of the refusal; empty for none
	}{
		{"chance", "kX9$mQ2!vL7p", nil, ""},
		{"chance in lower case", "qvxkzrwmpt", nil, ""},
		{"four words", "correct horse battery staple", nil, ""},
		{"four words run together", "correcthorsebatterystaple", nil, ""},
		{"four words in another language", "Pferd Batterie Klammer richtig", nil, ""},
		{"another alphabet", "лошадь батарея скрепка", nil, ""},
		{"ideographs", "正確な馬の電池とホチキス", nil, ""},
		{"only spaces between", "x y z q w k j v b p", nil, ""},
		{"emoji", "🐴🔋📎✅🌂🎷🧊🦔🪁🧵", nil, ""},
		{"no digit, capital or sign is asked for", "plumgravelquietorbit", nil, ""},

		{"nothing", "", nil, "at least 10 characters"},
		{"nine characters", "kX9$mQ2!v", nil, "at least 10 characters"},
		{"ten characters", "kX9$mQ2!vL", nil, ""},
		{"nine characters of several bytes", "лошадьбат", nil, "at least 10 characters"},
		{"nine characters out of eighteen parts", strings.Repeat("e\u0301", 9), nil, "at least 10 characters"},
		{"1,024 bytes", strings.Repeat("kX9$mQ2!vL7pRt4&", 64), nil, ""},
		{"1,025 bytes", strings.Repeat("kX9$mQ2!vL7pRt4&", 64) + "x", nil, "at most 1,024 bytes"},

		{"NUL", "kX9$mQ2!vL\x00", nil, "control characters"},
		{"line break", "kX9$mQ2!vL\n", nil, "control characters"},
		{"tab", "kX9$\tmQ2!vL", nil, "control characters"},
		{"delete", "kX9$mQ2!vL\x7f", nil, "control characters"},
		{"C1 control", "kX9$mQ2!vL\u0085", nil, "control characters"},
		{"not text", "kX9$mQ2!vL\xff", nil, "control characters"},

		{"common", "1q2w3e4r5t", nil, "common password"},
		{"common and long", "qwerty12345678", nil, "common password"},
		{"common with capitals", "BasketBall", nil, "common password"},
		{"common with signs", "b@sk3tb@11", nil, "common password"},
		{"common and three signs", "basketball!x?", nil, "common password"},
		{"common with capitals anywhere and three signs", "bAsKeTbAlL!x?", nil, ""},
		{"common backwards", "llabteksab", nil, "common password"},
		{"common twice", "basketballbasketball", nil, "Repetitions"},
		{"common and a year", "basketball1987", nil, "common password"},
		{"common and a sign", "Basketball!", nil, "common password"},
		{"sign and common", "!!manchester", nil, "common password"},
		{"leaked, from far down the list", "sherepakistan42", nil, "common password"},
		{"two common words", "sunshinepurple", nil, "common password"},

		{"keys in a row", "qwertyuiop[]", nil, "Neighbouring keys"},
		{"keys backwards", "][poiuytrewq", nil, "Neighbouring keys"},
		{"keys with shift", "QWERTYUIOP{}", nil, "Neighbouring keys"},
		{"German keys in a row", "qwertzuiopü+", nil, "Neighbouring keys"},
		{"French keys in a row", "qsdfghjklmù*", nil, "Neighbouring keys"},
		{"keypad", "789+-*/874", nil, "Neighbouring keys"},
		{"alphabet", "abcdefghijkl", nil, "Sequences"},
		{"alphabet backwards", "zyxwvutsrqpo", nil, "Sequences"},
		{"every other letter", "acegikmoqsuw", nil, "Sequences"},
		{"another alphabet in order", "абвгдежзийкл", nil, "Sequences"},
		{"one character", strings.Repeat("a", 500), nil, "Repetitions"},
		{"one emoji", strings.Repeat("🐴", 40), nil, "Repetitions"},
		{"two characters", strings.Repeat("xq", 50), nil, "Repetitions"},
		{"date", "31.12.1999", nil, "Dates"},
		{"date in another order", "1999-12-31", nil, "Dates"},
		{"two dates", "3112199901012000", nil, "easy to guess"},

		{"own address", "olive.green@example.com", []string{"olive.green@example.com"}, "your own details"},
		{"own address, no list knows it", "zwyrql.bqxtvk@kvrmpwz.example", []string{"zwyrql.bqxtvk@kvrmpwz.example"}, "your own details"},
		{"own address without separators", "zwyrqlbqxtvk", []string{"zwyrql.bqxtvk@kvrmpwz.example"}, "your own details"},
		{"own name in capitals", "ZWYRQL BQXTVK", []string{"", "Zwyrql Bqxtvk"}, "your own details"},
		{"own name, other order", "bqxtvkzwyrql", []string{"Zwyrql Bqxtvk"}, "your own details"},
		{"own name with signs", "z1wyrqkbq1!", []string{"ziwyrqkbqi"}, "your own details"},
		{"own name and a year", "Zwyrql1987", []string{"Zwyrql Bqxtvk"}, "your own details"},
		{"three own words", "zwyrql-bqxtvk-kvrmpwz", []string{"zwyrql.bqxtvk@kvrmpwz.example"}, "your own details"},
		{"own name twice and a little", "zwyrqlzwyrql123", []string{"Zwyrql"}, "your own details"},
		{"own short words run together", "qjvxkzwpmb", []string{"Qj Vx Kz Wp Mb"}, "your own details"},
		{"own name and five others among signs", "zwyrql-k.x!9?q*v", []string{"Zwyrql"}, "your own details"},
		{"own name and six others among signs", "zwyrql-k.x!9?q*v_7", []string{"Zwyrql"}, ""},
		{"own name and just enough", "zwyrqlbqxkxqvmp", []string{"Zwyrqlbqx"}, ""},
		{"own name and just too little", "zwyrqlbqxkxqvm", []string{"Zwyrqlbqx"}, "your own details"},
		{"own name backwards", "kvtxqblqrywz", []string{"zwyrqlbqxtvk"}, "your own details"},
		{"brand and account", "Tenantry-Kvrmpwz!", []string{"Tenantry", "Kvrmpwz Ltd"}, "your own details"},
		{"own name and a common word", "zwyrqlbasketball", []string{"Zwyrql"}, "easy to guess|common|your own"},
		{"own name in a good one", "why does zwyrql juggle lentils", []string{"Zwyrql"}, ""},
		{"very short own words do not count", "k$mo!Q?mo^x2.mo", []string{"Mo"}, ""},
		{"nobody's own", "kX9$mQ2!vL7p", []string{"", " ", "@"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := password.Check(tt.password, tt.personal...)
			if tt.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if _, isWeakness := errors.AsType[password.Weakness](err); !isWeakness {
				t.Fatalf("got %v, want a Weakness with %q", err, tt.want)
			}
			if !slices.ContainsFunc(strings.Split(tt.want, "|"), func(w string) bool { return strings.Contains(err.Error(), w) }) {
				t.Errorf("got %q, want %q", err, tt.want)
			}
			if tt.password != "" && strings.Contains(err.Error(), tt.password) {
				t.Errorf("the refusal shows the password: %v", err)
			}
		})
	}
}

// No input is a surprise.
func TestCheckTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.String().Draw(t, "password")
		own := rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "personal")
		if err := password.Check(p, own...); err != nil {
			if _, isWeakness := errors.AsType[password.Weakness](err); !isWeakness {
				t.Fatalf("%T is no Weakness", err)
			}
		}
	})
}

// The costliest inputs known: signs that can be read as several letters, which
// make zxcvbn try every combination, and repetitions within repetitions.
func BenchmarkCheck(b *testing.B) {
	own := []string{"olive.green@shop.example.com", "Olive Green", "Green Groceries of Rochester Ltd", "Tenantry"}
	for name, p := range map[string]string{
		"words":       "correct horse battery staple",
		"signs":       strings.Repeat("4@8({[<369!1|705$7+%2", 50)[:password.MaxBytes],
		"repetitions": strings.Repeat("aabaabaab1|7", 80),
		"keys":        strings.Repeat("qwertyuiop", 100),
		"own words":   strings.Repeat("0l1veGreen", 100),
		"digits":      strings.Repeat("31121999", 100),
	} {
		password.Check(p, own...)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				password.Check(p, own...)
			}
		})
	}
}
