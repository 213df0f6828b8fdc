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
	if o == nil {
		o = &Object{}
	}
	return newReporter(fewFigures).report(passage{o: o, reading: &reading{names: reportNames}}, p)
}

// Clone returns a copy that stays valid and shares no memory that changes.
func (s *SalesReport) Clone() *SalesReport {
	c, report := *s, *s.Report
	c.Report, c.Findings = &report, slices.Clone(s.Findings)
	rooms, parties := make([]reportedLine, len(s.Lines)), map[*Party]*Party{nil: nil}
	c.Lines = make([]*SalesReportLine, len(s.Lines))
	for i, l := range s.Lines {
		room := &rooms[i]
		room.SalesReportLine, room.line = *l, *l.Line
		room.Line = &room.line
		if n := l.Line.LineNumber; n != nil {
			room.number, room.line.LineNumber = *n, &room.number
		}
		room.line.SerialNumbers = slices.Clone(l.Line.SerialNumbers)
		if _, known := parties[l.EndCustomer]; !known {
			party := *l.EndCustomer
			parties[l.EndCustomer] = &party
		}
		room.EndCustomer = parties[l.EndCustomer]
		c.Lines[i] = &room.SalesReportLine
	}
	return &c
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
