// Package mail writes the letters of Tenantry and hands them to a mail server or to the built-in mailbox.
package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"slices"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// What compose cuts a header text down to, in runes.
const (
	maxSubject = 150
	maxName    = 80
)

// Sender hands one message on. A nil error means that the message was accepted
// for delivery; any other is an *Error, which says whether trying again can
// help.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Message is one mail to one person.
type Message struct {
	// ID becomes the Message-ID "<ID@domain of the sender>", so that a message
	// sent twice can be known for the same. 1 to 128 of A–Z a–z 0–9 . _ -
	ID string
	// To is the bare address, such as "ada@example.com".
	To string
	// ToName is what the recipient is called, or empty. It is passed through
	// Clean.
	ToName string
	// Subject is put on one line and cut to 150 characters.
	Subject string
	// Text is the plain part; it must not be empty.
	Text string
	// HTML is the same for those who like it pretty, a whole document; empty for
	// a message in plain text only.
	HTML string
	// Unsubscribe is the http(s) address of the one-click unsubscription of RFC
	// 8058; empty for a message that nobody can unsubscribe from.
	Unsubscribe string
}

// Error is why a message was not accepted.
type Error struct {
	// Code is the SMTP reply, such as 550; 0 if no server gave one.
	Code int
	// Permanent is true if the same message would be refused again. A server
	// that is down, slow, or refuses our own sign-in is not permanent.
	Permanent bool
	// Bounced is true if it is the recipient's address that the server refuses
	// for good. It implies Permanent.
	Bounced bool
	// Dead is true if the address does not exist, so that nothing will ever arrive
	// there. It implies Bounced.
	Dead bool

	err error
}

func (e *Error) Error() string { return "send mail: " + e.err.Error() }

// Unwrap gives the cause, such as context.DeadlineExceeded.
func (e *Error) Unwrap() error { return e.err }

// dead are the enhanced status codes (RFC 3463, RFC 7505) of an address that does
// not exist. A full mailbox (5.2.2) or a policy (5.7.x) says nothing of the kind.
var dead = []string{"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}

// DeadAddress reports whether an enhanced status code (RFC 3463) such as "5.1.1" says
// that the address does not exist.
func DeadAddress(status string) bool { return slices.Contains(dead, status) }

// unsendable is the error for a message that no server would ever see.
func unsendable(format string, args ...any) *Error {
	return &Error{Permanent: true, err: fmt.Errorf(format, args...)}
}

// isMessageID reports whether an ID is always a valid left side of a Message-ID, and
// always one segment of a path.
func isMessageID(s string) bool {
	return len(s) >= 1 && len(s) <= 128 && s[0] != '.' && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '_' || r == '-')
	})
}

// compose makes the MIME message, the same for every sender. Only what is set
// here becomes a header; Date, MIME-Version and Content-Type are go-mail's.
func compose(from *netmail.Address, m Message) (*gomail.Msg, error) {
	if !isMessageID(m.ID) {
		return nil, unsendable("the message id %q cannot be used", shorten(flatten(m.ID), maxName))
	}
	to, err := bareAddress(m.To)
	if err != nil {
		return nil, unsendable("the recipient of %s: %w", m.ID, err)
	}
	if m.Text == "" {
		return nil, unsendable("%s has no text", m.ID)
	}
	// net/mail writes a backslash beside a letter that is not ASCII in a way that
	// it cannot read itself.
	to.Name = headerWords(strings.ReplaceAll(Clean(m.ToName, maxName), `\`, "/"), maxName)
	_, domain, _ := strings.Cut(from.Address, "@")

	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(from)
	msg.ToMailAddress(to)
	msg.Subject(headerWords(m.Subject, maxSubject))
	msg.SetMessageIDWithValue(m.ID + "@" + domain)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	if m.Unsubscribe != "" {
		if err := checkLink(m.Unsubscribe); err != nil {
			return nil, unsendable("the unsubscribe address of %s: %w", m.ID, err)
		}
		msg.SetListUnsubscribe(m.Unsubscribe)
		msg.SetListUnsubscribePost()
	}
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// bareAddress takes "ada@example.com" and nothing around it.
func bareAddress(s string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Address != s {
		return nil, errors.New("not a bare mail address")
	}
	return a, nil
}

// senderAddress reads "ada@example.com" or "Ada <ada@example.com>".
func senderAddress(s string) (*netmail.Address, error) {
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return nil, fmt.Errorf("the sender address %q: %w", s, err)
	}
	return a, nil
}
