package notify_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tenantry/ent"
	entcontact "tenantry/ent/contact"
	"tenantry/ent/delivery"
	"tenantry/ent/webhook"
	"tenantry/internal/access"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/notify"
	"tenantry/internal/page"
	"tenantry/internal/permission"
)

var billing = access.Company("Billing")

// calls is a channel that keeps what it is given.
type calls struct {
	mu   sync.Mutex
	sent []notify.Outgoing
	// answer says how a call ends. Nil for well.
	answer func(notify.Outgoing) error
}

func (c *calls) Send(_ context.Context, o notify.Outgoing) error {
	if c.answer != nil {
		if err := c.answer(o); err != nil {
			return err
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, o)
	return nil
}

// tell sends a notification to an account, and hands it on: it is owed, not yet sent.
func tell(t *testing.T, w *lab.World, accountID string, category permission.CategoryKey) *ent.Notification {
	t.Helper()
	n, err := w.Notify.Submit(t.Context(), billing, notify.Draft{AccountID: accountID, Category: category, Subject: "Hear", Text: "This"})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// addContact adds a contact as it is given.
func addContact(t *testing.T, w *lab.World, accountID, email string, prefs ...permission.Preference) *ent.Contact {
	t.Helper()
	if prefs == nil {
		prefs = []permission.Preference{}
	}
	return w.DB.Client.Contact.Create().SetAccountID(accountID).SetEmail(email).SetEmailKey(email).SetSearch(email).SetPreferences(prefs).
		SetSubAccountIds([]string{}).SetUpdatedAt(time.Now()).SaveX(t.Context())
}

func addWebhook(t *testing.T, w *lab.World, accountID, url string) *ent.Webhook {
	t.Helper()
	return w.DB.Client.Webhook.Create().SetAccountID(accountID).SetURL(url).SetEvents([]string{}).SetSecret([]byte("secret")).SetUpdatedAt(time.Now()).SaveX(t.Context())
}

func on(channel permission.Channel, categories ...permission.CategoryKey) permission.Preference {
	return permission.Preference{Channel: channel, Categories: categories}
}

// What account.recipients and notificationCoverage say, the deliveries that are written
// and what leaves are the same, whatever the contacts are: one engine decides all of them.
func TestRecipientsAreSentIt(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		r := rand.New(rand.NewPCG(seed, 0))
		w, ctx := lab.New(t, d), t.Context()
		called := &calls{}
		w.Notify.Use(permission.Webhook, called)
		categories := w.Gate.Catalogue().Categories
		keys := func() (out []permission.CategoryKey) {
			for _, c := range categories {
				if r.IntN(2) == 0 {
					out = append(out, c.Key)
				}
			}
			return out
		}
		for round := range 12 {
			acme := w.Account("olive", fmt.Sprint("Acme ", round))
			north, south := w.Sub("olive", acme, "North"), w.Sub("olive", acme, "South")
			d.Client.Account.UpdateOne(north).SetOwnerFallback(r.IntN(3) > 0).ExecX(ctx)
			hooks := map[string]int{}
			for _, a := range []*ent.Account{acme, north, south} {
				for i := range r.IntN(3) {
					hooks[a.ID]++
					h := addWebhook(t, w, a.ID, fmt.Sprintf("https://hook%d.example", i))
					if r.IntN(4) == 0 {
						hooks[a.ID]--
						d.Client.Webhook.UpdateOne(h).SetState(webhook.StatePAUSED).ExecX(ctx)
					}
				}
				for i := range r.IntN(6) {
					var prefs []permission.Preference
					for _, c := range permission.Channels() {
						switch r.IntN(4) {
						case 0:
							prefs = append(prefs, permission.Preference{Channel: c, All: true})
						case 1:
							prefs = append(prefs, permission.Preference{Channel: c, All: true, Except: keys()})
						case 2:
							prefs = append(prefs, on(c, keys()...))
						}
					}
					// Some addresses are those of contacts of the other accounts, and of the owner.
					email := []string{"olive@example.com", "books@example.com", "desk@example.com", "tech@example.com", "boss@example.com", "else@example.com"}[i]
					u := d.Client.Contact.UpdateOne(addContact(t, w, a.ID, email, prefs...)).SetUnsubscribed(keys())
					if r.IntN(4) == 0 {
						u.SetSuppressedAt(time.Now())
					}
					switch r.IntN(4) {
					case 0:
						u.SetSubAccountAccess(permission.ScopeAll)
					case 1:
						u.SetSubAccountAccess(permission.ScopeSelected).SetSubAccountIds([]string{[]string{north.ID, south.ID}[r.IntN(2)]})
					}
					u.ExecX(ctx)
				}
			}
			for _, a := range []*ent.Account{acme, north} {
				cat := categories[r.IntN(len(categories))]
				mails := len(w.Box.Messages(""))
				called.sent = nil
				n := tell(t, w, a.ID, cat.Key)
				w.Settle()
				left := map[permission.Channel]map[string]int{permission.Email: {}, permission.Webhook: {}}
				all := w.Box.Messages("")
				for _, m := range all[:len(all)-mails] {
					left[permission.Email][m.To]++
				}
				for _, o := range called.sent {
					left[permission.Webhook][o.Contact.ID]++
				}
				covered(t, w, a.ID, cat.Key)
				for _, channel := range []permission.Channel{permission.Email, permission.Webhook} {
					want := map[string]int{} // what goes where, by which rule
					list, err := w.Contacts.Recipients(ctx, w.Actor("olive"), a.ID, cat.Key, channel, page.Request{First: 100})
					if err != nil {
						t.Fatal(err)
					}
					own := map[string]bool{}
					for _, one := range list.Items {
						if one.Receives && !one.ThroughParent {
							own[one.Email] = true
						}
					}
					for _, one := range list.Items {
						switch {
						case !one.Receives:
						case channel == permission.Webhook:
							if h := hooks[one.Contact.AccountID]; h > 0 {
								want[one.Contact.ID+" "+string(one.Rule)] = h
							}
						case !one.ThroughParent || !own[one.Email]:
							want[one.Email+" "+string(one.Rule)] = 1
						}
					}
					got := map[string]int{}
					for _, one := range d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID), delivery.ChannelEQ(channel)).AllX(ctx) {
						if one.State != delivery.StateSENT {
							t.Errorf("round %d: %s to %s is %s: %s", round, channel, one.To, one.State, one.LastError)
						}
						if channel == permission.Webhook {
							got[one.ContactID+" "+string(*one.Rule)]++
						} else {
							got[one.To+" "+string(*one.Rule)]++
						}
					}
					if diff := cmp.Diff(want, got); diff != "" {
						t.Errorf("round %d: %s of %s (-recipients +deliveries)\n%s", round, channel, cat.Key, diff)
					}
					owed := map[string]int{}
					for to, n := range want {
						to, _, _ = strings.Cut(to, " ")
						owed[to] += n
					}
					if diff := cmp.Diff(owed, left[channel]); diff != "" {
						t.Errorf("round %d: %s of %s (-recipients +what left)\n%s", round, channel, cat.Key, diff)
					}
				}
			}
		}
	})
}

// covered demands that an account's coverage says of a category what its recipients say.
func covered(t *testing.T, w *lab.World, accountID string, category permission.CategoryKey) {
	t.Helper()
	list, err := w.Contacts.Recipients(t.Context(), w.Actor("olive"), accountID, category, permission.Email, page.Request{First: 100})
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.Contacts.Coverage(t.Context(), w.Actor("olive"), accountID)
	if err != nil {
		t.Fatal(err)
	}
	contacts, owner := 0, false
	for _, one := range list.Items {
		switch {
		case one.Receives && one.Rule == permission.RuleOwnerFallback:
			owner = true
		case one.Receives:
			contacts++
		}
	}
	for _, c := range all {
		if c.Category.Key == category && (c.RecipientCount != contacts || c.OwnerFallback != owner || c.Gap != (contacts == 0)) {
			t.Errorf("%s is covered by %d contacts (gap %v, owner %v), and listed are %d (owner %v)", category, c.RecipientCount, c.Gap, c.OwnerFallback, contacts, owner)
		}
	}
}

// Between being owed and leaving, a mail's reason can go: then it does not leave, and
// the delivery says why. Who came to want it in between does not get it.
//
// Invariant 40.
func TestAskedAgainWhenItLeaves(t *testing.T) {
	type scene struct {
		*lab.World
		d            *db.DB
		account, sub *ent.Account
		contact      *ent.Contact
	}
	const gone = delivery.StateSUPPRESSED
	cases := []struct {
		name   string
		before func(context.Context, *scene) // when it is written
		change func(context.Context, *scene) // before it leaves
		// mailed are the addresses that get mail, and words what the delivery of the
		// contact says.
		mailed []string
		state  delivery.State
		words  string
	}{
		{name: "nothing happens", mailed: []string{"carl@example.com"}, state: delivery.StateSENT},
		{name: "they unsubscribe", change: func(ctx context.Context, s *scene) {
			s.d.Client.Contact.UpdateOne(s.contact).SetUnsubscribed([]permission.CategoryKey{"maintenance"}).ExecX(ctx)
		}, state: gone, words: "They unsubscribed from this category."},
		{name: "mail to them bounces", change: func(ctx context.Context, s *scene) {
			s.d.Client.Contact.UpdateOne(s.contact).SetSuppressedAt(time.Now()).ExecX(ctx)
		}, state: gone, words: "Mail to this address bounced for good."},
		{name: "they choose others", change: func(ctx context.Context, s *scene) {
			s.d.Client.Contact.UpdateOne(s.contact).SetPreferences([]permission.Preference{on(permission.Email, "invoice")}).ExecX(ctx)
		}, state: gone, words: "They no longer want this category."},
		{name: "they are deleted", change: func(ctx context.Context, s *scene) {
			s.d.Client.Contact.DeleteOne(s.contact).ExecX(ctx)
		}, state: gone, words: "The contact was deleted."},
		{name: "they no longer cover it", change: func(ctx context.Context, s *scene) {
			s.d.Client.Contact.UpdateOne(s.contact).SetSubAccountAccess(permission.ScopeNone).ExecX(ctx)
		}, state: gone, words: "The contact no longer covers this account."},
		{name: "the account is closed", change: func(ctx context.Context, s *scene) {
			s.d.Client.Account.UpdateOne(s.sub).SetState("CLOSED").ExecX(ctx)
		}, state: gone, words: "The account is closed."},
		{name: "the account above is closed", change: func(ctx context.Context, s *scene) {
			s.d.Client.Account.UpdateOne(s.account).SetState("CLOSED").ExecX(ctx)
		}, state: gone, words: "The account is closed."},
		{name: "the account is suspended", change: func(ctx context.Context, s *scene) {
			s.d.Client.Account.UpdateOne(s.sub).SetState("SUSPENDED").ExecX(ctx)
		}, mailed: []string{"carl@example.com"}, state: delivery.StateSENT},
		{name: "their address changes", change: func(ctx context.Context, s *scene) {
			s.d.Client.Contact.UpdateOne(s.contact).SetEmail("new@example.com").SetEmailKey("new@example.com").ExecX(ctx)
		}, mailed: []string{"new@example.com"}, state: delivery.StateSENT},
		{name: "somebody else comes to want it", change: func(ctx context.Context, s *scene) {
			s.d.Client.Contact.Update().Where(entcontact.Email("late@example.com")).SetPreferences([]permission.Preference{{Channel: permission.Email, All: true}}).ExecX(ctx)
		}, mailed: []string{"carl@example.com"}, state: delivery.StateSENT},
	}
	var told [][]string
	for _, c := range cases {
		told = append(told, []string{c.name, map[bool]string{true: "yes", false: "no"}[c.mailed != nil], c.words})
	}
	if diff := cmp.Diff(table(t, "Between being sent out and leaving"), told); diff != "" {
		t.Errorf("what is written and what is tried (-docs +test)\n%s", diff)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w, ctx := lab.New(t, d), t.Context()
				s := &scene{World: w, d: d, account: w.Account("olive", "Acme")}
				s.sub = w.Sub("olive", s.account, "North")
				s.contact = addContact(t, w, s.account.ID, "carl@example.com")
				d.Client.Contact.UpdateOne(s.contact).SetSubAccountAccess(permission.ScopeAll).ExecX(ctx)
				addContact(t, w, s.sub.ID, "late@example.com", on(permission.Email))
				n := tell(t, w, s.sub.ID, "maintenance")
				if err := w.Notify.FanOut(ctx); err != nil {
					t.Fatal(err)
				}
				if c.change != nil {
					c.change(ctx, s)
				}
				w.Settle()
				var mailed []string
				for _, m := range w.Box.Messages("") {
					mailed = append(mailed, m.To)
				}
				if !slices.Equal(mailed, c.mailed) {
					t.Errorf("mail goes to %q, want %q", mailed, c.mailed)
				}
				one := d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID)).OnlyX(ctx)
				if one.State != c.state || one.LastError != c.words {
					t.Errorf("the delivery is %s (%s), want %s (%s)", one.State, one.LastError, c.state, c.words)
				}
				if c.mailed != nil && one.To != c.mailed[0] {
					t.Errorf("the delivery says %s, and %s got it", one.To, c.mailed[0])
				}
			})
		})
	}
	for name, c := range map[string]struct {
		change func(context.Context, *db.DB, *ent.Webhook)
		words  string
	}{
		"the webhook is deleted": {func(ctx context.Context, d *db.DB, h *ent.Webhook) { d.Client.Webhook.DeleteOne(h).ExecX(ctx) }, "The webhook was deleted."},
		"the webhook is paused": {func(ctx context.Context, d *db.DB, h *ent.Webhook) {
			d.Client.Webhook.UpdateOne(h).SetState(webhook.StatePAUSED).ExecX(ctx)
		}, "The webhook is switched off."},
		"the webhook wants none": {func(ctx context.Context, d *db.DB, h *ent.Webhook) {
			d.Client.Webhook.UpdateOne(h).SetNotifications(false).ExecX(ctx)
		}, "The webhook is no longer called with notifications."},
		"nothing happens": {func(context.Context, *db.DB, *ent.Webhook) {}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w, ctx, called := lab.New(t, d), t.Context(), &calls{}
				w.Notify.Use(permission.Webhook, called)
				acme := w.Account("olive", "Acme")
				h := addWebhook(t, w, acme.ID, "https://hooks.example:8443/path/with/secret")
				addContact(t, w, acme.ID, "carl@example.com", on(permission.Email), on(permission.Webhook, "maintenance"))
				tell(t, w, acme.ID, "maintenance")
				if err := w.Notify.FanOut(ctx); err != nil {
					t.Fatal(err)
				}
				c.change(ctx, d, h)
				w.Settle()
				one := d.Client.Delivery.Query().OnlyX(ctx)
				if one.LastError != c.words || (len(called.sent) == 1) != (c.words == "") || one.To != "hooks.example" {
					t.Errorf("called %d times; %s: %s (%s), want %s", len(called.sent), one.To, one.State, one.LastError, c.words)
				}
			})
		})
	}
}

// What somebody must always get goes to the owner when the last who was to get it
// cannot have it any more, and only then.
func TestLastMailOfAMandatoryCategory(t *testing.T) {
	for _, c := range []struct {
		name     string
		category permission.CategoryKey
		fallback bool
		lost     []string // contacts that are deleted after it was fanned out
		mailed   []string
	}{
		{"nobody is lost", "invoice", true, nil, []string{"a@example.com", "b@example.com"}},
		{"one is lost", "invoice", true, []string{"a@example.com"}, []string{"b@example.com"}},
		{"all are lost", "invoice", true, []string{"a@example.com", "b@example.com"}, []string{"olive@example.com"}},
		{"all are lost, and the owner is no fallback", "invoice", false, []string{"a@example.com", "b@example.com"}, nil},
		{"all are lost of what nobody must get", "maintenance", true, []string{"a@example.com", "b@example.com"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w, ctx := lab.New(t, d), t.Context()
				acme := w.Account("olive", "Acme")
				d.Client.Account.UpdateOne(acme).SetOwnerFallback(c.fallback).ExecX(ctx)
				for _, email := range []string{"a@example.com", "b@example.com"} {
					addContact(t, w, acme.ID, email, on(permission.Email, "invoice", "maintenance"))
				}
				n := tell(t, w, acme.ID, c.category)
				if err := w.Notify.FanOut(ctx); err != nil {
					t.Fatal(err)
				}
				d.Client.Contact.Delete().Where(entcontact.EmailIn(c.lost...)).ExecX(ctx)
				w.Settle()
				var mailed []string
				for _, m := range w.Box.Messages("") {
					mailed = append(mailed, m.To)
				}
				slices.Sort(mailed)
				if !slices.Equal(mailed, c.mailed) {
					t.Errorf("mail goes to %q, want %q", mailed, c.mailed)
				}
				if rows := d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID)).CountX(ctx); rows != 2+len(c.mailed)-2+len(c.lost) {
					t.Errorf("%d deliveries", rows)
				}
			})
		})
	}
}

// Two workers end the last two mails of a notification at once: the owner gets one.
func TestLastMailsEndTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		const rounds = 8
		for round := range rounds {
			var lost []string
			for i := range 4 {
				email := fmt.Sprintf("c%d-%d@example.com", round, i)
				addContact(t, w, acme.ID, email, on(permission.Email, "invoice"))
				lost = append(lost, email)
			}
			n := tell(t, w, acme.ID, "invoice")
			if err := w.Notify.FanOut(ctx); err != nil {
				t.Fatal(err)
			}
			d.Client.Contact.Delete().Where(entcontact.EmailIn(lost...)).ExecX(ctx)
			// Each is due for one worker.
			var all sync.WaitGroup
			for _, one := range d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID)).AllX(ctx) {
				all.Go(func() {
					if err := w.Notify.DeliverOne(ctx, one); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			w.Settle()
			if got := d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID), delivery.StateEQ(delivery.StateSENT)).CountX(ctx); got != 1 {
				t.Errorf("round %d: the owner got it %d times", round, got)
			}
		}
		if got := len(w.Box.Messages("olive@example.com")); got != rounds {
			t.Errorf("the owner was mailed %d times of %d", got, rounds)
		}
	})
}

// Nobody gets the same thing twice: by a letter of their own and as a contact, or for
// what they did themselves.
func TestToldOnce(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		mia, _ := w.Member(acme, "mia", "tickets"), w.Member(acme, "adam", "role_administrator", "ALL")
		for _, email := range []string{"mia@example.com", "adam@example.com", "watch@example.com"} {
			addContact(t, w, acme.ID, email, permission.Preference{Channel: permission.Email, All: true})
		}
		if _, err := w.Members.Remove(ctx, w.Actor("adam"), mia.ID); err != nil {
			t.Fatal(err)
		}
		w.Settle()
		want := map[string]string{"mia@example.com": "You are no longer a member of Acme", "watch@example.com": "Mia is no longer a member of Acme"}
		got := map[string]string{}
		for _, m := range w.Box.Messages("") {
			got[m.To] += m.Subject
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("mail (-want +got)\n%s", diff)
		}
		reasons := map[string]string{}
		for _, one := range d.Client.Delivery.Query().Where(delivery.NotificationIDNotNil(), delivery.StateEQ(delivery.StateSUPPRESSED)).AllX(ctx) {
			reasons[one.To] = one.LastError
		}
		if diff := cmp.Diff(map[string]string{"mia@example.com": "They are told of it by a letter of their own.", "adam@example.com": "They did it themselves."}, reasons); diff != "" {
			t.Errorf("not told (-want +got)\n%s", diff)
		}
	})
}

// Contact's preferences that are decided in Go and covering that is read in SQL say the
// same of whom an account's notifications concern.
func TestCovers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme, other := w.Account("olive", "Acme"), w.Account("otto", "Other")
		north, south := w.Sub("olive", acme, "North"), w.Sub("olive", acme, "South")
		for i, scope := range []permission.Scope{permission.ScopeNone, permission.ScopeAll, permission.ScopeSelected} {
			for _, a := range []*ent.Account{acme, other, north} {
				c := addContact(t, w, a.ID, fmt.Sprintf("c%d@example.com", i))
				u := d.Client.Contact.UpdateOne(c).SetSubAccountAccess(scope)
				if scope == permission.ScopeSelected {
					u.SetSubAccountIds([]string{south.ID})
				}
				u.ExecX(ctx)
			}
		}
		accounts := []*ent.Account{acme, other, north, south}
		all, err := contact.OfAccounts(ctx, d.Client, accounts)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != 9 {
			t.Errorf("%d contacts, each once, are 9", len(all))
		}
		for _, a := range accounts {
			owner := "olive"
			if a == other {
				owner = "otto"
			}
			list, err := w.Contacts.Recipients(ctx, w.Actor(owner), a.ID, "maintenance", permission.Email, page.Request{First: 100})
			if err != nil {
				t.Fatal(err)
			}
			got, want := map[string]bool{}, map[string]bool{}
			for _, one := range list.Items {
				want[one.Contact.ID] = true
			}
			for _, c := range all {
				if contact.Covers(c, a) {
					got[c.ID] = true
				}
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s: covered by %v, listed %v", a.Name, got, want)
			}
		}
	})
}

var errDown = errors.New("down")

// A delivery that fails is tried again later and later, and given up after fourteen
// times; then somebody queues it again.
func TestGivenUp(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		down := &calls{answer: func(notify.Outgoing) error { return errDown }}
		w.Notify.Use(permission.Webhook, down)
		acme := w.Account("olive", "Acme")
		addWebhook(t, w, acme.ID, "https://hooks.example")
		addContact(t, w, acme.ID, "carl@example.com", on(permission.Email), on(permission.Webhook, "maintenance"))
		tell(t, w, acme.ID, "maintenance")
		w.Settle()
		var waits []time.Duration
		one := d.Client.Delivery.Query().OnlyX(ctx)
		for one.State == delivery.StateQUEUED {
			wait := time.Until(one.NextAttemptAt)
			waits = append(waits, wait)
			time.Sleep(wait)
			w.Settle()
			one = d.Client.Delivery.Query().OnlyX(ctx)
		}
		if one.State != delivery.StateFAILED || one.Attempts != 14 || len(waits) != 13 {
			t.Errorf("after %d attempts and %d waits it is %s", one.Attempts, len(waits), one.State)
		}
		for i, wait := range waits {
			longest := min(30*time.Second<<i, 6*time.Hour)
			if wait > longest || wait < longest*4/5-time.Second {
				t.Errorf("attempt %d follows after %s, want up to a fifth less than %s", i+2, wait, longest)
			}
		}
		if !strings.Contains(one.LastError, "our side") {
			t.Errorf("it says %q", one.LastError)
		}
		down.answer = nil
		if _, err := w.Notify.Retry(ctx, w.Actor("olive"), one.ID); err != nil {
			t.Fatal(err)
		}
		w.Settle()
		if one = d.Client.Delivery.Query().OnlyX(ctx); one.State != delivery.StateSENT || one.Attempts != 1 {
			t.Errorf("queued again it is %s after %d attempts", one.State, one.Attempts)
		}
	})
}

// What can be queued again is what was given up, by whoever may see it.
func TestRetry(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		w.Account("otto", "Other")
		w.Member(acme, "mia", "emails")
		w.Member(acme, "carl", "contacts")
		c := addContact(t, w, acme.ID, "books@example.com")
		n := tell(t, w, acme.ID, "maintenance")
		w.Settle()
		one := d.Client.Delivery.Query().Where(delivery.NotificationID(n.ID)).OnlyX(ctx)
		for _, try := range []struct {
			who        string
			state      delivery.State
			suppressed bool
			want       string
		}{
			{"mia", delivery.StateSENT, false, "CONFLICT"},
			{"mia", delivery.StateQUEUED, false, "CONFLICT"},
			{"mia", delivery.StateSUPPRESSED, false, "CONFLICT"},
			{"mia", delivery.StateBOUNCED, true, "CONFLICT"},
			{"mia", delivery.StateBOUNCED, false, ""},
			{"mia", delivery.StateFAILED, false, ""},
			{"carl", delivery.StateFAILED, false, "FORBIDDEN"},
			{"otto", delivery.StateFAILED, false, "NOT_FOUND"},
			{lab.Nobody, delivery.StateFAILED, false, "UNAUTHENTICATED"},
		} {
			d.Client.Delivery.UpdateOne(one).SetState(try.state).SetAttempts(14).ExecX(ctx)
			if try.suppressed {
				d.Client.Contact.UpdateOne(c).SetSuppressedAt(time.Now()).ExecX(ctx)
			} else {
				d.Client.Contact.UpdateOne(c).ClearSuppressedAt().ExecX(ctx)
			}
			a := w.Ask(try.who, `mutation($id: ID!) { retryDelivery(input: {deliveryId: $id}) { delivery { state attempts } errors { code } } }`, map[string]any{"id": one.ID})
			if got := strings.Join(a.Codes(), " "); got != try.want {
				t.Errorf("%s queues a %s delivery again: %q, want %q: %s", try.who, try.state, got, try.want, a.Body)
			}
			is := d.Client.Delivery.GetX(ctx, one.ID)
			if again := is.State == delivery.StateQUEUED && is.Attempts == 0; again != (try.want == "") {
				t.Errorf("%s: a %s delivery is %s after %d attempts", try.who, try.state, is.State, is.Attempts)
			}
		}
		// A personal mail is nobody else's.
		w.Ask(lab.Nobody, `mutation { requestPasswordReset(input: {email: "carl@example.com"}) { errors { code } } }`, nil)
		w.Settle()
		own := d.Client.Delivery.Query().Where(delivery.Kind("password_reset")).OnlyX(ctx)
		d.Client.Delivery.UpdateOne(own).SetState(delivery.StateFAILED).ExecX(ctx)
		for _, who := range []string{"carl", "olive"} {
			a := w.Ask(who, `mutation($id: ID!) { retryDelivery(input: {deliveryId: $id}) { errors { code } } }`, map[string]any{"id": own.ID})
			if !slices.Equal(a.Codes(), []string{"NOT_FOUND"}) {
				t.Errorf("%s and a mail to one person: %s", who, a.Body)
			}
		}
	})
}
