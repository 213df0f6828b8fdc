package mapping

import (
	"bytes"
	"fmt"
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
