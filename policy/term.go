package policy

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync/atomic"

	"fondaco/schema"
)

// A term opens records of one kind.
type term struct {
	number  int // from 1
	kind    *schema.Kind
	level   schema.ShareLevel
	filter  *Filter // with level FILTER; with COUNTS and OVERLAP nil for all
	keys    []*schema.Field
	floor   int64
	teams   []schema.Ref[schema.Team]
	window  window
	reshare bool
	subject string
	memo    []atomic.Pointer[cell] // by action
}

// scopeOf is the word of the rules for a level; level HIDDEN has no rules.
var scopeOf = map[schema.ShareLevel]string{
	schema.ShareCounts: scopeCounts, schema.ShareOverlap: scopeOverlap,
	schema.ShareAll: scopeAll, schema.ShareFilter: scopeFilter,
	schema.ShareGranted: scopeGranted, schema.ShareChildren: scopeChildren,
}

// The limits of a term.
const (
	minFloor = 5 // fewer could be told apart by who knows some of them
	maxFloor = 1_000_000
	maxTeams = 50
	maxKeys  = 10
)

// reads tells whether the level lets rows be read, one by one.
func (t *term) reads() bool {
	switch t.level {
	case schema.ShareAll, schema.ShareFilter, schema.ShareGranted, schema.ShareChildren:
		return true
	case schema.ShareHidden, schema.ShareCounts, schema.ShareOverlap:
	}
	return false
}

// CheckTerms tells what is wrong with the terms of a sharing agreement, before
// they are offered. The first mistake is named with the number of its term.
func CheckTerms(terms []schema.SharingTerm) error {
	if len(terms) == 0 || len(terms) > maxTerms {
		return fmt.Errorf("has %d terms: state 1 to %d", len(terms), maxTerms)
	}
	for i, t := range terms {
		if _, _, err := compileTerm(schema.ID{}, schema.FirmID{}, i+1, t); err != nil {
			return err
		}
	}
	return nil
}

// compileTerm turns a term into the rules that say the same, and reads them
// by the strict loader.
func compileTerm(id schema.ID, owner schema.FirmID, n int, t schema.SharingTerm) (*term, []line, error) {
	kind := schema.KindNamed(t.Kind)
	if err := checkTerm(kind, &t); err != nil {
		return nil, nil, fmt.Errorf("term %d: %w", n, err)
	}
	c := &term{
		number: n, kind: kind, level: t.Level, floor: t.Floor, reshare: t.Reshare,
		memo:    make([]atomic.Pointer[cell], actionCount),
		subject: agreementPrefix + id.String() + "/" + strconv.Itoa(n),
	}
	for _, team := range t.Teams {
		c.teams = append(c.teams, schema.Ref[schema.Team](team))
	}
	var err error
	if c.keys, err = overlapKeys(kind, t.Keys); err != nil {
		return nil, nil, fmt.Errorf("term %d: %w", n, err)
	}
	if len(t.Filter) > 0 {
		if c.filter, err = ParseShareFilter(kind, t.Filter); err != nil {
			return nil, nil, fmt.Errorf("term %d: filter: %w", n, err)
		}
	}
	lines, err := c.lines(owner, &t)
	if err != nil {
		return nil, nil, fmt.Errorf("term %d: %w", n, err)
	}
	return c, lines, nil
}

// checkTerm holds a term against what its level can have.
func checkTerm(kind *schema.Kind, t *schema.SharingTerm) error {
	known := slices.Contains(schema.ShareLevel("").Values(), string(t.Level))
	only := func(level schema.ShareLevel) bool { return t.Level == level }
	switch {
	case kind == nil:
		return fmt.Errorf("kind %q is not known: name a kind of this version", t.Kind)
	case kind.Private:
		return fmt.Errorf("kind %s is private: it cannot be shared, take the term out", kind)
	case !known:
		return fmt.Errorf("level %q is not known: write HIDDEN, COUNTS, OVERLAP, FILTER, GRANTED, CHILDREN or ALL", t.Level)
	case only(schema.ShareHidden):
		return checkHidden(t)
	case only(schema.ShareChildren) && kind.Parent == nil:
		return fmt.Errorf("kind %s belongs to no other record: CHILDREN opens nothing, write ALL, FILTER or GRANTED", kind)
	case only(schema.ShareFilter) && len(t.Filter) == 0, len(t.Filter) > 0 && !slices.Contains(
		[]schema.ShareLevel{schema.ShareFilter, schema.ShareCounts, schema.ShareOverlap}, t.Level):
		return errors.New("a filter goes with level FILTER, COUNTS or OVERLAP, and level FILTER with a filter")
	case !slices.Contains(t.Actions, string(Read)):
		return fmt.Errorf("the actions %q lack read: nobody can work with what it does not see", t.Actions)
	case only(schema.ShareCounts) != (t.Floor != 0), t.Floor != 0 && (t.Floor < minFloor || t.Floor > maxFloor):
		return fmt.Errorf("a floor, of %d to %d, goes with level COUNTS, and level COUNTS with a floor", minFloor, maxFloor)
	case only(schema.ShareOverlap) != (len(t.Keys) > 0):
		return errors.New("keys go with level OVERLAP, and level OVERLAP with keys")
	case only(schema.ShareOverlap) && len(t.Classes)+len(t.FieldSets) > 0:
		return errors.New("level OVERLAP shows no fields: take classes and fieldSets out")
	case (only(schema.ShareCounts) || only(schema.ShareOverlap)) && (len(t.Actions) > 1 || t.Reshare):
		return fmt.Errorf("level %s has the action read alone, and cannot be passed on", t.Level)
	}
	return checkTeams(t.Teams)
}

func checkHidden(t *schema.SharingTerm) error {
	if len(t.Filter)+len(t.Actions)+len(t.Classes)+len(t.FieldSets)+len(t.Teams)+len(t.Keys) > 0 || t.Floor != 0 || t.Reshare {
		return errors.New("level HIDDEN opens nothing: state the kind alone")
	}
	return nil
}

func checkTeams(teams []schema.ID) error {
	if len(teams) > maxTeams {
		return fmt.Errorf("has %d teams: name %d at most, or none for all people of the other firm", len(teams), maxTeams)
	}
	for i, team := range teams {
		if team.IsZero() || slices.Contains(teams[:i], team) {
			return fmt.Errorf("team %s stands twice or is none: name each team once, by its id", team)
		}
	}
	return nil
}

// overlapKeys reads the fields by which records of two firms are found to be
// one: texts that every reader of the record may know, compared byte by byte.
func overlapKeys(k *schema.Kind, names []string) ([]*schema.Field, error) {
	if len(names) > maxKeys {
		return nil, fmt.Errorf("has %d keys: name %d at most", len(names), maxKeys)
	}
	var keys []*schema.Field
	for _, name := range names {
		f := k.FieldNamed(name)
		if f == nil || f.Type != schema.Text || f.Class != schema.Basic || !f.Filter || slices.Contains(keys, f) {
			return nil, fmt.Errorf("key %q: name a text of %s that lists can be filtered by and that is basic, each once", name, k)
		}
		keys = append(keys, f)
	}
	return keys, nil
}

// lines gives the rules of a term; the basic fields are always among them.
func (t *term) lines(owner schema.FirmID, said *schema.SharingTerm) ([]line, error) {
	if t.level == schema.ShareHidden {
		return nil, nil
	}
	d := dialect{
		domain: owner.String(), scopes: []string{scopeOf[t.level]}, allows: true,
		subject: func(subject string) error { return oneOf("subject", subject, []string{t.subject}) },
	}
	fields := append([]string{string(schema.Basic)}, texts(said.Classes)...)
	for _, class := range fields {
		if err := oneOf("class", class, texts(openClasses())); err != nil {
			return nil, err
		}
	}
	for _, set := range said.FieldSets {
		if err := oneOf("set of fields", set, setNames(t.kind)); err != nil {
			return nil, err
		}
	}
	var lines []line
	for _, action := range said.Actions {
		if err := oneOf("action", action, texts(shareable())); err != nil {
			return nil, err
		}
		for _, name := range slices.Concat(fields, said.FieldSets) {
			tokens := []string{t.subject, d.domain, t.kind.Name, action, scopeOf[t.level], name, effectAllow}
			more, err := d.rule(tokens, fmt.Sprintf("term %d (%s %s: %s of %s)", t.number, t.kind, t.level, action, name))
			if err != nil {
				return nil, err
			}
			lines = append(lines, more...)
		}
	}
	return lines, nil
}

// openClasses are the classes that can be shown to another firm.
func openClasses() []schema.Class {
	return []schema.Class{schema.Basic, schema.Personal, schema.Commercial}
}
