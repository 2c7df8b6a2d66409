package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"entgo.io/ent/dialect/sql"

	"tenantry/ent"
	entaccount "tenantry/ent/account"
	entcontact "tenantry/ent/contact"
	"tenantry/ent/event"
	entinvitation "tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	entnotification "tenantry/ent/notification"
	entrole "tenantry/ent/role"
	"tenantry/ent/user"
	"tenantry/internal/db"
	"tenantry/internal/instant"
)

// scene is a moment of the story: what is written between its beginning and the
// next scene's is said to have happened at When.
type scene struct {
	began, when time.Time
	// told says that mail about it is sent now; of other scenes it was sent then.
	told bool
}

// at begins a scene at an hour and a minute, UTC, of a day in the past.
func (s *story) at(daysAgo, hour, minute int) {
	day := s.now().AddDate(0, 0, -daysAgo)
	s.begin(scene{when: time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, time.UTC)})
}

// ago begins a scene of today, of which mail is sent.
func (s *story) ago(minutes int) {
	s.begin(scene{when: s.now().Add(-time.Duration(minutes) * time.Minute), told: true})
}

// now returns the end of the story, which is when it began to be told.
func (s *story) now() time.Time {
	if len(s.scenes) == 0 {
		return instant.Now()
	}
	return s.scenes[0].began
}

// begin waits for the next millisecond: ids sort by milliseconds, and the ids of
// one scene come after those of the scene before.
func (s *story) begin(c scene) {
	time.Sleep(time.Until(time.Now().Truncate(time.Millisecond).Add(time.Millisecond)))
	c.began = instant.Now()
	s.scenes = append(s.scenes, c)
}

// backdate moves everything that was written to when it is said to have
// happened, before anything of it is sealed or mailed.
func (s *story) backdate(ctx context.Context) error {
	return db.InTx0(ctx, s.Client, func(tx *ent.Tx) error {
		for _, c := range s.scenes {
			if !c.told {
				continue
			}
			if err := tx.Event.Update().Where(event.CreatedAtGTE(s.scenes[0].began), event.CreatedAtLT(c.began)).
				SetHandled(true).Exec(ctx); err != nil {
				return err
			}
			break
		}
		if err := s.renew(ctx, tx); err != nil {
			return fmt.Errorf("invitations: %w", err)
		}
		return errors.Join(
			tx.User.Update().Modify(s.move(user.FieldCreatedAt, user.FieldPasswordChangedAt)).Exec(ctx),
			tx.Account.Update().Modify(s.move(entaccount.FieldCreatedAt)).Exec(ctx),
			tx.Membership.Update().Modify(s.move(entmembership.FieldCreatedAt, entmembership.FieldDeactivatedAt)).Exec(ctx),
			tx.Role.Update().Modify(s.move(entrole.FieldCreatedAt)).Exec(ctx),
			tx.Invitation.Update().Modify(s.move(entinvitation.FieldCreatedAt, entinvitation.FieldSentAt, entinvitation.FieldEndedAt)).Exec(ctx),
			tx.Contact.Update().Modify(s.move(entcontact.FieldCreatedAt, entcontact.FieldUpdatedAt)).Exec(ctx),
			tx.Notification.Update().Modify(s.move(entnotification.FieldCreatedAt)).Exec(ctx),
			tx.Event.Update().Modify(s.move(event.FieldCreatedAt)).Exec(ctx),
		)
	})
}

// move sets columns of every row that the story wrote to the time of its scene.
func (s *story) move(columns ...string) func(*sql.UpdateBuilder) {
	return func(u *sql.UpdateBuilder) {
		for _, column := range columns {
			u.Set(column, sql.ExprFunc(func(b *sql.Builder) {
				b.WriteString("CASE")
				for i := len(s.scenes) - 1; i >= 0; i-- {
					b.WriteString(" WHEN ").Ident(column).WriteString(" >= ").Arg(s.scenes[i].began).WriteString(" THEN ").Arg(s.scenes[i].when)
				}
				b.WriteString(" ELSE ").Ident(column).WriteString(" END")
			}))
		}
	}
}

// then returns when something that was written at t is said to have happened.
func (s *story) then(t time.Time) time.Time {
	for i := len(s.scenes) - 1; i >= 0; i-- {
		if !t.Before(s.scenes[i].began) {
			return s.scenes[i].when
		}
	}
	return t
}

// renew gives invitations the expiry that they would have had, and says the same
// in the history.
func (s *story) renew(ctx context.Context, tx *ent.Tx) error {
	rows, err := tx.Invitation.Query().All(ctx)
	if err != nil {
		return err
	}
	for _, i := range rows {
		expires := instant.Second(s.then(i.SentAt).Add(i.ExpiresAt.Sub(i.SentAt)))
		if err := tx.Invitation.UpdateOne(i).SetExpiresAt(expires).Exec(ctx); err != nil {
			return err
		}
		sent, err := tx.Event.Query().Where(event.TargetID(i.ID), event.Action("invitation.sent")).Only(ctx)
		if err != nil {
			return err
		}
		was, is := text(i.ExpiresAt), text(expires)
		if err := tx.Event.Update().Where(event.ID(sent.ID)).Modify(func(u *sql.UpdateBuilder) {
			u.Set(event.FieldAfter, strings.Replace(sent.After, was, is, 1))
		}).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// text returns an instant as the details of an event hold it.
func text(t time.Time) string {
	b, err := json.Marshal(t.UTC())
	if err != nil {
		panic(err) // only a year beyond 9999 is refused
	}
	return string(b)
}
