package graph

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tenantry/graph/generated"
	"tenantry/graph/limit"
	"tenantry/graph/transport"
	"tenantry/internal/access"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/session"
	"tenantry/internal/token"
)

// Options says how the API is served.
type Options struct {
	// Transport has the limits of the wire.
	Transport transport.Options
	// Address returns where a request comes from, or "".
	Address func(context.Context) string
	// Closed keeps introspection from those who are not signed in.
	Closed bool
	// Generated answers with the generated executor alone and reads every column,
	// whatever is asked for: to measure and to compare with.
	Generated bool
}

// secrets are the fields that check a secret: one of them in an operation, once.
var secrets = []string{"signIn", "completeSignUp", "reauthenticate", "changePassword", "resetPassword",
	"acceptInvitation", "declineInvitation", "reportInvitation", "invitation", "introspectSession"}

// costs are the fields that read many rows to answer: every contact of an
// account, or a stretch of its history.
var costs = map[string]int{"Account.notificationCoverage": 500, "Account.recipients": 500, "Account.contacts": 50, "Membership.unread": 10}

// lists are the lists that can be long and are no pages.
var lists = map[string]int{"PermissionDifference.newlyReachable": 100, "PermissionDifference.noLongerReachable": 100,
	"Account.notificationCoverage": 12, "CategoryCoverage.recipients": 25, "Viewer.invitations": 25, "Viewer.sessions": 25}

// Schema returns the executable schema of the resolver.
func Schema(r *Resolver) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{Resolvers: r})
}

// Handler serves the API.
func Handler(r *Resolver, o Options) *handler.Server {
	schema := Schema(r)
	writer := generated.Straight(schema)
	if !o.Generated {
		schema = writer.Around(schema, secrets)
	}
	srv := transport.New(schema, o.Transport)
	rules := limit.Defaults()
	rules.Secrets, rules.Costs, rules.Lists = secrets, costs, lists
	limit.Install(srv, rules)
	srv.Use(identify{r, o.Address, o.Generated})
	srv.Use(limit.Introspection(func(ctx context.Context) bool {
		return o.Closed && actorOf(ctx).Kind == access.Nobody
	}))
	srv.AroundOperations(func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		return next(access.With(ctx, actorOf(ctx)))
	})
	if !o.Generated {
		srv.Use(writer)
	}
	srv.SetErrorPresenter(limit.Silent(present))
	srv.SetRecoverFunc(recovered)
	return srv
}

// Credential is what a request presents: a token, and in which way.
type Credential struct {
	Token  string
	Bearer bool
}

type credentialKey struct{}

// WithCredential returns a context that carries what the request presented.
func WithCredential(ctx context.Context, c Credential) context.Context {
	return context.WithValue(ctx, credentialKey{}, c)
}

// CredentialOf returns what the request presented, or the zero value.
func CredentialOf(ctx context.Context) Credential {
	c, _ := ctx.Value(credentialKey{}).(Credential)
	return c
}

// Identify returns whose credential it is: a person's session, with their standing
// in the accounts that the operation is about, or an operator's token. Refusals:
// UNAUTHENTICATED.
func (r *Resolver) Identify(ctx context.Context, c Credential, at session.Places, address, agent string) (*access.Actor, error) {
	if c.Bearer && token.Is(c.Token) {
		return r.Tokens.Authenticate(ctx, c.Token, address, agent)
	}
	return r.Sessions.Authenticate(ctx, c.Token, c.Bearer, at, address, agent)
}

// actorKey is where an operation keeps who asks.
const actorKey = "tenantry.actor"

func actorOf(ctx context.Context) *access.Actor {
	a, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(actorKey).(*access.Actor)
	if !ok {
		return &access.Actor{}
	}
	return a
}

// identify finds out who asks, after the document is parsed and admitted, so
// that the accounts it names are read together with the session. It runs for
// every operation of a socket too.
type identify struct {
	r       *Resolver
	address func(context.Context) string
	whole   bool // everything is read, whatever is asked for
}

// ExtensionName implements graphql.HandlerExtension.
func (identify) ExtensionName() string { return "Identify" }

// Validate implements graphql.HandlerExtension.
func (identify) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext implements graphql.OperationContextMutator. A dead
// bearer token ends the request, which the transport answers with 401; a dead
// cookie is cleared, and the request goes on as nobody.
func (i identify) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if !i.whole {
		op.Stats.SetExtension(askedKey, asked(op))
	}
	by := &access.Actor{Address: i.address(ctx), Agent: clip(op.Headers.Get("User-Agent"), 300)}
	if c, ok := ctx.Value(credentialKey{}).(Credential); ok && c.Token != "" {
		known, err := i.r.Identify(ctx, c, places(op), by.Address, by.Agent)
		switch {
		case err == nil:
			by = known
		case !fault.Has(err, fault.Unauthenticated):
			e := present(ctx, err)
			e.Path, e.Locations = nil, nil
			return e
		case c.Bearer:
			return transport.Refusal(fault.All(err)[0])
		default:
			if err := i.r.ClearCookie(ctx); err != nil {
				slog.WarnContext(ctx, "a dead cookie could not be cleared", "err", err)
			}
		}
	}
	op.Stats.SetExtension(actorKey, by)
	return nil
}

// clip cuts a header to what is kept of it, as valid text.
func clip(s string, most int) string {
	if len(s) > most {
		s = s[:most]
	}
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}

// asked are the names of the fields that a document asks for anywhere: what a
// list may as well read with its rows.
func asked(op *graphql.OperationContext) map[string]bool {
	out := map[string]bool{}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				out[s.Name] = true
				walk(s.SelectionSet)
			case *ast.InlineFragment:
				walk(s.SelectionSet)
			}
		}
	}
	if op.Operation != nil {
		walk(op.Operation.SelectionSet)
		for _, f := range op.Doc.Fragments {
			walk(f.SelectionSet)
		}
	}
	return out
}

// askedKey is where an operation keeps what it asks for.
const askedKey = "tenantry.asked"

// askedOf returns the names of all fields of the operation.
func askedOf(ctx context.Context) map[string]bool {
	m, _ := graphql.GetOperationContext(ctx).Stats.GetExtension(askedKey).(map[string]bool)
	return m
}

// breadth returns how much has to be read of accounts and memberships beside what is
// judged by.
func breadth(op *graphql.OperationContext, asked map[string]bool) access.Breadth {
	switch {
	case asked == nil || asked["profile"]:
		return access.Whole
	case op.Operation.Operation == ast.Query && !slices.ContainsFunc(shownOnly, func(f string) bool { return asked[f] }):
		return access.Lean
	}
	return access.Core
}

// shownOnly are the fields that show what access.Lean leaves out.
var shownOnly = []string{"createdAt", "suspendedReason", "closedAt", "externalId", "deactivatedAt", "unread", "version", "locale", "defaultAccount"}

// places returns the accounts that an operation is about: those that it names, at
// most 50, in its variables and in its text, and the active one where it asks for
// that.
func places(op *graphql.OperationContext) session.Places {
	if op.Operation == nil {
		return session.Places{}
	}
	fields, _ := op.Stats.GetExtension(askedKey).(map[string]bool)
	at := session.Places{Active: fields == nil || fields["activeAccount"], Breadth: breadth(op, fields)}
	add := func(s string) {
		if len(at.Named) < 50 && id.Is(id.Account, s) && !slices.Contains(at.Named, s) {
			at.Named = append(at.Named, s)
		}
	}
	var values func(v any)
	values = func(v any) {
		switch v := v.(type) {
		case string:
			add(v)
		case []any:
			for _, e := range v {
				values(e)
			}
		case map[string]any:
			for _, e := range v {
				values(e)
			}
		}
	}
	values(op.Variables)
	var literals func(v *ast.Value)
	literals = func(v *ast.Value) {
		if v == nil {
			return
		}
		if v.Kind == ast.StringValue || v.Kind == ast.BlockValue {
			add(v.Raw)
		}
		for _, c := range v.Children {
			literals(c.Value)
		}
	}
	var walk func(ast.SelectionSet)
	walk = func(set ast.SelectionSet) {
		for _, s := range set {
			switch s := s.(type) {
			case *ast.Field:
				for _, a := range s.Arguments {
					literals(a.Value)
				}
				walk(s.SelectionSet)
			case *ast.InlineFragment:
				walk(s.SelectionSet)
			}
		}
	}
	walk(op.Operation.SelectionSet)
	for _, f := range op.Doc.Fragments {
		walk(f.SelectionSet)
	}
	return at
}
