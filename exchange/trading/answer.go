package trading

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/schema"
)

// answer is an acknowledgment that is to be sent: an interchange of ours.
type answer struct {
	id      schema.ID
	form    string // 997 or CONTRL, under which the numbers are counted
	name    string
	data    []byte
	control int64
	// how the numbers are counted: per sender and receiver
	sender, receiver string
}

// acknowledge writes what is due, the TA1 and the 997 or the CONTRL, as the
// record of an interchange that is sent.
func (p *posting) acknowledge(ctx context.Context, code string) error {
	a := ack.For(p.piece.ic, p.policyOf(code))
	if a.Empty() {
		return nil
	}
	e := ack.Reply(p.piece.ic)
	h := &e.Interchange
	out := &answer{id: schema.NewID(), form: ack.Form997, sender: plain(h.SenderQualifier + ":" + h.Sender), receiver: plain(h.ReceiverQualifier + ":" + h.Receiver)}
	if a.Form == ack.FormCONTRL {
		out.form = a.Form
	}
	var err error
	if out.control, err = p.s.nextControl(ctx, p.receiver, p.piece.standard, out); err != nil {
		return err
	}
	now := p.s.o.Partners.Now()
	h.ControlNumber, h.Date = int(out.control), now
	e.GroupControl, e.FirstTransaction = int(out.control), 1
	if p.partner.ReceiverGroup != "" && len(p.piece.ic.Groups) == 0 {
		e.Sender, e.Receiver = p.partner.ReceiverGroup, p.partner.SenderGroup
	}
	if out.data, err = written(a, e, p.piece.ic); err != nil {
		p.unanswered = &edi.Finding{ID: "trading.unanswered", Severity: edi.Warning, Level: edi.LevelInterchange, Rule: err.Error()}
		return nil //nolint:nilerr // a header too damaged to be answered must not hold up what can be taken
	}
	out.name = fmt.Sprintf("%s-%09d.edi", strings.ToLower(nameOf(a, out.form)), out.control)
	p.answer = out
	size := int64(len(out.data))
	i := &schema.Interchange{
		FileName: out.name, Flow: schema.Sent, Standard: p.piece.standard, ControlNumber: out.reference(), Sender: h.Sender,
		Receiver: h.Receiver, ExchangedAt: now, State: schema.InterchangeQueued, Test: h.Usage == "T", SHA256: sumOf(out.data), Size: &size,
	}
	i.ID, i.AddressedTo, i.SentAt = out.id, p.sender, now
	p.create(i)
	clip(i, p.commands[len(p.commands)-1].Values)
	return nil
}

// nameOf is what a file with an answer is called.
func nameOf(a *ack.Answer, form string) string {
	switch {
	case form == ack.FormCONTRL:
		return form
	case len(a.Groups) == 0:
		return ack.FormTA1
	case a.Form != "":
		return a.Form
	}
	return ack.Form997
}

// reference is the control number as the envelope has it.
func (a *answer) reference() string {
	if a.form == ack.FormCONTRL {
		return strconv.FormatInt(a.control, 10)
	}
	return fmt.Sprintf("%09d", a.control)
}

// written writes an answer with the delimiters of what it answers, or with the
// usual ones where those are damaged.
func written(a *ack.Answer, e ack.Envelope, ic *edi.Interchange) ([]byte, error) {
	usual := edi.X12Delimiters
	if ic.Standard() == edi.EDIFACT {
		usual = edi.EDIFACTDelimiters
	}
	var err error
	for _, d := range []edi.Delimiters{ack.Delimiters(ic), usual} {
		var b bytes.Buffer
		if err = a.Write(edi.NewWriter(&b, edi.WriterOptions{Delimiters: d, Newline: "\n"}), e); err == nil {
			return b.Bytes(), nil
		}
	}
	return nil, err
}

// nextControl is the number after the last one. It is taken in the transaction
// of the effect, so that no number is ever lost or given twice.
func (s *Service) nextControl(ctx context.Context, firm schema.FirmID, standard string, a *answer) (int64, error) {
	var last int64
	err := s.pool.QueryRow(ctx, `
		SELECT c.last
		FROM trading_controls c
		WHERE c.firm_id = $1 AND c.standard = $2 AND c.sender = $3 AND c.receiver = $4 AND c.type = $5`,
		firm, standard, a.sender, a.receiver, a.form).Scan(&last)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("find the last control number: %w", err)
	}
	return last%999_999_999 + 1, nil
}

// settle is the part of the transaction that is trading's own: the dedupe key,
// the control number, what goes out, and the end of the receipt.
func (p *posting) settle(ctx context.Context, tx pgx.Tx, v verdict, state schema.InterchangeState) error {
	if err := p.fenced(ctx, tx); err != nil {
		return err
	}
	for _, do := range []func() error{
		func() error { return p.note(ctx, tx, v, state) },
		func() error { return p.heard(ctx, tx) },
		func() error {
			if p.answer == nil {
				return nil
			}
			return takeControl(ctx, tx, p.receiver, p.piece.standard, p.answer)
		},
		func() error { return p.send(ctx, tx, state) },
		func() error { return p.sendAgain(ctx, tx, v) },
		func() error { return p.remember(ctx, tx) },
		func() error { return p.finish(ctx, tx) },
		func() error { return p.s.step("work: before commit") },
	} {
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// fenced makes sure that nobody else has taken the work over: a new holder of
// the lease waits for this transaction.
func (p *posting) fenced(ctx context.Context, tx pgx.Tx) error {
	var one int
	err := tx.QueryRow(ctx, "SELECT 1 FROM trading_lease l WHERE l.holder = $1 FOR SHARE", p.s.node).Scan(&one)
	if errors.Is(err, pgx.ErrNoRows) {
		return errLease
	}
	return err
}

func (p *posting) note(ctx context.Context, tx pgx.Tx, v verdict, state schema.InterchangeState) error {
	sender, receiver := p.names()
	const statement = `
		INSERT INTO trading_processed (interchange_id, receipt_id, place, receiver_firm_id, sender_firm_id, standard, sender, receiver,
			control_number, sha256, start, size, state, effect, original_id, processed_at)
		VALUES (@id, @receipt, @place, @receiverFirm, @senderFirm, @standard, @sender, @receiver, @control, @sha256, @start, @size,
			@state, @effect, @original, @now)
		ON CONFLICT ON CONSTRAINT trading_processed_place DO UPDATE
		SET interchange_id = excluded.interchange_id, receiver_firm_id = excluded.receiver_firm_id, sender_firm_id = excluded.sender_firm_id,
			state = excluded.state, effect = excluded.effect, original_id = excluded.original_id, redo = false, processed_at = excluded.processed_at
		WHERE trading_processed.redo`
	tag, err := tx.Exec(ctx, statement, pgx.StrictNamedArgs{
		"id": p.id, "receipt": p.receipt.ID, "place": p.piece.place, "receiverFirm": p.receiver, "senderFirm": p.sender,
		"standard": p.piece.standard, "sender": sender, "receiver": receiver, "control": p.control(), "sha256": p.piece.sum,
		"start": p.piece.start.Offset, "size": len(p.piece.data), "state": string(state), "effect": p.effect, "original": v.original,
		"now": p.s.o.Partners.Now(),
	})
	if err == nil && tag.RowsAffected() == 0 {
		return errLease // somebody else has settled this very interchange
	}
	return err
}

func takeControl(ctx context.Context, tx pgx.Tx, firm schema.FirmID, standard string, a *answer) error {
	const statement = `
		INSERT INTO trading_controls AS c (firm_id, standard, sender, receiver, type, last)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT ON CONSTRAINT trading_controls_pkey DO UPDATE
		SET last = excluded.last
		WHERE c.last % 999999999 + 1 = excluded.last`
	tag, err := tx.Exec(ctx, statement, firm, standard, a.sender, a.receiver, a.form, a.control)
	if err == nil && tag.RowsAffected() == 0 {
		return errLease
	}
	return err
}

// send puts the acknowledgment, and where something is wrong the report, into
// what waits for the partner.
func (p *posting) send(ctx context.Context, tx pgx.Tx, state schema.InterchangeState) error {
	if p.partner == nil && p.receipt.partner.IsZero() {
		return nil
	}
	if p.answer != nil {
		if err := p.queue(ctx, tx, p.answer.id, "ACKNOWLEDGMENT", p.answer.name, p.answer.data); err != nil {
			return err
		}
	}
	if p.receipt.transport != transportFolder || !wrong(p.reports, state) {
		return nil
	}
	name := p.receipt.name + ".err.txt"
	if p.piece.place > 1 {
		name = fmt.Sprintf("%s-%d.err.txt", p.receipt.name, p.piece.place)
	}
	return p.queue(ctx, tx, schema.NewID(), "REPORT", name, writeReport(p.receipt.name, string(state), p.receipt.ReceivedAt, p.reports))
}

// wrong tells whether there is something that a person has to know.
func wrong(reports []reported, state schema.InterchangeState) bool {
	if state != schema.InterchangePosted {
		return true
	}
	for _, r := range reports {
		for _, f := range r.findings {
			if f.Severity == "ERROR" {
				return true
			}
		}
	}
	return false
}

func (p *posting) queue(ctx context.Context, tx pgx.Tx, id schema.ID, sort, name string, data []byte) error {
	partner := p.receipt.partner
	if partner.IsZero() {
		partner = p.partner.ID
	}
	const statement = `
		INSERT INTO trading_outbound (id, partner_id, firm_id, sort, transport, answers, name, bytes, sha256, made_at)
		VALUES (@id, @partner, @firm, @sort, @transport, @answers, @name, @bytes, @sha256, @now)`
	_, err := tx.Exec(ctx, statement, pgx.StrictNamedArgs{
		"id": id, "partner": partner, "firm": p.receiver, "sort": sort, "transport": p.receipt.transport, "answers": p.id,
		"name": name, "bytes": data, "sha256": sumOf(data), "now": p.s.o.Partners.Now(),
	})
	return err
}

// sendAgain gives a partner that repeats itself the acknowledgment that it may
// have missed: the same one, with the same control number.
func (p *posting) sendAgain(ctx context.Context, tx pgx.Tx, v verdict) error {
	if v.original.IsZero() {
		return nil
	}
	_, err := tx.Exec(ctx, "UPDATE trading_outbound SET delivered_at = NULL WHERE answers = $1 AND sort = 'ACKNOWLEDGMENT'", v.original)
	return err
}

// remember keeps which customers the sender means by its numbers.
func (p *posting) remember(ctx context.Context, tx pgx.Tx) error {
	if !p.effect {
		return nil
	}
	for number, customer := range p.match.numbers {
		const statement = `
			INSERT INTO trading_customers (receiver_firm_id, sender_firm_id, number, customer_id)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT ON CONSTRAINT trading_customers_pkey DO UPDATE
			SET customer_id = excluded.customer_id`
		if _, err := tx.Exec(ctx, statement, p.receiver, p.sender, number, customer); err != nil {
			return err
		}
	}
	return nil
}

// finish ends the receipt with its last interchange.
func (p *posting) finish(ctx context.Context, tx pgx.Tx) error {
	if !p.last {
		return nil
	}
	_, err := tx.Exec(ctx, finished, p.receipt.ID)
	return err
}

// finished ends a receipt. A file with an interchange that was put aside, since
// nobody knows its sender, is held.
const finished = `
	UPDATE trading_receipts r
	SET error = '', state = CASE
		WHEN EXISTS (SELECT FROM trading_processed d WHERE d.receipt_id = r.id AND d.state = 'QUARANTINED' AND d.sender <> '') THEN 'HELD'
		ELSE 'PROCESSED' END
	WHERE r.id = $1 AND r.state = 'RECEIVED'`
