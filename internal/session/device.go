package session

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tenantry/ent"
	"tenantry/ent/device"
	"tenantry/ent/predicate"
	"tenantry/ent/session"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
)

// A browser or an app that somebody has signed in with keeps a token of its own, by
// which it is known the next time. It lets nobody in: it keeps strangers who guess at
// the password from shutting out who comes with it, and spares them a notice.

// DeviceLifetime is how long a device is known after the last sign-in with it.
const DeviceLifetime = 365 * 24 * time.Hour

// presented returns the hashes of the device tokens that the client sent along.
func presented(by *access.Actor) []string {
	var out []string
	for t := range strings.SplitSeq(by.Device, ".") {
		if len(t) == tokenLength && len(out) < 5 {
			out = append(out, hashToken(t))
		}
	}
	return out
}

// recognised returns the device of a person that the client presents, or nil.
func recognised(ctx context.Context, q *ent.DeviceQuery, by *access.Actor, whose predicate.Device) (*ent.Device, error) {
	hashes := presented(by)
	if len(hashes) == 0 {
		return nil, nil
	}
	all, err := q.Where(device.TokenHashIn(hashes...), whose, device.LastSeenAtGT(instant.Now().Add(-DeviceLifetime))).Order(ent.Asc(device.FieldID)).Limit(1).All(ctx)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return all[0], nil
}

// remember makes the device that a session began on a known one. It gets a token if
// it has none that is good.
func (s *Started) remember(ctx context.Context, tx *ent.Tx, by *access.Actor) error {
	if known := s.Session.DeviceID; known != nil {
		n, err := tx.Device.Update().Where(device.ID(*known), device.UserID(s.User.ID)).SetLastSeenAt(instant.Now()).SetUserAgent(by.Agent).Save(ctx)
		if err != nil || n > 0 {
			return err
		}
	}
	token, hash := newToken()
	row, err := tx.Device.Create().SetUserID(s.User.ID).SetTokenHash(hash).SetUserAgent(by.Agent).Save(ctx)
	if err != nil {
		return fmt.Errorf("remember device: %w", err)
	}
	s.Device = token
	s.Session, err = tx.Session.UpdateOne(s.Session).SetDeviceID(row.ID).Save(ctx)
	return err
}

// DeviceToken returns what an app is known by, for the payload: nil for a cookie, and
// where the app keeps what it has.
func (s *Started) DeviceToken() *string {
	if s.Bearer() == nil || s.Device == "" {
		return nil
	}
	return &s.Device
}

// attempt counts a try at the password of an address before it is made, and returns
// what makes its budget whole again. A device that the person has signed in with
// before, nil for none, has a budget of its own, so that strangers cannot use it up.
// Refusals: RATE_LIMITED.
func (s *Service) attempt(ctx context.Context, by *access.Actor, a address.Address, known *ent.Device) (right func() error, err error) {
	network, rule, key := budget.PasswordByNetwork, budget.PasswordByAddress, a.Key
	if known != nil {
		network, rule, key = budget.DeviceByNetwork, budget.PasswordByDevice, known.ID
	}
	if err := s.book.Take(ctx, network, budget.Network(by.Address), 1); err != nil {
		return nil, err
	}
	return func() error { return s.book.Reset(ctx, rule, key) }, s.book.Take(ctx, rule, key, 1)
}

// forget makes devices of a person unknown, all but one, and counts them.
func forget(ctx context.Context, tx *ent.Tx, userID string, but *string) (int, error) {
	q := tx.Device.Delete().Where(device.UserID(userID))
	if but != nil {
		q.Where(device.IDNEQ(*but))
	}
	n, err := q.Exec(ctx)
	if err != nil {
		return n, fmt.Errorf("forget devices: %w", err)
	}
	return n, nil
}

// forgetElsewhere makes all devices of a person unknown but the one that the actor
// comes with.
func forgetElsewhere(ctx context.Context, tx *ent.Tx, by *access.Actor, userID string) error {
	known, err := recognised(ctx, tx.Device.Query(), by, device.UserID(userID))
	if err != nil {
		return err
	}
	var but *string
	if known != nil {
		but = &known.ID
	}
	_, err = forget(ctx, tx, userID, but)
	return err
}

// Known is a device that its person has signed in with.
type Known struct {
	*ent.Device
	// Current is whether the session of the request began on it.
	Current bool
}

// Name returns what a person calls the device.
func (k *Known) Name() string { return Device(k.UserAgent) }

// Devices returns the devices that the actor has signed in with, latest first.
func (s *Service) Devices(ctx context.Context, by *access.Actor) ([]*Known, error) {
	return s.devices(ctx, by, device.LastSeenAtGT(instant.Now().Add(-DeviceLifetime)))
}

// Device returns one of the actor's own devices. Refusals: NOT_FOUND.
func (s *Service) Device(ctx context.Context, by *access.Actor, deviceID string) (*Known, error) {
	if !id.Is(id.Device, deviceID) {
		deviceID = ""
	}
	one, err := s.devices(ctx, by, device.ID(deviceID))
	if err == nil && len(one) == 0 {
		err = fault.Missing("device")
	}
	if err != nil {
		return nil, err
	}
	return one[0], nil
}

func (s *Service) devices(ctx context.Context, by *access.Actor, which predicate.Device) ([]*Known, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	rows, err := s.client.Device.Query().Where(device.UserID(by.User.ID), which).
		Order(ent.Desc(device.FieldLastSeenAt, device.FieldID)).Limit(100).All(ctx)
	if err != nil {
		return nil, err
	}
	here, err := s.client.Session.Query().Where(session.ID(by.SessionID())).Select(session.FieldDeviceID).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return nil, err
	}
	out := make([]*Known, len(rows))
	for i, row := range rows {
		out[i] = &Known{row, here != nil && here.DeviceID != nil && *here.DeviceID == row.ID}
	}
	return out, nil
}

// Forget makes one of the actor's devices unknown. Sessions stay. Refusals: NOT_FOUND.
func (s *Service) Forget(ctx context.Context, by *access.Actor, deviceID string) (string, error) {
	if err := by.NeedPerson(); err != nil {
		return "", err
	}
	if !id.Is(id.Device, deviceID) {
		return "", fault.Missing("device")
	}
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (string, error) {
		row, err := tx.Device.Query().Where(device.ID(deviceID), device.UserID(by.User.ID)).Only(ctx)
		if ent.IsNotFound(err) {
			return "", fault.Missing("device")
		}
		if err != nil {
			return "", err
		}
		n, err := tx.Device.Delete().Where(device.ID(row.ID)).Exec(ctx)
		if err != nil {
			return "", err
		}
		if n == 0 {
			return "", fault.Missing("device") // forgotten in this moment
		}
		return row.ID, event.Record(ctx, tx, by, event.Entry{UserID: by.User.ID, Action: "device.forgotten", Target: row.ID, TargetName: Device(row.UserAgent)})
	})
}
