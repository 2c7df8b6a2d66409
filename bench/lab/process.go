package lab

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Process is a program that was started.
type Process struct {
	// URL is where it listens.
	URL string
	// Ready is how long it took from its start to the first good answer.
	Ready time.Duration

	cmd   *exec.Cmd
	ended chan error
}

// Start starts a program and waits until the request that first makes is
// answered with status 200. What it says on its standard error goes to the file,
// or nowhere.
func Start(ctx context.Context, url string, first func() (*http.Request, error), log io.Writer, env []string, name string, args ...string) (*Process, error) {
	p := &Process{URL: url, cmd: exec.Command(name, args...), ended: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if log != nil {
		p.cmd.Stdout, p.cmd.Stderr = log, log
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	begin := time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { p.ended <- p.cmd.Wait() }()
	for {
		r, err := first()
		if err != nil {
			return nil, errors.Join(err, p.Stop())
		}
		if a, err := client.Do(r.WithContext(ctx)); err == nil {
			_, err := io.Copy(io.Discard, a.Body)
			a.Body.Close()
			if err == nil && a.StatusCode == http.StatusOK {
				p.Ready = time.Since(begin)
				return p, nil
			}
		}
		select {
		case err := <-p.ended:
			p.ended <- err
			return nil, fmt.Errorf("%s ended before it answered: %v", name, err)
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), p.Stop())
		case <-time.After(time.Millisecond):
		}
		if time.Since(begin) > 30*time.Second {
			return nil, errors.Join(fmt.Errorf("%s does not answer at %s", name, url), p.Stop())
		}
	}
}

// PID is the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Stop asks the program to end, and ends it if it does not.
func (p *Process) Stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return nil // it has ended
	}
	select {
	case err := <-p.ended:
		p.ended <- err
		return nil
	case <-time.After(30 * time.Second):
		return errors.Join(errors.New("a process did not stop in 30 seconds and was killed"), p.cmd.Process.Kill())
	}
}

// FreeAddress returns an address on loopback that nobody listens on.
func FreeAddress() (string, error) {
	port, err := freePort()
	return "127.0.0.1:" + strconv.Itoa(port), err
}

// tick is the unit of time in /proc, the same on every Linux that Go knows.
const tick = 10 * time.Millisecond

// CPU is the time, in user and system mode, that a process has used.
func CPU(pid int) (time.Duration, error) {
	own, _, _, err := stat(pid)
	return own, err
}

// TreeCPU is the time that a process and its children have used, those that have
// ended included.
func TreeCPU(root int) (time.Duration, error) {
	own, gone, _, err := stat(root)
	if err != nil {
		return 0, err
	}
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	sum := own + gone
	for _, dir := range all {
		pid, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			return 0, err
		}
		if used, _, parent, err := stat(pid); err == nil && parent == root {
			sum += used
		}
	}
	return sum, nil
}

// stat reads what a process used, what its children did that have ended, and
// whose child it is.
func stat(pid int) (own, children time.Duration, parent int, err error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, 0, 0, err
	}
	// The name stands in parentheses and may hold anything.
	f := strings.Fields(string(b[strings.LastIndexByte(string(b), ')')+1:]))
	if len(f) < 15 {
		return 0, 0, 0, fmt.Errorf("/proc/%d/stat is not understood", pid)
	}
	var n [5]int
	for i, at := range []int{1, 11, 12, 13, 14} {
		if n[i], err = strconv.Atoi(f[at]); err != nil {
			return 0, 0, 0, err
		}
	}
	return time.Duration(n[1]+n[2]) * tick, time.Duration(n[3]+n[4]) * tick, n[0], nil
}

// Resident is how much memory of a process is in use, in bytes.
func Resident(pid int) (int64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(rest, "kB")), 10, 64)
			return kb << 10, err
		}
	}
	return 0, fmt.Errorf("process %d says nothing of its memory", pid)
}

// Mail is a mail server that takes everything and keeps nothing.
type Mail struct{ l net.Listener }

// StartMail starts one.
func StartMail() (*Mail, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go take(c)
		}
	}()
	return &Mail{l}, nil
}

// URL is what the server is told.
func (m *Mail) URL() string { return "smtp://" + m.l.Addr().String() }

// Stop stops it.
func (m *Mail) Stop() error { return m.l.Close() }

// take speaks as much SMTP as a client needs to be rid of its mail.
func take(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(s string) bool { _, err := io.WriteString(c, s+"\r\n"); return err == nil }
	for ok := say("220 bench"); ok; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		switch verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " "); verb {
		case "EHLO":
			ok = say("250-bench\r\n250 8BITMIME")
		case "DATA":
			if ok = say("354 go on"); !ok {
				return
			}
			for line != ".\r\n" {
				if line, err = in.ReadString('\n'); err != nil {
					return
				}
			}
			ok = say("250 taken")
		case "QUIT":
			say("221 bye")
			return
		default:
			ok = say("250 fine")
		}
	}
}
