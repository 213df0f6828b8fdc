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
	ways *ways // of the view's paths
	lens lens
	// nestedIn is, where rows below others are read, the expression that gives the id of the one above to which the
	// rows c belong. What is asked of it is then asked once for each of those above, and not for each row below.
	nestedIn string
	// rowsFirst is set where few rows come into question, which are then looked at before what was granted.
	rowsFirst bool
}

func newViewPrinter(view policy.View, l lens) viewPrinter {
	return viewPrinter{args: &policy.Args{}, view: view, ways: newWays(view.Kind, view.Paths), lens: l}
}

// branch is one way to reach rows, with an index of its own to walk.
type branch struct {
	from  string        // what stands in FROM, with the record as c
	where string        // which rows
	mask  func() string // a bigint: the fields shown; what is never printed must leave no arguments
	// points is set where from is reach alone, as c: it has the id, the holder and the key by label of each record,
	// and is enough as long as nothing else of the record is asked.
	points bool
	// each is set where the rows of several firms are reached, each firm's by a walk of its own: it has a row o for
	// each firm, and from has it too; first has that of the first firm alone.
	each, first string
	owner       *ownerWay
}

// reached is the condition that a row is reached by one of the ways.
func (v *viewPrinter) reached(alias string, w *ways) string {
	var all []string
	for _, p := range w.single {
		all = append(all, "("+v.condition(alias, w.kind, p)+")")
	}
	for _, g := range w.grants {
		all = append(all, "("+v.grantedOne(alias, g)+")")
	}
	for _, o := range w.owners {
		all = append(all, "("+v.opened(alias, o)+")")
	}
	for _, b := range w.below {
		all = append(all, "("+v.under(alias, w.kind, b)+")")
	}
	if len(all) == 0 {
		return "false"
	}
	return strings.Join(all, " OR ")
}

// mask is the union of what the ways show of a row c; 0 is a row out of reach.
func (v *viewPrinter) mask() string {
	var all []string
	add := func(condition, mask string) {
		all = append(all, "CASE WHEN "+condition+" THEN "+mask+" ELSE 0 END")
	}
	for _, p := range v.ways.single {
		add(v.condition("c", v.ways.kind, p), v.pathMask(p))
	}
	for _, g := range v.ways.grants {
		add(v.grantedOne("c", g), v.pathMask(g.first))
	}
	for _, o := range v.ways.owners {
		add(v.opened("c", o), "("+v.fill(o.mask, o, "c", v.place("c", o))+")")
	}
	for _, b := range v.ways.below {
		add(v.under("c", v.ways.kind, b), v.pathMask(b.first))
	}
	if len(all) == 0 {
		return "0::bigint"
	}
	return "(" + strings.Join(all, " | ") + ")"
}

// grantedOne is the condition that a row was granted. To whom stands in front:
// of a record's grants, those to others are many.
func (v *viewPrinter) grantedOne(alias string, g *grantWay) string {
	return v.grantedAmong(alias, g, "")
}

// grantedAmong is grantedOne with an end of the subselect, by which PostgreSQL
// may be kept from looking at what was granted before the row.
func (v *viewPrinter) grantedAmong(alias string, g *grantWay, end string) string {
	return fmt.Sprintf("%s.holder_firm_id = %s.owner_firm_id AND EXISTS (SELECT FROM %s r WHERE r.record_id = %s.id AND r.firm_id = %s AND r.owner_firm_id = %s.owner_firm_id AND r.agreement_id = ANY (%s::uuid[])%s)",
		alias, alias, v.points(), alias, v.grantedTo(g), alias, v.args.Once(g, g.list), end)
}

// opened is the condition that a row is one of those that firms have opened.
func (v *viewPrinter) opened(alias string, o *ownerWay) string {
	text := fmt.Sprintf("%s.holder_firm_id = ANY (%s) AND %s.owner_firm_id = %s.holder_firm_id", alias, v.firms(o), alias, alias)
	if len(o.where) > 0 {
		text += " AND (" + v.fill(o.where, o, alias, v.place(alias, o)) + ")"
	}
	return text
}

// walks prints a list o with a row for each firm of a way: the firm, and its
// literals; and the same with the first of them alone.
func (v *viewPrinter) walks(o *ownerWay) (each, first string) {
	lists, names := []string{v.firms(o)}, []string{"firm"}
	for i, c := range o.columns {
		for j, list := range c.lists(v.args) {
			lists, names = append(lists, list), append(names, walkName(i, j))
		}
	}
	as := " AS o (" + strings.Join(names, ", ") + ")"
	firsts := make([]string, len(lists))
	for i, list := range lists {
		firsts[i] = "(" + list + ")[1]"
	}
	return "unnest(" + strings.Join(lists, ", ") + ")" + as, "(SELECT " + strings.Join(firsts, ", ") + ")" + as
}

// walked is the condition that a row is one of those that the firm of a row o
// has opened. The firm stands in front so that PostgreSQL walks that firm's
// index.
func (v *viewPrinter) walked(o *ownerWay) string {
	text := "c.holder_firm_id = o.firm AND c.owner_firm_id = c.holder_firm_id"
	if len(o.where) > 0 {
		text += " AND (" + v.walkedBy(o.where, o) + ")"
	}
	return text
}

// walkedBy prints a template of a way for the firm of a row o.
func (v *viewPrinter) walkedBy(t template, o *ownerWay) string {
	return t.fill(
		func() string { return v.reader() }, "c",
		func(column int) string { return o.columns[column].walked(v.args, column) })
}

func (v *viewPrinter) firms(o *ownerWay) string { return v.args.Once(o, o.list) + "::uuid[]" }

// place finds the firm that owns a row among those of a way.
func (v *viewPrinter) place(alias string, o *ownerWay) string {
	return "array_position(" + v.firms(o) + ", " + alias + ".holder_firm_id)"
}

// fill prints a template of a way for the firm at a place.
func (v *viewPrinter) fill(t template, o *ownerWay, alias, place string) string {
	return t.fill(
		func() string { return v.reader() }, alias,
		func(column int) string { return o.columns[column].at(v.args, place) })
}

// pathMask is what one path shows of a row c. A copy shows no more than it holds.
func (v *viewPrinter) pathMask(p policy.Path) string {
	// The masks are the same for all views of a class, and may stand in the text.
	mask := fmt.Sprintf("%d::bigint", int64(p.Mask))
	if p.Type == policy.Member {
		return "(" + mask + " & c.mask)"
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
			alias, v.reader(), alias, v.foreign(alias), v.named(alias, p))
	case policy.Parent:
		return v.under(alias, k, &belowWay{p, newWays(k.Parent.Target(), p.Parent)})
	case policy.ParentOwned:
		return fmt.Sprintf("%s%s%s AND EXISTS (SELECT FROM records o WHERE o.id = %s AND o.owner_firm_id = %s)",
			v.foreign(alias), v.named(alias, p), v.except(alias, p), v.parentOf(alias, k), v.reader())
	}
	panic(fmt.Sprintf("partners: unknown path type %v", p.Type))
}

func (v *viewPrinter) member(alias string, k *schema.Kind, p policy.Path) string {
	own := fmt.Sprintf("%s.holder_firm_id = %s", alias, v.reader())
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
	return fmt.Sprintf("%s.holder_firm_id = %s.owner_firm_id AND %s.holder_firm_id <> %s", alias, alias, alias, v.reader())
}

func (v *viewPrinter) named(alias string, p policy.Path) string {
	if !p.Named {
		return ""
	}
	// That some firm is named is said as well, because there is an index of such rows.
	return fmt.Sprintf(" AND %s.audience_firms IS NOT NULL AND %s = ANY (%s.audience_firms)", alias, v.reader(), alias)
}

// except leaves out rows of firms that lie within the fence for what another
// firm passes on of them, and for nothing else.
func (v *viewPrinter) except(alias string, p policy.Path) string {
	if len(p.Except) == 0 {
		return ""
	}
	return fmt.Sprintf(" AND %s.holder_firm_id <> ALL (%s::uuid[])", alias, v.args.Add(uuids(p.Except)))
}

// under is the condition that a row belongs to one that is reached by the ways
// that open this kind. Where no audience names the reader, only what the
// parent's owner states itself is reached.
func (v *viewPrinter) under(alias string, k *schema.Kind, b *belowWay) string {
	up, above, parent := alias+"p", k.Parent.Target(), v.parentOf(alias, k)
	text := v.foreign(alias) + v.named(alias, b.first) + v.except(alias, b.first) + " AND "
	reached := fmt.Sprintf("FROM %s %s WHERE %s.id = %s AND %s.deleted_at IS NULL AND (%s)",
		above.Table, up, up, parent, up, v.reached(up, b.above))
	switch {
	case b.first.Named:
		return text + "EXISTS (SELECT " + reached + ")"
	case parent == v.nestedIn:
		return fmt.Sprintf("%s%s.owner_firm_id IN (SELECT %s.owner_firm_id %s)", text, alias, up, reached)
	}
	return fmt.Sprintf("%sEXISTS (SELECT %s AND %s.owner_firm_id = %s.owner_firm_id)", text, reached, up, alias)
}

// parentOf is the id of the record to which a row belongs.
func (v *viewPrinter) parentOf(alias string, k *schema.Kind) string {
	if alias == "c" && v.nestedIn != "" {
		return v.nestedIn
	}
	return alias + "." + k.Parent.Column
}

func (v *viewPrinter) filter(alias string, f *policy.Filter) string {
	if f == nil {
		return ""
	}
	return " AND " + f.SQL(v.args, func(field *schema.Field) string { return alias + "." + field.Columns()[0] })
}

// reader is the reader's firm.
func (v *viewPrinter) reader() string {
	return v.args.Once(readerMark, uuid(v.view.Firm.ID())) + "::uuid"
}

func (v *viewPrinter) id(id schema.ID) string { return v.args.Add(uuid(id)) + "::uuid" }
