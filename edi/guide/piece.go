package guide

import "fondaco/edi"

// piece is a part of a text, text[from:to].
type piece struct {
	text     []byte
	from, to int
}

// part is what edi.Segment.Component gives, and what stands around it.
func part(s *edi.Segment, element, component int) piece {
	if component == 1 && s.Most()&(edi.Composed|edi.Repeated|edi.Released) == 0 {
		text, ends := s.Layout()
		if element < 1 || element >= len(ends) {
			return piece{}
		}
		return piece{text, int(ends[element-1]) + 1, int(ends[element])}
	}
	v := s.Component(element, component)
	return piece{v, 0, len(v)}
}

func (v piece) bytes() []byte { return v.text[v.from:v.to] }

// number reads it as parseNumber does.
func (v piece) number() (number, bool) {
	size := v.to - v.from
	if size == 0 || size > wordSize || len(v.text) < wordSize {
		return parseNumber(v.bytes())
	}
	if n, ok := wordNumber(word(v.text, v.from, v.to), size); ok {
		return n, true
	}
	return parseNumber(v.bytes())
}

// fixed reads it as parseFixed does.
func (v piece) fixed(implied int) (fixed, bool) {
	n, ok := v.number()
	if !ok {
		return 0, false
	}
	return n.fixed(implied)
}

// wordNumber reads digits with at most a decimal mark between or before them.
func wordNumber(w uint64, size int) (number, bool) {
	n := number{decimals: -1}
	if odd := oddDigits(w | zeros<<(8*uint(size))); odd != 0 {
		at := firstByte(odd)
		size--
		if b := byte(w >> (8 * uint(at))); odd&(odd-1) != 0 || b != '.' && b != ',' || size-at > 6 || size == 0 {
			return n, false
		}
		n.decimals = size - at
		head := uint64(1)<<(8*uint(at)) - 1
		w = w&head | w>>8&^head
	}
	n.digits = digitsOf(w<<(8*uint(wordSize-size)) | zeros>>(8*uint(size)))
	return n, true
}
