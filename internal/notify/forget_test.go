package notify_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/ent/notification"
	"tenantry/internal/db"
	"tenantry/internal/dbtest"
	"tenantry/internal/id"
	"tenantry/internal/lab"
	"tenantry/internal/notify"
	"tenantry/internal/permission"
)

// What is done with goes when its time has come, and not a moment before; what waits to be
// sent, or to be fanned out, stays, and so does the history.
func TestForget(t *testing.T) {
	dbtest.EachBubble(t, func(t *testing.T, d *db.DB) {
		w, ctx := lab.New(t, d), t.Context()
		acme := w.Account("olive", "Acme")
		addContact(t, w, acme.ID, "books@example.com", on(permission.Email, "general"))
		addContact(t, w, acme.ID, "desk@example.com", on(permission.Email, "general"))
		done, waits, blank := tell(t, w, acme.ID, "general"), tell(t, w, acme.ID, "general"), tell(t, w, acme.ID, "affiliate")
		w.Settle()
		again := d.Client.Delivery.Query().Where(delivery.NotificationID(waits.ID)).FirstX(ctx)
		d.Client.Delivery.UpdateOne(again).SetState(delivery.StateQUEUED).SetNextAttemptAt(time.Now().AddDate(2, 0, 0)).ExecX(ctx)
		d.Client.Notification.UpdateOne(blank).ClearFannedOutAt().ExecX(ctx)
		time.Sleep(time.Second)
		young := tell(t, w, acme.ID, "general")
		if err := w.Notify.Drain(ctx); err != nil {
			t.Fatal(err)
		}
		d.Client.Notification.UpdateOne(blank).ClearFannedOutAt().ExecX(ctx)
		events := d.Client.Event.Query().CountX(ctx)
		left := func(what string, deliveries int, notifications ...*ent.Notification) {
			t.Helper()
			if err := w.Notify.Forget(ctx, notify.Kept); err != nil {
				t.Fatal(err)
			}
			if n := d.Client.Delivery.Query().Where(delivery.NotificationIDNotNil()).CountX(ctx); n != deliveries {
				t.Errorf("%s: %d deliveries are left, not %d", what, n, deliveries)
			}
			var ids []string
			for _, n := range notifications {
				ids = append(ids, n.ID)
			}
			if got := d.Client.Notification.Query().Order(ent.Asc(notification.FieldID)).IDsX(ctx); len(got) != len(ids) {
				t.Errorf("%s: %d notifications are left, not %d", what, len(got), len(ids))
			}
			if n := d.Client.Notification.Query().Where(notification.IDIn(ids...)).CountX(ctx); n != len(ids) {
				t.Errorf("%s: of those that are to be left there are %d, not %d", what, n, len(ids))
			}
			if n := d.Client.Event.Query().CountX(ctx); n != events {
				t.Errorf("%s: %d events, not %d", what, n, events)
			}
		}
		time.Sleep(notify.Kept - 2*time.Second)
		left("a moment before", 6, done, waits, blank, young)
		time.Sleep(2 * time.Second)
		left("a year later", 3, waits, blank, young)
		d.Client.Delivery.UpdateOneID(again.ID).SetState(delivery.StateFAILED).ExecX(ctx)
		left("given up", 2, blank, young)
		time.Sleep(time.Hour)
		left("all of it", 0, blank)
	})
}

// Years of mails and calls go in small steps, on two instances at once, and not one that
// waits.
func TestForgetMany(t *testing.T) {
	const many, waiting = 1700, 7
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		one, two, ctx := lab.New(t, d), lab.New(t, d), t.Context()
		var rows []*ent.DeliveryCreate
		for i := range many + waiting {
			row := d.Client.Delivery.Create().SetEventID(id.New(id.Event)).SetKind("event").SetSubjectID("x").SetTo("x").SetToKey(fmt.Sprint(i)).
				SetData(map[string]string{}).SetState([]delivery.State{delivery.StateSENT, delivery.StateFAILED, delivery.StateBOUNCED, delivery.StateSUPPRESSED}[i%4])
			if i%2 == 0 {
				row.SetChannel(permission.Webhook).SetWebhookID("whk_x")
			}
			if i < waiting {
				row.SetState(delivery.StateQUEUED).SetNextAttemptAt(time.Now().AddDate(1, 0, 0))
			}
			rows = append(rows, row)
		}
		for len(rows) > 0 {
			n := min(len(rows), 500)
			d.Client.Delivery.CreateBulk(rows[:n]...).ExecX(ctx)
			rows = rows[n:]
		}
		counted, counter := db.CountStatements(ctx)
		failed := make(chan error)
		for _, w := range []*lab.World{one, two} {
			go func() { failed <- w.Notify.Forget(counted, -time.Hour) }() // so that all are old
		}
		for range 2 {
			if err := <-failed; err != nil {
				t.Error(err)
			}
		}
		if n, queued := d.Client.Delivery.Query().CountX(ctx), d.Client.Delivery.Query().Where(delivery.StateEQ(delivery.StateQUEUED)).CountX(ctx); n != waiting || queued != waiting {
			t.Errorf("%d deliveries are left, of which %d wait, not the %d that wait", n, queued, waiting)
		}
		steps := 0
		for _, text := range counter.Texts() {
			if strings.HasPrefix(text, "DELETE") {
				steps++
			}
		}
		if steps < 4 {
			t.Errorf("%d rows went in %d steps", many, steps)
		}
	})
}
