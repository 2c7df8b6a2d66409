package account

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/instant"
	"tenantry/internal/membership"
	sessions "tenantry/internal/session"
)

// Limits of the policies of an account.
const (
	// Grace is how long members have to turn two factors on, unless the account says
	// otherwise, and MaxGrace how long at most.
	Grace    = 7 * 24 * time.Hour
	MaxGrace = 90 * 24 * time.Hour
	// OwnGrace is how long somebody with one factor leaves themselves at least.
	OwnGrace = 24 * time.Hour
	// RemindBefore is how long before the date members are told of it once more.
	RemindBefore = 3 * 24 * time.Hour
	// MaxDomains is how many domains an account may name.
	MaxDomains = 50

	// skew is how far behind ours the clock may be by which somebody says "now".
	skew = 5 * time.Minute
)

// Policies are what an account asks of those who come, and what the account above
// asks for, which holds there too.
type Policies struct {
	RequireTwoFactor bool
	// TwoFactorFrom is from when on, ParentTwoFactorFrom the parent's date. Nil for never.
	TwoFactorFrom, ParentTwoFactorFrom   *time.Time
	AllowedDomains, ParentAllowedDomains []string
	Version                              int

	standing *access.Standing
}

func policiesOf(st *access.Standing) *Policies {
	a := st.Account
	p := &Policies{RequireTwoFactor: a.TwoFactorFrom != nil, TwoFactorFrom: a.TwoFactorFrom, AllowedDomains: domains(a), ParentAllowedDomains: []string{},
		Version: a.PoliciesVersion, standing: st}
	if st.Parent != nil {
		p.ParentTwoFactorFrom, p.ParentAllowedDomains = st.Parent.TwoFactorFrom, domains(st.Parent)
	}
	return p
}

func domains(a *ent.Account) []string {
	if a.AllowedDomains == nil {
		return []string{}
	}
	return a.AllowedDomains
}

// Policies returns what an account asks of those who come, for whoever may look into
// it. Refusals: as access.Gate.Enter.
func (s *Service) Policies(ctx context.Context, by *access.Actor, accountID string) (*Policies, error) {
	st, err := s.gate.Enter(ctx, by, accountID)
	if err != nil {
		return nil, err
	}
	return policiesOf(st), nil
}

// WithoutTwoFactor counts the active members of accounts who have one factor, with one
// statement for any number: nil where the actor is neither owner nor administrator.
func (s *Service) WithoutTwoFactor(ctx context.Context, all []*Policies) ([]*int, error) {
	var ids []string
	for _, p := range all {
		if p.standing.NeedAdmin() == nil {
			ids = append(ids, p.standing.Account.ID)
		}
	}
	counts, err := membership.WithoutTwoFactor(ctx, s.client.Membership, ids)
	if err != nil {
		return nil, err
	}
	out := make([]*int, len(all))
	for i, p := range all {
		if slices.Contains(ids, p.standing.Account.ID) {
			n := counts[p.standing.Account.ID]
			out[i] = &n
		}
	}
	return out, nil
}

// PolicyUpdate is the whole of an account's policies.
type PolicyUpdate struct {
	AccountID        string
	Version          int
	RequireTwoFactor bool
	// TwoFactorFrom is from when on. Nil for the date that stands, or after Grace.
	TwoFactorFrom  *time.Time
	AllowedDomains []string
}

// UpdatePolicies replaces what an account asks of those who come; to ask for less takes
// a fresh proof. Refusals: NOT_FOUND, FORBIDDEN, CONFLICT, BAD_INPUT,
// TWO_FACTOR_REQUIRED, REAUTH_REQUIRED, ACCOUNT_CLOSED, ACCOUNT_SUSPENDED.
func (s *Service) UpdatePolicies(ctx context.Context, by *access.Actor, u PolicyUpdate) (*ent.Account, error) {
	return db.InTx(ctx, s.client, func(tx *ent.Tx) (*ent.Account, error) {
		st, err := s.gate.Lock(ctx, tx, by, u.AccountID)
		if err != nil {
			return nil, err
		}
		if err := st.NeedAdmin(); err != nil {
			return nil, err
		}
		if err := st.NeedOpen(); err != nil {
			return nil, err
		}
		a, now := st.Account, instant.Now()
		if u.Version != a.PoliciesVersion {
			return nil, fault.On("version", fault.Conflict, "Somebody changed the policies meanwhile. Read again and repeat.")
		}
		from, err := u.from(by.User, a, now)
		if err != nil {
			return nil, err
		}
		allowed, err := u.domains()
		if err != nil {
			return nil, err
		}
		before, after := event.Changed(said(a.TwoFactorFrom, domains(a)), said(from, allowed))
		if len(after) == 0 {
			return a, nil
		}
		if loosens(a, from, allowed) {
			if err := sessions.Proved(by); err != nil {
				return nil, err
			}
		}
		q := tx.Account.UpdateOne(a).SetAllowedDomains(allowed).AddPoliciesVersion(1)
		if _, moved := after["twoFactorFrom"]; moved {
			switch {
			case from == nil:
				q.ClearTwoFactorFrom().ClearTwoFactorRemindedAt()
			case from.After(now.Add(RemindBefore)):
				q.SetTwoFactorFrom(*from).ClearTwoFactorRemindedAt()
			default: // what they are told now is late enough
				q.SetTwoFactorFrom(*from).SetTwoFactorRemindedAt(now)
			}
		}
		if a, err = q.Save(ctx); err != nil {
			return nil, fmt.Errorf("write policies: %w", err)
		}
		return a, event.Record(ctx, tx, by, event.Entry{AccountID: a.ID, Action: "account.policies_changed", Target: a.ID, TargetName: a.Name,
			Before: before, After: after})
	})
}

// loosens reports whether an account would admit whom it keeps out now: without two
// factors, or for longer, or from other domains.
func loosens(a *ent.Account, from *time.Time, allowed []string) bool {
	if stands := a.TwoFactorFrom; stands != nil && (from == nil || from.After(*stands)) {
		return true
	}
	known := domains(a)
	return len(known) > 0 && (len(allowed) == 0 || slices.ContainsFunc(allowed, func(d string) bool { return !slices.Contains(known, d) }))
}

// said are policies as the history keeps them.
func said(from *time.Time, allowed []string) map[string]any {
	out := map[string]any{"twoFactorFrom": nil, "allowedDomains": allowed}
	if from != nil {
		out["twoFactorFrom"] = from.UTC()
	}
	return out
}

// from judges the date. Refusals: BAD_INPUT, TWO_FACTOR_REQUIRED.
func (u *PolicyUpdate) from(by *ent.User, a *ent.Account, now time.Time) (*time.Time, error) {
	const field = "twoFactorFrom"
	stands := a.TwoFactorFrom
	switch {
	case !u.RequireTwoFactor && u.TwoFactorFrom == nil:
		return nil, nil
	case !u.RequireTwoFactor:
		return nil, fault.On(field, fault.BadInput, "A date is for an account that requires two factors.")
	case u.TwoFactorFrom == nil && stands != nil:
		return stands, nil
	case u.TwoFactorFrom == nil:
		from := now.Add(Grace)
		return &from, nil
	}
	from := u.TwoFactorFrom.UTC().Truncate(time.Microsecond)
	if stands != nil && from.Equal(*stands) {
		return stands, nil
	}
	if from.Before(now.Add(-skew)) {
		return nil, fault.On(field, fault.BadInput, "This is in the past. Leave people time to turn two factors on, or let it begin now.")
	}
	if from.After(now.Add(MaxGrace)) {
		return nil, fault.On(field, fault.BadInput, "At most %d days from now.", int(MaxGrace/(24*time.Hour)))
	}
	if from.Before(now) {
		from = now
	}
	if by.TwoFactorAt == nil && from.Before(now.Add(OwnGrace)) {
		return nil, fault.On(field, fault.TwoFactorRequired,
			"You would lock yourself out. Turn two-factor authentication on for yourself first, or leave at least a day.")
	}
	return &from, nil
}

// domains returns the domains in the one form that addresses have. Refusals:
// BAD_INPUT.
func (u *PolicyUpdate) domains() ([]string, error) {
	if n := len(u.AllowedDomains); n > MaxDomains {
		return nil, fault.On("allowedDomains", fault.BadInput, "At most %d domains, not %d.", MaxDomains, n)
	}
	out := []string{}
	for i, typed := range u.AllowedDomains {
		domain, err := address.ParseDomain(typed)
		if err != nil {
			return nil, fault.On(fmt.Sprintf("allowedDomains.%d", i), fault.BadInput, "%s", err)
		}
		out = append(out, domain)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// RemindOfPolicies records that two factors are asked for within RemindBefore, once
// for each date, so that mail to those who have one follows.
func (s *Service) RemindOfPolicies(ctx context.Context) error {
	for {
		n, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (int, error) {
			now := instant.Now()
			q := tx.Account.Query().Where(account.TwoFactorFromGT(now), account.TwoFactorFromLTE(now.Add(RemindBefore)),
				account.TwoFactorRemindedAtIsNil(), account.StateNEQ(account.StateCLOSED)).Limit(100)
			q.Modify(access.SkipLocked)
			due, err := q.All(ctx)
			if err != nil || len(due) == 0 {
				return 0, err
			}
			var ids []string
			var entries []event.Entry
			for _, a := range due {
				ids = append(ids, a.ID)
				entries = append(entries, event.Entry{AccountID: a.ID, Action: "account.policies_reminded", Target: a.ID, TargetName: a.Name,
					After: map[string]any{"twoFactorFrom": a.TwoFactorFrom.UTC()}})
			}
			if err := tx.Account.Update().Where(account.IDIn(ids...)).SetTwoFactorRemindedAt(now).Exec(ctx); err != nil {
				return 0, err
			}
			return len(due), event.Record(ctx, tx, access.Rule(), entries...)
		})
		if err != nil || n < 100 {
			return err
		}
	}
}
