package graph_test

import (
	"context"
	"math/rand/v2"
	"time"

	"tenantry/ent/refreshtoken"
	"tenantry/ent/session"
	"tenantry/internal/instant"
	"tenantry/internal/lab"
)

const refreshed = "token refreshToken"

func (r *ring) refresh(i int, token string) lab.Answer {
	return r.ask(i, "", "refreshSession", map[string]any{"refreshToken": token}, refreshed)
}

// app signs somebody in as an app does.
func (r *ring) app(who string) lab.Answer {
	r.Helper()
	return r.must("", "signIn", map[string]any{"email": r.Person(who).Email, "password": lab.Password, "delivery": "TOKEN"}, refreshed)
}

// alive reports whether a bearer token can be used.
func (r *ring) alive(token string) bool {
	return r.post(0, token, `{ viewer { id } }`, nil).String("data.viewer.id") != ""
}

// An app that refreshes on many threads at once loses nothing, whichever answer it
// keeps: the session lasts, one bearer token of all is good, and every refresh token
// that was handed out still is, until one of them is used.
func refreshAtOnce(r *ring) {
	olive := r.name("olive")
	first := r.app(olive)
	answers := rush(crowd, func(i int) lab.Answer { return r.refresh(i, first.String("data.signIn.refreshToken")) })
	if n := tally(answers)[""]; n != crowd {
		r.Fatalf("%d of %d were refreshed: %v", n, crowd, tally(answers))
	}
	good := 0
	for _, a := range answers {
		if r.alive(a.String("data.refreshSession.token")) {
			good++
		}
	}
	if good != 1 || r.alive(first.String("data.signIn.token")) {
		r.Errorf("%d bearer tokens are good, want 1", good)
	}
	kept := answers[rand.IntN(crowd)]
	next := r.refresh(0, kept.String("data.refreshSession.refreshToken"))
	if !r.alive(next.String("data.refreshSession.token")) {
		r.Errorf("the answer that was kept does not go on: %s", next.Body)
	}
	live := r.DB.Client.RefreshToken.Query().Where(refreshtoken.UsedAtIsNil(), refreshtoken.HasSessionWith(session.UserID(r.Person(olive).User.ID),
		session.IDNEQ(r.Person(olive).Session.ID))).CountX(context.Background())
	if live != 1 {
		r.Errorf("%d refresh tokens are good after that, want 1", live)
	}
}

func refreshCopied(r *ring) {
	ctx, olive := context.Background(), r.name("olive")
	first := r.app(olive)
	used := first.String("data.signIn.refreshToken")
	now := r.refresh(0, used)
	token, fresh := now.String("data.refreshSession.token"), now.String("data.refreshSession.refreshToken")
	row := r.DB.Client.Session.Query().Where(session.UserID(r.Person(olive).User.ID), session.IDNEQ(r.Person(olive).Session.ID)).OnlyX(ctx)
	r.DB.Client.RefreshToken.Update().Where(refreshtoken.SessionID(row.ID), refreshtoken.UsedAtNotNil()).SetUsedAt(instant.Now().Add(-10 * time.Second)).ExecX(ctx)
	for code, n := range tally(rush(crowd, func(i int) lab.Answer { return r.refresh(i, used) })) {
		if code != "INVALID_TOKEN" {
			r.Errorf("%d copies are answered with %q", n, code)
		}
	}
	if r.alive(token) || refusal(r.refresh(0, fresh)) != "INVALID_TOKEN" {
		r.Error("the session goes on")
	}
	if !r.alive(r.Person(olive).Token) {
		r.Error("another session has ended with it")
	}
	r.told(1, "refresh_token.reused", row.ID)
}

// Invariant 24: no refresh that starts after the answer succeeds, in the session
// that changed the password or in any other, and one that came before has not
// outlived it.
func refreshAndChangePassword(r *ring) {
	olive := r.name("olive")
	proving := r.app(olive)
	r.ask(0, proving.String("data.signIn.token"), "reauthenticate", map[string]any{"password": lab.Password}, refreshed)
	if got := refusal(r.refresh(0, proving.String("data.signIn.refreshToken"))); got != "INVALID_TOKEN" {
		r.Errorf("a refresh token from before a proof is answered with %q", got)
	}
	other, mine := r.app(olive), r.app(olive)
	tokens := []string{other.String("data.signIn.refreshToken"), mine.String("data.signIn.refreshToken")}
	answers := rush(16, func(i int) lab.Answer {
		if i == 0 {
			return r.ask(i, mine.String("data.signIn.token"), "changePassword", map[string]any{"currentPassword": lab.Password, "newPassword": "seven grey herons wade"}, refreshed)
		}
		return r.refresh(i, tokens[i%2])
	})
	changed := refusal(answers[0]) == ""
	for i, a := range answers[1:] {
		token := a.String("data.refreshSession.token")
		if changed && token != "" && r.alive(token) {
			r.Errorf("a token of refresh %d outlives the change of password", i+1)
		}
	}
	if !changed {
		return // a refresh came before it, and its token was no longer good
	}
	for _, token := range tokens {
		if got := refusal(r.refresh(0, token)); got != "INVALID_TOKEN" {
			r.Errorf("an old refresh token is answered with %q after the change", got)
		}
	}
	if !r.alive(answers[0].String("data.changePassword.token")) {
		r.Error("the session that changed the password is over")
	}
}
