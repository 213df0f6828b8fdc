package trading

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"

	"fondaco/edi"
	"fondaco/edi/ack"
	"fondaco/partners"
	"fondaco/policy"
	"fondaco/schema"
)

// awaited notes by when the documents of an interchange that was delivered are
// to be acknowledged, if that was agreed on.
func awaited(ctx context.Context, tx pgx.Tx, interchange schema.ID, now time.Time) error {
	const statement = `
		UPDATE trading_sent t
		SET due_at = $2::timestamptz + make_interval(secs => p.acknowledge_within)
		FROM trading_partners p
		WHERE t.interchange_id = $1 AND p.id = t.partner_id AND p.acknowledge_within > 0 AND t.due_at IS NULL`
	_, err := tx.Exec(ctx, statement, interchange, now)
	return err
}

// findOverdue finds the documents that were not acknowledged in time, and lets
// their interchanges say so.
func (s *Service) findOverdue(ctx context.Context) error {
	const where = `t.interchange_id IN (
			SELECT o.interchange_id
			FROM trading_sent o
			WHERE o.due_at < $1 AND o.overdue_at IS NULL AND o.syntax_status IN ('', $2) AND o.envelope_status <> $3
			ORDER BY o.due_at
			LIMIT 100)
		ORDER BY t.interchange_id, t.place`
	now := s.o.Partners.Now()
	all, err := s.sent(ctx, where, now, string(ack.Arrived), string(ack.Rejected))
	for err == nil && len(all) > 0 {
		n := 1
		for n < len(all) && all[n].interchange == all[0].interchange {
			n++
		}
		err = s.overdue(ctx, all[:n], now)
		all = all[n:]
	}
	return err
}

// overdue lets an interchange say which of its documents nobody acknowledged.
func (s *Service) overdue(ctx context.Context, documents []*sentDocument, now time.Time) error {
	for _, d := range documents {
		if d.overdueAt == nil && d.unheard() && d.dueAt != nil && d.dueAt.Before(now) {
			d.overdueAt = &now
		}
	}
	id := documents[0].interchange
	var firm schema.FirmID
	if err := s.pool.QueryRow(ctx, "SELECT b.firm_id FROM trading_outbound b WHERE b.id = $1", id).Scan((*[16]byte)(&firm)); err != nil {
		return fmt.Errorf("find whose documents are overdue: %w", err)
	}
	p := policy.System(firm)
	p.Via, p.Cause = "trading", id.String()
	findings := encodeFindings(s.tell(fates(documents), edi.Position{}))
	command := partners.Command{Verb: partners.Update, Kind: schema.Interchanges, ID: id, Values: partners.Values{"findings": findings}}
	_, err := s.o.Partners.Write(policy.With(ctx, p), []partners.Command{command}, func(ctx context.Context, tx pgx.Tx, _ []partners.Outcome) error {
		const statement = `
			UPDATE trading_sent t
			SET overdue_at = $2
			WHERE t.interchange_id = $1 AND t.due_at < $2 AND t.overdue_at IS NULL AND t.syntax_status IN ('', $3)`
		_, err := tx.Exec(ctx, statement, id, now, string(ack.Arrived))
		return err
	})
	if err == nil {
		s.log.WarnContext(ctx, "documents were not acknowledged in time", slog.Any("interchange", id), slog.Any("firm", firm))
	}
	return err
}

// SentStatus is a document that was sent, and what the partner said of it.
type SentStatus struct {
	Interchange   schema.ID `json:"interchange"`
	ControlNumber string    `json:"controlNumber"`
	Set           string    `json:"set"`
	Number        string    `json:"number"`             // of the transaction set or message in it
	Document      string    `json:"document,omitempty"` // its own
	// Statuses are A for accepted, E with errors, P in part, R for refused, 8 for arrived; empty while nothing was said.
	Envelope   string     `json:"envelope,omitempty"` // by a TA1 or CONTRL
	Syntax     string     `json:"syntax,omitempty"`   // by a 997, 999 or CONTRL
	Content    string     `json:"content,omitempty"`  // by an 824 or APERAK
	Said       string     `json:"said,omitempty"`     // why it was refused
	AnsweredBy *schema.ID `json:"answeredBy,omitempty"`
	AnsweredAt *time.Time `json:"answeredAt,omitempty"`
	DueAt      *time.Time `json:"dueAt,omitempty"`
	Overdue    bool       `json:"overdue,omitempty"`
}

// Sent lists the latest documents that the firm of the context's principal has
// sent, the newest first, at most 500.
func (s *Service) Sent(ctx context.Context) ([]SentStatus, error) {
	who, _ := policy.From(ctx)
	may, err := s.o.Partners.May(ctx, schema.Interchanges, policy.Read)
	if err == nil && !may {
		err = &schema.Error{Code: schema.CodeDenied, Op: "list what was sent", Kind: schema.Interchanges.Name, Message: "your roles do not show interchanges"}
	}
	if err != nil {
		return nil, err
	}
	all, err := s.sent(ctx, "t.firm_id = $1 ORDER BY t.interchange_id DESC, t.place LIMIT 500", who.Firm)
	if err != nil {
		return nil, err
	}
	list := make([]SentStatus, len(all))
	for i, d := range all {
		list[i] = SentStatus{
			Interchange: d.interchange, ControlNumber: d.Interchange, Set: d.Set, Number: d.Transaction, Document: d.Document,
			Envelope: string(d.envelope), Syntax: string(d.syntax), Content: string(d.content), Said: d.said,
			AnsweredBy: d.answeredBy, AnsweredAt: d.answeredAt, DueAt: d.dueAt, Overdue: d.overdueAt != nil && d.unheard(),
		}
	}
	return list, nil
}
