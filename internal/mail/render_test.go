package mail_test

import (
	"context"
	"flag"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"
	"pgregory.net/rapid"

	"tenantry/internal/mail"
)

var update = flag.Bool("update", false, "write the golden files")

var acme = mail.Brand{Name: "Acme Hosting", LogoURL: "https://acme.example/logo.png", Support: "help@acme.example"}

// letters has one of each kind, as it would be now.
func letters() []mail.Template {
	const (
		day  = 24 * time.Hour
		base = "https://portal.acme.example"
	)
	now := time.Now()
	invitation := mail.Invitation{
		Account:           "Northwind Traders",
		Inviter:           "Olive Owner",
		Roles:             []string{"Billing", "Technical"},
		Permissions:       []string{"View and pay invoices", "View pricing"},
		Message:           "Hi Ada,\nwelcome! Could you look at the invoices of June?\n\nOlive",
		AcceptLink:        base + "/invitations/itk_accept?a=1&b=2",
		UnknownSenderLink: base + "/unknown-sender/itk_unknown",
		ExpiresAt:         now.Add(7 * day),
		AccessEndsAt:      now.Add(90 * day),
	}
	reminder := mail.InvitationReminder(invitation)
	reminder.ExpiresAt = now.Add(day)
	reminder.Message, reminder.Roles, reminder.AccessEndsAt = "", []string{"Billing"}, time.Time{}
	address := netip.MustParseAddr("203.0.113.7")
	return []mail.Template{
		mail.SignUp{Link: base + "/sign-up/t1", ExpiresAt: now.Add(day)},
		mail.SignUpExisting{Name: "Ada Lovelace", SignInLink: base + "/sign-in", ResetLink: base + "/reset"},
		mail.PasswordReset{Name: "Ada Lovelace", Link: base + "/reset/t2", ExpiresAt: now.Add(30 * time.Minute), Address: address, Device: "Firefox on Linux"},
		mail.PasswordResetUnknown{Address: address, Device: "Firefox on Linux"},
		mail.SecurityNotice{Name: "Ada Lovelace", What: "session.started", At: now, Address: address, Device: "Firefox on Linux", DenyLink: base + "/not-me#token=t6", ExpiresAt: now.Add(7 * day)},
		mail.ActivityDenied{Name: "Ada Lovelace", Link: base + "/reset/t7", ExpiresAt: now.Add(30 * time.Minute)},
		invitation,
		reminder,
		mail.ConfirmInvitedAddress{Account: "Northwind Traders", Inviter: "Olive Owner", AcceptLink: base + "/invitations/t3", ExpiresAt: now.Add(3 * day)},
		mail.OwnershipTransferRequested{Name: "Ada Lovelace", Account: "Northwind Traders", Owner: "Olive Owner", Link: base + "/transfers/t4", ExpiresAt: now.Add(7 * day)},
		mail.OwnershipTransferred{Name: "Ada Lovelace", Account: "Northwind Traders", OldOwner: "Olive Owner", NewOwner: "Ada Lovelace", Link: base + "/"},
		mail.OwnershipTransferDeclined{Name: "Olive Owner", Account: "Northwind Traders", Nominee: "Ada Lovelace", Link: base + "/"},
		mail.OwnershipTransferCanceled{Name: "Ada Lovelace", Account: "Northwind Traders", By: "Olive Owner"},
		mail.OwnershipTransferAnnounced{Name: "Carl Contact", Account: "Northwind Traders", Owner: "Olive Owner", Nominee: "Ada Lovelace", StopLink: base + "/transfer#id=t4", EffectiveAt: now.Add(7 * day)},
		mail.OwnershipTransferAssigned{Name: "Ada Lovelace", Account: "Northwind Traders", Owner: "Olive Owner", Link: base + "/transfer#id=t4", EffectiveAt: now.Add(7 * day)},
		mail.OwnershipTransferStopped{Name: "Carl Contact", Account: "Northwind Traders", Owner: "Olive Owner", Nominee: "Ada Lovelace", By: "Olive Owner", Link: base + "/"},
		mail.AccountReady{Name: "Ada Lovelace", Account: "Northwind Traders", Link: base + "/"},
		mail.AccountOrdered{Account: "Northwind Traders", Link: base + "/sign-up#token=abc", ExpiresAt: now.Add(7 * day)},
		mail.MemberRemoved{Name: "Ada Lovelace", Account: "Northwind Traders", By: "Olive Owner"},
		mail.AccessEnded{Name: "Ada Lovelace", Account: "Northwind Traders", EndedAt: now},
		mail.MemberDeactivated{Name: "Ada Lovelace", Account: "Northwind Traders"},
		mail.MemberReactivated{Name: "Ada Lovelace", Account: "Northwind Traders", By: "Olive Owner", Link: base + "/"},
		mail.PermissionsChanged{Name: "Ada Lovelace", Account: "Northwind Traders", By: "Olive Owner", Added: []string{"View and pay invoices"}, Removed: []string{"Manage domain settings", "View domains"}, Link: base + "/"},
		mail.AccountClosed{Name: "Ada Lovelace", Account: "Northwind Traders", By: "Olive Owner"},
		mail.TwoFactorRequired{Name: "Ada Lovelace", Account: "Northwind Traders", By: "Olive Owner", From: now.Add(7 * day), Link: base + "/"},
		mail.TwoFactorReminder{Name: "Ada Lovelace", Account: "Northwind Traders", From: now.Add(3 * day), Link: base + "/"},
		mail.RecoveryLink{Name: "Ada Lovelace", Link: base + "/recovery/t5", ExpiresAt: now.Add(time.Hour)},
		mail.EmailChange{Link: base + "/confirm-email#token=t6", ExpiresAt: now.Add(day), Address: address, Device: "Firefox on Linux"},
		mail.EmailChangeTaken{Address: address, Device: "Firefox on Linux"},
		mail.EmailChangeRequested{Name: "Ada Lovelace", Email: "ada@engines.example", RequestedAt: now, Address: address, Device: "Firefox on Linux", ResetLink: base + "/reset"},
		mail.EmailChanged{Name: "Ada Lovelace", Email: "ada@engines.example", ChangedAt: now, UndoLink: base + "/undo-email#token=t7", ExpiresAt: now.Add(7 * day)},
		mail.EmailRestored{Name: "Ada Lovelace", Email: "ada@engines.example", RestoredAt: now},
		mail.UserDeleted{Name: "Ada Lovelace", DeletedAt: now},
		mail.SessionsEnded{Name: "Ada Lovelace", EndedAt: now, SignInLink: base + "/sign-in", ResetLink: base + "/reset"},
		mail.Notification{Name: "Ada Lovelace", Account: "Northwind Traders", Category: "Invoice", Subject: "Invoice 2000-0417: €48.20, due on 15 January",
			Body:   "Dear Ada Lovelace,\n\nyour invoice 2000-0417 is ready:\nhttps://billing.acme.example/invoices/2000-0417\n\n- Web hosting, 1 year    €36.00\n- Domain names           €12.20\n\nKind regards\nThe billing of Acme Hosting",
			Sender: "Acme billing", Reason: mail.ReasonSelected, PreferencesLink: base + "/preferences#token=t8"},
		mail.TestNotification{Name: "Ada Lovelace", Account: "Northwind Traders", Category: "General", By: "Olive Owner", Reason: mail.ReasonDefaultOn,
			PreferencesLink: base + "/preferences#token=t8", UnsubscribeLink: base + "/unsubscribe?token=t9"},
		mail.ContactVerification{Name: "Ada Lovelace", Account: "Northwind Traders", By: "Olive Owner", Link: base + "/verify-contact#token=t10", ExpiresAt: now.Add(7 * day), NotMeLink: base + "/verify-contact#token=t11"},
		mail.InvitationAccepted{Name: "Olive Owner", Account: "Northwind Traders", Member: "Ada Lovelace", Email: "ada@engines.example", Link: base + "/", Category: "General",
			Reason: mail.ReasonAll, PreferencesLink: base + "/preferences#token=t8", UnsubscribeLink: base + "/unsubscribe?token=t9"},
		mail.MembershipEnded{Name: "Carl Contact", Account: "Northwind Traders", Member: "Ada Lovelace", By: "Olive Owner", Link: base + "/", Category: "Security",
			Reason: mail.ReasonSelected, PreferencesLink: base + "/preferences#token=t8"},
		mail.AccessEnding{Name: "Ada Lovelace", Account: "Northwind Traders", EndsAt: now.Add(3 * day), Link: base + "/", Category: "General", Reason: mail.ReasonPersonal},
		mail.PermissionsWidened{Name: "Olive Owner", Account: "Northwind Traders", Member: "Ada Lovelace", By: "Carl Contact", Added: []string{"View and pay invoices", "View pricing"}, Link: base + "/",
			Category: "Security", Reason: mail.ReasonOwnerFallback},
	}
}

func TestLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, locale := range mail.Locales() {
			var kinds []string
			for _, letter := range letters() {
				subject, text, rich, err := mail.Render(acme, locale, letter)
				if err != nil {
					t.Fatal(err)
				}
				golden(t, locale+"/"+letter.Kind()+".txt", "Subject: "+subject+"\n\n"+text)
				golden(t, locale+"/"+letter.Kind()+".html", outline(t, rich))
				kinds = append(kinds, letter.Kind()+".txt")
			}

			// No letter lies in the folder untried, and none is missing there.
			written, err := filepath.Glob("templates/" + locale + "/*.txt")
			if err != nil {
				t.Fatal(err)
			}
			for i, name := range written {
				written[i] = filepath.Base(name)
			}
			slices.Sort(kinds)
			if diff := cmp.Diff(written, kinds); diff != "" {
				t.Errorf("letters in the folder of %s (-) and in this test (+):\n%s", locale, diff)
			}
		}
	})
}

// The whole document, of letters that have every shape there is between them.
func TestDocuments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, letter := range letters() {
			switch letter.Kind() {
			case "invitation", "notification", "sessions_ended":
				_, _, rich, err := mail.Render(acme, "en", letter)
				if err != nil {
					t.Fatal(err)
				}
				golden(t, letter.Kind()+".html", rich)
			}
		}
	})
}

// outline is what is to see of a document, without what only places it: the tables, the
// styles and the comments for Outlook.
func outline(t *testing.T, document string) string {
	t.Helper()
	_, body, ok := strings.Cut(document, "<body")
	if !ok {
		t.Fatal("there is no body")
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader("<body" + body))
	for {
		kind := z.Next()
		token := z.Token()
		switch kind {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Fatal(z.Err())
			}
			return blankLines.ReplaceAllString(b.String(), "\n")
		case html.TextToken:
			b.WriteString(html.EscapeString(token.Data))
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			if slices.Contains([]string{"body", "table", "tbody", "tr", "td", "div", "span"}, token.Data) {
				continue
			}
			token.Attr = slices.DeleteFunc(token.Attr, func(a html.Attribute) bool { return !slices.Contains([]string{"href", "src", "dir"}, a.Key) })
			b.WriteString(token.String())
		}
	}
}

var blankLines = regexp.MustCompile(`\s*\n\s*`)

// golden compares got with a file of testdata, or writes it there.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

// Invariant 36.
func TestWhoExistsIsNotInTheSubject(t *testing.T) {
	for _, locale := range mail.Locales() {
		subjects := make(map[string]string)
		for _, letter := range letters() {
			subject, _, _, err := mail.Render(acme, locale, letter)
			if err != nil {
				t.Fatal(err)
			}
			subjects[letter.Kind()] = subject
		}
		for known, unknown := range map[string]string{"sign_up_existing": "sign_up", "password_reset": "password_reset_unknown", "email_change_taken": "email_change"} {
			if subjects[known] != subjects[unknown] {
				t.Errorf("in %s %s says %q, %s says %q", locale, known, subjects[known], unknown, subjects[unknown])
			}
		}
	}
}

func TestRenderFindsTheNearestLanguage(t *testing.T) {
	for _, test := range []struct{ locale, want string }{
		{"en", "en"}, {"en-GB", "en"}, {"en_US", "en"}, {"EN", "en"},
		{"de", "de"}, {"de-AT", "de"}, {"de_CH", "de"}, {"DE", "de"}, {"fr-CA", "fr"}, {"es-419", "es"},
		{"zh-Hant-TW", "en"}, {"", "en"}, {"-", "en"}, {"../de", "en"}, {"deutsch", "en"}, {strings.Repeat("x-", 5000), "en"},
	} {
		_, _, rich, err := mail.Render(acme, test.locale, letters()[0])
		if err != nil {
			t.Fatalf("%.20q: %v", test.locale, err)
		}
		if !strings.Contains(rich, `<html lang="`+test.want+`"`) {
			t.Errorf("%.20q is not in %s", test.locale, test.want)
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	const link = "https://portal.acme.example/x"
	soon := time.Now().Add(time.Hour)
	for _, test := range []struct {
		name   string
		brand  mail.Brand
		letter mail.Template
		want   string
	}{
		{"no brand", mail.Brand{}, mail.SignUp{Link: link, ExpiresAt: soon}, "brand needs a name"},
		{"brand of two lines", mail.Brand{Name: "A\nB"}, mail.SignUp{Link: link, ExpiresAt: soon}, "brand needs a name"},
		{"logo that is no address", mail.Brand{Name: "A", LogoURL: "javascript:x"}, mail.SignUp{Link: link, ExpiresAt: soon}, "the logo"},
		{"support that is no address", mail.Brand{Name: "A", Support: "Ada <a@b.example>"}, mail.SignUp{Link: link, ExpiresAt: soon}, "the support address"},
		{"no link", acme, mail.SignUp{ExpiresAt: soon}, "the Link of a mail of kind sign_up"},
		{"path for a link", acme, mail.SignUp{Link: "/x", ExpiresAt: soon}, "the Link"},
		{"other scheme", acme, mail.SignUp{Link: "javascript:alert(1)", ExpiresAt: soon}, "the Link"},
		{"password in a link", acme, mail.SignUp{Link: "https://u:p@portal.acme.example", ExpiresAt: soon}, "the Link"},
		{"line break in a link", acme, mail.SignUp{Link: link + "%0a\n", ExpiresAt: soon}, "the Link"},
		{"space in a link", acme, mail.SignUp{Link: link + " x", ExpiresAt: soon}, "the Link"},
		{"link that is not ASCII", acme, mail.SignUp{Link: link + "é", ExpiresAt: soon}, "the Link"},
		{"quote in a link", acme, mail.SignUp{Link: link + `"`, ExpiresAt: soon}, "the Link"},
		{"unknown kind", acme, unwritten{}, `no letter of kind "unwritten"`},
		{"no time", acme, mail.SignUp{Link: link}, "the ExpiresAt of a mail of kind sign_up is missing"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, _, err := mail.Render(test.brand, "en", test.letter)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}

// What shapes a letter is none of the characters that a name may have.
func TestRenderTakesNamesToTheLetter(t *testing.T) {
	const name = "# !\"$%&'()*+,-./:;<=>?@[]^_`{|}~ \\ \uE000x"
	_, text, rich, err := mail.Render(acme, "en", mail.MemberRemoved{By: name, Account: "> x"})
	if err != nil {
		t.Fatal(err)
	}
	want := "\n" + mail.Clean(name, 80) + " has removed you from the account > x at Acme Hosting."
	if !strings.Contains(text, want) {
		t.Errorf("no %q in\n%s", want, text)
	}
	want = `<strong dir="auto">` + html.EscapeString(mail.Clean(name, 80)) + `</strong> has removed you from the account <strong dir="auto">&gt; x</strong>`
	if !strings.Contains(html.UnescapeString(rich), html.UnescapeString(want)) {
		t.Errorf("no %q in\n%s", want, rich)
	}
}

type unwritten struct{}

func (unwritten) Kind() string { return "unwritten" }

func TestRenderTellsTimeInWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, test := range []struct {
			left time.Duration
			want string
		}{
			{7 * 24 * time.Hour, "for 7 days, until Saturday, 8 January 2000 at 00:00 UTC"},
			{7*24*time.Hour - time.Minute, "for 7 days, until Friday, 7 January 2000 at 23:59 UTC"},
			{48*time.Hour - time.Second, "for 2 days,"},
			{24*time.Hour - time.Second, "for 24 hours,"},
			{2*time.Hour - time.Second, "for 2 hours,"},
			{61 * time.Minute, "for 61 minutes,"},
			{time.Minute, "for 1 minute,"},
			{time.Second, "for less than a minute,"},
			{-time.Hour, "for less than a minute,"},
		} {
			_, text, _, err := mail.Render(acme, "en", mail.SignUp{Link: "https://a.example/", ExpiresAt: time.Now().Add(test.left)})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(text, test.want) {
				t.Errorf("with %v left there is no %q in\n%s", test.left, test.want, text)
			}
		}
	})
}

func TestRenderShortens(t *testing.T) {
	letter := mail.Invitation{
		Account:           strings.Repeat("a", 200),
		Inviter:           strings.Repeat("b", 200),
		Roles:             []string{strings.Repeat("c", 200)},
		Message:           strings.Repeat("d", 5000),
		AcceptLink:        "https://a.example/",
		UnknownSenderLink: "https://a.example/",
		ExpiresAt:         time.Now().Add(time.Hour),
	}
	for range 40 {
		letter.Permissions = append(letter.Permissions, "permission")
	}
	subject, text, _, err := mail.Render(acme, "en", letter)
	if err != nil {
		t.Fatal(err)
	}
	if n := utf8.RuneCountInString(subject); n != 150 {
		t.Errorf("the subject has %d characters", n)
	}
	for _, want := range []string{
		strings.Repeat("a", 79) + "…",
		strings.Repeat("b", 79) + "…",
		strings.Repeat("c", 79) + "…",
		strings.Repeat("d", 999) + "…",
		"- and 15 more\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q", want)
		}
	}
	if n := strings.Count(text, "- permission\n"); n != 25 {
		t.Errorf("%d permissions are listed", n)
	}

	letter.Message = strings.Repeat("d\n", 400)
	if _, text, _, err = mail.Render(acme, "en", letter); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(text, "\n> d"); n != 20 {
		t.Errorf("%d lines of the message are kept", n)
	}
}

// headers is the whole header of every message that cannot be unsubscribed from.
var headers = []string{
	"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id",
	"Mime-Version", "Subject", "To", "X-Auto-Response-Suppress",
}

// Invariant 39.
func TestLettersHoldAgainstStrangers(t *testing.T) {
	box := mailbox(t)
	foreign := hostile()
	rapid.Check(t, func(t *rapid.T) {
		letter := rapid.SampledFrom(letters()).Draw(t, "letter")
		letter, links := poison(t, letter, foreign)
		subject, text, rich, err := mail.Render(acme, rapid.SampledFrom(mail.Locales()).Draw(t, "locale"), letter)
		if err != nil {
			t.Fatal(err)
		}
		err = box.Send(context.Background(), mail.Message{
			ID: "dlv_1", To: "ada@example.com", ToName: foreign.Draw(t, "to name"), Subject: subject, Text: text, HTML: rich,
		})
		if err != nil {
			t.Fatal(err)
		}

		got := parse(t, box.Messages("")[0].Source)
		if diff := cmp.Diff(headers, got.headers); diff != "" {
			t.Fatalf("headers (-want +got):\n%s", diff)
		}
		if got.to.Address != "ada@example.com" || utf8.RuneCountInString(got.to.Name) > 80 || strings.ContainsFunc(got.to.Name, invisible) {
			t.Fatalf("to %q", got.to)
		}
		if utf8.RuneCountInString(got.subject) > 150 || got.subject == "" || strings.ContainsFunc(got.subject, func(r rune) bool { return r == '\n' || invisible(r) }) {
			t.Fatalf("subject %q", got.subject)
		}
		if strings.ContainsFunc(got.text, invisible) || strings.ContainsFunc(got.html, invisible) {
			t.Fatalf("something invisible in\n%q\n%q", got.text, got.html)
		}

		// What is not ours must hold nothing that could be followed.
		rest := got.text
		for _, link := range append(links, acme.Support, "203.0.113.7") {
			rest = strings.ReplaceAll(rest, link, "")
		}
		if found := linkable.FindString(rest); found != "" {
			t.Fatalf("%q in the text:\n%s", found, rest)
		}
		shown := checkHTML(t, got.html, append(links, "mailto:"+acme.Support))
		for _, link := range append(links, acme.Support, "203.0.113.7") {
			shown = strings.ReplaceAll(shown, link, "")
		}
		if found := linkable.FindString(shown); found != "" {
			t.Fatalf("%q in the HTML:\n%s", found, shown)
		}
	})
}

// poison replaces every word of the letter that could be a stranger's, and
// returns its links as well.
func poison(t *rapid.T, letter mail.Template, foreign *rapid.Generator[string]) (mail.Template, []string) {
	var links []string
	poisoned := reflect.New(reflect.TypeOf(letter)).Elem()
	poisoned.Set(reflect.ValueOf(letter))
	for field, value := range poisoned.Fields() {
		switch {
		case strings.HasSuffix(field.Name, "Link"):
			if value.String() != "" {
				links = append(links, value.String())
			}
		case value.Type() == reflect.TypeFor[mail.Reason](): // one of ours
		case field.Tag.Get("mail") == "subject", field.Tag.Get("mail") == "text", field.Tag.Get("mail") == "html": // see TestNotificationHolds
			value.SetString("")
		case value.Type() == reflect.TypeFor[mail.Happening](): // one of ours
		case value.Kind() == reflect.String:
			value.SetString(foreign.Draw(t, field.Name))
		case value.Kind() == reflect.Slice:
			value.Set(reflect.ValueOf(rapid.SliceOfN(foreign, 0, 30).Draw(t, field.Name)))
		}
	}
	return poisoned.Interface().(mail.Template), links
}

// checkHTML fails if the document has an element or an address that is not of
// our making. It returns the words of the document.
func checkHTML(t *rapid.T, document string, links []string) string {
	elements := []string{
		"html", "head", "meta", "title", "style", "body", "table", "tbody", "tr", "td", "div", "span",
		"img", "h1", "p", "strong", "blockquote", "br", "ul", "li", "a",
	}
	attributes := []string{
		"lang", "charset", "name", "content", "class", "style", "role", "width", "height", "type", "media", "http-equiv", "target",
		"cellpadding", "cellspacing", "border", "align", "valign", "alt", "bgcolor", "dir", "href", "src",
		"xmlns", "xmlns:v", "xmlns:o", "aria-label", "aria-roledescription",
	}
	var words strings.Builder
	for z := html.NewTokenizer(strings.NewReader(document)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Fatal(z.Err())
			}
			return words.String()
		case html.CommentToken:
			if comment := string(z.Raw()); !strings.Contains(layoutSource(), "{{comment `"+comment+"`}}") {
				t.Fatalf("a comment: %s", comment)
			}
		case html.TextToken:
			words.WriteString(z.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			if token.Data != "strong" {
				words.WriteByte('\n')
			}
			if !slices.Contains(elements, token.Data) {
				t.Fatalf("an element <%s>", token.Data)
			}
			for _, attribute := range token.Attr {
				if !slices.Contains(attributes, attribute.Key) {
					t.Fatalf("an attribute %s of <%s>", attribute.Key, token.Data)
				}
				if attribute.Key == "href" && !slices.Contains(links, attribute.Val) {
					t.Fatalf("a link to %s", attribute.Val)
				}
				if attribute.Key == "src" && attribute.Val != acme.LogoURL {
					t.Fatalf("a picture from %s", attribute.Val)
				}
			}
		}
	}
}

// layoutSource is the layout as it is compiled in.
var layoutSource = sync.OnceValue(func() string {
	source, err := os.ReadFile("templates/layout.html")
	if err != nil {
		panic(err)
	}
	return string(source)
})

// parsed is a MIME message read back.
type parsed struct {
	headers []string
	header  netmail.Header
	to      *netmail.Address
	subject string
	text    string
	html    string
}

// must is what *testing.T and *rapid.T share here.
type must interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}

func parse(t must, source []byte) parsed {
	t.Helper()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%v in\n%s", err, source)
		}
	}
	msg, err := netmail.ReadMessage(strings.NewReader(string(source)))
	check(err)
	p := parsed{header: msg.Header}
	for name, values := range msg.Header {
		p.headers = append(p.headers, slices.Repeat([]string{name}, len(values))...)
	}
	slices.Sort(p.headers)
	p.to, err = netmail.ParseAddress(msg.Header.Get("To"))
	check(err)
	p.subject = decoded(t, msg.Header.Get("Subject"))

	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	check(err)
	if kind == "text/plain" {
		body, err := io.ReadAll(quotedprintable.NewReader(msg.Body))
		check(err)
		p.text = lines(body)
		return p
	}
	if kind != "multipart/alternative" {
		t.Fatalf("the message is %s", kind)
	}
	parts := multipart.NewReader(msg.Body, params["boundary"])
	for _, want := range []string{"text/plain; charset=UTF-8", "text/html; charset=UTF-8"} {
		part, err := parts.NextPart()
		check(err)
		if got := part.Header.Get("Content-Type"); got != want {
			t.Fatalf("the part is %s, want %s", got, want)
		}
		body, err := io.ReadAll(part)
		check(err)
		p.text, p.html = p.html, lines(body)
	}
	if _, err := parts.NextPart(); err != io.EOF {
		t.Fatalf("after the second part: %v", err)
	}
	return p
}

// decoded reads a header as the most willing of mail programs would.
func decoded(t must, header string) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(header)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// lines undoes what mail does to the ends of lines.
func lines(body []byte) string { return strings.ReplaceAll(string(body), "\r\n", "\n") }

// addresses finds every http address.
var addresses = regexp.MustCompile(`https?://\S+`)

func TestLettersLinkToWhatTheyAreGiven(t *testing.T) {
	for _, locale := range mail.Locales() {
		for _, letter := range letters() {
			_, text, rich, err := mail.Render(acme, locale, letter)
			if err != nil {
				t.Fatal(err)
			}
			var want []string
			for field, value := range reflect.ValueOf(letter).Fields() {
				if strings.HasSuffix(field.Name, "Link") && value.String() != "" {
					want = append(want, value.String())
				}
			}
			var linked []string
			for _, found := range hrefs.FindAllStringSubmatch(rich, -1) {
				linked = append(linked, html.UnescapeString(found[1]))
			}
			if n, ok := letter.(mail.Notification); ok {
				linked = append(linked, addresses.FindAllString(n.Body, -1)...)
				want = append(want, addresses.FindAllString(n.Body, -1)...)
			}
			got := addresses.FindAllString(text, -1)
			slices.Sort(got)
			slices.Sort(linked)
			slices.Sort(want)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the text of %s in %s (-want +got):\n%s", letter.Kind(), locale, diff)
			}
			if diff := cmp.Diff(want, linked); diff != "" {
				t.Errorf("the HTML of %s in %s (-want +got):\n%s", letter.Kind(), locale, diff)
			}
		}
	}
}

var hrefs = regexp.MustCompile(`href="(http[^"]*)"`)
