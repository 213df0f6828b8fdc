package mapping

import (
	"slices"

	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// Object gives the report as a canonical record, which [Map.Encode] writes as
// a document: the other way of [NewSalesReport]. Lines with one invoice, one
// day and one end customer become one sale.
func (s *SalesReport) Object() *Object {
	o := &Object{}
	r := s.Report
	o.say("purpose", "original")
	o.say("reportNumber", r.ReportNumber)
	o.say("reportedOn", r.ReportedOn.String())
	o.say("currency", r.Currency)
	o.say("periodStartsOn", r.PeriodStartsOn.String())
	o.say("periodEndsOn", r.PeriodEndsOn.String())
	if r.DistributorName != "" {
		party := &Object{}
		party.say("name", r.DistributorName)
		o.Fields = append(o.Fields, Field{Name: "distributor", Object: party})
	}
	var sales []*Object
	for i, l := range s.Lines {
		if i == 0 || !sameSale(s.Lines[i-1], l) {
			sales = append(sales, saleObject(l))
		}
		last := sales[len(sales)-1]
		lines := last.Field("lines")
		lines.Objects = append(lines.Objects, lineObject(l.Line))
	}
	if sales != nil {
		o.Fields = append(o.Fields, Field{Name: "sales", Objects: sales})
	}
	return o
}

// say adds a text that is stated.
func (o *Object) say(name, text string) {
	if text != "" {
		o.Fields = append(o.Fields, Field{Name: name, Text: text})
	}
}

func sameSale(a, b *SalesReportLine) bool {
	if a.Line.InvoiceNumber != b.Line.InvoiceNumber || a.Line.SoldOn != b.Line.SoldOn || isReturn(a.Line) != isReturn(b.Line) {
		return false
	}
	if a.EndCustomer == nil || b.EndCustomer == nil {
		return a.EndCustomer == b.EndCustomer
	}
	x, y := *a.EndCustomer, *b.EndCustomer
	x.Origin, y.Origin = Origin{}, Origin{}
	return x == y
}

func isReturn(l *schema.SalesReportLine) bool { return l.Quantity.Decimal.IsNegative() }

func saleObject(l *SalesReportLine) *Object {
	o := &Object{}
	kind := "sale"
	if isReturn(l.Line) {
		kind = "return"
	}
	o.say("transferType", kind)
	o.say("soldOn", l.Line.SoldOn.String())
	o.say("invoiceNumber", l.Line.InvoiceNumber)
	if p := l.EndCustomer; p != nil {
		o.Fields = append(o.Fields, Field{Name: "endCustomer", Object: p.object()})
	}
	o.Fields = append(o.Fields, Field{Name: "lines"})
	return o
}

// object states a party. A segment has room for one number of it: the one that
// says most.
func (p *Party) object() *Object {
	o := &Object{}
	o.say("name", p.Name)
	switch {
	case p.DUNS != "":
		o.say("duns", p.DUNS)
	case p.GLN != "":
		o.say("gln", p.GLN)
	default:
		o.say("partyNumber", p.Number)
	}
	o.say("street", p.Street)
	o.say("city", p.City)
	o.say("region", p.Region)
	o.say("postalCode", p.PostalCode)
	o.say("country", p.Country)
	o.say("vatId", p.VATID)
	o.say("contactName", p.ContactName)
	o.say("email", p.ContactEmail)
	o.say("phone", p.Phone)
	return o
}

func lineObject(l *schema.SalesReportLine) *Object {
	o := &Object{}
	kind := "sold"
	if isReturn(l) {
		kind = "returned"
	}
	o.say("quantityType", kind)
	o.say("quantity", plainDecimal(l.Quantity))
	if l.LineNumber != nil {
		o.say("lineNumber", decimal.NewFromInt(*l.LineNumber).String())
	}
	o.say("partNumber", l.PartNumber)
	o.say("distributorPartNumber", l.DistributorPartNumber)
	if l.UnitPrice.Valid && l.UnitOfMeasure == "" {
		o.say("unitOfMeasure", "EA") // a price is per something
	}
	o.say("unitOfMeasure", l.UnitOfMeasure)
	o.say("unitPrice", plainDecimal(l.UnitPrice))
	o.say("description", l.ProductDescription)
	o.say("authorizationNumber", l.AuthorizationNumber)
	o.say("registrationNumber", l.RegistrationNumber)
	if len(l.SerialNumbers) > 0 {
		o.Fields = append(o.Fields, Field{Name: "serialNumbers", Texts: slices.Clone(l.SerialNumbers)})
	}
	return o
}

func plainDecimal(d decimal.NullDecimal) string {
	if !d.Valid {
		return ""
	}
	return d.Decimal.String()
}
