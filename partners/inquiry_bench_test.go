package partners_test

import (
	"fmt"
	"testing"

	"fondaco/partners"
	"fondaco/partners/partnerstest"
	"fondaco/policy"
	"fondaco/schema"
)

// BenchmarkInquiry asks why, who and what about a record of a firm with a
// thousand people that is shared with another one.
func BenchmarkInquiry(b *testing.B) {
	n := partnerstest.Open(b)
	maker, distributor := n.Firm("Wisła Pompy", "PL"), n.Firm("Lusitânia", "PT")
	r := partners.Record{Kind: schema.Customers, ID: n.Create(maker, schema.Customers, customer("Águas do Porto", "PT"))}
	n.Share(maker, distributor, n.Partnership(maker, distributor), portugueseCustomers)
	const people = 1000
	var commands []partners.Command
	for i := range people {
		id := schema.NewID()
		commands = append(commands,
			partners.Command{Verb: partners.Create, Kind: schema.Users, ID: id, Values: partners.Values{
				"name": "Person", "email": fmt.Sprintf("%d@example.com", i), "active": true,
			}},
			partners.Command{Verb: partners.Create, Kind: schema.Memberships, Values: partners.Values{
				"member": id, "roles": []string{string([]schema.Role{schema.Sales, schema.Support, schema.Finance}[i%3])},
			}})
	}
	if _, err := n.Write(policy.With(b.Context(), policy.System(maker.Firm)), commands); err != nil {
		b.Fatal(err)
	}
	ctx, node := policy.With(b.Context(), maker), policy.Node(distributor.Firm)
	for name, ask := range map[string]func() error{
		"why": func() error {
			_, err := n.Why(policy.With(b.Context(), distributor), r, nil, policy.Read, nil)
			return err
		},
		"why of a firm": func() error {
			_, err := n.Why(ctx, r, nil, policy.Read, &node)
			return err
		},
		"who": func() error {
			_, err := n.Who(ctx, r, partners.Span{First: partners.PageLimit})
			return err
		},
		"what": func() error {
			_, err := n.What(ctx, partners.Viewer{Firm: distributor.Firm}, schema.Customers, partners.Span{First: partners.PageLimit})
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := ask(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
