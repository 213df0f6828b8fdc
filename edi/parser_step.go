package edi

import (
	"bytes"
	"io"
	"strconv"
)

// step deals with p.seg, which may take more than one event.
func (p *Parser) step() (*Event, error) {
	s := p.seg
	if s.Kind() == Filler {
		p.filler(s)
		return p.take(Skipped), nil
	}
	if std := s.Standard(); std != X12 && std != EDIFACT {
		return p.foreign(s)
	}
	if s.Kind() == Fragment {
		return p.take(Stray), nil
	}
	if p.unterminated(s) {
		return p.take(Stray), nil
	}
	switch r := s.role; r {
	case opensInterchange:
		return p.opensInterchange(s), nil
	case advises:
		return p.advice(s), nil
	case opensGroup, closesGroup, closesInterchange, opensTransaction:
		return p.groupEdge(r, s), nil
	case closesTransaction:
		return p.closesTransaction(s), nil
	}
	return p.content(s), nil
}

// foreign deals with an interchange whose envelopes are not followed: a reason
// to give up when it comes first, and to go on behind it otherwise.
func (p *Parser) foreign(s *Segment) (*Event, error) {
	if p.ic.Index == 0 {
		return nil, &FormatError{Standard: s.Standard(), Op: "validate", Err: ErrUnsupported}
	}
	if p.in > 0 {
		return p.close(s), nil
	}
	if s.Kind() == Data && s.role == opensInterchange {
		f := fileSkipped.finding(p.std)
		f.Severity, f.Value = Error, s.Standard().String()
		p.Add(f, s)
	}
	return p.take(Skipped), nil
}

// advice deals with the UNA that stands before a UNB.
func (p *Parser) advice(s *Segment) *Event {
	if p.in > 0 {
		return p.close(s)
	}
	p.una = s.Position()
	e := p.take(Advice)
	e.Interchange = nil
	return e
}

func (p *Parser) opensInterchange(s *Segment) *Event {
	if p.in > 0 {
		return p.close(s)
	}
	p.openInterchange(s.Standard(), s.Position())
	p.ic.Header.CopyFrom(s)
	if p.std == X12 {
		p.checkISA(s)
	} else {
		p.checkService(s)
		p.checkUNB(s)
		p.checkCharacters(s)
	}
	return p.take(InterchangeStart)
}

func (p *Parser) openInterchange(std Standard, at Position) {
	p.std = std
	p.ic.Header.reset()
	p.ic.Trailer.reset()
	p.ic.Index, p.ic.Count, p.ic.Transactions, p.ic.Acks, p.ic.Cut = p.ic.Index+1, 0, 0, 0, false
	p.ic.std, p.ic.Start = std, at
	if p.una.Line > 0 && std == EDIFACT {
		p.ic.Start = p.una
	}
	p.una = Position{}
	p.ic.Findings.reset()
	p.ic.grouped, p.ic.messages, p.ic.mixed = 0, 0, false
	p.enter(LevelInterchange)
	p.gone.clear()
}

// implicitInterchange opens one around messages that come without a UNB.
func (p *Parser) implicitInterchange(s *Segment) *Event {
	p.openInterchange(EDIFACT, s.Position())
	f := interchangeHeader.finding(p.std)
	f.Expected = "UNB"
	p.Add(f, s)
	p.void.pos = s.Position()
	e := p.event(InterchangeStart)
	e.Segment = &p.void
	return e
}

// groupEdge deals with the segments that end an open transaction when they come
// upon one: ST, GS, GE and IEA, or UNH, UNG, UNE and UNZ.
func (p *Parser) groupEdge(r role, s *Segment) *Event {
	switch {
	case p.in == LevelTransaction:
		return p.close(s)
	case p.in == 0 && p.bare(r, s):
		return p.implicitInterchange(s)
	}
	switch r {
	case opensTransaction:
		if p.in < LevelGroup {
			p.openGroup(nil)
			return p.event(GroupStart)
		}
		p.openTransaction(s)
		return p.take(TransactionStart)
	case opensGroup:
		if p.in == LevelGroup {
			return p.close(s)
		}
		p.openGroup(s)
		return p.take(GroupStart)
	case closesGroup:
		return p.closesGroup(s)
	}
	if p.in == LevelGroup {
		return p.close(s)
	}
	return p.closesInterchange(s)
}

// bare tells whether s begins an interchange although it is no header: EDIFACT
// messages and groups may come alone.
func (p *Parser) bare(r role, s *Segment) bool {
	return s.Standard() == EDIFACT && (r == opensTransaction || r == opensGroup)
}

func (p *Parser) closesInterchange(s *Segment) *Event {
	if p.in == 0 {
		p.Add(segmentStray.finding(s.Standard()), s)
		return p.take(Stray)
	}
	p.ic.Trailer.CopyFrom(s)
	p.lastTerminator(s)
	p.checkInterchangeEnd(s)
	p.to = 0
	return p.take(InterchangeEnd)
}

// openGroup begins a group with s, or one without a header for p.seg.
func (p *Parser) openGroup(s *Segment) {
	implicit := s == nil && p.std == EDIFACT
	p.gr.Index = 0
	if !implicit {
		p.ic.Count++
		p.gr.Index = p.ic.Count
	}
	p.gr.Count, p.gr.Accepted, p.gr.implicit = 0, 0, implicit
	p.gr.Header.reset()
	p.gr.Trailer.reset()
	p.gr.Findings.reset()
	p.enter(LevelGroup)
	p.seen.clear()
	p.mixed(implicit)
	switch {
	case implicit:
		return
	case s == nil:
		f := groupHeader.finding(p.std)
		f.Expected = "GS"
		p.Add(f, p.seg)
		return
	}
	p.gr.Header.CopyFrom(s)
	if n := p.gr.Header.reference(); p.repeated(&p.gone, n, s) {
		f := groupDuplicate.finding(p.std)
		f.Path.Element, f.Value = p.gr.Header.referenceElement(), printable(n, 20)
		p.Add(f, s)
	}
}

// repeated tells whether the control number n of the header s occurred before.
func (p *Parser) repeated(all *controls, n []byte, s *Segment) bool {
	old := !all.add(n)
	if p.piece != nil && p.piece.from.offset > 0 && !all.begun {
		old = p.piece.again[s.pos.Offset] // what stands before the piece counts too
	}
	if old {
		p.again = s.pos.Offset
	}
	return old
}

// mixed notices an interchange that has groups and also messages in none.
func (p *Parser) mixed(implicit bool) {
	if p.std != EDIFACT {
		return
	}
	if !implicit {
		p.ic.grouped++
	}
	if p.ic.mixed || p.ic.grouped == 0 || !implicit && p.ic.messages == 0 {
		return
	}
	p.ic.mixed = true
	p.Add(interchangeMixed.finding(p.std), p.seg)
}

func (p *Parser) closesGroup(s *Segment) *Event {
	if p.in == LevelGroup && p.gr.Implicit() {
		return p.close(s)
	}
	if p.in != LevelGroup {
		p.Add(segmentStray.finding(s.Standard()), s)
		return p.take(Stray)
	}
	p.gr.Trailer.CopyFrom(s)
	p.checkGroupEnd(s)
	p.to = LevelInterchange
	return p.take(GroupEnd)
}

func (p *Parser) openTransaction(s *Segment) {
	p.gr.Count++
	p.ic.Transactions++
	if p.gr.implicit {
		p.ic.messages++
	}
	p.ts.Header.CopyFrom(s)
	p.ts.Trailer.reset()
	p.ts.Findings.reset()
	p.ts.Index, p.ts.Segments, p.ts.Guide = p.gr.Count, 1, ""
	p.enter(LevelTransaction)
	if n := s.reference(); p.repeated(&p.seen, n, s) {
		f := transactionDuplicate.finding(p.std)
		f.Path.Element, f.Value = s.referenceElement(), printable(n, 20)
		p.Add(f, s)
	}
	p.checkSegment(s)
	if p.std == EDIFACT {
		p.checkUNH(s)
	}
}

func (p *Parser) closesTransaction(s *Segment) *Event {
	if p.in != LevelTransaction {
		r := segmentLeftOver
		if p.in != LevelGroup {
			r = segmentStray
		}
		p.Add(r.finding(s.Standard()), s)
		return p.take(Stray)
	}
	p.ts.Segments++
	p.ts.Trailer.CopyFrom(s)
	p.checkSegment(s)
	p.checkTransactionEnd(s)
	p.to = LevelGroup
	return p.take(TransactionEnd)
}

func (p *Parser) content(s *Segment) *Event {
	if p.empty(s) {
		return p.take(Stray)
	}
	if p.in == LevelTransaction {
		p.ts.Segments++
		p.checkSegment(s)
		if p.strange(s) {
			p.checkCharacters(s)
		}
		return p.take(TransactionSegment)
	}
	if p.in == LevelInterchange && p.controls(s) {
		return p.take(InterchangeControl)
	}
	r := segmentMisplaced
	if p.in != LevelGroup {
		r = segmentStray
	}
	p.Add(r.finding(s.Standard()), s)
	return p.take(Stray)
}

// controls tells whether s belongs between the interchange header and the
// first group.
func (p *Parser) controls(s *Segment) bool {
	if p.std == EDIFACT {
		t := s.TagBytes() // USH, UST and the other segments that sign and encrypt
		return len(t) == 3 && t[0] == 'U' && t[1] == 'S'
	}
	switch s.Tag() {
	case TA1:
		p.ic.Acks++
		return true
	case TA3, ISB, ISE, ISX:
		return true
	}
	return false
}

func (p *Parser) enter(l Level) { p.in, p.to = l, l }

// close ends the innermost envelope because its trailer is missing: before is
// what came instead, nil at the end of the file. A group or interchange that
// began without a header needs no trailer.
func (p *Parser) close(before *Segment) *Event {
	r, kind, to := interchangeTrailer, InterchangeEnd, Level(0)
	missing := true
	switch p.in {
	case LevelTransaction:
		r, kind, to = transactionTrailer, TransactionEnd, LevelGroup
	case LevelGroup:
		r, kind, to = groupTrailer, GroupEnd, LevelInterchange
		missing = !p.gr.Implicit()
	default:
		missing = p.std == X12 || p.ic.Header.Kind() != 0
		if before == nil {
			r = interchangeCut
		}
	}
	if missing {
		f := r.finding(p.std)
		f.Expected = p.trailerName()
		if before != nil {
			f.Expected += " before " + printable(before.TagBytes(), 8)
		}
		p.Add(f, before)
	}
	p.to = to
	return p.event(kind)
}

// trailerName is the tag that would have closed the innermost envelope.
func (p *Parser) trailerName() string {
	switch {
	case p.std == X12:
		return [...]string{LevelInterchange: "IEA", LevelGroup: "GE", LevelTransaction: "SE"}[p.in]
	case p.in == LevelTransaction && p.ts.Header.Tag() == UIH:
		return "UIT"
	case p.in == LevelInterchange && p.ic.Header.Tag() == UIB:
		return "UIZ"
	}
	return [...]string{LevelInterchange: "UNZ", LevelGroup: "UNE", LevelTransaction: "UNT"}[p.in]
}

// end closes what is still open at the end of the file.
func (p *Parser) end() (*Event, error) {
	if p.in == 0 {
		return nil, io.EOF
	}
	p.ic.Cut = p.std == X12 || p.ic.Header.Kind() != 0 || p.in == LevelTransaction
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
	r := fileSkipped
	if holdsEnvelope(raw, s.Delimiters().Element) {
		r = fileLost
	}
	f := r.finding(p.std)
	f.Length, f.Position, f.Value, f.Path.Tag = len(raw), s.positionAt(from), printable(raw, 60), "-"
	p.Add(f, s)
}

// holdsEnvelope tells whether raw has what looks like the header of a
// transaction or group.
func holdsEnvelope(raw []byte, sep byte) bool {
	if sep == 0 && len(raw) > 2 && string(raw[:2]) == "GS" && !isAlnum(raw[2]) && !isBlank(raw[2]) {
		sep = raw[2] // at the beginning of a file nothing else tells it
		return bytes.Contains(raw, []byte{'S', 'T', sep})
	}
	for _, tag := range []string{"ST", "GS", "UNH", "UNG"} {
		if sep != 0 && bytes.Contains(raw, append([]byte(tag), sep)) {
			return true
		}
	}
	return false
}

// printable is at most n bytes of b, with what no terminal should get quoted.
func printable(b []byte, n int) string {
	q := strconv.Quote(string(b[:min(n, len(b))]))
	q = q[1 : len(q)-1]
	if len(b) > n {
		q += "..."
	}
	return q
}
