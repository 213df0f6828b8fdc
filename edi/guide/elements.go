package guide

import (
	"bytes"
	"math/bits"
	"strconv"

	"fondaco/edi"
)

// elements checks every element of s against its description.
func (v *Validator) elements(s *edi.Segment, d *Segment) {
	if d.flat != nil && !v.repeats {
		d = d.flat
	}
	text, ends := s.Layout()
	most := s.Most()
	p := &d.packed
	n := len(ends) - 1
	known := min(n, len(p.fields))
	surplus := n > known && !d.Open
	if (surplus || most&edi.LineBreak != 0) && v.merged(s, surplus) {
		return
	}
	present, odd := v.glance(p, text, int(ends[0])+1, ends[1:known+1], most)
	for rest := odd; rest != 0; rest &= rest - 1 {
		v.element(s, d, bits.TrailingZeros64(rest))
	}
	// what has to hold together depends on what is there alone, if nothing is
	// there that has no place and the last element is not empty
	if present != v.walk.whole[v.node] || present>>n != 1 {
		v.together(s, d, present)
		return
	}
	if most&unplanned == 0 && v.node > 0 && odd == 0 {
		if most&edi.Composed != 0 {
			ends = v.split(text, ends[0])
		}
		v.learn(p, text, ends)
	}
}

// together checks what has to hold of the elements together, and remembers the
// elements that are there if it does.
func (v *Validator) together(s *edi.Segment, d *Segment, present uint64) {
	n := s.Len()
	good := present>>n == 1
	if n > len(d.Fields) && !d.Open {
		v.surplus(s, d)
	}
	if n > 0 && s.Size(n) == 0 && s.Tag() != edi.ISA {
		v.Add(v.about(v.breach("segment.trailing-separator")), s)
	}
	for lost := d.packed.required &^ present; lost != 0; lost &= lost - 1 {
		good = false
		v.onElement(s, d, bits.TrailingZeros64(lost), v.breach("element.missing"))
	}
	for i := range d.packed.notes {
		if b := d.packed.notes[i].broken(present); b != 0 {
			good = false
			v.broken(s, d, &d.packed.notes[i], b, present)
		}
	}
	if good && v.node > 0 {
		v.walk.whole[v.node] = present
	}
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
	if dated(v.released(s, date), form) {
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
// a segment that could follow, and a line ends before that or there are more
// elements than the segment has. One finding then stands for all that would come
// of it.
func (v *Validator) merged(s *edi.Segment, surplus bool) bool {
	if v.node == 0 || v.unguided {
		return false
	}
	for n := 1; n < s.Len(); n++ {
		value := s.Element(n)
		tail := v.swallowed(value, surplus)
		if tail == nil {
			continue
		}
		f := v.breach("segment.merged")
		f.Path.Element, f.Value, f.Expected = n, text(value), string(tail)
		v.Add(v.about(f), s)
		return true
	}
	return false
}

// swallowed is the tag at the end of a value that belongs to the next segment,
// and goes to the place of that.
func (v *Validator) swallowed(value []byte, surplus bool) []byte {
	if at := bytes.LastIndexAny(value, "\r\n"); at >= 0 {
		tail := bytes.TrimLeft(value[at+1:], " \t")
		if len(tail) >= 2 && len(tail) <= 3 && v.walk.pass(edi.TagOf(string(tail))) {
			return tail
		}
	}
	for size := 3; surplus && size >= 2; size-- {
		if len(value) < size {
			continue
		}
		if tail := value[len(value)-size:]; v.walk.pass(edi.TagOf(string(tail))) {
			return tail
		}
	}
	return nil
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
