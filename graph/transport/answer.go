package transport

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/internal/fault"
)

// Codes of refusals that no rule of the domain makes, beside gqlgen's
// GRAPHQL_PARSE_FAILED and GRAPHQL_VALIDATION_FAILED.
const (
	// LimitExceeded is for requests and answers beyond a limit of this API.
	LimitExceeded fault.Code = "QUERY_LIMIT_EXCEEDED"
	// DeadlineExceeded is for operations that took too long.
	DeadlineExceeded fault.Code = "DEADLINE_EXCEEDED"
	// PersistedQueryNotFound is for ids and hashes by which no document is known. The
	// client may send the document with its hash.
	PersistedQueryNotFound fault.Code = "PERSISTED_QUERY_NOT_FOUND"
	// DocumentNotTrusted is for documents that the company has not looked at, where it
	// answers no others.
	DocumentNotTrusted fault.Code = "DOCUMENT_NOT_TRUSTED"
)

const (
	plain  = "application/json"
	strict = "application/graphql-response+json"
)

const (
	maxErrors = 10  // of one refused request
	maxText   = 500 // bytes of one error's message
)

// Refusal returns the refusal as a GraphQL error with its code, field and
// seconds to wait as extensions. Extensions of the executor return it to end a
// request.
func Refusal(f *fault.Error) *gqlerror.Error {
	ext := map[string]any{"code": string(f.Code)}
	if f.Field != "" {
		ext["field"] = f.Field
	}
	if f.RetryAfter > 0 {
		ext["retryAfter"] = seconds(f.RetryAfter)
	}
	return &gqlerror.Error{Err: f, Message: f.Message, Extensions: ext}
}

// seconds rounds up, so that nobody comes back too early.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// refusal is a request that ends without data.
type refusal struct {
	status int // 0: decided by the media type
	retry  time.Duration
	errs   gqlerror.List
}

func refuse(status int, code fault.Code, format string, args ...any) *refusal {
	return &refusal{status: status, errs: gqlerror.List{Refusal(fault.New(code, format, args...))}}
}

// refuseAll is the refusal for errors met while an operation was set up; shown
// are the same errors as a client may see them.
func refuseAll(met, shown gqlerror.List) *refusal {
	no := &refusal{errs: tidy(shown)}
	switch codeOf(met) {
	case string(fault.Unauthenticated):
		no.status = http.StatusUnauthorized
	case string(fault.RateLimited):
		no.status = http.StatusTooManyRequests
		no.retry = time.Second
		if f, ok := errors.AsType[*fault.Error](met[0]); ok {
			no.retry = max(no.retry, f.RetryAfter)
		}
	case string(fault.Internal):
		no.status = http.StatusServiceUnavailable
	case string(DeadlineExceeded):
		no.status = http.StatusGatewayTimeout
	}
	return no
}

func codeOf(errs gqlerror.List) string {
	if len(errs) == 0 {
		return ""
	}
	code, _ := errs[0].Extensions["code"].(string)
	return code
}

// write answers the request with the errors alone: by the specification a
// request that was not executed has no data entry.
func (no *refusal) write(w http.ResponseWriter, media string) {
	describe(w.Header(), media)
	status := no.status
	if status == 0 {
		status = http.StatusOK
		if media == strict {
			status = http.StatusBadRequest
		}
	}
	if status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	if no.retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(seconds(no.retry)))
	}
	writeBody(w, status, no.json())
}

func (no *refusal) json() []byte {
	b, err := json.Marshal(struct {
		Errors gqlerror.List `json:"errors"`
	}{no.errs})
	if err != nil {
		return []byte(`{"errors":` + unwritable + `}`)
	}
	return b
}

// Headers of every answer, under their canonical keys and with values that are
// never changed: nothing is made for a request.
var (
	contentType = map[string][]string{plain: {plain + "; charset=utf-8"}, strict: {strict + "; charset=utf-8"}}
	noStore     = []string{"no-store"}
	varyAccept  = []string{"Accept"}
)

func describe(h http.Header, media string) {
	h["Content-Type"] = contentType[media]
	h["Cache-Control"] = noStore
	if h["Vary"] == nil {
		h["Vary"] = varyAccept
	} else {
		h.Add("Vary", "Accept")
	}
}

func writeBody(w http.ResponseWriter, status int, parts ...[]byte) {
	w.Header()["Content-Length"] = []string{strconv.Itoa(length(parts))}
	w.WriteHeader(status)
	for _, p := range parts {
		if _, err := w.Write(p); err != nil {
			return // the client is gone
		}
	}
}

// negotiate picks the media type of the answer from the Accept header. Where a
// client names neither of the two it gets the older one, never a refusal.
func negotiate(accept []string) string {
	switch {
	case len(accept) == 0, len(accept) == 1 && (accept[0] == "*/*" || accept[0] == plain): // nearly all
		return plain
	}
	best, bestQ := plain, 0.0
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
		if q <= bestQ {
			continue
		}
		switch name {
		case strict:
			best, bestQ = strict, q
		case plain, "application/*", "*/*":
			best, bestQ = plain, q
		}
	}
	return best
}

// prepare parses, validates and admits an operation. The method is that of the
// HTTP request, or empty on a WebSocket.
func (x wire) prepare(ctx context.Context, exec graphql.GraphExecutor, p *graphql.RawParams, method string) (*graphql.OperationContext, *refusal) {
	op, errs := exec.CreateOperationContext(ctx, p)
	if len(errs) > 0 {
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return nil, tooLate()
		}
		shown := exec.DispatchError(graphql.WithOperationContext(ctx, op), errs)
		return nil, refuseAll(errs, shown.Errors)
	}
	if op.Operation.Operation == ast.Mutation && method != http.MethodPost {
		return nil, refuse(http.StatusMethodNotAllowed, fault.BadInput, "A mutation is sent by POST.")
	}
	x.Named(ctx, op.Operation.Name)
	return op, nil
}

// run executes a query or mutation. When time has run out a query is refused;
// a mutation tells what it has done.
func (x wire) run(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext) (*graphql.Response, *refusal) {
	if op.Operation.Operation == ast.Subscription {
		return nil, refuse(http.StatusBadRequest, fault.BadInput, "A subscription needs text/event-stream or a WebSocket.")
	}
	next, ctx := exec.DispatchOperation(ctx, op)
	resp := next(ctx)
	switch late := errors.Is(ctx.Err(), context.DeadlineExceeded); {
	case late && (resp == nil || len(resp.Errors) > 0 && op.Operation.Operation == ast.Query):
		return nil, tooLate()
	case resp == nil:
		return nil, refuse(http.StatusServiceUnavailable, fault.Internal, "The request was given up.")
	}
	return resp, nil
}

// recovered turns a panic of an extension into what the server's presenter
// shows of it. Panics of resolvers have become errors of their fields before.
func recovered(ctx context.Context, exec graphql.GraphExecutor, r any) *refusal {
	if r == http.ErrAbortHandler {
		panic(r)
	}
	no := refuse(http.StatusInternalServerError, fault.Internal, "Something went wrong.")
	if p, ok := exec.(interface {
		PresentRecoveredError(context.Context, any) error
	}); ok {
		if e, ok := errors.AsType[*gqlerror.Error](p.PresentRecoveredError(ctx, r)); ok {
			no.errs = gqlerror.List{e}
		}
	}
	return no
}

func tooLate() *refusal {
	return refuse(http.StatusGatewayTimeout, DeadlineExceeded, "The operation took too long.")
}

// encode returns the response as JSON in pieces, or an error in its place if it
// is too long.
func (x wire) encode(resp *graphql.Response) [3][]byte {
	parts := pieces(resp)
	if length(parts[:]) > x.MaxAnswer {
		return pieces(&graphql.Response{Errors: refuse(0, LimitExceeded, "The answer is longer than %d bytes: ask for less.", x.MaxAnswer).errs})
	}
	return parts
}

// What nearly all answers begin and end with, and is only read.
var (
	opening = []byte(`{"data":`)
	null    = []byte("null")
	closing = []byte("}")
)

// pieces passes the data on as the executor wrote them: marshaling them again
// would copy and compact megabytes.
func pieces(resp *graphql.Response) [3][]byte {
	head, data, tail := opening, []byte(resp.Data), closing
	if len(resp.Errors) > 0 {
		errs, err := json.Marshal(resp.Errors)
		if err != nil {
			errs = []byte(unwritable)
		}
		head = slices.Concat([]byte(`{"errors":`), errs, []byte(`,"data":`))
	}
	if len(data) == 0 {
		data = null
	}
	if len(resp.Extensions) > 0 {
		if ext, err := json.Marshal(resp.Extensions); err == nil {
			tail = slices.Concat([]byte(`,"extensions":`), ext, closing)
		}
	}
	return [3][]byte{head, data, tail}
}

// unwritable stands for errors whose extensions are no JSON.
const unwritable = `[{"message":"The errors could not be written.","extensions":{"code":"INTERNAL"}}]`

func length(parts [][]byte) (n int) {
	for _, p := range parts {
		n += len(p)
	}
	return n
}

// literals are the places where errors of syntax and validation repeat what the
// client wrote, which may be a password in the wrong place.
var literals = []struct {
	at *regexp.Regexp
	to string
}{
	{regexp.MustCompile(`(?s)\b(\w*String|Int|Float) ".*`), "$1"}, // a token
	{regexp.MustCompile(`(?s)(, found ["{\[0-9a-z-]| value: ).*`), "."},
}

// tidy shortens request errors, takes values out of them, and tells bad
// variables (BAD_INPUT, with the field) from bad documents.
func tidy(errs gqlerror.List) gqlerror.List {
	out := make(gqlerror.List, 0, min(len(errs), maxErrors))
	for _, e := range errs[:cap(out)] {
		e := *e
		code, _ := e.Extensions["code"].(string)
		if code == errcode.ParseFailed || code == errcode.ValidationFailed {
			if i := strings.LastIndex(e.Message, " is not a valid "); i >= 0 {
				e.Message = "This" + e.Message[i:] // it began with the value
			}
			e.Message = shorten(e.Message) // before the search, for its time
			for _, l := range literals {
				e.Message = l.at.ReplaceAllString(e.Message, l.to)
			}
		}
		e.Message = shorten(e.Message)
		if code == errcode.ValidationFailed && len(e.Path) > 1 && e.Path[0] == ast.PathName("variable") {
			e.Extensions = map[string]any{"code": string(fault.BadInput), "field": strings.TrimPrefix(dotted(e.Path[1:]), "input.")}
			e.Path = nil
		}
		out = append(out, &e)
	}
	return out
}

func shorten(message string) string {
	if len(message) <= maxText {
		return message
	}
	const dots = "…"
	return strings.ToValidUTF8(message[:maxText-len(dots)], "") + dots
}

func dotted(p ast.Path) string {
	parts := make([]string, len(p))
	for i, el := range p {
		switch el := el.(type) {
		case ast.PathName:
			parts[i] = string(el)
		case ast.PathIndex:
			parts[i] = strconv.Itoa(int(el))
		}
	}
	return strings.Join(parts, ".")
}
