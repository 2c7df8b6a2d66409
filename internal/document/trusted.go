// Package document knows the documents that clients name in place of sending them: those
// that the company trusts, and those that clients have named by themselves.
package document

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// Trusted are the documents of a company's own clients, by their ids. They are read at the
// start and do not change after that. Nil has none.
type Trusted struct {
	byID  map[string]string
	texts map[string]struct{}
}

const (
	maxID    = 200       // bytes of an id
	maxFile  = 32 << 20  // bytes of a manifest
	maxText  = 1_000_000 // bytes of a document: what a request may be
	sha256ID = "sha256:" // before the hash, in ids of GraphQL over HTTP
)

// Hash returns the SHA-256 of a document, in lower-case hexadecimal digits.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// IsHash reports whether an id has the form of a Hash.
func IsHash(id string) bool {
	if len(id) != hex.EncodedLen(sha256.Size) {
		return false
	}
	for i := range len(id) {
		if c := id[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// Bare returns an id without "sha256:" before it.
func Bare(id string) string { return strings.TrimPrefix(id, sha256ID) }

// Text returns the document with an id: the one that a manifest gives it, or its hash,
// either with "sha256:" before it or without.
func (t *Trusted) Text(id string) (text string, ok bool) {
	if t == nil {
		return "", false
	}
	text, ok = t.byID[id]
	return text, ok
}

// Has reports whether exactly this document is trusted.
func (t *Trusted) Has(text string) bool {
	if t == nil {
		return false
	}
	_, ok := t.texts[text]
	return ok
}

// Load adds the documents of manifest files and returns them.
func (t *Trusted) Load(paths ...string) (all []Document, err error) {
	for _, path := range paths {
		if info, err := os.Stat(path); err != nil {
			return nil, err
		} else if info.Size() > maxFile {
			return nil, fmt.Errorf("%s: more than %d MB", path, maxFile>>20)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		added, err := t.Add(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		all = append(all, added...)
	}
	return all, nil
}

// Document is one of a manifest, as Apollo's tools write it.
type Document struct {
	ID   string `json:"id"`
	Body string `json:"body"`
	// Name and Type are those of its operation; "" if the manifest does not say.
	Name string `json:"name"`
	Type string `json:"type"`
}

// Add adds the documents of a manifest in JSON and returns them. It is an object of
// documents by their ids, as relay-compiler and GraphQL Code Generator write it, or an
// Apollo persisted query manifest. An id that another document has is an error, and so is
// one that begins with "sha256:" and goes on otherwise than the document's hash.
func (t *Trusted) Add(manifest []byte) ([]Document, error) {
	documents, err := read(manifest)
	if err != nil {
		return nil, err
	}
	if t.byID == nil {
		t.byID, t.texts = map[string]string{}, map[string]struct{}{}
	}
	for _, d := range documents {
		if err := t.add(d); err != nil {
			return nil, fmt.Errorf("document %q: %w", d.ID, err)
		}
	}
	return documents, nil
}

func read(manifest []byte) (out []Document, err error) {
	var apollo struct {
		Format     string      `json:"format"`
		Version    int         `json:"version"`
		Operations *[]Document `json:"operations"`
	}
	if json.Unmarshal(manifest, &apollo) == nil && apollo.Operations != nil {
		if apollo.Format != "apollo-persisted-query-manifest" || apollo.Version != 1 {
			return nil, fmt.Errorf("a manifest of the format %q, version %d: it has to be apollo-persisted-query-manifest, version 1", apollo.Format, apollo.Version)
		}
		return *apollo.Operations, nil
	}
	var flat map[string]string
	if err := json.Unmarshal(manifest, &flat); err != nil || flat == nil {
		return nil, errors.New(`a manifest is a JSON object of documents by their ids, or {"format": "apollo-persisted-query-manifest", "version": 1, "operations": […]}`)
	}
	for _, id := range slices.Sorted(maps.Keys(flat)) {
		out = append(out, Document{ID: id, Body: flat[id]})
	}
	return out, nil
}

func (t *Trusted) add(d Document) error {
	if d.ID == "" || len(d.ID) > maxID || strings.ContainsFunc(d.ID, func(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsGraphic(r) }) {
		return fmt.Errorf("an id has 1 to %d visible characters", maxID)
	}
	if len(d.Body) > maxText {
		return fmt.Errorf("longer than %d bytes", maxText)
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: d.Body})
	if err != nil {
		return err
	}
	if len(doc.Operations) == 0 {
		return errors.New("it has no operation")
	}
	if d.Name != "" || d.Type != "" {
		if op := doc.Operations.ForName(d.Name); op == nil || d.Type != "" && string(op.Operation) != d.Type {
			return fmt.Errorf("it has no %s %s", d.Type, d.Name)
		}
	}
	hash := Hash(d.Body)
	if strings.HasPrefix(d.ID, sha256ID) && Bare(d.ID) != hash {
		return fmt.Errorf("its SHA-256 is %s", hash)
	}
	ids := []string{d.ID, hash, sha256ID + hash}
	for _, id := range ids {
		if was, ok := t.byID[id]; ok && was != d.Body {
			return fmt.Errorf("another document has the id %s already", id)
		}
	}
	for _, id := range ids {
		t.byID[id] = d.Body
	}
	t.texts[d.Body] = struct{}{}
	return nil
}
