package schema

import (
	"maps"
	"slices"
)

// Lifecycle is the course of a record as data: which states there are, which
// lead to which, and what may be edited meanwhile. The service enforces it,
// the API publishes it, and the screens read it.
type Lifecycle struct {
	Field       string // API name of the Enum field that holds the state
	Start       string // the state of a new record
	Transitions []Transition
	// Editable lists, by state, the API names of the fields that the owner may change. A state that is absent
	// allows all, one with an empty list none.
	Editable map[string][]string
}

// Transition is one allowed step.
type Transition struct {
	From   []string
	To     string
	Action string // the verb of the API, such as "submit"
}

// Step gives the transition that action makes from a state.
func (l *Lifecycle) Step(from, action string) (Transition, bool) {
	for _, t := range l.Transitions {
		if t.Action == action && slices.Contains(t.From, from) {
			return t, true
		}
	}
	return Transition{}, false
}

// Actions lists the verbs that are possible in a state.
func (l *Lifecycle) Actions(from string) []string {
	var list []string
	for _, t := range l.Transitions {
		if slices.Contains(t.From, from) {
			list = append(list, t.Action)
		}
	}
	return list
}

// states lists all states that the lifecycle names.
func (l *Lifecycle) states() []string {
	list := append(slices.Collect(maps.Keys(l.Editable)), l.Start)
	for _, t := range l.Transitions {
		list = append(append(list, t.From...), t.To)
	}
	return list
}

// MayEdit tells whether the owner may change the field in a state.
func (l *Lifecycle) MayEdit(state, field string) bool {
	list, bound := l.Editable[state]
	return !bound || slices.Contains(list, field)
}
