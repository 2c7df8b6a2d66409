// Package model holds the Go side of what the schema has beyond the domain's
// own types: scalars, inputs, payloads and pages.
package model

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"tenantry/graph/straight"
	"tenantry/internal/fault"
	"tenantry/internal/permission"
)

// Node is anything with an id of its own.
type Node any

// MarshalTime writes an instant in UTC, whatever zone it was read in.
func MarshalTime(t time.Time) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		io.WriteString(w, strconv.Quote(t.UTC().Format(time.RFC3339Nano)))
	})
}

// AppendTime appends what MarshalTime writes.
func AppendTime(b []byte, t time.Time) []byte {
	return append(t.UTC().AppendFormat(append(b, '"'), time.RFC3339Nano), '"')
}

// UnmarshalTime reads an RFC 3339 instant of the years 1 to 9999, in UTC.
func UnmarshalTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if !ok {
		return time.Time{}, fault.New(fault.BadInput, "A time is a string in RFC 3339, such as \"2026-01-31T12:00:00Z\".")
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	t = t.UTC().Truncate(time.Microsecond)
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return time.Time{}, fault.New(fault.BadInput, "A time is a string in RFC 3339, such as \"2026-01-31T12:00:00Z\".")
	}
	return t, nil
}

// MarshalInt writes a number.
func MarshalInt(i int) graphql.Marshaler { return graphql.MarshalInt(i) }

// AppendInt appends what MarshalInt writes.
func AppendInt(b []byte, i int) []byte { return strconv.AppendInt(b, int64(i), 10) }

// UnmarshalInt reads a number of 32 bits with a sign, as GraphQL defines Int.
func UnmarshalInt(v any) (int, error) {
	var n int64
	switch v := v.(type) {
	case int:
		n = int64(v)
	case int64:
		n = v
	case json.Number:
		i, err := v.Int64()
		if err != nil {
			f, ferr := v.Float64()
			if ferr != nil || f != math.Trunc(f) || math.Abs(f) > math.MaxInt32 {
				return 0, fault.New(fault.BadInput, "%s is not a whole number of 32 bits.", clip(string(v)))
			}
			i = int64(f)
		}
		n = i
	default:
		return 0, fault.New(fault.BadInput, "An Int is a whole number.")
	}
	if n > math.MaxInt32 || n < math.MinInt32 {
		return 0, fault.New(fault.BadInput, "%d is not a whole number of 32 bits.", n)
	}
	return int(n), nil
}

// MarshalString writes text.
func MarshalString(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// AppendString appends what MarshalString writes.
func AppendString(b []byte, s string) []byte { return straight.AppendString(b, s) }

// UnmarshalString reads text: valid UTF-8 without control characters but tab
// and line breaks, which one of the two databases could not store.
func UnmarshalString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", fault.New(fault.BadInput, "A String is text in quotes.")
	}
	if !utf8.ValidString(s) {
		return "", fault.New(fault.BadInput, "The text is not valid UTF-8.")
	}
	if i := strings.IndexFunc(s, control); i >= 0 {
		r, _ := utf8.DecodeRuneInString(s[i:])
		return "", fault.New(fault.BadInput, "The text contains the control character %U.", r)
	}
	return s, nil
}

func control(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError
}

// MarshalID writes an id.
func MarshalID(s string) graphql.Marshaler { return graphql.MarshalString(s) }

// AppendID appends what MarshalID writes.
func AppendID(b []byte, s string) []byte { return straight.AppendString(b, s) }

// UnmarshalID reads an id: text under the same rules as a String, or a number.
func UnmarshalID(v any) (string, error) {
	switch v := v.(type) {
	case int64, int:
		return fmt.Sprint(v), nil
	case json.Number:
		return v.String(), nil
	}
	return UnmarshalString(v)
}

// MarshalPermissionKey writes a key of the catalogue.
func MarshalPermissionKey(k permission.Key) graphql.Marshaler {
	return graphql.MarshalString(string(k))
}

// AppendPermissionKey appends what MarshalPermissionKey writes.
func AppendPermissionKey(b []byte, k permission.Key) []byte {
	return straight.AppendString(b, string(k))
}

// UnmarshalPermissionKey reads a key; whether the catalogue has it is for the
// domain to say, with the field.
func UnmarshalPermissionKey(v any) (permission.Key, error) {
	s, err := UnmarshalString(v)
	return permission.Key(s), err
}

// MarshalCategoryKey writes a key of the catalogue.
func MarshalCategoryKey(k permission.CategoryKey) graphql.Marshaler {
	return graphql.MarshalString(string(k))
}

// AppendCategoryKey appends what MarshalCategoryKey writes.
func AppendCategoryKey(b []byte, k permission.CategoryKey) []byte {
	return straight.AppendString(b, string(k))
}

// UnmarshalCategoryKey reads a key; whether the catalogue has it is for the
// domain to say, with the field.
func UnmarshalCategoryKey(v any) (permission.CategoryKey, error) {
	s, err := UnmarshalString(v)
	return permission.CategoryKey(s), err
}

func clip(s string) string {
	if len(s) > 40 {
		return fmt.Sprintf("%.40s…", s)
	}
	return s
}

// MarshalWebAuthnJSON writes an object that is JSON already.
func MarshalWebAuthnJSON(s string) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) { io.WriteString(w, s) })
}

// AppendWebAuthnJSON appends what MarshalWebAuthnJSON writes.
func AppendWebAuthnJSON(b []byte, s string) []byte { return append(b, s...) }

// UnmarshalWebAuthnJSON reads an object, as JSON; what is in it is for the domain to
// judge, with the field.
func UnmarshalWebAuthnJSON(v any) (string, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return "", fault.New(fault.BadInput, "A WebAuthnJSON is an object, not a text.")
	}
	b, err := json.Marshal(object)
	return string(b), err
}

// MarshalJSON writes an object that is JSON already.
func MarshalJSON(s string) graphql.Marshaler { return MarshalWebAuthnJSON(s) }

// AppendJSON appends what MarshalJSON writes.
func AppendJSON(b []byte, s string) []byte { return append(b, s...) }

// UnmarshalJSON reads an object, as JSON with its names in order, so that the same
// object is the same text.
func UnmarshalJSON(v any) (string, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return "", fault.New(fault.BadInput, "This is an object in JSON, such as {\"number\": \"2026-0815\"}.")
	}
	b, err := json.Marshal(object)
	return string(b), err
}
