package guide

import (
	"errors"
	"fmt"

	"fondaco/edi"
)

// Guide describes one transaction set or message: which segments it has, in
// which order and loops, and what may stand in them. It does not change once
// read, and may be used by any number of validators at the same time.
type Guide struct {
	Name       string // x12/004010/867, edifact/d96a/ORDERS
	Standard   edi.Standard
	Version    string // 004010, D.96A
	Set        string // 867, ORDERS
	Group      string // PT, the functional group it travels in; of EDIFACT the agency, UN
	Title      string
	Base       *Guide // what this one restricts, nil for a guide of its own
	Dictionary *Dictionary

	root   *item
	nodes  []node
	rules  []rule
	scoped []int // of the rules, those that hold in each round of a loop
	table  table
	uses   []Use  // for places that are still to come, while the guide is read
	items  []item // likewise
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
	NotUsed     bool   // a partner's guide has no use for it
	Max         int    // in one round of the loop; 0 for no limit
	Qualifier   string // which values take this place, as in "01=ST|BY"; empty for any
	Unconfirmed bool
}

// Loop is a group of segments that repeats.
type Loop struct {
	ID          string // PTD, SG25
	Path        string // PTD/QTY
	Parent      *Loop
	Required    bool
	NotUsed     bool // a partner's guide has no use for it
	Max         int  // in one round of the parent; 0 for no limit
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
	index    int32
	required bool
	notUsed  bool
	narrow   bool // by a partner's guide
	max      uint32
	quals    []qualifier
	family   *family
	watches  []watch
}

// family are the places that a partner's guide has split one place into by
// their qualifiers; together they may not occur more often than that one.
type family struct {
	nodes []int
	max   uint32
}

// Parse reads a guide file, whose grammar is in the package's documentation.
func Parse(name, text string, d *Dictionary) (*Guide, error) {
	lines, err := splitLines(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return parse(name, lines, d)
}

func parse(name string, lines []line, d *Dictionary) (*Guide, error) {
	g := &Guide{Name: name, Dictionary: d}
	err := g.parse(lines)
	if err == nil {
		err = g.finish()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return g, nil
}

// finish turns what was read into tables.
func (g *Guide) finish() error {
	g.flatten()
	if len(g.nodes) > 1<<16-1 {
		return fmt.Errorf("a guide with %d places is too large", len(g.nodes))
	}
	g.compile()
	if err := g.bind(); err != nil {
		return err
	}
	g.warm()
	return nil
}

var errHeader = errors.New(`a guide begins with: guide x12 VERSION SET GROUP "Title"`)

// header reads: guide edifact D.96A ORDERS UN "Purchase order" [extends NAME].
func (g *Guide) header(lines []line) (base string, err error) {
	if len(lines) == 0 || lines[0].word(0) != "guide" {
		return "", errHeader
	}
	h := lines[0]
	switch {
	case len(h.words) == 8 && h.word(6) == "extends":
		base = h.word(7)
	case len(h.words) != 6:
		return "", errHeader
	}
	switch h.word(1) {
	case "x12":
		g.Standard = edi.X12
	case "edifact":
		g.Standard = edi.EDIFACT
	default:
		return "", h.errorf("%q is neither x12 nor edifact", h.word(1))
	}
	g.Version, g.Set, g.Group, g.Title = h.word(2), h.word(3), h.word(4), h.word(5)
	return base, nil
}

func (g *Guide) parse(lines []line) error {
	base, err := g.header(lines)
	if err != nil {
		return err
	}
	if base != "" {
		return lines[0].errorf("it extends %s, which has to be read first", base)
	}
	for lines = lines[1:]; len(lines) > 0; {
		l, below := lines[0], children(lines)
		switch l.word(0) {
		case "structure":
			g.root = &item{loop: true}
			err = g.structure(g.root, below)
			if err == nil {
				err = g.framed(l)
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
	if g.root == nil {
		return errors.New("the guide has no structure")
	}
	return nil
}

// framed makes sure that a structure stands between header and trailer.
func (g *Guide) framed(l line) error {
	first, last := "ST", "SE"
	if g.Standard == edi.EDIFACT {
		first, last = "UNH", "UNT"
		if len(g.root.children) > 0 && g.root.children[0].id == "UIH" {
			first, last = "UIH", "UIT"
		}
	}
	c := g.root.children
	if len(c) < 2 || c[0].id != first || c[len(c)-1].id != last || c[0].loop || c[len(c)-1].loop {
		return l.errorf("a structure begins with %s and ends with %s", first, last)
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
