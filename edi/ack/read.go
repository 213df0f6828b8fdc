package ack

import (
	"io"
	"strconv"

	"fondaco/edi"
)

// Received is the acknowledgments of one inbound interchange: who sent them,
// and what they say. There is an Answer for each TA1 and for each 997.
type Received struct {
	SenderQualifier, Sender     string
	ReceiverQualifier, Receiver string
	ControlNumber               string
	Answers                     []Answer
}

// Read finds the acknowledgments in an X12 file, passing over what else is in
// it. A damaged 997 gives what was read of it; whether it is complete, a
// validation tells.
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
			rec := Received{ControlNumber: e.Interchange.ControlNumber()}
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
	reading bool
	group   Group
}

// Event takes the next event and returns an answer when one is complete.
func (d *Decoder) Event(e *edi.Event) *Answer {
	switch e.Kind {
	case edi.InterchangeControl:
		if e.Segment.Tag() == edi.TA1 {
			return &Answer{Interchange: readTA1(e.Segment)}
		}
	case edi.TransactionStart:
		d.reading, d.group = e.Segment.Is("ST") && string(e.Segment.Element(1)) == "997", Group{}
	case edi.TransactionSegment:
		if d.reading {
			d.segment(e.Segment)
		}
	case edi.TransactionEnd:
		if d.reading && d.group.ControlNumber != "" {
			d.reading = false
			return &Answer{Groups: []Group{d.group}}
		}
	}
	return nil
}

func readTA1(s *edi.Segment) *Interchange {
	return &Interchange{ControlNumber: s.Text(1, 1), Date: s.Text(2, 1), Time: s.Text(3, 1), Status: Status(s.Text(4, 1)), Code: s.Text(5, 1)}
}

func (d *Decoder) segment(s *edi.Segment) {
	g := &d.group
	switch s.Tag() {
	case edi.TagOf("AK1"):
		g.FunctionalID, g.ControlNumber = s.Text(1, 1), s.Text(2, 1)
	case edi.TagOf("AK2"):
		g.Transactions = append(g.Transactions, Transaction{Set: s.Text(1, 1), ControlNumber: s.Text(2, 1)})
	case edi.TagOf("AK9"):
		g.Status = Status(s.Text(1, 1))
		g.Included, g.Received, g.Accepted = count(s, 2), count(s, 3), count(s, 4)
		g.Codes = texts(s, 5)
	default:
		if len(g.Transactions) > 0 {
			g.Transactions[len(g.Transactions)-1].segment(s)
		}
	}
}

func (t *Transaction) segment(s *edi.Segment) {
	switch s.Tag() {
	case edi.TagOf("AK3"):
		t.Segments = append(t.Segments, Segment{Tag: s.Text(1, 1), Position: count(s, 2), Loop: s.Text(3, 1), Code: s.Text(4, 1)})
	case edi.TagOf("AK4"):
		if len(t.Segments) == 0 {
			return
		}
		in := &t.Segments[len(t.Segments)-1]
		component, _ := number(s.Component(1, 2))
		in.Elements = append(in.Elements, Element{Position: count(s, 1), Component: component,
			Number: s.Text(2, 1), Code: s.Text(3, 1), Value: string(s.Element(4))})
	case edi.TagOf("AK5"):
		t.Status, t.Codes = Status(s.Text(1, 1)), texts(s, 2)
	}
}

func count(s *edi.Segment, n int) int {
	v, err := strconv.Atoi(s.Text(n, 1))
	if err != nil {
		return 0
	}
	return v
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
