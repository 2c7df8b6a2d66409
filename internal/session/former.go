package session

import (
	"context"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/formertoken"
	"tenantry/internal/instant"
)

// When a browser's cookie gets another token, requests may be on their way with the one
// before. They are nobody's, as with any dead token, but must not clear the cookie: it
// has the new token by then. So what was replaced is remembered for as long as a request
// lasts, and dies with the session whose token has replaced it.

// FormerGrace is how long a replaced token clears no cookie: longer than a request may
// take to arrive and to be answered.
const FormerGrace = 30 * time.Second

// replace writes down that the token of a session replaces one that a browser has.
func replace(ctx context.Context, tx *ent.Tx, formerHash, sessionID string) error {
	if err := tx.FormerToken.Create().SetTokenHash(formerHash).SetSessionID(sessionID).Exec(ctx); err != nil {
		return fmt.Errorf("remember a replaced token: %w", err)
	}
	return nil
}

// Replaced reports whether a cookie with a dead token has another by now: then it is
// not to be cleared.
func (s *Service) Replaced(ctx context.Context, token string) (bool, error) {
	if len(token) != tokenLength {
		return false, nil
	}
	return s.client.FormerToken.Query().Where(formertoken.TokenHash(hashToken(token)), formertoken.CreatedAtGT(instant.Now().Add(-FormerGrace))).Exist(ctx)
}
