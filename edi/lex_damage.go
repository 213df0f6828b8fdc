package edi

import "bytes"

// doubtful tells whether the segment at w[gap] may run into the next
// interchange: its tag is no tag, or it is the trailer of the interchange,
// whose terminator is the one most often forgotten.
func (r *Reader) doubtful(gap int) bool {
	for r.end-r.start < gap+4 && r.more() {
	}
	w := r.window()[gap:]
	if r.std != X12 || len(w) < 4 {
		return false
	}
	if plainClasses[w[0]]&Upper == 0 || plainClasses[w[1]]&(Upper|Digit) == 0 {
		return true
	}
	third := r.class[w[2]]
	if third >= classStop {
		return false
	}
	if third&(Upper|Digit) == 0 || r.class[w[3]] < classStop {
		return true
	}
	return w[0] == 'I' && w[1] == 'E' && w[2] == 'A'
}

// scanDoubtful finds the segment's end as scan does, but also stops before the
// header of another interchange, so that damage never swallows a good one.
func (r *Reader) scanDoubtful(gap int) *Segment {
	end, n := r.doubtfulEnd(gap)
	w := r.window()
	fields, limit := r.seg.fields, r.opt.MaxElements
	var acc, all Class
	for i := gap; i < end; i++ {
		c := r.class[w[i]]
		if c&stopElement != 0 && len(fields) <= limit {
			fields = append(fields, field{uint32(i - gap), acc})
			all, acc = all|acc, 0
			continue
		}
		r.seg.more = r.seg.more || c&stopElement != 0
		acc |= c &^ (stopElement | stopTerminator)
	}
	r.seg.fields, r.seg.class = append(fields, field{uint32(end - gap), acc}), all|acc
	if end-gap > r.opt.MaxSegment {
		return r.cut(gap, gap+r.opt.MaxSegment)
	}
	return r.finish(gap, end, end+n)
}

func (r *Reader) doubtfulEnd(gap int) (end, n int) {
	for i := gap; ; i++ {
		if i == len(r.window()) && !r.more() || i-gap > r.opt.MaxSegment {
			return i, 0
		}
		w := r.window()
		if r.class[w[i]]&stopTerminator != 0 {
			if n := r.terminator(i); n > 0 {
				return i, n
			}
		}
		if w[i] == 'I' && i > gap && !isAlnum(w[i-1]) && r.isaHere(i) {
			return r.trimBlank(gap, i), 0
		}
	}
}

func (r *Reader) isaHere(i int) bool {
	for len(r.window()) < i+4 && r.more() {
	}
	w := r.window()[i:]
	if len(w) < 4 || w[1] != 'S' || w[2] != 'A' || isAlnum(w[3]) {
		return false
	}
	for len(r.window()) < i+maxHeader && r.more() {
	}
	_, ok := isaHeader(r.window()[i:])
	return ok
}

// trimBlank leaves white space before the next header to its gap.
func (r *Reader) trimBlank(from, to int) int {
	w := r.window()
	for to > from+1 && r.isGap[w[to-1]] {
		to--
	}
	return to
}

// binary tells whether the segment w[gap:end] is one whose data may hold
// terminators: BIN*length*data and BDS*filter*length*data.
func (r *Reader) binary(gap, end int) bool {
	if r.std != X12 || end-gap < 6 {
		return false
	}
	w := r.window()[gap:end]
	return w[3] == r.delims.Element && (string(w[:3]) == "BIN" || string(w[:3]) == "BDS")
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
	from := int(s.fields[f].end) + 1
	size, ok := decimal(r.window()[gap+int(s.fields[f-1].end)+1:gap+from-1], r.opt.MaxSegment)
	to := gap + from + size
	if !ok || to < end {
		return r.finish(gap, end, end+n)
	}
	for len(r.window()) < to+len(r.delims.Terminator) && r.more() {
	}
	w := r.window()
	if len(w) <= to || !bytes.HasPrefix(w[to:], []byte(r.delims.Terminator)) {
		return r.finish(gap, end, end+n)
	}
	data := w[gap+from : to]
	s.fields = append(s.fields[:f+1], field{uint32(from + size), ClassOf(data)})
	s.class |= ClassOf(data)
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
