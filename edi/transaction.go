package edi

// Transaction is what one ST and its SE say, or one UNH and its UNT, and
// everything found in between.
type Transaction struct {
	Header   Segment `json:"-"` // the ST, UNH or UIH
	Trailer  Segment `json:"-"` // the SE, UNT or UIT; its Kind is zero when it is missing
	Index    int     `json:"index"`
	Segments int     `json:"segments"` // seen, header and trailer included
	Guide    string  `json:"guide,omitempty"`
	Findings
}

// Standard is X12 or EDIFACT.
func (t *Transaction) Standard() Standard { return t.Header.standard }

// Set is ST01, 867 for example, or the message type 0065, ORDERS for example.
func (t *Transaction) Set() string {
	if t.Header.standard == EDIFACT {
		return t.identifier(1)
	}
	return string(t.Header.Element(1))
}

// ControlNumber is ST02, or the message reference 0062.
func (t *Transaction) ControlNumber() string {
	if t.Header.standard == EDIFACT {
		return t.Header.Text(t.Header.referenceElement(), 1)
	}
	return string(t.Header.Element(2))
}

// Version is the version and release of an EDIFACT message, D96A for example.
// It is empty in X12, where the group has it.
func (t *Transaction) Version() string { return t.identifier(2) + t.identifier(3) }

// Agency is the agency that controls an EDIFACT message type, UN for example.
// X12 has none.
func (t *Transaction) Agency() string {
	if t.Header.tag == UIH {
		return t.identifier(5)
	}
	return t.identifier(4)
}

// Association names the guide that the sender followed: the association
// assigned code 0057, EAN008 for example, or ST03 in X12.
func (t *Transaction) Association() string {
	switch {
	case t.Header.standard != EDIFACT:
		return string(t.Header.Element(3))
	case t.Header.tag == UIH:
		return t.identifier(6)
	}
	return t.identifier(5)
}

// identifier is a component of the message identifier, S009 of a UNH and S306
// of a UIH.
func (t *Transaction) identifier(c int) string {
	switch t.Header.tag {
	case UNH:
		return t.Header.Text(2, c)
	case UIH:
		return t.Header.Text(1, c)
	}
	return ""
}

// Complete tells whether the trailer was there.
func (t *Transaction) Complete() bool { return t.Trailer.Kind() != 0 }

// OK tells that nothing in the transaction is an error.
func (t *Transaction) OK() bool { return t.Errors == 0 }
