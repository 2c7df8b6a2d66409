package notify

import (
	"context"
	"time"

	"tenantry/ent"
	entaccount "tenantry/ent/account"
	entmembership "tenantry/ent/membership"
	entuser "tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/fault"
	"tenantry/internal/mail"
	"tenantry/internal/permission"
)

// accessEnding says who is told that an access ends soon, by a letter of their own: the
// member, and whoever set the end, if they still manage people there and did not do it
// in this moment.
func (s *Service) accessEnding(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	m, err := tx.Membership.Get(ctx, e.TargetID)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	at := afterField(e, "accessEndsAt")
	out, err := s.person(ctx, tx, m.UserID, owed{kind: kindAccessEnding, subject: m.ID, data: map[string]string{"endsAt": at}})
	if err != nil || m.AccessEndSetByID == nil || *m.AccessEndSetByID == e.ActorID || *m.AccessEndSetByID == m.UserID {
		return out, err
	}
	a, err := tx.Account.Get(ctx, m.AccountID)
	if err != nil {
		return nil, err
	}
	family := []*ent.Account{a}
	if a.ParentID != nil {
		parent, err := tx.Account.Get(ctx, *a.ParentID)
		if err != nil {
			return nil, err
		}
		family = append(family, parent)
	}
	st, err := s.gate.As(ctx, tx, *m.AccessEndSetByID, family, a.ID)
	if err != nil || !st.Can(permission.Users) {
		return out, err
	}
	setter, err := s.person(ctx, tx, *m.AccessEndSetByID, owed{kind: kindAccessEnding, subject: m.ID, data: map[string]string{"endsAt": at, "member": e.TargetName}})
	return append(out, setter...), err
}

// stillEnds returns the membership of a letter that says when its access ends, if that is
// still ahead and still so.
func (s *Service) stillEnds(ctx context.Context, membershipID, at string) (*ent.Membership, error) {
	m, err := s.client.Membership.Get(ctx, membershipID)
	if err != nil {
		return nil, gone(err, "they are no longer a member")
	}
	switch {
	case !access.Active(m):
		return nil, suppressed("they are no longer a member, or the day has come before it could be sent")
	case m.AccessEndsAt == nil || m.AccessEndsAt.UTC().Format(time.RFC3339Nano) != at:
		return nil, suppressed("their access ends at another time, or not at all")
	}
	return m, nil
}

// endingLetter tells somebody that their access ends, or one they manage.
func (s *Service) endingLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	m, err := s.stillEnds(ctx, d.SubjectID, d.Data["endsAt"])
	if err != nil {
		return nil, err
	}
	a, err := s.client.Account.Get(ctx, m.AccountID)
	if err != nil {
		return nil, err
	}
	if d.Data["member"] != "" {
		u, err := s.client.User.Query().Where(entuser.EmailKey(d.ToKey)).Only(ctx)
		if err != nil {
			return nil, gone(err, "the user is gone")
		}
		if _, err := s.gate.Require(ctx, &access.Actor{Kind: access.Person, User: u}, a.ID, permission.Users); fault.All(err) != nil {
			return nil, suppressed("they no longer manage the members of the account")
		} else if err != nil {
			return nil, err
		}
	}
	return mail.AccessEnding{Name: d.ToName, Account: a.Name, Member: d.Data["member"], EndsAt: *m.AccessEndsAt, Link: s.site.Public("/"), Reason: mail.ReasonPersonal}, nil
}

// accessEnded says who is told that an access has ended: the member, unless they were
// let in again meanwhile, or the account is closed, of which they are told.
func (s *Service) accessEnded(ctx context.Context, tx *ent.Tx, e *ent.Event) ([]owed, error) {
	at := afterField(e, "accessEndsAt")
	m, err := tx.Membership.Query().Where(entmembership.ID(e.TargetID)).WithAccount().Only(ctx)
	if ent.IsNotFound(err) {
		return nil, nil
	}
	if err != nil || !hasEnded(m, at) || m.Edges.Account.State == entaccount.StateCLOSED {
		return nil, err
	}
	return s.person(ctx, tx, m.UserID, owed{kind: kindAccessEnded, subject: m.ID, data: map[string]string{"endsAt": at}})
}

// hasEnded reports whether it is this end that keeps a member out.
func hasEnded(m *ent.Membership, at string) bool {
	return access.Ended(m) && m.AccessEndsAt.UTC().Format(time.RFC3339Nano) == at
}

// accessEndedLetter tells a member that their access has ended, if that is still so.
func (s *Service) accessEndedLetter(ctx context.Context, d *ent.Delivery) (mail.Template, error) {
	m, err := s.client.Membership.Query().Where(entmembership.ID(d.SubjectID)).WithAccount().Only(ctx)
	if err != nil {
		return nil, gone(err, "they are no longer a member")
	}
	switch {
	case !hasEnded(m, d.Data["endsAt"]):
		return nil, suppressed("they have been let in again")
	case m.Edges.Account.State == entaccount.StateCLOSED:
		return nil, suppressed("the account is closed")
	}
	return mail.AccessEnded{Name: d.ToName, Account: m.Edges.Account.Name, EndedAt: *m.AccessEndsAt}, nil
}
