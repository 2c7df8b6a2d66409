package seal

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

func created(t *testing.T) (*Keyset, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keyset.json")
	k, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	return k, path
}

func sealed(t *testing.T, k *Keyset, secret, use, owner string) []byte {
	t.Helper()
	out, err := k.Seal([]byte(secret), use, owner)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// What is sealed opens for its owner and its use, and for nobody and nothing else;
// altered in any bit, cut or lengthened it opens for nobody.
func TestBound(t *testing.T) {
	k, _ := created(t)
	s := sealed(t, k, "a secret", "totp", "user_1")
	if got, err := k.Open(s, "totp", "user_1"); err != nil || string(got) != "a secret" {
		t.Fatalf("%q, %v", got, err)
	}
	if bytes.Equal(s, sealed(t, k, "a secret", "totp", "user_1")) {
		t.Error("the same secret is sealed alike twice")
	}
	for _, of := range [][2]string{{"totp", "user_2"}, {"other", "user_1"}, {"totp\x00user_1", ""}, {"", "totp\x00user_1"}, {"totp", ""}} {
		if _, err := k.Open(s, of[0], of[1]); !errors.Is(err, ErrSealed) {
			t.Errorf("%q opens it: %v", of, err)
		}
	}
	for i := range len(s) * 8 {
		bad := bytes.Clone(s)
		bad[i/8] ^= 1 << (i % 8)
		if _, err := k.Open(bad, "totp", "user_1"); !errors.Is(err, ErrSealed) {
			t.Fatalf("with bit %d changed it opens: %v", i, err)
		}
	}
	for n := range s {
		if _, err := k.Open(s[:n], "totp", "user_1"); !errors.Is(err, ErrSealed) {
			t.Fatalf("cut to %d bytes it opens: %v", n, err)
		}
	}
	if _, err := k.Open(append(s, 0), "totp", "user_1"); !errors.Is(err, ErrSealed) {
		t.Error("lengthened it opens")
	}
	other, _ := created(t)
	if _, err := other.Open(s, "totp", "user_1"); !errors.Is(err, ErrSealed) {
		t.Error("other keys open it")
	}
}

// Tink reads our files, opens what we have sealed and seals what we can open, under
// each key of a keyset that was rotated, and we read files that it has made.
func TestTink(t *testing.T) {
	k, path := created(t)
	first := sealed(t, k, "one", "totp", "user_1")
	if err := k.Rotate(); err != nil {
		t.Fatal(err)
	}
	second := sealed(t, k, "two", "totp", "user_1")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := aead.New(h)
	if err != nil {
		t.Fatal(err)
	}
	bound := []byte("totp\x00user_1")
	for want, s := range map[string][]byte{"one": first, "two": second} {
		if got, err := theirs.Decrypt(s, bound); err != nil || string(got) != want {
			t.Errorf("Tink opens %q: %v", got, err)
		}
	}
	s, err := theirs.Encrypt([]byte("three"), bound)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := k.Open(s, "totp", "user_1"); err != nil || string(got) != "three" || !k.Current(s) {
		t.Errorf("of Tink's we open %q: %v", got, err)
	}

	h, err = keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		t.Fatal(err)
	}
	var made bytes.Buffer
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&made)); err != nil {
		t.Fatal(err)
	}
	k, err = New(made.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	theirs, err = aead.New(h)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := theirs.Decrypt(sealed(t, k, "four", "totp", "user_1"), bound); err != nil || string(got) != "four" {
		t.Errorf("with its own keyset Tink opens %q: %v", got, err)
	}
	h, err = keyset.NewHandle(aead.AES128GCMKeyTemplate())
	if err != nil {
		t.Fatal(err)
	}
	made.Reset()
	if err := insecurecleartextkeyset.Write(h, keyset.NewJSONWriter(&made)); err != nil {
		t.Fatal(err)
	}
	if _, err := New(made.Bytes()); err == nil || !strings.Contains(err.Error(), "AES-256-GCM") {
		t.Errorf("a key of another kind is taken: %v", err)
	}
}

// A rotation seals with a new key and still opens what the old one sealed, in a
// process that has read the file before and is not started anew; a key that is only
// prepared seals nothing; and what a dropped key sealed is gone.
func TestRotation(t *testing.T) {
	operator, path := created(t)
	running, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	old := sealed(t, running, "old", "totp", "user_1")
	if err := operator.Prepare(); err != nil {
		t.Fatal(err)
	}
	if err := operator.Prepare(); err != nil || operator.Size() != 2 {
		t.Fatalf("%d keys, %v", operator.Size(), err)
	}
	if !operator.Current(old) || !running.Current(sealed(t, running, "x", "totp", "user_1")) || !operator.Current(sealed(t, running, "x", "totp", "user_1")) {
		t.Error("a prepared key seals")
	}
	if err := operator.Rotate(); err != nil || operator.Size() != 2 {
		t.Fatalf("%d keys, %v", operator.Size(), err)
	}
	if operator.Current(old) || running.Current(old) {
		t.Error("the old key is still the primary")
	}
	if s := sealed(t, running, "new", "totp", "user_1"); !operator.Current(s) {
		t.Error("a running process seals with the old key")
	}
	if got, err := running.Open(old, "totp", "user_1"); err != nil || string(got) != "old" {
		t.Errorf("%q, %v", got, err)
	}
	if n, err := operator.Prune(); n != 1 || err != nil {
		t.Errorf("%d dropped, %v", n, err)
	}
	if _, err := running.Open(old, "totp", "user_1"); !errors.Is(err, ErrSealed) {
		t.Errorf("a dropped key opens: %v", err)
	}
	// A file that is away or broken for a while takes nothing from a running process.
	s := sealed(t, running, "kept", "totp", "user_1")
	for _, spoil := range []func() error{func() error { return os.WriteFile(path, []byte("{"), 0o600) }, func() error { return os.Remove(path) }} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		if got, err := running.Open(s, "totp", "user_1"); err != nil || string(got) != "kept" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

func TestFile(t *testing.T) {
	_, path := created(t)
	if _, err := Create(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a keyset was written over: %v", err)
	}
	if _, err := Load(path + "x"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Error(info.Mode(), err)
	}
	if runtime.GOOS != "windows" {
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("anybody may read it: %v", err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string]string{
		"nothing":              "",
		"half":                 string(text[:len(text)/2]),
		"another primary":      strings.Replace(string(text), `"primaryKeyId": `, `"primaryKeyId": 1`, 1),
		"a disabled primary":   strings.Replace(string(text), `ENABLED`, `DISABLED`, 1),
		"a key of another use": strings.Replace(string(text), `AesGcmKey`, `AesSivKey`, 1),
		"another prefix":       strings.Replace(string(text), `TINK`, `RAW`, 1),
		"a short key":          strings.Replace(string(text), `"value": "Gi`, `"value": "GiGiGi`, 1),
	} {
		_, err := New([]byte(bad))
		if err == nil {
			t.Errorf("%s is taken", name)
			continue
		}
		if i := strings.Index(string(text), `"Gi`); strings.Contains(err.Error(), string(text[i+4:i+20])) {
			t.Errorf("%s: the error quotes the key: %v", name, err)
		}
	}
}
