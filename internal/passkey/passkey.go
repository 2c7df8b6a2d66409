// Package passkey judges what people's authenticators answer (Web Authentication,
// level 3), for the one relying party that the portal is.
package passkey

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/protocol/webauthncose"
	"github.com/go-webauthn/webauthn/webauthn"
)

const (
	// MaxAnswer is how long the JSON of an answer may be, in bytes. Four times what an
	// authenticator with a chain of certificates says about itself unasked.
	MaxAnswer = 32 << 10
	// Patience is how long a person has to answer.
	Patience = 5 * time.Minute
)

// ErrAddress says that browsers make no passkeys for the portal's address.
var ErrAddress = errors.New("passkeys need a portal that is reached by a name, over https or on localhost")

// ErrMalformed says that an answer is not one that a browser gives.
var ErrMalformed = errors.New("this is not the answer of an authenticator")

// algorithms are those that level 3 recommends to offer, in order of preference.
var algorithms = []protocol.CredentialParameter{
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgEdDSA},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgES256},
	{Type: protocol.PublicKeyCredentialType, Algorithm: webauthncose.AlgRS256},
}

// Party is the relying party: whom passkeys are made for, and who asks for them.
type Party struct {
	origins []string
	rp      *webauthn.WebAuthn
}

// app is how Android calls an app that asks for a passkey: by the SHA-256 of the
// certificate that it is signed with.
var app = regexp.MustCompile(`^android:apk-key-hash:[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$`)

// CheckApp says whether an origin can be an app's.
func CheckApp(origin string) error {
	if !app.MatchString(origin) {
		return fmt.Errorf("%q: give android:apk-key-hash: and the SHA-256 of the certificate that the app is signed with, in base64url without padding", origin)
	}
	return nil
}

// NewParty returns the relying party of a portal with a public address such as
// "https://portal.example": its host is the id, and the address the only origin beside
// those of apps. Name is what an authenticator may show. It returns ErrAddress for an
// address that browsers refuse.
func NewParty(public, name string, apps ...string) (*Party, error) {
	u, err := url.Parse(public)
	if err != nil {
		return nil, ErrAddress
	}
	host := u.Hostname()
	if _, err := netip.ParseAddr(host); err == nil || host == "" || u.Scheme != "https" && (u.Scheme != "http" || host != "localhost") {
		return nil, ErrAddress
	}
	p := &Party{origins: append([]string{u.Scheme + "://" + u.Host}, apps...)}
	p.rp, err = webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: name, RPOrigins: p.origins,
		// Nobody is asked what their authenticator is made of.
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: protocol.ResidentKeyRequired(), ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
		Timeouts: webauthn.TimeoutsConfig{Login: webauthn.TimeoutConfig{Timeout: Patience}, Registration: webauthn.TimeoutConfig{Timeout: Patience}},
		// Managers of passwords say more than they were asked.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil, ErrAddress
	}
	return p, nil
}

// Key is a passkey as it is stored: public key, flags and counter.
type Key struct{ credential webauthn.Credential }

// MarshalJSON implements json.Marshaler.
func (k Key) MarshalJSON() ([]byte, error) { return json.Marshal(k.credential) }

// UnmarshalJSON implements json.Unmarshaler.
func (k *Key) UnmarshalJSON(b []byte) error { return json.Unmarshal(b, &k.credential) }

// ID returns what the authenticator calls the key, in base64url.
func (k *Key) ID() string { return protocol.URLEncodedBase64(k.credential.ID).String() }

// Counter returns how often the authenticator says it has signed; 0 for one that
// does not count.
func (k *Key) Counter() uint32 { return k.credential.Authenticator.SignCount }

// Follows reports whether an answer with the counter of k can come after one with
// that of before: a counter that does not rise says that the key exists twice.
func (k *Key) Follows(before *Key) bool {
	return k.Counter() > before.Counter() || k.Counter() == 0 && before.Counter() == 0
}

// Holder is a person with passkeys. Authenticators keep the id as the user handle,
// and show address and name.
type Holder struct {
	ID, Email, Name string
	Keys            []Key
}

// WebAuthnID implements webauthn.User.
func (h *Holder) WebAuthnID() []byte { return []byte(h.ID) }

// WebAuthnName implements webauthn.User.
func (h *Holder) WebAuthnName() string { return h.Email }

// WebAuthnDisplayName implements webauthn.User.
func (h *Holder) WebAuthnDisplayName() string { return h.Name }

// WebAuthnCredentials implements webauthn.User.
func (h *Holder) WebAuthnCredentials() []webauthn.Credential {
	out := make([]webauthn.Credential, len(h.Keys))
	for i, k := range h.Keys {
		out[i] = k.credential
	}
	return out
}

// Create returns what a browser takes to make a passkey for a person, with a fresh
// challenge. Authenticators that have one of the person's keys are left out.
func (p *Party) Create(h *Holder) (options, challenge []byte, err error) {
	have := make([]protocol.CredentialDescriptor, len(h.Keys))
	for i, k := range h.Keys {
		have[i] = k.credential.Descriptor()
	}
	c, _, err := p.rp.BeginRegistration(h, webauthn.WithExclusions(have), webauthn.WithCredentialParameters(algorithms))
	if err != nil {
		return nil, nil, fmt.Errorf("options for a new passkey: %w", err)
	}
	options, err = json.Marshal(c.Response)
	return options, c.Response.Challenge, err
}

// Ask returns what a browser takes to sign with a passkey, with a fresh challenge:
// with one of a known person's, or with any if there is no person.
func (p *Party) Ask(h *Holder) (options, challenge []byte, err error) {
	var c *protocol.CredentialAssertion
	if h == nil {
		c, _, err = p.rp.BeginDiscoverableLogin()
	} else {
		c, _, err = p.rp.BeginLogin(h)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("options for an answer with a passkey: %w", err)
	}
	options, err = json.Marshal(c.Response)
	return options, c.Response.Challenge, err
}

// asked is what the library remembers of a ceremony.
func (p *Party) asked(h *Holder, challenge []byte) webauthn.SessionData {
	return webauthn.SessionData{Challenge: protocol.URLEncodedBase64(challenge).String(), RelyingPartyID: p.rp.Config.RPID,
		UserID: h.WebAuthnID(), UserVerification: protocol.VerificationRequired, CredParams: algorithms}
}

// Created is a new passkey that a browser tells of, not judged yet.
type Created struct {
	parsed *protocol.ParsedCredentialCreationData
}

// ReadCreated reads a browser's answer, the JSON of a PublicKeyCredential. It returns
// ErrMalformed for what is none.
func ReadCreated(answer []byte) (*Created, error) {
	if len(answer) > MaxAnswer {
		return nil, ErrMalformed
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return nil, ErrMalformed
	}
	// What an authenticator says about itself unasked proves nothing to somebody who
	// trusts no maker, so it is not even looked at.
	parsed.Response.AttestationObject.Format, parsed.Response.AttestationObject.AttStatement = "none", nil
	return &Created{parsed}, nil
}

// Created returns the passkey, if it was made for the person and the challenge. The
// error of one that was not says why, for a log and not for whoever sent it.
func (p *Party) Created(h *Holder, challenge []byte, c *Created) (*Key, error) {
	if got := c.parsed.Response.CollectedClientData.Origin; !slices.Contains(p.origins, got) {
		return nil, fmt.Errorf("origin %q", got)
	}
	k, err := p.rp.CreateCredential(h, p.asked(h, challenge), c.parsed)
	if err != nil {
		return nil, err
	}
	k.Attestation = webauthn.CredentialAttestation{}
	return &Key{*k}, nil
}

// Answer is a signature with a passkey, not judged yet.
type Answer struct {
	parsed *protocol.ParsedCredentialAssertionData
}

// ReadAnswer reads a browser's answer, the JSON of a PublicKeyCredential. It returns
// ErrMalformed for what is none.
func ReadAnswer(answer []byte) (*Answer, error) {
	if len(answer) > MaxAnswer {
		return nil, ErrMalformed
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return nil, ErrMalformed
	}
	return &Answer{parsed}, nil
}

// KeyID returns which key is said to have signed, in base64url.
func (a *Answer) KeyID() string { return protocol.URLEncodedBase64(a.parsed.RawID).String() }

// NamesHolder reports whether the answer says whose key it is, as one must that was
// asked for without a person.
func (a *Answer) NamesHolder() bool { return len(a.parsed.Response.UserHandle) > 0 }

// decoy is the public key, in COSE, that is tried where there is none: P-256's own point.
var decoy, _ = hex.DecodeString("a501020326200121" +
	"58206b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296" + "22" + "58204fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5")

// Unknown does as much for an answer with a key that nobody has as Answered does for one
// whose signature is wrong, so that the time does not tell which keys there are. It
// always returns an error.
func (p *Party) Unknown(challenge []byte, a *Answer) error {
	if got := a.parsed.Response.CollectedClientData.Origin; !slices.Contains(p.origins, got) {
		return fmt.Errorf("origin %q", got)
	}
	key := webauthn.Credential{ID: a.parsed.RawID, PublicKey: decoy}
	key.Flags.BackupEligible = a.parsed.Response.AuthenticatorData.Flags.HasBackupEligible()
	h := &Holder{ID: string(a.parsed.Response.UserHandle), Keys: []Key{{key}}}
	if _, err := p.rp.ValidateLogin(h, p.asked(h, challenge), a.parsed); err != nil {
		return err
	}
	return errors.New("signed by a key that anybody has")
}

// Answered returns the person's key that has signed the challenge, as it is after
// that. Whether its counter has risen is for the caller to say. The error of an answer
// that proves nothing says why, for a log and not for whoever sent it.
func (p *Party) Answered(h *Holder, challenge []byte, a *Answer) (*Key, error) {
	if got := a.parsed.Response.CollectedClientData.Origin; !slices.Contains(p.origins, got) {
		return nil, fmt.Errorf("origin %q", got)
	}
	if got := a.parsed.Response.UserHandle; len(got) > 0 && !bytes.Equal(got, h.WebAuthnID()) {
		return nil, fmt.Errorf("user handle %q: %v", got, p.Unknown(challenge, a))
	}
	k, err := p.rp.ValidateLogin(h, p.asked(h, challenge), a.parsed)
	if err != nil {
		return nil, err
	}
	k.Authenticator.SignCount, k.Authenticator.CloneWarning = a.parsed.Response.AuthenticatorData.Counter, false
	return &Key{*k}, nil
}
