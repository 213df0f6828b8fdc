package edi

// cursor is how far a segment is read: at is the place in the window, n the
// number of elements that are complete, acc holds the classes of the element at
// hand.
type cursor struct {
	at, n int
	acc   uint64
}

// run moves on to the next release character or terminator and tells whether
// there is one in w; if not, it stops at the end of w, or where out is full.
//
// Elements have four bytes on average, too few for a branch at each separator
// to be foreseen. So every byte is treated alike: it writes down where the
// element at hand would end, and what is written stays if it was a separator.
func (c *cursor) run(w []byte, from int, m *marks, out []field) bool {
	at, n, acc := c.at, c.n, c.acc
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
		acc |= b
		out[n] = field(acc | uint64(at-from))
		separator := b >> 62 & 1
		n += int(separator)
		acc &= separator - 1
	}
	c.at, c.n, c.acc = at, n, acc
	return found
}

// take passes over a byte that is no delimiter, whatever it looks like.
func (c *cursor) take(b byte) {
	c.acc |= uint64(plainClasses[b]) << classShift
	c.at++
}

// close writes down the last element.
func (c *cursor) close(fields []field, from int) {
	fields[c.n] = field(c.acc | uint64(c.at-from))
}

// blunt is the table for a segment that has more elements than it may: what
// separates elements is ordinary there.
func (r *Reader) blunt() *marks {
	m := *r.marks
	m[r.delims.Element] = markBlunt
	return &m
}
