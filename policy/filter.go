package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shopspring/decimal"
	"golang.org/x/text/unicode/norm"

	"fondaco/schema"
)

// Filter is a condition on the fields of one kind. It has two readers that
// agree: [Filter.Match] for a record in memory and [Filter.SQL] for a table.
//
// Its logic has two values: a comparison with a field that is null does not
// hold, "not" of it does, and nothing is ever unknown. A Filter never changes.
type Filter struct {
	kind *schema.Kind
	op   Op
	list []*Filter // of and, or, not

	field  *schema.Field // of a comparison
	values []any         // canonical values of the field; of isNull one bool

	shape string // Shape, of a filter that was parsed as a whole
}

// Op is what a filter does.
type Op string

// The operators. The first three join filters, the others compare a field.
const (
	OpAnd        Op = "and"
	OpOr         Op = "or"
	OpNot        Op = "not"
	OpEq         Op = "eq"
	OpNe         Op = "ne" // holds for another value; not for null
	OpIn         Op = "in"
	OpLt         Op = "lt"
	OpLte        Op = "lte"
	OpGt         Op = "gt"
	OpGte        Op = "gte"
	OpBetween    Op = "between" // both limits belong to it
	OpIsNull     Op = "isNull"
	OpStartsWith Op = "startsWith" // exact
	OpContains   Op = "contains"   // whatever the case and the accents; not in sharing terms
	OpHas        Op = "has"        // the list has the value
)

// The limits of a filter.
const (
	maxFilterDepth  = 5
	maxFilterLeaves = 50
	maxFilterValues = 200
	maxFilterText   = 1000 // characters of one text
)

// FilterOps lists the comparisons that a field can take part in, by its type.
func FilterOps(f *schema.Field) []Op {
	ordered := []Op{OpEq, OpNe, OpIn, OpLt, OpLte, OpGt, OpGte, OpBetween, OpIsNull}
	switch f.Type {
	case schema.Text:
		return []Op{OpEq, OpNe, OpIn, OpStartsWith, OpContains, OpIsNull}
	case schema.Enum, schema.Link:
		return []Op{OpEq, OpNe, OpIn, OpIsNull}
	case schema.Bool:
		return []Op{OpEq, OpNe, OpIsNull}
	case schema.Int, schema.Decimal, schema.Day, schema.Instant:
		return ordered
	case schema.Amount:
		return slices.DeleteFunc(ordered, func(op Op) bool { return op == OpIn })
	case schema.TextList, schema.EnumList, schema.LinkList:
		return []Op{OpHas, OpIsNull}
	case schema.JSON: // what is inside has no type
	}
	return []Op{OpIsNull}
}

// Compare gives the filter that compares a field with canonical values of it:
// two for between, any number for in, one bool for isNull, else one. The value
// of has is an entry of the list. Whether lists may be filtered by the field
// is for the caller to know.
func Compare(f *schema.Field, op Op, values ...any) (*Filter, error) {
	if !slices.Contains(FilterOps(f), op) {
		return nil, fieldError(f, "cannot be compared by %q: use one of %s", op, strings.Join(texts(FilterOps(f)), ", "))
	}
	if err := checkCount(f, op, len(values)); err != nil {
		return nil, err
	}
	leaf := &Filter{kind: f.Kind, op: op, field: f}
	for _, v := range values {
		v, err := operand(f, op, v)
		if err != nil {
			return nil, err
		}
		leaf.values = append(leaf.values, v)
	}
	if m, ok := leaf.values[0].(schema.Money); ok && m.Currency != leaf.values[len(values)-1].(schema.Money).Currency {
		return nil, fieldError(f, "between needs both limits in one currency")
	}
	return leaf, nil
}

func checkCount(f *schema.Field, op Op, n int) error {
	switch {
	case op == OpIn && (n < 1 || n > maxFilterValues):
		return fieldError(f, "in has %d values: state 1 to %d", n, maxFilterValues)
	case op == OpBetween && n != 2:
		return fieldError(f, "between has %d values: state the lower and the upper limit", n)
	case op != OpIn && op != OpBetween && n != 1:
		return fieldError(f, "%s has %d values: state one", op, n)
	}
	return nil
}

// operand checks one value against the field, and puts it in the form in
// which records hold it.
func operand(f *schema.Field, op Op, v any) (any, error) {
	if v == nil {
		return nil, fieldError(f, "a null compares with nothing: ask with isNull")
	}
	if op == OpIsNull {
		if _, ok := v.(bool); !ok {
			return nil, fieldError(f, "isNull: want true or false")
		}
		return v, nil
	}
	ok := false
	switch f.Type {
	case schema.Text, schema.Enum, schema.TextList, schema.EnumList:
		text, isText := v.(string)
		if !isText {
			break
		}
		return textOperand(f, text)
	case schema.Bool:
		_, ok = v.(bool)
	case schema.Int:
		_, ok = v.(int64)
	case schema.Decimal:
		_, ok = v.(decimal.Decimal)
	case schema.Amount:
		_, ok = v.(schema.Money)
	case schema.Day:
		_, ok = v.(schema.Date)
	case schema.Instant:
		t, isTime := v.(time.Time)
		v, ok = t.UTC().Truncate(time.Microsecond), isTime
	case schema.Link, schema.LinkList:
		_, ok = v.(schema.ID)
	case schema.JSON: // isNull alone asks about it
	}
	if !ok {
		return nil, fieldError(f, "cannot be compared with a %T", v)
	}
	return v, nil
}

func textOperand(f *schema.Field, text string) (any, error) {
	switch {
	case f.Enum != nil && !slices.Contains(f.Enum, text):
		return nil, fieldError(f, "%.60q is not one of %s", text, strings.Join(f.Enum, ", "))
	case text == "":
		return nil, fieldError(f, "an empty text is stored as null: ask with isNull")
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return nil, fieldError(f, "must be text in UTF-8 without NUL characters")
	case utf8.RuneCountInString(text) > maxFilterText:
		return nil, fieldError(f, "the text is longer than %d characters", maxFilterText)
	}
	return norm.NFC.String(text), nil
}

func fieldError(f *schema.Field, format string, args ...any) error {
	return &schema.Error{
		Code: schema.CodeInvalid, Op: "filter " + f.Kind.Name, Kind: f.Kind.Name, Field: f.Name,
		Message: fmt.Sprintf(format, args...),
	}
}

// And gives the filter that holds where all of the list do. Nils are left
// out; of nothing it gives nil, which stands for every record.
func And(list ...*Filter) *Filter { return join(OpAnd, list) }

// Or gives the filter that holds where one of the list does. Nils are left
// out; of nothing it gives nil.
func Or(list ...*Filter) *Filter { return join(OpOr, list) }

func join(op Op, list []*Filter) *Filter {
	list = slices.DeleteFunc(slices.Clone(list), func(f *Filter) bool { return f == nil })
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return &Filter{kind: list[0].kind, op: op, list: list}
}

// Not gives the filter that holds where f does not.
func Not(f *Filter) *Filter { return &Filter{kind: f.kind, op: OpNot, list: []*Filter{f}} }

// Kind is the kind whose fields the filter compares.
func (f *Filter) Kind() *schema.Kind { return f.kind }

// Fields has the fields that the filter compares; of nil none.
func (f *Filter) Fields() schema.Mask {
	if f == nil {
		return 0
	}
	if f.field != nil {
		return schema.Mask(0).With(f.field.Bit)
	}
	var m schema.Mask
	for _, one := range f.list {
		m |= one.Fields()
	}
	return m
}

// Shape describes the filter without its literals: filters of one shape print
// the same SQL.
func (f *Filter) Shape() string {
	switch {
	case f == nil:
		return ""
	case f.shape != "":
		return f.shape
	case f.field != nil:
		if f.op == OpIsNull {
			return fmt.Sprintf("%s %s %v", f.field.Name, f.op, f.values[0])
		}
		return f.field.Name + " " + string(f.op)
	}
	var all []string
	for _, one := range f.list {
		all = append(all, one.Shape())
	}
	return string(f.op) + "[" + strings.Join(all, ", ") + "]"
}

// compares tells whether any comparison of the filter is by op.
func (f *Filter) compares(op Op) bool {
	return f.op == op || slices.ContainsFunc(f.list, func(one *Filter) bool { return one.compares(op) })
}
