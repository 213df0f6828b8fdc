package mapping

import "slices"

// glossary are the names in a record, or in a part of it, that a sales report
// is made of. What stands in an object inside counts as invoice.number.
type glossary []string

var reportNames = glossary{
	"reportNumber", "reportedOn", "periodStartsOn", "periodEndsOn", "purpose", "currency", "currencies.currency",
	"distributor.name", "distributor.number",
}

const (
	wordReportNumber = iota
	wordReportedOn
	wordPeriodStartsOn
	wordPeriodEndsOn
	wordPurpose
	wordCurrency
	wordOtherCurrency
	wordDistributorName
	wordDistributorNumber
)

// saleNames are those of a sale, of its lines and of their quantities: as a rule
// what one of them does not say, those around it do.
var saleNames = glossary{
	"quantityType", "transferType", "quantity", "unitOfMeasure", "unitPrice", "price.unitPrice", "soldOn",
	"invoiceNumber", "invoice.number", "creditMemoNumber", "returnNumber", "orderNumber",
	"partNumber", "gtin", "distributorPartNumber", "description", "productDescription",
	"authorizationNumber", "registrationNumber",
	"customerName", "customerNameContinued", "customerStreet", "customerCity", "customerRegion", "customerPostalCode", "customerCountry",
	"customerNumber", "customerAgency",
}

const (
	wordQuantityType = iota
	wordTransferType
	wordQuantity
	wordUnit
	wordPrice
	wordPriceOfObject
	wordSoldOn
	wordInvoice
	wordInvoiceOfObject
	wordCreditMemo
	wordReturn
	wordOrder
	wordPart
	wordGTIN
	wordDistributorPart
	wordDescription
	wordProductDescription
	wordAuthorization
	wordRegistration
	wordCustomer // and what belongs to it
)

// partyNames are those of a party.
var partyNames = glossary{
	"name", "nameContinued", "street", "city", "region", "postalCode", "country",
	"streetContinued", "duns", "dunsWithSuffix", "gln", "vatId", "taxNumber", "partyNumber", "contactName", "email", "phone",
}

const (
	wordName = iota
	wordNameContinued
	wordStreet
	wordCity
	wordRegion
	wordPostalCode
	wordCountry
	wordStreetContinued
	wordDUNS
	wordDUNSWithSuffix
	wordGLN
	wordVATID
	wordTaxNumber
	wordPartyNumber
	wordContactName
	wordEmail
	wordPhone
)

// wording is the texts of a glossary, "" for what is not said.
type wording [28]string

// passage is a part of a record that a sales report is made of: of an Object, or
// of a record that lies on a tape still.
type passage struct {
	o  *Object
	at Origin

	tape  *tape
	texts string // of all of the tape
	frame int32
	*reading
}

// reading tells in which slots of a frame the words of a glossary are.
type reading struct {
	names   glossary
	texts   []slotWord
	inside  []slotReading // objects whose words count as those of the one around them
	serials int32         // the slot of the serial numbers, -1 for none
	party   slotReading   // of the end customer
	below   slotReading   // of the list of sales, of lines or of quantities
}

type slotWord struct {
	slot int32
	word uint8
}

type slotReading struct {
	slot int32
	*reading
}

// belowNames are the lists in which sales, their lines and the quantities of a
// line stand.
var belowNames = []string{"sales", "lines", "quantities"}

// readingOf finds the words in the scope of a rule. Prefix is the name, with a
// point, of an object that counts as the one around it.
func readingOf(scope *rule, names glossary, prefix string) *reading {
	r := &reading{names: names, serials: -1}
	for i, sub := range scope.rules {
		slot := int32(i)
		switch word := slices.Index(names, prefix+sub.name); {
		case sub.loop == nil && sub.list:
			if sub.name == "serialNumbers" {
				r.serials = slot
			}
		case sub.loop == nil:
			if word >= 0 {
				r.texts = append(r.texts, slotWord{slot, uint8(word)})
			}
		case sub.list:
			if slices.Contains(belowNames, sub.name) {
				r.below = slotReading{slot, readingOf(sub, saleNames, "")}
			}
		case sub.name == "endCustomer":
			r.party = slotReading{slot, readingOf(sub, partyNames, "")}
		case prefix == "":
			r.inside = append(r.inside, slotReading{slot, readingOf(sub, names, sub.name+".")})
		}
	}
	return r
}

func (p *passage) slot(n int32) *slot { return &p.tape.slots[p.tape.frames[p.frame].slots+n] }

// within is the passage in the frame of a node.
func (p *passage) within(r *reading, node int32) passage {
	return passage{tape: p.tape, texts: p.texts, frame: p.tape.nodes[node].frame, reading: r}
}

// read puts the words of a passage where they belong.
func (p *passage) read(into *wording) {
	if p.tape == nil {
		p.o.words(p.names, "", into)
		return
	}
	p.tapeWords(p.frame, p.reading, into)
	for _, in := range p.inside {
		if n := p.slot(in.slot).head; n != 0 {
			p.tapeWords(p.tape.nodes[n].frame, in.reading, into)
		}
	}
}

// tapeWords are those that a frame says.
func (p *passage) tapeWords(frame int32, r *reading, into *wording) {
	base := p.tape.frames[frame].slots
	for _, w := range r.texts {
		if n := p.tape.slots[base+w.slot].head; n != 0 {
			v := &p.tape.nodes[n]
			into[w.word] = p.texts[v.from:v.to]
		}
	}
}

// words are those that an object says.
func (o *Object) words(names glossary, prefix string, into *wording) {
	for i := range o.Fields {
		f := &o.Fields[i]
		if f.Object != nil && prefix == "" {
			f.Object.words(names, f.Name+".", into)
		} else if n := slices.Index(names, prefix+f.Name); n >= 0 && f.Text != "" {
			into[n] = f.Text
		}
	}
}

// serialNumbers are those of the passage, put behind others.
func (p *passage) serialNumbers(list []string) []string {
	if p.tape == nil {
		return append(list, p.o.Texts("serialNumbers")...)
	}
	if p.serials >= 0 {
		for n := p.slot(p.serials).head; n != 0; n = p.tape.nodes[n].next {
			v := &p.tape.nodes[n]
			list = append(list, p.texts[v.from:v.to])
		}
	}
	return list
}

// endCustomer is the passage about the end customer.
func (p *passage) endCustomer() (passage, bool) {
	if p.tape == nil {
		o := p.o.Object("endCustomer")
		return passage{o: o, at: p.o.Origin("endCustomer"), reading: &reading{names: partyNames}}, o != nil
	}
	if p.party.reading == nil {
		return passage{}, false
	}
	n := p.slot(p.party.slot).head
	return p.within(p.party.reading, n), n != 0
}

// origin tells where a text was read.
func (p *passage) origin(name string) Origin { return p.o.Origin(name) }

// each calls fn for every passage of the list in this one.
func (p *passage) each(fn func(sub passage, last bool)) {
	if p.tape == nil {
		list, origins := p.o.list()
		for i, o := range list {
			fn(passage{o: o, at: nth(origins, i), reading: &reading{names: saleNames}}, i == len(list)-1)
		}
		return
	}
	if p.below.reading == nil {
		return
	}
	for n := p.slot(p.below.slot).head; n != 0; n = p.tape.nodes[n].next {
		fn(p.within(p.below.reading, n), p.tape.nodes[n].next == 0)
	}
}

// list is the list of sales, lines or quantities in an object.
func (o *Object) list() ([]*Object, []Origin) {
	for _, name := range belowNames {
		if f := o.Field(name); f != nil {
			return f.Objects, f.Origins
		}
	}
	return nil, nil
}

// nth is an origin of a list; a record that was not read has none.
func nth(list []Origin, n int) Origin {
	if n >= len(list) {
		return Origin{}
	}
	return list[n]
}
