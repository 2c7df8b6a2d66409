package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/device"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/password"
	"tenantry/internal/text"
)

// SignUp asks an address to prove itself. It does and answers the same whether
// or not the address has a user; the mail differs. Refusals: BAD_INPUT,
// RATE_LIMITED.
func (s *Service) SignUp(ctx context.Context, by *access.Actor, email, name, locale string) error {
	a, err := Email("email", email)
	if err != nil {
		return err
	}
	if name, err = text.Line("name", name, false, 100); err != nil {
		return err
	}
	if locale, err = text.Locale("locale", locale); err != nil {
		return err
	}
	if s.config.SignUp == "closed" || s.config.SignUp == "invited" {
		return fault.New(fault.BadInput, "Signing up is by invitation only.")
	}
	return s.ask(ctx, by, verification.PurposeSIGN_UP, a, name, locale, SignUpLifetime, "sign_up.requested", budget.SignUpByAddress, a.Key)
}

// RequestReset sends a link for a new password to the address. It does and
// answers the same whether or not the address has a user; the mail differs.
// Refusals: BAD_INPUT, RATE_LIMITED.
func (s *Service) RequestReset(ctx context.Context, by *access.Actor, email string) error {
	a, err := Email("email", email)
	if err != nil {
		return err
	}
	// Strangers who ask for somebody's address use up nothing of whoever comes with a
	// device that the person has signed in on.
	key := a.Key
	known, err := recognised(ctx, s.client.Device.Query(), by, device.HasUserWith(user.EmailKey(a.Key)))
	if err != nil {
		return fmt.Errorf("known device: %w", err)
	}
	if known != nil {
		key += "\x00" + known.ID
	}
	return s.ask(ctx, by, verification.PurposePASSWORD_RESET, a, "", "en", ResetLifetime, "password.reset_requested", budget.ResetByAddress, key)
}

// ask records that an address is to prove something, which kills older links
// for the same purpose; the mail follows from the event. It is counted under the key.
func (s *Service) ask(ctx context.Context, by *access.Actor, p verification.Purpose, a address.Address, name, locale string, lifetime time.Duration, action string, rule budget.Rule, key string) error {
	if err := s.book.Take(ctx, budget.MailByNetwork, budget.Network(by.Address), 1); err != nil {
		return err
	}
	if err := s.book.Take(ctx, rule, key, 1); err != nil {
		return err
	}
	for {
		err := db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
			v, err := Ask(ctx, tx, p, a, name, locale, lifetime)
			if err != nil {
				return err
			}
			return event.Record(ctx, tx, &access.Actor{Name: "Somebody", Address: by.Address, Agent: by.Agent},
				event.Entry{Action: action, Target: v.ID, TargetName: address.Mask(a.Key),
					After: map[string]any{"device": Device(by.Agent), "address": by.Address}})
		})
		if !db.IsUnique(err) {
			return err
		}
	}
}

// Ask joins a transaction to record that an address is to prove something.
// Older links for the same purpose die. A unique violation says that somebody
// else asked in this very moment, and is tried again with the transaction.
func Ask(ctx context.Context, tx *ent.Tx, p verification.Purpose, a address.Address, name, locale string, lifetime time.Duration) (*ent.Verification, error) {
	expires := instant.Second(instant.Now().Add(lifetime))
	q := tx.Verification.Query().Where(verification.PurposeEQ(p), verification.EmailKey(a.Key))
	q.Modify(access.ForUpdate)
	v, err := q.Only(ctx)
	if ent.IsNotFound(err) {
		return tx.Verification.Create().SetPurpose(p).SetEmail(a.Display).SetEmailKey(a.Key).SetName(name).
			SetLocale(locale).SetGeneration(1).SetExpiresAt(expires).Save(ctx)
	}
	if err != nil {
		return nil, err
	}
	return tx.Verification.UpdateOne(v).SetEmail(a.Display).SetName(name).SetLocale(locale).
		SetGeneration(v.Generation + 1).SetExpiresAt(expires).Save(ctx)
}

// AskAgain is Ask for a proof that may be asked for several times without a word
// from the person: a link that is valid for another day stays the one that works.
func AskAgain(ctx context.Context, tx *ent.Tx, p verification.Purpose, a address.Address, name, locale string, lifetime time.Duration) (*ent.Verification, error) {
	v, err := tx.Verification.Query().Where(verification.PurposeEQ(p), verification.EmailKey(a.Key),
		verification.ExpiresAtGT(instant.Now().Add(24*time.Hour))).Only(ctx)
	if ent.IsNotFound(err) {
		return Ask(ctx, tx, p, a, name, locale, lifetime)
	}
	return v, err
}

// Redeem locks the verification that a link names and uses it up. Refusals:
// INVALID_TOKEN.
func Redeem(ctx context.Context, tx *ent.Tx, c link.Claim, purposes ...verification.Purpose) (*ent.Verification, error) {
	q := tx.Verification.Query().Where(verification.ID(c.ID), verification.PurposeIn(purposes...))
	q.Modify(access.ForUpdate)
	v, err := q.Only(ctx)
	if ent.IsNotFound(err) {
		return nil, dead()
	}
	if err != nil {
		return nil, err
	}
	if v.Generation != c.Generation || !v.ExpiresAt.Equal(c.ExpiresAt) || !instant.Now().Before(v.ExpiresAt) {
		return nil, dead()
	}
	return v, tx.Verification.DeleteOne(v).Exec(ctx)
}

func dead() error {
	return fault.On("token", fault.InvalidToken, "This link is not valid, or no longer. Ask for a new one.")
}

// open reads a mailed token. Tries are counted, so that nobody searches.
func (s *Service) open(ctx context.Context, by *access.Actor, token string, purposes ...link.Purpose) (link.Claim, error) {
	if err := s.book.Take(ctx, budget.TokenByNetwork, budget.Network(by.Address), 1); err != nil {
		return link.Claim{}, err
	}
	for _, p := range purposes {
		if c, err := s.keys.Open(p, token); err == nil {
			return c, nil
		}
	}
	return link.Claim{}, dead()
}

// CompleteSignUp creates the user that the token proves and signs in. Refusals:
// INVALID_TOKEN, WEAK_PASSWORD, BAD_INPUT, RATE_LIMITED.
func (s *Service) CompleteSignUp(ctx context.Context, by *access.Actor, token, pw string, name *string, d Delivery) (*Started, error) {
	claim, err := s.open(ctx, by, token, link.SignUp)
	if err != nil {
		return nil, err
	}
	v, err := s.client.Verification.Get(ctx, claim.ID)
	if ent.IsNotFound(err) {
		return nil, dead()
	}
	if err != nil {
		return nil, err
	}
	called := v.Name
	if name != nil {
		called = *name
	}
	if called, err = text.Line("name", called, true, 100); err != nil {
		return nil, err
	}
	hash, err := s.NewHash(ctx, "password", pw, v.EmailKey, called)
	if err != nil {
		return nil, err
	}
	st, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Started, error) {
		v, err := Redeem(ctx, tx, claim, verification.PurposeSIGN_UP, verification.PurposeORDER)
		if err != nil {
			return nil, err
		}
		taken, err := tx.User.Query().Where(user.EmailKey(v.EmailKey)).Exist(ctx)
		if err != nil {
			return nil, err
		}
		if taken {
			return nil, known()
		}
		u, err := s.Arrive(ctx, tx, address.Address{Display: v.Email, Key: v.EmailKey}, called, v.Locale, hash)
		if err != nil {
			return nil, err
		}
		st, err := s.Begin(ctx, tx, by, u, d)
		if err != nil {
			return nil, err
		}
		if err := s.choose(ctx, tx, st); err != nil {
			return nil, err
		}
		return st, event.Record(ctx, tx, &access.Actor{Kind: access.Person, User: u, Address: by.Address},
			event.Entry{UserID: u.ID, Action: "user.signed_up", Target: u.ID, TargetName: u.Name})
	})
	if db.IsUniqueOn(err, user.FieldEmailKey) {
		return nil, known()
	}
	if err != nil {
		return nil, err
	}
	Become(by, st)
	return st, nil
}

// known tells who proved an address that it has a user.
func known() error {
	return fault.On("token", fault.InvalidToken, "This address has a user already. Sign in, or reset the password.")
}

// SignIn signs in with address and password: half, if the person has a second
// factor. Refusals: INVALID_CREDENTIALS,
// RATE_LIMITED.
func (s *Service) SignIn(ctx context.Context, by *access.Actor, email, pw string, d Delivery) (*Started, error) {
	a, parseErr := address.Parse(email)
	known, err := recognised(ctx, s.client.Device.Query(), by, device.HasUserWith(user.EmailKey(a.Key)))
	if err != nil {
		return nil, fmt.Errorf("known device: %w", err)
	}
	// Before anything is counted or read: a flood is refused at no cost, and what is not
	// tried is no try.
	who := password.Stranger
	if known != nil {
		who = password.Known
	}
	seat, err := s.hasher.Sit(who)
	if err != nil {
		return nil, busy(err)
	}
	defer seat.Leave()
	right, err := s.attempt(ctx, by, a, known)
	if err != nil {
		return nil, err
	}
	u, err := s.client.User.Query().Where(user.EmailKey(a.Key)).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return nil, err
	}
	stored := ""
	if u != nil && parseErr == nil && u.DisabledAt == nil {
		stored = u.PasswordHash
	}
	ok, stale, err := seat.Verify(ctx, stored, pw)
	if err != nil {
		return nil, err
	}
	if !ok || stored == "" {
		return nil, wrong("")
	}
	fresh := ""
	if stale {
		if fresh, err = seat.Hash(ctx, pw); err != nil {
			return nil, err
		}
	}
	seat.Leave()
	st, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Started, error) {
		now, err := LockUser(ctx, tx, u.ID)
		if ent.IsNotFound(err) {
			return nil, wrong("")
		}
		if err != nil {
			return nil, err
		}
		if now.PasswordHash != stored || now.EmailKey != a.Key || now.DisabledAt != nil {
			return nil, wrong("") // changed while it was checked
		}
		if fresh != "" {
			if now, err = tx.User.UpdateOne(now).SetPasswordHash(fresh).Save(ctx); err != nil {
				return nil, err
			}
		}
		st, err := s.Begin(ctx, tx, by, now, d)
		if err != nil {
			return nil, err
		}
		if st.Session.Pending {
			return st, nil // begun, and told of, by the second factor
		}
		return st, s.started(ctx, tx, by, st, "")
	})
	if err != nil {
		return nil, err
	}
	Become(by, st)
	return st, right()
}

func wrong(field string) error {
	if field != "" {
		return fault.On(field, fault.InvalidCredentials, "The password is not right.")
	}
	return fault.New(fault.InvalidCredentials, "Address and password do not fit.")
}

// busy turns a full queue of the hasher into the refusal that says when to come
// back.
func busy(err error) error {
	if errors.Is(err, password.ErrBusy) {
		return fault.Wait(fault.RateLimited, 2*time.Second, "Too many people are signing in right now. Try again in a moment.")
	}
	return err
}

// NewHash judges a new password and hashes it, outside of any transaction.
// Refusals: WEAK_PASSWORD on the field, RATE_LIMITED.
func (s *Service) NewHash(ctx context.Context, field, pw string, personal ...string) (string, error) {
	if err := password.Check(pw, personal...); err != nil {
		return "", fault.On(field, fault.WeakPassword, "%s", err)
	}
	hash, err := s.hasher.Hash(ctx, pw)
	return hash, busy(err)
}

// prove checks the actor's own password. The budget is the user's, whom nobody
// else can lock out: guesses from outside count by address.
func (s *Service) prove(ctx context.Context, by *access.Actor, field, pw string) error {
	if err := by.NeedPerson(); err != nil {
		return err
	}
	seat, err := s.hasher.Sit(password.Known)
	if err != nil {
		return busy(err)
	}
	defer seat.Leave()
	if err := s.book.Take(ctx, budget.PasswordByNetwork, budget.Network(by.Address), 1); err != nil {
		return err
	}
	if err := s.book.Take(ctx, budget.PasswordByUser, by.User.ID, 1); err != nil {
		return err
	}
	u, err := s.client.User.Get(ctx, by.User.ID)
	if err != nil {
		return err
	}
	ok, _, err := seat.Verify(ctx, u.PasswordHash, pw)
	if err != nil {
		return err
	}
	if !ok || u.PasswordHash == "" {
		return wrong(field)
	}
	by.User = u
	return s.book.Reset(ctx, budget.PasswordByUser, u.ID)
}

// Reauthenticate proves again who the actor is, with the password or, where signing
// in takes a second factor, with a code of the authenticator app: exactly one is
// given. The session gets a new token. Refusals: BAD_INPUT, INVALID_CREDENTIALS,
// RATE_LIMITED; TWO_FACTOR_REQUIRED where the password is not enough.
func (s *Service) Reauthenticate(ctx context.Context, by *access.Actor, pw, code *string) (*Started, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	var check func(*ent.Tx, *ent.User) error
	switch {
	case (pw == nil) == (code == nil):
		return nil, fault.New(fault.BadInput, "Give either the password or a code.")
	case pw != nil:
		if by.User.TwoFactorAt != nil {
			return nil, notEnough()
		}
		if err := s.prove(ctx, by, "password", *pw); err != nil {
			return nil, err
		}
		proved := by.User.PasswordHash
		check = func(_ *ent.Tx, u *ent.User) error {
			if u.TwoFactorAt != nil {
				return notEnough()
			}
			if u.PasswordHash != proved {
				return wrong("password")
			}
			return nil
		}
	default:
		plain, err := s.typed(ctx, by, *code, by.User.ID)
		if err != nil {
			return nil, err
		}
		check = func(tx *ent.Tx, u *ent.User) error {
			if err := s.useCode(ctx, tx, u, plain); err != nil {
				return err
			}
			return s.book.GiveBack(ctx, tx, budget.CodeInside, u.ID)
		}
	}
	st, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Started, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		if err := check(tx, u); err != nil {
			return nil, err
		}
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

func notEnough() error {
	return fault.New(fault.TwoFactorRequired, "The password is not enough: give a code of your authenticator app, or use a passkey.")
}

// ChangePassword sets a new password; every other session and every mailed
// reset link is dead when it returns. The present one is proof enough, unless
// signing in takes a second factor: then it takes a fresh proof besides. Refusals:
// INVALID_CREDENTIALS, WEAK_PASSWORD, RATE_LIMITED, REAUTH_REQUIRED.
func (s *Service) ChangePassword(ctx context.Context, by *access.Actor, current, pw string) (*Started, int, error) {
	if by.User != nil && by.User.TwoFactorAt != nil {
		if err := Proved(by); err != nil {
			return nil, 0, err
		}
	}
	if err := s.prove(ctx, by, "currentPassword", current); err != nil {
		return nil, 0, err
	}
	hash, err := s.NewHash(ctx, "newPassword", pw, by.User.EmailKey, by.User.Name)
	if err != nil {
		return nil, 0, err
	}
	ended := 0
	st, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Started, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		if u.PasswordHash != by.User.PasswordHash {
			return nil, wrong("currentPassword")
		}
		if u.TwoFactorAt != nil {
			if err := Proved(by); err != nil {
				return nil, err
			}
		}
		if err := setPassword(ctx, tx, u, hash); err != nil {
			return nil, err
		}
		if ended, err = s.endOthers(ctx, tx, by, 0); err != nil {
			return nil, err
		}
		proved := instant.Now()
		if u.TwoFactorAt != nil {
			proved = by.Session.ProvedAt // of them the password is no proof
		}
		st, err := rotate(ctx, tx, by, proved)
		if err != nil {
			return nil, err
		}
		return st, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "password.changed", Target: u.ID, TargetName: u.Name,
			After: map[string]any{"device": Device(by.Agent)}})
	})
	if err != nil {
		return nil, 0, err
	}
	by.Session = st.Session
	return st, ended, nil
}

func setPassword(ctx context.Context, tx *ent.Tx, u *ent.User, hash string) error {
	if err := tx.User.UpdateOne(u).SetPasswordHash(hash).SetPasswordChangedAt(instant.Now()).Exec(ctx); err != nil {
		return err
	}
	return endResets(ctx, tx, u)
}

// endResets kills the links to a new password or address that a user has not
// followed yet.
func endResets(ctx context.Context, tx *ent.Tx, u *ent.User) error {
	if _, err := dropWaiting(ctx, tx, u.ID); err != nil {
		return err
	}
	_, err := tx.Verification.Delete().Where(verification.EmailKey(u.EmailKey),
		verification.PurposeIn(verification.PurposePASSWORD_RESET, verification.PurposeRECOVERY)).Exec(ctx)
	return err
}

// ResetPassword sets a new password with a mailed token; every session is dead
// when it returns, and every device unknown but the one that it is done on. A second factor stays: who reads the mail has proved the first. Refusals: INVALID_TOKEN, WEAK_PASSWORD, RATE_LIMITED.
func (s *Service) ResetPassword(ctx context.Context, by *access.Actor, token, pw string) error {
	claim, err := s.open(ctx, by, token, link.PasswordReset, link.Recovery)
	if err != nil {
		return err
	}
	v, err := s.client.Verification.Get(ctx, claim.ID)
	if ent.IsNotFound(err) {
		return dead()
	}
	if err != nil {
		return err
	}
	hash, err := s.NewHash(ctx, "newPassword", pw, v.EmailKey)
	if err != nil {
		return err
	}
	owner := ""
	err = db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		v, err := Redeem(ctx, tx, claim, verification.PurposePASSWORD_RESET, verification.PurposeRECOVERY)
		if err != nil {
			return err
		}
		u, err := tx.User.Query().Where(user.EmailKey(v.EmailKey)).Only(ctx)
		if ent.IsNotFound(err) {
			return dead()
		}
		if err != nil {
			return err
		}
		owner = u.ID
		if u, err = LockUser(ctx, tx, u.ID); err != nil {
			return err
		}
		if err := setPassword(ctx, tx, u, hash); err != nil {
			return err
		}
		if _, err := tx.Session.Delete().Where(session.UserID(u.ID)).Exec(ctx); err != nil {
			return err
		}
		if err := forgetElsewhere(ctx, tx, by, u.ID); err != nil {
			return err
		}
		if err := s.book.Forgive(ctx, tx, budget.PasswordByAddress, u.EmailKey); err != nil {
			return err
		}
		return event.Record(ctx, tx, &access.Actor{Kind: access.Person, User: u, Address: by.Address},
			event.Entry{UserID: u.ID, Action: "password.reset", Target: u.ID, TargetName: u.Name,
				After: map[string]any{"device": Device(by.Agent)}})
	})
	if err == nil && (owner == by.UserID() || by.Half != nil && owner == by.Half.User.ID) {
		depart(by)
	}
	return err
}

// Email judges an address that is to receive mail. Refusals: BAD_INPUT on the
// field.
func Email(field, email string) (address.Address, error) {
	a, err := address.Parse(email)
	if err != nil {
		return a, fault.On(field, fault.BadInput, "%s", fmt.Sprint(err))
	}
	return a, nil
}
