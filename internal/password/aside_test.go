//go:build linux

package password

import (
	"runtime"
	"syscall"
	"testing"
)

// What is done aside has the lowest priority, and nothing else has it after that.
func TestAside(t *testing.T) {
	nice := func() int {
		raw, err := syscall.Getpriority(syscall.PRIO_PROCESS, syscall.Gettid())
		if err != nil {
			t.Fatal(err)
		}
		return 20 - raw // as the system call has it
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before, thread, inside, other := nice(), syscall.Gettid(), 0, 0
	aside(func() { inside, other = nice(), syscall.Gettid() })
	if inside != lowest || other == thread || nice() != before {
		t.Errorf("priority %d outside, %d inside, on threads %d and %d", nice(), inside, thread, other)
	}
	found := make(chan int)
	for range 64 {
		go func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			found <- nice()
		}()
	}
	for range 64 {
		if got := <-found; got != before {
			t.Errorf("a thread is left with priority %d", got)
		}
	}
}
