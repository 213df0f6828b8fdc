package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"fondaco/schema"
)

// maxFilterBytes is how long the JSON of a filter may be.
const maxFilterBytes = 64 << 10

// ParseFilter reads a filter that a client sets on a list of the kind:
//
//	{"and": [{"field": "country", "op": "in", "value": ["PT", "ES"]},
//	         {"not": {"field": "name", "op": "startsWith", "value": "Test"}}]}
//
// It may compare the fields by which lists can be filtered. It is at most 5
// deep and has at most 50 comparisons. A value of another JSON type than the
// field's is an error that names the field.
func ParseFilter(k *schema.Kind, raw json.RawMessage) (*Filter, error) {
	if len(raw) > maxFilterBytes {
		return nil, filterError(k, "has %d bytes: at most %d are allowed", len(raw), maxFilterBytes)
	}
	p := filterParser{kind: k}
	f, err := p.parse(raw, 1)
	if err != nil {
		return nil, err
	}
	f.shape = f.Shape()
	return f, nil
}

// ParseShareFilter reads the filter of a sharing term. It has the comparisons
// that both readers of filters judge by the very same bytes: all but contains.
func ParseShareFilter(k *schema.Kind, raw json.RawMessage) (*Filter, error) {
	f, err := ParseFilter(k, raw)
	if err == nil && f.compares(OpContains) {
		return nil, filterError(k, "contains cannot choose what is shared: use eq, in or startsWith")
	}
	return f, err
}

type filterParser struct {
	kind   *schema.Kind
	leaves int
}

func (p *filterParser) parse(raw json.RawMessage, depth int) (*Filter, error) {
	if depth > maxFilterDepth {
		return nil, filterError(p.kind, "is more than %d deep: write it flatter", maxFilterDepth)
	}
	object, err := readObject(raw)
	if err != nil {
		return nil, filterError(p.kind, "%s", err)
	}
	if _, ok := object["field"]; ok {
		return p.comparison(object)
	}
	if len(object) != 1 {
		return nil, filterError(p.kind, "an object has %d entries: write one of and, or, not, or field, op and value", len(object))
	}
	for key, value := range object {
		switch Op(key) {
		case OpAnd, OpOr:
			return p.junction(Op(key), value, depth)
		case OpNot:
			f, err := p.parse(value, depth+1)
			if err != nil {
				return nil, err
			}
			return Not(f), nil
		}
		return nil, filterError(p.kind, "entry %.60q is not known: write and, or, not, or field, op and value", key)
	}
	return nil, nil // not reached: the object has one entry
}

// junction reads the list of an and or an or. An empty one is refused: it
// would mean everything, or nothing, which nobody writes on purpose.
func (p *filterParser) junction(op Op, raw json.RawMessage, depth int) (*Filter, error) {
	var list []json.RawMessage
	if err := json.Unmarshal(raw, &list); err != nil || len(list) == 0 {
		return nil, filterError(p.kind, "%s: want a list of one filter at least", op)
	}
	f := &Filter{kind: p.kind, op: op}
	for _, one := range list {
		parsed, err := p.parse(one, depth+1)
		if err != nil {
			return nil, err
		}
		f.list = append(f.list, parsed)
	}
	return f, nil
}

func (p *filterParser) comparison(object map[string]json.RawMessage) (*Filter, error) {
	if p.leaves++; p.leaves > maxFilterLeaves {
		return nil, filterError(p.kind, "has more than %d comparisons: use in for a list of values", maxFilterLeaves)
	}
	var name, op string
	if json.Unmarshal(object["field"], &name) != nil || json.Unmarshal(object["op"], &op) != nil || len(object) != 3 {
		return nil, filterError(p.kind, "a comparison has the entries field, op and value")
	}
	f := p.kind.FieldNamed(name)
	if f == nil || !f.Filter {
		return nil, &schema.Error{
			Code: schema.CodeInvalid, Op: "filter " + p.kind.Name, Kind: p.kind.Name, Field: name,
			Message: "lists cannot be filtered by this field",
		}
	}
	values, err := readValues(f, Op(op), object["value"])
	if err != nil {
		return nil, err
	}
	return Compare(f, Op(op), values...)
}

// readValues reads what stands under "value": a list for in and between, a
// bool for isNull, else one value of the field.
func readValues(f *schema.Field, op Op, raw json.RawMessage) ([]any, error) {
	switch op {
	case OpIsNull:
		var yes *bool
		if json.Unmarshal(raw, &yes) != nil || yes == nil {
			return nil, fieldError(f, "isNull: want true or false")
		}
		return []any{*yes}, nil
	case OpIn, OpBetween:
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return nil, fieldError(f, "%s: want a list of values", op)
		}
		var values []any
		for _, one := range list {
			v, err := readValue(f, one)
			if err != nil {
				return nil, err
			}
			values = append(values, v)
		}
		return values, nil
	}
	v, err := readValue(f, raw)
	return []any{v}, err
}

// readValue reads one value; that of a list field is one entry of the list.
func readValue(f *schema.Field, raw json.RawMessage) (any, error) {
	switch f.Type {
	case schema.TextList, schema.EnumList, schema.LinkList:
		return readEntry(f, raw)
	default:
		return f.DecodeValue(raw)
	}
}

// readEntry reads one entry of a list field, as a list of that one.
func readEntry(f *schema.Field, raw json.RawMessage) (any, error) {
	v, err := f.DecodeValue(listOf(raw))
	if err != nil {
		return nil, err
	}
	switch list := v.(type) {
	case []string:
		if len(list) == 1 {
			return list[0], nil
		}
	case []schema.ID:
		if len(list) == 1 {
			return list[0], nil
		}
	}
	return nil, fieldError(f, "has: want one value")
}

// listOf wraps one JSON value into a list.
func listOf(raw json.RawMessage) json.RawMessage {
	return slices.Concat(json.RawMessage("["), raw, json.RawMessage("]"))
}

// readObject reads a JSON object, and refuses a key that stands twice: two
// readers could take different ones.
func readObject(raw json.RawMessage) (map[string]json.RawMessage, error) {
	want := errors.New("want an object, such as {\"field\": \"country\", \"op\": \"eq\", \"value\": \"PT\"}")
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil, want
	}
	object := map[string]json.RawMessage{}
	for d.More() {
		key, err := d.Token()
		name, ok := key.(string)
		if err != nil || !ok {
			return nil, want
		}
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf("entry %.60q stands twice: write it once", name)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return nil, want
		}
		object[name] = value
	}
	if _, err := d.Token(); err != nil {
		return nil, want
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, want
	}
	return object, nil
}

func filterError(k *schema.Kind, format string, args ...any) error {
	return &schema.Error{
		Code: schema.CodeInvalid, Op: "filter " + k.Name, Kind: k.Name, Message: fmt.Sprintf(format, args...),
	}
}

// MarshalJSON gives the form that [ParseFilter] reads.
func (f *Filter) MarshalJSON() ([]byte, error) {
	switch {
	case f == nil:
		return []byte("null"), nil
	case f.op == OpNot:
		return json.Marshal(map[Op]*Filter{OpNot: f.list[0]})
	case f.field == nil:
		return json.Marshal(map[Op][]*Filter{f.op: f.list})
	}
	value, err := f.marshalValues()
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Field string          `json:"field"`
		Op    Op              `json:"op"`
		Value json.RawMessage `json:"value"`
	}{f.field.Name, f.op, value})
}

func (f *Filter) marshalValues() (json.RawMessage, error) {
	if f.op == OpIsNull {
		return json.Marshal(f.values[0])
	}
	var all []json.RawMessage
	for _, v := range f.values {
		raw, err := f.field.EncodeValue(v)
		if err != nil {
			return nil, err
		}
		all = append(all, raw)
	}
	if f.op == OpIn || f.op == OpBetween {
		return json.Marshal(all)
	}
	return all[0], nil
}

// String gives the filter as JSON, "" for nil.
func (f *Filter) String() string {
	if f == nil {
		return ""
	}
	b, err := json.Marshal(f)
	if err != nil {
		return fmt.Sprintf("%s (%v)", f.Shape(), err)
	}
	return string(b)
}
