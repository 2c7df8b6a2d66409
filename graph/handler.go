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

	entinvitation "tenantry/ent/invitation"
	entmembership "tenantry/ent/membership"
	"tenantry/graph/generated"
	"tenantry/graph/limit"
	"tenantry/graph/straight"
	"tenantry/graph/transport"
	"tenantry/internal/access"
	"tenantry/internal/document"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/page"
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
	// Trusted are documents that clients may name by their ids. Nil for none.
	Trusted *document.Trusted
	// Untrusted says who is answered other documents than these.
	Untrusted Untrusted
	// Shared are the documents that clients have named by themselves, on any instance.
	// Nil: each process knows its own alone.
	Shared *document.Shared
	// Generated answers with the generated executor alone and reads every column,
	// whatever is asked for: to measure and to compare with.
	Generated bool
}

// Untrusted says who is answered documents that are not trusted.
type Untrusted string

// Those who are.
const (
	// Everybody is the default.
	Everybody Untrusted = "everybody"
	// Programs are whoever presents an operator's or an API token.
	Programs Untrusted = "programs"
	// NoOne leaves introspection and the playground out, too.
	NoOne Untrusted = "nobody"
)

// free reports whether whoever presents a credential is answered documents that are not
// trusted.
func (u Untrusted) free(c Credential) bool {
	switch u {
	case NoOne:
		return false
	case Programs:
		return c.Bearer && (token.Is(c.Token) || token.IsAPI(c.Token))
	}
	return true
}

// known says which documents clients may name, and whether they may send others.
func (o *Options) known() limit.Known {
	k := limit.Known{Trusted: o.Trusted, Free: func(ctx context.Context) bool { return o.Untrusted.free(CredentialOf(ctx)) }}
	if o.Shared != nil {
		k.Find = func(ctx context.Context, hash string) (string, bool) {
			if CredentialOf(ctx).Token == "" {
				return "", false
			}
			return o.Shared.Find(ctx, hash)
		}
	}
	return k
}

// share has the documents kept that somebody known names by their hash. It is used after
// identify.
type share struct {
	shared  *document.Shared
	trusted *document.Trusted
}

// ExtensionName implements graphql.HandlerExtension.
func (share) ExtensionName() string { return "Share" }

// Validate implements graphql.HandlerExtension.
func (share) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationContext implements graphql.OperationContextMutator.
func (s share) MutateOperationContext(_ context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if hash := limit.Named(op); hash != "" && !s.trusted.Has(op.RawQuery) {
		if by, ok := op.Stats.GetExtension(actorKey).(*access.Actor); ok && by.Kind != access.Nobody {
			s.shared.Keep(by.UserID()+by.Token, hash, op.RawQuery)
		}
	}
	return nil
}

// secrets are the fields that check a secret: one of them in an operation, once.
var secrets = []string{"signIn", "completeSignUp", "reauthenticate", "verifyTwoFactor", "confirmTwoFactorSetup", "changePassword", "resetPassword", "refreshSession", "denyActivity", "confirmEmailChange", "undoEmailChange",
	"acceptInvitation", "declineInvitation", "reportInvitation", "invitation", "introspectSession", "readerPreferences", "setReaderPreferences", "verifyContact", "disownContact",
	"finishPasskeyRegistration", "finishPasskeySignIn", "finishPasskeyProof", "finishOpenIdSignIn", "linkIdentity"}

// costs are the fields that read many rows to answer: every contact of an
// account, or a stretch of its history.
var costs = map[string]int{"Account.notificationCoverage": 500, "Account.recipients": 500, "Account.contacts": 50, "Membership.unread": 10,
	"AccountPolicies.membersWithoutTwoFactor": 50, "Account.accessReview": 500}

// lists are the lists that can be long and are no pages.
var lists = map[string]int{"PermissionDifference.newlyReachable": 100, "PermissionDifference.noLongerReachable": 100,
	"Account.notificationCoverage": 12, "CategoryCoverage.recipients": 25, "Viewer.invitations": 25, "Viewer.sessions": 25, "Viewer.devices": 25, "Viewer.identities": 20}

// Schema returns the executable schema of the resolver.
func Schema(r *Resolver) graphql.ExecutableSchema {
	return generated.NewExecutableSchema(generated.Config{Resolvers: r})
}

// rulesOf are the limits of this API.
func rulesOf() limit.Rules {
	r := limit.Defaults()
	r.Secrets, r.Costs, r.Lists = secrets, costs, lists
	return r
}

// Check returns why a document would be refused, whoever sends it, or nil.
func Check(text string) error {
	return limit.Check(Schema(nil).Schema(), rulesOf(), text)
}

// Handler serves the API.
func Handler(r *Resolver, o Options) *handler.Server {
	schema := Schema(r)
	writer := generated.Straight(schema)
	if !o.Generated {
		schema = writer.Around(schema, secrets, limit.Notes)
	}
	if o.Transport.Deadline == 0 {
		o.Transport.Deadline = transport.Deadline
	}
	o.Transport.Lend = straight.Lend
	srv := transport.New(live{schema, o.Transport.Deadline}, o.Transport)
	limit.Install(srv, rulesOf(), o.known())
	srv.Use(identify{r, o.Address, o.Generated})
	if o.Shared != nil {
		srv.Use(share{o.Shared, o.Trusted})
	}
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

// Credential is what a request presents: a token, and in which way, and what a browser
// keeps of earlier sign-ins.
type Credential struct {
	Token  string
	Bearer bool
	Device string
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

// Identify returns whose credential it is: a person's session or an API token, with
// the standing in the accounts that the operation is about, or an operator's token.
// Refusals: UNAUTHENTICATED.
func (r *Resolver) Identify(ctx context.Context, c Credential, at session.Places, address, agent string) (*access.Actor, error) {
	switch {
	case c.Bearer && token.Is(c.Token):
		return r.Tokens.Authenticate(ctx, c.Token, address, agent)
	case c.Bearer && token.IsAPI(c.Token):
		return r.APITokens.Authenticate(ctx, c.Token, at, address, agent)
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
// cookie is cleared, unless it has another token by now, and the request goes on as
// nobody.
func (i identify) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if i.whole {
		op.Stats.SetExtension(wholeKey, true)
	}
	by := &access.Actor{Address: i.address(ctx), Agent: clip(op.Headers.Get("User-Agent"), 300)}
	c := CredentialOf(ctx)
	if c.Token != "" {
		known, err := i.r.Identify(ctx, c, i.r.places(op), by.Address, by.Agent)
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
			replaced, err := i.r.Sessions.Replaced(ctx, c.Token)
			if err == nil && !replaced {
				err = i.r.ClearCookie(ctx)
			}
			if err != nil {
				slog.WarnContext(ctx, "a dead cookie could not be cleared", "err", err)
			}
		}
	}
	by.Device = c.Device
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

// about is what a document says of an operation, whatever its variables are.
type about struct {
	// fields are the names of all fields that it asks for anywhere: what a list may
	// as well read with its rows.
	fields *page.Fields
	// accounts are the first that its text names, at most as many as maxNamed.
	accounts []string
	// own is the field that asks for the viewer's memberships, from the first on.
	// Nil if there is none.
	own *ast.Field
	// lists are lists of accounts that may be read ahead.
	lists []accountList
}

// aboutKey is where the notes of a document have what it says of an operation.
type aboutKey struct{ *ast.OperationDefinition }

// aboutOf reads the document once, as long as it is known.
func aboutOf(op *graphql.OperationContext) *about {
	notes := limit.Notes(op)
	if a, ok := notes.Load(aboutKey{op.Operation}); ok {
		return a.(*about)
	}
	a, fields := &about{}, map[string]bool{}
	a.read(fields, op.Operation.SelectionSet)
	for _, f := range op.Doc.Fragments {
		a.read(fields, f.SelectionSet)
	}
	a.fields = page.NewFields(fields)
	if op.Operation.Operation != ast.Mutation && op.Operation.Operation != ast.Subscription {
		if !fields["totalCount"] {
			a.own = ownOf(op.Operation.SelectionSet)
		}
		a.beneath(op.Operation.SelectionSet, nil)
	}
	notes.Store(aboutKey{op.Operation}, a)
	return a
}

// ownOf finds viewer { memberships } without a filter.
func ownOf(set ast.SelectionSet) *ast.Field {
	for _, root := range set {
		viewer, ok := root.(*ast.Field)
		if !ok || viewer.Name != "viewer" {
			continue
		}
		for _, s := range viewer.SelectionSet {
			if list, ok := s.(*ast.Field); ok && list.Name == "memberships" && list.Arguments.ForName("search") == nil &&
				list.Arguments.ForName("state") == nil && list.Arguments.ForName("after") == nil {
				return list
			}
		}
	}
	return nil
}

// ahead returns how many of the viewer's memberships are to be read with the session: a
// page and one to see whether there are more, or none.
func (a *about) ahead(op *graphql.OperationContext) int {
	if a.own == nil || whole(op) {
		return 0
	}
	if first := firstOf(a.own, op.Variables); first > 0 {
		return first + 1
	}
	return 0
}

// firstOf returns how many items of a list are asked for, or 0 if so many are refused.
func firstOf(list *ast.Field, variables map[string]any) int {
	first := 0
	switch v := argument(list, "first", variables).(type) {
	case int64:
		first = int(v)
	case int:
		first = v
	}
	if first < 1 || first > page.Max {
		return 0
	}
	return first
}

// argument returns the value of an argument, or nil.
func argument(f *ast.Field, name string, variables map[string]any) any {
	if given := f.Arguments.ForName(name); given != nil {
		if given.Value.Kind != ast.Variable {
			v, _ := given.Value.Value(variables)
			return v
		}
		if v, ok := variables[given.Value.Raw]; ok {
			return v
		}
	}
	if d := f.Definition.Arguments.ForName(name); d != nil && d.DefaultValue != nil {
		v, _ := d.DefaultValue.Value(variables)
		return v
	}
	return nil
}

// accountList is a list beneath account(id:).
type accountList struct{ account, list *ast.Field }

const maxAhead = 4 // lists that are read together with the session

// beneath finds account { memberships invitations contacts } where nothing leaves it out.
func (a *about) beneath(set ast.SelectionSet, account *ast.Field) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			merged := func(l accountList) bool { return l.list.Alias == s.Alias && l.account.Alias == account.Alias }
			switch {
			case len(s.Directives) > 0 || len(a.lists) == maxAhead:
			case account == nil && s.Name == "account":
				a.beneath(s.SelectionSet, s)
			case account != nil && slices.Contains([]string{"memberships", "invitations", "contacts"}, s.Name) && !slices.ContainsFunc(a.lists, merged):
				a.lists = append(a.lists, accountList{account, s})
			}
		case *ast.FragmentSpread:
			if len(s.Directives) == 0 {
				a.beneath(s.Definition.SelectionSet, account)
			}
		case *ast.InlineFragment:
			if len(s.Directives) == 0 {
				a.beneath(s.SelectionSet, account)
			}
		}
	}
}

// pages are the pages of accounts that are to be read with the session: those of lists
// with no other filter than a state.
func (r *Resolver) pages(op *graphql.OperationContext, a *about) (pages []page.Ahead) {
	if len(a.lists) == 0 || whole(op) || !r.Sessions.Ahead() {
		return nil
	}
	for _, l := range a.lists {
		accountID, _ := argument(l.account, "id", op.Variables).(string)
		req := page.Request{First: firstOf(l.list, op.Variables), Fields: a.fields}
		filtered := slices.ContainsFunc(l.list.Arguments, func(given *ast.Argument) bool {
			return !slices.Contains([]string{"first", "after", "state"}, given.Name) && argument(l.list, given.Name, op.Variables) != nil
		})
		if req.First == 0 || filtered || !id.Is(id.Account, accountID) {
			continue
		}
		if after, ok := argument(l.list, "after", op.Variables).(string); ok {
			if req.After, ok = r.Cursors.open(l.list.Name+":"+accountID, after); !ok {
				continue // the list refuses it
			}
		}
		state, _ := argument(l.list, "state", op.Variables).(string)
		switch l.list.Name {
		case "memberships":
			pages = append(pages, r.Members.Ahead(accountID, memberFilter(stateOf[entmembership.State](state), nil, nil, nil), req))
		case "invitations":
			pages = append(pages, r.Invites.Ahead(accountID, inviteFilter(stateOf[entinvitation.State](state), nil), req))
		case "contacts":
			pages = append(pages, r.Contacts.Ahead(accountID, contactFilter(nil, nil), req))
		}
	}
	return pages
}

// stateOf is a state that a filter names, or nil.
func stateOf[S ~string](state string) *S {
	if state == "" {
		return nil
	}
	s := S(state)
	return &s
}

func (a *about) read(fields map[string]bool, set ast.SelectionSet) {
	for _, s := range set {
		switch s := s.(type) {
		case *ast.Field:
			fields[s.Name] = true
			for _, arg := range s.Arguments {
				a.literals(arg.Value)
			}
			a.read(fields, s.SelectionSet)
		case *ast.InlineFragment:
			a.read(fields, s.SelectionSet)
		}
	}
}

func (a *about) literals(v *ast.Value) {
	if v == nil {
		return
	}
	if v.Kind == ast.StringValue || v.Kind == ast.BlockValue {
		a.accounts = named(a.accounts, v.Raw)
	}
	for _, c := range v.Children {
		a.literals(c.Value)
	}
}

// wholeKey is set for an operation that reads everything, whatever it asks for.
const wholeKey = "tenantry.whole"

func whole(op *graphql.OperationContext) bool { return op.Stats.GetExtension(wholeKey) != nil }

// askedOf returns the names of all fields of the operation, or nil if everything is to
// be read.
func askedOf(ctx context.Context) *page.Fields {
	op := graphql.GetOperationContext(ctx)
	if whole(op) {
		return nil
	}
	return aboutOf(op).fields
}

const maxNamed = 50 // accounts that are read together with the session

// named adds a text to accounts if it is another one.
func named(accounts []string, text string) []string {
	if len(accounts) < maxNamed && id.Is(id.Account, text) && !slices.Contains(accounts, text) {
		return append(accounts, text)
	}
	return accounts
}

// breadth returns how much has to be read of accounts and memberships beside what is
// judged by.
func (a *about) breadth(op *graphql.OperationContext) access.Breadth {
	switch {
	case whole(op) || a.fields.Has("profile", "policies"):
		return access.Whole
	case op.Operation.Operation == ast.Mutation || a.fields.Has(shownOnly...):
		return access.Core
	}
	return access.Lean
}

// shownOnly are the fields that show what access.Lean leaves out.
var shownOnly = []string{"createdAt", "suspendedReason", "closedAt", "externalId", "deactivatedAt", "unread", "version", "locale", "defaultAccount", "twoFactor"}

// places returns the accounts that an operation is about: those that it names, at
// most 50, in its variables and in its text, and the active one where it asks for
// that; and what is to be read of them ahead.
func (r *Resolver) places(op *graphql.OperationContext) session.Places {
	a := aboutOf(op)
	at := session.Places{Active: a.fields.Has("activeAccount"), Own: a.ahead(op), Pages: r.pages(op, a), Breadth: a.breadth(op)}
	for _, v := range op.Variables {
		at.Named = namedIn(at.Named, v)
	}
	for _, text := range a.accounts {
		at.Named = named(at.Named, text)
	}
	return at
}

// namedIn adds the accounts that a variable names.
func namedIn(accounts []string, v any) []string {
	switch v := v.(type) {
	case string:
		return named(accounts, v)
	case []any:
		for _, e := range v {
			accounts = namedIn(accounts, e)
		}
	case map[string]any:
		for _, e := range v {
			accounts = namedIn(accounts, e)
		}
	}
	return accounts
}
