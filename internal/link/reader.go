package link

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
)

// Reader is whoever reads the mail of a contact, at the address that it has now: with
// another address the links of its mails are dead.
type Reader struct {
	ContactID string
	// EmailKey is the address; of a link that was opened it is "", see At.
	EmailKey string
	// Category is the key of the category that the mail was in, or "".
	Category string

	mark string
}

// At reports whether a link that was opened was made for an address.
func (r Reader) At(emailKey string) bool { return r.mark == mark(emailKey) }

// mark tells addresses apart without naming them.
func mark(emailKey string) string {
	sum := sha256.Sum256([]byte(emailKey))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

func (r Reader) claim(sent time.Time) Claim {
	return Claim{ID: r.ContactID + " " + mark(r.EmailKey) + " " + r.Category, ExpiresAt: sent.Add(ReaderLifetime)}
}

// Reader returns whose link a token of one of the purposes is, and when it lapses.
// Errors: ErrInvalid.
func (r *Keyring) Reader(token string, purposes ...Purpose) (Reader, time.Time, error) {
	for _, p := range purposes {
		c, err := r.Open(p, token)
		if err != nil {
			continue
		}
		parts := strings.Split(c.ID, " ")
		if len(parts) != 3 {
			return Reader{}, time.Time{}, ErrInvalid
		}
		return Reader{ContactID: parts[0], mark: parts[1], Category: parts[2]}, c.ExpiresAt, nil
	}
	return Reader{}, time.Time{}, ErrInvalid
}

// Unsubscribe returns the address of the one-click unsubscription (RFC 8058) of a
// mail: opened it shows a page, posted to it acts. Its token stands in the query,
// since a mail program posts to it.
func (s *Site) Unsubscribe(r Reader, sent time.Time) string {
	return s.public + "/unsubscribe?token=" + s.keys.Sign(Unsubscribe, r.claim(sent))
}

// Preferences returns the link to the page where the reader of a mail chooses what to
// get.
func (s *Site) Preferences(r Reader, sent time.Time) string {
	return s.token("/preferences", Preferences, r.claim(sent))
}

// VerifyContact returns the link that proves the address of a contact.
func (s *Site) VerifyContact(c Claim) string {
	return s.token("/verify-contact", ContactVerification, c)
}
