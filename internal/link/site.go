package link

import (
	"strings"
	"time"
)

// Site makes the links of this portal. They begin with the configured public
// address and nothing else: no header of a request has a say. Tokens travel in
// the fragment, which browsers never send, so they are in nobody's log.
type Site struct {
	public string
	keys   *Keyring
}

// NewSite returns the site at a public address such as "https://portal.example".
func NewSite(public string, keys *Keyring) *Site {
	return &Site{strings.TrimRight(public, "/"), keys}
}

// Public returns the address of a page of the portal.
func (s *Site) Public(path string) string { return s.public + path }

func (s *Site) token(page string, p Purpose, c Claim) string {
	return s.public + page + "#token=" + s.keys.Sign(p, c)
}

// SignUp returns the link that finishes signing up.
func (s *Site) SignUp(c Claim) string { return s.token("/sign-up", SignUp, c) }

// Reset returns the link that sets a new password.
func (s *Site) Reset(c Claim) string { return s.token("/reset-password", PasswordReset, c) }

// Recover returns the link that an operator hands to somebody locked out.
func (s *Site) Recover(c Claim) string { return s.token("/reset-password", Recovery, c) }

// Denial returns the link by which a person who is told of an event says that it was
// not them.
func (s *Site) Denial(eventID string, happened time.Time) string {
	return s.token("/not-me", Denial, Claim{ID: eventID, ExpiresAt: happened.Add(DenialLifetime)})
}

// ConfirmEmail returns the link that proves a new address of a user.
func (s *Site) ConfirmEmail(c Claim) string { return s.token("/confirm-email", EmailChange, c) }

// UndoEmail returns the link that takes a change of address back.
func (s *Site) UndoEmail(c Claim) string { return s.token("/undo-email", EmailUndo, c) }

// Invitation returns the link of an invitation: the mailed one proves the
// address, the one handed over does not.
func (s *Site) Invitation(c Claim, mailed bool) string {
	if mailed {
		return s.token("/invitation", Invitation, c)
	}
	return s.token("/invitation", InvitationHandedOver, c)
}

// UnknownSender returns the link that stops an account from inviting an address.
func (s *Site) UnknownSender(invitationID string, sent time.Time) string {
	return s.token("/unknown-sender", UnknownSender, Claim{ID: invitationID, ExpiresAt: sent.AddDate(1, 0, 0)})
}
