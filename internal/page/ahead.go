package page

import (
	"context"

	"tenantry/internal/db"
)

// Ahead is a page that can be read before it is known whether it may be shown.
type Ahead struct {
	// Key tells it from others.
	Key Key
	// Page is what is read.
	Page Guarded
}

// Key is what a page was asked for with: pages with the same key hold the same rows.
// The zero key is no page's.
type Key struct {
	// List is the table that the rows are in, and AccountID whose they are.
	List, AccountID string
	// State is which state they are in. Empty for any.
	State string
	// After is the key of the item that they come after, and First how many they are at
	// most.
	After string
	First int
}

// Guarded is a page that is read where a guard is true: see Asked.
type Guarded interface {
	Guarded(guard string) db.Reading
}

// Guarded is the page's statement with a guard, which is true or false of all rows: a
// text of the program with $1 for the account.
func (a *Asked[T]) Guarded(guard string) db.Reading { return a.reading(guard) }

// Read returns a page as it was read ahead, or asks for it and reads it. One in which
// nothing was found is read again: its guard may have been false.
func Read[T any](ctx context.Context, q db.Queryer, ahead Guarded, ask func() *Asked[T]) (Page[T], error) {
	if a, ok := ahead.(*Asked[T]); ok && len(a.items) > 0 {
		return a.page(q), nil
	}
	return ask().Read(ctx, q)
}
