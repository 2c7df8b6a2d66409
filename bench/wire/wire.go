// Package wire stands between a client and PostgreSQL, passes everything on and
// counts what is asked: statements, and the round trips that they take.
package wire

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
)

// Count is what was asked.
type Count struct {
	// Statements were executed, BEGIN, COMMIT and ROLLBACK left out.
	Statements int
	// Trips are how often a client waited for the server.
	Trips int
	// Transactions were begun in so many words.
	Transactions int
	// Texts are the statements in the order in which they were asked, BEGIN and its
	// like included.
	Texts []string
}

// Tap is a proxy that counts. Background leaves transactions out of the count,
// with their BEGIN: it is asked with the first statement of each, and of each
// that stands alone.
type Tap struct {
	Background func(first string) bool

	l      net.Listener
	server string

	mu    sync.Mutex
	count Count
}

// Listen begins to pass on to a server.
func Listen(server string, background func(string) bool) (*Tap, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	t := &Tap{Background: background, l: l, server: server}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go t.pass(c)
		}
	}()
	return t, nil
}

// Address is where the tap listens.
func (t *Tap) Address() string { return t.l.Addr().String() }

// Close takes no more connections.
func (t *Tap) Close() error { return t.l.Close() }

// Take returns what was counted since the last time.
func (t *Tap) Take() Count {
	t.mu.Lock()
	defer t.mu.Unlock()
	c := t.count
	t.count = Count{}
	return c
}

func (t *Tap) pass(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", t.server)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(client, server) // either side may hang up
		_ = client.Close()
	}()
	r := &reader{in: io.TeeReader(client, server), tap: t, names: map[string]string{}, portals: map[string]string{}}
	_ = r.read()
}

// reader understands what a client says.
type reader struct {
	in      io.Reader
	tap     *Tap
	names   map[string]string // prepared statements
	portals map[string]string

	inTx    bool // between BEGIN and its end
	pending Count
	judged  bool
	ours    bool
}

// read reads until the client hangs up.
func (r *reader) read() error {
	// The first message has no type: a length, then the rest.
	if _, err := r.message(false); err != nil {
		return err
	}
	for {
		m, err := r.message(true)
		if err != nil {
			return err
		}
		r.take(m[0], m[1:])
	}
}

const longest = 64 << 20

// message returns a message with its type in front, or the first one without.
func (r *reader) message(typed bool) ([]byte, error) {
	head := make([]byte, 4, 5)
	if typed {
		head = head[:5]
	}
	if _, err := io.ReadFull(r.in, head); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(head[len(head)-4:])) - 4
	if n < 0 || n > longest {
		return nil, errors.New("wire: not a message of PostgreSQL's protocol")
	}
	body := make([]byte, n)
	_, err := io.ReadFull(r.in, body)
	return append(head[:len(head)-4], body...), err
}

// take counts one message.
func (r *reader) take(kind byte, body []byte) {
	word := func() string {
		s, rest, _ := strings.Cut(string(body), "\x00")
		body = []byte(rest)
		return s
	}
	switch kind {
	case 'Q': // a text, executed at once
		r.statement(word())
		r.trip()
	case 'P': // prepare a text under a name
		name := word()
		r.names[name] = word()
	case 'B': // bind arguments to a prepared statement
		portal := word()
		r.portals[portal] = r.names[word()]
	case 'E': // execute what was bound
		r.statement(r.portals[word()])
	case 'S': // and answer now
		r.trip()
	}
}

func (r *reader) statement(text string) {
	verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(text)), " ")
	verb = strings.TrimRight(verb, ";")
	begins, ends := verb == "BEGIN" || verb == "START", slices.Contains([]string{"COMMIT", "ROLLBACK", "END", "ABORT"}, verb)
	r.pending.Texts = append(r.pending.Texts, text)
	switch {
	case begins:
		r.inTx = true
		r.pending.Transactions++
	case ends:
		r.inTx = false
	case verb == "":
	default:
		r.pending.Statements++
		if !r.judged {
			r.judged, r.ours = true, !r.tap.Background(text)
		}
	}
}

// trip ends a round trip. What was asked is counted when its transaction is over;
// a trip that only prepared something belongs to the statement that follows.
func (r *reader) trip() {
	r.pending.Trips++
	if r.inTx || len(r.pending.Texts) == 0 {
		return
	}
	if r.ours {
		r.tap.mu.Lock()
		c := &r.tap.count
		c.Statements += r.pending.Statements
		c.Trips += r.pending.Trips
		c.Transactions += r.pending.Transactions
		c.Texts = append(c.Texts, r.pending.Texts...)
		r.tap.mu.Unlock()
	}
	r.pending, r.judged, r.ours = Count{}, false, false
}
