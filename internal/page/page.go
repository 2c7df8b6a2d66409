// Package page cuts lists into pages by key, never by offset.
package page

import (
	"context"
	"slices"
	"sync"

	"tenantry/internal/column"
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
	Fields *Fields
}

// Fields are names of fields that a document asks for, and what follows from them, which
// is found out once for all requests with the document. Safe for concurrent use.
type Fields struct {
	names  map[string]bool
	chosen sync.Map // by *Columns: *chosen
}

// chosen are columns of a table.
type chosen struct {
	columns []string
	text    string
}

// NewFields returns the fields with these names, of which none may be added later.
func NewFields(names map[string]bool) *Fields { return &Fields{names: names} }

// Has reports whether there is a field with one of the names.
func (f *Fields) Has(names ...string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return f.names[n] })
}

// Asks reports whether one of the fields may be asked for, so that it is worth
// reading it with the rows.
func (r Request) Asks(fields ...string) bool {
	return r.Fields == nil || r.Fields.Has(fields...)
}

// Columns are the columns of a table, and which fields show those that are not always
// read. One with no fields is read only where everything is.
type Columns struct {
	All   []string
	Shown map[string][]string
}

// Columns leaves out of a table's columns those that are shown by nothing but fields
// that the document does not ask for; the first is read if none would be. What it
// returns is shared: the columns, and the text of them for a table that is called l.
func (r Request) Columns(of *Columns) (columns []string, text string) {
	if r.Fields == nil {
		return of.All, column.List("l", of.All)
	}
	if known, ok := r.Fields.chosen.Load(of); ok {
		c := known.(*chosen)
		return c.columns, c.text
	}
	columns = slices.DeleteFunc(slices.Clone(of.All), func(c string) bool {
		fields, ok := of.Shown[c]
		return ok && (len(fields) == 0 || !r.Fields.Has(fields...))
	})
	if len(columns) == 0 {
		columns = of.All[:1]
	}
	columns = slices.Clip(columns)
	text = column.List("l", columns)
	r.Fields.chosen.Store(of, &chosen{columns, text})
	return columns, text
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
