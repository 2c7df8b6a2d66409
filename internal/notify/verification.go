package notify

import (
	"context"
	"strconv"
	"strings"

	"tenantry/ent"
	entcontact "tenantry/ent/contact"
	"tenantry/internal/contact"
	"tenantry/internal/link"
	"tenantry/internal/mail"
)

// verification asks a contact whether the address is theirs.
func (s *Service) verification(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	c, err := tx.Contact.Get(ctx, e.TargetID)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if c.VerificationSentAt == nil {
		return nil, nil // moved meanwhile to an address that nobody has asked
	}
	return []owed{{kind: kindVerifyContact, subject: c.ID, to: c.Email, key: c.EmailKey, name: strings.TrimSpace(c.FirstName + " " + c.LastName), locale: c.Locale,
		data: map[string]string{"generation": strconv.Itoa(c.VerificationGeneration), "by": teller(e)}}}, nil
}

func (s *Service) verificationLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	c, err := s.client.Contact.Query().Where(entcontact.ID(d.SubjectID)).WithAccount().Only(ctx)
	if err != nil {
		return nil, gone(err, "the contact is gone")
	}
	if d.Data["generation"] != strconv.Itoa(c.VerificationGeneration) {
		return nil, suppressed("a newer mail took its place, or the contact has another address")
	}
	until := c.VerificationSentAt.Add(contact.VerificationLifetime)
	claim := link.Claim{ID: c.ID, Generation: c.VerificationGeneration, ExpiresAt: until}
	return mail.ContactVerification{Name: d.ToName, Account: c.Edges.Account.Name, By: d.Data["by"], Link: s.site.VerifyContact(claim),
		ExpiresAt: until, NotMeLink: s.site.VerifyContact(claim)}, nil
}
