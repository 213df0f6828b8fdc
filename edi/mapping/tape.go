package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fondaco/edi/guide"
)

// tape holds one record on its way from a document to JSON or to values, or
// from those to a document. All of it is numbers into a few slices without
// pointers, which the next record uses again: nothing is allocated for it.
type tape struct {
	m      *Map
	text   []byte
	nodes  []node  // nodes[0] is none
	frames []frame // frames[0] is the record
	slots  []slot
	late   []pending
	wrong  []mistake
	stack  []level
	plain  []byte // a value without release characters
	// release is the release character of the document, 0 if it has none, and
	// component what separates its components.
	release, component byte
	// Of a record that is written while it is read: the frames that are begun,
	// how many values could not be read, and what came too late.
	written  []cursor
	mistaken int
	tooLate  bool
	open     []int32
	spare    spare
	lost     node // takes what came too late
	// names are the rounds of trees by their names, of the frames before indexed.
	names   map[string]int32
	indexed int32
	// The habits with this map, and with all maps so far; record is the number of
	// the record, or of the piece of one, for which converted values are known.
	habits
	known  map[*Map]habits
	record uint32
	held   held
}

// node is a value, or an object in a list.
type node struct {
	next  int32 // in a list, 0 for none
	frame int32 // of an object
	from  uint32
	to    uint32
	seg   int32 // the segment it was read from, counted from 0
	at    cell8
	plain bool // JSON has the text as it is
}

type cell8 struct{ element, component uint8 }

// slot is where a rule's value is, or where its list begins and ends.
type slot struct {
	head, tail int32
	rank       int32
	count      int32
}

// frame is one object of the record: a round of a loop.
type frame struct {
	scope  *rule // nil where the map does not name the round
	above  int32
	slots  int32
	parent int32 // of a tree, the frame around the whole tree
	flags  uint32
	id     [2]uint32 // of a tree, the text of its name
	loop   *guide.Loop
}

// pending is a number that is negative if a condition holds, which is known at
// the end.
type pending struct {
	node, frame int32
	rule        *rule
}

// mistake is a value that could not be read.
type mistake struct {
	node, frame int32
	rule        *rule
	err         error
}

// level is a loop that is being read.
type level struct {
	loop  *guide.Loop
	scope *scope // of the frame, nil where the map does not name the round
	frame int32
}

// begin makes room for a record.
func (t *tape) begin(m *Map) {
	if t.record++; t.m != m {
		t.accustom(m)
	}
	t.text, t.nodes, t.frames, t.slots = t.text[:0], append(t.nodes[:0], node{}), t.frames[:0], t.slots[:0]
	t.late, t.wrong, t.stack = t.late[:0], t.wrong[:0], append(t.stack[:0], level{scope: m.top.scope})
	t.written, t.mistaken, t.tooLate = t.written[:0], 0, false
	t.held.trail = nil
	t.forgetNames()
	t.frame(m.top, -1)
}

// accustom changes to the habits of another map.
func (t *tape) accustom(m *Map) {
	if t.known == nil {
		t.known = map[*Map]habits{}
	}
	if _, known := t.known[m]; !known {
		t.known[m] = habits{courses: make([]habit, m.habits), values: make([]conversion, len(m.all)), trails: make([]trail, m.trails)}
	}
	t.m, t.habits = m, t.known[m]
}

func (t *tape) forgetNames() {
	t.indexed = 0
	clear(t.names)
}

// frame adds an object.
func (t *tape) frame(scope *rule, above int32) int32 {
	at := len(t.frames)
	if at < cap(t.frames) {
		t.frames = t.frames[:at+1]
	} else {
		t.frames = append(t.frames, frame{})
	}
	f := &t.frames[at]
	f.scope, f.above, f.slots, f.flags, f.loop = scope, above, int32(len(t.slots)), 0, nil
	if scope != nil {
		n := len(t.slots) + scope.size
		if n > cap(t.slots) {
			t.slots = slices.Grow(t.slots, scope.size)
		}
		t.slots = t.slots[:n]
		clear(t.slots[f.slots:])
	}
	return int32(at)
}

// take reads one segment, which stands in place u of the guide.
func (t *tape) take(u *guide.Use, s *seen) {
	if u == nil {
		return
	}
	s.lead()
	switch {
	case u.Starts:
		loops := t.m.loops[u.Index]
		above := len(loops) - 1
		if above < len(t.stack) && (above == 0 || t.stack[above].loop == loops[above-1]) {
			t.stack = t.stack[:above+1] // that of the loop around, which is open as a rule
		} else {
			t.enter(loops[:above])
		}
		t.round(u.Loop, u, s)
	case t.stack[len(t.stack)-1].loop != u.Loop:
		t.enter(t.m.loops[u.Index])
	}
	top := &t.stack[len(t.stack)-1]
	if top.scope == nil {
		return
	}
	if p := top.scope.follows[u.Index]; p != nil {
		t.follow(p, top.frame, t.frames[top.frame].slots, s)
	}
}

// enter goes to the loops around a segment: out of those that are over, and
// into rounds whose first segment is missing.
func (t *tape) enter(loops []*guide.Loop) {
	n := 0
	for n < len(loops) && n+1 < len(t.stack) && t.stack[n+1].loop == loops[n] {
		n++
	}
	t.stack = t.stack[:n+1]
	for _, l := range loops[n:] {
		t.round(l, nil, &seen{number: -1})
	}
}

// round begins a round of a loop, with its first segment in its place, or nil if
// that is not there.
func (t *tape) round(l *guide.Loop, u *guide.Use, s *seen) {
	base := t.stack[len(t.stack)-1].frame
	var tr *tree
	if u != nil {
		tr = t.m.treeOf[u.Index]
	}
	if tr == nil {
		t.push(l, t.object(base, l, u, s))
		return
	}
	at := t.object(t.parent(base, l, tr, s), l, u, s)
	from := uint32(len(t.text))
	t.text = append(t.text, t.cell(s, tr.id, 0)...)
	f := &t.frames[at]
	f.parent, f.loop, f.id = base, l, [2]uint32{from, uint32(len(t.text))}
	t.push(l, at)
}

// push begins to read a round with its frame.
func (t *tape) push(l *guide.Loop, frame int32) {
	now := level{loop: l, frame: frame}
	if r := t.frames[frame].scope; r != nil {
		now.scope = r.scope
	}
	t.stack = append(t.stack, now)
}

// parent is the round to which a round of a tree belongs, or the frame around
// the tree.
func (t *tape) parent(base int32, l *guide.Loop, tr *tree, s *seen) int32 {
	name := t.cell(s, tr.parent, 0)
	if len(name) == 0 {
		return base
	}
	for i := int32(len(t.frames)) - 1; i > base && i > int32(len(t.frames))-nearby; i-- {
		f := &t.frames[i]
		if f.parent == base && f.loop == l && string(t.text[f.id[0]:f.id[1]]) == string(name) {
			return i
		}
	}
	if i, known := t.named(name, base, l); known {
		return i
	}
	t.tooLate = t.tooLate || len(t.written) > 0
	return base
}

// nearby is how many frames are looked at before names are looked up: as a rule
// a round belongs to one that is not far.
const nearby = 64

// named finds a round of a tree by its name; of equal ones it is the last.
func (t *tape) named(name []byte, base int32, l *guide.Loop) (int32, bool) {
	if len(t.frames) <= nearby {
		return 0, false
	}
	if t.names == nil {
		t.names = map[string]int32{}
	}
	for ; t.indexed < int32(len(t.frames)); t.indexed++ {
		if f := &t.frames[t.indexed]; f.loop != nil {
			t.names[t.nameKey(f.parent, f.loop, t.text[f.id[0]:f.id[1]])] = t.indexed
		}
	}
	i, known := t.names[t.nameKey(base, l, name)]
	return i, known
}

func (t *tape) nameKey(base int32, l *guide.Loop, name []byte) string {
	t.plain = append(strconv.AppendInt(t.plain[:0], int64(base), 10), '/')
	return string(append(append(append(t.plain, l.Path...), '/'), name...))
}

// object adds a frame for a round, where a rule names it.
func (t *tape) object(above int32, l *guide.Loop, u *guide.Use, s *seen) int32 {
	scope := t.frames[above].scope
	if scope == nil {
		return t.frame(nil, above)
	}
	rules := scope.inner
	if u != nil {
		rules = scope.begun[u.Index]
	}
	for _, r := range rules {
		if u == nil && r.loop.Path != l.Path {
			continue
		}
		rank := 0
		if len(r.place.conditions) > 0 {
			if rank = t.headRank(r, s); rank < 0 {
				continue
			}
		}
		at := t.frames[above].slots + int32(r.slot)
		if sl := &t.slots[at]; !r.list && sl.head != 0 && sl.rank <= int32(rank) {
			return t.frame(nil, above)
		}
		sub := t.frame(r, above)
		n := t.add(at, r.list, int32(rank))
		n.frame, n.seg, n.at = sub, s.number, cell8{}
		return sub
	}
	return t.frame(nil, above)
}

// headRank tells how well a round meets the conditions of a rule; without its
// first segment it does not.
func (t *tape) headRank(r *rule, s *seen) int {
	if s.number >= 0 {
		return t.rank(&r.place, s)
	}
	return -1
}

// add puts a node into a slot: at the end of a list, or in place of what is
// there. The node is to be filled where it is: building it elsewhere and copying
// it costs more than all the rest. Only next is set.
func (t *tape) add(at int32, list bool, rank int32) *node {
	sl := &t.slots[at]
	if sl.rank == sealed {
		t.tooLate = true
		return &t.lost
	}
	last := len(t.nodes)
	if last < cap(t.nodes) {
		t.nodes = t.nodes[:last+1]
	} else {
		t.nodes = append(t.nodes, node{})
	}
	n := &t.nodes[last]
	n.next = 0
	sl.count++
	if list && sl.head != 0 {
		t.nodes[sl.tail].next = int32(last)
		sl.tail = int32(last)
		return n
	}
	sl.head, sl.tail, sl.rank = int32(last), int32(last), rank
	return n
}

// rank tells how well a segment fits: 0 best, -1 not at all.
func (t *tape) rank(p *place, s *seen) int { return int(t.meets(p.conditions, s)) }

// index is the number of the value that stands in the condition's cell, -1 for
// none of them.
func (t *tape) index(c *condition, s *seen) int {
	if packed := t.packed(s, c.element, c.component); packed != 0 {
		return indexOf(c.packed, packed)
	}
	value := t.cell(s, c.element, c.component)
	for i, v := range c.values {
		if v == string(value) {
			return i
		}
	}
	return -1
}

func indexOf(list []uint64, v uint64) int {
	for i, one := range list {
		if one == v {
			return i
		}
	}
	return -1
}

// sign tells whether the segment of a number, which comes next, says that it is
// negative, and notes one for which another segment may say so.
func (t *tape) sign(at int32, r *rule, s *seen) bool {
	for i := range r.negative {
		if p := &r.negative[i]; p.tag == "" && t.rank(p, s) >= 0 {
			return true
		}
	}
	t.late = append(t.late, pending{int32(len(t.nodes)), at, r})
	return false
}

// finish settles what is known only at the end.
func (t *tape) finish() {
	t.endRound()
	for _, p := range t.late {
		if t.isNegative(p) {
			t.nodes[p.node].from--
		}
	}
}

func (t *tape) isNegative(p pending) bool {
	for i := range p.rule.negative {
		cond := &p.rule.negative[i]
		for at := p.frame; at >= 0 && cond.tag != ""; at = t.frames[at].above {
			if t.watches(at, cond) && t.frames[at].flags&(1<<cond.flag) != 0 {
				return true
			}
		}
	}
	return false
}

// watches tells whether the condition is about a segment of the frame itself.
func (t *tape) watches(at int32, cond *place) bool {
	scope := t.frames[at].scope
	return scope != nil && cond.flag < len(scope.flags) && scope.flags[cond.flag] == cond
}

// mistakes gives the values that could not be read, those that another one did
// not replace.
func (t *tape) mistakes(origin func(node) Origin) []*FieldError {
	var list []*FieldError
	for _, w := range t.wrong {
		sl := t.slots[t.frames[w.frame].slots+int32(w.rule.slot)]
		if !w.rule.list && sl.head != w.node {
			continue
		}
		name := w.rule.name
		list = append(list, &FieldError{Field: t.path(w.frame) + name, Origin: origin(t.nodes[w.node]), Err: w.err})
	}
	return list
}

// path names an object, with a point at the end: sales[0].
func (t *tape) path(at int32) string {
	var parts []string
	for ; t.frames[at].above >= 0; at = t.frames[at].above {
		r := t.frames[at].scope
		part := r.name
		if r.list {
			i := 0
			for n := t.slots[t.frames[t.frames[at].above].slots+int32(r.slot)].head; t.nodes[n].frame != at; n = t.nodes[n].next {
				i++
			}
			part = fmt.Sprintf("%s[%d]", part, i)
		}
		parts = append(parts, part+".")
	}
	slices.Reverse(parts)
	return strings.Join(parts, "")
}
