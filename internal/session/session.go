// Package session holds sign-in: users, their passwords and sessions, and the
// account a session works in.
package session

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/ceremony"
	"tenantry/ent/device"
	"tenantry/ent/emailchange"
	"tenantry/ent/formertoken"
	"tenantry/ent/session"
	"tenantry/ent/user"
	"tenantry/ent/verification"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/link"
	"tenantry/internal/passkey"
	"tenantry/internal/password"
	"tenantry/internal/seal"
	"tenantry/internal/text"
)

// How long things last.
const (
	ResetLifetime  = 30 * time.Minute
	SignUpLifetime = 24 * time.Hour
	// HalfLifetime is how long a session that has passed the first factor only
	// waits for the second.
	HalfLifetime = 10 * time.Minute
	// ProofAge is how long a proof of identity admits dangerous mutations.
	ProofAge = 10 * time.Minute
)

// Config says how sessions behave. The zero value has the defaults.
type Config struct {
	// Idle and Absolute end a session: 14 and 90 days.
	Idle, Absolute time.Duration
	// SignUp is who may sign up: "open" (the default), "invited" or "closed".
	SignUp string
	// Passkeys is whom passkeys are made for. Nil where the portal's address admits none.
	Passkeys *passkey.Party
	// Issuer is what an authenticator app calls the portal.
	Issuer string
}

// Service signs people in and out.
type Service struct {
	client *ent.Client
	gate   *access.Gate
	book   *budget.Book
	hasher *password.Hasher
	keys   *link.Keyring
	seals  *seal.Keyset
	config Config
	seen   seen
	texts  texts
	// together says that statements travel together.
	together bool

	arrival func(context.Context, *ent.Tx, *ent.User) error
}

// New returns a service.
func New(d *db.DB, gate *access.Gate, book *budget.Book, hasher *password.Hasher, keys *link.Keyring, seals *seal.Keyset, c Config) *Service {
	if c.Idle == 0 {
		c.Idle = 14 * 24 * time.Hour
	}
	if c.Absolute == 0 {
		c.Absolute = 90 * 24 * time.Hour
	}
	return &Service{client: d.Client, gate: gate, book: book, hasher: hasher, keys: keys, seals: seals, config: c, together: d.Together()}
}

// Closed reports whether nobody new becomes a user.
func (s *Service) Closed() bool { return s.config.SignUp == "closed" }

// Viewer is the signed-in person as they see themselves.
type Viewer struct{ *ent.User }

// Delivery is how a client wants its session.
type Delivery string

// The deliveries.
const (
	Cookie Delivery = "COOKIE"
	Token  Delivery = "TOKEN"
)

// Started is a session that has just begun, or been given a new token.
type Started struct {
	User    *ent.User
	Session *ent.Session
	// Token is the secret, which is nowhere else, and Refresh is what renews it: ""
	// for a cookie, and for a session that is pending.
	Token, Refresh string
	// Device is what the client is known by from now on; "" if it keeps what it has.
	Device string
	// Factors are with what signing in is finished: empty unless the session is
	// pending, and then there is no Selection yet.
	Factors []Factor
	// Provider is the key of the provider that the person came from, or "".
	Provider string
	// Selection, Active and Usable say what to do about the account.
	Selection Selection
	Active    *ent.Account
	Usable    []*ent.Membership
}

// Bearer returns the token for the payload: empty for a cookie.
func (s *Started) Bearer() *string {
	if s == nil || s.Session == nil || !s.Session.Bearer {
		return nil
	}
	return &s.Token
}

// tokenLength is how long every token of a session is: 256 bits in base64.
const tokenLength = 43

func newToken() (token, hash string) {
	var b [32]byte
	rand.Read(b[:])
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, hashToken(token)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Begin starts a session for the user in the transaction and ends the one that
// the client used before, so that no session outlives a change of person. If
// signing in takes a second factor, the session is pending.
func (s *Service) Begin(ctx context.Context, tx *ent.Tx, by *access.Actor, u *ent.User, d Delivery) (*Started, error) {
	return s.begin(ctx, tx, by, u, d, u.TwoFactorAt != nil)
}

// begin is Begin for whoever knows by which factors the person came: pending says
// that it was the first only.
func (s *Service) begin(ctx context.Context, tx *ent.Tx, by *access.Actor, u *ent.User, d Delivery, pending bool) (*Started, error) {
	if former := held(by); former != nil {
		if _, err := tx.Session.Delete().Where(session.ID(former.ID)).Exec(ctx); err != nil {
			return nil, fmt.Errorf("end former session: %w", err)
		}
	}
	token, hash := newToken()
	now, lifetime := instant.Now(), s.config.Absolute
	if pending {
		lifetime = min(HalfLifetime, lifetime)
	}
	known, err := recognised(ctx, tx.Device.Query(), by, device.UserID(u.ID))
	if err != nil {
		return nil, fmt.Errorf("known device: %w", err)
	}
	create := tx.Session.Create().SetUserID(u.ID).SetTokenHash(hash).SetBearer(d == Token).SetPending(pending).
		SetProvedAt(now).SetLastSeenAt(now).SetExpiresAt(now.Add(lifetime)).
		SetUserAgent(by.Agent).SetAddress(by.Address)
	if d == Token && !pending {
		create.SetTokenExpiresAt(tokenEnd(now, now.Add(lifetime)))
	}
	if known != nil {
		create.SetDeviceID(known.ID)
	}
	row, err := create.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin session: %w", err)
	}
	st := &Started{User: u, Session: row, Token: token}
	if former := held(by); former != nil && !former.Bearer && !row.Bearer {
		if err := replace(ctx, tx, former.TokenHash, row.ID); err != nil {
			return nil, err
		}
	}
	if pending {
		st.Factors, err = factors(ctx, tx.Client(), u.ID)
		return st, err
	}
	return st, s.whole(ctx, tx, by, st)
}

// whole does what is due for a session that is whole now: it can be renewed, and its
// device is known from now on.
func (s *Service) whole(ctx context.Context, tx *ent.Tx, by *access.Actor, st *Started) error {
	if err := st.issue(ctx, tx); err != nil {
		return err
	}
	return st.remember(ctx, tx, by)
}

// held returns the session that the actor's client holds, whole or half, or nil.
func held(by *access.Actor) *ent.Session {
	if by.Half != nil {
		return by.Half.Session
	}
	return by.Session
}

// Become turns the actor into the person of a new session, for the rest of the
// operation. One whose session is pending stays nobody.
func Become(by *access.Actor, st *Started) {
	depart(by)
	by.Powers, by.Token, by.API = nil, "", nil
	if st.Session.Pending {
		by.Half = &access.Half{User: st.User, Session: st.Session}
		return
	}
	by.Kind, by.User, by.Session = access.Person, st.User, st.Session
}

// depart turns an actor whose session has ended into nobody, for the rest of the
// operation.
func depart(by *access.Actor) {
	by.Forget()
	by.Kind, by.User, by.Session, by.Half = access.Nobody, nil, nil, nil
}

// OnArrival sets what else is done, in the same transaction, whenever a user
// comes to exist.
func (s *Service) OnArrival(do func(ctx context.Context, tx *ent.Tx, u *ent.User) error) {
	s.arrival = do
}

// Arrive creates a user for a proved address, and does what waits for them.
// Refusals: BAD_INPUT on name.
func (s *Service) Arrive(ctx context.Context, tx *ent.Tx, email address.Address, name, locale, hash string) (*ent.User, error) {
	u, err := NewUser(ctx, tx, email, name, locale, hash)
	if err != nil || s.arrival == nil {
		return u, err
	}
	return u, s.arrival(ctx, tx, u)
}

// NewUser creates a user for a proved address and nothing else. Refusals:
// BAD_INPUT on name.
func NewUser(ctx context.Context, tx *ent.Tx, email address.Address, name, locale, hash string) (*ent.User, error) {
	name, err := text.Line("name", name, true, 100)
	if err != nil {
		return nil, err
	}
	return tx.User.Create().SetEmail(email.Display).SetEmailKey(email.Key).SetName(name).
		SetSearch(text.Fold(name, email.Key)).SetLocale(locale).SetPasswordHash(hash).Save(ctx)
}

// LockUser locks a user's row and reads it as it is now.
func LockUser(ctx context.Context, tx *ent.Tx, userID string) (*ent.User, error) {
	q := tx.User.Query().Where(user.ID(userID))
	q.Modify(access.ForUpdate)
	return q.Only(ctx)
}

// SignOut ends the actor's session and reports whether there was one.
func (s *Service) SignOut(ctx context.Context, by *access.Actor) (bool, error) {
	mine := held(by)
	if mine == nil {
		return false, nil
	}
	n, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (int, error) {
		n, err := tx.Session.Delete().Where(session.ID(mine.ID)).Exec(ctx)
		if err != nil || n == 0 || by.Half != nil {
			return n, err // a half session never began, so it does not end
		}
		return n, event.Record(ctx, tx, by, event.Entry{UserID: by.User.ID, Action: "session.ended", Target: by.Session.ID, After: from(by)})
	})
	if err == nil {
		depart(by)
	}
	return n > 0, err
}

// List returns the actor's sessions that still work, most recently seen first.
func (s *Service) List(ctx context.Context, by *access.Actor) ([]*ent.Session, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	now := instant.Now()
	return s.client.Session.Query().
		Where(session.UserID(by.User.ID), session.Pending(false), session.ExpiresAtGT(now), session.LastSeenAtGT(now.Add(-s.config.Idle))).
		Order(ent.Desc(session.FieldLastSeenAt, session.FieldID)).Limit(100).All(ctx)
}

// Get returns one of the actor's own sessions. Refusals: NOT_FOUND.
func (s *Service) Get(ctx context.Context, by *access.Actor, sessionID string) (*ent.Session, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	if !id.Is(id.Session, sessionID) {
		return nil, fault.Missing("session")
	}
	row, err := s.client.Session.Query().Where(session.ID(sessionID), session.UserID(by.User.ID), session.Pending(false)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, fault.Missing("session")
	}
	return row, err
}

// Revoke ends one of the actor's sessions. Refusals: NOT_FOUND.
func (s *Service) Revoke(ctx context.Context, by *access.Actor, sessionID string) (string, error) {
	if err := by.NeedPerson(); err != nil {
		return "", err
	}
	if !id.Is(id.Session, sessionID) {
		return "", fault.Missing("session")
	}
	ended, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (string, error) {
		n, err := tx.Session.Delete().Where(session.ID(sessionID), session.UserID(by.User.ID), session.Pending(false)).Exec(ctx)
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", fault.Missing("session")
		}
		return sessionID, event.Record(ctx, tx, by, event.Entry{UserID: by.User.ID, Action: "session.ended", Target: sessionID, After: from(by)})
	})
	if ended == by.SessionID() {
		depart(by)
	}
	return ended, err
}

// RevokeOthers ends all of the actor's sessions but this one, forgets all devices
// but this one, and counts the sessions. Mailed reset links die with them.
func (s *Service) RevokeOthers(ctx context.Context, by *access.Actor) (int, error) {
	if err := by.NeedPerson(); err != nil {
		return 0, err
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (int, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return 0, err
		}
		if err := endResets(ctx, tx, u); err != nil {
			return 0, err
		}
		mine, err := tx.Session.Query().Where(session.ID(by.Session.ID)).Only(ctx)
		if ent.IsNotFound(err) {
			return 0, fault.SignIn()
		}
		if err != nil {
			return 0, err
		}
		forgotten, err := forget(ctx, tx, u.ID, mine.DeviceID)
		if err != nil {
			return 0, err
		}
		return s.endOthers(ctx, tx, by, forgotten)
	})
}

// endOthers ends the actor's other sessions, of which so many devices were forgotten,
// and counts them.
func (s *Service) endOthers(ctx context.Context, tx *ent.Tx, by *access.Actor, forgotten int) (int, error) {
	n, err := tx.Session.Delete().Where(session.UserID(by.User.ID), session.IDNEQ(by.Session.ID)).Exec(ctx)
	if err != nil || n+forgotten == 0 {
		return n, err
	}
	after := from(by)
	after["sessions"] = n
	if forgotten > 0 {
		after["devices"] = forgotten
	}
	return n, event.Record(ctx, tx, by, event.Entry{UserID: by.User.ID, Action: "session.others_ended", After: after})
}

// rotate gives the actor's session new tokens; the old ones are dead. The proof of who
// they are is of the instant: a new token is no new proof. Of two that came with one
// token the second is refused: its client may hear of the two in either order, and would
// keep a dead one. Refusals: UNAUTHENTICATED if the session has ended meanwhile; CONFLICT
// if it has another token.
func rotate(ctx context.Context, tx *ent.Tx, by *access.Actor, proved time.Time) (*Started, error) {
	token, hash := newToken()
	now := instant.Now()
	update := tx.Session.Update().Where(session.ID(by.Session.ID), session.TokenHash(by.Session.TokenHash)).SetTokenHash(hash).SetProvedAt(proved)
	if by.Session.Bearer {
		update.SetTokenExpiresAt(tokenEnd(now, by.Session.ExpiresAt))
	}
	n, err := update.Save(ctx)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		there, err := tx.Session.Query().Where(session.ID(by.Session.ID)).Exist(ctx)
		if err == nil && there {
			err = fault.New(fault.Conflict, "Something else has given this session a new token in this moment. Try again.")
		} else if err == nil {
			err = fault.SignIn()
		}
		return nil, err
	}
	if !by.Session.Bearer {
		if err := replace(ctx, tx, by.Session.TokenHash, by.Session.ID); err != nil {
			return nil, err
		}
	}
	row, err := tx.Session.Get(ctx, by.Session.ID)
	if err != nil {
		return nil, err
	}
	if err := retire(ctx, tx, row.ID, proved); err != nil { // by the instant of the proof, so that none of them has a grace after it
		return nil, err
	}
	st := &Started{User: by.User, Session: row, Token: token}
	return st, st.issue(ctx, tx)
}

// Proved returns nil if the actor proved who they are within the last ten
// minutes. Refusals: UNAUTHENTICATED, REAUTH_REQUIRED.
func Proved(by *access.Actor) error {
	if err := by.NeedPerson(); err != nil {
		return err
	}
	if by.Session == nil || instant.Now().Sub(by.Session.ProvedAt) >= ProofAge {
		return fault.New(fault.ReauthRequired, "Prove again who you are to do this.")
	}
	return nil
}

// UpdateProfile changes the actor's own name and language; nil leaves as it is.
// Refusals: BAD_INPUT.
func (s *Service) UpdateProfile(ctx context.Context, by *access.Actor, name, locale *string) (*ent.User, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	u, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.User, error) {
		u, err := LockActor(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		update := tx.User.UpdateOne(u)
		before, after := map[string]any{}, map[string]any{}
		if name != nil {
			clean, err := text.Line("name", *name, true, 100)
			if err != nil {
				return nil, err
			}
			if clean != u.Name {
				before["name"], after["name"] = u.Name, clean
				update.SetName(clean).SetSearch(text.Fold(clean, u.EmailKey))
			}
		}
		if locale != nil {
			tag, err := text.Locale("locale", *locale)
			if err != nil {
				return nil, err
			}
			if tag != u.Locale {
				before["locale"], after["locale"] = u.Locale, tag
				update.SetLocale(tag)
			}
		}
		if len(after) == 0 {
			return u, nil
		}
		if u, err = update.Save(ctx); err != nil {
			return nil, err
		}
		return u, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "user.updated", Target: u.ID,
			TargetName: u.Name, Before: before, After: after})
	})
	if err == nil {
		by.User = u
	}
	return u, err
}

// Sweep forgets sessions, replaced tokens, verifications, ceremonies and changes of address that ended,
// and devices that nobody has signed in with for a year.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	now := instant.Now()
	n, err := s.client.Session.Delete().
		Where(session.Or(session.ExpiresAtLTE(now), session.LastSeenAtLTE(now.Add(-s.config.Idle)))).Exec(ctx)
	if err != nil {
		return n, err
	}
	m, err := s.client.Verification.Delete().Where(verification.ExpiresAtLTE(now.Add(-24 * time.Hour))).Exec(ctx)
	if err != nil {
		return n + m, err
	}
	k, err := s.client.Ceremony.Delete().Where(ceremony.ExpiresAtLTE(now)).Exec(ctx)
	if err != nil {
		return n + m + k, err
	}
	j, err := s.client.Device.Delete().Where(device.LastSeenAtLTE(now.Add(-DeviceLifetime))).Exec(ctx)
	if err != nil {
		return n + m + k + j, err
	}
	f, err := s.client.FormerToken.Delete().Where(formertoken.CreatedAtLTE(now.Add(-FormerGrace))).Exec(ctx)
	if err != nil {
		return n + m + k + j + f, err
	}
	// Which addresses somebody had lately is of use a while longer: see account.told.
	c, err := s.client.EmailChange.Delete().Where(emailchange.ExpiresAtLTE(now.AddDate(0, 0, -30))).Exec(ctx)
	return n + m + k + j + f + c, err
}
