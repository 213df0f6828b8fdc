package guide

import "fondaco/edi"

// onElement adds a finding about element n of the segment; a component or
// repetition is in its Path already.
func (v *Validator) onElement(s *edi.Segment, d *Segment, n int, f edi.Finding) {
	if v.node == 0 && v.repeated(s, n) {
		return
	}
	f.Path.Element = n
	if n <= len(d.Fields) {
		field := &d.Fields[n-1]
		f.Unconfirmed = f.Unconfirmed || field.Unconfirmed
		if f.DataElement == "" && (field.Element != nil || v.std == edi.EDIFACT) {
			f.DataElement = field.Number()
		}
		if f.Name == "" {
			f.Name = field.Name()
		}
	}
	if f.Value == "" && f.Path.Component == 0 {
		f.Value = text(s.Element(n))
	}
	switch {
	case v.node == 0:
		v.outside(&f, n)
	case v.node == 1 && v.std == edi.X12 && v.ts != nil && v.ts.Segments == 1:
		f.Level, f.Code = edi.LevelTransaction, headerCode(n)
	}
	v.Add(v.about(f), s)
}

// outside gives the finding about an element of an envelope's segment the level
// and code of that envelope: acknowledgments of X12 know no elements there.
func (v *Validator) outside(f *edi.Finding, n int) {
	switch t := v.seg.Tag(); t {
	case edi.GS, edi.GE:
		f.Level, f.Code = edi.LevelGroup, envelopeCode(t, n)
	case edi.ISA, edi.IEA, edi.TA1:
		f.Level, f.Code = edi.LevelInterchange, envelopeCode(t, n)
	case edi.UNG, edi.UNE:
		f.Level = edi.LevelGroup
	case edi.UNB, edi.UNZ:
		f.Level = edi.LevelInterchange
	}
}

// headerCode is AK502 for an element of an ST: acknowledgments name a transaction
// by it, and list the errors of what follows.
func headerCode(n int) string {
	switch n {
	case 1:
		return "6"
	case 2:
		return "7"
	}
	return "19" // the convention
}

// envelopeCode is the acknowledgment code for an element of GS, GE, IEA or TA1.
func envelopeCode(t edi.Tag, n int) string {
	switch {
	case t == edi.GS && n == 1:
		return "1"
	case t == edi.GS && n == 6, t == edi.GE && n == 2:
		return "6"
	case t == edi.GS && n == 8:
		return "2"
	case t == edi.GE && n == 1:
		return "5"
	case t == edi.IEA && n == 1:
		return "021"
	case t == edi.IEA && n == 2:
		return "001"
	case t == edi.TA1:
		return "024"
	}
	return ""
}
