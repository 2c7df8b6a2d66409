package notify

import (
	"context"

	"tenantry/ent"
)

// FanOut writes the deliveries of all notifications that wait for them, and sends none.
func (s *Service) FanOut(ctx context.Context) error {
	for {
		if n, err := s.fanOut(ctx); err != nil || n == 0 {
			return err
		}
	}
}

// DeliverOne sends one delivery, as the worker does that has claimed it alone.
func (s *Service) DeliverOne(ctx context.Context, d *ent.Delivery) error {
	_, err := s.deliver(ctx, []*ent.Delivery{d})
	return err
}
