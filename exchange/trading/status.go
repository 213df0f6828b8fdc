package trading

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// Status tells what became of a file.
type Status struct {
	Receipt    schema.ID `json:"receipt"`
	Name       string    `json:"name"`
	SHA256     string    `json:"sha256"`
	Size       int64     `json:"size"`
	ReceivedAt time.Time `json:"receivedAt"`
	Repeated   bool      `json:"repeated,omitempty"`
	// State is RECEIVED until the file was worked off, then PROCESSED; HELD while nobody knows the trading partner,
	// FAILED when a person has to look at the node.
	State        string              `json:"state"`
	Interchanges []InterchangeStatus `json:"interchanges"`
}

// InterchangeStatus tells what became of one interchange of a file.
type InterchangeStatus struct {
	ID             schema.ID  `json:"id"`
	State          string     `json:"state"`
	ControlNumber  string     `json:"controlNumber,omitempty"`
	Original       *schema.ID `json:"original,omitempty"`       // of a duplicate
	Acknowledgment *schema.ID `json:"acknowledgment,omitempty"` // to be fetched
}

// Status gives what became of a receipt that the firm delivered, or received.
func (s *Service) Status(ctx context.Context, firm schema.FirmID, id schema.ID) (Status, error) {
	r, err := scanReceipt(s.pool.QueryRow(ctx, "SELECT "+receiptColumns+" FROM trading_receipts r WHERE r.id = $1 AND r.firm_id = $2", id, firm))
	if errors.Is(err, pgx.ErrNoRows) {
		return Status{}, &schema.Error{Code: schema.CodeNotFound, Op: "receipt", Message: "no such receipt"}
	}
	if err != nil {
		return Status{}, fmt.Errorf("read the receipt: %w", err)
	}
	st := Status{Receipt: r.ID, Name: r.name, SHA256: r.SHA256, Size: r.Size, ReceivedAt: r.ReceivedAt, State: r.state, Interchanges: []InterchangeStatus{}}
	const statement = `
		SELECT d.interchange_id, d.state, d.control_number, d.original_id,
			(SELECT b.id
			 FROM trading_outbound b
			 WHERE b.answers = coalesce(d.original_id, d.interchange_id) AND b.sort = 'ACKNOWLEDGMENT'
			 ORDER BY b.made_at DESC
			 LIMIT 1)
		FROM trading_processed d
		WHERE d.receipt_id = $1
		ORDER BY d.place`
	rows, err := s.pool.Query(ctx, statement, id)
	if err != nil {
		return st, fmt.Errorf("read the receipt: %w", err)
	}
	var interchange, original, answer pgtype.UUID
	var state, control string
	_, err = pgx.ForEachRow(rows, []any{&interchange, &state, &control, &original, &answer}, func() error {
		st.Interchanges = append(st.Interchanges, InterchangeStatus{interchange.Bytes, state, control, idOf(original), idOf(answer)})
		return nil
	})
	return st, err
}

func idOf(u pgtype.UUID) *schema.ID {
	if !u.Valid {
		return nil
	}
	id := schema.ID(u.Bytes)
	return &id
}

// Await gives the status when the file was worked off, or as it is when the
// time is over.
func (s *Service) Await(ctx context.Context, firm schema.FirmID, id schema.ID, limit time.Duration) (Status, error) {
	over := time.NewTimer(limit)
	defer over.Stop()
	for {
		next := s.next()
		st, err := s.Status(ctx, firm, id)
		if err != nil || st.State != "RECEIVED" {
			return st, err
		}
		select {
		case <-next:
		case <-over.C:
			return st, nil
		case <-ctx.Done():
			return st, nil
		}
	}
}

// Raw gives the bytes of an interchange that the principal of the context may
// read, as they were received or sent.
func (s *Service) Raw(ctx context.Context, id schema.ID) ([]byte, error) {
	pages, err := s.o.Partners.Read(ctx, &partners.Plan{Kind: schema.Interchanges, IDs: []schema.ID{id}})
	if err != nil {
		return nil, err
	}
	if len(pages[0].Rows) == 0 {
		return nil, schema.NotFound(schema.Interchanges.Name)
	}
	var place, sum string
	var start, size int64
	err = s.pool.QueryRow(ctx, `
		SELECT r.path, r.sha256, d.start, d.size
		FROM trading_processed d
		JOIN trading_receipts r ON r.id = d.receipt_id
		WHERE d.interchange_id = $1`, id).Scan(&place, &sum, &start, &size)
	if err == nil {
		data, err := s.store.read(place, sum)
		if err != nil {
			return nil, err
		}
		return data[start : start+size], nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return nil, fmt.Errorf("find the bytes: %w", err)
	}
	data, err := s.outboundBytes(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, &schema.Error{Code: schema.CodeNotFound, Kind: schema.Interchanges.Name, Message: "its bytes lie at the node of the firm that owns the interchange"}
	}
	return data, err
}

// Reprocess works an interchange off again that was rejected or put aside,
// after what was wrong on our side was put right. Nothing came of it before,
// so that nothing can come of it twice.
func (s *Service) Reprocess(ctx context.Context, id schema.ID) error {
	p, _ := policy.From(ctx)
	pages, err := s.o.Partners.Read(ctx, &partners.Plan{Kind: schema.Interchanges, Action: policy.Receive, IDs: []schema.ID{id}})
	if err != nil {
		return err
	}
	if len(pages[0].Rows) == 0 || pages[0].Rows[0].Owner != p.Firm {
		return schema.NotFound(schema.Interchanges.Name)
	}
	const statement = `
		WITH again AS (
			UPDATE trading_processed d
			SET redo = true
			WHERE d.interchange_id = $1 AND NOT d.effect AND d.state IN ('REJECTED', 'QUARANTINED')
			RETURNING d.receipt_id)
		UPDATE trading_receipts r
		SET state = 'RECEIVED', attempts = 0, next_try = '-infinity'
		FROM again
		WHERE r.id = again.receipt_id`
	tag, err := s.pool.Exec(ctx, statement, id)
	if err != nil {
		return fmt.Errorf("reprocess: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return &schema.Error{Code: schema.CodeConflict, Op: "reprocess", Kind: schema.Interchanges.Name,
			Message: "only an interchange that was rejected or put aside can be worked off again"}
	}
	s.rouse()
	return nil
}
