package seal

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"tenantry/internal/keyfile"
)

// keys are what a file holds.
type keys struct {
	primary uint32
	byID    map[uint32]key
	order   []uint32 // as in the file, the newest last
}

// The form of a file: Tink's keyset in JSON.
type (
	file struct {
		PrimaryKeyID uint32     `json:"primaryKeyId"`
		Key          []fileKeys `json:"key"`
	}
	fileKeys struct {
		KeyData struct {
			TypeURL         string `json:"typeUrl"`
			Value           []byte `json:"value"`
			KeyMaterialType string `json:"keyMaterialType"`
		} `json:"keyData"`
		Status           string `json:"status"`
		KeyID            uint32 `json:"keyId"`
		OutputPrefixType string `json:"outputPrefixType"`
	}
)

const (
	typeURL  = "type.googleapis.com/google.crypto.tink.AesGcmKey"
	material = "SYMMETRIC"
	enabled  = "ENABLED"
	prefix   = "TINK"
	keySize  = 32
)

// before is what stands before the 32 bytes of a key: its message in Protocol
// Buffers is field 3, bytes, of that length, and nothing else.
var before = []byte{3<<3 | 2, keySize}

func parse(text []byte) (*keys, error) {
	var f file
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, errors.New("it is no keyset in Tink's JSON form") // without a word of what is in it
	}
	ks := &keys{primary: f.PrimaryKeyID, byID: map[uint32]key{}}
	for _, k := range f.Key {
		if k.Status != enabled {
			continue
		}
		secret, ok := bytes.CutPrefix(k.KeyData.Value, before)
		if k.KeyData.TypeURL != typeURL || k.KeyData.KeyMaterialType != material || k.OutputPrefixType != prefix || !ok || len(secret) != keySize {
			return nil, fmt.Errorf("key %d is not an AES-256-GCM key with Tink's prefix", k.KeyID)
		}
		if _, twice := ks.byID[k.KeyID]; twice {
			return nil, fmt.Errorf("there are two keys %d", k.KeyID)
		}
		ks.byID[k.KeyID], ks.order = secret, append(ks.order, k.KeyID)
	}
	if _, ok := ks.byID[ks.primary]; !ok {
		return nil, errors.New("its primary key is not there, or not enabled")
	}
	return ks, nil
}

func (ks *keys) text() []byte {
	f := file{PrimaryKeyID: ks.primary}
	for _, id := range ks.order {
		k := fileKeys{Status: enabled, KeyID: id, OutputPrefixType: prefix}
		k.KeyData.TypeURL, k.KeyData.KeyMaterialType = typeURL, material
		k.KeyData.Value = append(bytes.Clone(before), ks.byID[id]...)
		f.Key = append(f.Key, k)
	}
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		panic(err) // numbers and texts
	}
	return append(text, '\n')
}

// with returns the keys and a fresh one, which is not the primary.
func (ks *keys) with() *keys {
	out := &keys{primary: ks.primary, byID: map[uint32]key{}, order: append([]uint32{}, ks.order...)}
	for id, k := range ks.byID {
		out.byID[id] = k
	}
	secret, number := make(key, keySize), make([]byte, 4)
	rand.Read(secret)
	for {
		rand.Read(number)
		id := binary.BigEndian.Uint32(number)
		if _, taken := out.byID[id]; id != 0 && !taken {
			out.byID[id], out.order = secret, append(out.order, id)
			return out
		}
	}
}

// newest returns the id of the key that was added last.
func (ks *keys) newest() uint32 { return ks.order[len(ks.order)-1] }

// Create makes a keyset of one fresh key and writes it to path, with mode 0600. One
// that is there already stays as it is: the error then satisfies
// errors.Is(err, fs.ErrExist), and Load is the way on.
func Create(path string) (*Keyset, error) {
	ks := (&keys{byID: map[uint32]key{}}).with()
	ks.primary = ks.newest()
	if err := keyfile.Create(path, ks.text()); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("seal: there is a keyset %s already: %w", path, fs.ErrExist)
		}
		return nil, fmt.Errorf("seal: write the keyset; make sure its directory is there and can be written: %w", err)
	}
	return Load(path)
}

// Prepare adds a fresh key to the file that opens and does not seal yet, for
// installations that have to bring the file to several machines first. If there is
// such a key already, nothing is done.
func (k *Keyset) Prepare() error {
	return k.rewrite(func(ks *keys) *keys {
		if ks.newest() != ks.primary {
			return nil
		}
		return ks.with()
	})
}

// Rotate makes the newest key of the file the primary, after adding one if the
// newest is that already. Older keys go on opening.
func (k *Keyset) Rotate() error {
	if err := k.Prepare(); err != nil {
		return err
	}
	return k.rewrite(func(ks *keys) *keys {
		return &keys{primary: ks.newest(), byID: ks.byID, order: ks.order}
	})
}

// Prune drops every key but the primary from the file and counts them. What is
// sealed with them never opens again.
func (k *Keyset) Prune() (int, error) {
	dropped := 0
	err := k.rewrite(func(ks *keys) *keys {
		if dropped = len(ks.order) - 1; dropped == 0 {
			return nil
		}
		return &keys{primary: ks.primary, byID: map[uint32]key{ks.primary: ks.byID[ks.primary]}, order: []uint32{ks.primary}}
	})
	return dropped, err
}

// rewrite replaces the file by what change makes of the keys; nil leaves it.
func (k *Keyset) rewrite(change func(*keys) *keys) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.path == "" {
		return errors.New("seal: this keyset has no file")
	}
	if err := k.read(); err != nil {
		return err
	}
	next := change(k.keys)
	if next == nil {
		return nil
	}
	if err := keyfile.Replace(k.path, next.text()); err != nil {
		return fmt.Errorf("seal: write the keyset: %w", err)
	}
	return k.read()
}
