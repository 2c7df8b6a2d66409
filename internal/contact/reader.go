package contact

import (
	"context"
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/ent/contact"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/permission"
)

// Readers are what a person sees who reads the mail of a contact and follows a link in
// it: nothing of the account but its name. Categories are called as in the mail, in the
// language of the contact.
type Readers struct {
	// Locale is the language of the contact, in which the mail was.
	Locale                   string
	AccountName, MaskedEmail string
	// Category is the one that the mail was in. Nil if the mail was in none, or the
	// catalogue no longer has it.
	Category *permission.Category
	// Categories are those that the account has sent to the contact, in the order of the
	// catalogue.
	Categories []ReaderCategory
}

// ReaderCategory is a category, and what its reader can do about it.
type ReaderCategory struct {
	Category permission.Category
	State    ReaderState
}

// ReaderState is what a reader can do about a category.
type ReaderState string

// The states.
const (
	// Received is sent, and can be unsubscribed from.
	Received ReaderState = "RECEIVED"
	// Unsubscribed is not sent, and can be wanted again.
	Unsubscribed ReaderState = "UNSUBSCRIBED"
	// Required is part of the service.
	Required ReaderState = "REQUIRED"
)

// optional reports whether a category can be unsubscribed from.
func optional(cat permission.Category) bool { return !cat.Mandatory && !cat.Transactional }

// reader is who histories name for what is done by a link in a mail.
func reader(by *access.Actor) *access.Actor {
	return &access.Actor{Kind: access.System, Name: "Whoever reads the mail", Address: by.Address}
}

// Reader returns what the link in the foot of a mail shows. Anybody who has it may
// ask. Refusals: INVALID_TOKEN, RATE_LIMITED.
func (s *Service) Reader(ctx context.Context, by *access.Actor, token string) (*Readers, error) {
	row, category, err := s.byLink(ctx, s.client.Contact, by, token, false)
	if err != nil {
		return nil, err
	}
	return s.shown(row, category), nil
}

// byLink finds the contact that a link in the foot of a mail is about, with its
// account. Only who comes with what is no token of ours is counted: the servers of a
// few mail companies unsubscribe everybody.
func (s *Service) byLink(ctx context.Context, contacts *ent.ContactClient, by *access.Actor, token string, lock bool) (*ent.Contact, string, error) {
	r, until, err := s.keys.Reader(token, link.Preferences, link.Unsubscribe)
	if err != nil {
		return nil, "", s.noLink(ctx, by)
	}
	q := contacts.Query().Where(contact.ID(r.ContactID)).WithAccount()
	if lock {
		q.Modify(access.ForUpdate)
	}
	row, err := q.Only(ctx)
	if ent.IsNotFound(err) || err == nil && (!r.At(row.EmailKey) || !instant.Now().Before(until)) {
		return nil, "", deadLink()
	}
	return row, r.Category, err
}

// noLink counts an attempt with a token that is not ours, and refuses it.
func (s *Service) noLink(ctx context.Context, by *access.Actor) error {
	if err := s.book.Take(ctx, budget.TokenByNetwork, budget.Network(by.Address), 1); err != nil {
		return err
	}
	return deadLink()
}

func deadLink() error {
	return fault.On("token", fault.InvalidToken, "This link is not, or no longer, valid.")
}

// shown says what a reader sees. A mail that they follow a link of has arrived, so it
// does not matter here that another bounced.
func (s *Service) shown(row *ent.Contact, category string) *Readers {
	out := &Readers{Locale: row.Locale, AccountName: row.Edges.Account.Name, MaskedEmail: address.Mask(row.EmailKey), Categories: []ReaderCategory{}}
	if cat := s.gate.Catalogue().Category(permission.CategoryKey(category)); cat != nil {
		in := cat.In(row.Locale)
		out.Category = &in
	}
	for _, cat := range s.gate.Catalogue().Categories {
		if !s.sends(row, cat) {
			continue
		}
		state := Received
		switch {
		case !optional(cat):
			state = Required
		case slices.Contains(row.Unsubscribed, cat.Key):
			state = Unsubscribed
		}
		out.Categories = append(out.Categories, ReaderCategory{cat.In(row.Locale), state})
	}
	return out
}

// sends reports whether the account wants a contact to get a category by mail.
func (s *Service) sends(row *ent.Contact, cat permission.Category) bool {
	yes, _ := Decide(&ent.Contact{Preferences: row.Preferences}, cat, permission.Email)
	return yes
}

// Unsubscribe takes the contact of a link off the category that the mail was in, for
// anybody who has the link: one click, and a second changes nothing. Refusals:
// INVALID_TOKEN, also for a category that is part of the service; RATE_LIMITED.
func (s *Service) Unsubscribe(ctx context.Context, by *access.Actor, token string) error {
	_, err := s.choose(ctx, by, token, func(row *ent.Contact, category string) ([]permission.CategoryKey, error) {
		cat := s.gate.Catalogue().Category(permission.CategoryKey(category))
		if cat == nil || !optional(*cat) {
			return nil, deadLink()
		}
		return append(slices.Clone(row.Unsubscribed), cat.Key), nil
	})
	return err
}

// Choose decides from which categories the reader of a contact's mail is unsubscribed:
// the optional ones in off, and no others. Anybody who has the link may. Refusals:
// INVALID_TOKEN, RATE_LIMITED, BAD_INPUT for a category that cannot be unsubscribed
// from.
func (s *Service) Choose(ctx context.Context, by *access.Actor, token string, off []permission.CategoryKey) (*Readers, error) {
	return s.choose(ctx, by, token, func(row *ent.Contact, _ string) ([]permission.CategoryKey, error) {
		for _, k := range off {
			if cat := s.gate.Catalogue().Category(k); cat == nil || !optional(*cat) {
				return nil, fault.On("unsubscribedFrom", fault.BadInput, "The category %q is not one that can be unsubscribed from.", k)
			}
		}
		// What is not shown, since the account does not send it now, stays as it is.
		for _, k := range row.Unsubscribed {
			if cat := s.gate.Catalogue().Category(k); cat == nil || !s.sends(row, *cat) {
				off = append(off, k)
			}
		}
		return off, nil
	})
}

func (s *Service) choose(ctx context.Context, by *access.Actor, token string, pick func(*ent.Contact, string) ([]permission.CategoryKey, error)) (*Readers, error) {
	if _, _, err := s.keys.Reader(token, link.Preferences, link.Unsubscribe); err != nil {
		return nil, s.noLink(ctx, by) // counted outside of the transaction, which is given up
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*Readers, error) {
		row, category, err := s.byLink(ctx, tx.Contact, by, token, true)
		if err != nil {
			return nil, err
		}
		picked, err := pick(row, category)
		if err != nil {
			return nil, err
		}
		var off []permission.CategoryKey // in the order of the catalogue, each once
		for _, cat := range s.gate.Catalogue().Categories {
			if slices.Contains(picked, cat.Key) {
				off = append(off, cat.Key)
			}
		}
		if err := s.unsubscribe(ctx, tx, reader(by), row, "contact.unsubscribed", off); err != nil {
			return nil, err
		}
		row.Unsubscribed = off
		return s.shown(row, category), nil
	})
}

// unsubscribe writes from what the reader of a contact's mail is unsubscribed. The same
// again is no event.
func (s *Service) unsubscribe(ctx context.Context, tx *ent.Tx, by *access.Actor, row *ent.Contact, action string, off []permission.CategoryKey) error {
	if slices.Equal(off, row.Unsubscribed) {
		return nil
	}
	if action == "contact.unsubscribed" && len(off) < len(row.Unsubscribed) {
		action = "contact.resubscribed"
	}
	if err := tx.Contact.UpdateOneID(row.ID).SetUnsubscribed(off).AddVersion(1).SetUpdatedAt(instant.Now()).Exec(ctx); err != nil {
		return err
	}
	return event.Record(ctx, tx, by, event.Entry{AccountID: row.AccountID, Action: action, Target: row.ID, TargetName: row.Email,
		Before: map[string]any{"unsubscribed": row.Unsubscribed}, After: map[string]any{"unsubscribed": off}})
}

// everything lists what a contact is unsubscribed from when it is taken off all that
// can be unsubscribed from.
func (s *Service) everything(row *ent.Contact) (off []permission.CategoryKey) {
	for _, cat := range s.gate.Catalogue().Categories {
		if optional(cat) || slices.Contains(row.Unsubscribed, cat.Key) {
			off = append(off, cat.Key)
		}
	}
	return off
}

// UnsubscribedFrom lists what the reader of a contact's mail unsubscribed from.
func (s *Service) UnsubscribedFrom(row *ent.Contact) []permission.CategoryKey {
	if row.Unsubscribed == nil {
		return []permission.CategoryKey{}
	}
	return row.Unsubscribed
}

// VerificationLifetime is how long the link works that asks whether an address is
// right.
const VerificationLifetime = 7 * 24 * time.Hour

// Whose returns what budgets by contact are kept for: the account and the address, since
// a contact can be deleted and made anew.
func Whose(row *ent.Contact) string { return row.AccountID + " " + row.EmailKey }

// verificationPause is how long after a mail another can be asked for.
const verificationPause = time.Minute

// RequestVerification mails to a contact the question whether the address is theirs;
// the link of an earlier mail is dead then. Refusals: NOT_FOUND, FORBIDDEN,
// RATE_LIMITED (once a minute, five times a day), ACCOUNT_CLOSED, ACCOUNT_SUSPENDED,
// BAD_INPUT for an address to which no mail goes.
func (s *Service) RequestVerification(ctx context.Context, by *access.Actor, contactID string) (*ent.Contact, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Contact, error) {
		st, row, err := s.own(ctx, tx, by, contactID, s.gate.Change)
		if err != nil {
			return nil, err
		}
		if row.SuppressedAt != nil {
			return nil, fault.On("contactId", fault.BadInput, "Mail to this address bounced. Correct the address, or clear its suppression first.")
		}
		now := instant.Now()
		if row.VerificationSentAt != nil {
			if wait := row.VerificationSentAt.Add(verificationPause).Sub(now); wait > 0 {
				return nil, budget.Refusal(wait)
			}
		}
		var asks []budget.Ask
		for _, b := range []struct {
			rule budget.Rule
			key  string
		}{{budget.VerifyByContact, Whose(row)}, {budget.AskedByAddress, row.EmailKey}, {budget.AskedByAccount, row.AccountID}} {
			asks = append(asks, budget.Ask{Rule: b.rule, ID: s.book.ID(b.rule, b.key), N: 1})
		}
		granted, err := s.book.Spend(ctx, tx, asks...)
		if err != nil {
			return nil, err
		}
		for _, ask := range asks {
			if !granted[ask.ID] {
				return nil, budget.Refusal(ask.Rule.Per / time.Duration(ask.Rule.Count))
			}
		}
		row, err = tx.Contact.UpdateOneID(row.ID).AddVerificationGeneration(1).SetVerificationSentAt(now).AddVersion(1).SetUpdatedAt(now).Save(ctx)
		if err != nil {
			return nil, err
		}
		return row, event.Record(ctx, tx, by, event.Entry{AccountID: st.Account.ID, Action: "contact.verification_requested", Target: row.ID, TargetName: row.Email})
	})
}

// Verify marks the address of a contact as right, for anybody who has the link that was
// mailed to it. A second click changes nothing. Refusals: INVALID_TOKEN, RATE_LIMITED.
func (s *Service) Verify(ctx context.Context, by *access.Actor, token string) (*Readers, error) {
	return s.answer(ctx, by, token, func(tx *ent.Tx, row *ent.Contact) error {
		if row.VerifiedAt != nil && row.VerificationSentAt != nil && !row.VerifiedAt.Before(*row.VerificationSentAt) {
			return nil
		}
		now := instant.Now()
		if err := tx.Contact.UpdateOneID(row.ID).SetVerifiedAt(now).AddVersion(1).SetUpdatedAt(now).Exec(ctx); err != nil {
			return err
		}
		return event.Record(ctx, tx, reader(by), event.Entry{AccountID: row.AccountID, Action: "contact.verified", Target: row.ID, TargetName: row.Email})
	})
}

// Disown takes an address off everything that can be unsubscribed from, for whoever
// reads its mail and says that the contact is somebody else. The account's history
// says so, and the address is no longer verified. Refusals: INVALID_TOKEN,
// RATE_LIMITED.
func (s *Service) Disown(ctx context.Context, by *access.Actor, token string) (*Readers, error) {
	return s.answer(ctx, by, token, func(tx *ent.Tx, row *ent.Contact) error {
		off := s.everything(row)
		if slices.Equal(off, row.Unsubscribed) && row.VerifiedAt == nil {
			return nil
		}
		now := instant.Now()
		if err := tx.Contact.UpdateOneID(row.ID).SetUnsubscribed(off).ClearVerifiedAt().AddVersion(1).SetUpdatedAt(now).Exec(ctx); err != nil {
			return err
		}
		row.Unsubscribed = off
		return event.Record(ctx, tx, reader(by), event.Entry{AccountID: row.AccountID, Action: "contact.disowned", Target: row.ID, TargetName: row.Email,
			After: map[string]any{"unsubscribed": off}})
	})
}

// answer acts on the link of a mail that asked whether an address is right.
func (s *Service) answer(ctx context.Context, by *access.Actor, token string, act func(*ent.Tx, *ent.Contact) error) (*Readers, error) {
	claim, err := s.keys.Open(link.ContactVerification, token)
	if err != nil {
		return nil, s.noLink(ctx, by)
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*Readers, error) {
		row, err := tx.Contact.Query().Where(contact.ID(claim.ID)).WithAccount().Modify(access.ForUpdate).Only(ctx)
		if ent.IsNotFound(err) || err == nil && (row.VerificationGeneration != claim.Generation || !instant.Now().Before(claim.ExpiresAt)) {
			return nil, deadLink()
		}
		if err != nil {
			return nil, err
		}
		if err := act(tx, row); err != nil {
			return nil, err
		}
		return s.shown(row, ""), nil
	})
}
