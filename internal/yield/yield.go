// Package yield has work that can wait leave the processor to requests.
package yield

import (
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

const (
	// least is how long a worker rests after a piece of work, whatever else there is to do.
	least = 50 * time.Millisecond
	// share is how many times as long as it has worked it rests while requests are being
	// answered, and most is the longest such rest.
	share = 9
	most  = 500 * time.Millisecond
	// patience is how late what follows an answer may come for that.
	patience = 3 * time.Second
)

// Requests counts the requests that are being answered. The zero value is ready; nil has
// none.
type Requests struct{ under atomic.Int64 }

// Through counts what goes through to h. Streams do not count.
func (r *Requests) Through(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Header.Get("Upgrade") == "" && !strings.Contains(req.Header.Get("Accept"), "text/event-stream") {
			r.under.Add(1)
			defer r.under.Add(-1)
		}
		h.ServeHTTP(w, req)
	})
}

// Rest says for how long a worker rests that has worked for so long, on what had waited
// for a while. While requests are being answered, workers take a tenth of a processor
// each; what has waited for three seconds is not put off for them any more.
func (r *Requests) Rest(worked, waited time.Duration) time.Duration {
	if r == nil || r.under.Load() == 0 || waited >= patience {
		return least
	}
	return min(max(least, share*worked), most)
}
