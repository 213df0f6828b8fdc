package mapping

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// The most digits before and behind the point, as package schema takes them.
const (
	wholeDigits    = 20
	fractionDigits = 18
)

// figure is a number as it is written: the digits before and behind the point,
// without zeros that say nothing.
type figure struct {
	negative        bool
	whole, fraction []byte
	pointed         bool
}

// parseFigure reads a sign, digits, a point and digits. In EDIFACT a comma is as
// good as a point.
func parseFigure(s []byte, comma bool) (figure, error) {
	var f figure
	rest := s
	if len(rest) > 0 && (rest[0] == '-' || rest[0] == '+') {
		f.negative = rest[0] == '-'
		rest = rest[1:]
	}
	f.whole = rest
	for i, c := range rest {
		if c >= '0' && c <= '9' {
			continue
		}
		if f.pointed || c != '.' && (c != ',' || !comma) {
			return f, wrongFigure(s)
		}
		f.whole, f.fraction, f.pointed = rest[:i], rest[i+1:], true
	}
	if len(f.whole)+len(f.fraction) == 0 || len(f.whole) > wholeDigits || len(f.fraction) > fractionDigits {
		return f, wrongFigure(s)
	}
	return f, nil
}

func wrongFigure(s []byte) error {
	return fmt.Errorf("number %q: want digits with an optional sign and point, at most %d before the point and %d behind it",
		s[:min(len(s), 60)], wholeDigits, fractionDigits)
}

// append writes the figure in its one canonical form: 1.50 is 1.5, -0 is 0.
func (f figure) append(dst []byte) []byte {
	whole, fraction := bytes.TrimLeft(f.whole, "0"), bytes.TrimRight(f.fraction, "0")
	if f.negative && len(whole)+len(fraction) > 0 {
		dst = append(dst, '-')
	}
	if len(whole) == 0 {
		whole = zero
	}
	dst = append(dst, whole...)
	if len(fraction) > 0 {
		dst = append(append(dst, '.'), fraction...)
	}
	return dst
}

var zero = []byte{'0'}

// asDecimal is a number with its decimal point.
type asDecimal struct{ comma bool }

func (a asDecimal) decode(dst, s []byte) ([]byte, error) {
	f, err := parseFigure(s, a.comma)
	if err != nil {
		return dst, err
	}
	return f.append(dst), nil
}

func (a asDecimal) encode(dst, s []byte) ([]byte, error) { return a.decode(dst, s) }

// asInteger is a number without a fraction.
type asInteger struct{ comma bool }

func (a asInteger) decode(dst, s []byte) ([]byte, error) {
	f, err := parseFigure(s, a.comma)
	if err != nil {
		return dst, err
	}
	if len(bytes.TrimRight(f.fraction, "0")) > 0 {
		return dst, fmt.Errorf("%q has a fraction", s)
	}
	f.fraction = nil
	return f.append(dst), nil
}

func (a asInteger) encode(dst, s []byte) ([]byte, error) { return a.decode(dst, s) }

// asImplied is a number whose decimal point is not written: 1237 for 12.37.
type asImplied struct {
	places int
	comma  bool
}

func (a asImplied) decode(dst, s []byte) ([]byte, error) {
	f, err := parseFigure(s, a.comma)
	if err != nil {
		return dst, err
	}
	if f.pointed { // some senders write the point all the same, and then it counts
		return f.append(dst), nil
	}
	digits := f.whole
	if len(digits) < a.places {
		var padded [16]byte
		n := copy(padded[:], "000000000"[:a.places-len(digits)])
		digits = append(padded[:n], digits...)
	}
	f.whole, f.fraction = digits[:len(digits)-a.places], digits[len(digits)-a.places:]
	return f.append(dst), nil
}

func (a asImplied) encode(dst, s []byte) ([]byte, error) {
	f, err := parseFigure(s, a.comma)
	if err != nil {
		return dst, err
	}
	fraction := bytes.TrimRight(f.fraction, "0")
	if len(fraction) > a.places {
		return dst, fmt.Errorf("%s has more than %d decimals", s, a.places)
	}
	digits := make([]byte, 0, 40)
	digits = append(append(digits, f.whole...), fraction...)
	for range a.places - len(fraction) {
		digits = append(digits, '0')
	}
	f.whole, f.fraction = digits, nil
	return f.append(dst), nil
}

// isPositive tells a canonical number greater than zero.
func isPositive(s []byte) bool { return len(s) > 0 && s[0] != '-' && string(s) != "0" }

// negate gives the canonical number with a minus sign.
func negate(s string) string {
	if f, err := parseFigure([]byte(s), false); err == nil && isPositive([]byte(s)) {
		f.negative = true
		return string(f.append(nil))
	}
	return s
}

// canonical tells a number that is in canonical form already.
func canonical(raw []byte) bool {
	point := -1
	for i, c := range raw {
		switch {
		case c >= '0' && c <= '9':
		case c == '.' && point < 0:
			point = i
		default:
			return false
		}
	}
	last := raw[len(raw)-1]
	switch {
	case len(raw) > fractionDigits || raw[0] == '.' || point >= 0 && (last == '0' || last == '.'):
		return false
	case raw[0] == '0':
		return len(raw) == 1 || raw[1] == '.'
	}
	return true
}

// canonicalAt is what [canonical] says of a part of a text, found eight bytes at a
// time.
func canonicalAt(text []byte, from, to int) bool {
	n := to - from
	if n > 8 || to < 8 {
		return canonical(text[from:to])
	}
	// The number is in the last bytes of a word: what is no digit in it gets its top
	// bit set, and that may be one point.
	w := binary.LittleEndian.Uint64(text[to-8 : to])
	below, above := ^((w | tops) - ones*'0'), w&^tops+ones*(0x7f-'9')
	others := (below | above | w) & tops & (^uint64(0) << (64 - 8*n))
	first, last := text[from], byte(w>>56)
	if others == 0 {
		return n == 1 || first != '0'
	}
	point := to - 8 + bits.TrailingZeros64(others)/8
	return others&(others-1) == 0 && text[point] == '.' && point > from && last != '.' && last != '0' && (first != '0' || point == from+1)
}

// figureEnd is where the canonical form of a number ends that stands in a text, if
// that is a part of it: before the zeros at its end that say nothing. It is 0 for
// a number that has another form.
func figureEnd(text []byte, from, to int) int {
	if canonicalAt(text, from, to) {
		return to
	}
	end := to
	for end > from && text[end-1] == '0' {
		end--
	}
	switch {
	case end == from || to-from > fractionDigits:
		return 0
	case text[end-1] == '.':
		if end--; bytes.IndexByte(text[from:end], '.') >= 0 {
			return 0
		}
	case bytes.IndexByte(text[from:end], '.') < 0:
		return 0
	}
	if end == from || !canonicalAt(text, from, end) {
		return 0
	}
	return end
}
