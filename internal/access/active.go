package access

import (
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	"tenantry/ent/membership"
	"tenantry/ent/predicate"
	"tenantry/internal/instant"
)

// Whether a membership can be used is said here and nowhere else, in Go, as a predicate
// and as a text: what is stored as ACTIVE may have reached its end, which no job has to
// write down for it to hold.

// Active reports whether a membership can be used at this moment: nobody deactivated it,
// and its end, if it has one, has not come.
func Active(m *ent.Membership) bool {
	return m.State == membership.StateACTIVE && !reached(m)
}

func reached(m *ent.Membership) bool {
	return m.AccessEndsAt != nil && !instant.Now().Before(*m.AccessEndsAt)
}

// StateOf returns where a membership stands.
func StateOf(m *ent.Membership) membership.State {
	if Active(m) {
		return membership.StateACTIVE
	}
	return membership.StateDEACTIVATED
}

// DeactivatedAt returns since when a membership cannot be used. Nil if it can.
func DeactivatedAt(m *ent.Membership) *time.Time {
	switch {
	case Active(m):
		return nil
	case m.State == membership.StateACTIVE:
		return m.AccessEndsAt
	}
	return m.DeactivatedAt
}

// DeactivationReason is why a membership cannot be used.
type DeactivationReason string

// The reasons.
const (
	DeactivatedByHand DeactivationReason = "DEACTIVATED"
	DeactivatedByEnd  DeactivationReason = "ACCESS_ENDED"
)

// WhyDeactivated returns why a membership cannot be used. Nil if it can.
func WhyDeactivated(m *ent.Membership) *DeactivationReason {
	why := DeactivatedByHand
	switch {
	case Active(m):
		return nil
	case Ended(m):
		why = DeactivatedByEnd
	}
	return &why
}

// Ended reports whether it is the end of the access that keeps a member out, be it
// written down yet or not. One whom somebody deactivated before is kept out by that.
func Ended(m *ent.Membership) bool {
	return m.AccessEnded || m.State == membership.StateACTIVE && reached(m)
}

// ActiveMember matches memberships that can be used at this moment.
func ActiveMember() predicate.Membership { return InState(membership.StateACTIVE) }

// InState matches memberships that read so at this moment.
func InState(s membership.State) predicate.Membership {
	now := instant.Now()
	if s == membership.StateACTIVE {
		return membership.And(membership.StateEQ(membership.StateACTIVE), membership.Or(membership.AccessEndsAtIsNil(), membership.AccessEndsAtGT(now)))
	}
	return membership.Or(membership.StateEQ(membership.StateDEACTIVATED), membership.AccessEndsAtLTE(now))
}

// Due matches memberships that have reached their end, where nobody has written that
// down. It is a text, since a partial index serves no plan in which the state is an
// argument.
func Due(now time.Time) predicate.Membership {
	return membership.And(used, membership.AccessEndsAtLTE(now))
}

// EndingWithin matches memberships in use that reach their end after an instant, and no
// later than another.
func EndingWithin(after, by time.Time) predicate.Membership {
	return membership.And(used, membership.AccessEndsAtGT(after), membership.AccessEndsAtLTE(by))
}

func used(s *sql.Selector) {
	s.Where(sql.ExprP(s.C(membership.FieldAccessEndsAt) + " IS NOT NULL AND " + s.C(membership.FieldState) + " = 'ACTIVE'"))
}

// StateText is InState as a condition over a table of memberships, for the instant
// that an argument has.
func StateText(s membership.State, table, now string) string {
	if s == membership.StateACTIVE {
		return table + ".state = 'ACTIVE' AND (" + table + ".access_ends_at IS NULL OR " + table + ".access_ends_at > " + now + ")"
	}
	return "(" + table + ".state = 'DEACTIVATED' OR " + table + ".access_ends_at <= " + now + ")"
}
