package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	// roomToWork is how large the heap may be when it is collected, while there
	// is work. What lives in it is some megabytes, and Go would otherwise collect
	// at twice that, dozens of times a second.
	roomToWork = 40 << 20
	// thrift is the percentage when what lives fills that room: two passwords that
	// are hashed at once hold 38 MB. With more than twice the room alive, time
	// counts again.
	thrift = 50
	// rest is how far apart collections are when there is no work.
	rest = time.Second
	// settled is when a start is over, and so is what asked as soon as it could.
	settled = rest / 2
)

// collector decides how much garbage may gather. While there is work, processor
// time is worth more than memory; in an idle process it is the other way round.
type collector struct {
	set     func(percent int)
	free    func()    // gives the system back what is not used
	last    time.Time // of a collection
	percent int       // as it was set
}

func newCollector(set func(percent int), free func()) *collector {
	return &collector{set: set, free: free, last: time.Now(), percent: 100}
}

// tuneCollector tunes the garbage collector from now on, and gives back what the
// start needed and nothing else, once it is over.
func tuneCollector() {
	if tunedByOperator() {
		time.AfterFunc(settled, dropPages)
		return
	}
	c := newCollector(func(percent int) { debug.SetGCPercent(percent) }, func() { go release() })
	watch(c.collected)
	time.AfterFunc(settled, release)
}

// release gives the system back what the heap does not use, and the pages of the
// program: in this order, since a collection walks through both.
func release() {
	debug.FreeOSMemory()
	dropPages()
}

// tunedByOperator reports whether whoever started the program has tuned the
// collector: GOGC and GOMEMLIMIT mean what they always do.
func tunedByOperator() bool { return os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" }

// watch calls heard after every collection that the program did not ask for, with
// what it left in the heap and what else Go counts when it applies the percentage.
func watch(heard func(at time.Time, heap, besides uint64)) {
	var forced uint64
	var next func()
	next = func() {
		// What nothing refers to is finalised after the next collection.
		type sentinel struct{ _ [16]byte }
		runtime.SetFinalizer(new(sentinel), func(*sentinel) {
			s := []metrics.Sample{{Name: "/gc/cycles/forced:gc-cycles"}, {Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}}
			metrics.Read(s)
			if now := s[0].Value.Uint64(); now != forced {
				forced = now
			} else {
				heard(time.Now(), s[1].Value.Uint64(), s[2].Value.Uint64()+s[3].Value.Uint64())
			}
			next()
		})
	}
	next()
}

// collected is called after a collection, by one goroutine.
func (c *collector) collected(at time.Time, heap, besides uint64) {
	percent := 100
	if at.Sub(c.last) < rest && heap < 2*roomToWork {
		percent = max(thrift, (roomToWork-int(heap))*100/int(heap+besides))
	}
	c.last = at
	// A new percentage stops all goroutines for a moment, so a similar one stays.
	if percent == c.percent || percent != 100 && 8*max(percent-c.percent, c.percent-percent) < c.percent {
		return
	}
	c.percent = percent
	c.set(percent)
	if percent == 100 {
		c.free()
	}
}
