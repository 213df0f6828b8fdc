package guide

import "fondaco/edi"

// table answers, for the place where the walk stands and the tag that comes,
// which places the segment can take. It is all small numbers, so that walking
// never compares strings.
type table struct {
	tags    map[edi.Tag]int // used to fill slots
	slots   []slot          // open addressing, a power of two
	moves   []moveRange     // by node*len(tags) + tag
	all     []move
	skipped []uint16 // required nodes that a move passes over
}

type slot struct {
	tag   edi.Tag
	index int32
}

type moveRange struct{ from, to uint32 }

// move is one way for the walk to go on.
type move struct {
	node     uint16 // the segment's place
	loop     uint16 // the loop that begins a round, 0 for none
	from, to uint32 // in table.skipped
}

func (g *Guide) compile() {
	g.group()
	t := &g.table
	t.tags = map[edi.Tag]int{}
	for _, n := range g.nodes {
		if n.use == nil {
			continue
		}
		if _, ok := t.tags[n.tag]; !ok {
			t.tags[n.tag] = len(t.tags)
		}
	}
	t.hash()
	t.moves = make([]moveRange, len(g.nodes)*len(t.tags))
	for n := range g.nodes {
		if g.nodes[n].use == nil {
			continue
		}
		for tag, i := range t.tags {
			from := len(t.all)
			g.movesFrom(n, tag)
			t.moves[n*len(t.tags)+i] = moveRange{uint32(from), uint32(len(t.all))}
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

func (t *table) hash() {
	size := 16
	for size < 4*len(t.tags) {
		size *= 2
	}
	t.slots = make([]slot, size)
	for tag, i := range t.tags {
		at := hashTag(tag) & (size - 1)
		for t.slots[at].tag != 0 {
			at = (at + 1) & (size - 1)
		}
		t.slots[at] = slot{tag, int32(i)}
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

// movesFrom lists the ways for a segment with this tag from nodes[n] on: the
// same place again, the places after it in its loop, another round of the loop,
// and so on outwards. The nearest comes first.
func (g *Guide) movesFrom(n int, tag edi.Tag) {
	var left []uint16 // required in the loops left so far
	for branch, parent := n, g.nodes[n].parent; parent >= 0; branch, parent = parent, g.nodes[parent].parent {
		here := &g.nodes[branch]
		for _, first := range []bool{true, false} {
			for _, c := range g.nodes[parent].children {
				k := &g.nodes[c]
				if k.tag != tag || k.group < here.group || (c == branch) != first {
					continue
				}
				if c == branch && k.use != nil && k.use.Starts {
					continue // another round, which the level above offers
				}
				g.addMove(parent, branch, c, left)
			}
		}
		left = append(left, g.between(parent, branch, len(g.nodes))...)
	}
}

func (g *Guide) addMove(parent, branch, target int, left []uint16) {
	t := &g.table
	m := move{node: uint16(target), from: uint32(len(t.skipped))}
	if g.nodes[target].loop != nil {
		m.loop, m.node = uint16(target), uint16(target+1)
	}
	t.skipped = append(t.skipped, left...)
	if target != branch {
		t.skipped = append(t.skipped, g.between(parent, branch, target)...)
	}
	m.to = uint32(len(t.skipped))
	t.all = append(t.all, m)
}

// between lists the required children that stand after branch, or in its own
// group, and before the group of target.
func (g *Guide) between(parent, branch, target int) []uint16 {
	var list []uint16
	stop := 1 << 30
	if target < len(g.nodes) {
		stop = g.nodes[target].group
	}
	for _, c := range g.nodes[parent].children {
		k := &g.nodes[c]
		if k.required && c != branch && k.group >= g.nodes[branch].group && k.group < stop {
			list = append(list, uint16(c))
		}
	}
	return list
}
