package partners

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"fondaco/policy"
	"fondaco/schema"
)

// AuditWindow is how much of what was read across firms a process that dies
// may not have written down: reads are noted in batches, at least this often.
const AuditWindow = time.Second

// AuditedRead is one statement by which a reader of another firm was given
// records of a firm.
type AuditedRead struct {
	Number     int64
	At         time.Time
	Owner      schema.FirmID // whose records
	Reader     schema.FirmID
	Actor      schema.Ref[schema.User] // zero for what went to the firm's node
	ActorKind  policy.ActorKind
	Via, Cause string
	Kind       *schema.Kind
	Action     policy.Action // or ActionCount, ActionOverlap, which give no record
	Fields     schema.Mask   // shown of at least one of them; by which was counted or compared
	Agreements []schema.ID   // of the owner, by which the reader reaches records of the kind; none for what was addressed to it
	Epoch      int64         // of the reader's rules
	IDs        []schema.ID
}

// Audit notes what is read across firms and seals what is written, every
// AuditWindow in which there was something, until ctx ends; what is left then is noted before it returns.
// One process at a time seals; the others wait for their turn.
func (s *Service) Audit(ctx context.Context) error {
	ticker := time.NewTicker(AuditWindow)
	defer ticker.Stop()
	var news <-chan struct{} // since the last seal; none at first, when others may have written
	for window := 1; ; window++ {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), EpochLimit)
			defer cancel()
			return errors.Join(s.noteReads(last), s.noteDenials(last, true))
		case <-s.reads.many():
		case <-ticker.C:
		}
		if err := s.noteReads(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "what was read across firms could not be noted; trying again", slog.Any("error", err))
		}
		if err := s.noteDenials(ctx, false); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "what was refused could not be noted; trying again", slog.Any("error", err))
		}
		// A node that idles does not write to its disk each second.
		if news != nil && window%sealAnyway != 0 && !rung(news) {
			continue
		}
		news = s.News()
		if _, err := s.Seal(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "the ledger could not be sealed; trying again", slog.Any("error", err))
			news = nil
		}
	}
}

// sealAnyway is after how many windows the ledger is sealed without news: a
// command that works beside the node tells it none.
const sealAnyway = 30

func rung(news <-chan struct{}) bool {
	select {
	case <-news:
		return true
	default:
		return false
	}
}

// noteReads writes down and seals the reads that were collected.
func (s *Service) noteReads(ctx context.Context) error {
	uses := s.reads.take()
	if len(uses) == 0 {
		return nil
	}
	var list []AuditedRead
	for i := range uses {
		list = uses[i].lines(list)
	}
	err := s.transact(ctx, pgx.TxOptions{}, func(tx pgx.Tx) error {
		if _, _, err := lockSeal(ctx, tx); err != nil {
			return err
		}
		return s.writeReads(ctx, tx, list)
	})
	if err != nil {
		s.reads.add(uses...) // for the next time
		return fmt.Errorf("note %d reads across firms: %w", len(list), err)
	}
	return nil
}

// writeReads writes the lines in one statement, since a page of many firms'
// records makes one for each firm. They get their numbers in the order of the
// list.
func (s *Service) writeReads(ctx context.Context, tx pgx.Tx, list []AuditedRead) error {
	const statement = `
		INSERT INTO audit_reads (at, owner_firm_id, reader_firm_id, actor, actor_kind, via, cause, kind, action, fields, agreements, epoch, ids)
		SELECT u.at, u.owner, u.reader, u.actor, u.actor_kind, u.via, u.cause, u.kind, u.action, u.fields, u.agreements::uuid[], u.epoch, u.ids::uuid[]
		FROM unnest($1::timestamptz[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
			$10::bigint[], $11::text[], $12::bigint[], $13::text[]) WITH ORDINALITY
			AS u (at, owner, reader, actor, actor_kind, via, cause, kind, action, fields, agreements, epoch, ids, place)
		ORDER BY u.place
		RETURNING number`
	var at []time.Time
	var owners, readers, actors []pgtype.UUID
	var actorKinds, vias, causes, kinds, actions, agreements, records []string
	var fields, epochs []int64
	for i := range list {
		r := &list[i]
		at, epochs, fields = append(at, r.At), append(epochs, r.Epoch), append(fields, int64(r.Fields))
		owners, readers, actors = append(owners, uuid(r.Owner.ID())), append(readers, uuid(r.Reader.ID())), append(actors, uuid(r.Actor.ID()))
		actorKinds, vias, causes = append(actorKinds, string(r.ActorKind)), append(vias, r.Via), append(causes, r.Cause)
		kinds, actions = append(kinds, r.Kind.Name), append(actions, string(r.Action))
		agreements, records = append(agreements, arrayText(r.Agreements)), append(records, arrayText(r.IDs))
	}
	rows, err := tx.Query(ctx, statement, at, owners, readers, actors, actorKinds, vias, causes, kinds, actions, fields, agreements, epochs, records)
	if err != nil {
		return err
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return err
	}
	leaves := make([]leaf, len(list))
	for i := range list {
		r := &list[i]
		r.Number = numbers[i]
		leaves[i] = leaf{firm: r.Owner, source: sourceRead, line: r.Number, at: r.At, data: r.line()}
	}
	return seal(ctx, tx, leaves)
}

// arrayText writes ids as PostgreSQL reads an array: lists of lists that differ
// in length cannot be sent otherwise.
func arrayText(ids []schema.ID) string {
	text := make([]byte, 0, 2+37*len(ids))
	text = append(text, '{')
	for i, id := range ids {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, id.String()...)
	}
	return string(append(text, '}'))
}
