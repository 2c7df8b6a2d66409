package mail

import (
	"net/netip"
	"time"
)

// Template is the data of one kind of letter. Render writes the letter from it.
//
// Every string in it is taken for a stranger's words: cleaned, and cut to 80
// characters, a Message to 1000. Links are checked instead, and must be
// absolute http(s) addresses of our own. A name that is not known may be empty;
// links and times are needed where no comment says otherwise.
type Template interface {
	// Kind is the name of the letter, such as "invitation". It stays the same
	// from release to release.
	Kind() string
}

// SignUp leads a new person on from their address to a name and a password.
// It does not greet them: who signed up has not proved to be them.
type SignUp struct {
	Link      string `mail:"link"`
	ExpiresAt time.Time
}

// SignUpExisting answers a sign-up with an address that has a user. From the
// outside it looks like SignUp: the subject is the same.
type SignUpExisting struct {
	Name       string
	SignInLink string `mail:"link"`
	ResetLink  string `mail:"link"`
}

// PasswordReset lets a user choose a new password.
type PasswordReset struct {
	Name      string
	Link      string `mail:"link"`
	ExpiresAt time.Time
	// Address and Device are where the request came from, as far as it is known.
	Address netip.Addr
	Device  string
}

// PasswordResetUnknown answers a request to reset the password of an address
// that has no user. Its subject is that of PasswordReset.
type PasswordResetUnknown struct {
	// Address and Device are where the request came from, as far as it is known.
	Address netip.Addr
	Device  string
}

// Invitation asks a person to join an account.
type Invitation struct {
	Account string
	// Inviter is empty if a system of the company's own invites.
	Inviter     string
	Roles       []string
	Permissions []string
	Message     string `mail:"message"`
	// AcceptLink leads to the page on which to accept or decline.
	AcceptLink string `mail:"link"`
	// UnknownSenderLink stops invitations of this account to this address.
	UnknownSenderLink string `mail:"link"`
	ExpiresAt         time.Time
	// AccessEndsAt is when the membership would end; zero if it would not.
	AccessEndsAt time.Time `mail:"optional"`
}

// InvitationReminder is sent the day before an invitation expires.
type InvitationReminder Invitation

// ConfirmInvitedAddress is for a new person who came by a link that was handed
// over: only what is mailed to the invited address proves that it is theirs.
type ConfirmInvitedAddress struct {
	Account    string
	Inviter    string
	AcceptLink string `mail:"link"`
	ExpiresAt  time.Time
}

// OwnershipTransferRequested asks the nominee to become the owner.
type OwnershipTransferRequested struct {
	Name      string
	Account   string
	Owner     string
	Link      string `mail:"link"`
	ExpiresAt time.Time
}

// OwnershipTransferAnnounced tells owner and administrators that the company hands
// the account over, since its owner is gone, and the owner how to object.
type OwnershipTransferAnnounced struct {
	Name    string
	Account string
	Owner   string
	Nominee string
	// StopLink is where the owner objects.
	StopLink    string `mail:"link"`
	EffectiveAt time.Time
}

// OwnershipTransferAssigned tells the nominee that the company makes them owner.
type OwnershipTransferAssigned struct {
	Name    string
	Account string
	Owner   string
	// Link leads to the page on which to decline.
	Link        string `mail:"link"`
	EffectiveAt time.Time
}

// AccountReady tells the owner of an account that the company has opened it.
type AccountReady struct {
	Name    string
	Account string
	Link    string `mail:"link"`
}

// AccountOrdered asks the customer for whom the company opens an account to prove
// the address and choose a password. It does not greet them: they have not proved
// to be them.
type AccountOrdered struct {
	Account   string
	Link      string `mail:"link"`
	ExpiresAt time.Time
}

// OwnershipTransferred tells the old owner and the new one, and, as a notification,
// contacts of the account.
type OwnershipTransferred struct {
	Name    string
	Account string
	// ByCompany is true where the company did it, since the owner was gone.
	ByCompany       bool `mail:"optional"`
	OldOwner        string
	NewOwner        string
	Link            string `mail:"link"`
	Category        string
	Reason          Reason
	PreferencesLink string `mail:"link,optional"`
	UnsubscribeLink string `mail:"link,optional"`
}

// OwnershipTransferDeclined tells the owner that the nominee will not have it.
type OwnershipTransferDeclined struct {
	Name    string
	Account string
	Nominee string
	Link    string `mail:"link"`
}

// OwnershipTransferCanceled tells the nominee that the offer is withdrawn.
type OwnershipTransferCanceled struct {
	Name    string
	Account string
	// By is empty if it was the company that runs the portal.
	By string
}

// OwnershipTransferStopped tells owner and administrators that what the company
// had announced to them will not happen.
type OwnershipTransferStopped struct {
	Name    string
	Account string
	Owner   string
	Nominee string
	// Declined is true where the nominee would not have it.
	Declined bool `mail:"optional"`
	// By is empty if it was the company that runs the portal.
	By   string
	Link string `mail:"link"`
}

// MemberRemoved tells a person that they are a member no longer.
type MemberRemoved struct {
	Name    string
	Account string
	// By is empty if it was the company that runs the portal.
	By string
}

// AccessEnded tells a member that their access has ended, at the end that it had.
type AccessEnded struct {
	Name    string
	Account string
	EndedAt time.Time
}

// MemberDeactivated tells a member that their access rests.
type MemberDeactivated struct {
	Name    string
	Account string
	// By is empty if it was the company that runs the portal.
	By string
}

// MemberReactivated tells a member that their access is back.
type MemberReactivated struct {
	Name    string
	Account string
	// By is empty if it was the company that runs the portal.
	By   string
	Link string `mail:"link"`
}

// PermissionsChanged tells a member what they may do now and what no longer.
type PermissionsChanged struct {
	Name    string
	Account string
	// By is empty if it was the company that runs the portal.
	By      string
	Added   []string
	Removed []string
	Link    string `mail:"link"`
}

// AccountClosed tells the members of an account that it is closed.
type AccountClosed struct {
	Name    string
	Account string
	// By is empty if it was the company that runs the portal.
	By string
}

// TwoFactorRequired tells a member with one factor that an account asks for two.
type TwoFactorRequired struct {
	Name    string
	Account string
	// By is empty if it was the company that runs the portal.
	By string
	// From is from when on; Begun is true where that has come.
	From  time.Time
	Begun bool   `mail:"optional"`
	Link  string `mail:"link"`
}

// TwoFactorReminder tells them again a few days before.
type TwoFactorReminder struct {
	Name    string
	Account string
	From    time.Time
	Link    string `mail:"link"`
}

// RecoveryLink lets a user back in whom an operator has helped.
type RecoveryLink struct {
	Name      string
	Link      string `mail:"link"`
	ExpiresAt time.Time
}

// EmailChange asks a person to prove the new address that they want to sign in with.
// It does not greet them: they have not proved to be them.
type EmailChange struct {
	Link      string `mail:"link"`
	ExpiresAt time.Time
	// Address and Device are where the request came from, as far as it is known.
	Address netip.Addr
	Device  string
}

// EmailChangeTaken answers for an address that has a user. Its subject is that of
// EmailChange.
type EmailChangeTaken struct {
	// Address and Device are where the request came from, as far as it is known.
	Address netip.Addr
	Device  string
}

// EmailChangeRequested tells the present address that another one is to take its place.
type EmailChangeRequested struct {
	Name string
	// Email is the new address.
	Email       string
	RequestedAt time.Time
	// Address and Device are where the request came from, as far as it is known.
	Address netip.Addr
	Device  string
	// ResetLink is where to go if it was somebody else.
	ResetLink string `mail:"link"`
}

// EmailChanged tells the old address that another one has taken its place, and how
// to take it back.
type EmailChanged struct {
	Name string
	// Email is the new address.
	Email     string
	ChangedAt time.Time
	UndoLink  string `mail:"link"`
	// ExpiresAt is until when it can be undone.
	ExpiresAt time.Time
}

// EmailRestored tells an address that one before it has taken its place again.
type EmailRestored struct {
	Name string
	// Email is the restored address.
	Email      string
	RestoredAt time.Time
}

// UserDeleted says good-bye to a person who has deleted their user.
type UserDeleted struct {
	Name      string
	DeletedAt time.Time
	// MovedTo is what the person had signed in with at last, for an address from which
	// they had moved to it: who reads that mail may not be who did so. Else "".
	MovedTo string
}

// SessionsEnded tells a user whom an operator has signed out everywhere.
type SessionsEnded struct {
	Name       string
	EndedAt    time.Time
	SignInLink string `mail:"link"`
	// ResetLink is where to go for somebody who doubts their password.
	ResetLink string `mail:"link"`
}

func (SignUp) Kind() string                     { return "sign_up" }
func (SignUpExisting) Kind() string             { return "sign_up_existing" }
func (PasswordReset) Kind() string              { return "password_reset" }
func (PasswordResetUnknown) Kind() string       { return "password_reset_unknown" }
func (Invitation) Kind() string                 { return "invitation" }
func (InvitationReminder) Kind() string         { return "invitation_reminder" }
func (ConfirmInvitedAddress) Kind() string      { return "confirm_invited_address" }
func (OwnershipTransferRequested) Kind() string { return "ownership_transfer_requested" }
func (OwnershipTransferAnnounced) Kind() string { return "ownership_transfer_announced" }
func (OwnershipTransferAssigned) Kind() string  { return "ownership_transfer_assigned" }
func (AccountReady) Kind() string               { return "account_ready" }
func (AccountOrdered) Kind() string             { return "account_ordered" }
func (OwnershipTransferStopped) Kind() string   { return "ownership_transfer_stopped" }
func (OwnershipTransferred) Kind() string       { return "ownership_transferred" }
func (OwnershipTransferDeclined) Kind() string  { return "ownership_transfer_declined" }
func (OwnershipTransferCanceled) Kind() string  { return "ownership_transfer_canceled" }
func (MemberRemoved) Kind() string              { return "member_removed" }
func (AccessEnded) Kind() string                { return "access_ended" }
func (MemberDeactivated) Kind() string          { return "member_deactivated" }
func (MemberReactivated) Kind() string          { return "member_reactivated" }
func (PermissionsChanged) Kind() string         { return "permissions_changed" }
func (AccountClosed) Kind() string              { return "account_closed" }
func (TwoFactorRequired) Kind() string          { return "two_factor_required" }
func (TwoFactorReminder) Kind() string          { return "two_factor_reminder" }
func (RecoveryLink) Kind() string               { return "recovery_link" }
func (SessionsEnded) Kind() string              { return "sessions_ended" }
func (EmailChange) Kind() string                { return "email_change" }
func (EmailChangeTaken) Kind() string           { return "email_change_taken" }
func (EmailChangeRequested) Kind() string       { return "email_change_requested" }
func (EmailChanged) Kind() string               { return "email_changed" }
func (EmailRestored) Kind() string              { return "email_restored" }
func (UserDeleted) Kind() string                { return "user_deleted" }
