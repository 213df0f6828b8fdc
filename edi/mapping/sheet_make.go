package mapping

import "slices"

// drafting is a sheet that is being made.
type drafting struct {
	w       *pen
	scope   *rule
	said    uint64
	strokes []stroke
	text    []byte // that comes next
	note    *note  // about the segments at hand, nil if none was begun
}

// strokesOf are those of all objects that say the same fields as this one.
func (w *pen) strokesOf(f *draftFrame) []stroke {
	d := drafting{w: w, scope: f.scope, said: f.said, strokes: []stroke{}}
	for i, p := range f.scope.parts {
		switch {
		case f.scope.masks[i]&d.said == 0:
		case d.fits(p):
			d.segment(p)
		default:
			d.flush()
			d.note, d.strokes = nil, append(d.strokes, stroke{kind: strokePart, part: p})
		}
	}
	d.flush()
	return d.strokes
}

// says tells whether something is in a slot.
func (d *drafting) says(slot int32) bool { return d.said&(1<<slot) != 0 }

// fits tells whether a part is a segment of which all is known but its values.
func (d *drafting) fits(p *part) bool {
	if p.form == nil || p.asks() {
		return false
	}
	for i := range p.form.blanks {
		b := &p.form.blanks[i]
		if b.pairs != nil && !d.room(b.pairs) || slices.ContainsFunc(b.text, d.w.isSpecial) {
			return false
		}
		for _, h := range p.hashes {
			if b.text != nil && b.same(h.cell) {
				return false
			}
		}
	}
	return true
}

// room tells whether there is room for all values behind their qualifiers.
func (d *drafting) room(pairs []paired) bool {
	e := pairs[0].rule.place.element
	for _, v := range pairs {
		if !d.says(v.slot) {
			continue
		}
		p := v.rule.place.pairs
		if e > p.last || slices.ContainsFunc(p.first, d.w.isSpecial) {
			return false
		}
		e += p.step
	}
	return true
}

// segment adds a segment, as [pen.fillIn] writes it.
func (d *drafting) segment(p *part) {
	if d.note == nil {
		d.note = &note{}
		d.strokes = append(d.strokes, stroke{kind: strokeNote, note: d.note})
	}
	d.note.paths = append(d.note.paths, p.path)
	d.note.doubtful = d.note.doubtful || p.doubtful
	if p.counter >= 0 {
		d.note.counters = append(d.note.counters, p.counter)
	}
	d.text = append(append(d.text, d.w.gap...), p.use.ID...)
	at := cell{0, 1}
	for i := range p.form.blanks {
		b := &p.form.blanks[i]
		switch {
		case b.pairs != nil:
			d.pairs(p, &at, b.pairs)
		case b.slot >= 0 && d.says(b.slot):
			for _, h := range p.hashes {
				if b.same(h.cell) {
					d.note.hashes = append(d.note.hashes, hashNote{h.number, int(b.slot)})
				}
			}
			d.value(p, &at, b.cell, b.slot)
		case b.text != nil && (b.beside < 0 || d.says(b.beside)):
			d.to(&at, b.cell)
			d.text = append(d.text, b.text...)
		}
	}
	d.text = append(d.text, d.w.delims.Terminator...)
}

// pairs adds values behind their qualifiers, as [scribe.pairs] writes them.
func (d *drafting) pairs(p *part, at *cell, list []paired) {
	e := list[0].rule.place.element
	for _, v := range list {
		if !d.says(v.slot) {
			continue
		}
		of := v.rule.place.pairs
		qualifier, value := of.at(e), cell{e, v.rule.place.component}
		if qualifier.compare(value) > 0 {
			d.value(p, at, value, v.slot)
		}
		d.to(at, qualifier)
		d.text = append(d.text, of.first...)
		if qualifier.compare(value) <= 0 {
			d.value(p, at, value, v.slot)
		}
		e += of.step
	}
}

// to adds what stands between two cells.
func (d *drafting) to(at *cell, c cell) {
	for ; at.element < c.element; at.element++ {
		d.text = append(d.text, d.w.delims.Element)
		at.component = 1
	}
	for ; at.component < c.component; at.component++ {
		d.text = append(d.text, d.w.delims.Component)
	}
}

// value adds a value.
func (d *drafting) value(p *part, at *cell, c cell, slot int32) {
	d.to(at, c)
	d.chop(longStroke)
	k := stroke{kind: strokeValue, slot: int(slot), part: p, cell: c}
	if d.scope.rules[slot].decimal && d.w.numeric {
		k.kind = strokeNumber
	}
	d.stroke(k)
}

// chop adds strokes until what is left of the text fits into one.
func (d *drafting) chop(most int) {
	for len(d.text) > most {
		d.stroke(stroke{kind: strokeText})
	}
}

// flush adds all of the text.
func (d *drafting) flush() { d.chop(0) }

// stroke adds a stroke with as much of the text as it can have.
func (d *drafting) stroke(k stroke) {
	n := copy(k.text[:], d.text)
	k.size, d.text = uint8(n), d.text[n:]
	d.strokes = append(d.strokes, k)
}
