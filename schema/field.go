package schema

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// FieldType is the closed list of what a field can hold. Every door has one
// switch over it.
type FieldType uint8

// The field types, each with the Go type of its canonical value; null is nil.
const (
	Text     FieldType = iota + 1 // string, never empty
	Bool                          // bool, never null in a record that is whole
	Int                           // int64
	Decimal                       // decimal.Decimal
	Amount                        // Money
	Day                           // Date
	Instant                       // time.Time in UTC, microseconds
	Enum                          // string, one of Field.Enum
	Link                          // ID of a record of Field.Target
	TextList                      // []string
	EnumList                      // []string, each one of Field.Enum
	LinkList                      // []ID of records of Field.Target
	JSON                          // json.RawMessage, an object or an array
)

// Class is how delicate a field is. Sharing terms name classes, and a role
// may be kept from one.
type Class string

// The classes.
const (
	Basic      Class = "basic"      // what any reader of the record may know; no agreement may mask it
	Personal   Class = "personal"   // about a natural person
	Commercial Class = "commercial" // prices, revenues, terms
	Internal   Class = "internal"   // for the owner's firm alone
)

// Classes lists the classes, the most open first.
func Classes() []Class { return []Class{Basic, Personal, Commercial, Internal} }

// Field is one field of a kind.
type Field struct {
	Kind   *Kind
	GoName string // PassedOn
	Name   string // passedOn: the name in the API, in events and in messages
	Column string // passed_on; an Amount has the two columns passed_on_amount and passed_on_currency
	Type   FieldType
	Bit    int // the place in every Mask; append-only
	Class  Class

	Required bool // must be stated on a record that lies with its owner
	Max      int  // most characters of a text, most entries of a list
	Frozen   bool // set when the record is made, never changed
	System   bool // set by rules of the service, never by a client
	Search   bool // its words find the record
	Sort     bool // lists can be ordered by it
	Filter   bool // lists can be filtered by it
	Parent   bool // the record belongs to the one that this Link names
	Long     bool // a text of several lines, in Markdown

	Enum []string // the values of an Enum or EnumList

	index  []int
	typ    reflect.Type
	target reflect.Type
}

// Target is the kind that a Link or LinkList names, or nil.
func (f *Field) Target() *Kind {
	if f.target == nil {
		return nil
	}
	return byType[f.target]
}

// Columns are the names of the table columns that hold the field.
func (f *Field) Columns() []string {
	if f.Type == Amount {
		return []string{f.Column + "_amount", f.Column + "_currency"}
	}
	return []string{f.Column}
}

// String gives "Customer.name".
func (f *Field) String() string { return f.Kind.Name + "." + f.Name }

func (f *Field) of(e Entity) reflect.Value { return reflect.ValueOf(e).Elem().FieldByIndex(f.index) }

// Value gives the field's canonical value in e, nil for null.
func (f *Field) Value(e Entity) any {
	v := f.of(e)
	if f.Type != Bool && v.IsZero() {
		return nil
	}
	switch f.Type {
	case Text, Enum:
		return v.String()
	case Bool:
		return v.Bool()
	case Int:
		return v.Elem().Int()
	case Decimal:
		return v.Interface().(decimal.NullDecimal).Decimal
	case Instant:
		if t := v.Interface().(time.Time); !t.IsZero() {
			return t
		}
		return nil
	case Amount, Day, JSON:
		return v.Interface()
	case Link:
		return v.Convert(idType).Interface().(ID)
	case TextList, EnumList:
		return stringList(v)
	case LinkList:
		return idList(v)
	}
	panic("schema: unknown field type of " + f.String())
}

// Set puts a canonical value, or nil for null, into e. A value of another Go
// type than the field's is an error.
func (f *Field) Set(e Entity, value any) error {
	v := f.of(e)
	if value == nil {
		v.SetZero()
		return nil
	}
	switch x := value.(type) {
	case string:
		if f.Type == Text || f.Type == Enum {
			v.SetString(x)
			return nil
		}
	case bool:
		if f.Type == Bool {
			v.SetBool(x)
			return nil
		}
	case int64:
		if f.Type == Int {
			v.Set(reflect.ValueOf(&x))
			return nil
		}
	case decimal.Decimal:
		if f.Type == Decimal {
			v.Set(reflect.ValueOf(decimal.NullDecimal{Decimal: x, Valid: true}))
			return nil
		}
	case Money, Date, time.Time, json.RawMessage:
		if r := reflect.ValueOf(x); r.Type() == f.typ {
			v.Set(r)
			return nil
		}
	case ID:
		if f.Type == Link {
			v.Set(reflect.ValueOf(x).Convert(f.typ))
			return nil
		}
	case []string:
		if f.Type == TextList || f.Type == EnumList {
			setList(v, x)
			return nil
		}
	case []ID:
		if f.Type == LinkList {
			setList(v, x)
			return nil
		}
	}
	return fmt.Errorf("%s: cannot hold a %T", f, value)
}

func stringList(v reflect.Value) []string {
	list := make([]string, v.Len())
	for i := range list {
		list[i] = v.Index(i).String()
	}
	return list
}

func idList(v reflect.Value) []ID {
	list := make([]ID, v.Len())
	for i := range list {
		list[i] = v.Index(i).Convert(idType).Interface().(ID)
	}
	return list
}

func setList[T any](v reflect.Value, list []T) {
	if len(list) == 0 {
		v.SetZero()
		return
	}
	s := reflect.MakeSlice(v.Type(), len(list), len(list))
	for i, x := range list {
		s.Index(i).Set(reflect.ValueOf(x).Convert(v.Type().Elem()))
	}
	v.Set(s)
}

// SameValue tells whether two canonical values mean the same.
func SameValue(a, b any) bool {
	switch x := a.(type) {
	case nil:
		return b == nil
	case decimal.Decimal:
		y, ok := b.(decimal.Decimal)
		return ok && x.Equal(y)
	case Money:
		y, ok := b.(Money)
		return ok && x.Equal(y)
	case time.Time:
		y, ok := b.(time.Time)
		return ok && x.Equal(y)
	case []string:
		y, ok := b.([]string)
		return ok && slices.Equal(x, y)
	case []ID:
		y, ok := b.([]ID)
		return ok && slices.Equal(x, y)
	case json.RawMessage:
		y, ok := b.(json.RawMessage)
		return ok && sameJSON(x, y)
	}
	return a == b
}

func sameJSON(a, b json.RawMessage) bool {
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return string(a) == string(b)
	}
	return reflect.DeepEqual(x, y)
}

var (
	idType    = reflect.TypeFor[ID]()
	scalarsOf = map[reflect.Type]FieldType{
		reflect.TypeFor[string]():              Text,
		reflect.TypeFor[bool]():                Bool,
		reflect.TypeFor[*int64]():              Int,
		reflect.TypeFor[decimal.NullDecimal](): Decimal,
		reflect.TypeFor[Money]():               Amount,
		reflect.TypeFor[Date]():                Day,
		reflect.TypeFor[time.Time]():           Instant,
		reflect.TypeFor[json.RawMessage]():     JSON,
		reflect.TypeFor[[]string]():            TextList,
	}
)

type enumeration interface{ Values() []string }

// classify finds the field type of a Go type, with the enum values or the
// type of the record it refers to.
func (f *Field) classify(t reflect.Type) error {
	f.typ = t
	if known, ok := scalarsOf[t]; ok {
		f.Type = known
		return nil
	}
	elem, list := t, false
	if t.Kind() == reflect.Slice {
		elem, list = t.Elem(), true
	}
	switch zero := reflect.Zero(elem).Interface().(type) {
	case reference:
		f.target, f.Type = zero.target(), pick(list, LinkList, Link)
	case enumeration:
		f.Enum, f.Type = zero.Values(), pick(list, EnumList, Enum)
	default:
		return fmt.Errorf("no field type for %s", t)
	}
	return nil
}

func pick[T any](cond bool, yes, no T) T {
	if cond {
		return yes
	}
	return no
}

// apiName turns a Go name into an API name: ID to id, VATID to vatId,
// AddressedTo to addressedTo.
func apiName(goName string) string {
	words := splitWords(goName)
	for i, w := range words {
		w = strings.ToLower(w)
		if i > 0 {
			w = strings.ToUpper(w[:1]) + w[1:]
		}
		words[i] = w
	}
	return strings.Join(words, "")
}

// columnName turns a Go name into a column name: VATID to vat_id.
func columnName(goName string) string {
	return strings.ToLower(strings.Join(splitWords(goName), "_"))
}

// initialisms that stand beside another one, where capitals alone do not show the border.
var initialisms = []string{"VAT", "GLN", "GTIN", "DUNS", "URL", "SHA256", "EDI", "NDA", "ID"}

func splitWords(name string) []string {
	var words []string
	for name != "" {
		n := wordLength(name)
		words, name = append(words, name[:n]), name[n:]
	}
	return words
}

func wordLength(name string) int {
	for _, w := range initialisms {
		if strings.HasPrefix(name, w) {
			return len(w)
		}
	}
	n := 1
	for n < len(name) && (name[n] < 'A' || name[n] > 'Z') {
		n++
	}
	return n
}
