// Package access knows who is asking and answers the one question: may this
// actor do this here?
package access

import (
	"context"
	"slices"
	"sync"

	"tenantry/ent"
	"tenantry/internal/fault"
	"tenantry/internal/page"
	"tenantry/internal/permission"
)

// Kind is what kind of actor asks.
type Kind string

// The kinds of actor.
const (
	Nobody   Kind = ""
	Person   Kind = "USER"
	Token    Kind = "TOKEN"
	System   Kind = "SYSTEM"
	Operator Kind = "OPERATOR"
)

// Actor is whoever makes the request: nobody, a person with a session, a program
// with an API token of an account, Tenantry itself, or the company's operator, by a
// token or on the command line. It lives as long as one operation and remembers what
// was read for it.
type Actor struct {
	Kind Kind
	// User is the person. Nil for every other kind.
	User *ent.User
	// Session is the person's session, without its secret.
	Session *ent.Session
	// Half is a session of somebody who has passed the first factor only. Whoever
	// has one is Nobody, and everything above is empty: it is good for the second
	// step of signing in, for signing out, and for nothing else.
	Half *Half
	// Name is what the history calls an actor that is no person.
	Name string
	// Powers are what an operator may do. Empty for every other kind.
	Powers []permission.Power
	// Token is the id of an operator's or an API token; "" for every other kind, and
	// for the operator at the command line.
	Token string
	// API is the token of a program that acts for an account, without its secret, and
	// with the person who made it. Nil for every other kind.
	API *ent.APIToken
	// Breadth is how much of accounts and memberships was read with the session.
	Breadth Breadth
	// Address and Agent are where the request came from, as far as it is known.
	Address, Agent string
	// Device is what the client keeps of earlier sign-ins, as it came and unchecked.
	Device string

	reading   sync.Mutex   // held while standings are read, so that siblings wait for one reading
	own       *Owned       // memberships that were read with the session; nil if they were not
	ahead     []page.Ahead // pages that were read with it, and that nobody has taken
	mu        sync.Mutex
	standings map[string]*Standing // nil for an account that was looked for in vain
	privilege string
}

// Half is a session that waits for the second factor, and whose it will be.
type Half struct {
	User    *ent.User
	Session *ent.Session
}

// Using returns the actor for a program that presents an API token, which has to have
// been read with the person who made it and with its account, in one statement.
func Using(t *ent.APIToken) *Actor { return &Actor{Kind: Token, Name: t.Name, Token: t.ID, API: t} }

// Rule returns the actor for what Tenantry does by itself.
func Rule() *Actor { return &Actor{Kind: System, Name: "Tenantry"} }

// Company returns the actor for the operator of the portal at the command line,
// who may do everything that an operator can.
func Company(name string) *Actor {
	return &Actor{Kind: Operator, Name: name, Powers: permission.Powers()}
}

// OnBehalf returns the actor for what follows from a request of an operator long
// after: with the token, or at the command line if its id is "".
func OnBehalf(name, tokenID string) *Actor { return &Actor{Kind: Operator, Name: name, Token: tokenID} }

// NeedPerson returns nil for a person with a session. Refusals: UNAUTHENTICATED
// for nobody, TWO_FACTOR_REQUIRED for one who has passed the first factor only,
// FORBIDDEN for an operator and for a program.
func (a *Actor) NeedPerson() error {
	switch a.Kind {
	case Person:
		return nil
	case Token:
		return fault.New(fault.Forbidden, "This is for people who are signed in; an API token cannot do it.")
	case Operator:
		return fault.New(fault.Forbidden, "This is for people who are signed in; an operator's token cannot do it.")
	}
	if a.Half != nil {
		return fault.New(fault.TwoFactorRequired, "Finish signing in with your second factor first.")
	}
	return fault.SignIn()
}

// NeedMember returns nil for whoever may hold permissions in an account: a person, or
// a program with a token of the account. Refusals: as NeedPerson for everybody else.
func (a *Actor) NeedMember() error {
	if a.Kind == Token {
		return nil
	}
	return a.NeedPerson()
}

// NeedPower returns nil for an operator with the power. Refusals:
// UNAUTHENTICATED for nobody, FORBIDDEN for others.
func (a *Actor) NeedPower(p permission.Power) error {
	switch {
	case a.Kind == Operator && slices.Contains(a.Powers, p):
		return nil
	case a.Kind == Operator:
		return fault.New(fault.Forbidden, "This operator token does not have the power %q.", p)
	case a.Kind == Nobody:
		return fault.SignIn()
	}
	return fault.New(fault.Forbidden, "Only the operator of the portal may do this.")
}

// NeedReader returns nil for whoever can read accounts at all: a person, a program
// with an API token, or an operator with the power. Refusals: UNAUTHENTICATED, FORBIDDEN.
func (a *Actor) NeedReader() error {
	if a.Kind == Operator {
		return a.NeedPower(permission.ReadAccounts)
	}
	return a.NeedMember()
}

// Behind returns the person who answers for what the actor does: who is signed in, or
// who made the API token. Nil for every other kind.
func (a *Actor) Behind() *ent.User {
	if a.API != nil {
		return a.API.Edges.CreatedBy
	}
	return a.User
}

// BehindID returns the id of that person, or "".
func (a *Actor) BehindID() string {
	if u := a.Behind(); u != nil {
		return u.ID
	}
	return ""
}

// needFor returns nil for whoever may hold the permission somewhere, or read what it
// shows. Only Notify is a power, too.
func (a *Actor) needFor(k permission.Key) error {
	if a.Kind == Operator && k == permission.Notify {
		return a.NeedPower(permission.Notify)
	}
	return a.NeedReader()
}

// needToChange returns nil for whoever may change what the permission guards.
func (a *Actor) needToChange(k permission.Key) error {
	if a.Kind == Operator && k == permission.Notify {
		return a.NeedPower(permission.Notify)
	}
	return a.NeedMember()
}

// UserID returns the person's id, or "".
func (a *Actor) UserID() string {
	if a == nil || a.User == nil {
		return ""
	}
	return a.User.ID
}

// SessionID returns the id of the person's session, or "".
func (a *Actor) SessionID() string {
	if a == nil || a.Session == nil {
		return ""
	}
	return a.Session.ID
}

// Called returns the name that the history keeps.
func (a *Actor) Called() string {
	if a.User != nil {
		return a.User.Name
	}
	return a.Name
}

// Forget drops what was read before a change, so that the rest of the request
// sees the new state.
func (a *Actor) Forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.standings)
	a.own, a.ahead = nil, nil
}

// tries notes that the actor, a member of the account, is about to change something in
// it, and forgets what was read before.
func (a *Actor) tries(accountID string) {
	a.Forget()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.privilege = accountID
}

// Tried returns the account in which the actor, a member of it, last asked to
// change something, or "".
func (a *Actor) Tried() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.privilege
}

func (a *Actor) remember(accountID string, s *Standing) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.standings == nil {
		a.standings = map[string]*Standing{}
	}
	a.standings[accountID] = s
}

// recall returns what was read about an account, and whether it was read at
// all: one that does not exist costs no more statements than a foreign one.
func (a *Actor) recall(accountID string) (s *Standing, read bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s, read = a.standings[accountID]
	return s, read
}

type actorKey struct{}

// With returns a context that carries the actor.
func With(ctx context.Context, a *Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// From returns the actor of the operation, or nobody. Only the API layer asks;
// the domain is given its actor.
func From(ctx context.Context) *Actor {
	if a, ok := ctx.Value(actorKey{}).(*Actor); ok {
		return a
	}
	return &Actor{}
}
