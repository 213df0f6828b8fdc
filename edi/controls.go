package edi

// maxControls bounds what is remembered of one group: beyond it duplicates are
// no longer noticed, and memory does not grow with the file.
const maxControls = 1 << 16

// controls remembers control numbers, without allocating once it has grown.
type controls struct {
	seen  map[[12]byte]struct{}
	begun bool // the envelope that they are counted in began since, so that nothing stands before
}

// clear forgets all. A table that has grown large is dropped, since clearing it
// takes as long as it is large, however little it holds the next time.
func (c *controls) clear() {
	c.begun = true
	if len(c.seen) > 1024 {
		c.seen = nil
		return
	}
	clear(c.seen)
}

// add tells whether n is new. Numbers too long to be valid always are.
func (c *controls) add(n []byte) bool {
	if len(n) == 0 || len(n) > 12 {
		return true
	}
	var k [12]byte
	copy(k[:], n)
	if _, ok := c.seen[k]; ok {
		return false
	}
	if c.seen == nil {
		c.seen = make(map[[12]byte]struct{})
	}
	if len(c.seen) < maxControls {
		c.seen[k] = struct{}{}
	}
	return true
}
