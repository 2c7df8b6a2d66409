package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"strconv"

	"tenantry/ent"
	"tenantry/internal/column"
)

// Must is a statement of a transaction that has to touch just so many rows: the
// transaction fails if it does not. So nothing waits for what it did, and on PostgreSQL
// it may travel as Later says.
type Must struct {
	plain, checked string
	rows           int
	reads          bool
}

// ErrRows says that a Must touched another number of rows than it has to.
var ErrRows = errors.New("db: another number of rows than there has to be")

// ErrAgain says that what a transaction was begun with is no longer so: InTx starts it
// over, and its function has to read anew what it had read before.
var ErrAgain = errors.New("db: what the transaction was begun with has changed")

// MustLock returns a statement that reads one column of so many rows, and locks them.
func MustLock(text string, rows int) *Must {
	return &Must{plain: text, checked: "SELECT " + exactly(rows) + " FROM (" + text + ") touched", rows: rows, reads: true}
}

// MustWrite returns a statement that writes so many rows.
func MustWrite(text string, rows int) *Must {
	return &Must{plain: text, checked: "WITH touched AS (" + text + " RETURNING 1) SELECT " + exactly(rows) + " FROM touched", rows: rows}
}

// exactly divides by zero on PostgreSQL if there is another number of rows: what fails
// there leaves out whatever travels behind it, the commit as well.
func exactly(rows int) string {
	return "1 / CASE COUNT(*) WHEN " + strconv.Itoa(rows) + " THEN 1 ELSE 0 END"
}

// Exec runs the statement. Explain says what an error of it, such as ErrRows, is to the
// caller's caller, and hands back those that it knows nothing of; the transaction fails
// with that, be it here, at a later statement or at the end.
func (m *Must) Exec(ctx context.Context, tx *ent.Tx, explain func(error) error, args ...any) error {
	_, err := tx.ExecContext(context.WithValue(ctx, mustKey{}, &demand{m, explain}), m.plain, args...)
	return err
}

// demand is one run of a Must.
type demand struct {
	*Must
	explain func(error) error
}

type mustKey struct{}

// mustOf returns what is demanded of the statement, or nil.
func mustOf(ctx context.Context) *demand {
	d, _ := ctx.Value(mustKey{}).(*demand)
	return d
}

// insist runs a statement of which something is demanded, or has it travel later.
func (c *conn) insist(ctx context.Context, d *demand, args []driver.NamedValue) (driver.Result, error) {
	if c.inTx && c.fits(args) {
		c.direct.later = append(c.direct.later, &leg{text: d.checked, args: args, demand: d})
		return driver.ResultNoRows, nil
	}
	n, err := c.touch(ctx, d, args)
	if err == nil && n != d.rows {
		err = ErrRows
	}
	if err != nil {
		return nil, d.explain(err)
	}
	return driver.RowsAffected(n), nil
}

// touch runs the statement as it is, and counts the rows.
func (c *conn) touch(ctx context.Context, d *demand, args []driver.NamedValue) (int, error) {
	if d.reads {
		n, one := 0, ""
		into := &sink{places: []column.Place{column.Text(&one)}, row: func() { n++ }}
		_, err := c.exec(context.WithValue(ctx, sinkKey{}, into), d.plain, args)
		return n, err
	}
	done, err := c.exec(ctx, d.plain, args)
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	return int(n), err
}
