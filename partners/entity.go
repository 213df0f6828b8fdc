package partners

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/schema"
)

// scanEntity reads a row whose columns are entityColumns.
func scanEntity(k *schema.Kind, row pgx.Row) (schema.Entity, error) {
	e := k.New()
	h := e.Header()
	var createdBy, updatedBy pgtype.UUID
	var deleted pgtype.Timestamptz
	var custom, unknown []byte
	var mask int64
	targets := []any{
		(*[16]byte)(&h.Holder), (*[16]byte)(&h.ID), (*[16]byte)(&h.Owner), &h.Version, &h.FieldVersions, &h.FieldTimes,
		&h.CreatedAt, &createdBy, &h.UpdatedAt, &updatedBy, &deleted, &h.Provenance, &mask, &custom, &unknown,
	}
	cells := make([]cell, len(k.Fields))
	for i, f := range k.Fields {
		cells[i].field = f
		targets = append(targets, cells[i].targets()...)
	}
	if err := row.Scan(targets...); err != nil {
		return nil, err
	}
	h.CreatedBy, h.UpdatedBy = schema.Ref[schema.User](createdBy.Bytes), schema.Ref[schema.User](updatedBy.Bytes)
	h.CreatedAt, h.UpdatedAt = h.CreatedAt.UTC(), h.UpdatedAt.UTC()
	if deleted.Valid {
		h.DeletedAt = deleted.Time.UTC()
	}
	h.Mask = schema.Mask(mask)
	h.Custom, h.Unknown = json.RawMessage(custom), json.RawMessage(unknown)
	for i := range cells {
		if err := cells[i].field.Set(e, cells[i].value()); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// loadRow reads one row by its key, and locks it when asked to; nil if there
// is none. It asks no policy: the caller does.
func loadRow(ctx context.Context, tx pgx.Tx, k *schema.Kind, holder schema.FirmID, id schema.ID, lock bool) (schema.Entity, error) {
	statement := fmt.Sprintf("SELECT %s\nFROM %s\nWHERE holder_firm_id = $1 AND id = $2", entityColumns(k), k.Table)
	if lock {
		statement += "\nFOR UPDATE"
	}
	e, err := scanEntity(k, tx.QueryRow(ctx, statement, uuid(holder.ID()), uuid(id)))
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("load %s %s: %w", k, id, err)
	}
	return e, nil
}

// insertRow writes a new row, and its id into the registry.
func insertRow(ctx context.Context, tx pgx.Tx, e schema.Entity) error {
	k := schema.KindOf(e)
	if err := registerID(ctx, tx, k, e.Header()); err != nil {
		return err
	}
	args := entityArgs(e)
	places := make([]string, len(args))
	for i := range args {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	statement := fmt.Sprintf("INSERT INTO %s (%s)\nVALUES (%s)", k.Table, entityColumns(k), strings.Join(places, ", "))
	if _, err := tx.Exec(ctx, statement, args...); err != nil {
		return constraintError(k, err)
	}
	return nil
}

// updateRow writes the header and the fields in mask of a row that exists.
func updateRow(ctx context.Context, tx pgx.Tx, e schema.Entity, mask schema.Mask) error {
	k, h := schema.KindOf(e), e.Header()
	args := []any{
		uuid(h.Holder.ID()), uuid(h.ID), h.Version, h.FieldVersions, h.FieldTimes, h.UpdatedAt, uuid(h.UpdatedBy.ID()),
		instant(h.DeletedAt), int64(h.Mask), jsonb(h.Unknown),
	}
	var set strings.Builder
	set.WriteString("version = $3, field_versions = $4, field_times = $5, updated_at = $6, updated_by = $7, deleted_at = $8, mask = $9, unknown = $10")
	for _, f := range k.Fields {
		if !mask.Has(f.Bit) {
			continue
		}
		for i, value := range fieldArgs(f, f.Value(e)) {
			args = append(args, value)
			fmt.Fprintf(&set, ", %s = $%d", f.Columns()[i], len(args))
		}
	}
	statement := fmt.Sprintf("UPDATE %s\nSET %s\nWHERE holder_firm_id = $1 AND id = $2", k.Table, &set)
	if _, err := tx.Exec(ctx, statement, args...); err != nil {
		return constraintError(k, err)
	}
	return nil
}

// errOwner tells that an id arrived under another owner than the one known.
var errOwner = errors.New("the id is known under another owner")

// registerID enters an id into the registry with its owner. An id that is
// known there under another owner or kind is refused.
func registerID(ctx context.Context, tx pgx.Tx, k *schema.Kind, h *schema.Record) error {
	const statement = `
		INSERT INTO records AS r (id, kind, owner_firm_id)
		VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE
		SET owner_firm_id = excluded.owner_firm_id, deleted_at = NULL
		WHERE r.kind = excluded.kind AND coalesce(r.owner_firm_id, excluded.owner_firm_id) = excluded.owner_firm_id`
	tag, err := tx.Exec(ctx, statement, uuid(h.ID), k.Name, uuid(h.Owner.ID()))
	if err != nil {
		return fmt.Errorf("register %s %s: %w", k, h.ID, err)
	}
	if tag.RowsAffected() == 0 {
		return &schema.Error{Code: schema.CodeConflict, Op: "register", Kind: k.Name, Message: "this id is taken; use another", Err: errOwner}
	}
	return nil
}

// mentionIDs enters the ids to which e refers into the registry, where they
// are not known yet: a copy may refer to records that never arrive.
func mentionIDs(ctx context.Context, tx pgx.Tx, e schema.Entity) error {
	var mentioned []schema.ID
	var kinds []string
	for _, f := range schema.KindOf(e).Fields {
		if id, ok := f.Value(e).(schema.ID); ok {
			mentioned, kinds = append(mentioned, id), append(kinds, f.Target().Name)
		}
	}
	if len(mentioned) == 0 {
		return nil
	}
	const statement = `
		INSERT INTO records (id, kind)
		SELECT DISTINCT ON (m.id) m.id, m.kind
		FROM unnest($1::uuid[], $2::text[]) AS m (id, kind)
		ORDER BY m.id
		ON CONFLICT (id) DO NOTHING`
	if _, err := tx.Exec(ctx, statement, uuids(mentioned), kinds); err != nil {
		return fmt.Errorf("mention the links of %s %s: %w", schema.KindOf(e), e.Header().ID, err)
	}
	return nil
}
