package cli

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

func TestCollector(t *testing.T) {
	const mb = 1 << 20
	var set []int
	freed := 0
	c := newCollector(func(percent int) { set = append(set, percent) }, func() { freed++ })
	at := time.Now()
	c.last = at
	for _, step := range []struct {
		name  string
		after time.Duration // since the collection before
		live  uint64        // in the heap after this one
		set   int           // 0 for nothing
		freed bool
	}{
		{"nothing to do", time.Minute, 4 * mb, 0, false},
		{"work begins", 50 * time.Millisecond, 4 * mb, 720, false},
		{"work goes on", 50 * time.Millisecond, 4*mb + mb/4, 0, false},
		{"more is alive", 50 * time.Millisecond, 9 * mb, 310, false},
		{"passwords are hashed", 50 * time.Millisecond, 41 * mb, thrift, false},
		{"far more is alive than there is room", 50 * time.Millisecond, 90 * mb, 100, true},
		{"it is less again", 50 * time.Millisecond, 4 * mb, 720, false},
		{"work ends", rest, 4 * mb, 100, true},
		{"nothing to do again", 2 * time.Minute, 4 * mb, 0, false},
	} {
		set, freed = nil, 0
		at = at.Add(step.after)
		c.collected(at, step.live, mb)
		var want []int
		if step.set != 0 {
			want = []int{step.set}
		}
		if !slices.Equal(set, want) || (freed == 1) != step.freed {
			t.Errorf("%s: set %v and freed %d, want %v and %v", step.name, set, freed, want, step.freed)
		}
	}
}

var garbage []byte

// The collector hears of every collection, not of the first only.
func TestCollectorWatches(t *testing.T) {
	var heard atomic.Int64
	watch(func(_ time.Time, live, besides uint64) {
		if live == 0 || besides == 0 {
			t.Error("it is told nothing")
		}
		heard.Add(1)
	})
	for want := range int64(3) {
		made := 0
		for ; heard.Load() <= want && made < 4<<30; made += 64 << 10 {
			garbage = make([]byte, 64<<10)
		}
		if heard.Load() <= want {
			t.Fatalf("%d bytes of garbage were collected, and it heard of %d collections", made, want)
		}
	}
}

func TestOperatorTunesTheCollector(t *testing.T) {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", "")
			t.Setenv("GOMEMLIMIT", "")
			if tunedByOperator() {
				t.Error("nothing is set")
			}
			t.Setenv(name, "100")
			if !tunedByOperator() {
				t.Errorf("%s is passed over", name)
			}
		})
	}
}
