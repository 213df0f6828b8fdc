package edi

import (
	"bytes"
	"strings"
)

// dash is how much of a segment the quick way reads, so that the number of its
// elements fits into a byte: nearly all segments are shorter.
const dash = 252

// sprint does what run does for the first bytes of a segment, four at a time.
func sprint(c cursor, w []byte, m *marks, out *[256]field) (cursor, bool) {
	at, n, acc := c.at, uint8(c.n), c.acc
	for ; at <= len(w)-4; at += 4 {
		w4 := w[at : at+4 : at+4]
		b := m[w4[0]]
		if int64(b) < 0 {
			goto done
		}
		acc |= b
		out[n] = field(acc | uint64(at))
		separator := b >> 62
		n += uint8(separator)
		acc &= separator - 1
		b = m[w4[1]]
		if int64(b) < 0 {
			at++
			goto done
		}
		acc |= b
		out[n] = field(acc | uint64(at+1))
		separator = b >> 62
		n += uint8(separator)
		acc &= separator - 1
		b = m[w4[2]]
		if int64(b) < 0 {
			at += 2
			goto done
		}
		acc |= b
		out[n] = field(acc | uint64(at+2))
		separator = b >> 62
		n += uint8(separator)
		acc &= separator - 1
		b = m[w4[3]]
		if int64(b) < 0 {
			at += 3
			goto done
		}
		acc |= b
		out[n] = field(acc | uint64(at+3))
		separator = b >> 62
		n += uint8(separator)
		acc &= separator - 1
	}
	for ; at < len(w); at++ {
		b := m[w[at]]
		if int64(b) < 0 {
			goto done
		}
		acc |= b
		out[n] = field(acc | uint64(at))
		separator := b >> 62
		n += uint8(separator)
		acc &= separator - 1
	}
	return cursor{at, int(n), acc}, false
done:
	return cursor{at, int(n), acc}, true
}

// quickly returns the next segment if there is nothing unusual about it and the
// buffer holds it whole, else nil, having changed nothing.
func (r *Reader) quickly() *Segment {
	w := r.buf[r.start:r.end]
	gap := 0
	for gap < len(w) && r.isGap[w[gap]] {
		gap++
	}
	body := w[gap:min(len(w), gap+r.dash)]
	tag, may := r.usual(body)
	if may == unusual {
		return nil
	}
	c, found := sprint(cursor{}, body, r.marks, &r.room)
	for found && r.marks[body[c.at]] == markRelease {
		if c.at+1 >= len(body) {
			return nil
		}
		c.at++
		c.take(body[c.at])
		c, found = sprint(c, body, r.marks, &r.room)
	}
	if !found || c.n > r.opt.MaxElements {
		return nil
	}
	c.close(r.room[:], 0)
	s := &r.seg
	s.fields = r.room[:c.n+1]
	if (c.n > 15 || r.std == EDIFACT && (c.n > 3 || c.at > 11 && body[c.at-8] == 'U')) && r.mayHold(body[:c.at], s.fields) {
		return nil
	}
	end := gap + c.at
	s.gap, s.end, s.buf = gap, end, w[:end+1:end+1]
	s.pos.Offset, s.pos.Line = r.offset+int64(gap), 0
	s.kind, s.role, s.overlong, s.more, s.wrongSize, s.unwrapped, s.clean = Data, content, false, false, false, false, true
	s.tag = tag
	r.start += end + 1
	r.offset += int64(end + 1)
	if may == envelop {
		s.role = roleOf(r.std, tag)
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
	terminator, at := r.delims.Terminator[0], 0
	for {
		gap := at
		for gap < len(w) && r.isGap[w[gap]] {
			gap++
		}
		if gap == len(w) {
			break
		}
		body := w[gap:]
		if plainClasses[body[0]]&Upper == 0 || strings.IndexByte("IUBGS", body[0]) >= 0 {
			if _, may := r.usual(body); may != ordinary {
				break
			}
		}
		n := bytes.IndexByte(body, terminator)
		if n < 1 || r.delims.Release != 0 && body[n-1] == r.delims.Release {
			break
		}
		at = gap + n + 1
	}
	r.start += at
	r.offset += int64(at)
}
