package bounce_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/event"
	"tenantry/internal/bounce"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/mail"
	"tenantry/internal/notify"
)

const secret = "what only the mail server knows"

// scene is an account with a contact whom something was mailed.
type scene struct {
	*lab.World
	t       *testing.T
	contact *ent.Contact
	mail    *ent.Delivery
}

func open(t *testing.T, d *db.DB) scene {
	w := lab.New(t, d)
	acme := w.Account("olive", "Acme")
	c := w.Contact(acme.ID, "ada@example.com")
	mail := d.Client.Delivery.Create().SetEventID("evt_1").SetAccountID(acme.ID).SetContactID(c.ID).SetKind("notification").SetSubjectID("ntf_1").
		SetTo("ada@example.com").SetToKey("ada@example.com").SetData(map[string]string{}).SetState(delivery.StateSENT).SetSentAt(c.CreatedAt).SaveX(t.Context())
	return scene{w, t, c, mail}
}

// report posts what the mail server sends back about the scene's mail, changed in
// pairs of what is replaced and by what.
func (s scene) report(changes ...string) int {
	s.t.Helper()
	message, err := os.ReadFile("testdata/postfix.eml")
	if err != nil {
		s.t.Fatal(err)
	}
	text := strings.NewReplacer(append(changes, "DELIVERY", s.mail.ID)...).Replace(string(message))
	return s.post("message/rfc822", "Bearer "+secret, text)
}

func (s scene) post(kind, authorization, body string) int {
	r := httptest.NewRequest(http.MethodPost, "/hooks/mail", strings.NewReader(body))
	r.Header.Set("Content-Type", kind)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	s.Bounces.Handler(secret).ServeHTTP(w, r)
	return w.Code
}

func (s scene) now() (*ent.Contact, *ent.Delivery) {
	return s.DB.Client.Contact.GetX(s.t.Context(), s.contact.ID), s.DB.Client.Delivery.GetX(s.t.Context(), s.mail.ID)
}

func (s scene) events(action string) int {
	return s.DB.Client.Event.Query().Where(event.Action(action)).CountX(s.t.Context())
}

// A mail server sends back what was for an address that does not exist: the delivery
// bounced, and its account writes there no more. Another account goes on, since who sees
// the deliveries of one can write such a report. The same again, after somebody has said
// that the address works, changes nothing.
func TestDeadAddress(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		other := s.Contact(s.Account("bob", "Bolt").ID, "ADA@example.com")
		if code := s.report(); code != http.StatusNoContent {
			t.Fatalf("answered with %d", code)
		}
		c, mail := s.now()
		if c.SuppressedAt == nil || !strings.HasPrefix(c.SuppressedReason, "550 5.1.1") || c.Version != s.contact.Version+1 {
			t.Errorf("the contact: suppressed %v, %q, version %d", c.SuppressedAt, c.SuppressedReason, c.Version)
		}
		if mail.State != delivery.StateBOUNCED || mail.BouncedAt == nil || mail.LastError != c.SuppressedReason {
			t.Errorf("the delivery is %s (%q)", mail.State, mail.LastError)
		}
		if d.Client.Contact.GetX(t.Context(), other.ID).SuppressedAt != nil {
			t.Error("the other account no longer writes there")
		}
		if n := s.events("contact.suppressed"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
		s.Ask("olive", `mutation { clearSuppression(input: {contactId: "`+c.ID+`"}) { errors { code } } }`, nil)
		s.report()
		if c, _ := s.now(); c.SuppressedAt != nil {
			t.Error("an old report was taken again")
		}
	})
}

// A company that delivers mail has seen for itself that an address does not exist: it
// does not for any account that has it.
func TestDeadForAll(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		other := s.Contact(s.Account("bob", "Bolt").ID, "ADA@example.com")
		if code := s.post("application/json", "Bearer "+secret, `{"RecordType":"Bounce","Type":"HardBounce","Email":"ada@example.com","Details":"550 5.1.1 unknown"}`); code != http.StatusNoContent {
			t.Fatalf("answered with %d", code)
		}
		if c, _ := s.now(); c.SuppressedAt == nil || d.Client.Contact.GetX(t.Context(), other.ID).SuppressedAt == nil || s.events("contact.suppressed") != 2 {
			t.Errorf("%d contacts are suppressed, want that of each account", s.events("contact.suppressed"))
		}
	})
}

// A mail can come back before it is written down that it was accepted, while others of
// its batch are on their way. It stays what it is then.
func TestBackBeforeItWasSent(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		d.Client.Notification.Create().SetID("ntf_1").SetEventID("evt_1").SetAccountID(s.contact.AccountID).SetCategory("domain").SetSubject("Hi").
			SetText("Hi").SetSenderKind("OPERATOR").SetFannedOutAt(s.contact.CreatedAt).SaveX(t.Context())
		row := d.Client.Delivery.Create().SetEventID("evt_2").SetAccountID(s.contact.AccountID).SetNotificationID("ntf_1").SetContactID(s.contact.ID).
			SetKind("notification").SetSubjectID("ntf_1").SetTo("ada@example.com").SetToKey("ada@example.com").SetData(map[string]string{}).SaveX(t.Context())
		worker := notify.New(d, s.Gate, s.Book, s.Site, accepting(func() {
			s.mail = row
			if code := s.report(); code != http.StatusNoContent {
				t.Errorf("answered with %d", code)
			}
		}), s.Brand, notify.Pace{})
		if err := worker.Drain(t.Context()); err != nil {
			t.Fatal(err)
		}
		if c, mail := s.now(); c.SuppressedAt == nil || mail.State != delivery.StateBOUNCED || mail.SentAt == nil {
			t.Errorf("suppressed %v, the delivery is %s, sent %v", c.SuppressedAt, mail.State, mail.SentAt)
		}
	})
}

// accepting is a mail server that does something when it accepts a mail.
type accepting func()

func (a accepting) Send(context.Context, mail.Message) error { a(); return nil }

// What somebody must get, and no contact got after all, goes to the owner.
func TestOwnerGetsWhatCameBack(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		s.Operator("billing")
		s.Ask("olive", `mutation { setContactPreferences(input: {contactId: "`+s.contact.ID+`", version: 1, preferences: [{channel: EMAIL, all: true}]}) { errors { code } } }`, nil)
		if a := s.Ask("billing", `mutation { sendNotification(input: {accountId: "`+s.contact.AccountID+`", category: "invoice", subject: "Invoice 7", text: "Please pay."}) { errors { code } } }`, nil); len(a.Codes()) > 0 {
			t.Fatalf("%s", a.Body)
		}
		s.Settle()
		if n := len(s.Box.Messages("olive@example.com")); n != 0 {
			t.Fatalf("%d mails to the owner before anything came back", n)
		}
		s.mail = d.Client.Delivery.Query().Where(delivery.ContactID(s.contact.ID), delivery.NotificationIDNotNil()).OnlyX(t.Context())
		for range 2 {
			s.report()
			s.Settle()
		}
		if n := len(s.Box.Messages("olive@example.com")); n != 1 {
			t.Errorf("%d mails to the owner, want 1", n)
		}
	})
}

// Anybody can write a mail that looks like a report. It has to name a mail that we
// sent, to the address that we sent it to, or it says nothing about anybody.
func TestForgedReports(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		victim := s.Contact(s.contact.AccountID, "eve@example.com")
		waiting := d.Client.Delivery.Create().SetEventID("evt_2").SetKind("notification").SetSubjectID("ntf_2").SetTo("ada@example.com").
			SetToKey("ada@example.com").SetData(map[string]string{}).SaveX(t.Context())
		for what, changes := range map[string][]string{
			"another recipient":         {"ada@example.com", "eve@example.com"},
			"a delivery of nobody":      {"DELIVERY", "dlv_01m8000000e008000000000000"},
			"a delivery that waits":     {"DELIVERY", waiting.ID},
			"no delivery":               {"Message-ID: <DELIVERY@acme.example>", "X-Nothing: here"},
			"something that is no id":   {"DELIVERY", "dlv_' OR 1=1"},
			"a recipient that is none":  {"ada@example.com", "root"},
			"two recipients in a field": {"ada@example.com", "ada@example.com, eve@example.com"},
		} {
			if code := s.report(changes...); code != http.StatusNoContent {
				t.Errorf("%s: answered with %d, which tells it from others", what, code)
			}
			if c, mail := s.now(); c.SuppressedAt != nil || mail.State != delivery.StateSENT {
				t.Fatalf("%s: taken for true", what)
			}
		}
		if d.Client.Contact.GetX(t.Context(), victim.ID).SuppressedAt != nil || s.events("contact.suppressed") != 0 {
			t.Error("a stranger had an address suppressed")
		}
		if s.report("5.1.1", "5.7.1") != http.StatusNoContent {
			t.Error("a refusal for another reason was not understood")
		}
		if c, mail := s.now(); c.SuppressedAt != nil || mail.State != delivery.StateBOUNCED {
			t.Errorf("a mail that was taken for spam: suppressed %v, delivery %s", c.SuppressedAt, mail.State)
		}
	})
}

// Without the secret nothing is read.
func TestSecretOfReports(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		body := `{"RecordType":"Bounce","Type":"HardBounce","Email":"ada@example.com","Details":"550 5.1.1 unknown"}`
		for _, authorization := range []string{"", "Bearer ", "Bearer " + secret + "x", "bearer " + secret, "Basic Og==", "Basic ?"} {
			if code := s.post("application/json", authorization, body); code != http.StatusUnauthorized {
				t.Errorf("%q is answered with %d", authorization, code)
			}
		}
		if c, _ := s.now(); c.SuppressedAt != nil {
			t.Fatal("somebody without the secret was believed")
		}
		for what, test := range map[string]struct {
			kind, body string
			want       int
		}{
			"another form":   {"application/json", `{"hello": "world"}`, http.StatusBadRequest},
			"another type":   {"application/xml", `<a/>`, http.StatusBadRequest},
			"a letter":       {"message/rfc822", "Subject: Hi\n\nHi", http.StatusBadRequest},
			"two megabytes":  {"application/json", strings.Repeat(" ", 2<<20), http.StatusRequestEntityTooLarge},
			"what is no use": {"application/json", `{"RecordType":"Open"}`, http.StatusNoContent},
		} {
			if code := s.post(test.kind, "Bearer "+secret, test.body); code != test.want {
				t.Errorf("%s is answered with %d, want %d", what, code, test.want)
			}
		}
		r := httptest.NewRequest(http.MethodPost, "/hooks/mail", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.SetBasicAuth("postmark", secret) // as a mail company puts what is in the address
		w := httptest.NewRecorder()
		s.Bounces.Handler(secret).ServeHTTP(w, r)
		if c, mail := s.now(); w.Code != http.StatusNoContent || c.SuppressedAt == nil || mail.State != delivery.StateSENT {
			t.Errorf("answered with %d; suppressed %v; the delivery, which the report does not name, is %s", w.Code, c.SuppressedAt, mail.State)
		}
	})
}

// Who calls a mail spam gets nothing more that could be unsubscribed from; what must
// arrive still does.
func TestComplaint(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		other := s.Contact(s.Account("bob", "Bolt").ID, "ada@example.com")
		body := `[{"email":"ada@example.com","event":"spamreport","smtp-id":"<` + s.mail.ID + `@portal.example>"}]`
		for range 2 {
			if code := s.post("application/json", "Bearer "+secret, body); code != http.StatusNoContent {
				t.Fatalf("answered with %d", code)
			}
		}
		c, mail := s.now()
		if got := strings.Join(keys(c), " "); got != "general affiliate maintenance" || c.SuppressedAt != nil || mail.State != delivery.StateSENT {
			t.Errorf("unsubscribed from %q, suppressed %v, delivery %s", got, c.SuppressedAt, mail.State)
		}
		if got := keys(d.Client.Contact.GetX(t.Context(), other.ID)); len(got) > 0 {
			t.Errorf("what another account sends is unsubscribed from: %q", got)
		}
		if n := s.events("contact.complained"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

func keys(c *ent.Contact) (out []string) {
	for _, k := range c.Unsubscribed {
		out = append(out, string(k))
	}
	return out
}

// A server reports the same mail many times at once, and somebody changes the contact
// meanwhile: there is one event, and what they wrote is kept.
func TestReportsRace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := open(t, d)
		var all sync.WaitGroup
		for i := range 32 {
			all.Go(func() {
				if i == 7 {
					s.Ask("olive", `mutation { updateContact(input: {contactId: "`+s.contact.ID+`", firstName: "Ada"}) { errors { code } } }`, nil)
				} else if code := s.report(); code != http.StatusNoContent {
					t.Errorf("answered with %d", code)
				}
			})
		}
		all.Wait()
		if c, mail := s.now(); c.SuppressedAt == nil || c.FirstName != "Ada" || mail.State != delivery.StateBOUNCED {
			t.Errorf("suppressed %v, called %q, delivery %s", c.SuppressedAt, c.FirstName, mail.State)
		}
		if n := s.events("contact.suppressed"); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
	})
}

// However a mail is put together, it says something about a hundred recipients at most:
// each costs a transaction.
func TestMostRecipients(t *testing.T) {
	head, end := "Content-Type: multipart/report; boundary=b\r\n\r\n", "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <dlv_1@acme.example>\r\n\r\n--b--\r\n"
	part, group := "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n", "Action: failed\r\nFinal-Recipient: rfc822; ada@example.com\r\nStatus: 5.1.1\r\n\r\n"
	for what, message := range map[string]string{"parts": strings.Repeat(part+group, 1000), "groups": part + strings.Repeat(group, 1000), "both": strings.Repeat(part+group+group+group, 300)} {
		if reports, err := bounce.ParseDSN([]byte(head + message + end)); err != nil || len(reports) == 0 || len(reports) > 101 {
			t.Errorf("many %s make %d reports, %v", what, len(reports), err)
		}
	}
}

// A secret that could be guessed, or that others on the machine can read, is refused.
func TestLoadSecret(t *testing.T) {
	path := t.TempDir() + "/secret"
	for text, want := range map[string]bool{"short": false, secret + "\n": true} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := bounce.LoadSecret(path); (err == nil) != want || want && got != secret {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := bounce.LoadSecret(path); err == nil {
		t.Error("everybody can read it")
	}
}
