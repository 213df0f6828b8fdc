package mapping

import (
	"fmt"
	"strconv"
	"strings"

	"fondaco/edi/guide"
)

// place says where a value stands within a round of a loop: the segment, the
// values that choose it among its equals, and the element.
type place struct {
	tag        string
	conditions []condition
	element    int
	component  int      // 0 for a simple element
	last       int      // of pairs, the last element that can hold a value; 0 otherwise
	qualifiers []string // of pairs, the preferred one first
	path       string   // of the segment in the guide
	use        *guide.Use
	holds      func(*segment) bool // tells whether a segment has the value
}

// condition holds for a segment with one of the values in an element.
type condition struct {
	element int
	values  []string
}

func (c *condition) rank(s *segment) int {
	for i, v := range c.values {
		if s.is(c.element, v) {
			return i
		}
	}
	return -1
}

// parsePlace reads LIN/01, UIT/01-1, REF[01=ZZ,03="DEAL REGISTRATION"]/02 and
// LIN/02..31{VP|MG}.
func parsePlace(word string) (place, error) {
	head, element, found := cutOutside(word, '/')
	if !found {
		return place{}, fmt.Errorf("%q names no element, such as BPT/02", word)
	}
	p, err := parseSegment(head)
	if err != nil {
		return p, err
	}
	if rest, quals, pairs := strings.Cut(element, "{"); pairs {
		first, last, ok := strings.Cut(rest, "..")
		p.qualifiers = strings.Split(strings.TrimSuffix(quals, "}"), "|")
		if p.element, err = number(first); err == nil {
			p.last, err = number(last)
		}
		if !ok || err != nil || !strings.HasSuffix(quals, "}") || p.last <= p.element || (p.last-p.element)%2 == 0 {
			return p, fmt.Errorf("%q is no list of pairs, such as LIN/02..31{VP}", word)
		}
		return p, nil
	}
	element, component, composed := strings.Cut(element, "-")
	if p.element, err = number(element); err != nil {
		return p, err
	}
	if composed {
		p.component, err = number(component)
	}
	return p, err
}

// parseSegment reads REF and REF[01=IV|DI].
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

// parseCondition reads 01=IV|DI and 03="DEAL REGISTRATION".
func parseCondition(s string) (condition, error) {
	element, values, found := strings.Cut(s, "=")
	n, err := number(element)
	if !found || err != nil {
		return condition{}, fmt.Errorf("%q is no condition, such as 01=IV", s)
	}
	c := condition{element: n}
	for v := range strings.SplitSeq(values, "|") {
		c.values = append(c.values, unquote(v))
	}
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

func number(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 99 {
		return 0, fmt.Errorf("%q is no number of an element", s)
	}
	return n, nil
}

// resolve finds the place in the guide: it must exist there.
func (p *place) resolve(g *guide.Guide, scope string) error {
	p.path = join(scope, p.tag)
	if p.use = g.Use(p.path); p.use == nil {
		return fmt.Errorf("%s has no segment %s", g.Name, p.path)
	}
	p.holds = func(s *segment) bool { return p.value(s) > 0 }
	highest := max(p.element, p.last)
	for _, c := range p.conditions {
		highest = max(highest, c.element)
	}
	if n := len(p.use.Segment.Fields); highest > n && !p.use.Segment.Open {
		return fmt.Errorf("%s has %d elements, not %d", p.tag, n, highest)
	}
	if p.component > 0 && p.element <= len(p.use.Segment.Fields) && p.use.Segment.Fields[p.element-1].Composite == nil {
		return fmt.Errorf("%s%02d has no components", p.tag, p.element)
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
// the one behind the preferred qualifier that is there.
func (p *place) value(s *segment) int {
	if p.last == 0 {
		if s.has(p.element, p.component) {
			return p.element
		}
		return 0
	}
	for _, q := range p.qualifiers {
		for n := p.element; n < p.last; n += 2 {
			if s.is(n, q) && s.has(n+1, 0) {
				return n + 1
			}
		}
	}
	return 0
}
