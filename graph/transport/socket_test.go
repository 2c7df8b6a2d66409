package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"tenantry/graph/transport"
	"tenantry/internal/fault"
)

const protocol = "graphql-transport-ws"

// client is a WebSocket client that says what it means, right or wrong.
type client struct {
	t    *testing.T
	conn *websocket.Conn
}

func dial(t *testing.T, toy *toy, o transport.Options) client {
	t.Helper()
	srv := httptest.NewServer(newServer(toy, o, nil))
	conn, _, err := websocket.Dial(t.Context(), srv.URL, &websocket.DialOptions{Subprotocols: []string{protocol}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	t.Cleanup(func() { conn.CloseNow() })
	return client{t, conn}
}

func (c client) send(text string) {
	c.t.Helper()
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c client) init() client {
	c.t.Helper()
	c.send(`{"type":"connection_init"}`)
	c.want(`{"type":"connection_ack"}`)
	return c
}

func (c client) want(text string) {
	c.t.Helper()
	_, got, err := c.conn.Read(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	if string(got) != text {
		c.t.Errorf("got %s, want %s", got, text)
	}
}

// closed reads until the server closes and compares the code.
func (c client) closed(code int) {
	c.t.Helper()
	for {
		_, _, err := c.conn.Read(c.t.Context())
		if err == nil {
			continue
		}
		if got := websocket.CloseStatus(err); int(got) != code {
			c.t.Errorf("closed with %d (%v), want %d", got, err, code)
		}
		return
	}
}

func subscribe(id, query string) string {
	b, _ := json.Marshal(query)
	return `{"id":"` + id + `","type":"subscribe","payload":{"query":` + string(b) + `}}`
}

// Invariant 28.
func TestUpgrade(t *testing.T) {
	srv := httptest.NewServer(newServer(newToy(), transport.Options{Origins: []string{"https://app.example"}}, nil))
	defer srv.Close()
	host := strings.TrimPrefix(srv.URL, "http://")
	for _, tc := range []struct {
		name, origin string
		protocols    []string
		status       int
	}{
		{"no browser", "", []string{protocol}, 101},
		{"our page", "http://" + host, []string{protocol}, 101},
		{"an allowed page", "https://app.example", []string{protocol}, 101},
		{"an allowed host without tls", "http://app.example", []string{protocol}, 403},
		{"a foreign page", "https://evil.example", []string{protocol}, 403},
		{"a sandboxed page", "null", []string{protocol}, 403},
		{"several protocols", "", []string{"graphql-ws", protocol}, 101},
		{"the old protocol", "", []string{"graphql-ws"}, 400},
		{"no protocol", "", nil, 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			conn, res, err := websocket.Dial(t.Context(), srv.URL, &websocket.DialOptions{Subprotocols: tc.protocols, HTTPHeader: http.Header{"Origin": {tc.origin}}})
			if err == nil {
				conn.CloseNow()
			}
			if res.StatusCode != tc.status {
				t.Errorf("status %d, want %d: %v", res.StatusCode, tc.status, err)
			}
		})
	}
}

// Invariant 28: over https, the page that somebody on the network writes under our name is none of ours.
func TestUpgradeOverHTTPS(t *testing.T) {
	h := newServer(newToy(), transport.Options{Own: "https://portal.example", Origins: []string{"https://app.example"}}, nil)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Host = "portal.example"
		h.ServeHTTP(w, r)
	}))
	defer srv.Close()
	for origin, status := range map[string]int{
		"https://portal.example": 101, "https://app.example": 101, "": 101,
		"http://portal.example": 403, "https://portal.example:8443": 403, "http://app.example": 403, "null": 403,
	} {
		conn, res, err := websocket.Dial(t.Context(), srv.URL, &websocket.DialOptions{Subprotocols: []string{protocol}, HTTPHeader: http.Header{"Origin": {origin}}})
		if err == nil {
			conn.CloseNow()
		}
		if res.StatusCode != status {
			t.Errorf("origin %q: status %d, want %d: %v", origin, res.StatusCode, status, err)
		}
	}
}

// Invariant 28.
func TestSocketClosures(t *testing.T) {
	refuse := func(err error) transport.Options {
		return transport.Options{Open: func(ctx context.Context, _ map[string]any) (context.Context, error) { return ctx, err }}
	}
	const begin = `{"type":"connection_init"}`
	for _, tc := range []struct {
		name string
		o    transport.Options
		send []string
		code int
	}{
		{"no init first", transport.Options{}, []string{subscribe("1", "{hello}")}, 4401},
		{"init twice", transport.Options{}, []string{begin, begin}, 4429},
		{"no JSON", transport.Options{}, []string{begin, "hunter2"}, 4400},
		{"an init that is no object", transport.Options{}, []string{`{"type":"connection_init","payload":7}`}, 4400},
		{"an unknown type", transport.Options{}, []string{begin, `{"type":"start","id":"1"}`}, 4400},
		{"no id", transport.Options{}, []string{begin, `{"type":"subscribe","payload":{"query":"{hello}"}}`}, 4400},
		{"no payload", transport.Options{}, []string{begin, `{"type":"subscribe","id":"1"}`}, 4400},
		{"an id in use", transport.Options{}, []string{begin, subscribe("1", "subscription{forever}"), subscribe("1", "{hello}")}, 4409},
		{"a message too large", transport.Options{}, []string{begin, subscribe("1", strings.Repeat(" ", 64<<10))}, 1009},
		{"refused as nobody", refuse(fault.SignIn()), []string{begin}, 4401},
		{"refused as somebody", refuse(fault.New(fault.Forbidden, "No.")), []string{begin}, 4403},
		{"refused with a code", refuse(&transport.Closure{Code: 4999, Reason: "So."}), []string{begin}, 4999},
		{"broken", refuse(errors.New("no database")), []string{begin}, 1013},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := dial(t, newToy(), tc.o)
			for _, text := range tc.send {
				c.send(text)
			}
			c.closed(tc.code)
		})
	}
}

// Invariant 28: who says nothing within three seconds is cut off.
func TestInitTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here, there := net.Pipe()
		ln := &oneConn{conn: make(chan net.Conn, 1), done: make(chan struct{})}
		ln.conn <- there
		srv := &http.Server{Handler: newServer(newToy(), transport.Options{}, nil)}
		go func() { _ = srv.Serve(ln) }()
		defer srv.Close()
		hc := &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return here, nil }}}
		conn, _, err := websocket.Dial(t.Context(), "http://x/", &websocket.DialOptions{Subprotocols: []string{protocol}, HTTPClient: hc})
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		client{t, conn}.closed(4408)
		if got := time.Since(start); got != 3*time.Second {
			t.Errorf("cut off after %v", got)
		}
	})
}

type oneConn struct {
	conn chan net.Conn
	done chan struct{}
}

func (l *oneConn) Accept() (net.Conn, error) {
	select {
	case c := <-l.conn:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}
func (l *oneConn) Close() error   { close(l.done); return nil }
func (l *oneConn) Addr() net.Addr { return &net.TCPAddr{} }

func TestSocketOperations(t *testing.T) {
	toy := newToy()
	c := dial(t, toy, transport.Options{}).init()
	c.send(`{"type":"ping"}`)
	c.want(`{"type":"pong"}`)
	c.send(subscribe("1", "{hello}"))
	c.want(`{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}`)
	c.want(`{"id":"1","type":"complete"}`)
	c.send(subscribe("0", "{hello}"+strings.Repeat(" ", 60<<10)))
	c.want(`{"id":"0","type":"next","payload":{"data":{"hello":"world"}}}`)
	c.want(`{"id":"0","type":"complete"}`)
	c.send(subscribe("1", "subscription{count(to:2)}")) // an id is free again
	c.want(`{"id":"1","type":"next","payload":{"data":{"count":1}}}`)
	c.want(`{"id":"1","type":"next","payload":{"data":{"count":2}}}`)
	c.want(`{"id":"1","type":"complete"}`)
	c.send(subscribe("2", "{panic}"))
	c.want(`{"id":"2","type":"error","payload":[{"message":"Something went wrong.","extensions":{"code":"INTERNAL"}}]}`)
	c.send(subscribe("3", "{"))
	c.want(`{"id":"3","type":"error","payload":[{"message":"Expected Name, found \u003cEOF\u003e","locations":[{"line":1,"column":2}],"extensions":{"code":"GRAPHQL_PARSE_FAILED"}}]}`)
	// Invariant 28: mutations are refused.
	c.send(subscribe("4", "mutation{bump}"))
	c.want(`{"id":"4","type":"error","payload":[{"message":"A mutation is sent by POST.","extensions":{"code":"BAD_INPUT"}}]}`)
	if toy.bumps.Load() != 0 {
		t.Error("a mutation has been executed")
	}
	// The client gives an operation up and uses its id again.
	c.send(subscribe("5", "subscription{forever}"))
	<-toy.waiting
	c.send(`{"type":"complete","id":"5"}`)
	c.send(subscribe("5", "{hello}"))
	c.want(`{"id":"5","type":"next","payload":{"data":{"hello":"world"}}}`)
	c.want(`{"id":"5","type":"complete"}`)
}

// An operation that was given up ends when it likes, and then frees its slot
// but not the id, which another one has by then.
func TestSocketIDUsedAgain(t *testing.T) {
	toy := newToy()
	c := dial(t, toy, transport.Options{}).init()
	for range 20 {
		c.send(subscribe("1", "subscription{stubborn}"))
		<-toy.waiting
		c.send(`{"type":"complete","id":"1"}`)
	}
	c.send(subscribe("1", "{hello}"))
	c.want(`{"id":"1","type":"error","payload":[{"message":"A connection has at most 20 operations at once.","extensions":{"code":"QUERY_LIMIT_EXCEEDED"}}]}`)
	close(toy.release)
	c.send(subscribe("2", "subscription{count(to:1)}"))
	for range 20 { // slots come free one by one
		_, got, err := c.conn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(got), `"error"`) {
			return
		}
		c.send(subscribe("2", "subscription{count(to:1)}"))
	}
	t.Error("no slot came free")
}

// Invariant 28: at most twenty operations at once.
func TestSocketIsBounded(t *testing.T) {
	toy := newToy()
	c := dial(t, toy, transport.Options{}).init()
	for i := range 20 {
		c.send(subscribe(fmt.Sprint(i), "subscription{forever}"))
		<-toy.waiting
	}
	c.send(subscribe("20", "{hello}"))
	c.want(`{"id":"20","type":"error","payload":[{"message":"A connection has at most 20 operations at once.","extensions":{"code":"QUERY_LIMIT_EXCEEDED"}}]}`)
	c.send(subscribe("7", "{hello}"))
	c.closed(4409)
}

// Invariant 27: a connection ended from here has a code of its own.
func TestSocketEnds(t *testing.T) {
	for _, tc := range []struct {
		name  string
		cause error
		code  int
	}{
		{"with a code", &transport.Closure{Code: 4401, Reason: "Signed out"}, 4401},
		{"without", nil, 4403},
	} {
		t.Run(tc.name, func(t *testing.T) {
			toy := newToy()
			var end context.CancelCauseFunc
			c := dial(t, toy, transport.Options{Open: func(ctx context.Context, payload map[string]any) (context.Context, error) {
				ctx, end = context.WithCancelCause(ctx)
				return ctx, nil
			}}).init()
			c.send(subscribe("1", "subscription{forever}"))
			<-toy.waiting
			end(tc.cause)
			c.closed(tc.code)
		})
	}
	t.Run("from beneath", func(t *testing.T) {
		c := dial(t, newToy(), transport.Options{}).init()
		c.send(subscribe("1", "subscription{hangUp}"))
		_, got, err := c.conn.Read(t.Context())
		if websocket.CloseStatus(err) != 1013 {
			t.Errorf("got %s, %v", got, err)
		}
	})
	t.Run("when the server stops", func(t *testing.T) {
		stop := make(chan struct{})
		toy := newToy()
		c := dial(t, toy, transport.Options{Stop: stop}).init()
		c.send(subscribe("1", "subscription{forever}"))
		<-toy.waiting
		close(stop)
		c.closed(1001)
	})
}

func TestSocketPayload(t *testing.T) {
	var got map[string]any
	c := dial(t, newToy(), transport.Options{Open: func(ctx context.Context, payload map[string]any) (context.Context, error) {
		got = payload
		return ctx, nil
	}})
	c.send(`{"type":"connection_init","payload":{"authorization":"Bearer t"}}`)
	c.want(`{"type":"connection_ack"}`)
	if got["authorization"] != "Bearer t" {
		t.Errorf("got %v", got)
	}
}
