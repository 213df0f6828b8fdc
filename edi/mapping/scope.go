package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"fondaco/edi/guide"
	"fondaco/schema"
)

// compiled is what a map has ready for speed: its places as small numbers.
type compiled struct {
	all []*rule // by number; all[0] is the record
	// loops are, for each place in the guide, the loops around it, the outermost first.
	loops [][]*guide.Loop
	// treeOf are the trees by the place of the segment that begins a round.
	treeOf []*tree
	// twice tells that a count stands before what it counts.
	twice bool
	// counters is how many tags are counted, hashes how many hash totals are made.
	counters, hashes int
	// habits is how many courses of reading depend on what a segment says, and trails
	// how many loops have rounds that can be printed at once.
	habits, trails int
	// read tells, by the place in the guide, whether a rule looks at a segment.
	read []bool
	// pathOf are, by the place in the guide, the numbers of the paths of segments.
	pathOf   []uint16
	doubtful bool      // nothing is certain of what is written by the map
	keeps    bool      // its records have to be kept until they are written
	sales    *reading  // of sales reports, where their words are
	tapes    sync.Pool // of *tape, used before
	drafts   sync.Pool // of *draft, used before
}

// tape gives one for a record of the map.
func (m *Map) tape() *tape {
	t, ok := m.tapes.Get().(*tape)
	if !ok {
		t = new(tape)
	}
	t.begin(m)
	return t
}

// scope is a rule with rules below it, as reading needs it.
type scope struct {
	size  int      // of rules
	keys  []key    // their names
	byUse []uint16 // for a place in the guide, where in steps its list is
	steps [][]step // what is read from a segment
	// programs are steps, one for each of them, ready to be followed, and follows
	// are those for a place in the guide, nil for none.
	programs []program
	follows  []*program
	// begun are the loops inside that a segment may begin, by its place.
	begun [][]*rule
	// trails are the numbers of the ways that rounds go, from 1, by the place of the
	// segment that begins them; zero where all rounds are taken one by one.
	trails []int32
	inner  []*rule  // the loops, in order
	flags  []*place // conditions that make numbers negative, here or in loops inside
	writer
}

// step is one thing to be done with a segment: to read a value, or to see
// whether a condition holds.
type step struct {
	rule *rule
	flag int
	at   *place
}

// compile numbers all rules and fills the tables.
func (m *Map) compile() error {
	m.loops = make([][]*guide.Loop, 1)
	for _, u := range m.Guide.Uses() {
		for len(m.loops) <= u.Index {
			m.loops = append(m.loops, nil)
		}
		for l := u.Loop; l != nil; l = l.Parent {
			m.loops[u.Index] = append(m.loops[u.Index], l)
		}
		slices.Reverse(m.loops[u.Index])
	}
	m.treeOf = make([]*tree, len(m.loops))
	for _, u := range m.Guide.Uses() {
		if u.Starts {
			m.treeOf[u.Index] = m.trees[u.ID]
		}
	}
	m.top.rules = m.rules
	m.all = append(m.all, m.top)
	if err := m.compileScope(m.top, nil); err != nil {
		return err
	}
	m.read = make([]bool, len(m.loops))
	for _, r := range m.all {
		if r.scope != nil {
			m.compilePrograms(r)
			m.compileRounds(r)
		}
	}
	m.compileFlows()
	m.compileCertain()
	if err := m.compileCounters(); err != nil {
		return err
	}
	m.compileHashes()
	m.compileStreams()
	if m.Target == schema.SalesReports.Name {
		m.sales = readingOf(m.top, reportNames, "")
	}
	return nil
}

func (m *Map) compileScope(r *rule, around []*rule) error {
	r.scope = &scope{size: len(r.rules), byUse: make([]uint16, len(m.loops)), steps: [][]step{nil}}
	around = append(around, r)
	for i, sub := range r.rules {
		sub.number, sub.slot = len(m.all), i
		sub.key = append(strconv.AppendQuote(make([]byte, 0, chunk), sub.name), ':')
		k := keyOfName(sub.key)
		if sub.loop == nil && !sub.list {
			k.leading()
		}
		r.keys = append(r.keys, k)
		m.all = append(m.all, sub)
		if sub.loop != nil {
			if err := r.exclusive(sub); err != nil {
				return err
			}
			r.inner = append(r.inner, sub)
			if err := m.compileScope(sub, around); err != nil {
				return err
			}
			continue
		}
		_, isText := sub.convert.(asText)
		_, isDecimal := sub.convert.(asDecimal)
		sub.text, sub.verbatim = isText, isText && len(sub.negative) == 0
		sub.decimal, sub.figure = isDecimal, isDecimal && len(sub.negative) == 0
		sub.simple = (isText || isDecimal) && !sub.list
		if err := r.defaulted(sub); err != nil {
			return err
		}
		m.addStep(r, step{rule: sub, at: &sub.place})
		for j := range sub.negative {
			if err := m.addFlag(&sub.negative[j], around); err != nil {
				return err
			}
		}
	}
	return m.compileWriter(r)
}

// compileRounds tells which of the loops inside a segment may begin.
func (m *Map) compileRounds(r *rule) {
	r.begun, r.trails = make([][]*rule, len(r.byUse)), make([]int32, len(r.byUse))
	for _, u := range m.Guide.Uses() {
		m.read[u.Index] = m.read[u.Index] || r.byUse[u.Index] != 0
		if !u.Starts {
			continue
		}
		for _, sub := range r.inner {
			if sub.loop.Path == u.Loop.Path {
				r.begun[u.Index] = append(r.begun[u.Index], sub)
			}
		}
		if len(r.begun[u.Index]) > 0 && !m.hasTree(u.Loop) {
			m.trails++
			r.trails[u.Index] = int32(m.trails)
		}
	}
}

// hasTree tells whether rounds in a loop may name others to which they belong.
func (m *Map) hasTree(l *guide.Loop) bool {
	for u, tr := range m.treeOf {
		if tr != nil && slices.Contains(m.loops[u], l) {
			return true
		}
	}
	return false
}

// defaulted notes the constant that stands where a record does not state the
// value.
func (r *rule) defaulted(sub *rule) error {
	for _, c := range r.constants {
		if sub.place.pairs != nil || c.place.path != sub.place.path || c.place.cell != sub.place.cell {
			continue
		}
		v, err := sub.convert.decode(nil, []byte(c.value))
		if err != nil {
			return fmt.Errorf("%s: %w", sub.name, err)
		}
		sub.dflt = string(v)
	}
	return nil
}

// exclusive refuses two loops of which one round could be both.
func (r *rule) exclusive(sub *rule) error {
	for _, other := range r.inner {
		if other.loop.Path == sub.loop.Path && len(other.place.conditions) == 0 {
			return fmt.Errorf("%s: %q takes all rounds of %s; nothing is left for %q", r.name, other.name, sub.loop.Path, sub.name)
		}
	}
	return nil
}

func (m *Map) addStep(r *rule, s step) {
	for _, u := range m.Guide.Uses() {
		if u.Path != s.at.path {
			continue
		}
		if r.byUse[u.Index] == 0 {
			r.byUse[u.Index] = uint16(len(r.steps))
			r.steps = append(r.steps, nil)
		}
		list := &r.steps[r.byUse[u.Index]]
		*list = append(*list, s)
	}
}

// addFlag lets the scope that has a condition's segment watch for it.
func (m *Map) addFlag(p *place, around []*rule) error {
	if p.tag == "" {
		return nil
	}
	owner := p.owner(around)
	p.flag = len(owner.flags)
	if p.flag == 32 {
		return fmt.Errorf("more than 32 conditions watch %s", owner.name)
	}
	owner.flags = append(owner.flags, p)
	m.addStep(owner, step{flag: p.flag + 1, at: p})
	return nil
}

// owner is the scope around that has the place's segment.
func (p *place) owner(around []*rule) *rule {
	for i := len(around) - 1; i > 0; i-- {
		if around[i].loop == p.use.Loop || p.use.Loop != nil && around[i].loop.Path == p.use.Loop.Path {
			return around[i]
		}
	}
	return around[0]
}
