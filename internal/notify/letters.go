package notify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/permission"
)

// letters is the channel of mail.
type letters struct{ s *Service }

// Send implements Channel.
func (l letters) Send(ctx context.Context, o Outgoing) error {
	if o.Notification.Kind == kindAccessEnding {
		if _, err := l.s.stillEnds(ctx, o.Notification.SubjectID, o.Delivery.Data["endsAt"]); err != nil {
			return err
		}
	}
	letter, err := l.s.written(o)
	if err != nil {
		return err
	}
	return l.s.post(ctx, o.Delivery, o.To, o.Name, o.Locale, letter)
}

// written returns the letter that a contact, or the owner, is told by.
func (s *Service) written(o Outgoing) (mail.Template, error) {
	n, account, category, why, home := o.Notification, o.Account.Name, o.Category.In(o.Locale).Label, mail.Reason(o.Rule), s.site.Public("/")
	change, end := s.foot(o)
	fact := func(name string) string { return o.Delivery.Data[name] }
	switch {
	case n.Test:
		return mail.TestNotification{Name: o.Name, Account: account, Category: category, By: n.SenderName, Reason: why, PreferencesLink: change, UnsubscribeLink: end}, nil
	case n.Kind == "":
		return mail.Notification{Name: o.Name, Account: account, Category: category, Subject: n.Subject, Body: n.Text, HTML: n.HTML, Sender: n.SenderName,
			Reason: why, PreferencesLink: change, UnsubscribeLink: end}, nil
	}
	switch n.Kind {
	case kindInvitationAccepted:
		return mail.InvitationAccepted{Name: o.Name, Account: account, Member: fact("member"), Email: fact("email"), Link: home, Category: category,
			Reason: why, PreferencesLink: change, UnsubscribeLink: end}, nil
	case kindMemberRemoved, kindMemberLeft:
		return mail.MembershipEnded{Name: o.Name, Account: account, Member: fact("member"), Left: n.Kind == kindMemberLeft, By: fact("by"), Link: home,
			Category: category, Reason: why, PreferencesLink: change, UnsubscribeLink: end}, nil
	case kindPermissionsWidened:
		return mail.PermissionsWidened{Name: o.Name, Account: account, Member: fact("member"), By: fact("by"), Added: strings.Split(fact("added"), "\n"),
			Link: home, Category: category, Reason: why, PreferencesLink: change, UnsubscribeLink: end}, nil
	case kindAccessEnding:
		at, err := time.Parse(time.RFC3339Nano, fact("endsAt"))
		return mail.AccessEnding{Name: o.Name, Account: account, Member: fact("member"), EndsAt: at, Link: home, Category: category,
			Reason: why, PreferencesLink: change, UnsubscribeLink: end}, err
	case kindTransferred:
		return mail.OwnershipTransferred{Name: o.Name, Account: account, ByCompany: fact("company") != "", OldOwner: fact("from"), NewOwner: fact("to"),
			Link: home, Category: category, Reason: why, PreferencesLink: change, UnsubscribeLink: end}, nil
	}
	return nil, fmt.Errorf("notification %s: no letter of the kind %q", n.ID, n.Kind)
}

// foot returns the links in the foot of a letter to a contact: to where they choose what
// they get, and, where the category can be left, to where they leave it.
func (s *Service) foot(o Outgoing) (change, end string) {
	if o.Contact == nil {
		return "", ""
	}
	r, now := link.Reader{ContactID: o.Contact.ID, EmailKey: o.Contact.EmailKey, Category: string(o.Category.Key)}, instant.Now()
	if leavable(o.Category) {
		end = s.site.Unsubscribe(r, now)
	}
	return s.site.Preferences(r, now), end
}

// leavable reports whether a reader can unsubscribe from a category by themselves.
func leavable(c permission.Category) bool { return !c.Transactional && !c.Mandatory }
