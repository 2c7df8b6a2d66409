// Package access knows who is asking and answers the one question: may this
// actor do this here?
package access

import (
	"context"
	"sync"

	"tenantry/ent"
)

// Kind is what kind of actor asks.
type Kind string

// The kinds of actor.
const (
	Nobody   Kind = ""
	Person   Kind = "USER"
	System   Kind = "SYSTEM"
	Operator Kind = "OPERATOR"
)

// Actor is whoever makes the request: nobody, a person with a session, Tenantry
// itself, or the company's operator on the command line. It lives as long as
// one operation and remembers what was read for it.
type Actor struct {
	Kind Kind
	// User is the person. Nil for every other kind.
	User *ent.User
	// Session is the person's session, without its secret.
	Session *ent.Session
	// Name is what the history calls an actor that is no person.
	Name string
	// Address and Agent are where the request came from, as far as it is known.
	Address, Agent string

	reading   sync.Mutex // held while standings are read, so that siblings wait for one reading
	mu        sync.Mutex
	standings map[string]*Standing // nil for an account that was looked for in vain
	privilege string
}

// Rule returns the actor for what Tenantry does by itself.
func Rule() *Actor { return &Actor{Kind: System, Name: "Tenantry"} }

// Company returns the actor for the operator of the portal.
func Company(name string) *Actor { return &Actor{Kind: Operator, Name: name} }

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
