package mail

import (
	"strconv"
	"strings"
)

// Reply returns what the mail server answered, such as "550 5.1.1 No such user", on one
// line; "" if no server gave an answer.
func (e *Error) Reply() string {
	if e.Code == 0 || e.err == nil {
		return ""
	}
	code := strconv.Itoa(e.Code)
	_, said, ok := strings.Cut(e.err.Error(), code+" ")
	if !ok {
		return code
	}
	// go-mail puts its own words behind those of the server.
	for _, own := range []string{", affected recipient(s): ", ", affected message ID: "} {
		said, _, _ = strings.Cut(said, own)
	}
	if plain, err := strconv.Unquote(said); err == nil {
		said = plain
	}
	return shorten(flatten(code+" "+said), 300)
}

// MessageID returns the Message-ID of a message with the id that a sender hands on, or
// "" for a sender that is none of this package's.
func MessageID(s Sender, id string) string {
	var from string
	switch s := s.(type) {
	case *SMTP:
		from = s.from.Address
	case *Mailbox:
		from = s.from.Address
	default:
		return ""
	}
	_, domain, _ := strings.Cut(from, "@")
	return "<" + id + "@" + domain + ">"
}
