package edi

import "bytes"

// doubtful tells whether the segment at w[gap] may run into the next
// interchange: its tag is no tag, or it is the trailer of the interchange,
// whose terminator is the one most often forgotten.
func (r *Reader) doubtful(gap int) bool {
	r.want(gap + 4)
	w := r.window()[gap:]
	if r.std == TRADACOMS || len(w) < 4 {
		return false
	}
	if plainClasses[w[0]]&Upper == 0 || plainClasses[w[1]]&(Upper|Digit) == 0 {
		return true
	}
	if r.delims.Has(w[2]) {
		return false
	}
	if plainClasses[w[2]]&(Upper|Digit) == 0 || !r.delims.Has(w[3]) {
		return true
	}
	return roleOf(r.std, tagOfBytes(w[:3])) == closesInterchange
}

// scanDoubtful finds the segment's end as scan does, but also stops before the
// header of another interchange, so that damage never swallows a good one.
func (r *Reader) scanDoubtful(gap int) *Segment {
	end, n := r.doubtfulEnd(gap)
	r.work += int64(2 * (end - gap))
	w := r.window()
	fields, limit := r.seg.fields, r.opt.MaxElements
	for i := gap; i < end; i++ {
		switch m := r.marks[w[i]]; {
		case m == markRelease:
			i++
		case m&markElement == 0:
		case len(fields) <= limit:
			fields = append(fields, End(i-gap))
		default:
			r.seg.more = true
		}
	}
	r.seg.fields, r.seg.marks = append(fields, End(end-gap)), r.marks
	if header := r.swallowed(gap, end, n); header > 0 {
		return r.breakOff(gap, header)
	}
	return r.ended(gap, end, n)
}

func (r *Reader) doubtfulEnd(gap int) (end, n int) {
	for i := gap; ; i++ {
		if i >= r.end-r.start && !r.more() {
			return r.trimBlank(gap, r.end-r.start), 0
		}
		if i-gap > r.opt.MaxSegment {
			return i, 0
		}
		w := r.window()
		switch r.marks[w[i]] {
		case markTerminator:
			if n := r.terminator(i); n > 0 {
				return i, n
			}
		case markRelease:
			i++
		default:
			if i > gap && r.mayBegin(i) {
				return r.trimBlank(gap, i), 0
			}
		}
	}
}

// mayBegin tells whether the header of an interchange stands at w[i], at the
// beginning of a word.
func (r *Reader) mayBegin(i int) bool {
	w := r.window()
	if c := w[i]; c != 'I' && c != 'U' && c != 'S' || isAlnum(w[i-1]) {
		return false
	}
	_, ok := r.headerHere(i, false)
	return ok
}

// headerBetween looks for a header in a segment from w[gap] on that is long or
// has no end, between two places; zero means that there is none. Binary data
// may hold what it likes.
func (r *Reader) headerBetween(gap, from, to int) int {
	if r.binaryTag(gap) {
		return 0
	}
	r.work += int64(to - from)
	for i := max(from, gap+1); i < to; i++ {
		if c := r.window()[i]; c == 'I' || c == 'U' || c == 'S' {
			if r.mayBegin(i) {
				return i
			}
		}
	}
	return 0
}

// swallowed looks for a header in the segment w[gap:end], whose fields are
// known, and returns where it begins, zero if there is none.
func (r *Reader) swallowed(gap, end, length int) int {
	if r.binaryTag(gap) {
		return 0
	}
	body := r.window()[gap:end]
	r.work += int64(len(r.seg.fields))
	if r.std == EDIFACT && length == 1 && endsWithUNA(body) {
		if _, ok := r.headerHere(end-8, false); ok {
			return end - 8
		}
	}
	if at := r.swallows(body, r.seg.fields); at > 0 {
		if _, ok := r.headerHere(gap+at, false); ok {
			return gap + at
		}
	}
	return 0
}

// mayHold tells whether the body of a segment has to be looked at for a header
// that it has swallowed.
func (r *Reader) mayHold(body []byte, fields []End) bool {
	return r.std == EDIFACT && endsWithUNA(body) || r.swallows(body, fields) > 0
}

// endsWithUNA tells whether what ends a segment would be the terminator that a
// service string advice declares.
func endsWithUNA(body []byte) bool {
	n := len(body)
	return n > 11 && body[n-8] == 'U' && body[n-7] == 'N' && body[n-6] == 'A'
}

// swallows finds in the body of a segment what looks like the header of another
// interchange with the same separators: an ISA before sixteen of them, or a
// UNB before a syntax identifier. Where it begins is returned, zero if nowhere.
func (r *Reader) swallows(body []byte, fields []End) int {
	if r.std == X12 {
		for k := 0; k+16 < len(fields); k++ {
			if at := fields[k].end() - 3; at > 0 && string(body[at:at+3]) == "ISA" {
				return at
			}
		}
		return 0
	}
	for k := 1; k+3 < len(fields); k++ {
		at := fields[k-1].end() - 3
		if fields[k].end()-at != 10 || at <= 0 || bytes.IndexByte(body[at+4:at+10], r.delims.Component) < 0 {
			continue
		}
		if v := string(body[at : at+7]); v[3] == r.delims.Element && v[4:] == "UNO" && (v[:3] == "UNB" || v[:3] == "UIB") {
			return at
		}
	}
	return 0
}

// breakOff hands out the segment w[gap:] as far as it goes before the header of
// another interchange at w[at].
func (r *Reader) breakOff(gap, at int) *Segment {
	end := r.trimBlank(gap, at)
	r.seg.keep(end - gap)
	return r.ended(gap, end, 0)
}

// trimBlank leaves white space before the next header to its gap, and that at
// the end of the input to what follows the last segment.
func (r *Reader) trimBlank(from, to int) int {
	w := r.window()
	for to > from+1 && r.isGap[w[to-1]] {
		to--
	}
	return to
}

// binaryTag tells whether the segment at w[gap] is one whose data may hold
// anything: BIN or BDS of X12.
func (r *Reader) binaryTag(gap int) bool {
	w := r.window()[gap:]
	return r.std == X12 && len(w) > 3 && w[3] == r.delims.Element && (string(w[:3]) == "BIN" || string(w[:3]) == "BDS")
}

// scanBinary takes the data of a binary segment by its declared length, if a
// terminator stands at the end of it; if not, the first terminator ends it.
func (r *Reader) scanBinary(gap, end, n int) *Segment {
	f := 1
	if r.window()[gap+1] == 'D' {
		f = 2
	}
	s := &r.seg
	if len(s.fields) < f+2 {
		return r.finish(gap, end, end+n)
	}
	from := s.fields[f].end() + 1
	size, ok := decimal(r.window()[gap+s.fields[f-1].end()+1:gap+from-1], r.opt.MaxSegment)
	to := gap + from + size
	if !ok || to < end {
		s = r.finish(gap, end, end+n)
		s.wrongSize = true
		return s
	}
	r.want(to + len(r.delims.Terminator))
	w := r.window()
	if len(w) <= to || !bytes.HasPrefix(w[to:], []byte(r.delims.Terminator)) {
		s = r.finish(gap, end, end+n)
		s.wrongSize = true
		return s
	}
	s.fields, s.data = append(s.fields[:f+1], End(from+size)), f+1
	return r.finish(gap, to, to+len(r.delims.Terminator))
}

// decimal reads an unsigned number that is at most most.
func decimal(b []byte, most int) (int, bool) {
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		if n = n*10 + int(c-'0'); n > most {
			return 0, false
		}
	}
	return n, len(b) > 0
}
