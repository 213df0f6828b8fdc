package mapping

import "slices"

// compositor makes the page of a round that is on the tape. It is unclear if what
// is printed depends on more than the round.
type compositor struct {
	t       *tape
	round   int32 // its frame
	page    page
	text    []byte // that comes next
	unclear bool
}

// learn makes the page for the way that the round went.
func (t *tape) learn() {
	h := &t.held
	if h.at.page != nil || len(t.wrong) > h.wrong || t.crowdedOut(h.at) {
		return
	}
	d := compositor{t: t, round: t.stack[h.depth].frame}
	if h.kept[0].pace.rule != nil {
		d.object(d.round)
		d.chop(0)
	}
	if !d.unclear {
		h.at.page = &d.page
		h.pieces += len(d.page)
	}
}

// object adds an object, as [tape.appendJSON] writes it.
func (d *compositor) object(frame int32) {
	f, before := &d.t.frames[frame], byte('{')
	for i, r := range f.scope.rules {
		n := d.t.slots[int(f.slots)+i].head
		if n == 0 {
			continue
		}
		d.text = append(append(d.text, before), r.key...)
		if before = ','; r.list {
			d.list(r, n, frame)
		} else {
			d.node(r, n, frame)
		}
	}
	if before == '{' {
		d.text = append(d.text, before)
	}
	d.text = append(d.text, '}')
}

func (d *compositor) list(r *rule, n, frame int32) {
	before := byte('[')
	for ; n != 0; n = d.t.nodes[n].next {
		d.text = append(d.text, before)
		d.node(r, n, frame)
		before = ','
	}
	d.text = append(d.text, ']')
}

// node adds an object inside, or a value.
func (d *compositor) node(r *rule, n, frame int32) {
	v := &d.t.nodes[n]
	if r.loop != nil {
		d.object(v.frame)
		return
	}
	p := phrase{kind: phraseOther, rule: r, cut: d.cut(v), signed: d.signed(r, n, frame)}
	switch {
	case r.verbatim:
		p.kind = phraseText
	case r.figure:
		p.kind = phraseFigure
	}
	d.unclear = d.unclear || v.from == v.to || p.cut < 0
	d.text = append(d.text, '"')
	d.chop(longPhrase)
	d.phrase(p)
	d.text = append(d.text, '"')
}

// chop adds phrases until what is left of the text fits into one.
func (d *compositor) chop(most int) {
	for len(d.text) > most {
		d.phrase(phrase{kind: phraseBare})
	}
}

// phrase adds a phrase with as much of the text as it can have.
func (d *compositor) phrase(p phrase) {
	n := copy(p.text[:], d.text)
	p.size, d.text = uint8(n), d.text[n:]
	d.page = append(d.page, p)
}

// cut is the number of a value among those of the round, -1 if it is none of them.
func (d *compositor) cut(v *node) int32 {
	n := int32(0)
	for i := range d.t.held.size {
		k := &d.t.held.kept[i]
		for _, u := range k.pace.units {
			switch {
			case u.value == 0:
			case k.number == v.seg && u.element == v.at.element && u.component == max(v.at.component, 1):
				return n
			default:
				n++
			}
		}
	}
	return -1
}

// signed tells whether the round says that a value is negative.
func (d *compositor) signed(r *rule, n, frame int32) bool {
	for i := range r.negative {
		p := &r.negative[i]
		if p.tag == "" && d.says(d.t.nodes[n].seg, p.conditions) {
			return true
		}
		d.unclear = d.unclear || p.tag != "" && !d.watches(frame, p)
	}
	return d.t.isNegative(pending{n, frame, r})
}

// watches tells whether a condition is about a segment of the frame, or of one
// around it in the round.
func (d *compositor) watches(at int32, p *place) bool {
	for ; at >= d.round; at = d.t.frames[at].above {
		if d.t.watches(at, p) {
			return true
		}
	}
	return false
}

// says tells whether a segment of the round meets conditions, about all of which it
// was asked.
func (d *compositor) says(seg int32, conditions []condition) bool {
	for i := range d.t.held.size {
		if k := &d.t.held.kept[i]; k.number == seg {
			return !slices.ContainsFunc(conditions, func(c condition) bool { return !k.pace.says(c) })
		}
	}
	return false
}

func (p *pace) says(c condition) bool {
	return slices.ContainsFunc(p.units, func(u unit) bool {
		return int(u.element) == c.element && int(u.component) == max(c.component, 1) && indexOf(c.packed, u.answer) >= 0
	})
}
