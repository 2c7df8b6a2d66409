package cli

import (
	"context"
	"log/slog"
	"runtime"
	"time"

	"tenantry/graph"
	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/budget"
	"tenantry/internal/contact"
	"tenantry/internal/db"
	"tenantry/internal/demo"
	"tenantry/internal/event"
	"tenantry/internal/invite"
	"tenantry/internal/link"
	"tenantry/internal/mail"
	"tenantry/internal/membership"
	"tenantry/internal/notify"
	"tenantry/internal/once"
	"tenantry/internal/password"
	"tenantry/internal/permission"
	"tenantry/internal/role"
	"tenantry/internal/session"
	"tenantry/internal/web"
)

// Parts is what the rooms are wired from.
type Parts struct {
	DB        *db.DB
	Keys      *link.Keyring
	Catalogue *permission.Catalogue
	Brand     mail.Brand
	Sender    mail.Sender
	// Public is the address that links begin with.
	Public string
	// Hashing is the cost of passwords; the zero value is production's.
	Hashing       password.Params
	SessionConfig session.Config
	InviteConfig  invite.Config
	// NoReminders leaves out the mail on the day before an invitation lapses.
	NoReminders bool
}

// App is the whole program but its listeners.
type App struct {
	Parts
	Gate       *access.Gate
	Book       *budget.Book
	Site       *link.Site
	Sessions   *session.Service
	Accounts   *account.Service
	Members    *membership.Service
	Roles      *role.Service
	Invites    *invite.Service
	Contacts   *contact.Service
	Notify     *notify.Service
	Dispatcher *event.Dispatcher
	Resolver   *graph.Resolver
}

// Wire makes the program of its parts.
func Wire(p Parts) *App {
	if p.Hashing == (password.Params{}) {
		p.Hashing = password.Defaults()
	}
	a := &App{Parts: p}
	client := p.DB.Client
	a.Gate = access.NewGate(client, p.Catalogue)
	a.Book = budget.New(client, p.DB.Dialect(), p.Keys.Derive("budget"))
	a.Site = link.NewSite(p.Public, p.Keys)
	hasher := password.New(p.Hashing, runtime.GOMAXPROCS(0))
	a.Sessions = session.New(p.DB, a.Gate, a.Book, hasher, p.Keys, p.SessionConfig)
	a.Accounts = account.New(client, a.Gate)
	a.Members = membership.New(client, a.Gate)
	a.Roles = role.New(client, a.Gate)
	a.Invites = invite.New(client, a.Gate, a.Sessions, a.Book, p.Keys, a.Site, p.InviteConfig)
	a.Contacts = contact.New(client, a.Gate, a.Invites, a.Members)
	a.Notify = notify.New(client, a.Gate, a.Site, p.Sender, p.Brand)
	a.Dispatcher = event.NewDispatcher(client, a.Notify.Handle)
	a.Resolver = &graph.Resolver{
		Gate: a.Gate, Sessions: a.Sessions, Accounts: a.Accounts, Members: a.Members, Roles: a.Roles,
		Invites: a.Invites, Contacts: a.Contacts, Log: event.NewLog(client, a.Gate, a.Book),
		Cursors: graph.NewCursors(p.Keys.Derive("cursor")), SetCookie: web.SetSession, ClearCookie: web.ClearSession,
	}
	return a
}

// Settle hands on and sends everything that waits: what the running program does
// by itself, at once.
func (a *App) Settle(ctx context.Context) error {
	if err := a.Dispatcher.Drain(ctx); err != nil {
		return err
	}
	return a.Notify.Drain(ctx)
}

// housekeep does what is due now and then: writes who was seen, reminds, and
// forgets what has ended.
func (a *App) housekeep(ctx context.Context) {
	seen := time.NewTicker(15 * time.Second)
	hour := time.NewTicker(10 * time.Minute)
	defer seen.Stop()
	defer hour.Stop()
	say := func(what string, err error) {
		if err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, what+" failed; it is tried again", "err", err)
		}
	}
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
			defer cancel()
			if err := a.Sessions.WriteSeen(last); err != nil {
				slog.ErrorContext(ctx, "writing who was seen failed", "err", err)
			}
			return
		case <-seen.C:
			say("writing who was seen", a.Sessions.WriteSeen(ctx))
		case <-hour.C:
			if !a.NoReminders {
				say("reminding", a.Invites.Remind(ctx))
			}
			_, err := a.Sessions.Sweep(ctx)
			say("forgetting sessions", err)
			_, err = a.Book.Sweep(ctx)
			say("forgetting budgets", err)
			_, err = once.Sweep(ctx, a.DB.Client)
			say("forgetting idempotency keys", err)
		}
	}
}

// demo returns the rooms that demo data is made with.
func (a *App) demo() demo.Rooms {
	return demo.Rooms{Client: a.DB.Client, Gate: a.Gate, Site: a.Site, Sessions: a.Sessions, Accounts: a.Accounts, Members: a.Members,
		Roles: a.Roles, Invites: a.Invites, Contacts: a.Contacts, Settle: a.Settle}
}
