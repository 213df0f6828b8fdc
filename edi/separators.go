package edi

import "encoding/binary"

// Separators tells where the smallest parts of a segment end, by a bit for each
// byte of the text of Layout, the lowest for the first: elements, and in composites
// their components. A bit is set for each separator that is not released and for
// the place behind the last byte.
//
// It is for loops that look at every value of every segment, and costs next to
// nothing where the Reader has drawn maps of the separators. False means that it
// has none of this segment, or that the segment has repetitions or 64 bytes or more.
func (s *Segment) Separators() (uint64, bool) {
	end := uint(s.end - s.gap)
	if !s.charted || end >= 64 || s.most&Repeated != 0 {
		return 0, false
	}
	c := &s.reader.chart
	at := int(s.pos.Offset - c.from)
	elements, components := c.maps[mapElements][at/8:], c.maps[mapComponents][at/8:]
	w := (binary.LittleEndian.Uint64(elements) | binary.LittleEndian.Uint64(components)) >> (at % 8)
	w |= uint64(elements[8]|components[8]) << 1 << (63 - at%8)
	return w&(1<<end-1) | 1<<end, true
}
