package link

import (
	"bytes"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"tenantry/internal/keyfile"
)

// SecretSize is the least and the usual size of a key's secret, in bytes.
const SecretSize = 32

// Key is one secret and the number that tokens made with it carry.
type Key struct {
	// ID is 0 to 255 and stands in the clear at the head of every token.
	ID byte
	// Secret is at least SecretSize bytes of chance.
	Secret []byte
}

// Keyring holds the installation's secret. Its first key is the primary, which
// signs; the others only open what they signed before a rotation. It is
// immutable, so any number of goroutines may use it.
type Keyring struct{ keys []key }

// key is a Key made ready for use.
type key struct {
	id       byte
	secret   []byte
	forLinks []byte
}

// NewKeyring returns a keyring of the keys, the primary first. It refuses an
// empty one, a secret under SecretSize bytes and an id that occurs twice.
func NewKeyring(keys ...Key) (*Keyring, error) {
	if len(keys) == 0 {
		return nil, errors.New("link: a keyring needs at least one key")
	}
	r := &Keyring{}
	for _, k := range keys {
		if len(k.Secret) < SecretSize {
			return nil, fmt.Errorf("link: the secret of key %d has %d bytes, and needs %d", k.ID, len(k.Secret), SecretSize)
		}
		if _, ok := r.find(k.ID); ok {
			return nil, fmt.Errorf("link: there are two keys %d; give each its own number", k.ID)
		}
		secret := bytes.Clone(k.Secret)
		r.keys = append(r.keys, key{id: k.ID, secret: secret, forLinks: derive(secret, "tenantry link mac v1")})
	}
	return r, nil
}

// Derive returns a 32-byte secret for another use, such as authenticating
// cursors. Different labels give independent secrets, and none tells anything
// about links. It comes from the primary key, so a rotation changes it: use it
// only for what may be made anew.
func (r *Keyring) Derive(label string) []byte {
	return derive(r.keys[0].secret, "tenantry derived "+label)
}

// derive is HKDF-SHA256 without salt: the secret is uniform already.
func derive(secret []byte, info string) []byte {
	out, err := hkdf.Key(sha256.New, secret, nil, info, sha256.Size)
	if err != nil {
		// hkdf refuses only lengths over 255 hashes and, in FIPS mode, secrets
		// under 112 bits; neither can reach this line.
		panic(err)
	}
	return out
}

// find returns the key with the id.
func (r *Keyring) find(id byte) (key, bool) {
	for _, k := range r.keys {
		if k.id == id {
			return k, true
		}
	}
	return key{}, false
}

// LoadKeyring reads a keyring from a file of lines "number base64-secret", the
// primary first; blank lines and lines that begin with # say nothing. A file
// that strangers may read or that its group may change is refused. If there is
// none the error satisfies errors.Is(err, fs.ErrNotExist). Every other error
// says how to mend the file, and none quotes its content.
func LoadKeyring(path string) (*Keyring, error) {
	data, err := keyfile.Read(path)
	if err != nil {
		return nil, fmt.Errorf("link: %w", err)
	}
	var keys []Key
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		k, ok := parseKey(line)
		if !ok {
			return nil, fmt.Errorf("link: line %d of the key file %s is not a number from 0 to 255, a space and a secret in base64; "+
				"restore the file from a backup, or move it away to begin anew, which ends every link already sent", n, path)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("link: the key file %s holds no key; restore it from a backup, or remove it to begin anew, which ends every link already sent", path)
	}
	r, err := NewKeyring(keys...)
	if err != nil {
		return nil, fmt.Errorf("%w (in the key file %s)", err, path)
	}
	return r, nil
}

// parseKey reads one line of a key file.
func parseKey(line string) (Key, bool) {
	fields := strings.Fields(line)
	if len(fields) != 2 {
		return Key{}, false
	}
	id, err := strconv.ParseUint(fields[0], 10, 8)
	if err != nil {
		return Key{}, false
	}
	secret, err := base64.StdEncoding.DecodeString(fields[1])
	return Key{ID: byte(id), Secret: secret}, err == nil
}

// CreateKeyring makes a keyring of one fresh key and writes it to path, with
// mode 0600. The file appears whole or not at all, and one that is there
// already stays as it is: the error then satisfies errors.Is(err, fs.ErrExist),
// and LoadKeyring is the way on, also for the loser of two that start at once.
func CreateKeyring(path string) (*Keyring, error) {
	secret := make([]byte, SecretSize)
	rand.Read(secret)
	r, err := NewKeyring(Key{ID: 1, Secret: secret})
	if err != nil {
		return nil, err
	}
	text := "# The secret of this installation. Keep a copy; whoever has it can forge links.\n" +
		"1 " + base64.StdEncoding.EncodeToString(secret) + "\n"
	if err := keyfile.Create(path, []byte(text)); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("link: there is a key file %s already: %w", path, fs.ErrExist)
		}
		return nil, fmt.Errorf("link: write the key file; make sure its directory is there and can be written: %w", err)
	}
	return r, nil
}
