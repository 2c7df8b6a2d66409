package cli

import (
	"log/slog"
	"net/http"

	"tenantry/internal/access"
	"tenantry/internal/fault"
)

// maxForm is the longest form that is posted to unsubscribe, in bytes.
const maxForm = 4 << 10

// unsubscribe is the one-click unsubscription of RFC 8058: a mail program, or the page
// at the same address, posts a form without a cookie, and the token in the address says
// for whom. It answers with a page and never with a redirect, as the standard wants:
// 200 when nothing more comes, 400 for another form, 404 for a link that does not, or
// no longer, work, 429 when too many of those came from one network.
func (a *App) unsubscribe(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if r.PostFormValue("List-Unsubscribe") != "One-Click" {
			http.Error(w, "this takes the form of RFC 8058: List-Unsubscribe=One-Click", http.StatusBadRequest)
			return
		}
		err := a.Contacts.Unsubscribe(r.Context(), &access.Actor{Address: addressOf(r.Context())}, r.URL.Query().Get("token"))
		page, status := "/unsubscribe/done", http.StatusOK
		switch {
		case fault.Has(err, fault.InvalidToken):
			page, status = "/unsubscribe/invalid", http.StatusNotFound
		case fault.Has(err, fault.RateLimited):
			http.Error(w, "too many links that do not work; try again later", http.StatusTooManyRequests)
			return
		case err != nil:
			slog.ErrorContext(r.Context(), "unsubscribing failed", "err", err)
			http.Error(w, "try again", http.StatusInternalServerError)
			return
		}
		show, err := http.NewRequestWithContext(r.Context(), http.MethodGet, page, nil)
		if err != nil {
			http.Error(w, "try again", http.StatusInternalServerError)
			return
		}
		pages.ServeHTTP(&answering{w, status}, show)
	})
}

// answering gives an answer another status.
type answering struct {
	http.ResponseWriter
	status int
}

// WriteHeader writes the other status.
func (a *answering) WriteHeader(int) { a.ResponseWriter.WriteHeader(a.status) }
