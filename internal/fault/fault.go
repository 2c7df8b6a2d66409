// Package fault names every way Tenantry can refuse a request.
package fault

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

// Code is the stable, machine-readable reason for a refusal. The list equals
// the ErrorCode enum of the schema.
type Code string

// Refusals that end a request. The API reports them as top-level errors.
const (
	Unauthenticated Code = "UNAUTHENTICATED"
	Forbidden       Code = "FORBIDDEN"
	Internal        Code = "INTERNAL"
)

// Refusals that a correct client meets in ordinary use. A mutation reports
// them in its payload, a query as a top-level error.
const (
	NotFound              Code = "NOT_FOUND"
	BadInput              Code = "BAD_INPUT"
	Conflict              Code = "CONFLICT"
	RateLimited           Code = "RATE_LIMITED"
	QuotaExceeded         Code = "QUOTA_EXCEEDED"
	ReauthRequired        Code = "REAUTH_REQUIRED"
	TwoFactorRequired     Code = "TWO_FACTOR_REQUIRED"
	AccountClosed         Code = "ACCOUNT_CLOSED"
	AccountSuspended      Code = "ACCOUNT_SUSPENDED"
	MembershipDeactivated Code = "MEMBERSHIP_DEACTIVATED"
	OwnerProtected        Code = "OWNER_PROTECTED"
	CannotEditSelf        Code = "CANNOT_EDIT_SELF"
	PermissionOutOfReach  Code = "PERMISSION_OUT_OF_REACH"
	RoleTypeCeiling       Code = "ROLE_TYPE_CEILING"
	RoleInUse             Code = "ROLE_IN_USE"
	RolePredefined        Code = "ROLE_PREDEFINED"
	RiskNotAcknowledged   Code = "RISK_NOT_ACKNOWLEDGED"
	InvitationExpired     Code = "INVITATION_EXPIRED"
	InvitationCanceled    Code = "INVITATION_CANCELED"
	InvitationDeclined    Code = "INVITATION_DECLINED"
	InvitationUsed        Code = "INVITATION_USED"
	InvitationMismatch    Code = "INVITATION_EMAIL_MISMATCH"
	InvitationCooldown    Code = "INVITATION_COOLDOWN"
	InvitationMaxSends    Code = "INVITATION_MAX_SENDS"
	InviterLostRights     Code = "INVITER_LOST_RIGHTS"
	LastRecipient         Code = "LAST_RECIPIENT"
	TransferPending       Code = "TRANSFER_PENDING"
	DuplicateEmail        Code = "DUPLICATE_EMAIL"
	InvalidCredentials    Code = "INVALID_CREDENTIALS"
	InvalidToken          Code = "INVALID_TOKEN"
	WeakPassword          Code = "WEAK_PASSWORD"
)

// Error is a refusal. It is safe to show to whoever asked and never wraps an
// internal cause.
type Error struct {
	Code Code
	// Field is the dotted path of the input field at fault, such as
	// "emails.3.email"; empty when no field is.
	Field   string
	Message string
	// RetryAfter is how long to wait before the same request can succeed; zero
	// when waiting does not help.
	RetryAfter time.Duration
}

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.Code, e.Message) }

// Is matches by code, so errors.Is(err, &fault.Error{Code: fault.NotFound}) works.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// New returns a refusal that concerns no particular input field.
func New(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// On returns a refusal that concerns one input field.
func On(field string, code Code, format string, args ...any) *Error {
	return &Error{Code: code, Field: field, Message: fmt.Sprintf(format, args...)}
}

// Wait returns a refusal that time alone will lift.
func Wait(code Code, after time.Duration, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), RetryAfter: after}
}

// Caught runs what must not end the program, whatever it meets: a panic becomes an
// error, with where it happened. It is for work that nobody waits for, since what ends
// the program there would end it again after every start.
func Caught(do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return do()
}

// Missing is the one answer for an object that is not there and for one that
// the actor may not know of.
func Missing(what string) *Error { return New(NotFound, "There is no such %s.", what) }

// Hide turns any refusal into the answer for a thing that is not there, for
// somebody who may not know of it. Other errors pass as they are: a database that
// is away is no reason to say that something does not exist.
func Hide(err error, what string) error {
	if All(err) != nil {
		return Missing(what)
	}
	return err
}

// SignIn is the answer to nobody.
func SignIn() *Error { return New(Unauthenticated, "Sign in first.") }

// Has reports whether err is, or holds, a refusal with the code.
func Has(err error, code Code) bool { return errors.Is(err, &Error{Code: code}) }

// All returns every refusal in err, in order: one for a plain *Error, several
// for a joined error that holds nothing else. It returns nil if err holds
// anything that is not a refusal.
func All(err error) []*Error {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error:
		return []*Error{e}
	case interface{ Unwrap() []error }:
		var out []*Error
		for _, part := range e.Unwrap() {
			sub := All(part)
			if sub == nil {
				return nil
			}
			out = append(out, sub...)
		}
		return out
	}
	if one, ok := errors.AsType[*Error](err); ok {
		return []*Error{one}
	}
	return nil
}

// Fatal reports whether the refusal ends the request rather than being an
// outcome of it.
func (c Code) Fatal() bool { return c == Unauthenticated || c == Forbidden || c == Internal }
