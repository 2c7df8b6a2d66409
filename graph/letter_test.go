package graph_test

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"tenantry/ent/delivery"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/mail"
)

// Whatever a request says of hosts and ways, a letter to a contact that follows from it
// has the same links, byte by byte but for the token.
//
// Invariant 38.
func TestLinksToContactsAreOurs(t *testing.T) {
	w := lab.New(t, dbtest.SQLite(t))
	w.Operator("Billing")
	w.Account("olive", "Olive")
	tokens := regexp.MustCompile(`([#?]token=)[\w-]+`)
	var first []string
	for r, headers := range [][]string{
		nil,
		{"Host", "evil.example"},
		{"Host", "portal.example:443@evil.example"},
		{"Host", ""},
		{"X-Forwarded-Host", "evil.example"},
		{"X-Forwarded-Proto", "http"},
		{"X-Forwarded-Prefix", "/evil"},
		{"X-Forwarded-Server", "evil.example"},
		{"Forwarded", "host=evil.example;proto=http"},
		{"X-Original-URL", "https://evil.example/"},
		{"X-Rewrite-URL", "https://evil.example/"},
		{"X-Host", "evil.example"},
		{"Origin", lab.Public, "Referer", "https://evil.example/"},
	} {
		acct := w.Account("olive", "Acme")
		ask := func(who, query string) lab.Answer {
			q := posted(query, headers...)
			if len(headers) > 0 && headers[0] == "Host" {
				q.Host = headers[1]
			}
			q.RemoteAddr = fmt.Sprintf("198.51.100.%d:1", r)
			q.Header.Set("Authorization", "Bearer "+w.Bearer(who))
			a := w.Do(q)
			if a.Status != 200 || len(a.Codes()) > 0 {
				t.Errorf("%q: %s is answered %d %s", headers, query, a.Status, a.Body)
			}
			w.Settle()
			return a
		}
		email := fmt.Sprintf("carl%02d@example.com", r)
		carl := ask("olive", fmt.Sprintf(`mutation { createContact(input: {accountId: %q, email: %q, firstName: "Carl", preferences: [{channel: EMAIL, all: true}]}) { contact { id } errors { code } } }`,
			acct.ID, email)).String("data.createContact.contact.id")
		ask("olive", fmt.Sprintf(`mutation { requestContactVerification(input: {contactId: %q}) { errors { code } } }`, carl))
		ask("olive", fmt.Sprintf(`mutation { sendTestNotification(input: {contactId: %q, category: "general"}) { errors { code } } }`, carl))
		for _, category := range []string{"maintenance", "invoice"} {
			ask("Billing", fmt.Sprintf(`mutation { sendNotification(input: {accountId: %q, category: %q, subject: "Hear", text: "This", html: "<p>This</p>"}) { errors { code } } }`, acct.ID, category))
		}
		var mails []string
		for _, m := range w.Box.Messages(email) {
			header := headerOf(t, m)
			for _, text := range []string{m.Subject, m.Text, m.HTML, header.Get("List-Unsubscribe"), header.Get("From"), header.Get("List-Unsubscribe-Post")} {
				mails = append(mails, strings.ReplaceAll(tokens.ReplaceAllString(text, "$1"), email, "carl@example.com"))
			}
		}
		if first == nil {
			first = mails
		}
		if len(mails) != 4*6 || !slices.Equal(mails, first) {
			t.Errorf("%q changes what is mailed:\n%q\nwithout it:\n%q", headers, mails, first)
		}
		if text := strings.Join(mails, "\n"); strings.Contains(text, "evil") || !strings.Contains(text, "<"+lab.Public+"/unsubscribe?token=>") {
			t.Errorf("%q is in what is mailed: %s", headers, text)
		}
	}
}

func headerOf(t *testing.T, m mail.Received) netmail.Header {
	t.Helper()
	parsed, err := netmail.ReadMessage(strings.NewReader(string(m.Source)))
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Header
}

// What strangers call themselves and their accounts, and what a company's system writes,
// is either refused or arrives as words: in letters to contacts, read as they leave.
//
// Invariant 39.
func TestStrangersInLettersToContacts(t *testing.T) {
	for name, words := range map[string]string{
		"line breaks":            "Ada\r\nBcc: eve@evil.example\r\n\r\nHello",
		"a bare line feed":       "Ada\nX-Evil: 1",
		"a line separator":       "Ada\u2028Bcc: eve@evil.example",
		"HTML":                   `<img src=x onerror=alert(1)><script>alert(1)</script><a href="javascript:alert(1)">x</a>`,
		"an attribute's end":     `" onmouseover="alert(1)" x="`,
		"an address to follow":   "https://evil.example/login www.evil.example",
		"turned round":           "Ada \u202egpj.exe\u202c \u2066x\u2069",
		"what cannot be seen":    "A\u200bd\u00ada\u2060\ufeff",
		"10 KB":                  strings.Repeat("Ada ", 2560),
		"a template":             "{{.Link}} ${Link} {{template \"x\"}} %s %d <%= x %>",
		"an encoded word":        "=?utf-8?q?=0D=0ABcc:_eve@evil.example?=",
		"a boundary":             "--\r\n--x--\r\n.\r\nQUIT",
		"an address with a name": `", <eve@evil.example>, "`,
		"shapes of a letter":     "# Heading\n\n> quoted\n\n[Button](https://evil.example)\n\n| prose *stressed*",
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w := lab.New(t, d)
				w.Operator("Billing")
				acct := w.Account("olive", "Acme")
				mia := w.Member(acct, "mia", "tickets")
				// said asks with the words, and with others where they are refused.
				said := func(who, query string, variables map[string]any) {
					t.Helper()
					for _, plain := range []string{"", "Plain"} {
						given := map[string]any{}
						for k, v := range variables {
							if given[k] = v; v == words && plain != "" {
								given[k] = plain
							}
						}
						a := w.Ask(who, query, given)
						switch codes := a.Codes(); {
						case len(codes) == 0:
							return
						case plain != "" || !slices.Equal(slices.Compact(codes), []string{"BAD_INPUT"}):
							t.Fatalf("%s with %q is answered %s", query, given, a.Body)
						}
					}
				}
				said("mia", `mutation($w: String!) { updateProfile(input: {name: $w}) { errors { code } } }`, map[string]any{"w": words})
				said("olive", `mutation($id: ID!, $w: String!) { updateAccount(input: {accountId: $id, name: $w}) { errors { code } } }`, map[string]any{"id": acct.ID, "w": words})
				for _, field := range []string{"firstName", "company"} {
					said("olive", `mutation($id: ID!, $w: String!) { createContact(input: {accountId: $id, email: "`+field+`@example.com", `+field+`: $w, preferences: [{channel: EMAIL, all: true}]}) { errors { code } } }`,
						map[string]any{"id": acct.ID, "w": words})
				}
				for _, field := range []string{"subject", "text", "html"} {
					given := map[string]any{"id": acct.ID, "subject": "Hear", "text": "This", "html": ""}
					given[field] = words
					said("Billing", `mutation($id: ID!, $subject: String!, $text: String!, $html: String) { sendNotification(input: {accountId: $id, category: "maintenance", subject: $subject, text: $text, html: $html}) { errors { code } } }`, given)
				}
				said("olive", `mutation($id: ID!) { removeMember(input: {membershipId: $id}) { errors { code } } }`, map[string]any{"id": mia.ID})
				w.Settle()
				if n := d.Client.Delivery.Query().Where(delivery.StateNEQ(delivery.StateSENT)).CountX(t.Context()); n != 0 {
					t.Errorf("%d mails did not leave", n)
				}
				for _, to := range []string{"firstName@example.com", "company@example.com"} {
					all := w.Box.Messages(strings.ToLower(to))
					if len(all) == 0 {
						all = w.Box.Messages(to)
					}
					if len(all) != 4 {
						t.Fatalf("%d mails to %s", len(all), to)
					}
					for _, m := range all {
						checkLetter(t, m, to, words)
					}
				}
			})
		})
	}
}

// checkLetter demands of a letter to a contact that nothing in it is more than words.
func checkLetter(t *testing.T, m mail.Received, to, words string) {
	t.Helper()
	own := strings.Contains(m.Text, "Sent by Billing") // a notification of the company: links in it stay what they are
	invisible := func(r rune) bool {
		return unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
	}
	parsed, err := netmail.ReadMessage(strings.NewReader(string(m.Source)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for name, values := range parsed.Header {
		names = append(names, slices.Repeat([]string{name}, len(values))...)
	}
	slices.Sort(names)
	want := []string{"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To", "X-Auto-Response-Suppress"}
	if own {
		want = []string{"Auto-Submitted", "Content-Type", "Date", "From", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-Id", "Mime-Version", "Subject", "To",
			"X-Auto-Response-Suppress"}
	}
	if !slices.Equal(names, want) {
		t.Errorf("the header has %q, want %q", names, want)
	}
	if list, err := parsed.Header.AddressList("To"); err != nil || len(list) != 1 || !strings.EqualFold(list[0].Address, to) || strings.ContainsFunc(list[0].Name, invisible) {
		t.Errorf("it goes to %q: %v", parsed.Header.Get("To"), err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(parsed.Header.Get("Subject"))
	if err != nil || utf8.RuneCountInString(subject) > 150 || strings.ContainsAny(subject, "\r\n") || strings.ContainsFunc(subject, invisible) {
		t.Errorf("the subject is %q: %v", subject, err)
	}
	_, params, err := mime.ParseMediaType(parsed.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(parsed.Body, params["boundary"])
	n := 0
	for ; ; n++ {
		part, err := parts.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsFunc(string(body), invisible) {
			t.Errorf("something invisible in %q", body)
		}
		if !own && strings.Contains(string(body), "evil.example") {
			t.Errorf("an address to follow in\n%s", body)
		}
		if n == 0 && strings.Contains(words, "{{") && !strings.Contains(string(body), `${Link} {{template "x"}}`) {
			t.Errorf("a template is filled in:\n%s", body)
		}
		if n == 1 {
			harmless(t, string(body))
		}
	}
	if n != 2 {
		t.Errorf("%d parts", n)
	}
}

// harmless demands of a document that nothing in it does anything but lead to an http or
// mail address.
func harmless(t *testing.T, document string) {
	t.Helper()
	for z := html.NewTokenizer(strings.NewReader(document)); z.Next() != html.ErrorToken; {
		token := z.Token()
		if slices.Contains([]string{"script", "iframe", "form", "input", "object", "embed", "svg", "link", "base"}, token.Data) && token.Type != html.TextToken {
			t.Errorf("an element %s", token)
		}
		for _, a := range token.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "href" && !strings.HasPrefix(a.Val, "https://") && !strings.HasPrefix(a.Val, "mailto:") {
				t.Errorf("an attribute %s=%q of <%s>", a.Key, a.Val, token.Data)
			}
		}
	}
}
