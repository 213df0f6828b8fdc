package policy

import (
	"fmt"
	"slices"
	"strings"

	"fondaco/schema"
)

// Report tells what policy tests found.
type Report struct {
	// Ran is how many questions were asked.
	Ran int
	// Failures are those that were answered otherwise than expected.
	Failures []Failure
	// Lines and LinesHit tell how many rules there are, shipped and the firm's own, and how many of them spoke in some
	// answer; Silent lists the others.
	Lines, LinesHit int
	Silent          []string
	// Cells and CellsHit tell how many questions there are about one role, kind and action, and how many were asked.
	Cells, CellsHit int
}

// Failure is an answer that was not expected.
type Failure struct {
	File, Test string
	Asked      string // who, action and on what
	Got        string
	Invariant  bool
}

// String tells the failure in a line.
func (f Failure) String() string { return f.File + ": " + f.Test + ": " + f.Asked + ": " + f.Got }

// RunTests asks the questions of suites about a firm with rules of its own,
// which may be empty. A suite that cannot be set up is an error.
func RunTests(firm schema.FirmID, overrides string, suites ...*Suite) (*Report, error) {
	r := &runner{lines: map[string]bool{}, cells: map[string]bool{}}
	for _, suite := range suites {
		st, err := suite.stage(firm, overrides)
		if err != nil {
			return nil, fmt.Errorf("policy tests %s: %w", suite.File, err)
		}
		for _, l := range st.snap.lines() {
			if !r.lines[l.source] {
				r.lines[l.source] = false
			}
		}
		for i := range suite.Tests {
			r.run(st, &suite.Tests[i])
		}
	}
	return r.report(), nil
}

type runner struct {
	rep   Report
	lines map[string]bool // whether the rule spoke
	cells map[string]bool
}

func (r *runner) report() *Report {
	r.rep.Lines, r.rep.CellsHit = len(r.lines), len(r.cells)
	r.rep.Cells = placeMember * len(kindNames) * actionCount
	for source, hit := range r.lines {
		if hit {
			r.rep.LinesHit++
		} else {
			r.rep.Silent = append(r.rep.Silent, source)
		}
	}
	slices.Sort(r.rep.Silent)
	return &r.rep
}

// run asks the questions of one test: each person about each action and each
// kind or row.
func (r *runner) run(s *stage, t *SuiteTest) {
	for _, p := range s.principals(t) {
		for _, a := range spreadWords(t.May, actionNames, t.Not) {
			for _, on := range spreadWords(t.On, kindNames, t.Not) {
				r.rep.Ran++
				if got := s.ask(t, &p, Action(a), on); got != "" {
					r.rep.Failures = append(r.rep.Failures, Failure{
						File: s.File, Test: t.Name, Asked: fmt.Sprintf("%s %s %s", whoIs(&p), a, on), Got: got, Invariant: s.Invariant,
					})
				}
				r.cover(s, &p, Action(a), on)
			}
		}
	}
}

func spreadWords(words, all, not []string) []string {
	if !slices.Contains(words, every) {
		return words
	}
	return slices.DeleteFunc(slices.Clone(all), func(word string) bool { return slices.Contains(not, word) })
}

func whoIs(p *Principal) string {
	if len(p.Roles) > 0 {
		return strings.Join(texts(p.Roles), "+")
	}
	return string(p.Actor)
}

// ask gives "" for an answer as expected, else what was answered.
func (s *stage) ask(t *SuiteTest, p *Principal, a Action, on string) string {
	var mask schema.Mask
	var allowed bool
	var paths []string
	k := schema.KindNamed(on)
	if e := s.rows[on]; e != nil {
		k = schema.KindOf(e)
		v := s.snap.View(*p, k, a, s.At)
		mask, allowed = v.Match(e, s.parent, s.grants)
		for i := range v.Paths {
			if v.MatchOne(&v.Paths[i], e, s.parent, s.grants) {
				paths = append(paths, v.Paths[i].Type.String())
			}
		}
	} else {
		v := s.snap.Decide(*p, k, a)
		mask, allowed = v.Mask, v.Allowed
	}
	switch {
	case allowed != (t.Expect == effectAllow):
		return map[bool]string{true: "is allowed", false: "is denied"}[allowed]
	case t.Path != "" && !slices.Contains(paths, t.Path):
		return fmt.Sprintf("is reached by %v, want %s", paths, t.Path)
	}
	return wrongFields(t, k, mask)
}

func wrongFields(t *SuiteTest, k *schema.Kind, mask schema.Mask) string {
	for shown, names := range map[bool][]string{true: t.Sees, false: t.Hides} {
		for _, name := range names {
			f := k.FieldNamed(name)
			if f == nil {
				return fmt.Sprintf("%s has no field %q", k, name)
			}
			if mask.Has(f.Bit) != shown {
				return fmt.Sprintf("field %s is shown: %v, want %v", name, !shown, shown)
			}
		}
	}
	return ""
}

func (s *stage) parent(_ *schema.Kind, id schema.ID) (schema.Entity, bool) {
	e, ok := s.byID[id]
	return e, ok
}

func (s *stage) grants(agreement, id schema.ID) bool { return s.granted[[2]schema.ID{agreement, id}] }

// cover notes which rules spoke, and which cells of the matrix were asked.
func (r *runner) cover(s *stage, p *Principal, a Action, on string) {
	k := schema.KindNamed(on)
	if e := s.rows[on]; e != nil {
		k = schema.KindOf(e)
	}
	subjects := []string{addressed, childPrefix + k.Name}
	for _, role := range append(texts(p.Roles), map[ActorKind]string{ActorEDI: roleEDI, ActorSystem: roleSystem}[p.Actor]) {
		if role != "" {
			r.cells[role+"/"+k.Name+"/"+string(a)] = true
			subjects = append(subjects, s.snap.firm.inherited(rolePrefix+role)...)
		}
	}
	if s.rows[on] == nil {
		subjects = subjects[2:] // rules between firms speak about rows
	}
	for _, l := range s.snap.firm.concerning(subjects, topic{k, a}) {
		r.lines[l.source] = true
	}
}
