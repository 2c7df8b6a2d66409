package lab

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Receivers are all the receivers of webhooks on the internet of a test: they keep what
// they are called with, and answer 200 unless they are told otherwise. Nothing is
// listened on, so that time stands still for nobody.
type Receivers struct {
	mu    sync.Mutex
	calls map[string][]Call
	does  map[string]func(*http.Request) (*http.Response, error)
}

// Call is what a receiver was called with.
type Call struct {
	URL    string
	Header http.Header
	Body   []byte
}

// RoundTrip implements http.RoundTripper.
func (r *Receivers) RoundTrip(q *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	host := q.URL.Hostname()
	r.mu.Lock()
	if r.calls == nil {
		r.calls = map[string][]Call{}
	}
	r.calls[host] = append(r.calls[host], Call{q.URL.String(), q.Header.Clone(), body})
	do := r.does[host]
	r.mu.Unlock()
	if do == nil {
		return Answered(http.StatusOK, ""), nil
	}
	return do(q)
}

// Does says what the receiver at a host does from then on.
func (r *Receivers) Does(host string, do func(*http.Request) (*http.Response, error)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.does == nil {
		r.does = map[string]func(*http.Request) (*http.Response, error){}
	}
	r.does[host] = do
}

// Calls returns what the receiver at a host was called with, oldest first.
func (r *Receivers) Calls(host string) []Call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]Call{}, r.calls[host]...)
}

// Answered is an answer of a receiver, with headers such as "Retry-After: 60".
func Answered(status int, text string, headers ...string) *http.Response {
	out := &http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: io.NopCloser(bytes.NewBufferString(text))}
	for _, h := range headers {
		name, v, _ := strings.Cut(h, ": ")
		out.Header.Set(name, v)
	}
	return out
}
