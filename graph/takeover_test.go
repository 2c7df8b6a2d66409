package graph_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/ent/event"
	"tenantry/ent/invitation"
	"tenantry/ent/ownershiptransfer"
	"tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	"tenantry/ent/user"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
)

// takeover is somebody who has Olive's password, and Olive, who reads her mail. What one
// way back does must not undo what another one keeps.
type takeover struct{ *lab.World }

func eachTakeover(t *testing.T, run func(takeover)) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := takeover{lab.New(t, d)}
		w.Person("olive")
		run(w)
	})
}

func (w takeover) signIn(email, password string) lab.Answer {
	return w.Ask(lab.Nobody, fmt.Sprintf(`mutation { signIn(input: {email: %q, password: %q, delivery: TOKEN}) { token refreshToken viewer { id } secondFactors errors { code } } }`, email, password), nil)
}

func (w takeover) move(token, to string) {
	w.AskWith(token, fmt.Sprintf(`mutation { requestEmailChange(input: {email: %q}) { errors { code } } }`, to), nil)
	a := w.AskWith(token, fmt.Sprintf(`mutation { confirmEmailChange(input: {token: %q}) { viewer { email } errors { code } } }`, w.Token(to)), nil)
	if a.String("data.confirmEmailChange.viewer.email") != to {
		w.T.Fatalf("%s", a.Body)
	}
	w.Settle()
}

func (w takeover) deny(token string) {
	a := w.Ask(lab.Nobody, fmt.Sprintf(`mutation { denyActivity(input: {token: %q}) { denied errors { code } } }`, token), nil)
	if a.Get("data.denyActivity.denied") != true {
		w.T.Fatalf("%s", a.Body)
	}
	w.Settle()
}

func (w takeover) reset(token string) {
	w.Ask(lab.Nobody, fmt.Sprintf(`mutation { resetPassword(input: {token: %q, newPassword: "seven grey herons wade"}) { reset errors { code } } }`, token), nil)
}

// A refresh token from before is good for nothing after a change of address.
func TestRefreshAfterMoving(t *testing.T) {
	eachTakeover(t, func(w takeover) {
		a := w.signIn("olive@example.com", lab.Password)
		time.Sleep(time.Minute)
		w.move(a.String("data.signIn.token"), "new@example.net")
		r := w.Ask(lab.Nobody, fmt.Sprintf(`mutation { refreshSession(input: {refreshToken: %q}) { token errors { code } } }`, a.String("data.signIn.refreshToken")), nil)
		if r.Get("data.refreshSession.token") != nil {
			w.T.Errorf("%s", r.Body)
		}
	})
}

// Who reads the mail and nothing else does not get past a second factor.
func TestDenyingKeepsTheSecondFactor(t *testing.T) {
	eachTakeover(t, func(w takeover) {
		w.signIn("olive@example.com", lab.Password)
		link := w.Token("olive@example.com")
		time.Sleep(time.Minute)
		w.Passkey("olive", true)
		w.Settle()
		time.Sleep(time.Hour)
		w.deny(link)
		w.reset(w.Token("olive@example.com"))
		if a := w.signIn("olive@example.com", "seven grey herons wade"); a.Get("data.signIn.viewer") != nil || a.String("data.signIn.refreshToken") != "" {
			w.T.Errorf("mail alone signs in: %s", a.Body)
		}
	})
}

// The way back leads to the person who says that it was not them, and not to whoever has
// moved their address meanwhile; and the recovery codes of that one are void.
func TestDenyingAfterMoving(t *testing.T) {
	eachTakeover(t, func(w takeover) {
		a := w.signIn("olive@example.com", lab.Password)
		link := w.Token("olive@example.com")
		w.move(a.String("data.signIn.token"), "thief@example.net")
		u := w.DB.Client.User.Query().Where(user.EmailKey("thief@example.net")).OnlyX(w.T.Context())
		w.DB.Client.RecoveryCode.Create().SetUserID(u.ID).SetCodeHash("theirs").ExecX(w.T.Context())
		w.deny(link)
		w.reset(w.Token("olive@example.com"))
		if a := w.signIn("thief@example.net", "seven grey herons wade"); a.Get("data.signIn.viewer") != nil {
			w.T.Errorf("the thief is in: %s", a.Body)
		}
		if a := w.signIn("olive@example.com", "seven grey herons wade"); a.Get("data.signIn.viewer") == nil {
			w.T.Errorf("Olive is not: %s", a.Body)
		}
		if n := w.DB.Client.RecoveryCode.Query().Where(recoverycode.UserID(u.ID)).CountX(w.T.Context()); n > 0 {
			w.T.Errorf("%d recovery codes are left", n)
		}
	})
}

// A passkey that was made just before the address was asked for goes with the change.
func TestUndoingTakesWhatWasMadeBefore(t *testing.T) {
	eachTakeover(t, func(w takeover) {
		w.Passkey("olive", false)
		time.Sleep(time.Minute)
		w.move(w.SignIn(w.Person("olive").User).Token, "thief@example.net")
		a := w.Ask(lab.Nobody, fmt.Sprintf(`mutation { undoEmailChange(input: {token: %q}) { undone errors { code } } }`, w.Token("olive@example.com")), nil)
		if a.Get("data.undoEmailChange.undone") != true {
			w.T.Fatalf("%s", a.Body)
		}
		if n := w.DB.Client.Passkey.Query().Where(passkey.UserID(w.Person("olive").User.ID)).CountX(w.T.Context()); n > 0 {
			w.T.Errorf("%d passkeys are left", n)
		}
	})
}

// What somebody who was in has offered and nobody has accepted is taken back with "this was
// not me": an invitation of theirs and the ownership. What was offered before, and what a
// colleague offers, goes on.
func TestDenyingTakesOffersBack(t *testing.T) {
	eachTakeover(t, func(w takeover) {
		account, ctx := w.Account("olive", "Acme"), w.T.Context()
		w.Member(account, "carl", "role_administrator")
		m := w.Member(account, "mia", "role_administrator")
		do := func(token, call string, v ...any) {
			w.T.Helper()
			if a := w.AskWith(token, "mutation { "+fmt.Sprintf(call, v...)+" errors { code message } } }", nil); len(a.Codes()) > 0 {
				w.T.Fatalf("%s", a.Body)
			}
		}
		invite := func(token, email string) {
			w.T.Helper()
			do(token, `inviteUsers(input: {accountId: %q, emails: [{email: %q}], roleIds: ["role_administrator"], acknowledgeRisks: true}) { results { outcome }`, account.ID, email)
		}
		invite(w.SignIn(w.Person("olive").User).Token, "before@example.com")
		w.Settle()
		time.Sleep(time.Hour)

		thief := w.signIn("olive@example.com", lab.Password).String("data.signIn.token")
		w.Settle()
		link := w.Token("olive@example.com")
		time.Sleep(time.Minute)
		invite(thief, "accomplice@example.com")
		do(thief, `requestOwnershipTransfer(input: {accountId: %q, membershipId: %q}) { transfer { id }`, account.ID, m.ID)
		invite(w.SignIn(w.Person("carl").User).Token, "colleague@example.com")
		w.Settle()
		offered := w.Token("accomplice@example.com")
		w.deny(link)

		for email, want := range map[string]string{"before@example.com": "PENDING", "accomplice@example.com": "CANCELED", "colleague@example.com": "PENDING"} {
			if got := w.DB.Client.Invitation.Query().Where(invitation.EmailKey(email)).OnlyX(ctx).State; string(got) != want {
				w.T.Errorf("the invitation of %s is %s, want %s", email, got, want)
			}
		}
		if a := w.Ask(lab.Nobody, fmt.Sprintf(`mutation { acceptInvitation(input: {token: %q, name: "A", password: "seven grey herons wade"}) { membership { id } errors { code } } }`, offered), nil); strings.Join(a.Codes(), " ") != "INVITATION_CANCELED" {
			w.T.Errorf("%s", a.Body)
		}
		if got := w.DB.Client.OwnershipTransfer.Query().OnlyX(ctx).State; got != ownershiptransfer.StateCANCELED {
			w.T.Errorf("the ownership is %s", got)
		}
		for _, action := range []string{"invitation.canceled", "ownership_transfer.canceled"} {
			if told := w.DB.Client.Event.Query().Where(event.Action(action)).OnlyX(ctx); !strings.Contains(told.After, "says that they did not") {
				w.T.Errorf("the history says %+v", told)
			}
		}
	})
}

// Somebody who is in for an hour has another webhook call them, directs one elsewhere,
// takes the secret of a third and sets a fourth going. All stop with "this was not me";
// what Olive's colleague and she herself have set up before goes on.
func TestDenyingStopsWebhooks(t *testing.T) {
	eachTakeover(t, func(w takeover) {
		account, ctx := w.Account("olive", "Acme"), w.T.Context()
		acme := account.ID
		w.Member(account, "carl", "role_administrator")
		hook := func(token, host string) string {
			w.T.Helper()
			a := w.AskWith(token, fmt.Sprintf(`mutation { createWebhook(input: {accountId: %q, url: "https://%s/in", events: ["*"]}) { webhook { id } errors { code message } } }`, acme, host), nil)
			if len(a.Codes()) > 0 {
				w.T.Fatalf("%s", a.Body)
			}
			return a.String("data.createWebhook.webhook.id")
		}
		do := func(token, call string, v ...any) {
			w.T.Helper()
			if a := w.AskWith(token, "mutation { "+fmt.Sprintf(call, v...)+" { errors { code message } } }", nil); len(a.Codes()) > 0 {
				w.T.Fatalf("%s", a.Body)
			}
		}
		olive := w.SignIn(w.Person("olive").User).Token
		kept, directed, rotated, resumed := hook(olive, "kept.example"), hook(olive, "directed.example"), hook(olive, "rotated.example"), hook(olive, "resumed.example")
		do(olive, `pauseWebhook(input: {webhookId: %q})`, resumed)
		w.Settle()
		time.Sleep(time.Hour)

		thief := w.signIn("olive@example.com", lab.Password).String("data.signIn.token")
		w.Settle()
		link, carl := w.Token("olive@example.com"), w.SignIn(w.Person("carl").User).Token
		time.Sleep(time.Minute)
		made := hook(thief, "thief.example")
		version := w.DB.Client.Webhook.GetX(ctx, directed).Version
		do(thief, `updateWebhook(input: {webhookId: %q, version: %d, url: "https://elsewhere.example/in"})`, directed, version)
		do(thief, `rotateWebhookSecret(input: {webhookId: %q})`, rotated)
		do(thief, `resumeWebhook(input: {webhookId: %q})`, resumed)
		do(carl, `updateWebhook(input: {webhookId: %q, version: %d, description: "what Carl looks after"})`, kept, w.DB.Client.Webhook.GetX(ctx, kept).Version)
		do(carl, `updateWebhook(input: {webhookId: %q, version: %d, description: "moved?"})`, directed, version+1)
		theirs := hook(carl, "carl.example")
		w.deny(link)

		for name, want := range map[string]struct{ id, state string }{
			"made": {made, "PAUSED"}, "directed": {directed, "PAUSED"}, "rotated": {rotated, "PAUSED"}, "resumed": {resumed, "PAUSED"},
			"kept": {kept, "ACTIVE"}, "Carl's": {theirs, "ACTIVE"},
		} {
			if got := w.DB.Client.Webhook.GetX(ctx, want.id).State; string(got) != want.state {
				w.T.Errorf("%s is %s, want %s", name, got, want.state)
			}
		}
		told := w.DB.Client.Event.Query().Where(event.Action("webhook.paused"), event.TargetName("elsewhere.example")).OnlyX(ctx)
		if !strings.Contains(told.After, "says that they did not") || told.AccountID == nil || *told.AccountID != acme {
			w.T.Errorf("the history says %+v", told)
		}
	})
}
