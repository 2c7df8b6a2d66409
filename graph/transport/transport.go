// Package transport carries GraphQL operations over HTTP, server-sent events and WebSocket.
package transport

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
)

// Options are the bounds and hooks of every transport. A zero field has the
// default that its comment names.
type Options struct {
	// Deadline is how long one operation may take, subscriptions excepted; Deadline
	// by default.
	Deadline time.Duration
	// MaxBody is the longest request body in bytes; 1 MB by default.
	MaxBody int64
	// MaxAnswer is the longest answer, or event of a stream, in bytes; 5 MB by
	// default.
	MaxAnswer int
	// Origins are the origins, such as "https://app.example.com", whose pages
	// may open a WebSocket besides those of the host itself.
	Origins []string
	// Own is the origin at which this server is reached. Where that is https, no other
	// page of its host may open a WebSocket: whoever is on the network can write what
	// comes over plain http. "" is as http.
	Own string
	// Named, if set, is told the name of each operation that is about to run;
	// empty for one without a name.
	Named func(ctx context.Context, operation string)
	// Open, if set, is asked when a WebSocket sends its connection_init, and
	// without a payload when a subscription is asked for by server-sent events. It
	// returns the context of the operations on that connection, or the refusal
	// that closes it. Canceling the context with a *Closure as its cause closes
	// the connection with that code.
	Open func(ctx context.Context, payload map[string]any) (context.Context, error)
	// Lend, if set, is asked at the beginning of a request for the context of its
	// operation, in which the answer may lie in memory that is used again, and told
	// when the answer has been sent.
	Lend func(ctx context.Context) (_ context.Context, sent func())
	// Begin and End, if set, are told when a request has been read and when its answer is
	// there to be sent: streams, and slow clients, are not in between.
	Begin, End func()
	// Stop ends all streams when it is closed.
	Stop <-chan struct{}
}

// Deadline is how long one operation may take, if nothing else is said.
const Deadline = 10 * time.Second

const (
	initTimeout   = 3 * time.Second  // from upgrade to connection_init
	writeTimeout  = 10 * time.Second // for one message of a stream
	pingInterval  = 20 * time.Second
	maxMessage    = 64 << 10 // bytes, from a WebSocket client
	maxOperations = 20       // at once on one WebSocket
)

// New returns a server for the schema that speaks strict GraphQL over HTTP,
// server-sent events (distinct connections) and the graphql-transport-ws
// protocol. The caller adds extensions, an error presenter and a recover
// function; what a client may ask is bounded by package limit.
//
// An error that an extension returns while an operation is set up ends the
// request, with a status that follows its code: 401 for UNAUTHENTICATED, 429
// with Retry-After for RATE_LIMITED, 503 for INTERNAL, 504 for
// DEADLINE_EXCEEDED. Other request errors have status 400 for clients that
// accept application/graphql-response+json, else 200; errors of fields are
// always 200.
func New(es graphql.ExecutableSchema, o Options) *handler.Server {
	if o.Deadline == 0 {
		o.Deadline = Deadline
	}
	if o.MaxBody == 0 {
		o.MaxBody = 1 << 20
	}
	if o.MaxAnswer == 0 {
		o.MaxAnswer = 5 << 20
	}
	if o.Named == nil {
		o.Named = func(context.Context, string) {}
	}
	if o.Begin == nil {
		o.Begin = func() {}
	}
	if o.End == nil {
		o.End = func() {}
	}
	if o.Lend == nil {
		o.Lend = func(ctx context.Context) (context.Context, func()) { return ctx, func() {} }
	}
	if o.Open == nil {
		o.Open = func(ctx context.Context, _ map[string]any) (context.Context, error) { return ctx, nil }
	}
	srv := handler.New(es)
	w := wire{o}
	srv.AddTransport(socket{w})
	srv.AddTransport(events{w}) // before single, which would take its POSTs
	srv.AddTransport(single{w})
	return srv
}

// wire is what the transports have in common.
type wire struct{ Options }

type hangUpKey struct{}

// ending returns a context for what a stream does, by which HangUp finds the stream.
func ending(ctx context.Context) (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	return context.WithValue(ctx, hangUpKey{}, cancel), cancel
}

// HangUp ends the stream that carries the operation, with every other operation on it:
// a WebSocket is closed with the code, server-sent events stop without "complete". It
// does not wait, and does nothing to an operation that no stream carries.
func HangUp(ctx context.Context, why *Closure) {
	if cancel, ok := ctx.Value(hangUpKey{}).(context.CancelCauseFunc); ok {
		cancel(why)
	}
}

// single answers one operation with one HTTP response. It takes every request,
// so that none is left to the server's own refusal, which has no code.
type single struct{ wire }

func (single) Supports(*http.Request) bool { return true }

func (t single) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	media := negotiate(r.Header["Accept"])
	ctx, sent := t.Lend(r.Context())
	resp, no := t.do(ctx, w, r, exec)
	if no != nil {
		no.write(w, media)
		return
	}
	describe(w.Header(), media)
	parts := t.encode(resp)
	writeBody(w, http.StatusOK, parts[:]...)
	sent()
}

func (t single) do(ctx context.Context, w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) (_ *graphql.Response, no *refusal) {
	defer func() {
		if p := recover(); p != nil {
			no = recovered(ctx, exec, p)
		}
	}()
	params, no := t.read(w, r)
	if no != nil {
		return nil, no
	}
	t.Begin()
	defer t.End()
	ctx, cancel := context.WithTimeout(ctx, t.Deadline)
	defer cancel()
	op, no := t.prepare(ctx, exec, params, r.Method)
	if no != nil {
		return nil, no
	}
	return t.run(ctx, exec, op)
}
