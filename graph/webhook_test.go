package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/event"
	entwebhook "tenantry/ent/webhook"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/webhook"
)

// signed reports whether a receiver believes a call by a secret. The library would ask
// a clock of its own how old it is.
func signed(t *testing.T, c lab.Call, secret string) bool {
	t.Helper()
	wh, err := standard.NewWebhook(secret)
	if err != nil {
		t.Fatalf("%q: %v", secret, err)
	}
	return wh.VerifyIgnoringTimestamp(c.Body, c.Header) == nil
}

// answersCalls has the receiver at a host answer calls so from then on.
func (s *story) answersCalls(host, status string, headers []string, text string) {
	s.t.Helper()
	for i, h := range headers {
		headers[i] = strings.Replace(h, "=", ": ", 1)
	}
	if status == "hangs" {
		s.Receivers.Does(host, func(q *http.Request) (*http.Response, error) {
			<-q.Context().Done()
			return nil, q.Context().Err()
		})
		return
	}
	code, err := strconv.Atoi(status)
	if err != nil {
		s.t.Fatal(err)
	}
	s.Receivers.Does(host, func(*http.Request) (*http.Response, error) { return lab.Answered(code, text, headers...), nil })
}

// called prints what the receiver at a host was called with since it was asked last, and
// whether it can believe that by each of the secrets.
func (s *story) called(host string, secrets []string) []byte {
	s.t.Helper()
	s.Settle()
	all := s.Receivers.Calls(host)
	var out bytes.Buffer
	for _, c := range all[s.heard[host]:] {
		fmt.Fprintf(&out, "POST %s\nwebhook-id: %s\n", c.URL, c.Header.Get("webhook-id"))
		for _, name := range secrets {
			fmt.Fprintf(&out, "%s with %s\n", map[bool]string{true: "signed", false: "not signed"}[signed(s.t, c, s.names["$"+name])], name)
		}
		if err := json.Indent(&out, c.Body, "", "  "); err != nil {
			s.t.Fatal(err)
		}
		out.WriteString("\n")
	}
	s.heard[host] = len(all)
	return []byte(s.named(out.String()))
}

// Invariant 45, and the limit of an account.
func webhooksUpToTen(r *ring) {
	olive := r.name("olive")
	acct := r.Account(olive, olive)
	answers := rush(crowd, func(i int) lab.Answer {
		return r.ask(i, r.Person(olive).Token, "createWebhook", map[string]any{"accountId": acct.ID, "url": fmt.Sprint("https://hooks.example/", i%(2*webhook.Max))}, "webhook { id }")
	})
	got := tally(answers)
	if got[""] != webhook.Max || got["QUOTA_EXCEEDED"]+got["CONFLICT"] != crowd-webhook.Max {
		r.Errorf("%v", got)
	}
	if n := r.DB.Client.Webhook.Query().Where(entwebhook.AccountID(acct.ID)).CountX(context.Background()); n != webhook.Max {
		r.Errorf("%d webhooks", n)
	}
}

// Of many who change what they have read, one has done it.
func webhookChangedOnce(r *ring) {
	olive := r.name("olive")
	acct := r.Account(olive, olive)
	made, err := r.Webhooks.Create(context.Background(), r.Actor(olive), webhook.Draft{AccountID: acct.ID, URL: "https://hooks.example/", Notifications: true})
	if err != nil {
		r.Fatal(err)
	}
	r.expect(rush(crowd, func(i int) lab.Answer {
		return r.ask(i, r.Person(olive).Token, "updateWebhook", map[string]any{"webhookId": made.Webhook.ID, "version": 1, "description": fmt.Sprint("By ", i)}, "webhook { version }")
	}), "CONFLICT")
	r.told(1, "webhook.updated", made.Webhook.ID)
}

// calling is a world with a webhook that is called with members, and one member.
func calling(t *testing.T, d *db.DB) (w *lab.World, hookID string, secret string, change func(op string)) {
	w = lab.New(t, d)
	acct := w.Account("olive", "Acme")
	m := w.Member(acct, "mia")
	made, err := w.Webhooks.Create(t.Context(), w.Actor("olive"), webhook.Draft{AccountID: acct.ID, URL: "https://hooks.example/", Events: []string{"member.*"}})
	if err != nil {
		t.Fatal(err)
	}
	w.Settle()
	return w, made.Webhook.ID, made.Secret, func(op string) {
		t.Helper()
		if a := w.Ask("olive", fmt.Sprintf(`mutation { %s(input: {membershipId: %q}) { errors { code } } }`, op, m.ID), nil); len(a.Codes()) > 0 {
			t.Fatalf("%s", a.Body)
		}
	}
}

// A secret that is made anew while a call is under way takes nothing from that call,
// nor from the next: the receiver believes both by the secret that it had.
func TestRotatedUnderWay(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, hookID, first, change := calling(t, d)
		second := ""
		w.Receivers.Does("hooks.example", func(*http.Request) (*http.Response, error) {
			if second == "" {
				made, err := w.Webhooks.Rotate(t.Context(), w.Actor("olive"), hookID)
				if err != nil {
					return nil, err
				}
				second = made.Secret
			}
			return lab.Answered(200, ""), nil
		})
		change("deactivateMember")
		w.Settle()
		change("reactivateMember")
		w.Settle()
		calls := w.Receivers.Calls("hooks.example")
		if len(calls) != 2 {
			t.Fatalf("%d calls", len(calls))
		}
		for i, c := range calls {
			if !signed(t, c, first) || signed(t, c, second) != (i == 1) {
				t.Errorf("call %d is signed with the first: %t, with the second: %t", i+1, signed(t, c, first), signed(t, c, second))
			}
		}
	})
}

// A webhook that is deleted while a call is under way is not there again when that
// comes back, well or not, and what waits for it goes nowhere.
func TestDeletedUnderWay(t *testing.T) {
	for _, status := range []int{200, 410, 500} {
		dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
			w, hookID, _, change := calling(t, d)
			w.Receivers.Does("hooks.example", func(*http.Request) (*http.Response, error) {
				if _, err := w.Webhooks.Delete(t.Context(), w.Actor("olive"), hookID); err != nil {
					return nil, err
				}
				time.Sleep(time.Second) // what was read for both calls is no longer fresh
				return lab.Answered(status, ""), nil
			})
			change("deactivateMember")
			change("reactivateMember")
			w.Settle()
			time.Sleep(time.Hour)
			w.Settle()
			if n := len(w.Receivers.Calls("hooks.example")); n != 1 {
				t.Errorf("%d calls", n)
			}
			if d.Client.Webhook.Query().ExistX(t.Context()) {
				t.Error("it is there again")
			}
			if n := d.Client.Event.Query().Where(event.ActionHasPrefix("webhook."), event.ActorKindEQ(event.ActorKindSYSTEM)).CountX(t.Context()); n != 0 {
				t.Errorf("%d events tell of what is no longer there", n)
			}
			if n := d.Client.Delivery.Query().Where(delivery.WebhookID(hookID), delivery.StateEQ(delivery.StateQUEUED)).CountX(t.Context()); n != 0 {
				t.Errorf("%d calls wait for ever", n)
			}
		})
	}
}

// A webhook that calls somewhere else by the time that a call comes back is not switched
// off for what was there before.
func TestMovedUnderWay(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, hookID, _, change := calling(t, d)
		w.Receivers.Does("hooks.example", func(*http.Request) (*http.Response, error) {
			to := "https://elsewhere.example/"
			if _, err := w.Webhooks.Update(t.Context(), w.Actor("olive"), webhook.Update{WebhookID: hookID, Version: 1, URL: &to}); err != nil {
				return nil, err
			}
			return lab.Answered(410, ""), nil
		})
		change("deactivateMember")
		w.Settle()
		change("reactivateMember")
		w.Settle()
		if h := d.Client.Webhook.GetX(t.Context(), hookID); h.State != entwebhook.StateACTIVE || len(w.Receivers.Calls("elsewhere.example")) != 1 {
			t.Errorf("it is %s, and %d calls went to where it leads now", h.State, len(w.Receivers.Calls("elsewhere.example")))
		}
	})
}

// What was sealed for one webhook opens for no other: whoever can write into the
// database cannot have calls signed with a secret that they know.
func TestMovedWebhookSecret(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		acct := w.Account("olive", "Acme")
		make := func(path string) *ent.Webhook {
			made, err := w.Webhooks.Create(t.Context(), w.Actor("olive"), webhook.Draft{AccountID: acct.ID, URL: "https://hooks.example/" + path, Notifications: true})
			if err != nil {
				t.Fatal(err)
			}
			return made.Webhook
		}
		one, other := make("1"), make("2")
		d.Client.Webhook.UpdateOne(one).SetSecret(other.Secret).ExecX(t.Context())
		if r, err := w.Webhooks.Test(t.Context(), w.Actor("olive"), one.ID); err == nil {
			t.Errorf("%+v", r)
		}
		if len(w.Receivers.Calls("hooks.example")) != 0 {
			t.Error("it was called")
		}
	})
}

// A batch of events without any of an account costs no statement more, and one with
// some costs one, however many.
func TestHearingCosts(t *testing.T) {
	d := dbtest.SQLite(t)
	w, _, _, _ := calling(t, d)
	count := func(events ...*ent.Event) int {
		t.Helper()
		ctx, counter := db.CountStatements(t.Context())
		if err := db.InTx0(ctx, d.Client, func(tx *ent.Tx) error { return w.Notify.Handle(ctx, tx, events) }); err != nil {
			t.Fatal(err)
		}
		return len(counter.Asked())
	}
	quiet := func(i int, account *string) *ent.Event {
		return &ent.Event{ID: fmt.Sprint("evt_", i), AccountID: account, Action: "role.created", Stream: "role"}
	}
	none := count(quiet(1, nil))
	var many []*ent.Event
	for i := range 100 {
		account := fmt.Sprint("acct_", i)
		many = append(many, quiet(i, &account))
	}
	if one, all := count(many[0]), count(many...); none != 0 || one != 1 || all != 1 {
		t.Errorf("%d statements for an event of nobody's, %d for one of an account, %d for a hundred", none, one, all)
	}
}
