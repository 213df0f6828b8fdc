package trading

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"fondaco/policy"
	"fondaco/schema"
)

// errToken is one answer for a token that is missing, wrong or replaced.
var errToken = &schema.Error{Code: schema.CodeDenied, Op: "sign in", Message: "the mailbox token is missing or wrong; send it as Authorization: Bearer TOKEN"}

// Handler serves the mailboxes over HTTPS under /edi/, where a token opens a
// mailbox, and what the web application needs under /trading/, where the
// context carries who signed in.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /edi/in", s.serveIn)
	mux.HandleFunc("GET /edi/in/{receipt}", s.serveStatus)
	mux.HandleFunc("GET /edi/out", s.serveOut)
	mux.HandleFunc("GET /edi/out/{id}", s.serveFile)
	// A page of another site must not drop files in the name of whoever is signed in.
	guard := http.NewCrossOriginProtection()
	mux.Handle("POST /trading/drop", guard.Handler(http.HandlerFunc(s.serveDrop)))
	mux.HandleFunc("GET /trading/receipts/{receipt}", s.serveDropped)
	mux.HandleFunc("GET /trading/interchanges/{id}/raw", s.serveRaw)
	mux.HandleFunc("GET /trading/sent", s.serveSent)
	mux.Handle("POST /trading/findings", guard.Handler(http.HandlerFunc(s.serveWords)))
	return mux
}

func (s *Service) bearer(r *http.Request) (Partner, error) {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return Partner{}, errToken
	}
	return s.authenticate(r.Context(), strings.TrimSpace(token))
}

func (s *Service) serveIn(w http.ResponseWriter, r *http.Request) {
	p, err := s.bearer(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d := Delivery{Partner: p.ID, Firm: p.Sender, Transport: transportHTTPS}
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		d.Key = p.ID.String() + "/" + clipped(key, 200)
	}
	s.take(w, r, d)
}

func (s *Service) serveDrop(w http.ResponseWriter, r *http.Request) {
	p, ok := policy.From(r.Context())
	if !ok {
		s.fail(w, r, errSession)
		return
	}
	if err := s.mayDrop(r.Context()); err != nil {
		s.fail(w, r, err)
		return
	}
	d := Delivery{Firm: p.Firm, Transport: transportDrop}
	if key := r.Header.Get("Idempotency-Key"); key != "" {
		d.Key = p.Firm.String() + "/" + clipped(key, 200)
	}
	s.take(w, r, d)
}

var errSession = &schema.Error{Code: schema.CodeDenied, Op: "sign in", Message: "sign in first"}

// mayDrop holds a person against the firm's rules for files.
func (s *Service) mayDrop(ctx context.Context) error {
	may, err := s.o.Partners.May(ctx, schema.Interchanges, policy.Send)
	if err != nil || may {
		return err
	}
	return &schema.Error{Code: schema.CodeDenied, Op: "drop file", Message: "your roles do not let you hand over EDI files; ask an administrator of your firm"}
}

// take receives the body. It answers when the file is durable, or with wait=5s
// when it was worked off within that time.
func (s *Service) take(w http.ResponseWriter, r *http.Request, d Delivery) {
	if r.ContentLength > s.o.MaxFile {
		s.fail(w, r, &schema.Error{Code: schema.CodeLimit, Op: "receive", Message: "the file is larger than this mailbox takes; split it"})
		return
	}
	wait, err := waitOf(r)
	if err == nil {
		d.SHA256, err = announced(r.Header)
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	d.Name = fileName(r)
	// One byte more than is allowed tells a file that is too large from one that just fits.
	rec, err := s.Receive(r.Context(), d, http.MaxBytesReader(w, r.Body, s.o.MaxFile+1))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	st, err := s.Await(r.Context(), d.Firm, rec.ID, wait)
	if err != nil {
		// The file is safe, whatever became of the question about it.
		st = Status{Receipt: rec.ID, SHA256: rec.SHA256, Size: rec.Size, ReceivedAt: rec.ReceivedAt, State: "RECEIVED", Interchanges: []InterchangeStatus{}}
	}
	st.Repeated = rec.Repeated
	answerJSON(w, http.StatusOK, st)
}

func waitOf(r *http.Request) (time.Duration, error) {
	text := r.URL.Query().Get("wait")
	if text == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, &schema.Error{Code: schema.CodeInvalid, Op: "receive", Field: "wait", Message: "give a time such as 5s, at most 30s"}
	}
	return min(d, 30*time.Second), nil
}

// announced is the SHA-256 that the sender states, in hexadecimal digits:
// Content-Digest (RFC 9530) or X-Content-SHA256.
func announced(h http.Header) (string, error) {
	if sum := h.Get("X-Content-Sha256"); sum != "" {
		if raw, err := hex.DecodeString(sum); err != nil || len(raw) != 32 {
			return "", &schema.Error{Code: schema.CodeInvalid, Op: "receive", Field: "X-Content-SHA256", Message: "give 64 hexadecimal digits"}
		}
		return sum, nil
	}
	for part := range strings.SplitSeq(h.Get("Content-Digest"), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if name != "sha-256" {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(strings.Trim(value, ":"))
		if err != nil || len(raw) != 32 {
			return "", &schema.Error{Code: schema.CodeInvalid, Op: "receive", Field: "Content-Digest", Message: "give sha-256=:BASE64: as RFC 9530 writes it"}
		}
		return hex.EncodeToString(raw), nil
	}
	return "", nil
}

// fileName is the name that the sender gives the file, percent-encoded where
// it has other letters than those of English.
func fileName(r *http.Request) string {
	name := r.Header.Get("X-File-Name")
	if name == "" {
		name = r.URL.Query().Get("name")
	} else if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	return plainName(name)
}

func (s *Service) serveStatus(w http.ResponseWriter, r *http.Request) {
	p, err := s.bearer(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.status(w, r, p.Sender)
}

func (s *Service) serveDropped(w http.ResponseWriter, r *http.Request) {
	p, ok := policy.From(r.Context())
	if !ok {
		s.fail(w, r, errSession)
		return
	}
	s.status(w, r, p.Firm)
}

func (s *Service) status(w http.ResponseWriter, r *http.Request, firm schema.FirmID) {
	id, err := schema.ParseID(r.PathValue("receipt"))
	if err != nil {
		s.fail(w, r, &schema.Error{Code: schema.CodeNotFound, Op: "receipt", Message: "no such receipt"})
		return
	}
	wait, err := waitOf(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	st, err := s.Await(r.Context(), firm, id, wait)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answerJSON(w, http.StatusOK, st)
}

func (s *Service) serveOut(w http.ResponseWriter, r *http.Request) {
	p, err := s.bearer(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	where := "b.partner_id = $1 AND b.sort <> 'REPORT'"
	if r.URL.Query().Get("all") != "true" {
		where += " AND b.delivered_at IS NULL"
	}
	files, err := s.outboundOf(r.Context(), where, p.ID)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if files == nil {
		files = []outbound{}
	}
	answerJSON(w, http.StatusOK, map[string]any{"files": files})
}

func (s *Service) serveFile(w http.ResponseWriter, r *http.Request) {
	p, err := s.bearer(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	id, err := schema.ParseID(r.PathValue("id"))
	var files []outbound
	if err == nil {
		files, err = s.outboundOf(r.Context(), "b.partner_id = $1 AND b.id = $2", p.ID, id)
	}
	if err != nil || len(files) == 0 {
		s.fail(w, r, &schema.Error{Code: schema.CodeNotFound, Op: "fetch", Message: "no such file in this mailbox", Err: err})
		return
	}
	data, err := s.outboundBytes(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if !giveBytes(w, files[0].Name, data) || files[0].DeliveredAt != nil {
		return
	}
	if err := s.delivered(r.Context(), files[0]); err != nil {
		s.log.WarnContext(r.Context(), "a fetched file still counts as waiting", slog.Any("file", id), slog.Any("error", err))
	}
}

func (s *Service) serveRaw(w http.ResponseWriter, r *http.Request) {
	if _, ok := policy.From(r.Context()); !ok {
		s.fail(w, r, errSession)
		return
	}
	id, err := schema.ParseID(r.PathValue("id"))
	if err != nil {
		s.fail(w, r, schema.NotFound(schema.Interchanges.Name))
		return
	}
	data, err := s.Raw(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	giveBytes(w, id.String()+".edi", data)
}

func (s *Service) serveSent(w http.ResponseWriter, r *http.Request) {
	if _, ok := policy.From(r.Context()); !ok {
		s.fail(w, r, errSession)
		return
	}
	list, err := s.Sent(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	answerJSON(w, http.StatusOK, map[string]any{"sent": list})
}

// giveBytes sends bytes that no browser may take for anything else.
func giveBytes(w http.ResponseWriter, name string, data []byte) bool {
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
	_, err := w.Write(data) //nolint:gosec // a download: the headers above keep any browser from reading it as a page
	return err == nil
}

func answerJSON(w http.ResponseWriter, status int, body any) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) //nolint:errchkjson // of texts and numbers alone; whoever asked may have gone
}

// fail answers with an error: its code, and a message that names cause and
// remedy. What is a fault of ours is logged and not shown.
func (s *Service) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, code, message := http.StatusInternalServerError, schema.Code(err), "internal error; it was logged"
	switch code {
	case schema.CodeInvalid:
		status = http.StatusBadRequest
	case schema.CodeNotFound:
		status = http.StatusNotFound
	case schema.CodeDenied:
		status = http.StatusForbidden
		if errors.Is(err, errToken) || errors.Is(err, errSession) {
			status = http.StatusUnauthorized
			w.Header().Set("WWW-Authenticate", "Bearer")
		}
	case schema.CodeConflict:
		status = http.StatusConflict
	case schema.CodeLimit:
		status = http.StatusRequestEntityTooLarge
	case schema.CodeUnavailable:
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "5")
	}
	if e, ok := errors.AsType[*schema.Error](err); ok {
		message = e.Error()
	} else if r.Context().Err() == nil {
		s.log.ErrorContext(r.Context(), "trading request", slog.String("path", r.URL.Path), slog.Any("error", err))
	}
	answerJSON(w, status, map[string]any{"error": map[string]string{"code": string(code), "message": message}})
}
