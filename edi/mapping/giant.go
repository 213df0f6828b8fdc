package mapping

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
)

// giant is a record that is written while it is read, since it is too large to be
// kept: what stands before a list goes out when the list has grown, and then its
// entries one after the other. It does for writing what flush does for reading.
type giant struct {
	c *writing
	f *filler
	w *pen
	t *draft
	// hand hands over what is written, until more is wanted.
	hand    func() bool
	dropped int // of the line
	ended   bool
	open    []opening // the objects that are being read, the record first
	said    *assertion
}

// opening is an object that is being read.
type opening struct {
	rule  *rule // the one whose entry it is; the record's has none
	frame int32
	at    int // the places before this one are written
	begun bool
	level int // its number in a tree
	// parent is that of the round around it.
	parent            string
	flagged, positive bool  // of the object around it
	list              *rule // that is being read
	mark              mark  // where its entries begin on the draft
}

// mark is a length of a draft.
type mark struct{ text, links, frames, slots int }

func (t *draft) mark() mark { return mark{len(t.text), len(t.links), len(t.frames), len(t.slots)} }

func (t *draft) cut(to mark) {
	t.text, t.links, t.frames, t.slots = t.text[:to.text], t.links[:to.links], t.frames[:to.frames], t.slots[:to.slots]
}

var (
	errStopped  = errors.New("the writing has ended")
	errTooLate  = errors.New("it stands behind what belongs behind it, in a record too large to be kept: write the fields in the order of the map")
	errDoubtful = errors.New("it says something that might be read otherwise, in a record too large to be kept to be read again")
)

// compileStreams finds the lists whose entries can be written while others of
// the same list are still to come.
func (m *Map) compileStreams() {
	for _, r := range m.all {
		if r.scope == nil {
			continue
		}
		for i, p := range r.parts {
			for j, sub := range p.loops {
				sub.turn = i<<16 + j + 1
			}
			for _, sub := range p.values {
				sub.turn = i << 16
			}
			m.keeps = m.keeps || p.doubtful
		}
	}
	for _, r := range m.all {
		for _, l := range r.innerLists() {
			// A round of a tree says in its first segment whether others belong to it.
			waits := r.tree != nil && r.tree.children > 0 && l.tree == nil
			l.streams = !waits && !slices.ContainsFunc(r.rules[l.slot+1:], func(x *rule) bool { return x.turn < l.turn }) && r.sumsBehind(l)
		}
	}
	m.keeps = m.keeps || m.doubtful || m.twice
}

func (r *rule) innerLists() []*rule {
	var lists []*rule
	for _, sub := range r.innerRules() {
		if sub.list {
			lists = append(lists, sub)
		}
	}
	return lists
}

// sumsBehind tells whether all that is made up in a scope comes behind a list.
func (r *rule) sumsBehind(l *rule) bool {
	return !slices.ContainsFunc(r.parts[:l.turn>>16], func(p *part) bool { return len(p.computed) > 0 })
}

// endless begins a line that is too long to be kept.
func (c *writing) endless(line []byte) func(yield func(struct{}) bool) {
	return func(yield func(struct{}) bool) {
		g := &giant{c: c, f: &c.fill, hand: func() bool { return yield(struct{}{}) }}
		c.fill.giant = g
		err := c.add(line)
		if c.fill.giant = nil; err != nil && !errors.Is(err, errStopped) {
			c.err = c.unreadable(err)
		}
	}
}

// more reads on in the line.
func (g *giant) more() bool {
	if g.ended {
		return false
	}
	g.dropped += g.f.at
	g.c.long = append(g.c.long[:0], g.f.text[g.f.at:]...)
	piece, err := g.c.in.ReadSlice('\n')
	g.c.long = append(g.c.long, piece...)
	if g.ended = !errors.Is(err, bufio.ErrBufferFull); g.ended && err != nil && err != io.EOF {
		g.c.failed = err
	}
	g.f.text, g.f.at = g.c.long, 0
	return len(piece) > 0
}

// all reads the rest of the line: a record that has to be kept.
func (g *giant) all() {
	for g.more() {
		continue
	}
	g.f.giant = nil
	g.f.begin(&g.c.t, g.f.text)
}

// begin begins to write a record, once it is known where and how.
func (g *giant) begin(r *incoming) {
	c := g.c
	g.w, g.t = c.penOf(r), &c.t
	c.envelope(c.next, r.g)
	c.count++
	g.said = c.keep()
	g.said.m, g.said.certain, g.said.giant = r.m, true, true
	g.w.known = g.w.known[:0]
	g.w.begin(c.pending, c.control)
	g.open = append(g.open[:0], opening{})
}

// enter begins an entry of a list, or an object.
func (g *giant) enter(r *rule, frame int32) {
	g.open = append(g.open, opening{rule: r, frame: frame})
}

// member sees to it that a field does not come behind what belongs behind it.
func (g *giant) member(r *rule) error {
	o := &g.open[len(g.open)-1]
	if o.begun && r.turn < o.at {
		return fmt.Errorf("%s: %w", r.name, errTooLate)
	}
	if o.list = nil; r.list && r.loop != nil {
		o.list, o.mark = r, g.t.mark()
	}
	return nil
}

// leave ends an object, and writes what is complete if there is much of it.
func (g *giant) leave() error {
	last := len(g.open) - 1
	if o := &g.open[last]; o.begun {
		above := &g.open[last-1]
		g.carry(o.rule, o.frame, last)
		g.finish(o)
		g.open = g.open[:last]
		g.clear(above)
		return g.out()
	}
	g.open = g.open[:last]
	if o := &g.open[last-1]; o.list == nil || !o.list.streams || g.t.bytes() < g.c.limit/4 {
		return nil
	}
	return g.spill()
}

// spill writes all that is complete. The innermost object that is open is in a
// list, of which an entry has just ended.
func (g *giant) spill() error {
	for k := range g.open {
		o := &g.open[k]
		if o.list == nil || !o.list.streams {
			return g.out()
		}
		if !o.begun {
			g.start(k)
		}
		g.upTo(o, o.list.turn)
		sl := &g.t.slots[int(g.t.frames[o.frame].slots)+o.list.slot]
		for n := sl.from; n != 0; n = sl.from {
			frame := g.t.links[n].frame
			if k+1 < len(g.open) && g.open[k+1].frame == frame {
				break
			}
			g.carry(o.list, frame, k+1)
			own, parent := g.w.numbers(o.list, o.level)
			g.w.object(g.t, frame, own, parent)
			sl.from = g.t.links[n].next
		}
	}
	g.clear(&g.open[len(g.open)-1])
	return g.out()
}

// clear takes the entries of a list off the draft, all of which are written.
func (g *giant) clear(o *opening) {
	g.t.slots[int(g.t.frames[o.frame].slots)+o.list.slot] = stretch{}
	g.t.cut(o.mark)
}

// start begins to write an object.
func (g *giant) start(k int) {
	o := &g.open[k]
	o.begun, o.at = true, 0
	o.flagged, o.positive = g.w.flagged, g.w.positive
	g.w.flagged, g.w.positive = false, false
	if k > 0 {
		o.level, o.parent = g.w.numbers(o.rule, g.open[k-1].level)
	}
}

// upTo writes what an object has before a list in the order of the document.
func (g *giant) upTo(o *opening, turn int) {
	f := &g.t.frames[o.frame]
	for at := o.at >> 16; at <= turn>>16 && at < len(f.scope.parts); at++ {
		p := f.scope.parts[at]
		if p.loops == nil {
			g.w.part(g.t, f, p, o.level, o.parent)
			continue
		}
		from, to := 0, len(p.loops)
		if at == o.at>>16 {
			from = max(o.at&0xffff-1, 0)
		}
		if at == turn>>16 {
			to = turn&0xffff - 1
		}
		if from < to {
			g.w.loops(g.t, f, p.loops[from:to], o.level)
		}
	}
	o.at = turn
}

// finish writes the rest of an object.
func (g *giant) finish(o *opening) {
	g.upTo(o, len(g.t.frames[o.frame].scope.parts)<<16)
	g.w.settle(o.flagged, o.positive)
}

// carry keeps the sums over an entry that goes off the draft: of a list at some depth.
func (g *giant) carry(r *rule, frame int32, depth int) {
	for _, c := range g.w.m.sums {
		if len(c.steps) <= depth || c.steps[depth-1] != r {
			continue
		}
		s := g.w.carried[c]
		s.t = g.t
		s.add(frame, c.steps[depth:])
		g.w.carried[c] = s
	}
}

// out hands over what is written.
func (g *giant) out() error {
	c, w := g.c, g.w
	g.said.script = append(g.said.script, w.script...)
	w.script = w.script[:0]
	switch {
	case w.err != nil:
		return w.err
	case w.doubtful:
		return errDoubtful
	}
	if c.pending = w.out; !g.hand() {
		return errStopped
	}
	w.out = c.pending
	return nil
}

// end writes what is left of a record.
func (g *giant) end() error {
	o := &g.open[0]
	if !o.begun {
		g.start(0)
	}
	g.finish(o)
	g.w.trailer(g.c.control)
	return g.out()
}
