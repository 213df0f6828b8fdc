package policy

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// SQL prints the filter as a condition, and gives its literals to args: none is
// ever printed. The condition is true where the filter holds, and false or
// null elsewhere. Column gives the expression for a field; the two columns of
// an Amount are asked for one after another, each as a field of its own, with
// the Column and Type that it has. Filters of one [Filter.Shape] print the same.
func (f *Filter) SQL(args Binder, column func(*schema.Field) string) string {
	switch f.op {
	case OpAnd, OpOr:
		all := make([]string, len(f.list))
		for i, one := range f.list {
			all[i] = one.SQL(args, column)
		}
		return "(" + strings.Join(all, " "+strings.ToUpper(string(f.op))+" ") + ")"
	case OpNot:
		// What is null inside must come out as true, as it does in memory.
		return "((" + f.list[0].SQL(args, column) + ") IS NOT TRUE)"
	}
	if f.field.Type == schema.Amount {
		return f.amountSQL(args, column)
	}
	return f.compareSQL(args, column(f.field))
}

// symbols are the operators that SQL writes between two values.
var symbols = map[Op]string{OpEq: "=", OpNe: "<>", OpLt: "<", OpLte: "<=", OpGt: ">", OpGte: ">="}

func (f *Filter) compareSQL(args Binder, column string) string {
	cast := sqlTypes[f.field.Type]
	one := func(i int) string { return args.Bind(bound(f.values[i]), cast) }
	switch f.op {
	case OpIsNull:
		if f.values[0] == true {
			return column + " IS NULL"
		}
		return column + " IS NOT NULL"
	case OpIn:
		return fmt.Sprintf("%s = ANY (%s)", column, f.listSQL(args, cast))
	case OpBetween:
		return fmt.Sprintf("%s BETWEEN %s AND %s", column, one(0), one(1))
	case OpStartsWith:
		return fmt.Sprintf("starts_with(%s, %s)", column, one(0))
	case OpContains:
		// What unaccent makes of the text may have a wildcard in it: escape what comes out of it, not what goes in.
		return fmt.Sprintf(`fondaco_key(%s) LIKE '%%' || regexp_replace(fondaco_key(%s), '([\\%%_])', '\\\1', 'g') || '%%'`, column, one(0))
	case OpHas:
		return fmt.Sprintf("%s @> ARRAY[%s]", column, one(0))
	}
	return fmt.Sprintf("%s %s %s", column, symbols[f.op], one(0))
}

// listSQL binds all values as one array, so that their number is not part of
// the statement. Numbers travel as text, which loses no digit.
func (f *Filter) listSQL(args Binder, cast string) string {
	if f.field.Type == schema.Decimal {
		return args.Bind(boundList(f.values), "text[]") + "::numeric[]"
	}
	return args.Bind(boundList(f.values), cast+"[]")
}

// amountSQL compares amounts of one currency; those of different currencies
// differ, and none is the greater.
func (f *Filter) amountSQL(args Binder, column func(*schema.Field) string) string {
	currency := column(part(f.field, 1, schema.Text))
	if f.op == OpIsNull {
		return f.compareSQL(args, currency)
	}
	// Only now: a column that is asked for may bind arguments, and those must stand in the statement.
	amount := column(part(f.field, 0, schema.Decimal))
	bind := func(i int) string { return args.Bind(bound(f.values[i].(schema.Money).Amount), "numeric") }
	code := args.Bind(f.values[0].(schema.Money).Currency, "text")
	switch f.op {
	case OpNe:
		return fmt.Sprintf("(%s <> %s OR %s <> %s)", currency, code, amount, bind(0))
	case OpBetween:
		return fmt.Sprintf("(%s = %s AND %s BETWEEN %s AND %s)", currency, code, amount, bind(0), bind(1))
	}
	return fmt.Sprintf("(%s = %s AND %s %s %s)", currency, code, amount, symbols[f.op], bind(0))
}

// part gives one of the columns of an Amount as a field, with the bit and the
// class of the whole.
func part(f *schema.Field, i int, t schema.FieldType) *schema.Field {
	one := *f
	one.Column, one.Type = f.Columns()[i], t
	return &one
}

// sqlTypes are the types of one literal; of a list field, of one entry.
var sqlTypes = map[schema.FieldType]string{
	schema.Text: "text", schema.Enum: "text", schema.Bool: "boolean", schema.Int: "bigint",
	schema.Decimal: "numeric", schema.Day: "date", schema.Instant: "timestamptz", schema.Link: "uuid",
	schema.TextList: "text", schema.EnumList: "text", schema.LinkList: "uuid",
}

// bound gives a canonical value in a type that pgx binds as it is.
func bound(v any) any {
	switch v := v.(type) {
	case schema.ID:
		return [16]byte(v)
	case decimal.Decimal:
		return v.String()
	case schema.Date:
		return v.Time(time.UTC)
	}
	return v
}

func boundList(values []any) any {
	switch bound(values[0]).(type) {
	case string:
		return collect[string](values)
	case int64:
		return collect[int64](values)
	case time.Time:
		return collect[time.Time](values)
	}
	return collect[[16]byte](values)
}

func collect[T any](values []any) []T {
	list := make([]T, len(values))
	for i, v := range values {
		list[i] = bound(v).(T)
	}
	return list
}
