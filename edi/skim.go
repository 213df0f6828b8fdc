package edi

import (
	"bytes"
	"strings"
)

// skim passes over ordinary segments, as many as the buffer holds. It takes a
// segment for ordinary by its first letter, if no envelope begins with it.
func (r *Reader) skim() {
	if r.scouts {
		r.scout()
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

// scout passes over ordinary segments without looking for where each of them
// ends. It searches for the first two letters of the tags that the lexer has to
// know, behind a terminator or a gap, and sees whether a segment begins there.
// Not far from the end of the buffer it stops.
func (r *Reader) scout() {
	w := r.buf[r.start:r.end]
	gap := 0
	for gap < len(w) && r.isGap[w[gap]] {
		gap++
	}
	if gap+4 > len(w) || r.told(w[gap:]).lead != ordinary {
		return
	}
	to := r.pass(w, gap+1)
	r.start += to
	r.offset += int64(to)
}

// pass tells where behind w[from], which stands in a segment that is ordinary,
// the first one that is not begins with its gap, or one that it does not know of.
func (r *Reader) pass(w []byte, from int) int {
	for {
		turns := (len(w) - 1 - from) / strip
		if turns <= 0 {
			return r.lastEnd(w[:from])
		}
		n := sight(&w[from], turns, &r.gaze)
		from += n
		if n == turns*strip {
			return r.lastEnd(w[:from])
		}
		at := from
		for at > 0 && r.isGap[w[at-1]] {
			at--
		}
		if at > 0 && r.endsAt(w, at-1) && (from > len(w)-4 || r.told(w[from:]).lead != ordinary) {
			return at
		}
		from++
	}
}

// endsAt tells whether a segment ends with w[at]. W begins with a segment.
func (r *Reader) endsAt(w []byte, at int) bool {
	if w[at] != r.delims.Terminator[0] {
		return false
	}
	protected := false
	for c := r.delims.Release; c != 0 && at > 0 && w[at-1] == c; at-- {
		protected = !protected
	}
	return !protected
}

// lastEnd is behind the last segment that ends in w.
func (r *Reader) lastEnd(w []byte) int {
	for {
		at := bytes.LastIndexByte(w, r.delims.Terminator[0])
		if at < 0 || r.endsAt(w, at) {
			return at + 1
		}
		w = w[:at]
	}
}

// gaze is what a scout searches for: a letter that begins tags which the lexer
// has to know, behind a terminator or a gap and before a letter that goes on with
// one of them. A character is looked up by the lower half of its byte.
type gaze struct {
	terminator byte
	space      byte     // none that gaps are made of is greater
	letters    [16]byte // the letter that begins a tag, 0xff for none
	firsts     [16]byte // a bit for that letter
	seconds    [16]byte // the bits of the letters that it may precede
}

// gazeFor is the gaze where segments end with a terminator.
func gazeFor(terminator byte) gaze {
	g := gaze{terminator: terminator, space: ' '}
	for i := range g.letters {
		g.letters[i] = 0xff
	}
	for i, tags := range [...]string{"STSE", "GSGE", "ISIE", "BIBD", "UNUI"} {
		g.letters[tags[0]%16], g.firsts[tags[0]%16] = tags[0], 1<<i
		g.seconds[tags[1]%16] |= 1 << i
		g.seconds[tags[3]%16] |= 1 << i
	}
	return g
}
