package db

import (
	"context"
	"database/sql/driver"
	"net"
	"sync"
	"time"

	"github.com/lib/pq"
)

// grace is how long PostgreSQL has to answer once the context of a statement has
// ended: long enough for a cancelled statement to say so, across an ocean and
// TLS, and short enough that nobody waits a second longer than allowed.
const grace = 750 * time.Millisecond

// dialPostgres opens a connection that notices a silent network. By itself lib/pq
// waits for ever: a context that ends makes it ask the server to cancel, and then
// it waits for the server. No read or write takes longer than the limit, if it is
// not zero.
func dialPostgres(ctx context.Context, cfg pq.Config, limit time.Duration) (driver.Conn, *line, error) {
	// A connector for each connection, since lib/pq leaves its dialer with the
	// connection, and a line has to know which connection it carries.
	c, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, nil, err
	}
	l := &line{limit: limit}
	c.Dialer(l)
	defer l.watch(ctx)()
	inner, err := c.Connect(ctx)
	if err != nil {
		return nil, nil, late(ctx, err)
	}
	l.up()
	return inner, l, nil
}

// line is the network side of one connection: the wire that carries it and,
// while a statement is being cancelled, a second one.
type line struct {
	limit time.Duration

	mu      sync.Mutex
	wire    *wire
	isUp    bool
	hurried bool
}

// up says that the connection stands.
func (l *line) up() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.isUp = true
}

// watch hurries the line when the context ends, until the returned function is
// called; after that it does not.
func (l *line) watch(ctx context.Context) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	hurried := make(chan struct{})
	cancel := context.AfterFunc(ctx, func() {
		defer close(hurried)
		l.hurry()
	})
	return func() {
		if !cancel() {
			<-hurried // lest it meet the next statement
		}
	}
}

// hurry leaves whatever is under way the grace and no more.
func (l *line) hurry() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hurried = true
	if l.wire != nil {
		l.wire.hurry()
	}
}

// calm undoes hurry, for the next statement.
func (l *line) calm() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hurried {
		l.hurried = false
		l.wire.calm()
	}
}

// broken reports whether the wire has failed, so that the connection is of no
// use whatever lib/pq thinks of it.
func (l *line) broken() bool {
	l.mu.Lock()
	w := l.wire
	l.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

// DialContext is how lib/pq reaches the server. Once a connection stands there
// is one reason to dial again: the context of a statement has ended, and the
// server is to be asked, on a wire of its own, to cancel it.
func (l *line) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	l.mu.Lock()
	cancelling := l.isUp
	l.mu.Unlock()
	if cancelling {
		l.hurry()
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, grace)
		defer cancel()
	}
	c, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	w := &wire{Conn: c, limit: l.limit}
	if cancelling {
		w.hurry()
		return w, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wire = w
	if l.hurried {
		w.hurry()
	}
	return w, nil
}

// Dial and DialTimeout complete lib/pq's interface; it prefers DialContext.

func (l *line) Dial(network, address string) (net.Conn, error) {
	return l.DialContext(context.Background(), network, address)
}

func (l *line) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return l.DialContext(ctx, network, address)
}

// wire is a network connection on which every single read and write is bounded.
type wire struct {
	net.Conn
	limit time.Duration // of one read or write; zero for none

	mu      sync.Mutex
	until   time.Time // bound on everything, such as connect_timeout; zero for none
	hurried bool
	failed  bool
}

func (w *wire) Read(b []byte) (int, error) {
	w.bound(w.Conn.SetReadDeadline)
	n, err := w.Conn.Read(b)
	return n, w.note(err)
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
