package mapping

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"fondaco/edi/guide"
)

// cell is an element, or with a component a part of it.
type cell struct{ element, component int }

// compare orders cells as they stand in a segment.
func (c cell) compare(o cell) int {
	return cmp.Or(cmp.Compare(c.element, o.element), cmp.Compare(c.component, o.component))
}

// place says where a value stands within a round of a loop: the segment, the
// values that choose it among its equals, and the element.
type place struct {
	tag        string
	conditions []condition
	cell
	pairs *pairs
	// spread tells that values stand in several elements of the segment, from the
	// cell's on: every step-th up to last.
	spread struct{ last, step int }
	path   string     // of the segment in the guide
	use    *guide.Use // the first with that path
	holds  func(*segment) bool
	flag   int // of a condition, among those of its scope
}

// pairs are elements in which values stand beside their qualifiers.
type pairs struct {
	last       int      // the last element that can hold a value
	step       int      // from one value to the next
	qualifier  cell     // relative to the value's element: {-1, 0} for the element before, {0, 2} for its second component
	qualifiers []string // the preferred one first
	packed     []uint64
	first      []byte // of qualifiers
	// Where the pairs of several rules are one list: to which of them a
	// qualifier belongs, and its rank there.
	of    []uint8
	ranks []int32
}

// at is where the qualifier of the value in element n stands.
func (p *pairs) at(n int) cell { return cell{n + p.qualifier.element, p.qualifier.component} }

// condition holds for a segment with one of the values in a cell.
type condition struct {
	cell
	values []string
	packed []uint64 // values, each by pack
}

// pack gives a short text as one number, 0 for one that is too long for that.
func pack[T string | []byte](s T) uint64 {
	if len(s) > 7 {
		return 0
	}
	v := uint64(len(s)) << 56
	for i := range len(s) {
		v |= uint64(s[i]) << (8 * i)
	}
	return v
}

func packAll(list []string) []uint64 {
	packed := make([]uint64, len(list))
	for i, s := range list {
		packed[i] = pack(s)
	}
	return packed
}

func (c *condition) rank(s *segment) int {
	for i, v := range c.values {
		if s.text(c.element, c.component) == v {
			return i
		}
	}
	return -1
}

// parsePlace reads LIN/01, UIT/01-1, REF[01=ZZ,03="DEAL REGISTRATION"]/02,
// LIN/02..31{VP|MG} and PIA[01=5]/02..06-1{-2=SA|MF}.
func parsePlace(word string) (place, error) {
	head, element, found := cutOutside(word, '/')
	if !found {
		return place{}, fmt.Errorf("%q names no element, such as BPT/02", word)
	}
	p, err := parseSegment(head)
	if err != nil {
		return p, err
	}
	if span, step, spread := strings.Cut(element, "+"); spread {
		if err := p.parseSpread(span, step); err != nil {
			return p, fmt.Errorf("%q is no row of elements, such as SDQ/03..21+2: %w", word, err)
		}
		return p, nil
	}
	if rest, quals, several := strings.Cut(element, "{"); several {
		if err := p.parsePairs(rest, quals); err != nil {
			return p, fmt.Errorf("%q is no list of pairs, such as LIN/02..31{VP} or PIA/02..06-1{-2=SA}: %w", word, err)
		}
		return p, nil
	}
	p.cell, err = parseCell(element)
	return p, err
}

var errPairs = errors.New("it does not add up")

func (p *place) parsePairs(span, quals string) error {
	first, last, ok := strings.Cut(span, "..")
	quals, closed := strings.CutSuffix(quals, "}")
	if !ok || !closed {
		return errPairs
	}
	begin, err := number(first)
	if err != nil {
		return err
	}
	end, err := parseCell(last)
	if err != nil {
		return err
	}
	p.pairs = &pairs{last: end.element}
	if beside, list, composed := strings.Cut(quals, "="); composed {
		c, err := number(strings.TrimPrefix(beside, "-"))
		if err != nil || end.component == 0 || end.element < begin {
			return errPairs
		}
		p.cell = cell{begin, end.component}
		p.pairs.step, p.pairs.qualifier, p.pairs.qualifiers = 1, cell{0, c}, strings.Split(list, "|")
		p.pairs.finish()
		return nil
	}
	if end.component > 0 || end.element <= begin || (end.element-begin)%2 == 0 {
		return errPairs
	}
	p.cell = cell{begin + 1, 0}
	p.pairs.step, p.pairs.qualifier, p.pairs.qualifiers = 2, cell{-1, 0}, strings.Split(quals, "|")
	p.pairs.finish()
	return nil
}

func (p *place) parseSpread(span, step string) error {
	first, last, ok := strings.Cut(span, "..")
	begin, err := number(first)
	end, err2 := number(last)
	n, err3 := number(step)
	if err := errors.Join(err, err2, err3); err != nil || !ok || end <= begin || (end-begin)%n != 0 {
		return cmp.Or(err, errPairs)
	}
	p.cell = cell{begin, 0}
	p.spread.last, p.spread.step = end, n
	return nil
}

// row are the elements in which values of a place stand side by side.
func (p *place) row() iter.Seq[int] {
	return func(yield func(int) bool) {
		for n := p.element; n <= p.spread.last && yield(n); n += p.spread.step {
		}
	}
}

func (p *pairs) finish() { p.first, p.packed = roomy([]byte(p.qualifiers[0])), packAll(p.qualifiers) }

// parseSegment reads REF, REF[01=IV|DI] and RFF[01-1=ON].
func parseSegment(word string) (place, error) {
	tag, rest, found := strings.Cut(word, "[")
	p := place{tag: tag}
	if !found {
		return p, nil
	}
	rest, closed := strings.CutSuffix(rest, "]")
	if !closed {
		return p, fmt.Errorf("%q lacks its closing bracket", word)
	}
	for rest != "" {
		var one string
		one, rest, _ = cutOutside(rest, ',')
		c, err := parseCondition(one)
		if err != nil {
			return p, err
		}
		p.conditions = append(p.conditions, c)
	}
	return p, nil
}

// parseCondition reads 01=IV|DI, 01-1=ON and 03="DEAL REGISTRATION".
func parseCondition(s string) (condition, error) {
	element, values, found := strings.Cut(s, "=")
	at, err := parseCell(element)
	if !found || err != nil {
		return condition{}, fmt.Errorf("%q is no condition, such as 01=IV", s)
	}
	c := condition{cell: at}
	for v := range strings.SplitSeq(values, "|") {
		c.values = append(c.values, unquote(v))
	}
	c.packed = packAll(c.values)
	return c, nil
}

// cutOutside cuts s at the first sep outside of quotes.
func cutOutside(s string, sep byte) (before, after string, found bool) {
	quoted := false
	for i := range len(s) {
		if s[i] == '"' {
			quoted = !quoted
		}
		if s[i] == sep && !quoted {
			return s[:i], s[i+1:], true
		}
	}
	return s, "", false
}

// parseCell reads 02 and 02-1.
func parseCell(s string) (cell, error) {
	element, component, composed := strings.Cut(s, "-")
	n, err := number(element)
	if err != nil || !composed {
		return cell{element: n}, err
	}
	c, err := number(component)
	return cell{n, c}, err
}

func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 99 {
		return 0, fmt.Errorf("%q is no number of an element", s)
	}
	return n, nil
}

// resolve finds the place in the guide: it must exist there. The scope is the
// path of the loop in which it is.
func (p *place) resolve(g *guide.Guide, scope string) error {
	p.path = join(scope, p.tag)
	if p.use = g.Use(p.path); p.use == nil {
		return fmt.Errorf("%s has no segment %s", g.Name, p.path)
	}
	return p.check()
}

// resolveLoop finds the loop that begins with the place's segment, or that is
// named so: several loops of a message may begin with the same segment.
func (p *place) resolveLoop(g *guide.Guide, scope string, tree bool) error {
	var found *guide.Use
	for _, u := range g.Uses() {
		if !u.Starts || p.tag != u.ID && p.tag != u.Loop.ID {
			continue
		}
		above := ""
		if u.Loop.Parent != nil {
			above = u.Loop.Parent.Path
		}
		if above != scope && (!tree || u.Loop.Path != scope) {
			continue
		}
		if found != nil && found.Loop.Path != u.Loop.Path {
			return fmt.Errorf("%s and %s both begin with %s; name the loop", found.Loop.Path, u.Loop.Path, p.tag)
		}
		if found == nil {
			found = u
		}
	}
	if found == nil {
		return fmt.Errorf("%s has no loop %s", g.Name, join(scope, p.tag))
	}
	p.use, p.tag, p.path = found, found.ID, found.Path
	return p.check()
}

// check tells whether the segment has the elements that the place names.
func (p *place) check() error {
	p.holds = func(s *segment) bool { return p.value(s) > 0 }
	cells := []cell{p.cell}
	if p.pairs != nil {
		cells = append(cells, cell{p.pairs.last, p.component}, p.pairs.at(p.element))
	}
	if p.spread.last > 0 {
		cells = append(cells, cell{p.spread.last, 0})
	}
	for _, c := range p.conditions {
		cells = append(cells, c.cell)
	}
	for _, c := range cells {
		n := len(p.use.Segment.Fields)
		if c.element > n && !p.use.Segment.Open {
			return fmt.Errorf("%s has %d elements, not %d", p.tag, n, c.element)
		}
		// A simple element is its own first component: other versions may have a composite there.
		if c.component > 1 && c.element <= n && p.use.Segment.Fields[c.element-1].Composite == nil {
			return fmt.Errorf("%s%02d has no components", p.tag, c.element)
		}
	}
	return nil
}

func join(scope, tag string) string {
	if scope == "" {
		return tag
	}
	return scope + "/" + tag
}

// rank tells how well a segment fits: 0 best, -1 not at all.
func (p *place) rank(s *segment) int {
	rank := 0
	for i := range p.conditions {
		r := p.conditions[i].rank(s)
		if r < 0 {
			return -1
		}
		if i == 0 {
			rank = r
		}
	}
	return rank
}

// matches are the segments of a round that fit, in their order.
func (p *place) matches(r *round) []*segment {
	var list []*segment
	for _, it := range r.items {
		if p.fits(it.seg) && p.rank(it.seg) >= 0 {
			list = append(list, it.seg)
		}
	}
	return list
}

// best is the preferred segment of a round, among those in which holds says
// yes; nil if there is none.
func (p *place) best(r *round, holds func(*segment) bool) *segment {
	var found *segment
	at := 0
	for _, it := range r.items {
		if !p.fits(it.seg) {
			continue
		}
		if rank := p.rank(it.seg); rank >= 0 && (found == nil || rank < at) && holds(it.seg) {
			found, at = it.seg, rank
		}
	}
	return found
}

// fits tells whether a segment stands in this place of the guide, whatever is
// in it.
func (p *place) fits(s *segment) bool {
	return s != nil && s.use != nil && (s.use == p.use || s.use.Path == p.path)
}

func always(*segment) bool { return true }

// value is the element in which the value stands, 0 if there is none: of pairs
// the one beside the preferred qualifier that is there.
func (p *place) value(s *segment) int {
	if p.spread.last > 0 {
		for n := range p.row() {
			if s.has(n, 0) {
				return n
			}
		}
		return 0
	}
	if p.pairs == nil {
		if s.has(p.element, p.component) {
			return p.element
		}
		return 0
	}
	for _, q := range p.pairs.qualifiers {
		for n := p.element; n <= p.pairs.last; n += p.pairs.step {
			at := p.pairs.at(n)
			if s.text(at.element, at.component) == q && s.has(n, p.component) {
				return n
			}
		}
	}
	return 0
}
