package review

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"tenantry/ent"
	"tenantry/ent/account"
	entevent "tenantry/ent/event"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/permission"
)

// maxNamed is how many members, and how many contacts, the history names of those that
// were seen; the numbers and the version stand for the rest.
const maxNamed = 200

// Confirmed is a review that somebody confirmed: what they saw, and when.
type Confirmed struct {
	// Event is the event that keeps it.
	Event *ent.Event
	Seen
}

// Seen is what was confirmed, as the history keeps it.
type Seen struct {
	Version  string `json:"version"`
	Members  int    `json:"members"`
	Idle     int    `json:"idleMembers"`
	Risky    int    `json:"riskyGrants"`
	Outsider int    `json:"outsidersWithoutEnd"`
	// Contacts is nil where whoever confirmed may not see contacts, and for whoever may not.
	Contacts *int `json:"unverifiedContacts"`
}

// seen is what a review shows, in numbers.
func (r *Review) seen() Seen {
	s := Seen{Version: r.Version, Members: len(r.members)}
	for _, f := range r.members {
		for why, n := range map[Reason]*int{Idle: &s.Idle, Risky: &s.Risky, Outsider: &s.Outsider} {
			if slices.Contains(f.reasons, why) {
				*n++
			}
		}
	}
	if r.sees {
		n := len(r.contacts)
		s.Contacts = &n
	}
	return s
}

// details is what the history keeps: the numbers, and who was named.
func (r *Review) details() map[string]any {
	s, named := r.seen(), map[string][]Reason{}
	for _, f := range r.members[:min(len(r.members), maxNamed)] {
		named[f.id] = f.reasons
	}
	out := map[string]any{"version": s.Version, "members": s.Members, "idleMembers": s.Idle, "riskyGrants": s.Risky, "outsidersWithoutEnd": s.Outsider,
		"reasons": named, "domains": r.Domains}
	if r.sees {
		out["unverifiedContacts"], out["contactIds"] = *s.Contacts, append([]string{}, r.contacts[:min(len(r.contacts), maxNamed)]...)
	}
	return out
}

// Action is what the event of a confirmed review is called.
const Action = "access.reviewed"

// Confirm records that a person has seen a review and finds that those whom it names
// should have what they have. Who does it again with the same version gets what they
// confirmed then. Refusals: NOT_FOUND, FORBIDDEN, CONFLICT, ACCOUNT_CLOSED,
// ACCOUNT_SUSPENDED.
func (s *Service) Confirm(ctx context.Context, by *access.Actor, accountID, version string) (*Confirmed, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*Confirmed, error) {
		st, err := s.gate.Lock(ctx, tx, by, accountID)
		if err != nil {
			return nil, err
		}
		if err := st.Need(permission.Users); err != nil {
			return nil, err
		}
		if err := st.NeedOpen(); err != nil {
			return nil, err
		}
		roles, err := s.gate.RolesTx(ctx, tx, st.Account)
		if err != nil {
			return nil, err
		}
		r, last, err := s.read(ctx, tx, st, roles)
		if err != nil {
			return nil, err
		}
		if r.Version != version {
			found, err := find(ctx, tx.Event, last)
			if before := found[last]; err != nil || before != nil && before.Version == version && before.Event.ActorID == by.UserID() {
				return before, err
			}
			return nil, fault.On("version", fault.Conflict, "The review names others by now, or somebody confirmed it meanwhile. Read again and look at what changed.")
		}
		eventID := id.New(id.Event)
		if err := tx.Account.Update().Where(account.ID(accountID)).SetAccessReviewID(eventID).Exec(ctx); err != nil {
			return nil, fmt.Errorf("keep the review of access: %w", err)
		}
		if err := event.Record(ctx, tx, by, event.Entry{ID: eventID, AccountID: accountID, Action: Action, Target: accountID, TargetName: st.Account.Name,
			After: r.details()}); err != nil {
			return nil, err
		}
		found, err := find(ctx, tx.Event, eventID)
		return found[eventID], err
	})
}

// Last returns for each of the accounts the review of access that was confirmed last,
// with the same statements for any number: nil where none was, and where the actor has
// not users.
func (s *Service) Last(ctx context.Context, by *access.Actor, accounts []*ent.Account) ([]*Confirmed, error) {
	ids := make([]string, len(accounts))
	for i, a := range accounts {
		ids[i] = a.ID
	}
	if err := s.gate.Prepare(ctx, by, ids); err != nil {
		return nil, err
	}
	var shown []string
	contacts := map[string]bool{} // where the actor may see them
	for _, accountID := range ids {
		st, err := s.gate.Require(ctx, by, accountID, permission.Users)
		if err != nil && fault.All(err) == nil {
			return nil, err
		}
		if err == nil {
			shown, contacts[accountID] = append(shown, accountID), st.Can(permission.Contacts)
		}
	}
	out := make([]*Confirmed, len(accounts))
	if len(shown) == 0 {
		return out, nil
	}
	rows, err := s.client.Account.Query().Where(account.IDIn(shown...), account.AccessReviewIDNotNil()).Select(account.FieldID, account.FieldAccessReviewID).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the last reviews of access: %w", err)
	}
	last := map[string]string{}
	for _, a := range rows {
		last[a.ID] = *a.AccessReviewID
	}
	found, err := find(ctx, s.client.Event, slices.Collect(maps.Values(last))...)
	for i, accountID := range ids {
		if out[i] = found[last[accountID]]; out[i] != nil && !contacts[accountID] {
			out[i].Contacts = nil
		}
	}
	return out, err
}

// find reads confirmed reviews from the history, by the ids of their events.
func find(ctx context.Context, events *ent.EventClient, ids ...string) (map[string]*Confirmed, error) {
	out := map[string]*Confirmed{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := events.Query().Where(entevent.IDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read reviews of access: %w", err)
	}
	for _, e := range rows {
		c := &Confirmed{Event: e}
		if err := json.Unmarshal([]byte(e.After), &c.Seen); err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
		out[e.ID] = c
	}
	return out, nil
}
