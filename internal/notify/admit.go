package notify

import (
	"context"
	"fmt"
	"strings"

	"tenantry/ent"
	"tenantry/ent/delivery"
	entmembership "tenantry/ent/membership"
	"tenantry/ent/notification"
	entuser "tenantry/ent/user"
	"tenantry/ent/webhook"
	"tenantry/internal/access"
	"tenantry/internal/column"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/permission"
)

// unwanted says of the rules by which nobody is sent anything what they mean.
var unwanted = map[permission.Rule]string{
	permission.RuleExcepted:     "They no longer want this category.",
	permission.RuleNotSelected:  "They no longer want this category.",
	permission.RuleDefaultOff:   "They no longer want this category.",
	permission.RuleSuppressed:   "Mail to this address bounced for good.",
	permission.RuleUnsubscribed: "They unsubscribed from this category.",
}

// admit asks once more whether somebody gets what is about to leave, by what is true
// at this moment, and returns the message with the address as it is now. What nobody
// is to get any more is suppressed. Somebody who came to want it after it was fanned
// out does not get it.
func (s *Service) admit(d *ent.Delivery, k *known) (Outgoing, error) {
	out := Outgoing{Delivery: d, To: d.To, Name: d.ToName, Locale: d.Locale}
	if s.channels[d.Channel] == nil {
		return out, suppressed("Nothing is sent on this channel here.")
	}
	if d.Channel == permission.Webhook {
		if out.Webhook = k.webhooks[d.WebhookID]; out.Webhook == nil {
			return out, suppressed("The webhook was deleted.")
		}
		if out.Webhook.State != webhook.StateACTIVE {
			return out, suppressed("The webhook is switched off.")
		}
	}
	if d.NotificationID == nil {
		return admitEvent(out, k)
	}
	n := k.notifications[*d.NotificationID]
	if n == nil {
		return out, suppressed("The notification is gone.")
	}
	out.Notification, out.Account = n, n.Edges.Account
	if closed(out.Account) {
		return out, suppressed("The account is closed.")
	}
	cat := s.gate.Catalogue().Category(n.Category)
	if cat == nil {
		return out, suppressed("There is no such category any more.")
	}
	out.Category = *cat
	if d.ContactID == "" {
		if !out.Account.OwnerFallback {
			return out, suppressed("The owner no longer gets what nobody else gets.")
		}
		u := out.Account.Edges.Owner
		out.Rule = permission.RuleOwnerFallback
		out.To, out.Name, out.Locale = u.Email, u.Name, u.Locale
		return out, nil
	}
	c := k.contacts[d.ContactID]
	if c == nil {
		return out, suppressed("The contact was deleted.")
	}
	if !contact.Covers(c, out.Account) {
		return out, suppressed("The contact no longer covers this account.")
	}
	yes, rule := contact.Decide(c, *cat, d.Channel)
	if !yes {
		return out, suppressed(unwanted[rule])
	}
	if out.Webhook != nil && !out.Webhook.Notifications {
		return out, suppressed("The webhook is no longer called with notifications.")
	}
	out.Contact, out.Rule, out.To, out.Name, out.Locale = c, rule, c.Email, contact.Name(c), c.Locale
	return out, nil
}

// moved writes down that a delivery goes to another address than when it was written:
// what is answered from there, now or later, is about that one.
func (s *Service) moved(ctx context.Context, d *ent.Delivery, out Outgoing) error {
	key := out.key()
	_, domain, _ := strings.Cut(key, "@")
	_, err := s.client.ExecContext(ctx, "UPDATE "+delivery.Table+` SET "`+delivery.FieldTo+`" = $1, `+delivery.FieldToKey+" = $2, "+delivery.FieldDomain+
		" = $3 WHERE "+delivery.FieldID+" = $4", out.To, key, domain, d.ID)
	if db.IsUnique(err) {
		// The address was another contact's, and an address gets one mail. If theirs never
		// left, this one does, and only the row keeps the old address for its key.
		has, failed := s.client.Delivery.Query().Where(delivery.EventID(d.EventID), delivery.Kind(d.Kind), delivery.ToKey(key),
			delivery.ChannelEQ(d.Channel), delivery.StateEQ(delivery.StateSENT)).Exist(ctx)
		if failed == nil && has {
			return suppressed("This address has it already.")
		}
		if err = failed; err == nil {
			_, err = s.client.ExecContext(ctx, "UPDATE "+delivery.Table+` SET "`+delivery.FieldTo+`" = $1 WHERE `+delivery.FieldID+" = $2", out.To, d.ID)
		}
	}
	if err != nil {
		return fmt.Errorf("write down another address: %w", err)
	}
	d.To, d.ToKey, d.Domain = out.To, key, domain
	return nil
}

var (
	held     = "SELECT " + notification.FieldID + " FROM " + notification.Table + " WHERE " + notification.FieldID + " IN ("
	reaching db.Texts
)

// Lost joins a transaction in which a delivery was found not to have arrived, after a
// server had accepted it: the owner gets what somebody must, if nobody else does.
func (s *Service) Lost(ctx context.Context, tx *ent.Tx, d *ent.Delivery) error {
	return s.fallBack(ctx, tx, []outcome{{delivery: d, state: delivery.StateBOUNCED}})
}

// fallBack sends to the owner what somebody must always get, where the last mail of it
// has failed for good, so that nobody would: the contact was deleted after it was fanned
// out, say, or their address does not exist.
func (s *Service) fallBack(ctx context.Context, tx *ent.Tx, ended []outcome) error {
	var ids []any
	seen := map[string]bool{}
	for _, o := range ended {
		d := o.delivery
		if d.NotificationID != nil && d.Channel == permission.Email && d.ContactID != "" && o.state != delivery.StateQUEUED && !seen[*d.NotificationID] {
			seen[*d.NotificationID] = true
			ids = append(ids, *d.NotificationID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	found, err := s.notifications(ctx, tx, ids)
	if err != nil {
		return err
	}
	for one, n := range found {
		cat := s.gate.Catalogue().Category(n.Category)
		if cat == nil || !cat.Mandatory || !n.Edges.Account.OwnerFallback || closed(n.Edges.Account) || n.Test {
			delete(found, one)
		}
	}
	if len(found) == 0 {
		return nil
	}
	// Held, so that of two workers who end the last two of a notification one sees what
	// the other has done.
	ids = ids[:0]
	for one := range found {
		ids = append(ids, one)
	}
	n := db.Rounded(len(ids))
	var one string
	err = db.Read(ctx, tx, s.holding(held+db.Args(1, n)+") ORDER BY "+notification.FieldID), db.Filled(ids, n), []column.Place{column.Text(&one)}, func() {})
	if err != nil {
		return fmt.Errorf("hold notifications: %w", err)
	}
	// Those with a mail that may still arrive or has, and those that the owner has been
	// sent already.
	err = db.Read(ctx, tx, reaching.Of(n, func(n int) string {
		return "SELECT DISTINCT " + delivery.FieldNotificationID + " FROM " + delivery.Table + " WHERE " + delivery.FieldNotificationID + " IN (" + db.Args(1, n) +
			") AND " + delivery.FieldChannel + " = '" + string(permission.Email) + "' AND (" + delivery.FieldState + " IN ('QUEUED', 'SENT') OR " +
			delivery.FieldContactID + " = '')"
	}), db.Filled(ids, n), []column.Place{column.Text(&one)}, func() { delete(found, one) })
	if err != nil {
		return fmt.Errorf("read who is reached: %w", err)
	}
	var all []owed
	for _, n := range found {
		base := owed{notification: n.ID, event: n.EventID, account: &n.AccountID, subject: n.ID, lane: laneMany}
		for _, o := range ended {
			if o.delivery.NotificationID != nil && *o.delivery.NotificationID == n.ID {
				base.data = o.delivery.Data
			}
		}
		all = append(all, base.toOwner(n.Edges.Account.Edges.Owner, ""))
	}
	return s.write(ctx, tx, all)
}

// belongs reports whether the user with an address is an active member of an account,
// or of the one above.
func (s *Service) belongs(ctx context.Context, a *ent.Account, key string) (bool, error) {
	places := []string{a.ID}
	if a.ParentID != nil {
		places = append(places, *a.ParentID)
	}
	return s.client.Membership.Query().Where(entmembership.AccountIDIn(places...), access.ActiveMember(),
		entmembership.HasUserWith(entuser.EmailKey(key))).Exist(ctx)
}
