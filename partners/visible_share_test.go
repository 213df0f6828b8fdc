package partners_test

import (
	"reflect"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestPagesOfManyFirmsHaveNoHoles: of each of many firms a page reads only a
// few rows at first. Where one firm has far more than its share of a page, none
// is missing, in both directions.
func TestPagesOfManyFirmsHaveNoHoles(t *testing.T) {
	t.Parallel()
	m := partnerstest.NewMarket(t, partnerstest.Sizes{Owners: 12, Customers: 200, Grants: 240})
	conn := owner(t, m.Node)
	// The first owner's customers come before all others', the second's are all of one name.
	for i, name := range []string{"'Aa ' || substr(name, 10)", "'Customer 8'"} {
		if _, err := conn.Exec(t.Context(), "UPDATE customers SET name = "+name+" WHERE holder_firm_id = $1", [16]byte(m.Owners[i].Firm)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.Exec(t.Context(), "UPDATE reach r SET sort_key = c.sort_key FROM customers c WHERE c.id = r.record_id"); err != nil {
		t.Fatal(err)
	}
	rows, err := conn.Query(t.Context(), `
		SELECT c.id
		FROM customers c
		WHERE c.country = 'PT' OR EXISTS (SELECT FROM reach r WHERE r.record_id = c.id AND r.firm_id = $1)
		ORDER BY c.sort_key, c.id`, [16]byte(m.Viewer.Firm))
	if err != nil {
		t.Fatal(err)
	}
	want, err := pgx.CollectRows(rows, pgx.RowTo[[16]byte])
	if err != nil {
		t.Fatal(err)
	}
	if len(want) < 400 {
		t.Fatalf("the viewer sees %d customers: too few to test with", len(want))
	}
	ctx := policy.With(t.Context(), m.Viewer)
	for _, back := range []bool{false, true} {
		var got [][16]byte
		for plan := (&partners.Plan{Kind: schema.Customers}); ; {
			if plan.First = 50; back {
				plan.First, plan.Last = 0, 50
			}
			pages, err := m.Read(ctx, plan)
			if err != nil {
				t.Fatal(err)
			}
			page := pages[0]
			var ids [][16]byte
			for _, row := range page.Rows {
				ids = append(ids, row.ID)
			}
			more := page.HasNext
			if back {
				got, more, plan.Before = slices.Concat(ids, got), page.HasPrevious, page.Rows[0].Cursor()
			} else {
				got, plan.After = append(got, ids...), page.Rows[len(page.Rows)-1].Cursor()
			}
			if !more {
				break
			}
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("backwards %t (-want +got):\n%s", back, diff)
		}
	}
}

// TestWhatASightIsKeptByIsAllOfAPrincipal: a new field of a principal must
// be looked at before what one principal may reach is given to another.
func TestWhatASightIsKeptByIsAllOfAPrincipal(t *testing.T) {
	t.Parallel()
	all := policy.Principal{
		Firm: schema.FirmID{1}, User: schema.Ref[schema.User]{1}, Actor: policy.ActorUser, Roles: []schema.Role{schema.Sales},
		Teams: []schema.Ref[schema.Team]{{1}}, TeamMembers: []schema.Ref[schema.User]{{1}}, SubtreeMembers: []schema.Ref[schema.User]{{1}},
		Scopes: []policy.Scope{{Kind: "*", Action: policy.Read}}, Via: "gateway", Cause: "request",
	}
	ignored := []string{"Via", "Cause"}
	v := reflect.ValueOf(all)
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if v.Field(i).IsZero() {
			t.Errorf("%s is not set here: is it part of what decides?", name)
		}
		less := reflect.New(v.Type()).Elem()
		less.Set(v)
		less.Field(i).SetZero()
		same := partners.SameOutlook(all) == partners.SameOutlook(less.Interface().(policy.Principal))
		if same != slices.Contains(ignored, name) {
			t.Errorf("without %s the outlook is the same: %t", name, same)
		}
	}
	narrow, none := all, all
	narrow.Scopes, none.Scopes = []policy.Scope{}, nil
	if partners.SameOutlook(narrow) == partners.SameOutlook(none) {
		t.Error("a token that may do nothing is taken for one without scopes")
	}
}
