package notify

import (
	"context"

	"tenantry/ent"
	"tenantry/internal/mail"
)

// The mails about passkeys, by what happened.
const (
	kindPasskeyAdded         = "passkey_added"
	kindPasskeyRemoved       = "passkey_removed"
	kindPasskeyCopySuspected = "passkey_copy_suspected"
)

var passkeyKinds = map[string]string{
	"passkey.added": kindPasskeyAdded, "passkey.removed": kindPasskeyRemoved, "passkey.copy_suspected": kindPasskeyCopySuspected,
}

func (s *Service) passkeyLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	u, err := s.client.User.Get(ctx, d.SubjectID)
	if err != nil {
		return nil, gone(err, "the user is gone")
	}
	key, from, device, reset := d.Data["passkey"], addr(d.Data["address"]), d.Data["device"], s.site.Public("/forgot-password")
	switch d.Kind {
	case kindPasskeyAdded:
		return mail.PasskeyAdded{Name: u.Name, Passkey: key, AddedAt: d.CreatedAt, Address: from, Device: device, ResetLink: reset}, nil
	case kindPasskeyRemoved:
		return mail.PasskeyRemoved{Name: u.Name, Passkey: key, RemovedAt: d.CreatedAt, Address: from, Device: device, ResetLink: reset}, nil
	}
	return mail.PasskeyCopySuspected{Name: u.Name, Passkey: key, RefusedAt: d.CreatedAt, Address: from, Device: device,
		SignInLink: s.site.Public("/sign-in")}, nil
}
