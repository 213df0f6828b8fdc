package guide

import (
	"sync/atomic"

	"fondaco/edi"
)

// table answers, for the place where the walk stands and the tag that comes,
// which places the segment can take. It is all small numbers, so that walking
// never compares strings. The answers for a place are made when a walk first
// stands there: documents use few of the places that a guide has.
type table struct {
	tags   int    // how many different ones there are
	slots  []slot // of tags: open addressing, a power of two
	rows   []atomic.Pointer[row]
	places []hotPlace // by node
}

// row has the ways to go on from one place.
type row struct {
	ranges  []moveRange // in moves, by tag
	moves   []move
	skipped []uint16 // required nodes that a move passes over
}

// hotPlace is what every segment needs to know of its node, close together.
type hotPlace struct {
	segment *Segment
	watches []watch
	max     uint32
	last    uint16 // one after the last node inside
	flags   uint16
}

const (
	splitPlace   uint16 = 1 << iota // of a family, or not used: look closer
	watchedPlace                    // a rule wants to know of it
	unsurePlace                     // no public guide confirms it
)

type slot struct {
	tag   edi.Tag
	index int32
}

type moveRange struct{ from, to uint16 }

// move is one way for the walk to go on.
type move struct {
	node     uint16 // the segment's place
	loop     uint16 // the loop that begins a round, 0 for none
	from, to uint16 // in row.skipped
	choose   bool   // the segment has to be looked at
}

// found is a move with the tag that it is for, before sorting.
type found struct {
	tag int32
	move
}

func (g *Guide) compile() {
	g.group()
	g.number()
	g.table.rows = make([]atomic.Pointer[row], len(g.nodes))
}

// row is that of a node. Two walks that come there at the same time may both
// make it, which does no harm.
func (g *Guide) row(n int) *row {
	if r := g.table.rows[n].Load(); r != nil {
		return r
	}
	r := g.newRow(n)
	g.table.rows[n].Store(r)
	return r
}

func (g *Guide) newRow(n int) *row {
	r := &row{ranges: make([]moveRange, g.table.tags)}
	list := g.movesFrom(r, n)
	for i := range list {
		r.ranges[list[i].tag].to++
	}
	at := uint16(0)
	for i := range r.ranges {
		n := r.ranges[i].to
		r.ranges[i] = moveRange{at, at}
		at += n
	}
	r.moves = make([]move, len(list))
	for i := range list {
		k := &r.ranges[list[i].tag]
		r.moves[k.to] = list[i].move
		k.to++
	}
	for _, k := range r.ranges {
		if k.from < k.to {
			m := &r.moves[k.from]
			m.choose = k.to-k.from > 1 || len(g.nodes[m.node].quals) > 0
		}
	}
	return r
}

// warm gathers what the walk reads at every step.
func (g *Guide) warm() {
	g.table.places = make([]hotPlace, len(g.nodes))
	for i := range g.nodes {
		n, h := &g.nodes[i], &g.table.places[i]
		h.max, h.last = n.max, uint16(n.last)
		if n.family != nil || n.notUsed {
			h.flags |= splitPlace
		}
		if n.use == nil {
			continue
		}
		h.segment, h.watches = n.use.Segment, n.watches
		if len(n.watches) > 0 || len(g.scoped) > 0 {
			h.flags |= watchedPlace
		}
		if n.use.Unconfirmed || n.use.Starts && n.use.Loop.Unconfirmed {
			h.flags |= unsurePlace
		}
	}
}

// group numbers neighbours with the same tag alike.
func (g *Guide) group() {
	for p := range g.nodes {
		number := 0
		for i, c := range g.nodes[p].children {
			if i == 0 || g.nodes[c].tag != g.nodes[g.nodes[p].children[i-1]].tag {
				number++
			}
			g.nodes[c].group = number
		}
	}
}

// number gives each tag a small number.
func (g *Guide) number() {
	t := &g.table
	size := 16
	for size < 4*len(g.nodes) && size < 1024 {
		size *= 2
	}
	t.slots = make([]slot, size)
	for n := 1; n < len(g.nodes); n++ {
		tag := g.nodes[n].tag
		at := hashTag(tag) & (size - 1)
		for t.slots[at].tag != 0 && t.slots[at].tag != tag {
			at = (at + 1) & (size - 1)
		}
		if t.slots[at].tag == 0 {
			t.slots[at] = slot{tag, int32(t.tags)}
			t.tags++
		}
		g.nodes[n].index = t.slots[at].index
	}
}

func hashTag(t edi.Tag) int { return int(uint32(t) * 0x9e3779b1 >> 16) }

// index is the small number of a tag, -1 if the guide has no place for it.
func (t *table) index(tag edi.Tag) int {
	if tag == 0 {
		return -1
	}
	mask := len(t.slots) - 1
	for at := hashTag(tag) & mask; ; at = (at + 1) & mask {
		switch t.slots[at].tag {
		case tag:
			return int(t.slots[at].index)
		case 0:
			return -1
		}
	}
}

// movesFrom lists the ways from nodes[n] on: the same place again, the places
// after it in its loop, another round of the loop, and so on outwards. The
// nearest comes first. What the ways of one level pass over is a list of which
// each takes a first part.
func (g *Guide) movesFrom(r *row, n int) []found {
	list := make([]found, 0, 64)
	left, count := 0, 0 // where in r.skipped the required ones of the loops left so far are
	for branch, parent := n, g.nodes[n].parent; parent >= 0; branch, parent = parent, g.nodes[parent].parent {
		from := len(r.skipped)
		r.skipped = append(r.skipped, r.skipped[left:left+count]...)
		here := &g.nodes[branch]
		if here.use == nil || !here.use.Starts { // another round is for the level above
			list = g.way(list, r, branch, from)
		}
		list = g.onwards(list, r, parent, branch, from)
		left, count = from, len(r.skipped)-from
	}
	return list
}

// onwards lists the ways to the places at the level of branch.
func (g *Guide) onwards(list []found, r *row, parent, branch, from int) []found {
	kids := g.nodes[parent].children
	here, seen := g.nodes[branch].group, 0
	for i, c := range kids {
		if g.nodes[c].group < here {
			seen = i + 1
			continue
		}
		for ; g.nodes[kids[seen]].group < g.nodes[c].group; seen++ {
			r.skip(g, kids[seen], branch)
		}
		if k := &g.nodes[c]; c != branch && (k.use == nil || !k.use.Starts) {
			list = g.way(list, r, c, from)
		}
	}
	for ; seen < len(kids); seen++ {
		r.skip(g, kids[seen], branch)
	}
	return list
}

func (r *row) skip(g *Guide, n, branch int) {
	if n != branch && g.nodes[n].required {
		r.skipped = append(r.skipped, uint16(n))
	}
}

func (g *Guide) way(list []found, r *row, target, from int) []found {
	m := move{node: uint16(target), from: uint16(from), to: uint16(len(r.skipped))}
	if g.nodes[target].loop != nil {
		m.loop, m.node = uint16(target), uint16(target+1)
	}
	return append(list, found{g.nodes[target].index, m})
}
