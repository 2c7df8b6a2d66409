package access

import (
	"context"
	"fmt"
	"slices"

	"tenantry/ent"
	"tenantry/ent/account"
	"tenantry/ent/apitoken"
	"tenantry/ent/membership"
	"tenantry/ent/predicate"
	"tenantry/internal/fault"
	"tenantry/internal/permission"
)

// lent is what makes a standing a program's: the token that it presents, and what the
// person who made that is and may do in the same account.
type lent struct {
	token *ent.APIToken
	maker *Standing
}

// lend returns the standing of a program whose token was made by the person that the
// standing is about. It may do what the token was made for, in the token's account and
// the sub-accounts that it was given, as far as the maker could still give it today.
func (s *Standing) lend(t *ent.APIToken) *Standing {
	out := *s
	out.lent, out.Membership, out.Above, out.set = &lent{t, s}, nil, nil, permission.Set{}
	out.grant, out.above = permission.Grant{}, permission.Grant{}
	if out.Enter() == nil {
		holds, _ := out.lent.at(s.Account)
		out.set = holds.And(s.catalogue.Givable(s.set))
	}
	return &out
}

// reach returns every pair of account and permission that the token was made for.
func (l *lent) reach() permission.Reach {
	c, t := l.maker.catalogue, l.token
	set := c.Set(t.Permissions...)
	return c.Spread(t.AccountID, set, t.SubAccountAccess, t.SubAccountIds)
}

// at returns what the token was made for in an account, and whether it reaches it.
func (l *lent) at(a *ent.Account) (permission.Set, bool) {
	reach := l.reach()
	set, ok := reach[a.ID]
	if a.ParentID != nil && *a.ParentID == l.token.AccountID {
		all, every := reach[permission.AllSubAccounts]
		set, ok = set.Or(all), ok || every
	}
	return set, ok
}

// belongs reports whether the token reaches the account, where its maker belongs.
func (l *lent) belongs() bool {
	_, ok := l.at(l.maker.Account)
	return ok && l.maker.Belongs()
}

// reached is Standing.Reached: what the maker reaches, and of that what the token does.
func (l *lent) reached() []predicate.Account {
	out := l.maker.Reached()
	switch l.token.SubAccountAccess {
	case permission.ScopeAll:
		return out
	case permission.ScopeSelected:
		return append(out, account.IDIn(l.token.SubAccountIds...))
	}
	return append(out, account.IDIn())
}

// enter returns nil if the program may look into the account. A closed one is read by
// nobody but its owner, so not by the owner's token either.
func (l *lent) enter() error {
	switch m := l.maker; {
	case m.State() == account.StateCLOSED:
		return fault.New(fault.AccountClosed, "%s is closed.", m.Account.Name)
	case m.keptOut:
		return fault.New(fault.TwoFactorRequired, "%s asks for two factors, and whoever made this token has not turned them on.", m.Account.Name)
	default:
		return m.Enter()
	}
}

// explain says what decides about a permission: the token, if it was not made for it,
// and else what its maker may do.
func (l *lent) explain(k permission.Key) Explanation {
	c, a := l.maker.catalogue, l.maker.Account
	label, holds := c.Label(k), c.Has(first(l.at(a)), k)
	say := func(allowed bool, reason Reason, message string) Explanation {
		return Explanation{Allowed: allowed, Reason: reason, Grants: []*Source{}, Message: label + ": " + message}
	}
	switch p := c.Permission(k); {
	case l.maker.State() == account.StateCLOSED:
		return say(false, ReasonAccountClosed, "refused, since the account is closed.")
	case !holds:
		return say(false, ReasonTokenScope, "refused, since the token was not made for it.")
	case !p.TokensOnly:
		e := l.maker.Explain(k)
		e.Message += " (This is about whoever made the token, which may do no more than they.)"
		return e
	case c.Has(c.Givable(l.maker.set), k):
		return say(true, ReasonTokenScope, "allowed, since the token was made for it.")
	}
	return say(false, ReasonTokenScope, "refused, since only what an owner or administrator made holds it, and whoever made the token is neither any more.")
}

func first[A, B any](a A, _ B) A { return a }

// Programs returns, in the order of the tokens, what whoever presents each is and may do
// in its own account. The tokens have to have been read with the people who made them.
// The statements are the same for any number.
func (g *Gate) Programs(ctx context.Context, tokens []*ent.APIToken) ([]*Standing, error) {
	var places, people []string
	for _, t := range tokens {
		places, people = append(places, t.AccountID), append(people, t.CreatedByID)
	}
	out := make([]*Standing, len(tokens))
	if len(tokens) == 0 {
		return out, nil
	}
	accounts, err := g.client.Account.Query().Where(family(unique(places))).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read accounts of tokens: %w", err)
	}
	ids := make([]string, len(accounts))
	for i, a := range accounts {
		ids[i] = a.ID
	}
	all, err := g.client.Membership.Query().Where(membership.UserIDIn(unique(people)...), membership.AccountIDIn(ids...)).All(ctx)
	if err != nil {
		return nil, fmt.Errorf("read memberships of makers: %w", err)
	}
	for i, t := range tokens {
		own := slices.DeleteFunc(slices.Clone(all), func(m *ent.Membership) bool { return m.UserID != t.CreatedByID })
		theirs, err := g.assemble(ctx, g.client.Role, true, t.Edges.CreatedBy, accounts, own)
		if err != nil {
			return nil, err
		}
		for _, s := range theirs {
			if s.Account.ID == t.AccountID {
				out[i] = s.lend(t)
			}
		}
	}
	return out, nil
}

// vouch refuses a token that was revoked since the operation began. Revoking one holds
// the lock of its account and raises the version of the members there, so that mostly
// nothing has to be read.
func (g *Gate) vouch(ctx context.Context, tx *ent.Tx, t *ent.APIToken, locked []*ent.Account) error {
	at := slices.IndexFunc(locked, func(a *ent.Account) bool { return a.ID == t.AccountID })
	if at < 0 || locked[at].MembersVersion == t.Edges.Account.MembersVersion {
		return nil
	}
	there, err := tx.APIToken.Query().Where(apitoken.ID(t.ID)).Exist(ctx)
	if err == nil && !there {
		err = DeadToken()
	}
	return err
}

// DeadToken is the refusal for an API token that is none, or none any more.
func DeadToken() error {
	return fault.New(fault.Unauthenticated, "This API token is not valid, or no longer.")
}
