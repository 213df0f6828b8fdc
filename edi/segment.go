package edi

import (
	"bytes"
	"iter"
)

// Kind says what a Segment stands for.
type Kind uint8

const (
	// Data is a segment: a tag, elements and, unless the input was cut, a terminator.
	Data Kind = iota + 1
	// Filler is what stands outside of every interchange: white space at the
	// end of the file, a mail header, text between two interchanges.
	Filler
	// Fragment continues a segment that was longer than Options.MaxSegment.
	Fragment
)

// Segment is one segment of the input with the bytes before it. It is valid
// until the Reader that returned it is asked for the next one; Clone keeps it.
//
// Elements are counted from 1, as X12 and EDIFACT count them, and are returned
// as slices of the input, release characters included: Text removes those.
// An element that is not there is nil; an empty one is not nil and has length 0.
type Segment struct {
	kind      Kind
	role      role
	overlong  bool
	more      bool  // more elements than Options.MaxElements; the last one holds the rest
	wrongSize bool  // its binary data does not end where its length says
	unwrapped bool  // text is in use
	clean     bool  // nothing is unusual about it
	most      Class // all classes that there can be
	standard  Standard
	charted   bool // the chart shows it
	tag       Tag
	env       place
	pos       Position // a line of zero is not yet counted
	delims    *Delimiters
	buf       []byte  // gap, body, terminator
	gap, end  int     // body is buf[gap:end]
	fields    []End   // fields[0] is that of the tag
	data      int     // delimiters mean nothing in the elements from this one on, zero if they mean something in all
	marks     *marks  // tells the classes of its bytes
	text      []byte  // the body without the line ends of a wrapped file
	reader    *Reader // counts the lines before pos when asked for
}

// End is where an element ends in its segment.
type End uint32

func (e End) end() int { return int(e) }

// Kind tells a segment from filler. It is zero for a segment that was never read.
func (s *Segment) Kind() Kind { return s.kind }

// Tag is the segment's packed identifier, zero when it has no plausible one.
func (s *Segment) Tag() Tag { return s.tag }

// Is tells whether the segment's tag is name.
func (s *Segment) Is(name string) bool { return string(s.TagBytes()) == name }

// TagBytes are the bytes that stand where the tag belongs.
func (s *Segment) TagBytes() []byte {
	if len(s.fields) == 0 {
		return nil
	}
	return s.body()[:s.fields[0].end()]
}

// ValidTag tells whether a tag stands where the tag belongs, of whatever segment:
// two or three upper case letters and digits in X12, three in EDIFACT.
func (s *Segment) ValidTag() bool { return s.validTag(len(s.TagBytes())) }

// validTag does so where the tag has n bytes.
func (s *Segment) validTag(n int) bool {
	if s.standard == EDIFACT && s.Class(0)&Composed != 0 {
		// explicit nesting of syntax 1 to 3, as in PIA:1:2
		b := s.TagBytes()
		return len(b) > 4 && b[3] == s.delims.Component && ClassOf(b[:3])&^(Upper|Digit) == 0
	}
	least := 2
	if s.standard == EDIFACT {
		least = 3
	}
	return n >= least && n <= 3 && s.Class(0)&^(Upper|Digit) == 0
}

// Standard is that of the interchange which the segment is part of.
func (s *Segment) Standard() Standard { return s.standard }

// Delimiters are those in force for the segment.
func (s *Segment) Delimiters() Delimiters {
	if s.delims == nil {
		return Delimiters{}
	}
	return *s.delims
}

// Position is where the segment's first byte stands, after the gap.
func (s *Segment) Position() Position {
	if r := s.reader; s.pos.Line == 0 && r != nil {
		s.pos = r.lines.place(r.buf, r.offset-int64(r.start), s.pos.Offset)
	}
	return s.pos
}

// Path is the segment's place in the envelopes.
func (s *Segment) Path() Path {
	e := s.env
	p := Path{Interchange: int(e.interchange), Group: int(e.group), Transaction: int(e.transaction), Segment: int(e.segment), Tag: string(s.TagBytes())}
	if s.standard != X12 {
		p.Standard = s.standard
	}
	return p
}

// Raw is everything the reader consumed for this segment: gap, body and
// terminator. The Raw of all segments of a file, one after the other, is the file.
func (s *Segment) Raw() []byte { return s.buf }

// Gap is what stood between the terminator before and this segment: line ends,
// indentation, a byte order mark.
func (s *Segment) Gap() []byte { return s.buf[:s.gap] }

// Body is the segment without gap and terminator.
func (s *Segment) Body() []byte { return s.buf[s.gap:s.end] }

// Terminator is what ended the segment, empty if the input stopped before it.
func (s *Segment) Terminator() []byte { return s.buf[s.end:] }

// Terminated tells whether the segment's end was seen.
func (s *Segment) Terminated() bool { return s.end < len(s.buf) || s.tag == UNA }

// Overlong tells that the segment exceeds Options.MaxSegment: the rest follows
// as Fragments.
func (s *Segment) Overlong() bool { return s.overlong }

// Overfull tells that the segment has more elements than Options.MaxElements;
// the last element holds all the rest.
func (s *Segment) Overfull() bool { return s.more }

// Len is the number of elements, the tag not counted, empty ones included.
func (s *Segment) Len() int {
	if len(s.fields) == 0 {
		return 0
	}
	return len(s.fields) - 1
}

// Element returns the n-th element, with all its repetitions and components.
func (s *Segment) Element(n int) []byte {
	if n < 1 || n >= len(s.fields) {
		return nil
	}
	from, to := s.fields[n-1].end()+1, s.fields[n].end()
	return s.body()[from:to:to]
}

// Layout is the segment without gap and terminator, and where in it the tag and
// each element end: element n is text[ends[n-1]+1:ends[n]]. It is for loops that
// look at every element of every segment; nothing of it may be changed. A segment
// that was never read has no ends.
func (s *Segment) Layout() (text []byte, ends []End) { return s.body(), s.fields }

// Most is what Classes can be at most, found without looking: a class that is not
// in it occurs nowhere in the segment.
func (s *Segment) Most() Class { return s.most }

// Class ORs the character classes of the n-th element. Repeated and Composed
// are set where it holds a separator; Element finds its parts. It looks at each
// byte of the element.
func (s *Segment) Class(n int) Class {
	if n < 0 || n >= len(s.fields) {
		return 0
	}
	if n == 0 {
		return s.marks.classOf(s.TagBytes())
	}
	if s.literal(n) {
		return ClassOf(s.Element(n))
	}
	return s.marks.classOf(s.Element(n))
}

// literal tells whether delimiters mean nothing in element n.
func (s *Segment) literal(n int) bool { return s.data > 0 && n >= s.data }

// Classes ORs the character classes of the whole segment.
func (s *Segment) Classes() Class {
	if s.data == 0 && s.marks != nil {
		return s.marks.classOf(s.body())
	}
	var all Class
	for n := range s.fields {
		all |= s.Class(n)
	}
	return all
}

// Size is the length of element n, 0 when it is empty or not there.
func (s *Segment) Size(n int) int {
	if n < 1 || n >= len(s.fields) {
		return 0
	}
	return s.fields[n].end() - s.fields[n-1].end() - 1
}

// Repetition returns the r-th repetition of the n-th element, nil if there is none.
func (s *Segment) Repetition(n, r int) []byte {
	return nth(s.delims, s.Element(n), s.repetition(n), r)
}

// Component returns component c of the first repetition of element n. A simple
// element is its own first component.
func (s *Segment) Component(n, c int) []byte { return s.Part(n, 1, c) }

// Part returns component c of repetition r of element n.
func (s *Segment) Part(n, r, c int) []byte {
	v := s.Element(n)
	if s.most&(Repeated|Released) == 0 && r == 1 && c > 0 && s.data == 0 && s.delims != nil && s.delims.Component != 0 {
		if c == 1 && s.most&Composed == 0 {
			return v // which is what nearly all elements are
		}
		return component(v, s.delims.Component, c)
	}
	v = nth(s.delims, v, s.repetition(n), r)
	return nth(s.delims, v, s.component(n), c)
}

// component is the n-th component of a value in which nothing is released.
func component(value []byte, sep byte, n int) []byte {
	from := 0
	for i, b := range value {
		if b != sep {
			continue
		}
		if n--; n == 0 {
			return value[from:i]
		}
		from = i + 1
	}
	if n > 1 || value == nil {
		return nil
	}
	return value[from:]
}

// Repetitions ranges over the repetitions of element n, counting from 1.
func (s *Segment) Repetitions(n int) iter.Seq2[int, []byte] {
	return parts(s.delims, s.Element(n), s.repetition(n))
}

// Components ranges over the components of value, which is a repetition of one
// of the segment's elements, counting from 1.
func (s *Segment) Components(value []byte) iter.Seq2[int, []byte] {
	if s.delims == nil {
		return parts(nil, value, 0)
	}
	return parts(s.delims, value, s.delims.Component)
}

// CutRepetition splits a value of element n after its first repetition, without
// allocating as the ranges do. Found is false when there is no further one.
func (s *Segment) CutRepetition(n int, value []byte) (head, rest []byte, found bool) {
	return s.delims.Cut(value, s.repetition(n))
}

// CutComponent splits a repetition after its first component.
func (s *Segment) CutComponent(value []byte) (head, rest []byte, found bool) {
	return s.delims.Cut(value, s.delims.Component)
}

// Text returns component c of element n as a string without release
// characters, "" if it is not there.
func (s *Segment) Text(n, c int) string {
	v := s.Part(n, 1, c)
	if len(v) == 0 {
		return ""
	}
	if s.delims == nil || s.delims.Release == 0 {
		return string(v)
	}
	return string(s.delims.Unescape(nil, v))
}

// ElementPosition is where element n begins; for n = 0 the tag.
func (s *Segment) ElementPosition(n int) Position { return s.PartPosition(n, 0, 0) }

// PartPosition is where component c of repetition r of element n begins, and
// where the element begins if it has no such part. Zero stands for the whole of
// the level: PartPosition(3, 2, 0) is where the second repetition of element 3
// begins.
func (s *Segment) PartPosition(n, r, c int) Position {
	at, _ := s.span(n, r, c)
	return s.positionAt(at)
}

// span is where a part of the segment begins in its body, and its length.
func (s *Segment) span(n, r, c int) (at, length int) {
	switch {
	case n < 1:
		return 0, s.end - s.gap
	case n >= len(s.fields):
		return 0, 0
	}
	at = s.fields[n-1].end() + 1
	v := s.Element(n)
	for _, level := range [...]struct {
		sep byte
		nth int
	}{{s.repetition(n), r}, {s.component(n), c}} {
		from, part := at, v
		for i := 1; i < level.nth; i++ {
			head, rest, found := s.delims.Cut(part, level.sep)
			if !found {
				return at, len(v)
			}
			from, part = from+len(head)+1, rest
		}
		if level.nth > 0 {
			part, _, _ = s.delims.Cut(part, level.sep)
			at, v = from, part
		}
	}
	return at, len(v)
}

// positionAt is the place of a byte of the body, counted from its start.
func (s *Segment) positionAt(at int) Position {
	at = s.rawAt(at)
	p := s.Position()
	p.Offset += int64(at)
	p.Column += at
	before := s.buf[s.gap : s.gap+at]
	if n := bytes.Count(before, lineFeed); n > 0 {
		p.Line += n
		p.Column = at - bytes.LastIndexByte(before, '\n')
	}
	return p
}

// Clone returns a copy that stays valid.
func (s *Segment) Clone() *Segment {
	c := new(Segment)
	c.CopyFrom(s)
	return c
}

// CopyFrom makes s a copy of t that stays valid, reusing the memory of s.
func (s *Segment) CopyFrom(t *Segment) {
	t.Position()
	buf, fields, delims, text := s.buf[:0], s.fields[:0], s.delims, s.text[:0]
	*s = *t
	s.reader, s.charted = nil, false
	s.buf = append(buf, t.buf...)
	s.fields = append(fields, t.fields...)
	s.text = append(text, t.text...)
	if t.delims == nil {
		return
	}
	if delims == nil {
		delims = new(Delimiters)
	}
	*delims = *t.delims
	s.delims = delims
}

func (s *Segment) reset() {
	s.kind, s.tag, s.role, s.overlong, s.more, s.clean, s.wrongSize = 0, 0, content, false, false, false, false
	s.data, s.marks, s.most, s.charted = 0, nil, allClasses, false
	s.buf, s.fields, s.gap, s.end = s.buf[:0], s.fields[:0], 0, 0
	s.pos, s.reader, s.unwrapped = Position{}, nil, false
}

// repetition is the separator that element n may be cut by, zero where none has
// a meaning: the header of an X12 interchange holds its own delimiters as data.
func (s *Segment) repetition(n int) byte {
	if s.delims == nil || s.literal(n) {
		return 0
	}
	return s.delims.Repetition
}

// component is the separator that element n may be composed with, likewise.
func (s *Segment) component(n int) byte {
	if s.delims == nil || s.literal(n) {
		return 0
	}
	return s.delims.Component
}

// nth is the n-th part of value, nil if there is none.
func nth(d *Delimiters, value []byte, sep byte, n int) []byte {
	if value == nil || n < 1 || sep == 0 && n > 1 {
		return nil
	}
	if sep == 0 {
		return value
	}
	for ; n > 1; n-- {
		var more bool
		if _, value, more = d.Cut(value, sep); !more {
			return nil
		}
	}
	value, _, _ = d.Cut(value, sep)
	return value
}

func parts(d *Delimiters, value []byte, sep byte) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		if value == nil {
			return
		}
		if d == nil || sep == 0 {
			yield(1, value)
			return
		}
		for n := 1; ; n++ {
			head, rest, more := d.Cut(value, sep)
			if !yield(n, head) || !more {
				return
			}
			value = rest
		}
	}
}
