package partners_test

import (
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

func TestCountIsOfWhatIsVisible(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	var ids []schema.ID
	for _, country := range []string{"PT", "PT", "PT", "PL"} {
		ids = append(ids, n.Create(maker, schema.Customers, customer("Customer in "+country, country)))
	}
	for _, test := range []struct {
		name  string
		by    policy.Principal
		max   int
		want  int
		exact bool
	}{
		{"the owner", maker, 10, 4, true},
		{"the owner, capped", maker, 3, 3, false},
		{"the partner", distributor, 10, 3, true},
		{"the partner, at the cap", distributor, 3, 3, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			customers := &partners.Plan{Kind: schema.Customers, CountMax: test.max, Where: nil}
			notes := &partners.Plan{Kind: schema.Customers, IDs: ids[:1], Children: []*partners.Child{{
				Link: schema.Interactions.Parent, Plan: &partners.Plan{Kind: schema.Interactions, CountMax: test.max},
			}}}
			pages, err := n.Read(policy.With(t.Context(), test.by), customers, notes)
			if err != nil {
				t.Fatal(err)
			}
			if got := pages[0]; got.Count != test.want || got.CountExact != test.exact {
				t.Errorf("count = %d, exact %t; want %d, %t", got.Count, got.CountExact, test.want, test.exact)
			}
			if below := pages[1].Rows[0].Children[0]; below.Count != 0 || !below.CountExact {
				t.Errorf("count below a customer = %d, exact %t; want none", below.Count, below.CountExact)
			}
		})
	}
}
