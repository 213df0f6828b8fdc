package partners_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// know lets the firms of a world count records of each other, and compare
// them, by two agreements each way, and gives them more customers to count.
func (w *world) know() {
	for _, f := range w.firms {
		for range 8 {
			w.create(f, schema.Customers)
		}
	}
	for _, a := range w.firms {
		for _, b := range w.firms {
			if a == b || w.rng.IntN(4) == 0 {
				continue
			}
			partnership := w.Partnership(a.people[0], b.people[0])
			for _, level := range []schema.ShareLevel{schema.ShareCounts, schema.ShareOverlap} {
				raw, err := json.Marshal([]schema.SharingTerm{w.knowledge(schema.Customers, level), w.knowledge(one(w, shared), level)})
				if err != nil {
					w.t.Fatal(err)
				}
				w.Share(a.people[0], b.people[0], partnership, string(raw))
			}
		}
	}
}

// knowledge is a term by which no record is read.
func (w *world) knowledge(k *schema.Kind, level schema.ShareLevel) schema.SharingTerm {
	t := schema.SharingTerm{Kind: k.Name, Level: level, Actions: []string{"read"}}
	for _, f := range k.Fields {
		if level == schema.ShareOverlap && f.Type == schema.Text && f.Class == schema.Basic && f.Filter && len(t.Keys) < 3 {
			t.Keys = append(t.Keys, f.Name)
		}
	}
	if t.Keys == nil { // there is nothing to compare by
		t.Level, t.Floor = schema.ShareCounts, 5
	}
	if w.rng.IntN(2) == 0 {
		t.Filter = w.filterText(k)
	}
	return t
}

// counts is what a reader may be told of how many records there are, by
// policy alone, one record after another.
func (m *model) counts(s *policy.Snapshot, p policy.Principal, k *schema.Kind, filter *policy.Filter) []partners.Counted {
	view := s.View(p, k, policy.Read, m.now)
	var list []partners.Counted
	for i := range view.Counts {
		c := &view.Counts[i]
		var all, matching int64
		for _, e := range m.rows[k] {
			if !e.Header().DeletedAt.IsZero() || !view.MatchOne(&c.Path, e, m.parent, m.granted) {
				continue
			}
			all++
			if filter == nil || filter.Match(e) {
				matching++
			}
		}
		if shown, ok := c.Show(matching); ok && (filter == nil || all-matching >= c.Floor) {
			list = append(list, partners.Counted{Owner: c.Owner, AtLeast: shown, Floor: c.Floor})
		}
	}
	return list
}

// overlaps is which of its own records a reader may be told that others hold.
func (m *model) overlaps(s *policy.Snapshot, p policy.Principal, k *schema.Kind) []partners.Overlap {
	view := s.View(p, k, policy.Read, m.now)
	var list []partners.Overlap
	seen := m.visible(s, p, k)
	for id, mine := range seen {
		h := mine.entity.Header()
		if h.Owner != p.Firm || !h.Own() {
			continue
		}
		for i := range view.Overlaps {
			o := &view.Overlaps[i]
			for _, e := range m.rows[k] {
				found := partners.Overlap{ID: id, Owner: e.Header().Owner}
				if e.Header().DeletedAt.IsZero() && view.MatchOne(&o.Path, e, m.parent, m.granted) && o.Same(mine.entity, e) && !slices.Contains(list, found) {
					list = append(list, found)
				}
			}
		}
	}
	slices.SortFunc(list, func(a, b partners.Overlap) int {
		if c := bytes.Compare(a.ID[:], b.ID[:]); c != 0 {
			return c
		}
		return bytes.Compare(a.Owner[:], b.Owner[:])
	})
	return list
}

// TestCountsAndOverlapsAreThoseOfPolicy: in worlds that arose at random, SQL
// counts and compares what policy says of each record.
func TestCountsAndOverlapsAreThoseOfPolicy(t *testing.T) {
	t.Parallel()
	seeds := worldSeeds(41, 1)
	for _, seed := range seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, seed)
			w.know()
			m := newModel(t, w)
			counted, held := 0, 0
			for _, f := range w.firms {
				s := m.snapshot(t, f.id)
				for _, p := range append(slices.Clone(f.people[:3]), policy.Node(f.id)) {
					for _, k := range shared {
						c, h := sameKnowledge(t, m, s, p, k)
						counted, held = counted+c, held+h
					}
				}
			}
			t.Logf("%d counts told, %d own records held by others", counted, held)
			if counted == 0 || held == 0 {
				t.Error("the world tests nothing")
			}
		})
	}
}

func sameKnowledge(t *testing.T, m *model, s *policy.Snapshot, p policy.Principal, k *schema.Kind) (counted, held int) {
	t.Helper()
	ctx := policy.With(t.Context(), p)
	filters := []*policy.Filter{nil}
	for _, f := range k.Fields {
		if f.Filter && f.Type == schema.Enum && f.Class == schema.Basic && slices.Contains(policy.FilterOps(f), policy.OpIsNull) {
			is, err := policy.Compare(f, policy.OpIsNull, false)
			if err != nil {
				t.Fatal(err)
			}
			filters = append(filters, is, policy.Not(is))
			if is, err = policy.Compare(f, policy.OpEq, f.Enum[0]); err != nil {
				t.Fatal(err)
			}
			filters = append(filters, is)
		}
	}
	for _, filter := range filters {
		got, err := m.w.Counts(ctx, k, filter)
		if diff := gocmp.Diff(m.counts(s, p, k, filter), got); diff != "" || err != nil {
			t.Errorf("%v counts %s by %s (%v) (-want +got):\n%s", p.Roles, k, filter.Shape(), err, diff)
		}
		counted += len(got)
	}
	var got []partners.Overlap
	for more := true; more; {
		var after partners.Overlap
		if len(got) > 0 {
			after = got[len(got)-1]
		}
		page, err := m.w.Overlaps(ctx, k, after, 1+m.w.rng.IntN(3))
		if err != nil {
			t.Fatal(err)
		}
		got, more = append(got, page.List...), page.HasNext
	}
	if diff := gocmp.Diff(m.overlaps(s, p, k), got); diff != "" {
		t.Errorf("%v compares %s (-want +got):\n%s", p.Roles, k, diff)
	}
	return counted, len(got)
}

const (
	countedCustomers  = `[{"kind": "Customer", "level": "COUNTS", "floor": 5, "actions": ["read"]}]`
	comparedCustomers = `[{"kind": "Customer", "level": "OVERLAP", "keys": ["vatId"], "actions": ["read"]}]`
)

func taxed(name, vat string) partners.Values {
	values := customer(name, "PT")
	values["vatId"] = vat
	return values
}

// TestCountsKeepTheFloor: nothing is told below the floor, nor where what a
// filter leaves out is below it; nothing is counted by what is not shown; and
// each use is in the audit of the firm that is asked, without any id.
func TestCountsKeepTheFloor(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	partnership := n.Partnership(maker, distributor)
	n.Share(maker, distributor, partnership, countedCustomers)
	n.Share(maker, distributor, partnership, comparedCustomers)
	ctx := policy.With(t.Context(), distributor)
	country := schema.Customers.FieldNamed("country")
	by := func(f *schema.Field, value any) *policy.Filter {
		t.Helper()
		filter, err := policy.Compare(f, policy.OpEq, value)
		if err != nil {
			t.Fatal(err)
		}
		return filter
	}
	told := func(filter *policy.Filter, want int64) {
		t.Helper()
		list, err := n.Counts(ctx, schema.Customers, filter)
		if err != nil {
			t.Fatal(err)
		}
		var got int64
		for _, c := range list {
			got += c.AtLeast
		}
		if got != want || len(list) > 1 {
			t.Errorf("counted %v by %s, want %d", list, filter.Shape(), want)
		}
	}
	for i := range 12 {
		told(nil, int64(i/5*5))
		n.Create(maker, schema.Customers, taxed(fmt.Sprintf("PT %d", i), fmt.Sprintf("PT%d", i)))
	}
	for i := range 4 {
		n.Create(maker, schema.Customers, customer(fmt.Sprintf("DE %d", i), "DE"))
	}
	told(nil, 15)
	told(by(country, "PT"), 0) // four are left out, fewer than the floor
	told(by(country, "DE"), 0)
	n.Create(maker, schema.Customers, customer("DE 5", "DE"))
	told(by(country, "PT"), 10)
	told(by(country, "DE"), 5)
	for _, name := range []string{"customerNumber", "name", "vatId", "city"} {
		if _, err := n.Counts(ctx, schema.Customers, by(schema.Customers.FieldNamed(name), "7")); schema.Code(err) != schema.CodeInvalid {
			t.Errorf("counted by %s: %v, want it refused", name, err)
		}
	}
	if got := list(t, n, distributor); len(got) > 0 {
		t.Errorf("the distributor reads %d customers, want none", len(got))
	}
	mine := n.Create(distributor, schema.Customers, taxed("Ours", "PT3"))
	n.Create(distributor, schema.Customers, taxed("Ours alone", "PT99"))
	page, err := n.Overlaps(ctx, schema.Customers, partners.Overlap{}, 10)
	if diff := gocmp.Diff(&partners.Overlaps{List: []partners.Overlap{{ID: mine, Owner: maker.Firm}}}, page); diff != "" || err != nil {
		t.Errorf("held by both (%v) (-want +got):\n%s", err, diff)
	}
	if err := n.NoteReads(t.Context()); err != nil {
		t.Fatal(err)
	}
	reads, err := n.ReadsOf(policy.With(t.Context(), maker), nil, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	uses := map[policy.Action]int{}
	for _, r := range reads {
		uses[r.Action]++
		if (r.Action == partners.ActionCount || r.Action == partners.ActionOverlap) && (len(r.IDs) > 0 || len(r.Agreements) != 1 || r.Reader != distributor.Firm) {
			t.Errorf("audited as %+v, want no ids and one agreement", r)
		}
	}
	if uses[partners.ActionCount] != 17 || uses[partners.ActionOverlap] != 1 {
		t.Errorf("audited: %v, want 17 counts and one overlap", uses)
	}
}
