package limit

import (
	"context"
	"encoding/json"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"tenantry/graph/transport"
	"tenantry/internal/document"
	"tenantry/internal/fault"
)

// Known says which documents clients may name in place of sending them, and whether they
// may send others. The zero value knows what clients have named to this process.
type Known struct {
	// Trusted may be named by each of their ids. Nil: none is.
	Trusted *document.Trusted
	// Free reports whether whoever asks is answered documents that are not trusted. It is
	// asked before the credential is looked up: a forged one ends the request after that.
	// Nil: everybody is.
	Free func(context.Context) bool
	// Find looks for a document by its hash where this process has none. Nil: nowhere.
	Find func(ctx context.Context, hash string) (text string, ok bool)
}

// documents admits the text of operations. One that has been admitted and
// validated is known by its text from then on and costs nothing more.
type documents struct {
	always
	known     Known
	rules     Rules
	secrets   map[string]bool
	parsed    parsed
	persisted *lru[string] // text by hash
}

func newDocuments(r Rules, known Known) *documents {
	d := &documents{
		known:   known,
		rules:   r,
		secrets: map[string]bool{},
		parsed: parsed{newLRU(maxDocuments, maxDocumentBytes, maxCachedDocument,
			func(text string, _ *admitted) int { return len(text) })},
		persisted: newLRU(maxDocuments, maxPersistedBytes, maxPersisted,
			func(_, text string) int { return len(text) }),
	}
	for _, name := range r.Secrets {
		d.secrets[name] = true
	}
	return d
}

// admitted is a text that has been admitted and validated.
type admitted struct {
	doc   *ast.QueryDocument
	notes sync.Map
}

// parsed are documents by their text, as the executor looks for them.
type parsed struct{ *lru[*admitted] }

// Get implements graphql.Cache.
func (p parsed) Get(ctx context.Context, text string) (*ast.QueryDocument, bool) {
	d, ok := p.lru.Get(ctx, text)
	if !ok {
		return nil, false
	}
	return d.doc, true
}

// Add implements graphql.Cache.
func (p parsed) Add(ctx context.Context, text string, doc *ast.QueryDocument) {
	p.lru.Add(ctx, text, &admitted{doc: doc})
}

// notesKey is where an operation keeps the notes of its document.
const notesKey = "tenantry.notes"

// Notes returns what was derived from the operation's document alone, by keys of
// those who derive it: never from variables, or who asks. They are kept as long as
// the document, so what is in them is shared by all requests and does not change.
func Notes(op *graphql.OperationContext) *sync.Map {
	if n, ok := op.Stats.GetExtension(notesKey).(*sync.Map); ok {
		return n
	}
	return new(sync.Map)
}

// MutateOperationContext gives the operation the notes of its document, or empty
// ones where that is too long to be kept.
func (d *documents) MutateOperationContext(ctx context.Context, op *graphql.OperationContext) *gqlerror.Error {
	if known, ok := d.parsed.lru.Get(ctx, op.RawQuery); ok && known.doc == op.Doc {
		op.Stats.SetExtension(notesKey, &known.notes)
	} else {
		op.Stats.SetExtension(notesKey, new(sync.Map))
	}
	return nil
}

func (*documents) ExtensionName() string { return "Documents" }

// MutateOperationParameters finds the document that is named and refuses one that is
// over the limits, or not trusted where that is asked for. The executor will parse it once
// more, which is cheap beside the validation that it saves.
func (d *documents) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	free := d.known.Free == nil || d.known.Free(ctx)
	var named string // the hash of a document that was sent with it
	if len(p.Extensions) > 0 {
		var err *gqlerror.Error
		if named, err = d.resolve(ctx, p, free); err != nil {
			return err
		}
	}
	if !free && !d.known.Trusted.Has(p.Query) {
		return transport.Refusal(fault.New(transport.DocumentNotTrusted, "This server answers the documents of its own clients only."))
	}
	if _, ok := d.parsed.Get(ctx, p.Query); !ok {
		if err := d.admit(p.Query); err != nil {
			return err
		}
	}
	if named != "" {
		d.persisted.Add(ctx, named, p.Query)
	}
	return nil
}

// resolve fills in the document that the request names by an id or a hash, and returns the
// hash of one that was sent together with it.
func (d *documents) resolve(ctx context.Context, p *graphql.RawParams, free bool) (sent string, _ *gqlerror.Error) {
	given, persisted := p.Extensions[transport.DocumentID], p.Extensions[persistedQuery]
	if given == nil && persisted == nil {
		return "", nil
	}
	if given != nil {
		id, ok := given.(string)
		if !ok || p.Query != "" || persisted != nil {
			return "", transport.Refusal(fault.New(fault.BadInput, "Send a document or its id, which is a string, not both."))
		}
		var err *gqlerror.Error
		p.Query, err = d.find(ctx, id, free)
		return "", err
	}
	m, _ := persisted.(map[string]any)
	version, _ := m["version"].(json.Number)
	id, _ := m["sha256Hash"].(string)
	text, trusted := d.known.Trusted.Text(id)
	switch hash := strings.ToLower(id); {
	case trusted && (p.Query == "" || p.Query == text):
		p.Query = text
		return "", nil
	case version != "1" || !document.IsHash(hash):
		return "", transport.Refusal(fault.New(fault.BadInput, "persistedQuery needs version 1 and a sha256Hash."))
	case p.Query == "":
		var err *gqlerror.Error
		p.Query, err = d.find(ctx, hash, free)
		return "", err
	case document.Hash(p.Query) != hash:
		return "", transport.Refusal(fault.New(fault.BadInput, "The hash is not that of the query."))
	default:
		return hash, nil
	}
}

// find returns the document with an id. Those that clients have named are for who may
// send them, too.
func (d *documents) find(ctx context.Context, id string, free bool) (string, *gqlerror.Error) {
	if text, ok := d.known.Trusted.Text(id); ok {
		return text, nil
	}
	if hash := document.Bare(id); free && document.IsHash(hash) {
		if text, ok := d.persisted.Get(ctx, hash); ok {
			return text, nil
		}
		if d.known.Find != nil {
			if text, ok := d.known.Find(ctx, hash); ok {
				d.persisted.Add(ctx, hash, text)
				return text, nil
			}
		}
	}
	// The message is part of the protocol.
	return "", transport.Refusal(fault.New(transport.PersistedQueryNotFound, "PersistedQueryNotFound"))
}

// persistedQuery is the extension by which clients of Apollo name documents.
const persistedQuery = "persistedQuery"

// Named returns the hash by which an operation's document was named, or "".
func Named(op *graphql.OperationContext) string {
	if len(op.Extensions) == 0 || op.Extensions[transport.DocumentID] == nil && op.Extensions[persistedQuery] == nil {
		return ""
	}
	return document.Hash(op.RawQuery)
}

func (d *documents) admit(text string) *gqlerror.Error {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, d.rules.Tokens)
	if err != nil {
		refused := gqlerror.WrapIfUnwrapped(err)
		if strings.HasPrefix(refused.Message, "exceeded ") { // tokens or nesting
			return transport.Refusal(fault.New(transport.LimitExceeded, "The document %s.", refused.Message))
		}
		errcode.Set(refused, errcode.ParseFailed)
		return refused
	}
	return newGuard(d.rules, d.secrets).admit(doc)
}
