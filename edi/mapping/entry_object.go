package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fondaco/schema"
)

// Record gives records as the canonical record of a document, which
// [Map.Encode] writes: the other way of [Map.Entries]. Only a map whose
// documents state several records takes more than one.
func (m *Map) Record(entries ...*Entry) (*Object, error) {
	b, err := m.binding()
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 {
		return nil, errors.New("a document needs a record")
	}
	for _, e := range entries {
		if schema.KindOf(e.Head) != b.kind {
			return nil, fmt.Errorf("%s: the record is a %s, want a %s", m.Name, schema.KindOf(e.Head), b.kind)
		}
	}
	o := b.object(m.rules, "", entries[0].Head, b.common(entries[0]))
	at := ruleNamed(m.rules, b.heads)
	if at < 0 {
		if len(entries) > 1 {
			return nil, fmt.Errorf("%s: a document states one %s, not %d", m.Name, b.kind, len(entries))
		}
		b.place(o, m.rules, entries[0])
		return b.ordered(o, m.rules), nil
	}
	list := Field{Name: b.heads}
	for _, e := range entries {
		one := b.object(m.rules[at].rules, "", e.Head)
		b.place(one, m.rules[at].rules, e)
		list.Objects = append(list.Objects, b.ordered(one, m.rules[at].rules))
	}
	o.Fields = append(o.Fields, list)
	return b.ordered(o, m.rules), nil
}

// common is a line that says what all lines of a record say alike and the
// record itself has no field for: the document may say it once.
func (b *binding) common(e *Entry) schema.Entity {
	if len(e.Lines) == 0 {
		return b.kind.New()
	}
	c := b.child.New()
	for _, f := range b.child.Fields {
		lines := b.stating(f, e.Lines)
		v := f.Value(lines[0])
		alike := v != nil && f.Name != "lineNumber" && b.kind.FieldNamed(f.Name) == nil
		for _, l := range lines {
			alike = alike && schema.SameValue(v, f.Value(l))
		}
		if alike {
			_ = f.Set(c, v) // a value of the same field
		}
	}
	return c
}

// object states what the records say under the names of a scope; the first
// record that says something counts.
func (b *binding) object(rules []*rule, prefix string, from ...schema.Entity) *Object {
	o := &Object{}
	for _, r := range rules {
		switch {
		case r.loop == nil:
			if text, texts := lookUp(joined(prefix, r.name), prefix, r.name, from); text != "" || len(texts) > 0 {
				o.Fields = append(o.Fields, Field{Name: r.name, Text: text, Texts: texts})
			}
		case r.name == b.lines || r.name == b.heads || r.list && (!r.flat || b.leads(r)):
		default:
			inner := joined(prefix, r.name)
			if r.flat {
				inner = prefix
			}
			sub := b.object(r.rules, inner, from...)
			if len(sub.Fields) == 0 {
				continue
			}
			f := Field{Name: r.name, Object: sub}
			if r.list {
				f = Field{Name: r.name, Objects: r.divided(sub)}
			}
			o.Fields = append(o.Fields, f)
		}
	}
	return o
}

// divided makes several rounds of what one cannot say: a segment that stands
// once in a round says one of the things that its conditions tell apart.
func (r *rule) divided(o *Object) []*Object {
	list := []*Object{{}}
	kinds := map[string][]string{} // by the path of the segment, the conditions that were met
	for _, f := range o.Fields {
		n := 0
		if at := ruleNamed(r.rules, f.Name); at >= 0 && r.rules[at].loop == nil && r.rules[at].place.use.Max == 1 {
			p := &r.rules[at].place
			kind := p.kind()
			if n = slices.Index(kinds[p.path], kind); n < 0 {
				n = len(kinds[p.path])
				kinds[p.path] = append(kinds[p.path], kind)
			}
		}
		for len(list) <= n {
			list = append(list, &Object{})
		}
		list[n].Fields = append(list[n].Fields, f)
	}
	return list
}

// kind says which of its equals a segment is.
func (p *place) kind() string {
	var b strings.Builder
	for i := range p.conditions {
		c := &p.conditions[i]
		fmt.Fprintf(&b, "%d-%d=%s ", c.element, c.component, c.values[0])
	}
	return b.String()
}

// lookUp finds what the first of the records says under a name.
func lookUp(name, prefix, leaf string, from []schema.Entity) (string, []string) {
	for _, e := range from {
		k := schema.KindOf(e)
		f := k.FieldNamed(name)
		if f == nil && leaf == "quantity" {
			f = k.FieldNamed(prefix)
		}
		if f == nil && prefix == "" && leaf == "number" && k.Parent != nil {
			f = k.FieldNamed(strings.TrimSuffix(lastWord(k.Plural), "s") + "Number")
		}
		if f == nil {
			continue
		}
		if text, texts := textOf(f, e); text != "" || texts != nil {
			return text, texts
		}
	}
	return "", nil
}

// leads tells whether lines stand somewhere inside of a loop.
func (b *binding) leads(r *rule) bool {
	for _, sub := range r.rules {
		if sub.loop != nil && (sub.name == b.lines || b.leads(sub)) {
			return true
		}
	}
	return false
}

// place puts the lines of a record where they belong.
func (b *binding) place(o *Object, rules []*rule, e *Entry) {
	for lines := e.Lines; len(lines) > 0; {
		lines = lines[b.placeNext(o, rules, e.Head, lines):]
	}
	b.bareLevels(o, rules, e.Head)
}

// placeNext places the first of some lines, or all lines of one product at its
// stores, and says how many those were.
func (b *binding) placeNext(o *Object, rules []*rule, head schema.Entity, lines []schema.Entity) int {
	at := ruleNamed(rules, b.lines)
	if at < 0 || !spreads(rules[at]) {
		b.placeLine(o, rules, head, lines[0])
		return 1
	}
	n := b.storeLines(lines, o.Object("location").Text("number"))
	if n == 0 {
		b.placeLine(o, rules, head, lines[0])
		return 1
	}
	b.list(o, rules[at]).add(b.spread(rules[at], lines[:n]))
	return n
}

// bareLevels adds the levels of which the record says something and no line
// does: an order without items.
func (b *binding) bareLevels(o *Object, rules []*rule, head schema.Entity) {
	for _, r := range rules {
		if !r.list || r.name == b.lines || r.name == b.heads || !b.leads(r) {
			continue
		}
		level := b.object(r.rules, "", head)
		for _, f := range o.Objects(r.name) {
			level.without(f)
		}
		level.without(o)
		if len(level.Fields) > 0 {
			b.list(o, r).add(level)
		}
		for _, f := range o.Objects(r.name) {
			b.bareLevels(f, r.rules, head)
		}
	}
}

// without takes out what another object states as well.
func (o *Object) without(other *Object) {
	o.Fields = slices.DeleteFunc(o.Fields, func(f Field) bool {
		same := other.Field(f.Name)
		return same != nil && differs(&f, same) == ""
	})
}

// placeLine puts a line into the list of lines, or into a level of which the
// line says something: the one before if it is the same.
func (b *binding) placeLine(o *Object, rules []*rule, head, line schema.Entity) {
	r := b.levelOf(rules, line)
	if r == nil {
		return
	}
	if r.name == b.lines {
		b.list(o, r).add(b.object(r.rules, "", line))
		return
	}
	level := b.object(r.rules, "", line, head)
	list := b.list(o, r)
	if n := len(list.Objects); n == 0 || !Equal(b.bare[list.Objects[n-1]], level) {
		b.bare[level] = &Object{Fields: append([]Field(nil), level.Fields...)}
		list.add(level)
	}
	b.placeLine(list.Objects[len(list.Objects)-1], r.rules, head, line)
}

// levelOf chooses the list for a line: a level of which the line says
// something, else the lines themselves, else any level.
func (b *binding) levelOf(rules []*rule, line schema.Entity) *rule {
	var lines, other *rule
	for _, r := range rules {
		switch {
		case r.loop == nil || !r.list:
		case r.name == b.lines:
			lines = r
		case b.leads(r):
			if other == nil {
				other = r
			}
			if len(b.object(r.rules, "", line).Fields) > 0 {
				return r
			}
		}
	}
	if lines != nil {
		return lines
	}
	return other
}

// list is the field for a rule's list, made if it is not there.
func (b *binding) list(o *Object, r *rule) *Field {
	if f := o.Field(r.name); f != nil {
		return f
	}
	o.Fields = append(o.Fields, Field{Name: r.name})
	return &o.Fields[len(o.Fields)-1]
}

func (f *Field) add(o *Object) { f.Objects = append(f.Objects, o) }

// ordered puts the fields into the order of the map.
func (b *binding) ordered(o *Object, rules []*rule) *Object {
	sorted := &Object{}
	for _, r := range rules {
		f := o.Field(r.name)
		if f == nil {
			continue
		}
		one := *f
		if r.loop != nil {
			if one.Object != nil {
				one.Object = b.ordered(one.Object, r.rules)
			}
			one.Objects = append([]*Object(nil), one.Objects...)
			for i := range one.Objects {
				one.Objects[i] = b.ordered(one.Objects[i], r.rules)
			}
			if len(one.Objects) == 0 {
				one.Objects = nil
			}
		}
		sorted.Fields = append(sorted.Fields, one)
	}
	return sorted
}
