package edi

// charted returns the next segment, which the chart shows, if there is nothing
// unusual about it, else nil.
func (r *Reader) charted() *Segment {
	c, s := &r.chart, &r.seg
	p := &c.spots[c.next%spotCount]
	if p.care != 0 && !r.careful(p) {
		return nil
	}
	c.next++
	if !s.clean {
		r.tidy()
	}
	end := r.start + int(p.end) + 1
	s.fields, s.buf = c.ends[p.first:p.last:p.last], r.buf[r.start:end:end]
	r.start = end
	s.gap, s.end = int(p.gap), int(p.end)
	s.tag, s.most, s.charted = p.tag, mostOf[p.flags%4], true
	s.pos.Offset, s.pos.Line = r.offset+int64(p.gap), 0
	r.offset += int64(p.end) + 1
	if p.care == 0 && r.env.segment > 0 {
		r.env.segment++
		s.role, s.env = content, r.env.place
		return s
	}
	if p.care&careOdd != 0 {
		s.most = r.marks.classOf(s.Body())
	}
	s.role = roleOf(r.std, s.tag)
	s.env = r.env.pass(s.role)
	return s
}

// careful looks closer at the next segment and tells whether there is nothing
// unusual about it.
func (r *Reader) careful(p *spot) bool {
	if p.care&careFar != 0 {
		return false
	}
	c := &r.chart
	body := r.buf[r.start+int(p.gap) : r.start+int(p.end)]
	if p.care&careLead == uint8(unknown) {
		t := r.told(r.buf[r.start+int(p.gap) : r.end])
		p.tag, p.care = t.tag, p.care&^careLead|uint8(t.lead)
	}
	if p.care&careTrap != 0 && r.mayHold(body, c.ends[p.first:p.last]) {
		return false
	}
	return p.care&careLead != uint8(unusual)
}

// mostOf is what classes a segment can have by what there is in it.
var mostOf = [4]Class{
	plainly,
	hasComponents:              plainly | Composed,
	hasSymbols:                 plainly | Basic | Extended,
	hasComponents | hasSymbols: plainly | Basic | Extended | Composed,
}

// rejoin makes the chart show the next segment.
func (r *Reader) rejoin() bool {
	c := &r.chart
	for at := r.offset - c.from; c.left < c.count; c.left++ {
		if there := int64(c.spots[c.left].at); there >= at {
			if there > at {
				break
			}
			c.next, c.left = c.left, c.count
			return true
		}
	}
	return r.draw(r.buf[r.start:r.end])
}

// leave says that something else than the chart finds the next segment.
func (c *chart) leave() {
	if c.next < c.count {
		c.left, c.next = c.next, c.count
	}
}
