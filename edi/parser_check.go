package edi

import (
	"bytes"
	"errors"
	"strconv"
)

// failed notices, of an error that ends the reading, that the input is in another
// encoding.
func (p *Parser) failed(err error) error {
	var format *FormatError
	if errors.As(err, &format) && format.Encoding != "" {
		f := fileEncoding.finding(p.std)
		f.Value, f.Expected = format.Encoding, format.Remedy
		p.Add(f, nil)
	}
	return err
}

// unterminated deals with a segment whose terminator is missing, at the end of
// the file or before the next interchange. A complete trailer of an interchange
// there loses nothing.
func (p *Parser) unterminated(s *Segment) bool {
	if s.Terminated() || s.Overlong() {
		return false
	}
	f := segmentUnterminated.finding(s.Standard())
	f.Value = printable(s.Body(), 60)
	switch s.role {
	case closesInterchange:
		if p.in > 0 && p.ic.Header.Kind() != 0 && (bytes.Equal(s.reference(), p.ic.Header.reference()) || p.std == X12 && sameNumber(s.reference(), p.ic.Header.reference())) {
			return false
		}
	case opensInterchange:
		return false
	}
	if p.in == LevelTransaction {
		p.ts.Segments++
	} else if p.std == X12 {
		f.Code = ""
	}
	p.Add(f, s)
	return true
}

// lastTerminator notices that the trailer of the interchange is complete but
// for its terminator.
func (p *Parser) lastTerminator(s *Segment) {
	if !s.Terminated() {
		f := segmentUnterminated.finding(p.std)
		f.Severity, f.Level, f.Code, f.Value = Warning, LevelInterchange, "", printable(s.Body(), 60)
		p.Add(f, s)
	}
}

// empty notices a terminator that ends nothing.
func (p *Parser) empty(s *Segment) bool {
	if len(s.Body()) > 0 {
		return false
	}
	f := segmentEmpty.finding(s.Standard())
	f.Length = len(s.Terminator())
	p.Add(f, s)
	return true
}

// checkSegment judges what needs no guide: the tag and the limits.
func (p *Parser) checkSegment(s *Segment) {
	if n := len(s.TagBytes()); !s.validTag(n) {
		f := segmentTag.finding(p.std)
		f.Length, f.Value = n, printable(s.TagBytes(), 20)
		p.Add(f, s)
	}
	if s.Overlong() {
		p.Add(segmentTooLong.finding(p.std), s)
	}
	if s.Overfull() {
		p.Add(segmentTooMany.finding(p.std), s)
	}
	if s.wrongSize {
		f := Finding{ID: "x12.segment.binary-length", Severity: Error, Level: LevelElement, Code: "6", Path: Path{Element: 1}}
		if s.tag == BDS {
			f.Path.Element = 2
		}
		f.Value = printable(s.Element(f.Path.Element), 20)
		f.Expected = strconv.Itoa(s.Size(f.Path.Element + 1))
		p.Add(f, s)
	}
}

func (p *Parser) checkTransactionEnd(s *Segment) {
	p.count(s, transactionCount, p.ts.Segments)
	p.control(s, transactionControl, &p.ts.Header)
}

func (p *Parser) checkGroupEnd(s *Segment) {
	p.count(s, groupCount, p.gr.Count)
	p.control(s, groupControl, &p.gr.Header)
	if p.std == EDIFACT && p.gr.Count == 0 {
		p.Add(groupEmpty.finding(p.std), s)
	}
}

func (p *Parser) checkInterchangeEnd(s *Segment) {
	want := p.ic.Count
	if p.std == EDIFACT {
		// UNZ counts groups, or messages where there are no groups
		want = p.ic.grouped + p.ic.messages
		if want == 0 {
			p.Add(interchangeEmpty.finding(p.std), s)
		}
	}
	p.count(s, interchangeCount, want)
	p.control(s, interchangeControl, &p.ic.Header)
}

func (p *Parser) count(s *Segment, r rule, want int) {
	if p.r.skims {
		return // who counts no segments
	}
	at := s.countElement()
	v := s.Element(at)
	if n, ok := decimal(v, maxInt32); ok && n == want || len(v) == 0 && interactive(s) {
		return
	}
	f := r.finding(p.std)
	f.Path.Element, f.Value, f.Expected = at, printable(v, 20), strconv.Itoa(want)
	p.Add(f, s)
}

// control compares the control number of a trailer with that of its header. Where
// that has none it is the header that is wrong.
func (p *Parser) control(s *Segment, r rule, header *Segment) {
	v, want := s.reference(), header.reference()
	if len(want) == 0 || bytes.Equal(v, want) || len(v) == 0 && interactive(s) {
		return
	}
	if header.tag == ISA && header.Len() < len(isaFieldRules) && !digits(want) {
		return // the number does not stand where elements are missing before it
	}
	if sameNumber(v, want) && p.std == X12 { // where all but those of transactions are numbers
		switch r {
		case interchangeControl:
			r = interchangeControlForm
		case groupControl:
			r = groupControlForm
		}
	}
	f := r.finding(p.std)
	f.Path.Element, f.Value, f.Expected = s.referenceElement(), printable(v, 20), printable(want, 20)
	p.Add(f, s)
}

// sameNumber tells whether two control numbers have the same value, however many
// zeros they begin with.
func sameNumber(a, b []byte) bool {
	n, ok := decimal(a, maxInt32)
	m, good := decimal(b, maxInt32)
	return ok && good && n == m
}

// interactive tells whether s is a trailer of interactive EDI, which may leave
// out what it repeats.
func interactive(s *Segment) bool { return s.tag == UIT || s.tag == UIZ }
