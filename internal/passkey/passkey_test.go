package passkey_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/go-webauthn/webauthn/protocol"

	"tenantry/internal/passkey"
	"tenantry/internal/passkey/virtual"
)

const origin = "https://portal.example"

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// desk is a person with a device, and the portal.
type desk struct {
	testing.TB
	party  *passkey.Party
	device *virtual.Authenticator
	holder *passkey.Holder
}

func newDesk(t testing.TB) *desk {
	return &desk{t, must[*passkey.Party](t)(passkey.NewParty(origin, "Tenantry")), &virtual.Authenticator{Origin: origin},
		&passkey.Holder{ID: "user_01h455vb4pex5vsknk084sn02q", Email: "olive@example.com", Name: "Olive"}}
}

func (d *desk) create(lies ...func(*virtual.Answer)) (*passkey.Key, error) {
	d.Helper()
	options, challenge, err := d.party.Create(d.holder)
	if err != nil {
		d.Fatal(err)
	}
	answer := must[[]byte](d)(d.device.Create(options, lies...))
	c, err := passkey.ReadCreated(answer)
	if err != nil {
		return nil, err
	}
	return d.party.Created(d.holder, challenge, c)
}

// registered lets the person have a passkey that went through the database.
func (d *desk) registered() {
	d.Helper()
	k := must[*passkey.Key](d)(d.create())
	var stored passkey.Key
	if err := json.Unmarshal(must[[]byte](d)(json.Marshal(k)), &stored); err != nil {
		d.Fatal(err)
	}
	d.holder.Keys = append(d.holder.Keys, stored)
}

func (d *desk) answer(lies ...func(*virtual.Answer)) (*passkey.Key, error) {
	d.Helper()
	options, challenge, err := d.party.Ask(nil)
	if err != nil {
		d.Fatal(err)
	}
	a, err := passkey.ReadAnswer(must[[]byte](d)(d.device.Get(options, lies...)))
	if err != nil {
		return nil, err
	}
	return d.party.Answered(d.holder, challenge, a)
}

// What an honest device answers is accepted, whatever kind of key it has.
func TestHonest(t *testing.T) {
	for name, device := range map[string]virtual.Authenticator{
		"P-256": {}, "Ed25519": {Ed25519: true}, "synced P-256": {Synced: true}, "synced Ed25519": {Ed25519: true, Synced: true},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.device.Ed25519, d.device.Synced = device.Ed25519, device.Synced
			d.registered()
			for range 3 {
				before := &d.holder.Keys[0]
				k, err := d.answer()
				if err != nil {
					t.Fatal(err)
				}
				if k.ID() != before.ID() || !k.Follows(before) {
					t.Errorf("key %s with counter %d after %s with %d", k.ID(), k.Counter(), before.ID(), before.Counter())
				}
				d.holder.Keys[0] = *k
			}
			if want := map[bool]uint32{true: 0, false: 4}[device.Synced]; d.holder.Keys[0].Counter() != want {
				t.Errorf("the counter is %d, want %d", d.holder.Keys[0].Counter(), want)
			}
			if _, err := d.device.Create(optionsOf(t, d.party.Create, d.holder)); err == nil {
				t.Error("one device makes two passkeys for a person")
			}
			options := optionsOf(t, d.party.Ask, d.holder)
			if !bytes.Contains(options, []byte(`"id":"`+d.holder.Keys[0].ID()+`"`)) {
				t.Errorf("the person's keys are not offered: %s", options)
			}
			if options := optionsOf(t, d.party.Ask, nil); bytes.Contains(options, []byte("allowCredentials")) {
				t.Errorf("keys are offered to nobody: %s", options)
			}
		})
	}
}

func optionsOf(t testing.TB, ask func(*passkey.Holder) ([]byte, []byte, error), h *passkey.Holder) []byte {
	t.Helper()
	options, _, err := ask(h)
	if err != nil {
		t.Fatal(err)
	}
	return options
}

// What a browser is given says that the person has to be verified, that the key is
// to be found without a name, and that nobody wants to know who made the device.
func TestOptions(t *testing.T) {
	d := newDesk(t)
	var made struct {
		RP                     struct{ ID, Name string }
		User                   struct{ ID, Name, DisplayName string }
		Attestation            string
		Timeout                int
		AuthenticatorSelection struct{ ResidentKey, UserVerification string }
		PubKeyCredParams       []struct{ Alg int }
	}
	if err := json.Unmarshal(optionsOf(t, d.party.Create, d.holder), &made); err != nil {
		t.Fatal(err)
	}
	if made.RP.ID != "portal.example" || made.RP.Name != "Tenantry" || made.User.Name != "olive@example.com" || made.User.DisplayName != "Olive" ||
		made.User.ID != "dXNlcl8wMWg0NTV2YjRwZXg1dnNrbmswODRzbjAycQ" || made.Attestation != "none" || made.Timeout != 300_000 ||
		made.AuthenticatorSelection.ResidentKey != "required" || made.AuthenticatorSelection.UserVerification != "required" || len(made.PubKeyCredParams) != 3 {
		t.Errorf("to create: %+v", made)
	}
	var asked struct {
		RPID, UserVerification string
		Timeout                int
	}
	options, challenge, err := d.party.Ask(nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(options, &asked); err != nil {
		t.Fatal(err)
	}
	if asked.RPID != "portal.example" || asked.UserVerification != "required" || asked.Timeout != 300_000 || len(challenge) != 32 {
		t.Errorf("to sign: %+v, a challenge of %d bytes", asked, len(challenge))
	}
}

// lie changes what a device answers, and says what is then complained of.
type lie struct {
	name, complaint string
	tell            func(*virtual.Answer)
}

func set(field string, v any) func(*virtual.Answer) {
	return func(a *virtual.Answer) { a.ClientData[field] = v }
}

func flags(f byte) func(*virtual.Answer) { return func(a *virtual.Answer) { a.Flags ^= f } }

// lies are told of new keys and of old ones.
var lies = []lie{
	{"another origin", "origin", set("origin", "https://portal.example.evil")},
	{"a subdomain", "origin", set("origin", "https://www.portal.example")},
	{"another port", "origin", set("origin", "https://portal.example:8443")},
	{"plain http", "origin", set("origin", "http://portal.example")},
	{"an origin with a path", "origin", set("origin", "https://portal.example/evil")},
	{"an origin in capitals", "origin", set("origin", "HTTPS://PORTAL.EXAMPLE")},
	{"no origin", "origin", set("origin", "")},
	{"a frame of another site", "cross origin", set("crossOrigin", true)},
	{"a page within another", "topOrigin", set("topOrigin", "https://evil.example")},
	{"another challenge", "challenge", set("challenge", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")},
	{"no challenge", "challenge", set("challenge", "")},
	{"another ceremony", "ceremony type", set("type", "payment.get")},
	{"another relying party", "RP Hash", func(a *virtual.Answer) { a.RPID = "example" }},
	{"nobody verified", "User verification", flags(virtual.Verified)},
	{"nobody present", "User presence", flags(virtual.Present)},
	{"backed up and not eligible", "Backup", flags(virtual.BackedUp)},
}

// complained demands that a lie was refused for its own reason, and not for another.
func complained(t *testing.T, err error, about string) {
	t.Helper()
	if err == nil {
		t.Fatal("it was believed")
	}
	why := err.Error()
	if e, ok := errors.AsType[*protocol.Error](err); ok {
		why = e.Details + " " + e.DevInfo
	}
	if !strings.Contains(strings.ToLower(why), strings.ToLower(about)) {
		t.Errorf("refused since %s, want %q", why, about)
	}
}

func TestLiesAboutNewKeys(t *testing.T) {
	all := append([]lie{
		{"an answer of the other kind", "ceremony type", set("type", "webauthn.get")},
		{"another id than the key's", "credential id", func(a *virtual.Answer) { a.Named = []byte("another") }},
		{"an algorithm that was not offered", "algorithm", func(a *virtual.Answer) { a.Key[4] = 0x25 }}, // -6
	}, lies...)
	for _, l := range all {
		t.Run(l.name, func(t *testing.T) {
			_, err := newDesk(t).create(l.tell)
			complained(t, err, l.complaint)
		})
	}
}

func TestLies(t *testing.T) {
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[(at+len(b))%len(b)] ^= 1; return b }
	}
	all := append([]lie{
		{"an answer of the other kind", "ceremony type", set("type", "webauthn.create")},
		{"an altered signature", "signature", func(a *virtual.Answer) { a.Signature = flip(-1) }},
		{"no signature", "signature", func(a *virtual.Answer) { a.Signature = func([]byte) []byte { return nil } }},
		{"another counter than was signed", "signature", func(a *virtual.Answer) { a.Signed = flip(36) }},
		{"another page than was signed", "signature", func(a *virtual.Answer) { a.Signed = flip(-1) }},
		{"somebody else's handle", "user handle", func(a *virtual.Answer) { a.UserHandle = []byte("user_01h455vb4pex5vsknk084sn02r") }},
		{"an unknown key", "credential", func(a *virtual.Answer) { a.ID = bytes.Repeat([]byte{1}, 16) }},
		{"another key than the authenticator's", "credential", func(a *virtual.Answer) { a.Named = []byte("another") }},
		{"a key that may be copied from now on", "Backup", func(a *virtual.Answer) { a.Flags ^= virtual.Eligible }},
	}, lies...)
	for _, edwards := range []bool{false, true} {
		for _, l := range all {
			t.Run(fmt.Sprintf("%s, Ed25519 %v", l.name, edwards), func(t *testing.T) {
				d := newDesk(t)
				d.device.Ed25519 = edwards
				d.registered()
				_, err := d.answer(l.tell)
				complained(t, err, l.complaint)
			})
		}
	}
	t.Run("a key of somebody else", func(t *testing.T) {
		d, other := newDesk(t), newDesk(t)
		d.registered()
		other.registered()
		d.device = other.device
		_, err := d.answer()
		complained(t, err, "credential")
	})
	t.Run("a key of somebody else under the own id", func(t *testing.T) {
		d, other := newDesk(t), newDesk(t)
		d.registered()
		other.registered()
		other.device.Keys[0].ID = d.device.Keys[0].ID
		d.device = other.device
		_, err := d.answer()
		complained(t, err, "signature")
	})
}

// What an authenticator says about its maker is not looked at, since nobody asked.
func TestUnaskedAttestation(t *testing.T) {
	for format, statement := range map[string][]byte{"packed": {0xa0}, "tpm": {0xa1, 0x61, 'x', 0x00}, "of the future": {0xa1, 0x61, 'x', 0x00}} {
		if _, err := newDesk(t).create(func(a *virtual.Answer) { a.Format, a.Statement = format, statement }); err != nil {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// A counter that does not rise says that there are two of a key.
func TestCounter(t *testing.T) {
	d := newDesk(t)
	d.registered() // at 1
	for counter, follows := range map[uint32]bool{0: false, 1: false, 2: true, 1 << 31: true} {
		k, err := d.answer(func(a *virtual.Answer) { a.Counter = counter })
		if err != nil {
			t.Fatal(err)
		}
		if k.Follows(&d.holder.Keys[0]) != follows {
			t.Errorf("%d follows 1: %v", counter, !follows)
		}
	}
}

// Browsers make passkeys for names, over https or on this machine, so that the id of
// the relying party is the host of the public address and nothing else.
func TestAddresses(t *testing.T) {
	for public, ok := range map[string]bool{
		"https://portal.example": true, "https://portal.example:8443": true, "http://localhost:8080": true, "https://localhost": true,
		"http://portal.example": false, "http://127.0.0.1:8080": false, "https://127.0.0.1": false, "https://[::1]:8443": false,
		"http://[::1]:8080": false, "ftp://localhost": false, "https://": false, "": false, "://": false,
	} {
		if _, err := passkey.NewParty(public, "Tenantry"); (err == nil) != ok {
			t.Errorf("%q: %v", public, err)
		}
	}
}

// An Android app has an origin of its own. It counts where the operator has named it, to
// the letter; what only looks like one does not.
func TestApps(t *testing.T) {
	const mine, another = "android:apk-key-hash:" + "sYUC8p5I9SxqFernBPHmDxz_YVZXmVJdW8s-m3RTTqE", "android:apk-key-hash:" + "AAAA8p5I9SxqFernBPHmDxz_YVZXmVJdW8s-m3RTTqE"
	for app, ok := range map[string]bool{mine: true, another: true, "": false, "https://app.example": false, "android:apk-key-hash:": false, mine + "=": false,
		mine[:len(mine)-1]: false, "android:apk-key-hash:sYUC8p5I9SxqFernBPHmDxz_YVZXmVJdW8s-m3RTTqF": false, "android:apk-key-hash-sha1:sYUC8p5I9SxqFernBPHmDxz_YVZXmVJdW8s": false} {
		if err := passkey.CheckApp(app); (err == nil) != ok {
			t.Errorf("%q: %v", app, err)
		}
	}
	for _, tc := range []struct {
		from     string
		apps     []string
		accepted bool
	}{
		{mine, []string{another, mine}, true}, {mine, []string{another}, false}, {mine, nil, false},
		{strings.ToLower(mine), []string{mine}, false}, {origin, []string{mine}, true}, {"https://portal.example.evil", []string{mine}, false},
	} {
		d := newDesk(t)
		d.party = must[*passkey.Party](t)(passkey.NewParty(origin, "Tenantry", tc.apps...))
		d.registered()
		d.device.Origin = tc.from
		_, answered := d.answer()
		d.device = &virtual.Authenticator{Origin: tc.from}
		_, created := d.create()
		if (created == nil) != tc.accepted || (answered == nil) != tc.accepted {
			t.Errorf("from %s with %v: %v, %v", tc.from, tc.apps, created, answered)
		}
	}
}

// Whatever a stranger sends is read or refused, and proves nothing.
func FuzzAnswers(f *testing.F) {
	d := newDesk(f)
	d.registered()
	options, challenge, err := d.party.Ask(nil)
	if err != nil {
		f.Fatal(err)
	}
	created, creation, err := d.party.Create(&passkey.Holder{ID: "user_1", Email: "new@example.com", Name: "New"})
	if err != nil {
		f.Fatal(err)
	}
	stranger := &virtual.Authenticator{Origin: origin}
	f.Add(must[[]byte](f)(stranger.Create(created)))
	f.Add(must[[]byte](f)(stranger.Create(created, func(a *virtual.Answer) { a.Flags |= virtual.Extended; a.Extra = []byte{0xa1, 0x61, 'x', 0x01} })))
	f.Add(must[[]byte](f)(stranger.Keys[0].Sign(origin, "AAAA")))
	f.Add(must[[]byte](f)(d.device.Get(options, func(a *virtual.Answer) { a.Signature = func([]byte) []byte { return []byte("0") } })))
	f.Add([]byte(`{"id":"","rawId":"","type":"public-key","response":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if a, err := passkey.ReadAnswer(b); err == nil {
			if k, err := d.party.Answered(d.holder, challenge, a); err == nil {
				t.Errorf("%s is taken for a signature with %s", b, k.ID())
			}
		} else if !errors.Is(err, passkey.ErrMalformed) {
			t.Error(err)
		}
		if c, err := passkey.ReadCreated(b); err == nil {
			// Anybody can make a key; never for a challenge that was not theirs.
			if k, err := d.party.Created(d.holder, challenge, c); err == nil {
				t.Errorf("%s is taken for the new key %s", b, k.ID())
			}
			d.party.Created(d.holder, creation, c)
		} else if !errors.Is(err, passkey.ErrMalformed) {
			t.Error(err)
		}
	})
}

// What is longer than any answer is not read at all.
func TestLength(t *testing.T) {
	d := newDesk(t)
	d.registered()
	answer := must[[]byte](t)(d.device.Get(optionsOf(t, d.party.Ask, nil)))
	long := append(answer, bytes.Repeat([]byte(" "), passkey.MaxAnswer)...)
	if _, err := passkey.ReadAnswer(long[:passkey.MaxAnswer]); err != nil {
		t.Error(err)
	}
	if _, err := passkey.ReadAnswer(long[:passkey.MaxAnswer+1]); !errors.Is(err, passkey.ErrMalformed) {
		t.Error("it is read")
	}
	if _, err := passkey.ReadCreated(long); !errors.Is(err, passkey.ErrMalformed) {
		t.Error("it is read")
	}
}

// For a key that nobody has, and for one that the answer says is somebody else's, as much
// is done as for a wrong signature: down to the signature.
func TestUnknownTakesAsLong(t *testing.T) {
	for _, synced := range []bool{false, true} {
		d := newDesk(t)
		d.device.Synced = synced
		d.registered()
		stranger := &virtual.Authenticator{Origin: origin, Synced: synced}
		created, _, err := d.party.Create(&passkey.Holder{ID: "user_1", Email: "new@example.com", Name: "New"})
		if err != nil {
			t.Fatal(err)
		}
		must[[]byte](t)(stranger.Create(created))
		options, challenge, err := d.party.Ask(nil)
		if err != nil {
			t.Fatal(err)
		}
		answer := func(id, user []byte) *passkey.Answer {
			key := *stranger.Keys[0]
			key.ID, key.User = id, user
			other := &virtual.Authenticator{Origin: origin, Synced: synced, Keys: []*virtual.Key{&key}}
			return must[*passkey.Answer](t)(passkey.ReadAnswer(must[[]byte](t)(other.Get(options))))
		}
		mine, theirs := d.device.Keys[0], stranger.Keys[0]
		_, wrong := d.party.Answered(d.holder, challenge, answer(mine.ID, mine.User))
		if wrong == nil {
			t.Fatal("a wrong signature is taken")
		}
		if err := d.party.Unknown(challenge, answer(theirs.ID, theirs.User)); err == nil || err.Error() != wrong.Error() {
			t.Errorf("a key that nobody has is refused with %v, a wrong signature with %v", err, wrong)
		}
		if _, err := d.party.Answered(d.holder, challenge, answer(mine.ID, theirs.User)); err == nil || !strings.HasSuffix(err.Error(), wrong.Error()) {
			t.Errorf("another's key is refused with %v, a wrong signature with %v", err, wrong)
		}
	}
}
