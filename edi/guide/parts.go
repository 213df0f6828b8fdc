package guide

import "fondaco/edi"

// delimiters leave a value to the slow road. Within a composite the first begins
// a component and the last protects a character.
const delimiters = edi.Composed | edi.Repeated | edi.Released

// allows tells whether no note speaks against what is there.
func (p *packedSegment) allows(present uint64) bool {
	for i := range p.notes {
		if p.notes[i].broken(present) != 0 {
			return false
		}
	}
	return true
}

// composite is how far a composite has been looked at.
type composite struct {
	v          *Validator
	p          *packedSegment
	n          int
	present    uint64
	date, form []byte
}

// parts passes a composite: one run over its bytes finds the components and
// collects their classes.
func (v *Validator) parts(p *packedSegment, value []byte) bool {
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
// release characters, and whose other characters are of these classes.
func (c *composite) passes(value []byte, released int, all edi.Class) bool {
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
	if f.glance == glanceText && all&f.care != 0 || f.glance != glanceText && (released > 0 || !c.v.careful(p, f, value, 0, len(value))) {
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

// whole tells whether what is there may be there together.
func (c *composite) whole() bool {
	return c.p.required&^c.present == 0 && dated(c.date, c.form) && c.p.allows(c.present)
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
