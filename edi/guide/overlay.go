package guide

import (
	"fmt"
	"slices"

	"fondaco/edi"
)

// ParseOverlay reads a guide that restricts base, as partners give them to one
// another: what it forbids, requires or narrows. Whatever base does not allow
// is an error that says where the guide widens it.
func ParseOverlay(name, text string, base *Guide) (*Guide, error) {
	lines, err := splitLines(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return overlay(name, lines, base)
}

func overlay(name string, lines []line, base *Guide) (*Guide, error) {
	g := &Guide{Name: name, Base: base, Dictionary: base.Dictionary}
	err := g.overlay(lines)
	if err == nil {
		err = g.finish()
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return g, nil
}

func (g *Guide) overlay(lines []line) error {
	base, err := g.header(lines)
	if err != nil {
		return err
	}
	if base != g.Base.Name || g.Set != g.Base.Set || g.Standard != g.Base.Standard {
		return lines[0].errorf("it extends %q, set %s, where the base is %s, set %s", base, g.Set, g.Base.Name, g.Base.Set)
	}
	if g.Standard == edi.X12 && g.Group != g.Base.Group {
		return lines[0].errorf("set %s travels in groups %s, not %s", g.Set, g.Base.Group, g.Group)
	}
	g.root, g.rules = g.Base.root.clone(), slices.Clone(g.Base.rules)
	for lines = lines[1:]; len(lines) > 0; {
		l, below := lines[0], children(lines)
		switch l.word(0) {
		case "restrict":
			err = g.narrow(below)
		case "rules":
			err = g.parseRules(below)
		default:
			err = l.errorf("%q is none of restrict, rules, which are what a guide that extends another has", l.word(0))
		}
		if err != nil {
			return err
		}
		lines = lines[1+len(below):]
	}
	return nil
}

// narrow reads the lines below "restrict".
func (g *Guide) narrow(lines []line) error {
	owed := map[*item]line{} // required places that were split
	for len(lines) > 0 {
		l, below := lines[0], children(lines)
		it, err := g.find(l, owed)
		if err != nil {
			return err
		}
		if err = it.narrowTo(l); err != nil {
			return err
		}
		if h := it.head(); len(below) > 0 {
			if h.seg, err = g.restrict(h.seg, below, true); err != nil {
				return err
			}
		}
		lines = lines[1+len(below):]
	}
	return paid(g.root, owed)
}

// find follows a path such as PO1/N1[01=ST]/N4, splitting places whose
// qualifiers are new.
func (g *Guide) find(l line, owed map[*item]line) (*item, error) {
	at := g.root
	for _, step := range splitPath(l.word(0)) {
		id, quals, err := parseQualifiers(step)
		if err != nil {
			return nil, l.errorf("%v", err)
		}
		next := at.child(id, quals)
		if next == nil && len(quals) > 0 {
			if whole := at.child(id, nil); whole != nil {
				if next, err = at.splitOff(l, whole, quals, owed); err != nil {
					return nil, err
				}
			}
		}
		if next == nil {
			return nil, l.errorf("%s has no place %s", g.Base.Name, l.word(0))
		}
		at = next
	}
	return at, nil
}

// splitPath cuts at the slashes that stand outside of brackets.
func splitPath(s string) []string {
	var steps []string
	inside, from := false, 0
	for i := range len(s) {
		switch s[i] {
		case '[':
			inside = true
		case ']':
			inside = false
		case '/':
			if !inside {
				steps, from = append(steps, s[from:i]), i+1
			}
		}
	}
	return append(steps, s[from:])
}

// child finds a place or loop with exactly these qualifiers.
func (it *item) child(id string, quals []qualifier) *item {
	for _, c := range it.children {
		if c.id != id && (!c.loop || c.head().id != id) {
			continue
		}
		if slices.EqualFunc(c.head().quals, quals, func(a, b qualifier) bool { return a.equal(&b) }) {
			return c
		}
	}
	return nil
}

// splitOff makes a place of its own for some values of a qualifier, before the
// place that all others still have. Together they may not occur more often than
// that one could, and if it was required, one of them has to be.
func (it *item) splitOff(l line, whole *item, quals []qualifier, owed map[*item]line) (*item, error) {
	for i := range quals {
		if err := quals[i].fits(l, whole.head().seg); err != nil {
			return nil, err
		}
	}
	if whole.split == nil {
		whole.split = &item{usage: whole.usage, max: whole.max}
		if whole.usage == Required {
			owed[whole.split] = l
			whole.usage = Optional
		}
	}
	part := whole.clone()
	part.head().quals, part.narrow = quals, true
	at := slices.Index(it.children, whole)
	it.children = slices.Insert(it.children, at, part)
	return part, nil
}

func (q *qualifier) fits(l line, s *Segment) error {
	e := s.element(&ref{element: q.element, component: q.component})
	if e == nil {
		return l.errorf("%s has no element %s to qualify by", s.ID, place(q.element, q.component))
	}
	for _, v := range q.values {
		if e.Closed && !e.codes.has([]byte(v)) {
			return l.errorf("code %s widens the base, which has only: %s", v, join(e.values()))
		}
	}
	return nil
}

// narrowTo reads what follows the path: [M|O|N] [max N] [unconfirmed].
func (it *item) narrowTo(l line) error {
	for i := 1; i < len(l.words); i++ {
		switch w := l.word(i); w {
		case "unconfirmed":
			it.unconfirmed = true
		case "max":
			n, err := l.integer(i + 1)
			if err != nil {
				return err
			}
			if n < 1 || it.max > 0 && n > it.max {
				return l.errorf("max %d widens the base, where %s may stand %d times", n, l.word(0), it.max)
			}
			it.max, i = n, i+1
		default:
			u, err := parseUsage(w)
			if err != nil {
				return l.errorf("%v, nor max, unconfirmed", err)
			}
			if u != it.usage && it.usage != Optional {
				return l.errorf("%s widens the base, where %s is %s", w, l.word(0), it.usage)
			}
			it.narrow = it.narrow || u != it.usage
			it.usage = u
		}
	}
	return nil
}

// paid makes sure that what was required before it was split still is.
func paid(root *item, owed map[*item]line) error {
	root.pay(owed)
	for _, l := range owed {
		return l.errorf("%s widens the base, where the place is required: one of its qualified places has to be M", l.word(0))
	}
	return nil
}

func (it *item) pay(owed map[*item]line) {
	for _, c := range it.children {
		if c.split != nil && c.usage == Required {
			delete(owed, c.split)
		}
		c.pay(owed)
	}
}
