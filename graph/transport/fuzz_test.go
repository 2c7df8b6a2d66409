package transport_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/graph/transport"
)

// brisk lets no operation run that the toy makes wait or fail on purpose.
func brisk(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	var all func(ast.SelectionSet) bool
	all = func(set ast.SelectionSet) bool {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				if slices.Contains([]string{"wait", "panic", "forever", "stubborn", "bumpThenWait", "big", "count"}, s.Name) {
					return false
				}
			case *ast.InlineFragment:
				if !all(s.SelectionSet) {
					return false
				}
			case *ast.FragmentSpread:
				if s.Definition != nil && !all(s.Definition.SelectionSet) {
					return false
				}
			}
		}
		return true
	}
	if !all(op.Operation.SelectionSet) {
		return &gqlerror.Error{Message: "No.", Extensions: map[string]any{"code": "FORBIDDEN"}}
	}
	return nil
}

// Whatever a request is, with files to upload or without, its answer is JSON with a
// status that GraphQL over HTTP knows, and nothing is changed but by POST in JSON.
//
// Invariant 29.
func FuzzRequest(f *testing.F) {
	for _, body := range []string{`{"query":"{ hello }"}`, `{"query":"mutation { bump }","variables":{"a":[1,{"b":null}]},"operationName":"A","extensions":{"persistedQuery":{"version":1,"sha256Hash":"ab"}}}`, `[{"query":"{ hello }"}]`,
		`{"query":"{ echo(text: \"\u0000\", kind: NONE) }"}`, `{"query":"query($n: Int) { echo(number: $n) }","variables":{"n":9999999999}}`, "null", "{}{}", `{"query":`, "ÿ"} {
		f.Add(true, plain, plain, body)
	}
	f.Add(true, "multipart/form-data; boundary=b", "*/*", "--b\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"mutation($f: Upload!) { bump }\",\"variables\":{\"f\":null}}\r\n"+
		"--b\r\nContent-Disposition: form-data; name=\"map\"\r\n\r\n{\"0\":[\"variables.f\"]}\r\n--b\r\nContent-Disposition: form-data; name=\"0\"; filename=\"a.txt\"\r\n\r\nhello\r\n--b--\r\n")
	f.Add(true, "application/x-www-form-urlencoded", strict, "query=mutation{bump}")
	f.Add(true, "application/graphql", "text/event-stream", "mutation { bump }")
	f.Add(true, "application/json; charset=utf-8", strict+";q=0.5, */*;q=NaN", `{"query":"mutation { bump }"}`)
	f.Add(true, "application/json; charset=latin1", "", `{"query":"mutation { bump }"}`)
	f.Add(false, "", strict, "query={hello}&operationName=%ff&variables={}&extensions={}")
	f.Add(false, "", "", "query=mutation{bump}")
	f.Add(false, "application/json", "application/graphql-response+json;q=a", "query=%zz&variables=[")
	f.Fuzz(func(t *testing.T, posted bool, contentType, accept, text string) {
		if strings.Contains(accept, "event-stream") {
			return // a stream is not JSON
		}
		toy := newToy()
		r := httptest.NewRequest("GET", "/graphql", nil)
		if posted {
			r = httptest.NewRequest("POST", "/graphql", strings.NewReader(text))
			r.Header["Content-Type"] = []string{contentType}
		} else {
			r.URL = &url.URL{Path: "/graphql", RawQuery: text}
		}
		if accept != "" {
			r.Header["Accept"] = []string{accept}
		}
		a := serve(t, newServer(toy, transport.Options{Deadline: time.Second}, brisk), r)
		if !slices.Contains([]int{200, 400, 405, 413, 415}, a.status) || a.code() == "INTERNAL" || !utf8.ValidString(a.body) || a.Data == nil && len(a.Errors) == 0 {
			t.Errorf("%q, %q, %q is answered with %d %s", contentType, accept, text, a.status, a.body)
		}
		if toy.bumps.Load() > 0 && (!posted || !strings.Contains(strings.ToLower(contentType), plain)) {
			t.Errorf("%q, %q changes something", contentType, text)
		}
	})
}

// Whatever a client says on a WebSocket, it is answered in messages of the protocol or
// cut off with a code of its own.
func FuzzSocket(f *testing.F) {
	const begin = `{"type":"connection_init"}`
	for _, s := range [][2]string{{begin, subscribe("1", "{ hello }")}, {begin, begin}, {begin, `{"type":"ping","payload":{}}`}, {begin, `{"type":"complete","id":"1"}`}, {begin, `{"id":"","type":"subscribe","payload":{"query":"{ hello }"}}`},
		{begin, `{"id":"1","type":"subscribe","payload":null}`}, {begin, `{"id":"1","type":"subscribe","payload":{"query":"mutation { bump }"}}`}, {begin, `{"id":"1","type":"subscribe","payload":{"variables":[]}}`}, {`{"type":"connection_init","payload":[]}`, ""},
		{`{"type":"ping"}`, ""}, {"{", "\xff"}, {begin, `{"type":1}`}, {begin, strings.Repeat("[", 100)}, {begin, `{"id":"1","type":"subscribe","payload":{"query":"subscription { count(to: 2) }","operationName":"\u0000"}}`}} {
		f.Add(s[0], s[1])
	}
	ln := &pipes{conns: make(chan net.Conn)}
	srv := &http.Server{Handler: newServer(newToy(), transport.Options{Deadline: time.Second}, brisk)}
	go func() { _ = srv.Serve(ln) }()
	f.Cleanup(func() { srv.Close() })
	hc := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, DialContext: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		ln.conns <- there
		return here, nil
	}}}
	f.Fuzz(func(t *testing.T, first, second string) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		conn, _, err := websocket.Dial(ctx, "http://x/", &websocket.DialOptions{Subprotocols: []string{protocol}, HTTPClient: hc})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.CloseNow()
		go func() {
			// What is said too late is not heard. An unknown message ends what still goes on.
			for _, text := range []string{first, second, `{"type":"enough"}`} {
				if conn.Write(ctx, websocket.MessageText, []byte(text)) != nil {
					return
				}
			}
		}()
		for {
			_, text, err := conn.Read(ctx)
			if err != nil {
				if code := websocket.CloseStatus(err); !slices.Contains([]websocket.StatusCode{4400, 4401, 4403, 4409, 4429, 1007, 1009}, code) {
					t.Errorf("%q and %q end the connection with %v", first, second, err)
				}
				return
			}
			var m struct{ Type, ID string }
			if json.Unmarshal(text, &m) != nil || !slices.Contains([]string{"connection_ack", "pong", "next", "error", "complete"}, m.Type) || strings.Contains(string(text), "INTERNAL") {
				t.Errorf("%q and %q are answered with %s", first, second, text)
			}
		}
	})
}

// pipes are connections that need no port.
type pipes struct{ conns chan net.Conn }

func (p *pipes) Accept() (net.Conn, error) {
	c, ok := <-p.conns
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p *pipes) Close() error   { close(p.conns); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }
