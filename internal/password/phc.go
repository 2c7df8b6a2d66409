package password

import (
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// What a stored hash may ask for at most. Hashes come from imports too, and one
// of them must not occupy a core or the memory.
const (
	maxMemory     = 256 * 1024 // KiB
	maxPasses     = 16
	maxLanes      = 16
	maxBcryptCost = 14
)

// phc is an argon2id hash in its parts.
type phc struct {
	params Params
	salt   []byte
	key    []byte
}

var phcBase64 = base64.RawStdEncoding.Strict()

func (p phc) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.params.Memory, p.params.Passes, p.params.Lanes,
		phcBase64.EncodeToString(p.salt), phcBase64.EncodeToString(p.key))
}

// parsePHC reads what String writes, or returns ErrMalformed.
func parsePHC(s string) (phc, error) {
	var p phc
	fields := strings.Split(s, "$")
	if len(fields) != 6 {
		return p, ErrMalformed
	}
	if _, err := fmt.Sscanf(fields[3], "m=%d,t=%d,p=%d", &p.params.Memory, &p.params.Passes, &p.params.Lanes); err != nil {
		return p, ErrMalformed
	}
	var errSalt, errKey error
	p.salt, errSalt = phcBase64.DecodeString(fields[4])
	p.key, errKey = phcBase64.DecodeString(fields[5])
	if errSalt != nil || errKey != nil {
		return p, ErrMalformed
	}
	// Writing it again catches every other spelling, version and method.
	if p.String() != s || !p.bounded() {
		return p, ErrMalformed
	}
	return p, nil
}

func (p phc) bounded() bool {
	return p.params.Passes >= 1 && p.params.Passes <= maxPasses &&
		p.params.Lanes >= 1 && p.params.Lanes <= maxLanes &&
		p.params.Memory >= 8*uint32(p.params.Lanes) && p.params.Memory <= maxMemory &&
		len(p.salt) >= 8 && len(p.salt) <= 64 &&
		len(p.key) >= 16 && len(p.key) <= 64
}

// isBcrypt tells the three prefixes of sound implementations, PHP's among them.
func isBcrypt(encoded string) bool {
	return strings.HasPrefix(encoded, "$2a$") || strings.HasPrefix(encoded, "$2b$") || strings.HasPrefix(encoded, "$2y$")
}
