package gateway

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
)

// maxBody is the most bytes of a request's JSON.
const maxBody = 1 << 20

// request is a GraphQL request by HTTP.
type request struct {
	Query         string                     `json:"query"`
	OperationName string                     `json:"operationName"`
	Variables     map[string]json.RawMessage `json:"variables"`
	Extensions    map[string]json.RawMessage `json:"extensions"`
}

// httpError is a request that is refused before any document is looked at.
type httpError struct {
	status  int
	message string
}

func (e *httpError) Error() string { return e.message }

// readRequest reads a request from the body of a POST or the query of a GET.
func readRequest(w http.ResponseWriter, r *http.Request) (request, error) {
	if r.Method == http.MethodGet {
		return fromURL(r)
	}
	typ, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || typ != "application/json" {
		return request{}, &httpError{http.StatusUnsupportedMediaType, "send the request as application/json"}
	}
	if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
		return request{}, &httpError{http.StatusUnsupportedMediaType, "send the request in UTF-8"}
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok && tooLarge != nil {
		return request{}, &httpError{http.StatusRequestEntityTooLarge, "the request has more than 1 MiB; send bytes of documents by createDocumentUpload"}
	}
	if err != nil {
		return request{}, &httpError{http.StatusBadRequest, "the request was cut off"}
	}
	return decode(raw)
}

func decode(raw []byte) (request, error) {
	var q request
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' {
		return q, &httpError{http.StatusBadRequest, "the body must be one JSON object with a query; batches are not taken"}
	}
	if err := json.Unmarshal(raw, &q); err != nil {
		return q, &httpError{http.StatusBadRequest, "the body must be a JSON object of query, operationName, variables and extensions"}
	}
	return q.check()
}

func (q request) check() (request, error) {
	if q.Query == "" {
		return q, &httpError{http.StatusBadRequest, "the request has no query"}
	}
	return q, nil
}

// fromURL reads a GET. Only a caller that proves itself by a header may send
// one: with a cookie, any page could have sent it.
func fromURL(r *http.Request) (request, error) {
	if r.Header.Get("Authorization") == "" {
		return request{}, &httpError{http.StatusMethodNotAllowed, "send a POST; GET is for callers with an API token"}
	}
	values := r.URL.Query()
	q := request{Query: values.Get("query"), OperationName: values.Get("operationName")}
	for name, into := range map[string]*map[string]json.RawMessage{"variables": &q.Variables, "extensions": &q.Extensions} {
		if text := values.Get(name); text != "" && json.Unmarshal([]byte(text), into) != nil {
			return q, &httpError{http.StatusBadRequest, name + " must be a JSON object"}
		}
	}
	return q.check()
}

// The media types of responses.
const (
	typeGraphQL = "application/graphql-response+json"
	typeJSON    = "application/json"
)

// accepted chooses the media type of the response. Whoever does not say
// otherwise gets plain JSON.
func accepted(r *http.Request) (string, bool) {
	header := strings.Join(r.Header.Values("Accept"), ",")
	if header == "" {
		return typeJSON, true
	}
	anything := false
	for entry := range strings.SplitSeq(header, ",") {
		typ, params, err := mime.ParseMediaType(entry)
		if err != nil || params["q"] == "0" {
			continue
		}
		switch typ {
		case typeGraphQL, typeJSON:
			return typ, true
		case "*/*", "application/*":
			anything = true
		}
	}
	return typeJSON, anything
}

type contextKey uint8

const (
	keyRequestID contextKey = iota
	keyHeaderKey
)

// requestID gives the id under which a request is logged.
func requestID(ctx context.Context) string {
	id, _ := ctx.Value(keyRequestID).(string)
	return id
}

// headerKey gives the header Idempotency-Key of a request.
func headerKey(ctx context.Context) string {
	key, _ := ctx.Value(keyHeaderKey).(string)
	return key
}
