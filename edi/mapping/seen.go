package mapping

import (
	"bytes"
	"encoding/binary"
	"math/bits"

	"fondaco/edi"
)

// seen is a segment of a document, as it was read or as it was changed.
type seen struct {
	source *edi.Segment
	doc    *segment
	number int32
	// Of a segment that can be read where it lies, as nearly all can: its bytes,
	// where its elements end, and the component separator.
	text []byte
	ends []edi.End
	sep  byte
	kept uint32 // where the tape has the text, counted from 1
	// quick tells that the text has no release characters, and nothing else that
	// makes an element other than its bytes; parts that this is so with components, too.
	quick, parts bool
	plain        bool   // JSON has all of the text as it is
	first        uint64 // element 1, packed, if quick
}

// look makes a segment ready to be read where it lies.
func (s *seen) look(source *edi.Segment, number int32, release bool, sep byte) {
	s.source, s.doc, s.number, s.kept = source, nil, number, 0
	most := source.Most()
	s.quick = !release || most&edi.Released == 0
	if !s.quick {
		s.parts, s.first = false, 0
		return
	}
	s.text, s.ends = source.Layout()
	s.parts, s.sep = most&(edi.Released|edi.Repeated) == 0, sep
	s.plain = most&(edi.Basic|edi.Extended|edi.Control|edi.High) == 0 || isPlain(s.text)
	if s.first = 0; len(s.ends) > 1 {
		s.first = s.pack(int(s.ends[0])+1, int(s.ends[1]))
	}
}

// pack is what [pack] makes of a part of the text, eight bytes at a time where
// the text goes on.
func (s *seen) pack(from, to int) uint64 {
	n := uint(to - from)
	if n > 7 {
		return 0
	}
	if from+8 > len(s.text) {
		return pack(s.text[from:to])
	}
	w := binary.LittleEndian.Uint64(s.text[from : from+8])
	return w&(1<<(8*n)-1) | uint64(n)<<56
}

// packed is what stands in a cell, by [pack].
func (t *tape) packed(s *seen, element, component int) uint64 {
	if element == 1 && component == 0 && s.first != 0 {
		return s.first
	}
	if s.quick && (component == 0 || s.parts) {
		from, to := s.span(element, component)
		return s.pack(from, to)
	}
	return pack(t.cell(s, element, component))
}

// span is where in the text a cell stands, for a segment that is quick, and with
// a component one that has parts.
func (s *seen) span(element, component int) (from, to int) {
	if element < 1 || element >= len(s.ends) {
		return 0, 0
	}
	from, to = int(s.ends[element-1])+1, int(s.ends[element])
	if component == 0 {
		return from, to
	}
	for i := from; i < to; i++ {
		if s.text[i] != s.sep {
			continue
		}
		if component--; component == 0 {
			return from, i
		}
		from = i + 1
	}
	if component > 1 {
		return 0, 0
	}
	return from, to
}

// keep puts the text of a segment onto the tape, where its values then are.
func (t *tape) keep(s *seen) uint32 {
	if s.kept == 0 {
		s.kept = uint32(len(t.text)) + 1
		t.text = append(t.text, s.text...)
	}
	return s.kept - 1
}

// cell is what stands in a cell, without release characters; valid until the
// next call.
func (t *tape) cell(s *seen, element, component int) []byte {
	if s.quick && (component == 0 || s.parts) {
		from, to := s.span(element, component)
		return s.text[from:to]
	}
	if s.doc != nil && s.doc.elements != nil {
		return []byte(s.doc.text(element, component))
	}
	src := s.source
	v := src.Element(element)
	if component > 0 {
		if src.Class(element)&(edi.Repeated|edi.Composed) != 0 {
			v = src.Part(element, 1, component)
		} else if component > 1 {
			return nil
		}
	}
	if t.release != 0 && bytes.IndexByte(v, t.release) >= 0 {
		t.plain = src.Delimiters().Unescape(t.plain[:0], v)
		return t.plain
	}
	return v
}

// isPlain tells whether JSON has a text as it is.
func isPlain(s []byte) bool { return plainLength(s) == len(s) }

// plainLength is how many bytes come before the first one that JSON does not have
// as it is. It looks at eight at a time: at those below a space, the quote, the
// backslash, DEL and what is no ASCII.
func plainLength(s []byte) int {
	const low, top = 0x0101010101010101, 0x8080808080808080
	n := 0
	for ; len(s)-n >= 8; n += 8 {
		w := binary.LittleEndian.Uint64(s[n:])
		quotes, slashes, ends := w^(low*'"'), w^(low*'\\'), w^(low*0x7f)
		// A byte that is less than what is taken from it gets its top bit set. It may
		// borrow from those above it, but the lowest of the bits is right.
		if found := (w | (w - low*' ') | (quotes-low)&^quotes | (slashes-low)&^slashes | (ends-low)&^ends) & top; found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for n < len(s) && plain[s[n]] {
		n++
	}
	return n
}
