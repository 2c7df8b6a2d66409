package page

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tenantry/internal/column"
	"tenantry/internal/db"
)

// List is a list of the rows that one account has in a table, as statements that are
// not ent's: their text costs nothing to speak of. In them the table is called l.
type List struct {
	// Table is where the rows are, with account_id and id.
	Table string
	// Read is what is read of each row, and Join brings in what of it is elsewhere.
	Read, Join string
	// Newest is for newest first; else the list is oldest first.
	Newest bool

	accountID string
	narrow    string
	args      []any
}

// Of makes the list one of an account.
func (l List) Of(accountID string) *List {
	l.accountID = accountID
	return &l
}

// Narrow leaves out the rows for which the condition, a text of the program with ?
// for each argument, is not true.
func (l *List) Narrow(condition string, args ...any) {
	for _, a := range args {
		l.args = append(l.args, a)
		condition = strings.Replace(condition, "?", "$"+strconv.Itoa(len(l.args)+1), 1)
	}
	l.narrow += " AND " + condition
}

// Search leaves out the rows of which an expression does not contain the text.
func (l *List) Search(expression, contained string) {
	l.Narrow(expression+` LIKE ? ESCAPE '\'`, column.Containing(contained))
}

// Query reads a page of a list. The columns of each row go to the places, and item
// makes of them what the page has.
func Query[T any](ctx context.Context, q db.Queryer, l *List, r Request, places []column.Place, item func() T) (Page[T], error) {
	total := -1
	if r.Asks("totalCount") {
		places = append(slices.Clip(places), column.Number(&total))
	}
	text, args := l.page(r)
	var items []T
	if err := db.Read(ctx, q, text, args, places, func() { items = append(items, item()) }); err != nil {
		return Page[T]{}, err
	}
	p := Cut(items, r)
	p.Count = Known(total, func(ctx context.Context) (int, error) { return db.Count(ctx, q, l.count) })
	return p, nil
}

// page is the statement that reads the rows of a page, with the total beside each
// where it is asked for.
func (l *List) page(r Request) (text string, args []any) {
	args = slices.Concat([]any{l.accountID}, l.args, []any{r.After, r.Limit()})
	after, limit := "$"+strconv.Itoa(len(args)-1), "$"+strconv.Itoa(len(args))
	total := ""
	if r.Asks("totalCount") {
		total, _ = l.count()
		total = ", (" + total + ")"
	}
	within, order := "l.account_id IN ($1, $1) AND l.id > "+after, " ORDER BY l.account_id, l.id" // see Within
	if l.Newest {
		within, order = "l.account_id IN ($1, $1) AND l.id < "+after, " ORDER BY l.account_id DESC, l.id DESC"
		if r.After == "" {
			args[len(args)-2] = last
		}
	}
	return "SELECT " + l.Read + total + " FROM " + l.Table + " l" + l.Join + " WHERE " + within + l.narrow + order + " LIMIT " + limit, args
}

// count is the statement that counts all rows.
func (l *List) count() (text string, args []any) {
	return "SELECT COUNT(*) FROM " + l.Table + " l WHERE l.account_id = $1" + l.narrow, slices.Concat([]any{l.accountID}, l.args)
}
