package webhook_test

import (
	"net/http"
	"path/filepath"
	"testing"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"tenantry/internal/cli"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/lab"
	"tenantry/internal/seal"
	"tenantry/internal/webhook"
)

// When the keys of the company are rotated and the old one is dropped, calls are signed
// as before, by either secret.
func TestReseal(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		keys, err := seal.Create(filepath.Join(t.TempDir(), "keyset.json"))
		if err != nil {
			t.Fatal(err)
		}
		w := lab.New(t, d, func(p *cli.Parts) { p.Seals = keys })
		acct := w.Account("olive", "Acme")
		made, err := w.Webhooks.Create(t.Context(), w.Actor("olive"), webhook.Draft{AccountID: acct.ID, URL: "https://hooks.example/", Notifications: true})
		if err != nil {
			t.Fatal(err)
		}
		again, err := w.Webhooks.Rotate(t.Context(), w.Actor("olive"), made.Webhook.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := keys.Rotate(); err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{2, 0} {
			if n, err := w.Webhooks.Reseal(t.Context()); n != want || err != nil {
				t.Errorf("%d sealed anew, %v; want %d", n, err, want)
			}
		}
		if n, err := keys.Prune(); n != 1 || err != nil {
			t.Fatalf("%d keys dropped, %v", n, err)
		}
		if r, err := w.Webhooks.Test(t.Context(), w.Actor("olive"), made.Webhook.ID); err != nil || r.Status != http.StatusOK {
			t.Fatalf("%+v, %v", r, err)
		}
		call := w.Receivers.Calls("hooks.example")[0]
		for _, secret := range []string{made.Secret, again.Secret} {
			wh, err := standard.NewWebhook(secret)
			if err != nil {
				t.Fatal(err)
			}
			if err := wh.VerifyIgnoringTimestamp(call.Body, call.Header); err != nil {
				t.Error(err)
			}
		}
	})
}
