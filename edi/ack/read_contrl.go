package ack

import (
	"strings"

	"fondaco/edi"
)

// contrl is a CONTRL that is being read. Messages that stand in no group make
// up one without a number.
type contrl struct {
	interchange *Interchange
	groups      []Group
}

func (c *contrl) segment(s *edi.Segment) {
	switch s.Tag() {
	case edi.TagOf("UCI"):
		c.uci(s)
	case edi.TagOf("UCF"):
		c.ucf(s)
	case edi.TagOf("UCM"):
		c.ucm(s)
	case edi.TagOf("UCS"), edi.TagOf("UCD"):
		if t := c.transaction(); t != nil {
			t.fault(s)
		}
	}
}

func (c *contrl) uci(s *edi.Segment) {
	c.interchange = &Interchange{ControlNumber: s.Text(1, 1), Sender: partyOf(s, 2), Receiver: partyOf(s, 3), Code: s.Text(5, 1), Fault: readFault(s, 6)}
	c.interchange.Status = readAction(s.Text(4, 1), c.interchange.Code)
}

func (c *contrl) ucf(s *edi.Segment) {
	g := Group{ControlNumber: s.Text(1, 1), Sender: partyOf(s, 2), Receiver: partyOf(s, 3), Codes: oneOf(s.Text(5, 1)), Fault: readFault(s, 6)}
	g.Status = readAction(s.Text(4, 1), s.Text(5, 1))
	c.groups = append(c.groups, g)
}

func (c *contrl) ucm(s *edi.Segment) {
	t := Transaction{ControlNumber: s.Text(1, 1), Set: s.Text(2, 1), Codes: oneOf(s.Text(4, 1)), Fault: readFault(s, 5)}
	t.Convention = strings.TrimRight(strings.Join([]string{s.Text(2, 2), s.Text(2, 3), s.Text(2, 4), s.Text(2, 5)}, ":"), ":")
	t.Status = readAction(s.Text(3, 1), s.Text(4, 1))
	if len(c.groups) == 0 {
		c.groups = append(c.groups, Group{})
	}
	g := &c.groups[len(c.groups)-1]
	g.Transactions = append(g.Transactions, t)
}

func (c *contrl) transaction() *Transaction {
	if len(c.groups) == 0 {
		return nil
	}
	list := c.groups[len(c.groups)-1].Transactions
	if len(list) == 0 {
		return nil
	}
	return &list[len(list)-1]
}

// fault reads a UCS or UCD. An error noted of a message that is acknowledged
// makes it one with errors.
func (t *Transaction) fault(s *edi.Segment) {
	if t.Status == Accepted {
		t.Status = WithError
	}
	if s.Is("UCS") {
		t.Segments = append(t.Segments, Segment{Position: atoi(s.Text(1, 1)), Code: s.Text(2, 1)})
		return
	}
	if n := len(t.Segments); n > 0 {
		in := &t.Segments[n-1]
		in.Elements = append(in.Elements, Element{Code: s.Text(1, 1), Position: atoi(s.Text(2, 1)), Component: atoi(s.Text(2, 2))})
	}
}

// readAction is the verdict that 0083 stands for. The codes 1 to 3, 5 and 6 are
// those of older versions.
func readAction(action, code string) Status {
	switch action {
	case actionRejected, "6":
		return Rejected
	case actionReceived:
		return Arrived
	case "2":
		return WithError
	case "3":
		return Partly
	case actionAcknowledged, "1", "5":
		if code != "" {
			return WithError
		}
		return Accepted
	}
	return Status(action)
}

func readFault(s *edi.Segment, n int) *Fault {
	f := Fault{Tag: s.Text(n, 1), Element: atoi(s.Text(n+1, 1)), Component: atoi(s.Text(n+1, 2))}
	if f == (Fault{}) {
		return nil
	}
	return &f
}

func oneOf(code string) []string {
	if code == "" {
		return nil
	}
	return []string{code}
}
