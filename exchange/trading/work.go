package trading

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/partners"
	"fondaco/schema"
)

// errLease tells that another process took over: what was about to be written
// is rolled back.
var errLease = errors.New("another process works the files off now")

// work works the next receipt off. It is false when none is due. An error
// means that nothing can be worked off now.
func (s *Service) work(ctx context.Context) (bool, error) {
	r, found, err := s.due(ctx)
	if err != nil || !found {
		return false, err
	}
	err = s.workOff(ctx, r)
	switch {
	case err == nil:
		s.worked()
		return true, nil
	case ctx.Err() != nil, errors.Is(err, errLease), errors.Is(err, errStopped), schema.Code(err) == schema.CodeUnavailable:
		return false, err
	}
	return true, s.postpone(ctx, r, err)
}

// errStopped is how tests stand for a process that dies.
var errStopped = errors.New("stopped")

func (s *Service) workOff(ctx context.Context, r receipt) error {
	data, err := s.store.read(r.path, r.SHA256)
	if err != nil {
		return err
	}
	pieces := s.read(data)
	for i, p := range pieces {
		j := &job{s: s, receipt: r, piece: p, last: i == len(pieces)-1}
		if err := j.run(ctx); err != nil {
			return fmt.Errorf("interchange %d: %w", p.place, err)
		}
	}
	return nil
}

// run works one interchange off. Everything that comes of it is committed at
// once, or nothing is.
func (j *job) run(ctx context.Context) error {
	if err := j.find(ctx); err != nil {
		return err
	}
	done, err := j.known(ctx)
	if err != nil {
		return err
	}
	if done {
		return j.close(ctx)
	}
	v, err := j.judge(ctx)
	if err != nil {
		return err
	}
	ctx = j.principal(ctx)
	p := &posting{job: j, match: &matcher{
		s: j.s, receiver: j.receiver, sender: j.sender, known: map[string]match{}, products: map[string]schema.ID{}, numbers: map[string]schema.ID{}, claims: map[string]schema.ID{},
	}}
	state, err := p.build(ctx, v)
	if err != nil {
		return err
	}
	if err := j.s.step("work: built"); err != nil {
		return err
	}
	_, err = j.s.o.Partners.Write(ctx, p.commands, func(ctx context.Context, tx pgx.Tx, _ []partners.Outcome) error { return p.settle(ctx, tx, v, state) })
	if err != nil {
		return err
	}
	j.s.log.InfoContext(ctx, "an interchange was worked off", slog.Any("interchange", j.id), slog.Any("firm", j.receiver),
		slog.String("state", string(state)), slog.Int("records", len(p.commands)))
	return j.s.step("work: committed")
}

// close ends a receipt whose last interchange was settled before a crash.
func (j *job) close(ctx context.Context) error {
	if !j.last {
		return nil
	}
	_, err := j.s.pool.Exec(ctx, finished, j.receipt.ID)
	return err
}

// build makes the commands, and says where the interchange then stands.
func (p *posting) build(ctx context.Context, v verdict) (schema.InterchangeState, error) {
	state := v.state
	var docs []*document
	test := false
	if state == "" {
		docs = p.documents()
		test = p.piece.ic.Usage() == "T"
		state = p.state()
		if err := p.lookUp(ctx, docs); err != nil {
			return state, err
		}
		if err := p.hear(ctx); err != nil {
			return state, err
		}
	}
	if p.partner != nil && (v.state == "" || v.code != "") {
		if err := p.acknowledge(ctx, v.code); err != nil {
			return state, err
		}
	}
	if err := p.interchange(ctx, v, state); err != nil {
		return state, err
	}
	for _, d := range docs {
		p.post(d, test)
	}
	p.commands = append(p.commands, p.later...)
	return state, nil
}

func (p *posting) state() schema.InterchangeState {
	switch {
	case p.rejected == 0 && (p.accepted > 0 || p.piece.ic.Errors == 0):
		return schema.InterchangePosted
	case p.accepted == 0:
		return schema.InterchangeRejected
	}
	return schema.InterchangePartly
}

// lookUp finds the customers, products and claims that all documents together
// name.
func (p *posting) lookUp(ctx context.Context, docs []*document) error {
	for _, d := range docs {
		if d.content != nil {
			d.content.ask(p.match)
		}
	}
	if err := p.match.resolve(ctx); err != nil {
		return err
	}
	if err := p.match.resolveProducts(ctx); err != nil {
		return err
	}
	return p.match.resolveClaims(ctx)
}

// interchange writes the record of the interchange itself.
func (p *posting) interchange(ctx context.Context, v verdict, state schema.InterchangeState) error {
	size := int64(len(p.piece.data))
	i := &schema.Interchange{
		FileName: p.receipt.name, Flow: schema.Received, Standard: p.piece.standard, ExchangedAt: p.receipt.ReceivedAt, State: state,
		SHA256: p.piece.sum, Size: &size,
	}
	i.ID, i.AddressedTo, i.SentAt = p.id, p.sender, p.receipt.ReceivedAt
	list := append(append([]edi.Finding(nil), v.findings...), p.piece.findings...)
	if ic := p.piece.ic; ic != nil {
		_, i.Sender = ic.Sender()
		_, i.Receiver = ic.Receiver()
		i.ControlNumber, i.Test = ic.ControlNumber(), ic.Usage() == "T"
		list = append(list, ic.List...)
		for _, g := range ic.Groups {
			list = append(list, g.List...)
		}
	}
	if p.unanswered != nil {
		list = append(list, *p.unanswered)
	}
	list = append(list, p.wondered...)
	if p.answer != nil {
		i.Acknowledgment = schema.Ref[schema.Interchange](p.answer.id)
	} else if err := p.sameAnswer(ctx, v, i); err != nil {
		return err
	}
	findings := p.s.tell(list, p.piece.start)
	p.reports = append(p.reports, reported{"Interchange " + i.ControlNumber, findings})
	values := valuesOf(i)
	values["findings"] = encodeFindings(findings)
	clip(i, values)
	if !p.redo {
		if values["findings"] == nil {
			delete(values, "findings")
		}
		p.commands = append(p.commands, partners.Command{Verb: partners.Create, Kind: schema.Interchanges, ID: p.id, Values: values})
		return nil
	}
	for _, f := range schema.Interchanges.Fields {
		if f.Frozen {
			delete(values, f.Name)
		}
	}
	p.commands = append(p.commands, partners.Command{Verb: partners.Update, Kind: schema.Interchanges, ID: p.id, Values: values})
	return p.forget(ctx)
}

// sameAnswer links a repetition to the acknowledgment of its original.
func (p *posting) sameAnswer(ctx context.Context, v verdict, i *schema.Interchange) error {
	if v.original.IsZero() {
		return nil
	}
	err := p.s.pool.QueryRow(ctx, "SELECT b.id FROM trading_outbound b WHERE b.answers = $1 AND b.sort = 'ACKNOWLEDGMENT' ORDER BY b.made_at LIMIT 1", v.original).
		Scan((*[16]byte)(&i.Acknowledgment))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("find the acknowledgment: %w", err)
	}
	return nil
}

// forget withdraws the transaction sets of an earlier try.
func (p *posting) forget(ctx context.Context) error {
	link := schema.TransactionSets.FieldNamed("interchange")
	for after := ""; ; {
		pages, err := p.s.o.Partners.Read(ctx, &partners.Plan{Kind: schema.Interchanges, IDs: []schema.ID{p.id}, Children: []*partners.Child{
			{Link: link, Plan: &partners.Plan{Kind: schema.TransactionSets, First: partners.PageLimit, After: after, Order: []partners.Order{{}}}}}})
		if err != nil {
			return fmt.Errorf("find what an earlier try left: %w", err)
		}
		if len(pages[0].Rows) == 0 {
			return nil
		}
		page := pages[0].Rows[0].Children[0]
		for _, row := range page.Rows {
			p.commands = append(p.commands, partners.Command{Verb: partners.Delete, Kind: schema.TransactionSets, ID: row.ID})
			after = row.Cursor()
		}
		if !page.HasNext {
			return nil
		}
	}
}

// policyOf is how the partner wants to be answered.
func (j *job) policyOf(code string) ack.Policy {
	p := j.partner
	advice := ack.AdviceByStandard
	if p.AnswerAdvice {
		advice = ack.AdviceAnswered
	}
	return ack.Policy{
		TA1: p.TA1, Form: p.Form, ErrorsOnly: p.ErrorsOnly, AcceptErrors: p.AcceptErrors, RejectDamaged: p.RejectDamaged, RejectCode: code,
		OnlyAsked: p.OnlyAsked, ReceiptOnly: p.ReceiptOnly, Advice: advice,
	}
}

// plain is text that PostgreSQL can keep: what it cannot is replaced, not left
// out, so that a damaged name never becomes the name of somebody else.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
