package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	gomail "github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// How long connecting, and the whole of one delivery, may take at most.
const (
	dialTimeout = 10 * time.Second
	sendTimeout = 45 * time.Second
)

// A connection is kept for so long after a message, and for so many messages.
const (
	idleTimeout = time.Second
	maxMessages = 100
)

// SMTP sends through a mail server, messages that follow each other closely over one
// connection. It is safe for concurrent use.
type SMTP struct {
	host     string
	implicit bool
	from     *netmail.Address
	options  []gomail.Option
	signer   *Signer // nil for none

	mu      sync.Mutex
	waiting *connection
}

// NewSMTP returns a sender that uses the server at address and connects to it
// only when there is something to send. The address is
//
//	smtp://user:password@host:587?starttls=required
//	smtps://user:password@host:465
//
// The port may be left out, and so may user and password. Without a ?starttls=
// of required, optional or never it is required, but optional on loopback; a
// password travels encrypted or not at all. From is the sender of every
// message, such as "Acme Hosting <portal@acme.example>".
func NewSMTP(address, from string) (*SMTP, error) {
	u, err := url.Parse(address)
	if err != nil {
		// The cause would repeat the address with its password.
		return nil, errors.New("the SMTP address cannot be read; it looks like smtp://user:password@host:587, with reserved characters percent-encoded")
	}
	sender, err := senderAddress(from)
	if err != nil {
		return nil, err
	}
	s := &SMTP{host: u.Hostname(), implicit: u.Scheme == "smtps", from: sender}
	if s.host == "" {
		return nil, errors.New("the SMTP address names no host")
	}

	port, policy := 587, gomail.TLSMandatory
	switch u.Scheme {
	case "smtp":
		if policy, err = startTLS(u); err != nil {
			return nil, err
		}
	case "smtps":
		if u.RawQuery != "" {
			return nil, errors.New("an smtps:// address takes no options")
		}
		// The connection is encrypted before go-mail sees it, and a server that
		// is spoken to in TLS offers no STARTTLS.
		port, policy = 465, gomail.TLSOpportunistic
	default:
		return nil, fmt.Errorf("the SMTP address begins with %q; only smtp:// and smtps:// are known", u.Scheme)
	}
	if p := u.Port(); p != "" {
		if port, err = strconv.Atoi(p); err != nil || port < 1 || port > 65535 {
			return nil, fmt.Errorf("the SMTP address has the port %s; it must be 1 to 65535", p)
		}
	}

	s.options = []gomail.Option{
		gomail.WithPort(port),
		gomail.WithTLSPolicy(policy),
		gomail.WithTimeout(sendTimeout),
		// Two round trips that are not needed: a connection that waited is tried with
		// the next message, and one on which a message failed is not used again.
		gomail.WithoutNoop(),
		gomail.WithoutRset(),
		// Asked for, a relay refuses to pass the message to a server without it,
		// although every header is ASCII.
		gomail.WithoutSMTPUTF8(),
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.options = append(s.options,
			gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover),
			gomail.WithUsername(u.User.Username()),
			gomail.WithPassword(password))
	}
	return s, nil
}

// Sign has every message signed.
func (s *SMTP) Sign(with *Signer) { s.signer = with }

// startTLS reads what the address says about STARTTLS.
func startTLS(u *url.URL) (gomail.TLSPolicy, error) {
	query := u.Query()
	for key := range query {
		if key != "starttls" {
			return 0, fmt.Errorf("the SMTP address has an unknown option %q; there is only starttls", key)
		}
	}
	switch choice := query.Get("starttls"); choice {
	case "required":
		return gomail.TLSMandatory, nil
	case "optional":
		return gomail.TLSOpportunistic, nil
	case "never":
		return gomail.NoTLS, nil
	case "":
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return gomail.TLSOpportunistic, nil
		}
		return gomail.TLSMandatory, nil
	default:
		return 0, fmt.Errorf("the SMTP address has starttls=%s; it must be required, optional or never", choice)
	}
}

// Send hands m to the server and waits until it is accepted or refused, 45
// seconds at most. It keeps to the deadline of ctx, and breaks off when ctx is
// done. A message that the server has accepted is sent, whatever happens to the
// connection afterwards.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	msg, err := compose(s.from, m)
	if err != nil {
		return err
	}
	if s.signer != nil {
		if err := s.signer.sign(msg); err != nil {
			return &Error{err: err}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()

	c := s.kept(ctx)
	for {
		used := c != nil
		if !used {
			if c, err = s.connect(ctx); err != nil {
				break
			}
		}
		err = c.client.SendWithSMTPClient(c.session, msg)
		switch {
		case err == nil:
			s.keep(c)
			return nil
		case msg.IsDelivered():
			c.conn.Close()
			return nil
		}
		c.end()
		// A server may leave a connection that waits. Nothing was said to it of the
		// message, so it can be said to another.
		if !used || ctx.Err() != nil || !left(err) {
			break
		}
		c = nil
	}
	if ctx.Err() != nil {
		return &Error{err: ctx.Err()}
	}
	return judge(err)
}

// connection is one that has greeted the server.
type connection struct {
	client  *gomail.Client
	session *smtp.Client
	conn    net.Conn
	// free lets go of the context that ends the connection, and reports whether it
	// has not ended it.
	free func() bool
	// messages are how many it has been used for.
	messages int
	idle     *time.Timer
}

// connect opens a connection, which ends when ctx does unless it is freed.
func (s *SMTP) connect(ctx context.Context) (*connection, error) {
	c := &connection{}
	dial := func(dialing context.Context, network, address string) (net.Conn, error) {
		dialer := net.Dialer{Timeout: dialTimeout}
		conn, err := dialer.DialContext(dialing, network, address)
		if err != nil {
			return nil, err
		}
		// go-mail forgets the context once it is connected, and on many failures
		// the connection too. Closing it here ends whatever it waits for.
		c.conn, c.free = conn, context.AfterFunc(ctx, func() { conn.Close() })
		if !s.implicit {
			return conn, nil
		}
		secure := tls.Client(conn, &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12})
		return secure, secure.HandshakeContext(dialing)
	}
	var err error
	if c.client, err = gomail.NewClient(s.host, append(slices.Clone(s.options), gomail.WithDialContextFunc(dial))...); err != nil {
		return nil, err
	}
	c.session, err = c.client.DialToSMTPClientWithContext(ctx)
	return c, err
}

// end says goodbye, if the server still listens.
func (c *connection) end() {
	_ = c.client.CloseWithSMTPClient(c.session)
	c.conn.Close()
}

// kept returns the connection that waits for another message, if there is one; it
// ends when ctx does unless it is freed.
func (s *SMTP) kept(ctx context.Context) *connection {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.waiting
	if s.waiting = nil; c == nil || !c.idle.Stop() {
		return nil
	}
	c.free = context.AfterFunc(ctx, func() { c.conn.Close() })
	return c
}

// keep has a connection wait for another message, for a moment: mails come in
// bursts. One waits at most.
func (s *SMTP) keep(c *connection) {
	if !c.free() {
		return // ended with its context
	}
	c.messages++
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting != nil || c.messages >= maxMessages {
		go c.end()
		return
	}
	s.waiting = c
	c.idle = time.AfterFunc(idleTimeout, func() {
		s.mu.Lock()
		if s.waiting == c {
			s.waiting = nil
		}
		s.mu.Unlock()
		c.end()
	})
}

// left reports whether the server was gone before it heard of the message.
func left(err error) bool {
	e, ok := errors.AsType[*gomail.SendError](err)
	return ok && (e.Reason == gomail.ErrConnCheck || e.Reason == gomail.ErrSMTPMailFrom) && (e.ErrorCode() == 0 || e.ErrorCode() == 421)
}

// judge sorts the failures of go-mail into those that time can mend and those
// it cannot.
func judge(err error) *Error {
	refusal, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		// Connecting or signing in failed, which says nothing about the message.
		return &Error{err: err}
	}
	e := &Error{Code: refusal.ErrorCode(), err: err}
	switch e.Code {
	case 530, 534, 535, 538:
		// The server wants us to sign in otherwise: ours to mend, not the
		// message's end.
	default:
		e.Permanent = e.Code >= 500
	}
	// 5.7.x is a policy, such as a relay that does not know us.
	e.Bounced = e.Permanent && refusal.Reason == gomail.ErrSMTPRcptTo &&
		!strings.HasPrefix(refusal.EnhancedStatusCode(), "5.7.")
	e.Dead = e.Bounced && DeadAddress(refusal.EnhancedStatusCode())
	return e
}
