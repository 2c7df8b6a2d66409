package cli

import (
	"context"
	"strings"
	"sync"

	"tenantry/graph"
	"tenantry/graph/transport"
	"tenantry/internal/budget"
	"tenantry/internal/session"
	"tenantry/internal/web"
)

// maxSockets is how many WebSockets and streams of server-sent events one user may have
// open on one instance; of those who are not signed in, one network.
const maxSockets = 50

// tooMany refuses one beyond that. The protocol has no code of its own for
// it.
var tooMany = &transport.Closure{Code: 4029, Reason: "Too many connections"}

// sockets counts open streams.
type sockets struct {
	mu   sync.Mutex
	open map[string]int
}

// enter counts a connection until its context ends, or refuses it.
func (s *sockets) enter(ctx context.Context, who string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[who] >= maxSockets {
		return tooMany
	}
	if s.open == nil {
		s.open = map[string]int{}
	}
	s.open[who]++
	context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[who]--; s.open[who] == 0 {
			delete(s.open, who)
		}
	})
	return nil
}

// opened lets a stream in: it takes the bearer token that an app sends in the first
// message of a WebSocket, for clients that cannot set a header then, and asks whose it is. A
// dead bearer token is refused; a dead cookie is nobody's.
func (a *App) opened(ctx context.Context, payload map[string]any) (context.Context, error) {
	for _, name := range []string{"authorization", "Authorization"} { // clients write it as they do the header
		if v, ok := payload[name].(string); ok {
			if secret, ok := strings.CutPrefix(v, "Bearer "); ok {
				ctx = graph.WithCredential(ctx, graph.Credential{Token: secret, Bearer: true})
			}
		}
	}
	who := "network " + budget.Network(web.ClientAddr(ctx).String())
	if c := graph.CredentialOf(ctx); c.Token != "" {
		by, err := a.Resolver.Identify(ctx, c, session.Places{}, "", "")
		switch {
		case err == nil:
			if known := by.UserID() + by.Token; known != "" {
				who = known
			}
		case c.Bearer:
			return nil, err
		}
	}
	return ctx, a.sockets.enter(ctx, who)
}
