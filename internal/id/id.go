// Package id makes the identifiers that name every row and every node.
package id

import (
	"crypto/rand"
	"encoding/binary"
	"slices"
	"strings"
	"time"
)

// The kinds of identifier, one for each table with rows that are named from
// outside.
const (
	Account       = "acct"
	User          = "user"
	Membership    = "mem"
	Role          = "role"
	Invitation    = "inv"
	Contact       = "cont"
	Event         = "evt"
	Session       = "sess"
	Transfer      = "xfer"
	Verification  = "ver"
	Delivery      = "dlv"
	Block         = "blk"
	OperatorToken = "optk"
	Provision     = "prov"
	Authenticator = "totp"
	RecoveryCode  = "reco"
	Passkey       = "pkey"
	Ceremony      = "cer"
	Device        = "dev"
	RefreshToken  = "refr"
	EmailChange   = "chg"
	Identity      = "idty"
	Notification  = "ntf"
	APIToken      = "tok"
	Webhook       = "whk"
	FormerToken   = "frmr"
	FormerAddress = "addr"
	// Call is what a delivery to a webhook is called outside: its Delivery with another
	// kind, so that what is sent twice is known again by either.
	Call = "call"
)

// alphabet is Crockford's base32 in lower case, whose order is the order of the
// bytes, so that identifiers sort by the time they were made.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// New returns a fresh TypeID such as "acct_01h455vb4pex5vsknk084sn02q": the
// kind, then a UUIDv7 in 26 characters: 48 bits of Unix milliseconds, 12 bits of
// their fraction (RFC 9562, section 6.2, method 3, so that what one transaction
// makes stays in order) and 62 bits of chance. It keeps no state between calls.
func New(kind string) string {
	b := stamp(time.Now())
	rand.Read(b[8:])
	b[8] = 0x80 | b[8]&0x3f
	return kind + "_" + encode(b)
}

// First returns the smallest identifier of the kind that New makes at the
// instant, to compare with those of a table: what is not below it was made then
// or later. The instant is not before 1970.
func First(kind string, at time.Time) string {
	b := stamp(at)
	b[8] = 0x80
	return kind + "_" + encode(b)
}

// stamp returns a UUIDv7 of the instant, without its chance.
func stamp(at time.Time) (b [16]byte) {
	ms := at.UnixMilli()
	fraction := at.Sub(time.UnixMilli(ms)).Nanoseconds() * 4096 / int64(time.Millisecond)
	binary.BigEndian.PutUint64(b[:8], uint64(ms)<<16|0x7000|uint64(fraction))
	return b
}

// Sorted returns n fresh identifiers of the kind, in ascending order.
func Sorted(kind string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = New(kind)
	}
	slices.Sort(out)
	return out
}

// encode writes 128 bits as 26 characters of five bits, the first holding three.
func encode(b [16]byte) string {
	hi, lo := binary.BigEndian.Uint64(b[:8]), binary.BigEndian.Uint64(b[8:])
	var out [26]byte
	for i := 25; i >= 0; i-- {
		out[i] = alphabet[lo&31]
		lo = lo>>5 | hi<<59
		hi >>= 5
	}
	return string(out[:])
}

// Kind returns the kind of a well-formed identifier, or "" if s is not one.
func Kind(s string) string {
	kind, rest, ok := strings.Cut(s, "_")
	if !ok || len(rest) != 26 || rest[0] > '7' || kind == "" {
		return ""
	}
	for i := range len(kind) {
		if kind[i] < 'a' || kind[i] > 'z' {
			return ""
		}
	}
	for i := range len(rest) {
		if strings.IndexByte(alphabet, rest[i]) < 0 {
			return ""
		}
	}
	return kind
}

// Is reports whether s is a well-formed identifier of the kind.
func Is(kind, s string) bool { return Kind(s) == kind }
