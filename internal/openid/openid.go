package openid

import (
	"context"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tenantry/ent"
	"tenantry/ent/ceremony"
	"tenantry/ent/identity"
	"tenantry/ent/invitation"
	"tenantry/ent/passkey"
	"tenantry/ent/user"
	"tenantry/internal/access"
	"tenantry/internal/address"
	"tenantry/internal/budget"
	"tenantry/internal/db"
	"tenantry/internal/event"
	"tenantry/internal/fault"
	"tenantry/internal/id"
	"tenantry/internal/instant"
	"tenantry/internal/session"
	"tenantry/internal/text"
)

// Lifetime is how long a person has from the start of a sign-in until it is
// finished, the proof of an existing user included.
const Lifetime = 10 * time.Minute

// CallbackPage is the path of the page that providers send people back to.
const CallbackPage = "/openid/callback"

// maxIdentities is how many identities a person may have.
const maxIdentities = 20

// Service signs people in through providers.
type Service struct {
	client    *ent.Client
	sessions  *session.Service
	book      *budget.Book
	config    Config
	callback  string
	providers []*provider
}

// New returns a service for a portal at a public address such as
// "https://portal.example". It asks no provider anything.
func New(client *ent.Client, sessions *session.Service, book *budget.Book, public string, c Config) *Service {
	s := &Service{client: client, sessions: sessions, book: book, config: c, callback: strings.TrimRight(public, "/") + CallbackPage}
	transport := c.Transport
	if transport == nil && len(c.Providers) > 0 {
		transport = network()
	}
	for _, p := range c.Providers {
		s.providers = append(s.providers, newProvider(p, transport))
	}
	return s
}

// Providers returns whom people may come from, in the order of the configuration.
func (s *Service) Providers() []*Provider {
	out := make([]*Provider, len(s.providers))
	for i, p := range s.providers {
		out[i] = &p.Provider
	}
	return out
}

// Of returns the provider of an identity, or nil if it is not configured any more.
func (s *Service) Of(i *ent.Identity) *Provider {
	for _, p := range s.providers {
		if p.Issuer == i.Issuer {
			return &p.Provider
		}
	}
	return nil
}

func (s *Service) named(key string) *provider {
	for _, p := range s.providers {
		if p.Key == key {
			return p
		}
	}
	return nil
}

// Request is a sign-in that is to begin.
type Request struct {
	// Provider is the key of one.
	Provider string
	Delivery session.Delivery
	// ReturnTo is the path that the browser goes to after signing in.
	ReturnTo string
	// RedirectURI is where the provider sends the person back to; "" for this
	// portal's own page.
	RedirectURI string
	// Fresh asks for a new proof, even of somebody whom the provider knows.
	Fresh bool
	// Binding is what the client keeps from an earlier start, or "".
	Binding string
}

// Begun is a sign-in that has begun.
type Begun struct {
	// URL is where the person's browser goes.
	URL string
	// Binding is the secret that only this client has and finishes with.
	Binding   string
	Delivery  session.Delivery
	ExpiresAt time.Time
}

// exchangeOf is what is kept of a sign-in that waits. Nothing in it helps to finish
// one: nonce and PKCE verifier come from the binding, which only the client has.
type exchangeOf struct {
	Provider string           `json:"provider"`
	Binding  string           `json:"binding"` // its SHA-256
	Delivery session.Delivery `json:"delivery"`
	ReturnTo string           `json:"returnTo"`
	Redirect string           `json:"redirectUri,omitempty"`
	Fresh    bool             `json:"fresh,omitempty"`
	// What the provider has said of somebody who is to prove that they are the user
	// of that address.
	Subject string `json:"subject,omitempty"`
	Email   string `json:"email,omitempty"`
}

// Start begins to sign in through a provider. Refusals: NOT_FOUND on provider,
// BAD_INPUT on returnTo and redirectUri, RATE_LIMITED, also while the provider does
// not answer.
func (s *Service) Start(ctx context.Context, by *access.Actor, r Request) (*Begun, error) {
	if err := s.book.Take(ctx, budget.OpenIDStartByNetwork, budget.Network(by.Address), 1); err != nil {
		return nil, err
	}
	p := s.named(r.Provider)
	if p == nil {
		return nil, fault.On("provider", fault.NotFound, "There is no such provider.")
	}
	back, err := returnPath(r.ReturnTo)
	if err != nil {
		return nil, err
	}
	if r.RedirectURI != "" && r.RedirectURI != s.callback && !slices.Contains(s.config.RedirectURIs, r.RedirectURI) {
		return nil, fault.On("redirectUri", fault.BadInput, "This address is not configured.")
	}
	asking, cancel := context.WithTimeout(ctx, allAnswers)
	defer cancel()
	at, err := p.discover(asking)
	if err != nil {
		return nil, away(p)
	}
	binding := r.Binding
	if !isBinding(binding) {
		var b [32]byte
		rand.Read(b[:])
		binding = base64.RawURLEncoding.EncodeToString(b[:])
	}
	data := exchangeOf{Provider: p.Key, Binding: hashed(binding), Delivery: r.Delivery, ReturnTo: back, Redirect: r.RedirectURI, Fresh: r.Fresh}
	c, err := s.client.Ceremony.Create().SetKind(ceremony.KindOPENID).SetData(db.JSON(data)).SetExpiresAt(instant.Now().Add(Lifetime)).Save(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin sign-in: %w", err)
	}
	return &Begun{URL: at.address(s.questions(c.ID, binding, data)), Binding: binding, Delivery: r.Delivery, ExpiresAt: c.ExpiresAt}, nil
}

// questions are those of a ceremony. They are computed when asked and when answered.
func (s *Service) questions(state, binding string, data exchangeOf) questions {
	secret := func(purpose string) string {
		b, err := hkdf.Key(sha256.New, []byte(binding), nil, "tenantry openid "+purpose+" "+state, 32)
		if err != nil {
			panic(err) // the length is fixed
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	q := questions{state: state, nonce: secret("nonce"), verifier: secret("verifier"), redirectURI: data.Redirect, fresh: data.Fresh}
	if q.redirectURI == "" {
		q.redirectURI = s.callback
	}
	return q
}

// isBinding reports whether s looks like what Start makes.
func isBinding(s string) bool {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return err == nil && len(b) == 32
}

func hashed(binding string) string {
	sum := sha256.Sum256([]byte(binding))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// away is the answer while a provider does not give one. The reason is in our log:
// nothing that a provider says is shown to anybody.
func away(p *provider) error {
	return fault.Wait(fault.RateLimited, quiet, "%s does not answer. Begin again in a moment.", p.Label)
}

// silent is what the log says of such a provider.
const silent = "an OpenID Connect provider does not answer"

// clip cuts short what a provider may have had a hand in.
func clip(err error) string {
	text := strings.ToValidUTF8(err.Error(), "?")
	if len(text) > 300 {
		text = strings.ToValidUTF8(text[:300], "") + "…"
	}
	return text
}

// Answer is what the provider sent the person back with.
type Answer struct {
	// Code and State are the provider's; Issuer too, or "".
	Code, State, Issuer string
	// Binding is the secret of the client that began.
	Binding string
	// Device is what an app is known by from an earlier sign-in, or "".
	Device string
}

// Outcome is what came of a sign-in: a session, or somebody who has to prove that
// they are the user of the address.
type Outcome struct {
	Started *session.Started
	// ReturnTo is the path that was asked for.
	ReturnTo string
	// Link names the user's proof that Service.Link waits for, until LinkUntil. Empty
	// where there is a session.
	Link      string
	LinkUntil time.Time
	// Email is the address whose user it is.
	Email string
}

// dead is the one answer to a state that was never given out, has been used, has
// lapsed or belongs to another client.
func dead(field string) error {
	return fault.On(field, fault.InvalidToken, "This sign-in has ended or was begun in another browser. Begin again.")
}

// Finish takes the provider's answer. It signs in the person whose identity it is; it
// creates a user for an address that has none, if the provider speaks for it and
// people may sign up; and for one that has a user it gives out a link. A state counts
// once, whatever comes of it, but only for the client that began. Refusals:
// INVALID_TOKEN on state, INVALID_CREDENTIALS, BAD_INPUT where nobody signs up,
// RATE_LIMITED.
func (s *Service) Finish(ctx context.Context, by *access.Actor, a Answer) (*Outcome, error) {
	if err := s.book.Take(ctx, budget.OpenIDFinishByNetwork, budget.Network(by.Address), 1); err != nil {
		return nil, err
	}
	c, data, err := s.waiting(ctx, a.State, a.Binding)
	if err != nil {
		return nil, err
	}
	p := s.named(data.Provider)
	if c == nil || p == nil || data.Subject != "" {
		return nil, dead("state")
	}
	n, err := s.client.Ceremony.Delete().Where(ceremony.ID(c.ID)).Exec(ctx)
	if err != nil {
		return nil, fmt.Errorf("use up a sign-in: %w", err)
	}
	if n == 0 {
		return nil, dead("state")
	}
	said, err := s.ask(ctx, p, s.questions(c.ID, a.Binding, data), a)
	if err != nil {
		return nil, err
	}
	if data.Fresh && said.ProvedAt.Before(c.CreatedAt.Add(-skew)) {
		slog.WarnContext(ctx, "an OpenID Connect provider did not ask for a fresh proof", "provider", p.Key)
		return nil, unproved(p)
	}
	if data.Delivery == session.Token {
		by.Device = a.Device
	}
	for try := 1; ; try++ {
		out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Outcome, error) { return s.admit(ctx, tx, by, p, said, c, data) })
		if db.IsUnique(err) && try < 3 {
			continue // the same person came by another way in this very moment
		}
		if err == nil && out.Started != nil {
			session.Become(by, out.Started)
		}
		return out, err
	}
}

// ask gives the code back and returns what the provider says of the person.
func (s *Service) ask(ctx context.Context, p *provider, q questions, a Answer) (claims, error) {
	ctx, cancel := context.WithTimeout(ctx, allAnswers)
	defer cancel()
	if a.Code == "" || len(a.Code) > maxCode || !printable(a.Code) {
		return claims{}, unproved(p)
	}
	at, err := p.discover(ctx)
	if err != nil {
		return claims{}, away(p)
	}
	if a.Issuer != "" && a.Issuer != p.Issuer || a.Issuer == "" && at.saysIssuer {
		slog.WarnContext(ctx, "an answer names another OpenID Connect provider", "provider", p.Key)
		return claims{}, unproved(p)
	}
	said, err := at.exchange(ctx, p.client, a.Code, q)
	switch {
	case errors.Is(err, errRefused):
		slog.WarnContext(ctx, "an answer of an OpenID Connect provider is not good", "provider", p.Key, "err", clip(err))
		return claims{}, unproved(p)
	case err != nil:
		slog.WarnContext(ctx, silent, "provider", p.Key, "err", clip(err))
		return claims{}, away(p)
	}
	return said, nil
}

func unproved(p *provider) error {
	return fault.New(fault.InvalidCredentials, "%s has not proved who you are. Begin again.", p.Label)
}

// waiting returns the ceremony with the id if it waits for this very client, and nil
// otherwise.
func (s *Service) waiting(ctx context.Context, state, binding string) (*ent.Ceremony, exchangeOf, error) {
	var data exchangeOf
	if !id.Is(id.Ceremony, state) || !isBinding(binding) {
		return nil, data, nil
	}
	c, err := s.client.Ceremony.Query().Where(ceremony.ID(state), ceremony.KindEQ(ceremony.KindOPENID)).Only(ctx)
	if ent.IsNotFound(err) {
		return nil, data, nil
	}
	if err != nil {
		return nil, data, err
	}
	if err := json.Unmarshal(c.Data, &data); err != nil {
		return nil, data, fmt.Errorf("read a sign-in: %w", err)
	}
	if !instant.Now().Before(c.ExpiresAt) || subtle.ConstantTimeCompare([]byte(hashed(binding)), []byte(data.Binding)) != 1 {
		return nil, exchangeOf{}, nil
	}
	return c, data, nil
}

// admit lets in whom the provider vouches for.
func (s *Service) admit(ctx context.Context, tx *ent.Tx, by *access.Actor, p *provider, said claims, c *ent.Ceremony, data exchangeOf) (*Outcome, error) {
	i, u, err := known(ctx, tx, p.Issuer, said.Subject)
	if err != nil {
		return nil, err
	}
	if i != nil {
		return s.again(ctx, tx, by, p, said, i, u, data)
	}
	a, err := address.Parse(said.Email)
	if err != nil || !p.proves(a, said) {
		return nil, fault.New(fault.InvalidCredentials, "%s does not vouch for your address. Sign in in another way.", p.Label)
	}
	u, err = tx.User.Query().Where(user.EmailKey(a.Key)).Only(ctx)
	if err != nil && !ent.IsNotFound(err) {
		return nil, err
	}
	if u != nil {
		// Whoever came a moment ago by the same identity has committed by now.
		if i, u, err := known(ctx, tx, p.Issuer, said.Subject); i != nil || err != nil {
			if err != nil {
				return nil, err
			}
			return s.again(ctx, tx, by, p, said, i, u, data)
		}
		if u.DisabledAt != nil {
			return nil, unproved(p)
		}
		data.Subject, data.Email = said.Subject, a.Key
		link, err := tx.Ceremony.Create().SetKind(ceremony.KindOPENID).SetUserID(u.ID).SetData(db.JSON(data)).SetExpiresAt(c.ExpiresAt).Save(ctx)
		if err != nil {
			return nil, fmt.Errorf("ask for a proof: %w", err)
		}
		return &Outcome{Link: link.ID, LinkUntil: link.ExpiresAt, Email: u.Email, ReturnTo: data.ReturnTo}, nil
	}
	return s.arrive(ctx, tx, by, p, said, a, data)
}

// known returns the identity that a provider calls by the subject, and its user,
// locked; or neither.
func known(ctx context.Context, tx *ent.Tx, issuer, subject string) (*ent.Identity, *ent.User, error) {
	find := func() (*ent.Identity, error) {
		i, err := tx.Identity.Query().Where(identity.Issuer(issuer), identity.Subject(subject)).Only(ctx)
		if ent.IsNotFound(err) {
			return nil, nil
		}
		return i, err
	}
	i, err := find()
	if i == nil || err != nil {
		return nil, nil, err
	}
	// The user first, as whoever removes an identity does; and then once more.
	u, err := session.LockUser(ctx, tx, i.UserID)
	if err != nil {
		return nil, nil, fmt.Errorf("user of an identity: %w", err)
	}
	if i, err = find(); i == nil || err != nil || i.UserID != u.ID {
		return nil, nil, err
	}
	return i, u, nil
}

// again signs in somebody who has come from there before. The provider's name for a
// person is for ever, whatever address it tells; ours does not change by it.
func (s *Service) again(ctx context.Context, tx *ent.Tx, by *access.Actor, p *provider, said claims, i *ent.Identity, u *ent.User, data exchangeOf) (*Outcome, error) {
	st, err := s.sessions.Enter(ctx, tx, by, u, data.Delivery, p.Key, said.ProvedAt)
	if err != nil {
		return nil, err
	}
	email := i.Email
	if a, err := address.Parse(said.Email); err == nil {
		email = a.Key
	}
	if err := tx.Identity.UpdateOne(i).SetEmail(email).SetLastUsedAt(instant.Now()).Exec(ctx); err != nil {
		return nil, err
	}
	out := &Outcome{Started: st, ReturnTo: data.ReturnTo}
	if email == i.Email {
		return out, nil
	}
	return out, event.Record(ctx, tx, self(by, u), event.Entry{UserID: u.ID, Action: "identity.address_changed", Target: i.ID, TargetName: p.Label,
		Before: map[string]any{"email": i.Email}, After: map[string]any{"email": email}})
}

// arrive creates a user for an address that the provider proves.
func (s *Service) arrive(ctx context.Context, tx *ent.Tx, by *access.Actor, p *provider, said claims, a address.Address, data exchangeOf) (*Outcome, error) {
	if err := s.admits(ctx, tx, a); err != nil {
		return nil, err
	}
	locale, err := text.Locale("locale", said.Locale)
	if err != nil {
		locale = "en"
	}
	u, err := s.sessions.Arrive(ctx, tx, a, called(said, a), locale, "")
	if err != nil {
		return nil, err
	}
	i, err := tx.Identity.Create().SetUserID(u.ID).SetIssuer(p.Issuer).SetSubject(said.Subject).SetEmail(a.Key).SetLastUsedAt(instant.Now()).Save(ctx)
	if err != nil {
		return nil, err
	}
	st, err := s.sessions.Enter(ctx, tx, by, u, data.Delivery, p.Key, said.ProvedAt)
	if err != nil {
		return nil, err
	}
	return &Outcome{Started: st, ReturnTo: data.ReturnTo}, event.Record(ctx, tx, self(by, u),
		event.Entry{UserID: u.ID, Action: "user.signed_up", Target: u.ID, TargetName: u.Name, After: map[string]any{"provider": p.Key}},
		event.Entry{UserID: u.ID, Action: "identity.linked", Target: i.ID, TargetName: p.Label, After: map[string]any{"email": a.Key, "arrived": true}})
}

// admits says whether somebody with the address may become a user. Refusals:
// BAD_INPUT.
func (s *Service) admits(ctx context.Context, tx *ent.Tx, a address.Address) error {
	switch s.sessions.SignUpBy() {
	case "closed":
		return fault.New(fault.BadInput, "This portal takes no new people at the moment.")
	case "invited":
		waits, err := tx.Invitation.Query().Where(invitation.EmailKey(a.Key), invitation.StateEQ(invitation.StatePENDING),
			invitation.ExpiresAtGT(instant.Now())).Exist(ctx)
		if err != nil {
			return err
		}
		if !waits {
			return fault.New(fault.BadInput, "Signing up is by invitation only.")
		}
	}
	return nil
}

// called returns the name that a new person begins with.
func called(said claims, a address.Address) string {
	if name, err := text.Line("name", said.Name, true, 100); err == nil {
		return name
	}
	return a.Local
}

// self is the person of a sign-in, as the history knows them.
func self(by *access.Actor, u *ent.User) *access.Actor {
	return &access.Actor{Kind: access.Person, User: u, Address: by.Address}
}

// Changed is a change of the actor's identities, after which their session has a new
// token.
type Changed struct {
	*session.Started
	// Identity is the one that was connected or removed.
	Identity *ent.Identity
	// Ended counts their other sessions, which are dead.
	Ended int
}

// Link connects the identity that a sign-in ended with to the actor, who has just
// proved to be the user of its address. Their session gets a new token. Refusals:
// UNAUTHENTICATED, REAUTH_REQUIRED, INVALID_TOKEN on linkId for any other user too,
// QUOTA_EXCEEDED, RATE_LIMITED.
func (s *Service) Link(ctx context.Context, by *access.Actor, link, binding string) (*Changed, error) {
	if err := session.Proved(by); err != nil {
		return nil, err
	}
	if err := s.book.Take(ctx, budget.OpenIDFinishByNetwork, budget.Network(by.Address), 1); err != nil {
		return nil, err
	}
	c, data, err := s.waiting(ctx, link, binding)
	if err != nil {
		return nil, err
	}
	p := s.named(data.Provider)
	if c == nil || p == nil || data.Subject == "" || c.UserID != by.User.ID {
		return nil, dead("linkId")
	}
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Changed, error) {
		u, err := session.LockSession(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		if n, err := tx.Ceremony.Delete().Where(ceremony.ID(c.ID)).Exec(ctx); err != nil || n == 0 || u.EmailKey != data.Email {
			return nil, errors.Join(err, dead("linkId"))
		}
		n, err := tx.Identity.Query().Where(identity.UserID(u.ID)).Count(ctx)
		if err != nil {
			return nil, err
		}
		if n >= maxIdentities {
			return nil, fault.New(fault.QuotaExceeded, "You have %d connections already. Remove one first.", n)
		}
		out := &Changed{}
		if out.Identity, err = tx.Identity.Create().SetUserID(u.ID).SetIssuer(p.Issuer).SetSubject(data.Subject).SetEmail(data.Email).Save(ctx); err != nil {
			return nil, err
		}
		if out.Started, err = s.sessions.Rotate(ctx, tx, by); err != nil {
			return nil, err
		}
		return out, event.Record(ctx, tx, by, event.Entry{UserID: u.ID, Action: "identity.linked", Target: out.Identity.ID, TargetName: p.Label,
			After: map[string]any{"email": data.Email, "device": session.Device(by.Agent)}})
	})
	if db.IsUnique(err) {
		return nil, dead("linkId") // it has become somebody's meanwhile
	}
	if err != nil {
		return nil, err
	}
	by.Session = out.Session
	return out, nil
}

// Unlink removes one of the actor's identities. Every other session of theirs is dead
// when it returns, and this one has a new token. Refusals: UNAUTHENTICATED,
// REAUTH_REQUIRED, NOT_FOUND, BAD_INPUT on identityId if there is no other way to sign
// in.
func (s *Service) Unlink(ctx context.Context, by *access.Actor, identityID string) (*Changed, error) {
	if err := session.Proved(by); err != nil {
		return nil, err
	}
	if !id.Is(id.Identity, identityID) {
		return nil, fault.Missing("identity")
	}
	out, err := db.InTx(ctx, s.client, func(tx *ent.Tx) (*Changed, error) {
		u, err := session.LockSession(ctx, tx, by)
		if err != nil {
			return nil, err
		}
		all, err := tx.Identity.Query().Where(identity.UserID(u.ID)).All(ctx)
		if err != nil {
			return nil, err
		}
		at := slices.IndexFunc(all, func(i *ent.Identity) bool { return i.ID == identityID })
		if at < 0 {
			return nil, fault.Missing("identity")
		}
		i := all[at]
		other, err := s.otherWay(ctx, tx, u, slices.Delete(all, at, at+1))
		if err != nil {
			return nil, err
		}
		if !other {
			return nil, fault.On("identityId", fault.BadInput, "This is the only way you sign in. Set a password first: ask for a link by mail.")
		}
		if err := tx.Identity.DeleteOne(i).Exec(ctx); err != nil {
			return nil, err
		}
		entry := event.Entry{UserID: u.ID, Action: "identity.unlinked", Target: i.ID, Before: map[string]any{"email": i.Email},
			After: map[string]any{"device": session.Device(by.Agent)}}
		if p := s.Of(i); p != nil {
			entry.TargetName = p.Label
		}
		if err := event.Record(ctx, tx, by, entry); err != nil {
			return nil, err
		}
		out := &Changed{Identity: i}
		if out.Ended, err = s.sessions.EndOthers(ctx, tx, by, u); err != nil {
			return nil, err
		}
		out.Started, err = s.sessions.Rotate(ctx, tx, by)
		return out, err
	})
	if err != nil {
		return nil, err
	}
	by.Session = out.Session
	return out, nil
}

// otherWay reports whether a user can sign in with what is left.
func (s *Service) otherWay(ctx context.Context, tx *ent.Tx, u *ent.User, left []*ent.Identity) (bool, error) {
	if u.PasswordHash != "" || slices.ContainsFunc(left, func(i *ent.Identity) bool { return s.Of(i) != nil }) {
		return true, nil
	}
	return tx.Passkey.Query().Where(passkey.UserID(u.ID)).Exist(ctx)
}

// List returns the actor's identities, oldest first. Refusals: UNAUTHENTICATED.
func (s *Service) List(ctx context.Context, by *access.Actor) ([]*ent.Identity, error) {
	if err := by.NeedPerson(); err != nil {
		return nil, err
	}
	return s.client.Identity.Query().Where(identity.UserID(by.User.ID)).Order(ent.Asc(identity.FieldID)).All(ctx)
}
