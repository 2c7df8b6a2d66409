// Package seal encrypts what is stored and has to be read again, such as the
// secret of an authenticator app, so that a copy of the database gives none of it
// away. Each secret is bound to whose it is and what it is for.
//
// It is done with Tink (github.com/tink-crypto/tink-go): keysets are files in its JSON
// form, which its tools read, and what is sealed has its form for AES-256-GCM.
package seal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync"

	"tenantry/internal/keyfile"
)

// Keyset seals with its primary key and opens with each of its keys. Any number of
// goroutines may use it.
type Keyset struct {
	path string // of the file, or "" for one in memory

	mu   sync.Mutex
	keys *keys
	from os.FileInfo // of the file, as it was read
}

// same reports whether it is the file that was read: one that replaces another within a
// tick of the file system's clock may be as long as that.
func same(was, is os.FileInfo) bool {
	return os.SameFile(was, is) && was.ModTime().Equal(is.ModTime()) && was.Size() == is.Size()
}

// Load reads a keyset from a file, and reads it again whenever the file has
// changed, so that a rotation needs no restart. A file that strangers may read is
// refused. If there is none the error satisfies errors.Is(err, fs.ErrNotExist).
func Load(path string) (*Keyset, error) {
	k := &Keyset{path: path}
	return k, k.read()
}

// New returns a keyset that is in memory only, from the text of a file.
func New(text []byte) (*Keyset, error) {
	ks, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return &Keyset{keys: ks}, nil
}

// read reads the file. Call with mu held, or before anybody else knows k.
func (k *Keyset) read() error {
	from, err := os.Stat(k.path)
	if err != nil {
		return fmt.Errorf("seal: look at the keyset: %w", err)
	}
	text, err := keyfile.Read(k.path)
	if err != nil {
		return fmt.Errorf("seal: %w", err)
	}
	ks, err := parse(text)
	if err != nil {
		return fmt.Errorf("seal: the keyset %s: %w; restore it from a backup", k.path, err)
	}
	k.keys, k.from = ks, from
	return nil
}

// now returns the keys as they are in the file. One that cannot be read is no
// reason to stop: the keys that were read before are still good.
func (k *Keyset) now() *keys {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.path != "" {
		if is, err := os.Stat(k.path); err == nil && !same(k.from, is) {
			_ = k.read()
		}
	}
	return k.keys
}

// ErrSealed says that something was not sealed with these keys for this owner and
// use, or was altered since.
var ErrSealed = errors.New("seal: what is sealed does not open")

// headSize is how long the head of what is sealed is: a version and the key's id.
const headSize = 5

const version = 1

// bound is what is authenticated beside a secret, so that it opens for one owner
// and one use only.
func bound(use, owner string) []byte { return []byte(use + "\x00" + owner) }

// Seal encrypts a secret of an owner, such as a user's id, for a use.
func (k *Keyset) Seal(secret []byte, use, owner string) ([]byte, error) {
	ks := k.now()
	return ks.byID[ks.primary].Encrypt(secret, bound(use, owner))
}

// Open decrypts what was sealed for the owner and the use. What was altered, or
// sealed for somebody or something else, gives ErrSealed.
func (k *Keyset) Open(sealed []byte, use, owner string) ([]byte, error) {
	if len(sealed) < headSize || sealed[0] != version {
		return nil, ErrSealed
	}
	key, ok := k.now().byID[binary.BigEndian.Uint32(sealed[1:])]
	if !ok {
		return nil, ErrSealed
	}
	secret, err := key.Decrypt(sealed, bound(use, owner))
	if err != nil {
		return nil, ErrSealed
	}
	return secret, nil
}

// Current reports whether something is sealed with the primary key.
func (k *Keyset) Current(sealed []byte) bool {
	return len(sealed) >= headSize && sealed[0] == version && binary.BigEndian.Uint32(sealed[1:]) == k.now().primary
}

// Size returns how many keys there are.
func (k *Keyset) Size() int { return len(k.now().byID) }
