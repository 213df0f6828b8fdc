package mapping

import (
	"io"
	"slices"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// Document is a transaction set, each segment in its place in the guide. It
// keeps the bytes that it was read from.
type Document struct {
	Guide *guide.Guide
	// Transaction is its number in the group, from 1; 0 in a document made by Encode.
	Transaction int
	// Errors is how many errors validation found in it.
	Errors int

	root   *round
	delims edi.Delimiters
	gap    string // what stands before a segment made here
}

// round is one round of a loop, or with a nil loop the transaction.
type round struct {
	loop  *guide.Loop
	index int    // the place of its first segment in the guide
	path  string // with rounds, as PTD[1]/QTY[2]
	above *round
	items []item
}

// item is a segment or a round of an inner loop.
type item struct {
	seg *segment
	sub *round
}

func (it item) index() int {
	if it.sub != nil {
		return it.sub.index
	}
	return it.seg.index()
}

// Set is the transaction set or message, such as 867 or SLSRPT.
func (d *Document) Set() string {
	if isEDIFACT(d.Guide) {
		return d.header(2, 1)
	}
	return d.header(1, 0)
}

// ControlNumber is that of the transaction set, ST02, or the reference of the
// message, UNH01.
func (d *Document) ControlNumber() string {
	if isEDIFACT(d.Guide) {
		return d.header(1, 0)
	}
	return d.header(2, 0)
}

func (d *Document) header(n, c int) string {
	if len(d.root.items) == 0 || d.root.items[0].seg == nil {
		return ""
	}
	return d.root.items[0].seg.text(n, c)
}

// Bytes gives the transaction set from ST to SE as it is written, with what
// stands before each segment.
func (d *Document) Bytes() []byte { return d.root.append(nil, d) }

// Segments is the number of segments from ST to SE.
func (d *Document) Segments() int { return d.root.count("") }

func (r *round) append(b []byte, d *Document) []byte {
	for _, it := range r.items {
		if it.sub != nil {
			b = it.sub.append(b, d)
		} else {
			b = it.seg.append(b, d)
		}
	}
	return b
}

// count counts the segments with a tag, all of them if it is empty.
func (r *round) count(tag string) int {
	n := 0
	for _, it := range r.items {
		switch {
		case it.sub != nil:
			n += it.sub.count(tag)
		case tag == "" || it.seg.tag() == tag:
			n++
		}
	}
	return n
}

// head is the segment with which a round begins, nil if that one is missing.
func (r *round) head() *segment {
	if len(r.items) == 0 || r.items[0].seg == nil || r.items[0].seg.use == nil || !r.items[0].seg.use.Starts {
		return nil
	}
	return r.items[0].seg
}

// insert puts an item behind all those that stand before it in the guide, and
// behind its equals.
func (r *round) insert(it item) {
	at, index := len(r.items), it.index()
	for at > 0 && r.items[at-1].index() > index {
		at--
	}
	r.items = append(r.items, item{})
	copy(r.items[at+1:], r.items[at:])
	r.items[at] = it
}

func (r *round) remove(s *segment, sub *round) {
	for i, it := range r.items {
		if s != nil && it.seg == s || sub != nil && it.sub == sub {
			r.items = append(r.items[:i], r.items[i+1:]...)
			return
		}
	}
}

// clone copies rounds and segments; what was read is shared, since it never
// changes.
func (r *round) clone(above *round) *round {
	c := &round{loop: r.loop, index: r.index, above: above, items: make([]item, len(r.items))}
	for i, it := range r.items {
		if it.sub != nil {
			c.items[i].sub = it.sub.clone(c)
			continue
		}
		s := *it.seg
		s.elements = append([]string(nil), it.seg.elements...)
		c.items[i].seg = &s
	}
	return c
}

// Source follows a validator and collects the transactions that pass by. Use it
// in place of the validator, which it wraps.
type Source struct {
	*guide.Validator
	// Done, if not nil, takes each transaction that has a guide, when its end was seen.
	Done func(*edi.Event, *Document)

	open  *Document
	stack []*round
	chain []*guide.Loop
	// With reuse a Document is valid until Done returns: the memory of its segments is used again.
	reuse      bool
	free, used []*edi.Segment
}

var _ edi.Source = (*Source)(nil)

// Next gives the validator's next event.
func (s *Source) Next() (*edi.Event, error) {
	e, err := s.Validator.Next()
	if err != nil {
		return nil, err
	}
	switch e.Kind {
	case edi.TransactionStart:
		s.open = nil
		if g := s.Guide(); g != nil {
			s.begin(e, g)
		}
	case edi.TransactionSegment:
		if s.open != nil {
			s.add(e.Segment)
		}
	case edi.TransactionEnd:
		if s.open != nil {
			s.finish(e)
		}
	}
	return e, nil
}

func (s *Source) begin(e *edi.Event, g *guide.Guide) {
	s.open = &Document{Guide: g, Transaction: e.Transaction.Index, root: &round{}, delims: e.Segment.Delimiters()}
	s.stack = append(s.stack[:0], s.open.root)
	s.add(e.Segment)
}

func (s *Source) finish(e *edi.Event) {
	if e.Segment != nil {
		s.add(e.Segment)
	}
	s.open.Errors = e.Transaction.Errors
	if s.Done != nil {
		s.Done(e, s.open)
	}
	s.open = nil
	if s.reuse {
		s.free, s.used = append(s.free, s.used...), s.used[:0]
	}
}

// add puts a segment into the round of its loop, which it may begin.
func (s *Source) add(read *edi.Segment) {
	u := s.Use()
	seg := &segment{use: u, source: s.keep(read)}
	if s.open.gap == "" && len(s.open.root.items) > 0 {
		s.open.gap = string(read.Gap())
	}
	if u != nil {
		s.enter(u)
	}
	last := s.stack[len(s.stack)-1]
	if u != nil {
		if u.Starts || last.path == "" && last.loop != nil {
			last.path = s.LoopPath()
		}
		seg.loop = last.path
	}
	last.items = append(last.items, item{seg: seg})
}

// keep copies a segment, so that it stays.
func (s *Source) keep(read *edi.Segment) *edi.Segment {
	var c *edi.Segment
	if n := len(s.free); n > 0 {
		c, s.free = s.free[n-1], s.free[:n-1]
	} else {
		c = new(edi.Segment)
	}
	c.CopyFrom(read)
	if s.reuse {
		s.used = append(s.used, c)
	}
	return c
}

// enter goes to the round in which a segment stands: out of loops that are
// over, and into new rounds.
func (s *Source) enter(u *guide.Use) {
	s.chain = s.chain[:0]
	for l := u.Loop; l != nil; l = l.Parent {
		s.chain = append(s.chain, l)
	}
	slices.Reverse(s.chain)
	chain := s.chain
	depth := 0
	for depth < len(chain) && depth+1 < len(s.stack) && s.stack[depth+1].loop == chain[depth] {
		depth++
	}
	if u.Starts && depth == len(chain) {
		depth--
	}
	s.stack = s.stack[:depth+1]
	for _, l := range chain[depth:] {
		above := s.stack[depth]
		r := &round{loop: l, index: u.Index, above: above}
		above.items = append(above.items, item{sub: r})
		s.stack = append(s.stack, r)
		depth++
	}
}

// Documents reads all transactions of r that have a guide. The report says
// what was found; the error is about reading.
func Documents(r io.Reader, lib *guide.Library, o guide.Options) ([]*Document, *edi.Report, error) {
	var all []*Document
	s := &Source{Validator: guide.NewValidator(edi.NewReader(r, edi.Options{}), lib, o)}
	s.Done = func(_ *edi.Event, d *Document) { all = append(all, d) }
	rep, err := edi.Collect(s)
	return all, rep, err
}

// Delimiters are those with which the document is written.
func (d *Document) Delimiters() edi.Delimiters { return d.delims }
