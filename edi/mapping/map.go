package mapping

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fondaco/edi/guide"
)

// Map says which element of a transaction set is which field of a canonical
// record. It never changes and may be used by many at once.
type Map struct {
	Name   string // x12/004010/867
	Target string // the record: SalesReport
	Guide  *guide.Guide

	codes  map[string]*codes
	shapes map[string]*line
	trees  map[string]*tree // by the tag that begins a loop
	top    *rule
	rules  []*rule // of top
	sums   []*computed
	given  []given
	compiled
}

// given is a value that follows from the set itself: an 850 is an order.
type given struct{ name, value string }

// tree says in which elements the rounds of a loop name themselves and the
// round to which they belong, as HL01 and HL02 do. The record nests them; in
// the document they follow one another.
type tree struct {
	id, parent int
	children   int // the element that tells whether others belong to it; 0 for none
}

// rule is one line of a record: a value or a loop of values.
type rule struct {
	name    string
	list    bool
	place   place // of a loop, its first segment
	convert converter
	// negative are the conditions under which a number is negative.
	negative []place
	loop     *guide.Loop
	tree     *tree
	flat     bool // its values are fields of the record around it
	flows    bool // its rounds can be written as they come
	streams  bool // the same the other way: segments, while its entries are read
	turn     int  // when it is written in its scope: the part, and of several loops which
	rules    []*rule
	dflt     string // what is written where a record says nothing: the constant of the same element
	number   int    // of all rules, from 1
	slot     int    // in its scope
	key      []byte // "name":
	*scope
	// constants are written into a segment when it is made in this scope.
	constants []constant
	// verbatim values are texts that stand in the record as in the document.
	verbatim bool
	figure   bool // it is a number, and never negative by a condition
	decimal  bool // it is a number
	text     bool // it is no more than text
	simple   bool // one text or number
}

type constant struct {
	place place
	value string
	with  cell // it stands only beside a value there; zero if always
}

// computed is an element of the whole transaction that is made up on writing.
type computed struct {
	place place
	count string   // the tag of the segments that are counted
	sum   []string // the names on the way to the numbers that are added
	hash  *hashing // the element of which a hash total is made

	counter int     // of count, among those of the map
	steps   []*rule // of sum, the rules with those names
	// beside are the sums in the loop that begins with this count: without it they cannot stand there.
	beside []*computed
}

// Parse reads a map file for a guide.
func Parse(name, text string, g *guide.Guide) (*Map, error) {
	lines, err := readLines(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m := &Map{Name: name, Guide: g, codes: map[string]*codes{}, shapes: map[string]*line{}, trees: map[string]*tree{}}
	if err := m.parse(lines); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := m.compile(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

func (m *Map) parse(lines []*line) error {
	if len(lines) == 0 || lines[0].word(0) != "map" || len(lines[0].words) != 5 {
		return errors.New("a map begins with: map x12 VERSION SET RECORD")
	}
	if head := lines[0]; !slices.Contains(strings.Split(head.word(2), "|"), m.Guide.Version) || head.word(3) != m.Guide.Set {
		return head.errorf("the guide is for %s %s", m.Guide.Version, m.Guide.Set)
	}
	m.Target = lines[0].word(4)
	for _, l := range lines[1:] {
		switch l.word(0) {
		case "codes":
			t, err := parseCodes(l)
			if err != nil {
				return err
			}
			m.codes[l.word(1)] = t
		case "shape":
			m.shapes[l.word(1)] = l
		case "given":
			if len(l.words) != 3 {
				return l.errorf("want: given FIELD VALUE")
			}
			m.given = append(m.given, given{l.word(1), l.word(2)})
		case "tree":
			if err := m.parseTree(l); err != nil {
				return l.errorf("%v", err)
			}
		case "record":
			top := &rule{}
			if err := m.parseRules(top, "", l.below); err != nil {
				return err
			}
			m.rules = append(m.rules, top)
		default:
			return l.errorf("%q is none of given, codes, shape, tree, record", l.word(0))
		}
	}
	if len(m.rules) != 1 {
		return fmt.Errorf("a map has one record, not %d", len(m.rules))
	}
	m.top, m.rules = m.rules[0], m.rules[0].rules
	return nil
}

// parseTree reads: tree HL 01 02 04.
func (m *Map) parseTree(l *line) error {
	if len(l.words) != 4 && len(l.words) != 5 {
		return errors.New("want: tree SEGMENT ID PARENT, perhaps with the element that tells of children")
	}
	t, numbers := &tree{}, []int{0, 0, 0}
	for i, w := range l.words[2:] {
		var err error
		if numbers[i], err = number(w); err != nil {
			return err
		}
	}
	t.id, t.parent, t.children = numbers[0], numbers[1], numbers[2]
	m.trees[l.word(1)] = t
	return nil
}

// parseRules reads the lines of one scope into r.
func (m *Map) parseRules(r *rule, scope string, lines []*line) error {
	for _, l := range lines {
		var err error
		switch {
		case l.word(0) == "loop":
			err = m.parseLoop(r, scope, l)
		case l.word(1) == "->":
			err = m.parseValue(r, scope, l)
		case l.word(1) == "=":
			err = m.parseWritten(r, scope, l)
		default:
			err = errors.New("a line is PLACE -> NAME, loop PLACE -> NAME, or PLACE = VALUE")
		}
		if err != nil {
			return l.errorf("%v", err)
		}
	}
	return nil
}

// add names a field of a scope, once.
func (r *rule) add(sub *rule, word string) error {
	sub.name, sub.list = strings.CutSuffix(word, "[]")
	if !small(sub.name) {
		return fmt.Errorf("%q is no name of a field", word)
	}
	if slices.ContainsFunc(r.rules, func(other *rule) bool { return other.name == sub.name }) {
		return fmt.Errorf("%q has two places", sub.name)
	}
	r.rules = append(r.rules, sub)
	return nil
}

func (m *Map) parseValue(r *rule, scope string, l *line) error {
	p, err := parsePlace(l.word(0))
	if err != nil {
		return err
	}
	if err := p.resolve(m.Guide, scope); err != nil {
		return err
	}
	sub := &rule{place: p}
	rest := l.words[min(3, len(l.words)):]
	convert, n, err := m.parseConverter(rest)
	if err != nil {
		return err
	}
	sub.convert = convert
	if rest = rest[n:]; len(rest) > 0 {
		if sub.negative, err = m.parseNegative(rest, scope); err != nil {
			return err
		}
	}
	if err := r.add(sub, l.word(2)); err != nil {
		return err
	}
	if p.spread.last > 0 && (!sub.list || len(sub.negative) > 0) {
		return errors.New("a row of elements is a list of values, none of which is negative by a condition")
	}
	return nil
}

// parseNegative reads: negative 01=76 PTD/01=BN|RP. A condition without a
// segment is about the value's own.
func (m *Map) parseNegative(words []string, scope string) ([]place, error) {
	if words[0] != "negative" || len(words) < 2 {
		return nil, fmt.Errorf("%q is not understood; want negative CONDITION", words[0])
	}
	var list []place
	for _, w := range words[1:] {
		var p place
		tag, text, other := strings.Cut(w, "/")
		if !other {
			text = w
		}
		c, err := parseCondition(text)
		if err != nil {
			return nil, err
		}
		p.conditions = []condition{c}
		if other {
			p.tag = tag
			if err := m.outwards(&p, scope); err != nil {
				return nil, err
			}
		}
		list = append(list, p)
	}
	return list, nil
}

// outwards finds a segment in the nearest scope that has it.
func (m *Map) outwards(p *place, scope string) error {
	for {
		if p.resolve(m.Guide, scope) == nil {
			return nil
		}
		if scope == "" {
			return fmt.Errorf("no loop around it has a segment %s", p.tag)
		}
		scope = scope[:max(strings.LastIndexByte(scope, '/'), 0)]
	}
}

func (m *Map) parseLoop(r *rule, scope string, l *line) error {
	if l.word(2) != "->" || len(l.words) < 4 {
		return errors.New("want: loop PLACE -> NAME")
	}
	p, err := parseSegment(l.word(1))
	if err != nil {
		return err
	}
	if err := p.resolveLoop(m.Guide, scope, m.trees[p.tag] != nil); err != nil {
		return err
	}
	inner := p.use.Loop.Path
	sub := &rule{place: p, loop: p.use.Loop, tree: m.trees[p.tag]}
	for _, name := range l.words[4:] {
		if name == "flat" {
			sub.flat = true
			continue
		}
		shape := m.shapes[name]
		if shape == nil {
			return fmt.Errorf("no shape above is named %q", name)
		}
		if err := m.parseRules(sub, inner, shape.below); err != nil {
			return err
		}
	}
	if err := m.parseRules(sub, inner, l.below); err != nil {
		return err
	}
	return r.add(sub, l.word(3))
}

// parseWritten reads what is only written: constants, counts and sums.
func (m *Map) parseWritten(r *rule, scope string, l *line) error {
	word, what := l.word(0), l.word(2)
	computes := what == "count" || what == "sum" || what == "hash"
	if computes && (scope != "" || len(l.words) != 4) {
		return errors.New("a count, a sum or a hash total is of the whole transaction: CTT/01 = count LIN")
	}
	if parts := strings.Split(word, "/"); computes && len(parts) > 2 { // the loop in which it stands: CTT/CTT/01
		scope, word = strings.Join(parts[:len(parts)-2], "/"), strings.Join(parts[len(parts)-2:], "/")
	}
	p, err := parsePlace(word)
	if err != nil {
		return err
	}
	if err := p.resolve(m.Guide, scope); err != nil {
		return err
	}
	switch {
	case computes:
		c := &computed{place: p}
		switch what {
		case "count":
			c.count = l.word(3)
		case "sum":
			c.sum = strings.Split(l.word(3), "/")
		case "hash":
			if c.hash, err = m.parseHash(l.word(3), &p); err != nil {
				return err
			}
		}
		m.sums = append(m.sums, c)
		return nil
	case what == "" || len(l.words) != 3 && (len(l.words) != 5 || l.word(3) != "for"):
		return errors.New("want: PLACE = VALUE, perhaps with: for ELEMENT")
	}
	c := constant{place: p, value: unquote(what)}
	if len(l.words) == 5 {
		if c.with, err = parseCell(l.word(4)); err != nil {
			return err
		}
	}
	r.constants = append(r.constants, c)
	return nil
}
