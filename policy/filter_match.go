package policy

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// Match tells whether the filter holds for a record; nil holds for all.
func (f *Filter) Match(e schema.Entity) bool { return f.MatchMasked(e, schema.AllFields) }

// MatchMasked tells whether the filter holds for a record of which only the
// fields in mask are known; the others count as null.
func (f *Filter) MatchMasked(e schema.Entity, mask schema.Mask) bool {
	if f == nil {
		return true
	}
	switch f.op {
	case OpAnd:
		return !slices.ContainsFunc(f.list, func(one *Filter) bool { return !one.MatchMasked(e, mask) })
	case OpOr:
		return slices.ContainsFunc(f.list, func(one *Filter) bool { return one.MatchMasked(e, mask) })
	case OpNot:
		return !f.list[0].MatchMasked(e, mask)
	}
	var value any
	if mask.Has(f.field.Bit) {
		value = f.field.Value(e)
	}
	return f.compare(value)
}

func (f *Filter) compare(value any) bool {
	if f.op == OpIsNull {
		return (value == nil) == (f.values[0] == true)
	}
	if value == nil {
		return false
	}
	want := f.values[0]
	switch f.op {
	case OpEq:
		return schema.SameValue(value, want)
	case OpNe:
		return !schema.SameValue(value, want)
	case OpIn:
		return slices.ContainsFunc(f.values, func(w any) bool { return schema.SameValue(value, w) })
	case OpStartsWith:
		return strings.HasPrefix(value.(string), want.(string))
	case OpContains:
		return strings.Contains(Key(value.(string)), Key(want.(string)))
	case OpHas:
		return has(value, want)
	case OpBetween:
		low, ok := order(value, want)
		high, _ := order(value, f.values[1])
		return ok && low >= 0 && high <= 0
	}
	o, ok := order(value, want)
	return ok && map[Op]bool{OpLt: o < 0, OpLte: o <= 0, OpGt: o > 0, OpGte: o >= 0}[f.op]
}

func has(list, want any) bool {
	switch l := list.(type) {
	case []string:
		return slices.Contains(l, want.(string))
	case []schema.ID:
		return slices.Contains(l, want.(schema.ID))
	}
	return false
}

// order compares two values; amounts of different currencies have no order.
func order(a, b any) (int, bool) {
	switch x := a.(type) {
	case int64:
		return cmp.Compare(x, b.(int64)), true
	case decimal.Decimal:
		return x.Cmp(b.(decimal.Decimal)), true
	case schema.Money:
		y := b.(schema.Money)
		return x.Amount.Cmp(y.Amount), x.Currency == y.Currency
	case schema.Date:
		return x.Time(time.UTC).Compare(b.(schema.Date).Time(time.UTC)), true
	case time.Time:
		return x.Compare(b.(time.Time)), true
	}
	return 0, false
}
