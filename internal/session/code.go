package session

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"tenantry/internal/fault"
	"tenantry/internal/totp"
)

const (
	// recoveryCodes is how many are made at once.
	recoveryCodes = 10
	// recoveryLength is how many characters each has, of 5 bits: 80 bits.
	recoveryLength = 16
	recoveryGroup  = 4
	// recoveryAlphabet has no two characters that look alike (Crockford's base32).
	recoveryAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)

// newRecoveryCode returns a fresh code as people read it, such as
// "K7QM-2V9X-RT4E-0HNB".
func newRecoveryCode() string {
	var chance [recoveryLength]byte
	rand.Read(chance[:])
	var b strings.Builder
	for i, c := range chance {
		if i > 0 && i%recoveryGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(recoveryAlphabet[c%32])
	}
	return b.String()
}

// hashRecoveryCode returns what is stored of a code without its dashes.
func hashRecoveryCode(plain string) string {
	sum := sha256.Sum256([]byte(plain))
	return hex.EncodeToString(sum[:])
}

// readCode tells by its form which kind of code somebody typed, and returns it
// without what people put in between. Letters count in any case, and those that
// look like a digit as the digit. Refusals: BAD_INPUT on code.
func readCode(typed string) (Factor, string, error) {
	if len(typed) <= 100 {
		plain := strings.Map(func(r rune) rune {
			switch r = unicode.ToUpper(r); {
			case unicode.IsSpace(r), unicode.Is(unicode.Pd, r):
				return -1
			case r == 'O':
				return '0'
			case r == 'I', r == 'L':
				return '1'
			}
			return r
		}, typed)
		switch {
		case len(plain) == totp.Digits && strings.Trim(plain, "0123456789") == "":
			return TOTP, plain, nil
		case len(plain) == recoveryLength && strings.Trim(plain, recoveryAlphabet) == "":
			return RecoveryCode, plain, nil
		}
	}
	return "", "", fault.On("code", fault.BadInput, "Give the six digits that the app shows, or a recovery code of sixteen letters and digits.")
}
