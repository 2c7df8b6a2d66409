package mail

import (
	"net/netip"
	"time"
)

// TwoFactorEnabled tells a user that signing in takes a code of an authenticator app
// from now on.
type TwoFactorEnabled struct {
	Name string
	At   time.Time
	// Address and Device are where it was done, as far as it is known.
	Address netip.Addr
	Device  string
	// ResetLink is where to go if it was somebody else.
	ResetLink string `mail:"link"`
}

// TwoFactorDisabled tells a user that signing in takes no code any more.
type TwoFactorDisabled struct {
	Name string
	At   time.Time
	// Address and Device are where it was done, as far as it is known.
	Address netip.Addr
	Device  string
	// PasskeysStay is true where signing in still takes a passkey.
	PasskeysStay bool `mail:"optional"`
	// ResetLink is where to go if it was somebody else.
	ResetLink string `mail:"link"`
}

// RecoveryCodesRenewed tells a user that there are fresh recovery codes and that all
// others are void.
type RecoveryCodesRenewed TwoFactorEnabled

// RecoveryCodeUsed tells a user that somebody signed in with a recovery code, and how
// many are left.
type RecoveryCodeUsed struct {
	Name string
	At   time.Time
	// Left is a number.
	Left string
	// Address and Device are where it was used, as far as it is known.
	Address netip.Addr
	Device  string
	// ResetLink is where to go if it was somebody else.
	ResetLink string `mail:"link"`
}

// TwoFactorGuessed tells a user that somebody who knows the password has guessed at
// the second factor in vain.
type TwoFactorGuessed TwoFactorEnabled

// TwoFactorLifted tells a user that the company has taken the second factors away so
// that they can sign in again.
type TwoFactorLifted struct {
	Name       string
	At         time.Time
	Reason     string
	SignInLink string `mail:"link"`
	// ResetLink is where to go for somebody who did not ask for it.
	ResetLink string `mail:"link"`
}

func (TwoFactorEnabled) Kind() string     { return "two_factor_enabled" }
func (TwoFactorDisabled) Kind() string    { return "two_factor_disabled" }
func (RecoveryCodesRenewed) Kind() string { return "recovery_codes_renewed" }
func (RecoveryCodeUsed) Kind() string     { return "recovery_code_used" }
func (TwoFactorGuessed) Kind() string     { return "two_factor_guessed" }
func (TwoFactorLifted) Kind() string      { return "two_factor_lifted" }
