package partners

import (
	"fmt"

	"fondaco/policy"
)

// branches prints the view as a union, one branch for each index that can be
// walked in order: the reader's own rows, what was granted one by one, what is
// addressed to the reader, what hangs below a parent, and those of firms that
// have opened some of theirs, each firm's by a walk of its own. With points,
// single grants are read from their own list without the records.
func (v *viewPrinter) branches(points bool) []branch {
	list := v.unopened(points)
	for _, o := range v.ways.owners {
		each, first := v.walks(o)
		list = append(list, branch{
			from: each + " CROSS JOIN " + v.ways.kind.Table + " c", where: v.walked(o), each: each, first: first, owner: o,
			mask: func() string { return v.walkedBy(o.mask, o) },
		})
	}
	return list
}

// nested are the branches for rows below others. Those of one parent are few:
// they are found by it, and held against what firms have opened.
func (v *viewPrinter) nested() []branch {
	list := v.unopened(false)
	for _, o := range v.ways.owners {
		list = append(list, branch{
			from: v.ways.kind.Table + " c", where: v.opened("c", o),
			mask: func() string { return v.fill(o.mask, o, "c", v.place("c", o)) },
		})
	}
	return list
}

// unopened are the branches of all rows but those that firms have opened.
func (v *viewPrinter) unopened(points bool) []branch {
	w := v.ways
	table := w.kind.Table + " c"
	var list []branch
	for _, p := range w.single {
		if p.Type == policy.Grant {
			list = append(list, v.granted(newGrantWay(p), false))
			continue
		}
		list = append(list, branch{from: table, where: v.condition("c", w.kind, p), mask: func() string { return v.pathMask(p) }})
	}
	for _, b := range w.below {
		list = append(list, branch{from: table, where: v.under("c", w.kind, b), mask: func() string { return v.pathMask(b.first) }})
	}
	for _, g := range w.grants {
		if v.rowsFirst {
			list = append(list, branch{from: table, where: v.grantedAmong("c", g, " OFFSET 0"), mask: func() string { return v.pathMask(g.first) }})
			continue
		}
		list = append(list, v.granted(g, points && len(v.lens.granted) == 0))
	}
	return list
}

// grantedTo is the firm to which rows were granted: the reader's own, or one
// that passes them on.
func (v *viewPrinter) grantedTo(g *grantWay) string {
	if g.first.Through.IsZero() {
		return v.reader()
	}
	return v.id(g.first.Through.ID())
}

// granted is what was granted one by one under agreements that show the same.
func (v *viewPrinter) granted(g *grantWay, points bool) branch {
	k := v.ways.kind
	r := "r"
	if points {
		r = "c"
	}
	// The row of reach was made by the owner, who alone may grant; the list is the reader's own. It is walked in its
	// order: where others have very many agreements, PostgreSQL would rather collect all that was granted under the
	// reader's, one agreement after the other. What is tested for truth is no condition of an index.
	where := fmt.Sprintf("%s.firm_id = %s AND %s.kind = %s AND (%s.agreement_id = ANY (%s::uuid[])) IS TRUE",
		r, v.grantedTo(g), r, v.args.Once(k, k.Name), r, v.args.Once(g, g.list))
	b := branch{from: "reach c", where: where, mask: func() string { return v.pathMask(g.first) }, points: true}
	if points {
		return b
	}
	b.from, b.points = v.points()+" r JOIN "+k.Table+" c ON c.holder_firm_id = r.owner_firm_id AND c.id = r.record_id", false
	b.where += " AND c.owner_firm_id = c.holder_firm_id" + v.named("c", g.first) + v.filter("c", g.first.Filter)
	return b
}
