package webhook

import (
	"context"
	"fmt"
	"slices"

	"tenantry/ent"
	"tenantry/ent/webhook"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/once"
	"tenantry/internal/permission"
	"tenantry/internal/session"
	"tenantry/internal/text"
)

// maxDescription is how long a description may be, in characters.
const maxDescription = 200

// Draft is what a webhook is to be.
type Draft struct {
	AccountID, URL, Description string
	// Events are actions, such as member.removed, groups of them, such as member.*, or *.
	Events []string
	// Notifications says that it is called with those that contacts want on WEBHOOK.
	Notifications  bool
	IdempotencyKey string `json:"-"`
}

// Made is a webhook whose secret was made.
type Made struct {
	Webhook *ent.Webhook
	// Secret is what calls are signed with: nobody can read it again.
	Secret string
}

// Create makes a webhook of an account and shows its secret, once. For the same request
// again it returns the webhook without the secret, and CONFLICT. Refusals:
// UNAUTHENTICATED, FORBIDDEN, REAUTH_REQUIRED, NOT_FOUND, BAD_INPUT, CONFLICT,
// QUOTA_EXCEEDED, PERMISSION_OUT_OF_REACH, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Create(ctx context.Context, by *access.Actor, d Draft) (Made, error) {
	if err := session.Proved(by); err != nil {
		return Made{}, err
	}
	secret := newSecret()
	var row *ent.Webhook // as this call has made it, unless it was rolled back
	made, err := once.InTx(ctx, s.client, by, "createWebhook", d.IdempotencyKey, d, func(tx *ent.Tx) (string, error) {
		st, err := s.enter(ctx, tx, by, d.AccountID)
		if err != nil {
			return "", err
		}
		if err := s.clean(&d); err != nil {
			return "", err
		}
		if err := s.delegate(ctx, tx, st, d.Events, d.Notifications); err != nil {
			return "", err
		}
		there, err := tx.Webhook.Query().Where(webhook.AccountID(d.AccountID)).Select(webhook.FieldURL).Strings(ctx)
		if err != nil {
			return "", fmt.Errorf("read addresses of webhooks: %w", err)
		}
		if len(there) >= Max {
			return "", fault.New(fault.QuotaExceeded, "An account has at most %d webhooks. Delete what is not needed.", Max)
		}
		if slices.Contains(there, d.URL) {
			return "", taken()
		}
		one := id.New(id.Webhook)
		kept, err := s.seals.Seal(secret, sealed, one)
		if err != nil {
			return "", err
		}
		row, err = tx.Webhook.Create().SetID(one).SetAccountID(d.AccountID).SetURL(d.URL).SetDescription(d.Description).SetEvents(d.Events).
			SetNotifications(d.Notifications).SetSecret(kept).SetUpdatedAt(instant.Now()).Save(ctx)
		if err != nil {
			return "", err
		}
		return one, event.Record(ctx, tx, by, event.Entry{AccountID: d.AccountID, Action: "webhook.created", Target: one, TargetName: Host(d.URL), After: details(row)})
	})
	if err == nil && d.IdempotencyKey != "" {
		// The same request again is answered to nobody who could no longer make it.
		_, err = s.gate.Require(ctx, by, d.AccountID, permission.Developer)
	}
	if err != nil {
		return Made{}, err
	}
	if row == nil || row.ID != made {
		before, err := find(ctx, s.client.Webhook, made)
		if err != nil && !fault.Has(err, fault.NotFound) {
			return Made{}, err
		}
		return Made{Webhook: before}, fault.On("idempotencyKey", fault.Conflict,
			"This very request has made a webhook before. Its secret was shown then and cannot be shown again: rotate it for another.")
	}
	return Made{row, spelled(secret)}, nil
}

// enter locks the account for somebody who lets data out of it, and who is still signed
// in.
func (s *Service) enter(ctx context.Context, tx *ent.Tx, by *access.Actor, accountID string) (*access.Standing, error) {
	st, err := s.gate.Change(ctx, tx, by, accountID, permission.Developer)
	if err != nil {
		return nil, err
	}
	_, err = session.LockSession(ctx, tx, by)
	return st, err
}

// clean judges a draft, and puts it into the one form of it.
func (s *Service) clean(d *Draft) (err error) {
	if d.URL, err = s.network.URL(d.URL); err != nil {
		return err
	}
	if d.Description, err = text.Line("description", d.Description, false, maxDescription); err != nil {
		return err
	}
	if d.Events, err = cleanEvents(d.Events); err != nil {
		return err
	}
	if len(d.Events) == 0 && !d.Notifications {
		return fault.On("events", fault.BadInput, "Name the events that it is to be called with, or let it have notifications.")
	}
	return nil
}

// delegate refuses somebody who may not read themself what a webhook carries. Refusals:
// PERMISSION_OUT_OF_REACH.
func (s *Service) delegate(ctx context.Context, tx *ent.Tx, st *access.Standing, events []string, notifications bool) error {
	set := s.gate.Catalogue().Set(carried(events, notifications)...)
	return s.gate.Delegate(ctx, tx, st, permission.Reach{}, permission.Reach{st.Account.ID: set})
}

func taken() error {
	return fault.On("url", fault.Conflict, "Another webhook of the account calls this address.")
}

// details is what the history keeps of a webhook: of its address the host, since the
// rest may be a secret.
func details(h *ent.Webhook) map[string]any {
	return map[string]any{"host": Host(h.URL), "description": h.Description, "events": h.Events, "notifications": h.Notifications}
}

// Update is what is to change of a webhook. Nil leaves as it is.
type Update struct {
	WebhookID string
	// Version is the one that was read.
	Version          int
	URL, Description *string
	Events           *[]string
	Notifications    *bool
}

// Update changes a webhook. Whoever does it may read all that it carries from then on.
// Refusals: as Create but for QUOTA_EXCEEDED; CONFLICT for a version that is no longer
// the present one, too.
func (s *Service) Update(ctx context.Context, by *access.Actor, u Update) (*ent.Webhook, error) {
	return s.proved(ctx, by, u.WebhookID, func(tx *ent.Tx, st *access.Standing, h *ent.Webhook) (*ent.WebhookUpdateOne, *event.Entry, error) {
		if h.Version != u.Version {
			return nil, nil, fault.On("version", fault.Conflict, "It was changed since you read it. Look again.")
		}
		d := Draft{URL: h.URL, Description: h.Description, Events: h.Events, Notifications: h.Notifications}
		if u.URL != nil {
			d.URL = *u.URL
		}
		if u.Description != nil {
			d.Description = *u.Description
		}
		if u.Events != nil {
			d.Events = *u.Events
		}
		if u.Notifications != nil {
			d.Notifications = *u.Notifications
		}
		if err := s.clean(&d); err != nil {
			return nil, nil, err
		}
		if err := s.delegate(ctx, tx, st, d.Events, d.Notifications); err != nil {
			return nil, nil, err
		}
		if d.URL != h.URL {
			if another, err := tx.Webhook.Query().Where(webhook.AccountID(h.AccountID), webhook.URL(d.URL)).Exist(ctx); err != nil {
				return nil, nil, err
			} else if another {
				return nil, nil, taken()
			}
		}
		changed := *h
		changed.URL, changed.Description, changed.Events, changed.Notifications = d.URL, d.Description, d.Events, d.Notifications
		was, is := event.Changed(details(h), details(&changed))
		if d.URL != h.URL {
			is["urlChanged"] = true
		}
		if len(is) == 0 {
			return nil, nil, nil
		}
		to := tx.Webhook.UpdateOne(h).SetURL(d.URL).SetDescription(d.Description).SetEvents(d.Events).SetNotifications(d.Notifications).AddVersion(1)
		return to, &event.Entry{Action: "webhook.updated", TargetName: Host(d.URL), Before: was, After: is}, nil
	})
}

// Rotate makes another secret and shows it, once. Calls are signed with the one before,
// too, for Overlap. Refusals: UNAUTHENTICATED, FORBIDDEN, REAUTH_REQUIRED, NOT_FOUND,
// ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Rotate(ctx context.Context, by *access.Actor, webhookID string) (Made, error) {
	secret := newSecret()
	h, err := s.proved(ctx, by, webhookID, func(tx *ent.Tx, _ *access.Standing, h *ent.Webhook) (*ent.WebhookUpdateOne, *event.Entry, error) {
		kept, err := s.seals.Seal(secret, sealed, h.ID)
		if err != nil {
			return nil, nil, err
		}
		until := instant.Now().Add(Overlap)
		return tx.Webhook.UpdateOne(h).SetSecret(kept).SetFormerSecret(h.Secret).SetFormerSecretUntil(until),
			&event.Entry{Action: "webhook.secret_rotated", After: map[string]any{"formerSecretExpiresAt": until}}, nil
	})
	if err != nil {
		return Made{}, err
	}
	return Made{h, spelled(secret)}, nil
}

// proved changes a webhook for somebody who has proved of late who they are, as do
// says; nil for what is so already.
func (s *Service) proved(ctx context.Context, by *access.Actor, webhookID string,
	do func(*ent.Tx, *access.Standing, *ent.Webhook) (*ent.WebhookUpdateOne, *event.Entry, error),
) (*ent.Webhook, error) {
	if err := session.Proved(by); err != nil {
		return nil, err
	}
	return s.change(ctx, by, webhookID, func(tx *ent.Tx, h *ent.Webhook) (*access.Standing, error) { return s.enter(ctx, tx, by, h.AccountID) }, do)
}

// change changes a webhook whose account admit locks.
func (s *Service) change(ctx context.Context, by *access.Actor, webhookID string, admit func(*ent.Tx, *ent.Webhook) (*access.Standing, error),
	do func(*ent.Tx, *access.Standing, *ent.Webhook) (*ent.WebhookUpdateOne, *event.Entry, error),
) (*ent.Webhook, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Webhook, error) {
		h, st, err := locked(ctx, tx, webhookID, admit)
		if err != nil {
			return nil, err
		}
		to, e, err := do(tx, st, h)
		if err != nil || to == nil {
			return h, err
		}
		changed, err := to.SetUpdatedAt(instant.Now()).Save(ctx)
		if err != nil {
			return nil, err
		}
		if e.AccountID, e.Target = h.AccountID, h.ID; e.TargetName == "" {
			e.TargetName = Host(h.URL)
		}
		return changed, event.Record(ctx, tx, by, *e)
	})
}

// locked reads a webhook as it is once its account is locked. Whoever may not know of
// it gets NOT_FOUND.
func locked(ctx context.Context, tx *ent.Tx, webhookID string, admit func(*ent.Tx, *ent.Webhook) (*access.Standing, error)) (*ent.Webhook, *access.Standing, error) {
	h, err := find(ctx, tx.Webhook, webhookID)
	if err != nil {
		return nil, nil, err
	}
	st, err := admit(tx, h)
	if fault.Has(err, fault.NotFound) {
		err = fault.Missing("webhook")
	}
	if err != nil {
		return nil, nil, err
	}
	h, err = find(ctx, tx.Webhook, webhookID) // again: somebody else may have been faster
	return h, st, err
}

// Pause stops calls until Resume. Those that are due meanwhile are given up, and of what
// happens meanwhile nothing is kept. Refusals: UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, ACCOUNT_CLOSED.
func (s *Service) Pause(ctx context.Context, by *access.Actor, webhookID string) (*ent.Webhook, error) {
	if err := by.NeedMember(); err != nil {
		return nil, err
	}
	return s.change(ctx, by, webhookID, func(tx *ent.Tx, h *ent.Webhook) (*access.Standing, error) {
		return s.gate.Narrow(ctx, tx, by, h.AccountID, permission.Developer)
	}, func(tx *ent.Tx, _ *access.Standing, h *ent.Webhook) (*ent.WebhookUpdateOne, *event.Entry, error) {
		if h.State == webhook.StatePAUSED {
			return nil, nil, nil
		}
		return tx.Webhook.UpdateOne(h).SetState(webhook.StatePAUSED),
			&event.Entry{Action: "webhook.paused", Before: map[string]any{"state": h.State}, After: map[string]any{"state": webhook.StatePAUSED}}, nil
	})
}

// Resume calls a webhook again that was paused, or switched off. Refusals:
// UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) Resume(ctx context.Context, by *access.Actor, webhookID string) (*ent.Webhook, error) {
	if err := by.NeedMember(); err != nil {
		return nil, err
	}
	return s.change(ctx, by, webhookID, func(tx *ent.Tx, h *ent.Webhook) (*access.Standing, error) {
		if by.Kind == access.Person {
			return s.enter(ctx, tx, by, h.AccountID)
		}
		return s.gate.Change(ctx, tx, by, h.AccountID, permission.Developer)
	}, func(tx *ent.Tx, _ *access.Standing, h *ent.Webhook) (*ent.WebhookUpdateOne, *event.Entry, error) {
		if h.State == webhook.StateACTIVE {
			return nil, nil, nil
		}
		return tx.Webhook.UpdateOne(h).SetState(webhook.StateACTIVE).ClearFailingSince().SetLastError(""),
			&event.Entry{Action: "webhook.resumed", Before: map[string]any{"state": h.State}, After: map[string]any{"state": webhook.StateACTIVE}}, nil
	})
}

// Delete deletes a webhook and returns its id. What waits for it is not sent.
// Refusals: UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, ACCOUNT_CLOSED.
func (s *Service) Delete(ctx context.Context, by *access.Actor, webhookID string) (string, error) {
	if err := by.NeedMember(); err != nil {
		return "", err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (string, error) {
		h, _, err := locked(ctx, tx, webhookID, func(tx *ent.Tx, h *ent.Webhook) (*access.Standing, error) {
			return s.gate.Narrow(ctx, tx, by, h.AccountID, permission.Developer)
		})
		if err != nil {
			return "", err
		}
		if err := tx.Webhook.DeleteOne(h).Exec(ctx); err != nil {
			return "", err
		}
		return h.ID, event.Record(ctx, tx, by, event.Entry{AccountID: h.AccountID, Action: "webhook.deleted", Target: h.ID, TargetName: Host(h.URL), Before: details(h)})
	})
}
