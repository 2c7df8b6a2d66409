package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"tenantry/ent"
	"tenantry/ent/ceremony"
	entpasskey "tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/passkey"
	"tenantry/internal/text"
)

// MaxPasskeys is how many passkeys a person may have.
const MaxPasskeys = 20

// Asked is what a browser is asked for, and how its answer names the question.
type Asked struct {
	ceremonyID string
	options    string
}

// ID returns what the answer names, or nil if nothing was asked.
func (a *Asked) ID() *string {
	if a == nil {
		return nil
	}
	return &a.ceremonyID
}

// JSON returns the options for navigator.credentials, or nil if nothing was asked.
func (a *Asked) JSON() *string {
	if a == nil {
		return nil
	}
	return &a.options
}

// party returns whom passkeys are made for. Refusals: BAD_INPUT.
func (s *Service) party() (*passkey.Party, error) {
	if s.config.Passkeys == nil {
		return nil, fault.New(fault.BadInput, "Passkeys need a portal that is reached by a name, over https or at localhost. This one has another address.")
	}
	return s.config.Passkeys, nil
}

// holder is a person as an authenticator knows them.
func holder(u *ent.User, rows ...*ent.Passkey) (*passkey.Holder, error) {
	h := &passkey.Holder{ID: u.ID, Email: u.Email, Name: u.Name, Keys: make([]passkey.Key, len(rows))}
	for i, row := range rows {
		if err := json.Unmarshal(row.Credential, &h.Keys[i]); err != nil {
			return nil, fmt.Errorf("passkey %s: %w", row.ID, err)
		}
	}
	return h, nil
}

func passkeysOf(ctx context.Context, c *ent.Client, userID string) ([]*ent.Passkey, error) {
	return c.Passkey.Query().Where(entpasskey.UserID(userID)).Order(ent.Asc(entpasskey.FieldID)).Limit(MaxPasskeys).All(ctx)
}

// askFor begins a ceremony: u is whose passkeys are asked for, nil for anybody's.
// Refusals: NOT_FOUND, if the person has none.
func (s *Service) askFor(ctx context.Context, by *access.Actor, kind ceremony.Kind, u *ent.User) (*Asked, error) {
	party, err := s.party()
	if err != nil {
		return nil, err
	}
	if err := s.book.Take(ctx, budget.PasskeyByNetwork, budget.Network(by.Address), 1); err != nil {
		return nil, err
	}
	var h *passkey.Holder
	if u != nil {
		rows, err := passkeysOf(ctx, s.client, u.ID)
		if err != nil {
			return nil, err
		}
		if h, err = holder(u, rows...); err != nil {
			return nil, err
		}
	}
	var options, challenge []byte
	switch {
	case kind == ceremony.KindPASSKEY_REGISTRATION && len(h.Keys) >= MaxPasskeys:
		return nil, tooMany()
	case kind == ceremony.KindPASSKEY_REGISTRATION:
		options, challenge, err = party.Create(h)
	case u != nil && len(h.Keys) == 0:
		return nil, fault.New(fault.NotFound, "There is no passkey to do this with.")
	default:
		options, challenge, err = party.Ask(h)
	}
	if err != nil {
		return nil, err
	}
	begun := s.client.Ceremony.Create().SetKind(kind).SetData(challenge).SetExpiresAt(instant.Now().Add(passkey.Patience))
	if u != nil {
		begun.SetUserID(u.ID)
	}
	if mine := held(by); mine != nil {
		begun.SetSessionID(mine.ID)
	}
	c, err := begun.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin a ceremony: %w", err)
	}
	return &Asked{c.ID, string(options)}, nil
}

func tooMany() error {
	return fault.New(fault.QuotaExceeded, "You have %d passkeys, which is all. Remove one first.", MaxPasskeys)
}

// begun finds the ceremony that the actor's client answers, if it is still open.
// Refusals: NOT_FOUND, RATE_LIMITED.
func (s *Service) begun(ctx context.Context, by *access.Actor, kind ceremony.Kind, ceremonyID string) (*ent.Ceremony, error) {
	if err := s.book.Take(ctx, budget.PasskeyByNetwork, budget.Network(by.Address), 1); err != nil {
		return nil, err
	}
	if !id.Is(id.Ceremony, ceremonyID) {
		return nil, overdue()
	}
	sessions := []string{""}
	if mine := held(by); mine != nil {
		sessions = append(sessions, mine.ID)
	}
	c, err := s.client.Ceremony.Query().Where(ceremony.ID(ceremonyID), ceremony.KindEQ(kind), ceremony.SessionIDIn(sessions...),
		ceremony.ExpiresAtGT(instant.Now())).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, overdue()
	}
	return c, err
}

func overdue() error {
	return fault.On("ceremonyId", fault.NotFound, "This was begun elsewhere or too long ago, or was answered already. Begin again.")
}

// refused is the one answer to a passkey that proves nothing, so that it tells nobody
// which keys there are.
func refused() error {
	return fault.On("credential", fault.InvalidCredentials, "This passkey was not accepted.")
}

func malformed(err error) error {
	if errors.Is(err, passkey.ErrMalformed) {
		return fault.On("credential", fault.BadInput, "This is not what a browser answers: pass on what toJSON() of the credential gives.")
	}
	return err
}

// closeCeremony uses up a ceremony, so that each is answered once, rightly or wrongly.
// Refusals: NOT_FOUND, if that has happened.
func closeCeremony(ctx context.Context, c *ent.CeremonyClient, ceremonyID string) error {
	n, err := c.Delete().Where(ceremony.ID(ceremonyID)).Exec(ctx)
	if err != nil {
		return fmt.Errorf("end a ceremony: %w", err)
	}
	if n == 0 {
		return overdue()
	}
	return nil
}

// fail ends a ceremony that was answered wrongly. Refusals: INVALID_CREDENTIALS
// always, or NOT_FOUND if somebody else answered first.
func (s *Service) fail(ctx context.Context, ceremonyID string) error {
	if err := closeCeremony(ctx, s.client.Ceremony, ceremonyID); err != nil {
		return err
	}
	return refused()
}

// StartPasskeyRegistration asks the actor's browser for a new passkey. Refusals:
// REAUTH_REQUIRED, QUOTA_EXCEEDED, RATE_LIMITED, BAD_INPUT.
func (s *Service) StartPasskeyRegistration(ctx context.Context, by *access.Actor) (*Asked, error) {
	if err := Proved(by); err != nil {
		return nil, err
	}
	return s.askFor(ctx, by, ceremony.KindPASSKEY_REGISTRATION, by.User)
}

// Registered is a passkey that was just registered, and what came of it.
type Registered struct {
	*Secured
	Passkey *ent.Passkey
}

// FinishPasskeyRegistration registers the passkey that the actor's browser made;
// name "" is the device. The proof was asked for when it began: nobody who took the
// offered time is sent back with a key that is on their device already. Refusals:
// NOT_FOUND, INVALID_CREDENTIALS, QUOTA_EXCEEDED, CONFLICT, BAD_INPUT, RATE_LIMITED.
func (s *Service) FinishPasskeyRegistration(ctx context.Context, by *access.Actor, ceremonyID string, answer string, name *string) (*Registered, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	party, err := s.party()
	if err != nil {
		return nil, err
	}
	called := Device(by.Agent)
	if name != nil {
		if called, err = text.Line("name", *name, true, 100); err != nil {
			return nil, err
		}
	}
	c, err := s.begun(ctx, by, ceremony.KindPASSKEY_REGISTRATION, ceremonyID)
	if err != nil {
		return nil, err
	}
	created, err := passkey.ReadCreated([]byte(answer))
	if err != nil {
		return nil, malformed(err)
	}
	h, err := holder(by.User)
	if err != nil {
		return nil, err
	}
	key, err := party.Created(h, c.Data, created)
	if err != nil {
		return nil, s.fail(ctx, c.ID)
	}
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Registered, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		if err := closeCeremony(ctx, tx.Ceremony, c.ID); err != nil {
			return nil, err
		}
		n, err := tx.Passkey.Query().Where(entpasskey.UserID(u.ID)).Count(ctx)
		if err != nil {
			return nil, err
		}
		if n >= MaxPasskeys {
			return nil, tooMany()
		}
		out := &Registered{Secured: &Secured{}}
		out.Passkey, err = tx.Passkey.Create().SetUserID(u.ID).SetName(called).SetCredentialID(key.ID()).SetCredential(db.JSON(key)).Save(ctx)
		if err != nil {
			return nil, err
		}
		spare, err := tx.RecoveryCode.Query().Where(recoverycode.UserID(u.ID), recoverycode.UsedAtIsNil()).Exist(ctx)
		if err != nil {
			return nil, err
		}
		if !spare {
			if out.Codes, err = renewCodes(ctx, tx, u.ID); err != nil {
				return nil, err
			}
		}
		if err := s.secured(ctx, tx, by, u, out.Secured); err != nil {
			return nil, err
		}
		return out, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "passkey.added", Target: out.Passkey.ID, TargetName: called,
			After: map[string]any{"device": Device(by.Agent)}})
	})
	if db.IsUniqueOn(err, entpasskey.FieldCredentialID) {
		return nil, fault.On("credential", fault.Conflict, "This passkey is registered already.")
	}
	if err != nil {
		return nil, err
	}
	by.User, by.Session = out.User, out.Session
	return out, nil
}

// signature is a passkey that has answered, as it was and as it is after that.
type signature struct {
	ceremony *ent.Ceremony
	row      *ent.Passkey
	key      *passkey.Key
}

// signed judges an answer, outside of any transaction. Refusals: NOT_FOUND,
// INVALID_CREDENTIALS, BAD_INPUT, RATE_LIMITED.
func (s *Service) signed(ctx context.Context, by *access.Actor, kind ceremony.Kind, ceremonyID string, answer string) (*signature, error) {
	party, err := s.party()
	if err != nil {
		return nil, err
	}
	c, err := s.begun(ctx, by, kind, ceremonyID)
	if err != nil {
		return nil, err
	}
	a, err := passkey.ReadAnswer([]byte(answer))
	if err != nil {
		return nil, malformed(err)
	}
	if c.UserID == "" && !a.NamesHolder() {
		return nil, s.fail(ctx, c.ID)
	}
	row, err := s.client.Passkey.Query().Where(entpasskey.CredentialID(a.KeyID())).Only(ctx)
	if ent.IsNotFound(err) {
		row, err = &ent.Passkey{}, nil // of nobody, who is looked for as well
	}
	if err != nil {
		return nil, err
	}
	u, err := s.client.User.Get(ctx, row.UserID)
	if ent.IsNotFound(err) {
		_ = party.Unknown(c.Data, a)
		return nil, s.fail(ctx, c.ID)
	}
	if err != nil {
		return nil, err
	}
	if c.UserID != "" && c.UserID != row.UserID {
		return nil, s.fail(ctx, c.ID)
	}
	h, err := holder(u, row)
	if err != nil {
		return nil, err
	}
	key, err := party.Answered(h, c.Data, a)
	if err != nil {
		return nil, s.fail(ctx, c.ID)
	}
	return &signature{c, row, key}, nil
}

// with uses up a signature that was verified, and does what it admits in the same
// transaction. The user is locked, so that a counter is compared with the last one; a
// passkey of which there seems to be a copy is refused and told of. Refusals:
// NOT_FOUND, INVALID_CREDENTIALS, and those of do.
func (s *Service) with(ctx context.Context, by *access.Actor, g *signature, do func(*ent.Tx, *ent.User) (*Started, error)) (*Started, error) {
	accepted := false
	st, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Started, error) {
		accepted = false
		u, err := LockUser(ctx, tx, g.row.UserID)
		if ent.IsNotFound(err) {
			return nil, refused()
		}
		if err != nil {
			return nil, err
		}
		if err := closeCeremony(ctx, tx.Ceremony, g.ceremony.ID); err != nil {
			return nil, err
		}
		row, err := tx.Passkey.Get(ctx, g.row.ID)
		if ent.IsNotFound(err) || err == nil && u.DisabledAt != nil {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		last, err := holder(u, row)
		if err != nil {
			return nil, err
		}
		if !g.key.Follows(&last.Keys[0]) {
			return nil, event.Record(ctx, tx, &access.Actor{Name: "Somebody", Address: by.Address, Agent: by.Agent},
				event.Entry{UserID: u.ID, Action: "passkey.copy_suspected", Target: row.ID, TargetName: row.Name,
					After: map[string]any{"device": Device(by.Agent), "address": by.Address}})
		}
		if err := tx.Passkey.UpdateOne(row).SetCredential(db.JSON(g.key)).SetLastUsedAt(instant.Now()).Exec(ctx); err != nil {
			return nil, err
		}
		accepted = true
		return do(tx, u)
	})
	if err == nil && !accepted {
		return nil, refused()
	}
	return st, err
}

// StartPasskeySignIn asks a browser for a passkey: anybody's, or one of the person
// whose half session it has. Refusals: NOT_FOUND, RATE_LIMITED, BAD_INPUT.
func (s *Service) StartPasskeySignIn(ctx context.Context, by *access.Actor) (*Asked, error) {
	var u *ent.User
	if by.Half != nil {
		u = by.Half.User
	}
	return s.askFor(ctx, by, ceremony.KindPASSKEY_SIGN_IN, u)
}

// FinishPasskeySignIn signs in with a passkey, which is two factors in one, or
// finishes the half session that the ceremony began in. Refusals: NOT_FOUND,
// INVALID_CREDENTIALS, BAD_INPUT, RATE_LIMITED.
func (s *Service) FinishPasskeySignIn(ctx context.Context, by *access.Actor, ceremonyID string, answer string, d Delivery) (*Started, error) {
	g, err := s.signed(ctx, by, ceremony.KindPASSKEY_SIGN_IN, ceremonyID, answer)
	if err != nil {
		return nil, err
	}
	st, err := s.with(ctx, by, g, func(tx *ent.Tx, u *ent.User) (*Started, error) {
		if g.ceremony.UserID != "" {
			return s.finish(ctx, tx, by, u, Passkey)
		}
		st, err := s.begin(ctx, tx, by, u, d, false)
		if err != nil {
			return nil, err
		}
		return st, s.started(ctx, tx, by, st, Passkey)
	})
	if err != nil {
		return nil, err
	}
	Become(by, st)
	return st, nil
}

// StartPasskeyProof asks the actor's browser for one of their passkeys. Refusals:
// NOT_FOUND, RATE_LIMITED, BAD_INPUT.
func (s *Service) StartPasskeyProof(ctx context.Context, by *access.Actor) (*Asked, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	return s.askFor(ctx, by, ceremony.KindPASSKEY_PROOF, by.User)
}

// FinishPasskeyProof proves again who the actor is. The session gets a new token.
// Refusals: NOT_FOUND, INVALID_CREDENTIALS, BAD_INPUT, RATE_LIMITED.
func (s *Service) FinishPasskeyProof(ctx context.Context, by *access.Actor, ceremonyID string, answer string) (*Started, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	g, err := s.signed(ctx, by, ceremony.KindPASSKEY_PROOF, ceremonyID, answer)
	if err != nil {
		return nil, err
	}
	st, err := s.with(ctx, by, g, func(tx *ent.Tx, u *ent.User) (*Started, error) {
		st, err := rotate(ctx, tx, by, instant.Now())
		if err != nil {
			return nil, err
		}
		return st, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "session.proved", Target: by.Session.ID, After: from(by)})
	})
	if err == nil {
		by.Session = st.Session
	}
	return st, err
}

// Passkeys returns the actor's passkeys, oldest first.
func (s *Service) Passkeys(ctx context.Context, by *access.Actor) ([]*ent.Passkey, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	return passkeysOf(ctx, s.client, by.User.ID)
}

// PasskeyByID returns one of the actor's own passkeys. Refusals: NOT_FOUND.
func (s *Service) PasskeyByID(ctx context.Context, by *access.Actor, passkeyID string) (*ent.Passkey, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	return ownPasskey(ctx, s.client, by, passkeyID)
}

func ownPasskey(ctx context.Context, c *ent.Client, by *access.Actor, passkeyID string) (*ent.Passkey, error) {
	if !id.Is(id.Passkey, passkeyID) {
		return nil, fault.Missing("passkey")
	}
	row, err := c.Passkey.Query().Where(entpasskey.ID(passkeyID), entpasskey.UserID(by.User.ID)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.Missing("passkey")
	}
	return row, err
}

// RenamePasskey calls one of the actor's passkeys something else. Refusals:
// NOT_FOUND, BAD_INPUT.
func (s *Service) RenamePasskey(ctx context.Context, by *access.Actor, passkeyID, name string) (*ent.Passkey, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	name, err := text.Line("name", name, true, 100)
	if err != nil {
		return nil, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Passkey, error) {
		if _, err := LockActor(ctx, tx, by); err != nil {
			return nil, err
		}
		row, err := ownPasskey(ctx, tx.Client(), by, passkeyID)
		if err != nil || row.Name == name {
			return row, err
		}
		was := row.Name
		if row, err = tx.Passkey.UpdateOne(row).SetName(name).Save(ctx); err != nil {
			return nil, err
		}
		return row, event.Record(ctx, tx, by, event.Entry{UserID: by.User.ID, Action: "passkey.renamed", Target: row.ID, TargetName: name,
			Before: map[string]any{"name": was}, After: map[string]any{"name": name}})
	})
}

// RemovePasskey removes one of the actor's passkeys. With the last second factor the
// recovery codes are void. Every other session and every mailed reset link is dead
// when it returns, and the actor's session has a new token. Refusals: REAUTH_REQUIRED,
// NOT_FOUND.
func (s *Service) RemovePasskey(ctx context.Context, by *access.Actor, passkeyID string) (*Secured, error) {
	if err := Proved(by); err != nil {
		return nil, err
	}
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Secured, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		row, err := ownPasskey(ctx, tx.Client(), by, passkeyID)
		if err != nil {
			return nil, err
		}
		if err := tx.Passkey.DeleteOne(row).Exec(ctx); err != nil {
			return nil, err
		}
		out := &Secured{}
		if err := s.secured(ctx, tx, by, u, out); err != nil {
			return nil, err
		}
		return out, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "passkey.removed", Target: row.ID, TargetName: row.Name,
			After: map[string]any{"device": Device(by.Agent)}})
	})
	if err != nil {
		return nil, err
	}
	by.User, by.Session = out.User, out.Session
	return out, nil
}
