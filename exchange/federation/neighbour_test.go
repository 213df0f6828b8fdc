package federation_test

import (
	"strings"
	"testing"

	"fondaco/exchange/exchangetest"
	"fondaco/partners"
	"fondaco/schema"
)

// TestIDsFollowWhatTheyName: a record that the peer holds names another in it
// as long as the peer may see that other one, and no longer, although nothing
// in the record itself was changed.
func TestIDsFollowWhatTheyName(t *testing.T) {
	t.Parallel()
	p := exchangetest.Pair(t)
	shown := p.A.Create(p.A.Admin, schema.Products, partners.Values{"name": "Oven", "partNumber": "OV-1"})
	hidden := p.A.Create(p.A.Admin, schema.Products, partners.Values{"name": "Mixer", "partNumber": "MX-1"})
	promotion := p.A.Create(p.A.Admin, schema.Promotions, partners.Values{
		"name": "Spring", "startsOn": schema.Date{Year: 2026, Month: 3, Day: 1}, "endsOn": schema.Date{Year: 2026, Month: 5, Day: 31}, "products": []schema.ID{shown, hidden},
	})
	p.Share(`[
		{"kind":"Product","level":"FILTER","filter":{"field":"family","op":"eq","value":"ovens"},"actions":["read"]},
		{"kind":"Promotion","level":"ALL","actions":["read"]}]`)
	family := func(id schema.ID, name string) {
		t.Helper()
		p.A.Do(p.A.Admin, partners.Command{Verb: partners.Update, Kind: schema.Products, ID: id, Values: partners.Values{"family": name}})
	}
	names := func(want ...schema.ID) {
		t.Helper()
		p.A.Settle()
		for _, row := range p.B.Rows(schema.Promotions) {
			if row.ID != promotion {
				continue
			}
			got := exchangetest.Text(schema.Promotions, row, "products")
			for _, id := range []schema.ID{shown, hidden} {
				expected := false
				for _, w := range want {
					expected = expected || w == id
				}
				if strings.Contains(got, string(id[:])) != expected {
					t.Errorf("the copy names %x; want exactly %s", got, want)
				}
			}
			return
		}
		t.Error("the promotion is not there")
	}
	names()
	family(shown, "ovens")
	names(shown)
	family(hidden, "ovens")
	names(shown, hidden)
	family(shown, "mixers")
	names(hidden)
	p.A.Do(p.A.Admin, partners.Command{Verb: partners.Delete, Kind: schema.Products, ID: hidden})
	names()
}
