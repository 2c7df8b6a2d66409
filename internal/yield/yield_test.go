package yield_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"tenantry/internal/yield"
)

// Workers rest longer, the longer they have worked, while requests are being answered.
// Streams and what has been answered do not count.
func TestRest(t *testing.T) {
	var requests yield.Requests
	hold := make(chan struct{})
	began, ended := make(chan struct{}), make(chan struct{})
	h := requests.Through(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		began <- struct{}{}
		<-hold
	}))
	open := func(header, value string) {
		r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
		r.Header.Set(header, value)
		go func() {
			h.ServeHTTP(httptest.NewRecorder(), r)
			ended <- struct{}{}
		}()
		<-began
	}
	rests := func(when string, want ...time.Duration) {
		t.Helper()
		for i, worked := range []time.Duration{time.Millisecond, 20 * time.Millisecond, time.Minute} {
			if got := requests.Rest(worked, 2999*time.Millisecond); got != want[i] {
				t.Errorf("%s: after %v it rests %v, not %v", when, worked, got, want[i])
			}
		}
	}
	const least = 50 * time.Millisecond
	open("Accept", "text/event-stream")
	open("Upgrade", "websocket")
	rests("streams", least, least, least)
	open("Accept", "application/json")
	rests("a request", least, 180*time.Millisecond, 500*time.Millisecond)
	if got := requests.Rest(time.Minute, 3*time.Second); got != least {
		t.Errorf("after what has waited for too long: %v", got)
	}
	close(hold)
	for range 3 {
		<-ended
	}
	rests("all have been answered", least, least, least)
	if got := (*yield.Requests)(nil).Rest(time.Minute, 0); got != least {
		t.Errorf("without requests: %v", got)
	}
}
