package guide

import "fondaco/edi"

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

// like tells whether the segment at hand is like one before in its place, and
// where its units end.
func (v *Validator) like(text []byte, ends []edi.End, most edi.Class) ([]edi.End, bool) {
	start, units := int(ends[0])+1, ends[1:]
	if most&edi.Composed != 0 {
		units = v.split(text, start)
	}
	two := v.walk.plans[v.node]
	if two == nil {
		return units, false
	}
	if v.follows(two[0], units, text, start) {
		return units, true
	}
	if !v.follows(two[1], units, text, start) {
		return units, false
	}
	two[0], two[1] = two[1], two[0]
	return units, true
}

// maxSplit is how long a segment with composites may be that is compared with a
// plan, so that the number of its units fits into a byte.
const maxSplit = 256

// split writes down where in text the elements and components end, treating all
// bytes alike. Nothing comes of a text that is too long.
func (v *Validator) split(text []byte, start int) []edi.End {
	if len(text) > maxSplit {
		return nil
	}
	n, out, seps, at := uint8(0), &v.ends, &v.separates, start
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

// follows tells whether the units are as a plan wants them.
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
			k := i + int(u.at)
			if !dated(text[from:to], text[units[k-1]+1:units[k]]) {
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

// learn makes a plan of the segment at hand, with which nothing is wrong.
func (v *Validator) learn(p *packedSegment, units []edi.End, text []byte, from int) {
	two := v.walk.plans[v.node]
	if two == nil {
		two = new(plans)
		v.walk.plans[v.node] = two
	}
	if v.missed++; len(two[1]) > 0 && v.missed%8 != 0 {
		return // where all segments differ, plans are of little use
	}
	made, n, part := two[1][:0], -1, 0
	for _, end := range units {
		sep := text[from-1]
		if part++; sep == v.delims.Element {
			n, part = n+1, 0
		}
		u, ok := p.unit(n, part)
		if !ok {
			made = made[:0]
			break
		}
		if u.sep = sep; from == int(end) {
			u = unit{sep: sep}
		}
		made = append(made, u)
		if by := p.format(n, part); by != 0 && u.min > 0 {
			made.date(by)
		}
		from = int(end) + 1
	}
	two[0], two[1] = made, two[0]
}

// date says of the unit so many before the last that the last is its format.
func (p plan) date(by int) {
	if at := len(p) - 1 - by; by > 0 && p[at].min > 0 {
		p[at].glance, p[at].at = glanceDated, uint8(by)
	}
}

// unit describes a component of a field, the first of which is a field without
// components itself.
func (p *packedSegment) unit(n, part int) (unit, bool) {
	if n >= len(p.fields) {
		return unit{}, false
	}
	f := p.fields[n]
	if f.glance == glanceComposite {
		c := &p.composites[f.at].packed
		if part >= len(c.fields) {
			return unit{}, false
		}
		p, f, part = c, c.fields[part], 0
	}
	u := unit{packedField: f}
	if f.glance == glanceCode {
		u.codes = p.codes[f.at]
	}
	return u, part == 0 && f.glance != glanceNever
}

// format tells how many components before this one the date stands whose format
// this is, zero if it is no format.
func (p *packedSegment) format(n, part int) int {
	f := p.fields[n]
	if f.glance != glanceComposite {
		return 0
	}
	c := &p.composites[f.at].packed
	if c.text < 0 || c.form != part {
		return 0
	}
	return c.form - c.text
}
