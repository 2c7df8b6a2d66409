package notify

import (
	"context"
	"encoding/json"
	"fmt"

	"tenantry/ent"
	"tenantry/ent/user"
	"tenantry/internal/address"
	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/mail"
)

// address says who is told that a person changes their address, and that they left.
// Old addresses are told by what the event says, since nobody has them any more.
func (s *Service) address(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	var was struct {
		Email, Name, Locale string
		FormerEmails        []string
	}
	if e.Before != "" {
		if err := json.Unmarshal([]byte(e.Before), &was); err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
	}
	if e.Action == "user.deleted" {
		o := owed{kind: kindUserDeleted, subject: e.TargetID, name: was.Name, locale: was.Locale}
		out, err := to(was.Email, o)
		o.data = map[string]string{"movedTo": was.Email}
		for _, email := range was.FormerEmails {
			if err != nil {
				break
			}
			var left []owed
			left, err = to(email, o)
			out = append(out, left...)
		}
		return out, err
	}
	c, err := tx.EmailChange.Get(ctx, e.TargetID)
	if ent.IsNotFound(err) {
		return nil, nil // withdrawn, or superseded already
	}
	if err != nil {
		return nil, err
	}
	u, err := tx.User.Get(ctx, c.UserID)
	if err != nil {
		return nil, err
	}
	o := owed{subject: c.ID, name: u.Name, locale: u.Locale, data: map[string]string{"address": e.Address, "device": afterField(e, "device")}}
	switch e.Action {
	case "email.change_requested":
		asked, notice := o, o
		asked.kind, notice.kind = kindEmailChange, kindEmailRequested
		asked.name, asked.to, asked.key = "", c.Email, c.EmailKey
		notice.to, notice.key = c.FormerEmail, c.FormerEmailKey
		return []owed{asked, notice}, nil
	case "email.changed":
		o.kind, o.to, o.key = kindEmailChanged, c.FormerEmail, c.FormerEmailKey
		if c.EndedAt != nil {
			o.kind = kindEmailRestored
		}
		return []owed{o}, nil
	}
	out, err := s.proof(ctx, tx, e, afterField(e, "verificationId"), kindPasswordReset)
	if err != nil || was.Email == c.FormerEmail {
		return out, err
	}
	o.kind = kindEmailRestored
	left, err := to(was.Email, o)
	return append(out, left...), err
}

// to addresses a mail by what an event says.
func to(email string, o owed) ([]owed, error) {
	a, err := address.Parse(email)
	if err != nil {
		return nil, fmt.Errorf("address of an event: %w", err)
	}
	o.to, o.key = a.Display, a.Key
	return []owed{o}, nil
}

// addressLetter writes what address has found to be owed.
func (s *Service) addressLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	if d.Kind == kindUserDeleted {
		return mail.UserDeleted{Name: d.ToName, DeletedAt: d.CreatedAt, MovedTo: d.Data["movedTo"]}, nil
	}
	c, err := s.client.EmailChange.Get(ctx, d.SubjectID)
	if err != nil {
		return nil, gone(err, "it was withdrawn, or a newer request took its place")
	}
	claim := link.Claim{ID: c.ID, ExpiresAt: c.ExpiresAt}
	from, device := addr(d.Data["address"]), d.Data["device"]
	switch d.Kind {
	case kindEmailRequested:
		return mail.EmailChangeRequested{Name: d.ToName, Email: c.Email, RequestedAt: c.CreatedAt, Address: from, Device: device,
			ResetLink: s.site.Public("/forgot-password")}, nil
	case kindEmailRestored:
		u, err := s.client.User.Get(ctx, c.UserID)
		if err != nil {
			return nil, gone(err, "the user is gone")
		}
		return mail.EmailRestored{Name: d.ToName, Email: u.Email, RestoredAt: d.CreatedAt}, nil
	case kindEmailChanged:
		if c.EndedAt != nil {
			return nil, suppressed("it was undone already")
		}
		return mail.EmailChanged{Name: d.ToName, Email: c.Email, ChangedAt: *c.ConfirmedAt, UndoLink: s.site.UndoEmail(claim), ExpiresAt: c.ExpiresAt}, nil
	}
	if c.ConfirmedAt != nil || !instant.Now().Before(c.ExpiresAt) {
		return nil, suppressed("it was used, or lapsed before it could be sent")
	}
	taken, err := s.client.User.Query().Where(user.EmailKey(c.EmailKey)).Exist(ctx)
	if err != nil {
		return nil, err
	}
	if taken {
		return mail.EmailChangeTaken{Address: from, Device: device}, nil
	}
	return mail.EmailChange{Link: s.site.ConfirmEmail(claim), ExpiresAt: c.ExpiresAt, Address: from, Device: device}, nil
}
