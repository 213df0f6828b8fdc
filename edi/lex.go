package edi

import (
	"bytes"
	"slices"
)

// begin starts the interchange whose header stands at w[at:].
func (r *Reader) begin(h header, at int) *Segment {
	r.std, r.state, r.seen, r.una, r.isx, r.foreign = h.standard, inside, true, h.una, 0, nil
	r.want(at + wrapLook)
	w := r.window()
	r.wrapped = wrapped(w[at:min(len(w), at+wrapLook)], h.delims.Terminator, len(w) <= at+wrapLook)
	r.separate(h.delims)
	if h.total == 0 {
		return r.scan(at)
	}
	body := w[at : at+h.body]
	s := &r.seg
	s.marks, s.data = r.marks, 1
	if h.una {
		s.fields = append(s.fields, 3)
	} else {
		s.fields = splitHeader(s.fields, body, h.delims.Element)
		r.isxKnown = len(s.fields) > 12 && string(body[s.fields[11]+1:s.fields[12]]) >= "00704"
	}
	return r.finish(at, at+h.body, at+h.total)
}

// separate makes d the delimiters from here on.
func (r *Reader) separate(d Delimiters) {
	r.delims = d
	r.marks, r.isGap = d.marks(r.foreign), d.gaps()
	r.leads.forget()
	r.quick = (r.std == X12 || r.std == EDIFACT) && len(d.Terminator) == 1 && !r.wrapped
	r.chart.begin(r.std, d)
	can := canChart && r.quick && d.Element != 0 && r.opt.MaxSegment >= farthest && r.opt.MaxElements >= dash
	r.charts = can && !r.skims
	r.scouts = can && r.skims && !r.isGap[d.Terminator[0]]
	if can {
		r.chart.palette.paint(d, r.marks)
	}
	if r.scouts {
		r.gaze = gazeFor(d.Terminator[0])
	}
}

// wrapLook is how much of an interchange shows whether it is cut into lines.
const wrapLook = 1024

// splitHeader cuts an ISA, in which component and repetition separator are data.
func splitHeader(fields []End, body []byte, sep byte) []End {
	for i, b := range body {
		if b == sep {
			fields = append(fields, End(i))
		}
	}
	return append(fields, End(len(body)))
}

// cutHeader takes an X12 input that stops within its very first segment as a
// cut interchange, so that the damage can be reported.
func (r *Reader) cutHeader(w []byte) *Segment {
	at := bytes.Index(w, []byte("ISA"))
	if at < 0 || len(w) < at+4 || !onlyBlank(w[:at]) || isAlnum(w[at+3]) || isBlank(w[at+3]) || len(w)-at >= maxHeader {
		return nil
	}
	d := Delimiters{Element: w[at+3], Decimal: '.'}
	h := header{standard: X12, delims: d, body: len(w) - at, total: len(w) - at}
	return r.begin(h, at)
}

// inside returns the next segment of an interchange.
func (r *Reader) inside() (*Segment, error) {
	if r.isx != 0 {
		d := r.delims
		d.Release, r.isx = r.isx, 0
		r.separate(d)
	}
	gap := 0
	w := r.window()
	for {
		for gap < len(w) && r.isGap[w[gap]] {
			gap++
		}
		if gap < len(w) {
			break
		}
		if gap > r.opt.MaxSegment || !r.more() {
			if gap == 0 {
				return nil, r.failed()
			}
			return r.filler(gap), nil
		}
		w = r.window()
	}
	if c := w[gap]; c == 'I' || c == 'U' || c == 'S' {
		if h, ok := r.headerHere(gap, true); ok {
			return r.begin(h, gap), nil
		}
	}
	return r.scan(gap), nil
}

// headerHere recognises the header of an interchange that begins at w[at],
// before the one before it ended. Next says that a segment begins there.
func (r *Reader) headerHere(at int, next bool) (header, bool) {
	r.want(at + 4)
	w := r.window()[at:]
	if len(w) < 4 {
		return header{}, false
	}
	switch string(w[:3]) {
	case "ISA":
		if isAlnum(w[3]) {
			return header{}, false
		}
	case "UNA":
	case "UNB", "UIB":
		if next && r.una {
			return header{}, false
		}
	case "STX":
		if w[3] != '=' {
			return header{}, false
		}
	default:
		return header{}, false
	}
	r.want(at + maxHeader)
	r.work += maxHeader
	return headerAt(r.window()[at:], false)
}

// want reads on until the window has n bytes, if the input has them.
func (r *Reader) want(n int) {
	for r.end-r.start < n && r.more() {
	}
}

// scan returns the segment that begins at w[gap], whatever it takes.
func (r *Reader) scan(gap int) *Segment {
	if r.doubtful(gap) {
		return r.scanDoubtful(gap)
	}
	c := cursor{at: gap}
	length, header := r.sweep(&c, gap)
	r.seg.more, r.seg.marks = c.blunt, r.marks
	r.seg.fields = r.seg.fields[:c.n+1]
	r.seg.fields[c.n] = End(c.at - gap)
	if header == 0 {
		header = r.swallowed(gap, c.at, length)
	}
	if header > 0 {
		return r.breakOff(gap, header)
	}
	return r.ended(gap, c.at, length)
}

// stride is how far a segment is read before it is searched for the header of
// another interchange, which it has swallowed if its own end is lost.
const stride = 4096

// sweep moves c to the end of the segment that begins at w[gap] and returns the
// length of the terminator there, zero where the input ends without one or the
// segment is longer than it may be. Header is where another interchange begins.
func (r *Reader) sweep(c *cursor, gap int) (length, header int) {
	m, blunt := r.marks, 0
	limit := min(r.opt.MaxElements, maxInt32) + 1
	longest := gap + r.opt.MaxSegment
	looked := gap
	for {
		w := r.window()
		fields := r.seg.fields[:cap(r.seg.fields)]
		stop := min(len(w), looked+stride)
		from := c.at
		found := c.run(w[:stop], gap, m, fields[:min(limit, len(fields)-2)+blunt])
		if r.work += int64(c.at - from + 1); found {
			if m[w[c.at]] == markRelease {
				r.release(c)
				continue
			}
			if length = r.terminator(c.at); length > 0 {
				return length, 0
			}
			c.at++ // it only begins like one
			continue
		}
		switch {
		case c.at < stop && c.n < limit:
			r.seg.fields = append(fields, make([]End, len(fields))...)
		case c.at < stop:
			m, blunt = r.blunt(), 1
		case c.at > longest:
			return 0, 0
		case c.at == looked+stride:
			if header = r.headerBetween(gap, looked, c.at); header > 0 {
				return 0, header
			}
			looked = c.at
		default:
			if !r.more() {
				return 0, r.headerBetween(gap, looked, c.at)
			}
		}
	}
}

// release takes a release character and the byte that it protects.
func (r *Reader) release(c *cursor) {
	if c.at++; c.at < r.end-r.start || r.more() {
		c.at++
	}
}

// ended hands out the segment w[gap:end], whose fields are known, as far as it
// may be long. A binary one may go on behind what looks like its end.
func (r *Reader) ended(gap, end, length int) *Segment {
	if longest := gap + r.opt.MaxSegment; end > longest {
		return r.cut(gap, longest)
	}
	if length > 0 && r.window()[gap] == 'B' && r.binaryTag(gap) {
		return r.scanBinary(gap, end, length)
	}
	return r.finish(gap, end, end+length)
}

const maxInt32 = 1<<31 - 1

// terminator is the length of the terminator at w[i], zero if what stands there
// only begins like it.
func (r *Reader) terminator(i int) int {
	t := r.delims.Terminator
	if len(t) < 2 {
		return len(t)
	}
	r.want(i + len(t))
	if bytes.HasPrefix(r.window()[i:], []byte(t)) {
		return len(t)
	}
	return 0
}

// finish hands out the segment w[gap:end] with its terminator up to total, and
// keeps track of the envelopes.
func (r *Reader) finish(gap, end, total int) *Segment {
	s := r.emit(Data, gap, end, total)
	if r.delims.Tag != 0 {
		s.splitTag(r.delims.Tag)
	}
	if r.wrapped {
		s.unwrap()
	}
	s.tag = tagOfBytes(s.TagBytes())
	if s.tag == 0 && s.Class(0)&Composed != 0 {
		s.tag = nestedTag(s.TagBytes(), r.delims.Component)
	}
	s.role = roleOf(r.std, s.tag)
	s.env = r.env.pass(s.role)
	r.una = s.tag == UNA
	if r.env.closed {
		r.state = outside
	}
	switch s.tag {
	case ISX:
		r.extend(s)
	case UNB, UIB:
		if r.std == EDIFACT {
			r.declare(s)
		}
	}
	return s
}

// declare takes over what a UNB says of its syntax: the character set, and that
// nothing repeats before version 4, whatever a service string advice says.
func (r *Reader) declare(s *Segment) {
	r.foreign = nil
	if c := charsets[s.Text(1, 1)]; c != nil {
		r.foreign = &c.foreign
	}
	d := r.delims
	if v := s.Component(1, 2); len(v) == 1 && v[0] < '4' {
		d.Repetition = 0
	}
	r.separate(d)
}

// extend notes the release character of an ISX, which X12 has from version
// 007040 on. Before, ISX is a segment like any other.
func (r *Reader) extend(s *Segment) {
	v := s.Element(1)
	if r.std == X12 && r.isxKnown && s.env.group == 0 && len(v) == 1 && !isAlnum(v[0]) && !r.delims.Has(v[0]) {
		r.isx, r.quick, r.charts = v[0], false, false
	}
}

// nestedTag is the tag of a segment that says explicitly, as syntax 1 to 3 may,
// in which repetition of which level it stands: PIA:1:2.
func nestedTag(b []byte, sep byte) Tag {
	i := bytes.IndexByte(b, sep)
	return tagOfBytes(b[:max(i, 0)])
}

// splitTag makes room for a tag that has a separator of its own: in
// MHD=1+ORDHDR:9 the first field read is "MHD=1".
func (s *Segment) splitTag(sep byte) {
	i := bytes.IndexByte(s.buf[s.gap:s.gap+s.fields[0].end()], sep)
	if i >= 0 {
		s.fields = slices.Insert(s.fields, 0, End(i))
	}
}

// keep shortens the fields that are known to the first n bytes of the segment.
func (s *Segment) keep(n int) {
	i := 0
	for i < len(s.fields)-1 && s.fields[i].end() < n {
		i++
	}
	s.fields = append(s.fields[:i], End(n))
}

// cut hands out an overlong segment up to at; the rest comes as fragments.
func (r *Reader) cut(gap, at int) *Segment {
	r.seg.keep(at - gap)
	s := r.finish(gap, at, at)
	s.overlong = true
	r.state = fragment
	return s
}

// fragment returns the next piece of an overlong segment, the last of which has
// the terminator.
func (r *Reader) fragment() (*Segment, error) {
	r.want(r.opt.Buffer / 2)
	w := r.window()
	if len(w) == 0 {
		return nil, r.failed()
	}
	i, n := r.findTerminator(w)
	if n > 0 {
		r.state = inside
		if r.env.closed {
			r.state = outside
		}
	}
	return r.emit(Fragment, 0, i, i+n), nil
}

func (r *Reader) findTerminator(w []byte) (at, n int) {
	for i := 0; i < len(w); i++ {
		switch r.marks[w[i]] {
		case markRelease:
			i++
		case markTerminator:
			if bytes.HasPrefix(w[i:], []byte(r.delims.Terminator)) {
				return i, len(r.delims.Terminator)
			}
		}
	}
	return len(w), 0
}
