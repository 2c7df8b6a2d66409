package link_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tenantry/internal/link"
)

func TestNewKeyring(t *testing.T) {
	good := bytes.Repeat([]byte{1}, link.SecretSize)
	tests := []struct {
		name string
		keys []link.Key
		want string
	}{
		{"one", []link.Key{{1, good}}, ""},
		{"least and greatest number", []link.Key{{0, good}, {255, good}}, ""},
		{"longer secret", []link.Key{{1, bytes.Repeat([]byte{1}, 64)}}, ""},
		{"none", nil, "at least one key"},
		{"short secret", []link.Key{{4, good[1:]}}, "the secret of key 4 has 31 bytes"},
		{"short older secret", []link.Key{{1, good}, {2, nil}}, "the secret of key 2 has 0 bytes"},
		{"number twice", []link.Key{{3, good}, {3, good}}, "two keys 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := link.NewKeyring(tt.keys...)
			check(t, err, tt.want)
		})
	}
}

func TestKeyringKeepsItsOwnSecret(t *testing.T) {
	secret := bytes.Repeat([]byte{1}, link.SecretSize)
	r, err := link.NewKeyring(link.Key{ID: 1, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	before := r.Derive("x")
	clear(secret)
	if !bytes.Equal(before, r.Derive("x")) {
		t.Error("changing the caller's slice changed the keyring")
	}
}

func TestCreateThenLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "keys")
	made, err := link.CreateKeyring(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left %v behind", entries)
	}
	loaded, err := link.LoadKeyring(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := loaded.Open(link.SignUp, made.Sign(link.SignUp, claim)); err != nil {
		t.Error(err)
	}

	before, _ := os.ReadFile(path)
	if _, err := link.CreateKeyring(path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("made again: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("a second CreateKeyring changed the file")
	}

	other, err := link.CreateKeyring(filepath.Join(dir, "other"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(other.Derive("x"), made.Derive("x")) {
		t.Error("two files hold the same secret")
	}
}

func TestCreateAtOnceHasOneWinner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	rings := make([]*link.Keyring, 16)
	var wg sync.WaitGroup
	for i := range rings {
		wg.Go(func() {
			r, err := link.CreateKeyring(path)
			if errors.Is(err, fs.ErrExist) {
				r, err = link.LoadKeyring(path)
			} else if err == nil {
				rings[i] = r
			}
			if err != nil {
				t.Error(err)
			} else if _, err := r.Open(link.SignUp, r.Sign(link.SignUp, claim)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	winners := 0
	for _, r := range rings {
		if r != nil {
			winners++
		}
	}
	if winners != 1 {
		t.Errorf("%d made the file, want 1", winners)
	}
}

func TestCreateWhereNothingCanBe(t *testing.T) {
	_, err := link.CreateKeyring(filepath.Join(t.TempDir(), "missing", "keys"))
	check(t, err, "make sure its directory is there")
}

func TestLoadKeyring(t *testing.T) {
	secret := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1}, link.SecretSize))
	tests := []struct {
		name    string
		content string
		mode    fs.FileMode
		want    string
	}{
		{"one key", "1 " + secret + "\n", 0o600, ""},
		{"two keys, comments, blank lines, CRLF", "# new\r\n2 " + secret + "\r\n\r\n  1\t" + secret, 0o600, ""},
		{"read only", "1 " + secret, 0o400, ""},
		{"read by the group", "1 " + secret, 0o640, ""},
		{"changed by the group", "1 " + secret, 0o660, "chmod 600"},
		{"read by strangers", "1 " + secret, 0o604, "chmod 600"},
		{"changed by strangers", "1 " + secret, 0o602, "chmod 600"},
		{"empty", "", 0o600, "holds no key"},
		{"only comments", "# gone\n", 0o600, "holds no key"},
		{"no number", "# x\n" + secret, 0o600, "line 2 of the key file"},
		{"number too great", "256 " + secret, 0o600, "line 1 of the key file"},
		{"negative number", "-1 " + secret, 0o600, "line 1 of the key file"},
		{"not base64", "1 !" + secret[1:], 0o600, "line 1 of the key file"},
		{"three fields", "1 " + secret + " x", 0o600, "line 1 of the key file"},
		{"cut short", "1 " + secret[:16], 0o600, "has 12 bytes"},
		{"number twice", "1 " + secret + "\n1 " + secret, 0o600, "two keys 1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "keys")
			if err := os.WriteFile(path, []byte(tt.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(path, tt.mode); err != nil {
				t.Fatal(err)
			}
			_, err := link.LoadKeyring(path)
			check(t, err, tt.want)
			if err != nil && (strings.Contains(err.Error(), secret[:16]) || !strings.Contains(err.Error(), path)) {
				t.Errorf("the error shows the secret or not the file: %v", err)
			}
		})
	}
}

func TestLoadedOrderMakesThePrimary(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	line := func(id string, b byte) string {
		return id + " " + base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{b}, link.SecretSize)) + "\n"
	}
	if err := os.WriteFile(path, []byte(line("2", 3)+line("1", 2)), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := link.LoadKeyring(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Sign(link.SignUp, claim), ring(t, 2, 1).Sign(link.SignUp, claim); got != want {
		t.Error("the first line is not the primary key")
	}
}

func TestLoadMissing(t *testing.T) {
	if _, err := link.LoadKeyring(filepath.Join(t.TempDir(), "keys")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want fs.ErrNotExist", err)
	}
}

// check fails unless err holds the text, or is nil for none.
func check(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case want == "" && err != nil:
		t.Errorf("unexpected: %v", err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("got %v, want an error with %q", err, want)
	}
}
