package edi

// role is what a segment does to the envelopes.
type role uint8

const (
	content role = iota
	opensInterchange
	closesInterchange
	opensGroup
	closesGroup
	opensTransaction
	closesTransaction
	advises // the service string advice, which comes before the interchange that it describes
)

// roleOf depends on the standard, since a tag that closes an envelope in one
// may be an ordinary segment in another.
func roleOf(s Standard, t Tag) role {
	switch s {
	case X12:
		return x12Role(t)
	case EDIFACT:
		return edifactRole(t)
	case TRADACOMS:
		return tradacomsRole(t)
	}
	return content
}

func x12Role(t Tag) role {
	switch t {
	case ISA:
		return opensInterchange
	case IEA:
		return closesInterchange
	case GS:
		return opensGroup
	case GE:
		return closesGroup
	case ST:
		return opensTransaction
	case SE:
		return closesTransaction
	}
	return content
}

func edifactRole(t Tag) role {
	switch t {
	case UNB, UIB:
		return opensInterchange
	case UNZ, UIZ:
		return closesInterchange
	case UNG:
		return opensGroup
	case UNE:
		return closesGroup
	case UNH, UIH:
		return opensTransaction
	case UNT, UIT:
		return closesTransaction
	case UNA:
		return advises
	}
	return content
}

func tradacomsRole(t Tag) role {
	switch t {
	case STX:
		return opensInterchange
	case END:
		return closesInterchange
	case BAT:
		return opensGroup
	case EOB:
		return closesGroup
	case MHD:
		return opensTransaction
	case MTR:
		return closesTransaction
	}
	return content
}

// place is a segment's number in each envelope, zero where it is in none.
type place struct{ interchange, group, transaction, segment int32 }

// envelope counts interchanges, groups, transactions and segments as they pass
// by, for the paths that the Reader gives. It does not judge.
type envelope struct {
	place
	closed bool // the last segment ended the interchange
}

func (e *envelope) pass(r role) place {
	switch r {
	case content:
		if e.segment > 0 {
			e.segment++
			return e.place
		}
	case opensInterchange:
		*e = envelope{place: place{interchange: e.interchange + 1}}
	case closesInterchange:
		*e = envelope{place: place{interchange: e.interchange}, closed: true}
	case advises:
		return place{interchange: e.interchange + 1}
	case opensGroup:
		e.group, e.transaction, e.segment = e.group+1, 0, 0
	case closesGroup:
		e.transaction, e.segment = 0, 0
	case opensTransaction:
		e.transaction, e.segment = e.transaction+1, 1
		return e.place
	case closesTransaction:
		e.segment++
		p := e.place
		e.segment = 0
		return p
	}
	return place{interchange: e.interchange, group: e.group}
}

// referenceElement is where a header or trailer holds the control number of its
// envelope.
func (s *Segment) referenceElement() int {
	switch s.tag {
	case ISA:
		return 13
	case GS:
		return 6
	case UNB, UNG:
		return 5
	case UNH, UIT, UIZ:
		return 1
	}
	return 2 // IEA, GE, ST, SE, UNZ, UNE, UNT, UIB, UIH
}

// reference is the control number in a header or trailer as it stands there.
func (s *Segment) reference() []byte {
	if s.tag == UIB || s.tag == UIZ { // the first component of the dialogue reference
		return s.Component(s.referenceElement(), 1)
	}
	return s.Element(s.referenceElement())
}

// countElement is where a trailer holds its count.
func (s *Segment) countElement() int {
	if s.tag == UIT || s.tag == UIZ {
		return 2
	}
	return 1
}
