package guide

import "fondaco/edi"

// glance passes the elements of a segment, or the components of a composite, as
// nearly all of them are: text[start:ends[0]] and what follows. Present has a bit
// for each that is there, odd one for each that has to be looked at closely; the
// first has bit 1. There are no more of them than p has fields.
//
// This is the loop that each value of a document passes through.
func (v *Validator) glance(p *packedSegment, text []byte, start int, ends []edi.End, most edi.Class) (present, odd uint64) {
	fields := p.fields[:len(ends)]
	most |= always
	for i, e := range ends {
		from, to := start, int(e)
		start = to + 1
		if from == to {
			continue
		}
		present |= 2 << i
		f := &fields[i]
		if uint(to-from)-uint(f.min) <= uint(f.span) && (most&f.care == 0 || v.careful(p, f, text, from, to)) {
			continue
		}
		odd |= 2 << i
	}
	return present, odd
}

// careful does the checks that most values pass which are more than text, or
// which may hold delimiters.
func (v *Validator) careful(p *packedSegment, f *packedField, text []byte, from, to int) bool {
	switch f.glance {
	case glanceText:
		return v.classOf(text[from:to])&f.care == 0
	case glanceComposite:
		return v.parts(&p.composites[f.at].packed, text[from:to])
	case glanceCode:
		return v.passes(f, p.codes[f.at], text, from, to)
	}
	return v.passes(f, nil, text, from, to)
}

// passes does the checks of a value whose length is right.
func (v *Validator) passes(f *packedField, codes *codeSet, text []byte, from, to int) bool {
	size := to - from
	if size > wordSize {
		return v.longer(f, codes, text[from:to])
	}
	var w uint64
	if len(text) >= wordSize {
		w = word(text, from, to)
	} else {
		w = shortWord(text[from:to])
	}
	switch f.glance {
	case glanceCode:
		return codes.holds(w, size)
	case glanceNumber:
		return f.number(w, size, v.decimal) || f.digits(text[from:to], v.decimal)
	case glanceDate:
		return isDay(w, size) || edi.ValidDate(text[from:to])
	case glanceTime:
		return edi.ValidTime(text[from:to])
	case glanceAlpha:
		return v.classOf(text[from:to])&suspects(A) == 0
	}
	return false
}

// longer passes what does not fit into a word.
func (v *Validator) longer(f *packedField, codes *codeSet, value []byte) bool {
	switch f.glance {
	case glanceCode:
		return codes.has(value)
	case glanceNumber:
		return f.digits(value, v.decimal)
	case glanceAlpha:
		return v.classOf(value)&suspects(A) == 0
	}
	return false // no date or time is as long
}

// number passes digits with a minus before them or a decimal mark between them,
// not more than the element holds, that stand in a word.
func (f *packedField) number(w uint64, size int, mark byte) bool {
	odd := oddDigits(w | zeros<<(8*uint(size)))
	if odd != 0 {
		at := firstByte(odd)
		b := byte(w >> (8 * uint(at)))
		point, minus := b == mark && f.at > 0 && at > 0 && at < size-1, b == '-' && at == 0
		if odd&(odd-1) != 0 || !point && !minus {
			return false
		}
		size--
	}
	return uint(size)-uint(f.min) <= uint(f.span)-markRoom && size > 0
}

// digits does so for a value of any length, with a minus and a decimal mark.
func (f *packedField) digits(value []byte, mark byte) bool {
	size, point := 0, false
	for i, b := range value {
		switch {
		case b >= '0' && b <= '9':
			size++
		case b == mark && !point && f.at > 0 && i > 0 && i < len(value)-1:
			point = true
		case b != '-' || i > 0:
			return false
		}
	}
	return uint(size)-uint(f.min) <= uint(f.span)-markRoom && size > 0
}

// classOf is the class of a value, and tells whether there are delimiters in it.
func (v *Validator) classOf(value []byte) edi.Class {
	acc := edi.Class(0)
	for _, b := range value {
		acc |= v.classes[b]
	}
	return acc
}
