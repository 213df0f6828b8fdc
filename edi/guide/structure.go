package guide

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"fondaco/edi"
)

// item is a place of a segment or a loop as a guide file tells it, before the
// tree is flattened into tables.
type item struct {
	loop        bool
	id          string // the tag, or the name of the loop
	quals       []qualifier
	usage       Usage
	max         int // 0 for no limit
	unconfirmed bool
	narrow      bool
	seg         *Segment // of a place
	children    []*item  // of a loop
	split       *item    // the place that a partner's guide has split this one from
}

// head is the segment that a round of the loop begins with; a place is its own.
func (it *item) head() *item {
	if it.loop {
		return it.children[0]
	}
	return it
}

// clone copies the item and all below it; segments are shared.
func (it *item) clone() *item {
	c := *it
	c.children = nil
	for _, child := range it.children {
		c.children = append(c.children, child.clone())
	}
	return &c
}

// qualifier selects a place by a value: N1[01=ST|BY], DTM[01-1=137].
type qualifier struct {
	element, component int
	values             []string
}

func (q *qualifier) matches(s *edi.Segment) bool {
	return oneOf(s.Component(q.element, q.component), q.values)
}

// oneOf tells whether a value is in a short list, without copying it.
func oneOf(value []byte, list []string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return string(value) == w })
}

func (q *qualifier) String() string {
	return place(q.element, q.component) + "=" + strings.Join(q.values, "|")
}

func (q *qualifier) equal(o *qualifier) bool {
	return q.element == o.element && q.component == o.component && slices.Equal(q.values, o.values)
}

func qualifierText(quals []qualifier) string {
	words := make([]string, len(quals))
	for i := range quals {
		words[i] = quals[i].String()
	}
	return strings.Join(words, ",")
}

// place writes the position of an element or component: 02, 01-2.
func place(element, component int) string {
	if component > 1 || component < 0 {
		return fmt.Sprintf("%02d-%d", element, max(component, -component))
	}
	return fmt.Sprintf("%02d", element)
}

// parsePlace reads such a position. Without a component it is the first.
func parsePlace(s string) (element, component int, ok bool) {
	e, c, found := strings.Cut(s, "-")
	component = 1
	var err error
	if found {
		if component, err = strconv.Atoi(c); err != nil || component < 1 {
			return 0, 0, false
		}
	}
	element, err = strconv.Atoi(e)
	return element, component, err == nil && element >= 1 && element <= maxFields
}

// structure reads the lines of a structure into parent.
func (g *Guide) structure(parent *item, lines []line) error {
	if g.items == nil {
		g.items = make([]item, len(lines)) // enough for all below as well
	}
	parent.children = make([]*item, 0, siblings(lines))
	for len(lines) > 0 {
		l, below := lines[0], children(lines)
		var it *item
		var err error
		if l.word(0) == "loop" {
			it, err = g.loop(l, below)
		} else {
			it, err = g.place(l, below)
		}
		if err != nil {
			return err
		}
		parent.children = append(parent.children, it)
		lines = lines[1+len(below):]
	}
	return nil
}

// siblings is how many lines stand as far to the left as the first.
func siblings(lines []line) int {
	n := 0
	for i := range lines {
		if lines[i].indent <= lines[0].indent {
			n++
		}
	}
	return n
}

// loop reads a line such as "loop PTD M *", with its segments below.
func (g *Guide) loop(l line, below []line) (*item, error) {
	it := &take(&g.items, 1)[0]
	it.loop, it.id, it.unconfirmed = true, l.word(1), l.has(4, "unconfirmed")
	var err error
	if it.usage, it.max, err = occurrence(l, 2); err != nil {
		return nil, err
	}
	if err = g.structure(it, below); err != nil {
		return nil, err
	}
	if len(it.children) == 0 || it.children[0].loop {
		return nil, l.errorf("loop %s does not begin with a segment", it.id)
	}
	return it, nil
}

// place reads: N1[01=ST] O 5, with restrictions of its elements below.
func (g *Guide) place(l line, below []line) (*item, error) {
	it := &take(&g.items, 1)[0]
	it.unconfirmed = l.has(3, "unconfirmed")
	var err error
	if it.usage, it.max, err = occurrence(l, 1); err != nil {
		return nil, err
	}
	if it.id, it.quals, err = parseQualifiers(l.word(0)); err != nil {
		return nil, l.errorf("%v", err)
	}
	if it.seg, err = g.Dictionary.lookUp(edi.TagOf(it.id)); err != nil {
		return nil, l.errorf("segment %s of %s: %v", it.id, g.Dictionary.Name, err)
	}
	if it.seg == nil {
		return nil, l.errorf("segment %s is not in %s", it.id, g.Dictionary.Name)
	}
	it.seg, err = g.restrict(it.seg, below, false)
	return it, err
}

func occurrence(l line, at int) (usage Usage, limit int, err error) {
	switch l.word(at) {
	case "M":
		usage = Required
	case "O", "C":
	default:
		return 0, 0, l.errorf("%q is neither M nor O", l.word(at))
	}
	if l.word(at+1) == "*" {
		return usage, 0, nil
	}
	limit, err = l.integer(at + 1)
	if err == nil && limit == 0 {
		err = l.errorf("a limit of 0 times")
	}
	return usage, limit, err
}

func unlimited(limit int) uint32 {
	if limit == 0 {
		return 1<<32 - 1
	}
	return uint32(limit)
}

// parseQualifiers reads N1[01=ST|BY], RFF[01-1=ON], LOC[01=7,02-1=X].
func parseQualifiers(s string) (id string, quals []qualifier, err error) {
	id, rest, found := strings.Cut(s, "[")
	if !found {
		return id, nil, nil
	}
	rest, closed := strings.CutSuffix(rest, "]")
	for w := range strings.SplitSeq(rest, ",") {
		at, values, equals := strings.Cut(w, "=")
		q := qualifier{values: strings.Split(values, "|")}
		var ok bool
		if q.element, q.component, ok = parsePlace(at); !ok || !closed || !equals {
			return id, nil, fmt.Errorf("%q is not a segment with a qualifier such as N1[01=ST|BY]", s)
		}
		quals = append(quals, q)
	}
	return id, quals, nil
}

// flatten lays the tree out as nodes.
func (g *Guide) flatten() {
	places, loops := g.root.count()
	g.nodes = make([]node, 1, 1+places+loops)
	g.nodes[0].parent = -1
	g.uses = make([]Use, places)
	g.lay(0, g.root, map[*item]*family{})
	g.uses, g.items = nil, nil
}

// count is how many places and loops there are below.
func (it *item) count() (places, loops int) {
	for _, c := range it.children {
		if !c.loop {
			places++
			continue
		}
		p, l := c.count()
		places, loops = places+p, loops+l+1
	}
	return places, loops
}

func (g *Guide) lay(parent int, in *item, families map[*item]*family) {
	g.nodes[parent].children = make([]int, 0, len(in.children))
	for _, it := range in.children {
		n := len(g.nodes)
		k := node{parent: parent, required: it.usage == Required, notUsed: it.usage == NotUsed, narrow: it.narrow, max: unlimited(it.max), quals: it.quals}
		if it.loop {
			k.loop = g.newLoop(parent, it)
			k.tag, k.quals = it.head().seg.tag, it.head().quals
		} else {
			k.use = g.newUse(n, parent, it)
			k.tag = it.seg.tag
		}
		if of := it.split; of != nil && of.max > 0 {
			if families[of] == nil {
				families[of] = &family{max: uint32(of.max)}
			}
			k.family = families[of]
			k.family.nodes = append(k.family.nodes, n)
		}
		g.nodes = append(g.nodes, k)
		if it.loop {
			g.lay(n, it, families)
			g.nodes[n+1].use.Starts = true
		}
		g.nodes[n].last = len(g.nodes)
		g.nodes[parent].children = append(g.nodes[parent].children, n)
	}
	g.nodes[parent].last = len(g.nodes)
}

func (g *Guide) newLoop(parent int, it *item) *Loop {
	lp := &Loop{ID: it.id, Path: it.id, Parent: g.nodes[parent].loop, Required: it.usage == Required,
		NotUsed: it.usage == NotUsed, Max: it.max, Unconfirmed: it.unconfirmed}
	if lp.Parent != nil {
		lp.Path = lp.Parent.Path + "/" + lp.ID
	}
	return lp
}

func (g *Guide) newUse(n, parent int, it *item) *Use {
	u := &take(&g.uses, 1)[0]
	*u = Use{Index: n, ID: it.id, Path: it.id, Segment: it.seg, Loop: g.nodes[parent].loop, Required: it.usage == Required,
		NotUsed: it.usage == NotUsed, Max: it.max, Qualifier: qualifierText(it.quals), Unconfirmed: it.unconfirmed}
	if u.Loop != nil {
		u.Path = u.Loop.Path + "/" + u.ID
	}
	return u
}
