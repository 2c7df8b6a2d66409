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
// not ent's: their text costs nothing to speak of. In them the table is called l, and
// the account is $1.
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

// Asked is a page of a list that is asked for: its statement, and what was read.
type Asked[T any] struct {
	list    *List
	request Request
	places  []column.Place
	item    func() T
	items   []T
	total   int
}

// Ask asks for a page of a list. The columns of each row go to the places, and item
// makes of them what the page has.
func Ask[T any](l *List, r Request, places []column.Place, item func() T) *Asked[T] {
	a := &Asked[T]{list: l, request: r, places: places, item: item, total: -1}
	if r.Asks("totalCount") {
		a.places = append(slices.Clip(places), column.Number(&a.total))
	}
	return a
}

// Read reads the page.
func (a *Asked[T]) Read(ctx context.Context, q db.Queryer) (Page[T], error) {
	r := a.reading("")
	if err := db.Read(ctx, q, r.Text, r.Args, r.Places, r.Row); err != nil {
		return Page[T]{}, err
	}
	return a.page(q), nil
}

func (a *Asked[T]) reading(guard string) db.Reading {
	text, args := a.list.page(a.request, guard)
	return db.Reading{Text: text, Args: args, Places: a.places, Row: func() { a.items = append(a.items, a.item()) }}
}

// page is what was read.
func (a *Asked[T]) page(q db.Queryer) Page[T] {
	p := Cut(a.items, a.request)
	p.Count = Known(a.total, func(ctx context.Context) (int, error) { return db.Count(ctx, q, a.list.count) })
	return p
}

// page is the statement that reads the rows of a page, with the total beside each
// where it is asked for, and none unless the guard is true, if there is one.
func (l *List) page(r Request, guard string) (text string, args []any) {
	args = slices.Concat([]any{l.accountID}, l.args, []any{r.After, r.Limit()})
	at := len(l.args) + 2
	after, limit := "$"+strconv.Itoa(at), "$"+strconv.Itoa(at+1)
	if guard != "" {
		guard = " AND " + guard
	}
	total := ""
	if r.Asks("totalCount") {
		total, _ = l.count()
		total = ", (" + total + ")"
	}
	within, order := "l.account_id IN ($1, $1) AND l.id > "+after, " ORDER BY l.account_id, l.id" // see Within
	if l.Newest {
		within, order = "l.account_id IN ($1, $1) AND l.id < "+after, " ORDER BY l.account_id DESC, l.id DESC"
		if r.After == "" {
			args[at-1] = last
		}
	}
	return "SELECT " + l.Read + total + " FROM " + l.Table + " l" + l.Join + " WHERE " + within + l.narrow + guard + order + " LIMIT " + limit, args
}

// count is the statement that counts all rows.
func (l *List) count() (text string, args []any) {
	return "SELECT COUNT(*) FROM " + l.Table + " l WHERE l.account_id = $1" + l.narrow, slices.Concat([]any{l.accountID}, l.args)
}
