package seal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/tink-crypto/tink-go/v2/aead/aesgcm"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"tenantry/internal/keyfile"
)

// keys are what a file holds.
type keys struct {
	handle          *keyset.Handle
	primary, newest uint32 // the newest is the last of the file
	byID            map[uint32]tink.AEAD
}

// parameters are those of every key: AES-256-GCM with Tink's prefix, as of Tink's own
// template AES256_GCM.
var parameters = must(aesgcm.NewParameters(aesgcm.ParametersOpts{KeySizeInBytes: 32, IVSizeInBytes: 12, TagSizeInBytes: 16, Variant: aesgcm.VariantTink}))

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func parse(text []byte) (*keys, error) {
	h, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return nil, errors.New("it is no keyset in Tink's JSON form with a primary key") // without a word of what is in it
	}
	return open(h)
}

// open makes the enabled keys of a keyset ready.
func open(h *keyset.Handle) (*keys, error) {
	ks := &keys{handle: h, byID: map[uint32]tink.AEAD{}}
	for i := range h.Len() {
		e, err := h.Entry(i)
		if err != nil {
			return nil, err
		}
		if e.KeyStatus() != keyset.Enabled {
			continue
		}
		k, ok := e.Key().(*aesgcm.Key)
		if !ok || !k.Parameters().Equal(parameters) {
			return nil, fmt.Errorf("key %d is not an AES-256-GCM key with Tink's prefix", e.KeyID())
		}
		if ks.byID[e.KeyID()], err = aesgcm.NewAEAD(k); err != nil {
			return nil, err
		}
		if ks.newest = e.KeyID(); e.IsPrimary() {
			ks.primary = e.KeyID()
		}
	}
	return ks, nil
}

func (ks *keys) text() ([]byte, error) {
	var written, indented bytes.Buffer
	if err := insecurecleartextkeyset.Write(ks.handle, keyset.NewJSONWriter(&written)); err != nil {
		return nil, err
	}
	err := json.Indent(&indented, written.Bytes(), "", "  ")
	indented.WriteByte('\n')
	return indented.Bytes(), err
}

// Create makes a keyset of one fresh key and writes it to path, with mode 0600. One
// that is there already stays as it is: the error then satisfies
// errors.Is(err, fs.ErrExist), and Load is the way on.
func Create(path string) (*Keyset, error) {
	m := keyset.NewManager()
	id, err := m.AddNewKeyFromParameters(parameters)
	if err == nil {
		err = m.SetPrimary(id)
	}
	if err == nil {
		err = save(m, func(text []byte) error { return keyfile.Create(path, text) })
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return nil, fmt.Errorf("seal: there is a keyset %s already: %w", path, fs.ErrExist)
	case err != nil:
		return nil, fmt.Errorf("seal: write the keyset; make sure its directory is there and can be written: %w", err)
	}
	return Load(path)
}

// save writes what the manager holds, if it could be read again.
func save(m *keyset.Manager, write func([]byte) error) error {
	h, err := m.Handle()
	if err != nil {
		return err
	}
	ks, err := open(h)
	if err != nil {
		return err
	}
	text, err := ks.text()
	if err != nil {
		return err
	}
	return write(text)
}

// Prepare adds a fresh key to the file that opens and does not seal yet, for
// installations that have to bring the file to several machines first. If there is
// such a key already, nothing is done.
func (k *Keyset) Prepare() error {
	return k.rewrite(func(ks *keys, m *keyset.Manager) (bool, error) {
		if ks.newest != ks.primary {
			return false, nil
		}
		_, err := m.AddNewKeyFromParameters(parameters)
		return true, err
	})
}

// Rotate makes the newest key of the file the primary, after adding one if the
// newest is that already. Older keys go on opening.
func (k *Keyset) Rotate() error {
	if err := k.Prepare(); err != nil {
		return err
	}
	return k.rewrite(func(ks *keys, m *keyset.Manager) (bool, error) { return true, m.SetPrimary(ks.newest) })
}

// Prune drops every key but the primary from the file and counts them. What is
// sealed with them never opens again.
func (k *Keyset) Prune() (int, error) {
	dropped := 0
	err := k.rewrite(func(ks *keys, m *keyset.Manager) (bool, error) {
		for i := range ks.handle.Len() {
			e, err := ks.handle.Entry(i)
			if err != nil {
				return false, err
			}
			if e.IsPrimary() {
				continue
			}
			if err := m.Delete(e.KeyID()); err != nil {
				return false, err
			}
			dropped++
		}
		return dropped > 0, nil
	})
	return dropped, err
}

// rewrite replaces the file by what change makes of its keys, unless that is nothing.
func (k *Keyset) rewrite(change func(*keys, *keyset.Manager) (changed bool, err error)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.path == "" {
		return errors.New("seal: this keyset has no file")
	}
	if err := k.read(); err != nil {
		return err
	}
	m := keyset.NewManagerFromHandle(k.keys.handle)
	changed, err := change(k.keys, m)
	if err != nil {
		return fmt.Errorf("seal: change the keyset: %w", err)
	}
	if !changed {
		return nil
	}
	if err := save(m, func(text []byte) error { return keyfile.Replace(k.path, text) }); err != nil {
		return fmt.Errorf("seal: write the keyset: %w", err)
	}
	return k.read()
}
