package mapping

import (
	"bytes"
	"errors"
	"fmt"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// assertion is what a record said whose transaction is not checked yet.
type assertion struct {
	record   []byte
	text     []byte   // the record is in it
	m        *Map     // nil where the guide alone says how it reads
	script   []uint16 // the paths of its segments
	dropped  int      // of the script
	certain  bool     // who finds these has the record
	giant    bool     // the record was not kept
	line     int      // on which the record stands
	from, to int64    // where its transaction is, of all that was written
}

// claim is how a stream sees to it that a transaction says what its record does,
// without reading the record where that is certain.
type claim struct {
	claims  func() *assertion // of the transaction that begins, nil where nothing is claimed
	said    *assertion
	certain bool
	strayed bool // a segment stands elsewhere than was thought
}

// asked begins to follow an assertion.
func (s *stream) asked(what *assertion) {
	if s.certain, s.strayed = what != nil && what.certain && what.m == s.m && s.m != nil, false; s.certain {
		s.said = what
	}
}

// follow compares the place of a segment, the header not counted.
func (s *stream) follow(u *guide.Use) {
	if s.n == 0 {
		return
	}
	a := s.said
	n := int(s.n) - 1 - a.dropped
	s.strayed = s.strayed || n >= len(a.script) || u == nil || s.m.pathOf[u.Index] != a.script[n]
	if n >= 1<<15 {
		a.dropped += n
		a.script = append(a.script[:0], a.script[min(n, len(a.script)):]...)
	}
}

// over ends a transaction.
func (s *stream) over() { s.strayed = s.strayed || int(s.n) != s.said.dropped+len(s.said.script)+1 }

// claimed is the assertion about the transaction that is validated next.
func (c *writing) claimed() *assertion {
	if len(c.said) == 0 {
		return nil
	}
	return c.said[0]
}

// keep begins to note what a record says, to compare it with what is read back.
func (c *writing) keep() *assertion {
	var said *assertion
	if last := len(c.room) - 1; last >= 0 { // that of a record checked before
		said, c.room = c.room[last], c.room[:last]
	} else {
		said = new(assertion)
	}
	*said = assertion{text: said.text[:0], script: said.script[:0], line: c.row}
	c.said = append(c.said, said)
	return said
}

// take takes the text of a record off the draft, on which it is no longer needed.
func (a *assertion) take(t *draft, from, to int) {
	a.text, t.text = t.text, a.text
	a.record = a.text[from:to]
}

// check compares a transaction with its record, before which there are n.
func (c *writing) check(n int, e *edi.Event, s *stream) error {
	line := 0
	if said := c.claimed(); said != nil {
		line = said.line
	}
	if e.Transaction.Errors > 0 {
		f := &e.Transaction.List[0]
		for i := range e.Transaction.List {
			if e.Transaction.List[i].Severity == edi.Error {
				f = &e.Transaction.List[i]
				break
			}
		}
		return c.refused(n, line, e.Transaction.List, fmt.Errorf("%s: %s", f.Path, f.ID))
	}
	if err := c.same(s); err != nil {
		return c.refused(n, line, nil, err)
	}
	return nil
}

// same tells whether a valid transaction says what its record does.
func (c *writing) same(s *stream) error {
	said := c.said[0]
	c.said = append(c.said[:0], c.said[1:]...)
	c.room = append(c.room, said)
	switch {
	case s.certain && s.strayed && said.giant:
		return errDoubtful
	case s.certain && s.strayed:
		return c.reread(said)
	case s.certain:
		return nil
	case s.m == nil:
		if !bytes.Equal(s.raw.end(), said.record) {
			return c.compare(said.record, s.raw.out)
		}
		return nil
	}
	return c.match(said, s)
}

// reread reads a transaction once more, to compare what it says.
func (c *writing) reread(said *assertion) error {
	file := envelope(said.m.Guide, c.o.delimiters(said.m.Guide), c.pending[said.from-c.flushed:said.to-c.flushed])
	s := newStream(bytes.NewReader(file), c.guides, c.maps, guide.Options{Guide: said.m.Guide, RequireGuide: true})
	for {
		e, err := s.next()
		if err != nil {
			return err
		}
		if e.Kind == edi.TransactionEnd && s.m != nil {
			return c.match(said, s)
		}
	}
}

// match compares a record with the one that a stream has read.
func (c *writing) match(said *assertion, s *stream) error {
	s.line = s.t.appendJSON(s.line[:0], 0)
	if bytes.Equal(s.line, said.record) {
		return nil
	}
	want, err := s.m.ReadJSON(said.record)
	if err != nil {
		return err
	}
	got, err := s.m.ReadJSON(s.line)
	if err != nil {
		return err
	}
	if at := unsaid(s.m.rules, want, got); at != "" {
		return fmt.Errorf("%s cannot be said in this document as the record has it", at)
	}
	return nil
}

// compare tells whether two records in a layout differ by more than space.
func (c *writing) compare(said, got []byte) error {
	var a, b jsonTree
	if err := errors.Join(a.parse(said), b.parse(got)); err != nil {
		return err
	}
	if !sameTree(&a, 1, &b, 1) {
		return errors.New("it cannot be said in this set as the record has it")
	}
	return nil
}

func sameTree(a *jsonTree, i int32, b *jsonTree, j int32) bool {
	x, y := &a.nodes[i], &b.nodes[j]
	if x.kind != y.kind || x.kind == '"' && !bytes.Equal(a.bytes(x.value), b.bytes(y.value)) {
		return false
	}
	n := 0
	other := y.first
	for one := x.first; one != 0; one = a.nodes[one].next {
		n++
		if x.kind == '{' {
			other = b.member(j, string(a.bytes(a.nodes[one].name)))
		}
		if other == 0 || !sameTree(a, one, b, other) {
			return false
		}
		other = b.nodes[other].next
	}
	for one := y.first; one != 0; one = b.nodes[one].next {
		n--
	}
	return n == 0
}
