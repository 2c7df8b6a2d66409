package page

import "entgo.io/ent/dialect/sql"

// last sorts after every id: those are lower-case letters, digits and an underscore.
const last = "~"

// Within narrows a query to the rows of one account that come after the id, oldest
// first, and orders them so. It names the account twice: equal to one constant,
// PostgreSQL leaves it out of the order and may then walk the primary key, through
// the rows of everybody; in a range, it may take another index that begins with the
// account, and sort all rows of it. From a list of two it goes straight to the place
// in the index of account and id, and SQLite does too.
func Within(accountColumn, idColumn, accountID, after string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		account, id := s.C(accountColumn), s.C(idColumn)
		s.Where(sql.And(sql.In(account, accountID, accountID), sql.GT(id, after)))
		s.OrderBy(account, id)
	}
}

// Backwards is Within, newest first; after "" is the newest.
func Backwards(accountColumn, idColumn, accountID, after string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		if after == "" {
			after = last
		}
		account, id := s.C(accountColumn), s.C(idColumn)
		s.Where(sql.And(sql.In(account, accountID, accountID), sql.LT(id, after)))
		s.OrderBy(sql.Desc(account), sql.Desc(id))
	}
}
