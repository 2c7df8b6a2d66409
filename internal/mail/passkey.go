package mail

import (
	"net/netip"
	"time"
)

// PasskeyAdded tells a user that somebody signs in as them with another passkey.
type PasskeyAdded struct {
	Name    string
	Passkey string
	AddedAt time.Time
	// Address and Device are where it was done, as far as it is known.
	Address netip.Addr
	Device  string
	// ResetLink is where to go if it was somebody else.
	ResetLink string `mail:"link"`
}

// PasskeyRemoved tells a user that a passkey signs in no more.
type PasskeyRemoved struct {
	Name      string
	Passkey   string
	RemovedAt time.Time
	// Address and Device are where it was done, as far as it is known.
	Address netip.Addr
	Device  string
	// ResetLink is where to go if it was somebody else.
	ResetLink string `mail:"link"`
}

// PasskeyCopySuspected tells a user that a passkey was refused, since it seems to exist
// twice.
type PasskeyCopySuspected struct {
	Name      string
	Passkey   string
	RefusedAt time.Time
	// Address and Device are where it was used, as far as it is known.
	Address    netip.Addr
	Device     string
	SignInLink string `mail:"link"`
}

func (PasskeyAdded) Kind() string         { return "passkey_added" }
func (PasskeyRemoved) Kind() string       { return "passkey_removed" }
func (PasskeyCopySuspected) Kind() string { return "passkey_copy_suspected" }
