package edi

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strings"
)

// skim passes over ordinary segments, as many as the buffer holds. It takes a
// segment for ordinary by its first letter, if no envelope begins with it.
func (r *Reader) skim() {
	for r.scouts && r.scout() {
	}
	w := r.buf[r.start:r.end]
	terminator, release, at := r.delims.Terminator[0], r.delims.Release, 0
	for {
		gap := at
		for gap < len(w) && r.isGap[w[gap]] {
			gap++
		}
		if gap == len(w) {
			break
		}
		body := w[gap:]
		if !leadsNowhere[body[0]] {
			if _, may := r.usual(body); may != ordinary {
				break
			}
		}
		n := bytes.IndexByte(body, terminator)
		if n < 1 || release != 0 && body[n-1] == release {
			break
		}
		at = gap + n + 1
	}
	r.start += at
	r.offset += int64(at)
}

// leadsNowhere are the letters that no tag begins with which the lexer has to
// know.
var leadsNowhere = func() (t [256]bool) {
	for b := byte('A'); b <= 'Z'; b++ {
		t[b] = strings.IndexByte("IUBGS", b) < 0
	}
	return t
}()

// scout passes over ordinary segments as far as a chart shows them, and tells
// whether another chart may show more.
//
// No list of segments is made for that. The first byte of each, which stands
// behind a terminator and a gap, is found for a whole strip at a time, and those
// with a letter that leads nowhere are not looked at one by one.
func (r *Reader) scout() bool {
	c := &r.chart
	w := r.buf[r.start:r.end]
	at := int(r.offset - c.from)
	if at <= 0 || at >= c.size || c.maps[mapEnds][(at-1)/8]>>((at-1)%8)&1 == 0 {
		strips := min(len(w), surveyed) / strip
		c.from, c.size, at = r.offset, strips*strip, 0
		if strips == 0 {
			return false
		}
		survey(&c.maps, &w[0], strips, &c.palette)
		if c.palette.release != 0 {
			c.protect(strips)
		}
	}
	to, found := r.pass(w, at)
	r.start += to - at
	r.offset += int64(to - at)
	if found {
		return false
	}
	c.size = 0
	return to > 0 // else the chart had no end of a segment
}

// pass tells where in the chart a segment begins that is not ordinary, or the
// first one that the chart does not show whole. W stands at the place at, where
// a segment begins.
func (r *Reader) pass(w []byte, at int) (to int, found bool) {
	c := &r.chart
	to = at
	begins, run := uint64(1)<<(at%strip), uint64(0)
	inside := -begins
	for i := at / strip * strip; i < c.size; i += strip {
		ends := binary.LittleEndian.Uint64(c.maps[mapEnds][i/8:]) & inside
		gaps := binary.LittleEndian.Uint64(c.maps[mapOdd][i/8:]) & inside
		letters := binary.LittleEndian.Uint64(c.maps[mapSymbols][i/8:])
		begins |= ends << 1
		// Adding a bit to the beginning of a gap carries to the byte behind it.
		sum, over := bits.Add64(begins&gaps, gaps, run)
		for first := (begins | sum) &^ gaps &^ letters; first != 0; first &= first - 1 {
			from := i + bits.TrailingZeros64(first) - at
			if from > len(w)-4 || r.told(w[from:]).lead != ordinary {
				return behind(to, i, ends&(first&-first-1)), true
			}
		}
		to = behind(to, i, ends)
		begins, run, inside = ends>>63, over, ^uint64(0)
	}
	return to, false
}

// behind is the place behind the last terminator in a strip, or to if there is none.
func behind(to, strip int, ends uint64) int {
	if ends == 0 {
		return to
	}
	return strip + bits.Len64(ends)
}

// paintLeads makes the palette of scouts: odd are the bytes of gaps, symbols the
// letters that lead nowhere. What takes bytes from 0x80 on for a gap finds a
// segment that begins with one by the byte behind.
func (p *palette) paintLeads(gaps *[256]bool) {
	p.odd, p.symbols = [16]byte{}, [16]byte{}
	for h := range 8 {
		for l := range p.odd {
			if gaps[h<<4|l] {
				p.odd[l] |= 1 << h
			}
			if leadsNowhere[h<<4|l] {
				p.symbols[l] |= 1 << h
			}
		}
	}
}
