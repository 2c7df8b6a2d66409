package web_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tenantry/internal/web"
)

// pipes is a listener whose connections stay in the process, so that fake time
// rules them.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { close(p.done); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

func (p *pipes) dial() net.Conn {
	here, there := net.Pipe()
	p.conns <- there
	return here
}

// Limits of every public surface: 5 s for the header, 15 s for the request, 60 s
// idle, 64 KB of header.
func TestSlowClients(t *testing.T) {
	for _, tc := range []struct {
		name, send string
		cut        time.Duration
	}{
		{"nothing", "", 5 * time.Second},
		{"half a header", "POST / HTTP/1.1\r\nHost: x\r\n", 5 * time.Second},
		{"half a body", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345", 15 * time.Second},
		{"nothing more", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 60 * time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ln := newPipes()
				srv := web.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if _, err := io.ReadAll(r.Body); err != nil {
						panic(http.ErrAbortHandler)
					}
				}), slog.New(slog.DiscardHandler))
				go func() { _ = srv.Serve(ln) }()
				defer srv.Close()
				start := time.Now()
				conn := ln.dial()
				if _, err := conn.Write([]byte(tc.send)); err != nil {
					t.Fatal(err)
				}
				_, _ = io.Copy(io.Discard, conn)
				if got := time.Since(start); got != tc.cut {
					t.Errorf("cut off after %v, want %v", got, tc.cut)
				}
			})
		})
	}
}

func TestSlowReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipes()
		start, cut := time.Now(), make(chan time.Duration, 1)
		srv := web.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write(make([]byte, 1<<20))
			cut <- time.Since(start)
		}), slog.New(slog.DiscardHandler))
		go func() { _ = srv.Serve(ln) }()
		defer srv.Close()
		conn := ln.dial()
		defer conn.Close()
		if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		if got := <-cut; got != 15*time.Second {
			t.Errorf("cut off after %v", got)
		}
	})
}

func TestHeaderLimit(t *testing.T) {
	srv := httptest.NewUnstartedServer(nil)
	srv.Config = web.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), slog.New(slog.DiscardHandler))
	srv.Start()
	defer srv.Close()
	for size, want := range map[int]int{60 << 10: 200, 80 << 10: 431} {
		r, _ := http.NewRequest("GET", srv.URL, nil)
		r.Header.Set("X-Padding", strings.Repeat("x", size))
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != want {
			t.Errorf("%d bytes: status %d, want %d", size, res.StatusCode, want)
		}
	}
}

// TestServeStops tells the story of a stop: a request in flight is finished,
// those that come meanwhile are the last of their connections.
func TestServeStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipes()
		ctx, stop := context.WithCancel(t.Context())
		probes := web.NewProbes(func(context.Context) error { return nil })
		began, finish := make(chan struct{}), make(chan struct{})
		mux := http.NewServeMux()
		mux.HandleFunc("/slow", func(http.ResponseWriter, *http.Request) { close(began); <-finish })
		mux.HandleFunc("/readyz", probes.Ready)
		mux.HandleFunc("/healthz", probes.Alive)
		ended := make(chan error, 1)
		go func() {
			ended <- web.Serve(ctx, web.NewServer(mux, slog.New(slog.DiscardHandler)), []net.Listener{ln}, probes, time.Second)
		}()
		ask := func(path string) (*http.Response, error) {
			conn := ln.dial()
			go func() { _, _ = conn.Write([]byte("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")) }()
			res, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err == nil && !res.Close {
				conn.Close()
			}
			return res, err
		}
		if res, err := ask("/readyz"); err != nil || res.StatusCode != 200 || res.Close {
			t.Fatalf("before: %v %v", res, err)
		}
		slow := make(chan error, 1)
		go func() {
			res, err := ask("/slow")
			if err == nil && res.StatusCode != 200 {
				err = errors.New(res.Status)
			}
			slow <- err
		}()
		<-began
		stopped := time.Now()
		stop()
		synctest.Wait()
		if res, err := ask("/readyz"); err != nil || res.StatusCode != 503 || !res.Close {
			t.Errorf("while stopping: %v %v", res, err)
		}
		if res, err := ask("/healthz"); err != nil || res.StatusCode != 200 {
			t.Errorf("while stopping: %v %v", res, err)
		}
		<-ln.done
		if got := time.Since(stopped); got != time.Second {
			t.Errorf("the listener was closed after %v", got)
		}
		close(finish)
		if err := <-slow; err != nil {
			t.Errorf("the request in flight: %v", err)
		}
		if err := <-ended; err != nil {
			t.Errorf("stopped with %v", err)
		}
	})
}

func TestServeGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ln := newPipes()
		ctx, stop := context.WithCancel(t.Context())
		probes := web.NewProbes(func(context.Context) error { return nil })
		began, release := make(chan struct{}), make(chan struct{})
		h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			close(began)
			<-release
		})
		ended := make(chan error, 1)
		go func() {
			ended <- web.Serve(ctx, web.NewServer(h, slog.New(slog.DiscardHandler)), []net.Listener{ln}, probes, 0)
		}()
		conn := ln.dial()
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		if _, err := conn.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		<-began
		start := time.Now()
		stop()
		err := <-ended
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 20*time.Second {
			t.Errorf("ended after %v with %v", time.Since(start), err)
		}
		close(release)
	})
}

func TestReady(t *testing.T) {
	broken := errors.New("no database")
	for _, tc := range []struct {
		name   string
		ready  func(context.Context) error
		status int
	}{
		{"ready", func(context.Context) error { return nil }, 200},
		{"not ready", func(context.Context) error { return broken }, 503},
		{"hanging", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, 503},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				start := time.Now()
				w := httptest.NewRecorder()
				web.NewProbes(tc.ready).Ready(w, httptest.NewRequest("GET", "/readyz", nil))
				if w.Code != tc.status || strings.Contains(w.Body.String(), "database") {
					t.Errorf("status %d, body %s", w.Code, w.Body)
				}
				if time.Since(start) > 2*time.Second {
					t.Errorf("took %v", time.Since(start))
				}
			})
		})
	}
}
