package lab

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// Serve runs the program as it runs for others, with its workers, and returns where it is
// reached. It is for real time. What happened before is sealed, and told to nobody.
func (w *World) Serve() *httptest.Server {
	w.T.Helper()
	w.Settle()
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	for _, work := range w.Workers() {
		running.Go(func() { work(ctx) })
	}
	srv := httptest.NewServer(w.HTTP)
	w.T.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
		stop()
		running.Wait()
	})
	return srv
}

// Ear hears what one subscription is told.
type Ear struct {
	t testing.TB
	// Heard are the answers in their order, as JSON. It is closed when the stream is over.
	Heard chan Answer
	// End says how it ended: "complete", the code of a WebSocket, or "cut" for
	// server-sent events that stop. To be read once Heard is closed.
	End string
	// At is when it ended.
	At time.Time

	leave func()
}

// Leave has the client go.
func (e *Ear) Leave() { e.leave() }

// Until waits for an answer of which the texts are a part and returns it, with those that
// came before.
func (e *Ear) Until(texts ...string) (found Answer, before []Answer) {
	e.t.Helper()
	late := time.After(20 * time.Second)
next:
	for {
		select {
		case a, open := <-e.Heard:
			if !open {
				e.t.Fatalf("ended with %s before %q; heard %s", e.End, texts, bodies(before))
			}
			for _, text := range texts {
				if !strings.Contains(string(a.Body), text) {
					before = append(before, a)
					continue next
				}
			}
			return a, before
		case <-late:
			e.t.Fatalf("never heard %q; heard %s", texts, bodies(before))
		}
	}
}

// Over waits for the end and returns what came before it.
func (e *Ear) Over() (before []Answer) {
	e.t.Helper()
	late := time.After(20 * time.Second)
	for {
		select {
		case a, open := <-e.Heard:
			if !open {
				return before
			}
			before = append(before, a)
		case <-late:
			e.t.Fatalf("never ended; heard %s", bodies(before))
		}
	}
}

func bodies(all []Answer) (out []string) {
	for _, a := range all {
		out = append(out, string(a.Body))
	}
	return out
}

func (e *Ear) over(how string) {
	e.End, e.At = how, time.Now()
	close(e.Heard)
}

const heard = 4096 // answers that wait for a test

// Stream subscribes with a token by server-sent events.
func Stream(t testing.TB, srv *httptest.Server, token, query string) *Ear {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	must(t, err)
	ctx, stop := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "POST", srv.URL+"/graphql", strings.NewReader(string(body)))
	must(t, err)
	u, err := url.Parse(Public)
	must(t, err)
	r.Host = u.Host
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultTransport.RoundTrip(r)
	must(t, err)
	if res.StatusCode != http.StatusOK {
		t.Fatalf("no stream: %s", res.Status)
	}
	e := &Ear{t: t, Heard: make(chan Answer, heard), leave: stop}
	var reading sync.WaitGroup
	reading.Go(func() {
		lines, how := bufio.NewScanner(res.Body), "cut"
		lines.Buffer(nil, 8<<20)
		for lines.Scan() {
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				e.Heard <- Answer{Body: []byte(text)}
			}
			if lines.Text() == "event: complete" {
				how = "complete"
			}
		}
		e.over(how)
	})
	t.Cleanup(func() {
		stop()
		res.Body.Close()
		reading.Wait()
	})
	return e
}

// Socket subscribes with a token over one WebSocket, an ear for each query.
func Socket(t testing.TB, srv *httptest.Server, token string, queries ...string) []*Ear {
	t.Helper()
	u, err := url.Parse(Public)
	must(t, err)
	conn, _, err := websocket.Dial(t.Context(), srv.URL+"/graphql", &websocket.DialOptions{Host: u.Host, Subprotocols: []string{"graphql-transport-ws"}})
	must(t, err)
	conn.SetReadLimit(8 << 20)
	ctx, stop := context.WithCancel(context.Background())
	send := func(v any) {
		t.Helper()
		text, err := json.Marshal(v)
		must(t, err)
		must(t, conn.Write(ctx, websocket.MessageText, text))
	}
	send(map[string]any{"type": "connection_init", "payload": map[string]string{"authorization": "Bearer " + token}})
	_, _, err = conn.Read(ctx)
	must(t, err)
	ears := make([]*Ear, len(queries))
	for i, q := range queries {
		ears[i] = &Ear{t: t, Heard: make(chan Answer, heard), leave: func() { _ = conn.CloseNow() }}
		send(map[string]any{"id": fmt.Sprint(i), "type": "subscribe", "payload": map[string]string{"query": q}})
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		over := make([]bool, len(ears))
		for {
			_, text, err := conn.Read(ctx)
			if err != nil {
				for i, e := range ears {
					if !over[i] {
						e.over(fmt.Sprint(int(websocket.CloseStatus(err))))
					}
				}
				return
			}
			var m struct {
				ID, Type string
				Payload  json.RawMessage
			}
			var i int
			if json.Unmarshal(text, &m) != nil || m.ID == "" {
				continue
			}
			if _, err := fmt.Sscan(m.ID, &i); err != nil {
				continue
			}
			switch m.Type {
			case "next":
				ears[i].Heard <- Answer{Body: m.Payload}
			case "complete", "error":
				if m.Payload != nil {
					ears[i].Heard <- Answer{Body: m.Payload}
				}
				over[i] = true
				ears[i].over(m.Type)
			}
		}
	})
	t.Cleanup(func() {
		stop()
		conn.CloseNow()
		reading.Wait()
	})
	return ears
}

// Eventually waits until something holds.
func Eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	poll := time.NewTicker(2 * time.Millisecond)
	defer poll.Stop()
	for late := time.After(20 * time.Second); !holds(); {
		select {
		case <-poll.C:
		case <-late:
			t.Fatalf("never: %s", what)
		}
	}
}
