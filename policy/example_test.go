package policy_test

import (
	"encoding/json"
	"fmt"
	"time"

	"fondaco/policy"
	"fondaco/schema"
)

// A maker shares its Portuguese customers with a distributor, telephone
// numbers too, and lets the distributor comment.
func ExampleSnapshot_View() {
	maker, distributor := schema.FirmID(schema.NewID()), schema.FirmID(schema.NewID())
	s, err := policy.Compile(policy.Rules{
		Firm: distributor,
		Agreements: []policy.AgreementRules{{
			ID: schema.NewID(), Owner: maker, Recipient: distributor, Name: "Customers in Portugal",
			Terms: []schema.SharingTerm{{
				Kind: "Customer", Level: schema.ShareFilter, Actions: []string{"read", "comment"},
				Filter:  json.RawMessage(`{"field": "country", "op": "eq", "value": "PT"}`),
				Classes: []schema.Class{schema.Personal},
			}},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	support := policy.Principal{Firm: distributor, Actor: policy.ActorUser, Roles: []schema.Role{schema.Support}}
	view := s.View(support, schema.Customers, policy.Read, time.Now())

	for _, country := range []string{"PT", "ES"} {
		c := &schema.Customer{Country: country, Phone: "+351 21 000 0000"}
		c.ID, c.Owner, c.Holder = schema.NewID(), maker, maker
		mask, reached := view.Match(c, nil, nil)
		fmt.Println(country, reached, mask.Has(schema.Customers.FieldNamed("phone").Bit), mask.Has(schema.Customers.FieldNamed("annualRevenue").Bit))
	}
	// Output:
	// PT true true false
	// ES false false false
}

func ExampleFilter_SQL() {
	f, err := policy.ParseFilter(schema.Customers, json.RawMessage(`{"not": {"field": "country", "op": "in", "value": ["PT", "ES"]}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	var args policy.Args
	fmt.Println(f.SQL(&args, func(f *schema.Field) string { return "c." + f.Column }))
	fmt.Println(args.Values...)
	// Output:
	// ((c.country = ANY ($1::text[])) IS NOT TRUE)
	// [PT ES]
}

// Why does support not see the customer, though there is an agreement?
func ExampleSnapshot_Explain() {
	maker, distributor := schema.FirmID(schema.NewID()), schema.FirmID(schema.NewID())
	s, err := policy.Compile(policy.Rules{
		Firm: distributor,
		Agreements: []policy.AgreementRules{{
			ID: schema.NewID(), Owner: maker, Recipient: distributor, Name: "Customers in Portugal", Version: 3,
			Terms: []schema.SharingTerm{{
				Kind: "Customer", Level: schema.ShareFilter, Actions: []string{"read"},
				Filter: json.RawMessage(`{"and": [{"field": "country", "op": "eq", "value": "PT"}, {"field": "status", "op": "eq", "value": "ACTIVE"}]}`),
			}},
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := &schema.Customer{Country: "PT", Status: schema.Inactive}
	c.ID, c.Owner, c.Holder = schema.NewID(), maker, maker
	why := s.Explain(policy.Question{
		Principal: policy.Principal{Firm: distributor, Actor: policy.ActorUser, Roles: []schema.Role{schema.Support}},
		Record:    c, Action: policy.Read, Now: time.Now(),
	})
	nearest, _ := why.WhyNot()
	fmt.Println(why.Allowed, nearest.Agreement.Name, nearest.Agreement.Version)
	for _, c := range nearest.Missing() {
		fmt.Println(c.Code, c.Text)
	}
	// Output:
	// false Customers in Portugal 3
	// filter meets {"field":"status","op":"eq","value":"ACTIVE"}
}
