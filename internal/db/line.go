package db

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"io"
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
	l := &line{limit: limit, framed: cfg.SSLMode == pq.SSLModeDisable}
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
	// framed says that what passes is not encrypted.
	framed bool

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

// cancelAtEnd asks the server to cancel what is under way when the context ends, and
// hurries the line, until the returned function is called. A line on which that has
// happened is of no further use, since the request may meet another statement.
func (l *line) cancelAtEnd(ctx context.Context) (stop func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	done := make(chan struct{})
	still := context.AfterFunc(ctx, func() {
		defer close(done)
		l.hurry()
		l.cancel()
	})
	return func() {
		if !still() {
			<-done
			l.fail()
		}
	}
}

// cancel asks the server, on a wire of its own, to give up the statement.
func (l *line) cancel() {
	l.mu.Lock()
	address, key := l.wire.RemoteAddr(), l.wire.key
	l.mu.Unlock()
	if key == nil {
		return
	}
	c, err := l.DialContext(context.Background(), address.Network(), address.String())
	if err != nil {
		return
	}
	defer c.Close()
	request := binary.BigEndian.AppendUint32(nil, uint32(8+len(key)))
	request = binary.BigEndian.AppendUint32(request, 1234<<16|5678)
	if _, err := c.Write(append(request, key...)); err == nil {
		_, _ = io.Copy(io.Discard, c) // the server hangs up once it has understood
	}
}

// fail says that the wire is of no more use.
func (l *line) fail() { _ = l.wire.note(errWire) }

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
	w := &wire{Conn: c, limit: l.limit, framed: l.framed && !cancelling}
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
