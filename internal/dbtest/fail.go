package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/internal/db"
)

// ErrInjected is what a statement fails with that Failing was told to fail.
var ErrInjected = errors.New("dbtest: injected failure")

// Failing is a database whose statements fail on demand.
type Failing struct {
	*db.DB
	left atomic.Int64
}

// Fail returns a second view of the database, to be failed. It uses the
// connections of the first, and nothing fails before FailAt.
func Fail(d *db.DB) *Failing {
	f := &Failing{}
	view := *d
	view.Client = ent.NewClient(ent.Driver(&failingDriver{entsql.OpenDB(d.Dialect(), d.Writer()), f}))
	f.DB = &view
	return f
}

// FailAt makes the nth statement from now on fail instead of being run; 1 is the
// next. COMMIT counts as one, BEGIN and ROLLBACK do not. 0 fails none.
func (f *Failing) FailAt(n int) { f.left.Store(int64(n)) }

// Failed reports whether the failure that was asked for has come.
func (f *Failing) Failed() bool { return f.left.Load() <= 0 }

func (f *Failing) next() error {
	if f.left.Add(-1) == 0 {
		return ErrInjected
	}
	return nil
}

// executor is what drivers and transactions of ent have in common.
type executor interface {
	dialect.ExecQuerier
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// failing stands before an executor.
type failing struct {
	executor
	f *Failing
}

func (x failing) Exec(ctx context.Context, query string, args, v any) error {
	if err := x.f.next(); err != nil {
		return err
	}
	return x.executor.Exec(ctx, query, args, v)
}

func (x failing) Query(ctx context.Context, query string, args, v any) error {
	if err := x.f.next(); err != nil {
		return err
	}
	return x.executor.Query(ctx, query, args, v)
}

func (x failing) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := x.f.next(); err != nil {
		return nil, err
	}
	return x.executor.ExecContext(ctx, query, args...)
}

func (x failing) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := x.f.next(); err != nil {
		return nil, err
	}
	return x.executor.QueryContext(ctx, query, args...)
}

// failingDriver is ent's driver with failures.
type failingDriver struct {
	*entsql.Driver
	f *Failing
}

func (d *failingDriver) Exec(ctx context.Context, query string, args, v any) error {
	return failing{d.Driver, d.f}.Exec(ctx, query, args, v)
}

func (d *failingDriver) Query(ctx context.Context, query string, args, v any) error {
	return failing{d.Driver, d.f}.Query(ctx, query, args, v)
}

func (d *failingDriver) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return failing{d.Driver, d.f}.ExecContext(ctx, query, args...)
}

func (d *failingDriver) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return failing{d.Driver, d.f}.QueryContext(ctx, query, args...)
}

func (d *failingDriver) Tx(ctx context.Context) (dialect.Tx, error) { return d.BeginTx(ctx, nil) }

func (d *failingDriver) BeginTx(ctx context.Context, o *entsql.TxOptions) (dialect.Tx, error) {
	tx, err := d.Driver.BeginTx(ctx, o)
	if err != nil {
		return nil, err
	}
	return &failingTx{failing{tx.(executor), d.f}, tx}, nil
}

// failingTx is a transaction with failures.
type failingTx struct {
	failing
	tx dialect.Tx
}

// Commit fails without having committed.
func (t *failingTx) Commit() error {
	if err := t.f.next(); err != nil {
		return errors.Join(err, t.tx.Rollback())
	}
	return t.tx.Commit()
}

func (t *failingTx) Rollback() error { return t.tx.Rollback() }
