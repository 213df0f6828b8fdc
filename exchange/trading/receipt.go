package trading

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/schema"
)

// Delivery is a file that somebody hands over.
type Delivery struct {
	Partner   schema.ID     // whose mailbox it comes by; zero where a person drops it
	Firm      schema.FirmID // who delivers it
	Transport string        // folder, https or drop
	Key       string        // equal for a repetition of the same delivery; made up if empty
	Name      string        // of the file
	SHA256    string        // what the sender says it is; not compared if empty
}

// Receipt says that a file is safe.
type Receipt struct {
	ID         schema.ID
	SHA256     string
	Size       int64
	ReceivedAt time.Time
	// Repeated tells that this very delivery was received before.
	Repeated bool
}

// receipt is the row of one.
type receipt struct {
	Receipt
	partner   schema.ID
	firm      schema.FirmID
	transport string
	name      string
	path      string
	state     string
	attempts  int
	err       string
}

// Receive takes a file: when it returns without error the file is durable and
// will be worked off. Otherwise nothing is left of it, and it may be sent again.
func (s *Service) Receive(ctx context.Context, d Delivery, r io.Reader) (Receipt, error) {
	st, err := s.store.stage(r, s.o.MaxFile)
	if errors.Is(err, errTooLarge) {
		return Receipt{}, &schema.Error{Code: schema.CodeLimit, Op: "receive", Message: fmt.Sprintf("the file has more than %d bytes; split it", s.o.MaxFile), Err: err}
	}
	if err != nil {
		return Receipt{}, notKept(err)
	}
	if err := st.check(d); err != nil {
		return Receipt{}, errors.Join(err, s.store.drop(st.name))
	}
	if err := s.step("receive: staged"); err != nil {
		return Receipt{}, err
	}
	rec := receipt{Receipt: Receipt{ID: schema.NewID(), SHA256: st.sha256, Size: st.size, ReceivedAt: s.o.Partners.Now()}}
	if rec.path, err = s.store.settle(st, rec.ID); err != nil {
		return Receipt{}, notKept(err)
	}
	if err := s.step("receive: settled"); err != nil {
		return Receipt{}, err
	}
	got, err := s.enter(ctx, d, rec)
	if err != nil || got.Repeated {
		err = errors.Join(err, s.store.drop(rec.path))
	}
	if err != nil {
		return Receipt{}, err
	}
	s.rouse()
	return got, s.step("receive: entered")
}

// notKept tells an upload that broke off from a disk that cannot take it.
func notKept(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return &schema.Error{Code: schema.CodeInvalid, Op: "receive", Message: "the file broke off before its end, and nothing of it was kept; send it again", Err: err}
	}
	return &schema.Error{Code: schema.CodeUnavailable, Op: "receive", Message: "the file could not be kept; send it again in a moment", Err: err}
}

func (st staged) check(d Delivery) error {
	switch {
	case st.size == 0:
		return &schema.Error{Code: schema.CodeInvalid, Op: "receive", Message: "the file is empty; send the interchange as the body"}
	case d.SHA256 != "" && !strings.EqualFold(d.SHA256, st.sha256):
		return &schema.Error{Code: schema.CodeInvalid, Op: "receive", Message: "the bytes do not have the SHA-256 that was announced; send the file again"}
	}
	return nil
}

// enter inserts the receipt, in one transaction, and with that the file is
// received. A delivery that is known gives its first receipt.
func (s *Service) enter(ctx context.Context, d Delivery, rec receipt) (Receipt, error) {
	if d.Key == "" {
		d.Key = rec.ID.String()
	}
	const statement = `
		INSERT INTO trading_receipts (id, partner_id, firm_id, transport, transport_key, name, sha256, size, path, received_at)
		VALUES (@id, @partner, @firm, @transport, @key, @name, @sha256, @size, @path, @now)
		ON CONFLICT ON CONSTRAINT trading_receipts_once DO NOTHING`
	tag, err := s.pool.Exec(ctx, statement, pgx.StrictNamedArgs{
		"id": rec.ID, "partner": d.Partner, "firm": d.Firm, "transport": d.Transport, "key": d.Key, "name": plainName(d.Name),
		"sha256": rec.SHA256, "size": rec.Size, "path": rec.path, "now": rec.ReceivedAt,
	})
	if err != nil {
		return Receipt{}, &schema.Error{Code: schema.CodeUnavailable, Op: "receive", Message: "the file could not be entered; send it again in a moment", Err: err}
	}
	if tag.RowsAffected() == 1 {
		return rec.Receipt, nil
	}
	first := Receipt{Repeated: true}
	err = s.pool.QueryRow(ctx, "SELECT r.id, r.sha256, r.size, r.received_at FROM trading_receipts r WHERE r.transport = $1 AND r.transport_key = $2", d.Transport, d.Key).
		Scan((*[16]byte)(&first.ID), &first.SHA256, &first.Size, &first.ReceivedAt)
	if err != nil {
		return Receipt{}, fmt.Errorf("find the first receipt: %w", err)
	}
	if first.SHA256 != rec.SHA256 {
		return Receipt{}, &schema.Error{Code: schema.CodeConflict, Op: "receive", Message: "another file was sent under this idempotency key; use a new key for a new file"}
	}
	return first, nil
}

// plainName is a name of a file that can be shown and made into a file: the
// last part of a path, without control characters.
func plainName(name string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:120])
	}
	if strings.Trim(name, ". ") == "" {
		return "unnamed.edi"
	}
	return name
}

const receiptColumns = `r.id, r.sha256, r.size, r.received_at, r.partner_id, r.firm_id, r.transport, r.name, r.path, r.state, r.attempts, r.error`

func scanReceipt(row pgx.Row) (r receipt, err error) {
	var partner pgtype.UUID
	err = row.Scan((*[16]byte)(&r.ID), &r.SHA256, &r.Size, &r.ReceivedAt, &partner, (*[16]byte)(&r.firm), &r.transport, &r.name,
		&r.path, &r.state, &r.attempts, &r.err)
	r.partner = partner.Bytes
	return r, err
}

// due gives the receipt whose turn it is, or false. Nobody else works: the
// lease is held.
func (s *Service) due(ctx context.Context) (receipt, bool, error) {
	row := s.pool.QueryRow(ctx, `
		SELECT `+receiptColumns+`
		FROM trading_receipts r
		WHERE r.state = 'RECEIVED' AND r.next_try <= now()
		ORDER BY r.next_try, r.received_at, r.id
		LIMIT 1`)
	r, err := scanReceipt(row)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

// maxAttempts is how often a receipt is tried before a person has to look.
const maxAttempts = 8

// postpone notes why a try failed. The next one comes later and later.
func (s *Service) postpone(ctx context.Context, r receipt, cause error) error {
	state := "RECEIVED"
	if r.attempts+1 >= maxAttempts {
		state = "FAILED"
	}
	s.log.ErrorContext(ctx, "an EDI file could not be worked off", slog.Any("receipt", r.ID), slog.Int("attempt", r.attempts+1),
		slog.String("state", state), slog.Any("error", cause))
	_, err := s.pool.Exec(ctx, `
		UPDATE trading_receipts
		SET attempts = attempts + 1, state = $2, error = $3, next_try = now() + least(300, 2 ^ attempts) * interval '1 second'
		WHERE id = $1`, r.ID, state, cause.Error())
	return err
}

// retryHeld gives the files of a partner that nobody knew another turn.
func (s *Service) retryHeld(ctx context.Context, p Partner) error {
	const statement = `
		WITH held AS (
			UPDATE trading_receipts r
			SET state = 'RECEIVED', attempts = 0, next_try = '-infinity'
			WHERE r.state = 'HELD' AND r.firm_id IN ($1, $2)
			RETURNING r.id)
		UPDATE trading_processed d
		SET redo = true
		FROM held
		WHERE d.receipt_id = held.id AND d.state = 'QUARANTINED'`
	if _, err := s.pool.Exec(ctx, statement, p.Sender, p.Receiver); err != nil {
		return fmt.Errorf("try held files again: %w", err)
	}
	s.rouse()
	return nil
}
