package cli

import (
	"io"
	"runtime"
	"testing"
)

// What runs a server keeps nothing of the parser, which describes every flag of
// every command.
func TestParserGoes(t *testing.T) {
	alive := func() uint64 {
		runtime.GC()
		runtime.GC() // what pools keep for one more
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	parsed := func() func() error {
		run, _ := parse(t.Context(), []string{"serve", "--smtp-url", "smtp://mail.example"}, io.Discard, io.Discard)
		if run == nil {
			t.Fatal("there is nothing to run")
		}
		return run
	}
	parsed() // what the program keeps for good is made
	before := alive()
	run := parsed()
	if after := alive(); after > before+64<<10 {
		t.Errorf("it keeps %d kB", (after-before)>>10)
	}
	runtime.KeepAlive(run)
}
