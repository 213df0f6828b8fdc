package guide

import (
	"bytes"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// fixed is a number with six decimals: what sums of documents are made of
// without allocating. What does not fit gives up the sum, never a wrong one.
type fixed int64

const fixedUnit = 1_000_000

// parseFixed reads a number with an optional sign and decimal mark, or with
// implied decimals.
func parseFixed(b []byte, implied int) (fixed, bool) {
	negative := len(b) > 0 && b[0] == '-'
	if negative {
		b = b[1:]
	}
	whole, part := b, []byte(nil)
	if i := bytes.IndexAny(b, ".,"); i >= 0 {
		whole, part = b[:i], bytes.TrimRight(b[i+1:], "0")
		implied = len(part)
	}
	if len(b) == 0 || implied > 6 || !onlyDigits(whole) || !onlyDigits(part) {
		return 0, false
	}
	var n uint64
	for _, digits := range [...][]byte{whole, part, []byte("000000")[implied:]} {
		for _, c := range digits {
			if n = n*10 + uint64(c-'0'); n > math.MaxInt64/10 {
				return 0, false
			}
		}
	}
	if negative {
		return -fixed(n), true
	}
	return fixed(n), true
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
	q, _ := bits.Div64(hi, lo, fixedUnit)
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
