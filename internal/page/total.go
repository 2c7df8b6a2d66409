package page

import (
	"context"

	"entgo.io/ent/dialect/sql"
)

// totalName is what the total is called beside the columns of a row.
const totalName = "total"

// Total returns what makes a query count, beside each row, all rows of the table
// that the predicates match: a list and its total in one statement.
func Total[P ~func(*sql.Selector)](table string, where ...P) func(*sql.Selector) {
	return func(s *sql.Selector) {
		d := sql.Dialect(s.Dialect())
		all := d.Select(sql.Count("*")).From(d.Table(table).As("counted"))
		for _, p := range where {
			p(all)
		}
		s.AppendSelectExprAs(all, totalName)
	}
}

// TotalOf returns the total that was read beside a row, or -1.
func TotalOf[V any](value func(name string) (V, error)) int {
	v, err := value(totalName)
	if n, ok := any(v).(int64); ok && err == nil {
		return int(n)
	}
	return -1
}

// Known returns a count that is known already unless it is negative, and else is
// asked for.
func Known(total int, ask func(context.Context) (int, error)) func(context.Context) (int, error) {
	if total < 0 {
		return ask
	}
	return func(context.Context) (int, error) { return total, nil }
}
