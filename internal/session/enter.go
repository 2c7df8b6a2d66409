package session

import (
	"context"
	"time"

	"tenantry/ent"
	"tenantry/internal/access"
	"tenantry/internal/fault"
)

// Enter signs a person in who comes from the provider with the key, which counts as
// the first factor: half, if the person has a second one. The session is as fresh a
// proof as the person gave the provider: at provedAt, or none if that is zero. The
// caller has locked u in the transaction, and calls Become after the commit.
// Refusals: INVALID_CREDENTIALS for somebody who was disabled.
func (s *Service) Enter(ctx context.Context, tx *ent.Tx, by *access.Actor, u *ent.User, d Delivery, provider string, provedAt time.Time) (*Started, error) {
	if u.DisabledAt != nil {
		return nil, fault.New(fault.InvalidCredentials, "You cannot sign in at the moment. Ask those who run this portal.")
	}
	st, err := s.Begin(ctx, tx, by, u, d)
	if err != nil {
		return nil, err
	}
	st.Provider = provider
	if st.Session.Pending {
		return st, nil // begun, and told of, by the second factor
	}
	now := st.Session.ProvedAt
	if oldest := now.Add(-ProofAge); provedAt.Before(oldest) {
		provedAt = oldest
	}
	if provedAt.Before(now) {
		if st.Session, err = tx.Session.UpdateOne(st.Session).SetProvedAt(provedAt).Save(ctx); err != nil {
			return nil, err
		}
	}
	return st, s.started(ctx, tx, by, st, "")
}

// EndOthers ends every session of the actor but this one, in the transaction, and
// kills links to a new password; it returns how many sessions that were. The caller
// has locked the user.
func (s *Service) EndOthers(ctx context.Context, tx *ent.Tx, by *access.Actor, u *ent.User) (int, error) {
	if err := endResets(ctx, tx, u); err != nil {
		return 0, err
	}
	return s.endOthers(ctx, tx, by, 0)
}

// Rotate gives the actor's session a new token, in the transaction of a change of how
// they sign in; it is no new proof. The caller has locked the user, and takes the
// session for the actor's after the commit. Refusals: UNAUTHENTICATED, CONFLICT.
func (s *Service) Rotate(ctx context.Context, tx *ent.Tx, by *access.Actor) (*Started, error) {
	return rotate(ctx, tx, by, by.Session.ProvedAt)
}

// SignUpBy returns who may become a user: "open", "invited" or "closed".
func (s *Service) SignUpBy() string { return s.config.SignUp }
