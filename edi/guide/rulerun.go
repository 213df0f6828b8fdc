package guide

import "fondaco/edi"

// ruleRun is how the rules of a guide stand within a transaction.
type ruleRun struct {
	active bool
	states []ruleState
	trees  []*tree // by rule, kept from one transaction to the next
}

type ruleState struct {
	sum       fixed // of a count or limit too, in units
	products  int   // summed, each of which may have been rounded
	hash      HashTotal
	terms     int  // seen of a sum
	lost      bool // a value could not be read or is too large: the total says nothing
	vague     bool // the sum of what is hashed could not be made
	said      fixed
	told      bool // the target has come, and said holds
	open      bool // within a round of the rule's loop
	when      bool
	then      bool
	whenPlace spot
	thenPlace spot // and that of the target
	tree      *tree
}

// spot remembers where something stands until the end of the transaction.
type spot struct {
	node, segment int
	at            edi.Position
	length        int
	value         [20]byte
	size          int
	rounds        [maxRounds]uint32 // of the loops around it, from the inside
}

// maxRounds is how many loops around a place are remembered.
const maxRounds = 10

func (r *ruleRun) start(g *Guide) {
	r.active = len(g.rules) > 0
	r.states = r.states[:0]
	for i := range g.rules {
		r.states = append(r.states, ruleState{})
		if g.rules[i].kind == treeRule {
			if i >= len(r.trees) {
				r.trees = append(r.trees, make([]*tree, i+1-len(r.trees))...)
			}
			if r.trees[i] == nil {
				r.trees[i] = new(tree)
			}
			r.trees[i].clear()
			r.states[i].tree = r.trees[i]
		}
	}
}

// observe tells the rules about a segment in its place.
func (v *Validator) observe(s *edi.Segment, n int, watches []watch) {
	g := v.walk.g
	for _, i := range g.scoped {
		v.scope(i, g.rules[i].scope, n)
	}
	for i := range watches {
		w := &watches[i]
		r, st := &g.rules[w.rule], &v.rules.states[w.rule]
		switch w.role {
		case asTarget:
			if v.meant(s, &r.target, w) {
				v.target(s, int(w.rule), r, st)
			}
		case asTerm:
			if t := &r.terms[w.term]; !st.lost && v.meant(s, &t.ref, w) {
				v.term(s, r, st, t, w)
			}
		case asUnless:
			st.lost = st.lost || v.holds(s, &r.unless[w.term], w)
		case asWhen:
			if !st.when && r.when.holds(s) {
				st.when, st.whenPlace = true, v.spot(s, &r.when)
			}
		case asThen:
			if !st.then && r.then.holds(s) {
				st.then, st.thenPlace = true, v.spot(s, &r.then)
			}
		case asTree:
			v.branch(s, r, st)
		case asUnit:
			if r.target.holds(s) {
				v.unit = append(v.unit[:0], s.Component(r.target.element, r.target.component)...)
				v.unitOf = &r.target
			}
		}
	}
}

// meant tells whether a segment has the qualifiers of the reference watched.
func (v *Validator) meant(s *edi.Segment, r *ref, w *watch) bool {
	m := &w.mark
	if m.size == 0 {
		return r.means(s)
	}
	if v.seps == 0 || m.component > 1 {
		return v.piece(s, int(m.element), int(m.component)).is(m.word, int(m.size))
	}
	text, ends := s.Layout()
	if int(m.element) >= len(ends) {
		return false
	}
	from, size := int(ends[m.element-1])+1, int(m.size)
	ended := v.seps >> uint(from) & (2<<uint(size) - 1)
	return ended == 1<<uint(size) && piece{text, from, from + size}.is(m.word, size)
}

// holds tells whether a segment is what the reference watched means.
func (v *Validator) holds(s *edi.Segment, r *ref, w *watch) bool {
	if r.element == 0 || len(r.values) > 0 || w.mark.size > 0 {
		return r.holds(s)
	}
	p := v.piece(s, r.element, r.component)
	return p.from < p.to && r.means(s)
}

// scope ends the round of a rule's loop when the walk leaves it or begins
// another.
func (v *Validator) scope(i, scope, n int) {
	st := &v.rules.states[i]
	inside := n > scope && n < v.walk.g.nodes[scope].last
	if st.open && (!inside || n == scope+1) {
		v.settle(i)
		if st.tree != nil {
			st.tree.clear()
		}
		*st = ruleState{tree: st.tree}
	}
	st.open = inside
}

// branch checks a node of a tree: its number is new, and that of its parent has
// come before.
func (v *Validator) branch(s *edi.Segment, r *rule, st *ruleState) {
	number := s.Component(r.target.element, r.target.component)
	up := s.Component(r.then.element, r.then.component)
	if len(number) > len(treeID{}) || len(up) > len(treeID{}) {
		return // too long, which is told elsewhere
	}
	if len(up) > 0 && !st.tree.has(up) {
		v.treeFinding(s, r, "transaction.tree-parent", &r.then, up)
	}
	if len(number) > 0 && st.tree.has(number) {
		v.treeFinding(s, r, "transaction.tree-duplicate", &r.target, number)
		return
	}
	st.tree.add(number)
}

func (v *Validator) treeFinding(s *edi.Segment, r *rule, id string, of *ref, value []byte) {
	f := v.breach(id)
	f.Path.Element, f.Value, f.Rule, f.Unconfirmed = of.element, text(value), r.text, r.unconfirmed
	v.Add(v.about(f), s)
}

func (v *Validator) spot(s *edi.Segment, r *ref) spot {
	p := spot{node: v.node, segment: v.ts.Segments, at: s.Position(), length: len(s.Body())}
	if r.element > 0 {
		value := s.Component(r.element, r.component)
		p.at, p.length = s.ElementPosition(r.element), len(s.Element(r.element))
		p.size = copy(p.value[:], value)
	}
	i := 0
	for n := v.walk.g.nodes[v.node].parent; n > 0 && i < maxRounds; n = v.walk.g.nodes[n].parent {
		p.rounds[i] = v.walk.counts[n]
		i++
	}
	return p
}

// settleAll judges the rules at the end of a transaction.
func (v *Validator) settleAll() {
	if v.unguided || !v.rules.active {
		return
	}
	for i := range v.rules.states {
		if v.walk.g.rules[i].scope == 0 || v.rules.states[i].open {
			v.settle(i)
		}
	}
	v.rules.active = false
}

// settle judges one rule.
func (v *Validator) settle(i int) {
	r, st := &v.walk.g.rules[i], &v.rules.states[i]
	switch r.kind {
	case conditionRule:
		v.condition(r, st)
	case countRule, sumRule, hashRule:
		if st.told && !st.lost {
			v.judgeTotal(r, st)
		}
	case limitRule, treeRule, unitRule:
	}
}

func (s *Segment) element(r *ref) *Element {
	if r.element < 1 || r.element > len(s.Fields) {
		return nil
	}
	f := &s.Fields[r.element-1]
	if f.Composite == nil {
		return f.Element
	}
	if r.component < 1 || r.component > len(f.Composite.Fields) {
		return nil
	}
	return f.Composite.Fields[r.component-1].Element
}

func (v *Validator) condition(r *rule, st *ruleState) {
	if !st.when || st.then == !r.not {
		return
	}
	if r.not {
		f := v.breach("transaction.exclusion")
		f.Value, f.Trigger = string(st.thenPlace.value[:st.thenPlace.size]), v.trigger(&st.whenPlace, &r.when)
		v.addRule(f, r, &st.thenPlace, &r.then)
		return
	}
	f := v.breach("transaction.condition")
	f.Expected, f.Trigger = r.then.text, v.trigger(&st.whenPlace, &r.when)
	v.addRule(f, r, &st.whenPlace, &r.when)
}

// trigger says what has made a condition apply.
func (v *Validator) trigger(at *spot, of *ref) *edi.Trigger {
	u := v.walk.g.nodes[at.node].use
	t := &edi.Trigger{Tag: u.ID, Segment: at.segment, Element: of.element}
	if u.Loop != nil {
		t.LoopID = u.Loop.ID
	}
	if of.component > 1 {
		t.Component = of.component
	}
	if e := u.Segment.element(of); e != nil {
		t.DataElement = e.Number
	}
	return t
}

// addRule adds a finding about a segment that has passed.
func (v *Validator) addRule(f edi.Finding, r *rule, at *spot, of *ref) {
	g := v.walk.g
	u := g.nodes[at.node].use
	f.Rule, f.Unconfirmed, f.Guide = r.text, r.unconfirmed, g.Name
	f.Position, f.Length = at.at, at.length
	f.Path.Tag, f.Path.Segment, f.Name = u.ID, at.segment, u.Segment.Name
	f.Path.Loop = v.walk.loopPathAt(at.node, at.rounds[:])
	if u.Loop != nil {
		f.LoopID = u.Loop.ID
	}
	if f.Path.Element = of.element; of.component > 1 {
		f.Path.Component = of.component
	}
	if e := u.Segment.element(of); e != nil {
		f.DataElement, f.Name = e.Number, e.Name
	}
	v.Add(f, nil)
}
