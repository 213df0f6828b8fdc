package partners_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// TestSameByEveryWay: in worlds that arose at random, what a reader sees of a
// kind is the same by list, by id, by count, below a parent, by filter, by
// search, and page by page; and it is what policy says of each record.
func TestSameByEveryWay(t *testing.T) {
	t.Parallel()
	seeds := worldSeeds(1, 2)
	reached := make([]map[policy.PathType]int, len(seeds))
	for i, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed)
			m := newModel(t, w)
			for _, f := range w.firms {
				s := m.snapshot(t, f.id)
				for _, p := range []policy.Principal{f.people[w.rng.IntN(2)], f.people[2+w.rng.IntN(2)], policy.Node(f.id)} {
					a := &asker{model: m, t: t, p: p, seen: map[*schema.Kind]map[schema.ID]visibleRow{}}
					for _, k := range schema.Kinds() {
						a.seen[k] = m.visible(s, p, k)
					}
					a.ask()
				}
			}
			t.Logf("%d firms, rows reached by path %v, %d of them passed on, commands %v", len(w.firms), m.reached, m.passed, w.tried)
			reached[i] = m.reached
		})
	}
	t.Cleanup(func() { // after the worlds, which are parallel
		for path := policy.Member; path <= policy.ParentOwned && len(seeds) > 1; path++ {
			total := 0
			for _, r := range reached {
				total += r[path]
			}
			if total == 0 {
				t.Errorf("no row of any world is reached by %s: the worlds test too little", path)
			}
		}
	})
}

var (
	seed   = flag.Uint64("seed", 0, "the seed of the one world that each test with worlds makes")
	worlds = flag.Int("worlds", 0, "how many worlds each test with worlds makes; 0 is as many as is usual")
)

// worldSeeds are the seeds of the worlds that a test makes, from the first on.
func worldSeeds(first uint64, usual int) []uint64 {
	switch {
	case *seed != 0:
		return []uint64{*seed}
	case *worlds != 0:
		usual = *worlds
	case testing.Short():
		usual = 1
	}
	list := make([]uint64, usual)
	for i := range list {
		list[i] = first + uint64(i)
	}
	return list
}

// asker asks the service in all ways as one reader, and compares the answers
// with what the model says that the reader sees.
type asker struct {
	*model
	t    *testing.T
	p    policy.Principal
	seen map[*schema.Kind]map[schema.ID]visibleRow
}

func (a *asker) errorf(format string, args ...any) {
	a.t.Helper()
	a.t.Errorf("%s of firm %s %v: "+format, append([]any{a.p.Actor, a.p.Firm, a.p.Roles}, args...)...)
}

// question is a plan with what must come of it.
type question struct {
	name string
	plan *partners.Plan
	want map[schema.ID]visibleRow
}

func (a *asker) ask() {
	a.t.Helper()
	var questions []question
	for _, k := range schema.Kinds() {
		questions = append(questions, a.questions(k)...)
	}
	plans := make([]*partners.Plan, len(questions))
	for i, q := range questions {
		plans[i] = q.plan
	}
	pages := a.read(plans...)
	for i, q := range questions {
		a.compare(q.name, q.plan, pages[i], q.want)
		a.compareChildren(q, pages[i])
	}
	for _, k := range schema.Kinds() {
		if len(a.seen[k]) > 1 {
			a.walk(k)
		}
		if a.p.Actor == policy.ActorNode {
			a.project(k)
		}
	}
}

func (a *asker) read(plans ...*partners.Plan) []*partners.Page {
	a.t.Helper()
	pages, err := a.w.Read(policy.With(a.t.Context(), a.p), plans...)
	if err != nil {
		a.t.Fatalf("read as %s of %s: %v", a.p.Actor, a.p.Firm, err)
	}
	return pages
}

func (a *asker) questions(k *schema.Kind) []question {
	everything := func() *partners.Plan {
		return &partners.Plan{Kind: k, Fields: k.Fields, First: partners.PageLimit, CountMax: partners.PageLimit}
	}
	list := []question{{"list", everything(), a.seen[k]}}
	byID := &partners.Plan{Kind: k, Fields: k.Fields, IDs: append(a.every(k), schema.NewID())}
	list = append(list, question{"by id", byID, a.seen[k]})
	for range 2 {
		where := a.filter(k)
		filtered := everything()
		filtered.Where = where
		list = append(list, question{"filter " + where.Shape(), filtered, a.keep(k, func(r visibleRow) bool { return where.MatchMasked(r.entity, r.mask) })})
	}
	word := one(a.w, []func(string) string{strings.ToLower, strings.ToUpper, strings.Clone})(a.w.word())
	found := everything()
	found.Search = word
	list = append(list, question{"search " + word, found, a.keep(k, func(r visibleRow) bool { return r.found(word) })})
	if k.Parent != nil {
		up := k.Parent.Target()
		list = append(list, question{"above " + k.Name, &partners.Plan{
			Kind: up, Fields: up.Fields, First: partners.PageLimit, Children: []*partners.Child{{Link: k.Parent, Plan: everything()}},
		}, a.seen[up]})
		below := everything()
		below.Children = []*partners.Child{{Link: k.Parent, Plan: &partners.Plan{Kind: up, Fields: up.Fields}}}
		list = append(list, question{"below " + up.Name, below, a.seen[k]})
	}
	return list
}

// every lists the ids of all records of a kind, whoever sees them.
func (a *asker) every(k *schema.Kind) []schema.ID {
	var ids []schema.ID
	for _, e := range a.rows[k] {
		if id := e.Header().ID; !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (a *asker) keep(k *schema.Kind, keep func(visibleRow) bool) map[schema.ID]visibleRow {
	kept := maps.Clone(a.seen[k])
	maps.DeleteFunc(kept, func(_ schema.ID, r visibleRow) bool { return !keep(r) })
	return kept
}

// filter compares some field, be it hidden or not, with a value that some
// record has in it, be it hidden or not.
func (a *asker) filter(k *schema.Kind) *policy.Filter {
	a.t.Helper()
	f := one(a.w, k.Fields)
	op := one(a.w, policy.FilterOps(f))
	var values []any
	switch op {
	case policy.OpIsNull:
		values = []any{a.w.rng.IntN(2) == 0}
	case policy.OpBetween:
		low := a.some(f)
		values = []any{low, low}
	case policy.OpHas:
		values = []any{entry(a.some(f))}
	default:
		values = []any{a.some(f)}
	}
	where, err := policy.Compare(f, op, values...)
	if err != nil {
		a.t.Fatalf("compare %s %s %v: %v", f, op, values, err)
	}
	if a.w.rng.IntN(3) == 0 {
		where = policy.Not(where)
	}
	if a.w.rng.IntN(4) == 0 {
		where = one(a.w, []func(...*policy.Filter) *policy.Filter{policy.And, policy.Or})(where, a.filter(k))
	}
	return where
}

// some gives a value that a record has in the field, or could have.
func (a *asker) some(f *schema.Field) any {
	for range 3 {
		if rows := a.rows[f.Kind]; len(rows) > 0 {
			if v := f.Value(one(a.w, rows)); v != nil {
				return v
			}
		}
	}
	return a.w.value(one(a.w, a.w.firms), f)
}

func entry(list any) any {
	switch l := list.(type) {
	case []string:
		return l[0]
	case []schema.ID:
		return l[0]
	}
	panic(fmt.Sprintf("%T is no list", list))
}

// found tells whether a word is found in what the reader sees.
func (r visibleRow) found(word string) bool {
	for w := range strings.FieldsSeq(word) {
		ok := slices.ContainsFunc(schema.KindOf(r.entity).Fields, func(f *schema.Field) bool {
			text, _ := r.value(f).(string)
			return f.Search && strings.Contains(policy.Key(text), policy.Key(w))
		})
		if !ok {
			return false
		}
	}
	return true
}

// compare holds a page of all rows against what the reader sees.
func (a *asker) compare(way string, plan *partners.Plan, page *partners.Page, want map[schema.ID]visibleRow) {
	a.t.Helper()
	got := map[schema.ID]schema.Mask{}
	for _, row := range page.Rows {
		if _, twice := got[row.ID]; twice {
			a.errorf("%s of %s has %s twice", way, plan.Kind, row.ID)
		}
		got[row.ID] = row.Mask
	}
	masks := map[schema.ID]schema.Mask{}
	for id, r := range want {
		masks[id] = r.mask
	}
	if diff := gocmp.Diff(masks, got); diff != "" {
		a.errorf("%s of %s: ids and masks (-want +got):\n%s", way, plan.Kind, diff)
		return
	}
	if plan.CountMax > 0 && (page.Count != len(want) || !page.CountExact) {
		a.errorf("%s of %s counts %d, want %d", way, plan.Kind, page.Count, len(want))
	}
	for _, row := range page.Rows {
		a.compareRow(way, plan, row, want[row.ID])
	}
}

func (a *asker) compareRow(way string, plan *partners.Plan, row partners.Row, want visibleRow) {
	a.t.Helper()
	if row.Owner != want.entity.Header().Owner || row.Holder != want.entity.Header().Holder || row.Version != want.version() {
		a.errorf("%s of %s: %s is of %s at %s, version %d; want %s, %s, %d", way, plan.Kind, row.ID,
			row.Owner, row.Holder, row.Version, want.entity.Header().Owner, want.entity.Header().Holder, want.version())
	}
	place := 0
	for _, f := range plan.Fields {
		value, cell := want.value(f), row.Cells[place]
		place += len(f.Columns())
		if (value == nil) != (cell == nil) {
			a.errorf("%s of %s: %s of %s is %q, want %v", way, plan.Kind, f.Name, row.ID, cell, value)
		}
		switch v := value.(type) {
		case string:
			if string(cell) != v {
				a.errorf("%s of %s: %s of %s is %q, want %q", way, plan.Kind, f.Name, row.ID, cell, v)
			}
		case schema.ID:
			if !bytes.Equal(cell, v[:]) {
				a.errorf("%s of %s: %s of %s is %x, want %s", way, plan.Kind, f.Name, row.ID, cell, v)
			}
		}
	}
}

// compareChildren holds what hangs below the rows against what the reader
// sees of that kind.
func (a *asker) compareChildren(q question, page *partners.Page) {
	a.t.Helper()
	for i, c := range q.plan.Children {
		for _, row := range page.Rows {
			want := map[schema.ID]visibleRow{}
			for id, r := range a.seen[c.Plan.Kind] {
				under := c.Link.Kind == c.Plan.Kind && c.Link.Value(r.entity) == row.ID // a list
				along := c.Link.Kind == q.plan.Kind && q.want[row.ID].value(c.Link) == id
				if under || along {
					want[id] = r
				}
			}
			if !q.want[row.ID].mask.Has(c.Link.Bit) && c.Link.Kind == q.plan.Kind {
				want = nil
			}
			a.compare(q.name, c.Plan, row.Children[i], want)
		}
	}
}

// walk reads a list page by page, forwards and backwards.
func (a *asker) walk(k *schema.Kind) {
	a.t.Helper()
	orders := []partners.Order{{}, {Desc: true}}
	for _, f := range k.Fields {
		if f.Sort {
			orders = append(orders, partners.Order{Field: f}, partners.Order{Field: f, Desc: true})
		}
	}
	order := one(a.w, orders)
	size := 1 + a.w.rng.IntN(3)
	var forward, backward []partners.Row
	for after := ""; ; after = forward[len(forward)-1].Cursor() {
		page := a.read(&partners.Plan{Kind: k, Order: []partners.Order{order}, First: size, After: after})[0]
		if len(page.Rows) == 0 && len(forward) > 0 {
			a.errorf("a page of %s after the last one that has a next is empty", k)
		}
		forward = append(forward, page.Rows...)
		if page.HasNext != (len(forward) < len(a.seen[k])) || page.HasPrevious != (after != "") {
			a.errorf("after %d of %d %s, there is a next: %t, a previous: %t", len(forward), len(a.seen[k]), k, page.HasNext, page.HasPrevious)
		}
		if !page.HasNext || len(page.Rows) == 0 || len(forward) > len(a.seen[k]) {
			break
		}
	}
	for before := ""; ; before = backward[0].Cursor() {
		page := a.read(&partners.Plan{Kind: k, Order: []partners.Order{order}, Last: size, Before: before})[0]
		backward = append(slices.Clone(page.Rows), backward...)
		if page.HasPrevious != (len(backward) < len(a.seen[k])) || page.HasNext != (before != "") {
			a.errorf("%d of %d %s before the end, there is a previous: %t, a next: %t", len(backward), len(a.seen[k]), k, page.HasPrevious, page.HasNext)
		}
		if !page.HasPrevious || len(page.Rows) == 0 || len(backward) > len(a.seen[k]) {
			break
		}
	}
	name := func(rows []partners.Row) (ids []schema.ID) {
		for _, r := range rows {
			ids = append(ids, r.ID)
		}
		return ids
	}
	if diff := gocmp.Diff(name(forward), name(backward)); diff != "" {
		a.errorf("%s by %v in pages of %d: forwards (-) and backwards (+) differ:\n%s", k, order, size, diff)
	}
	if want := a.sorted(k, order); !slices.Equal(want, name(forward)) {
		a.errorf("%s by %v in pages of %d (-want +got):\n%s", k, order, size, gocmp.Diff(want, name(forward)))
	}
}

// sorted gives the ids of what the reader sees in an order: what is not
// stated is greater than all else, and the id decides between equals.
func (a *asker) sorted(k *schema.Kind, o partners.Order) []schema.ID {
	ids := slices.Collect(maps.Keys(a.seen[k]))
	slices.SortFunc(ids, func(x, y schema.ID) int {
		c := 0
		if o.Field != nil {
			c = compareValues(o.Field, a.seen[k][x].value(o.Field), a.seen[k][y].value(o.Field))
		}
		if c == 0 {
			c = bytes.Compare(x[:], y[:])
		}
		if o.Desc {
			return -c
		}
		return c
	})
	return ids
}

func compareValues(f *schema.Field, a, b any) int {
	if a == nil || b == nil {
		return cmp.Compare(count(a == nil), count(b == nil))
	}
	switch x := a.(type) {
	case string:
		if f == f.Kind.Label {
			return cmp.Compare(policy.Key(x), policy.Key(b.(string)))
		}
		return cmp.Compare(x, b.(string))
	case int64:
		return cmp.Compare(x, b.(int64))
	case time.Time:
		return x.Compare(b.(time.Time))
	case schema.Date:
		return x.Time(time.UTC).Compare(b.(schema.Date).Time(time.UTC))
	}
	panic(fmt.Sprintf("%s holds %T, which has no order", f, a))
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// project asks for what the firm's own node may hold: the same, and nothing of
// what it does not see.
func (a *asker) project(k *schema.Kind) {
	a.t.Helper()
	list, err := a.w.Project(a.t.Context(), a.p.Firm, k, a.every(k))
	if err != nil {
		a.t.Fatalf("project %s: %v", k, err)
	}
	got, want := map[schema.ID]string{}, map[schema.ID]string{}
	for _, p := range list {
		got[p.ID] = fmt.Sprintf("mask %b, version %d, %s", p.Mask, p.Version, p.Fields)
		for i, v := range p.Versions {
			if (v != 0) != p.Mask.Has(i) {
				a.errorf("the projection of %s %s has version %d in field %d, and the mask %b", k, p.ID, v, i, p.Mask)
			}
		}
	}
	for id, r := range a.seen[k] {
		want[id] = fmt.Sprintf("mask %b, version %d, %s", r.mask, r.version(), a.shown(r))
	}
	if diff := gocmp.Diff(want, got); diff != "" {
		a.errorf("projections of %s (-want +got):\n%s", k, diff)
	}
	reachable, err := a.w.Reachable(a.t.Context(), a.p.Firm, k, schema.ID{}, partners.PageLimit)
	if err != nil {
		a.t.Fatalf("reachable %s: %v", k, err)
	}
	if sorted := a.sorted(k, partners.Order{}); !slices.Equal(sorted, reachable) {
		a.errorf("reachable %s (-want +got):\n%s", k, gocmp.Diff(sorted, reachable))
	}
}

// shown encodes the fields that the reader sees, without the references to
// what it neither sees nor owns.
func (a *asker) shown(r visibleRow) json.RawMessage {
	e := schema.KindOf(r.entity).New()
	for _, f := range schema.KindOf(r.entity).Fields {
		value := f.Value(r.entity)
		switch v := value.(type) {
		case schema.ID:
			if !a.open(f.Target(), v) {
				value = nil
			}
		case []schema.ID:
			value = slices.DeleteFunc(v, func(id schema.ID) bool { return !a.open(f.Target(), id) })
		}
		if err := f.Set(e, value); err != nil {
			a.t.Fatal(err)
		}
	}
	raw, err := schema.EncodeFields(e, r.mask)
	if err != nil {
		a.t.Fatal(err)
	}
	return raw
}

func (a *asker) open(k *schema.Kind, id schema.ID) bool {
	if _, ok := a.seen[k][id]; ok || k == schema.Firms {
		return true
	}
	e, known := a.own[id]
	return known && e.Header().Owner == a.p.Firm
}
