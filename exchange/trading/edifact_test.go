package trading_test

import (
	"fmt"
	"strings"
	"testing"

	"fondaco/exchange/trading"
	"fondaco/policy"
	"fondaco/schema"
)

// edifact makes the partner one that sends EDIFACT.
func edifact(p *trading.Partner) {
	p.SenderQualifier, p.SenderID, p.ReceiverQualifier, p.ReceiverID = "14", "5601234000009", "14", "5901234000007"
}

// messages is an EDIFACT interchange.
func messages(reference string, bodies ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "UNA:+.? '\nUNB+UNOC:3+5601234000009:14+5901234000007:14+240408:0612+%s'\n", reference)
	for i, body := range bodies {
		kind, rest, _ := strings.Cut(strings.TrimSpace(body), "\n")
		fmt.Fprintf(&b, "UNH+%d+%s'\n%s\nUNT+%d+%d'\n", i+1, kind, rest, strings.Count(rest, "'\n")+3, i+1)
	}
	fmt.Fprintf(&b, "UNZ+%d+%s'\n", len(bodies), reference)
	return b.String()
}

// sold is a SLSRPT with a sale of one line.
func sold(report, invoice, quantity string) string {
	return fmt.Sprintf(`SLSRPT:D:96A:UN
BGM+73E+%s+9'
DTM+137:20240408:102'
DTM+90:20240301:102'
DTM+91:20240331:102'
NAD+SE+5601234000009::9++LusoDist Distribuicao SA'
CUX+2:EUR:9'
LOC+162+5601234000023::9'
DTM+356:20240312:102'
RFF+IV:%s'
LIN+1++5901234123457:EN'
PIA+1+MX-77:SA'
PRI+NTP:149'
QTY+153:%s:PCE'
NAD+UD+C00012::92++%s Exemplo Lda+Rua das Flores 9+Porto++4000-123+PT'`, report, invoice, quantity, "Caf\xe9")
}

// answerTo gives the acknowledgment of the only interchange of a file.
func (w *world) answerTo(st trading.Status) string {
	w.t.Helper()
	if len(st.Interchanges) != 1 || st.Interchanges[0].Acknowledgment == nil {
		w.t.Fatalf("status = %+v, want one interchange that is acknowledged", st)
	}
	answer, err := w.Raw(policy.With(w.t.Context(), w.maker), *st.Interchanges[0].Acknowledgment)
	if err != nil {
		w.t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(answer), "UNH+")
	return body
}

const uci = "UCI+REF1+5601234000009:14+5901234000007:14+7'\n"

func TestSalesReportInEDIFACT(t *testing.T) {
	t.Parallel()
	w := open(t, edifact)
	in := messages("REF1", sold("R1", "FT 1", "3"), sold("R2", "FT 2", "x"), sold("R3", "FT 3", "5"))
	st := w.receive("week14.edi", in)
	if st.Interchanges[0].State != "PARTLY" {
		t.Fatalf("status = %+v, want it taken in part", st)
	}
	want(t, "CONTRL", w.answerTo(st), "1+CONTRL:D:3:UN'\n"+uci+"UCM+1+SLSRPT:D:96A:UN+7'\n"+
		"UCM+2+SLSRPT:D:96A:UN+4'\nUCS+14'\nUCD+37+1:2'\nUCM+3+SLSRPT:D:96A:UN+7'\nUNT+8+1'\nUNZ+1+1'\n")
	want(t, "transaction sets", w.list(w.maker, schema.TransactionSets, "setId", "standardVersion", "controlNumber", "verdict"), []string{
		"SLSRPT | D96A | 1 | ACCEPTED", "SLSRPT | D96A | 2 | REJECTED", "SLSRPT | D96A | 3 | ACCEPTED"})
	want(t, "reports", w.list(w.maker, schema.SalesReports, "reportNumber", "distributorName", "currency", "transactionSet"), []string{
		"R1 | LusoDist Distribuicao SA | EUR | link", "R3 | LusoDist Distribuicao SA | EUR | link"})
	want(t, "lines", w.list(w.maker, schema.SalesReportLines, "invoiceNumber", "partNumber", "endCustomerName", "matchState", "customer"), []string{
		"FT 1 | MX-77 | Café Exemplo Lda | UNMATCHED | link", "FT 3 | MX-77 | Café Exemplo Lda | UNMATCHED | link"})
	want(t, "customers", w.list(w.maker, schema.Customers, "name", "status", "city", "country"), []string{"Café Exemplo Lda | UNCONFIRMED | Porto | PT"})
	want(t, "interchanges", w.list(w.maker, schema.Interchanges, "fileName", "flow", "standard", "state", "controlNumber", "sender", "receiver"), []string{
		"week14.edi | RECEIVED | EDIFACT | PARTLY | REF1 | 5601234000009 | 5901234000007",
		"contrl-000000001.edi | SENT | EDIFACT | QUEUED | 1 | 5901234000007 | 5601234000009"})
	raw, err := w.Raw(policy.With(t.Context(), w.maker), st.Interchanges[0].ID)
	if err != nil || string(raw) != strings.TrimSuffix(in, "\n") {
		t.Errorf("Raw() = %q, %v, want the interchange with its UNA", raw, err)
	}
	at := w.one("SELECT (s.findings->0->>'position')::int FROM transaction_sets s WHERE s.verdict = 'REJECTED'")
	if got := string(raw[at : at+5]); got != "x:PCE" {
		t.Errorf("the finding points to %q, want the quantity", got)
	}
}

func TestTheSameEDIFACTFileTwice(t *testing.T) {
	t.Parallel()
	w := open(t, edifact)
	in := messages("REF1", sold("R1", "FT 1", "3"))
	first := w.receive("a.edi", in)
	again := w.receive("b.edi", "\r\n"+in)
	if got := again.Interchanges[0]; got.State != "DUPLICATE" || *got.Original != first.Interchanges[0].ID || w.answerTo(again) != w.answerTo(first) {
		t.Errorf("second time = %+v, want a duplicate with the same answer", got)
	}
	reused := w.receive("c.edi", messages("REF1", sold("R9", "FT 9", "4")))
	if got := reused.Interchanges[0].State; got != "REJECTED" {
		t.Errorf("other content under the same reference is %s, want REJECTED", got)
	}
	want(t, "CONTRL", w.answerTo(reused), "1+CONTRL:D:3:UN'\n"+strings.Replace(uci, "+7'", "+4+26'", 1)+"UNT+3+1'\nUNZ+1+2'\n")
	for kind, n := range map[*schema.Kind]int{schema.SalesReports: 1, schema.SalesReportLines: 1, schema.Customers: 1, schema.Interactions: 1} {
		if got := w.list(w.maker, kind); len(got) != n {
			t.Errorf("%d %s, want %d", len(got), kind.Plural, n)
		}
	}
}

func TestMessagesThatAreNotPosted(t *testing.T) {
	t.Parallel()
	w := open(t, edifact)
	st := w.receive("a.edi", messages("REF1", "PAXLST:D:05B:UN\nBGM+745'", sold("R1", "FT 1", "3"), `REMADV:D:96A:UN
BGM+481+RA2024-17+9'
DTM+137:20240408:102'
NAD+PR+5601234000009::9'
CUX+2:EUR:11'
DOC+380+FT2024/88'
MOA+12:1541.62'
UNS+S'
MOA+12:1541.62'`))
	if got := st.Interchanges[0].State; got != "PARTLY" {
		t.Fatalf("state = %s, want PARTLY", got)
	}
	sets := w.list(w.maker, schema.TransactionSets, "setId", "verdict", "findings")
	for i, parts := range [][]string{{"PAXLST | REJECTED", `"severity": "ERROR"`}, {"SLSRPT | ACCEPTED | -"}, {"REMADV | ACCEPTED", "nothing is posted for a document of type REMADV"}} {
		for _, part := range parts {
			if !strings.Contains(sets[i], part) {
				t.Errorf("transaction set = %s, want %s", sets[i], part)
			}
		}
	}
	if answer := w.answerTo(st); !strings.Contains(answer, "UCM+1+PAXLST:D:05B:UN+4") || !strings.Contains(answer, "UCM+3+REMADV:D:96A:UN+7'") {
		t.Errorf("CONTRL = %s, want the message without a guide rejected and the others taken", answer)
	}
}

func TestMarkedAsATestInEDIFACT(t *testing.T) {
	t.Parallel()
	in := strings.Replace(messages("REF1", sold("R1", "FT 1", "3")), "+REF1'", "+REF1++++++1'", 1)
	for _, c := range []struct {
		name, state, says string
		allowed           bool
	}{{"allowed", "POSTED", uci + "UCM+1+SLSRPT:D:96A:UN+7'", true}, {"refused", "REJECTED", strings.Replace(uci, "+7'", "+4+25'", 1), false}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := open(t, edifact, func(p *trading.Partner) { p.TestAllowed = c.allowed })
			st := w.receive("t.edi", in)
			if answer := w.answerTo(st); st.Interchanges[0].State != c.state || !strings.Contains(answer, c.says) {
				t.Errorf("status = %+v, CONTRL = %s, want %s", st, answer, c.says)
			}
			if n := len(w.list(w.maker, schema.SalesReports)); n != 0 {
				t.Errorf("a test posted %d reports", n)
			}
		})
	}
}

func TestCONTRLIsNotAcknowledged(t *testing.T) {
	t.Parallel()
	w := open(t, edifact)
	st := w.receive("a.edi", messages("REF1", "CONTRL:D:3:UN\nUCI+1+5901234000007:14+5601234000009:14+7'"))
	if got := st.Interchanges[0]; got.State != "POSTED" || got.Acknowledgment != nil {
		t.Errorf("status = %+v, want it kept and not answered", got)
	}
	want(t, "transaction sets", w.list(w.maker, schema.TransactionSets, "setId", "verdict", "findings"), []string{"CONTRL | ACCEPTED | -"})
}
