// Package web holds the pages that a browser is shown: the dashboard, the playground,
// and where the links in mails lead.
package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
	"time"
)

//go:generate go run ./pack

//go:embed dashboard/packed playground/packed links
var files embed.FS

//go:embed documents
var documents embed.FS

// Documents returns the manifests of what the pages ask the API, and what the package for
// clients in TypeScript asks by itself: in a form that internal/document reads.
func Documents() (manifests [][]byte) {
	entries, err := documents.ReadDir("documents")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	for _, entry := range entries {
		manifest, err := documents.ReadFile("documents/" + entry.Name())
		if err != nil {
			panic(err)
		}
		manifests = append(manifests, manifest)
	}
	return manifests
}

const (
	// playgroundPolicy admits the styles that the editor writes for itself, and
	// its workers, which are files of ours. Nothing leaves the origin.
	playgroundPolicy = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; " +
		"style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
	linksPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src data:; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	dashboardPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; " +
		"form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

// DashboardPages are the patterns of the addresses at which the dashboard is shown:
// one page for all of them, which reads the address by itself. What it loads is
// beneath /dashboard/ and a folder of the release, so that it is kept for good and no
// page ever loads half of another release.
var DashboardPages = []string{"/{$}", "/accounts", "/accounts/", "/profile", "/profile/"}

// Dashboard returns the handler of DashboardPages and of what is beneath
// /dashboard/.
//
// What demo returns is served as /dashboard/demo.json, to anybody: give it only where
// there is nothing but demo data. Its people, each with name, email and about, can be
// signed in as with its password by one click. Without demo it is null.
func Dashboard(demo func(context.Context) map[string]any) http.Handler {
	mux := http.NewServeMux()
	page := file("dashboard/packed", "index.html.gz")
	release := page.release()
	serve(mux, "dashboard/packed", release, func(name string) string {
		if ext := path.Ext(name); ext == ".js" || ext == ".css" {
			return release + name
		}
		return "/dashboard/" + name
	})
	mux.HandleFunc("GET /dashboard/{release}/index.js", otherRelease)
	for _, pattern := range DashboardPages {
		mux.Handle("GET "+pattern, page)
	}
	mux.HandleFunc("GET /dashboard/demo.json", func(w http.ResponseWriter, r *http.Request) {
		var shown map[string]any
		if demo != nil {
			shown = demo(r.Context())
		}
		writeDemo(w, shown)
	})
	return under(dashboardPolicy, mux)
}

// inPage finds the folder of the release in the page.
var inPage = regexp.MustCompile(`"(/dashboard/[0-9a-f]{12}/)index\.js"`)

// release returns the folder of what the page loads, "/dashboard/…/".
func (p *page) release() string {
	content, err := p.unpacked()
	if err != nil {
		panic(err) // packed by us
	}
	text, err := io.ReadAll(content)
	if err != nil {
		panic(err) // from memory
	}
	m := inPage.FindSubmatch(text)
	if m == nil {
		panic("web: the dashboard was built without a release")
	}
	return string(m[1])
}

// otherRelease is for a page that another instance has shown while releases change: it is
// asked for again until both are of one. What such a page loads later is not found, and the
// page knows what that means.
func otherRelease(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", contentTypes[".js"])
	w.Header().Set("Cache-Control", "no-store")
	// An error here means that the reader has gone.
	_, _ = io.WriteString(w, "setTimeout(() => location.reload(), 1000)\n")
}

// writeDemo is not kept: whoever explores the demo data changes it.
func writeDemo(w http.ResponseWriter, demo map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// An error here means that the reader has gone.
	_ = json.NewEncoder(w).Encode(demo)
}

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
	serve(mux, "playground/packed", "", func(name string) string {
		if name == "index.html" {
			return "/playground"
		}
		return "/playground/" + name
	})
	mux.Handle("GET /playground/{$}", http.RedirectHandler("/playground", http.StatusMovedPermanently))
	if demo != nil {
		mux.HandleFunc("GET /playground/demo.json", func(w http.ResponseWriter, r *http.Request) {
			writeDemo(w, demo(r.Context()))
		})
	}
	return under(playgroundPolicy, mux)
}

// LinkPages are the paths of the pages that Links serves. A mailed link is the
// public URL, one of them, and behind it "#token=" and the token, or for
// /transfer "#id=" and the id of the transfer: what follows a # reaches no
// server and so no log. /openid/callback is where providers send people back to, with
// a query that is not logged either; so it is with /unsubscribe, where a mail program
// posts what it says of itself (RFC 8058), and whose two answers are pages beneath it.
var LinkPages = []string{
	"/confirm-email", "/forgot-password", "/invitation", "/not-me", "/openid/callback", "/preferences", "/reset-password", "/sign-in", "/sign-up",
	"/transfer", "/undo-email", "/unknown-sender", "/unsubscribe", "/unsubscribe/done", "/unsubscribe/invalid", "/verify-contact",
}

// Links returns the handler of LinkPages and of what they load, beneath /links/.
// A GET only shows a page; whatever is done, is done by a mutation at /graphql.
func Links() http.Handler {
	mux := http.NewServeMux()
	serve(mux, "links", "", func(name string) string {
		if page, ok := strings.CutSuffix(name, ".html"); ok {
			return "/" + strings.ReplaceAll(page, ".", "/")
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

// serve adds each embedded file of the folder at the address that it is given. What is
// beneath kept never changes there; "" for nothing.
func serve(mux *http.ServeMux, folder, kept string, address func(name string) string) {
	entries, err := fs.ReadDir(files, folder)
	if err != nil {
		panic(err) // the folder is compiled in
	}
	for _, entry := range entries {
		name := strings.TrimSuffix(entry.Name(), ".gz")
		p := file(folder, entry.Name())
		at := address(name)
		p.kept = kept != "" && strings.HasPrefix(at, kept)
		mux.Handle("GET "+at, p)
	}
}

// file returns an embedded file to be shown.
func file(folder, entry string) *page {
	name, packed := strings.CutSuffix(entry, ".gz")
	p := &page{contentType: contentTypes[path.Ext(name)], file: folder + "/" + entry, packed: packed}
	p.tag = sync.OnceValue(p.sum)
	return p
}

// contentTypes do not depend on what the machine knows about file names.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".md":   "text/plain; charset=utf-8",
}

// page is a file that never changes while the process runs. It stays where the
// program was mapped: most processes never show most of them.
type page struct {
	contentType string
	file        string
	packed      bool          // with gzip, as most ask for it
	kept        bool          // for good: its address is of one release
	tag         func() string // found when first asked for
}

// sum is the page's tag, without the quotes and the suffix of an encoding.
func (p *page) sum() string {
	sum := sha256.New()
	_, _ = io.Copy(sum, p.open()) // what is compiled in can be read
	return base64.RawURLEncoding.EncodeToString(sum.Sum(nil)[:12])
}

// open returns the file as it is compiled in.
func (p *page) open() io.ReadSeeker {
	f, err := files.Open(p.file)
	if err != nil {
		panic(err) // it was there when the page was made
	}
	return f.(io.ReadSeeker)
}

// unpacked returns what the file is for those who do not take gzip.
func (p *page) unpacked() (io.ReadSeeker, error) {
	z, err := gzip.NewReader(p.open())
	if err != nil {
		return nil, err
	}
	content, err := io.ReadAll(z)
	return bytes.NewReader(content), err
}

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.contentType)
	if p.kept {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	content, tag := p.open(), p.tag()
	if p.packed {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			tag += "-gz"
			h.Set("Content-Encoding", "gzip")
		} else {
			var err error
			if content, err = p.unpacked(); err != nil {
				panic(err) // packed by us
			}
		}
	}
	h.Set("ETag", `"`+tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, content)
}
