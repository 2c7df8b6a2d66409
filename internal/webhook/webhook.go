// Package webhook manages the addresses that accounts are called at with what happens
// in them, and calls them.
package webhook

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"tenantry/ent"
	"tenantry/ent/webhook"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/page"
	"tenantry/internal/permission"
	"tenantry/internal/seal"
)

const (
	// Max is how many webhooks an account has at most.
	Max = 10
	// Overlap is how long calls are signed with the secret before the last as well.
	Overlap = 24 * time.Hour
	// Kept is how long deliveries are listed, and can be replayed.
	Kept = 30 * 24 * time.Hour
	// Forbearance is after how long without one good answer a webhook is switched off.
	Forbearance = 5 * 24 * time.Hour
)

// sealed is the use that secrets are sealed for.
const sealed = "webhook"

// Config says where calls go.
type Config struct {
	Network
	// Through carries calls. Nil for TCP and TLS, judged by Network; tests have receivers
	// of their own.
	Through http.RoundTripper
}

// Service manages webhooks, and calls them.
type Service struct {
	client  *ent.Client
	gate    *access.Gate
	book    *budget.Book
	seals   *seal.Keyset
	network Network
	caller  *Caller
}

// New returns the webhooks in the database.
func New(client *ent.Client, gate *access.Gate, book *budget.Book, seals *seal.Keyset, c Config) *Service {
	return &Service{client, gate, book, seals, c.Network, NewCaller(c.Network, c.Through)}
}

// List pages through the webhooks of an account, oldest first. Refusals: as
// access.Gate.Require for developer, BAD_INPUT.
func (s *Service) List(ctx context.Context, by *access.Actor, accountID string, r page.Request) (page.Page[*ent.Webhook], error) {
	none := page.Page[*ent.Webhook]{}
	if _, err := s.gate.Require(ctx, by, accountID, permission.Developer); err != nil {
		return none, err
	}
	if err := r.Check(); err != nil {
		return none, err
	}
	rows, err := s.client.Webhook.Query().Where(page.Within(webhook.FieldAccountID, webhook.FieldID, accountID, r.After)).Limit(r.Limit()).All(ctx)
	if err != nil {
		return none, fmt.Errorf("list webhooks: %w", err)
	}
	return page.Cut(rows, r), nil
}

// Get returns a webhook that the actor manages. Refusals: UNAUTHENTICATED, NOT_FOUND.
func (s *Service) Get(ctx context.Context, by *access.Actor, webhookID string) (*ent.Webhook, error) {
	if err := by.NeedReader(); err != nil {
		return nil, err
	}
	h, err := s.require(ctx, by, webhookID)
	if err != nil {
		return nil, fault.Hide(err, "webhook")
	}
	return h, nil
}

// require returns a webhook of an account in which the actor holds developer. Refusals:
// as access.Gate.Require.
func (s *Service) require(ctx context.Context, by *access.Actor, webhookID string) (*ent.Webhook, error) {
	h, err := find(ctx, s.client.Webhook, webhookID)
	if err != nil {
		return nil, err
	}
	if _, err := s.gate.Require(ctx, by, h.AccountID, permission.Developer); fault.Has(err, fault.NotFound) {
		return nil, fault.Missing("webhook")
	} else if err != nil {
		return nil, err
	}
	return h, nil
}

func find(ctx context.Context, c *ent.WebhookClient, webhookID string) (*ent.Webhook, error) {
	if !id.Is(id.Webhook, webhookID) {
		return nil, fault.Missing("webhook")
	}
	h, err := c.Get(ctx, webhookID)
	if ent.IsNotFound(err) {
		return nil, fault.Missing("webhook")
	}
	if err != nil {
		return nil, fmt.Errorf("read webhook: %w", err)
	}
	return h, nil
}

// FormerSecretUntil returns until when calls are signed with the secret before as well,
// or nil if they are not.
func FormerSecretUntil(h *ent.Webhook) *time.Time {
	if h.FormerSecretUntil == nil || !instant.Now().Before(*h.FormerSecretUntil) {
		return nil
	}
	return h.FormerSecretUntil
}

// secrets opens what the calls of a webhook are signed with, the newest first.
func (s *Service) secrets(h *ent.Webhook) ([][]byte, error) {
	now, err := s.seals.Open(h.Secret, sealed, h.ID)
	if err != nil {
		return nil, fmt.Errorf("the secret of %s: %w", h.ID, err)
	}
	if FormerSecretUntil(h) == nil || h.FormerSecret == nil {
		return [][]byte{now}, nil
	}
	before, err := s.seals.Open(*h.FormerSecret, sealed, h.ID)
	if err != nil {
		return nil, fmt.Errorf("the secret of %s before: %w", h.ID, err)
	}
	return [][]byte{now, before}, nil
}
