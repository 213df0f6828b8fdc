package partners

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/policy"
	"fondaco/schema"
)

// Incoming is what another firm's node sent: records of that firm as this
// firm may hold them, and records that are to go again.
type Incoming struct {
	From       schema.FirmID // whose signature the batch bears
	To         schema.FirmID // a firm on this node
	Cause      string
	Puts       []Projection
	Redactions []Redaction
}

// Redaction names a copy that its owner takes back.
type Redaction struct {
	Kind *schema.Kind
	ID   schema.ID
}

// Applied tells what became of an Incoming.
type Applied struct {
	// Refused are the puts and redactions that could not be taken; the others were.
	Refused []Refused
	// Redacted are the redactions whose copy is not here any more, whether it was before or not.
	Redacted []Redaction
}

// Refused is a put or a redaction that could not be taken. Place counts
// through the puts and then through the redactions, from 0.
type Refused struct {
	Place int
	Err   error
}

// ApplyHook runs in the transaction of an Apply, before the commit, and sees
// what was refused. Like a Hook it touches its door's own tables alone.
type ApplyHook func(ctx context.Context, tx pgx.Tx, applied Applied) error

// Apply takes what another firm's node sent, in one transaction with the
// hooks. The caller has verified that it comes from Incoming.From; a record
// of any other owner is refused. To apply the same again changes nothing.
func (s *Service) Apply(ctx context.Context, in Incoming, hooks ...ApplyHook) (Applied, error) {
	var applied Applied
	var rules *ruleSet
	p := policy.Principal{Firm: in.To, Actor: policy.ActorSystem, Via: "federation", Cause: in.Cause}
	err := s.transactWith(ctx, in.To, pgx.TxOptions{}, &rules, func(tx pgx.Tx) error {
		w := &writer{service: s, tx: tx, rules: rules, principal: p, now: s.Now()}
		var err error
		if applied, err = w.take(ctx, in); err != nil {
			return err
		}
		for _, h := range hooks {
			if err := h(ctx, tx, applied); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Applied{}, err
	}
	s.turnedAway(in, applied)
	s.news.tell()
	return applied, nil
}

// take takes all at once, as nearly always goes well; else each by itself, so
// that one that cannot be taken does not hold up the others.
func (w *writer) take(ctx context.Context, in Incoming) (Applied, error) {
	err := w.guarded(ctx, func() error {
		for i := range len(in.Puts) + len(in.Redactions) {
			if err := w.takeOne(ctx, in, i); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err == nil:
		return Applied{Redacted: in.Redactions}, nil
	case fatal(err):
		return Applied{}, err
	}
	return w.takeEach(ctx, in)
}

// takeOne takes a put or a redaction by its place.
func (w *writer) takeOne(ctx context.Context, in Incoming, place int) error {
	if place < len(in.Puts) {
		return w.put(ctx, in.From, in.Puts[place])
	}
	return w.redact(ctx, in.From, in.Redactions[place-len(in.Puts)])
}

func (w *writer) takeEach(ctx context.Context, in Incoming) (Applied, error) {
	var applied Applied
	for i := range len(in.Puts) + len(in.Redactions) {
		err := w.guarded(ctx, func() error { return w.takeOne(ctx, in, i) })
		switch {
		case fatal(err):
			return Applied{}, err
		case err != nil:
			applied.Refused = append(applied.Refused, Refused{i, err})
		case i >= len(in.Puts):
			applied.Redacted = append(applied.Redacted, in.Redactions[i-len(in.Puts)])
		}
	}
	return applied, nil
}

// guarded runs do so that what it did before an error is undone, and the
// transaction lives on.
func (w *writer) guarded(ctx context.Context, do func() error) error {
	outer := w.tx
	inner, err := outer.Begin(ctx)
	if err != nil {
		return err
	}
	w.tx = inner
	defer func() { w.tx = outer }()
	if err := do(); err != nil {
		return errors.Join(err, inner.Rollback(ctx))
	}
	return inner.Commit(ctx)
}

// fatal tells an error of the whole transaction from one of a single record.
func fatal(err error) bool {
	return err != nil && (retryable(err) || schema.Code(classify(err)) == schema.CodeUnavailable || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded))
}

// put takes one record of another firm.
func (w *writer) put(ctx context.Context, from schema.FirmID, p Projection) error {
	if p.Owner != from {
		return &schema.Error{Code: schema.CodeDenied, Op: "apply", Kind: p.Kind.Name, Message: "a firm can send records of its own alone"}
	}
	old, err := loadRow(ctx, w.tx, p.Kind, w.principal.Firm, p.ID, true)
	if err != nil {
		return err
	}
	if old != nil && old.Header().Owner != from {
		return &schema.Error{Code: schema.CodeConflict, Op: "apply", Kind: p.Kind.Name, Message: "the id is known under another owner", Err: errOwner}
	}
	e, err := w.copyOf(p)
	if err != nil {
		return err
	}
	if err := mentionIDs(ctx, w.tx, e); err != nil {
		return err
	}
	op, changed := schema.OpCreate, stated(e)
	if old != nil {
		op, changed = schema.OpUpdate, difference(old, e)
		if changed == 0 && old.Header().Version == p.Version && old.Header().Mask == p.Mask {
			return nil
		}
		err = updateRow(ctx, w.tx, e, p.Kind.Every())
	} else {
		err = insertRow(ctx, w.tx, e)
	}
	if err != nil {
		return err
	}
	if err := indexText(ctx, w.tx, e); err != nil {
		return err
	}
	if err := appendLedger(ctx, w.tx, w.principal, w.now, op, old, e, changed); err != nil {
		return err
	}
	return w.arrived(ctx, e)
}

// copyOf makes the row of a copy. What this version does not know of it is
// kept by name.
func (w *writer) copyOf(p Projection) (schema.Entity, error) {
	e := p.Kind.New()
	unknown, err := schema.DecodeFields(e, p.Fields)
	if err != nil {
		return nil, err
	}
	for _, f := range p.Kind.Fields {
		if !p.Mask.Has(f.Bit) && f.Value(e) != nil {
			if err := f.Set(e, nil); err != nil {
				return nil, err
			}
		}
	}
	h := e.Header()
	*h = schema.Record{
		ID: p.ID, Owner: p.Owner, Holder: w.principal.Firm, Version: max(p.Version, 1), Mask: p.Mask,
		CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, Provenance: schema.ByFederation,
		FieldVersions: p.Versions, FieldTimes: p.Times,
	}
	if h.FieldTimes == nil {
		h.FieldVersions, h.FieldTimes = []int64{}, []time.Time{}
	}
	if len(unknown) > 0 {
		if h.Unknown, err = json.Marshal(unknown); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// arrived does what follows from a record of another firm.
func (w *writer) arrived(ctx context.Context, e schema.Entity) error {
	r := ruleOf(schema.KindOf(e))
	if r.decides {
		if err := w.raise(ctx, schema.KindOf(e), []schema.FirmID{e.Header().Owner, e.Header().Holder}); err != nil {
			return err
		}
	}
	if r.arrived != nil {
		return r.arrived(ctx, w, e)
	}
	return nil
}

// redact deletes a copy: the row, its words, and the use of its bytes. The id
// stays in the registry, since own notes may hang on it.
func (w *writer) redact(ctx context.Context, from schema.FirmID, r Redaction) error {
	e, err := loadRow(ctx, w.tx, r.Kind, w.principal.Firm, r.ID, true)
	if err != nil || e == nil {
		return err
	}
	h := e.Header()
	if h.Owner != from {
		return &schema.Error{Code: schema.CodeDenied, Op: "redact", Kind: r.Kind.Name, Message: "a firm can take back records of its own alone"}
	}
	statement := fmt.Sprintf("DELETE FROM %s WHERE holder_firm_id = $1 AND id = $2", r.Kind.Table)
	if _, err := w.tx.Exec(ctx, statement, uuid(h.Holder.ID()), uuid(h.ID)); err != nil {
		return err
	}
	if err := dropText(ctx, w.tx, h); err != nil {
		return err
	}
	if v, ok := e.(*schema.DocumentVersion); ok {
		if err := countUses(ctx, w.tx, v.Holder, v.SHA256); err != nil {
			return err
		}
	}
	if err := appendLedger(ctx, w.tx, w.principal, w.now, schema.OpRedact, nil, e, 0); err != nil {
		return err
	}
	if ruleOf(r.Kind).decides {
		return w.raise(ctx, r.Kind, []schema.FirmID{h.Owner, h.Holder})
	}
	return nil
}

// KeepBody reads the bytes of a document version that another firm's node
// sent, and keeps them for the firm that holds the copy. They must have the
// SHA-256 and the size that the version says.
func (s *Service) KeepBody(ctx context.Context, holder schema.FirmID, version schema.ID, r io.Reader) error {
	v, err := s.heldVersion(ctx, holder, version)
	if err != nil {
		return err
	}
	body, err := s.putBody(ctx, holder, r, *v.Size)
	if err != nil {
		return err
	}
	err = s.transact(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if err := fence(ctx, tx, holder); err != nil {
			return err
		}
		return countUses(ctx, tx, holder, body.SHA256) // other bytes than those meant are due to go at once
	})
	if err == nil && body.SHA256 != v.SHA256 {
		err = &schema.Error{Code: schema.CodeInvalid, Op: "keep document", Kind: schema.DocumentVersions.Name, Message: "the bytes do not have the SHA-256 that their owner stated"}
	}
	return err
}

func (s *Service) heldVersion(ctx context.Context, holder schema.FirmID, version schema.ID) (*schema.DocumentVersion, error) {
	var found schema.Entity
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		if err := fence(ctx, tx, holder); err != nil {
			return err
		}
		var err error
		found, err = loadRow(ctx, tx, schema.DocumentVersions, holder, version, false)
		return err
	})
	if err != nil {
		return nil, err
	}
	v, _ := found.(*schema.DocumentVersion)
	if v == nil || v.Size == nil {
		return nil, schema.NotFound(schema.DocumentVersions.Name)
	}
	return v, nil
}

// MissingBodies lists versions that a firm on this node holds a copy of and
// whose bytes have not arrived.
func (s *Service) MissingBodies(ctx context.Context, holder schema.FirmID, from schema.FirmID) ([]schema.ID, error) {
	var list []schema.ID
	err := s.transact(ctx, readOnly, func(tx pgx.Tx) error {
		if err := fence(ctx, tx, holder); err != nil {
			return err
		}
		const statement = `
			SELECT v.id
			FROM document_versions v
			WHERE v.holder_firm_id = $1 AND v.owner_firm_id = $2 AND v.deleted_at IS NULL
				AND NOT EXISTS (
					SELECT FROM bodies b
					WHERE b.holder_firm_id = v.holder_firm_id AND b.sha256 = v.sha256)
			ORDER BY v.id`
		rows, err := tx.Query(ctx, statement, uuid(holder.ID()), uuid(from.ID()))
		if err != nil {
			return err
		}
		found, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
		list = ids(found)
		return err
	})
	return list, err
}
