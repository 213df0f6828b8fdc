package edi

// cursor is how far a segment is read: at is the place in the window, n the
// number of elements that are complete, blunt whether there are more of them
// than there may be.
type cursor struct {
	at, n int
	blunt bool
}

// run moves on to the next release character or terminator and tells whether
// there is one in w; if not, it stops at the end of w, or where out is full.
//
// Elements have four bytes on average, too few for a branch at each separator
// to be foreseen. So every byte is treated alike: it writes down where the
// element at hand would end, and what is written stays if it was a separator.
func (c *cursor) run(w []byte, from int, m *marks, out []End) bool {
	at, n, all := c.at, c.n, uint64(0)
	found := false
	for ; uint(at) < uint(len(w)); at++ {
		b := m[w[at]]
		if b&markEnd != 0 {
			found = true
			break
		}
		if uint(n) >= uint(len(out)) {
			break
		}
		all |= b
		out[n] = End(at - from)
		n += int(b >> 62 & 1)
	}
	c.at, c.n, c.blunt = at, n, c.blunt || all&markBlunt != 0
	return found
}

// blunt is the table for a segment that has more elements than it may: what
// separates elements is ordinary there.
func (r *Reader) blunt() *marks {
	m := *r.marks
	m[r.delims.Element] = markBlunt
	return &m
}

// classOf ORs the classes of the bytes of an element, or of more than one.
func (m *marks) classOf(value []byte) Class {
	all := uint64(0)
	for i := 0; i < len(value); i++ {
		b := m[value[i]]
		if b&markEnd != 0 {
			if b == markRelease {
				all |= uint64(Released) << classShift
				i++ // what is released is no delimiter, whatever it looks like
			}
			if b = 0; i < len(value) {
				b = uint64(plainClasses[value[i]]) << classShift
			}
		}
		all |= b
	}
	return Class(all >> classShift & (1<<16 - 1))
}
