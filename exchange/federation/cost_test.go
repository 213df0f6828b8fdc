package federation_test

import (
	"fmt"
	"testing"

	"fondaco/exchange/exchangetest"
	"fondaco/partners"
	"fondaco/schema"
)

// TestOrdinaryEditsCostOneLook: to change a record that many others name, or to
// which many belong, costs the link a look at this record alone, as long as
// nobody comes to see it or sees it no more.
func TestOrdinaryEditsCostOneLook(t *testing.T) {
	t.Parallel()
	const many = 30
	w := newWindow(t)
	customer := w.customerIn("PT")
	product := w.A.Create(w.A.Admin, schema.Products, partners.Values{"name": "Oven", "partNumber": "OV-1", "family": "ovens"})
	for i := range many {
		w.A.Create(w.A.Admin, schema.Contacts, partners.Values{"customer": customer, "name": fmt.Sprint("Contact ", i)})
		w.promotion(product)
	}
	w.Share(`[
		{"kind":"Customer","level":"FILTER","filter":{"field":"country","op":"in","value":["PT","ES"]},"actions":["read"],"classes":["personal"]},
		{"kind":"Contact","level":"CHILDREN","actions":["read"],"classes":["personal"]},
		{"kind":"Product","level":"FILTER","filter":{"field":"family","op":"eq","value":"ovens"},"actions":["read"]},
		{"kind":"Promotion","level":"ALL","actions":["read"]}]`)
	w.A.Settle()
	for _, c := range []struct {
		what         string
		kind         *schema.Kind
		id           schema.ID
		field, value string
		looks        int
	}{
		{"another phone number", schema.Customers, customer, "phone", "+351 21 000 000", 1},
		{"another name", schema.Products, product, "name", "Big oven", 1},
		{"another country within the filter", schema.Customers, customer, "country", "ES", 1},
		{"a country beyond it", schema.Customers, customer, "country", "DE", 1 + many},
		{"another country beyond it", schema.Customers, customer, "country", "FR", 1},
		{"a country within it", schema.Customers, customer, "country", "PT", 1 + many},
		{"another family", schema.Products, product, "family", "mixers", 1 + many},
		{"the same family again", schema.Products, product, "family", "ovens", 1 + many},
	} {
		before := looks(t, w.A)
		w.set(c.kind, c.id, c.field, c.value)
		w.A.Settle()
		if got := looks(t, w.A) - before; got != c.looks {
			t.Errorf("%s: %d looks; want %d", c.what, got, c.looks)
		}
		checkCopies(t, w.A, w.B)
	}
}

// looks is how often records were put on the list of those to look at.
func looks(t *testing.T, s *exchangetest.Side) (n int) {
	t.Helper()
	query(t, s, "SELECT last_value FROM federation_pending_seq", &n)
	return n
}
