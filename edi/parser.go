package edi

import (
	"bytes"
	"io"
	"strconv"
)

// EventKind says what a Parser came upon.
type EventKind uint8

// The events, in the order in which a clean interchange gives them.
const (
	InterchangeStart   EventKind = iota + 1
	InterchangeControl           // a segment between ISA and GS that belongs there: TA1, ISB, ISE, ISX, TA3
	GroupStart
	TransactionStart
	TransactionSegment // a segment between ST and SE
	TransactionEnd     // all that is known of the transaction is known
	GroupEnd
	InterchangeEnd
	Stray   // a segment that stands in no transaction, or a piece of one that is too long
	Skipped // filler between interchanges
)

// Event is one step through a file. Segment is what was read; it is nil where
// an envelope ends because its trailer is missing. Interchange, Group and
// Transaction are those around it, nil where there is none.
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

// Parser follows the envelopes of an X12 file: interchange, functional group,
// transaction set. Whatever is missing or out of place damages the smallest
// envelope around it and nothing more: after a lost SE the next ST begins a new
// transaction, after a lost IEA the next ISA a new interchange.
type Parser struct {
	r    *Reader
	opt  ParserOptions
	seg  *Segment // read and not yet dealt with
	eof  bool
	ic   Interchange
	gr   Group
	ts   Transaction
	in   Level // the innermost envelope that is open
	to   Level // what becomes the innermost one when the caller has seen the end of that
	file Findings
	ev   Event
	seen controls // of transactions in the group
	gone controls // of groups in the interchange
}

// NewParser returns a Parser of what r reads.
func NewParser(r *Reader, o ParserOptions) *Parser {
	if o.MaxFindings <= 0 {
		o.MaxFindings = 1000
	}
	return &Parser{r: r, opt: o}
}

// Next returns the next event, and io.EOF after the last. The event and what it
// points to are valid until the next call, its Transaction, Group and
// Interchange until the next one of their kind begins. An input in another
// standard gives a *FormatError that wraps ErrUnsupported.
func (p *Parser) Next() (*Event, error) {
	p.settle()
	if p.seg == nil && !p.eof {
		s, err := p.r.Next()
		switch {
		case err == io.EOF:
			p.eof = true
		case err != nil:
			return nil, err
		default:
			p.seg = s
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
	if f.Unconfirmed && f.Severity == Error {
		f.Severity = Warning
	}
	if to, ok := p.opt.Tolerances[f.ID]; ok {
		f.Severity = to
	}
	if p.opt.MaskValues {
		f.Value = ""
	}
	p.locate(&f, s)
	p.findings(f.Level).Add(f, p.opt.MaxFindings)
}

func (p *Parser) locate(f *Finding, s *Segment) {
	f.Path.Interchange = p.ic.Index
	f.InterchangeControl = p.ic.ControlNumber()
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
		f.Position = s.ElementPosition(f.Path.Element)
		if f.Length == 0 {
			f.Length = len(s.Body())
			if f.Path.Element > 0 {
				f.Length = len(s.Element(f.Path.Element))
			}
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

// step deals with p.seg, which may take more than one event.
func (p *Parser) step() (*Event, error) {
	s := p.seg
	if s.Kind() == Filler {
		p.filler(s)
		return p.take(Skipped), nil
	}
	if s.Standard() != X12 {
		return nil, &FormatError{Standard: s.Standard(), Op: "validate", Err: ErrUnsupported}
	}
	if s.Kind() == Fragment {
		return p.take(Stray), nil
	}
	if p.unterminated(s) {
		return p.take(Stray), nil
	}
	switch r := x12Role(s.Tag()); r {
	case opensInterchange:
		return p.opensInterchange(s)
	case opensGroup, closesGroup, closesInterchange, opensTransaction:
		return p.groupEdge(r, s)
	case closesTransaction:
		return p.closesTransaction(s)
	}
	return p.content(s)
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

func (p *Parser) opensInterchange(s *Segment) (*Event, error) {
	if p.in > 0 {
		return p.close(s), nil
	}
	p.ic.Header.CopyFrom(s)
	p.ic.Trailer.reset()
	p.ic.Index, p.ic.Count, p.ic.Acks, p.ic.Cut = p.ic.Index+1, 0, 0, false
	p.ic.Findings.reset()
	p.enter(LevelInterchange)
	p.gone.clear()
	p.checkISA(s)
	return p.take(InterchangeStart), nil
}

// groupEdge deals with the segments that end an open transaction when they come
// upon one: ST, GS, GE and IEA.
func (p *Parser) groupEdge(r role, s *Segment) (*Event, error) {
	if p.in == LevelTransaction {
		return p.close(s), nil
	}
	switch r {
	case opensTransaction:
		if p.in < LevelGroup {
			p.openGroup(nil)
			return p.event(GroupStart), nil
		}
		p.openTransaction(s)
		return p.take(TransactionStart), nil
	case opensGroup:
		if p.in == LevelGroup {
			return p.close(s), nil
		}
		p.openGroup(s)
		return p.take(GroupStart), nil
	case closesGroup:
		return p.closesGroup(s), nil
	}
	if p.in == LevelGroup {
		return p.close(s), nil
	}
	p.ic.Trailer.CopyFrom(s)
	p.checkIEA(s)
	p.to = 0
	return p.take(InterchangeEnd), nil
}

func (p *Parser) openGroup(s *Segment) {
	p.ic.Count++
	p.gr.Index, p.gr.Count, p.gr.Accepted = p.ic.Count, 0, 0
	p.gr.Header.reset()
	p.gr.Trailer.reset()
	p.gr.Findings.reset()
	p.enter(LevelGroup)
	p.seen.clear()
	if s == nil {
		p.Add(Finding{ID: "x12.group.header-missing", Severity: Error, Level: LevelInterchange, Code: "024", Expected: "GS"}, p.seg)
		return
	}
	p.gr.Header.CopyFrom(s)
	if !p.gone.add(s.Element(6)) {
		p.Add(Finding{ID: "x12.group.control-duplicate", Severity: Warning, Level: LevelGroup, Path: Path{Element: 6}, Value: p.gr.ControlNumber()}, s)
	}
}

func (p *Parser) closesGroup(s *Segment) *Event {
	if p.in != LevelGroup {
		p.Add(Finding{ID: "x12.segment.stray", Severity: Error, Level: LevelInterchange, Code: "022"}, s)
		return p.take(Stray)
	}
	p.gr.Trailer.CopyFrom(s)
	p.checkGE(s)
	p.to = LevelInterchange
	return p.take(GroupEnd)
}

func (p *Parser) openTransaction(s *Segment) {
	p.gr.Count++
	p.ts.Header.CopyFrom(s)
	p.ts.Trailer.reset()
	p.ts.Findings.reset()
	p.ts.Index, p.ts.Segments, p.ts.Guide = p.gr.Count, 1, ""
	p.enter(LevelTransaction)
	if !p.seen.add(s.Element(2)) {
		p.Add(Finding{ID: "x12.transaction.control-duplicate", Severity: Error, Level: LevelTransaction, Code: "23", Path: Path{Element: 2}, Value: p.ts.ControlNumber()}, s)
	}
	p.checkSegment(s)
}

func (p *Parser) closesTransaction(s *Segment) (*Event, error) {
	if p.in != LevelTransaction {
		level, code := LevelGroup, "5"
		if p.in != LevelGroup {
			level, code = LevelInterchange, "022"
		}
		p.Add(Finding{ID: "x12.segment.stray", Severity: Error, Level: level, Code: code}, s)
		return p.take(Stray), nil
	}
	p.ts.Segments++
	p.ts.Trailer.CopyFrom(s)
	p.checkSegment(s)
	p.checkSE(s)
	p.to = LevelGroup
	return p.take(TransactionEnd), nil
}

func (p *Parser) content(s *Segment) (*Event, error) {
	if p.in == LevelTransaction {
		if p.empty(s) {
			return p.take(Stray), nil
		}
		p.ts.Segments++
		p.checkSegment(s)
		return p.take(TransactionSegment), nil
	}
	if p.empty(s) {
		return p.take(Stray), nil
	}
	if p.in == LevelInterchange {
		switch string(s.TagBytes()) {
		case "TA1":
			p.ic.Acks++
			return p.take(InterchangeControl), nil
		case "TA3", "ISB", "ISE", "ISX":
			return p.take(InterchangeControl), nil
		}
	}
	level, code := LevelGroup, ""
	if p.in != LevelGroup {
		level, code = LevelInterchange, "022"
	}
	p.Add(Finding{ID: "x12.segment.stray", Severity: Error, Level: level, Code: code}, s)
	return p.take(Stray), nil
}

func (p *Parser) enter(l Level) { p.in, p.to = l, l }

// close ends the innermost envelope because its trailer is missing: before is
// what came instead, nil at the end of the file.
func (p *Parser) close(before *Segment) *Event {
	expected := ""
	if before != nil {
		expected = " before " + printable(before.TagBytes(), 8)
	}
	switch p.in {
	case LevelTransaction:
		p.Add(Finding{ID: "x12.transaction.trailer-missing", Severity: Error, Level: LevelTransaction, Code: "2", Expected: "SE" + expected}, before)
		p.to = LevelGroup
		return p.event(TransactionEnd)
	case LevelGroup:
		p.Add(Finding{ID: "x12.group.trailer-missing", Severity: Error, Level: LevelGroup, Code: "3", Expected: "GE" + expected}, before)
		p.to = LevelInterchange
		return p.event(GroupEnd)
	}
	code := "022"
	if before == nil {
		code = "023"
	}
	p.Add(Finding{ID: "x12.interchange.trailer-missing", Severity: Error, Level: LevelInterchange, Code: code, Expected: "IEA" + expected}, before)
	p.to = 0
	return p.event(InterchangeEnd)
}

// end closes what is still open at the end of the file.
func (p *Parser) end() (*Event, error) {
	if p.in == 0 {
		return nil, io.EOF
	}
	p.ic.Cut = true
	return p.close(nil), nil
}

// filler reports text that is no part of any interchange. What looks like a
// transaction there is lost and an error; anything else is noise.
func (p *Parser) filler(s *Segment) {
	raw := s.Raw()
	if onlyBlank(raw) {
		return
	}
	from := 0
	for isBlank(raw[from]) {
		from++
	}
	raw = bytes.TrimRight(raw[from:], " \t\r\n")
	f := Finding{ID: "x12.file.skipped", Severity: Warning, Level: LevelFile, Length: len(raw),
		Position: s.positionAt(from), Value: printable(raw, 60), Path: Path{Tag: "-"}}
	if sep := s.Delimiters().Element; sep != 0 && (bytes.Contains(raw, []byte{'S', 'T', sep}) || bytes.Contains(raw, []byte{'G', 'S', sep})) {
		f.ID, f.Severity = "x12.file.lost", Error
	}
	p.Add(f, s)
}

// printable is at most n bytes of b, with what no terminal should get quoted.
func printable(b []byte, n int) string {
	dots := ""
	if len(b) > n {
		b, dots = b[:n], "..."
	}
	q := strconv.Quote(string(b))
	if q = q[1 : len(q)-1]; len(q) != len(b) {
		return q + dots
	}
	return string(b) + dots
}
