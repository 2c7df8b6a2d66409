package graph_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"

	"tenantry/ent/emailchange"
	"tenantry/internal/lab"
)

// Somebody clicks twice while their page asks for this and that: one click counts, and
// in whatever order the browser hears the answers it keeps a cookie that is good.
//
// Invariant 25.
func replaceCookie(r *ring) {
	olive := r.name("olive")
	old := r.cookie(olive)
	answers := rush(crowd, func(i int) lab.Answer {
		if i < 6 {
			return r.ask(i, old, "reauthenticate", map[string]any{"password": lab.Password}, "provedUntil")
		}
		return r.post(i, old, `{ viewer { id } }`, nil)
	})
	r.expect(answers[:6], "CONFLICT", "UNAUTHENTICATED")
	rand.Shuffle(len(answers), func(i, j int) { answers[i], answers[j] = answers[j], answers[i] })
	now := old
	for _, a := range answers {
		for _, set := range a.Header.Values("Set-Cookie") {
			if pair, rest, _ := strings.Cut(set, ";"); strings.HasPrefix(pair, cookieName+"=") {
				if now = pair; strings.Contains(rest, "Max-Age=0") {
					r.Errorf("an answer clears the cookie: %s", a.Body)
				}
			}
		}
	}
	if now == old || !r.alive(now) || r.alive(old) {
		r.Errorf("the cookie is good: %t, and the one before: %t", r.alive(now), r.alive(old))
	}
}

// Somebody signs out elsewhere while a session there asks for another address: what was
// asked for before dies with the session, and afterwards nothing is asked for any more.
//
// Invariant 24.
func signOutElsewhere(r *ring) {
	for try := range 10 {
		who := fmt.Sprint(r.name("olive"), "x", try)
		thief := r.app(who).String("data.signIn.token")
		answers := rush(9, func(i int) lab.Answer {
			if i == 8 {
				return r.post(i, r.Person(who).Token, `mutation { revokeOtherSessions { endedSessions errors { code } } }`, nil)
			}
			return r.ask(i, thief, "requestEmailChange", map[string]any{"email": fmt.Sprintf("thief%d.%s@example.com", i, who)}, "emailChange { email }")
		})
		if code := refusal(answers[8]); code != "" {
			r.Fatalf("signing out elsewhere is refused: %s", answers[8].Body)
		}
		if n := r.DB.Client.EmailChange.Query().Where(emailchange.UserID(r.Person(who).User.ID), emailchange.ConfirmedAtIsNil()).CountX(context.Background()); n != 0 {
			r.Errorf("an address waits that was asked for in a session that had ended: %v", tally(answers))
		}
	}
}
