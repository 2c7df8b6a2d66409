package graph_test

import (
	"fmt"
	"testing"
	"time"

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
