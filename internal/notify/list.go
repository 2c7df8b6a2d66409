package notify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tenantry/ent"
	entcontact "tenantry/ent/contact"
	"tenantry/ent/delivery"
	"tenantry/ent/notification"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/db"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/mail"
	"tenantry/internal/page"
	"tenantry/internal/permission"
)

// Filter narrows a list of notifications. Empty fields do not.
type Filter struct {
	Category permission.CategoryKey
	// State and ContactID are of one delivery.
	State        *delivery.State
	ContactID    string
	Since, Until *time.Time
}

// shown are the columns of notifications that are read for a field or two only.
var shown = &page.Columns{All: notification.Columns, Shown: map[string][]string{
	notification.FieldText: {"text"}, notification.FieldHTML: {"html"}, notification.FieldData: {"data"}, notification.FieldSubject: {"subject"},
	notification.FieldCategory: {"category"}, notification.FieldTest: {"test"}, notification.FieldCreatedAt: {"createdAt"}, notification.FieldSenderKind: {"sender"},
	notification.FieldSenderID: {"sender"}, notification.FieldSenderName: {"sender"}, notification.FieldFannedOutAt: {}, notification.FieldEventID: {},
	notification.FieldKind: {}, notification.FieldSubjectID: {}, notification.FieldAccountID: {},
}}

// List pages through the notifications of an account, newest first. Refusals: as
// access.Gate.Require for emails, BAD_INPUT.
func (s *Service) List(ctx context.Context, by *access.Actor, accountID string, f Filter, r page.Request) (page.Page[*ent.Notification], error) {
	none := page.Page[*ent.Notification]{}
	if _, err := s.gate.Require(ctx, by, accountID, permission.Emails); err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	columns, read := r.Columns(shown)
	l := page.List{Table: notification.Table, Read: read, Newest: true}.Of(accountID)
	if f.Category != "" {
		l.Narrow("l.category = ?", string(f.Category))
	}
	if f.Since != nil {
		l.Narrow("l.created_at >= ?", *f.Since)
	}
	if f.Until != nil {
		l.Narrow("l.created_at < ?", *f.Until)
	}
	if f.State != nil || f.ContactID != "" {
		condition, args := "", []any(nil)
		if f.State != nil {
			condition, args = " AND d.state = ?", append(args, string(*f.State))
		}
		if f.ContactID != "" {
			condition, args = condition+" AND d.contact_id = ?", append(args, f.ContactID)
		}
		l.Narrow("EXISTS (SELECT 1 FROM "+delivery.Table+" d WHERE d.notification_id = l.id"+condition+")", args...)
	}
	var n ent.Notification
	p, err := page.Ask(l, r, n.Places(columns), func() *ent.Notification {
		row := n
		row.AccountID = accountID
		return &row
	}).Read(ctx, s.client)
	if err != nil {
		return none, fmt.Errorf("list notifications: %w", err)
	}
	return p, nil
}

// Get returns a notification that the actor may see. Refusals: UNAUTHENTICATED,
// NOT_FOUND.
func (s *Service) Get(ctx context.Context, by *access.Actor, notificationID string) (*ent.Notification, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	if !id.Is(id.Notification, notificationID) {
		return nil, fault.Missing("notification")
	}
	row, err := s.client.Notification.Get(ctx, notificationID)
	if ent.IsNotFound(err) {
		return nil, fault.Missing("notification")
	}
	if err != nil {
		return nil, err
	}
	if _, err := s.gate.Require(ctx, by, row.AccountID, permission.Emails); err != nil {
		return nil, fault.Hide(err, "notification")
	}
	return row, nil
}

// Sending is a delivery to a contact, or to the owner in their place.
type Sending struct {
	*ent.Delivery

	contact *ent.Contact
	read    bool // contact is what there is
}

// Delivery returns a delivery to a contact that the actor may see. Refusals:
// UNAUTHENTICATED, NOT_FOUND.
func (s *Service) Delivery(ctx context.Context, by *access.Actor, deliveryID string) (*Sending, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	row, err := ofContacts(ctx, s.client.Delivery, deliveryID)
	if err != nil {
		return nil, err
	}
	if _, err := s.gate.Require(ctx, by, *row.AccountID, permission.Emails); err != nil {
		return nil, fault.Hide(err, "delivery")
	}
	return &Sending{Delivery: row}, nil
}

// ofContacts reads a delivery of a notification: what a person is told about
// themself is nobody else's. Refusals: NOT_FOUND.
func ofContacts(ctx context.Context, c *ent.DeliveryClient, deliveryID string) (*ent.Delivery, error) {
	if !id.Is(id.Delivery, deliveryID) {
		return nil, fault.Missing("delivery")
	}
	row, err := c.Query().Where(delivery.ID(deliveryID), delivery.NotificationIDNotNil(), delivery.AccountIDNotNil()).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.Missing("delivery")
	}
	return row, err
}

// mayRead refuses whoever may not read the deliveries of all of the notifications.
func (s *Service) mayRead(ctx context.Context, by *access.Actor, all []*ent.Notification) error {
	var accounts []string
	for _, n := range all {
		if !slices.Contains(accounts, n.AccountID) {
			accounts = append(accounts, n.AccountID)
		}
	}
	if err := s.gate.Prepare(ctx, by, accounts); err != nil {
		return err
	}
	for _, one := range accounts {
		if _, err := s.gate.Require(ctx, by, one, permission.Emails); err != nil {
			return err
		}
	}
	return nil
}

var (
	listed         = slices.Concat([]string{delivery.FieldNotificationID}, claimed[:4], claimed[5:], []string{delivery.FieldState, delivery.FieldSentAt, delivery.FieldBouncedAt, delivery.FieldLastError})
	paging, adding db.Texts
)

// Deliveries returns a page of the deliveries of each of the notifications, oldest
// first, all in one statement, with their contacts in another if those are asked for. Refusals: as access.Gate.Require for emails, BAD_INPUT.
func (s *Service) Deliveries(ctx context.Context, by *access.Actor, all []*ent.Notification, r page.Request) ([]page.Page[*Sending], error) {
	if err := s.mayRead(ctx, by, all); err != nil {
		return nil, err
	}
	if err := r.Check(); err != nil {
		return nil, err
	}
	args := []any{r.After, r.Limit()}
	for _, n := range all {
		args = append(args, n.ID)
	}
	rows := db.Rounded(len(all))
	var found []*Sending
	var one ent.Delivery
	// A part for each, since one that numbers the rows would read all of them.
	err := db.Read(ctx, s.client, paging.Of(rows, func(rows int) string {
		parts := make([]string, rows)
		for i := range parts {
			parts[i] = fmt.Sprintf("SELECT * FROM (SELECT %s FROM %s WHERE %s = $%d AND id > $1 ORDER BY %s, id LIMIT $2) p%d", db.Names(listed), delivery.Table,
				delivery.FieldNotificationID, i+3, delivery.FieldNotificationID, i)
		}
		return strings.Join(parts, " UNION ALL ")
	}), db.Filled(args, 2+rows), one.Places(listed), func() {
		d := one
		found, one = append(found, &Sending{Delivery: &d}), ent.Delivery{}
	})
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	if r.Asks("contact") {
		contacts, err := s.Contacts(ctx, by, found)
		if err != nil {
			return nil, err
		}
		for i, d := range found {
			d.contact, d.read = contacts[i], true
		}
	}
	lists := map[string][]*Sending{}
	for _, d := range found {
		lists[*d.NotificationID] = append(lists[*d.NotificationID], d)
	}
	out := make([]page.Page[*Sending], len(all))
	for i, n := range all {
		list := lists[n.ID]
		slices.SortFunc(list, func(a, b *Sending) int { return strings.Compare(a.ID, b.ID) })
		out[i] = page.Cut(list, r)
	}
	return out, nil
}

// Counts are how many deliveries of a notification there are in each state.
type Counts struct{ Queued, Sent, Failed, Bounced, Suppressed int }

// Counts counts the deliveries of each of the notifications, in one statement.
// Refusals: as access.Gate.Require for emails.
func (s *Service) Counts(ctx context.Context, by *access.Actor, all []*ent.Notification) ([]*Counts, error) {
	if err := s.mayRead(ctx, by, all); err != nil {
		return nil, err
	}
	found := map[string]*Counts{}
	var args []any
	for _, n := range all {
		found[n.ID] = &Counts{}
		args = append(args, n.ID)
	}
	var (
		rows  = db.Rounded(len(args))
		of    string
		state delivery.State
		n     int
	)
	err := db.Read(ctx, s.client, adding.Of(rows, func(rows int) string {
		return "SELECT " + delivery.FieldNotificationID + ", " + delivery.FieldState + ", COUNT(*) FROM " + delivery.Table + " WHERE " +
			delivery.FieldNotificationID + " IN (" + db.Args(1, rows) + ") GROUP BY " + delivery.FieldNotificationID + ", " + delivery.FieldState
	}), db.Filled(args, rows), []column.Place{column.Text(&of), column.Text(&state), column.Number(&n)}, func() {
		c := found[of]
		switch state {
		case delivery.StateQUEUED:
			c.Queued = n
		case delivery.StateSENT:
			c.Sent = n
		case delivery.StateFAILED:
			c.Failed = n
		case delivery.StateBOUNCED:
			c.Bounced = n
		case delivery.StateSUPPRESSED:
			c.Suppressed = n
		}
	})
	if err != nil {
		return nil, fmt.Errorf("count deliveries: %w", err)
	}
	out := make([]*Counts, len(all))
	for i, n := range all {
		out[i] = found[n.ID]
	}
	return out, nil
}

// Contacts returns the contacts that deliveries are for, in their order, with nil where
// there is none (any more) or the actor has not contacts where it is.
func (s *Service) Contacts(ctx context.Context, by *access.Actor, all []*Sending) ([]*ent.Contact, error) {
	out := make([]*ent.Contact, len(all))
	var ids []string
	for i, d := range all {
		if d.read {
			out[i] = d.contact
		} else if d.ContactID != "" && !slices.Contains(ids, d.ContactID) {
			ids = append(ids, d.ContactID)
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := s.client.Contact.Query().Where(entcontact.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, err
	}
	found, accounts := map[string]*ent.Contact{}, []string{}
	for _, c := range rows {
		accounts = append(accounts, c.AccountID)
	}
	if err := s.gate.Prepare(ctx, by, accounts); err != nil {
		return nil, err
	}
	for _, c := range rows {
		_, err := s.gate.Require(ctx, by, c.AccountID, permission.Contacts)
		if err != nil && fault.All(err) == nil {
			return nil, err
		}
		if err == nil {
			found[c.ID] = c
		}
	}
	for i, d := range all {
		if !d.read {
			out[i] = found[d.ContactID]
		}
	}
	return out, nil
}

// MessageID returns the Message-ID that the mail of a delivery has, or "" on other
// channels.
func (s *Service) MessageID(d *Sending) string {
	if d.Channel != permission.Email {
		return ""
	}
	return mail.MessageID(s.sender, d.ID)
}
