package graph

import (
	"context"

	"tenantry/ent"
	"tenantry/graph/model"
	"tenantry/internal/access"
	"tenantry/internal/page"
	"tenantry/internal/webhook"
)

func webhookDraft(in model.CreateWebhookInput) webhook.Draft {
	return webhook.Draft{AccountID: in.AccountID, URL: in.URL, Description: in.Description, Events: in.Events, Notifications: in.Notifications,
		IdempotencyKey: value(in.IdempotencyKey)}
}

func changedWebhook(in model.UpdateWebhookInput) webhook.Update {
	u := webhook.Update{WebhookID: in.WebhookID, Version: in.Version, URL: given(in.URL), Description: given(in.Description), Notifications: given(in.Notifications)}
	if events, set := in.Events.ValueOK(); set {
		u.Events = &events
	}
	return u
}

// tested returns what came of a test, or nil if there was none.
func tested(r *webhook.Result) *model.WebhookTestResult {
	if r == nil {
		return nil
	}
	out := &model.WebhookTestResult{Accepted: r.Failure == "", Duration: int(r.Took.Milliseconds()), Error: some(r.Failure), Answer: r.Answer}
	if r.Status != 0 {
		out.Status = &r.Status
	}
	return out
}

func (r *Resolver) webhookPage(list string, p page.Page[*ent.Webhook], err error) (*model.WebhookConnection, error) {
	if err != nil {
		return nil, err
	}
	out := &model.WebhookConnection{}
	out.Nodes, out.Edges, out.PageInfo = connect(p, func(h *ent.Webhook) string { return r.Cursors.seal(list, h.ID) },
		func(h *ent.Webhook, c string) *model.WebhookEdge { return &model.WebhookEdge{Node: h, Cursor: c} })
	return out, nil
}

// callPages returns a page of the calls of each webhook. A cursor is one webhook's.
func (r *Resolver) callPages(ctx context.Context, all []*ent.Webhook, first int, after *string) ([]*model.WebhookDeliveryConnection, error) {
	list := func(h *ent.Webhook) string { return "calls:" + h.ID }
	var req page.Request
	var err error
	for _, h := range all {
		if req, err = r.Cursors.request(ctx, list(h), first, after); err != nil {
			return nil, err
		}
	}
	pages, err := r.Webhooks.Deliveries(ctx, access.From(ctx), all, req)
	if err != nil {
		return nil, err
	}
	out := make([]*model.WebhookDeliveryConnection, len(all))
	for i, p := range pages {
		c := &model.WebhookDeliveryConnection{}
		c.Nodes, c.Edges, c.PageInfo = connect(p, func(d *webhook.Delivery) string { return r.Cursors.seal(list(all[i]), d.ID) },
			func(d *webhook.Delivery, cursor string) *model.WebhookDeliveryEdge {
				return &model.WebhookDeliveryEdge{Node: d, Cursor: cursor}
			})
		out[i] = c
	}
	return out, nil
}
