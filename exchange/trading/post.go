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

	// told are documents that were sent, and what the interchange says of them; wondered are its answers that make no
	// sense, and later the commands about what was sent, which come last.
	told     []*sentDocument
	wondered []edi.Finding
	later    []partners.Command

	accepted, rejected int
	effect             bool
}

// document is a transaction set with what is posted of it.
type document struct {
	tx      *edi.Transaction
	group   *edi.Group
	place   int64
	content content // nil where nothing is posted
	verdict schema.Verdict
}

// content is what a document states, as records that are not complete yet.
type content interface {
	// complete fills in what the receiver knows, and gives what is wrong with the records then: a document whose records
	// cannot be kept is refused, and not the file.
	complete(p *posting, d *document) []edi.Finding
	// ask notes the customers, products and claims that are named.
	ask(m *matcher)
	// write adds the records, below their transaction set.
	write(p *posting, set schema.ID)
}

// documents reads what the transactions state, and adds what keeps them from
// being posted to their findings, so that the acknowledgment tells it.
func (p *posting) documents() []*document {
	var all []*document
	for _, g := range p.piece.ic.Groups {
		for _, t := range g.Transactions {
			d := &document{tx: t, group: g, place: int64(len(all) + 1)}
			all = append(all, d)
			if read := p.piece.documents[t]; read != nil && p.verdictOf(t) != schema.VerdictRejected {
				p.interpret(d, read)
			}
			d.verdict = p.verdictOf(t)
			if d.verdict == schema.VerdictRejected {
				d.content = nil
				p.rejected++
			} else {
				p.accepted++
			}
		}
	}
	return all
}

// verdictOf is what the partner is told of a document.
func (p *posting) verdictOf(t *edi.Transaction) schema.Verdict {
	policy := p.policyOf("")
	if policy.RejectDamaged && p.piece.ic.Errors > 0 {
		return schema.VerdictRejected
	}
	switch ack.JudgeTransaction(t, policy).Status {
	case ack.Accepted:
		return schema.VerdictAccepted
	case ack.WithError:
		return schema.VerdictWithErrors
	}
	return schema.VerdictRejected
}

// interpret maps a document that validates.
func (p *posting) interpret(d *document, read *mapping.Document) {
	m, err := p.s.maps.Map(read.Guide)
	if errors.Is(err, mapping.ErrNoMap) {
		if !d.acknowledges() {
			d.add(edi.Finding{ID: "trading.not-posted", Severity: edi.Warning, Level: edi.LevelTransaction, Value: d.tx.Set()})
		}
		return
	}
	if err != nil {
		d.add(edi.Finding{ID: "trading.record", Severity: edi.Error, Level: edi.LevelTransaction, Code: "1", Rule: err.Error()})
		return
	}
	o, problems := m.Decode(read)
	d.add(mapping.Unreadable(problems)...)
	var wrong []edi.Finding
	if m.Target == schema.SalesReports.Name {
		report := mapping.NewSalesReport(o)
		d.add(report.Findings...)
		wrong = errorsAmong(report.Findings)
		d.content = &sales{report}
	} else {
		list, err := m.Entries(o)
		if err != nil {
			d.add(edi.Finding{ID: "trading.record", Severity: edi.Error, Level: edi.LevelTransaction, Code: "1", Rule: err.Error()})
			return
		}
		for _, e := range list {
			d.add(e.Findings...)
		}
		d.content = &entries{list: list, buyer: partyOf(o.Object("buyer"))}
	}
	unkept := d.content.complete(p, d)
	if d.tx.OK() || p.partner.AcceptErrors { // else it is refused for what was found already
		d.add(unkept...)
	}
	if wrong = append(wrong, errorsAmong(unkept)...); len(wrong) > 0 && p.partner.AcceptErrors {
		d.add(edi.Finding{ID: "trading.refused", Severity: edi.Error, Level: edi.LevelTransaction, Code: "5"})
	}
}

// errorsAmong are those findings for which a document is refused.
func errorsAmong(list []edi.Finding) []edi.Finding {
	var errs []edi.Finding
	for _, f := range list {
		if f.Severity == edi.Error {
			errs = append(errs, f)
		}
	}
	return errs
}

// acknowledges tells whether the document is an answer to what was sent.
func (d *document) acknowledges() bool {
	switch d.tx.Set() {
	case ack.FormCONTRL, ack.Form824, ack.FormAPERAK:
		return true
	}
	return d.group.FunctionalID() == "FA"
}

// add adds findings. Those about values and records have the codes of a 997;
// in a CONTRL there is one code for a value that is not right.
func (d *document) add(list ...edi.Finding) {
	for _, f := range list {
		if d.tx.Standard() == edi.EDIFACT && f.Code != "" && f.Code != "13" {
			f.Code = "12"
			if f.Level < edi.LevelSegment {
				f.Code = "18"
			}
		}
		d.tx.Add(f, maxFindings)
	}
}

// version is that of the standard in which the document is written.
func (d *document) version() string {
	if d.tx.Standard() == edi.EDIFACT {
		return d.tx.Version()
	}
	return d.group.Version()
}

// number stands in for one that the document does not give itself: that of its
// envelopes.
func (p *posting) number(d *document) string {
	around := d.group.ControlNumber()
	if d.group.Implicit() {
		around = p.piece.ic.ControlNumber()
	}
	return around + "-" + d.tx.ControlNumber()
}

// unkept holds a record against the facts of its kind.
func unkept(e schema.Entity, at mapping.Origin) []edi.Finding {
	schema.Normalize(e)
	err := schema.Check(e)
	if err == nil {
		return nil
	}
	f := edi.Finding{ID: "trading.record", Severity: edi.Error, Level: edi.LevelTransaction, Code: "5", Rule: err.Error()}
	if at.Known() {
		f.Level, f.Code, f.Path, f.Position, f.Length = edi.LevelSegment, "8", at.Path(), at.Position(), at.Length()
	}
	return []edi.Finding{f}
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
		Interchange: schema.Ref[schema.Interchange](p.id), Place: &d.place, SetID: orNone(d.tx.Set()), StandardVersion: d.version(),
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
	if d.content != nil && !test {
		d.content.write(p, set.ID)
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

// principal is on whose behalf records are written: the receiver's own rule.
func (j *job) principal(ctx context.Context) context.Context {
	p := policy.System(j.receiver)
	p.Via, p.Cause = "trading", j.id.String()
	return policy.With(ctx, p)
}
