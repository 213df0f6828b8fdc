package mapping

import (
	"cmp"
	"fmt"
	"slices"

	"fondaco/edi/guide"
)

// writer is what a scope has ready for writing: its segments and loops in the
// order of the guide, so that a record is written from front to back.
type writer struct {
	parts []*part
	masks []uint64 // for each of parts, by maskOf
	leads []lead   // of the fields, in their order
}

// part is a segment or a loop that a scope can write.
type part struct {
	use      *guide.Use
	loops    []*rule    // of a loop, all rules about it
	cells    []fixed    // what stands in the segment in any case, by its place
	beside   []constant // what stands there beside a value
	must     bool       // the guide requires it, and no other part writes it
	values   []*rule    // what may stand in it, those with pairs last
	list     bool       // a segment for each of the values of its only rule
	row      bool       // as many segments as the values of its rows need
	head     bool       // it begins the round
	computed []*computed
	hashes   []*hashing
	counter  int     // among those of the map, -1 for none
	slots    []int32 // of all values and loops
	always   bool    // it is written whether the record has something for it or not
	form     *form   // nil where the segment is put together on a line
	certainty
}

// fixed is a text that chooses a segment, or a constant.
type fixed struct {
	cell
	text []byte
}

// compileWriter puts what a scope can write into the order of the guide.
func (m *Map) compileWriter(r *rule) error {
	r.compileLeads()
	if r.loop != nil {
		r.part(m, &r.place).head = true
	}
	for _, sub := range r.rules {
		if sub.loop != nil {
			r.loopPart(sub)
			continue
		}
		p := r.part(m, &sub.place)
		row := sub.place.spread.last > 0
		if p.list || sub.list && !row && len(p.values) > 0 {
			return fmt.Errorf("%s: a list needs a segment of its own", sub.name)
		}
		p.list, p.row, p.values = sub.list && !row, p.row || row, append(p.values, sub)
	}
	for i := range r.constants {
		r.constant(m, &r.constants[i])
	}
	if r == m.top {
		for _, c := range m.sums {
			part := r.part(m, &c.place)
			part.computed = append(part.computed, c)
		}
	}
	for _, p := range r.parts {
		slices.SortStableFunc(p.values, func(a, b *rule) int { return cmp.Compare(pairRank(a), pairRank(b)) })
		slices.SortStableFunc(p.cells, func(a, b fixed) int { return a.compare(b.cell) })
		p.form = r.formOf(p)
		p.counter = -1
		for _, sub := range slices.Concat(p.values, p.loops) {
			p.slots = append(p.slots, int32(sub.slot))
		}
		p.must = p.loops == nil && p.use.Required && (r.loop != nil || p.use.Loop == nil) && !p.list && r.only(p)
		p.always = p.head || p.must || len(p.computed) > 0
	}
	slices.SortStableFunc(r.parts, func(a, b *part) int { return cmp.Compare(r.order(a), r.order(b)) })
	for _, p := range r.parts {
		r.masks = append(r.masks, r.maskOf(p))
	}
	return nil
}

// only tells whether no other part of the scope writes the same segment.
func (r *rule) only(p *part) bool {
	for _, other := range r.parts {
		if other != p && other.loops == nil && other.use.Path == p.use.Path {
			return false
		}
	}
	return true
}

func pairRank(r *rule) int {
	if r.place.pairs == nil {
		return 0
	}
	return 1
}

// order is the part's place in the guide; what belongs to a round of a tree
// comes behind all that the round says itself.
func (r *rule) order(p *part) int {
	if p.loops != nil && r.loop != nil && p.loops[0].loop.Path == r.loop.Path {
		return 1 << 30
	}
	return p.use.Index
}

func (r *rule) loopPart(sub *rule) {
	for _, p := range r.parts {
		if p.loops != nil && p.loops[0].loop.Path == sub.loop.Path {
			p.loops = append(p.loops, sub)
			return
		}
	}
	r.parts = append(r.parts, &part{use: sub.place.use, loops: []*rule{sub}})
}

// part finds or makes the segment for a place: the one with the same
// conditions, and in a round the one that begins it whatever they are.
func (r *rule) part(m *Map, at *place) *part {
	for _, p := range r.parts {
		if p.loops == nil && p.use.Path == at.path && (p.head || p.chosenBy(at)) {
			return p
		}
	}
	p := &part{use: m.Guide.Use(at.path)}
	for _, c := range at.conditions {
		p.cells = append(p.cells, fixed{c.cell, []byte(c.values[0])})
	}
	r.parts = append(r.parts, p)
	return p
}

// chosenBy tells whether the part's segment is that of a place.
func (p *part) chosenBy(at *place) bool {
	if len(p.cells) != len(at.conditions) {
		return false
	}
	for _, c := range at.conditions {
		if !slices.ContainsFunc(p.cells, func(f fixed) bool { return f.cell == c.cell && string(f.text) == c.values[0] }) {
			return false
		}
	}
	return true
}

// constant adds a constant to all segments that it is about.
func (r *rule) constant(m *Map, c *constant) {
	found := false
	for _, p := range r.parts {
		if p.loops == nil && p.use.Path == c.place.path && p.meets(&c.place) {
			found = true
			p.holds(c)
		}
	}
	if !found {
		r.part(m, &c.place).holds(c)
	}
}

// holds puts a constant into the part's segment.
func (p *part) holds(c *constant) {
	if c.with.element > 0 {
		p.beside = append(p.beside, *c)
		return
	}
	p.cells = append(p.cells, fixed{c.place.cell, []byte(c.value)})
}

// meets tells whether what the part writes fulfils the conditions of a place.
func (p *part) meets(at *place) bool {
	for _, c := range at.conditions {
		if !slices.ContainsFunc(p.cells, func(f fixed) bool { return f.cell == c.cell && slices.Contains(c.values, string(f.text)) }) {
			return false
		}
	}
	return true
}

// compileCounters numbers the tags that are counted, and finds out whether a
// count stands before what it counts.
func (m *Map) compileCounters() error {
	tags := map[string]int{}
	for _, c := range m.sums {
		if c.hash != nil {
			continue
		}
		if c.count == "" {
			if err := c.chain(m.top); err != nil {
				return err
			}
			continue
		}
		if _, known := tags[c.count]; !known {
			tags[c.count] = len(tags)
		}
		c.counter = tags[c.count]
		c.beside = m.besideOf(c)
		for _, u := range m.Guide.Uses() {
			m.twice = m.twice || u.ID == c.count && u.Index > c.place.use.Index
		}
	}
	m.counters = len(tags)
	for _, r := range m.all {
		if r.scope == nil {
			continue
		}
		for _, p := range r.parts {
			if n, counted := tags[p.use.ID]; counted && p.loops == nil {
				p.counter = n
			}
		}
	}
	return nil
}

// besideOf finds the sums in the loop that begins with a count.
func (m *Map) besideOf(c *computed) []*computed {
	var list []*computed
	for _, other := range m.sums {
		if other.sum != nil && c.place.use.Starts && other.place.use.Loop == c.place.use.Loop {
			list = append(list, other)
		}
	}
	return list
}

// chain finds the rules on the way to the numbers that are added.
func (c *computed) chain(top *rule) error {
	at := top
	for i, name := range c.sum {
		j := -1
		if at.scope != nil {
			j = slices.IndexFunc(at.rules, func(r *rule) bool { return r.name == name })
		}
		if j < 0 || (at.rules[j].loop == nil) != (i == len(c.sum)-1) {
			return fmt.Errorf("%v leads to no number", c.sum)
		}
		at = at.rules[j]
		c.steps = append(c.steps, at)
	}
	return nil
}
