package mapping

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"fondaco/edi"
	"fondaco/schema"
)

// SalesReport is a canonical sales report as values of package schema. Ids,
// and what the receiver finds out about customers and products, are not set.
type SalesReport struct {
	Report *schema.SalesReport
	Lines  []*SalesReportLine
	// Findings are what keeps the report from being taken as it is, each at its place in the document.
	Findings []edi.Finding
}

// SalesReportLine is one sale or return with the end customer as reported.
type SalesReportLine struct {
	Line *schema.SalesReportLine
	// EndCustomer is nil where the document names none.
	EndCustomer *Party
	Origin      Origin // of the line in the document
}

// Party is a firm as a document describes it.
type Party struct {
	Name, Street, City, Region, PostalCode, Country string
	// DUNS has nine digits, GLN thirteen; Number is what the sender calls the party.
	DUNS, GLN, VATID, Number         string
	ContactName, ContactEmail, Phone string
	Origin                           Origin
}

// NewSalesReport gives the values of a canonical sales report. Only sales and
// returns become lines: stock and movements of stock in the same document are
// told in a warning.
func NewSalesReport(o *Object) *SalesReport {
	s := &SalesReport{Report: &schema.SalesReport{
		ReportNumber: o.Text("reportNumber"), DistributorName: o.Object("distributor").Text("name"),
		ReportedOn: day(o.Text("reportedOn")), PeriodStartsOn: day(o.Text("periodStartsOn")), PeriodEndsOn: day(o.Text("periodEndsOn")),
		Currency: o.Text("currency"),
	}}
	if purpose := o.Text("purpose"); purpose != "original" {
		s.find(o.Origin("purpose"), edi.Finding{ID: "sales-report.purpose", Severity: edi.Error, Level: edi.LevelElement, Code: "7", Value: purpose, Expected: "00"})
	}
	for i, sale := range o.Objects("sales") {
		s.sale(sale, nth(o.Field("sales").Origins, i))
	}
	return s
}

func (s *SalesReport) find(at Origin, f edi.Finding) {
	if f.Path = at.Path(); at.Known() {
		f.Position, f.Length = at.Position(), at.Length()
		if u := at.seg.use; u != nil && u.Loop != nil {
			f.LoopID = u.Loop.ID
		}
	}
	s.Findings = append(s.Findings, f)
}

// nth is an origin of a list; a record that was not read has none.
func nth(list []Origin, n int) Origin {
	if n >= len(list) {
		return Origin{}
	}
	return list[n]
}

func (s *SalesReport) sale(o *Object, origin Origin) {
	party := newParty(o.Object("endCustomer"), o.Origin("endCustomer"))
	lines := o.Objects("lines")
	for i, line := range lines {
		at := nth(o.Field("lines").Origins, i)
		if !isSale(o.Text("transferType"), line.Text("quantityType")) {
			s.find(at, edi.Finding{ID: "sales-report.not-a-sale", Severity: edi.Warning, Level: edi.LevelSegment, Value: line.Text("quantityType")})
			continue
		}
		l := newLine(o, line)
		if len(lines) == 1 && len(l.SerialNumbers) == 0 {
			l.SerialNumbers = o.Texts("serialNumbers")
		}
		number := int64(len(s.Lines) + 1)
		l.LineNumber = &number
		if l.InvoiceNumber == "" {
			f := edi.Finding{ID: "sales-report.invoice-missing", Severity: edi.Error, Level: edi.LevelSegment, Code: "3", Expected: "REF*IV"}
			s.find(origin, f)
			s.Findings[len(s.Findings)-1].Path.Tag = "REF"
		}
		if !l.Quantity.Valid {
			s.find(at, edi.Finding{ID: "sales-report.quantity-missing", Severity: edi.Error, Level: edi.LevelElement, Code: "1", Expected: "QTY02"})
			s.Findings[len(s.Findings)-1].Path.Element = 2
		}
		s.Lines = append(s.Lines, &SalesReportLine{Line: l, EndCustomer: party, Origin: at})
	}
}

// isSale tells what was sold or taken back from stock and its movements.
func isSale(transfer, quantity string) bool {
	switch transfer {
	case "inventoryAdjustment", "stockAdjustment", "transfer":
		return false
	}
	return slices.Contains([]string{"sold", "discrete", "original", "shipped", "returned"}, quantity)
}

func newLine(sale, line *Object) *schema.SalesReportLine {
	either := func(name string) string {
		if v := line.Text(name); v != "" {
			return v
		}
		return sale.Text(name)
	}
	customer := sale.Object("endCustomer")
	l := &schema.SalesReportLine{
		InvoiceNumber: either("invoiceNumber"), SoldOn: day(either("soldOn")),
		PartNumber: line.Text("partNumber"), DistributorPartNumber: line.Text("distributorPartNumber"),
		ProductDescription: line.Text("description"), Quantity: exact(line.Text("quantity")), UnitOfMeasure: line.Text("unitOfMeasure"),
		UnitPrice: exact(line.Text("unitPrice")), SerialNumbers: line.Texts("serialNumbers"),
		EndCustomerName: fullName(customer), EndCustomerCity: customer.Text("city"), EndCustomerCountry: customer.Text("country"),
		AuthorizationNumber: line.Text("authorizationNumber"), RegistrationNumber: line.Text("registrationNumber"),
	}
	if l.UnitPrice.Valid {
		l.UnitPrice.Decimal = l.UnitPrice.Decimal.Round(6)
	}
	return l
}

func newParty(o *Object, at Origin) *Party {
	if o == nil {
		return nil
	}
	p := &Party{
		Name: fullName(o), City: o.Text("city"), Region: o.Text("region"), PostalCode: o.Text("postalCode"), Country: o.Text("country"),
		DUNS: digits(o.Text("duns")), GLN: digits(o.Text("gln")), VATID: o.Text("vatId"), Number: o.Text("partyNumber"),
		ContactName: o.Text("contactName"), ContactEmail: o.Text("email"), Phone: o.Text("phone"), Origin: at,
	}
	p.Street = strings.TrimSpace(o.Text("street") + " " + o.Text("streetContinued"))
	if p.DUNS == "" {
		p.DUNS = digits(o.Text("dunsWithSuffix"))
	}
	if len(p.DUNS) > 9 {
		p.DUNS = p.DUNS[:9] // the suffix names a site of the same company
	}
	if p.VATID == "" {
		p.VATID = o.Text("taxNumber")
	}
	return p
}

func fullName(o *Object) string {
	return strings.TrimSpace(strings.TrimSpace(o.Text("name")) + " " + strings.TrimSpace(o.Text("nameContinued")))
}

// digits leaves out what people write between the digits of a number.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// day reads a canonical day; what is not one was reported when it was read.
func day(s string) schema.Date {
	d, err := schema.ParseDate(s)
	if err != nil {
		return schema.Date{}
	}
	return d
}

func exact(s string) decimal.NullDecimal {
	d, err := schema.ParseDecimal(s)
	return decimal.NullDecimal{Decimal: d, Valid: err == nil}
}

// Message says in English what a finding of this package is about and what to
// do; false for findings of others.
func Message(f *edi.Finding) (says, remedy string, known bool) {
	m, known := messages[f.ID]
	return strings.ReplaceAll(m[0], "{value}", f.Value), m[1], known
}

var messages = map[string][2]string{
	"sales-report.purpose": {
		`The report is marked as "{value}", and only original reports (BPT01 00) are taken`,
		"Send the sales as an original report, and what is to be corrected as returns (QTY01 76).",
	},
	"sales-report.not-a-sale": {
		`The quantity is "{value}": stock or a movement of stock, not a sale. It was not posted`,
		"Nothing is to be done, unless it was a sale: then send it with QTY01 32, or 76 for a return.",
	},
	"sales-report.invoice-missing": {
		"The sale has no invoice number",
		"Add REF*IV with the number of your invoice after the PTD.",
	},
	"sales-report.quantity-missing": {
		"The line says no quantity in digits",
		"Send the quantity in QTY02.",
	},
	"sales-report.value": {
		`"{value}" cannot be read`,
		"Send the value in the form that the guide asks for.",
	},
}

// Unreadable gives what could not be read of a document as findings.
func Unreadable(problems []*FieldError) []edi.Finding {
	s := &SalesReport{}
	for _, p := range problems {
		s.find(p.Origin, edi.Finding{ID: "sales-report.value", Severity: edi.Error, Level: edi.LevelElement, Code: "6",
			Value: p.Origin.seg.text(p.Origin.element, p.Origin.component), Rule: p.Err.Error()})
	}
	return s.Findings
}
