package mail_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/google/go-cmp/cmp"

	"tenantry/internal/mail"
)

// certificate is for 127.0.0.1, and trusted by this test alone.
var certificate tls.Certificate

func TestMain(m *testing.M) {
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	certificate = server.TLS.Certificates[0]
	server.Close()
	dir, err := os.MkdirTemp("", "mail")
	if err != nil {
		log.Fatal(err)
	}
	roots := filepath.Join(dir, "roots.pem")
	if err := os.WriteFile(roots, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}), 0o600); err != nil {
		log.Fatal(err)
	}
	os.Setenv("SSL_CERT_FILE", roots)
	os.Setenv("SSL_CERT_DIR", dir)
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// post is a mail server. What it answers is settled before it starts.
type post struct {
	mail, rcpt, data error

	mu       sync.Mutex
	from, to string
	secure   bool
	user     string
	sources  [][]byte
}

// delivered returns what the server has accepted.
func (p *post) delivered() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sources
}

// open runs the server, spoken to in TLS from the start if implicit, and returns
// its host and port.
func (p *post) open(t *testing.T, secure *tls.Config, implicit bool) string {
	t.Helper()
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{post: p, conn: c}, nil
	}))
	server.ErrorLog = log.New(io.Discard, "", 0)
	server.EnableSMTPUTF8 = true
	server.TLSConfig = secure
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if implicit {
		server.TLSConfig = nil
		listener = tls.NewListener(listener, secure)
	}
	var running sync.WaitGroup
	running.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		_ = server.Close()
		running.Wait()
	})
	return address
}

type session struct {
	post *post
	conn *smtp.Conn
	user string
}

func (s *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if password != "p@ss/word" {
			return smtp.ErrAuthFailed
		}
		s.user = user
		return nil
	}), nil
}

func (s *session) Mail(from string, options *smtp.MailOptions) error {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if options.UTF8 {
		return errors.New("asked for SMTPUTF8")
	}
	s.post.from = from
	return s.post.mail
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	s.post.to = to
	return s.post.rcpt
}

func (s *session) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	if s.post.data != nil {
		return s.post.data
	}
	_, s.post.secure = s.conn.TLSConnectionState()
	s.post.user = s.user
	s.post.sources = append(s.post.sources, source)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

func newSMTP(t *testing.T, address string) *mail.SMTP {
	t.Helper()
	s, err := mail.NewSMTP(address, "Acme Hosting <portal@acme.example>")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSMTPSendsWhatTheMailboxShows(t *testing.T) {
	var server post
	send(t, newSMTP(t, "smtp://"+server.open(t, nil, false)), hello())
	box := mailbox(t)
	send(t, box, hello())

	got, want := parse(t, server.delivered()[0]), parse(t, box.Messages("")[0].Source)
	for _, changes := range []string{"Date", "Content-Type"} {
		delete(got.header, changes)
		delete(want.header, changes)
	}
	if diff := cmp.Diff(want.header, got.header); diff != "" {
		t.Errorf("headers of the mailbox (-) and of SMTP (+):\n%s", diff)
	}
	if got.text != want.text || got.html != want.html {
		t.Errorf("the parts are %q and %q", got.text, got.html)
	}
	if server.from != "portal@acme.example" || server.to != "ada@example.com" {
		t.Errorf("the envelope is from %s to %s", server.from, server.to)
	}
}

func TestSMTPSpeaksTLS(t *testing.T) {
	secure := &tls.Config{Certificates: []tls.Certificate{certificate}}
	for _, test := range []struct {
		name     string
		scheme   string
		query    string
		tls      *tls.Config
		user     string
		want     string // part of the error, or empty
		wantTLS  bool
		wantUser string
	}{
		{name: "required and offered", scheme: "smtp", query: "?starttls=required", tls: secure, wantTLS: true},
		{name: "required and not offered", scheme: "smtp", query: "?starttls=required", want: "STARTTLS"},
		{name: "optional and offered", scheme: "smtp", query: "?starttls=optional", tls: secure, wantTLS: true},
		{name: "optional and not offered", scheme: "smtp", query: "?starttls=optional"},
		{name: "never", scheme: "smtp", query: "?starttls=never", tls: secure},
		{name: "on loopback without a word", scheme: "smtp"},
		{name: "from the start", scheme: "smtps", tls: secure, wantTLS: true},
		{name: "with a password", scheme: "smtp", tls: secure, user: "ada:p%40ss%2Fword@", wantTLS: true, wantUser: "ada"},
		{name: "from the start with a password", scheme: "smtps", tls: secure, user: "ada:p%40ss%2Fword@", wantTLS: true, wantUser: "ada"},
		{name: "with a wrong password", scheme: "smtp", tls: secure, user: "ada:guess@", want: "535"},
		{name: "with a password in the open", scheme: "smtp", query: "?starttls=never", user: "ada:p%40ss%2Fword@", want: "AUTH"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var server post
			address := server.open(t, test.tls, test.scheme == "smtps")
			err := newSMTP(t, test.scheme+"://"+test.user+address+test.query).Send(t.Context(), hello())
			if test.want != "" {
				e, ok := errors.AsType[*mail.Error](err)
				if !ok || e.Permanent || e.Bounced || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want a temporary error with %q", err, test.want)
				}
				if len(server.delivered()) != 0 {
					t.Error("it was delivered all the same")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if server.secure != test.wantTLS || server.user != test.wantUser {
				t.Errorf("TLS %t, user %q", server.secure, server.user)
			}
		})
	}
}

func TestSMTPDoesNotTrustStrangers(t *testing.T) {
	var server post
	address := server.open(t, &tls.Config{Certificates: []tls.Certificate{certificate}}, true)
	// The certificate is not for this name of the same host.
	err := newSMTP(t, "smtps://"+strings.Replace(address, "127.0.0.1", "localhost", 1)).Send(t.Context(), hello())
	if err == nil || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("got %v", err)
	}
}

func TestSMTPRefusals(t *testing.T) {
	reply := func(code int, a, b, c int) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{a, b, c}, Message: "no"}
	}
	for _, test := range []struct {
		name             string
		mail, rcpt, data error
		want             mail.Error
	}{
		{name: "the sender, for now", mail: reply(451, 4, 3, 0), want: mail.Error{Code: 451}},
		{name: "the sender", mail: reply(550, 5, 1, 8), want: mail.Error{Code: 550, Permanent: true}},
		{name: "before a sign-in", mail: reply(530, 5, 7, 0), want: mail.Error{Code: 530}},
		{name: "the recipient, for now", rcpt: reply(450, 4, 2, 1), want: mail.Error{Code: 450}},
		{name: "the recipient", rcpt: reply(550, 5, 1, 1), want: mail.Error{Code: 550, Permanent: true, Bounced: true, Dead: true}},
		{name: "the recipient, whose mailbox is full", rcpt: reply(552, 5, 2, 2), want: mail.Error{Code: 552, Permanent: true, Bounced: true}},
		{name: "the recipient without a reason", rcpt: &smtp.SMTPError{Code: 553, EnhancedCode: smtp.NoEnhancedCode, Message: "no"}, want: mail.Error{Code: 553, Permanent: true, Bounced: true}},
		{name: "to relay", rcpt: reply(554, 5, 7, 1), want: mail.Error{Code: 554, Permanent: true}},
		{name: "the text, for now", data: reply(452, 4, 3, 1), want: mail.Error{Code: 452}},
		{name: "the text", data: reply(554, 5, 6, 0), want: mail.Error{Code: 554, Permanent: true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := post{mail: test.mail, rcpt: test.rcpt, data: test.data}
			err := newSMTP(t, "smtp://"+server.open(t, nil, false)).Send(t.Context(), hello())
			e, ok := errors.AsType[*mail.Error](err)
			if !ok || e.Code != test.want.Code || e.Permanent != test.want.Permanent || e.Bounced != test.want.Bounced || e.Dead != test.want.Dead {
				t.Errorf("got %+v, want %+v", e, test.want)
			}
		})
	}
}

// scripted is a server that says each of its lines in turn, each but the first
// after it has heard what the client says, and then does as told. It takes one
// connection, and with more lines one for each more.
func scripted(t *testing.T, lines []string, then func(conn net.Conn), more ...[]string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	one := func(lines []string) {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		heard := bufio.NewReader(conn)
		for i, line := range lines {
			if i > 0 {
				said, err := heard.ReadString('\n')
				// A message is heard to its end.
				for err == nil && strings.HasPrefix(lines[i-1], "354") && said != ".\r\n" {
					said, err = heard.ReadString('\n')
				}
				if err != nil {
					return
				}
			}
			fmt.Fprint(conn, line+"\r\n")
		}
		then(conn)
	}
	running.Go(func() {
		for _, script := range append([][]string{lines}, more...) {
			one(script)
		}
	})
	t.Cleanup(func() {
		listener.Close()
		running.Wait()
	})
	return listener.Addr().String()
}

// hang waits until the client has given up.
func hang(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) }

func TestSMTPBreaksOff(t *testing.T) {
	for _, test := range []struct {
		name  string
		lines []string
	}{
		{"before the greeting", nil},
		{"after the greeting", []string{"220 ready"}},
		{"at the recipient", []string{"220 ready", "250 hello", "250 go on"}},
		{"after the text", []string{"220 ready", "250 hello", "250 go on", "250 go on", "354 speak"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			address := scripted(t, test.lines, func(conn net.Conn) {
				cancel()
				hang(conn)
			})
			err := newSMTP(t, "smtp://"+address).Send(ctx, hello())
			if e, ok := errors.AsType[*mail.Error](err); !ok || e.Permanent || !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestSMTPKeepsToTheDeadline(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := newSMTP(t, "smtp://"+scripted(t, []string{"220 ready"}, hang)).Send(ctx, hello())
	if e, ok := errors.AsType[*mail.Error](err); !ok || e.Permanent || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestSMTPIsDoneOnceAccepted(t *testing.T) {
	accepted := []string{"220 ready", "250 hello", "250 go on", "250 go on", "354 speak", "250 thanks"}
	for _, test := range []struct {
		name string
		then func(net.Conn)
		more []string
	}{
		{"and the connection is cut", func(net.Conn) {}, nil},
		{"and the farewell is refused", hang, []string{"500 what?"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			send(t, newSMTP(t, "smtp://"+scripted(t, append(accepted[:6:6], test.more...), test.then)), hello())
		})
	}
}

// Messages that follow each other closely are sent over one connection. A server may
// have left it meanwhile, by a word or without: then there is another. What is refused
// is not said twice.
func TestSMTPKeepsTheConnection(t *testing.T) {
	greeting, message := []string{"220 ready", "250 hello"}, []string{"250 go on", "250 go on", "354 speak", "250 thanks"}
	first := append(greeting[:2:2], message...)
	for _, test := range []struct {
		name    string
		scripts [][]string
		fails   bool
	}{
		{"one for both", [][]string{append(first[:6:6], message...)}, false},
		{"cut meanwhile", [][]string{first, first}, false},
		{"left with a word", [][]string{append(first[:6:6], "421 you are too slow"), first}, false},
		{"cut after the text", [][]string{append(first[:6:6], "250 go on", "250 go on", "354 speak"), first}, true},
		{"the sender is refused", [][]string{append(first[:6:6], "550 not you"), first}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSMTP(t, "smtp://"+scripted(t, test.scripts[0], func(net.Conn) {}, test.scripts[1:]...))
			send(t, s, hello())
			if err := s.Send(t.Context(), hello()); (err != nil) != test.fails {
				t.Errorf("the second message: %v", err)
			}
		})
	}
}

func TestSMTPServerIsDown(t *testing.T) {
	for _, test := range []struct {
		name  string
		lines []string
	}{
		{"connection cut", nil},
		{"no service", []string{"554 no service here"}},
		{"going down", []string{"220 ready", "250 hello", "421 going down"}},
		{"cut in the middle", []string{"220 ready", "250 hello", "250 go on"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := newSMTP(t, "smtp://"+scripted(t, test.lines, func(net.Conn) {})).Send(t.Context(), hello())
			if e, ok := errors.AsType[*mail.Error](err); !ok || e.Permanent || e.Bounced {
				t.Errorf("got %v, want a temporary error", err)
			}
		})
	}
}

func TestNewSMTP(t *testing.T) {
	const from = "Acme Hosting <portal@acme.example>"
	for _, test := range []struct {
		name, address, from string
		want                string // part of the error, or empty
	}{
		{"host alone", "smtp://mail.example", from, ""},
		{"everything", "smtp://ada:secret@mail.example:2525?starttls=optional", from, ""},
		{"bare sender", "smtps://mail.example", "portal@acme.example", ""},
		{"IPv6", "smtp://[::1]:2525", from, ""},
		{"other scheme", "https://mail.example", from, "only smtp:// and smtps://"},
		{"no scheme", "mail.example:25", from, "names no host"},
		{"no host", "smtp://:25", from, "names no host"},
		{"port out of range", "smtp://mail.example:70000", from, "must be 1 to 65535"},
		{"unknown option", "smtp://mail.example?tls=1", from, "unknown option"},
		{"unknown choice", "smtp://mail.example?starttls=yes", from, "required, optional or never"},
		{"option of the other scheme", "smtps://mail.example?starttls=never", from, "takes no options"},
		{"password that is not encoded", "smtp://ada:sec%ret@mail.example", from, "percent-encoded"},
		{"no sender", "smtp://mail.example", "", "the sender address"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := mail.NewSMTP(test.address, test.from)
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "sec%ret") {
				t.Errorf("the error tells the password: %v", err)
			}
		})
	}
}
