package id

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var all []string
		for range 1000 {
			v := New(Account)
			if !Is(Account, v) || Is(User, v) {
				t.Fatalf("%s is no account's id", v)
			}
			all = append(all, v)
			time.Sleep(time.Microsecond)
		}
		if !slices.IsSorted(all) {
			t.Error("ids do not sort by the microsecond they were made in")
		}
		if n := len(slices.Compact(all)); n != 1000 {
			t.Errorf("%d of 1000 ids differ", n)
		}
		if sorted := Sorted(Event, 100); !slices.IsSorted(sorted) || len(slices.Compact(sorted)) != 100 {
			t.Error("Sorted does not sort, or repeats itself")
		}
	})
}

// TestFirst has the bytes of UUIDs that were worked out by hand.
func TestFirst(t *testing.T) {
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // 946684800000 ms = 0x00dc6acfac00
	tests := []struct {
		name string
		at   time.Time
		want [16]byte
	}{
		{"the first instant", time.Unix(0, 0), [16]byte{6: 0x70, 8: 0x80}},
		{"a day", day, [16]byte{0x00, 0xdc, 0x6a, 0xcf, 0xac, 0x00, 0x70, 0x00, 0x80}},
		{"a millisecond later", day.Add(time.Millisecond), [16]byte{0x00, 0xdc, 0x6a, 0xcf, 0xac, 0x01, 0x70, 0x00, 0x80}},
		{"half of one later", day.Add(time.Millisecond / 2), [16]byte{0x00, 0xdc, 0x6a, 0xcf, 0xac, 0x00, 0x78, 0x00, 0x80}},
		{"its last microsecond", day.Add(999 * time.Microsecond), [16]byte{0x00, 0xdc, 0x6a, 0xcf, 0xac, 0x00, 0x7f, 0xfb, 0x80}},
		{"elsewhere in the world", day.In(time.FixedZone("", 3600)), [16]byte{0x00, 0xdc, 0x6a, 0xcf, 0xac, 0x00, 0x70, 0x00, 0x80}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, want := First(Event, test.at), "evt_"+encode(test.want); got != want {
				t.Errorf("%s, not %s", got, want)
			}
		})
	}
}

// What is made before an instant is below the first of it, and nothing else is.
func TestFirstDivides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 1000 {
			before := New(Event)
			time.Sleep(time.Microsecond)
			first := First(Event, time.Now())
			if at := New(Event); !Is(Event, first) || before >= first || at < first {
				t.Fatalf("%s is not between %s and %s", first, before, at)
			}
		}
	})
}

// TestEncode holds the text to the TypeID specification's own vectors.
func TestEncode(t *testing.T) {
	tests := []struct {
		name  string
		bytes [16]byte
		want  string
	}{
		{"nil", [16]byte{}, "00000000000000000000000000"},
		{"one", [16]byte{15: 1}, "00000000000000000000000001"},
		{"ten", [16]byte{15: 10}, "0000000000000000000000000a"},
		{"sixteen", [16]byte{15: 16}, "0000000000000000000000000g"},
		{"thirty-two", [16]byte{15: 32}, "00000000000000000000000010"},
		{"max", [16]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, "7zzzzzzzzzzzzzzzzzzzzzzzzz"},
		{"valid-alphabet", [16]byte{0x01, 0x10, 0xc8, 0x53, 0x1d, 0x09, 0x52, 0xd8, 0xd7, 0x3e, 0x11, 0x94, 0xe9, 0x5b, 0x5f, 0x19}, "0123456789abcdefghjkmnpqrs"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := encode(test.bytes); got != test.want {
				t.Errorf("%s, not %s", got, test.want)
			}
		})
	}
}

func TestKind(t *testing.T) {
	good := New(Contact)
	for name, s := range map[string]string{
		"empty": "", "no kind": good[4:], "upper case": strings.ToUpper(good), "too short": good[:len(good)-1], "too long": good + "0",
		"a letter outside the alphabet": good[:len(good)-1] + "u", "above 128 bits": "cont_8zzzzzzzzzzzzzzzzzzzzzzzzz", "a NUL": good[:len(good)-1] + "\x00",
		"digits in the kind": "c0nt" + good[4:],
	} {
		if k := Kind(s); k != "" {
			t.Errorf("%s: %q is taken for an id of the kind %q", name, s, k)
		}
	}
	if Kind(good) != Contact {
		t.Error("an id is not known for its kind")
	}
}
