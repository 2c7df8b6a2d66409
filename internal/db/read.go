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
	return ReadAll(ctx, q, Reading{Text: text, Args: args, Places: places, Row: row})
}

// Reading is a statement, where the columns of its rows go, and what is told of each
// row.
type Reading struct {
	Text   string
	Args   []any
	Places []column.Place
	Row    func()
}

// ReadAll is Read for statements that do not wait for one another: on PostgreSQL they
// travel together.
func ReadAll(ctx context.Context, q Queryer, first Reading, others ...Reading) error {
	s := &sink{places: first.Places, row: first.Row}
	for _, r := range others {
		s.others = append(s.others, &asked{r.Text, r.Args, sink{places: r.Places, row: r.Row}})
	}
	// Not as a query: database/sql would guard rows that nobody sees.
	_, err := q.ExecContext(context.WithValue(ctx, sinkKey{}, s), first.Text, first.Args...)
	return err
}

// asked is a statement beside the first.
type asked struct {
	text string
	args []any
	into sink
}

// named returns the arguments as a driver takes them.
func (a *asked) named() ([]driver.NamedValue, error) {
	out := make([]driver.NamedValue, len(a.args))
	for i, v := range a.args {
		value, err := driver.DefaultParameterConverter.ConvertValue(v)
		if err != nil {
			return nil, err
		}
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: value}
	}
	return out, nil
}

// sink takes the rows of a statement where they come off the wire: what database/sql
// does between, for each row and each column, costs as much as the driver does.
type sink struct {
	places []column.Place
	row    func()
	// told says that a row was told.
	told bool
	// others are statements that are read with this one.
	others []*asked
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
		err = final(err, s.told, inTx)
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
func final(err error, told, inTx bool) error {
	if told && !inTx && errors.Is(err, driver.ErrBadConn) {
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
