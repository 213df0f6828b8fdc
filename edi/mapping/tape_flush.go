package mapping

import (
	"errors"
	"math"
)

// A record that is too large to be kept is written while it is read. What is
// open then, a frame within a frame, has a cursor each: all before it is
// written, and no longer on the tape.
type cursor struct {
	frame   int32
	next    int  // the rule whose field is written next
	open    bool // that field is a list, which has been begun
	entries int  // of that list
	some    bool // a field was written
}

// sealed is the rank of a slot that has been written: nothing takes its place.
const sealed = math.MinInt32

var errLate = errors.New("a value stands behind what belongs behind it, in a transaction too large to be kept: write each level of it in one piece")

// flush writes all of the record that is known to be complete, and takes it off
// the tape.
func (t *tape) flush(b []byte) []byte {
	t.letGo()
	t.settle()
	chain := t.chain()
	keep := 0
	for keep < len(t.written) && keep < len(chain) && t.written[keep].frame == chain[keep] {
		keep++
	}
	b = t.closeDown(b, keep)
	for k := 0; k+1 < len(chain); k++ {
		r := t.frames[chain[k+1]].scope
		if r == nil || !r.flows {
			break
		}
		if k == len(t.written) {
			b = append(b, '{')
			t.written = append(t.written, cursor{frame: chain[k]})
		}
		b = t.flushList(b, &t.written[k], r, chain[k+1])
		if k+2 < len(chain) {
			if next := t.frames[chain[k+2]].scope; next != nil && next.flows && k+1 == len(t.written) {
				b = t.comma(b, &t.written[k])
			}
		}
	}
	t.compact(chain)
	return b
}

// close writes all that is left of the record.
func (t *tape) close(b []byte) []byte {
	if len(t.written) == 0 {
		return t.appendJSON(b, 0)
	}
	return t.closeDown(b, 0)
}

// chain are the frames that are open, the record first.
func (t *tape) chain() []int32 {
	t.open = t.open[:0]
	for at := t.stack[len(t.stack)-1].frame; at >= 0; at = t.frames[at].above {
		t.open = append(t.open, at)
	}
	for i, j := 0, len(t.open)-1; i < j; i, j = i+1, j-1 {
		t.open[i], t.open[j] = t.open[j], t.open[i]
	}
	return t.open
}

// comma begins an entry of a list.
func (t *tape) comma(b []byte, c *cursor) []byte {
	if c.entries++; c.entries > 1 {
		b = append(b, ',')
	}
	return b
}

// flushList writes the fields before a list, and the entries of it that are
// over: all but the one in frame last.
func (t *tape) flushList(b []byte, c *cursor, r *rule, last int32) []byte {
	f := t.frames[c.frame]
	if c.next != r.slot || !c.open {
		b = t.fields(b, c, r.slot)
		if c.some {
			b = append(b, ',')
		}
		b, c.some, c.open, c.entries = append(append(b, r.key...), '['), true, true, 0
	}
	sl := &t.slots[int(f.slots)+r.slot]
	for sl.head != 0 && t.nodes[sl.head].frame != last {
		b = t.appendNode(t.comma(b, c), r, nil, sl.head)
		sl.head = t.nodes[sl.head].next
		sl.count--
	}
	return b
}

// fields writes the fields up to a rule, and closes the list that is open.
func (t *tape) fields(b []byte, c *cursor, upTo int) []byte {
	f := t.frames[c.frame]
	slots := t.slots[f.slots : int(f.slots)+f.scope.size]
	for ; c.next < upTo; c.next++ {
		r, sl := f.scope.rules[c.next], &slots[c.next]
		n := sl.head
		sl.rank = sealed
		if c.open {
			for ; n != 0; n = t.nodes[n].next {
				b = t.appendNode(t.comma(b, c), r, nil, n)
			}
			b, c.open = append(b, ']'), false
			continue
		}
		if n == 0 || r.loop == nil && t.nodes[n].from == t.nodes[n].to {
			continue
		}
		if c.some {
			b = append(b, ',')
		}
		b, c.some = t.appendField(b, r, n), true
	}
	return b
}

// closeDown writes the rest of what is open, but for the outermost ones.
func (t *tape) closeDown(b []byte, keep int) []byte {
	for len(t.written) > keep {
		c := &t.written[len(t.written)-1]
		b = append(t.fields(b, c, t.frames[c.frame].scope.size), '}')
		if t.written = t.written[:len(t.written)-1]; len(t.written) > 0 {
			above := t.written[len(t.written)-1]
			sl := &t.slots[int(t.frames[above.frame].slots)+above.next]
			sl.head = t.nodes[sl.head].next // it was the first of its list
			sl.count--
		}
	}
	return b
}

// settle decides what can be decided of signs and mistakes.
func (t *tape) settle() {
	late := t.late[:0]
	for _, p := range t.late {
		if t.isNegative(p) {
			t.nodes[p.node].from--
		} else {
			late = append(late, p)
		}
	}
	t.late = late
	wrong := t.wrong[:0]
	for _, w := range t.wrong {
		switch sl := t.slots[t.frames[w.frame].slots+int32(w.rule.slot)]; {
		case w.rule.list:
			t.mistaken++
		case sl.head == w.node:
			wrong = append(wrong, w)
		}
	}
	t.wrong = wrong
}

// compact makes a new tape of what is still needed.
func (t *tape) compact(chain []int32) {
	old := *t
	n := &t.spare
	t.text, t.nodes, t.frames, t.slots = n.text[:0], append(n.nodes[:0], node{}, node{}), n.frames[:0], n.slots[:0]
	c := copier{from: &old, to: t, frames: map[int32]int32{}, nodes: map[int32]int32{}}
	for i, at := range chain {
		above := int32(-1)
		if i > 0 {
			above = c.frames[chain[i-1]]
		}
		c.frame(at, above)
	}
	for _, at := range chain {
		c.fill(at)
	}
	c.finish()
	t.forgetNames()
	t.record++
	t.spare = spare{old.text, old.nodes, old.frames, old.slots}
}

// spare is the memory of the tape that a compact one replaced.
type spare struct {
	text   []byte
	nodes  []node
	frames []frame
	slots  []slot
}

// copier carries what is left from one tape to another.
type copier struct {
	from, to      *tape
	frames, nodes map[int32]int32
}

// frame makes an empty copy of a frame.
func (c *copier) frame(at, above int32) int32 {
	f := c.from.frames[at]
	is := c.to.frame(f.scope, above)
	c.frames[at] = is
	n := &c.to.frames[is]
	n.flags, n.loop = f.flags, f.loop
	n.id = [2]uint32{uint32(len(c.to.text)), uint32(len(c.to.text)) + f.id[1] - f.id[0]}
	c.to.text = append(c.to.text, c.from.text[f.id[0]:f.id[1]]...)
	if base, known := c.frames[f.parent]; known {
		n.parent = base
	}
	return is
}

// fill copies what stands in the slots of a frame that was copied.
func (c *copier) fill(at int32) {
	f := &c.from.frames[at]
	if f.scope == nil {
		return
	}
	is := c.frames[at]
	for i, r := range f.scope.rules {
		sl := c.from.slots[int(f.slots)+i]
		to := c.to.frames[is].slots + int32(i)
		if sl.rank == sealed {
			if sl.head != 0 && !r.list {
				sl.head = written
			} else {
				sl.head = 0
			}
			c.to.slots[to] = sl
			continue
		}
		for n := sl.head; n != 0; n = c.from.nodes[n].next {
			c.node(n, r, is, to, sl.rank)
			if !r.list {
				break
			}
		}
	}
}

// written is the node of a value that is no longer on the tape.
const written = 1

func (c *copier) node(at int32, r *rule, above, slot, rank int32) {
	n := c.from.nodes[at]
	n.next = 0
	if r.loop == nil || n.frame == printed {
		before := min(n.from, 1) // where the sign is, should it be needed
		from := uint32(len(c.to.text)) + before
		c.to.text = append(c.to.text, c.from.text[n.from-before:n.to]...)
		n.from, n.to = from, uint32(len(c.to.text))
		c.to.again(slot, r, n, rank)
		c.nodes[at] = int32(len(c.to.nodes) - 1)
		return
	}
	sub, open := c.frames[n.frame]
	if !open {
		sub = c.frame(n.frame, above)
	}
	old := n.frame
	n.frame = sub
	c.to.again(slot, r, n, rank)
	c.nodes[at] = int32(len(c.to.nodes) - 1)
	if !open {
		c.fill(old)
	}
}

// again adds a copy of a node.
func (t *tape) again(at int32, r *rule, n node, rank int32) {
	to := t.add(at, r.list, rank)
	n.next = to.next
	*to = n
}

// finish gives all that points into the tape its new numbers.
func (c *copier) finish() {
	t := c.to
	for i := range t.stack {
		t.stack[i].frame = c.frames[t.stack[i].frame]
	}
	for i := range t.written {
		t.written[i].frame = c.frames[t.written[i].frame]
	}
	late := t.late[:0]
	for _, p := range t.late {
		if n, kept := c.nodes[p.node]; kept {
			late = append(late, pending{n, c.frames[p.frame], p.rule})
		}
	}
	t.late = late
	wrong := t.wrong[:0]
	for _, w := range t.wrong {
		if n, kept := c.nodes[w.node]; kept {
			wrong = append(wrong, mistake{n, c.frames[w.frame], w.rule, w.err})
		} else {
			t.mistaken++
		}
	}
	t.wrong = wrong
}
