package mapping

import (
	"encoding/binary"
	"fmt"
	"slices"

	"fondaco/edi"
)

// form is what a segment looks like before it is filled in: texts that stand
// there in any case, and blanks for values, in the order of their cells. From it
// nearly all segments are written straight into the document.
type form struct{ blanks []blank }

// blank is a cell of a form, or with pairs all elements where they can be.
type blank struct {
	cell
	slot   int32  // of the value that goes there, -1 for none
	text   []byte // what stands there without a value, nil for nothing
	beside int32  // the slot of the value beside which the text stands, -1 if it always does
	pairs  []paired
}

// paired is a value behind its qualifier.
type paired struct {
	rule *rule
	slot int32
}

// formOf makes the form of a segment, nil for one that has to be put together
// first.
func (r *rule) formOf(p *part) *form {
	if p.loops != nil || p.list || p.row || len(p.computed) > 0 || p.head && r.tree != nil {
		return nil
	}
	f := &form{}
	for _, c := range p.cells {
		f.at(c.cell).text = roomy(c.text)
	}
	for _, v := range p.values {
		if !f.value(v) {
			return nil
		}
	}
	for i := range p.beside {
		if !f.constant(&p.beside[i]) {
			return nil
		}
	}
	slices.SortStableFunc(f.blanks, func(a, b blank) int { return a.compare(b.cell) })
	return f
}

// roomy gives a text with chunk bytes of memory in any case.
func roomy(text []byte) []byte { return append(make([]byte, 0, len(text)+chunk), text...) }

// at is the blank of a cell.
func (f *form) at(c cell) *blank {
	if i := f.find(c); i >= 0 {
		return &f.blanks[i]
	}
	f.blanks = append(f.blanks, blank{cell: c, slot: -1, beside: -1})
	return &f.blanks[len(f.blanks)-1]
}

func (f *form) find(c cell) int {
	return slices.IndexFunc(f.blanks, func(b blank) bool { return b.pairs == nil && b.cell == c })
}

// value makes room for a value. A form has one room for pairs, in which nothing
// else stands, and one value for each of its other cells.
func (f *form) value(v *rule) bool {
	p := v.place.pairs
	if p == nil {
		b := f.at(v.place.cell)
		known := b.slot >= 0
		b.slot = int32(v.slot)
		return !known
	}
	last := len(f.blanks) - 1
	if last >= 0 && f.blanks[last].pairs != nil {
		b := &f.blanks[last]
		first := b.pairs[0].rule
		b.pairs = append(b.pairs, paired{v, int32(v.slot)})
		return v.place.cell == first.place.cell && p.beside(first.place.pairs)
	}
	from, to, _ := v.place.elements()
	if p.step <= max(p.qualifier.element, -p.qualifier.element) || f.among(from, to) {
		return false
	}
	f.blanks = append(f.blanks, blank{cell: cell{from, 0}, slot: -1, beside: -1, pairs: []paired{{v, int32(v.slot)}}})
	return true
}

// among tells whether something has its cell among these elements.
func (f *form) among(from, to int) bool {
	return slices.ContainsFunc(f.blanks, func(b blank) bool { return b.element >= from && b.element <= to })
}

// constant puts a constant beside a value.
func (f *form) constant(c *constant) bool {
	if f.crowded(c.with) || f.crowded(c.place.cell) {
		return false
	}
	with := f.find(c.with)
	if with < 0 {
		return true // the value never stands there, nor does the constant
	}
	if f.blanks[with].beside >= 0 {
		return false
	}
	beside := f.blanks[with].slot
	if f.blanks[with].text != nil {
		beside = -1
	}
	if b := f.at(c.place.cell); b.text == nil {
		b.text, b.beside = roomy([]byte(c.value)), beside
	} else if b.beside >= 0 {
		return false
	}
	return true
}

// crowded tells whether pairs can stand in a cell.
func (f *form) crowded(c cell) bool {
	return slices.ContainsFunc(f.blanks, func(b blank) bool {
		if b.pairs == nil {
			return false
		}
		from, to, _ := b.pairs[0].rule.place.elements()
		return c.element >= from && c.element <= to
	})
}

// fillIn writes a segment by its form.
func (w *pen) fillIn(t *draft, slots []stretch, p *part) {
	s := scribe{w: w, p: p, at: cell{0, 1}, kept: p.asks()}
	if s.kept {
		w.line = w.line[:0]
	} else {
		w.note(p)
		if len(p.hashes) > 0 {
			w.hashForm(t, slots, p)
		}
		w.segments++
		w.out = append(append(w.out, w.gap...), p.use.ID...)
	}
	for i := range p.form.blanks {
		b := &p.form.blanks[i]
		switch {
		case b.pairs != nil:
			s.pairs(t, slots, b.pairs)
		case b.slot >= 0 && slots[b.slot].to != 0:
			s.put(b.cell, t.textOf(slots[b.slot]))
		case b.text != nil && (b.beside < 0 || slots[b.beside].to != 0):
			s.put(b.cell, b.text)
		}
	}
	if s.kept {
		w.write(p)
		return
	}
	w.out = append(w.out, w.delims.Terminator...)
}

// says is what stands in a blank, nil for nothing.
func (b *blank) says(t *draft, slots []stretch) []byte {
	switch {
	case b.slot >= 0 && slots[b.slot].to != 0:
		return t.textOf(slots[b.slot])
	case b.text != nil && (b.beside < 0 || slots[b.beside].to != 0):
		return b.text
	}
	return nil
}

// scribe writes the cells of a segment one after the other, or keeps them on the
// line, if it is to be asked what they say.
type scribe struct {
	w    *pen
	p    *part
	at   cell
	kept bool
}

// pairs writes values behind their qualifiers, from the first pair of elements on.
func (s *scribe) pairs(t *draft, slots []stretch, list []paired) {
	e := list[0].rule.place.element
	for _, v := range list {
		text := slots[v.slot]
		if text.to == 0 {
			continue
		}
		p := v.rule.place.pairs
		if e > p.last {
			s.w.fail(noRoom(v.rule))
			return
		}
		at, value := p.at(e), cell{e, v.rule.place.component}
		if at.compare(value) < 0 {
			s.put(at, p.first)
			s.put(value, t.textOf(text))
		} else {
			s.put(value, t.textOf(text))
			s.put(at, p.first)
		}
		e += p.step
	}
}

func noRoom(r *rule) error {
	return fmt.Errorf("%s: %s has no room left for another qualifier", r.name, r.place.tag)
}

// put writes a text into a cell behind all those that were written.
func (s *scribe) put(c cell, text []byte) {
	w := s.w
	if s.kept {
		w.line = append(w.line, fill{c, text})
		return
	}
	n := len(w.out)
	if need := c.element + c.component; cap(w.out)-n < need {
		w.out = slices.Grow(w.out, need+1<<10)
	}
	b := w.out[:cap(w.out)]
	for ; s.at.element < c.element; s.at.element++ {
		b[n] = w.delims.Element
		n++
		s.at.component = 1
	}
	for ; s.at.component < c.component; s.at.component++ {
		b[n] = w.delims.Component
		n++
	}
	w.out = b[:n]
	w.value(s.p.use.ID, c, text)
}

// value writes a text behind its separators.
func (w *pen) value(tag string, c cell, text []byte) {
	n := len(w.out)
	if need := len(text) + chunk; cap(w.out)-n < need {
		w.out = slices.Grow(w.out, need+1<<10)
	}
	if cap(text)-len(text) < chunk || !w.free.of(text) {
		w.out = w.text(w.out, tag, &fill{c, text})
		return
	}
	shortCopy(w.out[n:cap(w.out)], text)
	w.out = w.out[:n+len(text)]
}

// delimiterWords are the delimiters, each in all bytes of a word.
type delimiterWords [5]uint64

func wordsOf(d edi.Delimiters) delimiterWords {
	var w delimiterWords
	for i, b := range [...]byte{d.Element, d.Component, d.Repetition, d.Release, d.Element} {
		if i == 4 && d.Terminator != "" {
			b = d.Terminator[0]
		}
		if b == 0 {
			b = d.Element
		}
		w[i] = ones * uint64(b)
	}
	return w
}

// of tells that a text has none of the delimiters. It looks at eight bytes at a
// time, so there must be memory behind the text.
func (d *delimiterWords) of(text []byte) bool {
	all := text[:cap(text)]
	for from := 0; from < len(text); from += 8 {
		w := binary.LittleEndian.Uint64(all[from : from+8])
		if rest := len(text) - from; rest < 8 {
			w &= 1<<(8*rest) - 1 // no delimiter is zero
		}
		a, b, c, e, f := w^d[0], w^d[1], w^d[2], w^d[3], w^d[4]
		if ((a-ones)&^a|(b-ones)&^b|(c-ones)&^c|(e-ones)&^e|(f-ones)&^f)&tops != 0 {
			return false
		}
	}
	return true
}
