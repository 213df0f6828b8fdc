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
	case UNB:
		return opensInterchange
	case UNZ:
		return closesInterchange
	case UNG:
		return opensGroup
	case UNE:
		return closesGroup
	case UNH:
		return opensTransaction
	case UNT:
		return closesTransaction
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
type place struct{ interchange, group, transaction, segment int }

// envelope counts interchanges, groups, transactions and segments as they pass
// by, for the paths that the Reader gives. It does not judge.
type envelope struct {
	place
	closed bool // the last segment ended the interchange
}

func (e *envelope) pass(s Standard, t Tag) place {
	switch roleOf(s, t) {
	case content:
		if e.segment > 0 {
			e.segment++
			return e.place
		}
	case opensInterchange:
		*e = envelope{place: place{interchange: e.interchange + 1}}
	case closesInterchange:
		*e = envelope{place: place{interchange: e.interchange}, closed: true}
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
