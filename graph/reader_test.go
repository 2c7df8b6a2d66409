package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/ent/event"
	"tenantry/ent/formeraddress"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/link"
	"tenantry/internal/permission"
)

// foot is a contact whom notifications are sent, and the links in their foot.
type foot struct {
	*lab.World
	t       *testing.T
	contact *ent.Contact
}

func newFoot(t *testing.T, d *db.DB) foot {
	w := lab.New(t, d)
	return foot{w, t, w.Contact(w.Account("olive", "Acme").ID, "ada@example.com")}
}

func (f foot) reader(category string) link.Reader {
	return link.Reader{ContactID: f.contact.ID, EmailKey: "ada@example.com", Category: category}
}

// target is what a mail program posts to.
func (f foot) target(category string) string {
	return strings.TrimPrefix(f.Site.Unsubscribe(f.reader(category), time.Now()), lab.Public)
}

// token is what stands in the link to the page of preferences.
func (f foot) token() string {
	_, token, _ := strings.Cut(f.Site.Preferences(f.reader("general"), time.Now()), "token=")
	return token
}

func (f foot) send(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, lab.Public+target, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	f.HTTP.ServeHTTP(w, r)
	return w
}

const oneClick = "List-Unsubscribe=One-Click"

// off is what the contact is unsubscribed from.
func (f foot) off() string {
	var out []string
	for _, k := range f.DB.Client.Contact.GetX(f.t.Context(), f.contact.ID).Unsubscribed {
		out = append(out, string(k))
	}
	return strings.Join(out, " ")
}

func (f foot) events(action string) int {
	return f.DB.Client.Event.Query().Where(event.Action(action)).CountX(f.t.Context())
}

// A scanner of links opens the address and nothing happens. A mail program posts to it,
// without a cookie and from nowhere, and the category no longer comes; the second click
// changes nothing more.
func TestOneClick(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		f := newFoot(t, d)
		at := f.target("general")
		for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT"} {
			if f.send(method, at, oneClick); f.off() != "" {
				t.Fatalf("%s unsubscribed somebody", method)
			}
		}
		if page := f.send("GET", at, ""); page.Code != 200 || !strings.Contains(page.Body.String(), `<form method="post">`) {
			t.Errorf("the page answers %d", page.Code)
		}
		for what, body := range map[string]string{"nothing": "", "another form": "List-Unsubscribe=Two-Clicks", "a long one": oneClick + "&x=" + strings.Repeat("x", 1<<16)} {
			if w := f.send("POST", at, body); w.Code != http.StatusBadRequest || f.off() != "" {
				t.Errorf("%s is answered with %d, unsubscribed from %q", what, w.Code, f.off())
			}
		}
		if w := f.send("POST", at, oneClick, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site"); w.Code != http.StatusForbidden || f.off() != "" {
			t.Errorf("a foreign page is answered with %d, unsubscribed from %q", w.Code, f.off())
		}
		for _, headers := range [][]string{nil, {"Origin", "null", "Sec-Fetch-Site", "same-origin"}} { // a mail program; our page, which sends no referrer
			w := f.send("POST", at, oneClick, headers...)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "You are unsubscribed") || len(w.Result().Cookies()) > 0 {
				t.Errorf("answered with %d: %s", w.Code, w.Body)
			}
		}
		if f.off() != "general" || f.events("contact.unsubscribed") != 1 {
			t.Errorf("unsubscribed from %q by %d events", f.off(), f.events("contact.unsubscribed"))
		}
		w := f.send("POST", f.target("maintenance"), "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n", "Content-Type", "multipart/form-data; boundary=b")
		if w.Code != http.StatusOK || f.off() != "general maintenance" {
			t.Errorf("the other form is answered with %d, unsubscribed from %q", w.Code, f.off())
		}
	})
}

// What must arrive cannot be switched off by a link, nor can anything by a link that is
// another's, old, or for an address that the contact no longer has.
func TestNoUnsubscription(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		f := newFoot(t, d)
		other := f.reader("general")
		other.EmailKey = "eve@example.com"
		nobody := f.reader("general")
		nobody.ContactID = "cont_01m8000000e008000000000000"
		_, preferences, _ := strings.Cut(f.Site.Preferences(f.reader("invoice"), time.Now()), "token=")
		at := func(r link.Reader) string { return strings.TrimPrefix(f.Site.Unsubscribe(r, time.Now()), lab.Public) }
		for what, target := range map[string]string{
			"an invoice":                 f.target("invoice"),
			"an order":                   f.target("product"),
			"a security notice":          f.target("security"),
			"a category of nobody":       f.target("gossip"),
			"no category":                f.target(""),
			"another address":            at(other),
			"a contact of nobody":        at(nobody),
			"no token":                   "/unsubscribe",
			"a token with a letter more": f.target("general") + "x",
			"a link of another purpose":  "/unsubscribe?token=" + preferences,
			"a link of last year":        strings.TrimPrefix(f.Site.Unsubscribe(f.reader("general"), time.Now().Add(-link.ReaderLifetime)), lab.Public),
		} {
			if w := f.send("POST", target, oneClick); w.Code != http.StatusNotFound || f.off() != "" {
				t.Errorf("%s: answered with %d, unsubscribed from %q", what, w.Code, f.off())
			}
		}
		last := strings.TrimPrefix(f.Site.Unsubscribe(f.reader("general"), time.Now().Add(time.Second-link.ReaderLifetime)), lab.Public)
		if w := f.send("POST", last, oneClick); w.Code != http.StatusOK {
			t.Errorf("in its last second a link is answered with %d", w.Code)
		}
		at2 := f.target("maintenance")
		f.Ask("olive", fmt.Sprintf(`mutation { updateContact(input: {contactId: %q, email: "accounts@example.com"}) { errors { code } } }`, f.contact.ID), nil)
		if w := f.send("POST", at2, oneClick); w.Code != http.StatusNotFound || f.off() != "" {
			t.Errorf("after a change of address: answered with %d, unsubscribed from %q", w.Code, f.off())
		}
	})
}

// A few mail companies unsubscribe for millions: who has good links is never told to
// wait, and who guesses is.
func TestManyUnsubscribe(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		f := newFoot(t, d)
		for range 100 {
			if w := f.send("POST", f.target("general"), oneClick); w.Code != http.StatusOK {
				t.Fatalf("answered with %d", w.Code)
			}
		}
		waits := 0
		for range 100 {
			if f.send("POST", "/unsubscribe?token=guess", oneClick).Code == http.StatusTooManyRequests {
				waits++
			}
		}
		if waits != 40 {
			t.Errorf("%d of 100 guesses were told to wait, want 40", waits)
		}
		if w := f.send("POST", f.target("general"), oneClick); w.Code != http.StatusOK {
			t.Errorf("a neighbour of somebody who guesses is answered with %d", w.Code)
		}
	})
}

// Each of many categories is unsubscribed from at the same moment, while a colleague
// wants all of them for the contact: nothing is lost, and the reader has the last word.
func TestUnsubscribeRace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := newFoot(t, d)
		set := fmt.Sprintf(`mutation { updateContact(input: {contactId: %q, preferences: [{channel: EMAIL, all: true}]}) { errors { code } } }`, f.contact.ID)
		f.Ask("olive", set, nil)
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() {
				if i%4 == 3 {
					f.Ask("olive", set, nil)
				} else if w := f.send("POST", f.target([]string{"general", "affiliate", "maintenance"}[i%4]), oneClick); w.Code != http.StatusOK {
					t.Errorf("answered with %d", w.Code)
				}
			})
		}
		all.Wait()
		if f.off() != "general affiliate maintenance" || f.events("contact.unsubscribed") != 3 {
			t.Errorf("unsubscribed from %q by %d events", f.off(), f.events("contact.unsubscribed"))
		}
		a := f.Ask("olive", fmt.Sprintf(`{ account(id: %q) { recipients(category: "general") { nodes { email receives rule } } } }`, f.contact.AccountID), nil)
		if got := a.Get("data.account.recipients.nodes.0.rule"); got != "UNSUBSCRIBED" {
			t.Errorf("the rule is %v", got)
		}
	})
}

// Whoever changes a contact reads it as it is once they hold its row: each of them waits
// here for somebody who has it already, and must not write over what that one did. On
// SQLite there is one writer, who holds everything.
func TestContactIsReadUnderItsLock(t *testing.T) {
	const everything = `preferences: [{channel: EMAIL, all: true}]`
	for _, c := range []struct {
		name string
		// held is what whoever has the row does to it.
		held string
		// act waits for the row, and answers with the codes of its refusals.
		act func(f foot) string
		// code and off are what comes of it.
		code, off string
	}{
		{"another unsubscription", `SET unsubscribed = '["maintenance"]'`, func(f foot) string {
			if w := f.send("POST", f.target("general"), oneClick); w.Code != http.StatusOK {
				return w.Body.String()
			}
			return ""
		}, "", "general maintenance"},
		{"a choice of the reader", `SET unsubscribed = '["maintenance"]', email_key = 'eve@example.com'`, func(f foot) string {
			return strings.Join(f.Ask(lab.Nobody, fmt.Sprintf(`mutation { setReaderPreferences(input: {token: %q, unsubscribedFrom: ["general"]}) { errors { code } } }`, f.token()), nil).Codes(), " ")
		}, "INVALID_TOKEN", "maintenance"},
		{"a colleague who saves the contact", `SET unsubscribed = '["maintenance"]'`, func(f foot) string {
			return strings.Join(f.Ask("olive", fmt.Sprintf(`mutation { updateContact(input: {contactId: %q, %s}) { errors { code } } }`, f.contact.ID, everything), nil).Codes(), " ")
		}, "", "maintenance"},
		{"an address that is confirmed", `SET verification_generation = 9`, func(f foot) string {
			token := f.World.Site.VerifyContact(link.Claim{ID: f.contact.ID, Generation: 0, ExpiresAt: time.Now().Add(time.Hour)})
			_, token, _ = strings.Cut(token, "token=")
			return strings.Join(f.Ask(lab.Nobody, fmt.Sprintf(`mutation { verifyContact(input: {token: %q}) { errors { code } } }`, token), nil).Codes(), " ")
		}, "INVALID_TOKEN", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := dbtest.Postgres(t)
			f, ctx := newFoot(t, d), t.Context()
			f.Ask("olive", fmt.Sprintf(`mutation { updateContact(input: {contactId: %q, %s}) { errors { code } } }`, f.contact.ID, everything), nil)
			other := dbtest.Reopen(t, d)
			tx, err := other.Writer().BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			if _, err := tx.ExecContext(ctx, "UPDATE contacts "+c.held+" WHERE id = $1", f.contact.ID); err != nil {
				t.Fatal(err)
			}
			answer := make(chan string)
			go func() { answer <- c.act(f) }()
			for n := 0; n == 0; { // until it waits for the row
				if err := other.Writer().QueryRowContext(ctx, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&n); err != nil {
					t.Fatal(err)
				}
			}
			if err := tx.Commit(); err != nil {
				t.Fatal(err)
			}
			if got := <-answer; got != c.code || f.off() != c.off {
				t.Errorf("refused with %q, want %q; unsubscribed from %q, want %q", got, c.code, f.off(), c.off)
			}
		})
	}
}

// Postgres and SQLite alike: whatever is posted as a form, in whatever form, does no
// more than one click.
func FuzzOneClick(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", oneClick)
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n")
	f.Add("multipart/form-data", oneClick)
	f.Add("", "%")
	w := lab.New(f, dbtest.SQLite(f))
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequest("POST", lab.Public+"/unsubscribe?token="+url.QueryEscape(body), strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		rec := httptest.NewRecorder()
		w.HTTP.ServeHTTP(rec, r)
		switch rec.Code {
		case http.StatusBadRequest, http.StatusNotFound, http.StatusTooManyRequests:
		default:
			t.Errorf("answered with %d", rec.Code)
		}
	})
}

// Whatever the account does with the contacts that have an address, what its reader has
// ended stays ended, and mail that came back is not sent again: moved away and back,
// deleted and added again, given to another contact. Another address starts anew, and so
// does the same address in another account.
func TestUnsubscribedStays(t *testing.T) {
	const shown = `contact { id email unsubscribedFrom suppression { reason } } warnings errors { code }`
	type saved struct {
		Contact struct {
			ID, Email        string
			UnsubscribedFrom []string
			Suppression      *struct{ Reason string }
		}
		Warnings []string
	}
	type world struct {
		foot
		acme string
	}
	ask := func(w world, email, document string, v ...any) saved {
		w.t.Helper()
		var got struct{ Data map[string]saved }
		a := w.Ask("olive", fmt.Sprintf(document, v...), nil)
		if err := json.Unmarshal(a.Body, &got); err != nil || len(a.Codes()) > 0 {
			w.t.Fatalf("%s", a.Body)
		}
		for _, out := range got.Data {
			if out.Contact.Email != email {
				w.t.Fatalf("saved %s", a.Body)
			}
			return out
		}
		w.t.Fatalf("%s", a.Body)
		return saved{}
	}
	move := func(w world, contact, email string) saved {
		return ask(w, email, `mutation { updateContact(input: {contactId: %q, email: %q}) { `+shown+` } }`, contact, email)
	}
	add := func(w world, account, email, more string) saved {
		return ask(w, email, `mutation { createContact(input: {accountId: %q, email: %q%s}) { `+shown+` } }`, account, email, more)
	}
	remove := func(w world) {
		if a := w.Ask("olive", fmt.Sprintf(`mutation { deleteContact(input: {contactId: %q, alsoRemoveMember: false}) { errors { code } } }`, w.contact.ID), nil); len(a.Codes()) > 0 {
			w.t.Fatalf("%s", a.Body)
		}
	}
	stories := []struct {
		name string
		do   func(world) saved
		kept bool
	}{
		{"moved away and back", func(w world) saved {
			if away := move(w, w.contact.ID, "grace@example.com"); len(away.Contact.UnsubscribedFrom) > 0 || away.Contact.Suppression != nil {
				w.t.Errorf("the other address has %+v", away)
			}
			return move(w, w.contact.ID, "Ada@example.com")
		}, true},
		{"away, on, and back", func(w world) saved {
			move(w, w.contact.ID, "grace@example.com")
			move(w, w.contact.ID, "joan@example.com")
			return move(w, w.contact.ID, "Ada@example.com")
		}, true},
		{"away and back, twice", func(w world) saved {
			for range 2 {
				move(w, w.contact.ID, "grace@example.com")
				move(w, w.contact.ID, "Ada@example.com")
			}
			return move(w, w.contact.ID, "Ada@example.com")
		}, true},
		{"deleted and added again", func(w world) saved {
			remove(w)
			return add(w, w.acme, "Ada@example.com", "")
		}, true},
		{"again with preferences, a key and a login", func(w world) saved {
			remove(w)
			return add(w, w.acme, "Ada@example.com", `, preferences: [{channel: EMAIL, all: true}], idempotencyKey: "once", login: {roleIds: ["role_read_only"]}`)
		}, true},
		{"another contact gets it", func(w world) saved {
			other := add(w, w.acme, "grace@example.com", "").Contact.ID
			remove(w)
			return move(w, other, "Ada@example.com")
		}, true},
		{"another account remembers it as well", func(w world) saved {
			w.DB.Client.FormerAddress.Create().SetAccountID(w.Account("olive", "Beta").ID).SetEmailKey("ada@example.com").
				SetUnsubscribed([]permission.CategoryKey{"maintenance"}).ExecX(w.t.Context())
			remove(w)
			return add(w, w.acme, "Ada@example.com", "")
		}, true},
		{"another account adds it", func(w world) saved {
			remove(w)
			return add(w, w.Account("olive", "Beta").ID, "Ada@example.com", "")
		}, false},
	}
	for _, story := range stories {
		t.Run(story.name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				f := newFoot(t, d)
				w := world{f, f.contact.AccountID}
				if f.send("POST", f.target("general"), oneClick); f.off() != "general" {
					t.Fatal("not unsubscribed")
				}
				if err := db.InTx0(t.Context(), d.Client, func(tx *ent.Tx) error {
					return contact.Suppress(t.Context(), tx, "ada@example.com", f.contact.ID, "550 no such user")
				}); err != nil {
					t.Fatal(err)
				}
				got := story.do(w).Contact
				kept := strings.Join(got.UnsubscribedFrom, " ") == "general" && got.Suppression != nil && got.Suppression.Reason == "550 no such user"
				nothing := len(got.UnsubscribedFrom) == 0 && got.Suppression == nil
				if story.kept && !kept || !story.kept && !nothing {
					t.Errorf("the contact has %+v", got)
				}
				f.contact = d.Client.Contact.GetX(t.Context(), got.ID)
				if off := f.off(); (off == "general") != story.kept || (f.contact.SuppressedAt != nil) != story.kept {
					t.Errorf("stored is %q, suppressed at %v", off, f.contact.SuppressedAt)
				}
				if n := d.Client.FormerAddress.Query().Where(formeraddress.AccountID(w.acme)).CountX(t.Context()); (n == 0) != story.kept {
					t.Errorf("%d addresses without a contact are remembered", n)
				}
				if !story.kept {
					return
				}
				// Who has unsubscribed takes it back, by the link of any mail, and for good.
				if a := f.Ask(lab.Nobody, fmt.Sprintf(`mutation { setReaderPreferences(input: {token: %q, unsubscribedFrom: []}) { errors { code } } }`, f.token()), nil); len(a.Codes()) > 0 || f.off() != "" {
					t.Errorf("%s, unsubscribed from %q", a.Body, f.off())
				}
			})
		})
	}
}

// While servers of an earlier release are there, a contact can have an address of which
// something is remembered. It can be deleted and moved all the same, and nothing is forgotten.
func TestRememberedTwice(t *testing.T) {
	for name, act := range map[string]string{
		"deleted": `mutation { deleteContact(input: {contactId: %q, alsoRemoveMember: false}) { errors { code } } }`,
		"moved":   `mutation { updateContact(input: {contactId: %q, email: "grace@example.com"}) { errors { code } } }`,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				f := newFoot(t, d)
				d.Client.FormerAddress.Create().SetAccountID(f.contact.AccountID).SetEmailKey("ada@example.com").
					SetUnsubscribed([]permission.CategoryKey{"maintenance"}).SetSuppressedAt(time.Now()).SetSuppressedReason("550 no such user").ExecX(t.Context())
				if f.send("POST", f.target("general"), oneClick); f.off() != "general" {
					t.Fatal("not unsubscribed")
				}
				if a := f.Ask("olive", fmt.Sprintf(act, f.contact.ID), nil); len(a.Codes()) > 0 {
					t.Fatalf("%s", a.Body)
				}
				kept := d.Client.FormerAddress.Query().OnlyX(t.Context())
				if off := kept.Unsubscribed; len(off) != 2 || off[0] != "general" || off[1] != "maintenance" || kept.SuppressedReason != "550 no such user" {
					t.Errorf("remembered is %v, %q", off, kept.SuppressedReason)
				}
			})
		})
	}
}

// By the link in the foot of a mail somebody leaves two categories, takes one back, and
// cannot leave what must arrive.
func TestReaderChooses(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		f := newFoot(t, d)
		f.Ask("olive", fmt.Sprintf(`mutation { updateContact(input: {contactId: %q, preferences: [{channel: EMAIL, all: true}]}) { errors { code } } }`, f.contact.ID), nil)
		choose := func(list string) lab.Answer {
			return f.Ask(lab.Nobody, fmt.Sprintf(`mutation { setReaderPreferences(input: {token: %q, unsubscribedFrom: %s}) { preferences { maskedEmail } errors { code field } } }`, f.token(), list), nil)
		}
		for _, step := range []struct{ list, off, refused string }{
			{`["maintenance", "general", "general"]`, "general maintenance", ""},
			{`["general"]`, "general", ""},
			{`["general", "invoice"]`, "general", "BAD_INPUT"},
			{`["gossip"]`, "general", "BAD_INPUT"},
			{`[]`, "", ""},
		} {
			a := choose(step.list)
			if got := strings.Join(a.Codes(), " "); got != step.refused || f.off() != step.off {
				t.Errorf("%s: refused with %q, unsubscribed from %q; %s", step.list, got, f.off(), a.Body)
			}
		}
		if left, back := f.events("contact.unsubscribed"), f.events("contact.resubscribed"); left != 1 || back != 2 {
			t.Errorf("%d events of leaving and %d of coming back, want 1 and 2", left, back)
		}
	})
}

// The page behind a link in a mail speaks the language of the mail.
func TestReaderLocale(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		f := newFoot(t, d)
		for _, locale := range []string{"de", "en"} {
			f.Ask("olive", fmt.Sprintf(`mutation { updateContact(input: {contactId: %q, locale: %q}) { errors { code } } }`, f.contact.ID, locale), nil)
			a := f.Ask(lab.Nobody, fmt.Sprintf(`{ readerPreferences(token: %q) { locale } }`, f.token()), nil)
			if want := fmt.Sprintf(`"locale":%q`, locale); !strings.Contains(string(a.Body), want) {
				t.Errorf("the reader of a mail in %s is told %s", locale, a.Body)
			}
		}
	})
}
