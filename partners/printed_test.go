package partners_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestKeptStatementsAnswerAsFreshOnes: a statement that was printed for one
// plan serves the next of the same shape; it never serves one of another
// shape, another place or another reader.
func TestKeptStatementsAnswerAsFreshOnes(t *testing.T) {
	t.Parallel()
	m := partnerstest.NewMarket(t, partnerstest.Sizes{Owners: 3, Customers: 60, Grants: 30, Others: 30, Interactions: 2})
	readers := []policy.Principal{m.Viewer, m.Owners[0], m.Owners[1]}
	read := func(p policy.Principal, plan *partners.Plan) string {
		t.Helper()
		pages, err := m.Read(policy.With(t.Context(), p), plan)
		if err != nil {
			t.Fatal(err)
		}
		return toldBy(pages[0])
	}
	plans := shapesOfPlans(t, m)
	var want []string
	for _, p := range readers {
		for _, plan := range plans {
			m.Honest(p.Firm) // forgets the rules, and with them what was printed
			want = append(want, read(p, plan))
		}
	}
	for round := range 3 {
		n := 0
		for _, p := range readers {
			for i, plan := range plans {
				if diff := cmp.Diff(want[n], read(p, plan)); diff != "" {
					t.Errorf("plan %d in round %d is answered otherwise than at first (-first +now):\n%s", i, round, diff)
				}
				n++
			}
		}
	}
}

// shapesOfPlans are plans that differ in one thing each.
func shapesOfPlans(t *testing.T, m *partnerstest.Market) []*partners.Plan {
	t.Helper()
	k := schema.Customers
	base := func(change func(*partners.Plan)) *partners.Plan {
		plan := partnerstest.Page(7)
		change(plan)
		return plan
	}
	pages, err := m.Read(policy.With(t.Context(), m.Viewer), partnerstest.Page(20))
	if err != nil {
		t.Fatal(err)
	}
	rows := pages[0].Rows
	onward := func(row int) func(*partners.Plan) { return func(p *partners.Plan) { p.After = rows[row].Cursor() } }
	return []*partners.Plan{
		base(func(*partners.Plan) {}),
		base(func(p *partners.Plan) { p.First = 8 }),
		base(func(p *partners.Plan) { p.Fields = p.Fields[:2] }),
		base(func(p *partners.Plan) { p.Fields = []*schema.Field{p.Fields[1], p.Fields[0]} }),
		base(onward(4)),
		base(onward(11)),
		base(func(p *partners.Plan) { p.First, p.Last = 0, 7 }),
		base(func(p *partners.Plan) { p.First, p.Last, p.Before = 0, 7, rows[12].Cursor() }),
		base(func(p *partners.Plan) { p.Order = []partners.Order{{Field: k.Label, Desc: true}} }),
		base(func(p *partners.Plan) { p.Order = []partners.Order{{}} }),
		base(func(p *partners.Plan) { p.CountMax = 5 }),
		base(func(p *partners.Plan) { p.CountMax = 500 }),
		base(func(p *partners.Plan) { p.IDs = []schema.ID{rows[3].ID, rows[1].ID} }),
		base(func(p *partners.Plan) { p.IDs = []schema.ID{rows[2].ID} }),
		base(func(p *partners.Plan) {
			p.Children = []*partners.Child{{Link: schema.Interactions.FieldNamed("customer"), Plan: &partners.Plan{Kind: schema.Interactions, First: 2, CountMax: 9}}}
		}),
	}
}

// toldBy is all that a page tells.
func toldBy(page *partners.Page) string {
	text := fmt.Sprintf("%d rows, next %t, previous %t, %d counted, exactly %t\n", len(page.Rows), page.HasNext, page.HasPrevious, page.Count, page.CountExact)
	for _, row := range page.Rows {
		text += fmt.Sprintf("%s of %s, version %d, %v: %q\n", row.ID, row.Owner, row.Version, row.Mask, row.Cells)
		for _, below := range row.Children {
			text += "below: " + toldBy(below)
		}
	}
	return text
}
