package mail

import (
	"net/netip"
	"slices"
	"time"
)

// Happening is something that a person is told of since somebody else may have done
// it: the action of an event, such as "password.changed".
type Happening string

// happenings are all that people are told of. Each has words in the file of each
// language: a subject, and a detail, in which a fact may stand.
var happenings = []Happening{
	"session.started", "refresh_token.reused",
	"password.changed", "password.reset",
	"two_factor.enabled", "two_factor.disabled", "two_factor.lifted", "two_factor.guessed",
	"recovery_codes.renewed", "recovery_code.used",
	"passkey.added", "passkey.removed", "passkey.copy_suspected",
	"identity.linked", "identity.unlinked",
}

// Told reports whether people are told of an event with the action.
func Told(action string) bool { return slices.Contains(happenings, Happening(action)) }

// SecurityNotice tells a person what happened to the ways in which they sign in.
type SecurityNotice struct {
	Name string
	What Happening
	At   time.Time
	// Address and Device are where it was done, as far as it is known.
	Address netip.Addr
	Device  string
	// Fact is what the words about it leave open: the name of a passkey, a number, a
	// reason. Empty where they leave nothing open.
	Fact string `mail:"optional"`
	// DenyLink is where to say that it was somebody else.
	DenyLink  string `mail:"link"`
	ExpiresAt time.Time
}

// ActivityDenied leads back in who has said that something was not them.
type ActivityDenied struct {
	Name      string
	Link      string `mail:"link"`
	ExpiresAt time.Time
}

func (SecurityNotice) Kind() string { return "security_notice" }
func (ActivityDenied) Kind() string { return "activity_denied" }
