// Package column scans columns of rows straight into the fields of values. It
// takes what both drivers return, and NULL, which an outer join has in every
// column, as the zero value.
package column

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

// List lists the columns of a table for a statement.
func List(table string, columns []string) string {
	return table + "." + strings.Join(columns, ", "+table+".")
}

// Containing returns the pattern that matches texts which contain another, for LIKE
// with ESCAPE '\'.
func Containing(s string) string { return "%" + escape.Replace(s) + "%" }

var escape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Each destination but one is one pointer wide, so that putting it into an interface
// allocates nothing.
type (
	number[T ~int | ~int64] struct{ to *T }
	plain[T any]            struct{ to *T }
	maybe[T any]            struct{ to **T }
	text[T ~string]         struct{ to *T }
	maybeText[T ~string]    struct{ to **T }
	object[T any]           struct{ to *T }
)

// Plain scans a time or a boolean.
func Plain[T any](to *T) Place { return plain[T]{to} }

// Maybe scans a time, a number or a boolean that may be NULL.
func Maybe[T any](to **T) Place { return maybe[T]{to} }

// Number scans a whole number.
func Number[T ~int | ~int64](to *T) Place { return number[T]{to} }

// Text scans a text or an enum.
func Text[T ~string](to *T) Place { return text[T]{to} }

// MaybeText scans a text or an enum that may be NULL.
func MaybeText[T ~string](to **T) Place { return maybeText[T]{to} }

// JSON scans an object, or a list of objects, from JSON.
func JSON[T any](to *T) Place { return object[T]{to} }

// Memory remembers what JSON means of which rows hold the same again and again: they
// share one value, which nobody may change. The zero value is ready, for concurrent
// use.
type Memory[T any] struct {
	mu    sync.RWMutex
	known map[string]T
}

// A memory forgets everything rather than keep more.
const (
	mostKnown   = 1000
	longestKept = 1000 // bytes
)

// JSON scans as the function of that name, by way of the memory.
func (m *Memory[T]) JSON(to *T) Place { return remembered[T]{m, to} }

type remembered[T any] struct {
	memory *Memory[T]
	to     *T
}

// Scan implements sql.Scanner, as do all below.
func (c plain[T]) Scan(v any) error {
	switch v := v.(type) {
	case T:
		*c.to = v
	case nil:
		var zero T
		*c.to = zero
	default:
		var n sql.Null[T]
		err := n.Scan(v)
		*c.to = n.V
		return err
	}
	return nil
}

func (c number[T]) Scan(v any) error {
	switch v := v.(type) {
	case int64:
		*c.to = T(v)
	case nil:
		*c.to = 0
	default:
		return plain[T](c).Scan(v)
	}
	return nil
}

func (c maybe[T]) Scan(v any) error {
	*c.to = nil
	if v == nil {
		return nil
	}
	var value T
	*c.to = &value
	return plain[T]{&value}.Scan(v)
}

func (c text[T]) Scan(v any) error {
	switch v := v.(type) {
	case string:
		*c.to = T(v)
	case []byte:
		*c.to = T(v)
	case nil:
		*c.to = ""
	default:
		return plain[T](c).Scan(v)
	}
	return nil
}

func (c maybeText[T]) Scan(v any) error {
	*c.to = nil
	if v == nil {
		return nil
	}
	var value T
	*c.to = &value
	return text[T]{&value}.Scan(v)
}

func (c object[T]) Scan(v any) error {
	raw, err := bytesOf(v)
	if err != nil {
		return err
	}
	var fresh T // what the row before has left is somebody else's
	if len(raw) > 0 && !isTexts(raw, &fresh) {
		if err := json.Unmarshal(raw, &fresh); err != nil {
			return err
		}
	}
	*c.to = fresh
	return nil
}

// isTexts reads a list of texts, where that is what is asked for.
func isTexts(raw []byte, to any) bool {
	list, ok := to.(*[]string)
	if ok {
		*list, ok = plainTexts(string(raw))
	}
	return ok
}

func (c remembered[T]) Scan(v any) error {
	raw, err := bytesOf(v)
	if err != nil {
		return err
	}
	c.memory.mu.RLock()
	value, ok := c.memory.known[string(raw)]
	c.memory.mu.RUnlock()
	if !ok {
		return c.ScanText(string(raw))
	}
	*c.to = value
	return nil
}

func (m *Memory[T]) recall(raw string) (T, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	value, ok := m.known[raw]
	return value, ok
}

func (m *Memory[T]) keep(raw string, value T) {
	if len(raw) > longestKept {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil || len(m.known) >= mostKnown {
		m.known = map[string]T{}
	}
	m.known[strings.Clone(raw)] = value // which is part of the text of rows
}

// plainTexts reads a list of texts without escapes, as ids and keys are, or says
// that it is not one.
func plainTexts(raw string) ([]string, bool) {
	inner, opened := strings.CutPrefix(raw, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	if !opened || !closed || strings.ContainsFunc(inner, func(r rune) bool { return r < ' ' || r == '\\' || r == utf8.RuneError }) {
		return nil, false
	}
	list := []string{}
	for rest := strings.Trim(inner, " "); rest != "" || len(list) > 0; {
		text, opened := strings.CutPrefix(rest, `"`)
		text, after, closed := strings.Cut(text, `"`)
		if !opened || !closed {
			return nil, false
		}
		list = append(list, text)
		if after = strings.TrimLeft(after, " "); after == "" {
			break
		}
		next, more := strings.CutPrefix(after, ",")
		if !more {
			return nil, false
		}
		rest = strings.TrimLeft(next, " ")
	}
	return list, true
}

func bytesOf(v any) ([]byte, error) {
	switch v := v.(type) {
	case []byte:
		return v, nil
	case string:
		return []byte(v), nil
	}
	if v == nil {
		return nil, nil
	}
	return nil, fmt.Errorf("column: %T is no JSON", v)
}
