package trading

import (
	"fondaco/edi"
	"fondaco/edi/mapping"
	"fondaco/schema"
)

// entries are the records that a document states, whatever their kinds: one
// with its lines, or several, as an 845 grants several authorisations.
type entries struct {
	list  []*mapping.Entry
	buyer *mapping.Party // of a paper of trade
}

func (c *entries) complete(p *posting, d *document) []edi.Finding {
	var list []edi.Finding
	for _, e := range c.list {
		list = append(list, c.head(p, d, e)...)
		list = append(list, unkept(e.Head, e.Origin)...)
		parent := schema.NewID()
		for i, line := range e.Lines {
			unchecked(line)
			link(line, schema.KindOf(line).Parent.Name, parent)
			list = append(list, unkept(line, e.Origins[i])...)
		}
	}
	return list
}

// head fills in what the receiver knows of a record.
func (c *entries) head(p *posting, d *document, e *mapping.Entry) []edi.Finding {
	kind := schema.KindOf(e.Head)
	if a := schema.AddressOf(e.Head); a != nil {
		a.AddressedTo, a.SentAt = p.sender, p.receipt.ReceivedAt
	}
	put(e.Head, "flow", string(schema.Received))
	put(e.Head, "receivedAt", p.receipt.ReceivedAt)
	if label := kind.Label; label != nil && label.Name != "name" && label.Value(e.Head) == nil {
		put(e.Head, label.Name, p.number(d))
	}
	var list []edi.Finding
	for _, f := range kind.Fields {
		if f.Type == schema.Day && f.Required && f.Value(e.Head) == nil {
			day := p.issuedOn(e.Head)
			put(e.Head, f.Name, day)
			list = append(list, edi.Finding{
				ID: "trading.day-assumed", Severity: edi.Warning, Level: edi.LevelTransaction, Value: f.Name, Rule: day.String(),
			})
		}
	}
	return list
}

// unchecked puts a line that this firm is to check at the beginning of that.
func unchecked(line schema.Entity) {
	if f := schema.KindOf(line).FieldNamed("checkState"); f != nil {
		put(line, f.Name, f.Enum[0])
	}
}

// issuedOn is the day of a document: that which it states, else that of its
// envelope, else that on which it came.
func (p *posting) issuedOn(e schema.Entity) schema.Date {
	if f := schema.KindOf(e).FieldNamed("issuedOn"); f != nil {
		if day, ok := f.Value(e).(schema.Date); ok && !day.IsZero() {
			return day
		}
	}
	if day, ok := envelopeDay(p.piece.ic); ok {
		return day
	}
	return schema.DateOf(p.receipt.ReceivedAt.UTC())
}

// envelopeDay is the day on which an interchange was made. Its year has two
// digits, but in syntax version 4 of EDIFACT.
func envelopeDay(ic *edi.Interchange) (schema.Date, bool) {
	text, _ := ic.Date()
	if len(text) == 6 {
		text = "20" + text
	}
	if len(text) != 8 || !edi.ValidDate([]byte(text)) {
		return schema.Date{}, false
	}
	day, err := schema.ParseDate(text[:4] + "-" + text[4:6] + "-" + text[6:])
	return day, err == nil
}

// put sets a field if the kind has it. The values are those of its type.
func put(e schema.Entity, field string, value any) {
	if f := schema.KindOf(e).FieldNamed(field); f != nil {
		if err := f.Set(e, value); err != nil {
			panic(err) // a field of that name has another type now
		}
	}
}

// link points a field to a record, if the kind has the field and there is one.
func link(e schema.Entity, field string, to schema.ID) {
	if !to.IsZero() {
		put(e, field, to)
	}
}

func (c *entries) ask(m *matcher) {
	c.each(func(e schema.Entity) {
		m.add(c.customer(e))
		m.addProduct(textOf(e, "partNumber"))
		if schema.KindOf(e) == schema.ClaimResponses {
			m.addClaim(textOf(e, "claimNumber"))
		}
	})
}

func (c *entries) each(do func(schema.Entity)) {
	for _, e := range c.list {
		do(e.Head)
		for _, line := range e.Lines {
			do(line)
		}
	}
}

// customer is the party that a record's customer is: the end customer whom it
// names, or the buyer. It is nil in a kind that has none.
func (c *entries) customer(e schema.Entity) *mapping.Party {
	switch {
	case schema.KindOf(e).FieldNamed("customer") == nil:
		return nil
	case schema.KindOf(e) == schema.TradeDocuments:
		return c.buyer
	}
	return &mapping.Party{
		Name: textOf(e, "endCustomerName"), Number: textOf(e, "endCustomerNumber"),
		City: textOf(e, "endCustomerCity"), Country: textOf(e, "endCustomerCountry"),
	}
}

// textOf is the text in a field, "" if the kind has none of that name.
func textOf(e schema.Entity, field string) string {
	f := schema.KindOf(e).FieldNamed(field)
	if f == nil {
		return ""
	}
	text, _ := f.Value(e).(string)
	return text
}

// partyOf reads a party as the maps of papers of trade describe it.
func partyOf(o *mapping.Object) *mapping.Party {
	if o == nil {
		return nil
	}
	p := &mapping.Party{
		Name: o.Text("name"), Street: o.Text("street"), City: o.Text("city"), Region: o.Text("region"), PostalCode: o.Text("postalCode"),
		Country: o.Text("country"), DUNS: o.Text("duns"), GLN: o.Text("gln"), VATID: o.Text("vatId"),
	}
	if p.VATID == "" {
		p.VATID = o.Object("tax").Text("vatId")
	}
	switch number := o.Text("number"); o.Text("agency") {
	case "9":
		p.GLN = number
	case "16":
		p.DUNS = number
	default:
		p.Number = number
	}
	return p
}

// write adds the records. Customers, products and claims are linked where the
// receiver has them; only a report of sales brings new customers.
func (c *entries) write(p *posting, set schema.ID) {
	c.each(func(e schema.Entity) {
		link(e, "customer", p.match.existing(c.customer(e)))
		link(e, "product", p.match.product(textOf(e, "partNumber")))
		if schema.KindOf(e) == schema.ClaimResponses {
			link(e, "rebateClaim", p.match.claim(textOf(e, "claimNumber")))
		}
	})
	for _, e := range c.list {
		link(e.Head, "transactionSet", set)
		head := p.create(e.Head)
		for _, line := range e.Lines {
			link(line, schema.KindOf(line).Parent.Name, head)
			p.create(line)
		}
	}
}
