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
	n := s.Len()
	if n > len(fields) && !d.Open && v.merged(s) {
		return
	}
	for i := range min(n, len(fields)) {
		size := s.Size(i + 1)
		if size == 0 {
			continue
		}
		present |= 1 << (i + 1)
		f := &fields[i]
		if class := s.Class(i + 1); uint(size)-uint(f.min) <= uint(f.span) && class&f.suspect == 0 {
			if f.glance == glanceNone || f.glance != glanceNever && v.glance(p, f, s.Element(i+1), class) {
				continue
			}
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

// glance does the checks that take more than a mask and that most values pass.
func (v *Validator) glance(p *packedSegment, f *packedField, value []byte, class edi.Class) bool {
	switch f.glance {
	case glanceCode:
		return p.codes[f.at].has(value)
	case glanceDate:
		return edi.ValidDate(value)
	case glanceTime:
		return edi.ValidTime(value)
	case glanceNumber:
		return f.number(value, v.decimal)
	case glanceComposite:
		s := scanner{v: v, p: &p.composites[f.at].packed}
		if class&(edi.Basic|edi.Repeated) == 0 && v.basic {
			return s.parts(value, class)
		}
		return s.released(value)
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

// The classes of a table for composites: where a component ends, a release character,
// and what leaves the value to the slow road.
const (
	stopComponent edi.Class = 1 << (13 + iota)
	stopRelease
	stopElsewhere
)

// scanner passes a composite at a glance, and knows of the components so far.
type scanner struct {
	v          *Validator
	p          *packedSegment
	n          int
	present    uint64
	date, form []byte
}

// parts passes a composite without release characters. The class is that of the
// whole, which is good enough for most of its components.
func (s *scanner) parts(value []byte, class edi.Class) bool {
	start := 0
	if class&edi.Composed != 0 {
		class &^= edi.Composed
		sep := s.v.delims.Component
		for i, b := range value {
			if b != sep {
				continue
			}
			if !s.component(value[start:i], 0, class) {
				return false
			}
			start = i + 1
		}
		if start == len(value) {
			return false // a separator at the end
		}
	}
	return s.component(value[start:], 0, class) && s.whole()
}

// released passes a composite in which there may be release characters: one run
// over its bytes finds the components and collects their classes.
func (s *scanner) released(value []byte) bool {
	table := &s.v.classes
	start, released, acc := 0, 0, edi.Class(0)
	for i := 0; i < len(value); i++ {
		k := table[value[i]]
		if k < stopComponent {
			acc |= k
			continue
		}
		switch {
		case k == stopComponent:
			if !s.component(value[start:i], released, acc) {
				return false
			}
			start, released, acc = i+1, 0, 0
		case k == stopRelease && i+1 < len(value):
			i++
			released++
			acc |= edi.Basic
		default:
			return false
		}
	}
	if start == len(value) && start > 0 {
		return false // a separator at the end
	}
	return s.component(value[start:], released, acc) && s.whole()
}

func (s *scanner) component(value []byte, released int, acc edi.Class) bool {
	n, p := s.n, s.p
	s.n++
	if n >= len(p.fields) {
		return false
	}
	if len(value) == 0 {
		return true
	}
	f := &p.fields[n]
	if uint(len(value)-released)-uint(f.min) > uint(f.span) {
		return false
	}
	if acc&f.suspect != 0 {
		// it may be another component that the class is of
		if acc = s.v.classOf(value); acc&f.suspect != 0 {
			return false
		}
	}
	if f.glance != glanceNone && (f.glance == glanceNever || released > 0 || !s.v.glance(p, f, value, acc)) {
		return false
	}
	s.present |= 1 << (n + 1)
	switch n {
	case p.text:
		s.date = value
	case p.form:
		s.form = value
	}
	return true
}

// classOf is the class of a component.
func (v *Validator) classOf(value []byte) edi.Class {
	acc := edi.Class(0)
	for _, b := range value {
		acc |= v.classes[b]
	}
	return acc
}

func (s *scanner) whole() bool {
	if s.p.required&^s.present != 0 || s.date != nil && s.form != nil && !dated(s.date, s.form) {
		return false
	}
	for i := range s.p.notes {
		if s.p.notes[i].broken(s.present) != 0 {
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
	if s.Class(n)&(edi.Repeated|edi.Composed) == 0 && f.Composite == nil {
		if r := v.judge(f.Element, s, s.Element(n), s.Class(n)); r.rule != "" {
			v.onElement(s, d, n, v.verdict(r))
		}
		return
	}
	rest, more := s.Element(n), true
	for r := 1; more; r++ {
		var value []byte
		if value, rest, more = s.CutRepetition(n, rest); r <= f.Repeat {
			v.repetition(s, d, n, r, value)
			continue
		}
		b := v.breach("element.repeats")
		b.Path.Repetition, b.Expected = f.Repeat+1, strconv.Itoa(f.Repeat)
		v.onElement(s, d, n, b)
		return
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
