package edi

// Group is what one GS and its GE say, or one UNG and its UNE, and what was
// found of them. EDIFACT messages that stand in no group have one that is
// Implicit: it has no header, no number and no findings.
type Group struct {
	Header   Segment `json:"-"` // the GS or UNG; its Kind is zero when it is missing
	Trailer  Segment `json:"-"` // the GE or UNE; likewise
	Index    int     `json:"index"`
	Count    int     `json:"transactionCount"` // transactions seen
	Accepted int     `json:"accepted"`         // of them, those without errors
	Findings
	Transactions []*Transaction `json:"transactions,omitempty"` // in a Report alone

	implicit bool
}

// Implicit tells that the file has no such group: it stands for the messages of
// an EDIFACT interchange that are in none. Nothing is wrong with that.
func (g *Group) Implicit() bool { return g.implicit }

// FunctionalID is GS01, PT for 867 reports, or UNG01, the type of all messages
// in the group.
func (g *Group) FunctionalID() string { return g.text(1, 1) }

// ControlNumber is GS06 or UNG05.
func (g *Group) ControlNumber() string {
	if g.Header.tag == UNG {
		return g.text(5, 1)
	}
	return g.text(6, 1)
}

// Version is GS08, 004010 for example, with the industry's suffix if there is
// one, or version and release of S008, D96A for example.
func (g *Group) Version() string {
	if g.Header.tag == UNG {
		return g.text(7, 1) + g.text(7, 2)
	}
	return g.text(8, 1)
}

// Sender is the code of the application, GS02 or S006.
func (g *Group) Sender() string { return g.text(2, 1) }

// Receiver is GS03 or S007.
func (g *Group) Receiver() string { return g.text(3, 1) }

// Complete tells whether the trailer was there.
func (g *Group) Complete() bool { return g.Trailer.Kind() != 0 }

// text is a component of a UNG, or a whole element of a GS, which has none.
func (g *Group) text(n, c int) string {
	if g.Header.tag == UNG {
		return g.Header.Text(n, c)
	}
	return string(g.Header.Element(n))
}
