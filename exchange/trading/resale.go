package trading

import (
	"fmt"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fondaco/schema"
)

// resales gathers the lines of a report by customer: one interaction tells
// each customer's history what was sold on to it.
type resales struct {
	report *schema.SalesReport
	order  []schema.ID
	lines  map[schema.ID][]*schema.SalesReportLine
}

func newResales(r *schema.SalesReport) *resales {
	return &resales{report: r, lines: map[schema.ID][]*schema.SalesReportLine{}}
}

func (r *resales) add(customer schema.ID, l *schema.SalesReportLine) {
	if r.lines[customer] == nil {
		r.order = append(r.order, customer)
	}
	r.lines[customer] = append(r.lines[customer], l)
}

func (r *resales) interactions() []*schema.Interaction {
	var all []*schema.Interaction
	for _, customer := range r.order {
		all = append(all, r.interaction(customer, r.lines[customer]))
	}
	return all
}

// maxListed is how many lines an interaction lists.
const maxListed = 50

func (r *resales) interaction(customer schema.ID, lines []*schema.SalesReportLine) *schema.Interaction {
	total, last := decimal.Zero, r.report.ReportedOn
	var body strings.Builder
	for i, l := range lines {
		total = total.Add(l.Quantity.Decimal)
		if i == 0 || last.Before(l.SoldOn) && !l.SoldOn.IsZero() {
			last = l.SoldOn
		}
		if i < maxListed {
			fmt.Fprintf(&body, "- %s %s: %s x %s %s\n", l.SoldOn, l.InvoiceNumber, l.Quantity.Decimal, l.PartNumber, l.ProductDescription)
		}
	}
	if n := len(lines) - maxListed; n > 0 {
		fmt.Fprintf(&body, "- and %d more\n", n)
	}
	if last.IsZero() {
		last = r.report.ReportedOn
	}
	by := r.report.DistributorName
	if by == "" {
		by = "a distributor"
	}
	return &schema.Interaction{
		Customer: schema.Ref[schema.Customer](customer), InteractionType: schema.Resale, OccurredAt: last.Time(time.UTC),
		Subject: clipped(fmt.Sprintf("%s units in %d lines, reported by %s in %s", total, len(lines), by, r.report.ReportNumber), 200),
		Body:    body.String(),
	}
}
