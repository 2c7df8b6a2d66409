package id

import (
	"math/big"
	"regexp"
	"strings"
	"testing"
)

// Whatever a stranger calls an identifier, it is one in its only spelling: a kind and
// 128 bits.
func FuzzKind(f *testing.F) {
	for _, s := range []string{New(Account), "acct_01h455vb4pex5vsknk084sn02q", "acct_81h455vb4pex5vsknk084sn02q", "ACCT_01h455vb4pex5vsknk084sn02q", "_01h455vb4pex5vsknk084sn02q",
		"a_b_01h455vb4pex5vsknk084sn02q", "acct_01h455vb4pex5vsknk084sn0iq", "acct_01h455vb4pex5vsknk084sn02q\n", "role_administrator", "", "\xff_"} {
		f.Add(s)
	}
	form := regexp.MustCompile(`\A[a-z]+_[0-7][0-9a-hjkmnp-tv-z]{25}\z`)
	f.Fuzz(func(t *testing.T, s string) {
		kind := Kind(s)
		if (kind != "") != form.MatchString(s) {
			t.Fatalf("%q is of kind %q", s, kind)
		}
		if kind == "" {
			return
		}
		var bits big.Int
		for _, c := range s[len(kind)+1:] {
			bits.Add(bits.Lsh(&bits, 5), big.NewInt(int64(strings.IndexRune(alphabet, c))))
		}
		var b [16]byte
		if again := kind + "_" + encode([16]byte(bits.FillBytes(b[:]))); again != s || !Is(kind, s) {
			t.Fatalf("%q is another spelling of %q", s, again)
		}
	})
}
