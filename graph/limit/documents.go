package limit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

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
	parsed    *lru[*ast.QueryDocument] // by text
	persisted *lru[string]             // text by hash
}

func newDocuments(r Rules) *documents {
	d := &documents{
		rules:   r,
		secrets: map[string]bool{},
		parsed: newLRU(maxDocuments, maxDocumentBytes, maxCachedDocument,
			func(text string, _ *ast.QueryDocument) int { return len(text) }),
		persisted: newLRU(maxDocuments, maxPersistedBytes, maxPersisted,
			func(_, text string) int { return len(text) }),
	}
	for _, name := range r.Secrets {
		d.secrets[name] = true
	}
	return d
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
