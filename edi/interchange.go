package edi

import "strings"

// Interchange is what one interchange header and its trailer say, ISA and IEA
// or UNB and UNZ, and what was found of them. In an Event it is valid until the
// next interchange begins; in a Report it stays.
type Interchange struct {
	Header       Segment  `json:"-"` // the ISA, UNB or UIB; its Kind is zero when messages came without one
	Trailer      Segment  `json:"-"` // the IEA, UNZ or UIZ; its Kind is zero when it is missing
	Start        Position `json:"-"` // of the header, or of the UNA before it
	Index        int      `json:"index"`
	Count        int      `json:"groupCount"`       // groups seen
	Transactions int      `json:"transactionCount"` // transactions seen, in groups or not
	Acks         int      `json:"ta1Count,omitempty"`
	Cut          bool     `json:"cut,omitempty"` // the file ended before it did
	Findings
	Groups []*Group `json:"groups,omitempty"` // in a Report alone

	std      Standard
	grouped  int  // groups with a header of their own
	messages int  // in no group
	mixed    bool // that both occur is told
}

// Standard is X12 or EDIFACT.
func (i *Interchange) Standard() Standard { return i.std }

// Interactive tells that the header is a UIB.
func (i *Interchange) Interactive() bool { return i.Header.tag == UIB }

// ControlNumber is ISA13 without padding, UNB05 (0020) or the dialogue
// reference of a UIB.
func (i *Interchange) ControlNumber() string {
	if i.Header.Kind() == 0 {
		return ""
	}
	if i.Header.tag == ISA {
		return i.field(13)
	}
	return i.Header.Text(i.Header.referenceElement(), 1)
}

// Sender is ISA06 without padding and its qualifier ISA05, or the first two
// components of S002.
func (i *Interchange) Sender() (qualifier, id string) { return i.party(5, 2, 6) }

// Receiver is ISA08 without padding and its qualifier ISA07, or the first two
// components of S003.
func (i *Interchange) Receiver() (qualifier, id string) { return i.party(7, 3, 7) }

func (i *Interchange) party(isa, unb, uib int) (qualifier, id string) {
	switch i.Header.tag {
	case UNB:
		return i.Header.Text(unb, 2), i.Header.Text(unb, 1)
	case UIB:
		return i.Header.Text(uib, 2), i.Header.Text(uib, 1)
	}
	return i.field(isa), i.field(isa + 1)
}

// Version is ISA12, 00401 for example, or the syntax version 0002, 3 for example.
func (i *Interchange) Version() string {
	if i.Header.tag == ISA {
		return i.field(12)
	}
	return i.Header.Text(1, 2)
}

// Syntax is the syntax identifier 0001 and its version 0002, UNOC and 3 for
// example. X12 has none.
func (i *Interchange) Syntax() (id, version string) {
	if i.std != EDIFACT {
		return "", ""
	}
	return i.Header.Text(1, 1), i.Header.Text(1, 2)
}

// AckRequested tells whether the sender wants a TA1 in any case (ISA14), or a
// CONTRL (0031).
func (i *Interchange) AckRequested() bool {
	switch i.Header.tag {
	case ISA:
		return i.field(14) == "1"
	case UNB:
		return i.Header.Size(9) > 0 && i.Header.Text(9, 1) != "0"
	}
	return false
}

// Usage is ISA15: P for production, T for test, I for information. With the
// test indicator 0035 an EDIFACT interchange is a T, without it a P.
func (i *Interchange) Usage() string {
	test := 11
	switch i.Header.tag {
	case ISA:
		return i.field(15)
	case UIB:
		test = 10
	}
	if i.Header.Size(test) > 0 && i.Header.Text(test, 1) != "0" {
		return "T"
	}
	return "P"
}

// Date and time as sent: ISA09 and ISA10, or S004, whose date has a century in
// syntax version 4.
func (i *Interchange) Date() (yymmdd, hhmm string) {
	switch i.Header.tag {
	case UNB:
		return i.Header.Text(4, 1), i.Header.Text(4, 2)
	case UIB:
		return i.Header.Text(8, 1), i.Header.Text(8, 2)
	}
	return i.field(9), i.field(10)
}

// Application is the application reference 0026, which names the message type
// where all messages are of one. X12 has none.
func (i *Interchange) Application() string {
	if i.Header.tag != UNB {
		return ""
	}
	return i.Header.Text(7, 1)
}

// Complete tells whether the trailer was there.
func (i *Interchange) Complete() bool { return i.Trailer.Kind() != 0 }

// field is an element of a header of fixed width.
func (i *Interchange) field(n int) string {
	return strings.TrimRight(string(i.Header.Element(n)), " ")
}
