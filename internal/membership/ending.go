package membership

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/membership"
	"tenantry/internal/access"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/permission"
)

const (
	// NoticeBefore is how long before their access ends people are told of it.
	NoticeBefore = 3 * 24 * time.Hour
	// MaxAccess is how far ahead the end of an access may lie.
	MaxAccess = 10 * 366 * 24 * time.Hour
)

// End is until when an access lasts: At is nil for one without an end.
type End struct{ At *time.Time }

// Check refuses an end that is no end, on the field accessEndsAt, and makes it as
// precise as it is kept. Refusals: BAD_INPUT.
func (e *End) Check() error {
	if e == nil || e.At == nil {
		return nil
	}
	at, now := e.At.UTC().Truncate(time.Microsecond), instant.Now()
	switch {
	case !at.After(now):
		return fault.On("accessEndsAt", fault.BadInput, "This is in the past.")
	case at.After(now.Add(MaxAccess)):
		return fault.On("accessEndsAt", fault.BadInput, "An access ends within ten years, or not at all.")
	}
	e.At = &at
	return nil
}

// after returns the end that a member has who is reactivated. An end that has passed
// has to be replaced in so many words: nobody gives an access without an end by leaving
// something out.
func (e *End) after(m *ent.Membership) (*time.Time, error) {
	switch {
	case e != nil:
		err := e.Check()
		return e.At, err
	case m.AccessEndsAt == nil || m.AccessEndsAt.After(instant.Now()):
		return m.AccessEndsAt, nil
	}
	return nil, fault.On("accessEndsAt", fault.BadInput, "Their access ended on %s. Say until when it is to last now, or null for no end.",
		m.AccessEndsAt.UTC().Format("2 January 2006"))
}

// told is an end as the history keeps it.
func told(at *time.Time) map[string]any {
	if at == nil {
		return map[string]any{"accessEndsAt": nil}
	}
	return map[string]any{"accessEndsAt": at.UTC()}
}

// later reports whether an access that ends at one instant lasts longer than one that
// ends at another; nil is never.
func later(at, than *time.Time) bool {
	return than != nil && (at == nil || at.After(*than))
}

// AccessEnd is until when a member's access is to last.
type AccessEnd struct {
	MembershipID string
	// Version is the one that was read.
	Version int
	// End is what it was said to be. Nil is refused.
	End *End
}

// SetAccessEnd says when the access of a member ends, who reads as deactivated from
// then on. To end it earlier takes only the permission; to let it last longer, or for
// good, is giving what they have anew, which the actor must be able to. Refusals:
// NOT_FOUND, FORBIDDEN, BAD_INPUT, CONFLICT, OWNER_PROTECTED, CANNOT_EDIT_SELF,
// PERMISSION_OUT_OF_REACH, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) SetAccessEnd(ctx context.Context, by *access.Actor, e AccessEnd) (*ent.Membership, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Membership, error) {
		st, m, err := s.target(ctx, tx, by, e.MembershipID, s.gate.Narrow)
		if err != nil {
			return nil, err
		}
		if err := spare(by, st, m); err != nil {
			return nil, err
		}
		if e.End == nil {
			return nil, fault.On("accessEndsAt", fault.BadInput, "Say when the access ends, or null for no end.")
		}
		if err := e.End.Check(); err != nil {
			return nil, err
		}
		at := e.End.At
		if !access.Active(m) {
			return nil, fault.New(fault.Conflict, "%s is deactivated. Reactivate them, and say until when it is to last.", m.Edges.User.Name)
		}
		if m.Version != e.Version {
			return nil, fault.On("version", fault.Conflict, "Somebody changed this member meanwhile. Read again and repeat.")
		}
		if later(at, m.AccessEndsAt) {
			if err := s.prolong(ctx, tx, st, m); err != nil {
				return nil, err
			}
		}
		before, after := event.Changed(told(m.AccessEndsAt), told(at))
		if same(m.AccessEndsAt, at) {
			return m, nil
		}
		if err := access.MembersChanged(ctx, tx, m.AccountID); err != nil {
			return nil, err
		}
		return s.ending(ctx, tx, by, st, tx.Membership.UpdateOne(m).AddVersion(1), m, at, event.Entry{AccountID: m.AccountID,
			Action: "member.access_end_set", Target: m.ID, TargetName: m.Edges.User.Name, Before: before, After: after})
	})
}

func same(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}

// prolong asks whether the actor may give a member all that they have for longer. A
// suspended account admits taking away only.
func (s *Service) prolong(ctx context.Context, tx *ent.Tx, st *access.Standing, m *ent.Membership) error {
	if err := st.NeedOpen(); err != nil {
		return err
	}
	roles, err := s.gate.RolesTx(ctx, tx, st.Account)
	if err != nil {
		return err
	}
	return s.gate.Delegate(ctx, tx, st, permission.Reach{}, s.gate.Catalogue().Reach(st.Account.ID, access.GrantOf(m, roles)))
}

// ending completes a change of a membership with its end, and tells of both. An end
// that is near is told of at once: what would be sent before it is late already.
func (s *Service) ending(ctx context.Context, tx *ent.Tx, by *access.Actor, st *access.Standing, q *ent.MembershipUpdateOne, m *ent.Membership, at *time.Time, entry event.Entry) (*ent.Membership, error) {
	who, entries := m.Edges.User, []event.Entry{entry}
	now := instant.Now()
	switch {
	case same(m.AccessEndsAt, at):
	case at == nil:
		q.ClearAccessEndsAt().ClearAccessEndSetByID().ClearAccessEndNoticedAt()
	case at.After(now.Add(NoticeBefore)):
		q.SetAccessEndsAt(*at).SetAccessEndSetByID(by.BehindID()).ClearAccessEndNoticedAt()
	default:
		q.SetAccessEndsAt(*at).SetAccessEndSetByID(by.BehindID()).SetAccessEndNoticedAt(now)
		entries = append(entries, notice(m, *at))
	}
	m, err := q.Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("write the end of an access: %w", err)
	}
	m.Edges.User, m.Edges.Account = who, st.Account
	return m, event.Record(ctx, tx, by, entries...)
}

// notice is the event that people are told by of an end that is near.
func notice(m *ent.Membership, at time.Time) event.Entry {
	return event.Entry{AccountID: m.AccountID, Action: "member.access_ending", Target: m.ID, TargetName: m.Edges.User.Name, After: told(&at)}
}

// Notice records of every access that ends within NoticeBefore that it does, once for
// each end, so that mail follows.
func (s *Service) Notice(ctx context.Context) error {
	for {
		n, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (int, error) {
			now := instant.Now()
			q := tx.Membership.Query().Where(access.EndingWithin(now, now.Add(NoticeBefore)), membership.AccessEndNoticedAtIsNil(),
				membership.HasAccountWith(account.StateNEQ(account.StateCLOSED))).WithUser().Order(ent.Asc(membership.FieldID)).Limit(100)
			q.Modify(access.SkipLocked)
			due, err := q.All(ctx)
			if err != nil || len(due) == 0 {
				return 0, err
			}
			var ids []string
			var entries []event.Entry
			for _, m := range due {
				ids = append(ids, m.ID)
				entries = append(entries, notice(m, *m.AccessEndsAt))
			}
			if err := tx.Membership.Update().Where(membership.IDIn(ids...)).SetAccessEndNoticedAt(now).Exec(ctx); err != nil {
				return 0, err
			}
			return len(due), event.Record(ctx, tx, access.Rule(), entries...)
		})
		if err != nil {
			return fmt.Errorf("tell of accesses that end: %w", err)
		}
		if n < 100 {
			return nil
		}
	}
}

// EndAccess writes down what has happened by itself: that the access of members has
// ended, once each. They were kept out from that moment on; what they held beside the
// membership goes now.
func (s *Service) EndAccess(ctx context.Context) error {
	var failed []error
	for after := ""; ; {
		due, err := s.client.Membership.Query().Where(access.Due(instant.Now()), membership.IDGT(after)).Order(ent.Asc(membership.FieldID)).Limit(100).
			Select(membership.FieldID, membership.FieldAccountID).All(ctx)
		if err != nil {
			return fmt.Errorf("read accesses that ended: %w", err)
		}
		for _, m := range due {
			after = m.ID
			if err := s.endOne(ctx, m); err != nil {
				failed = append(failed, fmt.Errorf("end the access of %s: %w", m.ID, err))
			}
		}
		if len(due) < 100 {
			return errors.Join(failed...)
		}
	}
}

func (s *Service) endOne(ctx context.Context, seen *ent.Membership) error {
	return db.InTx0(ctx, s.client, func(tx *ent.Tx) error {
		if _, err := s.gate.LockAccounts(ctx, tx, seen.AccountID); err != nil {
			return err
		}
		// Again under the lock: somebody may have set another end, or been here before.
		m, err := tx.Membership.Query().Where(membership.ID(seen.ID)).WithUser().Only(ctx)
		if ent.IsNotFound(err) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = s.end(ctx, tx, m)
		return err
	})
}

// end writes down that an access has ended, in a transaction that has locked the
// account, and returns the membership as it is then. It does nothing where that is
// written down already, or somebody deactivated the member before.
func (s *Service) end(ctx context.Context, tx *ent.Tx, m *ent.Membership) (*ent.Membership, error) {
	if m.AccessEnded || !access.Ended(m) {
		return m, nil
	}
	by, who := access.Rule(), m.Edges.User
	if err := s.release(ctx, tx, by, m.AccountID, m.UserID); err != nil {
		return nil, err
	}
	if err := access.MembersChanged(ctx, tx, m.AccountID); err != nil {
		return nil, err
	}
	entry := event.Entry{AccountID: m.AccountID, Action: "member.access_ended", Target: m.ID, TargetName: who.Name, After: told(m.AccessEndsAt)}
	m, err := tx.Membership.UpdateOne(m).SetState(membership.StateDEACTIVATED).SetDeactivatedAt(*m.AccessEndsAt).SetAccessEnded(true).AddVersion(1).Save(ctx)
	if err != nil {
		return nil, err
	}
	m.Edges.User = who
	return m, event.Record(ctx, tx, by, entry)
}

// Endless lets the access of whoever becomes owner of an account, and of its
// sub-accounts, have no end there, in a transaction that has locked them all.
func Endless(ctx context.Context, tx *ent.Tx, by *access.Actor, accountID, userID string) error {
	rows, err := tx.Membership.Query().Where(membership.UserID(userID), membership.AccessEndsAtGT(instant.Now()),
		membership.HasAccountWith(account.Or(account.ID(accountID), account.ParentID(accountID)))).WithUser().Order(ent.Asc(membership.FieldID)).All(ctx)
	if err != nil {
		return fmt.Errorf("read ends of an owner's access: %w", err)
	}
	var entries []event.Entry
	for _, m := range rows {
		if err := access.MembersChanged(ctx, tx, m.AccountID); err != nil {
			return err
		}
		if err := tx.Membership.UpdateOne(m).ClearAccessEndsAt().ClearAccessEndSetByID().ClearAccessEndNoticedAt().AddVersion(1).Exec(ctx); err != nil {
			return err
		}
		before, after := event.Changed(told(m.AccessEndsAt), told(nil))
		entries = append(entries, event.Entry{AccountID: m.AccountID, Action: "member.access_end_set", Target: m.ID, TargetName: m.Edges.User.Name,
			Before: before, After: after})
	}
	return event.Record(ctx, tx, by, entries...)
}
