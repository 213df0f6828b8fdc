package mapping

import "encoding/binary"

// habits are what is remembered of the segments of a map.
type habits struct {
	courses []habit      // by the number of the course
	values  []conversion // by the number of the rule
	trails  []trail
}

// course is what is done with a segment, one operation after the other. An open
// one depends on what the segment says: which conditions hold, and where pairs
// have the qualifiers that are looked for.
type course struct {
	ops  []op
	open bool
	// number is that of an open course among those of the map, if all that it looks
	// for is short.
	number int
}

// habit is what an open course came to with the segment that it was followed with
// last: what that said in all the cells that are looked at, and the operations
// that were left to be done, none of which looks at anything but its value. A
// segment that says the same there is read in the same way.
type habit struct {
	ends  int // how many elements there were, and the tag
	asked []answer
	ops   []op
	// values behind a qualifier, without which another one might be taken
	values []cell8
	missed uint8
}

// answer is what a cell said.
type answer struct {
	cell8
	packed uint64
}

// pursue follows a course with a segment, for a frame and its slots.
func (t *tape) pursue(c *course, at, base int32, s *seen) {
	if !c.open || c.number == 0 || !s.quick || !s.parts || s.released {
		t.run(c.ops, at, base, s)
		return
	}
	h := &t.courses[c.number-1]
	if !h.holds(s) {
		if h.missed++; h.missed%4 == 1 { // where all segments differ, habits are of little use
			h.learn(t, c, s)
		}
		t.run(c.ops, at, base, s)
		return
	}
	t.run(h.ops, at, base, s)
}

// holds tells whether a segment says what the one before did.
func (h *habit) holds(s *seen) bool {
	if len(s.ends) != h.ends {
		return false
	}
	for i := range h.asked {
		a := &h.asked[i]
		from, to := s.span(int(a.element), int(a.component))
		if s.pack(from, to) != a.packed {
			return false
		}
	}
	for _, c := range h.values {
		if from, to := s.span(int(c.element), int(c.component)); from == to {
			return false
		}
	}
	return true
}

// learn finds out what a course comes to.
func (h *habit) learn(t *tape, c *course, s *seen) {
	h.ends, h.asked, h.ops, h.values = len(s.ends), h.asked[:0], h.ops[:0], h.values[:0]
	for i := range c.ops {
		if !h.add(t, &c.ops[i], s) {
			h.ends = 0
			return
		}
	}
}

// add learns of one operation. False means that nothing can be learnt from the
// segment.
func (h *habit) add(t *tape, o *op, s *seen) bool {
	left := *o
	if len(o.conditions) > 0 {
		rank := t.meets(o.conditions, s)
		for i := range o.conditions {
			h.ask(t, o.conditions[i].element, o.conditions[i].component, s)
		}
		if rank < 0 {
			return true
		}
		if left.conditions = nil; !o.ranked {
			left.rank = rank
		}
	}
	if o.kind == opPairs {
		return h.addPairs(t, o, left.rank, s)
	}
	left.settle()
	h.ops = append(h.ops, left)
	return true
}

func (h *habit) ask(t *tape, element, component int, s *seen) uint64 {
	packed := t.packed(s, element, component)
	h.asked = append(h.asked, answer{cell8{uint8(element), uint8(component)}, packed})
	return packed
}

// addPairs learns where the values of pairs stand.
func (h *habit) addPairs(t *tape, o *op, rank int32, s *seen) bool {
	p := o.pairs
	for n := int(o.element); n <= s.lastPair(p); n += p.step {
		if q := h.ask(t, n+p.qualifier.element, p.qualifier.component, s); q == 0 || indexOf(p.packed, q) < 0 {
			continue
		}
		if from, to := s.span(n, int(o.component)); from == to {
			return false // it is passed over, and would not be if it said something
		}
	}
	found := t.find(o, s)
	for i := range o.members {
		if found[i] == 0 {
			continue
		}
		left := o.members[i]
		left.element, left.rank, left.ranked = found[i], rank, true
		left.settle()
		h.ops, h.values = append(h.ops, left), append(h.values, cell8{left.element, left.component})
	}
	return true
}

// lastPair is the last element in which a value of pairs can stand.
func (s *seen) lastPair(p *pairs) int { return min(p.last, len(s.ends)-1-p.qualifier.element) }

// settle tells what is left of an operation whose conditions are met.
func (o *op) settle() {
	o.straight = (o.kind == opText || o.kind == opFigure) && len(o.conditions) == 0 && !o.list && o.element > 0
}

// learnable tells whether all that a course looks for is short enough to be
// remembered.
func (c *course) learnable() bool {
	for i := range c.ops {
		for j := range c.ops[i].conditions {
			if !c.ops[i].conditions[j].allPacked() {
				return false
			}
		}
	}
	return true
}

// conversion is what a rule made of a value last: days and codes come again and
// again.
type conversion struct {
	short
	record   uint32 // for which this holds
	from, to uint32 // on the tape
}

// remembered tells whether it is worth while to keep what the rule made of a value.
func (r *rule) remembered() bool { return !r.text && !r.decimal && len(r.negative) == 0 }

// short is a text of up to eight bytes.
type short struct {
	word uint64
	size int
}

// shortOf is a text as a number, with size 0 if it is no short one.
func shortOf(s []byte) short {
	if len(s) > 8 || len(s) == 0 || cap(s) < 8 {
		return short{}
	}
	return short{binary.LittleEndian.Uint64(s[:8]) << (64 - 8*len(s)), len(s)}
}
