package mapping

import (
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
	missed int   // how often a round went another way, against those that did not
}

// Limits of what is remembered: segments of a round, kinds of segments in a place
// of it, units of a segment, and units and phrases of all that a tape remembers.
const (
	longestRound = 64
	mostOthers   = 12
	mostUnits    = 200
	mostPieces   = 1 << 15
)

// A round that goes its own way costs more than if it had not been tried, so it
// counts for several, and with too many of them rounds are not tried for a while.
const (
	missCosts = 8
	mostStray = 48
)

// pace is a segment of a round with what came behind it.
type pace struct {
	use    *guide.Use
	units  []unit
	next   *pace // the first of those that came behind it
	others *pace // came in its place
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
// it goes none. Its units are the last of the ends; its values are added to the
// cuts, as if its text came next.
func (h *held) find(p *pace, u *guide.Use, s *seen, ends []edi.End) *pace {
	for ; p != nil; p = p.others {
		if p.use == u && len(p.units)+1 == len(ends) && h.fits(p.units, s, ends) {
			return p
		}
	}
	return nil
}

// fits tells whether a segment goes a pace of so many units.
func (h *held) fits(units []unit, s *seen, ends []edi.End) bool {
	n, cuts := len(h.cuts), h.cuts[:cap(h.cuts)]
	if len(cuts)-n < len(ends) || len(ends) == 0 {
		return false
	}
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
