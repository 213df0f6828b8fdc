package policy

import (
	"fmt"

	"fondaco/schema"
)

// agreements explains what each agreement on rows of the record's owner does:
// those that are compiled, at any time, and those that open nothing.
func (x *explainer) agreements() {
	found := false
	for _, g := range x.reach.s.agreements {
		found = x.agreement(g, StandingOf(schema.SharingOffered, schema.Accepted, true, &g.AgreementRules, x.Now)) || found
	}
	for _, c := range x.reach.s.rules.Closed {
		if g, _, err := compileAgreement(x.m.firm, c.AgreementRules); err == nil {
			found = x.agreement(g, c.Standing) || found
		}
	}
	if !found {
		d := draft{Reason: Reason{Path: Agreement.String()}}
		d.clause("agreement", false, "the owner has a sharing agreement with the firm")
		x.reasons = append(x.reasons, d.Reason)
	}
}

// agreement explains one agreement, a reason for each of its terms on the
// kind, and tells whether there is anything to explain: an agreement speaks of
// one firm's rows, and of what others state below them to an audience.
func (x *explainer) agreement(g *agreement, stands Standing) bool {
	same := g.rows() == x.h.Owner
	basis := Basis{
		ID: g.ID, Name: g.Name, Version: g.Version, Grantor: g.Owner, Owner: g.rows(), Standing: stands, Purpose: g.Purpose, From: g.From, Until: g.Until,
	}
	on := 0
	for _, t := range g.terms {
		if t.kind == x.kind && (same || t.level == schema.ShareChildren && x.kind.HasAudience) {
			on++
			x.term(g, t, basis)
		}
	}
	if on == 0 && same {
		d := x.start(Agreement, basis)
		d.clause("term", false, "has a term on kind %s", x.kind)
		x.reasons = append(x.reasons, d.Reason)
	}
	return on > 0 || same
}

func (x *explainer) start(t PathType, basis Basis) draft {
	d := draft{Reason: Reason{Path: t.String(), Agreement: &basis}}
	text := fmt.Sprintf("agreement %q, version %d, is in force", basis.Name, basis.Version)
	if why := basis.Standing.missing(); why != "" {
		text += ": " + why
	}
	d.clause("agreement", basis.Standing == StandsAccepted, "%s", text)
	return d
}

// term explains one term: every condition of its own, those of the row, and
// what the reader's own firm says.
func (x *explainer) term(g *agreement, t *term, basis Basis) {
	basis.Term = t.number
	path := Agreement
	switch t.level {
	case schema.ShareGranted:
		path = Grant
	case schema.ShareChildren:
		path = Parent
	default:
	}
	d := x.start(path, basis)
	if t.window != (window{}) {
		d.clause("term", t.open(x.Now), "term %d has not ended", t.number)
	}
	if len(g.Teams)+len(t.teams) > 0 {
		d.clause("teams", x.reach.openTo(g, t), "is one of the people in the teams for which it is open")
	}
	d.clause("level", t.reads(), "level %s lets records be read", t.level)
	v := g.verdict(t, x.Action)
	d.rules(v.Rule)
	d.clause("action", v.Allowed, "term %d allows %s", t.number, x.Action)
	d.mask = v.Mask
	x.foreign(&d)
	if t.level == schema.ShareChildren && x.kind.HasAudience {
		x.partner(&d)
	}
	if t.reads() {
		x.row(&d, g, t)
	}
	x.own(&d)
	x.close(d)
}

// row adds the conditions by which a term chooses rows.
func (x *explainer) row(d *draft, g *agreement, t *term) {
	x.filter(d, t.filter)
	if g.source != nil {
		x.passedOn(d, g, t)
		return
	}
	switch t.level {
	case schema.ShareGranted:
		d.clause("grant", x.m.granted(g.ID, x.h.ID), "is granted under the agreement")
	case schema.ShareChildren:
		up := x.reach.under(g, x.kind.Parent.Target(), Read)
		d.clause("parent", x.m.byParent(&Path{Type: Parent, Named: x.kind.HasAudience, Parent: up}, x.Record),
			"belongs to a %s that the agreement opens", x.kind.Parent.Target())
	default:
	}
}

// passedOn adds the condition that the agreement of the first firm lets the
// second pass the record on, and narrows the mask to what it shows.
func (x *explainer) passedOn(d *draft, g *agreement, t *term) {
	var mask schema.Mask
	for _, p := range x.reach.opened(nil, g, t, x.kind, x.Action) {
		if shown, ok := x.m.match(&p, x.Record); ok {
			mask |= shown
			d.rules(p.Rule)
		}
	}
	d.clause("passedOn", mask != 0, "agreement %q lets firm %s pass the record on to one more firm", g.source.Name, g.Owner)
	d.mask &= mask
}

// filter adds the parts of a filter that must all hold, each by itself: the
// one that fails can be named.
func (x *explainer) filter(d *draft, f *Filter) {
	switch {
	case f == nil:
	case f.op == OpAnd:
		for _, one := range f.list {
			x.filter(d, one)
		}
	default:
		d.clause("filter", f.Match(x.Record), "meets %s", f)
	}
}
