package session

import (
	"context"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/refreshtoken"
	"tenantry/ent/session"
	"tenantry/internal/access"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
)

// An app's session has a bearer token that is good for an hour and a refresh token
// that renews both. All refresh tokens that a session has had are one family, kept
// until the session ends: one that comes again has been copied.

const (
	// TokenLifetime is how long a bearer token is good before it is refreshed.
	TokenLifetime = time.Hour
	// RefreshGrace is how long a used refresh token still counts, for an app to which
	// the answer was lost.
	RefreshGrace = 10 * time.Second
)

// tokenEnd is when a bearer token that is made now has to be refreshed.
func tokenEnd(now, sessionEnd time.Time) time.Time {
	if end := now.Add(TokenLifetime); end.Before(sessionEnd) {
		return end
	}
	return sessionEnd
}

// RefreshToken returns the refresh token for the payload: nil for a cookie, and for
// a session that is pending.
func (s *Started) RefreshToken() *string {
	if s == nil || s.Refresh == "" {
		return nil
	}
	return &s.Refresh
}

// TokenExpiresAt returns until when the token in the payload is good: nil for a
// cookie.
func (s *Started) TokenExpiresAt() *time.Time {
	if s.Bearer() == nil {
		return nil
	}
	if end := s.Session.TokenExpiresAt; end != nil {
		return end
	}
	return &s.Session.ExpiresAt
}

// retire marks every refresh token of a session as used by then: one that is not used
// yet, and one that was used later by the clock of another instance.
func retire(ctx context.Context, tx *ent.Tx, sessionID string, at time.Time) error {
	err := tx.RefreshToken.Update().Where(refreshtoken.SessionID(sessionID), refreshtoken.Or(refreshtoken.UsedAtIsNil(), refreshtoken.UsedAtGT(at))).SetUsedAt(at).Exec(ctx)
	if err != nil {
		return fmt.Errorf("retire refresh tokens: %w", err)
	}
	return nil
}

// issue adds a refresh token to those of the session, if it has a bearer token.
func (s *Started) issue(ctx context.Context, tx *ent.Tx) error {
	if !s.Session.Bearer {
		return nil
	}
	token, hash := newToken()
	if err := tx.RefreshToken.Create().SetSessionID(s.Session.ID).SetTokenHash(hash).Exec(ctx); err != nil {
		return fmt.Errorf("issue refresh token: %w", err)
	}
	s.Refresh = token
	return nil
}

// Refresh renews both tokens of an app's session. It counts as use of the session,
// whose absolute end stays.
//
// A token that was used less than ten seconds ago counts again, since the answer may
// have been lost: the app gets another pair. The bearer token of the one before is
// dead then, and its refresh token when the first of them all is used. So two
// refreshes at once have two good answers, of which the app may keep any.
//
// A token that was used before that, or that proving oneself anew has replaced, has
// been copied: whoever holds the copy has come now, or before. The session ends, and
// its person is told. Refusals: INVALID_TOKEN, the same for each of them; RATE_LIMITED.
func (s *Service) Refresh(ctx context.Context, by *access.Actor, token string) (*Started, error) {
	if err := s.book.Take(ctx, budget.RefreshByNetwork, budget.Network(by.Address), 1); err != nil {
		return nil, err
	}
	if len(token) != tokenLength {
		return nil, unrenewed()
	}
	reused := ""
	st, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Started, error) {
		reused = ""
		t, row, err := lockFamily(ctx, tx, hashToken(token))
		if err != nil {
			return nil, err
		}
		u, err := tx.User.Get(ctx, row.UserID)
		if err != nil {
			return nil, err
		}
		now := instant.Now()
		switch {
		case !s.lasts(row, now) || u.DisabledAt != nil:
			return nil, unrenewed()
		case t.UsedAt == nil:
			if err := retire(ctx, tx, row.ID, now); err != nil {
				return nil, err
			}
		case now.Sub(*t.UsedAt) >= RefreshGrace:
			reused = row.ID
			return nil, endReused(ctx, tx, by, row)
		case !t.UsedAt.After(row.ProvedAt):
			return nil, unrenewed() // what was proved anew is not for who holds older tokens
		}
		fresh, hash := newToken()
		row, err = tx.Session.UpdateOne(row).SetTokenHash(hash).SetTokenExpiresAt(tokenEnd(now, row.ExpiresAt)).SetLastSeenAt(now).Save(ctx)
		if err != nil {
			return nil, err
		}
		st := &Started{User: u, Session: row, Token: fresh}
		return st, st.issue(ctx, tx)
	})
	if err != nil {
		return nil, err
	}
	if reused != "" {
		if reused == by.SessionID() {
			depart(by)
		}
		return nil, unrenewed()
	}
	return st, nil
}

// lockFamily finds a refresh token by its hash, locks its session and reads both as
// they are then. Refusals: INVALID_TOKEN.
func lockFamily(ctx context.Context, tx *ent.Tx, hash string) (*ent.RefreshToken, *ent.Session, error) {
	t, err := tx.RefreshToken.Query().Where(refreshtoken.TokenHash(hash)).Only(ctx)
	var row *ent.Session
	if err == nil {
		q := tx.Session.Query().Where(session.ID(t.SessionID), session.Pending(false))
		q.Modify(access.ForUpdate)
		row, err = q.Only(ctx)
	}
	if err == nil {
		t, err = tx.RefreshToken.Get(ctx, t.ID)
	}
	if ent.IsNotFound(err) {
		return nil, nil, unrenewed()
	}
	return t, row, err
}

// endReused ends a session one of whose refresh tokens was copied.
func endReused(ctx context.Context, tx *ent.Tx, by *access.Actor, row *ent.Session) error {
	if err := tx.Session.DeleteOne(row).Exec(ctx); err != nil {
		return err
	}
	return event.Record(ctx, tx, &access.Actor{Name: "Somebody", Address: by.Address},
		event.Entry{UserID: row.UserID, Action: "refresh_token.reused", Target: row.ID, TargetName: Device(row.UserAgent),
			After: map[string]any{"device": Device(by.Agent)}})
}

func unrenewed() error {
	return fault.On("refreshToken", fault.InvalidToken, "The session has ended, or this token was used already. Sign in again.")
}
