package webhook

import (
	"context"
	"fmt"

	"tenantry/ent"
	"tenantry/ent/webhook"
)

// Reseal seals every stored secret with the primary key that is sealed with an older
// one, and counts them.
func (s *Service) Reseal(ctx context.Context) (int, error) {
	n, after := 0, ""
	for {
		rows, err := s.client.Webhook.Query().Where(webhook.IDGT(after)).Order(ent.Asc(webhook.FieldID)).Limit(500).All(ctx)
		if err != nil || len(rows) == 0 {
			return n, err
		}
		for _, h := range rows {
			after = h.ID
			// Again where a secret was made anew in this moment, which moves the one before.
			for h != nil && !s.current(h) {
				done, err := s.reseal(ctx, h)
				if err != nil {
					return n, fmt.Errorf("webhook %s: %w", after, err)
				}
				n += done
				if h, err = s.client.Webhook.Get(ctx, after); err != nil && !ent.IsNotFound(err) {
					return n, err
				}
			}
		}
	}
}

// current reports whether all secrets of a webhook are sealed with the primary key.
func (s *Service) current(h *ent.Webhook) bool {
	return s.seals.Current(h.Secret) && (h.FormerSecret == nil || s.seals.Current(*h.FormerSecret))
}

func (s *Service) reseal(ctx context.Context, h *ent.Webhook) (int, error) {
	anew := func(old []byte) ([]byte, error) {
		secret, err := s.seals.Open(old, sealed, h.ID)
		if err != nil {
			return nil, err
		}
		return s.seals.Seal(secret, sealed, h.ID)
	}
	n := 0
	if !s.seals.Current(h.Secret) {
		kept, err := anew(h.Secret)
		if err != nil {
			return n, err
		}
		done, err := s.client.Webhook.Update().Where(webhook.ID(h.ID), webhook.SecretEQ(h.Secret)).SetSecret(kept).Save(ctx)
		if err != nil {
			return n, err
		}
		n += done
	}
	if h.FormerSecret != nil && !s.seals.Current(*h.FormerSecret) {
		kept, err := anew(*h.FormerSecret)
		if err != nil {
			return n, err
		}
		done, err := s.client.Webhook.Update().Where(webhook.ID(h.ID), webhook.FormerSecretEQ(*h.FormerSecret)).SetFormerSecret(kept).Save(ctx)
		if err != nil {
			return n, err
		}
		n += done
	}
	return n, nil
}
