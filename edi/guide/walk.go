package guide

import (
	"slices"
	"strconv"
	"strings"

	"fondaco/edi"
)

// walk follows a transaction through its guide.
type walk struct {
	g       *Guide
	at      int      // the place of the segment before
	from    int      // where the search for the present one began
	back    bool     // the walk goes on from a place that it had passed
	told    []uint16 // places told as missing, until a round of their loop begins
	counts  []uint32 // how often each node has occurred in the present round of its loop
	strides []stride // by node
	plans   []*plans // by node
	whole   []uint64 // by node, elements that it had when nothing was missing
}

// problem is what a step found wrong. Several can come of one segment.
type problem struct {
	rule string // in ruleCodes
	node int    // the place it is about
}

func (w *walk) start(g *Guide) {
	if w.g != g {
		w.g = g
		w.room(len(g.nodes))
	}
	w.at, w.from, w.back, w.told = 1, 0, false, w.told[:0]
	clear(w.counts)
	w.counts[0], w.counts[1] = 1, 1
}

// room makes room for a guide with n places.
func (w *walk) room(n int) {
	if cap(w.counts) < n {
		w.counts, w.whole, w.plans, w.strides = make([]uint32, n), make([]uint64, n), make([]*plans, n), make([]stride, n)
	}
	w.counts, w.whole, w.plans, w.strides = w.counts[:n], w.whole[:n], w.plans[:n], w.strides[:n]
	clear(w.strides)
	w.forget()
}

// forget forgets what segments were like.
func (w *walk) forget() {
	clear(w.whole)
	clear(w.plans)
}

// stride is a way on that has been taken from a place and that needs no thought
// as long as there is room: the next segment with this tag goes the same way.
type stride struct {
	tag        edi.Tag // zero for none
	node, loop uint16
}

// step finds the place of s and goes there. It returns 0 when there is none.
func (w *walk) step(s *edi.Segment, report func(problem)) int {
	t := w.strides[w.at]
	if t.tag != s.Tag() || t.tag == 0 {
		return w.search(s, report)
	}
	places := w.g.table.places
	n := int(t.node)
	if t.loop > 0 {
		lp := &places[t.loop]
		if w.counts[t.loop] >= lp.max {
			return w.search(s, report)
		}
		w.counts[t.loop]++
		w.renew(int(t.loop), int(lp.last))
	} else if w.counts[n] >= places[n].max {
		return w.search(s, report)
	}
	w.counts[n]++
	w.at = n
	return n
}

// renew forgets what was in the last round of a loop.
func (w *walk) renew(loop, last int) {
	clear(w.counts[loop+1 : last])
	if len(w.told) > 0 {
		w.told = slices.DeleteFunc(w.told, func(n uint16) bool { return int(n) > loop && int(n) < last })
	}
}

// search finds the place of s among all that the guide has from here on.
func (w *walk) search(s *edi.Segment, report func(problem)) int {
	w.from = w.at
	i := w.g.table.index(s.Tag())
	if i < 0 {
		w.unknown(s, report)
		return 0
	}
	row := w.g.row(w.at)
	r := row.ranges[i]
	if r.from == r.to {
		return w.astray(s, report)
	}
	m := &row.moves[r.from]
	w.remember(s.Tag(), m)
	if m.choose {
		if m = w.choose(s, row, row.moves[r.from:r.to]); m == nil {
			return w.astray(s, report)
		}
	}
	if m.from < m.to {
		skipped := row.skipped[m.from:m.to]
		if w.crosses(skipped) {
			if n := w.behind(s, report); n > 0 {
				return n
			}
		}
		w.skip(skipped, report)
	}
	return w.enter(int(m.loop), int(m.node), report)
}

// remember keeps the first of the moves that a tag allows, if it would be taken
// whatever the segment holds, and nothing can be wrong with it but that its place
// is full.
func (w *walk) remember(tag edi.Tag, m *move) {
	t, limit := &w.g.table, m.node
	if m.loop > 0 {
		limit = m.loop
	}
	if m.from < m.to || m.choose && len(w.g.nodes[m.node].quals) > 0 || (t.places[limit].flags|t.places[m.node].flags)&splitPlace != 0 {
		return
	}
	w.strides[w.at] = stride{tag: tag, node: m.node, loop: m.loop}
}

// pass goes to the place of a segment with this tag that was seen only in part,
// and tells whether there is one.
func (w *walk) pass(t edi.Tag) bool {
	i := w.g.table.index(t)
	if i < 0 {
		return false
	}
	row := w.g.row(w.at)
	r := row.ranges[i]
	if r.from == r.to {
		return false
	}
	m := &row.moves[r.from]
	w.enter(int(m.loop), int(m.node), silent)
	return true
}

// choose takes the nearest move that the qualifiers allow, and one that is not
// full already if there is any for which nothing required has to be left out. A
// place that is not used is the last to be taken.
func (w *walk) choose(s *edi.Segment, row *row, moves []move) *move {
	var full, unused *move
	for i := range moves {
		m := &moves[i]
		n := &w.g.nodes[m.node]
		if !qualified(n, s) {
			continue
		}
		limit := int(m.node)
		if m.loop > 0 {
			limit = int(m.loop)
		}
		if w.g.nodes[limit].notUsed {
			if unused == nil {
				unused = m
			}
			continue
		}
		free := w.counts[limit] < w.g.nodes[limit].max
		if free && (full == nil || !w.omits(row.skipped[m.from:m.to])) {
			return m
		}
		if full == nil {
			full = m
		}
	}
	if full == nil {
		return unused
	}
	return full
}

// omits tells whether one of the required places has not been visited.
func (w *walk) omits(nodes []uint16) bool {
	for _, n := range nodes {
		if w.counts[n] == 0 {
			return true
		}
	}
	return false
}

func qualified(n *node, s *edi.Segment) bool {
	for i := range n.quals {
		if !n.quals[i].matches(s) {
			return false
		}
	}
	return true
}

// enter counts the segment in its place, in a new round of loop if that is not 0.
func (w *walk) enter(loop, n int, report func(problem)) int {
	t := &w.g.table
	if loop > 0 {
		lp := &t.places[loop]
		if w.counts[loop]++; w.counts[loop] > lp.max || lp.flags&splitPlace != 0 {
			w.full(loop, report)
		}
		w.renew(loop, int(lp.last))
	}
	k := &t.places[n]
	if w.counts[n]++; w.counts[n] > k.max || k.flags&splitPlace != 0 {
		w.full(n, report)
	}
	w.at = n
	return n
}

// full reports what is wrong with one more segment in a place or one more round
// of a loop. Of the rounds only the first that is too much is told.
func (w *walk) full(n int, report func(problem)) {
	k := &w.g.nodes[n]
	crowded := k.family != nil && w.crowded(k.family)
	switch {
	case k.loop != nil && (w.counts[n] == k.max+1 && k.max+1 != 0 || crowded):
		report(problem{"loop.too-many", n})
	case k.loop == nil && (w.counts[n] > k.max || crowded):
		report(problem{"segment.too-many", n})
	}
	if k.notUsed && k.loop != nil {
		n++ // its first segment
	}
	if k.notUsed {
		report(problem{"segment.not-used", n})
	}
}

// crowded tells that a family of places has just become too large.
func (w *walk) crowded(f *family) bool {
	sum := uint32(0)
	for _, n := range f.nodes {
		sum += w.counts[n]
	}
	return sum == f.max+1
}

// skip reports the required places passed over, those that were not visited.
func (w *walk) skip(nodes []uint16, report func(problem)) {
	for _, n := range nodes {
		if w.counts[n] == 0 && !slices.Contains(w.told, n) {
			w.told = append(w.told, n)
			report(problem{"segment.missing", int(n)})
		}
	}
}

// unknown tells a segment that this set does not have from one nobody knows.
func (w *walk) unknown(s *edi.Segment, report func(problem)) {
	if s.Tag() == 0 || s.Class(0)&^(edi.Upper|edi.Digit) != 0 || !s.ValidTag() {
		return // the parser has reported its tag
	}
	if w.g.Dictionary.Segment(s.Tag()) != nil {
		report(problem{"segment.not-in-set", 0})
		return
	}
	report(problem{"segment.unknown", 0})
}

// astray deals with a segment that has a place, but not from here on: it came
// too late, or the first segment of its loop is missing, or it can't be here.
func (w *walk) astray(s *edi.Segment, report func(problem)) int {
	if n := w.behind(s, report); n > 0 {
		return n
	}
	for branch, parent := w.at, w.g.nodes[w.at].parent; parent >= 0; branch, parent = parent, w.g.nodes[parent].parent {
		if n := w.headless(s, parent, branch, report); n > 0 {
			return n
		}
	}
	report(problem{"segment.unexpected", 0})
	return 0
}

// behind deals with a segment whose place in one of the loops around has passed.
func (w *walk) behind(s *edi.Segment, report func(problem)) int {
	for branch, parent := w.at, w.g.nodes[w.at].parent; parent >= 0; branch, parent = parent, w.g.nodes[parent].parent {
		for _, c := range w.g.nodes[parent].children {
			k := &w.g.nodes[c]
			if k.tag == s.Tag() && k.group <= w.g.nodes[branch].group && qualified(k, s) {
				return w.late(c, report)
			}
		}
	}
	return 0
}

// crosses tells whether the way passes over the separator of two sections that
// has not been seen: what stands before it does not belong behind it, even if
// its tag has a place there.
func (w *walk) crosses(nodes []uint16) bool {
	for _, n := range nodes {
		if w.g.nodes[n].tag == unsTag && w.counts[n] == 0 {
			return true
		}
	}
	return false
}

const unsTag edi.Tag = 'U'<<16 | 'N'<<8 | 'S'

func silent(problem) {}

// late takes a segment out of sequence. The walk goes to a loop that begins
// with it, since what follows belongs there, but not to a single segment, unless
// it was the one before it that stood too early.
func (w *walk) late(c int, report func(problem)) int {
	at := w.at
	if w.g.nodes[c].loop != nil {
		w.enter(c, c+1, silent)
		report(problem{"segment.sequence", c + 1})
		return c + 1
	}
	w.back = false
	report(problem{"segment.sequence", c})
	if w.enter(0, c, silent); !w.back {
		w.at = at
	}
	return c
}

// headless enters a loop that is still to come when its first segment is
// missing but one of the others, or the first of a loop inside, is there.
func (w *walk) headless(s *edi.Segment, parent, branch int, report func(problem)) int {
	for _, c := range w.g.nodes[parent].children {
		lp := &w.g.nodes[c]
		if lp.loop == nil || lp.group < w.g.nodes[branch].group {
			continue
		}
		for _, n := range lp.children {
			k := &w.g.nodes[n]
			if n == c+1 || k.tag != s.Tag() || !qualified(k, s) {
				continue
			}
			w.enter(c, c+1, report)
			report(problem{"segment.missing", c + 1})
			if k.loop != nil {
				return w.enter(n, n+1, report)
			}
			return w.enter(0, n, report)
		}
	}
	return 0
}

// loopPath writes the loops around nodes[n] with their rounds: PTD[3]/QTY[1].
// An upcoming loop counts as its next round.
func (w *walk) loopPath(n int) string { return w.loopPathAt(n, nil) }

// loopPathAt does so with other rounds than the present ones, from the inside.
func (w *walk) loopPathAt(n int, rounds []uint32) string {
	var parts []string
	for p := w.g.nodes[n].parent; p > 0; p = w.g.nodes[p].parent {
		round := w.counts[p]
		if i := len(parts); i < len(rounds) {
			round = rounds[i]
		}
		parts = append(parts, w.g.nodes[p].loop.ID+"["+strconv.Itoa(int(max(round, 1)))+"]")
	}
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}
