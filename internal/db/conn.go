package db

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
)

// errRowsOpen is what a second statement meets on a PostgreSQL connection whose
// rows have not been read to the end: the wire carries one answer at a time.
var errRowsOpen = errors.New("db: rows of an earlier statement are still open on this connection; read or close them first")

// connector wraps the connections of a driver: statements that repeat are
// prepared once, statements are counted where a context asks for it, and a
// PostgreSQL connection minds its line.
type connector struct {
	// dial opens a connection of the driver. SQLite has no line.
	dial func(context.Context) (driver.Conn, *line, error)
	// cache is how many prepared statements a connection keeps; zero for none.
	cache int
	// manyRows says that a connection can run a statement while the rows of
	// another are open.
	manyRows bool
	// plain says that what passes is not encrypted.
	plain bool
	// explicit puts every single statement into a transaction of its own, for a
	// pooler that deals out servers by the transaction.
	explicit bool
}

func (k *connector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, l, err := k.dial(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{driverConn: inner.(driverConn), connector: k, line: l, statements: newStatements(k.cache)}
	if l != nil && l.framed && k.cache > 0 {
		c.direct = &direct{statements: newStatements(k.cache)}
	}
	return c, nil
}

// Driver satisfies database/sql, which asks for it and does not use it.
func (k *connector) Driver() driver.Driver { return nil }

// driverConn is what both drivers can do.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
	driver.Pinger
}

// conn is one connection. Like every driver.Conn it serves one call at a time.
type conn struct {
	driverConn
	connector  *connector
	line       *line   // nil on SQLite
	direct     *direct // nil where lib/pq runs everything, and on SQLite
	status     byte    // of the transaction, as the server last said to direct
	statements *statements
	rowsOpen   int
	inTx       bool
	// watched ends when the context of the transaction does, which lib/pq watches
	// until the transaction is over.
	watched <-chan struct{}
}

// watching returns the context for lib/pq to watch beside that of the transaction:
// the same one twice would cost a goroutine for each statement.
func (c *conn) watching(ctx context.Context) context.Context {
	if c.line != nil && c.direct == nil && c.inTx && ctx.Done() == c.watched {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	count(ctx, query, args, false)
	if err := c.ready(); err != nil {
		return nil, err
	}
	return c.query(ctx, query, args)
}

// query runs a statement as the driver does, on a connection that is ready.
func (c *conn) query(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if c.connector.explicit && !c.inTx {
		return c.queryExplicitly(ctx, query, args)
	}
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		p, err := c.prepared(ctx, query, args)
		if err != nil {
			return nil, late(ctx, err)
		}
		var r driver.Rows
		if p == nil {
			r, err = c.driverConn.QueryContext(c.watching(ctx), query, args)
		} else {
			r, err = p.stmt.(driver.StmtQueryContext).QueryContext(c.watching(ctx), args)
		}
		if err == nil {
			return c.sunk(ctx, c.open(r, p))
		}
		if !c.again(ctx, p, err, try) {
			return nil, late(ctx, err)
		}
	}
}

// sunk hands rows out, or reads them into the sink of the statement if it has one.
func (c *conn) sunk(ctx context.Context, r driver.Rows) (driver.Rows, error) {
	s := sinkOf(ctx)
	if s == nil {
		return r, nil
	}
	if err := s.take(r, c.inTx); err != nil {
		return nil, late(ctx, err)
	}
	return &readRows{columns: r.Columns()}, nil
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	count(ctx, query, args, false)
	if err := c.ready(); err != nil {
		return nil, err
	}
	if d := mustOf(ctx); d != nil {
		return c.insist(ctx, d, args)
	}
	return c.exec(ctx, query, args)
}

// exec runs a statement on a connection that is ready.
func (c *conn) exec(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if sinkOf(ctx) != nil || c.fits(args) {
		return c.run(ctx, query, args)
	}
	if c.connector.explicit && !c.inTx {
		return c.execExplicitly(ctx, query, args)
	}
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	for try := 0; ; try++ {
		p, err := c.prepared(ctx, query, args)
		if err != nil {
			return nil, late(ctx, err)
		}
		var r driver.Result
		if p == nil {
			r, err = c.driverConn.ExecContext(c.watching(ctx), query, args)
		} else {
			r, err = p.stmt.(driver.StmtExecContext).ExecContext(c.watching(ctx), args)
		}
		if err == nil {
			return r, nil
		}
		if !c.again(ctx, p, err, try) {
			return nil, late(ctx, err)
		}
	}
}

// run runs a statement that is read into places, or that fits.
func (c *conn) run(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if c.fits(args) {
		return c.runDirect(ctx, query, args)
	}
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	// The sink takes the rows as they are opened.
	r, err := c.query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	if err := r.Close(); err != nil {
		return nil, err
	}
	if into := sinkOf(ctx); into != nil {
		for _, o := range into.others {
			named, err := o.named()
			if err != nil {
				return nil, err
			}
			count(ctx, o.text, named, false)
			if _, err := c.run(context.WithValue(ctx, sinkKey{}, &o.into), o.text, named); err != nil {
				return nil, final(err, into.told, c.inTx)
			}
		}
	}
	return driver.ResultNoRows, nil
}

// ready prepares the connection for a statement, or says why it cannot take one.
func (c *conn) ready() error {
	if c.rowsOpen > 0 && !c.connector.manyRows {
		return errRowsOpen
	}
	if c.line != nil {
		c.line.calm()
	}
	return nil
}

// prepared returns the prepared statement to run the query with, or nil if it is
// to be run as it is. The connection is ready.
func (c *conn) prepared(ctx context.Context, query string, args []driver.NamedValue) (*statement, error) {
	// Without arguments one round trip is enough anyway, and what comes without
	// them is also what must not be prepared: scripts, pragmas, LISTEN.
	if len(args) == 0 {
		return nil, nil
	}
	if p, known := c.statements.get(query); known {
		return p, nil
	}
	if c.line != nil {
		// Another statement may have to be closed for it, and lib/pq knows no
		// context for that.
		defer c.line.watch(ctx)()
	}
	return c.statements.admit(query, func() (driver.Stmt, error) { return c.driverConn.PrepareContext(ctx, query) })
}

// again reports whether a statement that failed is worth a second try: its
// prepared form was out of date, and no transaction has been spoilt by that.
func (c *conn) again(ctx context.Context, p *statement, err error, try int) bool {
	if p == nil || !stale(err) {
		return false
	}
	if c.line != nil {
		defer c.line.watch(ctx)()
	}
	c.statements.forget(p)
	return try == 0 && !c.inTx
}

// open hands out rows and remembers that they are open.
func (c *conn) open(r driver.Rows, p *statement) driver.Rows {
	c.rowsOpen++
	if p != nil {
		p.busy = true
	}
	return &rows{Rows: r, conn: c, statement: p}
}

// late adds the end of the context to an error that it has probably caused, so
// that errors.Is finds context.DeadlineExceeded behind what the network or the
// server said.
func late(ctx context.Context, err error) error {
	if ended := ctx.Err(); err != nil && ended != nil && !errors.Is(err, ended) {
		return fmt.Errorf("%w: %w", ended, err)
	}
	return err
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := c.settle(ctx); err != nil {
		return nil, err
	}
	s, err := c.driverConn.PrepareContext(ctx, query)
	return s, late(ctx, err)
}

func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	countTransaction(ctx)
	t, err := c.begin(ctx, o)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (c *conn) begin(ctx context.Context, o driver.TxOptions) (*tx, error) {
	if err := c.ready(); err != nil {
		return nil, err
	}
	if c.line != nil && c.direct == nil {
		// lib/pq begins to watch the context only afterwards.
		defer c.line.watch(ctx)()
	}
	if c.direct != nil {
		return &tx{conn: c}, c.beginDirect(ctx, o)
	}
	t, err := c.driverConn.BeginTx(ctx, o)
	if err != nil {
		return nil, late(ctx, err)
	}
	c.inTx, c.watched = true, ctx.Done()
	return &tx{Tx: t, conn: c}, nil
}

// Close ends the connection. SQLite keeps a file open, and its WAL unmerged, for
// as long as a statement is; PostgreSQL forgets them by itself.
func (c *conn) Close() error {
	if c.line == nil {
		c.statements.close()
	}
	return c.driverConn.Close()
}

func (c *conn) Ping(ctx context.Context) error {
	if err := c.ready(); err != nil {
		return err
	}
	return late(ctx, c.driverConn.Ping(ctx))
}

func (c *conn) ResetSession(ctx context.Context) error {
	if !c.IsValid() {
		return driver.ErrBadConn
	}
	return c.driverConn.ResetSession(ctx)
}

func (c *conn) IsValid() bool {
	return (c.line == nil || !c.line.broken()) && c.driverConn.IsValid()
}

func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if raw, ok := v.Value.(json.RawMessage); ok && c.direct != nil {
		v.Value = string(raw) // which bytes would not tell
		return nil
	}
	if k, ok := c.driverConn.(driver.NamedValueChecker); ok {
		return k.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// tx is a transaction on a connection.
type tx struct {
	driver.Tx
	conn *conn
}

func (t *tx) Commit() error {
	if t.conn.direct != nil {
		return t.conn.endDirect(true)
	}
	t.conn.inTx = false
	return t.Tx.Commit()
}

func (t *tx) Rollback() error {
	if t.conn.direct != nil {
		return t.conn.endDirect(false)
	}
	t.conn.inTx = false
	return t.Tx.Rollback()
}

// queryExplicitly runs a query in a transaction of its own. It reads all rows
// before it returns, so that a commit that fails is the query's error.
func (c *conn) queryExplicitly(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	t, err := c.begin(ctx, driver.TxOptions{})
	if err != nil {
		return nil, err
	}
	r, err := c.driverConn.QueryContext(ctx, query, args)
	if err != nil {
		return nil, errors.Join(late(ctx, err), t.Rollback())
	}
	all, err := readAll(r)
	if err := errors.Join(err, r.Close()); err != nil {
		return nil, errors.Join(late(ctx, err), t.Rollback())
	}
	if err := t.Commit(); err != nil {
		return nil, err
	}
	return c.sunk(ctx, all)
}

func (c *conn) execExplicitly(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	t, err := c.begin(ctx, driver.TxOptions{})
	if err != nil {
		return nil, err
	}
	r, err := c.driverConn.ExecContext(ctx, query, args)
	if err != nil {
		return nil, errors.Join(late(ctx, err), t.Rollback())
	}
	return r, t.Commit()
}

// rows are rows that the connection knows to be open until they are closed or
// read to the end.
type rows struct {
	driver.Rows
	conn      *conn
	statement *statement
	done      bool
}

func (r *rows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err != nil && !r.HasNextResultSet() {
		r.finish()
	}
	return err
}

func (r *rows) Close() error {
	err := r.Rows.Close()
	r.finish()
	return err
}

func (r *rows) finish() {
	if r.done {
		return
	}
	r.done = true
	r.conn.rowsOpen--
	if r.statement != nil {
		r.statement.busy = false
	}
}

// What database/sql asks rows for if they can say it.

func (r *rows) HasNextResultSet() bool {
	n, ok := r.Rows.(driver.RowsNextResultSet)
	return ok && n.HasNextResultSet()
}

func (r *rows) NextResultSet() error {
	if n, ok := r.Rows.(driver.RowsNextResultSet); ok {
		return n.NextResultSet()
	}
	return io.EOF
}

func (r *rows) ColumnTypeScanType(i int) reflect.Type {
	if t, ok := r.Rows.(driver.RowsColumnTypeScanType); ok {
		return t.ColumnTypeScanType(i)
	}
	return reflect.TypeFor[any]()
}

func (r *rows) ColumnTypeDatabaseTypeName(i int) string {
	if t, ok := r.Rows.(driver.RowsColumnTypeDatabaseTypeName); ok {
		return t.ColumnTypeDatabaseTypeName(i)
	}
	return ""
}

func (r *rows) ColumnTypeNullable(i int) (nullable, ok bool) {
	if t, ok := r.Rows.(driver.RowsColumnTypeNullable); ok {
		return t.ColumnTypeNullable(i)
	}
	return false, false
}

// readRows are rows that have been read already.
type readRows struct {
	columns []string
	values  [][]driver.Value
}

func readAll(r driver.Rows) (*readRows, error) {
	all := &readRows{columns: slices.Clone(r.Columns())}
	for {
		row := make([]driver.Value, len(all.columns))
		switch err := r.Next(row); err {
		case nil:
		case io.EOF:
			return all, nil
		default:
			return nil, err
		}
		for i, v := range row {
			// A driver may use the memory of one row again for the next.
			if b, ok := v.([]byte); ok {
				row[i] = slices.Clone(b)
			}
		}
		all.values = append(all.values, row)
	}
}

func (r *readRows) Columns() []string { return r.columns }

func (r *readRows) Close() error { return nil }

func (r *readRows) Next(dest []driver.Value) error {
	if len(r.values) == 0 {
		return io.EOF
	}
	copy(dest, r.values[0])
	r.values = r.values[1:]
	return nil
}
