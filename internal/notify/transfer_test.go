package notify_test

import (
	"slices"
	"testing"
	"time"

	"tenantry/ent/delivery"
	"tenantry/ent/ownershiptransfer"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/lab"
)

// subjects lists what was mailed to somebody.
func subjects(w *lab.World, to string) (out []string) {
	for _, m := range w.Box.Messages(to + "@example.com") {
		out = append(out, m.Subject)
	}
	return out
}

// Adam is removed while mail to him about a transfer waits to be sent: he hears of
// his removal, and of who owns the account no longer.
//
// Invariant 40.
func TestNoLongerAnAdministrator(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		adam, mia := w.Member(acme, "adam", "role_administrator"), w.Member(acme, "mia", "tickets")
		if _, err := w.Accounts.RequestTransfer(ctx, access.Company("Staff"), acme.ID, mia.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.Dispatcher.Drain(ctx); err != nil { // owed, not yet sent
			t.Fatal(err)
		}
		if _, err := w.Members.Remove(ctx, w.Actor("olive"), adam.ID); err != nil {
			t.Fatal(err)
		}
		w.Settle()
		if got := subjects(w, "adam"); len(got) != 1 {
			t.Errorf("adam was mailed %q", got)
		}
		if got := subjects(w, "olive"); len(got) != 1 {
			t.Errorf("olive was mailed %q", got)
		}
	})
}

// Olive stops a transfer before the mail that announces it has left: nobody is told
// of what is not to be, and least of all that somebody else has stopped it.
func TestStoppedBeforeAnnounced(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		mia := w.Member(acme, "mia", "tickets")
		offer, err := w.Accounts.RequestTransfer(ctx, access.Company("Staff"), acme.ID, mia.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Accounts.CancelTransfer(ctx, w.Actor("olive"), offer.ID); err != nil {
			t.Fatal(err)
		}
		w.Settle()
		if got := subjects(w, "olive"); len(got) != 0 {
			t.Errorf("olive was mailed %q", got)
		}
		if got, want := subjects(w, "mia"), []string{"Acme is no longer offered to you"}; !slices.Equal(got, want) {
			t.Errorf("mia was mailed %q, want %q", got, want)
		}
	})
}

// A user who is disabled is made owner of nothing, neither by a new transfer nor by
// one that was under way.
func TestDisabledNominee(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx, staff := lab.New(t, d), t.Context(), access.Company("Staff")
		acme := w.Account("olive", "Acme")
		mia := w.Member(acme, "mia", "tickets")
		offer, err := w.Accounts.RequestTransfer(ctx, staff, acme.ID, mia.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.Settle()
		d.Client.User.UpdateOneID(mia.UserID).SetDisabledAt(instant.Now()).ExecX(ctx)
		d.Client.OwnershipTransfer.UpdateOneID(offer.ID).SetNotices(account.Notices).SetEffectiveAt(instant.Now()).ExecX(ctx)
		owner := w.Person("olive").User
		for range account.Notices {
			d.Client.Delivery.Create().SetEventID(id.New(id.Event)).SetAccountID(acme.ID).SetKind(account.NoticeKind).SetSubjectID(offer.ID).
				SetTo(owner.Email).SetToKey(owner.EmailKey).SetData(map[string]string{}).SetState(delivery.StateSENT).ExecX(ctx)
		}
		if err := w.Accounts.AdvanceTransfers(ctx); err != nil {
			t.Fatal(err)
		}
		if a := d.Client.Account.GetX(ctx, acme.ID); a.OwnerUserID != owner.ID {
			t.Error("a disabled user owns the account")
		}
		if o := d.Client.OwnershipTransfer.GetX(ctx, offer.ID); o.State != ownershiptransfer.StateCANCELED {
			t.Errorf("the transfer is %s", o.State)
		}
		if _, err := w.Accounts.RequestTransfer(ctx, staff, acme.ID, mia.ID); !fault.Has(err, fault.BadInput) {
			t.Errorf("a new transfer to a disabled user: %v", err)
		}
	})
}

// The mail server takes nothing for a week: the notices are written and wait, so the
// account stays where it is until they have left.
func TestNoticesMustLeave(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		mia := w.Member(acme, "mia", "tickets")
		offer, err := w.Accounts.RequestTransfer(ctx, access.Company("Staff"), acme.ID, mia.ID)
		if err != nil {
			t.Fatal(err)
		}
		day := func() ownershiptransfer.State {
			t.Helper()
			if err := w.Dispatcher.Drain(ctx); err != nil {
				t.Fatal(err)
			}
			time.Sleep(account.NoticeEvery)
			if err := w.Accounts.AdvanceTransfers(ctx); err != nil {
				t.Fatal(err)
			}
			return d.Client.OwnershipTransfer.GetX(ctx, offer.ID).State
		}
		for n := range 9 {
			if state := day(); state != ownershiptransfer.StatePENDING {
				t.Fatalf("%s after %d days without mail", state, n+1)
			}
		}
		w.Settle() // the mail server is back
		if got := subjects(w, "olive"); len(got) != account.Notices {
			t.Errorf("olive was mailed %q", got)
		}
		if state := day(); state != ownershiptransfer.StateACCEPTED {
			t.Errorf("%s after all notices have left", state)
		}
	})
}
