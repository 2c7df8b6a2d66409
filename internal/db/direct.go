package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// direct is how a connection to PostgreSQL runs statements that are read into places,
// and those that return nothing, together with the transaction around them: in lib/pq's
// stead, between two answers to it, on the same wire. lib/pq waits for each statement,
// for BEGIN and for COMMIT; here they travel together, and rows go from the wire into
// fields. Everything else (signing in, ent's queries, scripts) is lib/pq's.
//
// It needs a wire that is not encrypted. Elsewhere lib/pq runs everything.
type direct struct {
	statements *statements
	// names numbers prepared statements.
	names int
	// closing are prepared statements to close with the next trip.
	closing []string
	// beginning is the BEGIN that waits for the first statement, or "".
	beginning string
	// within is the context of the transaction.
	within context.Context
	// later are statements that wait for the next one, or for the end.
	later []*leg
	// out is what is about to be sent, and at where the length of its last message is.
	out []byte
	at  int
}

// leg is one statement of a trip.
type leg struct {
	text string
	args []driver.NamedValue
	into *sink // nil for a statement without rows
	rows int64 // how many it changed

	demand *demand // nil if nothing is demanded of it

	texts texts // of its rows

	statement *prepared // nil if it is not kept
}

// prepared is a statement that the server keeps, under a name.
type prepared struct {
	name  string
	on    *direct
	known bool // by the server
	asked bool // to be parsed, in this trip
}

// Close has the server forget the statement, with the next trip.
func (p *prepared) Close() error {
	if p.known {
		p.on.closing = append(p.on.closing, p.name)
	}
	return nil
}

// prepared satisfies driver.Stmt for the sake of the cache.

func (p *prepared) NumInput() int                              { return -1 }
func (p *prepared) Exec([]driver.Value) (driver.Result, error) { return nil, errors.ErrUnsupported }
func (p *prepared) Query([]driver.Value) (driver.Rows, error)  { return nil, errors.ErrUnsupported }

type laterKey struct{}

// Later returns a context for a statement of a transaction that returns nothing and
// whose effect nothing in the transaction looks at: on PostgreSQL it may travel with
// the next statement, or with the commit, which then has its error.
func Later(ctx context.Context) context.Context { return context.WithValue(ctx, laterKey{}, true) }

// fits reports whether a statement can be run directly. Bytes could be of either kind
// of column that takes them, which lib/pq finds out.
func (c *conn) fits(args []driver.NamedValue) bool {
	if c.direct == nil || len(args) == 0 {
		return false
	}
	for _, a := range args {
		if _, ok := a.Value.([]byte); ok {
			return false
		}
	}
	return true
}

// runDirect runs a statement that fits, and what is read with it.
func (c *conn) runDirect(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	into := sinkOf(ctx)
	first := &leg{text: text, args: args, into: into}
	if c.inTx && into == nil && ctx.Value(laterKey{}) != nil {
		c.direct.later = append(c.direct.later, first)
		return driver.ResultNoRows, nil
	}
	legs := []*leg{first}
	told := func() bool { return false }
	if into != nil {
		for _, o := range into.others {
			named, err := o.named()
			if err != nil {
				return nil, err
			}
			count(ctx, o.text, named, true)
			legs = append(legs, &leg{text: o.text, args: named, into: &o.into})
		}
		told = func() bool { return slices.ContainsFunc(legs, func(l *leg) bool { return l.into.told }) }
	}
	for try := 0; ; try++ {
		err := c.trip(ctx, legs, false)
		if err == nil {
			return driver.RowsAffected(first.rows), nil
		}
		if try > 0 || c.inTx || !stale(err) || told() {
			return nil, late(ctx, final(err, told(), c.inTx))
		}
	}
}

// settle sends what waits, before lib/pq runs a statement.
func (c *conn) settle(ctx context.Context) error {
	if c.direct == nil || c.direct.beginning == "" && len(c.direct.later) == 0 {
		return nil
	}
	return late(ctx, c.trip(ctx, nil, false))
}

// beginDirect begins a transaction with the first statement that there will be.
func (c *conn) beginDirect(ctx context.Context, o driver.TxOptions) error {
	mode := ""
	switch level := sql.IsolationLevel(o.Isolation); level {
	case sql.LevelDefault:
	case sql.LevelReadCommitted, sql.LevelRepeatableRead, sql.LevelSerializable:
		mode = " ISOLATION LEVEL " + strings.ToUpper(level.String())
	default:
		return fmt.Errorf("db: isolation level %s", level)
	}
	if o.ReadOnly {
		mode += " READ ONLY"
	}
	c.direct.beginning, c.direct.within, c.inTx = "BEGIN"+mode, ctx, true
	return nil
}

// endDirect ends the transaction. One that never did anything never began.
func (c *conn) endDirect(kept bool) error {
	d := c.direct
	defer func() { c.inTx, d.beginning, d.within, d.later = false, "", nil, nil }()
	if !kept {
		d.later = nil
	}
	if d.beginning != "" && len(d.later) == 0 {
		return nil
	}
	if c.line.broken() {
		return driver.ErrBadConn
	}
	ctx := d.within
	if ctx.Err() != nil {
		// To give up takes a moment, too.
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
	}
	if !kept {
		return c.trip(ctx, []*leg{{text: "ROLLBACK"}}, false)
	}
	err := late(ctx, c.trip(ctx, nil, true))
	if err != nil && !c.line.broken() && c.status != idle {
		// What travelled with the commit failed, so there was none.
		err = errors.Join(err, c.trip(ctx, []*leg{{text: "ROLLBACK"}}, false))
	}
	return err
}

// idle is what the server says between transactions.
const idle = 'I'

const commit = "COMMIT"

// errUnsent says that a connection was gone before anything was sent.
var errUnsent = fmt.Errorf("db: nothing was sent: %w", driver.ErrBadConn)

// trip sends what waits and statements, and the commit if asked, and reads all
// answers. Once one of them fails the server leaves out the rest.
func (c *conn) trip(ctx context.Context, legs []*leg, ending bool) error {
	d := c.direct
	if err := c.ready(); err != nil {
		return err
	}
	// Of a whole transaction that gets no answer nobody knows what became of it, so
	// one on a connection that is gone is better not sent.
	whole := ending && d.beginning != ""
	var steps [8]*leg
	all := steps[:0]
	if d.beginning != "" {
		all = append(all, &leg{text: d.beginning})
	}
	all = append(all, d.later...)
	all = append(all, legs...)
	if ending {
		all = append(all, &leg{text: commit})
	}
	d.beginning, d.later = "", nil
	d.out = d.out[:0]
	for _, name := range d.closing {
		d.open('C')
		d.out = append(append(append(d.out, 'S'), name...), 0)
		d.shut()
	}
	d.closing = d.closing[:0]
	for _, s := range all {
		if err := d.write(s); err != nil {
			// Nothing was sent, so nothing of the transaction has happened.
			c.line.fail()
			return err
		}
	}
	d.open('S')
	d.shut()
	countWait(ctx)
	stop := c.line.cancelAtEnd(ctx)
	defer stop()
	w := c.line.wire
	if w.left != 0 {
		return errWire
	}
	if whole && gone(w.Conn) {
		c.line.fail()
		return errUnsent
	}
	if n, err := w.Write(d.out); err != nil {
		if n == 0 {
			return errUnsent
		}
		return err
	}
	if cap(d.out) > 64<<10 {
		d.out = nil
	}
	err := c.answers(w, all)
	for _, s := range all {
		if s.statement != nil {
			s.statement.asked = false
		}
	}
	return err
}

// open begins a message and shut writes its length, where the last one has its place.
func (d *direct) open(kind byte) {
	d.out = append(d.out, kind, 0, 0, 0, 0)
	d.at = len(d.out) - 4
}

func (d *direct) shut() {
	binary.BigEndian.PutUint32(d.out[d.at:], uint32(len(d.out)-d.at))
}

// write appends a statement: Parse if the server does not know it, Bind, Execute. A
// text is kept by the server once it comes a second time; see statements.
func (d *direct) write(s *leg) error {
	s.statement = nil
	if len(s.args) == 0 {
		// BEGIN and its like, which somebody may have the server discard.
	} else if kept, known := d.statements.get(s.text); known {
		s.statement = kept.stmt.(*prepared)
	} else if kept, err := d.statements.admit(s.text, func() (driver.Stmt, error) {
		d.names++
		return &prepared{name: "direct" + strconv.Itoa(d.names), on: d}, nil
	}); err != nil {
		return err
	} else if kept != nil {
		s.statement = kept.stmt.(*prepared)
	}
	name := ""
	if s.statement != nil {
		name = s.statement.name
	}
	if p := s.statement; p == nil || !p.known && !p.asked {
		if p != nil {
			p.asked = true
		}
		d.open('P')
		d.out = append(append(d.out, name...), 0)
		d.out = append(append(d.out, s.text...), 0)
		d.out = append(d.out, 0, 0)
		d.shut()
	}
	d.open('B')
	d.out = append(d.out, 0) // the portal without a name
	d.out = append(append(d.out, name...), 0)
	d.out = append(d.out, 0, 0) // all arguments as text
	if len(s.args) > 0xffff {
		return fmt.Errorf("db: %d arguments", len(s.args))
	}
	d.out = binary.BigEndian.AppendUint16(d.out, uint16(len(s.args)))
	for _, a := range s.args {
		if err := d.argument(a.Value); err != nil {
			return err
		}
	}
	d.out = append(d.out, 0, 0) // all columns as text
	d.shut()
	d.open('E')
	d.out = append(d.out, 0, 0, 0, 0, 0)
	d.shut()
	return nil
}

// argument appends a value as text.
func (d *direct) argument(v driver.Value) error {
	if v == nil {
		d.out = append(d.out, 0xff, 0xff, 0xff, 0xff)
		return nil
	}
	at := len(d.out)
	d.out = append(d.out, 0, 0, 0, 0)
	switch v := v.(type) {
	case string:
		d.out = append(d.out, v...)
	case int64:
		d.out = strconv.AppendInt(d.out, v, 10)
	case float64:
		d.out = strconv.AppendFloat(d.out, v, 'g', -1, 64)
	case bool:
		d.out = strconv.AppendBool(d.out, v)
	case time.Time:
		if y := v.Year(); y < 1 || y > 9999 {
			return fmt.Errorf("db: an instant in the year %d", y)
		}
		d.out = v.UTC().AppendFormat(d.out, "2006-01-02 15:04:05.999999999Z07:00")
	case []byte:
		d.out = hex.AppendEncode(append(d.out, `\x`...), v)
	default:
		return fmt.Errorf("db: an argument of the type %T", v)
	}
	binary.BigEndian.PutUint32(d.out[at:], uint32(len(d.out)-at-4))
	return nil
}

// answers reads what the server has to say to the steps, up to the ReadyForQuery.
func (c *conn) answers(w *wire, all []*leg) (failed error) {
	at, heard, whole := 0, false, false
	defer func() {
		if !whole { // also when a row's callback panics: what is left is nobody's
			c.line.fail()
		}
	}()
	lost := func(err error) error {
		switch {
		case failed != nil:
			return failed
		case !heard && (err == io.EOF || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)):
			return driver.ErrBadConn // it was gone before, as far as one can tell
		}
		return err
	}
	for {
		kind, body, err := w.message()
		if err != nil {
			return lost(err)
		}
		heard = true
		switch kind {
		case 'Z': // ReadyForQuery
			if len(body) != 1 || failed == nil && at != len(all) {
				return lost(errWire)
			}
			c.status, whole = body[0], true
			return failed
		case 'E': // ErrorResponse
			e := serverError(body)
			if e.Fatal() {
				return lost(driver.ErrBadConn)
			}
			if failed == nil {
				failed = e
				if at < len(all) {
					failed = all[at].explained(e)
				}
			}
			if at < len(all) && stale(e) {
				c.direct.outdated(e, all[at])
			}
		case '1', 'D', 'C': // ParseComplete, DataRow, CommandComplete
			if at >= len(all) {
				return lost(errWire)
			}
			switch s := all[at]; kind {
			case '1':
				if s.statement != nil {
					s.statement.known = true
				}
			case 'D':
				if err := s.tell(body); err != nil && failed == nil {
					failed = err
				}
			case 'C':
				at++
				tag := string(body[:max(len(body)-1, 0)])
				if s.rows, err = affected(tag); err != nil {
					return lost(err)
				}
				if s.text == commit && tag != commit && failed == nil {
					failed = fmt.Errorf("db: the server answered a commit with %s", tag)
				}
			}
		case '2', '3', 'N', 'S', 'A': // BindComplete, CloseComplete, and what comes by itself
		default:
			return lost(errWire)
		}
	}
}

// explained returns an error of the statement as whoever asked wants to have it told.
func (s *leg) explained(e *pq.Error) error {
	switch {
	case s.demand == nil:
		return e
	case e.Code == pqerror.DivisionByZero:
		return s.demand.explain(ErrRows)
	}
	return s.demand.explain(e)
}

// texts keeps the texts of rows, several in one piece of memory: the first alone, since
// most statements read one row.
type texts struct {
	last strings.Builder
	most int
}

const mostTexts = 4 << 10 // bytes of one piece, unless a row is longer

func (t *texts) keep(body []byte) string {
	if t.last.Cap()-t.last.Len() < len(body) {
		t.most = min(2*t.most+len(body), mostTexts)
		t.last = strings.Builder{}
		t.last.Grow(max(t.most, len(body)))
	}
	from := t.last.Len()
	t.last.Write(body)
	return t.last.String()[from:]
}

// tell hands a row to the sink. The row is one text, of which the columns are parts.
func (s *leg) tell(body []byte) error {
	if s.into == nil {
		return nil
	}
	places := s.into.places
	if len(body) < 2 || int(binary.BigEndian.Uint16(body)) != len(places) {
		return fmt.Errorf("db: %d places for other columns", len(places))
	}
	row := s.texts.keep(body)
	at := 2
	for i, p := range places {
		if len(row)-at < 4 {
			return errWire
		}
		size := int(int32(binary.BigEndian.Uint32(body[at:])))
		at += 4
		var err error
		switch {
		case size < 0:
			err = p.Scan(nil)
		case size > len(row)-at:
			return errWire
		default:
			err = p.ScanText(row[at : at+size])
			at += size
		}
		if err != nil {
			return fmt.Errorf("db: column %d: %w", i+1, err)
		}
	}
	s.into.told = true
	s.into.row()
	return nil
}

// affected returns the number of rows at the end of a tag such as "INSERT 0 5"; some
// have none.
func affected(tag string) (int64, error) {
	last := tag[strings.LastIndexByte(tag, ' ')+1:]
	if last == "" || last[0] < '0' || last[0] > '9' {
		return 0, nil
	}
	return strconv.ParseInt(last, 10, 64)
}

// outdated forgets a statement that the server no longer has, or that no longer fits
// the tables.
func (d *direct) outdated(e error, s *leg) {
	if pq.As(e, pqerror.InvalidSQLStatementName) != nil {
		*d.statements = *newStatements(d.statements.size) // somebody has discarded them all
	} else if kept, ok := d.statements.byText[s.text]; ok {
		d.statements.forget(kept.Value.(*statement))
	}
}

// serverError reads an ErrorResponse: fields of a kind and a text.
func serverError(body []byte) *pq.Error {
	e := &pq.Error{}
	for len(body) > 1 {
		kind := body[0]
		value, rest, ok := strings.Cut(string(body[1:]), "\x00")
		if !ok {
			break
		}
		body = []byte(rest)
		switch kind {
		case 'S':
			e.Severity = value
		case 'C':
			e.Code = pqerror.Code(value)
		case 'M':
			e.Message = value
		case 'D':
			e.Detail = value
		case 'H':
			e.Hint = value
		case 'P':
			e.Position = value
		case 'W':
			e.Where = value
		case 's':
			e.Schema = value
		case 't':
			e.Table = value
		case 'c':
			e.Column = value
		case 'd':
			e.DataTypeName = value
		case 'n':
			e.Constraint = value
		case 'F':
			e.File = value
		case 'L':
			e.Line = value
		case 'R':
			e.Routine = value
		}
	}
	return e
}
