// Package page cuts lists into pages by key, never by offset.
package page

import (
	"context"
	"slices"

	"tenantry/internal/fault"
)

// Max is the largest page.
const Max = 100

// Request asks for a page.
type Request struct {
	// First is how many items, 1 to Max.
	First int
	// After is the key of the item to go on after; empty for the beginning.
	After string
	// Fields are the names of what is asked for anywhere beside or beneath the list.
	// Nil for everything.
	Fields map[string]bool
}

// Asks reports whether one of the fields may be asked for, so that it is worth
// reading it with the rows.
func (r Request) Asks(fields ...string) bool {
	return r.Fields == nil || slices.ContainsFunc(fields, func(f string) bool { return r.Fields[f] })
}

// Columns leaves out of a table's columns those that are shown by nothing but fields
// that the document does not ask for. A column without an entry in shown is always
// read, one with an empty entry only where everything is; the first is read if none
// would be.
func (r Request) Columns(all []string, shown map[string][]string) []string {
	if r.Fields == nil {
		return all
	}
	out := slices.DeleteFunc(slices.Clone(all), func(c string) bool {
		fields, ok := shown[c]
		return ok && (len(fields) == 0 || !r.Asks(fields...))
	})
	if len(out) == 0 {
		return all[:1]
	}
	return out
}

// Check refuses a page size out of range.
func (r Request) Check() error {
	if r.First < 1 || r.First > Max {
		return fault.On("first", fault.BadInput, "Ask for 1 to %d items, not %d.", Max, r.First)
	}
	return nil
}

// Limit is how many rows to read: one more than asked for tells whether a page
// follows.
func (r Request) Limit() int { return r.First + 1 }

// Page is one page of a list.
type Page[T any] struct {
	// Request is what was asked for.
	Request
	Items []T
	// More says that another page follows.
	More bool
	// Count counts the items of all pages. Nil where that is not offered.
	Count func(context.Context) (int, error)
}

// Cut makes a page of rows read with Limit.
func Cut[T any](rows []T, r Request) Page[T] {
	if len(rows) > r.First {
		return Page[T]{Request: r, Items: rows[:r.First], More: true}
	}
	return Page[T]{Request: r, Items: rows}
}

// Known returns a count that is known already unless it is negative, and else is
// asked for.
func Known(total int, ask func(context.Context) (int, error)) func(context.Context) (int, error) {
	if total < 0 {
		return ask
	}
	return func(context.Context) (int, error) { return total, nil }
}
