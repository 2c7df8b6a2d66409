package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"time"

	"tenantry/graph"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/bounce"
	"tenantry/internal/budget"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/demo"
	"tenantry/internal/document"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/feed"
	"tenantry/internal/invite"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/membership"
	"tenantry/internal/notify"
	"tenantry/internal/once"
	"tenantry/internal/openid"
	"tenantry/internal/passkey"
	"tenantry/internal/password"
	"tenantry/internal/permission"
	"tenantry/internal/person"
	"tenantry/internal/review"
	"tenantry/internal/role"
	"tenantry/internal/seal"
	"tenantry/internal/session"
	"tenantry/internal/token"
	"tenantry/internal/web"
	"tenantry/internal/webhook"
	"tenantry/internal/yield"
)

// Parts is what the rooms are wired from.
type Parts struct {
	DB   *db.DB
	Keys *link.Keyring
	// Seals encrypts what is stored and has to be read again.
	Seals     *seal.Keyset
	Catalogue *permission.Catalogue
	Brand     mail.Brand
	Sender    mail.Sender
	// Public is the address that links begin with.
	Public string
	// Hashing is the cost of passwords; the zero value is production's.
	Hashing password.Params
	// Hashes is how many passwords are hashed at once; zero is one less than there are
	// cores, so that one stays for everybody else (decision 0035).
	Hashes        int
	SessionConfig session.Config
	InviteConfig  invite.Config
	OpenIDConfig  openid.Config
	// Webhooks says where calls of webhooks go.
	Webhooks webhook.Config
	// Pace is how much leaves in a second of what many get.
	Pace notify.Pace
	// Kept is how long notifications and deliveries are kept; zero is notify.Kept.
	Kept time.Duration
	// PasskeyApps are the origins of apps that passkeys are used by, beside the portal's pages.
	PasskeyApps []string
	// NoReminders leaves out the mail on the day before an invitation lapses.
	NoReminders bool
}

// App is the whole program but its listeners.
type App struct {
	Parts
	Gate       *access.Gate
	Book       *budget.Book
	Hasher     *password.Hasher
	Site       *link.Site
	Sessions   *session.Service
	Accounts   *account.Service
	Members    *membership.Service
	Roles      *role.Service
	Invites    *invite.Service
	Contacts   *contact.Service
	Tokens     *token.Operators
	APITokens  *token.API
	OpenID     *openid.Service
	People     *person.Service
	Notify     *notify.Service
	Webhooks   *webhook.Service
	Reviews    *review.Service
	Bounces    *bounce.Service
	Documents  *document.Shared
	Dispatcher *event.Dispatcher
	Feed       *feed.Hub
	Resolver   *graph.Resolver
	// Requests are what is being answered.
	Requests yield.Requests

	sockets sockets
}

// Wire makes the program of its parts.
func Wire(p Parts) *App {
	if p.Hashing == (password.Params{}) {
		p.Hashing = password.Defaults()
	}
	a := &App{Parts: p}
	client := p.DB.Client
	a.Gate = access.NewGate(p.DB, p.Catalogue)
	a.Book = budget.New(client, p.Keys.Derive("budget"))
	a.Site = link.NewSite(p.Public, p.Keys)
	if p.Hashes == 0 {
		p.Hashes = max(1, runtime.GOMAXPROCS(0)-1)
	}
	a.Hasher = password.New(p.Hashing, p.Hashes)
	if party, err := passkey.NewParty(p.Public, p.Brand.Name, p.PasskeyApps...); err == nil {
		p.SessionConfig.Passkeys = party
	}
	p.SessionConfig.Issuer = p.Brand.Name
	a.Sessions = session.New(p.DB, a.Gate, a.Book, a.Hasher, p.Keys, p.Seals, p.SessionConfig)
	a.Accounts = account.New(client, a.Gate, a.Book)
	a.Sessions.OnArrival(a.Accounts.Claim)
	a.Tokens = token.New(client)
	a.APITokens = token.NewAPI(client, a.Gate)
	a.Members = membership.New(client, a.Gate)
	a.Reviews = review.New(client, a.Gate)
	a.Roles = role.New(client, a.Gate)
	a.People = person.New(client, a.Gate, a.Book, a.Members)
	a.Invites = invite.New(p.DB, a.Gate, a.Sessions, a.Book, p.Keys, a.Site, p.InviteConfig)
	a.Contacts = contact.New(client, a.Gate, a.Invites, a.Members, a.Book, p.Keys)
	a.OpenID = openid.New(client, a.Sessions, a.Book, p.Public, p.OpenIDConfig)
	a.Notify = notify.New(p.DB, a.Gate, a.Book, a.Site, p.Sender, p.Brand, p.Pace)
	a.Webhooks = webhook.New(client, a.Gate, a.Book, p.Seals, p.Webhooks)
	a.Notify.Call(a.Webhooks)
	a.Notify.Yield(&a.Requests)
	a.Bounces = bounce.New(client, a.Contacts, a.Notify.Lost)
	a.Documents = document.NewShared(client, a.Book)
	a.Dispatcher = event.NewDispatcher(p.DB, a.Notify.Handle)
	a.Feed = feed.New(p.DB, a.Gate, map[access.Kind]feed.Ends{access.Person: a.Sessions.Ends, access.Token: a.APITokens.Ends, access.Operator: a.Tokens.Ends})
	a.Dispatcher.Then(a.toldOf)
	a.Dispatcher.Yield(&a.Requests)
	a.Resolver = &graph.Resolver{
		Gate: a.Gate, Sessions: a.Sessions, Accounts: a.Accounts, Members: a.Members, Roles: a.Roles,
		Invites: a.Invites, Contacts: a.Contacts, Tokens: a.Tokens, APITokens: a.APITokens, OpenID: a.OpenID, People: a.People, Notify: a.Notify, Webhooks: a.Webhooks, Feed: a.Feed, Reviews: a.Reviews, Log: event.NewLog(p.DB, a.Gate, a.Book),
		Cursors: graph.NewCursors(p.Keys.Derive("cursor")), SetCookie: web.SetSession, ClearCookie: web.ClearSession, SetDevice: web.SetDevice,
		SetBinding: web.SetBinding, Binding: web.Binding,
	}
	return a
}

// happened is the channel on which the processes of one PostgreSQL wake each other.
const happened = "tenantry_events"

// toldOf wakes who listens to what happens, here and in other processes.
func (a *App) toldOf(ctx context.Context) {
	a.Feed.Wake()
	if err := a.DB.Notify(ctx, happened); err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "other instances are not woken; they look by themselves in a moment", "err", err)
	}
}

// Listen hears of what happened in other processes, until ctx ends.
func (a *App) Listen(ctx context.Context) { a.DB.Listen(ctx, happened, a.Feed.Wake) }

// Settle hands on and sends everything that waits: what the running program does
// by itself, at once.
func (a *App) Settle(ctx context.Context) error {
	if err := a.Dispatcher.Drain(ctx); err != nil {
		return err
	}
	return a.Notify.Drain(ctx)
}

// chore is something that the program does by itself, again and again.
type chore struct {
	what string
	do   func(context.Context) error
}

// chores are due every ten minutes, on every instance: doing one twice is doing
// it once.
func (a *App) chores() []chore {
	count := func(do func(context.Context) (int, error)) func(context.Context) error {
		return func(ctx context.Context) error { _, err := do(ctx); return err }
	}
	all := []chore{
		{"ending access", a.Members.EndAccess},
		{"telling of access that ends", a.Members.Notice},
		{"transferring ownership", a.Accounts.AdvanceTransfers},
		{"opening ordered accounts", a.Accounts.ClaimLate},
		{"forgetting sessions", count(a.Sessions.Sweep)},
		{"forgetting deleted users", a.People.Forget},
		{"forgetting budgets", count(a.Book.Sweep)},
		{"forgetting notifications", func(ctx context.Context) error { return a.Notify.Forget(ctx, cmp.Or(a.Kept, notify.Kept)) }},
		{"forgetting persisted documents", count(a.Documents.Sweep)},
		{"forgetting idempotency keys", func(ctx context.Context) error { _, err := once.Sweep(ctx, a.DB.Client); return err }},
	}
	if !a.NoReminders {
		all = append(all, chore{"reminding", a.Invites.Remind}, chore{"reminding of policies", a.Accounts.RemindOfPolicies})
	}
	return all
}

// Due does every chore at once.
func (a *App) Due(ctx context.Context) error {
	var failed []error
	for _, c := range a.chores() {
		if err := fault.Caught(func() error { return c.do(ctx) }); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", c.what, err))
		}
	}
	return errors.Join(failed...)
}

// writeSeen writes who was seen, and which tokens were used.
func (a *App) writeSeen(ctx context.Context) error {
	return errors.Join(a.Sessions.WriteSeen(ctx), a.Tokens.WriteUsed(ctx), a.APITokens.WriteUsed(ctx))
}

// housekeep does what is due, at once and then now and then, until ctx ends.
func (a *App) housekeep(ctx context.Context) {
	if err := a.Due(ctx); err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "a chore failed; it is tried again", "err", err)
	}
	seen := time.NewTicker(15 * time.Second)
	due := time.NewTicker(10 * time.Minute)
	defer seen.Stop()
	defer due.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if err := a.writeSeen(last); err != nil {
				slog.ErrorContext(ctx, "writing who was seen failed", "err", err)
			}
			return
		case <-seen.C:
			err = a.writeSeen(ctx)
		case <-due.C:
			err = a.Due(ctx)
		}
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "a chore failed; it is tried again", "err", err)
		}
	}
}

// demo returns the rooms that demo data is made with.
func (a *App) demo() demo.Rooms {
	return demo.Rooms{Client: a.DB.Client, Gate: a.Gate, Site: a.Site, Sessions: a.Sessions, Accounts: a.Accounts, Members: a.Members,
		Roles: a.Roles, Invites: a.Invites, Contacts: a.Contacts, Notify: a.Notify, Settle: a.Settle}
}
