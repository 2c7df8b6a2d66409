package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// secretSize is how many bytes a secret has, all of chance.
const secretSize = 32

// newSecret makes what the calls of one webhook are signed with.
func newSecret() []byte {
	b := make([]byte, secretSize)
	rand.Read(b)
	return b
}

// spelled is how people are shown a secret, as Standard Webhooks has it.
func spelled(secret []byte) string { return "whsec_" + base64.StdEncoding.EncodeToString(secret) }

// signature signs a call with each of the secrets, as Standard Webhooks has it: a
// receiver believes a call of which it can make one of the signatures itself.
func signature(secrets [][]byte, id string, at time.Time, body []byte) string {
	each := make([]string, len(secrets))
	for i, secret := range secrets {
		m := hmac.New(sha256.New, secret)
		m.Write([]byte(id + "." + strconv.FormatInt(at.Unix(), 10) + "."))
		m.Write(body)
		each[i] = "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil))
	}
	return strings.Join(each, " ")
}
