package partners_test

import (
	"flag"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// The crowd of the benchmark of growth; the goal is stated for 10,000 firms, a
// million users and ten million grants.
var crowd partnerstest.Crowd

func init() { //nolint:gochecknoinits // flags of a test are declared at its start
	flag.IntVar(&crowd.Firms, "crowd.firms", 1000, "other firms in the benchmark of growth")
	flag.IntVar(&crowd.Users, "crowd.users", 10_000, "their users")
	flag.IntVar(&crowd.Grants, "crowd.grants", 100_000, "customers granted to them")
}

// BenchmarkGrowth decides on one record, from the principal's roles to the row
// and its fields, in turns on a node with ten firms and on one with a crowd
// beside the same ten. The figures to look at are times-few, and those in
// pages of PostgreSQL's memory, which other work on the machine cannot change:
// for a list, a count, records by their ids, searches and nested lists, how
// many times as many pages are touched with the crowd.
func BenchmarkGrowth(b *testing.B) {
	sizes := partnerstest.Sizes{Owners: 9, Customers: 500, Grants: 450, Others: 1000, Interactions: 20}
	few, many := partnerstest.NewMarket(b, sizes), partnerstest.NewMarket(b, sizes)
	conn, err := pgx.Connect(b.Context(), many.DSN)
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := many.Join(b.Context(), conn, crowd); err != nil {
		b.Fatal(err)
	}
	b.Logf("the crowd of %+v came in %v", crowd, time.Since(start).Round(time.Second))
	if err := conn.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
	decide := map[*partnerstest.Market]func() time.Duration{few: decision(b, few), many: decision(b, many)}
	var ours, theirs []time.Duration
	for b.Loop() {
		theirs = append(theirs, decide[few]())
		ours = append(ours, decide[many]())
	}
	b.ReportMetric(median(theirs), "few-ms-p50")
	b.ReportMetric(median(ours), "many-ms-p50")
	b.ReportMetric(median(ours)/median(theirs), "times-few")
	for _, q := range growthQuestions(few) {
		was := touched(b, few, q.plan)
		b.ReportMetric(float64(touched(b, many, sameQuestion(many, q.name)))/float64(was), strings.NewReplacer(",", "", " ", "-").Replace(q.name)+"-pages-times-few")
	}
}

// sameQuestion gives the plan of a question on another market.
func sameQuestion(m *partnerstest.Market, name string) *partners.Plan {
	list := growthQuestions(m)
	return list[slices.IndexFunc(list, func(q growthQuestion) bool { return q.name == name })].plan
}

// decision gives what decides on one record after the other, of those that
// the viewer reaches.
func decision(b *testing.B, m *partnerstest.Market) func() time.Duration {
	b.Helper()
	ctx := policy.With(b.Context(), m.Viewer)
	pages, err := m.Read(ctx, partnerstest.Page(200))
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	return func() time.Duration {
		plan := partnerstest.Page(0)
		plan.IDs = []schema.ID{pages[0].Rows[n%len(pages[0].Rows)].ID}
		n++
		start := time.Now()
		found, err := m.Read(ctx, plan)
		took := time.Since(start)
		if err != nil || len(found[0].Rows) != 1 {
			b.Fatal(len(found[0].Rows), err)
		}
		return took
	}
}

// BenchmarkCount counts, up to ten thousand and whether there are more, what
// the first owner sees of its own customers and what the viewer sees of all.
func BenchmarkCount(b *testing.B) {
	m := partnerstest.NewMarket(b, partnerstest.Sizes{Owners: *benchOwners, Customers: *benchCustomers, Grants: *benchGrants, Others: *benchOthers})
	for name, p := range map[string]policy.Principal{"own": m.Owners[0], "shared": m.Viewer} {
		b.Run(name, func(b *testing.B) {
			ctx := policy.With(b.Context(), p)
			var took []time.Duration
			var page *partners.Page
			for b.Loop() {
				start := time.Now()
				pages, err := m.Read(ctx, &partners.Plan{Kind: schema.Customers, CountMax: 10_000})
				if err != nil {
					b.Fatal(err)
				}
				took, page = append(took, time.Since(start)), pages[0]
			}
			b.Logf("%d counted, exactly: %t", page.Count, page.CountExact)
			b.ReportMetric(median(took), "ms-p50")
		})
	}
}

// BenchmarkSearch looks for words that are rare, that all have, and both, over
// all firms that share with the viewer.
func BenchmarkSearch(b *testing.B) {
	m := partnerstest.NewMarket(b, partnerstest.Sizes{Owners: *benchOwners, Customers: *benchCustomers, Grants: *benchGrants, Others: *benchOthers})
	ctx := policy.With(b.Context(), m.Viewer)
	for name, words := range map[string]string{"rare": "f00d", "common": "customer", "several": "customer ab", "none": "nowhere"} {
		b.Run(name, func(b *testing.B) {
			var took []time.Duration
			rows := 0
			for b.Loop() {
				plan := partnerstest.Page(50)
				plan.Search = words
				start := time.Now()
				pages, err := m.Read(ctx, plan)
				if err != nil {
					b.Fatal(err)
				}
				took, rows = append(took, time.Since(start)), len(pages[0].Rows)
			}
			b.Logf("%d rows", rows)
			b.ReportMetric(median(took), "ms-p50")
		})
	}
}
