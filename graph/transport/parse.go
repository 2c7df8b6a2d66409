package transport

import (
	"bytes"
	"encoding/json"
	"math"
	"unicode/utf8"
)

// parse reads a request as decode does, in a fraction of its time. What it does
// not know it leaves to decode with false, malformed JSON as well: members that
// are unknown, written otherwise or twice, and halves of characters. The text has
// passed inspect, and nothing of it is kept.
func parse(text []byte) (p request, ok bool) {
	s := scanner{text: text}
	if s.next() != '{' {
		return p, false
	}
	var seen [5]bool
	ok = s.members(func(name []byte) bool {
		var at int
		switch string(name) {
		case "query":
			at = 0
		case "operationName":
			at = 1
		case "variables":
			at = 2
		case "extensions":
			at = 3
		case "documentId":
			at = 4
		default:
			return false
		}
		if seen[at] {
			return false
		}
		seen[at] = true
		c := s.next()
		if c == 'n' {
			return s.word("ull")
		}
		var ok bool
		switch {
		case at == 0 && c == '"':
			p.Query, ok = s.string()
		case at == 1 && c == '"':
			p.OperationName, ok = s.string()
		case at == 2 && c == '{':
			p.Variables, ok = s.object()
		case at == 3 && c == '{':
			p.Extensions, ok = s.object()
		case at == 4 && c == '"':
			p.DocumentID, ok = s.string()
		}
		return ok
	})
	return p, ok && s.next() == 0 && s.at > len(text)
}

// scanner walks through a text of JSON.
type scanner struct {
	text []byte
	at   int // what comes next
}

// next returns the next character that is no space, and 0 at the end.
func (s *scanner) next() byte {
	for s.at < len(s.text) {
		c := s.text[s.at]
		s.at++
		switch c {
		case ' ', '\t', '\n', '\r':
		default:
			return c
		}
	}
	s.at++
	return 0
}

// word reports whether the rest of a word comes next.
func (s *scanner) word(rest string) bool {
	if !bytes.HasPrefix(s.text[s.at:], []byte(rest)) {
		return false
	}
	s.at += len(rest)
	return true
}

// members reads an object behind its brace, and value what follows each name.
func (s *scanner) members(value func(name []byte) bool) bool {
	c := s.next()
	for first := true; ; first = false {
		switch {
		case c == '}' && first:
			return true
		case c != '"':
			return false
		}
		name, ok := s.quoted()
		if !ok || s.next() != ':' || !value(name) {
			return false
		}
		switch s.next() {
		case '}':
			return true
		case ',':
			c = s.next()
		default:
			return false
		}
	}
}

func (s *scanner) object() (map[string]any, bool) {
	out := map[string]any{}
	ok := s.members(func(name []byte) bool {
		v, ok := s.value(s.next())
		out[string(name)] = v
		return ok
	})
	return out, ok
}

func (s *scanner) list() ([]any, bool) {
	out := []any{}
	c := s.next()
	if c == ']' {
		return out, true
	}
	for {
		v, ok := s.value(c)
		if !ok {
			return nil, false
		}
		out = append(out, v)
		switch s.next() {
		case ']':
			return out, true
		case ',':
			c = s.next()
		default:
			return nil, false
		}
	}
}

// value reads a value that begins with c.
func (s *scanner) value(c byte) (any, bool) {
	switch c {
	case '"':
		return s.string()
	case '{':
		return s.object()
	case '[':
		return s.list()
	case 't':
		return true, s.word("rue")
	case 'f':
		return false, s.word("alse")
	case 'n':
		return nil, s.word("ull")
	}
	return s.number()
}

// number reads a number whose first character has been read.
func (s *scanner) number() (any, bool) {
	from := s.at - 1
	if from >= len(s.text) {
		return nil, false
	}
	for s.at < len(s.text) && bytes.IndexByte([]byte("0123456789+-.eE"), s.text[s.at]) >= 0 {
		s.at++
	}
	n := s.text[from:s.at]
	if c := n[0]; c != '-' && (c < '0' || c > '9') || !json.Valid(n) {
		return nil, false
	}
	return json.Number(n), true
}

func (s *scanner) string() (string, bool) {
	b, ok := s.quoted()
	return string(b), ok
}

// quoted reads a string behind its quotation mark. What it returns is part of the
// text where nothing is escaped.
func (s *scanner) quoted() ([]byte, bool) {
	rest := s.text[s.at:]
	for i, c := range rest {
		switch {
		case c == '"':
			s.at += i + 1
			return rest[:i], true
		case c == '\\':
			s.at += i
			return s.escaped(rest[:i])
		case c < ' ':
			return nil, false
		}
	}
	return nil, false
}

// escapes are what stands behind a backslash, but u.
var escapes = [math.MaxUint8 + 1]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escaped reads on from the first backslash in a string.
func (s *scanner) escaped(before []byte) ([]byte, bool) {
	out := append(make([]byte, 0, 2*len(before)+64), before...)
	for s.at < len(s.text) {
		c := s.text[s.at]
		s.at++
		switch {
		case c == '"':
			return out, true
		case c < ' ':
			return nil, false
		case c != '\\':
			out = append(out, c)
			continue
		}
		if s.at == len(s.text) {
			return nil, false
		}
		c = s.text[s.at]
		s.at++
		if c != 'u' {
			if escapes[c] == 0 {
				return nil, false
			}
			out = append(out, escapes[c])
			continue
		}
		r, ok := s.hex()
		if !ok {
			return nil, false
		}
		out = utf8.AppendRune(out, r)
	}
	return nil, false
}

// hex reads the four digits of a character that is written with one \u.
func (s *scanner) hex() (r rune, ok bool) {
	if len(s.text)-s.at < 4 {
		return 0, false
	}
	for _, c := range s.text[s.at : s.at+4] {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	s.at += 4
	return r, utf8.ValidRune(r)
}
