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
// The places are of package column: each is written by every row, so that nothing of
// the one before is left.
func Read(ctx context.Context, q Queryer, text string, args, places []any, row func()) error {
	into := &sink{places: places, row: row}
	rows, err := q.QueryContext(context.WithValue(ctx, sinkKey{}, into), text, args...)
	if err != nil {
		return err
	}
	return rows.Close()
}

// sink takes the rows of a statement where they come off the wire: what database/sql
// does between, for each row and each column, costs as much as the driver does.
type sink struct {
	places []any
	row    func()
}

type sinkKey struct{}

// sinkOf returns where the rows of the statement go, or nil.
func sinkOf(ctx context.Context) *sink {
	s, _ := ctx.Value(sinkKey{}).(*sink)
	return s
}

// take reads all rows. Once a row was told, a connection that is gone is an error that
// database/sql does not know, since it would run the statement again, and tell the
// rows again. In a transaction it never does.
func (s *sink) take(from driver.Rows, inTx bool) (err error) {
	told := false
	defer func() {
		if closing := from.Close(); err == nil {
			err = closing
		}
		if told && !inTx && errors.Is(err, driver.ErrBadConn) {
			err = fmt.Errorf("db: after rows were told: %v", err)
		}
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
			if err := s.places[i].(sql.Scanner).Scan(v); err != nil {
				return fmt.Errorf("db: column %s: %w", columns[i], err)
			}
		}
		told = true
		s.row()
	}
}

// Count runs a statement that counts.
func Count(ctx context.Context, q Queryer, statement func() (text string, args []any)) (n int, err error) {
	text, args := statement()
	err = Read(ctx, q, text, args, []any{column.Number(&n)}, func() {})
	return n, err
}

// Queryer runs statements: ent's client and its transactions.
type Queryer interface {
	QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error)
}
