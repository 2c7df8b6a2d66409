package graph

import (
	"bytes"
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"tenantry/ent"
	"tenantry/graph/transport"
	"tenantry/internal/access"
	"tenantry/internal/fault"
	"tenantry/internal/feed"
)

// live is the schema with subscriptions that read each event as whoever listens is and
// may see in that moment. gqlgen's own contexts of events do not reach what is beneath
// them, so each is given to the executor with a context of its own.
type live struct {
	graphql.ExecutableSchema
	// deadline is how long reading what is asked of one event may take.
	deadline time.Duration
}

// subscription is one that runs.
type subscription struct {
	listener *feed.Listener
	events   chan *ent.Event // for the executor: the one that is told
	field    *graphql.FieldContext
}

type subscriptionKey struct{}

// Exec implements graphql.ExecutableSchema.
func (s live) Exec(ctx context.Context) graphql.ResponseHandler {
	if graphql.GetOperationContext(ctx).Operation.Operation != ast.Subscription {
		return s.ExecutableSchema.Exec(ctx)
	}
	sub := &subscription{events: make(chan *ent.Event, 1)}
	answer := s.ExecutableSchema.Exec(context.WithValue(ctx, subscriptionKey{}, sub))
	return func(ctx context.Context) *graphql.Response {
		by, e, done, ok := sub.listener.Next(ctx)
		if !ok {
			return nil
		}
		defer done()
		sub.events <- e
		ctx, cancel := context.WithTimeout(access.With(ctx, by), s.deadline)
		defer cancel()
		field := *sub.field
		resp := answer(graphql.WithFieldContext(ctx, &field))
		if resp != nil {
			resp.Data = bytes.Clone(resp.Data) // the executor writes the next one over it
		}
		return resp
	}
}

// listen begins a subscription.
func (r *Resolver) listen(ctx context.Context, begin func(context.Context, *access.Actor, feed.Caller) (*feed.Listener, error)) (<-chan *ent.Event, error) {
	sub, ok := ctx.Value(subscriptionKey{}).(*subscription)
	if !ok {
		return nil, errors.New("a subscription outside of a stream")
	}
	by, c, op := access.From(ctx), CredentialOf(ctx), graphql.GetOperationContext(ctx)
	caller := feed.Caller{
		Kind: by.Kind, Token: c.Token,
		Identify: func(ctx context.Context, accounts ...string) (*access.Actor, error) {
			at := r.places(op)
			at.Watching = true
			for _, a := range accounts {
				at.Named = named(at.Named, a)
			}
			return r.Identify(ctx, c, at, by.Address, by.Agent)
		},
		End: func(why error) {
			if errors.Is(why, feed.ErrSlow) {
				transport.HangUp(ctx, transport.TooSlow)
				return
			}
			transport.HangUp(ctx, transport.Forbidden)
		},
	}
	l, err := begin(ctx, by, caller)
	if err != nil {
		return nil, err
	}
	sub.listener, sub.field = l, graphql.GetFieldContext(ctx)
	return sub.events, nil
}

// liveAccount returns the account that an event happened in, for whoever may look into it.
func (r *Resolver) liveAccount(ctx context.Context, by *access.Actor, e *ent.Event) (*ent.Account, error) {
	if e.AccountID == nil {
		return nil, nil
	}
	a, err := r.Accounts.Get(ctx, by, *e.AccountID)
	if fault.All(err) != nil {
		return nil, nil
	}
	return a, err
}

// liveHistory returns an event as the history has it, for whoever reads that.
func (r *Resolver) liveHistory(ctx context.Context, by *access.Actor, e *ent.Event) (*ent.Event, error) {
	if reads, err := r.Log.Readable(ctx, by, e); !reads {
		return nil, err
	}
	return e, nil
}
