package openid

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// How long a provider is waited for, and how much of it is read. What a request
// waits for altogether is less than the deadline of an operation.
const (
	oneAnswer    = 3 * time.Second        // of any request
	allAnswers   = 8 * time.Second        // of the whole of a start or a finish
	maxAnswer    = 256 << 10              // bytes of a body
	maxToken     = 32 << 10               // bytes of an ID token
	maxCode      = 4 << 10                // bytes of a code: some providers put everything in it
	believed     = 24 * time.Hour         // until discovery is done again
	quiet        = 5 * time.Second        // after a discovery that failed
	betweenTries = 200 * time.Millisecond // of a question that changes nothing
	skew         = 5 * time.Minute        // of the provider's clock
)

// provider is a Provider that can be talked to. It is not talked to before somebody
// comes from it.
type provider struct {
	Provider
	client *http.Client
	// turn is held by whoever discovers; a channel, so that those who wait can give up.
	turn chan struct{}

	mu       sync.Mutex // guards all below
	known    *endpoints
	failure  error
	failedAt time.Time
}

// endpoints are what discovery told.
type endpoints struct {
	at       time.Time
	issuer   *oidc.Provider
	verifier *oidc.IDTokenVerifier
	oauth    oauth2.Config // without a redirect URI
	userInfo bool
	// saysIssuer: each answer names its issuer (RFC 9207).
	saysIssuer bool
}

func newProvider(p Provider, transport http.RoundTripper) *provider {
	issuer, err := url.Parse(p.Issuer)
	if err != nil {
		panic("openid: the configuration was not checked: " + err.Error())
	}
	return &provider{Provider: p, turn: make(chan struct{}, 1), client: &http.Client{
		Timeout:   oneAnswer,
		Transport: &bounded{transport, append([]string{strings.ToLower(issuer.Host)}, p.Hosts...)},
		// A redirect would lead elsewhere than was configured.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// network returns the transport to real providers.
func network() http.RoundTripper {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: oneAnswer}).DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           maxProviders,
		IdleConnTimeout:        time.Minute,
		TLSHandshakeTimeout:    oneAnswer,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

// bounded sends requests to the hosts of one provider only, reads so much of an
// answer and no more, and asks a second time what can be asked twice.
type bounded struct {
	next  http.RoundTripper
	hosts []string
}

// RoundTrip implements http.RoundTripper.
func (b *bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if !b.admits(r.URL) {
		return nil, fmt.Errorf("%s://%s is not among the configured hosts of the provider", r.URL.Scheme, r.URL.Host)
	}
	answer, err := b.next.RoundTrip(r)
	if r.Method == http.MethodGet && (err != nil || answer.StatusCode >= 500) {
		if err == nil {
			answer.Body.Close()
		}
		select {
		case <-time.After(betweenTries):
			answer, err = b.next.RoundTrip(r)
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	if err == nil {
		answer.Body = http.MaxBytesReader(nil, answer.Body, maxAnswer)
	}
	return answer, err
}

func (b *bounded) admits(u *url.URL) bool {
	return secure(u) && u.User == nil && slices.Contains(b.hosts, strings.ToLower(u.Host))
}

// discover returns what the provider tells of itself, asking at most once a day. A
// provider that does not answer is left alone for some seconds, in which everybody
// is told so at once.
func (p *provider) discover(ctx context.Context) (*endpoints, error) {
	if e, err, settled := p.told(); settled {
		return e, err
	}
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if e, err, settled := p.told(); settled {
		return e, err // while this one waited
	}
	e, err := p.ask(ctx)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err == nil:
		p.known, p.failure = e, nil
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, err // whoever asked has gone, which says nothing of the provider
	default:
		p.failure, p.failedAt = err, time.Now()
		slog.WarnContext(ctx, silent, "provider", p.Key, "err", clip(err))
	}
	if err != nil && p.known != nil {
		return p.known, nil // what was true yesterday
	}
	return e, err
}

// told returns what is known, if that is to be gone by.
func (p *provider) told() (_ *endpoints, _ error, settled bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	resting := p.failure != nil && time.Since(p.failedAt) < quiet
	switch {
	case p.known != nil && (resting || time.Since(p.known.at) < believed):
		return p.known, nil, true
	case resting:
		return nil, p.failure, true
	}
	return nil, nil, false
}

func (p *provider) ask(ctx context.Context) (*endpoints, error) {
	issuer, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("discovery: %w", err)
	}
	var more struct {
		KeySet      string   `json:"jwks_uri"`
		AuthMethods []string `json:"token_endpoint_auth_methods_supported"`
		SaysIssuer  bool     `json:"authorization_response_iss_parameter_supported"`
	}
	if err := issuer.Claims(&more); err != nil {
		return nil, fmt.Errorf("discovery: %w", err)
	}
	at := issuer.Endpoint()
	for what, address := range map[string]string{"authorization_endpoint": at.AuthURL, "token_endpoint": at.TokenURL, "jwks_uri": more.KeySet} {
		if !p.admits(address) {
			return nil, fmt.Errorf("discovery: %s is at %.200q: if that is right, name its host under hosts", what, address)
		}
	}
	// Found out by trying, a code would be sent twice.
	at.AuthStyle = oauth2.AuthStyleInHeader
	if len(more.AuthMethods) > 0 && !slices.Contains(more.AuthMethods, "client_secret_basic") {
		at.AuthStyle = oauth2.AuthStyleInParams
	}
	// The keys outlive this request, and are fetched anew when one is missing.
	keys := oidc.ClientContext(context.Background(), p.client)
	return &endpoints{
		at: time.Now(), issuer: issuer, verifier: issuer.VerifierContext(keys, &oidc.Config{ClientID: p.ClientID}),
		oauth:    oauth2.Config{ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: at, Scopes: p.Scopes},
		userInfo: p.admits(issuer.UserInfoEndpoint()), saysIssuer: more.SaysIssuer,
	}, nil
}

func (p *provider) admits(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && u.Fragment == "" && p.client.Transport.(*bounded).admits(u)
}

// questions are the secrets of one sign-in that the provider's answer must fit.
type questions struct {
	state, nonce, verifier, redirectURI string
	// fresh asks the provider to let the person prove again who they are.
	fresh bool
}

// address returns where the person's browser is sent.
func (e *endpoints) address(q questions) string {
	options := []oauth2.AuthCodeOption{oidc.Nonce(q.nonce), oauth2.S256ChallengeOption(q.verifier)}
	if q.fresh {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	c := e.oauth
	c.RedirectURL = q.redirectURI
	return c.AuthCodeURL(q.state, options...)
}

// claims are what the provider says of the person.
type claims struct {
	Subject string
	Email   string
	// Verified: the provider says that the address is the person's. Silent: it does not
	// say whether it is.
	Verified     bool
	Silent       bool
	Name, Locale string
	// ProvedAt is when the person last proved to the provider who they are. Zero if
	// it does not tell.
	ProvedAt time.Time
}

// errRefused means that the provider answered, but not so that somebody may be let
// in; other errors mean that it did not answer.
var errRefused = errors.New("refused")

func refusal(format string, args ...any) error {
	return fmt.Errorf("%w: "+format, append([]any{errRefused}, args...)...)
}

// exchange gives the code back for an ID token and checks everything that it says.
func (e *endpoints) exchange(ctx context.Context, client *http.Client, code string, q questions) (claims, error) {
	ctx = oidc.ClientContext(ctx, client)
	c := e.oauth
	c.RedirectURL = q.redirectURI
	token, err := c.Exchange(ctx, code, oauth2.VerifierOption(q.verifier))
	if r, ok := errors.AsType[*oauth2.RetrieveError](err); ok && r.Response.StatusCode < 500 {
		return claims{}, refusal("the token endpoint says %d %.40q", r.Response.StatusCode, r.ErrorCode)
	}
	if err != nil {
		return claims{}, fmt.Errorf("exchange: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	if raw == "" || len(raw) > maxToken {
		return claims{}, refusal("an ID token of %d bytes", len(raw))
	}
	id, err := e.verifier.Verify(ctx, raw)
	if err != nil {
		return claims{}, refusal("%w", err)
	}
	var said said
	if err := id.Claims(&said); err != nil {
		return claims{}, refusal("claims: %w", err)
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(q.nonce)) != 1:
		return claims{}, refusal("the nonce is another")
	case said.Party != "" && said.Party != e.oauth.ClientID, said.Party == "" && len(id.Audience) > 1:
		return claims{}, refusal("the token was issued to %.100q", said.Party)
	case id.IssuedAt.After(time.Now().Add(skew)):
		return claims{}, refusal("the token is issued at %s", id.IssuedAt)
	case id.Subject == "" || len(id.Subject) > 255 || !printable(id.Subject):
		return claims{}, refusal("a subject of %d bytes", len(id.Subject))
	}
	if id.AccessTokenHash != "" {
		if err := id.VerifyAccessToken(token.AccessToken); err != nil {
			return claims{}, refusal("%w", err)
		}
	}
	if (said.Email == "" || said.Verified == nil) && e.userInfo {
		if err := e.complete(ctx, token, id.Subject, &said); err != nil {
			return claims{}, err
		}
	}
	return said.about(id.Subject), nil
}

// complete reads of the person what providers leave out of the ID token.
func (e *endpoints) complete(ctx context.Context, token *oauth2.Token, subject string, said *said) error {
	info, err := e.issuer.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return fmt.Errorf("userinfo: %w", err)
	}
	if info.Subject != subject {
		return refusal("userinfo is about another subject")
	}
	at := said.AuthTime
	if err := info.Claims(said); err != nil {
		return refusal("userinfo: %w", err)
	}
	said.AuthTime = at // which only the signed token tells
	return nil
}

// said are the claims besides those that the library reads.
type said struct {
	Party      string      `json:"azp"`
	Email      string      `json:"email"`
	Verified   *truth      `json:"email_verified"`
	Name       string      `json:"name"`
	GivenName  string      `json:"given_name"`
	FamilyName string      `json:"family_name"`
	Locale     string      `json:"locale"`
	AuthTime   json.Number `json:"auth_time"`
}

func (s said) about(subject string) claims {
	out := claims{Subject: subject, Email: s.Email, Verified: s.Verified != nil && bool(*s.Verified), Silent: s.Verified == nil, Name: s.Name, Locale: s.Locale}
	if out.Name == "" {
		out.Name = strings.TrimSpace(s.GivenName + " " + s.FamilyName)
	}
	if at, err := s.AuthTime.Float64(); err == nil && at > 0 && at < 1e11 {
		out.ProvedAt = time.Unix(int64(at), 0).UTC()
	}
	return out
}

// truth is a boolean that some providers write as text.
type truth bool

// UnmarshalJSON implements json.Unmarshaler. What is neither is not true.
func (t *truth) UnmarshalJSON(b []byte) error {
	*t = string(b) == "true" || string(b) == `"true"`
	return nil
}
