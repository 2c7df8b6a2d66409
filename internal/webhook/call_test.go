package webhook_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"tenantry/internal/webhook"
)

// TestMain has every test run where the environment names a proxy, which calls never
// ask: it would dial where nobody judges.
func TestMain(m *testing.M) {
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"} {
		os.Setenv(name, "http://127.0.0.1:9")
	}
	os.Exit(m.Run())
}

// names is a name server. It answers each question about a name with the next of its
// answers, and the last one from then on.
type names struct {
	mu      sync.Mutex
	answers map[string][][]netip.Addr
}

// resolver asks it.
func (n *names) resolver() *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go n.serve(theirs)
		return ours, nil
	}}
}

func (n *names) serve(c net.Conn) {
	defer c.Close()
	for {
		var size uint16
		if binary.Read(c, binary.BigEndian, &size) != nil {
			return
		}
		asked := make([]byte, size)
		if _, err := io.ReadFull(c, asked); err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(asked) != nil {
			return
		}
		m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
		for _, a := range n.next(strings.TrimSuffix(m.Questions[0].Name.String(), "."), m.Questions[0].Type) {
			head := dnsmessage.ResourceHeader{Name: m.Questions[0].Name, Type: m.Questions[0].Type, Class: dnsmessage.ClassINET, TTL: 1}
			if a.Is4() {
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AResource{A: a.As4()}})
			} else {
				m.Answers = append(m.Answers, dnsmessage.Resource{Header: head, Body: &dnsmessage.AAAAResource{AAAA: a.As16()}})
			}
		}
		if len(m.Answers) == 0 && len(n.answers[strings.TrimSuffix(m.Questions[0].Name.String(), ".")]) == 0 {
			m.RCode = dnsmessage.RCodeNameError
		}
		out, err := m.Pack()
		if err != nil || binary.Write(c, binary.BigEndian, uint16(len(out))) != nil {
			return
		}
		if _, err := c.Write(out); err != nil {
			return
		}
	}
}

// next is what a question is answered with. Resolvers ask for both kinds of address at
// once; only the question for IPv4 moves on.
func (n *names) next(name string, kind dnsmessage.Type) (out []netip.Addr) {
	n.mu.Lock()
	defer n.mu.Unlock()
	list := n.answers[name]
	if len(list) == 0 {
		return nil
	}
	for _, a := range list[0] {
		if a.Is4() == (kind == dnsmessage.TypeA) {
			out = append(out, a)
		}
	}
	if kind == dnsmessage.TypeA && len(list) > 1 {
		n.answers[name] = list[1:]
	}
	return out
}

// reached is a receiver that a test runs, with a certificate of a test's authority for
// example.com.
type reached struct {
	*httptest.Server
	connections atomic.Int32
}

func (r *reached) address() netip.AddrPort {
	return netip.MustParseAddrPort(r.Listener.Addr().String())
}

func receiver(t *testing.T, at string, handle http.HandlerFunc) *reached {
	t.Helper()
	ln, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	r := &reached{Server: httptest.NewUnstartedServer(handle)}
	r.Listener.Close()
	r.Listener = ln
	r.EnableHTTP2 = true
	r.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			r.connections.Add(1)
		}
	}
	r.Config.ErrorLog = nil
	r.StartTLS()
	t.Cleanup(r.Close)
	return r
}

func roots(r *reached) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(r.Certificate())
	return pool
}

var (
	secret  = []byte("0123456789abcdef0123456789abcdef")
	another = []byte("fedcba9876543210fedcba9876543210")
)

// What arrives is what was sent, and the official library believes it by either secret.
func TestCall(t *testing.T) {
	type got struct {
		body    string
		header  http.Header
		version int
	}
	arrived := make(chan got, 1)
	r := receiver(t, "127.0.0.1:0", func(w http.ResponseWriter, q *http.Request) {
		b, _ := io.ReadAll(q.Body)
		arrived <- got{string(b), q.Header, q.ProtoMajor}
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		fmt.Fprint(w, "Thank you\x00\x1b[31m\u202e")
	})
	at := netip.MustParseAddr("127.0.0.1")
	dns := &names{answers: map[string][][]netip.Addr{"example.com": {{at}}}}
	c := webhook.NewCaller(webhook.Network{Private: []netip.Prefix{netip.PrefixFrom(at, 32)}, Roots: roots(r), Resolver: dns.resolver()}, nil)
	body := `{"type":"webhook.test","data":{"ü":1}}`
	for range 2 {
		out := c.Call(t.Context(), fmt.Sprintf("https://example.com:%d/hooks", r.address().Port()), [][]byte{secret, another}, webhook.Message{ID: "call_1", Body: []byte(body)})
		if out.Failure != "" || out.Status != 200 || out.Took <= 0 {
			t.Fatalf("%+v", out)
		}
		if out.Answer != "" {
			t.Errorf("people are shown %q of an address that is open to calls only", out.Answer)
		}
		g := <-arrived
		if g.body != body || g.version != 2 || g.header.Get("webhook-id") != "call_1" || g.header.Get("Cookie") != "" || g.header.Get("Content-Type") != "application/json" {
			t.Errorf("arrived: %+v", g)
		}
		for _, key := range [][]byte{secret, another} {
			wh, err := standard.NewWebhook("whsec_" + base64.StdEncoding.EncodeToString(key))
			if err != nil {
				t.Fatal(err)
			}
			if err := wh.Verify([]byte(g.body), g.header); err != nil {
				t.Errorf("the library says %v", err)
			}
			if wh.Verify([]byte(g.body+" "), g.header) == nil {
				t.Error("the library believes an altered call")
			}
		}
	}
	if n := r.connections.Load(); n != 1 {
		t.Errorf("%d connections for two calls, one after another", n)
	}
}

// Invariant 41: a name that leads to the internet when it is looked up first, and inside
// when it is called; and one that leads to both at once.
func TestRebinding(t *testing.T) {
	answer := func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Connection", "close") }
	open, closed := receiver(t, "127.0.0.2:0", answer), (*reached)(nil)
	closed = receiver(t, fmt.Sprintf("127.0.0.1:%d", open.address().Port()), answer)
	good, bad := open.address().Addr(), closed.address().Addr()
	dns := &names{answers: map[string][][]netip.Addr{
		"turns.example.com": {{good}, {bad}},
		"both.example.com":  {{bad, good}},
		"maps.example.com":  {{netip.MustParseAddr("::ffff:127.0.0.1")}},
		"cloud.example.com": {{netip.MustParseAddr("169.254.169.254")}},
		"six.example.com":   {{netip.MustParseAddr("::1"), netip.MustParseAddr("fe80::1"), netip.MustParseAddr("64:ff9b::7f00:1")}},
	}}
	network := webhook.Network{Private: []netip.Prefix{netip.PrefixFrom(good, 32)}, Roots: roots(open), Resolver: dns.resolver()}
	c := webhook.NewCaller(network, nil)
	call := func(name string) webhook.Result {
		return c.Call(t.Context(), fmt.Sprintf("https://%s:%d/", name, open.address().Port()), [][]byte{secret}, webhook.Message{ID: "call_1"})
	}
	const refused = "The address leads to where no calls go: receivers are on the internet."
	if out := call("turns.example.com"); out.Failure != "" || open.connections.Load() != 1 {
		t.Errorf("at first: %+v, %d connections", out, open.connections.Load())
	}
	for _, name := range []string{"turns.example.com", "maps.example.com", "cloud.example.com", "six.example.com"} {
		if out := call(name); out.Failure != refused {
			t.Errorf("%s: %+v", name, out)
		}
	}
	call("both.example.com")
	if open.connections.Load() != 2 || closed.connections.Load() != 0 {
		t.Errorf("%d connections where they may be, %d inside", open.connections.Load(), closed.connections.Load())
	}
}

// What was stored by a configuration that let it be is called by none that does not.
func TestStoredBefore(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("it was called") }))
	defer plain.Close()
	for _, n := range []webhook.Network{{}, {Private: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}} {
		if out := webhook.NewCaller(n, nil).Call(t.Context(), plain.URL, [][]byte{secret}, webhook.Message{ID: "call_1"}); out.Failure == "" {
			t.Errorf("%+v", out)
		}
	}
}

// Receivers as they are.
func TestReceivers(t *testing.T) {
	release := make(chan struct{})
	mux := http.NewServeMux()
	answer := func(path string, do func(http.ResponseWriter, *http.Request)) { mux.HandleFunc(path, do) }
	for status := range map[int]bool{200: true, 204: true, 400: true, 404: true, 410: true, 500: true} {
		answer(fmt.Sprintf("/%d", status), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		answer(fmt.Sprintf("/%d", status), func(w http.ResponseWriter, q *http.Request) { http.Redirect(w, q, "/reached", status) })
	}
	answer("/reached", func(http.ResponseWriter, *http.Request) { t.Error("a redirect was followed") })
	answer("/seconds", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "120"); w.WriteHeader(429) })
	answer("/weeks", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "99999999")
		w.WriteHeader(503)
	})
	answer("/nonsense", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Retry-After", "-1"); w.WriteHeader(503) })
	answer("/hangs", func(_ http.ResponseWriter, q *http.Request) {
		select {
		case <-release:
		case <-q.Context().Done():
		}
	})
	answer("/large", func(w http.ResponseWriter, _ *http.Request) {
		for range 10 << 20 / 1024 {
			if _, err := w.Write(make([]byte, 1024)); err != nil {
				return
			}
		}
		t.Error("ten megabytes were read")
	})
	answer("/breaks", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "half")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	})
	answer("/drops", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	answer("/headers", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 1<<20)) })
	r := receiver(t, "127.0.0.1:0", mux.ServeHTTP)
	defer close(release)
	c := webhook.NewCaller(webhook.Network{Loopback: true, Roots: roots(r)}, nil)
	port := r.address().Port()
	for _, tt := range []struct {
		path     string
		patience time.Duration
		status   int
		words    string
		after    time.Duration
		late     bool
	}{
		{path: "/200", status: 200}, {path: "/204", status: 204}, {path: "/breaks", status: 200}, {path: "/large", status: 200},
		{path: "/400", status: 400, words: "The receiver answered 400."}, {path: "/404", status: 404, words: "The receiver answered 404."},
		{path: "/500", status: 500, words: "The receiver answered 500."}, {path: "/410", status: 410, words: "The receiver answered 410: it wants no calls any more."},
		{path: "/301", status: 301, words: "Redirects are not followed"}, {path: "/302", status: 302, words: "Redirects are not followed"}, {path: "/303", status: 303, words: "Redirects are not followed"},
		{path: "/307", status: 307, words: "Redirects are not followed"}, {path: "/308", status: 308, words: "Redirects are not followed"},
		{path: "/seconds", status: 429, words: "answered 429", after: 2 * time.Minute}, {path: "/weeks", status: 503, words: "answered 503", after: 6 * time.Hour},
		{path: "/nonsense", status: 503, words: "answered 503"}, {path: "/drops", words: "could not be reached, or broke off"}, {path: "/headers", words: "could not be reached, or broke off"},
		{path: "/hangs", patience: 50 * time.Millisecond, words: "No answer came", late: true},
	} {
		ctx := t.Context()
		if tt.patience > 0 {
			short, cancel := context.WithTimeout(ctx, tt.patience)
			defer cancel()
			ctx = short
		}
		out := c.Call(ctx, fmt.Sprintf("https://127.0.0.1:%d%s", port, tt.path), [][]byte{secret}, webhook.Message{ID: "call_1", Body: []byte("{}")})
		if out.Status != tt.status || !strings.Contains(out.Failure, tt.words) || (out.Failure == "") != (tt.words == "") || out.After != tt.after || out.Late != tt.late {
			t.Errorf("%s: %+v", tt.path, out)
		}
	}
}

// A certificate that nobody vouches for, one for another name, and a call that is too
// large, reach nobody.
func TestUntrusted(t *testing.T) {
	r := receiver(t, "127.0.0.1:0", func(http.ResponseWriter, *http.Request) { t.Error("it was called") })
	at := netip.MustParseAddr("127.0.0.1")
	dns := &names{answers: map[string][][]netip.Addr{"example.org": {{at}}}}
	strange := webhook.NewCaller(webhook.Network{Loopback: true}, nil)
	named := webhook.NewCaller(webhook.Network{Loopback: true, Roots: roots(r), Resolver: dns.resolver()}, nil)
	for _, c := range []struct {
		caller *webhook.Caller
		host   string
		body   []byte
		want   string
	}{
		{strange, "127.0.0.1", nil, "certificate was not accepted"},
		{named, "example.org", nil, "certificate was not accepted"},
		{named, "nowhere.example.org", nil, "There is no machine of this name."},
		{named, "127.0.0.1", make([]byte, 256<<10+1), "larger than 256 kB"},
	} {
		out := c.caller.Call(t.Context(), fmt.Sprintf("https://%s:%d/", c.host, r.address().Port()), [][]byte{secret}, webhook.Message{ID: "call_1", Body: c.body})
		if out.Status != 0 || !strings.Contains(out.Failure, c.want) {
			t.Errorf("%s: %+v", c.host, out)
		}
	}
}

// A receiver that speaks nothing newer than TLS 1.1 is not called, and people read why.
func TestOldTLS(t *testing.T) {
	for _, newest := range []uint16{tls.VersionTLS11, tls.VersionTLS12} {
		r := &reached{Server: httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if newest < tls.VersionTLS12 {
				t.Error("it was called")
			}
		}))}
		r.TLS, r.Config.ErrorLog = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: newest}, log.New(io.Discard, "", 0)
		r.StartTLS()
		t.Cleanup(r.Close)
		c := webhook.NewCaller(webhook.Network{Loopback: true, Roots: roots(r)}, nil)
		out := c.Call(t.Context(), fmt.Sprintf("https://127.0.0.1:%d/", r.address().Port()), [][]byte{secret}, webhook.Message{ID: "call_1"})
		want := ""
		if newest < tls.VersionTLS12 {
			want = "The receiver speaks no TLS that is new enough: calls take TLS 1.2 or 1.3."
		}
		if out.Failure != want {
			t.Errorf("%s: %+v", tls.VersionName(newest), out)
		}
	}
}
