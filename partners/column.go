package partners

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// headerColumns are the columns of every table that are not fields.
const headerColumns = `holder_firm_id, id, owner_firm_id, version, field_versions, field_times, created_at, created_by,
	updated_at, updated_by, deleted_at, provenance, mask, custom, unknown`

// entityColumns lists all columns of a kind's table, in the order of
// entityArgs and of scanEntity.
func entityColumns(k *schema.Kind) string {
	return headerColumns + ", " + strings.Join(fieldColumns(k.Fields), ", ")
}

func fieldColumns(fields []*schema.Field) []string {
	var all []string
	for _, f := range fields {
		all = append(all, f.Columns()...)
	}
	return all
}

// entityArgs gives the values of all columns of e.
func entityArgs(e schema.Entity) []any {
	h := e.Header()
	args := []any{
		uuid(h.Holder.ID()), uuid(h.ID), uuid(h.Owner.ID()), h.Version, h.FieldVersions, h.FieldTimes, h.CreatedAt,
		uuid(h.CreatedBy.ID()), h.UpdatedAt, uuid(h.UpdatedBy.ID()), instant(h.DeletedAt), string(h.Provenance),
		int64(h.Mask), jsonb(h.Custom), jsonb(h.Unknown),
	}
	for _, f := range schema.KindOf(e).Fields {
		args = append(args, fieldArgs(f, f.Value(e))...)
	}
	return args
}

// fieldArgs gives a canonical value as the values of the field's columns.
func fieldArgs(f *schema.Field, value any) []any {
	switch v := value.(type) {
	case nil:
		if f.Type == schema.Amount {
			return []any{nil, nil}
		}
		return []any{nil}
	case decimal.Decimal:
		return []any{numeric(v)}
	case schema.Money:
		return []any{numeric(v.Amount), v.Currency}
	case schema.Date:
		return []any{v.Time(time.UTC)}
	case schema.ID:
		return []any{uuid(v)}
	case []schema.ID:
		return []any{uuids(v)}
	case json.RawMessage:
		return []any{[]byte(v)}
	}
	return []any{value}
}

func uuid(id schema.ID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: !id.IsZero()} }

func uuids[T ~[16]byte](ids []T) [][16]byte {
	list := make([][16]byte, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	return list
}

func ids(list [][16]byte) []schema.ID {
	all := make([]schema.ID, len(list))
	for i, b := range list {
		all[i] = b
	}
	return all
}

func numeric(d decimal.Decimal) pgtype.Numeric {
	return pgtype.Numeric{Int: d.Coefficient(), Exp: d.Exponent(), Valid: true}
}

func instant(t time.Time) pgtype.Timestamptz { return pgtype.Timestamptz{Time: t, Valid: !t.IsZero()} }

func jsonb(raw json.RawMessage) []byte { return raw }

// cell receives the columns of one field and gives its canonical value.
type cell struct {
	field    *schema.Field
	text     pgtype.Text
	boolean  pgtype.Bool
	integer  pgtype.Int8
	number   pgtype.Numeric
	day      pgtype.Date
	moment   pgtype.Timestamptz
	id       pgtype.UUID
	texts    []string
	idents   [][16]byte
	document []byte
}

// targets are what the columns of the field are scanned into.
func (c *cell) targets() []any {
	switch c.field.Type {
	case schema.Text, schema.Enum:
		return []any{&c.text}
	case schema.Bool:
		return []any{&c.boolean}
	case schema.Int:
		return []any{&c.integer}
	case schema.Decimal:
		return []any{&c.number}
	case schema.Amount:
		return []any{&c.number, &c.text}
	case schema.Day:
		return []any{&c.day}
	case schema.Instant:
		return []any{&c.moment}
	case schema.Link:
		return []any{&c.id}
	case schema.TextList, schema.EnumList:
		return []any{&c.texts}
	case schema.LinkList:
		return []any{&c.idents}
	case schema.JSON:
		return []any{&c.document}
	}
	panic(fmt.Sprintf("partners: unknown field type of %s", c.field))
}

// value gives the canonical value of what was scanned, nil for null.
func (c *cell) value() any {
	switch {
	case c.field.Type == schema.Amount && c.number.Valid:
		return schema.Money{Amount: toDecimal(c.number), Currency: c.text.String}
	case c.text.Valid:
		return c.text.String
	case c.boolean.Valid:
		return c.boolean.Bool
	case c.integer.Valid:
		return c.integer.Int64
	case c.number.Valid:
		return toDecimal(c.number)
	case c.day.Valid:
		return schema.DateOf(c.day.Time)
	case c.moment.Valid:
		return c.moment.Time.UTC()
	case c.id.Valid:
		return schema.ID(c.id.Bytes)
	case len(c.texts) > 0:
		return c.texts
	case len(c.idents) > 0:
		return ids(c.idents)
	case c.document != nil:
		return json.RawMessage(c.document)
	}
	return nil
}

func toDecimal(n pgtype.Numeric) decimal.Decimal { return decimal.NewFromBigInt(n.Int, n.Exp) }
