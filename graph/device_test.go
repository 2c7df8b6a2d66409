package graph_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"tenantry/ent/device"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// Invariants 32 and 33: strangers who guess use up what there is for the address and
// nothing of what there is for a device that its person has signed in with, and nobody
// guesses more often with a device of their own.
func knownDevice(r *ring) {
	olive, mallory := r.name("olive"), r.name("mallory")
	known := r.must("", "signIn", map[string]any{"email": r.Person(olive).Email, "password": lab.Password, "delivery": "TOKEN"}, "deviceToken").String("data.signIn.deviceToken")
	foreign := r.must("", "signIn", map[string]any{"email": r.Person(mallory).Email, "password": lab.Password, "delivery": "TOKEN"}, "deviceToken").String("data.signIn.deviceToken")
	answers := rush(crowd+1, func(i int) lab.Answer {
		in := map[string]any{"email": r.Person(olive).Email, "password": fmt.Sprint("guess ", i), "delivery": "TOKEN"}
		switch {
		case i == crowd:
			in["password"], in["deviceToken"] = lab.Password, known
		case i%2 == 1:
			in["deviceToken"] = foreign
		}
		return r.ask(i, "", "signIn", in, "token deviceToken")
	})
	victim := answers[crowd]
	if victim.String("data.signIn.token") == "" {
		r.Errorf("who comes with a known device is shut out: %s", victim.Body)
	}
	// Whom the crowd before the hashing kept out has used up no attempt: the rest of the
	// ten is still there, and no more.
	ten := func(who string, answers []lab.Answer, again func() lab.Answer) {
		for tally(answers)["INVALID_CREDENTIALS"] < 10 && len(answers) < crowd+10 {
			answers = append(answers, again())
		}
		got := tally(answers)
		if tried := got["INVALID_CREDENTIALS"]; tried < 10 || tried > 11 || tried+got["RATE_LIMITED"] != len(answers) {
			r.Errorf("%s: %v, want 10 passwords to be tried", who, got)
		}
	}
	ten("strangers", answers[:crowd:crowd], func() lab.Answer {
		return r.ask(0, "", "signIn", map[string]any{"email": r.Person(olive).Email, "password": "guess", "delivery": "TOKEN"}, "token deviceToken")
	})
	fresh := r.ask(0, "", "signIn", map[string]any{"email": r.Person(olive).Email, "password": lab.Password, "delivery": "TOKEN"}, "token")
	if refusal(fresh) != "RATE_LIMITED" {
		r.Errorf("a fresh device does not wait: %s", fresh.Body)
	}
	// And whoever has stolen the token has ten tries of their own.
	guess := func(i int) lab.Answer {
		return r.ask(i, "", "signIn", map[string]any{"email": r.Person(olive).Email, "password": fmt.Sprint("guess ", i), "delivery": "TOKEN", "deviceToken": known}, "token")
	}
	ten("with a stolen token", rush(crowd, guess), func() lab.Answer { return guess(crowd) })
}

// Of many who say at once that something was not them, with one link, one has done so.
func denyOnce(r *ring) {
	olive := r.name("olive")
	email := r.Person(olive).Email
	r.must("", "signIn", map[string]any{"email": email, "password": lab.Password, "delivery": "TOKEN"}, "token")
	token := r.Token(email)
	r.expect(rush(crowd, func(i int) lab.Answer { return r.ask(i, "", "denyActivity", map[string]any{"token": token}, "denied") }), "CONFLICT")
	if r.alive(r.Person(olive).Token) {
		r.Error("a session goes on")
	}
	if n := r.DB.Client.Device.Query().Where(device.UserID(r.Person(olive).User.ID)).CountX(context.Background()); n > 0 {
		r.Errorf("%d devices are known", n)
	}
	r.must("", "resetPassword", map[string]any{"token": r.Token(email), "newPassword": "seven grey herons wade"}, "reset")
}

// A browser's token is made by the server: one that was planted before is never
// somebody's session, and one that was somebody's ends with the next sign-in.
//
// Invariant 25.
func TestSessionIsNotFixed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		signIn := fmt.Sprintf(`mutation { signIn(input: {email: %q, password: %q}) { viewer { id } errors { code } } }`, w.Person("olive").Email, lab.Password)
		const me = `{ viewer { id } }`
		planted := "__Host-tenantry=" + strings.Repeat("A", 43)
		for _, before := range []string{planted, planted + "; __Host-tenantry-device=" + strings.Repeat("B", 43)} {
			a := w.Do(posted(signIn, "Cookie", before))
			session, _, _ := strings.Cut(a.Header.Get("Set-Cookie"), ";")
			if a.String("data.signIn.viewer.id") == "" || session == planted || len(session) != len(planted) {
				t.Fatalf("signed in with %q: %s", session, a.Body)
			}
			if sum := sha256.Sum256([]byte(strings.Repeat("B", 43))); d.Client.Device.Query().Where(device.TokenHash(hex.EncodeToString(sum[:]))).ExistX(t.Context()) {
				t.Error("a planted device token is a known device")
			}
			if a := w.Do(posted(me, "Cookie", planted)); a.Get("data.viewer") != nil {
				t.Errorf("the planted token is a session: %s", a.Body)
			}
			again := w.Do(posted(signIn, "Cookie", session))
			next, _, _ := strings.Cut(again.Header.Get("Set-Cookie"), ";")
			if next == session || w.Do(posted(me, "Cookie", session)).Get("data.viewer") != nil || w.Do(posted(me, "Cookie", next)).Get("data.viewer") == nil {
				t.Errorf("the session before lives on: %s", again.Body)
			}
		}
	})
}
