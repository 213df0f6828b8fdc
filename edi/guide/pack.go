package guide

import "fondaco/edi"

// packedSegment is the description of a segment or composite as the checking
// loop reads it: 8 bytes an element, so that a line of cache holds eight.
type packedSegment struct {
	fields     []packedField
	required   uint64 // positions that have to be there
	notes      []note
	codes      []*codeSet
	composites []*Composite
	text, form int // of a date and its format in a composite, -1 without
}

// packedField passes an element at a glance: its length is in range, and what
// glance says holds. Everything else takes the slow road.
type packedField struct {
	min, span uint16    // length from min to min+span
	care      edi.Class // what a segment must not have if the length is to be enough
	glance    uint8     // what has to hold
	at        uint8     // in packedSegment.codes or composites
}

// always is among the classes of every segment, for elements whose length is
// never enough.
const always edi.Class = 1 << 15

const (
	glanceText      uint8 = iota // none of its characters is suspect
	glanceCode                   // one of a closed list
	glanceDate                   // a day that exists
	glanceTime                   // a time of day
	glanceNumber                 // digits, a sign and a decimal mark; at is 1 if there may be one
	glanceAlpha                  // no digits either
	glanceComposite              // its components are in order
	glanceDated                  // of a plan: text whose format is the next unit
	glanceNever                  // has to be looked at closely
)

// suspects are the characters that text cannot pass at a glance with. A value in
// which there are delimiters may be anything.
func suspects(t Type) edi.Class {
	switch t {
	case B:
		return 0
	case A:
		return edi.Control | edi.Digit | delimiters
	case AN, ID, DT, TM, N, R:
	}
	return edi.Control | delimiters
}

// markRoom is how much longer a number may be than its digits.
const markRoom = 2

// pack describes fields in memory taken from a stock.
func pack(fields []Field, notes []note, stock *[]packedField) packedSegment {
	p := packedSegment{notes: notes, fields: take(stock, len(fields)), text: -1, form: -1}
	for i := range fields {
		f := &fields[i]
		if f.Usage == Required {
			p.required |= 1 << (i + 1)
		}
		p.fields[i] = p.field(f)
		if f.Element == nil {
			continue
		}
		switch f.Element.Number {
		case "2380":
			p.text = i
		case "2379":
			p.form = i
		}
	}
	return p
}

func (p *packedSegment) field(f *Field) packedField {
	if f.Usage == NotUsed || f.Least > 1 || len(p.codes) > 250 || len(p.composites) > 250 {
		return packedField{care: always, glance: glanceNever}
	}
	if f.Composite != nil {
		p.composites = append(p.composites, f.Composite)
		return packedField{span: 1<<16 - 1, care: always, glance: glanceComposite, at: uint8(len(p.composites) - 1)}
	}
	e := f.Element
	k := packedField{min: uint16(e.Min), span: uint16(e.Max - e.Min), care: suspects(e.Type)}
	switch {
	case e.check != "" || e.format != "":
		k.glance = glanceNever
	case e.Closed:
		p.codes = append(p.codes, e.codes)
		k.glance, k.at = glanceCode, uint8(len(p.codes)-1)
	case e.Type == N, e.Type == R:
		k.glance, k.span = glanceNumber, k.span+markRoom
		if e.Type == R {
			k.at = 1
		}
	case e.Type == DT:
		k.glance = glanceDate
	case e.Type == TM:
		k.glance = glanceTime
	case e.Type == A:
		k.glance = glanceAlpha
	}
	if k.glance != glanceText {
		k.care = always
	}
	return k
}
