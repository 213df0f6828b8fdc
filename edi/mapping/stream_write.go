package mapping

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// WriteOptions say how [Write] addresses what it writes.
type WriteOptions struct {
	SenderQualifier, Sender     string
	ReceiverQualifier, Receiver string
	// The names of the applications, in groups of X12; those of the interchange where empty.
	SenderGroup, ReceiverGroup string
	Date                       time.Time // of the envelopes
	Test                       bool
	// Delimiters to write with; those that most partners use if Element is zero.
	Delimiters edi.Delimiters
}

// delimiters are those with which a set is written.
func (o *WriteOptions) delimiters(g *guide.Guide) edi.Delimiters {
	if o.Delimiters.Element == 0 {
		return delimiters(g)
	}
	return o.Delimiters
}

// Write is the way back of [JSON]: it reads records, one on a line, and writes
// them as transactions. Records that follow one another with the same
// interchange and group share the envelopes, whose control numbers are those of
// the record. Every transaction is validated before it is written; the first
// that is not valid, or does not say what the record does, ends the writing
// with a [*RecordError], behind all those before it.
//
// Of a record of more than about a megabyte nothing is kept if its fields stand in
// the order of the map, as JSON writes them: what is valid of it goes out while
// the rest is read, so that the error of such a record may come behind a part of
// it. What would have to be read back as a whole is refused there.
func Write(w io.Writer, r io.Reader, guides *guide.Library, maps *Library, o WriteOptions) error {
	return newWriting(bufio.NewReaderSize(r, 1<<16), guides, maps, o).write(w)
}

func newWriting(in *bufio.Reader, guides *guide.Library, maps *Library, o WriteOptions) *writing {
	c := &writing{in: in, guides: guides, maps: maps, o: o, pens: map[*Map]*pen{}, layouts: layouts{}, limit: keptBytes}
	c.takes = c.member
	return c
}

func (c *writing) write(w io.Writer) error {
	s := newStream(c, c.guides, c.maps, guide.Options{RequireGuide: true})
	s.claims = c.claimed
	defer c.stop()
	n := 0
	for {
		e, err := s.next()
		if err == io.EOF || errors.Is(err, edi.ErrNoInterchange) && c.produced == 0 {
			_, err = w.Write(c.pending)
			return err
		}
		if err != nil {
			return c.halted(w, err)
		}
		if e.Kind != edi.TransactionEnd && (e.Kind != edi.TransactionSegment || !s.passes()) {
			continue
		}
		if e.Kind == edi.TransactionEnd || e.Transaction.Errors > 0 || s.strayed {
			giant := s.certain && s.said.giant
			if err := c.check(n, e, s); err != nil {
				c.told = c.told && (giant || e.Segment == nil)
				return c.halted(w, err)
			}
			n++
		}
		if e.Segment != nil {
			if err := c.flush(w, endOf(e.Segment)); err != nil {
				return err
			}
		}
	}
}

// passes tells whether to let go what has been validated of a record that is not
// kept.
func (s *stream) passes() bool { return s.certain && s.said.giant && s.n%256 == 0 }

func endOf(s *edi.Segment) int64 {
	return s.Position().Offset + int64(len(s.Body())) + int64(len(s.Terminator()))
}

// writing makes the bytes of records while they are read and validated.
type writing struct {
	in       *bufio.Reader
	guides   *guide.Library
	maps     *Library
	o        WriteOptions
	pens     map[*Map]*pen
	pen      *pen // the last one
	known    known
	layouts  layouts
	tree     jsonTree
	t        draft
	raw      composer
	long     []byte
	limit    int // about how many bytes of a line are kept, if it can be written in pieces
	fill     filler
	takes    func(name []byte) error // member
	next     head                    // of the line at hand
	control  []byte
	record   incoming
	head     head
	guide    *guide.Guide // of head
	open     bool
	groups   int    // in the interchange
	count    int    // of transactions in the group
	lines    int    // that are records, up to the one at hand
	row      int    // in which that one stands
	indent   int    // how many bytes stand before it there
	pending  []byte // produced, and not known to be valid
	unread   int    // of pending, what the validator has not read
	flushed  int64
	valid    int64 // up to where it is known to be
	produced int64
	said     []*assertion            // the records whose transactions were not checked yet
	room     []*assertion            // to be used for the next ones
	err      error                   // ends the writing, when all before it is validated
	told     bool                    // it has ended what the validator reads
	ended    bool                    // all lines are read
	failed   error                   // of reading a line that is not kept
	resume   func() (struct{}, bool) // goes on with that line; nil if there is none
	halt     func()
}

// head are the members of a line beside the record and the control number of the
// transaction.
type head struct{ kind, guide, interchange, group string }

// known is how the records of a kind and guide are read.
type known struct {
	kind, guide string
	g           *guide.Guide
	m           *Map
}

// member is where the member of a name is kept, nil for one that is not.
func (h *head) member(name string) *string {
	switch name {
	case "kind":
		return &h.kind
	case "guide":
		return &h.guide
	case "interchange":
		return &h.interchange
	case "group":
		return &h.group
	}
	return nil
}

var _ io.Reader = (*writing)(nil)

// atOnce is how many bytes are made before they are read: a reader that gets
// little has to look at what it has again and again.
const atOnce = 1 << 13

// ready tells whether another line is there without waiting for it.
func (c *writing) ready() bool {
	there, err := c.in.Peek(c.in.Buffered())
	return err == nil && bytes.IndexByte(there, '\n') >= 0
}

// Read gives the bytes of what is written next.
func (c *writing) Read(p []byte) (int, error) {
	for c.err == nil && !c.ended && (c.unread == 0 || c.unread < atOnce && c.ready()) {
		c.ended = c.produce()
	}
	switch {
	case c.unread > 0:
	case c.err != nil:
		c.told = true
		return 0, c.err
	default:
		return 0, io.EOF
	}
	n := copy(p, c.pending[len(c.pending)-c.unread:])
	c.unread -= n
	return n, nil
}

// produce adds the transaction of the next line, and tells whether there was
// none.
func (c *writing) produce() bool {
	before := len(c.pending)
	defer func() {
		if c.err != nil {
			c.pending = c.pending[:before]
		}
		c.unread += len(c.pending) - before
		c.produced += int64(len(c.pending) - before)
	}()
	if c.resume != nil { // the rest of a line
		if _, more := c.resume(); !more {
			c.resume = nil
		}
		return false
	}
	line, err := c.line()
	if errors.Is(err, bufio.ErrBufferFull) {
		c.resume, c.halt = iter.Pull(c.endless(line))
		return false
	}
	if len(line) > 0 {
		if err := c.add(line); err != nil {
			c.err = c.unreadable(err)
		}
	} else if err != nil {
		c.closeGroup()
		c.closeInterchange()
		if err != io.EOF {
			c.err = err
		}
	}
	return err != nil && len(line) == 0
}

// stop ends a line that is not kept.
func (c *writing) stop() {
	if c.halt != nil {
		c.halt()
	}
}

// line gives the next line that is not empty. A line that is too long to be kept
// begins with what it gives, and the error says so.
func (c *writing) line() ([]byte, error) {
	for {
		line, err := c.in.ReadSlice('\n')
		c.row++
		if errors.Is(err, bufio.ErrBufferFull) {
			c.long = append(c.long[:0], line...)
			for errors.Is(err, bufio.ErrBufferFull) && len(c.long) < c.limit {
				line, err = c.in.ReadSlice('\n')
				c.long = append(c.long, line...)
			}
			line = c.long
		}
		all := len(line)
		line = bytes.TrimLeft(line, " \t\r\n")
		if c.indent = all - len(line); !errors.Is(err, bufio.ErrBufferFull) {
			line = bytes.TrimRight(line, " \t\r\n")
		}
		if len(line) > 0 || err != nil {
			c.lines++
			return line, err
		}
	}
}

// add makes the transaction of a line.
func (c *writing) add(line []byte) error {
	c.fill.text, c.fill.wide, c.fill.t, c.fill.at, c.fill.depth = line, nil, &c.t, 0, 0
	if c.fill.giant == nil {
		c.fill.begin(&c.t, line)
	}
	c.next, c.control, c.record = head{}, c.control[:0], incoming{}
	err := c.fill.members(c.takes)
	if err == nil && c.fill.next() != 0 {
		err = errors.New("something stands behind it")
	}
	line = c.fill.text
	switch r := &c.record; {
	case err != nil:
		return c.fill.says(err)
	case c.fill.giant != nil && c.record.written:
		return c.failed
	case r.to == 0:
		return errors.New(`it has no "record"`)
	case !r.read || r.guide != c.next.guide || r.kind != c.next.kind: // it stood before what says how it reads
		c.fill.at = r.from
		if err := c.read(); err != nil {
			return c.fill.says(err)
		}
	}
	r := &c.record
	c.envelope(c.next, r.g)
	c.count++
	said := c.keep()
	if r.m == nil {
		said.text = append(said.text, line[r.from:r.to]...)
		said.record = said.text
		return c.compose(r.g, line[r.from:r.to])
	}
	w := c.penOf(r)
	said.from = c.flushed + int64(len(c.pending))
	c.pending, err = w.transaction(c.pending, &c.t, c.control)
	said.to = c.flushed + int64(len(c.pending))
	said.m, said.script, said.certain = r.m, append(said.script, w.script...), !w.doubtful
	said.take(&c.t, r.from, r.to)
	return err
}

// penOf is the one that writes the records of a map.
func (c *writing) penOf(r *incoming) *pen {
	if c.pen == nil || c.pen.m != r.m {
		if c.pen = c.pens[r.m]; c.pen == nil {
			c.pen = newPen(r.m, c.o.delimiters(r.g))
			c.pens[r.m] = c.pen
		}
	}
	return c.pen
}

// incoming is the record of a line.
type incoming struct {
	head     // as it was when the record was read
	from, to int
	read     bool
	written  bool // while it was read
	g        *guide.Guide
	m        *Map
}

// member reads a member of a line.
func (c *writing) member(name []byte) error {
	into, was := c.next.member(string(name)), c.head.member(string(name))
	switch {
	case string(name) == "transaction" && c.fill.next() == '"':
		v, _, err := c.fill.str()
		c.control = append(c.control[:0], v...)
		return err
	case string(name) == "record":
		c.fill.space()
		c.record.from = c.fill.at
		err := c.read()
		c.record.to = c.fill.at
		return err
	case string(name) == "errors":
		return c.faulty()
	case into == nil || c.fill.next() != '"':
		return c.fill.skip()
	}
	v, _, err := c.fill.str()
	if *was == string(v) {
		*into = *was // as in the record before
	} else {
		*into = string(v)
	}
	return err
}

// record reads a record into the tape, if it is known how.
func (c *writing) read() error {
	r := &c.record
	r.head = c.next
	if r.read = r.guide != "" && r.kind != ""; !r.read && r.to == 0 {
		if c.fill.giant != nil {
			c.fill.giant.all()
			r.from = c.fill.at
		}
		return c.fill.skip()
	}
	if err := c.know(r.kind, r.guide); err != nil {
		return err
	}
	r.g, r.m = c.known.g, c.known.m
	if g := c.fill.giant; g != nil {
		if h := &c.next; r.m != nil && !r.m.keeps && h.interchange != "" && (h.group != "" || isEDIFACT(r.g)) && len(c.control) > 0 {
			c.t.text, r.written = c.t.text[:0], true
			c.fill.record(r.m)
			g.begin(r)
			if err := c.fill.object(0); err != nil {
				return err
			}
			return g.end()
		}
		g.all()
		r.from = c.fill.at
	}
	if r.m == nil {
		return c.fill.skip()
	}
	c.fill.record(r.m)
	return c.fill.object(0)
}

// know finds out how records are read, as a rule the same as those before.
func (c *writing) know(kind, name string) error {
	if c.known.g != nil && c.known.kind == kind && c.known.guide == name {
		return nil
	}
	g, err := c.guides.Load(name)
	if err != nil {
		return err
	}
	m, err := c.mapFor(g, kind)
	if err != nil {
		return err
	}
	c.known = known{kind, name, g, m}
	return nil
}

// mapFor is the map of a record, nil where its guide alone says how it reads.
func (c *writing) mapFor(g *guide.Guide, kind string) (*Map, error) {
	if kind == g.Set || c.maps == nil {
		return nil, nil
	}
	m, err := c.maps.Map(g)
	if err == nil && m.Target != kind {
		return nil, fmt.Errorf("the map of %s is about a %s, and the record is a %s", g.Name, m.Target, kind)
	}
	return m, err
}

func (c *writing) compose(g *guide.Guide, record []byte) error {
	if err := c.tree.parse(record); err != nil {
		return err
	}
	c.raw.t, c.raw.delims = &c.tree, c.o.delimiters(g)
	var err error
	c.pending, err = c.raw.compose(c.pending, c.layouts.of(g), 1)
	return err
}

// named finds a rule by its name; as a rule it is the one that is expected.
func (r *rule) named(name []byte, expected int) int {
	for i := expected; i < len(r.rules); i++ {
		if r.rules[i].name == string(name) {
			return i
		}
	}
	for i := range min(expected, len(r.rules)) {
		if r.rules[i].name == string(name) {
			return i
		}
	}
	return -1
}

// flush writes what is valid: all up to an offset.
func (c *writing) flush(w io.Writer, end int64) error {
	c.valid = end
	n := min(int(end-c.flushed), len(c.pending))
	if n < 1<<15 && end < c.produced {
		return nil
	}
	if _, err := w.Write(c.pending[:n]); err != nil {
		return err
	}
	c.flushed += int64(n)
	c.pending = append(c.pending[:0], c.pending[n:]...)
	return nil
}

// halted writes what is valid before an error: the one that ended the reading of
// records, if that has come to be read.
func (c *writing) halted(w io.Writer, err error) error {
	if c.told {
		err = c.err
	}
	if n := min(int(c.valid-c.flushed), len(c.pending)); n > 0 {
		_, failed := w.Write(c.pending[:n])
		return errors.Join(err, failed)
	}
	return err
}
