package mapping

import (
	"bytes"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// held is the round at hand of a record that is printed.
type held struct {
	trail *trail // of its loop, nil outside of rounds that are looked at
	loop  *guide.Loop
	depth int   // of the stack without it
	at    *pace // its last segment, nil before the first
	// strays tells that it goes its own way: its segments are on the tape, and are
	// remembered.
	strays bool
	wrong  int // how many values could not be read before it

	kept [longestRound]keptSegment
	size int       // how many of them there are
	text []byte    // of the segments that are held back
	cuts []stretch // where in text the values of the round are
	ends []edi.End // of the units of the segment at hand

	pieces int // how much is remembered of all maps
}

// keptSegment is a segment of a round: its pace and, as long as it is held back,
// what it takes to read it later.
type keptSegment struct {
	pace     *pace
	number   int32
	from, to uint32 // in text
	released bool
}

// pass takes one segment of a record that is printed, which stands in place u of
// the guide.
func (t *tape) pass(u *guide.Use, s *seen) {
	h := &t.held
	switch {
	case u == nil:
	case h.trail == nil && !t.begins(u):
		t.take(u, s)
	case !h.strays && t.hold(u, s):
	case h.at == nil:
		t.stray(u, s)
	case t.isOutside(u):
		t.endRound()
		t.pass(u, s)
	case t.m.read[u.Index] || u.Starts || u.Loop != h.at.use.Loop: // else no rule looks at it
		t.stray(u, s)
	}
}

// begins tells whether a round begins that is to be looked at.
func (t *tape) begins(u *guide.Use) bool {
	if !u.Starts {
		return false
	}
	loops := t.m.loops[u.Index]
	above := len(loops) - 1
	if above >= len(t.stack) || above > 0 && t.stack[above].loop != loops[above-1] {
		return false // a round around it is not there
	}
	scope := t.stack[above].scope
	if scope == nil || scope.trails[u.Index] == 0 {
		return false
	}
	tr := &t.trails[scope.trails[u.Index]-1]
	if tr.skips > 0 {
		tr.skips--
		return false
	}
	t.stack = t.stack[:above+1]
	h := &t.held
	h.trail, h.loop, h.depth, h.at, h.strays = tr, u.Loop, above+1, nil, false
	h.size, h.text, h.cuts = 0, h.text[:0], h.cuts[:0]
	return true
}

// isOutside tells that a segment does not belong to the round at hand.
func (t *tape) isOutside(u *guide.Use) bool {
	h, loops := &t.held, t.m.loops[u.Index]
	return len(loops) < h.depth || loops[h.depth-1] != h.loop || u.Starts && len(loops) == h.depth
}

// hold keeps a segment if it goes the way of one before.
func (t *tape) hold(u *guide.Use, s *seen) bool {
	h := &t.held
	ahead := *h.ahead()
	if ahead == nil || !s.parts || !s.plain || len(h.text) > longestText {
		return false
	}
	cut, from := len(h.cuts), len(h.text)
	p := h.find(ahead, u, s)
	if p == nil {
		return false
	}
	h.at, h.text = p, append(h.text, s.text...)
	k := &h.kept[h.size]
	h.size++
	k.pace, k.number, k.from, k.to, k.released = p, s.number, uint32(from), uint32(len(h.text)), s.released
	if s.released {
		h.unescape(cut, t.release)
	}
	return true
}

// list lists where the units of a segment end, the tag first.
func (h *held) list(s *seen) []edi.End {
	if s.mask == 0 && !s.composed {
		return s.ends
	}
	h.ends = s.units(h.ends[:0])
	return h.ends
}

// unescape takes the release characters out of the values from a cut on.
func (h *held) unescape(cut int, release byte) {
	for i := cut; i < len(h.cuts); i++ {
		c := &h.cuts[i]
		if v := h.text[c.from:c.to]; bytes.IndexByte(v, release) >= 0 {
			c.from = uint32(len(h.text))
			h.text = edi.Delimiters{Release: release}.Unescape(h.text, v)
			c.to = uint32(len(h.text))
		}
	}
}

// ahead is where the paces begin that came behind the segment before.
func (h *held) ahead() **pace {
	if h.at == nil {
		return &h.trail.first
	}
	return &h.at.next
}

// stray takes a segment with which the round goes its own way.
func (t *tape) stray(u *guide.Use, s *seen) {
	t.replay()
	t.take(u, s)
	t.remember(u, s)
}

// replay puts onto the tape what is held back.
func (t *tape) replay() {
	h := &t.held
	if h.strays {
		return
	}
	h.strays, h.wrong = true, len(t.wrong)
	for i := range h.size {
		s := t.asRead(&h.kept[i])
		t.take(h.kept[i].pace.use, &s)
	}
}

// asRead is a segment that is held back, as it was when it came.
func (t *tape) asRead(k *keptSegment) seen {
	s := seen{number: k.number, text: t.held.text[k.from:k.to:k.to], sep: t.component, quick: true, parts: true, released: k.released, plain: true}
	units, at := k.pace.units, 0
	for i := 0; i <= len(units); i++ {
		if i == len(units) {
			at = len(s.text)
		} else {
			at = s.next(at, units[i].sep, t.release)
		}
		if len(s.text) < 64 {
			s.mask |= 1 << at
		}
		if i == len(units) || units[i].component == 1 {
			s.ends = append(s.ends, edi.End(at))
		}
		at++
	}
	return s
}

// next is where a separator stands first from a place on that is not released.
func (s *seen) next(at int, sep, release byte) int {
	for s.text[at] != sep {
		if s.released && s.text[at] == release {
			at++
		}
		at++
	}
	return at
}

// letGo puts onto the tape what is held back, and looks at the round no more.
func (t *tape) letGo() {
	if h := &t.held; h.trail != nil {
		t.replay()
		h.trail = nil
	}
}

// endRound ends the round at hand: it is printed if it went the way of one before,
// and else on the tape, and its way is remembered.
func (t *tape) endRound() {
	h := &t.held
	switch {
	case h.trail == nil:
		return
	case !h.strays && h.at.page != nil && t.print(h.at.page):
		h.trail.hit()
	default:
		t.replay()
		h.trail.miss()
		t.learn()
	}
	h.trail = nil
}
