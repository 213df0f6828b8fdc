package mapping_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fondaco/edi"
	"fondaco/edi/guide"
	"fondaco/edi/internal/generate"
	"fondaco/edi/mapping"
	"fondaco/edi/sets"
	"fondaco/schema"
)

func TestSalesReportOfSample(t *testing.T) {
	t.Parallel()
	lib, m := report(t)
	var b strings.Builder
	for _, d := range documents(t, lib, sample(t, "sample.edi")) {
		o, _ := m.Decode(d)
		s := mapping.NewSalesReport(o)
		r := s.Report
		fmt.Fprintf(&b, "report %s of %s on %s, %s to %s, %s\n", r.ReportNumber, r.DistributorName, r.ReportedOn, r.PeriodStartsOn, r.PeriodEndsOn, r.Currency)
		for _, l := range s.Lines {
			fmt.Fprintf(&b, "line %d: %s %s, %s x %s at %s (%s), serials %v, %s %s, for %s %s %s\n", *l.Line.LineNumber, l.Line.InvoiceNumber,
				l.Line.SoldOn, l.Line.Quantity.Decimal, l.Line.PartNumber, l.Line.UnitPrice.Decimal, l.Line.DistributorPartNumber, l.Line.SerialNumbers,
				l.Line.AuthorizationNumber, l.Line.RegistrationNumber, l.EndCustomer.Name, l.EndCustomer.City, l.EndCustomer.Number)
		}
		for _, f := range s.Findings {
			says, _, _ := mapping.Message(&f)
			fmt.Fprintf(&b, "%s %s: %s\n", f.Severity, f.Path, says)
		}
	}
	want := `report POS-2024-14 of LusoDist Distribuicao SA on 2024-04-08, 2024-04-01 to 2024-04-07, EUR
line 1: FT 2024/10231 2024-04-02, 3 x MX-AP-650 at 412.5 (LD-88213), serials [MX650A0009913 MX650A0009914 MX650A0009915], SPA-4471 DR-2024-0117, for Hospital de Braga EPE Braga E90012
line 2: FT 2024/10231 2024-04-02, 3 x MX-LIC-3Y at 61.2 (), serials [],  DR-2024-0117, for Hospital de Braga EPE Braga E90012
line 3: FT 2024/10254 2024-04-03, 24 x MX-SW-24P at 655 (), serials [], SPA-4472 , for Universidade de Aveiro Aveiro E90044
line 4: NC 2024/00311 2024-04-05, -2 x MX-AP-450 at 289 (), serials [MX450B0001204 MX450B0001207],  , for Camara Municipal de Viseu  E90007
report POS-2024-14-LIS of LusoDist Distribuicao SA on 2024-04-08, 2024-04-01 to 2024-04-07, EUR
line 1: FT 2024/20077 2024-04-04, 10 x MX-AP-650 at 430 (), serials [], , for Gama Logistica Lda Lisboa E90130
warning ISA[1]/GS[1]/ST[2]/PTD[2]/QTY[1]/QTY#16: The quantity is "available": stock or a movement of stock, not a sale. It was not posted
`
	want = strings.Replace(want, "serials [], , for Gama", "serials [],  , for Gama", 1)
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("NewSalesReport() differs (-want +got):\n%s", diff)
	}
}

func TestSalesReportFindsWhatKeepsItFromBeingTaken(t *testing.T) {
	t.Parallel()
	lib, m := report(t)
	in := string(sample(t, "sample.edi"))
	in = strings.Replace(in, "BPT*00*POS-2024-14-LIS", "BPT*05*POS-2024-14-LIS", 1)
	in = strings.Replace(in, "REF*IV*FT 2024/20077", "REF*PO*FT 2024/20077", 1)
	in = strings.Replace(in, "QTY*39*10", "QTY*39**EA*ten", 1)
	o, _ := m.Decode(documents(t, lib, []byte(in))[1])
	var got []string
	for _, f := range mapping.NewSalesReport(o).Findings {
		got = append(got, fmt.Sprintf("%s %s %s", f.ID, f.Code, f.Path))
	}
	want := []string{
		"sales-report.purpose 7 ISA[1]/GS[1]/ST[2]/BPT#2/01",
		"sales-report.invoice-missing 3 ISA[1]/GS[1]/ST[2]/PTD[1]/REF#7",
		"sales-report.quantity-missing 1 ISA[1]/GS[1]/ST[2]/PTD[1]/QTY[1]/QTY#12/02",
		"sales-report.not-a-sale  ISA[1]/GS[1]/ST[2]/PTD[2]/QTY[1]/QTY#16",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings differ (-want +got):\n%s", diff)
	}
}

func TestSalesReportBackAndForth(t *testing.T) {
	t.Parallel()
	lib, m := report(t)
	for _, d := range documents(t, lib, sample(t, "sample.edi")) {
		o, _ := m.Decode(d)
		want := mapping.NewSalesReport(o)
		written, err := m.Encode(want.Object(), "0001")
		if err != nil {
			t.Fatal(err)
		}
		o, _ = m.Decode(written)
		got := mapping.NewSalesReport(o)
		if diff := cmp.Diff(lines(want), lines(got)); diff != "" {
			t.Errorf("what was written says something else (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want.Report, got.Report); diff != "" {
			t.Errorf("what was written says something else of the report (-want +got):\n%s", diff)
		}
	}
}

// lines are the values of a report, without where they were read.
func lines(s *mapping.SalesReport) []any {
	var all []any
	for _, l := range s.Lines {
		p := *l.EndCustomer
		p.Origin = mapping.Origin{}
		all = append(all, *l.Line, fmt.Sprintf("%+v", p))
	}
	return all
}

// TestSalesReportOfEDIFACT: a product of a message may have several quantities,
// each for a customer of its own.
func TestSalesReportOfEDIFACT(t *testing.T) {
	t.Parallel()
	for _, folder := range []string{"edifact/d96a/SLSRPT", "edifact/d01b/SLSRPT"} {
		_, docs, m := samples(t, folder)
		o, _ := m.Decode(docs[0])
		s := mapping.NewSalesReport(o)
		var b strings.Builder
		fmt.Fprintf(&b, "%s of %s on %s in %s\n", s.Report.ReportNumber, s.Report.DistributorName, s.Report.ReportedOn, s.Report.Currency)
		for _, l := range s.Lines {
			fmt.Fprintf(&b, "%s %s: %s x %s at %s for %q\n", l.Line.InvoiceNumber, l.Line.SoldOn, l.Line.Quantity.Decimal, l.Line.PartNumber,
				l.Line.UnitPrice.Decimal, l.Line.EndCustomerName)
		}
		want := `POS2024-03 of 5601234000009 on 2024-04-08 in EUR
FT2024/0012 2024-03-12: 2 x MX-77 at 149 for "Cliente Exemplo Lda"
FT2024/0012 2024-03-12: -1 x 5901234123464 at 0 for ""
`
		if diff := cmp.Diff(want, b.String()); diff != "" || len(s.Findings) > 0 {
			t.Errorf("NewSalesReport() of %s differs (-want +got):\n%s%v", folder, diff, s.Findings)
		}
		if s.Lines[0].EndCustomer == nil || s.Lines[1].EndCustomer != nil {
			t.Errorf("%s: the end customers are %v and %v", folder, s.Lines[0].EndCustomer, s.Lines[1].EndCustomer)
		}
	}
}

// TestSalesReportsKept: the next report takes the memory of the one before, and
// what was cloned stays.
func TestSalesReportsKept(t *testing.T) {
	t.Parallel()
	data := generate.SalesReports(generate.Options{Transactions: 4, Lines: 150})
	lib, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	var kept []*mapping.SalesReport
	var want [][]any
	if err := mapping.SalesReports(bytes.NewReader(data), lib, maps, func(_ *edi.Event, r *mapping.SalesReport) error {
		kept, want = append(kept, r.Clone()), append(want, lines(r))
		for _, l := range r.Lines { // what the receiver finds out belongs to this report alone
			l.Line.ID, l.Line.MatchState, l.EndCustomer.Name = schema.NewID(), schema.Matched, "somebody"
			*l.Line.LineNumber = 0
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i, r := range kept {
		number := int64(0)
		for _, l := range r.Lines {
			if number++; *l.Line.LineNumber != number {
				t.Fatalf("line %d of report %d has the number %d", number, i+1, *l.Line.LineNumber)
			}
			l.Line.LineNumber = nil
		}
		for j := range want[i] {
			if l, is := want[i][j].(schema.SalesReportLine); is {
				l.LineNumber = nil
				want[i][j] = l
			}
		}
		if diff := cmp.Diff(want[i], lines(r)); diff != "" {
			t.Errorf("report %d differs from its clone (-want +got):\n%s", i+1, diff)
		}
	}
	if len(kept) != 4 {
		t.Errorf("%d reports were read, want 4", len(kept))
	}
}

// TestSalesReportsAllocateLittle: lines lie in pieces of memory, and their texts in
// one; what is left are the numbers that come only once.
//
//nolint:paralleltest // it counts allocations
func TestSalesReportsAllocateLittle(t *testing.T) {
	data := generate.SalesReports(generate.Options{Transactions: 5, Lines: 400})
	lib, maps := guide.NewLibrary(sets.Files()), mapping.NewLibrary(sets.Files())
	lines := 0
	allocated := testing.AllocsPerRun(5, func() {
		lines = 0
		if err := mapping.SalesReports(bytes.NewReader(data), lib, maps, func(_ *edi.Event, r *mapping.SalesReport) error {
			lines += len(r.Lines)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
	if lines != 2000 || allocated > 1.5*2000 {
		t.Errorf("%d lines took %.0f allocations, want 2000 lines with at most three for two of them", lines, allocated)
	}
}
