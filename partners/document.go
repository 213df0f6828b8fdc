package partners

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/gabriel-vasile/mimetype"
	"github.com/jackc/pgx/v5"

	"fondaco/partners/blob"
	"fondaco/schema"
)

// Body names the bytes of a document that a firm holds.
type Body struct {
	SHA256    string // in hexadecimal digits
	Size      int64
	MediaType string // as found in the bytes
}

// PutBody reads the bytes of a document to their end and keeps them, durable,
// for the principal's firm, for a later Command that makes a DocumentVersion
// of them. More than limit bytes are refused.
func (s *Service) PutBody(ctx context.Context, r io.Reader, limit int64) (Body, error) {
	p, err := principal(ctx)
	if err != nil {
		return Body{}, err
	}
	return s.putBody(ctx, p.Firm, r, limit)
}

func (s *Service) putBody(ctx context.Context, firm schema.FirmID, r io.Reader, limit int64) (Body, error) {
	sum, size, head, err := s.bodies.Put(firm.String(), r, limit)
	if errors.Is(err, blob.ErrTooLarge) {
		return Body{}, &schema.Error{Code: schema.CodeLimit, Op: "store document", Message: fmt.Sprintf("the file has more than %d bytes; share a smaller one", limit), Err: err}
	}
	if err != nil {
		return Body{}, err
	}
	body := Body{sum, size, mimetype.Detect(head).String()}
	const statement = `
		INSERT INTO bodies (holder_firm_id, sha256, size, media_type, stored_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (holder_firm_id, sha256) DO UPDATE
		SET stored_at = excluded.stored_at`
	err = s.transact(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if err := fence(ctx, tx, firm); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, statement, uuid(firm.ID()), sum, size, body.MediaType, s.Now())
		return err
	})
	if err != nil {
		return Body{}, err
	}
	// The same bytes may have been swept away between the file and its row.
	if !s.bodies.Has(firm.String(), sum) {
		return Body{}, &schema.Error{Code: schema.CodeUnavailable, Op: "store document", Message: "the same file was being deleted; upload it again"}
	}
	return body, nil
}

// OpenBody opens the bytes of a document version that the principal may read.
// The caller closes the file.
func (s *Service) OpenBody(ctx context.Context, version schema.ID) (*os.File, *schema.DocumentVersion, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, nil, err
	}
	plans := []*Plan{{Kind: schema.DocumentVersions, IDs: []schema.ID{version}, Fields: []*schema.Field{schema.DocumentVersions.FieldNamed("sha256")}}}
	var found schema.Entity
	var rules *ruleSet
	var r *reader
	var pages []*Page
	err = s.transactWith(ctx, p.Firm, readOnly, &rules, func(tx pgx.Tx) error {
		r = &reader{service: s, tx: tx, rules: rules, principal: p, now: s.Now()}
		var err error
		if pages, err = r.roots(ctx, plans); err != nil {
			return err
		}
		if len(pages[0].Rows) == 0 {
			return schema.NotFound(schema.DocumentVersions.Name)
		}
		found, err = loadRow(ctx, tx, schema.DocumentVersions, pages[0].Rows[0].Holder, version, false)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	r.audited(ctx, plans, pages)
	v := found.(*schema.DocumentVersion)
	f, err := s.bodies.Open(v.Holder.String(), v.SHA256)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, &schema.Error{
			Code: schema.CodeUnavailable, Op: "open document", Kind: schema.DocumentVersions.Name, Err: err,
			Message: "the file has not arrived from its owner's node yet; try again in a moment",
		}
	}
	return f, v, err
}

// beforeDocumentVersion numbers a new version and notes what its bytes are.
func beforeDocumentVersion(ctx context.Context, w *writer, c Command, old, e schema.Entity) error {
	if old != nil {
		return nil
	}
	v := e.(*schema.DocumentVersion)
	if c.Body == nil {
		return invalid("sha256", "upload the file first, then name its SHA-256")
	}
	const statement = `
		SELECT b.size, b.media_type
		FROM bodies b
		WHERE b.holder_firm_id = $1 AND b.sha256 = $2
		FOR UPDATE`
	var size int64
	err := w.tx.QueryRow(ctx, statement, uuid(w.principal.Firm.ID()), c.Body.SHA256).Scan(&size, &v.MediaType)
	if errors.Is(err, pgx.ErrNoRows) {
		return invalid("sha256", "no file with this SHA-256 was uploaded by your firm")
	}
	if err != nil {
		return err
	}
	// The document is locked, so that two versions at once do not take one number.
	document, err := loadRow(ctx, w.tx, schema.Documents, w.principal.Firm, v.Document.ID(), true)
	if err != nil {
		return err
	}
	if document == nil || !document.Header().Own() {
		return invalid("document", "no such Document of your firm")
	}
	var number int64
	const last = "SELECT coalesce(max(v.number), 0) + 1 FROM document_versions v WHERE v.document = $1 AND v.holder_firm_id = $2"
	if err := w.tx.QueryRow(ctx, last, uuid(v.Document.ID()), uuid(w.principal.Firm.ID())).Scan(&number); err != nil {
		return err
	}
	v.Number, v.SHA256, v.Size = &number, c.Body.SHA256, &size
	return nil
}

func afterDocumentVersion(ctx context.Context, w *writer, _ Command, _, e schema.Entity) error {
	v := e.(*schema.DocumentVersion)
	return countUses(ctx, w.tx, v.Holder, v.SHA256)
}

func arrivedDocumentVersion(ctx context.Context, w *writer, e schema.Entity) error {
	v := e.(*schema.DocumentVersion)
	return countUses(ctx, w.tx, v.Holder, v.SHA256)
}

// countUses counts the versions that name a body. A file that none names goes
// after the commit, by SweepBodies: a transaction that fails must not have
// deleted it, and a process that dies must not forget to. What is let go of
// is due at once, while an upload that waits for its version is not.
func countUses(ctx context.Context, tx pgx.Tx, firm schema.FirmID, sum string) error {
	const statement = `
		UPDATE bodies b
		SET uses = u.n, stored_at = CASE WHEN u.n = 0 THEN '-infinity' ELSE b.stored_at END
		FROM (
			SELECT count(*) AS n
			FROM document_versions v
			WHERE v.holder_firm_id = $1 AND v.sha256 = $2 AND v.deleted_at IS NULL) u
		WHERE b.holder_firm_id = $1 AND b.sha256 = $2`
	_, err := tx.Exec(ctx, statement, uuid(firm.ID()), sum)
	return err
}

// uploadGrace is how long uploaded bytes wait for a version that names them.
const uploadGrace = 24 * time.Hour

// SweepBodies deletes the files that no row names any more, and says how
// many. Run it after a write that withdraws documents, and now and then: it
// also finds what a process that died has left, and uploads that nobody used.
func (s *Service) SweepBodies(ctx context.Context) (int, error) {
	swept := 0
	err := s.transact(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if err := fenceHosted(ctx, tx); err != nil {
			return err
		}
		const released = `
			SELECT b.holder_firm_id, b.sha256
			FROM bodies b
			WHERE b.uses = 0 AND b.stored_at < $1
			LIMIT 1000
			FOR UPDATE SKIP LOCKED`
		rows, err := tx.Query(ctx, released, s.Now().Add(-uploadGrace))
		if err != nil {
			return err
		}
		type key struct {
			firm schema.FirmID
			sum  string
		}
		all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (k key, err error) {
			return k, row.Scan((*[16]byte)(&k.firm), &k.sum)
		})
		if err != nil {
			return err
		}
		for _, k := range all {
			if err := s.bodies.Remove(k.firm.String(), k.sum); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, "DELETE FROM bodies WHERE holder_firm_id = $1 AND sha256 = $2", uuid(k.firm.ID()), k.sum); err != nil {
				return err
			}
		}
		swept = len(all)
		return nil
	})
	return swept, err
}
