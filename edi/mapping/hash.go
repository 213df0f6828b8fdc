package mapping

import (
	"fmt"

	"fondaco/edi/guide"
)

// hashing is an element of which a hash total is made, wherever its segment
// stands: CTT/02 = hash PO1/02.
type hashing struct {
	tag string
	cell
	number int // among those of the map
	digits int // of the element that takes the total
}

// hashTotal is the total so far; some tells that there was something to add.
type hashTotal struct {
	guide.HashTotal
	some bool
}

func (h *hashTotal) add(value []byte) {
	if len(value) > 0 && h.Add(value) {
		h.some = true
	}
}

// text is the total, nil where nothing was added.
func (h *hashTotal) text(digits int) []byte {
	if !h.some {
		return nil
	}
	return []byte(h.Text(digits))
}

// parseHash reads what a hash total is made of. It stands behind all of that, as
// CTT does.
func (m *Map) parseHash(word string, target *place) (*hashing, error) {
	p, err := parsePlace(word)
	if err != nil {
		return nil, err
	}
	if p.pairs != nil || p.spread.last > 0 || len(p.conditions) > 0 {
		return nil, fmt.Errorf("a hash total is of one element: hash PO1/02, not %q", word)
	}
	h := &hashing{tag: p.tag, cell: p.cell}
	for _, u := range m.Guide.Uses() {
		if u.ID != p.tag {
			continue
		}
		if u.Index >= target.use.Index {
			return nil, fmt.Errorf("%s stands behind the hash total in %s", u.Path, target.path)
		}
		p.use = u
	}
	if p.use == nil {
		return nil, fmt.Errorf("%s has no segment %s", m.Guide.Name, p.tag)
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	if f := target.use.Segment.Fields[target.element-1]; f.Element != nil {
		h.digits = f.Element.Max
	}
	return h, nil
}

// compileHashes tells the segments of which hash totals are made.
func (m *Map) compileHashes() {
	for _, c := range m.sums {
		if c.hash == nil {
			continue
		}
		c.hash.number = m.hashes
		m.hashes++
		for _, r := range m.all {
			if r.scope == nil {
				continue
			}
			for _, p := range r.parts {
				if p.loops == nil && p.use.ID == c.hash.tag {
					p.hashes = append(p.hashes, c.hash)
				}
			}
		}
	}
}

// hashLine adds what the segment on the line has for hash totals.
func (w *pen) hashLine(p *part) {
	for _, h := range p.hashes {
		for i := range w.line {
			if w.line[i].same(h.cell) {
				w.hashes[h.number].add(w.line[i].text)
			}
		}
	}
}

// hashForm adds what a segment has that is written by its form.
func (w *pen) hashForm(t *draft, slots []stretch, p *part) {
	for _, h := range p.hashes {
		for i := range p.form.blanks {
			b := &p.form.blanks[i]
			if b.pairs != nil || !b.same(h.cell) {
				continue
			}
			if text := b.says(t, slots); text != nil {
				w.hashes[h.number].add(text)
			}
		}
	}
}

// hashOf is the hash total over a document.
func (h *hashing) hashOf(root *round, total *hashTotal) {
	for _, it := range root.items {
		if it.sub != nil {
			h.hashOf(it.sub, total)
		} else if it.seg.tag() == h.tag {
			total.add([]byte(it.seg.text(h.element, h.component)))
		}
	}
}
