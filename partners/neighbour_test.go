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
	reader := schema.FirmID(schema.NewID())
	for _, k := range schema.Kinds() {
		list, err := n.Referrers(t.Context(), reader, k, []schema.ID{product, promotion, maker.Firm.ID()})
		if err != nil {
			t.Errorf("who names a %s: %v", k, err)
		}
		want := []partners.Neighbour{{Kind: schema.Promotions, ID: promotion, Owner: maker.Firm}}
		if k == schema.Products && !slices.Equal(list, want) {
			t.Errorf("%v name the product; want the promotion", list)
		}
		if _, err := n.Children(t.Context(), reader, k, []schema.ID{product}); err != nil {
			t.Errorf("what belongs to a %s: %v", k, err)
		}
	}
}

// TestChildrenThatOthersMaySee: of the notes on a customer, another firm has to
// do with those alone that name it, and of the contacts with all.
func TestChildrenThatOthersMaySee(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, one, two := n.Firm("Maker", "PL"), n.Firm("One", "PT"), n.Firm("Two", "PT")
	n.Partnership(maker, one)
	n.Partnership(maker, two)
	customer := n.Create(maker, schema.Customers, partners.Values{"name": "Padaria", "customerType": "ORGANISATION", "status": "ACTIVE"})
	contact := n.Create(maker, schema.Contacts, partners.Values{"customer": customer, "name": "Ana"})
	note := func(audience string, firms ...schema.ID) schema.ID {
		values := partners.Values{"customer": customer, "interactionType": "NOTE", "occurredAt": n.Now(), "subject": audience, "audience": audience}
		if firms != nil {
			values["audienceFirms"] = firms
		}
		return n.Create(maker, schema.Interactions, values)
	}
	note("FIRM")
	note("FIRMS", two.Firm.ID())
	named := note("FIRMS", two.Firm.ID(), one.Firm.ID())
	got, err := n.Children(t.Context(), one.Firm, schema.Customers, []schema.ID{customer})
	want := []partners.Neighbour{{Kind: schema.Contacts, ID: contact, Owner: maker.Firm}, {Kind: schema.Interactions, ID: named, Owner: maker.Firm}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("the children are %v, %v; want the contact and the note that names the firm", got, err)
	}
}
