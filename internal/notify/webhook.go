package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/event"
	entwebhook "tenantry/ent/webhook"
	"tenantry/internal/column"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	events "tenantry/internal/event"
	"tenantry/internal/permission"
	"tenantry/internal/webhook"
)

// kindEvent is a call that tells of an event. Its data has the action.
const kindEvent = "event"

// calls is the channel of webhooks.
type calls struct{ hooks *webhook.Service }

// Call sends to webhooks, from then on: before Run and Drain.
func (s *Service) Call(hooks *webhook.Service) { s.Use(permission.Webhook, calls{hooks}) }

// Send implements Channel.
func (c calls) Send(ctx context.Context, o Outgoing) error {
	var kind string
	var at time.Time
	var told any
	var err error
	if e := o.Event; e != nil {
		kind, at = e.Action, e.CreatedAt
		told, err = toldOf(e)
	} else {
		kind, at, told = webhook.NotificationType(o.Category.Key), o.Notification.CreatedAt, toldBy(o)
	}
	if err != nil {
		return err
	}
	r, err := c.hooks.Send(ctx, o.Webhook, o.Delivery, kind, at, told)
	switch {
	case err != nil:
		return err
	case r.Failure == "":
		return nil
	case r.Late:
		return fmt.Errorf("call %s: %w", o.Webhook.ID, context.DeadlineExceeded)
	}
	return &refused{why: r.Failure, permanent: r.Final, after: r.After}
}

// What calls carry. Names and meanings are a promise to receivers: docs/webhooks.md.
type (
	calledNotification struct {
		NotificationID string          `json:"notificationId"`
		AccountID      string          `json:"accountId"`
		Category       string          `json:"category"`
		Subject        string          `json:"subject"`
		Text           string          `json:"text"`
		Data           json.RawMessage `json:"data"`
		Test           bool            `json:"test"`
		Contact        calledContact   `json:"contact"`
	}
	calledContact struct {
		ID         string  `json:"id"`
		Name       string  `json:"name"`
		Email      string  `json:"email"`
		ExternalID *string `json:"externalId"`
	}
	calledEvent struct {
		EventID    string         `json:"eventId"`
		AccountID  *string        `json:"accountId"`
		Action     string         `json:"action"`
		Actor      calledActor    `json:"actor"`
		TargetID   *string        `json:"targetId"`
		TargetName *string        `json:"targetName"`
		Changes    []calledChange `json:"changes"`
		Address    *string        `json:"address"`
	}
	calledActor struct {
		Kind event.ActorKind `json:"kind"`
		ID   *string         `json:"id"`
		Name string          `json:"name"`
	}
	calledChange struct {
		Field  string          `json:"field"`
		Before json.RawMessage `json:"before"`
		After  json.RawMessage `json:"after"`
	}
)

// toldBy is what a call with a notification carries. What Tenantry tells by itself has
// its facts as data.
func toldBy(o Outgoing) calledNotification {
	n, c := o.Notification, o.Contact
	out := calledNotification{NotificationID: n.ID, AccountID: n.AccountID, Category: string(n.Category), Subject: n.Subject, Text: n.Text, Test: n.Test,
		Contact: calledContact{c.ID, contact.Name(c), c.Email, c.ExternalID}}
	switch {
	case n.Data != "":
		out.Data = json.RawMessage(n.Data)
	case len(o.Delivery.Data) > 0:
		out.Data = db.JSON(o.Delivery.Data)
	}
	return out
}

// toldOf is what a call with an event carries: what the account's history shows of it to
// those who may see the object.
func toldOf(e *ent.Event) (calledEvent, error) {
	some := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	out := calledEvent{EventID: e.ID, AccountID: e.AccountID, Action: e.Action, Actor: calledActor{e.ActorKind, some(e.ActorID), e.ActorName},
		TargetID: some(e.TargetID), TargetName: some(e.TargetName), Changes: []calledChange{}, Address: some(e.Address)}
	list, err := events.Changes(e)
	for _, c := range list {
		out.Changes = append(out.Changes, calledChange{c.Field, raw(c.Before), raw(c.After)})
	}
	return out, err
}

func raw(s *string) json.RawMessage {
	if s == nil {
		return nil
	}
	return json.RawMessage(*s)
}

var (
	hearing = []string{entwebhook.FieldID, entwebhook.FieldAccountID, entwebhook.FieldURL, entwebhook.FieldEvents}
	hearers db.Texts
)

// heard returns a call for each event and each webhook of its account that is called
// with such events. A batch without accounts' events costs no statement.
func (s *Service) heard(ctx context.Context, tx *ent.Tx, all []*ent.Event) ([]owed, error) {
	if s.channels[permission.Webhook] == nil {
		return nil, nil
	}
	var accounts []any
	seen := map[string]bool{}
	for _, e := range all {
		if e.AccountID != nil && !seen[*e.AccountID] {
			seen[*e.AccountID] = true
			accounts = append(accounts, *e.AccountID)
		}
	}
	if len(accounts) == 0 {
		return nil, nil
	}
	var one ent.Webhook
	hooks, n := map[string][]*ent.Webhook{}, db.Rounded(len(accounts))
	err := db.Read(ctx, tx, hearers.Of(n, func(n int) string {
		return "SELECT " + column.List("h", hearing) + " FROM " + entwebhook.Table + " h WHERE h.account_id IN (" + db.Args(1, n) +
			") AND h.state = 'ACTIVE' AND h.events <> '[]' ORDER BY h.id"
	}), db.Filled(accounts, n), one.Places(hearing), func() {
		h := one
		hooks[h.AccountID] = append(hooks[h.AccountID], &h)
		one = ent.Webhook{}
	})
	if err != nil {
		return nil, fmt.Errorf("read webhooks: %w", err)
	}
	var out []owed
	for _, e := range all {
		if e.AccountID == nil {
			continue
		}
		for _, h := range hooks[*e.AccountID] {
			if webhook.Wants(h.Events, e.Action) {
				host := webhook.Host(h.URL)
				out = append(out, owed{kind: kindEvent, subject: e.ID, to: host, key: h.ID, domain: host, channel: permission.Webhook, webhook: h.ID, lane: laneCalls,
					locale: "en", data: map[string]string{webhook.TypeKey: e.Action}, event: e.ID, account: e.AccountID})
			}
		}
	}
	return out, nil
}

// happened reads the events that calls tell of, by their ids.
func (s *Service) happened(ctx context.Context, due []*ent.Delivery) (map[string]*ent.Event, error) {
	var ids []string
	for _, d := range due {
		if d.Channel == permission.Webhook && d.NotificationID == nil {
			ids = append(ids, d.EventID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	rows, err := s.client.Event.Query().Where(event.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	out := make(map[string]*ent.Event, len(rows))
	for _, e := range rows {
		out[e.ID] = e
	}
	return out, nil
}

// admitEvent asks once more whether a webhook is called with an event.
func admitEvent(o Outgoing, k *known) (Outgoing, error) {
	if o.Event = k.events[o.Delivery.EventID]; o.Event == nil {
		return o, suppressed("The event is gone.")
	}
	if !webhook.Wants(o.Webhook.Events, o.Event.Action) {
		return o, suppressed("The webhook is no longer called with this event.")
	}
	return o, nil
}
