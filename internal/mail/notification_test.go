package mail_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tenantry/internal/mail"
	"tenantry/internal/permission"
)

// reasons are the rules by which something is sent.
var reasons = []mail.Reason{mail.ReasonAll, mail.ReasonSelected, mail.ReasonDefaultOn, mail.ReasonOwnerFallback, mail.ReasonPersonal}

// Invariant 40: no letter leaves that says why it should not.
func TestReasonsAreRules(t *testing.T) {
	letter := mail.TestNotification{Account: "Northwind Traders", Category: "Invoice", By: "Olive Owner"}
	for _, rule := range append(permission.Rule("").Values(), "PERSONAL", "else") {
		letter.Reason = mail.Reason(rule)
		_, text, _, err := mail.Render(acme, "en", letter)
		switch {
		case !slices.Contains(reasons, letter.Reason):
			if err == nil || !strings.Contains(err.Error(), "no reason to send it") {
				t.Errorf("%s: %v in\n%s", rule, err, text)
			}
		case err != nil:
			t.Errorf("%s: %v", rule, err)
		case !strings.Contains(text, "\nYou get this because "):
			t.Errorf("%s: no reason in\n%s", rule, text)
		}
	}
}

func TestUnsubscribe(t *testing.T) {
	const link = "https://portal.acme.example/unsubscribe?token=t"
	for _, reason := range reasons {
		letter := mail.TestNotification{Account: "Northwind Traders", Category: "General", Reason: reason, UnsubscribeLink: link}
		if got := mail.Unsubscribe(letter); got != link {
			t.Errorf("the letter is unsubscribed from at %q", got)
		}
		_, text, rich, err := mail.Render(acme, "en", letter)
		if reason == mail.ReasonOwnerFallback || reason == mail.ReasonPersonal {
			if err == nil || !strings.Contains(err.Error(), "nobody unsubscribes") {
				t.Errorf("%s: %v", reason, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "Unsubscribe from “General”: "+link+"\n") || !strings.Contains(rich, `href="`+link+`"`) {
			t.Errorf("%s: no link in\n%s\n%s", reason, text, rich)
		}
	}
	if got := mail.Unsubscribe(mail.UserDeleted{}); got != "" {
		t.Errorf("a letter without such a link is unsubscribed from at %q", got)
	}
	if got := mail.Unsubscribe(&mail.TestNotification{UnsubscribeLink: link}); got != link {
		t.Errorf("a letter by pointer is unsubscribed from at %q", got)
	}
}

// What is shown in the foot of a letter, each letter that has a reason has.
func TestNotificationsHaveTheFieldsOfTheFoot(t *testing.T) {
	want := []string{"Category", "Reason", "PreferencesLink", "UnsubscribeLink"}
	for _, letter := range letters() {
		kind := reflect.TypeOf(letter)
		if _, ok := kind.FieldByName("Reason"); !ok {
			continue
		}
		var got []string
		for _, name := range want {
			if _, ok := kind.FieldByName(name); ok {
				got = append(got, name)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", letter.Kind(), diff)
		}
	}
}

func TestNotificationKeepsTheText(t *testing.T) {
	subject, text, rich, err := mail.Render(acme, "en", mail.Notification{
		Subject: " Node 2.0 at\r\nhttps://acme.example ",
		Body:    "First line\r\nsecond  line \u202e\r\n\r\n\r\n\n| # *not* a heading: https://acme.example/a?b=1&c=<2>\n\n    four\u00a0spaces\x00",
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := "Node 2.0 at https://acme.example"; subject != want {
		t.Errorf("the subject is %q, want %q", subject, want)
	}
	want := "\n\nFirst line\nsecond  line\n\n| # *not* a heading: https://acme.example/a?b=1&c=<2>\n\nfour spaces\n\n-- \n"
	if !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
	for _, want := range []string{">First line<br>second  line</p>", ">| # *not* a heading: https://acme.example/a?b=1&amp;c=&lt;2&gt;</p>"} {
		if !strings.Contains(rich, want) {
			t.Errorf("no %q in\n%s", want, rich)
		}
	}
}
