package webhook

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"

	"tenantry/internal/fault"
)

const (
	// patience is how long a receiver has for its whole answer.
	patience = 10 * time.Second
	// maxBody is how large a call may be, and maxAnswer how much of an answer is read.
	maxBody   = 256 << 10
	maxAnswer = 64 << 10
	// shownAnswer is how much of an answer people are shown.
	shownAnswer = 1 << 10
	// longest is the longest time that a receiver may ask to be left alone for.
	longest = 6 * time.Hour
)

// errInside says that an address leads to where no calls go.
var errInside = errors.New("the address is not on the internet")

// transport returns what carries calls. Each address is judged when it is about to be
// dialled, so that it is of no use to let a name lead elsewhere after it was looked up.
func (n Network) transport() *http.Transport {
	dialer := &net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second, Resolver: n.Resolver,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !n.Admits(at.Addr()) {
				return errInside
			}
			return nil
		}}
	return &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: n.Roots},
		ForceAttemptHTTP2: true, TLSHandshakeTimeout: 5 * time.Second, MaxConnsPerHost: 4, MaxIdleConnsPerHost: 1, MaxIdleConns: 64,
		IdleConnTimeout: 15 * time.Second, MaxResponseHeaderBytes: maxAnswer, DisableCompression: true}
}

// Caller makes calls.
type Caller struct {
	network Network
	client  *http.Client
}

// NewCaller returns a caller in a network, through what else is given, if anything.
func NewCaller(n Network, through http.RoundTripper) *Caller {
	if through == nil {
		through = n.transport()
	}
	return &Caller{n, &http.Client{Transport: through, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Result is what came of a call.
type Result struct {
	// Status is the status of the answer. 0 if none came.
	Status int
	// Took is how long the receiver took.
	Took time.Duration
	// Failure says in words why the call was not accepted. "" if it was.
	Failure string
	// After is how long the receiver asks to be left alone for. 0 if it does not.
	After time.Duration
	// Final says that the same call would come to nothing again.
	Final bool
	// Late says that no answer came in time.
	Late bool
	// Answer is the beginning of the answer, as a text. "" where that is not shown.
	Answer string
}

// gone reports whether the receiver wants no calls any more.
func (r Result) gone() bool { return r.Status == http.StatusGone }

// Message is a call as it leaves.
type Message struct {
	// ID is the same each time that the same call is tried.
	ID   string
	Body []byte
}

// Call calls the receiver at an address, signed with the secrets, and waits for its
// answer.
func (c *Caller) Call(ctx context.Context, address string, secrets [][]byte, m Message) Result {
	if len(m.Body) > maxBody {
		return Result{Final: true, Failure: fmt.Sprintf("The call would be larger than %d kB.", maxBody>>10)}
	}
	if _, err := c.network.URL(address); err != nil {
		return Result{Failure: fault.All(err)[0].Message}
	}
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	opened := false // it went where only the configuration lets it go
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		at, err := netip.ParseAddrPort(info.Conn.RemoteAddr().String())
		opened = err != nil || !public(at.Addr())
	}})
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(m.Body))
	if err != nil {
		return Result{Failure: "The address cannot be called."}
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Tenantry-Webhooks/1")
	r.Header.Set("Webhook-Id", m.ID)
	r.Header.Set("Webhook-Timestamp", strconv.FormatInt(begun.Unix(), 10))
	r.Header.Set("Webhook-Signature", signature(secrets, m.ID, begun, m.Body))
	answer, err := c.client.Do(r)
	if err != nil {
		return Result{Took: time.Since(begun), Failure: why(err), Late: errors.Is(err, context.DeadlineExceeded)}
	}
	defer answer.Body.Close()
	// The status decides. The rest is read so that the connection can be used again, as
	// far as it is short and comes in time.
	text, _ := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	out := Result{Status: answer.StatusCode, Took: time.Since(begun), After: after(answer.Header.Get("Retry-After"))}
	if !opened {
		out.Answer = words(text)
	}
	switch {
	case out.Status >= 200 && out.Status < 300:
	case out.Status >= 300 && out.Status < 400:
		out.Failure = fmt.Sprintf("The receiver answered %d. Redirects are not followed: give the address that it leads to.", out.Status)
	case out.gone():
		out.Failure, out.Final = "The receiver answered 410: it wants no calls any more.", true
	default:
		out.Failure = fmt.Sprintf("The receiver answered %d.", out.Status)
	}
	return out
}

// why says in words why no answer came, without what is inside the server.
func why(err error) string {
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errInside):
		return "The address leads to where no calls go: receivers are on the internet."
	case errors.Is(err, context.DeadlineExceeded):
		return "No answer came in time."
	case errors.As(err, &certificate):
		return "The receiver's certificate was not accepted: " + certificate.Err.Error()
	case old(err):
		return "The receiver speaks no TLS that is new enough: calls take TLS 1.2 or 1.3."
	case errors.As(err, &dns) && dns.IsNotFound:
		return "There is no machine of this name."
	case errors.As(err, &dns):
		return "The name of the receiver could not be looked up."
	}
	return "The receiver could not be reached, or broke off."
}

// old reports whether the two sides know no version of TLS in common. The library has no
// error of its own for it: either side may find out, and both say so in words.
func old(err error) bool {
	text := err.Error()
	return strings.Contains(text, "tls: protocol version not supported") || strings.Contains(text, "tls: server selected unsupported protocol version")
}

// after reads how long a receiver asks to be left alone for: seconds, or a date.
func after(header string) time.Duration {
	if header == "" {
		return 0
	}
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, longest)
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(0, min(time.Until(at), longest))
	}
	return 0
}

// words makes a text of the beginning of an answer, whatever bytes it has.
func words(b []byte) string {
	if len(b) > shownAnswer {
		b = b[:shownAnswer]
	}
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, string(b))
}
