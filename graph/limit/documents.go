package limit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"tenantry/graph/transport"
	"tenantry/internal/fault"
)

// documents admits the text of operations. One that has been admitted and
// validated is known by its text from then on and costs nothing more.
type documents struct {
	always
	rules     Rules
	secrets   map[string]bool
	parsed    parsed
	persisted *lru[string] // text by hash
}

func newDocuments(r Rules) *documents {
	d := &documents{
		rules:   r,
		secrets: map[string]bool{},
		parsed: parsed{newLRU(maxDocuments, maxDocumentBytes, maxCachedDocument,
			func(text string, _ *document) int { return len(text) })},
		persisted: newLRU(maxDocuments, maxPersistedBytes, maxPersisted,
			func(_, text string) int { return len(text) }),
	}
	for _, name := range r.Secrets {
		d.secrets[name] = true
	}
	return d
}

// document is a text that has been admitted and validated.
type document struct {
	doc   *ast.QueryDocument
	notes sync.Map
}

// parsed are documents by their text, as the executor looks for them.
type parsed struct{ *lru[*document] }

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
	p.lru.Add(ctx, text, &document{doc: doc})
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

// MutateOperationParameters resolves a persisted query and refuses a document
// that is over the limits. The executor will parse it once more, which is cheap
// beside the validation that it saves.
func (d *documents) MutateOperationParameters(ctx context.Context, p *graphql.RawParams) *gqlerror.Error {
	hash, err := persistedHash(p.Extensions)
	if err != nil {
		return err
	}
	sent := p.Query != ""
	switch {
	case hash == "":
	case !sent:
		var ok bool
		if p.Query, ok = d.persisted.Get(ctx, hash); !ok {
			// The message is part of the protocol.
			return transport.Refusal(fault.New(transport.PersistedQueryNotFound, "PersistedQueryNotFound"))
		}
	default:
		if sum := sha256.Sum256([]byte(p.Query)); hex.EncodeToString(sum[:]) != hash {
			return transport.Refusal(fault.New(fault.BadInput, "The hash is not that of the query."))
		}
	}
	if _, ok := d.parsed.Get(ctx, p.Query); !ok {
		if err := d.admit(p.Query); err != nil {
			return err
		}
	}
	if hash != "" && sent {
		d.persisted.Add(ctx, hash, p.Query)
	}
	return nil
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

// persistedHash returns the hash of an automatic persisted query, or "" if the
// request is none.
func persistedHash(extensions map[string]any) (string, *gqlerror.Error) {
	ext := extensions["persistedQuery"]
	if ext == nil {
		return "", nil
	}
	m, _ := ext.(map[string]any)
	version, _ := m["version"].(json.Number)
	hash, _ := m["sha256Hash"].(string)
	if version != "1" || len(hash) != hex.EncodedLen(sha256.Size) {
		return "", transport.Refusal(fault.New(fault.BadInput, "persistedQuery needs version 1 and a sha256Hash."))
	}
	return strings.ToLower(hash), nil
}
