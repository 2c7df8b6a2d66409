// Package instant says what time it is, as precisely as both databases keep it.
package instant

import "time"

// Now returns the present in UTC and whole microseconds, so that a value reads
// back from either database exactly as it was written.
func Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Second rounds down to whole seconds, the precision of expiries that travel
// inside links.
func Second(t time.Time) time.Time { return t.UTC().Truncate(time.Second) }
