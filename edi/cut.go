package edi

import (
	"bytes"
	"io"
	"sync"
)

// cut is a place at which a file can be cut, with all that a Reader and a
// Parser have to know of what stands before it: the header of a transaction, or
// the end of an interchange.
type cut struct {
	inside   bool // before a transaction
	offset   int64
	lines    lines
	std      Standard
	delims   Delimiters
	foreign  *[256]bool
	isxKnown bool
	wrapped  bool
	env      envelope
	ic       Interchange
	gr       Group
	charset  *Charset
	mistaken bool
}

// same tells whether a parser that comes to a cut finds there what was expected.
func (c *cut) same(d *cut) bool {
	return c.inside == d.inside && c.offset == d.offset && c.std == d.std && c.delims == d.delims && c.env == d.env &&
		c.gr.implicit == d.gr.implicit && c.gr.Index == d.gr.Index && c.gr.Count == d.gr.Count &&
		c.ic.Index == d.ic.Index && c.ic.Count == d.ic.Count && c.ic.Transactions == d.ic.Transactions &&
		bytes.Equal(c.ic.Header.buf, d.ic.Header.buf) && bytes.Equal(c.gr.Header.buf, d.gr.Header.buf)
}

// cut is the place where p stands.
func (p *Parser) cut() *cut {
	r := p.r
	c := &cut{std: r.std, delims: r.delims, foreign: r.foreign, isxKnown: r.isxKnown, wrapped: r.wrapped, env: r.env, ic: p.ic.copyOf(nil), gr: p.gr.copyOf(nil), charset: p.charset, mistaken: p.mistaken}
	c.ic.Findings, c.ic.Acks = Findings{}, 0
	c.gr.Findings, c.gr.Accepted = Findings{}, 0
	return c
}

// cutAfter is the cut behind the interchange that has just ended.
func (p *Parser) cutAfter() *cut {
	r := p.r
	r.lines.place(r.buf, r.offset-int64(r.start), r.offset)
	c := p.cut()
	c.offset, c.lines = r.offset, r.lines
	return c
}

// cutBefore is the cut before the segment s, which begins a transaction that is
// not yet counted.
func (p *Parser) cutBefore(s *Segment) *cut {
	s.Position()
	c := p.cut()
	c.inside, c.offset, c.lines = true, s.pos.Offset, p.r.lines
	c.env.place = place{interchange: s.env.interchange, group: s.env.group, transaction: s.env.transaction - 1}
	return c
}

// piece is a part of a file between two cuts.
type piece struct {
	from  cut  // offset 0 and nothing else for the first
	to    *cut // nil for the last
	again map[int64]bool

	// The piece and some more, in a buffer whose first byte has the offset base;
	// nil where it is to be read from the file.
	buf  *[]byte
	base int64
	held int // bytes in the buffer

	parser *Parser // that read it
	torn   bool    // its end was not found where it was expected
}

// reader returns a Reader that begins at the piece. It may look beyond its end,
// since what stands there can matter.
func (q *piece) reader(in io.ReaderAt, size int64, o Options) *Reader {
	c := &q.from
	next := c.offset
	if q.buf != nil {
		next = q.base + int64(q.held)
	}
	r := newReader(io.NewSectionReader(in, next, size-next), o, q.buf)
	if r.piece = q; q.buf != nil {
		r.start, r.end = int(c.offset-q.base), q.held
	}
	if c.offset == 0 {
		return r
	}
	r.offset, r.lines, r.env, r.foreign, r.isxKnown = c.offset, c.lines, c.env, c.foreign, c.isxKnown
	r.std, r.seen, r.wrapped = c.std, true, c.wrapped
	r.separate(c.delims)
	if c.inside {
		r.state = inside
	}
	r.seg.delims, r.seg.standard = &r.delims, c.std
	return r
}

// within tells whether s stands in the piece that p reads, or that there is none.
func (p *Parser) within(s *Segment) bool {
	return s.pos.Offset+int64(len(s.buf)-s.gap) <= p.until
}

// resume makes a Parser go on where a piece begins.
func (p *Parser) resume(q *piece) {
	p.piece, q.parser = q, p
	if q.to != nil {
		p.until = q.to.offset
	}
	if q.from.offset == 0 {
		return
	}
	p.std, p.mistaken = q.from.std, q.from.mistaken
	p.hold(q.from.charset)
	p.ic, p.gr = q.from.ic.copyOf(nil), q.from.gr.copyOf(nil)
	if q.from.inside {
		p.enter(LevelGroup)
	}
}

// atEnd tells whether p has read its piece. A transaction that is open when the
// next one begins is still to be ended.
func (p *Parser) atEnd() bool {
	q := p.piece
	if q == nil || q.to == nil {
		return false
	}
	switch s := p.seg; {
	case p.stopped:
	case s == nil:
		if q.to.inside || p.in > 0 || p.eof || p.r.offset < q.to.offset {
			return false
		}
		q.torn = !p.cutAfter().same(q.to)
	case p.within(s):
		return false
	case s.pos.Offset == q.to.offset && q.to.inside && s.role == opensTransaction:
		if p.in == LevelTransaction {
			return false
		}
		q.torn = p.in != LevelGroup || !p.cutBefore(s).same(q.to)
	default:
		q.torn = true
	}
	p.stopped = true
	return true
}

// cutter reads a file no closer than it takes to follow its envelopes, and cuts
// it into pieces. What it has read of a piece goes with it, so that nobody has to
// read that again.
type cutter struct {
	size    int64
	sizes   pieceSizes
	buffers *sync.Pool
	p       *Parser
	open    *piece // the one whose end is not yet found
	enough  int64  // bytes for it
	done    bool
}

func newCutter(in io.ReaderAt, size int64, o ParallelOptions, buffers *sync.Pool) *cutter {
	c := &cutter{size: size, sizes: pieceSizes{most: int64(o.Piece), workers: int64(o.Workers)}, buffers: buffers}
	r := newReader(&sips{io.NewSectionReader(in, 0, size)}, o.Options, c.buffer(0))
	r.skims = true
	c.p = NewParser(r, ParserOptions{MaxFindings: 1})
	c.begin(&piece{})
	return c
}

// pieceSizes tells how large the pieces of a file are to be.
type pieceSizes struct {
	most, workers int64
	last          int64
}

// next is the least size of the piece that begins where so much is left. The first
// pieces are small, so that all soon have one to read, and the last ones, so that
// all are done at the same time.
func (s *pieceSizes) next(left int64) int64 {
	s.last = min(max(2*s.last, s.least()), s.most)
	return max(min(s.last, left/(2*s.workers)), s.least())
}

// least is the size below which a piece is not worth its own reader.
func (s *pieceSizes) least() int64 { return max(s.most/8, 1) }

// sips reads little at a time, so that not much is read of the next piece when
// the end of one is found.
type sips struct{ io.Reader }

func (s *sips) Read(b []byte) (int, error) { return s.Reader.Read(b[:min(len(b), sip)]) }

const (
	sip = 32 << 10
	// mostHeld is how much is kept of a piece at most: what is larger is read again.
	mostHeld = 4 << 20
)

// buffer is one for a piece, of which n bytes are known.
func (c *cutter) buffer(n int) *[]byte {
	if buf, ok := c.buffers.Get().(*[]byte); ok && len(*buf) >= n+sip {
		return buf
	}
	buf := make([]byte, max(int64(n), min(c.sizes.most+c.sizes.most/4, c.size, mostHeld))+2*sip)
	return &buf
}

// begin begins the piece q.
func (c *cutter) begin(q *piece) {
	c.open, c.enough = q, c.sizes.next(c.size-q.from.offset)
}

// hand gives a piece what is read of it, if all of it is still there, and goes on
// with another buffer behind byte at of the file.
func (c *cutter) hand(q *piece, at int64) {
	r := c.p.r
	base := r.offset - int64(r.start)
	if base > q.from.offset {
		return
	}
	buf := r.buf
	q.buf, q.base, q.held = &buf, base, r.end
	rest := buf[at-base : r.end]
	r.buf = *c.buffer(len(rest))
	r.start, r.end = int(r.offset-at), copy(r.buf, rest)
}

// next returns the next piece, nil after the last. What is wrong with reading
// the file is for whoever reads the pieces to find.
func (c *cutter) next() *piece {
	for !c.done {
		e, err := c.p.Next()
		if err != nil {
			c.done = true
			c.hand(c.open, c.p.r.offset)
			return c.open
		}
		here := c.p.r.offset
		due := here-c.open.from.offset >= c.enough && c.size-here >= c.sizes.least()
		switch {
		case e.Kind == TransactionStart:
			at := e.Segment.pos.Offset
			q := c.open
			if due && (c.p.gr.Count > 1 || c.p.gr.Header.Kind() != 0) && at > q.from.offset {
				c.end(c.uncounted(e.Segment))
			}
			c.note(at)
			if q != c.open {
				return q
			}
		case e.Kind == GroupStart && e.Segment != nil:
			c.note(e.Segment.pos.Offset)
		case e.Kind == InterchangeEnd && e.Segment != nil && due:
			q := c.open
			c.end(c.p.cutAfter())
			return q
		}
	}
	return nil
}

// uncounted is the cut before the transaction that has just begun with s.
func (c *cutter) uncounted(s *Segment) *cut {
	here := c.p.cutBefore(s)
	here.gr.Count--
	here.ic.Transactions--
	if here.gr.implicit {
		here.ic.messages--
	}
	return here
}

// end ends the open piece at a cut and begins the next.
func (c *cutter) end(at *cut) {
	c.open.to = at
	c.hand(c.open, at.offset)
	c.begin(&piece{from: *at})
}

// note remembers of the header at hand that its control number occurred before.
func (c *cutter) note(at int64) {
	if c.p.again != at {
		return
	}
	if c.open.again == nil {
		c.open.again = map[int64]bool{}
	}
	c.open.again[at] = true
}
