// Package virtual is an authenticator in memory, for tests: it makes passkeys and
// signs with them as a browser's answer to a page, and can be made to lie.
package virtual

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
)

// The flags of an answer.
const (
	Present  byte = 1 << 0
	Verified byte = 1 << 2
	Eligible byte = 1 << 3
	BackedUp byte = 1 << 4
	Attested byte = 1 << 6
	Extended byte = 1 << 7
)

// Authenticator is somebody's device, with a browser at one origin.
type Authenticator struct {
	Origin string
	// Ed25519 makes keys of that kind rather than of ECDSA with P-256.
	Ed25519 bool
	// Synced makes keys that are not bound to the device, and do not count.
	Synced bool
	// Keys are the passkeys, oldest first.
	Keys []*Key
}

// Key is one passkey.
type Key struct {
	ID      []byte
	RPID    string
	User    []byte // the handle of its holder
	Counter uint32
	synced  bool
	private crypto.Signer
}

// Answer is what goes back to the page. A lie changes it before it is signed.
type Answer struct {
	ClientData map[string]any
	RPID       string
	Flags      byte
	Counter    uint32
	ID         []byte
	UserHandle []byte
	// Key is the public key of a new passkey, in COSE.
	Key []byte
	// Format and Statement are what a new one says of its maker, in CBOR.
	Format    string
	Statement []byte
	// Extra is put behind the authenticator's data.
	Extra []byte
	// Named is what the browser calls the key. Empty for ID, which the authenticator
	// calls it.
	Named []byte
	// Signed changes what is signed, and Signature what that gave. Nil leaves it.
	Signed, Signature func([]byte) []byte
}

// options are the parts of what a page gives that an authenticator heeds.
type options struct {
	Challenge string `json:"challenge"`
	RPID      string `json:"rpId"`
	RP        struct{ ID string }
	User      struct{ ID string }
	Exclude   []struct{ ID string } `json:"excludeCredentials"`
	Allow     []struct{ ID string } `json:"allowCredentials"`
}

var b64 = base64.RawURLEncoding

func read(text []byte) (o options, err error) {
	if err = json.Unmarshal(text, &o); err == nil && o.Challenge == "" {
		err = fmt.Errorf("there is no challenge in %s", text)
	}
	return o, err
}

func listed(list []struct{ ID string }, k *Key) bool {
	return slices.ContainsFunc(list, func(c struct{ ID string }) bool { return c.ID == b64.EncodeToString(k.ID) })
}

// Create makes a passkey, as navigator.credentials.create does with the options, and
// returns the JSON of the answer.
func (a *Authenticator) Create(text []byte, lies ...func(*Answer)) ([]byte, error) {
	o, err := read(text)
	if err != nil {
		return nil, err
	}
	for _, k := range a.Keys {
		if k.RPID == o.RP.ID && listed(o.Exclude, k) {
			return nil, fmt.Errorf("InvalidStateError: this authenticator has a passkey of the person")
		}
	}
	user, err := b64.DecodeString(o.User.ID)
	if err != nil {
		return nil, err
	}
	k := &Key{ID: make([]byte, 32), RPID: o.RP.ID, User: user, synced: a.Synced}
	rand.Read(k.ID)
	public, err := k.generate(a.Ed25519)
	if err != nil {
		return nil, err
	}
	a.Keys = append(a.Keys, k)
	w := k.answer(a.Origin, "webauthn.create", o.Challenge, lies, func(w *Answer) {
		w.Flags |= Attested
		w.Key, w.Format, w.Statement = public, "none", []byte{0xa0}
	})
	object := slices.Concat([]byte{0xa3}, cborText("fmt"), cborText(w.Format), cborText("attStmt"), w.Statement, cborText("authData"), cborBytes(w.data()))
	return w.json(map[string]any{"attestationObject": b64.EncodeToString(object), "transports": []string{"internal"}})
}

// Get signs with the last passkey that fits, as navigator.credentials.get does with
// the options, and returns the JSON of the answer.
func (a *Authenticator) Get(text []byte, lies ...func(*Answer)) ([]byte, error) {
	o, err := read(text)
	if err != nil {
		return nil, err
	}
	for _, k := range slices.Backward(a.Keys) {
		if k.RPID == o.RPID && (len(o.Allow) == 0 || listed(o.Allow, k)) {
			return k.Sign(a.Origin, o.Challenge, lies...)
		}
	}
	return nil, fmt.Errorf("NotAllowedError: this authenticator has no passkey for %s", o.RPID)
}

// Sign signs a challenge at an origin, and returns the JSON of the answer.
func (k *Key) Sign(origin, challenge string, lies ...func(*Answer)) ([]byte, error) {
	w := k.answer(origin, "webauthn.get", challenge, lies, func(w *Answer) { w.UserHandle = k.User })
	data, hash := w.data(), sha256.Sum256(w.client())
	signed := slices.Concat(data, hash[:])
	if w.Signed != nil {
		signed = w.Signed(signed)
	}
	signature := k.sign(signed)
	if w.Signature != nil {
		signature = w.Signature(signature)
	}
	response := map[string]any{"authenticatorData": b64.EncodeToString(data), "signature": b64.EncodeToString(signature)}
	if w.UserHandle != nil {
		response["userHandle"] = b64.EncodeToString(w.UserHandle)
	}
	return w.json(response)
}

func (k *Key) answer(origin, ceremony, challenge string, lies []func(*Answer), more func(*Answer)) *Answer {
	w := &Answer{ClientData: map[string]any{"type": ceremony, "challenge": challenge, "origin": origin, "crossOrigin": false},
		RPID: k.RPID, Flags: Present | Verified, ID: k.ID}
	if k.synced {
		w.Flags |= Eligible | BackedUp
	} else {
		k.Counter++
		w.Counter = k.Counter
	}
	more(w)
	for _, lie := range lies {
		lie(w)
	}
	return w
}

func (w *Answer) client() []byte {
	b, err := json.Marshal(w.ClientData)
	if err != nil {
		panic(err)
	}
	return b
}

// data is what the authenticator vouches for.
func (w *Answer) data() []byte {
	hash := sha256.Sum256([]byte(w.RPID))
	out := append(hash[:], w.Flags)
	out = binary.BigEndian.AppendUint32(out, w.Counter)
	if w.Flags&Attested != 0 {
		out = append(out, make([]byte, 16)...) // of no maker
		out = binary.BigEndian.AppendUint16(out, uint16(len(w.ID)))
		out = slices.Concat(out, w.ID, w.Key)
	}
	return append(out, w.Extra...)
}

func (w *Answer) json(response map[string]any) ([]byte, error) {
	response["clientDataJSON"] = b64.EncodeToString(w.client())
	id := b64.EncodeToString(w.ID)
	if w.Named != nil {
		id = b64.EncodeToString(w.Named)
	}
	return json.Marshal(map[string]any{"id": id, "rawId": id, "type": "public-key", "authenticatorAttachment": "platform",
		"clientExtensionResults": map[string]any{}, "response": response})
}

// generate makes the key pair and returns the public key in COSE.
func (k *Key) generate(edwards bool) ([]byte, error) {
	if edwards {
		public, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			return nil, err
		}
		k.private = private
		// kty 1: OKP, alg 3: EdDSA (-8), crv -1: Ed25519 (6), x -2
		return slices.Concat([]byte{0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21}, cborBytes(public)), nil
	}
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	k.private = private
	point, err := private.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	// kty 1: EC2 (2), alg 3: ES256 (-7), crv -1: P-256 (1), x -2, y -3
	return slices.Concat([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}, cborBytes(point[1:33]), []byte{0x22}, cborBytes(point[33:])), nil
}

func (k *Key) sign(data []byte) []byte {
	if private, edwards := k.private.(ed25519.PrivateKey); edwards {
		return ed25519.Sign(private, data)
	}
	hash := sha256.Sum256(data)
	s, err := k.private.Sign(rand.Reader, hash[:], crypto.SHA256)
	if err != nil {
		panic(err)
	}
	return s
}

// cborBytes and cborText write CBOR (RFC 8949) of bytes and of text.
func cborBytes(b []byte) []byte { return slices.Concat(head(2, len(b)), b) }

func cborText(s string) []byte { return append(head(3, len(s)), s...) }

func head(major byte, n int) []byte {
	var b bytes.Buffer
	switch {
	case n < 24:
		b.WriteByte(major<<5 | byte(n))
	case n < 1<<8:
		b.Write([]byte{major<<5 | 24, byte(n)})
	default:
		b.Write(binary.BigEndian.AppendUint16([]byte{major<<5 | 25}, uint16(n)))
	}
	return b.Bytes()
}
