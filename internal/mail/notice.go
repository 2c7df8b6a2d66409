package mail

import (
	"fmt"
	"net/netip"
	"strings"
	"text/template"
	"time"
)

// Happening is something that a person is told of since somebody else may have done
// it: the action of an event, such as "password.changed".
type Happening string

// Told reports whether people are told of an event with the action. To tell of another
// one, add a line to the words of each language.
func Told(action string) bool {
	_, ok := languages[fallback].happenings[Happening(action)]
	return ok
}

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

// happened is how a language tells of a happening.
type happened struct {
	// subject is what happened, with a %s for the name of the company: half a sentence
	// that goes on with the time.
	subject string
	// detail is what else there is to know, if there is something. Where it has a %s
	// there is a fact.
	detail string
}

// englishHappenings are all that people are told of.
var englishHappenings = map[Happening]happened{
	"session.started":        {"Your sign-in at %s was used on a new device", "Nobody had signed in as you with this browser or app before."},
	"refresh_token.reused":   {"A session of yours at %s was ended", "A key of this app's session was used twice, as happens when somebody has copied it. The session was ended. Sign in again in the app; if it goes on, ask its makers."},
	"password.changed":       {"Your password at %s was changed", "Everything else that was signed in has been signed out."},
	"password.reset":         {"Your password at %s was changed", "It was done with a link that was mailed to you. Everything that was signed in has been signed out."},
	"two_factor.enabled":     {"An authenticator app was set up for your sign-in at %s", "Signing in takes a code of it from now on. Everything else that was signed in has been signed out. Keep the recovery codes that you were shown where you find them without your telephone."},
	"two_factor.disabled":    {"Your authenticator app at %s was taken away", "Signing in no longer takes a code of it."},
	"two_factor.lifted":      {"Your second factors at %s were lifted", "Somebody of ours has taken your authenticator app, your passkeys and your recovery codes away, so that you can sign in again. The reason that was given: %s. Please set two factors up anew."},
	"two_factor.guessed":     {"Somebody has guessed at your second factor at %s", "Whoever it was knows your password, and has not got in. If you have not mistyped a code again and again yourself, it was somebody else."},
	"recovery_codes.renewed": {"New recovery codes were made for your sign-in at %s", "All older ones are void."},
	"recovery_code.used":     {"A recovery code of yours was used at %s", "It works no more. Left are: %s. Make new ones before they run out."},
	"passkey.added":          {"A passkey was added to your sign-in at %s", "It is called “%s”. Who has it can sign in without the password. Everything else that was signed in has been signed out."},
	"passkey.removed":        {"A passkey was removed from your sign-in at %s", "It was called “%s”, and signs nobody in any more. Everything else that was signed in has been signed out."},
	"passkey.copy_suspected": {"A passkey of yours at %s was refused", "It is called “%s”. Its counter went back, as happens when somebody has copied it. Remove it, unless you know why."},
	"identity.linked":        {"Another way to sign in at %s was connected", "From now on you can sign in through %s as well."},
	"identity.unlinked":      {"A way to sign in at %s was taken away", "You no longer sign in through %s. Everything else that was signed in has been signed out."},
}

// tell returns the functions by which the letter reads the words of a language.
func (l language) tell() template.FuncMap {
	words := func(what Happening) (happened, error) {
		h, ok := l.happenings[what]
		if !ok {
			return h, fmt.Errorf("there are no words for %q", what)
		}
		return h, nil
	}
	return template.FuncMap{
		"happened": func(what Happening, brand string) (string, error) {
			h, err := words(what)
			return fmt.Sprintf(h.subject, brand), err
		},
		"detail": func(what Happening, fact string) (string, error) {
			h, err := words(what)
			if strings.Contains(h.detail, "%s") {
				return fmt.Sprintf(h.detail, fact), err
			}
			return h.detail, err
		},
	}
}
