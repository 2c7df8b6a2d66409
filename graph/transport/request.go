package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"tenantry/internal/fault"
)

const (
	maxJSONDepth  = 64
	maxJSONValues = 20_000
)

// DocumentID is the extension in which an operation's parameters have the id of the
// document that the request names in place of sending it: its member documentId.
const DocumentID = "documentId"

// request is what is read of a request.
type request struct {
	graphql.RawParams
	DocumentID string `json:"documentId"`
}

// params are the request's parameters as the executor and its extensions take them.
func (q *request) params(h http.Header) *graphql.RawParams {
	if q.DocumentID != "" {
		if q.Extensions == nil {
			q.Extensions = map[string]any{}
		}
		q.Extensions[DocumentID] = q.DocumentID
	}
	q.Headers = h
	return &q.RawParams
}

// read takes the parameters of one operation from the request. What it refuses
// it never repeats: a malformed body may hold a password.
func (x wire) read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, *refusal) {
	var q *request
	var no *refusal
	switch r.Method {
	case http.MethodPost:
		q, no = x.readPOST(w, r)
	case http.MethodGet:
		q, no = readGET(r)
	default:
		w.Header().Set("Allow", "GET, POST")
		no = refuse(http.StatusMethodNotAllowed, fault.BadInput, "GraphQL is asked by GET or POST.")
	}
	if no != nil {
		return nil, no
	}
	p := q.params(r.Header)
	if p.Query == "" && p.Extensions[DocumentID] == nil && p.Extensions["persistedQuery"] == nil {
		return nil, refuse(http.StatusBadRequest, fault.BadInput, "The request has no query.")
	}
	return p, nil
}

func (x wire) readPOST(w http.ResponseWriter, r *http.Request) (*request, *refusal) {
	if !isJSON(r.Header) {
		return nil, refuse(http.StatusUnsupportedMediaType, fault.BadInput, "The body must be application/json in UTF-8, not compressed.")
	}
	limited := http.MaxBytesReader(w, r.Body, x.MaxBody)
	var body []byte
	var err error
	if r.ContentLength >= 0 && r.ContentLength <= maxKept {
		buf := bodies.Get().(*bytes.Buffer)
		defer bodies.Put(buf)
		buf.Reset()
		_, err = buf.ReadFrom(limited)
		body = buf.Bytes()
	} else {
		body, err = io.ReadAll(limited)
	}
	switch {
	case isTooLarge(err):
		return nil, refuse(http.StatusRequestEntityTooLarge, LimitExceeded, "The body is longer than %d bytes.", x.MaxBody)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, refuse(http.StatusRequestTimeout, DeadlineExceeded, "The body took too long to arrive.")
	case err != nil:
		return nil, refuse(http.StatusBadRequest, fault.BadInput, "The body could not be read.")
	}
	if no := inspect(body); no != nil {
		return nil, no
	}
	if q, ok := parse(body); ok {
		return &q, nil
	}
	if bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("[")) {
		return nil, refuse(http.StatusBadRequest, fault.BadInput, "Send one operation in a request: batches are not accepted.")
	}
	var q *request
	if !decode(body, &q) || q == nil {
		return nil, refuse(http.StatusBadRequest, fault.BadInput, "The body is not a GraphQL request in JSON.")
	}
	return q, nil
}

const maxKept = 16 << 10 // bytes of a body whose buffer is used again

var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func readGET(r *http.Request) (*request, *refusal) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, fault.BadInput, "The query string is malformed.")
	}
	p := &request{DocumentID: q.Get("documentId")}
	p.Query, p.OperationName = q.Get("query"), q.Get("operationName")
	for name, to := range map[string]*map[string]any{"variables": &p.Variables, "extensions": &p.Extensions} {
		text := []byte(q.Get(name))
		if len(text) == 0 {
			continue
		}
		if no := inspect(text); no != nil {
			return nil, no
		}
		if !decode(text, to) {
			return nil, refuse(http.StatusBadRequest, fault.BadInput, "The parameter %s is not a JSON object.", name)
		}
	}
	if !utf8.ValidString(p.Query) || !utf8.ValidString(p.DocumentID) {
		return nil, refuse(http.StatusBadRequest, fault.BadInput, "The query is not UTF-8.")
	}
	return p, nil
}

// isJSON reports whether the body is declared as plain JSON in UTF-8. Anything
// else could be sent from a foreign page without the browser asking first.
func isJSON(h http.Header) bool {
	if enc := h["Content-Encoding"]; len(enc) > 0 && enc[0] != "" && enc[0] != "identity" {
		return false
	}
	types := h["Content-Type"]
	if len(types) != 1 {
		return false
	}
	if types[0] == plain {
		return true
	}
	media, params, err := mime.ParseMediaType(types[0])
	charset, named := params["charset"]
	return err == nil && media == plain && (!named || strings.EqualFold(charset, "utf-8"))
}

func isTooLarge(err error) bool {
	_, ok := errors.AsType[*http.MaxBytesError](err)
	return ok
}

// decode reads exactly one JSON value, keeping numbers as they were written.
func decode(text []byte, to any) bool {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if dec.Decode(to) != nil {
		return false
	}
	_, err := dec.Token()
	return err == io.EOF
}

// inspect refuses JSON that would cost far more to decode than to send: each
// value of a short list takes fifty times its length in memory.
func inspect(text []byte) *refusal {
	if !utf8.Valid(text) {
		return refuse(http.StatusBadRequest, fault.BadInput, "The request is not UTF-8.")
	}
	depth, values, quoted := 0, 1, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ',':
			values++
		}
		if depth > maxJSONDepth {
			return refuse(http.StatusBadRequest, LimitExceeded, "The JSON is nested deeper than %d.", maxJSONDepth)
		}
		if values > maxJSONValues {
			return refuse(http.StatusBadRequest, LimitExceeded, "The JSON has more than %d values.", maxJSONValues)
		}
	}
	return nil
}
