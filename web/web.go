// Package web holds the pages that a browser is shown: the playground, and where the links in mails lead.
package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed playground/dist links
var files embed.FS

const (
	// playgroundPolicy admits the styles that the editor writes for itself, and
	// its workers, which are files of ours. Nothing leaves the origin.
	playgroundPolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; " +
		"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
	linksPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:; " +
		"form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

// Playground returns the handler of /playground and everything beneath it: a
// GraphiQL that talks to /graphql on the same origin as whoever is signed in,
// with the example operations of playground/operations.
//
// What demo returns is served as /playground/demo.json, to anybody: give it
// only where there is nothing but demo data. Its keys stand for the strings
// `"$key"` in the variables of the operations:
//
//   - email and password sign in the demo person;
//   - any other key, such as accountId, otherAccountId, roleId, membershipId,
//     waitingInvitationId or invitationToken, is for when they are signed in. It
//     goes before what the page finds out by itself from the API and the
//     built-in mailbox, and is not needed.
//
// Without demo there is no demo.json.
func Playground(demo func(context.Context) map[string]any) http.Handler {
	mux := http.NewServeMux()
	serve(mux, "playground/dist", func(name string) string {
		if name == "index.html" {
			return "/playground"
		}
		return "/playground/" + name
	})
	mux.Handle("GET /playground/{$}", http.RedirectHandler("/playground", http.StatusMovedPermanently))
	if demo != nil {
		mux.HandleFunc("GET /playground/demo.json", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Cache-Control", "no-store")
			// An error here means that the reader has gone.
			_ = json.NewEncoder(w).Encode(demo(r.Context()))
		})
	}
	return under(playgroundPolicy, mux)
}

// LinkPages are the paths of the pages that Links serves. A mailed link is the
// public URL, one of them, and behind it "#token=" and the token, or for
// /transfer "#id=" and the id of the transfer: what follows a # reaches no
// server and so no log.
var LinkPages = []string{
	"/forgot-password", "/invitation", "/reset-password", "/sign-in", "/sign-up", "/transfer", "/unknown-sender",
}

// Links returns the handler of LinkPages and of what they load, beneath /links/.
// A GET only shows a page; whatever is done, is done by a mutation at /graphql.
func Links() http.Handler {
	mux := http.NewServeMux()
	serve(mux, "links", func(name string) string {
		if page, ok := strings.CutSuffix(name, ".html"); ok {
			return "/" + page
		}
		return "/links/" + name
	})
	return under(linksPolicy, mux)
}

// under sets the headers that every answer has. The pages may be kept, and are
// asked about each time, so that a new release shows at once.
func under(policy string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}

// serve adds each embedded file of the folder at the address that it is given.
func serve(mux *http.ServeMux, folder string, address func(name string) string) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		panic(err) // the folder is compiled in
	}
	for _, entry := range entries {
		content, err := fs.ReadFile(files, folder+"/"+entry.Name())
		if err != nil {
			panic(err)
		}
		mux.Handle("GET "+address(entry.Name()), newPage(entry.Name(), content))
	}
}

// contentTypes do not depend on what the machine knows about file names.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".md":   "text/plain; charset=utf-8",
}

// page is a file that never changes while the process runs.
type page struct {
	contentType string
	content     []byte
	tag         string        // quoted, without the suffix of an encoding
	zipped      func() []byte // made when first asked for
}

func newPage(name string, content []byte) page {
	sum := sha256.Sum256(content)
	return page{
		contentType: contentTypes[path.Ext(name)],
		content:     content,
		tag:         base64.RawURLEncoding.EncodeToString(sum[:12]),
		zipped: sync.OnceValue(func() []byte {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(content) // a buffer takes everything
			_ = z.Close()
			return b.Bytes()
		}),
	}
}

func (p page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.contentType)
	h.Add("Vary", "Accept-Encoding")
	content, tag := p.content, p.tag
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		content, tag = p.zipped(), p.tag+"-gz"
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}
