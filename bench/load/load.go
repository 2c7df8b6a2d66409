// Package load asks in a closed loop: every connection sends its next request
// when it has the answer to the last one.
package load

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tenantry/bench/data"
	"tenantry/bench/documents"
)

// Job is what is to be asked.
type Job struct {
	// Slot is a number that no other job of the run has: it draws other requests.
	Slot     uint64
	Workload string
	// URL is where the target listens. GraphQL says that it takes operations; the
	// hand-written handler takes variables at a path of the workload's name.
	URL     string
	GraphQL bool
	Conns   int
	// WarmUp and Duration are how long to ask before and while it is measured.
	WarmUp, Duration time.Duration
	// Requests is how many to ask instead, if it is not zero.
	Requests int
	// Beside is another workload that connections of its own ask for meanwhile. Empty
	// for none.
	Beside      string
	BesideConns int
	// Extra are variables that are the same for every request.
	Extra map[string]string
}

// Result is what was measured.
type Result struct {
	Requests int
	Elapsed  time.Duration
	P50, P99 time.Duration
	// Bytes is the mean length of an answer.
	Bytes int
	// Beside is what was measured of the workload beside.
	Beside *Result
	// CPU is what the generator itself has used.
	CPU time.Duration
	// Error is why the job was given up: a wrong answer, or none.
	Error string
}

// Run asks. Between the warm-up and what is measured, all connections rest while
// ready runs.
func Run(s *data.Set, j Job, ready func() error) (Result, error) {
	var clients []*client
	defer func() {
		for _, c := range clients {
			c.conn.Close()
		}
	}()
	for _, of := range []struct {
		workload string
		conns    int
	}{{j.Workload, j.Conns}, {j.Beside, j.BesideConns}} {
		if of.conns == 0 {
			continue
		}
		w, err := documents.Find(of.workload)
		if err != nil {
			return Result{}, err
		}
		for range of.conns {
			c, err := dial(s, w, j, len(clients))
			if err != nil {
				return Result{}, err
			}
			clients = append(clients, c)
		}
	}
	if j.WarmUp > 0 {
		if _, err := each(clients, j.WarmUp, 0); err != nil {
			return Result{}, err
		}
	}
	if err := ready(); err != nil {
		return Result{}, err
	}
	for _, c := range clients {
		c.took, c.bytes = c.took[:0], 0
	}
	elapsed, err := each(clients, j.Duration, j.Requests)
	if err != nil {
		return Result{}, err
	}
	r, err := sum(clients, j.Workload, elapsed)
	if err == nil && j.Beside != "" {
		var beside Result
		beside, err = sum(clients, j.Beside, elapsed)
		r.Beside = &beside
	}
	return r, err
}

// sum is what the clients of a workload have measured together.
func sum(clients []*client, workload string, elapsed time.Duration) (Result, error) {
	var all []time.Duration
	bytes := 0
	for _, c := range clients {
		if c.workload.Name == workload {
			all, bytes = append(all, c.took...), bytes+c.bytes
		}
	}
	if len(all) == 0 {
		return Result{}, fmt.Errorf("%s: nothing was answered", workload)
	}
	slices.Sort(all)
	return Result{Requests: len(all), Elapsed: elapsed, P50: Quantile(all, 0.5), P99: Quantile(all, 0.99), Bytes: bytes / len(all)}, nil
}

// Quantile returns the value of sorted times below which the part q lies.
func Quantile(sorted []time.Duration, q float64) time.Duration {
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

// each runs all clients side by side until the time is over, or each has asked
// so often, and returns how long that took.
func each(clients []*client, d time.Duration, requests int) (time.Duration, error) {
	begin := time.Now()
	errs := make([]error, len(clients))
	var all sync.WaitGroup
	for i, c := range clients {
		all.Go(func() {
			for n := 0; errs[i] == nil && (requests > 0 && n < requests || requests == 0 && time.Since(begin) < d); n++ {
				errs[i] = c.ask()
			}
		})
	}
	all.Wait()
	return time.Since(begin), errors.Join(errs...)
}

// client is one connection.
type client struct {
	set      *data.Set
	workload documents.Workload
	job      Job
	number   int
	asked    int
	random   *rand.Rand
	conn     net.Conn
	in       *bufio.Reader
	head     string // of the request, up to the token
	before   string // of the body
	after    string
	out      []byte
	body     bytes.Buffer
	took     []time.Duration
	bytes    int
}

func dial(s *data.Set, w documents.Workload, j Job, number int) (*client, error) {
	u, err := url.Parse(j.URL)
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		return nil, err
	}
	c := &client{set: s, workload: w, job: j, number: number, random: rand.New(rand.NewPCG(j.Slot, uint64(number))), conn: conn,
		in: bufio.NewReaderSize(conn, 64<<10)}
	path := "/" + strings.ToLower(w.Name)
	if j.GraphQL {
		// The variables stand in the middle of a body that is otherwise the same.
		path = "/graphql"
		const place = `{"variables":"go here"}`
		body, err := w.Body([]byte(place))
		if err != nil {
			return nil, err
		}
		c.before, c.after, _ = strings.Cut(string(body), place)
	}
	c.head = "POST " + path + " HTTP/1.1\r\nHost: " + u.Host + "\r\nUser-Agent: bench\r\nAccept: application/json\r\nContent-Type: application/json\r\nAuthorization: Bearer "
	return c, nil
}

func (c *client) ask() error {
	once := strconv.FormatUint(c.job.Slot, 36) + "." + strconv.Itoa(c.number) + "." + strconv.Itoa(c.asked)
	c.asked++
	r, err := c.workload.Draw(c.set, c.random, once, c.job.Extra)
	if err != nil {
		return err
	}
	c.out = append(append(append(c.out[:0], c.head...), r.Token...), "\r\nContent-Length: "...)
	c.out = strconv.AppendInt(c.out, int64(len(c.before)+len(r.Variables)+len(c.after)), 10)
	c.out = append(append(append(append(c.out, "\r\n\r\n"...), c.before...), r.Variables...), c.after...)
	begin := time.Now()
	if _, err := c.conn.Write(c.out); err != nil {
		return err
	}
	a, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return fmt.Errorf("%s: read the answer: %w", c.workload.Name, err)
	}
	c.body.Reset()
	_, err = c.body.ReadFrom(a.Body)
	c.took = append(c.took, time.Since(begin))
	c.bytes += c.body.Len()
	if err != nil {
		return fmt.Errorf("%s: read the answer: %w", c.workload.Name, err)
	}
	if err := a.Body.Close(); err != nil {
		return err
	}
	if err := c.workload.Check(a.StatusCode, c.body.Bytes()); err != nil {
		return fmt.Errorf("%w\nasked with %s", err, r.Variables)
	}
	return nil
}
