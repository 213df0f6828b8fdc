package guide

import "fondaco/edi"

// packedSegment is a segment's description as the checking loop reads it: 8
// bytes an element, so that a line of cache holds eight.
type packedSegment struct {
	fields   []packedField
	required uint64 // positions that have to be there
	notes    []note
}

// packedField passes an element at a glance: its length in range and none of
// its characters suspect. Everything else takes the slow road.
type packedField struct {
	min, span uint16    // length from min to min+span
	suspect   edi.Class // characters that need a closer look
	flags     uint16
}

const (
	always uint16 = 1 << iota // closer look in any case
)

// suspects are the characters that cannot pass at a glance. Sign and decimal
// point do not count for the length, so numbers with them are looked at.
func suspects(t Type) edi.Class {
	const digits = edi.Digit
	separators := edi.Repeated | edi.Composed
	switch t {
	case N, R, DT, TM:
		return ^digits
	case B:
		return 0
	}
	return edi.Control | separators
}

func pack(s *Segment) packedSegment {
	p := packedSegment{notes: s.notes, fields: make([]packedField, len(s.Fields))}
	for i := range s.Fields {
		f := &s.Fields[i]
		if f.Usage == Required {
			p.required |= 1 << (i + 1)
		}
		p.fields[i] = packField(f)
	}
	return p
}

func packField(f *Field) packedField {
	if f.Composite != nil || f.Usage == NotUsed {
		return packedField{flags: always}
	}
	e := f.Element
	p := packedField{min: uint16(e.Min), span: uint16(e.Max - e.Min), suspect: suspects(e.Type)}
	if e.Closed || e.Type == DT || e.Type == TM {
		p.flags |= always
	}
	return p
}
