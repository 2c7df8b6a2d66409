package model

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// Whatever stands in a variable, each scalar refuses it or reads what it writes the same
// again, and what both databases can store.
func FuzzScalars(f *testing.F) {
	for _, s := range []string{`"2026-01-31T12:00:00Z"`, `"9999-12-31T23:59:59.9999999-12:00"`, `"0001-01-01T00:00:00+14:00"`, `"2026-01-31T24:00:00Z"`, `2147483648`, `-2147483648.0`, `1e9`, `1.5`,
		`"\u0000"`, `"\ud800"`, `"a\tb\r\n"`, `"\u0085"`, `"\ufffd"`, `"acct_01h455vb4pex5vsknk084sn02q"`, `1e400`, `{"a":{"b":[1,"\u2028<"]}}`, `[]`, `null`, `true`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d := json.NewDecoder(bytes.NewReader(b))
		d.UseNumber()
		var v any
		if d.Decode(&v) != nil {
			return
		}
		if at, err := UnmarshalTime(v); err == nil {
			again, err := UnmarshalTime(written(t, MarshalTime(at)))
			if err != nil || !again.Equal(at) || at.Year() < 0 || at.Year() > 10000 {
				t.Errorf("%s is the instant %s, which is written so that it is %s, %v", b, at, again, err)
			}
		}
		if i, err := UnmarshalInt(v); err == nil {
			if again, err := UnmarshalInt(json.Number(strconv.Itoa(i))); err != nil || again != i || i > math.MaxInt32 || i < math.MinInt32 {
				t.Errorf("%s is the number %d, and that %d, %v", b, i, again, err)
			}
		}
		for what, read := range map[string]func(any) (string, error){
			"String": UnmarshalString, "ID": UnmarshalID,
			"PermissionKey": func(v any) (string, error) { k, err := UnmarshalPermissionKey(v); return string(k), err },
			"CategoryKey":   func(v any) (string, error) { k, err := UnmarshalCategoryKey(v); return string(k), err },
		} {
			if s, err := read(v); err == nil {
				if again, err := read(written(t, MarshalString(s))); err != nil || again != s || !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\ufffd") {
					t.Errorf("%s is the %s %q, and that %q, %v", b, what, s, again, err)
				}
			}
		}
		if s, err := UnmarshalWebAuthnJSON(v); err == nil && !json.Valid([]byte(s)) {
			t.Errorf("%s is the object %s", b, s)
		}
	})
}

// written is what a client reads of a scalar that we write.
func written(t *testing.T, m graphql.Marshaler) (v any) {
	var b bytes.Buffer
	m.MarshalGQL(&b)
	if err := json.Unmarshal(b.Bytes(), &v); err != nil {
		t.Fatalf("%s is written: %v", &b, err)
	}
	return v
}
