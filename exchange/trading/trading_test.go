package trading_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/exchange/trading"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

func want(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", what, diff)
	}
}

func TestOneOfThreeTransactionsIsBroken(t *testing.T) {
	t.Parallel()
	w := open(t)
	product := w.node.Create(w.maker, schema.Products, partners.Values{"name": "Access point", "partNumber": "MX-1"})
	st := w.receive("week14.edi", file(417, sale("R1", "FT 1", hospital, "MX-1", 3), bad("R2"), sale("R3", "FT 3", hospital, "MX-9", 5)))
	if st.State != "PROCESSED" || len(st.Interchanges) != 1 || st.Interchanges[0].State != "PARTLY" || st.Interchanges[0].Acknowledgment == nil {
		t.Fatalf("status = %+v, want one interchange that was taken in part and acknowledged", st)
	}
	want(t, "transaction sets", w.list(w.maker, schema.TransactionSets, "setId", "controlNumber", "verdict", "recordCount", "groupControlNumber"), []string{
		"867 | 0001 | ACCEPTED | 4 | 417", "867 | 0002 | REJECTED | 0 | 417", "867 | 0003 | ACCEPTED | 3 | 417"})
	want(t, "reports", w.list(w.maker, schema.SalesReports, "reportNumber", "distributorName", "currency", "transactionSet"), []string{
		"R1 | LusoDist Distribuicao SA | EUR | link", "R3 | LusoDist Distribuicao SA | EUR | link"})
	want(t, "lines", w.list(w.maker, schema.SalesReportLines, "invoiceNumber", "partNumber", "endCustomerName", "authorizationNumber", "registrationNumber", "matchState", "customer", "product"), []string{
		"FT 1 | MX-1 | Hospital de Braga EPE | SPA-4471 | DR-1 | UNMATCHED | link | link",
		"FT 3 | MX-9 | Hospital de Braga EPE | SPA-4471 | DR-1 | UNMATCHED | link | -"})
	want(t, "customers", w.list(w.maker, schema.Customers, "name", "status", "customerType", "city", "country", "postalCode"), []string{
		"Hospital de Braga EPE | UNCONFIRMED | ORGANISATION | Braga | PT | 4710-243"})
	want(t, "interactions", w.list(w.maker, schema.Interactions, "interactionType", "subject"), []string{
		"RESALE | 3 units in 1 lines, reported by LusoDist Distribuicao SA in R1", "RESALE | 5 units in 1 lines, reported by LusoDist Distribuicao SA in R3"})
	if n := w.one("SELECT count(*) FROM sales_report_lines l WHERE l.product = $1 AND l.provenance = 'EDI'", product); n != 1 {
		t.Errorf("%d lines name the product, want 1", n)
	}
	answer, err := w.Raw(policy.With(t.Context(), w.maker), *st.Interchanges[0].Acknowledgment)
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(answer), "ST*997")
	want(t, "997", body, "*0001~\nAK1*PT*417~\nAK2*867*0001~\nAK5*A~\nAK2*867*0002~\nAK3*UIT*14*QTY*8~\nAK4*2*212*6*12,50~\nAK5*R*5~\nAK2*867*0003~\nAK5*A~\nAK9*P*3*3*2~\nSE*12*0001~\nGE*1*1~\nIEA*1*000000001~\n")
	want(t, "interchanges", w.list(w.maker, schema.Interchanges, "fileName", "flow", "state", "controlNumber", "sender", "receiver", "acknowledgment"), []string{
		"week14.edi | RECEIVED | PARTLY | 000000417 | LUSODIST | 364128874 | link",
		"997-000000001.edi | SENT | QUEUED | 000000001 | 364128874 | LUSODIST | -"})
	findings := w.list(w.maker, schema.TransactionSets, "findings")
	for _, part := range []string{`"severity": "ERROR"`, `"code": "6"`, `"segment": "UIT"`, `"element": 2`, `"found": "12,50"`, `"remedy": "Send digits`} {
		if !strings.Contains(findings[1], part) {
			t.Errorf("findings of the broken transaction = %s, want %s", findings[1], part)
		}
	}
}

func TestFindingsPointIntoTheInterchange(t *testing.T) {
	t.Parallel()
	w := open(t)
	st := w.receive("two.edi", "\n\n"+file(1, sale("R1", "FT 1", hospital, "MX-1", 1))+"\n"+file(2, bad("R2")))
	if len(st.Interchanges) != 2 {
		t.Fatalf("status = %+v, want two interchanges", st)
	}
	raw, err := w.Raw(policy.With(t.Context(), w.maker), st.Interchanges[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "raw bytes", string(raw), strings.TrimSuffix(file(2, bad("R2")), "\n"))
	at := w.one("SELECT (s.findings->0->>'position')::int FROM transaction_sets s WHERE s.interchange = $1", st.Interchanges[1].ID)
	if got := string(raw[at : at+5]); got != "12,50" {
		t.Errorf("the finding points to %q, want the price", got)
	}
	if line := w.one("SELECT (s.findings->0->>'line')::int FROM transaction_sets s WHERE s.interchange = $1", st.Interchanges[1].ID); line != 16 {
		t.Errorf("the finding is on line %d, want 15", line)
	}
}

func TestTheSameFileTwice(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := file(417, sale("R1", "FT 1", hospital, "MX-1", 3))
	first := w.receive("a.edi", in)
	ctx := policy.With(t.Context(), w.maker)
	answer, err := w.Raw(ctx, *first.Interchanges[0].Acknowledgment)
	if err != nil {
		t.Fatal(err)
	}
	again := w.receive("b.edi", in+"\n")
	if got := again.Interchanges[0]; got.State != "DUPLICATE" || got.Original == nil || *got.Original != first.Interchanges[0].ID || *got.Acknowledgment != *first.Interchanges[0].Acknowledgment {
		t.Errorf("second time = %+v, want a duplicate of the first with its acknowledgment", got)
	}
	same, err := w.Raw(ctx, *again.Interchanges[0].Acknowledgment)
	if err != nil || string(same) != string(answer) {
		t.Errorf("acknowledgment = %q, %v, want the same bytes", same, err)
	}
	for kind, n := range map[*schema.Kind]int{schema.SalesReports: 1, schema.SalesReportLines: 1, schema.Customers: 1, schema.Interactions: 1, schema.TransactionSets: 1, schema.Interchanges: 3} {
		if got := w.list(w.maker, kind); len(got) != n {
			t.Errorf("%d %s, want %d", len(got), kind.Plural, n)
		}
	}
}

func TestControlNumberWithOtherContent(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		hold  bool
		state string
	}{{"is rejected", false, "REJECTED"}, {"is held", true, "QUARANTINED"}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := open(t, func(p *trading.Partner) { p.HoldReused = c.hold })
			w.receive("a.edi", file(417, sale("R1", "FT 1", hospital, "MX-1", 3)))
			st := w.receive("b.edi", file(417, sale("R2", "FT 2", hospital, "MX-1", 4)))
			if got := st.Interchanges[0].State; got != c.state {
				t.Errorf("state = %s, want %s", got, c.state)
			}
			if n := len(w.list(w.maker, schema.SalesReports)); n != 1 {
				t.Errorf("%d reports, want that of the first file alone", n)
			}
			if c.hold {
				if st.Interchanges[0].Acknowledgment != nil {
					t.Error("what is held was acknowledged")
				}
				return
			}
			answer, err := w.Raw(policy.With(t.Context(), w.maker), *st.Interchanges[0].Acknowledgment)
			if err != nil || !strings.Contains(string(answer), "TA1*000000417*240408*0612*R*025~") || strings.Contains(string(answer), "ST*997") {
				t.Errorf("acknowledgment = %s, %v, want a TA1 with 025 and no 997", answer, err)
			}
		})
	}
}

func TestRejectedFileCanBeCorrectedUnderItsControlNumber(t *testing.T) {
	t.Parallel()
	w := open(t)
	if st := w.receive("a.edi", file(7, bad("R1"))); st.Interchanges[0].State != "REJECTED" {
		t.Fatalf("state = %s, want REJECTED", st.Interchanges[0].State)
	}
	if st := w.receive("a.edi", file(7, sale("R1", "FT 1", hospital, "MX-1", 1))); st.Interchanges[0].State != "POSTED" {
		t.Errorf("corrected file: state = %s, want POSTED", st.Interchanges[0].State)
	}
	if st := w.receive("a.edi", file(7, bad("R1"))); st.Interchanges[0].State != "DUPLICATE" {
		t.Errorf("the first file again: state = %s, want DUPLICATE", st.Interchanges[0].State)
	}
}

func TestUnknownSenderIsKeptAndTakenOnceKnown(t *testing.T) {
	t.Parallel()
	w := open(t)
	in := strings.ReplaceAll(file(5, sale("R1", "FT 1", hospital, "MX-1", 3)), "LUSODIST       ", "LUSOLISBOA     ")
	st := w.receive("lisbon.edi", in)
	if st.State != "HELD" || st.Interchanges[0].State != "QUARANTINED" || st.Interchanges[0].Acknowledgment != nil {
		t.Fatalf("status = %+v, want a file that is held", st)
	}
	for _, p := range []policy.Principal{w.maker, w.distributor} {
		got := w.list(p, schema.Interchanges, "state", "findings")
		if len(got) != 1 || !strings.Contains(got[0], "No trading partner is known that sends ZZ:LUSOLISBOA to 01:364128874") {
			t.Errorf("interchanges = %s, want one with the reason", got)
		}
	}
	p := w.partner
	p.Name, p.SenderID = "lusodist-lisbon", "LUSOLISBOA"
	if _, _, err := w.AddPartner(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	w.cycle()
	again := w.status(st.Receipt)
	if again.State != "PROCESSED" || len(again.Interchanges) != 1 || again.Interchanges[0].State != "POSTED" || again.Interchanges[0].ID != st.Interchanges[0].ID {
		t.Errorf("status = %+v, want the same interchange posted", again)
	}
	want(t, "interchange", w.list(w.maker, schema.Interchanges, "fileName", "state", "findings"), []string{"lisbon.edi | POSTED | -", "997-000000001.edi | QUEUED | -"})
}

func TestFilesOfNoUse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, state, finding string }{
		"text":          {"hello, this is no EDI at all", "QUARANTINED", "No interchange could be read"},
		"a stranger":    {"UNB+UNOC:3+A+B+240408:0612+1'UNH+1+SLSRPT:D:96A:UN'UNT+2+1'UNZ+1+1'", "QUARANTINED", "No trading partner is known that sends :A to :B"},
		"no envelope":   {"UNH+1+SLSRPT:D:96A:UN'UNT+2+1'", "QUARANTINED", "No trading partner is known"},
		"cut off":       {file(3, sale("R1", "FT 1", hospital, "MX-1", 3))[:300], "REJECTED", "IEA"},
		"another set":   {strings.ReplaceAll(strings.ReplaceAll(file(4, "BEG*00*NE*1**20240408~"), "867", "850"), "GS*PT", "GS*PO"), "REJECTED", ""},
		"no invoice":    {file(5, strings.Replace(sale("R1", "FT 1", hospital, "MX-1", 3), "REF*IV", "REF*PO", 1)), "REJECTED", ""},
		"a replacement": {file(6, strings.Replace(sale("R1", "FT 1", hospital, "MX-1", 3), "BPT*00", "BPT*05", 1)), "REJECTED", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			st := w.receive(name, c.in)
			if len(st.Interchanges) != 1 || st.Interchanges[0].State != c.state {
				t.Fatalf("status = %+v, want one interchange that is %s", st, c.state)
			}
			if got := w.list(w.distributor, schema.Interchanges, "findings"); !strings.Contains(strings.Join(got, ""), c.finding) {
				t.Errorf("findings = %s, want %q", got, c.finding)
			}
			if n := len(w.list(w.maker, schema.SalesReports)); n != 0 {
				t.Errorf("%d reports, want none", n)
			}
		})
	}
}

func TestTestInterchange(t *testing.T) {
	t.Parallel()
	in := strings.Replace(file(9, sale("R1", "FT 1", hospital, "MX-1", 3)), "*0*P*>~", "*1*T*>~", 1)
	t.Run("is checked and acknowledged, and posts nothing", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		st := w.receive("t.edi", in)
		answer, err := w.Raw(policy.With(t.Context(), w.maker), *st.Interchanges[0].Acknowledgment)
		if err != nil || st.Interchanges[0].State != "POSTED" || !strings.Contains(string(answer), "*A*000~") || !strings.Contains(string(answer), "AK9*A*1*1*1~") {
			t.Errorf("status = %+v, acknowledgment = %s, %v", st, answer, err)
		}
		if n := len(w.list(w.maker, schema.SalesReports)) + len(w.list(w.maker, schema.Customers)); n != 0 {
			t.Errorf("a test made %d records", n)
		}
	})
	t.Run("is refused where none was agreed", func(t *testing.T) {
		t.Parallel()
		w := open(t, func(p *trading.Partner) { p.TestAllowed = false })
		st := w.receive("t.edi", in)
		answer, err := w.Raw(policy.With(t.Context(), w.maker), *st.Interchanges[0].Acknowledgment)
		if err != nil || !strings.Contains(string(answer), "*R*020~") {
			t.Errorf("acknowledgment = %s, %v, want TA1 020", answer, err)
		}
	})
}

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	w := open(t)
	st := w.receive("a.edi", file(417, sale("R1", "FT 1", hospital, "MX-1", 3), bad("R2")))
	for _, c := range []struct {
		who  string
		p    policy.Principal
		rows map[*schema.Kind]int
	}{
		{"the receiver", w.maker, map[*schema.Kind]int{schema.Interchanges: 2, schema.TransactionSets: 2, schema.SalesReports: 1, schema.SalesReportLines: 1, schema.Customers: 1, schema.Interactions: 1}},
		{"the sender", w.distributor, map[*schema.Kind]int{schema.Interchanges: 2, schema.TransactionSets: 2, schema.SalesReports: 1, schema.SalesReportLines: 1, schema.Customers: 0, schema.Interactions: 0}},
		{"a third firm", w.third, map[*schema.Kind]int{schema.Interchanges: 0, schema.TransactionSets: 0, schema.SalesReports: 0, schema.SalesReportLines: 0, schema.Customers: 0, schema.Interactions: 0}},
	} {
		for kind, n := range c.rows {
			if got := w.list(c.p, kind); len(got) != n {
				t.Errorf("%s sees %d %s, want %d", c.who, len(got), kind.Plural, n)
			}
		}
		_, err := w.Raw(policy.With(t.Context(), c.p), st.Interchanges[0].ID)
		if denied := schema.Code(err) == schema.CodeNotFound; denied != (c.who == "a third firm") {
			t.Errorf("Raw() for %s = %v", c.who, err)
		}
	}
	want(t, "the sender's view of a line", w.list(w.distributor, schema.SalesReportLines, "invoiceNumber", "endCustomerName", "customer", "product", "matchState"),
		[]string{"FT 1 | Hospital de Braga EPE | - | - | -"})
	want(t, "the sender's view of the report", w.list(w.distributor, schema.SalesReports, "reportNumber", "transactionSet"), []string{"R1 | -"})
}

func TestReprocess(t *testing.T) {
	t.Parallel()
	w := open(t)
	st := w.receive("a.edi", file(3, bad("R1"), bad("R2")))
	id := st.Interchanges[0].ID
	if err := w.Reprocess(policy.With(t.Context(), w.distributor), id); schema.Code(err) != schema.CodeNotFound {
		t.Errorf("Reprocess() by the sender = %v, want not found", err)
	}
	ctx := policy.With(t.Context(), w.maker)
	if err := w.Reprocess(ctx, id); err != nil {
		t.Fatal(err)
	}
	w.cycle()
	if again := w.status(st.Receipt); again.Interchanges[0].ID != id || again.Interchanges[0].State != "REJECTED" || again.State != "PROCESSED" {
		t.Errorf("status = %+v, want the same verdict", again)
	}
	if n := len(w.list(w.maker, schema.TransactionSets)); n != 2 {
		t.Errorf("%d transaction sets, want the 2 of the second try", n)
	}
	good := w.receive("b.edi", file(4, sale("R1", "FT 1", hospital, "MX-1", 3)))
	if err := w.Reprocess(ctx, good.Interchanges[0].ID); schema.Code(err) != schema.CodeConflict {
		t.Errorf("Reprocess() of what was posted = %v, want a conflict", err)
	}
}
