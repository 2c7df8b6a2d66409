package notify

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"tenantry/ent"
	entaccount "tenantry/ent/account"
	"tenantry/ent/delivery"
	entevent "tenantry/ent/event"
	"tenantry/ent/notification"
	"tenantry/ent/user"
	"tenantry/ent/webhook"
	"tenantry/internal/budget"
	"tenantry/internal/column"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

// The lanes of the queue. What is in one waits for nothing that is in another.
const (
	// laneSoon is for what somebody waits for.
	laneSoon = 0
	// laneMany is for the mail of what many get.
	laneMany = 1
	// laneCalls is for calls of webhooks, each of which may take ten seconds.
	laneCalls = 2
	// laneTold is for the mail of what Tenantry tells contacts by itself, and of what an
	// account's own programs send: its people cause it, and nobody else's invoices wait for it.
	laneTold = 3
)

const (
	// fanned is how many notifications are fanned out together at most, and manyWritten
	// after how many deliveries the rest is left for the next transaction.
	fanned      = 100
	manyWritten = 5000
)

var (
	fanning = "SELECT " + notification.FieldID + " FROM " + notification.Table + " WHERE " + notification.FieldFannedOutAt + " IS NULL ORDER BY " +
		notification.FieldCreatedAt + ", " + notification.FieldID + " LIMIT " + fmt.Sprint(fanned)
	fanningOut db.Texts
)

// fanOut writes the deliveries of notifications that wait for them, and marks those
// as fanned out: both or neither. It returns how many that were.
func (s *Service) fanOut(ctx context.Context) (int, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (int, error) {
		var one string
		var ids []any
		if err := db.Read(ctx, tx, s.fanning, nil, []column.Place{column.Text(&one)}, func() { ids = append(ids, one) }); err != nil || len(ids) == 0 {
			return 0, err
		}
		found, err := s.notifications(ctx, tx, ids)
		if err != nil {
			return 0, err
		}
		w, err := s.around(ctx, tx, found)
		if err != nil {
			return 0, err
		}
		var all []owed
		done := ids[:0]
		for _, one := range ids {
			n := found[one.(string)]
			list, err := s.addressed(ctx, tx, n, w)
			if err == nil && caused(n) {
				list, err = s.bounded(ctx, tx, n, list)
			}
			if err != nil {
				return 0, fmt.Errorf("fan out %s: %w", n.ID, err)
			}
			if len(all) > 0 && len(all)+len(list) > manyWritten {
				break
			}
			all, done = append(all, list...), append(done, one)
		}
		if err := s.write(ctx, tx, all); err != nil {
			return 0, err
		}
		n := db.Rounded(len(done))
		_, err = tx.ExecContext(ctx, fanningOut.Of(n, func(n int) string {
			return "UPDATE " + notification.Table + " SET " + notification.FieldFannedOutAt + " = $1 WHERE " + notification.FieldID + " IN (" + db.Args(2, n) + ")"
		}), db.Filled(append([]any{instant.Now()}, done...), 1+n)...)
		return len(done), err
	})
}

// What is read of a notification, and of where it belongs.
var (
	ofAccount = []string{entaccount.FieldID, entaccount.FieldName, entaccount.FieldState, entaccount.FieldParentID, entaccount.FieldOwnerUserID,
		entaccount.FieldOwnerFallback, entaccount.FieldRolesVersion}
	ofParent = []string{entaccount.FieldID, entaccount.FieldState}
	ofOwner  = []string{user.FieldID, user.FieldEmail, user.FieldEmailKey, user.FieldName, user.FieldLocale}
	noticing db.Texts
)

// notifications reads notifications by their ids, each with its account, and that
// with its parent and its owner.
func (s *Service) notifications(ctx context.Context, q db.Queryer, ids []any) (map[string]*ent.Notification, error) {
	var (
		n      ent.Notification
		a, up  ent.Account
		owner  ent.User
		found  = make(map[string]*ent.Notification, len(ids))
		rows   = db.Rounded(len(ids))
		places = append(append(append(n.Places(notification.Columns), a.Places(ofAccount)...), up.Places(ofParent)...), owner.Places(ofOwner)...)
	)
	err := db.Read(ctx, q, noticing.Of(rows, func(rows int) string {
		return "SELECT " + column.List("n", notification.Columns) + ", " + column.List("a", ofAccount) + ", " + column.List("p", ofParent) + ", " +
			column.List("u", ofOwner) + " FROM " + notification.Table + " n JOIN " + entaccount.Table + " a ON a.id = n.account_id JOIN " + user.Table +
			" u ON u.id = a.owner_user_id LEFT JOIN " + entaccount.Table + " p ON p.id = a.parent_id WHERE n.id IN (" + db.Args(1, rows) + ")"
	}), db.Filled(ids, rows), places, func() {
		one, in, above, who := n, a, up, owner
		in.Edges.Owner = &who
		if above.ID != "" {
			in.Edges.Parent = &above
		}
		one.Edges.Account = &in
		found[one.ID] = &one
		n, a, up, owner = ent.Notification{}, ent.Account{}, ent.Account{}, ent.User{}
	})
	if err != nil {
		return nil, fmt.Errorf("read notifications: %w", err)
	}
	return found, nil
}

// closed reports whether nobody in an account is told anything any more.
func closed(a *ent.Account) bool {
	return a.State == entaccount.StateCLOSED || a.Edges.Parent != nil && a.Edges.Parent.State == entaccount.StateCLOSED
}

// surroundings are what fanning out takes beside the notifications.
type surroundings struct {
	contacts map[string][]*ent.Contact    // by account
	webhooks map[string][]*ent.Webhook    // by account
	events   map[string]*ent.Event        // of what Tenantry tells by itself
	personal map[string]map[string]string // by event and address: why somebody is not told again
}

// around reads it.
func (s *Service) around(ctx context.Context, tx *ent.Tx, found map[string]*ent.Notification) (*surroundings, error) {
	w := &surroundings{contacts: map[string][]*ent.Contact{}, webhooks: map[string][]*ent.Webhook{}, events: map[string]*ent.Event{}, personal: map[string]map[string]string{}}
	accounts, seen := []*ent.Account{}, map[string]bool{}
	var events []string
	for _, n := range found {
		if a := n.Edges.Account; !seen[a.ID] {
			seen[a.ID] = true
			accounts = append(accounts, a)
		}
		if n.Kind != "" {
			events = append(events, n.EventID)
		}
	}
	contacts, err := contact.OfAccounts(ctx, tx, accounts)
	if err != nil {
		return nil, err
	}
	for _, c := range contacts {
		w.contacts[c.AccountID] = append(w.contacts[c.AccountID], c)
	}
	if err := s.hooks(ctx, tx, w); err != nil {
		return nil, err
	}
	if len(events) == 0 {
		return w, nil
	}
	told, err := tx.Event.Query().Where(entevent.IDIn(events...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	var actors []string
	for _, e := range told {
		w.events[e.ID], w.personal[e.ID] = e, map[string]string{}
		if e.ActorKind == entevent.ActorKindUSER {
			actors = append(actors, e.ActorID)
		}
	}
	letters, err := tx.Delivery.Query().Where(delivery.EventIDIn(events...), delivery.NotificationIDIsNil()).
		Select(delivery.FieldEventID, delivery.FieldToKey).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who is told: %w", err)
	}
	for _, d := range letters {
		w.personal[d.EventID][d.ToKey] = "They are told of it by a letter of their own."
	}
	if len(actors) == 0 {
		return w, nil
	}
	people, err := tx.User.Query().Where(user.IDIn(actors...)).Select(user.FieldID, user.FieldEmailKey).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read who did it: %w", err)
	}
	for _, u := range people {
		for _, e := range told {
			if e.ActorID == u.ID {
				w.personal[e.ID][u.EmailKey] = "They did it themselves."
			}
		}
	}
	return w, nil
}

// hooks reads the webhooks that are called for contacts who want that, where there are
// any.
func (s *Service) hooks(ctx context.Context, tx *ent.Tx, w *surroundings) error {
	if s.channels[permission.Webhook] == nil {
		return nil
	}
	wants := func(c *ent.Contact) bool {
		return slices.ContainsFunc(c.Preferences, func(p permission.Preference) bool {
			return p.Channel == permission.Webhook && (p.All || len(p.Categories) > 0)
		})
	}
	var accounts []string
	for one, contacts := range w.contacts {
		if slices.ContainsFunc(contacts, wants) {
			accounts = append(accounts, one)
		}
	}
	if len(accounts) == 0 {
		return nil
	}
	rows, err := tx.Webhook.Query().Where(webhook.AccountIDIn(accounts...), webhook.StateEQ(webhook.StateACTIVE), webhook.Notifications(true)).
		Order(ent.Asc(webhook.FieldID)).All(ctx)
	if err != nil {
		return fmt.Errorf("read webhooks: %w", err)
	}
	for _, h := range rows {
		w.webhooks[h.AccountID] = append(w.webhooks[h.AccountID], h)
	}
	return nil
}

// addressed returns a delivery for everybody who gets a notification, on every channel
// that sends: contacts of the account, then those of its parent, then the owner if none
// of them gets it by mail. An address gets one mail, whoever it belongs to. A contact's
// calls go to the webhooks of the account that the contact is in.
func (s *Service) addressed(ctx context.Context, tx *ent.Tx, n *ent.Notification, w *surroundings) ([]owed, error) {
	a, cat := n.Edges.Account, s.gate.Catalogue().Category(n.Category)
	if cat == nil || closed(a) {
		return nil, nil
	}
	base := owed{notification: n.ID, event: n.EventID, account: &n.AccountID, kind: kindNotification, subject: n.ID, lane: laneMany}
	if caused(n) {
		base.lane = laneTold
	}
	personal := map[string]string{}
	if e := w.events[n.EventID]; e != nil {
		var err error
		if base.data, err = s.facts(ctx, tx, a, e); err != nil {
			return nil, err
		}
		personal = w.personal[e.ID]
	}
	covering := slices.Clone(w.contacts[a.ID])
	if a.ParentID != nil {
		for _, c := range w.contacts[*a.ParentID] {
			if contact.Covers(c, a) {
				covering = append(covering, c)
			}
		}
	}
	var out []owed
	addresses := map[string]bool{}
	for _, c := range covering {
		if yes, rule := contact.Decide(c, *cat, permission.Email); yes && !addresses[c.EmailKey] {
			addresses[c.EmailKey] = true
			out = append(out, base.toContact(c, rule, personal[c.EmailKey]))
		}
		if yes, rule := contact.Decide(c, *cat, permission.Webhook); yes {
			for _, h := range w.webhooks[c.AccountID] {
				out = append(out, base.toWebhook(c, h, rule))
			}
		}
	}
	if contact.FallsToOwner(a, *cat, covering) {
		out = append(out, base.toOwner(a.Edges.Owner, personal[a.Edges.Owner.EmailKey]))
	}
	return out, nil
}

// caused reports whether the people of an account cause a notification, by what they do or
// through a program of theirs: they choose whom it goes to, and the portal's name is on it.
func caused(n *ent.Notification) bool {
	return n.Kind != "" || n.SenderKind == notification.SenderKindTOKEN
}

// bounded keeps what the people of an account cause to be mailed within what an account and an address may get of it in a day. Over
// the account's nobody is told, which the one delivery says that is left.
func (s *Service) bounded(ctx context.Context, tx *ent.Tx, n *ent.Notification, list []owed) ([]owed, error) {
	var each []budget.Ask
	for _, o := range list {
		if o.channel == permission.Email && o.why == "" {
			each = append(each, budget.Ask{Rule: budget.ToldByAddress, ID: s.book.ID(budget.ToldByAddress, o.key), N: 1})
		}
	}
	if len(each) == 0 {
		return list, nil
	}
	all := budget.Ask{Rule: budget.ToldByAccount, ID: s.book.ID(budget.ToldByAccount, n.AccountID), N: len(each)}
	granted, err := s.book.Spend(ctx, tx, all)
	if err != nil {
		return nil, err
	}
	if !granted[all.ID] {
		none := list[0]
		none.contact, none.webhook = "", ""
		return []owed{none.toOwner(n.Edges.Account.Edges.Owner, "So much was told to the contacts of the account today that nobody is told of this.")}, nil
	}
	if granted, err = s.book.Spend(ctx, tx, each...); err != nil {
		return nil, err
	}
	for i, o := range list {
		if o.channel == permission.Email && o.why == "" && !granted[s.book.ID(budget.ToldByAddress, o.key)] {
			list[i].why = "They were told too much today already."
		}
	}
	return list, nil
}

// toContact addresses a mail to a contact.
func (o owed) toContact(c *ent.Contact, rule permission.Rule, why string) owed {
	o.channel, o.contact, o.rule, o.why = permission.Email, c.ID, rule, why
	o.to, o.key, o.name, o.locale = c.Email, c.EmailKey, contact.Name(c), c.Locale
	_, o.domain, _ = strings.Cut(c.EmailKey, "@")
	return o
}

// toWebhook addresses a call for a contact to a webhook. Its address says no more than
// the host, since the rest may be a secret.
func (o owed) toWebhook(c *ent.Contact, h *ent.Webhook, rule permission.Rule) owed {
	o.channel, o.contact, o.webhook, o.rule, o.lane = permission.Webhook, c.ID, h.ID, rule, laneCalls
	if u, err := url.Parse(h.URL); err == nil {
		o.domain = strings.ToLower(u.Hostname())
	}
	o.to, o.key, o.name, o.locale = o.domain, c.ID, contact.Name(c), c.Locale
	return o
}

// toOwner addresses a mail to the owner of the account.
func (o owed) toOwner(u *ent.User, why string) owed {
	o.kind, o.channel, o.rule, o.why = kindFallback, permission.Email, permission.RuleOwnerFallback, why
	o.to, o.key, o.name, o.locale = u.Email, u.EmailKey, u.Name, u.Locale
	_, o.domain, _ = strings.Cut(u.EmailKey, "@")
	return o
}
