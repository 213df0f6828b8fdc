package partnerstest_test

import (
	"slices"
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// TestVeil: the viewers see something of every kind that can be shared, and
// nothing of what is hidden; and secrets of most kinds come about.
func TestVeil(t *testing.T) {
	t.Parallel()
	v := partnerstest.NewVeil(partnerstest.Open(t), 1)
	// Private kinds, and those that come about by steps of others.
	never := []*schema.Kind{schema.Acceptances, schema.Grants, schema.Memberships, schema.Users}
	for _, k := range schema.Kinds() {
		if k.Private {
			never = append(never, k)
		}
		sees := func(ids []schema.ID) int {
			pages, err := v.Read(policy.With(t.Context(), v.Viewer), &partners.Plan{Kind: k, IDs: append(ids, schema.ID{1})})
			if err != nil {
				t.Fatal(err)
			}
			return len(pages[0].Rows)
		}
		shown, hidden := sees(v.Shown[k]), sees(v.Hidden[k])
		if hidden > 0 {
			t.Errorf("the viewer sees %d hidden records of %s", hidden, k)
		}
		if shown == 0 && !slices.Contains(never, k) {
			t.Errorf("the viewer sees nothing of %s: what is masked of it is not tried", k)
		}
		if len(v.Hidden[k]) == 0 && !slices.Contains(never, k) {
			t.Errorf("no %s is hidden", k)
		}
		t.Logf("%-22s shown %d, of which seen %d; hidden %d; own %d", k, len(v.Shown[k]), shown, len(v.Hidden[k]), len(v.Own[k]))
	}
	done := 0
	for seed := range uint64(200) {
		if _, ok := v.Secret(v.Node, seed); ok {
			done++
		}
	}
	t.Logf("%d of 200 secrets were not refused", done)
	if done < 60 {
		t.Errorf("the node refused %d of 200 secrets", 200-done)
	}
}
