package bounce

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
)

// errNoReport is a mail that is no delivery status notification.
var errNoReport = errors.New("this is no delivery status notification (RFC 3464)")

// maxRecipients is how many recipients of one notification are read.
const maxRecipients = 100

// ParseDSN reads a delivery status notification (RFC 3464): a multipart/report with
// a part for programs and, mostly, the mail that came back. Recipients who only
// wait, and those who were reached, are left out.
func ParseDSN(message []byte) ([]Report, error) {
	m, err := mail.ReadMessage(bytes.NewReader(message))
	if err != nil {
		return nil, errNoReport
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/report" || params["boundary"] == "" {
		return nil, errNoReport
	}
	var (
		out      []Report
		found    bool
		original string
	)
	parts := multipart.NewReader(m.Body, params["boundary"])
	for len(out) < maxRecipients {
		p, err := parts.NextRawPart()
		if err != nil {
			break // what is cut off at its end still says what it says
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		body := decoded(p.Header.Get("Content-Transfer-Encoding"), p)
		switch kind {
		case "message/delivery-status", "message/global-delivery-status":
			found = true
			out = append(out, recipients(body)...)
			out = out[:min(len(out), maxRecipients)]
		case "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers":
			h, _ := textproto.NewReader(bufio.NewReader(body)).ReadMIMEHeader()
			original = deliveryOf(h.Get("Message-Id"))
		}
	}
	if !found {
		return nil, errNoReport
	}
	for i := range out {
		out[i].Delivery = original
	}
	return out, nil
}

// decoded undoes the transfer encoding of a part.
func decoded(encoding string, r io.Reader) io.Reader {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "quoted-printable":
		return quotedprintable.NewReader(r)
	case "base64":
		return base64.NewDecoder(base64.StdEncoding, r)
	}
	return r
}

// recipients reads the part for programs: fields of the message, then a group of
// fields for each recipient.
func recipients(body io.Reader) []Report {
	fields := textproto.NewReader(bufio.NewReader(body))
	var out []Report
	for group := 0; group <= maxRecipients; group++ {
		h, err := fields.ReadMIMEHeader()
		if strings.EqualFold(strings.TrimSpace(h.Get("Action")), "failed") {
			words := typed(h.Get("Diagnostic-Code"))
			if words == "" {
				words = h.Get("Status")
			}
			recipient := typed(h.Get("Original-Recipient"))
			if recipient == "" {
				recipient = typed(h.Get("Final-Recipient"))
			}
			out = append(out, Report{Kind: kindOf(h.Get("Status"), words), Recipient: recipient, Words: line(words)})
		}
		if err != nil {
			break
		}
	}
	return out
}

// typed returns the value of a field with a type in front, such as
// "rfc822; ada@example.com" or "smtp; 550 5.1.1 unknown".
func typed(s string) string {
	if _, value, ok := strings.Cut(s, ";"); ok {
		s = value
	}
	return strings.TrimSpace(s)
}
