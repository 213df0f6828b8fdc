package ack

import (
	"io"

	"fondaco/edi"
)

// Received is the acknowledgments of one inbound interchange: who sent them,
// and what they say. There is an Answer for each TA1, 997, 999, CONTRL, 824 and
// APERAK. Results gives the same as one list.
type Received struct {
	Standard                    edi.Standard
	SenderQualifier, Sender     string
	ReceiverQualifier, Receiver string
	ControlNumber               string
	Answers                     []Answer
}

// Read finds the acknowledgments in a file, passing over what else is in it. A
// damaged one gives what was read of it; whether it is complete, a validation
// tells.
func Read(r io.Reader) ([]Received, error) {
	p := edi.NewParser(edi.NewReader(r, edi.Options{}), edi.ParserOptions{})
	var all []Received
	var d Decoder
	for {
		e, err := p.Next()
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return all, err
		}
		switch e.Kind {
		case edi.InterchangeStart:
			rec := Received{Standard: e.Interchange.Standard(), ControlNumber: e.Interchange.ControlNumber()}
			rec.SenderQualifier, rec.Sender = e.Interchange.Sender()
			rec.ReceiverQualifier, rec.Receiver = e.Interchange.Receiver()
			all = append(all, rec)
		default:
			if a := d.Event(e); a != nil {
				last := &all[len(all)-1]
				last.Answers = append(last.Answers, *a)
			}
		}
	}
}

// Decoder makes answers of the events of a Parser or validator, for those who
// follow the events themselves.
type Decoder struct {
	form    string // of the answer at hand, "" outside of one
	group   Group
	contrl  contrl
	advice  advised
	refusal Refusal
}

// Event takes the next event and returns an answer when one is complete.
func (d *Decoder) Event(e *edi.Event) *Answer {
	switch e.Kind {
	case edi.InterchangeControl:
		if e.Segment.Tag() == edi.TA1 {
			return &Answer{Form: FormTA1, Interchange: readTA1(e.Segment)}
		}
	case edi.TransactionStart:
		*d = Decoder{form: formRead(e.Transaction)}
	case edi.TransactionSegment:
		d.segment(e.Segment)
	case edi.TransactionEnd:
		a := d.answer()
		d.form = ""
		return a
	}
	return nil
}

// formRead is the form of an acknowledgment, "" for any other set.
func formRead(t *edi.Transaction) string {
	forms := []string{Form997, Form999, Form824}
	if t.Standard() == edi.EDIFACT {
		forms = []string{FormCONTRL, FormAPERAK}
	}
	for _, f := range forms {
		if t.Set() == f {
			return f
		}
	}
	return ""
}

func (d *Decoder) segment(s *edi.Segment) {
	switch d.form {
	case Form997, Form999:
		d.group.segment(s)
	case FormCONTRL:
		d.contrl.segment(s)
	case Form824:
		d.advice.segment(&d.refusal, s)
	case FormAPERAK:
		d.advice.message(&d.refusal, s)
	}
}

// answer is what was read, nil if it says nothing about anything.
func (d *Decoder) answer() *Answer {
	a := &Answer{Form: d.form}
	switch d.form {
	case Form997, Form999:
		if d.group.ControlNumber == "" {
			return nil
		}
		a.Groups = []Group{d.group}
	case FormCONTRL:
		if d.contrl.interchange == nil {
			return nil
		}
		a.Interchange, a.Groups = d.contrl.interchange, d.contrl.groups
	case Form824, FormAPERAK:
		if d.refusal.Number == "" && d.refusal.Transaction == "" {
			return nil
		}
		a.Refusals = []Refusal{d.refusal}
	default:
		return nil
	}
	return a
}

func readTA1(s *edi.Segment) *Interchange {
	return &Interchange{ControlNumber: s.Text(1, 1), Date: s.Text(2, 1), Time: s.Text(3, 1), Status: Status(s.Text(4, 1)), Code: s.Text(5, 1)}
}

func (g *Group) segment(s *edi.Segment) {
	switch s.Tag() {
	case edi.TagOf("AK1"):
		g.FunctionalID, g.ControlNumber, g.Version = s.Text(1, 1), s.Text(2, 1), s.Text(3, 1)
	case edi.TagOf("AK2"):
		g.Transactions = append(g.Transactions, Transaction{Set: s.Text(1, 1), ControlNumber: s.Text(2, 1), Convention: s.Text(3, 1)})
	case edi.TagOf("AK9"):
		g.Status = Status(s.Text(1, 1))
		g.Included, g.Received, g.Accepted = atoi(s.Text(2, 1)), atoi(s.Text(3, 1)), atoi(s.Text(4, 1))
		g.Codes = texts(s, 5)
	default:
		if len(g.Transactions) > 0 {
			g.Transactions[len(g.Transactions)-1].segment(s)
		}
	}
}

func (t *Transaction) segment(s *edi.Segment) {
	switch s.Tag() {
	case edi.TagOf("AK3"), edi.TagOf("IK3"):
		t.Segments = append(t.Segments, Segment{Tag: s.Text(1, 1), Position: atoi(s.Text(2, 1)), Loop: s.Text(3, 1), Code: s.Text(4, 1)})
	case edi.TagOf("AK4"), edi.TagOf("IK4"), edi.TagOf("CTX"):
		if len(t.Segments) > 0 {
			t.Segments[len(t.Segments)-1].detail(s)
		}
	case edi.TagOf("AK5"), edi.TagOf("IK5"):
		t.Status, t.Codes = Status(s.Text(1, 1)), texts(s, 2)
	}
}

// detail reads an AK4, or a CTX about the segment or its element read last.
func (s *Segment) detail(r *edi.Segment) {
	if r.Is("CTX") {
		list := &s.Contexts
		if n := len(s.Elements); n > 0 {
			list = &s.Elements[n-1].Contexts
		}
		*list = append(*list, readContext(r))
		return
	}
	s.Elements = append(s.Elements, Element{Position: atoi(r.Text(1, 1)), Component: atoi(r.Text(1, 2)), Repetition: atoi(r.Text(1, 3)),
		Number: r.Text(2, 1), Code: r.Text(3, 1), Value: string(r.Element(4))})
}

func readContext(s *edi.Segment) Context {
	return Context{Name: s.Text(1, 1), Reference: s.Text(1, 2), Tag: s.Text(2, 1), Position: atoi(s.Text(3, 1)), Loop: s.Text(4, 1),
		Element: atoi(s.Text(5, 1)), Component: atoi(s.Text(5, 2)), Repetition: atoi(s.Text(5, 3)), Number: s.Text(6, 1)}
}

// texts are the elements from n on that are not empty.
func texts(s *edi.Segment, n int) []string {
	var list []string
	for ; n <= s.Len(); n++ {
		if v := s.Text(n, 1); v != "" {
			list = append(list, v)
		}
	}
	return list
}
