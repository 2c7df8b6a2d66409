// Package link makes and opens the unforgeable tokens of links that are mailed or handed over.
package link

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// Purpose is what a link is good for. A token made for one purpose is invalid
// for every other. The numbers are part of tokens already sent: new purposes
// are added at the end, and none is renumbered.
type Purpose byte

// The purposes of links.
const (
	// SignUp proves the address of somebody who wants to become a user.
	SignUp Purpose = iota + 1
	// PasswordReset lets a user set a new password.
	PasswordReset
	// Invitation is mailed to the invited address, and so proves it.
	Invitation
	// InvitationHandedOver is given to the inviter, and so proves no address.
	InvitationHandedOver
	// UnknownSender stops further invitations from an account to an address.
	UnknownSender
	// Recovery is handed out by the operator to somebody who is locked out.
	Recovery
	// Denial says that something was not done by the person who was told of it.
	Denial
	// EmailChange proves a new address of a user, who is signed in besides.
	EmailChange
	// EmailUndo takes a change of address back, for whoever has the old mailbox.
	EmailUndo
	// Unsubscribe ends one category for whoever reads the mail of a contact.
	Unsubscribe
	// Preferences lets whoever reads the mail of a contact choose their categories.
	Preferences
	// ContactVerification proves the address of a contact.
	ContactVerification
)

// ReaderLifetime is how long the links in the foot of a notification work.
const ReaderLifetime = 365 * 24 * time.Hour

// DenialLifetime is how long after it happened something can be denied.
const DenialLifetime = 7 * 24 * time.Hour

// Claim is what a token asserts.
type Claim struct {
	// ID names the row the link is about.
	ID string
	// Generation is the row's counter when the link was made. Raising the
	// counter kills every link made before; comparing the two is the caller's.
	Generation int
	// ExpiresAt is when the link lapses, in whole seconds: Sign drops what is
	// below, Open gives UTC. Judging it is the caller's, who knows how to say it.
	ExpiresAt time.Time
}

// ErrInvalid is the one answer to a token that this keyring did not make for
// this purpose, whatever is wrong with it.
var ErrInvalid = errors.New("link: invalid token")

// macSize is 128 bits of the HMAC-SHA256: there is no guessing offline, and a
// shorter link survives more mail programs.
const macSize = 16

// strict refuses tail bits that a lenient decoder would drop.
var strict = base64.RawURLEncoding.Strict()

// Sign returns the token for the claim: URL-safe text without padding, about 75
// characters for a row's ID, made with the keyring's primary key. The same
// claim gives the same token.
func (r *Keyring) Sign(p Purpose, c Claim) string {
	k := r.keys[0]
	b := make([]byte, 0, 1+2*binary.MaxVarintLen64+len(c.ID)+macSize)
	b = append(b, k.id)
	b = binary.AppendVarint(b, c.ExpiresAt.Unix())
	b = binary.AppendVarint(b, int64(c.Generation))
	b = append(b, c.ID...)
	return strict.EncodeToString(k.mac(b, p, b))
}

// Open returns the claim of a token made by Sign for the same purpose with any
// key of the keyring. Anything else is ErrInvalid. Whether the claim has
// expired, or its generation has passed, is for the caller to judge.
func (r *Keyring) Open(p Purpose, token string) (Claim, error) {
	b, err := strict.DecodeString(token)
	// The decoder skips line breaks, which would give one link many spellings.
	if err != nil || strict.EncodedLen(len(b)) != len(token) || len(b) < 1+macSize {
		return Claim{}, ErrInvalid
	}
	body, sum := b[:len(b)-macSize], b[len(b)-macSize:]
	k, ok := r.find(body[0])
	if !ok || !hmac.Equal(sum, k.mac(nil, p, body)) {
		return Claim{}, ErrInvalid
	}
	return parse(body[1:])
}

// parse reads the part of a token between key id and MAC. Only Sign can have
// written it, since the MAC has been checked; a fault in it is an old format.
func parse(body []byte) (Claim, error) {
	expiry, n := binary.Varint(body)
	if n <= 0 {
		return Claim{}, ErrInvalid
	}
	generation, m := binary.Varint(body[n:])
	if m <= 0 {
		return Claim{}, ErrInvalid
	}
	return Claim{
		ID:         string(body[n+m:]),
		Generation: int(generation),
		ExpiresAt:  time.Unix(expiry, 0).UTC(),
	}, nil
}

// mac appends the MAC of purpose and body to dst.
func (k key) mac(dst []byte, p Purpose, body []byte) []byte {
	h := hmac.New(sha256.New, k.forLinks)
	h.Write([]byte{byte(p)})
	h.Write(body)
	return append(dst, h.Sum(nil)[:macSize]...)
}
