package transport

import (
	"context"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/internal/fault"
)

// events answers with server-sent events, one connection for each operation:
// the "distinct connections" mode of the GraphQL over SSE protocol.
type events struct{ wire }

func (events) Supports(r *http.Request) bool {
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		return false
	}
	accept := r.Header["Accept"]
	if len(accept) == 0 || accept[0] == "*/*" || accept[0] == plain {
		return false
	}
	return streams(accept)
}

// streams reports whether a stream is what the client wants most. Some list it behind JSON
// for whatever they ask, and would be answered a query by a stream that they break off.
func streams(accept []string) bool {
	best, found := 0.0, false
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if text, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		switch name {
		case "text/event-stream":
			if q > best {
				best, found = q, true
			}
		case plain, strict:
			if q > best {
				best, found = q, false
			}
		}
	}
	return found
}

func (t events) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	op, first, no := t.start(w, r, exec)
	switch {
	case no != nil && no.status != 0:
		no.write(w, strict)
		return
	case no != nil: // the document is at fault: said in the stream, as clients expect
		first = no.json()
	}
	ctx := r.Context()
	if first == nil {
		var err error
		if ctx, err = t.Open(ctx, nil); err != nil {
			unopened(err).write(w, strict)
			return
		}
	}

	s := stream{w: w, rc: http.NewResponseController(w)}
	// What the server grants a request is too short for a stream. A writer
	// without deadlines has none to lift.
	_ = s.rc.SetReadDeadline(time.Time{})
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	if first != nil {
		if s.send("event: next\ndata: %s\n\n", first) == nil {
			_ = s.send("event: complete\ndata:\n\n")
		}
		return
	}
	t.subscribe(ctx, exec, op, s)
}

// unopened is the answer to a stream that Options.Open does not let in.
func unopened(err error) *refusal {
	if cl, ok := errors.AsType[*Closure](err); ok {
		no := refuse(http.StatusTooManyRequests, fault.RateLimited, "%s.", cl.Reason)
		no.retry = time.Second
		return no
	}
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return refuseAll(gqlerror.List{Refusal(f)}, gqlerror.List{Refusal(f)})
	}
	return refuse(http.StatusServiceUnavailable, fault.Internal, "The stream could not be opened.")
}

// start prepares the operation and, unless it is a subscription, executes it:
// as long as no header is gone it may still set a cookie.
func (t events) start(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) (_ *graphql.OperationContext, first []byte, no *refusal) {
	defer func() {
		if p := recover(); p != nil {
			no = recovered(r.Context(), exec, p)
		}
	}()
	params, no := t.read(w, r)
	if no != nil {
		return nil, nil, no
	}
	ctx, cancel := context.WithTimeout(r.Context(), t.Deadline)
	defer cancel()
	op, no := t.prepare(ctx, exec, params, r.Method)
	if no != nil || op.Operation.Operation == ast.Subscription {
		return op, nil, no
	}
	resp, no := t.run(ctx, exec, op)
	if no != nil {
		return nil, nil, no
	}
	return op, t.line(resp), nil
}

// subscribe sends events until the operation ends, the client leaves, the server
// stops or somebody hangs up. A stream cut short ends without "complete", so that the client
// comes back and learns why.
func (t events) subscribe(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext, s stream) {
	ctx, cancel := ending(ctx)
	defer cancel(nil)
	if s.send(":\n\n") != nil {
		return
	}
	next := make(chan *graphql.Response)
	go func() {
		defer close(next)
		yield := func(resp *graphql.Response) bool {
			select {
			case next <- resp:
				return true
			case <-ctx.Done():
				return false
			}
		}
		defer func() { // nobody stands behind this goroutine
			if r := recover(); r != nil {
				yield(&graphql.Response{Errors: recovered(ctx, exec, r).errs})
			}
		}()
		each(ctx, exec, op, yield)
	}()
	defer func() {
		cancel(nil)
		for range next { // until the goroutine has ended
		}
	}()
	ping := time.NewTicker(pingInterval)
	defer ping.Stop()
	for {
		var err error
		select {
		case resp, more := <-next:
			if !more {
				if ctx.Err() == nil {
					_ = s.send("event: complete\ndata:\n\n")
				}
				return
			}
			if ctx.Err() != nil { // nothing follows once somebody has hung up
				return
			}
			err = s.send("event: next\ndata: %s\n\n", t.line(resp))
		case <-ping.C:
			err = s.send(":\n\n")
		case <-ctx.Done():
			return
		case <-t.Stop:
			return
		}
		if err != nil {
			return
		}
	}
}

// stream writes events; a client that does not take one in time is cut off.
type stream struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

func (s stream) send(format string, args ...any) error {
	_ = s.rc.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := fmt.Fprintf(s.w, format, args...); err != nil {
		return err
	}
	return s.rc.Flush()
}

// each runs the operation and yields every response until there are no more or
// yield returns false.
func each(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext, yield func(*graphql.Response) bool) {
	next, ctx := exec.DispatchOperation(ctx, op)
	for resp := next(ctx); resp != nil; resp = next(ctx) {
		if !yield(resp) {
			return
		}
	}
}

// line encodes a response without line breaks, which would end the event. In
// JSON they are white space: those in texts are escaped.
func (t events) line(resp *graphql.Response) []byte {
	parts := t.encode(resp)
	text := slices.Concat(parts[:]...)
	for i, c := range text {
		if c == '\n' || c == '\r' {
			text[i] = ' '
		}
	}
	return text
}
