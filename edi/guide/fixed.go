package guide

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// fixed is a number with six decimals: what sums of documents are made of
// without allocating. What does not fit gives up the sum, never a wrong one.
type fixed int64

const fixedUnit = 1_000_000

// number is a decimal number as it is written.
type number struct {
	digits   uint64 // all of them, one after the other
	decimals int    // how many of them stand behind the mark, -1 without one
	negative bool
	short    bool // zeros at its end were left out
}

// parseNumber reads digits with an optional sign and decimal mark. Zeros at the
// end of more than six decimals are left out.
func parseNumber(b []byte) (n number, ok bool) {
	n.decimals = -1
	if len(b) > 0 && b[0] == '-' {
		n.negative, b = true, b[1:]
	}
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9':
			if n.decimals >= 6 {
				if n.short = true; c != '0' {
					return n, false
				}
				continue
			}
			if n.decimals >= 0 {
				n.decimals++
			}
			if n.digits = n.digits*10 + uint64(c-'0'); n.digits > math.MaxInt64/10 {
				return n, false
			}
		case (c == '.' || c == ',') && n.decimals < 0:
			n.decimals = 0
		default:
			return n, false
		}
	}
	return n, len(b) > 0
}

// powers of ten, from the first on.
var powers = [...]uint64{1, 10, 100, 1_000, 10_000, 100_000, 1_000_000}

// fixed is the number with its decimals, or with those that are implied.
func (n number) fixed(implied int) (fixed, bool) {
	if n.decimals >= 0 {
		implied = n.decimals
	}
	if implied > 6 {
		return 0, false
	}
	hi, lo := bits.Mul64(n.digits, powers[6-implied])
	switch {
	case hi > 0 || lo > math.MaxInt64/10:
		return 0, false
	case n.negative:
		return -fixed(lo), true
	}
	return fixed(lo), true
}

// parseFixed reads a number with an optional sign and decimal mark, or with
// implied decimals.
func parseFixed(b []byte, implied int) (fixed, bool) {
	n, ok := parseNumber(b)
	if !ok {
		return 0, false
	}
	return n.fixed(implied)
}

func (f fixed) plus(g fixed) (fixed, bool) {
	s := f + g
	return s, (s > f) == (g > 0)
}

// times multiplies, rounding to the last decimal.
func (f fixed) times(g fixed) (fixed, bool) {
	negative := (f < 0) != (g < 0)
	hi, lo := bits.Mul64(uint64(max(f, -f)), uint64(max(g, -g)))
	lo, carry := bits.Add64(lo, fixedUnit/2, 0)
	if hi += carry; hi >= fixedUnit {
		return 0, false
	}
	q := lo / fixedUnit // which is faster where it will do
	if hi > 0 {
		q, _ = bits.Div64(hi, lo, fixedUnit)
	}
	if q > math.MaxInt64 {
		return 0, false
	}
	if negative {
		return -fixed(q), true
	}
	return fixed(q), true
}

// write gives the number as an element with implied decimals would hold it, or
// with a point.
func (f fixed) write(implied int, hasImplied bool) string {
	if hasImplied {
		for range 6 - implied {
			f /= 10
		}
		return strconv.FormatInt(int64(f), 10)
	}
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	s := strconv.FormatInt(int64(f/fixedUnit), 10)
	if part := f % fixedUnit; part != 0 {
		s += "." + strings.TrimRight(strconv.FormatInt(int64(part)+fixedUnit, 10)[1:], "0")
	}
	return sign + s
}
