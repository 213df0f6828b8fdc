package mapping

import (
	"slices"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// remember adds a segment, which is on the tape, to the way of the round. The
// round is looked at no more if that cannot be done.
func (t *tape) remember(u *guide.Use, s *seen) {
	var p *pace
	h := &t.held
	ahead := h.ahead()
	if s.parts && s.plain {
		if p = h.find(*ahead, u, s); p == nil && !s.released {
			p = t.discover(u, s)
		}
	}
	if p == nil || h.size == longestRound || t.crowdedOut(p) {
		h.trail.miss()
		h.trail = nil
		return
	}
	if !p.known {
		p.known, p.others, *ahead = true, *ahead, p
		h.pieces += 1 + len(p.units)
	}
	h.at, h.kept[h.size] = p, keptSegment{pace: p, number: s.number}
	h.size++
}

// crowdedOut tells that the round is not read, since another one has its place in
// the record: nothing can be learnt from it. Its first segment, if that was held
// back, goes a pace; else it is the one at hand.
func (t *tape) crowdedOut(p *pace) bool {
	h := &t.held
	if h.size > 0 {
		p = h.kept[0].pace
	}
	return p.rule != nil && t.frames[t.stack[h.depth].frame].scope == nil
}

// discover makes a pace of a segment, nil if none can be made.
func (t *tape) discover(u *guide.Use, s *seen) *pace {
	h, n := &t.held, 0
	for o := *h.ahead(); o != nil; o = o.others {
		n++
	}
	ends := h.list(s)
	if n == mostOthers || len(ends) > mostUnits || h.pieces >= mostPieces {
		return nil
	}
	o := observer{s: s, p: &pace{use: u, units: s.shape(ends)}}
	if o.segment(t, u); o.unclear {
		return nil
	}
	return o.p
}

// shape are the units of a segment, which end there, as far as it is not known yet
// on what of them something depends.
func (s *seen) shape(ends []edi.End) []unit {
	list := make([]unit, 0, len(ends))
	at := cell8{0, 1}
	for _, end := range ends[:len(ends)-1] {
		if end == s.ends[at.element] {
			at = cell8{at.element + 1, 1}
		} else {
			at.component++
		}
		list = append(list, unit{cell8: at, sep: s.text[end], span: anything})
	}
	return list
}

// observer finds out on what it depends how a segment is read. It is unclear if
// that is too much.
type observer struct {
	s       *seen
	p       *pace
	unclear bool
}

// segment looks at a segment that the tape has just taken.
func (o *observer) segment(t *tape, u *guide.Use) {
	top := len(t.stack) - 1
	if around := t.stack[max(top-1, 0)].scope; u.Starts && around != nil {
		o.round(around.begun[u.Index])
	}
	if t.stack[top].scope == nil {
		return
	}
	if p := t.stack[top].scope.follows[u.Index]; p != nil {
		o.program(p)
	}
}

// round finds the rule that takes the round which begins with the segment.
func (o *observer) round(rules []*rule) {
	for _, r := range rules {
		if rank := o.meets(r.place.conditions); rank >= 0 {
			o.p.rule, o.p.rank = r, rank
			return
		}
	}
}

// program looks at all operations that [tape.follow] comes to.
func (o *observer) program(p *program) {
	o.course(&p.always)
	if len(p.keys) > 0 {
		if i := indexOf(p.keys, o.ask(p.key)); i >= 0 {
			o.course(&p.on[i])
		}
	}
}

func (o *observer) course(c *course) {
	for i := range c.ops {
		if p := &c.ops[i]; o.meets(p.conditions) >= 0 {
			o.op(p)
		}
	}
}

func (o *observer) op(p *op) {
	switch p.kind {
	case opFlag:
	case opPairs:
		q := p.pairs
		for n := int(p.element); n <= o.s.lastPair(q); n += q.step {
			if is := o.ask(q.at(n)); is != 0 && indexOf(q.packed, is) >= 0 {
				o.value(cell{n, int(p.component)})
			}
		}
		for i := range p.members {
			o.signs(p.members[i].rule)
		}
	case opRow:
		for n := p.element; n <= p.last; n += p.step {
			o.value(cell{int(n), int(p.component)})
		}
		o.signs(p.rule)
	case opText, opFigure, opOther:
		o.value(cell{int(p.element), int(p.component)})
		o.signs(p.rule)
	}
}

// signs looks at what makes the numbers of a rule negative in the segment itself.
func (o *observer) signs(r *rule) {
	for i := range r.negative {
		if p := &r.negative[i]; p.tag == "" {
			o.meets(p.conditions)
		}
	}
}

// meets is [tape.meets].
func (o *observer) meets(conditions []condition) (rank int32) {
	for i := range conditions {
		c := &conditions[i]
		o.unclear = o.unclear || !c.allPacked()
		n := indexOf(c.packed, o.ask(c.cell))
		if n < 0 {
			return -1
		}
		if i == 0 {
			rank = int32(n)
		}
	}
	return rank
}

// ask is what stands in a cell, by [pack]; from now on all depends on it.
func (o *observer) ask(c cell) uint64 {
	u, size := o.unit(c)
	if u == nil {
		return 0
	}
	from, to := o.s.span(c.element, c.component)
	packed := o.s.pack(from, to)
	o.unclear = o.unclear || size > 7
	u.is(packed)
	return packed
}

// value notes that something in a cell is read, if it is there.
func (o *observer) value(c cell) {
	u, size := o.unit(c)
	switch {
	case u == nil:
	case size == 0:
		u.is(0)
	default:
		u.min, u.value = max(u.min, 1), 1
	}
}

// unit is the one that stands in a cell, nil if there is none, and how long it is.
func (o *observer) unit(c cell) (u *unit, size int) {
	from, to := o.s.span(c.element, c.component)
	at := cell8{uint8(c.element), uint8(max(c.component, 1))}
	i := slices.IndexFunc(o.p.units, func(u unit) bool { return u.cell8 == at })
	if i < 0 {
		return nil, 0
	}
	if c.component == 0 && i+1 < len(o.p.units) && o.p.units[i+1].element == at.element {
		o.unclear = true // it has components, and is read as a whole
	}
	return &o.p.units[i], to - from
}
