package mapping

import (
	"math/bits"
	"slices"

	"fondaco/edi"
	"fondaco/edi/guide"
)

// trail is how the rounds of a loop went so far. Of a record that is printed the
// segments of a round are held back as long as they go the way of one before. If
// the round ends as that did, it is printed at once, without ever being on the
// tape; if it goes another way, the tape takes what was held back, and the way is
// remembered.
type trail struct {
	first  *pace // of those that rounds begin with
	missed int   // how often a round went its own way, against those that did not
	skips  int   // so many rounds are not looked at
}

// Limits of what is held back and remembered: segments of a round, bytes of those
// before its last one, kinds of segments in a place of it, units of a segment, and
// units and phrases of all that a tape remembers.
const (
	longestRound = 64
	longestText  = 1 << 16
	mostOthers   = 32
	mostUnits    = 200
	mostPieces   = 1 << 15
)

// A round that goes its own way costs more than if nobody had looked at it, so it
// counts for several that do not; where most go their own way, fewer and fewer are
// looked at.
const (
	missCosts  = 3
	mostMisses = 36
	missDouble = 6 // as many make twice as many be skipped
)

// miss notes a round that went its own way.
func (tr *trail) miss() {
	tr.missed = min(tr.missed+missCosts, mostMisses)
	tr.skips = 1<<(tr.missed/missDouble) - 1
}

// hit notes a round that went the way of one before.
func (tr *trail) hit() { tr.missed = max(tr.missed-1, 0) }

// pace is a segment of a round with what came behind it.
type pace struct {
	use    *guide.Use
	units  []unit
	next   *pace // the first of those that came behind it
	others *pace // the next of those that came in its place
	known  bool  // it is on the trail
	page   *page // of the rounds that end with it, nil as long as none has
	// Of the first segment, the rule that takes the round, if one does, and how well
	// the round meets it.
	rule *rule
	rank int32
}

// unit is an element without components, or a component, with all of it on which
// it depends how its segment is read. Units of segments of one pace are separated
// by the same bytes.
type unit struct {
	cell8
	sep    byte   // what stands before it
	value  uint8  // 1 if a rule reads it, else 0
	min    uint32 // how long it is
	span   uint32 // by how much it may be longer
	answer uint64 // what it says, by [pack], where that matters
}

// anything is the span of a unit that may say anything.
const anything = 1 << 30

// is makes a unit one that says just this, by [pack].
func (u *unit) is(packed uint64) {
	u.min, u.span, u.answer = uint32(packed>>56), 0, packed
}

// find is the pace that a segment goes among those that came in one place, nil if
// it goes none. Its values are added to the cuts, as if its text came next.
func (h *held) find(p *pace, u *guide.Use, s *seen) *pace {
	var ends []edi.End
	size := bits.OnesCount64(s.mask)
	if size == 0 {
		ends = h.list(s)
		size = len(ends)
	}
	if cap(h.cuts)-len(h.cuts) < size {
		h.cuts = slices.Grow(h.cuts, size+1<<6)
	}
	for ; p != nil; p = p.others {
		if p.use == u && len(p.units)+1 == size && (s.mask == 0 && h.fits(p.units, s, ends) || s.mask != 0 && h.fitsMask(p.units, s)) {
			return p
		}
	}
	return nil
}

// fits tells whether a segment whose units have these ends, as many as there are,
// goes a pace.
func (h *held) fits(units []unit, s *seen, ends []edi.End) bool {
	n, cuts := len(h.cuts), h.cuts[:cap(h.cuts)]
	base, from := uint32(len(h.text)), int(ends[0])+1
	ends = ends[1:]
	for i := range units {
		u, to := &units[i], int(ends[i])
		if uint32(to-from)-u.min > u.span || s.text[from-1] != u.sep || u.answer != 0 && s.pack(from, to) != u.answer {
			return false
		}
		cuts[n] = stretch{base + uint32(from), base + uint32(to)}
		n += int(u.value)
		from = to + 1
	}
	h.cuts = cuts[:n]
	return true
}

// fitsMask does so by the mask of the segment. It has the same loop once more: with
// all ends listed first, composites took a twentieth longer to be printed.
func (h *held) fitsMask(units []unit, s *seen) bool {
	n, cuts, ends := len(h.cuts), h.cuts[:cap(h.cuts)], s.mask
	base, from := uint32(len(h.text)), bits.TrailingZeros64(ends)+1
	for i := range units {
		ends &= ends - 1
		u, to := &units[i], bits.TrailingZeros64(ends)
		if uint32(to-from)-u.min > u.span || s.text[from-1] != u.sep || u.answer != 0 && s.pack(from, to) != u.answer {
			return false
		}
		cuts[n] = stretch{base + uint32(from), base + uint32(to)}
		n += int(u.value)
		from = to + 1
	}
	h.cuts = cuts[:n]
	return true
}
