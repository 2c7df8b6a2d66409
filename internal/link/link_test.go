package link_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"flag"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"tenantry/internal/link"
)

var mutations = flag.Int("mutations", 10_000, "how many altered tokens to try; 100000 proves invariant 7 in full")

var allPurposes = []link.Purpose{link.SignUp, link.PasswordReset, link.Invitation, link.InvitationHandedOver, link.UnknownSender, link.Recovery, link.Denial}

// ring returns a keyring of keys with the given ids, the same for the same ids.
func ring(t testing.TB, ids ...byte) *link.Keyring {
	t.Helper()
	var keys []link.Key
	for _, id := range ids {
		keys = append(keys, link.Key{ID: id, Secret: bytes.Repeat([]byte{id + 1}, link.SecretSize)})
	}
	r, err := link.NewKeyring(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// claim is an ordinary claim, of an invitation sent for the third time.
var claim = link.Claim{
	ID:         "inv_01h455vb4pex5vsknk084sn02q",
	Generation: 3,
	ExpiresAt:  time.Date(2030, 5, 17, 8, 30, 0, 0, time.UTC),
}

func TestOpenReturnsWhatWasSigned(t *testing.T) {
	tests := []struct {
		name  string
		claim link.Claim
	}{
		{"ordinary", claim},
		{"nothing", link.Claim{}},
		{"no id", link.Claim{Generation: 1, ExpiresAt: claim.ExpiresAt}},
		{"id of any bytes", link.Claim{ID: "a/b+c\x00\xff", ExpiresAt: claim.ExpiresAt}},
		{"long id", link.Claim{ID: strings.Repeat("x", 5000), ExpiresAt: claim.ExpiresAt}},
		{"greatest generation", link.Claim{ID: "x", Generation: math.MaxInt}},
		{"negative generation", link.Claim{ID: "x", Generation: math.MinInt}},
		{"long past", link.Claim{ID: "x", ExpiresAt: time.Unix(-1, 0).UTC()}},
	}
	r := ring(t, 1)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			token := r.Sign(link.Invitation, tt.claim)
			if strings.Trim(token, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
				t.Errorf("token %q is not safe in a URL", token)
			}
			got, err := r.Open(link.Invitation, token)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.claim {
				t.Errorf("got %+v, want %+v", got, tt.claim)
			}
		})
	}
}

func TestSign(t *testing.T) {
	r := ring(t, 1)
	token := r.Sign(link.Invitation, claim)
	if len(token) > 80 {
		t.Errorf("the token has %d characters, more than 80: %s", len(token), token)
	}
	if again := ring(t, 1).Sign(link.Invitation, claim); again != token {
		t.Error("the same claim gave another token")
	}
	// A token of this format stays good over releases.
	const sent = "AZDw_JgOBmludl8wMWg0NTV2YjRwZXg1dnNrbmswODRzbjAycaX8IEj9dLintRZCoOgSO7g"
	if token != sent {
		t.Errorf("got %s, want the token of earlier releases, %s", token, sent)
	}

	fraction := claim
	fraction.ExpiresAt = claim.ExpiresAt.Add(999 * time.Millisecond).In(time.FixedZone("", 3600))
	if r.Sign(link.Invitation, fraction) != token {
		t.Error("a fraction of a second or a time zone changed the token")
	}
}

func TestEveryPartIsBound(t *testing.T) {
	r := ring(t, 1)
	other := map[string]link.Claim{
		"id":         {ID: "inv_01h455vb4pex5vsknk084sn02r", Generation: claim.Generation, ExpiresAt: claim.ExpiresAt},
		"generation": {ID: claim.ID, Generation: claim.Generation + 1, ExpiresAt: claim.ExpiresAt},
		"expiry":     {ID: claim.ID, Generation: claim.Generation, ExpiresAt: claim.ExpiresAt.Add(time.Second)},
	}
	mac := func(token string) string { return token[len(token)-21:] }
	for part, c := range other {
		if mac(r.Sign(link.Invitation, c)) == mac(r.Sign(link.Invitation, claim)) {
			t.Errorf("the MAC does not cover the %s", part)
		}
	}
}

// Invariant 7.
func TestPurposesDoNotCross(t *testing.T) {
	r := ring(t, 1)
	for _, made := range append(allPurposes, 0, 255) {
		token := r.Sign(made, claim)
		for _, asked := range append(allPurposes, 0, 255) {
			_, err := r.Open(asked, token)
			if want := made == asked; (err == nil) != want {
				t.Errorf("made for %d, opened for %d: %v", made, asked, err)
			}
			if err != nil && err != link.ErrInvalid {
				t.Errorf("made for %d, opened for %d: %v is not ErrInvalid itself", made, asked, err)
			}
		}
	}
}

// Invariant 7.
func TestMutatedTokensAreRefusedAlike(t *testing.T) {
	r := ring(t, 1, 2)
	token := r.Sign(link.PasswordReset, claim)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	refuse := func(how, mutant string) {
		t.Helper()
		if mutant == token {
			return
		}
		if c, err := r.Open(link.PasswordReset, mutant); err != link.ErrInvalid || c != (link.Claim{}) {
			t.Fatalf("%s: %q gave %+v, %v", how, mutant, c, err)
		}
	}

	for i := range token {
		refuse("truncated", token[:i])
		refuse("beheaded", token[i+1:])
		for _, c := range alphabet {
			refuse("one character altered", token[:i]+string(c)+token[i+1:])
		}
		for _, c := range []string{"\n", "\r", "\r\n", "=", " ", "\x00", "+", "/", "A"} {
			refuse("one inserted", token[:i]+c+token[i:])
		}
	}
	for _, tail := range []string{"A", "AA", "AAA", "AAAA", "=", "==", "\n", " ", "%3D", token} {
		refuse("extended", token+tail)
	}
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding} {
		if s := e.EncodeToString(raw); s != token {
			refuse("re-encoded", s)
		}
	}
	for _, r := range []string{"", "A", strings.Repeat("A", 22), strings.Repeat("A", 23), strings.Repeat("_", 76)} {
		refuse("made up", r)
	}

	rng := rand.New(rand.NewPCG(7, 7))
	for range *mutations {
		b := bytes.Clone(raw)
		for range 1 + rng.IntN(4) {
			switch at := rng.IntN(len(b) + 1); rng.IntN(4) {
			case 0:
				b = append(b[:at:at], append([]byte{byte(rng.Uint32())}, b[at:]...)...)
			case 1:
				b = append(b[:min(at, len(b)-1):min(at, len(b)-1)], b[min(at+1, len(b)):]...)
			case 2:
				b[at%len(b)] ^= 1 << rng.IntN(8)
			case 3:
				b[at%len(b)] = byte(rng.Uint32())
			}
		}
		refuse("random", base64.RawURLEncoding.EncodeToString(b))
	}
}

// The last character of a token may hold bits that carry nothing; each length
// of ID puts another number of them there.
//
// Invariant 7.
func TestTailBitsAreCanonical(t *testing.T) {
	r := ring(t, 1)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for _, id := range []string{"", "a", "ab", "abc"} {
		token := r.Sign(link.SignUp, link.Claim{ID: id})
		for _, c := range alphabet {
			mutant := token[:len(token)-1] + string(c)
			if _, err := r.Open(link.SignUp, mutant); (err == nil) != (mutant == token) {
				t.Errorf("id %q: the last character %q instead of %q: %v", id, c, token[len(token)-1:], err)
			}
		}
	}
}

func TestRotation(t *testing.T) {
	old := ring(t, 1)
	token := old.Sign(link.Recovery, claim)

	both := ring(t, 2, 1)
	if got, err := both.Open(link.Recovery, token); err != nil || got != claim {
		t.Errorf("a token of the older key: %+v, %v", got, err)
	}
	fresh := both.Sign(link.Recovery, claim)
	if fresh == token {
		t.Error("the new primary key does not sign")
	}
	if _, err := old.Open(link.Recovery, fresh); !errors.Is(err, link.ErrInvalid) {
		t.Errorf("a token of an unknown key: %v", err)
	}
	if _, err := ring(t, 2).Open(link.Recovery, token); !errors.Is(err, link.ErrInvalid) {
		t.Errorf("a token of a key that was dropped: %v", err)
	}

	// Another secret under the same number.
	forger, err := link.NewKeyring(link.Key{ID: 1, Secret: bytes.Repeat([]byte{9}, link.SecretSize)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := old.Open(link.Recovery, forger.Sign(link.Recovery, claim)); !errors.Is(err, link.ErrInvalid) {
		t.Errorf("a token of another secret: %v", err)
	}
}

func TestDerive(t *testing.T) {
	r := ring(t, 2, 1)
	cursor := r.Derive("cursor")
	if len(cursor) != 32 {
		t.Errorf("got %d bytes, want 32", len(cursor))
	}
	if !bytes.Equal(cursor, ring(t, 2).Derive("cursor")) {
		t.Error("an older key changes what is derived")
	}
	for name, other := range map[string][]byte{
		"another label":   r.Derive("budget"),
		"no label":        r.Derive(""),
		"another key":     ring(t, 1).Derive("cursor"),
		"the secret":      bytes.Repeat([]byte{3}, link.SecretSize),
		"a forged prefix": r.Derive("derived cursor"),
	} {
		if bytes.Equal(cursor, other) {
			t.Errorf("%s gives the same secret", name)
		}
	}
}

func FuzzOpen(f *testing.F) {
	r := ring(f, 1)
	token := r.Sign(link.Invitation, claim)
	f.Add(token)
	f.Add(token[:40])
	f.Add("")
	f.Fuzz(func(t *testing.T, s string) {
		_, err := r.Open(link.Invitation, s)
		if (err == nil) != (s == token) || err != nil && err != link.ErrInvalid {
			t.Errorf("%q: %v", s, err)
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	r := ring(b, 1)
	token := r.Sign(link.Invitation, claim)
	for b.Loop() {
		if _, err := r.Open(link.Invitation, token); err != nil {
			b.Fatal(err)
		}
	}
}
