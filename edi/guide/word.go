package guide

import (
	"encoding/binary"
	"math/bits"
)

// Values have four bytes on average, so most of them fit into a number of eight,
// whose bytes can be looked at all at once. The first byte is the lowest.
const (
	wordSize = 8
	ones     = 0x0101010101010101
	highs    = 0x80 * ones
	zeros    = '0' * ones
)

// word is text[from:to], which has one to eight bytes, as a number; what is above
// its bytes is zero. The text has eight bytes or more.
func word(text []byte, from, to int) uint64 {
	at := max(to-wordSize, 0)
	w := binary.LittleEndian.Uint64(text[at:])
	return w << (8 * uint(wordSize-(to-at))) >> (8 * uint(wordSize-(to-from)))
}

// shortWord is word for a text of any length.
func shortWord(value []byte) uint64 {
	w := uint64(0)
	for i, b := range value {
		w |= uint64(b) << (8 * uint(i))
	}
	return w
}

// oddDigits has the high bit of each byte set that is no digit.
func oddDigits(w uint64) uint64 {
	d := w ^ zeros
	return ((d&^highs + 0x76*ones) | d) & highs
}

// digitPairs are the numbers that the pairs of eight digits make, each in sixteen
// bits.
func digitPairs(w uint64) uint64 {
	d := w - zeros
	return (d*10 + d>>8) & 0x00ff00ff00ff00ff
}

// digitsOf is the number that eight digits make.
func digitsOf(w uint64) uint64 {
	p := digitPairs(w)
	p = (p*100 + p>>16) & 0x0000ffff0000ffff
	return (p*10_000 + p>>32) & 0xffffffff
}

// firstByte is the place of the first byte that has its high bit set.
func firstByte(m uint64) int { return bits.TrailingZeros64(m) >> 3 }

// isDay tells whether six or eight bytes are a day that exists, CCYYMMDD or
// YYMMDD of this century. It passes no day after the 28th, for which months and
// years matter.
func isDay(w uint64, size int) bool {
	if size == 6 {
		w, size = w<<16|'2'|'0'<<8, 8
	}
	p := digitPairs(w)
	month, day := p>>32&0xffff, p>>48
	return size == 8 && oddDigits(w) == 0 && month-1 < 12 && day-1 < 28
}
