// Package bounce hears of mail that was accepted and did not arrive: what mail
// servers send back (RFC 3464), and what the companies that deliver mail report.
package bounce

import (
	"regexp"
	"strings"

	"tenantry/internal/mail"
)

// Kind is what became of a mail.
type Kind string

// The kinds.
const (
	// Dead is an address that does not exist, or no longer: nothing will ever arrive.
	Dead Kind = "DEAD"
	// Refused is a mail that was not delivered, where another may be: a full mailbox, a
	// policy, a server that was away for days.
	Refused Kind = "REFUSED"
	// Complaint is a reader who called the mail spam.
	Complaint Kind = "COMPLAINT"
)

// Report is what became of one mail to one recipient.
type Report struct {
	Kind Kind
	// Delivery is the id of the delivery, taken from the Message-ID; "" if it is not
	// known, or the mail was not ours.
	Delivery string
	// Recipient is the address that it concerns, as the reporter writes it.
	Recipient string
	// Words are what the reporter says, one line of at most 300 bytes.
	Words string
	// Trusted is a report of a company that delivers our mail, which proved who it is.
	// What a stranger's mail says has to name one of our deliveries.
	Trusted bool
}

var enhanced = regexp.MustCompile(`\b[245]\.[0-9]{1,3}\.[0-9]{1,3}\b`)

// kindOf judges a failure by its enhanced status code. One that says nothing
// ("5.0.0") or is missing is made up for by the code in the server's words.
func kindOf(status, words string) Kind {
	status = enhanced.FindString(status)
	if status == "" || strings.HasSuffix(status, ".0.0") {
		status = enhanced.FindString(words)
	}
	if mail.DeadAddress(status) {
		return Dead
	}
	return Refused
}

// deliveryOf returns the id of the delivery in a Message-ID of ours, such as
// "<dlv_01h…@portal.example>", or "".
func deliveryOf(messageID string) string {
	messageID = strings.Trim(messageID, "<> \t")
	left, _, _ := strings.Cut(messageID, "@")
	return left
}

// line makes one line of what a stranger wrote.
func line(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	for len(s) > 300 {
		s = s[:300]
		s = strings.ToValidUTF8(s, "")
	}
	return s
}
