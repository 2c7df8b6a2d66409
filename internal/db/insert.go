package db

import (
	"context"
	"encoding/json"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"tenantry/ent"
)

// Insert writes rows of a table which share some of their values. Its text is kept,
// where ent makes one for every call and each row, and what is shared is sent,
// read and judged by PostgreSQL once. Columns that are not named get their
// defaults. It is safe for concurrent use.
type Insert struct {
	table        string
	shared, each []string
	texts        Texts
}

// mostRows is how many rows go into a statement, which has only so many
// parameters.
const mostRows = 500

// exactRows is up to how many rows a statement is written for just so many. Above
// that it is written for as many as Rounded says, and leaves out what Filled adds.
const exactRows = 16

// NewInsert returns an insert into a table: the columns that have the same value in
// all rows, and those that differ, which must hold texts, the first of them never NULL.
func NewInsert(table string, shared, each []string) *Insert {
	return &Insert{table: table, shared: shared, each: each}
}

// Exec writes rows: the shared values, and the others row by row.
func (i *Insert) Exec(ctx context.Context, tx *ent.Tx, shared, each []any) error {
	for chunk := range slices.Chunk(each, mostRows*len(i.each)) {
		rows := len(chunk) / len(i.each)
		if rows > exactRows {
			rows = min(Rounded(rows), mostRows)
		}
		if _, err := tx.ExecContext(ctx, i.texts.Of(rows, i.write), Filled(slices.Concat(shared, chunk), len(shared)+rows*len(i.each))...); err != nil {
			return err
		}
	}
	return nil
}

// write makes the text. With many rows, the values that differ are a table of their
// own, of texts: PostgreSQL spends half the time of rows that are spelled out.
func (i *Insert) write(rows int) string {
	shared, each := len(i.shared), len(i.each)
	into := "INSERT INTO " + i.table + " (" + Names(slices.Concat(i.shared, i.each)) + ") "
	if rows == 1 {
		return into + "VALUES (" + Args(1, shared+each) + ")"
	}
	columns := make([]string, each)
	for c := range columns {
		columns[c] = "v.column" + strconv.Itoa(c+1)
	}
	return into + "SELECT " + Args(1, shared) + ", " + strings.Join(columns, ", ") + " FROM (VALUES " + Rows(shared+1, rows, each) + ") v WHERE v.column1 IS NOT NULL"
}

// Texts keep the texts of a statement that only a number changes, such as how many
// rows it is about.
type Texts = Kept[string]

// Kept keeps statements that only a number changes. The zero value is ready, for
// concurrent use.
type Kept[T any] struct{ kept [129]atomic.Pointer[T] }

// Of returns the statement for a number, which write makes.
func (k *Kept[T]) Of(n int, write func(n int) T) T {
	if n >= len(k.kept) {
		return write(n)
	}
	if one := k.kept[n].Load(); one != nil {
		return *one
	}
	one := write(n)
	k.kept[n].Store(&one)
	return one
}

// Names lists columns for a statement, quoted, since some are words of SQL.
func Names(columns []string) string { return `"` + strings.Join(columns, `", "`) + `"` }

// Args lists n arguments of a statement, beginning with the one of that number.
func Args(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(all, ", ")
}

// Rows lists rows of arguments for VALUES, beginning with the argument of that
// number.
func Rows(first, rows, each int) string {
	all := make([]string, rows)
	for i := range all {
		all[i] = "(" + Args(first+i*each, each) + ")"
	}
	return strings.Join(all, ", ")
}

// Rounded returns the power of two that is not below n, so that statements about a
// number of rows have few texts, which connections then keep prepared.
func Rounded(n int) int { return 1 << bits.Len(uint(max(n, 1)-1)) }

// Filled appends NULL until there are n values. NULL is in no list and equals no
// column, so a list or a table of values that is compared with one may end in it.
func Filled(values []any, n int) []any {
	return append(values, make([]any, max(n-len(values), 0))...)
}

// JSON returns the value of a column that holds JSON, as ent writes it.
func JSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // texts, and lists of them
	}
	return b
}
