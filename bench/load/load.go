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
	// Rate is how many requests a second all connections together begin, whatever the
	// answers take: what is late counts from when it was due. Zero for as many as there
	// are answers. The workload beside knows no rate.
	Rate float64
	// Patient says that who is told to come back later does so, and not at once.
	Patient bool
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
	// Refused is how many were told to come back later, after RetryAfter seconds: the
	// least and the most. They are not among Requests.
	Refused    int
	RetryAfter [2]int
	// RefusedP50 and RefusedP99 are what those answers took.
	RefusedP50, RefusedP99 time.Duration
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
		c.took, c.bytes, c.refused, c.retryAfter = c.took[:0], 0, c.refused[:0], [2]int{}
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
	var all, refused []time.Duration
	bytes, after := 0, [2]int{}
	for _, c := range clients {
		if c.workload.Name == workload {
			all, bytes, refused = append(all, c.took...), bytes+c.bytes, append(refused, c.refused...)
			after = wider(wider(after, c.retryAfter[0]), c.retryAfter[1])
		}
	}
	if len(all) == 0 {
		return Result{}, fmt.Errorf("%s: nothing was answered", workload)
	}
	slices.Sort(all)
	r := Result{Requests: len(all), Elapsed: elapsed, P50: Quantile(all, 0.5), P99: Quantile(all, 0.99), Bytes: bytes / len(all), Refused: len(refused), RetryAfter: after}
	if len(refused) > 0 {
		slices.Sort(refused)
		r.RefusedP50, r.RefusedP99 = Quantile(refused, 0.5), Quantile(refused, 0.99)
	}
	return r, nil
}

// wider is a range of seconds that n lies in as well; 0 is no number of them.
func wider(of [2]int, n int) [2]int {
	if n == 0 {
		return of
	}
	if of[0] == 0 {
		return [2]int{n, n}
	}
	return [2]int{min(of[0], n), max(of[1], n)}
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
				due := time.Time{}
				if c.every > 0 {
					due = begin.Add(c.first + time.Duration(n)*c.every)
					time.Sleep(time.Until(due))
				}
				c.told = 0
				errs[i] = c.ask(due)
				if c.job.Patient && c.told > 0 {
					time.Sleep(min(c.told, d-time.Since(begin)))
				}
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
	every    time.Duration // between two requests, and after the beginning the first. Zero for at once
	first    time.Duration
	took     []time.Duration
	bytes    int

	refused    []time.Duration
	retryAfter [2]int
	told       time.Duration // to wait, by the last answer
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
	c.head = "POST " + path + " HTTP/1.1\r\nHost: " + u.Host + "\r\nUser-Agent: bench\r\nAccept: application/json\r\nContent-Type: application/json\r\n"
	if j.Rate > 0 && w.Name == j.Workload {
		c.every = time.Duration(float64(j.Conns) / j.Rate * float64(time.Second))
		c.first = c.every * time.Duration(number) / time.Duration(j.Conns)
	}
	return c, nil
}

// ask puts one request, which was due at an instant or, without one, is now.
func (c *client) ask(due time.Time) error {
	once := strconv.FormatUint(c.job.Slot, 36) + "." + strconv.Itoa(c.number) + "." + strconv.Itoa(c.asked)
	c.asked++
	r, err := c.workload.Draw(c.set, c.random, once, c.job.Extra)
	if err != nil {
		return err
	}
	c.out = append(c.out[:0], c.head...)
	if r.Token != "" {
		c.out = append(append(append(c.out, "Authorization: Bearer "...), r.Token...), "\r\n"...)
	}
	if r.From != "" {
		c.out = append(append(append(c.out, "X-Forwarded-For: "...), r.From...), "\r\n"...)
	}
	c.out = append(c.out, "Content-Length: "...)
	c.out = strconv.AppendInt(c.out, int64(len(c.before)+len(r.Variables)+len(c.after)), 10)
	c.out = append(append(append(append(c.out, "\r\n\r\n"...), c.before...), r.Variables...), c.after...)
	begin := time.Now()
	if !due.IsZero() {
		begin = due
	}
	if _, err := c.conn.Write(c.out); err != nil {
		return err
	}
	a, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return fmt.Errorf("%s: read the answer: %w", c.workload.Name, err)
	}
	c.body.Reset()
	_, err = c.body.ReadFrom(a.Body)
	took := time.Since(begin)
	if err != nil {
		return fmt.Errorf("%s: read the answer: %w", c.workload.Name, err)
	}
	if err := a.Body.Close(); err != nil {
		return err
	}
	if refused, after := c.workload.Refused(c.body.Bytes()); refused {
		c.refused, c.retryAfter, c.told = append(c.refused, took), wider(c.retryAfter, after), time.Duration(after)*time.Second
		return nil
	}
	c.took = append(c.took, took)
	c.bytes += c.body.Len()
	if err := c.workload.Check(a.StatusCode, c.body.Bytes()); err != nil {
		return fmt.Errorf("%w\nasked with %s", err, r.Variables)
	}
	return nil
}
