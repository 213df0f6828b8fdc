package mapping

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"fondaco/edi"
	"fondaco/schema"
)

// reporter makes sales reports of records, one after the other. What a report has
// many of lies in memory that the next report uses again.
type reporter struct {
	s       *SalesReport
	room    []*SalesReportLine
	lines   stock[reportedLine]
	parties stock[Party]
	serials []string
	figures []knownFigure // as many as a power of two
	voices  [3]voice      // a sale, its line and a quantity of that
	named   wording       // of a party
	sales   int           // of the report at hand
	last    int           // lines in the last of them
}

// reportedLine is all that a line of a report is made of.
type reportedLine struct {
	SalesReportLine
	line   schema.SalesReportLine
	number int64
}

// newReporter gives one that remembers some numbers, as many as a power of two.
func newReporter(figures int) *reporter { return &reporter{figures: make([]knownFigure, figures)} }

// How many numbers are remembered in one report, and in a file of them, where the
// prices of a whole list come again and again.
const fewFigures, manyFigures = 64, 2048

// knownFigure is a number that was read before.
type knownFigure struct {
	packed uint64
	is     decimal.NullDecimal
}

// stock is pieces of memory that hold some of a thing each: as many as the piece
// before twice over, and at most slab.
type stock[T any] struct {
	pieces [][]T
	at     int // the piece that the next one is taken from
	used   int // of that piece
}

// slab is how many lines lie in one piece of memory, at most.
const slab = 64

// one gives the next, as it was left when it was last used.
func (k *stock[T]) one() *T {
	if k.at < len(k.pieces) && k.used == len(k.pieces[k.at]) {
		k.at, k.used = k.at+1, 0
	}
	if k.at == len(k.pieces) {
		size := 4
		if k.at > 0 {
			size = min(2*len(k.pieces[k.at-1]), slab)
		}
		k.pieces = append(k.pieces, make([]T, size))
	}
	k.used++
	return &k.pieces[k.at][k.used-1]
}

// again begins with the first.
func (k *stock[T]) again() { k.at, k.used = 0, 0 }

// report makes the report of a record.
func (y *reporter) report(top passage, p portion) *SalesReport {
	var said wording
	top.read(&said)
	s := &SalesReport{More: p.more, before: p.lines, Report: &schema.SalesReport{
		ReportNumber: said[wordReportNumber], DistributorName: first(said[wordDistributorName], said[wordDistributorNumber]),
		ReportedOn: day(said[wordReportedOn]), PeriodStartsOn: day(said[wordPeriodStartsOn]), PeriodEndsOn: day(said[wordPeriodEndsOn]),
		Currency: first(said[wordCurrency], said[wordOtherCurrency]),
	}}
	if purpose := said[wordPurpose]; purpose != "original" && p.lines == 0 {
		s.find(top.origin("purpose"), edi.Finding{ID: "sales-report.purpose", Severity: edi.Error, Level: edi.LevelElement, Code: "7", Value: purpose, Expected: "00"})
	}
	y.s, y.sales, y.last = s, 0, 0
	y.lines.again()
	y.parties.again()
	y.serials, s.Lines = y.serials[:0], y.room[:0]
	top.each(func(sale passage, last bool) {
		whole := (y.sales > 0 || !p.continued) && (!last || !p.split)
		y.sales++
		y.sale(sale, whole)
	})
	y.room = s.Lines
	return s
}

func first(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// voice is a sale, a line or a quantity with what it says.
type voice struct {
	passage
	said wording
}

// hear puts a passage inside those above it.
func (y *reporter) hear(depth int, p passage) *voice {
	v := &y.voices[depth]
	v.passage, v.said = p, wording{}
	v.read(&v.said)
	return v
}

// text is what the closest that says it says.
func (y *reporter) text(depth, word int) string {
	for ; depth >= 0; depth-- {
		if v := y.voices[depth].said[word]; v != "" {
			return v
		}
	}
	return ""
}

func (y *reporter) sale(p passage, whole bool) {
	y.hear(0, p)
	party := y.endCustomer(0)
	y.last = 0
	p.each(func(line passage, last bool) {
		y.last++
		y.statedLine(line, party, whole && last && y.last == 1)
	})
}

// statedLine makes the line, or those of its quantities: an EDIFACT product has
// several, each for a customer of its own.
func (y *reporter) statedLine(p passage, party *Party, only bool) {
	y.hear(1, p)
	own := y.endCustomer(1)
	some := false
	p.each(func(q passage, _ bool) {
		some = true
		v := y.hear(2, q)
		customer := y.customer(&v.said, q.at)
		y.line(2, customer, firstOf(y.endCustomer(2), own, party, customer), false)
	})
	if !some {
		y.line(1, party, firstOf(own, party), only)
	}
}

func firstOf(list ...*Party) *Party {
	for _, p := range list {
		if p != nil {
			return p
		}
	}
	return nil
}

// endCustomer is the party that a passage names as such, nil if it names none.
func (y *reporter) endCustomer(depth int) *Party {
	sub, named := y.voices[depth].endCustomer()
	if !named {
		return nil
	}
	y.named = wording{}
	sub.read(&y.named)
	return y.party(&y.named, sub.at)
}

// customer is the end customer that stands beside a quantity, nil if none does.
func (y *reporter) customer(said *wording, at Origin) *Party {
	var c wording
	n := wordCustomer + copy(c[:wordCountry+1], said[wordCustomer:]) // both vocabularies have them in one order
	switch number := said[n]; said[n+1] {
	case "9":
		c[wordGLN] = number
	case "16":
		c[wordDUNS] = number
	default:
		c[wordPartyNumber] = number
	}
	if c == (wording{}) {
		return nil
	}
	return y.party(&c, at)
}

func (y *reporter) party(said *wording, at Origin) *Party {
	p := y.parties.one()
	*p = Party{
		Name: together(said[wordName], said[wordNameContinued]), Street: together(said[wordStreet], said[wordStreetContinued]),
		City: said[wordCity], Region: said[wordRegion], PostalCode: said[wordPostalCode], Country: said[wordCountry],
		DUNS: digits(said[wordDUNS]), GLN: digits(said[wordGLN]), VATID: first(said[wordVATID], said[wordTaxNumber]), Number: said[wordPartyNumber],
		ContactName: said[wordContactName], ContactEmail: said[wordEmail], Phone: said[wordPhone], Origin: at,
	}
	if p.DUNS == "" {
		p.DUNS = digits(said[wordDUNSWithSuffix])
	}
	if len(p.DUNS) > 9 {
		p.DUNS = p.DUNS[:9] // the suffix names a site of the same company
	}
	return p
}

// line adds the line of which the voice at a depth speaks. Customer is the one that
// its record names, party the one that stands with the line.
func (y *reporter) line(depth int, party, customer *Party, only bool) {
	s, at := y.s, y.voices[depth].at
	if quantity := y.text(depth, wordQuantityType); !isSale(y.text(depth, wordTransferType), quantity) {
		s.find(at, edi.Finding{ID: "sales-report.not-a-sale", Severity: edi.Warning, Level: edi.LevelSegment, Value: quantity})
		return
	}
	room := y.lines.one()
	l := &room.line
	*l = schema.SalesReportLine{}
	y.fill(l, depth, customer)
	if l.SerialNumbers = y.serialNumbers(1, depth); only && l.SerialNumbers == nil {
		l.SerialNumbers = y.serialNumbers(0, 0)
	}
	room.number = s.before + int64(len(s.Lines)+1)
	l.LineNumber = &room.number
	if l.InvoiceNumber == "" {
		s.missing(y.voices[0].at, edi.Finding{ID: "sales-report.invoice-missing", Severity: edi.Error, Code: "3", Expected: "REF*IV"}, "REF", 0)
	}
	if !l.Quantity.Valid {
		s.missing(at, edi.Finding{ID: "sales-report.quantity-missing", Severity: edi.Error, Code: "1", Expected: "QTY02"}, "QTY", 2)
	}
	room.SalesReportLine = SalesReportLine{Line: l, EndCustomer: party, Origin: at}
	s.Lines = append(s.Lines, &room.SalesReportLine)
}

// serialNumbers are those of the closest that names some.
func (y *reporter) serialNumbers(from, depth int) []string {
	for ; depth >= from; depth-- {
		if cap(y.serials)-len(y.serials) < slab/2 {
			y.serials = make([]string, 0, min(max(2*cap(y.serials), slab), slab*slab))
		}
		before := len(y.serials)
		y.serials = y.voices[depth].serialNumbers(y.serials)
		if n := len(y.serials); n > before {
			return y.serials[before:n:n]
		}
	}
	return nil
}

// fill puts into a line what is said of it.
func (y *reporter) fill(l *schema.SalesReportLine, depth int, customer *Party) {
	l.InvoiceNumber = first(y.text(depth, wordInvoice), y.text(depth, wordInvoiceOfObject))
	l.SoldOn = day(y.text(depth, wordSoldOn))
	l.PartNumber = first(y.text(depth, wordPart), y.text(depth, wordGTIN))
	l.DistributorPartNumber = y.text(depth, wordDistributorPart)
	l.ProductDescription = y.text(depth, wordDescription) + y.text(depth, wordProductDescription)
	l.Quantity = y.exact(y.text(depth, wordQuantity))
	l.UnitOfMeasure = y.text(depth, wordUnit)
	l.UnitPrice = y.exact(first(y.text(depth, wordPrice), y.text(depth, wordPriceOfObject)))
	l.AuthorizationNumber, l.RegistrationNumber = y.text(depth, wordAuthorization), y.text(depth, wordRegistration)
	if customer != nil {
		l.EndCustomerName, l.EndCustomerCity, l.EndCustomerCountry = customer.Name, customer.City, customer.Country
	}
	for _, word := range [...]int{wordCreditMemo, wordReturn, wordOrder} {
		if l.InvoiceNumber == "" && (isReturn(l) || word == wordCreditMemo) {
			l.InvoiceNumber = y.text(depth, word) // what a return is known by
		}
	}
	if l.UnitPrice.Valid && l.UnitPrice.Decimal.Exponent() < -6 {
		l.UnitPrice.Decimal = l.UnitPrice.Decimal.Round(6)
	}
}

// isSale tells what was sold or taken back from stock and its movements.
func isSale(transfer, quantity string) bool {
	switch transfer {
	case "inventoryAdjustment", "stockAdjustment", "transfer":
		return false
	}
	switch quantity {
	case "sold", "discrete", "original", "shipped", "returned":
		return true
	}
	return false
}

func together(a, b string) string {
	if b == "" {
		return strings.TrimSpace(a)
	}
	return strings.TrimSpace(strings.TrimSpace(a) + " " + strings.TrimSpace(b))
}

// digits leaves out what people write between the digits of a number.
func digits(s string) string {
	if !slices.ContainsFunc([]byte(s), func(c byte) bool { return c < '0' || c > '9' }) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// exact reads a canonical number. Short ones come again and again, and are the
// same number then.
func (y *reporter) exact(s string) decimal.NullDecimal {
	if s == "" {
		return decimal.NullDecimal{}
	}
	packed := pack(s)
	known := &y.figures[packed*0x9e3779b97f4a7c15>>32&uint64(len(y.figures)-1)]
	if packed == 0 {
		return exact(s)
	}
	if known.packed != packed {
		*known = knownFigure{packed, exact(s)}
	}
	return known.is
}
