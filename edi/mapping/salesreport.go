package mapping

import (
	"slices"
	"strings"
	"time"

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
	// More tells that this is a part of a report too large to be handed over at
	// once: the lines that follow come with the next ones, and with them what the
	// report says behind them.
	More bool

	before int64 // lines in the parts before
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
func NewSalesReport(o *Object) *SalesReport { return newSalesReport(o, portion{}) }

// portion tells which part of a report an object is, where the report comes in
// several.
type portion struct {
	lines     int64 // that came before
	continued bool  // its first sale has begun in the part before
	more      bool  // there is a next one
	split     bool  // its last sale goes on there
}

func newSalesReport(o *Object, p portion) *SalesReport {
	s := &SalesReport{More: p.more, before: p.lines, Report: &schema.SalesReport{
		ReportNumber: o.Text("reportNumber"), DistributorName: o.Object("distributor").Text("name"),
		ReportedOn: day(o.Text("reportedOn")), PeriodStartsOn: day(o.Text("periodStartsOn")), PeriodEndsOn: day(o.Text("periodEndsOn")),
		Currency: o.Text("currency"),
	}}
	if s.Report.Currency == "" {
		s.Report.Currency = o.Object("currencies").Text("currency")
	}
	if s.Report.DistributorName == "" {
		s.Report.DistributorName = o.Object("distributor").Text("number")
	}
	if purpose := o.Text("purpose"); purpose != "original" && p.lines == 0 {
		s.find(o.Origin("purpose"), edi.Finding{ID: "sales-report.purpose", Severity: edi.Error, Level: edi.LevelElement, Code: "7", Value: purpose, Expected: "00"})
	}
	sales := o.Objects("sales")
	for i, sale := range sales {
		whole := (i > 0 || !p.continued) && (i < len(sales)-1 || !p.split)
		s.sale(sale, nth(o.Field("sales").Origins, i), whole)
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

func (s *SalesReport) sale(o *Object, origin Origin, whole bool) {
	party := newParty(o.Object("endCustomer"), o.Origin("endCustomer"))
	lines := o.Objects("lines")
	for i, line := range lines {
		at := nth(o.Field("lines").Origins, i)
		quantities := line.Objects("quantities")
		if quantities == nil {
			s.line(stated{line, o}, party, origin, at, whole && len(lines) == 1)
			continue
		}
		for j, q := range quantities { // an EDIFACT product has several, each for a customer of its own
			customer, where := q.customer(), nth(line.Field("quantities").Origins, j)
			s.line(stated{q, line, o, &Object{Fields: []Field{{Name: "endCustomer", Object: customer}}}}, newParty(customer, where), origin, where, false)
		}
	}
}

// customer is the end customer that stands beside a quantity, nil if none does.
func (o *Object) customer() *Object {
	c := &Object{}
	for _, name := range []string{"name", "nameContinued", "street", "city", "region", "postalCode", "country"} {
		c.say(name, o.Text(joined("customer", name)))
	}
	switch number := o.Text("customerNumber"); o.Text("customerAgency") {
	case "9":
		c.say("gln", number)
	case "16":
		c.say("duns", number)
	default:
		c.say("partyNumber", number)
	}
	if len(c.Fields) == 0 {
		return nil
	}
	return c
}

// stated are the objects that say something of a line, the closest first.
type stated []*Object

func (s stated) text(name string) string {
	for _, o := range s {
		if v := o.Text(name); v != "" {
			return v
		}
	}
	return ""
}

func (s stated) texts(name string) []string {
	for _, o := range s[:len(s)-1] {
		if v := o.Texts(name); v != nil {
			return v
		}
	}
	return nil
}

func (s stated) object(name string) *Object {
	for _, o := range s {
		if v := o.Object(name); v != nil {
			return v
		}
	}
	return nil
}

func (s *SalesReport) line(from stated, party *Party, sale, at Origin, only bool) {
	if quantity := from.text("quantityType"); !isSale(from.text("transferType"), quantity) {
		s.find(at, edi.Finding{ID: "sales-report.not-a-sale", Severity: edi.Warning, Level: edi.LevelSegment, Value: quantity})
		return
	}
	l := newLine(from)
	if only && len(l.SerialNumbers) == 0 {
		l.SerialNumbers = from[len(from)-1].Texts("serialNumbers")
	}
	number := s.before + int64(len(s.Lines)+1)
	l.LineNumber = &number
	if l.InvoiceNumber == "" {
		s.missing(sale, edi.Finding{ID: "sales-report.invoice-missing", Severity: edi.Error, Code: "3", Expected: "REF*IV"}, "REF", 0)
	}
	if !l.Quantity.Valid {
		s.missing(at, edi.Finding{ID: "sales-report.quantity-missing", Severity: edi.Error, Code: "1", Expected: "QTY02"}, "QTY", 2)
	}
	s.Lines = append(s.Lines, &SalesReportLine{Line: l, EndCustomer: party, Origin: at})
}

// missing tells of what a sale has to say; in EDIFACT other segments say it.
func (s *SalesReport) missing(at Origin, f edi.Finding, tag string, element int) {
	if f.Level = edi.LevelSegment; element > 0 {
		f.Level = edi.LevelElement
	}
	s.find(at, f)
	last := &s.Findings[len(s.Findings)-1]
	if last.Path.Standard == edi.EDIFACT {
		last.Code, last.Expected, tag = "13", map[string]string{"REF": "RFF+IV", "QTY": "QTY 6060"}[tag], map[string]string{"REF": "RFF", "QTY": "QTY"}[tag]
		element = min(element, 1)
	}
	if last.Path.Tag = tag; element > 0 {
		last.Path.Element = element
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

func newLine(from stated) *schema.SalesReportLine {
	customer := from.object("endCustomer")
	invoice, price := from.text("invoiceNumber"), from.text("unitPrice")
	if invoice == "" {
		invoice = from.object("invoice").Text("number")
	}
	if price == "" {
		price = from.object("price").Text("unitPrice")
	}
	part := from.text("partNumber")
	if part == "" {
		part = from.text("gtin")
	}
	l := &schema.SalesReportLine{
		InvoiceNumber: invoice, SoldOn: day(from.text("soldOn")),
		PartNumber: part, DistributorPartNumber: from.text("distributorPartNumber"),
		ProductDescription: from.text("description") + from.text("productDescription"), Quantity: exact(from.text("quantity")),
		UnitOfMeasure: from.text("unitOfMeasure"), UnitPrice: exact(price), SerialNumbers: from.texts("serialNumbers"),
		EndCustomerName: fullName(customer), EndCustomerCity: customer.Text("city"), EndCustomerCountry: customer.Text("country"),
		AuthorizationNumber: from.text("authorizationNumber"), RegistrationNumber: from.text("registrationNumber"),
	}
	for _, name := range []string{"creditMemoNumber", "returnNumber", "orderNumber"} {
		if l.InvoiceNumber == "" && (isReturn(l) || name == "creditMemoNumber") {
			l.InvoiceNumber = from.text(name) // what a return is known by
		}
	}
	if l.UnitPrice.Valid && l.UnitPrice.Decimal.Exponent() < -6 {
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
	p.Street = together(o.Text("street"), o.Text("streetContinued"))
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

func fullName(o *Object) string { return together(o.Text("name"), o.Text("nameContinued")) }

func together(a, b string) string {
	if b == "" {
		return strings.TrimSpace(a)
	}
	return strings.TrimSpace(strings.TrimSpace(a) + " " + strings.TrimSpace(b))
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
	if len(s) != 10 || s[4] != '-' || s[7] != '-' {
		return schema.Date{}
	}
	var room [8]byte
	digits := append(append(append(room[:0], s[:4]...), s[5:7]...), s[8:]...)
	if !edi.ValidDate(digits) {
		return schema.Date{}
	}
	n := func(from, to int) (v int) {
		for _, c := range digits[from:to] {
			v = v*10 + int(c-'0')
		}
		return v
	}
	return schema.Date{Year: n(0, 4), Month: time.Month(n(4, 6)), Day: n(6, 8)}
}

// exact reads a canonical number. Nearly all fit into 64 bits.
func exact(s string) decimal.NullDecimal {
	if len(s) == 0 || len(s) > 18 {
		d, err := schema.ParseDecimal(s)
		return decimal.NullDecimal{Decimal: d, Valid: err == nil}
	}
	value, places, negative := int64(0), int32(-1), s[0] == '-'
	digits := strings.TrimPrefix(s, "-")
	for _, c := range []byte(digits) {
		switch {
		case c == '.' && places < 0:
			places = 0
		case c < '0' || c > '9':
			return decimal.NullDecimal{}
		default:
			if value = value*10 + int64(c-'0'); places >= 0 {
				places++
			}
		}
	}
	if negative {
		value = -value
	}
	return decimal.NullDecimal{Decimal: decimal.New(value, -max(places, 0)), Valid: digits != "" && digits != "."}
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
		"The sale names no invoice, or the return no invoice, credit memo, return or order",
		"Add REF*IV with the number of your invoice after the PTD; for a return, REF*CM or REF*RZ will do.",
	},
	"sales-report.quantity-missing": {
		"The line says no quantity in digits",
		"Send the quantity in QTY02.",
	},
	"record.value": {
		`"{value}" is more than the record can hold: it was left out`,
		"Nothing is to be done, unless the value matters: then tell the receiver.",
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
