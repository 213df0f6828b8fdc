package guide

import (
	"math/bits"
	"strconv"

	"fondaco/edi"
)

// elements checks every element of s against its description. The loop does
// what nearly every element needs; suspects are looked at elsewhere.
func (v *Validator) elements(s *edi.Segment, d *Segment) {
	if d.flat != nil && !v.repeats {
		d = d.flat
	}
	var present uint64
	p := &d.packed
	fields := p.fields
	text, ends := s.Layout()
	most := s.Most()
	v.most = most
	n := len(ends) - 1
	if n > len(fields) && !d.Open && v.merged(s) {
		return
	}
	end := int(ends[0])
	for i, to := range ends[1 : min(n, len(fields))+1] {
		from := end + 1
		end = int(to)
		if from == end {
			continue
		}
		present |= 2 << i
		f := &fields[i]
		if uint(end-from)-uint(f.min) <= uint(f.span) && (f.glance == glanceText && most&f.suspect == 0 || v.glance(p, f, text[from:end])) {
			continue
		}
		v.element(s, d, i+1)
	}
	if n > len(fields) || n > 0 && s.Size(n) == 0 || p.required&^present != 0 || len(p.notes) > 0 {
		v.whole(s, d, present)
	}
}

// whole checks what has to hold of the elements together.
func (v *Validator) whole(s *edi.Segment, d *Segment, present uint64) {
	n := s.Len()
	if n > len(d.Fields) && !d.Open {
		v.surplus(s, d)
	}
	if n > 0 && s.Size(n) == 0 && s.Tag() != edi.ISA {
		v.Add(v.about(v.breach("segment.trailing-separator")), s)
	}
	for lost := d.packed.required &^ present; lost != 0; lost &= lost - 1 {
		v.onElement(s, d, bits.TrailingZeros64(lost), v.breach("element.missing"))
	}
	for i := range d.packed.notes {
		if b := d.packed.notes[i].broken(present); b != 0 {
			v.broken(s, d, &d.packed.notes[i], b, present)
		}
	}
}

// glance does the checks that most values pass.
func (v *Validator) glance(p *packedSegment, f *packedField, value []byte) bool {
	switch f.glance {
	case glanceText:
		return f.suspect == 0 || v.classOf(value)&f.suspect == 0
	case glanceCode:
		return p.codes[f.at].has(value)
	case glanceDate:
		return edi.ValidDate(value)
	case glanceTime:
		return edi.ValidTime(value)
	case glanceNumber:
		return f.number(value, v.decimal)
	case glanceComposite:
		c := &p.composites[f.at].packed
		if v.most&(edi.Control|edi.Repeated|edi.Released) == 0 {
			return v.parts(c, value)
		}
		return v.anyParts(c, value)
	}
	return false
}

// number passes digits with a minus before them and a decimal mark between them,
// not more than the element holds.
func (f *packedField) number(value []byte, mark byte) bool {
	size, point := 0, false
	for i, b := range value {
		switch {
		case b >= '0' && b <= '9':
			size++
		case b == mark && !point && f.at > 0 && i > 0 && i < len(value)-1:
			point = true
		case b != '-' || i > 0:
			return false
		}
	}
	return uint(size)-uint(f.min) <= uint(f.span)-markRoom && size > 0
}

// delimiters leave a value to the slow road. Within a composite the first begins
// a component and the last protects a character.
const delimiters = edi.Composed | edi.Repeated | edi.Released

// composite is how far a composite has been looked at.
type composite struct {
	v          *Validator
	p          *packedSegment
	n          int
	present    uint64
	date, form []byte
}

// parts passes a composite in which there is nothing but printable characters
// and separators of components.
func (v *Validator) parts(p *packedSegment, value []byte) bool {
	c := composite{v: v, p: p}
	start := 0
	for i, b := range value {
		if b == v.delims.Component {
			if !c.passes(value[start:i], 0, v.most&^edi.Composed) {
				return false
			}
			start = i + 1
		}
	}
	return start < len(value) && c.passes(value[start:], 0, v.most&^edi.Composed) && c.whole()
}

// anyParts passes any composite: one run over its bytes finds the components and
// collects their classes.
func (v *Validator) anyParts(p *packedSegment, value []byte) bool {
	c := composite{v: v, p: p}
	start, released, all := 0, 0, edi.Class(0)
	for i := 0; i < len(value); i++ {
		k := v.classes[value[i]]
		switch {
		case k&delimiters == 0:
			all |= k
		case k == edi.Composed:
			if !c.passes(value[start:i], released, all) {
				return false
			}
			start, released, all = i+1, 0, 0
		case k == edi.Released && i+1 < len(value):
			i++
			released++
			all |= edi.ClassOf(value[i : i+1])
		default:
			return false
		}
	}
	return start < len(value) && c.passes(value[start:], released, all) && c.whole()
}

// passes tells whether the next component passes, so many bytes of which are
// release characters, and whose characters are at most of these classes.
func (c *composite) passes(value []byte, released int, most edi.Class) bool {
	n, p := c.n, c.p
	if c.n++; n >= len(p.fields) {
		return false
	}
	if len(value) == 0 {
		return true
	}
	f := &p.fields[n]
	if uint(len(value)-released)-uint(f.min) > uint(f.span) {
		return false
	}
	switch {
	case f.glance != glanceText:
		if released > 0 || !c.v.glance(p, f, value) {
			return false
		}
	case most&f.suspect != 0 && c.v.classOf(value)&f.suspect != 0:
		return false
	}
	c.present |= 2 << n
	switch n {
	case p.text:
		c.date = value
	case p.form:
		c.form = value
	}
	return true
}

// classOf is the class of a value, and tells whether there are delimiters in it.
func (v *Validator) classOf(value []byte) edi.Class {
	acc := edi.Class(0)
	for _, b := range value {
		acc |= v.classes[b]
	}
	return acc
}

// whole tells whether what is there may be there together.
func (c *composite) whole() bool {
	if c.p.required&^c.present != 0 || c.date != nil && c.form != nil && !dated(c.date, c.form) {
		return false
	}
	for i := range c.p.notes {
		if c.p.notes[i].broken(c.present) != 0 {
			return false
		}
	}
	return true
}

// dated tells whether a date is written in the format beside it, as far as the
// format is known.
func dated(date, form []byte) bool {
	if len(date) == 0 || len(form) == 0 {
		return true
	}
	if len(date) == 8 && string(form) == "102" {
		return edi.ValidDate(date)
	}
	f, known := dateFormats[string(form)]
	return !known || fitsFormat(date, f)
}

// element looks closely at an element that did not pass at a glance.
func (v *Validator) element(s *edi.Segment, d *Segment, n int) {
	f := &d.Fields[n-1]
	if f.Usage == NotUsed {
		v.onElement(s, d, n, v.breach("element.not-used"))
		return
	}
	if s.Class(n)&(edi.Repeated|edi.Composed) == 0 && f.Composite == nil && f.Least < 2 {
		if r := v.judge(f.Element, s, s.Element(n), s.Class(n)); r.rule != "" {
			v.onElement(s, d, n, v.verdict(r))
		}
		return
	}
	rest, more := s.Element(n), true
	count := 0
	for r := 1; more; r++ {
		var value []byte
		count = r
		if value, rest, more = s.CutRepetition(n, rest); r <= f.Repeat {
			v.repetition(s, d, n, r, value)
			continue
		}
		b := v.breach("element.repeats")
		b.Path.Repetition, b.Expected = f.Repeat+1, strconv.Itoa(f.Repeat)
		v.onElement(s, d, n, b)
		return
	}
	if count < f.Least {
		b := v.breach("element.too-few-repeats")
		b.Path.Repetition, b.Expected = count, strconv.Itoa(f.Least)
		v.onElement(s, d, n, b)
	}
}

// repetition checks one repetition of an element or composite.
func (v *Validator) repetition(s *edi.Segment, d *Segment, n, r int, value []byte) {
	f := &d.Fields[n-1]
	path := edi.Path{}
	if f.Repeat > 1 {
		path.Repetition = r
	}
	var present uint64
	fields := 1
	if f.Composite != nil {
		fields = len(f.Composite.Fields)
	}
	whole, more := value, true
	var part []byte
	for c := 1; more; c++ {
		if part, value, more = s.CutComponent(value); c > fields {
			path.Component = 0
			b := v.breach("element.components")
			b.Path, b.Expected = path, strconv.Itoa(fields)
			v.onElement(s, d, n, b)
			return
		}
		if len(part) == 0 {
			continue
		}
		present |= 1 << c
		cf := f
		if f.Composite != nil {
			cf, path.Component = &f.Composite.Fields[c-1], c
		}
		v.part(s, d, n, path, cf, part)
	}
	if f.Composite == nil {
		return
	}
	if len(part) == 0 && len(whole) > 0 && v.std == edi.EDIFACT {
		b := v.breach("segment.trailing-separator")
		b.Path.Element = n
		v.Add(v.about(b), s)
	}
	if present != 0 {
		v.composite(s, d, n, path, present)
		v.date(s, d, n, path, whole)
	}
}

func (v *Validator) part(s *edi.Segment, d *Segment, n int, path edi.Path, f *Field, part []byte) {
	if f.Usage == NotUsed {
		v.component(s, d, n, path, f, v.breach("element.not-used"), part)
		return
	}
	if r := v.judge(f.Element, s, part, edi.ClassOf(part)); r.rule != "" {
		v.component(s, d, n, path, f, v.verdict(r), part)
	}
}

func (v *Validator) component(s *edi.Segment, d *Segment, n int, path edi.Path, field *Field, f edi.Finding, part []byte) {
	f.Path, f.DataElement, f.Name, f.Value = path, field.Number(), field.Name(), text(part)
	f.Unconfirmed = f.Unconfirmed || field.Unconfirmed
	v.onElement(s, d, n, f)
}

// composite checks what has to be there together.
func (v *Validator) composite(s *edi.Segment, d *Segment, n int, path edi.Path, present uint64) {
	c := d.Fields[n-1].Composite
	for i := range c.Fields {
		if c.Fields[i].Usage == Required && present&(1<<(i+1)) == 0 {
			path.Component = i + 1
			v.component(s, d, n, path, &c.Fields[i], v.breach("element.missing"), nil)
		}
	}
	for i := range c.notes {
		note := &c.notes[i]
		if b := note.broken(present); b != 0 {
			path.Component = bits.TrailingZeros64(b)
			f := v.breach(noteRule(note))
			f.Rule, f.Unconfirmed = note.text, note.unconfirmed
			if cause := note.cause(present); cause > 0 && cause != path.Component {
				f.Trigger = v.cause(s, n, cause, c.Fields[cause-1].Number())
			}
			v.component(s, d, n, path, &c.Fields[path.Component-1], f, nil)
		}
	}
}

// date checks a value of element 2380 against the format in 2379 beside it.
func (v *Validator) date(s *edi.Segment, d *Segment, n int, path edi.Path, whole []byte) {
	c := d.Fields[n-1].Composite
	p := &c.packed
	if p.text < 0 || p.form < 0 {
		return
	}
	var date, form []byte
	for i, value := range s.Components(whole) {
		switch i - 1 {
		case p.text:
			date = value
		case p.form:
			form = value
		}
	}
	if dated(date, form) {
		return
	}
	path.Component = p.text + 1
	f := v.breach("element.date")
	f.Expected = dateFormats[string(form)]
	v.component(s, d, n, path, &c.Fields[p.text], f, date)
}

func noteRule(n *note) string {
	if n.excludes() {
		return "element.exclusion"
	}
	return "element.condition"
}

func (v *Validator) broken(s *edi.Segment, d *Segment, n *note, positions, present uint64) {
	cause := n.cause(present)
	for ; positions != 0; positions &= positions - 1 {
		f := v.breach(noteRule(n))
		f.Rule, f.Unconfirmed = n.text, n.unconfirmed
		at := bits.TrailingZeros64(positions)
		if cause > 0 && cause <= len(d.Fields) && cause != at {
			f.Trigger = v.cause(s, cause, 0, d.Fields[cause-1].Number())
		}
		if at <= len(d.Fields) {
			f.Expected = d.Fields[at-1].Number()
		}
		v.onElement(s, d, at, f)
	}
}

// cause names the element or component that makes a note apply.
func (v *Validator) cause(s *edi.Segment, element, component int, number string) *edi.Trigger {
	t := &edi.Trigger{Tag: string(s.TagBytes()), Element: element, Component: component, DataElement: number}
	if v.ts != nil {
		t.Segment = v.ts.Segments
	}
	if v.node > 0 {
		if lp := v.walk.g.nodes[v.node].use.Loop; lp != nil {
			t.LoopID = lp.ID
		}
	}
	return t
}

// merged recognises a segment that has swallowed the next one because the
// terminator between them is missing: one of its elements ends with the tag of
// a segment that could follow. One finding then stands for all that would come
// of it.
func (v *Validator) merged(s *edi.Segment) bool {
	if v.node == 0 || v.unguided {
		return false
	}
	for n := 1; n < s.Len(); n++ {
		value := s.Element(n)
		for size := 3; size >= 2; size-- {
			if len(value) < size {
				continue
			}
			tail := value[len(value)-size:]
			if !v.walk.pass(edi.TagOf(string(tail))) {
				continue
			}
			f := v.breach("segment.merged")
			f.Path.Element, f.Value, f.Expected = n, text(value), string(tail)
			v.Add(v.about(f), s)
			return true
		}
	}
	return false
}

// surplus reports elements after the last one that the segment has.
func (v *Validator) surplus(s *edi.Segment, d *Segment) {
	for n := len(d.Fields) + 1; n <= s.Len(); n++ {
		if s.Size(n) > 0 {
			f := v.breach("element.too-many")
			f.Expected = strconv.Itoa(len(d.Fields))
			v.onElement(s, d, n, f)
			return
		}
	}
}
