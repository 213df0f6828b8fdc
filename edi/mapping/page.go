package mapping

import "slices"

// page is what is printed of a round that went a known way: what stands between
// its values is known, and lies ready.
type page []phrase

// phrase is a text and the value behind it.
type phrase struct {
	rule   *rule // of the value
	text   [longPhrase]byte
	cut    int32 // the value, among those of the round
	size   uint8 // of text
	kind   phraseKind
	signed bool // the round says that the value is negative
}

// longPhrase is how long the text of a phrase can be; what is longer takes several.
const longPhrase = 32

type phraseKind uint8

const (
	phraseText   phraseKind = iota // a value that stands in the record as in the document
	phraseFigure                   // a number that no condition makes negative
	phraseOther
	phraseBare // no value
)

// print prints the round that is held back, as an entry of its list or in its slot.
// False means that it has to be read: something in it is wrong.
func (t *tape) print(g *page) bool {
	h := &t.held
	first := h.kept[0].pace
	if first.rule == nil {
		return true
	}
	at := t.frames[t.stack[h.depth-1].frame].slots + int32(first.rule.slot)
	if sl := &t.slots[at]; !first.rule.list && sl.head != 0 && sl.rank <= first.rank {
		return true
	}
	from := uint32(len(t.text))
	if !t.phrases(*g) {
		t.text = t.text[:from]
		t.record++ // what is known of values may lie in what was taken back
		return false
	}
	n := t.add(at, first.rule.list, first.rank)
	n.frame, n.from, n.to, n.seg, n.at, n.plain = printed, from, uint32(len(t.text)), h.kept[0].number, cell8{}, true
	return true
}

// printed is the frame of a node that is an object already printed, as text.
const printed = -1

// phrases writes all phrases. Texts and values are copied as a whole number of
// bytes, with what stands behind them, and that is written over.
func (t *tape) phrases(g page) bool {
	h := &t.held
	n, b, texts := len(t.text), t.text[:cap(t.text)], h.text[:cap(h.text)]
	for i := range g {
		k := &g[i]
		if len(b)-n < longPhrase+chunk {
			b = slices.Grow(b[:n], 1<<12)
			b = b[:cap(b)]
		}
		*(*[longPhrase]byte)(b[n:]) = k.text
		n += int(k.size)
		if k.kind == phraseBare {
			continue
		}
		c := h.cuts[k.cut]
		from, to := int(c.from), int(c.to)
		end := to
		if k.kind != phraseText {
			if end = 0; k.kind == phraseFigure {
				end = figureEnd(h.text, from, to)
			}
			if end == 0 {
				t.text = b[:n]
				if !t.phrase(k, h.text[from:to]) {
					return false
				}
				n, b = len(t.text), t.text[:cap(t.text)]
				continue
			}
		}
		if end-from <= chunk && from+chunk <= len(texts) {
			*(*[chunk]byte)(b[n:]) = *(*[chunk]byte)(texts[from:])
			n += end - from
			continue
		}
		b = append(b[:n], texts[from:end]...)
		n, b = len(b), b[:cap(b)]
	}
	t.text = b[:n]
	return true
}

// phrase writes a value that stands in the record otherwise than in the document.
// False means that it cannot be read.
func (t *tape) phrase(k *phrase, raw []byte) bool {
	var last *conversion
	var text short
	if k.rule.remembered() {
		last, text = &t.values[k.rule.number], shortOf(raw)
		if text.size > 0 && last.short == text && last.record == t.record {
			t.text = append(t.text, t.text[last.from:last.to]...)
			return last.from < last.to
		}
	}
	from := len(t.text)
	if k.signed {
		t.text = append(t.text, '-')
	}
	value := len(t.text)
	if err := t.decode(k.rule, raw); err != nil || len(t.text) == value {
		return false
	}
	switch {
	case last != nil:
		last.short, last.record, last.from, last.to = text, t.record, uint32(from), uint32(len(t.text))
	case k.signed && !isPositive(t.text[value:]):
		t.text = append(t.text[:from], t.text[value:]...)
	}
	return true
}
