package partners_test

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/schema"
)

// growthSizes are those of a market in which PostgreSQL does not rather read
// whole tables.
var growthSizes = partnerstest.Sizes{Owners: 4, Customers: 500, Grants: 200, Others: 1000, Interactions: 20}

// TestCostFollowsTheViewer: while other firms are granted a hundred times as
// many records, all that the viewer asks touches as many pages of PostgreSQL's
// memory as before, within a fifth.
func TestCostFollowsTheViewer(t *testing.T) {
	t.Parallel()
	m := partnerstest.NewMarket(t, growthSizes)
	conn := owner(t, m.Node)
	if err := m.Drawn(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	small := touchedByAll(t, m)
	if err := m.GrantOthers(t.Context(), conn, 100*growthSizes.Others); err != nil {
		t.Fatal(err)
	}
	if err := partnerstest.Analyze(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	large := touchedByAll(t, m)
	for _, q := range growthQuestions(m) {
		was, is := small[q.name], large[q.name]
		t.Logf("%-22s touches %4d pages with %d grants to others, %4d with %d: %.2f times", q.name, was, growthSizes.Others, is, 101*growthSizes.Others, float64(is)/float64(was))
		if is*5 > was*6 {
			t.Errorf("%s touches %d pages, and %d when others are granted a hundred times as much; want no more than a fifth more", q.name, was, is)
		}
	}
}

// TestCostOfNestedLists: below each parent a list costs as much among many
// parents as among few, and hardly more when four times as many records lie
// below each, of which the viewer sees one in fifty.
func TestCostOfNestedLists(t *testing.T) {
	t.Parallel()
	perParent := func(m *partnerstest.Market, parents int) float64 {
		whole := touched(t, m, nestedPlan(m, parents))
		return float64(whole-touched(t, m, nestedPlan(m, 0, parents))) / float64(parents)
	}
	sizes := partnerstest.Sizes{Owners: 2, Customers: 50, Grants: 10, Others: 100, Interactions: 300}
	few := partnerstest.NewMarket(t, sizes)
	sizes.Interactions *= 4
	many := partnerstest.NewMarket(t, sizes)
	base, wide, deep := perParent(few, 2), perParent(few, 10), perParent(many, 10)
	t.Logf("pages touched for each parent: %.1f among 2, %.1f among 10, %.1f with four times as much below", base, wide, deep)
	if wide > 1.2*base {
		t.Errorf("a list below a parent touches %.1f pages among 2 parents and %.1f among 10; want no more than a fifth more", base, wide)
	}
	if deep > 1.5*wide { // an index may have grown by a level, which is a page more for each row
		t.Errorf("a list below a parent touches %.1f pages, and %.1f when four times as many records lie below; want no more than a half more", wide, deep)
	}
}

type growthQuestion struct {
	name string
	plan *partners.Plan
}

// growthQuestions are the ways in which rows are asked for.
func growthQuestions(m *partnerstest.Market) []growthQuestion {
	counted, byID, rare, common := partnerstest.Page(0), partnerstest.Page(0), partnerstest.Page(50), partnerstest.Page(50)
	counted.CountMax = partners.PageLimit
	byID.IDs = sharedCustomers(m, 50)
	rare.Search, common.Search = "f00d", "customer"
	return []growthQuestion{
		{"a list", partnerstest.Page(50)},
		{"a count", counted},
		{"records by their ids", byID},
		{"a search, rare word", rare},
		{"a search, common word", common},
		{"nested lists", nestedPlan(m, 50)},
	}
}

// nestedPlan reads customers of the first owner and five interactions below
// each; with another number, that many customers and nothing below.
func nestedPlan(m *partnerstest.Market, nested int, alone ...int) *partners.Plan {
	k := schema.Interactions
	plan := partnerstest.Page(0)
	if len(alone) > 0 {
		plan.IDs = sharedCustomers(m, alone[0])
		return plan
	}
	plan.IDs = sharedCustomers(m, nested)
	plan.Children = []*partners.Child{{Link: k.FieldNamed("customer"), Plan: &partners.Plan{
		Kind: k, First: 5, Fields: []*schema.Field{k.FieldNamed("subject")}, Order: []partners.Order{{Field: k.FieldNamed("occurredAt"), Desc: true}},
	}}}
	return plan
}

// sharedCustomers are so many customers of the first owner that are shared by
// their country.
func sharedCustomers(m *partnerstest.Market, count int) []schema.ID {
	list := make([]schema.ID, count)
	for i := range list {
		list[i] = md5.Sum(fmt.Appendf(nil, "%s%d", m.Owners[0].Firm, 5*(i+1)))
	}
	return list
}

func touchedByAll(t testing.TB, m *partnerstest.Market) map[string]int {
	t.Helper()
	all := map[string]int{}
	for _, q := range growthQuestions(m) {
		all[q.name] = touched(t, m, q.plan)
	}
	return all
}

// touched counts the pages that a plan of the viewer touches, behind its fence.
func touched(t testing.TB, m *partnerstest.Market, plan *partners.Plan) int {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), m.DSN)
	if err != nil {
		t.Fatal(err)
	}
	const fence = "SELECT set_config('fondaco.fence', $1, false) || set_config('role', 'fondaco_app', false) || set_config('plan_cache_mode', 'force_generic_plan', false)"
	var set string
	err = conn.QueryRow(t.Context(), fence, fenceOf(m)).Scan(&set)
	n := 0
	if err == nil {
		var pages []*partners.Page
		if n, pages, err = m.Touched(t.Context(), conn, m.Viewer, plan); err == nil && plan.CountMax == 0 && plan.Search != "f00d" && len(pages[0].Rows) == 0 {
			err = errors.New("the plan finds nothing")
		}
	}
	if err = errors.Join(err, conn.Close(context.WithoutCancel(t.Context()))); err != nil {
		t.Fatal(err)
	}
	return n
}

// fenceOf is the fence of the market's viewer.
func fenceOf(m *partnerstest.Market) string {
	text := m.Viewer.Firm.String()
	for _, o := range m.Owners {
		text += "," + o.Firm.String()
	}
	return text
}
