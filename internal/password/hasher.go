// Package password hashes passwords, verifies them and refuses weak ones.
package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"
)

// Params is what one argon2id hash costs.
type Params struct {
	Memory uint32 // KiB, at least 8 for each lane
	Passes uint32 // over that memory, at least 1
	Lanes  uint8  // computed side by side, at least 1
}

// Defaults returns the parameters for production, OWASP's first choice for
// servers: 19 MiB and some 50 ms of one core.
func Defaults() Params { return Params{Memory: 19 * 1024, Passes: 2, Lanes: 1} }

// The sizes of what Hash makes, in bytes.
const (
	saltSize = 16
	keySize  = 32
)

var (
	// ErrBusy means that so many hashes are waited for that one more would come
	// too late. The same call may succeed a second later.
	ErrBusy = errors.New("password: too many hashes at once")
	// ErrMalformed means that a stored hash is of no kind Verify knows, or asks
	// for more work than any honest one.
	ErrMalformed = errors.New("password: malformed hash")
)

// Hasher hashes and verifies, a bounded number at a time. Any number of
// goroutines may use one.
type Hasher struct {
	params Params
	gate   *gate
}

// New returns a Hasher that does parallel hashes at once, for which one less than there
// are cores is right, and lets eight times as many calls of each kind wait. It panics
// if params or parallel are below what Params says, or parallel is below 1.
func New(params Params, parallel int) *Hasher {
	if params.Passes < 1 || params.Lanes < 1 || params.Memory < 8*uint32(params.Lanes) || parallel < 1 {
		panic(fmt.Sprintf("password: cannot hash with %+v, %d at once", params, parallel))
	}
	return &Hasher{params: params, gate: newGate(parallel, 8*parallel)}
}

// Seat is the right to be hashed for. It is taken before anything else is done for a
// call that will need it, so that one too many costs nothing; nobody may use one in two
// goroutines at once.
type Seat struct {
	hasher *Hasher
	who    Who
	left   bool
}

// Sit takes a seat, or fails with ErrBusy at once. The caller leaves it.
func (h *Hasher) Sit(w Who) (*Seat, error) {
	if err := h.gate.sit(w); err != nil {
		return nil, err
	}
	return &Seat{hasher: h, who: w}, nil
}

// Leave gives the seat to somebody else. After the first time it does nothing.
func (s *Seat) Leave() {
	if !s.left {
		s.left = true
		s.hasher.gate.stand(s.who)
	}
}

// do waits for its turn and works.
func (s *Seat) do(ctx context.Context, work func()) error {
	if s.left {
		panic("password: the seat was left")
	}
	if err := s.hasher.gate.enter(ctx, s.who); err != nil {
		return err
	}
	defer s.hasher.gate.leave()
	work()
	return nil
}

// Hash returns the argon2id hash of a password in the PHC string format, about
// 100 characters, for somebody Known. It fails with ErrBusy, with the error of ctx if
// that ends while waiting, and with Weakness for a password longer than MaxBytes; whether
// the password is a good one is for Check to say.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	seat, err := h.Sit(Known)
	if err != nil {
		return "", err
	}
	defer seat.Leave()
	return seat.Hash(ctx, password)
}

// Hash is Hasher.Hash for who sits already.
func (s *Seat) Hash(ctx context.Context, password string) (string, error) {
	if len(password) > MaxBytes {
		return "", tooLong
	}
	salt, params := make([]byte, saltSize), s.hasher.params
	rand.Read(salt)
	var key []byte
	if err := s.do(ctx, func() { key = params.key(password, salt, keySize) }); err != nil {
		return "", err
	}
	return phc{params, salt, key}.String(), nil
}

// Verify reports whether the password is the one of the hash, and whether the
// hash is stale: good, but made with other parameters than this Hasher's or by
// another method, so that the caller should store a new one. It knows argon2id
// and, for users imported from elsewhere, bcrypt.
//
// It does so for somebody Known. With an empty hash, which stands for a user that does not exist, it does the
// same work and reports false. A password longer than MaxBytes is false without
// any work, whoever it is for. It fails with ErrBusy, with the error of ctx if
// that ends while waiting, and with ErrMalformed.
func (h *Hasher) Verify(ctx context.Context, encoded, password string) (ok, stale bool, err error) {
	seat, err := h.Sit(Known)
	if err != nil {
		return false, false, err
	}
	defer seat.Leave()
	return seat.Verify(ctx, encoded, password)
}

// Verify is Hasher.Verify for who sits already.
func (s *Seat) Verify(ctx context.Context, encoded, password string) (ok, stale bool, err error) {
	if len(password) > MaxBytes {
		return false, false, nil
	}
	check, stale, err := s.hasher.method(encoded)
	if err != nil {
		return false, false, err
	}
	if err := s.do(ctx, func() { ok = check(password) }); err != nil {
		return false, false, err
	}
	return ok, ok && stale, nil
}

// method returns how passwords are compared with a hash.
func (h *Hasher) method(encoded string) (check func(password string) bool, stale bool, err error) {
	switch {
	case encoded == "":
		nobody := phc{h.params, make([]byte, saltSize), make([]byte, keySize)}
		return func(password string) bool { return nobody.matches(password) && false }, false, nil
	case isBcrypt(encoded):
		cost, err := bcrypt.Cost([]byte(encoded))
		if err != nil || cost > maxBcryptCost {
			return nil, false, ErrMalformed
		}
		// The other system hashed what its user typed, not our normal form.
		return func(password string) bool {
			return bcrypt.CompareHashAndPassword([]byte(encoded), []byte(password)) == nil
		}, true, nil
	}
	stored, err := parsePHC(encoded)
	if err != nil {
		return nil, false, err
	}
	stale = stored.params != h.params || len(stored.salt) != saltSize || len(stored.key) != keySize
	return stored.matches, stale, nil
}

// key derives the key of a password. Its normal form is taken, so that the same
// characters give the same key from every keyboard.
func (p Params) key(password string, salt []byte, size uint32) []byte {
	return argon2.IDKey([]byte(normal(password)), salt, p.Passes, p.Memory, p.Lanes, size)
}

func (p phc) matches(password string) bool {
	return subtle.ConstantTimeCompare(p.key, p.params.key(password, p.salt, uint32(len(p.key)))) == 1
}
