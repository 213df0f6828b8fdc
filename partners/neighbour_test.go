package partners_test

import (
	"slices"
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/schema"
)

// TestReferrersOfEveryKind asks for every kind who names its records: each
// field that names one is found in the schema, and its statement runs.
func TestReferrersOfEveryKind(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker := n.Firm("Maker", "PL")
	product := n.Create(maker, schema.Products, partners.Values{"name": "Oven", "partNumber": "OV-1"})
	other := n.Create(maker, schema.Products, partners.Values{"name": "Mixer", "partNumber": "MX-1"})
	day := schema.Date{Year: 2026, Month: 3, Day: 1}
	values := partners.Values{"name": "Spring", "startsOn": day, "endsOn": day, "products": []schema.ID{product, other}}
	promotion := n.Create(maker, schema.Promotions, values)
	for _, k := range schema.Kinds() {
		list, err := n.Referrers(t.Context(), k, []schema.ID{product, promotion, maker.Firm.ID()})
		if err != nil {
			t.Errorf("who names a %s: %v", k, err)
		}
		want := []partners.Referrer{{Kind: schema.Promotions, ID: promotion, Owner: maker.Firm}}
		if k == schema.Products && !slices.Equal(list, want) {
			t.Errorf("%v name the product; want the promotion", list)
		}
	}
}
