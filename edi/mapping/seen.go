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
	// quick tells that an element is its bytes, and parts that a component is. Where
	// there are release characters, they are to be left out.
	quick, parts, released bool
	// mask has a bit for each byte where an element or a component ends, if the
	// reader knows; else last is the component that was found last.
	mask  uint64
	last  cut
	plain bool // JSON has all of the text as it is
	// composed tells that there may be components.
	composed bool
	// first is element 1, packed, and head its first component, if there are no
	// release characters.
	first, head uint64
}

// look makes a segment ready to be read where it lies; seps are its separators, if
// somebody knows them.
func (s *seen) look(source *edi.Segment, seps uint64, number int32, release, sep byte) {
	s.source, s.doc, s.number, s.kept, s.last = source, nil, number, 0, cut{}
	most := source.Most()
	s.text, s.ends = source.Layout()
	s.released, s.sep = release != 0 && most&edi.Released != 0, sep
	if s.mask = seps; seps == 0 && (s.released || most&edi.Composed != 0) {
		s.mask, _ = source.Separators()
	}
	s.quick, s.parts = true, most&edi.Repeated == 0 && (!s.released || s.mask != 0)
	s.plain = most&(edi.Basic|edi.Extended|edi.Control|edi.High) == 0 || isPlain(s.text)
	s.composed, s.first, s.head = most&edi.Composed != 0, 0, 0
}

// lead packs the first element, which most rules look at.
func (s *seen) lead() {
	if len(s.ends) > 1 && !s.released {
		from := int(s.ends[0]) + 1
		s.first = s.pack(from, int(s.ends[1]))
		if s.mask != 0 {
			s.head = s.pack(from, from+bits.TrailingZeros64(s.mask>>from))
		}
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
		if to < 8 {
			return pack(s.text[from:to])
		}
		return binary.LittleEndian.Uint64(s.text[to-8:to])>>(64-8*n) | uint64(n)<<56
	}
	w := binary.LittleEndian.Uint64(s.text[from : from+8])
	return w&(1<<(8*n)-1) | uint64(n)<<56
}

// packed is what stands in a cell, by [pack].
func (t *tape) packed(s *seen, element, component int) uint64 {
	switch {
	case element != 1:
	case component == 0 && s.first != 0:
		return s.first
	case component == 1 && s.head != 0:
		return s.head
	}
	if s.quick && (component == 0 || s.parts) && !s.released {
		from, to := s.span(element, component)
		return s.pack(from, to)
	}
	return pack(t.cell(s, element, component))
}

// span is where in the text a cell stands, with its release characters, for a
// segment that is quick, and with a component one that has parts.
func (s *seen) span(element, component int) (from, to int) {
	if element < 1 || element >= len(s.ends) {
		return 0, 0
	}
	from, to = int(s.ends[element-1])+1, int(s.ends[element])
	if component == 0 {
		return from, to
	}
	return s.part(from, to, component)
}

// part is where in the text a component of the element stands that is there from
// from to to. Components are mostly asked for one after the other, so it goes on
// behind the last one that it found.
func (s *seen) part(from, to, component int) (int, int) {
	if s.mask != 0 {
		return s.masked(from, to, component)
	}
	element, found := from, 0
	if s.last.element == from && s.last.component < component {
		from, found = s.last.next, s.last.component
	}
	for i := from; i < to; i += 8 {
		for seps := s.seps(i, to); seps != 0; seps &= seps - 1 {
			at := i + bits.TrailingZeros64(seps)/8
			if at >= to {
				break
			}
			if found++; found == component {
				s.last = cut{element, component, at + 1}
				return from, at
			}
			from = at + 1
		}
	}
	if component > found+1 {
		return 0, 0
	}
	return from, to
}

// masked is [seen.part] by the mask.
func (s *seen) masked(from, to, component int) (int, int) {
	ends := s.mask >> from
	for ; component > 1; component-- {
		n := bits.TrailingZeros64(ends) + 1
		if from += n; from > to {
			return 0, 0
		}
		ends >>= n
	}
	return from, from + bits.TrailingZeros64(ends)
}

// seps has the top bits of those of the eight bytes from i on that are separators
// of components; what there is from to on is of no matter.
func (s *seen) seps(i, to int) uint64 {
	var w uint64
	switch {
	case i+8 <= len(s.text):
		w = binary.LittleEndian.Uint64(s.text[i : i+8])
	case to >= 8: // and less than eight bytes are left
		w = binary.LittleEndian.Uint64(s.text[to-8:to]) >> (8 * (8 - to + i))
	default:
		var rest [8]byte
		copy(rest[:], s.text[i:to])
		w = binary.LittleEndian.Uint64(rest[:])
	}
	w ^= ones * uint64(s.sep)
	return ^((w&^tops + ^uint64(tops)) | w) & tops
}

// units adds where tag, elements without components, and components end.
func (s *seen) units(list []edi.End) []edi.End {
	if s.mask != 0 {
		for ends := s.mask; ends != 0; ends &= ends - 1 {
			list = append(list, edi.End(bits.TrailingZeros64(ends)))
		}
		return list
	}
	from := 0
	for _, end := range s.ends {
		for to := int(end); from < to; from += 8 {
			for seps := s.seps(from, to); seps != 0; seps &= seps - 1 {
				if at := from + bits.TrailingZeros64(seps)/8; at < to {
					list = append(list, edi.End(at))
				}
			}
		}
		list, from = append(list, end), int(end)+1
	}
	return list
}

// cut is the end of a component of the element that begins at element, and where
// the next one begins.
type cut struct{ element, component, next int }

// ones has a one in each byte of a word, and tops the top bits of them.
const ones, tops = 0x0101010101010101, 0x8080808080808080

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
		return t.unreleased(s, s.text[from:to])
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
	return t.unreleased(s, v)
}

// unreleased is a value without its release characters.
func (t *tape) unreleased(s *seen, v []byte) []byte {
	if s.released && bytes.IndexByte(v, t.release) >= 0 {
		t.plain = edi.Delimiters{Release: t.release}.Unescape(t.plain[:0], v)
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
	n := 0
	for ; len(s)-n >= 8; n += 8 {
		w := binary.LittleEndian.Uint64(s[n:])
		quotes, slashes, ends := w^(ones*'"'), w^(ones*'\\'), w^(ones*0x7f)
		// A byte that is less than what is taken from it gets its top bit set. It may
		// borrow from those above it, but the lowest of the bits is right.
		if found := (w | (w - ones*' ') | (quotes-ones)&^quotes | (slashes-ones)&^slashes | (ends-ones)&^ends) & tops; found != 0 {
			return n + bits.TrailingZeros64(found)/8
		}
	}
	for n < len(s) && plain[s[n]] {
		n++
	}
	return n
}
