package guide

import (
	"math/bits"

	"fondaco/edi"
)

// piece is a part of a text, text[from:to].
type piece struct {
	text     []byte
	from, to int
}

// piece is what the segment's Component gives, and what stands around it.
func (v *Validator) piece(s *edi.Segment, element, component int) piece {
	composed := s.Most()&(edi.Composed|edi.Repeated|edi.Released) != 0
	if composed && v.seps == 0 || !composed && component != 1 {
		value := s.Component(element, component)
		return piece{value, 0, len(value)}
	}
	text, ends := s.Layout()
	if element < 1 || element >= len(ends) {
		return piece{}
	}
	p := piece{text, int(ends[element-1]) + 1, int(ends[element])}
	if !composed {
		return p
	}
	rest, end := v.seps>>uint(p.from), p.to
	for ; component > 1; component-- {
		if p.from += bits.TrailingZeros64(rest) + 1; p.from > end {
			return piece{}
		}
		rest = v.seps >> uint(p.from)
	}
	p.to = p.from + bits.TrailingZeros64(rest)
	return p
}

func (v piece) bytes() []byte { return v.text[v.from:v.to] }

// is tells whether it is the word w of so many bytes.
func (v piece) is(w uint64, size int) bool {
	if v.to-v.from != size {
		return false
	}
	if len(v.text) < wordSize {
		return shortWord(v.bytes()) == w
	}
	return word(v.text, v.from, v.to) == w
}

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
