package access

import (
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
)

// TwoFactorFrom returns from when on an account keeps out whoever signs in with one
// factor: the date of its own policy or of that of the account above, whichever is
// earlier. Nil if neither asks for two.
func TwoFactorFrom(a, parent *ent.Account) *time.Time {
	from := a.TwoFactorFrom
	if parent != nil && parent.TwoFactorFrom != nil && (from == nil || parent.TwoFactorFrom.Before(*from)) {
		from = parent.TwoFactorFrom
	}
	return from
}

// TwoFactorDue returns from when on an account keeps a person out for want of a
// second factor, be it past or to come. Nil if it does not.
func TwoFactorDue(u *ent.User, a, parent *ent.Account) *time.Time {
	if twoFactors(u) {
		return nil
	}
	return TwoFactorFrom(a, parent)
}

// KeptOut reports whether an account keeps a person out now, for want of a second
// factor.
func KeptOut(u *ent.User, a, parent *ent.Account) bool {
	due := TwoFactorDue(u, a, parent)
	return due != nil && !instant.Now().Before(*due)
}

// twoFactors reports whether signing in as the person takes two factors.
func twoFactors(u *ent.User) bool { return u != nil && u.TwoFactorAt != nil }

func needTwoFactors(a *ent.Account) error {
	return fault.New(fault.TwoFactorRequired, "%s asks for two factors. Turn two-factor authentication on for yourself, which is always possible, and you are in.", a.Name)
}

// KeptOut reports whether the account keeps the person out for want of a second
// factor, the owner as well.
func (s *Standing) KeptOut() bool { return s.keptOut }

// Admits reports whether addresses of a domain, in its ASCII form, can be invited to an
// account: where it or the account above names domains, the domain has to be among
// them, as such and not as a part of one.
func Admits(a, parent *ent.Account, domain string) bool {
	named := func(a *ent.Account) bool {
		return a == nil || len(a.AllowedDomains) == 0 || slices.Contains(a.AllowedDomains, domain)
	}
	return named(a) && named(parent)
}
