package partners

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fondaco/policy"
)

// A sender sends statements together: a transaction, or one that is opened by
// the first of them.
type sender interface {
	SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults
}

// An opening is a read-only transaction under rules that travels with its
// statements: it begins, sets the fence and reads the epoch in front of those
// that are sent first, and is committed behind those that are sent last. A
// list is so read in one journey to the database instead of four.
type opening struct {
	service *Service
	conn    *pgxpool.Conn
	rules   *ruleSet
	begun   bool
	last    bool // nothing is sent after what is sent next
}

// SendBatch sends statements, and before the first ones what begins the
// transaction. It gives errStaleRules, and no rows, when a newer epoch has
// replaced the rules.
func (o *opening) SendBatch(ctx context.Context, batch *pgx.Batch) pgx.BatchResults {
	all := batch
	if !o.begun {
		o.begun = true
		all = &pgx.Batch{}
		all.Queue("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
		o.service.enterIn(all, o.rules)
		all.QueuedQueries = append(all.QueuedQueries, batch.QueuedQueries...)
	}
	if o.last {
		o.begun, o.last = false, false
		all.Queue("COMMIT")
	}
	return o.conn.SendBatch(ctx, all)
}

// end ends the transaction. Whoever was told nothing from the database was
// still told by rules that hold: the epoch is read in any case.
func (o *opening) end(ctx context.Context, err error, sent bool) error {
	if err == nil && (o.begun || !sent) {
		o.last = true
		err = o.SendBatch(ctx, &pgx.Batch{}).Close()
	}
	if err != nil && o.conn.Conn().PgConn().TxStatus() != 'I' {
		_, failed := o.conn.Exec(ctx, "ROLLBACK")
		err = errors.Join(err, failed)
	}
	return err
}

// readAtOnce reads plans in as few journeys to the database as they have
// levels.
func (s *Service) readAtOnce(ctx context.Context, p policy.Principal, plans []*Plan) (*reader, []*Page, error) {
	rules, err := s.ruleSet(ctx, p.Firm)
	if err != nil {
		return nil, nil, err
	}
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return nil, nil, classify(err)
	}
	defer conn.Release()
	o := &opening{service: s, conn: conn, rules: rules}
	r := &reader{service: s, tx: o, rules: rules, principal: p, now: s.Now(), closing: func() { o.last = true }}
	pages, err := r.roots(ctx, plans)
	err = o.end(ctx, err, r.sent)
	return r, pages, classify(err)
}
