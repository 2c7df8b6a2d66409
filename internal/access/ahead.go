package access

import (
	"slices"

	"tenantry/ent/membership"
	"tenantry/internal/db"
	"tenantry/internal/page"
)

// admitted is where PostgreSQL keeps, until a trip is over, in which accounts a token is
// that of an active member whose session lasts.
const admitted = "'tenantry.admitted'"

// AdmitText is a column for a statement that reads a session as s, good at its second
// argument, with what AroundText reads: it notes, for what travels behind it, the account
// of the row. It leaves out what only the gate judges, and those who reach a sub-account
// through its parent. An account of others and one that does not exist are found out by
// the same steps.
var AdmitText = ", set_config(" + admitted + ", concat(current_setting(" + admitted + ", true), ' ', " +
	"CASE WHEN NOT s.pending AND s.expires_at > $2 AND " + StateText(membership.StateACTIVE, "m", "$2") + " THEN a.id END), true)"

// guard is true of an account that was noted. No id of an account is part of another.
const guard = "strpos(current_setting(" + admitted + ", true), $1) > 0"

// Guarded is the reading of a page for whoever a session belongs to, in one trip with
// the statement that reads the session and has AdmitText. It finds rows for members
// only, and none for them is shown unless the gate, which judges what is read with the
// session, lets it.
func Guarded(p page.Ahead) db.Reading { return p.Page.Guarded(guard) }

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
