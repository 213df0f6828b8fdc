package partners

import (
	"fmt"
	"strings"

	"fondaco/policy"
	"fondaco/schema"
)

// A view printer writes the access paths of a view as SQL. The visible view is
// the only way by which a reader reaches rows: lists, counts, single records,
// children, search and what goes to other nodes are all printed from here.
//
// An alias names the row of a record table in the statement; branches name
// the ways to reach rows of it.
type viewPrinter struct {
	args *policy.Args
	view policy.View
	lens lens
}

// branch is one way to reach rows, with an index of its own to walk.
type branch struct {
	from  string        // what stands in FROM, with the record as c
	where string        // which rows
	mask  func() string // a bigint: the fields shown; what is never printed must leave no arguments
	// points is set where from is reach alone, as c: it has the id, the holder and the key by label of each record,
	// and is enough as long as nothing else of the record is asked.
	points bool
}

// reached is the condition that a row is reached by one of the paths.
func (v *viewPrinter) reached(alias string, k *schema.Kind, paths []policy.Path) string {
	var all []string
	for _, group := range alike(paths) {
		all = append(all, "("+v.any(alias, k, group)+")")
	}
	if len(all) == 0 {
		return "false"
	}
	return strings.Join(all, " OR ")
}

// mask is the union of what the paths show of a row c; 0 is a row out of reach.
func (v *viewPrinter) mask(k *schema.Kind, paths []policy.Path) string {
	var all []string
	for _, group := range alike(paths) {
		all = append(all, fmt.Sprintf("CASE WHEN %s THEN %s ELSE 0 END", v.any("c", k, group), v.pathMask("c", group[0])))
	}
	if len(all) == 0 {
		return "0::bigint"
	}
	return "(" + strings.Join(all, " | ") + ")"
}

// alike puts together the grants that show the same, which one look at the
// list of granted records answers; all other paths stand alone.
func alike(paths []policy.Path) [][]policy.Path {
	var groups [][]policy.Path
	place := map[schema.Mask]int{}
	for _, p := range paths {
		if p.Type == policy.Grant && !p.Named && p.Filter == nil {
			if i, known := place[p.Mask]; known {
				groups[i] = append(groups[i], p)
				continue
			}
			place[p.Mask] = len(groups)
		}
		groups = append(groups, []policy.Path{p})
	}
	return groups
}

// any is the predicate of paths that are alike.
func (v *viewPrinter) any(alias string, k *schema.Kind, group []policy.Path) string {
	if len(group) == 1 {
		return v.condition(alias, k, group[0])
	}
	agreements := make([]schema.ID, len(group))
	for i, p := range group {
		agreements[i] = p.Agreement
	}
	return fmt.Sprintf("%s.holder_firm_id = %s.owner_firm_id AND EXISTS (SELECT FROM %s r WHERE r.record_id = %s.id AND r.owner_firm_id = %s.owner_firm_id AND r.agreement_id = ANY (%s::uuid[]))",
		alias, alias, v.points(), alias, alias, v.args.Add(uuids(agreements)))
}

// pathMask is what one path shows. A copy shows no more than it holds.
func (v *viewPrinter) pathMask(alias string, p policy.Path) string {
	// The masks are the same for all views of a class, and may stand in the text.
	mask := fmt.Sprintf("%d::bigint", int64(p.Mask))
	if p.Type == policy.Member {
		return fmt.Sprintf("(%s & %s.mask)", mask, alias)
	}
	return mask
}

// condition is the predicate of one path, as policy.PathType tells it.
func (v *viewPrinter) condition(alias string, k *schema.Kind, p policy.Path) string {
	switch p.Type {
	case policy.Member:
		return v.member(alias, k, p)
	case policy.Agreement:
		return v.ownedBy(alias, p.Owner) + v.named(alias, p) + v.filter(alias, p.Filter)
	case policy.Grant:
		return fmt.Sprintf("%s%s AND EXISTS (SELECT FROM %s r WHERE r.agreement_id = %s AND r.record_id = %s.id)%s",
			v.ownedBy(alias, p.Owner), v.named(alias, p), v.points(), v.id(p.Agreement), alias, v.filter(alias, p.Filter))
	case policy.Addressed:
		return fmt.Sprintf("%s.addressed_to = %s AND %s.sent_at IS NOT NULL AND %s%s",
			alias, v.id(v.view.Firm.ID()), alias, v.foreign(alias), v.named(alias, p))
	case policy.Parent:
		return fmt.Sprintf("%s%s AND %s", v.foreign(alias), v.named(alias, p), v.parent(alias, k, p))
	case policy.ParentOwned:
		return fmt.Sprintf("%s%s AND EXISTS (SELECT FROM records o WHERE o.id = %s.%s AND o.owner_firm_id = %s)",
			v.foreign(alias), v.named(alias, p), alias, k.Parent.Column, v.id(v.view.Firm.ID()))
	}
	panic(fmt.Sprintf("partners: unknown path type %v", p.Type))
}

func (v *viewPrinter) member(alias string, k *schema.Kind, p policy.Path) string {
	own := fmt.Sprintf("%s.holder_firm_id = %s", alias, v.id(v.view.Firm.ID()))
	if p.Within != policy.FirmRows {
		own += " AND " + v.kept(alias, k, p)
	}
	if !k.HasAudience || p.AllTeams {
		return own
	}
	// A copy was sent to the firm; only its own rows are narrowed to teams.
	return fmt.Sprintf("%s AND (%s.audience IS DISTINCT FROM 'TEAM' OR %s.owner_firm_id <> %s.holder_firm_id OR %s.audience_team = ANY (%s))",
		own, alias, alias, alias, alias, v.args.Add(uuids(p.Teams))+"::uuid[]")
}

// kept is a row of the firm's own that one of some people keeps.
func (v *viewPrinter) kept(alias string, k *schema.Kind, p policy.Path) string {
	keeper := alias + ".created_by"
	if f := policy.KeeperField(k); f != nil {
		keeper = fmt.Sprintf("coalesce(%s.%s, %s)", alias, f.Column, keeper)
	}
	return fmt.Sprintf("%s.owner_firm_id = %s.holder_firm_id AND %s = ANY (%s::uuid[])", alias, alias, keeper, v.args.Add(uuids(p.Keepers)))
}

// ownedBy is a row that lies with its owner, a firm on this node.
func (v *viewPrinter) ownedBy(alias string, owner schema.FirmID) string {
	id := v.id(owner.ID())
	return fmt.Sprintf("%s.holder_firm_id = %s AND %s.owner_firm_id = %s", alias, id, alias, id)
}

// foreign is a row that lies with its owner, another firm than the reader's.
func (v *viewPrinter) foreign(alias string) string {
	if !v.lens.owner.IsZero() {
		return v.ownedBy(alias, v.lens.owner)
	}
	return fmt.Sprintf("%s.holder_firm_id = %s.owner_firm_id AND %s.holder_firm_id <> %s", alias, alias, alias, v.id(v.view.Firm.ID()))
}

func (v *viewPrinter) named(alias string, p policy.Path) string {
	if !p.Named {
		return ""
	}
	return fmt.Sprintf(" AND %s = ANY (%s.audience_firms)", v.id(v.view.Firm.ID()), alias)
}

// parent is the condition that the parent row is reached by one of the paths
// that open this kind. Where no audience names the reader, only what the
// parent's owner states itself is reached.
func (v *viewPrinter) parent(alias string, k *schema.Kind, p policy.Path) string {
	up, above := alias+"p", k.Parent.Target()
	same := ""
	if !p.Named {
		same = fmt.Sprintf(" AND %s.owner_firm_id = %s.owner_firm_id", up, alias)
	}
	return fmt.Sprintf("EXISTS (SELECT FROM %s %s WHERE %s.id = %s.%s AND %s.deleted_at IS NULL%s AND (%s))",
		above.Table, up, up, alias, k.Parent.Column, up, same, v.reached(up, above, p.Parent))
}

func (v *viewPrinter) filter(alias string, f *policy.Filter) string {
	if f == nil {
		return ""
	}
	return " AND " + f.SQL(v.args, func(field *schema.Field) string { return alias + "." + field.Columns()[0] })
}

func (v *viewPrinter) id(id schema.ID) string { return v.args.Add(uuid(id)) + "::uuid" }
