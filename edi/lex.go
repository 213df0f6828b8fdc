package edi

import "bytes"

// begin starts the interchange whose header stands at w[at:].
func (r *Reader) begin(h header, at int) *Segment {
	r.std, r.delims = h.standard, h.delims
	r.class, r.isGap = h.delims.classes(), h.delims.gaps()
	r.state, r.seen, r.una = inside, true, h.una
	w := r.window()
	r.countLines(w[:at], r.offset)
	if h.total == 0 {
		return r.scan(at)
	}
	body := w[at : at+h.body]
	s := &r.seg
	if h.una {
		s.fields = append(s.fields, field{3, Upper})
	} else {
		s.fields, s.class = splitHeader(s.fields, body, h.delims.Element)
	}
	return r.finish(at, at+h.body, at+h.total)
}

// splitHeader cuts an ISA, in which component and repetition separator are data.
func splitHeader(fields []field, body []byte, sep byte) ([]field, Class) {
	var acc, all Class
	for i, b := range body {
		if b == sep {
			fields = append(fields, field{uint32(i), acc})
			all, acc = all|acc, 0
			continue
		}
		acc |= plainClasses[b]
	}
	return append(fields, field{uint32(len(body)), acc}), all | acc
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
	gap := 0
	w := r.window()
	line, lineAt := r.line, r.lineAt
	for {
		for gap < len(w) && r.isGap[w[gap]] {
			if w[gap] == '\n' {
				r.line++
				r.lineAt = r.offset + int64(gap) + 1
			}
			gap++
		}
		if gap < len(w) {
			break
		}
		if gap > r.opt.MaxSegment || !r.more() {
			if gap == 0 {
				return nil, r.failed()
			}
			r.line, r.lineAt = line, lineAt
			return r.filler(gap), nil
		}
		w = r.window()
	}
	if c := w[gap]; c == 'I' || c == 'U' || c == 'S' {
		if h, ok := r.headerHere(gap); ok {
			return r.begin(h, gap), nil
		}
	}
	return r.scan(gap), nil
}

// headerHere recognises the header of an interchange that begins before the
// one before it ended.
func (r *Reader) headerHere(gap int) (header, bool) {
	for len(r.window()) < gap+4 && r.more() {
	}
	w := r.window()[gap:]
	if len(w) < 4 {
		return header{}, false
	}
	switch string(w[:3]) {
	case "ISA":
		if isAlnum(w[3]) {
			return header{}, false
		}
	case "UNA":
	case "UNB":
		if r.una {
			return header{}, false
		}
	case "STX":
		if r.std == TRADACOMS && w[3] != '=' {
			return header{}, false
		}
	default:
		return header{}, false
	}
	for len(r.window()) < gap+maxHeader && r.more() {
	}
	return headerAt(r.window()[gap:], false)
}

// scan returns the segment that begins at w[gap]: one table look-up a byte
// finds the delimiters and classifies the characters.
func (r *Reader) scan(gap int) *Segment {
	if r.doubtful(gap) {
		return r.scanDoubtful(gap)
	}
	var (
		w       = r.window()
		class   = &r.class
		fields  = r.seg.fields
		limit   = min(r.opt.MaxElements, maxInt32)
		longest = gap + r.opt.MaxSegment
		i       = gap
		length  int // of the terminator at w[i]; zero where the input ends without one
		acc     Class
		all     Class
	)
	for {
		if i >= len(w) {
			if i > longest || !r.more() {
				break
			}
			w = r.window()
			continue
		}
		c := class[w[i]]
		if c < classStop {
			acc |= c
			i++
			continue
		}
		if c&stopElement != 0 {
			if len(fields) <= limit {
				fields = append(fields, field{uint32(i - gap), acc})
				all, acc = all|acc, 0
			} else {
				r.seg.more = true
			}
			i++
			continue
		}
		if c&stopRelease != 0 {
			if i++; i < len(w) || r.more() {
				w = r.window()
				acc |= plainClasses[w[i]]
				i++
			}
			continue
		}
		if length = r.terminator(i); length > 0 {
			break
		}
		w = r.window()
		acc |= High
		i++
	}
	r.seg.fields, r.seg.class = append(fields, field{uint32(i - gap), acc}), all|acc
	return r.ended(gap, i, length, longest)
}

// ended hands out the segment w[gap:end], whose fields are known, as far as it
// may be long. A binary one may go on behind what looks like its end.
func (r *Reader) ended(gap, end, length, longest int) *Segment {
	if end > longest {
		return r.cut(gap, longest)
	}
	if length > 0 && r.window()[gap] == 'B' && r.binary(gap, end) {
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
	for len(r.window()) < i+len(t) && r.more() {
	}
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
	s.tag = tagOfBytes(s.buf[gap : gap+int(s.fields[0].end)])
	at := s.pos.Offset
	if s.class&LineBreak != 0 {
		r.countLines(s.buf[gap:], at)
	} else if total > end && s.buf[total-1] == '\n' {
		r.line++
		r.lineAt = at + int64(total-gap)
	}
	s.env = r.env.pass(r.std, s.tag)
	r.una = s.tag == UNA
	if r.env.closed {
		r.state = outside
	}
	return s
}

// splitTag makes room for a tag that has a separator of its own: in
// MHD=1+ORDHDR:9 the first field read is "MHD=1".
func (s *Segment) splitTag(sep byte) {
	first := s.buf[s.gap : s.gap+int(s.fields[0].end)]
	i := bytes.IndexByte(first, sep)
	if i < 0 {
		return
	}
	s.fields = append(s.fields, field{})
	copy(s.fields[1:], s.fields)
	s.fields[0] = field{uint32(i), ClassOf(first[:i])}
}

// cut hands out an overlong segment up to at; the rest comes as fragments.
func (r *Reader) cut(gap, at int) *Segment {
	n := 0
	for n < len(r.seg.fields) && int(r.seg.fields[n].end) < at-gap {
		n++
	}
	r.seg.fields = append(r.seg.fields[:n], field{uint32(at - gap), r.seg.fields[n].class})
	s := r.finish(gap, at, at)
	s.overlong = true
	r.state = fragment
	return s
}

// fragment returns the next piece of an overlong segment, the last of which has
// the terminator.
func (r *Reader) fragment() (*Segment, error) {
	for len(r.window()) < r.opt.Buffer/2 && r.more() {
	}
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
	s := r.emit(Fragment, 0, i, i+n)
	r.countLines(s.buf, s.pos.Offset)
	return s, nil
}

func (r *Reader) findTerminator(w []byte) (at, n int) {
	for i := 0; i < len(w); i++ {
		switch c := r.class[w[i]]; {
		case c&stopRelease != 0:
			i++
		case c&stopTerminator != 0:
			if bytes.HasPrefix(w[i:], []byte(r.delims.Terminator)) {
				return i, len(r.delims.Terminator)
			}
		}
	}
	return len(w), 0
}
