package bounce

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"

	"tenantry/internal/keyfile"
)

// maxReport is the longest report that is read, in bytes.
const maxReport = 1 << 20

// LoadSecret reads the file of the secret that reporters present. Refused: a file that
// strangers may read, and a secret of fewer than 24 characters.
func LoadSecret(path string) (string, error) {
	b, err := keyfile.Read(path)
	if err != nil {
		return "", err
	}
	secret := strings.TrimSpace(string(b))
	if len(secret) < 24 {
		return "", errors.New("the secret has fewer than 24 characters; make one with: openssl rand -hex 24")
	}
	return secret, nil
}

// Handler takes reports by POST from whoever presents the secret, as a bearer token or
// as the password of Basic authentication: notifications of a mail server as
// message/rfc822, those of a mail company as JSON. It answers 204 for what was
// understood, whether or not it concerned anything, so that nobody learns which
// deliveries there are; 401 for another secret, 400 for another form and 500 where it
// should be sent again.
func (s *Service) Handler(secret string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !presents(r, secret) {
			w.Header().Set("WWW-Authenticate", `Basic realm="mail reports"`)
			http.Error(w, "the secret is missing or another", http.StatusUnauthorized)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxReport))
		if err != nil {
			http.Error(w, "a report is at most 1 MB long", http.StatusRequestEntityTooLarge)
			return
		}
		reports, err := s.read(r, body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		for _, one := range reports {
			ours, err := s.Take(r.Context(), one)
			if err != nil {
				slog.ErrorContext(r.Context(), "a report about mail could not be acted on; its sender tries again", "err", err)
				http.Error(w, "try again", http.StatusInternalServerError)
				return
			}
			slog.InfoContext(r.Context(), "mail was reported", "kind", one.Kind, "delivery", one.Delivery, "ours", ours)
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func (s *Service) read(r *http.Request, body []byte) ([]Report, error) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "message/rfc822", "message/global":
		return ParseDSN(body)
	case "application/json", "text/plain": // Amazon SNS calls its JSON plain text
		reports, confirm, err := ParseJSON(body)
		if confirm != "" {
			// Never opened from here: the address is a stranger's until somebody has looked.
			slog.WarnContext(r.Context(), "Amazon SNS asks to confirm a subscription: open the address if it is yours", "address", confirm)
		}
		return reports, err
	}
	return nil, fmt.Errorf("the content type %q is not message/rfc822 or application/json", kind)
}

// presents reports whether a request carries the secret.
func presents(r *http.Request, secret string) bool {
	given, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		_, given, ok = r.BasicAuth()
	}
	return ok && subtle.ConstantTimeCompare([]byte(given), []byte(secret)) == 1
}
