package notify

import (
	"cmp"
	"context"
	"strings"

	"tenantry/ent"
	"tenantry/internal/id"
	"tenantry/internal/link"
	"tenantry/internal/mail"
)

// notice says that a person is told of what happened to the ways in which they sign
// in. What people are told of, and in which words, is a table of the mail's.
func (s *Service) notice(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	if !mail.Told(e.Action) || id.Kind(e.Stream) != id.User {
		return nil, nil
	}
	if e.Action == "identity.linked" && strings.Contains(e.After, `"arrived":true`) {
		return nil, nil // it is how they came
	}
	device := afterField(e, "device")
	if e.Action == "session.started" {
		if device = afterField(e, "newDevice"); device == "" {
			return nil, nil
		}
	}
	return s.person(ctx, tx, e.Stream, owed{kind: kindSecurityNotice, subject: e.TargetID,
		data: map[string]string{"what": e.Action, "address": e.Address, "device": device, "fact": fact(e)}})
}

// fact is what the words about an event leave open; see mail.SecurityNotice.
func fact(e *ent.Event) string {
	if strings.HasPrefix(e.Action, "passkey.") || strings.HasPrefix(e.Action, "identity.") {
		return e.TargetName
	}
	return cmp.Or(afterField(e, "left"), afterField(e, "reason"))
}

func (s *Service) noticeLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	e, err := s.client.Event.Get(ctx, d.EventID)
	if err != nil {
		return nil, gone(err, "the event is gone")
	}
	return mail.SecurityNotice{Name: d.ToName, What: mail.Happening(d.Data["what"]), At: e.CreatedAt, Address: addr(d.Data["address"]),
		Device: d.Data["device"], Fact: d.Data["fact"], DenyLink: s.site.Denial(e.ID, e.CreatedAt), ExpiresAt: e.CreatedAt.Add(link.DenialLifetime)}, nil
}
