package trading

import (
	"fondaco/edi"
	"fondaco/edi/mapping"
	"fondaco/schema"
)

// sales is a report of what was sold on: an 867 or SLSRPT.
type sales struct{ *mapping.SalesReport }

func (s *sales) complete(p *posting, d *document) []edi.Finding {
	r := s.Report
	r.AddressedTo, r.SentAt = p.sender, p.receipt.ReceivedAt
	if r.ReportNumber == "" {
		r.ReportNumber = p.number(d)
	}
	list := unkept(r, mapping.Origin{})
	parent := schema.Ref[schema.SalesReport](schema.NewID())
	for _, l := range s.Lines {
		l.Line.MatchState, l.Line.SalesReport = schema.Unmatched, parent
		list = append(list, unkept(l.Line, l.Origin)...)
		if l.EndCustomer != nil {
			list = append(list, unkept(customerOf(l.EndCustomer), l.EndCustomer.Origin)...)
		}
	}
	return list
}

func (s *sales) ask(m *matcher) {
	for _, l := range s.Lines {
		m.add(l.EndCustomer)
		m.addProduct(l.Line.PartNumber)
	}
}

// write adds a report with its lines, the customers it brings, and what
// happened with each customer.
func (s *sales) write(p *posting, set schema.ID) {
	s.Report.TransactionSet = schema.Ref[schema.TransactionSet](set)
	report := p.create(s.Report)
	resales := newResales(s.Report)
	for _, l := range s.Lines {
		found, first := p.match.of(l.EndCustomer)
		if first {
			c := customerOf(found.create)
			c.ID = found.customer
			p.create(c)
		}
		l.Line.SalesReport = schema.Ref[schema.SalesReport](report)
		l.Line.Customer = schema.Ref[schema.Customer](found.customer)
		l.Line.MatchState = found.state
		l.Line.Product = schema.Ref[schema.Product](p.match.product(l.Line.PartNumber))
		p.create(l.Line)
		if !found.customer.IsZero() {
			resales.add(found.customer, l.Line)
		}
	}
	for _, i := range resales.interactions() {
		p.create(i)
	}
}
