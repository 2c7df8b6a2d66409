package session

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"tenantry/ent"
	"tenantry/ent/authenticator"
	"tenantry/ent/passkey"
	"tenantry/ent/recoverycode"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/totp"
)

// sealUse is what the secrets of authenticator apps are sealed for.
const sealUse = "totp"

// Setup is what an authenticator app is set up with. It is shown once.
type Setup struct {
	// Secret is to be typed in where nothing can be scanned.
	Secret string
	// URI is the same for an app on the same device, and QR for one that scans it.
	URI, QR string
}

// StartSetup gives the actor a fresh secret for an authenticator app, in the place
// of one that was not confirmed. Refusals: REAUTH_REQUIRED; CONFLICT if an app is
// set up already.
func (s *Service) StartSetup(ctx context.Context, by *access.Actor) (*Setup, error) {
	if err := Proved(by); err != nil {
		return nil, err
	}
	secret := totp.NewSecret()
	err := db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		u, err := LockSession(ctx, tx, by)
		if err != nil {
			return err
		}
		if has, err := tx.Authenticator.Query().Where(authenticator.UserID(u.ID), authenticator.ConfirmedAtNotNil()).Exist(ctx); err != nil {
			return err
		} else if has {
			return fault.New(fault.Conflict, "An authenticator app is set up already. Switch it off before you set up another one.")
		}
		if _, err := tx.Authenticator.Delete().Where(authenticator.UserID(u.ID)).Exec(ctx); err != nil {
			return err
		}
		sealed, err := s.seals.Seal(secret, sealUse, u.ID)
		if err != nil {
			return err
		}
		row, err := tx.Authenticator.Create().SetUserID(u.ID).SetSecret(sealed).Save(ctx)
		if err != nil {
			return err
		}
		return event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "two_factor.setup_started", Target: row.ID, TargetName: u.Name, After: from(by)})
	})
	if err != nil {
		return nil, err
	}
	uri := totp.URI(secret, s.config.Issuer, by.User.Email)
	qr, err := totp.SVG(uri, s.config.Issuer+": "+by.User.Email)
	return &Setup{Secret: totp.Text(secret), URI: uri, QR: qr}, err
}

// Secured is what a change of second factors gives back.
type Secured struct {
	*Started
	// Codes are fresh recovery codes, which are nowhere else. Empty if none were made.
	Codes []string
	// Ended is how many other sessions ended.
	Ended int
}

// ConfirmSetup switches two factors on with a code of the app that was set up, and
// makes recovery codes. Every other session and every mailed reset link is dead when
// it returns, and the actor's session has a new token. Refusals: REAUTH_REQUIRED,
// BAD_INPUT or INVALID_CREDENTIALS on code, RATE_LIMITED; CONFLICT if there is no
// set-up to confirm.
func (s *Service) ConfirmSetup(ctx context.Context, by *access.Actor, code string) (*Secured, error) {
	if err := Proved(by); err != nil {
		return nil, err
	}
	plain, err := s.typed(ctx, by, code, by.User.ID)
	if err != nil {
		return nil, err
	}
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Secured, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		row, err := tx.Authenticator.Query().Where(authenticator.UserID(u.ID)).Only(ctx)
		if ent.IsNotFound(err) || err == nil && row.ConfirmedAt != nil {
			return nil, fault.New(fault.Conflict, "There is no set-up to confirm. Start one, or see whether an app is set up already.")
		}
		if err != nil {
			return nil, err
		}
		step, err := s.match(row, plain)
		if err != nil {
			return nil, err
		}
		if err := tx.Authenticator.UpdateOne(row).SetConfirmedAt(instant.Now()).SetLastStep(step).Exec(ctx); err != nil {
			return nil, err
		}
		out := &Secured{}
		if out.Codes, err = renewCodes(ctx, tx, u.ID); err != nil {
			return nil, err
		}
		if err := s.secured(ctx, tx, by, u, out); err != nil {
			return nil, err
		}
		if err := s.book.GiveBack(ctx, tx, budget.CodeInside, u.ID); err != nil {
			return nil, err
		}
		return out, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "two_factor.enabled", Target: row.ID, TargetName: u.Name,
			After: map[string]any{"device": Device(by.Agent)}})
	})
	if err != nil {
		return nil, err
	}
	by.User, by.Session = out.User, out.Session
	return out, nil
}

// Disable takes the actor's authenticator app away. Unless they have passkeys, it
// switches two factors off and recovery codes are void. Every other session and every
// mailed reset link is dead when it returns, and the actor's session has a new
// token. Refusals: REAUTH_REQUIRED; CONFLICT if no app is set up.
func (s *Service) Disable(ctx context.Context, by *access.Actor) (*Secured, error) {
	if err := Proved(by); err != nil {
		return nil, err
	}
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Secured, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		row, err := tx.Authenticator.Query().Where(authenticator.UserID(u.ID), authenticator.ConfirmedAtNotNil()).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, fault.New(fault.Conflict, "No authenticator app is set up.")
		}
		if err != nil {
			return nil, err
		}
		if err := tx.Authenticator.DeleteOne(row).Exec(ctx); err != nil {
			return nil, err
		}
		out := &Secured{}
		if err := s.secured(ctx, tx, by, u, out); err != nil {
			return nil, err
		}
		after := map[string]any{"device": Device(by.Agent)}
		if out.User.TwoFactorAt != nil {
			after["passkeys"] = "stay"
		}
		return out, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "two_factor.disabled", Target: row.ID, TargetName: u.Name, After: after})
	})
	if err != nil {
		return nil, err
	}
	by.User, by.Session = out.User, out.Session
	return out, nil
}

// secured joins the transaction of a change of the actor's second factors, after
// they were changed and with their row locked. It writes down whether signing in
// takes a second factor from now on, drops recovery codes that stand in for nothing,
// ends every other session and every mailed reset link, and gives the actor's session
// a new token: what holds after every such change.
func (s *Service) secured(ctx context.Context, tx *ent.Tx, by *access.Actor, u *ent.User, out *Secured) error {
	u, err := settle(ctx, tx, u)
	if err != nil {
		return err
	}
	if err := endResets(ctx, tx, u); err != nil {
		return err
	}
	if out.Ended, err = s.endOthers(ctx, tx, by, 0); err != nil {
		return err
	}
	if out.Started, err = rotate(ctx, tx, by, by.Session.ProvedAt); err != nil {
		return err
	}
	out.Started.User = u
	return nil
}

// settle writes down whether signing in as a person, whose row is locked, takes a
// second factor: while they have an authenticator app or a passkey. Without either
// their recovery codes are void.
func settle(ctx context.Context, tx *ent.Tx, u *ent.User) (*ent.User, error) {
	on, err := tx.Authenticator.Query().Where(authenticator.UserID(u.ID), authenticator.ConfirmedAtNotNil()).Exist(ctx)
	if err == nil && !on {
		on, err = tx.Passkey.Query().Where(passkey.UserID(u.ID)).Exist(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("second factors: %w", err)
	}
	switch {
	case on && u.TwoFactorAt == nil:
		return tx.User.UpdateOne(u).SetTwoFactorAt(instant.Now()).Save(ctx)
	case !on:
		if _, err := tx.RecoveryCode.Delete().Where(recoverycode.UserID(u.ID)).Exec(ctx); err != nil {
			return nil, err
		}
		return tx.User.UpdateOne(u).ClearTwoFactorAt().Save(ctx)
	}
	return u, nil
}

// RenewCodes makes fresh recovery codes; older ones are void. Refusals:
// REAUTH_REQUIRED; CONFLICT while signing in takes no second factor.
func (s *Service) RenewCodes(ctx context.Context, by *access.Actor) ([]string, error) {
	if err := Proved(by); err != nil {
		return nil, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) ([]string, error) {
		u, err := LockSession(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		if u.TwoFactorAt == nil {
			return nil, fault.New(fault.Conflict, "Set up an authenticator app or a passkey first: recovery codes stand in for one.")
		}
		codes, err := renewCodes(ctx, tx, u.ID)
		if err != nil {
			return nil, err
		}
		return codes, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "recovery_codes.renewed", Target: u.ID, TargetName: u.Name,
			After: map[string]any{"device": Device(by.Agent)}})
	})
}

// renewCodes replaces a person's recovery codes and returns the new ones.
func renewCodes(ctx context.Context, tx *ent.Tx, userID string) ([]string, error) {
	if _, err := tx.RecoveryCode.Delete().Where(recoverycode.UserID(userID)).Exec(ctx); err != nil {
		return nil, err
	}
	codes, rows := make([]string, recoveryCodes), make([]*ent.RecoveryCodeCreate, recoveryCodes)
	for i := range codes {
		codes[i] = newRecoveryCode()
		_, plain, err := readCode(codes[i])
		if err != nil {
			return nil, err
		}
		rows[i] = tx.RecoveryCode.Create().SetUserID(userID).SetCodeHash(hashRecoveryCode(plain))
	}
	return codes, tx.RecoveryCode.CreateBulk(rows...).Exec(ctx)
}

// Verify is the second step of signing in: it makes the actor's half session a whole
// one with a code of their authenticator app or a recovery code. Each code works
// once. Refusals: UNAUTHENTICATED without a half session; BAD_INPUT,
// INVALID_CREDENTIALS on code; RATE_LIMITED.
func (s *Service) Verify(ctx context.Context, by *access.Actor, code string) (*Started, error) {
	if by.Half == nil {
		if err := by.NeedPerson(); err != nil {
			return nil, err
		}
		return nil, fault.New(fault.BadInput, "Signing in is finished already.")
	}
	how, plain, err := readCode(code)
	if err != nil {
		return nil, err
	}
	userID, rule := by.Half.User.ID, budget.CodeByUser
	if how == RecoveryCode {
		rule = budget.RecoveryByUser
	}
	// On a device that the person has signed in on before, the tries of strangers,
	// who know the password and no such device, are not counted.
	key := userID
	if device := by.Half.Session.DeviceID; device != nil {
		key += "\x00" + *device
	}
	if err := s.book.Take(ctx, budget.CodeByNetwork, budget.Network(by.Address), 1); err != nil {
		return nil, err
	}
	if err := s.book.Take(ctx, rule, key, 1); err != nil {
		return nil, s.alarm(ctx, by, err)
	}
	st, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Started, error) {
		u, err := LockUser(ctx, tx, userID)
		if ent.IsNotFound(err) {
			return nil, expired()
		}
		if err != nil {
			return nil, err
		}
		if how == RecoveryCode {
			err = useRecoveryCode(ctx, tx, by, u, plain)
		} else {
			err = s.useCode(ctx, tx, u, plain)
		}
		if err != nil {
			return nil, err
		}
		st, err := s.finish(ctx, tx, by, u, how)
		if err != nil {
			return nil, err
		}
		return st, s.book.GiveBack(ctx, tx, rule, key)
	})
	if err != nil {
		return nil, err
	}
	Become(by, st)
	return st, nil
}

// alarm tells a person, once a day, that somebody who knows their password has
// guessed at their second factor until no tries were left, and returns the refusal.
func (s *Service) alarm(ctx context.Context, by *access.Actor, refusal error) error {
	if !fault.Has(refusal, fault.RateLimited) {
		return refusal
	}
	u := by.Half.User
	err := s.book.Take(ctx, budget.AlarmByUser, u.ID, 1)
	if fault.Has(err, fault.RateLimited) {
		return refusal
	}
	if err == nil {
		err = db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
			return event.Record(ctx, tx, &access.Actor{Name: "Somebody", Address: by.Address},
				event.Entry{UserID: u.ID, Action: "two_factor.guessed", Target: u.ID, TargetName: u.Name, After: map[string]any{"device": Device(by.Agent)}})
		})
	}
	if err != nil {
		return err
	}
	return refusal
}

// typed reads a code of the app that somebody inside typed, and counts the try. The
// budget is not the one of those who are signing in, so that they cannot use it up.
// Refusals: BAD_INPUT on code, RATE_LIMITED.
func (s *Service) typed(ctx context.Context, by *access.Actor, code, userID string) (string, error) {
	how, plain, err := readCode(code)
	if err == nil && how != TOTP {
		err = fault.On("code", fault.BadInput, "Give the six digits that the app shows. A recovery code is for signing in.")
	}
	if err != nil {
		return "", err
	}
	if err := s.book.Take(ctx, budget.CodeByNetwork, budget.Network(by.Address), 1); err != nil {
		return "", err
	}
	return plain, s.book.Take(ctx, budget.CodeInside, userID, 1)
}

func wrongCode() error { return fault.On("code", fault.InvalidCredentials, "The code is not right.") }

// match returns the period whose code it is. Refusals: INVALID_CREDENTIALS on code.
func (s *Service) match(row *ent.Authenticator, plain string) (int64, error) {
	secret, err := s.seals.Open(row.Secret, sealUse, row.UserID)
	if err != nil {
		return 0, fmt.Errorf("authenticator %s: %w", row.ID, err)
	}
	step, ok, err := totp.Match(secret, plain, instant.Now())
	if err != nil {
		return 0, err
	}
	if !ok {
		return 0, wrongCode()
	}
	return step, nil
}

// useCode uses a code of a person's app up. Refusals: INVALID_CREDENTIALS on code.
func (s *Service) useCode(ctx context.Context, tx *ent.Tx, u *ent.User, plain string) error {
	row, err := tx.Authenticator.Query().Where(authenticator.UserID(u.ID), authenticator.ConfirmedAtNotNil()).Only(ctx)
	if ent.IsNotFound(err) {
		return wrongCode()
	}
	if err != nil {
		return err
	}
	step, err := s.match(row, plain)
	if err != nil {
		return err
	}
	// Compared and set in one statement: of any number who have the same code, one.
	n, err := tx.Authenticator.Update().Where(authenticator.ID(row.ID), authenticator.LastStepLT(step)).SetLastStep(step).Save(ctx)
	if err == nil && n == 0 {
		return fault.On("code", fault.InvalidCredentials, "This code was used already. Wait until the app shows the next one.")
	}
	return err
}

// useRecoveryCode uses a person's recovery code up and records how many are left.
// Refusals: INVALID_CREDENTIALS on code.
func useRecoveryCode(ctx context.Context, tx *ent.Tx, by *access.Actor, u *ent.User, plain string) error {
	mine := recoverycode.UserID(u.ID)
	n, err := tx.RecoveryCode.Update().Where(mine, recoverycode.CodeHash(hashRecoveryCode(plain)), recoverycode.UsedAtIsNil()).
		SetUsedAt(instant.Now()).Save(ctx)
	if err == nil && n == 0 {
		return wrongCode()
	}
	if err != nil {
		return err
	}
	left, err := tx.RecoveryCode.Query().Where(mine, recoverycode.UsedAtIsNil()).Count(ctx)
	if err != nil {
		return err
	}
	return event.Record(ctx, tx, &access.Actor{Kind: access.Person, User: u, Address: by.Address}, event.Entry{UserID: u.ID,
		Action: "recovery_code.used", Target: u.ID, TargetName: u.Name, After: map[string]any{"left": strconv.Itoa(left), "device": Device(by.Agent)}})
}

// TwoFactor is how a person proves who they are beside the password.
type TwoFactor struct {
	// EnabledAt is when signing in came to take a second factor, and
	// AuthenticatorAddedAt when an app was set up. Nil for not.
	EnabledAt, AuthenticatorAddedAt *time.Time
	RecoveryCodesLeft               int
}

// TwoFactor tells the actor how signing in is secured. Refusals: UNAUTHENTICATED.
func (s *Service) TwoFactor(ctx context.Context, by *access.Actor) (*TwoFactor, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	out := &TwoFactor{EnabledAt: by.User.TwoFactorAt}
	row, err := s.client.Authenticator.Query().Where(authenticator.UserID(by.User.ID)).Only(ctx)
	if err == nil {
		out.AuthenticatorAddedAt = row.ConfirmedAt
	} else if !ent.IsNotFound(err) {
		return nil, err
	}
	out.RecoveryCodesLeft, err = s.client.RecoveryCode.Query().Where(recoverycode.UserID(by.User.ID), recoverycode.UsedAtIsNil()).Count(ctx)
	return out, err
}

// Reseal seals every stored secret with the primary key that is sealed with an older
// one, and counts them.
func (s *Service) Reseal(ctx context.Context) (int, error) {
	n, after := 0, ""
	for {
		rows, err := s.client.Authenticator.Query().Where(authenticator.IDGT(after)).Order(ent.Asc(authenticator.FieldID)).Limit(500).All(ctx)
		if err != nil || len(rows) == 0 {
			return n, err
		}
		for _, row := range rows {
			if after = row.ID; s.seals.Current(row.Secret) {
				continue
			}
			done, err := s.reseal(ctx, row)
			if err != nil {
				return n, fmt.Errorf("authenticator %s: %w", row.ID, err)
			}
			n += done
		}
	}
}

func (s *Service) reseal(ctx context.Context, row *ent.Authenticator) (int, error) {
	secret, err := s.seals.Open(row.Secret, sealUse, row.UserID)
	if err != nil {
		return 0, err
	}
	sealed, err := s.seals.Seal(secret, sealUse, row.UserID)
	if err != nil {
		return 0, err
	}
	// A row's secret never changes but here, so one that has gone is no loss.
	return s.client.Authenticator.Update().Where(authenticator.ID(row.ID)).SetSecret(sealed).Save(ctx)
}
