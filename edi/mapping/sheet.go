package mapping

import (
	"encoding/binary"
	"slices"
)

// sheet is how an object is written that says certain of its fields: what stands
// between its values is then known, and lies ready. A pen makes a sheet when it
// meets such an object for the second time.
type sheet struct {
	said    uint64 // as draftFrame has it; zero where nothing was met
	missed  int    // how often another one was wanted in its place
	strokes []stroke
}

// stroke is a text and what comes behind it.
type stroke struct {
	kind strokeKind
	size uint8 // of text
	text [longStroke]byte
	slot int   // of the value
	part *part // to which that belongs, or that is written by itself
	cell       // of the value
	note *note
}

// longStroke is how long the text of a stroke can be; what is longer takes several.
const longStroke = 24

type strokeKind uint8

const (
	strokeValue  strokeKind = iota
	strokeNumber            // a value in which no delimiter can be
	strokeText              // nothing
	strokeNote
	strokePart
)

// note is what is kept in mind of segments that follow one another.
type note struct {
	paths    []uint16
	counters []int
	hashes   []hashNote
	doubtful bool
}

// hashNote is a value of which a hash total is made.
type hashNote struct{ number, slot int }

// shelf has the sheets for the objects of a scope.
type shelf [1 << shelfBits]sheet

const shelfBits = 4

// mostMissed is how often something else is wanted before a sheet makes room.
const mostMissed = 8

// sheetOf finds the sheet for an object, nil if there is none yet.
func (w *pen) sheetOf(f *draftFrame) *sheet {
	sh := w.shelves[f.scope.number]
	if sh == nil {
		if f.scope.size > maskBits {
			return nil
		}
		sh = new(shelf)
		w.shelves[f.scope.number] = sh
	}
	s := &sh[f.said*0x9e3779b97f4a7c15>>(64-shelfBits)]
	switch {
	case s.said != f.said:
		if s.missed++; s.said == 0 || s.missed > mostMissed {
			*s = sheet{said: f.said}
		}
		return nil
	case s.strokes == nil:
		s.strokes = w.strokesOf(f)
	}
	return s
}

// draw writes an object by a sheet. Texts and values are copied chunk bytes at a
// time, with what stands behind them, and that is written over.
func (w *pen) draw(t *draft, f *draftFrame, s *sheet, level int, parent string) {
	slots, all := t.slots[f.slots:int(f.slots)+f.scope.size], t.text[:cap(t.text)]
	n, b := len(w.out), w.out[:cap(w.out)]
	for i := range s.strokes {
		k := &s.strokes[i]
		if len(b)-n < longStroke+chunk {
			b = slices.Grow(b[:n], 1<<12)
			b = b[:cap(b)]
		}
		*(*[longStroke]byte)(b[n:]) = k.text
		n += int(k.size)
		if k.kind > strokeNumber {
			w.out = b[:n]
			w.besideValues(t, f, k, level, parent)
			n, b = len(w.out), w.out[:cap(w.out)]
			continue
		}
		v := slots[k.slot]
		from, size := int(v.from), int(v.to-v.from)
		if size <= chunk && from+chunk <= len(all) {
			text := all[from : from+chunk]
			*(*[chunk]byte)(b[n:]) = *(*[chunk]byte)(text)
			if k.kind == strokeNumber || w.clean(text, size) {
				n += size
				continue
			}
		}
		w.out = b[:n]
		w.value(k.part.use.ID, k.cell, all[from:from+size])
		n, b = len(w.out), w.out[:cap(w.out)]
	}
	w.out = b[:n]
}

// besideValues does what a stroke does other than to write a value.
func (w *pen) besideValues(t *draft, f *draftFrame, k *stroke, level int, parent string) {
	switch k.kind {
	case strokeValue, strokeNumber, strokeText:
	case strokePart:
		w.part(t, f, k.part, level, parent)
	case strokeNote:
		w.segments += len(k.note.paths)
		w.script = append(w.script, k.note.paths...)
		w.doubtful = w.doubtful || k.note.doubtful
		for _, n := range k.note.counters {
			w.tally[n]++
		}
		for _, h := range k.note.hashes {
			w.hashes[h.number].add(t.textOf(t.slots[int(f.slots)+h.slot]))
		}
	}
}

// clean tells that the first bytes of a text are ASCII and no delimiters; it has
// memory for chunk bytes. Of a text that is not clean, w.value finds out more.
func (w *pen) clean(text []byte, size int) bool {
	d := &w.free
	a := binary.LittleEndian.Uint64(text)
	if size <= 8 {
		return !d.may(a & (1<<(8*size) - 1))
	}
	b := binary.LittleEndian.Uint64(text[8:16])
	return !d.may(a) && !d.may(b&(1<<(8*size-64)-1))
}

// may tells whether one of the delimiters may be in a word: of a byte that is one
// of them the top bit is set, and of one that is no ASCII.
func (d *delimiterWords) may(w uint64) bool {
	return ((w^d[0]-ones)|(w^d[1]-ones)|(w^d[2]-ones)|(w^d[3]-ones)|(w^d[4]-ones))&tops != 0
}
