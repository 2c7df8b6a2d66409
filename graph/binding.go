package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"tenantry/graph/model"
	"tenantry/internal/openid"
	"tenantry/internal/session"
)

// kept returns what a browser keeps from an earlier start, so that two of its tabs
// can sign in at once. An app gets a new one each time.
func (r *Resolver) kept(ctx context.Context, d session.Delivery) string {
	if d != session.Cookie {
		return ""
	}
	return r.Binding(ctx)
}

// bind hands a client what it finishes with: a browser in a cookie, an app in the
// payload.
func (r *Resolver) bind(ctx context.Context, b *openid.Begun) (*string, error) {
	if b.Delivery == session.Cookie {
		return nil, r.SetBinding(ctx, b.Binding, openid.Lifetime)
	}
	return &b.Binding, nil
}

// binding returns what a client finishes with.
func (r *Resolver) binding(ctx context.Context, given graphql.Omittable[*string]) string {
	if v := value(given); v != "" {
		return v
	}
	return r.Binding(ctx)
}

// pendingLink returns the proof that is asked for, or nil.
func pendingLink(out *openid.Outcome) *model.PendingLink {
	if out.Link == "" {
		return nil
	}
	return &model.PendingLink{ID: out.Link, Email: out.Email, ExpiresAt: out.LinkUntil}
}

// entered puts a session that has begun, whole or half, into the payload, and hands
// it over. Nil for none.
func (r *Resolver) entered(ctx context.Context, st *session.Started, payload *model.FinishOpenIDSignInPayload) error {
	if st == nil {
		return nil
	}
	payload.Token, payload.TokenExpiresAt, payload.RefreshToken, payload.DeviceToken = st.Bearer(), st.TokenExpiresAt(), st.RefreshToken(), st.DeviceToken()
	if st.Session.Pending {
		payload.SecondFactors = st.Factors
	} else {
		payload.Viewer, payload.AccountSelection = viewer(st.User), &st.Selection
		payload.ActiveAccount, payload.UsableMemberships = st.Active, st.Usable
	}
	return r.hand(ctx, st)
}
