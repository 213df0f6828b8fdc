package partners_test

import (
	"testing"
	"time"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

const portugueseCustomers = `[
	{"kind": "Customer", "level": "FILTER", "filter": {"field": "country", "op": "eq", "value": "PT"}, "actions": ["read", "comment"], "classes": ["personal"]},
	{"kind": "Interaction", "level": "CHILDREN", "actions": ["read"]}]`

// list reads the customers that a principal sees, by name.
func list(t *testing.T, n *partnerstest.Node, p policy.Principal) map[string]partners.Row {
	t.Helper()
	plan := partners.Plan{Kind: schema.Customers, First: 50, Fields: []*schema.Field{
		schema.Customers.FieldNamed("name"), schema.Customers.FieldNamed("phone"), schema.Customers.FieldNamed("annualRevenue"),
	}}
	pages, err := n.Read(policy.With(t.Context(), p), &plan)
	if err != nil {
		t.Fatalf("read customers: %v", err)
	}
	rows := map[string]partners.Row{}
	for _, r := range pages[0].Rows {
		rows[string(r.Cells[0])] = r
	}
	return rows
}

func customer(name, country string) partners.Values {
	revenue, _ := schema.ParseMoney("1200000.00", "EUR")
	return partners.Values{
		"name": name, "customerType": "ORGANISATION", "status": "ACTIVE", "country": country, "phone": "+351 21 000 000", "annualRevenue": revenue,
	}
}

func TestSharingAgreement(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor, outsider := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT"), n.Firm("Nordwind", "DE")
	n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	n.Create(maker, schema.Customers, customer("Wodociągi Kraków", "PL"))
	partnership := n.Partnership(maker, distributor)

	if got := list(t, n, distributor); len(got) != 0 {
		t.Errorf("before any agreement the distributor sees %d customers, want none", len(got))
	}
	agreement := n.Share(maker, distributor, partnership, portugueseCustomers)
	got := list(t, n, distributor)
	row, ok := got["Águas do Porto"]
	if !ok || len(got) != 1 {
		t.Fatalf("distributor sees %d customers, want the Portuguese one alone", len(got))
	}
	if row.Cells[1] == nil {
		t.Error("phone is hidden, want it shown: the agreement opens personal fields")
	}
	if row.Cells[2] != nil || row.Cells[3] != nil {
		t.Error("annual revenue is shown, want it hidden: the agreement opens no commercial fields")
	}
	if got := list(t, n, outsider); len(got) != 0 {
		t.Errorf("outsider sees %d customers, want none", len(got))
	}
	if got := list(t, n, maker); len(got) != 2 {
		t.Errorf("owner sees %d customers, want 2", len(got))
	}

	n.Do(maker, partners.Command{Verb: "revoke", Kind: schema.SharingAgreements, ID: agreement})
	if got := list(t, n, distributor); len(got) != 0 {
		t.Errorf("after the agreement was revoked the distributor sees %d customers, want none", len(got))
	}
}

func TestPartnersKnowWhoTheOtherIs(t *testing.T) {
	t.Parallel()
	n := partnerstest.Open(t)
	maker, distributor, outsider := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT"), n.Firm("Nordwind", "DE")
	n.Partnership(maker, distributor)
	for _, test := range []struct {
		by   policy.Principal
		want int
	}{{maker, 2}, {distributor, 2}, {outsider, 1}} {
		pages, err := n.Read(policy.With(t.Context(), test.by), &partners.Plan{Kind: schema.Firms, First: 10})
		if err != nil {
			t.Fatal(err)
		}
		if got := len(pages[0].Rows); got != test.want {
			t.Errorf("%s sees %d firms, want %d: its own and its partners'", test.by.Firm, got, test.want)
		}
	}
}

func TestAgreementEndsWithItsPartnership(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 12, 30, 12, 0, 0, 0, time.UTC)
	n := partnerstest.Open(t, func(o *partners.Options) { o.Now = func() time.Time { return clock } })
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))
	partnership := n.Create(maker, schema.Partnerships, partners.Values{
		"name": "Until the end of the year", "addressedTo": distributor.Firm.ID(), "endsOn": schema.Date{Year: 2026, Month: 12, Day: 31},
	})
	n.Create(distributor, schema.Acceptances, partners.Values{"partnership": partnership, "answer": "ACCEPTED"})
	n.Share(maker, distributor, partnership, portugueseCustomers)
	if got := list(t, n, distributor); len(got) != 1 {
		t.Errorf("during the partnership the distributor sees %d customers, want 1", len(got))
	}
	clock = clock.AddDate(0, 0, 2) // no write, no new epoch: the day alone has passed
	if got := list(t, n, distributor); len(got) != 0 {
		t.Errorf("after its last day the distributor sees %d customers, want none", len(got))
	}
}
