package hand

import (
	"bytes"
	"unicode/utf8"
)

// quote appends s as a string in JSON.
func quote(out, s []byte) []byte {
	out = append(out, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			if r, n := utf8.DecodeRune(s[i:]); r != utf8.RuneError || n > 1 {
				i += n
				continue
			}
		}
		out = append(out, s[start:i]...)
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c == '\n':
			out = append(out, '\\', 'n')
		case c == '\r':
			out = append(out, '\\', 'r')
		case c == '\t':
			out = append(out, '\\', 't')
		case c < 0x20:
			const hex = "0123456789abcdef"
			out = append(out, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		default:
			out = append(out, "\ufffd"...)
		}
		i++
		start = i
	}
	return append(append(out, s[start:]...), '"')
}

// each calls f with the strings of a flat list in JSON. They are keys and
// identifiers, which hold nothing that is escaped.
func each(list []byte, f func([]byte)) {
	for {
		from := bytes.IndexByte(list, '"')
		if from < 0 {
			return
		}
		list = list[from+1:]
		to := bytes.IndexByte(list, '"')
		if to < 0 {
			return
		}
		f(list[:to])
		list = list[to+1:]
	}
}

// word returns the first string of s as it is written in JSON, and what follows.
func word(s []byte) (w, rest []byte) {
	from := bytes.IndexByte(s, '"')
	if from < 0 {
		return []byte(`""`), nil
	}
	for i := from + 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return s[from : i+1], s[i+1:]
		}
	}
	return []byte(`""`), nil
}

// compact drops the space that PostgreSQL writes after commas of a list of keys.
func compact(list []byte) []byte { return bytes.ReplaceAll(list, []byte(`, `), []byte(`,`)) }
