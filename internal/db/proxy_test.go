package db_test

import (
	"math"
	"net"
	"net/url"
	"sync"
	"testing"

	"tenantry/internal/db"
	"tenantry/internal/dbtest"
)

// proxy stands between a test and PostgreSQL and can fall silent: it then takes
// what it is sent, new connections as well, and passes nothing on.
type proxy struct {
	listener net.Listener
	upstream string
	config   db.Config
	handlers sync.WaitGroup

	mu    sync.Mutex
	mute  int // connections with a lower number are silent
	conns []net.Conn
	sent  []byte // by the client
}

// newProxy returns a proxy to the database, and d's configuration through it.
func newProxy(t *testing.T, d *db.DB) *proxy {
	t.Helper()
	config := dbtest.ConfigOf(d)
	u, err := url.Parse(config.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{upstream: u.Host}
	if p.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	u.Host = p.listener.Addr().String()
	config.URL = u.String()
	p.config = config
	p.handlers.Go(p.accept)
	t.Cleanup(func() {
		p.listener.Close()
		p.mu.Lock()
		for _, c := range p.conns {
			c.Close()
		}
		p.mu.Unlock()
		p.handlers.Wait()
	})
	return p
}

// open opens the database through the proxy.
func (p *proxy) open(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), p.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func (p *proxy) silence() { p.muteBelow(math.MaxInt) }

// silenceOpen silences the connections that are open; new ones work.
func (p *proxy) silenceOpen() {
	p.mu.Lock()
	n := len(p.conns)
	p.mu.Unlock()
	p.muteBelow(n)
}

func (p *proxy) muteBelow(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mute = n
}

// clientSent returns what clients have sent so far, and forgets it.
func (p *proxy) clientSent() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := string(p.sent)
	p.sent = nil
	return s
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", p.upstream)
		if err != nil {
			client.Close()
			return
		}
		p.mu.Lock()
		number := len(p.conns)
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		p.handlers.Go(func() { p.forward(number, server, client, true) })
		p.handlers.Go(func() { p.forward(number, client, server, false) })
	}
}

func (p *proxy) forward(number int, to, from net.Conn, fromClient bool) {
	defer to.Close()
	b := make([]byte, 4096)
	for {
		n, err := from.Read(b)
		if err != nil {
			return
		}
		p.mu.Lock()
		silent := number < p.mute
		if fromClient {
			p.sent = append(p.sent, b[:n]...)
		}
		p.mu.Unlock()
		if silent {
			continue
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}
