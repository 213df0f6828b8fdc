package ack

import (
	"strings"

	"fondaco/edi"
)

// forEDIFACT judges an EDIFACT interchange. It cannot answer one whose header
// is lost, since nobody knows to whom; nor does it answer a dialogue.
func forEDIFACT(ic *edi.Interchange, p Policy) *Answer {
	a := &Answer{Form: FormCONTRL}
	if ic.Header.Kind() == 0 || ic.Interactive() || onlyAckMessages(ic, p) {
		return a
	}
	verdict := judgeUNB(ic, p)
	if !verdict.Status.OK() {
		a.Interchange = verdict
		return a
	}
	wrong := verdict.Status != Accepted
	for _, g := range ic.Groups {
		v, listed := judgeUNG(g, p)
		wrong = wrong || v.Status != Accepted
		if listed {
			a.Groups = append(a.Groups, v)
		}
	}
	if wrong || !p.OnlyAsked || ic.AckRequested() {
		a.Interchange = verdict
		return a
	}
	return &Answer{Form: FormCONTRL}
}

// onlyAckMessages tells whether an interchange holds nothing but messages that
// are never answered.
func onlyAckMessages(ic *edi.Interchange, p Policy) bool {
	for _, g := range ic.Groups {
		for _, t := range g.Transactions {
			if !isAcknowledgment(t, p) {
				return false
			}
		}
	}
	return ic.Transactions > 0
}

// isAcknowledgment tells whether a message is an answer, which is never
// answered: CONTRL says what the syntax is worth, APERAK what the content is.
func isAcknowledgment(t *edi.Transaction, p Policy) bool {
	set := t.Header.Component(2, 1)
	return string(set) == FormCONTRL || string(set) == FormAPERAK && p.Advice != AdviceAnswered
}

// judgeUNB is the verdict that a UCI carries.
func judgeUNB(ic *edi.Interchange, p Policy) *Interchange {
	v := &Interchange{ControlNumber: ic.ControlNumber(), Status: Accepted,
		Sender: partyOf(&ic.Header, 2), Receiver: partyOf(&ic.Header, 3)}
	v.Code, v.Fault = firstFault(&ic.Findings, edi.LevelInterchange)
	if v.Code != "" {
		v.Status = WithError
		if p.RejectDamaged {
			v.Status = Rejected
		}
	}
	switch {
	case p.RejectCode != "":
		v.Status, v.Code, v.Fault = Rejected, syntaxCode(p.RejectCode), nil
	case p.ReceiptOnly && v.Status != Rejected:
		v.Status, v.Code, v.Fault = Arrived, "", nil
	}
	return v
}

// syntaxCode turns a TA105 into the code of 0085 that says the same, so that
// one policy serves both standards.
func syntaxCode(code string) string {
	if len(code) != 3 {
		return code
	}
	switch code {
	case "002", "003", "017":
		return "2"
	case "005", "006":
		return "23"
	case "007", "008", "009":
		return "7"
	case "020":
		return "25"
	case "025":
		return "26"
	}
	return "18"
}

// firstFault is the first error of a level, since a CONTRL has room for one,
// and where in the header or trailer it stands.
func firstFault(l *edi.Findings, level edi.Level) (string, *Fault) {
	for i := range l.List {
		f := &l.List[i]
		if f.Severity != edi.Error || f.Level != level && level != edi.LevelInterchange {
			continue
		}
		code := f.Code
		if code == "" || len(code) > 2 {
			code = otherError
		}
		return code, faultOf(f)
	}
	return "", nil
}

// otherError is the 0085 for what no other code says.
const otherError = "18"

// faultOf names the service segment that a finding is about, the one that is
// missing or the one that is wrong: 0135 has no codes for others.
func faultOf(f *edi.Finding) *Fault {
	if expected, _, _ := strings.Cut(f.Expected, " "); f.Code == "13" && isService(expected) {
		return &Fault{Tag: expected}
	}
	if isService(f.Path.Tag) {
		return &Fault{Tag: f.Path.Tag, Element: f.Path.Element, Component: f.Path.Component}
	}
	return nil
}

func isService(tag string) bool { return len(tag) == 3 && tag[:2] == "UN" }

// judgeUNG judges a group, or the messages that are in none, and tells whether
// the answer has to list it.
func judgeUNG(g *edi.Group, p Policy) (v Group, listed bool) {
	var j tally
	for _, t := range g.Transactions {
		if isAcknowledgment(t, p) {
			j.accepted++
			continue
		}
		m := JudgeTransaction(t, p)
		if j.add(m.Status); m.Status != Accepted || !p.ErrorsOnly {
			j.listed = append(j.listed, m)
		}
	}
	v = j.verdict(g)
	return v, len(v.Transactions) > 0 || !g.Implicit() && (!p.ErrorsOnly || v.Status != Accepted)
}

// describe adds what a UCF says of a group.
func (g *Group) describe(received *edi.Group) {
	g.Sender, g.Receiver = partyOf(&received.Header, 2), partyOf(&received.Header, 3)
	g.Codes = nil
	if code, fault := firstFault(&received.Findings, edi.LevelGroup); code != "" {
		g.Codes, g.Fault = []string{code}, fault
	}
}

func partyOf(s *edi.Segment, n int) *Party {
	return &Party{ID: s.Text(n, 1), Qualifier: s.Text(n, 2), Routing: s.Text(n, 3)}
}

// messageVersion is what follows the type in the identifier of a message.
func messageVersion(t *edi.Transaction) string {
	h := &t.Header
	return strings.TrimRight(strings.Join([]string{h.Text(2, 2), h.Text(2, 3), h.Text(2, 4), h.Text(2, 5)}, ":"), ":")
}

// messageErrors lists the errors of a message as a CONTRL does: one about the
// envelope, and those of its segments.
func (t *Transaction) messageErrors(l *edi.Findings, p Policy) {
	code, fault := firstFault(l, edi.LevelTransaction)
	t.Codes = nil
	if code != "" {
		t.Codes, t.Fault = []string{code}, fault
	}
	t.Segments = segmentFaults(l)
	if code == "" && p.AcceptErrors {
		t.Status = WithError
	}
	if code == "" && len(t.Segments) == 0 {
		t.Codes = []string{otherError}
	}
}

// maxSegments is how many UCSs may follow one UCM.
const maxSegments = 999

// segmentFaults gathers findings into one UCS a segment, the errors of its
// elements as UCDs. A segment is named by its position, which for one that is
// missing is that of the segment before which it should stand.
func segmentFaults(l *edi.Findings) []Segment {
	var list []Segment
	for i := range l.List {
		f := &l.List[i]
		if f.Severity != edi.Error || f.Level < edi.LevelSegment {
			continue
		}
		last := len(list) - 1
		if last < 0 || list[last].Position != f.Path.Segment || f.Level == edi.LevelSegment && list[last].Code != "" {
			if len(list) == maxSegments {
				return list
			}
			list = append(list, Segment{Position: f.Path.Segment})
			last++
		}
		code := f.Code
		if code == "" {
			code = otherError
		}
		if s := &list[last]; f.Level == edi.LevelSegment {
			s.Code = code
		} else {
			s.add(Element{Position: f.Path.Element, Component: f.Path.Component, Code: code})
		}
	}
	return list
}
