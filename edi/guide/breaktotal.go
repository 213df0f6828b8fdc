package guide

import (
	"slices"
	"strconv"
	"strings"
)

// totals calls fn with the values of the i-th segment that rules compare with a
// sum or hash of others, empty ones too.
func (d *draft) totals(i int, fn func(r *rule, value *string)) {
	for _, w := range d.g.nodes[d.segs[i].node].watches {
		r := &d.g.rules[w.rule]
		if w.role != asTarget || r.kind == countRule || !d.segs[i].has(r.target.quals) {
			continue
		}
		e, c := r.target.element, max(r.target.component, 1)
		d.segs[i].set(e, c, d.segs[i].value(e, c))
		fn(r, &d.segs[i].elements[e-1][0][c-1])
	}
}

// has tells whether the segment has these qualifiers.
func (s *segment) has(quals []qualifier) bool {
	return !slices.ContainsFunc(quals, func(q qualifier) bool {
		return !slices.Contains(q.values, s.value(q.element, q.component))
	})
}

// value is that of a component of an element, "" if it is not there.
func (s *segment) value(element, component int) string {
	if element > len(s.elements) {
		return ""
	}
	e := s.elements[element-1]
	if len(e) == 0 || component > len(e[0]) {
		return ""
	}
	return e[0][component-1]
}

// fillTotals puts in the totals that the document could say and does not, so
// that there is something to break. It stays as it was where that is not right.
func (d *draft) fillTotals() {
	before := slices.Clone(d.segs)
	for i := range d.segs {
		d.segs[i] = d.segs[i].clone()
		for _, w := range d.g.nodes[d.segs[i].node].watches {
			if r := &d.g.rules[w.rule]; w.role == asTerm && r.kind == hashRule {
				d.put(i, r.terms[0].element)
			}
		}
		d.totals(i, func(_ *rule, value *string) {
			if *value == "" {
				*value = "0"
			}
		})
	}
	if d.total() != nil {
		d.segs = before
	}
}

// put gives a segment an element, with what has to stand beside it.
func (d *draft) put(i, element int) {
	s, out := d.use(i), &d.segs[i]
	var present uint64
	for n := range out.elements {
		if !empty(out.elements[n]) {
			present |= 1 << (n + 1)
		}
	}
	if present&(1<<element) != 0 {
		return
	}
	present, _ = content(present|1<<element, s.notes)
	for n := range s.Fields {
		if present&(1<<(n+1)) == 0 {
			continue
		}
		for len(out.elements) <= n {
			out.elements = append(out.elements, nil)
		}
		if empty(out.elements[n]) {
			out.elements[n] = [][]string{d.field(&s.Fields[n], 0)}
		}
	}
}

// addUp writes a sum with a decimal point where a hash total belongs.
func (d *draft) addUp(i, n int) bool {
	done := false
	d.totals(i, func(r *rule, value *string) {
		if done || r.kind != hashRule || *value == "" {
			return
		}
		t := &r.terms[0]
		for j := range d.segs {
			s := &d.segs[j]
			if !t.names(d.g.nodes[s.node].use) || !s.has(t.quals) {
				continue
			}
			old := s.value(t.element, t.component)
			sum, err := strconv.Atoi(*value)
			if err != nil || old == "" || strings.Contains(old, ".") {
				continue
			}
			*s = s.clone()
			s.set(t.element, t.component, old+".5")
			*value = strconv.Itoa(sum) + ".5"
			done = true
			return
		}
	})
	return done && n == 0
}
