// Package graph turns GraphQL operations into calls on the domain.
package graph

import (
	"context"
	"time"

	"tenantry/internal/access"
	"tenantry/internal/account"
	"tenantry/internal/contact"
	"tenantry/internal/event"
	"tenantry/internal/feed"
	"tenantry/internal/invite"
	"tenantry/internal/membership"
	"tenantry/internal/notify"
	"tenantry/internal/openid"
	"tenantry/internal/person"
	"tenantry/internal/review"
	"tenantry/internal/role"
	"tenantry/internal/session"
	"tenantry/internal/token"
	"tenantry/internal/webhook"
)

// Resolver holds what the resolvers call. It holds no database.
type Resolver struct {
	Gate     *access.Gate
	Sessions *session.Service
	Accounts *account.Service
	Members  *membership.Service
	Roles    *role.Service
	Invites  *invite.Service
	Contacts *contact.Service
	Tokens   *token.Operators
	// APITokens are those of accounts.
	APITokens *token.API
	OpenID    *openid.Service
	People    *person.Service
	Notify    *notify.Service
	Webhooks  *webhook.Service
	Feed      *feed.Hub
	Reviews   *review.Service
	Log       *event.Log
	// Cursors makes the cursors of pages unforgeable.
	Cursors *Cursors
	// SetCookie and ClearCookie hand the session of a browser over and take it
	// back.
	SetCookie   func(ctx context.Context, token string, maxAge time.Duration) error
	ClearCookie func(ctx context.Context) error
	// SetDevice lets a browser keep what it is known by; "" is nothing new, for another
	// while.
	SetDevice func(ctx context.Context, token string) error
	// SetBinding and Binding keep in a browser what a sign-in through a provider is
	// finished with.
	SetBinding func(ctx context.Context, value string, maxAge time.Duration) error
	Binding    func(ctx context.Context) string
}
