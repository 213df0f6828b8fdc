package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"fondaco/gateway/encode"
	"fondaco/gateway/operation"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// How long a place to send bytes is open, and how long bytes wait there to
// become a version.
const (
	uploadOpen = time.Hour
	uploadKeep = 24 * time.Hour
)

// uploadTicket is in the path to which the bytes of a document version are
// sent. Whoever holds it sends as its principal.
type uploadTicket struct {
	ID        schema.ID
	Principal policy.Principal
	Document  schema.ID
	FileName  string
	Size      int64
	Until     time.Time

	url string
}

// startUpload makes a ticket. The document is looked for, so that a mistake
// is found before the bytes are sent; who may add a version is decided when
// one is made.
//
// The same request with the same idempotency key names the same upload. Its
// place is open for as long as the first one was, and when that is over for
// another hour: nothing but the bytes that come is lost with it.
func (g *Gateway) startUpload(ctx context.Context, once *once, input map[string]any) (result, error) {
	p, err := principal(ctx)
	if err != nil {
		return result{}, err
	}
	t := &uploadTicket{ID: schema.NewID(), Principal: p, Size: input["size"].(int64), Until: g.now().Add(uploadOpen)}
	if t.Document, err = inputID(schema.Documents, input, "document"); err != nil {
		return result{}, err
	}
	if t.FileName, err = fileName(input["fileName"].(string)); err != nil {
		return result{}, err
	}
	if t.Size < 0 || t.Size > g.options.MaxUpload {
		return result{}, &schema.Error{Code: schema.CodeLimit, Field: "size", Message: fmt.Sprintf("must be 0 to %d bytes", g.options.MaxUpload), Err: &exceeded{g.options.MaxUpload}}
	}
	pages, err := g.partners.Read(ctx, &partners.Plan{Kind: schema.Documents, IDs: []schema.ID{t.Document}})
	if err != nil {
		return result{}, err
	}
	if len(pages[0].Rows) == 0 {
		return result{}, &schema.Error{Code: schema.CodeNotFound, Field: "document", Message: "no such Document"}
	}
	r, err := g.idempotent(ctx, once, func() (result, error) {
		r := result{kind: schema.DocumentVersions, id: t.ID}
		if once.key == "" {
			return r, nil
		}
		remember := once.hookFor(g.now, r.kind, r.id)
		return r, pgx.BeginFunc(ctx, g.partners.Pool(), func(tx pgx.Tx) error { return remember(ctx, tx) })
	})
	if err != nil {
		return result{}, err
	}
	if t.ID = r.id; !r.madeAt.IsZero() && r.madeAt.Add(uploadOpen).After(g.now()) {
		t.Until = r.madeAt.Add(uploadOpen)
	}
	t.url, r.upload = uploadPath+g.sealer.seal(forUpload, t), t
	return r, nil
}

// fileName keeps the last part of a path, as some browsers send it whole.
func fileName(s string) (string, error) {
	s = s[strings.LastIndexAny(s, `/\`)+1:]
	if s == "" || !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "", invalid("fileName", "must be the name of a file")
	}
	return s, nil
}

// upload compiles an Upload.
func (q *query) upload(t *uploadTicket, g operation.Group) (func(*rowWriter), error) {
	if t == nil {
		return (*rowWriter).null, nil
	}
	var fields []field
	for _, part := range q.compiler.op.Collect(q.compiler.op.Type("Upload"), g.Sets...) {
		write := map[string]func(*rowWriter){
			"__typename": func(w *rowWriter) { w.text("Upload") },
			"id":         func(w *rowWriter) { w.text(t.ID.String()) },
			"url":        func(w *rowWriter) { w.text(t.url) },
			"method":     func(w *rowWriter) { w.text(http.MethodPut) },
			"maxSize":    func(w *rowWriter) { w.text(strconv.FormatInt(t.Size, 10)) },
			"expiresAt":  func(w *rowWriter) { w.b = encode.Time(w.b, t.Until) },
			"headers":    q.headers(part),
		}[part.Field.Name]
		fields = append(fields, field{keyOf(part.Key), write})
	}
	return func(w *rowWriter) { w.fields(fields) }, nil
}

// headers compiles the header fields that go with the bytes: the media type
// of what is opaque, since what the bytes are is found in the bytes.
func (q *query) headers(g operation.Group) func(*rowWriter) {
	var fields []field
	for _, part := range q.compiler.op.Collect(q.compiler.op.Type("Header"), g.Sets...) {
		text := map[string]string{"name": "content-type", "value": "application/octet-stream", "__typename": "Header"}[part.Field.Name]
		fields = append(fields, field{keyOf(part.Key), func(w *rowWriter) { w.text(text) }})
	}
	return func(w *rowWriter) {
		w.b = append(w.b, '[')
		w.fields(fields)
		w.b = append(w.b, ']')
	}
}

// receive takes the bytes of a ticket, streamed.
func (g *Gateway) receive(w http.ResponseWriter, r *http.Request) {
	var t uploadTicket
	if g.sealer.open(forUpload, r.PathValue("ticket"), &t) != nil || g.now().After(t.Until) {
		g.refuseHTTP(w, r, http.StatusForbidden, codeDenied, "this place to send a file is closed; ask for a new one by createDocumentUpload")
		return
	}
	if r.ContentLength > t.Size {
		g.refuseHTTP(w, r, http.StatusRequestEntityTooLarge, operation.CodeLimit, "the file is larger than was announced")
		return
	}
	ctx := policy.With(r.Context(), t.Principal)
	body, err := g.partners.PutBody(ctx, r.Body, t.Size)
	if err == nil && body.Size != t.Size {
		err = invalid("size", "%d bytes were announced and %d came; send the file again", t.Size, body.Size)
	}
	if err == nil {
		err = g.keepUpload(ctx, t, body)
	}
	if err != nil {
		g.failHTTP(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (g *Gateway) keepUpload(ctx context.Context, t uploadTicket, body partners.Body) error {
	const statement = `
		INSERT INTO gateway_uploads (id, firm_id, user_id, document, file_name, sha256, size, media_type, made_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (id) DO UPDATE
		SET sha256 = excluded.sha256, size = excluded.size, media_type = excluded.media_type, made_at = excluded.made_at`
	_, err := g.partners.Pool().Exec(ctx, statement, t.ID.String(), t.Principal.Firm.String(), t.Principal.User.String(), t.Document.String(),
		t.FileName, body.SHA256, body.Size, body.MediaType, g.now())
	if err != nil {
		return fmt.Errorf("keep upload: %w", err)
	}
	return nil
}

// completeUpload makes a version of the bytes that were sent, if they are
// those that the client meant.
func (g *Gateway) completeUpload(ctx context.Context, once *once, input map[string]any) (result, error) {
	p, err := principal(ctx)
	if err != nil {
		return result{}, err
	}
	id, err := schema.ParseID(input["uploadId"].(string))
	if err != nil {
		return result{}, invalid("uploadId", "must be what createDocumentUpload gave")
	}
	const statement = `
		SELECT u.document::text, u.file_name, u.sha256, u.size, u.media_type
		FROM gateway_uploads u
		WHERE u.id = $1 AND u.firm_id = $2 AND u.user_id = $3`
	var document, name string
	var body partners.Body
	err = g.partners.Pool().QueryRow(ctx, statement, id.String(), p.Firm.String(), p.User.String()).
		Scan(&document, &name, &body.SHA256, &body.Size, &body.MediaType)
	if errors.Is(err, pgx.ErrNoRows) {
		return result{}, &schema.Error{Code: schema.CodeNotFound, Field: "uploadId", Message: "no bytes have come for this upload; send them, then complete it"}
	}
	if err != nil {
		return result{}, fmt.Errorf("find upload: %w", err)
	}
	if !strings.EqualFold(body.SHA256, input["sha256"].(string)) {
		return result{}, invalid("sha256", "is not that of the bytes that came; send the file again")
	}
	if body.Size != input["size"].(int64) {
		return result{}, invalid("size", "is not that of the bytes that came; send the file again")
	}
	of, err := schema.ParseID(document)
	if err != nil {
		return result{}, err
	}
	values := partners.Values{"document": of, "fileName": name}
	if log, _ := input["changeLog"].(string); log != "" {
		values["changeLog"] = log
	}
	command := partners.Command{Verb: partners.Create, Kind: schema.DocumentVersions, Values: values, Body: &body}
	return g.do(ctx, once, command, func(ctx context.Context, tx pgx.Tx, _ []partners.Outcome) error {
		_, err := tx.Exec(ctx, "DELETE FROM gateway_uploads WHERE id = $1", id.String())
		return err
	})
}
