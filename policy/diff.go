package policy

import (
	"fmt"
	"slices"
	"strings"

	"fondaco/schema"
)

// Differences tells how two policies of one firm differ: all of it, question
// by question.
type Differences struct {
	// Asked is how many questions were put to both.
	Asked int `json:"asked"`
	// Cells are the differences in what roles, machines and firms without an agreement may do.
	Cells []CellDifference `json:"cells,omitempty"`
	// Terms are the differences in what agreements open.
	Terms []TermDifference `json:"terms,omitempty"`
}

// CellDifference is what a subject may do in one policy and not in the other.
type CellDifference struct {
	Subject string `json:"subject"` // as rules call it, such as role:SALES
	Kind    string `json:"kind"`
	Action  Action `json:"action"`
	// Gained and Lost have the fields by row scope, own first.
	Gained [rowScopes]schema.Mask `json:"gained"`
	Lost   [rowScopes]schema.Mask `json:"lost"`
	// Before and After are the rules that decide, each with its source.
	Before []string `json:"before,omitempty"`
	After  []string `json:"after,omitempty"`
}

// TermDifference is what an agreement opens of a kind in one policy and not
// in the other, in words.
type TermDifference struct {
	Agreement schema.ID `json:"agreement"`
	Name      string    `json:"name"`
	Kind      string    `json:"kind"`
	Action    Action    `json:"action"`
	Gained    []string  `json:"gained,omitempty"`
	Lost      []string  `json:"lost,omitempty"`
}

// Empty tells whether there is none.
func (d *Differences) Empty() bool { return len(d.Cells)+len(d.Terms) == 0 }

// Diff asks two policies of one firm every question that rules can answer:
// each role and machine, each kind, each action, each row scope; and what each
// agreement opens. Which people have which role, and which rows a filter
// keeps, it does not ask: partners can count those.
func Diff(before, after Rules) (*Differences, error) {
	a, err := Compile(before)
	if err != nil {
		return nil, fmt.Errorf("compare policies: the first: %w", err)
	}
	b, err := Compile(after)
	if err != nil {
		return nil, fmt.Errorf("compare policies: the second: %w", err)
	}
	d := &Differences{}
	for _, k := range schema.Kinds() {
		for _, action := range Actions() {
			d.cells(a, b, k, action)
			d.terms(a, b, k, action)
		}
	}
	return d, nil
}

func (d *Differences) cells(a, b *Snapshot, k *schema.Kind, action Action) {
	place := (k.Place*actionCount + actionPlace(action)) * subjectCount
	for subject := range subjectCount {
		if subject == placeMember { // nobody has it
			continue
		}
		d.Asked++
		was, is := a.cell(place+subject, k, action).alone, b.cell(place+subject, k, action).alone
		if was.Within == is.Within {
			continue
		}
		c := CellDifference{
			Subject: subjectNamed(subject, k), Kind: k.Name, Action: action,
			Before: strings.Split(was.Rule, "\n"), After: strings.Split(is.Rule, "\n"),
		}
		for r := range was.Within {
			c.Gained[r], c.Lost[r] = is.Within[r]&^was.Within[r], was.Within[r]&^is.Within[r]
		}
		d.Cells = append(d.Cells, c)
	}
}

func (d *Differences) terms(a, b *Snapshot, k *schema.Kind, action Action) {
	was, is := a.opens(k, action), b.opens(k, action)
	for _, g := range slices.Concat(a.agreements, b.agreements) {
		before, known := was[g.ID]
		after, also := is[g.ID]
		delete(was, g.ID)
		delete(is, g.ID)
		if !known && !also {
			continue
		}
		d.Asked++
		t := TermDifference{Agreement: g.ID, Name: g.Name, Kind: k.Name, Action: action, Gained: without(after, before), Lost: without(before, after)}
		if len(t.Gained)+len(t.Lost) > 0 {
			d.Terms = append(d.Terms, t)
		}
	}
}

func without(list, less []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(less, s) })
}

// opens tells what each agreement opens of a kind for an action, in words.
func (s *Snapshot) opens(k *schema.Kind, a Action) map[schema.ID][]string {
	all := map[schema.ID][]string{}
	for _, g := range s.agreements {
		for _, t := range g.terms {
			if v := g.verdict(t, a); t.kind == k && v.Allowed {
				all[g.ID] = append(all[g.ID], g.describe(t, v))
			}
		}
	}
	return all
}

// describe tells all that decides of a term.
func (a *agreement) describe(t *term, v Verdict) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, fields %s", t.level, strings.Join(FieldNames(t.kind, v.Mask), " "))
	if t.filter != nil {
		fmt.Fprintf(&b, ", where %s", t.filter)
	}
	if t.floor > 0 {
		fmt.Fprintf(&b, ", from %d", t.floor)
	}
	for _, key := range t.keys {
		fmt.Fprintf(&b, ", by %s", key.Name)
	}
	for _, team := range slices.Concat(a.Teams, t.teams) {
		fmt.Fprintf(&b, ", for team %s", team)
	}
	for _, w := range append(a.windows(), t.window) {
		if w != (window{}) {
			fmt.Fprintf(&b, ", from %s until %s", instant(w.from), instant(w.until))
		}
	}
	if t.reshare {
		b.WriteString(", can be passed on")
	}
	if a.source != nil {
		fmt.Fprintf(&b, ", as far as %q lets it be passed on: %v", a.source.Name, a.source.Terms)
	}
	return b.String()
}

// FieldNames lists the names of the fields of a kind that a mask has.
func FieldNames(k *schema.Kind, mask schema.Mask) []string {
	var names []string
	for _, f := range k.Fields {
		if mask.Has(f.Bit) {
			names = append(names, f.Name)
		}
	}
	return names
}

// String prints the differences, a line each: what is gained with +, what is
// lost with -.
func (d *Differences) String() string {
	var b strings.Builder
	for _, c := range d.Cells {
		k := schema.KindNamed(c.Kind)
		for r := range c.Gained {
			for sign, mask := range map[string]schema.Mask{"+": c.Gained[r], "-": c.Lost[r]} {
				if mask != 0 {
					fmt.Fprintf(&b, "%s %s %s %s %s: %s\n", sign, c.Subject, c.Action, c.Kind, RowScope(r), strings.Join(FieldNames(k, mask), " "))
				}
			}
		}
	}
	for _, t := range d.Terms {
		for sign, list := range map[string][]string{"+": t.Gained, "-": t.Lost} {
			for _, text := range list {
				fmt.Fprintf(&b, "%s agreement %q %s %s: %s\n", sign, t.Name, t.Action, t.Kind, text)
			}
		}
	}
	lines := strings.SplitAfter(b.String(), "\n")
	slices.SortStableFunc(lines, func(a, b string) int { return strings.Compare(strings.TrimLeft(a, "+- "), strings.TrimLeft(b, "+- ")) })
	return strings.Join(lines, "")
}
