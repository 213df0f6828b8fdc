package mapping

import (
	"bytes"
	"slices"
)

// program is what is done with the segments in one place of the guide: the
// steps of a scope, sorted by what a segment has to say in one cell.
type program struct {
	// always are the steps that need nothing there, or look for themselves.
	always course
	key    cell
	keys   []uint64 // values of the key, by pack
	on     []course // for each of keys
}

// op is a step with all that is needed to follow it side by side.
type op struct {
	kind opKind
	list bool
	// straight operations read one text or number without asking for more.
	straight           bool
	element, component uint8
	last, step         uint8 // of opRow
	ranked             bool  // the key was the first condition, and rank is that of its value
	slot               int32
	rank               int32
	flag               uint32 // of opFlag, the bit
	remembered         int32  // the number of the rule, if what it made of a value is remembered
	rule               *rule
	conditions         []condition
	pairs              *pairs
	members            []op // of opPairs, by pairs.members
}

type opKind uint8

const (
	opText   opKind = iota // a text, as it stands there
	opFigure               // a number that no condition makes negative
	opOther
	opFlag  // a condition that makes numbers negative
	opPairs // values beside their qualifiers
	opRow   // values in several elements
)

// compilePrograms makes a program of each list of steps.
func (m *Map) compilePrograms(r *rule) {
	r.programs = make([]program, len(r.steps))
	for i, list := range r.steps {
		p := &r.programs[i]
		p.key = keyOf(list)
		for j := range list {
			p.add(&list[j])
		}
		m.number(&p.always)
		for j := range p.on {
			m.number(&p.on[j])
		}
	}
	r.follows = make([]*program, len(r.byUse))
	for u, n := range r.byUse {
		if n != 0 {
			r.follows[u] = &r.programs[n]
		}
	}
}

// number gives an open course its number.
func (m *Map) number(c *course) {
	for i := range c.ops {
		c.open = c.open || c.ops[i].kind == opPairs || len(c.ops[i].conditions) > 0
	}
	if c.open && c.learnable() {
		m.habits++
		c.number = m.habits
	}
}

// keyOf is the cell that most steps look at first.
func keyOf(list []step) cell {
	count := map[cell]int{}
	best := cell{}
	for _, st := range list {
		if len(st.at.conditions) == 0 {
			continue
		}
		c := st.at.conditions[0].cell
		if count[c]++; count[c] > count[best] {
			best = c
		}
	}
	return best
}

func (p *program) add(st *step) {
	o := op{conditions: st.at.conditions, rule: st.rule, element: uint8(st.at.element), component: uint8(st.at.component)}
	switch {
	case st.flag > 0:
		o.kind, o.flag = opFlag, 1<<(st.flag-1)
	case st.rule.verbatim:
		o.kind = opText
	case st.rule.figure:
		o.kind = opFigure
	default:
		o.kind = opOther
	}
	if st.rule != nil && st.at.spread.last > 0 {
		o.kind, o.last, o.step = opRow, uint8(st.at.spread.last), uint8(st.at.spread.step)
	}
	if st.rule != nil {
		o.slot, o.list = int32(st.rule.slot), st.rule.list
		if st.rule.remembered() {
			o.remembered = int32(st.rule.number)
		}
	}
	if st.flag == 0 && st.at.pairs != nil {
		o = op{kind: opPairs, conditions: o.conditions, pairs: st.at.pairs, element: o.element, component: o.component, members: []op{o}}
	}
	if len(o.conditions) > 0 && o.conditions[0].cell == p.key && o.conditions[0].allPacked() {
		p.dispatch(o)
		return
	}
	p.always.ops = combine(p.always.ops, o)
}

// dispatch puts a step behind each of the values that its first condition wants.
func (p *program) dispatch(o op) {
	first := o.conditions[0]
	o.conditions = o.conditions[1:]
	for rank, key := range first.packed {
		o.rank, o.ranked = int32(rank), true
		at := indexOf(p.keys, key)
		if at < 0 {
			at = len(p.keys)
			p.keys, p.on = append(p.keys, key), append(p.on, course{})
		}
		p.on[at].ops = combine(p.on[at].ops, o)
	}
}

// combine adds a step; pairs in the same elements are looked through together.
func combine(list []op, o op) []op {
	if o.kind == opPairs && len(o.conditions) == 0 {
		for i := range list {
			if b := &list[i]; b.kind == opPairs && len(b.conditions) == 0 && b.pairs.beside(o.pairs) && b.rank == o.rank && b.element == o.element && b.component == o.component && len(b.members) < mostMembers {
				b.pairs = b.pairs.with(o.pairs, uint8(len(b.members)))
				b.members = append(append([]op(nil), b.members...), o.members...)
				return list
			}
		}
	}
	if o.kind == opPairs {
		o.pairs = o.pairs.with(nil, 0)
	}
	o.settle()
	return append(list, o)
}

const mostMembers = 8

// beside tells whether two lists of pairs stand in the same elements.
func (p *pairs) beside(o *pairs) bool {
	return p.last == o.last && p.step == o.step && p.qualifier == o.qualifier
}

// with gives the pairs of several rules as one, all known by the numbers of
// their rules.
func (p *pairs) with(o *pairs, member uint8) *pairs {
	c := *p
	if c.of == nil {
		c.of, c.ranks = make([]uint8, len(p.packed)), make([]int32, len(p.packed))
		for i := range p.packed {
			c.ranks[i] = int32(i)
		}
	}
	if o == nil {
		return &c
	}
	c.packed = append([]uint64(nil), c.packed...)
	for i, q := range o.packed {
		c.packed, c.of, c.ranks = append(c.packed, q), append(slices.Clip(c.of), member), append(slices.Clip(c.ranks), int32(i))
	}
	return &c
}

func (c *condition) allPacked() bool { return indexOf(c.packed, 0) < 0 }

// follow does all that a program says with a segment, for a frame and its slots.
func (t *tape) follow(p *program, at, base int32, s *seen) {
	if len(p.always.ops) > 0 {
		t.pursue(&p.always, at, base, s)
	}
	if len(p.keys) == 0 {
		return
	}
	key := t.packed(s, p.key.element, p.key.component)
	if key == 0 {
		return
	}
	for i, k := range p.keys {
		if k == key {
			t.pursue(&p.on[i], at, base, s)
			return
		}
	}
}

// run does one operation after the other. Nearly all read an element that stands
// in the record as it does in the document: that is written out here.
func (t *tape) run(list []op, at, base int32, s *seen) {
	ends := s.ends
	for i := range list {
		o := &list[i]
		if !o.straight || !s.quick || o.component > 0 && !s.parts {
			t.do(o, at, base, s)
			continue
		}
		if int(o.element) >= len(ends) {
			continue
		}
		from, to := int(ends[o.element-1])+1, int(ends[o.element])
		if o.component > 0 {
			from, to = s.part(from, to, int(o.component))
		}
		if from >= to {
			continue
		}
		sl := &t.slots[base+o.slot]
		if sl.head != 0 && sl.rank <= o.rank {
			continue
		}
		end := to
		if o.kind == opFigure || !s.plain || s.released {
			end = t.standsIn(o, s, from, to)
		}
		if end == 0 {
			t.convert(o, at, base, o.rank, o.element, s, t.unreleased(s, s.text[from:to]))
			continue
		}
		kept := t.keep(s)
		var n *node
		if last := len(t.nodes); last < cap(t.nodes) && sl.head == 0 && sl.rank != sealed {
			t.nodes = t.nodes[:last+1]
			n = &t.nodes[last]
			n.next, sl.head, sl.tail, sl.rank = 0, int32(last), int32(last), o.rank
			sl.count++
		} else {
			n = t.add(base+o.slot, false, o.rank)
		}
		n.from, n.to, n.seg, n.at, n.plain = kept+uint32(from), kept+uint32(end), s.number, cell8{o.element, o.component}, true
	}
}

// standsIn is where a text or number ends that JSON has as it stands in a segment,
// 0 if it has another form.
func (t *tape) standsIn(o *op, s *seen, from, to int) int {
	switch {
	case s.released && bytes.IndexByte(s.text[from:to], t.release) >= 0:
	case o.kind == opFigure:
		return figureEnd(s.text, from, to)
	case s.plain || isPlain(s.text[from:to]):
		return to
	}
	return 0
}

func (t *tape) do(o *op, at, base int32, s *seen) {
	rank := o.rank
	if len(o.conditions) > 0 {
		n := t.meets(o.conditions, s)
		if n < 0 {
			return
		}
		if !o.ranked {
			rank = n
		}
	}
	switch o.kind {
	case opFlag:
		t.frames[at].flags |= o.flag
	case opPairs:
		t.pairs(o, at, base, rank, s)
	case opRow:
		for n := o.element; n <= o.last; n += o.step {
			t.value(o, at, base, rank, n, s)
		}
	case opText, opFigure, opOther:
		if sl := &t.slots[base+o.slot]; o.list || sl.head == 0 || sl.rank > rank {
			t.value(o, at, base, rank, o.element, s)
		}
	}
}

// value reads a value from an element, if that says something.
func (t *tape) value(o *op, at, base, rank int32, element uint8, s *seen) {
	if !s.quick || o.component > 0 && !s.parts {
		if raw := t.cell(s, int(element), int(o.component)); len(raw) > 0 {
			t.convert(o, at, base, rank, element, s, raw)
		}
		return
	}
	from, to := s.span(int(element), int(o.component))
	raw := s.text[from:to]
	if len(raw) == 0 {
		return
	}
	if o.kind == opText || o.kind == opFigure {
		if end := t.standsIn(o, s, from, to); end > 0 {
			kept := t.keep(s)
			n := t.add(base+o.slot, o.list, rank)
			n.from, n.to, n.seg, n.at, n.plain = kept+uint32(from), kept+uint32(end), s.number, cell8{element, o.component}, true
			return
		}
	}
	t.convert(o, at, base, rank, element, s, t.unreleased(s, raw))
}

// convert reads a value that stands in the record otherwise than in the document.
func (t *tape) convert(o *op, at, base, rank int32, element uint8, s *seen, raw []byte) {
	var last *conversion
	var text short
	if o.remembered > 0 {
		last, text = &t.values[o.remembered], shortOf(raw)
		if text.size > 0 && last.short == text && last.record == t.record {
			n := t.add(base+o.slot, o.list, rank)
			n.from, n.to, n.seg, n.at, n.plain = last.from, last.to, s.number, cell8{element, o.component}, s.quick && s.plain
			return
		}
	}
	from, r := uint32(len(t.text)), o.rule
	if len(r.negative) > 0 {
		t.text = append(t.text, '-')
		from++
	}
	err := t.decode(r, raw)
	to := uint32(len(t.text))
	switch {
	case err != nil:
		to = from
		t.wrong = append(t.wrong, mistake{int32(len(t.nodes)), at, r, err})
		if o.list {
			t.nodes = append(t.nodes, node{from: from, to: to, seg: s.number, at: cell8{element, o.component}})
			return
		}
	case last != nil:
		last.short, last.record, last.from, last.to = text, t.record, from, to
	case len(r.negative) > 0 && isPositive(t.text[from:]) && t.sign(at, r, s):
		from--
	}
	n := t.add(base+o.slot, o.list, rank)
	n.from, n.to, n.seg, n.at, n.plain = from, to, s.number, cell8{element, o.component}, s.quick && s.plain
}

// decode puts the canonical form of a value onto the tape.
func (t *tape) decode(r *rule, raw []byte) (err error) {
	if r.decimal && canonical(raw) {
		t.text = append(t.text, raw...)
		return nil
	}
	t.text, err = r.convert.decode(t.text, raw)
	return err
}

// pairs reads the values that stand beside the qualifiers of several rules.
func (t *tape) pairs(o *op, at, base, rank int32, s *seen) {
	found := t.find(o, s)
	for i := range o.members {
		m := &o.members[i]
		if found[i] == 0 {
			continue
		}
		if sl := &t.slots[base+m.slot]; m.list || sl.head == 0 || sl.rank > rank {
			t.value(m, at, base, rank, found[i], s)
		}
	}
}

// find gives the elements with the values of pairs: of each rule the one with its
// preferred qualifier, 0 for none.
func (t *tape) find(o *op, s *seen) (found [mostMembers]uint8) {
	var best [mostMembers]int32
	p := o.pairs
	last := p.last
	if s.quick {
		last = s.lastPair(p)
	}
	for n := int(o.element); n <= last; n += p.step {
		q := t.packed(s, n+p.qualifier.element, p.qualifier.component)
		i := indexOf(p.packed, q)
		if i < 0 || q == 0 || len(t.cell(s, n, int(o.component))) == 0 {
			continue
		}
		for ; i < len(p.packed); i++ { // several rules may want the same one
			if m := p.of[i]; p.packed[i] == q && (found[m] == 0 || p.ranks[i] < best[m]) {
				found[m], best[m] = uint8(n), p.ranks[i]
			}
		}
	}
	return found
}

// meets tells how well a segment fits: the rank among the values of the first
// condition, -1 if it does not fit.
func (t *tape) meets(conditions []condition, s *seen) int32 {
	first := int32(0)
	for i := range conditions {
		c := &conditions[i]
		n := t.index(c, s)
		if n < 0 {
			return -1
		}
		if i == 0 {
			first = int32(n)
		}
	}
	return first
}
