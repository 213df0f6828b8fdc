package trading

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/partners"
	"fondaco/schema"
)

// sentDocument is a document that was sent, and what was said of it.
type sentDocument struct {
	ack.Sent
	interchange schema.ID
	place       int
	envelope    ack.Status // of the TA1 or UCI
	syntax      ack.Status // of the 997, 999 or CONTRL
	content     ack.Status // of the 824 or APERAK
	said        string
	answeredBy  *schema.ID
	answeredAt  *time.Time
	dueAt       *time.Time
	overdueAt   *time.Time
	changed     bool
}

const sentColumns = `t.sender, t.receiver, t.interchange, t.functional_id, t.group_number, t.set_id, t.number, t.document, t.interchange_id,
			t.place, t.envelope_status, t.syntax_status, t.content_status, t.said, t.answered_by, t.answered_at, t.due_at, t.overdue_at`

func (s *Service) sent(ctx context.Context, where string, args ...any) ([]*sentDocument, error) {
	rows, err := s.pool.Query(ctx, "SELECT "+sentColumns+"\nFROM trading_sent t\nWHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list what was sent: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*sentDocument, error) {
		d := &sentDocument{}
		var by pgtype.UUID
		err := row.Scan(&d.Sender, &d.Receiver, &d.Interchange, &d.FunctionalID, &d.Group, &d.Set, &d.Transaction, &d.Document,
			(*[16]byte)(&d.interchange), &d.place, &d.envelope, &d.syntax, &d.content, &d.said, &by, &d.answeredAt, &d.dueAt, &d.overdueAt)
		d.answeredBy = idOf(by)
		return d, err
	})
}

// refused tells whether the partner did not take the document.
func (d *sentDocument) refused() bool {
	return d.envelope == ack.Rejected || d.syntax == ack.Rejected || d.content == ack.Rejected
}

// unheard tells whether nothing was said of the document's syntax.
func (d *sentDocument) unheard() bool {
	return (d.syntax == "" || d.syntax == ack.Arrived) && d.envelope != ack.Rejected
}

func (d *sentDocument) name() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", d.Set, d.Transaction, d.Document))
}

// hear finds what the acknowledgments of the interchange say of what was sent.
func (p *posting) hear(ctx context.Context) error {
	received, err := ack.Read(bytes.NewReader(p.piece.data))
	if err != nil || len(received) == 0 {
		return nil //nolint:nilerr // what is unreadable was found already
	}
	n := numbersOf(received)
	const where = `t.firm_id = $1 AND t.receiver = $2
			AND (t.interchange = ANY($3) OR t.group_number = ANY($4) OR t.number = ANY($5) OR t.document = ANY($6))
		ORDER BY t.syntax_status <> '', t.interchange_id, t.place
		LIMIT 10000`
	_, partner := p.piece.ic.Sender()
	if p.told, err = p.s.sent(ctx, where, p.receiver, plain(partner), n.interchanges, n.groups, n.transactions, n.documents); err != nil {
		return err
	}
	list := make([]ack.Sent, len(p.told))
	for i, d := range p.told {
		list[i] = d.Sent
	}
	m := ack.Match(list, received)
	for i := range m.Verdicts {
		p.take(p.told[i], &m.Verdicts[i])
	}
	for i := range m.Unmatched {
		p.wonder("trading.ack-unmatched", &m.Unmatched[i])
	}
	for _, d := range m.Doubled {
		if d.Contradicts {
			p.wonder("trading.ack-contradicts", d.Result)
		}
	}
	return p.tellSent(ctx)
}

// numbers are those by which acknowledgments name what they are about: the
// outermost that each of them states.
type numbers struct{ interchanges, groups, transactions, documents []string }

func numbersOf(received []ack.Received) numbers {
	var n numbers
	for i := range received {
		for _, r := range received[i].Results() {
			switch {
			case r.Interchange != "":
				n.interchanges = withNumber(n.interchanges, r.Interchange)
			case r.Group != "":
				n.groups = withNumber(n.groups, r.Group)
			case r.Transaction != "":
				n.transactions = withNumber(n.transactions, r.Transaction)
			case r.Document != "":
				n.documents = withNumber(n.documents, r.Document)
				n.transactions = withNumber(n.transactions, r.Document) // an 824 may name a transaction so
			}
		}
	}
	return n
}

// withNumber adds a number as it stands, and without leading zeros.
func withNumber(list []string, n string) []string {
	for _, n := range []string{plain(n), plain(strings.TrimLeft(n, "0"))} {
		if !slices.Contains(list, n) {
			list = append(list, n)
		}
	}
	return list
}

// wonder notes an answer that makes no sense.
func (p *posting) wonder(id string, r *ack.Result) {
	p.wondered = append(p.wondered, edi.Finding{ID: id, Severity: edi.Warning, Level: edi.LevelInterchange, Value: r.Form, Rule: subject(r)})
}

// subject names what a result is about.
func subject(r *ack.Result) string {
	var words []string
	for _, w := range [][2]string{{"interchange", r.Interchange}, {"group", strings.TrimSpace(r.FunctionalID + " " + r.Group)},
		{"document", strings.TrimSpace(r.Set + " " + r.Transaction)}, {"number", r.Document}} {
		if w[1] != "" {
			words = append(words, w[0]+" "+w[1])
		}
	}
	return strings.Join(append(words, string(r.Status)), ", ")
}

// take keeps a verdict on a document. What was said first holds.
func (p *posting) take(d *sentDocument, v *ack.Verdict) {
	if len(v.Results) == 0 {
		return
	}
	for _, one := range []struct {
		was *ack.Status
		is  ack.Status
	}{{&d.envelope, v.Interchange}, {&d.syntax, v.Syntax}, {&d.content, v.Content}} {
		switch {
		case one.is == "" || one.is == *one.was:
		case *one.was == "" || *one.was == ack.Arrived:
			*one.was, d.changed = one.is, true
		case one.is != ack.Arrived:
			p.wonder("trading.ack-contradicts", v.Results[len(v.Results)-1])
		}
	}
	if !d.changed {
		return
	}
	var why []string
	for _, r := range v.Results {
		if text := reason(r); !r.Status.OK() && r.Status != ack.Arrived && text != "" {
			why = append(why, r.Form+", "+text)
		}
	}
	d.said = clipped(strings.Join(why, "; "), 2000)
}

// reason says in words why something was refused.
func reason(r *ack.Result) string {
	var words []string
	for _, c := range r.Codes {
		if r.Refusal != nil {
			break // its reasons have them
		}
		words = append(words, strings.TrimSpace(c+" "+ack.Meaning(listOf(r), c)))
	}
	for _, s := range r.Segments {
		words = append(words, strings.TrimSpace(fmt.Sprintf("segment %d %s: %s %s", s.Position, s.Tag, s.Code, ack.Meaning(ack.AK304, s.Code))))
		for _, e := range s.Elements {
			words = append(words, strings.TrimSpace(fmt.Sprintf("%s%02d %q: %s %s", s.Tag, e.Position, e.Value, e.Code, ack.Meaning(ack.AK403, e.Code))))
		}
	}
	if f := r.Fault; f != nil {
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s element %d", f.Tag, f.Element)))
	}
	if f := r.Refusal; f != nil {
		for _, problem := range f.Reasons {
			words = append(words, strings.TrimSpace(problem.Code+" "+problem.Text))
		}
	}
	return strings.Join(words, ", ")
}

// listOf is the list of codes of a result.
func listOf(r *ack.Result) ack.List {
	switch {
	case r.Form == ack.FormCONTRL:
		return ack.CE0085
	case r.Level == edi.LevelInterchange:
		return ack.TA105
	case r.Level == edi.LevelGroup:
		return ack.AK905
	}
	return ack.AK502
}

// tellSent lets the records of what was sent say what became of it.
func (p *posting) tellSent(ctx context.Context) error {
	seen := map[schema.ID]bool{}
	for _, d := range p.told {
		if !d.changed || seen[d.interchange] {
			continue
		}
		seen[d.interchange] = true
		all, err := p.s.sent(ctx, "t.interchange_id = $1 ORDER BY t.place", d.interchange)
		if err != nil {
			return err
		}
		for i := range all {
			for _, other := range p.told {
				if other.interchange == all[i].interchange && other.place == all[i].place {
					all[i] = other
				}
			}
		}
		values := partners.Values{"acknowledgment": p.id, "findings": encodeFindings(p.s.tell(fates(all), edi.Position{}))}
		if state := stateOf(all); state != "" {
			values["state"] = string(state)
		}
		p.later = append(p.later, partners.Command{Verb: partners.Update, Kind: schema.Interchanges, ID: d.interchange, Values: values})
	}
	return nil
}

// fates are the findings about documents that were sent.
func fates(all []*sentDocument) []edi.Finding {
	var list []edi.Finding
	for _, d := range all {
		switch {
		case d.refused():
			list = append(list, edi.Finding{ID: "trading.ack-refused", Severity: edi.Error, Level: edi.LevelTransaction, Value: d.name(), Rule: d.name() + ": " + d.said})
		case d.overdueAt != nil && d.unheard():
			list = append(list, edi.Finding{ID: "trading.ack-overdue", Severity: edi.Warning, Level: edi.LevelTransaction, Value: d.name(),
				Rule: "an answer was due at " + d.dueAt.UTC().Format(time.RFC3339)})
		}
	}
	return list
}

// stateOf is where an interchange stands by what was said of its documents;
// empty where that changes nothing.
func stateOf(all []*sentDocument) schema.InterchangeState {
	refused := 0
	for _, d := range all {
		if d.refused() {
			refused++
		}
	}
	switch {
	case refused == 0:
		return ""
	case refused < len(all):
		return schema.InterchangePartly
	}
	return schema.InterchangeRejected
}

// heard keeps the verdicts, in the transaction of the interchange that brought
// them.
func (p *posting) heard(ctx context.Context, tx pgx.Tx) error {
	for _, d := range p.told {
		if !d.changed {
			continue
		}
		const statement = `
			UPDATE trading_sent t
			SET envelope_status = $3, syntax_status = $4, content_status = $5, said = $6, answered_by = $7, answered_at = $8
			WHERE t.interchange_id = $1 AND t.place = $2`
		_, err := tx.Exec(ctx, statement, d.interchange, d.place, d.envelope, d.syntax, d.content, d.said, p.id, p.s.o.Partners.Now())
		if err != nil {
			return err
		}
	}
	return nil
}
