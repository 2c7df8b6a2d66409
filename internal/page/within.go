package page

import "entgo.io/ent/dialect/sql"

// last sorts after every id: those are lower-case letters, digits and an underscore.
const last = "~"

// Within narrows a query to the rows of one account that come after the id, oldest
// first, and orders them so. It asks for a range of account and id together: with
// an equation for the account PostgreSQL may walk the primary key instead, through
// the rows of everybody.
func Within(accountColumn, idColumn, accountID, after string) func(*sql.Selector) {
	return func(s *sql.Selector) {
		account, id := s.C(accountColumn), s.C(idColumn)
		s.Where(sql.And(pair(account, id, ">", accountID, after), sql.LTE(account, accountID)))
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
		s.Where(sql.And(pair(account, id, "<", accountID, after), sql.GTE(account, accountID)))
		s.OrderBy(sql.Desc(account), sql.Desc(id))
	}
}

func pair(account, id, op, accountID, after string) *sql.Predicate {
	return sql.P(func(b *sql.Builder) {
		b.WriteString("("+account+", "+id+") "+op+" (").Args(accountID, after).WriteString(")")
	})
}
