package trading

import (
	"context"
	"errors"
	"fmt"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/edi/mapping"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// posting collects what is written for one interchange, in one transaction.
type posting struct {
	*job
	commands []partners.Command
	reports  []reported
	match    *matcher
	answer   *answer // nil where nothing is acknowledged
	// unanswered tells why there is no answer though one is due.
	unanswered *edi.Finding

	accepted, rejected int
	effect             bool
}

// document is a transaction set with what is posted of it.
type document struct {
	tx      *edi.Transaction
	group   *edi.Group
	place   int64
	report  *mapping.SalesReport // nil where nothing is posted
	verdict schema.Verdict
}

// documents reads what the transactions state, and adds what keeps them from
// being posted to their findings, so that the acknowledgment tells it.
func (p *posting) documents() []*document {
	var all []*document
	for _, g := range p.piece.ic.Groups {
		for _, t := range g.Transactions {
			d := &document{tx: t, group: g, place: int64(len(all) + 1)}
			all = append(all, d)
			if read := p.piece.documents[t]; read != nil && t.OK() {
				p.interpret(d, read)
			}
			d.verdict = verdictOf(t)
			if d.verdict == schema.VerdictRejected {
				d.report = nil
				p.rejected++
			} else {
				p.accepted++
			}
		}
	}
	return all
}

func verdictOf(t *edi.Transaction) schema.Verdict {
	switch ack.JudgeTransaction(t, ack.Policy{}).Status {
	case ack.Accepted:
		return schema.VerdictAccepted
	case ack.WithError:
		return schema.VerdictWithErrors
	}
	return schema.VerdictRejected
}

// interpret maps a document that validates.
func (p *posting) interpret(d *document, read *mapping.Document) {
	add := func(list []edi.Finding) {
		for _, f := range list {
			d.tx.Add(f, maxFindings)
		}
	}
	m, err := p.s.maps.Map(read.Guide)
	if errors.Is(err, mapping.ErrNoMap) || err == nil && m.Target != schema.SalesReports.Name {
		if d.group.FunctionalID() != "FA" {
			add([]edi.Finding{{ID: "trading.not-posted", Severity: edi.Warning, Level: edi.LevelTransaction, Value: d.tx.Set()}})
		}
		return
	}
	if err != nil {
		add([]edi.Finding{{ID: "trading.record", Severity: edi.Error, Level: edi.LevelTransaction, Code: "1", Rule: err.Error()}})
		return
	}
	o, problems := m.Decode(read)
	add(mapping.Unreadable(problems))
	d.report = mapping.NewSalesReport(o)
	add(d.report.Findings)
	p.complete(d)
	add(d.check())
}

// complete fills in what the receiver knows.
func (p *posting) complete(d *document) {
	r := d.report.Report
	r.AddressedTo, r.SentAt = p.sender, p.receipt.ReceivedAt
	if r.ReportNumber == "" {
		r.ReportNumber = d.group.ControlNumber() + "-" + d.tx.ControlNumber()
	}
	for _, l := range d.report.Lines {
		l.Line.MatchState = schema.Unmatched
	}
}

// check holds the records against the facts of their kinds: a document whose
// records cannot be kept is refused, and not the file.
func (d *document) check() []edi.Finding {
	if !d.tx.OK() {
		return nil // it is refused for what was found already
	}
	var list []edi.Finding
	note := func(e schema.Entity, at mapping.Origin) {
		schema.Normalize(e)
		if err := schema.Check(e); err != nil {
			f := edi.Finding{ID: "trading.record", Severity: edi.Error, Level: edi.LevelSegment, Code: "8", Rule: err.Error(), Path: at.Path()}
			if at.Known() {
				f.Position, f.Length = at.Position(), at.Length()
			}
			list = append(list, f)
		}
	}
	note(d.report.Report, mapping.Origin{})
	parent := schema.NewID()
	for _, l := range d.report.Lines {
		l.Line.SalesReport = schema.Ref[schema.SalesReport](parent)
		note(l.Line, l.Origin)
		if l.EndCustomer != nil {
			note(customerOf(l.EndCustomer), l.EndCustomer.Origin)
		}
	}
	return list
}

// create adds a command that makes a record of e.
func (p *posting) create(e schema.Entity) schema.ID {
	h := e.Header()
	if h.ID.IsZero() {
		h.ID = schema.NewID()
	}
	p.commands = append(p.commands, partners.Command{Verb: partners.Create, Kind: schema.KindOf(e), ID: h.ID, Values: valuesOf(e)})
	return h.ID
}

// valuesOf gives what an entity states.
func valuesOf(e schema.Entity) partners.Values {
	values := partners.Values{}
	for _, f := range schema.KindOf(e).Fields {
		if v := f.Value(e); v != nil {
			values[f.Name] = v
		}
	}
	return values
}

// post writes a transaction set and what it states.
func (p *posting) post(d *document, test bool) {
	set := &schema.TransactionSet{
		Interchange: schema.Ref[schema.Interchange](p.id), Place: &d.place, SetID: orNone(d.tx.Set()), StandardVersion: d.group.Version(),
		GroupControlNumber: d.group.ControlNumber(), ControlNumber: d.tx.ControlNumber(), Verdict: d.verdict,
	}
	findings := p.s.tell(d.tx.List, p.piece.start)
	set.ID = schema.NewID()
	p.reports = append(p.reports, reported{
		fmt.Sprintf("Transaction set %s %s: %s", d.tx.Set(), d.tx.ControlNumber(), verdictWords[d.verdict]), findings,
	})
	count := int64(0)
	set.RecordCount = &count
	values := len(p.commands)
	p.create(set)
	if d.report != nil && !test {
		p.sales(d.report, set.ID)
		count = int64(len(p.commands) - values - 1)
		p.effect = true
	}
	v := p.commands[values].Values
	v["recordCount"] = count
	if f := encodeFindings(findings); f != nil {
		v["findings"] = f
	}
	clip(set, v)
}

var verdictWords = map[schema.Verdict]string{
	schema.VerdictAccepted: "accepted", schema.VerdictWithErrors: "accepted with errors", schema.VerdictRejected: "rejected",
}

// orNone stands in for an identifier that a damaged document lacks.
func orNone(s string) string {
	if s == "" {
		return "?"
	}
	return s
}

// clip shortens texts of a damaged envelope to what a record can keep.
func clip(e schema.Entity, values partners.Values) {
	for name, v := range values {
		f := schema.KindOf(e).FieldNamed(name)
		text, ok := v.(string)
		if !ok || f.Enum != nil {
			continue
		}
		values[name] = clipped(text, f.Max)
	}
}

func clipped(s string, most int) string {
	runes := []rune(plain(s))
	return string(runes[:min(len(runes), most)])
}

// sales writes a report with its lines, the customers it brings, and what
// happened with each customer.
func (p *posting) sales(r *mapping.SalesReport, set schema.ID) {
	r.Report.TransactionSet = schema.Ref[schema.TransactionSet](set)
	report := p.create(r.Report)
	resales := newResales(r.Report)
	for _, l := range r.Lines {
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

// principal is on whose behalf records are written: the receiver's own rule.
func (j *job) principal(ctx context.Context) context.Context {
	p := policy.System(j.receiver)
	p.Via, p.Cause = "trading", j.id.String()
	return policy.With(ctx, p)
}
