package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"tenantry/internal/column"
)

// Read scans every row that a statement returns into the same places and tells row
// of each. It is for statements that are not ent's: see the Places of its entities.
// Each place is written by every row, so that nothing of the one before is left.
func Read(ctx context.Context, q Queryer, text string, args []any, places []column.Place, row func()) error {
	// Not as a query: database/sql would guard rows that nobody sees.
	_, err := q.ExecContext(context.WithValue(ctx, sinkKey{}, &sink{places: places, row: row}), text, args...)
	return err
}

// sink takes the rows of a statement where they come off the wire: what database/sql
// does between, for each row and each column, costs as much as the driver does.
type sink struct {
	places []column.Place
	row    func()
	// told says that a row was told.
	told bool
}

type sinkKey struct{}

// sinkOf returns where the rows of the statement go, or nil.
func sinkOf(ctx context.Context) *sink {
	s, _ := ctx.Value(sinkKey{}).(*sink)
	return s
}

// take reads all rows of a driver.
func (s *sink) take(from driver.Rows, inTx bool) (err error) {
	defer func() {
		if closing := from.Close(); err == nil {
			err = closing
		}
		err = s.final(err, inTx)
	}()
	columns := from.Columns()
	values := make([]driver.Value, len(s.places))
	if len(columns) != len(values) {
		return fmt.Errorf("db: %d places for %d columns", len(values), len(columns))
	}
	for {
		switch err := from.Next(values); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		for i, v := range values {
			if err := s.places[i].Scan(v); err != nil {
				return fmt.Errorf("db: column %s: %w", columns[i], err)
			}
		}
		s.told = true
		s.row()
	}
}

// final makes a connection that is gone, once a row was told, an error that
// database/sql does not know: it would run the statement again, and tell the rows
// again. In a transaction it never does.
func (s *sink) final(err error, inTx bool) error {
	if s.told && !inTx && errors.Is(err, driver.ErrBadConn) {
		return fmt.Errorf("db: after rows were told: %v", err)
	}
	return err
}

// Count runs a statement that counts.
func Count(ctx context.Context, q Queryer, statement func() (text string, args []any)) (n int, err error) {
	text, args := statement()
	err = Read(ctx, q, text, args, []column.Place{column.Number(&n)}, func() {})
	return n, err
}

// Queryer runs statements: ent's client and its transactions.
type Queryer interface {
	ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error)
}
