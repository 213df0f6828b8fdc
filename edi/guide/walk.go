package guide

import (
	"strconv"
	"strings"

	"fondaco/edi"
)

// walk follows a transaction through its guide.
type walk struct {
	g      *Guide
	at     int      // the place of the segment before
	counts []uint32 // how often each node has occurred in the present round of its loop
}

// problem is what a step found wrong. Several can come of one segment.
type problem struct {
	id   string
	code string // AK304
	node int    // the place it is about
}

func (w *walk) start(g *Guide) {
	w.g, w.at = g, 1
	if cap(w.counts) < len(g.nodes) {
		w.counts = make([]uint32, len(g.nodes))
	}
	w.counts = w.counts[:len(g.nodes)]
	clear(w.counts)
	w.counts[0], w.counts[1] = 1, 1
}

// step finds the place of s and goes there. It returns 0 when there is none.
func (w *walk) step(s *edi.Segment, report func(problem)) int {
	t := &w.g.table
	i := t.index(s.Tag())
	if i < 0 {
		w.unknown(s, report)
		return 0
	}
	r := t.moves[w.at*len(t.tags)+i]
	if r.from == r.to {
		return w.astray(s, report)
	}
	m := &t.all[r.from]
	if r.to-r.from > 1 || len(w.g.nodes[m.node].quals) > 0 {
		if m = w.choose(s, t.all[r.from:r.to]); m == nil {
			return w.astray(s, report)
		}
	}
	if m.from < m.to {
		w.skip(t.skipped[m.from:m.to], report)
	}
	return w.enter(int(m.loop), int(m.node), report)
}

// pass goes to the place of a segment with this tag that was seen only in part,
// and tells whether there is one.
func (w *walk) pass(t edi.Tag) bool {
	i := w.g.table.index(t)
	if i < 0 {
		return false
	}
	r := w.g.table.moves[w.at*len(w.g.table.tags)+i]
	if r.from == r.to {
		return false
	}
	m := &w.g.table.all[r.from]
	w.enter(int(m.loop), int(m.node), func(problem) {})
	return true
}

// choose takes the nearest move that the qualifiers allow, and one that is not
// full already if there is any.
func (w *walk) choose(s *edi.Segment, moves []move) *move {
	var full *move
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
		if w.counts[limit] < w.g.nodes[limit].max {
			return m
		}
		if full == nil {
			full = m
		}
	}
	return full
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
	if loop > 0 {
		lp := &w.g.nodes[loop]
		if w.counts[loop]++; w.counts[loop] == lp.max+1 && lp.max+1 != 0 {
			report(problem{"x12.loop.too-many", "4", loop})
		}
		clear(w.counts[loop+1 : lp.last])
	}
	k := &w.g.nodes[n]
	if w.counts[n]++; w.counts[n] > k.max {
		report(problem{"x12.segment.too-many", "5", n})
	}
	w.at = n
	return n
}

// skip reports the required places passed over, those that were not visited.
func (w *walk) skip(nodes []uint16, report func(problem)) {
	for _, n := range nodes {
		if w.counts[n] == 0 {
			report(problem{"x12.segment.missing", "3", int(n)})
		}
	}
}

// unknown tells a segment that this set does not have from one nobody knows.
func (w *walk) unknown(s *edi.Segment, report func(problem)) {
	if s.Tag() == 0 || s.Class(0)&^(edi.Upper|edi.Digit) != 0 {
		return // the parser has reported its tag
	}
	if w.g.Dictionary.Segment(s.Tag()) != nil {
		report(problem{"x12.segment.not-in-set", "6", 0})
		return
	}
	report(problem{"x12.segment.unknown", "1", 0})
}

// astray deals with a segment that has a place, but not from here on: it came
// too late, or the first segment of its loop is missing, or it can't be here.
func (w *walk) astray(s *edi.Segment, report func(problem)) int {
	for parent := w.g.nodes[w.at].parent; parent >= 0; parent = w.g.nodes[parent].parent {
		for _, c := range w.g.nodes[parent].children {
			if w.g.nodes[c].tag == s.Tag() && qualified(&w.g.nodes[c], s) {
				return w.late(c, report)
			}
		}
	}
	for branch, parent := w.at, w.g.nodes[w.at].parent; parent >= 0; branch, parent = parent, w.g.nodes[parent].parent {
		if n := w.headless(s, parent, branch, report); n > 0 {
			return n
		}
	}
	report(problem{"x12.segment.unexpected", "2", 0})
	return 0
}

// late takes a segment out of sequence. The walk goes to a loop that begins
// with it, since what follows belongs there, but not to a single segment.
func (w *walk) late(c int, report func(problem)) int {
	if w.g.nodes[c].loop != nil {
		w.enter(c, c+1, report)
		report(problem{"x12.segment.sequence", "7", c + 1})
		return c + 1
	}
	report(problem{"x12.segment.sequence", "7", c})
	at := w.at
	w.enter(0, c, report)
	w.at = at
	return c
}

// headless enters a loop that is still to come when its first segment is
// missing but one of the others is there.
func (w *walk) headless(s *edi.Segment, parent, branch int, report func(problem)) int {
	for _, c := range w.g.nodes[parent].children {
		lp := &w.g.nodes[c]
		if lp.loop == nil || lp.group < w.g.nodes[branch].group {
			continue
		}
		for _, n := range lp.children {
			if w.g.nodes[n].tag == s.Tag() && w.g.nodes[n].use != nil && qualified(&w.g.nodes[n], s) {
				w.enter(c, c+1, report)
				report(problem{"x12.segment.missing", "3", c + 1})
				return w.enter(0, n, report)
			}
		}
	}
	return 0
}

// loopPath writes the loops around nodes[n] with their rounds: PTD[3]/QTY[1].
// An upcoming loop counts as its next round.
func (w *walk) loopPath(n int) string {
	var parts []string
	for p := w.g.nodes[n].parent; p > 0; p = w.g.nodes[p].parent {
		parts = append(parts, w.g.nodes[p].loop.ID+"["+strconv.Itoa(int(max(w.counts[p], 1)))+"]")
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, "/")
}
