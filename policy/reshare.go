package policy

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fondaco/schema"
)

// opened adds the paths that one term opens to a kind for an action: to the
// owner's own rows or, where the agreement rests on another one, to rows that
// the owner itself was shown and may pass on. What is meant for firms by name
// is for those alone, and what is passed on is read where it lies: no copy of
// it goes to a node, from which the firm whose record it is could not take it
// back.
func (r *reach) opened(paths []Path, g *agreement, t *term, k *schema.Kind, a Action) []Path {
	if g.source == nil {
		return r.direct(paths, g, t, k, a)
	}
	if k.HasAudience || r.p.Actor == ActorNode {
		return paths
	}
	for _, from := range g.source.terms {
		if from.kind == k && g.source.passesOn(from) && from.open(r.now) {
			paths = r.passedOn(paths, g, t, from, k, a)
		}
	}
	return paths
}

// passesOn tells whether a term lets records be passed on. What is for some
// teams, by the word of either firm, is for no third firm.
func (a *agreement) passesOn(t *term) bool { return t.reshare && len(t.teams)+len(a.Teams) == 0 }

// direct adds the path to the owner's own rows.
func (r *reach) direct(paths []Path, g *agreement, t *term, k *schema.Kind, a Action) []Path {
	path := Path{Type: Agreement, Within: FirmRows, Owner: g.Owner, Agreement: g.ID, Filter: t.filter, Named: k.HasAudience}
	switch t.level {
	case schema.ShareGranted:
		path.Type = Grant
	case schema.ShareChildren:
		return r.belowOpen(paths, g, k, a, g.verdict(t, a))
	default:
	}
	return r.open(paths, path, g.verdict(t, a), k, a)
}

// belowOpen adds the path to what belongs to rows that the same agreement
// opens.
func (r *reach) belowOpen(paths []Path, g *agreement, k *schema.Kind, a Action, v Verdict) []Path {
	path := Path{Type: Parent, Within: FirmRows, Agreement: g.ID, Named: k.HasAudience}
	if path.Named {
		path.Except = r.s.strangers
	}
	if path.Parent = r.under(g, k.Parent.Target(), Read); len(path.Parent) == 0 {
		return paths
	}
	return r.open(paths, path, v, k, a)
}

// passedOn adds the path to rows that one firm shows to a second one and that
// the second passes on: as far as both terms reach, with the fields and the
// actions of both. Where a list meets a list nothing is passed on: one row can
// be granted under one agreement.
func (r *reach) passedOn(paths []Path, g *agreement, t, from *term, k *schema.Kind, a Action) []Path {
	v, whole := g.verdict(t, a), g.source.verdict(from, a)
	v.Mask &= whole.Mask
	v.Allowed, v.Rule = v.Allowed && whole.Allowed && v.Mask != 0, v.Rule+"\n"+whole.Rule
	path := Path{Type: Agreement, Within: FirmRows, Owner: g.rows(), Agreement: g.ID, Filter: And(from.filter, t.filter)}
	list, child := schema.ShareGranted, schema.ShareChildren
	wide := []schema.ShareLevel{schema.ShareAll, schema.ShareFilter}
	switch {
	case t.level == child && (from.level == child || from.level == schema.ShareAll):
		return r.belowOpen(paths, g, k, a, v)
	case slices.Contains(wide, t.level) && slices.Contains(wide, from.level):
	case slices.Contains(wide, t.level) && from.level == list:
		path.Type, path.Agreement, path.Through = Grant, g.source.ID, g.Owner
	case t.level == list && slices.Contains(wide, from.level):
		path.Type = Grant
	default:
		return paths
	}
	return r.open(paths, path, v, k, a)
}

// CheckReshare tells what is wrong with terms that pass on what the terms of
// another agreement share, before they are offered: each must be on a kind of
// which a term there lets all people of the firm pass records on, with no more
// actions and fields than that one has. Which rows they reach is found out as
// records come and go; it is never more than either reaches.
func CheckReshare(from, terms []schema.SharingTerm) error {
	for i := range terms {
		t := &terms[i]
		k := schema.KindNamed(t.Kind)
		if err := checkTerm(k, t); err != nil {
			return fmt.Errorf("term %d: %w", i+1, err)
		}
		if err := checkReshareTerm(k, from, t); err != nil {
			return fmt.Errorf("term %d: %w", i+1, err)
		}
	}
	return nil
}

func checkReshareTerm(k *schema.Kind, from []schema.SharingTerm, t *schema.SharingTerm) error {
	switch {
	case t.Level == schema.ShareHidden:
		return nil
	case t.Reshare:
		return errors.New("what was passed on cannot be passed on again: take reshare out")
	case k.HasAudience:
		return fmt.Errorf("kind %s is meant for the firms that it names, and for no others: take the term out", k)
	case !slices.Contains([]schema.ShareLevel{schema.ShareAll, schema.ShareFilter, schema.ShareChildren}, t.Level):
		return fmt.Errorf("level %s cannot be passed on: write ALL, FILTER or CHILDREN", t.Level)
	}
	var why error
	for i := range from {
		f := &from[i]
		if f.Kind != t.Kind || !f.Reshare || len(f.Teams) > 0 {
			continue
		}
		if why = within(k, f, t); why == nil {
			return nil
		}
	}
	if why == nil {
		why = fmt.Errorf("kind %s may not be passed on: the firm whose records they are has to allow it for all your people", k)
	}
	return why
}

// within tells what a term has more than the one on which it rests.
func within(k *schema.Kind, from, t *schema.SharingTerm) error {
	for _, action := range t.Actions {
		if !slices.Contains(from.Actions, action) {
			return fmt.Errorf("action %s is not shared with your firm: take it out", action)
		}
	}
	if more := shownBy(k, t) &^ shownBy(k, from); more != 0 {
		return fmt.Errorf("fields %s are not shared with your firm: take their class or set out", strings.Join(FieldNames(k, more), ", "))
	}
	children := from.Level == schema.ShareChildren
	switch {
	case t.Level == schema.ShareChildren && from.Level != schema.ShareAll && !children:
		return fmt.Errorf("level CHILDREN cannot rest on level %s: write ALL or FILTER", from.Level)
	case t.Level != schema.ShareChildren && children:
		return errors.New("rests on level CHILDREN: write that level too")
	}
	return nil
}

// shownBy gives the fields that a term shows.
func shownBy(k *schema.Kind, t *schema.SharingTerm) schema.Mask {
	mask := k.FieldsOf(append(slices.Clone(t.Classes), schema.Basic)...)
	for _, name := range t.FieldSets {
		mask |= fieldsNamed(k, name)
	}
	return mask &^ k.FieldsOf(schema.Internal)
}
