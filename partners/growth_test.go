package partners_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
)

// TestCostFollowsTheViewer: while other firms are granted a hundred times as
// many records, a list and a count touch as many pages of PostgreSQL's memory
// as before, within a fifth.
func TestCostFollowsTheViewer(t *testing.T) {
	t.Parallel()
	const others = 1000 // so many that PostgreSQL does not rather read the whole list of grants
	m := partnerstest.NewMarket(t, partnerstest.Sizes{Owners: 4, Customers: 500, Grants: 200, Others: others})
	list, count := partnerstest.Page(50), partnerstest.Page(50)
	count.CountMax = partners.PageLimit
	conn := owner(t, m.Node)
	if err := m.Drawn(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	small := [2]int{touched(t, m, list, false), touched(t, m, count, true)}
	if err := m.GrantOthers(t.Context(), conn, 100*others); err != nil {
		t.Fatal(err)
	}
	if err := partnerstest.Analyze(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	large := [2]int{touched(t, m, list, false), touched(t, m, count, true)}
	t.Logf("pages touched by a list and a count: %v with %d grants to others, %v with %d", small, others, large, 101*others)
	for i, name := range []string{"list", "count"} {
		if large[i]*5 > small[i]*6 {
			t.Errorf("a %s touches %d pages, and %d when others are granted a hundred times as much; want no more than a fifth more", name, small[i], large[i])
		}
	}
}

// touched counts the pages that the statement of a plan touches, as the
// application's role, behind its fence, by the plan that it uses.
func touched(t *testing.T, m *partnerstest.Market, plan *partners.Plan, counted bool) int {
	t.Helper()
	sql, args, err := m.PageStatement(t.Context(), m.Viewer, plan, counted)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(t.Context(), m.DSN)
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	const fence = "SELECT set_config('fondaco.fence', $1, false) || set_config('role', 'fondaco_app', false)"
	var set string
	err = conn.QueryRow(t.Context(), fence, fenceOf(m)).Scan(&set)
	for range 2 { // the first time fills the caches of the catalogue
		if err == nil {
			err = conn.QueryRow(t.Context(), "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+sql, args...).Scan(&out)
		}
	}
	if err = errors.Join(err, conn.Close(context.WithoutCancel(t.Context()))); err != nil {
		t.Fatal(err)
	}
	var plans []struct {
		Plan struct {
			Hit  int `json:"Shared Hit Blocks"`
			Read int `json:"Shared Read Blocks"`
		}
	}
	if err := json.Unmarshal(out, &plans); err != nil {
		t.Fatal(err)
	}
	return plans[0].Plan.Hit + plans[0].Plan.Read
}

// fenceOf is the fence of the market's viewer.
func fenceOf(m *partnerstest.Market) string {
	text := m.Viewer.Firm.String()
	for _, o := range m.Owners {
		text += "," + o.Firm.String()
	}
	return text
}
