package mapping

import "strings"

// compileFlows finds the lists whose rounds can be written while others of the
// same list are still to come: all that the record has before such a list is
// known when its first round begins.
func (m *Map) compileFlows() {
	for _, r := range m.all {
		if r.scope == nil {
			continue
		}
		for i, l := range r.rules {
			l.flows = l.list && l.loop != nil && m.flows(r, i)
		}
	}
}

func (m *Map) flows(scope *rule, at int) bool {
	l := scope.rules[at]
	first, _ := m.span(l)
	for _, x := range scope.rules[:at] {
		_, last := m.span(x)
		switch {
		case l.tree != nil && scope.tree != nil && x.tree == nil:
			// what a round of a tree says itself comes before the rounds that belong to it
		case l.tree != nil && x.tree != nil:
			// a round that comes too late is found when it comes
		case last >= first:
			return false
		}
	}
	return m.signsKnown(l, first, l)
}

// signsKnown tells whether no number inside of a list waits for a condition
// that stands outside of it and may come later.
func (m *Map) signsKnown(l *rule, first int, at *rule) bool {
	for _, sub := range at.rules {
		if sub.loop != nil {
			if !m.signsKnown(l, first, sub) {
				return false
			}
			continue
		}
		for i := range sub.negative {
			p := &sub.negative[i]
			if p.tag == "" || l.tree != nil || within(p.path, l.loop.Path) {
				continue
			}
			if _, last := m.spanOf(func(path string) bool { return path == p.path }); last >= first {
				return false
			}
		}
	}
	return true
}

// span gives the first and the last place in the guide that a rule reads.
func (m *Map) span(r *rule) (first, last int) {
	if r.loop == nil {
		return m.spanOf(func(path string) bool { return path == r.place.path })
	}
	return m.spanOf(func(path string) bool { return within(path, r.loop.Path) })
}

func (m *Map) spanOf(is func(path string) bool) (first, last int) {
	for _, u := range m.Guide.Uses() {
		if !is(u.Path) {
			continue
		}
		if first == 0 {
			first = u.Index
		}
		last = u.Index
	}
	return first, last
}

func within(path, loop string) bool { return strings.HasPrefix(path, loop+"/") || path == loop }
