package ack

import (
	"slices"

	"fondaco/edi"
)

// GS01 of the groups that say what became of others.
const (
	functionalAcknowledgment = "FA" // 997 and 999, which must never be acknowledged

)

// isAnswer tells whether a group is an answer, which is not answered.
func isAnswer(g *edi.Group, p Policy) bool {
	id := g.FunctionalID()
	return id == functionalAcknowledgment || id == applicationAdvice && p.Advice == AdviceUnanswered
}

// For judges an interchange of a Report. The answer is empty when nothing is to
// be said: an interchange of acknowledgments is never acknowledged, unless an
// X12 sender asks for a TA1.
func For(ic *edi.Interchange, p Policy) *Answer {
	if ic.Standard() == edi.EDIFACT {
		return forEDIFACT(ic, p)
	}
	a := &Answer{Form: formOf(p)}
	a.Interchange = judgeInterchange(ic, p, onlyAcks(ic, p))
	if rejects(ic, p) {
		return a
	}
	for _, g := range ic.Groups {
		if isAnswer(g, p) || g.Header.Kind() == 0 {
			continue
		}
		a.Groups = append(a.Groups, JudgeGroup(g, p))
	}
	return a
}

func formOf(p Policy) string {
	if p.Form == Form999 {
		return Form999
	}
	return Form997
}

// onlyAcks tells whether all groups of an interchange are answers.
func onlyAcks(ic *edi.Interchange, p Policy) bool {
	for _, g := range ic.Groups {
		if !isAnswer(g, p) {
			return false
		}
	}
	return len(ic.Groups) > 0
}

// rejects tells whether the interchange is rejected as a whole.
func rejects(ic *edi.Interchange, p Policy) bool {
	return p.RejectCode != "" || p.RejectDamaged && ic.Errors > 0
}

// judgeInterchange gives the TA1 that is due, nil if none is. Acks says that
// the interchange holds nothing but answers.
func judgeInterchange(ic *edi.Interchange, p Policy, acks bool) *Interchange {
	if p.TA1 == Never || ic.Count == 0 && ic.Acks > 0 {
		return nil // two firms must not answer TA1s with TA1s for ever
	}
	if acks && !ic.AckRequested() {
		return nil
	}
	date, time := ic.Date()
	t := &Interchange{ControlNumber: ic.ControlNumber(), Date: date, Time: time, Status: Accepted, Code: "000"}
	if code, found := firstCode(&ic.Findings); found {
		t.Status, t.Code = WithError, code
		if p.RejectDamaged {
			t.Status = Rejected
		}
	}
	if p.RejectCode != "" {
		t.Status, t.Code = Rejected, p.RejectCode
	}
	if t.Status == Accepted && p.TA1 == WhenAsked && !ic.AckRequested() {
		return nil
	}
	return t
}

// firstCode is the code of the first error, since a TA1 has room for one.
func firstCode(l *edi.Findings) (string, bool) {
	for i := range l.List {
		if f := &l.List[i]; f.Severity == edi.Error {
			if f.Code == "" {
				return "024", true
			}
			return f.Code, true
		}
	}
	return "024", l.Errors > 0
}

// JudgeGroup judges a group of a Report.
func JudgeGroup(g *edi.Group, p Policy) Group {
	var j tally
	for _, t := range g.Transactions {
		v := JudgeTransaction(t, p)
		if j.add(v.Status); v.Status != Accepted || !p.ErrorsOnly {
			j.listed = append(j.listed, v)
		}
	}
	return j.verdict(g)
}

// tally counts the verdicts of a group's transactions.
type tally struct {
	listed   []Transaction
	accepted int
	noted    bool
}

func (j *tally) add(s Status) {
	if s.OK() {
		j.accepted++
	}
	j.noted = j.noted || s == WithError
}

// verdict is that on the group, when all its transactions are counted.
func (j *tally) verdict(g *edi.Group) Group {
	a := Group{FunctionalID: g.FunctionalID(), ControlNumber: g.ControlNumber(), Version: g.Version(), Received: g.Count, Included: g.Count,
		Accepted: j.accepted, Transactions: j.listed, Codes: codes(&g.Findings, edi.LevelGroup)}
	if g.Header.Tag() == edi.UNG {
		a.describe(g)
	}
	if n, ok := number(g.Trailer.Element(1)); ok {
		a.Included = n
	}
	a.Status = groupStatus(a, j.noted || g.Errors > 0)
	return a
}

func groupStatus(a Group, noted bool) Status {
	switch {
	case a.Accepted == 0 && (a.Received > 0 || noted):
		return Rejected
	case a.Accepted < a.Received:
		return Partly
	case noted:
		return WithError
	}
	return Accepted
}

// JudgeTransaction judges one transaction by what was found.
func JudgeTransaction(t *edi.Transaction, p Policy) Transaction {
	a := Transaction{Set: t.Set(), ControlNumber: t.ControlNumber(), Status: Accepted}
	if t.Standard() == edi.EDIFACT {
		a.Convention = messageVersion(t)
	} else {
		a.Convention = t.Association()
	}
	if t.OK() {
		return a
	}
	a.Status = Rejected
	a.Codes = codes(&t.Findings, edi.LevelTransaction)
	if t.Standard() == edi.EDIFACT {
		a.messageErrors(&t.Findings, p)
		return a
	}
	a.segmentErrors(&t.Findings, p)
	return a
}

// segmentErrors lists the errors of segments and elements as an X12
// acknowledgment does, and says in a code of the transaction that there are some.
func (t *Transaction) segmentErrors(l *edi.Findings, p Policy) {
	t.Segments = segments(l)
	if len(t.Codes) == 0 && p.AcceptErrors {
		t.Status = WithError
	}
	plain, implementation := false, false
	for i := range t.Segments {
		c := t.Segments[i].isImplementation()
		plain, implementation = plain || !c, implementation || c
	}
	if plain || len(t.Segments) == 0 && len(t.Codes) == 0 {
		t.Codes = append(t.Codes, "5")
	}
	if implementation {
		t.Codes = append(t.Codes, "I5")
	}
	if len(t.Codes) > maxCodes {
		t.Codes = t.Codes[:maxCodes]
	}
}

// isImplementation tells that all of the segment's errors are about a guide's
// rule and none about the standard's.
func (s *Segment) isImplementation() bool {
	if s.Code != segmentHasErrors {
		return isImplementation(s.Code)
	}
	for i := range s.Elements {
		if !isImplementation(s.Elements[i].Code) {
			return false
		}
	}
	return len(s.Elements) > 0
}

func isImplementation(code string) bool { return len(code) > 1 && code[0] == 'I' }

// maxCodes is how many codes a trailer of an X12 acknowledgment has room for.
const maxCodes = 5

// codes lists the different codes of a level's errors, five at most.
func codes(l *edi.Findings, level edi.Level) []string {
	var list []string
next:
	for i := range l.List {
		f := &l.List[i]
		if f.Severity != edi.Error || f.Level != level || f.Code == "" || len(list) == maxCodes {
			continue
		}
		for _, c := range list {
			if c == f.Code {
				continue next
			}
		}
		list = append(list, f.Code)
	}
	return list
}

const (
	// maxElements is how many AK4s may follow one AK3, or UCDs one UCS.
	maxElements = 99
	// segmentHasErrors is the AK304 of a segment whose elements are in error.
	segmentHasErrors = "8"
)

// segments turns findings about segments and elements into AK3s: one for each
// error of a segment, and one with code 8 for all errors of its elements.
func segments(l *edi.Findings) []Segment {
	var list []Segment
	for i := range l.List {
		f := &l.List[i]
		if f.Severity != edi.Error {
			continue
		}
		if s, ok := situation(f); ok {
			list = append(list, s)
			continue
		}
		s := Segment{Tag: f.Path.Tag, Position: f.Path.Segment, Loop: f.LoopID, Code: f.Code}
		switch f.Level {
		case edi.LevelSegment:
			s.Contexts = contexts(f)
			list = append(list, s)
		case edi.LevelElement:
			s.Code = segmentHasErrors
			last := len(list) - 1
			if last < 0 || list[last].Position != s.Position || list[last].Code != segmentHasErrors || list[last].Tag != s.Tag {
				list = append(list, s)
				last++
			}
			list[last].add(elementOf(f))
		}
	}
	return list
}

// add adds an element to those in error. Several rules may miss the same one:
// that is said once, with what makes each of them apply.
func (s *Segment) add(e Element) {
	same := slices.IndexFunc(s.Elements, func(o Element) bool {
		return o.Position == e.Position && o.Component == e.Component && o.Repetition == e.Repetition && o.Code == e.Code
	})
	if same < 0 {
		if len(s.Elements) < maxElements {
			s.Elements = append(s.Elements, e)
		}
		return
	}
	if o := &s.Elements[same]; len(o.Contexts) < maxContexts {
		o.Contexts = append(o.Contexts, e.Contexts...)
	}
}

func elementOf(f *edi.Finding) Element {
	return Element{Position: f.Path.Element, Component: f.Path.Component, Repetition: f.Path.Repetition,
		Number: f.DataElement, Code: f.Code, Value: f.Value, Contexts: contexts(f)}
}

// number reads a count or control number of at most six digits.
func number(b []byte) (int, bool) {
	if len(b) == 0 || len(b) > 6 {
		return 0, false
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}
