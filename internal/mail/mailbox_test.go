package mail_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"tenantry/internal/mail"
)

func mailbox(t *testing.T) *mail.Mailbox {
	t.Helper()
	box, err := mail.NewMailbox("Acme Hosting <portal@acme.example>")
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func hello() mail.Message {
	return mail.Message{ID: "dlv_1", To: "ada@example.com", ToName: "Ada", Subject: "Hello", Text: "Hello Ada.", HTML: "<!DOCTYPE html>\n<html><head><title>Hello</title></head><p>Hello Ada.</p></html>"}
}

// send fails the test if the message is refused.
func send(t *testing.T, s mail.Sender, m mail.Message) {
	t.Helper()
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
}

// get asks the handler; header holds pairs.
func get(t *testing.T, box *mail.Mailbox, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	box.Handler().ServeHTTP(w, r)
	return w
}

func TestMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := mailbox(t)
		send(t, box, hello())
		got := parse(t, box.Messages("")[0].Source)
		if diff := cmp.Diff(headers, got.headers); diff != "" {
			t.Errorf("headers (-want +got):\n%s", diff)
		}
		for name, want := range map[string]string{
			"Auto-Submitted":           "auto-generated",
			"Date":                     "Sat, 01 Jan 2000 00:00:00 +0000",
			"From":                     `"Acme Hosting" <portal@acme.example>`,
			"Message-Id":               "<dlv_1@acme.example>",
			"Mime-Version":             "1.0",
			"Subject":                  "Hello",
			"To":                       `"Ada" <ada@example.com>`,
			"X-Auto-Response-Suppress": "All",
		} {
			if got := got.header.Get(name); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
		if got.text != hello().Text || got.html != hello().HTML {
			t.Errorf("the parts are %q and %q", got.text, got.html)
		}
	})
}

func TestMessageInPlainText(t *testing.T) {
	box := mailbox(t)
	m := hello()
	m.HTML = ""
	send(t, box, m)
	got := parse(t, box.Messages("")[0].Source)
	if got.text != m.Text || got.html != "" {
		t.Errorf("the parts are %q and %q", got.text, got.html)
	}
}

func TestMessageWithUnsubscription(t *testing.T) {
	box := mailbox(t)
	m := hello()
	m.Unsubscribe = "https://portal.acme.example/unsubscribe?" + strings.Repeat("token", 40)
	send(t, box, m)
	header := parse(t, box.Messages("")[0].Source).header
	if got := header.Get("List-Unsubscribe"); got != "<"+m.Unsubscribe+">" {
		t.Errorf("List-Unsubscribe: %s", got)
	}
	if got := header.Get("List-Unsubscribe-Post"); got != "List-Unsubscribe=One-Click" {
		t.Errorf("List-Unsubscribe-Post: %s", got)
	}
	if len(header) != len(headers)+2 {
		t.Errorf("the header is %v", header)
	}
}

// Invariant 39.
func TestMessageIsRefusedOrHarmless(t *testing.T) {
	for _, test := range []struct {
		name    string
		change  func(*mail.Message)
		refused bool
	}{
		{"id with a line break", func(m *mail.Message) { m.ID = "a\r\nBcc: eve" }, true},
		{"id that closes the brackets", func(m *mail.Message) { m.ID = "a>" }, true},
		{"no id", func(m *mail.Message) { m.ID = "" }, true},
		{"id as a path", func(m *mail.Message) { m.ID = ".." }, true},
		{"recipient with a name", func(m *mail.Message) { m.To = "Eve <eve@evil.example>" }, true},
		{"two recipients", func(m *mail.Message) { m.To = "ada@example.com, eve@evil.example" }, true},
		{"recipient with a line break", func(m *mail.Message) { m.To = "ada@example.com\r\nBcc: eve@evil.example" }, true},
		{"no recipient", func(m *mail.Message) { m.To = "" }, true},
		{"no text", func(m *mail.Message) { m.Text = "" }, true},
		{"unsubscription with a line break", func(m *mail.Message) { m.Unsubscribe = "https://a.example/\r\nBcc: eve@evil.example" }, true},
		{"unsubscription that closes the brackets", func(m *mail.Message) { m.Unsubscribe = "https://a.example/>, <https://evil.example/" }, true},
		{"unsubscription by mail", func(m *mail.Message) { m.Unsubscribe = "mailto:eve@evil.example" }, true},
		{"subject with a header", func(m *mail.Message) { m.Subject = "Hi\r\nBcc: eve@evil.example\r\n\r\nbody" }, false},
		{"subject of 10 KB", func(m *mail.Message) { m.Subject = strings.Repeat("é", 10240) }, false},
		{"subject that is encoded already", func(m *mail.Message) { m.Subject = "=?utf-8?q?=0D=0ABcc:_eve?=" }, false},
		{"name that is encoded already", func(m *mail.Message) { m.ToName = "=\u202e?utf-8?q?=0D=0ABcc:_eve?=" }, false},
		{"name with a header", func(m *mail.Message) { m.ToName = "Ada\"\r\nBcc: eve@evil.example" }, false},
		{"name with an address", func(m *mail.Message) { m.ToName = `", <eve@evil.example>, "` }, false},
		{"name with a backslash", func(m *mail.Message) { m.ToName = `\é` }, false},
		{"name of 10 KB", func(m *mail.Message) { m.ToName = strings.Repeat("x ", 5120) }, false},
		{"text with a boundary and dots", func(m *mail.Message) { m.Text = "--\r\n.\r\n--x--\r\nBcc: eve" }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			box := mailbox(t)
			m := hello()
			test.change(&m)
			err := box.Send(t.Context(), m)
			if test.refused {
				if e, ok := errors.AsType[*mail.Error](err); !ok || !e.Permanent || e.Bounced {
					t.Errorf("got %#v, want a permanent error", err)
				}
				if len(box.Messages("")) != 0 {
					t.Error("it is in the mailbox all the same")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			got := parse(t, box.Messages("")[0].Source)
			if diff := cmp.Diff(headers, got.headers); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
			if got.to.Address != "ada@example.com" || len([]rune(got.to.Name)) > 80 || len([]rune(got.subject)) > 150 {
				t.Errorf("to %v, subject %q", got.to, got.subject)
			}
			if strings.ContainsAny(got.subject+decoded(t, got.header.Get("To")), "\r\n") {
				t.Errorf("to %q, subject %q", got.header.Get("To"), got.subject)
			}
		})
	}
}

func TestMailboxKeepsTheNewest(t *testing.T) {
	box := mailbox(t)
	for i := range 502 {
		m := hello()
		m.ID = fmt.Sprint("dlv_", i)
		send(t, box, m)
	}
	messages := box.Messages("")
	if len(messages) != 500 || messages[0].ID != "dlv_501" || messages[499].ID != "dlv_2" {
		t.Errorf("%d messages from %s to %s", len(messages), messages[0].ID, messages[len(messages)-1].ID)
	}
}

func TestMailboxIsNotSentToWhenItIsTooLate(t *testing.T) {
	box := mailbox(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := box.Send(ctx, hello())
	if e, ok := errors.AsType[*mail.Error](err); !ok || e.Permanent || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestMailboxForMany(t *testing.T) {
	box := mailbox(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if err := box.Send(t.Context(), hello()); err != nil {
					t.Error(err)
				}
				box.Messages("ada@example.com")
			}
		})
	}
	all.Wait()
	if n := len(box.Messages("")); n != 160 {
		t.Errorf("%d messages", n)
	}
}

func TestMailboxAsJSON(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		box := mailbox(t)
		if body := get(t, box, "/dev/mail/messages").Body.String(); body != "[]\n" {
			t.Errorf("an empty mailbox is %q", body)
		}
		send(t, box, hello())
		time.Sleep(time.Second)
		send(t, box, mail.Message{ID: "dlv_2", To: "bob@example.com", Subject: "Two\r\nlines", Text: "Hello Bob.", Unsubscribe: "https://acme.example/unsubscribe?token=b"})

		ada := map[string]any{
			"id": "dlv_1", "from": `"Acme Hosting" <portal@acme.example>`, "to": "ada@example.com", "subject": "Hello",
			"text": "Hello Ada.", "html": hello().HTML, "createdAt": "2000-01-01T00:00:00Z",
		}
		bob := map[string]any{
			"id": "dlv_2", "from": `"Acme Hosting" <portal@acme.example>`, "to": "bob@example.com", "subject": "Two lines",
			"text": "Hello Bob.", "html": "", "createdAt": "2000-01-01T00:00:01Z", "unsubscribe": "https://acme.example/unsubscribe?token=b",
		}
		for _, test := range []struct {
			query string
			want  []map[string]any
		}{
			{"", []map[string]any{bob, ada}},
			{"?to=ada@example.com", []map[string]any{ada}},
			{"?to=ADA@Example.com", []map[string]any{ada}},
			{"?to=eve@example.com", []map[string]any{}},
		} {
			var got []map[string]any
			w := get(t, box, "/dev/mail/messages"+test.query)
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.query, diff)
			}
		}
	})
}

func TestMailboxAnswersOnlyNews(t *testing.T) {
	box := mailbox(t)
	send(t, box, hello())
	tag := get(t, box, "/dev/mail/messages").Header().Get("ETag")
	if w := get(t, box, "/dev/mail/messages", "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("nothing new is %d %q", w.Code, w.Body)
	}
	send(t, box, hello())
	if w := get(t, box, "/dev/mail/messages", "If-None-Match", tag); w.Code != http.StatusOK {
		t.Errorf("something new is %d", w.Code)
	}
	again := mailbox(t)
	send(t, again, hello())
	if w := get(t, again, "/dev/mail/messages", "If-None-Match", tag); w.Code != http.StatusOK {
		t.Errorf("after a restart it is %d", w.Code)
	}
}

func TestMailboxPages(t *testing.T) {
	box := mailbox(t)
	send(t, box, hello())
	plain := hello()
	plain.ID, plain.HTML = "dlv_2", ""
	send(t, box, plain)
	fragment := hello()
	fragment.ID, fragment.HTML = "dlv_3", "<p>no head</p>"
	send(t, box, fragment)

	const page, sandbox = "script-src 'self'", "sandbox allow-popups allow-popups-to-escape-sandbox"
	for _, test := range []struct {
		path   string
		code   int
		kind   string
		policy string
		body   string
	}{
		{"/dev/mail", 200, "text/html; charset=utf-8", page, `sandbox="allow-popups allow-popups-to-escape-sandbox"`},
		{"/dev/mail/", 301, "text/html; charset=utf-8", page, ""},
		{"/dev/mail/page.js", 200, "text/javascript; charset=utf-8", page, "/dev/mail/messages"},
		{"/dev/mail/page.css", 200, "text/css; charset=utf-8", page, "prefers-color-scheme: dark"},
		{"/dev/mail/messages", 200, "application/json", page, "dlv_1"},
		{"/dev/mail/messages/dlv_1/html", 200, "text/html; charset=utf-8", sandbox, `<head><base target="_blank"><title>`},
		{"/dev/mail/messages/dlv_3/html", 200, "text/html; charset=utf-8", sandbox, `<base target="_blank"><p>no head</p>`},
		{"/dev/mail/messages/dlv_1/source", 200, "text/plain; charset=utf-8", page, "Message-ID: <dlv_1@acme.example>"},
		{"/dev/mail/messages/dlv_2/html", 404, "text/plain; charset=utf-8", page, ""},
		{"/dev/mail/messages/dlv_9/html", 404, "text/plain; charset=utf-8", page, ""},
		{"/dev/mail/messages/dlv_9/source", 404, "text/plain; charset=utf-8", page, ""},
		{"/dev/mail/page.html", 404, "text/plain; charset=utf-8", page, ""},
	} {
		t.Run(test.path, func(t *testing.T) {
			w := get(t, box, test.path)
			if w.Code != test.code || w.Header().Get("Content-Type") != test.kind || !strings.Contains(w.Body.String(), test.body) {
				t.Errorf("got %d %s\n%s", w.Code, w.Header().Get("Content-Type"), w.Body)
			}
			policy := w.Header().Get("Content-Security-Policy")
			if !strings.HasPrefix(policy, "default-src 'none'") || !strings.Contains(policy, test.policy) {
				t.Errorf("the policy is %s", policy)
			}
			for name, want := range map[string]string{
				"Cache-Control": "no-store", "Referrer-Policy": "no-referrer",
				"X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN",
			} {
				if got := w.Header().Get(name); got != want {
					t.Errorf("%s: %s, want %s", name, got, want)
				}
			}
		})
	}
}

// The page must live with its own policy: nothing inline, nothing from elsewhere.
func TestMailboxPageIsStrict(t *testing.T) {
	box := mailbox(t)
	for _, path := range []string{"/dev/mail", "/dev/mail/page.css", "/dev/mail/page.js"} {
		body := get(t, box, path).Body.String()
		for _, forbidden := range []string{"<style", " style=", " onclick=", "<script>", "//fonts", "https://", "innerHTML", "@import"} {
			if strings.Contains(body, forbidden) {
				t.Errorf("%s has %q", path, forbidden)
			}
		}
	}
}

func TestMailboxNeedsASender(t *testing.T) {
	if _, err := mail.NewMailbox("Acme"); err == nil {
		t.Error("a sender without an address is taken")
	}
}
