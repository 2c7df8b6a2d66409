package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	"modernc.org/sqlite"
	sqlitecode "modernc.org/sqlite/lib"

	"tenantry/ent"
)

// attempts is how often InTx tries before it gives the last error back.
const attempts = 10

// InTx runs fn in a transaction, READ COMMITTED on PostgreSQL: committed if fn
// returns nil, rolled back if it returns an error or panics. Where the database
// asks for it (serialization failure, deadlock, a connection lost before the
// commit, a data file that another process has locked), or a statement with
// ErrAgain, the whole of fn runs again, after a short wait and at most ten times
// or until ctx ends; so fn must change nothing but the database, and set anew
// whatever it sets outside itself.
//
// A commit that fails is an error. After one whose outcome is not known, because
// the connection broke while it was under way, nothing runs again.
func InTx[T any](ctx context.Context, client *ent.Client, fn func(*ent.Tx) (T, error)) (T, error) {
	for try := 1; ; try++ {
		v, again, err := inTx(ctx, client, fn)
		if err == nil || !again || try == attempts || !pause(ctx, try) {
			return v, err
		}
	}
}

// InTx0 is InTx for a function that has nothing to return.
func InTx0(ctx context.Context, client *ent.Client, fn func(*ent.Tx) error) error {
	_, err := InTx(ctx, client, func(tx *ent.Tx) (struct{}, error) { return struct{}{}, fn(tx) })
	return err
}

// inTx tries once, and says of an error whether it is safe and of use to try
// again.
func inTx[T any](ctx context.Context, client *ent.Client, fn func(*ent.Tx) (T, error)) (_ T, safe bool, _ error) {
	var zero T
	tx, err := client.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return zero, IsSerialization(err), err
	}
	// After a commit this does nothing. If it fails the driver has given up the
	// connection, and the server rolls back by itself.
	defer func() { _ = tx.Rollback() }()
	v, err := fn(tx)
	if err != nil {
		return zero, again(err) || errors.Is(err, driver.ErrBadConn), err
	}
	if err := tx.Commit(); err != nil {
		return zero, again(err), fmt.Errorf("commit: %w", err)
	}
	return v, false, nil
}

// again reports whether an error says that nothing of the transaction has happened,
// and that the same may succeed later.
func again(err error) bool {
	return IsSerialization(err) || errors.Is(err, ErrAgain) || errors.Is(err, errUnsent) || stale(err)
}

// pause waits before another try: 5 ms at most after the first, doubling up to
// 320 ms, and all of it by chance, so that those who collided part. It reports
// whether ctx is still there.
func pause(ctx context.Context, try int) bool {
	longest := 5 * time.Millisecond << min(try-1, 6)
	t := time.NewTimer(rand.N(longest))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// IsUnique reports whether a unique index or primary key stood in the way.
func IsUnique(err error) bool {
	if pq.As(err, pqerror.UniqueViolation) != nil {
		return true
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == sqlitecode.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlitecode.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// IsUniqueOn reports whether a unique index over the column stood in the way.
func IsUniqueOn(err error, column string) bool {
	if e := pq.As(err, pqerror.UniqueViolation); e != nil {
		return strings.Contains(e.Constraint, column)
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code() == sqlitecode.SQLITE_CONSTRAINT_UNIQUE && strings.Contains(e.Error(), "."+column)
}

// IsForeignKey reports whether a row that does not exist, or one that another row
// needs, stood in the way.
func IsForeignKey(err error) bool {
	if pq.As(err, pqerror.ForeignKeyViolation) != nil {
		return true
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code() == sqlitecode.SQLITE_CONSTRAINT_FOREIGNKEY
}

// IsSerialization reports whether the database has given up a transaction only
// because of others, so that the same would succeed later: serialization failure
// and deadlock on PostgreSQL, a locked file on SQLite.
func IsSerialization(err error) bool {
	if pq.As(err, pqerror.TRSerializationFailure, pqerror.TRDeadlockDetected) != nil {
		return true
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlitecode.SQLITE_BUSY
}

// stale reports whether a prepared statement is gone (the pooler chose another
// server, or something discarded it) or no longer fits the tables.
func stale(err error) bool {
	e := pq.As(err, pqerror.InvalidSQLStatementName, pqerror.FeatureNotSupported)
	return e != nil && (e.Code == pqerror.InvalidSQLStatementName || e.Routine == "RevalidateCachedQuery")
}
