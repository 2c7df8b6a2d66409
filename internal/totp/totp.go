// Package totp makes and checks time-based one-time passwords (RFC 6238) as every
// authenticator app shows them: SHA-1, six digits, thirty seconds.
package totp

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

const (
	// Period is how long a code is shown, in seconds.
	Period = 30
	// Digits is how long a code is.
	Digits = 6
	// SecretSize is how long a secret is, in bytes: that of a SHA-1.
	SecretSize = 20
	// tolerance is how many periods the clock of a telephone may be ahead or late.
	tolerance = 1
)

// NewSecret returns a fresh secret.
func NewSecret() []byte {
	secret := make([]byte, SecretSize)
	rand.Read(secret)
	return secret
}

// Text returns a secret as people type it into an app: in base32, in groups of
// four.
func Text(secret []byte) string {
	var groups []string
	for all := encoded(secret); all != ""; {
		n := min(4, len(all))
		groups, all = append(groups, all[:n]), all[n:]
	}
	return strings.Join(groups, " ")
}

func encoded(secret []byte) string {
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
}

// Step returns the number of the period that an instant is in.
func Step(at time.Time) int64 { return at.Unix() / Period }

// Code returns the code of a period.
func Code(secret []byte, step int64) (string, error) {
	code, err := hotp.GenerateCodeCustom(encoded(secret), uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return "", fmt.Errorf("one-time password: %w", err)
	}
	return code, nil
}

// Match returns the latest period whose code it is, of those that may be shown at
// the instant. ok is false for a code of none.
func Match(secret []byte, code string, at time.Time) (step int64, ok bool, err error) {
	for s := Step(at) - tolerance; s <= Step(at)+tolerance; s++ {
		want, err := Code(secret, s)
		if err != nil {
			return 0, false, err
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok, nil
}

// URI returns what an app is set up with (the Key URI Format): whose account it
// is, and where.
func URI(secret []byte, issuer, account string) string {
	// A colon parts the two and may be in neither; apps take a plus for what it is,
	// no space. The library's own leaves an ampersand as it is.
	clean := strings.NewReplacer(":", " ")
	issuer, account = clean.Replace(issuer), clean.Replace(account)
	q := url.Values{"secret": {encoded(secret)}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {strconv.Itoa(Digits)}, "period": {strconv.Itoa(Period)}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + account, RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")}
	return u.String()
}
