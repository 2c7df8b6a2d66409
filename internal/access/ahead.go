package access

import (
	"slices"
	"time"

	"tenantry/ent/membership"
	"tenantry/internal/db"
	"tenantry/internal/page"
)

// guard is true of an account for whom a token hash, its second argument, belongs to,
// if their session lasts at its third, and they are an active member at its first. It leaves out what only the
// gate judges, and those who reach a sub-account through its parent: whether they do
// is more than a look-up, and who does not may not know how long it takes to find them
// out. It finds an account of others and one that does not exist by the same steps.
var guard = "EXISTS (SELECT 1 FROM memberships own WHERE own.account_id = $1 AND " + StateText(membership.StateACTIVE, "own", "?") +
	" AND own.user_id = (SELECT s.user_id FROM sessions s WHERE s.token_hash = ? AND NOT s.pending AND s.expires_at > ?))"

// Guarded is the reading of a page for whoever a session's token hash belongs to,
// before the session is read. It finds rows for members only, and none for them is
// shown unless the gate, which judges what is read with the session, lets it.
func Guarded(p page.Ahead, hash string, now time.Time) db.Reading {
	return p.Page.Guarded(guard, now, hash, now)
}

// KeepAhead has the actor, whose session they were read with, keep pages.
func (a *Actor) KeepAhead(pages []page.Ahead) { a.ahead = pages }

// Ahead returns a page that was read with the session, once, or nil. Whoever takes it
// has passed the gate for what is in it.
func (a *Actor) Ahead(k page.Key) page.Guarded {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.ahead, func(p page.Ahead) bool { return p.Key == k })
	if i < 0 {
		return nil
	}
	p := a.ahead[i].Page
	a.ahead = slices.Delete(a.ahead, i, i+1)
	return p
}
