package lab

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"time"

	"tenantry/internal/openid"
)

// The provider of a world, as the world is configured for it.
const (
	Issuer       = "https://id.example"
	clientID     = "portal"
	clientSecret = "a secret of the client"
	// AppRedirect is an app's address that the provider may send people back to.
	AppRedirect = "com.example.app:/openid"
)

// Provider is an OpenID Connect provider inside the test, without a network, which
// can be made to lie. A real one, in a process of its own, is in internal/openid.
type Provider struct {
	// Answer, if set, answers in the provider's place where it returns one; with an
	// error the provider is away.
	Answer func(*http.Request) (*http.Response, error)
	// Sign, if set, makes the ID token of the claims.
	Sign func(claims map[string]any) string
	// Config, if set, changes the discovery document.
	Config func(map[string]any)

	mu    sync.Mutex
	keys  int
	count int
	codes map[string]code
	asked []string
}

// code is what the provider remembers of somebody who has signed in there.
type code struct {
	claims              map[string]any
	challenge, redirect string
}

// OpenID returns the configuration of a world whose people may come from p.
func OpenID(p *Provider) openid.Config {
	return openid.Config{Transport: p, RedirectURIs: []string{AppRedirect}, Providers: []openid.Provider{{Key: "acme", Label: "Acme", Issuer: Issuer,
		ClientID: clientID, ClientSecret: clientSecret, Scopes: []string{"openid", "email", "profile"}, Domains: []string{"example.com"}}}}
}

// SignIn is what the provider does for somebody's browser that was sent to address:
// the person signs in, and the browser comes back with a code and the state.
func (p *Provider) SignIn(address, subject string, claims map[string]any) (codeOf, state string) {
	u, err := url.Parse(address)
	q := u.Query()
	if err != nil || q.Get("response_type") != "code" || q.Get("client_id") != clientID || q.Get("code_challenge_method") != "S256" || q.Get("nonce") == "" {
		panic("not a request to sign in: " + address)
	}
	all := map[string]any{"sub": subject, "nonce": q.Get("nonce")}
	if q.Get("max_age") != "" {
		all["auth_time"] = time.Now().Unix()
	}
	maps.Copy(all, claims)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count++
	codeOf = fmt.Sprint("code-", p.count)
	if p.codes == nil {
		p.codes = map[string]code{}
	}
	p.codes[codeOf] = code{all, q.Get("code_challenge"), q.Get("redirect_uri")}
	return codeOf, q.Get("state")
}

// Rotate replaces the key that tokens are signed with.
func (p *Provider) Rotate() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys++
}

// Asked returns what was asked of the provider, in order: methods and paths.
func (p *Provider) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.asked...)
}

// RoundTrip implements http.RoundTripper.
func (p *Provider) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	p.asked = append(p.asked, r.Method+" "+r.URL.Path)
	p.mu.Unlock()
	if p.Answer != nil {
		if answer, err := p.Answer(r); answer != nil || err != nil {
			return answer, err
		}
	}
	w := httptest.NewRecorder()
	p.serve(w, r)
	answer := w.Result()
	answer.Request = r
	return answer, nil
}

func (p *Provider) serve(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET /.well-known/openid-configuration":
		c := map[string]any{"issuer": Issuer, "authorization_endpoint": Issuer + "/authorize", "token_endpoint": Issuer + "/token", "jwks_uri": Issuer + "/keys",
			"id_token_signing_alg_values_supported": []string{"EdDSA", "RS256", "HS256", "none"}, "token_endpoint_auth_methods_supported": []string{"client_secret_basic"}}
		if p.Config != nil {
			p.Config(c)
		}
		reply(w, 200, c)
	case "GET /keys":
		_, public := p.key()
		reply(w, 200, map[string]any{"keys": []any{map[string]any{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": p.keyID(), "x": encode(public)}}})
	case "POST /token":
		p.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	name, secret, _ := r.BasicAuth()
	if name != clientID || secret != url.QueryEscape(clientSecret) {
		reply(w, 401, map[string]any{"error": "invalid_client"})
		return
	}
	p.mu.Lock()
	c, known := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !known || encode(sum[:]) != c.challenge || r.PostFormValue("redirect_uri") != c.redirect {
		reply(w, 400, map[string]any{"error": "invalid_grant", "error_description": "<b>something of the provider's</b>"})
		return
	}
	now := time.Now()
	claims := map[string]any{"iss": Issuer, "aud": clientID, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	for k, v := range c.claims {
		if claims[k] = v; v == nil {
			delete(claims, k)
		}
	}
	sign := p.Sign
	if sign == nil {
		sign = p.Signed
	}
	reply(w, 200, map[string]any{"access_token": "an access token", "token_type": "Bearer", "id_token": sign(claims)})
}

// Signed makes an ID token as the provider signs it.
func (p *Provider) Signed(claims map[string]any) string {
	private, _ := p.key()
	return JWT(map[string]any{"alg": "EdDSA", "kid": p.keyID()}, claims, func(text []byte) []byte { return ed25519.Sign(private, text) })
}

// JWT makes a token of any header, claims and signature.
func JWT(header, claims map[string]any, sign func(text []byte) []byte) string {
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			panic(err)
		}
		return encode(b)
	}
	text := part(header) + "." + part(claims)
	return text + "." + encode(sign([]byte(text)))
}

func (p *Provider) keyID() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return fmt.Sprint("key-", p.keys)
}

func (p *Provider) key() (ed25519.PrivateKey, ed25519.PublicKey) {
	seed := sha256.Sum256([]byte(p.keyID()))
	private := ed25519.NewKeyFromSeed(seed[:])
	return private, private.Public().(ed25519.PublicKey)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err)
	}
}

// Reply is an answer that a provider gives when it is made to.
func Reply(r *http.Request, status int, contentType, body string) *http.Response {
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {contentType}}, Body: io.NopCloser(bytes.NewBufferString(body)), ContentLength: int64(len(body))}
}
