package cli

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
)

// listen listens on an address. On localhost that is on each of the two that a machine
// may have, since browsers try both.
func listen(address string) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("--listen %q: %w", address, err)
	}
	hosts := []string{host}
	if host == "localhost" {
		hosts = []string{"127.0.0.1", "::1"}
	}
	var all []net.Listener
	var failed []error
	for _, h := range hosts {
		ln, err := net.Listen("tcp", net.JoinHostPort(h, port))
		switch {
		case errors.Is(err, syscall.EADDRINUSE):
			// Of either: whoever has it would be asked in our place.
			for _, ln := range all {
				ln.Close()
			}
			return nil, fmt.Errorf("something listens on %s already; stop it, or choose another port with --listen localhost:8081", net.JoinHostPort(h, port))
		case err != nil:
			failed = append(failed, err)
		default:
			all = append(all, ln)
			_, port, _ = net.SplitHostPort(ln.Addr().String()) // the same for both, where any is asked for
		}
	}
	if len(all) == 0 {
		return nil, errors.Join(failed...)
	}
	return all, nil
}

// ownHost answers only to the names of this machine, so that no page elsewhere
// can point a name of its own here and read the mailbox.
func ownHost(u *url.URL, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if host, _ := hostPort(r.Host); !loopback(host) && !strings.EqualFold(r.Host, u.Host) {
			http.Error(w, "This server answers to its own name only: "+u.String(), http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// byName sends a browser that opens a page by another of this machine's names to the
// public one, where its cookies, its passkeys and the links in mails belong. Whatever
// is no page is answered by every name.
func byName(u *url.URL, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, port := hostPort(r.Host)
		page := (r.Method == http.MethodGet || r.Method == http.MethodHead) && strings.Contains(r.Header.Get("Accept"), "text/html")
		// Another port is somebody's tunnel, and another public host a proxy, to which it would lead back.
		if page && loopback(u.Hostname()) && !strings.EqualFold(host, u.Hostname()) && port == u.Port() {
			w.Header().Set("Cache-Control", "no-store")
			http.Redirect(w, r, u.String()+r.URL.RequestURI(), http.StatusFound)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostPort splits a Host header; the port may be missing.
func hostPort(s string) (host, port string) {
	if host, port, err := net.SplitHostPort(s); err == nil {
		return host, port
	}
	return strings.Trim(s, "[]"), ""
}
