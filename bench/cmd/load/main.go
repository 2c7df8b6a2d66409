// Command load asks for cmd/bench, in a process of its own so that what it uses
// is not counted as the server's. It reads one job in JSON from each line of its
// standard input. It writes {"Ready":true} when the warm-up is over, waits for
// an empty line, and writes the result.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"syscall"
	"time"

	"tenantry/bench/data"
	"tenantry/bench/load"
)

func main() {
	scale := flag.Float64("scale", 1, "the scale of the data set")
	flag.Parse()
	if err := run(*scale); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(scale float64) error {
	s, err := data.New(scale)
	if err != nil {
		return err
	}
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	for in.Scan() {
		var j load.Job
		if err := json.Unmarshal(in.Bytes(), &j); err != nil {
			return err
		}
		var before time.Duration
		r, err := load.Run(s, j, func() error {
			if err := out.Encode(map[string]bool{"Ready": true}); err != nil {
				return err
			}
			in.Scan()
			before = used()
			return in.Err()
		})
		r.CPU = used() - before
		if err != nil {
			r.Error = err.Error()
		}
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return in.Err()
}

// used is the processor time of this process.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
