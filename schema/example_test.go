package schema_test

import (
	"fmt"

	"fondaco/schema"
)

// Doors know no kind by name: they ask the kind for its fields.
func Example() {
	customer := &schema.Customer{Name: "Águas do Porto", CustomerType: schema.Organisation, Country: "PT"}
	for _, f := range schema.KindOf(customer).Fields {
		if value := f.Value(customer); value != nil {
			fmt.Printf("%s (%s) = %v. %s\n", f.Name, f.Column, value, f.Doc())
		}
	}
	fmt.Println(schema.Check(customer))
	// Output:
	// name (name) = Águas do Porto. Name of the organisation, or full name of the person.
	// customerType (customer_type) = ORGANISATION. Whether this is an organisation or a person.
	// country (country) = PT. Country, as two letters of ISO 3166-1.
	// status: must be stated
}

// Of a record that another firm may see in part, only that part is encoded.
func ExampleEncodeFields() {
	revenue, err := schema.ParseMoney("1200000", "EUR")
	if err != nil {
		panic(err)
	}
	customer := &schema.Customer{Name: "Águas do Porto", Phone: "+351 22 000 000", AnnualRevenue: revenue}
	shown := schema.Customers.FieldsOf(schema.Basic, schema.Commercial)
	text, err := schema.EncodeFields(customer, shown)
	fmt.Println(string(text), err)
	// Output: {"name":"Águas do Porto","annualRevenue":{"amount":"1200000.00","currency":"EUR"}} <nil>
}

func ExampleLifecycle_Actions() {
	fmt.Println(schema.DealRegistrations.Lifecycle.Actions("SUBMITTED"))
	// Output: [withdraw win lose]
}
