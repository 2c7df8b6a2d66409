package column

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Place is where a column goes: what every function of this package but List and
// Containing returns.
type Place interface {
	// Scan takes what a driver made of the column, as sql.Scanner says.
	Scan(v any) error
	// ScanText takes the text that PostgreSQL writes for the column, which is not
	// NULL; it may keep it.
	ScanText(s string) error
}

// ScanText implements Place, as do all below. Text formats are those of PostgreSQL
// with DateStyle ISO.
func (c plain[T]) ScanText(s string) (err error) {
	switch to := any(c.to).(type) {
	case *time.Time:
		*to, err = instant(s)
	case *bool:
		if *to = s == "t"; !*to && s != "f" {
			err = fmt.Errorf("column: %.40q is no boolean", s)
		}
	case *[]byte:
		digits, ok := strings.CutPrefix(s, `\x`)
		if !ok {
			return fmt.Errorf("column: %.40q are no bytes", s)
		}
		*to, err = hex.DecodeString(digits)
	case *string:
		*to = s
	case *int:
		*to, err = strconv.Atoi(s)
	case *int64:
		*to, err = strconv.ParseInt(s, 10, 64)
	default:
		return c.Scan(s)
	}
	return err
}

func (c number[T]) ScanText(s string) error {
	n, err := strconv.ParseInt(s, 10, 64)
	*c.to = T(n)
	return err
}

func (c maybe[T]) ScanText(s string) error {
	var value T
	*c.to = &value
	return plain[T]{&value}.ScanText(s)
}

func (c text[T]) ScanText(s string) error {
	*c.to = T(s)
	return nil
}

func (c maybeText[T]) ScanText(s string) error {
	value := T(s)
	*c.to = &value
	return nil
}

func (c object[T]) ScanText(s string) error {
	if list, ok := any(c.to).(*[]string); ok {
		if texts, plain := plainTexts(s); plain {
			*list = texts
			return nil
		}
	}
	return c.Scan(s)
}

func (c remembered[T]) ScanText(s string) error {
	value, ok := c.memory.recall(s)
	if !ok {
		s = strings.Clone(s) // what is kept must not keep the row
		if err := (object[T]{&value}).ScanText(s); err != nil {
			return err
		}
		c.memory.keep(s, value)
	}
	*c.to = value
	return nil
}

// instant reads a timestamp with time zone, such as 2026-05-04 12:00:00.25+00.
func instant(s string) (time.Time, error) {
	wrong := func() (time.Time, error) { return time.Time{}, fmt.Errorf("column: %.40q is no instant", s) }
	// Years have at least four digits.
	year, rest, ok := strings.Cut(s, "-")
	if !ok || len(year) < 4 || len(rest) < len("05-04 12:00:00+00") ||
		rest[2] != '-' || rest[5] != ' ' || rest[8] != ':' || rest[11] != ':' {
		return wrong()
	}
	var bad bool
	number := func(digits string) (n int) {
		for i := range len(digits) {
			if digits[i] < '0' || digits[i] > '9' {
				bad = true
			}
			n = 10*n + int(digits[i]-'0')
		}
		return n
	}
	y, month, day := number(year), number(rest[:2]), number(rest[3:5])
	hour, minute, second := number(rest[6:8]), number(rest[9:11]), number(rest[12:14])
	rest = rest[14:]
	nanos := 0
	if fraction, ok := strings.CutPrefix(rest, "."); ok {
		end := 0
		for end < len(fraction) && fraction[end] >= '0' && fraction[end] <= '9' {
			end++
		}
		if end == 0 || end > 9 {
			return wrong()
		}
		nanos = number(fraction[:end])
		for range 9 - end {
			nanos *= 10
		}
		rest = fraction[end:]
	}
	if rest == "+00" && !bad {
		return time.Date(y, time.Month(month), day, hour, minute, second, nanos, time.UTC), nil
	}
	// Another zone than UTC: hours, perhaps minutes, perhaps seconds.
	if len(rest) < 3 || len(rest)%3 != 0 || len(rest) > 9 || rest[0] != '+' && rest[0] != '-' {
		return wrong()
	}
	offset := 0
	for i, unit := range []int{3600, 60, 1} {
		if 3*i >= len(rest) {
			break
		}
		if i > 0 && rest[3*i] != ':' {
			return wrong()
		}
		offset += unit * number(rest[3*i+1:3*i+3])
	}
	if rest[0] == '-' {
		offset = -offset
	}
	if bad {
		return wrong()
	}
	return time.Date(y, time.Month(month), day, hour, minute, second-offset, nanos, time.UTC), nil
}
