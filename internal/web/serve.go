package web

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

const (
	headerTimeout  = 5 * time.Second
	requestTimeout = 15 * time.Second // to read all of it, and again to answer
	idleTimeout    = 60 * time.Second
	maxHeader      = 64 << 10 // bytes
	drainTimeout   = 20 * time.Second
	probeTimeout   = 2 * time.Second
)

// NewServer returns a server whose connections cannot be held open for nothing.
// A handler that streams lifts its deadlines by http.ResponseController.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       requestTimeout,
		WriteTimeout:      requestTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// Probes answer those who watch over the process.
type Probes struct {
	ready    func(context.Context) error
	stopping atomic.Bool
}

// NewProbes returns probes that call the process ready when ready returns nil
// within two seconds, until Serve begins to stop.
func NewProbes(ready func(context.Context) error) *Probes { return &Probes{ready: ready} }

// Alive is /healthz: 200 as long as the process can answer at all.
func (p *Probes) Alive(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "alive\n") }

// Ready is /readyz: 200 when requests should be sent here, else 503. The
// reason is for the log, not for whoever asks.
func (p *Probes) Ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), probeTimeout)
	defer cancel()
	switch {
	case p.stopping.Load():
		say(w, http.StatusServiceUnavailable, "stopping\n")
	case p.ready(ctx) != nil:
		say(w, http.StatusServiceUnavailable, "not ready\n")
	default:
		say(w, http.StatusOK, "ready\n")
	}
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // a probe that is gone needs no answer
}

// Serve serves on all of the listeners until ctx is done, then stops without failing a request:
// /readyz turns away new ones; for the time of linger requests are still
// answered, each as the last of its connection; then the listeners close and
// what is in flight has the rest of 20 seconds. It returns nil if all of it was
// answered. Streams must end by themselves when ctx is done.
func Serve(ctx context.Context, srv *http.Server, listeners []net.Listener, p *Probes, linger time.Duration) error {
	next := srv.Handler
	srv.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
	failed := make(chan error, len(listeners))
	for _, ln := range listeners {
		go func() { failed <- srv.Serve(ln) }()
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	p.stopping.Store(true)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	pause := time.NewTimer(linger)
	defer pause.Stop()
	select {
	case <-pause.C:
	case err := <-failed:
		return err
	}
	err := srv.Shutdown(drain)
	var served error
	for range listeners {
		if e := <-failed; !errors.Is(e, http.ErrServerClosed) {
			served = e
		}
	}
	if err == nil {
		// A connection accepted at the last moment is known only since Serve
		// has returned.
		err = srv.Shutdown(drain)
	}
	if err != nil {
		err = errors.Join(err, srv.Close())
	}
	return errors.Join(err, served)
}
