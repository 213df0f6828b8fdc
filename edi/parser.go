package edi

import (
	"io"
	"math"
)

// EventKind says what a Parser came upon.
type EventKind uint8

// The events, in the order in which a clean interchange gives them.
const (
	InterchangeStart   EventKind = iota + 1
	InterchangeControl           // a segment outside of groups that belongs there: TA1, ISB, ISE, ISX, TA3; USH and other security segments
	GroupStart
	TransactionStart
	TransactionSegment // a segment between header and trailer of a transaction
	TransactionEnd     // all that is known of the transaction is known
	GroupEnd
	InterchangeEnd
	Stray   // a segment that stands in no transaction, or a piece of one that is too long
	Skipped // filler between interchanges
	Advice  // the UNA before a UNB; it comes before the InterchangeStart that it belongs to
)

// Event is one step through a file. Segment is what was read; it is nil where
// an envelope begins or ends without a segment of its own. Interchange, Group
// and Transaction are those around it, nil where there is none.
//
// Every transaction has a Group: messages that stand in no UNG have one without
// a header, whose Implicit method says so, and which has no index in paths. An
// interchange without a header, which bare messages have, begins with a Segment
// that is empty but for its position.
type Event struct {
	Kind        EventKind
	Segment     *Segment
	Interchange *Interchange
	Group       *Group
	Transaction *Transaction
}

// ParserOptions shape what a Parser reports.
type ParserOptions struct {
	// MaxFindings is how many findings are kept for each envelope, 1000 if zero.
	// What comes beyond is counted.
	MaxFindings int
	// Tolerances give rules another severity than their own, by finding id:
	// what a partner is known to send wrong can be made a warning or ignored.
	Tolerances map[string]Severity
	// MaskValues leaves the offending values out of the findings.
	MaskValues bool
}

// Parser follows the envelopes of X12 and EDIFACT files: interchange,
// functional group, transaction set or message. Whatever is missing or out of
// place damages the smallest envelope around it and nothing more: after a lost
// SE or UNT the next ST or UNH begins a new transaction, after a lost IEA or
// UNZ the next ISA or UNB a new interchange.
type Parser struct {
	r    *Reader
	opt  ParserOptions
	seg  *Segment // read and not yet dealt with
	eof  bool
	std  Standard // of the interchange last begun
	una  Position // of a service string advice whose UNB is still to come; its line is zero if there is none
	ic   Interchange
	gr   Group
	ts   Transaction
	in   Level // the innermost envelope that is open
	to   Level // what becomes the innermost one when the caller has seen the end of that
	file Findings
	ev   Event
	void Segment  // stands for a header that is missing
	seen controls // of transactions in the group
	gone controls // of groups in the interchange

	charset  *Charset // declared; nil where nothing can be said about characters
	watched  Class    // what a segment must not have if it is not to be held against that
	mistaken bool     // that it is another one is told

	stopped bool   // at the end of its piece
	again   int64  // where a control number occurred that had occurred before; -1 at first
	piece   *piece // what of the file it reads, nil if all
	until   int64  // where the piece ends
}

// NewParser returns a Parser of what r reads.
func NewParser(r *Reader, o ParserOptions) *Parser {
	if o.MaxFindings <= 0 {
		o.MaxFindings = 1000
	}
	p := &Parser{r: r, opt: o, again: -1, until: math.MaxInt64}
	p.hold(nil)
	if r.piece != nil {
		p.resume(r.piece)
	}
	return p
}

// Next returns the next event, and io.EOF after the last. The event and what it
// points to are valid until the next call, its Transaction, Group and
// Interchange until the next one of their kind begins. An input that begins
// with another standard gives a *FormatError that wraps ErrUnsupported; where
// one follows later in the file, its segments are Skipped, with a finding.
func (p *Parser) Next() (*Event, error) {
	p.settle()
	if p.piece != nil && (p.in < LevelTransaction || p.seg != nil || p.stopped) && p.atEnd() {
		return nil, io.EOF
	}
	if p.seg == nil && !p.eof {
		s, err := p.r.Next()
		switch {
		case err == io.EOF:
			p.eof = true
		case err != nil:
			return nil, p.failed(err)
		case s.clean && s.role == content && p.ev.Transaction != nil && p.in == LevelTransaction && p.within(s) && !p.strange(s):
			// what nearly every segment is: the envelopes are those of the event before
			p.ts.Segments++
			p.ev.Kind, p.ev.Segment = TransactionSegment, s
			return &p.ev, nil
		default:
			p.seg = s
			if p.piece != nil && p.atEnd() {
				return nil, io.EOF
			}
		}
	}
	if p.eof {
		return p.end()
	}
	return p.step()
}

// settle leaves the envelope whose end the caller has now dealt with.
func (p *Parser) settle() {
	if p.in == LevelTransaction && p.to < p.in && p.ts.OK() {
		p.gr.Accepted++
	}
	p.in = p.to
}

// File holds what was found outside of every interchange.
func (p *Parser) File() *Findings { return &p.file }

// Add reports a finding about the segment or envelope at hand. The parser
// fills in what it knows of the place; Position and Path.Element are the
// caller's where the finding is about less than the segment.
func (p *Parser) Add(f Finding, s *Segment) {
	if p.r.skims {
		return
	}
	if f.Unconfirmed && f.Severity == Error {
		f.Severity = Warning
	}
	if to, ok := p.opt.Tolerances[f.ID]; ok {
		f.Severity = to
	}
	if p.opt.MaskValues {
		f.Value = ""
	}
	if f.Level == LevelGroup && p.in >= LevelGroup && p.gr.implicit {
		f.Level = LevelInterchange // a group that is none has nothing wrong with it
	}
	p.locate(&f, s)
	p.findings(f.Level).Add(f, p.opt.MaxFindings)
}

func (p *Parser) locate(f *Finding, s *Segment) {
	f.Path.Interchange = p.ic.Index
	f.InterchangeControl = p.ic.ControlNumber()
	if p.std != X12 {
		f.Path.Standard = p.std
	}
	if f.Level >= LevelGroup && p.in >= LevelGroup {
		f.Path.Group, f.GroupControl = p.gr.Index, p.gr.ControlNumber()
	}
	if f.Level >= LevelTransaction && p.in >= LevelTransaction {
		f.Path.Transaction, f.TransactionControl = p.ts.Index, p.ts.ControlNumber()
	}
	if s == nil {
		if f.Position == (Position{}) {
			f.Position = p.r.Position()
		}
		return
	}
	if f.Position == (Position{}) {
		at, n := s.span(f.Path.Element, f.Path.Repetition, f.Path.Component)
		f.Position = s.positionAt(at)
		if f.Length == 0 {
			f.Length = n
		}
	}
	if f.Path.Tag == "" {
		f.Path.Tag = printable(s.TagBytes(), 8)
	}
	if f.Path.Segment == 0 && p.in >= LevelTransaction {
		f.Path.Segment = p.ts.Segments
	}
}

// findings is where a finding of the level is kept: with the innermost open
// envelope that it can damage.
func (p *Parser) findings(l Level) *Findings {
	switch {
	case l == LevelFile || p.in == 0:
		return &p.file
	case l >= LevelTransaction && p.in >= LevelTransaction:
		return &p.ts.Findings
	case l >= LevelGroup && p.in >= LevelGroup:
		return &p.gr.Findings
	}
	return &p.ic.Findings
}

// take returns an event for p.seg and marks it as dealt with.
func (p *Parser) take(k EventKind) *Event {
	e := p.event(k)
	e.Segment, p.seg = p.seg, nil
	return e
}

func (p *Parser) event(k EventKind) *Event {
	p.ev = Event{Kind: k}
	if p.ic.Index > 0 {
		p.ev.Interchange = &p.ic
	}
	if p.in >= LevelGroup {
		p.ev.Group = &p.gr
	}
	if p.in >= LevelTransaction {
		p.ev.Transaction = &p.ts
	}
	return &p.ev
}
