package transport_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/graph/transport"
	"tenantry/internal/fault"
)

const (
	plain  = "application/json"
	strict = "application/graphql-response+json"
)

type answer struct {
	status int
	header http.Header
	body   string
	Data   *json.RawMessage
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
}

func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return fmt.Sprint(a.Errors[0].Extensions["code"])
}

func serve(t *testing.T, h http.Handler, r *http.Request) answer {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header(), body: w.Body.String()}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("status %d: %v: %.200s", w.Code, err, a.body)
	}
	return a
}

func post(body, accept string) *http.Request {
	r := httptest.NewRequest("POST", "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", plain)
	r.Header.Set("Accept", accept)
	return r
}

func get(values url.Values) *http.Request {
	return httptest.NewRequest("GET", "/graphql?"+values.Encode(), nil)
}

func TestRequests(t *testing.T) {
	const secret = "hunter2"
	large := `{"query":"{hello}","operationName":null,"variables":{"p":"` + strings.Repeat("x", 1<<20) + `"}}`
	for _, tc := range []struct {
		name, body, contentType string
		status                  int
		code                    string
	}{
		{"a query", `{"query":"{hello}"}`, plain, 200, ""},
		{"with charset", `{"query":"{hello}"}`, "application/json; charset=UTF-8", 200, ""},
		{"in another charset", `{"query":"{hello}"}`, "application/json; charset=utf-16", 415, "BAD_INPUT"},
		{"a form", "query={hello}", "application/x-www-form-urlencoded", 415, "BAD_INPUT"},
		{"a multipart form", "", "multipart/form-data; boundary=x", 415, "BAD_INPUT"},
		{"plain text", `{"query":"mutation{bump}"}`, "text/plain", 415, "BAD_INPUT"},
		{"GraphQL alone", "{hello}", "application/graphql", 415, "BAD_INPUT"},
		{"no content type", `{"query":"mutation{bump}"}`, "", 415, "BAD_INPUT"},
		{"a fitting body", large[:1<<20-10] + `"}}`, plain, 200, ""},
		{"a body too large", large, plain, 413, "QUERY_LIMIT_EXCEEDED"},
		{"no JSON", `{"query": ` + secret, plain, 400, "BAD_INPUT"},
		{"two values", `{"query":"{hello}"} {}`, plain, 400, "BAD_INPUT"},
		{"a batch", `[{"query":"{hello}"}]`, plain, 400, "BAD_INPUT"},
		{"a batch after a space", " \n[]", plain, 400, "BAD_INPUT"},
		{"null", "null", plain, 400, "BAD_INPUT"},
		{"no query", "{}", plain, 400, "BAD_INPUT"},
		{"a query that is no text", `{"query":7}`, plain, 400, "BAD_INPUT"},
		{"variables that are no object", `{"query":"{hello}","variables":[]}`, plain, 400, "BAD_INPUT"},
		{"extensions that are no object", `{"query":"{hello}","extensions":"x"}`, plain, 400, "BAD_INPUT"},
		{"not UTF-8", "{\"query\":\"{hello}\xff\"}", plain, 400, "BAD_INPUT"},
		{"too deep", `{"query":"{hello}","variables":{"x":` + strings.Repeat("[", 70) + strings.Repeat("]", 70) + `}}`, plain, 400, "QUERY_LIMIT_EXCEEDED"},
		{"too many values", `{"query":"{hello}","variables":{"x":[1` + strings.Repeat(",1", 20_000) + `]}}`, plain, 400, "QUERY_LIMIT_EXCEEDED"},
		{"brackets in text", `{"query":"{hello}","variables":{"x":"\"` + strings.Repeat("[,", 30_000) + `"}}`, plain, 200, ""},
		{"a key twice", `{"query":"{nothing}","query":"{hello}"}`, plain, 200, ""},
		{"a syntax error", `{"query":"{echo(text: \"` + secret + `\" \"` + secret + `\")}"}`, plain, 200, "GRAPHQL_PARSE_FAILED"},
		{"a bad literal", `{"query":"{echo(number: \"` + secret + `\")}"}`, plain, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a bad value of an enum", `{"query":"query($k:Kind){echo(kind:$k)}","variables":{"k":"` + secret + `"}}`, plain, 200, "BAD_INPUT"},
		{"a long bad value of an enum", `{"query":"query($k:Kind){echo(kind:$k)}","variables":{"k":"` + secret + strings.Repeat("x", 2000) + `"}}`, plain, 200, "BAD_INPUT"},
		{"a bad object", `{"query":"{echo(number: {p: \"` + secret + `\"})}"}`, plain, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a bad variable", `{"query":"query($n:Int){echo(number:$n)}","variables":{"n":"` + secret + `"}}`, plain, 200, "BAD_INPUT"},
		{"no such operation", `{"query":"query A{hello}","operationName":"B"}`, plain, 200, "GRAPHQL_VALIDATION_FAILED"},
		{"a subscription", `{"query":"subscription{forever}"}`, plain, 400, "BAD_INPUT"},
		{"an error of a field", `{"query":"{fail}"}`, plain, 200, "UNAUTHENTICATED"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			toy := newToy()
			r := post(tc.body, plain)
			r.Header.Set("Content-Type", tc.contentType)
			a := serve(t, newServer(toy, transport.Options{}, nil), r)
			if a.status != tc.status || a.code() != tc.code {
				t.Errorf("status %d, code %q, want %d, %q: %.300s", a.status, a.code(), tc.status, tc.code, a.body)
			}
			if toy.bumps.Load() != 0 {
				t.Error("a mutation has been executed") // Invariant 29.
			}
			if strings.Contains(a.body, secret) {
				t.Errorf("repeats what was sent: %s", a.body)
			}
			if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Content-Type") != plain+"; charset=utf-8" {
				t.Errorf("headers %v", a.header)
			}
		})
	}
}

func TestContentHeaders(t *testing.T) {
	for _, tc := range []struct{ name, header, value string }{
		{"compressed", "Content-Encoding", "gzip"},
		{"two content types", "Content-Type", "text/plain"},
	} {
		r := post(`{"query":"{hello}"}`, plain)
		r.Header.Add(tc.header, tc.value)
		if a := serve(t, newServer(newToy(), transport.Options{}, nil), r); a.status != 415 {
			t.Errorf("%s: status %d", tc.name, a.status)
		}
	}
}

func TestNumbersAreExact(t *testing.T) {
	var got any
	srv := newServer(newToy(), transport.Options{}, func(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
		got = op.Variables["n"]
		return nil
	})
	serve(t, srv, post(`{"query":"query($n:Int){echo(number:$n)}","variables":{"n":9007199254740993}}`, plain))
	if got != int64(9007199254740993) {
		t.Errorf("got %v", got)
	}
}

func TestBadVariableNamesItsField(t *testing.T) {
	a := serve(t, newServer(newToy(), transport.Options{}, nil), post(`{"query":"query($number:Int){echo(number:$number)}","variables":{"number":"x"}}`, plain))
	if len(a.Errors) != 1 || a.Errors[0].Extensions["field"] != "number" || strings.Contains(a.body, `"path"`) {
		t.Errorf("got %s", a.body)
	}
}

// Invariant 29: GET never changes anything.
func TestGET(t *testing.T) {
	for _, tc := range []struct {
		name   string
		values url.Values
		status int
		code   string
	}{
		{"a query", url.Values{"query": {"{hello}"}}, 200, ""},
		{"with variables", url.Values{"query": {"query($t:String){echo(text:$t)}"}, "variables": {`{"t":"x"}`}}, 200, ""},
		{"one of two", url.Values{"query": {"query A{hello} mutation B{bump}"}, "operationName": {"A"}}, 200, ""},
		{"a mutation", url.Values{"query": {"mutation{bump}"}}, 405, "BAD_INPUT"},
		{"the other of two", url.Values{"query": {"query A{hello} mutation B{bump}"}, "operationName": {"B"}}, 405, "BAD_INPUT"},
		{"nothing", nil, 400, "BAD_INPUT"},
		{"bad variables", url.Values{"query": {"{hello}"}, "variables": {"hunter2"}}, 400, "BAD_INPUT"},
		{"bad extensions", url.Values{"query": {"{hello}"}, "extensions": {"[]"}}, 400, "BAD_INPUT"},
		{"deep variables", url.Values{"query": {"{hello}"}, "variables": {strings.Repeat("[", 100)}}, 400, "QUERY_LIMIT_EXCEEDED"},
		{"not UTF-8", url.Values{"query": {"{hello}\xff"}}, 400, "BAD_INPUT"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			toy := newToy()
			a := serve(t, newServer(toy, transport.Options{}, nil), get(tc.values))
			if a.status != tc.status || a.code() != tc.code || toy.bumps.Load() != 0 {
				t.Errorf("status %d, code %q, %d mutations, want %d, %q: %s", a.status, a.code(), toy.bumps.Load(), tc.status, tc.code, a.body)
			}
			if strings.Contains(a.body, "hunter2") {
				t.Errorf("repeats what was sent: %s", a.body)
			}
		})
	}
	for _, method := range []string{"PUT", "DELETE", "OPTIONS"} {
		a := serve(t, newServer(newToy(), transport.Options{}, nil), httptest.NewRequest(method, "/graphql?query={hello}", nil))
		if a.status != 405 || a.header.Get("Allow") != "GET, POST" {
			t.Errorf("%s: status %d, allow %q", method, a.status, a.header.Get("Allow"))
		}
	}
}

func TestNegotiation(t *testing.T) {
	for _, tc := range []struct{ accept, want string }{
		{"", plain},
		{"*/*", plain},
		{"text/html", plain},
		{strict, strict},
		{plain + ", " + strict, plain},
		{strict + ", " + plain + ";q=0.9", strict},
		{plain + ";q=0.5, " + strict + ";q=0.9", strict},
		{strict + ";q=0, */*", plain},
		{strict + "; charset=utf-8", strict},
		{";;;, " + strict, strict},
		{strict + ";q=many, " + plain, plain},
	} {
		a := serve(t, newServer(newToy(), transport.Options{}, nil), post(`{"query":"{hello}"}`, tc.accept))
		if got := a.header.Get("Content-Type"); got != tc.want+"; charset=utf-8" {
			t.Errorf("%q: got %s, want %s", tc.accept, got, tc.want)
		}
	}
}

// A refusal while the operation is set up decides the status of the request.
func TestSetupRefusals(t *testing.T) {
	for _, tc := range []struct {
		name          string
		refusal       *fault.Error
		plain, strict int
		header, value string
	}{
		{"dead token", fault.SignIn(), 401, 401, "Www-Authenticate", `Bearer error="invalid_token"`},
		{"too often", fault.Wait(fault.RateLimited, 1500*time.Millisecond, "Later."), 429, 429, "Retry-After", "2"},
		{"too often, for how long is not known", fault.New(fault.RateLimited, "Later."), 429, 429, "Retry-After", "1"},
		{"broken", fault.New(fault.Internal, "Sorry."), 503, 503, "", ""},
		{"too late", fault.New(transport.DeadlineExceeded, "Sorry."), 504, 504, "", ""},
		{"forbidden", fault.New(fault.Forbidden, "No."), 200, 400, "", ""},
	} {
		for media, want := range map[string]int{plain: tc.plain, strict: tc.strict} {
			t.Run(tc.name+", "+media, func(t *testing.T) {
				toy := newToy()
				srv := newServer(toy, transport.Options{}, func(context.Context, *graphql.OperationContext) *gqlerror.Error { return transport.Refusal(tc.refusal) })
				a := serve(t, srv, post(`{"query":"mutation{bump}"}`, media))
				if a.status != want || a.code() != string(tc.refusal.Code) || a.Data != nil || toy.bumps.Load() != 0 {
					t.Errorf("status %d, want %d: %s", a.status, want, a.body)
				}
				if tc.header != "" && a.header.Get(tc.header) != tc.value {
					t.Errorf("%s: got %q, want %q", tc.header, a.header.Get(tc.header), tc.value)
				}
			})
		}
	}
}

func TestRefusal(t *testing.T) {
	e := transport.Refusal(&fault.Error{Code: fault.RateLimited, Field: "email", Message: "Later.", RetryAfter: 61 * time.Second})
	if e.Message != "Later." || e.Extensions["code"] != "RATE_LIMITED" || e.Extensions["field"] != "email" || e.Extensions["retryAfter"] != 61 || !fault.Has(e, fault.RateLimited) {
		t.Errorf("got %+v", e)
	}
}

func TestDeadline(t *testing.T) {
	for _, tc := range []struct {
		name, query string
		status      int
		code, data  string
		bumps       int64
	}{
		{"a query", "{wait}", 504, "DEADLINE_EXCEEDED", "", 0},
		{"a mutation tells what it did", "mutation{bumpThenWait}", 200, "<nil>", `{"bumpThenWait":1}`, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				toy, start := newToy(), time.Now()
				a := serve(t, newServer(toy, transport.Options{}, nil), post(`{"query":"`+tc.query+`"}`, plain))
				if got := time.Since(start); got != 10*time.Second {
					t.Errorf("took %v", got)
				}
				data := ""
				if a.Data != nil {
					data = string(*a.Data)
				}
				if a.status != tc.status || a.code() != tc.code || data != tc.data || toy.bumps.Load() != tc.bumps {
					t.Errorf("status %d, code %q: %s", a.status, a.code(), a.body)
				}
			})
		})
	}
	t.Run("while setting up", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := newServer(newToy(), transport.Options{Deadline: time.Second}, func(ctx context.Context, _ *graphql.OperationContext) *gqlerror.Error {
				<-ctx.Done()
				return gqlerror.Wrap(ctx.Err())
			})
			if a := serve(t, srv, post(`{"query":"{hello}"}`, plain)); a.status != 504 {
				t.Errorf("status %d", a.status)
			}
		})
	})
}

// slow is a body whose rest does not come in time.
type slow struct{}

func (slow) Read([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

// cut is a body whose client has gone.
type cut struct{}

func (cut) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestBrokenBodies(t *testing.T) {
	for _, tc := range []struct {
		body   io.Reader
		status int
	}{{slow{}, 408}, {cut{}, 400}} {
		r := httptest.NewRequest("POST", "/graphql", tc.body)
		r.Header.Set("Content-Type", plain)
		if a := serve(t, newServer(newToy(), transport.Options{}, nil), r); a.status != tc.status {
			t.Errorf("%T: status %d, want %d", tc.body, a.status, tc.status)
		}
	}
}

func TestAnswerLimit(t *testing.T) {
	for bytes, code := range map[int]string{5<<20 - 100: "", 5 << 20: "QUERY_LIMIT_EXCEEDED"} {
		a := serve(t, newServer(newToy(), transport.Options{}, nil), post(fmt.Sprintf(`{"query":"{big(bytes:%d)}"}`, bytes), strict))
		if a.status != 200 || a.code() != code || len(a.body) > 5<<20 || a.header.Get("Content-Length") != fmt.Sprint(len(a.body)) {
			t.Errorf("%d: status %d, code %q, %d bytes", bytes, a.status, a.code(), len(a.body))
		}
	}
}

func TestManyErrorsAreCut(t *testing.T) {
	a := serve(t, newServer(newToy(), transport.Options{}, nil), post(`{"query":"{`+strings.Repeat("x", 2000)+strings.Repeat(" nothing", 100)+`}"}`, plain))
	if len(a.Errors) != 10 || len(a.body) > 2500 {
		t.Errorf("%d errors in %d bytes", len(a.Errors), len(a.body))
	}
}

// Invariant 44.
func TestPanic(t *testing.T) {
	srv := newServer(newToy(), transport.Options{}, nil)
	for _, accept := range []string{plain, strict, "text/event-stream"} {
		a := serve(t, srv, post(`{"query":"{panic}"}`, accept))
		if a.status != 500 || a.code() != "INTERNAL" || strings.Contains(a.body, "as asked") || strings.Contains(a.body, `"data"`) {
			t.Errorf("%s: status %d: %s", accept, a.status, a.body)
		}
	}
	t.Run("meant for the server", func(t *testing.T) {
		// gqlgen's server catches it at last; what counts is that no answer of
		// ours is written.
		srv := newServer(newToy(), transport.Options{}, func(context.Context, *graphql.OperationContext) *gqlerror.Error { panic(http.ErrAbortHandler) })
		w := httptest.NewRecorder()
		srv.ServeHTTP(w, post(`{"query":"{hello}"}`, plain))
		if w.Header().Get("Content-Length") != "" {
			t.Errorf("answered %s", w.Body)
		}
	})
}

func TestNamed(t *testing.T) {
	var names []string
	srv := newServer(newToy(), transport.Options{Named: func(_ context.Context, name string) { names = append(names, name) }}, nil)
	for _, body := range []string{`{"query":"query Hello{hello}"}`, `{"query":"{hello}"}`, `{"query":"query Bad{nothing}"}`} {
		serve(t, srv, post(body, plain))
	}
	if got := strings.Join(names, ","); got != "Hello," {
		t.Errorf("got %q", got)
	}
}

// withResponse answers every operation with resp.
func withResponse(resp *graphql.Response) http.Handler {
	srv := newServer(newToy(), transport.Options{}, nil)
	srv.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		if next(ctx) == nil {
			return nil
		}
		return resp
	})
	return srv
}

func TestEncoding(t *testing.T) {
	for _, tc := range []struct {
		name string
		resp graphql.Response
		want string
	}{
		{"data as they are", graphql.Response{Data: json.RawMessage(`{ "a" : 1.0 }`)}, `{"data":{ "a" : 1.0 }}`},
		{"no data", graphql.Response{}, `{"data":null}`},
		{"extensions", graphql.Response{Data: json.RawMessage(`{}`), Extensions: map[string]any{"cost": 1}}, `{"data":{},"extensions":{"cost":1}}`},
		{"an error", graphql.Response{Data: json.RawMessage(`{}`), Errors: gqlerror.List{{Message: "No."}}}, `{"errors":[{"message":"No."}],"data":{}}`},
		{"an error that is no JSON", graphql.Response{Data: json.RawMessage(`{}`), Errors: gqlerror.List{{Extensions: map[string]any{"f": func() {}}}}},
			`{"errors":[{"message":"The errors could not be written.","extensions":{"code":"INTERNAL"}}],"data":{}}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if a := serve(t, withResponse(&tc.resp), post(`{"query":"{hello}"}`, plain)); a.body != tc.want {
				t.Errorf("got %s, want %s", a.body, tc.want)
			}
		})
	}
}

func TestEventsAreLines(t *testing.T) {
	w := httptest.NewRecorder()
	withResponse(&graphql.Response{Data: json.RawMessage("{\r\n}")}).ServeHTTP(w, post(`{"query":"{hello}"}`, "text/event-stream"))
	if want := "event: next\ndata: {\"data\":{  }}\n\nevent: complete\ndata:\n\n"; w.Body.String() != want {
		t.Errorf("got %q, want %q", w.Body, want)
	}
}

// A request is being answered from when it is read until its answer is there, however it
// ends; what is refused unread, a stream, and whoever is slow to send, is not.
func TestBeginEnd(t *testing.T) {
	toy := newToy()
	var under, counted atomic.Int64
	h := newServer(toy, transport.Options{
		Begin: func() { under.Add(1); counted.Add(1) },
		End:   func() { under.Add(-1) },
	}, nil)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	streaming := func(accept string) *http.Request {
		r := post(`{"query":"subscription{forever}"}`, accept)
		return r.WithContext(ctx)
	}
	for _, c := range []struct {
		name    string
		r       *http.Request
		counted int64
		stays   bool
	}{
		{"a query", post(`{"query":"{hello}"}`, ""), 1, false},
		{"a query by GET", get(url.Values{"query": {"{hello}"}}), 1, false},
		{"an invalid query", post(`{"query":"{nothing}"}`, ""), 1, false},
		{"a query that panics", post(`{"query":"{panic}"}`, ""), 1, false},
		{"no JSON", post(`{`, ""), 0, false},
		{"a stream", streaming("text/event-stream"), 0, true},
		{"a stream, spelled otherwise", streaming("Text/Event-Stream;q=1"), 0, true},
	} {
		counted.Store(0)
		if c.stays {
			go h.ServeHTTP(httptest.NewRecorder(), c.r)
			<-toy.waiting
		} else {
			h.ServeHTTP(httptest.NewRecorder(), c.r)
		}
		if counted.Load() != c.counted || under.Load() != 0 {
			t.Errorf("%s: %d were counted, not %d, and %d are left", c.name, counted.Load(), c.counted, under.Load())
		}
	}
}
