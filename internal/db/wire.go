package db

import (
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"time"
)

// wire is a network connection on which every single read and write is bounded.
type wire struct {
	net.Conn
	limit time.Duration // of one read or write; zero for none
	// framed says that messages of the protocol can be told apart. lib/pq is then
	// handed no byte beyond the ReadyForQuery that ends an answer, so that the next
	// statement may read the wire by itself; see direct.
	framed bool
	in     []byte // what has been read and not handed out
	kept   []byte // the memory that in is part of
	left   int    // what of the message at the head of in has not been handed out
	last   bool   // that message is a ReadyForQuery
	key    []byte // the body of BackendKeyData, with which a statement is canceled

	mu      sync.Mutex
	until   time.Time // bound on everything, such as connect_timeout; zero for none
	hurried bool
	failed  bool
}

func (w *wire) Read(b []byte) (int, error) {
	if w.framed {
		return w.readFramed(b)
	}
	return w.read(b)
}

func (w *wire) read(b []byte) (int, error) {
	w.bound(w.Conn.SetReadDeadline)
	n, err := w.Conn.Read(b)
	return n, w.note(err)
}

// readFramed hands out what there is, up to the end of an answer.
func (w *wire) readFramed(b []byte) (n int, err error) {
	for n < len(b) {
		if w.left == 0 {
			if n > 0 && len(w.in) < header {
				break
			}
			if err := w.begin(); err != nil {
				return n, err
			}
		}
		if len(w.in) == 0 {
			if n > 0 {
				break
			}
			if err := w.more(1); err != nil {
				return 0, err
			}
		}
		part := copy(b[n:], w.in[:min(w.left, len(w.in))])
		n += part
		w.in = w.in[part:]
		if w.left -= part; w.left == 0 && w.last {
			break
		}
	}
	return n, nil
}

// header is how long a message's kind and length are.
const header = 5

// begin looks at the message at the head, none of which has been handed out.
func (w *wire) begin() error {
	if err := w.more(header); err != nil {
		return err
	}
	w.left = 1 + int(binary.BigEndian.Uint32(w.in[1:]))
	w.last = w.in[0] == 'Z'
	if w.in[0] == 'K' && w.key == nil && w.left >= header && w.left < 1000 {
		if err := w.more(w.left); err != nil {
			return err
		}
		w.key = append([]byte(nil), w.in[header:w.left]...)
	}
	return nil
}

// more reads until there are n bytes.
func (w *wire) more(n int) error {
	for len(w.in) < n {
		if len(w.in) == 0 {
			w.in = w.kept[:0]
		}
		if cap(w.in) < n || cap(w.in) == len(w.in) {
			// To the beginning of the memory, of which there may have to be more.
			if cap(w.kept) < n {
				w.kept = make([]byte, max(n, 16<<10))
			}
			w.in = w.kept[:copy(w.kept[:cap(w.kept)], w.in)]
		}
		got, err := w.read(w.in[len(w.in):cap(w.in)])
		w.in = w.in[:len(w.in)+got]
		if err != nil {
			return err
		}
	}
	return nil
}

// longest is how long a message may be.
const longest = 64 << 20

var errWire = errors.New("db: PostgreSQL sent what its protocol does not know")

// message returns the next message, which is valid until the one after it. It is
// for a framed wire between two answers.
func (w *wire) message() (kind byte, body []byte, err error) {
	if err := w.more(header); err != nil {
		return 0, nil, err
	}
	kind = w.in[0]
	size := 1 + int(binary.BigEndian.Uint32(w.in[1:]))
	if size < header || size > longest {
		return 0, nil, w.note(errWire)
	}
	if err := w.more(size); err != nil {
		return 0, nil, err
	}
	body, w.in = w.in[header:size:size], w.in[size:]
	return kind, body, nil
}

func (w *wire) Write(b []byte) (int, error) {
	w.bound(w.Conn.SetWriteDeadline)
	n, err := w.Conn.Write(b)
	return n, w.note(err)
}

// bound gives the next read or write its time, unless it has been hurried.
func (w *wire) bound(set func(time.Time) error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hurried {
		return
	}
	t := w.until
	if w.limit > 0 {
		if next := time.Now().Add(w.limit); t.IsZero() || next.Before(t) {
			t = next
		}
	}
	// An error here is one of the connection, which the read or write reports.
	_ = set(t)
}

func (w *wire) note(err error) error {
	if err != nil {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.failed = true
	}
	return err
}

func (w *wire) hurry() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.hurried {
		w.hurried = true
		_ = w.Conn.SetDeadline(time.Now().Add(grace))
	}
}

func (w *wire) calm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hurried = false
}

// SetDeadline bounds everything from now on. lib/pq calls it around the start of
// a connection, with the end of connect_timeout and then with zero.
func (w *wire) SetDeadline(t time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.until = t
	return nil
}
