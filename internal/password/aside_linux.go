package password

import (
	"runtime"
	"syscall"
)

// lowest is the priority of a thread that runs where nothing else wants to.
const lowest = 19

// aside does work on a thread of its own that yields to all others, those of other
// processes among them: whoever hashes waits for tens of milliseconds anyhow. Raising
// the priority again takes a privilege, so the thread ends with the work.
func aside(work func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread()                                                  // and never unlocked
		_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), lowest) // else it runs as all others do
		work()
	}()
	<-done
}
