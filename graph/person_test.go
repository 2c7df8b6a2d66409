package graph_test

import (
	"fmt"
	"testing"
	"time"

	"tenantry/ent/authenticator"
	"tenantry/ent/identity"
	"tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/instant"
	"tenantry/internal/lab"
)

// Taking a change of address back takes with it what was added since to sign in with,
// and leaves what was there before.
func TestUndoDisarms(t *testing.T) {
	for _, test := range []struct {
		name       string
		had        bool // an authenticator and a passkey before the change
		twoFactors bool
	}{{"who had two factors keeps them", true, true}, {"who had none has none", false, false}} {
		t.Run(test.name, func(t *testing.T) {
			dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
				w, c, ctx := lab.New(t, d), d.Client, t.Context()
				olive := w.Person("olive")
				must := func(err error) {
					t.Helper()
					if err != nil {
						t.Fatal(err)
					}
				}
				add := func(stage string, app bool, at time.Time) {
					c.Passkey.Create().SetUserID(olive.ID).SetCreatedAt(at).SetName(stage).SetCredentialID(stage).SetCredential([]byte("{}")).SaveX(ctx)
					c.Identity.Create().SetUserID(olive.ID).SetCreatedAt(at).SetIssuer("https://id.example").SetSubject(stage).SaveX(ctx)
					if app {
						c.Authenticator.Create().SetUserID(olive.ID).SetCreatedAt(at).SetSecret([]byte("s")).SetConfirmedAt(at).SaveX(ctx)
						c.RecoveryCode.Create().SetUserID(olive.ID).SetCreatedAt(at).SetCodeHash(stage).SaveX(ctx)
					}
					if c.User.GetX(ctx, olive.ID).TwoFactorAt == nil {
						must(c.User.UpdateOneID(olive.ID).SetTwoFactorAt(at).Exec(ctx))
					}
				}
				if test.had {
					add("before", true, instant.Now().AddDate(0, 0, -8)) // see TestUndoingTakesWhatWasMadeBefore
				}
				c.Device.Create().SetUserID(olive.ID).SetTokenHash("h").SaveX(ctx)
				time.Sleep(time.Minute)
				w.Ask("olive", `mutation { requestEmailChange(input: {email: "thief@example.net"}) { errors { code } } }`, nil)
				a := w.Ask("olive", fmt.Sprintf(`mutation { confirmEmailChange(input: {token: %q}) { token errors { code } } }`, w.Token("thief@example.net")), nil)
				if a.String("data.confirmEmailChange.token") == "" {
					t.Fatalf("%s", a.Body)
				}
				undo := w.Token("olive@example.com")
				add("after", !test.had, instant.Now())
				if a := w.Ask(lab.Nobody, fmt.Sprintf(`mutation { undoEmailChange(input: {token: %q}) { undone errors { code } } }`, undo), nil); a.Get("data.undoEmailChange.undone") != true {
					t.Fatalf("%s", a.Body)
				}
				want := 0
				if test.had {
					want = 1
				}
				for what, n := range map[string]int{
					"passkeys":       c.Passkey.Query().Where(passkey.UserID(olive.ID)).CountX(ctx),
					"identities":     c.Identity.Query().Where(identity.UserID(olive.ID)).CountX(ctx),
					"authenticators": c.Authenticator.Query().Where(authenticator.UserID(olive.ID)).CountX(ctx),
					"recovery codes": c.RecoveryCode.Query().Where(recoverycode.UserID(olive.ID)).CountX(ctx),
				} {
					if n != want {
						t.Errorf("%d %s, want %d", n, what, want)
					}
				}
				if n := c.Passkey.Query().Where(passkey.Name("after")).CountX(ctx); n != 0 {
					t.Error("the later passkey is still there")
				}
				if n := c.Device.Query().CountX(ctx); n != 0 {
					t.Errorf("%d devices are known", n)
				}
				u := c.User.GetX(ctx, olive.ID)
				if u.PasswordHash != "" || (u.TwoFactorAt != nil) != test.twoFactors {
					t.Errorf("a password: %t; two factors since %v", u.PasswordHash != "", u.TwoFactorAt)
				}
			})
		})
	}
}

// The mails of a transfer that the company started count at whatever address the owner
// had: who moves meanwhile does not keep it from ever taking effect.
func TestTransferOfAnOwnerWhoMoves(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w := lab.New(t, d)
		a := w.Account("olive", "Olives")
		m := w.Member(a, "adam", "role_administrator")
		w.Operator("shop")
		asked := w.Ask("shop", fmt.Sprintf(`mutation { requestOwnershipTransfer(input: {accountId: %q, membershipId: %q}) { transfer { id } errors { code } } }`, a.ID, m.ID), nil)
		if len(asked.Codes()) > 0 {
			t.Fatalf("%s", asked.Body)
		}
		for day := range 10 {
			w.Settle()
			if day == 3 {
				w.Meet("olive", w.SignIn(d.Client.User.GetX(t.Context(), a.OwnerUserID)).Token)
				w.Ask("olive", `mutation { requestEmailChange(input: {email: "olive@olives.example"}) { errors { code } } }`, nil)
				moved := w.Ask("olive", fmt.Sprintf(`mutation { confirmEmailChange(input: {token: %q}) { viewer { email } errors { code } } }`, w.Token("olive@olives.example")), nil)
				if moved.String("data.confirmEmailChange.viewer.email") == "" {
					t.Fatalf("%s", moved.Body)
				}
			}
			time.Sleep(24 * time.Hour)
			if err := w.Due(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if owner := d.Client.Account.GetX(t.Context(), a.ID).OwnerUserID; owner != m.UserID {
			t.Errorf("after ten days the account still belongs to %s", owner)
		}
	})
}
