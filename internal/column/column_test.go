package column_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/lib/pq"
	"pgregory.net/rapid"

	"tenantry/internal/column"
)

type colour string

// Every place takes what either driver returns for its column, and NULL as nothing,
// whatever the row before has left there.
func TestPlaces(t *testing.T) {
	noon := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	var (
		at    = noon.Add(time.Hour)
		flag  = true
		count = 7
		hue   = colour("red")
		late  = &noon
		other = new(colour("red"))
		list  = []string{"before"}
	)
	for _, test := range []struct {
		name     string
		place    any
		from     any
		to, want any
	}{
		{"a time", column.Plain(&at), noon, &at, noon},
		{"no time", column.Plain(&at), nil, &at, time.Time{}},
		{"a boolean", column.Plain(&flag), true, &flag, true},
		{"a boolean of SQLite", column.Plain(&flag), int64(1), &flag, true},
		{"no boolean", column.Plain(&flag), nil, &flag, false},
		{"a number", column.Number(&count), int64(3), &count, 3},
		{"a number as text", column.Number(&count), []byte("4"), &count, 4},
		{"no number", column.Number(&count), nil, &count, 0},
		{"an enum", column.Text(&hue), "blue", &hue, colour("blue")},
		{"an enum as bytes", column.Text(&hue), []byte("green"), &hue, colour("green")},
		{"no enum", column.Text(&hue), nil, &hue, colour("")},
		{"a time that may be missing", column.Maybe(&late), noon, &late, &noon},
		{"a missing time", column.Maybe(&late), nil, &late, (*time.Time)(nil)},
		{"an enum that may be missing", column.MaybeText(&other), "blue", &other, new(colour("blue"))},
		{"a missing enum", column.MaybeText(&other), nil, &other, (*colour)(nil)},
		{"a list", column.JSON(&list), []byte(`["a", "b"]`), &list, []string{"a", "b"}},
		{"a list as text", column.JSON(&list), `["a"]`, &list, []string{"a"}},
		{"an empty list", column.JSON(&list), []byte(`[]`), &list, []string{}},
		{"a list with escapes", column.JSON(&list), []byte(`["a\"b", "\u00e9"]`), &list, []string{`a"b`, "é"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if err := test.place.(sql.Scanner).Scan(test.from); err != nil {
				t.Fatal(err)
			}
			if got := reflect.ValueOf(test.to).Elem().Interface(); !reflect.DeepEqual(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
	for _, place := range []any{column.Number(&count), column.Plain(&at), column.JSON(&list)} {
		if err := place.(sql.Scanner).Scan(struct{}{}); err == nil {
			t.Errorf("%T takes a value of another kind", place)
		}
	}
	if err := column.JSON(&list).(sql.Scanner).Scan([]byte(`["a"`)); err == nil {
		t.Error("broken JSON is taken")
	}
}

// A list of texts reads as encoding/json reads it, or fails as it does.
func TestTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.OneOf(
			rapid.StringMatching(`\[ *("[a-z_]*"( *, *"[a-z_]*")*)? *\]`),
			rapid.StringMatching(`[\[\]", a\\n]{0,12}`),
			rapid.Custom(func(t *rapid.T) string {
				b, _ := json.Marshal(rapid.SliceOf(rapid.String()).Draw(t, "texts"))
				return string(b)
			}),
		).Draw(t, "raw")
		var want, got []string
		failure := json.Unmarshal([]byte(raw), &want)
		if raw == "" {
			failure, want = nil, nil // no value
		}
		err := column.JSON(&got).(sql.Scanner).Scan([]byte(raw))
		if (err == nil) != (failure == nil) || err == nil && !slices.Equal(got, want) {
			t.Fatalf("%q: %q, %v; want %q, %v", raw, got, err, want, failure)
		}
	})
}

// Rows that hold the same JSON share what it means; each other text is read, however
// many there were.
func TestMemory(t *testing.T) {
	var (
		memory column.Memory[map[string]int]
		v      map[string]int
	)
	place := memory.JSON(&v).(sql.Scanner)
	for i := range 5000 {
		n := i % 1500 / 3
		v = nil
		if err := place.Scan(fmt.Appendf(nil, `{"n": %d}`, n)); err != nil || v["n"] != n {
			t.Fatalf("%d is %v, %v", n, v, err)
		}
	}
	if err := place.Scan([]byte(`{`)); err == nil {
		t.Error("broken JSON is taken")
	}
}

func TestContaining(t *testing.T) {
	if got := column.Containing(`50%_a\b`); got != `%50\%\_a\\b%` {
		t.Errorf("the pattern is %s", got)
	}
}

// FuzzInstant compares what is read of a timestamp with what lib/pq reads of it.
func FuzzInstant(f *testing.F) {
	for _, s := range []string{"2026-05-04 12:00:00+00", "2026-05-04 12:00:00.123456+00", "0001-01-01 00:00:00+00", "12026-05-04 12:00:00.5-03:30",
		"1890-01-01 00:00:00+00:53:28", "2026-02-31 25:61:61+00", "2026-05-04 12:00:00.1234567891+00", "infinity", "0044-03-15 12:00:00+00 BC", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got time.Time
		if err := column.Plain(&got).ScanText(s); err != nil {
			return
		}
		want, err := pq.ParseTimestamp(nil, s)
		if err == nil && !got.Equal(want) {
			t.Errorf("%q: %v, lib/pq says %v", s, got, want)
		}
		if got.Location() != time.UTC {
			t.Errorf("%q is in %v", s, got.Location())
		}
	})
}

// Every place reads PostgreSQL's text as it reads what lib/pq makes of it.
func TestScanText(t *testing.T) {
	var (
		at    time.Time
		late  *time.Time
		flag  bool
		count int
		hue   colour
		other *colour
		raw   []byte
		list  []string
		many  []map[string]any
	)
	for _, c := range []struct {
		place column.Place
		text  string
		to    any
		want  any
	}{
		{column.Plain(&at), "2026-05-04 12:00:00.25+00", &at, time.Date(2026, 5, 4, 12, 0, 0, 250_000_000, time.UTC)},
		{column.Maybe(&late), "2026-05-04 14:00:00+02", &late, new(time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC))},
		{column.Plain(&flag), "t", &flag, true},
		{column.Plain(&flag), "f", &flag, false},
		{column.Number(&count), "-12", &count, -12},
		{column.Text(&hue), "red", &hue, colour("red")},
		{column.MaybeText(&other), "", &other, new(colour(""))},
		{column.Plain(&raw), `\x00ff20`, &raw, []byte{0, 255, 32}},
		{column.JSON(&list), `["a", "b\"c"]`, &list, []string{"a", `b"c`}},
		{column.JSON(&list), `["a", "b"]`, &list, []string{"a", "b"}},
		{column.JSON(&list), `[]`, &list, []string{}},
		{column.JSON(&many), `[{"a": 1}]`, &many, []map[string]any{{"a": 1.0}}},
	} {
		for range 2 { // over what was there before
			if err := c.place.ScanText(c.text); err != nil {
				t.Errorf("%q: %v", c.text, err)
			}
			if got := reflect.ValueOf(c.to).Elem().Interface(); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%q is %v, want %v", c.text, got, c.want)
			}
		}
	}
	for text, place := range map[string]column.Place{
		"x": column.Plain(&flag), "12x": column.Number(&count), "20": column.Plain(&at), `\x0`: column.Plain(&raw), "abc": column.Plain(&raw), "{": column.JSON(&many),
		"2026-05-04 12:00:00.+00": column.Plain(&at), "2026-05-04 12:00:00+0x": column.Plain(&at), "2026-05-04 12:00:00+00 BC": column.Plain(&at),
	} {
		if err := place.ScanText(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
