package guide

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fondaco/edi"
)

// Guide describes one transaction set: which segments it has, in which order
// and loops, and what may stand in them. It does not change once read, and may
// be used by any number of validators at the same time.
type Guide struct {
	Name       string // x12/004010/867
	Version    string // 004010
	Set        string // 867
	Group      string // PT, the functional group it travels in
	Title      string
	Dictionary *Dictionary
	nodes      []node
	rules      []countRule
	table      table
}

// Use is a place of a segment in a guide.
type Use struct {
	Index       int    // of the place in its guide, from 1 in reading order
	ID          string // the tag
	Path        string // PTD/QTY/LIN
	Segment     *Segment
	Loop        *Loop // the innermost loop around it, nil at the top
	Starts      bool  // it is the first segment of Loop, so that a new round begins with it
	Required    bool
	Max         int // in one round of the loop; 0 for no limit
	Unconfirmed bool
}

// Loop is a group of segments that repeats.
type Loop struct {
	ID          string // PTD
	Path        string // PTD/QTY
	Parent      *Loop
	Required    bool
	Max         int // in one round of the parent; 0 for no limit
	Unconfirmed bool
}

// node is a place of a segment or a loop, in reading order; a loop's first
// child follows it. nodes[0] is the transaction itself.
type node struct {
	tag      edi.Tag // of a loop, that of its first segment
	loop     *Loop   // not nil for a loop
	use      *Use    // not nil for a segment
	parent   int
	last     int // one after the last node inside
	children []int
	group    int // equal among neighbours with the same tag, which may come in any order
	required bool
	max      uint32
	quals    []qualifier
}

// qualifier selects a place by a value: N1[01=ST|BY].
type qualifier struct {
	element int
	values  []string
}

func (q *qualifier) matches(s *edi.Segment) bool {
	v := s.Component(q.element, 1)
	return slices.ContainsFunc(q.values, func(want string) bool { return string(v) == want })
}

// countRule says that an element counts segments: CTT01 the PTD segments.
type countRule struct {
	tag         edi.Tag
	element     int
	of          edi.Tag
	text        string
	unconfirmed bool
}

// Parse reads a guide file, whose grammar is in the package's documentation.
func Parse(name, text string, d *Dictionary) (*Guide, error) {
	lines, err := splitLines(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	g := &Guide{Name: name, Dictionary: d}
	if err := g.parse(lines); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	g.compile()
	return g, nil
}

func (g *Guide) parse(lines []line) error {
	if len(lines) == 0 || lines[0].word(0) != "guide" || len(lines[0].words) != 6 {
		return errors.New(`a guide begins with: guide x12 VERSION SET GROUP "Title"`)
	}
	h := lines[0]
	g.Version, g.Set, g.Group, g.Title = h.word(2), h.word(3), h.word(4), h.word(5)
	for lines = lines[1:]; len(lines) > 0; {
		l, below := lines[0], children(lines)
		var err error
		switch l.word(0) {
		case "structure":
			g.nodes = append(g.nodes, node{parent: -1})
			if err = g.structure(0, below); err == nil {
				err = g.complete(l)
			}
		case "rules":
			err = g.parseRules(below)
		default:
			err = l.errorf("%q is none of structure, rules", l.word(0))
		}
		if err != nil {
			return err
		}
		lines = lines[1+len(below):]
	}
	if len(g.nodes) == 0 {
		return h.errorf("no structure")
	}
	return nil
}

// complete checks what the walk relies on.
func (g *Guide) complete(l line) error {
	top := g.nodes[0].children
	if len(top) < 2 || g.nodes[top[0]].tag != edi.ST || g.nodes[top[len(top)-1]].tag != edi.SE {
		return l.errorf("a structure begins with ST and ends with SE")
	}
	return nil
}

// structure reads the segments and loops inside of nodes[parent].
func (g *Guide) structure(parent int, lines []line) error {
	for len(lines) > 0 {
		l, below := lines[0], children(lines)
		n := len(g.nodes)
		var err error
		if l.word(0) == "loop" {
			err = g.loop(parent, l, below)
		} else {
			err = g.place(parent, l, below)
		}
		if err != nil {
			return err
		}
		g.nodes[n].last = len(g.nodes)
		g.nodes[parent].children = append(g.nodes[parent].children, n)
		lines = lines[1+len(below):]
	}
	g.nodes[parent].last = len(g.nodes)
	return nil
}

// loop reads a line such as "loop PTD M *", with its segments below.
func (g *Guide) loop(parent int, l line, below []line) error {
	required, limit, err := occurrence(l, 2)
	if err != nil {
		return err
	}
	up := g.nodes[parent].loop
	lp := &Loop{ID: l.word(1), Path: l.word(1), Parent: up, Required: required, Max: limit, Unconfirmed: l.has(4, "unconfirmed")}
	if up != nil {
		lp.Path = up.Path + "/" + lp.ID
	}
	n := len(g.nodes)
	g.nodes = append(g.nodes, node{loop: lp, parent: parent, required: required, max: unlimited(limit)})
	if err := g.structure(n, below); err != nil {
		return err
	}
	if len(g.nodes) == n+1 || g.nodes[n+1].use == nil {
		return l.errorf("loop %s does not begin with a segment", lp.ID)
	}
	g.nodes[n].tag, g.nodes[n].quals = g.nodes[n+1].tag, g.nodes[n+1].quals
	g.nodes[n+1].use.Starts = true
	return nil
}

// place reads: N1[01=ST] O 5, with restrictions of its elements below.
func (g *Guide) place(parent int, l line, below []line) error {
	required, limit, err := occurrence(l, 1)
	if err != nil {
		return err
	}
	id, quals, err := parseQualifiers(l.word(0))
	if err != nil {
		return l.errorf("%v", err)
	}
	seg := g.Dictionary.segments[edi.TagOf(id)]
	if seg == nil {
		return l.errorf("segment %s is not in %s", id, g.Dictionary.Name)
	}
	if seg, err = restrict(seg, below); err != nil {
		return err
	}
	n := node{tag: seg.tag, parent: parent, required: required, max: unlimited(limit), quals: quals}
	n.use = &Use{Index: len(g.nodes), ID: id, Path: id, Segment: seg, Loop: g.nodes[parent].loop,
		Required: required, Max: limit, Unconfirmed: l.has(3, "unconfirmed")}
	if lp := n.use.Loop; lp != nil {
		n.use.Path = lp.Path + "/" + id
	}
	g.nodes = append(g.nodes, n)
	return nil
}

func occurrence(l line, at int) (required bool, limit int, err error) {
	switch l.word(at) {
	case "M":
		required = true
	case "O":
	default:
		return false, 0, l.errorf("%q is neither M nor O", l.word(at))
	}
	if l.word(at+1) == "*" {
		return required, 0, nil
	}
	limit, err = l.integer(at + 1)
	if err == nil && limit == 0 {
		err = l.errorf("a limit of 0 times")
	}
	return required, limit, err
}

func unlimited(limit int) uint32 {
	if limit == 0 {
		return 1<<32 - 1
	}
	return uint32(limit)
}

func parseQualifiers(s string) (id string, quals []qualifier, err error) {
	id, rest, found := strings.Cut(s, "[")
	if !found {
		return id, nil, nil
	}
	var at int
	if _, err := fmt.Sscanf(rest, "%d=", &at); err != nil || !strings.HasSuffix(rest, "]") {
		return id, nil, fmt.Errorf("%q is not a segment with a qualifier such as N1[01=ST|BY]", s)
	}
	_, values, _ := strings.Cut(strings.TrimSuffix(rest, "]"), "=")
	return id, []qualifier{{at, strings.Split(values, "|")}}, nil
}

// restrict gives a segment other rules in one place: 01 M, 02 codes A B.
func restrict(s *Segment, lines []line) (*Segment, error) {
	if len(lines) == 0 {
		return s, nil
	}
	c := *s
	c.Fields = slices.Clone(s.Fields)
	for _, l := range lines {
		at, err := l.integer(0)
		if err != nil {
			return nil, err
		}
		if at < 1 || at > len(c.Fields) {
			return nil, l.errorf("%s has no element %02d", s.ID, at)
		}
		f := &c.Fields[at-1]
		if l.word(1) == "codes" {
			if f.Element == nil {
				return nil, l.errorf("%s%02d is a composite", s.ID, at)
			}
			f.Element = f.Element.only(l.words[2:])
			continue
		}
		if f.Usage, err = parseUsage(l.word(1)); err != nil {
			return nil, l.errorf("%v", err)
		}
		f.Unconfirmed = l.has(2, "unconfirmed")
	}
	c.packed = pack(&c)
	return &c, nil
}

// only is the element with a closed list of codes.
func (e *Element) only(values []string) *Element {
	c := *e
	c.Closed, c.Codes, c.codes = true, nil, map[string]string{}
	for _, v := range values {
		c.Codes = append(c.Codes, Code{v, e.codes[v]})
		c.codes[v] = e.codes[v]
	}
	return &c
}

// parseRules reads lines such as "count CTT/01 PTD", perhaps "unconfirmed".
func (g *Guide) parseRules(lines []line) error {
	for _, l := range lines {
		id, at, found := strings.Cut(l.word(1), "/")
		if l.word(0) != "count" || !found || len(l.words) < 3 {
			return l.errorf("a rule is: count SEGMENT/ELEMENT SEGMENT")
		}
		r := countRule{tag: edi.TagOf(id), of: edi.TagOf(l.word(2)), unconfirmed: l.has(3, "unconfirmed")}
		if _, err := fmt.Sscanf(at, "%d", &r.element); err != nil {
			return l.errorf("%q is no element", at)
		}
		r.text = fmt.Sprintf("%s%02d counts the %s segments", id, r.element, l.word(2))
		g.rules = append(g.rules, r)
	}
	return nil
}

// Uses are all places of segments, in reading order.
func (g *Guide) Uses() []*Use {
	var all []*Use
	for i := range g.nodes {
		if u := g.nodes[i].use; u != nil {
			all = append(all, u)
		}
	}
	return all
}

// Use finds a place by its path, as PTD/QTY/LIN; nil if there is none. Where
// several places have the same path it is the first.
func (g *Guide) Use(path string) *Use {
	for i := range g.nodes {
		if u := g.nodes[i].use; u != nil && u.Path == path {
			return u
		}
	}
	return nil
}
