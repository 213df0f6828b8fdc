package mapping

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// Object is a canonical record, or a part of one: fields in the order of the
// map. What is not stated has no field.
type Object struct{ Fields []Field }

// Field is one field of an Object. One of Text, Texts, Object and Objects is
// set, as the map says.
type Field struct {
	Name    string
	Text    string
	Texts   []string
	Object  *Object
	Objects []*Object
	// Origin is the element from which Text was read, or the first segment of Object.
	Origin Origin
	// Origins are those of each of Texts and Objects.
	Origins []Origin
}

// empty tells a field that states nothing.
func (f *Field) empty() bool {
	return f.Text == "" && f.Texts == nil && f.Object == nil && f.Objects == nil
}

// Field gives a field, or nil.
func (o *Object) Field(name string) *Field {
	if o == nil {
		return nil
	}
	for i := range o.Fields {
		if o.Fields[i].Name == name {
			return &o.Fields[i]
		}
	}
	return nil
}

// Text gives a text, "" if it is not stated. A nil Object has none.
func (o *Object) Text(name string) string {
	if f := o.Field(name); f != nil {
		return f.Text
	}
	return ""
}

// Texts gives a list of texts.
func (o *Object) Texts(name string) []string {
	if f := o.Field(name); f != nil {
		return f.Texts
	}
	return nil
}

// Object gives an object, or nil.
func (o *Object) Object(name string) *Object {
	if f := o.Field(name); f != nil {
		return f.Object
	}
	return nil
}

// Objects gives a list of objects.
func (o *Object) Objects(name string) []*Object {
	if f := o.Field(name); f != nil {
		return f.Objects
	}
	return nil
}

// Origin tells from which element a text or an object was read.
func (o *Object) Origin(name string) Origin {
	if f := o.Field(name); f != nil {
		return f.Origin
	}
	return Origin{}
}

// Equal tells whether two objects state the same, wherever it was read.
func Equal(a, b *Object) bool { return difference(a, b) == "" }

// difference names the first field in which two objects differ, "" if none.
func difference(a, b *Object) string {
	for i := range min(len(a.Fields), len(b.Fields)) {
		if d := differs(&a.Fields[i], &b.Fields[i]); d != "" {
			return d
		}
	}
	switch {
	case len(a.Fields) > len(b.Fields):
		return a.Fields[len(b.Fields)].Name
	case len(b.Fields) > len(a.Fields):
		return b.Fields[len(a.Fields)].Name
	}
	return ""
}

func differs(a, b *Field) string {
	if a.Name != b.Name || a.Text != b.Text || len(a.Texts) != len(b.Texts) || len(a.Objects) != len(b.Objects) || (a.Object == nil) != (b.Object == nil) {
		return a.Name
	}
	for i := range a.Texts {
		if a.Texts[i] != b.Texts[i] {
			return a.Name + "[" + strconv.Itoa(i) + "]"
		}
	}
	if a.Object != nil {
		if d := difference(a.Object, b.Object); d != "" {
			return a.Name + "." + d
		}
	}
	for i := range a.Objects {
		if d := difference(a.Objects[i], b.Objects[i]); d != "" {
			return a.Name + "[" + strconv.Itoa(i) + "]." + d
		}
	}
	return ""
}

// MarshalJSON writes the fields in their order; every value is a string, since
// a number of JSON would not keep all digits.
func (o *Object) MarshalJSON() ([]byte, error) { return o.append(nil), nil }

func (o *Object) append(b []byte) []byte {
	b = append(b, '{')
	for i := range o.Fields {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(quote(b, o.Fields[i].Name), ':')
		b = o.Fields[i].append(b)
	}
	return append(b, '}')
}

func (f *Field) append(b []byte) []byte {
	switch {
	case f.Object != nil:
		return f.Object.append(b)
	case f.Objects != nil:
		b = append(b, '[')
		for i, o := range f.Objects {
			if i > 0 {
				b = append(b, ',')
			}
			b = o.append(b)
		}
		return append(b, ']')
	case f.Texts != nil:
		b = append(b, '[')
		for i, t := range f.Texts {
			if i > 0 {
				b = append(b, ',')
			}
			b = quote(b, t)
		}
		return append(b, ']')
	}
	return quote(b, f.Text)
}

// unsaid names the first field of a that b does not state alike, "" if there is
// none. What a does not state may be in b as the map writes it by default.
func unsaid(rules []*rule, a, b *Object) string {
	for _, r := range rules {
		x, y := a.Field(r.name), b.Field(r.name)
		switch {
		case x == nil && y == nil:
		case x == nil && r.loop == nil && y.Text == r.dflt && y.Text != "":
		case x == nil || y == nil || len(x.Objects) != len(y.Objects) || (x.Object == nil) != (y.Object == nil):
			return r.name
		case x.Object != nil:
			if at := unsaid(r.rules, x.Object, y.Object); at != "" {
				return r.name + "." + at
			}
		case x.Objects != nil:
			for i := range x.Objects {
				if at := unsaid(r.rules, x.Objects[i], y.Objects[i]); at != "" {
					return fmt.Sprintf("%s[%d].%s", r.name, i, at)
				}
			}
		default:
			if at := differs(x, y); at != "" {
				return at
			}
		}
	}
	return ""
}

// ReadJSON reads a canonical record: strictly, so that what the map does not
// know is an error, and into canonical form: 1.50 becomes 1.5.
func (m *Map) ReadJSON(raw []byte) (*Object, error) {
	o, err := readObject(raw, m.rules)
	if err != nil {
		return nil, fmt.Errorf("record for %s: %w", m.Name, err)
	}
	return o, nil
}

func readObject(raw []byte, rules []*rule) (*Object, error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, fmt.Errorf("want an object: %w", err)
	}
	o := &Object{}
	for _, r := range rules {
		member, ok := members[r.name]
		if delete(members, r.name); !ok || r.name == "" || string(member) == "null" {
			continue
		}
		f, err := r.readField(member)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
		if !f.empty() {
			o.Fields = append(o.Fields, f)
		}
	}
	for name := range members {
		return nil, fmt.Errorf("there is no field %q", name)
	}
	return o, nil
}

func (r *rule) readField(raw json.RawMessage) (Field, error) {
	f := Field{Name: r.name}
	var err error
	switch {
	case r.loop != nil && r.list:
		var list []json.RawMessage
		if err = json.Unmarshal(raw, &list); err != nil {
			return f, err
		}
		for i, one := range list {
			o, err := readObject(one, r.rules)
			if err != nil {
				return f, fmt.Errorf("entry %d: %w", i, err)
			}
			f.Objects = append(f.Objects, o)
		}
	case r.loop != nil:
		f.Object, err = readObject(raw, r.rules)
	case r.list:
		var list []string
		if err = json.Unmarshal(raw, &list); err != nil {
			return f, err
		}
		for _, s := range list {
			if s, err = r.canonical(s); err != nil {
				return f, err
			}
			if s != "" {
				f.Texts = append(f.Texts, s)
			}
		}
	default:
		if err = json.Unmarshal(raw, &f.Text); err == nil {
			f.Text, err = r.canonical(f.Text)
		}
	}
	return f, err
}

// canonical is the form in which a value reads back.
func (r *rule) canonical(s string) (string, error) {
	if s == "" {
		return "", nil
	}
	written, err := r.convert.encode(nil, []byte(s))
	if err != nil {
		return "", err
	}
	v, err := r.convert.decode(nil, written)
	return string(v), err
}
