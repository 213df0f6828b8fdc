package mapping

import "slices"

// To write a record and read it back, so as to see that the document says what
// the record does, takes longer than the writing. For most segments the map
// alone tells: a segment that the validator finds in the place for which it was
// written is read by the rules that wrote it, if no other rule can take what
// stands in it. What depends on the values is asked of the segment while it is
// written. Whatever is not certain in this way is read back.
type certainty struct {
	path uint16 // of the segment in the guide, among all paths
	// doubtful segments have to be read back.
	doubtful bool
	// others are the conditions under which another rule would read the segment,
	// or another loop take the round that it begins.
	others [][]condition
	// flags are the conditions that make numbers in other segments negative.
	flags [][]condition
	// signed are the rules in it with numbers that a condition makes negative.
	signed []*rule
}

// compileCertain finds out what is certain of every segment that can be written.
func (m *Map) compileCertain() {
	m.pathOf = make([]uint16, len(m.loops))
	numbers := map[string]uint16{}
	for _, u := range m.Guide.Uses() {
		if _, known := numbers[u.Path]; !known {
			numbers[u.Path] = uint16(len(numbers) + 1)
		}
		m.pathOf[u.Index] = numbers[u.Path]
		switch u.ID {
		case "ST", "SE", "UNH", "UNT": // nobody knows what is written there
			m.doubtful = m.doubtful || m.top.byUse[u.Index] != 0
		}
	}
	for _, r := range m.all {
		if r.scope == nil {
			continue
		}
		for _, p := range r.parts {
			if p.loops != nil {
				continue
			}
			p.path = numbers[p.use.Path]
			if p.doubtful = !m.inPlace(r, p); !p.doubtful {
				m.certify(r, p)
			}
		}
	}
	for _, r := range m.all {
		for i := range r.innerRules() {
			m.certifyRound(r, i)
		}
	}
}

func (r *rule) innerRules() []*rule {
	if r.scope == nil {
		return nil
	}
	return r.inner
}

// inPlace tells whether a segment stands directly in the loop of its scope, or
// else where no rule ever looks.
func (m *Map) inPlace(r *rule, p *part) bool {
	l := p.use.Loop
	for ; l != nil && l.Path != r.loopPath(); l = l.Parent {
		for _, other := range m.all {
			if other.scope != nil && (other.byUse[p.use.Index] != 0 || other.loopPath() == l.Path) {
				return false
			}
		}
	}
	return l != nil || r.loop == nil
}

func (r *rule) loopPath() string {
	if r.loop == nil {
		return ""
	}
	return r.loop.Path
}

// touches tells whether two cells share a text.
func (c cell) touches(o cell) bool {
	return c.element == o.element && (c.component == 0 || o.component == 0 || c.component == o.component)
}

// same tells whether two cells are one: an element is its own first component.
func (c cell) same(o cell) bool {
	return c.element == o.element && max(c.component, 1) == max(o.component, 1)
}

// filling is a text that a segment may have in a cell.
type filling struct {
	cell
	// Of pairs, and of values side by side, the elements where they can be: every
	// step-th.
	first, last, step int

	text  string // "" where it is not known before
	of    *rule  // the rule whose value it is, if it is one
	fixed bool   // it is there in any case, unless a value stands in its stead
}

// touches tells whether a filling has something to do with a cell.
func (f *filling) touches(c cell) bool {
	if f.last > 0 {
		return c.element >= f.first && c.element <= f.last && (c.element-f.first)%f.step == 0
	}
	return f.cell.touches(c)
}

// meets tells whether two fillings can have something in one cell.
func (f *filling) meets(o *filling) bool {
	switch {
	case f.last == 0:
		return o.touches(f.cell)
	case o.last == 0:
		return f.touches(o.cell)
	case f.step == o.step && (f.first-o.first)%f.step != 0:
		return false
	}
	return f.first <= o.last && o.first <= f.last
}

// elements are those where the pairs of a place, or its values side by side, can
// be; zero where it has one cell.
func (p *place) elements() (first, last, step int) {
	if q := p.pairs; q != nil {
		return p.element + min(q.qualifier.element, 0), q.last + max(q.qualifier.element, 0), 1
	}
	return p.element, p.spread.last, p.spread.step
}

// fillings are all texts that a part's segment may have.
func (r *rule) fillings(p *part) []filling {
	var list []filling
	for _, c := range p.cells {
		list = append(list, filling{cell: c.cell, text: string(c.text), fixed: true})
	}
	for _, c := range p.beside {
		list = append(list, filling{cell: c.place.cell, text: c.value})
	}
	for _, v := range p.values {
		f := filling{cell: v.place.cell, of: v}
		f.first, f.last, f.step = v.place.elements()
		list = append(list, f)
	}
	for _, c := range p.computed {
		list = append(list, filling{cell: c.place.cell})
	}
	if p.head && r.tree != nil {
		for _, n := range []int{r.tree.id, r.tree.parent, r.tree.children} {
			if n > 0 {
				list = append(list, filling{cell: cell{n, 0}})
			}
		}
	}
	return list
}

type verdict uint8

const (
	never verdict = iota
	perhaps
	surely
)

// holds tells whether conditions hold for a segment with these texts.
func holds(conditions []condition, list []filling) verdict {
	all := surely
	for i := range conditions {
		all = min(all, conditions[i].holdsFor(list))
	}
	return all
}

func (c *condition) holdsFor(list []filling) verdict {
	is := never
	for i := range list {
		f := &list[i]
		switch {
		case !f.touches(c.cell):
		case !f.fixed || !f.same(c.cell):
			return perhaps
		case slices.Contains(c.values, f.text):
			is = surely
		default:
			is = never
		}
	}
	return is
}

// certify finds out which rules of a scope read a segment that it writes.
func (m *Map) certify(r *rule, p *part) {
	list := r.fillings(p)
	for i := range list {
		p.doubtful = p.doubtful || !list[i].alone(list)
	}
	n := r.byUse[p.use.Index]
	for i := range r.steps[n] {
		st := &r.steps[n][i]
		is := holds(st.at.conditions, list)
		switch {
		case is == never:
		case st.flag > 0:
			p.flags = append(p.flags, st.at.conditions)
		case slices.Contains(p.values, st.rule):
			p.doubtful = p.doubtful || is != surely
			if len(st.rule.negative) > 0 {
				p.doubtful = p.doubtful || st.rule.place.pairs != nil
				p.signed = append(p.signed, st.rule)
			}
		case st.at.reads(list):
			p.others = append(p.others, st.at.conditions)
			p.doubtful = p.doubtful || is == surely
		}
	}
}

// reads tells whether a place finds something among texts.
func (p *place) reads(list []filling) bool {
	span := filling{cell: p.cell}
	span.first, span.last, span.step = p.elements()
	return slices.ContainsFunc(list, func(f filling) bool { return span.meets(&f) })
}

// alone tells whether a value is what is read from its cell: no other text is
// there, but for one that the rule takes for nothing.
func (f *filling) alone(list []filling) bool {
	if f.of == nil {
		return true
	}
	for i := range list {
		switch o := &list[i]; {
		case o == f || !f.meets(o):
		case f.last > 0 && o.last > 0: // pairs lie side by side if each knows its own
			if o.of.place.pairs == nil || f.of.place.pairs == nil {
				return false
			}
			if o.of != f.of && (slices.Contains(o.of.place.pairs.qualifiers, f.of.place.pairs.qualifiers[0]) || !f.of.place.pairs.beside(o.of.place.pairs)) {
				return false
			}
		case f.last > 0 || o.of != nil || !f.same(o.cell) || o.text == "":
			return false
		default:
			v, err := f.of.convert.decode(nil, []byte(o.text))
			if err != nil || string(v) != f.of.dflt {
				return false
			}
		}
	}
	return true
}

// certifyRound finds out whether the rounds of an inner loop are taken by it.
func (m *Map) certifyRound(r *rule, at int) {
	sub := r.inner[at]
	var head *part
	for _, p := range sub.parts {
		if p.head {
			head = p
		}
	}
	list := sub.fillings(head)
	inside := sub.loop.Parent != nil && sub.loop.Parent.Path == r.loopPath() || sub.loop.Parent == nil && r.loop == nil
	if sub.tree != nil {
		inside = inside && r == m.top || r.tree == sub.tree && r.loopPath() == sub.loop.Path
	}
	head.doubtful = head.doubtful || !inside || holds(sub.place.conditions, list) != surely
	for _, before := range r.inner[:at] {
		if before.loop.Path != sub.loop.Path {
			continue
		}
		switch is := holds(before.place.conditions, list); is {
		case never:
		case surely:
			head.doubtful = true
		case perhaps:
			head.others = append(head.others, before.place.conditions)
		}
	}
}

// asks tells whether it depends on what a segment says how it is read.
func (p *part) asks() bool {
	return !p.doubtful && len(p.others)+len(p.flags)+len(p.signed) > 0
}

// ask notes what a segment, which is on the line, says of how it is read.
func (w *pen) ask(p *part) {
	for _, c := range p.others {
		w.doubtful = w.doubtful || w.meets(c)
	}
	for _, c := range p.flags {
		w.flagged = w.flagged || w.meets(c)
	}
	for _, r := range p.signed {
		w.sign(r)
	}
}

// sign sees to a number that a condition may make negative.
func (w *pen) sign(r *rule) {
	for i := range w.line {
		if f := &w.line[i]; !f.same(r.place.cell) || len(f.text) == 0 || f.text[0] == '-' {
			continue
		}
		for j := range r.negative {
			if p := &r.negative[j]; p.tag != "" {
				w.positive = true
			} else if w.meets(p.conditions) {
				w.doubtful = true
			}
		}
	}
}

// settle ends an object: a condition in it is about the numbers in it and in what
// is inside of it. Of the object around it the flags are those given.
func (w *pen) settle(flagged, positive bool) {
	w.doubtful = w.doubtful || w.flagged && w.positive
	w.flagged, w.positive = flagged, positive || w.positive
}

// meets tells whether conditions hold for the line.
func (w *pen) meets(conditions []condition) bool {
	for i := range conditions {
		c := &conditions[i]
		met := false
		for j := range w.line {
			if f := &w.line[j]; f.same(c.cell) {
				met = indexOf(c.packed, pack(f.text)) >= 0 || len(f.text) > 7 && slices.Contains(c.values, string(f.text))
				break
			}
		}
		if !met {
			return false
		}
	}
	return true
}
