package policy

import (
	"slices"

	"fondaco/schema"
)

// opened adds the paths that one term opens to a kind for an action: to the
// owner's own rows or, where the agreement rests on another one, to rows that
// the owner itself was shown and may pass on.
func (r *reach) opened(paths []Path, g *agreement, t *term, k *schema.Kind, a Action) []Path {
	if g.source == nil {
		return r.direct(paths, g, t, k, a)
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
	path := Path{
		Type: Agreement, Within: FirmRows, Owner: g.rows(), Agreement: g.ID, Filter: And(from.filter, t.filter), Named: k.HasAudience,
	}
	list, child := schema.ShareGranted, schema.ShareChildren
	wide := []schema.ShareLevel{schema.ShareAll, schema.ShareFilter}
	switch {
	case t.level == child && (from.level == child || from.level == schema.ShareAll):
		return r.belowOpen(paths, g, k, a, v)
	case slices.Contains(wide, t.level) && slices.Contains(wide, from.level):
	case slices.Contains(wide, t.level) && from.level == list:
		path.Type, path.Agreement = Grant, g.source.ID
	case t.level == list && slices.Contains(wide, from.level):
		path.Type = Grant
	default:
		return paths
	}
	return r.open(paths, path, v, k, a)
}
