package partners

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/schema"
)

// A pastRow is a row as it lay here at an instant, rebuilt from the ledger.
type pastRow struct {
	entity schema.Entity
	seq    int64 // of the line that was carried last
	// erased are the fields of which the ledger says that they were written, and no longer what.
	erased schema.Mask
	// taken is set for a copy that its owner had taken back.
	taken bool
}

// there tells whether the row was to be seen at the instant: it had been
// made, and was not deleted.
func (r *pastRow) there() bool {
	return r != nil && !r.taken && r.entity.Header().DeletedAt.IsZero()
}

// pastLine is a line of the ledger with the value of one of its fields.
type pastLine struct {
	seq           int64
	id            schema.ID
	holder, owner schema.FirmID
	at            time.Time
	version       int64
	op            schema.Op
	fields        schema.Mask
	actor         schema.Ref[schema.User]
	field         pgtype.Int2 // not valid: the line has no value left
	after         []byte
}

// pastRows rebuilds the rows of records of a kind at an instant from the
// ledger: what was written until then by the clock of this node, the instant
// itself included. Rows of holders behind the fence are found, those of a
// record with its owner before a copy of it.
func pastRows(ctx context.Context, tx pgx.Tx, k *schema.Kind, wanted []schema.ID, at time.Time) (map[schema.ID]*pastRow, error) {
	const statement = `
		SELECT c.seq, c.id, c.holder_firm_id, c.owner_firm_id, c.at, c.version, c.op, c.fields,
			coalesce(c.actor, '00000000-0000-0000-0000-000000000000'), v.field, v.after
		FROM changes c
		LEFT JOIN change_values v ON v.seq = c.seq AND v.holder_firm_id = c.holder_firm_id
		WHERE c.id = ANY ($1) AND c.kind = $2 AND c.at <= $3
		ORDER BY c.id, c.holder_firm_id, c.seq, v.field`
	found := map[schema.ID]*pastRow{}
	rows, err := tx.Query(ctx, statement, uuids(wanted), k.Name, at)
	if err != nil {
		return nil, err
	}
	var l pastLine
	var op string
	var fields int64
	var made *pastRow // that the lines before made
	_, err = pgx.ForEachRow(rows, []any{
		&l.seq, (*[16]byte)(&l.id), (*[16]byte)(&l.holder), (*[16]byte)(&l.owner), &l.at, &l.version, &op, &fields, (*[16]byte)(&l.actor), &l.field, &l.after,
	}, func() error {
		l.op, l.fields, l.at = schema.Op(op), schema.Mask(fields), l.at.UTC()
		if made == nil || made.entity.Header().ID != l.id || made.entity.Header().Holder != l.holder {
			made = &pastRow{entity: k.New()}
			h := made.entity.Header()
			h.ID, h.Holder, h.Owner, h.Mask = l.id, l.holder, l.owner, schema.AllFields
			if before := found[l.id]; before == nil || !before.entity.Header().Own() {
				found[l.id] = made
			}
		}
		return made.take(&l)
	})
	if err != nil {
		return nil, fmt.Errorf("rebuild %s as at %s: %w", k, at, err)
	}
	return found, nil
}

// take carries a line, and one value of it, into the row.
func (r *pastRow) take(l *pastLine) error {
	k := schema.KindOf(r.entity)
	if r.seq != l.seq {
		r.begin(k, l)
	}
	if !l.field.Valid {
		return nil
	}
	for _, f := range k.Fields {
		if f.Bit != int(l.field.Int16) {
			continue
		}
		value, err := f.DecodeValue(json.RawMessage(l.after))
		if err != nil {
			return err
		}
		if err := f.Set(r.entity, value); err != nil {
			return err
		}
		r.erased &^= schema.Mask(0).With(f.Bit)
	}
	return nil
}

// begin carries what a line says without its values.
func (r *pastRow) begin(k *schema.Kind, l *pastLine) {
	h := r.entity.Header()
	r.seq = l.seq
	switch l.op {
	case schema.OpCreate:
		h.CreatedAt, h.CreatedBy, r.taken = l.at, l.actor, false
		h.FieldVersions, h.FieldTimes = nil, nil
	case schema.OpDelete:
		h.DeletedAt = l.at
	case schema.OpRedact:
		r.taken = true
	case schema.OpUpdate:
	}
	h.Version, h.UpdatedAt, h.UpdatedBy = l.version, l.at, l.actor
	stamp(h, k, l.fields)
	r.erased |= l.fields & k.Every() // until its value is met
	for _, f := range k.Fields {
		if l.fields.Has(f.Bit) {
			_ = f.Set(r.entity, nil) // every field can be without a value
		}
	}
}
