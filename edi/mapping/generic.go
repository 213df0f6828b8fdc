package mapping

import (
	"fmt"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// layout is the record of a set as its guide alone gives it, when no map says
// better: an object of segments by their tags and loops by their names, in
// which elements and components are named by their numbers.
//
//	{"ST":{"01":"850","02":"0001"},"BEG":{"01":"00"},"N1":[{"N1":{"01":"ST"},"N4":{"01":"Maia"}}]}
//
// What may stand there more than once is a list. Neighbours with one tag share
// a list, in the order of the document.
type layout struct {
	top *family
	// of, by the place in the guide: the families on the way there.
	of [][]member
}

// family are the segments and loops of one loop, in the order of the guide.
type family struct{ items []*sibling }

// sibling is a segment or loop, or several with the same tag.
type sibling struct {
	key   string
	list  bool
	use   *guide.Use // of a segment, the first place
	inner *family    // of a loop
}

// member is a place in a family.
type member struct {
	in *family
	at int
}

// layouts are those of the guides that were met.
type layouts map[*guide.Guide]*layout

func (l layouts) of(g *guide.Guide) *layout {
	if l[g] == nil {
		l[g] = newLayout(g)
	}
	return l[g]
}

// newLayout lays a guide out. A partner's guide has the layout of the one that
// it restricts.
func newLayout(g *guide.Guide) *layout {
	if g.Base != nil {
		return newLayout(g.Base).under(g)
	}
	l := &layout{top: &family{}, of: make([][]member, 1)}
	loops := map[*guide.Loop]*family{}
	places := map[*guide.Loop]member{}
	last := map[*family]string{} // the tag of the last sibling
	for _, u := range g.Uses() {
		for len(l.of) <= u.Index {
			l.of = append(l.of, nil)
		}
		var way []member
		for _, lp := range around(u) {
			if loops[lp] == nil {
				parent := l.family(lp.Parent, loops)
				head := lp.ID
				if u.ID == u.Loop.ID || !isEDIFACT(g) {
					head = u.ID
				}
				places[lp] = parent.add(last, head, lp.ID, lp.Max != 1)
				s := parent.items[places[lp].at]
				if s.inner == nil {
					s.inner = &family{}
				}
				loops[lp] = s.inner
			}
			way = append(way, places[lp])
		}
		in := l.family(u.Loop, loops)
		place := in.add(last, u.ID, u.ID, u.Max != 1)
		if s := in.items[place.at]; s.use == nil {
			s.use = u
		}
		l.of[u.Index] = append(way, place)
	}
	return l
}

// under gives the layout for a guide with fewer or other places.
func (l *layout) under(g *guide.Guide) *layout {
	paths := map[string][]member{}
	for _, u := range g.Base.Uses() {
		if _, known := paths[u.Path]; !known && u.Index < len(l.of) {
			paths[u.Path] = l.of[u.Index]
		}
	}
	c := &layout{top: l.top, of: make([][]member, 1)}
	for _, u := range g.Uses() {
		for len(c.of) <= u.Index {
			c.of = append(c.of, nil)
		}
		c.of[u.Index] = paths[u.Path]
	}
	return c
}

// around are the loops around a place, the outermost first.
func around(u *guide.Use) []*guide.Loop {
	var list []*guide.Loop
	for lp := u.Loop; lp != nil; lp = lp.Parent {
		list = append([]*guide.Loop{lp}, list...)
	}
	return list
}

func (l *layout) family(lp *guide.Loop, loops map[*guide.Loop]*family) *family {
	if lp == nil {
		return l.top
	}
	return loops[lp]
}

// add finds the place for a tag: with the one before if that has the same.
func (f *family) add(last map[*family]string, tag, key string, list bool) member {
	if n := len(f.items); n > 0 && last[f] == tag {
		f.items[n-1].list = true
		return member{f, n - 1}
	}
	last[f] = tag
	name := key
	for i := 2; f.named(name); i++ {
		name = fmt.Sprintf("%s-%d", key, i)
	}
	f.items = append(f.items, &sibling{key: name, list: list})
	return member{f, len(f.items) - 1}
}

func (f *family) named(key string) bool {
	for _, s := range f.items {
		if s.key == key {
			return true
		}
	}
	return false
}

// recorder writes a transaction in the layout of its guide while it passes by.
type recorder struct {
	l     *layout
	out   []byte
	open  []opened
	stray []byte // segments that have no place
	n     int
	plain []byte
	// release is the release character of the document, 0 if it has none.
	release byte
}

// opened is an object that is being written.
type opened struct {
	in *family
	at int // the last sibling written, -1 for none
}

func (r *recorder) begin(l *layout) {
	r.l, r.out, r.stray, r.n = l, append(r.out[:0], '{'), r.stray[:0], 0
	r.open = append(r.open[:0], opened{l.top, -1})
}

// take writes one segment.
func (r *recorder) take(u *guide.Use, s *edi.Segment) {
	r.n++
	if u == nil || !r.place(u) {
		if len(r.stray) > 0 {
			r.stray = append(r.stray, ',')
		}
		r.stray = fmt.Appendf(r.stray, `{"number":%d,"segment":`, r.n)
		r.stray = append(quote(r.stray, s.Body()), '}')
		return
	}
	r.segment(u, s)
}

// place opens what has to be open for a segment, and tells whether the segment
// stands in order.
func (r *recorder) place(u *guide.Use) bool {
	way := r.l.of[u.Index]
	if len(way) == 0 {
		return false
	}
	depth := 0
	for depth < len(way)-1 && depth+1 < len(r.open) && r.open[depth].at == way[depth].at && r.open[depth+1].in == way[depth+1].in {
		depth++
	}
	if u.Starts && depth == len(way)-1 {
		depth--
	}
	if top := r.open[depth]; way[depth].at < top.at || way[depth].at == top.at && !top.in.items[top.at].list {
		return false
	}
	for len(r.open) > depth+1 {
		r.close()
	}
	for i, m := range way[depth:] {
		r.item(m.at)
		if depth+i < len(way)-1 {
			r.out = append(r.out, '{')
			r.open = append(r.open, opened{way[depth+i+1].in, -1})
		}
	}
	return true
}

// item begins the next value of the innermost object.
func (r *recorder) item(at int) {
	top := &r.open[len(r.open)-1]
	if at == top.at {
		r.out = append(r.out, ',')
		return
	}
	if top.at >= 0 {
		if top.in.items[top.at].list {
			r.out = append(r.out, ']')
		}
		r.out = append(r.out, ',')
	}
	top.at = at
	s := top.in.items[at]
	r.out = append(quote(r.out, s.key), ':')
	if s.list {
		r.out = append(r.out, '[')
	}
}

// close ends the innermost object.
func (r *recorder) close() {
	top := r.open[len(r.open)-1]
	if top.at >= 0 && top.in.items[top.at].list {
		r.out = append(r.out, ']')
	}
	r.out = append(r.out, '}')
	r.open = r.open[:len(r.open)-1]
}

// end closes the record and gives it.
func (r *recorder) end() []byte {
	for len(r.open) > 1 {
		r.close()
	}
	if len(r.stray) > 0 {
		if top := &r.open[0]; top.at >= 0 && top.in.items[top.at].list {
			r.out = append(r.out, ']')
		}
		r.open[0].at = -1
		r.out = append(append(append(r.out, `,"unplaced":[`...), r.stray...), ']')
	}
	r.close()
	return r.out
}

func (r *recorder) segment(u *guide.Use, s *edi.Segment) {
	fields := u.Segment.Fields
	b := append(r.out, '{')
	first := len(b)
	for n := 1; n <= s.Len(); n++ {
		if s.Size(n) == 0 {
			continue
		}
		if len(b) > first {
			b = append(b, ',')
		}
		b = append(b, '"', byte('0'+n/10%10), byte('0'+n%10), '"', ':')
		composed := s.Class(n)&edi.Composed != 0 || n <= len(fields) && fields[n-1].Composite != nil
		b = r.element(b, s, n, composed)
	}
	r.out = append(b, '}')
}

func (r *recorder) element(b []byte, s *edi.Segment, n int, composed bool) []byte {
	v, c := s.Element(n), s.Class(n)
	if c&unquoted == 0 && !composed && r.release == 0 {
		return append(append(append(b, '"'), v...), '"')
	}
	if c&edi.Repeated == 0 {
		return r.value(b, s, v, composed)
	}
	b = append(b, '[')
	for more := true; more; b = append(b, ',') {
		var one []byte
		one, v, more = s.CutRepetition(n, v)
		b = r.value(b, s, one, composed)
	}
	b[len(b)-1] = ']'
	return b
}

func (r *recorder) value(b []byte, s *edi.Segment, v []byte, composed bool) []byte {
	if !composed {
		return r.text(b, s, v)
	}
	b = append(b, '{')
	first := len(b)
	for c, more := 1, true; more; c++ {
		var part []byte
		if part, v, more = s.CutComponent(v); len(part) == 0 {
			continue
		}
		if len(b) > first {
			b = append(b, ',')
		}
		b = append(b, '"')
		if c > 9 {
			b = append(b, byte('0'+c/10%10))
		}
		b = append(b, byte('0'+c%10), '"', ':')
		b = r.text(b, s, part)
	}
	return append(b, '}')
}

func (r *recorder) text(b []byte, s *edi.Segment, v []byte) []byte {
	plain := true
	for _, c := range v {
		plain = plain && c < 0x80 && c != r.release
	}
	if plain {
		return quote(b, v)
	}
	r.plain = s.Delimiters().Unescape(r.plain[:0], v)
	v, _ = asText{}.decode(nil, r.plain)
	return quote(b, v)
}

// unquoted are the classes with characters that JSON writes otherwise.
const unquoted = edi.Basic | edi.Extended | edi.Control | edi.High | edi.LineBreak | edi.Repeated | edi.Composed
