package trading_test

import (
	"strings"
	"testing"

	"fondaco/partners"
	"fondaco/schema"
)

func TestWhoIsTheCustomer(t *testing.T) {
	t.Parallel()
	type customer = partners.Values
	braga := customer{"name": "Hospital de Braga, E.P.E.", "city": "BRAGA", "country": "PT"}
	for _, c := range []struct {
		name      string
		customers []customer
		party     string
		state     string
		count     int // of customers afterwards
	}{
		{"nobody is known", nil, "N1*EN*Hospital de Braga EPE~", "UNMATCHED | link", 1},
		{"the same VAT number in other writing", []customer{{"name": "Braga", "vatId": "PT501234567"}}, "N1*EN*Hospital~\nREF*VX*PT 501 234 567~", "MATCHED | link", 1},
		{"the same DUNS number with a suffix", []customer{{"name": "Braga", "duns": "123456789"}}, "N1*EN*Hospital*9*1234567890001~", "MATCHED | link", 1},
		{"the same GLN", []customer{{"name": "Braga", "gln": "5601234567895"}}, "N1*EN*Hospital*UL*5601234567895~", "MATCHED | link", 1},
		{"two with the same GLN", []customer{{"name": "A", "gln": "5601234567895"}, {"name": "B", "gln": "5601234567895"}}, "N1*EN*Hospital*UL*5601234567895~", "AMBIGUOUS | -", 2},
		{"name, town and country are the same", []customer{braga}, "N1*EN*HOSPITAL DE BRAGA E.P.E~\nN4*Braga***PT~", "MATCHED | link", 1},
		{"two of that name in that town", []customer{braga, braga}, "N1*EN*HOSPITAL DE BRAGA E.P.E~\nN4*Braga***PT~", "AMBIGUOUS | -", 2},
		{"the name alone is the same", []customer{braga}, "N1*EN*Hospital de Braga E.P.E.~", "AMBIGUOUS | -", 1},
		{"the country is not known here", []customer{{"name": "Hospital de Braga", "city": "Braga"}}, "N1*EN*Hospital de Braga~\nN4*Braga***PT~", "AMBIGUOUS | -", 1},
		{"the same name in another town", []customer{braga}, "N1*EN*Hospital de Braga E.P.E.~\nN4*Porto***PT~", "UNMATCHED | link", 2},
		{"the same name and town with another VAT number", []customer{{"name": "Hospital de Braga", "city": "Braga", "country": "PT", "vatId": "PT1"}}, "N1*EN*Hospital de Braga~\nN4*Braga***PT~\nREF*VX*PT2~", "UNMATCHED | link", 2},
		{"a name that contains it", []customer{{"name": "Hospital de Braga Norte", "city": "Braga", "country": "PT"}}, "N1*EN*Hospital de Braga~\nN4*Braga***PT~", "UNMATCHED | link", 2},
		{"no customer is named", []customer{braga}, "N1*RS*Alfa Sistemas~", "UNMATCHED | -", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			for _, v := range c.customers {
				v := partners.Values{"customerType": "ORGANISATION", "status": "ACTIVE", "name": v["name"], "city": v["city"], "country": v["country"],
					"vatId": v["vatId"], "duns": v["duns"], "gln": v["gln"]}
				w.node.Create(w.maker, schema.Customers, v)
			}
			st := w.receive("a.edi", file(1, sale("R1", "FT 1", c.party, "MX-1", 1)))
			if st.Interchanges[0].State != "POSTED" {
				t.Fatalf("status = %+v, want POSTED", st)
			}
			want(t, "line", w.list(w.maker, schema.SalesReportLines, "matchState", "customer"), []string{c.state})
			if n := len(w.list(w.maker, schema.Customers)); n != c.count {
				t.Errorf("%d customers, want %d", n, c.count)
			}
		})
	}
}

func TestSendersOwnNumberIsRemembered(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.receive("1.edi", file(1, sale("R1", "FT 1", "N1*EN*Câmara de Viseu*92*E90007~", "MX-1", 1), sale("R2", "FT 2", "N1*EN*Câmara de Viseu*92*E90007~", "MX-1", 1)))
	w.receive("2.edi", file(2, sale("R3", "FT 3", "N1*EN*CAMARA DE VISEU*92*E90007~", "MX-1", 1)))
	w.receive("3.edi", file(3, sale("R4", "FT 4", "N1*EN*Somebody else*92*E90007~", "MX-1", 1)))
	want(t, "lines", w.list(w.maker, schema.SalesReportLines, "invoiceNumber", "matchState", "customer"), []string{
		"FT 1 | UNMATCHED | link", "FT 2 | UNMATCHED | link", "FT 3 | MATCHED | link", "FT 4 | AMBIGUOUS | -"})
	want(t, "customers", w.list(w.maker, schema.Customers, "name"), []string{"Câmara de Viseu"})
	want(t, "interactions", len(w.list(w.maker, schema.Interactions)), 3)
}

func TestReturnsAndStock(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := strings.Replace(sale("R1", "FT 1", hospital, "MX-1", 2), "QTY*32*2", "QTY*76*2", 1)
	stock := strings.Replace(sale("R2", "FT 2", hospital, "MX-1", 120), "QTY*32*", "QTY*33*", 1)
	st := w.receive("a.edi", file(1, in, stock))
	if st.Interchanges[0].State != "POSTED" {
		t.Fatalf("status = %+v", st)
	}
	if n := w.one("SELECT sum(quantity)::int FROM sales_report_lines"); n != -2 {
		t.Errorf("quantity of the return = %d, want -2", n)
	}
	want(t, "lines", w.list(w.maker, schema.SalesReportLines, "invoiceNumber"), []string{"FT 1"})
	if got := w.list(w.maker, schema.TransactionSets, "verdict", "findings"); !strings.Contains(got[1], "ACCEPTED") || !strings.Contains(got[1], "stock or a movement of stock") {
		t.Errorf("the stock report = %s, want it accepted with a warning", got[1])
	}
}
