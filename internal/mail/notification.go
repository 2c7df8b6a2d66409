package mail

import (
	"fmt"
	"reflect"
	"time"
)

// Reason is why somebody gets a notification: the rule of their preferences that
// decided it, or ReasonPersonal.
type Reason string

// The reasons for which something is sent. The other rules of preferences are reasons
// for which nothing is: with one of them Render refuses.
const (
	ReasonAll           Reason = "ALL"
	ReasonSelected      Reason = "SELECTED"
	ReasonDefaultOn     Reason = "DEFAULT_ON"
	ReasonOwnerFallback Reason = "OWNER_FALLBACK"
	// ReasonPersonal is for what is about the reader, and not to be chosen.
	ReasonPersonal Reason = "PERSONAL"
)

// A letter that goes out as a notification has these fields beside its own:
//
//   - Category is the label of the category.
//   - Reason says why it comes; empty to say nothing.
//   - PreferencesLink leads to where that is changed; empty where it cannot be.
//   - UnsubscribeLink is the one-click unsubscription from the category; empty where
//     the category is mandatory or transactional. Unsubscribe reads it for the header,
//     so that the foot of a letter and its header say the same.

// Notification is what one of the company's systems tells the contacts of an account.
// Subject, Body and HTML are the company's words: links in them stay what they are.
type Notification struct {
	// Name is whom it is for. The letter does not greet them: the sender has.
	Name     string
	Account  string
	Category string
	// Subject is put on one line and cut to 150 characters.
	Subject string `mail:"subject"`
	// Body is plain text: paragraphs with a blank line between them, cut to 20,000
	// characters.
	Body string `mail:"text"`
	// HTML is shown instead of Body by those who like it pretty; empty to show Body.
	// It may be any stranger's: only what is harmless in a mail is left of it.
	HTML string `mail:"html"`
	// Sender is what the system is called.
	Sender          string
	Reason          Reason
	PreferencesLink string `mail:"link,optional"`
	UnsubscribeLink string `mail:"link,optional"`
}

// TestNotification shows a contact that a category reaches them.
type TestNotification struct {
	Name     string
	Account  string
	Category string
	// By is empty if it was the company that runs the portal.
	By              string
	Reason          Reason
	PreferencesLink string `mail:"link,optional"`
	UnsubscribeLink string `mail:"link,optional"`
}

// ContactVerification asks whether the address of a contact is theirs.
type ContactVerification struct {
	Name    string
	Account string
	// By is empty if it was the company that runs the portal.
	By        string
	Link      string `mail:"link"`
	ExpiresAt time.Time
	// NotMeLink is where to say that the mail is not for them.
	NotMeLink string `mail:"link"`
}

// InvitationAccepted tells that somebody has become a member.
type InvitationAccepted struct {
	Name    string
	Account string
	Member  string
	// Email is the member's address.
	Email           string
	Link            string `mail:"link"`
	Category        string
	Reason          Reason
	PreferencesLink string `mail:"link,optional"`
	UnsubscribeLink string `mail:"link,optional"`
}

// MembershipEnded tells others that somebody is a member no longer. The person
// themself gets MemberRemoved.
type MembershipEnded struct {
	Name    string
	Account string
	Member  string
	// Left is true where the member has left of their own accord.
	Left bool `mail:"optional"`
	// By is empty if it was the company that runs the portal.
	By              string
	Link            string `mail:"link"`
	Category        string
	Reason          Reason
	PreferencesLink string `mail:"link,optional"`
	UnsubscribeLink string `mail:"link,optional"`
}

// AccessEnding tells a few days before that the access of a member ends.
type AccessEnding struct {
	Name    string
	Account string
	// Member is whose access ends; empty where it is the reader's own.
	Member          string
	EndsAt          time.Time
	Link            string `mail:"link"`
	Category        string
	Reason          Reason
	PreferencesLink string `mail:"link,optional"`
	UnsubscribeLink string `mail:"link,optional"`
}

// PermissionsWidened tells others that a member may do more than before. The member
// themself gets PermissionsChanged.
type PermissionsWidened struct {
	Name    string
	Account string
	Member  string
	// By is empty if it was the company that runs the portal.
	By              string
	Added           []string
	Link            string `mail:"link"`
	Category        string
	Reason          Reason
	PreferencesLink string `mail:"link,optional"`
	UnsubscribeLink string `mail:"link,optional"`
}

func (Notification) Kind() string        { return "notification" }
func (TestNotification) Kind() string    { return "test_notification" }
func (ContactVerification) Kind() string { return "contact_verification" }
func (InvitationAccepted) Kind() string  { return "invitation_accepted" }
func (MembershipEnded) Kind() string     { return "membership_ended" }
func (AccessEnding) Kind() string        { return "access_ending" }
func (PermissionsWidened) Kind() string  { return "permissions_widened" }

// Unsubscribe gives what a Message of the letter needs for its field of that name:
// the letter's UnsubscribeLink, or nothing if it has none.
func Unsubscribe(t Template) string {
	if v := reflect.Indirect(reflect.ValueOf(t)).FieldByName("UnsubscribeLink"); v.IsValid() {
		return v.String()
	}
	return ""
}

// footer is why the letter comes and what to do about it.
type footer struct {
	// For is "Ada Lovelace · Northwind Traders", as far as it is known.
	For             string
	Reason          string
	PreferencesLink string
	Change          string
	UnsubscribeLink string
	Unsubscribe     string
}

// footer writes the foot of a letter from its cleaned data.
func (l language) footer(data map[string]any) (footer, error) {
	reason, _ := data["Reason"].(Reason)
	if reason == "" {
		return footer{}, nil
	}
	because, ok := l.reasons[reason]
	if !ok {
		return footer{}, fmt.Errorf("%q is no reason to send it", string(reason))
	}
	account, _ := data["Account"].(string)
	category, _ := data["Category"].(string)
	f := footer{Reason: because(account, category), Change: l.change, Unsubscribe: l.unsubscribe(category)}
	f.For, _ = data["Name"].(string)
	if f.For != "" && account != "" {
		f.For += " · "
	}
	f.For += account
	f.PreferencesLink, _ = data["PreferencesLink"].(string)
	f.UnsubscribeLink, _ = data["UnsubscribeLink"].(string)
	if f.UnsubscribeLink != "" && (reason == ReasonPersonal || reason == ReasonOwnerFallback) {
		return footer{}, fmt.Errorf("nobody unsubscribes from what comes for the reason %q", string(reason))
	}
	return f, nil
}
