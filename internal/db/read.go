package db

import (
	"context"
	"database/sql"
)

// Read scans every row that a statement returns into the same places and tells row
// of each. It is for statements that are not ent's: see the Places of its entities.
func Read(ctx context.Context, q queryer, text string, args, places []any, row func()) error {
	rows, err := q.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			return err
		}
		row()
	}
	return rows.Err()
}

// Count runs a statement that counts.
func Count(ctx context.Context, q queryer, statement func() (text string, args []any)) (n int, err error) {
	text, args := statement()
	err = Read(ctx, q, text, args, []any{&n}, func() {})
	return n, err
}

type queryer interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}
