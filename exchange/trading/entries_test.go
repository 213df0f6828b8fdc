package trading_test

import (
	"fmt"
	"strings"
	"testing"

	"fondaco/edi/sets"
	"fondaco/exchange/trading"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// trade is an interchange of documents of one set.
func trade(control int, group, set string, bodies ...string) string {
	in := file(control, bodies...)
	return strings.NewReplacer("GS*PT*", "GS*"+group+"*", "ST*867*", "ST*"+set+"*").Replace(in)
}

// order is an 850 of one line.
func order(number, part, quantity string) string {
	return fmt.Sprintf(`
BEG*00*NE*%s**20240409~
CUR*BY*EUR~
N1*BY*LusoDist Distribuicao SA*92*PT-PORTO~
N4*Porto**4300-259*PT~
N1*ST*Armazem da Maia*92*PT-MAIA~
PO1*1*%s*EA*380*CT*VP*%s~
CTT*1~`, number, quantity, part)
}

// claim is an 844 of one line.
func claim(number, line string) string {
	return fmt.Sprintf(`
BAA*00*CR*20240412*CR*%s~
CUR*DS*EUR~
N1*DS*LusoDist Distribuicao SA*92*PT-PORTO~
CON*CT*SPA-1*VA~
N1*EN*Hospital de Braga EPE*92*E90012~
N4*Braga**4710-243*PT~
PAD*1*SD~
LIN*1*VP*MX-1~
UIT*EA*380.00~
%sREF*IV*FT 1~
CTT*1~`, number, line)
}

func TestOneOfThreeOrdersIsBroken(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.node.Create(w.maker, schema.Products, partners.Values{"name": "Access point", "partNumber": "MX-1"})
	in := trade(440, "PO", "850", order("PO-1", "MX-1", "80"), order("PO-2", "MX-1", "8,0"), order("PO-3", "MX-9", "4"))
	st := w.receive("orders.edi", in)
	if got := st.Interchanges[0].State; got != "PARTLY" {
		t.Fatalf("state = %s, want PARTLY", got)
	}
	answer, err := w.Raw(policy.With(t.Context(), w.maker), *st.Interchanges[0].Acknowledgment)
	if err != nil || !strings.Contains(string(answer), "AK9*P*3*3*2~") {
		t.Errorf("997 = %s, %v, want two of three accepted", answer, err)
	}
	state := func() {
		t.Helper()
		want(t, "transaction sets", w.list(w.maker, schema.TransactionSets, "setId", "controlNumber", "verdict", "recordCount"), []string{
			"850 | 0001 | ACCEPTED | 2", "850 | 0002 | REJECTED | 0", "850 | 0003 | ACCEPTED | 2"})
		want(t, "orders", w.list(w.maker, schema.TradeDocuments, "documentNumber", "documentType", "flow", "state", "buyerName", "transactionSet"), []string{
			"PO-1 | ORDER | RECEIVED | OPEN | LusoDist Distribuicao SA | link", "PO-3 | ORDER | RECEIVED | OPEN | LusoDist Distribuicao SA | link"})
		want(t, "lines", w.list(w.maker, schema.TradeDocumentLines, "lineNumber", "partNumber", "product"), []string{"1 | MX-1 | link", "1 | MX-9 | -"})
	}
	state()
	if again := w.receive("again.edi", in).Interchanges[0]; again.State != "DUPLICATE" || *again.Acknowledgment != *st.Interchanges[0].Acknowledgment {
		t.Errorf("the same file again = %+v, want a duplicate with its acknowledgment", again)
	}
	state()
	want(t, "what the sender sees of an order", w.list(w.distributor, schema.TradeDocuments, "documentNumber", "transactionSet", "customer")[0], "PO-1 | - | -")
	want(t, "customers", w.list(w.maker, schema.Customers), []string{})
}

func TestTestOrderIsNotPosted(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := strings.Replace(trade(440, "PO", "850", order("PO-1", "MX-1", "80")), "*0*P*>~", "*0*T*>~", 1)
	if got := w.receive("t.edi", in).Interchanges[0].State; got != "POSTED" {
		t.Errorf("state = %s, want POSTED", got)
	}
	if n := len(w.list(w.maker, schema.TradeDocuments)); n != 0 {
		t.Errorf("a test made %d orders", n)
	}
}

func TestClaimThatCannotBeKept(t *testing.T) {
	t.Parallel()
	w := open(t)
	st := w.receive("claims.edi", trade(431, "CF", "844", claim("CL-1", "QTY*32*24*EA~\nAMT*1*780.00~\n"), claim("CL-2", "AMT*1*780.00~\n")))
	if got := st.Interchanges[0].State; got != "PARTLY" {
		t.Fatalf("state = %s, findings = %s, want PARTLY", got, w.list(w.maker, schema.TransactionSets, "findings"))
	}
	want(t, "claims", w.list(w.maker, schema.RebateClaims, "claimNumber", "state", "flow"), []string{"CL-1 | SUBMITTED | RECEIVED"})
	if found := w.list(w.maker, schema.TransactionSets, "findings")[1]; !strings.Contains(found, "quantity: must be stated") {
		t.Errorf("findings = %s, want what is wrong with the second claim", found)
	}
}

// TestCustomersOfOtherDocuments: an order and a claim name customers, and make
// none; those that are known are linked, by what a report of sales told before
// too.
func TestCustomersOfOtherDocuments(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.node.Create(w.maker, schema.Customers, partners.Values{"name": "LusoDist Distribuição, SA", "city": "Porto", "country": "PT", "customerType": "ORGANISATION", "status": "ACTIVE"})
	w.receive("order.edi", trade(1, "PO", "850", order("PO-1", "MX-1", "80")))
	w.receive("claim.edi", trade(2, "CF", "844", claim("CL-1", "QTY*32*24*EA~\nAMT*1*780.00~\n")))
	w.receive("sales.edi", file(3, sale("R1", "FT 1", hospital, "MX-1", 24)))
	w.receive("claim.edi", trade(4, "CF", "844", strings.Replace(claim("CL-2", "QTY*32*24*EA~\nAMT*1*780.00~\n"), "Hospital de Braga", "HOSPITAL DE BRAGA", 1)))
	want(t, "orders", w.list(w.maker, schema.TradeDocuments, "documentNumber", "customer"), []string{"PO-1 | link"})
	want(t, "claims", w.list(w.maker, schema.RebateClaimLines, "lineNumber", "endCustomerName", "customer"), []string{
		"1 | Hospital de Braga EPE | -", "1 | HOSPITAL DE BRAGA EPE | link"})
	want(t, "customers", w.list(w.maker, schema.Customers, "name", "status"), []string{
		"LusoDist Distribuição, SA | ACTIVE", "Hospital de Braga EPE | UNCONFIRMED"})
}

// TestOrderInEDIFACT goes the same way as one in X12.
func TestOrderInEDIFACT(t *testing.T) {
	t.Parallel()
	w := open(t, edifact)
	body := func(number, quantity string) string {
		return fmt.Sprintf(`ORDERS:D:96A:UN
BGM+220+%s+9'
DTM+137:20240408:102'
NAD+BY+5601234000009::9'
NAD+SU+5901234000007::9'
CUX+2:EUR:9'
LIN+1++5901234123457:EN'
PIA+1+MX-77:SA'
QTY+21:%s:PCE'
PRI+AAA:99.5'
UNS+S'`, number, quantity)
	}
	w.node.Create(w.maker, schema.Customers, partners.Values{"name": "LusoDist", "gln": "5601234000009", "customerType": "ORGANISATION", "status": "ACTIVE"})
	st := w.receive("orders.edi", messages("REF7", body("PO-1", "12"), body("PO-2", "x"), body("PO-3", "5")))
	if got := st.Interchanges[0].State; got != "PARTLY" {
		t.Fatalf("state = %s, want PARTLY", got)
	}
	want(t, "orders", w.list(w.maker, schema.TradeDocuments, "documentNumber", "documentType", "buyerNumber", "customer", "transactionSet"), []string{
		"PO-1 | ORDER | 5601234000009 | link | link", "PO-3 | ORDER | 5601234000009 | link | link"})
	if answer := w.answerTo(st); !strings.Contains(answer, "UCM+1+ORDERS:D:96A:UN+7'\nUCM+2+ORDERS:D:96A:UN+4'\n") {
		t.Errorf("CONTRL = %s, want the second order rejected alone", answer)
	}
}

// TestOrdersAreKilledAndTakenOnce lets the service die before and after it
// commits: nothing of a document is there without the rest, and nothing twice.
func TestOrdersAreKilledAndTakenOnce(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := trade(440, "PO", "850", order("PO-1", "MX-1", "80"), order("PO-2", "MX-1", "8,0"), order("PO-3", "MX-9", "4"))
	rec, err := w.Receive(t.Context(), trading.Delivery{Partner: w.partner.ID, Firm: w.distributor.Firm, Transport: "https", Name: "o.edi"}, strings.NewReader(in))
	if err != nil {
		t.Fatal(err)
	}
	for _, point := range []string{"work: built", "work: before commit", "work: committed"} {
		died := false
		w.Step(func(p string) error {
			if p == point {
				died = true
				return trading.ErrStopped
			}
			return nil
		})
		w.runOnce(t)
		if !died {
			t.Fatalf("the service did not come to %q", point)
		}
		if n, after := len(w.list(w.maker, schema.TradeDocuments)), point == "work: committed"; n > 0 != after {
			t.Errorf("%d orders after a death at %q", n, point)
		}
		w.restart()
	}
	w.cycle()
	if st := w.status(rec.ID); st.State != "PROCESSED" || st.Interchanges[0].State != "PARTLY" {
		t.Errorf("status = %+v, want it worked off", st)
	}
	want(t, "orders", w.list(w.maker, schema.TradeDocuments, "documentNumber"), []string{"PO-1", "PO-3"})
	want(t, "lines", w.list(w.maker, schema.TradeDocumentLines, "partNumber"), []string{"MX-1", "MX-9"})
}

// TestAnswerToAClaim: it is linked to the claim that the receiver sent to this
// very firm, and to none that others sent or that came in.
func TestAnswerToAClaim(t *testing.T) {
	t.Parallel()
	w := open(t)
	data, err := sets.Files().ReadFile("x12/004010/849/sample.edi")
	if err != nil {
		t.Fatal(err)
	}
	made := func(number string, to policy.Principal) schema.ID {
		return w.node.Create(w.maker, schema.RebateClaims, partners.Values{"claimNumber": number, "flow": "SENT", "addressedTo": schema.ID(to.Firm),
			"claimedOn": schema.Date{Year: 2024, Month: 4, Day: 12}})
	}
	claims := map[string]schema.ID{"CL-2024-0042": made("CL-2024-0042", w.distributor)}
	made("CL-2024-0042", w.third)
	made("CL-3", w.third)
	w.receive("claim.edi", trade(2, "CF", "844", claim("CL-2024-0042", "QTY*32*24*EA~\nAMT*1*780.00~\n")))
	for i, number := range []string{"CL-2024-0042", "CL-3", "CL-4"} {
		st := w.receive(number, w.from(i, []byte(strings.ReplaceAll(string(data), "CL-2024-0042", number))))
		if st.Interchanges[0].State != "POSTED" {
			t.Fatalf("status = %+v, want POSTED", st)
		}
		got := w.text("SELECT coalesce(r.rebate_claim::text, 'none') FROM claim_responses r WHERE r.claim_number = $1", number)
		wanted := "none"
		if id, known := claims[number]; known {
			wanted = id.String()
		}
		want(t, "the claim that the answer to "+number+" is about", got, wanted)
	}
}
