package transport_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/graph/transport"
	"tenantry/internal/fault"
)

func stream(body string) *http.Request { return post(body, "text/event-stream") }

func TestEvents(t *testing.T) {
	for _, tc := range []struct{ name, body, want string }{
		{"a query", `{"query":"{hello}"}`, "event: next\ndata: {\"data\":{\"hello\":\"world\"}}\n\nevent: complete\ndata:\n\n"},
		{"a mutation", `{"query":"mutation{bump}"}`, "event: next\ndata: {\"data\":{\"bump\":1}}\n\nevent: complete\ndata:\n\n"},
		{"a subscription", `{"query":"subscription{count(to:2)}"}`, ":\n\nevent: next\ndata: {\"data\":{\"count\":1}}\n\nevent: next\ndata: {\"data\":{\"count\":2}}\n\nevent: complete\ndata:\n\n"},
		{"a bad document", `{"query":"{"}`, "event: next\ndata: {\"errors\":[{\"message\":\"Expected Name, found \\u003cEOF\\u003e\",\"locations\":[{\"line\":1,\"column\":2}],\"extensions\":{\"code\":\"GRAPHQL_PARSE_FAILED\"}}]}\n\nevent: complete\ndata:\n\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			newServer(newToy(), transport.Options{}, nil).ServeHTTP(w, stream(tc.body))
			if got := w.Body.String(); w.Code != 200 || got != tc.want {
				t.Errorf("status %d, got %q, want %q", w.Code, got, tc.want)
			}
			if got := w.Header().Get("Content-Type"); got != "text/event-stream; charset=utf-8" {
				t.Errorf("content type %s", got)
			}
		})
	}
}

// What has nothing to do with the document has the status of HTTP.
func TestEventRefusals(t *testing.T) {
	dead := func(context.Context, *graphql.OperationContext) *gqlerror.Error {
		return transport.Refusal(fault.SignIn())
	}
	form := stream("query={hello}")
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	mutation := get(url.Values{"query": {"mutation{bump}"}})
	mutation.Header.Set("Accept", "text/event-stream")
	for _, tc := range []struct {
		name   string
		r      *http.Request
		gate   gate
		status int
	}{
		{"a dead token", stream(`{"query":"{hello}"}`), dead, 401},
		{"no JSON", stream("hunter2"), nil, 400},
		{"a form", form, nil, 415},
		{"a mutation by GET", mutation, nil, 405},
	} {
		t.Run(tc.name, func(t *testing.T) {
			toy := newToy()
			a := serve(t, newServer(toy, transport.Options{}, tc.gate), tc.r)
			if a.status != tc.status || toy.bumps.Load() != 0 || strings.Contains(a.body, "hunter2") {
				t.Errorf("status %d, want %d: %s", a.status, tc.status, a.body)
			}
		})
	}
}

// Invariant 27: a stream cut short from here ends without "complete", or the
// client would take it for the end and stay away.
func TestEventsBrokenOff(t *testing.T) {
	for range 20 { // of two ways to notice it
		toy := newToy()
		ctx, leave := context.WithCancel(t.Context())
		w := httptest.NewRecorder()
		go func() { <-toy.waiting; leave() }()
		newServer(toy, transport.Options{}, nil).ServeHTTP(w, stream(`{"query":"subscription{forever}"}`).WithContext(ctx))
		if w.Body.String() != ":\n\n" {
			t.Errorf("got %q", w.Body)
		}
	}
}

// Invariant 27 as well, when the server stops.
func TestEventsStop(t *testing.T) {
	stop := make(chan struct{})
	toy := newToy()
	srv := httptest.NewServer(newServer(toy, transport.Options{Stop: stop}, nil))
	defer srv.Close()
	r, _ := http.NewRequest("POST", srv.URL, strings.NewReader(`{"query":"subscription{forever}"}`))
	r.Header.Set("Content-Type", plain)
	r.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body := bufio.NewReader(res.Body)
	if line, _ := body.ReadString('\n'); line != ":\n" {
		t.Errorf("first line %q", line)
	}
	<-toy.waiting
	close(stop)
	rest, err := io.ReadAll(body)
	if err != nil || strings.Contains(string(rest), "complete") {
		t.Errorf("rest %q, %v", rest, err)
	}
}

// Invariant 27: so does one that is hung up from beneath.
func TestEventsHangUp(t *testing.T) {
	for range 20 { // of two ways to notice it
		w := httptest.NewRecorder()
		newServer(newToy(), transport.Options{}, nil).ServeHTTP(w, stream(`{"query":"subscription{hangUp}"}`))
		if w.Body.String() != ":\n\n" {
			t.Errorf("got %q", w.Body)
		}
	}
}

// Streams are let in as WebSockets are, and queries are not asked.
func TestEventsOpen(t *testing.T) {
	for _, tc := range []struct {
		name, query string
		err         error
		status      int
	}{
		{"too many", "subscription{forever}", &transport.Closure{Code: 4029, Reason: "Too many connections"}, 429},
		{"nobody", "subscription{forever}", fault.SignIn(), 401},
		{"broken", "subscription{forever}", errors.New("no database"), 503},
		{"a query", "{hello}", errors.New("not asked"), 200},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o := transport.Options{Open: func(ctx context.Context, _ map[string]any) (context.Context, error) { return nil, tc.err }}
			w := httptest.NewRecorder()
			newServer(newToy(), o, nil).ServeHTTP(w, stream(`{"query":"`+tc.query+`"}`))
			if w.Code != tc.status {
				t.Errorf("status %d, want %d: %s", w.Code, tc.status, w.Body)
			}
		})
	}
}

// A stream is for those who want one: not for clients that list it behind JSON.
func TestWhoWantsAStream(t *testing.T) {
	for accept, want := range map[string]bool{
		"text/event-stream":                               true,
		"text/event-stream, multipart/mixed":              true,
		"text/event-stream, application/json":             true,
		"application/json;q=0.5, text/event-stream":       true,
		"text/event-stream;q=0.9, application/json;q=0.8": true,
		"TEXT/event-stream; charset=utf-8":                true,
		"application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed": false,
		"application/json, text/event-stream;q=0.9": false,
		"text/event-stream;q=0.5, application/json": false,
		"text/event-stream;q=0":                     false,
		"text/event-stream;q=x":                     false,
		"text/html, */*":                            false,
	} {
		toy := newToy()
		r := httptest.NewRequest("POST", "/graphql", strings.NewReader(`{"query":"{ hello }"}`))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", accept)
		w := httptest.NewRecorder()
		newServer(toy, transport.Options{}, nil).ServeHTTP(w, r)
		if got := strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream"); got != want || w.Code != 200 {
			t.Errorf("%s: %d %s", accept, w.Code, w.Header().Get("Content-Type"))
		}
	}
}
