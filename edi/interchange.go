package edi

import "strings"

// Interchange is what one ISA and its IEA say, and what was found of them. In
// an Event it is valid until the next interchange begins; in a Report it stays.
type Interchange struct {
	Header  Segment `json:"-"` // the ISA
	Trailer Segment `json:"-"` // the IEA; its Kind is zero when it is missing
	Index   int     `json:"index"`
	Count   int     `json:"groupCount"`         // groups seen
	Acks    int     `json:"ta1Count,omitempty"` // TA1 segments seen
	Cut     bool    `json:"cut,omitempty"`      // the file ended before it did
	Findings
	Groups []*Group `json:"groups,omitempty"` // in a Report alone
}

// ControlNumber is ISA13 without padding.
func (i *Interchange) ControlNumber() string { return i.field(13) }

// Sender is ISA06 without padding, and its qualifier ISA05.
func (i *Interchange) Sender() (qualifier, id string) { return i.field(5), i.field(6) }

// Receiver is ISA08 without padding, and its qualifier ISA07.
func (i *Interchange) Receiver() (qualifier, id string) { return i.field(7), i.field(8) }

// Version is ISA12, 00401 for example.
func (i *Interchange) Version() string { return i.field(12) }

// AckRequested tells whether the sender wants a TA1 in any case (ISA14).
func (i *Interchange) AckRequested() bool { return i.field(14) == "1" }

// Usage is ISA15: P for production, T for test, I for information.
func (i *Interchange) Usage() string { return i.field(15) }

// Date and time as sent, ISA09 and ISA10.
func (i *Interchange) Date() (yymmdd, hhmm string) { return i.field(9), i.field(10) }

// Complete tells whether the trailer was there.
func (i *Interchange) Complete() bool { return i.Trailer.Kind() != 0 }

func (i *Interchange) field(n int) string {
	return strings.TrimRight(string(i.Header.Element(n)), " ")
}

// Group is what one GS and its GE say, and what was found of them.
type Group struct {
	Header   Segment `json:"-"` // the GS; its Kind is zero when it is missing
	Trailer  Segment `json:"-"` // the GE; likewise
	Index    int     `json:"index"`
	Count    int     `json:"transactionCount"` // transactions seen
	Accepted int     `json:"accepted"`         // of them, those without errors
	Findings
	Transactions []*Transaction `json:"transactions,omitempty"` // in a Report alone
}

// FunctionalID is GS01: PT for 867 reports, FA for acknowledgments.
func (g *Group) FunctionalID() string { return string(g.Header.Element(1)) }

// ControlNumber is GS06.
func (g *Group) ControlNumber() string { return string(g.Header.Element(6)) }

// Version is GS08, 004010 for example, with the industry's suffix if there is one.
func (g *Group) Version() string { return string(g.Header.Element(8)) }

// Sender and receiver codes of the applications, GS02 and GS03.
func (g *Group) Sender() string { return string(g.Header.Element(2)) }

// Receiver is GS03.
func (g *Group) Receiver() string { return string(g.Header.Element(3)) }

// Complete tells whether the trailer was there.
func (g *Group) Complete() bool { return g.Trailer.Kind() != 0 }

// Transaction is what one ST and its SE say, and everything found in between.
type Transaction struct {
	Header   Segment `json:"-"` // the ST
	Trailer  Segment `json:"-"` // the SE; its Kind is zero when it is missing
	Index    int     `json:"index"`
	Segments int     `json:"segments"` // seen, header and trailer included
	Guide    string  `json:"guide,omitempty"`
	Findings
}

// Set is ST01, 867 for example.
func (t *Transaction) Set() string { return string(t.Header.Element(1)) }

// ControlNumber is ST02.
func (t *Transaction) ControlNumber() string { return string(t.Header.Element(2)) }

// Complete tells whether the trailer was there.
func (t *Transaction) Complete() bool { return t.Trailer.Kind() != 0 }

// OK tells that nothing in the transaction is an error.
func (t *Transaction) OK() bool { return t.Errors == 0 }
