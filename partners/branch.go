package partners

import (
	"fmt"

	"fondaco/policy"
	"fondaco/schema"
)

// branches prints the view as a union, one branch for each index that can be
// walked in order: the reader's own rows, each owner firm's with all its
// agreements as terms of one condition, what was granted one by one, what is
// addressed to the reader, and what hangs below a parent. With points, single
// grants are read from their own list without the records.
func (v *viewPrinter) branches(points bool) []branch {
	k := v.view.Kind
	table := k.Table + " c"
	var list []branch
	owners, grants := map[schema.FirmID][]policy.Path{}, map[schema.Mask][]policy.Path{}
	var order []schema.FirmID
	var masks []schema.Mask
	for _, p := range v.view.Paths {
		switch {
		case p.Type == policy.Agreement:
			if owners[p.Owner] == nil {
				order = append(order, p.Owner)
			}
			owners[p.Owner] = append(owners[p.Owner], p)
		case p.Type == policy.Grant && !p.Named && p.Filter == nil:
			if grants[p.Mask] == nil {
				masks = append(masks, p.Mask)
			}
			grants[p.Mask] = append(grants[p.Mask], p)
		case p.Type == policy.Grant:
			list = append(list, v.granted([]policy.Path{p}, false))
		default:
			list = append(list, branch{from: table, where: v.condition("c", k, p), mask: func() string { return v.pathMask("c", p) }})
		}
	}
	for _, mask := range masks {
		list = append(list, v.granted(grants[mask], points && len(v.lens.granted) == 0))
	}
	for _, owner := range order {
		paths := owners[owner]
		// The owner stands in front so that PostgreSQL walks that firm's index.
		list = append(list, branch{
			from: table, where: v.ownedBy("c", owner) + " AND (" + v.reached("c", k, paths) + ")", mask: func() string { return v.mask(k, paths) },
		})
	}
	return list
}

// granted is what was granted one by one under agreements that show the same.
func (v *viewPrinter) granted(paths []policy.Path, points bool) branch {
	k, first := v.view.Kind, paths[0]
	agreements := make([]schema.ID, len(paths))
	for i, p := range paths {
		agreements[i] = p.Agreement
	}
	r := "r"
	if points {
		r = "c"
	}
	// The row of reach was made by the owner, who alone may grant; the list is the reader's own.
	where := fmt.Sprintf("%s.firm_id = %s AND %s.kind = %s AND %s.agreement_id = ANY (%s::uuid[])",
		r, v.id(v.view.Firm.ID()), r, v.args.Add(k.Name), r, v.args.Add(uuids(agreements)))
	b := branch{from: "reach c", where: where, mask: func() string { return v.pathMask("c", first) }, points: true}
	if points {
		return b
	}
	b.from, b.points = v.points()+" r JOIN "+k.Table+" c ON c.holder_firm_id = r.owner_firm_id AND c.id = r.record_id", false
	b.where += " AND c.owner_firm_id = c.holder_firm_id" + v.named("c", first) + v.filter("c", first.Filter)
	return b
}
