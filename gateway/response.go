package gateway

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"fondaco/gateway/operation"
	"fondaco/schema"
)

// response is the answer to an operation.
type response struct {
	data       []byte // nil if nothing was carried out
	errors     []responseError
	extensions map[string]any
	status     int // for graphql-response+json; 0 chooses by the rest
	retryAfter int
}

// appendTo writes the response as JSON. data stands only where something was
// carried out.
func (r *response) appendTo(b []byte) []byte {
	b = append(b, '{')
	if r.data != nil {
		b = append(append(b, `"data":`...), r.data...)
	}
	if len(r.errors) > 0 {
		if r.data != nil {
			b = append(b, ',')
		}
		b = appendErrors(append(b, `"errors":`...), r.errors)
	}
	if r.extensions != nil {
		raw, err := json.Marshal(r.extensions)
		if err != nil {
			panic("gateway: extensions always encode: " + err.Error())
		}
		b = append(append(b, `,"extensions":`...), raw...)
	}
	return append(b, '}')
}

func appendErrors(b []byte, list []responseError) []byte {
	b = append(b, '[')
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = e.appendTo(b)
	}
	return append(b, ']')
}

// statusOf chooses the status of a response. With plain JSON a client looks
// into the body, so what is a well-formed request is answered with 200.
func (r *response) statusOf(mediaType string) int {
	switch {
	case r.status == http.StatusTooManyRequests, r.status == http.StatusServiceUnavailable, r.status == http.StatusMethodNotAllowed:
		return r.status
	case r.data != nil || mediaType == typeJSON:
		return http.StatusOK
	case r.status != 0:
		return r.status
	default:
		return http.StatusBadRequest
	}
}

// send writes a response.
func (g *Gateway) send(w http.ResponseWriter, r *http.Request, mediaType string, resp *response) {
	if resp.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(resp.retryAfter))
	}
	g.sendBytes(w, r, mediaType, resp.statusOf(mediaType), resp.appendTo(nil))
}

// compressFrom is the length from which an answer is worth compressing.
const compressFrom = 4 << 10

var compressors = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func (g *Gateway) sendBytes(w http.ResponseWriter, r *http.Request, mediaType string, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", mediaType+"; charset=utf-8")
	h.Set("Cache-Control", "private, no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept, Accept-Encoding")
	if len(body) >= compressFrom && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		z := compressors.Get().(*gzip.Writer)
		defer compressors.Put(z)
		z.Reset(w)
		_, err := z.Write(body)
		if err = errors.Join(err, z.Close()); err != nil {
			g.log.DebugContext(r.Context(), "the client left before the answer", slog.Any("error", err))
		}
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if _, err := io.Copy(w, bytes.NewReader(body)); err != nil {
		g.log.DebugContext(r.Context(), "the client left before the answer", slog.Any("error", err))
	}
}

// refuseHTTP answers a request that is refused before anything is carried out.
func (g *Gateway) refuseHTTP(w http.ResponseWriter, r *http.Request, status int, code, message string) {
	mediaType, ok := accepted(r)
	if !ok {
		mediaType = typeJSON
	}
	resp := response{errors: []responseError{{Message: message, Extensions: errorExtensions{Code: code, RequestID: requestID(r.Context())}}}}
	g.sendBytes(w, r, mediaType, status, resp.appendTo(nil))
}

// failHTTP answers a request for bytes that failed.
func (g *Gateway) failHTTP(w http.ResponseWriter, r *http.Request, err error) {
	e := translate(r.Context(), g.log, err)
	g.refuseHTTP(w, r, statusOfError(err), e.Extensions.Code, e.Message)
}

func statusOfError(err error) int {
	if errors.Is(err, context.DeadlineExceeded) {
		return http.StatusServiceUnavailable
	}
	switch schema.Code(err) {
	case schema.CodeInvalid:
		return http.StatusBadRequest
	case schema.CodeNotFound:
		return http.StatusNotFound
	case schema.CodeDenied:
		return http.StatusForbidden
	case schema.CodeConflict:
		return http.StatusConflict
	case schema.CodeLimit:
		return http.StatusRequestEntityTooLarge
	case schema.CodeUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusInternalServerError
	}
}

// failed is the response to a request of which nothing was carried out.
func failed(status int, errs ...responseError) *response {
	return &response{status: status, errors: errs}
}

// documentErrors is the response to a document that is refused.
func (g *Gateway) documentErrors(ctx context.Context, d *operation.Document) *response {
	resp := &response{status: http.StatusBadRequest}
	for _, e := range d.Errors {
		resp.errors = append(resp.errors, translate(ctx, g.log, e))
	}
	return resp
}
