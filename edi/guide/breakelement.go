package guide

import "slices"

// empty leaves out the n-th value, if it is a required one.
func (d *draft) empty(i, n int, required bool) bool {
	values := d.values(i)
	if d.frame(i) || n >= len(values) {
		return false
	}
	d.nowhere = (values[n].field.Usage == Required) != required || *values[n].value == ""
	*values[n].value = ""
	return true
}

// toggle empties an element of a segment that is there, or fills one that is
// not, and the same for components.
func (d *draft) toggle(i, n int) bool {
	s := d.use(i)
	if d.frame(i) || n >= 2*len(s.Fields) {
		return false
	}
	if !noted(s) {
		return false
	}
	at, f := n/2, &s.Fields[n/2]
	for len(d.segs[i].elements) <= at {
		d.segs[i].elements = append(d.segs[i].elements, nil)
	}
	switch e := d.segs[i].elements[at]; {
	case f.Usage == NotUsed:
	case len(e) == 0:
		d.segs[i].elements[at] = [][]string{d.field(f, 0)}
	case f.Composite != nil && n%2 == 1:
		for c := range f.Composite.Fields {
			if f.Composite.Fields[c].Usage == Optional && e[0][c] != "" {
				e[0][c] = ""
				break
			}
		}
	default:
		d.segs[i].elements[at] = nil
	}
	return true
}

// noted tells whether elements of the segment depend on one another.
func noted(s *Segment) bool {
	if len(s.notes) > 0 {
		return true
	}
	return slices.ContainsFunc(s.Fields, func(f Field) bool { return f.Composite != nil && len(f.Composite.notes) > 0 })
}

// fill puts a value where the guide has a certain usage.
func (d *draft) fill(i, n int, usage Usage) bool {
	s := d.use(i)
	if d.frame(i) || n >= len(s.Fields) {
		return false
	}
	f := &s.Fields[n]
	d.nowhere = f.Usage != usage
	if !d.nowhere {
		for len(d.segs[i].elements) <= n {
			d.segs[i].elements = append(d.segs[i].elements, nil)
		}
		d.segs[i].elements[n] = [][]string{d.field(f, 0)}
	}
	return true
}

// overfill gives an element more components than it has.
func (d *draft) overfill(i, n int) bool {
	s := d.use(i)
	if d.frame(i) || n >= len(s.Fields) {
		return false
	}
	if n >= len(d.segs[i].elements) || len(d.segs[i].elements[n]) == 0 {
		d.nowhere = true
		return true
	}
	size := 1
	if c := s.Fields[n].Composite; c != nil {
		size = len(c.Fields)
	}
	parts := d.segs[i].elements[n][0]
	for len(parts) < size {
		parts = append(parts, "")
	}
	d.segs[i].elements[n][0] = append(parts, "1")
	return true
}

// repeat gives an element more repetitions than it may have.
func (d *draft) repeat(i, n int) bool {
	s := d.use(i)
	if d.o.Delimiters.Repetition == 0 || d.frame(i) || n >= len(s.Fields) {
		return false
	}
	if n >= len(d.segs[i].elements) || len(d.segs[i].elements[n]) == 0 || s.Fields[n].Repeat > 40 {
		d.nowhere = true
		return true
	}
	e := d.segs[i].elements[n]
	for len(e) <= s.Fields[n].Repeat {
		e = append(e, slices.Clone(e[0]))
	}
	d.segs[i].elements[n] = e
	return true
}

// reduce leaves one repetition of an element that needs more.
func (d *draft) reduce(i, n int) bool {
	s := d.use(i)
	if d.frame(i) || n >= min(len(s.Fields), len(d.segs[i].elements)) {
		return false
	}
	e := &d.segs[i].elements[n]
	if d.nowhere = s.Fields[n].Least < 2 || len(*e) < 2; !d.nowhere {
		*e = (*e)[:1]
	}
	return true
}

// miscount makes a total wrong.
func (d *draft) miscount(i, n int) bool {
	watches := d.g.nodes[d.segs[i].node].watches
	if n >= len(watches) {
		return false
	}
	w := watches[n]
	d.nowhere = w.role != asTarget
	if r := &d.g.rules[w.rule]; w.role == asTarget && r.target.element <= len(d.segs[i].elements) {
		e := d.segs[i].elements[r.target.element-1]
		if at := max(r.target.component, 1) - 1; len(e) > 0 && at < len(e[0]) && e[0][at] != "" {
			e[0][at] = "9"
		}
	}
	return true
}

// forbidden puts in what a condition forbids.
func (d *draft) forbidden(i, n int) bool {
	for r := range d.g.rules {
		rule := &d.g.rules[r]
		if rule.kind != conditionRule || !rule.not {
			continue
		}
		for node := range d.g.nodes {
			k := &d.g.nodes[node]
			if k.use == nil || !rule.then.names(k.use) {
				continue
			}
			if n--; n < 0 {
				s := d.segment(node, k.use.Segment)
				for q := range rule.then.quals {
					s.qualify(&rule.then.quals[q])
				}
				return d.insert(i, s)
			}
		}
	}
	return false
}

func (s *segment) qualify(q *qualifier) { s.set(q.element, q.component, q.values[0]) }
