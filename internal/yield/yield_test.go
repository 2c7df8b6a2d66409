package yield_test

import (
	"testing"
	"time"

	"tenantry/internal/yield"
)

// Workers rest longer, the longer they have worked, while requests are being answered;
// what has waited for three seconds is not put off any more.
func TestRest(t *testing.T) {
	const ms = time.Millisecond
	var requests yield.Requests
	for _, c := range []struct {
		under                int
		worked, waited, rest time.Duration
	}{
		{0, time.Minute, 0, 50 * ms},
		{1, 1 * ms, 0, 50 * ms},
		{1, 20 * ms, 0, 180 * ms},
		{1, time.Minute, 2999 * ms, 500 * ms},
		{1, time.Minute, 3000 * ms, 50 * ms},
		{64, 20 * ms, 0, 180 * ms},
	} {
		for range c.under {
			requests.Begin()
		}
		if got := requests.Rest(c.worked, c.waited); got != c.rest {
			t.Errorf("%d requests, after %v on what waited for %v: it rests %v, not %v", c.under, c.worked, c.waited, got, c.rest)
		}
		for range c.under {
			requests.End()
		}
	}
	if got := (*yield.Requests)(nil).Rest(time.Minute, 0); got != 50*ms {
		t.Errorf("without requests: %v", got)
	}
}
