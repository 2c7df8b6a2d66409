package mail

import (
	"bytes"
	"context"
	"crypto/rand"
	"embed"
	"encoding/json"
	"fmt"
	"net/http"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"time"
)

// kept is how many messages a Mailbox holds; an older one makes room.
const kept = 500

// Mailbox is the built-in place for mail where no mail server is: it keeps the
// newest 500 messages in memory and shows them to a browser. It is safe for
// concurrent use.
type Mailbox struct {
	from *netmail.Address
	// run tells this mailbox from the one before a restart.
	run string

	mu       sync.Mutex
	messages []Received // the newest last
	accepted int
}

// Received is a message in a Mailbox.
type Received struct {
	ID        string    `json:"id"`
	From      string    `json:"from"` // as in the header, such as "Acme <portal@acme.example>"
	To        string    `json:"to"`   // the bare address
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	HTML      string    `json:"html"` // empty for a message in plain text only
	CreatedAt time.Time `json:"createdAt"`
	// Unsubscribe is where a mail program leads who has had enough of this; left out for mail that nobody can leave.
	Unsubscribe string `json:"unsubscribe,omitempty"`

	// Source is the MIME message as a mail server would have got it.
	Source []byte `json:"-"`
}

// NewMailbox returns an empty mailbox. From is the sender of every message, such
// as "Acme Hosting <portal@acme.example>".
func NewMailbox(from string) (*Mailbox, error) {
	sender, err := senderAddress(from)
	if err != nil {
		return nil, err
	}
	return &Mailbox{from: sender, run: rand.Text()}, nil
}

// Send puts m into the mailbox. It refuses what SMTP would refuse without
// asking a server.
func (b *Mailbox) Send(ctx context.Context, m Message) error {
	if err := ctx.Err(); err != nil {
		return &Error{err: err}
	}
	msg, err := compose(b.from, m)
	if err != nil {
		return err
	}
	var source bytes.Buffer
	if _, err := msg.WriteTo(&source); err != nil {
		return &Error{err: err}
	}
	received := Received{
		ID:        m.ID,
		From:      b.from.String(),
		To:        m.To,
		Subject:   headerWords(m.Subject, maxSubject),
		Text:      m.Text,
		HTML:      m.HTML,
		CreatedAt: time.Now().UTC(),

		Unsubscribe: m.Unsubscribe,
		Source:      source.Bytes(),
	}

	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.messages) == kept {
		b.messages = slices.Delete(b.messages, 0, 1)
	}
	b.messages = append(b.messages, received)
	b.accepted++
	return nil
}

// Messages returns what is in the mailbox, newest first: all of it, or only what
// went to one address, in whatever case it is written.
func (b *Mailbox) Messages(to string) []Received {
	messages, _ := b.read(to)
	return messages
}

// read also gives a name to the state of the mailbox, which changes with it.
func (b *Mailbox) read(to string) (messages []Received, state string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	messages = make([]Received, 0, len(b.messages))
	for _, m := range slices.Backward(b.messages) {
		if to == "" || strings.EqualFold(m.To, to) {
			messages = append(messages, m)
		}
	}
	return messages, fmt.Sprintf("%s-%d", b.run, b.accepted)
}

// find returns the newest message with the id.
func (b *Mailbox) find(id string) (Received, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range slices.Backward(b.messages) {
		if m.ID == id {
			return m, true
		}
	}
	return Received{}, false
}

//go:embed mailbox
var assets embed.FS

// What the browser may do with the page and with the mail shown inside it. The
// mail may carry styles, and that is all: what it wants from elsewhere is not
// fetched, and its links open in a tab of their own.
const (
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)

// Handler serves the mailbox under its full paths, so it is mounted on both
// "/dev/mail" and "/dev/mail/":
//
//	/dev/mail                         the page
//	/dev/mail/messages                everything as JSON, newest first; ?to= picks one address
//	/dev/mail/messages/{id}/html      one message, to be shown in a frame
//	/dev/mail/messages/{id}/source    its MIME source
//
// Whoever may call it reads every link that was mailed. It sets its own
// Content-Security-Policy and X-Frame-Options, which must not be overwritten.
func (b *Mailbox) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /dev/mail", asset("page.html", "text/html; charset=utf-8"))
	mux.Handle("GET /dev/mail/{$}", http.RedirectHandler("/dev/mail", http.StatusMovedPermanently))
	mux.HandleFunc("GET /dev/mail/page.css", asset("page.css", "text/css; charset=utf-8"))
	mux.HandleFunc("GET /dev/mail/page.js", asset("page.js", "text/javascript; charset=utf-8"))
	mux.HandleFunc("GET /dev/mail/messages", b.serveMessages)
	mux.HandleFunc("GET /dev/mail/messages/{id}/html", b.serveHTML)
	mux.HandleFunc("GET /dev/mail/messages/{id}/source", b.serveSource)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", pagePolicy)
		header.Set("X-Frame-Options", "SAMEORIGIN")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Cache-Control", "no-store")
		mux.ServeHTTP(w, r)
	})
}

// asset serves a file that is compiled in.
func asset(name, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		http.ServeFileFS(w, r, assets, "mailbox/"+name)
	}
}

func (b *Mailbox) serveMessages(w http.ResponseWriter, r *http.Request) {
	messages, state := b.read(r.URL.Query().Get("to"))
	tag := `"` + state + `"`
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	// An error here means that the reader has gone.
	_ = json.NewEncoder(w).Encode(messages)
}

func (b *Mailbox) serveHTML(w http.ResponseWriter, r *http.Request) {
	m, ok := b.find(r.PathValue("id"))
	if !ok || m.HTML == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", mailPolicy)
	fmt.Fprint(w, inNewTab(m.HTML))
}

// inNewTab makes the links of a document open in a tab of their own. The base
// goes behind the head tag, since before the doctype it would change how the
// whole is laid out.
func inNewTab(document string) string {
	const base = `<base target="_blank">`
	if before, after, ok := strings.Cut(document, "<head>"); ok {
		return before + "<head>" + base + after
	}
	return base + document
}

func (b *Mailbox) serveSource(w http.ResponseWriter, r *http.Request) {
	m, ok := b.find(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write(m.Source)
}
