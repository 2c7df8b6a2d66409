package graph

import (
	"context"
	"time"

	"tenantry/ent"
	"tenantry/ent/delivery"
	"tenantry/graph/model"
	"tenantry/internal/access"
	"tenantry/internal/notify"
	"tenantry/internal/page"
	"tenantry/internal/permission"
)

func notificationFilter(f *model.NotificationFilter) notify.Filter {
	if f == nil {
		return notify.Filter{}
	}
	return notify.Filter{Category: value(f.Category), State: f.State.Value(), ContactID: value(f.ContactID), Since: f.Since.Value(), Until: f.Until.Value()}
}

func notificationDraft(in model.SendNotificationInput) notify.Draft {
	return notify.Draft{AccountID: in.AccountID, Category: in.Category, Subject: in.Subject, Text: in.Text, HTML: value(in.HTML), Data: value(in.Data),
		IdempotencyKey: value(in.IdempotencyKey)}
}

// decided returns the rule that decided, or nil where none did.
func decided(r permission.Rule) *permission.Rule {
	if r == "" {
		return nil
	}
	return &r
}

// due returns when a delivery is tried next, or nil if it is not.
func due(d *notify.Sending) *time.Time {
	if d.State != delivery.StateQUEUED {
		return nil
	}
	return &d.NextAttemptAt
}

func (r *Resolver) notificationPage(list string, p page.Page[*ent.Notification], err error) (*model.NotificationConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.NotificationConnection{}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(n *ent.Notification) string { return r.Cursors.seal(list, n.ID) },
		func(n *ent.Notification, c string) *model.NotificationEdge {
			return &model.NotificationEdge{Node: n, Cursor: c}
		})
	return out, nil
}

// deliveryPages returns a page of the deliveries of each notification. A cursor is one
// notification's.
func (r *Resolver) deliveryPages(ctx context.Context, all []*ent.Notification, first int, after *string) ([]*model.NotificationDeliveryConnection, error) {
	list := func(n *ent.Notification) string { return "deliveries:" + n.ID }
	var req page.Request
	var err error
	for _, n := range all {
		if req, err = r.Cursors.request(ctx, list(n), first, after); err != nil {
			return nil, err
		}
	}
	pages, err := r.Notify.Deliveries(ctx, access.From(ctx), all, req)
	if err != nil {
		return nil, err
	}
	out := make([]*model.NotificationDeliveryConnection, len(all))
	for i, p := range pages {
		c := &model.NotificationDeliveryConnection{}
		c.Nodes, c.Edges, c.PageInfo = connect(p, func(d *notify.Sending) string { return r.Cursors.seal(list(all[i]), d.ID) },
			func(d *notify.Sending, cursor string) *model.NotificationDeliveryEdge {
				return &model.NotificationDeliveryEdge{Node: d, Cursor: cursor}
			})
		out[i] = c
	}
	return out, nil
}
