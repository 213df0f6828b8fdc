package partners

import (
	"fmt"
	"math"
	"strings"

	"fondaco/policy"
	"fondaco/schema"
)

// pagePrinter prints the statements of one plan for one reader.
type pagePrinter struct {
	viewPrinter
	plan  *Plan
	order Order
	words []string // of Plan.Search
	// proposed are the rows in which the words may be found; nil if any may be
	proposed *proposal
	parents  []schema.ID   // or the records that are asked for by their ids
	link     *schema.Field // with parents: the field that points to them
	from     *place        // where the page begins, exclusive
	back     bool          // read backwards, for Last
	limit    int
	whole    bool     // read of each firm as much as of all together
	asked    *string  // what matches gives, printed once
	printed  *printed // statements of the same reader and kind; nil if none are kept
}

func newPagePrinter(plan *Plan, v viewPrinter) *pagePrinter {
	v.args = &policy.Args{}
	p := &pagePrinter{viewPrinter: v, plan: plan}
	if len(plan.Order) > 0 {
		p.order = plan.Order[0]
	} else {
		p.order = Order{Field: plan.Kind.Label}
	}
	p.back = plan.Last > 0
	p.limit = max(plan.First, plan.Last)
	return p
}

// again gives a printer for another statement of the same plan.
func (p *pagePrinter) again() *pagePrinter {
	c := newPagePrinter(p.plan, p.viewPrinter)
	c.words, c.proposed, c.link, c.parents, c.printed = p.words, p.proposed, p.link, p.parents, p.printed
	return c
}

// key is the expression by which the list is ordered; the id comes after it.
func (p *pagePrinter) key() string {
	f := p.order.Field
	if f == nil {
		return "c.id"
	}
	if f == p.plan.Kind.Label {
		return "c.sort_key"
	}
	column := "c." + f.Columns()[0]
	if f.Required {
		return column
	}
	// Where nothing is stated the record comes last; a row comparison cannot compare a null.
	switch f.Type {
	case schema.Day:
		return "coalesce(" + column + ", 'infinity'::date)"
	case schema.Instant:
		return "coalesce(" + column + ", 'infinity'::timestamptz)"
	case schema.Int:
		return "coalesce(" + column + ", 9223372036854775807)"
	default:
		return "coalesce(" + column + ", U&'\\+10FFFF') COLLATE \"C\""
	}
}

func (p *pagePrinter) keyType() string {
	f := p.order.Field
	switch {
	case f == nil:
		return "uuid"
	case f.Type == schema.Day:
		return "date"
	case f.Type == schema.Instant:
		return "timestamptz"
	case f.Type == schema.Int:
		return "bigint"
	}
	return "text"
}

// descending tells the direction in which the index is walked.
func (p *pagePrinter) descending() bool { return p.order.Desc != p.back }

func (p *pagePrinter) orderBy(key, id string) string {
	if p.descending() {
		return fmt.Sprintf("%s DESC, %s DESC", key, id)
	}
	return fmt.Sprintf("%s, %s", key, id)
}

// after is the condition that a row lies behind the place where the page begins.
func (p *pagePrinter) after(id string) string {
	if p.from == nil {
		return ""
	}
	compare := ">"
	if p.descending() {
		compare = "<"
	}
	return fmt.Sprintf(" AND (%s, %s) %s (%s::%s, %s)",
		p.key(), id, compare, p.args.Once(fromKey, fromKey), p.keyType(), p.args.Once(fromID, fromID)+"::uuid")
}

// page prints the statement that reads a page of a list.
func (p *pagePrinter) page() statement { return p.print(formPage, p.pageText) }

func (p *pagePrinter) pageText() string {
	limit := p.limit + 1
	var union []string
	for _, b := range p.branches(p.byLabel()) {
		union = append(union, p.part(b, "", limit))
	}
	// The branches are merged in order and no further than the page needs. A record is in one of them once, and has
	// one holder on a node.
	merged := fmt.Sprintf("SELECT u.k, u.id, (array_agg(u.holder))[1] AS holder, bit_or(u.mask) AS mask\nFROM (\n%s\n) u\nGROUP BY u.k, u.id\nORDER BY %s\nLIMIT %d",
		strings.Join(union, "\nUNION ALL\n"), p.orderBy("u.k", "u.id"), limit)
	return fmt.Sprintf("SELECT %s\nFROM (\n%s\n) m\nJOIN %s c ON c.holder_firm_id = m.holder AND c.id = m.id\nORDER BY %s",
		p.columns("0::bigint"), merged, p.plan.Kind.Table, p.orderBy("m.k", "m.id"))
}

// byLabel tells whether a list is ordered by label and nothing else of its
// records is asked.
func (p *pagePrinter) byLabel() bool {
	return p.order.Field != nil && p.order.Field == p.plan.Kind.Label && p.plan.Where == nil && len(p.words) == 0
}

// part prints one branch of a page. The conditions of its rows come after
// those that a caller puts in front.
func (p *pagePrinter) part(b branch, front string, limit int) string {
	key, id, holder, live := p.key(), "c.id", "c.holder_firm_id", " AND c.deleted_at IS NULL"
	if b.points {
		id, holder, live = "c.record_id", "c.owner_firm_id", "" // a record that is deleted leaves no points
	}
	from, most := b.from, limit
	if b.each != "" {
		from, most = p.plan.Kind.Table+" c", p.share(b.owner, limit)
	}
	where, order := front+b.where+live+p.matches()+p.after(id), p.orderBy(key, id)
	if b.each != "" && most < limit {
		where += p.nearer(b.first, from, where, order, most)
	}
	rows := fmt.Sprintf("SELECT %s AS k, %s AS id, %s AS holder, %s AS mask\n FROM %s\n WHERE %s\n ORDER BY %s\n LIMIT %d",
		key, id, holder, b.mask(), from, where, order, most)
	if b.each != "" {
		// Without a limit all that the walks give would be sorted.
		return fmt.Sprintf("(SELECT x.k, x.id, x.holder, x.mask\n FROM %s\n CROSS JOIN LATERAL (%s) x\n ORDER BY %s\n LIMIT %d)", b.each, rows, p.orderBy("x.k", "x.id"), limit)
	}
	return "(" + rows + ")"
}

// nearer is the condition that a row comes no later than the last one that is
// read of the first of many firms. What comes later is on no page: either the
// page ends before it, or it has all that was read of that firm, and short has
// it read anew. PostgreSQL looks at all rows of a page of an index that lie
// within the bounds of a walk, so the walks of the other firms become shorter.
func (p *pagePrinter) nearer(first, from, where, order string, most int) string {
	last := p.last()
	if last == "" {
		return ""
	}
	compare := "<="
	if p.descending() {
		compare = ">="
	}
	return fmt.Sprintf("\n AND %s %s (SELECT coalesce((SELECT x.k FROM %s CROSS JOIN LATERAL (SELECT %s AS k FROM %s WHERE %s ORDER BY %s LIMIT 1 OFFSET %d) x), %s))",
		p.key(), compare, first, p.key(), from, where, order, most-1, last)
}

// last is a key after which no record comes; empty where there is none, or
// where the key is an expression and bounds no walk.
func (p *pagePrinter) last() string {
	f := p.order.Field
	sign := ""
	if p.descending() {
		sign = "-"
	}
	switch {
	case f == nil || !f.Required:
		return ""
	case f.Type == schema.Day:
		return "'" + sign + "infinity'::date"
	case f.Type == schema.Instant:
		return "'" + sign + "infinity'::timestamptz"
	case f != p.plan.Kind.Label:
		return ""
	case p.descending():
		return "''"
	}
	return fmt.Sprintf("repeat(U&'\\+10FFFF', %d)", f.Max+1) // longer than any label
}

// share is how many rows are read of each firm of a way. A page has rows of
// all of them, and seldom many of one: more than twice its share and a few are
// read only when it turns out that they were not enough, as short tells.
func (p *pagePrinter) share(o *ownerWay, limit int) int {
	if p.whole {
		return limit
	}
	mean := float64(limit) / float64(len(o.firms))
	for _, step := range []int{4, 8, 16, 32, 64, 128, 256} { // few sizes, for few statements
		if float64(step) > mean+3*math.Sqrt(mean)+1 {
			return min(step, limit)
		}
	}
	return limit
}

// short tells whether a page may lack rows of a firm of which not enough were
// read. If none has all its share on the page, what was not read of any comes
// after it.
func (p *pagePrinter) short(page *Page) bool {
	if p.whole {
		return false
	}
	rows := map[schema.FirmID]int{}
	for i := range page.Rows {
		rows[page.Rows[i].Holder]++
	}
	for _, o := range p.ways.owners {
		share := p.share(o, p.limit+1)
		if share > p.limit {
			continue
		}
		for _, firm := range o.firms {
			if rows[firm] >= share {
				return true
			}
		}
	}
	return false
}

// children prints the statement that reads a page below each of the parents.
func (p *pagePrinter) children() statement { return p.print(formChildren, p.childrenText) }

func (p *pagePrinter) childrenText() string {
	limit := p.limit + 1
	parents := p.args.Add(aboveIDs)
	p.nest()
	var union []string
	for _, b := range p.nested() {
		union = append(union, p.part(b, "c."+p.link.Column+" = up.id AND ", limit))
	}
	return fmt.Sprintf("SELECT %s\nFROM unnest(%s::uuid[]) WITH ORDINALITY AS up (id, place)\nCROSS JOIN LATERAL (\nSELECT u.k, u.id, (array_agg(u.holder))[1] AS holder, bit_or(u.mask) AS mask\nFROM (\n%s\n) u\nGROUP BY u.k, u.id\nORDER BY %s\nLIMIT %d\n) m\nJOIN %s c ON c.holder_firm_id = m.holder AND c.id = m.id\nORDER BY up.place, %s",
		p.columns("up.place"), parents, strings.Join(union, "\nUNION ALL\n"), p.orderBy("u.k", "u.id"), limit,
		p.plan.Kind.Table, p.orderBy("m.k", "m.id"))
}

// nest tells the view that rows are read below the parents, where these are
// those to which the rows belong.
func (p *pagePrinter) nest() {
	if p.link == p.plan.Kind.Parent {
		p.nestedIn = "up.id"
	}
}

// byID prints the statement that reads single records: the ids come first,
// and each is then held against all paths.
func (p *pagePrinter) byID(ids []schema.ID) statement {
	p.parents = ids
	return p.print(formByID, p.byIDText)
}

func (p *pagePrinter) byIDText() string {
	return fmt.Sprintf("SELECT %s\nFROM unnest(%s::uuid[]) WITH ORDINALITY AS up (id, place)\nJOIN %s c ON c.id = up.id\nCROSS JOIN LATERAL (SELECT %s AS k, c.id, %s AS mask OFFSET 0) m\nWHERE m.mask <> 0 AND c.deleted_at IS NULL%s\nORDER BY up.place",
		p.columns("up.place"), p.args.Add(aboveIDs), p.plan.Kind.Table, p.key(), p.mask(), p.matches())
}

// count prints the statement that counts what is visible, up to the plan's
// CountMax and one more; with parents, below each of them.
func (p *pagePrinter) count() statement { return p.print(formCount, p.countText) }

func (p *pagePrinter) countText() string {
	limit, where := p.plan.CountMax+1, ""
	if p.link != nil {
		where = fmt.Sprintf("c.%s = up.id AND ", p.link.Column)
		p.nest()
	}
	var union []string
	branches := p.nested
	if p.link == nil {
		branches = func() []branch { return p.branches(p.byLabel()) }
	}
	for _, b := range branches() {
		id, live, order := "c.id", " AND c.deleted_at IS NULL", ""
		if b.points {
			// The order is that of the list of grants, which is read from its index alone.
			id, live, order = "c.record_id", "", "\n ORDER BY c.sort_key, c.record_id"
		}
		union = append(union, fmt.Sprintf("(SELECT %s AS id\n FROM %s\n WHERE %s%s%s%s%s\n LIMIT %d)",
			id, b.from, where, b.where, live, p.matches(), order, limit))
	}
	distinct := fmt.Sprintf("SELECT count(*) AS n FROM (SELECT DISTINCT u.id FROM (\n%s\n) u LIMIT %d) d", strings.Join(union, "\nUNION ALL\n"), limit)
	if p.link == nil {
		return "SELECT 1::bigint, x.n\nFROM (" + distinct + ") x"
	}
	return fmt.Sprintf("SELECT up.place, x.n\nFROM unnest(%s::uuid[]) WITH ORDINALITY AS up (id, place)\nCROSS JOIN LATERAL (%s) x\nORDER BY up.place",
		p.args.Add(aboveIDs), distinct)
}

// columns are those of a row that is read, with the values of fields outside
// its mask already null; place tells to which parent or id it belongs.
func (p *pagePrinter) columns(place string) string {
	const changed = "(c.version > 1 OR c.updated_at > c.created_at)"
	every := int64(p.plan.Kind.Every())
	all := []string{
		place, "c.id", "c.owner_firm_id", "c.holder_firm_id",
		"c.version", "c.created_at", "c.updated_at", fmt.Sprintf("m.mask & %d", every), "m.k::text",
		// Where something is hidden, version and time are those of the fields shown. They are found in Go: for a page
		// of 50 records that takes a tenth of the time. Of a record that was never changed they are the first.
		fmt.Sprintf("CASE WHEN m.mask & %d <> %d AND %s THEN c.field_versions END", every, every, changed),
		fmt.Sprintf("CASE WHEN m.mask & %d <> %d AND %s THEN c.field_times END", every, every, changed),
	}
	for _, f := range p.plan.Fields {
		for _, column := range f.Columns() {
			all = append(all, fmt.Sprintf("CASE WHEN m.mask & %d <> 0 THEN c.%s END", int64(1)<<f.Bit, column))
		}
	}
	return strings.Join(all, ",\n ")
}

// fixedColumns is how many columns stand in front of the fields' own.
const fixedColumns = 11

// matches is what the reader asked for: its filter and its words. Both are
// held against the values that the reader sees, so that nothing hidden can be
// found out by asking.
func (p *pagePrinter) matches() string {
	if p.asked != nil {
		return *p.asked // the same in each branch, with the same arguments
	}
	var b strings.Builder
	if p.plan.Where != nil {
		b.WriteString(" AND (")
		b.WriteString(p.plan.Where.SQL(p.args, p.seen))
		b.WriteString(") IS TRUE")
	}
	if len(p.words) > 0 {
		b.WriteString(p.found())
	}
	text := b.String()
	p.asked = &text
	return text
}

// seen is a field's value as the reader sees it, null where it does not.
// Basic fields are shown by every path that reaches a row.
func (p *pagePrinter) seen(f *schema.Field) string {
	column := "c." + f.Columns()[0]
	if f.Class == schema.Basic {
		return column
	}
	sure := true
	for _, path := range p.view.Paths {
		sure = sure && path.Mask.Has(f.Bit) && path.Type != policy.Member
	}
	if sure {
		return column
	}
	return fmt.Sprintf("CASE WHEN %s & %d <> 0 THEN %s END", p.mask(), int64(1)<<f.Bit, column)
}
