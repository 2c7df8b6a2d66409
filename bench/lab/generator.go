package lab

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"tenantry/bench/load"
)

// Generator is the process that asks.
type Generator struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// GeneratorCores is how much of the machine the generator may use at once.
const GeneratorCores = 1

// StartGenerator starts one for the lab's data.
func (l *Lab) StartGenerator(ctx context.Context) (*Generator, error) {
	g := &Generator{cmd: exec.Command(l.Load, "-scale", fmt.Sprint(l.Set.Scale))}
	g.cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(GeneratorCores), "GOGC=400")
	g.cmd.Stderr = os.Stderr
	var err error
	if g.in, err = g.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := g.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	g.out = bufio.NewReader(out)
	return g, g.cmd.Start()
}

// Run does a job; ready is called when the warm-up is over and nothing is asked.
func (g *Generator) Run(j load.Job, ready func() error) (load.Result, error) {
	b, err := json.Marshal(j)
	if err != nil {
		return load.Result{}, err
	}
	if _, err := g.in.Write(append(b, '\n')); err != nil {
		return load.Result{}, err
	}
	var said struct {
		Ready bool
		load.Result
	}
	hear := func() error {
		line, err := g.out.ReadBytes('\n')
		if err != nil {
			return fmt.Errorf("the generator says nothing: %w", err)
		}
		return json.Unmarshal(line, &said)
	}
	if err := hear(); err != nil {
		return load.Result{}, err
	}
	if said.Ready {
		if err := ready(); err != nil {
			return load.Result{}, err
		}
		if _, err := io.WriteString(g.in, "\n"); err != nil {
			return load.Result{}, err
		}
		if err := hear(); err != nil {
			return load.Result{}, err
		}
	}
	if said.Error != "" {
		return load.Result{}, errors.New(said.Error)
	}
	return said.Result, nil
}

// Stop ends it.
func (g *Generator) Stop() error { return errors.Join(g.in.Close(), g.cmd.Wait()) }

// Busy is the processor time that everything on the machine has used.
func Busy() (time.Duration, error) {
	b, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, err
	}
	line, _, _ := strings.Cut(string(b), "\n")
	var sum time.Duration
	for i, f := range strings.Fields(line)[1:] {
		n, err := strconv.Atoi(f)
		if err != nil {
			return 0, err
		}
		if i != 3 && i != 4 && i < 8 { // idle, waiting for a disk; guests are counted elsewhere
			sum += time.Duration(n) * tick
		}
	}
	return sum, nil
}

// Machine says what it is measured on.
func Machine() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "an unknown machine"
	}
	model, cores := "", 0
	for line := range strings.Lines(string(b)) {
		name, value, _ := strings.Cut(line, ":")
		switch strings.TrimSpace(name) {
		case "model name":
			model = strings.TrimSpace(value)
		case "processor":
			cores++
		}
	}
	return fmt.Sprintf("%d cores of %s", cores, model)
}
