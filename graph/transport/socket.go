package transport

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"

	"tenantry/internal/fault"
)

const subprotocol = "graphql-transport-ws"

// Closure is why a stream is ended from the server's side. As the cause of the
// context that Options.Open returned it closes the WebSocket with its code.
type Closure struct {
	// Code is from 4000 to 4999, or one of RFC 6455 after which clients come back,
	// such as 1013. A client takes 1000 for a normal end and does not.
	Code int
	// Reason is for the client's developer, at most 123 bytes.
	Reason string
}

func (c *Closure) Error() string { return c.Reason }

// Closures for whoever hangs up; see HangUp.
var (
	// Forbidden is for who may not listen any more.
	Forbidden = &Closure{4403, "Forbidden"}
	// TooSlow is for who does not take what they are sent, and is to come back.
	TooSlow = &Closure{int(websocket.StatusTryAgainLater), "Too slow: read the state again, and listen anew"}
)

// The protocol's own closures.
var (
	badMessage   = &Closure{4400, "Invalid message"}
	unauthorized = &Closure{4401, "Unauthorized"}
	initTooLate  = &Closure{4408, "Connection initialisation timeout"}
	initTwice    = &Closure{4429, "Too many initialisation requests"}
	goingAway    = &Closure{int(websocket.StatusGoingAway), "Server is going away"}
	// notNow is for whom the database keeps waiting: 4500 would be the end to clients.
	notNow = &Closure{int(websocket.StatusTryAgainLater), "Not now: try again later"}
)

// socket speaks graphql-transport-ws: many operations on one connection,
// queries and subscriptions only.
type socket struct{ wire }

func (socket) Supports(r *http.Request) bool {
	up := r.Header["Upgrade"]
	return len(up) > 0 && up[0] != ""
}

func (t socket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	if !t.fromHere(r) {
		refuse(http.StatusForbidden, fault.Forbidden, "This origin may not open a WebSocket.").write(w, plain)
		return
	}
	if !slices.Contains(tokens(r.Header.Values("Sec-Websocket-Protocol")), subprotocol) {
		refuse(http.StatusBadRequest, fault.BadInput, "The WebSocket sub-protocol is "+subprotocol+".").write(w, plain)
		return
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{subprotocol},
		InsecureSkipVerify: true, // judged above, by scheme and port as well
	})
	if err != nil {
		return // Accept has answered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(maxMessage)
	ctx, cancel := ending(r.Context())
	defer cancel(nil)
	c := &connection{wire: t.wire, conn: conn, exec: exec, headers: r.Header, active: map[string]*operation{}}
	end := c.serve(ctx, cancel)
	cancel(end)
	if cl, ok := errors.AsType[*Closure](end); ok {
		conn.Close(websocket.StatusCode(cl.Code), cl.Reason)
	}
	c.running.Wait()
}

// fromHere reports whether the page that asks is of our origin or an allowed one;
// over plain http, where people use several names of one machine, whether it is of
// this host. Browsers always send an origin; others have none to steal.
func (t socket) fromHere(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" || origin == t.Own || slices.Contains(t.Origins, origin) {
		return true
	}
	if strings.HasPrefix(t.Own, "https:") {
		return false
	}
	u, err := url.Parse(origin)
	return err == nil && strings.EqualFold(u.Host, r.Host)
}

func tokens(values []string) []string {
	parts := strings.Split(strings.Join(values, ","), ",")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

type connection struct {
	wire
	conn    *websocket.Conn
	exec    graphql.GraphExecutor
	headers http.Header
	running sync.WaitGroup

	mu     sync.Mutex // guards the two below
	active map[string]*operation
	slots  int // operations still running, also those the client has given up
}

type operation struct{ stop context.CancelFunc }

// serve reads messages until the connection ends and returns why: a *Closure
// that the client is to be told, or any other error once it has gone.
func (c *connection) serve(ctx context.Context, cancel context.CancelCauseFunc) error {
	late := time.AfterFunc(initTimeout, func() { c.conn.Close(websocket.StatusCode(initTooLate.Code), initTooLate.Reason) })
	m, err := c.read(ctx)
	if err != nil || !late.Stop() {
		return errors.Join(err, ctx.Err())
	}
	if m.Type != "connection_init" {
		return unauthorized
	}
	var payload map[string]any
	if len(m.Payload) > 0 && !decode(m.Payload, &payload) {
		return badMessage
	}
	ctx, err = c.Open(ctx, payload)
	if err != nil {
		return closureFor(err)
	}
	if err := c.send(ctx, message{Type: "connection_ack"}); err != nil {
		return err
	}
	c.running.Go(func() { c.watch(ctx, cancel) })
	for {
		m, err := c.read(ctx)
		if err != nil {
			return err
		}
		switch m.Type {
		case "connection_init":
			return initTwice
		case "ping":
			err = c.send(ctx, message{Type: "pong"})
		case "pong":
		case "subscribe":
			err = c.subscribe(ctx, m)
		case "complete":
			c.complete(m.ID)
		default:
			err = badMessage
		}
		if err != nil {
			return err
		}
	}
}

func closureFor(err error) error {
	switch {
	case fault.Has(err, fault.Unauthenticated):
		return unauthorized
	case fault.Has(err, fault.Forbidden):
		return Forbidden
	}
	if cl, ok := errors.AsType[*Closure](err); ok {
		return cl
	}
	return notNow
}

// watch ends the connection when its context or the server does, and when the
// client no longer answers pings.
func (c *connection) watch(ctx context.Context, cancel context.CancelCauseFunc) {
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	for {
		select {
		case <-ctx.Done():
			cl, ok := errors.AsType[*Closure](context.Cause(ctx))
			if !ok {
				cl = Forbidden
			}
			c.conn.Close(websocket.StatusCode(cl.Code), cl.Reason)
			return
		case <-c.Stop:
			cancel(goingAway)
			c.conn.Close(websocket.StatusCode(goingAway.Code), goingAway.Reason)
			return
		case <-ping.C:
			patience, done := context.WithTimeout(ctx, writeTimeout)
			err := c.conn.Ping(patience)
			done()
			if err != nil {
				c.conn.CloseNow()
				return
			}
		}
	}
}

func (c *connection) read(ctx context.Context) (m message, err error) {
	kind, text, err := c.conn.Read(context.WithoutCancel(ctx)) // a canceled read would close without a code
	if err != nil {
		return m, err
	}
	if kind != websocket.MessageText || inspect(text) != nil || !decode(text, &m) {
		return m, badMessage
	}
	return m, nil
}

func (c *connection) send(ctx context.Context, m message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	return c.conn.Write(ctx, websocket.MessageText, text)
}

// subscribe starts an operation. Its error is a *Closure if the client has
// broken the protocol.
func (c *connection) subscribe(ctx context.Context, m message) error {
	var q *request
	if m.ID == "" || !decode(m.Payload, &q) || q == nil {
		return badMessage
	}
	p := q.params(c.headers)
	ctx, stop := context.WithCancel(graphql.StartOperationTrace(ctx))
	this := &operation{stop}
	c.mu.Lock()
	_, taken := c.active[m.ID]
	full := c.slots == maxOperations
	if !taken && !full {
		c.active[m.ID] = this
		c.slots++
	}
	c.mu.Unlock()
	switch {
	case taken:
		stop()
		return &Closure{4409, "Subscriber for this id already exists"}
	case full:
		stop()
		return c.refuse(ctx, m.ID, refuse(0, LimitExceeded, "A connection has at most %d operations at once.", maxOperations))
	}
	c.running.Go(func() {
		defer stop()
		no := c.operate(ctx, m.ID, p)
		c.mu.Lock()
		c.slots--
		given := c.active[m.ID] != this // up by the client, who may have used the id again
		if !given {
			delete(c.active, m.ID)
		}
		c.mu.Unlock()
		// A connection that can no longer be written to ends by its next read.
		switch {
		case given || ctx.Err() != nil:
		case no != nil:
			_ = c.refuse(ctx, m.ID, no)
		default:
			_ = c.send(ctx, message{ID: m.ID, Type: "complete"})
		}
	})
	return nil
}

// complete ends an operation that the client no longer wants.
func (c *connection) complete(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if op := c.active[id]; op != nil {
		op.stop()
		delete(c.active, id)
	}
}

// operate sends every response of an operation and returns what is to be sent
// instead of "complete".
func (c *connection) operate(ctx context.Context, id string, p *graphql.RawParams) (no *refusal) {
	defer func() { // nobody stands behind this goroutine
		if r := recover(); r != nil {
			no = recovered(ctx, c.exec, r)
		}
	}()
	setup, cancel := context.WithTimeout(ctx, c.Deadline)
	defer cancel()
	op, no := c.prepare(setup, c.exec, p, "")
	if no != nil {
		return no
	}
	emit := func(resp *graphql.Response) bool {
		parts := c.encode(resp)
		return ctx.Err() == nil && c.send(ctx, message{ID: id, Type: "next", Payload: slices.Concat(parts[:]...)}) == nil
	}
	if op.Operation.Operation == ast.Subscription {
		each(ctx, c.exec, op, emit)
		return nil
	}
	resp, no := c.run(setup, c.exec, op)
	if no == nil {
		emit(resp)
	}
	return no
}

func (c *connection) refuse(ctx context.Context, id string, no *refusal) error {
	text, err := json.Marshal(no.errs)
	if err != nil {
		return err
	}
	return c.send(ctx, message{ID: id, Type: "error", Payload: text})
}
