package guide

import (
	"slices"
	"strconv"
	"strings"

	"fondaco/edi"
)

// rule is a line of the rules of a guide: what has to hold across segments.
type rule struct {
	kind        ruleKind
	text        string
	unconfirmed bool
	target      ref    // of a count, sum or hash: the element that says it
	terms       []term // what is counted or summed; of a limit, what is limited
	unless      []ref  // one of these makes a count, sum or hash say nothing
	when, then  ref    // of a condition
	not         bool   // then must not be there
	limit       int
	within      string // path of the loop in each round of which it holds
	scope       int    // that loop's node, 0 for the whole transaction
}

type ruleKind uint8

const (
	countRule ruleKind = iota
	sumRule
	hashRule
	conditionRule
	limitRule
	treeRule
	unitRule // names the business document or line that findings are about
)

// ref names a segment, an element, or an element with certain values.
type ref struct {
	text               string
	path               string // TAG, or a whole path with slashes
	quals              []qualifier
	element, component int // 0 for the segment
	values             []string
	other              bool // any value but these
}

// term is one part of a sum.
type term struct {
	ref
	times int // another element of the same segment to multiply with, 0 for none
	minus bool
}

// parseRules reads the lines of a guide's rules.
func (g *Guide) parseRules(lines []line) error {
	for _, l := range lines {
		r := rule{text: strings.Join(l.words, " ")}
		words := l.words
		if n := len(words) - 1; n > 0 && words[n] == "unconfirmed" {
			r.unconfirmed, words = true, words[:n]
			r.text = strings.TrimSuffix(r.text, " unconfirmed")
		}
		if words[0] == "within" && len(words) > 2 {
			r.within, words = words[1], words[2:]
		}
		if !r.parse(words) {
			return l.errorf("a rule is one of: count EL SEG; sum EL EL[*EL] [+|- EL]...; hash EL EL; if EL[=V|V] then [not] SEG|EL; limit SEG N; tree ID PARENT; unit EL; perhaps after: within LOOP; the first three perhaps before: unless SEG|EL [or SEG|EL]...")
		}
		g.rules = append(g.rules, r)
	}
	return nil
}

func (r *rule) parse(words []string) bool {
	switch words[0] {
	case "count", "sum", "hash":
		return r.total(words)
	case "tree":
		r.kind = treeRule
		return len(words) == 3 && r.target.parse(words[1]) && r.then.parse(words[2]) &&
			r.target.element > 0 && r.then.element > 0 && r.then.path == r.target.path
	case "unit":
		r.kind = unitRule
		return len(words) == 2 && r.target.parse(words[1]) && r.target.element > 0
	case "limit":
		r.kind = limitRule
		if len(words) != 3 || !r.add(words[1], false) {
			return false
		}
		n, err := strconv.Atoi(words[2])
		r.limit = n
		return err == nil && n > 0
	case "if":
		r.kind = conditionRule
		if len(words) < 4 || words[2] != "then" || !r.when.parse(words[1]) {
			return false
		}
		words = words[3:]
		if words[0] == "not" {
			r.not, words = true, words[1:]
		}
		return len(words) == 1 && r.then.parse(words[0])
	}
	return false
}

// total reads a count, a sum or a hash, with what makes it say nothing behind
// it: unless IT1/05!=PE or CTP.
func (r *rule) total(words []string) bool {
	if at := slices.Index(words, "unless"); at > 0 {
		for i, w := range words[at+1:] {
			if i%2 == 1 {
				if w != "or" {
					return false
				}
				continue
			}
			var f ref
			if !f.parse(w) {
				return false
			}
			r.unless = append(r.unless, f)
		}
		if len(words[at+1:])%2 == 0 {
			return false
		}
		words = words[:at]
	}
	if len(words) < 3 || !r.target.parse(words[1]) || r.target.element == 0 {
		return false
	}
	switch words[0] {
	case "count":
		r.kind = countRule
		return len(words) == 3 && r.add(words[2], false)
	case "hash":
		r.kind = hashRule
		return len(words) == 3 && r.add(words[2], false) && r.terms[0].element > 0 && r.terms[0].times == 0
	}
	r.kind = sumRule
	return r.sum(words[2:])
}

// sum reads: IT1/02*04 + SAC[01=C]/05 - SAC[01=A]/05.
func (r *rule) sum(words []string) bool {
	minus := false
	for i, w := range words {
		if i%2 == 1 {
			minus = w == "-"
			if !minus && w != "+" {
				return false
			}
			continue
		}
		if !r.add(w, minus) || r.terms[len(r.terms)-1].element == 0 {
			return false
		}
	}
	return len(words)%2 == 1
}

func (r *rule) add(word string, minus bool) bool {
	t := term{minus: minus}
	if at, by, found := strings.Cut(word, "*"); found {
		n, _, ok := parsePlace(by)
		if !ok {
			return false
		}
		t.times, word = n, at
	}
	r.terms = append(r.terms, t)
	return r.terms[len(r.terms)-1].parse(word)
}

// parse reads TAG[quals], PATH/TAG, either with /03 or /03-1 and =V|V or !=V|V
// behind.
func (r *ref) parse(s string) bool {
	r.text = s
	head, inside := s, ""
	if i := strings.IndexByte(s, '['); i >= 0 {
		end := strings.IndexByte(s, ']')
		if end < i {
			return false
		}
		var err error
		if _, r.quals, err = parseQualifiers(s[i : end+1]); err != nil {
			return false
		}
		head, inside = s[:i], s[end+1:]
	}
	s, values, equals := strings.Cut(head+inside, "=")
	if equals {
		r.values = strings.Split(values, "|")
		s, r.other = strings.CutSuffix(s, "!")
	}
	r.path = s
	if i := strings.LastIndexByte(s, '/'); i >= 0 {
		if e, c, ok := parsePlace(s[i+1:]); ok {
			r.path, r.element, r.component = s[:i], e, c
		}
	}
	return r.path != "" && (!equals || r.element > 0)
}

// names tells whether the reference can mean a place. The path of a loop means
// its first segment.
func (r *ref) names(u *Use) bool {
	if strings.IndexByte(r.path, '/') < 0 && u.Loop != nil {
		return r.path == u.ID
	}
	return r.path == u.Path || u.Starts && u.Loop.Path == r.path
}

// holds tells whether a segment is what the reference means.
func (r *ref) holds(s *edi.Segment) bool {
	if !r.means(s) {
		return false
	}
	if r.element == 0 {
		return true
	}
	v := s.Component(r.element, r.component)
	if len(v) == 0 || len(r.values) == 0 {
		return len(v) > 0
	}
	return oneOf(v, r.values) != r.other
}

// means tells whether a segment has the qualifiers of the reference.
func (r *ref) means(s *edi.Segment) bool {
	for i := range r.quals {
		if !r.quals[i].matches(s) {
			return false
		}
	}
	return true
}

// watch says that a place matters to a rule.
type watch struct {
	rule    uint16
	term    uint16
	role    role
	implied uint8 // decimals of what is counted or summed there
	factor  uint8 // and of what it is multiplied with
	mark    mark
}

// mark is the one qualifier of a reference whose only value fits into a word, as
// that of most references is. Its size is zero for any other reference.
type mark struct {
	word                     uint64
	element, component, size uint8
}

// mark is that of the reference.
func (r *ref) mark() mark {
	if len(r.quals) != 1 || len(r.quals[0].values) != 1 {
		return mark{}
	}
	q := &r.quals[0]
	value := q.values[0]
	w, ok := packCode(value)
	if !ok || q.element > maxFields || q.component > maxFields {
		return mark{}
	}
	return mark{w, uint8(q.element), uint8(q.component), uint8(len(value))}
}

type role uint8

const (
	asTarget role = iota
	asTerm
	asWhen
	asThen
	asTree
	asUnit
	asUnless
)

// hierarchy is a rule that the HL segment of X12 brings with it.
const hierarchy = "tree HL/01 HL/02"

// bind finds the places that each rule is about.
func (g *Guide) bind() error {
	if g.Standard == edi.X12 && g.Base == nil && g.table.index(edi.TagOf("HL")) >= 0 {
		r := rule{text: hierarchy}
		r.parse(strings.Fields(hierarchy))
		g.rules = append(g.rules, r)
	}
	for i := range g.rules {
		r := &g.rules[i]
		if r.within != "" {
			for n := range g.nodes {
				if lp := g.nodes[n].loop; lp != nil && lp.Path == r.within && r.scope == 0 {
					r.scope = n
				}
			}
			if r.scope == 0 {
				return r.errorf("there is no loop " + r.within)
			}
			g.scoped = append(g.scoped, i)
		}
		if err := g.bindRule(i, r); err != nil {
			return err
		}
	}
	return nil
}

func (g *Guide) bindRule(i int, r *rule) error {
	var err error
	note := func(f *ref, w watch) {
		w.rule = uint16(i)
		if !g.watch(f, w) && err == nil {
			err = r.errorf("there is no place " + f.path)
		}
	}
	if r.kind == conditionRule {
		note(&r.when, watch{role: asWhen})
		note(&r.then, watch{role: asThen})
		return err
	}
	if r.kind == treeRule || r.kind == unitRule {
		note(&r.target, watch{role: map[ruleKind]role{treeRule: asTree, unitRule: asUnit}[r.kind]})
		return err
	}
	if r.kind != limitRule {
		note(&r.target, watch{role: asTarget})
	}
	for t := range r.terms {
		note(&r.terms[t].ref, watch{role: asTerm, term: uint16(t)})
	}
	for u := range r.unless {
		note(&r.unless[u], watch{role: asUnless, term: uint16(u)})
	}
	return err
}

func (r *rule) errorf(what string) error { return &RuleError{Rule: r.text, What: what} }

// RuleError says that a rule of a guide speaks of what the guide does not have.
type RuleError struct{ Rule, What string }

// Error names the rule.
func (e *RuleError) Error() string { return "rule \"" + e.Rule + "\": " + e.What }

func (g *Guide) watch(f *ref, w watch) bool {
	found := false
	for n := range g.nodes {
		if u := g.nodes[n].use; u != nil && f.names(u) {
			w.implied, w.mark = decimals(u.Segment, f.element), f.mark()
			if w.role == asTerm {
				w.factor = decimals(u.Segment, g.rules[w.rule].terms[w.term].times)
			}
			g.nodes[n].watches = append(g.nodes[n].watches, w)
			found = true
		}
	}
	return found
}
