package db

import (
	"container/list"
	"database/sql/driver"
	"hash/maphash"
)

// statements are the prepared statements of one connection, the most recently
// used first. lib/pq spends two round trips and a parse and a plan on the server
// for every statement with arguments that is not prepared; SQLite's part is a
// fifth of a small read.
type statements struct {
	size   int
	byText map[string]*list.Element // of *statement
	order  list.List
	// seen holds hashes of texts met once. A text is prepared when it comes a
	// second time: an IN list of a length that never comes again would push out
	// what is used.
	seen map[uint64]struct{}
	seed maphash.Seed
}

// statement is a prepared statement.
type statement struct {
	text string
	stmt driver.Stmt
	// busy says that rows of it are open: it cannot run again or be closed.
	busy bool
}

func newStatements(size int) *statements {
	return &statements{
		size:   size,
		byText: make(map[string]*list.Element, size),
		seen:   make(map[uint64]struct{}),
		seed:   maphash.MakeSeed(),
	}
}

// get returns the prepared statement of a text and whether there is one. It
// returns nil and true if there is one that cannot run now.
func (s *statements) get(text string) (_ *statement, known bool) {
	e, ok := s.byText[text]
	if !ok {
		return nil, false
	}
	p := e.Value.(*statement)
	if p.busy {
		return nil, true
	}
	s.order.MoveToFront(e)
	return p, true
}

// admit prepares a text that is not prepared, if it comes for the second time.
// It returns nil if the text is to be run unprepared.
func (s *statements) admit(text string, prepare func() (driver.Stmt, error)) (*statement, error) {
	if s.size == 0 || !s.again(text) || !s.makeRoom() {
		return nil, nil
	}
	stmt, err := prepare()
	if err != nil {
		return nil, err
	}
	p := &statement{text: text, stmt: stmt}
	s.byText[text] = s.order.PushFront(p)
	return p, nil
}

// again reports whether the text has come before. It forgets everything now and
// then, which costs a text one more run unprepared.
func (s *statements) again(text string) bool {
	h := maphash.String(s.seed, text)
	if _, ok := s.seen[h]; ok {
		delete(s.seen, h)
		return true
	}
	if len(s.seen) >= 4*s.size {
		clear(s.seen)
	}
	s.seen[h] = struct{}{}
	return false
}

// makeRoom closes the statement that has not been used for longest, if the cache
// is full. It reports whether there is room.
func (s *statements) makeRoom() bool {
	if s.order.Len() < s.size {
		return true
	}
	for e := s.order.Back(); e != nil; e = e.Prev() {
		if p := e.Value.(*statement); !p.busy {
			s.forget(p)
			return true
		}
	}
	return false
}

// forget closes a statement that is not busy.
func (s *statements) forget(p *statement) {
	s.order.Remove(s.byText[p.text])
	delete(s.byText, p.text)
	// A connection on which this fails is broken, and its next use says so.
	_ = p.stmt.Close()
}

// close closes every statement; no rows are open any more.
func (s *statements) close() {
	for e := s.order.Front(); e != nil; e = s.order.Front() {
		s.forget(e.Value.(*statement))
	}
}
