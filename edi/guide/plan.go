package guide

import (
	"math/bits"

	"fondaco/edi"
)

// unit is what a value has to be at a place of a plan: an element without
// components, or a component.
type unit struct {
	packedField
	codes *codeSet
	sep   byte // what stands before it
}

// plan is what a segment was like in which all was in order. In one that is like
// it, with the same separators and nothing missing, only the values have to be
// checked, one after the other, whatever elements and components they belong to.
type plan []unit

// plans are those of the two kinds of segments seen last in a place.
type plans [2]plan

// unplanned is what a segment must not have that is compared with a plan, in
// which separators stand between printable characters.
const unplanned = edi.Control | edi.Repeated | edi.Released

// separators tells where the units of a segment with composites end that may be
// compared with a plan, zero where that is not to be had for nothing.
func separators(s *edi.Segment) uint64 {
	if s.Most()&(unplanned|edi.Composed) != edi.Composed {
		return 0
	}
	seps, _ := s.Separators()
	return seps
}

// like tells whether the segment at hand is like one before in its place.
func (v *Validator) like(s *edi.Segment) bool {
	two, most := v.walk.plans[v.node], s.Most()
	if two == nil || most&unplanned != 0 {
		return false
	}
	text, ends := s.Layout()
	if v.seps != 0 {
		return v.fits(two[0], text, v.seps) || v.fits(two[1], text, v.seps) && two.swap()
	}
	if most&edi.Composed != 0 {
		ends = v.split(text, ends[0])
	}
	at := int(ends[0]) + 1
	return v.follows(two[0], ends[1:], text, at) || v.follows(two[1], ends[1:], text, at) && two.swap()
}

// swap puts the second plan first.
func (p *plans) swap() bool {
	p[0], p[1] = p[1], p[0]
	return true
}

// maxSplit is how long a segment with composites may be that is compared with a
// plan, so that the number of its units fits into a byte.
const maxSplit = 256

// split lists where in text the tag, elements and components end, treating all
// bytes alike. Of a text that is too long it lists the tag alone.
func (v *Validator) split(text []byte, tag edi.End) []edi.End {
	n, out, seps, at := uint8(1), &v.ends, &v.separates, int(tag)+1
	out[0] = tag
	if len(text) > maxSplit || at > len(text) {
		return out[:1]
	}
	for ; at <= len(text)-4; at += 4 {
		b4 := text[at : at+4 : at+4]
		out[n] = edi.End(at)
		n += seps[b4[0]]
		out[n] = edi.End(at + 1)
		n += seps[b4[1]]
		out[n] = edi.End(at + 2)
		n += seps[b4[2]]
		out[n] = edi.End(at + 3)
		n += seps[b4[3]]
	}
	for ; at < len(text); at++ {
		out[n] = edi.End(at)
		n += seps[text[at]]
	}
	out[n] = edi.End(len(text))
	return out[:int(n)+1]
}

// follows tells whether the units that begin at a place and have these ends are as
// a plan wants them.
func (v *Validator) follows(p plan, units []edi.End, text []byte, from int) bool {
	if len(p) != len(units) || len(p) == 0 {
		return false
	}
	for i := range p {
		u := &p[i]
		to := int(units[i])
		if uint(to-from)-uint(u.min) > uint(u.span) || text[from-1] != u.sep {
			return false
		}
		switch u.glance {
		case glanceText:
		case glanceDated:
			if !dated(text[from:to], text[to+1:units[i+1]]) {
				return false
			}
		default:
			if !v.passes(&u.packedField, u.codes, text, from, to) {
				return false
			}
		}
		from = to + 1
	}
	return true
}

// fits does so for a text of less than 64 bytes whose tag and units end where seps
// has bits. It has the same loop once more: to list the ends first, or to ask for
// each by a function, took as long as what the bits save.
func (v *Validator) fits(p plan, text []byte, seps uint64) bool {
	if bits.OnesCount64(seps) != len(p)+1 || len(p) == 0 {
		return false
	}
	from := bits.TrailingZeros64(seps) + 1
	for i := range p {
		seps &= seps - 1
		u, to := &p[i], bits.TrailingZeros64(seps)
		if uint(to-from)-uint(u.min) > uint(u.span) || text[from-1] != u.sep {
			return false
		}
		switch u.glance {
		case glanceText:
		case glanceCode:
			if size := to - from; size > wordSize || len(text) < wordSize {
				if !u.codes.has(text[from:to]) {
					return false
				}
			} else if !u.codes.holds(word(text, from, to), size) {
				return false
			}
		case glanceDated:
			if !dated(text[from:to], text[to+1:bits.TrailingZeros64(seps&(seps-1))]) {
				return false
			}
		default:
			if !v.passes(&u.packedField, u.codes, text, from, to) {
				return false
			}
		}
		from = to + 1
	}
	return true
}

// learn makes a plan of a segment with such units, with which nothing is wrong.
func (v *Validator) learn(d *packedSegment, text []byte, units []edi.End) {
	two := v.walk.plans[v.node]
	if two == nil {
		two = new(plans)
		v.walk.plans[v.node] = two
	}
	if v.missed++; len(two[1]) > 0 && v.missed%8 != 0 {
		return // where all segments differ, plans are of little use
	}
	p := two[1][:0]
	if !p.make(d, units, text, v.delims.Element) {
		p = p[:0]
	}
	two[0], two[1] = p, two[0]
}

// make makes the plan of a segment with such units; false means that there can be
// none.
func (p *plan) make(d *packedSegment, units []edi.End, text []byte, element byte) bool {
	n, part := -1, 0
	for i, end := range units[1:] {
		from := int(units[i]) + 1
		sep := text[from-1]
		if part++; sep == element {
			n, part = n+1, 0
		}
		if !p.add(d, n, part, int(end)-from, sep) {
			return false
		}
	}
	return true
}

// add adds a unit of so many bytes, behind that separator.
func (p *plan) add(d *packedSegment, n, part, size int, sep byte) bool {
	u, by, ok := d.unit(n, part)
	if !ok || by > 1 {
		return false
	}
	if size == 0 {
		*p = append(*p, unit{sep: sep})
		return true
	}
	if u.sep = sep; by > 0 {
		date := &(*p)[len(*p)-1]
		if date.glance != glanceText {
			return false
		}
		if date.min > 0 {
			date.glance = glanceDated
		}
	}
	*p = append(*p, u)
	return true
}

// unit describes a component of a field, the first of which is a field without
// components itself. If it is the format of a date, by is how many components
// before it that stands.
func (p *packedSegment) unit(n, part int) (u unit, by int, ok bool) {
	if n >= len(p.fields) {
		return u, 0, false
	}
	f := p.fields[n]
	if f.glance == glanceComposite {
		if p = &p.composites[f.at].packed; part >= len(p.fields) {
			return u, 0, false
		}
		if p.text >= 0 && p.form == part {
			by = p.form - p.text
		}
		f, part = p.fields[part], 0
	}
	if u.packedField = f; f.glance == glanceCode {
		u.codes = p.codes[f.at]
	}
	return u, by, by >= 0 && part == 0 && f.glance != glanceNever
}
