package edi

import (
	"bytes"
	"encoding/binary"
)

// dash is how much of a segment the quick way reads, so that the number of its
// elements fits into a byte: nearly all segments are shorter.
const dash = 256

// glimpse is what is seen of a segment when it is passed by.
type glimpse struct {
	size     int   // of it without terminator, negative if that is not in sight
	elements int   // that it has
	most     Class // that its bytes can have, those aside that make it odd
	odd      bool  // there are release characters in it, or others that are rare
}

// quickly returns the next segment if there is nothing unusual about it and the
// buffer holds it whole, else nil, having changed nothing.
func (r *Reader) quickly() *Segment {
	w := r.buf[r.start:r.end]
	gap := 0
	for gap < len(w) && r.isGap[w[gap]] {
		gap++
	}
	if len(w) < gap+4 {
		return nil
	}
	known := r.told(w[gap:])
	if known.lead == unusual {
		return nil
	}
	g := r.glimpse(w, gap)
	n, end := g.elements, gap+g.size
	if g.size < 0 || g.size > r.opt.MaxSegment || n > r.opt.MaxElements {
		return nil
	}
	r.room[n] = End(g.size)
	if r.suspect(w[gap:end], n) && r.mayHold(w[gap:end], r.room[:n+1]) {
		return nil
	}
	s := &r.seg
	if !s.clean {
		r.tidy()
	}
	s.fields, s.buf, s.most = r.room[:n+1:n+1], w[:end+1:end+1], g.most
	s.tag, s.gap, s.end, s.charted = known.tag, gap, end, false
	s.pos.Offset, s.pos.Line = r.offset+int64(gap), 0
	r.start += end + 1
	r.offset += int64(end + 1)
	if g.odd {
		s.most = r.marks.classOf(s.Body())
	}
	s.role = content
	if known.lead == envelop {
		s.role = roleOf(r.std, known.tag)
	}
	s.env = r.env.pass(s.role)
	return s
}

// tidy sets what is the same for all segments in a row that are read quickly.
func (r *Reader) tidy() {
	s := &r.seg
	s.kind, s.overlong, s.more, s.wrongSize, s.unwrapped, s.clean = Data, false, false, false, false, true
	s.data, s.marks = 0, r.marks
	r.fields, r.una = s.fields[:0], false
}

// suspect tells whether a segment of n elements is of those that have swallowed
// a header, if any has.
func (r *Reader) suspect(body []byte, n int) bool {
	if r.std == EDIFACT {
		return n > 3 || len(body) > 11 && body[len(body)-8] == 'U'
	}
	return n > 15
}

// glimpse finds the end of the segment that begins with w[gap], and where its
// elements end.
func (r *Reader) glimpse(w []byte, gap int) glimpse {
	body := w[gap:min(len(w), gap+dash)]
	size := bytes.IndexByte(body, r.delims.Terminator[0])
	if size < 0 {
		return glimpse{size: -1}
	}
	g, marks := separators(body[:size], r.marks, &r.room)
	if marks&markEnd != 0 {
		r.work += int64(len(body))
		return r.released(body)
	}
	return g
}

// separators writes down where in body the elements end, four bytes at a time,
// and returns the marks of all bytes. Every byte is treated alike, as in run.
func separators(body []byte, m *marks, out *[dash]End) (glimpse, uint64) {
	at, n, all := 0, uint8(0), uint64(0)
	for ; at <= len(body)-4; at += 4 {
		w4 := body[at : at+4 : at+4]
		b := m[w4[0]]
		all |= b
		out[n] = End(at)
		n += uint8(b >> 62)
		b = m[w4[1]]
		all |= b
		out[n] = End(at + 1)
		n += uint8(b >> 62)
		b = m[w4[2]]
		all |= b
		out[n] = End(at + 2)
		n += uint8(b >> 62)
		b = m[w4[3]]
		all |= b
		out[n] = End(at + 3)
		n += uint8(b >> 62)
	}
	for ; at < len(body); at++ {
		b := m[body[at]]
		all |= b
		out[n] = End(at)
		n += uint8(b >> 62)
	}
	return glimpse{size: len(body), elements: int(n), most: Class(all >> classShift)}, all
}

// released does what separators does for a segment that begins with w and holds
// release characters.
func (r *Reader) released(w []byte) glimpse {
	m, out, n := r.marks, &r.room, uint8(0)
	for at := 0; at < len(w); at++ {
		b := m[w[at]]
		if b&markEnd == 0 {
			out[n] = End(at)
			n += uint8(b >> 62)
			continue
		}
		if b != markRelease {
			return glimpse{size: at, elements: int(n), odd: true}
		}
		at++
	}
	return glimpse{size: -1}
}

// lead is what the first bytes of a segment tell of it.
type lead uint8

const (
	ordinary lead = iota // an ordinary segment
	envelop              // one that may open or close an envelope
	unusual
	unknown
)

// leadBits is the size of the table of what the first bytes of segments told.
const leadBits = 8

// told is what usual has said of four bytes: few different ones begin the
// segments of a file.
type told struct {
	first uint32
	tag   Tag
	lead  lead
}

// heard is the table of what was told. An entry that is zero is right but for
// four zero bytes.
type heard [1 << leadBits]told

// forget empties the table.
func (h *heard) forget() {
	*h = heard{}
	h[0].lead = unusual
}

// told tells what the segment that begins with w is.
func (r *Reader) told(w []byte) *told {
	first := binary.LittleEndian.Uint32(w)
	t := &r.leads[first*0x9e3779b1>>(32-leadBits)]
	if t.first != first {
		t.first = first
		t.tag, t.lead = r.usual(w)
	}
	return t
}

// usual tells whether a segment that begins with b has a plain tag, and is none
// of those that need care.
func (r *Reader) usual(b []byte) (Tag, lead) {
	if len(b) < 4 || plainClasses[b[0]]&Upper == 0 || plainClasses[b[1]]&(Upper|Digit) == 0 {
		return 0, unusual
	}
	tag := Tag(b[0])<<8 | Tag(b[1])
	if b[2] != r.delims.Element {
		if plainClasses[b[2]]&(Upper|Digit) == 0 || r.marks[b[3]] != markElement && r.marks[b[3]] != markTerminator {
			return 0, unusual
		}
		tag = tag<<8 | Tag(b[2])
	} else if r.std != X12 {
		return 0, unusual
	}
	switch b[0] {
	case 'I', 'B', 'U', 'G', 'S':
		return tag, leadOf(tag)
	}
	return tag, ordinary
}

// leadOf tells of a tag what the lexer has to know before it reads on.
func leadOf(t Tag) lead {
	switch t {
	case ISA, IEA, ISX, BIN, BDS, STX, UNA, UNB, UNZ, UIB, UIZ:
		return unusual
	case GS, GE, ST, SE, UNG, UNE, UNH, UNT, UIH, UIT:
		return envelop
	}
	return ordinary
}
