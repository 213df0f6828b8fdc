package mapping

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/shopspring/decimal"

	"fondaco/edi"
	"fondaco/schema"
)

// Entry is a record that a document states, with its lines, as values of
// package schema. Ids, owners and what the receiver finds out are not set.
//
// A name of the map is that of the field: name in the object buyer is
// buyerName, quantity in the object onHand is onHand, and what stands in an
// object marked flat counts as if it stood around it. What a level around the
// lines says, as an authorisation above the claims under it, each line says.
type Entry struct {
	Head  schema.Entity
	Lines []schema.Entity
	// Origin is where Head stands, Origins are those of Lines.
	Origin  Origin
	Origins []Origin
	// Findings are the values that no field can hold, each at its place in the document.
	Findings []edi.Finding

	split bool // lines were made of one, for stores
}

// binding says how the names of a map are fields of a kind and of its lines.
type binding struct {
	m           *Map
	kind, child *schema.Kind
	heads       string // the list of records, where a document states several
	lines       string // the list of lines: lines, items or sites
	// bare are the levels of a record that is laid out, without what stands below them.
	bare map[*Object]*Object
}

func (m *Map) binding() (*binding, error) {
	b := &binding{m: m, kind: schema.KindNamed(m.Target), bare: map[*Object]*Object{}}
	if b.kind == nil {
		return nil, fmt.Errorf("%s: package schema has no kind %s", m.Name, m.Target)
	}
	b.heads = lastWord(b.kind.Plural)
	if children := b.kind.Children(); len(children) > 0 {
		b.child = children[0]
		b.lines = lastWord(b.child.Plural)
	}
	return b, nil
}

// lastWord gives authorizations for priceAuthorizations.
func lastWord(plural string) string {
	at := strings.LastIndexFunc(plural, unicode.IsUpper)
	if at < 0 {
		return plural
	}
	return strings.ToLower(plural[at:])
}

// said are values by the names of fields.
type said map[string]*Field

// Entries gives the records that a canonical record states. The error is about
// the map alone: what a document says wrong is told in the findings.
func (m *Map) Entries(o *Object) ([]*Entry, error) {
	b, err := m.binding()
	if err != nil {
		return nil, err
	}
	top := said{}
	for _, g := range m.given {
		top[g.name] = &Field{Name: g.name, Text: g.value}
	}
	b.collect(top, o, m.rules, "")
	heads := o.Field(b.heads)
	if heads == nil || heads.Objects == nil {
		return []*Entry{b.entry(top, o, m.rules, Origin{})}, nil
	}
	rule := m.rules[ruleNamed(m.rules, b.heads)]
	var list []*Entry
	for i, one := range heads.Objects {
		own := said{}
		b.collect(own, one, rule.rules, "")
		list = append(list, b.entry(own.over(top), one, rule.rules, nth(heads.Origins, i)))
	}
	return list, nil
}

func ruleNamed(rules []*rule, name string) int {
	return slices.IndexFunc(rules, func(r *rule) bool { return r.name == name })
}

// over gives the values with those of another one for what s does not say.
func (s said) over(other said) said {
	for name, f := range other {
		if _, known := s[name]; !known {
			s[name] = f
		}
	}
	return s
}

// collect takes the values of an object under the names of fields.
func (b *binding) collect(into said, o *Object, rules []*rule, prefix string) {
	for i := range o.Fields {
		f := &o.Fields[i]
		at := ruleNamed(rules, f.Name)
		if at < 0 {
			continue
		}
		r := rules[at]
		switch {
		case f.Object != nil && r.flat:
			b.collect(into, f.Object, r.rules, prefix)
		case f.Object != nil:
			b.collect(into, f.Object, r.rules, joined(prefix, f.Name))
		case f.Objects != nil:
			for _, one := range f.Objects {
				if r.flat && !b.leads(r) {
					b.collect(into, one, r.rules, prefix)
				}
			}
		default:
			into.put(joined(prefix, f.Name), f)
			if f.Name == "quantity" && prefix != "" {
				into.put(prefix, f)
			}
		}
	}
}

func (s said) put(name string, f *Field) {
	if _, known := s[name]; !known {
		s[name] = f
	}
}

func joined(prefix, name string) string {
	if prefix == "" {
		return name
	}
	return prefix + strings.ToUpper(name[:1]) + name[1:]
}

// entry makes a record of what is said of it.
func (b *binding) entry(values said, o *Object, rules []*rule, at Origin) *Entry {
	e := &Entry{Head: b.kind.New(), Origin: at}
	rest := e.set(e.Head, values)
	b.addLevel(e, o, rules)
	if b.child != nil {
		b.addLines(e, o, rules, rest)
	}
	if label := b.kind.Label; label != nil && label.Value(e.Head) == nil && len(e.Lines) > 0 {
		if f := b.child.FieldNamed(label.Name); f != nil && f.Type == label.Type {
			_ = label.Set(e.Head, f.Value(e.Lines[0])) // of the same type
		}
	}
	b.leftovers(e.Head, o, rest)
	return e
}

// addLevel lets the first round of a level around the lines say what the record
// does not: a shipment is sent as a whole.
func (b *binding) addLevel(e *Entry, o *Object, rules []*rule) {
	for i := range o.Fields {
		at := ruleNamed(rules, o.Fields[i].Name)
		if at < 0 || len(o.Fields[i].Objects) == 0 || !rules[at].flat || !b.leads(rules[at]) {
			continue
		}
		first, values := o.Fields[i].Objects[0], said{}
		b.collect(values, first, rules[at].rules, "")
		for name := range values {
			if f := b.kind.FieldNamed(name); f == nil || f.Value(e.Head) != nil || b.child.FieldNamed(name) != nil && len(o.Fields[i].Objects) > 1 {
				delete(values, name)
			}
		}
		e.set(e.Head, values)
		b.addLevel(e, first, rules[at].rules)
	}
}

// addLines makes the lines inside of an object; around is what the levels
// around them say.
func (b *binding) addLines(e *Entry, o *Object, rules []*rule, around said) {
	for i := range o.Fields {
		f := &o.Fields[i]
		at := ruleNamed(rules, f.Name)
		if at < 0 || f.Objects == nil || f.Name == b.heads {
			continue
		}
		for j, one := range f.Objects {
			own := said{}
			b.collect(own, one, rules[at].rules, "")
			own.over(around)
			if f.Name != b.lines {
				b.addLines(e, one, rules[at].rules, own)
				continue
			}
			if number, known := own["number"]; known {
				own.put(strings.TrimSuffix(b.lines, "s")+"Number", number)
			}
			stores := b.byStore(own)
			for _, one := range stores {
				b.addLine(e, one, nth(f.Origins, j))
			}
			e.split = e.split || len(stores) > 1 || stores[0][locationOf] != own[locationOf]
		}
	}
	if e.split {
		b.renumber(e.Lines)
	}
}

func (b *binding) addLine(e *Entry, own said, at Origin) {
	line := b.child.New()
	e.set(line, own)
	if n := b.child.FieldNamed("lineNumber"); n != nil && n.Value(line) == nil {
		_ = n.Set(line, int64(len(e.Lines)+1)) // it is an Int
	}
	e.Lines, e.Origins = append(e.Lines, line), append(e.Origins, at)
}

// leftovers keeps what has no field of its own, in a kind that has room for it.
func (b *binding) leftovers(head schema.Entity, o *Object, rest said) {
	if f := b.kind.FieldNamed("parties"); f != nil {
		parties := &Object{}
		for _, one := range o.Fields {
			if one.Object.Field("name") != nil || one.Object.Field("number") != nil {
				parties.Fields = append(parties.Fields, Field{Name: one.Name, Object: one.Object})
			}
		}
		if len(parties.Fields) > 0 {
			_ = f.Set(head, json.RawMessage(parties.append(nil))) // it is JSON
		}
	}
	if f := b.kind.FieldNamed("relatedDocuments"); f != nil {
		related := &Object{}
		for _, one := range o.Fields {
			if _, left := rest[one.Name]; left && one.Text != "" && strings.HasSuffix(one.Name, "Number") {
				related.Fields = append(related.Fields, Field{Name: one.Name, Text: one.Text})
			}
		}
		if len(related.Fields) > 0 {
			_ = f.Set(head, json.RawMessage(related.append(nil))) // it is JSON
		}
	}
}

// set puts values into the fields of their names, and gives those that have
// none.
func (e *Entry) set(into schema.Entity, values said) said {
	rest := said{}
	currency := ""
	if f := values["currency"]; f != nil {
		currency = f.Text
	}
	for name, v := range values {
		f := schema.KindOf(into).FieldNamed(name)
		if f == nil {
			rest[name] = v
			continue
		}
		value, err := valueOf(f, v, currency)
		if err == nil && value != nil {
			err = f.Set(into, value)
		}
		if err != nil {
			e.find(v, err)
		}
	}
	slices.SortFunc(e.Findings, func(a, b edi.Finding) int { return int(a.Position.Offset - b.Position.Offset) })
	return rest
}

func (e *Entry) find(v *Field, err error) {
	s := &SalesReport{}
	s.find(v.Origin, edi.Finding{ID: "record.value", Severity: edi.Warning, Level: edi.LevelElement, Code: "7", Value: v.Text, Rule: err.Error()})
	e.Findings = append(e.Findings, s.Findings...)
}

// valueOf gives the canonical value of a field for what a document says, nil
// where the field is not one that a document can set.
func valueOf(f *schema.Field, v *Field, currency string) (any, error) {
	switch f.Type {
	case schema.Text:
		if n := len([]rune(v.Text)); n > f.Max {
			return nil, fmt.Errorf("%s has %d characters, and %s holds %d", v.Name, n, f, f.Max)
		}
		if v.Text == "" {
			return nil, nil //nolint:nilnil // nothing is said
		}
		return v.Text, nil
	case schema.Day:
		return schema.ParseDate(v.Text)
	case schema.Decimal:
		return schema.ParseDecimal(v.Text)
	case schema.Int:
		return strconv.ParseInt(v.Text, 10, 64)
	case schema.Enum:
		if name := enumName(v.Text); slices.Contains(f.Enum, name) {
			return name, nil
		}
		return nil, fmt.Errorf("%s knows no %q", f, v.Text)
	case schema.Amount:
		d, err := schema.ParseDecimal(v.Text)
		if err != nil || currency == "" {
			return nil, err
		}
		return schema.Money{Amount: d, Currency: currency}, nil
	case schema.TextList:
		return v.Texts, nil
	case schema.Bool, schema.Instant, schema.Link, schema.EnumList, schema.LinkList, schema.JSON:
	}
	return nil, nil //nolint:nilnil // no document says this
}

// enumName gives ORDER_RESPONSE for orderResponse.
func enumName(s string) string {
	var b strings.Builder
	for _, r := range s {
		if unicode.IsUpper(r) && b.Len() > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}

// textOf is the way back of valueOf.
func textOf(f *schema.Field, e schema.Entity) (string, []string) {
	switch v := f.Value(e).(type) {
	case string:
		if f.Type == schema.Enum {
			return camelName(v), nil
		}
		return v, nil
	case schema.Date:
		return v.String(), nil
	case decimal.Decimal:
		return v.String(), nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case schema.Money:
		return v.Amount.String(), nil
	case []string:
		return "", v
	}
	return "", nil
}

// camelName gives orderResponse for ORDER_RESPONSE.
func camelName(s string) string {
	words := strings.Split(strings.ToLower(s), "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}
