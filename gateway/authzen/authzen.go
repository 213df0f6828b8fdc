package authzen

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"unicode/utf8"

	"fondaco/partners"
)

// The paths of the endpoints.
const (
	EvaluationPath  = "/access/v1/evaluation"
	EvaluationsPath = "/access/v1/evaluations"
	SubjectPath     = "/access/v1/search/subject"
	ResourcePath    = "/access/v1/search/resource"
	ActionPath      = "/access/v1/search/action"
	MetadataPath    = "/.well-known/authzen-configuration"
)

// The bounds of a request.
const (
	maxBody        = 256 << 10
	maxEvaluations = 100
	maxLimit       = 100
	defaultLimit   = 50
)

// Options is what a [Handler] needs.
type Options struct {
	Partners *partners.Service
	// Address is that at which the node is reached, such as "https://crm.example.com", without a slash at its end. If it
	// is empty, metadata name the host that a request names.
	Address string
	// Spend takes what so many decisions cost from what the caller's firm may still spend. If there is not enough it
	// takes nothing, and tells in how many seconds there will be.
	Spend func(ctx context.Context, decisions int) (wait int, err error)
	// Seal and Open make and read tokens that nobody else can make or read.
	Seal func(v any) string
	Open func(token string, v any) error
	// Fail gives status and text of an error that is not about the request.
	Fail func(ctx context.Context, err error) (int, string)
}

// Handler serves the endpoints. Whoever mounts it has put a policy.Principal
// into the context of each request, but for [MetadataPath].
type Handler struct {
	Options
	mux *http.ServeMux
}

// New makes a Handler.
func New(o Options) *Handler {
	h := &Handler{Options: o, mux: http.NewServeMux()}
	h.mux.HandleFunc("POST "+EvaluationPath, serve(h, h.evaluate))
	h.mux.HandleFunc("POST "+EvaluationsPath, serve(h, h.evaluateAll))
	h.mux.HandleFunc("POST "+SubjectPath, serve(h, h.subjects))
	h.mux.HandleFunc("POST "+ResourcePath, serve(h, h.resources))
	h.mux.HandleFunc("POST "+ActionPath, serve(h, h.actions))
	h.mux.HandleFunc("GET "+MetadataPath, h.metadata)
	return h
}

// Paths lists the paths that are served.
func Paths() []string {
	return []string{EvaluationPath, EvaluationsPath, SubjectPath, ResourcePath, ActionPath, MetadataPath}
}

// ServeHTTP answers a request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	Identify(w, r)
	h.mux.ServeHTTP(w, r)
}

// Identify has the id that the caller gave its request, if it gave one, stand in
// the answer as it was (section 10.1.3). Whoever answers in place of a [Handler],
// such as to a stranger, calls it too.
func Identify(w http.ResponseWriter, r *http.Request) {
	const longest = 1024
	if id := r.Header.Get("X-Request-ID"); id != "" && len(id) <= longest {
		w.Header().Set("X-Request-ID", id) // a header that was read has no line ends in it
	}
}

// serve reads a request of type Q and answers it by do.
func serve[Q any](h *Handler, do func(context.Context, *Q) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var q Q
		err := read(w, r, &q)
		var answer any
		if err == nil {
			answer, err = do(r.Context(), &q)
		}
		if err != nil {
			h.refuse(w, r, err)
			return
		}
		send(w, answer)
	}
}

// read reads the body of a request, one JSON object. What is not known in it
// is ignored.
func read(w http.ResponseWriter, r *http.Request, into any) error {
	typ, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || typ != "application/json" {
		return &failure{http.StatusUnsupportedMediaType, "send the request as application/json"}
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if _, tooLarge := errors.AsType[*http.MaxBytesError](err); tooLarge {
		return &failure{http.StatusRequestEntityTooLarge, "the request has more than " + strconv.Itoa(maxBody>>10) + " KiB"}
	}
	if err != nil {
		return bad("the request was cut off")
	}
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '{' || !utf8.Valid(raw) {
		return bad("the request must be one JSON object in UTF-8")
	}
	if err := json.Unmarshal(raw, into); err != nil {
		return bad("the request cannot be read: %v", err)
	}
	return nil
}

func send(w http.ResponseWriter, answer any) {
	raw, err := json.Marshal(answer)
	if err != nil {
		panic("authzen: an answer always encodes: " + err.Error())
	}
	w.Header().Set("Content-Type", "application/json")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "private, no-store")
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Length", strconv.Itoa(len(raw)))
	_, _ = w.Write(raw) // the client may have left
}

// tooManyError is a request for more than the firm may spend.
type tooManyError struct{ wait int }

func (t *tooManyError) Error() string {
	return "your firm has asked for more than its share; try again in " + strconv.Itoa(t.wait) + " s"
}

// refuse answers with a status, and with a sentence.
func (h *Handler) refuse(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusTooManyRequests, err.Error()
	if t, ok := errors.AsType[*tooManyError](err); ok {
		w.Header().Set("Retry-After", strconv.Itoa(t.wait))
	} else if f, ok := errors.AsType[*failure](err); ok {
		status = f.Status
	} else {
		status, text = h.Fail(r.Context(), err)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // the client may have left
}

// spend takes the cost of so many decisions.
func (h *Handler) spend(ctx context.Context, decisions int) error {
	wait, err := h.Spend(ctx, decisions)
	if err == nil && wait > 0 {
		err = &tooManyError{wait}
	}
	return err
}

func (h *Handler) metadata(w http.ResponseWriter, r *http.Request) {
	address := h.Address
	if address == "" {
		scheme := "http"
		if r.TLS != nil {
			scheme = "https"
		}
		address = scheme + "://" + r.Host
	} else {
		w.Header().Set("Cache-Control", "public, max-age=3600") // one that a request made up is for that request alone
	}
	send(w, metadataOf(address))
}
