package edi

import (
	"bytes"
	"encoding/binary"
	"strings"
)

// dash is how much of a segment the quick way reads, so that the number of its
// elements fits into a byte: nearly all segments are shorter.
const dash = 256

// glimpse is what separators sees of a segment.
type glimpse struct {
	size     int    // of it without terminator, negative if that is not in sight
	elements int    // that it has
	marks    uint64 // of all its bytes
}

// separators writes down where in body the elements end, four bytes at a time.
// Every byte is treated alike, as in run.
func separators(body []byte, m *marks, out *[dash]End) glimpse {
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
	return glimpse{size: len(body), elements: int(n), marks: all}
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
			return glimpse{size: at, elements: int(n), marks: uint64(allClasses) << classShift}
		}
		at++
	}
	return glimpse{size: -1}
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
	known := &r.leads[binary.LittleEndian.Uint32(w[gap:])*0x9e3779b1>>(32-leadBits)]
	if first := binary.LittleEndian.Uint32(w[gap:]); known.first != first {
		known.first = first
		known.tag, known.lead = r.usual(w[gap:])
	}
	if known.lead == unusual {
		return nil
	}
	body := w[gap:min(len(w), gap+dash)]
	size := bytes.IndexByte(body, r.delims.Terminator[0])
	if size < 0 {
		return nil
	}
	g := separators(body[:size], r.marks, &r.room)
	if g.marks&markEnd != 0 {
		r.work += int64(len(body))
		if g = r.released(body); g.size < 0 {
			return nil
		}
		size = g.size
	}
	n := g.elements
	if size > r.opt.MaxSegment || n > r.opt.MaxElements {
		return nil
	}
	r.room[n] = End(size)
	end := gap + size
	s := &r.seg
	s.fields = r.room[:n+1]
	if (n > 15 || r.std == EDIFACT && (n > 3 || size > 11 && body[size-8] == 'U')) && r.mayHold(body[:size], s.fields) {
		return nil
	}
	s.gap, s.end, s.buf = gap, end, w[:end+1:end+1]
	s.pos.Offset, s.pos.Line = r.offset+int64(gap), 0
	s.kind, s.role, s.overlong, s.more, s.wrongSize, s.unwrapped, s.clean = Data, content, false, false, false, false, true
	s.tag, s.data, s.most, s.marks = known.tag, 0, Class(g.marks>>classShift), r.marks
	r.start += end + 1
	r.offset += int64(end + 1)
	r.una = false
	if known.lead == envelop {
		s.role = roleOf(r.std, known.tag)
	}
	if s.role == content && r.env.segment > 0 {
		r.env.segment++
		s.env = r.env.place
		return s
	}
	s.env = r.env.pass(s.role)
	return s
}

// lead is what the first bytes of a segment tell of it.
type lead uint8

const (
	unusual  lead = iota
	ordinary      // an ordinary segment
	envelop       // one that may open or close an envelope
)

// leadBits is the size of the table of what the first bytes of segments told.
const leadBits = 6

// told is what usual has said of four bytes: few different ones begin the
// segments of a file. The zero value is right for four zero bytes.
type told struct {
	first uint32
	tag   Tag
	lead  lead
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

// skim passes over ordinary segments, as many as the buffer holds. It takes a
// segment for ordinary by its first letter, if no envelope begins with it.
func (r *Reader) skim() {
	w := r.buf[r.start:r.end]
	terminator, release, at := r.delims.Terminator[0], r.delims.Release, 0
	for {
		gap := at
		for gap < len(w) && r.isGap[w[gap]] {
			gap++
		}
		if gap == len(w) {
			break
		}
		body := w[gap:]
		if !leadsNowhere[body[0]] {
			if _, may := r.usual(body); may != ordinary {
				break
			}
		}
		n := bytes.IndexByte(body, terminator)
		if n < 1 || release != 0 && body[n-1] == release {
			break
		}
		at = gap + n + 1
	}
	r.start += at
	r.offset += int64(at)
}

// leadsNowhere are the letters that no tag begins with which the lexer has to
// know.
var leadsNowhere = func() (t [256]bool) {
	for b := byte('A'); b <= 'Z'; b++ {
		t[b] = strings.IndexByte("IUBGS", b) < 0
	}
	return t
}()
