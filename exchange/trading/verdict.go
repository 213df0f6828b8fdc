package trading

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/edi"
	"fondaco/schema"
)

// job is the working off of one interchange.
type job struct {
	s       *Service
	receipt receipt
	piece   *piece
	last    bool // of its file
	// partner is nil where nobody knows who sends to whom.
	partner  *Partner
	receiver schema.FirmID // in whose books the interchange stands
	sender   schema.FirmID // to whom it is addressed

	id   schema.ID // of the Interchange record
	redo bool      // the record is there already, from an earlier try
}

// verdict is what becomes of an interchange.
type verdict struct {
	state    schema.InterchangeState // of one that is not worked off; empty for one that is
	code     string                  // of a rejection: TA105, or 0085 in EDIFACT
	original schema.ID               // of a duplicate
	findings []edi.Finding
}

// names gives sender and receiver with their qualifiers.
func (j *job) names() (sender, receiver string) {
	if j.piece.ic == nil {
		return "", ""
	}
	q, id := j.piece.ic.Sender()
	rq, rid := j.piece.ic.Receiver()
	return plain(q + ":" + id), plain(rq + ":" + rid)
}

// addresses tells whether the envelope has the names that a partner agreed to.
func (j *job) addresses(p *Partner) bool {
	if j.piece.ic == nil {
		return false
	}
	q, id := j.piece.ic.Sender()
	rq, rid := j.piece.ic.Receiver()
	return p.SenderQualifier == q && p.SenderID == id && p.ReceiverQualifier == rq && p.ReceiverID == rid
}

// code is why an interchange is refused: as TA105 says it, or as 0085 does in
// a CONTRL.
func (j *job) code(x12, edifact string) string {
	if j.piece.ic.Standard() == edi.EDIFACT {
		return edifact
	}
	return x12
}

func (j *job) control() string {
	if j.piece.ic == nil {
		return ""
	}
	return plain(j.piece.ic.ControlNumber())
}

// find finds out whose interchange it is: by the names in its envelope, among
// the partners of whoever delivered it. A mailbox opens nothing for others.
func (j *job) find(ctx context.Context) error {
	j.receiver, j.sender = j.receipt.firm, j.receipt.firm
	list, err := j.s.query(ctx, "p.sender_firm_id = $1 OR p.receiver_firm_id = $1 OR p.id = $2", j.receipt.firm, j.receipt.partner)
	if err != nil {
		return err
	}
	for i := range list {
		p := &list[i]
		if p.ID == j.receipt.partner {
			j.receiver, j.sender = p.Receiver, p.Sender
		}
		byMailbox := !j.receipt.partner.IsZero()
		if byMailbox && p.Sender != j.receipt.firm {
			continue
		}
		if j.addresses(p) {
			j.partner = p
		}
	}
	if j.partner != nil {
		j.receiver, j.sender = j.partner.Receiver, j.partner.Sender
	}
	return nil
}

// known finds what an earlier try left; done is true when nothing is to do.
func (j *job) known(ctx context.Context) (done bool, err error) {
	var owner schema.FirmID
	err = j.s.pool.QueryRow(ctx, `
		SELECT d.interchange_id, d.receiver_firm_id, d.redo
		FROM trading_processed d
		WHERE d.receipt_id = $1 AND d.place = $2`, j.receipt.ID, j.piece.place).Scan((*[16]byte)(&j.id), (*[16]byte)(&owner), &j.redo)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		j.id = schema.NewID()
		return false, nil
	case err != nil:
		return false, fmt.Errorf("look up the interchange: %w", err)
	case !j.redo:
		return true, nil
	case owner != j.receiver:
		// It turned out to be another firm's: that one gets a record of its own, and the old one stays where it is.
		j.id, j.redo = schema.NewID(), false
	}
	return false, nil
}

// judge holds an interchange against what was received before.
func (j *job) judge(ctx context.Context) (verdict, error) {
	var v verdict
	if j.piece.ic == nil {
		v.state = schema.InterchangeQuarantined
		return v, nil
	}
	if j.partner == nil {
		sender, receiver := j.names()
		v.state = schema.InterchangeQuarantined
		v.find("trading.unknown-partner", sender+" to "+receiver)
		return v, nil
	}
	if err := j.repeats(ctx, &v); err != nil || v.state != "" {
		return v, err
	}
	if j.piece.ic.Usage() == "T" {
		if !j.partner.TestAllowed {
			v.state, v.code = schema.InterchangeRejected, j.code("020", "25")
			v.find("trading.test-refused", "T")
		} else {
			v.warn("trading.test")
		}
	}
	return v, nil
}

// repeats looks for the same interchange and for its control number. What was
// refused before does not stand in the way of a corrected file; equal bytes
// are a repetition, whatever became of the first.
func (j *job) repeats(ctx context.Context, v *verdict) error {
	sender, receiver := j.names()
	rows, err := j.s.pool.Query(ctx, `
		SELECT d.interchange_id, d.sha256, d.state, d.effect, d.processed_at
		FROM trading_processed d
		WHERE d.receiver_firm_id = $1 AND d.sender = $2 AND d.receiver = $3 AND d.control_number = $4 AND d.interchange_id <> $5
		ORDER BY d.processed_at, d.interchange_id`, j.receiver, sender, receiver, j.control(), j.id)
	if err != nil {
		return fmt.Errorf("look for repetitions: %w", err)
	}
	var id pgtype.UUID
	var sum, state string
	var effect bool
	var at time.Time
	reused := false
	_, err = pgx.ForEachRow(rows, []any{&id, &sum, &state, &effect, &at}, func() error {
		if sum == j.piece.sum && state != string(schema.InterchangeQuarantined) && state != string(schema.InterchangeDuplicate) && v.original.IsZero() {
			v.original = id.Bytes
			v.state = schema.InterchangeDuplicate
			v.warnValue("trading.duplicate", at.UTC().Format(time.RFC3339))
		}
		reused = reused || effect && sum != j.piece.sum
		return nil
	})
	if err != nil {
		return fmt.Errorf("look for repetitions: %w", err)
	}
	if v.state == "" && reused {
		v.find("trading.control-reused", j.control())
		v.state, v.code = schema.InterchangeRejected, j.code("025", "26")
		if j.partner.HoldReused {
			v.state, v.code = schema.InterchangeQuarantined, ""
		}
	}
	return nil
}

func (v *verdict) find(id, value string) {
	v.findings = append(v.findings, edi.Finding{ID: id, Severity: edi.Error, Level: edi.LevelInterchange, Code: v.code, Value: value})
}

func (v *verdict) warn(id string) { v.warnValue(id, "") }

func (v *verdict) warnValue(id, value string) {
	v.findings = append(v.findings, edi.Finding{ID: id, Severity: edi.Warning, Level: edi.LevelInterchange, Value: value})
}
