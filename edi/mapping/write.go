package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"fondaco/edi"
)

// Encode makes a document that states what the object does. Its bytes belong
// behind a GS of the map's version, or in an interchange of the message's
// syntax; each segment has a line of its own.
func (m *Map) Encode(o *Object, control string) (*Document, error) {
	t := m.draft()
	defer m.drafts.Put(t)
	if err := t.fill(0, o); err != nil {
		return nil, fmt.Errorf("write %s: %w", m.Guide.Set, err)
	}
	w := newPen(m, delimiters(m.Guide))
	body, err := w.transaction(nil, t, []byte(control))
	if err != nil {
		return nil, fmt.Errorf("write %s: %w", m.Guide.Set, err)
	}
	return m.proof(o, body, w.delims)
}

// pen writes the segments of a record.
type pen struct {
	m        *Map
	delims   edi.Delimiters
	special  [256]bool // delimiters
	free     delimiterWords
	numeric  bool     // no delimiter can stand in a number
	shelves  []*shelf // by the numbers of the scopes
	gap      []byte   // before each segment
	edifact  bool
	out      []byte
	line     []fill
	made     []byte // texts on the line that are in no record
	tally    []int
	hashes   []hashTotal
	known    []int // the tally at the end, where a count stands before what it counts
	segments int
	levels   int // of trees, the rounds written
	err      error
	// script are the paths of the segments between header and trailer. A document
	// in which the validator finds them says what the record does, unless it is
	// doubtful.
	script                      []uint16
	doubtful, flagged, positive bool
	// carried are sums of what is no longer on the tape.
	carried map[*computed]adder
}

// fill is a text for a cell.
type fill struct {
	cell
	text []byte
}

func newPen(m *Map, d edi.Delimiters) *pen {
	w := &pen{m: m, delims: d, gap: []byte("\n"), edifact: isEDIFACT(m.Guide), tally: make([]int, m.counters), hashes: make([]hashTotal, m.hashes), carried: map[*computed]adder{},
		shelves: make([]*shelf, len(m.all))}
	for b := range w.special {
		w.special[b] = w.delims.Has(byte(b))
	}
	w.free, w.numeric = wordsOf(d), !slices.ContainsFunc([]byte("0123456789.-"), w.isSpecial)
	return w
}

func (w *pen) isSpecial(c byte) bool { return w.special[c] }

// transaction appends a record as a transaction set, from its header to its
// trailer.
func (w *pen) transaction(dst []byte, t *draft, control []byte) ([]byte, error) {
	from := len(dst)
	w.known = w.known[:0]
	for pass := 0; ; pass++ {
		w.begin(dst[:from], control)
		w.object(t, 0, 0, "")
		w.trailer(control)
		if w.err != nil || pass > 0 || !w.m.twice {
			return w.out, w.err
		}
		w.known = append(w.known, w.tally...)
	}
}

// begin writes the header of a transaction.
func (w *pen) begin(dst, control []byte) {
	w.out, w.segments, w.levels, w.err = dst, 0, 0, nil
	w.script, w.doubtful, w.flagged, w.positive = w.script[:0], w.m.doubtful, false, false
	clear(w.tally)
	clear(w.hashes)
	clear(w.carried)
	w.header(control)
}

func (w *pen) header(control []byte) {
	w.made = w.made[:0]
	set := w.make(w.m.Guide.Set)
	if !w.edifact {
		w.line = append(w.line[:0], fill{cell{1, 0}, set}, fill{cell{2, 0}, control})
		w.segment("ST")
		return
	}
	version, release := messageVersion(w.m.Guide)
	w.line = append(w.line[:0], fill{cell{1, 0}, control}, fill{cell{2, 1}, set},
		fill{cell{2, 2}, w.make(version)}, fill{cell{2, 3}, w.make(release)}, fill{cell{2, 4}, w.make("UN")})
	w.segment("UNH")
}

func (w *pen) trailer(control []byte) {
	tag := "SE"
	if w.edifact {
		tag = "UNT"
	}
	w.made = w.made[:0]
	w.line = append(w.line[:0], fill{cell{1, 0}, w.decimal(w.segments + 1)}, fill{cell{2, 0}, control})
	w.segment(tag)
}

// object writes a frame; level and parent are its own number in a tree and that
// of the round to which it belongs.
func (w *pen) object(t *draft, frame int32, level int, parent string) {
	f := &t.frames[frame]
	flagged, positive := w.flagged, w.positive
	w.flagged, w.positive = false, false
	if s := w.sheetOf(f); s != nil {
		w.draw(t, f, s, level, parent)
	} else {
		w.parts(t, f, level, parent)
	}
	w.settle(flagged, positive)
}

// parts writes what a frame has, one part after the other.
func (w *pen) parts(t *draft, f *draftFrame, level int, parent string) {
	slots := t.slots[f.slots : int(f.slots)+f.scope.size]
	for i, mask := range f.scope.masks {
		if mask&f.said == 0 {
			continue
		}
		switch p := f.scope.parts[i]; {
		case len(slots) > maskBits && !p.always && !p.says(slots):
		case p.form != nil:
			w.fillIn(t, slots, p)
		default:
			w.part(t, f, p, level, parent)
		}
	}
}

// maskBits is how many slots have a bit in the mask of a part. One more bit is for
// parts that are looked at in any case.
const maskBits = 63

// maskOf has the bits of the slots of a part of the scope.
func (r *rule) maskOf(p *part) uint64 {
	if p.always || len(r.rules) > maskBits {
		return 1 << maskBits
	}
	mask := uint64(0)
	for _, n := range p.slots {
		mask |= 1 << n
	}
	return mask
}

// says tells whether the record has something for a part.
func (p *part) says(slots []stretch) bool {
	for _, n := range p.slots {
		if slots[n].to != 0 {
			return true
		}
	}
	return false
}

// part writes a segment or the rounds of a loop.
func (w *pen) part(t *draft, f *draftFrame, p *part, level int, parent string) {
	switch {
	case p.form != nil:
		if slots := t.slots[f.slots : int(f.slots)+f.scope.size]; p.always || p.says(slots) {
			w.fillIn(t, slots, p)
		}
	case p.loops != nil:
		w.loops(t, f, p.loops, level)
	case p.list:
		w.list(t, f, p)
	case p.row:
		w.rows(t, f, p)
	case p.head && f.scope.tree != nil:
		w.treeHead(t, f, p, level, parent)
	default:
		w.once(t, f, p)
	}
}

func (w *pen) loops(t *draft, f *draftFrame, loops []*rule, level int) {
	for _, r := range loops {
		for n := t.slots[int(f.slots)+r.slot].from; n != 0; n = t.links[n].next {
			own, parent := w.numbers(r, level)
			w.object(t, t.links[n].frame, own, parent)
		}
	}
}

// numbers gives a round its number in a tree, if it stands in one, and that of
// the round around it.
func (w *pen) numbers(r *rule, level int) (own int, parent string) {
	if level > 0 {
		parent = strconv.Itoa(level)
	}
	if r.tree == nil {
		return level, parent
	}
	w.levels++
	return w.levels, parent
}

// treeHead writes the segment that begins a round of a tree.
func (w *pen) treeHead(t *draft, f *draftFrame, p *part, level int, parent string) {
	w.gather(t, f, p)
	tr := f.scope.tree
	w.put(fill{cell{tr.id, 0}, w.decimal(level)})
	if parent != "" {
		w.put(fill{cell{tr.parent, 0}, w.make(parent)})
	}
	if tr.children > 0 {
		more := "0"
		for _, r := range f.scope.inner {
			if r.tree != nil && t.slots[int(f.slots)+r.slot].to != 0 {
				more = "1"
			}
		}
		w.put(fill{cell{tr.children, 0}, w.make(more)})
	}
	w.write(p)
}

func (w *pen) list(t *draft, f *draftFrame, p *part) {
	r := p.values[0]
	for n := t.slots[int(f.slots)+r.slot].from; n != 0; n = t.links[n].next {
		w.line = w.line[:0]
		for _, c := range p.cells {
			w.put(fill(c))
		}
		w.valueOf(r, t.textOf(t.links[n].text))
		w.write(p)
	}
}

// rows writes the segments that the values of rows need, each with what else
// stands in the segment.
func (w *pen) rows(t *draft, f *draftFrame, p *part) {
	next := make([]uint32, len(p.values))
	for i, r := range p.values {
		if r.list {
			next[i] = t.slots[int(f.slots)+r.slot].from
		}
	}
	for more := true; more; {
		said := w.gather(t, f, p)
		more = false
		for i, r := range p.values {
			if !r.list {
				continue
			}
			for n := range r.place.row() {
				if next[i] == 0 {
					break
				}
				w.put(fill{cell{n, 0}, t.textOf(t.links[next[i]].text)})
				next[i], said = t.links[next[i]].next, true
			}
			more = more || next[i] != 0
		}
		if w.besides(p); said {
			w.write(p)
		}
	}
}

// once writes a segment if there is anything to say in it.
func (w *pen) once(t *draft, f *draftFrame, p *part) {
	said := w.gather(t, f, p)
	for _, c := range p.computed {
		if v := w.compute(t, c); v != nil {
			w.put(fill{c.place.cell, v})
			said = true
		}
	}
	if said || p.head || p.must {
		w.write(p)
	}
}

// gather collects what a segment says, and tells whether that is more than what
// chooses it.
func (w *pen) gather(t *draft, f *draftFrame, p *part) bool {
	w.line, w.made = w.line[:0], w.made[:0]
	for _, c := range p.cells {
		w.put(fill(c))
	}
	said := false
	for _, r := range p.values {
		if text := t.slots[int(f.slots)+r.slot]; text.to != 0 && r.place.spread.last == 0 {
			w.valueOf(r, t.textOf(text))
			said = true
		}
	}
	w.besides(p)
	return said
}

// besides puts the constants that stand beside values.
func (w *pen) besides(p *part) {
	for i := range p.beside {
		if c := &p.beside[i]; w.stands(c.with) && !w.stands(c.place.cell) {
			w.put(fill{c.place.cell, []byte(c.value)})
		}
	}
}

// stands tells whether the line has something in a cell.
func (w *pen) stands(c cell) bool {
	for i := range w.line {
		if w.line[i].cell == c {
			return true
		}
	}
	return false
}

func (w *pen) valueOf(r *rule, text []byte) {
	if r.place.pairs == nil {
		w.put(fill{r.place.cell, text})
		return
	}
	p := r.place.pairs
	for e := r.place.element; e <= p.last; e += p.step {
		if at := p.at(e); !w.taken(e) && !w.taken(at.element) {
			w.put(fill{at, p.first})
			w.put(fill{cell{e, r.place.component}, text})
			return
		}
	}
	w.fail(noRoom(r))
}

func (w *pen) taken(element int) bool {
	for i := range w.line {
		if w.line[i].element == element {
			return true
		}
	}
	return false
}

// put keeps the line in the order of its cells. A cell has one text.
func (w *pen) put(f fill) {
	i := len(w.line)
	if i == 0 || w.line[i-1].element < f.element {
		w.line = append(w.line, f)
		return
	}
	for i > 0 && (w.line[i-1].element > f.element || w.line[i-1].element == f.element && w.line[i-1].component > f.component) {
		i--
	}
	if i > 0 && w.line[i-1].cell == f.cell {
		w.line[i-1].text = f.text
		return
	}
	w.line = append(w.line, fill{})
	copy(w.line[i+1:], w.line[i:])
	w.line[i] = f
}

func (w *pen) write(p *part) {
	w.note(p)
	w.hashLine(p)
	if p.asks() {
		w.ask(p)
	}
	w.segment(p.use.ID)
}

// note counts a segment and where it stands.
func (w *pen) note(p *part) {
	if p.counter >= 0 {
		w.tally[p.counter]++
	}
	w.script = append(w.script, p.path)
	w.doubtful = w.doubtful || p.doubtful
}

// segment writes the line behind a tag.
func (w *pen) segment(tag string) {
	w.segments++
	b := append(append(w.out, w.gap...), tag...)
	element, component := 0, 1
	for i := range w.line {
		f := &w.line[i]
		for ; element < f.element; element++ {
			b = append(b, w.delims.Element)
			component = 1
		}
		for ; component < f.component; component++ {
			b = append(b, w.delims.Component)
		}
		b = w.text(b, tag, f)
	}
	w.out = append(b, w.delims.Terminator...)
}

func (w *pen) text(b []byte, tag string, f *fill) []byte {
	for i, c := range f.text {
		if !w.special[c] {
			continue
		}
		if w.delims.Release == 0 {
			w.fail(separates(tag, f.element, string(f.text), &w.delims))
			return b
		}
		b, _ = w.delims.Escape(append(b, f.text[:i]...), f.text[i:])
		return b
	}
	return append(b, f.text...)
}

func (w *pen) fail(err error) { w.err = errors.Join(w.err, err) }
