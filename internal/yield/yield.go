// Package yield has work that can wait leave the processor to requests.
package yield

import (
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
	// patience is for how long work is put off for that.
	patience = 3 * time.Second
)

// Requests counts the requests that are being answered. The zero value is ready; nil has
// none.
type Requests struct{ under atomic.Int64 }

// Begin counts a request that is read and is now being answered.
func (r *Requests) Begin() { r.under.Add(1) }

// End takes it away.
func (r *Requests) End() { r.under.Add(-1) }

// Rest says for how long a worker rests that has worked for so long, waiting for others
// included, on what had waited for a while. While requests are being answered, workers
// take a tenth of a processor each at most; what has waited for three seconds in this
// stage is not put off for them any more.
func (r *Requests) Rest(worked, waited time.Duration) time.Duration {
	if r == nil || r.under.Load() == 0 || waited >= patience {
		return least
	}
	return min(max(least, share*worked), most)
}
